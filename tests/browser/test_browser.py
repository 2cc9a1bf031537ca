"""Lessons' student copies in a real JupyterLab in a real browser, as learners use them.

Three of them cover every kind of control; name lessons to open others (``make test
ARGS="browser 31 4x"``).

The solutions are gone and every answer is nonsense: the lesson must run to its end all the
same. Needs Chromium and Playwright (``tests/run_all.py`` says where they are missing).
The server works on copies, since JupyterLab saves what it runs. Screenshots are left in
``.cache/browser``, to be looked at.
"""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import warnings

import pytest
from conftest import ROOT
from helpers import CHOSEN, LONGEST_FIRST, assigned_names, nonsense_copy
from run_all import IN_BROWSER

from dlcourse.tools import notebooks

sync_api = pytest.importorskip("playwright.sync_api")

OPENED = [x for x in LONGEST_FIRST if CHOSEN or x.number in IN_BROWSER]
FIRST = min(OPENED, key=lambda lesson: lesson.number)
PICTURES = ROOT / ".cache" / "browser"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
).split()
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, NAMES)), None
)
RUN_LIMIT = 300  # seconds for one lesson, on a busy machine
OPEN_LIMIT = 90  # seconds until a lesson is in the page, or its kernel answers
READY = """path => window.jupyterapp && jupyterapp.shell.currentWidget?.context?.path == path
    && jupyterapp.shell.currentWidget.sessionContext?.session?.kernel?.status == 'idle'"""
# One notebook after the other, unsaved: disposing asks nobody.
CLEAN = """() => !!window.jupyterapp && !document.querySelector('.jp-Dialog')"""
OPEN = """path => {
    [...jupyterapp.shell.widgets('main')].forEach(widget => widget.dispose());
    return jupyterapp.commands.execute('docmanager:open', {path}).then(() => null);
}"""

# What JupyterLab itself knows of the notebook: cells may be out of sight, outputs not.
CELLS = """() => jupyterapp.shell.currentWidget.content.widgets.map(cell => ({
    type: cell.model.type,
    tags: cell.model.getMetadata('tags') || [],
    source: cell.model.sharedModel.getSource(),
    count: cell.model.type == 'code' ? cell.model.executionCount : 0,
    outputs: cell.model.type == 'code' ? cell.model.outputs.toJSON() : []
}))"""
# In a few bytes, since it is asked twice a second: every code cell has run, or one failed.
DONE = """() => {
    const cells = jupyterapp.shell.currentWidget.content.widgets
        .filter(cell => cell.model.type == 'code');
    const failed = cell => Array.from({length: cell.model.outputs.length},
        (_, i) => cell.model.outputs.get(i).type).includes('error');
    return cells.some(failed) || cells.every(cell => cell.model.executionCount);
}"""
THEME = "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})"
SET_SOURCE = """([index, text]) => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    notebook.widgets[index].model.sharedModel.setSource(text);
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a copy of the course: its address and its secret."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("notebooks", ".jupyter"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "student").mkdir()
    for lesson in OPENED:
        nonsense_copy(lesson, folder / "student")
    # all cells in the page, so that a widget that did not load can be seen
    settings = folder / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(8)
    with open(folder / "lab.log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "dlcourse", "lab", "--no-browser", "--port", str(port),
             "--", f"--IdentityProvider.token={token}", "--LabApp.expose_app_in_browser=True"],
            cwd=folder, stdout=log, stderr=log, start_new_session=True,
            env={
                **os.environ, "DLCOURSE_STRICT": "1", "DLCOURSE_PROGRESS": "off",
                "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
                "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            },
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(lambda: answers(f"{address}/api?token={token}"), 60, "JupyterLab")
            yield address, token
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def printed(cell):
    """Return what a code cell wrote; nbformat allows a text, or a list of lines."""
    return "".join("".join(output.get("text", "")) for output in cell["outputs"])


def answers(address):
    try:
        return urllib.request.urlopen(address, timeout=5).status == 200
    except OSError:
        return False


def wait_for(condition, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.5)
    pytest.fail(f"{what}: nothing after {seconds} s")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """One browser for all tests of a process: it compiles JupyterLab's scripts once."""
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("browser"), executable_path=CHROMIUM, headless=True,
            args=FLAGS, viewport={"width": 1400, "height": 1000},
        )  # fmt: skip
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="module")
def window(browser):
    """One page for all lessons of a process, as a learner keeps JupyterLab open."""
    page = browser.new_page()
    page.set_default_timeout(60_000)
    yield page
    page.close()


