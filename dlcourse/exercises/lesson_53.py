"""Checkers and quiz of lesson 53, learning-rate schedules."""

import math

import numpy as np

from ..checks import exercise
from ..expectations import (
    expect,
    expect_function,
    expect_result,
    expect_value,
    is_close,
)
from ..quizzes import Question


@exercise("53.1")
def warm_cosine(warm_cosine):
    peak, settings = 0.4, (0.4, 20, 100)

    def cosine(s, peak=peak):
        return peak * (1 + math.cos(math.pi * s)) / 2

    fraction = "s = (step - warm_up) / (steps - warm_up)."
    up, s = 7 / 20, 35 / 80  # at steps 7 and 55
    rise = [
        (peak * 7 / 100, "The rise reaches the peak at step warm_up: divide by warm_up, not"
         " by steps."),
        (up, "The rise is missing the factor peak."),
        (peak, "During the rise you return the peak: it starts at 0."),
        (peak * 8 / 20, "The rise starts at 0 with step 0: step / warm_up, not step + 1."),
        (peak * (1 - up), "The rise goes down: it starts at 0 and ends at the peak."),
        (peak - cosine(up), "The rise should be a straight line, not a cosine."),
        (cosine(-13 / 80), "Before step warm_up the cosine is not in force yet: rise in a"
         " straight line there."),
    ]  # fmt: skip
    fall = [
        (cosine(55 / 100), f"The cosine starts when the rise ends: {fraction}"),
        (cosine(55 / 80), f"s must be 0 at step warm_up, so subtract it: {fraction}"),
        (cosine(35 / 100), "After the rise steps - warm_up steps are left: divide by that,"
         " not by steps."),
        (2 * cosine(s), "Halve: peak / 2 · (1 + cos πs)."),
        (cosine(1 - s), "The cosine rises instead: (1 + cos πs) is 2 at s = 0 and falls,"
         " (1 - cos πs) rises."),
        (peak * math.cos(math.pi * s), "Half-way down the rate should be half the peak:"
         " peak / 2 · (1 + cos πs)."),
        (peak * math.cos(math.pi * s / 2), "That is a quarter of a cosine's wave: take"
         " peak / 2 · (1 + cos πs)."),
        (cosine(s / math.pi), "The cosine should get π·s: at s = 1 the rate must be 0."),
        (cosine(180 * s / math.pi), "math.cos takes radians: π·s, not 180·s."),
        (peak * (1 - s), "The way down is a cosine, not a straight line."),
        (cosine(s) / peak, "The cosine is missing the factor peak."),
        (peak, "After step warm_up the rate stays at the peak: let it fall along the cosine."),
        (peak * 55 / 20, "After step warm_up the rate goes on rising: the cosine must take"
         " over."),
    ]  # fmt: skip
    again = cosine(110 / 80)
    for step, right, hint, mistakes in (
        (7, peak * up, "During the rise it is peak * step / warm_up.", rise),
        (55, cosine(s), f"It is peak / 2 · (1 + cos πs), with {fraction}", fall),
        (0, 0, "The rise starts at 0.", ()),
        (20, peak, "At step warm_up the rate is the peak.", ()),
        (100, 0, "At the last step the rate is 0.", ()),
        (130, 0, "After the end the rate stays 0.", [(again, "After step `steps` the cosine"
         " climbs again: hold s at 1 with min(s, 1).")]),
    ):  # fmt: skip
        expect_result(warm_cosine, (step, *settings), right, hint, mistakes=mistakes)
    for step, right in ((1.5, 0.0009), (405, cosine(0.4, 0.003)), (1005, 0)):
        hint = "It is right for other arguments: use peak, warm_up and steps as given."
        expect_result(warm_cosine, (step, 0.003, 5, 1005), right, hint)
    return "up in a straight line, down along a cosine, then 0"


