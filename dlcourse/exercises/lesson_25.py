"""Checkers and quiz of lesson 25, training loops."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    as_array,
    expect,
    expect_function,
    expect_number,
    expect_result,
    expect_value,
    hinting,
    is_close,
    undisturbed,
)
from ..quizzes import Question


@exercise("25.1", in_place=True)
def train_step(train_step):
    import keras

    expect_function(train_step, "train_step")
    train_step = hinting(
        train_step, "No gradient arrives: all that makes the loss, the sum with"
        " sum(model.losses) too, must stand inside the with block.",
        text="No gradients provided",
    )  # fmt: skip
    sgd, adam = keras.optimizers.SGD, keras.optimizers.Adam
    for n, features, units, optimizer in (
        (6, 3, 4, lambda: sgd(0.3)), (5, 2, 8, lambda: adam(0.05))
    ):  # fmt: skip
        rng = np.random.default_rng(n)
        x = rng.normal(size=(n, features)).astype("float32")
        y = (rng.random((n, 1)) < 0.5).astype("float32")
        with undisturbed():
            _judge_step(train_step, x, y, units, optimizer)
    return "flag, penalties and all: one step of fit"


def _judge_step(train_step, x, y, units, optimizer):
    """Compare one step of the learner's with one of ours, from equal weights."""
    model, mine = _small(x.shape[1], units), optimizer()
    mine.build(model.trainable_variables)
    before = _flat(model.trainable_variables)
    loss = train_step(model, mine, x, y)
    after = _flat(model.trainable_variables)
    expect(
        loss is not None,
        "train_step gives nothing back: return the loss that was made smaller.",
    )
    expect(
        not is_close(after, before),
        "No weight has moved: hand the gradients to optimizer.apply, with"
        " model.trainable_variables.",
    )

    def step(training=True, penalties=1.0, steps=1, times=1):
        twin, its = _small(x.shape[1], units), optimizer()
        for _ in range(steps):
            loss = _reference_step(twin, its, x, y, training, penalties, times)
        return _flat(twin.trainable_variables), loss

    weights, right = step()
    bare = step(penalties=0.0)
    inside = (
        "The penalties are missing from the gradient: add sum(model.losses) to the loss"
        " inside the with block."
    )
    expect_value(
        after, weights, "Compare with plain_step, line by line.", what="A weight",
        mistakes=[
            (step(training=False)[0], "The flag is missing: model(x, training=True)."),
            (step(False, 0.0)[0], "That is plain_step: it lacks the flag and the"
             " penalties."),
            (bare[0], inside),
            (step(penalties=2.0)[0], "The penalties are added twice: compute_loss brings"
             " them along, sum(model.losses) does so, too."),
            (step(times=2)[0], "model.losses is a list, one number per penalty, and the loss"
             " was added to each: add sum(model.losses)."),
            (step(steps=2)[0], "You take two steps for one batch: call optimizer.apply"
             " once."),
        ],
    )  # fmt: skip
    number = expect_number(
        loss, "Return the loss, a single number, and nothing beside it."
    )
    expect(
        not is_close(number, right - _penalty(x.shape[1], units), 1e-3),
        "The weights are right. Return the loss with the penalties in it.",
    )
    expect_value(
        number, right, "Return the loss from before the update.", what="The loss",
        tolerance=1e-3,
    )  # fmt: skip


def _small(features, units, flat=True):
    """Return a model with penalties and dropout, always with the same weights."""
    import keras
    from keras import layers

    model = keras.Sequential([
        layers.Input((features,)),
        *([layers.Flatten()] if flat else []),
        layers.Dense(units, "tanh", kernel_regularizer=keras.regularizers.L2(0.2)),
        layers.Dropout(0.5, seed=units),
        layers.Dense(1, kernel_regularizer=keras.regularizers.L2(0.2)),
    ])  # fmt: skip
    rng = np.random.default_rng(units)
    model.set_weights([rng.normal(0, 0.8, w.shape) for w in model.get_weights()])
    return model


def _penalty(features, units):
    """Return the L2 penalty of the model that ``_small`` makes."""
    return sum(float(loss) for loss in _small(features, units).losses)


def _reference_step(model, optimizer, x, y, training, penalties, times):
    """Take a step with so many times the penalties and the loss; return the loss before it."""
    import keras
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = times * keras.losses.BinaryCrossentropy(from_logits=True)(
            y, model(x, training=training)
        )
        loss += penalties * sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return float(loss)


def _flat(variables):
    """Return all numbers of some variables in one float array."""
    import keras

    numbers = [keras.ops.convert_to_numpy(variable).ravel() for variable in variables]
    return np.concatenate(numbers).astype(float)


