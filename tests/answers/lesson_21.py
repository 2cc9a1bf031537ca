"""Right and wrong answers of lesson 21, with a piece of the hint that must come."""

import math

import numpy as np

# ── 21.2 ────────────────────────────────────────────────────────────────────────

QUESTIONS = np.array([[1.0, -1, 1, -1], [-1, 1, 1, -1]])
COMPARE = np.array([[1.0], [1], [-1], [-1]])

# ── 21.3 ────────────────────────────────────────────────────────────────────────


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def row_by_row(logits):
    rows = []
    for row in logits:
        powers = [math.exp(z - max(row)) for z in row]
        rows.append([p / sum(powers) for p in powers])
    return rows


def through_log(logits):
    logits = logits - np.max(logits, axis=1)[:, None]
    return np.exp(logits - np.log(np.sum(np.exp(logits), axis=1))[:, None])


def transposed(logits):
    return (
        np.exp(logits.T - logits.max(1)) / np.exp(logits.T - logits.max(1)).sum(0)
    ).T


def unstable(logits):
    powers = np.exp(logits)
    return powers / powers.sum(axis=-1, keepdims=True)


def mean_shift(logits):
    return unstable(logits - logits.mean(axis=-1, keepdims=True))


def one_shift(logits):
    return unstable(logits - logits.max())


def one_shift_np(logits):
    powers = np.exp(logits - np.max(logits))
    return powers / np.sum(powers, axis=1)[:, np.newaxis]


def returns_in_loop(logits):
    for row in logits:
        powers = np.exp(row - row.max())
        return powers / powers.sum()


def keeps_last(logits):
    for row in logits:
        powers = np.exp(row - row.max())
        result = powers / powers.sum()
    return result


def shifts_in_place(logits):
    logits -= logits.max(axis=-1, keepdims=True)
    return unstable(logits)


def writes_into_logits(logits):
    for i in range(len(logits)):
        logits[i] = softmax(logits[i])
    return logits


def softmax_unfinished(logits):
    _ = softmax(logits)


# ── 21.4 ────────────────────────────────────────────────────────────────────────


def fixed_network():
    import keras
    from keras import layers

    inputs = layers.Input((2,))
    hidden = layers.ReLU()(layers.Dense(16)(inputs))
    hidden = layers.ReLU()(layers.Dense(16)(hidden))
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(hidden))


def network(
    first="relu", second="relu", units=16, last="sigmoid", outputs=1, before=None
):
    def build():
        import keras
        from keras import layers

        return keras.Sequential(
            [
                layers.Input((2,)),
                *([layers.ReLU()] if before else []),
                layers.Dense(units, activation=first),
                layers.Dense(units, activation=second),
                layers.Dense(outputs, activation=last),
            ]
        )

    return build


def functional(*steps):
    """Return a function that builds a model of these steps: sizes, or activations."""

    def build():
        import keras
        from keras import layers

        inputs = outputs = layers.Input((2,))
        for step in steps:
            layer = layers.Dense(step) if isinstance(step, int) else step
            layer = layers.Activation(step) if isinstance(step, str) else layer
            outputs = layer(outputs)
        return keras.Model(inputs, outputs)

    return build


def keras_relu(x):
    from keras import ops

    return ops.relu(x)


def half_of_both(x):
    return (abs(x) + x) / 2


def relu_up_to_6(x):
    from keras import ops

    return ops.relu6(x)


def leaky(x):
    from keras import layers

    return layers.LeakyReLU()(x)


def shared_relu():
    from keras import layers

    relu = layers.ReLU()
    return functional(16, relu, 16, relu, 1, "sigmoid")()


def subclass():
    import keras
    from keras import layers

    class Network(keras.Model):
        def __init__(self):
            super().__init__()
            self.one, self.two = layers.Dense(16, "relu"), layers.Dense(16, "relu")
            self.out = layers.Dense(1, "sigmoid")

        def call(self, x):
            return self.out(self.two(self.one(x)))

    return Network()


