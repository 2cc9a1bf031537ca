"""Checkers and quiz of lesson 22, Backpropagation."""

import inspect

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    as_array,
    expect,
    expect_function,
    expect_number,
    expect_tuple,
    expect_value,
    is_close,
)
from ..quizzes import Question


@exercise("22.1")
def by_hand(by_hand):
    expect(
        isinstance(by_hand, dict) and {"w", "b", "x"} <= set(by_hand),
        'Fill in the dictionary: {"w": …, "b": …, "x": …}.',
    )
    crosses = "A product crosses over: ∂L/∂w takes the value of x, ∂L/∂x that of w."
    passes_on = "That is ∂L/∂u; the product still multiplies it by"
    sigma = "The derivative of σ is a(1 − a), which is 0.1875 here."
    for key, right, hint, mistakes in (
        ("b", -0.09375, "Forward first: u = −1.6, z = 1.1, a = 0.75. Then ∂L/∂b: a sum"
         " hands its gradient on, so it is ∂L/∂z = 2(a − y) · a(1 − a).", [
            (-0.5, "That is ∂L/∂a: now pass the σ node, which multiplies by a(1 − a)."),
            (1, "1 is the local derivative of the sum: multiply it by ∂L/∂z."),
            (0.1875, "That is a(1 − a) alone: multiply it by ∂L/∂a = 2(a − y)."),
            (-0.046875, "Half of it: the derivative of (a − y)² is 2(a − y)."),
            (0.09375, "Check the sign: a is below y, so ∂L/∂a = 2(a − y) is negative."),
            (-0.375, sigma),
            (-0.125, sigma),
            (0.28125, "Did you take y = 0? Here y = 1."),
        ]),
        ("w", 0.375, "∂L/∂w = ∂L/∂z · x, with x = −4.", [
            (-0.375, "Check the sign of ∂L/∂w: ∂L/∂z and x are both negative."),
            (-0.0375, crosses),
            (-4, "Multiply x by what arrives from above, ∂L/∂z."),
            (-0.09375, f"{passes_on} x = −4."),
        ]),
        ("x", -0.0375, "∂L/∂x = ∂L/∂z · w, with w = 0.4.", [
            (0.0375, "Check the sign of ∂L/∂x: ∂L/∂z is negative, w positive."),
            (0.375, crosses),
            (0.4, "Multiply w by what arrives from above, ∂L/∂z."),
            (-0.09375, f"{passes_on} w = 0.4."),
        ]),
    ):  # fmt: skip
        name = f'by_hand["{key}"]'
        number = expect_number(by_hand[key], f"{name} should be one number.")
        # σ(1.1) itself, which is not quite 0.75, is welcome
        expect_value(number, right, hint, what=name, mistakes=mistakes, tolerance=5e-3)
    return "w should shrink and b grow: both make z, and so a, larger"


@exercise("22.2")
def value_tanh(value_tanh):
    expect_function(value_tanh, "value_tanh")
    names = _globals_of(inspect.unwrap(value_tanh))
    expect(
        isinstance(names.get("Value"), type),
        "Write a function of your own, like value_sigmoid, that returns a Value; run the"
        " cell that defines Value first.",
    )
    tape = names.get("tape", [])
    length = len(tape)
    try:
        made = [_try_value(value_tanh, names["Value"](z)) for z in (0.7, -1.2)]
        for (out, z), grad, other in zip(made, (2.5, -0.8), (-1.2, 0.7), strict=True):
            _try_backward(out, z, grad, other)
    finally:
        del tape[length:]
    return "1 − t² times whatever comes from above"


def _globals_of(function):
    """Return the global names that a function sees; an object's are those of its call."""
    function = getattr(function, "func", function)  # a partial's
    called = vars(type(function)).get("__call__")
    return getattr(function, "__globals__", getattr(called, "__globals__", {}))


def _try_value(value_tanh, z):
    """Return what value_tanh gives, if its value is right, and the Value it was given."""
    data = z.data
    try:
        out = value_tanh(z)
    except TypeError as error:
        if "Value" not in str(error):
            raise
        raise Hint(
            "z is a Value: compute with its number, z.data. (Of operations, Value knows"
            " +, − and * with the Value on the left.)"
        ) from None
    expect(
        isinstance(out, type(z)), "Return a Value: `return Value(t, (z,), backward)`."
    )
    expect(
        out is not z and z.data == data,
        "You change z itself: return a new Value, `Value(t, (z,), backward)`.",
    )
    t = np.tanh(data)
    expect_value(
        out.data, t,
        "Its value should be tanh(z): np.tanh(z.data).",
        what=f"value_tanh(Value({data})).data",
        reveal=True,
        mistakes=[
            (1 / (1 + np.exp(-data)), "The value is the sigmoid's; use"
             " np.tanh(z.data)."),
            (1 - t * t, "The value is tanh's derivative; it belongs into backward."),
            (np.tan(data), "That is tan; the hyperbolic one is np.tanh."),
        ],
    )  # fmt: skip
    return out, z