@exercise("25.2")
def mended_loss(mended_loss):
    rng = np.random.default_rng(3)
    table = (
        "Every score meets every label: n² terms instead of n. Bring labels and scores"
        " into one shape first."
    )
    column = (
        "Right for labels of shape (n,), but those of shape (n, 1) make a table now:"
        " reshape both to (-1, 1), whatever they were."
    )
    for n, shape in ((7, (7,)), (5, (5, 1)), (1, (1,)), (12, (12,))):
        y = (np.arange(n) % 3 == 1).astype("float32").reshape(shape)
        z = rng.normal(0.5, 2, (n, 1)).astype("float32")
        flat = y.reshape(-1, 1)
        terms = _terms(flat, z)
        crossed = _terms(flat.T, z).mean()
        mistakes = []
        if n > 1:
            mistakes = [
                (crossed, table if len(shape) == 1 else column),
                (terms.sum(), "That is the sum: divide by n, or take the mean."),
                (terms, "That is one loss per picture: return their mean."),
                (_terms(-flat, z).mean(), "The sign: − y·z, so that a high score is good"
                 " for a face."),
                (_terms(1 - flat, z).mean(), "The labels are the wrong way round: 1 is a"
                 " face."),
                (_terms(flat, 1 / (1 + np.exp(-z))).mean(), "z is the score itself, from"
                 " minus to plus infinity: no sigmoid before the formula."),
                (np.mean((flat - 1 / (1 + np.exp(-z))) ** 2), "That is a squared error:"
                 " keep his formula, which is right."),
            ]  # fmt: skip
        expect_result(
            mended_loss, (y, z), terms.mean(), "Keep the formula, and mend the shapes.",
            mistakes=mistakes,
        )  # fmt: skip
    y, z = np.float32([[1], [0], [0]]), np.float32([[-200], [3], [200]])
    expect_result(
        mended_loss, (y, z), _terms(y, z).mean(),
        "Scores may be as large as 200: keep his formula, which stays finite there.",
    )  # fmt: skip
    return "n pictures, n terms"


def _terms(y, z):
    """Return the stable cross-entropy of every label with its score, by broadcasting."""
    return np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))


@exercise("25.3", in_place=True)
def snapshot(snapshot, restore):
    import keras

    expect_function(snapshot, "snapshot")
    expect_function(restore, "restore")
    snapshot, restore = (
        hinting(
            function, "Take all of model.variables: which layer is the dropout differs from"
            " network to network.",
            errors=AttributeError, text="seed_generator",
        )
        for function in (snapshot, restore)
    )  # fmt: skip
    sgd, adam = keras.optimizers.SGD, keras.optimizers.Adam
    with undisturbed():
        for units, epoch, optimizer in (
            (3, 37, lambda: adam(0.01)), (2, 5, lambda: sgd(0.1, momentum=0.9))
        ):  # fmt: skip
            _judge_snapshot(snapshot, restore, units, epoch, optimizer)
    return "weights, optimizer, epoch and chance: nothing is lost"


def _judge_snapshot(snapshot, restore, units, epoch, make_optimizer):
    """Take a snapshot, let training go on, and restore it into another model."""
    flat = units == 3  # the dropout is not the same layer in both
    model, optimizer = _small(2, units, flat), make_optimizer()
    other, others = _small(2, units, flat), make_optimizer()
    optimizer.build(model.trainable_variables)
    others.build(other.trainable_variables)
    _scramble(model, optimizer, 1)
    goal = _parts(model, optimizer)
    state = snapshot(model, optimizer, epoch)
    expect(state is not None, "snapshot gives nothing back: return the dictionary.")
    _scramble(model, optimizer, 2)  # as further training would
    later = _parts(model, optimizer)
    snapshot(model, optimizer, epoch + 1)  # a later one leaves the first as it is
    _scramble(other, others, 3)
    back = restore(state, other, others)
    expect(back is not None, "restore gives nothing back: return the epoch.")
    found = _parts(other, others)
    expect(
        not any(
            is_close(found[name], later[name]) and not is_close(goal[name], later[name])
            for name in goal
        ),
        "What comes back is not the state of the snapshot but a later one: variables are"
        " live, so keep copies, such as v.numpy(), and keep them in the dictionary.",
    )
    for name, hint in (
        ("weights", "The weights do not come back: assign them in restore."),
        ("optimizer", "The optimizer does not come back: save all of"
         " optimizer.variables, and assign each one."),
        ("chance", "Weights and optimizer are back, but dropout's state is not: it is in"
         " model.variables, which has more than the weights."),
    ):  # fmt: skip
        expect(is_close(found[name], goal[name], 1e-5), hint)
    number = expect_number(back, "restore should return the epoch, a single number.")
    expect(
        is_close(number, epoch),
        f"restore returns {number:g}; the snapshot was taken at epoch {epoch}.",
    )


def _scramble(model, optimizer, seed):
    """Give every variable another value, of its own type."""
    rng = np.random.default_rng(seed)
    for variable in (*model.variables, *optimizer.variables):
        if "int" in str(variable.dtype):
            variable.assign(rng.integers(1, 1000, variable.shape))
        else:
            variable.assign(rng.random(variable.shape))


def _parts(model, optimizer):
    """Return weights, optimizer and random state, each in one float array."""
    weights = {id(variable) for variable in model.weights}
    chance = [v for v in model.variables if id(v) not in weights]
    return {
        "weights": _flat(model.weights),
        "optimizer": _flat(optimizer.variables),
        "chance": _flat(chance),
    }


