"""Right and wrong answers of lesson 22, with a piece of the hint that must come."""

import math
from fractions import Fraction

import numpy as np

# ── the network of section 1, which the answers to 22.2 use ─────────────────────


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def forward(params, x):
    hidden = np.tanh(x @ params["W1"] + params["b1"])
    return hidden, softmax(hidden @ params["W2"] + params["b2"])


# ── 22.1 ────────────────────────────────────────────────────────────────────────


def by_hand_with(a, slope=None, factor=2, y=1):
    """Return the gradients with an own σ(1.1), slope of σ, factor of a − y, or y."""
    d_z = factor * (a - y) * (a * (1 - a) if slope is None else slope)
    return {"w": d_z * -4, "b": d_z, "x": d_z * 0.4}


# ── 22.2 ────────────────────────────────────────────────────────────────────────


def backward(params, x, y):
    hidden, probabilities = forward(params, x)
    delta2 = (probabilities - y) / len(x)
    delta1 = delta2 @ params["W2"].T * (1 - hidden**2)
    return {
        "W1": x.T @ delta1,
        "b1": delta1.sum(axis=0),
        "W2": hidden.T @ delta2,
        "b2": delta2.sum(axis=0),
    }


def one_picture_at_a_time(params, x, y):
    grads = {name: np.zeros_like(array) for name, array in params.items()}
    hidden, probabilities = forward(params, x)
    for k in range(len(x)):
        delta2 = (probabilities[k] - y[k]) / len(x)
        delta1 = params["W2"] @ delta2 * (1 - hidden[k] ** 2)
        grads["W1"] += np.outer(x[k], delta1)
        grads["b1"] += delta1
        grads["W2"] += np.outer(hidden[k], delta2)
        grads["b2"] += delta2
    return grads


def by_einsum(params, x, y):
    h, p = forward(params, x)
    d = p - y
    e = np.einsum("kj,ij->ki", d, params["W2"]) / np.cosh(np.arctanh(h)) ** 2
    return dict(
        b2=np.mean(d, 0),
        W2=np.einsum("ki,kj->ij", h, d) / x.shape[0],
        b1=np.mean(e, 0),
        W1=np.dot(x.T, e) / x.shape[0],
        hidden=h,
    )


def by_einsum_only_four(params, x, y):
    grads = by_einsum(params, x, y)
    del grads["hidden"]
    return grads


def _backward(delta2=None, rate=None, **changes):
    """Return a backward with another delta2, rate of tanh, or rule for one array."""

    def backward(params, x, y):
        h, p = forward(params, x)
        d2 = delta2(p, y) if delta2 else (p - y) / len(x)
        d1 = d2 @ params["W2"].T * (rate(h) if rate else 1 - h**2)
        grads = {
            "W1": x.T @ d1,
            "b1": d1.sum(0),
            "W2": h.T @ d2,
            "b2": d2.sum(0),
        }
        given = {"W1": (x, d1), "b1": (d1,), "W2": (h, d2), "b2": (d2,)}
        return grads | {name: changes[name](*given[name]) for name in changes}

    return backward


def skips_in_b1(params, x, y):
    _, p = forward(params, x)
    arrived = (p - y) / len(x) @ params["W2"].T
    return {**backward(params, x, y), "b1": arrived.sum(axis=0)}


def no_return(params, x, y):
    grads = backward(params, x, y)  # noqa: F841


def scales_y(params, x, y):
    y -= forward(params, x)[1]
    return backward(params, x, y)


total = {}


def adds_up(params, x, y):
    grads = backward(params, x, y)
    for name in grads:
        key = name, grads[name].shape
        total[key] = total.get(key, 0) + grads[name]
    return {name: total[name, grads[name].shape] for name in grads}


# ── 22.3 ────────────────────────────────────────────────────────────────────────


def start(factor=0.5, after_10=0.5**10, level_std=0.2, sigmoid=0.125**0.5):
    names = ("factor", "after_10", "level_std", "sigmoid")
    return (dict(zip(names, (factor, after_10, level_std, sigmoid), strict=True)),)


# ── 22.4 ────────────────────────────────────────────────────────────────────────


def mend_a(W1=-1, b1=-1, W2=1, b2=1):
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def mend_b(grads, batch_size):
    return {name: grad / batch_size for name, grad in grads.items()}


