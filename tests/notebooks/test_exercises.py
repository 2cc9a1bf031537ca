"""Every exercise in its three states, and quizzes whose every option is explained."""

import importlib
import importlib.util
import re

import pytest
from conftest import ROOT
from helpers import LESSONS, NUMBERS, checked_in

from dlcourse import check, checks

ANSWERS = {}


def answers(number):
    """Return the module of right and wrong answers of a lesson."""
    if number not in ANSWERS:
        path = ROOT / "tests" / "answers" / f"lesson_{number}.py"
        spec = importlib.util.spec_from_file_location(f"answers_{number}", path)
        ANSWERS[number] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(ANSWERS[number])
    return ANSWERS[number]


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


def said(capsys, number, *arguments):
    check(number, *arguments)
    return capsys.readouterr().out


@each_exercise
def test_right_answers_pass(lesson, number, capsys):
    assert said(capsys, number, *answers(lesson).RIGHT[number]).startswith(
        f"✓ {number}"
    )


@each_exercise
def test_wrong_answers_get_the_hint_that_names_the_mistake(lesson, number, capsys):
    wrong = answers(lesson).WRONG[number]
    assert len(wrong) >= 3
    for arguments, fragment in wrong:
        printed = said(capsys, number, *arguments)
        assert printed.startswith(f"✗ {number}"), (arguments, printed)
        assert fragment in printed, (arguments, fragment, printed)
        assert "could not be checked" not in printed or "could not" in fragment, printed
    assert len({fragment for _, fragment in wrong}) >= 2, (
        "hints should tell mistakes apart"
    )


@each_exercise
def test_untouched_answers_are_met_kindly(lesson, number, capsys):
    def stub(*args): ...

    for answer in (..., stub):
        arguments = [answer] * len(answers(lesson).RIGHT[number])
        assert said(capsys, number, *arguments).startswith(f"○ {number}")


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
def test_hostile_answers_never_raise_and_never_pass(lesson, number, capsys):
    for answer in HOSTILE:
        arguments = [answer] * len(answers(lesson).RIGHT[number])
        printed = said(capsys, number, *arguments)
        assert re.match(rf"[✗○] {number}", printed), (
            answer if answer is None else type(answer),
            printed,
        )
    printed = said(capsys, number)  # called with nothing at all
    assert printed.startswith(f"✗ {number}")


@each_lesson
def test_every_checker_has_an_exercise(lesson):
    module = importlib.import_module(f"dlcourse.exercises.lesson_{lesson}")
    assert module.QUIZ
    own = {number for number in checks._checkers if number.startswith(f"{lesson}.")}
    asked = {number for owner, number in CASES if owner == lesson}
    assert own == asked == set(answers(lesson).RIGHT) == set(answers(lesson).WRONG)


@each_lesson
def test_quiz(lesson):
    questions = importlib.import_module(f"dlcourse.exercises.lesson_{lesson}").QUIZ
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
