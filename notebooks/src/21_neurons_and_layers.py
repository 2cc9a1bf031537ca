# ---
# jupyter:
#   dlcourse:
#     title: Neurons and layers
#     subtitle: What one neuron can say, what it never can, and why a hidden layer changes that
#     minutes: 80
#     seconds: 23
#     needs: ["11"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "more layers, more power"
#       stop: "section 4"
#       ask: "\"Five layers, 881 weights: can it bend?\" Then XOR (5) by folding a sheet of paper"
#       stuck: "shapes: let them say `(batch, n) @ (n, m)` aloud"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 21 · Neurons and layers
#
# *What one neuron can say, what it never can, and why a hidden layer changes that*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/21_neurons_and_layers.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/21_neurons_and_layers.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/21_neurons_and_layers.ipynb)
#
# **Your time:** 80 minutes · **The notebook runs in:** about 23 s on two CPU cores · **Before this:** lesson 11

# %% [markdown]
# ## You will be able to
#
# 1. compute a neuron's output by hand, and say what its weights and its bias do to its
#    line *(section 1 · exercise 21.1 · quiz)*
# 2. write a layer as one matrix product, state every shape and count the parameters
#    *(section 2 · exercise 21.2 · quiz)*
# 3. choose an activation from its formula, its curve and its derivative
#    *(section 3 · exercise 21.3 · quiz)*
# 4. show why depth without an activation is worth nothing, and how a hidden layer solves
#    what one neuron cannot *(sections 4 and 5 · exercise 21.4 · quiz)*
# 5. judge what width and depth add, and diagnose a network that can only draw a line
#    *(section 6 · exercise 21.5)*

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
import warnings
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.special import ndtr
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import dlcourse
from dlcourse import check, claim, explore, plots, quiz, verify

lesson = dlcourse.start("21", profile=PROFILE, seed=SEED)

import keras
from keras import layers

# %% [markdown]
# ## 1 · One neuron
#
# Two small charged balls hang some way apart. You measure both charges. Do the balls
# **attract** or **repel** each other?
#
# You know the rule: opposite signs attract. A network is not told; it gets 400 simulated
# measurements $x = (x_1, x_2)$ in units of 100 nC (nanocoulombs), so between −1 and 1
# (scaled, as in lesson 11), charges below 10 nC left out.
#
# *Neither number alone says anything*: knowing that ball 1 is positive leaves the answer at
# fifty–fifty, just as no single pixel says "cat". What counts is the combination.

# %%
def measure_pairs(n, rng):
    """Return charges of n pairs, (n, 2), and 1 for each that attracts, else 0, (n,)."""
    x = rng.uniform(0.1, 1, (n, 2)) * rng.choice([-1, 1], (n, 2))
    return x, (x[:, 0] * x[:, 1] < 0).astype(int)


def draw_pairs(axis, points):
    for label, marker, color in ((0, "o", plots.VERMILION), (1, "^", plots.BLUE)):
        name = ("repel (0)", "attract (1)")[label]
        chosen = points[y_train == label]
        axis.scatter(*chosen.T, s=20, marker=marker, color=color, label=name)


rng = np.random.default_rng(lesson.seed)
x_train, y_train = measure_pairs(400, rng)
x_test, y_test = measure_pairs(2000, rng)

AXES = {"xlabel": "charge $x_1$ (100 nC)", "ylabel": "charge $x_2$ (100 nC)",
        "xticks": (-1, 0, 1), "yticks": (-1, 0, 1)}  # fmt: skip
_, axis = plt.subplots(figsize=(5, 4))
draw_pairs(axis, x_train)
axis.set(title="Attracting pairs fill two opposite corners", aspect="equal", **AXES)
axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
plots.show("400 pairs of charges. Circles, repel: lower left and upper right corner."
           " Triangles, attract: upper left and lower right.")

# %% [markdown]
# **Predict**, and write it down: you may draw *one* straight line and say "attract" on one
# side of it, "repel" on the other. What share of the pairs can you get right? Half, seven
# in ten, or nearly all?
#
# One straight line is exactly what one neuron draws. It does three things:
#
# $$z = w_1 x_1 + w_2 x_2 + b = x \cdot w + b, \qquad a = \sigma(z) = \frac{1}{1+e^{-z}}$$
#
# a **weighted sum** of its inputs $x$ with its **weights** $w$, shape `(2,)`; plus a **bias**
# $b$, one number; then an **activation**, here the sigmoid $\sigma$, which turns any $z$ into a
# number between 0 and 1. We read the output $a$ as the probability of "attract".
#
# *By hand*, for the pair $x = (0.5, -1)$ with $w = (2, 1)$ and $b = 0.5$:
# $z = 2 \cdot 0.5 + 1 \cdot (-1) + 0.5 = 0.5$. In NumPy `@` is the **dot product**
# $x \cdot w$: multiply entry by entry, then add.

# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


x, w, b = np.array([0.5, -1.0]), np.array([2.0, 1.0]), 0.5
z = x @ w + b
print(f"z = {z:.2f}   a = {sigmoid(z):.4f}")

# %% [markdown]
# The neuron says "attract" where $a > 0.5$, that is, where $z > 0$. The border
# $w_1 x_1 + w_2 x_2 + b = 0$ is a straight line. The vector $w$ stands at a right angle to
# it and points to the "attract" side; $|b| / \lVert w \rVert$ is the line's distance from the
# origin, with $\lVert w \rVert = \sqrt{w_1^2 + w_2^2}$ the length of $w$.
#
# **Predict**: people say that a neuron is a switch, on or off. Take $w = (1, -1)$,
# $b = -0.5$ and multiply all three numbers by 4, then by 20. Does the line move? Which of the
# three neurons is a switch?

