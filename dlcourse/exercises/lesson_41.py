"""Checkers and quiz of lesson 41, recurrent networks."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    apart,
    expect,
    expect_array,
    expect_result,
    is_close,
)
from ..quizzes import Question


@exercise("41.1")
def simple_rnn(simple_rnn):
    rng = np.random.default_rng(0)
    for batch, steps, features, units in ((3, 5, 2, 4), (4, 6, 3, 2)):
        x = rng.normal(size=(batch, steps, features)).astype("float32")
        shapes = (features, units), (units, units), (units,)
        W, U, b = (rng.normal(0, 0.8, shape) for shape in shapes)
        right = _states(x, W, U, b)
        expect_result(
            simple_rnn,
            (x, W, U, b),
            right,
            "h = tanh(x[:, t] @ W + h @ U + b), from h = 0, with the new h at the next"
            " step; stack them all along axis=1.",
            mistakes=_wrong_states(x, W, U, b, right),
        )
    one = x[:1, :3], W[:, :1], U[:1, :1], b[:1]  # one message, one unit
    expect_result(
        simple_rnn, one, _states(*one), "Axes of length 1 stay: (batch, steps, units)."
    )
    return "one pair of matrices, however many steps"


def _states(x, W, U, b, after=np.tanh, start=0.0, axis=1):
    """Return all states of a simple recurrent layer; one message's may be the next's."""
    h = np.full((len(x), len(U)), start)
    states = []
    for t in range(x.shape[1]):
        h = after(x[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=axis)


def _wrong_states(x, W, U, b, right):
    """Return the usual mistakes with a simple recurrent layer, and why they are wrong."""
    over_messages = _states(np.swapaxes(x, 0, 1), W, U, b)
    one_stream = _states(x.reshape(1, -1, x.shape[2]), W, U, b).reshape(right.shape)
    back = _states(x[:, ::-1], W, U, b)
    zeros = np.zeros_like(right[:, :1])
    messages = ("The loop runs over the messages, so that one message's state enters the"
                " next: loop over the steps, x[:, t].")  # fmt: skip
    backward = "The steps run backward: begin with x[:, 0], the oldest."
    return [
        (right[:, -1], "Only one state came back: collect h at every step."),
        (over_messages, messages),
        (np.swapaxes(over_messages, 0, 1), messages),
        (one_stream, "Each message begins anew, with h = 0."),
        (np.moveaxis(right, 1, 2),
         "The steps came last: stack along axis=1, (batch, steps, units)."),
        (np.swapaxes(right, 0, 1),
         "The steps came first: stack along axis=1, so that the batch stays first."),
        (np.concatenate([zeros, right], axis=1),
         "The zeros before the first step are no state of a step: leave them out."),
        (np.concatenate([zeros, right[:, :-1]], axis=1),
         "Each step's state is the one before it: compute the new h, then collect it."),
        (np.broadcast_to(right[:, -1:], right.shape),
         "All states are the last one: append a new array at each step."),
        (_states(x, W, 0 * U, b),
         "No state is carried on: the h of the last step must enter the next one."),
        (_states(x, W, U.T, b),
         "The recurrent kernel is transposed: h @ U, not U @ h or h @ U.T."),
        (_states(x, W, U, 0 * b), "The bias b is missing."),
        (_states(x, W, U, b, lambda z: z), "The tanh is missing."),
        (_states(x, W, U, b, lambda z: 1 / (1 + np.exp(-z))),
         "That is the sigmoid; a simple recurrent layer takes tanh."),
        (_states(x, W, U, 0 * b, lambda z: np.tanh(z) + b),
         "The bias belongs inside the tanh."),
        (_states(x, W, U, b, start=1.0), "Begin with h = 0, not with ones."),
        (back, backward),
        (back[:, ::-1], backward),
    ]  # fmt: skip


@exercise("41.2")
def gradient_left(gradient_left):
    rng = np.random.default_rng(1)
    for u, steps, k in ((0.7, 6, 4), (-1.3, 8, 3), (1.2, 5, 5), (0.9, 4, 7)):
        states = rng.uniform(-0.9, 0.9, steps)
        right = _left(u, states, k)
        expect_result(
            gradient_left,
            (u, states, k),
            right,
            "Begin with a 1 at the end and go back: each step multiplies by"
            " u * (1 - states[t + 1]**2). All but the last k entries are 0.",
            mistakes=_wrong_left(u, states, k, right),
        )
    return "k entries hold what distance leaves; before them, truncation leaves nothing"


def _left(u, states, k, at=1, slope=lambda h: 1 - h**2):
    """Return dh_T/dh_t for all t, 0 except for the last k."""
    left, n = np.zeros(len(states)), len(states)
    left[-1] = 1.0
    for t in range(n - 2, max(n - k, 0) - 1, -1):
        left[t] = left[t + 1] * u * slope(states[t + at])
    return left if k else 0 * left


def _wrong_left(u, states, k, right):
    """Return the usual mistakes with a truncated gradient, and why they are wrong."""
    n = len(states)
    full = _left(u, states, n)
    mistakes = [
        (right[::-1], "The order is reversed: entry t belongs to step t, so the 1 stands last."),
        (full, "Nothing is truncated: all but the last k entries are 0."),
        (full[-k:], "Only the last k entries came back: the others are 0, but they stay."),
        (_left(u, states, k + 1), "One entry too many: the 1 at the end is the first of the k."),
        (_left(u, states, k - 1), "One entry too few: the 1 at the end is the first of the k."),
        (_left(u, states, k, at=0), "The slope belongs to the later state: from t + 1 back to t"
         " it is 1 - states[t + 1]**2."),
        (_left(1, states, k), "The weight u is missing from the factor."),
        (_left(u, states, k, slope=lambda h: 1), "The slope of tanh, 1 - h**2, is missing."),
        (_left(u, states, k, slope=lambda h: 1 - np.tanh(h) ** 2), "tanh was taken twice: states"
         " are its results, so its slope is 1 - states**2."),
        (_left(u, states, k, slope=lambda h: 1 - h), "The slope of tanh is 1 - h**2: square h."),
        (right * u * (1 - states**2), "The last entry is the derivative of the last state by itself: 1."),
        (_factors(u, states, k), "Those are the single factors: multiply them up on the way"
         " back."),
    ]  # fmt: skip
    return [(wrong, why) for wrong, why in mistakes if not is_close(wrong, right)]


def _factors(u, states, k):
    """Return each step's own factor, not multiplied up."""
    factors = np.append(u * (1 - states[1:] ** 2), 1.0)
    factors[: max(len(states) - k, 0)] = 0
    return factors


