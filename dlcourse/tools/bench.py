"""Measure what the course promises: start-up, and every lesson's time and memory."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import click

from ..errors import CourseError
from . import comparisons
from .catalog import read_lessons
from .comparisons import COMPARISONS, Comparison
from .execute import Usage
from .files import write_whole
from .records import Environment, current_environment, read_report, to_json, today
from .report import NOTES, check_comparable, median_usage, table, write_part
from .report import PARTS as RESULT_PARTS
from .run import prepare_folder, run_course
from .stamps import stamp as stamp_course

IMPORTS = {
    "import dlcourse": "import dlcourse",
    "import keras": "import keras",
    "start()": "import dlcourse; dlcourse.start('23')",
}
IMPORT_TARGETS = {"import dlcourse": 0.2}  # seconds
COURSE_TARGET, LESSON_TARGET, MEMORY_TARGET = 600, 60, 1500  # seconds, seconds, MB
PARTS = ("imports", "lessons", *COMPARISONS)

# How a comparison's columns are headed and printed; the accuracy comes last.
COLUMNS = {
    "parameters": ("parameters", "{:,.0f}"),
    "images": ("images", "{:,.0f}"),
    "seconds": ("seconds", "{:.2f}"),
    "start_s": ("start (s)", "{:.1f}"),
    "cpu_s": ("CPU (s)", "{:.1f}"),
    "share": ("share", "{:.2f} ×"),
    "images_per_s": ("images/s", "{:,.0f}"),
    "memory_mb": ("memory (MB)", "{:,.0f}"),
    "peak_mb": ("peak (MB)", "{:,.0f}"),
}


@dataclass(frozen=True)
class LessonCost:
    """What one lesson takes: the medians of its runs."""

    lesson: str
    title: str
    usage: Usage


@dataclass(frozen=True)
class CourseCost:
    """What start-up and the lessons take.

    Args:
        date: the day of the measurement, or the days, in words.
        environment: the Environment of the measurement.
        how: how often it was measured, in words.
        imports: ``{what: seconds}``.
        course_s: seconds of the whole course, or None if a report says no such thing.
        lessons: a list of LessonCost.
    """

    date: str
    environment: Environment
    how: str
    imports: dict
    course_s: float | None
    lessons: list


def main(root, rounds=3, stamp=False, report=None, only=PARTS):
    """Measure, print, and write into ``runs/bench``.

    The lessons' figures go into ``bench.json``, the comparisons with tutorials into
    ``comparisons.json`` and ``comparisons.png``.

    Args:
        root: the course's folder.
        rounds: how often each figure is measured; medians are printed.
        stamp: also write what was measured into its part of RESULTS.md, and the lessons'
            run times into the scripts' headers.
        report: a report of ``make run`` in the quick profile to take the lessons' figures
            from, instead of running them.
        only: which of ``PARTS`` to measure; imports and lessons share a part of RESULTS.md.

    Raises:
        CourseError: if the report is not one, or cannot be used.
    """
    own = {"imports", "lessons"} & set(only)
    if stamp and len(own) == 1:
        raise CourseError(
            "imports and lessons stand in one part of RESULTS.md: name both, or neither."
        )
    folder = prepare_folder(root / "runs" / "bench")
    names = [name for name in COMPARISONS if name in only]
    if names:
        bench_comparisons(root, folder, names, rounds, stamp)
    imports = measure_imports(rounds) if "imports" in own else {}
    for name, seconds in imports.items():
        click.echo(f"{name:<24} {seconds:6.2f} s")
    if "lessons" in own:
        cost = bench_lessons(root, folder, imports, rounds, report)
        write_whole(folder / "bench.json", to_json(cost))
        click.echo("\n".join(course_lines(cost)))
        if stamp:
            stamp_costs(root, cost)


# ---- comparisons with tutorials -------------------------------------------------------


def bench_comparisons(root, folder, names, rounds, stamp):
    """Measure comparisons, print them, write them down, and stamp them if so told."""
    compared = {}
    for name in names:
        compared[name] = compare(name, rounds)
        click.echo(comparison_table(name, compared[name]))
        if stamp:
            write_part(root, name, comparison_lines(name, compared[name]))
    write_comparisons(folder, compared)


def compare(name, rounds):
    """Run one comparison's rounds, each in a new process, and return its summary."""
    cases = comparisons.GROWTH if name == "growth" else [()]
    results = []
    for number in range(rounds):
        click.echo(f"{name}: round {number + 1} of {rounds} ...")
        parts = [_run_round(name, number, case) for case in cases]
        rows = {row: x for part in parts for row, x in part.rows.items()}
        results.append(replace(parts[-1], rows=rows))
    return comparisons.summarize(name, results)


