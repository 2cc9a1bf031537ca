"""Right and wrong answers for lesson 22."""

from types import SimpleNamespace

import numpy as np


def _value(data, inputs=(), backward=None):
    return SimpleNamespace(data=data, grad=0.0, inputs=inputs, backward=backward)


def _tanh(
    derivative, value=np.tanh, chain=True, pack=lambda g: (g,), inputs=lambda z: (z,)
):
    def value_tanh(z):
        t = value(z.data)

        def backward(grad):
            return pack((grad if chain else 1) * derivative(z.data, t))

        return _value(t, inputs(z), backward)

    return value_tanh


def _right(z, t):
    return 1 - t * t


def _dense(weights=None, biases=None, x_grad=None):
    def dense_backward(x, w, delta):
        return (
            weights(x, delta) if weights else x.T @ delta,
            biases(delta) if biases else delta.sum(0),
            x_grad(w, delta) if x_grad else delta @ w.T,
        )

    return dense_backward


def mend_a(grads):
    return {**grads, "W1": -grads["W1"], "b1": -grads["b1"]}


def mend_b(grads):
    return {**grads, "b1": grads["b1"].sum(axis=0)}


def unchanged(grads):
    return grads


def brackets(z):
    t = np.tanh(z.data)
    return _value(t, (z,), lambda grad: (grad * 1 - t * t,))


RIGHT = {
    "22.1": ({"w": -0.25, "b": 0.25, "x": 0.5},),
    "22.2": (_tanh(_right),),
    "22.3": (_dense(),),
    "22.4": (mend_a, mend_b),
}

WRONG = {
    "22.1": [
        (({"w": -1, "b": 1, "x": 2},), "pass the σ node"),
        (({"w": -0.125, "b": 0.125, "x": 0.25},), "2(a − y)"),
        (({"w": 0.25, "b": -0.25, "x": -0.5},), "Check the sign"),
        (({"w": 0.5, "b": 0.25, "x": -0.25},), "wrong way round"),
        (({"w": 0.25, "b": 0.25, "x": 0.5},), "sign of x"),
        (({"w": -0.25, "b": 0.25, "x": 2},), "∂L/∂z · w"),
        (({"w": -0.25, "b": 7, "x": 0.5},), "Forward first"),
        (({"w": -0.25, "b": 0.25, "x": -0.5},), "sign of ∂L/∂x"),
        (({"w": "-0.25", "b": 0.25, "x": 0.5},), "one number"),
        (((-0.25, 0.25, 0.5),), "dictionary"),
    ],
    "22.2": [
        ((_tanh(lambda z, t: 1 - z * z),), "You used z"),
        ((_tanh(lambda z, t: t * (1 - t)),), "sigmoid's derivative"),
        ((_tanh(lambda z, t: 1 + t * t),), "Check a sign"),
        ((_tanh(lambda z, t: t),), "should send back"),
        ((_tanh(_right, chain=False),), "ignores its argument"),
        ((brackets,), "mind the brackets"),
        ((_tanh(_right, pack=lambda g: g),), "a tuple with one gradient"),
        ((_tanh(_right, inputs=lambda z: z),), "the tuple of inputs"),
        ((_tanh(_right, value=np.sin),), "not tanh(z)"),
        ((lambda z: np.tanh(z.data),), "Return a Value"),
        ((lambda z: np.tanh(z),), "z.data"),
        ((lambda z: _value(np.tanh(z.data), (z,), 0.5),), "function `backward` itself"),
        ((_tanh(_right, pack=lambda g: None),), "a tuple with one"),
    ],
    "22.3": [
        ((_dense(weights=lambda x, d: d.T @ x),), "transposed"),
        ((_dense(weights=lambda x, d: x.T @ d / len(x)),), "Do not average"),
        ((_dense(weights=lambda x, d: np.abs(x.T @ d)),), "should be xᵀ δ"),
        ((_dense(biases=lambda d: d),), "which axis"),
        ((_dense(biases=lambda d: d.sum(1)),), "sum over the examples"),
        ((_dense(biases=lambda d: d.sum()),), "without an axis"),
        ((_dense(biases=lambda d: d.mean(0)),), "Do not average"),
        ((_dense(x_grad=lambda w, d: w.T),), "grad_x has shape"),
        ((_dense(x_grad=lambda w, d: -(d @ w.T)),), "grad_x should be δ Wᵀ"),
        ((lambda x, w, d: x.T @ d,), "Return three arrays"),
        ((lambda x, w, d: (x @ d, d.sum(0), d @ w.T),), "inner sizes"),
        ((lambda x, w, d: (np.dot(x, d), d.sum(0), d @ w.T),), "inner sizes"),
        ((_dense(x_grad=lambda w, d: d @ w),), "inner sizes"),
        ((lambda x, w, d: (d @ w.T, x.T @ d, d.sum(0)),), "The order is"),
    ],
    "22.4": [
        ((unchanged, mend_b), "opposite way"),
        ((mend_a, unchanged), "one row per example"),
        ((lambda grads: {k: -v for k, v in grads.items()}, mend_b), "right before"),
        ((lambda grads: {**grads, "W1": -grads["W1"]}, mend_b), "A's b1 still points"),
        ((mend_a, lambda grads: {**grads, "b1": grads["b1"].mean(0)}), "averaged"),
        ((mend_a, lambda grads: {**grads, "b1": grads["b1"].sum(1)}), "axis 0"),
        ((mend_a, lambda grads: {**grads, "b1": grads["b1"][0]}), "the right numbers"),
        ((mend_a, lambda grads: {**grads, "b1": -grads["b1"].sum(0)}), "right before"),
        ((lambda grads: grads["W1"], mend_b), "all four gradients"),
    ],
}
