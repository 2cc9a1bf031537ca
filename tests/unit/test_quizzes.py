"""Quizzes: alive with a kernel, whole without one."""

import re

import pytest

from dlcourse import quizzes
from dlcourse.quizzes import Question

QUESTIONS = [
    Question(
        "Is `a < b`?", [("yes & no", "it cannot be both"), ("yes", "by definition")], 1
    ),
    Question("Again?", [("no", "once is enough"), ("yes", "it is not")], 0),
]


def test_a_quiz_answers_wrong_and_right():
    question = quizzes._quiz_box("90", QUESTIONS).children[0]
    text, choice, reply = question.children
    assert choice.value is None and reply.value == "" and "1. Is" in text.value
    choice.value = "A"
    assert "Not quite" in reply.value and "it cannot be both" in reply.value
    choice.value = "B"
    assert "Right" in reply.value and "by definition" in reply.value
    second = quizzes._quiz_box("90", QUESTIONS).children[1]
    assert "2. Again?" in second.children[0].value


def test_a_quiz_is_whole_without_a_kernel():
    page = quizzes._quiz_html(QUESTIONS)
    assert "<code>a &lt; b</code>" in page and "yes &amp; no" in page
    assert (
        page.count("<details>") == 2 and page.count("✓") == 2 and page.count("✗") == 2
    )
    text = quizzes._quiz_text(QUESTIONS)
    assert "1. Is `a < b`?\n   A) yes & no\n   B) yes\n" in text
    assert "Answer: B. by definition" in text and "Answer: A. once is enough" in text


def test_a_question_needs_a_usable_answer():
    with pytest.raises(ValueError, match="without a usable answer"):
        Question("?", [("a", "because"), ("b", "because")], 2)


def test_each_button_says_its_option_and_the_reply_is_announced():
    _, choice, reply = quizzes._quiz_box("90", QUESTIONS).children[0].children
    assert [label.split() for label, _ in choice.options] == [
        ["A", "yes", "&", "no"], ["B", "yes"],
    ]  # fmt: skip
    assert choice.tooltips == ("yes & no", "yes")
    for letter in "AB":
        choice.value = letter
        assert "role='alert'" in reply.value
        back = re.search(r"color:white;background:#(\w{6})", reply.value)[1]
        assert 1.05 / (luminance(back) + 0.05) >= 4.5


def luminance(color):
    """Return the relative luminance of rrggbb, as WCAG 2 defines it."""
    shares = [int(color[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = [
        x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
