"""What every test shares: the course's folder, and a clean environment."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
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