def _try_backward(out, z, grad, other):
    """Compare what one result of value_tanh sends back with what it should be.

    ``other`` is the number of the other Value, made before any backward was called.
    """
    data, t = z.data, np.tanh(z.data)
    sent = _sent_back(out, z, grad)
    expect(
        z.grad == 0,
        "backward changes z.grad itself. It should only return the gradient:"
        " backpropagate adds it, and so it would count twice.",
    )
    expect_value(
        sent, grad * (1 - t * t),
        "It should be grad * (1 - t * t).",
        what=f"For z = {data} and grad = {grad}, what backward sends back to z",
        reveal=True,
        mistakes=[
            (grad * (1 - np.tanh(other) ** 2), "backward uses the t of another call: keep"
             " t inside value_tanh, so that each call has its own."),
            (grad * (1 - data**2), "You used z where the output belongs: the"
             " derivative is 1 − t², with t = tanh(z)."),
            (grad * t * (1 - t), "That is the sigmoid's derivative; tanh has 1 − t²."),
            (grad * (1 + t * t), "Check a sign: the derivative is 1 − t²."),
            (-grad * (1 - t * t), "Check a sign: the derivative is 1 − t², not t² −"
             " 1."),
            (1 - t * t, "backward ignores its argument: the chain rule multiplies"
             " grad by the local derivative."),
            (grad - t * t, "grad should multiply the whole derivative: mind the"
             " brackets in grad * (1 - t * t)."),
            (grad * t, "You multiply grad by the value t; the derivative is 1 − t²."),
            (grad * (1 - t), "The t in the derivative is squared: 1 − t²."),
            (grad * (1 - np.tanh(t) ** 2), "tanh is taken twice: t is tanh(z)"
             " already, so 1 - t * t."),
            (grad, "You hand grad on as a sum does; multiply it by 1 − t²."),
        ],
    )  # fmt: skip


def _sent_back(out, z, grad):
    """Return what reaches z if ``grad`` starts at ``out``, without touching any Value."""
    order = []

    def visit(value):
        if any(value is seen for seen in order):
            return
        expect(
            isinstance(value.inputs, (tuple, list)),
            "The second argument of Value is the tuple of inputs: (z,), with the comma.",
        )
        expect(
            callable(value.backward),
            "The third argument of Value is the function `backward` itself, without"
            " brackets.",
        )
        for source in value.inputs:
            expect(
                isinstance(source, type(z)),
                "The inputs should be Values: (z,), not (z.data,).",
            )
            visit(source)
        order.append(value)

    visit(out)
    expect(
        any(value is z for value in order),
        "No gradient reaches z: the Value's inputs should hold z itself, (z,).",
    )
    grads = {id(value): 0.0 for value in order} | {id(out): grad}
    for value in reversed(order):
        parts = value.backward(grads[id(value)])
        expect(
            np.ndim(parts) == 1,
            "backward should return a tuple with one gradient per input: (…,), with the"
            " comma.",
        )
        expect(
            len(parts) == len(value.inputs),
            f"backward's tuple holds {len(parts)} gradients, and inputs {len(value.inputs)}"
            " Values: it takes one gradient per input, in `Value(t, (z,), backward)`.",
        )
        for source, part in zip(value.inputs, parts, strict=True):
            grads[id(source)] += expect_number(
                part, "The gradient that backward returns should be a number."
            )
    return grads[id(z)]


