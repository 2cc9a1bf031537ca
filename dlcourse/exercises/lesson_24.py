"""Checkers and quiz of lesson 24, losses and metrics."""

import re

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    Untouched,
    as_array,
    expect,
    expect_number,
    expect_result,
    expect_tuple,
    expect_value,
    is_untouched,
)
from ..quizzes import Question


@exercise("24.1")
def log_loss(log_loss):
    cases = [
        ([1, 0, 1], [0.8, 0.4, 0.6]),
        ([0, 1, 0, 0, 1], [0.3, 0.9, 0.05, 0.62, 0.17]),
    ]
    for y, p in cases:
        y, p = np.array(y), np.array(p)
        given = np.where(y == 1, p, 1 - p)
        prices = -np.log(given)
        expect_result(
            log_loss, (y, p), prices.mean(),
            "Per day, take the probability that went to what happened, then minus the mean"
            " of the logarithms.",
            mistakes=[
                (-prices.mean(), "The sign: logarithms of probabilities are negative, and a"
                 " price is positive."),
                (prices.sum(), "That is the sum: divide by the number of days."),
                (prices, "Those are the prices of the single days: return their mean."),
                (-np.log2(given).mean(), "Use the natural logarithm, np.log, not base 2."),
                (-np.log10(given).mean(), "Use the natural logarithm, np.log, not base 10."),
                (-np.log(p).mean(), "On a dry day 1 - p went to what happened, not p."),
                (-np.log(1 - given).mean(), "Rain and dry have changed places: on a rainy day"
                 " p went to what happened."),
                (-(y * np.log(p)).mean(), "Dry days are missing: they cost"
                 " -(1 - y) * ln(1 - p)."),
                (-np.log(given.mean()), "Take the logarithm of each day's probability first,"
                 " the mean afterwards."),
                (prices[y == 1].mean() + prices[y == 0].mean(), "You took a mean over the wet"
                 " days and one over the dry days: take a single mean, over all days."),
                (given.prod(), "That is the likelihood: now take minus its logarithm, divided"
                 " by the number of days."),
            ],
        )  # fmt: skip
    return "this is Keras's binary_crossentropy, and now you know what it asks"


@exercise("24.2")
def StreamingF1(StreamingF1):
    import keras

    told = "Hand in the class StreamingF1 itself: a keras.metrics.Metric, without brackets."
    expect(callable(StreamingF1), told)
    expect(not isinstance(StreamingF1, keras.metrics.Metric), told)
    metric = StreamingF1()
    expect(isinstance(metric, keras.metrics.Metric), told)
    stubs = [name for name in ("update_state", "result")
             if is_untouched(getattr(type(metric), name))]  # fmt: skip
    if stubs:
        raise Untouched("" if len(stubs) == 2 else stubs[0])

    def fed(batches):
        for y, p in batches:
            metric.update_state(np.array(y)[:, None], np.array(p, "float32")[:, None])
        result = metric.result()
        expect(result is not None, "result() gives nothing back: end it with `return`.")
        return result

    def still_zero():
        counts = [getattr(metric, name, 1) for name in ("fp", "fn")]
        return [not np.any(as_array(count, "the state")) for count in counts]

    first = [
        ([1, 0, 0, 1, 1, 0, 0], [0.9, 0.6, 0.5, 0.2, 0.5, 0.1, 0.7]),
        ([1, 0, 1, 0, 0, 0], [0.8, 0.55, 0.65, 0.1, 0.3, 0.2]),
        ([1, 1, 0, 1, 0, 1, 1], [0.8, 0.55, 0.2, 0.7, 0.15, 0.4, 0.3]),
    ]
    second = [([1.0, 0.0, 1.0, 1.0, 1.0], [0.7, 0.8, 0.6, 0.1, 0.9]), ([0.0], [0.2])]
    for batches in (first, second):
        value = fed(batches)
        if all(still_zero()) and np.all(as_array(value, "result()") == 1):
            raise Untouched("update_state")
        expect_value(
            expect_number(value, "result() should return one number that is finite."),
            _f1(batches), "Add up tp, fp and fn over all batches; F1 is 2 tp / (2 tp + fp +"
            " fn).",
            what=f"F1 after {len(batches)} batches",
            mistakes=_mistakes_of_f1(batches) if batches is first else [],
            reveal=True,
        )  # fmt: skip
        metric.reset_state()
        if batches is first:
            again = expect_number(
                fed(second), "result() should return one number that is finite."
            )
            tp = _counts(second)[:, 0].sum()
            _, fp, fn = _counts([*first, *second]).sum(axis=0)
            expect(
                abs(again - _f1([*first, *second])) > 1e-4
                and abs(again - 2 * tp / (2 * tp + fp + fn)) > 1e-4,
                "After reset_state() it still remembers the old batches: Keras sets back"
                " only what was made with add_weight. Change it with assign_add: += puts"
                " another object in its place.",
            )
            metric.reset_state()
    nothing = float(as_array(fed([([0, 0], [0.1, 0.2])]), "result()"))
    expect(
        nothing == 0,
        f"Without rain, announced or real, result() is {nothing:g}; it should be 0: divide by"
        " keras.ops.maximum(..., 1).",
    )
    metric.reset_state()
    return "the same for any size of batch, because counts can be added"


