"""Checkers and quiz of lesson 32, image classification."""

from ..checks import exercise
from ..expectations import Hint, expect, expect_array, expect_number
from ..quizzes import Question


def _classic(width):
    return 320 + (width * width * 32 + 1) * 128 + 1290


@exercise("32.1")
def classic_parameters(answer):
    for side in (8, 28, 9, 15):
        found = expect_number(answer(side), "Return one number: all parameters.")
        width = (side - 2) // 2
        right = _classic(width)
        hints = {
            right - 32: "The 32 filters of the convolution have a bias each.",
            right - 128: "The 128 neurons of the first dense layer have a bias each.",
            right - 10: "The ten output neurons have a bias each.",
            right
            - 32
            - 128
            - 10: "Those are the weights alone: every filter and neuron"
            " has a bias too.",
            320: "That is the convolution alone: add both dense layers.",
            320 + (width * width * 32 + 1) * 128: "Add the last dense layer, 128 → 10.",
            right - 320: "Add the convolution's own (3·3·1 + 1)·32.",
            320 + (width * width + 1) * 128 + 1290: "Flatten hands on all 32 maps:"
            " width·width·32 numbers.",
            320 + (width * 32 + 1) * 128 + 1290: "A map has two sides: width·width·32.",
            _classic(
                side // 2
            ): "The 3×3 convolution without padding removes two pixels"
            " from the side before the pooling halves it.",
            _classic(side): "Flatten gets fewer pixels than the image has: the"
            " convolution makes the side 2 smaller, then the pooling halves it.",
            _classic(side - 2): "The pooling halves the side after the convolution.",
            _classic((side - 3) // 2): "A 3×3 kernel removes two pixels, not three:"
            " side - 3 + 1.",
        }
        if found != right:
            if side in (9, 15) and found in (
                _classic((side - 2) / 2), _classic(-(-(side - 2) // 2))
            ):  # fmt: skip
                raise Hint(
                    f"For side {side}, pooling rounds half pixels down: use `//`."
                )
            raise Hint(
                hints.get(
                    found,
                    f"For side {side} you return {found:,.0f}. Add three layers: the"
                    f" convolution's 320; Dense 128 on {width}·{width}·32 inputs;"
                    " Dense 10 on 128 inputs.",
                )
            )
    return "38,602 for 8×8, 693,962 for MNIST: nearly all in one dense layer"


@exercise("32.2")
def batch_norm(answer):
    import numpy as np

    rng = np.random.default_rng(32)
    x = rng.normal([5.0, -2.0, 0.0], [3.0, 0.5, 0.1], (4, 2, 3, 3))
    gamma, beta = np.array([1.0, 2.0, 0.5]), np.array([0.0, 1.0, -1.0])
    original = x.copy()
    found = expect_array(answer(x, gamma, beta), x.shape, "batch_norm(x, gamma, beta)")
    expect(
        np.array_equal(x, original), "Your function changes x itself: make a new array."
    )

    def normal(axes=(0, 1, 2), epsilon=0.001, ddof=0, g=gamma, b=beta, root=np.sqrt):
        mean = x.mean(axis=axes, keepdims=True)
        variance = x.var(axis=axes, keepdims=True, ddof=ddof)
        return g * (x - mean) / root(variance + epsilon) + b

    mistakes = [
        (normal(g=1, b=0), "Normalized, but gamma and beta are not applied."),
        (normal(b=0), "Add beta at the end."),
        (normal(g=1), "Multiply by gamma before you add beta."),
        (normal(axes=None), "That is one mean and variance for all channels together:"
         " average over axes 0, 1 and 2 only."),
        (normal(axes=0), "You averaged over the batch only: every place has its own mean."
         " Average over height and width too."),
        (normal(axes=(1, 2)), "You averaged each image by itself: the batch, axis 0,"
         " belongs to the average too."),
        (normal(axes=-1), "You averaged over the channels: they must stay apart. Average"
         " over all the other axes."),
        (normal(root=lambda v: v), "You divide by the variance: take its square root."),
        (normal(epsilon=0), "Add epsilon to the variance, under the root."),
        (normal(ddof=1), "Divide by n, not n - 1: batch norm uses the plain variance."),
        (gamma * (x - x.mean((0, 1, 2))) / (x.std((0, 1, 2)) + 0.001) + beta,
         "Add epsilon to the variance, under the root, not to the standard deviation."),
        (gamma * (x - x.mean((0, 1, 2))) + beta, "Divide by the standard deviation."),
        (gamma * x / np.sqrt(x.var((0, 1, 2)) + 0.001) + beta, "Subtract the mean first."),
        (gamma * ((x - x.mean((0, 1, 2))) / np.sqrt(x.var((0, 1, 2)) + 0.001) + beta),
         "beta is added last, after gamma has multiplied."),
    ]  # fmt: skip
    if np.allclose(found, normal(), atol=1e-6):
        other = expect_array(
            answer(x, gamma, beta, 0.5), x.shape, "With epsilon 0.5 it"
        )
        expect(
            np.allclose(other, normal(epsilon=0.5), atol=1e-6),
            "With epsilon = 0.5 the result should change: use the argument, not 0.001.",
        )
        return "one mean and one variance per channel, over batch, height and width"
    for wrong, hint in mistakes:
        expect(not np.allclose(found, wrong, atol=1e-6), hint)
    raise Hint(
        "Per channel: subtract the mean, divide by the root of variance + epsilon, then"
        " times gamma, plus beta."
    )


@exercise("32.3")
def scores(answer):
    import numpy as np

    y_true = np.array([8, 8, 8, 8, 8, 3, 3, 3, 1, 1, 1, 1, 1, 1])
    y_pred = np.array([8, 8, 8, 3, 1, 8, 3, 3, 1, 1, 1, 1, 1, 3])
    found = _triple(answer(y_true, y_pred, 8))
    p, r = 3 / 4, 3 / 5
    f1 = 2 * p * r / (p + r)
    expect(
        not np.allclose(found[:2], (r, p)),
        "Precision and recall are swapped: precision divides by how often 8 was predicted.",
    )
    expect(
        not np.allclose(found[0], np.mean(y_true == y_pred)),
        "The first number is the accuracy over all classes: look at one label only.",
    )
    expect(
        not np.allclose(found[0], np.mean((y_true == 8) == (y_pred == 8))),
        "True negatives do not enter precision: divide TP by TP + FP.",
    )
    expect(found[0] < 10, "Return fractions between 0 and 1, not percent.")
    expect(
        not np.isclose(found[0], np.sum(y_true == y_pred) / 4),
        "TP counts the images of this label only: both arrays must equal the label.",
    )
    expect(
        np.isclose(found[0], p),
        f"Precision is TP / (TP + FP): here 3 / 4, not {found[0]:.3g}.",
    )
    expect(
        np.isclose(found[1], r),
        f"Recall is TP / (TP + FN): here 3 / 5, not {found[1]:.3g}.",
    )
    expect(
        not np.isclose(found[2], (p + r) / 2),
        "That F1 is the plain mean: use 2·precision·recall / (precision + recall).",
    )
    expect(not np.isclose(found[2], p * r / (p + r)), "F1 has a factor 2 in front.")
    expect(
        np.isclose(found[2], f1),
        f"F1 should be 2·0.75·0.6 / 1.35 = 0.667, not {found[2]:.3g}.",
    )
    other = _triple(answer(y_true, y_pred, 3))
    expect(
        np.allclose(other, (2 / 4, 2 / 3, 4 / 7)),
        "Right for label 8, not for label 3: use the argument label everywhere.",
    )
    return "two questions, two numbers, and their harmonic mean"


def _triple(value):
    return expect_array(value, (3,), "What you return (precision, recall, F1)")


@exercise("32.4")
def mended(answer):
    import numpy as np

    rng = np.random.default_rng(4)
    y = np.repeat(np.arange(10), 4)
    images = 0.2 * rng.random((40, 2, 5, 1))
    images.reshape(40, 10)[np.arange(40), y] += 1
    images = images.astype("float32")

    def read(batch):
        return expect_array(
            answer(_Reader(), batch), (len(batch),), "The array of labels"
        )

    found = read(images)
    expect(
        np.array_equal(found, np.round(found)),
        "Return labels, the index of the largest output, not probabilities.",
    )
    together = np.mean(found == y)
    alone = np.mean(np.concatenate([read(images[i : i + 1]) for i in range(40)]) == y)
    sevens = np.mean(read(images[y == 7]) == 7)
    expect(
        together < 1 or alone == sevens == 1,
        "Shuffled batches are right, a single image or a batch of sevens is not: the"
        " labels still depend on the neighbors. In which mode does batch norm run?",
    )
    expect(
        together == 1,
        f"Only {together:.0%} of a mixed batch are right: take the argmax over the last"
        " axis of the outputs in inference mode.",
    )
    return "inference mode: moving averages, so every image is read by itself"


class _Reader:
    """A small stand-in for a network with batch normalization, called like a Keras model."""

    def __call__(self, images, training=False):
        import numpy as np

        x = np.asarray(images, dtype="float32").reshape(len(images), 10)
        mean, std = (x.mean(0), x.std(0) + 1e-3) if training else (0.2, 0.3)
        logits = 2 * (x - mean) / std
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        return self(x)

    def predict_on_batch(self, x):
        return self(x)


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
