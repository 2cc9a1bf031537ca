"""Run lessons through papermill: several at a time, resumable, measured, reported.

Each run of a lesson is a process of its own (``python -m dlcourse.tools.run JOB``), which
executes the notebook, watches its kernel, and writes one record, whole or not at all.
A record whose key (notebook, package, settings) still fits is not run again. Two runs may
share a folder, and any process may be killed: a name that counts is always whole.
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
from pathlib import Path

from ..errors import CourseError
from ..figures import drop_widget_views
from .execute import run_notebook
from .files import check_folder, write_whole
from .notebooks import read_notebook, write_notebook
from .report import describe, write_reports

MARKER = ".dlcourse-run"


def run_course(
    root, lessons, *, profile, seeds, device, folder, jobs, fresh=False, quiet=False
):
    """Run lessons × seeds; write the executed copies and the two reports.

    Returns:
        The list of records, one per lesson and seed, in order.
    """
    folder = prepare_folder(folder)
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    plan = []
    for lesson in lessons:
        package = _package_digest(root, lesson.number)
        for seed in seeds:
            plan.append(_job(lesson, seed, profile, device, backend, folder, package))
    records = {}
    waiting = []
    for job in plan:
        record = _old_record(job)
        if record and not fresh:
            records[job["name"]] = {**record, "resumed": True}
        elif backend not in job["backends"]:
            records[job["name"]] = _result(
                job, "skipped", note=f"does not run on {backend}"
            )
        else:
            waiting.append(job)
    try:
        _run_jobs(waiting, records, jobs, quiet)
    finally:
        done = [records[job["name"]] for job in plan if job["name"] in records]
        write_reports(folder, done, profile=profile, device=device, backend=backend)
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


def _job(lesson, seed, profile, device, backend, folder, package):
    name = f"{lesson.notebook.stem}.seed{seed}"
    facts = [lesson.notebook.read_bytes(), package, profile, seed, device, backend]
    return {
        "name": name,
        "lesson": lesson.number,
        "title": lesson.title,
        "seconds": lesson.seconds,
        "backends": list(lesson.backends),
        "seed": seed,
        "profile": profile,
        "device": device,
        "notebook": str(lesson.notebook),
        "output": str(folder / f"{name}.ipynb"),
        "record": str(folder / f"{name}.json"),
        "key": hashlib.sha256(repr(facts).encode()).hexdigest(),
    }


def _package_digest(root, number):
    """Return a digest of the code and data that this lesson can use."""
    digest = hashlib.sha256()
    folders = (Path(__file__).parents[1], root / "data")
    for path in sorted(p for folder in folders for p in folder.rglob("*.*")):
        others = path.parent.name == "exercises" and path.stem.startswith("lesson_")
        if others and path.stem != f"lesson_{number}":
            continue
        if path.suffix in (".py", ".csv") and path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _old_record(job):
    """Return the record of an earlier green run of the same thing, or None."""
    try:
        record = json.loads(Path(job["record"]).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    same = record.get("key") == job["key"] and record.get("status") == "green"
    return record if same and Path(job["output"]).is_file() else None


def _result(job, status, **facts):
    kept = ("name", "lesson", "title", "seed", "profile", "device", "key")
    return {**{k: job[k] for k in kept}, "status": status, "claims": [], **facts}


# ── running ─────────────────────────────────────────────────────────────────────


def _run_jobs(waiting, records, jobs, quiet):
    """Run jobs in worker processes, a progress bar counting estimated seconds."""
    from tqdm import tqdm

    processes = set()
    bar = tqdm(
        total=sum(job["seconds"] for job in waiting), disable=quiet or not sys.stderr.isatty(),
        bar_format="{desc:<24.24} {percentage:3.0f}% |{bar:24}| {elapsed} gone, {remaining} left",
    )  # fmt: skip
    with ThreadPoolExecutor(jobs) as pool:
        futures = {
            pool.submit(_run_worker, job, processes, bar, jobs): job for job in waiting
        }
        try:
            for future in as_completed(futures):
                job = futures[future]
                record = records[job["name"]] = future.result()
                bar.update(job["seconds"])
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
    bar.set_description_str(f"{job['lesson']} seed {job['seed']}")
    Path(job["record"]).unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "dlcourse.tools.run"], stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env={**thread_shares(jobs), **os.environ},
    )  # fmt: skip
    processes.add(process)
    copy, result = (
        _own_name(job["output"], process.pid, end) for end in ("ipynb", "json")
    )
    try:
        # The pipe stays open: the worker ends when it breaks, however this process ends.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
        errors = process.stderr.read()
        process.wait()
        with contextlib.suppress(FileNotFoundError):
            os.replace(copy, job["output"])
        try:
            record = json.loads(result.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            last = (errors.strip().splitlines() or ["no message"])[-1]
            note = (
                f"the runner stopped with exit code {process.returncode}: {last[:300]}"
            )
            return _result(job, "failed", error={"cell": None, "message": note})
        os.replace(result, job["record"])
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
        _own_name(job["output"], os.getpid(), end) for end in ("ipynb", "jsonl")
    )
    os.environ.update(
        DLCOURSE_REPORT=str(report), DLCOURSE_DEVICE=job["device"],
        DLCOURSE_PROFILE=job["profile"], DLCOURSE_SEED=str(job["seed"]),
        JUPYTER_PREFER_ENV_PATH="1", DLCOURSE_PROGRESS="off",
    )  # fmt: skip
    os.environ.pop("DLCOURSE_STRICT", None)  # so that every claim is measured
    try:
        notebook = read_notebook(Path(job["notebook"]))
    except (CourseError, OSError) as error:
        return _result(job, "failed", error={"cell": None, "message": str(error)})
    outcome = run_notebook(
        notebook, folder=Path(job["notebook"]).parent, watch=True,
        parameters={"PROFILE": job["profile"], "SEED": job["seed"]},
    )  # fmt: skip
    drop_widget_views(notebook)  # the kernel is gone
    write_notebook(notebook, copy)
    lines = report.read_text(encoding="utf-8").splitlines() if report.is_file() else []
    report.unlink(missing_ok=True)
    entries = [json.loads(line) for line in lines]
    claims = [entry for entry in entries if entry["kind"] == "claim"]
    results = [entry for entry in entries if entry["kind"] == "result"]
    failed = any(not entry["passed"] for entry in claims)
    status = "failed" if outcome.error else "claim failed" if failed else "green"
    found = {**outcome.usage, "claims": claims, "results": results}
    return _result(job, status, error=outcome.error, **found)


def _end_with_parent():
    """End this process, and so its kernel, when the pipe from its parent breaks."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    _job_read = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _record = run_job(_job_read)
    write_whole(
        _own_name(_job_read["output"], os.getpid(), "json"),
        json.dumps(_record, indent=1, ensure_ascii=False),
    )
