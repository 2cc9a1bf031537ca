"""Run every check of the course, stage by stage: what ``make test`` calls.

Each stage is one pytest run with its own summary. All stages run, whatever fails; the
exit code is non-zero if any did.

    python tests/run_all.py              every stage; every lesson, three in the browser
    python tests/run_all.py 31 4x        the stages of these lessons, two stages at a time
    python tests/run_all.py static 31    one stage (style, unit, static, papermill, ...)
    python tests/run_all.py site all     the pages of all lessons instead of a few
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from dlcourse.errors import CourseError
from dlcourse.tools import catalog
from dlcourse.tools.run import thread_shares

ROOT = Path(__file__).resolve().parent.parent
TWO = ["-n", "2"]
STAGES = {
    "style": [sys.executable, "-m", "ruff", "check", "."],
    "unit": ["tests/unit", *TWO],
    "static": [
        "tests/notebooks/test_static.py", "tests/notebooks/test_exercises.py", *TWO,
        "--dist", "loadgroup",
    ],
    # papermill before nbval: it reports a kernel that dies at once
    "papermill": [
        "-p", "tests.warm_kernels", "tests/notebooks/test_runs.py", *TWO,
        "--dist", "worksteal",
    ],
    "nbval": [
        "-p", "tests.warm_kernels", "--nbval", "--nbval-current-env",
        "--nbval-sanitize-with=tests/nbval_sanitize.cfg",
        "--nbval-cell-timeout=300", *TWO, "--dist", "loadscope",
    ],
    "browser": ["tests/browser", *TWO, "--dist", "worksteal"],
    "site": ["tests/site"],
}  # fmt: skip
# With no lesson named, the browser opens these, for these controls. Each further lesson
# would take it a minute; what could fail there in one lesson only, the figures that
# later cells break, papermill's stage finds in all.
IN_BROWSER = {"00": "slider", "22": "menu", "43": "text box"}
# what one lesson goes through: what answers in seconds, then the longest, which keeps both
# processes busy to the end; its unit tests are those of the package
FOR_LESSONS = ("style", "static", "browser", "papermill", "nbval", "site")
# the modules of the extras "test" and "site" in pyproject.toml
NEEDED = (
    "xdist",
    "hypothesis",
    "ruff",
    "playwright",
    "axe_playwright_python",
    "setuptools",
    "sphinx",
    "myst_nb",
    "sphinx_book_theme",
    "latex2mathml",
)


@dataclass
class Outcome:
    """What became of a stage: its exit code, or why it was not run; seconds; output."""

    name: str
    code: int = 0
    seconds: float = 0.0
    output: str = ""
    reason: str = ""


def why_no_browser():
    """Return why the browser stage cannot run here, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    if not (os.environ.get("CHROMIUM") or any(map(shutil.which, names))):
        return "no Chromium here: install it (Debian: apt install chromium), or set CHROMIUM"
    return None


def check_packages():
    """Stop with one sentence if what only the tests need is not installed."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(
            f"The tests need {', '.join(missing)}: run  python -m pip install -c"
            ' constraints.txt -e ".[test,site]"  in the course\'s folder.'
        )


def split(words):
    """Return the stages and the lessons that the words name; no lessons means all."""
    stages = [word for word in words if word in STAGES]
    rest = [word for word in words if word not in STAGES]
    if not rest:
        return stages or list(STAGES), []
    everything = catalog.read_lessons(ROOT)
    try:
        numbers = catalog.parse_lessons(" ".join(rest), [x.number for x in everything])
    except CourseError as error:
        sys.exit(f"{error} Or name a stage: {', '.join(STAGES)}.")
    return stages or list(FOR_LESSONS), [x for x in everything if x.number in numbers]


def command_of(stage, lessons):
    """Return the command of a stage, for some lessons or for all."""
    command = STAGES[stage]
    if command[0] == sys.executable:
        return command
    if stage == "nbval":
        chosen = lessons or catalog.read_lessons(ROOT)
        chosen = sorted(chosen, key=lambda lesson: -lesson.seconds)  # no late straggler
        command = [*command, *(str(x.notebook.relative_to(ROOT)) for x in chosen)]
    if len(lessons) == 1:
        # one process is enough
        spread = (*TWO, "--dist", "worksteal", "loadscope", "loadgroup")
        command = [word for word in command if word not in spread]
    return [sys.executable, "-m", "pytest", "-q", *command]


def run_stage(stage, lessons, environment, capture):
    """Run one stage; return its Outcome."""
    reason = why_no_browser() if stage in ("browser", "site") else None
    if reason:
        return Outcome(stage, reason=reason)
    begun = time.monotonic()
    done = subprocess.run(
        command_of(stage, lessons), cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE if capture else None,
        stderr=subprocess.STDOUT if capture else None,
    )  # fmt: skip
    seconds = time.monotonic() - begun
    return Outcome(stage, done.returncode, seconds, done.stdout or "", reason or "")


def main(words):
    check_packages()
    every_page = "all" in words
    stages, lessons = split([word for word in words if word != "all"])
    environment = {
        **thread_shares(2), **os.environ, "JUPYTER_PREFER_ENV_PATH": "1", "PYTHONUTF8": "1",
        "DLCOURSE_PROGRESS": "off",
        "DLCOURSE_TEST_LESSONS": " ".join(lesson.number for lesson in lessons),
        "DLCOURSE_TEST_PAGES": "all" if every_page else "few",
    }  # fmt: skip
    # some three hundred Pythons are started: without stored bytecode each compiles anew
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.monotonic()
    outcomes = []
    if len(lessons) == 1 and len(stages) > 1:
        with ThreadPoolExecutor(2) as pool:  # two stages of the one lesson at a time
            running = [
                pool.submit(run_stage, stage, lessons, environment, True)
                for stage in stages
            ]
            for future in as_completed(running):
                outcomes.append(future.result())
                print(
                    headline(outcomes[-1].name),
                    outcomes[-1].output,
                    sep="\n",
                    flush=True,
                )
    else:
        for stage in stages:
            print(headline(stage), flush=True)
            outcomes.append(run_stage(stage, lessons, environment, False))
    print(headline("summary"))
    for outcome in outcomes:
        mark = "○" if outcome.reason else "✓" if outcome.code == 0 else "✗"
        note = f"   not run: {outcome.reason}" if outcome.reason else ""
        print(f"{mark} {outcome.name:<10} {outcome.seconds:5.0f} s{note}")
    failed = sum(outcome.code != 0 for outcome in outcomes)
    skipped = sum(bool(outcome.reason) for outcome in outcomes)
    print(
        f"{len(outcomes) - failed - skipped} passed, {failed} failed, {skipped} not run"
    )
    print(f"{time.monotonic() - started:.0f} s in all")
    return bool(failed)


def headline(name):
    return f"\n━━ {name} " + "━" * (70 - len(name))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # the stages have been interrupted, too
        sys.exit("\nInterrupted.")