@exercise("25.4")
def clip(clip):
    expect_function(clip, "clip")
    matrix = np.array([[3.0, -1.5, 0.5], [2.0, 4.0, -2.5]])
    vector, single = np.array([-6.0, 1.0]), np.array([[1.5]])
    _judge_clip(clip, [matrix, vector, single], 2.5)
    _judge_clip(clip, [matrix / 20, vector / 20], 2.5)
    _judge_clip(clip, [np.array([-8.0]), np.array([[[0.5], [6.0]]])], 0.3)
    _judge_clip(clip, [np.zeros((2, 2)), np.zeros(3)], 0.3)
    return "one factor for all arrays: the direction stays"


def _judge_clip(clip, gradients, limit):
    """Compare the arrays that come back, one by one and all together."""
    result = clip([g.astype("float32") for g in gradients], limit)
    expect(result is not None, "clip gives nothing back: end it with `return`.")
    whole = "Return a list with one array for each gradient, of the same shape."
    expect(
        not (isinstance(result, tuple) and isinstance(result[0], list)),
        "That is a pair, the list and its norm: return the list alone.",
    )
    try:
        parts = [as_array(part) for part in result]
    except TypeError:
        raise Hint(whole) from None
    shapes = [part.shape for part in parts]
    expect(shapes == [g.shape for g in gradients], whole)
    numbers = np.concatenate([g.ravel() for g in gradients])
    norm = np.sqrt(np.sum(numbers**2))
    right = numbers * min(1, limit / norm) if norm else numbers
    got = np.concatenate([part.ravel() for part in parts])
    mistakes = []
    if 0 < norm < limit:
        mistakes = [(numbers * limit / norm, "A short gradient was made longer: the"
                     " factor is 1 at most.")]  # fmt: skip
    elif norm:
        own = [g * min(1, limit / np.linalg.norm(g.ravel())) for g in gradients]
        mistakes = [
            (numbers, "Nothing was clipped, although the norm is above the limit: there the"
             " factor is limit / norm, below 1."),
            (np.concatenate([g.ravel() for g in own]), "Each array was clipped by a norm"
             " of its own: take one norm for all arrays together."),
            (np.clip(numbers, -limit, limit), "Every number was cut by itself, which turns"
             " the direction: shorten all by one factor."),
            (numbers * limit / norm**2, "The root is missing: the norm is the root of the"
             " sum of squares."),
            (numbers * limit / np.abs(numbers).sum(), "You add up sizes: square them, add"
             " up, and take the root."),
            (numbers * limit / np.abs(numbers).max(), "You divide by the largest number,"
             " not by the norm."),
            (numbers / norm, "That has the norm 1: the norm should be the limit."),
        ]  # fmt: skip
    expect_value(
        got, right, f"The norm is {norm:.3g} and the limit {limit}.", mistakes=mistakes,
        what="All numbers in a row",
    )  # fmt: skip


# ── quiz ────────────────────────────────────────────────────────────────────────

QUIZ = [
    Question(
        "A network has dropout and L2 penalties. `plain_step` of section 2 reports lower"
        " losses than `fit` from the first epoch on. Why?",
        [
            ("It learns faster, because it is simpler", "It takes the same number of steps"
             " with the same optimizer."),
            ("It computes another loss: without dropout and without penalties", "Right:"
             " neither training=True nor sum(model.losses) is in it."),
            ("Its gradients are more exact", "Both use the same automatic"
             " differentiation."),
        ],
        1,
    ),
    Question(
        "On one batch of 32 the loss falls below 0.01. On all data, the validation loss does"
        " not fall at all. Which bug fits?",
        [
            ("SGD with a learning rate far too high", "Then the one batch would not be"
             " learned by heart, either."),
            ("Labels of shape (n,) against scores of shape (n, 1)", "Then the loss would stop"
             " near 0.69, with equal scores for all."),
            ("Inputs were shuffled without their labels", "Right: wrong labels can be learned"
             " by heart, but nothing in them holds for new pictures."),
        ],
        2,
    ),
    Question(
        "For the last epoch, `fit` prints a training loss of 0.53. `evaluate`, right after it"
        " and with the same pictures, says 0.44. Why?",
        [
            ("`fit` takes the mean over the epoch, with dropout on", "Right: early in the"
             " epoch the weights were worse, and dropout disturbs every step."),
            ("`evaluate` leaves the penalties out", "It counts them, too, like `fit`."),
            ("`evaluate` trains a little further", "It changes no weight."),
        ],
        0,
    ),
    Question(
        "You saved weights, Adam's variables and the epoch, from which the order follows. The"
        " resumed training still differs from the uninterrupted one. The network has"
        " dropout. What is missing?",
        [
            ("The training data", "They are the same, and so is their order."),
            ("The learning rate", "It is among the optimizer's variables."),
            ("The last loss", "It is computed anew in every step; nothing depends on it."),
            ("The state of dropout's random generator", "Right: it drops other units than the"
             " uninterrupted one would have dropped."),
        ],
        3,
    ),
]  # fmt: skip
