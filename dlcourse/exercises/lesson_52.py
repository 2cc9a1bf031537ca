"""Checkers and quiz of lesson 52, regularization."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    as_array,
    expect,
    expect_array,
    expect_function,
    expect_result,
    expect_tuple,
    expect_uses,
    expect_value,
    is_close,
)
from ..quizzes import Question


@exercise("52.1")
def ridge(ridge):
    rng = np.random.default_rng(52)
    phi, y = rng.normal(size=(12, 3)), rng.normal(size=12)
    gram, pull, strength = phi.T @ phi / 12, phi.T @ y / 12, 0.7
    penalty, solve = strength * np.eye(3), np.linalg.solve
    right = solve(gram + penalty, pull)
    mistakes = [
        (solve(gram, pull), "Your weights do not depend on strength."),
        (solve(gram + penalty / 12, pull), "You penalize n times too little: the error is a"
         " mean, so divide phiᵀ phi and phiᵀ y by n."),
        (solve(gram + strength, pull), "You add strength to every entry of the matrix; it"
         " belongs on the diagonal: strength * np.eye(features)."),
        (solve(gram + penalty / 2, pull), "Your penalty is half of what it should be: the"
         " factor 2 of the gradient drops out on both sides."),
        (solve(gram + 2 * penalty, pull), "Your penalty counts double: the factor 2 of the"
         " gradient drops out on both sides."),
        (12 * right, "You divide phiᵀ phi by n but not phiᵀ y; the mean concerns both"
         " sides."),
        (solve(12 * gram + penalty, pull), "You divide phiᵀ y by n but not phiᵀ phi; the"
         " mean concerns both sides."),
        (solve(gram - penalty, pull), "A sign is wrong: the penalty's gradient has the sign"
         " of w, so strength · I is added on the left."),
        (solve(gram, pull) / (1 + strength), "Dividing all weights by 1 + strength is right"
         " only for uncorrelated features of variance 1."),
        (phi @ right, "These are the predictions phi @ w: return the weights w themselves."),
        (right[:, None], "The weights stand in a column: return shape (features,), as y has"
         " shape (n,)."),
    ]  # fmt: skip
    solution = "Solve (phiᵀ phi / n + strength · I) w = phiᵀ y / n."
    expect_result(ridge, (phi, y, strength), right, solution, mistakes=mistakes)
    expect_result(
        ridge, (np.array([[1.0], [2.0]]), np.array([2.0, 4.0]), 2.5), [1.0], solution
    )
    wide = np.linalg.solve(phi @ phi.T / 3 + 0.1 * np.eye(12), phi @ y[:3] / 3)
    expect_result(
        ridge, (phi.T, y[:3], 0.1), wide, f"Here features outnumber points. {solution}"
    )
    return "with a penalty there is one solution, even with more features than points"


@exercise("52.2")
def dropout(dropout):
    expect_function(dropout, "dropout")
    x = np.tile(np.arange(-3.0, 5.0, dtype="float32") + 0.5, (2000, 1))
    rng = np.random.default_rng(7)
    out = _dropped(dropout, x, 0.25, rng)
    zeros, kept = np.mean(out == 0), out[out != 0] / x[out != 0]
    expect(
        zeros > 0,
        "Nothing was set to zero, although training is True: draw one random number for each"
        " entry, and drop those below rate.",
    )
    expect(
        zeros < 1,
        "Everything was set to zero, and only the share rate should be: draw one random"
        " number for each entry.",
    )
    expect(
        not 0.7 < zeros < 0.8,
        "About three quarters are zero; rate is the share to drop, not to keep.",
    )
    expect(
        0.22 < zeros < 0.28,
        f"With rate 0.25 about a quarter should be zero; {zeros:.2f} of yours is.",
    )
    expect(
        is_close(kept, np.full(kept.shape, kept[0])),
        "Every survivor should be its own x, divided by the same number, 1 − rate.",
    )
    expect_value(
        kept[0],
        4 / 3,
        "Every survivor should become exactly x / (1 − rate).",
        what="A survivor, divided by its x, with rate 0.25,",
        mistakes=[
            (1, "The survivors are not scaled: divide them by 1 − rate, or the mean sinks."),
            (0.75, "You multiply the survivors by 1 − rate; divide, so that the mean stays."),
            (4, "Divide by 1 − rate, the share kept, and not by rate."),
            (0.25, "You multiply the survivors by rate; divide them by 1 − rate."),
        ],
    )  # fmt: skip
    _expect_single(out == 0)
    again = _dropped(dropout, x, 0.25, rng)
    expect(
        ((again == 0) != (out == 0)).any(),
        "Two steps with one generator drop the same units: draw the mask anew from the rng"
        " that is given, and make no generator of your own.",
    )
    expect(
        not zeros == np.mean(again == 0) == 0.25,
        "Exactly a quarter is dropped every time: draw one random number per entry, so that"
        " each is dropped by its own chance.",
    )

    def arguments(seed):
        return lambda: (x[:50], 0.25, np.random.default_rng(seed), True)

    expect_uses(dropout, "rng", arguments(7), arguments(8), "Draw the mask from it.")
    expect_result(
        dropout,
        (x, 0.25, rng, False),
        x,
        "Without training, x should come back unchanged: no zeros.",
        mistakes=[
            (x * 0.75, "Without training nothing is scaled: the division while training has"
             " kept the mean."),
            (x / 0.75, "Without training nothing is dropped, so nothing is divided, either."),
        ],
    )  # fmt: skip
    cube = np.full((5, 6, 7), 1.5)
    out = _dropped(dropout, cube, 0.5, rng)
    expect(
        0.3 < np.mean(out == 0) < 0.7
        and is_close(out[out != 0], 0 * out[out != 0] + 3),
        "With rate 0.5 and three dimensions about half should be 0, and the rest doubled.",
    )
    _expect_single(out == 0)
    expect(
        is_close(_dropped(dropout, cube[0, 0], 0.0, rng), cube[0, 0]),
        "With rate 0 nothing should change.",
    )
    return "the mean stays, so inference needs no correction"


def _dropped(dropout, x, rate, rng):
    """Return what the learner's function gives back while training."""
    return expect_array(dropout(x, rate, rng, True), x.shape, "What dropout returns")


