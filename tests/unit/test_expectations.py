"""The vocabulary of checkers: what passes, what does not, and in which words."""

import collections
import functools

import numpy as np
import pytest

from dlcourse import expectations as wanted
from dlcourse.expectations import Hint


def hint_of(function, *args, **options):
    with pytest.raises(Hint) as caught:
        function(*args, **options)
    return str(caught.value)


def value_is(value, right, **options):
    """Call expect_value with words that the tests below do not look at."""
    return wanted.expect_value(value, right, "", what="Your answer", **options)


# ── numbers and arrays ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "value", [1.5, np.float32(1.5), np.array(1.5), np.array([1.5]), [1.5], (1.5,)]
)
def test_a_number_may_come_in_any_form(value):
    assert wanted.expect_number(value) == 1.5
    assert value_is(value, 1.5).shape == ()


@pytest.mark.parametrize(
    "value",
    [
        True,
        np.True_,
        "3",
        b"3",
        None,
        [1, 2],
        float("nan"),
        float("inf"),
        1j,
        {},
        print,
    ],
)
def test_what_is_no_number_is_refused(value):
    said = hint_of(wanted.expect_number, value, "A number, please.")
    forgotten = "with `return`" in said  # what gives nothing back is told so
    assert forgotten if value is None else said == "A number, please."


@pytest.mark.parametrize("value", [["1"], "12", [b"1"], [1j], {1}, [[1], [2, 3]], None])
def test_what_is_no_array_of_numbers_is_refused(value):
    hint_of(wanted.expect_array, value, (None,))


def test_tensors_and_lists_of_tensors_are_arrays():
    import keras

    one = keras.ops.convert_to_tensor([1.0, 2.0])
    assert value_is(one, [1, 2]).dtype == float
    assert value_is([one[0], one[1]], [1, 2]).shape == (2,)


def test_float32_passes_and_a_rounded_number_is_named():
    third = 1 / 3
    assert value_is(np.float32(third), third) is not None
    said = hint_of(value_is, 0.333, third, reveal=True)
    assert "0.333, which is nearly right: rounded?" in said and "0.3333" in said
    said = hint_of(value_is, 0.333, third)
    assert "rounded?" in said and "0.3333" not in said  # the answer is not given away


@pytest.mark.parametrize(
    "value, right", [(0.6667, 0.66667), (1000.0, 1000.4), (1e-9, 2e-9), (0.1, 0.2)]
)
def test_two_numbers_that_differ_are_never_printed_alike(value, right):
    mine, other = wanted.apart(value, right)
    assert mine != other
    assert float(mine) == pytest.approx(value, rel=1e-2)


def test_the_wrong_place_is_named():
    said = hint_of(value_is, [[1, 2], [3, 9]], [[1, 2], [3, 4]], reveal=True)
    assert "row 1, column 1 (counted from 0) is 9, expected 4" in said
    assert "element 1 (counted from 0)" in hint_of(value_is, [1, 3], [1, 2])


def test_nan_is_explained():
    said = hint_of(value_is, [1, np.nan], [1, 2])
    assert "holds nan" in said and "divided by 0" in said


def test_shapes_are_said_in_words():
    assert wanted.shape_text(()) == "a single number"
    assert wanted.shape_text((None, 10)) == "(any length, 10)"
    assert wanted.shape_text((3,)) == "(3,)"
    said = hint_of(wanted.expect_array, 3, (None,), "The list")
    assert said == "The list is a single number; expected (any length,)."


def test_a_usual_mistake_gets_its_own_words_in_any_shape():
    mistakes = [(4, "That squares."), ([1, 2], "One number, please.")]
    assert hint_of(value_is, 4.0, 3, mistakes=mistakes) == "That squares."
    said = hint_of(value_is, np.float32([1, 2]), 3, mistakes=mistakes)
    assert said == "One number, please."
    assert "has shape (3,)" in hint_of(value_is, [1, 2, 3], 3)


