"""Run every check of the course, stage by stage: what ``make test`` calls.

Each stage is one pytest run with its own summary. All stages run, whatever fails; the
exit code is non-zero if any did. ``python tests/run_all.py STAGE ...`` runs only those.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from dlcourse.tools.run import thread_shares

ROOT = Path(__file__).resolve().parent.parent
TWO = ["-n", "2"]
STAGES = {
    "style": [sys.executable, "-m", "ruff", "check", "."],
    "unit": ["tests/unit", *TWO],
    "static": ["tests/notebooks/test_static.py", "tests/notebooks/test_exercises.py", *TWO],
    # papermill before nbval: it reports a kernel that dies at once
    "papermill": ["tests/notebooks/test_runs.py", *TWO, "--dist", "worksteal"],
    "nbval": [
        "--nbval", "notebooks", "--ignore=notebooks/src", "--nbval-current-env",
        "--nbval-sanitize-with=tests/nbval_sanitize.cfg", "--nbval-cell-timeout=300",
        *TWO, "--dist", "loadscope",
    ],
    "browser": ["tests/browser", *TWO, "--dist", "worksteal"],
}  # fmt: skip


def why_no_browser():
    """Return why the browser stage cannot run here, or None; install Playwright for it.

    It is not in requirements.txt: only this stage needs it, and only beside a Chromium.
    """
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    if not (os.environ.get("CHROMIUM") or any(map(shutil.which, names))):
        return "no Chromium here: install it (Debian: apt install chromium), or set CHROMIUM"
    if importlib.util.find_spec("playwright") is None:
        install = [sys.executable, "-m", "pip", "install", "-q", "playwright>=1.49,<2"]
        if subprocess.call([*install, "-c", "constraints.txt"], cwd=ROOT):
            return "Playwright could not be installed: check the network"
    return None


def main(names):
    unknown = [name for name in names if name not in STAGES]
    if unknown:
        sys.exit(f"Unknown stage {unknown[0]!r}: choose from {', '.join(STAGES)}.")
    results, skipped = {}, {}
    environment = {
        **thread_shares(2), **os.environ, "JUPYTER_PREFER_ENV_PATH": "1", "PYTHONUTF8": "1",
        "DLCOURSE_PROGRESS": "off",
    }  # fmt: skip
    started = time.monotonic()
    for name in names or STAGES:
        command = STAGES[name]
        if command[0] != sys.executable:
            command = [sys.executable, "-m", "pytest", "-q", *command]
        print(f"\n━━ {name} " + "━" * (70 - len(name)), flush=True)
        begun = time.monotonic()
        reason = why_no_browser() if name == "browser" else None
        if reason:
            print(f"not run: {reason}", flush=True)
            skipped[name] = reason
            continue
        code = subprocess.call(command, cwd=ROOT, env=environment)
        results[name] = (code, time.monotonic() - begun)
    print("\n━━ summary " + "━" * 63)
    for name, (code, seconds) in results.items():
        print(f"{'✓' if code == 0 else '✗'} {name:<10} {seconds:5.0f} s")
    for name, reason in skipped.items():
        print(f"– {name:<10} not run: {reason}")
    failed = sum(code != 0 for code, _ in results.values())
    print(f"{len(results) - failed} passed, {failed} failed")
    print(f"{time.monotonic() - started:.0f} s in all")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
