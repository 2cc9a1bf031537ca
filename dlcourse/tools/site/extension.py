"""What Sphinx gets from the course: formulas as MathML, linked terms, pages without faults.

Sphinx calls ``setup``; ``build`` names this module among the extensions.
"""

from __future__ import annotations

import re
from pathlib import Path

from . import maths, search_texts, terms


def setup(app):
    """Register everything with Sphinx."""
    app.add_config_value(
        "course_code", "", "env"
    )  # another value: read every page anew
    app.add_config_value("course_terms", {}, "env")
    app.add_html_math_renderer(
        "mathml", (maths.visit_inline, None), (maths.visit_display, None)
    )
    app.connect("doctree-read", link_terms)
    app.connect("html-page-context", mend_page)
    app.connect("doctree-read", keep_texts, priority=400)  # before terms are linked
    app.connect("env-purge-doc", forget_texts)
    app.connect("env-merge-info", merge_texts)
    app.connect("build-finished", write_texts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def link_terms(app, doctree):
    """Mark where a lesson introduces its terms, and link the others to the glossary."""
    known = app.config.course_terms
    number = app.env.docname[:2]
    if known and number.isdigit():
        terms.join_lines(doctree)
        terms.mark_introductions(doctree, number, known)
        terms.link_uses(doctree, number, known)


def mend_page(app, pagename, templatename, context, doctree):
    """Mend the page's HTML: wide things scroll by keyboard, too, and no heading is empty."""
    if "body" in context:
        context["body"] = mended(context["body"])
    if pagename == "search":
        app.add_js_file("search.js", loading_method="defer")


def keep_texts(app, doctree):
    """Note a page's texts for the excerpts of the search."""
    known = texts_of(app.env)
    known[app.env.docname] = search_texts.sections_of(doctree)


def texts_of(env):
    """Return ``{page's name: its sections}``, which Sphinx keeps from build to build."""
    if not hasattr(env, "course_texts"):
        env.course_texts = {}
    return env.course_texts


def forget_texts(app, env, docname):
    """Forget the texts of a page that is read anew, or is there no more."""
    texts_of(env).pop(docname, None)


def merge_texts(app, env, docnames, other):
    """Take over what another process has read."""
    read = texts_of(other)
    texts_of(env).update((name, read[name]) for name in docnames if name in read)


def write_texts(app, error):
    """Write the script with all texts beside the pages."""
    if error is None:
        text = search_texts.script_of(texts_of(app.env))
        Path(app.outdir, search_texts.FILE).write_text(text, encoding="utf-8")


def said(cell):
    """Return a table's heading; one that is a formula alone also in words.

    A formula is no text to axe-core, nor to every screen reader in the head of a table.
    """
    words = re.sub(r"(?s)<math.*?</math>|<[^>]*>", "", cell)
    if words.strip() or "<math" not in cell:
        return cell
    plain = re.sub(r"(?s)<annotation.*?</annotation>|<[^>]*>", "", cell)
    cell = cell.replace("<math ", '<math aria-hidden="true" ')
    end = cell.index(">") + 1
    return f'{cell[:end]}<span class="course-said">{plain}</span>{cell[end:]}'


def mended(body):
    """Return HTML in which tables and code can be scrolled without a mouse."""
    body = re.sub(r"<pre>", '<pre tabindex="0">', body)
    body = re.sub(r"<th([^>]*)>\s*(?:<p>\s*</p>)?\s*</th>", r"<td\1></td>", body)
    body = re.sub(r"(?s)<th\b[^>]*>.*?</th>", lambda cell: said(cell[0]), body)
    body = re.sub(
        r"(?s)(<table\b.*?</table>)",
        r'<div class="course-wide" tabindex="0">\1</div>',
        body,
    )
    return body
