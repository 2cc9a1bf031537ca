"""Right and wrong answers for lesson 53."""

import math

import numpy as np


def forgets(*_):
    rates = [0.1]
    rates.append(0.2)


def prints(*_):
    print("done")


# ── 53.2 ────────────────────────────────────────────────────────────────────────


def warm_cosine(step, peak, warm_up, steps):
    if step < warm_up:
        return peak * step / warm_up
    s = min((step - warm_up) / (steps - warm_up), 1)
    return peak * (1 + math.cos(math.pi * s)) / 2


def by_interpolation(step, peak, warm_up, steps):
    s = np.interp(step, [warm_up, steps], [0, 1])
    rise = np.interp(step, [0, warm_up], [0, 1])
    return np.float32(peak * rise * np.cos(np.pi / 2 * s) ** 2)


def in_cases(step, peak, warm_up, steps):
    if step <= warm_up:
        rate = step * (peak / warm_up)
    elif step >= steps:
        rate = 0
    else:
        rate = peak / 2 + peak / 2 * np.cos(
            np.pi * (step - warm_up) / (steps - warm_up)
        )
    return rate


def _cosine(
    rise=lambda t, w, n: t / w,
    s=lambda t, w, n: min((t - w) / (n - w), 1),
    fall=lambda s: (1 + math.cos(math.pi * s)) / 2,
):
    """A schedule with another rise, another s or another way down."""

    def wrong(step, peak, warm_up, steps):
        if step < warm_up:
            return peak * rise(step, warm_up, steps)
        return peak * fall(s(step, warm_up, steps))

    return wrong


def _when(falls, value):
    """The right schedule, but for one of its two parts: value(step, peak, w, n)."""

    def wrong(step, peak, warm_up, steps):
        if (step >= warm_up) == falls:
            return value(step, peak, warm_up, steps)
        return warm_cosine(step, peak, warm_up, steps)

    return wrong


def starts_at_once(step, peak, warm_up, steps):
    s = min(step / steps, 1)
    return peak * min(step / warm_up, 1) if step < warm_up else peak * (
        1 + math.cos(math.pi * s)) / 2  # fmt: skip


def no_rise(step, peak, warm_up, steps):
    s = min((step - warm_up) / (steps - warm_up), 1)
    return peak / 2 * (1 + math.cos(math.pi * s))


def only_rises(step, peak, warm_up, steps):
    return peak * step / warm_up


def no_peak(step, peak, warm_up, steps):
    if step < warm_up:
        return step / warm_up
    return warm_cosine(step, peak, warm_up, steps)


def not_held(step, peak, warm_up, steps):
    if step < warm_up:
        return peak * step / warm_up
    s = (step - warm_up) / (steps - warm_up)
    return peak / 2 * (1 + np.cos(np.pi * s))


def numbers_inside(step, peak, warm_up, steps):
    return warm_cosine(step, 0.4, 20, 100)


def warm_up_inside(step, peak, warm_up, steps):
    return warm_cosine(step, peak, 20, steps)


def clipped(step, peak, warm_up, steps):
    s = np.clip((step - warm_up) / (steps - warm_up), 0, 1)
    return min(step / warm_up, (1 + np.cos(np.pi * s)) / 2) * peak


def larger_of_both(step, peak, warm_up, steps):
    s = max((step - warm_up) / (steps - warm_up), 1)
    return (
        peak * step / warm_up if step < warm_up else peak * (1 + math.cos(math.pi * s))
    )


def again_and_again(step, peak, warm_up, steps):
    return warm_cosine(step % steps, peak, warm_up, steps)


# ── 53.3 ────────────────────────────────────────────────────────────────────────


