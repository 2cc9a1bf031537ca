"""Every lesson's student copy run end to end with another seed and strict claims.

The solutions are gone and every answer is nonsense; nbval runs the solutions. Every cell is
run twice in a row, as learners do; a cell that takes longer than two seconds is not, unless
``DLCOURSE_TEST_AGAIN`` says for how many seconds it may. At the end the interactive figures
are moved.
"""

import os
import re

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
def test_a_student_copy_with_another_seed(lesson, tmp_path, monkeypatch):
    """Solutions are gone, every answer is nonsense: the claims hold all the same."""
    if BACKEND not in lesson.backends:
        pytest.skip(f"lesson {lesson.number} does not run on {BACKEND}")
    copy = nbformat.read(nonsense_copy(lesson, tmp_path), as_version=4)
    pairs = twice(copy)
    execute(copy, monkeypatch, PROFILE="quick", SEED=1)
    assert told_again(pairs) == []
    printed = "".join(stdout_of(cell) for cell in code_cells(copy))
    assert "seed 1" in printed
    assert printed.count("✗ ") >= 4 and printed.count("✓ ")
    assert re.fullmatch(r"figures moved: [1-9]\n", stdout_of(copy.cells[-1]))


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
    with pytest.raises(AssertionError, match="Failure.cell=5"):
        execute(notebook, monkeypatch)


def test_figures_that_a_later_cell_breaks_are_found(monkeypatch):
    """And those with a control that does nothing."""
    cell = nbformat.v4.new_code_cell
    draw = (
        "import matplotlib.pyplot as plt\nfrom dlcourse import explore\nscale = 1.0\n"
    )
    draw += "def line(slope=1.0, color='red'):\n    plt.plot([0, scale * slope], color=color)"
    show = "explore(line, alt='a line', slope=(0.0, 2.0), color=['red', 'blue'])"
    idle = show.replace("color=[", "slope_2=[").replace("'red', 'blue'", "1, 2")
    for last, reason in (
        ("pass", None),
        ("scale = 'small'", "can.t multiply sequence"),
        (f"{draw.replace('* slope', '* 1')}\n{show}", "slope of line moves nothing"),
        (draw.replace("color='red'", "slope_2=1, color='red'") + "\n" + idle,
         "slope 2 of line moves nothing"),
    ):  # fmt: skip
        notebook = nbformat.v4.new_notebook(
            cells=[cell("PROFILE = 'quick'"), cell(f"{draw}\n{show}"), cell(last)],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python"}},
        )
        notebook.metadata["language_info"] = {"name": "python"}
        notebook.cells[0].metadata["tags"] = ["parameters"]
        twice(notebook)
        if reason is None:
            execute(notebook, monkeypatch)
            assert stdout_of(notebook.cells[-1]) == "figures moved: 1\n"
        else:
            with pytest.raises(AssertionError, match=reason):
                execute(notebook, monkeypatch)
