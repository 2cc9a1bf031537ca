"""Every lesson run end to end: another seed and strict claims, and as a student would."""

import os

import nbformat
import pytest
from conftest import ROOT
from helpers import LONGEST_FIRST, code_cells, nonsense_copy, stdout_of

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
    execute(ran, monkeypatch, PROFILE="quick", SEED=1)
    printed = "".join(stdout_of(cell) for cell in code_cells(ran))
    assert "seed 1" in printed
    assert printed.count("○ ") and printed.count("✓ ")


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
