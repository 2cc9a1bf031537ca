"""One deck of slides per lesson, made from the executed notebook, for a projector.

Every ``## `` heading starts a column (arrow right); what belongs to it lies below (arrow
down): text in pieces that fit a screen, code, and each figure on a slide of its own. The
decks show with reveal.js and MathJax, which are fetched once, verified, and copied beside
them, so that a lecture needs no network.
"""

from __future__ import annotations

import base64
import html
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .. import datasets
from ..errors import CourseError
from .files import check_folder
from .notebooks import read_notebook

MARKER = ".dlcourse-slides"
ROOM = 17.5  # lines of text on one slide
PIXELS = 38  # of one such line

SCRIPTS = {
    "reveal.js": datasets.Remote(
        title="reveal.js 5.2.1",
        mirrors=(
            "https://cdn.jsdelivr.net/npm/reveal.js@5.2.1/dist/",
            "https://unpkg.com/reveal.js@5.2.1/dist/",
        ),
        files={
            "reveal.js": "46538b52db48724192f59bf46f5e851a18e302777c46f4a34c32709d010d6a29",
            "reveal.css": "68f915a11ebf7203c0446576b7e952ff61c5dd02134a8a226ffaf62ed42136d2",
        },
        megabytes=0.2,
        license="MIT",
        citation="Hakim El Hattab and contributors, revealjs.com",
    ),
    "mathjax": datasets.Remote(
        title="MathJax 3.2.2",
        mirrors=(
            "https://cdn.jsdelivr.net/npm/mathjax@3.2.2/es5/",
            "https://unpkg.com/mathjax@3.2.2/es5/",
        ),
        files={
            "tex-svg.js": "d4295dc33744836935c1399feece5159577b34c5c8ffb9f1c6324cd82e03a882"
        },
        megabytes=2.1,
        license="Apache-2.0",
        citation="The MathJax Consortium, mathjax.org",
    ),
}

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="shared/reveal.css">
<style>{style}</style>
<script>MathJax = {{tex: {{inlineMath: [['$', '$']], displayMath: [['$$', '$$']]}}}};</script>
<script src="shared/tex-svg.js" async></script>
</head><body><div class="reveal"><div class="slides">
{columns}
</div></div>
<script src="shared/reveal.js"></script>
<script>Reveal.initialize({{width: 1280, height: 720, margin: 0.02, center: false,
  hash: true, slideNumber: 'c/t', transition: 'none', mathjax3: false}});</script>