# %%
def draw_plane(predict, axis, title):
    plots.decision_boundary(predict, x_train, y_train, axis, title)
    axis.set(aspect="equal", **AXES)


figure, axes = plt.subplots(1, 3, figsize=(11, 3.9))
for axis, k in zip(axes, (1, 4, 20)):
    draw_plane(lambda x: sigmoid(k * (x[:, 0] - x[:, 1] - 0.5)), axis, f"times {k}")
    axis.label_outer()
figure.suptitle("The line stays, the answer gets steeper", fontweight="bold")
plots.show("Three planes with the same diagonal line. The color changes from repel to"
           " attract gently with small weights, abruptly with large ones.")

# %% [markdown]
# A neuron is a *dial*: far from its line it is sure, near the line it hesitates. Direction
# and position of the line come from the ratios of $w_1, w_2, b$; the length of $w$ sets how
# sure it is. Only in the limit of huge weights is it a switch, and small steps cannot
# improve a switch: its output does not change when a weight changes a little.
#
# Now turn the knobs. How many pairs can you get right? (The arrow is $w$, at a quarter of its
# length. On the right, each pair stands at the answer that would be right, 1 or 0.)

# %%
def neuron(weight_1=3.0, weight_2=-2.0, bias=-1.0):
    w = np.array([weight_1, weight_2])
    z = x_train @ w + bias
    right = ((z > 0) == y_train).mean()
    # without a search for the best margins a slider redraws faster
    _, (plane, curve) = plt.subplots(1, 2, figsize=(8.8, 3.7), layout="none")
    plt.subplots_adjust(wspace=0.3)
    draw_plane(lambda x: sigmoid(x @ w + bias), plane, f"{right:.0%} of pairs right")
    plane.annotate("", w / 4, (0, 0), arrowprops={"width": 2.5, "color": "black"})
    line = np.linspace(-12, 12, 200)
    curve.plot(line, sigmoid(line), color="black")
    draw_pairs(curve, np.stack([z, y_train], axis=1))
    curve.set(xlabel="z = x·w + b", xlim=(-12, 12), xticks=(-10, 0, 10))
    curve.set(ylabel="output a = σ(z)", yticks=(0, 0.5, 1))
    curve.set_title("The neuron's answer, and the right ones")


explore(neuron, weight_1=(-4.0, 4.0), weight_2=(-4.0, 4.0), bias=(-3.0, 3.0),
        alt="Left: the plane with the neuron's line, and its weight vector as an arrow"
            " across it. Right: the sigmoid; triangles at 1, circles at 0.")

# %% [markdown]
# ### Exercise 21.1 · Find one corner
#
# Choose $w_1, w_2, b$ so that the neuron answers above 0.9 for the corner $(1, -1)$, and
# below 0.1 for the other three corners, $(1, 1)$, $(-1, 1)$ and $(-1, -1)$. Try the sliders.
#
# <details><summary>Hint 1</summary>The arrow w must point at the corner that counts.</details>
#
# <details><summary>Hint 2</summary>With b = 0 the line runs through the middle, and the
# corners (1, 1) and (−1, −1) lie on it or one of them on the wrong side. Which sign of b
# pushes the line towards the corner?</details>
#
# <details><summary>Hint 3</summary>σ(2.2) ≈ 0.9: you need z > 2.2 at one corner and
# z < −2.2 at three.</details>

# %% tags=["exercise"]
# Exercise 21.1: a neuron that finds the corner (1, -1) only.
w1, w2, b_corner = ..., ..., ...

# %%
check("21.1", w1, w2, b_corner)

# %% tags=["solution"]
# @title Solution 21.1
check("21.1", 3, -3, -3)  # z = 3 at (1, -1); -3, -3 and -9 at the others

# %% [markdown]
# One corner is possible. Both attracting corners? Instead of trusting a training run, try
# lines all over the plane: 120 directions times 61 positions, with $\lVert w \rVert = 1$.

# %%
angles = np.radians(np.arange(0, 360, 3))
biases = np.linspace(-1.5, 1.5, 61)
directions = np.stack([np.cos(angles), np.sin(angles)])      # (2, 120)
z = (x_train @ directions)[:, :, None] + biases              # (400, 120, 61)
accuracy = ((z > 0) == y_train[:, None, None]).mean(axis=0)  # (120, 61)
i, j = np.unravel_index(accuracy.argmax(), accuracy.shape)
best_line = ((x_test @ directions[:, i] + biases[j] > 0) == y_test).mean()

plt.figure(figsize=(7, 3.6))
plt.pcolormesh(np.degrees(angles), biases, accuracy.T, cmap="cividis")
plt.colorbar(label="share of pairs right")
plt.gca().set(xlabel="direction of w (degrees)", ylabel="bias b")
plt.title("7,320 lines tried: none gets more than 4 pairs in 5")
plots.show("Heat map of the share of pairs right, by direction and bias of a line: four"
           " bright spots of about 0.7, four dark ones, one half elsewhere.")
print(f"the best line: right for ≈ {accuracy.max():.3f} of the 400 pairs that chose it")
claim("of 2,000 new pairs it gets a share of ≈ {:.3f}", best_line,
      at_least=0.63, at_most=0.76)

