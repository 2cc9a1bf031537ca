"""Checkers and quiz of lesson 51: optimizers."""

from collections import defaultdict

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
)
from ..quizzes import Question


@exercise("51.1")
def rates(rates):
    expect(
        isinstance(rates, dict) and set(rates) == {"limit", "factor", "steps"},
        "Give a dictionary with the keys limit, factor and steps.",
    )
    right = {"limit": 0.04, "factor": 0.96, "steps": 113}
    hints = {
        "limit": "It is 2 divided by the largest curvature.",
        "factor": "A step multiplies w₁ by 1 − rate · curvature, here with rate 0.02.",
        "steps": "It is the smallest whole n with 0.96ⁿ ≤ 0.01: divide ln 0.01 by ln 0.96.",
    }
    mistakes = {
        "limit": [
            (0.02, "limit: that is half of it. It is 2 divided by the largest curvature:"
             " 50 here, not the 100 of the ravine above."),
            (1, "limit: that uses the smallest curvature; the largest one sets the limit."),
            (0.08, "limit: do not halve the curvature: the derivative of ½ · 50 w² is 50 w."),
            (2 / 52, "limit: 2 divided by the sum of the curvatures is the best compromise;"
             " the limit depends on the largest curvature alone."),
        ],
        "factor": [
            (0.92, "factor: that is at the limit; the question is about half of it."),
            (0, "factor: that is w₂'s. w₁ has the curvature 2."),
            (0.98, "factor: that is for curvature 1; w₁ has the curvature 2."),
            (0.04, "factor: a step takes the share 0.04 away; the factor is what stays,"
             " 1 − 0.04."),
            (1.04, "factor: w₁ gets smaller: subtract rate · curvature from 1."),
        ],
        "steps": [
            (112, "steps: 0.96 to the power 112 is still above 0.01: round up."),
            (np.log(0.01) / np.log(0.96), "steps: a step is whole: round up."),
            (114, "steps: 0.96 to the power 113 is already below 0.01."),
            (1, "steps: that is w₂'s; w₁ still has 96 % after one step."),
        ],
    }  # fmt: skip
    for name in right:
        value = expect_number(rates[name], f"{name} should be a single number.")
        expect_value(
            value, right[name], hints[name], mistakes=mistakes[name], what=name
        )
    return "w₂ is done in one step at this rate; w₁ needs 113"


@exercise("51.2", in_place=True)
def lion(lion):
    expect_function(lion, "lion")
    # the ratios of m and g are such that every wrong blend has other signs
    m = np.array([-0.005, 0.05, -0.116, 0.5, -20, 1.0, 0.0])
    state = defaultdict(float, m=m)
    w = np.array([1.0, -1.0, 0.5, 2.0, 0.3, -0.7, 0.2])
    _lion_step(lion, w, np.array([1.0, -1, 1, -1, 1, 1, 0]), state, 0.03, ())
    rng = np.random.default_rng(0)
    state, w = defaultdict(float), rng.normal(size=(2, 3))
    for g in rng.normal(size=(6, 2, 3)):
        w = _lion_step(lion, w, g, state, 0.2, (0.6, 0.8))
    return "one memory, half of Adam's, and every weight moves by ±α (or 0)"


