"""Checkers and quiz of lesson 53, learning-rate schedules."""

import math

import numpy as np

from ..checks import exercise
from ..expectations import expect, expect_array, expect_number
from ..quizzes import Question


@exercise("53.1")
def boundaries(answer):
    first, second = expect_array(answer, (2,), "The list of boundaries")
    hints = {
        (
            10,
            15,
        ): "Those are epochs. The optimizer counts batches: how many has an epoch?",
        (
            11,
            16,
        ): "Those are epochs. The optimizer counts batches: how many has an epoch?",
        (
            9,
            14,
        ): "Those are epochs. The optimizer counts batches: how many has an epoch?",
        (10_000, 15_000): "Those are images. A step is one batch of 32.",
        (310, 465): "1000 / 32 = 31.25: the last batch, of 8 images, is a step too.",
        (312.5, 468.75): "A boundary is a whole step: an epoch has 32 batches, the last"
        " one smaller.",
        (312, 468): "An epoch has a whole number of batches: 32, the last one smaller.",
        (313, 469): "An epoch has a whole number of batches: 32, the last one smaller.",
        (352, 512): "After epoch 10 means when 10 epochs are done: 10 · 32 steps.",
        (288, 448): "After epoch 10 means when 10 epochs are done: 10 · 32 steps.",
        (320, 800): "After epoch 15 of the whole training, not 15 epochs later.",
        (480, 320): "Right numbers, wrong order: boundaries rise.",
        (
            320,
            160,
        ): "Boundaries count from the start of training, not from the last drop.",
        (640, 320): "Count from the start of training: after epoch 10, after epoch 15.",
    }
    expect((first, second) not in hints, hints.get((first, second), ""))
    expect(
        first in (319, 320) and second in (479, 480),
        "Steps per epoch times epochs: math.ceil(1000 / 32) is 32.",
    )
    return "32 steps per epoch: 320 and 480"


@exercise("53.2")
def warm_cosine(answer):
    def rate(step):
        return expect_number(
            answer(step, 0.4, 20, 100), "Return one number: the rate at this step."
        )

    expect(
        not np.isclose(rate(0), 0.4),
        "At step 0 you return the peak: the rise starts at 0.",
    )
    expect(
        np.isclose(rate(0), 0, atol=1e-9), f"Step 0 should give 0, not {rate(0):.3g}."
    )
    rise = rate(5)
    expect(
        not np.isclose(rise, 0.4 * 5 / 100),
        "The rise reaches the peak at step warm_up: divide by warm_up, not by steps.",
    )
    expect(not np.isclose(rise, 5 / 20), "The rise is missing the factor peak.")
    expect(
        np.isclose(rise, 0.1),
        f"A quarter of the way up (step 5 of 20) is a quarter of 0.4; you return {rise:.3g}.",
    )
    peak = rate(20)
    expect(
        not np.isclose(peak, 0.2 * (1 + math.cos(math.pi * 0.2))),
        "The cosine starts when the rise ends: s = (step - warm_up) / (steps - warm_up).",
    )
    expect(
        not np.isclose(peak, 0.2 * (1 + math.cos(math.pi * 20 / 80))),
        "s must be 0 at step warm_up: subtract warm_up from the step.",
    )
    expect(not np.isclose(peak, 0.8), "Halve: peak / 2 · (1 + cos πs).")
    expect(
        not np.isclose(peak, 0, atol=1e-9),
        "At the end of the rise the rate falls to 0: (1 + cos πs) is 2 at s = 0,"
        " (1 - cos πs) is 0.",
    )
    expect(
        np.isclose(peak, 0.4), f"At step warm_up the rate is the peak, not {peak:.3g}."
    )
    middle = rate(60)
    expect(
        middle <= 0.4,
        f"After step warm_up the rate goes on rising, to {middle:.3g} at step 60: the cosine"
        " must take over.",
    )
    expect(
        not np.isclose(middle, 0.2 * (1 + math.cos(math.pi * 40 / 100))),
        "After the rise steps - warm_up steps are left: divide by that, not by steps.",
    )
    expect(
        not np.isclose(middle, 0.4 * math.cos(math.pi / 2), atol=1e-9),
        "Half-way down the rate is half the peak: peak / 2 · (1 + cos πs).",
    )
    expect(
        np.isclose(middle, 0.2),
        f"Half-way down (step 60) the rate is peak / 2 = 0.2, not {middle:.3g}. Does the"
        " cosine get π·s, in radians?",
    )
    quarter = rate(40)
    expect(
        np.isclose(quarter, 0.2 * (1 + math.cos(math.pi / 4))),
        "The ends fit, the way between does not: it is a cosine, not a straight line.",
    )
    expect(np.isclose(rate(100), 0, atol=1e-9), "At the last step the rate is 0.")
    expect(
        np.isclose(rate(130), 0, atol=1e-9),
        "After step `steps` the cosine climbs again: hold s at 1 with min(s, 1).",
    )
    return "up in a straight line, down along a cosine, then 0"


