"""What a learner's machine brings along and would change a lesson."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

from .errors import CourseError

WINDOWS = ("gtk", "macosx", "qt", "tk", "webagg", "wx")  # matplotlib's, outside a page


def refuse_namesake(*names):
    """Raise a CourseError if a file or folder beside the notebook hides a package."""
    for name in names:
        spec = None if name in sys.modules else importlib.util.find_spec(name)
        places = [spec.origin, *(spec.submodule_search_locations or ())] if spec else []
        for place in filter(None, places):
            path = Path(place).resolve()
            beside = path.parent if path.name == "__init__.py" else path
            if beside.parent == Path.cwd():
                raise CourseError(
                    f"{beside.name} beside this notebook hides the package {name}:"
                    " rename it and restart the kernel."
                )


def import_keras():
    """Return the module keras; a CourseError if a learner's keras.json stops it."""
    try:
        return importlib.import_module("keras")
    except AssertionError:  # it asserts that it knows each value
        raise CourseError(
            "Keras does not know a value in its file keras.json (in the folder"
            " KERAS_HOME, or .keras in your home folder): correct it or remove the"
            " file, and restart the kernel."
        ) from None


def use_course_settings(keras):
    """Set what a keras.json, MPLBACKEND or another start-up file may have set otherwise.

    The figures of a notebook belong into its page, not into windows.
    """
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    keras.config.set_epsilon(1e-7)
    keras.config.set_image_data_format("channels_last")
    import matplotlib.pyplot as plt
    from IPython import get_ipython

    if get_ipython() and plt.get_backend().lower().startswith(WINDOWS):
        plt.switch_backend("module://matplotlib_inline.backend_inline")


def own_folder(kind):
    """Return a learner's folder, kind "data" or "cache"; None for an account without a home."""
    import platformdirs

    try:
        folder = Path(getattr(platformdirs, f"user_{kind}_dir")("dlcourse"))
    except RuntimeError:  # no HOME, and an account that the system does not know
        return None
    return folder if folder.is_absolute() else None


def cache_folder():
    """Return the folder for downloads; a CourseError for an account without a home."""
    folder = own_folder("cache")
    if folder is None:
        raise CourseError(
            "This account has no home folder: set DLCOURSE_DATA to a folder for the data."
        )
    return folder
