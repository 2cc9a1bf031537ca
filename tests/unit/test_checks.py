"""check and claim: what they say, and that nothing breaks them."""

import json
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlcourse import check, checks, claim, verify
from dlcourse import expectations as wanted


def test_a_checker_is_found_without_an_import(monkeypatch, capsys):
    monkeypatch.setattr(checks, "CHECKERS", {})
    monkeypatch.delitem(sys.modules, "dlcourse.exercises.lesson_62", raising=False)
    check("62.1", ...)
    assert capsys.readouterr().out == "○ 62.1 not attempted yet\n"


@pytest.fixture(autouse=True)
def double():
    """Register an exercise 90.1: a function that doubles."""

    @checks.exercise("90.1")
    def _double(answer):
        out = wanted.expect_array(answer(np.array([1.0, 2.0])), (2,), "double(x)")
        wanted.expect(not np.allclose(out, [1, 4]), "That squares: multiply by 2.")
        wanted.expect_value(
            out, [2, 4], "Each value should be twice its input.", what="Your answer"
        )
        return "well done"

    yield
    checks.CHECKERS.pop("90.1", None)


def said(capsys, *arguments):
    check(*arguments)
    return capsys.readouterr().out.rstrip("\n")


def test_the_three_states(capsys):
    def untouched(x): ...

    assert said(capsys, "90.1", untouched) == "○ 90.1 not attempted yet"
    assert (
        said(capsys, "90.1", lambda x: x**2) == "✗ 90.1 — That squares: multiply by 2."
    )
    assert said(capsys, "90.1", lambda x: 2 * x) == "✓ 90.1 — well done"


def test_every_form_of_untouched(capsys):
    def documented(x):
        """Double x."""
        ...

    def partly(x):
        return ...

    for answer in (..., (..., ...), [...], {"a": ...}, documented, partly):
        assert said(capsys, "90.1", answer).startswith("○")


def test_a_short_function_is_not_a_stub():
    def constant():
        return "text"

    def documented():
        """Doc."""
        return "text"

    assert not wanted.is_untouched(constant) and not wanted.is_untouched(documented)
    assert not wanted.is_untouched(lambda: 1)


def test_an_answer_that_raises_is_described_by_the_learners_own_line(capsys):
    def fails(x):
        raise ValueError("shapes\n\x1b[31mdiffer\x1b[0m")

    assert said(capsys, "90.1", fails) == (
        "✗ 90.1 — your code raised ValueError: shapes differ — in your line"
        ' `raise ValueError("shapes\\n\\x1b[31mdiffer\\x1b[0m")`'
    )
    assert "SystemExit" in said(capsys, "90.1", lambda x: exit(3))


def test_what_usually_helps_against_an_error_is_said(capsys):
    def no_keepdims(x):
        table = np.ones((2, 3))
        return table / table.sum(axis=1)

    def wrong_inner_size(x):
        return np.ones((2, 3)) @ np.ones((2, 3))

    assert "keepdims=True it is (2, 1)" in said(capsys, "90.1", no_keepdims)
    assert "as many as the rows of B" in said(capsys, "90.1", wrong_inner_size)


@pytest.fixture
def packaged():
    """Register exercise 90.2, whose code counts as the package's own."""
    source = "def judge(answer):\n    return answer(1).upper()\n"
    names = {}
    exec(compile(source, checks.__file__, "exec"), names)
    checks.exercise("90.2")(names["judge"])
    yield
    del checks.CHECKERS["90.2"]


def test_an_error_outside_the_learners_code_is_not_called_theirs(capsys, packaged):
    printed = said(capsys, "90.2", lambda: 1)
    assert "could not be called (TypeError" in printed and "0 positional" in printed
    for answer in (3, lambda x: x):
        assert "not the kind of answer asked for" in said(capsys, "90.2", answer)


def test_the_number_of_answers_is_said(capsys):
    assert said(capsys, "90.1") == (
        '✗ 90.1 — hand in what is asked for: check("90.1", answer).'
    )