# %% [markdown]
# "Seven in ten" was the right guess. On the 400 pairs the winner looks better than that: it was
# chosen because it suits just these. The 2,000 new pairs had no say.
#
# The bright spots cut off one corner, as you did; the opposite one is then wrong. Did the
# search miss a line that is right for all? No: a neuron
# that is right on the four corners has $z > 0$ at the two attracting ones and $z < 0$ at the
# others, so
#
# $$\underbrace{(w_1 - w_2 + b) + (-w_1 + w_2 + b)}_{>\,0} = 2b =
# \underbrace{(w_1 + w_2 + b) + (-w_1 - w_2 + b)}_{<\,0}$$
#
# $2b$ cannot be both. These four pairs are the **XOR** problem ("one or the other, not both"),
# the classic example of what a single neuron cannot represent (Minsky and Papert 1969). No
# training can help: the *shape* is wrong. We need more than one neuron.

# %% [markdown]
# ## 2 · A layer: several neurons, one matrix product
#
# A **layer** is several neurons that look at the same inputs. Put the weights of neuron $j$
# into column $j$ of a matrix $W$, shape `(inputs, neurons)`; put the inputs of each pair into
# a row of $X$, shape `(batch, inputs)`:
#
# $$Z = XW + b, \qquad Z_{ij} = \sum_k X_{ik} W_{kj} + b_j$$
#
# The **matrix product** $XW$ is nothing but dot products: entry $(i, j)$ is row $i$ of $X$ times
# column $j$ of $W$. The inner sizes must agree, `(batch, inputs) @ (inputs, neurons)`, and
# vanish; the outer ones stay, `(batch, neurons)`. The bias, shape `(neurons,)`, is added to
# every row (NumPy **broadcasts** it).
#
# **Predict** the shape of $Z$ for 4 pairs and 3 neurons, and the entry in its first row and
# column: pair and neuron are those you computed by hand.

# %%
X = np.array([[0.5, -1.0], [1.0, 1.0], [-1.0, 0.5], [-0.5, -0.5]])  # (4, 2): 4 pairs
W = np.array([[2.0, 1.0, -1.0], [1.0, -1.0, 0.0]])                  # (2, 3): 3 neurons
b = np.array([0.5, 0.0, -1.0])                                      # (3,)
Z = X @ W + b
print(X.shape, "@", W.shape, "+", b.shape, "→", Z.shape)
dense = layers.Dense(3)  # the same layer in Keras, where W is called the kernel
dense.build((None, 2))  # for batches of any size (None) with 2 inputs
print(*(v.shape for v in dense.get_weights()), dense.count_params(), "parameters")

# %%
def draw_matrix(axis, values, left, name, marked):
    for (i, j), value in np.ndenumerate(values):
        color = plots.ORANGE if marked(i, j) else "white"
        axis.add_patch(plt.Rectangle((left + j, -i - 1), 1, 1, fc=color, ec="gray"))
        axis.text(left + j + 0.5, -i - 0.5, f"{value:g}", ha="center", va="center")
    axis.text(left + values.shape[1] / 2, 0.25, name, ha="center")


figure, axis = plt.subplots(figsize=(10, 3.2))
draw_matrix(axis, X, 0, "$X$  (4, 2)", lambda i, j: i == 0)
draw_matrix(axis, W, 3, "$W$  (2, 3)", lambda i, j: j == 0)
draw_matrix(axis, b[None], 7, "$b$  (3,)", lambda i, j: j == 0)
draw_matrix(axis, Z, 11, "$Z$  (4, 3)", lambda i, j: i == j == 0)
for place, sign in ((2.5, "@"), (6.5, "+"), (10.5, "=")):
    axis.text(place, -0.5, sign, ha="center", va="center", fontsize=16)
axis.set(xlim=(-0.1, 14.1), ylim=(-4.1, 0.8))
axis.axis("off")
axis.set_title("Row 1 times column 1, plus bias 1: one pair meets one neuron")
plots.show("Matrices X, W, b and Z with their numbers. Marked: the first row of X,"
           " (0.5, -1), the first column of W, (2, 1), bias 0.5, and the result 0.5.")

# %% [markdown]
# A layer with $n$ inputs and $m$ neurons has $n \cdot m$ weights and $m$ biases, so
# $(n + 1)\, m$ **parameters**: here $(2 + 1) \cdot 3 = 9$, as Keras says. The size of the batch
# does not appear: the same weights serve every row.
#
# ### Exercise 21.2 · Count a network's parameters
#
# A network is layers in a row; each layer's outputs are the next one's inputs.
# `sizes = [2, 16, 1]` means 2 inputs, a layer of 16 neurons, a layer of 1. Return the number
# of parameters for any list of sizes.
#
# <details><summary>Hint 1</summary><code>pairwise([2, 16, 1])</code> gives (2, 16), then
# (16, 1): inputs and neurons of each layer.</details>
#
# <details><summary>Hint 2</summary>By hand for [2, 16, 1]: (2 + 1)·16 + (16 + 1)·1 =
# 65.</details>

# %% tags=["exercise"]
# Exercise 21.2: count the parameters of a dense network.
def count_parameters(sizes):
    ...  # your code here

# %%
check("21.2", count_parameters)

# %% tags=["solution"]
# @title Solution 21.2
def count_parameters_solution(sizes):
    return sum((n + 1) * m for n, m in pairwise(sizes))

check("21.2", count_parameters_solution)

