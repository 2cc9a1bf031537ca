"""Checkers and quiz of lesson 32, image classification."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    expect,
    expect_array,
    expect_function,
    expect_result,
    expect_tuple,
    expect_value,
    undisturbed,
)
from ..quizzes import Question


@exercise("32.1")
def build_model(build_model):
    import keras

    expect(
        not isinstance(build_model, keras.Model),
        "Hand in the function itself, without brackets: build_model, not the model.",
    )
    expect_function(build_model, "build_model")
    with undisturbed():
        for side, classes in ((28, 10), (21, 4)):
            model = build_model(side, classes)
            expect(
                model is not None,
                "build_model gives nothing back: end it with `return` and the model.",
            )
            expect(
                isinstance(model, keras.Model),
                "build_model should give back a Keras model, such as keras.Sequential([...]).",
            )
            x = np.random.default_rng(side).random((6, side, side, 1), "float32")
            try:
                model(x, training=False)
            except (ValueError, TypeError):
                raise Hint(
                    f"The model of build_model({side}, {classes}) refuses pictures of shape"
                    f" (n, {side}, {side}, 1): begin with layers.Input((side, side, 1))."
                ) from None
            _expect_stages(model, side, classes)
            if side == 28:
                n = model.count_params()
                expect(
                    n <= 10_000,
                    f"The layers are right, but have {n:,} parameters. The chip has room for"
                    " 10,000: take fewer filters.",
                )
            _expect_outputs(model, x)
    return f"two stages in {n:,} parameters"


def _expect_stages(model, side, classes):
    """Expect the weights of two 3×3 convolutions and a dense layer behind Flatten."""
    shapes = [tuple(weight.shape) for weight in model.get_weights()]
    kernels = [shape for shape in shapes if len(shape) == 4]
    dense = [shape for shape in shapes if len(shape) == 2]
    expect(
        len(kernels) == 2,
        f"A convolution in each of two stages: expected 2 Conv2D, found {len(kernels)}.",
    )
    expect(
        all(kernel[:2] == (3, 3) for kernel in kernels),
        "Each convolution should have a 3×3 kernel: layers.Conv2D(filters, 3, ...).",
    )
    expect(
        len(dense) == 1,
        f"Behind Flatten comes the softmax layer at once: expected 1 Dense, found {len(dense)}.",
    )
    (rows, units), maps = dense[0], kernels[1][3]
    expect(
        units == classes,
        f"build_model({side}, {classes}) gives {units} numbers for each picture, expected"
        f" {classes}.",
    )
    width = ((side - 2) // 2 - 2) // 2
    for found, why in (
        (1, "Put Flatten between the second pooling and Dense: Dense gets one number a map,"
         " not all places."),
        (side // 4, "Leave padding as it is: with \"same\" the maps are larger than demanded."),
        (side - 4, "No pooling found: put one behind each convolution."),
        ((side - 2) // 2 - 2, "The second stage needs a pooling behind its convolution, too."),
        ((side - 4) // 2, "The first stage needs a pooling, before the second convolution."),
    ):  # fmt: skip
        expect(rows != found * found * maps, why)
    expect(
        rows == width * width * maps,
        f"Behind the second pooling, maps of {side}×{side} pictures should have {width}×{width}"
        f" places: Flatten hands on {rows} numbers, expected {width}·{width}·{maps}.",
    )
    expect(
        len(shapes) == 6,
        "Each of the three layers should have a kernel and a bias, and no other layer any"
        f" weights: expected 6 arrays of weights, found {len(shapes)}.",
    )


def _expect_outputs(model, x):
    """Compare a model of the right sizes with NumPy, on weights that are drawn here."""
    import keras

    rng = np.random.default_rng(3)
    weights = [
        rng.normal(0, 3 / np.prod(weight.shape[:-1]) ** 0.5, weight.shape)
        if weight.ndim > 1
        else np.zeros(weight.shape)
        for weight in model.get_weights()
    ]
    h = x
    for at in (0, 2):  # biases such that ReLU cuts off about half of what it gets
        weights[at + 1] = -_stage(h, weights[at:], _same).mean(axis=(0, 1, 2))
        h = _stage(h, weights[at:])
    model.set_weights(weights)
    relu = 'needs activation="relu".'
    last = (
        'The numbers are no probabilities: the last layer needs activation="softmax".'
    )
    found = keras.ops.convert_to_numpy(model(x, training=False))
    expect_value(
        found, _two_stages(x, weights), "Expected: Conv2D with ReLU and max-pooling, twice,"
        " then Flatten and Dense with softmax.",
        what="On given weights, the model's output", tolerance=1e-3,
        mistakes=[
            (_two_stages(x, weights, first=_same, second=_same), "Both convolutions are"
             f" without an activation: each {relu}"),
            (_two_stages(x, weights, first=_same), f"The first convolution {relu}"),
            (_two_stages(x, weights, second=_same), f"The second convolution {relu}"),
            (_two_stages(x, weights, pool=np.mean), "That is average pooling: take"
             " layers.MaxPooling2D()."),
            (_two_stages(x, weights, last=_same), last),
            (_two_stages(x, weights, last=_relu), last),
            (_two_stages(x, weights, last=lambda z: 1 / (1 + np.exp(-z))), "Sigmoids judge"
             ' each class by itself. For one class out of several, activation="softmax".'),
            (_two_stages(x, weights, last=lambda z: _softmax(_softmax(z))), "Softmax is applied"
             " twice: once is enough."),
        ],
    )  # fmt: skip


def _same(z):
    return z


def _relu(z):
    return np.maximum(z, 0)


def _softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _stage(x, weights, activation=_relu, pool=np.max):
    """Return what a 3×3 convolution and a 2×2 pooling make of x."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(1, 2))
    h = activation(np.einsum("nhwcij,ijcf->nhwf", windows, weights[0]) + weights[1])
    n, half, maps = len(h), h.shape[1] // 2, h.shape[3]
    h = h[:, : 2 * half, : 2 * half].reshape(n, half, 2, half, 2, maps)
    return pool(h, axis=(2, 4))