def mend_b_in_place(grads, batch_size):
    for name in grads:
        grads[name] /= batch_size
    return grads


def mend_b_one_by_one(grads, batch_size):
    share = 1 / batch_size
    return dict(
        W1=share * grads["W1"],
        b1=[share * g for g in grads["b1"]],
        W2=np.multiply(grads["W2"], share),
        b2=(grads["b2"] * share).tolist(),
    )


def unchanged(grads, batch_size=None):
    return grads


def each(change):
    return lambda grads, batch_size: {
        name: change(grad, batch_size) for name, grad in grads.items()
    }


def forgets_return(grads, batch_size):
    grads["b1"] = grads["b1"] / batch_size


def turns_weights(grads, batch_size):
    return {
        name: grad / batch_size * (-1) ** ("W" in name) for name, grad in grads.items()
    }


RIGHT = {
    "22.1": [
        ({"w": 0.375, "b": -0.09375, "x": -0.0375},),
        ({"x": np.float32(-3 / 80), "b": -3 / 32, "w": 3 / 8},),
        ({"w": np.array([0.375]), "b": -0.0938, "x": -0.0375, "u": -0.09375},),
        # with the σ of the notebook, not with 0.75
        (by_hand_with(1 / (1 + math.exp(-1.1))),),
        ({"w": Fraction(3, 8), "b": Fraction(-3, 32), "x": Fraction(-3, 80)},),
    ],
    "22.2": [(backward,), (one_picture_at_a_time,), (by_einsum_only_four,)],
    "22.3": [
        start(),
        start(math.sqrt(50 * 0.01 / 2), 1 / 1024, math.sqrt(2 / 50), math.sqrt(2) / 4),
        start(np.array([0.5]), 0.001, np.float32(0.2), 0.35),
        start(Fraction(1, 2), Fraction(1, 1024), Fraction(1, 5), math.sqrt(0.125)),
    ],
    "22.4": [
        (mend_a(), mend_b),
        (mend_a(np.float32(-1), [-1], 1.0, np.array(1)), mend_b_in_place),
        ({"b2": 1, "b1": -1.0, "W2": 1, "W1": -1.0, "x": 0}, mend_b_one_by_one),
        (
            mend_a(),
            lambda g, n: dict(zip(g, (v * n**-1.0 for v in g.values()), strict=True)),
        ),
    ],
}

