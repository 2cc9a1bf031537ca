"""From stored notebooks to a folder of pages, with Sphinx, MyST-NB and sphinx-book-theme.

The sources of the pages are made in ``.cache/site``. Only what differs from an earlier
build is written there, so Sphinx reads and writes only those pages anew.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import os
import re
import shutil
import warnings
from pathlib import Path

from ...errors import CourseError
from ..catalog import repository
from ..files import check_folder, write_whole
from ..notebooks import read_notebook
from . import front_pages, lesson_pages
from .frame_files import frames_of
from .terms import prose, read_terms

MARKER = ".dlcourse-site"
HERE = Path(__file__).parent
WORK = Path(".cache") / "site"
# what Sphinx writes and no page reads
LEFT_BEHIND = re.compile(
    r"^_sources/|^\.|^objects\.inv$|\.map$|_static/locales/|_static/webpack|"
    r"_static/sbt-webpack|_static/images/logo_|_static/scripts/fontawesome|\.doctree$"
)
# a script of 1.5 MB for eleven icons, which course.css draws
ICONS = re.compile(r"<script[^>]*/fontawesome\.js[^>]*></script>\s*")
HARMLESS = ("myst.header", "mystnb.unknown_mime_type")


def build_site(root, lessons, output):
    """Build the pages of these lessons, and what belongs to them.

    Args:
        root: the course's folder.
        lessons: LessonFiles, in their order.
        output: the folder for the pages.

    Returns:
        the path of the front page, and Sphinx's warnings.

    Raises:
        CourseError: if the folder holds other things, or a notebook has no outputs.
    """
    output = Path(output)
    check_folder(output, MARKER)
    output.mkdir(parents=True, exist_ok=True)
    (output / MARKER).touch()
    key = hashlib.sha256(str(output.resolve()).encode()).hexdigest()[:8]
    work = root / WORK / key
    files, pictures, copies = page_sources(root, lessons)
    bring_up_to_date(work / "source", files)
    said = run_sphinx(work / "source", work / "html", work / "doctrees")
    write_pictures(work / "pictures", pictures)
    made = {MARKER: b""} | copies
    for folder, where in ((work / "html", ""), (work / "pictures", "pictures/")):
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and not LEFT_BEHIND.search(name):
                made[where + name] = path
    for name, path in made.items():
        if name.endswith(".html"):
            made[name] = ICONS.sub("", path.read_text(encoding="utf-8"))
    bring_up_to_date(output, made)
    return output / "index.html", said


def page_sources(root, lessons):
    """Return the sources of all pages, the pictures on them, and files to copy.

    Returns:
        ``{name: text}`` for Sphinx, ``{name: PNG bytes}`` of the pictures, and ``{name:
        bytes or path}`` of what goes into the site as it is.
    """
    import nbformat

    name, branch = repository(root)
    present = {x.notebook.name: x.notebook.name for x in lessons}
    present |= {x.number: x.notebook.name for x in lessons}
    files, pictures, copies, texts = {}, {}, {}, {}
    links, questions = {}, {}
    for lesson in lessons:
        notebook = read_notebook(lesson.notebook)
        number = lesson.number
        if not any(cell.get("outputs") for cell in notebook.cells):
            raise CourseError(
                f"{lesson.notebook.name} lacks outputs, which its page shows: run"
                f"  python -m dlcourse notebooks {number} --force."
            )
        links[number] = lesson_pages.launch_links(lesson, name, branch)
        quiz = importlib.import_module(f"dlcourse.exercises.lesson_{number}").QUIZ
        questions[number] = len(quiz)
        figures = frames_of(lesson)
        page, own = lesson_pages.page_of(
            lesson, notebook, links[number], present, figures, quiz
        )
        files[lesson.notebook.name] = nbformat.writes(page)
        pictures |= own
        for place, figure in figures.items():
            for index, frame in enumerate(figure.pictures):
                copies[f"frames/{number}_{place}/{index:02}.webp"] = frame
        copies[f"notebooks/{lesson.notebook.name}"] = lesson.notebook
        texts[number] = prose(notebook)
    terms = read_terms()
    uses = {
        term.name: [n for n, text in texts.items() if term.pattern.search(text)]
        for term in terms
    }
    shown = front_pages.last_figure(files[lessons[0].notebook.name])
    picture = root / ".github" / "lesson.png"
    if not shown and picture.is_file():
        pictures["lesson.webp"] = picture.read_bytes()
        shown = front_pages.PICTURE
    files["index.md"] = front_pages.front_page(lessons, links, name, shown)
    files["where_am_i.md"] = front_pages.progress_page(lessons, questions)
    files["glossary.md"] = front_pages.glossary_page(terms, lessons)
    files["concepts.md"] = front_pages.concepts_page(terms, lessons, uses)
    results = (root / "RESULTS.md").read_text(encoding="utf-8")
    files["results.md"] = front_pages.results_page(results, name)
    return files, pictures, copies


def bring_up_to_date(folder, files):
    """Make a folder hold these files and no others; what is the same stays untouched.

    Args:
        folder: the folder; it is made if it is not there.
        files: ``{name: text, bytes or path}``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        if isinstance(content, Path):
            content = content.read_bytes()
        content = content.encode() if isinstance(content, str) else content
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)


