"""Right and wrong answers of lesson 41, with a piece of the hint that must come."""

import keras
import numpy as np

# ── 41.2 ────────────────────────────────────────────────────────────────────────


def simple_rnn(x, W, U, b):
    h, states = np.zeros((len(x), len(U))), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)


def filled_in(x, W, U, b):
    states = np.zeros((*x.shape[:2], len(b)), dtype=x.dtype)
    for row, message in zip(states, x, strict=True):
        h = b * 0
        for t, features in enumerate(message):
            row[t] = h = np.tanh(features @ W + h @ U + b)
    return states


def by_keras(x, W, U, b):
    layer = keras.layers.SimpleRNN(len(b), return_sequences=True)
    layer.build(x.shape)
    layer.set_weights([W, U, b])
    return layer(x)


def transposed(x, W, U, b):
    state, states = 0 * b, []
    for step in np.swapaxes(x, 0, 1):
        state = np.tanh(
            (W.T @ step.T + U.T @ np.broadcast_to(state, (len(x), len(b))).T).T + b
        )
        states.append(state)
    return np.array(states).transpose(1, 0, 2)


def rnn(axis=1, carry=1, bias=1, after=np.tanh, turn=False, start=0.0):
    def wrong(x, W, U, b):
        h, states = np.full((len(x), len(U)), start), []
        for t in range(x.shape[1]):
            h = after(x[:, t] @ W + carry * h @ (U.T if turn else U) + bias * b)
            states.append(h)
        return np.stack(states, axis=axis)

    return wrong


def loops_over_messages(axis):
    def wrong(x, W, U, b):
        h, states = np.zeros(len(b)), []
        for message in x:
            h = np.tanh(message @ W + h @ U + b)
            states.append(h)
        return np.stack(states, axis=axis)

    return wrong


def never_reset(x, W, U, b):
    h, out = np.zeros(len(U)), np.zeros((*x.shape[:2], len(U)))
    for n in range(len(x)):
        for t in range(x.shape[1]):
            h = np.tanh(x[n, t] @ W + h @ U + b)
            out[n, t] = h
    return out


def never_reset_list(x, W, U, b):
    h, out = 0 * b, []
    for message in x:
        out.append([])
        for step in message:
            h = np.tanh(step @ W + h @ U + b)
            out[-1].append(h)
    return out


def with_the_zeros(x, W, U, b):
    h = np.zeros((len(x), len(U)))
    states = [h]
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)


def collects_too_early(x, W, U, b):
    h, states = np.zeros((len(x), len(U))), []
    for t in range(x.shape[1]):
        states.append(h)
        h = np.tanh(x[:, t] @ W + h @ U + b)
    return np.stack(states, axis=1)


def keeps_h_at_zero(x, W, U, b):
    h = np.zeros((len(x), len(U)))
    return np.stack(
        [np.tanh(x[:, t] @ W + h @ U + b) for t in range(x.shape[1])], axis=1
    )


def u_first(x, W, U, b):
    h, states = np.zeros((len(U), len(x))), []
    for t in range(x.shape[1]):
        h = np.tanh((x[:, t] @ W + b).T + U @ h)
        states.append(h.T)
    return np.stack(states, axis=1)


def bias_outside(x, W, U, b):
    h, states = np.zeros((len(x), len(U))), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U) + b
        states.append(h)
    return np.stack(states, axis=1)


