"""Right and wrong answers of lesson 22, with a piece of the hint that must come."""

import math

import numpy as np

# ── the engine of section 3, which the answers to 22.2 use ──────────────────────

tape = []


class Value:
    def __init__(self, data, inputs=(), backward=lambda grad: ()):
        self.data = float(data)
        self.grad = 0.0
        self.inputs = inputs
        self.backward = backward
        tape.append(self)

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, (self, other), lambda grad: (grad, grad))

    def __mul__(self, other):
        other = as_value(other)
        return Value(
            self.data * other.data,
            (self, other),
            lambda grad: (grad * other.data, grad * self.data),
        )

    def __sub__(self, other):
        return self + as_value(other) * -1


def as_value(number):
    return number if isinstance(number, Value) else Value(number)


def value_sigmoid(z):
    a = 1 / (1 + math.exp(-z.data))

    def backward(grad):
        return (grad * a * (1 - a),)

    return Value(a, (z,), backward)


# ── 22.1 ────────────────────────────────────────────────────────────────────────


def by_hand_with(a, slope=None, factor=2, y=1):
    """Return the gradients with an own σ(1.1), slope of σ, factor of a − y, or y."""
    d_z = factor * (a - y) * (a * (1 - a) if slope is None else slope)
    return {"w": d_z * -4, "b": d_z, "x": d_z * 0.4}


# ── 22.2 ────────────────────────────────────────────────────────────────────────


def value_tanh(z):
    t = np.tanh(z.data)
    return Value(t, (z,), lambda grad: (grad * (1 - t * t),))


def from_sigmoid(z):
    return value_sigmoid(z * 2) * 2 - 1


def with_a_list(z):
    z = as_value(z)
    t = (math.exp(2 * z.data) - 1) / (math.exp(2 * z.data) + 1)

    def backward(grad):
        return [grad / math.cosh(z.data) ** 2]

    return Value(t, [z], backward)


def array_sent(z):
    t = np.tanh(z.data)
    return Value(t, inputs=(z,), backward=lambda g: np.array([g * (1 - t**2)]))


def twice_in_the_graph(z):
    t = np.tanh(z.data)
    half = lambda grad: 0.5 * grad * (1 - t * t)  # noqa: E731
    return Value(t, (z, z), lambda grad: (half(grad), half(grad)))


def _tanh(sends, value=np.tanh, inputs=lambda z: (z,)):
    """Return a value_tanh whose backward returns sends(grad, z, t)."""

    def value_tanh(z):
        t = value(z.data)

        def backward(grad):
            return sends(grad, z, t)

        return Value(t, inputs(z), backward)

    return value_tanh


def _right(grad, z, t):
    return (grad * (1 - t * t),)


def adds_and_returns(z):
    t = np.tanh(z.data)

    def backward(grad):
        z.grad += grad * (1 - t * t)
        return (grad * (1 - t * t),)

    return Value(t, (z,), backward)


def sets_and_returns(z):
    t = np.tanh(z.data)

    def backward(grad):
        z.grad = grad * (1 - t**2)
        return (z.grad,)

    return Value(t, (z,), backward)


def only_adds(z):
    t = np.tanh(z.data)

    def backward(grad):
        z.grad += grad * (1 - t * t)

    return Value(t, (z,), backward)


def changes_z(z):
    z.data = float(np.tanh(z.data))
    return z


def changes_z_first(z):
    z.data = math.tanh(z.data)
    return Value(z.data, (z,), lambda grad: (grad * (1 - z.data**2),))


shared = {}


def keeps_t_outside(z):
    shared["t"] = np.tanh(z.data)
    return Value(shared["t"], (z,), lambda grad: (grad * (1 - shared["t"] ** 2),))


def one_t_for_all(z):
    global last_t
    last_t = math.tanh(z.data)

    def backward(grad):
        return (grad - grad * last_t**2,)

    return Value(last_t, (z,), backward)


def brackets(z):
    t = np.tanh(z.data)
    return Value(t, (z,), lambda grad: (grad * 1 - t * t,))


def ends_early(z):
    t = np.tanh(z.data)
    Value(t, (z,), lambda grad: (grad * (1 - t * t),))


def keeps_it(z):
    result = value_tanh(z)  # noqa: F841


# ── 22.3 ────────────────────────────────────────────────────────────────────────


class TanhOf:
    """An object that is called like a function."""

    def __call__(self, z):
        return value_tanh(z)


