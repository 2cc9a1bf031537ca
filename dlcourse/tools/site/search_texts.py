"""The texts from which the search cuts its excerpts: a script that only its page loads.

Sphinx would fetch each page that it found, which a browser refuses for files on a disk.
"""

from __future__ import annotations

import html
import json
import re

FILE = "searchtexts.js"
# outputs, imports and drawing code, and solutions (which lesson_pages tags so)
SKIPPED = {"cell_output", "tag_hide-input", "tag_hide-cell"}
AWAY = re.compile(
    r"(?s)<details.*?</details>|<(script|style)\b.*?</\1>|<ul class=\"course-launch.*?</ul>"
)
SIGNS = {
    "cdot": "·", "pm": "±", "times": "×", "le": "≤", "ge": "≥", "approx": "≈", "sum": "Σ",
    "to": "→", "infty": "∞", "lvert": "|", "rvert": "|", "partial": "∂",
    "hat": "\u0302", "tilde": "\u0303", "bar": "\u0304",  # above the letter before
}  # fmt: skip


def sections_of(doctree):
    """Return a page's texts: ``[[anchor, heading, text], ...]``, a section's own each.

    Args:
        doctree: docutils' tree of the page.
    """
    from docutils import nodes

    found = []
    for section in doctree.findall(nodes.section):
        parts, heading = [], ""
        for child in section.children:
            if isinstance(child, nodes.title):
                heading = plain(child)
            elif not isinstance(child, nodes.section):
                parts.append(plain(child))
        text = " ".join(" ".join(parts).split())
        found.append([section["ids"][0] if section["ids"] else "", heading, text])
    return found


def plain(node):
    """Return what a reader sees of a node, answers left out."""
    from docutils import nodes

    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.raw):
        return of_html(node.astext()) if "html" in node.get("format", "") else ""
    if isinstance(node, (nodes.comment, nodes.math_block)):
        return ""
    if isinstance(node, nodes.math):
        return of_formula(node.astext())
    if SKIPPED & set(node.get("classes", ())):
        quiz = [
            x.astext() for x in node.findall(nodes.raw) if "course-quiz" in x.astext()
        ]
        return " ".join(map(of_html, quiz[:1]))
    apart = "" if isinstance(node, (nodes.TextElement, nodes.Inline)) else " "
    return apart.join(map(plain, node.children)) + apart


def of_html(text):
    """Return the text of HTML, without what is folded away."""
    text = AWAY.sub(" ", text)
    text = re.sub(r"</?(?:code|em|strong|b|i|span|a|dfn|sub|sup)\b[^>]*>", "", text)
    return html.unescape(re.sub(r"<[^>]*>", " ", text))


def of_formula(latex):
    """Return a formula in a line of text, roughly: its letters, numbers and signs."""
    latex = re.sub(r"\\(?:left|right|text\w*|math\w+|operatorname|[,;:! ])", "", latex)
    latex = re.sub(r"\\[dt]?frac *(\w|{[^{}]*}) *(\w|{[^{}]*})", r"\1/\2", latex)
    latex = re.sub(r"\\(hat|tilde|bar) *{?(\w)}?", lambda x: x[2] + SIGNS[x[1]], latex)
    latex = re.sub(
        r"\\([A-Za-z]+)( *)(?=(\w?))",
        lambda x: SIGNS[x[1]] + x[2] if x[1] in SIGNS else x[1] + " " * bool(x[3]),
        latex,
    )
    return re.sub(r"[{}]", "", latex)


def script_of(texts):
    """Return the script.

    Args:
        texts: ``{page's name: its sections}``.
    """
    data = json.dumps(texts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"courseSearchTexts({data});\n"
