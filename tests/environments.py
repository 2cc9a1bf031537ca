"""Run the lessons with other versions and other backends, each in its own environment.

    python tests/environments.py oldest     the lowest versions that requirements.txt admits
    python tests/environments.py newest     the newest ones, whatever constraints.txt says
    python tests/environments.py backends   JAX, then PyTorch, for lessons that declare them

More words choose lessons (``3x 41``). Environments are kept in ``.cache`` and made again
when what they should hold has changed. With ``DLCOURSE_DEVICE=gpu`` the lessons run on a
GPU, and fail if there is none. ``make oldest``, ``make newest`` and ``make backends`` call
this.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from dlcourse.tools.install import install_packages

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
BACKENDS = ("jax", "torch")


def requirements():
    """Return requirements.txt as pairs of name and lowest version."""
    text = (ROOT / "requirements.txt").read_text()
    return re.findall(r"^([\w-]+)>=([\d.]+)", text, re.M)


def oldest():
    """Return one pin per requirement: the lowest version admitted, any bug fix of it."""
    pins = []
    for name, version in requirements():
        version += ".0" * (1 - version.count(".")) if "." not in version else ""
        pins.append(
            f"{name}=={version}.*" if version.count(".") < 2 else f"{name}=={version}"
        )
    return pins


def packages(kind):
    """Return pip's arguments for an environment of this kind."""
    if kind == "oldest":
        return oldest()
    newest = ["-r", str(ROOT / "requirements.txt")]
    if kind == "newest":
        return ["--upgrade", *newest]
    return [*newest, "-c", str(ROOT / "constraints.txt"), *BACKENDS]


def make_environment(kind):
    """Create or renew the environment; return its Python."""
    folder = CACHE / kind
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    wanted = " ".join(packages(kind)) + (ROOT / "requirements.txt").read_text()
    stamp = folder / "packages.txt"
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        if install_packages(str(python), packages(kind)) is not None:
            sys.exit(f"Could not make the environment {kind!r}: see the message above.")
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "--no-deps", "-e", ROOT], check=True
        )
        stamp.write_text(wanted)
    return python


def main(words):
    kinds = ("oldest", "newest", "backends")
    if not words or words[0] not in kinds:
        sys.exit(f"Say which: {', '.join(kinds)}.")
    kind, *chosen = words
    python = make_environment(kind)
    code = 0
    for backend in BACKENDS if kind == "backends" else ("tensorflow",):
        show = (
            "import keras, sys, platform;"
            "print(sys.argv[1], '· Keras', keras.__version__, '· Python', platform.python_version())"
        )
        environment = {
            **os.environ,
            "KERAS_BACKEND": backend,
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        subprocess.run(
            [python, "-c", show, backend], env=environment, stderr=subprocess.DEVNULL
        )
        output = CACHE / f"runs_{kind}_{backend}"
        command = [python, "-m", "dlcourse", "run", *chosen, "--output", output]
        code |= subprocess.call(command, cwd=ROOT, env=environment)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
