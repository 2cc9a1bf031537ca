"""Measure what the course promises: start-up, and every lesson's time and memory."""

from __future__ import annotations

import datetime
import json
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from . import comparisons
from .catalog import read_lessons
from .report import NOTES, machine, table, versions, write_part
from .report import PARTS as RESULT_PARTS
from .run import prepare_folder, run_course
from .stamps import stamp as stamp_course

# target, in seconds, MB or seconds in all
TARGETS = {"import dlcourse": 0.2, "lesson": 60, "memory": 1500, "course": 600}


PARTS = ("imports", "lessons", *comparisons.NAMES)


def main(root, rounds=3, stamp=False, report=None, only=PARTS):
    """Measure, print, and write into ``runs/bench``.

    The lessons' figures go into ``bench.json``, the comparisons with tutorials into
    ``comparisons.json`` and ``comparisons.png``.

    Args:
        root: the course's folder.
        rounds: how often each figure is measured; medians are printed.
        stamp: also write what was measured into its part of RESULTS.md, and the lessons'
            run times into the scripts' headers.
        report: a ``report.json`` of ``make run`` in the quick profile to take the lessons'
            figures from, instead of running them.
        only: which of ``PARTS`` to measure; imports and lessons share a part of RESULTS.md.

    Raises:
        click.ClickException: if the report is not one, or lacks a green run of a lesson.
    """
    if stamp and len({"imports", "lessons"} & set(only)) == 1:
        raise click.ClickException(
            "imports and lessons stand in one part of RESULTS.md: name both, or neither."
        )
    folder = prepare_folder(root / "runs" / "bench")
    compared = {}
    for name in comparisons.NAMES:
        if name in only:
            compared[name] = compare(name, rounds)
            click.echo(comparison_table(name, compared[name]))
            if stamp:
                write_part(root, name, comparison_lines(name, compared[name]))
    if compared:
        write_comparisons(folder, compared)
    if not {"imports", "lessons"} <= set(only):
        return
    imports = measure_imports(rounds)
    for name, seconds in imports.items():
        click.echo(f"{name:<24} {seconds:6.2f} s")
    lessons = read_lessons(root)
    walls, runs = [], []
    if report:
        runs = read_report(report, lessons)
        seeds = len({run["seed"] for run in runs})
        how = f"lessons: medians of {seeds} seeds in a report of `make run`"
    else:
        click.echo(f"{len(lessons)} lessons, quick, two at a time, {rounds} rounds ...")
        how = f"medians of {rounds} rounds, two lessons at a time"
        for _ in range(rounds):
            started = time.monotonic()
            runs += run_course(
                root, lessons, profile="quick", seeds=[0], device="cpu", folder=folder,
                jobs=2, fresh=True,
            )  # fmt: skip
            walls.append(time.monotonic() - started)
    figures = {
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "python": platform.python_version(),
        "how": how,
        "imports": imports,
        "course_s": round(statistics.median(walls), 1) if walls else None,
        "lessons": [lesson_figures(lesson, runs) for lesson in lessons],
    }
    (folder / "bench.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    lines = quick_lines(figures)
    click.echo("\n".join(lines))
    if stamp:
        write_part(root, "quick", lines)
        for lesson, measured in zip(lessons, figures["lessons"], strict=True):
            stamp_seconds(lesson.script, measured["wall_s"])
        stamp_course(root)
        click.echo(
            "Run times are in the headers: run  make notebooks  to carry them on."
        )


def compare(name, rounds):
    """Run one comparison's rounds, each in a new process, and return its medians."""
    cases = [[]]
    if name == "growth":
        cases = [[str(n), str(width)] for n, width in comparisons.GROWTH]
    results = []
    for number in range(rounds):
        click.echo(f"{name}: round {number + 1} of {rounds} ...")
        rows = {}
        for case in cases:
            command = [
                sys.executable,
                "-m",
                "dlcourse.tools.comparisons",
                name,
                str(number),
            ]
            done = subprocess.run(
                command + case,
                capture_output=True,
                text=True,
            )
            if done.returncode:
                last = (done.stderr.strip().splitlines() or ["no message"])[-1]
                raise click.ClickException(f"{name}: {last}")
            result = json.loads(done.stdout.strip().splitlines()[-1])
            rows |= result["rows"]
        results.append({"source": result["source"], "rows": rows})
    return comparisons.summarize(name, results)


def comparison_table(name, summary):
    """Return a comparison as lines of text, one per contender."""
    lines = [f"{name} on {summary['source']}, medians of {summary['rounds']} rounds"]
    if summary["source"] == "digits":
        lines.append(
            "  MNIST is absent: the bundled digits stand in; trust the shares only"
        )
    for row, x in summary["rows"].items():
        parts = [f"  {row:<28} {x['seconds']:7.2f} s"]
        if "share" in x:
            parts.append(f"{x['share']:5.2f} ×")
        if "accuracy" in x:
            parts.append(f"{percent(x)} %")
        if "images_per_s" in x:
            parts.append(f"{x['images_per_s']:,.0f} images/s")
        if "memory_mb" in x:
            parts.append(f"{x['memory_mb']:,.0f} MB")
        if "parameters" in x:
            parts.append(f"{x['parameters']:,.0f} parameters")
        lines.append("  ".join(parts))
    lines += [f"  {text}" for text in said_of(name, summary)]
    return "\n".join(lines)


def said_of(name, summary):
    """Return what a comparison says beyond its table, as sentences without a stop."""
    return exponents(summary["rows"]) if name == "growth" else []


def exponents(rows):
    """Return what fitted power laws say about time and memory."""
    by_images = [rows[f"{n} images, {w} filters"] for n, w in comparisons.GROWTH[:3]]
    by_width = sorted(
        (x for x in rows.values() if x["images"] == 10_000),
        key=lambda x: x["parameters"],
    )
    said = []
    for size, points in (("images", by_images), ("parameters", by_width)):
        for cost, key in (("Seconds", "seconds"), ("Memory", "memory_mb")):
            e = comparisons.exponent(
                [x[size] for x in points], [x[key] for x in points]
            )
            verb = "grow" if cost == "Seconds" else "grows"
            said.append(f"{cost} {verb} as {size} to the power {e:.2f}")
    return said


def write_comparisons(folder, compared):
    """Write the comparisons as JSON and as one figure, beside those measured before."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    path = folder / "comparisons.json"
    facts = {
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "python": platform.python_version(),
        "versions": versions(),
    }
    try:
        known = json.loads(path.read_text(encoding="utf-8"))["comparisons"]
    except (OSError, ValueError, KeyError):
        known = {}
    known |= {name: facts | summary for name, summary in compared.items()}
    known = {name: known[name] for name in comparisons.NAMES if name in known}
    path.write_text(json.dumps({"comparisons": known}, indent=1), encoding="utf-8")
    figure, axes = plt.subplots(
        len(known), 1, layout="constrained",
        figsize=(7, sum(0.3 * len(x["rows"]) + 1.1 for x in known.values())),
        squeeze=False, height_ratios=[len(x["rows"]) + 2 for x in known.values()],
    )  # fmt: skip
    for axis, (name, summary) in zip(axes[:, 0], known.items(), strict=True):
        rows = summary["rows"]
        bars = axis.barh(list(rows), [x["seconds"] for x in rows.values()])
        notes = [f"{percent(x)} %" if "accuracy" in x else "" for x in rows.values()]
        axis.bar_label(bars, notes, padding=3)
        axis.invert_yaxis()
        axis.set(
            xlabel=f"seconds, median of {summary['rounds']}", xmargin=0.3,
            title=f"{RESULT_PARTS[name]} ({summary['source']}, {summary['date']})",
        )  # fmt: skip
    figure.savefig(folder / "comparisons.png", dpi=110)
    plt.close(figure)
    click.echo(f"Written: {path} and comparisons.png beside it.")


def read_report(path, lessons):
    """Return the runs of a report of ``make run``, quick, with every lesson in it."""
    try:
        summary = json.loads(Path(path).read_text(encoding="utf-8"))
        quick, runs = summary["profile"] == "quick", summary["runs"]
        numbers = [run["lesson"] for run in runs]
    except (OSError, ValueError, KeyError, TypeError):
        raise click.ClickException(
            f"{path} is not a report of make run: give its report.json."
        ) from None
    missing = [lesson.number for lesson in lessons if lesson.number not in numbers]
    if not quick or missing:
        lack = (
            f"has no lesson {missing[0]}" if missing else "is not of the quick profile"
        )
        raise click.ClickException(
            f"{path} {lack}: run  make run  for all lessons first."
        )
    if len({numbers.count(lesson.number) for lesson in lessons}) > 1:
        raise click.ClickException(
            f"{path} has more runs of some lessons than of others: the figures of one page"
            " must come from one run of all lessons."
        )
    return runs


def measure_imports(rounds):
    """Return median seconds of each import in a new interpreter, its start taken off."""
    bare = _median_run("pass", rounds)
    codes = {
        "import dlcourse": "import dlcourse",
        "import keras": "import keras",
        "start()": "import dlcourse; dlcourse.start('23')",
    }
    return {
        name: round(_median_run(code, rounds) - bare, 3) for name, code in codes.items()
    }


def _median_run(code, rounds):
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


def lesson_figures(lesson, runs):
    """Return one lesson's medians over the rounds."""
    own = [run for run in runs if run["lesson"] == lesson.number]
    bad = [run for run in own if run["status"] != "green"]
    if bad:
        raise click.ClickException(
            f"lesson {lesson.number} is {bad[0]['status']}: mend it first"
        )
    middle = {
        key: statistics.median(run[key] for run in own)
        for key in ("wall_s", "cpu_s", "peak_mb")
    }
    return {"lesson": lesson.number, "title": lesson.title, **middle}


def quick_lines(figures):
    """Return the part of RESULTS.md on start-up and lessons, beside their targets."""
    rows = [
        [f"`{name}`", f"{seconds:.2f} s", "≤ 0.2 s" if name in TARGETS else ""]
        for name, seconds in figures["imports"].items()
    ]
    if figures["course_s"] is not None:
        course_s = f"{figures['course_s']:.0f} s"
        rows.append(["whole course, quick, `make run`", course_s, "≤ 600 s"])
    slowest = max(x["wall_s"] for x in figures["lessons"])
    largest = max(x["peak_mb"] for x in figures["lessons"])
    rows += [
        ["slowest lesson", f"{slowest:.0f} s", f"≤ {TARGETS['lesson']} s"],
        ["largest peak memory", f"{largest:.0f} MB", f"≤ {TARGETS['memory']} MB"],
    ]
    lessons = [
        [f"{x['lesson']} {x['title']}", f"{x['wall_s']:.0f}", f"{x['cpu_s']:.0f}",
         f"{x['peak_mb']:.0f}"]
        for x in figures["lessons"]
    ]  # fmt: skip
    head = ["lesson, quick", "wall (s)", "CPU (s)", "peak memory (MB)"]
    return [
        f"Made by `make bench` on {figures['date']}: {figures['machine']},"
        f" Python {figures['python']}; {figures['how']}.",
        "",
        *table(["what", "measured", "target"], rows),
        "",
        *table(head, lessons),
    ]


def comparison_lines(name, summary):
    """Return a comparison's part of RESULTS.md."""
    found = versions()
    column = {
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
    rows = summary["rows"]
    keys = [key for key in column if key in next(iter(rows.values()))]
    head = ["what", *(column[key][0] for key in keys)]
    if accuracy := "accuracy" in next(iter(rows.values())):
        head.append("test accuracy (%)")
    cells = [
        [row, *(column[key][1].format(x[key]) for key in keys)]
        + ([percent(x)] if accuracy else [])
        for row, x in rows.items()
    ]
    said = [f"{sentence}." for sentence in said_of(name, summary)]
    return [
        f'Made by `make bench ARGS="--only {name} --rounds {summary["rounds"]}"` on'
        f" {datetime.date.today().isoformat()}: {machine()},"
        f" Python {platform.python_version()}, Keras {found['keras']},"
        f" TensorFlow {found['tensorflow']}; {summary['source']}, medians of"
        f" {summary['rounds']} rounds{', accuracies mean ± standard deviation' * accuracy}."
        f" {NOTES[name]}",
        "",
        *table(head, cells),
        *(["", *said] if said else []),
    ]


def percent(row):
    """Return an accuracy and its spread over the rounds, in percent."""
    text = f"{100 * row['accuracy']:.2f}"
    return text if row["spread"] is None else f"{text} ± {100 * row['spread']:.2f}"


def stamp_seconds(script: Path, seconds):
    """Write a measured run time into a script's header."""
    text = script.read_text(encoding="utf-8")
    script.write_text(
        re.sub(
            r"(?m)^#     seconds: \d+$",
            f"#     seconds: {max(1, round(seconds))}",
            text,
            count=1,
        ),
        encoding="utf-8",
    )