</body></html>
"""

STYLE = """
.reveal { font: 27px/1.4 system-ui, "DejaVu Sans", sans-serif; color: #1a1a1a; }
.reveal .slides { text-align: left; }
.reveal .slides section { height: 710px; overflow-y: auto; padding: 10px 30px;
  box-sizing: border-box; }
.reveal h1 { font-size: 60px; margin: 180px 0 10px; color: #0072B2; }
.reveal h2 { font-size: 40px; margin: 0 0 16px; color: #0072B2; }
.reveal h3 { font-size: 32px; margin: 0 0 12px; }
.reveal p, .reveal ul, .reveal ol, .reveal table { margin: 0 0 14px; }
.reveal pre { font: 20px/1.35 "DejaVu Sans Mono", Consolas, monospace; margin: 0 0 12px;
  padding: 10px 14px; background: #f4f4f4; overflow-x: auto; width: auto; box-shadow: none; }
.reveal .long pre { font-size: 18px; }
.reveal pre.out { background: #fff; border-left: 4px solid #56B4E9; white-space: pre-wrap; }
.reveal code { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: 0.88em; }
.reveal table { border-collapse: collapse; font-size: 22px; }
.reveal table.dataframe { font-size: 17px; }
.reveal th, .reveal td { border-bottom: 1px solid #bbb; padding: 4px 14px; text-align: left; }
.reveal img { max-width: 100%; max-height: 600px; margin: 0; display: block; }
.reveal a { color: #0072B2; }
mjx-container svg { max-width: 100%; }
.reveal .where { font-size: 18px; color: #767676; margin: 0 0 10px; }
.anchor-link { display: none; }
"""


def write_decks(lessons, folder):
    """Write one HTML deck per lesson, and what they share, into a folder made for them.

    Returns:
        The paths of the decks.
    """
    folder = Path(folder)
    check_folder(folder, MARKER)
    folder.mkdir(parents=True, exist_ok=True)  # before anything is fetched for it
    files = [
        datasets.fetch_file(name, remote, file)
        for name, remote in SCRIPTS.items()
        for file in remote.files
    ]
    (folder / "shared").mkdir(exist_ok=True)
    (folder / MARKER).touch()
    for file in files:
        shutil.copy(file, folder / "shared" / file.name)
    paths = []
    for lesson in lessons:
        path = folder / f"{lesson.notebook.stem}.html"
        path.write_text(deck(lesson), encoding="utf-8")
        paths.append(path)
    return paths


def no_outputs(name):
    return CourseError(
        f"{name} lacks outputs, which the slides show: run  python -m dlcourse notebooks"
        f" {name[:2]} --force  or run it whole in JupyterLab and save it."
    )


def deck(lesson):
    """Return the HTML page of one lesson's deck."""
    first = f"<h1>{lesson.number} · {html.escape(lesson.title)}</h1>"
    first += f"<p><em>{html.escape(lesson.subtitle)}</em></p>"
    cells = read_notebook(lesson.notebook).cells
    if not any(cell.get("outputs") for cell in cells):
        raise no_outputs(lesson.notebook.name)
    shown = [cell for cell in cells if is_shown(cell)]
    if any(_is_quiz(cell) and not _page(cell) for cell in shown):
        raise no_outputs(lesson.notebook.name)
    columns = pack([piece for cell in shown for piece in pieces(cell)])
    body = _section(_section(first))
    for column in columns:
        heading = column[0][0].heading
        where = f'<div class="where">{html.escape(heading)}</div>' if heading else ""
        slides = [
            where * (index > 0) + "".join(piece.html for piece in slide)
            for index, slide in enumerate(column)
        ]
        body += "\n" + _section("\n".join(map(_section, slides)))
    title = f"{lesson.number} · {html.escape(lesson.title)}"
    return PAGE.format(title=title, style=STYLE + _code_colors(), columns=body)


@dataclass(frozen=True)
class Piece:
    """What stays together on a slide: HTML, and about how many lines of text high it is.

    ``heading`` starts a column, ``alone`` a slide; after ``last`` comes a new slide.
    """

    html: str
    lines: float
    heading: str | None = None
    alone: bool = False
    last: bool = False


def pack(pieces):
    """Return the pieces as columns of slides, each slide a list of pieces that fits.

    A piece higher than a slide gets one of its own. What stands before the first heading
    is a column, too.
    """
    columns, room = [[[]]], ROOM
    for piece in pieces:
        if piece.heading:
            columns.append([[]])
            room = ROOM
        elif columns[-1][-1] and (piece.alone or piece.lines > room):
            columns[-1].append([])
            room = ROOM - 1  # the heading is repeated above it
        columns[-1][-1].append(piece)
        room = 0 if piece.last else room - piece.lines
    return [column for column in columns if column[0]]


def _section(content):
    return f"<section>{content}</section>"


def is_shown(cell):
    """Return False for cells that are for the machine, or would give a solution away."""
    tags = set(cell.metadata.get("tags", []))
    if tags & {"header", "bootstrap", "parameters", "solution", "no-slide"}:
        return False
    return "dlcourse.start(" not in cell.source and not cell.source.startswith("check(")


def pieces(cell):
    """Return the pieces of one cell: blocks of text, code, printed output, figures."""
    if cell.cell_type == "markdown":
        return [_text_piece(block) for block in blocks(cell.source)]
    if _is_quiz(cell):
        return [Piece(question, ROOM, alone=True) for question in _questions(cell)]
    if "hide-input" in cell.metadata.get("tags", []):
        return _outputs(cell)  # it only draws: the picture is what the room should see
    lines = 0.72 * len(cell.source.splitlines()) + 1
    to_do = "exercise" in cell.metadata.get("tags", [])
    return [Piece(_code(cell.source), lines, last=to_do), *_outputs(cell)]


def _text_piece(block):
    rows = block.count("\n|")
    lines = max(
        1 + len(block) // 88,
        len(re.findall(r"(?m)^(?:[-*]|\d+\.) ", block)) * 1.3,
        1.5 * rows,  # cells may take two lines
    )
    return Piece(
        _markdown(block),
        lines + 0.5 + 1.5 * block.count("$$"),
        heading=block.partition("\n")[0][3:] if block.startswith("## ") else None,
        alone=block.startswith("**Exercise"),
        last="**Predict" in block or "**Play" in block,  # ask first, then show
    )


def blocks(text):
    """Return Markdown in paragraphs; hints are left to the notebook."""
    text = re.sub(r"<details>.*?</details>\s*", "", text, flags=re.S)
    found = []
    for block in filter(None, map(str.strip, re.split(r"\n\s*\n", text))):
        is_list = len(block) > 700 and re.match(r"([-*]|\d+\.) ", block)
        found += re.split(r"\n(?=(?:[-*]|\d+\.) )", block) if is_list else [block]
    return found


def _markdown(text):
    from nbconvert.filters import markdown2html

    return markdown2html(text)


def _code(source):
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    size = "code long" if len(source.splitlines()) > 21 else "code"
    return highlight(source, PythonLexer(), HtmlFormatter(cssclass=size))


def _code_colors():
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(style="default").get_style_defs(".code")


def _outputs(cell):
    """Return the cell's printed text, tables and figures as pieces."""
    found = []
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            alt = output.metadata.get("image/png", {}).get("alt", "")
            source = data["image/png"].replace("\n", "")
            image = (
                f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{source}">'
            )
            found.append(Piece(image, min(_height(source), 600) / PIXELS + 0.5))
        elif "text/html" in data:
            rows = data["text/html"].count("<tr")
            found.append(Piece(data["text/html"], 1.3 * rows))
        else:
            text = output.get("text", data.get("text/plain", "")).strip()
            lines = 0.72 * len(text.splitlines()) + 0.5
            found.append(Piece(f'<pre class="out">{html.escape(text)}</pre>', lines))
    return found


def _height(source):
    """Return the height of a base64-encoded PNG, which stands in its first bytes."""
    return int.from_bytes(base64.b64decode(source[:40])[20:24], "big")


def _is_quiz(cell):
    return cell.cell_type == "code" and cell.source.startswith("quiz(")


def _page(cell):
    """Return the HTML that a quiz cell put out, or ""."""
    shown = (o.get("data", {}).get("text/html", "") for o in cell.outputs)
    return next(filter(None, shown), "")


def _questions(cell):
    """Return the quiz as one slide per question, answers folded."""
    page = _page(cell)
    return [part for part in re.split(r"(?=<p><b>\d+\. )", page) if part.strip()]
