"""Which module may import which: layers without a circle, and nobody's private names.

The imports are read from the source, those inside functions too.
"""

import ast

import pytest
from conftest import ROOT

# Lowest first: a module may import what stands in a layer below its own.
LAYERS = [
    {
        "console",
        "errors",
        "exercises",
        "data_types",
        "lines",
        "registry",
        "surroundings",
    },
    {
        "session",
        "journal",
        "plots",
        "datasets",
        "package_data",
        "expectations",
        "transfers",
    },
    {"checks", "figures", "quizzes", "training"},
    {"exercises.lesson"},
    {"doctor", "tools"},
]
# The few that may also import a neighbor of their own layer.
NEIGHBORS = {
    ("surroundings", "errors"),  # the one sentence
    ("session", "plots"),  # the style of the figures
    ("journal", "session"),  # the lesson that a result belongs to
    ("datasets", "package_data"),  # one place to load from
    ("datasets", "transfers"),  # how a file comes here
    ("quizzes", "figures"),  # how a bundle is displayed
    ("tools", "doctor"),
}
FACES = {"", "__main__"}  # ``import dlcourse`` and ``python -m dlcourse``


def sources():
    """Return ``{name: source}`` of the package's modules, such as ``"tools.run"``."""
    folder = ROOT / "dlcourse"
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = list(path.relative_to(folder).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = path.read_text(encoding="utf-8")
    return found


def imports(name, modules):
    """Return ``(module, name taken from it or None, name it has here)`` per import.

    Only modules of the package count, named as in ``sources``.
    """
    is_package = any(other.startswith(f"{name}.") for other in modules) or not name
    here = name.split(".") if name else []
    package = here if is_package else here[:-1]
    found = []
    for node in ast.walk(ast.parse(modules[name])):
        if isinstance(node, ast.Import):
            for item in node.names:
                top, *rest = item.name.split(".")
                if top == "dlcourse":
                    found.append((".".join(rest), None, item.asname or item.name))
        if isinstance(node, ast.ImportFrom):
            parts = (node.module or "").split(".") if node.module else []
            if node.level:
                parts = package[: len(package) - node.level + 1] + parts
            elif parts[:1] == ["dlcourse"]:
                parts = parts[1:]
            else:
                continue
            for item in node.names:
                inner = ".".join([*parts, item.name])
                if inner in modules:  # a whole module, not a name in one
                    found.append((inner, None, item.asname or item.name))
                else:
                    found.append((".".join(parts), item.name, None))
    return found


def layer(name):
    """Return a module's layer and the name it goes by there; None for the faces."""
    if name in FACES:
        return None
    top = name.partition(".")[0]
    if name.startswith("exercises."):
        top = "exercises.lesson"
    for height, names in enumerate(LAYERS):
        if top in names:
            return height, top
    raise AssertionError(f"{name} stands in no layer: add it to LAYERS")


def wrong_layers(modules):
    """Return the imports that lead upwards, sideways, or from outside into tools."""
    wrong = []
    for name in modules:
        for other, *_ in imports(name, modules):
            mine, its = layer(name), layer(other)
            into_tools = other.partition(".")[0] == "tools"
            if into_tools and name.partition(".")[0] != "tools" and name != "__main__":
                wrong.append(f"{name} imports {other}")
            elif mine is None:
                continue
            elif its is None:
                wrong.append(f"{name} imports {other or 'dlcourse'}")
            elif mine[1] == its[1] == "tools" or (mine[1], its[1]) in NEIGHBORS:
                continue
            elif its[0] >= mine[0]:
                wrong.append(f"{name} imports {other}")
    return wrong


def circles(modules):
    """Return the modules that import one another, however long the way round."""
    reach = {name: {other for other, *_ in imports(name, modules)} for name in modules}
    for middle in modules:
        for name in modules:
            if middle in reach[name]:
                reach[name] |= reach[middle]
    return [name for name in modules if name in reach[name]]


def private_names(modules):
    """Return the names with a leading ``_`` that a module takes from another one."""
    wrong = []
    for name in modules:
        local = set()
        for other, taken, here in imports(name, modules):
            last = taken or other.rpartition(".")[2]
            if last.startswith("_") and not last.startswith("__"):
                wrong.append(f"{name} takes {last} from {other}")
            if here:
                local.add(here)
        for node in ast.walk(ast.parse(modules[name])):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) in local:
                if node.attr.startswith("_") and not node.attr.startswith("__"):
                    wrong.append(
                        f"{name} takes {node.attr} from {ast.unparse(node.value)}"
                    )
    return wrong