def test_wrong_shape_names_both_shapes(capsys):
    assert "shape (1, 2); expected (2,)" in said(capsys, "90.1", lambda x: [2 * x])


def test_an_unknown_exercise_names_the_known_ones(capsys):
    assert "this lesson has 90.1" in said(capsys, "90.7", 1)
    assert "this lesson has none" in said(capsys, "98.1", 1)


def test_a_learners_interruption_passes_through():
    def stopped(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("90.1", stopped)


class Nasty:
    """Raises from every special method that printing and comparing call."""

    def _no(self, *args):
        raise RuntimeError("no")

    __eq__ = __repr__ = __str__ = __bool__ = __len__ = __iter__ = __array__ = (
        __float__
    ) = _no
    __hash__ = None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
    | st.just(...) | st.builds(Nasty) | st.just(int) | st.just(print)
    | st.builds(lambda v: lambda x: v, st.floats() | st.text() | st.builds(Nasty)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=anything)
def test_check_survives_any_object(answer, capsys):
    printed = said(capsys, "90.1", answer).splitlines()[-1]  # print prints, too
    assert printed[0] in "○✗" and "90.1" in printed


@settings(max_examples=80)
@given(value=anything)
def test_the_expectations_answer_with_a_hint_and_nothing_else(value):
    for expectation in (
        wanted.expect_number,
        lambda v: wanted.expect_array(v, (2, None)),
        lambda v: wanted.expect_value(v, [1.0, 2.0], "", what="Your answer"),
    ):
        try:
            out = expectation(value)
        except wanted.Hint:
            continue
        except RuntimeError:  # Nasty, from its own __array__
            continue
        assert np.isfinite(out) if isinstance(out, float) else out.ndim in (1, 2)


def test_claims_say_what_was_found_and_never_the_bound(capsys):
    claim("wider is better by ≈ {:.1f} points", 2.96, at_least=1)
    assert capsys.readouterr().out == "✓ wider is better by ≈ 3.0 points\n"
    claim("wider is better", 0.0296, at_least=0.01)
    assert capsys.readouterr().out == "✓ wider is better (here ≈ 0.0296)\n"
    claim("the shapes agree", True)
    assert capsys.readouterr().out == "✓ the shapes agree\n"


def test_what_is_taken_for_granted_is_silent_until_it_fails(capsys, monkeypatch):
    verify("by hand and Keras agree", 1e-9, at_most=1e-6)
    assert capsys.readouterr().out == ""
    verify("by hand and Keras agree", 0.1, at_most=1e-6)
    assert "⚠ not so in this run: by hand" in capsys.readouterr().out
    monkeypatch.setenv("DLCOURSE_STRICT", "1")
    with pytest.raises(AssertionError, match="measured 0.1, needs ≤ 1e-06"):
        verify("by hand and Keras agree", 0.1, at_most=1e-6)


@pytest.mark.parametrize(
    "value, bounds",
    [
        (0.5, {"at_least": 0.9}),
        (0.95, {"at_most": 0.9}),
        (float("nan"), {"at_least": 0}),
        (False, {}),
    ],
)
def test_a_failed_claim_warns_a_learner_and_fails_a_test(
    value, bounds, capsys, monkeypatch
):
    claim("so it is", value, **bounds)
    assert "⚠ not so in this run: so it is" in capsys.readouterr().out
    monkeypatch.setenv("DLCOURSE_STRICT", "1")
    with pytest.raises(AssertionError, match="claim failed: so it is"):
        claim("so it is", value, **bounds)


def test_claims_and_checks_are_recorded_where_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_REPORT", str(tmp_path / "r.jsonl"))
    claim("a", 2, at_most=3)
    check("90.1", ...)
    entries = [
        json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()
    ]
    assert [e["kind"] for e in entries] == ["claim", "check"]
    assert entries[0]["value"] == 2 and entries[0]["passed"] is True
    assert entries[1]["state"] == "untouched"
