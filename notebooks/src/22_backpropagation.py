# ---
# jupyter:
#   dlcourse:
#     title: Backpropagation
#     subtitle: One backward pass tells every weight which way to turn
#     minutes: 75
#     seconds: 18
#     needs: ["21"]
#     backends: [tensorflow]
#     teaching:
#       believe: "the gradient is a library's secret"
#       stop: "section 2"
#       ask: "one graph on the board, arrows backwards, numbers on the edges; then the engine"
#       stuck: "two paths meet: \"add or overwrite?\" (22.3)"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 22 · Backpropagation
#
# *One backward pass tells every weight which way to turn*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/22_backpropagation.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/22_backpropagation.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/22_backpropagation.ipynb)
#
# **Your time:** 75 minutes · **The notebook runs in:** about 18 s on two CPU cores · **Before this:** lesson 21

# %% [markdown]
# ## You will be able to
#
# 1. push a gradient through a computation graph by hand, edge by edge
#    *(section 2 · exercise 22.1)*
# 2. write an operation with its backward rule for an automatic-differentiation engine
#    *(section 3 · exercise 22.2)*
# 3. write a layer's backward pass with matrices, and prove it by a gradient check
#    *(section 4 · exercise 22.3)*
# 4. predict from activation and initial weights whether gradients vanish, explode or arrive
#    *(sections 5 and 6 · quiz)*
# 5. find a wrong gradient from its symptoms *(section 4 and break and fix · exercise 22.4)*

# %% tags=["bootstrap"]
# On Colab and Kaggle, fetch the course's helpers; elsewhere they are installed.
import importlib.util
import os
import subprocess
import sys

course = os.environ.get("DLCOURSE_INSTALL")
course = course or "git+https://github.com/dlcourse/dlcourse@v0.1.0"
for module, source in {"dlcourse": course}.items():
    if importlib.util.find_spec(module) is None:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", source]
        if subprocess.run(pip).returncode:
            print(f"Could not fetch {module}: check the network and run this again.")
importlib.invalidate_caches()

# %% tags=["parameters"]
PROFILE = "quick"
SEED = 0

# %%
from functools import partial  # partial(f, a)(b) is f(a, b)
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

import dlcourse
from dlcourse import check, claim, explore, plots, quiz, verify

lesson = dlcourse.start("22", profile=PROFILE, seed=SEED, backends=("tensorflow",))

import tensorflow as tf

# %% [markdown]
# ## 1 · Which way should each weight turn?
#
# A 784–128–10 network reads a 7 and says 1. Each of its 101,770 weights and biases had a part
# in that. Which should grow, which should shrink, and by how much?
#
# Start with the smallest network, lesson 21's neuron: $a = \sigma(wx + b)$, one example
# $x = 2$ with label $y = 1$, and the loss $L = (a - y)^2$. The plain experiment: nudge one
# weight by a small $\varepsilon$ both ways and watch the loss. This **central difference**
# measures the slope $\partial L/\partial w$ (the curly $\partial$ says: all else stays fixed):
#
# $$\frac{\partial L}{\partial w} \approx \frac{L(w + \varepsilon) - L(w -
# \varepsilon)}{2\varepsilon}$$
#
# The list of all slopes is the **gradient** $\nabla L$. It points uphill, so step against it:
# $w := w - \alpha \nabla L(w)$, with the **learning rate** $\alpha$.
#
# **Predict.** At $w = 0.5$, $b = -1$ the neuron says $\sigma(0) = 0.5$, too little. Should
# $w$ grow or shrink? Which slope is steeper, that of $w$ or that of $b$?

# %%
def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))  # = 1 / (1 + exp(-z)), but never overflows

def neuron_loss(w, b, x=2.0, y=1.0):
    return (sigmoid(w * x + b) - y) ** 2

w, b, alpha, eps = 0.5, -1.0, 1.0, 1e-5
for step in range(4):
    d_w = (neuron_loss(w + eps, b) - neuron_loss(w - eps, b)) / (2 * eps)
    d_b = (neuron_loss(w, b + eps) - neuron_loss(w, b - eps)) / (2 * eps)
    print(f"step {step}  w {w:.3f}  b {b:.3f}  loss {neuron_loss(w, b):.3f}", end="  ")
    print(f"dL/dw {d_w:.3f}  dL/db {d_b:.3f}")
    w, b = w - alpha * d_w, b - alpha * d_b

# %% [markdown]
# Both slopes are negative: more of either lowers the loss, so both grow. The slope of $w$ is
# twice that of $b$, because $w$ acts through $x = 2$. It learns. The price: two forward passes
# per weight, 203,540 for *one* step of the digit classifier. This lesson gets the same slopes
# from *one* backward pass, which costs about as much as two forward passes.
#
# First, what a gradient cannot do. Leave out the sigmoid, and the loss in $w$ is a bowl:
# $L(w) = (2w - 1 - 1)^2 = 4(w - 1)^2$, slope $8(w - 1)$.
#
# **Predict.** Every slope is exact. Which of $\alpha = 0.10$, $0.23$, $0.27$ reach the bottom?

