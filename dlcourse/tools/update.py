"""Bring a newer course into a learner's folder, and never touch an answered notebook.

The new files come from the course's address (git), from a folder, or from an archive. A
notebook in ``notebooks/`` that the learner changed is kept, and the new one lands beside
it as ``NAME.new.ipynb``; every other file of the course is replaced, and what the course
does not know stays. What was delivered is known from git and from a manifest, which
bundles and updates leave; without either, a notebook with nothing but its script's cells
counts as delivered.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import itertools
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ..errors import CourseError
from .files import write_whole

MANIFEST = ".dlcourse-delivered.json"
LARGEST = 500_000_000  # bytes that the course in an archive may take
OWN = {  # each machine's own
    ".git", ".venv", ".cache", ".hypothesis", ".pytest_cache", ".ruff_cache",
    "build", "bundle", "dist", "dlcourse.egg-info", "runs", "site", "slides", "student",
    "wheels", MANIFEST,
}  # fmt: skip
LEFTOVERS = {"__pycache__", ".ipynb_checkpoints"}  # at any depth
BESIDE = re.compile(r".+\.(new\d*|old)(\.[^.]+)?")  # what an update put beside a file


@dataclass
class Changes:
    """What an update did, as paths relative to the course's folder.

    ``kept`` has pairs of a kept notebook and the name of the new one beside it.
    """

    added: list = field(default_factory=list)
    replaced: list = field(default_factory=list)
    removed: list = field(default_factory=list)
    kept: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.added or self.replaced or self.removed or self.kept)


def update_course(root, source, branch):
    """Bring the files of ``source`` into the course's folder.

    Args:
        root: the learner's folder.
        source: a git address, a folder, or a ``.zip``, ``.tar`` or ``.tar.gz`` file.
        branch: the branch of a git address.

    Returns:
        ``Changes``.

    Raises:
        CourseError: if the new files cannot be had, or not be written here.
    """
    with tempfile.TemporaryDirectory() as scratch:
        try:
            new = _unpack(source, branch, Path(scratch))
            if not (new / "notebooks" / "src").is_dir():
                raise CourseError(
                    f"{source} holds no course: name another with --from."
                )
            return _bring_all(new, root, source, branch)
        except OSError as error:
            raise CourseError(
                f"Cannot read or write {error.filename or root} ({error.strerror}): mend"
                " that, and the same command goes on; no answer of yours is lost."
            ) from None


def _bring_all(new, root, source, branch):
    """Decide about every file first, then write; the manifest comes last."""
    known = _Delivered(root, source, branch)
    files, changes, writes = _files(new), Changes(), []
    for path in files:
        target = _place(new / path, root / path, path, known, changes)
        if target:
            writes.append((new / path, target))
    gone = _gone(files, root, known, changes)
    for origin, target in writes:
        _put(target, origin.read_bytes())
        shutil.copymode(origin, target)
    for path, aside in gone:
        if aside:
            os.replace(root / path, root / aside)
        else:
            (root / path).unlink()
    manifest = {path.as_posix(): _digest(new / path) for path in files}
    _put(root / MANIFEST, manifest_text(manifest).encode())
    return changes


def _place(origin, target, path, known, changes):
    """Return where one new file goes, or None; put its path on the list that tells."""
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise CourseError(
            f"{path} is not an ordinary file here: move it away and try again."
        )
    if not target.exists():
        changes.added.append(path)
        return target
    if target.read_bytes() == origin.read_bytes():
        return None
    if not _is_answered(path, target, origin, known):
        changes.replaced.append(path)
        return target
    if known.holds(path, origin):
        return None  # only the learner changed it
    beside = _free_name(target, origin, path, known)
    changes.kept.append((path, beside.name))
    return beside


def _is_notebook(path):
    return path.parent.as_posix() == "notebooks" and path.suffix == ".ipynb"


def _is_answered(path, target, origin, known):
    """Return True for a notebook that holds what the course did not deliver."""
    if not _is_notebook(path) or known.holds(path, target):
        return False
    if _digest(origin) == _digest(target):  # only the line ends differ
        return False
    return known.has(path) or not _is_untouched(target)


def _is_untouched(notebook):
    """Return True if a notebook holds the cells of the script beside it and no others."""
    from .catalog import read_lesson
    from .notebooks import read_notebook, skeleton

    script = notebook.parent / "src" / f"{notebook.stem}.py"
    try:
        wanted = skeleton(read_lesson(script)).cells
        cells = read_notebook(notebook).cells
        return [(c.cell_type, c.source) for c in cells] == [
            (c.cell_type, c.source) for c in wanted
        ]
    except Exception:  # what cannot be read may be the learner's
        return False


def _gone(files, root, known, changes):
    """Return what the course no longer has: dropped files, and lessons' former names.

    They come as pairs of a path and its new name, None for a file to delete.
    """
    present, gone = set(files), []
    for path in files:  # what older updates put beside other files than notebooks
        for beside in (root / path).parent.glob(f"{glob.escape(path.stem)}.new*"):
            if not _is_notebook(path) and beside.suffix in (path.suffix, ".new"):
                if known.holds(path, beside):
                    gone.append((beside.relative_to(root), None))
                    changes.removed.append(gone[-1][0])
    lessons = {p.name[:2]: p for p in files if is_lesson(p) and p.suffix == ".py"}
    former = [
        path.relative_to(root)
        for folder in (root / "notebooks", root / "notebooks" / "src")
        for path in sorted(folder.glob("[0-9][0-9]_*"))
        if path.is_file() and is_lesson(path.relative_to(root))
    ]
    dropped = [Path(name) for name in known.ours if (root / name).is_file()]
    for path in sorted({*former, *dropped} - present):
        successor = lessons.get(path.name[:2]) if is_lesson(path) else None
        if known.holds(path, root / path) or (successor and known.has(path)
                                              and not _is_notebook(path)):  # fmt: skip
            gone.append((path, None))
        elif not successor:
            continue  # the learner's own, or changed
        elif _is_notebook(path) and _is_untouched(root / path):
            gone.append((path, None))
        elif known or _is_notebook(path):
            changes.kept.append((path, f"{successor.stem}{path.suffix}"))
            continue
        else:  # whose script it was nobody knows: no lesson any more, but not lost
            gone.append((path, path.with_name(f"{path.stem}.old{path.suffix}")))
        changes.removed.append(path)
    return gone


def is_lesson(path):
    """Return True for the place and name of a lesson's script or notebook."""
    kind = {"notebooks/src": ".py", "notebooks": ".ipynb"}.get(path.parent.as_posix())
    return path.suffix == kind and bool(re.fullmatch(r"\d\d_\w+", path.stem))


