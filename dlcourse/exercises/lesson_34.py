"""Checkers and quiz of lesson 34, transfer learning."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    expect,
    expect_function,
    expect_number,
    expect_result,
    expect_value,
    hinting,
    undisturbed,
)
from ..quizzes import Question

HEAD = 64 * 7 + 7
CONVOLUTIONS, DENSE = 144 + 4608, 32832
SCALE_AND_SHIFT = 2 * (16 + 32)  # of the two batch norms; as many are moving averages
LEARNING = CONVOLUTIONS + DENSE + SCALE_AND_SHIFT


@exercise("34.1")
def counts(frozen_body, thawed_body):
    for value, name in ((frozen_body, "frozen_body"), (thawed_body, "thawed_body")):
        expect_number(
            value, f"{name} should be one number: how many parameters can learn."
        )
    expect_value(
        frozen_body, HEAD,
        "Only the new head learns: a weight for each feature and class, a bias for each"
        " class.",
        what="frozen_body",
        mistakes=[
            (64 * 7, "frozen_body: the biases are missing, one for each class."),
            (64 * 10 + 10, "frozen_body: that is a head for ten classes; the colleague's has"
             " seven."),
            (0, "frozen_body: the body is frozen, but its new head learns."),
            (LEARNING + SCALE_AND_SHIFT, "frozen_body: that is the body, which is frozen:"
             " count what is left."),
        ],
    )  # fmt: skip
    expect_value(
        thawed_body, LEARNING + HEAD,
        "Add up: convolutions, dense layer, scale and shift of both batch norms, and the"
        " head.",
        what="thawed_body",
        mistakes=[
            (LEARNING + SCALE_AND_SHIFT + HEAD, "thawed_body: moving means and variances are"
             " in it. No gradient changes them: half of each batch norm."),
            (LEARNING, "thawed_body: the head is missing: it learns, too."),
            (LEARNING + SCALE_AND_SHIFT, "thawed_body: the head is missing, and moving means"
             " and variances do not learn by gradients."),
            (CONVOLUTIONS + DENSE + HEAD, "thawed_body: a batch norm's scale and shift learn:"
             " only its two averages do not."),
            (LEARNING + 650, "thawed_body: the head has seven classes, not ten."),
        ],
    )  # fmt: skip
    return "all of it learns but the averages, once it is thawed and compiled"


def _source(side, filters, width, classes, seed):
    """Return a small reader with batch norm and dropout, and weights drawn here."""
    import keras
    from keras import layers

    x = inputs = keras.Input((side, side, 1))
    x = layers.Conv2D(filters, 3, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Dropout(0.5)(layers.Flatten()(layers.ReLU()(x)))
    x = layers.Dense(width, activation="relu", name="features")(x)
    outputs = layers.Dense(classes, activation="softmax", name="head")(x)
    model = keras.Model(inputs, outputs)
    rng = np.random.default_rng(seed)
    # a mean over what comes in, not a sum: a softmax near 0 or 1 would hide what dropout does
    sizes = [np.prod(w.shape[:-1], dtype=int) for w in model.get_weights()]
    weights = zip(model.get_weights(), sizes, strict=True)
    model.set_weights([rng.uniform(0.5, 3.5, w.shape) / n for w, n in weights])
    return model


def _numpy(x):
    import keras

    return keras.ops.convert_to_numpy(x)


@exercise("34.2")
def transfer(transfer):
    import keras

    expect_function(transfer, "transfer")
    for side, filters, width, classes, n_classes, seed in (
        (6, 3, 5, 4, 3, 0), (5, 2, 7, 3, 6, 1),
    ):  # fmt: skip
        with undisturbed():
            source = _source(side, filters, width, classes, seed)
            hint = "The new Input must have the shape of one picture of this source:"
            hint += " source.input_shape[1:]."
            build = hinting(transfer, hint, text="ncompatible")  # another size
            build = hinting(build, hint, text="same length as input")  # with the batch
            model = build(source, n_classes)
            _judge_transfer(model, source, side, width, n_classes, keras)
    return "cut and frozen: only the new head can learn"


def _judge_transfer(model, source, side, width, n_classes, keras):
    expect(model is not None, "transfer gives nothing back: end it with `return`.")
    expect(isinstance(model, keras.Model), "transfer should return a keras.Model.")
    expect(
        model is not source,
        "That is the source itself: make a new model, with its body and a new head.",
    )
    x = np.random.default_rng(3).uniform(0, 1, (4, side, side, 1)).astype("float32")
    used = _numpy(model(x, training=False))
    expect(
        used.shape != (4, width),
        "The model ends with the features: put a Dense layer with softmax on them.",
    )
    expect(
        used.shape == (4, n_classes),
        f"For 4 pictures and n_classes = {n_classes} the model returns the shape"
        f" {used.shape}; expected (4, {n_classes}): one probability for each new class.",
    )
    head = [w for w in model.trainable_variables]
    shapes = [tuple(w.shape) for w in head]
    expect(
        shapes,
        "Nothing can learn: freeze the body only, and put a head on it that is trainable.",
    )
    expect(
        np.allclose(used.sum(axis=1), 1, atol=1e-4),
        "The outputs do not add up to 1: give the head a softmax.",
    )
    expect(
        shapes != [(source.output_shape[-1], n_classes), (n_classes,)],
        'The new head sits on the old one: cut at source.get_layer("features").output.',
    )
    expect(
        len(shapes) == 2,
        f"{len(shapes)} arrays of weights can learn; expected 2, a weight matrix and a bias:"
        " set trainable = False on the body, and let the head be one Dense layer.",
    )
    expect(
        shapes == [(width, n_classes), (n_classes,)],
        f"What can learn has the shapes {shapes}; expected a Dense layer on the"
        f" {width} features.",
    )
    features = keras.Model(source.input, source.get_layer("features").output)
    z = _numpy(features(x, training=False)) @ _numpy(head[0]) + _numpy(head[1])
    right = np.exp(z - z.max(axis=1, keepdims=True))
    expect(
        np.allclose(used, right / right.sum(axis=1, keepdims=True), atol=1e-3),
        "The probabilities are not softmax of a Dense layer on the source's features: does"
        " the body still have the source's weights, and nothing in between?",
    )


@exercise("34.3", in_place=True)
def fine_tune(fine_tune):
    import keras

    expect_function(fine_tune, "fine_tune")
    for rate in (0.02, 0.003):
        with undisturbed():
            model = _frozen_model(rate)
            before, optimizer = model.get_weights(), model.optimizer
            result = fine_tune(model, rate)
            expect(
                result is not None,
                "fine_tune gives nothing back: end it with `return`.",
            )
            expect(result is model, "Return the same model, thawed and compiled.")
            _judge_fine_tune(model, before, optimizer, rate, keras)
    return "thawed, compiled, and careful"


def _frozen_model(rate):
    """Return a frozen body with a head, compiled."""
    import keras
    from keras import layers

    body = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4, activation="relu"), layers.Dense(2)],
        name="body",
    )
    body.trainable = False
    inputs = keras.Input((3,))
    outputs = layers.Dense(3, activation="softmax")(body(inputs, training=False))
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    rng = np.random.default_rng(2)
    # a mean over what comes in, not a sum: a softmax near 0 or 1 would hide what dropout does
    sizes = [np.prod(w.shape[:-1], dtype=int) for w in model.get_weights()]
    weights = zip(model.get_weights(), sizes, strict=True)
    model.set_weights([rng.uniform(0.5, 3.5, w.shape) / n for w, n in weights])
    return model


def _judge_fine_tune(model, before, optimizer, rate, keras):
    same = all(map(np.array_equal, before, model.get_weights()))
    expect(
        same, "Do not train yet, and do not draw new weights: only thaw and compile."
    )
    expect(
        len(model.trainable_weights) > 2,
        'Only the head can learn: set trainable = True on the body, the layer "body". (On'
        " TensorFlow, setting model.trainable to the True that it is changes nothing.)",
    )
    expect(
        len(model.trainable_weights) == 6,
        "A part of the model is still frozen: all of it shall learn.",
    )
    expect(
        model.optimizer is not optimizer,
        "The model is called trainable, but its body will not learn: compile it again with a"
        " new optimizer, after you have set trainable.",
    )
    expect(
        isinstance(model.optimizer, keras.optimizers.Adam)
        and not isinstance(model.optimizer, keras.optimizers.AdamW),
        "The optimizer should be Adam.",
    )
    name = getattr(model.loss, "name", None) or getattr(
        model.loss, "__name__", model.loss
    )
    expect(
        name == "sparse_categorical_crossentropy",
        'The loss should be LOSS, "sparse_categorical_crossentropy".',
    )
    expect(
        not getattr(model.loss, "from_logits", False),
        "The head ends in a softmax: from_logits=True would take its probabilities for"
        " logits.",
    )
    expect_value(
        float(_numpy(model.optimizer.learning_rate)), rate / 10,
        "Divide the head's rate by ten.",
        what=f"With rate = {rate:g}, the new learning rate",
        mistakes=[
            (rate, "The rate is the head's own: take a tenth of it."),
            (rate * 10, "That is ten times the rate: take a tenth."),
            (0.001, "That is Adam's default: hand it rate / 10."),
            (rate / 100, "That is a hundredth: take a tenth."),
        ],
    )  # fmt: skip


@exercise("34.4")
def mended(mended):
    rng = np.random.default_rng(5)
    for n in (2, 3):
        scans = rng.integers(0, 17, (n, 8, 8)).astype("uint8")
        scans[0, 0, 0] = 16
        right = scans[..., None] / 16
        expect_result(
            mended, (scans,), right,
            "Full ink, 16 in the scans, should become 1, and paper 0.",
            mistakes=[
                (scans[..., None] / 255, "Still divided by 255: which is the largest number"
                 " in a scan of the bank?"),
                (scans / 16, "The range is right; the last axis is missing: (n, 8, 8, 1)."),
                (1 - right, "Ink and paper have changed places: ink is 1."),
                (scans[..., None], "Those are the scans as they came: the body expects 0 to"
                 " 1."),
                (scans[..., None] / 255 * 16, "Not quite: divide the scans by their largest"
                 " possible value."),
                ((scans[..., None] // 16), "Whole numbers only: with // every gray is lost."),
                (2 * right - 1, "Paper should be 0, not -1: that is the range of other"
                 " bodies."),
            ],
        )  # fmt: skip
        faint = np.full((n, 8, 8), 4, "uint8")
        faint[0, 0, 0] = 12
        expect_result(
            mended, (faint,), faint[..., None] / 16,
            "Divide by 16 always, not by the largest number of these scans: a pale scan must"
            " stay pale.",
        )  # fmt: skip
    return "fed as it was fed when it learned"


QUIZ = [
    Question(
        "A body holds a dropout layer. You set body.trainable = False, compile and fit. What may"
        " still differ from one epoch to the next?",
        [
            (
                "The body's weights: they move a little.",
                "Frozen weights do not learn: trainable = False is enough for that.",
            ),
            (
                "The features of one and the same picture.",
                "Dropout in the body stays on: it asks for training, not for trainable.",
            ),
            (
                "Nothing: frozen is frozen.",
                "The weights are, the way of computing is not.",
            ),
        ],
        1,
    ),
    Question(
        "A body is thawed after ten epochs. The summary counts its parameters as trainable;"
        " ten more epochs on TensorFlow change nothing in it. What was forgotten?",
        [
            (
                "To call compile again.",
                "What learns is settled when fit first runs after compile.",
            ),
            (
                "To raise the learning rate.",
                "Even a small rate would move it a little.",
            ),
            (
                "To put a new head on it.",
                "The head has nothing to do with what the body is allowed to learn.",
            ),
        ],
        0,
    ),
    Question(
        "With 64 labels a class, a network from scratch had overtaken the frozen body"
        " and its old head."
        " Whatever helps its head, what can a frozen body not do?",
        [
            (
                "Serve a head that learns.",
                "It can: its head learns, from every label.",
            ),
            (
                "Keep what it knew: frozen bodies forget.",
                "They cannot: nothing in them changes.",
            ),
            (
                "Change its features: they stay as America left them.",
                "Only the head learns, from the features that are there.",
            ),
        ],
        2,
    ),
    Question(
        "A colleague shows that her frozen body reads 74 of 100 new pictures. Which question"
        " comes first?",
        [
            (
                "What does a network from scratch read, with the same labels?",
                "Without this row nobody knows whether the body helped or did harm.",
            ),
            (
                "How many parameters has the body?",
                "Size says nothing about whether its features fit.",
            ),
            (
                "How long did the training take?",
                "Worth asking later: first whether it helped at all.",
            ),
        ],
        0,
    ),
]
