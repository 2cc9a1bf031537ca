"""Run lessons as Colab would: its package versions, and no dlcourse until the first cell.

``make colab`` (or ``python tests/colab.py [LESSONS]``) makes an environment with the
versions in ``colab_packages.txt``, puts the committed state of this checkout behind
``DLCOURSE_INSTALL``, and runs every stored notebook from its bootstrap cell to its last.

``make colab ARGS="--update FILE"`` takes new versions from a list that ``pip freeze`` wrote
in Colab, and runs nothing.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from dlcourse.tools.catalog import parse_lessons, read_lessons
from dlcourse.tools.execute import run_notebook
from dlcourse.tools.install import install_packages

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".cache" / "colab"
PACKAGES = ROOT / "tests" / "colab_packages.txt"


def update(listing, target=PACKAGES):
    """Take the versions of our packages from a ``pip freeze`` list; print what changed.

    A package that has no pin in our list gets none; one that the list lacks is an error,
    and then nothing is written.
    """
    try:
        text = Path(listing).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"Cannot read {listing} ({error}): save Colab's  pip freeze  there.")
    found = re.findall(r"(?m)^([\w.-]+)(?:==|\s+)(\d[\w.+!-]*)", text)
    versions = {_canonical(name): version.split("+")[0] for name, version in found}
    lines, missing = [], []
    for line in target.read_text(encoding="utf-8").splitlines():
        name, _, old = line.partition("==")
        if line.startswith("#") or not old:
            lines.append(line)
            continue
        new = versions.get(_canonical(name))
        missing += [name] * (new is None)
        lines.append(f"{name}=={new}")
        if new != old:
            print(f"{name}: {old} → {new}")
    if missing:
        sys.exit(
            f"{listing} lists no {', '.join(missing)}: it is not Colab's whole list; nothing"
            " was changed."
        )
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("Now run  make colab,  and  make test  to see that the ranges admit them.")


def _canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def find_python():
    """Return a Python 3.13, or 3.12, to build the environment with."""
    candidates = [os.environ.get("COLAB_PYTHON"), "python3.13", "python3.12"]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in ("3.13", "3.12"):  # its commands may be there and refuse to work
        candidates += sorted(map(str, pyenv.glob(f"versions/{version}*/bin/python")))
    for name in filter(None, candidates):
        path = shutil.which(name)
        if (
            path
            and subprocess.run([path, "-c", ""], capture_output=True).returncode == 0
        ):
            return path
    sys.exit(
        "Colab runs Python 3.13 and none is here: set COLAB_PYTHON to one (or a 3.12)."
    )


def refuse_shallow(root):
    """Stop in a clone without its history: pip's clone of it starts git upon git, endlessly."""
    asked = ["git", "rev-parse", "--is-shallow-repository"]
    done = subprocess.run(asked, cwd=root, capture_output=True, text=True)
    if done.stdout.strip() == "true":
        sys.exit(
            "This clone has no history, and pip cannot install from such: run  git fetch"
            " --unshallow  first."
        )


def make_environment():
    """Create or renew the environment; return its Python."""
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / "packages.txt"
    if not stamp.is_file() or stamp.read_text() != PACKAGES.read_text():
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        subprocess.run([find_python(), "-m", "venv", ENVIRONMENT], check=True)
        if install_packages(str(python), ["-r", str(PACKAGES)]) is not None:
            sys.exit("Could not make Colab's environment: see the message above.")
        stamp.write_text(PACKAGES.read_text())
    # every run starts as Colab does: without the course's helpers
    subprocess.run(
        [python, "-m", "pip", "uninstall", "-q", "-y", "dlcourse"], check=True
    )
    return python


def run_lesson(lesson, python):
    """Execute a notebook with that environment's kernel; return what went wrong, or None."""
    notebook = nbformat.read(lesson.notebook, as_version=4)
    with tempfile.TemporaryDirectory() as folder:  # Colab has no checkout around it
        outcome = run_notebook(notebook, folder=folder, timeout=300, python=python)
    return outcome.error and str(outcome.error)


def main(words):
    if words[:1] == ["--update"]:
        if len(words) != 2:
            sys.exit("Say from which file: python tests/colab.py --update FILE.")
        return update(words[1])
    refuse_shallow(ROOT)
    everything = read_lessons(ROOT)
    numbers = [lesson.number for lesson in everything]
    chosen = parse_lessons(" ".join(words), numbers) if words else numbers
    os.environ["DLCOURSE_INSTALL"] = f"git+file://{ROOT}"
    os.environ["DLCOURSE_STRICT"] = "1"
    os.environ["DLCOURSE_PROGRESS"] = "off"
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # a debugger's remark, not ours
    python = make_environment()
    failed = 0
    for lesson in everything:
        if lesson.number not in chosen:
            continue
        started = time.monotonic()
        trouble = run_lesson(lesson, python)
        failed += trouble is not None
        mark, end = ("✗", f": {trouble}") if trouble else ("✓", "")
        print(
            f"{mark} {lesson.number} {time.monotonic() - started:.0f} s{end}",
            flush=True,
        )
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
