"""Look at this machine and say what the course will find, each trouble with a remedy."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from .errors import CourseError, one_of
from .session import BACKENDS, has_gpu, quiet_stderr

OLDEST_PYTHON = (3, 11)
NEEDED_GB = {"memory": 2.0, "disk": 0.5}
PACKAGES = (
    "keras", "numpy", "pandas", "scikit-learn", "matplotlib", "seaborn", "ipywidgets",
    "pooch", "click", "platformdirs", "tqdm", "mlxtend", "scikit-image", "statsmodels",
    "vega_datasets",
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One check: ``state`` is "ok", "note" (the course runs) or "trouble" (it does not)."""

    name: str
    state: str
    detail: str
    remedy: str = ""


def examine():
    """Return the findings of every check, in order."""
    return [
        check_python(),
        *check_packages(),
        check_backend(),
        check_memory(),
        check_disk(),
        check_data(),
        check_network(),
    ]


def check_python(version=None):
    version = version or sys.version_info[:3]
    text = ".".join(map(str, version))
    if tuple(version[:2]) < OLDEST_PYTHON:
        return Finding(
            "Python", "trouble", f"{text} is too old",
            "install Python 3.11 or newer and create the environment again",
        )  # fmt: skip
    return Finding("Python", "ok", text)


def check_packages(names=PACKAGES):
    findings = []
    for name in names:
        try:
            findings.append(Finding(name, "ok", metadata.version(name)))
        except metadata.PackageNotFoundError:
            remedy = f"run  python -m pip install {name}"
            findings.append(Finding(name, "trouble", "not installed", remedy))
    return findings


def check_backend():
    """Import the chosen backend and say on what it computes."""
    import importlib

    try:
        backend = one_of(
            "KERAS_BACKEND", os.environ.get("KERAS_BACKEND") or "tensorflow", BACKENDS
        )
    except CourseError as error:
        return Finding(
            "backend", "trouble", str(error), "unset KERAS_BACKEND or correct it"
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        with quiet_stderr():
            version = importlib.import_module(backend).__version__
            gpu = has_gpu(backend)
    except ImportError as error:
        return Finding(
            "backend", "trouble", f"{backend} cannot be imported ({error})",
            f"run  python -m pip install {backend}",
        )  # fmt: skip
    wanted = os.environ.get("DLCOURSE_DEVICE", "auto")
    if wanted == "gpu" and not gpu:
        return Finding(
            "backend", "trouble", f"{backend} {version} sees no GPU, and DLCOURSE_DEVICE=gpu",
            'run  python -m pip install "tensorflow[and-cuda]"  on Linux with an NVIDIA driver,'
            " or unset DLCOURSE_DEVICE",
        )  # fmt: skip
    where = "a GPU" if gpu else "the CPU, which is enough for the quick profile"
    return Finding("backend", "ok", f"{backend} {version}, computing on {where}")


def check_memory():
    try:
        import psutil
    except ImportError:
        return Finding("memory", "note", "not measured (psutil is absent)")
    free = psutil.virtual_memory().available / 1e9
    detail = f"{free:.1f} GB available"
    if free < NEEDED_GB["memory"]:
        return Finding(
            "memory",
            "note",
            detail,
            "close other programs and shut down kernels you no longer use",
        )
    return Finding("memory", "ok", detail)


def check_disk(folder=None):
    folder = folder or _nearest_existing(_data_folder())
    free = shutil.disk_usage(folder).free / 1e9
    detail = f"{free:.1f} GB free in {folder}"
    if free < NEEDED_GB["disk"]:
        return Finding(
            "disk", "note", detail, "free some space, or set DLCOURSE_DATA elsewhere"
        )
    return Finding("disk", "ok", detail)


def check_data():
    """Say which downloads are there; none is needed for the quick profile."""
    from . import datasets

    here = [name for name in datasets.REGISTRY if datasets.is_complete(name)]
    folder = datasets.data_folder()
    detail = f"{', '.join(here) or 'nothing downloaded yet'} in {folder}"
    if not os.access(_nearest_existing(folder), os.W_OK):
        return Finding(
            "data",
            "note",
            f"{detail}, which is read-only",
            "set DLCOURSE_DATA to add more",
        )
    return Finding("data", "ok", detail)


def check_network(host="storage.googleapis.com", port=443):
    try:
        socket.create_connection((host, port), timeout=3).close()
    except OSError:
        return Finding(
            "network", "note", "no connection",
            "the quick profile needs none; full downloads its data sets once",
        )  # fmt: skip
    return Finding("network", "ok", "downloads are possible")


def _data_folder():
    from . import datasets

    return datasets.data_folder()


def _nearest_existing(folder):
    folder = Path(folder)
    return folder if folder.exists() else _nearest_existing(folder.parent)