def _run_round(name, number, case):
    """Return one round, or one case of it, measured in a process of its own."""
    words = [name, str(number), *map(str, case)]
    done = subprocess.run(
        [sys.executable, "-m", "dlcourse.tools.comparisons", *words],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise CourseError(f"{' '.join(words)}: {last}")
    return Comparison.from_json(json.loads(done.stdout.strip().splitlines()[-1]))


def comparison_table(name, summary):
    """Return a comparison as lines of text, one per contender."""
    lines = [f"{name} on {summary.source}, medians of {summary.rounds} rounds"]
    if summary.source == "digits":
        lines.append(
            "  MNIST is absent: the bundled digits stand in; trust the shares only"
        )
    for name_of_row, row in summary.rows.items():
        parts = [f"  {name_of_row:<28} {row.seconds:7.2f} s"]
        if row.share is not None:
            parts.append(f"{row.share:5.2f} ×")
        if row.accuracy is not None:
            parts.append(f"{percent(row)} %")
        if row.images_per_s is not None:
            parts.append(f"{row.images_per_s:,.0f} images/s")
        if row.memory_mb is not None:
            parts.append(f"{row.memory_mb:,.0f} MB")
        if row.parameters is not None:
            parts.append(f"{row.parameters:,.0f} parameters")
        lines.append("  ".join(parts))
    lines += [f"  {text}" for text in remarks(name, summary)]
    return "\n".join(lines)


def remarks(name, summary):
    """Return what a comparison says beyond its table, as sentences without a stop."""
    return exponents(summary.rows) if name == "growth" else []


def exponents(rows):
    """Return what fitted power laws say about time and memory."""
    by_images = [rows[f"{n} images, {w} filters"] for n, w in comparisons.GROWTH[:3]]
    by_width = sorted(
        (row for row in rows.values() if row.images == 10_000),
        key=lambda row: row.parameters,
    )
    said = []
    for size, points in (("images", by_images), ("parameters", by_width)):
        for cost, key in (("Seconds grow", "seconds"), ("Memory grows", "memory_mb")):
            e = comparisons.exponent(
                [getattr(row, size) for row in points],
                [getattr(row, key) for row in points],
            )
            said.append(f"{cost} as {size} to the power {e:.2f}")
    return said


def comparison_lines(name, summary):
    """Return a comparison's part of RESULTS.md."""
    first = next(iter(summary.rows.values()))
    columns = [key for key in COLUMNS if getattr(first, key) is not None]
    head = ["what", *(COLUMNS[key][0] for key in columns)]
    cells = [
        [name_of_row, *(COLUMNS[key][1].format(getattr(row, key)) for key in columns)]
        for name_of_row, row in summary.rows.items()
    ]
    accuracies = ""
    if first.accuracy is not None:
        head.append("test accuracy (%)")
        accuracies = ", accuracies mean ± standard deviation"
        for line, row in zip(cells, summary.rows.values(), strict=True):
            line.append(percent(row))
    said = [f"{sentence}." for sentence in remarks(name, summary)]
    return [
        f'Made by `make bench ARGS="--only {name} --rounds {summary.rounds}"` on'
        f" {summary.date}: {summary.environment}; {summary.source}, medians of"
        f" {summary.rounds} rounds{accuracies}. {NOTES[name]}",
        "",
        *table(head, cells),
        *(["", *said] if said else []),
    ]


def percent(row):
    """Return an accuracy and its spread over the rounds, in percent."""
    text = f"{100 * row.accuracy:.2f}"
    return (
        text if row.accuracy_std is None else f"{text} ± {100 * row.accuracy_std:.2f}"
    )


def write_comparisons(folder, compared):
    """Write the comparisons as JSON and as one figure, beside those measured before."""
    path = folder / "comparisons.json"
    known = read_comparisons(path) | compared
    known = {name: known[name] for name in COMPARISONS if name in known}
    facts = {name: json.loads(to_json(summary)) for name, summary in known.items()}
    write_whole(path, json.dumps({"comparisons": facts}, indent=1))
    draw_comparisons(folder / "comparisons.png", known)
    click.echo(f"Written: {path} and comparisons.png beside it.")


def read_comparisons(path):
    """Return ``{name: Comparison}`` of an earlier call; nothing if there was none."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))["comparisons"]
        return {name: Comparison.from_json(x) for name, x in facts.items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def draw_comparisons(path, known):
    """Draw one panel per comparison, one bar per contender."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        len(known), 1, layout="constrained",
        figsize=(7, sum(0.3 * len(x.rows) + 1.1 for x in known.values())),
        squeeze=False, height_ratios=[len(x.rows) + 2 for x in known.values()],
    )  # fmt: skip
    for axis, (name, summary) in zip(axes[:, 0], known.items(), strict=True):
        rows = summary.rows.values()
        bars = axis.barh(list(summary.rows), [row.seconds for row in rows])
        notes = ["" if row.accuracy is None else f"{percent(row)} %" for row in rows]
        axis.bar_label(bars, notes, padding=3)
        axis.invert_yaxis()
        axis.set(
            xlabel=f"seconds, median of {summary.rounds}", xmargin=0.3,
            title=f"{RESULT_PARTS[name]} ({summary.source}, {summary.date})",
        )  # fmt: skip
    figure.savefig(path, dpi=110)
    plt.close(figure)