def _free_name(target, origin, path, known):
    """Return ``NAME.new.ipynb``, or the next number if the learner has changed that, too."""
    for number in itertools.count(1):
        mark = "new" if number == 1 else f"new{number}"
        beside = target.with_name(f"{target.stem}.{mark}{target.suffix}")
        if not beside.exists() or _digest(beside) == _digest(origin):
            return beside
        if known.holds(path, beside):
            return beside


def _files(folder):
    """Return the course's files in a folder, relative to it."""
    found = (p.relative_to(folder) for p in sorted(folder.rglob("*")) if p.is_file())
    return [path for path in found if _travels(path)]


def _travels(path):
    """Return False for what is a machine's own or a learner's."""
    return not (
        path.parts[0] in OWN
        or LEFTOVERS & set(path.parts)
        or BESIDE.fullmatch(path.name)
    )


def course_files(root):
    """Return the files that make up the course, relative to its folder.

    They are those that git tracks, where the folder is a git checkout.
    """
    if _has_git(root):
        listed = _git(root, "ls-files", "-z")
        if not listed.returncode:
            names = map(Path, filter(None, listed.stdout.split("\0")))
            return [p for p in names if _travels(p) and (root / p).is_file()]
    return _files(root)


def _digest(path):
    """Return the SHA-256 of a file, whatever its line ends."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


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


def manifest_of(root):
    """Return the text of a manifest of the course's files as they stand."""
    return manifest_text({p.as_posix(): _digest(root / p) for p in course_files(root)})


def manifest_text(digests):
    return json.dumps(digests, indent=0)


class _Delivered:
    """What is known of the files as the course brought them here.

    A manifest may be older than the last ``git pull``, and git older than the last update:
    a file counts as delivered if either says so.
    """

    def __init__(self, root, source, branch):
        manifest = _read_manifest(root)
        from_git, origin = _published(root, branch)
        self.known = [manifest, from_git]
        # what may be taken away again: only what this source has brought
        self.ours = {*manifest, *(from_git if origin == str(source) else ())}

    def __bool__(self):
        return any(self.known)

    def has(self, path):
        return any(path.as_posix() in digests for digests in self.known)

    def holds(self, path, file):
        """Return True if the file's content was delivered under this path."""
        digest = _digest(file)
        return any(known.get(path.as_posix()) == digest for known in self.known)


def _read_manifest(root):
    with contextlib.suppress(OSError, ValueError, TypeError):
        return dict(json.loads((root / MANIFEST).read_text(encoding="utf-8")))
    return {}


