"""One module per lesson: the checkers of its exercises, and its ``QUIZ``."""

from __future__ import annotations

from pathlib import Path


def lesson_numbers():
    """Return the numbers of the lessons this package knows, such as ``["00", "11"]``."""
    found = Path(__file__).parent.glob("lesson_[0-9][0-9].py")
    return sorted(path.stem.removeprefix("lesson_") for path in found)
