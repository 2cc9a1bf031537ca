"""Files that are whole or not there, and folders that are ours or left alone."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ..errors import CourseError


@contextlib.contextmanager
def replacing(path):
    """Yield a temporary path beside ``path``, which takes its place if the block ends well.

    Whatever happens, the temporary file is gone afterwards. Its name holds this process's
    number, so that two processes never write to the same one.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def write_whole(path, content):
    """Write a file whole or not at all.

    Args:
        path: the file; what stands there is replaced.
        content: bytes, or a string, which is written as UTF-8.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)


def check_folder(folder, marker):
    """Refuse a folder that holds things and was not made by the command at hand.

    Args:
        folder: where the command wants to write.
        marker: name of the file that the command leaves in the folders that it makes.

    Raises:
        CourseError: if the folder is a file, or holds other things.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is a file: choose another folder with --output.")
    if folder.exists() and any(folder.iterdir()) and not (folder / marker).exists():
        raise CourseError(
            f"{folder} already exists and holds other things: choose another folder with"
            " --output."
        )