def unbuilt():
    import keras
    from keras import layers

    dense = [layers.Dense(16, "relu"), layers.Dense(16, "relu")]
    return keras.Sequential([*dense, layers.Dense(1, "sigmoid")])


def thrown_away(first=False, second=False):
    def build():
        import keras
        from keras import layers

        inputs = layers.Input((2,))
        hidden = layers.Dense(16)(inputs)
        bent = layers.ReLU()(hidden)
        hidden = layers.Dense(16)(bent if first else hidden)
        bent = layers.ReLU()(hidden)
        outputs = layers.Dense(1, activation="sigmoid")(bent if second else hidden)
        return keras.Model(inputs, outputs)

    return build


def no_bias():
    import keras
    from keras import layers

    dense = [layers.Dense(n, "relu", use_bias=False) for n in (16, 16)]
    return keras.Sequential([*dense, layers.Dense(1, "sigmoid")])


def model_not_returned():
    fixed_network()


def only_outputs():
    import keras

    return keras.layers.Dense(1)(keras.Input((2,)))


RIGHT = {
    "21.1": [
        (3, -3, -3),
        (4, -4, -2.5),
        (4.0, -4.0, -4.5),
        (np.float32(10), np.array([-10.0]), -4 * np.ones(())),
        (50, -60, -40),
        (1e6, -1e6, -1e6),
    ],
    "21.2": [
        (QUESTIONS, COMPARE, 17),
        ([[1, -1, 1, -1], [-1, 1, 1, -1]], [[8], [8], [-8], [-8]], 17.0),
        (np.vstack([[1, -1, 1, -1], [-1, 1, 1, -1]]), 0.5 * COMPARE, 17),
        (QUESTIONS, np.array([2, 2, -2, -2])[:, None], np.array([17])),
    ],
    "21.3": [(softmax,), (row_by_row,), (through_log,), (transposed,)],
    "21.4": [
        (fixed_network,),
        (network(),),
        (functional(16, keras_relu, 16, keras_relu, 1, "sigmoid"),),
        (functional(16, half_of_both, 16, half_of_both, 1, "sigmoid"),),
        (shared_relu,),
        (subclass,),
        (unbuilt,),
        (thrown_away(True, True),),
        (network()(),),
    ],
}