# ---- start-up and lessons -------------------------------------------------------------


def bench_lessons(root, folder, imports, rounds, report=None):
    """Return the CourseCost: from a report, or from running every lesson now.

    Args:
        root: the course's folder.
        folder: where the executed copies go.
        imports: what ``measure_imports`` found here and now; may be empty.
        rounds: how often the lessons are run.
        report: path of a report of ``make run`` in the quick profile.
    """
    lessons = read_lessons(root)
    if report:
        return cost_of_report(report, lessons, imports)
    click.echo(f"{len(lessons)} lessons, quick, two at a time, {rounds} rounds ...")
    walls, records = [], []
    for _ in range(rounds):
        started = time.monotonic()
        records += run_course(
            root, lessons, profile="quick", seeds=[0], device="cpu", folder=folder,
            jobs=2, fresh=True,
        )  # fmt: skip
        walls.append(time.monotonic() - started)
    return CourseCost(
        date=today(),
        environment=current_environment(),
        how=f"medians of {rounds} rounds, two lessons at a time",
        imports=imports,
        course_s=round(statistics.median(walls), 1),
        lessons=[lesson_cost(lesson, records) for lesson in lessons],
    )


def cost_of_report(path, lessons, imports):
    """Return the CourseCost that a report of ``make run`` in the quick profile tells.

    Args:
        path: of the report.
        lessons: the LessonFiles that must all be in it, equally often.
        imports: what ``measure_imports`` found here and now; may be empty.

    Raises:
        CourseError: if it is no such report, or its runs or the imports do not compare.
    """
    report = read_report(path, "quick")
    check_comparable(path, report)
    numbers = [record.lesson for record in report.ran]
    counts = {lesson.number: numbers.count(lesson.number) for lesson in lessons}
    missing = [number for number, count in counts.items() if not count]
    if missing:
        raise CourseError(
            f"{path} has no lesson {missing[0]}: run  make run  for all lessons first."
        )
    if len(set(counts.values())) > 1:
        raise CourseError(
            f"{path} has more runs of some lessons than of others: the figures of one page"
            " must come from one run of all lessons."
        )
    (environment,) = report.environments
    if imports and environment != current_environment():
        raise CourseError(
            f"{path} is from {environment}, the imports were measured on"
            f" {current_environment()}: measure both on one machine, with the same versions."
        )
    seeds = len({record.seed for record in report.ran})
    return CourseCost(
        date=report.dates,
        environment=environment,
        how=f"lessons: medians of {seeds} seeds in a report of `make run`",
        imports=imports,
        course_s=None,
        lessons=[lesson_cost(lesson, report.ran) for lesson in lessons],
    )


