# ---
# jupyter:
#   dlcourse:
#     title: Backpropagation
#     subtitle: One backward pass tells every weight which way to turn
#     minutes: 57
#     further: 32
#     seconds: 38
#     needs: ["21"]
#     backends: [tensorflow]
#     teaching:
#       believe: "the gradient is a library's secret"
#       stop: "section 2"
#       ask: "one graph on the board, arrows backwards, a rate on every edge"
#       stuck: "shapes in 22.2: a gradient has the shape of its own array"
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
# **Your time:** 57 minutes, and 32 for *Going further* · **The notebook runs in:** about 38 s on two CPU cores · **Before this:** lesson 21

# %% [markdown]
# ## You will be able to
#
# 1. Push a gradient through a graph by hand, rate by rate. *(section 2 · exercise 22.1)*
# 2. Write the whole backward pass of a two-layer network. *(section 3 · exercise 22.2)*
# 3. Find a wrong gradient by its symptoms and a gradient check.
#    *(section 4 · break and fix · exercise 22.4)*
# 4. Say why weights start at random, and what depth does to a gradient. *(section 5 · quiz)*

# %% tags=["bootstrap"]
# @title Set-up: on Colab and Kaggle, fetches the course's helpers
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
import math
import timeit
from copy import deepcopy
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify
from dlcourse.package_data import package_file

lesson = dlcourse.start("22", profile=PROFILE, seed=SEED, backends=("tensorflow",))

import tensorflow as tf

one_thread = threadpool_limits(1)  # for small matrices NumPy is fastest with one

# %% [markdown]
# ## 1 · Which way should each weight turn?
#
# A network looks at a handwritten digit and gives each of the ten digits a probability. It has
# 784 inputs (28 × 28 pixels), 32 hidden neurons (or **units**) with tanh, and 10 outputs with
# softmax. Its weights start at random, so it guesses. Which of its 25,450 weights and biases should
# grow, which should shrink, and by how much?
# From MNIST we take 4,000 real digits for training, 1,000 others for the test.

# %%
images = datasets.mnist_5k()
x_train = images.x_train.reshape(4000, 784) / 255  # 0 is paper, 1 is ink
x_test = images.x_test.reshape(1000, 784) / 255
y_train = np.eye(10)[images.y_train]  # (4000, 10): a 1 in the column of the right digit
x_some, y_some = x_train[:100], y_train[:100]

# %% [markdown]
# The **loss** says how wrong the network is. A picture whose right digit $c$ got the probability
# $p_c$ costs $-\log p_c$ (the natural logarithm). Sure and right costs 0, guessing ($p_c = \frac1{10}$) costs
# $\log 10 \approx 2.30$, and sure but wrong costs a lot. The loss $L$, called **cross-entropy**, is the mean
# over the pictures.

# %%
def random_params(seed=0):
    rng = np.random.default_rng([lesson.seed, seed])
    spread1, spread2 = 784**-0.5, 32**-0.5  # 1 / √inputs: see section 5
    return {"W1": rng.normal(0, spread1, (784, 32)), "b1": np.zeros(32),
            "W2": rng.normal(0, spread2, (32, 10)), "b2": np.zeros(10)}

def softmax(logits):  # less the largest logit: the same result, and no overflow
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)

def forward(params, x):
    hidden = np.tanh(x @ params["W1"] + params["b1"])             # (batch, 32)
    return hidden, softmax(hidden @ params["W2"] + params["b2"])  # (batch, 10)

def cross_entropy(probabilities, y):
    p = (probabilities * y).sum(axis=1)  # y is 1 for the right digit, else 0
    return -np.log(p + 1e-12).mean()     # 1e-12: never the logarithm of 0

def loss_of(params, x, y):
    return cross_entropy(forward(params, x)[1], y)

# %% [markdown]
# Nudge one weight up, then down, by a small $\varepsilon$. The two losses give the slope
# $\partial L/\partial w$ (the curly $\partial$ says that all other weights stay as they are):
#
# $$\frac{\partial L}{\partial w} \approx \frac{L(w + \varepsilon) - L(w -
# \varepsilon)}{2\varepsilon}$$

# %%
def slope_by_nudging(params, name, place, x, y, eps=1e-5):
    up, down = deepcopy(params), deepcopy(params)
    up[name][place] += eps
    down[name][place] -= eps
    return (loss_of(up, x, y) - loss_of(down, x, y)) / (2 * eps)

slope = slope_by_nudging(random_params(), "W1", (400, 0), x_some, y_some)
print(f"slope ≈ {slope:.4f}")

# %% [markdown]
# That is the slope for the weight from pixel 400 to hidden unit 0. Where a slope is positive, a slightly
# smaller weight lowers the loss; where it is negative, a slightly larger one. The list of all slopes is the
# **gradient** $\nabla L$. It points uphill, so learning takes a step against it. The **learning rate**
# $\alpha$ scales the step:
#
# $$w := w - \alpha \nabla L(w)$$
#
# Nudging costs two passes through the network for each weight or bias: 50,900 for *one* step.
#
# **Predict.** **Backpropagation** gets all 25,450 slopes from one pass forward and one backward.
# How many times faster is that: 10, 100, or more than 1,000?
#
# ## 2 · Rates multiply
#
# One euro buys 1.1 dollars, and one dollar buys 150 yen. So one euro buys $1.1 \cdot 150 = 165$ yen.
# **Along a chain, rates multiply.**
#
# Flour costs 1 cent more, so a roll costs 0.3 cents more, and a slice of cake 0.2.
# A breakfast of both costs 0.5 cents more. **Where paths meet, rates add.**
#
# Backpropagation needs only these two rules. A derivative is such a rate: $\partial a/\partial z$ says how much $a$
# changes per unit of $z$, for a small nudge. Take lesson 21's neuron, the right answer $y$, and a squared loss:
#
# $$z = wx + b, \qquad a = \sigma(z), \qquad L = (a - y)^2.$$
#
# With $x = 2$, $w = 0.5$, $b = -1$, $y = 1$: $z = 0$, $a = 0.5$ and $L = 0.25$. Nudge $b$ by 0.001, and $L$
# changes by −0.00025. Nudge $w$ instead, and $L$ changes by −0.0005. Why twice as much?
#
# A nudge of $w$ reaches $L$ through $z$ and $a$, so three rates multiply (the **chain rule**):
#
# $$\frac{\partial L}{\partial w} = \frac{\partial L}{\partial a} \cdot
# \frac{\partial a}{\partial z} \cdot \frac{\partial z}{\partial w}
# = \underbrace{2(a - y)}_{\text{error}} \cdot \underbrace{a(1 - a)}_{\text{slope of }\sigma} \cdot
# \underbrace{x}_{\text{input}} = -1 \cdot 0.25 \cdot 2 = -0.5$$
#
# For $b$ the last rate is 1, so the slope is −0.25.
# Draw inputs and operations as nodes, and values as edges: this is the **graph**. Walk it *backward* from the loss,
# and the rates that $w$ and $b$ share are multiplied only once. In code `d_z` stands for
# $\partial L/\partial z$.

