"""The commands: doctor, lab, address, and one clear sentence for each bad input."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import namedtuple

import pytest
from conftest import ROOT
from course import FINE, make_course

from dlcourse import datasets, doctor


def cli(*arguments, cwd=ROOT, python=(sys.executable,), **environment):
    return subprocess.run(
        [*python, "-m", "dlcourse", *arguments], cwd=cwd, capture_output=True, text=True,
        env={**os.environ, **environment}, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("run", "99"), "Unknown lesson '99': choose from 00"),
        (
            ("run", "--profile", "fast"),
            "Unknown profile 'fast': choose one of quick, full",
        ),
        (
            ("run", "--device", "tpu"),
            "Unknown device 'tpu': choose one of auto, cpu, gpu",
        ),
        (("run", "--seeds", "x"), "Seed 'x' is not usable"),
        (("data", "cifar"), "Unknown data set 'cifar': choose one of mnist"),
        (("address", "gitlab.com/x"), "is not a repository address"),
        (
            ("run", "00", "--output", "README.md"),
            "README.md is a file: choose another folder",
        ),
        (("run", "00", "--output", "tests"), "already exists and holds other things"),
        (("student", "--output", "tests"), "already exists and holds other things"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_1(arguments, said):
    done = cli(*arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("PROFILE", "fast", "Unknown profile 'fast'"),
        ("DEVICE", "tpu", "Unknown device 'tpu'"),
        ("SEED", "x", "Seed 'x' is not usable"),
    ],
)
def test_run_heeds_the_environment(name, value, said):
    done = cli("run", "00", **{f"DLCOURSE_{name}": value})
    assert done.returncode == 1 and said in done.stderr


def test_outside_a_checkout_commands_that_need_one_say_so(tmp_path, monkeypatch):
    from dlcourse import CourseError
    from dlcourse.tools import catalog

    monkeypatch.setattr(
        catalog,
        "__file__",
        str(tmp_path / "site" / "dlcourse" / "tools" / "catalog.py"),
    )
    with pytest.raises(CourseError, match="run it inside a clone of the course"):
        catalog.find_root(tmp_path)


def test_an_old_python_is_told_so():
    # The guard stands before anything that an old Python could not read.
    source = (ROOT / "dlcourse" / "__main__.py").read_text(encoding="utf-8")
    guard = source.index("sys.version_info < (3, 11)")
    assert guard < source.index("import main")
    finding = doctor.check_python((3, 9, 2))
    assert finding.state == "trouble" and "install Python 3.11" in finding.remedy


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_refuses_an_old_python(tmp_path):
    for file in ("Makefile", "requirements.txt", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path)
    fake = tmp_path / "python3.9"
    fake.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'import sys; v = (3, 9); "
        'exec(sys.argv[2].replace("sys.version_info", "v"))\' "$@"\n'
    )
    fake.chmod(0o755)
    done = subprocess.run(
        ["make", "lab", f"PYTHON={fake}"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stdout and "is 3.9" in done.stdout
    assert not (tmp_path / ".venv").exists()


def test_a_missing_package_is_one_sentence(tmp_path):
    """An environment without click, as after a plain clone."""
    code = (
        "import sys, runpy; sys.modules['click'] = None;"
        "runpy.run_module('dlcourse', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 1
    assert "The package click is missing: run  python -m pip install" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = cli("lab", "--port", str(port))
    assert (
        done.returncode == 1 and f"Port {port} is in use: choose another" in done.stderr
    )


def test_lab_serves_the_first_lesson():
    """JupyterLab answers over HTTP with the start notebook and the environment's kernel."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "dlcourse",
        "lab",
        "--no-browser",
        "--port",
        str(port),
    ]
    command += ["--", "--IdentityProvider.token=secret", "--ServerApp.port_retries=0"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        status, page = get(port, "/lab/tree/notebooks/00_start_here.ipynb?token=secret")
        assert status == 200 and "JupyterLab" in page
        assert re.search(
            r'"disabledExtensions":[^]]*apputils-extension:announcements', page
        )
        status, page = get(
            port, "/api/contents/notebooks/00_start_here.ipynb?token=secret&content=0"
        )
        assert status == 200
        status, page = get(port, "/api/kernelspecs?token=secret")
        assert status == 200 and '"python3"' in page
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def get(port, path, patience=60):
    deadline = time.monotonic() + patience
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", path)
            reply = connection.getresponse()
            return reply.status, reply.read().decode("utf-8", "replace")
        except OSError:
            assert time.monotonic() < deadline, "JupyterLab did not answer"
            time.sleep(0.5)


def test_notebooks_check_names_what_is_stale(tmp_path):
    course = make_course(tmp_path / "c", l90=FINE)
    done = cli("notebooks", "--check", cwd=course)
    assert (
        done.returncode == 1
        and "Out of step with its script: 90_tiny.ipynb" in done.stderr
    )
    assert "executed" in cli("notebooks", cwd=course).stdout
    assert cli("notebooks", "--check", cwd=course).returncode == 0
    assert cli("notebooks", cwd=course).stdout.strip() == "90_tiny.ipynb: unchanged"


def test_data_lists_what_is_there(tmp_path):
    done = cli("data", DLCOURSE_DATA=str(tmp_path))
    assert done.returncode == 0 and "○ mnist: MNIST, 11.6 MB" in done.stdout


def test_doctor_finds_this_environment_fit():
    done = cli("doctor")
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("The course can run.\n")


def test_doctor_exits_1_with_a_remedy_if_the_course_cannot_run():
    done = cli("doctor", KERAS_BACKEND="theano")
    assert done.returncode == 1
    assert "✗ backend" in done.stdout and "1 to mend" in done.stdout


def test_doctor_finds_each_trouble(monkeypatch, tmp_path):
    (missing,) = doctor.check_packages(["no-such-package"])
    assert (
        missing.state == "trouble" and "pip install no-such-package" in missing.remedy
    )
    memory = namedtuple("memory", "available")(5e8)
    monkeypatch.setattr("psutil.virtual_memory", lambda: memory)
    assert "close other programs" in doctor.check_memory().remedy
    usage = namedtuple("usage", "free")(1e8)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: usage)
    assert "DLCOURSE_DATA" in doctor.check_disk(tmp_path).remedy
    assert doctor.check_network("127.0.0.1", 9).state == "note"
    monkeypatch.setenv("DLCOURSE_DATA", str(tmp_path / "cache"))
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    assert "read-only" in doctor.check_data().detail


def test_doctor_says_when_a_gpu_is_wanted_and_absent(monkeypatch):
    monkeypatch.setenv("DLCOURSE_DEVICE", "gpu")
    monkeypatch.setattr(doctor, "has_gpu", lambda backend: False)
    finding = doctor.check_backend()
    assert finding.state == "trouble" and "sees no GPU" in finding.detail
    assert "DLCOURSE_DEVICE" in finding.remedy or "DLCOURSE_DEVICE" in finding.detail
    monkeypatch.setenv("DLCOURSE_DEVICE", "cpu")
    assert doctor.check_backend().state == "ok"


def test_doctor_names_the_data_that_are_there(monkeypatch):
    monkeypatch.setattr(datasets, "is_complete", lambda name: name == "sst2")
    assert doctor.check_data().detail.startswith("sst2 in ")
