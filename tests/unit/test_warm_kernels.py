"""Kernels that are forks of one process behave as those that start by themselves."""

import sys
import time

import nbformat
import psutil
import pytest

from dlcourse.tools.execute import run_notebook
from tests import warm_kernels

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")

SOURCE = """import os, random, sys
import numpy as np
print(*[name in sys.modules for name in ("tensorflow", "keras", "pytest")])
print(os.getpgid(0) == os.getpid(), os.environ["ONLY_HERE"], os.path.basename(os.getcwd()))
print(random.random(), np.random.rand())
print(os.getpid())"""


@pytest.fixture
def plugged_in(monkeypatch):
    """The plugin as pytest would call it; nothing of it is left behind."""
    from jupyter_client.provisioning import local_provisioner

    monkeypatch.setattr(
        local_provisioner, "launch_kernel", local_provisioner.launch_kernel
    )
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # as run_all sets it on two cores
    nurseries = []

    class Kept(warm_kernels.Nursery):
        def __init__(self):
            super().__init__()
            nurseries.append(self)

    monkeypatch.setattr(warm_kernels, "Nursery", Kept)
    warm_kernels.pytest_configure()
    yield nurseries
    for nursery in nurseries:
        if nursery.process:
            nursery.process.kill()
            nursery.process.wait()


def lines(source, folder):
    """Run one cell in a new kernel; return what it printed, and the cell's error."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python"},
        "language_info": {"name": "python"},
    }
    outcome = run_notebook(notebook, folder=folder, timeout=60)
    text = "".join(o.get("text", "") for o in notebook.cells[0].outputs)
    return text.splitlines(), outcome.error


def test_a_warm_kernel_is_its_own(plugged_in, tmp_path, monkeypatch):
    monkeypatch.setenv("ONLY_HERE", "first")
    one, error = lines(SOURCE, tmp_path)
    assert error is None
    monkeypatch.setenv("ONLY_HERE", "second")
    two, _ = lines(SOURCE, tmp_path)
    assert one[0] == two[0] == "True True False"  # tensorflow, keras, pytest
    assert one[1] == f"True first {tmp_path.name}"
    assert two[1] == f"True second {tmp_path.name}"
    assert not set(one[2].split()) & set(two[2].split())  # nobody's luck is shared
    assert one[3] != two[3]
    assert plugged_in[0].process.poll() is None
    end = time.monotonic() + 20
    while psutil.pid_exists(int(two[3])) and time.monotonic() < end:
        time.sleep(0.1)
    assert not psutil.pid_exists(int(one[3])) and not psutil.pid_exists(int(two[3]))


SETTINGS = """import logging, os, signal, sys, warnings
import numpy as np, pandas as pd, matplotlib.pyplot as plt, seaborn, keras
import tensorflow as tf
print(sorted(map(str, warnings.filters)))
with warnings.catch_warnings(action="ignore"):  # pandas: this option will go
    options = pd._config.config._registered_options
    print(str({name: pd.get_option(name) for name in options}).lower())  # utf-8 or UTF-8
print(pd.DataFrame([["a rather long text in a cell"] * 6]))
print({name: value for name, value in plt.rcParams.items() if name[0] != "_"})
print(plt.isinteractive(), np.get_printoptions(), np.geterr())
print(keras.config.backend(), keras.config.floatx())
print(keras.config.is_interactive_logging_enabled(), tf.config.get_visible_devices())
print(logging.getLogger("tensorflow").level, logging.getLogger().level)
print(sys.path[1:], sys.flags, sys.getrecursionlimit(), os.umask(0o22))
print(*map(signal.getsignal, (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)))
print(sorted(os.environ.keys() - {"JPY_PARENT_PID"}))"""


def test_a_warm_kernel_has_the_settings_of_a_cold_one(tmp_path, request, monkeypatch):
    """A library that asks on import where it runs is told the same."""
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    cold, error = lines(SETTINGS, tmp_path)
    assert error is None
    nurseries = request.getfixturevalue("plugged_in")
    warm, error = lines(SETTINGS, tmp_path)
    assert error is None and nurseries[0].process.poll() is None
    assert len(warm) == len(cold)
    assert not [pair for pair in zip(cold, warm, strict=True) if pair[0] != pair[1]]


def test_a_warm_kernel_that_dies_or_a_cell_that_fails_is_a_failure(
    plugged_in, tmp_path
):
    _, error = lines("import os\nos._exit(3)", tmp_path)
    assert "died" in str(error).lower()
    printed, error = lines("print(1)\nraise ValueError('mine')", tmp_path)
    assert printed == ["1"] and "mine" in str(error)


@pytest.mark.parametrize(
    "name, value", [("KERAS_BACKEND", "jax"), ("DLCOURSE_DEVICE", "gpu")]
)
def test_what_a_fork_cannot_do_starts_as_usual(plugged_in, monkeypatch, name, value):
    from jupyter_client.provisioning import local_provisioner

    usual = local_provisioner.launch_kernel
    monkeypatch.setenv(name, value)
    warm_kernels.pytest_configure()
    assert local_provisioner.launch_kernel is usual