# %%
def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))  # = 1 / (1 + exp(-z)), but never overflows

def neuron(w, b, x=2.0, y=1.0):
    """Each edge of the neuron's graph: (value, gradient)."""
    u = w * x  # forward
    z = u + b
    a = sigmoid(z)
    d_a = 2 * (a - y)            # backward, from the loss
    d_z = d_a * a * (1 - a)
    d_u, d_b = d_z, d_z          # a sum hands on what it gets
    d_w, d_x = d_u * x, d_u * w  # a product: each gets the other's value as its rate
    return {"x": (x, d_x), "w": (w, d_w), "u": (u, d_u), "b": (b, d_b),
            "z": (z, d_z), "a": (a, d_a), "L": ((a - y) ** 2, 1.0)}

# %% [markdown]
# **Predict.** Slide `b` down to −6. The answer is then almost as wrong as can be. Does a large gradient come
# back to `w`?

# %% tags=["hide-input"]
WIRES = {"x": ("x", (0, 1), (1.28, 0.55)), "w": ("w", (0, 0), (1.28, 0.45)),
         "u": ("×", (1.4, 0.5), (2.5, 0.5)), "b": ("b", (1.4, 1.2), (2.5, 0.6)),
         "z": ("+", (2.6, 0.5), (3.5, 0.5)), "a": ("σ", (3.6, 0.5), (4.5, 0.5)),
         "L": ("(a − y)²", (4.8, 0.5), (5.9, 0.5))}

def number(value, digits=3):
    return f"{value:.{digits}g}".replace("-", "−")
def neuron_graph(w=0.5, b=-1.0, x=2.0):
    axis = plt.subplots(figsize=(10, 3.6))[1]
    red, a = {"color": plots.VERMILION, "ha": "center"}, sigmoid(w * x + b)
    rates = {"u": f"to w: ×{number(x)}\nto x: ×{number(w)}", "z": "×1",
             "a": f"×{number(a * (1 - a), 2)}", "L": f"×({number(2 * (a - 1), 2)})"}
    for name, (value, gradient) in neuron(w, b, x).items():
        node, start, end = WIRES[name]
        axis.annotate("", end, start, arrowprops={"arrowstyle": "->"})
        middle = start[0] + (0.6 if start[1] == end[1] else -0.1)
        axis.text(middle, start[1] + 0.14, f"{name} = {number(value)}", ha="center")
        axis.text(middle, start[1] - 0.22, f"({number(gradient)})", **red)
        axis.text(*start, node, ha="center", va="center", bbox={"fc": "w", "pad": 5})
        axis.text(start[0], 0.2, rates.get(name, ""), va="top", **red)
    axis.annotate("backward", (3, -0.2), (4.2, -0.22), arrowprops={"arrowstyle": "->"})
    axis.set(xlim=(-0.4, 6), ylim=(-0.4, 1.45)), axis.axis("off")
    axis.set_title("Gradients (in brackets) come back, times the rate under each node")
explore(neuron_graph, w=(-3.0, 3.0, 0.5), b=(-6.0, 6.0, 0.5), x=(-3.0, 3.0, 0.5),
        alt="The neuron's graph: value and gradient per edge, rates under the nodes.")

# %% [markdown]
# Almost none: the loss rises from 0.25 to 0.99, but $w$'s gradient shrinks from −0.5 to −0.026. The rate
# of $\sigma$ is $a(1 - a)$: at most ¼, and near 0 where $\sigma$ is flat. There the neuron is **saturated**.
#
# ### Exercise 22.1
#
# The same graph with $x = -4$, $w = 0.4$, $b = 2.7$, $y = 1$. Find $\partial L/\partial w$,
# $\partial L/\partial b$ and $\partial L/\partial x$ by hand, to three decimals. Take
# $\sigma(1.1) = 0.75$.
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
# ## 3 · A whole layer at once
#
# A layer computes $z = xW + b$ for a batch of $m$ pictures. Write $\delta = \partial L/\partial z$ (in code
# `delta`) for the gradient that comes back: a number for each picture and unit. Two pictures (the rows of $x$),
# two inputs and one unit:
#
# $$x = \begin{pmatrix} 1 & 2 \\ 3 & 0 \end{pmatrix}, \quad
# W = \begin{pmatrix} 0.5 \\ -1 \end{pmatrix}, \quad b = 1, \quad
# \delta = \begin{pmatrix} 0.1 \\ -0.2 \end{pmatrix}$$
#
# The first weight multiplies the 1 in the first picture and the 3 in the second. Paths add, so its gradient
# is $1 \cdot 0.1 + 3 \cdot (-0.2) = -0.5$:

# %% tags=["hide-input"]
leaves = {"W_{11} = 0.5": "1 · 0.1 + 3 · (−0.2) = −0.5",
          "W_{21} = -1": "2 · 0.1 + 0 · (−0.2) = 0.2", "b_1 = 1": "0.1 − 0.2 = −0.1"}
rates = {1.6: ("× 1 ($x_{11}$)", "× 2 ($x_{12}$)", "× 1"),
         0.4: ("× 3 ($x_{21}$)", "× 0 ($x_{22}$)", "× 1")}  # fmt: skip
axis, arrow = plt.subplots(figsize=(10, 3.8))[1], {"arrowstyle": "->"}

def put(x, y, text, color="black", ha="center", **box):
    axis.text(x, y, text, color=color, ha=ha, va="center", bbox=box or None)