def _expect_single(zeros):
    """Demand a mask that is drawn for each entry: not equal along any axis."""
    for axis in range(zeros.ndim):
        expect(
            (zeros != zeros.take([0], axis)).any(),
            "All rows lose the same units: draw a mask of the shape of x."
            if axis == 0
            else "Whole rows vanish: draw one random number per entry, so a mask of the shape"
            " of x.",
        )


@exercise("52.3")
def stop(stop):
    losses = [3, 5, 3.5, 2, 2.5, 2, 4, 1.5, 5.5, 2.5, 3.5, 6.5, 0.5, 6, 5]
    patience = 3
    best, last = _stop(losses, patience)
    mistakes = [
        (_stop(losses, 4), "Too patient: that would be right for patience 4, and it is 3."
         " Stop as soon as epoch - best >= patience."),
        (_stop(losses, 2), "Too impatient: that would be right for patience 2, and it is 3."
         " Stop as soon as epoch - best >= patience."),
        (_stop(losses, patience, previous=True), "Compare with the best loss so far, not with"
         " the epoch before: 3.5 after 5 is no improvement on 3."),
        *((wrong, "Equal is no improvement: of equal losses the first is the best, so compare"
           " with <, not <=.") for wrong in (_stop(losses, patience, ties=True), (5, last))),
        (_stop(losses, patience, reset=False), "Count the epochs since the best anew after"
         " each improvement."),
        ((last, last), "Your best epoch is the last one; return the one with the lowest"
         " loss."),
        ((12, last), "You look into the future: training stops at epoch 6, before the loss of"
         " 0.5."),
        ((12, 14), "Epochs 4, 5 and 6 bring no new best: with patience 3 the training stops"
         " there."),
        ((best, 14), "The last epoch is the one in which training stops: epochs 4, 5 and 6"
         " bring no new best."),
        ((last, best), "The two have changed places: return the best epoch first."),
        ((best + 1, last + 1), "Count epochs from 0, as Keras does."),
        ((best, last + 1), "The second is the number of epochs: the last one is one less,"
         " because epochs are counted from 0."),
        ((losses[best], last), "That is the lowest loss; return the epoch in which it came."),
        (best, "That is the best epoch only: return (best, last)."),
        (last, "That is the last epoch only: return (best, last)."),
    ]  # fmt: skip
    hint = "Stop as soon as epoch - best >= patience, and return (best, epoch)."
    expect_result(stop, (losses, patience), (best, last), hint, mistakes=mistakes)
    ends = "If it never stops, last is len(losses) - 1, and the best still counts."
    for losses, patience, advice in (
        ([5, 4, 6, 4, 3], 2, hint),  # shows a best epoch kept from the call before, 3
        ([0.3, -0.2, -1.1], 2, ends),
        ([5.0, 4.0, 4.5, 4.2, 4.1, 3.5], 4, ends),
        ([2.5], 1, ends),
        ([120.0, 150.0, 110.0, 140.0, 130.0, 90.0], 2, hint),
    ):
        expect_result(stop, (losses, patience), _stop(losses, patience), advice)
    close = "Any lower loss is an improvement, however little: 0.4999 after 0.5."
    losses = [0.5, 0.4999, 0.6, 0.7]
    expect_result(stop, (losses, 2), (1, 3), hint, mistakes=[((0, 2), close)])
    return "patience - 1 epochs of bad luck are forgiven"