def measure_imports(rounds):
    """Return median seconds of each import in a new interpreter, its start taken off."""
    bare = _median_seconds("pass", rounds)
    return {
        name: round(_median_seconds(code, rounds) - bare, 3)
        for name, code in IMPORTS.items()
    }


def _median_seconds(code, rounds):
    times = []
    for _ in range(rounds + 1):  # the first fills the disk cache and is left out
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, "-c", code],
                check=True,
                capture_output=True,
                cwd=folder,
            )
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def lesson_cost(lesson, records):
    """Return one lesson's LessonCost.

    Raises:
        CourseError: if one of its runs is not green.
    """
    own = [record for record in records if record.lesson == lesson.number]
    for record in own:
        if record.status != "green":
            raise CourseError(
                f"Lesson {lesson.number} is {record.status}: mend it first."
            )
    return LessonCost(lesson.number, lesson.title, median_usage(own))


def course_lines(cost):
    """Return the part of RESULTS.md on start-up and lessons, beside their targets."""
    rows = []
    for name, seconds in cost.imports.items():
        target = IMPORT_TARGETS.get(name)
        rows.append(
            [f"`{name}`", f"{seconds:.2f} s", f"≤ {target} s" if target else ""]
        )
    if cost.course_s is not None:
        name = "whole course, quick, `make run`"
        rows.append([name, f"{cost.course_s:.0f} s", f"≤ {COURSE_TARGET} s"])
    slowest = max(x.usage.wall_s for x in cost.lessons)
    largest = max(x.usage.peak_mb for x in cost.lessons)
    rows += [
        ["slowest lesson", f"{slowest:.0f} s", f"≤ {LESSON_TARGET} s"],
        ["largest peak memory", f"{largest:.0f} MB", f"≤ {MEMORY_TARGET} MB"],
    ]
    lessons = [
        [f"{x.lesson} {x.title}", f"{x.usage.wall_s:.0f}", f"{x.usage.cpu_s:.0f}",
         f"{x.usage.peak_mb:.0f}"]
        for x in cost.lessons
    ]  # fmt: skip
    head = ["lesson, quick", "wall (s)", "CPU (s)", "peak memory (MB)"]
    return [
        f"Made by `make bench` on {cost.date}: {cost.environment}; {cost.how}.",
        "",
        *table(["what", "measured", "target"], rows),
        "",
        *table(head, lessons),
    ]


def stamp_costs(root, cost):
    """Write a CourseCost into RESULTS.md, and the run times into the scripts' headers."""
    write_part(root, "quick", course_lines(cost))
    for lesson, measured in zip(read_lessons(root), cost.lessons, strict=True):
        stamp_seconds(lesson.script, measured.usage.wall_s)
    stamp_course(root)
    click.echo("Run times are in the headers: run  make notebooks  to carry them on.")


def stamp_seconds(script: Path, seconds):
    """Write a measured run time into a script's header."""
    text = script.read_text(encoding="utf-8")
    line = f"#     seconds: {max(1, round(seconds))}"
    write_whole(script, re.sub(r"(?m)^#     seconds: \d+$", line, text, count=1))