# %%
def descent(learning_rate=0.23):
    path = [-0.5]
    for _ in range(12):  # w := w - alpha dL/dw
        path.append(path[-1] - learning_rate * 8 * (path[-1] - 1))
    path, curve = np.array(path), np.linspace(-3, 5, 200)
    plt.plot(curve, 4 * (curve - 1) ** 2, label="$L(w) = 4(w - 1)^2$")
    plt.plot(path, 4 * (path - 1) ** 2, "o-", lw=1, label="12 steps")
    plt.plot(path[0], 4 * (path[0] - 1) ** 2, "ks", ms=9, label="start")
    plt.xlim(-3, 5), plt.ylim(-2, 40), plt.legend(loc="upper center")
    plt.xlabel("weight $w$"), plt.ylabel("loss $L$")
    factor = 1 - 8 * learning_rate
    plt.title(f"Each step multiplies the gap to the bottom by {factor:.2f}")

explore(descent, learning_rate=(0.01, 0.30, 0.01),
        alt="A parabola of the loss over one weight; steps zigzag down to w = 1.")

# %% [markdown]
# A step turns the gap $w - 1$ into $(1 - 8\alpha)(w - 1)$. With 0.10 and 0.23 it shrinks;
# above 0.25, so with 0.27, it grows, although no slope was wrong. So *backpropagation is not
# the learning algorithm*. It computes gradients; gradient descent learns, well or badly.

# %% [markdown]
# ## 2 · The chain rule on a graph
#
# Write the neuron as a **computation graph**: each node does one operation, each edge carries
# a value. Values flow forward. Then gradients flow back along the same edges, starting from
# $\partial L / \partial L = 1$. At each node the **chain rule** multiplies what arrives by the
# node's own **local derivative**:
#
# | edge | value | gradient $d_v = \partial L / \partial v$, read downward | |
# |---|---|---|---|
# | $L = (a - y)^2$ | 0.25 | $d_L$ | $= 1$ |
# | $a = \sigma(z)$ | 0.5 | $d_a = d_L \cdot 2(a - y)$ | $= 1 \cdot (-1) = -1$ |
# | $z = u + b$ | 0 | $d_z = d_a \cdot a(1 - a)$ | $= -1 \cdot 0.25 = -0.25$ |
# | $b$ | −1 | $d_b = d_z \cdot 1$ | $= -0.25$ |
# | $u = w \cdot x$ | 1 | $d_u = d_z \cdot 1$ | $= -0.25$ |
# | $w$ | 0.5 | $d_w = d_u \cdot x$ | $= -0.25 \cdot 2 = -0.5$ |
# | $x$ | 2 | $d_x = d_u \cdot w$ | $= -0.25 \cdot 0.5 = -0.125$ |
#
# The code is the table, line by line.

# %%
def neuron(w, b, x=2.0, y=1.0):
    """Each edge of the neuron's graph: (value, gradient)."""
    u = w * x
    z = u + b
    a = sigmoid(z)
    loss = (a - y) ** 2
    d_a = 2 * (a - y)        # d_L = 1
    d_z = d_a * a * (1 - a)  # a = sigmoid(z) has the derivative a (1 - a)
    d_u, d_b = d_z, d_z      # a sum hands its gradient on
    d_w, d_x = d_u * x, d_u * w  # a product crosses over: each takes the other's value
    return {"x": (x, d_x), "w": (w, d_w), "u": (u, d_u), "b": (b, d_b),
            "z": (z, d_z), "a": (a, d_a), "L": (loss, 1.0)}

# %%
NODES = {"x": (0, 1), "w": (0, 0), "×": (1, 0.5), "b": (1, -0.4), "+": (2, 0.5),
         "σ": (3, 0.5), "(a − y)²": (4.1, 0.5), "L": (5.2, 0.5)}
WIRES = {"x": "x×", "w": "w×", "u": "×+", "b": "b+", "z": "+σ",
         "a": ("σ", "(a − y)²"), "L": ("(a − y)²", "L")}

def neuron_graph(w=0.5, b=-1.0, x=2.0):
    axis = plt.subplots(figsize=(10, 3.4))[1]
    arrow = {"arrowstyle": "->", "shrinkA": 16, "shrinkB": 28}
    for name, (value, gradient) in neuron(w, b, x).items():
        start, end = (np.array(NODES[node]) for node in WIRES[name])
        axis.annotate("", end, start, arrowprops=arrow)
        middle = (start + end) / 2
        if start[1] != end[1]:  # a slanted wire: write on its outer side
            middle += (0.26, 0.26 if start[1] > end[1] else -0.18)
        for shift, label, color in ((0.08, f"{name} = {value:.3g}", plots.BLUE),
                                    (-0.17, f"({gradient:.3g})", plots.VERMILION)):
            axis.text(*middle + (0, shift), label, color=color, ha="center")
    for node, place in NODES.items():
        axis.text(*place, node, ha="center", va="center", bbox={"fc": "w", "pad": 5})
    axis.set(xlim=(-0.2, 5.4), ylim=(-0.6, 1.2))
    axis.axis("off")
    axis.set_title("Values go forward; gradients (in brackets) come back")

explore(neuron_graph, w=(-3.0, 3.0, 0.5), b=(-6.0, 6.0, 0.5), x=(-3.0, 3.0, 0.5),
        alt="The neuron as a graph from x, w, b to L: a value and a gradient per edge.")

