"""Checkers and quiz of lesson 35, deep architectures."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    expect,
    expect_function,
    expect_result,
    expect_tuple,
    expect_value,
    hinting,
    is_close,
    name_of,
    undisturbed,
)
from ..quizzes import Question

EPSILON = 0.001


@exercise("35.1")
def batch_norm(batch_norm):
    expect_function(batch_norm, "batch_norm")
    rng = np.random.default_rng(1)
    for images, units, given in ((5, 3, ()), (4, 2, (0.6,)), (7, 4, (0.99,))):
        x = rng.normal(
            [2.0, -1, 0.5, 4][:units], [3.0, 0.5, 2, 1][:units], (images, units)
        )
        mean, variance = rng.normal(size=units), rng.uniform(0.5, 3, units)
        for training in (True, False):
            _judge_mode(batch_norm, x, mean, variance, training, given)
    return "the batch while training, the moving averages afterwards"


def _judge_mode(function, x, mean, variance, training, given):
    """Judge the three results of one call; the mode is named in every hint."""
    momentum = given[0] if given else 0.9
    mode = "In training mode" if training else "In inference mode"
    told = "Return three things: the normalized values, mean, variance."
    guarded = hinting(
        function, "Your shapes do not fit each other: average over axis 0 only, which"
        " leaves (units,).", text="broadcast",
    )  # fmt: skip
    parts = expect_tuple(guarded(x, mean, variance, training, *given), 3, told)
    batch_mean, batch_variance = x.mean(axis=0), x.var(axis=0)
    used = (batch_mean, batch_variance) if training else (mean, variance)

    def normal(mean, variance, epsilon=EPSILON, root=np.sqrt):
        return (x - mean) / root(variance + epsilon)

    def moved(old, new, share=momentum):
        return share * old + (1 - share) * new

    after = moved(mean, batch_mean), moved(variance, batch_variance)
    mixed = (
        f"{mode} you normalize with the moving averages after the update: use the batch's"
        " own mean and variance."
    )
    other = (
        "In training mode, normalize with the batch's mean and variance, not with the moving"
        " ones."
        if training
        else "In inference mode, normalize with the moving averages, not with the batch."
    )
    wrong = (mean, variance) if training else (batch_mean, batch_variance)
    expect_value(
        parts[0], normal(*used),
        f"{mode}: subtract the mean, divide by the root of variance + 0.001.",
        what="The normalized x",
        mistakes=[
            (normal(*wrong), other),
            *([(normal(*after), mixed)] if training else []),
            (normal(*used, epsilon=0), "Add epsilon, 0.001, to the variance under the root."),
            ((x - used[0]) / (np.sqrt(used[1]) + EPSILON), "Epsilon belongs under the root, next"
             " to the variance, not behind the root."),
            *([(normal(batch_mean, x.var(axis=0, ddof=1)), "You divide by one image less than"
                " there are (ddof=1): the batch's variance is the plain mean of the squares.")]
              if training else []),
            (normal(*used, root=lambda v: v), "You divide by the variance: take its root."),
            (x - used[0], "The mean is gone; now divide by the root of variance + 0.001."),
            (normal(x.mean(), x.var()), "That is one mean for all units together: average over"
             " axis 0, the images."),
            (normal(x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)),
             "You averaged over the units, axis 1: average over the images, axis 0."),
        ],
    )  # fmt: skip
    means, variances = (mean, batch_mean), (variance, batch_variance)
    for name, part, (old, new), other in (
        ("moving mean", parts[1], means, variances),
        ("moving variance", parts[2], variances, means),
    ):
        if training:
            mistakes = [
                (old, "In training mode both moving averages must move: m times the old one plus"
                 " (1 - m) times the batch's."),
                (moved(new, old), "Momentum is the share of the *old* average: here old and"
                 " new have changed places."),
                (new, "A moving average should move only a part of the way, 1 - momentum, to the"
                 " batch's."),
                (old + (1 - momentum) * new, "The old average has to be multiplied by the"
                 " momentum."),
                (moved(*other), "The moving mean and the moving variance have changed"
                 " places."),
                *([(moved(old, np.sqrt(new)), "Average the batch's variance, not its standard"
                    " deviation.")] if part is parts[2] else []),
            ]  # fmt: skip
            if momentum != 0.9:
                usual = moved(old, new, 0.9)
                mistakes.append((usual, "Use the argument momentum, not 0.9."))
        else:
            mistakes = [
                (
                    moved(old, new),
                    "In inference mode a moving average must stay as it is.",
                ),
                (new, "In inference mode return the moving averages that came in."),
            ]
        expect_value(
            part, moved(old, new) if training else old,
            "m times the old average plus (1 - m) times the batch's, and only in training"
            " mode.",
            what=f"The {name}", mistakes=mistakes,
        )  # fmt: skip


@exercise("35.2")
def residual_block(residual_block):
    import keras

    expect_function(residual_block, "residual_block")
    for width, n in ((5, 6), (3, 9)):
        with undisturbed():
            inputs = keras.Input((width,))
            outputs = residual_block(inputs, width)
            expect(
                outputs is not None,
                f"{name_of(residual_block)} gives nothing back: end it with `return`.",
            )
            told = "Return the new h: what Keras layers make of the h that came in."
            expect(isinstance(outputs, keras.KerasTensor), told)
            try:
                model = keras.Model(inputs, outputs)
            except (ValueError, TypeError, KeyError):
                raise Hint(told) from None
            _judge_block(model, width, n)
    return "h goes around the layers, and what they found is added"


def _judge_block(model, width, n):
    """Set the weights of a learner's block, and compare both modes with NumPy."""
    import keras

    norms = _layers(model, keras.layers.BatchNormalization)
    dense = _layers(model, keras.layers.Dense)
    expect(len(norms) == 1, "Use one BatchNormalization layer in the block.")
    expect(len(dense) == 1, "Use one Dense layer in the block.")
    expect(
        len(dense[0].weights) == 2 and len(norms[0].weights) == 4,
        "Leave the Dense layer its bias, and the BatchNormalization its gamma and beta.",
    )
    units = dense[0].units
    expect(
        units == width and norms[0].gamma.shape == (width,) == model.output.shape[1:],
        f"For width {width}, the layers and the result should have {width} units.",
    )
    expect(
        is_close(norms[0].momentum, 0.9),
        "Give the BatchNormalization a momentum of 0.9.",
    )
    rng = np.random.default_rng(n)
    x = rng.normal(0, 2, (n, width)).astype("float32")
    gamma, beta, mean = rng.normal(1, 0.5, (3, width))
    variance = rng.uniform(0.5, 2, width)
    kernel, bias = rng.normal(size=(width, width)), rng.normal(size=width)
    dense[0].set_weights([kernel, bias])
    epsilon = norms[0].epsilon

    def relu(z):
        return np.maximum(z, 0)

    for training in (False, True):
        norms[0].set_weights([gamma, beta, mean, variance])
        result = keras.ops.convert_to_numpy(model(x, training=training))

        def norm(z, training=training):
            m, v = (z.mean(axis=0), z.var(axis=0)) if training else (mean, variance)
            return gamma * (z - m) / np.sqrt(v + epsilon) + beta

        def layer(z):
            return z @ kernel + bias

        inside = layer(relu(norm(x)))
        expect_value(
            result, x + inside, "The order is: norm, ReLU, Dense, then the sum with h.",
            what="The block's result", tolerance=1e-3,
            mistakes=[
                (inside, "The shortcut is missing: add the h that came in."),
                (2 * inside, "The h that came in is lost, and its successor is added to itself:"
                 " let the layers work on another name, such as z."),
                (relu(x + inside), "There is a ReLU behind the sum: it closes the road to"
                 " negative numbers."),
                (x + layer(norm(x)), "The ReLU is missing, between norm and Dense."),
                (x + relu(layer(norm(x))), "The ReLU follows Dense, perhaps as its activation: it"
                 " belongs between norm and Dense."),
                (x + relu(inside), "The Dense layer has an activation, or a ReLU follows it:"
                 " leave it out."),
                (x + layer(norm(relu(x))), "Norm first, ReLU second: you have them the other"
                 " way round."),
                (x + relu(norm(layer(x))), "The Dense layer comes last, behind norm and"
                 " ReLU."),
                (x + norm(layer(relu(x))), "Norm comes first, then ReLU, then Dense."),
                (x + norm(relu(layer(x))), "Norm comes first, then ReLU, then Dense."),
                (norm(x) + inside, "The shortcut starts behind the norm: add the h that came"
                 " in, untouched."),
                (relu(norm(x)) + inside, "The shortcut starts behind norm and ReLU: add the h"
                 " that came in, untouched."),
                (x - inside, "Add, do not subtract."),
                (x * inside, "Add, do not multiply."),
            ],
        )  # fmt: skip


