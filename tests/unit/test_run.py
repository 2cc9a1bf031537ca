"""The course runner: reports, resuming, failures, and folders that are not ours."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest
from course import BROKEN, FINE, make_course

from dlcourse import CourseError
from dlcourse.figures import WIDGET_VIEW
from dlcourse.tools import catalog, notebooks, report
from dlcourse.tools import run as running

DIES = "# %%\nimport os\nos.kill(os.getpid(), 9)\n"
STILLBORN = """import os, sys
if "ipykernel_launcher" in sys.orig_argv:
    with open(os.environ["STARTS"], "a+") as starts:
        starts.seek(0)
        earlier = len(starts.read())
        starts.write("x")
    if earlier < int(os.environ["DEATHS"]):
        os._exit(1)
"""
SLOW = "# %%\nimport time\nopen('begun', 'w').close()\ntime.sleep(60)\n"
LARGE = (
    "# %%\nblock = bytearray(300_000_000)\nimport time\ntime.sleep(1)\nblock = None\n"
)


def course_with(folder, **scripts):
    """Make a course whose notebooks are built but not executed."""
    course = make_course(folder, **scripts)
    for lesson in catalog.read_lessons(course):
        notebooks.write_notebook(notebooks.skeleton(lesson), lesson.notebook)
    return course


def run(course, seeds=(0,), jobs=2, folder=None, **options):
    settings = {"profile": "quick", "device": "cpu", "quiet": True, **options}
    return running.run_course(
        course, catalog.read_lessons(course), seeds=list(seeds), jobs=jobs,
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


def test_lessons_side_by_side_share_the_cores_out(tmp_path, monkeypatch):
    for name in running.thread_shares(2):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    body = """# %%
import os
shares = [os.environ[f"{name}_THREADS"] for name in
          ("OMP_NUM", "TF_NUM_INTEROP", "TF_NUM_INTRAOP")]
assert shares == ["2", "2", "2"], shares
"""
    (record,) = run(course_with(tmp_path / "c", l90=body), jobs=2)
    assert record["status"] == "green", record["error"]
    monkeypatch.setenv("OMP_NUM_THREADS", "3")  # the user's own choice wins
    body = body.replace('["2"', '["3"')
    (record,) = run(course_with(tmp_path / "d", l90=body), jobs=2)
    assert record["status"] == "green", record["error"]


def test_green_and_unchanged_is_not_run_again(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE, l91=BROKEN)
    run(course)
    assert [r.get("resumed") for r in run(course)] == [
        True,
        None,
    ]  # the red one is tried again
    assert [r.get("resumed") for r in run(course, fresh=True)] == [None, None]
    (lesson, _) = catalog.read_lessons(course)
    notebook = notebooks.read_notebook(lesson.notebook)
    notebook.cells[-1].source += "\nprint('changed')"
    notebooks.write_notebook(notebook, lesson.notebook)
    assert run(course)[0].get("resumed") is None
    assert run(course, profile="full")[0].get("resumed") is None


def test_a_failing_lesson_is_named_and_the_others_still_run(tmp_path):
    course = course_with(tmp_path / "c", l90=BROKEN, l91=FINE)
    broken, fine = run(course)
    assert fine["status"] == "green", fine["error"]
    assert broken["error"] == {"cell": 3, "message": "ValueError: broken on purpose"}
    assert "cell 3: ValueError: broken on purpose" in report.describe(broken)


def test_nothing_of_an_earlier_run_is_left_behind_a_failure(tmp_path):
    course = course_with(tmp_path / "c", l90=BROKEN + "\n# %%\nprint('later')\n")
    (lesson,) = catalog.read_lessons(course)
    notebook = notebooks.read_notebook(lesson.notebook)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="old")]
    notebook.cells[-1].execution_count = 9
    notebooks.write_notebook(notebook, lesson.notebook)
    run(course)
    copy = notebooks.read_notebook(course / "runs" / "90_tiny.seed0.ipynb")
    assert copy.cells[-2].outputs and not copy.cells[-1].outputs
    assert copy.cells[-1].execution_count is None


def test_a_kernel_that_dies_is_a_failure_not_a_wait(tmp_path):
    started = time.monotonic()
    (record,) = run(course_with(tmp_path / "c", l90=DIES))
    assert record["status"] == "failed" and "died" in record["error"]["message"].lower()
    assert time.monotonic() - started < 60


def test_a_kernel_that_did_not_start_is_started_once_more(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(STILLBORN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("STARTS", str(tmp_path / "starts"))
    for deaths, status, starts in (("1", "green", 2), ("9", "failed", 2)):
        monkeypatch.setenv("DEATHS", deaths)
        (tmp_path / "starts").write_text("")
        (record,) = run(course_with(tmp_path / deaths, l90=FINE))
        assert record["status"] == status, record["error"]
        assert len((tmp_path / "starts").read_text()) == starts
    assert "died before" in record["error"]["message"]


def test_a_corrupt_notebook_is_a_failure_of_that_lesson_only(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE, l91=FINE)
    catalog.read_lessons(course)[0].notebook.write_text("{")
    corrupt, fine = run(course)
    assert corrupt["status"] == "failed"
    assert fine["status"] == "green", fine["error"]


def test_a_backend_the_lesson_cannot_use_is_skipped_and_said(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    (record,) = run(course_with(tmp_path / "c", l90=FINE))
    assert record["status"] == "skipped" and "does not run on jax" in report.describe(
        record
    )


def test_a_folder_of_other_things_is_refused(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(CourseError, match="already exists and holds other things"):
        running.prepare_folder(tmp_path / "mine")
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="is a file"):
        running.prepare_folder(tmp_path / "file")
    assert running.prepare_folder(tmp_path / "new") == running.prepare_folder(
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
    lesson = catalog.read_lessons(course)[1]
    notebooks.write_notebook(notebooks.skeleton(lesson), lesson.notebook)
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


def children_of(process, command, deadline=60):
    """Wait until a process's tree holds one whose command line has this word."""
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if command in " ".join(child.cmdline()):
                    return child
        time.sleep(0.1)
    pytest.fail(f"no {command} was started")