def _published(root, branch):
    """Return ``{path: sha256}`` of the newest published commit here, and its address.

    What the learner committed is theirs, so the branch that git follows counts.
    """
    if not _has_git(root):
        return {}, None
    for followed in ("@{upstream}", f"origin/{branch}"):
        base = _git(root, "merge-base", "HEAD", followed)
        if base.returncode:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            tar = Path(scratch) / "published.tar"
            if not _git(
                root, "archive", "-o", str(tar), base.stdout.strip()
            ).returncode:
                new = _unpack_archive(tar, Path(scratch) / "published")
                origin = _git(root, "remote", "get-url", "origin").stdout.strip()
                return {p.as_posix(): _digest(new / p) for p in _files(new)}, origin
    return {}, None


def _has_git(root):
    return (root / ".git").exists() and bool(shutil.which("git"))


def _git(folder, *arguments):
    return subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, encoding="utf-8",
        errors="replace", env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
    )  # fmt: skip


# ── where the new files come from ───────────────────────────────────────────────


def _unpack(source, branch, scratch):
    """Return a folder with the new course: the source itself, or a copy in scratch."""
    try:
        path = Path(source).expanduser()
    except RuntimeError:
        raise CourseError(
            f"{source} names a user whom this machine does not know: give another --from."
        ) from None
    if path.is_dir() and not (path / ".git").exists() and not (path / "HEAD").is_file():
        return path
    if path.is_file():
        return _unpack_archive(path, scratch / "archive")
    if not path.exists() and not re.match(r"\w[\w+.-]+://|[^/\\]+:", str(source)):
        raise CourseError(
            f"There is no folder or file {source}: name another with --from."
        )
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
        raise CourseError(_why_not(source, clone.stderr))
    return scratch / "clone"


def _why_not(source, said):
    """Return one sentence on why git could not fetch the source, from what it said."""
    lines = [x.strip() for x in said.splitlines() if x.startswith(("fatal:", "error:"))]
    reason = (lines or said.strip().splitlines() or ["no message"])[-1]
    there = re.search(r"not found|does not exist|not appear to be|Authentication", said)
    certificate = re.search(r"certificate|SSL|CAfile", said)
    remedy = (
        "check the address" if there
        else "have git trust your network's certificates (git config http.sslCAInfo FILE)"
        if certificate
        else "correct the proxy settings" if "proxy" in said.lower()
        else "make room" if "No space left" in said
        else "check the network"
    )  # fmt: skip
    return (
        f"Could not fetch {source} ({reason}): {remedy}, or give a folder or an archive"
        " with --from."
    )


def _unpack_archive(path, folder):
    """Unpack the course's files from an archive whose every name stays inside the folder.

    The packages that a bundle brings along, and caches, stay in the archive.
    """
    folder.mkdir()
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = {i.filename: i.file_size for i in archive.infolist()}
                archive.extractall(folder, _wanted(path, members))
        else:
            with tarfile.open(path) as archive:
                members = {m.name: m for m in archive.getmembers()}
                wanted = _wanted(path, {n: m.size for n, m in members.items()})
                members = {n: members[n] for n in wanted}
                if not all(m.isfile() or m.isdir() for m in members.values()):
                    raise CourseError(
                        f"{path} holds a link or a device: it is not the course; nothing"
                        " was unpacked."
                    )
                safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
                archive.extractall(folder, members.values(), **safe)
    except CourseError:
        raise
    except Exception as error:  # archives fail in many ways
        if getattr(error, "errno", None):
            raise  # the disk or the leave to read, not the archive
        raise CourseError(
            f"{path} cannot be unpacked ({type(error).__name__}): get the file again."
        ) from None
    inner = list(folder.iterdir())  # archives often hold one folder with everything
    alone = len(inner) == 1 and inner[0].is_dir() and inner[0].name != "notebooks"
    return inner[0] if alone else folder


def _wanted(path, sizes):
    """Return the names in an archive that are the course's; refuse what is not safe."""
    parts = {n: PurePosixPath(n.replace("\\", "/")).parts for n in sizes}
    for name, way in parts.items():
        if ".." in way or way[:1] == ("/",) or any(":" in part for part in way):
            raise CourseError(
                f"{path} holds the name {name!r}, which leads out of the folder: it is not"
                " the course; nothing was unpacked."
            )
    tops = {way[0] for way in parts.values() if way}
    depth = int(len(tops) == 1 and tops != {"notebooks"})  # one folder with everything
    wanted = [
        name
        for name, way in parts.items()
        if way[depth:] and _travels(PurePosixPath(*way[depth:]))
    ]
    if sum(sizes[name] for name in wanted) > LARGEST:
        raise CourseError(
            f"{path} would unpack to more than {LARGEST / 1e6:.0f} MB: it is not the"
            " course; nothing was unpacked."
        )
    return wanted