def _layers(model, kind):
    """Return the model's layers of a kind, those of an inner model, too."""
    found = []
    for layer in model.layers:
        found += _layers(layer, kind) if hasattr(layer, "layers") else [layer]
    return [layer for layer in found if isinstance(layer, kind)]


@exercise("35.5")
def multiply_adds(multiply_adds):
    tables = [
        [(4, 3, 2, 5, 1), (2, 5, 7, 3, 4)],
        [(6, 1, 3, 8, 2), (3, 7, 4, 2, 3), (1, 1, 11, 10, 1)],
        [(7, 2, 3, 5, 3)],
    ]
    for rows in tables:
        parts = np.array(rows, float)
        s, k, c_in, c_out, times = parts.T
        right = s**2 * k**2 * c_in * c_out * times
        expect_result(
            multiply_adds, (rows,), right.sum(),
            "Per row: side² · kernel² · c_in · c_out · times; then the sum.",
            mistakes=_different(right.sum(), [
                ((k**2 * c_in * c_out * times).sum(), "That counts the weights: each is used"
                 " once for every place, side · side."),
                ((s * k**2 * c_in * c_out * times).sum(), "There are side · side places: square"
                 " the side."),
                ((s**2 * k * c_in * c_out * times).sum(), "The kernel is k · k: square it."),
                ((s * k * c_in * c_out * times).sum(), "Both are areas: square the side and the"
                 " kernel."),
                ((s**2 * k**2 * c_in * c_out).sum(), "Each row stands for several layers:"
                 " multiply by times."),
                ((s**2 * k**2 * c_out * times).sum(), "Each output channel reads every input"
                 " channel: multiply by c_in."),
                ((s**2 * k**2 * c_in * times).sum(), "There is a kernel for each output"
                 " channel: multiply by c_out."),
                ((s**2 * (k**2 * c_in + 1) * c_out * times).sum(), "Leave the biases out: they"
                 " are added, not multiplied."),
                ((s**2 * k**2 * (c_in + c_out) * times).sum(), "Channels in and out multiply:"
                 " each of them reads each."),
                ((s**2 * k**2 * c_in * c_out * times)[0], "That is the first row only: add up"
                 " all of them, and return behind the loop."),
                ((s**2 * k**2 * c_in * c_out * times)[-1], "That is the last row only: add"
                 " to the sum, do not replace it."),
                (2 * right.sum(), "A multiply–add is one unit: do not count it twice."),
                (right.sum() / 1e9, "Return the number itself, not billions."),
            ]),
        )  # fmt: skip
    return "now you can check the tables of papers"


