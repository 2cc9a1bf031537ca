"""Run lessons through papermill: several at a time, resumable, measured, reported.

Each run of a lesson is a process of its own (``python -m dlcourse.tools.run``), which reads
a job, executes the notebook, watches its kernel, and writes one record, whole or not at all.
A record whose key (notebook, what the lesson can reach, settings, versions) still fits is
not run again. Two runs may share a folder, and any process may be killed: a name that counts
is always whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import CourseError
from ..figures import drop_widget_views
from .execute import Failure, run_notebook
from .files import check_folder, write_whole
from .notebooks import read_notebook, write_notebook
from .records import (
    Claim,
    Environment,
    Record,
    Report,
    Result,
    current_environment,
    to_json,
    today,
)
from .report import describe, write_reports

MARKER = ".dlcourse-run"
PACKAGE = Path(__file__).parents[1]
# In data/, the script that makes the data and the pages about it are not read by lessons.
NOT_DATA = (".py", ".pyc", ".md")


@dataclass(frozen=True)
class Job:
    """One lesson to run with one seed; it travels to its process as JSON.

    Args:
        name: what its files are called.
        lesson, title, seconds, backends: of the lesson.
        profile, seed, device: the settings.
        notebook: path of the notebook.
        output, record: paths of the executed copy and of the record.
        environment: the Environment that it runs in.
        key: a digest of all that decides what the run finds.
    """

    name: str
    lesson: str
    title: str
    seconds: int
    backends: tuple
    profile: str
    seed: int
    device: str
    notebook: str
    output: str
    record: str
    environment: Environment
    key: str

    @classmethod
    def from_json(cls, text):
        facts = json.loads(text)
        return cls(**{**facts, "environment": Environment(**facts["environment"])})


def run_course(
    root, lessons, *, profile, seeds, device, folder, jobs, fresh=False, quiet=False
):
    """Run lessons × seeds; write the executed copies and the two reports.

    Returns:
        The list of Records, one per lesson and seed, in order.
    """
    folder = prepare_folder(folder)
    environment = current_environment()
    plan = []
    for lesson in lessons:
        digest = lesson_digest(root, lesson.number)
        for seed in seeds:
            plan.append(
                _job(lesson, seed, profile, device, folder, environment, digest)
            )
    records = {}
    waiting = []
    for job in plan:
        record = None if fresh else _old_record(job)
        if record:
            records[job.name] = replace(record, resumed=True)
        elif environment.backend not in job.backends:
            note = f"does not run on {environment.backend}"
            records[job.name] = _result(job, "skipped", note=note)
        else:
            waiting.append(job)
    try:
        _run_jobs(waiting, records, jobs, quiet)
    finally:
        done = [records[job.name] for job in plan if job.name in records]
        write_reports(folder, Report(profile, device, environment.backend, done))
    return done


def prepare_folder(folder):
    """Make the output folder, or take up an earlier run's; refuse anyone else's."""
    folder = Path(folder).resolve()  # kernels run in another folder
    try:
        check_folder(folder, MARKER)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARKER).touch()
        _sweep(folder)
    except OSError as error:
        raise CourseError(
            f"Cannot write to {folder} ({error.strerror}): choose another folder with"
            " --output."
        ) from None
    return folder


def _job(lesson, seed, profile, device, folder, environment, digest):
    name = f"{lesson.notebook.stem}.{profile}.seed{seed}"
    facts = [
        lesson.notebook.read_bytes(), digest, profile, seed, device, environment.python,
        environment.backend, sorted(environment.packages.items()),
    ]  # fmt: skip
    return Job(
        name=name,
        lesson=lesson.number,
        title=lesson.title,
        seconds=lesson.seconds,
        backends=tuple(lesson.backends),
        profile=profile,
        seed=seed,
        device=device,
        notebook=str(lesson.notebook),
        output=str(folder / f"{name}.ipynb"),
        record=str(folder / f"{name}.json"),
        environment=environment,
        key=hashlib.sha256(repr(facts).encode()).hexdigest(),
    )


def lesson_digest(root, number, package=PACKAGE):
    """Return a digest of the code and data that a lesson can reach.

    Those are the package's own modules, the lesson's exercises and the course's data; what
    stands in ``tools``, or in another lesson's exercises, changes nothing for it.

    Args:
        root: the course's folder.
        number: the lesson's number.
        package: folder of the package ``dlcourse``.
    """
    exercises = [
        path
        for path in (package / "exercises").glob("*.py")
        if path.stem == f"lesson_{number}" or not path.stem.startswith("lesson_")
    ]
    data = [p for p in (root / "data").rglob("*") if p.suffix not in NOT_DATA]
    digest = hashlib.sha256()
    for path in sorted([*package.glob("*.py"), *exercises, *data]):
        if path.is_file():
            digest.update(f"{path.name} {path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _old_record(job):
    """Return the record of an earlier green run of the same thing, or None."""
    try:
        record = Record.from_json(
            json.loads(Path(job.record).read_text(encoding="utf-8"))
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    same = record.key == job.key and record.status == "green"
    return record if same and Path(job.output).is_file() else None


def _result(job, status, **facts):
    """Return a job's record, dated today."""
    return Record(
        name=job.name,
        lesson=job.lesson,
        title=job.title,
        profile=job.profile,
        seed=job.seed,
        device=job.device,
        key=job.key,
        status=status,
        date=today(),
        environment=job.environment,
        **facts,
    )


# ── running ─────────────────────────────────────────────────────────────────────


