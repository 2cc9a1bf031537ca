"""Updates bring what is new and never touch what the learner changed."""

import io
import shutil
import subprocess
import tarfile
import zipfile

import pytest
from conftest import ROOT

from dlcourse import CourseError
from dlcourse.tools import update

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
    added, replaced, kept = update.update_course(learner, str(published), "main")
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
    assert update.update_course(learner, str(published), "main") == ([], [], [])


def test_a_second_update_knows_what_the_first_delivered(published, learner):
    publish(published, **{"21_a": "second"})
    update.update_course(learner, str(published), "main")
    mine = learner / "notebooks" / "21_a.ipynb"
    mine.write_text("second, with my answers")
    for text in ("third", "fourth"):
        publish(published, **{"21_a": text})
        beside = update.update_course(learner, str(published), "main")[2][0][1]
        if text == "third":  # the learner works in the new one, too
            mine.with_name(beside).write_text("third, with my answers")
    assert mine.read_text() == "second, with my answers"
    assert mine.with_name("21_a.new.ipynb").read_text() == "third, with my answers"
    assert mine.with_name("21_a.new2.ipynb").read_text() == "fourth"


def test_without_git_or_manifest_whatever_differs_is_the_learners(tmp_path):
    learner = write(tmp_path / "learner", {**FILES, "notebooks/21_a.ipynb": "mine"})
    new = write(tmp_path / "new", {**FILES, ".venv/x": "not the course"})
    added, replaced, kept = update.update_course(learner, new, "main")
    assert not added and not replaced and kept[0][1] == "21_a.new.ipynb"
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
    assert [p.name for p in update.update_course(learner, archive, "main")[0]] == [
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
    added, replaced, kept = update.update_course(tmp_path / "mine", str(ROOT), branch())
    assert (added, replaced, kept) == ([], [], [])
    assert notebook.read_text() == "my answers"


def branch():
    done = subprocess.run(
        ["git", "branch", "--show-current"], cwd=ROOT, capture_output=True, text=True
    )
    return done.stdout.strip()
