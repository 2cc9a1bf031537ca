"""What GitHub, Codespaces and whoever cites the course read: workflows, forms, versions."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from dlcourse.tools import catalog, cli, stamps, update

sys.path.insert(0, str(ROOT / "tests"))
import colab
import run_all

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]_*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VERSIONS = [
    c.split(" :: ")[-1] for c in PROJECT["project"]["classifiers"] if "Python ::" in c
]
needs_bash = pytest.mark.skipif(
    os.name != "posix" or not shutil.which("bash"), reason="needs bash"
)


def read(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    workflow["on"] = workflow.pop(True)  # YAML takes "on" for a truth value
    return workflow


def jobs(path):
    return read(path)["jobs"].items()


def steps(path):
    return [step for _, job in jobs(path) for step in job.get("steps", ())]


def commands(text):
    """Return the lines of a ``run``."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def every_command():
    """Return what workflows and the container run, with the place."""
    found = [
        (path.name, line)
        for path in WORKFLOWS
        for step in steps(path)
        for line in commands(step.get("run", ""))
    ]
    return [*found, ("devcontainer", container()["postCreateCommand"])]


def container():
    text = (ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    return json.loads(re.sub(r"(?m)^\s*//.*$", "", text))


# ── workflows ───────────────────────────────────────────────────────────────────


def test_what_a_workflow_calls_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"(?m)^\.PHONY: (.*)$", makefile)[1].split()
    asked = {"make": 0, "dlcourse": 0, "tests": 0}
    for place, line in every_command():
        for target in re.findall(r"\bmake ([\w-]+)", line):
            assert target in targets, f"{place}: make {target}"
            asked["make"] += 1
        for name, rest in re.findall(r"(?:-m |^)dlcourse ([\w-]+)(.*)", line):
            command = cli.main.commands.get(name)
            assert command, f"{place}: dlcourse {name}"
            options = {word for option in command.params for word in option.opts}
            for word in re.findall(r"--[\w-]+", rest):
                assert word in options, f"{place}: dlcourse {name} {word}"
            asked["dlcourse"] += 1
        for file, rest in re.findall(r"python (tests/\S+)(.*)", line):
            assert (ROOT / file).is_file(), f"{place}: {file}"
            if file == "tests/run_all.py":  # it stops at what it does not know
                stages, _ = run_all.split(rest.split())
                assert set(stages) <= set(rest.split())
            asked["tests"] += 1
    assert asked["make"] >= 6 and asked["dlcourse"] >= 3 and asked["tests"] >= 2


def test_without_make_they_install_as_the_readme_says():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    job = read(ROOT / ".github" / "workflows" / "tests.yml")["jobs"]["short"]
    (run,) = [x["run"] for x in job["steps"] if "pip install" in x.get("run", "")]
    assert [line for line in commands(run) if line not in readme] == []
    assert {x.partition("-")[0] for x in job["strategy"]["matrix"]["system"]} == {
        "macos", "windows",
    }  # fmt: skip


def test_they_run_every_python_that_the_course_names_and_no_other():
    tests = read(ROOT / ".github" / "workflows" / "tests.yml")["jobs"]
    for name in ("whole", "short"):
        assert tests[name]["strategy"]["matrix"]["python"] == VERSIONS
    asked = [
        step["with"]["python-version"]
        for path in WORKFLOWS
        for step in steps(path)
        if "setup-python" in step.get("uses", "")
    ]
    # a string: YAML would read 3.10 as 3.1
    assert asked and set(asked) <= {*VERSIONS, "${{ matrix.python }}"}
    assert container()["image"].rpartition(":")[2] in VERSIONS


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_do_little_and_ends(path):
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["group"].startswith(path.stem)
    asked = {name: job.get("permissions") for name, job in jobs(path)}
    extra = {name: set(asked[name]) for name in asked if asked[name]}
    allowed = {"publish": {"contents"}, "deploy": {"pages", "id-token"}}
    assert extra == {name: allowed[name] for name in extra}
    assert "pull_request_target" not in workflow["on"]
    for name, job in jobs(path):
        assert "uses" in job or 5 <= job["timeout-minutes"] <= 120, name
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"]), step["uses"]
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_an_action_has_one_version_everywhere():
    used = {x["uses"] for path in WORKFLOWS for x in steps(path) if "uses" in x}
    assert len({use.partition("@")[0] for use in used}) == len(used)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_secret_can_be_printed_and_no_name_be_executed(path):
    """An expression inside a command is replaced before the shell reads it."""
    text = path.read_text(encoding="utf-8")
    assert "secrets" not in text and "toJSON" not in text
    for step in steps(path):
        run = step.get("run", "")
        assert "${{" not in run, run
        assert not re.search(r"set -\w*x|xtrace|\bprintenv|\benv\b|\bset$|TOKEN", run)
    holders = [
        name
        for name, job in jobs(path)
        for step in job.get("steps", ())
        if "token" in str(step.get("env", {})) + str(step.get("with", {}))
    ]
    assert set(holders) <= {"publish"} and "token" not in str(read(path).get("env", ""))


def test_pip_gets_the_whole_history_where_it_clones_the_clone(tmp_path):
    for path in WORKFLOWS:
        for _, job in jobs(path):
            if "make colab" in str(job.get("steps")):
                assert job["steps"][0]["with"]["fetch-depth"] == 0
    whole, shallow = tmp_path / "whole", tmp_path / "shallow"
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@y"]
    subprocess.run(["git", "init", "-q", whole], check=True)
    for text in ("one", "two"):
        (whole / "file").write_text(text)
        subprocess.run([*git, "add", "."], cwd=whole, check=True)
        subprocess.run([*git, "commit", "-qm", text], cwd=whole, check=True)
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", whole.as_uri(), shallow], check=True
    )
    colab.refuse_shallow(whole)
    with pytest.raises(SystemExit, match="--unshallow"):
        colab.refuse_shallow(shallow)


