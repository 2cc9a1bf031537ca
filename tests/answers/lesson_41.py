"""Right and wrong answers of lesson 41, with a piece of the hint that must come."""

import keras
import numpy as np

# ── 41.1 ────────────────────────────────────────────────────────────────────────


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


def with_a_spare_row(x, W, U, b):
    states = np.zeros((len(x), x.shape[1] + 1, len(b)))
    for t in range(x.shape[1]):
        states[:, t + 1] = np.tanh(x[:, t] @ W + states[:, t] @ U + b)
    return states[:, 1:]


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


# ── 41.2 ────────────────────────────────────────────────────────────────────────


def gradient_left(u, states, k):
    left = np.zeros(len(states))
    left[-1] = 1.0
    for t in range(len(states) - 2, max(len(states) - k, 0) - 1, -1):
        left[t] = left[t + 1] * u * (1 - states[t + 1] ** 2)
    return left


def with_cumprod(u, states, k):
    factors = np.append(u * (1 - np.asarray(states)[1:] ** 2), 1)
    left = np.cumprod(factors[::-1])[::-1]
    return np.where(np.arange(len(states)) >= len(states) - k, left, 0)


def with_a_list(u, states, k):
    left, gradient = [], 1.0
    for back, h in enumerate(reversed(list(states))):
        left.insert(0, gradient if back < k else 0.0)
        gradient *= u * (1 - h * h)
    return left


def with_prod(u, states, k):
    n = len(states)
    return [
        np.prod(u * (1 - states[t + 1 :] ** 2)) if t >= n - k else 0 for t in range(n)
    ]


def backward(at=1, shift=0, slope=lambda h: 1 - h**2, weight=None, start=1.0):
    def wrong(u, states, k):
        n = len(states)
        left = np.zeros(n)
        left[-1] = start
        for t in range(n - 2, max(n - k - shift, 0) - 1, -1):
            left[t] = (
                left[t + 1] * (u if weight is None else weight) * slope(states[t + at])
            )
        return left if k + shift > 0 else 0 * left

    return wrong


def starts_a_step_late(u, states, k):
    left = np.cumprod((u * (1 - states**2))[::-1])[::-1]
    return np.where(np.arange(len(states)) >= len(states) - k, left, 0)


def starts_with_a_factor(u, states, k):
    left, gradient = [0.0] * len(states), 1.0
    for t in reversed(range(max(len(states) - k, 0), len(states))):
        gradient *= u * (1 - states[t] ** 2)
        left[t] = gradient
    return left


def single_factors(u, states, k):
    factors = np.append(u * (1 - states[1:] ** 2), 1.0)
    return np.where(np.arange(len(states)) >= len(states) - k, factors, 0)


def single_factors_in_a_loop(u, states, k):
    left = np.zeros(len(states))
    left[-1] = 1
    for t in range(max(len(states) - k, 0), len(states) - 1):
        left[t] = u * (1 - states[t + 1] ** 2)
    return left


# ── 41.3 ────────────────────────────────────────────────────────────────────────


def design(**parts):
    right = {"i": (0, 16, -8), "f": (0, 0, 8), "g": (3, 0, 0), "o": (0, 0, 8)}
    return ({**right, **parts},)


# ── 41.4 ────────────────────────────────────────────────────────────────────────

LETTERS = "CDEFGABcdefgab234|"


def numbers(tunes):
    return [[LETTERS.index(letter) for letter in tune] for tune in tunes]


def padded(rows, length, side="post", **more):
    return keras.utils.pad_sequences(rows, length, padding=side, **more)


def prepare_mended(tunes, length=64):
    coded = [np.eye(18)[ids] for ids in numbers(tunes)]
    return padded(coded, length, dtype="float32")


def row_by_row(tunes, length=64):
    batch = np.zeros((len(tunes), length, 18))
    for row, tune in zip(batch, tunes, strict=True):
        for step, letter in enumerate(tune):
            row[step, LETTERS.index(letter)] = 1
    return batch


def moved_by_one(tunes, length=64):
    ids = padded([[i + 1 for i in row] for row in numbers(tunes)], length)
    return keras.utils.to_categorical(ids, 19)[..., 1:]


def padded_with_minus_one(tunes, length=64):
    ids = padded(numbers(tunes), length, value=-1)
    return (ids[..., None] == np.arange(18)).astype("float32")