WRONG = {
    "21.1": [
        ((-3, 3, -3), "does not point at"),
        ((3, 3, -3), "does not point at"),
        ((0, -3, -1), "No bias changes that"),
        ((3, 0, -2.5), "should be the largest"),
        ((4, 1, -2), "should be the largest"),
        ((2, 0, -1), "No bias changes that"),
        ((0, 0, 1), "no line"),
        ((0.0, 0.0, -3), "no line"),
        ((1, -1, -1), "too timid"),
        ((3, -3, -0.5), "too timid"),
        ((4, -4, -2), "too timid"),  # right for the picture, not yet below 0.1
        ((3, -3, 0), "both should be negative"),
        ((3, -3, 3), "both should be negative"),
        ((3, -3, -8), "should be positive"),
        ((1, -1, -2), "should be positive"),  # the line runs through the corner
        ((3, [1, 2], 0), "w2 should be a single number"),
        ((3, "-3", -3), "w2 should be a single number"),
        (((3, -3), -3, -3), "w1 should be a single number"),
        ((True, -3, -3), "w1 should be a single number"),
        ((3, -3, float("nan")), "b_corner should be a single number"),
        ((3, -3, [-3, -3]), "b_corner should be a single number"),
    ],
    "21.2": [
        ((QUESTIONS.T, COMPARE, 17), "each neuron is a column"),
        (
            ([[1, -1], [-1, 1], [1, 1], [-1, -1]], COMPARE, 17),
            "each neuron is a column",
        ),
        (([[1, -1, -1, 1], [1, 1, -1, -1]], COMPARE, 17), "row by row"),
        ((QUESTIONS.T.reshape(2, 4), 3 * COMPARE, 17), "row by row"),
        ((QUESTIONS, -COMPARE, 17), "other way round"),
        ((QUESTIONS, [[-8], [-8], [8], [8]], 17), "other way round"),
        ((np.abs(QUESTIONS), COMPARE, 17), "are these the factors"),
        (([[1, 1, 1, -1], [-1, -1, 1, -1]], COMPARE, 17), "are these the factors"),
        (([[1, -1, 1, 1], [-1, 1, 1, 1]], COMPARE, 17), "are these the factors"),
        (([[1, -1, 1, -1], [-1, 1, -1, 1]], COMPARE, 17), "are these the factors"),
        ((QUESTIONS, [[1], [1], [0], [0]], 17), "Compare it with"),
        ((QUESTIONS, [[2], [2], [0], [0]], 17), "Compare it with"),
        ((QUESTIONS, [[2], [2], [-1], [-1]], 17), "and it should be negative"),
        (
            (QUESTIONS, np.array([9, 9, -3, -3])[:, None], 17),
            "and it should be negative",
        ),
        ((QUESTIONS, [[1], [1], [-2], [-2]], 17), "and it should be positive"),
        ((QUESTIONS, [[1], [1], [-3], [-1]], 17), "and it should be positive"),
        ((QUESTIONS, [[1], [1], [-1.1], [-1.1]], 17), "and it should be positive"),
        ((QUESTIONS, [[1], [1], [-1], [-1.1]], 17), "and it should be positive"),
        ((QUESTIONS, [[1], [-1], [1], [-1]], 17), "Compare h1 + h2"),
        ((QUESTIONS, np.ones((4, 1)), 17), "Compare h1 + h2"),
        ((QUESTIONS, [[1], [0], [-1], [0]], 17), "Compare h1 + h2"),
        ((QUESTIONS, COMPARE.T, 17), "W2 has shape (1, 4)"),
        ((QUESTIONS, [[1, 1, -1, -1]], 17), "W2 has shape (1, 4)"),
        ((QUESTIONS, [1, 1, -1, -1], 17), "W2 has shape (4,)"),
        ((QUESTIONS, COMPARE.ravel(), 17), "W2 has shape (4,)"),
        ((QUESTIONS, [[1, 1], [-1, -1]], 17), "W2 has shape (2, 2)"),
        ((QUESTIONS, COMPARE.reshape(2, 2), 17), "W2 has shape (2, 2)"),
        ((2 * QUESTIONS, COMPARE, 17), "are these the factors"),
        (([[3, -3, 3, -3], [-3, 3, 3, -3]], COMPARE, 17), "are these the factors"),
        ((QUESTIONS[:, ::-1], -COMPARE, 17), "are these the factors"),
        (([[-1, 1, 1, -1], [1, -1, 1, -1]], COMPARE, 17), "are these the factors"),
        (([[1, -1, 1, -1], [-1, 1, 1, -1.05]], COMPARE, 17), "are these the factors"),
        (([[1, -1, 1, -1.05], [-1, 1, 1, -1]], COMPARE, 17), "are these the factors"),
        ((np.zeros((2, 4)), COMPARE, 17), "are these the factors"),
        (([[0] * 4] * 2, COMPARE, 17), "are these the factors"),
        ((QUESTIONS, np.zeros((4, 1)), 17), "W2 all 0"),
        ((QUESTIONS, [[0]] * 4, 17), "W2 all 0"),
        ((QUESTIONS, [[1], [1], [-1]], 17), "expected (4, 1)"),
        ((QUESTIONS, 1, 17), "expected (4, 1)"),
        ((QUESTIONS, [[1], [1], [np.inf], [-1]], 17), "finite numbers"),
        ((QUESTIONS * np.nan, COMPARE, 17), "finite numbers"),
        ((QUESTIONS[:, :2], COMPARE, 17), "expected (2, 4)"),
        (([1, -1, 1, -1], COMPARE, 17), "expected (2, 4)"),
        ((QUESTIONS, COMPARE, 12), "Count both layers"),
        ((QUESTIONS, COMPARE, (2 + 1) * 4), "Count both layers"),
        ((QUESTIONS, COMPARE, 16), "has a bias, too"),
        ((QUESTIONS, COMPARE, 3 * 4 + 4), "has a bias, too"),
        ((QUESTIONS, COMPARE, 13), "single bias"),
        ((QUESTIONS, COMPARE, 12 + 1), "single bias"),
        ((QUESTIONS, COMPARE, 14), "per layer"),
        ((QUESTIONS, COMPARE, 12.0 + 2), "per layer"),
        ((QUESTIONS, COMPARE, 18), "one bias per input"),
        ((QUESTIONS, COMPARE, 2 * 5 + 4 * 2), "one bias per input"),
        ((QUESTIONS, COMPARE, 19), "inputs biases, too"),
        ((QUESTIONS, COMPARE, 17 + 2), "inputs biases, too"),
        ((QUESTIONS, COMPARE, 25), "not a column"),
        ((QUESTIONS, COMPARE, 3 * 5 + 5 * 2), "not a column"),
        ((QUESTIONS, COMPARE, 5), "not all parameters"),
        ((QUESTIONS, COMPARE, 4 + 1), "not all parameters"),
        ((QUESTIONS, COMPARE, 8), "add up the two layers"),
        ((QUESTIONS, COMPARE, 60), "add up the two layers"),
        ((QUESTIONS, COMPARE, [12, 5]), "single number"),
        ((QUESTIONS, COMPARE, "17"), "single number"),
    ],
    "21.3": [
        ((lambda z: np.exp(z) / np.exp(z).sum(axis=0),), "columns sum to 1"),
        ((lambda z: softmax(z.T).T,), "columns sum to 1"),
        ((lambda z: np.exp(z) / np.exp(z).sum(),), "each row should"),
        (
            (lambda z: np.exp(z - np.max(z)) / np.sum(np.exp(z - z.max())),),
            "each row should",
        ),
        ((lambda z: np.exp(z) / np.exp(z).sum(axis=-1),), "keepdims=True"),
        ((lambda z: unstable(z - z.max(axis=1)),), "keepdims=True"),
        ((np.exp,), "divide by their row's sum"),
        (
            (lambda z: np.exp(z - z.max(axis=-1, keepdims=True)),),
            "divide by their row's",
        ),
        ((lambda z: math.e**z,), "divide by their row's sum"),
        ((lambda z: np.e ** (z - z.max(1)[:, None]),), "divide by their row's"),
        (
            (lambda z: np.exp(z) / np.exp(z).max(-1, keepdims=True) / z.shape[1],),
            "largest power",
        ),
        ((lambda z: np.exp(z - z.max(-1)[:, None]) / len(z[0]),), "largest power"),
        ((lambda z: z / z.sum(axis=-1, keepdims=True),), "exponentiate first"),
        ((lambda z: [row / sum(row) for row in z],), "exponentiate first"),
        ((lambda z: 1 / (1 + np.exp(-z)),), "sigmoid of each entry"),
        ((lambda z: 0.5 * (1 + np.tanh(z / 2)),), "sigmoid of each entry"),
        ((lambda z: np.log(softmax(z)),), "logarithms"),
        ((lambda z: z - np.log(np.exp(z).sum(-1, keepdims=True)),), "logarithms"),
        ((lambda z: unstable(z - z.max(axis=0)),), "each column's"),
        ((lambda z: softmax(z - np.max(z, 0, keepdims=True)),), "each column's"),
        ((unstable,), "exp overflows"),
        ((lambda z: unstable(z - z.min(axis=-1, keepdims=True)),), "exp overflows"),
        ((mean_shift,), "exp overflows"),
        ((lambda z: unstable(z - z[:, :1]),), "exp overflows"),
        ((lambda z: unstable(z - z[:, -1:]),), "exp overflows"),
        ((one_shift,), "row's own maximum, max"),
        ((one_shift_np,), "row's own maximum, max"),
        ((lambda z: unstable(z - 1000),), "a fixed number"),
        ((lambda z: unstable(z - 1e3 * (z.max() > 700)),), "a fixed number"),
        ((lambda z: unstable(np.clip(z, -500, 500)),), "do not clip"),
        ((lambda z: unstable(np.minimum(z, 700)),), "do not clip"),
        ((lambda z: softmax(z)[0],), "Only one row"),
        ((returns_in_loop,), "Only one row"),
        ((keeps_last,), "Only one row"),
        ((lambda z: softmax(2 * z),), "over the sum of exp(z)"),
        ((lambda z: 10**z / (10**z).sum(-1, keepdims=True),), "over the sum of exp(z)"),
        ((lambda z: softmax(-z),), "over the sum of exp(z)"),
        ((lambda z: softmax(z).argmax(axis=-1),), "expected (3, 4)"),
        ((lambda z: softmax(z).T,), "expected (3, 4)"),
        ((lambda z: softmax(z).astype("float16"),), "rounded?"),
        ((lambda z: np.round(softmax(z), 4),), "rounded?"),
        ((shifts_in_place,), "changes `logits` itself"),
        ((writes_into_logits,), "changes `logits` itself"),
        ((softmax_unfinished,), "`return`"),
        ((lambda z: print(softmax(z)),), "`return`"),
        ((softmax(np.ones((1, 3))),), "function itself"),
        ((0.7,), "function itself"),
    ],
    "21.4": [
        ((network(None, None),), "Still a straight line"),
        ((thrown_away(),), "Still a straight line"),
        ((network("relu", None),), "the second ReLU"),
        ((thrown_away(first=True),), "the second ReLU"),
        ((network(None, "relu"),), "the first ReLU"),
        ((thrown_away(second=True),), "the first ReLU"),
        ((functional(16, 16, "relu", "relu", 1, "sigmoid"),), "the first ReLU"),
        ((network("relu", None, before="relu"),), "stand before"),
        ((functional("relu", 16, "relu", 16, 1, "sigmoid"),), "stand before"),
        ((network(before="relu"),), "negative number"),
        (
            (functional("relu", 16, "relu", 16, "relu", 1, "sigmoid"),),
            "negative number",
        ),
        ((network("leaky_relu", "leaky_relu"),), "with leaky ReLU"),
        ((functional(16, leaky, 16, leaky, 1, "sigmoid"),), "with leaky ReLU"),
        ((network("tanh", "tanh"),), "with tanh"),
        ((functional(16, "tanh", 16, "tanh", 1, "sigmoid"),), "with tanh"),
        ((network("sigmoid", "sigmoid"),), "with sigmoids"),
        ((functional(16, "sigmoid", 16, "sigmoid", 1, "sigmoid"),), "with sigmoids"),
        ((network(last=None),), "keep the sigmoid"),
        ((functional(16, "relu", 16, "relu", 1),), "keep the sigmoid"),
        ((functional(16, "relu", 16, "relu", 1, "relu", "sigmoid"),), "below 0.5"),
        (
            (functional(16, keras_relu, 16, "relu", 1, keras_relu, "sigmoid"),),
            "below 0.5",
        ),
        ((network("relu", "leaky_relu"),), "A ReLU belongs"),
        ((network("gelu", "gelu"),), "A ReLU belongs"),
        (
            (functional(16, relu_up_to_6, 16, relu_up_to_6, 1, "sigmoid"),),
            "A ReLU belongs",
        ),
        ((network("relu", "tanh"),), "A ReLU belongs"),
        ((network(last="softmax"),), "A ReLU belongs"),
        ((network(units=8),), "expected (2, 16)"),
        ((network(outputs=2),), "expected (2, 16)"),
        ((functional(16, "relu", 1, "sigmoid"),), "expected (2, 16)"),
        ((no_bias,), "expected (2, 16)"),
        ((lambda: 3,), "return a keras.Model"),
        ((only_outputs,), "return a keras.Model"),
        ((model_not_returned,), "`return`"),
        ((lambda: print(fixed_network()),), "`return`"),
        ((3,), "function itself"),
        (([3],), "function itself"),
    ],
}
