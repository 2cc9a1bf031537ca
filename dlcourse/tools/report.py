"""Reports: of one run, as JSON and HTML, and RESULTS.md, the page of measured figures.

Each part of RESULTS.md is made by a command. It stands between ``<!-- name -->`` and
``<!-- /name -->``; whoever measures anew replaces that part alone.
"""

from __future__ import annotations

import contextlib
import datetime
import html
import json
import math
import os
import platform
import re
import statistics
from importlib import metadata
from pathlib import Path

import click

from .files import write_whole

PARTS = {
    "quick": "What `make run` costs",
    "full": "The real data sets",
    "mnist": "MNIST, against a classic tutorial",
    "ladder": "Where the time goes",
    "dense": "The first dense network",
    "augmentation": "Moved images per second",
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
    " test-time shifts included; CPU seconds of training alone. *Fast* and *accurate* run 32 steps"
    " per call.",
    "ladder": "One epoch each. Rows that begin with + keep what the rows above them changed:"
    " *32 steps per call* is `steps_per_execution`, *fast network* comes with a peak rate of 0.01"
    " instead of 0.004, *smoothed labels* with Adam's `beta_2` at 0.95, *less to trace* builds the"
    " optimizer before `fit` and reads the test images without `predict`. Each of the others"
    " changes one thing in that recipe (batches of 512 get twice the peak rate, averaged weights a"
    " rate that falls less). *Second epoch* is timed alone. *Almost no network* (ten outputs on the"
    " mean pixel) shows what feeding and stepping cost. Between sessions a row differs by up to 1.7 s.",
    "dense": "Flatten, 128 units, 10 outputs; CPU seconds of training alone. *Scheduled*: batches of"
    " 128, 32 steps per call, three epochs.",
    "augmentation": "Rotation, shift and zoom of 8,192 images, bilinear.",
    "growth": "One epoch of the fast network with first-layer filters as named; *start* is what the"
    " first epoch took beyond a later one; memory is counted from where it stood before the"
    " data.",
}  # fmt: skip


# ---- of one run ---------------------------------------------------------------------


def describe(record):
    """Return one line about a record."""
    mark = {"green": "✓", "skipped": "–"}.get(record["status"], "✗")
    line = f"{mark} {record['lesson']} {record['title']}, seed {record['seed']}: {record['status']}"
    if "wall_s" in record:
        line += f", {record['wall_s']:.0f} s, {record['peak_mb']} MB"
    if record.get("note"):
        line += f" ({record['note']})"
    if record.get("error"):
        cell = record["error"]["cell"]
        line += f"\n    {f'cell {cell}: ' if cell else ''}{record['error']['message']}"
    for entry in record["claims"]:
        if not entry["passed"]:
            line += (
                f"\n    claim failed: {entry['text']} (measured {entry['value']:.4g})"
            )
    return line


def write_reports(folder, records, **settings):
    """Write report.json and report.html, each whole or not at all."""
    summary = {
        "date": datetime.date.today().isoformat(),
        "python": platform.python_version(),
        "versions": versions(),
        "machine": machine(),
        **settings,
        "runs": records,
    }
    write_whole(
        folder / "report.json", json.dumps(summary, indent=1, ensure_ascii=False)
    )
    write_whole(folder / "report.html", _report_html(summary))


def versions():
    """Return the versions of Keras and of the backends that are installed."""
    found = {}
    for name in ("keras", "tensorflow", "jax", "torch"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def machine():
    """Return a few words about this machine."""
    import psutil

    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPU cores,"
        f" {psutil.virtual_memory().total / 2**30:.0f} GiB memory"
    )


def _report_html(summary):
    rows = []
    for r in summary["runs"]:
        error = r.get("error") or {}
        detail = (
            f"cell {error.get('cell')}: {error.get('message')}"
            if error
            else r.get("note", "")
        )
        rows.append(
            [f"{r['lesson']} {r['title']}", r["seed"], r["status"], r.get("wall_s", ""),
             r.get("cpu_s", ""), r.get("peak_mb", ""), detail]
        )  # fmt: skip
    head = [
        "lesson",
        "seed",
        "status",
        "wall (s)",
        "CPU (s)",
        "peak memory (MB)",
        "what went wrong",
    ]
    body = _html_table(head, rows)
    seeds = sorted({r["seed"] for r in summary["runs"]})
    for number in sorted({r["lesson"] for r in summary["runs"]}):
        body += f"<h2>Claims of lesson {number}</h2>" + _claims_table(
            summary["runs"], number, seeds
        )
    settings = " · ".join(
        summary[key] for key in ("profile", "device", "backend", "machine")
    )
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>dlcourse run</title>"
        "<style>body{font:15px/1.5 system-ui,sans-serif;margin:2em;max-width:72em}"
        "td,th{padding:.25em .8em;text-align:left;border-bottom:1px solid #ccc}"
        ".bad{color:#a33b00;font-weight:bold}</style>"
        f"<h1>The course, run end to end</h1><p>{html.escape(settings)}</p>{body}</html>"
    )