DESIGN = {"i": (0, 16, -8), "f": (0, 0, 8), "g": (3, 0, 0), "o": (0, 0, 8)}  # it works


@exercise("41.3")
def design(design):
    expect(
        isinstance(design, dict) and set(design) == set(DESIGN),
        "Give a dictionary with the keys i, f, g and o.",
    )
    parts = {
        name: expect_array(design[name], (3,), f"design[{name!r}]") for name in DESIGN
    }
    expect(
        all(np.isfinite(part).all() for part in parts.values()),
        "All twelve numbers should be finite.",
    )
    kept = _kept(parts)
    if np.mean(kept >= 0.5) >= 0.95:
        return f"{parts['i'][1]:g} on the flag opens the gate; the chatter stays out"
    for (
        name,
        part,
    ) in parts.items():  # is this part enough to spoil a design that works?
        alone = _kept({**DESIGN, name: part})
        expect(np.mean(alone >= 0.5) >= 0.95, _why_it_spoils(name, part))
    raise Hint(
        f"Nearly: in the worst of {len(kept)} messages h ends at"
        f" {apart(kept.min(), 0.5)[0]} in the direction of the call. Make the gates more extreme, and g stronger."
    )


def _gate(name, part, call, flag):
    """Return what one part of the LSTM gives for calls and flags of any shape."""
    z = part[0] * call + part[1] * flag + part[2]
    return np.tanh(z) if name == "g" else 0.5 * (1 + np.tanh(z / 2))


