"""The pages beside the lessons, as Markdown: front page, progress, glossary, results."""

from __future__ import annotations

import html
import json
import re

from ..stamps import PARTS

START = "Start here"
PICTURE = (
    '<img class="course-picture" src="pictures/lesson.webp" alt="Lesson 00 in JupyterLab:'
    " a slider walks through handwritten digits, and bars show the ten probabilities that"
    ' a network gives to each">'
)
NO_SCRIPT = (
    "<noscript><p>This page needs JavaScript; everything else on this site can be read"
    " without.</p></noscript>"
)


def last_figure(page):
    """Return the HTML of a lesson page's last interactive figure, or an empty string.

    Args:
        page: the notebook of the page, as text.
    """
    found = ""
    for cell in json.loads(page)["cells"]:
        for output in cell.get("outputs", ()):
            text = "".join(output.get("data", {}).get("text/html", ""))
            if text.startswith('<div class="course-explore"'):
                found = text
    return found


def front_page(lessons, links, repository, shown):
    """Return the front page.

    Args:
        lessons: the LessonFiles with a page.
        links: ``{number: {words: address}}``, where each lesson can be run.
        repository: ``owner/name``.
        shown: HTML of a picture or figure.
    """
    first = lessons[0]
    name = repository.rpartition("/")[2]
    return (
        "# Deep learning, hands on\n\n"
        "Each lesson of this course asks you to predict, shows you in a few lines of Keras"
        " what happens, and lets you try. Everything runs offline on a laptop without a"
        " GPU, and every number that a lesson claims is tested.\n\n"
        f'<p class="course-start"><a href="{page_name(first)}.html">{START}: lesson'
        f" {first.number}</a></p>\n\n"
        f"{shown}\n\n"
        "## For whom\n\n"
        "- **You learn alone.** You know some Python and school mathematics."
        f" [Lesson {first.number}]({page_name(first)}) comes first.\n"
        "- **You have a browser and two minutes.** Read here: figures move, quizzes"
        " answer. Or open a lesson in Colab and run it.\n"
        "- **You teach.** Every cell and every exercise is tested;"
        f" [INSTRUCTORS.md](https://github.com/{repository}/blob/main/INSTRUCTORS.md) has"
        " plans in minutes.\n\n"
        "## Run it on your machine\n\n"
        "With Python 3.11, 3.12 or 3.13 and make, two commands do everything:\n\n"
        f"```sh\ngit clone https://github.com/{repository}.git && cd {name}\n"
        "make lab       # open the course in JupyterLab (the first time installs it)\n"
        "make test      # run every check and every notebook\n```\n\n"
        "Without make:"
        f" [the README](https://github.com/{repository}#readme) has the lines.\n\n"
        "## The lessons\n\n"
        "*Your time* counts the core path, then what goes further. *Runs in* is measured"
        " on two CPU cores. [Where am I?](where_am_i) shows what you have done.\n\n"
        f"{syllabus(lessons, links)}\n\n"
        f"{contents(lessons)}"
    )


def page_name(lesson):
    """Return the name of a lesson's page, without its ending."""
    return lesson.notebook.stem


def syllabus(lessons, links):
    """Return the table of lessons."""
    lines = ["| | lesson | your time | runs in | open |", "|---|---|---|---|---|"]
    part = None
    for lesson in lessons:
        if lesson.number[0] != part:
            part = lesson.number[0]
            lines.append(f"| **{part}** | **{PARTS.get(part, 'More')}** | | | |")
        more = f" + {lesson.further}" if lesson.further else ""
        where = " · ".join(
            f'<a href="{html.escape(address)}" aria-label="{words}: lesson'
            f' {lesson.number}">{words.split()[-1]}</a>'
            for words, address in links[lesson.number].items()
        )
        lines.append(
            f"| {lesson.number} | [{lesson.title}]({page_name(lesson)}): {lesson.subtitle}"
            f" | {lesson.minutes}{more} min | {lesson.seconds} s | {where} |"
        )
    return "\n".join(lines)


