"""The course as files: which lessons there are, what they say of themselves, its address.

Every lesson's facts stand once, in the YAML header of its script in ``notebooks/src``;
the repository's address stands once, in ``pyproject.toml``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from ..errors import CourseError
from ..session import BACKENDS
from .files import write_whole


@dataclass(frozen=True)
class Teaching:
    """A row of the instructors' page: a belief, the stop that breaks it, what to say."""

    believe: str = ""
    stop: str = ""
    ask: str = ""
    stuck: str = ""


@dataclass(frozen=True)
class LessonFile:
    """A lesson's facts, from its script's header.

    Args:
        number: two digits.
        title, subtitle: the subtitle is one sentence on what the lesson opens.
        minutes: the learner's, for the core path.
        further: the learner's, for the sections headed *Going further*.
        seconds: the measured run time of the quick profile.
        needs: numbers of the lessons that come before.
        backends: the Keras backends it runs on.
        packages: ``{module: requirement}`` of what it needs and Colab or Kaggle may lack.
        teaching: a ``Teaching``, what the instructors' page says of it.
        script: path of the script.
    """

    number: str
    title: str
    subtitle: str
    minutes: int
    further: int
    seconds: int
    needs: tuple
    backends: tuple
    packages: dict
    teaching: Teaching
    script: Path

    @property
    def notebook(self):
        return self.script.parent.parent / f"{self.script.stem}.ipynb"


def find_root(start=None):
    """Return the course's folder: the nearest one upwards with lessons, or this checkout."""
    here = Path(start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if (folder / "notebooks" / "src").is_dir() and (
            folder / "pyproject.toml"
        ).is_file():
            return folder
    raise CourseError(
        "This command needs the course's sources: run it inside a clone of the course."
    )


def read_lessons(root):
    """Return the LessonFile of every script, in the order of their numbers.

    A script is called ``NN_name.py``; copies such as ``NN_name.new.py`` are no lessons.
    """
    scripts = sorted((root / "notebooks" / "src").glob("[0-9]*.py"))
    return [read_lesson(p) for p in scripts if re.fullmatch(r"\d\d_\w+", p.stem)]


def read_lesson(script):
    """Return the facts in one script's header.

    Raises:
        CourseError: if the header is missing or lacks a fact.
    """
    import yaml

    header = re.match(
        r"# ---\n(.*?)\n# ---\n", script.read_text(encoding="utf-8"), re.S
    )
    try:
        lines = (line[2:] for line in header[1].splitlines())
        facts = yaml.safe_load("\n".join(lines))["jupyter"]["dlcourse"]
        return LessonFile(
            number=script.name[:2],
            title=facts["title"],
            subtitle=facts["subtitle"],
            minutes=int(facts["minutes"]),
            further=int(facts.get("further") or 0),
            seconds=int(facts["seconds"]),
            needs=tuple(str(number) for number in facts.get("needs") or ()),
            backends=tuple(facts.get("backends") or BACKENDS),
            packages=dict(facts.get("packages") or {}),
            teaching=Teaching(**(facts.get("teaching") or {})),
            script=script,
        )
    except (TypeError, KeyError, ValueError, yaml.YAMLError) as error:
        raise CourseError(
            f"{script.name} has no usable dlcourse header ({error}): copy the first lines"
            " of another lesson's script and change the values."
        ) from None


FURTHER = "Going further"


def reading_minutes(notebook):
    """Return ``(core, further)``: the minutes a newcomer needs, by an honest count.

    Words of prose / 120, 5 for an exercise, 1 for a prediction, 0.75 for a visible code
    cell, 4 for the quiz. Hints, folded cells, the header and the footer do not count.
    Sections (``## ...``) whose heading begins with *Going further* are the further part.
    """
    minutes = {False: 0.0, True: 0.0}
    further = False
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "markdown":
            for part in re.split(r"(?m)^(?=## )", cell.source):
                if part.startswith("## "):
                    further = part[3:].startswith(FURTHER)
                if tags & {"header", "footer"}:
                    continue
                prose = re.sub(r"<details>.*?</details>", "", part, flags=re.S)
                minutes[further] += len(prose.split()) / 120 + prose.count("**Predict")
        elif "exercise" in tags:
            minutes[further] += 5
        elif not tags & {"bootstrap", "parameters", "solution", "hide-input"}:
            minutes[further] += 0.75 + 4 * cell.source.startswith("quiz(")
    return round(minutes[False]), round(minutes[True])


def parse_lessons(text, known):
    """Return the lessons that a selection such as ``"11 3x 41-43"`` names, in order.

    Args:
        text: words separated by spaces or commas: a number, ``3x`` for a part, ``11-32``.
        known: the numbers to choose from.
    """
    chosen = set()
    for word in re.split(r"[\s,]+", text.strip()):
        if re.fullmatch(r"\d{2}", word):
            matches = {word} & set(known)
        elif re.fullmatch(r"\d[xX]", word):
            matches = {number for number in known if number[0] == word[0]}
        elif span := re.fullmatch(r"(\d{2})-(\d{2})", word):
            matches = {number for number in known if span[1] <= number <= span[2]}
        else:
            matches = set()
        if not matches:
            raise CourseError(
                f"Unknown lesson {word!r}: choose from {', '.join(known)}, a part such as"
                " 2x, or a range such as 11-23."
            )
        chosen |= matches
    return [number for number in known if number in chosen]


# ── addresses ───────────────────────────────────────────────────────────────────


def repository(root):
    """Return ``(owner/name, branch)`` from pyproject.toml."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    address = project["project"]["urls"]["Repository"]
    return github_name(address), project["tool"]["dlcourse"]["branch"]


def release(root):
    """Return the tag of the course's version, such as ``"v0.1.0"``, from pyproject.toml."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return f"v{project['project']['version']}"


def github_name(address):
    """Return ``owner/name`` of a GitHub address; Colab and Binder need one."""
    match = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?", address)
    if not match:
        raise CourseError(
            f"{address!r} is not a repository address: give one such as"
            " https://github.com/name/course."
        )
    return match[1]


def set_address(root, address):
    """Write another repository address into pyproject.toml."""
    name = github_name(address)
    path = root / "pyproject.toml"
    text = re.sub(
        r'(?m)^Repository = ".*"$',
        f'Repository = "https://github.com/{name}"',
        path.read_text(encoding="utf-8"),
    )
    write_whole(path, text)