# %% [markdown]
# The gradients of `w` and `b` are section 1's slopes, −0.5 and −0.25, without a nudge. Now
# slide `b` to −6: the answer is as wrong as can be, and yet almost no gradient passes the σ
# node. Its derivative is at most 0.25, and near 0 where the neuron is **saturated**. Section
# 6 stacks ten of these.
#
# **Exercise 22.1.** The same graph with $x = -4$, $w = 0.4$, $b = 2.7$, $y = 1$. By hand
# (take $\sigma(1.1) = 0.75$): $\partial L/\partial w$, $\partial L/\partial b$,
# $\partial L/\partial x$.
#
# <details><summary>Hint 1</summary>Forward first: u = −1.6, z = 1.1, a = 0.75.</details>
# <details><summary>Hint 2</summary>Backward: ∂L/∂a = 2(0.75 − 1) = −0.5, then multiply by
# a(1 − a).</details>

# %% tags=["exercise"]
# Exercise 22.1: three gradients, by hand.
by_hand = {"w": ..., "b": ..., "x": ...}

# %%
check("22.1", by_hand)

# %% tags=["solution"]
# @title Solution 22.1
d_z = 2 * (0.75 - 1) * 0.75 * (1 - 0.75)  # -0.09375
by_hand_solution = {"w": d_z * -4, "b": d_z, "x": d_z * 0.4}
check("22.1", by_hand_solution)

# %% [markdown]
# ## 3 · An engine that does it for any graph
#
# An operation needs to know two things: its value, and how to hand a gradient back to its
# inputs. Nothing else in the graph concerns it. So let each number remember its `inputs` and
# a function `backward(grad)`, and list all numbers on a **tape** in the order of their making.

# %%
tape = []

class Value:
    """A number that remembers what it was computed from."""

    def __init__(self, data, inputs=(), backward=lambda grad: ()):
        self.data = float(data)   # the number
        self.grad = 0.0           # dL/d(this number), once backpropagate() has run
        self.inputs = inputs      # the Values it was computed from
        self.backward = backward  # from dL/d(this number) to dL/d(each input)
        tape.append(self)

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, (self, other), lambda grad: (grad, grad))

    def __mul__(self, other):
        other = as_value(other)
        return Value(self.data * other.data, (self, other),
                     lambda grad: (grad * other.data, grad * self.data))

    def __sub__(self, other):
        return self + as_value(other) * -1

# %%
def as_value(number):
    return number if isinstance(number, Value) else Value(number)

def value_sigmoid(z):
    a = sigmoid(z.data)
    def backward(grad):
        return (grad * a * (1 - a),)  # one gradient per input: a tuple of one
    return Value(a, (z,), backward)

# %% [markdown]
# The backward pass walks the tape in reverse. An operation stands on the tape after its
# inputs, so by the time the walk reaches a number, all its users have reported.
#
# **Predict.** In $L = a \cdot a$ with $a = 3$, $a$ feeds the product twice, and each path sends
# back $1 \cdot 3$. Is the gradient of $a$ 3, 6 or 9?

# %%
def backpropagate(loss):
    """Set .grad of every Value on the tape to d(loss)/d(that Value)."""
    for value in tape:
        value.grad = 0.0
    loss.grad = 1.0
    for value in reversed(tape):
        for source, grad in zip(value.inputs, value.backward(value.grad), strict=True):
            source.grad += grad  # several paths: their gradients add

# %%
a = Value(3)
backpropagate(a * a)
print(f"L = a·a:      dL/da = {a.grad:.3f}")

w, b, x = Value(0.5), Value(-1), Value(2)
error = value_sigmoid(w * x + b) - 1
backpropagate(error * error)
print(f"the neuron:   dL/dw = {w.grad:.3f}  dL/db = {b.grad:.3f}  dL/dx = {x.grad:.3f}")

# %% [markdown]
# Six, as calculus says of $a^2$: a number with several users gets the *sum*,
#
# $$\frac{\partial L}{\partial v} = \sum_{u \text{ uses } v}
# \frac{\partial L}{\partial u} \frac{\partial u}{\partial v}$$
#
# With `=` for `+=` it would be 3. And the neuron's row is the table of section 2.
#
# This is **reverse-mode automatic differentiation**. Seppo Linnainmaa described it in 1970;
# Paul Werbos wrote of training models with it in 1974 and applied it to networks in 1982;
# Rumelhart, Hinton and Williams showed in 1986 that networks trained with it find useful
# hidden features, and the field took it up.
#
# **Exercise 22.2.** Give the engine tanh. With $t = \tanh(z)$ the derivative is $1 - t^2$.
#
# <details><summary>Hint 1</summary>Follow value_sigmoid: value first, then backward, then a
# Value of both.</details>
# <details><summary>Hint 2</summary>backward returns (grad * (1 - t * t),), a tuple of
# one.</details>

# %% tags=["exercise"]
# Exercise 22.2: tanh of a Value, with its backward.
def value_tanh(z):
    ...  # your code here

# %%
check("22.2", value_tanh)

# %% tags=["solution"]
# @title Solution 22.2
def value_tanh_solution(z):
    t = np.tanh(z.data)
    return Value(t, (z,), lambda grad: (grad * (1 - t * t),))

check("22.2", value_tanh_solution)

# %% [markdown]
# Is the engine right beyond one neuron? Ask two witnesses that share none of its code: central
# differences, and TensorFlow, whose `GradientTape` records and walks back just as ours. One
# function serves all three, for it only uses `+`, `-`, `*` and the sigmoid it is given.

# %%
def tiny_network(w, sigmoid):
    """Squared error of a 2-2-1 network with nine weights, for x = (0.5, -1), y = 1."""
    h1 = sigmoid(w[0] * 0.5 + w[1] * -1.0 + w[2])
    h2 = sigmoid(w[3] * 0.5 + w[4] * -1.0 + w[5])
    error = sigmoid(w[6] * h1 + w[7] * h2 + w[8]) - 1.0
    return error * error