@exercise("22.3")
def dense_backward(dense_backward):
    expect_function(dense_backward, "dense_backward")
    rng = np.random.default_rng(0)
    for m, features, units in ((5, 4, 3), (6, 2, 4), (4, 3, 3)):
        x = rng.normal(size=(m, features))
        weights = rng.normal(size=(features, units))
        delta = rng.normal(size=(m, units))
        parts = expect_tuple(
            dense_backward(x, weights, delta),
            3,
            "Return three arrays: grad_weights, grad_biases, grad_x.",
        )
        right = x.T @ delta, delta.sum(axis=0), delta @ weights.T
        order = "That is another array's place: the order is grad_weights, grad_biases, grad_x."
        average = "Do not average: δ already holds the mean's 1/m. Sum over the batch."
        minus = "Do not turn the sign: the step against the gradient comes later."
        expect_value(
            parts[0], right[0],
            f"It should be xᵀ δ: ({features}, {m}) times ({m}, {units}).",
            what="grad_weights",
            mistakes=[
                (right[1], order),
                (right[2], order),
                (right[0].T, "grad_weights is transposed: weights are (features,"
                 " units), so use xᵀ δ."),
                (right[0] / m, average),
                (-right[0], minus),
                (x[0][:, None] * delta[0], "grad_weights comes from the first"
                 " example only: sum over the batch."),
            ],
        )  # fmt: skip
        expect_value(
            parts[1], right[1],
            "It should be δ summed over axis 0, the examples.",
            what="grad_biases",
            mistakes=[
                (right[2], order),
                (delta, "grad_biases is still δ, one row per example. There is one"
                 " bias per unit: which axis has to be summed away?"),
                *(
                    (wrong, "You summed over the units; sum over the examples: axis 0.")
                    for wrong in (delta.sum(1), delta.sum(1, keepdims=True))
                ),
                (delta.sum(), "sum() without an axis adds everything; keep one"
                 " number per unit."),
                (delta.sum(0, keepdims=True), f"grad_biases has shape (1, {units}),"
                 f" but the biases have ({units},): leave keepdims out."),
                (right[1] / m, average),
                (-right[1], minus),
                (np.ones(units), "A bias's local derivative is 1; multiply it by δ."),
            ],
        )  # fmt: skip
        expect_value(
            parts[2], right[2],
            f"It should be δ Wᵀ: ({m}, {units}) times ({units}, {features}).",
            what="grad_x",
            mistakes=[
                (right[2].T, "grad_x is transposed: x is (batch, features), so use δ"
                 " Wᵀ."),
                (weights.T, "That is Wᵀ alone: multiply δ by it."),
                (right[2] / m, average),
                (-right[2], minus),
                (right[2].sum(axis=0), "grad_x is summed over the batch: each"
                 " example keeps its own row."),
            ],
        )  # fmt: skip
        again = dense_backward(x, weights, delta)
        expect(
            all(map(is_close, again, right)),
            "Called again with the same arrays, other gradients come out: start anew"
            " inside the function, and keep nothing between calls.",
        )
    return "each gradient has the shape of its own array"


# Two colleagues' versions of the lesson's loss_and_gradients, each with one wrong line.
# Lesson 22 asks for a diagnosis from the symptoms: do not read on before you have one.


def colleague_a(params, x, y):
    """Return the loss and the gradients of the lesson's network, with a mistake."""
    h = np.tanh(x @ params["W1"] + params["b1"])
    z = h @ params["W2"] + params["b2"]
    delta2 = (1 / (1 + np.exp(-z)) - y) / len(x)
    delta1 = delta2 @ params["W2"].T * (h**2 - 1)
    return np.mean(np.logaddexp(0, z) - y * z), {
        "W1": x.T @ delta1, "b1": delta1.sum(axis=0),
        "W2": h.T @ delta2, "b2": delta2.sum(axis=0),
    }  # fmt: skip


def colleague_b(params, x, y):
    """Return the loss and the gradients of the lesson's network, with a mistake."""
    h = np.tanh(x @ params["W1"] + params["b1"])
    z = h @ params["W2"] + params["b2"]
    delta2 = (1 / (1 + np.exp(-z)) - y) / len(x)
    delta1 = delta2 @ params["W2"].T * (1 - h**2)
    return np.mean(np.logaddexp(0, z) - y * z), {
        "W1": x.T @ delta1, "b1": delta1,
        "W2": h.T @ delta2, "b2": delta2.sum(axis=0),
    }  # fmt: skip


@exercise("22.4", in_place=True)
def mend(mend_a, mend_b):
    for answer, name in ((mend_a, "mend_a"), (mend_b, "mend_b")):
        expect_function(answer, name)
    rng = np.random.default_rng(3)
    for m, units in ((11, 3), (14, 4)):
        params = {
            "W1": rng.normal(size=(2, units)), "b1": rng.normal(size=units),
            "W2": rng.normal(size=(units, 1)), "b2": rng.normal(size=1),
        }  # fmt: skip
        x, y = rng.normal(size=(m, 2)), rng.integers(0, 2, (m, 1))
        given = colleague_b(params, x, y)[1]
        right = {**given, "b1": given["b1"].sum(axis=0)}
        for _ in range(2):  # what is kept between calls would show
            _compare(mend_a, colleague_a(params, x, y)[1], right, "A", m)
            _compare(mend_b, given, right, "B", m)
    return "both pass the gradient check: a sign in A's hidden layer, a sum missing in B's bias"