def plateau_rates(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            rate, waited = rate * factor, 0
    return rates


def by_epochs(losses, rate, patience, factor):
    rates, since = np.empty(len(losses)), 0
    for epoch in range(len(losses)):
        rates[epoch] = rate
        if epoch == 0 or losses[epoch] < min(losses[:epoch]):
            since = epoch
        if epoch - since >= patience:
            rate, since = rate * factor, epoch
    return rates


def by_counting_cuts(losses, rate, patience, factor):
    cuts, waited, used = 0, 0, []
    for epoch, loss in enumerate(losses):
        used.append(float(np.float32(rate * factor**cuts)))
        waited = 0 if all(loss < earlier for earlier in losses[:epoch]) else waited + 1
        cuts, waited = (cuts + 1, 0) if waited >= patience else (cuts, waited)
    return tuple(used)


def plateau(
    early=False, previous=False, reset=True, anew=True, extra=0, sign=1, forget=False,
    ties=False,
):  # fmt: skip
    def rates(losses, rate, patience, factor):
        best, waited, used = math.inf, 0, []
        for loss in losses:
            if not early:
                used.append(rate)
            if sign * loss < best or (ties and loss == best):
                best, waited = sign * loss, 0 if anew else waited
            else:
                waited += 1
            best = sign * loss if previous else best
            if waited >= patience + extra:
                rate, waited = rate * factor, 0 if reset else waited
                best = math.inf if forget else best
            if early:
                used.append(rate)
        return used

    return rates


def appended_last(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        waited += 1
        if loss < best:
            best, waited = loss, 0
        if waited == patience:
            rate, waited = rate * factor, 0
        rates.append(rate)
    return rates


def against_the_last(losses, rate, patience, factor):
    waited, rates = 0, [rate]
    for before, loss in zip(losses, losses[1:], strict=False):
        rates.append(rate)
        waited = 0 if loss < before else waited + 1
        if waited == patience:
            rate, waited = rate * factor, 0
    return rates


def never_reset(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
        if waited >= patience:
            rate = rate * factor
    return rates


def not_reset_at_a_minimum(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        if loss < best:
            best = loss
        else:
            waited += 1
        if waited == patience:
            rate, waited = rate * factor, 0
    return rates


def more_than_patience(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited > patience:
            rate, waited = rate * factor, 0
    return rates


def at_once(losses, rate, patience, factor):
    best, rates = math.inf, []
    for loss in losses:
        rates.append(rate)
        if loss >= best:
            rate *= factor
        best = min(best, loss)
    return rates


def maximum(losses, rate, patience, factor):
    best, waited, rates = -math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        best, waited = (loss, 0) if loss > best else (best, waited + 1)
        if waited == patience:
            rate, waited = rate * factor, 0
    return rates


def best_forgotten(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited == patience:
            rate, waited, best = rate * factor, 0, math.inf
    return rates


def equal_counts(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        best, waited = (loss, 0) if loss <= best else (best, waited + 1)
        if waited == patience:
            rate, waited = rate * factor, 0
    return rates


def divides(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited == patience:
            rate, waited = rate / factor, 0
    return rates


def not_assigned(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited == patience:
            rate * factor  # noqa: B018
            waited = 0
    return rates


def one_too_many(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, [rate]
    for loss in losses:
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited == patience:
            rate, waited = rate * factor, 0
        rates.append(rate)
    return rates


def first_waits(losses, rate, patience, factor):
    best, waited, rates = losses[0], 0, []
    for loss in losses:
        rates.append(rate)
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited == patience:
            rate, waited = rate * factor, 0
    return rates


def first_as_best(losses, rate, patience, factor):
    waited, rates = 0, []
    for epoch, loss in enumerate(losses):
        rates.append(rate)
        waited = 0 if loss < min(losses[: max(epoch, 1)]) else waited + 1
        if waited >= patience:
            rate, waited = rate * factor, 0
    return rates


def cuts_once(losses, rate, patience, factor):
    rates = plateau_rates(losses, rate, patience, factor)
    return [max(value, rate * factor) for value in rates]


def subtracts(losses, rate, patience, factor):
    return [
        rate - factor * (rate - r)
        for r in plateau_rates(losses, rate, patience, factor)
    ]


def sorts(losses, rate, patience, factor):
    rates = plateau_rates(losses, rate, patience, factor)
    losses.sort()
    return rates


def pops(losses, rate, patience, factor):
    rates, left = plateau_rates(losses, rate, patience, factor), losses
    while left:
        left.pop(0)
    return rates


def with_a_generator(losses, rate, patience, factor):
    def rates():
        now, best, since = rate, losses[0], 0
        for epoch, loss in enumerate(losses):
            yield now
            if loss < best:
                best, since = loss, epoch
            elif epoch - since == patience:
                now, since = now * factor, epoch

    return list(rates())


def a_hundredth_lower(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        best, waited = (loss, 0) if loss < best - 0.01 else (best, waited + 1)
        if waited == patience:
            rate, waited = rate * factor, 0
    return rates


def one_percent_lower(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        better = best == math.inf or best - loss > 0.01 * abs(best)
        best, waited = (loss, 0) if better else (best, waited + 1)
        if waited == patience:
            rate, waited = rate * factor, 0
    return rates


def one_cut_per_plateau(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited == patience:
            rate *= factor
    return rates


def rests_after_a_cut(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited == patience:
            rate, waited = rate * factor, -1
    return rates


# ── 53.4 ────────────────────────────────────────────────────────────────────────


def paired(base, changed):
    d = np.asarray(changed) - np.asarray(base)
    return d.mean(), d.std(ddof=1) / math.sqrt(len(d))


def by_hand(base, changed):
    d = [after - before for before, after in zip(base, changed, strict=True)]
    n = len(d)
    mean = sum(d) / n
    return [mean, (sum((x - mean) ** 2 for x in d) / (n - 1) / n) ** 0.5]


def by_covariance(base, changed):
    n, (v, c, _, w) = len(base), np.cov(base, changed).ravel()
    return np.array([changed.mean() - base.mean(), np.sqrt((v + w - 2 * c) / n)])


def _paired(first=np.mean, second=None, difference=np.subtract):
    """The pair from the differences d, with another first or second number."""

    def wrong(base, changed):
        d = difference(changed, base)
        error = np.std(d, ddof=1) / np.sqrt(len(d))
        return first(d), second(d) if second else error

    return wrong


def unpaired(base, changed):
    n = len(base)
    variance = np.var(base, ddof=1) / n + np.var(changed, ddof=1) / n
    return np.mean(changed) - np.mean(base), np.sqrt(variance)


def unpaired_with_root(base, changed):
    errors = [np.std(part, ddof=1) / np.sqrt(len(part)) for part in (base, changed)]
    return changed.mean() - base.mean(), np.hypot(*errors)


def absolute(base, changed):
    d = np.abs(changed - base)
    return d.mean(), d.std(ddof=1) / np.sqrt(len(d))


def absolute_mean(base, changed):
    mean, error = paired(base, changed)
    return abs(mean), error


def wrong_way(base, changed):
    d = base - changed
    return d.mean(), d.std(ddof=1) / np.sqrt(len(d))


def in_place(base, changed):
    changed -= base
    return changed.mean(), changed.std(ddof=1) / math.sqrt(len(changed))


def in_place_base(base, changed):
    np.subtract(changed, base, out=base)
    return base.mean(), base.std(ddof=1) / math.sqrt(len(base))


def with_statistics(base, changed):
    import statistics

    d = [float(b) - float(a) for a, b in zip(base, changed, strict=True)]
    return statistics.mean(d), statistics.stdev(d) / len(d) ** 0.5


def for_four(base, changed):
    d = changed - base
    return d.mean(), d.std(ddof=1) / 2


def half_interval(base, changed):
    mean, error = paired(base, changed)
    return mean, 4.3 * error


# ── 53.5 ────────────────────────────────────────────────────────────────────────


def mended(peak, n_images, batch_size, epochs):
    from keras.optimizers import schedules

    return schedules.CosineDecay(peak, epochs * math.ceil(n_images / batch_size))


def rounded_with_integers(peak, n_images, batch_size, epochs):
    import keras

    batches = len(range(0, n_images, batch_size))
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=peak, decay_steps=batches * epochs, alpha=0.0
    )


def one_cycle_of_restarts(peak, n_images, batch_size, epochs):
    """A subclass, and 0 at the last step that training takes, counted from 0."""
    import keras

    class Cosine(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            last = epochs * -(-n_images // batch_size) - 1
            s = keras.ops.minimum(keras.ops.cast(step, "float32") / last, 1.0)
            return peak / 2 * (1 + keras.ops.cos(math.pi * s))

    return Cosine()


def _mended(steps, kind="CosineDecay", **settings):
    def schedule(peak, n_images, batch_size, epochs):
        import keras

        decay_steps = steps(n_images, batch_size, epochs)
        make = getattr(keras.optimizers.schedules, kind)
        return make(peak, decay_steps, **settings)

    return schedule


def _all(n, b, e):
    return e * math.ceil(n / b)


def constant(peak, n_images, batch_size, epochs):
    import keras

    return keras.optimizers.schedules.PiecewiseConstantDecay([10**6], [peak, 0.0])


def own_function(peak, n_images, batch_size, epochs):
    last = epochs * math.ceil(n_images / batch_size)
    return lambda step: peak / 2 * (1 + math.cos(math.pi * min(step / last, 1)))


def optimizer(peak, n_images, batch_size, epochs):
    import keras

    return keras.optimizers.Adam(mended(peak, n_images, batch_size, epochs))


def optimizer_sgd(peak, n_images, batch_size, epochs):
    import keras

    return keras.optimizers.SGD(
        learning_rate=mended(peak, n_images, batch_size, epochs)
    )


def warmed_up(peak, n_images, batch_size, epochs):
    import keras

    last = epochs * math.ceil(n_images / batch_size)
    return keras.optimizers.schedules.CosineDecay(
        0.0, last - 10, warmup_target=peak, warmup_steps=10
    )


def own_peak(peak, n_images, batch_size, epochs):
    return mended(0.01, n_images, batch_size, epochs)


RIGHT = {
    "53.1": [
        ([319, 479],),
        ((10 * math.ceil(1000 / 32), 15 * math.ceil(1000 / 32)),),
        (np.array([10, 15]) * 32,),
        ([320, 480],),
        ([320.0, 480.0],),
    ],
    "53.2": [(warm_cosine,), (by_interpolation,), (in_cases,), (clipped,)],
    "53.3": [(plateau_rates,), (by_epochs,), (by_counting_cuts,), (with_a_generator,)],
    "53.4": [(paired,), (by_hand,), (by_covariance,), (with_statistics,)],
    "53.5": [
        ("none", mended),
        ("None", rounded_with_integers),
        ("none ", one_cycle_of_restarts),
        ("none", _mended(_all)),
    ],
}

OTHER_FORMS_REFUSED = {
    "53.5": dict.fromkeys(
        ("float32", "array", "tensor", "list", "tuple"),
        "a schedule is an object of Keras, and holds no numbers to convert",
    )
}

WRONG = {
    "53.1": [
        (([10, 15],), "Those are epochs"),
        (((9, 14),), "Those are epochs"),
        (([10_000, 15_000],), "Those are images"),
        (([10 * 1000, 15 * 1000],), "Those are images"),
        (([310, 465],), "last batch, of 8 images"),
        (([10 * (1000 // 32), 15 * (1000 // 32)],), "last batch, of 8 images"),
        (([312.5, 468.75],), "whole number"),
        (([round(312.5), round(468.75)],), "whole number"),
        (([313, 469],), "whole number"),
        (([480, 320],), "wrong order"),
        (([15 * 32, 10 * 32],), "wrong order"),
        (([320, 160],), "from the start of training"),
        (([640, 320],), "from the start of training"),
        (([10 * 32, 5 * 32],), "from the start of training"),
        (([352, 512],), "when 10 epochs are done"),
        (([288, 448],), "when 10 epochs are done"),
        (([320, 800],), "not 15 epochs later"),
        (([320, 320 + 480],), "not 15 epochs later"),
        (([320, 640],), "is the end"),
        (((320, 20 * 32),), "is the end"),
        (([321, 481],), "One step too late"),
        (([10 * 32 + 1, 15 * 32 + 1],), "One step too late"),
        (([100, 200],), "Steps per epoch times epochs"),
        (([320, 500],), "Steps per epoch times epochs"),
        ((320,), "expected (2,)"),
        (([320, 480, 640],), "expected (2,)"),
        (([330, 495],), "Steps per epoch times epochs"),
        (([0.5, 0.75],), "Steps per epoch times epochs"),
    ],
    "53.2": [
        ((_cosine(rise=lambda t, w, n: 1),), "During the rise you return the peak"),
        ((_when(False, lambda t, p, w, n: p),), "During the rise you return the peak"),
        ((_cosine(rise=lambda t, w, n: t / n),), "divide by warm_up, not"),
        ((_when(False, lambda t, p, w, n: p * t / n),), "divide by warm_up, not"),
        ((no_peak,), "rise is missing the factor peak"),
        ((_when(False, lambda t, p, w, n: t / w),), "rise is missing the factor peak"),
        ((_cosine(rise=lambda t, w, n: (t + 1) / w),), "not step + 1"),
        ((_when(False, lambda t, p, w, n: p / w * (t + 1)),), "not step + 1"),
        ((_cosine(rise=lambda t, w, n: 1 - t / w),), "The rise goes down"),
        ((_when(False, lambda t, p, w, n: p * (w - t) / w),), "The rise goes down"),
        (
            (_cosine(rise=lambda t, w, n: (1 - math.cos(math.pi * t / w)) / 2),),
            "straight line, not a cosine",
        ),
        (
            (_when(False, lambda t, p, w, n: p * np.sin(np.pi / 2 * t / w) ** 2),),
            "straight line, not a cosine",
        ),
        ((no_rise,), "not in force yet"),
        (
            (
                lambda t, p, w, n: (
                    p / 2 * (1 + np.cos(np.pi * min(1, (t - w) / (n - w))))
                ),
            ),
            "not in force yet",
        ),
        ((_cosine(rise=lambda t, w, n: t / w / 2),), "peak * step / warm_up"),
        ((_cosine(rise=lambda t, w, n: (t / w) ** 2),), "peak * step / warm_up"),
        ((_cosine(s=lambda t, w, n: min(t / n, 1)),), "starts when the rise ends"),
        ((starts_at_once,), "starts when the rise ends"),
        ((_cosine(s=lambda t, w, n: min(t / (n - w), 1)),), "subtract it"),
        (
            (
                _when(
                    True, lambda t, p, w, n: p / 2 * (1 + np.cos(np.pi * t / (n - w)))
                ),
            ),
            "subtract it",
        ),
        ((_cosine(s=lambda t, w, n: min((t - w) / n, 1)),), "divide by that"),
        (
            (
                _when(
                    True, lambda t, p, w, n: p / 2 * (1 + np.cos(np.pi * (t - w) / n))
                ),
            ),
            "divide by that",
        ),
        ((_cosine(s=lambda t, w, n: (t - w) / (n - w)),), "climbs again"),
        ((not_held,), "climbs again"),
        ((_cosine(fall=lambda s: 1 + math.cos(math.pi * s)),), "Halve"),
        (
            (_when(True, lambda t, p, *n: 2 * warm_cosine(t, p, *n)),),
            "Halve",
        ),
        ((_cosine(fall=lambda s: 1 - s),), "not a straight line"),
        (
            (_when(True, lambda t, p, w, n: p * max(0, (n - t) / (n - w))),),
            "not a straight line",
        ),
        ((_cosine(fall=lambda s: math.cos(math.pi * s)),), "half the peak"),
        (
            (_when(True, lambda t, p, w, n: p * np.cos(np.pi * (t - w) / (n - w))),),
            "half the peak",
        ),
        ((_cosine(fall=lambda s: math.cos(math.pi * s / 2)),), "a quarter of"),
        ((_cosine(fall=lambda s: math.sin(math.pi * (1 - s) / 2)),), "a quarter of"),
        ((_cosine(fall=lambda s: (1 + math.cos(s)) / 2),), "get π·s"),
        ((_cosine(fall=lambda s: 0.5 + 0.5 * np.cos(s)),), "get π·s"),
        ((_cosine(fall=lambda s: (1 + math.cos(180 * s)) / 2),), "radians"),
        ((_cosine(fall=lambda s: 0.5 + np.cos(s * 180) / 2),), "radians"),
        ((_cosine(fall=lambda s: (1 - math.cos(math.pi * s)) / 2),), "rises instead"),
        ((_cosine(fall=lambda s: math.sin(math.pi * s / 2) ** 2),), "rises instead"),
        (
            (_when(True, lambda t, *a: warm_cosine(t, 1, *a[1:])),),
            "cosine is missing the",
        ),
        (
            (_when(True, lambda t, p, *n: warm_cosine(t, p, *n) / p),),
            "cosine is missing the",
        ),
        ((only_rises,), "take over"),
        ((_when(True, lambda t, p, w, n: p / w * t),), "take over"),
        ((lambda t, p, w, n: p * min(t / w, 1),), "stays at the peak"),
        ((_when(True, lambda t, p, w, n: p),), "stays at the peak"),
        ((_when(True, lambda t, p, w, n: 0),), "(1 + cos πs), with s"),
        ((_when(True, lambda t, p, w, n: p / 2),), "(1 + cos πs), with s"),
        ((numbers_inside,), "right for other arguments"),
        ((warm_up_inside,), "right for other arguments"),
        (
            (lambda t, p, *n: warm_cosine(t, p, *n) + p * (t == 0),),
            "The rise starts at 0.",
        ),
        ((lambda t, p, *n: warm_cosine(t, p, *n) or 0.01,), "The rise starts at 0."),
        ((lambda t, p, w, n: warm_cosine(t, p, w, n) * (t != w),), "is the peak."),
        (
            (lambda t, p, w, n: 0 if t == w else warm_cosine(t, p, w, n),),
            "is the peak.",
        ),
        ((lambda step, peak, warm_up, steps: "fast",), "holds text"),
        ((lambda t, *a: f"{warm_cosine(t, *a)}",), "holds text"),
        ((lambda *a: [warm_cosine(*a)] * 2,), "a single number"),
        ((lambda t, *a: [warm_cosine(s, *a) for s in range(t)],), "a single number"),
        (
            (lambda t, *a: np.array([warm_cosine(s, *a) for s in (0, t)]),),
            "a single number",
        ),
        ((forgets,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((0.4,), "without brackets"),
        ((warm_cosine(5, 0.4, 20, 100),), "without brackets"),
        ((larger_of_both,), "(1 + cos πs), with s"),
        ((again_and_again,), "stays 0"),
        (
            (lambda t, p, w, n: p if t >= n else warm_cosine(t, p, w, n),),
            "the last step",
        ),
        ((lambda t, p, *n: warm_cosine(t, p, *n) + p * (t == n[1]),), "the last step"),
        ((lambda t, p, w, n: p if t > n else warm_cosine(t, p, w, n),), "stays 0"),
        ((lambda t, p, w, n: -1 if t > n else warm_cosine(t, p, w, n),), "stays 0"),
    ],
    "53.3": [
        ((plateau(early=True),), "one epoch early"),
        ((appended_last,), "one epoch early"),
        ((plateau(previous=True),), "epoch before"),
        ((against_the_last,), "epoch before"),
        ((plateau(reset=False),), "starts again"),
        ((never_reset,), "starts again"),
        ((plateau(anew=False),), "ends the waiting"),
        ((not_reset_at_a_minimum,), "ends the waiting"),
        ((plateau(extra=1),), "wait too long"),
        ((more_than_patience,), "wait too long"),
        ((plateau(extra=-1),), "long enough"),
        ((at_once,), "long enough"),
        ((plateau(sign=-1),), "new maximum"),
        ((maximum,), "new maximum"),
        ((plateau(forget=True),), "forget the best"),
        ((best_forgotten,), "forget the best"),
        ((plateau(ties=True),), "no new minimum: compare with <"),
        ((equal_counts,), "no new minimum: compare with <"),
        ((lambda losses, r, p, f: plateau()(losses, r, p, 1 / f),), "grows"),
        ((divides,), "grows"),
        ((lambda losses, rate, *_: [rate] * len(losses),), "never falls"),
        ((not_assigned,), "never falls"),
        (
            (lambda *a: [*plateau_rates(*a), plateau_rates(*a)[-1]],),
            "one rate too many",
        ),
        ((one_too_many,), "one rate too many"),
        ((lambda *a: plateau_rates(*a)[1:],), "first epoch's rate"),
        ((lambda *a: appended_last(*a)[:-1],), "first epoch's rate"),
        ((lambda *a: plateau_rates(*a)[-1],), "last rate only"),
        ((lambda losses, *a: min(plateau_rates(losses, *a)),), "last rate only"),
        ((first_waits,), "too: start with"),
        ((first_as_best,), "too: start with"),
        ((cuts_once,), "table of section 5"),
        ((subtracts,), "table of section 5"),
        ((lambda losses, r, p, f: plateau_rates(losses, 0.01, p, f),), "of section 5"),
        ((lambda losses, r, p, f: plateau_rates(losses, r, 2, 0.5),), "of section 5"),
        ((sorts,), "changes `losses` itself"),
        ((pops,), "changes `losses` itself"),
        ((lambda *a: set(plateau_rates(*a)),), "real numbers"),
        ((lambda *a: dict(enumerate(plateau_rates(*a))),), "real numbers"),
        ((forgets,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        (([0.01, 0.01],), "without brackets"),
        ((plateau_rates([1, 2], 0.1, 1, 0.5),), "without brackets"),
        ((a_hundredth_lower,), "however little"),
        ((one_percent_lower,), "however little"),
        ((one_cut_per_plateau,), "of section 5"),
        ((rests_after_a_cut,), "of section 5"),
        ((lambda losses, r, p, f: plateau_rates(losses, r, 1, f),), "long enough"),
    ],
    "53.4": [
        ((lambda base, changed: paired(changed, base),), "changed minus base"),
        ((wrong_way,), "changed minus base"),
        (
            (_paired(second=lambda d: np.std(d, ddof=1)),),
            "is the standard deviation: div",
        ),
        (
            (lambda b, c: (np.mean(c - b), (c - b).std(ddof=1)),),
            "standard deviation: div",
        ),
        (
            (lambda b, c: ((c - b).mean(), np.cov(c - b) ** 0.5),),
            "standard deviation: div",
        ),
        ((_paired(second=lambda d: d.std(ddof=1)),), "is the standard deviation: div"),
        (
            (lambda b, c: [*_paired(second=lambda d: np.std(d, ddof=1))(b, c)],),
            "tion: div",
        ),
        ((lambda b, c: ((c - b).mean(), np.std(c - b, ddof=1)),), "tion: div"),
        ((_paired(second=np.std),), "with n: use"),
        ((lambda b, c: (np.mean(c - b), (c - b).std()),), "with n: use"),
        ((_paired(second=lambda d: np.std(d) / len(d) ** 0.5),), "ddof=1."),
        ((lambda b, c: (np.mean(c - b), (c - b).std() / np.sqrt(len(b))),), "ddof=1."),
        ((_paired(second=lambda d: np.var(d, ddof=1)),), "is the variance"),
        ((lambda b, c: (np.mean(c - b), np.cov(c - b)),), "is the variance"),
        ((_paired(second=lambda d: np.var(d, ddof=1) / len(d)),), "squared standard"),
        ((lambda b, c: (np.mean(c - b), np.cov(c - b) / len(b)),), "squared standard"),
        ((_paired(second=lambda d: np.std(d, ddof=1) / len(d)),), "not by n"),
        ((lambda b, c: (np.mean(c - b), np.cov(c - b) ** 0.5 / b.size),), "not by n"),
        (
            (_paired(second=lambda d: np.std(d, ddof=1) / (len(d) - 1) ** 0.5),),
            "root of 4",
        ),
        ((lambda b, c: (np.mean(c - b), (np.cov(c - b) / 4) ** 0.5),), "root of 4"),
        ((lambda base, changed: paired(base, changed)[::-1],), "wrong order"),
        ((lambda base, changed: by_hand(base, changed)[::-1],), "wrong order"),
        ((_paired(first=np.sum),), "the sum"),
        ((lambda b, c: (sum(c) - sum(b), paired(b, c)[1]),), "the sum"),
        ((unpaired,), "unrelated"),
        ((unpaired_with_root,), "unrelated"),
        ((absolute,), "without abs"),
        ((absolute_mean,), "without abs"),
        ((lambda b, c: (np.abs(c - b).mean(), paired(b, c)[1]),), "without abs"),
        ((lambda base, changed: paired(base, changed)[0],), "mean difference only"),
        ((lambda b, c: c.mean() - b.mean(),), "mean difference only"),
        ((lambda base, changed: paired(base, changed)[1],), "error only"),
        ((lambda b, c: (c - b).std(ddof=1) / np.sqrt(len(b)),), "error only"),
        ((lambda b, c: c - b,), "Those are the differences"),
        (
            (lambda b, c: [y - x for x, y in zip(b, c, strict=True)],),
            "the differences:",
        ),
        ((lambda base, changed: np.subtract(changed, base),), "the differences:"),
        ((lambda b, c: list(c - b),), "Those are the differences"),
        (
            (_paired(second=lambda d: np.std(d, ddof=1) / math.sqrt(5)),),
            "mean of changed - base",
        ),
        ((_paired(first=np.median),), "mean of changed - base"),
        ((in_place,), "`changed` itself"),
        (
            (lambda b, changed: (np.subtract(changed, b, out=changed).mean(), 0),),
            "`changed` itself",
        ),
        ((in_place_base,), "`base` itself"),
        (
            (lambda base, c: (np.subtract(c, base, out=base).mean(), 0),),
            "`base` itself",
        ),
        ((forgets,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        (((3, 1.5),), "without brackets"),
        ((paired([1, 2, 3], [2, 4, 9]),), "without brackets"),
        ((for_four,), "root of 4"),
        ((half_interval,), "mean of changed - base"),
        ((lambda b, c: paired(np.sort(b), np.sort(c)),), "mean of changed - base"),
    ],
    "53.5": [
        (("small", mended), "Not too small a rate"),
        (("Small", constant), "Not too small a rate"),
        (("layers", mended), "Not too few layers"),
        (("LAYERS", rounded_with_integers), "Not too few layers"),
        (("no rate at all", mended), "one of"),
        ((3, mended), "one of"),
        (("none", _mended(lambda n, b, e: e)), "an epoch has many"),
        (
            (
                "none",
                lambda p, n, b, epochs: _mended(lambda *_: epochs)(p, n, b, epochs),
            ),
            "an epoch has many",
        ),
        (("none", _mended(lambda n, b, e: math.ceil(n / b))), "after one epoch"),
        (("none", _mended(lambda n, b, e: n // b)), "after one epoch"),
        (("none", _mended(lambda n, b, e: e * (n // b))), "smaller batch of every"),
        (("none", _mended(lambda n, b, e: e * n / b)), "smaller batch of every"),
        (("none", _mended(lambda n, b, e: math.ceil(e * n / b))), "round up once"),
        (("none", _mended(lambda n, b, e: -(-n * e // b))), "round up once"),
        (("none", _mended(lambda n, b, e: e * (n // b + 1))), "divide evenly"),
        (("none", _mended(lambda n, b, e: e * int(n / b + 1))), "divide evenly"),
        (("none", own_peak), "starts at 0.01"),
        (("none", lambda peak, *sizes: mended(0.01, *sizes)), "starts at 0.01"),
        (("none", warmed_up), "without a warm-up"),
        (
            ("none", lambda peak, *sizes: mended(peak / 10, *sizes)),
            "without a warm-up",
        ),
        (("none", _mended(lambda n, b, e: e * n)), "too slowly"),
        (("none", _mended(lambda n, b, e: n)), "too slowly"),
        (
            ("none", _mended(_all, "PolynomialDecay", end_learning_rate=0.0)),
            "not along a cosine",
        ),
        (
            (
                "none",
                _mended(_all, "PolynomialDecay", end_learning_rate=0.0, power=1),
            ),
            "not along a cosine",
        ),
        (("none", constant), "hardly falls"),
        (("none", _mended(lambda n, b, e: 10**9)), "hardly falls"),
        (("none", lambda peak, n, b, e: peak), "Return a schedule"),
        (("none", lambda peak, n, b, e: type(mended(peak, n, b, e))), "no class"),
        (("none", lambda peak, *sizes: mended), "no class"),
        (("none", own_function), "Return a schedule"),
        (("none", optimizer), "That is an optimizer"),
        (("none", optimizer_sgd), "That is an optimizer"),
        (("none", forgets), "gives nothing back"),
        (("none", prints), "gives nothing back"),
        (
            ("none", _mended(_all, alpha=0.1)),
            "expected 0.995. For 300 images, batches of 32",
        ),
        (
            ("none", _mended(_all, "ExponentialDecay", decay_rate=0.01)),
            "expected 0.995. For 300 images, batches of 32",
        ),
        (
            ("none", _mended(lambda n, b, e: _all(n, b, e) // 2)),
            "expected 0.995. For 300 images, batches of 32",
        ),
        (
            ("none", _mended(_all, "ExponentialDecay", decay_rate=0.1)),
            "expected 0.995. For 300 images, batches of 32",
        ),
        (("none", 200), "without brackets"),
        (("none", [mended]), "without brackets"),
        (("none", _mended(lambda n, b, e: e * math.ceil(b / n))), "an epoch has many"),
        (("none", _mended(lambda n, b, e: e * n * b)), "hardly falls"),
        (
            ("none", _mended(lambda n, b, e: 2 * _all(n, b, e))),
            "expected 0.995. For 300 images, batches of 32",
        ),
        (
            ("none", _mended(lambda n, b, e: e * b)),
            "expected 0.995. For 300 images, batches of 32",
        ),
    ],
}