start = np.random.default_rng(lesson.seed).normal(0, 2, 9)
values = [Value(v) for v in start]
backpropagate(tiny_network(values, value_sigmoid))
by_engine = np.array([value.grad for value in values])

variables = [tf.Variable(v, dtype=tf.float64) for v in start]
with tf.GradientTape() as recorder:
    loss = tiny_network(variables, tf.sigmoid)
by_tensorflow = np.array(recorder.gradient(loss, variables))

nudges = eps * np.eye(9)  # row i moves weight i alone
by_nudging = np.array([tiny_network(start + nudge, sigmoid) for nudge in nudges])
by_nudging -= [tiny_network(start - nudge, sigmoid) for nudge in nudges]
by_nudging /= 2 * eps
gap = np.abs(by_engine - by_tensorflow).max()
claim("engine and GradientTape agree, but for ≈ {:.0e}", gap, at_most=1e-12)
gap = np.abs(by_engine - by_nudging).max()
claim("engine and central differences agree, but for ≈ {:.0e}", gap, at_most=1e-8)

# %% [markdown]
# ## 4 · A whole layer at once
#
# One `Value` per number is slow; networks compute with matrices. The rules stay, and shapes
# do the bookkeeping. For a layer $z = xW + b$ write $\delta = \partial L/\partial z$. Weight
# $W_{ij}$ meets *every* example $k$ of the batch, so it has as many users as there are
# examples, and their gradients add:
#
# $$\frac{\partial L}{\partial W_{ij}} = \sum_k x_{ki}\,\delta_{kj}
# \quad\Longleftrightarrow\quad \frac{\partial L}{\partial W} = x^{\mathsf T}\delta$$
#
# where $x^{\mathsf T}$ is $x$ with rows and columns swapped. In shapes: (features, batch) times
# (batch, units) gives (features, units), that of $W$. A **gradient always has the shape of
# what it is the gradient of.** Sending $\delta$ on to $x$ takes a second product: two backward
# for one forward, the price named in section 1.
#
# **Exercise 22.3.** Write all three gradients of a layer. You have the first; shapes and the
# sum rule give the others.
#
# <details><summary>Hint 1</summary>A bias is added in every row: it, too, has one user per
# example.</details>
# <details><summary>Hint 2</summary>grad_x must be (batch, features): which product of delta
# (batch, units) and weights (features, units) has that shape?</details>

# %% tags=["exercise"]
# Exercise 22.3: x (batch, features), weights (features, units), delta (batch, units).
def dense_backward(x, weights, delta):
    ...  # return grad_weights, grad_biases, grad_x

# %%
check("22.3", dense_backward)

# %% tags=["solution"]
# @title Solution 22.3
def dense_backward_solution(x, weights, delta):
    return x.T @ delta, delta.sum(axis=0), delta @ weights.T

check("22.3", dense_backward_solution)

# %% [markdown]
# Now a network for two moons, which no straight line separates: two inputs, eight tanh units,
# one sigmoid output. 200 points to train, 200 to validate, made by scikit-learn.

# %%
x, y = make_moons(400, noise=0.1, random_state=lesson.seed)
x_train, x_val, y_train, y_val = train_test_split(
    x, y[:, None].astype(float), test_size=0.5, stratify=y, random_state=lesson.seed)

def random_params():
    rng = np.random.default_rng(lesson.seed)  # standard deviations: about 1 / √inputs
    return {"W1": rng.normal(0, 0.7, (2, 8)), "b1": np.zeros(8),
            "W2": rng.normal(0, 0.35, (8, 1)), "b2": np.zeros(1)}

# %% [markdown]
# The loss is cross-entropy, $-y\log p - (1-y)\log(1-p)$ averaged over the batch of $m$, with
# $p = \sigma(z)$; in terms of $z$ it is $\log(1 + e^z) - yz$. The
# derivative of $\log(1 + e^z)$ is $\sigma(z)$, so $\delta_2 = (p - y)/m$, of shape (200, 1): no
# factor $p(1 - p)$, so a saturated wrong answer still learns. Then, backward ($\odot$
# multiplies entry by entry):
#
# | | formula | shape |
# |---|---|---|
# | `delta1` | $\delta_2 W_2^{\mathsf T} \odot (1 - h^2)$, as $h = \tanh(z_1)$ | (200, 8) |
# | `W2`, `b2` | $h^{\mathsf T}\delta_2$, and the sum of $\delta_2$ over the batch | (8, 1), (1,) |
# | `W1`, `b1` | $x^{\mathsf T}\delta_1$, and the sum of $\delta_1$ over the batch | (2, 8), (8,) |

# %%
def loss_and_gradients(params, x, y):
    h = np.tanh(x @ params["W1"] + params["b1"])
    z = h @ params["W2"] + params["b2"]
    loss = np.mean(np.logaddexp(0, z) - y * z)  # logaddexp(0, z) = log(1 + exp(z))
    delta2 = (sigmoid(z) - y) / len(x)
    delta1 = delta2 @ params["W2"].T * (1 - h**2)
    return loss, {"W1": x.T @ delta1, "b1": delta1.sum(axis=0),
                  "W2": h.T @ delta2, "b2": delta2.sum(axis=0)}

