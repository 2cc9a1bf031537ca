"""Quizzes, each with a static form that needs no kernel."""

from __future__ import annotations

import html
import importlib
from dataclasses import dataclass

from . import journal
from .figures import show_bundle

GAP = "\u2003" * 4  # wide spaces: what follows the letter lies outside the button
CLIPPED = "<style>.dlcourse-choice button {text-overflow: clip}</style>"


@dataclass(frozen=True)
class Question:
    """One quiz question.

    Args:
        text: the question.
        options: pairs ``(option, explanation)``, at least two; every explanation says why
            its option is right or wrong.
        answer: index of the right option, from 0.
    """

    text: str
    options: list
    answer: int

    def __post_init__(self):
        if len(self.options) < 2 or not 0 <= self.answer < len(self.options):
            raise ValueError(f"quiz question without a usable answer: {self.text!r}")


def quiz(lesson):
    """Show the quiz of a lesson: choose an option, press Check, read why.

    Args:
        lesson: the lesson's number, such as ``"23"``.
    """
    questions = importlib.import_module(f"dlcourse.exercises.lesson_{lesson}").QUIZ
    bundle = {"text/html": _quiz_html(questions), "text/plain": _quiz_text(questions)}
    show_bundle(bundle, _quiz_box(lesson, questions))


def _quiz_box(lesson, questions):
    import ipywidgets as w

    return w.VBox(
        [_question_box(f"{lesson}.q{i}", i, q) for i, q in enumerate(questions, 1)]
    )


def _question_box(number, index, question):
    """Return one question: its text, its options, a button and room for the reply."""
    import ipywidgets as w

    # Radio buttons cut long options off, so the options are written out, lettered,
    # and of each button only the letter is seen. Screen readers say the rest, too.
    letters = [chr(ord("A") + i) for i in range(len(question.options))]
    listing = "".join(
        f"<div style='margin:2px 0 2px 1em'><b>{letter}</b>&ensp;{_rich(option)}</div>"
        for letter, (option, _) in zip(letters, question.options, strict=True)
    )
    text = w.HTML(
        f"{CLIPPED}<div style='line-height:1.5'><b>{index}. {_rich(question.text)}</b>"
        f"{listing}</div>"
    )
    plain = [option.replace("`", "") for option, _ in question.options]
    choice = w.ToggleButtons(
        options=[
            (f"{letter}{GAP}{option}", letter)
            for letter, option in zip(letters, plain, strict=True)
        ],
        value=None, tooltips=plain, style={"button_width": "48px"},
    )  # fmt: skip
    choice.add_class("dlcourse-choice")
    reply = w.HTML()

    def answer(change):
        if change["new"] is None:
            return
        picked = letters.index(change["new"])
        right = picked == question.answer
        mark = "✓ Right." if right else "✗ Not quite."
        color = "#006d4e" if right else "#a33b00"  # white on it: 6 : 1 in every theme
        reply.value = (
            f"<div role='alert' style='line-height:1.5'><b style='color:white;"
            f"background:{color};padding:1px 6px;border-radius:3px'>{mark}</b>"
            f" {_rich(question.options[picked][1])}</div>"
        )
        journal.note(kind="quiz", number=number, state="right" if right else "wrong")

    choice.observe(answer, names="value")
    return w.VBox([text, choice, reply], layout={"margin": "0 0 18px 0"})


def _quiz_html(questions):
    parts = []
    for index, question in enumerate(questions, 1):
        options = "".join(f"<li>{_rich(option)}</li>" for option, _ in question.options)
        reasons = "".join(
            f"<li>{'✓' if i == question.answer else '✗'} {_rich(why)}</li>"
            for i, (_, why) in enumerate(question.options)
        )
        parts.append(
            f"<p><b>{index}. {_rich(question.text)}</b></p><ol type='A'>{options}</ol>"
            f"<details><summary>Answer, with reasons</summary><ol type='A'>{reasons}</ol></details>"
        )
    return "".join(parts)


def _quiz_text(questions):
    lines = []
    for index, question in enumerate(questions, 1):
        lines.append(f"{index}. {question.text}")
        lines += [
            f"   {chr(65 + i)}) {option}"
            for i, (option, _) in enumerate(question.options)
        ]
        why = question.options[question.answer][1]
        lines.append(f"   Answer: {chr(65 + question.answer)}. {why}")
    return "\n".join(lines)


def _rich(text):
    """Escape text for HTML; what stands between backticks becomes code."""
    pieces = html.escape(text, quote=False).split("`")
    return "".join(
        f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces)
    )
