"""Every lesson run end to end: another seed and strict claims, and as a student would.

In the first run every cell is run twice in a row, as learners do; a cell that takes longer
than two seconds is not, unless ``DLCOURSE_TEST_AGAIN`` says for how many seconds it may.
"""

import os

import nbformat
import pytest
from conftest import ROOT
from helpers import (
    LONGEST_FIRST,
    code_cells,
    nonsense_copy,
    stdout_of,
    told_again,
    twice,
)

from dlcourse.tools.execute import run_notebook

each_lesson = pytest.mark.parametrize(
    "lesson", LONGEST_FIRST, ids=[x.number for x in LONGEST_FIRST]
)
BACKEND = os.environ.get("KERAS_BACKEND") or "tensorflow"


def execute(notebook, monkeypatch, **parameters):
    monkeypatch.setenv("DLCOURSE_STRICT", "1")
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    outcome = run_notebook(
        notebook, folder=ROOT / "notebooks", parameters=parameters, timeout=300
    )
    assert outcome.error is None, outcome.detail


@each_lesson
def test_claims_hold_for_another_seed(lesson, monkeypatch):
    if BACKEND not in lesson.backends:
        pytest.skip(f"lesson {lesson.number} does not run on {BACKEND}")
    ran = nbformat.read(lesson.notebook, as_version=4)
    pairs = twice(ran)
    execute(ran, monkeypatch, PROFILE="quick", SEED=1)
    assert told_again(pairs) == []
    printed = "".join(stdout_of(cell) for cell in code_cells(ran))
    assert "seed 1" in printed
    assert printed.count("○ ") and printed.count("✓ ")


def test_cells_that_cannot_run_twice_are_found(monkeypatch):
    cell = nbformat.v4.new_code_cell
    sources = [
        "PROFILE, n = 'quick', 0",
        "n = 5\nprint(n)",
        "n += 1\nprint(n)",
        "print('≈', n / 7)\nn += 1",
        "import time\ntime.sleep(0.6)\nn += 1\nprint(n)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[cell(source) for source in sources])
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python"}}
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.cells[0].metadata["tags"] = ["parameters"]
    pairs = twice(notebook, limit=0.5)
    execute(notebook, monkeypatch)
    (found,) = told_again(pairs)
    assert found.endswith("1st: 6\n\n  2nd: 7\n")
    sources[1:] = ["assert n == 0\nn = 6"]
    notebook.cells = [cell(source) for source in sources]
    notebook.cells[0].metadata["tags"] = ["parameters"]
    twice(notebook)
    with pytest.raises(AssertionError, match="Failure.cell=4"):
        execute(notebook, monkeypatch)


@pytest.mark.student
@each_lesson
def test_student_copy_runs_whatever_the_learner_wrote(lesson, tmp_path, monkeypatch):
    """Solutions are gone and every answer is nonsense: the notebook still runs on."""
    if BACKEND not in lesson.backends:
        pytest.skip(f"lesson {lesson.number} does not run on {BACKEND}")
    copy = nbformat.read(nonsense_copy(lesson, tmp_path), as_version=4)
    execute(copy, monkeypatch)
    printed = "".join(stdout_of(cell) for cell in code_cells(copy))
    assert printed.count("✗ ") >= 4
