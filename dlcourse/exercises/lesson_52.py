"""Checkers and quiz of lesson 52, regularization."""

import numpy as np

from ..checks import exercise
from ..expectations import Hint, expect, expect_array, expect_number
from ..quizzes import Question


def _function(answer, name):
    expect(callable(answer), f"Hand in the function itself: {name}, without brackets.")


def _returned(value, name):
    expect(
        value is not None, f"The function returns nothing: end {name} with  return …"
    )
    return value


@exercise("52.1")
def ridge(answer):
    _function(answer, "ridge")

    def ask(phi, y, strength):
        try:
            value = answer(phi.copy(), y.copy(), strength)
        except np.linalg.LinAlgError:
            raise Hint(
                "The system you solve has no single solution: add strength times the"
                " identity matrix, np.eye(features), not the bare number."
            ) from None
        return expect_array(
            _returned(value, "ridge"), (phi.shape[1],), "What ridge returns"
        )

    rng = np.random.default_rng(52)
    phi, y = rng.normal(size=(12, 3)), rng.normal(size=12)
    gram, pull, eye = phi.T @ phi / 12, phi.T @ y / 12, np.eye(3)
    out = ask(phi, y, 0.5)
    for wrong, hint in (
        (np.linalg.solve(gram, pull), "Your weights do not depend on strength."),
        (
            np.linalg.solve(12 * gram + 0.5 * eye, 12 * pull),
            "You penalize n times too little: the error is a mean, so divide phiᵀ phi and"
            " phiᵀ y by n.",
        ),
        (
            np.linalg.solve(gram + 0.5, pull),
            "You add strength to every entry of the matrix; it belongs on the diagonal:"
            " strength * np.eye(features).",
        ),
        (
            np.linalg.solve(gram + 0.25 * eye, pull),
            "Your penalty is half of what it should be: the factor 2 of the gradient drops"
            " out on both sides.",
        ),
        (
            np.linalg.solve(gram + 1.0 * eye, pull),
            "Your penalty counts double: the factor 2 of the gradient drops out on both"
            " sides.",
        ),
        (
            np.linalg.solve(gram + 0.5 * eye, 12 * pull),
            "You divide phiᵀ phi by n but not phiᵀ y; the mean concerns both sides.",
        ),
        (
            np.linalg.solve(gram - 0.5 * eye, pull),
            "A sign is wrong: the penalty's gradient has the sign of w, so strength · I is"
            " added on the left.",
        ),
        (
            np.linalg.solve(gram, pull) / 1.5,
            "Dividing all weights by 1 + strength is right only for uncorrelated features of"
            " variance 1.",
        ),
    ):
        expect(not np.allclose(out, wrong), hint)
    right = np.linalg.solve(gram + 0.5 * eye, pull)
    expect(
        np.allclose(out, right, atol=1e-6),
        "These are not the best weights. Solve (phiᵀ phi / n + strength · I) w = phiᵀ y / n.",
    )
    one = ask(np.array([[1.0], [2.0]]), np.array([2.0, 4.0]), 2.5)
    expect(
        np.allclose(one, 1),
        "For phi = (1, 2), y = (2, 4), strength 2.5, w should be 1.",
    )
    wide = ask(phi.T, y[:3], 0.1)  # fewer points than features
    target = np.linalg.solve(phi @ phi.T / 3 + 0.1 * np.eye(12), phi @ y[:3] / 3)
    expect(
        np.allclose(wide, target, atol=1e-6), "Wrong when features outnumber points."
    )
    return "with a penalty there is one solution, even with more features than points"


@exercise("52.2")
def decay(answer):
    value = expect_number(answer, "One number, please.")
    expect(
        not np.isclose(value, 0.01),
        "The gradient of λw² is 2λw: the factor 2 is missing.",
    )
    expect(
        not (np.isclose(value, 0.002) or np.isclose(value, 0.001)),
        "Keras multiplies weight_decay by the learning rate itself: leave it out.",
    )
    expect(
        not np.isclose(value, 0.2),
        "0.2 would be right for L2(0.1); 0.1 is the learning rate, which multiplies both.",
    )
    expect(
        not np.isclose(value, 0.005),
        "Upside down: compare −α·2λw with −α·δ·w; δ is twice λ, not half.",
    )
    expect(
        np.isclose(value, 0.02),
        "Compare −α·2λw with −α·δ·w for λ = 0.01, and solve for δ.",
    )
    return "δ = 2λ, whatever the learning rate"


