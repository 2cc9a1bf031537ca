"""The notebooks that the installed package brings along, for whoever has no checkout."""

from __future__ import annotations

from pathlib import Path

from ..errors import CourseError
from .files import write_whole

PACKAGE = Path(__file__).resolve().parents[1]
FIRST = "00_start_here.ipynb"


def settings_folder(root):
    """Return the folder with JupyterLab's settings: the checkout's, or the package's."""
    own = root / ".jupyter"
    return own if own.is_dir() else PACKAGE / "settings"


def bring_notebooks(folder):
    """Copy the notebooks into ``folder/notebooks``; a file that is there stays as it is.

    Args:
        folder: where the learner works. If the notebooks lie in it directly, it is taken
            itself.

    Returns:
        The folder of the notebooks, and the names of those that were copied.

    Raises:
        CourseError: if the package holds no notebooks.
        OSError: if they cannot be written.
    """
    files = sorted((PACKAGE / "notebooks").glob("*.ipynb"))
    if not files:
        raise CourseError(
            "This installation holds no notebooks: run the command inside a clone of the"
            " course."
        )
    target = folder if (folder / FIRST).exists() else folder / "notebooks"
    target.mkdir(exist_ok=True)
    copied = []
    for file in (*files, PACKAGE / "notebooks" / "README.md"):
        if file.is_file() and file.name not in {path.name for path in target.iterdir()}:
            write_whole(target / file.name, file.read_bytes())
            copied.append(file.name)
    return target, copied