for row, (leaf, slope) in enumerate(leaves.items()):
    put(-0.5, 2 - row, f"({slope})", plots.VERMILION, "right")
    for y, rate in rates.items():
        axis.annotate("", (2.4, y), (0.3, 2 - row), arrowprops=arrow)
        put(1, 2 - row + 0.34 * (y + row - 2), rate[row], fc="w", ec="none", pad=1)
    put(0, 2 - row, f"${leaf}$", fc="w", pad=5)
for k, y, z, delta in ((1, 1.6, -0.5, 0.1), (2, 0.4, 2.5, -0.2)):
    axis.annotate("", (5, y), (2.9, y), arrowprops=arrow)
    put(2.9, y, f"+ (picture {k})", fc="w", pad=5)
    put(4.3, y + 0.16, f"$z_{{{k}1}} = {z}$")
    put(4.3, y - 0.18, rf"$(\delta_{{{k}1}} = {delta})$", plots.VERMILION)
put(5.15, 1, "\n" * 4 + "$L$" + "\n" * 4, fc="w", pad=8)
axis.set(xlim=(-2, 5.4), ylim=(-0.25, 2.3)), axis.axis("off")
axis.set_title("Backward (in brackets), the paths of a weight meet and add")
plots.show("Graph: weights 0.5 and −1 and bias 1 feed two sums, one a picture, and"
           " these the loss. On each path its input, at each node value and gradient.")

# %% [markdown]
# In general, for input $i$, unit $j$ and pictures $k$:
#
# $$\frac{\partial L}{\partial W_{ij}} = \sum_k x_{ki}\,\delta_{kj}
# \quad\Longleftrightarrow\quad \frac{\partial L}{\partial W} = x^{\mathsf T}\delta$$
#
# A bias reaches every picture with the rate 1. An input reaches every unit, with its weight as the rate: here
# the first picture's inputs get $0.1 \cdot 0.5 = 0.05$ and $0.1 \cdot (-1) = -0.1$. With more units, add their
# paths:
#
# | gradient of | rule | shape |
# |---|---|---|
# | $W$ | $x^{\mathsf T}\delta$ | (inputs, batch) @ (batch, units) = (inputs, units) |
# | $b$ | $\delta$, summed over the batch | (units,) |
# | $x$ | $\delta W^{\mathsf T}$ | (batch, units) @ (units, inputs) = (batch, inputs) |
#
# **A gradient has the shape of what it is the gradient of.**
#
# Where does the last layer's $\delta$ come from? For one picture, softmax and cross-entropy together have a
# simple slope (*Going further* derives it). For the logit $z_j$ of digit $j$, with $y_j = 1$ if that is the
# right digit and else 0, it is
#
# $$\frac{\partial L}{\partial z_j} = p_j - y_j.$$
#
# If the network said $(0.7, 0.2, 0.1)$ and the second was right, $\delta = (0.7, -0.8, 0.1)$: a step against it
# lowers the wrong logits and raises the right one. It has no factor $a(1 - a)$, so a sure but wrong answer sends
# back a large gradient. The loss is a mean over $m$ pictures, so divide by $m$.
#
# Now put the pieces together. By the table, the gradient of $h$, the second layer's input, is
# $\delta_2 W_2^{\mathsf T}$. Between $h$ and the first layer's $z$ stands tanh, entry by entry. So each entry is
# multiplied by its own rate, $1 - h^2$, as at the $\sigma$ node in section 2. That is $\delta_1$. The table's
# first two rules then give the gradients of $W_1$ and $b_1$.
#
# ### Exercise 22.2
#
# Write the backward pass of the digit network. `x` has shape (batch, 784), `y` (batch, 10). `hidden`
# is $h$, `probabilities` is $p$.
#
# <details><summary>Hint 1</summary>delta2 = (probabilities - y) / len(x) has shape (batch, 10). The second
# layer's input is hidden, so W2 gets hidden.T @ delta2.</details>
# <details><summary>Hint 2</summary>Back through W2: delta2 @ params["W2"].T, of shape (batch, 32).
# Back through tanh: times (1 - hidden**2). That is delta1.</details>
# <details><summary>Hint 3</summary>W1 and b1 follow from delta1 by the same two rules. Their layer's input
# is x.</details>

# %% tags=["exercise"]
# Exercise 22.2: the gradients of "W1", "b1", "W2" and "b2".
def backward(params, x, y):
    hidden, probabilities = forward(params, x)  # (batch, 32) and (batch, 10)
    # first delta2, of shape (batch, 10), then delta1, of shape (batch, 32)
    return {"W1": ..., "b1": ..., "W2": ..., "b2": ...}

# %%
check("22.2", backward)

# %% tags=["solution"]
# @title Solution 22.2
def backward_solution(params, x, y):
    hidden, probabilities = forward(params, x)
    delta2 = (probabilities - y) / len(x)
    delta1 = delta2 @ params["W2"].T * (1 - hidden**2)
    return {"W1": x.T @ delta1, "b1": delta1.sum(axis=0),
            "W2": hidden.T @ delta2, "b2": delta2.sum(axis=0)}
check("22.2", backward_solution)

# %% [markdown]
# ## 4 · Check it, then train
# How much faster than nudging is the solution of 22.2?

# %%
def gradients(params, x, y):  # the solution of 22.2, in short names
    h, p = forward(params, x)
    delta2 = (p - y) / len(x)
    delta1 = delta2 @ params["W2"].T * (1 - h**2)
    return {"W1": x.T @ delta1, "b1": delta1.sum(axis=0),
            "W2": h.T @ delta2, "b2": delta2.sum(axis=0)}

def seconds(function):  # the fastest of 20 calls
    params = random_params()
    return min(timeit.repeat(
        lambda: function(params, x_some, y_some), number=1, repeat=20))

ratio = seconds(gradients) / seconds(loss_of)
print(f"forward and backward together take as long as ≈ {ratio:.1f} forward passes")
nudging = 2 * 25_450  # forward passes: two for each number of the network
claim("nudging would take ≈ {:.0f} thousand times as long", nudging / ratio / 1000,
      at_least=3)