def _counts(batches):
    """Return tp, fp and fn per batch: (batches, 3)."""
    rows = []
    for y, p in batches:
        y, said = np.array(y) == 1, np.array(p) >= 0.5
        rows.append([np.sum(y & said), np.sum(~y & said), np.sum(y & ~said)])
    return np.array(rows, float)


def _f1(batches):
    tp, fp, fn = _counts(batches).sum(axis=0)
    return 2 * tp / (2 * tp + fp + fn)


def _mistakes_of_f1(batches):
    counts = _counts(batches)
    tp, fp, fn = counts.sum(axis=0)
    y, p = (np.concatenate([batch[i] for batch in batches]) for i in (0, 1))
    of_batches = 2 * counts[:, 0] / (2 * counts[:, 0] + counts[:, 1] + counts[:, 2])
    above = np.sum((y == 1) & (p > 0.5)), np.sum((y == 0) & (p > 0.5))
    pairs = 2 * sum(np.sum(b[0]) * np.sum(np.array(b[1]) >= 0.5) for b in batches)
    size = sum(
        len(b[0]) * (np.sum(b[0]) + np.sum(np.array(b[1]) >= 0.5)) for b in batches
    )
    soft = 2 * np.sum(y * p) / (np.sum(y) + np.sum(p))
    return [
        (of_batches.mean(), "That is the mean of the batches' F1: add up the three counts and"
         " divide once, in result."),
        (of_batches[-1], "Only the last batch counts: add to the state with assign_add, do not"
         " overwrite it with assign."),
        (2 * tp / (2 * tp + counts[-1, 1] + counts[-1, 2]), "fp and fn know only the last batch:"
         " add to them with assign_add, as for tp; assign overwrites."),
        (of_batches.sum(), "That is the sum of the batches' F1: add up counts, not ratios."),
        (2 * tp / (2 * tp + fp), "fn is missing: the days on which y is 1 and said is 0."),
        (2 * tp / (2 * tp + fn), "fp is missing: the days on which y is 0 and said is 1."),
        (tp / (tp + fp), "That is the precision: the missed rain, fn, is left out."),
        (tp / (tp + fn), "That is the recall: rain announced in vain, fp, is left out."),
        (tp / (tp + fp + fn), "tp counts twice, above and below the line."),
        (2 * tp / (tp + fp + fn), "Is tp counted twice below the line as well? And are fp and fn"
         " counts, never below 0?"),
        (2 * tp / (2 * tp + fp + np.sum((y == 0) & (p < 0.5))), "fn counts the rain that was"
         " missed: y is 1 and said is 0. You count dry days that were rightly called dry."),
        (np.mean((y == 1) == (p >= 0.5)), "That is the accuracy: correct dry days do not count"
         " in F1."),
        (2 * above[0] / (above[0] + above[1] + np.sum(y)), "A forecast of exactly 0.5 announces"
         " rain: use >=, not >."),
        (soft, "The probabilities themselves were added up: first make 0 or 1 of them, with"
         " y_pred >= 0.5."),
        (pairs / size, "Every label was compared with every forecast of the batch: labels and"
         " forecasts must have the same shape, (batch, 1)."),
    ]  # fmt: skip


TASKS = {
    "temperature": (1, "linear", {"mse"}),
    "sky": (4, "softmax", {"sparse_categorical_crossentropy"}),
    "warnings": (3, "sigmoid", {"binary_crossentropy"}),
    "sentiment": (3, "softmax", {"categorical_crossentropy"}),
    "buoy": (1, "linear", {"huber", "mae", "log_cosh"}),
    "frost": (1, "sigmoid", {"binary_crossentropy"}),
}
SHORT = {
    "mean_squared_error": "mse",
    "mean_absolute_error": "mae",
    "logcosh": "log_cosh",
    "bce": "binary_crossentropy",  # Keras knows it by this name, too
}


