"""What follows from the lessons' headers and the address, written where it belongs.

``stamp`` rewrites headers, badges and set-up cells in the scripts, and the tables of
lessons in the README and the index.
"""

from __future__ import annotations

import json
import re
import urllib.parse

from .catalog import read_lessons, release, repository
from .files import write_whole

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
            colab_address(lesson, name, branch),
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


def colab_address(lesson, name, branch):
    """Return the address that opens a lesson's notebook in Colab."""
    return (
        f"https://colab.research.google.com/github/{name}/blob/{branch}/notebooks/"
        f"{lesson.notebook.name}"
    )


BOOTSTRAP = """\
# @title Set-up: on Colab and Kaggle, fetches the course's helpers
import importlib.util
import os
import subprocess
import sys

course = os.environ.get("DLCOURSE_INSTALL")
course = course or "git+https://github.com/{name}@{tag}"
for module, source in {{{sources}}}.items():
    if importlib.util.find_spec(module) is None:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", source]
        if subprocess.run(pip).returncode:
            print(f"Could not fetch {{module}}: check the network and run this again.")
importlib.invalidate_caches()
"""


def stamp(root, scripts=None):
    """Rewrite what follows from headers and address; return the paths that changed.

    Args:
        root: the course's folder.
        scripts: the LessonFiles whose scripts to rewrite; all by default.
    """
    name, branch = repository(root)
    tag = release(root)
    lessons = read_lessons(root)
    chosen = lessons if scripts is None else scripts
    wanted = {x.script: stamped_script(x, lessons, name, branch, tag) for x in chosen}
    for file, stamped in (
        ("README.md", _stamped_readme),
        ("INSTRUCTORS.md", _stamped_stops),
    ):
        if (root / file).is_file():
            text = (root / file).read_text(encoding="utf-8")
            wanted[root / file] = stamped(text, lessons, name, branch)
    wanted[root / "notebooks" / "README.md"] = _index(lessons, name, branch)
    citation = root / "CITATION.cff"
    if citation.is_file():
        text = citation.read_text(encoding="utf-8")
        wanted[citation] = _stamped_citation(text, name, tag)
    changed = []
    for path, text in wanted.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_whole(path, text)
            changed.append(path)
    return changed


def stamped_script(lesson, lessons, name, branch, tag):
    """Return a script's text with the cells that follow from header and address.

    Colab fetches the helpers of the tag, those that the notebook was made with.
    """
    sources = ['"dlcourse": course']
    sources += [f"{json.dumps(m)}: {json.dumps(r)}" for m, r in lesson.packages.items()]
    bootstrap = BOOTSTRAP.format(name=name, tag=tag, sources=", ".join(sources))
    text = lesson.script.read_text(encoding="utf-8")
    text = _replace_cell(text, "header", _commented(header_cell(lesson, name, branch)))
    text = _replace_cell(text, "bootstrap", bootstrap.rstrip())
    footer = _commented(footer_cell(lesson, lessons, name, branch))
    if '"footer"' not in text:
        text = text.rstrip() + '\n\n# %% [markdown] tags=["footer"]\n'
    return _replace_cell(text, "footer", footer).rstrip() + "\n"


def _commented(text):
    return "\n".join(f"# {line}".rstrip() for line in text.splitlines())


def header_cell(lesson, name, branch):
    """Return the Markdown of a lesson's first cell."""
    before = ", ".join(f"lesson {number}" for number in lesson.needs)
    before = before or "a little Python and NumPy"
    more = f", and {lesson.further} for *Going further*" if lesson.further else ""
    return (
        f"# {lesson.number} · {lesson.title}\n\n"
        f"*{lesson.subtitle}*\n\n"
        f"{badges(lesson, name, branch)}\n\n"
        f"**Your time:** {lesson.minutes} minutes{more} · "
        f"**The notebook runs in:** about {lesson.seconds} s on two CPU cores · "
        f"**Before this:** {before}"
    )


def footer_cell(lesson, lessons, name, branch):
    """Return the Markdown of a lesson's last cell: where to go, and where to complain.

    Links between files work in JupyterLab and on GitHub; Colab needs whole addresses.
    """
    index = [other.number for other in lessons].index(lesson.number)
    before = lessons[index - 1] if index else None
    after = lessons[index + 1] if index + 1 < len(lessons) else None
    here, colab = [], []
    if after:
        here.append(f"**Next:** {_link(after)}. {after.subtitle}.")
        colab.append(f"[next]({colab_address(after, name, branch)})")
    if before:
        here.append(f"**Before:** {_link(before)}.")
        colab.append(f"[before]({colab_address(before, name, branch)})")
    listing = f"https://github.com/{name}/tree/{branch}/notebooks"
    colab.append(f"[all lessons]({listing})")
    title = urllib.parse.quote_plus(f"Lesson {lesson.number}: ")
    report = f"https://github.com/{name}/issues/new?title={title}"
    here.append("[All lessons](README.md).")
    here.append(f"[Report a mistake in this lesson]({report}).")
    return "---\n\n" + " ".join(here) + f"\n\nIn Colab: {' · '.join(colab)}"


def _link(lesson):
    return f"[{lesson.number} · {lesson.title}]({lesson.notebook.name})"


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
            f" {lesson.subtitle} | {_minutes(lesson)} | {lesson.seconds} s |"
            f" {badges(lesson, name, branch, ('colab',))} |"
        )
    return "\n".join(lines)


def _minutes(lesson):
    more = f" + {lesson.further}" if lesson.further else ""
    return f"{lesson.minutes}{more} min"


def _stamped_citation(text, name, tag):
    """Return CITATION.cff with the course's address and version."""
    address = f"https://github.com/{name}"
    for key, value in (("version", tag[1:]), ("repository-code", address)):
        line = f'{key}: "{value}"'
        text = re.sub(rf"(?m)^{key}: .*$", lambda match, line=line: line, text)
    return text


def _stamped_stops(text, lessons, name, branch):
    """Return the instructors' page with one row per lesson."""
    lines = [
        "| lesson | they believe | stop at | say or ask | stuck at |",
        "|" + "---|" * 5,
    ]
    for lesson in lessons:
        row = lesson.teaching
        lines.append(
            f"| **{lesson.number}** {lesson.title} | {row.believe} | {row.stop} | {row.ask} |"
            f" {row.stuck} |"
        )
    table = "\n".join(lines)
    pattern = r"(?s)(<!-- stops -->\n).*?(<!-- /stops -->)"
    return re.sub(pattern, lambda match: f"{match[1]}{table}\n{match[2]}", text)


def _index(lessons, name, branch):
    return (
        "# The lessons\n\n"
        "Read them in order, or jump: each names what it needs. *Runs in* is the measured\n"
        "time of the whole notebook in the quick profile on two CPU cores. The notebooks\n"
        "are built from the scripts in `src/`;\n"
        "[CONTRIBUTING.md](../CONTRIBUTING.md) says how to write one.\n\n"
        f"{_syllabus(lessons, name, branch, '')}\n\n"
        "This page is made by `python -m dlcourse address`.\n"
    )
