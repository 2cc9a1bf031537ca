"""What a learner has done so far: one file of their own, which never leaves the machine.

Every answer that ``check`` or ``quiz`` judges adds one line of JSON to the file. A line
is written with one call at the end of the file, so that several kernels can write at
once, and a crash can at worst tear the last line, which reading passes over.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from .errors import CourseError
from .lines import append_line
from .session import current_lesson
from .surroundings import own_folder

STATES = ("wrong", "shown", "right")  # a later one outweighs an earlier one


def file():
    """Return the path of this learner's file, or None where nothing is to be kept.

    ``DLCOURSE_PROGRESS`` names another file, or is ``off`` (in tests and builds).
    """
    chosen = os.environ.get("DLCOURSE_PROGRESS")
    if chosen == "off":
        return None
    if chosen:
        try:
            return Path(chosen).expanduser()
        except RuntimeError:
            raise CourseError(
                f"DLCOURSE_PROGRESS={chosen} names a user whom this machine does not"
                " know: set it to a file of yours."
            ) from None
    folder = own_folder("data")
    return folder and folder / "progress.jsonl"


def note(**entry):
    """Note a result: in the learner's progress, and where a test or a run asked for it."""
    if entry["kind"] in ("check", "quiz"):
        remember(entry["kind"], entry["number"], entry["state"])
    path = os.environ.get("DLCOURSE_REPORT")
    if not path:
        return
    lesson = current_lesson()
    entry["lesson"] = lesson.number if lesson else None
    try:
        append_line(path, json.dumps(entry).encode())
    except OSError as error:
        print(
            f"The report {path} cannot be written ({error.strerror}): set DLCOURSE_REPORT"
            " to a file that you can write to.",
            file=sys.stderr,
        )


def remember(kind, number, state):
    """Add one judged answer to the file; a disk that is full or read-only is no error.

    Args:
        kind: ``"check"`` or ``"quiz"``.
        number: ``"23.1"`` for an exercise, ``"23.q1"`` for a question.
        state: ``"right"`` or ``"wrong"``; what was right in a cell that holds the
            course's solution is kept as ``"shown"``.
    """
    try:
        path = file()
    except CourseError:
        return  # `progress` says why
    if path is None or state not in STATES:
        return
    if state == "right" and _in_solution_cell():
        state = "shown"
    entry = {"time": int(time.time()), "kind": kind, "number": number, "state": state}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        append_line(path, json.dumps(entry).encode())
    except OSError:
        pass  # the lesson goes on; `progress` says what it finds


def _in_solution_cell():
    """Return True while the notebook runs a cell that shows the course's solution."""
    if "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    cells = shell.user_ns.get("In") if shell else None
    return bool(cells) and str(cells[-1]).lstrip().startswith("# @title Solution")


def read(path):
    """Return ``{number: state}``, the best state of every exercise and question.

    Lines that are torn or not ours are passed over.

    Raises:
        CourseError: if the file is there and cannot be read.
    """
    best = {}
    try:
        lines = path.read_bytes().splitlines() if path and path.is_file() else []
    except OSError as error:
        raise CourseError(
            f"Cannot read {path} ({error.strerror}): set DLCOURSE_PROGRESS to a file that"
            " you can read."
        ) from None
    for line in lines:
        try:
            entry = json.loads(line)
            number, rank = str(entry["number"]), STATES.index(entry["state"])
        except (ValueError, KeyError, TypeError):
            continue
        if rank >= STATES.index(best.get(number, "wrong")):
            best[number] = entry["state"]
    return best
