"""Right and wrong answers for lesson 41."""

import numpy as np


def simple_rnn(x, W, U, b):
    h, states = np.zeros((len(x), len(U))), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)


def _rnn(axis=1, carry=1, bias=1, after=np.tanh, transpose=False, start=0.0):
    def wrong(x, W, U, b):
        U = U.T if transpose else U
        h, states = np.full((len(x), len(U)), start), []
        for t in range(x.shape[1]):
            h = after(x[:, t] @ W + carry * h @ U + bias * b)
            states.append(h)
        return np.stack(states, axis=axis)

    return wrong


def _backward(x, W, U, b):
    return simple_rnn(x[:, ::-1], W, U, b)


def _loops_over_messages(x, W, U, b):
    h, states = np.zeros(len(b)), []
    for message in x:
        h = np.tanh(message @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)


def _elementwise(x, W, U, b):
    return np.tanh(x @ W + np.zeros((len(x), 1, len(b))) * U[:1, :-1] + b)


def _forgets_return(*arguments):
    list(arguments)


def _design(**parts):
    right = {"i": (0, 16, -8), "f": (0, 0, 8), "g": (3, 0, 0), "o": (0, 0, 8)}
    return {**right, **parts}


def _counts(**wrong):
    return {"SimpleRNN": 2650, "LSTM": 10600, "GRU": 8100, **wrong}


def prepare(on_file, length=100):
    batch = np.zeros((len(on_file), length, 2))
    for row, message in zip(batch, on_file, strict=True):
        row[: len(message), 0] = 2 * message[:, 0] - 1
        row[: len(message), 1] = message[:, 1]
    return batch


def _padded(on_file, length):
    batch = np.zeros((len(on_file), length, 2))
    for row, message in zip(batch, on_file, strict=True):
        row[: len(message)] = message
    return batch


def code_last(on_file, length=100):
    return _padded(on_file, length) * [2, 1] - [1, 0]


def code_flags_too(on_file, length=100):
    return _padded([2 * message - 1 for message in on_file], length)


def pad_in_front(on_file, length=100):
    lengths = [len(message) for message in on_file]
    return np.stack(
        [
            np.roll(row, length - n, axis=0)
            for row, n in zip(prepare(on_file, length), lengths, strict=True)
        ]
    )


def in_place(on_file, length=100):
    for message in on_file:
        message[:, 0] = 2 * message[:, 0] - 1
    return _padded(on_file, length)


def mask_by_zeros(on_file, length=100):
    batch = _padded(on_file, length)
    batch[..., 0] = np.where(batch.any(axis=-1), 2 * batch[..., 0] - 1, 0)
    return batch


def not_padded(on_file, length=100):
    return [message * [2, 1] - [1, 0] for message in on_file]


def pad_with_nines(on_file, length=100):
    batch = prepare(on_file, length)
    for row, message in zip(batch, on_file, strict=True):
        row[len(message) :] = 9
    return batch


RIGHT = {
    "41.1": (1.8,),
    "41.2": (simple_rnn,),
    "41.3": ({"SimpleRNN": 2650, "LSTM": 10600, "GRU": 8100},),
    "41.4": (_design(i=(0, 12, -6), f=(0, 0, 6)),),
    "41.5": (prepare,),
}

WRONG = {
    "41.1": [
        ((0.5,), "shrinks the state"),
        ((0,), "nothing is carried on"),
        ((1,), "forgets slowly"),
        ((-2,), "must be positive"),
        ((1.3,), "choose u larger"),
        (("large",), "single number"),
    ],
    "41.2": [
        ((_forgets_return,), "returned None"),
        ((lambda x, W, U, b: simple_rnn(x, W, U, b)[:, -1],), "Only one state"),
        ((_rnn(axis=0),), "steps came first"),
        ((_rnn(axis=-1),), "steps came last"),
        ((_loops_over_messages,), "loop over the steps"),
        ((_elementwise,), "multiply with @"),
        ((_rnn(carry=0),), "No state is carried"),
        ((_rnn(bias=0),), "bias b is missing"),
        ((_rnn(after=lambda z: z),), "tanh is missing"),
        ((_rnn(transpose=True),), "transposed"),
        ((_rnn(start=1.0),), "h = 0"),
        ((_backward,), "backward"),
        ((_rnn(after=lambda z: 1 / (1 + np.exp(-z))),), "first state is wrong"),
    ],
    "41.3": [
        ((_counts(SimpleRNN=150),), "recurrent kernel U is missing"),
        ((_counts(SimpleRNN=2550),), "kernel W is missing"),
        ((_counts(SimpleRNN=5050),), "2 features, not 50"),
        ((_counts(SimpleRNN=2600),), "0 bias(es)"),
        ((_counts(SimpleRNN=26500),), "number of steps"),
        ((_counts(LSTM=7950),), "i, f, g and o"),
        ((_counts(LSTM=10800),), "2 bias(es)"),
        ((_counts(GRU=7950),), "one for the input and one for the state"),
        ((_counts(GRU=10600),), "it has 3"),
        ((_counts(SimpleRNN=7),), "how many sets"),
        (([2650, 10600, 8100],), "dictionary"),
    ],
    "41.4": [
        ((_design(i=(0, 0, 0)),), "must open"),
        ((_design(i=(0, 4, 0)),), "chatter is written"),
        ((_design(i=(-8, 16, 0)),), "reacts to the call"),
        ((_design(f=(8, 0, 0)),), "order is (call, flag, bias)"),
        ((_design(f=(0, 8, 0)),), "means keep"),
        ((_design(f=(0, 0, 1)),), "means keep"),
        ((_design(f=(0, 0, -8)),), "means keep"),
        ((_design(g=(-3, 0, 0)),), "call's sign"),
        ((_design(g=(0, 3, 0)),), "call's sign"),
        ((_design(o=(0, 0, -8)),), "output gate hides"),
        ((_design(g=(0.3, 0, 0)),), "Nearly"),
        ((_design(g=3),), "shape ()"),
        (((1, 2, 3),), "dictionary"),
    ],
    "41.5": [
        ((code_last,), "before padding"),
        ((_padded,), "still 0 and 1"),
        ((mask_by_zeros,), "taken for padding"),
        ((not_padded,), "pad last"),
        ((code_flags_too,), "flags changed"),
        ((pad_in_front,), "padding='post'"),
        ((in_place,), "were changed"),
        ((pad_with_nines,), "must be (0, 0)"),
        ((lambda on_file, length=100: prepare(on_file, 100),), "shape (2, 100, 2)"),
        ((_forgets_return,), "returned None"),
    ],
}