def _two_stages(x, weights, first=_relu, second=_relu, pool=np.max, last=_softmax):
    """Return what the demanded network makes of pictures: (n, side, side, 1) → (n, classes)."""
    h = _stage(_stage(x, weights, first, pool), weights[2:], second, pool)
    return last(h.reshape(len(h), -1) @ weights[4] + weights[5])


@exercise("32.2")
def within_luck(within_luck):
    cases = [
        ([0.954, 0.972, 0.9601, 0.9712, 0.9644, 0.9639], 1600),
        ([0.9, 0.77, 0.87, 0.8, 0.841, 0.856, 0.84, 0.61, 0.88, 0.86], 145),
        ([0.66, 0.653, 0.7, 0.648, 0.68, 0.5, 0.67, 0.63], 400),
    ]
    for accuracies, n in cases:
        a = np.array(accuracies)
        best = a.max()
        error = np.sqrt(best * (1 - best) / n)
        own = np.sqrt(a * (1 - a) / n)
        near = f"The best is {best:g} and its standard error {error:.4f}: True where an"
        expect_result(
            within_luck, (a, n), a >= best - 2 * error,
            f"{near} accuracy is at least {best - 2 * error:.4f}.",
            mistakes=[
                (a < best - 2 * error, "True and False have changed places: True is for those"
                 " that are near the best."),
                (a >= best - error, "That is one standard error: go two below the best."),
                (a == best, "Only the best is True: those at most two standard errors below"
                 " it belong to it, too. Did you take the root, with n under it?"),
                (np.ones(len(a)), "All are True: what is far below the best is not as good."
                 " Did you divide by n under the root?"),
                (a[a >= best - 2 * error], "Those are the accuracies themselves: return True"
                 " or False for every contender."),
                (np.flatnonzero(a >= best - 2 * error), "Those are the places of the"
                 " contenders: return True or False for every contender."),
                (best - 2 * error, "That is the limit itself: compare every accuracy with"
                 " it."),
            ]
            + [(a + 2 * own >= best, "Take the standard error of the best, not of each"
                " contender.")] * (n < 1000)
            + [(a >= best - 2 * np.sqrt((1 - best) / n), "The formula has a·(1 - a) under the"
                " root, not 1 - a alone."),
               (a >= best - 2 * np.sqrt(best / n), "The formula has a·(1 - a) under the"
                " root, not a alone.")] * bool(best < 0.8),
        )  # fmt: skip
    return "whoever is left, these pictures cannot put in order"


