"""A new lesson: files that are green before a word is written, and refusals."""

import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT
from course import FINE, make_course

from dlcourse import CourseError
from dlcourse.tools import catalog, new, stamps


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_three_files_and_nothing_else(tmp_path):
    course = make_course(tmp_path / "c", l21=FINE)
    before = files_of(course)
    written = new.write_lesson(course, "71", "  Autoencoders,  and codes ")
    names = [path.relative_to(course).as_posix() for path in written]
    assert names == [
        "notebooks/src/71_autoencoders_and_codes.py",
        "dlcourse/exercises/lesson_71.py",
        "tests/answers/lesson_71.py",
    ]
    after = files_of(course)
    assert set(after) - set(before) == set(names)
    assert {name: after[name] for name in before} == before


def test_the_number_and_the_title_are_filled_in(tmp_path):
    course = make_course(tmp_path / "c")
    for path in new.write_lesson(course, "71", "GANs: two networks"):
        text = path.read_text(encoding="utf-8")
        assert "NN" not in text and "TITLE" not in text
        assert "Write here" in text
    lesson = catalog.read_lessons(course)[0]
    assert (lesson.number, lesson.title) == ("71", "GANs: two networks")
    header = lesson.script.read_text(encoding="utf-8").split("# %%")[0]
    for field in ("subtitle", "minutes", "further", "seconds", "needs", "backends"):
        assert f"#     {field}: " in header
    assert all(vars(lesson.teaching).values())


@pytest.mark.parametrize("title", ["Schrödinger's net", "A/B tests", "Is it 5 (or 6)?"])
def test_plain_titles_make_file_names(tmp_path, title):
    course = make_course(tmp_path / "c")
    script = new.write_lesson(course, "11", title)[0]
    assert script.stem.isascii() and "__" not in script.stem
    assert catalog.read_lesson(script).title == title
    assert stamps.stamp(course)  # its title stands in the tables


@pytest.mark.parametrize(
    "number, title, said",
    [
        ("7", "X", "'7' is no lesson number: give two digits"),
        ("711", "X", "'711' is no lesson number"),
        ("7x", "X", "'7x' is no lesson number"),
        ("٧١", "X", "is no lesson number"),  # digits, but not ours
        ("91", "X", "part 9, which does not exist: begin with one of 0 Start"),
        ("21", "X", "Lesson 21 exists already (notebooks/src/21_tiny.py)"),
        ("71", "", "The title '' makes no file name"),
        ("71", "???", "The title '???' makes no file name"),
        ("71", "深層学習", "makes no file name"),
        ("71", "a | b", "makes no file name"),  # would end a table's cell
        ("71", 'the "best" one', "makes no file name"),  # would end a docstring
        ("71", "x" * 61, "makes no file name"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(tmp_path, number, title, said):
    course = make_course(tmp_path / "c", l21=FINE)
    before = files_of(course)
    with pytest.raises(CourseError) as refused:
        new.write_lesson(course, number, title)
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert files_of(course) == before


@pytest.mark.parametrize(
    "file",
    [
        "notebooks/71_other.ipynb",
        "notebooks/src/71_other.py",
        "dlcourse/exercises/lesson_71.py",
        "tests/answers/lesson_71.py",
    ],
)
def test_no_file_is_overwritten(tmp_path, file):
    course = make_course(tmp_path / "c")
    (course / file).parent.mkdir(parents=True, exist_ok=True)
    (course / file).write_text("mine")
    before = files_of(course)
    with pytest.raises(CourseError, match=f"Lesson 71 exists already .{file}"):
        new.write_lesson(course, "71", "Autoencoders")
    assert files_of(course) == before


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    course = make_course(tmp_path / "c")
    (course / "tests").write_text("a file where a folder should be")
    before = files_of(course)
    with pytest.raises(CourseError, match="Cannot write .*nothing was changed"):
        new.write_lesson(course, "71", "Autoencoders")
    assert files_of(course) == before


def test_a_new_lesson_is_green(tmp_path):
    """The commands that a newcomer types, in a copy of the course with this one lesson."""
    ignore = shutil.ignore_patterns("__pycache__")
    for folder in ("dlcourse", "tests", "data"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    for file in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / file, tmp_path)
    (tmp_path / "notebooks" / "src").mkdir(parents=True)
    environment = {
        **os.environ, "PYTHONPATH": str(tmp_path), "DLCOURSE_TEST_LESSONS": "71",
    }  # fmt: skip
    for command in (
        ["dlcourse", "new", "71", "Autoencoders"],
        ["dlcourse", "notebooks", "71"],
        ["pytest", "-q", "-p", "no:cacheprovider", "tests/notebooks/test_static.py",
         "tests/notebooks/test_exercises.py"],
        ["ruff", "check", "dlcourse", "tests/answers", "notebooks/src"],
        ["ruff", "format", "--check", "dlcourse/exercises/lesson_71.py",
         "tests/answers/lesson_71.py"],
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=tmp_path, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
    notebook = tmp_path / "notebooks" / "71_autoencoders.ipynb"
    assert notebook.is_file()
