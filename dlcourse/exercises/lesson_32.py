"""Checkers and quiz of lesson 32, image classification."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    expect,
    expect_array,
    expect_function,
    expect_number,
    expect_result,
    expect_value,
    undisturbed,
)
from ..quizzes import Question


def _classic(width, conv=320, maps=32, one=1, last=1290):
    return conv + (width * width * maps + one) * 128 + last


@exercise("32.1")
def classic_parameters(classic_parameters):
    expect_function(classic_parameters, "classic_parameters")
    # an even and an odd side together tell the wrong roundings apart
    for sides in ((15, 28), (8, 9)):
        found = [
            expect_number(
                classic_parameters(side), "Return one number: all the parameters."
            )
            for side in sides
        ]
        even, odd = sorted(sides, key=lambda side: side % 2)
        width = (np.array(sides) - 2) // 2
        side = np.array(sides)
        bias = "have a bias each."
        expect_value(
            found, _classic(width),
            f"For side {sides[0]}, add three layers: the convolution's 320; Dense 128 on"
            f" {width[0]}·{width[0]}·32 inputs; Dense 10 on 128 inputs.",
            what=f"classic_parameters of {sides[0]} and {sides[1]}",
            tolerance=1e-7,
            mistakes=[
                (_classic(width, conv=288), f"The 32 filters of the convolution {bias}"),
                (_classic(width, one=0), f"The 128 neurons of the first dense layer {bias}"),
                (_classic(width, last=1280), f"The ten output neurons {bias}"),
                (_classic(width, conv=288, one=0, last=1280), "Those are the weights alone:"
                 " every filter and neuron has a bias, too."),
                (_classic(width, last=0), "Add the last dense layer, 128 → 10."),
                (_classic(width, conv=0), "Add the convolution's own (3·3·1 + 1)·32."),
                (_classic(width) - _classic(width, conv=0, last=0), "Add the first dense"
                 f" layer: {width[0]}·{width[0]}·32 inputs for side {sides[0]}, 128 neurons."),
                (_classic(width, maps=1), "Flatten hands on all 32 maps: width·width·32"
                 " numbers."),
                (_classic(width**0.5), "A map has two sides: width·width·32."),
                (_classic(side // 2), "The 3×3 convolution without padding removes two pixels"
                 " from the side before the pooling halves it."),
                (_classic(side // 2 - 2), "The side is one too small: the convolution leaves"
                 " side - 2, the pooling half of that, so (side - 2) // 2."),
                (_classic((side - 3) // 2), "A 3×3 kernel removes two pixels from the side,"
                 " not three: side - 3 + 1."),
                (_classic((side - 2) / 2), f"For side {odd}, pooling rounds half pixels down:"
                 " use `//`."),
                (_classic((side - 1) // 2), f"Right for side {even}, too large for {odd}: after"
                 " the pooling the side is (side - 2) // 2."),
                (_classic(side), "Flatten gets fewer pixels than the image has: the"
                 " convolution makes the side 2 smaller, then the pooling halves it."),
                (_classic(side - 2), "The pooling halves the side after the convolution."),
            ],
        )  # fmt: skip
    return "38,602 for 8×8, 693,962 for MNIST: nearly all in one dense layer"


@exercise("32.2")
def batch_norm(batch_norm):
    rng = np.random.default_rng(3)
    gamma, beta = np.array([1.5, -2.0, 0.5]), np.array([0.7, 1.0, -1.0])
    cases = (((5, 2, 4, 3), float, ()), ((2, 3, 1, 3), "float32", (0.5,)))
    for shape, dtype, given in cases:
        x = rng.normal([2.0, -1.0, 0.5], [3.0, 0.5, 0.1], shape).astype(dtype)
        try:
            _expect_normalized(batch_norm, (x, gamma, beta, *given))
            gamma, beta = beta + 2, -gamma  # others for the next case
        except ValueError as error:
            if "broadcast" not in str(error):
                raise
            raise Hint(
                "Your shapes do not fit each other. Average over axes 0, 1 and 2: that leaves"
                " one number per channel, shape (channels,), which fits the last axis of x"
                f" without keepdims. (NumPy: {' '.join(str(error).split())})"
            ) from error
    return "one mean and one variance per channel, over batch, height and width"


def _expect_normalized(batch_norm, arguments):
    """Expect the right result of one call; a ``Hint`` that names the mistake if not."""
    x, gamma, beta, epsilon = (*arguments, 0.001)[:4]

    def normal(axes=(0, 1, 2), epsilon=epsilon, ddof=0, g=gamma, b=beta, root=np.sqrt):
        mean = x.mean(axis=axes, keepdims=True)
        variance = x.var(axis=axes, keepdims=True, ddof=ddof)
        return g * (x - mean) / root(variance + epsilon) + b

    centered, std = x - x.mean((0, 1, 2)), x.std((0, 1, 2))
    root = np.sqrt(std**2 + epsilon)
    over_batch = (
        "You averaged over the batch only, so every place has a mean or variance of its own:"
        " average over height and width, too."
    )
    mistakes = [
        (normal(g=1, b=0), "Normalized, but gamma and beta are not applied."),
        (normal(b=0), "Add beta at the end."),
        (normal(g=1), "Multiply by gamma before you add beta."),
        (normal(axes=None), "That is one mean and variance for all channels together:"
         " average over axes 0, 1 and 2 only."),
        (normal(axes=0), over_batch),
        (normal(axes=(1, 2)), "You averaged each image by itself: the batch, axis 0,"
         " belongs to the average too."),
        (normal(axes=-1), "You averaged over the channels: they must stay apart. Average"
         " over all the other axes."),
        (normal(root=lambda v: v), "You divide by the variance: take its square root."),
        (normal(epsilon=0), "Add epsilon to the variance, under the root."),
        (normal(ddof=1), "Divide by n, not n - 1: batch norm uses the plain variance."),
        (gamma * centered / (std + epsilon) + beta,
         "Add epsilon to the variance, under the root, not to the standard deviation."),
        (gamma * centered + beta, "Divide by the standard deviation."),
        (gamma * centered / np.sqrt(std + epsilon) + beta, "The standard deviation is a root"
         " already: take the variance, x.var, under the root."),
        (gamma * x / root + beta, "Subtract the mean first."),
        (gamma * (centered / root + beta), "beta is added last, after gamma has multiplied."),
        (beta * centered / root + gamma, "gamma multiplies and beta is added: you use them"
         " the other way round."),
        (x.mean((0, 1, 2)), "Those are the means: subtract them from x, and go on."),
    ]  # fmt: skip
    if epsilon != 0.001:
        mistakes = [(normal(epsilon=0.001), "With another epsilon the result should change:"
                     " use the argument, not 0.001.")]  # fmt: skip
    expect_result(
        batch_norm, arguments, normal(), mistakes=mistakes,
        hint="Per channel: subtract the mean, divide by the root of variance + epsilon, then"
        " times gamma, plus beta.",
    )  # fmt: skip


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
def mended(mended):
    import keras

    expect_function(mended, "mended")
    rng = np.random.default_rng(4)
    kind = rng.permutation(np.repeat(np.arange(10), 4))
    bright, strong = kind % 5, kind // 5  # which of row 0 is bright, and how much
    images = 0.2 * rng.random((40, 2, 5, 1)).astype("float32")
    images[np.arange(40), 0, bright, 0] += np.where(strong, 1.2, 0.6)
    names, others = rng.permutation(10), rng.permutation(10)
    with undisturbed():
        models = _reader(names, images), _reader(others, images)
        before = [model.get_weights() for model in models]
        outputs = keras.ops.convert_to_numpy(models[0](images, training=False))
        worst = outputs.argmin(axis=-1)
        found = _read(mended, models[0], images)
        expect(
            np.array_equal(found, np.round(found)),
            "Return labels, the index of the largest output, not probabilities.",
        )
        expect_value(
            found, names[kind],
            f"Only {np.mean(found == names[kind]):.0%} of a mixed batch are right: give the"
            " images to the model as they are, in inference mode, and take the argmax over the"
            " last axis of its outputs.",
            what="The array of labels",
            mistakes=[
                (worst, "You take the smallest probability: .argmax(axis=-1)."),
                (bright, "Your labels do not come from the model: call it on the images, and"
                 " take the argmax of its outputs."),
                (np.sort(names[kind]), "Your labels are sorted: keep the order of the"
                 " images."),
                (names[kind] + 1, "Labels are counted from 0, as argmax does."),
            ],
        )  # fmt: skip
        alike = np.flatnonzero(kind == kind[0])
        for chosen, what in ((alike, "a batch of one digit"), ([5], "a single image")):
            expect(
                np.array_equal(
                    _read(mended, models[1], images[chosen]), others[kind[chosen]]
                ),
                f"A mixed batch is read well, {what} is not: the labels still depend on the"
                " neighbors. In which mode does batch norm run?",
            )
        same = [
            np.array_equal(old, new)
            for model, weights in zip(models, before, strict=True)
            for old, new in zip(weights, model.get_weights(), strict=True)
        ]
        expect(
            all(same),
            "The labels are right, but the model is changed: a call with training=True moves"
            " its moving averages. Leave that call out.",
        )
    return (
        "inference mode: moving averages, so every image is read by itself; a mixed batch has"
        " nearly the same mean and variance, which hid the mistake"
    )


def _read(mended, model, images):
    return expect_array(mended(model, images), (len(images),), "The array of labels")


def _reader(names, images):
    """Return a small network with batch norm that reads which pixel is bright, and how much.

    Its moving averages are nearly those of the images. In inference mode batch norm hands
    the pixels on as they are; each of row 0 has two labels, the second if it is above 1.
    """
    import keras
    from keras import layers

    model = keras.Sequential([
        layers.Input(images.shape[1:]), layers.Flatten(), layers.BatchNormalization(),
        layers.Dense(10, "softmax"),
    ])  # fmt: skip
    mean, variance = (
        images.mean(axis=0).ravel() + 0.01,
        1.05 * images.var(axis=0).ravel(),
    )
    weak, strong = names[:5], names[5:]
    kernel, bias = np.zeros((10, 10)), np.zeros(10)
    kernel[np.arange(5), weak], kernel[np.arange(5), strong] = 5, 10
    bias[strong] = -5
    model.set_weights([np.sqrt(variance + 0.001), mean, mean, variance, kernel, bias])
    return model


QUIZ = [
    Question(
        "You try 30 networks. When may you look at the test accuracy?",
        [
            ("After each, to see progress", "Then you choose by it, and the best of 30"
             " scores flatters itself: it has become a validation set."),
            ("For the three best, to pick the winner", "A milder form of the same: the pick"
             " uses the test set, so the winner's score is too high."),
            ("Once, for the one that validation images chose", "Right: chosen without it,"
             " measured once, the number is an honest estimate for new images."),
            ("Never; training accuracy says the same", "Training accuracy measures memory:"
             " it can be 100 % while new images are read poorly."),
        ],
        2,
    ),
    Question(
        "On the same 287 validation images network A reads 98.6 %, network B 98.3 %."
        " What follows?",
        [
            ("A and B differ by one image; take either", "Right: 0.3 % of 287 is one image,"
             " and the standard error is 0.7 to 0.8 points."),
            ("A is the better network", "One image more is well inside the standard error:"
             " on other images, or with another seed, B may lead."),
            ("B overfits", "Overfitting shows as a gap between training and validation; no"
             " training accuracy is given here."),
        ],
        0,
    ),
    Question(
        "A network with batch norm is asked for one image with `training=True`. Which mean"
        " and variance does the layer use?",
        [
            ("Those of the whole training set", "It never stores those exactly; the moving"
             " averages come near, but only inference mode uses them."),
            ("The moving averages", "Those belong to inference mode, `training=False`."),
            ("None: it is skipped for a batch of one", "It is not skipped: height and width"
             " still give several numbers per channel."),
            ("Those of this one image", "Right: over its own height and width, which may be"
             " far from what later layers learned to expect."),
        ],
        3,
    ),
    Question(
        "In a residual block all weights and biases of `F` are zero. What does"
        " `ReLU(x + F(x))` return for an input x ≥ 0?",
        [
            ("Zeros: the signal is lost", "That is the plain stack: without the shortcut"
             " only F(x) = 0 would remain."),
            ("x, unchanged", "Right: an extra block can do nothing at worst, so more depth"
             " need not hurt at the start."),
            ("2x, since x arrives twice", "It arrives once over the shortcut; through F"
             " comes 0."),
        ],
        1,
    ),
    Question(
        "Network A does twice the multiply–adds of B per image; B has ten times the"
        " parameters. With Adam and batches of 8 an epoch of B takes longer, with batches of"
        " 256 an epoch of A. Why?",
        [
            ("Large batches save B's multiply–adds", "Every image still passes through every"
             " layer: the arithmetic per image is the same in any batch."),
            ("A step costs B more, an image costs A more", "Right: each step updates all"
             " parameters once; few large batches mean few steps, then the arithmetic of"
             " the images rules."),
            ("B learns less per step, so it needs more epochs", "The times are those of one"
             " epoch each; how much is learned does not enter."),
        ],
        1,
    ),
]  # fmt: skip