@exercise("32.3")
def scores(scores):
    def three(p, r):
        return p, r, 2 * p * r / (p + r)

    y_true = np.array([4, 4, 4, 4, 4, 4, 4, 4, 0, 0, 0, 9, 9, 9, 9, 9, 9])
    y_pred = np.array([4, 4, 4, 4, 4, 9, 0, 9, 4, 0, 0, 4, 9, 9, 9, 9, 0])
    few = np.array([[1, 1, 7, 7, 2, 2, 2, 7, 7, 7], [1, 7, 7, 7, 2, 2, 1, 1, 1, 7]])
    for label, true, guess in ((4, y_true, y_pred), (0, y_true, y_pred), (7, *few)):
        n, hits = len(true), (true == guess).sum()
        called, are = (guess == label).sum(), (true == label).sum()  # TP + FP, TP + FN
        tp = ((true == label) & (guess == label)).sum()
        p, r, f1 = three(tp / called, tp / are)
        same = ((true == label) == (guess == label)).mean()  # TP and TN
        f1_formula = "use 2·precision·recall / (precision + recall)."
        all_three = "return all three, precision, recall, F1."
        negatives = "True negatives do not enter: divide TP by TP + FP, and by TP + FN."
        expect_result(
            scores, (true, guess, label), (p, r, f1),
            f"For label {label}: TP {tp}, FP {called - tp}, FN {are - tp}; return"
            " (precision, recall, F1).",
            mistakes=[
                ((r, p, f1), "Precision and recall are swapped: precision divides by how"
                 f" often {label} was predicted."),
                ((p, r, (p + r) / 2), f"That F1 is the plain mean: {f1_formula}"),
                ((p, r, p * r / (p + r)), "F1 has a factor 2 in front."),
                ((p, r, 2 * p * r), "F1 is divided by precision + recall."),
                ((p, r, 3 * r), "F1 needs brackets around precision + recall."),
                (three(1 + called - tp, 1 + are - tp), "Brackets: TP / (TP + FP) and"
                 " TP / (TP + FN)."),
                ((p, r, (p * r) ** 0.5), f"That F1 is the root of the product: {f1_formula}"),
                (np.multiply(three(p, r), 100), "Return fractions between 0 and 1, not"
                 " percent."),
                ((p, r), f"F1 is missing: {all_three}"),
                (f1, f"That is F1 alone: {all_three}"),
                ((tp, called - tp, are - tp), "Those are the counts TP, FP and FN: put them"
                 " into the formulas."),
                (np.full(3, hits / n), "That is the accuracy over all classes: look at one"
                 " label only."),
                (three(hits / called, hits / are), "TP counts the images of this label only:"
                 " both arrays must equal the label."),
                (three(are / (are + called - tp), are / (are + are - tp)), "TP counts only the"
                 f" images of label {label} that were found, not all of them."),
                (three(same, r), negatives),
                (three(same, same), negatives),
                (three(tp / n, tp / n), "You divide by all images: precision divides by how"
                 f" often {label} was predicted, recall by how often it is true."),
            ],
        )  # fmt: skip
    return "two questions, two numbers, and their harmonic mean"


@exercise("32.4")
def answers(answers):
    expect_function(answers, "answers")
    pair = "Return two arrays, (y_true, y_pred): all labels, then all predictions."
    with undisturbed():
        for seed, n in ((1, 60), (2, 47)):
            model, data, x, y = _shuffled(seed, n)
            right = _confusion(y, _read(model, x))
            found = expect_tuple(answers(model, data), 2, pair)
            true, called = (
                expect_array(part, (n,), what)
                for part, what in zip(found, ("y_true", "y_pred"), strict=True)
            )
            for part, what in ((true, "y_true"), (called, "y_pred")):
                expect(
                    np.isin(part, np.arange(10)).all(),
                    f"{what} should hold labels, 0 to 9: of the outputs take the argmax over"
                    " the last axis.",
                )
            counts = _confusion(true, called)
            expect(
                not np.array_equal(counts, right.T),
                "Labels and predictions have changed places: return (y_true, y_pred).",
            )
            told = np.array_equal(counts.sum(axis=1), right.sum(axis=1))
            read = np.array_equal(counts.sum(axis=0), right.sum(axis=0))
            both = np.array_equal(counts, np.diag(counts.diagonal()))
            expect(
                not (both and (told or read)),
                "Both arrays are the same: one should hold the labels of the data, the other"
                " what the model says.",
            )
            expect(
                np.array_equal(counts, right) or not (told and read),
                "The labels are complete and so are the predictions, but they do not belong"
                " to the same pictures. How often do you go through the data?",
            )
            expect(
                told,
                "y_true does not hold every label of the data once: collect those of all"
                " batches.",
            )
            expect(
                read,
                "y_pred does not hold what the model says of the pictures: give them to the"
                " model as they are, with training=False, and take the argmax over the last"
                " axis.",
            )
    return "one pass: what comes out of the same batch belongs together"