# %% [markdown]
# So far more than 1,000. Nudging walks the whole network again for each weight. The backward pass works out
# each $\delta$ once, and all the weights before it share it. That takes one or two matrix products a layer,
# much like the way forward. The price is memory: `h` must be kept for the way back.
#
# Before you train with a gradient, check it. A **gradient check** nudges some entries of each array,
# and compares their slopes $g'$ with your $g$. The **relative error** $\|g-g'\|\,/\,(\|g\|+\|g'\|)$ is 0 if they
# agree, and at most 1 ($\|g\|$ is the length of $g$). A right gradient stays below $10^{-6}$ here. The **factor** is the
# number $k$ that brings $k g'$ closest to $g$: 1 if they agree, 2 if $g$ is twice as long as it should be, −1 if it points the opposite way.

# %%
def gradient_check(function, params, x, y, n=30):
    """Print and return relative errors, from n entries of each array, at random."""
    rng = np.random.default_rng(0)
    errors = []
    for name, grad in function(params, x, y).items():
        places = [tuple(rng.integers(grad.shape)) for _ in range(n)]
        g = np.array([grad[place] for place in places])
        nudged = np.array([slope_by_nudging(params, name, place, x, y)
                           for place in places])
        size = np.linalg.norm(g) + np.linalg.norm(nudged)
        errors.append(np.linalg.norm(g - nudged) / size)
        factor = g @ nudged / (nudged @ nudged)  # least squares
        print(f"{name}: relative error ≈ {errors[-1]:.2g}, factor ≈ {factor:.2f}")
    return errors

params = random_params()
errors = gradient_check(gradients, params, x_some, y_some)
verify("the gradient check agrees", max(errors), at_most=1e-6)

# %% [markdown]
# Now train. Each step draws a **mini-batch** of 50 pictures, whose gradient estimates that of all 4,000.
# (The figure shows the first nine test digits and, last, one misread after training.)

# %%
def train(function, params, steps=800, batch_size=50, learning_rate=0.5, seed=0):
    """Return trained parameters, and the loss on 500 pictures every 20 steps."""
    rng = np.random.default_rng([lesson.seed, seed])
    losses = []
    for step in range(steps):
        if step % 20 == 0:
            losses.append(loss_of(params, x_train[:500], y_train[:500]))
        rows = rng.integers(len(x_train), size=batch_size)
        grads = function(params, x_train[rows], y_train[rows])
        params = {name: w - learning_rate * grads[name] for name, w in params.items()}
    return params, losses

def accuracy(params):
    return (forward(params, x_test)[1].argmax(axis=1) == images.y_test).mean()

runs = [train(gradients, random_params(seed), seed=seed) for seed in range(5)]
before = [100 * accuracy(random_params(seed)) for seed in range(5)]
after = np.array([100 * accuracy(trained) for trained, _ in runs])
print(f"of 100 test digits it reads ≈ {np.mean(before):.0f} before, on average")
claim("after 800 steps the worst of five runs reads ≈ {:.0f} of 100", after.min(),
      at_least=88)

# %% tags=["hide-input"]
figure = plt.figure(figsize=(10, 4))
left, right = figure.subfigures(1, 2, width_ratios=(1, 1.2))
curve = left.subplots()
steps, five = np.arange(0, 800, 20), np.array([path for _, path in runs])
low, high = five.min(axis=0), five.max(axis=0)
curve.fill_between(steps, low, high, color=plots.BLUE, alpha=0.3)
curve.plot(steps, five.mean(axis=0), color=plots.BLUE)
curve.axhline(np.log(10), color="0.4", ls=":")
curve.text(800, np.log(10) + 0.04, "guessing: log 10", ha="right", va="bottom")
curve.set(xlabel="step", ylabel="training loss (mean, range)", ylim=(0, 2.7))
curve.set_title("The loss falls in all five runs …")
said = [forward(p, x_test)[1].argmax(axis=1) for p in (random_params(), runs[0][0])]
misread = 9 + np.flatnonzero(said[1][9:] != images.y_test[9:])[0]
for index, axis in zip([*range(9), misread], right.subplots(2, 5).flat, strict=True):
    axis.imshow(images.x_test[index], cmap="gray_r")
    mark = "" if said[1][index] == images.y_test[index] else " ✗ (is {})"
    mark = mark.format(images.y_test[index])
    axis.set_title(f"{said[0][index]} → {said[1][index]}{mark}", loc="center")
    axis.axis("off")
right.suptitle("… and most test digits are read (before → after)", fontweight="bold")
plots.show("Left: the training loss of five runs falls from about 2.3 to below 0.1."
           " Right: ten test digits, with what the first network read before and after"
           " training; the last one is still misread.")

# %% [markdown]
# The network that guessed now reads most test digits, and no library gave it a gradient. (Did yours pass 22.2?
# Put `backward` in place of `gradients` in `train(…)`: it learns just as well.)
#
# ## 5 · The start, and what depth does
#
# If all weights start equal, all hidden units get equal gradients, and stay equal: 32 units do the work of one
# (*Going further* tries it, in five runs). So weights start at random, which breaks the **symmetry**.
#
# How large should they be? On its way back, each layer multiplies the gradient by its weights and by the rate of its
# activation. If the two together halve it, ten layers leave a thousandth. If they double it, it arrives a
# thousand times as large. So unless each layer's factor stays near 1, gradients **vanish** or **explode**
# exponentially with depth.
#
# A sigmoid's rate is at most ¼, so it easily lets them vanish. ReLU's is 1 wherever its unit is active
# ($z > 0$). What standard deviation should the weights of a layer with $n$ inputs have? For ReLU, Kaiming
# **He**'s $\sqrt{2/n}$, in Keras `kernel_initializer="he_normal"`; for tanh about $1/\sqrt n$, as in
# `random_params`. *Going further* derives both, and measures ten layers.

# %% [markdown]
# ## Break and fix
# Two colleagues have each written a backward pass, with one wrong line in it. Neither pass crashes.
#
# **Predict.** How will each show in training: the loss rises, stands still, falls more slowly than ours, or faster?

# %%
def colleague_a(params, x, y):
    h, p = forward(params, x)
    delta2 = (p - y) / len(x)
    delta1 = delta2 @ params["W2"].T * (h**2 - 1)
    return {"W1": x.T @ delta1, "b1": delta1.sum(axis=0),
            "W2": h.T @ delta2, "b2": delta2.sum(axis=0)}

