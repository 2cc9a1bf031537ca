"""Quizzes: alive with a kernel, whole without one."""

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
    assert choice.value is None and reply.value == ""
    choice.value = "A"
    assert "Not quite" in reply.value and "it cannot be both" in reply.value
    choice.value = "B"
    assert "Right" in reply.value and "by definition" in reply.value


def test_a_quiz_is_whole_without_a_kernel():
    page = quizzes._quiz_html(QUESTIONS)
    assert "<code>a &lt; b</code>" in page and "yes &amp; no" in page
    assert (
        page.count("<details>") == 2 and page.count("✓") == 2 and page.count("✗") == 2
    )
    text = quizzes._quiz_text(QUESTIONS)
    assert "Answer: B. by definition" in text and "Answer: A. once is enough" in text


def test_a_question_needs_a_usable_answer():
    with pytest.raises(ValueError, match="without a usable answer"):
        Question("?", [("a", "because"), ("b", "because")], 2)
