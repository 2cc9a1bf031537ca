"""Look at this machine and say what the course will find, each trouble with a remedy."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from .errors import CourseError, one_of
from .session import BACKENDS, has_gpu, prepare_keras
from .surroundings import refuse_namesake

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)
NEEDED_GB = {"memory": 2.0, "disk": 0.5}


@dataclass(frozen=True)
class Finding:
    """One check: ``state`` is "ok", "note" (the course runs) or "trouble" (it does not)."""

    name: str
    state: str
    detail: str
    remedy: str = ""


def examine():
    """Return the findings of every check, in order; a check that breaks is a finding."""
    checks = {
        "Python": check_python,
        "packages": check_packages,
        "surroundings": check_surroundings,
        "backend": check_backend,
        "memory": check_memory,
        "disk": check_disk,
        "data": check_data,
        "network": check_network,
    }
    findings = []
    for name, check in checks.items():
        try:
            found = check()
            findings += found if isinstance(found, list) else [found]
        except (Exception, SystemExit) as error:
            detail = f"could not be looked at ({describe(error)})"
            findings.append(Finding(name, "note", detail))
    return findings


def describe(error):
    """Return the first line of what an exception says, with its name."""
    try:
        said = (str(error).strip().splitlines() or [""])[0][:160]
    except Exception:
        said = ""
    if isinstance(error, CourseError):
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def check_python(version=None):
    version = version or sys.version_info[:3]
    text = ".".join(map(str, version))
    if tuple(version[:2]) < OLDEST_PYTHON:
        return Finding(
            "Python", "trouble", f"{text} is too old",
            "install Python 3.11 or newer and create the environment again",
        )  # fmt: skip
    if tuple(version[:2]) > NEWEST_PYTHON:
        newest = ".".join(map(str, NEWEST_PYTHON))
        return Finding(
            "Python", "note", f"{text} is newer than the course was tested with",
            f"if the packages do not install or start, use Python {newest}",
        )  # fmt: skip
    return Finding("Python", "ok", text)


def requirements():
    """Return the course's requirements as lines such as ``"numpy>=2.0,<3"``.

    They stand in requirements.txt in a checkout, and in the package's own metadata.
    """
    file = Path(__file__).resolve().parent.parent / "requirements.txt"
    if file.is_file():
        lines = file.read_text(encoding="utf-8").splitlines()
    else:
        lines = metadata.requires("dlcourse") or []
    lines = (line.partition("#")[0].strip() for line in lines)
    return [line for line in lines if line and "extra ==" not in line]


def check_packages(lines=None):
    """Compare what is installed with what the course needs, range by range."""
    try:
        lines = requirements() if lines is None else lines
    except metadata.PackageNotFoundError:
        return [
            Finding(
                "packages", "trouble", "the course itself is not installed",
                "run  python -m pip install -r requirements.txt -c constraints.txt -e .",
            )
        ]  # fmt: skip
    return [finding for line in lines if (finding := _check_package(line))]


def _check_package(line):
    parts = re.match(r"([\w.-]+)\s*(?:\[[^]]*\])?\s*\(?([^;)]*)", line)
    name, wanted = parts[1], parts[2].strip()
    remedy = f'run  python -m pip install "{name}{wanted}"'
    bad = "trouble" if _is_needed(name) else "note"
    try:
        version = metadata.version(name)
        if not version:
            raise ValueError("it does not say its version")
        fits = _admits(line, version)
    except metadata.PackageNotFoundError:
        return Finding(name, bad, "not installed", remedy)
    except Exception as error:  # a damaged installation
        return Finding(name, bad, f"unreadable ({describe(error)})", remedy)
    if fits is None:  # this line of the list is for other machines
        return None
    if not fits:
        return Finding(name, bad, f"{version}, but the course needs {wanted}", remedy)
    return Finding(name, "ok", version)


def check_surroundings():
    """Name what on this machine would go before the environment's own packages."""
    path = os.environ.get("PYTHONPATH", "")
    hidden = []
    for name in ("keras", "numpy", "matplotlib", "tensorflow"):
        try:
            refuse_namesake(name)
        except CourseError as error:
            return Finding("surroundings", "trouble", str(error).partition(":")[0],
                           "rename it and restart the kernel")  # fmt: skip
        for folder in filter(None, path.split(os.pathsep)):
            if any((Path(folder) / entry).exists() for entry in (name, f"{name}.py")):
                hidden.append(name)
    if hidden:
        return Finding(
            "surroundings", "trouble",
            f"PYTHONPATH puts another {', '.join(dict.fromkeys(hidden))} before this"
            " environment's", "unset PYTHONPATH and start again",
        )  # fmt: skip
    return Finding(
        "surroundings", "ok", "nothing goes before this environment's packages"
    )


# the packages whose module is called otherwise
MODULES = {"scikit-learn": "sklearn", "scikit-image": "skimage"}


