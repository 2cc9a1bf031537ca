"""One archive with the course, its data and every package it needs, for a room offline.

Whoever unpacks it finds a folder ``wheels`` beside the Makefile. ``make`` then installs
from there and asks no network. The archive serves the platform and the Python version it
was made with, as its name says.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import zipfile
from pathlib import Path

from ..errors import CourseError
from .files import replacing
from .update import MANIFEST, course_files, manifest_of

NEEDED_GB = 4.0  # the wheels once, and the archive once
# what installs the course without a network
BUILDERS = ("pip", "setuptools>=77", "uv", "wheel")


def name_of_bundle(version):
    """Return ``dlcourse-VERSION-PLATFORM-cpNNN``, the archive's and the folder's name."""
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"dlcourse-{version}-{platform}-cp{sys.version_info[0]}{sys.version_info[1]}"


def write_bundle(root, folder, version):
    """Write the archive, whole or not at all; return its path.

    Args:
        root: the course's folder. In a git checkout, what git tracks is packed, as it
            stands now; elsewhere everything but caches and runs.
        folder: where the archive goes.
        version: the course's version.

    Raises:
        CourseError: if the packages cannot be fetched, or the disk is full.
    """
    folder = Path(folder)
    path = folder / f"{name_of_bundle(version)}.zip"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < NEEDED_GB * 1e9:
            raise CourseError(
                f"The archive needs {NEEDED_GB:g} GB of disk while it is made: make room,"
                " or choose another folder with --output."
            )
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            wheels = fetch_wheels(root, Path(scratch))
            with replacing(path) as temporary:
                pack(root, wheels, temporary, path.stem)
    except OSError as error:
        raise CourseError(
            f"Cannot write {path} ({error.strerror}): choose another folder with --output."
        ) from None
    return path


def fetch_wheels(root, folder):
    """Fetch or build a wheel of every package that the course, its tests and its site need.

    Their versions are those in constraints.txt.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    beside = [*extras["test"], *extras["site"]]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", str(folder),
         "-r", "requirements.txt", "-c", "constraints.txt", *beside,
         *BUILDERS],
        cwd=root, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
    )  # fmt: skip
    if done.returncode:
        errors = [x for x in done.stderr.splitlines() if x.startswith("ERROR")]
        reason = (errors or done.stderr.strip().splitlines() or ["no message"])[0]
        raise CourseError(
            f"The packages could not be fetched ({reason}): check the network and try again."
        )
    return sorted(folder.glob("*.whl"))


def pack(root, wheels, path, name):
    """Write the archive: one folder ``name`` with the course, ``wheels`` and a manifest."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in course_files(root):
            archive.write(root / file, f"{name}/{file.as_posix()}")
        archive.writestr(f"{name}/{MANIFEST}", manifest_of(root))  # for an update
        for wheel in wheels:  # compressed already
            where = f"{name}/wheels/{wheel.name}"
            archive.write(wheel, where, compress_type=zipfile.ZIP_STORED)