def _stop(losses, patience, ties=False, previous=False, reset=True):
    """Return (best, last) by the rule, or with one of the usual mistakes."""
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        before = losses[epoch - 1 if previous else best]
        if losses[epoch] < before or (ties and losses[epoch] == before):
            best, waited = epoch, 0 if reset else waited
        else:
            waited += 1
        if waited >= patience:
            return best, epoch
    return best, len(losses) - 1


@exercise("52.4")
def prepare_fixed(prepare_fixed):
    expect_function(prepare_fixed, "prepare_fixed")
    draw = np.random.default_rng(3)  # gray up to the edges, so that np.roll shows
    for n, n_val in ((12, 8), (9, 2), (40, 13)):
        x, y = draw.random((n, 8, 8), dtype="float32"), draw.integers(0, 10, n)
        rng = np.random.default_rng(n)
        _judge_split(prepare_fixed(x, y, n_val, rng), x, y, n_val)

    def chosen(seed):
        images = prepare_fixed(x, y, n_val, np.random.default_rng(seed))[2]
        return np.sort(as_array(images).mean(axis=(1, 2)))  # which ones, in no order

    expect(
        is_close(chosen(0), chosen(0)),
        "Called twice with the same arguments, prepare_fixed chooses other images: take all"
        " chance from `rng`.",
    )
    expect(
        not is_close(chosen(0), chosen(1)),
        "Whatever `rng` is, the same images are chosen for validation: choose among all of"
        " them at random, with rng.permutation.",
    )
    return "no image is on both sides"