def _different(right, mistakes):
    """Leave out what equals the right number, as in a table of a single row."""
    kept = []
    for wrong, why in mistakes:
        if not any(is_close(wrong, other) for other in (right, *(v for v, _ in kept))):
            kept.append((wrong, why))
    return kept


@exercise("35.4", in_place=True)
def mend(mend):
    import keras
    from keras import layers

    expect_function(mend, "mend")
    for features, units, momentum in ((3, 2, 0.99), (2, 4, 0.98)):
        rng = np.random.default_rng(units)
        x = rng.normal(4.0, 3.0, (40, features)).astype("float32")
        with undisturbed():
            keras.utils.set_random_seed(units)
            model = keras.Sequential([
                layers.Input((features,)), layers.BatchNormalization(momentum=momentum),
                layers.Dense(units), layers.BatchNormalization(momentum=momentum),
            ])  # fmt: skip
            model.compile("adam", "mse")
            variables = list(model.trainable_variables)  # mend may freeze them
            trained = [keras.ops.convert_to_numpy(v) for v in variables]
            start = [
                keras.ops.convert_to_numpy(v) for v in model.non_trainable_variables
            ]
            mend(model, x)
            _judge_mending(model, x, variables, trained, start)
    return "the weights were right all along; only the averages lagged"


def _judge_mending(model, x, variables, trained, start):
    import keras

    now = [keras.ops.convert_to_numpy(v) for v in variables]
    expect(
        all(np.array_equal(a, b) for a, b in zip(trained, now, strict=True)),
        "A trained weight has changed: gamma, beta, kernels and biases must stay as they"
        " are. No fit: only the moving averages may move.",
    )
    norms = _layers(model, keras.layers.BatchNormalization)
    states = [
        keras.ops.convert_to_numpy(v)
        for n in norms for v in (n.moving_mean, n.moving_variance)
    ]  # fmt: skip
    moved = any(not np.array_equal(a, b) for a, b in zip(start, states, strict=True))
    expect(
        moved or all(n.trainable for n in norms),
        "A frozen BatchNormalization (trainable = False) keeps its moving averages, even with"
        " training=True: do not freeze it. Calling the model changes no trained weight.",
    )
    expect(
        moved,
        "No moving average has moved: mend never calls the model in training mode. What does"
        " training=True do to them?",
    )
    expect(
        all(np.isfinite(state).all() for state in states),
        "A moving average is not a number: a call got no images. Hand the model all of x at"
        " once, however many images these are.",
    )
    h, remaining = x, []
    for layer in model.layers:
        if layer in norms:
            mean, variance = h.mean(axis=0), h.var(axis=0)
            for name, state, right, begin in (
                ("mean", layer.moving_mean, mean, 0.0),
                ("variance", layer.moving_variance, variance, 1.0),
            ):
                state = keras.ops.convert_to_numpy(state)
                left = np.abs(state - right).max() / max(np.abs(begin - right).max(), 1)
                remaining.append((left, name))
            h = (h - mean) / np.sqrt(variance + layer.epsilon)
        else:
            h = keras.ops.convert_to_numpy(layer(h))
    left, name = max(remaining)
    expect(
        left < 0.1,
        f"The moving averages are on their way, but a {name} still lacks {min(left, 1):.0%} of"
        " it. Each call moves them by 1 - momentum, a hundredth: how many calls does it take,"
        " with all of x?",
    )


