"""The archive for a room without a network: what is in it, and whole or not at all."""

import shutil
import subprocess
import zipfile

import pytest
from conftest import ROOT

from dlcourse import CourseError
from dlcourse.tools import bundle


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    for name in (
        "Makefile",
        "notebooks/21_a.ipynb",
        "data/prices.csv",
        ".github/a.png",
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    for name in (".venv/big", "runs/x.ipynb", "bundle/old.zip", "wheels/a.whl"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("each machine's own")
    return root


@pytest.fixture
def one_wheel(monkeypatch):
    def fetch(root, folder):
        wheel = folder / "keras-3-py3-none-any.whl"
        wheel.write_bytes(b"PK")
        return [wheel]

    monkeypatch.setattr(bundle, "fetch_wheels", fetch)


@pytest.mark.parametrize("with_git", [False, True])
def test_it_holds_the_course_and_the_wheels_in_one_folder(
    course, one_wheel, tmp_path, with_git
):
    if with_git:
        (course / ".gitignore").write_text(".venv\nruns\nbundle\nwheels\n")
        subprocess.run(["git", "init", "-q"], cwd=course, check=True)
        subprocess.run(["git", "add", "."], cwd=course, check=True)
    path = bundle.write_bundle(course, tmp_path / "out", "1.2")
    name = bundle.name_of_bundle("1.2")
    assert path.name == f"{name}.zip"
    names = set(zipfile.ZipFile(path).namelist()) - {f"{name}/.gitignore"}
    inside = {"Makefile", "notebooks/21_a.ipynb", "data/prices.csv", ".github/a.png"}
    inside |= {"wheels/keras-3-py3-none-any.whl", ".dlcourse-delivered.json"}
    assert names == {f"{name}/{file}" for file in inside}
    assert [p.name for p in (tmp_path / "out").iterdir()] == [path.name]


def test_no_network_is_one_sentence_and_leaves_nothing(course, tmp_path, monkeypatch):
    (course / "requirements.txt").write_text("no-such-package-as-this==1\n")
    (course / "constraints.txt").write_text("")
    shutil.copy(ROOT / "pyproject.toml", course)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(CourseError, match="could not be fetched.*check the network"):
        bundle.write_bundle(course, tmp_path / "out", "1")
    assert not list((tmp_path / "out").iterdir())


def test_a_full_disk_and_a_file_in_the_way_are_one_sentence(
    course, one_wheel, tmp_path, monkeypatch
):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(bundle, "pack", full)
        with pytest.raises(CourseError, match="No space left.*another folder"):
            bundle.write_bundle(course, tmp_path / "out", "1")
    assert not list((tmp_path / "out").iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(bundle, "NEEDED_GB", 1e9)
        with pytest.raises(CourseError, match="make room"):
            bundle.write_bundle(course, tmp_path / "out", "1")
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="Cannot write.*another folder"):
        bundle.write_bundle(course, tmp_path / "file", "1")
