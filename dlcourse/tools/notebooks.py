"""Scripts in ``notebooks/src`` to executed, byte-stable notebooks, and student copies."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from pathlib import Path

from ..errors import CourseError
from ..figures import drop_widget_views
from .execute import run_notebook
from .files import check_folder, write_whole

MARKER = ".dlcourse-student"
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
KERNEL = {
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
    "name": "python3",
}


LESSON_LINK = re.compile(r"\[([^\[\]]*)\]\((\d\d_\w+\.ipynb)\)")  # its words, its file
FOLDED = {
    "solution",
    "hide-input",
    "bootstrap",
}  # tags of cells whose code a click unfolds


def skeleton(lesson):
    """Return the notebook of a script without outputs, the same one every time.

    Cell ids follow from the cell's text, so a rebuild changes only what was edited.
    """
    import jupytext
    import nbformat

    notebook = nbformat.from_dict(jupytext.read(lesson.script))
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(
        {
            "dlcourse": {"lesson": lesson.number, "backends": list(lesson.backends)},
            "kernelspec": KERNEL,
            "language_info": LANGUAGE,
        }
    )
    seen = {}
    for cell in notebook.cells:
        text = f"{cell.cell_type}\n{cell.source}"
        seen[text] = seen.get(text, 0) + 1
        digest = hashlib.sha256(f"{text}\n{seen[text]}".encode()).hexdigest()
        cell.id = f"{lesson.number}-{digest[:10]}"
        if FOLDED & set(cell.metadata.get("tags", [])) and cell.cell_type == "code":
            cell.metadata["jupyter"] = {"source_hidden": True}  # JupyterLab
            cell.metadata["cellView"] = "form"  # Colab
            cell.metadata["_kg_hide-input"] = True  # Kaggle
        if "solution" in cell.metadata.get("tags", []):
            cell.metadata["tags"].append("hide-cell")  # Jupyter Book, with its outputs
    return notebook


def read_notebook(path):
    """Return a notebook file; a CourseError that names it if it cannot be read."""
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        return notebook
    except FileNotFoundError:
        raise
    except Exception as error:
        reason = (
            str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        )
        raise CourseError(
            f"{path.name} is not a readable notebook ({reason}): restore it with"
            f"  git checkout -- notebooks/{path.name}  or delete it and run"
            "  python -m dlcourse notebooks."
        ) from None


def is_current(lesson):
    """Return True if the stored notebook is the script's, with nothing else in it."""
    try:
        stored = read_notebook(lesson.notebook)
    except (FileNotFoundError, CourseError):
        return False
    wanted = skeleton(lesson)
    for cell in stored.cells:
        if cell.cell_type == "code":
            if cell.execution_count is None:
                return False
            cell.outputs, cell.execution_count = [], None
    return stored == wanted


def build(lesson, force=False):
    """Bring one stored notebook up to date; return "unchanged", "text" or "executed".

    Outputs are kept when no code cell changed, so editing prose runs nothing. The set-up
    cell does not count: where the course is installed, it does and shows nothing.
    """
    if not force and is_current(lesson):
        return "unchanged"
    notebook = skeleton(lesson)
    how = "text"
    if force or not _take_outputs(notebook, lesson.notebook):
        _execute(notebook, lesson)
        how = "executed"
    write_notebook(notebook, lesson.notebook)
    return how


def write_notebook(notebook, path):
    """Write a notebook whole or not at all."""
    import nbformat

    write_whole(path, nbformat.writes(notebook).rstrip("\n") + "\n")  # LF everywhere


def _take_outputs(notebook, stored_path):
    """Copy the outputs of an earlier build with the same code cells, if there is one."""
    try:
        stored = read_notebook(stored_path)
    except (FileNotFoundError, CourseError):
        return False
    old = [cell for cell in stored.cells if cell.cell_type == "code"]
    new = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if list(map(_code, old)) != list(map(_code, new)) or any(
        c.execution_count is None for c in old
    ):
        return False
    for source, target in zip(old, new, strict=True):
        target.outputs, target.execution_count = source.outputs, source.execution_count
    return True