# %% [markdown]
# ## 3 · Activations
#
# The sigmoid is one choice among several. Two things decide: the **curve** says what outputs
# are possible, the **derivative** $f'(z)$ says how much of a learning signal gets back
# through the neuron (lesson 22). $\Phi$ is the standard normal distribution function,
# $\varphi$ its density; the slope $\alpha$ is small, 0.2 here; $p_i$ is softmax's output $i$.
#
# | activation | $f(z)$ | $f'(z)$ | outputs | use it |
# |---|---|---|---|---|
# | linear | $z$ | $1$ | any | output of a regression |
# | sigmoid $\sigma$ | $1/(1+e^{-z})$ | $\sigma(z)(1-\sigma(z))$, at most ¼ | 0 to 1 | output of a yes–no question; gates (lesson 41) |
# | tanh | $(e^z-e^{-z})/(e^z+e^{-z})$ | $1-\tanh^2 z$, at most 1 | −1 to 1 | state of a recurrent network |
# | ReLU | $\max(z, 0)$ | $0$ if $z<0$, $1$ if $z>0$ | 0 and up | hidden layers: the first choice |
# | leaky ReLU | $z$ if $z>0$, else $\alpha z$ | $1$ or $\alpha$ | any | hidden layers, when ReLU neurons die (below) |
# | GELU | $z\,\Phi(z)$ | $\Phi(z)+z\varphi(z)$ | −0.17 and up | hidden layers of Transformers |
# | softmax | $e^{z_i}/\sum_j e^{z_j}$ | $p_i(1-p_i)$, and $-p_ip_j$ | 0 to 1, sum 1 | output: one of several classes |
#
# At $z = 0$ ReLU has a corner and no derivative; libraries use 0 there.

# %%
activations = {  # name: (function, derivative)
    "linear": (lambda z: z, lambda z: np.ones_like(z)),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky ReLU": (lambda z: np.where(z > 0, z, 0.2 * z),
                   lambda z: np.where(z > 0, 1.0, 0.2)),
    "GELU": (lambda z: z * ndtr(z),  # ndtr is Φ
             lambda z: ndtr(z) + z * np.exp(-z**2 / 2) / np.sqrt(2 * np.pi)),
}  # fmt: skip
z, h = np.linspace(-4, 4, 80), 1e-5  # slope: rise from z - h to z + h, over 2 h
off_keras, off_derivative = [], []
for name, (f, derivative) in activations.items():
    in_keras = getattr(keras.activations, name.lower().replace(" ", "_"))(np.float32(z))
    off_keras.append(np.abs(f(z) - keras.ops.convert_to_numpy(in_keras)).max())
    off_derivative.append(np.abs((f(z + h) - f(z - h)) / (2 * h) - derivative(z)).max())
verify("our six formulas are Keras's", max(off_keras), at_most=1e-5)
verify("our six derivatives are the curves' slopes", max(off_derivative), at_most=1e-6)
print(f"largest difference to Keras ≈ {max(off_keras):.0e}, to the slopes"
      f" ≈ {max(off_derivative):.0e}")

# %%
figure, axes = plt.subplots(2, 3, figsize=(10, 5.4), sharex=True)
z = np.linspace(-4, 4, 400)
for axis, (name, (f, derivative)) in zip(axes.flat, activations.items()):
    axis.plot(z, f(z), color=plots.BLUE, label="f(z)")
    axis.plot(z, derivative(z), "--", color=plots.VERMILION, label="derivative f'(z)")
    axis.axhline(0, color="gray", lw=0.8, zorder=0)
    axis.set(title=name, ylim=(-1.3, 2.2))
axes[0, 0].legend(loc="lower right", fontsize=9)
figure.supxlabel("z", fontsize=11)
figure.suptitle("Sigmoid and tanh go flat on both sides, ReLU only on the left",
                fontweight="bold")
plots.show("Six activations, solid, and their derivatives, dashed. For sigmoid and tanh"
           " these fall to 0 on both sides; for ReLU they are 0 left, 1 right.")

# %% [markdown]
# The derivative is the slope of the tangent: move $z$ and watch both. Where is sigmoid's
# derivative largest, and how small is it at $z = 4$? Which derivative exceeds 1?

# %%
def tangent(activation="sigmoid", z=1.0):
    f, derivative = activations[activation]
    line, z = np.linspace(-5, 5, 401), np.array(z)
    _, (left, right) = plt.subplots(1, 2, figsize=(8.8, 3.5), layout="none")
    plt.subplots_adjust(wspace=0.3)
    left.plot(line, f(line), color=plots.BLUE)
    left.plot(line, f(z) + derivative(z) * (line - z), ":", color="black")
    left.plot(z, f(z), "o", color="black")
    left.set(xlabel="z", ylabel="f(z)", ylim=(-1.5, 3), yticks=range(-1, 4))
    left.set_title(f"{activation}: f({z:.1f}) = {f(z):.3f}")
    right.plot(line, derivative(line), "--", color=plots.VERMILION)
    right.plot(z, derivative(z), "o", color="black")
    right.set(xlabel="z", ylabel="f'(z)", ylim=(-0.2, 1.3), yticks=(0, 0.5, 1))
    right.set_title(f"slope of the tangent: {derivative(z):.3f}")


explore(tangent, activation=list(activations), z=(-5.0, 5.0, 0.1),
        alt="Left: the sigmoid with its tangent at z = 1. Right: its derivative, a bump"
            " one quarter high at 0, with a dot at z = 1, height 0.197.")

# %% [markdown]
# ReLU's flat half has a price. A neuron with $z < 0$ for *every* pair outputs 0 always, and
# its derivative is 0 always: no signal comes back, its weights never change. It is **dead**.
# One step of training that throws the bias far down is enough. (In a deeper layer, a change
# of its inputs can wake it again.)

# %%
for bias in (0.0, -1.0, -3.0):
    z = x_train @ np.array([1.0, 1.0]) + bias
    print(f"bias {bias:4.1f}: derivative 1 for a share of ≈ {(z > 0).mean():.2f}")
