"""What a learner's machine brings along: it does not matter, or one sentence says so."""

import json
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import matplotlib
import pytest
from click.testing import CliRunner
from conftest import ROOT

from dlcourse import CourseError, datasets, doctor, journal, session, surroundings
from dlcourse.tools import cli


def python(code, folder, **environment):
    """Run code in a folder, as a notebook there would; return the completed process."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip


FIRST_CELLS = """
import matplotlib.pyplot as plt
import numpy as np
import dlcourse
from dlcourse import explore, plots
lesson = dlcourse.start("00")
import keras
print(keras.layers.Dense(3)(np.ones((2, 4))).dtype)
print(keras.config.floatx(), keras.config.epsilon(), keras.config.image_data_format())
print(plt.rcParams["text.usetex"], plt.rcParams["figure.dpi"])
def draw(slope=1.0):
    plt.plot([0, slope])
    plots.show("a line")
draw()
explore(draw, alt="a line with a slider", slope=(-3.0, 3.0))
"""


def test_other_peoples_settings_change_nothing(tmp_path):
    """keras.json, a matplotlibrc, files beside the notebook, no home: one process for all."""
    (tmp_path / "keras.json").write_text(
        json.dumps({"floatx": "float16", "epsilon": 1e-3, "backend": "jax",
                    "image_data_format": "channels_first"})
    )  # fmt: skip
    (tmp_path / "matplotlibrc").write_text(
        "text.usetex: True\nbackend: TkAgg\nfigure.dpi: 20\naxes.facecolor: black\n"
    )
    (tmp_path / "notes").mkdir()
    done = python(
        FIRST_CELLS, tmp_path, KERAS_HOME=str(tmp_path), HOME="/nonexistent",
        PYTHONNOUSERSITE="1", PYTHONDONTWRITEBYTECODE="1", PYTHONSTARTUP="nothing.py",
        MPLCONFIGDIR=matplotlib.get_cachedir(), DLCOURSE_DEVICE="cpu", KERAS_BACKEND="",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    start, *rest = done.stdout.splitlines()
    assert "on TensorFlow" in start
    assert rest[0] in ("<dtype: 'float32'>", "float32")
    assert rest[1:3] == ["float32 1e-07 channels_last", "False 100.0"]
    assert rest[3] == "[figure] a line" and len(rest) > 4
    assert not (tmp_path / "~").exists()


def test_a_keras_json_that_keras_refuses_is_one_sentence(monkeypatch):
    def refuse(name):
        raise AssertionError

    monkeypatch.setattr(surroundings.importlib, "import_module", refuse)
    with pytest.raises(CourseError, match="a value in its file keras.json"):
        session.prepare_keras("tensorflow", "auto")


@pytest.mark.parametrize("name", ["keras.py", "tensorflow.py", "keras/__init__.py"])
def test_a_file_that_hides_a_package_is_named(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("x = 1\n")
    done = python("import dlcourse; dlcourse.start('00')", tmp_path)
    top = name.partition("/")[0]
    assert f"{top} beside this notebook hides the package" in done.stderr
    assert "rename it and restart the kernel." in done.stderr


def test_windows_that_mplbackend_asks_for_are_left(monkeypatch):
    import IPython
    import matplotlib.pyplot as plt

    chosen = []
    monkeypatch.setattr(plt, "switch_backend", chosen.append)
    for backend, shell, left in (
        ("TkAgg", None, 0),
        ("TkAgg", "shell", 1),
        ("agg", "shell", 0),
    ):
        chosen.clear()
        monkeypatch.setattr(plt, "get_backend", lambda name=backend: name)
        monkeypatch.setattr(IPython, "get_ipython", lambda found=shell: found)
        surroundings.use_course_settings(mock.MagicMock())
        assert chosen == ["module://matplotlib_inline.backend_inline"] * left


def unknown_account(name):
    raise RuntimeError(f"could not determine the home directory for {name}")


@pytest.mark.parametrize("answer", [lambda name: f"~/.cache/{name}", unknown_account])
def test_an_account_without_a_home_folder(answer, monkeypatch, tmp_path):
    """platformdirs answers "~", or raises for a user id that the system does not know."""
    monkeypatch.chdir(tmp_path)
    for name in ("DLCOURSE_PROGRESS", "DLCOURSE_DATA"):
        monkeypatch.delenv(name, raising=False)
    for kind in ("data", "cache"):
        monkeypatch.setattr(f"platformdirs.user_{kind}_dir", answer)
    assert journal.file() is None
    journal.remember("check", "00.1", "right")
    with pytest.raises(CourseError, match="no home folder: set DLCOURSE_DATA"):
        datasets.data_folder()
    assert list(tmp_path.iterdir()) == []
    for name in ("packages", "backend", "network"):
        monkeypatch.setattr(doctor, f"check_{name}", list)
    findings = {finding.name: finding for finding in doctor.examine()}
    assert "no home folder" in findings["data"].detail


def test_commands_ask_an_account_for_a_home_folder(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: unknown_account("~"))
    done = CliRunner().invoke(cli.main, ["progress"])
    assert done.exit_code == 1
    assert done.output == (
        "Error: This account has no home folder: set HOME to a folder that it can write"
        " to.\n"
    )
    monkeypatch.setattr(doctor, "examine", list)
    done = CliRunner().invoke(cli.main, ["doctor"])
    assert "home folder" not in done.output


def test_doctor_names_what_goes_before_the_environment(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert doctor.check_surroundings().state == "ok"
    (tmp_path / "old" / "numpy").mkdir(parents=True)
    monkeypatch.setenv("PYTHONPATH", f"nowhere{os.pathsep}{tmp_path / 'old'}")
    finding = doctor.check_surroundings()
    assert "another numpy" in finding.detail and finding.state == "trouble"


def test_lab_keeps_its_own_kernel_and_goes_on_with_warnings(tmp_path):
    (tmp_path / "jupyterlab.py").write_text(
        "import os; print(os.environ['JUPYTER_PATH'], 'PYTHONWARNINGS' in os.environ)"
    )
    done = subprocess.run(
        [sys.executable, "-m", "dlcourse", "lab"], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "JUPYTER_PATH": "/other",
             "PYTHONWARNINGS": "error"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    kernels = Path(sys.prefix) / "share" / "jupyter"
    assert f"{kernels}{os.pathsep}/other False" in done.stdout
    assert "PYTHONWARNINGS is left out" in done.stdout


def test_a_folder_that_jupyter_cannot_write_is_named(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.delenv("JUPYTER_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "file" / "x"))
    with pytest.raises(CourseError, match="Jupyter cannot write its folder .*file"):
        cli._check_jupyter_folder()


def test_a_file_beside_does_not_stop_jupyterlab():
    """It is started without the working folder in Python's path."""
    asked = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "become", lambda command, environment: asked.append(command))
        patch.chdir(ROOT)
        cli.lab.callback(None, True, ())
    assert asked[0][1:4] == ["-P", "-m", "jupyterlab"]


def test_a_folder_called_like_the_course_does_not_hide_it():
    """A checkout installed with -e lies on Python's path, where a package goes before."""
    import tomllib

    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    tools = tomllib.loads(text)["tool"]
    assert tools["distutils"]["editable_wheel"]["mode"] == "compat"