@exercise("35.3")
def gains_of_norm(gains_of_norm):
    rng = np.random.default_rng(5)
    for draws in (3, 5, 4):
        trial = rng.uniform(5, 95, (2, 2, draws)).round(1)
        mean, best = trial.mean(axis=2), trial.max(axis=2)
        alone, beside = mean[1] - mean[0]
        pairs = trial[1] - trial[0]
        expect_result(
            gains_of_norm, (trial,), [alone, beside],
            "Each gain is a mean over the draws: with norm minus without norm, and everything"
            " else equal on both sides.",
            mistakes=[
                ((beside, alone), "The two gains have changed places: first alone, without a"
                 " shortcut."),
                ((-alone, -beside), "With norm minus without norm, not the other way round."),
                ((alone, mean[1, 1] - mean[0, 0]), "Your second gain sets both against neither:"
                 " that changes two things at once. Both sides need the shortcut."),
                (mean[:, 1] - mean[:, 0], "Those are the gains of the shortcut: norm is the"
                 " first axis of trial."),
                (mean[1], "Those are the digits read with norm. A gain is what they read more"
                 " than the same networks without norm."),
                (pairs, "Those are the gains draw by draw: now take their means."),
                (best[1] - best[0], "You compare the best draw of each kind, which is luck:"
                 " compare their means."),
                (pairs[:, 0], "That is the first draw alone, which may be luck: take the mean"
                 " over all draws."),
                (pairs.sum(axis=1), "You sum over the draws: take the mean."),
                (pairs.mean(), "That is one number for both: return two gains, without and"
                 " with a shortcut."),
                (alone, "That is the first gain. Return the gain beside a shortcut, too."),
            ],
        )  # fmt: skip
    return "a cure is judged against the same network without it, in each company"


QUIZ = [
    Question(
        "A network with 20 plain layers reads fewer of its own *training* images than one with"
        " 2. What follows?",
        [
            (
                "It overfits.",
                "Then it would be good on the training images, and bad on new ones.",
            ),
            (
                "It trains badly: better weights exist, and training has not found them.",
                "Eighteen layers that pass everything on would make it as good as the small"
                " one.",
            ),
            (
                "It has too few parameters.",
                "It has more than the small one.",
            ),
        ],
        1,
    ),
    Question(
        "Someone reports: “We added batch norm *and* shortcuts to our deep network, and it"
        " trains. Shortcuts are the cure.” What is missing?",
        [
            (
                "A larger network.",
                "Size is not the question: two things were changed at once.",
            ),
            (
                "A test on more images.",
                "That would make the number more exact, and still not say which change it is"
                " due to.",
            ),
            (
                "The network with norm alone and the one with shortcuts alone, from several"
                " starts.",
                "Only then do you see what each does by itself. Here, neither alone was"
                " enough.",
            ),
        ],
        2,
    ),
    Question(
        "In a residual block (norm, ReLU, dense layer, shortcut) the dense layer's weights and"
        " biases are all 0. What does the block hand on?",
        [
            (
                "Its input, unchanged.",
                "The layers give 0, and h + 0 = h. A plain layer would hand on zeros.",
            ),
            (
                "Zeros.",
                "The layers give zeros, but the shortcut adds the input to them.",
            ),
            (
                "Its input, brought to mean 0 and standard deviation 1.",
                "The shortcut leads around the norm, too: the input arrives untouched.",
            ),
        ],
        0,
    ),
    Question(
        "A trained network with batch norm reads a single image. Which mean does a norm layer"
        " subtract from a unit's value?",
        [
            (
                "The mean of this image's units.",
                "Batch norm takes each unit by itself. Layer norm would average over the units.",
            ),
            (
                "The moving average that it kept while training.",
                "It fits once enough batches were seen: with a momentum of 0.9, some dozens.",
            ),
            (
                "The mean of the last training batch.",
                "It went into the moving average, with the share 1 - m, and was not kept.",
            ),
        ],
        1,
    ),
]
