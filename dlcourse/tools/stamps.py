"""What follows from the lessons' headers and the address, written where it belongs.

``stamp`` rewrites headers, badges and set-up cells in the scripts, and the tables of
lessons in the README and the index.
"""

from __future__ import annotations

import re

from .catalog import read_lessons, repository

PARTS = {
    "0": "Start",
    "1": "Data",
    "2": "Dense networks",
    "3": "Convolutional networks",
    "4": "Sequences",
    "5": "Optimization",
    "6": "Evaluation",
    "7": "Beyond",
}


def badges(lesson, name, branch, kinds=("colab", "kaggle", "binder")):
    """Return the Markdown badges that open a lesson's notebook elsewhere."""
    file = f"notebooks/{lesson.notebook.name}"
    blob = f"github.com/{name}/blob/{branch}/{file}"
    links = {
        "colab": (
            "Open in Colab",
            "https://colab.research.google.com/assets/colab-badge.svg",
            f"https://colab.research.google.com/{blob.replace('github.com', 'github', 1)}",
        ),
        "kaggle": (
            "Open in Kaggle",
            "https://kaggle.com/static/images/open-in-kaggle.svg",
            f"https://kaggle.com/kernels/welcome?src=https://{blob}",
        ),
        "binder": (
            "Launch Binder",
            "https://mybinder.org/badge_logo.svg",
            f"https://mybinder.org/v2/gh/{name}/{branch}?urlpath=lab/tree/{file}",
        ),
    }
    return " ".join(
        f"[![{alt}]({image})]({link})"
        for alt, image, link in (links[kind] for kind in kinds)
    )


BOOTSTRAP = """\
# On Colab and Kaggle, fetch the course's helpers; elsewhere they are installed.
import importlib.util
import os
import subprocess
import sys

if importlib.util.find_spec("dlcourse") is None:
    course = "git+https://github.com/{name}@{branch}"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps"]
    if subprocess.run([*pip, os.environ.get("DLCOURSE_INSTALL", course)]).returncode:
        print("Could not fetch the helpers: check the network and run this again.")
    importlib.invalidate_caches()
"""


def stamp(root, scripts=None):
    """Rewrite what follows from headers and address; return the paths that changed.

    Args:
        root: the course's folder.
        scripts: the LessonFiles whose scripts to rewrite; all by default.
    """
    name, branch = repository(root)
    lessons = read_lessons(root)
    chosen = lessons if scripts is None else scripts
    wanted = {lesson.script: _stamped_script(lesson, name, branch) for lesson in chosen}
    readme = root / "README.md"
    if readme.is_file():
        wanted[readme] = _stamped_readme(
            readme.read_text(encoding="utf-8"), lessons, name, branch
        )
    wanted[root / "notebooks" / "README.md"] = _index(lessons, name, branch)
    changed = []
    for path, text in wanted.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def _stamped_script(lesson, name, branch):
    header = header_cell(lesson, badges(lesson, name, branch))
    commented = "\n".join(f"# {line}".rstrip() for line in header.splitlines())
    text = lesson.script.read_text(encoding="utf-8")
    text = _replace_cell(text, "header", commented)
    return _replace_cell(
        text, "bootstrap", BOOTSTRAP.format(name=name, branch=branch).rstrip()
    )


def header_cell(lesson, badge_line):
    """Return the Markdown of a lesson's first cell."""
    before = ", ".join(f"lesson {number}" for number in lesson.needs) or "nothing"
    return (
        f"# {lesson.number} · {lesson.title}\n\n"
        f"*{lesson.subtitle}*\n\n"
        f"{badge_line}\n\n"
        f"**Your time:** {lesson.minutes} minutes · "
        f"**The notebook runs in:** about {lesson.seconds} s on two CPU cores · "
        f"**Before this:** {before}"
    )


def _replace_cell(text, tag, content):
    """Replace the body of the one script cell with this tag."""
    pattern = rf'(?ms)^(# %%[^\n]*"{tag}"[^\n]*\n).*?(?=^# %%|\Z)'
    return re.sub(pattern, lambda match: f"{match[1]}{content}\n\n", text, count=1)


def _stamped_readme(text, lessons, name, branch):
    table = _syllabus(lessons, name, branch, "notebooks/")
    pattern = r"(?s)(<!-- syllabus -->\n).*?(<!-- /syllabus -->)"
    text = re.sub(pattern, lambda match: f"{match[1]}{table}\n{match[2]}", text)
    return re.sub(
        r"https://github\.com/[\w.-]+/[\w.-]+?\.git",
        f"https://github.com/{name}.git",
        text,
    )


def _syllabus(lessons, name, branch, folder):
    lines = ["| | lesson | your time | runs in | open |", "|---|---|---|---|---|"]
    part = None
    for lesson in lessons:
        if lesson.number[0] != part:
            part = lesson.number[0]
            lines.append(f"| **{part}** | **{PARTS.get(part, 'More')}** | | | |")
        lines.append(
            f"| {lesson.number} | [{lesson.title}]({folder}{lesson.notebook.name}):"
            f" {lesson.subtitle} | {lesson.minutes} min | {lesson.seconds} s |"
            f" {badges(lesson, name, branch, ('colab',))} |"
        )
    return "\n".join(lines)


def _index(lessons, name, branch):
    return (
        "# The lessons\n\n"
        "Read them in order, or jump: each names what it needs. *Runs in* is the measured\n"
        "time of the whole notebook in the quick profile on two CPU cores. The notebooks\n"
        "are built from the scripts in `src/`; `src/README.md` says how to write one.\n\n"
        f"{_syllabus(lessons, name, branch, '')}\n\n"
        "This page is made by `python -m dlcourse address`.\n"
    )
