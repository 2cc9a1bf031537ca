"""A new lesson: three files, a small lesson that runs and passes every test as it stands.

The templates in ``templates/`` are the three files of a lesson about a line through points.
In them NN stands for the lesson's number and TITLE for its title.
"""

from __future__ import annotations

import contextlib
import json
import re
import unicodedata
from pathlib import Path

from ..errors import CourseError
from .stamps import PARTS

TEMPLATES = Path(__file__).parent / "templates"


def write_lesson(root, number, title):
    """Write the script, the checkers and the answers of a new lesson.

    Args:
        root: the course's folder, a ``Path``.
        number: two digits, the first of them that of a part; free so far.
        title: words, such as ``"Autoencoders"``.

    Returns:
        The paths of the three files, the script first.

    Raises:
        CourseError: for a number or a title that cannot be used, or if a file of this
            lesson exists or cannot be written. Nothing is written then.
    """
    check_number(number)
    title = " ".join(title.split())
    targets = {
        "lesson": root / "notebooks" / "src" / f"{number}_{file_name(title)}.py",
        "checkers": root / "dlcourse" / "exercises" / f"lesson_{number}.py",
        "answers": root / "tests" / "answers" / f"lesson_{number}.py",
    }
    taken = [
        *sorted((root / "notebooks" / "src").glob(f"{number}*.py")),
        *sorted((root / "notebooks").glob(f"{number}*.ipynb")),
        *(path for path in targets.values() if path.exists()),
    ]
    if taken:
        raise CourseError(
            f"Lesson {number} exists already ({taken[0].relative_to(root).as_posix()}):"
            " choose another number; nothing was changed."
        )
    written = []
    try:
        for name, path in targets.items():
            text = filled(name, number, title)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open(
                "x", encoding="utf-8", newline="\n"
            ) as file:  # never over one
                written.append(path)
                file.write(text)
    except OSError as error:
        for path in written:
            with contextlib.suppress(OSError):
                path.unlink()
        raise CourseError(
            f"Cannot write {path} ({error.strerror}): nothing was changed."
        ) from None
    return written


def check_number(number):
    """Refuse what is no lesson's number; a CourseError says why."""
    if not re.fullmatch("[0-9]{2}", number):
        raise CourseError(
            f"{number!r} is no lesson number: give two digits, the part and the place in"
            " it, such as 71."
        )
    if number[0] not in PARTS:
        parts = ", ".join(f"{digit} {name}" for digit, name in PARTS.items())
        raise CourseError(
            f"Lesson {number} would stand in part {number[0]}, which does not exist: begin"
            f" with one of {parts}."
        )


def file_name(title):
    """Return a title as the middle of a file name, such as ``"long_titles"``.

    Raises:
        CourseError: if it holds what a file name, or the tables of lessons, cannot.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    name = re.sub("[^a-z0-9]+", "_", plain.lower()).strip("_")
    if not name or len(name) > 60 or not re.fullmatch(r"[\w .,:'’!?()&+/–-]+", title):
        raise CourseError(
            f"The title {title!r} makes no file name: give at most 60 letters, digits and"
            ' plain punctuation, such as "Autoencoders".'
        )
    return name


def filled(name, number, title):
    """Return the text of one template with the number and the title filled in."""
    text = (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")
    if name == "lesson":  # in the header it is YAML, where a colon would count
        text = text.replace(
            "title: TITLE", f"title: {json.dumps(title, ensure_ascii=False)}"
        )
    return text.replace("TITLE", title).replace("NN", number)