WRONG = {
    "22.1": [
        ((by_hand_with(0.75, slope=1),), "pass the σ node"),
        (({"w": 0.375, "b": -0.5, "x": -0.0375},), "pass the σ node"),
        (({"w": -4, "b": 1, "x": 0.4},), "rate of the sum"),
        (({"w": 0.375, "b": 1, "x": -0.0375},), "rate of the sum"),
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
        ((_backward(delta2=lambda p, y: p - y),), "divide p − y by len(x)"),
        (
            (_backward(W2=lambda h, d: len(h) * h.T @ d, W1=lambda x, d: 0),),
            "divide p − y by len(x)",
        ),
        ((_backward(delta2=lambda p, y: (y - p) / len(y)),), "not y − p"),
        ((_backward(W2=lambda h, d: -(h.T @ d)),), "not y − p"),
        ((_backward(W2=lambda h, d: d.T @ h),), "so hᵀ δ₂"),
        ((_backward(W2=lambda h, d: np.dot(h.T, d).T),), "so hᵀ δ₂"),
        ((_backward(W2=lambda h, d: h.T @ d / len(h)),), "batch twice"),
        ((_backward(delta2=lambda p, y: (p - y) / len(y) ** 2),), "batch twice"),
        ((_backward(W2=lambda h, d: np.abs(h.T @ d)),), "should be hᵀ δ₂"),
        ((_backward(delta2=lambda p, y: p / len(y)),), "should be hᵀ δ₂"),
        ((_backward(b2=lambda d: d),), "one row per example"),
        ((_backward(b1=lambda d: d),), "one row per example"),
        ((_backward(b2=lambda d: d.sum(axis=1)),), "sum over the examples"),
        ((_backward(b1=lambda d: d.sum(-1)),), "sum over the examples"),
        ((_backward(b2=lambda d: d.mean(axis=0)),), "is averaged"),
        ((_backward(b1=lambda d: d.sum(0) / len(d)),), "is averaged"),
        ((_backward(b2=lambda d: d[0]),), "should be δ₂ summed"),
        ((_backward(b2=lambda d: d.sum()),), "should be δ₂ summed"),
        ((_backward(rate=lambda h: 1),), "tanh is skipped"),
        ((skips_in_b1,), "tanh is skipped"),
        ((_backward(rate=lambda h: h * (1 - h)),), "sigmoid's derivative"),
        ((_backward(rate=lambda h: h - h**2),), "sigmoid's derivative"),
        ((_backward(rate=lambda h: h**2 - 1),), "not h² − 1"),
        ((_backward(W1=lambda x, d: -x.T @ d),), "not h² − 1"),
        ((_backward(rate=lambda h: 1 - h),), "is squared"),
        ((_backward(rate=lambda h: 1 - np.sqrt(h**2) * np.sign(h)),), "is squared"),
        ((_backward(W1=lambda x, d: d.T @ x),), "so xᵀ δ₁"),
        ((_backward(W1=lambda x, d: (x.T @ d).T),), "so xᵀ δ₁"),
        ((_backward(rate=lambda h: h),), "should be xᵀ δ₁"),
        ((_backward(W1=lambda x, d: 2 * x.T @ d),), "should be xᵀ δ₁"),
        ((_backward(b1=lambda d: d[-1]),), "should be δ₁ summed"),
        ((_backward(b1=lambda d: d.max(0)),), "should be δ₁ summed"),
        ((lambda params, x, y: (x, y),), "a dictionary with four"),
        ((by_einsum,), "a dictionary with four"),
        ((no_return,), "`return`"),
        ((lambda params, x, y: print(params),), "`return`"),
        ((scales_y,), "itself"),
        ((lambda params, x, y: backward(params, x, y.__isub__(x[:, :1])),), "itself"),
        ((adds_up,), "the gradient of W2"),
        ((lambda p, x, y: {**backward(p, x, y), "W2": 0},), "the gradient of W2"),
        ((3,), "function itself"),
        (({"W1": 0},), "function itself"),
    ],
    "22.3": [
        (start(0.25, 0.25**10), "factor squared"),
        (start(factor=50 * 0.1**2 / 2), "factor squared"),
        (start(factor=math.sqrt(0.5)), "where is ReLU's"),
        (start(0.7071, 0.03125), "where is ReLU's"),
        (start(factor=50 * 0.1 * 0.5), "n · s² · ½ under"),
        (start(factor=2.5, after_10=2.5**10), "n · s² · ½ under"),
        (start(factor=math.sqrt(2.5)), "not n · s."),
        (start(factor=1.58), "not n · s."),
        (start(factor=2), "It is the root of"),
        (start(factor=1), "It is the root of"),
        (start(after_10=5), "not times 10"),
        (start(after_10=10 * 0.5), "not times 10"),
        (start(after_10=0.05), "not over 10"),
        (start(after_10=0.5 / 10), "not over 10"),
        (start(after_10=1024), "share that is left"),
        (start(after_10=2**10), "share that is left"),
        (start(after_10=0.0977), "not per cent"),
        (start(after_10=100 * 0.5**10), "not per cent"),
        (start(after_10=0.5**9), "nine layers"),
        (start(after_10=1 / 512), "nine layers"),
        (start(after_10=0.5), "ten times"),
        (start(after_10=0), "ten times"),
        (start(level_std=0.04), "That is s²"),
        (start(level_std=2 / 50), "That is s²"),
        (start(level_std=1 / math.sqrt(50)), "right without ReLU's"),
        (start(level_std=0.1414), "right without ReLU's"),
        (start(level_std=0.4), "Half of it"),
        (start(level_std=2 * math.sqrt(2 / 50)), "Half of it"),
        (start(level_std=1), "for s."),
        (start(level_std=0.1), "for s."),
        (start(sigmoid=0.125), "too, take the root"),
        (start(sigmoid=50 * 0.2**2 / 16), "too, take the root"),
        (start(sigmoid=0.7071), "rate: (¼)² under"),
        (start(sigmoid=math.sqrt(50 * 0.2**2 / 4)), "rate: (¼)² under"),
        (start(sigmoid=0.177), "with s = 0.1: take"),
        (start(sigmoid=math.sqrt(50 * 0.1**2) / 4), "with s = 0.1: take"),
        (start(sigmoid=0.25), "rate of σ alone"),
        (start(sigmoid=1 / 4), "rate of σ alone"),
        # the root of n s² (¼)² with ReLU's ½ as well
        (start(sigmoid=math.sqrt(50 * 0.2**2 / 16 / 2)), "rate of σ alone"),
        (start(sigmoid=1), "ReLU's factor"),
        (start(sigmoid=math.sqrt(50 * 0.2**2 / 2)), "ReLU's factor"),
        (start(sigmoid=0.5), "takes the place of ½"),
        (start(sigmoid=0.0625), "takes the place of ½"),
        (start(factor="0.5"), "should be one number"),
        (start(level_std=[0.2, 0.2]), "should be one number"),
        (((0.5, 0.001, 0.2, 0.35),), "Fill in the dictionary"),
        (({"factor": 0.5},), "Fill in the dictionary"),
    ],
    "22.4": [
        ((mend_a(1, 1), mend_b), "A's W1 still points"),
        ((mend_a(W1=1), mend_b), "A's W1 still points"),
        ((mend_a(b1=1), mend_b), "A's b1 still points"),
        ((mend_a(b1=np.float32(1)), mend_b), "A's b1 still points"),
        ((mend_a(W1=0), mend_b), "would be lost, times 0"),
        ((mend_a(b1=0.0), mend_b), "would be lost, times 0"),
        ((mend_a(W1=-2, b1=-2), mend_b), "has the right size: only"),
        ((mend_a(b1=0.5), mend_b), "has the right size: only"),
        ((mend_a(-1, -1, -1, -1), mend_b), "and you turn it round"),
        ((mend_a(b2=-1), mend_b), "and you turn it round"),
        ((mend_a(1, 1, 0, 0), mend_b), "relative error near 0"),
        ((mend_a(b2=0.0), mend_b), "relative error near 0"),
        ((mend_a(W2=2), mend_b), "before: multiply it by 1"),
        ((mend_a(b2=0.01), mend_b), "before: multiply it by 1"),
        ((mend_a(W1="-1"), mend_b), "should be one number"),
        ((mend_a(W2=[1, 1]), mend_b), "should be one number"),
        (((-1, -1, 1, 1), mend_b), "Fill in the dictionary mend_a"),
        (({"W1": -1, "b1": -1}, mend_b), "Fill in the dictionary mend_a"),
        ((mend_a(), unchanged), "still the sum"),
        ((mend_a(), lambda g, n: {**mend_b(g, n), "b1": g["b1"]}), "still the sum"),
        ((mend_a(), each(lambda g, n: g * n)), "multiplied by the size"),
        ((mend_a(), each(lambda g, n: np.multiply(n, g))), "multiplied by the size"),
        ((mend_a(), each(lambda g, n: g / n**2)), "batch twice"),
        ((mend_a(), each(lambda g, n: g / n / n)), "batch twice"),
        ((mend_a(), each(lambda g, n: -g / n)), "its sign was right"),
        ((mend_a(), turns_weights), "its sign was right"),
        ((mend_a(), each(lambda g, n: g / len(g))), "its own length"),
        ((mend_a(), each(lambda g, n: g / g.shape[0])), "its own length"),
        ((mend_a(), each(lambda g, n: g / 100)), "divided by 100"),
        ((mend_a(), each(lambda g, n: 0.01 * g)), "divided by 100"),
        ((mend_a(), each(lambda g, n: g / 2)), "found wrong"),
        ((mend_a(), each(lambda g, n: g - n)), "found wrong"),
        ((mend_a(), lambda g, n: g["W1"] / n), "all four gradients"),
        ((mend_a(), lambda g, n: {"W1": g["W1"] / n}), "all four gradients"),
        ((mend_a(), forgets_return), "`return`"),
        ((mend_a(), lambda g, n: print(n)), "`return`"),
        ((mend_a(), {"b1": 0}), "function itself"),
        ((mend_a(), 3), "function itself"),
    ],
}
