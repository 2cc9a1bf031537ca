"""Reports: of one run, as JSON and HTML, and RESULTS.md, the page of measured figures.

Each part of RESULTS.md is made by a command. It stands between ``<!-- name -->`` and
``<!-- /name -->``; whoever measures anew replaces that part alone.
"""

from __future__ import annotations

import html
import math
import re
import statistics
from dataclasses import replace
from pathlib import Path

from ..errors import CourseError
from .execute import Usage
from .files import write_whole
from .records import days, read_report, report_path, to_json

PARTS = {
    "quick": "What `make run` costs",
    "full": "The real data sets",
    "install": "From nothing to the first network",
    "mnist": "MNIST, against a classic tutorial",
    "ablation": "Ablation: where the time goes",
    "dense": "The first dense network",
    "augmentation": "Augmented images per second",
    "growth": "How cost grows",
}

# Read in the sources or, for *, in copies of them; their splits differ where it says so.
_GERON = "https://github.com/ageron/handson-ml3/blob/main"
_MASTERY = "https://machinelearningmastery.com"
PUBLISHED = [
    ["California housing", "random forest, districts split at random", "RMSE $41,424",
     f"[Géron, chapter 2]({_GERON}/02_end_to_end_machine_learning_project.ipynb)"],
    ["MNIST", "dense, 128 units, 5 epochs", "about 98 %",
     "[TensorFlow quickstart](https://www.tensorflow.org/tutorials/quickstart/beginner)"],
    ["Fashion-MNIST", "dense, 300 and 100 units, 30 epochs", "0.8864",
     f"[Géron, chapter 10]({_GERON}/10_neural_nets_with_keras.ipynb)"],
    ["MNIST", "Conv 32 and 64, 34,826 parameters, 15 epochs", "0.9922",
     "[Keras example](https://keras.io/examples/vision/mnist_convnet/)"],
    ["MNIST", "Conv 32, Dense 100, 10 epochs; 5-fold, not the test set", "0.9868*",
     f"[Machine Learning Mastery]({_MASTERY}/how-to-develop-a-convolutional-neural-network"
     "-from-scratch-for-mnist-handwritten-digit-classification/)"],
    ["Fashion-MNIST", "two convolutions with batch norm, as submitted", "0.934",
     "[Fashion-MNIST's benchmark](https://github.com/zalandoresearch/fashion-mnist#benchmark)"],
    ["Melbourne", "persistence; autoregression of 29 days; the last 7 days",
     "MSE 3.42; 1.45*",
     f"[Machine Learning Mastery]({_MASTERY}/autoregression-models-time-series-forecasting"
     "-python/)"],
    ["Chicago", "linear; SimpleRNN of 32; with buses and day types; spring 2019,"
     " the validation set", "MAE 37,866; 29,015; 22,062",
     f"[Géron, chapter 15]({_GERON}/15_processing_sequences_using_rnns_and_cnns.ipynb)"],
    ["SST-2", "naive Bayes on words; average of word vectors; recursive network",
     "0.818*; 0.801*; 0.854", "[Socher and others (2013)](https://aclanthology.org/D13-1170/)"],
    ["SST-2", "CNN, random embedding", "0.827*",
     "[Kim (2014)](https://aclanthology.org/D14-1181/)"],
]  # fmt: skip
NOTES = {
    "mnist": "Seconds are those of training and of reading the 10,000 test images,"
    " test-time augmentation included; CPU seconds of training alone. *Fast* and *accurate* run"
    " with `steps_per_execution=32`.",
    "ablation": "One epoch each. Rows that begin with + keep what the rows above them changed:"
    " *fast network* comes with a peak learning rate of 0.01 instead of 0.004, *label smoothing*"
    " with Adam's `beta_2` at 0.95, *less tracing* builds the optimizer before `fit` and reads the"
    " test images without `predict`. Each of the others changes one thing in that recipe (batches"
    " of 512 get twice the peak rate, averaged weights a cosine that decays less). *Second epoch* is"
    " timed alone. *Almost no network* (ten outputs on the mean pixel) shows what feeding and"
    " stepping cost. Between sessions a row differs by up to 1.7 s.",
    "dense": "Flatten, 128 units, 10 outputs; CPU seconds of training alone. *Scheduled*: batches of"
    " 128, `steps_per_execution=32`, warm-up and cosine decay, three epochs.",
    "augmentation": "Rotation, shift and zoom of 8,192 images, bilinear.",
    "growth": "One epoch of the fast network with first-layer filters as named; *start* is what the"
    " first epoch took beyond a later one; memory is counted from where it stood before the"
    " data.",
}  # fmt: skip