def colleague_b(params, x, y):
    h, p = forward(params, x)
    delta2 = p - y
    delta1 = delta2 @ params["W2"].T * (1 - h**2)
    return {"W1": x.T @ delta1, "b1": delta1.sum(axis=0),
            "W2": h.T @ delta2, "b2": delta2.sum(axis=0)}

versions = {"ours": gradients, "A": colleague_a, "B": colleague_b}
found = {}  # of each version and batch size: the losses of three runs, (3, 12)
for name, function in versions.items():
    for size in (5, 200):
        runs = [train(function, random_params(seed), steps=240, batch_size=size,
                      learning_rate=0.03, seed=seed) for seed in range(3)]
        found[name, size] = np.array([losses for _, losses in runs])
later = found["B", 200][:, 1:]  # without the loss before the first step
claim("with batches of 200, B's loss is ≈ {:.0f} on average", later.mean(), at_least=4)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True)
for (name, size), paths in found.items():
    look, axis = {"ours": "C0-", "A": "k--", "B": "k:"}[name], axes[size // 200]
    axis.semilogy(range(0, 240, 20), paths.T, look, lw=1, label=[name, "_", "_"])
    axis.set(title=f"Batches of {size}", xlabel="step", ylabel="training loss")
axes[0].legend(loc="upper right", ncols=3), axes[0].set_ylim(0.2, 60)
figure.suptitle("A ends where it began; B leads only at batch size 5", weight="bold")
plots.show("Three runs each. A ends near its start. B: lowest at 5, highest at 200.")

# %% [markdown]
# A's loss rises first, and ends about where it began. B's falls *faster* than ours with batches of 5, but
# jumps up with 200. So a falling loss does not prove a gradient right. (The learning rate is smaller here,
# 0.03. No loss can pass 28, because `cross_entropy` adds $10^{-12}$.)
#
# ### Exercise 22.4
# (22.3 is in *Going further*.) Run the next cell as it stands. It checks both with a batch of 100 pictures.
# Which arrays are wrong, and how? Only then look for the line. In `mend_a` put the number by which to
# multiply each of A's gradients. `mend_b` takes the dictionary of B's gradients and the batch size, and
# returns the right gradients.
# <details><summary>Hint 1</summary>A relative error of 1 with the factor −1: g points exactly against g′. Which of A's arrays
# have it, and what have those in common?</details>
# <details><summary>Hint 2</summary>Check B with two pictures: <code>gradient_check(colleague_b,
# random_params(), x_some[:2], y_some[:2])</code>. What does the factor follow?</details>

# %% tags=["exercise"]
# Exercise 22.4: grads has the keys "W1", "b1", "W2", "b2"
for colleague in (colleague_a, colleague_b):
    print(colleague.__name__)
    gradient_check(colleague, random_params(), x_some, y_some)
mend_a = {"W1": ..., "b1": ..., "W2": ..., "b2": ...}
def mend_b(grads, batch_size):
    ...  # your code here

# %%
check("22.4", mend_a, mend_b)

# %% tags=["solution"]
# @title Solution 22.4
mend_a_solution = {"W1": -1, "b1": -1, "W2": 1, "b2": 1}
# A wrote (h**2 - 1): its hidden layer climbs, while its output layer descends

def mend_b_solution(grads, batch_size):  # B forgot / len(x)
    return {name: grad / batch_size for name, grad in grads.items()}

check("22.4", mend_a_solution, mend_b_solution)

# %% [markdown]
# ## Going further: why the slope is p − y
#
# Section 3 took this on trust. For one picture with logits $z$ and the right digit $c$, softmax gives
# $p_c = e^{z_c} / \sum_i e^{z_i}$. So the loss is a difference of two terms:
#
# $$L = -\log p_c = -z_c + \log \sum_i e^{z_i}$$
#
# Take the slope of each for the logit $z_j$. The first, $-z_c$, has the slope −1 for the right digit and 0 for the
# others: that is $-y_j$. The second is the logarithm of a sum. It has the sum's slope, divided by the sum:
# $e^{z_j} / \sum_i e^{z_i} = p_j$. Together: $p_j - y_j$.
#
# ## Going further: the size of the start
#
# Take a deep network with $n = 100$ units a layer, and weights with mean 0 and standard deviation $s = 0.2$. What
# does one layer do to the length of $\delta$ on its way back?
#
# 1. An entry of $\delta W^{\mathsf T}$ is a sum of 100 products. Each is about 0.2 times as large as an entry of
#    $\delta$, but some are positive and some negative, so they partly cancel. If they are independent, their sum is
#    typically only $\sqrt{100} = 10$ times as large as one. Factor: $\sqrt n \cdot s = 2$.
# 2. Then comes the rate $\varphi'$ of the activation $\varphi$. ReLU's is 1 for about half of the units and 0 for the
#    others. Half of the squares are gone. Factor: $\sqrt{1/2} \approx 0.7$.
#
# Together: 1.4. Ten such layers make the gradient $1.4^{10} \approx 30$ times as long. In general,
#
# $$\text{factor per layer} = \sqrt{n \cdot s^2 \cdot \overline{(\varphi')^2}}$$
#
# The bar is the mean over the units: $\frac12$ for ReLU, and at most $(\frac14)^2$ for the sigmoid.
#
# ### Exercise 22.3
#
# A ReLU network has $n = 50$ units in every layer, and weights with $s = 0.1$. What is its factor per
# layer? What share of the gradient is left after 10 layers? Which $s$ would keep it level? With
# *that* $s$, what factor would sigmoids have at most?
#
# <details><summary>Hint 1</summary>factor = √(50 · 0.1² · ½).</details>
# <details><summary>Hint 2</summary>Ten layers multiply by it ten times. Level means a factor of 1: 50 · s² · ½
# = 1. For sigmoids (¼)² takes the place of ½.</details>

# %% tags=["exercise"]
# Exercise 22.3: the start decides what arrives.
start = {"factor": ..., "after_10": ..., "level_std": ..., "sigmoid": ...}

# %%
check("22.3", start)

# %% tags=["solution"]
# @title Solution 22.3
factor = np.sqrt(50 * 0.1**2 / 2)  # 0.5
level_std = np.sqrt(2 / 50)  # 0.2
check("22.3", {"factor": factor, "after_10": factor**10, "level_std": level_std,
               "sigmoid": np.sqrt(50 * level_std**2 / 16)})

# %% [markdown]
# You found He's start, $s = \sqrt{2/n}$: it keeps ReLU's gradient level. (For tanh near 0,
# $\varphi' \approx 1$ gives $s = 1/\sqrt n$.) By this formula, ten sigmoid layers with He's start leave at
# most $0.35^{10} \approx 0.00003$.
#
# Here each layer has as many outputs as inputs. If not, the way back counts a layer's outputs: an input's
# gradient adds one path for each. The way forward counts its inputs, and so do Keras's `he_normal` and
# section 5.

# %% [markdown]
# ## Going further: ten layers, measured
#
# The formula took the products as independent. Does it hold for real digits? Take ten hidden layers of 32
# units with He's start, not yet trained. Only the activation differs.
#
# **Predict.** By the formula, a sigmoid's factor is at most 0.35 here. Will it be close to that, or far
# below?

# %%
ACTIVATIONS = {  # the function, and its rate in terms of its output h
    "sigmoid": (sigmoid, lambda h: h * (1 - h)),
    "ReLU": (lambda z: np.maximum(z, 0), lambda h: h > 0),
}

def deep_pass(weights, biases, activation, x, y):
    """Probabilities; what goes into each layer; each layer's delta."""
    act, rate = ACTIVATIONS[activation]
    inputs = [x]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        inputs.append(act(inputs[-1] @ W + b))
    p = softmax(inputs[-1] @ weights[-1] + biases[-1])
    deltas = [(p - y) / len(x)]
    for layer in range(len(weights) - 1, 0, -1):  # from the last one back to the second
        arrives = deltas[0] @ weights[layer].T  # section 3: the gradient of its inputs
        deltas.insert(0, arrives * rate(inputs[layer]))
    return p, inputs, deltas

# %%
def draw_weights(seed, depth=10, scale=1.0):
    rng = np.random.default_rng([lesson.seed, seed])
    sizes = [784, *[32] * depth, 10]
    return [rng.normal(0, scale * np.sqrt(2 / n), (n, m)) for n, m in pairwise(sizes)]

def flow(activation, scale=1.0):
    """Sizes of delta in layers 1 to 10, layer 10 = 1, for each of 5 starts: (5, 10)."""
    sizes = []
    for seed in range(5):
        weights, biases = draw_weights(seed, scale=scale), np.zeros(11)
        deltas = deep_pass(weights, biases, activation, x_some, y_some)[2]
        norms = np.array([np.linalg.norm(delta) for delta in deltas[:10]])
        sizes.append(norms / norms[-1])
    return np.array(sizes)

factors = {name: flow(name)[:, 0] ** (1 / 9) for name in ACTIVATIONS}  # per layer
for name, values in factors.items():
    print(f"{name}: ≈ {values.min():.2f} to ≈ {values.max():.2f} in five starts")
claim("a sigmoid layer hands back ≈ {:.2f} of its gradient",
      factors["sigmoid"].mean(), at_most=0.34)
claim("a ReLU layer with the same start hands back ≈ {:.2f} of it",
      factors["ReLU"].mean(), at_least=0.9, at_most=1.08)
_, outputs, _ = deep_pass(draw_weights(0), np.zeros(11), "sigmoid", x_some, y_some)
spread = outputs[10].std(axis=0).mean()
print(f"forward, sigmoid layer 10 varies over the pictures by ≈ {spread:.0e}")

# %% tags=["hide-input"]
def mean_flow(activation, scale=1.0):  # geometric, for a logarithmic axis
    return np.exp(np.log(flow(activation, scale)).mean(axis=0))

sigmoid_flow, relu_flow = mean_flow("sigmoid"), mean_flow("ReLU")

def gradient_flow(activation="ReLU", scale=2.0):
    yours = mean_flow(activation, scale)
    layers = np.arange(1, 11)
    axis = plt.subplots(figsize=(7.5, 4.2))[1]
    label = f"yours: {activation}, {scale:.1f} × He"
    axis.plot(layers, sigmoid_flow, "^-", color=plots.PURPLE, label="sigmoid, He")
    axis.plot(layers, relu_flow, "o-", color=plots.GREEN, label="ReLU, He")
    axis.semilogy(layers, yours, "s--", color="black", mfc="white", label=label)
    axis.annotate("backward", (0.43, 0.93), (0.66, 0.93), "axes fraction", va="center",
                  arrowprops={"arrowstyle": "->", "lw": 1.5})
    limits = min(1e-8, yours.min() / 2), max(1e5, 2 * yours.max())
    axis.set(ylim=limits, xticks=layers,
             xlabel="hidden layer (1 is next to the input)",
             ylabel="size of δ (layer 10 = 1)")
    axis.legend(loc="lower right")
    axis.set_title("With He's start, sigmoid loses a factor of 3 per layer")

explore(gradient_flow, activation=["ReLU", "sigmoid"], scale=(0.2, 8.0, 0.2),
        alt="Gradient size against layer, logarithmic. Sigmoid: from 1 in layer 10 to a"
            " few hundred-thousandths in layer 1. ReLU: level. Twice He: above 400.")

# %% [markdown]
# Close: of layer 10's gradient less than a ten-thousandth arrives in layer 1, as the formula says
# ($0.35^9 < 0.0001$). ReLU roughly keeps the gradient's size, and twice He's scale (dashed) about doubles
# it per layer. (Lines: geometric means of five starts.) On the way forward the pictures fade, too: in the
# one start that we measured, sigmoid layer 10 gives nearly the same output for each.
#
# **Play.** Which multiple of He's scale keeps the sigmoids level? Not 3, though $3 \cdot 0.35 \approx 1$:
# large weights also saturate them. (It takes about 7.)

# %% [markdown]
# ## Going further: other starts
#
# **Predict.** Start all weights at 0.02, and train as in section 4. How many *different* hidden units will
# there be?

# %%
equal = {name: np.full_like(array, 0.02 if name[0] == "W" else 0)
         for name, array in random_params().items()}
same = [train(gradients, equal, seed=seed)[0] for seed in range(5)]
units = [np.unique(params["W1"].round(6), axis=1).shape[1] for params in same]
print(f"different hidden units: {max(units)} of 32, in each of five runs")
cost = after - [100 * accuracy(params) for params in same]
claim("starting from equal weights costs at least ≈ {:.0f} digits of 100",
      cost.min(), at_least=40)

# %% [markdown]
# One: equal units stay equal, as section 5 said. The network can do no more than one with a single hidden unit.
# (From 0, with tanh, no weight ever moves, only $b_2$ does: what comes back to $W_1$ is multiplied by $W_2 = 0$, and $W_2$ gets $h = 0$.)
#
# Xavier **Glorot**'s start, $s = \sqrt{2/(n_{in}+n_{out})}$ for a layer with $n_{in}$ inputs and $n_{out}$
# outputs, is made for $\varphi' \approx 1$, which tanh has near 0. In layers of equal width it leaves a
# sigmoid, by the formula, a factor of at most ¼. In Keras, `Dense` starts with Glorot, unless you say
# otherwise.
#
# ## Going further: does it learn at all?
#
# Train ten sigmoid layers with He's start for `n_steps` steps, by the plain update of section 1. Then make
# one change: two layers in place of ten, ReLU in place of the sigmoid, or **Adam** in place of the plain
# update. Adam is an optimizer that divides each gradient by its own typical size before it steps. (It also
# averages the gradients of about ten steps, and has its own learning rate, 0.003 in place of 0.1.)
#
# **Predict.** Which of the three changes helps?

# %%
n_steps = lesson.pick(quick=1000, full=3000)

def adam(grads, state, t):  # state: the mean gradient m and the mean square s, of each
    for g, (m, s) in zip(grads, state, strict=True):
        m[:] = 0.9 * m + 0.1 * g
        s[:] = 0.999 * s + 0.001 * g**2
    return [m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-7) for m, s in state]