# %% [markdown]
# Before you train with a gradient, check it. A **gradient check** nudges every parameter and
# compares its $g$ with the numerical $g'$ by the **relative error**
# $\lVert g - g' \rVert / (\lVert g \rVert + \lVert g' \rVert)$ (lengths, as in lesson 21):
# 0 if equal, 1 if they point opposite ways. In float64 with $\varepsilon = 10^{-5}$ expect
# below $10^{-6}$.

# %%
def numerical_gradient(loss, array, eps=1e-5):
    """dL/d(array), one entry at a time; loss() computes L from the array."""
    result = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + eps
        above = loss()
        array[index] = kept - eps
        result[index] = (above - loss()) / (2 * eps)
        array[index] = kept
    return result

def relative_error(grad, nudged):
    if grad.shape != nudged.shape:
        return np.inf  # wrong, whatever its numbers
    size = np.linalg.norm(grad) + np.linalg.norm(nudged)
    return np.linalg.norm(grad - nudged) / size

# %%
def gradient_check(function, params, x=x_train, y=y_train):
    worst = 0
    for name, grad in function(params, x, y)[1].items():
        nudged = numerical_gradient(lambda: function(params, x, y)[0], params[name])
        error = relative_error(grad, nudged)
        shapes = f"{params[name].shape}, gradient {grad.shape}"
        print(f"{name} {shapes}: relative error ≈ {error:.1e}")
        worst = max(worst, error)
    return worst

worst = gradient_check(loss_and_gradients, random_params())
verify("every gradient of the network passes the check", worst, at_most=1e-6)

# %% [markdown]
# The gradients are right, so descend. One line of `train` is $w := w - \alpha \nabla L(w)$,
# for all parameters at once; everything so far served to supply its `grads`.

# %%
def train(function, params, steps=1000, learning_rate=1.0):
    losses = []
    for _ in range(steps):
        loss, grads = function(params, x_train, y_train)
        params = {name: params[name] - learning_rate * grads[name] for name in params}
        losses.append(loss)
    return params, losses

def predict(params, x):
    h = np.tanh(x @ params["W1"] + params["b1"])
    return sigmoid(h @ params["W2"] + params["b2"])

def accuracy(params, x, y):
    return np.mean((predict(params, x) > 0.5) == y)

trained, losses = train(loss_and_gradients, random_params())
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
left.plot(losses)
left.set(xlabel="step", ylabel="training loss", title="Descent lowers the loss …")
plots.decision_boundary(partial(predict, trained), x_val, y_val, right)
right.set(title="… and bends the line (validation data)")
plots.show("The loss falls over 1000 steps; a curved boundary separates two moons.")
claim("it separates unseen moons", accuracy(trained, x_val, y_val), at_least=0.95)

# %% [markdown]
# ## 5 · Zero is not a neutral start
#
# Random starting weights look arbitrary. Would equal ones not be more honest: all 0, or all
# 0.5?
#
# **Predict.** Train the same network from both. How many *different* hidden units will each
# have?

# %%
def constant_params(value):  # all weights equal; biases start at zero, as always
    return {name: np.full_like(array, value if name[0] == "W" else 0)
            for name, array in random_params().items()}

starts = {"all 0": constant_params(0.0), "all 0.5": constant_params(0.5),
          "random": random_params()}
ends = {name: train(loss_and_gradients, params)[0] for name, params in starts.items()}

figure, axes = plt.subplots(1, 3, figsize=(11, 3.8), sharey=True)
for axis, (name, params) in zip(axes, ends.items(), strict=True):
    units = np.unique(params["W1"].round(6), axis=1).shape[1]
    title = f"{name}: {units} of 8 units distinct"
    plots.decision_boundary(partial(predict, params), x_val, y_val, axis, title)
    axis.label_outer()
figure.suptitle("Equal weights stay equal: eight units act as one", fontweight="bold")
plots.show("From 0: no boundary; from 0.5: a straight line; from random: a curve.")

moved = np.abs(ends["all 0"]["W1"]).max()
claim("from zero, the hidden layer never moves", moved, at_most=1e-9)
spread = np.ptp(ends["all 0.5"]["W1"], axis=1).max()
claim("from 0.5, the eight units stay equal", spread, at_most=1e-6)
found = {name: accuracy(params, x_val, y_val) for name, params in ends.items()}
claim("that costs accuracy", found["random"] - found["all 0.5"], at_least=0.01)

# %% [markdown]
# From 0.5, equal units get equal gradients and stay equal: eight units do the work of one, and
# one unit draws a straight line (lesson 21). From zero it is worse: `delta1` contains $W_2 = 0$
# and $\partial L/\partial W_2$ contains $h = \tanh 0 = 0$, so both gradients are exactly
# zero. Only unequal weights break the **symmetry**, and random ones are the simplest. Biases
# may start at zero, once the weights differ. But how *large* should random weights be?

