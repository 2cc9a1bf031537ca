"""What can be said of a lesson without running it: anatomy, limits, stored outputs."""

import ast
import json
import re
import statistics

import pytest
from helpers import (
    LESSONS,
    NUMBERS,
    assigned_names,
    checked_in,
    code_cells,
    global_names,
    global_stores,
    stdout_of,
    tags,
    text_of,
    used_names,
)

from dlcourse.figures import WIDGET_VIEW
from dlcourse.tools import catalog, notebooks, stamps

pytestmark = pytest.mark.parametrize("lesson", LESSONS, ids=NUMBERS)

HEADINGS = (
    "You will be able to",
    "Break and fix",
    "Quiz",
    "Summary",
    "Common mistakes",
    "Read more",
)
MACHINE_PATH = re.compile(r"(/tmp/|/root/|/work/|/home/\w+/|/Users/|[A-Z]:\\\\)")
TIMESTAMP = re.compile(r"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d")


@pytest.fixture
def notebook(lesson):
    return notebooks.read_notebook(lesson.notebook)


def test_script_and_notebook_are_in_step(lesson):
    assert notebooks.is_current(lesson), (
        f"run: python -m dlcourse notebooks {lesson.number}"
    )


def test_header_badges_and_set_up_cell_are_stamped(lesson, root):
    name, branch = catalog.repository(root)
    stamped = stamps._stamped_script(lesson, name, branch)
    assert lesson.script.read_text(encoding="utf-8") == stamped
    badges = stamps.badges(lesson, name, branch)
    assert badges in stamped
    assert (root / "notebooks" / lesson.notebook.name).is_file()
    assert f"/notebooks/{lesson.notebook.name})" in badges