@exercise("52.3")
def dropout(answer):
    _function(answer, "dropout")

    def ask(x, rate, training=True):
        given = x.copy()
        value = _returned(
            answer(given, rate, np.random.default_rng(7), training), "dropout"
        )
        expect(np.array_equal(given, x), "You changed x itself; compute a new array.")
        return expect_array(value, x.shape, "What dropout returns")

    x = np.tile(np.arange(1.0, 9.0), (2000, 1))
    expect(
        np.allclose(ask(x, 0.25, training=False), x),
        "Without training, x should come back unchanged: no zeros, no scaling.",
    )
    out = ask(x, 0.25)
    zeros, kept = np.mean(out == 0), out[out != 0] / x[out != 0]
    expect(zeros > 0, "Nothing was set to zero, although training is True.")
    expect(
        not 0.7 < zeros < 0.8,
        "About three quarters are zero; rate is the share to drop, not to keep.",
    )
    expect(0.22 < zeros < 0.28, f"A quarter should be zero; {zeros:.2f} of yours is.")
    expect(
        not np.allclose(kept, 1),
        "The survivors are not scaled: divide them by 1 − rate, or the mean sinks.",
    )
    expect(
        not np.allclose(kept, 0.75),
        "You multiplied the survivors by 1 − rate; divide, so that the mean stays.",
    )
    expect(
        not np.allclose(kept, 4), "Divide by 1 − rate, the share kept, and not by rate."
    )
    expect(np.allclose(kept, 4 / 3), "Every survivor should be exactly x / (1 − rate).")
    patterns = out[:50] == 0
    expect(
        not (patterns == patterns[0]).all(),
        "All rows lose the same units: draw a mask of the shape of x.",
    )
    expect(
        not (patterns == patterns[:, :1]).all(),
        "Whole rows vanish: draw one random number per entry.",
    )
    cube = np.ones((3, 4, 5))
    expect(np.isin(ask(cube, 0.5), (0, 2)).all(), "It fails for three dimensions.")
    expect(np.allclose(ask(cube, 0.0), 1), "With rate 0 nothing should change.")
    return "the mean stays, so inference needs no correction"


@exercise("52.4")
def stop(answer):
    _function(answer, "stop")

    def ask(losses, patience):
        value = _returned(answer(list(losses), patience), "stop")
        return tuple(expect_array(value, (2,), "What stop returns"))

    out = ask([5, 4, 6, 5, 4.5, 4.2], 2)  # right: (1, 3)
    for wrong, hint in (
        (
            (1, 4),
            "One epoch too patient: stop as soon as patience epochs have passed without a"
            " new best, so compare with  >=.",
        ),
        (
            (5, 5),
            "Compare with the best loss so far, not with the epoch before: 5 after 6 is no"
            " improvement on 4.",
        ),
        (
            (3, 3),
            "Your best epoch is the last one; return the one with the lowest loss.",
        ),
        (
            (1, 5),
            "Epochs 2 and 3 bring no new best: with patience 2 the training stops there.",
        ),
    ):
        expect(out != wrong, hint)
    expect(
        ask([5, 4, 4, 4], 2) != (3, 3),
        "Equal is no improvement: compare with  <  rather than  <=.",
    )
    out = ask([5, 4, 6, 4, 3], 2)
    for wrong, hint in (
        ((3, 1), "The two have changed places: return the best epoch first."),
        ((2, 4), "Count epochs from 0, as Keras does."),
        (
            (4, 4),
            "You look into the future: training stops at epoch 3, before the loss of 3.",
        ),
        (
            (1, 2),
            "One epoch too impatient: patience 2 allows two epochs without a new best.",
        ),
    ):
        expect(out != wrong, hint)
    expect(out == (1, 3), "stop([5, 4, 6, 4, 3], 2) should be (1, 3).")
    expect(
        ask([3, 2, 1], 2) == (2, 2),
        "If it never stops, the last epoch is len(losses) - 1, and the best still counts.",
    )
    expect(
        ask([5, 6, 4, 5, 3, 4, 5, 1], 2) == (4, 6),
        "Count the epochs since the best anew after each improvement.",
    )
    expect(
        ask([5, 4, 4.5, 4.2, 4.1], 3) == (1, 4),
        "Compare with the best loss so far, not with the epoch before.",
    )
    expect(ask([2], 1) == (0, 0), "One epoch only: (0, 0).")
    return "patience - 1 epochs of bad luck are forgiven"