def test_the_parts_of_an_answer():
    assert wanted.expect_tuple((1, 2), 2, "two") == [1, 2]
    assert wanted.expect_tuple(np.array([1.0, 2.0]), 2, "two") == [1, 2]
    for value in (1, (1, 2, 3), "ab", {1: 2, 3: 4}):
        assert hint_of(wanted.expect_tuple, value, 2, "two") == "two"
    assert "`return`" in hint_of(wanted.expect_tuple, None, 2, "two")


# ── functions ───────────────────────────────────────────────────────────────────


def test_a_result_is_compared_and_the_call_is_named():
    def double(x):
        return 3 * x

    said = hint_of(wanted.expect_result, double, (2,), 4, "Twice, please.")
    assert said == "double(2) is 6, expected 4. Twice, please."
    assert "end it with `return`" in hint_of(wanted.expect_result, print, (2,), 4)
    assert "function itself" in hint_of(wanted.expect_result, 4, (2,), 4)
    assert wanted.expect_result(lambda x: 2 * x, (2,), 4) == 4


def test_a_function_that_keeps_something_between_calls_is_right_only_once():
    total, kept = [0.0], np.zeros(2)

    def piles_up(x):
        total[0] += 2 * x
        return total[0]

    def same_array(x):
        kept[:] += x
        return kept

    for function, argument, right in (
        (piles_up, 3, 6),
        (same_array, np.ones(2), [1, 1]),
    ):
        said = hint_of(wanted.expect_result, function, (argument,), right)
        assert "called again, something else" in said
    assert wanted.expect_result(lambda x: np.array([x]), (3,), 3).shape == ()
    rng = np.random.default_rng(0)  # chance may go on
    right = np.random.default_rng(0).random()
    wanted.expect_result(lambda rng: rng.random(), (rng,), right)


def test_a_usual_error_inside_a_function_becomes_a_hint_and_others_pass_through():
    def share(a, b):
        return a / b

    careful = wanted.hinting(share, "give 0", ZeroDivisionError)
    assert careful(1, b=4) == 0.25 and careful.__name__ == "share"
    assert hint_of(careful, 1, 0) == "give 0"
    with pytest.raises(TypeError):
        careful("1", 2)
    other_words = wanted.hinting(share, "give 0", ZeroDivisionError, text="modulo")
    with pytest.raises(ZeroDivisionError):
        other_words(1, 0)


def test_an_argument_that_changes_nothing_is_named():
    def make():
        return 2.0, np.random.default_rng(1)

    def other():
        return 2.0, np.random.default_rng(2)

    wanted.expect_uses(lambda x, rng: x * rng.random(), "rng", make, other)
    said = hint_of(wanted.expect_uses, lambda x, rng: x, "rng", make, other, "So.")
    assert "Another `rng` changes nothing" in said and said.endswith("So.")
    own = np.random.default_rng(0)
    said = hint_of(wanted.expect_uses, lambda x, rng: own.random(), "rng", make, other)
    assert "gives two results" in said


def test_a_function_gets_copies_and_is_told_when_it_changes_them():
    def shifts(table, rows, names):
        table -= 1
        return table

    table = np.ones(3)
    said = hint_of(wanted.guarded(shifts), table, [1], {})
    assert "shifts changes `table` itself" in said and table.sum() == 3
    rows = [1, [2]]
    said = hint_of(wanted.guarded(lambda rows: rows[1].append(3)), rows)
    assert "`rows`" in said and rows == [1, [2]]
    said = hint_of(wanted.guarded(lambda state: state.update(a=1)), state={"b": 2})
    assert "`state`" in said
    nan = np.array([np.nan])
    assert wanted.guarded(lambda x: x + 1)(nan).shape == (1,)


def test_what_is_no_number_and_no_table_is_handed_on_as_it_is():
    pair, thing = collections.namedtuple("Pair", "a b")(1, [2]), object()
    first, second = wanted.guarded(lambda pair, things: (pair, things[0]))(
        pair, [thing]
    )
    assert first is pair and second is thing


def test_differences_below_a_hundredth_of_the_tolerance_pass():
    assert value_is(5e-7, 0) == 5e-7
    assert "is 5e-06" in hint_of(value_is, 5e-6, 0)


