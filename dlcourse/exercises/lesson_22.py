"""Checkers and quiz of lesson 22, Backpropagation."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    expect,
    expect_function,
    expect_number,
    expect_value,
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
            (1, "1 is the rate of the sum: multiply it by ∂L/∂z."),
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
            (-4, "Multiply x by what comes back, ∂L/∂z."),
            (-0.09375, f"{passes_on} x = −4."),
        ]),
        ("x", -0.0375, "∂L/∂x = ∂L/∂z · w, with w = 0.4.", [
            (0.0375, "Check the sign of ∂L/∂x: ∂L/∂z is negative, w positive."),
            (0.375, crosses),
            (0.4, "Multiply w by what comes back, ∂L/∂z."),
            (-0.09375, f"{passes_on} w = 0.4."),
        ]),
    ):  # fmt: skip
        name = f'by_hand["{key}"]'
        number = expect_number(by_hand[key], f"{name} should be one number.")
        # σ(1.1) itself, which is not quite 0.75, is welcome
        expect_value(number, right, hint, what=name, mistakes=mistakes, tolerance=0.02)
    return "w should shrink and b grow: both make z, and so a, larger"


@exercise("22.2")
def backward(backward):
    expect_function(backward, "backward")
    rng = np.random.default_rng(0)
    for m, features, units, classes in ((5, 4, 3, 2), (6, 3, 2, 4), (4, 3, 3, 3)):
        params = {
            "W1": rng.normal(size=(features, units)), "b1": rng.normal(size=units),
            "W2": rng.normal(size=(units, classes)), "b2": rng.normal(size=classes),
        }  # fmt: skip
        x = rng.normal(size=(m, features))
        y = np.eye(classes)[rng.integers(classes, size=m)]
        _compare_backward(backward, params, x, y)
    return "a whole backward pass: four gradients, each with the shape of its own array"


def _gradients(params, x, y):
    """Return hidden layer, delta1 and delta2 of the lesson's network, and its gradients."""
    hidden = np.tanh(x @ params["W1"] + params["b1"])
    powers = np.exp(hidden @ params["W2"] + params["b2"])
    delta2 = (powers / powers.sum(axis=1, keepdims=True) - y) / len(x)
    delta1 = delta2 @ params["W2"].T * (1 - hidden**2)
    return hidden, delta1, delta2, {
        "W1": x.T @ delta1, "b1": delta1.sum(axis=0),
        "W2": hidden.T @ delta2, "b2": delta2.sum(axis=0),
    }  # fmt: skip


def _compare_backward(backward, params, x, y):
    """Hint at the first gradient that is wrong, from the output backward."""
    hidden, delta1, delta2, right = _gradients(params, x, y)
    m = len(x)
    arrived = delta2 @ params["W2"].T  # before the hidden layer's derivative
    minus = "It points the opposite way: δ₂ is p − y, not y − p."
    average = "It is m times too large: the loss is a mean, so divide p − y by len(x)."
    rows = "It still has one row per example: sum over the batch, axis 0."
    twice = "It is averaged: δ holds the mean's 1/m already, so sum over the batch."
    across = "You summed over the units: sum over the examples, axis 0."
    skipped = "The tanh is skipped: multiply what arrives at it by 1 − h²."
    mistakes = {
        "W2": [
            (right["W2"] * m, average),
            (-right["W2"], minus),
            (right["W2"].T, "It is transposed: weights are (inputs, units), so hᵀ δ₂."),
            (right["W2"] / m, "You divide by the size of the batch twice."),
        ],
        "b2": [
            (delta2, rows),
            (delta2.sum(axis=1), across),
            (delta2.mean(axis=0), twice),
        ],
        "W1": [
            (x.T @ arrived, skipped),
            (x.T @ (arrived * hidden * (1 - hidden)),
             "That is the sigmoid's derivative; tanh has 1 − h²."),
            (-right["W1"], "Check a sign: tanh's derivative is 1 − h², not h² − 1."),
            (right["W1"].T, "It is transposed: weights are (inputs, units), so xᵀ δ₁."),
            (x.T @ (arrived * (1 - hidden)), "The h in tanh's derivative is squared: 1 −"
             " h²."),
        ],
        "b1": [
            (delta1, rows),
            (arrived.sum(axis=0), skipped),
            (delta1.mean(axis=0), twice),
            (delta1.sum(axis=1), across),
        ],
    }  # fmt: skip
    rules = {
        "W2": "It should be hᵀ δ₂, with δ₂ = (p − y) / m.",
        "b2": "It should be δ₂ summed over the batch.",
        "W1": "It should be xᵀ δ₁, with δ₁ = δ₂ W₂ᵀ · (1 − h²).",
        "b1": "It should be δ₁ summed over the batch.",
    }
    for _ in range(2):  # what is kept between calls would show
        grads = backward(params, x, y)
        expect(grads is not None, "backward gives nothing back: end it with `return`.")
        expect(
            isinstance(grads, dict) and set(grads) == set(right),
            "Return a dictionary with four gradients: W1, b1, W2, b2.",
        )
        for name, rule in rules.items():
            expect_value(
                grads[name],
                right[name],
                rule,
                what=f"the gradient of {name}",
                mistakes=mistakes[name],
            )