@exercise("53.3")
def plateau_rates(answer):
    def found(losses, *settings):
        copy = list(losses)
        rates = answer(copy, *settings)
        expect(
            rates is not None,
            "Your function returns nothing: return the list of rates.",
        )
        array = expect_array(rates, (None,), "The list of rates")
        expect(
            len(array) == len(losses),
            f"You return {len(array)} rates for {len(losses)} epochs: one for each, the"
            " rate used in it.",
        )
        return array

    losses = [
        0.90,
        0.60,
        0.70,
        0.65,
        0.50,
        0.55,
        0.52,
        0.51,
        0.53,
        0.40,
        0.45,
        0.60,
        0.50,
    ]
    right = _plateau(losses, 0.01, 2, 0.5)
    rates = found(losses, 0.01, 2, 0.5)
    mistakes = [
        (_plateau(losses, 0.01, 2, 0.5, early=True), "The cut comes one epoch early: append"
         " the rate used in an epoch before you look at its loss."),
        (_plateau(losses, 0.01, 2, 0.5, previous=True), "You compare with the epoch before."
         " Compare with the lowest loss so far: 0.65 after 0.60 and 0.70 is no new minimum."),
        (_plateau(losses, 0.01, 2, 0.5, reset=False), "After a cut the waiting starts again"
         " from 0."),
        (_plateau(losses, 0.01, 3, 0.5), "You wait one epoch too long: cut as soon as"
         " patience epochs have brought no new minimum."),
        (_plateau(losses, 0.01, 2, 0.5, maximum=True), "You wait for a new maximum: a loss"
         " should fall."),
        (_plateau(losses, 0.01, 2, 0.5, forget=True), "After a cut you forget the best loss:"
         " it stays."),
        (_plateau(losses, 0.01, 2, 2.0), "The rate grows: multiply by factor, do not divide."),
        (np.full(13, 0.01), "The rate never falls: epochs 3 and 4 bring no new minimum."),
    ]  # fmt: skip
    for wrong, hint in mistakes:
        expect(not np.allclose(rates, wrong) or np.allclose(wrong, right), hint)
    expect(
        np.isclose(rates[0], 0.01), "The first epoch uses the rate that you are given."
    )
    expect(
        np.allclose(rates, right),
        f"For the losses {losses} with patience 2 and factor 0.5 epoch"
        f" {np.argmin(np.isclose(rates, right)) + 1} should use"
        f" {right[np.argmin(np.isclose(rates, right))]:g}.",
    )
    again = [1.0, 1.0, 1.0, 1.0, 0.5, 0.7, 0.6, 0.6, 0.6]
    expect(
        not np.allclose(
            found(again, 1.0, 3, 0.1), _plateau(again, 1.0, 3, 0.1, ties=True)
        ),
        "An equal loss is no new minimum: compare with <, not <=.",
    )
    expect(
        np.allclose(found(again, 1.0, 3, 0.1), _plateau(again, 1.0, 3, 0.1)),
        "Right for patience 2 and factor 0.5, not for patience 3 and factor 0.1: use the"
        " arguments, and count an equal loss as waiting.",
    )
    return "best loss, epochs waited, rate: the whole callback"


def _plateau(
    losses, rate, patience, factor,
    early=False, previous=False, reset=True, maximum=False, forget=False,
    ties=False,
):  # fmt: skip
    """Return the rates by the rule, or with one of the usual mistakes."""
    best, waited, rates = (-math.inf if maximum else math.inf), 0, []
    for loss in losses:
        if not early:
            rates.append(rate)
        if (loss > best) if maximum else (loss < best or (ties and loss == best)):
            best, waited = loss, 0
        else:
            waited += 1
        if previous:
            best = loss
        if waited >= patience:
            rate *= factor
            waited = 0 if reset else waited
            best = math.inf if forget else best
        if early:
            rates.append(rate)
    return np.array(rates)


