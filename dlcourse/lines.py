"""Files of lines that several processes add to."""

from __future__ import annotations

import os


def append_line(path, line):
    """Add a line with one write at the file's end, on a line of its own.

    With O_APPEND the system finds the end and writes in one step, so that lines of several
    processes do not mix. O_BINARY, on Windows, keeps the line end.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    target = os.open(path, flags, 0o666)
    try:
        torn = False
        if os.lseek(target, 0, os.SEEK_END):
            os.lseek(target, -1, os.SEEK_END)
            torn = os.read(target, 1) != b"\n"
        os.write(target, b"\n" * torn + line + b"\n")
    finally:
        os.close(target)
