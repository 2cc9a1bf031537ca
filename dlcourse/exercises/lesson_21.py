"""Checkers and quiz of lesson 21, Neurons and layers."""

from __future__ import annotations

import numpy as np

from ..checks import exercise
from ..expectations import (
    as_array,
    expect,
    expect_array,
    expect_function,
    expect_model,
    expect_number,
    expect_result,
    expect_value,
    undisturbed,
)
from ..quizzes import Question

CORNERS = np.array([[1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])


@exercise("21.1")
def one_corner(w1, w2, b_corner):
    w1 = expect_number(w1, "w1 should be a single number.")
    w2 = expect_number(w2, "w2 should be a single number.")
    b = expect_number(b_corner, "The bias b_corner should be a single number.")
    z = CORNERS @ [w1, w2] + b
    a = sigmoid(z)
    expect(
        w1 or w2,
        "With both weights 0 there is no line: every pair gets the same answer.",
    )
    expect(
        z[0] > z[2],
        f"The arrow w = ({w1:g}, {w2:g}) does not point at (1, -1): z is {z[0]:g} there"
        f" and {z[2]:g} at (-1, 1). Which signs should w1 and w2 have?",
    )
    expect(
        z[0] > max(z[1], z[3]),
        f"At (1, 1) z = {z[1]:g} and at (-1, -1) z = {z[3]:g}; at (1, -1) it is {z[0]:g}"
        " and should be the largest. No bias changes that: which signs should w1 and w2"
        " have?",
    )
    expect(
        z[0] > 0,
        f"At (1, -1) z = {z[0]:g}, and it should be positive. A larger bias, or larger"
        " weights, bring the corner to the “different” side of the line.",
    )
    expect(
        max(z[1], z[3]) < 0,
        f"At (1, 1) z = {z[1]:g} and at (-1, -1) z = {z[3]:g}; both should be negative."
        " A smaller (more negative) bias moves the line towards (1, -1).",
    )
    expect(
        a[0] > 0.9 and a[1:].max() < 0.1,
        f"The line is right, the answers are too timid: {a[0]:.2f} at (1, -1), up to"
        f" {a[1:].max():.2f} elsewhere. What makes the response steeper without moving"
        " the line?",
    )
    return (
        f"the neuron answers {a[0]:.2f} at (1, -1) and at most {a[1:].max():.2f}"
        " elsewhere"
    )


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


QUESTIONS = np.array([[1.0, -1, 1, -1], [-1, 1, 1, -1]])  # (2, 4): a column per neuron


@exercise("21.2")
def two_matrices(W1, W2, n_parameters):
    first = as_array(W1, "W1")
    expect(
        first.shape != (4, 2),
        "W1 has shape (4, 2), a neuron per row: each neuron is a column, so (2, 4).",
    )
    first = expect_array(first, (2, 4), "W1")
    second = as_array(W2, "W2")
    expect(
        second.shape == (4, 1) or second.size != 4,
        f"W2 has shape {second.shape}. `h @ W2` takes h of shape (batch, 4) to (batch, 1),"
        " so W2 is (4, 1): four rows with one number each.",
    )
    second = expect_array(second, (4, 1), "W2")
    expect(
        np.isfinite(first).all() and np.isfinite(second).all(),
        "W1 and W2 should hold finite numbers only.",
    )
    expect(
        not np.allclose(first, QUESTIONS.T.reshape(2, 4)),
        "You filled W1 row by row, a neuron after the other: each neuron is a column, so"
        " the first column is (1, -1).",
    )
    for j in range(4):
        expect(
            np.allclose(first[:, j], QUESTIONS[:, j]),
            f"Column {j + 1} of W1 is ({first[0, j]:g}, {first[1, j]:g}): are these the"
            f" factors of x1 and x2 in h{j + 1}?",
        )
    expect(
        second.any(),
        "With W2 all 0 the output neuron does not look at what the layer found.",
    )
    steps = np.array([1, 0.7, 0.4, 0.1, 0.001, -0.001, -0.1, -0.4, -0.7, -1])
    pairs = np.array([(x1, x2) for x1 in steps for x2 in steps])
    z = (np.maximum(pairs @ QUESTIONS, 0) @ second)[:, 0]
    different = pairs.prod(axis=1) < 0
    wrong = np.where(different, z <= 0, z >= 0)
    expect(
        not wrong.all(),
        "Every pair is wrong: the signs of W2 are the other way round. h1 and h2 speak for"
        " different.",
    )
    expect(
        second[2:].any(),
        "h3 and h4 have weight 0, and |x1 - x2| alone cannot tell. Compare it with"
        " |x1 + x2|, which is h3 + h4.",
    )
    i = wrong.argmax()
    expect(
        not wrong.any(),
        f"W1 is right. But at the pair ({pairs[i, 0]:g}, {pairs[i, 1]:g}) h @ W2 is"
        f" {z[i]:.3g}, and it should be {'positive' if different[i] else 'negative'}."
        " Compare h1 + h2 with h3 + h4.",
    )
    expect_value(
        expect_number(n_parameters, "n_parameters should be a single number."), 17,
        "Both matrices are right. Each layer with n inputs and m neurons has (n + 1)·m"
        " parameters: add up the two layers.",
        what="n_parameters",
        mistakes=[
            (12, "There are 12 weights in both layers, and 12 parameters in the hidden"
             " layer alone. Count both layers and their biases, also those that are 0."),
            (16, "The output neuron has a bias, too."),
            (13, "That has a single bias; every neuron has its own."),
            (14, "That has one bias per layer; every neuron has its own."),
            (18, "That has one bias per input; there is one per neuron."),
            (19, "That gives the inputs biases, too; there is one per neuron."),
            (25, "That is (n + 1)·(m + 1) per layer; a bias adds one row, not a column."),
            (5, "That counts the neurons or the output layer, not all parameters."),
        ],
    )  # fmt: skip
    return "one line through the folded plane, and every pair is right"


@exercise("21.3")
def softmax(softmax):

    def right(z):
        return shares(np.exp(z - z.max(axis=-1, keepdims=True)))

    def shares(powers, axis=-1):
        return powers / powers.sum(axis=axis, keepdims=True)

    z = np.array([[0.3, -1.2, 2.1, 0.7], [1.4, 0.2, -0.6, 3.0], [-0.5, -2, 0.9, -1.1]])
    powers = np.exp(z)
    undivided = "Those are the powers: now divide by their row's sum."
    fixed = (
        "Small logits come out as 0/0: do you subtract a fixed number? Subtract each"
        " row's own maximum."
    )
    one_row = "Only one row comes back: does the loop return before it is through?"
    expect_result(
        softmax, (z,), right(z),
        "Each entry should be exp(z) over the sum of exp(z) in its row.",
        mistakes=[
            (shares(powers, axis=0), "Your columns sum to 1: that is the batch axis."
             " Each row is one example; sum along the last axis."),
            (shares(powers, axis=None), "All entries together sum to 1: each row"
             " should, on its own. Sum along axis=-1."),
            (powers, undivided),
            (np.exp(z - z.max(axis=-1, keepdims=True)), undivided),
            (powers / powers.max(axis=-1, keepdims=True) / 4,
             "You divide by the largest power and by the number of classes: divide"
             " by the row's sum."),
            (shares(z), "You divide the logits themselves: exponentiate first, so"
             " that nothing is negative."),
            (sigmoid(z), "That is the sigmoid of each entry: the rows do not sum to"
             " 1."),
            (np.log(right(z)), "Those are the logarithms of the probabilities."),
            (right(z - z.max(axis=0)), "You subtract each column's largest logit,"
             " which changes the ratios within a row: use axis=-1."),
            (np.full(z.shape, np.nan), fixed),
            (right(z)[0], one_row),
            (right(z)[-1], one_row),
        ],
    )  # fmt: skip
    overflow = (
        "Right for small logits, but large ones give nan: exp overflows. Subtract each"
        " row's largest logit first."
    )
    z = np.array([[-0.4, 1.1, 0.8], [2.5, 0.0, -1.7]])
    mixed = np.array([[-0.4, 1.1, 0.8], [-3, 2000, 7.5]])  # not the first, not the last
    nan, done = [np.nan] * 3, right(mixed)
    with np.errstate(all="ignore"):
        expect_result(
            softmax, (z + 1000,), right(z),
            "Adding 1000 to all logits of a row should change nothing.",
            mistakes=[
                (np.full((2, 3), np.nan), overflow),
                (np.full((2, 3), 1 / 3), "Large logits all come out alike: do not"
                 " clip them, subtract each row's largest logit."),
            ],
        )  # fmt: skip
        expect_result(
            softmax, (mixed,), done,
            "A row's probabilities depend on its own logits only.",
            mistakes=[
                ([done[0], [0, np.nan, 0]], overflow),
                ([nan, done[1]], "You subtract one number from the whole batch: a"
                 " row of small logits then comes out as 0/0. Subtract each row's"
                 " own maximum, max(axis=-1, keepdims=True)."),
                ([nan, [0, np.nan, 0]], fixed),
            ],
        )  # fmt: skip
    return "rows sum to 1, and logits of 1000 do no harm"


@exercise("21.4")
def mended(fixed_network):
    import keras

    model = fixed_network
    if not isinstance(model, keras.Model):
        expect_function(fixed_network, "fixed_network")
        with undisturbed():
            model = fixed_network()
        expect(
            model is not None,
            "fixed_network gives nothing back: end it with `return`, and the model.",
        )
    expect(isinstance(model, keras.Model), "fixed_network should return a keras.Model.")

    def network(first, second, inputs=linear, last=linear, output=sigmoid):
        def outputs(x, w1, b1, w2, b2, w3, b3):
            hidden = second(first(inputs(x) @ w1 + b1) @ w2 + b2)
            return output(last(hidden @ w3 + b3))

        return outputs

    x = np.random.default_rng(0).uniform(-1, 1, (64, 2)).astype("float32")
    x[:16] *= 5  # far enough out to meet a ReLU with an upper end
    keep = "It bends, but with leaky ReLU: keep her ReLUs, which are 0 on the left."
    expect_model(
        model,
        network(relu, relu),
        x,
        [(2, 16), (16,), (16, 16), (16,), (16, 1), (1,)],
        hint="A ReLU belongs after each of the two hidden layers, a sigmoid after the"
        " last.",
        mistakes=[
            (network(linear, linear), "Still a straight line: no ReLU takes part. Is"
             " the result of each ReLU what the next layer gets?"),
            (network(relu, linear), "It bends, but nothing stands between the second"
             " and the third Dense: the second ReLU is missing, or its result is"
             " thrown away."),
            (network(linear, relu), "It bends, but the first two Dense follow each"
             " other, so they are one linear layer: the first ReLU is missing, or"
             " its result is thrown away."),
            (network(relu, linear, inputs=relu), "Your ReLUs stand before the hidden"
             " layers; each belongs after one."),
            (network(relu, relu, inputs=relu), "A ReLU on the inputs turns every"
             " negative number into 0: leave them be."),
            (network(leaky(0.2), leaky(0.2)), keep),
            (network(leaky(0.3), leaky(0.3)), keep),
            (network(np.tanh, np.tanh), "It bends, but with tanh: keep her ReLUs."),
            (network(sigmoid, sigmoid), "It bends, but with sigmoids: keep her ReLUs."),
            (network(relu, relu, output=linear), "The outputs are no probabilities:"
             " keep the sigmoid of the last layer."),
            (network(relu, relu, last=relu), "A ReLU before the sigmoid lets no"
             " answer fall below 0.5: the last layer has the sigmoid only."),
        ],
    )  # fmt: skip
    return "each ReLU's result is passed on, so the network can bend"


def relu(z):
    return np.maximum(z, 0)


def leaky(slope):
    return lambda z: np.where(z > 0, z, slope * z)


def linear(z):
    return z


QUIZ = [
    Question(
        "A neuron has `w = (2, -1)` and `b = 0.5`. You multiply all three numbers by 5. What"
        " happens to the pairs it calls different (output above 0.5)?",
        [
            (
                "They stay the same; the outputs move closer to 0 and 1.",
                "The line is where `z = 0`, and `5z = 0` at the same places; only the response"
                " across it gets steeper.",
            ),
            (
                "The line moves five times as far from the origin.",
                "Its distance is `|b|` over the length of `w`: both grow five times, the ratio"
                " stays.",
            ),
            (
                "The line turns towards the first axis.",
                "Its direction depends on the ratio of `w1` to `w2`, which has not changed.",
            ),
        ],
        answer=0,
    ),
    Question(
        "A batch of 32 examples with 5 features goes into `Dense(8)`. Which shapes have kernel,"
        " bias and output in Keras?",
        [
            (
                "kernel `(8, 5)`, bias `(8,)`, output `(32, 8)`",
                "`(32, 5) @ (8, 5)` does not fit: the inner sizes must agree. This is PyTorch's"
                " way to store it.",
            ),
            (
                "kernel `(5, 8)`, bias `(8,)`, output `(32, 8)`",
                "`(32, 5) @ (5, 8)`: the inner 5 vanishes; one bias per neuron: 48 parameters.",
            ),
            (
                "kernel `(32, 8)`, bias `(32,)`, output `(5, 8)`",
                "The batch size is never in a layer's parameters: the same weights serve every"
                " example.",
            ),
            (
                "kernel `(5, 8)`, bias `(5,)`, output `(32, 8)`",
                "The bias belongs to the neurons, not to the inputs: there are 8.",
            ),
        ],
        answer=1,
    ),
    Question(
        "A photograph can show a dog, a cat, both or neither. Which output do you choose?",
        [
            (
                "two neurons with softmax",
                'Softmax makes the two compete: they sum to 1, so it can say neither "both" nor'
                ' "neither".',
            ),
            (
                "two neurons with ReLU",
                "ReLU's outputs have no upper end: they are no probabilities.",
            ),
            (
                "two neurons with sigmoid",
                "Two separate yes-no questions, each with its own probability between 0 and 1.",
            ),
        ],
        answer=2,
    ),
    Question(
        "You build ten `Dense(64)` layers without `activation=` and a last `Dense(1,"
        ' activation="sigmoid")`. Which borders can it learn?',
        [
            (
                "curved ones, more so the more layers",
                "Each layer is a matrix product and a sum; ten in a row multiply out to one.",
            ),
            (
                "straight lines only, like a single neuron",
                "All the linear layers collapse into one. The sigmoid at the end only says how"
                " sure it is on which side.",
            ),
            (
                "polygons with up to 640 sides",
                "It takes a corner in the activation, such as ReLU's, to give the border a corner.",
            ),
        ],
        answer=1,
    ),
    Question(
        "A hidden ReLU neuron outputs 0 for every training example, whatever the error is."
        " How much does the loss change if you change its incoming weights a little?",
        [
            (
                "A lot, because the neuron is clearly wrong.",
                "How wrong the network is counts only if it gets through the neuron, and its"
                " slope is 0 for `z < 0`.",
            ),
            (
                "A little, as with a sigmoid far out.",
                "A sigmoid's slope gets tiny but is never 0; that of ReLU is 0 for `z < 0`.",
            ),
            (
                "Not at all: the neuron is dead for these data.",
                "Its slope is 0 for every example, so the loss does not feel these weights, and"
                " training has no reason to move them.",
            ),
        ],
        answer=2,
    ),
]
