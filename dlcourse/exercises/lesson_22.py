"""Exercises and quiz of lesson 22: backpropagation."""

from types import SimpleNamespace

import numpy as np

from ..checks import exercise
from ..expectations import Hint, expect, expect_array, expect_close, expect_number
from ..quizzes import Question

# ── exercises ───────────────────────────────────────────────────────────────────


@exercise("22.1")
def by_hand(answer):
    expect(
        isinstance(answer, dict) and {"w", "b", "x"} <= set(answer),
        'Fill in the dictionary: {"w": …, "b": …, "x": …}.',
    )
    w, b, x = (
        expect_number(answer[k], f'answer["{k}"] should be one number.') for k in "wbx"
    )
    expect(
        not np.isclose(b, 1),
        "Did the gradient pass the σ node? It multiplies by a(1 − a) = 0.25.",
    )
    expect(
        not np.isclose(b, 0.125),
        "Half of it: the derivative of (a − y)² is 2(a − y), which is 1 here, not 0.5.",
    )
    expect(
        not np.isclose(b, -0.25),
        "Check the sign of ∂L/∂a = 2(a − y): here a is above y.",
    )
    expect(
        np.isclose(b, 0.25),
        "Forward first: u = −2, z = 0, a = 0.5. Then ∂L/∂b: a sum hands its gradient on, so it"
        " is ∂L/∂z = 2(a − y) · a(1 − a).",
    )
    expect(
        not (np.isclose(w, 0.5) and np.isclose(x, -0.25)),
        "You have w and x the wrong way round: a product crosses over, ∂L/∂w takes the value of x.",
    )
    expect(not np.isclose(w, 0.25), "∂L/∂w needs the sign of x: x is −1 here.")
    expect(np.isclose(w, -0.25), "∂L/∂w = ∂L/∂z · x, with x = −1.")
    expect(not np.isclose(x, -0.5), "Check the sign of ∂L/∂x: it takes that of w, 2.")
    expect(np.isclose(x, 0.5), "∂L/∂x = ∂L/∂z · w, with w = 2.")
    return "w should grow and b shrink: both make z, and so a, smaller"


@exercise("22.2")
def value_tanh(answer):
    z = SimpleNamespace(data=0.5, grad=0.0, inputs=(), backward=None)
    try:
        out = answer(z)
    except (TypeError, AttributeError) as error:
        if "SimpleNamespace" not in str(error):
            raise
        raise Hint("z is a Value; the number to compute with is z.data.") from None
    expect(
        hasattr(out, "data") and hasattr(out, "backward"),
        "Return a Value: `return Value(t, (z,), backward)`.",
    )
    t = float(np.tanh(0.5))
    expect_close(out.data, t, "The value is not tanh(z): use np.tanh(z.data).")
    expect(
        isinstance(out.inputs, tuple) and len(out.inputs) == 1 and out.inputs[0] is z,
        "The second argument of Value is the tuple of inputs: (z,), with the comma.",
    )
    expect(
        callable(out.backward),
        "The third argument of Value is the function `backward` itself.",
    )
    one, two = (_sent_back(out.backward(grad)) for grad in (1.0, 2.0))
    expect(
        not np.isclose(one, 1 - 0.25),
        "You used z where the output belongs: the derivative is 1 − t², with t = tanh(z).",
    )
    expect(
        not np.isclose(one, t * (1 - t)),
        "That is the sigmoid's derivative; tanh has 1 − t².",
    )
    expect(not np.isclose(one, 1 + t * t), "Check a sign: the derivative is 1 − t².")
    expect(
        np.isclose(one, 1 - t * t),
        f"For z = 0.5 and grad = 1, backward should send back {1 - t * t:.4f}, not {one:.4f}.",
    )
    expect(
        not np.isclose(two, one),
        "backward ignores its argument: the chain rule multiplies grad by the local derivative.",
    )
    expect(
        np.isclose(two, 2 * one),
        "grad should multiply the whole derivative: mind the brackets in grad * (1 - t * t).",
    )
    return "1 − t² times whatever comes from above"


def _sent_back(grads):
    """Return the one gradient in what ``backward`` returned."""
    expect(
        isinstance(grads, (tuple, list)) and len(grads) == 1,
        "backward should return a tuple with one gradient per input: (…,), with the comma.",
    )
    return expect_number(
        grads[0], "The gradient that backward returns should be a number."
    )