def own_names(modules):
    """Return the modules that define a function called like themselves."""
    return [
        name
        for name in modules
        for node in ast.parse(modules[name]).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.name == name.rpartition(".")[2]
    ]


@pytest.mark.parametrize("rule", [wrong_layers, circles, private_names, own_names])
def test_the_package_keeps_the_rule(rule):
    assert rule(sources()) == []


def test_every_module_is_read():
    names = set(sources())
    assert {"", "errors", "exercises", "exercises.lesson_00", "tools.cli"} <= names
    assert ("errors", "CourseError", None) in imports("datasets", sources())


CLEAN = {"": "from .checks import check", "errors": "", "session": "", "tools": "",
         "exercises": "", "checks": "from .errors import CourseError", "journal": "",
         "plots": "", "figures": "", "tools.run": "", "tools.files": ""}  # fmt: skip


@pytest.mark.parametrize(
    "rule, name, source",
    [
        (wrong_layers, "errors", "from .session import start"),  # upwards
        (wrong_layers, "errors", "def f():\n    from . import session"),
        (wrong_layers, "errors", "import dlcourse.session"),
        (wrong_layers, "session", "from dlcourse.checks import check"),
        (wrong_layers, "plots", "from .figures import show_bundle"),
        (wrong_layers, "exercises.lesson_21", "from ..tools import run"),
        (wrong_layers, "plots", "from .session import Lesson"),  # sideways
        (wrong_layers, "checks", "from .figures import explore"),
        (wrong_layers, "exercises.lesson_21", "from .lesson_22 import QUIZ"),
        (wrong_layers, "", "def f():\n    from .tools.run import run_course"),
        (wrong_layers, "tools.run", "from .. import check"),  # the face
        (circles, "session", "from . import session"),
        (circles, "errors", "from . import checks"),
        (circles, "tools.files", "from .run import x\nfrom . import run"),
        (private_names, "checks", "from .session import _current"),
        (private_names, "checks", "from . import session\nprint(session._current)"),
        (private_names, "checks", "import dlcourse.session as s\ns._current = 1"),
        (private_names, "checks", "import dlcourse.session\ndlcourse.session._x()"),
        (private_names, "tools.run", "from . import files as f\nf._write()"),
        (own_names, "tools.run", "def run(): ..."),
        (own_names, "checks", "def checks(): ..."),
    ],
)
def test_each_rule_can_fail(rule, name, source):
    modules = {**CLEAN, "exercises.lesson_22": "", "tools.run": "from . import files"}
    assert rule(modules) == []
    assert rule({**modules, name: source, **extra(rule, name)})


def extra(rule, name):
    """Return the other half of a circle."""
    back = {"tools.files": {"tools.run": "from . import files"}}
    return back.get(name, {}) if rule is circles else {}


@pytest.mark.parametrize(
    "name, source",
    [
        ("checks", "from . import session\nsession.start()"),
        ("session", "def f():\n    from . import plots\n    plots.set_style()"),
        ("tools.run", "from .. import plots\nfrom ..errors import CourseError"),
        ("__main__", "from .tools.run import run_course"),
        ("checks", "import os\nos._exit(1)\nself._x = 1"),  # not the package's
    ],
)
def test_what_is_allowed_passes(name, source):
    for rule in (wrong_layers, circles, private_names, own_names):
        assert rule({**CLEAN, name: source}) == []


def test_a_module_without_a_layer_is_named():
    with pytest.raises(AssertionError, match="widgets stands in no layer"):
        wrong_layers({**CLEAN, "widgets": "from .errors import CourseError"})