@exercise("53.2")
def peaks_to_try(peaks_to_try):
    rule = (
        "Smooth by a mean over nine steps, take the rate in the middle of the nine with the"
        " lowest mean, and return a tenth and a third of it."
    )
    for case, (rates, losses) in enumerate((_range_test(), _short_test())):
        middle = rates[4:-4]
        smooth = np.convolve(losses, np.ones(9) / 9, "valid")
        place = smooth.argmin()
        lowest = middle[place]

        def band(rate):
            return rate / 10, rate / 3

        mistakes = [
            ((lowest / 3, lowest / 10), "Right numbers, wrong order: first a tenth, then a"
             " third."),
            (lowest, "That is the rate at the minimum: return a tenth and a third of it."),
            ((lowest / 10, lowest), "The second is the rate at the minimum: take a third."),
            ((lowest / 3, lowest), "First a tenth of the rate at the minimum, then a third."),
            ((lowest * 10, lowest * 3), "Stay below the minimum: divide by 10 and 3."),
            (lowest / 10, "That is the tenth only: return a third, too."),
            (lowest / 3, "That is the third only: return a tenth before it."),
            (band(rates[losses.argmin()]), "That is the lowest single batch, which may be"
             " luck: smooth the losses first."),
            (band(rates[place]), "That rate is the first of its nine. With \"valid\", entry i"
             " of the mean belongs to rates[i + 4]."),
            (band(rates[place + 8]), "That rate is the last of its nine: take the middle"
             " one, rates[i + 4]."),
            (band(rates[np.convolve(losses, np.ones(9) / 9, "same").argmin()]), "At both ends"
             " your mean counts zeros that no batch had: use \"valid\"."),
            (band(smooth.min()), "Those are parts of a loss: return rates."),
            (band(place), "Those are parts of a place in the array: use the rate that stands"
             " there."),
            (band(place + 4), "Those are parts of a place in the array: use the rate there."),
            (band(middle[smooth.argmax()]), "That is where the loss is highest."),
        ] if case == 0 else []  # fmt: skip
        expect_result(
            peaks_to_try, (rates, losses), band(lowest), rule, mistakes=mistakes
        )
    return "from here the network learns fast, and the cliff is still far"


def _range_test():
    """Return rates and losses as a range test gives them, with one lucky batch."""
    rates = np.geomspace(1e-5, 1, 61)
    losses = 2.3 + 0.1 * np.sin(7.0 * np.arange(61))
    losses[25:] -= 0.06 * np.arange(36)
    losses[44:] += 0.3 * np.arange(17) ** 1.2
    losses[33] = 0.2
    return rates, losses


def _short_test():
    """Return rates in equal steps and their losses, lowest early."""
    rates = np.linspace(0.01, 0.5, 24)
    return rates, 1.5 + 0.05 * (np.arange(24) - 7) ** 2 + 0.2 * np.cos(
        5.0 * np.arange(24)
    )


@exercise("53.3")
def paired(paired):
    base = np.array([90.5, 93.0, 88.0, 91.0, 95.5])
    d = np.array([1.5, 2.0, -0.5, 4.5, 3.0])
    mean, sd, rows, size = d.mean(), d.std(ddof=1), base + d, np.abs(d)
    error, unpaired = sd / 5**0.5, (base.var(ddof=1) + rows.var(ddof=1)) / 5
    sign = "A loss is negative: keep the signs of the differences, without abs."
    mistakes = [
        ((error, mean), "Right numbers, wrong order: first the mean difference, then its"
         " standard error."),
        ((d.sum(), error), "That is the sum of the differences: divide by n for the mean."),
        ((-mean, error), "The sign: changed minus base, so a gain is positive."),
        ((size.mean(), error), sign),
        ((size.mean(), size.std(ddof=1) / 5**0.5), sign),
        ((mean, sd), "The second is the standard deviation: divide it by the root of n."),
        ((mean, d.std()), "The second is the standard deviation, with n: use n - 1, and"
         " divide by the root of n."),
        ((mean, d.std() / 5**0.5), "Divide by n - 1 inside the root: ddof=1."),
        ((mean, sd**2), "The second is the variance: take its root, then divide by the root"
         " of n."),
        ((mean, error**2), "The second is the squared standard error: take the root."),
        ((mean, sd / 5), "Divide by the root of n, not by n."),
        ((mean, sd / 2), "You divide by the root of 4, and n is 5 here: use len(d). Only the"
         " variance has n - 1, and ddof=1 sees to that."),
        ((mean, unpaired**0.5), "That treats the two as unrelated: the luck they share does"
         " not cancel. Use the spread of the differences."),
        (mean, "That is the mean difference only: return its standard error, too."),
        (error, "That is the standard error only: return the mean difference before it."),
        (d, "Those are the differences: return their mean and its standard error."),
    ]  # fmt: skip
    hint = "Return the mean of changed - base, and np.std(d, ddof=1) / √n."
    expect_result(paired, (base, rows), (mean, error), hint, mistakes=mistakes)
    for base, changed in (
        (np.array([95.0, 90.0, 93.0]), np.array([96.0, 92.0, 99.0])),
        (np.array([0.93, 0.91, 0.95, 0.9]), np.array([0.92, 0.88, 0.94, 0.85])),
    ):
        d, n = changed - base, len(base)
        mean, error = d.mean(), d.std(ddof=1) / n**0.5
        expect_result(
            paired, (base, changed), (mean, error), hint,
            mistakes=[((abs(mean), error), sign)] if mean < 0 else (),
        )  # fmt: skip
    return "differences first, then their mean and its standard error"