@exercise("24.3")
def choices(choices):
    told = "choices should stay a dictionary with the six names of the table."
    expect(isinstance(choices, dict) and set(choices) == set(TASKS), told)
    for name, (units, activation, losses) in TASKS.items():
        parts = expect_tuple(
            choices[name], 3,
            f'{name}: give three things, as in the example: (1, "linear", "mse").',
        )  # fmt: skip
        number = expect_number(parts[0], f"{name}: the units should be a number.")
        found = _name_of(parts[1] or "linear")
        if getattr(parts[2], "from_logits", False):  # then the loss takes it
            expect(
                found == "linear",
                f"{name}: with from_logits=True the loss takes the {found} itself, so behind"
                f" a {found} it is taken twice: leave the layer linear, or the argument out.",
            )
            found = "softmax" if "categorical" in _name_of(parts[2]) else "sigmoid"
        if name == "frost" and number == 2 and found == "softmax":  # right, too
            expect(
                _name_of(parts[2]) == "sparse_categorical_crossentropy",
                "frost: two units with softmax are two classes, and the label, 1, is a"
                " class's number: sparse_categorical_crossentropy.",
            )
            continue
        _judge_activation(name, activation, found)
        expect(
            number == units,
            f"{name}: {number:g} units? Count what the network should say: one unit for a"
            " number or a yes-or-no, k units for k classes or k questions.",
        )
        _judge_loss(name, losses, SHORT.get(_name_of(parts[2]), _name_of(parts[2])))
    return (
        "the target decides the last layer; the target and its likely errors, the loss"
    )


def _judge_activation(name, right, found):
    expect(
        found in ("linear", "sigmoid", "softmax"),
        f"{name}: the activation is one of linear, sigmoid and softmax, as a string.",
    )
    if found == right:
        return
    expect(
        not (name == "warnings" and found == "softmax"),
        "warnings: softmax lets the three compete for one probability of 1, but storm and ice"
        " may come together: three separate yes-or-no questions.",
    )
    expect(
        not (name == "frost" and found == "softmax"),
        "frost: softmax over one unit always says 1. A single yes-or-no needs a sigmoid.",
    )
    expect(
        right != "softmax",
        f"{name}: exactly one of the classes is true, so their probabilities must add up to"
        " 1: softmax.",
    )
    expect(
        right != "linear",
        f"{name}: a temperature is no probability: a {found} ends at 1. Leave it linear.",
    )
    raise Hint(f"{name}: the loss wants probabilities between 0 and 1: a sigmoid.")


def _judge_loss(name, right, found):
    if found in right:
        return
    cross = {"categorical_crossentropy", "sparse_categorical_crossentropy"}
    expect(
        not (right & cross and found in cross),
        f"{name}: look at the label again: one-hot, such as (0, 1, 0), wants"
        " categorical_crossentropy; the number of a class wants"
        " sparse_categorical_crossentropy.",
    )
    expect(
        not (name == "buoy" and found == "mse"),
        "buoy: squared, one garbled 880 °C outweighs thousands of good targets: take a loss"
        " whose slope is bounded.",
    )
    expect(
        not (name == "temperature" and found in ("mae", "huber")),
        "temperature: it is the example, (1, 'linear', 'mse'): leave it.",
    )
    expect(
        not (right == {"binary_crossentropy"} and found in cross),
        f"{name}: each unit answers yes or no by itself: binary_crossentropy.",
    )
    raise Hint(
        f"{name}: {found} does not fit the target: look for its row in the table above."
    )


def _name_of(thing):
    """Return the name of an activation or a loss: a string, function, object or class."""
    if isinstance(thing, type):
        thing = thing.__name__
    if not isinstance(thing, str):
        thing = getattr(thing, "name", None) or getattr(thing, "__name__", str(thing))
    words = re.sub("(?<=[a-z])(?=[A-Z])", "_", str(thing).strip())  # MeanSquaredError
    return words.lower().removesuffix("_loss")


