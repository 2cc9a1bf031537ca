"""The course runner: reports, resuming, failures, and folders that are not ours."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace

import nbformat
import psutil
import pytest
from conftest import ROOT
from course import BROKEN, FINE, make_course

from dlcourse import CourseError
from dlcourse.figures import WIDGET_VIEW
from dlcourse.tools import catalog, notebooks, report
from dlcourse.tools import run as running
from dlcourse.tools.execute import Failure, run_notebook
from dlcourse.tools.records import current_environment, read_report

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
LATE = """# %%
import time
kernel = get_ipython().kernel
publish = kernel._publish_status_and_flush

def late(status, *args, **kwargs):
    time.sleep(5 * (status == "idle"))
    publish(status, *args, **kwargs)

kernel._publish_status_and_flush = late
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
    assert [r.status for r in records] == ["green", "claim failed"]
    assert [r.claims[0].value for r in records] == [0, 9]
    first = read_report(course / "runs" / "report.quick.json", "quick").runs[0]
    assert first == records[0]
    use = first.usage
    assert use.wall_s > 0 and use.cpu_s > 0 and use.peak_mb > 20
    page = (course / "runs" / "report.quick.html").read_text()
    assert "seed 9" in page and "✗ 9" in page and "the seed is small" in page
    assert (course / "runs" / "90_tiny.quick.seed9.ipynb").is_file()


def test_peak_memory_is_that_of_the_kernel(tmp_path):
    small, large = run(course_with(tmp_path / "c", l90=FINE, l91=LARGE), jobs=1)
    assert large.usage.peak_mb - small.usage.peak_mb > 200


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
    assert record.status == "green", record.error
    monkeypatch.setenv("OMP_NUM_THREADS", "3")  # the user's own choice wins
    body = body.replace('["2"', '["3"')
    (record,) = run(course_with(tmp_path / "d", l90=body), jobs=2)
    assert record.status == "green", record.error


def test_green_and_unchanged_is_not_run_again(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE, l91=BROKEN)
    run(course)
    assert [r.resumed for r in run(course)] == [True, False]  # the red one again
    assert [r.resumed for r in run(course, fresh=True)] == [False, False]
    (lesson, _) = catalog.read_lessons(course)
    notebook = notebooks.read_notebook(lesson.notebook)
    notebook.cells[-1].source += "\nprint('changed')"
    notebooks.write_notebook(notebook, lesson.notebook)
    assert not run(course)[0].resumed


def test_a_failing_lesson_is_named_and_the_others_still_run(tmp_path):
    course = course_with(tmp_path / "c", l90=BROKEN, l91=FINE)
    broken, fine = run(course)
    assert fine.status == "green", fine.error
    assert broken.error == Failure(3, "ValueError: broken on purpose")
    said = "lesson 90, cell 3: ValueError: broken on purpose"
    assert said in report.describe(broken)
    assert "cell 3: ValueError: broken on purpose" in (
        (course / "runs" / "report.quick.html").read_text()
    )


def test_nothing_of_an_earlier_run_is_left_behind_a_failure(tmp_path):
    course = course_with(tmp_path / "c", l90=BROKEN + "\n# %%\nprint('later')\n")
    (lesson,) = catalog.read_lessons(course)
    notebook = notebooks.read_notebook(lesson.notebook)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="old")]
    notebook.cells[-1].execution_count = 9
    notebooks.write_notebook(notebook, lesson.notebook)
    run(course)
    copy = notebooks.read_notebook(course / "runs" / "90_tiny.quick.seed0.ipynb")
    assert copy.cells[-2].outputs and not copy.cells[-1].outputs
    assert copy.cells[-1].execution_count is None


def test_a_kernel_that_dies_is_a_failure_not_a_wait(tmp_path):
    started = time.monotonic()
    (record,) = run(course_with(tmp_path / "c", l90=DIES))
    assert record.status == "failed" and "died" in record.error.message.lower()
    assert record.error.cell == 2
    assert time.monotonic() - started < 60