def write_pictures(folder, pictures):
    """Write the pictures as WebP; a file's name follows from its content."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in pictures:
            path.unlink()
    for name, png in pictures.items():
        if not (folder / name).is_file():
            write_whole(folder / name, lesson_pages.as_webp(png))


def run_sphinx(source, output, doctrees):
    """Let Sphinx bring the pages up to date; return its warnings, one a line."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    said = io.StringIO()
    with patch_docutils(), docutils_namespace(), warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # what the extensions will have to change one day
        app = Sphinx(
            str(source), None, str(output), str(doctrees), "html",
            confoverrides=settings(), status=None, warning=said,
            parallel=min(2, os.cpu_count() or 1),
        )  # fmt: skip
        app.build()
    text = re.sub(r"\x1b\[[0-9;]*m", "", said.getvalue())
    return [line for line in text.splitlines() if line.strip()]


def settings():
    """Return Sphinx's configuration."""
    return {
        "project": "dlcourse",
        "author": "The dlcourse authors",
        "html_title": "dlcourse",
        "language": "en",
        "extensions": ["myst_nb", "dlcourse.tools.site.extension"],
        "html_theme": "sphinx_book_theme",
        "html_theme_options": {
            "use_download_button": False,
            "use_fullscreen_button": False,
            "show_toc_level": 2,
            "search_bar_text": "Search the course",
            "navigation_with_keys": False,
            "pygments_light_style": "a11y-high-contrast-light",
            "pygments_dark_style": "a11y-high-contrast-dark",
        },
        "html_static_path": [str(HERE / "assets")],
        "templates_path": [str(HERE / "templates")],
        "html_sidebars": {
            "**": [
                "course-home.html",
                "search-button-field.html",
                "sbt-sidebar-nav.html",
            ]
        },
        "html_css_files": ["course.css"],
        "html_js_files": [("course.js", {"defer": "defer"})],
        "html_math_renderer": "mathml",
        "html_show_search_summary": False,  # it would be fetched, which a disk forbids
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_sphinx": False,
        "html_show_copyright": False,
        "html_use_index": False,
        "html_permalinks_icon": "#",
        "nb_execution_mode": "off",
        "myst_enable_extensions": ["dollarmath", "amsmath"],
        "myst_heading_anchors": 3,
        "suppress_warnings": list(HARMLESS),
        "course_code": code_digest(),
        "course_terms": {term.name: term for term in read_terms()},
    }


def code_digest():
    """Return a digest of this package: another one means that every page is made anew."""
    digest = hashlib.sha256()
    for path in sorted(HERE.rglob("*")):
        if path.suffix in (".py", ".toml", ".html"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def forget(root, output):
    """Remove what an earlier build left, so that the next one starts from nothing."""
    shutil.rmtree(root / WORK, ignore_errors=True)
    if (Path(output) / MARKER).exists():
        shutil.rmtree(output)