# ---- of one run ---------------------------------------------------------------------


def describe(record):
    """Return one line about a record, and one more for each thing that went wrong."""
    mark = {"green": "✓", "skipped": "–"}.get(record.status, "✗")
    line = f"{mark} {record.lesson} {record.title}, seed {record.seed}: {record.status}"
    if record.usage:
        line += f", {record.usage.wall_s:.0f} s, {record.usage.peak_mb} MB"
    if record.note:
        line += f" ({record.note})"
    if record.error:
        line += f"\n    lesson {record.lesson}, {record.error}"
    for claim in record.claims:
        if not claim.passed:
            line += f"\n    claim failed: {claim.text} (measured {claim.value:.4g})"
    return line


def write_reports(folder, report):
    """Write a Report as JSON and as HTML, each whole or not at all."""
    write_whole(report_path(folder, report.profile), to_json(report))
    write_whole(report_path(folder, report.profile, "html"), _report_html(report))


def _report_html(report):
    head = [
        "lesson", "seed", "status", "wall (s)", "CPU (s)", "peak memory (MB)", "date",
        "what went wrong",
    ]  # fmt: skip
    rows = []
    for record in report.runs:
        use = record.usage
        rows.append([
            f"{record.lesson} {record.title}", record.seed, record.status,
            *((use.wall_s, use.cpu_s, use.peak_mb) if use else ("", "", "")),
            record.date, record.error or record.note,
        ])  # fmt: skip
    body = _html_table(head, rows)
    seeds = sorted({record.seed for record in report.runs})
    for number in sorted({record.lesson for record in report.runs}):
        own = [record for record in report.runs if record.lesson == number]
        body += f"<h2>Claims of lesson {number}</h2>" + _claims_table(own, seeds)
    settings = " · ".join([
        report.profile, report.device, report.backend,
        report.mixture or " ".join(map(str, report.environments)), report.dates,
    ])  # fmt: skip
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>dlcourse run</title>"
        "<style>body{font:15px/1.5 system-ui,sans-serif;margin:2em;max-width:72em}"
        "td,th{padding:.25em .8em;text-align:left;border-bottom:1px solid #ccc}"
        ".bad{color:#a33b00;font-weight:bold}</style>"
        f"<h1>The course, run end to end</h1><p>{html.escape(settings)}</p>{body}</html>"
    )


def _claims_table(records, seeds):
    """Return a table with one row per claim of one lesson, one column per seed."""
    ranges, values, found = {}, {}, {}
    for record in records:
        for claim in record.claims:
            low, high = (
                "" if bound is None else f"{bound:g}"
                for bound in (claim.at_least, claim.at_most)
            )
            ranges[claim.text] = f"{low} … {high}" if low or high else "true"
            mark = "✓" if claim.passed else "✗"
            values[claim.text, record.seed] = f"{mark} {claim.value:.4g}"
            found.setdefault(claim.text, []).append(claim.value)
    rows = [
        [
            text,
            ranges[text],
            _span(found[text]),
            *(values.get((text, seed), "") for seed in seeds),
        ]
        for text in ranges
    ]
    head = ["claim", "range", "mean ± 4 deviations", *(f"seed {s}" for s in seeds)]
    return _html_table(head, rows)


def _span(values):
    """Return where a claim's bounds may lie, by the values found; "" for too few."""
    if len(values) < 3:
        return ""
    return "{:.4g} … {:.4g}".format(*_bounds(values))


def _bounds(values):
    """Return the mean less, and plus, four standard deviations."""
    mean, room = statistics.fmean(values), 4 * statistics.stdev(values)
    return mean - room, mean + room


