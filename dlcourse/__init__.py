"""dlcourse: the helpers behind a deep-learning course in notebooks.

Everything a lesson calls is here or in one of the submodules ``datasets`` and
``plots``. Importing the package imports neither NumPy nor Keras:
``start()`` brings them in, quietly, once a backend and a device are chosen.
"""

from importlib import metadata

from .checks import check, claim, record, verify
from .console import allow_any_encoding
from .errors import CourseError
from .figures import explore
from .quizzes import quiz
from .session import Lesson, start
from .training import derived_seed, repeat, track

try:
    __version__ = metadata.version("dlcourse")
except metadata.PackageNotFoundError:  # used from a checkout that is not installed
    __version__ = "0+unknown"

allow_any_encoding()

__all__ = [
    "CourseError",
    "Lesson",
    "check",
    "claim",
    "derived_seed",
    "explore",
    "quiz",
    "record",
    "repeat",
    "start",
    "track",
    "verify",
]