def deep_train(activation, depth, use_adam, seed):
    weights, losses = draw_weights(seed, depth), []
    arrays = weights + [np.zeros(W.shape[1]) for W in weights]
    state = [(np.zeros_like(a), np.zeros_like(a)) for a in arrays]  # for Adam
    rng = np.random.default_rng([lesson.seed, seed])
    rate = 0.003 if use_adam else 0.1  # Adam's steps are about as large as its rate
    for t in range(1, n_steps + 1):
        rows = rng.integers(len(x_train), size=50)
        x, y = x_train[rows], y_train[rows]
        weights, biases = arrays[: depth + 1], arrays[depth + 1 :]
        p, inputs, deltas = deep_pass(weights, biases, activation, x, y)
        losses.append(cross_entropy(p, y))
        grads = [h.T @ delta for h, delta in zip(inputs, deltas, strict=True)]
        grads += [delta.sum(axis=0) for delta in deltas]
        grads = adam(grads, state, t) if use_adam else grads
        arrays = [a - rate * g for a, g in zip(arrays, grads, strict=True)]
    return np.reshape(losses, (-1, 50)).mean(axis=1)  # means of 50 steps

# %%
RUNS = {"10 sigmoid": ("sigmoid", 10, False), "2 sigmoid": ("sigmoid", 2, False),
        "10 ReLU": ("ReLU", 10, False), "10 with Adam": ("sigmoid", 10, True)}