def _lion_step(lion, w, g, state, rate, betas):
    """Let the learner make one step, compare w and m, and return the right new w."""
    (beta, beta_2), m = betas or (0.9, 0.99), np.array(state.get("m", np.zeros_like(w)))
    given_w, given_g = w.copy(), g.copy()
    out = lion(given_w, given_g, state, rate, *betas)
    for name, before, after in (("w", w, given_w), ("g", g, given_g)):
        expect(
            np.array_equal(before, after),
            f"lion changes `{name}` itself (`{name} -= …` does that), and spoils the path"
            " that descend keeps. Change only the state, and return a new w.",
        )
    expect(
        not (isinstance(out, tuple) and len(out) == 2 and np.shape(out[0]) == w.shape),
        "Return only the new w; the state is kept because you change it in place.",
    )
    blend, new = beta * m + (1 - beta) * g, beta_2 * m + (1 - beta_2) * g
    fixed = 0.9 * m + 0.1 * g
    mistakes = [
        (w, "The weights did not move: return the new w."),
        (w + rate * np.sign(blend), "You step uphill: subtract learning_rate * sign."),
        (w - rate * blend, "Take the sign of the blend: every weight moves by the learning"
         " rate."),
        (w - np.sign(blend), "The learning rate is missing: w − learning_rate *"
         " sign(blend)."),
        (-rate * np.sign(blend), "That is the step alone: add it to w and return the sum."),
        (w - rate * np.sign(beta * new + (1 - beta) * g), "You update the average before the"
         " blend uses it: blend first, with the old m."),
        (w - rate * np.sign(new), "That is the sign of the new average, mixed with beta_2."
         " The step takes another blend, of the old m and g, mixed with beta."),
        (w - rate * np.sign((1 - beta) * m + beta * g), "The shares of the blend are swapped:"
         " beta belongs to the old m, 1 − beta to g."),
        (w - rate * np.sign(g), 'That is the sign of g alone: blend it with the old'
         ' state["m"].'),
        (w - rate * np.sign(m), "That is the sign of the old m alone: blend it with g."),
    ]  # fmt: skip
    if betas:
        mistakes = [
            (w - rate * np.sign(fixed), "That is right for beta = 0.9 only: use the argument"
             " beta, not a number."),
        ] if (np.sign(fixed) != np.sign(blend)).any() else []  # fmt: skip
    expect_value(
        out,
        w - rate * np.sign(blend),
        "Return w − learning_rate * sign(beta · m + (1 − beta) · g), with the old m.",
        mistakes=mistakes,
        what="The new w",
    )
    expect(
        "m" in state,
        'Keep the average in state["m"], or the next step cannot use it.',
    )
    kept = state["m"]
    expect(
        not (np.array_equal(kept, m) if m.any() else not np.any(kept)),
        'state["m"] is the same after the step as before: store the new average there, with'
        ' state["m"] = …',
    )
    expect_value(
        kept,
        new,
        "It should become beta_2 · m + (1 − beta_2) · g at each step.",
        mistakes=[
            (0.99 * m + 0.01 * g, "That is right for beta_2 = 0.99 only: use the argument"
             " beta_2, not a number."),
        ] if betas else [
            (blend, "The average must use beta_2, not beta: two different constants."),
            ((1 - beta_2) * m + beta_2 * g, "The shares of the average are swapped: beta_2"
             " belongs to the old m, 1 − beta_2 to g."),
            ((1 - beta_2) * g, "The average forgets the old m: beta_2 · m is missing."),
            (g, "You keep g itself: the average is beta_2 · m + (1 − beta_2) · g."),
            (beta_2 * blend + (1 - beta_2) * g, "You average the blend: the average takes"
             " the old m and g."),
        ],
        what='state["m"]',
    )  # fmt: skip
    return w - rate * np.sign(blend)


# rates, and accuracies of the shape (rates, runs), in which every mistake gives another answer
_SWEEP = (
    np.array([0.001, 0.01, 0.05, 0.1, 0.5, 1.0, 2.0]),
    np.array(
        [
            [0.31, 0.22, 0.25],
            [0.82, 0.87, 0.85],
            [0.20, 0.91, 0.92],
            [0.89, 0.90, 0.909],
            [0.91, 0.88, 0.928],
            [0.89, 0.91, 0.903],
            [0.99, 0.10, 0.11],
        ]
    ),
)
_SMALL_SWEEP = (
    np.array([0.02, 0.2, 0.4, 1.0]),
    np.array([[0.50, 0.52], [0.590, 0.599], [0.59, 0.597], [0.61, 0.598]]),
)


@exercise("51.3")
def tuned_rate(tuned_rate):
    expect_function(tuned_rate, "tuned_rate")
    choose = hinting(
        tuned_rate,
        "That is a mean for each run. Take the mean over the runs, with axis=1: one number"
        " for each rate.",
        errors=IndexError,
        text="boolean index",
    )
    rule = (
        "Take the mean over the runs for each rate. Good are those of at least the largest"
        " mean − 0.01; return the smallest good rate."
    )
    for case, (rates, accuracies) in enumerate((_SWEEP, _SMALL_SWEEP)):
        means, medians = accuracies.mean(axis=1), np.median(accuracies, axis=1)
        good = means >= means.max() - 0.01
        mistakes = [
            (rates[means.argmax()], "That is the rate with the best mean. The rule takes the"
             " smallest rate whose mean is within 0.01 of it."),
            (rates[accuracies.max(axis=1).argmax()], "That rate has the best single run, and"
             " its other runs are poor: compare the means over the runs."),
            (rates[good].max(), "That is the largest of the good rates: take the smallest."),
            (rates[good], "Those are all the good rates: return the smallest one only."),
            (good, "That says which rates are good: rates[good] has them; return the"
             " smallest."),
            (rates.min(), "That is the smallest rate of all: it must be a good one."),
            (means[good][0], "That is its mean accuracy: return the rate."),
            (means.max(), "That is the best mean accuracy: return a rate."),
            (good.argmax(), "That is its place in the array: return the rate that stands"
             " there."),
            (rates[means >= means.max() - 0.1].min(), "One point is 0.01, not 0.1: the"
             " accuracies go from 0 to 1."),
            (rates[medians >= medians.max() - 0.01].min(), "Those are medians: take means."),
        ] if case == 0 else [
            (rates[means >= 0.99 * means.max()].min(), "Within one point is a mean of at least"
             " the best − 0.01, not 99 % of the best."),
        ]  # fmt: skip
        expect_result(
            choose, (rates, accuracies), rates[good].min(), rule, mistakes=mistakes
        )
    return "no optimizer gets a better search than another"