def claims_by_seed(report):
    """Return what the claims' bounds are worth, by the values that the seeds gave.

    A bound that chance will not break in thousands of runs lies four standard deviations
    from the mean.

    Args:
        report: a Report of several seeds.

    Returns:
        A pair: lines of text, one for each claim that has a bound, and how many claims have
        a bound that lies nearer to the mean than that.

    Raises:
        CourseError: if no lesson was run with three seeds or more.
    """
    found = {}
    for record in report.runs:
        for claim in record.claims:
            if claim.at_least is not None or claim.at_most is not None:
                found.setdefault((record.lesson, claim.text), []).append(claim)
    found = {key: claims for key, claims in found.items() if len(claims) >= 3}
    if not found:
        raise CourseError(
            "bounds need several seeds:  make run ARGS='--seeds 0-9'  comes first."
        )
    lines, near = [], 0
    for (lesson, text), claims in found.items():
        values, stated = [claim.value for claim in claims], claims[-1]
        low, high = _bounds(values)
        words, tight = [], False
        if stated.at_least is not None:
            tight = stated.at_least > low
            words.append(f"≥ {stated.at_least:g}, four deviations {low:.4g}")
        if stated.at_most is not None:
            tight = tight or stated.at_most < high
            words.append(f"≤ {stated.at_most:g}, four deviations {high:.4g}")
        near += tight
        lines.append(
            f"{'✗' if tight else '✓'} {lesson} {text}\n"
            f"      {len(values)} seeds: mean {statistics.fmean(values):.4g},"
            f" deviation {statistics.stdev(values):.2g}; {'; '.join(words)}"
        )
    return lines, near


