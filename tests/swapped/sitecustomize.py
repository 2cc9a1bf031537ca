"""Let Python import a mutant in place of one module: in a test, and in what a test starts.

A Python that is started with this folder in ``PYTHONPATH`` runs this file by itself.
``DLCOURSE_MUTANT`` names the module, its file, and the file with the changed source.
"""

import importlib.abc
import importlib.util
import os
import sys
from pathlib import Path


class Swapped(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Give Python another source when it imports the module ``name``."""

    def __init__(self, name, where, source):
        self.name, self.where, self.source = name, where, source

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        is_package = self.where.endswith("__init__.py")
        folder = [os.path.dirname(self.where)] if is_package else None
        return importlib.util.spec_from_file_location(
            name, self.where, loader=self, submodule_search_locations=folder
        )

    def get_filename(self, name):
        return self.where

    def get_data(self, path):
        return Path(self.source).read_bytes()

    def path_stats(self, path):
        raise OSError  # never a cached bytecode file


def install():
    """Swap the module that the environment names, if it names one."""
    facts = os.environ.get("DLCOURSE_MUTANT")
    if facts:
        sys.meta_path.insert(0, Swapped(*facts.split(os.pathsep)))


install()
