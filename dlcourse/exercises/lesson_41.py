"""Checkers and quiz of lesson 41, recurrent networks."""

from ..checks import exercise
from ..expectations import Hint, expect, expect_array, expect_close, expect_number
from ..quizzes import Question


@exercise("41.1")
def latch(answer):
    import math

    u = expect_number(answer)
    expect(
        u != 0, "With u = 0 nothing is carried on: the first silent step gives h = 0."
    )
    expect(
        u > 0,
        f"With u = {u:g} the state changes its sign at every step: to keep a sign, u must"
        " be positive.",
    )
    h = math.tanh(1.0)
    for _ in range(50):
        h = math.tanh(u * h)
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
        h >= 0.9,
        f"It latches, but rests at h = {h:.2f}; choose u larger to reach 0.9.",
    )
    return f"it rests at h = {h:.3f}; and −1 at −{h:.3f}, since tanh is odd"


@exercise("41.2")
def simple_rnn(answer):
    import numpy as np

    rng = np.random.default_rng(0)
    for batch, steps, features, units in ((3, 5, 2, 4), (1, 1, 3, 2), (2, 6, 3, 3)):
        x = rng.normal(size=(batch, steps, features))
        W = rng.normal(size=(features, units))
        U = rng.normal(size=(units, units))
        b = rng.normal(size=units)
        try:
            result = answer(x.copy(), W.copy(), U.copy(), b.copy())
        except ValueError as error:
            raise Hint(
                f"NumPy says: {error}. Here x[:, t] is {x[:, 0].shape}, W {W.shape}, h"
                f" {(batch, units)} and U {U.shape}: multiply with @, matrices on the right."
            ) from None
        expect(
            result is not None, "simple_rnn returned None: end with  return np.stack."
        )
        _judge_states(np.asarray(result, dtype=float), x, W, U, b)
    return "one pair of matrices, however many steps"


def _states(x, W, U, b, after=None, start=0.0):
    import numpy as np

    after = after or np.tanh
    h = np.full((len(x), len(U)), start)
    states = []
    for t in range(x.shape[1]):
        h = after(x[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)


def _judge_states(got, x, W, U, b):
    """Raise the hint that fits wrong states of a simple recurrent layer."""
    import numpy as np

    right = _states(x, W, U, b)
    batch, steps, units = right.shape
    if got.shape == (batch, units) and steps > 1:
        raise Hint("Only one state came back: collect h at every step.")
    if got.shape == (steps, batch, units):
        h, rows = np.zeros(units), []
        for message in x:
            h = np.tanh(message @ W + h @ U + b)
            rows.append(h)
        expect(
            batch == 1 or not np.allclose(got, np.stack(rows, axis=1)),
            "The loop runs over the messages, so that one message's state enters the next:"
            " loop over the steps, x[:, t].",
        )
    expect(
        got.shape != (batch, units, steps) or units == steps,
        "The steps came last: stack along axis=1, (batch, steps, units).",
    )
    expect(
        got.shape != (steps, batch, units) or batch == steps,
        "The steps came first: stack along axis=1, so that the batch stays first.",
    )
    got = expect_array(got, right.shape, "simple_rnn(x, W, U, b)")
    if np.allclose(got, right):
        return
    wrong = {
        "No state is carried on: h of the last step is missing from the sum.": _states(
            x, W, 0 * U, b
        ),
        "The recurrent kernel is transposed: h @ U, not U @ h or h @ U.T.": _states(
            x, W, U.T, b
        ),
        "The bias b is missing.": _states(x, W, U, 0 * b),
        "The tanh is missing.": _states(x, W, U, b, after=lambda z: z),
        "The first state should come from h = 0, not from ones.": _states(
            x, W, U, b, start=1.0
        ),
        "The steps run backward: begin with x[:, 0].": _states(x[:, ::-1], W, U, b)[
            :, ::-1
        ],
        "The steps run backward: begin with x[:, 0], the oldest.": _states(
            x[:, ::-1], W, U, b
        ),
    }
    for hint, states in wrong.items():
        expect(not np.allclose(got, states), hint)
    expect(
        steps == 1 or not np.allclose(got, right[:, -1:]),
        "All states are the last one: append h inside the loop, a new array at each step.",
    )
    expect_close(
        got[:, 0],
        right[:, 0],
        "The first state is wrong: with h = 0 it is tanh(x[:, 0] @ W + b).",
    )
    raise Hint(
        "The first state is right, a later one is not: h = tanh(x[:, t] @ W + h @ U + b),"
        " with the new h used at the next step."
    )


@exercise("41.3")
def parameters(answer):
    right = {"SimpleRNN": 2650, "LSTM": 10600, "GRU": 8100}
    expect(
        isinstance(answer, dict) and set(answer) == set(right),
        "Give a dictionary with the keys SimpleRNN, LSTM and GRU.",
    )
    sets, biases = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}, {"GRU": 2}
    for name, count in right.items():
        number = expect_number(answer[name], f"{name}: give one whole number.")
        if number != count:
            raise Hint(_miscount(name, number, sets[name], biases.get(name, 1)))
    return "and none of them depends on the number of steps"