def _run_jobs(waiting, records, jobs, quiet):
    """Run jobs in worker processes, a progress bar counting estimated seconds."""
    from tqdm import tqdm

    processes = set()
    bar = tqdm(
        total=sum(job.seconds for job in waiting), disable=quiet or not sys.stderr.isatty(),
        bar_format="{desc:<24.24} {percentage:3.0f}% |{bar:24}| {elapsed} gone, {remaining} left",
    )  # fmt: skip
    with ThreadPoolExecutor(jobs) as pool:
        futures = {
            pool.submit(_run_worker, job, processes, bar, jobs): job for job in waiting
        }
        try:
            for future in as_completed(futures):
                job = futures[future]
                record = records[job.name] = future.result()
                bar.update(job.seconds)
                if not quiet:
                    tqdm.write(describe(record))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(processes):
                process.terminate()
            raise
        finally:
            bar.close()


def _run_worker(job, processes, bar, jobs):
    """Run one job in a process of its own, one of ``jobs``; return its record.

    What the worker writes has names of its own, so that two runs in one folder, or a
    worker that was killed, never leave half of a notebook under a name that counts.
    """
    bar.set_description_str(f"{job.lesson} seed {job.seed}")
    Path(job.record).unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "dlcourse.tools.run"], stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env={**thread_shares(jobs), **os.environ},
    )  # fmt: skip
    processes.add(process)
    copy, result = (
        _own_name(job.output, process.pid, end) for end in ("ipynb", "json")
    )
    try:
        # The pipe stays open: the worker ends when it breaks, however this process ends.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(to_json(job, indent=None) + "\n")
            process.stdin.flush()
        errors = process.stderr.read()
        process.wait()
        with contextlib.suppress(FileNotFoundError):
            os.replace(copy, job.output)
        try:
            record = Record.from_json(json.loads(result.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            last = (errors.strip().splitlines() or ["no message"])[-1]
            note = (
                f"the runner stopped with exit code {process.returncode}: {last[:300]}"
            )
            return _result(job, "failed", error=Failure(None, note))
        os.replace(result, job.record)
        return record
    finally:
        process.stdin.close()
        processes.discard(process)
        for path in (copy, result):
            path.unlink(missing_ok=True)


def thread_shares(jobs):
    """Return the environment in which each of ``jobs`` lessons uses its share of the cores.

    PyTorch's idle threads keep a core busy, and TensorFlow's small networks pay more for
    handing work around than two threads that share a core with another lesson bring.
    """
    names = ("OMP_NUM_THREADS", "TF_NUM_INTEROP_THREADS", "TF_NUM_INTRAOP_THREADS")
    return dict.fromkeys(names, str(max(1, (os.cpu_count() or 1) // jobs)))


def _own_name(output, process_id, end):
    """Return the hidden name under which one worker writes beside an output."""
    output = Path(output)
    return output.with_name(f".{output.stem}.{process_id}.{end}")


def _sweep(folder):
    """Remove what killed workers left behind."""
    import psutil

    for path in folder.glob(".*.*"):
        number = re.fullmatch(r"\..+\.(\d+)\.(ipynb|json|jsonl|tmp)", path.name)
        if number and not psutil.pid_exists(int(number[1])):
            path.unlink(missing_ok=True)


def run_job(job):
    """Execute one notebook in this process and return its record."""
    copy, report = (
        _own_name(job.output, os.getpid(), end) for end in ("ipynb", "jsonl")
    )
    os.environ.update(
        DLCOURSE_REPORT=str(report), DLCOURSE_DEVICE=job.device,
        DLCOURSE_PROFILE=job.profile, DLCOURSE_SEED=str(job.seed),
        JUPYTER_PREFER_ENV_PATH="1", DLCOURSE_PROGRESS="off",
    )  # fmt: skip
    os.environ.pop("DLCOURSE_STRICT", None)  # so that every claim is measured
    try:
        notebook = read_notebook(Path(job.notebook))
    except (CourseError, OSError) as error:
        return _result(job, "failed", error=Failure(None, str(error)))
    outcome = run_notebook(
        notebook, folder=Path(job.notebook).parent, watch=True,
        parameters={"PROFILE": job.profile, "SEED": job.seed},
    )  # fmt: skip
    drop_widget_views(notebook)  # the kernel is gone
    write_notebook(notebook, copy)
    claims, results = _noted_entries(report)
    report.unlink(missing_ok=True)
    failed = any(not claim.passed for claim in claims)
    status = "failed" if outcome.error else "claim failed" if failed else "green"
    return _result(
        job, status, usage=outcome.usage, claims=claims, results=results,
        error=outcome.error,
    )  # fmt: skip


def _noted_entries(path):
    """Return the Claims and the Results in the lines that a notebook wrote.

    What a lesson takes for granted (``verify``) counts as a claim once it fails.
    """
    claims, results = [], []
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for entry in map(json.loads, lines):
        if (
            entry["kind"] == "claim"
            or entry["kind"] == "verify"
            and not entry["passed"]
        ):
            claims.append(_only(Claim, entry))
        elif entry["kind"] == "result":
            results.append(_only(Result, entry))
    return claims, results


def _only(kind, entry):
    """Return a dataclass made from the entries of a dict that it has a field for."""
    return kind(**{key: entry[key] for key in kind.__dataclass_fields__})


def _end_with_parent():
    """End this process, and so its kernel, when the pipe from its parent breaks."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    _job_read = Job.from_json(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _written = _own_name(_job_read.output, os.getpid(), "json")
    write_whole(_written, to_json(run_job(_job_read)))