@pytest.fixture
def page(lab, window):
    yield window
    shut_kernels(lab)


def shut_kernels(lab):
    """Stop every kernel of this server: two lessons' memory is enough."""
    import json

    address, token = lab
    query = f"?token={token}"
    with urllib.request.urlopen(f"{address}/api/sessions{query}") as reply:
        for session in json.load(reply):
            url = f"{address}/api/sessions/{session['id']}{query}"
            urllib.request.urlopen(urllib.request.Request(url, method="DELETE"))


def open_lesson(page, lab, lesson, folder):
    """Open a lesson's notebook, or its student copy, and wait for its kernel."""
    path = f"{folder}/{lesson.notebook.name}"
    if page.evaluate(CLEAN):
        page.evaluate(OPEN, path)
    else:  # not JupyterLab yet, or what the lesson before left in the way
        go_to(page, lab, "course", path)
    try:
        wait_until_open(page, path)
    except sync_api.TimeoutError:
        # JupyterLab's own start, before any cell: a learner would reload the page, too
        picture(page, f"{lesson.number}_not_open")
        warnings.warn(f"lesson {lesson.number} did not open; reloaded", stacklevel=1)
        go_to(page, lab, "again", path)
        wait_until_open(page, path)


def go_to(page, lab, workspace, path):
    """Load JupyterLab with nothing open but the notebook at this path."""
    address, token = lab
    where = f"{address}/lab/workspaces/{workspace}-{secrets.token_hex(4)}"
    page.goto(f"{where}/tree/{path}?token={token}")


def run_all(page, lesson):
    """Choose Run All Cells, wait; return the cells."""
    menu(page, "Run", "Run All Cells")

    wait_for(lambda: page.evaluate(DONE), RUN_LIMIT, f"lesson {lesson.number}")
    page.wait_for_timeout(1500)  # the last outputs are being drawn
    return page.evaluate(CELLS)


def wait_until_open(page, path):
    page.wait_for_function(READY, arg=path, timeout=OPEN_LIMIT * 1000)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=OPEN_LIMIT * 1000)


def menu(page, name, entry):
    page.locator(".lm-MenuBar-item", has_text=re.compile(f"^{name}$")).click()
    page.locator(".lm-Menu-item", has_text=re.compile(f"^{entry}$")).first.click()


def picture(page, name):
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


@pytest.mark.parametrize("lesson", OPENED, ids=[x.number for x in OPENED])
def test_lesson(lesson, page, lab):
    """Run All leaves no error, every widget is there, and the lesson answers."""
    open_lesson(page, lab, lesson, "student")
    cells = run_all(page, lesson)
    assert not any("solution" in cell["tags"] for cell in cells)
    outputs = [o for cell in cells for o in cell["outputs"]]
    errors = [o.get("evalue") for o in outputs if o["output_type"] == "error"]
    assert errors == []
    assert [o["text"] for o in outputs if o.get("name") == "stderr"] == []
    assert "".join(map(printed, cells)).count("✗ ") >= 4  # nonsense was handed in
    widgets = sum("widget-view+json" in "".join(o.get("data", {})) for o in outputs)
    assert widgets >= 2  # a figure to play with, and a quiz
    assert page.get_by_text("Loading widget").count() == 0
    assert page.get_by_text("Error displaying widget").count() == 0
    assert page.locator(".jp-Dialog").count() == 0
    picture(page, f"{lesson.number}_end")

    moved = move_controls(page, lesson)
    assert moved and IN_BROWSER.get(lesson.number) in {None, *moved}
    answer_the_quiz(page, lesson)
    for theme in ("Dark", "Light"):  # with a reply in view
        page.evaluate(THEME, f"JupyterLab {theme}")
        page.wait_for_timeout(500)
        picture(page, f"{lesson.number}_{theme.lower()}")
        assert violations(page) == []
    do_an_exercise(page, lesson, cells)
    if lesson == FIRST:
        axe_does_look(page)
        the_second_day(page, lab, lesson)


