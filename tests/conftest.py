"""What every test shares: the course's folder, and a clean environment."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "agg")


@pytest.fixture
def root():
    return ROOT


@pytest.fixture(autouse=True)
def no_overrides(monkeypatch):
    """Keep the caller's settings out of the tests."""
    for name in ("PROFILE", "SEED", "STRICT", "REPORT", "DATA"):
        monkeypatch.delenv(f"DLCOURSE_{name}", raising=False)
    monkeypatch.setenv("DLCOURSE_PROGRESS", "off")  # not the tester's own


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With ``--dist loadgroup``, keep the tests of one lesson in one process.

    They share what the lesson's checkers said. (pytest-xdist's own groups have no effect
    under pytest 9.2.)
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByLesson(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            number = re.search(r"\[(\d\d)\b", nodeid)
            return number[1] if number else nodeid

    return ByLesson(config, log) if config.getvalue("dist") == "loadgroup" else None
