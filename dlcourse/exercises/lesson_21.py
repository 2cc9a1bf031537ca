"""Checkers and quiz of lesson 21, Neurons and layers."""

from __future__ import annotations

import numpy as np

from ..checks import exercise
from ..expectations import Hint, expect, expect_array, expect_close, expect_number
from ..quizzes import Question

CORNERS = np.array([[1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])


@exercise("21.1")
def one_corner(w1, w2, b):
    w1 = expect_number(w1, "w1 should be a single number.")
    w2 = expect_number(w2, "w2 should be a single number.")
    b = expect_number(b, "The bias should be a single number.")
    z = CORNERS @ [w1, w2] + b
    a = 1 / (1 + np.exp(-np.clip(z, -500, 500)))
    expect(
        w1 or w2,
        "With both weights 0 there is no line: every pair gets the same answer.",
    )
    expect(
        z[0] > z[2],
        f"The arrow w = ({w1:g}, {w2:g}) does not point at (1, -1): z is {z[0]:g} there and"
        f" {z[2]:g} at (-1, 1). Which signs should w1 and w2 have?",
    )
    expect(
        z[0] > max(z[1], z[3]),
        f"At (1, 1) z = {z[1]:g} and at (-1, -1) z = {z[3]:g}; at (1, -1) it is {z[0]:g} and"
        " should be the largest. No bias changes that: which signs should w1 and w2 have?",
    )
    expect(
        z[0] > 0,
        f"At (1, -1) z = {z[0]:g}: the line lies beyond the corner. A bias nearer to 0, or"
        " larger weights, bring the corner to the attract side.",
    )
    expect(
        max(z[1], z[3]) < 0,
        f"At (1, 1) z = {z[1]:g} and at (-1, -1) z = {z[3]:g}; both should be negative."
        " A smaller (more negative) bias moves the line towards (1, -1).",
    )
    expect(
        a[0] > 0.9 and a[1:].max() < 0.1,
        f"The line is right, the answers are too timid: {a[0]:.2f} at (1, -1), up to"
        f" {a[1:].max():.2f} elsewhere. What makes the response steeper without moving the line?",
    )
    return f"the neuron answers {a[0]:.2f} at (1, -1) and at most {a[1:].max():.2f} elsewhere"


@exercise("21.2")
def count(answer):
    expect(
        callable(answer),
        'Hand in the function itself: check("21.2", count_parameters).',
    )
    found = expect_number(answer([2, 16, 1]), "The function should return one number.")
    expect(
        found != 48,
        "48 is the number of weights for [2, 16, 1] (every neuron also has a bias), or of the"
        " parameters of its first layer alone (add the second).",
    )
    expect(
        found != 66,
        "66 counts one bias per input: there is one per neuron, so (n + 1)·m per layer.",
    )
    expect(
        found != 50,
        "50 counts one bias per layer: there is one per neuron, so (n + 1)·m per layer.",
    )
    expect(
        found != 67,
        "67 gives the inputs biases too: the first size is only the number of inputs.",
    )
    expect(
        found not in (32, 16, 2 + 16 + 1),
        "Multiply neighbors, 2·16 and 16·1, and add the biases of each layer.",
    )
    expect(
        found == 65,
        f"For [2, 16, 1] you return {found:g}; by hand it is 3·16 + 17·1 = 65.",
    )
    for sizes, right in (
        ([2, 4, 1], 17),
        ([2, 16, 16, 16, 16, 1], 881),
        ([64, 10], 650),
    ):
        found = expect_number(
            answer(list(sizes)), "The function should return one number."
        )
        expect(
            found == right,
            f"Right for [2, 16, 1], but for {sizes} you return {found:g} and not {right}:"
            " it should work for any number of layers.",
        )
    return "881 parameters for the network of section 4"


@exercise("21.3")
def softmax(answer):
    expect(callable(answer), 'Hand in the function itself: check("21.3", softmax).')
    logits = np.array([[2.0, 1.0, -1.0], [0.0, 0.0, 3.0]])
    powers = np.exp(logits)
    right = powers / powers.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        try:
            out = expect_array(answer(logits.copy()), (2, 3), "softmax(logits)")
        except ValueError as error:
            raise Hint(
                f"NumPy says: {error}. A sum or maximum over each row has shape (2,); with"
                " keepdims=True it is (2, 1) and fits (2, 3)."
            ) from error
        large = answer(logits + 1000)
    expect(
        not np.allclose(out, powers / powers.sum(axis=0)),
        "Your columns sum to 1: that is the batch axis. Each row is one example; sum along"
        " the last axis.",
    )
    expect(
        not np.allclose(out, powers / powers.sum()),
        "All entries together sum to 1: each row should, on its own. Sum along axis=-1.",
    )
    expect(
        not np.allclose(out, powers),
        "Those are the powers: now divide by their row's sum.",
    )
    expect(
        not np.allclose(out, logits / logits.sum(axis=1, keepdims=True)),
        "You divide the logits themselves: exponentiate first, so that nothing is negative.",
    )
    expect(
        not np.allclose(out, 1 / (1 + np.exp(-logits))),
        "That is the sigmoid of each entry: the rows do not sum to 1.",
    )
    expect(
        np.allclose(out.sum(axis=1), 1),
        f"Your first row sums to {out[0].sum():.3f}: probabilities sum to 1.",
    )
    expect_close(
        out, right, "The rows sum to 1, but the values are not exp(z) over their sum."
    )
    large = np.asarray(large, dtype=float)
    expect(
        np.isfinite(large).all(),
        "Right for small logits, but logits near 1000 give nan: exp overflows. Subtract each"
        " row's largest logit first.",
    )
    expect_close(
        large, right, "Adding 1000 to all logits of a row should change nothing."
    )
    with np.errstate(all="ignore"):
        mixed = np.asarray(answer(np.array([[0.0, 0.0], [2000.0, 0.0]])), dtype=float)
    expect(
        np.allclose(mixed, [[0.5, 0.5], [1, 0]]),
        "You subtract one number from the whole batch: a row of small logits then comes out as"
        " 0/0. Subtract each row's own maximum, max(axis=-1, keepdims=True).",
    )
    return "rows sum to 1, and logits of 1000 do no harm"


@exercise("21.4")
def last_neuron(weights, bias):
    weights = expect_array(weights, (4,), "output_weights")
    bias = expect_number(bias, "The bias should be a single number.")
    expect(np.isfinite(weights).all(), "The four weights should be finite numbers.")
    steps = np.array([-1, -0.7, -0.4, -0.1, 0.1, 0.4, 0.7, 1])
    pairs = np.array([(x1, x2) for x1 in steps for x2 in steps])
    attract = pairs.prod(axis=1) < 0

    def right(points, truth):
        questions = np.array([[1.0, -1, 1, -1], [-1, 1, 1, -1]])
        return (
            (np.maximum(points @ questions, 0) @ weights + bias > 0) == truth
        ).mean()

    share = right(pairs, attract)
    expect(
        share > 0,
        "Every pair is wrong: a sign the other way round. h1 and h2 speak for attract.",
    )
    expect(
        weights.any(),
        "With all four weights 0 the output neuron does not look at its inputs.",
    )
    corners = right(CORNERS, CORNERS.prod(axis=1) < 0)
    expect(
        share == 1 or corners < 1 or weights[2:].any(),
        f"The four corners are right, but only {share:.0%} of all pairs: where charges are"
        " small, |x1 - x2| alone does not tell. Compare it with |x1 + x2|, h3 + h4.",
    )
    expect(
        share == 1 or corners < 1,
        f"The four corners are right, but only {share:.0%} of all pairs: all four questions"
        " should count equally, and with no other threshold than 0.",
    )
    expect(
        share == 1,
        f"Only {share:.0%} of the pairs come out right. Which h are positive for attracting"
        " pairs (see the table)? Those need positive weights, the others negative ones.",
    )
    return "one line through the folded plane, and every pair is right"


@exercise("21.5")
def mended(answer):
    import keras

    if isinstance(answer, keras.Model):
        model = answer
    else:
        expect(
            callable(answer),
            'Hand in the function itself: check("21.5", fixed_network).',
        )
        model = answer()
    expect(isinstance(model, keras.Model), "The function should return a keras.Model.")
    x = np.random.default_rng(0).uniform(-1, 1, (64, 2)).astype("float32")
    points = np.concatenate([x, -x, 0 * x[:1]])
    out = keras.ops.convert_to_numpy(model(points))
    expect(
        out.shape == (129, 1),
        f"For 129 pairs the model returns shape {out.shape}, not (129, 1).",
    )
    expect(
        ((out > 0) & (out < 1)).all(),
        "The outputs are not probabilities between 0 and 1: keep the sigmoid on the last layer.",
    )
    logit = np.log(out / (1 - out))[:, 0]
    bend = np.abs(logit[:64] + logit[64:128] - 2 * logit[128]).max()
    expect(
        bend > 1e-3,
        "Still a straight line: with these layers no bend can come out. Is the result of each"
        " ReLU what the next layer gets? Print [layer.name for layer in model.layers].",
    )
    expect(
        model.count_params() == 337,
        f"It bends, but it has {model.count_params()} parameters and not 337: keep the layers"
        " as they were, 16, 16 and 1.",
    )
    expect(
        _hidden_activations(model) >= 2,
        "It bends, but one of the two ReLUs is still thrown away: two Dense layers stand next"
        " to each other.",
    )
    return "each ReLU's result is passed on, so the network can bend"


def _hidden_activations(model):
    """Return how many non-linear steps stand before the last layer."""
    count = 0
    for layer in model.layers[:-1]:
        activation = getattr(layer, "activation", None)
        name = getattr(activation, "__name__", "linear")
        count += "ReLU" in type(layer).__name__ or name not in ("linear",)
    return count


QUIZ = [
    Question(
        "A neuron has `w = (2, -1)` and `b = 0.5`. You multiply all three numbers by 5. What"
        " happens to the pairs it calls attracting (output above 0.5)?",
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
        "A hidden ReLU neuron outputs 0 for every training example. What does training do"
        " with its incoming weights?",
        [
            (
                "It changes them quickly, because the neuron is clearly wrong.",
                "The change is proportional to the derivative, and that is 0 for `z < 0`.",
            ),
            (
                "It sets them to 0.",
                "Nothing drives them anywhere: they keep the values they have.",
            ),
            (
                "Nothing: the neuron is dead for these data.",
                "Its derivative is 0 for every example, so no signal reaches its weights. With"
                " leaky ReLU a little would.",
            ),
        ],
        answer=2,
    ),
]
