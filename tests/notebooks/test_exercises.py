"""Every exercise in its three states, judged fairly, and quizzes that explain.

``tests/answers/lesson_NN.py`` holds, per exercise, right answers in several styles and
wrong ones with a piece of the hint that each must get. What follows from the right answers
alone is made here: other number forms, and functions with one thing wrong.
"""

import ast
import collections
import contextlib
import dataclasses
import functools
import importlib
import importlib.util
import inspect
import io
import re
import sys

import numpy as np
import pytest
import variants
from conftest import ROOT
from helpers import LESSONS, NUMBERS, checked_in

from dlcourse import check, checks, expectations

ANSWERS = {}


def answers(number):
    """Return the module of right and wrong answers of a lesson."""
    if number not in ANSWERS:
        path = ROOT / "tests" / "answers" / f"lesson_{number}.py"
        spec = importlib.util.spec_from_file_location(f"answers_{number}", path)
        ANSWERS[number] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(ANSWERS[number])
    return ANSWERS[number]


def checkers(lesson):
    return importlib.import_module(f"dlcourse.exercises.lesson_{lesson}")


def exercises_of(lesson):
    found = checked_in(lesson.script.read_text(encoding="utf-8"))
    return sorted(set(found), key=lambda number: int(number.split(".")[1]))


CASES = [
    (lesson.number, number) for lesson in LESSONS for number in exercises_of(lesson)
]
each_exercise = pytest.mark.parametrize(
    "lesson, number", CASES, ids=[n for _, n in CASES]
)
each_lesson = pytest.mark.parametrize("lesson", NUMBERS)