# %% [markdown]
# ## 6 · What depth does to a gradient
#
# Each layer back, $\delta$ is multiplied by $W^{\mathsf T}$ and by the activation's derivative
# $\varphi'$. Take layers of $n$ units, with independent random weights of mean 0 and standard
# deviation $s$. Each entry of $\delta W^{\mathsf T}$ is then a sum of $n$ products with random
# signs: their squares add, on average to $n s^2$ times a squared $\delta$. So its typical
# size changes by
#
# $$\text{factor per layer} = \sqrt{n \cdot s^2 \cdot \overline{\varphi'^2}}$$
#
# where the bar means an average over units. For the sigmoid $\varphi'^2 \le 1/16$; for ReLU, on
# for half of its inputs, the average is $1/2$. Two famous choices of $s$ aim at a factor of 1:
# **Glorot**, $s^2 = 2/(n_{in} + n_{out})$, made for $\varphi' \approx 1$, and **He**, for ReLU:
# $s^2 = 2/n_{in}$, so $\sqrt{n \cdot \frac{2}{n} \cdot \frac12} = 1$.
#
# **Predict.** Ten sigmoid layers, Glorot. Compared with layer 10, is the gradient in layer 1
# half as large, a tenth, or a millionth?

# %%
INITIALIZATIONS = {  # standard deviation of the weights from n_in units to n_out units
    "zero": lambda n_in, n_out: 0.0,
    "small": lambda n_in, n_out: 0.01,
    "large": lambda n_in, n_out: 1.0,
    "Glorot": lambda n_in, n_out: np.sqrt(2 / (n_in + n_out)),
    "He": lambda n_in, n_out: np.sqrt(2 / n_in),
}

def draw_weights(std, seed, depth=10, width=32):
    rng = np.random.default_rng(seed)
    sizes = [3, *[width] * depth, 1]
    return [rng.normal(0, std(i, o), (i, o)) for i, o in pairwise(sizes)]

scaled = (x_train - x_train.mean(axis=0)) / x_train.std(axis=0)
x_deep = np.column_stack([scaled, np.ones(len(scaled))])  # (200, 3): 1 acts as bias

# %%
ACTIVATIONS = {  # the function, and its derivative in terms of its output h
    "sigmoid": (sigmoid, lambda h: h * (1 - h)),
    "ReLU": (lambda z: np.maximum(z, 0), lambda h: h > 0),
}

def deep_pass(weights, activation, x=x_deep, y=y_train):
    """Loss, gradient of each weight matrix, and the norm of delta per hidden layer."""
    act, derivative = ACTIVATIONS[activation]
    outputs, grads, norms = [x], [], []
    for W in weights[:-1]:
        outputs.append(act(outputs[-1] @ W))
    z = outputs[-1] @ weights[-1]
    delta = (sigmoid(z) - y) / len(x)
    for W, h in zip(weights[::-1], outputs[::-1], strict=True):  # section 4, in a loop
        grads.insert(0, h.T @ delta)
        norms.insert(0, np.linalg.norm(delta))
        delta = delta @ W.T * derivative(h)
    return np.mean(np.logaddexp(0, z) - y * z), grads, norms[:-1]

# %%
weights = draw_weights(INITIALIZATIONS["He"], lesson.seed, depth=3, width=4)
nudged = [numerical_gradient(lambda: deep_pass(weights, "sigmoid")[0], W)
          for W in weights]
worst = max(map(relative_error, deep_pass(weights, "sigmoid")[1], nudged))
verify("the loop's gradients pass the check, too", worst, at_most=1e-6)

seeds = [[lesson.seed, k] for k in range(lesson.pick(quick=5, full=20))]

def flow(std, activation):
    """Gradient norms in fresh networks, shape (seeds, layers)."""
    return np.array([deep_pass(draw_weights(std, s), activation)[2] for s in seeds])

flows = {(activation, name): flow(std, activation)
         for activation in ACTIVATIONS for name, std in INITIALIZATIONS.items()}

# %%
LOOKS = {"large": (plots.VERMILION, "^"), "He": (plots.GREEN, "o"),
         "Glorot": (plots.BLUE, "s"), "small": (plots.PURPLE, "v")}

def gradient_flow(your_scale=3.0):
    axes = plt.subplots(1, 2, figsize=(11, 4.4), sharey=True)[1]
    layers = np.arange(1, 11)
    for axis, activation in zip(axes, ACTIVATIONS, strict=True):
        for name, (color, marker) in LOOKS.items():
            norms = flows[activation, name]
            middle = np.median(norms, axis=0)
            axis.semilogy(layers, middle, color=color, marker=marker, label=name)
            band = norms.min(axis=0), norms.max(axis=0)
            axis.fill_between(layers, *band, color=color, alpha=0.25)
        yours = flow(lambda n_in, n_out: your_scale / np.sqrt(n_in), activation)
        label = f"yours: {your_scale:.1f} / √n"
        axis.semilogy(layers, np.median(yours, axis=0), "k--", label=label)
        axis.set(xlabel="hidden layer (1 is next to the input)", xticks=layers)
    axes[0].set(ylabel="gradient norm ‖δ‖", ylim=(1e-22, 1e9))
    axes[0].set(title="Sigmoid: it fades on the way back")
    axes[1].set(title="ReLU: He's scale carries it through")
    axes[0].legend(ncols=2, title="(zero: exactly 0 in every layer)")

explore(gradient_flow, your_scale=(0.2, 14.0, 0.2),
        alt="Gradient norm per layer, log axis: level only for ReLU with He's scale.")

# %%
def per_layer(activation, name):
    norms = flows[activation, name]
    return np.exp(np.log(norms[:, 0] / norms[:, -1]).mean() / 9)  # nine steps back

for name in LOOKS:
    formula = np.sqrt(32 * INITIALIZATIONS[name](32, 32) ** 2 / 2)
    print(f"ReLU, {name:6}  factor per layer: formula {formula:.2f},", end=" ")
    print(f"measured ≈ {per_layer('ReLU', name):.2f}")

