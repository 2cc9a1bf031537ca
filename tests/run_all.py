"""Run every check of the course, stage by stage: what ``make test`` calls.

Each stage is one pytest run with its own summary. All stages run, whatever fails; the
exit code is non-zero if any did. ``python tests/run_all.py STAGE ...`` runs only those.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

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
}  # fmt: skip


def main(names):
    unknown = [name for name in names if name not in STAGES]
    if unknown:
        sys.exit(f"Unknown stage {unknown[0]!r}: choose from {', '.join(STAGES)}.")
    results = {}
    environment = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1", "PYTHONUTF8": "1"}
    started = time.monotonic()
    for name in names or STAGES:
        command = STAGES[name]
        if command[0] != sys.executable:
            command = [sys.executable, "-m", "pytest", "-q", *command]
        print(f"\n━━ {name} " + "━" * (70 - len(name)), flush=True)
        begun = time.monotonic()
        code = subprocess.call(command, cwd=ROOT, env=environment)
        results[name] = (code, time.monotonic() - begun)
    print("\n━━ summary " + "━" * 63)
    for name, (code, seconds) in results.items():
        print(f"{'✓' if code == 0 else '✗'} {name:<10} {seconds:5.0f} s")
    failed = sum(code != 0 for code, _ in results.values())
    print(f"{len(results) - failed} passed, {failed} failed")
    print(f"{time.monotonic() - started:.0f} s in all")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
