"""A lesson's stored notebook as the source of its page.

Sphinx gets a notebook without set-up cells, whose pictures are files, whose figures and
quiz answer without a kernel, and whose code is folded where it only draws.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import html
import io
import json
import re

from ...figures import drop_widget_views
from ..notebooks import LESSON_LINK
from ..stamps import badges
from .quiz_pages import quiz_html

LEFT_OUT = {"bootstrap", "parameters", "footer"}  # tags of cells that the page lacks
KERNEL_LINE = re.compile(r"Lesson \d\d · .*\n?")  # what dlcourse.start() prints
INTERACTIVE = "[interactive figure]"
PROMPTS = {  # what the fold says, by the cell's tag
    "imports": "the imports",
    "hide-input": "the drawing code",
    "solution": "the solution",
}


def page_of(lesson, notebook, links, present, figures, questions):
    """Return the notebook that Sphinx makes a page of, and its pictures.

    Args:
        lesson: the LessonFile.
        notebook: the stored notebook; it stays as it is.
        links: ``{"Open in Colab": address, ...}``.
        present: ``{file name of a notebook: page}`` of the lessons that have a page; a
            link to another becomes plain words.
        figures: the Figures drawn beforehand, by their place among the interactive ones,
            from 1.
        questions: the quiz, a list of ``Question``.

    Returns:
        the notebook, and ``{file name: bytes}``.
    """
    page = copy.deepcopy(notebook)
    drop_widget_views(page)
    pictures, cells, place = {}, [], 0
    for cell in page.cells:
        tags = set(cell.metadata.get("tags", []))
        if tags & LEFT_OUT:
            continue
        if "header" in tags:
            cell.source = header_text(lesson, links, present)
        if cell.cell_type == "markdown":
            cell.source = page_text(cell.source, present)
        else:
            fold(cell, tags)
            outputs = []
            for output in cell.outputs:
                text = "".join(output.get("data", {}).get("text/plain", ""))
                if text.startswith(INTERACTIVE):
                    place += 1
                    figure = figures.get(place)
                    shown = figure_output(
                        output, figure, lesson.number, place, pictures
                    )
                elif cell.source.lstrip().startswith("quiz(") and "data" in output:
                    shown = html_output(quiz_html(lesson.number, questions))
                else:
                    shown = plain_output(output, pictures)
                outputs += [shown] if shown else []
            cell.outputs = outputs
        cells.append(cell)
    page.cells = cells
    return page, pictures


def header_text(lesson, links, present):
    """Return the Markdown of a page's first lines: title, how to run it, what it takes."""
    before = [
        f"[lesson {number}]({present[number]})"
        if number in present
        else f"lesson {number}"
        for number in lesson.needs
    ]
    before = ", ".join(before) or "a little Python and NumPy"
    more = f", and {lesson.further} for *Going further*" if lesson.further else ""
    return (
        f"# {lesson.number} · {lesson.title}\n\n"
        f"*{lesson.subtitle}*\n\n"
        f"{buttons_html(links, lesson)}\n\n"
        f"**Your time:** {lesson.minutes} minutes{more} · "
        f"**The notebook runs in:** about {lesson.seconds} s on two CPU cores · "
        f"**Before this:** {before}\n\n"
        "To read, stay here: figures move and the quiz answers. To change the code and do"
        " the exercises, run the notebook: with a button above, or in a copy of the course"
        " with `make lab`.\n"
    )


def buttons_html(links, lesson):
    """Return the launch buttons as HTML: words, no picture from elsewhere."""
    items = "".join(
        f'<li><a href="{html.escape(address)}">{html.escape(words)}</a></li>'
        for words, address in links.items()
    )
    name = lesson.notebook.name
    items += f'<li><a href="notebooks/{name}" download>Download the notebook</a></li>'
    return f'<ul class="course-launch" aria-label="Run this lesson">{items}</ul>'


def launch_links(lesson, name, branch):
    """Return ``{words: address}`` of the places that run a lesson's notebook."""
    found = re.findall(
        r"\[!\[([^\]]*)\]\([^)]*\)\]\(([^)]*)\)", badges(lesson, name, branch)
    )
    return dict(found)


