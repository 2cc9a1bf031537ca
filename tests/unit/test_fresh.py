"""The wait of a newcomer: what is timed, in which order, and with which cache."""

import json
import subprocess
from pathlib import Path

import pytest

from dlcourse import CourseError
from dlcourse.tools import fresh


def cell(source, end=None):
    metadata = {"papermill": {"end_time": end}}
    return {"cell_type": "code", "source": [source], "metadata": metadata}


NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["call model.fit()"], "metadata": {}},
        cell("import keras", "1970-01-01T00:00:10+00:00"),
        cell("model.fit(x, y)", "1970-01-01T00:00:25.500000+00:00"),
        cell("model.fit(x, y)", "1970-01-01T00:00:40+00:00"),
    ]
}


def test_the_first_network_is_the_first_cell_that_trains():
    assert fresh.first_network(NOTEBOOK) == 25.5
    with pytest.raises(CourseError, match="No cell"):
        fresh.first_network({"cells": NOTEBOOK["cells"][:2]})


def test_each_installer_meets_an_empty_cache_and_then_its_own(tmp_path, monkeypatch):
    asked = []

    def run(command, cwd, env, **options):
        caches = [Path(env[name]) for name in ("PIP_CACHE_DIR", "UV_CACHE_DIR")]
        asked.append((command, [cache.exists() for cache in caches], caches[0].parent))
        if command[0] == "git":
            Path(command[-1], "notebooks").mkdir(parents=True)
        elif command[0] == "make":
            for cache in caches:
                cache.mkdir(exist_ok=True)
        else:
            Path(command[4]).write_text(json.dumps(NOTEBOOK))
        return subprocess.CompletedProcess(command, 0, "")

    monkeypatch.setattr(fresh.subprocess, "run", run)
    monkeypatch.setattr(fresh.time, "time", lambda: 5.0)
    waits = fresh.measure(tmp_path, 2, tmp_path)
    makes = [entry for entry in asked if entry[0][0] == "make"]
    installers = [command[2].partition("=")[2] for command, *_ in makes]
    assert installers == ["uv", "uv", "pip", "pip"] * 2
    assert [any(caches) for _, caches, _ in makes] == [False, True] * 4
    assert len({scratch for *_, scratch in makes}) == 4
    assert list(waits) == [("uv", "empty"), ("uv", "warm"), ("pip", "empty"),
                           ("pip", "warm")]  # fmt: skip
    assert all(wait.network == 20.5 for rounds in waits.values() for wait in rounds)
    assert not any(path.is_dir() for path in tmp_path.iterdir())  # nothing is left
    table = fresh.table(waits).splitlines()
    assert len(table) == 6 and table[2].startswith("| uv | empty | 0.0 | 0.0 | 20.5 |")
    fresh.stamp(tmp_path, waits)
    page = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "## From nothing to the first network" in page and "of 2 rounds" in page
    assert "\n".join(table) in page


def test_a_step_that_fails_is_one_sentence(tmp_path):
    with pytest.raises(CourseError, match="git clone -q failed: .*no/such"):
        fresh.measure(tmp_path / "no" / "such", 1, tmp_path)