def _claims_table(runs, number, seeds):
    texts, cells, values = [], {}, {}
    for r in (r for r in runs if r["lesson"] == number):
        for c in r["claims"]:
            if c["text"] not in texts:
                texts.append(c["text"])
            values.setdefault(c["text"], []).append(c["value"])
            mark = "✓" if c["passed"] else "✗"
            cells[c["text"], r["seed"]] = f"{mark} {c['value']:.4g}"
            low, high = c["at_least"], c["at_most"]
            low, high = ("" if v is None else f"{v:g}" for v in (low, high))
            cells[c["text"], "range"] = f"{low} … {high}" if low or high else "true"
    rows = [
        [
            t,
            cells[t, "range"],
            _span(values[t]),
            *(cells.get((t, s), "") for s in seeds),
        ]
        for t in texts
    ]
    head = ["claim", "range", "mean ± 4 deviations", *(f"seed {s}" for s in seeds)]
    return _html_table(head, rows)


def _span(values):
    """Return where a claim's bounds may lie, by the values found; "" for too few."""
    if len(values) < 3:
        return ""
    mean, room = statistics.fmean(values), 4 * statistics.stdev(values)
    return f"{mean - room:.4g} … {mean + room:.4g}"


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


def write_full(root, path):
    """Write what a run of the full profile found on the real data sets.

    Args:
        root: the course's folder.
        path: ``report.json`` of ``make run`` in the full profile.

    Raises:
        click.ClickException: if it is not one, or a run in it is not green.
    """
    try:
        summary = json.loads(Path(path).read_text(encoding="utf-8"))
        full, runs = summary["profile"] == "full", summary["runs"]
        bad = [run for run in runs if run["status"] not in ("green", "skipped")]
        green = [run for run in runs if run["status"] == "green"]
        lines = full_lines(summary, green, devices(Path(path).parent, green))
    except (OSError, ValueError, KeyError, TypeError):
        full, bad, lines = False, [], []
    if not full:
        raise click.ClickException(
            f"{path} is not a report of the full profile: give the report.json of"
            "  make run ARGS='--profile full --seeds 0-2'."
        )
    if bad:
        raise click.ClickException(
            f"lesson {bad[0]['lesson']}, seed {bad[0]['seed']}, is {bad[0]['status']}:"
            " mend it first"
        )
    write_part(root, "full", lines)


def devices(folder, runs):
    """Return the devices that the executed notebooks name in their first line."""
    found = set()
    for run in runs:
        copy = Path(folder) / f"{run['name']}.ipynb"
        text = copy.read_text(encoding="utf-8") if copy.is_file() else ""
        found |= set(re.findall(r"Lesson \d\d · full · (CPU|GPU) ·", text))
    return " and ".join(sorted(found)) or "device unknown"


def full_lines(summary, runs, device):
    """Return the part about the real data sets: costs, results, tutorials' figures."""
    versions = summary["versions"]
    backend = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
    costs = []
    for lesson, own in _grouped(runs, "lesson", "title").items():
        wall, cpu, memory = (
            statistics.median(run[key] for run in own)
            for key in ("wall_s", "cpu_s", "peak_mb")
        )
        seeds = ", ".join(str(run["seed"]) for run in own)
        costs.append(
            [" ".join(lesson), seeds, f"{wall:.0f}", f"{cpu:.0f}", f"{memory:.0f}"]
        )
    entries = [entry for run in runs for entry in run.get("results", [])]
    found = []
    for key, own in _grouped(entries, "data", "model", "metric").items():
        values = [value for entry in own for value in entry["values"]]
        seconds = [entry["seconds"] for entry in own if entry["seconds"] is not None]
        seconds = [value for value in seconds if math.isfinite(value)]
        sizes = {entry["parameters"] for entry in own} - {None}
        found.append([
            own[0]["lesson"], *key[:2],
            "/".join(f"{size:,}" for size in sorted(sizes)),
            key[2], mean_and_spread(values), len(values),
            f"{statistics.median(seconds):.1f}" if seconds else "",
        ])  # fmt: skip
    return [
        f"Made by `python -m dlcourse results` from a run of the full profile on"
        f" {summary['date']}: {summary['machine']}, on the {device},"
        f" Python {summary['python']}, Keras {versions['keras']},"
        f" {backend[summary['backend']]} {versions[summary['backend']]}."
        " Mean ± standard deviation over *n* trainings; *fit* is the median of a"
        " training's seconds, by default with two lessons side by side on the machine.",
        "",
        *table(
            [
                "lesson",
                "data",
                "model",
                "parameters",
                "metric",
                "mean ± spread",
                "*n*",
                "fit (s)",
            ],
            found,
        ),  # fmt: skip
        "",
        "The whole notebook, medians over the seeds:",
        "",
        *table(["lesson", "seeds", "wall (s)", "CPU (s)", "peak memory (MB)"], costs),
        "",
        "What well-known tutorials and papers report (\\* read in a copy of the page). Test sets"
        " and sizes differ: of the time series and the houses, only the order of size compares.",
        "",
        *table(["data", "model", "figure", "source"], PUBLISHED),
    ]


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
        groups.setdefault(tuple(item[key] for key in keys), []).append(item)
    return groups
