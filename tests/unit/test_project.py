"""The three lists of packages agree; the address stands in one place; the package is whole."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from dlcourse import CourseError, doctor
from dlcourse.tools import catalog, stamps, update

sys.path.insert(0, str(ROOT / "tests"))
import colab
import run_all


def requirements():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def for_tests():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    return [Requirement(line) for line in extras["test"] + extras["site"]]


def pins():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


def test_the_tested_set_lies_within_the_ranges():
    for requirement in [*requirements(), *for_tests()]:
        version = pins()[canonicalize_name(requirement.name)]
        assert version in requirement.specifier, (
            f"{requirement} does not admit {version}"
        )


def test_what_only_tests_need_is_an_extra_and_asked_for(monkeypatch):
    ours = {requirement.name for requirement in for_tests()}
    assert not ours & {requirement.name for requirement in requirements()}
    modules = {name.removeprefix("pytest-").replace("-", "_") for name in ours}
    assert modules == set(run_all.NEEDED)
    run_all.check_packages()
    monkeypatch.setattr(run_all, "NEEDED", ("ruff", "no_such_package"))
    with pytest.raises(
        SystemExit, match=r"need no_such_package: run .*\.\[test,site\]"
    ):
        run_all.check_packages()


def test_the_conda_environment_has_the_same_ranges():
    import yaml

    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    *conda, last = environment["dependencies"]
    assert "python=3.12" in conda and "pip" in conda
    listed = [Requirement(x) for x in last["pip"] if not x.startswith("-e")]
    listed += [Requirement(x) for x in conda if not re.match(r"(python=|pip$)", x)]
    wanted = {str(r) for r in requirements()}
    assert {str(r) for r in listed} == wanted
    assert "-e ." in last["pip"]


def test_the_ranges_admit_what_colab_preinstalls():
    ranges = {r.name: r.specifier for r in requirements()}
    pins = colab.PACKAGES.read_text(encoding="utf-8").splitlines()
    ours = [pin.split("==") for pin in pins if pin.split("==")[0] in ranges]
    assert len(ours) >= 12
    for name, version in (pin for pin in ours if len(pin) == 2):
        assert version in ranges[name], (
            f"{name}: {ranges[name]} does not admit {version}"
        )


def naming_the_address(root):
    """Return the files that name the course's address and are not made from it."""
    name, _ = catalog.repository(root)
    made = ("notebooks/", "README.md", "pyproject.toml", "CITATION.cff")
    return [
        file
        for file in map(Path.as_posix, update.course_files(root))
        if not file.startswith(made)
        and f"github.com/{name}"
        in (root / file).read_text(encoding="utf-8", errors="ignore")
    ]


def test_the_address_stands_in_one_place(fork):
    assert naming_the_address(ROOT) == []
    name, _ = catalog.repository(fork)
    (fork / "NOTES.md").write_text(f"see https://github.com/{name}")
    assert naming_the_address(fork) == ["NOTES.md"]  # without git, too


@pytest.fixture
def fork(tmp_path):
    """A copy of what the address command works on."""
    for item in (
        "pyproject.toml", "README.md", "CITATION.cff", "notebooks/README.md",
    ):  # fmt: skip
        (tmp_path / item).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / item, tmp_path / item)
    shutil.copytree(ROOT / "notebooks" / "src", tmp_path / "notebooks" / "src")
    return tmp_path


def test_a_fork_publishes_under_its_own_address(fork):
    old, _ = catalog.repository(ROOT)
    catalog.set_address(fork, "https://github.com/someone/their-course")
    assert catalog.repository(fork)[0] == "someone/their-course"
    assert stamps.stamp(fork)
    assert stamps.stamp(fork) == []
    for path in [
        *fork.rglob("*.py"),
        fork / "README.md",
        fork / "CITATION.cff",
        fork / "notebooks" / "README.md",
    ]:
        text = path.read_text(encoding="utf-8")
        assert f"github.com/{old}" not in text and f"github/{old}/" not in text, (
            path.name
        )
        assert f"/gh/{old}/" not in text
    script = next((fork / "notebooks" / "src").glob("23*.py")).read_text(
        encoding="utf-8"
    )
    assert (
        f"git+https://github.com/someone/their-course@{catalog.release(ROOT)}" in script
    )
    assert (
        "colab.research.google.com/github/someone/their-course/blob/main/notebooks/23"
        in script
    )


def bootstrap_of(fork, number):
    """Return the code of a stamped script's set-up cell."""
    (script,) = (fork / "notebooks" / "src").glob(f"{number}_*.py")
    text = script.read_text(encoding="utf-8")
    return text.split('tags=["bootstrap"]\n')[1].split("# %%")[0]