@exercise("24.4")
def mended_loss(mended_loss):
    import keras

    told = (
        "Give a loss that Keras knows: an object such as keras.losses.…(), or its name in"
        " quotes."
    )
    try:
        loss_fn = keras.losses.get(mended_loss)
    except (ValueError, TypeError):
        raise Hint(told) from None
    expect(callable(loss_fn), told)
    one_class = (
        "With one column, a categorical loss sees a single class, which always has"
        " probability 1: rain or not wants the binary one."
    )
    expect("sparse" not in _name_of(loss_fn), one_class)  # fails: 1 is no class of one
    for y, p in [
        ([1, 0, 1, 0], [0.99, 0.2, 0.3, 0.01]),
        ([0, 0, 1], [0.6, 0.45, 0.9]),
    ]:
        y, p = np.array(y, "float32")[:, None], np.array(p, "float32")[:, None]
        value = keras.ops.convert_to_numpy(loss_fn(y, p)).astype("float64")
        given = np.where(y == 1, p, 1 - p).astype("float64")
        once = 1 / (1 + np.exp(-p.astype("float64")))
        expect_value(
            value.mean(), -np.log(given).mean(),
            "The last layer gives probabilities of rain. Which loss asks how probable what"
            " happened was, and expects probabilities?",
            what=f"the loss for y = {y.ravel().tolist()} and forecasts"
            f" {p.ravel().round(2).tolist()}",
            mistakes=[
                (-np.log(np.where(y == 1, once, 1 - once)).mean(), "This still takes the"
                 " sigmoid of what is a probability already: from_logits=True is the cause."),
                (np.mean((p - y) ** 2), "The squared error is no longer fooled, but it is"
                 " another loss: he wants the log-likelihood."),
                (np.mean(np.abs(p - y)), "The mean absolute error drives forecasts to 0 and 1,"
                 " too: it is cheapest to say the median."),
                (0, one_class),
                (-np.log(given).sum(), "The mean over the days, not the sum: a sum changes the"
                 " size of the steps."),
                (np.log(given).mean(), "The sign is wrong: training would make this smaller"
                 " without end."),
                (np.mean(np.where(y == 1, p < 0.5, p >= 0.5)), "That counts wrong days: its"
                 " slope is zero, so nothing can be learned from it."),
            ],
        )  # fmt: skip
    return "probabilities come in, so the loss takes no sigmoid of its own"


QUIZ = [
    Question(
        "The validation loss of a yes-or-no network has doubled since epoch 5, from 0.5 to 1.0; its"
        " validation accuracy, 0.8, has stayed the same. What has most likely happened?",
        [
            (
                "There is a mistake in the code: the two must move together.",
                "They need not: accuracy only asks on which side of one half a forecast lies.",
            ),
            (
                "Its wrong answers have become surer.",
                "Accuracy counts only sides, but a wrong answer given 0.99 costs far more than"
                " a wrong one given 0.7.",
            ),
            (
                "It has become more careful: all its probabilities moved toward 0.5.",
                "At 0.5 every answer costs 0.69: careful answers could not bring the mean up to"
                " 1.0. Bold ones can.",
            ),
        ],
        1,
    ),
    Question(
        "Why does nobody train with gradient descent on accuracy itself?",
        [
            (
                "Because it is flat almost everywhere: its gradient says nothing.",
                "A tiny change of the weights moves no forecast to the other side.",
            ),
            (
                "Because it lies between 0 and 1, and losses must be larger.",
                "The size of a loss does not matter; its slope does.",
            ),
            (
                "Because it would overfit more than a loss does.",
                "It would not learn at all: without a slope, no weight moves.",
            ),
        ],
        0,
    ),
    Question(
        "You model the damage by storms, zero on most days and very large on a few, for an"
        " insurer whose premiums must cover the damage in the long run. Which loss?",
        [
            (
                "MAE, because the few large damages are outliers.",
                "MAE finds the median: zero. The large damages are what it is all about.",
            ),
            (
                "Huber with a small delta, because it is the safest choice in general.",
                "It cuts off how hard large errors pull: they would be underrated, too.",
            ),
            (
                "MSE, because it finds the mean.",
                "The mean times the number of days is what the insurer will pay.",
            ),
        ],
        2,
    ),
    Question(
        "The last layer is `Dense(5)` without activation; the labels are numbers from 0 to 4,"
        " one for each picture. Which loss?",
        [
            (
                "`SparseCategoricalCrossentropy()`",
                "That expects probabilities; logits below 0 would count as 0.0000001.",
            ),
            (
                "`SparseCategoricalCrossentropy(from_logits=True)`",
                "Logits come in, so the loss does the softmax.",
            ),
            (
                "`CategoricalCrossentropy(from_logits=True)`",
                "That wants one-hot labels, (0, 0, 1, 0, 0), not numbers.",
            ),
            (
                "`BinaryCrossentropy(from_logits=True)`",
                "That is for separate yes-or-no questions; here exactly one class is true.",
            ),
        ],
        1,
    ),
]