curves = {label: np.array([deep_train(*run, seed) for seed in range(3)])
          for label, run in dlcourse.track(RUNS.items(), "training")}
stuck, slowest = curves["10 sigmoid"].min(), curves["10 with Adam"].min(axis=1).max()
claim(f"{n_steps:,} plain steps leave ten sigmoid layers at ≈ {{:.2f}}: guessing",
      stuck, at_least=2.25)
claim("with Adam, all three runs get down to ≈ {:.1f} or lower", slowest, at_most=2.1)

# %% tags=["hide-input"]
styles = {"-": plots.PURPLE, "--": plots.SKY, "-.": plots.GREEN, ":": plots.ORANGE}
for (label, runs), (style, color) in zip(curves.items(), styles.items(), strict=True):
    steps, low, high = np.arange(25, n_steps, 50), runs.min(axis=0), runs.max(axis=0)
    plt.plot(steps, runs.mean(axis=0), style, color=color, label=label, lw=2.5)
    plt.fill_between(steps, low, high, color=color, alpha=0.2)
plt.gca().set(xlabel="step (each point: 50)", ylabel="training loss", ylim=(0, 2.5))
plt.title("Plain descent leaves ten sigmoid layers at guessing"), plt.legend()
plots.show("Loss: ten sigmoid layers stay at 2.3; with Adam, ReLU or two it falls.")

# %% [markdown]
# (Lines: means of three runs; bands: their range. Adam's network has ten sigmoid layers, too.) All three
# changes help, in every run. With ReLU the gradient roughly keeps its size, at least at the start. Two
# layers multiply by a small factor only once or twice. Adam is the surprise: the very network that stood
# still does learn, if slowly. The likely reason is that a small gradient, divided by its own typical size,
# makes a step nearly as large as any other. (The exception is a gradient as small as the $10^{-7}$ in the
# denominator, and in layer 1 it may be, at first.)
#
# The way forward suffers, too: before training, layer 10 gives nearly the same output for every picture, as
# the section on ten layers found. Which of the two ways holds plain descent back, this experiment does not
# tell.

# %% [markdown]
# ## Going further: an engine for any graph
#
# A library does not know your network. It records what you compute, and walks the record back. Here is
# such an engine for single numbers. Each `Value` remembers its `inputs` and how to hand a gradient back to
# them. A **tape** keeps all of them, each after its inputs.

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

# %% [markdown]
# Walk the tape in reverse: by the time you reach a number, all that used it have reported.
#
# **Predict.** In $L = a \cdot a$ with $a = 3$, $a$ feeds the product twice. Is its gradient 3, 6 or 9?

# %%
def as_value(number):
    return number if isinstance(number, Value) else Value(number)

def value_exp(z):
    e = math.exp(z.data)
    return Value(e, (z,), lambda grad: (grad * e,))  # one input: a tuple of one

def value_log(z):
    return Value(math.log(z.data), (z,), lambda grad: (grad / z.data,))