@exercise("22.3")
def start(start):
    expect(
        isinstance(start, dict)
        and {"factor", "after_10", "level_std", "sigmoid"} <= set(start),
        'Fill in the dictionary: {"factor": …, "after_10": …, "level_std": …, "sigmoid":'
        " …}.",
    )
    for key, right, hint, mistakes in (
        ("factor", 0.5, "It is the root of n · s² · the mean of φ′², which is ½ for"
         " ReLU.", [
            (0.25, "That is the factor squared: take the root."),
            (0.5**0.5, "That is √(n s²): where is ReLU's ½?"),
            (2.5, "Square the standard deviation: n · s² · ½ under the root."),
            (2.5**0.5, "Square the standard deviation: n · s², not n · s."),
        ]),
        ("after_10", 0.5**10, "Ten layers multiply by the factor ten times.", [
            (5, "Every layer multiplies: the factor to the power 10, not times 10."),
            (0.05, "Every layer multiplies: the factor to the power 10, not over 10."),
            (0.5**9, "That is nine layers: go back through ten."),
            (100 * 0.5**10, "Hand in a share of 1, not per cent."),
            (2**10, "That is how many times smaller it gets; hand in the share that is"
             " left."),
        ]),
        ("level_std", 0.2, "Solve 50 · s² · ½ = 1 for s.", [
            (0.04, "That is s²: take the root."),
            (50**-0.5, "That would be right without ReLU's ½."),
            (0.4, "Half of it: √(2/n), not 2 √(2/n)."),
        ]),
        ("sigmoid", 0.125**0.5, "For the sigmoid (¼)² takes the place of ½:"
         " √(50 · s² · (¼)²), with the s that you found.", [
            (0.125, "For the sigmoid, too, take the root."),
            (0.5**0.5, "Square the sigmoid's rate: (¼)² under the root, not ¼."),
            (0.03125**0.5, "That is with s = 0.1: take the s that keeps ReLU level."),
            (0.25, "That is the rate of σ alone: it still meets n · s², and ReLU's ½ goes."),
            (1, "That is ReLU's factor: the sigmoid's rate is at most ¼, not 1 or 0."),
        ]),
    ):  # fmt: skip
        name = f'start["{key}"]'
        number = expect_number(start[key], f"{name} should be one number.")
        # 0.001 for 1/1024 is welcome
        expect_value(number, right, hint, what=name, mistakes=mistakes, tolerance=0.03)
    return (
        "with He's scale, √(2/n), ReLU keeps the gradient's size, and sigmoids lose it"
    )