def _kept(parts):
    """Return the last h of a one-unit LSTM for 100 messages, positive if it is right."""
    rng = np.random.default_rng(0)
    calls = rng.choice([-1.0, 1.0], (100, 100))
    flag_at = rng.integers(0, 100, 100)
    c = h = np.zeros(100)
    for t, call in enumerate(calls.T):
        i, f, g, o = (_gate(n, parts[n], call, 1.0 * (flag_at == t)) for n in "ifgo")
        c = f * c + i * g
        h = o * np.tanh(c)
    return h * calls[np.arange(100), flag_at]


def _why_it_spoils(name, part):
    """Return the hint for a part that spoils a design whose other parts are right."""
    left, right = -1, 1
    flagged, silent = (
        [_gate(name, part, call, flag) for call in (left, right)] for flag in (1, 0)
    )
    if name == "g" and (flagged[0] > -0.1 or flagged[1] < 0.1):
        return (
            "The candidate g must carry the call's sign: give the call a positive weight"
            " and no large bias."
        )
    if name == "g":
        return (
            f"Nearly: with the flag g is only {flagged[1]:.2f} for a right call. Make it"
            " stronger."
        )
    if abs(part[0]) > max(1, abs(part[2]) / 2):
        return (
            f"{name} reacts to the call itself ({part[0]:g}), so left and right are treated"
            " differently. The order is (call, flag, bias); only g needs the call."
        )
    if name == "f":
        return (
            f"Without the flag the forget gate is {min(silent):.3f}, and to the power 100"
            f" that is {min(silent) ** 100:.1g}: f = 1 means keep. Raise its bias."
        )
    if name == "o":
        return "The memory may be right, but the output gate hides it: open o at every step."
    if min(flagged) < 0.6:
        return (
            f"With the flag the input gate is only {min(flagged):.3f}: it must open, so"
            " flag weight + bias should be well above 0."
        )
    return (
        f"Without the flag the input gate is {max(silent):.3f}: chatter is written. Give it"
        " a clearly negative bias."
    )


LETTERS = "CDEFGABcdefgab234|"  # as in the lesson


@exercise("41.4")
def prepare_mended(prepare_mended):
    for tunes, given in (
        (("CEGCEGc", "dAC", "bagfedcB"), (11,)),
        (("FAC", "gC"), (3,)),
        (("DFADFAC", "AB"), ()),
    ):
        length = given[0] if given else 64
        right, drone = _one_hot(tunes, length), _one_hot(tunes, length, fill="C")
        expect_result(
            prepare_mended, (list(tunes), *given), right,
            "First the real notes in their order, each with a single 1; then padded steps,"
            " all zeros.",
            mistakes=[
                (drone, "Padded steps are still the note C, which has the number 0: pad after"
                 " the one-hot coding, with rows of zeros."),
                (right * (drone[..., :1] == 0), "Real notes C were taken for padding. After"
                 " padding with 0 the two look alike: one-hot first, pad last."),
                (_one_hot(tunes, length, front=True), "Coded rightly, but padded in front: use"
                 " padding='post'."),
                (_one_hot(tunes, length, fill="C", front=True), "Padded in front (use"
                 " padding='post'), and still with the note C: pad after the one-hot coding."),
                (np.pad(right, ((0, 0), (0, 0), (1, 0))), "One column too many: leave out the"
                 " column of the padding, which must be all zeros."),
                (_with_padding_column(right), "The padding has a column of its own, with a 1 in"
                 " it: leave it out, so that padded steps are all zeros."),
                (_one_hot(tunes, length, fill="|"), "Padded steps are now the last letter, |: to"
                 " one-hot coding, -1 means the last place. One-hot first, pad last."),
                (drone.argmax(axis=2), "Those are the numbers of the notes; the network reads"
                 " them one-hot, 18 features a step."),
                (np.roll(right, 1, axis=2), "Every note has moved up by one: note number 0, C,"
                 " has its 1 in column 0."),
                (np.where(right.any(axis=2, keepdims=True), right, -1), "Padded steps must be"
                 " all zeros, the value that Masking looks for."),
            ],
        )  # fmt: skip
    return "one-hot first, padded last: all zeros now means nothing but padding"


