"""Checkers and quiz of lesson 41, recurrent networks."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    apart,
    expect,
    expect_array,
    expect_number,
    expect_result,
    expect_value,
)
from ..quizzes import Question


@exercise("41.1")
def latch(latch):
    u = expect_number(latch)
    expect(u, "With u = 0 nothing is carried on: the first silent step gives h = 0.")
    expect(
        u > 0,
        f"With u = {u:g} the state changes its sign at every step: to keep a sign, u must"
        " be positive.",
    )
    h = np.tanh(1.0)
    for _ in range(50):
        h = np.tanh(u * h)
    expect(
        u != 1,
        f"u = 1 forgets slowly, but it forgets: after 50 silent steps h = {h:.2f}.",
    )
    expect(
        u > 1,
        f"With u = {u:g} every silent step shrinks the state; after 50 of them h is"
        f" {h:.1g}. What happens above 1?",
    )
    expect(
        h
        > 0.9 - 1e-6,  # a u of exactly artanh(0.9) / 0.9, rounded to float32, is enough
        f"It keeps the sign, but after 50 silent steps h = {apart(h, 0.9)[0]}; choose u"
        " larger to reach 0.9.",
    )
    return f"it rests at h = {h:.3f}; and −1 at −{h:.3f}, since tanh is odd"


@exercise("41.2")
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


PARTS = {  # what is counted more than once; how many biases each part has
    "SimpleRNN": ("it has no gates", 1, 1),
    "LSTM": ("i, f, g and o", 4, 1),
    "GRU": ("z, r and the candidate", 3, 2),
}


@exercise("41.3")
def parameters(parameters):
    expect(
        isinstance(parameters, dict) and set(parameters) == set(PARTS),
        "Give a dictionary with the keys SimpleRNN, LSTM and GRU.",
    )
    for name, (_, sets, biases) in PARTS.items():
        expect_value(
            expect_number(parameters[name], f"{name}: give one whole number."),
            sets * (2 * 50 + 50 * 50 + biases * 50),
            "Each set has 2·50 + 50·50 weights and 50 numbers per bias; how many sets, how"
            " many biases?",
            mistakes=_miscounts(name),
            what=name,
            tolerance=1e-6,  # counts are exact
        )
    return "and none of them depends on the number of steps"


def _miscounts(name):
    """Return the usual wrong counts of a layer's parameters, and how they come about."""
    parts, sets, biases = PARTS[name]
    kernel, recurrent, bias = 2 * 50, 50 * 50, biases * 50
    right = sets * (kernel + recurrent + bias)
    mistakes = {
        n * (kernel + recurrent + 50 * k): (
            f"{name}: you counted {n} set(s) of W, U and b; it has {sets}: {parts}."
            if n != sets
            else f"{name}: 50 are missing in each set: the bias, or W's row for one of the"
            " 2 features?"
            if (k, biases) == (0, 1)
            else f"{name}: you counted {k} bias(es) per set; Keras's {name} has"
            f" {biases}{', one for the input and one for the state' * (biases > 1)}."
        )
        for n in range(1, 5)
        for k in range(3)
    }
    for parts_counted, why in (
        (kernel + bias, "the recurrent kernel U is missing, 50 by 50 per set."),
        (kernel + 50 + bias, "U links each unit with all 50: it is 50 by 50 per set."),
        (recurrent + bias, "the kernel W is missing, 2 by 50 per set."),
        (2 * recurrent + bias, "it reads 2 features, not 50: W is 2 by 50."),
    ):
        mistakes.setdefault(sets * parts_counted, f"{name}: {why}")
    for steps in (10, 100):
        why = "too many. Did the number of steps enter? The cell is shared."
        mistakes[steps * right] = f"{name}: {why}"
    return [(count, why) for count, why in mistakes.items() if count != right]


DESIGN = {"i": (0, 16, -8), "f": (0, 0, 8), "g": (3, 0, 0), "o": (0, 0, 8)}  # it works


@exercise("41.4")
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
        return f"{parts['i'][1]:g} on the flag opens the gate; everything else stays shut out"
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


