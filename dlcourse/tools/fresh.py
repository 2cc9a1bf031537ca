"""Measure what a newcomer waits for: fresh clone, installation, first trained network."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

import click

from ..errors import CourseError
from .records import current_environment, today
from .report import write_part

INSTALLERS = ("uv", "pip")
CACHES = ("empty", "warm")
LESSON = "00_start_here.ipynb"


@dataclass(frozen=True)
class Wait:
    """Seconds of one round: clone, installation, first network, rest of the lesson."""

    clone: float
    install: float
    network: float
    rest: float


def measure(root, rounds, folder=None):
    """Measure every installer with an empty and a warm package cache.

    Args:
        root: the course's git checkout; what is committed is measured.
        rounds: how often each is measured. A round's warm cache is what its empty one
            became.
        folder: where the clones go; by default the system's folder for temporary files.

    Returns:
        ``{(installer, cache): [Wait, ...]}``.

    Raises:
        CourseError: if a step fails; its last lines are in the sentence.
    """
    waits = {(who, cache): [] for who in INSTALLERS for cache in CACHES}
    for number in range(rounds):
        for who in INSTALLERS:
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                for cache in CACHES:
                    wait = measure_once(root, who, Path(scratch))
                    waits[who, cache].append(wait)
                    click.echo(
                        f"round {number + 1} of {rounds}, {who}, {cache} cache:"
                        f" {wait.clone + wait.install + wait.network:.0f} s"
                    )
    return waits


def measure_once(root, installer, scratch):
    """Clone, install and run the first lesson in a new folder; return the Wait.

    The packages are cached in ``scratch``, so a second call finds the cache warm.
    """
    course = scratch / "course"
    shutil.rmtree(course, ignore_errors=True)
    environment = {
        **os.environ,
        "PIP_CACHE_DIR": str(scratch / "pip"), "UV_CACHE_DIR": str(scratch / "uv"),
        "MPLCONFIGDIR": str(course / ".cache"),  # no list of fonts yet, either
        "JUPYTER_PREFER_ENV_PATH": "1", "DLCOURSE_PROGRESS": "off", "MAKEFLAGS": "",
    }  # fmt: skip
    # a newcomer's Python keeps what it compiles
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    clone, _ = _timed(
        ["git", "clone", "-q", str(root), str(course)], scratch, environment
    )
    make = ["make", "install", f"INSTALLER={installer}", "VENV=.venv"]
    install, _ = _timed(make, course, environment)
    python = course / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    command = [str(python), "-m", "papermill", LESSON, str(scratch / LESSON), "-k",
               "python3", "--no-progress-bar", "--cwd", "."]  # fmt: skip
    lesson, begun = _timed(command, course / "notebooks", environment)
    executed = json.loads((scratch / LESSON).read_text(encoding="utf-8"))
    network = first_network(executed) - begun
    return Wait(clone, install, network, lesson - network)


def first_network(notebook):
    """Return when the first cell that trains had ended, in seconds since 1970."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and ".fit(" in "".join(cell["source"]):
            end = datetime.fromisoformat(cell["metadata"]["papermill"]["end_time"])
            return end.astimezone().timestamp()
    raise CourseError(f"No cell of {LESSON} trains a network: measure another lesson.")


def _timed(command, folder, environment):
    """Run a command; return its seconds, and when it began in seconds since 1970."""
    begun, started = time.time(), time.monotonic()
    done = subprocess.run(
        command, cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode:
        last = " ".join(done.stdout.strip().splitlines()[-3:])
        raise CourseError(f"{' '.join(command[:3])} failed: {last}")
    return time.monotonic() - started, begun


def table(waits):
    """Return the medians as a Markdown table; the total ends with the first network."""
    lines = [
        "| installed with | package cache | clone (s) | install (s) | first network (s)"
        " | total (s) | rest of the lesson (s) |",
        "|---|---|" + "---:|" * 5,
    ]
    for (who, cache), rounds in waits.items():
        parts = zip(*map(astuple, rounds), strict=True)
        clone, install, network, rest = map(statistics.median, parts)
        total = statistics.median(w.clone + w.install + w.network for w in rounds)
        lines.append(
            f"| {who} | {cache} | {clone:.1f} | {install:.1f} | {network:.1f}"
            f" | {total:.1f} | {rest:.1f} |"
        )
    return "\n".join(lines)


def stamp(root, waits):
    """Write the table into RESULTS.md."""
    rounds = len(next(iter(waits.values())))
    environment = current_environment()
    lines = [
        f"Made by `make bench ARGS=\"--only install --stamp\"` on {today()}:"
        f" {environment.machine}, Python {environment.python}; medians of {rounds} rounds."
        " A fresh clone, a new environment, then lesson 00 up to its first trained network.",
        "",
        *table(waits).splitlines(),
    ]
    write_part(root, "install", lines)
