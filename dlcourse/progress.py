"""What a learner has done so far: one file of their own, which never leaves the machine.

Every answer that ``check`` or ``quiz`` judges adds one line of JSON to the file. A line
is written with one call at the end of the file, so that several kernels can write at
once, and a crash can at worst tear the last line, which reading passes over.
"""

from __future__ import annotations

import contextlib
import csv
import importlib
import json
import os
import sys
import time
from pathlib import Path

from .runtime import CourseError, lesson_numbers

FORMAT = "dlcourse progress 1"  # of the exported file
STATES = ("wrong", "shown", "right")  # a later one outweighs an earlier one


def file():
    """Return the path of this learner's file, or None where nothing is to be kept.

    ``DLCOURSE_PROGRESS`` names another file, or is ``off`` (in tests and builds).
    """
    chosen = os.environ.get("DLCOURSE_PROGRESS")
    if chosen == "off":
        return None
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("dlcourse")) / "progress.jsonl"


def remember(kind, number, state):
    """Add one judged answer to the file; a disk that is full or read-only is no error.

    Args:
        kind: ``"check"`` or ``"quiz"``.
        number: ``"23.1"`` for an exercise, ``"23.q1"`` for a question.
        state: ``"right"`` or ``"wrong"``; what was right in a cell that holds the
            course's solution is kept as ``"shown"``.
    """
    path = file()
    if path is None or state not in STATES:
        return
    if state == "right" and _in_solution_cell():
        state = "shown"
    entry = {"time": int(time.time()), "kind": kind, "number": number, "state": state}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab+", buffering=0) as target:
            torn = target.seek(0, os.SEEK_END) and _last_byte(target) != b"\n"
            target.write(b"\n" * bool(torn) + json.dumps(entry).encode() + b"\n")
    except OSError:
        pass  # the lesson goes on; `progress` says what it finds


def _last_byte(target):
    target.seek(-1, os.SEEK_END)
    return target.read(1)


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


def course_items():
    """Return ``{lesson: [exercise and question numbers]}`` for every lesson."""
    from . import checks

    items = {}
    for lesson in lesson_numbers():
        module = importlib.import_module(f"dlcourse.exercises.lesson_{lesson}")
        exercises = checks.exercises_of(lesson)
        questions = [f"{lesson}.q{i}" for i in range(1, len(module.QUIZ) + 1)]
        items[lesson] = exercises + questions
    return items


def next_step(best, items):
    """Return the first exercise or question that is open, from the first lesson begun."""
    begun = [lesson for lesson in items if any(n in best for n in items[lesson])]
    order = [*begun, *(lesson for lesson in items if lesson not in begun)]
    for lesson in order:
        for number in items[lesson]:
            if best.get(number) != "right":
                return number
    return None


def table(best, items):
    """Return one line per lesson: a mark per exercise and question, and the counts."""
    marks = {"right": "✓", "shown": "s", "wrong": "✗", None: "·"}
    lines = []
    for lesson, numbers in items.items():
        parts = {False: [], True: []}
        for number in numbers:
            parts[".q" in number].append(best.get(number))
        shown = ["".join(marks[state] for state in part) for part in parts.values()]
        right = sum(best.get(number) == "right" for number in numbers)
        lines.append(
            f"{lesson}   exercises {shown[0]:<8} quiz {shown[1]:<6} {right} of"
            f" {len(numbers)}"
        )
    return lines


# ── for an instructor ───────────────────────────────────────────────────────────


def export(path, name, best):
    """Write one learner's results to a file for the instructor, whole or not at all."""
    text = json.dumps({"format": FORMAT, "learner": name, "results": best}, indent=1)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except OSError as error:
        raise CourseError(
            f"Cannot write {path} ({error.strerror}): choose another file with --export."
        ) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def merge(paths, target, items):
    """Write one CSV row per exported file; return the files that could not be used.

    A row holds the learner, and per lesson how many exercises and questions are right.
    """
    rows, unusable = [], []
    for path in paths:
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
            if content["format"] != FORMAT:
                raise ValueError
            learner, results = str(content["learner"]), dict(content["results"])
        except (OSError, ValueError, KeyError, TypeError):
            unusable.append(str(path))
            continue
        if learner[:1] in (
            "=",
            "+",
            "-",
            "@",
            "\t",
            "\r",
        ):  # no formula for a spreadsheet
            learner = f"'{learner}"
        counts = [
            sum(results.get(n) == "right" for n in numbers)
            for numbers in items.values()
        ]
        rows.append([learner, *counts, sum(counts)])
    totals = [len(numbers) for numbers in items.values()]
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["learner", *items, "all"])
    writer.writerow(["(possible)", *totals, sum(totals)])
    writer.writerows(sorted(rows, key=lambda row: row[0].casefold()))
    return unusable
