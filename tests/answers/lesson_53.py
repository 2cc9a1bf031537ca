"""Right and wrong answers for lesson 53."""

import math

import numpy as np


def forgets(*_):
    rates = [0.1]
    rates.append(0.2)


def prints(*_):
    print("done")


# ── 53.1 ────────────────────────────────────────────────────────────────────────


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


# ── 53.2 ────────────────────────────────────────────────────────────────────────


def peaks_to_try(rates, losses):
    smooth = np.convolve(losses, np.ones(9) / 9, "valid")
    lowest = rates[4:-4][smooth.argmin()]
    return lowest / 10, lowest / 3


def by_loop(rates, losses):
    best, lowest = math.inf, None
    for i in range(4, len(rates) - 4):
        mean = sum(losses[i - 4 : i + 5]) / 9
        if mean < best:
            best, lowest = mean, rates[i]
    return [lowest / 10, lowest / 3]


def by_windows(rates, losses):
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(losses), 9)
    return np.float32(rates[windows.sum(axis=1).argmin() + 4] / np.array([10, 3]))


def by_running_sums(rates, losses):
    sums = np.cumsum([0, *losses])
    place = int(np.argmin(sums[9:] - sums[:-9])) + 4
    return rates[place] * 0.1, rates[place] / 3


def _band(window=9, shift=4, mode="valid", out=lambda rate: (rate / 10, rate / 3)):
    """The band with another window, another place in it, or another return."""

    def wrong(rates, losses):
        smooth = np.convolve(losses, np.ones(window) / window, mode)
        return out(rates[smooth.argmin() + shift])

    return wrong


def lowest_batch(rates, losses):
    best = min(range(len(losses)), key=lambda i: losses[i])
    return rates[best] / 10, rates[best] / 3


def of_the_loss(rates, losses):
    smooth = np.convolve(losses, np.ones(9) / 9, "valid")
    return smooth.min() / 10, smooth.min() / 3


def of_the_least_mean(rates, losses):
    least = min(sum(losses[i : i + 9]) / 9 for i in range(len(losses) - 8))
    return least / 10, least / 3


def of_the_place(rates, losses):
    place = np.convolve(losses, np.ones(9) / 9, "valid").argmin()
    return place / 10, place / 3


def of_the_middle_place(rates, losses):
    place = np.convolve(losses, np.ones(9) / 9, "valid").argmin() + 4
    return place / 10, place / 3


def highest(rates, losses):
    smooth = np.convolve(losses, np.ones(9) / 9, "valid")
    rate = rates[4:-4][smooth.argmax()]
    return rate / 10, rate / 3


def highest_by_sorting(rates, losses):
    smooth = np.convolve(losses, np.ones(9) / 9, "valid")
    rate = rates[np.argsort(smooth)[-1] + 4]
    return rate / 10, rate / 3


def same_by_padding(rates, losses):
    padded = np.concatenate([np.zeros(4), losses, np.zeros(4)])
    rate = rates[np.convolve(padded, np.ones(9) / 9, "valid").argmin()]
    return rate / 10, rate / 3


def first_by_loop(rates, losses):
    means = [np.mean(losses[i : i + 9]) for i in range(len(rates) - 8)]
    rate = rates[int(np.argmin(means))]
    return rate / 10, rate / 3


def last_by_loop(rates, losses):
    means = [np.mean(losses[i - 8 : i + 1]) for i in range(8, len(rates))]
    rate = rates[8:][int(np.argmin(means))]
    return rate / 10, rate / 3


def _adds_one(name):
    def wrong(rates, losses):
        out = peaks_to_try(rates, losses)
        given = {"rates": rates, "losses": losses}[name]
        given += 1
        return out

    return wrong


def smooths_in_place(rates, losses):
    losses[4:-4] = np.convolve(losses, np.ones(9) / 9, "valid")
    rate = rates[4:-4][losses[4:-4].argmin()]
    return rate / 10, rate / 3


