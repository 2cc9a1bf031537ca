"""Checkers and quiz of lesson 51: optimizers."""

from collections import defaultdict

import numpy as np

from ..checks import exercise
from ..expectations import Hint, expect, expect_array, expect_close, expect_number
from ..quizzes import Question


@exercise("51.1")
def rates(answer):
    expect(
        isinstance(answer, dict) and set(answer) == {"limit", "factor", "steps"},
        "Give a dictionary with the keys limit, factor and steps.",
    )
    limit, factor, steps = (
        expect_number(answer[name], f"{name} should be a single number.")
        for name in ("limit", "factor", "steps")
    )
    expect(
        not np.isclose(limit, 0.02),
        "limit: that is 2/100, for the ravine above (or half the limit of this one). Here the"
        " largest curvature is 50.",
    )
    expect(
        not np.isclose(limit, 1),
        "limit: you used the smallest curvature. The steepest direction sets the limit.",
    )
    expect(
        not np.isclose(limit, 0.08),
        "limit: do not halve the curvature: the derivative of ½ · 50 w² is 50 w.",
    )
    expect(
        not np.isclose(limit, 2 / 52),
        "limit: 2 divided by the sum of the curvatures is the best compromise; the rate that"
        " must not be reached depends on the largest alone.",
    )
    expect(np.isclose(limit, 0.04), "limit is 2 divided by the largest curvature.")
    expect(
        not np.isclose(factor, 0.92),
        "factor: that is at the limit; the question is about half of it.",
    )
    expect(
        not np.isclose(abs(factor), 0),
        "factor: that is w₂'s. w₁ has the curvature 2.",
    )
    expect(
        not np.isclose(factor, 0.98),
        "factor: that is for curvature 1; w₁ has the curvature 2.",
    )
    expect(
        not np.isclose(factor, 0.04),
        "factor: 0.04 is the share that a step takes away; the factor is what stays, 1 − 0.04.",
    )
    expect(np.isclose(factor, 0.96), "factor = 1 − rate · curvature, with rate 0.02.")
    expect(
        not (112 <= steps < 113),
        "steps: 0.96 to the power 112 is still above 0.01: round up.",
    )
    expect(
        np.isclose(steps, 113),
        "steps: the smallest whole n with 0.96ⁿ ≤ 0.01, so ln 0.01 / ln 0.96, rounded up.",
    )
    return "w₂ is done in one step at this rate; w₁ needs 113"


@exercise("51.2")
def corrected_average(answer):
    steady = _averages(answer, [5.0, 5.0, 5.0], 0.9)
    expect(
        not np.allclose(steady, [0.5, 0.95, 1.355]),
        "That is the uncorrected average: divide the t-th by 1 − beta**t.",
    )
    expect(
        not np.allclose(steady, [5.0, 9.5, 13.55]),
        "You divided by 1 − beta each time; the divisor is 1 − beta**t, and t grows.",
    )
    expect(
        not np.allclose(steady, 50),
        "Ten times too large: the new gradient needs its share, (1 − beta)·g, before you divide.",
    )
    expect(
        not np.allclose(steady, np.array([0.5, 0.95, 1.355]) / 0.271),
        "You divide all of them by the last divisor; each average has its own t.",
    )
    expect(
        not np.isclose(steady[0], 45),
        "The shares are swapped: beta belongs to the old m, 1 − beta to the new gradient.",
    )
    wrong, m = [], 0.0
    for t in (1, 2, 3):
        m = (0.9 * m + 0.5) / (1 - 0.9**t)
        wrong.append(m)
    expect(
        not np.allclose(steady, wrong),
        "You keep the corrected value as m for the next step; keep m itself uncorrected.",
    )
    shifted = np.array([0.5, 0.95, 1.355]) / (1 - 0.9 ** np.array([2, 3, 4]))
    expect(
        not np.allclose(steady, shifted),
        "t is one too large: the first gradient has t = 1.",
    )
    expect(
        np.allclose(steady, 5),
        "For gradients 5, 5, 5 and beta 0.9 every corrected average should be 5; yours are"
        f" {np.round(steady, 3).tolist()}.",
    )
    gradients, beta = np.array([1.0, -2.0, 4.0, 0.5]), 0.8
    m, target, other, seeded = 0.0, [], 0.0, gradients[0]
    swapped, from_first = [], []
    for t, g in enumerate(gradients, start=1):
        m = beta * m + (1 - beta) * g
        target.append(m / (1 - beta**t))
        other = (1 - beta) * other + beta * g
        swapped.append(other / (1 - (1 - beta) ** t))
        seeded = beta * seeded + (1 - beta) * g
        from_first.append(seeded)
    mixed = _averages(answer, gradients.tolist(), beta)
    expect(
        not np.allclose(mixed, swapped),
        "The shares are swapped: beta belongs to the old m, 1 − beta to the new gradient.",
    )
    expect(
        not np.allclose(mixed, from_first),
        "You start m at the first gradient, so that one weighs too much for long: start at 0 and"
        " divide by 1 − beta**t.",
    )
    expect(
        not np.allclose(mixed, np.cumsum(gradients) / np.arange(1, 5)),
        "That is the plain mean so far; a moving average forgets: m = beta·m + (1 − beta)·g.",
    )
    expect_close(
        mixed,
        target,
        "Right for steady gradients, wrong for changing ones: use m = beta·m + (1 − beta)·g, with"
        " the beta that is given.",
    )
    return "for a steady gradient it is right from the first step on"


