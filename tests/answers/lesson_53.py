"""Right and wrong answers for lesson 53."""

import math

import numpy as np


def warm_cosine(step, peak, warm_up, steps):
    if step < warm_up:
        return peak * step / warm_up
    s = min((step - warm_up) / (steps - warm_up), 1)
    return peak * (1 + math.cos(math.pi * s)) / 2


def _wrong_cosine(
    rise=lambda t, w, n: t / w,
    s=lambda t, w, n: min((t - w) / (n - w), 1),
    fall=lambda s: (1 + math.cos(math.pi * s)) / 2,
):
    def wrong(step, peak, warm_up, steps):
        if step < warm_up:
            return peak * rise(step, warm_up, steps)
        return peak * fall(s(step, warm_up, steps))

    return wrong


def plateau(
    early=False, previous=False, reset=True, extra=0, sign=1, forget=False, ties=False
):
    def rates(losses, rate, patience, factor):
        best, waited, used = math.inf, 0, []
        for loss in losses:
            if not early:
                used.append(rate)
            if sign * loss < best or (ties and loss == best):
                best, waited = sign * loss, 0
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


def paired(base, changed):
    d = np.asarray(changed) - np.asarray(base)
    return d.mean(), d.std(ddof=1) / math.sqrt(len(d))


def mended(steps):
    def schedule(peak, n_images, batch_size, epochs):
        import keras

        decay_steps = steps(n_images, batch_size, epochs)
        return keras.optimizers.schedules.CosineDecay(peak, decay_steps)

    return schedule


def linear(peak, n_images, batch_size, epochs):
    import keras

    steps = epochs * math.ceil(n_images / batch_size)
    return keras.optimizers.schedules.PolynomialDecay(peak, steps, 0.0)


RIGHT = {
    "53.1": ([320, 480],),
    "53.2": (warm_cosine,),
    "53.3": (plateau(),),
    "53.4": (paired,),
    "53.5": (mended(lambda n, b, e: e * math.ceil(n / b)),),
}

WRONG = {
    "53.1": [
        (([10, 15],), "Those are epochs"),
        (([10_000, 15_000],), "Those are images"),
        (([310, 465],), "last batch, of 8 images"),
        (([312.5, 468.75],), "whole step"),
        (([480, 320],), "wrong order"),
        (([320, 160],), "from the start of training"),
        (([352, 512],), "when 10 epochs are done"),
        (([288, 448],), "when 10 epochs are done"),
        (([320, 800],), "not 15 epochs later"),
        (([100, 200],), "Steps per epoch times epochs"),
        ((320,), "expected (2,)"),
    ],
    "53.2": [
        ((_wrong_cosine(rise=lambda t, w, n: 1),), "the rise starts at 0"),
        ((_wrong_cosine(rise=lambda t, w, n: t / n),), "divide by warm_up"),
        (
            (_wrong_cosine(s=lambda t, w, n: min(t / n, 1)),),
            "starts when the rise ends",
        ),
        ((_wrong_cosine(s=lambda t, w, n: min(t / (n - w), 1)),), "subtract warm_up"),
        ((_wrong_cosine(s=lambda t, w, n: min((t - w) / n, 1)),), "divide by that"),
        ((_wrong_cosine(s=lambda t, w, n: (t - w) / (n - w)),), "climbs again"),
        ((_wrong_cosine(fall=lambda s: 1 + math.cos(math.pi * s)),), "Halve"),
        ((_wrong_cosine(fall=lambda s: 1 - s),), "straight line"),
        ((_wrong_cosine(fall=lambda s: math.cos(math.pi * s)),), "half the peak"),
        ((_wrong_cosine(fall=lambda s: (1 + math.cos(s)) / 2),), "in radians"),
        ((_wrong_cosine(fall=lambda s: (1 - math.cos(math.pi * s)) / 2),), "is 0"),
        ((lambda step, peak, warm_up, steps: peak * step / warm_up,), "take over"),
        ((lambda step, peak, warm_up, steps: "fast",), "one number"),
    ],
    "53.3": [
        ((plateau(early=True),), "one epoch early"),
        ((plateau(previous=True),), "epoch before"),
        ((plateau(reset=False),), "starts again"),
        ((plateau(extra=1),), "one epoch too long"),
        ((plateau(sign=-1),), "new maximum"),
        ((plateau(forget=True),), "forget the best"),
        ((plateau(ties=True),), "no new minimum: compare with <"),
        ((lambda losses, r, p, f: plateau()(losses, r, p, 1 / f),), "grows"),
        ((lambda losses, rate, *_: [rate] * len(losses),), "never falls"),
        ((lambda losses, rate, *_: [rate] * (len(losses) + 1),), "14 rates for 13"),
        ((lambda losses, *_: losses.sort(),), "returns nothing"),
    ],
    "53.4": [
        ((lambda base, changed: paired(changed, base),), "changed minus base"),
        ((lambda b, c: (np.mean(c - b), np.std(c - b, ddof=1)),), "root of n"),
        (
            (lambda b, c: (np.mean(c - b), np.std(c - b) / math.sqrt(len(b))),),
            "ddof=1",
        ),
        ((lambda b, c: (np.mean(c - b), np.std(c - b, ddof=1) / len(b)),), "not by n"),
        ((lambda base, changed: paired(base, changed)[::-1],), "wrong order"),
        ((lambda b, c: (np.sum(c - b), paired(b, c)[1]),), "the sum"),
        (
            (
                lambda b, c: (
                    np.mean(c - b),
                    math.sqrt((np.var(b, ddof=1) + np.var(c, ddof=1)) / len(b)),
                ),
            ),
            "unrelated",
        ),
        (
            (lambda b, c: (np.mean(c - b), np.std(c - b, ddof=1) / math.sqrt(3)),),
            "not for five",
        ),
        ((lambda b, c: c - b,), "expected (2,)"),
    ],
    "53.5": [
        ((mended(lambda n, b, e: e),), "batches, not epochs"),
        ((mended(lambda n, b, e: math.ceil(n / b)),), "after one epoch"),
        ((mended(lambda n, b, e: e * (n // b)),), "Round up"),
        ((mended(lambda n, b, e: e * n / b),), "Round up"),
        ((mended(lambda n, b, e: e * (n // b + 1)),), "divide evenly"),
        ((lambda p, *sizes: RIGHT["53.5"][0](0.01, *sizes),), "starts at 0.01"),
        ((mended(lambda n, b, e: e * n),), "too slowly"),
        ((linear,), "not along a cosine"),
        ((lambda peak, n, b, e: peak,), "not a number"),
        ((lambda peak, n, b, e: [].sort(),), "returns nothing"),
        (
            (mended(lambda n, b, e: e * math.ceil(n / b) // 2),),
            "should be 0 at that step",
        ),
    ],
}
