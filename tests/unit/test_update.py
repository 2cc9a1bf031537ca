"""Updates bring what is new and never touch what the learner changed."""

import io
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

from dlcourse import CourseError
from dlcourse.tools import bundle, update

FILES = {
    "pyproject.toml": "the address",
    "notebooks/src/21_a.py": "script a",
    "notebooks/21_a.ipynb": "lesson a",
    "notebooks/22_b.ipynb": "lesson b",
    "notebooks/23_c.ipynb": "lesson c",
}


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def git(folder, *words):
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(
        ["git", *identity, *words], cwd=folder, check=True, capture_output=True
    )


@pytest.fixture
def published(tmp_path):
    folder = write(tmp_path / "published", FILES)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    return folder


@pytest.fixture
def learner(tmp_path, published):
    git(tmp_path, "clone", "-q", str(published), "learner")
    return tmp_path / "learner"


def publish(folder, **files):
    write(folder, {f"notebooks/{name}.ipynb": text for name, text in files.items()})
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "more")


def test_new_lessons_come_and_changed_ones_are_kept(published, learner):
    mine = learner / "notebooks" / "22_b.ipynb"
    mine.write_text("lesson b with my answers")
    (learner / "notebooks" / "23_c.ipynb").write_text("lesson c with my answers")
    publish(
        published,
        **{"21_a": "lesson a, better", "22_b": "lesson b, better", "24_d": "new"},
    )
    done = update.update_course(learner, str(published), "main")
    added, replaced, kept = done.added, done.replaced, done.kept
    assert [p.name for p in added] == ["24_d.ipynb"]
    assert [p.name for p in replaced] == ["21_a.ipynb"]
    assert [(p.name, beside) for p, beside in kept] == [
        ("22_b.ipynb", "22_b.new.ipynb")
    ]
    assert mine.read_text() == "lesson b with my answers"
    assert mine.with_name("22_b.new.ipynb").read_text() == "lesson b, better"
    assert (
        learner / "notebooks" / "23_c.ipynb"
    ).read_text() == "lesson c with my answers"
    assert not update.update_course(learner, str(published), "main")


def test_a_second_update_knows_what_the_first_delivered(published, learner):
    publish(published, **{"21_a": "second"})
    update.update_course(learner, str(published), "main")
    mine = learner / "notebooks" / "21_a.ipynb"
    mine.write_text("second, with my answers")
    for text in ("third", "fourth"):
        publish(published, **{"21_a": text})
        beside = update.update_course(learner, str(published), "main").kept[0][1]
        if text == "third":  # the learner works in the new one, too
            mine.with_name(beside).write_text("third, with my answers")
    assert mine.read_text() == "second, with my answers"
    assert mine.with_name("21_a.new.ipynb").read_text() == "third, with my answers"
    assert mine.with_name("21_a.new2.ipynb").read_text() == "fourth"


def test_without_git_or_manifest_a_notebook_that_differs_is_the_learners(tmp_path):
    learner = write(tmp_path / "learner", {**FILES, "notebooks/21_a.ipynb": "mine"})
    new = write(tmp_path / "new", {**FILES, ".venv/x": "not the course"})
    done = update.update_course(learner, new, "main")
    assert not done.added and not done.replaced
    assert done.kept[0][1] == "21_a.new.ipynb"
    assert not (learner / ".venv").exists()


