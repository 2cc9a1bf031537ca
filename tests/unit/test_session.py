"""start(), profiles, seeds, devices, backends, selections."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from conftest import ROOT

from dlcourse import CourseError, session
from dlcourse.tools.catalog import parse_lessons
from dlcourse.tools.cli import parse_seeds


def in_python(code, **environment):
    """Run code in a new interpreter; return its completed process."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT,
        env={**os.environ, **environment},
    )  # fmt: skip


def test_importing_the_package_brings_in_nothing_heavy():
    code = (
        "import sys, dlcourse; heavy = {'numpy', 'keras', 'tensorflow', 'matplotlib', 'pandas',"
        " 'IPython', 'ipywidgets', 'sklearn'} & set(sys.modules); sys.exit(', '.join(heavy) or 0)"
    )
    done = in_python(code)
    assert done.returncode == 0, done.stderr


def test_start_prints_one_line_and_nothing_else():
    code = (
        "import dlcourse; lesson = dlcourse.start('23', profile='full', seed=3);"
        "import keras; print(lesson.pick(quick=1, full=2), lesson.seed);"
        "import os; print(os.environ.get('TF_ENABLE_ONEDNN_OPTS'))"
    )
    done = in_python(code, DLCOURSE_DEVICE="cpu")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    first, *rest = done.stdout.splitlines()
    assert first.startswith("Lesson 23 · full · CPU · Keras 3.") and first.endswith(
        "· seed 3"
    )
    assert rest == ["2 3", "None"], "oneDNN must stay on"


def test_environment_overrides_the_notebook():
    code = (
        "import dlcourse; x = dlcourse.start('23'); print(x.profile, x.seed, x.device)"
    )
    done = in_python(
        code, DLCOURSE_PROFILE="full", DLCOURSE_SEED="7", DLCOURSE_DEVICE="cpu"
    )
    assert done.stdout.splitlines()[-1] == "full 7 CPU"


def test_the_seed_decides_the_weights():
    code = (
        "import dlcourse\n"
        "for seed in {}:\n"
        "    dlcourse.start('23', seed=seed); import keras, numpy as np\n"
        "    print(str(keras.random.uniform((3,))).split(), np.random.rand())\n"
    )
    first, second = (in_python(code.format(x)).stdout for x in ("(1, 2)", "(1,)"))
    _, one, _, other = first.splitlines()
    assert one == second.splitlines()[1] != other


def test_a_gpu_that_is_not_there_is_an_error_that_says_so(monkeypatch):
    monkeypatch.setattr(session, "has_gpu", lambda backend: False)
    with pytest.raises(
        CourseError, match="TensorFlow sees no GPU.*DLCOURSE_DEVICE=cpu"
    ):
        session._choose_device("tensorflow", "gpu")
    assert session._choose_device("tensorflow", "auto") == "CPU"
    monkeypatch.setattr(session, "has_gpu", lambda backend: True)
    assert session._choose_device("tensorflow", "auto") == "GPU"
    assert session._choose_device("tensorflow", "cpu") == "CPU"


@pytest.mark.parametrize("seen", [True, False])
def test_each_backend_is_asked_for_its_gpu(seen, monkeypatch):
    asked = []
    tensorflow = SimpleNamespace(
        list_physical_devices=lambda kind: asked.append(kind) or ["one"] * seen
    )
    devices = [SimpleNamespace(platform="cpu"), SimpleNamespace(platform="cuda")]
    fakes = {
        "tensorflow": SimpleNamespace(config=tensorflow),
        "jax": SimpleNamespace(devices=lambda: devices[: 1 + seen]),
        "torch": SimpleNamespace(cuda=SimpleNamespace(is_available=lambda: seen)),
    }
    for name, fake in fakes.items():
        monkeypatch.setitem(sys.modules, name, fake)
        assert session.has_gpu(name) is seen
    assert asked == ["GPU"]


def test_gpus_multiply_with_all_24_bits():
    """The switch itself; what a GPU makes of it can only be seen on one."""
    tf = pytest.importorskip("tensorflow")
    enabled = tf.config.experimental.tensor_float_32_execution_enabled
    before = enabled()
    try:
        session.use_full_precision("tensorflow")
        assert not enabled()
    finally:
        tf.config.experimental.enable_tensor_float_32_execution(before)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"number": "99"}, r"Unknown lesson '99': choose one of .*23"),
        ({"profile": "fast"}, "Unknown profile 'fast': choose one of quick, full"),
        ({"device": "tpu"}, "Unknown device 'tpu': choose one of auto, cpu, gpu"),
        ({"seed": -1}, "Seed -1 is not usable"),
        ({"seed": 1.5}, "Seed 1.5 is not usable"),
        ({"seed": "x"}, "Seed 'x' is not usable"),
        ({"seed": True}, "Seed True is not usable"),
    ],
)
def test_unknown_values_are_named_with_the_choices(arguments, message):
    with pytest.raises(CourseError, match=message):
        session.start(**{"number": "23", **arguments})


def test_a_backend_the_lesson_cannot_use_is_refused():
    code = "import dlcourse; dlcourse.start('23', backends=('tensorflow',))"
    done = in_python(code, KERAS_BACKEND="jax")
    assert "Lesson 23 needs the backend tensorflow" in done.stderr
    done = in_python("import dlcourse; dlcourse.start('23')", KERAS_BACKEND="theano")
    assert (
        "Unknown KERAS_BACKEND 'theano': choose one of tensorflow, jax, torch"
        in done.stderr
    )


def test_a_backend_that_is_not_installed_names_the_package(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setattr(session.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        CourseError, match="JAX is not installed: run  python -m pip install jax"
    ):
        session._choose_backend("23", session.BACKENDS)


def test_quiet_stderr_hides_c_messages_and_keeps_exceptions(capfd):
    with pytest.raises(ZeroDivisionError), session.quiet_stderr():
        os.write(2, b"from C++\n")
        1 / 0  # noqa: B018
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


KNOWN = ["00", "11", "23", "31", "32", "41"]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("31", ["31"]),
        ("3x 00", ["00", "31", "32"]),
        ("23-32", ["23", "31", "32"]),
        ("11,41", ["11", "41"]),
    ],
)
def test_selections(text, expected):
    assert parse_lessons(text, KNOWN) == expected


@pytest.mark.parametrize("text", ["99", "9x", "50-60", "conv", "../31", "3", "32-31"])
def test_unknown_selections_are_refused(text):
    with pytest.raises(CourseError, match="Unknown lesson"):
        parse_lessons(text, KNOWN)


def test_seeds():
    assert parse_seeds("0,1,2") == parse_seeds("0-2") == [0, 1, 2]
    assert parse_seeds("3 3 5") == [3, 5]
    for text in ("", "a", "-1", "1.5"):
        with pytest.raises(CourseError):
            parse_seeds(text)


def test_a_notebook_shows_the_sentence_without_a_traceback(capsys):
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell().run_cell(
        "from dlcourse import CourseError\nraise CourseError('No room: free some space.')"
    )
    printed = capsys.readouterr()
    assert "✗ No room: free some space." in printed.out + printed.err
    assert "Traceback" not in printed.out + printed.err