def _is_needed(name):
    """Return False for a package that this installation can do without.

    With another backend the course runs without TensorFlow; where only the package is
    installed, as on Colab, without what no lesson imports but the commands do.
    """
    here = Path(__file__).resolve().parent
    if name == "tensorflow":
        return os.environ.get("KERAS_BACKEND") not in ("jax", "torch")
    if (here.parent / "requirements.txt").is_file():
        return True
    module = re.escape(MODULES.get(name, name.replace("-", "_")))
    pattern = re.compile(rf"(?m)^\s*(?:import|from) {module}\b|[\"']{module}[\"']")
    files = (*here.glob("*.py"), *here.glob("exercises/*.py"))
    files = (file for file in files if file.name != "doctor.py")
    return any(pattern.search(f.read_text(encoding="utf-8")) for f in files)


def _admits(line, version):
    """Return True if the version is in the line's range, None if the line is not for here."""
    try:
        from packaging.requirements import Requirement
    except ImportError:
        from pip._vendor.packaging.requirements import Requirement

    requirement = Requirement(line)
    if requirement.marker and not requirement.marker.evaluate():
        return None
    return requirement.specifier.contains(version, prereleases=True)


def check_backend():
    """Import Keras on the chosen backend, as a lesson does, and say on what it computes."""
    try:
        backend = one_of(
            "KERAS_BACKEND", os.environ.get("KERAS_BACKEND") or "tensorflow", BACKENDS
        )
    except CourseError as error:
        return Finding(
            "backend", "trouble", str(error), "unset KERAS_BACKEND or correct it"
        )
    os.environ["KERAS_BACKEND"] = backend
    wanted = os.environ.get("DLCOURSE_DEVICE", "auto")
    try:
        keras = prepare_keras(backend, wanted)
        version = f"Keras {keras.__version__} on {backend}"
        version += f" {sys.modules[backend].__version__}"
        gpu = has_gpu(backend)
    except (Exception, SystemExit) as error:
        return Finding(
            "backend", "trouble",
            f"Keras does not start on {backend} ({describe(error)})",
            f'run  python -m pip install --upgrade {_as_required("keras", backend)}  and'
            " restart",
        )  # fmt: skip
    if wanted == "gpu" and not gpu:
        return Finding(
            "backend", "trouble", f"{version} sees no GPU, and DLCOURSE_DEVICE=gpu",
            'run  python -m pip install "tensorflow[and-cuda]"  on Linux with an NVIDIA driver,'
            " or unset DLCOURSE_DEVICE",
        )  # fmt: skip
    where = "a GPU" if gpu else "the CPU, which is enough for the quick profile"
    return Finding("backend", "ok", f"{version}, computing on {where}")


def _as_required(*names):
    """Return the names as arguments for pip, with the course's ranges."""
    try:
        lines = {re.match(r"[\w.-]+", line)[0]: line for line in requirements()}
    except metadata.PackageNotFoundError:
        lines = {}
    return " ".join(f'"{lines.get(name, name)}"' for name in names)


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
    wanted = folder or _data_folder()
    folder = _nearest_existing(wanted)
    if folder is None:
        return _absent("disk", wanted)
    free = shutil.disk_usage(folder).free / 1e9
    detail = f"{free:.1f} GB free in {folder}"
    if free < NEEDED_GB["disk"]:
        return Finding(
            "disk", "note", detail, "free some space, or set DLCOURSE_DATA elsewhere"
        )
    return Finding("disk", "ok", detail)


def _absent(name, folder):
    return Finding(
        name, "note", f"the drive of {folder} is not there",
        "connect it, or set DLCOURSE_DATA elsewhere",
    )  # fmt: skip


def check_data():
    """Say which downloads are there; none is needed for the quick profile."""
    from . import datasets

    folder = datasets.data_folder()
    here = _nearest_existing(folder)
    if here is None:
        return _absent("data", folder)
    complete = [name for name in datasets.REGISTRY if datasets.is_complete(name)]
    detail = f"{', '.join(complete) or 'nothing downloaded yet'} in {folder}"
    if not here.is_dir():
        return Finding(
            "data", "note", f"{here} is a file", "set DLCOURSE_DATA to a folder"
        )
    if not os.access(here, os.W_OK):
        return Finding(
            "data",
            "note",
            f"{detail}, which is read-only",
            "set DLCOURSE_DATA to add more",
        )
    return Finding("data", "ok", detail)


def check_network(address=None):
    """Ask the first mirror, the way downloads do: with the proxies and certificates set."""
    import requests

    from . import datasets, transfers

    address = address or next(iter(datasets.REGISTRY.values())).mirrors[0]
    try:  # any answer will do
        requests.head(address, timeout=3)
    except Exception as error:
        trouble, remedy = transfers.trouble(error, address)
        return Finding(
            "network", "note", trouble,
            f"{remedy}; the quick profile needs no network, full downloads its data once",
        )  # fmt: skip
    return Finding("network", "ok", "downloads are possible")


def _data_folder():
    from . import datasets

    return datasets.data_folder()


def _nearest_existing(folder):
    """Return the folder or the nearest one above that exists; None on an absent drive."""
    return next((p for p in (folder, *folder.parents) if os.path.exists(p)), None)
