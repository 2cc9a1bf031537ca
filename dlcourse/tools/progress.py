"""How far a learner is, and how far a class is: made from what ``journal`` keeps."""

from __future__ import annotations

import csv
import importlib
import json
from pathlib import Path

from .. import checks
from ..errors import CourseError
from ..exercises import lesson_numbers
from .files import write_whole

FORMAT = "dlcourse progress 1"  # of the exported file


def course_items():
    """Return ``{lesson: [exercise and question numbers]}`` for every lesson."""
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
    try:
        write_whole(path, text)
    except OSError as error:
        raise CourseError(
            f"Cannot write {path} ({error.strerror}): choose another file with --export."
        ) from None


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