def _judge_split(out, x, y, n_val):
    """Raise a hint unless these are n_val of the images and nine shifts of the others."""
    parts = expect_tuple(out, 4, "Return four arrays: x_train, y_train, x_val, y_val.")
    x_train, y_train, x_val, y_val = (
        as_array(part, "Each of the four") for part in parts
    )
    expect(
        x_train.shape[1:] == x_val.shape[1:] == (8, 8),
        "Images should have the shape (n, 8, 8); the order is x_train, y_train, x_val,"
        " y_val.",
    )
    expect(
        y_train.shape == x_train.shape[:1] and y_val.shape == x_val.shape[:1],
        "Each image needs one label.",
    )
    n_train, wide = len(x) - n_val, np.pad(x, ((0, 0), (1, 1), (1, 1)))
    places = [(i, j) for i in range(3) for j in range(3)]
    moved = np.stack([wide[:, i : i + 8, j : j + 8] for i, j in places])
    rolled = np.stack([np.roll(x, (1 - i, 1 - j), (1, 2)) for i, j in places])
    shift_train, of_train, gap_train = _nearest(x_train, moved)
    shift_val, of_val, gap_val = _nearest(x_val, moved)
    expect(
        max(*gap_train, *gap_val) < 0.15,
        "Some images are neither one of x nor one of its nine shifts: use the argument x, keep"
        " its gray values, and shift once only.",
    )
    expect(
        np.isin(of_val, of_train, invert=True).all(),
        "Still a leak: copies of validation images are among the training images. Split"
        " first, then augment.",
    )
    expect(
        len(x_val) != 9 * n_val,
        "The validation images are augmented, too; leave them as they are.",
    )
    expect(len(x_val) == n_val, f"{len(x_val)} validation images, not {n_val}.")
    expect(
        gap_val.max() < 1e-4 and (shift_val == 4).all(),
        "The validation images should be the given ones, neither shifted nor changed.",
    )
    expect(
        len(set(of_val)) == n_val,
        "A validation image comes twice: choose without repetition, with rng.permutation.",
    )
    expect(
        len(x_train) != n_train,
        "The training images are not augmented: nine shifts of each are wanted.",
    )
    expect(
        len(x_train) == 9 * n_train,
        f"{len(x_train)} training images; nine shifts of {n_train} make {9 * n_train}.",
    )
    expect(
        _nearest(x_train, rolled)[2].max() > 1e-4 or gap_train.max() < 1e-4,
        "np.roll brings in at one edge what it pushes out at the other: use shifted of"
        " section 6, which fills up with zeros.",
    )
    expect(
        gap_train.max() < 1e-4,
        "The training images have new gray values: shift them with shifted, without noise.",
    )
    expect(
        len({*zip(shift_train, of_train, strict=True)}) == len(x_train),
        "Some training images are equal: shift them, do not repeat them.",
    )
    expect(
        np.array_equal(y[of_train], y_train) and np.array_equal(y[of_val], y_val),
        "Images and labels no longer belong together: index both with the same order.",
    )


def _nearest(images, known):
    """Return shift, number and distance of the known image nearest to each image.

    Args:
        images: shape (m, 8, 8).
        known: shape (shifts, n, 8, 8).
    """
    gaps = np.abs(images - known.reshape(-1, 1, 8, 8)).mean(axis=(2, 3))
    return *np.divmod(gaps.argmin(axis=0), known.shape[1]), gaps.min(axis=0)


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
            ("That it has understood the digits.", "In section 1 a network reached 100 % with"
             " wrong labels, and those cannot be understood."),
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
        "You make the L2 penalty a hundred times stronger. Now training and validation"
        " error are both high. What happened?",
        [
            ("The network underfits.", "The price keeps the weights too small to follow even"
             " the right labels: take a weaker one."),
            ("It overfits more.", "Then the training error would be low; here both are"
             " high."),
            ("Nothing can be said without the test set.", "The two curves suffice: both high"
             " is underfitting. The test set is for the end."),
        ],
        answer=0,
    ),
    Question(
        "A trained network has dropout at rate 0.5, and you call it as `model(x)`. What does"
        " dropout do?",
        [
            ("It drops half of the outputs.", "That is `training=True`: predictions would"
             " change from call to call."),
            ("It halves all outputs.", "It already divided by 1 − rate while training;"
             " nothing is left to correct."),
            ("Nothing.", "The division by 1 − rate has kept the mean, so that inference can"
             " leave everything as it is."),
        ],
        answer=2,
    ),
]  # fmt: skip
