"""Stored frames of interactive figures: ``notebooks/frames/NN_k.json``, one file a figure."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ...errors import CourseError
from ..files import write_whole

FOLDER = "frames"
LIMIT = 400_000  # bytes of a figure's file


@dataclass(frozen=True)
class Figure:
    """An interactive figure, drawn beforehand.

    Args:
        code: digest of the lesson's code cells that it was drawn with.
        controls: per control ``{"name", "kind", "values", "start"}``, the values as
            readers see them, the start as an index.
        one_by_one: whether a slider moves alone, with the others at their start.
        index: ``{"0,2": place in pictures}``, by the places of the controls' values. What
            could not be drawn is not there.
        pictures: WebP bytes.
    """

    code: str
    controls: list
    one_by_one: bool
    index: dict
    pictures: list


def code_digest(notebook):
    """Return a digest of a notebook's code cells; its set-up cell does not count."""
    digest = hashlib.sha256()
    for cell in notebook.cells:
        if cell.cell_type == "code" and "bootstrap" not in cell.metadata.get(
            "tags", []
        ):
            digest.update(cell.source.encode() + b"\0")
    return digest.hexdigest()[:16]


def frames_of(lesson):
    """Return ``{place: Figure}`` of a lesson's stored frames; places count from 1."""
    found = {}
    for path in sorted(
        (lesson.notebook.parent / FOLDER).glob(f"{lesson.number}_*.json")
    ):
        found[int(path.stem.partition("_")[2])] = read_figure(path)
    return found


def read_figure(path):
    """Return the Figure in a file.

    Raises:
        CourseError: if the file cannot be read.
    """
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        pictures = [base64.b64decode(text) for text in facts.pop("pictures")]
        return Figure(**facts, pictures=pictures)
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(
            f"{path.name} is not a file of frames ({error}): run  python -m dlcourse"
            f" frames {path.name[:2]}."
        ) from None


def texts_above(notebook):
    """Return ``{place: [texts]}`` to offer in text boxes.

    These are the sentences in italics in the text right above an interactive figure.
    """
    found, above = {}, ""
    place = 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            above = cell.source
        elif re.search(r"(?m)^explore\(", cell.source):
            place += 1
            sentences = re.findall(r"(?<!\*)\*([A-Z][^*]+?[.?!])\*(?!\*)", above)
            found[place] = [" ".join(text.split()) for text in sentences]
    return {place: texts for place, texts in found.items() if texts}


@contextlib.contextmanager
def drawing(notebook):
    """Yield a folder and the line with which a kernel draws frames into it."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = f"{folder!r}, {code_digest(notebook)!r}, {texts_above(notebook)!r}"
        yield (
            Path(folder),
            "__import__('dlcourse.tools.site.drawing', fromlist=['install'])"
            f".install({arguments})",
        )


def keep(folder, notebooks, number):
    """Let a lesson's freshly drawn frames take the place of its earlier ones.

    Args:
        folder: where they were drawn.
        notebooks: the folder of the notebooks.
        number: the lesson's.

    Returns:
        The paths of the figures' files.
    """
    target = notebooks / FOLDER
    new = {f"{number}_{path.stem}.json": path for path in folder.glob("*.json")}
    for path in target.glob(f"{number}_*.json"):
        if path.name not in new:
            path.unlink()
    if new:
        target.mkdir(exist_ok=True)
    for name, path in new.items():
        write_whole(target / name, path.read_bytes())
    return [target / name for name in sorted(new)]


def figure_text(figure):
    """Return the content of a figure's file."""
    facts = {
        "code": figure.code,
        "controls": figure.controls,
        "one_by_one": figure.one_by_one,
        "index": figure.index,
        "pictures": [base64.b64encode(data).decode() for data in figure.pictures],
    }
    lines = [
        f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in facts.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"