@exercise("22.4", in_place=True)
def mend(mend_a, mend_b):
    expect(
        isinstance(mend_a, dict) and {"W1", "b1", "W2", "b2"} <= set(mend_a),
        'Fill in the dictionary mend_a: {"W1": …, "b1": …, "W2": …, "b2": …}.',
    )
    for name, right, hint, mistakes in (
        ("W2", 1, "was right before: multiply it by 1.", [
            (-1, "was right before, and you turn it round: read the gradient check again."),
            (0, "has a relative error near 0: it is right, so multiply it by 1."),
        ]),
        ("W1", -1, "has the right size: only turn it round.", [
            (1, "still points the opposite way: the factor is −1."),
            (0, "would be lost, times 0: turn it round."),
        ]),
    ):  # fmt: skip
        for array in (name, f"b{name[1]}"):
            number = expect_number(
                mend_a[array], f'mend_a["{array}"] should be one number.'
            )
            about = [(wrong, f"A's {array} {words}") for wrong, words in mistakes]
            what = f'mend_a["{array}"]'
            hint_here = f"A's {array} {hint}"
            expect_value(number, right, hint_here, what=what, mistakes=about)
    expect_function(mend_b, "mend_b")
    rng = np.random.default_rng(3)
    for m, units in ((11, 3), (14, 4)):
        params = {
            "W1": rng.normal(size=(2, units)), "b1": rng.normal(size=units),
            "W2": rng.normal(size=(units, 5)), "b2": rng.normal(size=5),
        }  # fmt: skip
        x, y = rng.normal(size=(m, 2)), np.eye(5)[rng.integers(5, size=m)]
        right = _gradients(params, x, y)[-1]
        for _ in range(2):  # what is kept between calls would show
            _compare_mended(mend_b, m, right)
    return "both are right now: a sign in A's hidden layer, B's missing division by the batch"


def _compare_mended(mend_b, m, right):
    """Hint at the first gradient of B that is still wrong, by its symptom."""
    mended = mend_b({name: m * grad for name, grad in right.items()}, m)
    expect(mended is not None, "mend_b gives nothing back: end it with `return`.")
    expect(
        isinstance(mended, dict) and set(mended) == set(right),
        "mend_b should return a dictionary with all four gradients: W1, b1, W2, b2.",
    )
    for name in ("W2", "b2", "W1", "b1"):
        target = right[name]
        before = m * target
        expect_value(
            mended[name], target,
            "Change only what the gradient check found wrong.",
            what=f"B's {name}",
            mistakes=[
                (before, "B's gradient is still the sum over the batch; the loss is a mean."),
                (before * m, "B's gradient is multiplied by the size of the batch: divide."),
                (target / m, "B's gradient is divided by the size of the batch twice."),
                (before / 100, "B's gradient is divided by 100, whatever the batch: divide by"
                 " batch_size."),
                (-target, "B's gradient has the right size, but its sign was right before."),
                (before / len(before), "B's gradient is divided by its own length: divide"
                 " by batch_size."),
            ],
        )  # fmt: skip


QUIZ = [
    Question(
        "A network's gradients pass the gradient check, yet in training its loss jumps up"
        " again and again. What should you suspect first?",
        [
            (
                "A bug in backpropagation",
                "The check compared gradients of every array with finite differences: they are right.",
            ),
            (
                "The learning rate",
                "Backpropagation only supplies the gradient; with too large a step, descent jumps"
                " over the valley and climbs, with exact slopes, too.",
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
                "That forgets the other two paths: where paths meet, rates add (section 2).",
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
        "A network with 20 sigmoid layers does not learn at all with plain gradient descent:"
        " its gradients vanish. Which change raises the gradients themselves?",
        [
            (
                "A learning rate 1,000 times larger",
                "Even if each layer leaves a third, the first layer's gradient is about a"
                " billion times too small; and the last layers, whose gradient is normal, would"
                " blow up.",
            ),
            (
                "ReLU in place of the sigmoid",
                "A sigmoid's rate is at most ¼; ReLU's is 1 wherever its unit is active, and"
                " He's start then keeps the factor per layer near 1.",
            ),
            (
                "Ten times as many epochs",
                "If each layer leaves a third, the first layer's steps are about a billion times"
                " too small: ten times as many change nothing.",
            ),
        ],
        1,
    ),
    Question(
        "You set every weight of a network with one hidden layer to 0.02 and train it. After"
        " training…",
        [
            (
                "the hidden units have specialized: each had its own gradient",
                "Equal weights give equal outputs and equal gradients: nothing tells them apart.",
            ),
            (
                "all weights are still 0.02",
                "They do move, those of all units alike. (Only from 0, with tanh, would none move.)",
            ),
            (
                "all hidden units are still equal to each other",
                "Units with equal weights get equal updates for ever: the layer works as one"
                " unit. Random initial weights break the symmetry.",
            ),
        ],
        2,
    ),
]
