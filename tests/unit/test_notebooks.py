"""Scripts to notebooks: only what changed, the same bytes, never half a file."""

import re

import nbformat
import pytest
from course import BROKEN, FINE, make_course, write_script

from dlcourse import CourseError
from dlcourse.tools import catalog, notebooks, stamps


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course", l90=FINE)


def only_lesson(course):
    stamps.stamp(course)
    return catalog.read_lessons(course)[0]


def test_a_build_is_repeatable_to_the_byte(course):
    lesson = only_lesson(course)
    assert notebooks.build(lesson) == "executed"
    first = lesson.notebook.read_bytes()
    assert notebooks.build(lesson) == "unchanged"
    assert notebooks.build(lesson, force=True) == "executed"
    assert lesson.notebook.read_bytes() == first
    assert stamps.stamp(course) == []
    assert notebooks.is_current(lesson)


def test_editing_prose_runs_nothing_and_keeps_other_cells(course):
    lesson = only_lesson(course)
    notebooks.build(lesson)
    before = notebooks.read_notebook(lesson.notebook)
    text = lesson.script.read_text(encoding="utf-8")
    lesson.script.write_text(
        text.replace("Some prose.", "Better prose."), encoding="utf-8"
    )
    assert not notebooks.is_current(lesson)
    assert notebooks.build(lesson) == "text"
    after = notebooks.read_notebook(lesson.notebook)
    assert "Better prose." in after.cells[2].source
    same = [a.id == b.id for a, b in zip(before.cells, after.cells, strict=True)]
    assert same.count(False) == 1


def test_another_set_up_cell_runs_nothing(course):
    lesson = only_lesson(course)
    text = lesson.script.read_text(encoding="utf-8")
    mark = '# %% tags=["parameters"]'
    for version, how in (("v1", "executed"), ("v2", "text")):
        set_up = f'# %% tags=["bootstrap"]\ncourse = "{version}"\n\n{mark}'
        lesson.script.write_text(text.replace(mark, set_up), encoding="utf-8")
        assert notebooks.build(lesson) == how
    cells = notebooks.read_notebook(lesson.notebook).cells
    assert "v2" in cells[1].source and cells[1].execution_count == 1


def test_a_changed_code_cell_is_executed(course):
    lesson = only_lesson(course)
    notebooks.build(lesson)
    write_script(
        course, "90", FINE.replace("print(PROFILE, SEED)", "print('new', SEED)")
    )
    lesson = only_lesson(course)
    assert notebooks.build(lesson) == "executed"
    assert "new 0" in str(notebooks.read_notebook(lesson.notebook).cells[3].outputs)


def test_a_notebook_edited_by_hand_is_out_of_step(course):
    lesson = only_lesson(course)
    notebooks.build(lesson)
    notebook = nbformat.read(lesson.notebook, as_version=4)
    notebook.cells[3].source += "\n# by hand"
    nbformat.write(notebook, lesson.notebook)
    assert not notebooks.is_current(lesson)


def test_an_unexecuted_cell_is_out_of_step(course):
    lesson = only_lesson(course)
    notebooks.build(lesson)
    notebook = nbformat.read(lesson.notebook, as_version=4)
    notebook.cells[3].execution_count, notebook.cells[3].outputs = None, []
    nbformat.write(notebook, lesson.notebook)
    assert not notebooks.is_current(lesson)
    assert notebooks.build(lesson) == "executed"


def test_a_lesson_that_fails_keeps_the_old_notebook(course):
    lesson = only_lesson(course)
    notebooks.build(lesson)
    before = lesson.notebook.read_bytes()
    write_script(course, "90", BROKEN)
    with pytest.raises(
        CourseError, match="90_tiny.py does not run: ValueError: broken on purpose"
    ):
        notebooks.build(only_lesson(course))
    assert lesson.notebook.read_bytes() == before
    assert [p.name for p in lesson.notebook.parent.glob(".*")] == []