def test_a_kernel_that_did_not_start_is_started_once_more(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(STILLBORN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("STARTS", str(tmp_path / "starts"))
    for deaths, status, starts in (("1", "green", 2), ("9", "failed", 2)):
        monkeypatch.setenv("DEATHS", deaths)
        (tmp_path / "starts").write_text("")
        (record,) = run(course_with(tmp_path / deaths, l90=FINE))
        assert record.status == status, record.error
        assert len((tmp_path / "starts").read_text()) == starts
    assert "died before" in record.error.message


def test_a_busy_machine_may_answer_late(tmp_path):
    (record,) = run(course_with(tmp_path / "c", l90=LATE))
    assert record.status == "green", record.error


def test_a_corrupt_notebook_is_a_failure_of_that_lesson_only(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE, l91=FINE)
    catalog.read_lessons(course)[0].notebook.write_text("{")
    corrupt, fine = run(course)
    assert corrupt.status == "failed"
    assert fine.status == "green", fine.error


def test_a_backend_the_lesson_cannot_use_is_skipped_and_said(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    (record,) = run(course_with(tmp_path / "c", l90=FINE))
    assert record.status == "skipped" and "does not run on jax" in report.describe(
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
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **HEARS_INTERRUPTS, **options,
    )  # fmt: skip


# ignored, and so inherited, where the tests run in the background
HEARS_INTERRUPTS = (
    {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    if os.name == "posix"
    else {}
)


@pytest.mark.skipif(os.name != "posix", reason="interrupts a group of processes")
def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE, l91=SLOW)
    process = cli("run", "--jobs", "1", cwd=course, start_new_session=True)
    deadline = time.monotonic() + 60
    while not (course / "runs" / "90_tiny.quick.seed0.json").exists():
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
    assert "91_tiny.quick.seed0.json" in runs
    assert not [n for n in runs if n.startswith(".9")], runs  # nothing half-written


def test_a_killed_run_takes_its_workers_along_and_goes_on(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE, l91=SLOW)
    process = cli("run", "--jobs", "1", cwd=course, start_new_session=True)
    wait_for_file(course / "runs" / "90_tiny.quick.seed0.json")
    kernel = children_of(process, "ipykernel_launcher")
    worker = kernel.parent()
    process.kill()
    process.wait()
    psutil.wait_procs([kernel, worker], timeout=20)
    assert not worker.is_running() and not kernel.is_running()
    left = names_of(course / "runs")
    assert (
        "91_tiny.quick.seed0.json" not in left
        and "91_tiny.quick.seed0.ipynb" not in left
    )
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
    done = read_report(course / "runs" / "report.quick.json", "quick").runs
    assert [record.status for record in done] == ["green"] * 4
    for record in done:
        copy = notebooks.read_notebook(course / "runs" / f"{record.name}.ipynb")
        printed = [o["text"] for c in copy.cells for o in c.get("outputs", [])]
        assert printed[0] == f"quick {record.seed}\n"
        assert len(printed) == 3
    assert not [n for n in names_of(course / "runs") if n.startswith(".9")]


@pytest.fixture
def digest(tmp_path):
    """A package and data; return a function from a lesson's number to its digest."""
    files = (
        "dlcourse/session.py", "dlcourse/exercises/__init__.py",
        "dlcourse/exercises/lesson_90.py", "dlcourse/exercises/lesson_91.py",
        "dlcourse/tools/bench.py", "dlcourse/tools/run.py", "data/make_data.py",
        "data/README.md", "data/table.csv", "data/price_index.txt",
    )  # fmt: skip
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1\n")
    return lambda number: running.lesson_digest(tmp_path, number, tmp_path / "dlcourse")


@pytest.mark.parametrize(
    "name, stale",
    [
        ("dlcourse/session.py", ["90", "91"]),
        ("dlcourse/exercises/__init__.py", ["90", "91"]),
        ("dlcourse/exercises/lesson_91.py", ["91"]),
        ("dlcourse/tools/bench.py", []),
        ("dlcourse/tools/run.py", []),
        ("data/table.csv", ["90", "91"]),
        ("data/price_index.txt", ["90", "91"]),
        ("data/new.npz", ["90", "91"]),
        ("data/make_data.py", []),
        ("data/README.md", []),
    ],
)
def test_what_a_lesson_can_reach_makes_it_stale(tmp_path, digest, name, stale):
    before = {number: digest(number) for number in ("90", "91")}
    (tmp_path / name).write_text("2\n")
    assert [number for number in before if digest(number) != before[number]] == stale


def test_every_data_file_of_the_course_is_in_the_digest(tmp_path):
    """Whatever the package carries for lessons to read counts, byte by byte."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    files = [p for p in (tmp_path / "data").iterdir() if p.suffix in (".csv", ".txt")]
    assert "price_index.txt" in [path.name for path in files] and len(files) >= 5
    for path in files:
        before = running.lesson_digest(tmp_path, "11")
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        assert running.lesson_digest(tmp_path, "11") != before, path.name


def test_another_version_makes_lessons_stale_and_another_machine_does_not(
    tmp_path, monkeypatch
):
    (lesson,) = catalog.read_lessons(course_with(tmp_path / "c", l90=FINE))
    here = current_environment()

    def key(**changes):
        environment = replace(here, **changes)
        return running._job(lesson, 0, "quick", "cpu", tmp_path, environment, "d").key

    packages = here.packages
    assert {"keras", "numpy", "tensorflow"} <= set(packages)
    others = [
        key(python="3.99.0"),
        key(backend="jax"),
        key(packages={**packages, "keras": "99"}),
        key(packages={**packages, "tensorflow": "99"}),
    ]
    assert key() not in others and len(set(others)) == 4
    assert key(machine="another") == key()


def test_a_resumed_record_keeps_its_own_day_and_machine(tmp_path, monkeypatch):
    course = course_with(tmp_path / "c", l90=FINE)
    elsewhere = replace(current_environment(), machine="Desk")
    monkeypatch.setattr(running, "current_environment", lambda: elsewhere)
    run(course)
    path = course / "runs" / "90_tiny.quick.seed0.json"
    today = running.today()
    path.write_text(path.read_text(encoding="utf-8").replace(today, "2020-02-29"))
    monkeypatch.undo()
    (record,) = run(course)
    assert record.resumed
    read = read_report(course / "runs" / "report.quick.json", "quick")
    assert read.dates == "2020-02-29" and read.environments == [elsewhere]
    page = (course / "runs" / "report.quick.html").read_text(encoding="utf-8")
    assert "2020-02-29" in page and "Desk" in page and today not in page


def test_a_record_of_another_format_is_run_again(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE)
    run(course)
    path = course / "runs" / "90_tiny.quick.seed0.json"
    for text in ("{", "[]", "{}", '{"status": "green"}'):
        path.write_text(text)
        assert running._old_record(job_of(course)) is None


def job_of(course):
    (lesson,) = catalog.read_lessons(course)
    digest = running.lesson_digest(course, lesson.number)
    return running._job(
        lesson, 0, "quick", "cpu", course / "runs", current_environment(), digest
    )


def test_quick_and_full_share_a_folder(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE)
    for profile in ("quick", "full"):
        run(course, profile=profile)
    for profile in ("quick", "full"):
        (record,) = run(course, profile=profile)
        assert record.resumed
        (record,) = read_report(
            course / "runs" / f"report.{profile}.json", profile
        ).runs
        copy = notebooks.read_notebook(course / "runs" / f"{record.name}.ipynb")
        assert copy.cells[-3].outputs[0]["text"] == f"{profile} 0\n"


def test_the_first_cell_is_cell_1(tmp_path):
    course = course_with(tmp_path / "c", l90=FINE, l91=FINE)
    first, second = catalog.read_lessons(course)
    notebook = notebooks.read_notebook(first.notebook)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("1 / 0"))
    notebooks.write_notebook(notebook, first.notebook)
    notebook = notebooks.read_notebook(second.notebook)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(""))  # Jupyter counts it not
    for cell in notebook.cells:
        cell.source = cell.source.replace('PROFILE = "quick"', "PROFILE = 1 / 0")
    notebooks.write_notebook(notebook, second.notebook)
    for record in run(course):
        assert record.error == Failure(1, "ZeroDivisionError: division by zero")
        assert f"lesson {record.lesson}, cell 1: Zero" in report.describe(record)


def test_what_a_lesson_takes_for_granted_counts_once_it_fails(tmp_path):
    body = """# %%
from dlcourse import verify
verify("one is one", 1, at_least=1)
verify("the seed is small", SEED, at_most=5)
"""
    fine, failed = run(course_with(tmp_path / "c", l90=body), seeds=(0, 9))
    assert fine.status == "green" and not fine.claims
    assert failed.status == "claim failed"
    assert "claim failed: the seed is small" in report.describe(failed)


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


def test_the_kernel_of_another_python_ends_with_its_notebook(tmp_path):
    cell = nbformat.v4.new_code_cell("import os; print(os.getpid())")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python"}
    notebook.metadata["language_info"] = {"name": "python"}
    outcome = run_notebook(notebook, folder=tmp_path, python=sys.executable)
    assert outcome.error is None
    assert not psutil.pid_exists(int(cell.outputs[0].text))
