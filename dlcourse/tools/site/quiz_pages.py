"""A lesson's quiz as HTML that reads without a script and answers with one."""

from __future__ import annotations

import html


def quiz_html(number, questions):
    """Return a quiz as HTML.

    Each question is a fieldset of radio buttons; below it, in a ``details`` element, stand
    the reasons. With JavaScript these are hidden, and the reason of the option chosen is
    said instead.

    Args:
        number: the lesson's.
        questions: a list of ``Question``.
    """
    parts = []
    for place, question in enumerate(questions, 1):
        name = f"{number}.q{place}"
        options = "".join(
            f'<label><input type="radio" name="{name}" value="{index}">'
            f"<span>{rich(option)}</span></label>"
            for index, (option, _) in enumerate(question.options)
        )
        reasons = "".join(
            f'<li data-right="{int(index == question.answer)}">'
            f"{'✓' if index == question.answer else '✗'} <span>{rich(why)}</span></li>"
            for index, (_, why) in enumerate(question.options)
        )
        parts.append(
            f'<fieldset class="course-question" data-question="{name}">'
            f"<legend>{place}. {rich(question.text)}</legend>{options}"
            '<p class="course-reply" aria-live="polite"></p>'
            "<details><summary>Answer, with reasons</summary>"
            f'<ol type="A">{reasons}</ol></details></fieldset>'
        )
    return f'<div class="course-quiz">{"".join(parts)}</div>'


def rich(text):
    """Escape text for HTML; what stands between backticks becomes code."""
    pieces = html.escape(text, quote=False).split("`")
    return "".join(
        f"<code>{piece}</code>" if index % 2 else piece
        for index, piece in enumerate(pieces)
    )