def contents(lessons):
    """Return the hidden tables of contents, from which the side bar is made."""
    trees = {}
    for lesson in lessons:
        caption = f"{lesson.number[0]} · {PARTS.get(lesson.number[0], 'More')}"
        trees.setdefault(caption, []).append(page_name(lesson))
    trees["About"] = ["where_am_i", "glossary", "concepts", "results"]
    return "\n\n".join(
        "```{toctree}\n:hidden:\n:maxdepth: 1\n"
        f":caption: {caption}\n\n" + "\n".join(pages) + "\n```"
        for caption, pages in trees.items()
    )


def progress_page(lessons, questions):
    """Return the page that shows what is done.

    Args:
        questions: ``{number: how many quiz questions}``.
    """
    rows = "".join(
        f'<tr data-lesson="{x.number}" data-questions="{questions[x.number]}">'
        f'<th scope="row"><a href="{page_name(x)}.html">{x.number} · {html.escape(x.title)}'
        f'</a></th><td class="course-visited">not yet</td>'
        f'<td class="course-right">0 of {questions[x.number]}</td></tr>'
        for x in lessons
    )
    return (
        "# Where am I?\n\n"
        "What you have opened and answered on this site. It is kept in this browser and"
        " goes nowhere else. Exercises in notebooks are counted by"
        " `python -m dlcourse progress`.\n\n"
        f"{NO_SCRIPT}\n\n"
        '<p id="course-summary" role="status"></p>\n\n'
        '<table class="course-progress"><thead><tr><th scope="col">lesson</th>'
        '<th scope="col">opened</th><th scope="col">quiz, right</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>\n\n"
        '<p><button type="button" id="course-reset" hidden>Forget all of it</button></p>\n'
    )


def glossary_page(terms, lessons):
    """Return the glossary: each term once, with a link to the place that introduces it."""
    pages = {lesson.number: lesson for lesson in lessons}
    lines = [
        "# Glossary",
        "",
        "Each term, and the place where a lesson introduces it.",
        "",
    ]
    letter = None
    for term in terms:
        if term.name[0].upper() != letter:
            letter = term.name[0].upper()
            lines += [f"## {letter}", ""]
        lesson = pages.get(term.lesson)
        where = f"lesson {term.lesson}"
        if lesson:
            where = f'<a href="{page_name(lesson)}.html#{term.slug}">{where}</a>'
        name = html.escape(term.name)
        lines += [
            f'<p id="{term.slug}" class="course-entry"><dfn>{name}</dfn>:'
            f" {rich(term.meaning)} ({where})</p>",
            "",
        ]
    return "\n".join(lines)


def rich(text):
    """Escape text for HTML; what stands between backticks becomes code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text, quote=False))


def concepts_page(terms, lessons, uses):
    """Return the index from concept to lessons.

    Args:
        uses: ``{term's name: numbers of the lessons that use it}``.
    """
    pages = {lesson.number: lesson for lesson in lessons}
    lines = ["# From concept to lesson", "",
             "The lesson that introduces a concept comes first, in bold.", "",
             "| concept | lessons |", "|---|---|"]  # fmt: skip
    for term in terms:
        others = [n for n in uses.get(term.name, ()) if n != term.lesson and n in pages]
        links = [f"[{n}]({page_name(pages[n])})" for n in others]
        if term.lesson in pages:
            first = f"{page_name(pages[term.lesson])}.html#{term.slug}"
            links.insert(0, f'<strong><a href="{first}">{term.lesson}</a></strong>')
        if links:
            entry = f'<a href="glossary.html#{term.slug}">{html.escape(term.name)}</a>'
            lines.append(f"| {entry} | {', '.join(links)} |")
    return "\n".join(lines) + "\n"


def results_page(text, repository):
    """Return RESULTS.md as a page: links to files of the repository lead there."""
    there = f"https://github.com/{repository}/blob/main/"
    return re.sub(r"\]\((?!https?:|#)([^)]+)\)", rf"]({there}\1)", text)