# A colleague's training loop with a mistake. Lesson 51 asks for a diagnosis from the symptom:
# do not read on before you have one.


def colleague_loop(adam, gradient, w, steps, learning_rate):
    """Return the path of ``w``, shape (steps + 1, n), under the colleague's updates."""
    path = [np.array(w, dtype=float)]
    for _ in range(steps):
        w, memory = path[-1], defaultdict(float)
        path.append(adam(w, gradient(w), memory, learning_rate))
    return np.array(path)


@exercise("51.4")
def mended_loop(diagnosis, mended_loop):
    word = diagnosis.strip().lower() if isinstance(diagnosis, str) else ""
    expect(
        word in ("rate", "bias", "memory"),
        'The diagnosis is one of "rate", "bias" and "memory".',
    )
    expect(
        word != "rate",
        "Not the rate: a large rate makes large steps, but of many sizes. These are all equal,"
        " whatever the gradient.",
    )
    expect(
        word != "bias",
        "Not the bias: without correction the first step is 3.2 rates long (section 6), and"
        " these are exactly 1 rate.",
    )
    expect_function(mended_loop, "mended_loop")
    start = np.array([0.5, -1.0, 2.0])
    first, second = (_run(mended_loop, start, 12, 0.05) for _ in range(2))
    expect(
        is_close(*(as_array(last, "The last w") for last in (first, second))),
        "Two runs from the same start give two results: the later one begins with the memory"
        " of the run before. Make the state inside the function, before its loop.",
    )
    path, steady = _path(start, 12, 0.05), _path(start, 12, 0.05, stay=True)
    expect_value(
        first,
        path[-1],
        "Expected is w after w = adam(w, gradient(w), state, learning_rate) for each step,"
        " with one state for all steps.",
        what="The last w",
        mistakes=[
            (path, "Return only the last w, not the whole path."),
            (path[1:], "Return only the last w, not all of them."),
            (start, "w did not change: assign what adam returns, w = adam(…)."),
            (steady[-1], "Every step starts from the first w: assign what adam returns to w"
             " itself, w = adam(w, …)."),
            (_path(start, 12, 0.05, forget=True)[-1], "Every step still starts with an empty"
             " memory: make the state before the loop."),
            (_path(start, 12, 0.05, correct=False)[-1], "That is Adam without bias"
             " correction; the correction was never the trouble."),
            (_path(start, 12, 0.05, rule="momentum")[-1], "Use adam, as the colleague does;"
             " only its memory was lost."),
            (_path(start, 12, 0.05, rule="sgd")[-1], "Use adam, not plain descent; only its"
             " memory was lost."),
            (_path(start, 12, 0.01)[-1], "That is right for the rate 0.01 only: hand"
             " learning_rate on to adam."),
        ],
    )  # fmt: skip
    start = np.array([3.0, -0.2, 0.1, -4.0])
    expect_value(
        _run(mended_loop, start, 5, 0.3),
        _path(start, 5, 0.3)[-1],
        "It is right for 12 steps and three weights, not for 5 steps and four weights: use"
        " the arguments.",
        what="The last w",
    )
    return "one memory per run, made before the loop"


def _noisy_gradient(size):
    rng = np.random.default_rng(size)

    def gradient(w):
        gradient.calls += 1
        scales = np.array([1.0, 10.0, 0.1, 3.0])[:size]
        return scales * np.asarray(w, dtype=float) + rng.normal(size=size)

    gradient.calls = 0
    return gradient


