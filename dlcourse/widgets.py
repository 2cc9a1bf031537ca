"""Interactive figures and quizzes, each with a static form that needs no kernel.

Both display one MIME bundle: a live widget for JupyterLab and Colab, and beside it a
picture or text that GitHub, nbconvert and print show. Only calls that ipywidgets 7.7
and 8 share are used.
"""

from __future__ import annotations

import html
import importlib
import inspect
import io
from dataclasses import dataclass

from .checks import _record

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


# ── interactive figures ─────────────────────────────────────────────────────────


def explore(figure_function, *, alt, **sliders):
    """Show a figure with a slider for each of its parameters.

    Args:
        figure_function: draws one matplotlib figure; every parameter that has a slider
            needs a default, with which the first (and the static) frame is drawn.
        alt: the figure in words, for those who cannot see it.
        **sliders: per parameter, ``(low, high)`` or ``(low, high, step)`` for a slider, or
            a list of options for a menu, or a string, the hint in a text box that
            redraws when Enter is pressed. The function gets the text on one line of at most
            1,000 printable characters, whatever was typed.
    """
    first = _draw(figure_function, _defaults(figure_function, sliders))
    bundle = {"image/png": first, "text/plain": f"[interactive figure] {alt}"}
    box = _explorer(figure_function, sliders, first)
    _display(bundle, box, metadata={"image/png": {"alt": alt}})


def _explorer(figure_function, sliders, first):
    """Return the box of controls over the picture they redraw."""
    import ipywidgets as w

    picture = w.Image(value=first, format="png", layout={"max_width": "100%"})
    defaults = _defaults(figure_function, sliders)
    controls = {
        name: _control(name, spec, defaults[name]) for name, spec in sliders.items()
    }

    def redraw(_change):
        values = {name: control.value for name, control in controls.items()}
        for name, spec in sliders.items():
            if isinstance(spec, str):
                text = values[name][:1000]
                values[name] = "".join(c if c.isprintable() else " " for c in text)
        picture.value = _draw(figure_function, values)

    for control in controls.values():
        control.observe(redraw, names="value")
    return w.VBox([*controls.values(), picture], layout={"align_items": "flex-start"})


def _control(name, spec, value):
    """Return the slider, menu or box for one parameter."""
    import ipywidgets as w

    look = {
        "description": name.replace("_", " "),
        "style": {"description_width": "130px"},
        "layout": {"width": "440px", "max_width": "100%"},
    }
    if isinstance(spec, list):
        return w.Dropdown(options=spec, value=value, **look)
    if isinstance(spec, str):
        return w.Text(value, placeholder=spec, continuous_update=False, **look)
    low, high, *step = spec
    if all(isinstance(number, int) for number in (*spec, value)):
        return w.IntSlider(value, low, high, *step, **look)
    step = step[0] if step else (high - low) / 50
    return w.FloatSlider(value=value, min=low, max=high, step=step, **look)


def _defaults(figure_function, sliders):
    parameters = inspect.signature(figure_function).parameters
    missing = [
        name
        for name in sliders
        if name not in parameters or parameters[name].default is inspect.Parameter.empty
    ]
    if missing:
        raise ValueError(
            f"explore() needs a default value for the parameter {missing[0]!r} of"
            f" {figure_function.__name__}: the first frame is drawn with it."
        )
    return {name: parameters[name].default for name in sliders}


def _draw(figure_function, values):
    """Return the figure that the function draws, as PNG bytes."""
    import matplotlib.pyplot as plt

    try:
        return figure_png(figure_function(**values) or plt.gcf())
    finally:
        plt.close("all")  # after an error, too: the next frame starts clean


def figure_png(figure):
    """Return a matplotlib figure as PNG bytes, the same bytes for the same figure."""
    buffer = io.BytesIO()
    figure.savefig(
        buffer, format="png", dpi=100, bbox_inches="tight", metadata={"Software": None}
    )
    return buffer.getvalue()


# ── quizzes ─────────────────────────────────────────────────────────────────────


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
    _display(bundle, _quiz_box(lesson, questions))


def _quiz_box(lesson, questions):
    import ipywidgets as w

    return w.VBox(
        [_question_box(f"{lesson}.q{i}", i, q) for i, q in enumerate(questions, 1)]
    )


def _question_box(number, index, question):
    """Return one question: its text, its options, a button and room for the reply."""
    import ipywidgets as w

    # Radio buttons cut long options off, so the options are written out, lettered,
    # and the buttons carry only the letters.
    letters = [chr(ord("A") + i) for i in range(len(question.options))]
    listing = "".join(
        f"<div style='margin:2px 0 2px 1em'><b>{letter}</b>&ensp;{_rich(option)}</div>"
        for letter, (option, _) in zip(letters, question.options, strict=True)
    )
    text = w.HTML(
        f"<div style='line-height:1.5'><b>{index}. {_rich(question.text)}</b>{listing}</div>"
    )
    choice = w.ToggleButtons(
        options=letters, value=None, style={"button_width": "48px"}
    )
    reply = w.HTML()

    def answer(change):
        if change["new"] is None:
            return
        picked = letters.index(change["new"])
        right = picked == question.answer
        mark = "✓ Right." if right else "✗ Not quite."
        color = "#006d4e" if right else "#a33b00"
        reply.value = (
            f"<div style='line-height:1.5'><b style='color:{color}'>{mark}</b>"
            f" {_rich(question.options[picked][1])}</div>"
        )
        _record(kind="quiz", number=number, state="right" if right else "wrong")

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


# ── display ─────────────────────────────────────────────────────────────────────


def _display(bundle, box, metadata=None):
    """Display a static MIME bundle, and the live widget where a frontend can show it."""
    from IPython.display import display

    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    display({WIDGET_VIEW: view, **bundle}, raw=True, metadata=metadata or {})