@exercise("52.5")
def prepare_fixed(answer):
    _function(answer, "prepare_fixed")
    n, n_val = 20, 5
    x = np.zeros((n, 8, 8), "float32")
    x[:, 2:6, 2:6] = np.arange(1, n + 1)[:, None, None]  # each image has its own value
    y = np.arange(n) % 10

    def ask(seed):
        out = answer(x.copy(), y.copy(), n_val, np.random.default_rng(seed))
        _returned(out, "prepare_fixed")
        expect(
            isinstance(out, (tuple, list)) and len(out) == 4,
            "Return four arrays: x_train, y_train, x_val, y_val.",
        )
        return [np.asarray(part) for part in out]

    x_train, y_train, x_val, y_val = ask(0)
    for part in (x_train, x_val):
        expect(
            part.ndim == 3 and part.shape[1:] == (8, 8),
            "Images should have the shape (n, 8, 8); the order is x_train, y_train, x_val,"
            " y_val.",
        )
    for images, labels in ((x_train, y_train), (x_val, y_val)):
        expect(labels.shape == (len(images),), "Each image needs one label.")
    of_train, of_val = x_train.max(axis=(1, 2)), x_val.max(axis=(1, 2))
    expect(
        not np.isin(of_val, of_train).any(),
        "Still a leak: copies of validation images are among the training images. Split"
        " first, then augment.",
    )
    expect(
        len(x_val) != 9 * n_val,
        "The validation images are augmented, too; leave them as they are.",
    )
    expect(len(x_val) == n_val, f"{len(x_val)} validation images, not {n_val}.")
    expect(
        np.isin(x_val, x).all()
        and all((image == x).all(axis=(1, 2)).any() for image in x_val),
        "The validation images should be the given ones, not shifted.",
    )
    for seed in range(6):
        expect(
            len(np.unique(ask(seed)[2], axis=0)) == n_val,
            "A validation image comes twice: choose without repetition, with"
            " rng.permutation.",
        )
    expect(
        len(x_train) != n - n_val,
        "The training images are not augmented: nine shifts of each are wanted.",
    )
    expect(
        len(x_train) == 9 * (n - n_val),
        f"{len(x_train)} training images; nine shifts of {n - n_val} make"
        f" {9 * (n - n_val)}.",
    )
    expect(
        np.isin(x_train, x).all(),
        "The training images have new gray values: shift them, without any noise.",
    )
    expect(
        len(np.unique(x_train, axis=0)) == len(x_train),
        "Some training images are equal: shift them, do not repeat them.",
    )
    for ids, labels in ((of_train, y_train), (of_val, y_val)):
        expect(
            np.array_equal(y[ids.astype(int) - 1], labels),
            "Images and labels no longer belong together: index both with the same order.",
        )
    again = set(ask(1)[2].max(axis=(1, 2)))
    expect(
        again != set(of_val),
        "Another generator chooses the same images: choose at random, with rng.permutation.",
    )
    return "no image is on both sides"


QUIZ = [
    Question(
        "Training accuracy 0.71, validation accuracy 0.70, and you need 0.9. What now?",
        [
            ("More dropout.", "There is no gap to close; dropout would make the training fit"
             " worse still."),
            ("More capacity, or longer training.", "Both are equally bad: underfitting. First"
             " the training data must be fitted."),
            ("A stronger L2 penalty.", "That is a remedy for a gap; here is none."),
        ],
        answer=1,
    ),
    Question(
        "A network reaches 100 % on its training images. What does that prove?",
        [
            ("That it has understood the digits.", "It reproduced wrong labels as well, and"
             " those cannot be understood."),
            ("That it overfits badly.", "Not by itself: the gap to validation shows that."),
            ("That its capacity suffices for these labels.", "And nothing more; random labels"
             " can be fitted, too."),
        ],
        answer=2,
    ),
    Question(
        "Two runs each: plain 0.80 and 0.86, with a remedy 0.84 and 0.87. What can you say?",
        [
            ("The remedy gains 2.5 points.", "That is the mean of two differences, 4 and 1;"
             " with two runs its error is far too large for a decision."),
            ("Little: pair the runs by draw, and do more of them.", "Pairing removes what the"
             " draws share; more runs shrink the interval."),
            ("The remedy does nothing.", "Neither is that shown; no evidence is not evidence"
             " of nothing."),
        ],
        answer=1,
    ),
    Question(
        "Least squares on p random features of 200 images: why is p = 200 the worst?",
        [
            ("The single exact solution fits wrong labels at the price of huge weights.",
             "With more features there are many exact solutions, and the smallest one is"
             " tamer."),
            ("200 features are too few to fit.", "The training error is zero there."),
            ("Beyond 200, training is stopped early.", "Nothing is trained step by step; the"
             " minimum norm does the regularizing."),
        ],
        answer=0,
    ),
    Question(
        "At inference you call a network with batch norm and dropout as `model(x)`. What do"
        " they do?",
        [
            ("Batch norm uses its running averages, dropout nothing.", "So the prediction of an"
             " image does not depend on the other images or on chance."),
            ("Both work as in training.", "Then predictions would change with the batch and"
             " from call to call; that is `training=True`."),
            ("Dropout scales by 1 − rate.", "It already divided by 1 − rate while training;"
             " nothing is left to correct."),
        ],
        answer=0,
    ),
]  # fmt: skip