def test_an_interrupted_update_goes_on(published, learner, monkeypatch):
    publish(published, **{"21_a": "better", "22_b": "better", "24_d": "new"})
    real, calls = update.os.replace, []

    def breaks(source, target):
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(update.os, "replace", breaks)
    with pytest.raises(CourseError, match="No space left.*make room.*goes on"):
        update.update_course(learner, str(published), "main")
    assert not list(learner.rglob("*.tmp"))
    update.update_course(learner, str(published), "main")
    for name in ("21_a", "22_b"):
        assert (learner / "notebooks" / f"{name}.ipynb").read_text() == "better"
    assert not list(learner.rglob("*.new.ipynb"))


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_archives_with_one_folder_inside(tmp_path, published, learner, kind):
    publish(published, **{"24_d": "new"})
    archive = tmp_path / f"course.{kind}"
    git(published, "archive", "--prefix=course-main/", "-o", str(archive), "HEAD")
    assert [p.name for p in update.update_course(learner, archive, "main").added] == [
        "24_d.ipynb"
    ]


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/tmp/evil.txt", "a/../../evil.txt", "..\\evil"]
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_archives_that_lead_out_are_refused(tmp_path, learner, name, kind):
    path = tmp_path / f"evil.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, "x")
    else:
        with tarfile.open(path, "w") as archive:
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(
        CourseError, match="leads out of the folder.*nothing was unpacked"
    ):
        update.update_course(learner, path, "main")
    assert sorted(tmp_path.rglob("*")) == before


def test_archives_with_links_and_broken_ones_are_refused(tmp_path, learner):
    path = tmp_path / "link.tar"
    with tarfile.open(path, "w") as archive:
        link = tarfile.TarInfo("notebooks")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
    with pytest.raises(CourseError, match="holds a link"):
        update.update_course(learner, path, "main")
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(CourseError, match="cannot be unpacked.*get the file again"):
        update.update_course(learner, path, "main")


def test_no_network_and_no_course_are_one_sentence(tmp_path, learner):
    with pytest.raises(CourseError, match="Could not fetch.*check the network"):
        update.update_course(learner, "https://127.0.0.1:9/course.git", "main")
    with pytest.raises(CourseError, match="holds no course"):
        update.update_course(learner, write(tmp_path / "empty", {"x": ""}), "main")


def test_a_folder_in_the_way_is_named(published, learner):
    publish(published, **{"24_d": "new"})
    (learner / "notebooks" / "24_d.ipynb").mkdir()
    with pytest.raises(CourseError, match="24_d.ipynb is not an ordinary file"):
        update.update_course(learner, str(published), "main")


def test_the_real_course_updates_itself(tmp_path):
    """The checkout's committed state, from a clone of it: nothing to do."""
    if not (ROOT / ".git").exists() or not shutil.which("git") or not branch():
        pytest.skip("not a git checkout on a branch")
    git(tmp_path, "clone", "-q", str(ROOT), "mine")
    notebook = tmp_path / "mine" / "notebooks" / "00_start_here.ipynb"
    notebook.write_text("my answers")
    assert not update.update_course(tmp_path / "mine", str(ROOT), branch())
    assert notebook.read_text() == "my answers"