claim("with bias -3 the largest of all z is negative: dead", z.max(), at_most=0)

# %% [markdown]
# **Softmax** is different: it looks at a whole row. Its inputs are called **logits**, one per
# class; it returns **probabilities** that sum to 1. Say a third answer is possible, "no force
# felt", and three neurons give the logits $z = (2, 1, -1)$. Raising one logit takes
# probability from all others: that is the $-p_i p_j$ in the table. For two classes with
# logits $(z, 0)$ it is the sigmoid.
#
# *By hand*: $e^z = (7.389, 2.718, 0.368)$, their sum is $10.475$, so the probabilities are
# $(0.705, 0.259, 0.035)$.
#
# ### Exercise 21.3 · Softmax for a batch
#
# `logits` has shape `(batch, classes)`. Return the probabilities, same shape, each *row*
# summing to 1. Logits of 1000 must work too: $e^{1000}$ overflows, but subtracting the same
# number from all logits of a row changes no ratio.
#
# <details><summary>Hint 1</summary>Sum along the last axis: <code>axis=-1</code>.</details>
#
# <details><summary>Hint 2</summary><code>keepdims=True</code> keeps the sum's shape (batch, 1), so
# that it broadcasts over the row.</details>
#
# <details><summary>Hint 3</summary>First subtract each row's largest logit.</details>

# %% tags=["exercise"]
# Exercise 21.3: write softmax.
def softmax(logits):
    ...  # your code here

# %%
check("21.3", softmax)

# %% tags=["solution"]
# @title Solution 21.3
def softmax_solution(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)

check("21.3", softmax_solution)
print(softmax_solution(np.array([[2.0, 1.0, -1.0]])).round(3))

# %% [markdown]
# ## 4 · Without an activation, depth is worth nothing
#
# One neuron failed, so stack them. **Predict**: five layers, 16 neurons wide, 881
# parameters, and *no* activation between them. How often can the output bend along a
# straight path through the plane: four times, 64 times, not at all?
#
# Two linear layers in a row:
#
# $$(xW_1 + b_1)\,W_2 + b_2 = x\,\underbrace{W_1W_2}_{W} + \underbrace{b_1W_2 + b_2}_{b}$$
#
# Multiply the matrices first (matrix products are associative), and it is one layer. So for
# any number of layers: start with the identity matrix and multiply in one after the other.

# %%
sizes = [2, 16, 16, 16, 16, 1]
rng = np.random.default_rng([lesson.seed, 4])
stack = [(rng.normal(0, n**-0.5, (n, m)), rng.normal(0, 0.5, m))
         for n, m in pairwise(sizes)]  # fmt: skip


def forward(x, stack, activation):
    *hidden, (W_out, b_out) = stack
    for W, b in hidden:
        x = activation(x @ W + b)
    return x @ W_out + b_out


W_total, b_total = np.eye(2), np.zeros(2)
for W, b in stack:
    W_total, b_total = W_total @ W, b_total @ W + b
print("parameters", sum(W.size + b.size for W, b in stack), "→", W_total.size + 1)
off = np.abs(forward(x_test, stack, lambda z: z) - (x_test @ W_total + b_total)).max()
verify("five linear layers are one linear layer, to rounding", off, at_most=1e-12)

# %%
t = np.linspace(-1, 1, 400)  # from one attracting corner to the other, (t, -t)
figure, axes = plt.subplots(1, 2, figsize=(9.5, 3.4), subplot_kw={"ylabel": "output z"})
for axis, name in zip(axes, ("linear", "ReLU")):
    axis.plot(t, forward(np.stack([t, -t], axis=1), stack, activations[name][0]))
    axis.set(xlabel="t, along (t, −t)", xticks=(-1, 0, 1), title=f"{name} between")
figure.suptitle("Same five layers: without an activation, no bend", fontweight="bold")
plots.show("Output of the five layers along a diagonal path. Left, no activation: a"
           " straight line. Right, same weights with ReLU: a line with several bends.")

# %% [markdown]
# "More layers always mean a more powerful network" is false: without something non-linear
# between them, 881 parameters draw the line that 3 can draw.

# %% [markdown]
# ## 5 · A hidden layer folds the plane
#
# Layers between input and output are called **hidden**. What should a hidden layer ask here?
# Two charges have opposite signs exactly if $|x_1 - x_2| > |x_1 + x_2|$ (square both sides: it
# says $x_1 x_2 < 0$). And ReLU can make an absolute value: $|z| = \text{ReLU}(z) +
# \text{ReLU}(-z)$. So four hidden neurons, $h = \text{ReLU}(xW_1)$ with no bias:
#
# $$h_1 = \text{ReLU}(x_1 - x_2),\quad h_2 = \text{ReLU}(x_2 - x_1),\quad
# h_3 = \text{ReLU}(x_1 + x_2),\quad h_4 = \text{ReLU}(-x_1 - x_2)$$
#
# | pair $(x_1, x_2)$ | $h_1$ | $h_2$ | $h_3$ | $h_4$ | truth |
# |---|---|---|---|---|---|
# | (1, 1) | 0 | 0 | 2 | 0 | repel |
# | (1, −1) | 2 | 0 | 0 | 0 | attract |
# | (−1, 1) | 0 | 2 | 0 | 0 | attract |
# | (−1, −1) | 0 | 0 | 0 | 2 | repel |
#
# ### Exercise 21.4 · The last neuron
#
# The output neuron sees only $h$. Choose its four weights and its bias so that
# $z = h \cdot w + b$ is positive for every attracting pair and negative for every repelling
# one: all pairs, not only the corners.
#
# <details><summary>Hint 1</summary>Which two of the four speak for "attract"?</details>
#
# <details><summary>Hint 2</summary>h1 + h2 = |x1 − x2| must be compared with
# h3 + h4 = |x1 + x2|.</details>

