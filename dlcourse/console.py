"""The course's marks on every terminal and in every file that output is sent to."""

from __future__ import annotations

import codecs
import sys

PLAIN = {
    "✓": "+", "✗": "x", "○": "o", "•": "-", "·": ".", "⚠": "!", "→": "->", "←": "<-",
    "—": "-", "–": "-", "…": "...", "≈": "~", "≥": ">=", "≤": "<=", "×": "x",
}  # fmt: skip


def allow_any_encoding():
    """Let standard output and error replace what their encoding lacks, instead of failing.

    On Windows a file that output is sent to has the code page's encoding, which has no ✓.
    """
    codecs.register_error("dlcourse", _plainly)
    for stream in (sys.stdout, sys.stderr):
        fails = getattr(stream, "errors", None) in ("strict", "surrogateescape")
        if fails and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="dlcourse")


def _plainly(error):
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(PLAIN.get(letter, "?") for letter in lost), error.end