def _one_hot(tunes, length, fill=None, front=False):
    """Return tunes in letters as one batch, (n, length, 18), padded with zeros or a note."""
    batch = np.zeros((len(tunes), length, len(LETTERS)))
    for row, tune in zip(batch, tunes, strict=True):
        start = length - len(tune) if front else 0
        if fill:
            row[:, LETTERS.index(fill)] = 1
        row[start : start + len(tune)] = np.eye(len(LETTERS))[
            list(map(LETTERS.index, tune))
        ]
    return batch


def _with_padding_column(right):
    """Return the batch with a 1 in a column of its own wherever nothing was heard: (n, length, 19)."""
    return np.concatenate([1 - right.max(axis=2, keepdims=True), right], axis=2)


QUIZ = [
    Question(
        "A `SimpleRNN(32)` reads tunes of 32 letters. You feed it tunes of 3,200 letters"
        " instead. What happens to its parameters?",
        [
            (
                "Their number stays the same.",
                "The same W, U and b are used at every step; only the computing grows.",
            ),
            (
                "A hundred times as many are needed.",
                "So a flattening dense layer would need; the cell is shared over the steps.",
            ),
            (
                "It raises an error, because the shape has changed.",
                "Not with `Input((None, features))`: the loop simply runs longer.",
            ),
        ],
        0,
    ),
    Question(
        "A unit with $u = 2$ holds a call forever. Why does a call 40 steps back hardly reach"
        " its gradient?",
        [
            (
                "Because $u > 1$ makes every gradient explode.",
                "The factor is $u(1 - h^2)$, and $1 - h^2$ is small where the unit rests.",
            ),
            (
                "Because at rest the factor $u(1 - h^2)$ is small, so little gradient reaches"
                " the step that mattered.",
                "About 0.17 per step: a safe latch is a saturated one.",
            ),
            (
                "Because its memory fades after about 10 steps.",
                "It does not fade: move the slider of section 4 to 2.",
            ),
        ],
        1,
    ),
    Question(
        "You train with backpropagation truncated to 20 steps, states carried on. A sensor"
        " fault shows 60 steps before the failure it causes. For which links does the network"
        " get a gradient?",
        [
            (
                "For none, since every gradient is truncated.",
                "Links of fewer than 20 steps get gradients still.",
            ),
            (
                "For this one, too, only three times smaller.",
                "The term of the fault is missing from the sum, not small.",
            ),
            (
                "For those of fewer than 20 steps; none connects the failure with the fault.",
                "The state crosses the window's edge, the gradient does not.",
            ),
        ],
        2,
    ),
    Question(
        "At most steps one unit of a trained LSTM shows f = 0.99 and i = 0.01, at a flag"
        " f = 0.05 and i = 0.98. What does this unit do?",
        [
            (
                "It adds up all calls.",
                "With i near 0 nearly nothing is written between the flags.",
            ),
            (
                "It holds its c, and puts the candidate in its place at a flag.",
                "f near 1 keeps, i near 0 does not write; at the flag both turn round. A GRU"
                " says the same with z = 0.99 and, at the flag, z = 0.05.",
            ),
            (
                "It forgets its c within a few steps.",
                "It keeps 99 % a step: after 20 steps 0.99 to the power 20, or 82 %, is left.",
            ),
        ],
        1,
    ),
    Question(
        "`Masking` stands in front of a GRU. Yet one excerpt gets the logit +1.2 padded to 40"
        " steps and -3.0 padded to 80. What do you do first?",
        [
            (
                "Look at one padded step as it reaches `Masking`.",
                "If it is not all zeros, nothing is masked, and the padding is heard.",
            ),
            (
                "Train longer, with excerpts of more lengths.",
                "That may teach it to bear the padding; a mask that works makes it needless.",
            ),
            (
                "Take an LSTM, which can hold its state through the padding.",
                "It would hear the padding as well: whether it holds is a matter of luck.",
            ),
        ],
        0,
    ),
]
