"""Change the package in small ways, one at a time, and see whether a test notices.

    python tests/mutants.py [--count 200] [--seed 0] [--only checks,lesson_21]

``make mutants`` calls it; ``make test`` does not. Mutants are drawn at random over
``dlcourse/`` without ``tools/``: a comparison, an operator, a number or a truth value is
changed, a condition negated, an argument left out, or a statement dropped. Each is tried
against the tests that reach its module, in a process that is forked from one where the
libraries are imported already, so most take a few seconds. Data are left alone: texts,
quiz questions, the registry of downloads, and the examples on which a checker tries an
answer (with 501 instead of 500 random numbers it is as good a checker).
"""

import argparse
import ast
import copy
import importlib
import io
import os
import random
import runpy
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "dlcourse"
LIMIT = 240  # seconds; a mutant that takes longer hangs, which somebody notices
UNIT = {
    "checks": ["test_checks", "test_expectations", "test_progress"],
    "expectations": ["test_expectations", "test_checks"],
    "journal": ["test_progress", "test_checks"],
    "data_types": ["test_package_data", "test_datasets"],
    "errors": ["test_session", "test_datasets"],
    "doctor": ["test_doctor", "test_commands"],
}
DATA = {"QUIZ", "REGISTRY"}  # names whose values are data
LOOKS = {  # keywords that change only how something looks, or guard what cannot happen
    "alpha", "ascii", "bbox_inches", "c", "color", "columns", "constrained_layout", "dpi",
    "edgecolor", "encoding", "figsize", "fontsize", "fontweight", "fraction", "indent",
    "label", "layout", "legend", "linewidth", "linewidths", "loc", "lw", "margin", "ms",
    "ncols", "pad", "s", "square", "strict", "style", "width", "zorder",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: in which module, in which line, what it was and what it became."""

    path: Path
    line: int
    before: str
    after: str
    source: str
    tests: tuple


# ── making them ─────────────────────────────────────────────────────────────────

COMPARE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}  # fmt: skip
# a bound that is a fraction, such as 0.25, is not met to the last digit: < and <= are one
TURNED = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt}
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.MatMult: ast.Add,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


def changes(node):
    """Yield functions that each change a copy of this node in one way."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARE:
        table = {**COMPARE, **TURNED} if _has_fraction(node) else COMPARE
        yield lambda n: setattr(n, "ops", [table[type(n.ops[0])](), *n.ops[1:]])
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        if not _is_text(node):
            yield lambda n: setattr(n, "op", ARITHMETIC[type(n.op)]())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield lambda n: setattr(n, "op", other())
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        new = not node.value if isinstance(node.value, bool) else node.value + 1
        yield lambda n: setattr(n, "value", new)
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
    elif isinstance(node, ast.Call):
        for index, keyword in enumerate(node.keywords):
            if keyword.arg not in LOOKS:
                yield lambda n, index=index: n.keywords.pop(index)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield lambda n: setattr(n, "value", ast.Constant(None))


def _has_fraction(node):
    values = [getattr(part, "value", 0) for part in (node.left, *node.comparators)]
    return any(isinstance(v, float) and not v.is_integer() for v in values)


def _is_text(node):
    return any(
        isinstance(part, (ast.JoinedStr, ast.Constant))
        and isinstance(getattr(part, "value", ""), str)
        for part in ast.walk(node)
    )


def mutants_of(path):
    """Return every mutant of one module."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    found = []
    for top in tree.body:
        targets = getattr(top, "targets", [])
        if any(getattr(target, "id", "") in DATA for target in targets):
            continue
        if isinstance(top, (ast.Import, ast.ImportFrom)):
            continue
        tests = tests_for(path, top)
        for node in _worth_changing(top, path.parent.name == "exercises"):
            for change in changes(node):
                found.append(_mutant(path, text, tree, node, change, tests))
            for body in (getattr(node, "body", None), getattr(node, "orelse", None)):
                for index, statement in enumerate(
                    body if isinstance(body, list) else ()
                ):
                    value = getattr(statement, "value", None)
                    if isinstance(statement, ast.Expr) and isinstance(value, ast.Call):
                        found.append(_dropped(path, text, tree, body, index, tests))
    return found


def _worth_changing(top, exercises=False):
    """Yield the nodes below this one, but for what only looks, and for examples."""
    waiting = [top]
    while waiting:
        node = waiting.pop()
        yield node
        examples = _examples(node) if exercises else ()
        waiting += [
            child
            for child in ast.iter_child_nodes(node)
            if not (isinstance(child, ast.keyword) and child.arg in LOOKS)
            and child not in examples
        ]


def _examples(node):
    """Return the parts of a checker's statement that are inputs it tries answers on."""
    if isinstance(node, ast.For):
        repeated = getattr(node.target, "id", "") == "_"  # only how often it is tried
        return [node.iter] if repeated or _is_example(node.iter) else []
    if isinstance(node, (ast.Assign, ast.AugAssign)):
        target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
        is_example = getattr(target, "id", "") != "mistakes"
        return [node.value] if is_example and _is_example(node.value) else []
    return [*node.args, *node.keywords] if _draws(node) else []


ARRAYS = ("np.array", "np.arange", "np.linspace", "np.tile", "np.full", "np.eye")
DRAWS = ("choice", "integers", "normal", "permutation", "random", "shuffle", "uniform")


def _draws(node):
    """Return whether an expression is a draw of a random generator, or makes one."""
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func)
    drawn = name.rpartition(".")[2] in (*DRAWS, "default_rng")
    return drawn or name.startswith("rng.")


def _is_example(node):
    """Return whether an expression only lists numbers, names and arrays of them."""
    kinds = (ast.List, ast.Tuple, ast.Dict, ast.Call)
    return any(isinstance(part, kinds) for part in ast.walk(node)) and _is_plain(node)


