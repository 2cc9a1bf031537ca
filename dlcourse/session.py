"""Start a lesson: profile, seed, backend and device, decided once, said in one line."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import platform
import sys
import warnings
from dataclasses import dataclass

from .errors import CourseError, one_of
from .exercises import lesson_numbers
from .surroundings import import_keras, refuse_namesake, use_course_settings

PROFILES = ("quick", "full")
DEVICES = ("auto", "cpu", "gpu")
BACKENDS = ("tensorflow", "jax", "torch")
BACKEND_NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}

_current: Lesson | None = None


@dataclass(frozen=True)
class Lesson:
    """What ``start`` decided: read its fields, or let it ``pick`` a size."""

    number: str
    profile: str
    seed: int
    backend: str
    device: str

    def pick(self, *, quick, full):
        """Return ``quick`` or ``full``, whichever is this run's profile."""
        return quick if self.profile == "quick" else full


def start(number, *, profile="quick", seed=0, device="auto", backends=BACKENDS):
    """Prepare this kernel for a lesson and print one line that says how it runs.

    Call it before ``import keras``: it chooses the backend and the device, keeps the
    backend's start-up messages out of the notebook, and seeds Python, NumPy and Keras.

    Args:
        number: the lesson's number as a string, such as ``"23"``.
        profile: ``"quick"`` (offline, small) or ``"full"`` (real data sets).
        seed: integer from 0 to 2**32 - 1.
        device: ``"auto"`` (a GPU if there is one), ``"cpu"`` or ``"gpu"``.
        backends: the Keras backends this lesson can run on.

    The environment variables ``DLCOURSE_PROFILE``, ``DLCOURSE_SEED`` and
    ``DLCOURSE_DEVICE`` override the arguments; ``KERAS_BACKEND`` chooses the backend.

    Returns:
        A ``Lesson``.

    Raises:
        CourseError: for a value outside these sets, or a GPU asked for and not there.
    """
    global _current
    known = lesson_numbers()
    number = one_of("lesson", str(number), known)
    profile = one_of("profile", os.environ.get("DLCOURSE_PROFILE", profile), PROFILES)
    device = one_of("device", os.environ.get("DLCOURSE_DEVICE", device), DEVICES)
    seed = valid_seed(os.environ.get("DLCOURSE_SEED", seed))
    backend = _choose_backend(number, backends)

    keras = prepare_keras(backend, device)
    use_course_settings(keras)
    used = _choose_device(backend, device)
    if used == "GPU":
        use_full_precision(backend)
    keras.utils.set_random_seed(seed)
    from . import plots  # matplotlib is wanted by every lesson, but not by the CLI

    plots.set_style()
    versions = f"Keras {keras.__version__} on {BACKEND_NAMES[backend]}"
    backend_version = sys.modules[backend].__version__
    print(
        f"Lesson {number} · {profile} · {used} · {versions} {backend_version}"
        f" · Python {platform.python_version()} · seed {seed}"
    )
    _current = Lesson(number, profile, seed, backend, used)
    return _current


def current_lesson():
    """Return the ``Lesson`` that ``start`` prepared in this process, or None."""
    return _current


def valid_seed(seed):
    """Return a seed as an int from 0 to 2**32 - 1; else raise a CourseError saying so."""
    try:
        if isinstance(seed, bool):
            raise ValueError
        number = int(seed)
        if number != float(seed) or not 0 <= number < 2**32:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise CourseError(
            f"Seed {seed!r} is not usable: give a whole number from 0 to 4294967295."
        ) from None
    return number


def _choose_backend(number, allowed):
    """Return the backend to use and make it the one that ``import keras`` takes."""
    if "keras" in sys.modules:  # too late to change: say the truth instead
        backend = importlib.import_module("keras").backend.backend()
    else:
        wanted = os.environ.get("KERAS_BACKEND") or "tensorflow"
        backend = one_of("KERAS_BACKEND", wanted, BACKENDS)
    if backend not in allowed:
        names = " or ".join(allowed)
        raise CourseError(
            f"Lesson {number} needs the backend {names}: set KERAS_BACKEND={allowed[0]}"
            " before Python starts, or restart the kernel without KERAS_BACKEND."
        )
    refuse_namesake("keras", backend)
    if importlib.util.find_spec(backend) is None:
        package = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}[backend]
        raise CourseError(
            f"{BACKEND_NAMES[backend]} is not installed: run"
            f"  python -m pip install {package}  in this environment and try again."
        )
    os.environ["KERAS_BACKEND"] = backend
    return backend


@contextlib.contextmanager
def quiet_stderr():
    """Send what C++ libraries write to file descriptor 2 to the null device."""
    sys.stderr.flush()
    saved = os.dup(2)
    try:
        with open(os.devnull, "w") as null:
            os.dup2(null.fileno(), 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def prepare_keras(backend, device):
    """Import Keras and run a first operation with the start-up messages put aside.

    `doctor` does the same, to find what a lesson would find. oneDNN stays on: switching it
    off would silence one more line, and make training about twice as slow. Python
    exceptions pass through.
    """
    # not 2: on some processors the graph optimizer logs errors that change nothing (lesson 35)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if device == "cpu":  # read once, when the backend is first imported
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
        os.environ["JAX_PLATFORMS"] = "cpu"
        os.environ["KERAS_TORCH_DEVICE"] = "cpu"
    with quiet_stderr(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        keras = import_keras()
        importlib.import_module(backend)
        if importlib.util.find_spec("tensorflow"):  # or Keras imports it later, noisily
            importlib.import_module("tensorflow")
        keras.ops.convert_to_numpy(
            keras.ops.matmul(keras.ops.ones((2, 2)), 1.0 * keras.ops.eye(2))
        )
        # masks are turned in every recurrent layer; TensorFlow remarks on it once
        keras.ops.transpose(keras.ops.ones((2, 2), dtype="bool"))
    return keras


def _choose_device(backend, device):
    """Return ``"CPU"`` or ``"GPU"``, the device on which Keras will compute."""
    if device == "cpu":
        return "CPU"
    if has_gpu(backend):
        return "GPU"
    if device == "gpu":
        raise CourseError(
            f"DLCOURSE_DEVICE=gpu, but {BACKEND_NAMES[backend]} sees no GPU: run"
            "  python -m dlcourse doctor  to see why, or use DLCOURSE_DEVICE=cpu."
        )
    return "CPU"


def has_gpu(backend):
    """Return True if the (imported) backend can compute on a GPU."""
    module = importlib.import_module(backend)
    if backend == "tensorflow":
        return bool(module.config.list_physical_devices("GPU"))
    if backend == "jax":
        return any(d.platform in ("gpu", "cuda", "rocm") for d in module.devices())
    return module.cuda.is_available()


def use_full_precision(backend):
    """Make a GPU multiply float32 matrices with all 24 bits, as a CPU does.

    By default recent GPUs round the factors to 11 bits (TF32), and "equal to 1e-6", which
    lessons show and claim, would be false there.
    """
    module = importlib.import_module(backend)
    if backend == "tensorflow":
        module.config.experimental.enable_tensor_float_32_execution(False)
    elif backend == "jax":
        module.config.update("jax_default_matmul_precision", "highest")
    else:
        module.backends.cuda.matmul.allow_tf32 = False
        module.backends.cudnn.allow_tf32 = False
