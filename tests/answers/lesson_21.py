"""Right and wrong answers for lesson 21."""

from itertools import pairwise

import numpy as np


def count(sizes):
    return sum((n + 1) * m for n, m in pairwise(sizes))


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def unstable(logits):
    powers = np.exp(logits)
    return powers / powers.sum(axis=-1, keepdims=True)


def one_shift(logits):
    return unstable(logits - logits.max())


def shift_by_a_thousand(logits):
    return unstable(logits - 1000)


def network(first="relu", second="relu", units=16, last="sigmoid", outputs=1):
    def build():
        import keras
        from keras import layers

        return keras.Sequential(
            [
                layers.Input((2,)),
                layers.Dense(units, activation=first),
                layers.Dense(units, activation=second),
                layers.Dense(outputs, activation=last),
            ]
        )

    return build


def fixed():
    import keras
    from keras import layers

    inputs = layers.Input((2,))
    hidden = layers.ReLU()(layers.Dense(16)(inputs))
    hidden = layers.ReLU()(layers.Dense(16)(hidden))
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(hidden))


RIGHT = {
    "21.1": (3, -3, -3),
    "21.2": (count,),
    "21.3": (softmax,),
    "21.4": ([1, 1, -1, -1], 0),
    "21.5": (fixed,),
}

WRONG = {
    "21.1": [
        ((-3, 3, -3), "does not point at"),
        ((3, 3, -3), "does not point at"),
        ((0, -3, -1), "No bias changes that"),
        ((0, 0, 1), "no line"),
        ((1, -1, -1), "too timid"),
        ((3, -3, 0), "both should be negative"),
        ((3, -3, 3), "both should be negative"),
        ((3, -3, -8), "beyond the corner"),
        ((3, [1, 2], 0), "w2 should be a single number"),
    ],
    "21.2": [
        ((lambda sizes: sum(n * m for n, m in pairwise(sizes)),), "also has a bias"),
        ((lambda sizes: (sizes[0] + 1) * sizes[1],), "first layer alone"),
        (
            (lambda sizes: sum(n * m + n for n, m in pairwise(sizes)),),
            "one bias per input",
        ),
        (
            (lambda sizes: sum(n * m + 1 for n, m in pairwise(sizes)),),
            "one bias per layer",
        ),
        ((lambda sizes: count(sizes) + sizes[0],), "only the number of inputs"),
        ((lambda sizes: sum(sizes),), "Multiply neighbors"),
        (
            (lambda sizes: (sizes[0] + 1) * sizes[1] + (sizes[1] + 1) * sizes[2],),
            "any number of layers",
        ),
        ((lambda sizes: 65,), "any number of layers"),
        ((65,), "function itself"),
    ],
    "21.3": [
        ((lambda z: np.exp(z) / np.exp(z).sum(axis=0),), "columns sum to 1"),
        ((lambda z: np.exp(z) / np.exp(z).sum(),), "each row should"),
        ((lambda z: np.exp(z) / np.exp(z).sum(axis=-1),), "keepdims=True"),
        ((np.exp,), "divide by their row's sum"),
        ((lambda z: z / z.sum(axis=-1, keepdims=True),), "exponentiate first"),
        ((lambda z: 1 / (1 + np.exp(-z)),), "sigmoid of each entry"),
        ((unstable,), "exp overflows"),
        ((one_shift,), "row's own maximum"),
        ((lambda z: softmax(z)[0],), "shape (3,)"),
        ((lambda z: softmax(2 * z),), "not exp(z)"),
    ],
    "21.4": [
        (([-1, -1, 1, 1], 0), "Every pair is wrong"),
        (([0, 0, 0, 0], 0), "all four weights 0"),
        (([1, 1, 0, 0], -1), "Compare it with"),
        (([1, 1, -1, -1], -0.5), "no other threshold"),
        (([1, 0, -1, 0], 0), "come out right"),
        (([1, 1, -1], 0), "shape (3,)"),
    ],
    "21.5": [
        ((network(None, None),), "Still a straight line"),
        ((network("relu", None),), "thrown away"),
        ((network(units=8),), "parameters and not 337"),
        ((network(last=None),), "keep the sigmoid"),
        ((network(outputs=2),), "not (129, 1)"),
        ((lambda: 3,), "return a keras.Model"),
        ((3,), "function itself"),
    ],
}
