"""Whether every address of every data set still gives what the registry says of it.

A learner's download takes the first mirror that works, so nobody notices when the others
are gone. Here each file is fetched from each mirror, measured, and thrown away.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import urlparse

from .. import transfers


def check(registry, timeout):
    """Ask every mirror of every data set for all files.

    Args:
        registry: ``{name: Remote}``.
        timeout: seconds without an answer.

    Yields:
        ``(name, host, megabytes, troubles)`` per mirror; troubles is an empty list where
        all files came, with the right checksums, and are as large as the registry says.
    """
    for name, remote in registry.items():
        for mirror in remote.mirrors:
            with tempfile.TemporaryDirectory() as folder:
                size, troubles = _ask(remote, mirror, Path(folder), timeout)
            yield name, urlparse(mirror).netloc, size, troubles


def _ask(remote, mirror, folder, timeout):
    """Return the megabytes that came, and what went wrong."""
    troubles = []
    for file in remote.files:
        failed = transfers.from_mirror(remote, mirror, file, folder, timeout)
        if failed:
            troubles.append(f"{file}: {failed[0]}")
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    if not troubles and abs(size - remote.megabytes) > 0.1:
        troubles.append(f"learners are told {remote.megabytes:g} MB")
    return size, troubles
