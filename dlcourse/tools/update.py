"""Bring a newer course into a learner's folder, and never touch what the learner changed.

The new files come from the course's address (git), from a folder, or from an archive. A
file that stands as the course delivered it is replaced; one that the learner changed is
kept, and the new one lands beside it as ``NAME.new.ipynb``. What was delivered is known
from git, or from the manifest that an earlier update left.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from ..errors import CourseError
from .files import write_whole

MANIFEST = ".dlcourse-delivered.json"
LARGEST = 500_000_000  # bytes an archive may unpack to
OWN = {  # each machine's own
    ".git", ".venv", ".cache", ".hypothesis", ".pytest_cache", ".ruff_cache",
    "build", "bundle", "dist", "dlcourse.egg-info", "runs", "slides", "student", "wheels",
    MANIFEST,
}  # fmt: skip


def update_course(root, source, branch):
    """Bring the files of ``source`` into the course's folder.

    Args:
        root: the learner's folder.
        source: a git address, a folder, or a ``.zip``, ``.tar`` or ``.tar.gz`` file.
        branch: the branch of a git address.

    Returns:
        Three lists: the paths (relative to ``root``) of new files, of replaced ones, and
        pairs of a kept path and the name of the new file beside it.
    """
    with tempfile.TemporaryDirectory() as scratch:
        new = _unpack(source, branch, Path(scratch))
        if not (new / "notebooks" / "src").is_dir():
            raise CourseError(f"{source} holds no course: name another with --from.")
        delivered = _delivered(root)
        added, replaced, kept = [], [], []
        for path in _files(new):
            _bring(new / path, root / path, path, delivered, added, replaced, kept)
        manifest = {
            **delivered,
            **{p.as_posix(): _digest(new / p) for p in _files(new)},
        }
        _put(root / MANIFEST, json.dumps(manifest, indent=0).encode())
    return added, replaced, kept


def _bring(source, target, path, delivered, added, replaced, kept):
    """Put one file where it belongs, and its path on the list that tells what was done."""
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise CourseError(
            f"{path} is not an ordinary file here: move it away and try again."
        )
    if not target.exists():
        added.append(path)
    elif _digest(target) == _digest(source):
        return
    elif _digest(target) == delivered.get(path.as_posix()):
        replaced.append(path)
    elif _digest(source) == delivered.get(path.as_posix()):
        return  # only the learner changed it
    else:
        target = _free_name(target, source)
        kept.append((path, target.name))
    _put(target, source.read_bytes())
    shutil.copymode(source, target)


def _free_name(target, source):
    """Return ``NAME.new.ipynb``, or the next number if the learner has changed that, too."""
    for number in itertools.count(1):
        mark = "new" if number == 1 else f"new{number}"
        beside = target.with_name(f"{target.stem}.{mark}{target.suffix}")
        if not beside.exists() or _digest(beside) == _digest(source):
            return beside


def _files(folder):
    """Return the course's files in a folder, relative to it."""
    found = (p.relative_to(folder) for p in sorted(folder.rglob("*")) if p.is_file())
    return [p for p in found if p.parts[0] not in OWN and "__pycache__" not in p.parts]


def course_files(root):
    """Return the files that make up the course, relative to its folder.

    They are those that git tracks, where the folder is a git checkout.
    """
    if (root / ".git").exists() and shutil.which("git"):
        listed = _git(root, "ls-files", "-z")
        if not listed.returncode:
            names = filter(None, listed.stdout.split("\0"))
            return [Path(name) for name in names if (root / name).is_file()]
    return _files(root)


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _put(path, content):
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise CourseError(
            f"Cannot write {path} ({error.strerror}): make room, or leave to write there;"
            " what was there is unharmed, and the same command goes on."
        ) from None


# ── what the course delivered earlier ───────────────────────────────────────────


def _delivered(root):
    """Return ``{path: sha256}`` of the files as the course brought them here."""
    with contextlib.suppress(OSError, ValueError):
        return dict(json.loads((root / MANIFEST).read_text(encoding="utf-8")))
    if (root / ".git").exists() and shutil.which("git"):
        with tempfile.TemporaryDirectory() as scratch:
            head = Path(scratch) / "head.tar"
            if not _git(root, "archive", "-o", str(head), "HEAD").returncode:
                new = _unpack_archive(head, Path(scratch) / "head")
                return {path.as_posix(): _digest(new / path) for path in _files(new)}
    return {}  # nothing known: whatever differs counts as the learner's


def _git(folder, *arguments):
    return subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
    )  # fmt: skip


# ── where the new files come from ───────────────────────────────────────────────


def _unpack(source, branch, scratch):
    """Return a folder with the new course: the source itself, or a copy in scratch."""
    path = Path(source).expanduser()
    if path.is_dir() and not (path / ".git").exists() and not (path / "HEAD").is_file():
        return path
    if path.is_file():
        return _unpack_archive(path, scratch / "archive")
    if not shutil.which("git"):
        raise CourseError(
            f"git is needed to fetch {source}: install it, or download the course as an"
            " archive and give it with --from."
        )
    clone = _git(
        scratch, "clone", "--quiet", "--depth", "1", "--branch", branch, "--",
        str(path.resolve()) if path.exists() else str(source), "clone",
    )  # fmt: skip
    if clone.returncode:
        reason = (clone.stderr.strip().splitlines() or ["no message"])[-1]
        raise CourseError(
            f"Could not fetch {source} ({reason}): check the network, or give a folder or"
            " an archive with --from."
        )
    return scratch / "clone"


def _unpack_archive(path, folder):
    """Unpack an archive whose every name stays inside the folder; return its course."""
    folder.mkdir()
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = [(i.filename, i.file_size) for i in archive.infolist()]
                _check_names(path, members)
                archive.extractall(folder)
        else:
            with tarfile.open(path) as archive:
                members = archive.getmembers()
                _check_names(path, [(m.name, m.size) for m in members])
                if not all(m.isfile() or m.isdir() for m in members):
                    raise CourseError(
                        f"{path} holds a link or a device: it is not the course; nothing"
                        " was unpacked."
                    )
                safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
                archive.extractall(folder, **safe)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError) as error:
        raise CourseError(
            f"{path} cannot be unpacked ({type(error).__name__}): get the file again."
        ) from None
    inner = list(folder.iterdir())  # archives often hold one folder with everything
    alone = len(inner) == 1 and inner[0].is_dir() and inner[0].name != "notebooks"
    return inner[0] if alone else folder


def _check_names(path, members):
    for name, _ in members:
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]:
            raise CourseError(
                f"{path} holds the name {name!r}, which leads out of the folder: it is not"
                " the course; nothing was unpacked."
            )
    if sum(size for _, size in members) > LARGEST:
        raise CourseError(
            f"{path} would unpack to more than {LARGEST / 1e6:.0f} MB: it is not the"
            " course; nothing was unpacked."
        )
