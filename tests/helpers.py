"""The lessons under test, and how to read the parts of a notebook."""

import ast
import os
import re

import nbformat
from conftest import ROOT

from dlcourse.tools import catalog, notebooks

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
