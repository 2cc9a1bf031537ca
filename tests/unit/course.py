"""A tiny course in a temporary folder: real files and kernels, no Keras."""

import shutil

from conftest import ROOT

from dlcourse.tools.execute import Usage
from dlcourse.tools.records import Environment, Record

HEADER = """# ---
# jupyter:
#   dlcourse:
#     title: {title}
#     subtitle: A tiny lesson
#     minutes: 1
#     seconds: 1
#     backends: {backends}
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]

# %% tags=["parameters"]
PROFILE = "quick"
SEED = 0

# %% [markdown]
# Some prose.

"""
FINE = """# %%
from dlcourse import claim
print(PROFILE, SEED)

# %%
claim("the seed is small", SEED, at_most=5)

# %% tags=["solution"]
print("the solution")
"""
BROKEN = """# %%
print("so far so good")

# %%
raise ValueError("broken on purpose")
"""


def make_course(folder, backends="[tensorflow]", **scripts):
    """Write a course with lessons such as ``l90=FINE``; return its folder."""
    (folder / "notebooks" / "src").mkdir(parents=True)
    (folder / "data").mkdir()
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, body in scripts.items():
        write_script(folder, name[1:], body, backends)
    return folder


def write_script(folder, number, body, backends="[tensorflow]"):
    path = folder / "notebooks" / "src" / f"{number}_tiny.py"
    path.write_text(
        HEADER.format(title=f"Tiny {number}", backends=backends) + body,
        encoding="utf-8",
    )
    return path


LAPTOP = Environment(
    "Laptop", "3.12.1", "tensorflow", {"keras": "3.1", "tensorflow": "2.9"}
)


def make_record(**changes):
    """Return the record of a green run of lesson 90; changes replace its fields."""
    facts = {
        "name": "90_tiny.quick.seed0", "lesson": "90", "title": "Tiny 90", "profile": "quick",
        "seed": 0, "device": "cpu", "key": "k", "status": "green", "date": "2020-02-29",
        "environment": LAPTOP, "usage": Usage(10.0, 8.0, 900),
    }  # fmt: skip
    return Record(**{**facts, **changes})