def test_an_exercise_in_place_gets_the_thing_itself():
    table = np.ones(3)

    def shifts(table):
        table -= 1

    wanted.guarded(shifts, in_place=True)(table)
    assert table.sum() == 0


def test_partials_and_objects_with_call_are_guarded_and_keras_things_are_not():
    import keras

    class Adder:
        def __call__(self, x):
            return x + 1

    for function in (functools.partial(np.add, 1), Adder(), np.exp, str.upper):
        assert wanted.is_plain_callable(function)
    assert wanted.guarded(Adder())(1) == 2
    assert wanted.name_of(wanted.guarded(Adder())) == "your function"
    layer = keras.layers.Dense(1)
    for thing in (layer, keras.Sequential([layer]), int, 3):
        assert not wanted.is_plain_callable(thing)


@pytest.mark.parametrize(
    "look", [float, len, list, bool, np.asarray, lambda m: m(1), lambda m: m.a,
             lambda m: m[0], lambda m: m + 1, lambda m: m > 0, lambda m: m == 1,
             lambda m: isinstance(m, dict)],
)  # fmt: skip
def test_a_missing_answer_is_named_by_whoever_looks_at_it(look):
    with pytest.raises(wanted.Untouched, match="^w2$"):
        look(wanted.Missing("w2"))


def test_a_container_is_half_done_with_something_in_it_and_something_missing():
    for answer in ([1, ...], (..., 2), {"a": 1, "b": ...}):
        assert wanted.is_half_done(answer)
    for answer in ([1, 2], [...], {"a": ...}, {}, [], 3, ..., {1, ...}):
        assert not wanted.is_half_done(answer)


def test_the_place_that_is_named_is_one_that_does_not_pass():
    """Differences that expect_value lets pass are not called wrong."""
    right = np.array([1e-9, 5.0])
    said = hint_of(value_is, [2e-9, 7.0], right)
    assert "element 1" in said


# ── models ──────────────────────────────────────────────────────────────────────


def relu_then_sum(x, w, b, v):
    return np.maximum(x @ w + b, 0) @ v


def linear(x, w, b, v):
    return (x @ w + b) @ v


MISTAKES = [(linear, "no relu"), (lambda x, w, b, v: x @ w @ v, "no bias, no relu")]
SHAPES = [(3, 4), (4,), (4, 2)]
X = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")


def network(activation="relu", dropout=0, build=True):
    from keras import Sequential, layers

    parts = [layers.Input((3,))] if build else []
    parts += [layers.Dense(4, activation=activation)]
    parts += [layers.Dropout(dropout)] if dropout else []
    return Sequential([*parts, layers.Dense(2, use_bias=False)])


def test_a_model_is_compared_with_numpy_and_left_as_it_was():
    model = network()
    before = model.get_weights()
    wanted.expect_model(model, relu_then_sum, X, SHAPES, mistakes=MISTAKES)
    after = model.get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    wanted.expect_model(network(build=False), relu_then_sum, X, SHAPES)


def test_what_a_model_lacks_is_named():
    def said(model, **options):
        return hint_of(
            wanted.expect_model, model, relu_then_sum, X, SHAPES, mistakes=MISTAKES,
            **options,
        )  # fmt: skip

    assert said(network(None)) == "no relu"
    assert "row 0, column 0" in said(network("tanh"))
    assert "while training" in said(network(dropout=0.5))
    wanted.expect_model(network(dropout=0.5), relu_then_sum, X, SHAPES, modes=(False,))
    assert "should be a keras.Model" in said(3)
    other = hint_of(wanted.expect_model, network(), linear, X, [(3, 4), (4, 2)])
    assert "(4,)" in other and "expected (3, 4), (4, 2)" in other


def test_what_is_missing_in_a_container_is_named_and_the_rest_is_kept():
    for kind in (list, tuple):
        first, second = wanted.with_missing(kind([1, ...]), "pair")
        assert first == 1
        with pytest.raises(wanted.Untouched, match=r"pair\[1\]"):
            float(second)
    done = wanted.with_missing({"a": 2, "b": ...}, "answer")
    assert done["a"] == 2
    with pytest.raises(wanted.Untouched, match="^b$"):
        float(done["b"])
