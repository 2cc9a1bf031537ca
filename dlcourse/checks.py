"""Exercises that answer, and claims that are measured.

``check`` never raises: whatever a learner hands in, the notebook runs on. ``claim`` and
``verify`` raise only in tests (``DLCOURSE_STRICT=1``). What a checker may expect of an
answer is in ``expectations``.
"""

from __future__ import annotations

import importlib
import inspect
import linecache
import os
import re
import sysconfig
import traceback
from pathlib import Path

from . import journal
from .expectations import (
    Hint,
    Missing,
    Untouched,
    guarded,
    is_half_done,
    is_plain_callable,
    is_untouched,
    with_missing,
)

CHECKERS = {}  # exercise number to the function that judges its answers


def exercise(number, *, in_place=False):
    """Register the decorated function as the checker of exercise ``number``.

    The checker takes the learner's answer (or answers), by the names that the exercise
    gives them, raises ``Hint`` for a wrong one, and may return a sentence that is added to
    the tick.

    Args:
        number: the exercise, such as ``"23.1"``.
        in_place: the learner's function is asked to change its arguments.
    """

    def register(checker):
        checker.in_place = in_place
        CHECKERS[number] = checker
        return checker

    return register


def exercises_of(lesson):
    """Return the numbers of a lesson's exercises that have a checker, in order."""
    own = [number for number in CHECKERS if number.startswith(f"{lesson}.")]
    return sorted(own, key=lambda number: int(number.partition(".")[2]))


# ── for the lesson ──────────────────────────────────────────────────────────────


def check(number, *answers):
    """Print whether an exercise's answer is right, with a hint if it is not.

    Prints one line: ``○`` not attempted yet, ``✗`` and a hint, or ``✓``. Never raises,
    except that an interruption by the user passes through.

    Args:
        number: the exercise, such as ``"23.1"``.
        *answers: what the exercise asked for.
    """
    try:
        state, text = _judge(number, answers)
    except Hint as hint:
        state, text = "wrong", str(hint)
    except (Exception, SystemExit) as error:
        state, text = "wrong", describe(error)
    mark = {"untouched": "○", "wrong": "✗", "right": "✓"}[state]
    separator = " " if state == "untouched" else " — "
    print(f"{mark} {number}{separator}{text}")
    journal.note(kind="check", number=str(number), state=state)


def _judge(number, answers):
    """Return the state of an exercise and the text that goes with it."""
    checker = _find_checker(number)
    names = list(inspect.signature(checker).parameters)
    if len(names) != len(answers):
        raise Hint(f'hand in what is asked for: check("{number}", {", ".join(names)}).')
    still_open = [
        name
        for name, a in zip(names, answers, strict=True)
        if is_untouched(a) and not is_half_done(a)
    ]
    if len(still_open) == len(names):
        return "untouched", "not attempted yet"
    given = [
        Missing(name) if name in still_open
        else with_missing(answer, name) if is_half_done(answer)
        else guarded(answer, checker.in_place, name * (len(names) > 1))
        if is_plain_callable(answer)
        else answer
        for name, answer in zip(names, answers, strict=True)
    ]  # fmt: skip
    try:
        return "right", checker(*given) or "correct"
    except Untouched as untouched:
        name = str(untouched)
        if not name:
            return "untouched", "not attempted yet"
        return "untouched", f"not finished: `{name}` is still `...`"


def claim(text, value, *, at_least=None, at_most=None):
    """State a finding of the lesson and test it on this run's own numbers.

    The learner sees one sentence with the number found. The bound is for tests and
    reports.

    Args:
        text: the finding, in words. ``{}``, with a format such as ``≈ {:.1f}``, stands
            where the number found goes; without one it is added in brackets.
        value: the measured number; or True or False when no bound is given.
        at_least: smallest value for which the finding holds.
        at_most: largest value for which it holds.

    Raises:
        AssertionError: if the claim fails and ``DLCOURSE_STRICT`` is set (in tests).
            Without it a learner sees a warning and goes on.
    """
    sentence = _test("claim", text, value, at_least, at_most)
    if sentence:
        print(f"✓ {sentence}")


def verify(text, value, *, at_least=None, at_most=None):
    """Test what a lesson takes for granted, and say nothing as long as it holds.

    Takes what ``claim`` takes; for equalities and sanity checks, which are no findings.
    """
    _test("verify", text, value, at_least, at_most)