def _miscount(name, number, sets, biases):
    """Say how a wrong count of parameters came about."""
    kernel, recurrent, bias = 2 * 50, 50 * 50, 50
    for n in range(1, 5):
        for k in range(3):
            if number == n * (kernel + recurrent + k * bias):
                if n != sets:
                    return (
                        f"{name}: you counted {n} set(s) of W, U and b; it has {sets}:"
                        f" {_PARTS[name]}."
                    )
                return (
                    f"{name}: you counted {k} bias(es) per set; Keras's {name} has"
                    f" {biases}{', one for the input and one for the state' * (biases > 1)}."
                )
    if number in (sets * (kernel + k * bias) for k in range(3)):
        return f"{name}: the recurrent kernel U is missing, 50 by 50 per set."
    if number in (sets * (recurrent + k * bias) for k in range(3)):
        return f"{name}: the kernel W is missing, 2 by 50 per set."
    if number in (sets * (2 * recurrent + k * bias) for k in range(3)):
        return f"{name}: it reads 2 features, not 50: W is 2 by 50."
    if number > 20_000:
        return f"{name}: too many. Did the number of steps enter? The cell is shared."
    return (
        f"{name}: each set has 2·50 + 50·50 weights and 50 numbers per bias;"
        " how many sets, how many biases?"
    )


_PARTS = {
    "SimpleRNN": "it has no gates",
    "LSTM": "i, f, g and o",
    "GRU": "z, r and the candidate",
}


@exercise("41.4")
def design(answer):
    import numpy as np

    expect(
        isinstance(answer, dict) and set(answer) == set("ifgo"),
        "Give a dictionary with the keys i, f, g and o.",
    )
    parts = {
        name: expect_array(answer[name], (3,), f"design[{name!r}]") for name in "ifgo"
    }
    expect(
        all(np.isfinite(part).all() for part in parts.values()),
        "All twelve numbers should be finite.",
    )

    def gate(name, call, flag):
        z = parts[name] @ [call, flag, 1.0]
        return np.tanh(z) if name == "g" else 0.5 * (1 + np.tanh(z / 2))

    closed = max(gate("i", call, 0) for call in (-1, 1))
    opened = min(gate("i", call, 1) for call in (-1, 1))
    keeps = min(gate("f", call, 0) for call in (-1, 1))
    works = [_flown(gate, seed) for seed in range(40)]
    if min(works) >= 0.5:
        return f"{parts['i'][1]:g} on the flag opens the gate; everything else stays shut out"
    for name in "ifo":
        call, _, bias = parts[name]
        expect(
            abs(call) <= 1 or abs(call) <= abs(bias),
            f"{name} reacts to the call itself ({call:g}), so left and right are treated"
            " differently. The order is (call, flag, bias); only g needs the call.",
        )
    expect(
        opened > 0.5,
        f"With the flag the input gate is only {opened:.3f}: it must open, so flag weight +"
        " bias should be well above 0.",
    )
    expect(
        closed < 0.02,
        f"Without the flag the input gate is {closed:.3f}: chatter is written. Give it a"
        " clearly negative bias.",
    )
    expect(
        keeps > 0.985,
        f"Without the flag the forget gate is {keeps:.3f}, and to the power 100 that is"
        f" {keeps**100:.1g}: f = 1 means keep. Raise its bias.",
    )
    expect(
        gate("g", 1, 1) > 0.1 and gate("g", -1, 1) < -0.1,
        "The candidate g must carry the call's sign: give the call a positive weight and"
        " no large bias.",
    )
    expect(
        min(gate("o", call, flag) for call in (-1, 1) for flag in (0, 1)) > 0.5,
        "The memory may be right, but the output gate hides it: open o at every step.",
    )
    raise Hint(
        f"Nearly: in the worst of 40 messages h ends at {min(works):.2f} in the direction of the"
        " call. Make the gates more extreme, and g stronger."
    )