def backpropagate(loss):
    """Set .grad of every Value on the tape to d(loss)/d(that Value)."""
    for value in tape:
        value.grad = 0.0
    loss.grad = 1.0
    for value in reversed(tape):
        for source, grad in zip(value.inputs, value.backward(value.grad), strict=True):
            source.grad += grad  # where paths meet, gradients add

a = Value(3)
backpropagate(a * a)
print(f"dL/da = {a.grad:.1f}")

# %% [markdown]
# Six: two paths of 3 each meet in $a$, so we need `+=`; with `=` it would be 3. This is **reverse-mode
# automatic differentiation**. Seppo Linnainmaa described it in 1970; Rumelhart, Hinton and Williams showed
# in 1986 that networks trained by it find useful hidden features.
#
# TensorFlow's `GradientTape` does the same with whole arrays. Does it agree with section 4?

# %%
variables = {name: tf.Variable(array) for name, array in params.items()}
with tf.GradientTape() as recorder:
    h = tf.tanh(x_some @ variables["W1"] + variables["b1"])
    logits = h @ variables["W2"] + variables["b2"]
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(y_some, logits))
theirs, ours = recorder.gradient(loss, variables), gradients(params, x_some, y_some)
gap = max(np.abs(ours[name] - theirs[name]).max() for name in ours)
claim("TensorFlow finds the same gradients, to ≈ {:.0e}", gap, at_most=1e-6)

# %% [markdown]
# ## Going further: a network that invents towns
#
# Which letter comes next? Learn it from the names of American towns with an airport (from the package
# vega_datasets). A dot stands for beginning and end: `.ely.` holds the pairs `.e`, `el`, `ly`, `y.`. The letter before
# chooses a row of 27 logits, and softmax makes them probabilities for the letter after. Such a **bigram** model
# is a very small language model.

# %%
table = pd.read_csv(package_file("vega_datasets", "_data/airports.csv"))
towns = table["city"].dropna().str.lower().drop_duplicates()
towns = towns[towns.str.fullmatch("[a-z]+")]  # one word, no hyphen
LETTERS, pairs = ".abcdefghijklmnopqrstuvwxyz", np.zeros((27, 27))
for first, second in pairwise("." + ".".join(towns) + "."):
    pairs[LETTERS.index(first), LETTERS.index(second)] += 1
print(f"{len(towns)} towns; after q comes u in {pairs[17, 21]:.0f} of"
      f" {pairs[17].sum():.0f} cases")

def next_letter_loss(logits):
    """Mean of -log p over all pairs: log(sum of exp) less the logit."""
    loss, shares = Value(0), pairs / pairs.sum()
    for row, share in zip(logits, shares, strict=True):
        total = Value(0)
        for z in row:
            total = total + value_exp(z)
        loss = loss + value_log(total) * share.sum()
        for column in share.nonzero()[0]:
            loss = loss + row[column] * -share[column]
    return loss

# %%
town_logits = np.zeros((27, 27))
for step in dlcourse.track(range(60), "learning pairs"):
    tape.clear()
    values = [[Value(z) for z in row] for row in town_logits]
    loss = next_letter_loss(values)
    backpropagate(loss)
    # 50: each slope is one of 729 shares of a mean, so tiny
    town_logits -= 50 * np.array([[value.grad for value in row] for row in values])
counted = pairs / pairs.sum(axis=1, keepdims=True)
limit = -(pairs * np.log(counted + 1e-12)).sum() / pairs.sum()
print(f"guessing {np.log(27):.2f}, network ≈ {loss.data:.2f}, counting {limit:.2f}")
claim("the network comes within ≈ {:.3f} of counting", loss.data - limit, at_most=0.1)

next_letter, rng = softmax(town_logits), np.random.default_rng(lesson.seed)
text = "."
while text.count(".") < 60:
    row = next_letter[LETTERS.index(text[-1])]
    text += LETTERS[rng.choice(27, p=row)]
names = [name.title() for name in text.split(".") if 4 <= len(name) <= 9]
print(*names[:12], sep=", ")

# %% [markdown]
# On these names no bigram model has a lower loss than the counted shares, and descent gets close to that by
# itself. The invented names (printed are those of 4 to 9 letters) sound right for two letters at a time at best: the
# network sees only one letter back, and 60 steps have not ruled out every pair that no town has.
#
# ## Quiz

# %%
quiz("22")

# %% [markdown]
# ## Summary
#
# - Along a chain rates multiply; where paths meet they add.
# - Gradients of a layer: $x^{\mathsf T}\delta$ for $W$, $\delta$ summed over the batch for $b$,
#   $\delta W^{\mathsf T}$ for $x$. Each has its array's shape.
# - Backpropagation only finds the gradient. The step against it is gradient descent.
# - Hidden units that start equal stay equal, so start at random.
# - Each layer multiplies the gradient by a factor, and ten layers do it ten times. A good start keeps
#   the factor near 1.
#
# At the start you could only nudge 25,450 numbers one by one. Now you can write the gradient of them all, and check
# it.
#
# ## Common mistakes
#
# | mistake | how it shows |
# |---|---|
# | a wrong sign | factor −1 from that layer back |
# | sum instead of mean | factor = batch size, each step that many times too large; a falling loss can hide it |
# | a forgotten sum over the batch | a misshapen gradient, which the update broadcasts silently; an error comes only later, if at all |
#
# ## Read more
#
# - D. Rumelhart, G. Hinton, R. Williams, [Learning representations by back-propagating
#   errors](https://www.nature.com/articles/323533a0), 1986.
# - X. Glorot, Y. Bengio, [Understanding the difficulty of training deep feedforward neural
#   networks](https://proceedings.mlr.press/v9/glorot10a.html), 2010, and K. He and others, [Delving deep into
#   rectifiers](https://arxiv.org/abs/1502.01852), 2015: how large to start, at full size.
# - TensorFlow, [Introduction to gradients](https://www.tensorflow.org/guide/autodiff): `GradientTape` in full.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [23 · Dense networks in Keras](23_dense_networks_in_keras.ipynb). Build, train and judge a network that reads handwritten digits. **Before:** [21 · Neurons and layers](21_neurons_and_layers.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+22%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/23_dense_networks_in_keras.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/21_neurons_and_layers.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