he, small, large = (per_layer("ReLU", name) for name in ("He", "small", "large"))
claim("ReLU with He keeps the gradient level", he, at_least=0.9, at_most=1.06)
claim("a small start keeps ≈ {:.3f} of it per layer", small, at_most=0.042)
claim("with ReLU, a large start grows it ≈ {:.1f} times per layer", large, at_least=3.6)
quarter = per_layer("sigmoid", "Glorot")
claim("a sigmoid layer with Glorot passes on at most ¼", quarter, at_most=0.26)
most = per_layer("sigmoid", "large")
claim("with the large start, more than half", most, at_least=0.6, at_most=0.9)
zero = max(flows[activation, "zero"].max() for activation in ACTIVATIONS)
claim("from zero, no hidden layer gets any", zero, at_most=0)

# %% [markdown]
# (Lines: the median of several fresh networks; bands: all of them.) A few millionths. With
# Glorot and 32 units a sigmoid layer passes on at most
# $\sqrt{32 \cdot \frac{1}{32} \cdot \frac{1}{16}} = \frac14$, and nine steps back leave
# $4^{-9} \approx 4 \cdot 10^{-6}$. Gradients **vanish** or **explode** exponentially with
# depth, as the formula foretells. (A weight's gradient is $h^{\mathsf T}\delta$, so it also
# follows the forward signal $h$.) Move the slider: ReLU is level at $\sqrt 2/\sqrt n$, which
# is He's scale. The sigmoid is nearly level only near 12, and there most units are saturated.
#
# **Predict.** Do ten sigmoid layers with He's scale just learn more slowly? And if you change
# one thing, to two layers, to ReLU, to the large start, or to **Adam** (lesson 51), which
# divides each gradient by its own typical size before it steps: which of the four helps?

# %%
def deep_train(activation, init, depth, seed, n_steps=700, adam=False):
    weights, losses = draw_weights(INITIALIZATIONS[init], seed, depth), []
    means = squares = [0.0] * len(weights)
    for t in range(1, n_steps + 1):
        loss, grads, _ = deep_pass(weights, activation)
        if adam:  # a fifth of the mean gradient, divided by its typical size
            means = [0.9 * m + 0.1 * g for m, g in zip(means, grads, strict=True)]
            squares = [0.999 * s + 0.001 * g**2
                       for s, g in zip(squares, grads, strict=True)]
            grads = [0.2 * m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-7)
                     for m, s in zip(means, squares, strict=True)]
        weights = [W - 0.05 * g for W, g in zip(weights, grads, strict=True)]
        losses.append(loss)
    return losses

RUNS = {"10 sigmoid layers, He": ("sigmoid", "He", 10),
        "2 layers instead": ("sigmoid", "He", 2),
        "ReLU instead": ("ReLU", "He", 10),
        "large instead": ("sigmoid", "large", 10),
        "Adam instead": ("sigmoid", "He", 10)}
curves = {label: np.array([deep_train(*run, [lesson.seed, k], adam=label[:4] == "Adam")
                           for k in range(3)])
          for label, run in dlcourse.track(RUNS.items(), "training")}

# %%
for (label, runs), look in zip(curves.items(), ("C1-", "C0--", "C2-.", "C3:", "C4-"),
                               strict=True):
    plt.plot(runs.T, look, label=[label, None, None])
plt.xlabel("step"), plt.ylabel("training loss"), plt.ylim(0, 1.4), plt.legend()
plt.title("Ten sigmoid layers stay at log 2; one change, and they learn")
plots.show("10 sigmoid layers stay at log 2; with 2 layers, ReLU, large weights or Adam"
           " the loss falls.")

# %%
deep, shallow, relu, large, adam = (runs.min(axis=1) for runs in curves.values())
patient = min(deep_train("sigmoid", "He", 10, [lesson.seed, 0], n_steps=2000))
least = min(deep.min(), patient)
claim("10 sigmoid layers stay at log 2, even for 2,000 steps", least, at_least=0.68)
claim("2 layers learn", shallow.max(), at_most=0.5)
claim("10 ReLU layers learn", relu.max(), at_most=0.2)
claim("10 sigmoid layers with the large start learn", large.max(), at_most=0.5)
claim("10 sigmoid layers with Adam learn, on average", adam.mean(), at_most=0.6)

# %% [markdown]
# With plain descent this network does not just learn more slowly: it stays at guessing. Its
# layers multiply the gradient by at most 0.35 each, ten times over; going forward, the
# differences between inputs fade likewise. Each single change helps, in its own way. ReLU and
# the large start raise the factor per layer. Two layers leave it as it is, and multiply less
# often. Adam changes neither: a gradient of a millionth, divided by its own typical size, makes
# a step like any other: unsteady, but it learns. Large weights help these
# sigmoids, and make ReLU explode. (The spikes are probably steps that were too large, as in
# section 1.)
#
# In Keras, `Dense` starts with Glorot, drawn uniformly; for ReLU pass
# `kernel_initializer="he_normal"`. Batch normalization and residual connections (lesson 32)
# are further answers to vanishing; gradient clipping to exploding.

# %% [markdown]
# ## Break and fix
#
# Two colleagues rewrote `loss_and_gradients`, each with one wrong line. Their losses are right,
# and neither program crashes. Judge by symptoms before you read any code.

# %%
from dlcourse.exercises.lesson_22 import colleague_a, colleague_b