def page_text(text, present):
    """Return a Markdown cell in which links to lessons lead to pages, or are words."""
    text = text.replace("](README.md)", "](index.md)")
    return LESSON_LINK.sub(
        lambda link: (
            f"[{link[1]}]({present[link[2]]})" if link[2] in present else link[1]
        ),
        text,
    )


def fold(cell, tags):
    """Tag a code cell for MyST-NB: what to fold, and the words on the fold."""
    kind = next((tag for tag in ("solution", "hide-input") if tag in tags), None)
    if "dlcourse.start(" in cell.source:
        kind = "imports"
    cell.metadata.pop("jupyter", None)
    cell.metadata["tags"] = []
    if kind == "solution":
        cell.metadata["tags"] = ["hide-cell"]
    elif kind:
        cell.metadata["tags"] = ["hide-input"]
    if kind:
        words = PROMPTS[kind]
        cell.metadata["mystnb"] = {
            "code_prompt_show": f"Show {words}", "code_prompt_hide": f"Hide {words}",
        }  # fmt: skip
    source = re.sub(r"\A# @title .*\n", "", cell.source)
    cell.source = re.sub(
        r"(?m) *# fmt: (?:skip|off|on)$", "", source
    )  # for the formatter


def plain_output(output, pictures):
    """Return one output for the page; None for the line that names kernel and seed."""
    if output.output_type == "stream":
        text = KERNEL_LINE.sub("", "".join(output.text), count=1)
        if not text.strip():
            return None
        output.text = text
        return output
    data = output.get("data", {})
    if "image/png" in data:
        alt = output.metadata.get("image/png", {}).get("alt", "")
        return html_output(picture_html(data["image/png"], alt, pictures))
    if "text/html" in data:
        return html_output(tidy_html("".join(data["text/html"])))
    return output


def html_output(text):
    """Return an output that displays this HTML."""
    import nbformat

    return nbformat.v4.new_output("display_data", data={"text/html": text})


def tidy_html(text):
    """Return a table whose empty corner is no heading, and in the page's own colors.

    pandas brings a style along, and Keras's summary of a model colors that are too pale.
    """
    text = re.sub(r"(?s)<style scoped>.*?</style>", "", text)
    text = re.sub(
        r'<span style="color: #\w+; text-decoration-color: #\w+', '<span style="', text
    )
    return re.sub(r"<th([^>]*)>\s*</th>", r"<td\1></td>", text)


def picture_html(png, alt, pictures):
    """Return an ``img`` of a picture that becomes a WebP file, and note the file.

    Args:
        png: base64, as a notebook holds it.
        alt: the picture in words.
        pictures: ``{file name: PNG bytes}``, to which the picture is added.
    """
    content = base64.b64decode("".join(png))
    name = f"{hashlib.sha256(content).hexdigest()[:16]}.webp"
    pictures[name] = content
    width, height = (int.from_bytes(content[i : i + 4], "big") for i in (16, 20))
    return (
        f'<img class="course-picture" src="pictures/{name}" alt="{html.escape(alt)}"'
        f' width="{width}" height="{height}" loading="lazy"'
        f' style="aspect-ratio: {width} / {height}">'
    )


def as_webp(png):
    """Return a PNG's picture as lossless WebP, about a third smaller."""
    from PIL import Image

    target = io.BytesIO()
    Image.open(io.BytesIO(png)).save(
        target, "WEBP", lossless=True, quality=50, method=2
    )
    return target.getvalue()


def figure_output(output, figure, number, place, pictures):
    """Return an interactive figure: its static picture, and what the script needs.

    Args:
        figure: the Figure drawn beforehand, or None: then the picture stays alone.
    """
    alt = output.metadata.get("image/png", {}).get("alt", "")
    picture = picture_html(output.data["image/png"], alt, pictures)
    if figure is None:
        return html_output(
            f"{picture}<p class='course-note'>In the notebook this figure moves.</p>"
        )
    plan = {
        "folder": f"frames/{number}_{place}",
        "controls": figure.controls,
        "index": figure.index,
        "one_by_one": figure.one_by_one,
    }
    data = html.escape(json.dumps(plan, ensure_ascii=False, separators=(",", ":")))
    return html_output(
        f'<div class="course-explore" role="group" aria-label="Interactive figure"'
        f' data-plan="{data}">{picture}</div>'
    )