def _test(kind, text, value, at_least, at_most):
    """Record a claim; return its sentence if it holds, else warn and return None."""
    measured = float(value)
    bounded = at_least is not None or at_most is not None
    passed = measured == 1.0 if not bounded else (
        (at_least is None or measured >= at_least)
        and (at_most is None or measured <= at_most)
    )  # fmt: skip
    if "{" in text:
        sentence = text.format(measured)
    else:
        sentence = f"{text} (here ≈ {measured:.3g})" if bounded else text
    journal.note(
        kind=kind, text=text, value=measured, at_least=at_least, at_most=at_most,
        passed=bool(passed),
    )  # fmt: skip
    if passed:
        return sentence
    if os.environ.get("DLCOURSE_STRICT", "0") not in ("", "0"):
        needs = [f"≥ {at_least:g}"] if at_least is not None else []
        needs += [f"≤ {at_most:g}"] if at_most is not None else []
        bounds = f" (measured {measured:.6g}, needs {' and '.join(needs)})" * bounded
        raise AssertionError(f"claim failed: {sentence}{bounds}")
    print(
        f"⚠ not so in this run: {sentence}\n"
        "  If you changed the code or the settings above, that is a result: ask why.\n"
        "  If you changed nothing, please report it: the course tests this claim."
    )
    return None


def record(data, model, metric, values, *, parameters=None, seconds=None):
    """Hand a result on the real data to the report of ``make run``; else do nothing.

    RESULTS.md is made from such reports.

    Args:
        data: name of the data set.
        model: what was trained, in a few words.
        metric: what was measured, and on which part, such as ``"test accuracy"``.
        values: one number, or a sequence with one number per training.
        parameters: how many trainable and other weights the model has.
        seconds: of one training.
    """
    import numpy as np

    journal.note(
        kind="result",
        data=data,
        model=model,
        metric=metric,
        values=[float(value) for value in np.ravel(values)],
        parameters=None if parameters is None else int(parameters),
        seconds=None if seconds is None else float(seconds),
    )


# ── inside ──────────────────────────────────────────────────────────────────────


def _find_checker(number):
    lesson = str(number).partition(".")[0]
    if number not in CHECKERS:
        try:
            importlib.import_module(f"dlcourse.exercises.lesson_{lesson}")
        except ModuleNotFoundError as error:
            if not str(error.name).startswith("dlcourse.exercises"):
                raise
    if number not in CHECKERS:
        known = ", ".join(exercises_of(lesson)) or "none"
        raise Hint(f"there is no exercise with this number; this lesson has {known}.")
    return CHECKERS[number]


ANSI = re.compile(r"\x1b\[[0-9;]*m")
FOREIGN = tuple(
    str(Path(folder).resolve())
    for folder in (
        Path(__file__).parent,
        *map(sysconfig.get_path, ("stdlib", "purelib")),
    )
)


def describe(error):
    """Return one sentence on an exception: what was raised, and in which of their lines."""
    try:
        detail = " ".join(ANSI.sub("", str(error)).split())[:200]
    except Exception:
        detail = ""
    name = type(error).__name__ + (f": {detail}" if detail else "")
    line = _learners_line(error)
    if line:
        return f"your code raised {name} — in your line `{line}`{_advice(detail)}"
    if isinstance(error, TypeError) and "argument" in detail:
        return (
            f"your function could not be called ({name}): keep the exercise's arguments"
        )
    return f"this is not the kind of answer asked for ({name}): read the exercise again"


def _learners_line(error):
    """Return the innermost line of code that is neither ours nor a library's, or ""."""
    line = ""
    for frame, number in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        try:
            file = str(Path(file).resolve())
        except (OSError, RuntimeError):  # the working folder is gone; a loop of links
            pass
        if not file.startswith(FOREIGN):
            line = linecache.getline(file, number).strip() or line
    return line if len(line) <= 80 else f"{line[:77]}..."


def _advice(detail):
    """Return what usually helps against an error with this text, or ""."""
    shapes = re.search(r"shapes \((\d+),(\d+)\) \((\d+),\)", detail)
    if "broadcast" in detail and shapes and shapes[1] == shapes[3] != shapes[2]:
        return (
            f". A sum or mean along each row has shape ({shapes[3]},): if you mean rows,"
            f" with keepdims=True it is ({shapes[3]}, 1) and fits; for columns it is axis=0"
        )
    if "matmul" in detail and "mismatch in its core dimension" in detail:
        return ". In A @ B the columns of A must be as many as the rows of B"
    return ""
