"""Exercises that answer, and claims that are measured.

``check`` never raises: whatever a learner hands in, the notebook runs on. ``claim``
raises only in tests (``DLCOURSE_STRICT=1``).
"""

from __future__ import annotations

import functools
import importlib
import os
import types

from . import journal

_checkers = {}


class Hint(Exception):
    """What the learner most likely did wrong, in words that help to mend it."""


class _Untouched(Exception):
    """The answer still holds the ``...`` of the exercise."""


# ── for whoever writes a checker ────────────────────────────────────────────────


def exercise(number):
    """Register the decorated function as the checker of exercise ``number``.

    The checker takes the learner's answer (or answers), raises ``Hint`` for a wrong one,
    and may return a sentence that is added to the tick.
    """

    def register(checker):
        _checkers[number] = checker
        return checker

    return register


def expect(condition, hint):
    """Raise ``Hint(hint)`` unless the condition is true."""
    if not bool(condition):
        raise Hint(hint)


def expect_number(value, hint="Your answer should be a single number."):
    """Return ``value`` as a float; a ``Hint`` if it is not one finite real number."""
    import numpy as np

    try:
        number = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise Hint(hint) from None
    if (
        isinstance(value, (bool, str, bytes))
        or number.size != 1
        or not np.isfinite(number)
    ):
        raise Hint(hint)
    return float(number.reshape(()))


def expect_array(value, shape, what="Your answer"):
    """Return ``value`` as a float array; a ``Hint`` if it is not numeric or misshapen.

    Args:
        value: anything array-like.
        shape: the expected shape; None stands for any length along that axis.
        what: how to name the value in the hint.
    """
    import numpy as np

    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise Hint(f"{what} should be an array of numbers.") from None
    same = len(array.shape) == len(shape) and all(
        want in (None, got) for want, got in zip(shape, array.shape, strict=True)
    )
    expect(same, f"{what} has shape {array.shape}; expected {tuple(shape)}.")
    return array


def expect_close(value, target, hint, tolerance=1e-5):
    """Return ``value`` as an array equal to ``target`` within ``tolerance``, or hint."""
    import numpy as np

    target = np.asarray(target, dtype=float)
    array = expect_array(value, target.shape)
    expect(np.allclose(array, target, rtol=tolerance, atol=tolerance), hint)
    return array


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
        if any(_is_untouched(answer) for answer in answers):
            raise _Untouched
        checker = _find_checker(number)
        praise = checker(*(_guard(answer) for answer in answers))
        state, text = "right", praise or "correct"
    except _Untouched:
        state, text = "untouched", "not attempted yet"
    except Hint as hint:
        state, text = "wrong", str(hint)
    except (Exception, SystemExit) as error:
        state, text = "wrong", _describe(error)
    mark = {"untouched": "○", "wrong": "✗", "right": "✓"}[state]
    separator = " " if state == "untouched" else " — "
    print(f"{mark} {number}{separator}{text}")
    journal.note(kind="check", number=str(number), state=state)


def claim(text, value, *, at_least=None, at_most=None):
    """State a finding of the lesson and test it on this run's own numbers.

    Args:
        text: the finding, in words.
        value: the measured number; or True or False when no bound is given.
        at_least: smallest value for which the finding holds.
        at_most: largest value for which it holds.

    Raises:
        AssertionError: if the claim fails and ``DLCOURSE_STRICT`` is set (in tests).
            Without it a learner sees a warning and goes on.
    """
    measured = float(value)
    if at_least is None and at_most is None:
        passed = measured == 1.0
        found = ""
    else:
        passed = (at_least is None or measured >= at_least) and (
            at_most is None or measured <= at_most
        )
        bounds = [f"≥ {at_least:g}"] if at_least is not None else []
        bounds += [f"≤ {at_most:g}"] if at_most is not None else []
        found = f" (measured ≈ {measured:.4g}, needs {' and '.join(bounds)})"
    journal.note(
        kind="claim",
        text=text,
        value=measured,
        at_least=at_least,
        at_most=at_most,
        passed=bool(passed),
    )
    if passed:
        print(f"✓ {text}{found}")
        return
    message = f"{text}{found}"
    if os.environ.get("DLCOURSE_STRICT", "0") not in ("", "0"):
        raise AssertionError(f"claim failed: {message}")
    print(
        f"⚠ not so in this run: {message}\n"
        "  If you changed the code or the settings above, that is a result: ask why.\n"
        "  If you changed nothing, please report it: the course tests this claim."
    )


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
    if number not in _checkers:
        try:
            importlib.import_module(f"dlcourse.exercises.lesson_{lesson}")
        except ModuleNotFoundError as error:
            if not str(error.name).startswith("dlcourse.exercises"):
                raise
    if number not in _checkers:
        known = ", ".join(sorted(n for n in _checkers if n.startswith(f"{lesson}.")))
        raise Hint(
            f"there is no exercise with this number; this lesson has {known or 'none'}."
        )
    return _checkers[number]


def _is_untouched(answer):
    """Return True for ``...``, a container that holds it, or a function that is a stub."""
    if answer is Ellipsis:
        return True
    if type(answer) in (list, tuple, set):
        return any(item is Ellipsis for item in answer)
    if type(answer) is dict:
        return any(item is Ellipsis for item in answer.values())
    return type(answer) is types.FunctionType and _is_stub(answer)


def _is_stub(function):
    """Return True if the function's body is only ``...``, with or without a docstring."""

    def bare(): ...

    def documented():
        """Doc."""
        ...

    code, consts = function.__code__.co_code, function.__code__.co_consts
    return (code == bare.__code__.co_code and consts == (None,)) or (
        code == documented.__code__.co_code and consts == (function.__doc__, None)
    )


def _guard(answer):
    """Wrap a function so that a ``...`` it returns counts as not attempted."""
    if type(answer) is not types.FunctionType:
        return answer

    @functools.wraps(answer)
    def guarded(*args, **kwargs):
        result = answer(*args, **kwargs)
        if _is_untouched(result):
            raise _Untouched
        return result

    return guarded


def _describe(error):
    try:
        detail = " ".join(str(error).split())[:200]
    except Exception:
        detail = ""
    name = type(error).__name__
    return f"your answer could not be checked: {name}" + (
        f": {detail}" if detail else ""
    )