def _averages(answer, gradients, beta):
    """Return the learner's averages as an array, one per gradient."""
    try:
        out = answer(list(gradients), beta)
    except ZeroDivisionError:
        raise Hint(
            "Division by zero: 1 − beta**t is 0 for t = 0. The first gradient has t = 1."
        ) from None
    expect(out is not None, "Nothing came back: end with return and the list.")
    expect(
        np.ndim(out) > 0,
        "Return the list of all corrected averages, one for each gradient.",
    )
    return expect_array(out, (len(gradients),), "The list of averages")


@exercise("51.3")
def lion(answer):
    rng = np.random.default_rng(0)
    gradients = rng.normal(size=(6, 4))
    gradients[0] = [3.0, -0.01, 0.5, 0.0]
    gradients[1] = -0.086 * gradients[0]  # shows which average the blend used
    state, w = defaultdict(float), np.array([1.0, -1.0, 0.5, 2.0])
    first = w - 0.1 * np.sign(gradients[0])
    out = answer(w.copy(), gradients[0].copy(), state, 0.1)
    expect(out is not None, "Nothing came back: end with return and the new w.")
    expect(
        not isinstance(out, tuple),
        "Return only the new w; the state is kept because you change it in place.",
    )
    out = expect_array(out, (4,), "w")
    expect(
        not np.allclose(out, w),
        "The weights did not move: return the new w.",
    )
    expect(
        not np.allclose(out, w + 0.1 * np.sign(gradients[0])),
        "You step uphill: subtract learning_rate * sign.",
    )
    expect(
        not np.allclose(out, w - 0.01 * gradients[0]),
        "Take the sign of the blend: every weight moves by the learning rate.",
    )
    expect(
        not np.allclose(out, w - np.sign(gradients[0])),
        "The learning rate is missing: w − learning_rate * sign(blend).",
    )
    expect(
        np.allclose(out, first),
        "With m = 0 the first step is −learning_rate · sign(g) for every weight.",
    )
    expect(
        "m" in state,
        'Keep the average in state["m"], or the next step cannot use it.',
    )
    m = expect_array(state["m"], (4,), 'state["m"]')
    expect(
        not np.allclose(m, 0.1 * gradients[0]),
        "The average must use beta_2 (0.99), not beta: two different constants.",
    )
    expect(
        np.allclose(m, 0.01 * gradients[0]),
        'After the first step state["m"] should be (1 − beta_2) · g.',
    )
    average, target = m, dict.fromkeys(("right", "late", "average", "swapped"), first)
    for g in np.concatenate([gradients[1:], 0.1 * gradients]):
        out = expect_array(answer(out, g.copy(), state, 0.1), (4,), "w")
        new = 0.99 * average + 0.01 * g
        blends = {
            "right": 0.9 * average + 0.1 * g,
            "late": 0.9 * new + 0.1 * g,
            "average": new,
            "swapped": 0.1 * average + 0.9 * g,
        }
        target = {name: target[name] - 0.1 * np.sign(blends[name]) for name in target}
        average = new
    expect(
        np.allclose(state["m"], average),
        'state["m"] should become beta_2 · m + (1 − beta_2) · g at each step.',
    )
    if not np.allclose(out, target["right"]):
        expect(
            not np.allclose(out, target["late"]),
            "You update the average before the blend uses it: blend first, with the old m.",
        )
        expect(
            not np.allclose(out, target["average"]),
            "That is the sign of the new average, mixed with beta_2. The step takes another"
            " blend, of the old m and g, mixed with beta.",
        )
        expect(
            not np.allclose(out, target["swapped"]),
            "The shares of the blend are swapped: beta belongs to the old m, 1 − beta to g.",
        )
    expect_close(
        out,
        target["right"],
        "The first step is right, later ones are not: blend beta · m + (1 − beta) · g, with"
        " the old m.",
    )
    return "one memory, half of Adam's, and every weight moves by ±α (or 0)"


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
def mended_loop(diagnosis, answer):
    expect(
        isinstance(diagnosis, str) and diagnosis in ("rate", "bias", "memory"),
        'The diagnosis is one of "rate", "bias" and "memory".',
    )
    expect(
        diagnosis != "rate",
        "Not the rate: a large rate makes large steps, but of many sizes. These are all equal,"
        " whatever the gradient.",
    )
    expect(
        diagnosis != "bias",
        "Not the bias: without correction the first step is 3.2 rates long (section 6), and these"
        " are exactly 1 rate.",
    )
    expect(callable(answer), "The second answer is the function mended_loop.")
    first, calls = _run(answer)
    expect(first is not None, "Nothing came back: end with return w, after the loop.")
    expect(
        calls != 1,
        "The gradient was asked once, not 12 times: compute it inside the loop, and return after"
        " the loop, not in it.",
    )
    expect(
        calls == 12,
        f"For steps = 12 the gradient should be asked 12 times, once per step; it was {calls}.",
    )
    expect(
        np.ndim(first) == 1,
        "Return only the last w, an array of the weights' shape.",
    )
    first = expect_array(first, (3,), "w")
    forgetful, uncorrected = _adam(forget=True), _adam(correct=False)
    expect(
        not np.allclose(first, [0.5, -1.0, 2.0]),
        "w did not change: assign what adam returns, w = adam(…).",
    )
    expect(
        not np.allclose(first, forgetful),
        "Every step still starts with an empty memory: make the state before the loop.",
    )
    expect(
        not np.allclose(first, uncorrected),
        "That is Adam without bias correction; the correction was never the trouble.",
    )
    expect(
        not np.allclose(first, _adam(momentum=True)) and not np.allclose(first, _sgd()),
        "Use adam, as the colleague does; only its memory was lost.",
    )
    expect(
        np.allclose(first, _adam(), atol=1e-6),
        "These are not Adam's updates: for each step, w = adam(w, gradient(w), state,"
        " learning_rate), with one state for all steps.",
    )
    second, _ = _run(answer)
    expect(
        np.allclose(first, second),
        "A second run gives another result: it begins with the first run's memory. Make the"
        " state inside the function, before its loop.",
    )
    return "one memory per run, made before the loop"


