"""The glossary's terms: where each is introduced, and the links between text and glossary."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "terms.toml"


@dataclass(frozen=True)
class Term:
    """One entry of the glossary.

    Args:
        name: the term, as the field calls it.
        meaning: one sentence.
        lesson: number of the lesson that introduces it.
        forms: what else it is called in the text, the plural for example.
        at: words that only mark its introduction.
        parts: digits of the parts in whose lessons its uses are linked.
    """

    name: str
    meaning: str
    lesson: str
    forms: tuple = ()
    at: tuple = ()
    parts: str = "0123456789"

    @property
    def slug(self):
        """The term in an address."""
        return "term-" + re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def pattern(self):
        """What finds the term in a text, in any of its forms."""
        return words_pattern((self.name, *self.forms))

    @property
    def introduction(self):
        """What finds the place that introduces the term."""
        return words_pattern((self.name, *self.forms, *self.at))


def words_pattern(words):
    """Return a pattern that finds any of these words, whatever the line breaks.

    Only the first letter may be a capital or not, and not where the word has others.
    """
    found = []
    for word in sorted(words, key=len, reverse=True):
        text = r"\s+".join(map(re.escape, word.split())).replace("'", "['’]")
        if word[0].isalpha() and word[1:].islower() and not word[0].isupper():
            text = f"[{word[0]}{word[0].upper()}]{text[1:]}"
        found.append(text)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(found)})(?![\w-])")


def read_terms(path=FILE):
    """Return the Terms of the file, in the order of the alphabet."""
    entries = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    found = [
        Term(
            name,
            entry["means"],
            entry["lesson"],
            tuple(entry.get("forms", ())),
            tuple(entry.get("at", ())),
            entry.get("parts", Term.parts),
        )  # fmt: skip
        for name, entry in entries.items()
    ]
    return sorted(found, key=lambda term: term.name.lower())


def prose(notebook):
    """Return the text in which terms are looked for: no code, formulas, headings, hints."""
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and not LEFT_OUT & set(
            cell.metadata.get("tags", [])
        ):
            parts.append(cell.source)
    text = "\n\n".join(parts)
    for pattern in (
        r"(?s)<details>.*?</details>", r"(?s)```.*?```", r"`[^`]*`", r"(?s)\$\$.*?\$\$",
        r"\$[^$\n]*\$", r"(?m)^#+ .*$", r"\]\([^)]*\)",
    ):  # fmt: skip
        text = re.sub(pattern, " ", text)
    return text


LEFT_OUT = {"header", "footer"}


def introduced_in(term, notebook):
    """Return "bold", "plain" or None: how a notebook's prose introduces a term."""
    text = prose(notebook)
    for bold in re.findall(r"\*\*([^*]+)\*\*", text):
        if term.introduction.search(bold):
            return "bold"
    return "plain" if term.introduction.search(text) else None


# ── in Sphinx's tree ────────────────────────────────────────────────────────────


def join_lines(doctree):
    """Join neighboring texts: the reader of Markdown makes one of each line's end."""
    from docutils import nodes

    for parent in list(doctree.findall(nodes.Element)):
        joined = []
        for child in parent.children:
            if (
                joined
                and isinstance(child, nodes.Text)
                and isinstance(joined[-1], nodes.Text)
            ):
                joined[-1] = nodes.Text(joined[-1].astext() + child.astext())
            else:
                joined.append(child)
        if len(joined) < len(parent.children):
            parent.children = []
            parent.extend(joined)


def texts(doctree):
    """Yield the pieces of text that may be linked, each with the elements around it."""
    from docutils import nodes

    closed = (
        nodes.literal, nodes.literal_block, nodes.reference, nodes.title, nodes.raw,
        nodes.math, nodes.math_block, nodes.comment,
    )  # fmt: skip
    for node in list(doctree.findall(nodes.Text)):
        around, parent = [], node.parent
        while parent is not None:
            around.append(parent)
            parent = parent.parent
        if not any(isinstance(x, closed) or "cell_output" in x.get("classes", ())
                   or "cell_input" in x.get("classes", ()) for x in around
                   if isinstance(x, nodes.Element)):  # fmt: skip
            yield node, around


def mark_introductions(doctree, number, known):
    """Give the place where a lesson introduces a term an address of its own."""
    from docutils import nodes

    candidates = list(texts(doctree))
    for term in known.values():
        if term.lesson != number:
            continue
        hits = [
            (not isinstance(node.parent, nodes.strong), order, around)
            for order, (node, around) in enumerate(candidates)
            if term.introduction.search(node.astext())
        ]
        around = min(hits, key=lambda hit: hit[:2])[2] if hits else ()
        titles = (
            title.parent
            for title in doctree.findall(nodes.title)
            if term.introduction.search(title.astext())
        )
        place = next(
            (x for x in around if isinstance(x, (nodes.paragraph, nodes.section))), None
        )
        place = place or next(titles, None) or doctree.next_node(nodes.section)
        if place is not None:
            place["ids"].append(term.slug)


def link_uses(doctree, number, known):
    """Link the first use of a term in each section to the glossary."""
    from docutils import nodes

    forms = {
        form.lower(): term
        for term in known.values()
        if number[0] in term.parts
        for form in (term.name, *term.forms)
    }
    pattern = words_pattern(
        form for term in known.values() if number[0] in term.parts
        for form in (term.name, *term.forms)
    )  # fmt: skip
    seen = set()
    for node, around in texts(doctree):
        section = next((x for x in around if isinstance(x, nodes.section)), doctree)
        text, pieces, end = node.astext(), [], 0
        for match in pattern.finditer(text):
            term = forms[" ".join(match[0].lower().replace("’", "'").split())]
            if (id(section), term.name) in seen:
                continue
            seen.add((id(section), term.name))
            pieces.append(nodes.Text(text[end : match.start()]))
            pieces.append(
                nodes.reference(
                    "", match[0], internal=True, refuri=f"glossary.html#{term.slug}",
                    classes=["course-term"],
                )
            )  # fmt: skip
            end = match.end()
        if pieces:
            pieces.append(nodes.Text(text[end:]))
            node.parent.replace(node, [piece for piece in pieces if piece.astext()])
