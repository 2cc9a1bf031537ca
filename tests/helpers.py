"""The lessons under test, and how to read the parts of a notebook."""

import ast
import configparser
import os
import re

import nbformat
from conftest import ROOT

from dlcourse.tools import catalog, notebooks

AGAIN_LIMIT = float(os.environ.get("DLCOURSE_TEST_AGAIN", 2))  # seconds of a cell
EVERY_LESSON = catalog.read_lessons(ROOT)
CHOSEN = os.environ.get("DLCOURSE_TEST_LESSONS", "").split()  # run_all.py sets it
LESSONS = [x for x in EVERY_LESSON if not CHOSEN or x.number in CHOSEN]
NUMBERS = [lesson.number for lesson in LESSONS]
LONGEST_FIRST = sorted(LESSONS, key=lambda lesson: -lesson.seconds)  # no late straggler


def nonsense_copy(lesson, folder):
    """Write a student copy in which every answer is None; return its path."""
    path = notebooks.student_copy(lesson, folder)
    copy = nbformat.read(path, as_version=4)
    for cell in code_cells(copy):
        if "exercise" in tags(cell):
            names = sorted(assigned_names(cell.source))
            cell.source = "\n".join(f"{name} = None" for name in names)
    nbformat.write(copy, path)
    return path


# What each explore() was called with, for a look at its controls when all has run: a later
# cell may have reused a name that the figure's function reads.
LISTENER = """import dlcourse as _dlcourse

_explored, _explore = {}, _dlcourse.explore

def _listen(figure_function, **spec):
    _explored[figure_function.__name__] = figure_function, spec
    _explore(figure_function, **spec)

_dlcourse.explore = _listen"""
MOVER = """from dlcourse import figures as _figures

def _move(function, spec):
    spec = {name: value for name, value in spec.items() if name != "alt"}
    first = _figures._draw(function, _figures._defaults(function, spec))
    *controls, picture, notice = _figures._explorer(function, spec, first).children
    still = picture.value
    for control, limits in zip(controls, spec.values()):
        default, seen = control.value, set()
        if isinstance(limits, str):
            limits = ["the food was not good , but the view was great"]
        for value in (limits[0], limits[1 if isinstance(limits, tuple) else -1]):
            control.value = value
            assert not notice.value, notice.value
            seen.add(picture.value)
        assert seen != {still}, f"{control.description} of {function.__name__} moves nothing"
        control.value = default

for _function, _spec in _explored.values():
    _move(_function, _spec)
print(f"figures moved: {len(_explored)}")"""
TIMER = """import time as _time

def _note_start(info):
    get_ipython()._begun = _time.monotonic()

def _note_end(result):
    get_ipython()._took = _time.monotonic() - get_ipython()._begun

get_ipython().events.register("pre_run_cell", _note_start)
get_ipython().events.register("post_run_cell", _note_end)"""
AGAIN = """if get_ipython()._took < {limit}:
    get_ipython().run_cell(In[-2]).raise_error()
else:
    print("not again")"""


def twice(notebook, limit=AGAIN_LIMIT):
    """Put behind each code cell another that runs it again, as learners do.

    A cell that takes longer than ``limit`` seconds is not run again. At last, every control
    of every interactive figure is moved to its ends.

    Returns:
        The pairs of cells: each of the notebook's own, and the one behind it.
    """
    pairs, cells = [], []
    for cell in notebook.cells:
        cells.append(cell)
        if cell.cell_type != "code":
            continue
        if "parameters" in tags(cell):  # others may be put behind this one
            cells += map(nbformat.v4.new_code_cell, (LISTENER, TIMER))
            continue
        if "bootstrap" not in tags(cell):  # it comes before the timer
            again = nbformat.v4.new_code_cell(AGAIN.format(limit=limit))
            cells.append(again)
            pairs.append((cell, again))
    notebook.cells = [*cells, nbformat.v4.new_code_cell(MOVER)]
    return pairs


def told_again(pairs):
    """Return what differs between a cell's text and the second time's, cell by cell."""
    patterns = sanitizers()
    differing = []
    for cell, again in pairs:
        first, second = masked(cell, patterns), masked(again, patterns)
        if second != "not again\n" and first != second:
            differing.append(f"{cell.source[:200]}\n  1st: {first}\n  2nd: {second}")
    return differing


def sanitizers():
    """Return pairs of pattern and replacement: what nbval masks before it compares."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "tests" / "nbval_sanitize.cfg", encoding="utf-8")
    return [(part["regex"], part["replace"]) for part in settings.values() if part]


def masked(cell, patterns):
    """Return what a cell printed and displayed as text, as nbval compares it."""
    text = stdout_of(cell)
    for output in cell.outputs:
        text += output.get("data", {}).get("text/plain", "")
    for pattern, replacement in patterns:
        text = re.sub(pattern, replacement, text.replace("\\u2248", "≈"))
    return re.sub(r"0x[0-9a-f]+|model_id\S+|IPY_MODEL\S+", "ID", text)


def tags(cell):
    return cell.metadata.get("tags", [])


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text_of(notebook):
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


def stdout_of(cell):
    return "".join(o.text for o in cell.outputs if o.output_type == "stream")


def checked_in(source):
    """Return the exercise numbers that a cell checks."""
    return re.findall(r"""\bcheck\(\s*["'](\d\d\.\d+)["']""", source)


def assigned_names(source):
    """Return the names that a cell's top level defines."""
    names = set()
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        for part in (
            ast.walk(node) if isinstance(node, (ast.Assign, ast.AnnAssign)) else ()
        ):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                names.add(part.id)
    return names


def used_names(source):
    """Return the names that a cell reads."""
    return {
        node.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def names_read_first(source):
    """Return the names that a cell reads before it has itself given them a value."""
    own, read = set(), set()
    for statement in ast.parse(source).body:
        nested = isinstance(statement, (ast.FunctionDef, ast.ClassDef))
        part = global_names(statement) if nested else used_names(ast.unparse(statement))
        read |= part - own
        own |= assigned_names(ast.unparse(statement))
        if isinstance(statement, (ast.For, ast.With, ast.Import, ast.ImportFrom)):
            own |= global_stores(statement)
    return read


def global_stores(tree):
    """Return the names that a cell's syntax tree gives values to outside functions."""
    names = set()

    class Visitor(ast.NodeVisitor):
        def visit_FunctionDef(self, node):
            names.add(node.name)

        visit_ClassDef = visit_FunctionDef

        def visit_ListComp(self, node):
            """Stay out: comprehensions and lambdas have names of their own."""

        visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp
        visit_Lambda = visit_ListComp

        def visit_Name(self, node):
            if isinstance(node.ctx, ast.Store):
                names.add(node.id)

    Visitor().visit(tree)
    return names


def global_names(function):
    """Return the names that a function reads and does not itself give values to."""
    nodes = list(ast.walk(function))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return {node.id for node in names if isinstance(node.ctx, ast.Load)} - own
