"""A learner's own file: survives a crash, counts honestly, and makes a class's table."""

import io
import json
import os
import subprocess
import sys
import types

import pytest
from test_commands import cli

from dlcourse import CourseError, checks, journal
from dlcourse.expectations import expect
from dlcourse.tools import progress

ITEMS = {"21": ["21.1", "21.2", "21.q1"], "22": ["22.1"]}


@pytest.fixture
def mine(tmp_path, monkeypatch):
    path = tmp_path / "new folder" / "progress.jsonl"
    monkeypatch.setenv("DLCOURSE_PROGRESS", str(path))
    return path


def test_the_best_answer_counts(mine):
    for state in ("wrong", "right", "wrong"):
        journal.remember("check", "21.1", state)
    journal.remember("check", "21.2", "untouched")
    assert journal.read(mine) == {"21.1": "right"}


def test_check_and_nothing_else_writes(mine, monkeypatch, capsys):
    monkeypatch.setitem(
        checks.CHECKERS, "21.9", lambda answer: expect(answer == 4, "no")
    )
    for answer in (..., 3, 4):
        checks.check("21.9", answer)
    checks.claim("a claim", True)
    states = [json.loads(line)["state"] for line in mine.read_text().splitlines()]
    assert states == ["wrong", "right"]


def test_off_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_PROGRESS", "off")
    journal.remember("check", "21.1", "right")
    assert journal.file() is None and journal.read(journal.file()) == {}


def test_a_torn_line_is_passed_over_and_mended(mine):
    journal.remember("check", "21.1", "right")
    with open(mine, "ab") as file:
        file.write(b'{"time": 1, "kind": "che')  # the machine went down here
    journal.remember("check", "21.2", "right")
    assert journal.read(mine) == {"21.1": "right", "21.2": "right"}


@pytest.mark.parametrize(
    "junk", [b"\xff\xfe", b"[]\n3\nnull\n", b'{"number": 1}\n', b"\n\n"]
)
def test_junk_in_the_file_is_passed_over(mine, junk):
    mine.parent.mkdir()
    mine.write_bytes(junk)
    journal.remember("quiz", "21.q1", "right")
    assert journal.read(mine) == {"21.q1": "right"}


def test_a_disk_that_refuses_does_not_stop_the_lesson(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DLCOURSE_PROGRESS", str(tmp_path / "file" / "progress.jsonl"))
    journal.remember("check", "21.1", "right")


def test_check_runs_on_whatever_cannot_be_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DLCOURSE_PROGRESS", "~nobody-by-this-name/progress.jsonl")
    monkeypatch.setenv("DLCOURSE_REPORT", str(tmp_path / "no" / "report.jsonl"))
    checks.check("21.1", 1)
    shown = capsys.readouterr()
    assert "21.1" in shown.out and "cannot be written" in shown.err
    with pytest.raises(CourseError, match="names a user whom this machine does not"):
        journal.file()


def test_check_runs_on_without_a_working_folder(tmp_path, monkeypatch, capsys):
    def raises(answer):
        exec(compile("1 / 0", "relative.py", "exec"))

    monkeypatch.setitem(checks.CHECKERS, "21.9", raises)
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    checks.check("21.9", 1)
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_a_line_is_one_write_at_the_end(mine, monkeypatch):
    opened, written = [], []
    real_open, real_write = os.open, os.write
    monkeypatch.setattr(os, "open", lambda *a: opened.append(a[1]) or real_open(*a))
    monkeypatch.setattr(os, "write", lambda *a: written.append(a[1]) or real_write(*a))
    journal.remember("check", "21.1", "right")
    assert opened[-1] & os.O_APPEND and len(written) == 1
    assert written[0].endswith(b"\n") and mine.read_bytes() == written[0]


def test_kernels_that_write_at_once_lose_nothing(mine):
    code = (
        "from dlcourse import journal\n"
        "import sys\n"
        "for i in range(200): journal.remember('check', f'{sys.argv[1]}.{i}', 'right')"
    )
    kernels = [
        subprocess.Popen([sys.executable, "-c", code, str(n)]) for n in (21, 22, 23)
    ]
    assert [kernel.wait() for kernel in kernels] == [0, 0, 0]
    assert len(journal.read(mine)) == 600


def test_the_courses_own_solution_is_not_the_learners(mine, monkeypatch):
    cells = ["", "# @title Solution 21.1\ncheck(...)"]
    shell = types.SimpleNamespace(user_ns={"In": cells})
    ipython = types.SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    journal.remember("check", "21.1", "right")
    assert journal.read(mine) == {"21.1": "shown"}
    cells.append('check("21.1", mine)')
    journal.remember("check", "21.1", "right")
    assert journal.read(mine) == {"21.1": "right"}
    monkeypatch.delitem(sys.modules, "IPython")  # as in a script
    journal.remember("check", "21.2", "right")
    assert journal.read(mine)["21.2"] == "right"


@pytest.mark.parametrize(
    "best, step",
    [
        ({}, "21.1"),
        ({"21.1": "right"}, "21.2"),
        ({"22.1": "shown"}, "22.1"),  # a solution looked at is still to be done
        ({"21.1": "right", "21.2": "right", "21.q1": "right"}, "22.1"),
        (dict.fromkeys(["21.1", "21.2", "21.q1", "22.1"], "right"), None),
    ],
)
def test_what_is_next(best, step):
    assert progress.next_step(best, ITEMS) == step


def test_thirty_learners_make_one_table(tmp_path):
    paths = []
    for number in range(30):
        path = tmp_path / f"{number}.json"
        right = {"21.1": "right", "21.2": "shown"} if number % 2 else {}
        progress.export(path, f"learner {number:02}", right)
        paths.append(path)
    paths[3].write_text("not JSON")
    paths[4].write_text('{"format": "other", "learner": "x", "results": {}}')
    paths[5].write_text(
        json.dumps({"format": progress.FORMAT, "learner": "=1+1", "results": {}})
    )
    text = io.StringIO()
    unusable = progress.merge(paths, text, ITEMS)
    rows = text.getvalue().splitlines()
    assert unusable == [str(paths[3]), str(paths[4])]
    assert rows[0] == "learner,21,22,all" and rows[1] == "(possible),3,1,4"
    assert len(rows) == 2 + 28
    assert "learner 07,1,0,1" in rows and "learner 08,0,0,0" in rows
    assert "'=1+1,0,0,0" in rows


def test_an_export_that_fails_is_one_sentence(tmp_path):
    with pytest.raises(CourseError, match="choose another file with --export"):
        progress.export(tmp_path / "none" / "me.json", "me", {})


def test_the_command(mine, tmp_path):
    journal.remember("check", "21.1", "right")
    shown = cli("progress").stdout
    open_ones = "·" * (len(checks.exercises_of("21")) - 1)
    assert f"21   exercises ✓{open_ones} " in shown and "Next: 21.2." in shown
    exported = tmp_path / "me.json"
    assert cli("progress", "--export", str(exported), "--name", "Ada").returncode == 0
    done = cli("progress", str(exported), "README.md")
    assert "Ada," in done.stdout and done.returncode == 1
    assert done.stderr == "✗ README.md is not an exported progress file: left out.\n"