def branch():
    done = subprocess.run(
        ["git", "branch", "--show-current"], cwd=ROOT, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_without_git_everything_but_notebooks_is_replaced(tmp_path):
    """From an archive of the repository: the package, the scripts, the settings."""
    old = {
        **FILES,
        "dlcourse/checks.py": "old",
        "dlcourse/exercises/lesson_23.py": "old",
    }
    learner = write(tmp_path / "learner", {**old, "notes.txt": "mine"})
    new = write(
        tmp_path / "new", {name: f"{text}, better" for name, text in old.items()}
    )
    update.update_course(learner, new, "main")
    for name in set(old) - {n for n in old if n.endswith(".ipynb")}:
        assert (learner / name).read_text().endswith("better")
    beside = {p.relative_to(learner).as_posix() for p in learner.rglob("*.new.*")}
    assert beside == {f"notebooks/{x}.new.ipynb" for x in ("21_a", "22_b", "23_c")}
    assert (learner / "notes.txt").read_text() == "mine"


def test_what_older_updates_left_beside_is_cleared_away(tmp_path):
    learner = write(tmp_path / "learner", {**FILES, "Makefile": "old"})
    new = write(tmp_path / "new", {"Makefile": "new", **FILES, "pyproject.toml": "new"})
    left = {"Makefile.new": "new", "pyproject.new.toml": "new"}
    write(learner, {**left, "notebooks/src/21_a.new.py": "my own"})
    known = {"Makefile": update._digest(new / "Makefile")}
    known["pyproject.toml"] = update._digest(new / "pyproject.toml")
    (learner / update.MANIFEST).write_text(update.manifest_text(known))
    update.update_course(learner, new, "main")
    assert (learner / "Makefile").read_text() == "new"
    assert not any((learner / name).exists() for name in left)
    assert (learner / "notebooks" / "src" / "21_a.new.py").read_text() == "my own"


def test_without_git_an_untouched_notebook_is_replaced(tmp_path):
    from course import FINE, make_course, write_script

    from dlcourse.tools import catalog, notebooks

    learner = make_course(tmp_path / "learner", l90=FINE, l91=FINE)
    for lesson in catalog.read_lessons(learner):
        notebook = notebooks.skeleton(lesson)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.execution_count = 1
            if cell.source.startswith("Some prose") and lesson.number == "91":
                cell.source += " And my note."
        notebooks.write_notebook(notebook, lesson.notebook)
    new = make_course(tmp_path / "new", l90=FINE, l91=FINE)
    for number in ("90", "91"):
        write_script(new, number, FINE + "# better")
        (new / "notebooks" / f"{number}_tiny.ipynb").write_text("better")
    done = update.update_course(learner, new, "main")
    assert "90_tiny.ipynb" in [p.name for p in done.replaced]
    assert [beside for _, beside in done.kept] == ["91_tiny.new.ipynb"]
    assert "my note" in (learner / "notebooks" / "91_tiny.ipynb").read_text()
    assert [x.number for x in catalog.read_lessons(learner)] == ["90", "91"]


def test_a_bundle_updates_what_a_bundle_brought(tmp_path, published, monkeypatch):
    """Wheels larger than the limit stay in the archive; its manifest knows the old files."""
    monkeypatch.setattr(update, "LARGEST", 5_000)
    wheel = tmp_path / "big.whl"
    wheel.write_bytes(b"0" * 6_000)

    def bundled(name):
        (published / "notebooks" / ".ipynb_checkpoints").mkdir(exist_ok=True)
        (published / "notebooks" / ".ipynb_checkpoints" / "21_a.ipynb").write_text("x")
        bundle.pack(published, [wheel], tmp_path / name, "dlcourse-1")
        return tmp_path / name

    zipfile.ZipFile(bundled("1.zip")).extractall(tmp_path)
    learner = tmp_path / "dlcourse-1"
    assert not list(learner.rglob(".ipynb_checkpoints"))
    (learner / "notebooks" / "22_b.ipynb").write_text("my answers")
    publish(published, **{"21_a": "a, better", "22_b": "b, better"})
    shutil.rmtree(published / ".git")  # an instructor's folder may be an archive, too
    done = update.update_course(learner, bundled("2.zip"), "main")
    assert [p.name for p in done.replaced] == ["21_a.ipynb"]
    assert [beside for _, beside in done.kept] == ["22_b.new.ipynb"]
    assert not list(learner.rglob(".ipynb_checkpoints"))


def test_a_manifest_older_than_a_pull_does_not_win(published, learner):
    publish(published, **{"21_a": "second"})
    update.update_course(learner, str(published), "main")
    git(learner, "checkout", "-q", ".")
    git(learner, "clean", "-qf", "notebooks")
    publish(published, **{"21_a": "third"})
    git(learner, "pull", "-q")
    publish(published, **{"21_a": "fourth"})
    done = update.update_course(learner, str(published), "main")
    assert [p.name for p in done.replaced] == ["21_a.ipynb"] and not done.kept


def test_committed_answers_are_the_learners(published, learner):
    mine = learner / "notebooks" / "21_a.ipynb"
    mine.write_text("my answers")
    git(learner, "commit", "-qam", "my answers")
    publish(published, **{"21_a": "better"})
    assert update.update_course(learner, str(published), "main").kept
    assert mine.read_text() == "my answers"


@pytest.mark.parametrize("with_git", [True, False])
def test_renamed_and_dropped_lessons_go(published, learner, with_git):
    if not with_git:
        bundled = {p.as_posix(): update._digest(learner / p) for p in map(Path, FILES)}
        (learner / update.MANIFEST).write_text(update.manifest_text(bundled))
        shutil.rmtree(learner / ".git")
    own = write(
        learner, {"notebooks/71_own.ipynb": "o", "notebooks/src/71_own.py": "o"}
    )
    (learner / "notebooks" / "22_b.ipynb").write_text("my answers")
    for old, new in (("src/21_a.py", "src/21_new.py"), ("21_a.ipynb", "21_new.ipynb"),
                     ("22_b.ipynb", "22_new.ipynb")):  # fmt: skip
        git(published, "mv", f"notebooks/{old}", f"notebooks/{new}")
    git(published, "rm", "-q", "notebooks/23_c.ipynb")
    write(published, {"notebooks/src/22_new.py": "script b"})
    publish(published)
    done = update.update_course(learner, str(published), "main")
    names = {p.as_posix() for p in done.removed}
    assert names == {
        f"notebooks/{x}" for x in ("21_a.ipynb", "src/21_a.py", "23_c.ipynb")
    }
    assert not any((learner / name).exists() for name in names)
    assert [(p.name, new) for p, new in done.kept] == [("22_b.ipynb", "22_new.ipynb")]
    assert (learner / "notebooks" / "22_b.ipynb").read_text() == "my answers"
    assert (own / "notebooks" / "src" / "71_own.py").exists()


def test_a_renamed_lesson_of_unknown_origin_is_set_aside(tmp_path):
    learner = write(tmp_path / "learner", FILES)
    new = write(tmp_path / "new", {**FILES, "notebooks/src/21_new.py": "x"})
    (new / "notebooks" / "src" / "21_a.py").unlink()
    update.update_course(learner, new, "main")
    scripts = sorted(p.name for p in (learner / "notebooks" / "src").iterdir())
    assert scripts == ["21_a.old.py", "21_new.py"]


def test_line_ends_alone_are_no_change_of_the_learners(published, learner):
    mine = learner / "notebooks" / "21_a.ipynb"
    publish(published, **{"21_a": "one\ntwo\n"})
    git(learner, "pull", "-q")
    mine.write_bytes(b"one\r\ntwo\r\n")
    publish(published, **{"21_a": "one\ntwo\nthree\n"})
    assert not update.update_course(learner, str(published), "main").kept


def test_each_failure_names_its_cause(tmp_path, published, learner, monkeypatch):
    with pytest.raises(CourseError, match="no folder or file nowhere.zip"):
        update.update_course(learner, "nowhere.zip", "main")
    with pytest.raises(CourseError, match="names a user whom this machine"):
        update.update_course(learner, "~nobody-by-this-name/x", "main")
    with pytest.raises(CourseError, match="no-such-branch.*check the address"):
        update.update_course(learner, str(published), "no-such-branch")
    archive = tmp_path / "course.zip"
    git(published, "archive", "-o", str(archive), "HEAD")

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "extractall", full)
    with pytest.raises(CourseError, match="No space left on device"):
        update.update_course(learner, archive, "main")


def test_what_lies_beside_a_file_is_no_lesson_and_no_checker(tmp_path, monkeypatch):
    from course import FINE, make_course

    from dlcourse import exercises
    from dlcourse.tools import catalog

    course = make_course(tmp_path / "course", l90=FINE)
    script = course / "notebooks" / "src" / "90_tiny.py"
    for name in ("90_tiny.new.py", "90_tiny.new2.py", "90_tiny.old.py"):
        shutil.copy(script, script.with_name(name))
    assert [x.script.name for x in catalog.read_lessons(course)] == ["90_tiny.py"]
    write(tmp_path, {"lesson_23.py": "", "lesson_23.new.py": ""})
    monkeypatch.setattr(exercises, "__file__", str(tmp_path / "__init__.py"))
    assert exercises.lesson_numbers() == ["23"]