def minus_one_to_categorical(tunes, length=64):
    return keras.utils.to_categorical(padded(numbers(tunes), length, value=-1), 18)


def minus_one_to_eye(tunes, length=64):
    return np.eye(18)[padded(numbers(tunes), length, value=-1)]


def keeps_the_lengths(tunes, length=64):
    batch = the_lesson_s(tunes, length)
    for row, tune in zip(batch, tunes, strict=True):
        row[len(tune) :] = 0
    return batch


def the_lesson_s(tunes, length=64):
    return keras.utils.to_categorical(padded(numbers(tunes), length), 18)


def eye_of_padded(tunes, length=64):
    return np.eye(18)[padded(numbers(tunes), length)]


def every_c_silent(tunes, length=64):
    batch = the_lesson_s(tunes, length)
    batch[..., 0] = 0
    return batch


def zeros_masked(tunes, length=64):
    ids = padded(numbers(tunes), length)
    return np.eye(18)[ids] * (ids != 0)[..., None]


def in_front(tunes, length=64):
    return padded([np.eye(18)[ids] for ids in numbers(tunes)], length, "pre")


def in_front_by_default(tunes, length=64):
    return keras.utils.pad_sequences([np.eye(18)[i] for i in numbers(tunes)], length)


def front_and_c(tunes, length=64):
    return np.eye(18)[padded(numbers(tunes), length, "pre")]


def front_and_c_too(tunes, length=64):
    return keras.utils.to_categorical(
        keras.utils.pad_sequences(numbers(tunes), length), 18
    )


def empty_column(tunes, length=64):
    return np.pad(prepare_mended(tunes, length), ((0, 0), (0, 0), (1, 0)))


def column_of_zeros(tunes, length=64):
    batch = row_by_row(tunes, length)
    return np.concatenate([np.zeros_like(batch[..., :1]), batch], axis=-1)


def column_for_padding(tunes, length=64):
    ids = padded([[i + 1 for i in row] for row in numbers(tunes)], length)
    return keras.utils.to_categorical(ids, 19)


def column_for_padding_too(tunes, length=64):
    return np.eye(19)[padded([np.array(row) + 1 for row in numbers(tunes)], length)]


def only_numbers(tunes, length=64):
    return padded(numbers(tunes), length)


def only_numbers_filled_in(tunes, length=64):
    batch = np.zeros((len(tunes), length))
    for row, ids in zip(batch, numbers(tunes), strict=True):
        row[: len(ids)] = ids
    return batch


def one_too_high(tunes, length=64):
    return np.roll(prepare_mended(tunes, length), 1, axis=-1)


def one_too_high_too(tunes, length=64):
    rows = [np.eye(18)[(np.array(ids) + 1) % 18] for ids in numbers(tunes)]
    return padded(rows, length, dtype="float32")


def minus_ones(tunes, length=64):
    return padded(
        [np.eye(18)[i] for i in numbers(tunes)], length, value=-1, dtype="int8"
    )


def minus_rows(tunes, length=64):
    batch = row_by_row(tunes, length)
    return batch - ~batch.any(axis=-1, keepdims=True)


def ragged(tunes, length=64):
    return np.array([np.eye(18)[ids] for ids in numbers(tunes)] + [0], dtype=object)


def prints(tunes, length=64):
    print(prepare_mended(tunes, length).shape)


RIGHT = {
    "41.1": [
        (simple_rnn,),
        (filled_in,),
        (by_keras,),
        (transposed,),
        (with_a_spare_row,),
    ],
    "41.2": [(gradient_left,), (with_cumprod,), (with_a_list,), (with_prod,)],
    "41.3": [
        design(),
        design(i=(0, 12, -6), f=[0, 0, 6]),
        design(g=np.array([5, 1, 0.5]), o=(0, 0, 20), f=(0, -3, 9)),
        design(i=(0, 100, -50), f=(0, -100, 50), g=(50, 0, 0), o=(0, 0, 50)),
        design(f=(0, 0, 1e3), o=(0, 0, 1e3)),
    ],
    "41.4": [
        (prepare_mended,),
        (row_by_row,),
        (moved_by_one,),
        (padded_with_minus_one,),
        (keeps_the_lengths,),
    ],
}