def _flown(gate, seed):
    """Return the last h of a one-unit LSTM, positive if it points the flagged way."""
    import numpy as np

    rng = np.random.default_rng(seed)
    calls = rng.choice([-1.0, 1.0], 100)
    flag_at, c, h = int(rng.integers(0, 100)), 0.0, 0.0
    for t, call in enumerate(calls):
        flag = float(t == flag_at)
        c = gate("f", call, flag) * c + gate("i", call, flag) * gate("g", call, flag)
        h = gate("o", call, flag) * np.tanh(c)
    return h * calls[flag_at]


@exercise("41.5")
def prepare(answer):
    import numpy as np

    def messages():
        return [
            np.array([[1.0, 0], [0, 1], [0, 0], [1, 0], [1, 0]]),
            np.array([[0.0, 0], [1, 1], [0, 0]]),
        ]

    for length in (6, 9):
        given = messages()
        out = answer(given, length)
        expect(
            out is not None, "prepare(on_file, length) returned None: end with  return."
        )
        expect(
            not isinstance(out, (list, tuple)) or len({len(row) for row in out}) == 1,
            "Coded, but still of different lengths: pad last, keras.utils.pad_sequences.",
        )
        out = expect_array(out, (2, length, 2), f"prepare(on_file, {length})")
        for message, row, original in zip(given, out, messages(), strict=True):
            expect(
                np.array_equal(message, original),
                "The caller's messages were changed: code a copy, not the arrays themselves.",
            )
            _judge_row(row, original)
    expect(
        np.asarray(answer(messages())).shape == (2, 100, 2),
        "Keep the default: without a length, pad to 100.",
    )
    return "coded first, padded last: (0, 0) now means nothing but padding"


def _judge_row(row, original):
    """Raise the hint that fits a wrong padded message."""
    import numpy as np

    n = len(original)
    coded = original * [2, 1] - [1, 0]
    expect(
        not np.allclose(row[-n:], coded) or not np.allclose(row[:-n], 0),
        "Coded rightly, but padded in front: use padding='post'.",
    )
    unflagged_left = ~original.any(axis=1)
    expect(
        not np.allclose(row[:n], np.where(unflagged_left[:, None], 0, coded)),
        "A real left call without a flag, (0, 0), was taken for padding. After padding the"
        " two look alike: code first, pad last.",
    )
    expect(
        not np.allclose(row[:n], original),
        "The calls are still 0 and 1, so a real (0, 0), left without a flag, would be masked.",
    )
    expect(
        np.allclose(row[:n, 1], original[:, 1]),
        "The flags changed: only the calls need the new code.",
    )
    expect(
        not np.allclose(row[n:], [-1, 0]),
        "Padded steps are still (-1, 0), a call: code the calls before padding.",
    )
    expect(
        np.allclose(row[n:], 0),
        "Padded steps must be (0, 0), the value that Masking looks for.",
    )
    expect_close(
        row[:n],
        coded,
        "The real steps are wrong: calls become -1 and 1, in their order.",
    )


def messages_on_file(n, seed):
    """Return n messages as arrays (5 to 10, 2), calls coded 0 and 1; answers, shape (n, 1)."""
    import numpy as np

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
                "Links within 20 steps still get their full gradient.",
            ),
            (
                "The link, only three times more slowly.",
                "The term of the fault is missing from the sum, not small.",
            ),
            (
                "Links within 20 steps; no gradient connects the failure with the fault.",
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
                "It loses most of the gradient over 30 steps; training opens the gates.",
                "Gates are not a gift but a dial that learning can turn.",
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