def _run(mended_loop, start, steps, rate):
    """Return what the learner's loop returns, if it asked for the gradient at each step."""
    gradient = _noisy_gradient(len(start))
    try:
        out = mended_loop(gradient, start, steps, rate)
    except KeyError as error:
        if error.args[0] not in ("t", "m", "v"):
            raise
        raise Hint(
            "adam reads memory that is not there yet: make the state with defaultdict(float),"
            " in which a missing entry counts as 0, not with {}."
        ) from None
    expect(
        gradient.calls != 1,
        f"The gradient was asked once, not {steps} times: compute it inside the loop, and"
        " return after the loop, not in it.",
    )
    expect(
        gradient.calls == steps,
        f"For steps = {steps} the gradient should be asked {steps} times, once per step; you"
        f" asked it {gradient.calls} times.",
    )
    return out


def _path(w, steps, rate, forget=False, correct=True, stay=False, rule="adam"):
    """Return all w, shape (steps + 1, n), of Adam, or of one of its broken relatives."""
    gradient, path = _noisy_gradient(len(w)), [w]
    m, v, t = 0.0, 0.0, 0
    for _ in range(steps):
        w = path[0] if stay else path[-1]
        g, t = gradient(w), t + 1
        if forget:
            m, v, t = 0.0, 0.0, 1
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        shares = (1 - 0.9**t, 1 - 0.999**t) if correct else (1, 1)
        step = m / shares[0] / (np.sqrt(v / shares[1]) + 1e-7)
        path.append(w - rate * {"adam": step, "momentum": m, "sgd": g}[rule])
    return np.array(path)


# ── quiz ────────────────────────────────────────────────────────────────────────

QUIZ = [
    Question(
        "You raise the batch size from 32 to 128 and keep epochs and learning rate. What"
        " happens to the gradient's noise and to the number of updates?",
        [
            (
                "Noise a quarter, updates the same",
                "Noise falls with the square root of the batch size, and an epoch now has fewer"
                " batches.",
            ),
            (
                "Noise a half, updates a quarter",
                "Four times the batch: the noise falls by √4 = 2, and an epoch has a quarter of"
                " the batches. Fewer updates at the same rate usually mean a higher loss.",
            ),
            (
                "Noise a half, updates the same",
                "The noise is right, but an epoch passes over the data once: larger batches,"
                " fewer of them.",
            ),
        ],
        1,
    ),
    Question(
        "Gradient descent zigzags across a ravine with growing amplitude. What is the smallest"
        " change that stops it?",
        [
            (
                "A smaller learning rate",
                "The steepest direction needs a rate below 2/λmax. Zigzags that grow say that it"
                " is exceeded.",
            ),
            (
                "More epochs",
                "Each step multiplies the gap by a factor beyond −1: more steps make it worse.",
            ),
            (
                "A larger batch",
                "The zigzag comes from curvature, not from noise: section 3 had exact gradients.",
            ),
        ],
        0,
    ),
    Question(
        "A blog post: “Adam reached 90 %, SGD 55 %, both at learning rate 0.001, 5 runs"
        " each.” What may you conclude?",
        [
            (
                "Adam is the better optimizer for this problem",
                "Five runs each leave little to luck, but much to the rate: 0.001 may be"
                " right for Adam and far too small for SGD, as in section 7.",
            ),
            (
                "At this rate Adam is ahead; who wins with tuned rates is open",
                "One number means two different step lengths. Each optimizer must be tuned with the"
                " same effort first.",
            ),
            (
                "Nothing, since optimizers cannot be compared",
                "They can: same network, data and epochs, the same tuning effort, new runs for"
                " the verdict.",
            ),
        ],
        1,
    ),
    Question(
        "Adam without bias correction (β₁ = 0.9, β₂ = 0.999): how do its first steps differ?",
        [
            (
                "They are too short, because m starts at 0",
                "m is too small by 10, but √v is too small by 32, and it is the divisor.",
            ),
            (
                "They are too long, because v is further from its value than m",
                "0.1 / √0.001 ≈ 3.2 at the first step, up to 6.6 near the twelfth.",
            ),
            (
                "They point uphill",
                "m has the gradient's sign; only the length is wrong.",
            ),
        ],
        1,
    ),
    Question(
        "Two weights; one gets gradients around 1,000, the other around 0.001. Which optimizer"
        " moves both at about the same speed?",
        [
            (
                "SGD with momentum",
                "Momentum adds up gradients, so the steps keep their ratio of a million.",
            ),
            (
                "Nesterov",
                "It brakes earlier than momentum, but has one rate for all weights as well.",
            ),
            (
                "RMSprop",
                "It divides each weight's gradient by that weight's own root mean square, so both"
                " steps are about the learning rate.",
            ),
        ],
        2,
    ),
]