def _noisy_gradient():
    rng = np.random.default_rng(1)

    def gradient(w):
        gradient.calls += 1
        return np.array([1.0, 10.0, 0.1]) * np.asarray(w, dtype=float) + rng.normal(
            size=3
        )

    gradient.calls = 0
    return gradient


def _run(answer):
    """Return what the learner's loop returns for 12 steps, and how often it asked."""
    gradient = _noisy_gradient()
    try:
        out = answer(gradient, np.array([0.5, -1.0, 2.0]), 12, 0.05)
    except KeyError:
        raise Hint(
            "adam reads memory that is not there yet: make the state with defaultdict(float), in"
            " which a missing entry counts as 0, not with {}."
        ) from None
    return out, gradient.calls


def _adam(forget=False, correct=True, momentum=False):
    """Return the last weights of 12 steps of Adam, or of one of its broken relatives."""
    gradient, w = _noisy_gradient(), np.array([0.5, -1.0, 2.0])
    m = v = np.zeros(3)
    for step in range(1, 13):
        t = step
        if forget:
            m, v, t = np.zeros(3), np.zeros(3), 1
        g = gradient(w)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        m_hat, v_hat = (m / (1 - 0.9**t), v / (1 - 0.999**t)) if correct else (m, v)
        w = w - 0.05 * (m if momentum else m_hat / (np.sqrt(v_hat) + 1e-7))
    return w


def _sgd():
    gradient, w = _noisy_gradient(), np.array([0.5, -1.0, 2.0])
    for _ in range(12):
        w = w - 0.05 * gradient(w)
    return w


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
                "Five runs rule out luck, but not the rate: 0.001 may be right for Adam and far"
                " too small for SGD, as in section 8.",
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