def _is_plain(node, names=True):
    if isinstance(node, (ast.Name, ast.Attribute)):
        return names
    if isinstance(node, ast.Call):
        return _draws(node) or ast.unparse(node.func) in ARRAYS
    kinds = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.UnaryOp, ast.BinOp)
    parts = (p for p in ast.iter_child_nodes(node) if isinstance(p, ast.expr))
    # a sum or product of names is a computation, which may be what is right
    names = names and not isinstance(node, ast.BinOp)
    return isinstance(node, kinds) and all(_is_plain(part, names) for part in parts)


def _mutant(path, text, tree, node, change, tests):
    kept = copy.copy(node.__dict__)
    if isinstance(node, ast.Call):
        node.keywords = list(node.keywords)
    before = ast.unparse(node)
    change(node)
    after, source = ast.unparse(node), ast.unparse(tree)
    node.__dict__.clear()
    node.__dict__.update(kept)
    return Mutant(path, node.lineno, _short(before), _short(after), source, tests)


def _dropped(path, text, tree, body, index, tests):
    statement = body[index]
    body[index] = ast.Pass()
    source = ast.unparse(tree)
    body[index] = statement
    before = _short(ast.unparse(statement))
    return Mutant(path, statement.lineno, before, "(dropped)", source, tests)


def _short(text):
    text = " ".join(text.split())
    return text if len(text) <= 90 else text[:87] + "..."


def tests_for(path, top):
    """Return pytest's arguments for the tests that reach this part of a module."""
    name = path.stem
    if path.parent.name == "exercises":
        if name == "__init__":
            return ("tests/unit/test_session.py",)
        lesson = name.removeprefix("lesson_")
        numbers = [
            call.args[0].value
            for call in getattr(top, "decorator_list", [])
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "exercise"
        ]
        # the test of hints compares line numbers, which every mutant shifts
        only = f"{numbers[0] if numbers else lesson} and not hint_is_met"
        return ("tests/notebooks/test_exercises.py", "-k", only, "lesson", lesson)
    files = UNIT.get(name, [f"test_{name}"])
    return tuple(f"tests/unit/{file}.py" for file in files)


# ── trying them ─────────────────────────────────────────────────────────────────


def try_mutant(mutant):
    """Run the tests against a mutant in a forked process; return (verdict, seconds).

    The verdict is "killed", "survives", or "hangs", which counts as killed.
    """
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os._exit(_in_child(mutant))
    while time.monotonic() - started < LIMIT:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            killed = os.waitstatus_to_exitcode(status) != 0
            return "killed" if killed else "survives", time.monotonic() - started
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "hangs", time.monotonic() - started


def _in_child(mutant):
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    sys.stdout = sys.stderr = io.StringIO()
    arguments = list(mutant.tests)
    if "lesson" in arguments:
        index = arguments.index("lesson")
        os.environ["DLCOURSE_TEST_LESSONS"] = arguments[index + 1]
        del arguments[index:]
    with tempfile.TemporaryDirectory() as folder:
        _swap(mutant, Path(folder) / "mutant.py")
        return _run(arguments)


def _swap(mutant, file):
    """Let this process, and every Python that it starts, import the mutant."""
    file.write_text(mutant.source, encoding="utf-8")
    module = ".".join(mutant.path.relative_to(ROOT).with_suffix("").parts)
    facts = module.removesuffix(".__init__"), str(mutant.path), str(file)
    os.environ["DLCOURSE_MUTANT"] = os.pathsep.join(facts)
    hook = ROOT / "tests" / "swapped"
    others = filter(None, [os.environ.get("PYTHONPATH")])
    os.environ["PYTHONPATH"] = os.pathsep.join([str(hook), *others])
    runpy.run_path(str(hook / "sitecustomize.py"))


def _run(arguments):
    import pytest

    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header"]
    return int(pytest.main([*options, *arguments]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="modules, such as checks,lesson_21")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["DLCOURSE_PROGRESS"] = "off"
    only = set(filter(None, options.only.split(",")))
    paths = [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if "tools" not in path.parts and (not only or path.stem in only)
    ]
    everything = [mutant for path in paths for mutant in mutants_of(path)]
    rng = random.Random(options.seed)
    chosen = rng.sample(everything, min(options.count, len(everything)))
    print(
        f"{len(chosen)} of {len(everything)} mutants, seed {options.seed}", flush=True
    )
    # imported once, before the forks; no operation is run, so no thread is started
    for module in ("keras", "tensorflow", "sklearn.metrics", "pandas", "matplotlib.pyplot",
                   "seaborn", "scipy.stats", "pytest", "hypothesis", "ipywidgets"):  # fmt: skip
        importlib.import_module(module)
    started, survivors, hanging = time.monotonic(), [], 0
    with ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(try_mutant, chosen)
        for tried, mutant in enumerate(chosen, start=1):
            verdict, seconds = next(results)
            hanging += verdict == "hangs"
            if verdict == "survives":
                survivors.append(mutant)
                where = f"{mutant.path.relative_to(ROOT)}:{mutant.line}"
                print(f"survives ({seconds:.0f} s) {where}\n  - {mutant.before}\n"
                      f"  + {mutant.after}", flush=True)  # fmt: skip
            if tried % 25 == 0:
                print(f"{tried} tried, {time.monotonic() - started:.0f} s", flush=True)
    share = 1 - len(survivors) / len(chosen)
    print(f"{share:.1%} killed, {len(survivors)} survive, {hanging} hang,"
          f" {time.monotonic() - started:.0f} s")  # fmt: skip
    return share < 0.85


if __name__ == "__main__":
    sys.exit(main())