def named_step(name):
    (step,) = [
        x
        for x in steps(ROOT / ".github" / "workflows" / "release.yml")
        if x.get("name") == name
    ]
    return step


def bash(step, cwd, **environment):
    """Run a step as GitHub does with ``shell: bash``."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=cwd, env={**os.environ, "PATH": path, **environment},
        capture_output=True, text=True,
    )  # fmt: skip


@needs_bash
def test_only_the_versions_own_tag_is_released():
    step = named_step("The tag is the version")
    good = catalog.release(ROOT)
    assert bash(step, ROOT, TAG=good).returncode == 0
    for tag in (f"{good}0", good[1:], "v", f"{good}-rc1", '$(touch x)"'):
        assert bash(step, ROOT, TAG=tag).returncode == 1, tag


@needs_bash
def test_a_releases_notes_are_its_part_of_the_changelog(tmp_path):
    folder = tmp_path / ".github"
    folder.mkdir()
    text = "# New\n\nfirst\n\n## 0.2.0\n\n- b\n\n## 0.1.0 (today)\n\n- a\n"
    (folder / "CHANGELOG.md").write_text(text)
    step = named_step("What is new")
    for tag, said in (("v0.2.0", "- b"), ("v0.1.0", "- a")):
        assert bash(step, tmp_path, TAG=tag).returncode == 0
        assert (tmp_path / "notes.md").read_text().strip() == said
    assert bash(step, tmp_path, TAG="v0.3.0").returncode == 1


# ── versions ────────────────────────────────────────────────────────────────────


def test_one_version_everywhere():
    """The tag is what a notebook in Colab fetches the helpers of."""
    version, tag = PROJECT["project"]["version"], catalog.release(ROOT)
    name, _ = catalog.repository(ROOT)
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert text == stamps._stamped_citation(text, name, tag)
    citation = yaml.safe_load(text)
    assert citation["version"] == version and tag == f"v{version}"
    assert citation["repository-code"] == f"https://github.com/{name}"
    terms = re.split(" AND ", PROJECT["project"]["license"])
    assert citation["license"] == terms
    assert [x["name"] for x in citation["authors"]] == [
        x["name"] for x in PROJECT["project"]["authors"]
    ]
    for lesson in catalog.read_lessons(ROOT):
        for path in (lesson.script, lesson.notebook):
            if path.is_file():
                fetched = set(
                    re.findall(
                        rf"git\+https://github\.com/{name}@([^\s\"\\]+)",
                        path.read_text(encoding="utf-8"),
                    )
                )
                assert fetched == {tag}, path.name
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"git tag {tag}" in readme and f"main {tag}" in readme
    log = (ROOT / ".github" / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"(?m)^## (\S+)", log)[1] == version
    assert len(log.split("\n## ")[1].splitlines()) <= 30


# ── forms and the rest of the house ─────────────────────────────────────────────


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_can_be_sent(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert form["name"] and form["description"]
    names = [item["id"] for item in form["body"]]
    assert len(set(names)) == len(names)
    assert any(item.get("validations", {}).get("required") for item in form["body"])
    for item in form["body"]:
        assert item["attributes"]["label"]


def test_the_lessons_last_line_still_opens_an_issue():
    lesson = catalog.read_lessons(ROOT)[0]
    footer = stamps.footer_cell(lesson, [lesson], "a/b", "main")
    form = re.search(r"issues/new\?(?:template=([\w.]+)&)?title=", footer)
    config = (ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml").read_text()
    if form[1]:
        assert form[1] in [path.name for path in FORMS]
    else:  # a plain one, which must not be forbidden
        assert yaml.safe_load(config)["blank_issues_enabled"] is True


def test_the_container_opens_what_is_there():
    for file in container()["customizations"]["codespaces"]["openFiles"]:
        assert (ROOT / file).is_file()
    assert container()["forwardPorts"] == [8888]  # where `make lab` looks first


def test_in_a_codespace_jupyterlab_answers_its_own_pages_alone(monkeypatch):
    from traitlets.config.loader import PyFileConfigLoader

    def pattern():
        loader = PyFileConfigLoader("jupyter_server_config.py", str(ROOT / ".jupyter"))
        return loader.load_config().ServerApp.get("allow_origin_pat")

    monkeypatch.delenv("CODESPACE_NAME", raising=False)
    assert not pattern()  # elsewhere nothing is loosened
    monkeypatch.setenv("CODESPACE_NAME", "fluffy-tribble-x7")
    monkeypatch.setenv("GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN", "app.github.dev")
    mine = "https://fluffy-tribble-x7-8888.app.github.dev"
    assert re.match(pattern(), mine)  # as older servers ask; newer ones want all of it
    for other in (
        f"{mine}.evil.org", mine.replace("x7", "x8"), mine.replace(".dev", "xdev"),
        mine.replace("https", "http"),
    ):  # fmt: skip
        assert not re.match(pattern(), other)


def test_the_top_level_stays_small():
    """It is what people see first; everything else has its folder."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    tops = {path.parts[0] for path in update.course_files(ROOT)}
    assert {top for top in tops if not top.startswith(".")} <= {
        "README.md", "requirements.txt", "constraints.txt", "environment.yml",
        "pyproject.toml", "Makefile", "LICENSE", "INSTRUCTORS.md", "RESULTS.md",
        "CONTRIBUTING.md", "CITATION.cff", "notebooks", "dlcourse", "data", "tests",
    }  # fmt: skip