# %% tags=["exercise"]
# Exercise 21.4: the output neuron's weights and bias.
output_weights = [..., ..., ..., ...]
output_bias = ...

# %%
check("21.4", output_weights, output_bias)

# %% tags=["solution"]
# @title Solution 21.4
check("21.4", [1, 1, -1, -1], 0)  # |x1 - x2| - |x1 + x2|

# %% [markdown]
# Look at what the hidden layer did. Two ReLUs together *fold* the plane, like paper, along
# a diagonal; after two folds, one straight cut is right for all pairs.

# %%
def relu(z):
    return np.maximum(z, 0)


W1 = np.array([[1.0, -1.0, 1.0, -1.0], [-1.0, 1.0, 1.0, -1.0]])  # (2, 4)
hidden = relu(x_train @ W1)                                      # (400, 4)
folded = np.stack([hidden[:, 0] + hidden[:, 1], hidden[:, 2] + hidden[:, 3]], axis=1)

figure, (before, after) = plt.subplots(1, 2, figsize=(9.5, 4.3))
draw_pairs(before, x_train)
draw_pairs(after, folded)
after.plot([0, 2], [0, 2], "k--")
before.set(title="What comes in", **AXES)
after.set(title="What the output neuron compares",
          xlabel="$h_1 + h_2 = |x_1 - x_2|$",
          ylabel="$h_3 + h_4 = |x_1 + x_2|$")  # fmt: skip
figure.suptitle("Folded twice, the pairs can be cut by one line", fontweight="bold")
plots.show("Left: four corners that no line separates. Right: the same pairs after the"
           " hidden layer: attracting ones below a dashed diagonal, the others above.")

# %% [markdown]
# Computing the output layer by layer is **forward propagation**. *By hand* for the pair
# $(0.5, -0.25)$, with output weights $8 \cdot (1, 1, -1, -1)$ so that the answer is sure:
# $xW_1 = (0.75, -0.75, 0.25, -0.25)$; ReLU gives $h = (0.75, 0, 0.25, 0)$; then
# $z = 8 \cdot (0.75 - 0.25) = 4$ and $a = \sigma(4) \approx 0.982$: attract.
#
# Keras with the same weights must say the same, for this pair and for a grid of 1,089.

# %%
b1 = np.zeros(4)
W2, b2 = 8 * np.array([[1.0], [1.0], [-1.0], [-1.0]]), np.zeros(1)  # (4, 1), (1,)


def network_of(width):
    hidden = [layers.Dense(width, activation="relu")] if width else []
    output = layers.Dense(1, activation="sigmoid")
    return keras.Sequential([layers.Input((2,)), *hidden, output])


def predict_with(model, x):
    return keras.ops.convert_to_numpy(model(np.float32(x)))[:, 0]  # (batch,)


model = network_of(4)
model.set_weights([W1, b1, W2, b2])
steps = np.linspace(-1, 1, 33)
grid = np.array([(x1, x2) for x1 in steps for x2 in steps])  # (1089, 2)
by_hand = sigmoid(relu(grid @ W1 + b1) @ W2 + b2)[:, 0]      # (1089,)
off = np.abs(by_hand - predict_with(model, grid)).max()
right = ((predict_with(model, x_test) > 0.5) == y_test).mean()
verify("by hand and Keras agree", off, at_most=1e-6)
claim("set by hand, four neurons are right for all 2,000 test pairs", right, at_least=1)

# %% [markdown]
# Nobody sets weights by hand in earnest. Let Keras **train** two networks: starting from
# random weights, it changes them in small steps so that the *loss*, a measure of how wrong
# the probabilities are, gets smaller (how: lesson 22). Same data, same
# steps; one thing differs, the hidden layer of 16 neurons. Answering ½ always costs a loss
# of $\ln 2 \approx 0.69$.

# %%
def train(model):
    adam = keras.optimizers.Adam(0.03)  # how to step, and how far: lesson 51
    model.compile(adam, "binary_crossentropy")  # the loss
    history = model.fit(x_train, y_train, epochs=20, verbose=0)
    accuracy = ((predict_with(model, x_test) > 0.5) == y_test).mean()
    return history.history["loss"], accuracy


# %%
one, sixteen = network_of(0), network_of(16)
(one_loss, one_right), (loss, sixteen_right) = train(one), train(sixteen)
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4))
draw_plane(lambda x: predict_with(one, x), left, "One neuron stays undecided")
draw_plane(lambda x: predict_with(sixteen, x), middle, "A hidden layer gets it right")
right.plot(range(1, 21), one_loss, color=plots.VERMILION, label="one neuron")
right.plot(range(1, 21), loss, "--", color=plots.BLUE, label="16 hidden neurons")
right.axhline(np.log(2), color="gray", ls=":", label="always answering ½")
right.set(xlabel="epoch (pass through the data)", ylabel="training loss")
right.set(ylim=(-0.02, 1.05), title="Only one loss gets far below ln 2")
right.legend()
plots.show("Left: one neuron's plane, pale all over. Middle: with a hidden layer, two"
           " attract and two repel corners. Right: one loss stays at ln 2, one falls.")
print(f"test accuracy: one neuron ≈ {one_right:.3f}, hidden ≈ {sixteen_right:.3f}")
claim("one neuron is right for at most 8 of 10 test pairs", one_right, at_most=0.8)
claim("a hidden layer is right for 95 of 100", sixteen_right, at_least=0.95)