def one_array(x, W, U, b):
    h, states = np.zeros((len(x), len(U))), []
    for t in range(x.shape[1]):
        h[:] = np.tanh(x[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)


def elementwise(x, W, U, b):
    return np.stack([np.tanh(x[:, t] * W + b) for t in range(x.shape[1])], axis=1)


def wrong_order(x, W, U, b):
    h = np.zeros((len(x), len(U)))
    return [h := np.tanh(W @ x[:, t] + h @ U + b) for t in range(x.shape[1])]


def nothing(x, W, U, b):
    simple_rnn(x, W, U, b)


def changes_x(x, W, U, b):
    x -= x.mean()
    return simple_rnn(x, W, U, b)


def changes_b(x, W, U, b):
    b += 1
    return simple_rnn(x, W, U, b - 1)


# ── 41.3 and 41.4 ───────────────────────────────────────────────────────────────


def counts(**wrong):
    part = 2 * 50 + 50 * 50 + 50
    return ({"SimpleRNN": part, "LSTM": 4 * part, "GRU": 3 * (part + 50), **wrong},)


def design(**parts):
    right = {"i": (0, 16, -8), "f": (0, 0, 8), "g": (3, 0, 0), "o": (0, 0, 8)}
    return ({**right, **parts},)


# ── 41.5 ────────────────────────────────────────────────────────────────────────


def prepare_mended(on_file, length=100):
    coded = [message * [2, 1] - [1, 0] for message in on_file]
    return keras.utils.pad_sequences(coded, length, dtype="float32", padding="post")


def in_columns(on_file, length=100):
    coded = [np.column_stack([2 * m[:, 0] - 1, m[:, 1]]) for m in on_file]
    return keras.utils.pad_sequences(coded, length, padding="post")  # int32


def row_by_row(on_file, length=100):
    batch = np.zeros((len(on_file), length, 2))
    for row, message in zip(batch, on_file, strict=True):
        row[: len(message), 0] = 2 * message[:, 0] - 1
        row[: len(message), 1] = message[:, 1]
    return batch


def lists(on_file, length=100):
    coded = [[[1 if call else -1, flag] for call, flag in m] for m in on_file]
    return [message + (length - len(message)) * [[0, 0]] for message in coded]


def keeps_the_lengths(on_file, length=100):
    lengths = np.array([len(message) for message in on_file])
    batch = padded(on_file, length)
    batch[..., 0] = 2 * batch[..., 0] - 1
    batch[np.arange(length) >= lengths[:, None]] = 0
    return batch


def padded(on_file, length, side="post", value=0.0):
    return keras.utils.pad_sequences(
        on_file, length, dtype="float32", padding=side, value=value
    )


def coded(on_file):
    return [message * [2, 1] - [1, 0] for message in on_file]


def code_last(on_file, length=100):
    return padded(on_file, length) * [2, 1] - [1, 0]


def the_lesson_s(on_file, length=100):
    batch = padded(on_file, length)
    batch[..., 0] = 2 * batch[..., 0] - 1
    return batch


def code_flags_too(on_file, length=100):
    return padded([2 * message - 1 for message in on_file], length)


def flags_too_with_where(on_file, length=100):
    return padded([np.where(message == 0, -1, 1) for message in on_file], length)


def all_coded(on_file, length=100):
    return 2 * padded(on_file, length) - 1


def all_coded_with_where(on_file, length=100):
    return np.where(padded(on_file, length) > 0, 1, -1)


def mask_by_zeros(on_file, length=100):
    batch = padded(on_file, length)
    batch[..., 0] = np.where(batch.any(axis=-1), 2 * batch[..., 0] - 1, 0)
    return batch


def mended_afterwards(on_file, length=100):
    batch = the_lesson_s(on_file, length)
    batch[(batch == [-1, 0]).all(axis=-1)] = 0
    return batch


def exchanged(on_file, length=100):
    return padded([message * [-2, 1] + [1, 0] for message in on_file], length)


def exchanged_with_where(on_file, length=100):
    return padded(
        [np.where(m[:, :1] == 0, [1, 0], [-1, 0]) + m * [0, 1] for m in on_file], length
    )


def in_place(on_file, length=100):
    for message in on_file:
        message[:, 0] = 2 * message[:, 0] - 1
    return padded(on_file, length)


def in_place_too(on_file, length=100):
    for message in on_file:
        message *= [2, 1]
        message -= [1, 0]
    return padded(on_file, length)


def prints(on_file, length=100):
    print(prepare_mended(on_file, length).shape)


RIGHT = {
    "41.1": [(2.0,), (1.8,), (np.arctanh(0.9) / 0.9,), ([50],)],
    "41.2": [(simple_rnn,), (filled_in,), (by_keras,), (transposed,)],
    "41.3": [
        counts(),
        counts(SimpleRNN=50 * (2 + 50 + 1), GRU=3 * 50 * (2 + 50 + 2)),
        counts(LSTM=np.int64(10600), GRU=8100.0),
    ],
    "41.4": [
        design(),
        design(i=(0, 12, -6), f=[0, 0, 6]),
        design(g=np.array([5, 1, 0.5]), o=(0, 0, 20), f=(0, -3, 9)),
        design(i=(0, 100, -50), f=(0, -100, 50), g=(50, 0, 0), o=(0, 0, 50)),
        design(f=(0, 0, 1e3), o=(0, 0, 1e3)),
    ],
    "41.5": [
        (prepare_mended,),
        (in_columns,),
        (row_by_row,),
        (lists,),
        (keeps_the_lengths,),
    ],
}

WRONG = {
    "41.1": [
        ((0.5,), "shrinks the state"),
        ((0.99,), "shrinks the state"),
        ((0,), "nothing is carried on"),
        ((np.float32(0),), "nothing is carried on"),
        ((1,), "forgets slowly"),
        ((np.ones(1),), "forgets slowly"),
        ((-2,), "must be positive"),  # right after 50 steps, but not at every step
        ((-0.5,), "must be positive"),
        ((1.3,), "choose u larger"),
        ((1.01,), "choose u larger"),
        ((1.635,), "choose u larger"),
        ((np.arctanh(0.9),), "choose u larger"),
        (("large",), "single number"),
        (([1.7, 1.8],), "single number"),
        ((True,), "single number"),
    ],
    "41.2": [
        ((lambda x, W, U, b: np.squeeze(simple_rnn(x, W, U, b)),), "Axes of length 1"),
        ((lambda *given: simple_rnn(*given).squeeze(),), "Axes of length 1"),
        ((nothing,), "`return`"),
        ((print,), "`return`"),
        ((lambda x, W, U, b: simple_rnn(x, W, U, b)[:, -1],), "Only one state"),
        ((lambda x, W, U, b: by_keras(x, W, U, b)[:, -1],), "Only one state"),
        ((rnn(axis=0),), "steps came first"),
        ((lambda *given: simple_rnn(*given).transpose(1, 0, 2),), "steps came first"),
        ((rnn(axis=-1),), "steps came last"),
        ((lambda *given: np.moveaxis(simple_rnn(*given), 1, -1),), "steps came last"),
        ((loops_over_messages(0),), "loop over the steps"),
        ((loops_over_messages(1),), "loop over the steps"),
        ((never_reset,), "begins anew"),
        ((never_reset_list,), "begins anew"),
        ((with_the_zeros,), "leave them out"),
        (
            (lambda x, *w: np.pad(simple_rnn(x, *w), ((0, 0), (1, 0), (0, 0))),),
            "leave them out",
        ),
        ((collects_too_early,), "then collect it"),
        ((lambda x, *w: with_the_zeros(x, *w)[:, :-1],), "then collect it"),
        ((elementwise,), "in your line"),
        ((wrong_order,), "in your line"),
        ((rnn(carry=0),), "No state is carried"),
        ((keeps_h_at_zero,), "No state is carried"),
        ((rnn(bias=0),), "bias b is missing"),
        ((lambda x, W, U, b: simple_rnn(x, W, U, 0),), "bias b is missing"),
        ((rnn(after=lambda z: z),), "tanh is missing"),
        ((rnn(after=np.asarray),), "tanh is missing"),
        ((rnn(after=lambda z: 1 / (1 + np.exp(-z))),), "sigmoid"),
        ((rnn(after=lambda z: 0.5 * (1 + np.tanh(z / 2))),), "sigmoid"),
        ((bias_outside,), "inside the tanh"),
        ((rnn(bias=0, after=np.tanh),), "bias b is missing"),
        (
            (
                lambda x, W, U, b: rnn(bias=0, after=lambda z: b + np.tanh(z))(
                    x, W, U, b
                ),
            ),
            "inside the tanh",
        ),
        ((rnn(turn=True),), "transposed"),
        ((u_first,), "transposed"),
        ((rnn(start=1.0),), "not with ones"),
        ((rnn(start=np.float32(1)),), "not with ones"),
        ((lambda x, *w: simple_rnn(x[:, ::-1], *w),), "backward"),
        ((lambda x, *w: simple_rnn(x[:, ::-1], *w)[:, ::-1],), "backward"),
        ((one_array,), "new array at each step"),
        (
            (
                lambda *given: np.repeat(
                    simple_rnn(*given)[:, -1:], given[0].shape[1], axis=1
                ),
            ),
            "new array at each step",
        ),
        ((rnn(after=lambda z: np.maximum(z, 0)),), "with the new h"),
        ((rnn(carry=2),), "with the new h"),
        ((changes_x,), "itself, so whoever"),
        ((changes_b,), "itself, so whoever"),
        (
            (simple_rnn(np.ones((1, 2, 3)), np.ones((3, 1)), np.ones((1, 1)), 0),),
            "function itself",
        ),
        ((3,), "function itself"),
    ],
    "41.3": [
        (counts(SimpleRNN=150), "recurrent kernel U is missing"),
        (counts(LSTM=4 * 150), "recurrent kernel U is missing"),
        (counts(SimpleRNN=200), "links each unit with all"),
        (counts(GRU=3 * (100 + 50 + 100)), "links each unit with all"),
        (counts(SimpleRNN=2550), "kernel W is missing"),
        (counts(LSTM=4 * 2550), "kernel W is missing"),
        (counts(SimpleRNN=5050), "2 features, not 50"),
        (counts(GRU=15300), "2 features, not 50"),
        (counts(SimpleRNN=2600), "50 are missing"),
        (counts(LSTM=10400), "50 are missing"),
        (counts(SimpleRNN=26500), "number of steps"),
        (counts(LSTM=100 * 10600), "number of steps"),
        (counts(LSTM=7950), "i, f, g and o"),
        (counts(LSTM=2650), "i, f, g and o"),
        (counts(LSTM=10800), "2 bias(es)"),
        (counts(SimpleRNN=2700), "2 bias(es)"),
        (counts(GRU=7950), "one for the input and one for the state"),
        (counts(GRU=7800), "one for the input and one for the state"),
        (counts(GRU=10600), "it has 3"),
        (counts(GRU=2700), "it has 3"),
        (counts(SimpleRNN=7), "how many sets"),
        (counts(GRU=8101), "how many sets"),
        (counts(LSTM=10601), "how many sets"),
        (counts(SimpleRNN=5300), "it has no gates"),
        (counts(SimpleRNN=3 * 2650), "it has no gates"),
        (counts(SimpleRNN=4 * 50 * (2 + 50 + 1)), "it has no gates"),
        (counts(GRU=3 * (100 + 100)), "recurrent kernel U is missing"),
        (counts(LSTM=4 * (100 + 50 + 50)), "links each unit with all"),
        (counts(LSTM=4 * (2500 + 2500 + 50)), "2 features, not 50"),
        (counts(GRU=10 * 8100), "number of steps"),
        (([2650, 10600, 8100],), "dictionary"),
        (({"rnn": 2650, "lstm": 10600, "gru": 8100},), "dictionary"),
        (counts(LSTM="10600"), "one whole number"),
        (counts(GRU=[8100, 8100]), "one whole number"),
    ],
    "41.4": [
        (design(i=(0, 0, 0)), "must open"),
        (design(i=(0, 4, -8)), "must open"),
        (design(i=(0, 4, 0)), "chatter is written"),
        (design(i=(0, 0, 8)), "chatter is written"),
        (design(i=(0, 4, -2)), "chatter is written"),
        (design(i=(-8, 16, 0)), "reacts to the call"),  # (bias, flag, call)
        (design(i=(16, 0, -8)), "reacts to the call"),  # (flag, call, bias)
        (design(f=(8, 0, 0)), "order is (call, flag, bias)"),
        (design(o=(8, 0, 0)), "order is (call, flag, bias)"),
        (design(f=(0, 8, 0)), "means keep"),
        (design(f=(0, 0, 1)), "means keep"),
        (design(f=(0, 0, -8)), "means keep"),
        (design(f=(0, 16, -8)), "means keep"),
        (design(g=(-3, 0, 0)), "call's sign"),
        (design(g=(0, 3, 0)), "call's sign"),
        (design(g=(3, 0, 3)), "call's sign"),
        (design(g=(0, 0, 3)), "call's sign"),
        (design(g=(0.3, 0, 0)), "only 0.29"),
        (design(g=np.array([0.3, 0, 0])), "only 0.29"),
        (design(o=(0, 0, -8)), "output gate hides"),
        (design(o=(0, 16, -8)), "output gate hides"),
        (design(o=(0, 0, 0)), "output gate hides"),
        (design(g=(0.8, 0, 0), o=(0, 0, 2)), "Nearly: in the worst"),
        (design(g=(0.75, 0, 0.05), f=(0, 0, 6)), "Nearly: in the worst"),
        (design(g=3), "a single number"),
        (design(i=8), "a single number"),
        (design(f=(0, 0, np.inf)), "finite"),
        (design(o=(0, 0, np.nan)), "finite"),
        (((1, 2, 3),), "dictionary"),
        (({"i": (0, 16, -8), "f": (0, 0, 8), "o": (0, 0, 8)},), "dictionary"),
    ],
    "41.5": [
        ((code_last,), "calls before padding"),
        ((the_lesson_s,), "calls before padding"),
        ((lambda on_file, length: prepare_mended(on_file, length),), "arguments"),
        ((lambda on_file, length: row_by_row(on_file, length),), "arguments"),
        ((lambda on_file, length=100: padded(on_file, length),), "still 0 and 1"),
        (
            (
                lambda f, length=100: keras.utils.pad_sequences(
                    f, length, padding="post"
                ),
            ),
            "still 0 and 1",
        ),
        ((mask_by_zeros,), "taken for padding"),
        ((mended_afterwards,), "taken for padding"),
        ((lambda on_file, length=100: coded(on_file),), "rows of equal length"),
        (
            (lambda on_file, length=100: np.array(coded(on_file), dtype=object),),
            "rows of equal length",
        ),
        ((code_flags_too,), "flags changed"),
        ((flags_too_with_where,), "flags changed"),
        ((all_coded,), "flags and padding"),
        ((all_coded_with_where,), "flags and padding"),
        ((exchanged,), "becomes −1"),
        ((exchanged_with_where,), "becomes −1"),
        ((lambda f, length=100: padded(coded(f), length, "pre"),), "Coded rightly"),
        (
            (lambda f, length=100: keras.utils.pad_sequences(coded(f), length),),
            "Coded rightly",
        ),
        (
            (lambda f, length=100: padded(f, length, "pre") * [2, 1] - [1, 0],),
            "Padded in front",
        ),
        (
            (
                lambda f, length=100: (
                    keras.utils.pad_sequences(f, length) * [2, 1] - [1, 0]
                ),
            ),
            "Padded in front",
        ),
        ((in_place,), "changes `on_file` itself"),
        ((in_place_too,), "changes `on_file` itself"),
        (
            (lambda f, length=100: padded([m[:10] for m in coded(f)], length),),
            "then padded steps, (0, 0)",
        ),
        (
            (lambda f, length=100: padded([m[-5:] for m in coded(f)], length),),
            "then padded steps, (0, 0)",
        ),
        (
            (lambda f, length=100: padded(coded(f), length, value=np.nan),),
            "that Masking looks for",
        ),
        (
            (lambda f, length=100: padded(coded(f), length, value=9),),
            "then padded steps, (0, 0)",
        ),
        (
            (lambda f, length=100: padded(coded(f), length)[..., ::-1],),
            "then padded steps, (0, 0)",
        ),
        (
            (lambda f, length=100: padded(coded(f), length, value=-1),),
            "that Masking looks for",
        ),
        (
            (
                lambda f, length=100: (
                    row_by_row(f, length) - (padded(coded(f), length, value=9) == 9)
                ),
            ),
            "that Masking looks for",
        ),
        ((lambda f, length=100: prepare_mended(f, 100),), "expected (2, 15, 2)"),
        (
            (
                lambda f, length=100: np.pad(
                    prepare_mended(f, 15), ((0, 0), (0, 85), (0, 0))
                ),
            ),
            "expected (2, 15, 2)",
        ),
        ((prints,), "`return`"),
        ((lambda on_file, length=100: setattr(prints, "last", length),), "`return`"),
    ],
}