def test_every_cell_was_executed_in_order(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_outputs_are_clean(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            assert output.output_type != "error", output.get("evalue")
            assert output.get("name") != "stderr", output.get("text")
            assert WIDGET_VIEW not in output.get("data", {})
            data = {k: v for k, v in output.get("data", {}).items() if k != "image/png"}
            text = json.dumps([output.get("text"), data])
            assert not MACHINE_PATH.search(text), MACHINE_PATH.search(text)
            assert not TIMESTAMP.search(text), TIMESTAMP.search(text)
    assert "widgets" not in notebook.metadata


def test_cell_ids_are_unique_and_cells_are_not_empty(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    assert all(cell.source.strip() for cell in notebook.cells)


def test_size(notebook):
    lengths = [len(cell.source.splitlines()) for cell in code_cells(notebook)]
    assert 15 <= len(lengths) <= 40, f"{len(lengths)} code cells"
    assert max(lengths) <= 25, f"a code cell of {max(lengths)} lines"
    assert statistics.median(lengths) <= 8
    long = [
        line
        for cell in code_cells(notebook)
        for line in cell.source.splitlines()
        if len(line) > 88
    ]
    assert not long, long


def test_anatomy(notebook, lesson):
    text = text_of(notebook)
    for heading in HEADINGS:
        assert re.search(rf"(?m)^## .*{heading}", text), f"no heading {heading!r}"
    assert text.count("**Predict") >= 1, (
        "ask before you tell: a paragraph with **Predict**"
    )
    everything = "\n".join(cell.source for cell in code_cells(notebook))
    for call in ("check(", "claim(", f'quiz("{lesson.number}")', "explore("):
        assert call in everything, f"no {call}"
    parameters = [c for c in code_cells(notebook) if "parameters" in tags(c)]
    assert [c.source for c in parameters] == ['PROFILE = "quick"\nSEED = 0']
    for tag in ("header", "bootstrap"):
        assert sum(tag in tags(cell) for cell in notebook.cells) == 1


def test_objectives_are_met_and_tested(notebook):
    text = text_of(notebook)
    block = re.search(r"(?ms)^## You will be able to\s*$(.*?)(?=^## |\Z)", text)[1]
    objectives = re.findall(r"(?m)^\d+\. .*(?:\n(?!\d+\. |\n).*)*", block)
    assert 3 <= len(objectives) <= 5, objectives
    sections = set(re.findall(r"(?m)^## (\d+) ·", text))
    checked = {n for cell in code_cells(notebook) for n in checked_in(cell.source)}
    for objective in objectives:
        where = re.search(r"\*\(([^()]*)\)\*\s*$", objective)
        assert where, f"say where it is met and tested: {objective}"
        named = re.findall(r"\b(\d)\b(?!\.)", re.sub(r"\d\d\.\d+", "", where[1]))
        assert named and set(named) <= sections, f"unknown section in {where[1]!r}"
        exercises = set(re.findall(r"\d\d\.\d+", where[1]))
        assert exercises <= checked, f"unknown exercise in {where[1]!r}"
        assert exercises or "quiz" in where[1], (
            f"neither exercise nor quiz in {where[1]!r}"
        )


def test_figures_have_alt_text(notebook):
    figures = 0
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                figures += 1
                alt = output.metadata.get("image/png", {}).get("alt", "")
                assert len(alt) >= 20, f"describe the figure: {cell.source[:60]!r}"
    assert figures >= 2


def test_exercises_have_all_three_cells_and_stored_states(notebook, lesson):
    seen = {"untouched": set(), "solved": set()}
    for cell in code_cells(notebook):
        for number in checked_in(cell.source):
            assert number.startswith(f"{lesson.number}.")
            if "solution" in tags(cell):
                assert f"✓ {number}" in stdout_of(cell), (
                    f"the solution of {number} fails"
                )
                seen["solved"].add(number)
            else:
                assert f"○ {number}" in stdout_of(cell), (
                    f"{number} is not stored untouched"
                )
                seen["untouched"].add(number)
    assert len(seen["untouched"]) >= 4, "three exercises and one break-and-fix"
    assert seen["untouched"] == seen["solved"]
    exercises = "\n".join(
        c.source for c in code_cells(notebook) if "exercise" in tags(c)
    )
    for number in seen["untouched"]:
        assert f"Exercise {number}" in exercises, (
            f"no cell tagged exercise for {number}"
        )


def test_later_cells_use_no_answer_and_no_solution(notebook):
    tainted = set()
    for cell in code_cells(notebook):
        if "solution" in tags(cell):
            tainted |= assigned_names(cell.source)
        elif "exercise" in tags(cell):
            tainted |= assigned_names(cell.source)
        elif not checked_in(cell.source):
            tainted -= assigned_names(cell.source)
            assert not (tainted & used_names(cell.source)), cell.source


def test_interactive_figures_still_work_after_run_all(notebook):
    """A figure is redrawn after the last cell ran: no cell may reuse a name it reads."""
    cells = [ast.parse(cell.source) for cell in code_cells(notebook)]
    functions = {
        node.name: node
        for tree in cells
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    shown = 0
    for index, tree in enumerate(cells):
        for call in ast.walk(tree):
            name = getattr(getattr(call, "func", None), "id", "")
            if name != "explore" or not isinstance(call.args[0], ast.Name):
                continue
            shown += 1
            needed, waiting = set(), {call.args[0].id}
            while waiting:  # the function, and what it calls
                name = waiting.pop()
                needed.add(name)
                if name in functions:
                    waiting |= global_names(functions[name]) - needed
            for later in cells[index + 1 :]:
                reused = needed & global_stores(later)
                assert not reused, f"reused after its interactive figure: {reused}"
    assert shown


def test_stored_claims_hold(notebook):
    printed = "\n".join(stdout_of(cell) for cell in code_cells(notebook))
    assert "⚠ not so in this run" not in printed


def test_few_cells_escape_the_output_check(notebook):
    cells = code_cells(notebook)
    escaping = [
        cell
        for cell in cells
        if "NBVAL_IGNORE_OUTPUT" in cell.source or "nbval-ignore-output" in tags(cell)
    ]
    assert len(escaping) <= 0.1 * len(cells)


def test_no_magics_and_no_star_imports(notebook):
    for cell in code_cells(notebook):
        assert not re.search(r"(?m)^\s*[%!]", cell.source), cell.source
        assert "import *" not in cell.source