WRONG = {
    "41.1": [
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
    "41.2": [
        ((lambda *given: gradient_left(*given)[::-1],), "order is reversed"),
        ((lambda u, h, k: list(reversed(with_a_list(u, h, k))),), "order is reversed"),
        ((lambda u, h, k: gradient_left(u, h, len(h)),), "Nothing is truncated"),
        (
            (
                lambda u, h, k: np.cumprod(np.append(u * (1 - h[1:] ** 2), 1)[::-1])[
                    ::-1
                ],
            ),
            "Nothing is truncated",
        ),
        ((lambda u, h, k: with_cumprod(u, h, k)[-k:],), "the others are 0"),
        (
            (lambda u, h, k: with_a_list(u, h, k)[max(len(h) - k, 0) :],),
            "the others are 0",
        ),
        ((backward(shift=1),), "One entry too many"),
        ((lambda u, h, k: gradient_left(u, h, k + 1),), "One entry too many"),
        ((backward(shift=-1),), "One entry too few"),
        ((lambda u, h, k: with_cumprod(u, h, k - 1),), "One entry too few"),
        ((backward(at=0),), "belongs to the later state"),
        (
            (lambda u, h, k: with_cumprod(u, np.append(0, h[:-1]), k),),
            "belongs to the later state",
        ),
        ((backward(weight=1),), "weight u is missing"),
        ((lambda u, h, k: with_cumprod(1, h, k),), "weight u is missing"),
        ((backward(slope=lambda h: 1),), "slope of tanh, 1 - h**2"),
        ((lambda u, h, k: with_cumprod(u, 0 * h, k),), "slope of tanh, 1 - h**2"),
        ((backward(slope=lambda h: 1 - np.tanh(h) ** 2),), "tanh was taken twice"),
        ((lambda u, h, k: with_cumprod(u, np.tanh(h), k),), "tanh was taken twice"),
        ((backward(slope=lambda h: 1 - h),), "square h"),
        ((lambda u, h, k: backward(slope=lambda g: -g + 1)(u, h, k),), "square h"),
        ((lambda u, h, k: gradient_left(u, h, k).sort(),), "`return`"),
        ((gradient_left(0.5, np.ones(3), 2),), "function itself"),
        ((starts_a_step_late,), "by itself: 1"),
        ((starts_with_a_factor,), "by itself: 1"),
        ((single_factors,), "single factors"),
        ((single_factors_in_a_loop,), "single factors"),
        ((backward(slope=lambda h: 1 + h**2),), "Begin with a 1"),
        ((backward(start=2.0),), "Begin with a 1"),
        ((print,), "`return`"),
        ((5,), "function itself"),
    ],
    "41.3": [
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
    "41.4": [
        ((the_lesson_s,), "still the note C"),
        ((eye_of_padded,), "still the note C"),
        ((every_c_silent,), "taken for padding"),
        ((zeros_masked,), "taken for padding"),
        ((minus_one_to_categorical,), "-1 means the last place"),
        ((minus_one_to_eye,), "-1 means the last place"),
        ((in_front,), "Coded rightly"),
        ((in_front_by_default,), "Coded rightly"),
        ((front_and_c,), "Padded in front"),
        ((front_and_c_too,), "Padded in front"),
        ((empty_column,), "One column too many"),
        ((column_of_zeros,), "One column too many"),
        ((column_for_padding,), "column of its own"),
        ((column_for_padding_too,), "column of its own"),
        ((only_numbers,), "numbers of the notes"),
        ((only_numbers_filled_in,), "numbers of the notes"),
        ((one_too_high,), "moved up by one"),
        ((one_too_high_too,), "moved up by one"),
        ((minus_ones,), "that Masking looks for"),
        ((minus_rows,), "that Masking looks for"),
        ((lambda tunes, length: prepare_mended(tunes, length),), "arguments"),
        ((lambda tunes, length: row_by_row(tunes, length),), "arguments"),
        ((lambda tunes, length=64: prepare_mended(tunes, 64),), "expected (3, 11, 18)"),
        ((lambda tunes, length=64: row_by_row(tunes, 64),), "expected (3, 11, 18)"),
        ((lambda tunes, length=64: 2 * row_by_row(tunes, length),), "a single 1"),
        (
            (lambda tunes, length=64: prepare_mended(tunes, length)[..., ::-1],),
            "a single 1",
        ),
        (
            (lambda t, length=64: [np.eye(18)[ids] for ids in numbers(t)],),
            "equal length",
        ),
        ((ragged,), "equal length"),
        ((prints,), "`return`"),
        ((lambda tunes, length=64: setattr(prints, "last", length),), "`return`"),
    ],
}