versions = {"ours": loss_and_gradients, "A": colleague_a, "B": colleague_b}
results = {name: train(f, random_params()) for name, f in versions.items()}
scores = {name: (accuracy(params, x_train, y_train), accuracy(params, x_val, y_val))
          for name, (params, _) in results.items()}
for (name, (_, losses)), look in zip(results.items(), ("-", "--", "-."), strict=True):
    plt.plot(losses, look, label=name, lw=1.5)
    print(f"{name:4}  training accuracy ≈ {scores[name][0]:.2f},", end="  ")
    print(f"validation accuracy ≈ {scores[name][1]:.2f}")
plt.xlabel("step"), plt.ylabel("training loss"), plt.yscale("log"), plt.legend()
plt.title("A never settles; B looks better than ours")
plots.show("Training loss, log axis: ours falls, A wanders high, B falls lowest.")

last = {name: np.mean(losses[-200:]) for name, (_, losses) in results.items()}
claim("A's loss stays high", last["A"], at_least=0.3)
claim("our training loss, as a multiple of B's", last["ours"] / last["B"], at_least=1.5)
claim("B is worse on new data", scores["ours"][1] - scores["B"][1], at_least=0.03)

# %% [markdown]
# B would pass for overfitting. More data would not cure it: the gradient is wrong. Two
# clues: the errors and *shapes* in the check below, and the fact that B's validation set
# happens to have as many examples as its training set.
#
# **Exercise 22.4.** Run the cell and read the two checks. Then repair each dictionary of
# gradients from outside: return one in which every entry is right.
#
# <details><summary>Hint 1</summary>A relative error of 1 means that g points against g′.
# Which of A's entries have it?</details>
# <details><summary>Hint 2</summary>NumPy subtracts a (200, 8) gradient from an (8,) bias
# without complaint, and the bias is (200, 8) ever after: each training example has private
# biases. Which sum is missing? (With a validation set of another size, B would have
# crashed.)</details>

# %% tags=["exercise"]
# Exercise 22.4: grads has the keys "W1", "b1", "W2", "b2"; mend it or a copy, return it
for colleague in (colleague_a, colleague_b):
    print(colleague.__name__)
    gradient_check(colleague, random_params())
def mend_a(grads):
    ...  # your code here
def mend_b(grads):
    ...  # your code here

# %%
check("22.4", mend_a, mend_b)

# %% tags=["solution"]
# @title Solution 22.4
def mend_a_solution(grads):  # A wrote (h**2 - 1), so the hidden layer climbs
    return {**grads, "W1": -grads["W1"], "b1": -grads["b1"]}

def mend_b_solution(grads):  # B wrote "b1": delta1, without .sum(axis=0)
    return {**grads, "b1": grads["b1"].sum(axis=0)}

check("22.4", mend_a_solution, mend_b_solution)

# %% [markdown]
# ## Quiz

# %%
quiz("22")

# %% [markdown]
# ## Summary
#
# - A gradient says how the loss answers to each weight; $w := w - \alpha\nabla L(w)$ steps
#   against it.
# - Backward, each node multiplies what arrives by its local derivative; where paths meet,
#   gradients add.
# - Reverse mode gets all slopes in one backward pass; nudging needs two forward passes per
#   weight.
# - For a layer: $x^{\mathsf T}\delta$, $\delta$ summed over the batch,
#   $\delta W^{\mathsf T}$. Each gradient has its array's shape.
# - Equal weights stay equal; start random, at a scale that keeps the factor per layer near 1.
# - Depth raises that factor to a power: at the usual scales sigmoids lose the gradient;
#   ReLU with He's scale keeps it. Adam steps on in spite of a small one.
#
# An hour ago a network's gradient was something a library returned. Now you can write it, and
# prove it right.
#
# ## Common mistakes
#
# | mistake | how it shows |
# |---|---|
# | learning rate too large | the loss grows or jumps, though the gradient check passes |
# | a wrong sign | the loss never settles; relative error 1 |
# | a forgotten sum over the batch | a misshapen gradient; fine in training, poor on new data |
# | `=` for `+=` where a value has two users | wrong gradients only in networks with shared values |
# | gradient check in float32, or $\varepsilon = 10^{-12}$ | large errors from rounding alone |
#
# ## Read more
#
# - D. Rumelhart, G. Hinton, R. Williams, [Learning representations by back-propagating
#   errors](https://www.nature.com/articles/323533a0), *Nature* 323,
#   1986: four pages that changed the field.
# - J. Schmidhuber, [Who invented backpropagation?](https://people.idsia.ch/~juergen/who-invented-backpropagation.html):
#   an opinionated history with the original sources, Linnainmaa and Werbos among them.
# - X. Glorot, Y. Bengio, [Understanding the difficulty of training deep feedforward neural
#   networks](https://proceedings.mlr.press/v9/glorot10a.html), 2010:
#   the experiment of section 6, at full size.
# - K. He and others, [Delving deep into rectifiers](https://arxiv.org/abs/1502.01852), 2015:
#   the factor 2 for ReLU.
# - TensorFlow, [Introduction to gradients and automatic
#   differentiation](https://www.tensorflow.org/guide/autodiff): `GradientTape` in full.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [23 · Dense networks in Keras](23_dense_networks_in_keras.ipynb). Build, train and judge a network that reads handwritten digits. **Before:** [21 · Neurons and layers](21_neurons_and_layers.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+22%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/23_dense_networks_in_keras.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/21_neurons_and_layers.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