def _confusion(true, called):
    """Return how often each label, (row), was called each label, (column): (10, 10)."""
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (np.asarray(true, int), np.asarray(called, int)), 1)
    return counts


def _read(model, x):
    import keras

    return keras.ops.convert_to_numpy(model(x, training=False)).argmax(axis=-1)


def _shuffled(seed, n):
    """Return a model that is mostly right, and n pictures in batches, shuffled anew each time.

    A picture has ten pixels. The model takes mostly the brightest, but its biases count,
    too, so that the scale of the pixels matters. Dropout shows whether it was in training.
    """
    import keras
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 9)  # unequal counts
    bright = np.where(rng.random(n) < 0.7, y, rng.integers(0, 10, n))
    x = 0.5 * rng.random((n, 2, 5, 1)).astype("float32")
    x.reshape(n, 10)[np.arange(n), bright] = 1
    names = rng.permutation(10)
    model = keras.Sequential([
        keras.layers.Input((2, 5, 1)), keras.layers.Flatten(), keras.layers.Dropout(0.5),
        keras.layers.Dense(10, activation="softmax"),
    ])  # fmt: skip
    model.set_weights([5 * np.eye(10)[names], rng.permutation(np.linspace(-2, 2, 10))])
    data = tf.data.Dataset.from_tensor_slices((x, names[y])).shuffle(n, seed=seed)
    return model, data.batch(8), x, names[y]


QUIZ = [
    Question(
        "You try 30 networks. When may you look at test accuracies?",
        [
            ("After each, to see progress", "Then you choose by it, and the best of 30"
             " scores flatters itself: it has become a validation set."),
            ("For the three best, to pick the winner", "A milder form of the same: the pick"
             " uses the test set, so the winner's score tends to be too high."),
            ("Once the choice is made by validation accuracy", "Right: chosen without it, the"
             " number is honest. Others may be measured beside it, if nothing is chosen anew."),
            ("Never; training accuracy says the same", "Training accuracy measures memory:"
             " it can be 100 % while new images are read poorly."),
        ],
        2,
    ),
    Question(
        "On the same 400 validation pictures network A reads 98.0 %, network B 97.5 %. What"
        " follows?",
        [
            ("A reads two pictures more; take either", "Right: 0.5 % of 400 are two"
             " pictures, and the standard error is 0.7 points."),
            ("A is the better network", "Two pictures more are well inside two standard"
             " errors: on other pictures, or with another seed, B may lead."),
            ("B overfits", "Overfitting shows over the epochs: validation loss rises while"
             " training loss still falls. Neither is given here."),
        ],
        0,
    ),
    Question(
        "A network reads 99.9 % of its training pictures and 95.5 % of the validation"
        " pictures. Which of these is most likely to narrow the gap?",
        [
            ("More epochs", "There is hardly anything left to learn on the training pictures,"
             " and the gap would stay."),
            ("More neurons in the dense layer", "That is more room to memorize in. The network"
             " already fits its training pictures."),
            ("A higher learning rate", "It speeds up the fit to the training pictures, which"
             " is nearly perfect already."),
            ("Shifted copies of the training pictures", "Right: they cannot be learned by"
             " heart so easily, and what holds for them holds for new pictures more often."),
        ],
        3,
    ),
    Question(
        "Of 100 sevens a network finds 90; it calls 120 pictures a seven. Its precision for"
        " the seven?",
        [
            ("90 %", "That is the recall: of the sevens, how many were found?"),
            ("75 %", "Right: 90 of the 120 that it called a seven are sevens."),
            ("83 %", "That is 100 / 120: of those it called a seven, only 90 are sevens."),
        ],
        1,
    ),
]  # fmt: skip