@exercise("53.4")
def mended(diagnosis, mended):
    word = diagnosis.strip().lower() if isinstance(diagnosis, str) else ""
    expect(
        word in ("small", "layers", "none"),
        'The diagnosis is one of "small", "layers" and "none".',
    )
    expect(
        word != "small",
        "Not too small a rate: it would still move every weight a little, and from epoch 3"
        " on none moves at all.",
    )
    expect(
        word != "layers",
        "Not too few layers: a small network's weights still move, and here none moves from"
        " epoch 3 on.",
    )
    expect_function(mended, "mended")
    for peak, n_images, batch_size, epochs in (
        (0.2, 300, 32, 7), (0.4, 1000, 64, 10), (0.1, 640, 64, 5)
    ):  # fmt: skip
        _judge_schedule(
            mended(peak, n_images, batch_size, epochs),
            peak,
            n_images,
            batch_size,
            epochs,
        )
    return "epochs × batches per epoch, rounded up: 100 steps instead of 10"


def _judge_schedule(schedule, peak, n, batch, epochs):
    """Raise a hint unless this falls along a cosine to 0 at the last step of training."""
    import keras

    expect(schedule is not None, "mended gives nothing back: return the schedule.")
    expect(
        not isinstance(schedule, keras.optimizers.Optimizer),
        "That is an optimizer: return only the schedule that it would get.",
    )
    expect(
        isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule),
        "Return a schedule that Keras can use, such as schedules.CosineDecay(…): no class, no"
        " number, and no function of your own.",
    )
    last, per_epoch = epochs * math.ceil(n / batch), math.ceil(n / batch)
    steps = np.array([0, 3, last // 4, last // 2, last * 3 // 4, last])
    rates = [float(keras.ops.convert_to_numpy(schedule(int(step)))) for step in steps]
    shares = np.array(rates) / peak
    sizes = f"{n} images, batches of {batch} and {epochs} epochs"
    expect(
        is_close(shares[0], 1, 0.02),
        f"With peak={peak} the schedule should start at {peak}, without a warm-up; it starts"
        f" at {rates[0]:.3g}.",
    )

    def cosine(length):
        return (1 + np.cos(np.pi * np.minimum(steps / length, 1))) / 2

    small = (
        f"For {sizes} the rate is 0 before the end: the last, smaller batch of every epoch is"
        " a step too. Round up the batches of an epoch."
    )
    first = "The rate is 0 after one epoch: that is steps per epoch. Times epochs."
    images = f"For {sizes} the rate falls too slowly. Do you count images? A step is a batch."
    lengths = {
        epochs: f"After {epochs} steps the rate is 0, and there are {last}: a step is one"
        " batch, and an epoch has many.",
        per_epoch: first,
        n // batch: first,
        epochs * (n // batch): small,
        epochs * n / batch: small,
        math.ceil(
            epochs * n / batch
        ): "You round up once, at the end: every epoch has its"
        " own smaller last batch, so round up the batches of one epoch, then multiply.",
        epochs
        * (n // batch + 1): f"For {sizes} the last step still has a rate above 0: they"
        " divide evenly, so there is no smaller last batch. Use math.ceil, not // and + 1.",
        epochs * n: images,
        n: images,
    }
    exact = cosine(last)
    if is_close(shares, cosine(last - 1)):  # counted from 0 that is the last step
        exact = cosine(last - 1)
    wrong = [(cosine(length), why) for length, why in lengths.items() if length != last]
    expect_value(
        shares,
        exact,
        f"For {sizes} there are {last} steps: let CosineDecay fall to 0 over epochs ×"
        " batches per epoch, rounded up.",
        mistakes=[
            *wrong,
            (1 - steps / last, "It falls, but not along a cosine: use CosineDecay."),
            (
                np.ones(6),
                f"In {last} steps it hardly falls: it should be 0 at the end.",
            ),
        ],
        what=f"The rate, as a share of the peak, at the steps {steps.tolist()}",
        reveal=True,
    )


# ── quiz ────────────────────────────────────────────────────────────────────────

QUIZ = [
    Question(
        "With a constant rate the training loss falls fast, then jitters at one level for"
        " many epochs. New batches, same level. What lowers it?",
        [
            ("More epochs at this rate", "The jitter has come to rest: each step adds as much"
             " noise as it removes. More of the same changes nothing."),
            ("A higher rate", "The floor is in proportion to the rate: it would rise."),
            ("A smaller rate for the last part", "Right: near α/4 per direction in our"
             " valley. The large rate did its work; now it is in the way."),
            ("A new initialization", "Another start, the same floor: it belongs to the rate"
             " and the noise, not to the place you came from."),
        ],
        2,
    ),
    Question(
        "In a range test the loss is flat up to 0.0001, falls until 0.03, and explodes at"
        " 0.2. Which peak do you try first?",
        [
            ("0.0001", "There learning just begins to show: safe and slow."),
            ("0.005", "Right: a third to a tenth of the rate at the minimum, where the loss"
             " still falls steeply."),
            ("0.03", "At the minimum progress has already stopped, and the test came there"
             " warmed up."),
            ("0.2", "There training diverges."),
        ],
        1,
    ),
    Question(
        "`ReduceLROnPlateau(monitor=\"val_accuracy\", mode=\"min\", patience=3)`: what happens in"
        " a training that goes well?",
        [
            ("Nothing: the accuracy keeps rising", "With mode min, rising counts as no"
             " improvement."),
            ("The rate is cut every three epochs", "Right: it waits for a new *minimum* of"
             " the accuracy, does not get one, and cuts. mode=\"max\" or \"auto\" mends it."),
            ("Keras raises an error", "Both arguments are legal. Nothing warns you."),
        ],
        1,
    ),
    Question(
        "You double the batch size and keep `CosineDecay(0.01, decay_steps=3000)`, which"
        " fitted before, and the number of epochs. What happens?",
        [
            ("Training stops half-way: the rate is 0", "The other way round: there are fewer"
             " steps now, not more."),
            ("Nothing, epochs are epochs", "The schedule counts steps, and an epoch has half"
             " as many."),
            ("Training ends at half the peak and never cools down", "Right: only 1,500 steps"
             " are made, and at s = 0.5 the cosine stands at half the peak."),
        ],
        2,
    ),
    Question(
        "Dropout gains 0.5 points over the baseline: paired, three repeats, standard error"
        " 0.4. What may you report?",
        [
            ("Dropout helps by 0.5 points", "The 95 % interval is 0.5 ± 4.3 · 0.4: from −1.2"
             " to 2.2. Zero is well inside."),
            ("Dropout does nothing", "Not shown either: the interval also contains a gain of"
             " 2 points. No proof of an effect is no proof of none."),
            ("Undecided: between −1.2 and +2.2", "Right: more repeats would narrow it, as"
             " one over the root of n."),
            ("Take the best repeat: 1.2 points", "The best of several scores measures luck"
             " (lesson 32)."),
        ],
        2,
    ),
]  # fmt: skip