def dense_backward(x, weights, delta):
    return x.T @ delta, delta.sum(axis=0), delta @ weights.T


def by_einsum(x, weights, delta):
    return [
        np.einsum("ki,kj->ij", x, delta),
        np.einsum("kj->j", delta),
        np.einsum("kj,ij->ki", delta, weights),
    ]


def in_loops(x, weights, delta):
    grad_weights, grad_biases = np.zeros_like(weights), np.zeros(weights.shape[1])
    grad_x = np.zeros_like(x)
    for k in range(len(x)):
        grad_weights += np.outer(x[k], delta[k])
        grad_biases += delta[k]
        grad_x[k] = weights @ delta[k]
    return grad_weights, grad_biases, grad_x


def with_ones(x, weights, delta):
    return np.dot(x.T, delta), np.ones(len(x)) @ delta, np.dot(weights, delta.T).T


waiting = []


def adds_two_batches(x, weights, delta):
    grad_weights = x.T @ delta
    if waiting:
        grad_weights = grad_weights + waiting.pop()
    else:
        waiting.append(grad_weights)
    return grad_weights, delta.sum(axis=0), delta @ weights.T


def adds_two_biases(x, weights, delta, total=[]):  # noqa: B006
    total.append(delta.sum(axis=0))
    grad_biases = sum(total)
    if len(total) == 2:
        total.clear()
    return x.T @ delta, grad_biases, delta @ weights.T


def _dense(weights=None, biases=None, x_grad=None):
    def dense_backward(x, w, delta):
        return (
            weights(x, delta) if weights else x.T @ delta,
            biases(delta) if biases else delta.sum(0),
            x_grad(w, delta) if x_grad else delta @ w.T,
        )

    return dense_backward


def returns_too_early(x, weights, delta):
    for row, d in zip(x, delta, strict=True):
        return np.outer(row, d), delta.sum(0), delta @ weights.T


def scales_delta(x, weights, delta):
    delta *= 1.0 / len(x)
    return x.T @ delta, delta.sum(0), delta @ weights.T


def scales_x(x, weights, delta):
    grads = dense_backward(x, weights, delta)
    x[:] = grads[2]
    return grads


def no_return(x, weights, delta):
    grads = x.T @ delta, delta.sum(0), delta @ weights.T  # noqa: F841


# ── 22.4 ────────────────────────────────────────────────────────────────────────


def mend_a(grads):
    return {**grads, "W1": -grads["W1"], "b1": -grads["b1"]}


def mend_b(grads):
    return {**grads, "b1": grads["b1"].sum(axis=0)}


def mend_a_in_place(grads):
    grads["W1"] *= -1
    grads["b1"] *= -1
    return grads


def mend_b_in_place(grads):
    grads["b1"] = np.sum(grads["b1"], axis=0)
    return grads


def mend_a_in_a_loop(grads):
    mended = {}
    for name, grad in grads.items():
        mended[name] = -grad if "1" in name else grad
    return mended


def mend_b_by_hand(grads):
    return dict(grads, b1=[sum(column) for column in grads["b1"].T])


def unchanged(grads):
    return grads


def turned(*names):
    return lambda grads: {k: -g if k in names else g for k, g in grads.items()}


def b1_becomes(change):
    return lambda grads: {**grads, "b1": change(grads["b1"])}


def forgets_return(grads):
    grads["b1"] = -grads["b1"].sum(axis=0)


RIGHT = {
    "22.1": [
        ({"w": 0.375, "b": -0.09375, "x": -0.0375},),
        ({"x": np.float32(-3 / 80), "b": -3 / 32, "w": 3 / 8},),
        ({"w": np.array([0.375]), "b": -0.0938, "x": -0.0375, "u": -0.09375},),
        # with the σ of the notebook, not with 0.75
        (by_hand_with(1 / (1 + math.exp(-1.1))),),
    ],
    "22.2": [
        (value_tanh,),
        (from_sigmoid,),
        (with_a_list,),
        (array_sent,),
        (twice_in_the_graph,),
        (TanhOf(),),
    ],
    "22.3": [(dense_backward,), (by_einsum,), (in_loops,), (with_ones,)],
    "22.4": [
        (mend_a, mend_b),
        (mend_a_in_place, mend_b_in_place),
        (mend_a_in_a_loop, mend_b_by_hand),
    ],
}