def test_solutions_are_folded_and_outputs_are_there(page, lab):
    """The notebook as it is stored, not run: a solution opens with a click."""
    lesson = FIRST
    open_lesson(page, lab, lesson, "notebooks")
    cells = page.evaluate(CELLS)
    assert all(cell["outputs"] for cell in cells if "exercise" not in cell["tags"]
               and cell["source"].startswith("check("))  # fmt: skip
    reveal_a_solution(page, lesson)


def move_controls(page, lesson):
    """Move the first slider, menu and text box: the picture under each must change.

    Returns:
        the kinds that this lesson has.
    """
    moved = []
    for kind, (control, move) in CONTROLS.items():
        figures = page.locator(".jp-OutputArea-output .widget-vbox:has(img)")
        box = figures.filter(has=page.locator(control)).first
        if box.count():
            move_one(page, f"{lesson.number}_{kind}", box, control, move)
            moved.append(kind)
    return moved


def move_one(page, name, box, control, move):
    image = box.locator("img").first
    image.scroll_into_view_if_needed()
    before = image.get_attribute("src")

    def has_changed():
        return image.get_attribute("src") != before

    picture(page, f"{name}_before")
    move(page, box.locator(control).first, has_changed)
    wait_for(has_changed, 60, "a new picture")
    page.wait_for_timeout(500)
    picture(page, f"{name}_after")


def move_slider(page, handle, has_changed):
    for _ in range(12):
        handle.press("ArrowRight")
    for key in ("End", "Home"):  # a small step may change nothing in the picture
        if not has_changed():
            page.wait_for_timeout(1500)
        if not has_changed():
            handle.press(key)


def choose_last(page, select, has_changed):
    select.select_option(index=select.locator("option").count() - 1)


def type_text(page, text, has_changed):
    text.fill("the food was not good , but the view was great")
    text.press("Enter")


CONTROLS = {
    "slider": (".noUi-handle", move_slider),
    "menu": ("select", choose_last),
    "text box": ("input[type=text]", type_text),
}


def answer_the_quiz(page, lesson):
    """Try options of the first question until one is right: each explains itself."""
    buttons = page.locator(".widget-toggle-buttons").first.locator("button")
    question = page.locator(".widget-vbox:has(> .widget-toggle-buttons)").first
    question.scroll_into_view_if_needed()
    reply = question.locator(".widget-html-content").last
    replies = []
    for index in range(buttons.count()):
        buttons.nth(index).click()
        wait_for(
            lambda: reply.inner_text().strip() not in ("", *replies), 60, "a reply"
        )
        replies.append(reply.inner_text().strip())
        if index == 0:
            picture(page, f"{lesson.number}_quiz")
    assert sum(text.startswith("✓ Right.") for text in replies) == 1
    assert all(len(text) > 30 for text in replies)


def first_exercise(lesson):
    """Return the first exercise whose solution assigns all that the exercise asks for.

    Returns:
        the learner's names, and the solution under these names.
    """
    cells = notebooks.skeleton(lesson).cells
    for index, cell in enumerate(cells):
        if "exercise" not in cell.metadata.get("tags", []):
            continue
        solution = next(
            c.source for c in cells[index:] if "solution" in c.metadata.get("tags", [])
        )
        right = solution[: solution.index("check(")].replace("_solution", "")
        names = assigned_names(cell.source)
        if names and names <= assigned_names(right):
            return sorted(names), right
    pytest.fail("no exercise whose solution can be typed in")