def _compare(mend, given, right, who, m):
    """Hint at the first gradient of one colleague that is still wrong, by its symptom."""
    mended = mend({name: grad.copy() for name, grad in given.items()})
    function = f"mend_{who.lower()}"
    expect(mended is not None, f"{function} gives nothing back: end it with `return`.")
    expect(
        isinstance(mended, dict) and set(mended) == set(right),
        f"{function} should return a dictionary with all four gradients: W1, b1, W2, b2.",
    )
    for name in ("W2", "b2", "W1", "b1"):
        before, target, what = given[name], right[name], f"{who}'s {name}"
        if before.shape != target.shape:  # B's b1
            units = f"You summed {what} over the units: sum over the examples, axis 0."
            usual = [
                (before, f"{what} still has one row per example: sum it over axis 0."),
                (before.sum(axis=1), units),
                (before.sum(axis=1, keepdims=True), units),
                (before.sum(), "sum() without an axis adds everything; keep one"
                 " number per unit."),
                (before.sum(axis=0, keepdims=True), f"{what} should have one axis"
                 " only, as b1: leave keepdims out."),
                (before[0], f"{what} is the first example's row: sum over all of"
                 " them."),
                (-target, f"{what} is summed, but its sign was right before."),
                (target / m, f"{what} is averaged: the mean's 1/m is already in it,"
                 " so sum."),
            ]  # fmt: skip
        elif is_close(before, target):
            expect(
                as_array(mended[name], what).shape == target.shape,
                f"{what} was right before, and now has another shape: leave it as it is.",
            )
            usual = [
                (-target, f"You turned {what} round, and it was right before: read the"
                 " gradient check again."),
            ]  # fmt: skip
        else:
            usual = [
                (before, f"{what} still points the opposite way: a relative error of"
                 " 1 is a wrong sign."),
                (np.abs(target), f"{what} has lost its signs: turn them round, do not"
                 " drop them."),
            ]  # fmt: skip
        expect_value(
            mended[name], target,
            "Change only what the gradient check found wrong.",
            what=what,
            mistakes=usual,
        )  # fmt: skip


QUIZ = [
    Question(
        "A network's gradients pass the gradient check, yet its loss grows at every step."
        " What should you suspect first?",
        [
            (
                "A bug in backpropagation",
                "The check compared every gradient with finite differences: they are right.",
            ),
            (
                "The learning rate",
                "Backpropagation only supplies the gradient; with too large a step, descent jumps"
                " over the valley and climbs. Section 1 did it with exact slopes.",
            ),
            (
                "Too few hidden units",
                "That would leave the loss high, not growing: small enough steps along the exact"
                " negative gradient do not raise it.",
            ),
        ],
        1,
    ),
    Question(
        "In a graph, the value `h` feeds three operations. The gradient of `h` is…",
        [
            (
                "the sum of what the three send back",
                "Moving h moves the loss along all three paths at once, and small effects add.",
            ),
            (
                "the product of what the three send back",
                "Products belong along one path, from node to node; parallel paths add.",
            ),
            (
                "what the last of the three sends back",
                "That is the bug of writing `=` where the engine has `+=`: other paths are lost.",
            ),
        ],
        0,
    ),
    Question(
        "A layer has 64 inputs and 10 units, the batch 32 examples. What is the shape of the"
        " gradient of its weights?",
        [
            (
                "(32, 64, 10)",
                "One gradient per example would have this shape; they are summed, since all"
                " examples share the weights.",
            ),
            (
                "(32, 10)",
                "That is the shape of `delta`, the gradient of the layer's weighted sums.",
            ),
            (
                "(64, 10)",
                "A gradient has the shape of what it is the gradient of. `x.T @ delta` is"
                " (64, 32) times (32, 10).",
            ),
        ],
        2,
    ),
    Question(
        "A network with 20 sigmoid layers (Glorot initialization) does not learn at all with"
        " plain gradient descent. Which change raises the gradients themselves?",
        [
            (
                "A learning rate 1,000 times larger",
                "The first layers' gradient is smaller by about 4 to the power 19, far more than"
                " 1,000; and the last layers, whose gradient is normal, would blow up.",
            ),
            (
                "ReLU, with He initialization",
                "Each of these sigmoid layers shrinks the gradient about fourfold; ReLU with He's"
                " scale has a factor near 1, as section 6 measured.",
            ),
            (
                "Ten times as many epochs",
                "The first layers' gradient is smaller by a factor of a hundred billion or more:"
                " ten times the steps change nothing.",
            ),
        ],
        1,
    ),
    Question(
        "You set every weight of a network with one hidden layer to 0.1 and train it. After"
        " training…",
        [
            (
                "the hidden units have specialized: each had its own gradient",
                "Equal weights give equal outputs and equal gradients: nothing tells them apart.",
            ),
            (
                "all weights are still 0.1",
                "They do move; only all-zero weights are stuck (section 5).",
            ),
            (
                "all hidden units are still equal to each other",
                "Equal weights get equal updates for ever: the layer works as one unit. Random"
                " initial weights break the symmetry.",
            ),
        ],
        2,
    ),
]
