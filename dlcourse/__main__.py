"""The course's commands: ``python -m dlcourse --help``."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "The course needs Python 3.11 or newer: install it and use it to run this."
    )

from .tools.cli import main

if __name__ == "__main__":
    main(prog_name="python -m dlcourse")