def do_an_exercise(page, lesson, cells):
    """Hand in nonsense, then the solution under the learner's names."""
    names, right = first_exercise(lesson)
    nonsense = "\n".join(f"{name} = None" for name in names)
    index = next(i for i, cell in enumerate(cells) if cell["source"] == nonsense)
    for text, mark in (
        ("\n".join(f"{name} = 'nonsense'" for name in names), "✗ "),
        (right, "✓ "),
    ):
        page.evaluate(SET_SOURCE, [index, text])
        page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
        checker = next(
            i
            for i in range(index, len(cells))
            if cells[i]["source"].startswith("check(")
        )
        page.evaluate(
            f"jupyterapp.shell.currentWidget.content.activeCellIndex = {checker}"
        )
        page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
        wait_for(
            lambda checker=checker, mark=mark: printed(
                page.evaluate(CELLS)[checker]
            ).startswith(mark),
            30, f"{mark} under exercise {cells[checker]['source'][:14]}",
        )  # fmt: skip
        page.locator(".jp-Cell.jp-mod-active").first.scroll_into_view_if_needed()
        picture(
            page, f"{lesson.number}_exercise_{'right' if mark == '✓ ' else 'wrong'}"
        )


def reveal_a_solution(page, lesson):
    """A solution is folded away until it is clicked."""
    folded = page.locator(".jp-Placeholder").first
    folded.scroll_into_view_if_needed()
    before = page.locator(".jp-Placeholder").count()
    picture(page, f"{lesson.number}_solution_folded")
    folded.click()
    wait_for(
        lambda: page.locator(".jp-Placeholder").count() == before - 1,
        10,
        "the solution",
    )
    picture(page, f"{lesson.number}_solution_shown")


def axe_does_look(page):
    """What a learner's screen reader needs is there, and axe-core notices what is not."""
    question = page.locator(".widget-vbox:has(> .widget-toggle-buttons)").first
    name = question.locator("button").first.inner_text()
    assert name.startswith("A") and len(name.split()) > 1, "the button says its option"
    assert question.locator("button[aria-pressed=true]").count() == 1
    assert question.locator("[role=alert]").count() == 1  # the reply
    page.evaluate("document.querySelector('.jp-RenderedText').append(new Image())")
    assert [rule for rule, _ in violations(page)] == ["image-alt"]


def violations(page):
    """Return what axe-core finds in the notebook's outputs: rule and element.

    The corner above a pandas table's index is empty. axe-core calls that minor, and no
    criterion of WCAG forbids it.
    """
    from axe_playwright_python.sync_playwright import Axe

    options = {"rules": {"empty-table-header": {"enabled": False}}}
    axe = Axe().run(page, ".jp-OutputArea-output", options)
    found = axe.response["violations"]
    return [(v["id"], node["html"][:300]) for v in found for node in v["nodes"]]


def the_second_day(page, lab, lesson):
    """Saved, shut down, opened again without a kernel: pictures and quiz can be read."""
    outputs = [o for cell in page.evaluate(CELLS) for o in cell["outputs"]]
    pictures = sum("image/png" in o.get("data", {}) for o in outputs)
    assert pictures and page.locator(".widget-toggle-buttons").count()
    for command in ("docmanager:save", "notebook:shutdown-kernel", "application:close"):
        page.evaluate(f"jupyterapp.commands.execute('{command}')")
        page.wait_for_timeout(1500)
    shut_kernels(lab)
    go_to(page, lab, "second", f"student/{lesson.notebook.name}")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=OPEN_LIMIT * 1000)
    images = page.locator(".jp-OutputArea-output img")
    wait_for(lambda: images.count() == pictures, 60, "all pictures")
    picture(page, f"{lesson.number}_second_day")
    assert page.get_by_text("Error displaying widget").count() == 0
    assert page.get_by_text("Loading widget").count() == 0
    assert page.get_by_text("Answer, with reasons").count() >= 3
    # by the description in the output's metadata
    wait_for(lambda: all(len(image.get_attribute("alt") or "") >= 20
                         for image in images.all()), 10, "descriptions")  # fmt: skip