def _html_table(head, rows):
    def cell(value, tag="td"):
        text = html.escape(str(value))
        bad = (
            " class='bad'"
            if text.startswith("✗") or text in ("failed", "claim failed")
            else ""
        )
        return f"<{tag}{bad}>{text}</{tag}>"

    top = "".join(cell(h, "th") for h in head)
    lines = "".join("<tr>" + "".join(cell(v) for v in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{lines}</table>"


# ---- RESULTS.md -----------------------------------------------------------------------


def write_part(root, name, lines):
    """Replace one part of RESULTS.md, or begin the page with it.

    Args:
        root: the course's folder.
        name: one of ``PARTS``.
        lines: the part's text, as lines of Markdown without its heading.
    """
    path = Path(root) / "RESULTS.md"
    page = path.read_text(encoding="utf-8") if path.is_file() else ""
    parts = {
        part: found[1]
        for part in PARTS
        if (found := re.search(f"<!-- {part} -->\n(.*?)<!-- /{part} -->", page, re.S))
    }
    parts[name] = "\n".join([f"## {PARTS[name]}", "", *lines, ""])
    text = "# Measured figures\n\nEvery part is written by the command that it names.\n"
    for part in PARTS:
        if part in parts:
            text += f"\n<!-- {part} -->\n{parts[part]}<!-- /{part} -->\n"
    path.write_text(text, encoding="utf-8")


def table(head, rows):
    """Return a Markdown table as lines."""
    bar = "|" + "---|" * len(head)
    return [_row(head), bar, *map(_row, rows)]


def _row(cells):
    return "| " + " | ".join(map(str, cells)) + " |"


# ---- the full profile -----------------------------------------------------------------

RESULT_HEAD = (
    "lesson", "data", "model", "parameters", "metric", "mean ± spread", "*n*", "fit (s)",
)  # fmt: skip
COST_HEAD = (
    "lesson", "seeds", "wall (s)", "CPU (s)", "peak memory (MB)", "run on", "with",
)  # fmt: skip


def write_full(root, path):
    """Write what a run of the full profile found on the real data sets.

    Rows of lessons that the run left out stay, with the day and the versions of their own run.

    Args:
        root: the course's folder.
        path: report of ``make run`` in the full profile.

    Raises:
        CourseError: if it is not one, a run in it is not green, or its runs do not compare.
    """
    report = read_report(path, "full")
    check_comparable(path, report)
    kept = _rows_of_others(root, {record.lesson for record in report.ran})
    device = devices(Path(path).parent, report.ran)
    write_part(root, "full", full_lines(report, device, *kept))


def check_comparable(path, report):
    """Refuse a report of which no page can be made.

    Args:
        path: of the report, for the message.
        report: a Report.

    Raises:
        CourseError: if nothing ran, a run is not green, or machines or versions differ.
    """
    if not report.ran:
        raise CourseError(f"{path} holds no run: run  make run  for all lessons first.")
    for record in report.ran:
        if record.status != "green":
            raise CourseError(
                f"Lesson {record.lesson}, seed {record.seed}, is {record.status}: mend it"
                " first."
            )
    if report.mixture:
        raise CourseError(
            f"{path} is not used. {report.mixture} Run all lessons again with --fresh."
        )


def devices(folder, records):
    """Return the devices that the executed notebooks name in their first line."""
    found = set()
    for record in records:
        copy = Path(folder) / f"{record.name}.ipynb"
        text = copy.read_text(encoding="utf-8") if copy.is_file() else ""
        found |= set(re.findall(r"Lesson \d\d · full · (CPU|GPU) ·", text))
    return " and ".join(sorted(found)) or "device unknown"


def full_lines(report, device, other_results=(), other_costs=()):
    """Return the part about the real data sets: costs, results, tutorials' figures."""
    results = [*other_results, *_result_rows(report.ran)]
    costs = [*other_costs, *_cost_rows(report, device)]
    return [
        "Made by `python -m dlcourse results` from runs of the full profile; the second table"
        " says when, and on what, each lesson ran. Mean ± standard deviation over *n*"
        " trainings; *fit* is the median of a training's seconds, by default with two lessons"
        " side by side on the machine.",
        "",
        *table(RESULT_HEAD, sorted(results, key=_lesson_of)),
        "",
        "The whole notebook, medians over the seeds:",
        "",
        *table(COST_HEAD, sorted(costs, key=_lesson_of)),
        "",
        "What well-known tutorials and papers report (\\* read in a copy of the page). Test sets"
        " and sizes differ: of the time series and the houses, only the order of size compares.",
        "",
        *table(["data", "model", "figure", "source"], PUBLISHED),
    ]


def _lesson_of(row):
    return row[0][:2]


def _rows_of_others(root, lessons):
    """Return the rows of both tables, as they stand, of all lessons but these."""
    path = Path(root) / "RESULTS.md"
    page = path.read_text(encoding="utf-8") if path.is_file() else ""
    part = re.search("<!-- full -->\n(.*?)<!-- /full -->", page, re.S)
    lines = re.findall(r"(?m)^\| (\d\d .*) \|$", part[1] if part else "")
    rows = [line.split(" | ") for line in lines]
    rows = [row for row in rows if _lesson_of(row) not in lessons]
    return [
        [row for row in rows if len(row) == len(head)]
        for head in (RESULT_HEAD, COST_HEAD)
    ]


def _result_rows(records):
    """Return one row per data set, model and metric; seeds and trainings are pooled."""
    results = [
        replace(result, lesson=record.lesson)
        for record in records
        for result in record.results
    ]
    rows = []
    for (data, model, metric), own in _grouped(
        results, "data", "model", "metric"
    ).items():
        values = [value for result in own for value in result.values]
        if not values:
            raise CourseError(
                f"Lesson {own[0].lesson} records no value of {metric} for {model} on {data}:"
                " mend the lesson and run it again."
            )
        seconds = [x.seconds for x in own if x.seconds is not None]
        seconds = [value for value in seconds if math.isfinite(value)]
        sizes = sorted({x.parameters for x in own} - {None})
        rows.append([
            own[0].lesson, data, model, "/".join(f"{size:,}" for size in sizes),
            metric, mean_and_spread(values), len(values),
            f"{statistics.median(seconds):.1f}" if seconds else "",
        ])  # fmt: skip
    return rows


def _cost_rows(report, device):
    """Return one row per lesson: the medians over its seeds, and what it ran on."""
    (environment,) = report.environments
    rows = []
    for lesson, own in _grouped(report.ran, "lesson", "title").items():
        costs = median_usage(own)
        seeds = ", ".join(str(record.seed) for record in own)
        rows.append([
            " ".join(lesson), seeds, f"{costs.wall_s:.0f}", f"{costs.cpu_s:.0f}",
            f"{costs.peak_mb:.0f}", days(own), f"{environment}, on the {device}",
        ])  # fmt: skip
    return rows


def median_usage(records):
    """Return the Usage whose every figure is the median of the records'."""
    return Usage(*(
        statistics.median(getattr(record.usage, name) for record in records)
        for name in ("wall_s", "cpu_s", "peak_mb")
    ))  # fmt: skip


def mean_and_spread(values):
    """Return ``mean ± standard deviation`` with digits to suit the size."""
    mean = statistics.mean(values)
    spread = statistics.stdev(values) if len(values) > 1 else None
    digits = 4 if abs(mean) < 1 else 2 if abs(mean) < 1000 else 0
    text = f"{mean:,.{digits}f}"
    return text if spread is None else f"{text} ± {spread:,.{digits}f}"


def _grouped(items, *keys):
    groups = {}
    for item in items:
        groups.setdefault(tuple(getattr(item, key) for key in keys), []).append(item)
    return groups