WRONG = {
    "22.1": [
        ((by_hand_with(0.75, slope=1),), "pass the σ node"),
        (({"w": 0.375, "b": -0.5, "x": -0.0375},), "pass the σ node"),
        (({"w": -4, "b": 1, "x": 0.4},), "derivative of the sum"),
        (({"w": 0.375, "b": 1, "x": -0.0375},), "derivative of the sum"),
        (({"w": 0.375, "b": 0.1875, "x": -0.0375},), "a(1 − a) alone"),
        (({"w": -0.75, "b": 3 / 16, "x": 0.075},), "a(1 − a) alone"),
        ((by_hand_with(0.75, factor=1),), "Half of it"),
        (({"w": 0.375, "b": -0.046875, "x": -0.0375},), "Half of it"),
        ((by_hand_with(0.75, factor=-2),), "below y"),
        (({"w": 0.375, "b": 0.09375, "x": -0.0375},), "below y"),
        ((by_hand_with(0.75, slope=0.75),), "derivative of σ is"),
        ((by_hand_with(0.75, slope=1 - 0.75),), "derivative of σ is"),
        ((by_hand_with(0.75, y=0),), "y = 0"),
        ((by_hand_with(1 / (1 + math.exp(-1.1)), y=0),), "y = 0"),
        (({"w": -0.375, "b": -0.09375, "x": -0.0375},), "x are both negative"),
        (({"w": -3 / 8, "b": -3 / 32, "x": 3 / 80},), "x are both negative"),
        (({"w": -0.0375, "b": -0.09375, "x": 0.375},), "crosses over"),
        (({"w": 0.375, "b": -0.09375, "x": 0.375},), "crosses over"),
        (({"w": -4, "b": -0.09375, "x": -0.0375},), "Multiply x by"),
        (({"w": -4.0, "b": -0.09375, "x": 0.4},), "Multiply x by"),
        (({"w": -0.09375, "b": -0.09375, "x": -0.0375},), "multiplies it by x"),
        (({"w": -3 / 32, "b": -3 / 32, "x": -3 / 32},), "multiplies it by x"),
        (({"w": 1.5, "b": -0.09375, "x": -0.0375},), "∂L/∂z · x"),
        (({"w": 0, "b": -0.09375, "x": -0.0375},), "∂L/∂z · x"),
        (({"w": 0.375, "b": -0.09375, "x": 0.0375},), "w positive"),
        (({"w": 0.375, "b": -0.09375, "x": 3 / 80},), "w positive"),
        (({"w": 0.375, "b": -0.09375, "x": 0.4},), "Multiply w by"),
        (({"w": 0.375, "b": -0.09375, "x": np.array(0.4)},), "Multiply w by"),
        (({"w": 0.375, "b": -0.09375, "x": -0.09375},), "multiplies it by w"),
        (({"w": 3 / 8, "b": -3 / 32, "x": -3 / 32},), "multiplies it by w"),
        (({"w": 0.375, "b": -0.09375, "x": -0.2},), "∂L/∂z · w"),
        (({"w": 0.375, "b": -0.09375, "x": 0},), "∂L/∂z · w"),
        (({"w": 0.4, "b": 2.7, "x": -4},), "Forward first"),  # the values
        (({"w": -0.5, "b": -0.25, "x": -0.125},), "Forward first"),  # the table's
        (({"w": "0.375", "b": -0.09375, "x": -0.0375},), "should be one number"),
        (({"w": 0.375, "b": [0.25, 0.25], "x": -0.0375},), "should be one number"),
        (((0.375, -0.09375, -0.0375),), "dictionary"),
        (({"w": 0.375, "b": -0.09375},), "dictionary"),
    ],
    "22.2": [
        ((_tanh(lambda g, z, t: (g * (1 - z.data**2),)),), "You used z"),
        ((_tanh(lambda g, z, t: (g - g * z.data * z.data,)),), "You used z"),
        ((_tanh(lambda g, z, t: (g * t * (1 - t),)),), "sigmoid's derivative"),
        ((_tanh(lambda g, z, t: (g * (t - t**2),)),), "sigmoid's derivative"),
        ((_tanh(lambda g, z, t: (g * (1 + t * t),)),), "Check a sign"),
        ((_tanh(lambda g, z, t: (g * (t * t - 1),)),), "Check a sign"),
        ((_tanh(lambda g, z, t: (1 - t * t,)),), "ignores its argument"),
        (
            (_tanh(lambda _, z, t: [1 - math.tanh(z.data) ** 2]),),
            "ignores its argument",
        ),
        ((brackets,), "mind the brackets"),
        ((_tanh(lambda g, z, t: (g - t**2,)),), "mind the brackets"),
        ((_tanh(lambda g, z, t: (g * t,)),), "by the value t"),
        ((_tanh(lambda g, z, t: (g * np.tanh(z.data),)),), "by the value t"),
        ((_tanh(lambda g, z, t: (g * (1 - t),)),), "is squared"),
        ((_tanh(lambda g, z, t: (g - g * t,)),), "is squared"),
        ((_tanh(lambda g, z, t: (g * (1 - np.tanh(t) ** 2),)),), "taken twice"),
        ((_tanh(lambda g, z, t: (g / np.cosh(t) ** 2,)),), "taken twice"),
        ((_tanh(lambda g, z, t: (g,)),), "as a sum does"),
        ((lambda z: z + (np.tanh(z.data) - z.data),), "as a sum does"),
        ((lambda z: Value(np.tanh(z.data)),), "No gradient reaches z"),
        ((lambda z: value_tanh(Value(z.data)),), "No gradient reaches z"),
        ((_tanh(_right, inputs=lambda z: ()),), "No gradient reaches z"),
        (
            (_tanh(lambda g, z, t: (2 * g * (1 - t * t),)),),
            "expected 1.59. It should be grad * (1 - t * t)",
        ),
        (
            (_tanh(lambda g, z, t: (z.grad * (1 - t * t),)),),
            "expected 1.59. It should be grad * (1 - t * t)",
        ),
        (
            (_tanh(lambda g, z, t: (g * (1 - t**3),)),),
            "expected 1.59. It should be grad * (1 - t * t)",
        ),
        ((adds_and_returns,), "count twice"),
        ((sets_and_returns,), "count twice"),
        ((only_adds,), "a tuple with one gradient"),
        ((_tanh(lambda g, z, t: g * (1 - t * t)),), "a tuple with one gradient"),
        ((_tanh(lambda g, z, t: g * (1 - t * t)),), "a tuple with one gradient"),
        ((lambda z: Value(np.tanh(z.data), (z,)),), "one gradient per input, in"),
        ((_tanh(lambda g, z, t: 2 * _right(g, z, t)),), "one gradient per input, in"),
        ((keeps_t_outside,), "t of another call"),
        ((one_t_for_all,), "t of another call"),
        ((_tanh(lambda g, z, t: (str(g),)),), "returns should be a number"),
        ((_tanh(lambda g, z, t: (z,)),), "returns should be a number"),
        ((_tanh(_right, inputs=lambda z: z),), "the tuple of inputs"),
        (
            (lambda z: Value(np.tanh(z.data), (z), lambda g: (g,)),),
            "the tuple of inputs",
        ),
        ((_tanh(_right, inputs=lambda z: (z.data,)),), "inputs should be Values"),
        ((_tanh(_right, inputs=lambda z: [z.data]),), "inputs should be Values"),
        ((_tanh(_right, value=lambda d: 1 / (1 + np.exp(-d))),), "is the sigmoid's"),
        ((value_sigmoid,), "is the sigmoid's"),
        ((_tanh(_right, value=np.tan),), "That is tan"),
        ((_tanh(_right, value=math.tan),), "That is tan"),
        ((_tanh(_right, value=lambda d: 1 - np.tanh(d) ** 2),), "tanh's derivative"),
        ((_tanh(_right, value=lambda d: 1 / np.cosh(d) ** 2),), "tanh's derivative"),
        ((_tanh(_right, value=np.sin),), "expected 0.604. Its value should be tanh(z)"),
        ((lambda z: z * 1,), "expected 0.604. Its value should be tanh(z)"),
        ((lambda z: np.tanh(z.data),), "Return a Value"),
        ((lambda z: (np.tanh(z.data), (z,)),), "Return a Value"),
        ((lambda z: Value(np.tanh(z)),), "z.data"),
        ((lambda z: Value(math.tanh(z), (z,)),), "z.data"),
        ((lambda z: value_sigmoid(2 * z) * 2 - 1,), "Value on the left"),
        ((lambda z: 1 - value_sigmoid(z * -2) * 2,), "Value on the left"),
        ((lambda z: Value(np.tanh(z.data), (z,), 0.5),), "function `backward` itself"),
        (
            (lambda z: Value(np.tanh(z.data), (z,), (1 - np.tanh(z.data) ** 2,)),),
            "function `backward` itself",
        ),
        ((changes_z,), "You change z itself"),
        ((changes_z_first,), "You change z itself"),
        ((ends_early,), "`return Value"),
        ((keeps_it,), "`return Value"),
        ((np.tanh,), "of your own"),
        ((math.tanh,), "of your own"),
        ((0.46,), "function itself"),
        ((np.tanh(0.5),), "function itself"),
    ],
    "22.3": [
        (
            (_dense(x_grad=lambda w, d: d @ (w if w.shape[0] == w.shape[1] else w.T)),),
            "δ Wᵀ",
        ),
        (
            (_dense(x_grad=lambda w, d: d @ w if len(w) == len(w.T) else d @ w.T),),
            "δ Wᵀ",
        ),
        ((_dense(weights=lambda x, d: (x.T @ d).T),), "weights is transposed"),
        ((_dense(weights=lambda x, d: np.dot(d.T, x)),), "weights is transposed"),
        ((_dense(x_grad=lambda w, d: (d @ w.T).T),), "grad_x is transposed"),
        ((_dense(x_grad=lambda w, d: np.dot(w, d.T)),), "grad_x is transposed"),
        ((_dense(weights=lambda x, d: x.T @ d / len(x)),), "Do not average"),
        ((_dense(biases=lambda d: d.mean(0)),), "Do not average"),
        ((_dense(x_grad=lambda w, d: d @ w.T / len(d)),), "Do not average"),
        ((_dense(weights=lambda x, d: -x.T @ d),), "turn the sign"),
        ((_dense(biases=lambda d: -d.sum(0)),), "turn the sign"),
        ((_dense(x_grad=lambda w, d: -(d @ w.T)),), "turn the sign"),
        ((returns_too_early,), "first example only"),
        ((_dense(weights=lambda x, d: np.outer(x[0], d[0])),), "first example only"),
        ((_dense(weights=lambda x, d: np.abs(x.T @ d)),), "should be xᵀ δ"),
        (
            (_dense(weights=lambda x, d: x.sum(0)[:, None] * d.sum(0)),),
            "should be xᵀ δ",
        ),
        ((_dense(biases=lambda d: d),), "which axis"),
        ((_dense(biases=lambda d: 1 * d),), "which axis"),
        ((_dense(biases=lambda d: d.sum(1)),), "sum over the examples"),
        ((_dense(biases=lambda d: np.sum(d, -1)),), "sum over the examples"),
        ((_dense(biases=lambda d: d.sum(1, keepdims=True)),), "summed over the units"),
        ((_dense(biases=lambda d: d @ np.ones(d.shape[1])),), "summed over the units"),
        ((_dense(biases=lambda d: d.sum()),), "without an axis"),
        ((_dense(biases=lambda d: np.sum(d)),), "without an axis"),
        ((_dense(biases=lambda d: d.sum(0, keepdims=True)),), "leave keepdims out"),
        ((_dense(biases=lambda d: np.ones((1, len(d))) @ d),), "leave keepdims out"),
        ((_dense(biases=lambda d: np.ones(d.shape[1])),), "local derivative is 1"),
        ((_dense(biases=lambda d: np.ones_like(d[0])),), "local derivative is 1"),
        ((_dense(biases=lambda d: d.max(0)),), "summed over axis 0"),
        ((_dense(biases=lambda d: d[-1]),), "summed over axis 0"),
        ((_dense(x_grad=lambda w, d: w.T),), "Wᵀ alone"),
        ((_dense(x_grad=lambda w, d: np.transpose(w)),), "Wᵀ alone"),
        ((_dense(x_grad=lambda w, d: (d @ w.T).sum(0)),), "its own row"),
        ((_dense(x_grad=lambda w, d: d.sum(0) @ w.T),), "its own row"),
        ((_dense(x_grad=lambda w, d: d @ np.abs(w.T)),), "should be δ Wᵀ"),
        ((_dense(x_grad=lambda w, d: 2 * d @ w.T),), "should be δ Wᵀ"),
        ((adds_two_batches,), "start anew"),
        ((lambda x, w, d: adds_two_biases(x, w, d),), "start anew"),
        ((lambda x, w, d: x.T @ d,), "Return three arrays"),
        ((lambda x, w, d: (x.T @ d, d.sum(0)),), "Return three arrays"),
        ((lambda x, w, d: (x @ d, d.sum(0), d @ w.T),), "the columns of A"),
        ((_dense(x_grad=lambda w, d: d @ w),), "the columns of A"),
        ((lambda x, w, d: (np.dot(x, d), d.sum(0), d @ w.T),), "not aligned"),
        ((_dense(x_grad=lambda w, d: d.dot(w)),), "not aligned"),
        ((lambda x, w, d: (d @ w.T, x.T @ d, d.sum(0)),), "the order is"),
        ((lambda x, w, d: (x.T @ d, d @ w.T, d.sum(0)),), "the order is"),
        ((lambda x, w, d: (d.sum(0), x.T @ d, d @ w.T),), "the order is"),
        ((scales_delta,), "itself"),
        ((scales_x,), "itself"),
        ((no_return,), "`return`"),
        ((lambda x, w, d: print(x.T @ d),), "`return`"),
        ((np.ones(3),), "function itself"),
        ((dense_backward(np.eye(2), np.eye(2), np.eye(2)),), "function itself"),
    ],
    "22.4": [
        ((unchanged, mend_b), "A's W1 still points"),
        ((turned("b1"), mend_b), "A's W1 still points"),
        (
            (mend_a_in_place, lambda g: {**g, "b1": g["b1"].copy()}),
            "one row per example",
        ),
        ((mend_a, unchanged), "one row per example"),
        ((turned("W1", "b1", "W2", "b2"), mend_b), "right before: read"),
        ((turned("W1", "b1", "b2"), mend_b), "right before: read"),
        ((mend_a, turned("W1")), "right before: read"),
        ((turned("W1"), mend_b), "A's b1 still points"),
        ((lambda g: {**g, "W1": 0 - g["W1"]}, unchanged), "A's b1 still points"),
        ((lambda g: {**g, "W1": abs(g["W1"])}, mend_b), "lost its signs"),
        (
            (
                lambda g: {k: np.abs(v) if k[1] == "1" else v for k, v in g.items()},
                mend_b,
            ),
            "lost its signs",
        ),
        ((lambda g: {**mend_a(g), "b1": abs(g["b1"])}, mend_b), "lost its signs"),
        ((mend_a, turned("b2")), "right before: read"),
        ((mend_a, turned("W2")), "right before: read"),
        ((mend_a, b1_becomes(lambda b: b.mean(0))), "averaged"),
        ((mend_a, b1_becomes(lambda b: b.sum(0) / len(b))), "averaged"),
        ((mend_a, b1_becomes(lambda b: b.sum(1))), "over the units"),
        ((mend_a, b1_becomes(lambda b: b.sum(-1, keepdims=True))), "over the units"),
        ((mend_a, b1_becomes(np.sum)), "without an axis"),
        ((mend_a, b1_becomes(lambda b: b.sum())), "without an axis"),
        ((mend_a, b1_becomes(lambda b: b.sum(0, keepdims=True))), "keepdims out"),
        ((mend_a, b1_becomes(lambda b: b.sum(0)[None])), "keepdims out"),
        ((mend_a, b1_becomes(lambda b: b[0])), "first example's row"),
        ((mend_a, b1_becomes(lambda b: next(iter(b)))), "first example's row"),
        ((mend_a, b1_becomes(lambda b: b.max(0))), "found wrong"),
        ((mend_a, b1_becomes(lambda b: b[:8].sum(0))), "found wrong"),
        (
            (mend_a, lambda g: {**mend_b(g), "b2": g["b2"].sum(axis=0)}),
            "leave it as it is",
        ),
        (
            (
                mend_a,
                lambda g: {k: v.sum(0) if k[0] == "b" else v for k, v in g.items()},
            ),
            "leave it as it is",
        ),
        ((lambda g: {**g, "W1": -2 * g["W1"]}, mend_b), "found wrong"),
        ((mend_a, b1_becomes(lambda b: -b.sum(0))), "its sign was right"),
        ((mend_a, lambda g: mend_b(turned("b1")(g))), "its sign was right"),
        ((lambda g: g["W1"], mend_b), "all four gradients"),
        ((lambda g: {"W1": -g["W1"], "b1": -g["b1"]}, mend_b), "all four gradients"),
        ((mend_a, forgets_return), "`return`"),
        ((forgets_return, mend_b), "`return`"),
        ((mend_a, {"b1": 0}), "function itself"),
        ((3, mend_b), "function itself"),
    ],
}