def scales_in_place(rates, losses):
    lowest = rates[4:-4][np.convolve(losses, np.ones(9) / 9, "valid").argmin()]
    rates /= 10
    return lowest / 10, lowest / 3


# ── 53.3 ────────────────────────────────────────────────────────────────────────


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


# ── 53.4 ────────────────────────────────────────────────────────────────────────


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
    "53.1": [(warm_cosine,), (by_interpolation,), (in_cases,), (clipped,)],
    "53.2": [(peaks_to_try,), (by_loop,), (by_windows,), (by_running_sums,)],
    "53.3": [(paired,), (by_hand,), (by_covariance,), (with_statistics,)],
    "53.4": [
        ("none", mended),
        ("None", rounded_with_integers),
        ("none ", one_cycle_of_restarts),
        ("none", _mended(_all)),
    ],
}

OTHER_FORMS_REFUSED = {
    "53.4": dict.fromkeys(
        ("float32", "array", "tensor", "list", "tuple"),
        "a schedule is an object of Keras, and holds no numbers to convert",
    )
}

WRONG = {
    "53.1": [
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
    "53.2": [
        ((_band(out=lambda rate: (rate / 3, rate / 10)),), "wrong order"),
        ((lambda rates, losses: peaks_to_try(rates, losses)[::-1],), "wrong order"),
        ((_band(out=lambda rate: rate),), "return a tenth and a third"),
        (
            (lambda rates, losses: 10 * by_loop(rates, losses)[0],),
            "return a tenth and a third",
        ),
        ((_band(out=lambda rate: (rate / 10, rate)),), "take a third"),
        ((_band(out=lambda rate: [0.1 * rate, rate]),), "take a third"),
        ((_band(out=lambda rate: (rate / 3, rate)),), "First a tenth"),
        ((_band(out=lambda rate: rate / np.array([3, 1])),), "First a tenth"),
        ((_band(out=lambda rate: (rate * 10, rate * 3)),), "divide by 10 and 3"),
        ((_band(out=lambda rate: rate * np.array([10, 3])),), "divide by 10 and 3"),
        ((_band(out=lambda rate: rate / 10),), "tenth only"),
        ((lambda rates, losses: by_loop(rates, losses)[0],), "tenth only"),
        ((_band(out=lambda rate: rate / 3),), "third only"),
        ((lambda rates, losses: by_loop(rates, losses)[1],), "third only"),
        ((_band(window=1, shift=0),), "lowest single batch"),
        ((lowest_batch,), "lowest single batch"),
        ((_band(shift=0),), "first of its nine"),
        ((first_by_loop,), "first of its nine"),
        ((_band(shift=8),), "last of its nine"),
        ((last_by_loop,), "last of its nine"),
        ((_band(mode="same", shift=0),), "zeros that no batch had"),
        ((same_by_padding,), "zeros that no batch had"),
        ((of_the_loss,), "parts of a loss"),
        ((of_the_least_mean,), "parts of a loss"),
        ((of_the_place,), "place in the array: use the rate that"),
        (
            (lambda r, losses: np.float64(of_the_place(r, losses)),),
            "place in the array: use the rate that",
        ),
        ((of_the_middle_place,), "place in the array: use the rate there"),
        (
            (lambda r, losses: list(of_the_middle_place(r, losses)),),
            "place in the array: use the rate there",
        ),
        ((highest,), "where the loss is highest"),
        ((highest_by_sorting,), "where the loss is highest"),
        ((_band(window=5, shift=2),), "mean over nine steps"),
        ((_band(window=3, shift=1),), "mean over nine steps"),
        ((_adds_one("losses"),), "`losses` itself"),
        ((_adds_one("rates"),), "`rates` itself"),
        ((smooths_in_place,), "`losses` itself"),
        ((scales_in_place,), "`rates` itself"),
        ((forgets,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        (((0.0026, 0.0087),), "without brackets"),
        ((peaks_to_try(np.geomspace(1e-5, 1, 20), np.ones(20)),), "without brackets"),
    ],
    "53.3": [
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
    "53.4": [
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