def said(number, *arguments):
    """Return the line that check prints; what an answer prints itself comes before it."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        check(number, *arguments)
    return out.getvalue().splitlines(keepends=True)[-1]


@dataclasses.dataclass
class Judged:
    """What check said of an exercise's answers; what was compared; which hints were met.

    ``seen`` holds the triples of :func:`spied`: of the first right answer in
    ``seen_if_right``, of all answers in ``seen``. ``met`` holds the places of hints in the
    lesson's module.
    """

    right: list
    wrong: list
    seen_if_right: list
    seen: list
    met: set


@functools.cache
def judged(lesson, number):
    """Hand in the right and the wrong answers that are written down: once for all tests."""
    module, met = checkers(lesson), set()
    original = expectations.Hint.__init__

    def remembering(self, *args):
        frame = sys._getframe(1)
        while frame:
            if frame.f_code.co_filename == module.__file__:
                position = list(frame.f_code.co_positions())[frame.f_lasti // 2]
                met.add((position[0], position[2]))
            frame = frame.f_back
        original(self, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(expectations.Hint, "__init__", remembering)
        seen = spied(patch, module)
        right, counts = [], []
        for arguments in answers(lesson).RIGHT[number]:
            right.append(said(number, *arguments))
            counts.append(len(seen))
        wrong = [said(number, *args) for args, _ in answers(lesson).WRONG[number]]
    return Judged(right, wrong, seen[: counts[0]], seen, met)


# ── the answers that are written down ───────────────────────────────────────────


@each_exercise
def test_right_answers_pass(lesson, number):
    right = answers(lesson).RIGHT[number]
    assert len(right) >= 3, "three right answers, in different styles"
    for arguments, printed in zip(right, judged(lesson, number).right, strict=True):
        assert printed.startswith(f"✓ {number}"), (arguments, printed)
        praise = printed.partition(" — ")[2].strip()
        assert len(praise) >= 15, f"say what is right about it, not only {praise!r}"


@each_exercise
def test_wrong_answers_get_the_hint_that_names_the_mistake(lesson, number):
    wrong = answers(lesson).WRONG[number]
    lines = judged(lesson, number).wrong
    for (arguments, fragment), printed in zip(wrong, lines, strict=True):
        assert printed.startswith(f"✗ {number}"), (arguments, printed)
        assert fragment in printed, (arguments, fragment, printed)
    wordings = collections.Counter(fragment for _, fragment in wrong)
    assert len(wordings) >= 6, "six different mistakes"
    assert min(wordings.values()) >= 2, (
        "each mistake in two spellings; once only: "
        f"{[fragment for fragment, n in wordings.items() if n < 2]}"
    )


@each_exercise
def test_untouched_answers_are_met_kindly(lesson, number):
    def stub(*args): ...

    right = answers(lesson).RIGHT[number][0]
    for answer in (..., stub):
        printed = said(number, *[answer] * len(right))
        assert printed == f"○ {number} not attempted yet\n"
    for index in range(len(right) if len(right) > 1 else 0):
        half = [*right[:index], ..., *right[index + 1 :]]
        printed = said(number, *half)
        assert re.match(rf"○ {number} not finished: `\w+` is still `...`", printed)


def test_what_is_filled_is_judged_and_what_is_missing_is_named():
    done = {"limit": 0.04, "factor": 0.96, "steps": 113}
    for name in done:
        printed = said("51.1", {**done, name: ...})
        assert printed == f"○ 51.1 not finished: `{name}` is still `...`\n"
    printed = said("51.1", {"limit": 0.08, "factor": ..., "steps": ...})
    assert printed.startswith("✗ 51.1 — limit: do not halve")
    for kind in (list, tuple):
        printed = said("45.2", kind([[0, 4], ...]))
        assert printed == "○ 45.2 not finished: `ahead[1]` is still `...`\n"
    mend_a = {"W1": -1, "b1": -1, "W2": 1, "b2": 1}
    printed = said("22.4", mend_a, lambda grads, batch_size: ...)
    assert printed == "○ 22.4 not finished: `mend_b` is still `...`\n"


class Hostile:
    """Fails at whatever is tried with it."""

    def __getattribute__(self, name):
        raise RuntimeError("no")

    def __call__(self, *args, **kwargs):
        raise SystemExit(1)


def explode(*args, **kwargs):
    raise KeyError("boom")


def recurse(*args, **kwargs):
    return recurse(*args, **kwargs)


HOSTILE = [None, "", "no", 10**400, float("nan"), [], [[1], [2, 3]], {}, object(), int,
           Hostile(), explode, recurse, lambda *a, **k: None, lambda: 1, b"\xff"]  # fmt: skip


@each_exercise
def test_hostile_answers_never_raise_and_never_pass(lesson, number):
    count = len(answers(lesson).RIGHT[number][0])
    for answer in HOSTILE:
        printed = said(number, *[answer] * count)
        assert re.match(rf"[✗○] {number}", printed), (
            answer if answer is None else type(answer),
            printed,
        )
    assert said(number).startswith(f"✗ {number}")  # called with nothing at all


# ── what follows from the right answers ─────────────────────────────────────────


@each_exercise
def test_numbers_are_welcome_in_every_form(lesson, number):
    """float32, arrays of no dimension, tensors, lists and tuples: where not, say why."""
    reasons = getattr(answers(lesson), "OTHER_FORMS_REFUSED", {}).get(number, {})
    assert all(len(reason) > 15 for reason in reasons.values())
    arguments = answers(lesson).RIGHT[number][0]
    for form, convert in variants.FORMS.items():
        numbers = []

        def noting(value, convert=convert, numbers=numbers):
            numbers.append(value)
            return convert(value)

        printed = said(number, *[variants.in_form(a, noting) for a in arguments])
        assert printed.startswith("✓") or form in reasons, (form, printed)
        if not numbers:
            return  # models or strings: there is one form only


def functions_of(arguments):
    """Return index and function of each answer that is a function of something."""
    return [
        (index, answer)
        for index, answer in enumerate(arguments)
        if variants.is_function(answer) and variants.parameters(answer)
    ]


def with_answer(arguments, index, answer):
    return [*arguments[:index], answer, *arguments[index + 1 :]]


@each_exercise
def test_no_function_and_no_return_are_said(lesson, number):
    def forgets(*given, **more):
        given = [given, more]

    right = answers(lesson).RIGHT[number][0]
    for index, _ in functions_of(right):
        printed = said(number, *with_answer(right, index, 3))
        assert printed.startswith("✗") and "function itself" in printed
        printed = said(number, *with_answer(right, index, forgets))
        told = "nothing back|return|is None|never calls|asked it 0 times"
        assert printed.startswith("✗") and re.search(told, printed), printed


@each_exercise
def test_a_function_is_tried_on_more_than_one_case(lesson, number):
    right = answers(lesson).RIGHT[number][0]
    for index, function in functions_of(right):
        frozen = variants.frozen(function)
        printed = said(number, *with_answer(right, index, frozen))
        assert printed.startswith("✗"), "its first result passes for every case"


@each_exercise
def test_a_function_must_use_each_of_its_arguments(lesson, number):
    right = answers(lesson).RIGHT[number][0]
    reasons = getattr(answers(lesson), "MAY_IGNORE", {}).get(number, {})
    assert all(len(reason) > 15 for reason in reasons.values())
    for index, function in functions_of(right):
        for name in set(variants.parameters(function)) - set(reasons):
            ignores = variants.ignoring(function, name)
            printed = said(number, *with_answer(right, index, ignores))
            assert printed.startswith("✗"), f"passes although it ignores {name}"


@each_exercise
def test_a_function_must_leave_its_arguments_alone(lesson, number):
    right = answers(lesson).RIGHT[number][0]
    if checks.CHECKERS[number].in_place:
        return  # there the exercise asks for it
    for index, function in functions_of(right):
        for name in variants.parameters(function):
            touched = []
            changes = variants.in_place(function, name, touched)
            printed = said(number, *with_answer(right, index, changes))
            if touched:
                assert printed.startswith("✗"), f"passes although it changes {name}"
                assert "itself" in printed, printed


# ── mistakes and hints ──────────────────────────────────────────────────────────


def spied(monkeypatch, module, swap=None):
    """Let each call of expect_value be seen; hand in another value at one of them.

    Args:
        swap: pair (which call, value) or None.

    Returns:
        A list that gets ``(right, mistakes, tolerance)`` of every call.
    """
    seen = []
    original = expectations.expect_value

    @functools.wraps(original)
    def spy(value, right, *args, **options):
        if swap and len(seen) == swap[0]:
            value = swap[1]
        seen.append((right, options.get("mistakes", ()), options.get("tolerance")))
        return original(value, right, *args, **options)

    for place in (expectations, module):
        if hasattr(place, "expect_value"):
            monkeypatch.setattr(place, "expect_value", spy)
    return seen


@each_exercise
def test_mistakes_differ_and_each_gets_its_own_words(lesson, number, monkeypatch):
    right = answers(lesson).RIGHT[number][0]
    module = checkers(lesson)
    assert judged(lesson, number).right[0].startswith("✓")
    alike = []
    for call, (target, mistakes, tolerance) in enumerate(
        judged(lesson, number).seen_if_right
    ):
        tolerance = tolerance or expectations.TOLERANCE
        values = [target, *(wrong for wrong, _ in mistakes)]
        for i, one in enumerate(values):
            for j, other in enumerate(values[:i]):
                if expectations.is_close(one, other, tolerance):
                    twin = f"the mistake {mistakes[j - 1][1]!r}" if j else "the right"
                    alike.append(
                        f"{mistakes[i - 1][1]!r}: its value {np.asarray(one)} is"
                        f" {twin}, too; choose other numbers for this case"
                    )
        for wrong, why in mistakes:
            with monkeypatch.context() as patch:
                spied(patch, module, swap=(call, wrong))
                assert why in said(number, *right)
    assert not alike, "\n".join(alike)


def places_of_hints(module):
    """Return the places in a module where its own words may become a hint.

    A place is the line, and column, where a call of ``expect`` or a ``raise Hint`` starts.
    """
    places = {}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
            "expect",
            "Hint",
        ):
            places[node.lineno, node.col_offset] = ast.unparse(node)[:90]
    return places


@each_lesson
def test_every_hint_is_met_by_a_wrong_answer(lesson):
    met, unmet = set(), []
    for number in answers(lesson).WRONG:
        found = judged(lesson, number)
        met |= found.met
        words = {why for _, mistakes, _ in found.seen for _, why in mistakes}
        heard = without_numbers("".join(found.right + found.wrong))
        unmet += [
            f"{number}: {why}" for why in words if without_numbers(why) not in heard
        ]
    places = places_of_hints(checkers(lesson))
    unmet += [text for place, text in places.items() if place not in met]
    assert not unmet, "no wrong answer gets these hints:\n" + "\n".join(sorted(unmet))


def without_numbers(text):
    """Return a hint without its numbers, which differ from case to case."""
    return re.sub(r"\d+", "#", text)


# ── the lesson's own ────────────────────────────────────────────────────────────


@each_lesson
def test_every_checker_has_an_exercise(lesson):
    module = checkers(lesson)
    assert module.QUIZ
    own = {number for number in checks.CHECKERS if number.startswith(f"{lesson}.")}
    asked = {number for owner, number in CASES if owner == lesson}
    assert own == asked == set(answers(lesson).RIGHT) == set(answers(lesson).WRONG)


@each_lesson
def test_quiz(lesson):
    questions = checkers(lesson).QUIZ
    assert 3 <= len(questions) <= 5
    for question in questions:
        assert 3 <= len(question.options) <= 5
        assert all(
            option.strip() and len(why) >= 15 for option, why in question.options
        )
        assert len({option for option, _ in question.options}) == len(question.options)
    assert len({question.answer for question in questions}) > 1, (
        "the right letter never moves"
    )
