"""Stored frames of interactive figures: ``notebooks/frames/NN_k.json``, one file a figure."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from ...errors import CourseError

FOLDER = "frames"
LIMIT = 400_000  # bytes of a figure's file


@dataclass(frozen=True)
class Figure:
    """An interactive figure, drawn beforehand.

    Args:
        code: digest of the lesson's code cells that it was drawn with.
        controls: per control ``{"name", "values", "start"}``, the start as an index.
        one_by_one: whether a control moves alone, with the others at their start.
        index: which picture belongs to which values. With ``one_by_one`` a list per
            control; else one list, the last control's values following one another.
            None where the figure could not be drawn.
        pictures: WebP bytes.
    """

    code: str
    controls: list
    one_by_one: bool
    index: list
    pictures: list


def frames_folder(root):
    """Return the folder of the stored frames."""
    return root / "notebooks" / FOLDER


def code_digest(notebook):
    """Return a digest of a notebook's code cells; its set-up cell does not count."""
    digest = hashlib.sha256()
    for cell in notebook.cells:
        if cell.cell_type == "code" and "bootstrap" not in cell.metadata.get("tags", []):
            digest.update(cell.source.encode() + b"\0")
    return digest.hexdigest()[:16]


def frames_of(root, lesson):
    """Return ``{place: Figure}`` of a lesson's stored frames; places count from 1."""
    found = {}
    for path in sorted(frames_folder(root).glob(f"{lesson.number}_*.json")):
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