def wait_for_file(path):
    end = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < end, f"no {path.name} after 60 s"
        time.sleep(0.1)


def names_of(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("victim", ["dlcourse.tools.run", "ipykernel_launcher"])
def test_a_killed_worker_or_kernel_fails_its_lesson_and_leaves_nothing(
    tmp_path, victim
):
    course = course_with(tmp_path / "c", l90=SLOW, l91=FINE)
    process = cli("run", "--jobs", "1", cwd=course)
    wait_for_file(course / "notebooks" / "begun")  # in the middle of the slow cell
    children_of(process, victim).kill()
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 1 and "1 green, 1 failed" in output, output
    runs = names_of(course / "runs")
    assert "91_tiny.seed0.json" in runs
    assert not [n for n in runs if n.startswith(".9")], runs  # nothing half-written


def test_a_killed_run_takes_its_workers_along_and_goes_on(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE, l91=SLOW)
    process = cli("run", "--jobs", "1", cwd=course, start_new_session=True)
    wait_for_file(course / "runs" / "90_tiny.seed0.json")
    kernel = children_of(process, "ipykernel_launcher")
    worker = kernel.parent()
    process.kill()
    process.wait()
    psutil.wait_procs([kernel, worker], timeout=20)
    assert not worker.is_running() and not kernel.is_running()
    left = names_of(course / "runs")
    assert "91_tiny.seed0.json" not in left and "91_tiny.seed0.ipynb" not in left
    write_fast(course)
    output, _ = cli("run", cwd=course).communicate(timeout=60)
    assert "2 green (1 from an earlier run)" in output, output
    assert not [n for n in names_of(course / "runs") if n.startswith(".9")]


def write_fast(course):
    slow = catalog.read_lessons(course)[1]
    text = slow.script.read_text(encoding="utf-8").replace("sleep(60)", "sleep(0)")
    slow.script.write_text(text, encoding="utf-8")
    notebooks.write_notebook(notebooks.skeleton(slow), slow.notebook)


def test_two_runs_in_one_folder_do_not_disturb_each_other(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE, l91=FINE)
    both = [cli("run", "--seeds", "0-1", "--fresh", cwd=course) for _ in range(2)]
    for process in both:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0 and "4 green" in output, output
    report = json.loads((course / "runs" / "report.json").read_text())
    assert [r["status"] for r in report["runs"]] == ["green"] * 4
    for record in report["runs"]:
        stem = f"{record['lesson']}_tiny.seed{record['seed']}"
        copy = notebooks.read_notebook(course / "runs" / f"{stem}.ipynb")
        printed = [o["text"] for c in copy.cells for o in c.get("outputs", [])]
        assert printed[0] == f"quick {record['seed']}\n"
        assert len(printed) == 3
    assert not [n for n in names_of(course / "runs") if n.startswith(".9")]


def test_another_lessons_exercises_do_not_count(tmp_path, monkeypatch):
    """A mended checker makes its own lesson run again, not the whole course."""
    package = tmp_path / "dlcourse"
    (package / "exercises").mkdir(parents=True)
    (package / "tools").mkdir()
    for name in (
        "tools/run",
        "exercises/__init__",
        "exercises/lesson_90",
        "exercises/lesson_91",
    ):
        (package / f"{name}.py").write_text("")
    monkeypatch.setattr(running, "__file__", str(package / "tools" / "run.py"))

    def digests():
        return [running._package_digest(tmp_path, number) for number in ("90", "91")]

    before = digests()
    (package / "exercises" / "lesson_91.py").write_text("changed = True")
    after = digests()
    assert before[0] == after[0] and before[1] != after[1]
    (package / "tools" / "run.py").write_text("changed = True")
    assert digests()[0] != after[0] and digests()[1] != after[1]


def test_a_copy_shows_pictures_where_the_live_widgets_were(tmp_path):
    shows = (
        '# %%\nfrom IPython.display import display\ndisplay({"text/plain": "words",'
        f' "{WIDGET_VIEW}": {{"model_id": "1"}}}}, raw=True)\n'
    )
    course = course_with(tmp_path / "c", l90=FINE + shows)
    run(course)
    copy = nbformat.read(next((course / "runs").glob("*.ipynb")), as_version=4)
    outputs = [o.data for c in copy.cells for o in c.get("outputs", []) if "data" in o]
    assert {"text/plain": "words"} in outputs
    assert not any(WIDGET_VIEW in data for data in outputs)