@exercise("41.5")
def prepare_mended(prepare_mended):
    long = [[1.0, 0], [0, 1], [0, 0], [1, 0], [1, 0], [0, 0], [1, 0]] + [
        [0, 0],
        [1, 0],
    ] * 3
    short = [[0.0, 0], [1, 1], [0, 0]]
    for lengths, given in (((13, 3), (15,)), ((3, 5, 4), (9,)), ((4, 3), ())):
        length = given[0] if given else 100
        on_file = [np.array(short if n == 3 else long[:n]) for n in lengths]
        coded = [message * [2, 1] - [1, 0] for message in on_file]
        right, uncoded = _padded(coded, length), _padded(on_file, length)
        expect_result(
            prepare_mended, (on_file, *given), right,
            "First the real steps, in their order, with calls −1 and 1 and flags as they"
            " were; then padded steps, (0, 0).",
            mistakes=[
                (_padded(coded, length, fill=(-1, 0)), "Padded steps are still (-1, 0), a"
                 " call: code the calls before padding."),
                (uncoded, "The calls are still 0 and 1, so a real (0, 0), left without a"
                 " flag, would be masked."),
                (right * uncoded.any(axis=2, keepdims=True), "A real left call without a"
                 " flag, (0, 0), was taken for padding. After padding the two look alike:"
                 " code first, pad last."),
                (_padded([2 * message - 1 for message in on_file], length),
                 "The flags changed: only the calls need the new code."),
                (2 * uncoded - 1, "Everything was coded, flags and padding, too: code only"
                 " the calls, and before padding."),
                (_padded([message * [-2, 1] + [1, 0] for message in on_file], length),
                 "Left and right are exchanged: 0, left, becomes −1."),
                *((_padded(coded, length, fill=(value, value)), "Padded steps must be (0, 0),"
                   " the value that Masking looks for.") for value in (-1, np.nan)),
                (_padded(coded, length, front=True),
                 "Coded rightly, but padded in front: use padding='post'."),
                (_padded(coded, length, fill=(-1, 0), front=True), "Padded in front (use"
                 " padding='post'), and the calls were coded after padding: code them"
                 " before."),
            ],
        )  # fmt: skip
    return "coded first, padded last: (0, 0) now means nothing but padding"


def _padded(messages, length, fill=(0, 0), front=False):
    """Return messages of several lengths as one batch, (n, length, 2)."""
    batch = np.tile(np.array(fill, dtype=float), (len(messages), length, 1))
    for row, message in zip(batch, messages, strict=True):
        start = length - len(message) if front else 0
        row[start : start + len(message)] = message
    return batch


def messages_on_file(n, seed):
    """Return n messages as arrays (5 to 10, 2), calls coded 0 and 1; answers, shape (n, 1)."""
    rng = np.random.default_rng(seed)
    messages, answers = [], np.zeros((n, 1), "float32")
    for row in range(n):
        length = int(rng.integers(5, 11))
        message = np.zeros((length, 2))
        message[:, 0] = rng.integers(0, 2, length)
        flag_at = int(rng.integers(0, length))
        message[flag_at, 1] = 1
        messages.append(message)
        answers[row] = message[flag_at, 0]
    return messages, answers


QUIZ = [
    Question(
        "A `SimpleRNN(32)` reads messages of 10 steps. You feed it messages of 1,000 steps"
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
        "A unit with $u = 2$ holds a call for ever (exercise 41.1). Why is a network of such"
        " units still hard to teach?",
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
                "It does not fade: that was the exercise.",
            ),
        ],
        1,
    ),
    Question(
        "You train with backpropagation truncated to 20 steps, states carried on. A sensor"
        " fault shows 60 steps before the failure it causes. What can the network learn?",
        [
            (
                "Nothing at all, since every gradient is truncated.",
                "Links of fewer than 20 steps get gradients still.",
            ),
            (
                "The link, only three times more slowly.",
                "The term of the fault is missing from the sum, not small.",
            ),
            (
                "Links of fewer than 20 steps; no gradient connects the failure with the"
                " fault.",
                "The state crosses the window's edge, the gradient does not.",
            ),
        ],
        2,
    ),
    Question(
        "What did the measurement of section 6 show about a *fresh* LSTM?",
        [
            (
                "Its gates let the gradient pass unchanged from the start.",
                "$\\sigma(1) = 0.73$ per step: most of it is lost within 30 steps.",
            ),
            (
                "It loses most of the gradient over 30 steps; after training it passes on far"
                " more.",
                "Gates are no gift at the start: what they do is learned.",
            ),
            (
                "It explodes, because $c$ is added to without limit.",
                "Along $c$ the direct factor is the forget gate, which is below 1.",
            ),
        ],
        1,
    ),
    Question(
        "Temperatures must be forecast from past hours only. A `Bidirectional(LSTM)` that gives an"
        " output at every step scores splendidly in validation. Why?",
        [
            (
                "Two cells have more parameters than one.",
                "That is a small matter beside what the backward cell reads.",
            ),
            (
                "Its backward cell read the hours it should have forecast.",
                "At each step half of the state comes from the future, which in service is not there.",
            ),
            (
                "Reading backward gives better gradients.",
                "Possibly, but the score has a simpler source: it saw the answers.",
            ),
        ],
        1,
    ),
]