@exercise("53.4")
def paired(answer):
    base = np.array([95.0, 90.0, 93.0])
    changed = np.array([96.0, 92.0, 99.0])
    result = answer(base, changed)
    expect(
        result is not None,
        "Your function returns nothing: return the mean and the standard error.",
    )
    mean, error = expect_array(result, (2,), "What you return (mean difference, SE)")
    expect(
        not np.allclose((mean, error), (math.sqrt(7 / 3), 3)),
        "Right numbers, wrong order: first the mean difference, then its standard error.",
    )
    expect(
        not np.isclose(mean, 9),
        "That is the sum of the differences: divide by n for the mean.",
    )
    expect(
        not np.isclose(mean, -3), "The sign: changed minus base, so a gain is positive."
    )
    expect(np.isclose(mean, 3), f"The mean of 1, 2 and 6 is 3, not {mean:.3g}.")
    d = changed - base
    hints = [
        (d.std(ddof=1), "That is the standard deviation: divide by the root of n."),
        (d.std(ddof=0), "That is the standard deviation, with n: use n - 1, and divide by"
         " the root of n."),
        (d.std(ddof=0) / math.sqrt(3), "Divide by n - 1 inside the root: ddof=1."),
        (d.var(ddof=1), "That is the variance: take its root, then divide by the root of n."),
        (d.var(ddof=1) / 3, "That is the squared standard error: take the root."),
        (d.std(ddof=1) / 3, "Divide by the root of n, not by n."),
        (math.sqrt((base.var(ddof=1) + changed.var(ddof=1)) / 3), "That treats the two as"
         " unrelated: the luck they share does not cancel. Use the spread of the"
         " differences."),
    ]  # fmt: skip
    for wrong, hint in hints:
        expect(not np.isclose(error, wrong), hint)
    expect(
        np.isclose(error, math.sqrt(7 / 3)),
        f"For the differences 1, 2, 6 the standard error is 1.53, not {error:.3g}.",
    )
    more = answer(
        np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1.0, 3.0, 3.0, 5.0, 9.0])
    )
    expect(
        np.allclose(expect_array(more, (2,)), (1.2, math.sqrt(2.7 / 5))),
        "Right for three repeats, not for five: take n from the arrays.",
    )
    return "differences first, then their mean and its standard error"


@exercise("53.5")
def mended(answer):
    sizes = [(0.01, 300, 32, 20), (0.4, 1000, 64, 3), (0.1, 640, 64, 5)]
    for peak, n_images, batch_size, epochs in sizes:
        schedule = answer(peak, n_images, batch_size, epochs)
        expect(
            schedule is not None, "Your function returns nothing: return the schedule."
        )
        expect(
            callable(schedule),
            "Return a schedule, which Keras can call with a step, not a number.",
        )
        per_epoch = math.ceil(n_images / batch_size)
        steps = per_epoch * epochs

        def share(step, schedule=schedule, peak=peak):
            import keras

            value = keras.ops.convert_to_numpy(schedule(step))
            return expect_number(value, "The schedule should return one number.") / peak

        def ends_at(step, share=share):
            return share(step) < 1e-6 < share(0.9 * step)

        what = f"for {n_images} images, batches of {batch_size} and {epochs} epochs"
        expect(
            np.isclose(share(0), 1, atol=0.02),
            f"With peak={peak} the schedule should start at {peak}, without a warm-up; it"
            f" starts at {share(0) * peak:.3g}.",
        )
        expect(
            not ends_at(epochs),
            f"After {epochs} steps the rate is still 0, and there are {steps}:"
            " decay_steps counts batches, not epochs.",
        )
        expect(
            not ends_at(per_epoch),
            "The rate is 0 after one epoch: that is steps per epoch. Times epochs.",
        )
        expect(
            steps == epochs * n_images / batch_size
            or not ends_at(epochs * (n_images // batch_size))
            and not ends_at(epochs * n_images / batch_size),
            f"The rate is 0 before the end {what}: the last, smaller batch of every epoch"
            " is a step too. Round up.",
        )
        expect(
            np.isclose(share(steps), 0, atol=1e-6)
            or n_images % batch_size
            or not ends_at(epochs * (n_images // batch_size + 1)),
            f"The last step still has a rate above 0 {what}: they divide evenly, so there is"
            " no smaller last batch. Use math.ceil, not // and + 1.",
        )
        expect(
            not ends_at(epochs * n_images),
            f"The rate falls too slowly {what}: half-way it is still"
            f" {share(steps // 2):.2f} of the peak. Do you count images? A step is a batch.",
        )
        expect(
            ends_at(steps),
            f"There are {steps} steps {what}: the rate should be 0 at that step and not"
            " before. decay_steps is epochs × steps per epoch.",
        )
        expect(
            abs(share(steps / 4) - 0.5 * (1 + math.cos(math.pi / 4))) < 0.05,
            "It falls, but not along a cosine: use CosineDecay.",
        )
    return "epochs × batches per epoch, rounded up: 200 steps instead of 20"


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