@exercise("22.3")
def dense_backward(answer):
    rng = np.random.default_rng(0)
    x, weights, delta = (
        rng.normal(size=(5, 3)),
        rng.normal(size=(3, 4)),
        rng.normal(size=(5, 4)),
    )
    try:
        grads = answer(x.copy(), weights.copy(), delta.copy())
    except ValueError as error:
        if "matmul" not in str(error) and "not aligned" not in str(error):
            raise
        raise Hint(
            "The inner sizes of a product differ: here x is (5, 3), weights (3, 4), delta (5, 4)."
            " Which one must be transposed, and where does it stand?"
        ) from None
    expect(
        isinstance(grads, (tuple, list)) and len(grads) == 3,
        "Return three arrays: grad_weights, grad_biases, grad_x.",
    )
    expect(
        np.shape(grads[0]) != (5, 3),
        "The first array has the shape of x. The order is grad_weights, grad_biases, grad_x.",
    )
    grad_weights, grad_biases, grad_x = (np.asarray(g, dtype=float) for g in grads)
    expect(
        grad_weights.shape != (4, 3),
        "grad_weights is transposed: weights are (features, units), so use xᵀ δ.",
    )
    grad_weights = expect_array(grad_weights, (3, 4), "grad_weights")
    expect(
        not np.allclose(grad_weights, x.T @ delta / 5),
        "Do not average: δ already holds the mean's 1/m. Sum over the batch.",
    )
    expect(
        np.allclose(grad_weights, x.T @ delta),
        "grad_weights should be xᵀ δ: (3, 5) times (5, 4).",
    )
    expect(
        grad_biases.shape != (5, 4),
        "grad_biases is still δ, one row per example. There is one bias per unit:"
        " which axis has to be summed away?",
    )
    expect(
        grad_biases.shape not in ((5,), (5, 1)),
        "You summed over the units; sum over the examples: axis 0.",
    )
    expect(
        grad_biases.shape != (),
        "sum() without an axis adds everything; keep one number per unit.",
    )
    grad_biases = expect_array(grad_biases.reshape(-1), (4,), "grad_biases")
    expect(
        not np.allclose(grad_biases, delta.mean(0)),
        "Do not average: δ already holds the mean's 1/m. Sum over the batch.",
    )
    expect(
        np.allclose(grad_biases, delta.sum(0)),
        "grad_biases should be δ summed over axis 0.",
    )
    grad_x = expect_array(grad_x, (5, 3), "grad_x")
    expect(
        np.allclose(grad_x, delta @ weights.T),
        "grad_x should be δ Wᵀ: (5, 4) times (4, 3).",
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


@exercise("22.4")
def mend(mend_a, mend_b):
    rng = np.random.default_rng(0)
    params = {
        "W1": rng.normal(size=(2, 3)), "b1": rng.normal(size=3),
        "W2": rng.normal(size=(3, 1)), "b2": rng.normal(size=1),
    }  # fmt: skip
    x, y = rng.normal(size=(6, 2)), np.array([[0], [1], [1], [0], [1], [0.0]])
    right = {k: _numeric(params, k, x, y) for k in params}
    _compare(mend_a(colleague_a(params, x, y)[1]), right, "A")
    _compare(mend_b(colleague_b(params, x, y)[1]), right, "B")
    return "both pass the gradient check: a sign in A's hidden layer, a sum missing in B's bias"


def _numeric(params, name, x, y, eps=1e-5):
    """Return dL/d(params[name]) by central differences."""
    grad = np.zeros_like(params[name])
    for index in np.ndindex(grad.shape):
        losses = []
        for step in (eps, -eps):
            moved = {k: v.copy() for k, v in params.items()}
            moved[name][index] += step
            losses.append(colleague_b(moved, x, y)[0])  # its loss is right
        grad[index] = (losses[0] - losses[1]) / (2 * eps)
    return grad


def _compare(mended, right, who):
    """Hint at the first gradient that is still wrong, by its symptom."""
    expect(
        isinstance(mended, dict) and set(mended) == set(right),
        f"mend_{who.lower()} should return a dictionary with all four gradients: W1, b1, W2, b2.",
    )
    for name in ("W2", "b2", "W1", "b1"):
        what = f"{who}'s {name}"
        grad, target = np.asarray(mended[name], dtype=float), right[name]
        if grad.ndim == 2 and target.ndim == 1 and len(grad) == 6:
            raise Hint(f"{what} still has one row per example: sum it over axis 0.")
        expect(
            grad.shape == target.shape,
            f"{what} has shape {grad.shape}, but its parameter has {target.shape}: sum over the"
            " examples, axis 0.",
        )
        if np.allclose(grad, -target, rtol=1e-5, atol=1e-8):
            untouched = name in ("W2", "b2") or who == "B"
            raise Hint(
                f"You turned {what} round, and it was right before: read the gradient check again."
                if untouched
                else f"{what} still points the opposite way: a relative error of 1 is a wrong sign."
            )
        if np.allclose(grad * 6, target, rtol=1e-5, atol=1e-8):
            raise Hint(f"{what} is averaged: the mean's 1/m is already in it, so sum.")
        expect(
            np.allclose(grad, target, rtol=1e-5, atol=1e-8),
            f"{what} has the right shape, but not the right numbers: change only what the"
            " gradient check found wrong.",
        )


# ── quiz ────────────────────────────────────────────────────────────────────────

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
        "A network with 20 sigmoid layers (Glorot initialization) does not learn at all. Which"
        " change attacks the cause?",
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
