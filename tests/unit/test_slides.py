"""Decks hold the lesson, in pieces that fit, without solutions, and need no network."""

import html
import re
from dataclasses import replace

import nbformat
import pytest
from conftest import ROOT

from dlcourse import CourseError
from dlcourse.tools import catalog, slides

LESSONS = catalog.read_lessons(ROOT)


@pytest.fixture
def scripts(tmp_path, monkeypatch):
    """Stand in for the two libraries, which a test does not download."""

    def fetch(name, remote, file):
        path = tmp_path / file
        path.write_text(f"/* {file} */")
        return path

    monkeypatch.setattr(slides.datasets, "fetch_file", fetch)


def test_one_deck_per_lesson_with_what_it_needs_beside_it(scripts, tmp_path):
    folder = tmp_path / "slides"
    for _ in range(2):  # a second time replaces its own
        paths = slides.write_decks(LESSONS[:2], folder)
    assert [p.stem for p in paths] == [x.notebook.stem for x in LESSONS[:2]]
    page = paths[0].read_text(encoding="utf-8")
    used = re.findall(r'(?:src|href)="(shared/[^"]+)"', page)
    assert len(used) == 3 and all((folder / name).is_file() for name in used)
    loaded = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(https?:[^"]+)', page)
    assert loaded == []


@pytest.mark.parametrize("lesson", LESSONS, ids=[x.number for x in LESSONS])
def test_a_deck_has_the_sections_and_no_solution(lesson):
    page = html.unescape(slides.deck(lesson))
    text = lesson.notebook.read_text(encoding="utf-8")
    for heading in re.findall(r'"## (\d) · ', text):
        assert f"{heading} · " in page
    assert "@title Solution" not in page and "_solution" not in page
    assert "<details><summary>Hint" not in page and "dlcourse.start(" not in page
    assert page.count("<section>") >= 25


def test_a_prediction_is_asked_before_the_answer_shows():
    cell = nbformat.v4.new_markdown_cell("Some text.\n\n**Predict**: what?\n\nMore.")
    last = [piece.last for piece in slides.pieces(cell)]
    assert last == [False, True, False]


def test_an_exercise_stands_alone_and_its_hints_stay_in_the_notebook():
    cell = nbformat.v4.new_markdown_cell(
        "Text.\n\n**Exercise 1.1.** Do it.\n\n<details><summary>Hint 1</summary>So.</details>"
    )
    found = slides.pieces(cell)
    assert [piece.alone for piece in found] == [False, True]
    assert "So." not in "".join(piece.html for piece in found)


def piece(lines, **kind):
    return slides.Piece(f"<p>{lines}</p>", lines, **kind)


def heights(column):
    return [[piece.lines for piece in slide] for slide in column]


def test_pieces_share_a_slide_as_long_as_they_fit():
    heading = piece(1, heading="1 · Why")
    (column,) = slides.pack(
        [heading, piece(8), piece(8), piece(8), piece(30), piece(1)]
    )
    assert heights(column) == [[1, 8, 8], [8], [30], [1]]


def test_headings_start_columns_and_some_pieces_a_slide():
    first, second = piece(1, heading="1 · Why"), piece(1, heading="2 · How")
    question, exercise = piece(2, last=True), piece(2, alone=True)
    columns = slides.pack(
        [piece(3), first, question, piece(2), exercise, second, piece(2)]
    )
    assert [heights(column) for column in columns] == [
        [[3]], [[1, 2], [2], [2]], [[1, 2]],
    ]  # fmt: skip


def test_no_slide_of_a_real_lesson_is_fuller_than_its_room():
    cells = slides.read_notebook(LESSONS[0].notebook).cells
    shown = [p for c in cells if slides.is_shown(c) for p in slides.pieces(c)]
    packed = [slide for column in slides.pack(shown) for slide in column]
    assert sum(packed, []) == shown
    for slide in packed:
        assert len(slide) == 1 or sum(p.lines for p in slide) <= slides.ROOM
    assert sum(len(slide) > 1 for slide in packed) > len(packed) / 3


def test_a_long_list_is_cut_between_its_items():
    items = [f"- item {i} " + "word " * 40 for i in range(6)]
    assert len(slides.blocks("\n".join(items))) == 6
    assert len(slides.blocks("- one\n- two")) == 1


@pytest.mark.parametrize("which", ["all", "quiz"])
def test_a_notebook_without_outputs_is_one_sentence(which, tmp_path):
    (tmp_path / "src").mkdir()
    lesson = replace(LESSONS[1], script=tmp_path / "src" / LESSONS[1].script.name)
    notebook = slides.read_notebook(LESSONS[1].notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code" and (
            which == "all" or cell.source.startswith("quiz(")
        ):
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, lesson.notebook)
    with pytest.raises(CourseError, match="lacks outputs.*run  python -m dlcourse"):
        slides.deck(lesson)


def test_a_folder_of_other_things_is_left_alone(scripts, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(CourseError, match="already exists and holds other things"):
        slides.write_decks([], tmp_path / "mine")