def test_colab_gets_the_helpers_of_this_version_and_nothing_else(fork, monkeypatch):
    project = tomllib.loads((fork / "pyproject.toml").read_text())["project"]
    assert catalog.release(fork) == f"v{project['version']}"
    text = (fork / "pyproject.toml").read_text()
    raised = text.replace(f'version = "{project["version"]}"', 'version = "9.9"')
    (fork / "pyproject.toml").write_text(raised)
    script = next((fork / "notebooks" / "src").glob("00_*.py"))
    header = script.read_text(encoding="utf-8")
    packages = "#     packages: {no_such_module: no-such-package>=1}\n"
    script.write_text(header.replace("#     needs:", packages + "#     needs:", 1))
    stamps.stamp(fork)
    asked = []

    def install(command):
        asked.append(command[3:])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", install)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.delenv("DLCOURSE_INSTALL", raising=False)
    exec(bootstrap_of(fork, "00"), {})
    name, _ = catalog.repository(fork)
    pip = ["install", "-q", "--no-deps"]  # nothing that Colab brings is replaced
    assert asked == [[*pip, f"git+https://github.com/{name}@v9.9"],
                     [*pip, "no-such-package>=1"]]  # fmt: skip


@pytest.mark.parametrize(
    "address", ["someone/x", "https://gitlab.com/a/b", "https://github.com/a", ""]
)
def test_an_unusable_address_is_refused(address):
    with pytest.raises(CourseError, match="is not a repository address"):
        catalog.github_name(address)


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_a_checkout_has_the_same_bytes_on_every_system(tmp_path):
    """As git does it on Windows, where it turns line ends unless it is told."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    subprocess.run(
        ["git", "-c", "core.autocrlf=true", "clone", "-q", str(ROOT), "copy"],
        cwd=tmp_path, check=True,
    )  # fmt: skip
    for file in (tmp_path / "copy").rglob("*"):
        if file.suffix in (".csv", ".txt", ".md", ".ipynb", ".py"):
            assert b"\r\n" not in file.read_bytes(), file


def test_a_script_without_header_is_named(tmp_path):
    path = tmp_path / "23_x.py"
    path.write_text("# %%\nprint(1)\n")
    with pytest.raises(CourseError, match="23_x.py has no usable dlcourse header"):
        catalog.read_lesson(path)


def test_the_readme_and_the_index_are_stamped():
    all_lessons = catalog.read_lessons(ROOT)
    name, branch = catalog.repository(ROOT)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme == stamps._stamped_readme(readme, all_lessons, name, branch)
    for lesson in all_lessons:
        assert f"(notebooks/{lesson.notebook.name})" in readme
    index = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    assert index == stamps._index(all_lessons, name, branch)


def test_lessons_need_only_lessons_that_exist():
    numbers = [lesson.number for lesson in catalog.read_lessons(ROOT)]
    assert numbers == sorted(set(numbers))
    for lesson in catalog.read_lessons(ROOT):
        assert set(lesson.needs) <= set(numbers) and lesson.number not in lesson.needs


def test_the_links_in_the_documents_lead_somewhere():
    for page in [
        *ROOT.glob("*.md"),
        *ROOT.glob("notebooks/**/*.md"),
        *ROOT.glob("data/*.md"),
        *ROOT.glob(".github/*.md"),
    ]:
        for link in re.findall(
            r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")
        ):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_wheel_carries_code_data_and_notebooks(tmp_path):
    """Whoever installs only the package gets exercises, data and notebooks with it."""
    source = tmp_path / "source"
    source.mkdir()
    for item in ("pyproject.toml", "requirements.txt", "README.md", "LICENSE"):
        shutil.copy(ROOT / item, source / item)
    ignore = shutil.ignore_patterns("__pycache__")
    for folder in ("dlcourse", "data", "notebooks", ".jupyter"):
        shutil.copytree(ROOT / folder, source / folder, ignore=ignore)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index",
               "--no-build-isolation", "-w", tmp_path, source]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    wheel = zipfile.ZipFile(next(tmp_path.glob("*.whl")))
    names = wheel.namelist()
    for file in (ROOT / "data").iterdir():
        if file.suffix in (".csv", ".txt"):
            assert f"dlcourse/data/{file.name}" in names
    for lesson in catalog.read_lessons(ROOT):
        assert f"dlcourse/exercises/lesson_{lesson.number}.py" in names
        stored = wheel.read(f"dlcourse/notebooks/{lesson.notebook.name}")
        assert stored == lesson.notebook.read_bytes()
    for file in (ROOT / ".jupyter").rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            where = file.relative_to(ROOT / ".jupyter").as_posix()
            assert f"dlcourse/settings/{where}" in names
    tops = {name.split("/")[0] for name in names}
    assert tops == {"dlcourse", next(x for x in tops if x.endswith(".dist-info"))}
    assert not any("/src/" in name for name in names)
    # installed, without a checkout around: `dlcourse lab` brings the notebooks
    wheel.extractall(tmp_path / "site")
    (tmp_path / "site" / "jupyterlab.py").write_text(
        "import os, sys; print(sys.argv[1:], os.environ['JUPYTER_CONFIG_PATH'])"
    )
    work = tmp_path / "work"
    (work / "notebooks").mkdir(parents=True)
    (work / "notebooks" / "11_loading_and_preprocessing.ipynb").write_text("mine")
    entry = "import sys; from dlcourse.__main__ import main; sys.argv[0] = 'dlcourse'; main()"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", entry, "lab", "--no-browser"], cwd=work,
            env=environment, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert f"{work / 'notebooks' / '00_start_here.ipynb'}" in done.stdout
        assert str(tmp_path / "site" / "dlcourse" / "settings") in done.stdout
        there = {path.name for path in (work / "notebooks").glob("*.ipynb")}
        assert there == {x.notebook.name for x in catalog.read_lessons(ROOT)}
        kept = work / "notebooks" / "11_loading_and_preprocessing.ipynb"
        assert kept.read_text() == "mine"
        (work / "notebooks" / "00_start_here.ipynb").write_text("answered")
    assert "new in" not in done.stdout
    assert (work / "notebooks" / "00_start_here.ipynb").read_text() == "answered"


def test_colabs_versions_come_from_a_file(tmp_path, capsys):
    target, listing = tmp_path / "packages.txt", tmp_path / "freeze.txt"
    before = "# for Python 3.13\nkeras==3.13.2\nscikit-learn==1.6.1\npooch\n"
    target.write_text(before)
    listing.write_text("Keras==3.14.0\npooch==1.9\n")
    with pytest.raises(SystemExit, match="lists no scikit-learn.*nothing was changed"):
        colab.update(listing, target)
    assert target.read_text() == before
    listing.write_text("Keras==3.14.0\nscikit_learn==1.7.0+cu12\nx @ file:///y\n")
    colab.update(listing, target)
    assert target.read_text() == before.replace("3.13.2", "3.14.0").replace(
        "1.6.1", "1.7.0"
    )
    assert "keras: 3.13.2 → 3.14.0" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="Cannot read"):
        colab.update(tmp_path / "none.txt", target)


def test_instructors_plans_add_up_and_name_every_lesson():
    text = (ROOT / "INSTRUCTORS.md").read_text(encoding="utf-8")
    half_day = text.split("### Half a day")[1].split("###")[0]
    minutes = [int(m) for m in re.findall(r"(?m)^\| (\d+) \|", half_day)]
    hours, rest = map(int, re.search(r"\((\d+) h (\d+) min\)", half_day).groups())
    assert sum(minutes) == 60 * hours + rest
    two_days = text.split("### Two days")[1].split("###")[0]
    rows = re.findall(r"(?m)^\| (\d+) \|.*?\| (\d+) \|", two_days)
    total = sum(int(a) + int(b) for a, b in rows)
    assert abs(total / 60 - int(re.search(r"\((\d+) h\)", two_days)[1])) < 0.5
    stops = text.split("## What to ask at each stop")[1].split("## ")[0]
    named = re.findall(r"(?m)^\| \*\*(\d\d)\*\*", stops)
    assert named == [lesson.number for lesson in catalog.read_lessons(ROOT)]


def test_the_oldest_python_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    oldest = ".".join(map(str, doctor.OLDEST_PYTHON))
    assert project["requires-python"] == f">={oldest}"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"You need Python ([\d.]+)", readme)[1] == oldest
    main = (ROOT / "dlcourse" / "__main__.py").read_text(encoding="utf-8")
    assert f"sys.version_info < ({oldest.replace('.', ', ')})" in main
    binder = (ROOT / "environment.yml").read_text(encoding="utf-8")
    newer = re.search(r"python=3\.(\d+)", binder)[1]
    assert int(newer) >= doctor.OLDEST_PYTHON[1]


# What lessons call, or what they call calls; checkers' words are in ``expectations``.
LEARNERS_READ = (
    "checks", "data_types", "datasets", "errors", "figures", "journal", "package_data",
    "plots", "quizzes", "session", "training",
)  # fmt: skip


def test_what_learners_call_stays_small():
    """The helpers that lessons import can be read in a sitting."""
    files = [ROOT / "dlcourse" / f"{name}.py" for name in LEARNERS_READ]
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
    assert 1000 < lines <= 2200


def test_the_readmes_figures_stand_in_results():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    page = (ROOT / "RESULTS.md").read_text(encoding="utf-8")
    part = readme.split("\n## Measured\n")[1].split("\n## ")[0]
    rows = [line for line in part.splitlines() if re.match(r"\|.*\d", line)]
    assert len(rows) >= 8
    assert not [row for row in rows if row not in page.splitlines()]


def test_the_tested_set_admits_the_first_release_of_every_supported_python():
    """A distribution's own Python may be old: Debian 12 has 3.11.2."""
    for name in pins():
        try:
            wanted = metadata.metadata(name)["Requires-Python"]
        except metadata.PackageNotFoundError:  # of another system, or of another Python
            continue
        for python in ("3.11.0", "3.12.0", "3.13.0"):
            assert not wanted or python in SpecifierSet(wanted), f"{name}: {wanted}"
