"""What every part of the course raises when the user can mend something."""

from __future__ import annotations


class CourseError(RuntimeError):
    """Something the user can mend; the message is one sentence that says how."""

    def _render_traceback_(self):
        """Show the sentence alone in a notebook (IPython asks for this method)."""
        return [f"✗ {self}"]


def one_of(what, value, choices):
    """Return ``value`` if it is among ``choices``; else raise a CourseError saying so."""
    if value in choices:
        return value
    options = ", ".join(choices)
    raise CourseError(f"Unknown {what} {value!r}: choose one of {options}.")
