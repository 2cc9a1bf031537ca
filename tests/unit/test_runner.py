"""The course runner: reports, resuming, failures, and folders that are not ours."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from course import BROKEN, FINE, make_course

from dlcourse import CourseError, build, lessons, runner

DIES = "# %%\nimport os\nos.kill(os.getpid(), 9)\n"
SLOW = "# %%\nimport time\ntime.sleep(60)\n"
LARGE = (
    "# %%\nblock = bytearray(300_000_000)\nimport time\ntime.sleep(1)\nblock = None\n"
)


def course_with(folder, **scripts):
    """Make a course whose notebooks are built but not executed."""
    course = make_course(folder, **scripts)
    for lesson in lessons.read_lessons(course):
        build.write_notebook(build.skeleton(lesson), lesson.notebook)
    return course


def run(course, seeds=(0,), jobs=2, folder=None, **options):
    settings = {"profile": "quick", "device": "cpu", "quiet": True, **options}
    return runner.run_course(
        course, lessons.read_lessons(course), seeds=list(seeds), jobs=jobs,
        folder=folder or course / "runs", **settings,
    )  # fmt: skip


def test_claims_per_seed_times_and_memory_are_reported(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE)
    records = run(course, seeds=(0, 9))
    assert [r["status"] for r in records] == ["green", "claim failed"]
    assert [r["claims"][0]["value"] for r in records] == [0, 9]
    report = json.loads((course / "runs" / "report.json").read_text())
    first = report["runs"][0]
    assert first["wall_s"] > 0 and first["cpu_s"] > 0 and first["peak_mb"] > 20
    page = (course / "runs" / "report.html").read_text()
    assert "seed 9" in page and "✗ 9" in page and "the seed is small" in page
    assert (course / "runs" / "90_tiny.seed9.ipynb").is_file()


def test_peak_memory_is_that_of_the_kernel(tmp_path):
    small, large = run(course_with(tmp_path / "c", l90=FINE, l91=LARGE), jobs=1)
    assert large["peak_mb"] - small["peak_mb"] > 200


def test_green_and_unchanged_is_not_run_again(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE, l91=BROKEN)
    run(course)
    assert [r.get("resumed") for r in run(course)] == [
        True,
        None,
    ]  # the red one is tried again
    assert [r.get("resumed") for r in run(course, fresh=True)] == [None, None]
    (lesson, _) = lessons.read_lessons(course)
    notebook = build.read_notebook(lesson.notebook)
    notebook.cells[-1].source += "\nprint('changed')"
    build.write_notebook(notebook, lesson.notebook)
    assert run(course)[0].get("resumed") is None
    assert run(course, profile="full")[0].get("resumed") is None


def test_a_failing_lesson_is_named_and_the_others_still_run(tmp_path):
    course = course_with(tmp_path / "c", l90=BROKEN, l91=FINE)
    broken, fine = run(course)
    assert fine["status"] == "green" and broken["status"] == "failed"
    assert broken["error"] == {"cell": 3, "message": "ValueError: broken on purpose"}
    assert "cell 3: ValueError: broken on purpose" in runner.describe(broken)


def test_a_kernel_that_dies_is_a_failure_not_a_wait(tmp_path):
    started = time.monotonic()
    (record,) = run(course_with(tmp_path / "c", l90=DIES))
    assert record["status"] == "failed" and "died" in record["error"]["message"].lower()
    assert time.monotonic() - started < 60


def test_a_corrupt_notebook_is_a_failure_of_that_lesson_only(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE, l91=FINE)
    lessons.read_lessons(course)[0].notebook.write_text("{")
    corrupt, fine = run(course)
    assert corrupt["status"] == "failed" and fine["status"] == "green"


def test_a_backend_the_lesson_cannot_use_is_skipped_and_said(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    (record,) = run(course_with(tmp_path / "c", l90=FINE))
    assert record["status"] == "skipped" and "does not run on jax" in runner.describe(
        record
    )


def test_a_folder_of_other_things_is_refused(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(CourseError, match="already exists and holds other things"):
        runner.prepare_folder(tmp_path / "mine")
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="is a file"):
        runner.prepare_folder(tmp_path / "file")
    assert runner.prepare_folder(tmp_path / "new") == runner.prepare_folder(
        tmp_path / "new"
    )


def cli(*arguments, cwd, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "dlcourse", *arguments], cwd=cwd, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options,
    )  # fmt: skip


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE, l91=SLOW)
    process = cli("run", "--jobs", "1", cwd=course, start_new_session=True)
    deadline = time.monotonic() + 60
    while not (course / "runs" / "90_tiny.seed0.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.2)
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 130, output
    assert "Interrupted: what is green is kept" in output
    slow = next((course / "notebooks" / "src").glob("91*.py"))
    slow.write_text(
        slow.read_text(encoding="utf-8").replace("60", "0"), encoding="utf-8"
    )
    lesson = lessons.read_lessons(course)[1]
    build.write_notebook(build.skeleton(lesson), lesson.notebook)
    again = cli("run", cwd=course)
    output, _ = again.communicate(timeout=60)
    assert again.returncode == 0 and "2 green (1 from an earlier run)" in output, output


def test_the_exit_code_tells_of_a_failure(tmp_path):
    course = course_with(tmp_path / "c", l90=BROKEN, l91=FINE)
    process = cli("run", cwd=course)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1 and "1 green, 1 failed" in output
    process = cli("run", "91", cwd=course)
    process.communicate(timeout=60)
    assert process.returncode == 0