def test_a_kernel_that_dies_is_one_sentence_and_keeps_the_old_notebook(course):
    lesson = only_lesson(course)
    notebooks.build(lesson)
    before = lesson.notebook.read_bytes()
    write_script(course, "90", "# %%\nimport os\n\nos._exit(9)\n")
    with pytest.raises(CourseError, match="kernel of 90_tiny.py died.*close other"):
        notebooks.build(only_lesson(course))
    assert lesson.notebook.read_bytes() == before


def test_callers_settings_do_not_leak_into_a_build(course, monkeypatch):
    monkeypatch.setenv("DLCOURSE_SEED", "9")
    with notebooks.course_defaults():
        import os

        assert "DLCOURSE_SEED" not in os.environ
    assert os.environ["DLCOURSE_SEED"] == "9"


@pytest.mark.parametrize(
    "content", ["", "{", '{"cells": 3}', "PK\x03\x04", '{"nbformat": 4}']
)
def test_a_corrupt_notebook_is_named_with_the_remedy(course, content):
    lesson = only_lesson(course)
    lesson.notebook.write_text(content)
    with pytest.raises(
        CourseError, match="90_tiny.ipynb is not a readable notebook.*git checkout"
    ) as caught:
        notebooks.read_notebook(lesson.notebook)
    assert "\n" not in str(caught.value)
    assert notebooks.build(lesson) == "executed"  # and a build mends it


def test_student_copies_have_no_solutions_and_no_outputs(course, tmp_path):
    lesson = only_lesson(course)
    notebooks.build(lesson)
    for _ in range(2):  # a second time replaces its own folder
        (path,) = notebooks.student_copies([lesson], tmp_path / "student")
    copy = nbformat.read(path, as_version=4)
    assert not any("the solution" in cell.source for cell in copy.cells)
    assert not any(
        cell.get("outputs") or cell.get("execution_count") for cell in copy.cells
    )


def test_the_links_of_student_copies_lead_somewhere(course, tmp_path):
    for number in ("91", "92"):
        write_script(course, number, FINE)
    stamps.stamp(course)
    lessons = catalog.read_lessons(course)
    for lesson in lessons:
        notebooks.build(lesson)
    for handed_out in (lessons[:2], lessons):
        paths = notebooks.student_copies(handed_out, tmp_path / "student")
        for path in paths:
            text = "".join(c.source for c in nbformat.read(path, as_version=4).cells)
            links = re.findall(r"\]\(([^):]+)\)", text)
            assert "README.md" in links
            assert all((path.parent / link).exists() for link in links), links
        middle = "".join(c.source for c in nbformat.read(paths[1], as_version=4).cells)
        assert f"({paths[0].name})" in middle  # its neighbor is here: still a link
        assert "**Next:** 92 ·" in middle or len(handed_out) == 3
        index = (tmp_path / "student" / "README.md").read_text(encoding="utf-8")
        assert all(f"({path.name})" in index for path in paths)


def test_student_copies_never_replace_a_folder_of_other_things(course, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(CourseError, match="already exists and holds other things"):
        notebooks.student_copies([], tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_solutions_are_folded_away_where_a_frontend_can(course):
    notebook = notebooks.skeleton(only_lesson(course))
    solution = notebook.cells[-2]  # the last one is the footer
    assert solution.metadata["jupyter"] == {"source_hidden": True}
    assert solution.metadata["cellView"] == "form"
    assert "hide-cell" in solution.metadata["tags"]  # Jupyter Book


def test_the_set_up_cell_is_folded_and_says_what_it_is(course):
    """A newcomer's first cell is a line of words, not ten lines of subprocess."""
    write_script(course, "90", '# %% tags=["bootstrap"]\n\n' + FINE)
    cells = notebooks.skeleton(only_lesson(course)).cells
    (cell,) = [c for c in cells if "bootstrap" in c.metadata.get("tags", [])]
    assert cell.metadata["jupyter"] == {"source_hidden": True}
    assert cell.metadata["cellView"] == "form"
    assert cell.source.startswith("# @title Set-up: ")  # Colab's form shows the title