def _code(cell):
    is_set_up = "bootstrap" in cell.metadata.get("tags", []) and not cell.get("outputs")
    return "" if is_set_up else cell.source


def _execute(notebook, lesson):
    """Run every cell in the notebooks folder; normalize what came out."""
    from .site import frame_files

    folder = lesson.notebook.parent
    with course_defaults(), frame_files.drawing(notebook) as (frames, line):
        outcome = run_notebook(notebook, folder=folder, timeout=900, first=line)
        if not outcome.error:
            frame_files.keep(frames, folder, lesson.number)
    if outcome.died:
        raise CourseError(
            f"The kernel of {lesson.script.name} died, often for lack of memory: close"
            " other notebooks and try again."
        )
    if outcome.error:
        error = outcome.error
        where = f" (in code cell {error.cell})" if error.cell else ""
        raise CourseError(f"{lesson.script.name} does not run: {error.message}{where}")
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = LANGUAGE
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    drop_widget_views(notebook)


def draw_frames(lesson):
    """Execute a lesson for the frames of its interactive figures alone.

    The stored notebook stays as it is; what is printed is compared with it.

    Returns:
        The paths of the figures' files, and how many cells said something else than in
        the stored notebook.
    """
    notebook = read_notebook(lesson.notebook)
    before = [_printed(cell) for cell in notebook.cells]
    _execute(notebook, lesson)
    after = [_printed(cell) for cell in notebook.cells]
    paths = sorted((lesson.notebook.parent / "frames").glob(f"{lesson.number}_*.json"))
    return paths, sum(a != b for a, b in zip(before, after, strict=True))


def _printed(cell):
    """Return what a code cell printed, without what may vary, as the tests compare it."""
    text = "".join("".join(o.get("text", "")) for o in cell.get("outputs", []))
    text = re.sub(r"≈ ?[-+−]?[\d.,e+-]+", "≈", text)
    return re.sub(r"(?m)^Lesson \d\d · .*$", "", text)


@contextlib.contextmanager
def course_defaults():
    """Run kernels of this very environment, with no override of the notebook's settings."""
    saved = dict(os.environ)
    for name in ("PROFILE", "SEED", "DEVICE", "STRICT", "REPORT"):
        os.environ.pop(f"DLCOURSE_{name}", None)
    os.environ.pop("KERAS_BACKEND", None)
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    os.environ["DLCOURSE_PROGRESS"] = "off"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(saved)


def student_copy(lesson, folder, among=None):
    """Write a copy without solutions and outputs; return its path.

    Args:
        among: names of the notebooks in the folder, if it holds only some of the lessons.
            Links to others become plain words.
    """
    from nbconvert.preprocessors import ClearOutputPreprocessor, TagRemovePreprocessor

    notebook = read_notebook(lesson.notebook)
    remover = TagRemovePreprocessor(remove_cell_tags=["solution"], enabled=True)
    notebook, _ = remover.preprocess(notebook, {})
    notebook, _ = ClearOutputPreprocessor(enabled=True).preprocess(notebook, {})
    for cell in notebook.cells:
        if among is not None and cell.cell_type == "markdown":
            cell.source = LESSON_LINK.sub(
                lambda link: link[0] if link[2] in among else link[1], cell.source
            )
    path = Path(folder) / lesson.notebook.name
    write_notebook(notebook, path)
    return path


def student_copies(lessons, folder):
    """Write the student copies of these lessons, and an index, into a folder made for them.

    Copies of an earlier call that are not among them go; what somebody added stays.
    """
    folder = Path(folder)
    check_folder(folder, MARKER)
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / MARKER
    old = marker.read_text(encoding="utf-8").split() if marker.exists() else []
    for name in {Path(name).name for name in old}:
        (folder / name).unlink(missing_ok=True)
    lines = [f"- [{x.number} · {x.title}]({x.notebook.name})" for x in lessons]
    own = [*(x.notebook.name for x in lessons), "README.md"]
    write_whole(marker, "\n".join(own) + "\n")  # first: an interruption leaves a list
    write_whole(folder / "README.md", "\n".join(["# The lessons", "", *lines, ""]))
    return [student_copy(lesson, folder, own) for lesson in lessons]