# %% [markdown]
# ## 6 · Width and depth
#
# **Width** is the number of neurons in a layer, **depth** the number of layers. Four hidden
# neurons are enough: you set them yourself. **Predict**: if we *train* a network with four
# hidden neurons, from different random starts, how often will it solve the problem? And do
# two more layers help a network only two neurons wide?
#
# Nine networks, widths 2, 4, 16 and one to three hidden layers of ReLU; each is trained from
# 12 random starts on the same 2,000 fresh pairs. For networks this tiny scikit-learn's
# `MLPClassifier` is far faster than Keras; layers and arithmetic are the same. Its `lbfgs`
# method goes downhill until the loss is flat, to within `tol`. Once all pairs are right, larger
# weights (surer: section 1) would lower the loss forever; the small penalty `alpha` on large
# weights puts an end to that. A ReLU's corner can make `lbfgs` break off: we count such runs.

# %%
rng = np.random.default_rng([lesson.seed, 6])
x_many, y_many = measure_pairs(2000, rng)
starts = rng.integers(2**31, size=lesson.pick(quick=12, full=40))
shapes = [(width, depth) for depth in (1, 2, 3) for width in (2, 4, 16)]
records, typical = [], {}
with threadpool_limits(1), warnings.catch_warnings(record=True) as broken_off:
    warnings.simplefilter("always", ConvergenceWarning)
    for width, depth in shapes:
        networks = [
            MLPClassifier([width] * depth, solver="lbfgs", alpha=0.01, tol=1e-3,
                          max_iter=5000, random_state=start).fit(x_many, y_many)
            for start in starts
        ]  # fmt: skip
        scores = [network.score(x_test, y_test) for network in networks]
        records += [(width, depth, score) for score in scores]
        typical[width, depth] = networks[np.argsort(scores)[len(starts) // 2]]
share = sum(w.category is ConvergenceWarning for w in broken_off) / len(records)
claim("at most 1 training run in 20 broke off early", share, at_most=0.05)
results = pd.DataFrame(records, columns=["width", "depth", "accuracy"])
results["solved"] = results["accuracy"] > 0.98  # all four corners right
groups = results.groupby(["width", "depth"])

# %%
figure, axes = plt.subplots(3, 3, figsize=(8.5, 8.8))
for axis, (width, depth) in zip(axes.flat, shapes):
    network = typical[width, depth]
    size = sum(W.size for W in network.coefs_ + network.intercepts_)
    draw_plane(lambda x: network.predict_proba(x)[:, 1], axis, "")
    axis.set_title(f"width {width}, depth {depth} ({size})", fontsize=11)
    axis.label_outer()
figure.suptitle("Median runs: width brings the four corners", fontweight="bold")
plots.show("Nine planes: widths 2, 4, 16 from left to right, depths 1 to 3 downward."
           " With width 2 corners are missed; with width 16 all four are right.")

# %% [markdown]
# In brackets: the number of parameters. One run of each proves little; here are all of them.

# %%
figure, axis = plt.subplots(figsize=(8.5, 4))
for depth, marker, color in zip((1, 2, 3), "os^", plots.COLORS):
    for column, width in enumerate((2, 4, 16)):
        chosen = results.query("width == @width and depth == @depth")["accuracy"]
        x = column + 0.25 * (depth - 2) + np.linspace(-0.07, 0.07, len(chosen))
        label = f"depth {depth}" if column == 0 else None
        axis.plot(x, chosen, marker, ms=6, alpha=0.7, color=color, label=label)
axis.axhline(best_line, color="gray", ls="--", label="best line of section 1")
axis.set(xticks=range(3), xticklabels=["width 2", "width 4", "width 16"])
axis.set(ylabel="test accuracy", title="Four neurons can do it; not every run does")
axis.legend(ncols=4, loc="lower center", bbox_to_anchor=(0.5, -0.3))
plots.show("Test accuracy of every run. Width 2 spreads widely below 0.9, with rare"
           " exceptions; width 4 spreads up to 1; width 16 stays at the top.")

table = groups["accuracy"].agg(["min", "mean", "max"])
table["solved"] = groups["solved"].mean()
print(table.map("≈ {:.2f}".format))
mean, worst = table["mean"], table["min"]
claim("a training run of the four-neuron network fails", worst[4, 1], at_most=0.95)
claim("width 16, any depth: 98 of 100 right, on average", mean[16].min(), at_least=0.98)
claim("width 2, one layer: fewer than 90, on average", mean[2, 1], at_most=0.9)
claim("width 2: ≈ {:.2f} of the runs solve it", table.solved[2].mean(), at_most=0.15)

# %% [markdown]
# - **What a network can represent is not what training finds.** Four perfect neurons exist, yet
#   some starts get stuck with a corner wrong. With 16, nearly every start gets there; a likely
#   reason is that some of so many neurons happen to begin well.
# - **Depth can repair a layer that is too narrow, but training seldom finds how.** From six
#   seeds, 72 runs a shape, width 2 got all corners in no run with one layer, in two runs with
#   two layers and in two with three; half of the three-layer runs stayed a coin toss. Where
#   depth does pay is a question for lessons 01 and 32.
# - **How far can width go?** *Universal approximation*: one hidden layer, wide enough, comes
#   as close as you like to any continuous function on a closed, bounded region (Cybenko 1989 for
#   sigmoids; Hornik 1991 for every bounded, non-constant continuous activation; Leshno et al.
#   1993: in essence, whatever is not a polynomial). Such weights exist; how many neurons that
#   takes, whether training finds them, and what happens outside the region, it does not say.

# %% [markdown]
# ## Break and fix
#
# A colleague writes a network with two hidden layers of 16 and ReLU. Its loss hardly falls
# below 0.69. She has tried more epochs, more neurons and other step sizes. Run it, look at
# the symptoms, and name the cause before you read the code again.

# %%
def broken_network():
    inputs = layers.Input((2,))
    hidden = layers.Dense(16)(inputs)
    layers.ReLU()(hidden)
    hidden = layers.Dense(16)(hidden)
    layers.ReLU()(hidden)
    outputs = layers.Dense(1, activation="sigmoid")(hidden)
    return keras.Model(inputs, outputs)


broken = broken_network()
loss, broken_right = train(broken)
draw_plane(lambda x: predict_with(broken, x), plt.gca(), "The colleague's network")
plots.show("The plane, pale all over, with at most one straight border.")
print(f"test accuracy ≈ {broken_right:.3f}, last loss ≈ {loss[-1]:.2f}")
print("parameters", broken.count_params())
claim("the colleague's network is no better than one line", broken_right, at_most=0.8)

# %% [markdown]
# ### Exercise 21.5 · Mend it
#
# Write `fixed_network()`: the same layers, 337 parameters, but able to bend. Return the
# model, not trained.
#
# <details><summary>Hint 1</summary>Where in this lesson have you seen this loss and this
# border? Which networks can only do that?</details>
#
# <details><summary>Hint 2</summary>Print <code>[layer.name for layer in broken.layers]</code>. What
# is missing?</details>
#
# <details><summary>Hint 3</summary>A Keras layer does not change its input: it returns a new
# tensor. Who catches it?</details>

# %% tags=["exercise"]
# Exercise 21.5: the colleague's network, mended.
def fixed_network():
    ...  # your code here

# %%
check("21.5", fixed_network)

# %% tags=["solution"]
# @title Solution 21.5
def fixed_network_solution():
    inputs = layers.Input((2,))
    hidden = layers.ReLU()(layers.Dense(16)(inputs))
    hidden = layers.ReLU()(layers.Dense(16)(hidden))
    outputs = layers.Dense(1, activation="sigmoid")(hidden)
    return keras.Model(inputs, outputs)


check("21.5", fixed_network_solution)
print([layer.name.rsplit("_", 1)[0] for layer in broken.layers], "had no ReLU at all")
_, fixed_right = train(fixed_network_solution())
claim("mended, it is right for 95 of 100 test pairs", fixed_right, at_least=0.95)

# %% [markdown]
# ## Quiz

# %%
quiz("21")

# %% [markdown]
# ## Summary
#
# - A neuron: weighted sum, plus bias, then activation, $a = f(x \cdot w + b)$. Its border is a
#   line; $w$ turns it, $b$ shifts it, the length of $w$ says how sure it is.
# - A layer: `activation(X @ W + b)`, `(batch, n) @ (n, m) + (m,)` → `(batch, m)`, with
#   $(n+1)\,m$ parameters.
# - Hidden layers: ReLU or a relative. Output: linear for a number, sigmoid for yes–no,
#   softmax for one of several classes.
# - Linear layers in a row are one linear layer. The activation makes depth count.
# - A hidden layer folds the space until one cut is enough: so XOR is solved.
# - That good weights exist does not mean that training finds them; spare width helps.
#
# You can now compute every number in such a network, and tell from a loss of 0.69 and a
# straight border what is missing. How training finds the weights is lesson 22.
#
# ## Common mistakes
#
# - **No activation**: `Dense(16)` is linear unless you say otherwise. Sign: a straight border,
#   whatever the size.
# - **A layer's result thrown away**, as above. Sign: the layer is missing in
#   `model.summary()`.
# - **Softmax along the wrong axis**. Sign: a batch of one example gets probability 1 for every
#   class.
# - **A transposed weight matrix**: `W.T` fails loudly, unless $W$ is square: then it is silently
#   wrong. PyTorch's `Linear` stores `(neurons, inputs)`, Keras `(inputs, neurons)`.
# - **ReLU on the output** of a regression: it can never answer below 0.
# - **Dead ReLUs**. Sign: a hidden neuron that is 0 for all data. Lower the learning rate or use
#   leaky ReLU.
#
# ## Read more
#
# - [Keras: layer activations](https://keras.io/api/layers/activations/) and
#   [Dense](https://keras.io/api/layers/core_layers/dense/): all of them, with their defaults.
# - G. Cybenko (1989),
#   [Approximation by superpositions of a sigmoidal function](https://doi.org/10.1007/BF02551274),
#   and K. Hornik (1991), [Approximation capabilities of multilayer feedforward
#   networks](https://doi.org/10.1016/0893-6080(91)90009-T): the theorem, with its conditions.
# - X. Glorot, A. Bordes, Y. Bengio (2011),
#   [Deep sparse rectifier neural networks](https://proceedings.mlr.press/v15/glorot11a.html):
#   why ReLU took over.
# - D. Hendrycks, K. Gimpel (2016), [Gaussian error linear units](https://arxiv.org/abs/1606.08415):
#   where GELU comes from.
# - I. Goodfellow, Y. Bengio, A. Courville (2016),
#   [Deep Learning, chapter 6](https://www.deeplearningbook.org/contents/mlp.html): XOR and
#   hidden units at textbook length.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [22 · Backpropagation](22_backpropagation.ipynb). One backward pass tells every weight which way to turn. **Before:** [13 · Splitting and leakage](13_splitting_and_leakage.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+21%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/22_backpropagation.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/13_splitting_and_leakage.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
