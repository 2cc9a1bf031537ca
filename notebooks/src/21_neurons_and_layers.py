# ---
# jupyter:
#   dlcourse:
#     title: Neurons and layers
#     subtitle: What one neuron can say, what it never can, and why a hidden layer changes that
#     minutes: 62
#     further: 11
#     seconds: 35
#     needs: ["11"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "more layers, more power"
#       stop: "section 4"
#       ask: "\"Five layers, 881 parameters: can it bend?\" Then fold a sheet of paper (section 3)"
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
# **Your time:** 62 minutes, and 11 for *Going further* · **The notebook runs in:** about 35 s on two CPU cores · **Before this:** lesson 11

# %% [markdown]
# ## You will be able to
#
# 1. say how a neuron's weights and bias place its line *(section 1 · exercise 21.1)*
# 2. write a network as matrix products, and count its parameters
#    *(sections 2 and 3 · exercise 21.2)*
# 3. choose an output's activation, and write softmax *(section 4 · exercise 21.3 · quiz)*
# 4. diagnose a network that can only draw a line *(section 2 · break and fix: exercise 21.4)*

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
from functools import partial  # partial(f, a)() is f(a)

import matplotlib.pyplot as plt
import numpy as np

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("21", profile=PROFILE, seed=SEED)

import keras
from keras import layers

RUNS = lesson.pick(quick=10, full=40)  # trainings of each small network in section 5
digits = datasets.mnist_5k()  # real digits (MNIST), 28 × 28 pixels, with their labels

# %% [markdown]
# ## 1 · One neuron draws one line
#
# Two handwritten digits, each a 0 or a 1. Do the pictures show the **same** digit, or **different**
# ones? A bank asks the same of two signatures, a phone of two faces.
#
# A neuron computes with numbers, so measure each picture first: what share of its ink lies in the
# 8 × 8 pixels in the center? We stretch the share so that −1 means *no ink there*, 0 *a quarter of
# the ink*, and 1 *half of it*. One number says little about a picture, but it makes each pair a point
# in a plane, which we can draw.

# %%
def center_ink(images):
    """Return a number for each image, (n,): -1 means no ink in the center."""
    center = images[:, 10:18, 10:18]  # 8 × 8 pixels
    return 4 * center.sum(axis=(1, 2)) / images.sum(axis=(1, 2)) - 1

def make_pairs(n, images, labels, seed):
    """Return the numbers of n pairs, (n, 2), and 1 if different, 0 if same, (n,)."""
    pairs = np.random.default_rng(seed).choice(np.flatnonzero(labels < 2), (n, 2))
    different = labels[pairs[:, 0]] != labels[pairs[:, 1]]
    return center_ink(images)[pairs], different.astype(int)

x_train, y_train = make_pairs(10_000, digits.x_train, digits.y_train, [lesson.seed, 1])
x_test, y_test = make_pairs(10_000, digits.x_test, digits.y_test, [lesson.seed, 2])

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 4, figsize=(8, 2.5))
chosen = [np.flatnonzero(digits.y_train == label)[:2] for label in (0, 1)]
for axis, image in zip(axes, digits.x_train[np.ravel(chosen)]):
    axis.imshow(image, cmap="gray_r")
    axis.add_patch(plt.Rectangle((9.5, 9.5), 8, 8, fill=False, ec=plots.ORANGE, lw=3))
    axis.set_title(f"$x$ = {center_ink(image[None])[0]:.2f}")
    axis.axis("off")
figure.suptitle("A 0 has little of its ink in the center, a 1 much", fontweight="bold")
plots.show("Two handwritten zeros and two ones, a square around each center."
           " Their numbers are below 0 for the zeros, above 0 for the ones.")

AXES = {"xlabel": "center ink $x_1$", "ylabel": "center ink $x_2$",
        "xticks": (-1, 0, 1), "yticks": (-1, 0, 1)}  # fmt: skip
def draw_pairs(axis, points, labels=y_train):
    for label, marker, color in ((0, "o", plots.VERMILION), (1, "^", plots.BLUE)):
        name = ("same (0)", "different (1)")[label]
        shown = points[labels[: len(points)] == label]
        axis.scatter(*shown.T, 26, color, marker=marker, label=name, ec="white", lw=0.5)

_, axis = plt.subplots(figsize=(5.4, 4))
draw_pairs(axis, x_train[:300])
axis.set(title="Different digits fill two opposite corners", aspect="equal", **AXES)
axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
plots.show("300 pairs. Circles, same: lower left, upper right. Triangles: the others.")

# %% [markdown]
# Each mark is a pair $x = (x_1, x_2)$. **Predict.** You may draw *one* straight line and say "different"
# on one side of it, "same" on the other. For what share of the pairs can you be right: half, three in
# four, or nearly all?
#
# One straight line is exactly what one **neuron** draws.
#
# $$z = w_1 x_1 + w_2 x_2 + b = x \cdot w + b, \qquad a = \sigma(z) = \frac{1}{1+e^{-z}}$$
#
# The neuron takes a **weighted sum** of its inputs $x$, with the **weights** $w$, shape `(2,)`. It adds a
# **bias** $b$, one number. Then comes an **activation**, here the sigmoid $\sigma$, which turns
# any $z$ into a number between 0 and 1. We read this output $a$ as the probability of "different".
#
# *By hand*, for $x = (0.5, -1)$, $w = (2, 1)$ and $b = 0.5$: $z = 2 \cdot 0.5 + 1 \cdot (-1) +
# 0.5 = 0.5$. In NumPy, `@` is the **dot product** $x \cdot w$: multiply entry by entry, then add.

# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

x, w, b = np.array([0.5, -1.0]), np.array([2.0, 1.0]), 0.5
z = x @ w + b
print(f"z = {z:.2f}   a = {sigmoid(z):.4f}")

# %% [markdown]
# The neuron says "different" where $a > 0.5$, that is, where $z > 0$. The border $z = 0$, also called
# its *decision boundary*, is a straight line, and the vector $w$ stands at a right angle to it.
#
# **Play.** Which knobs turn the line, and which shift it? What if you double all three? How many pairs
# can you get right? (The arrow is $w$, at a quarter of its length.)

# %% tags=["hide-input"]
def draw_plane(predict, axis, title, x=x_train[:300], y=y_train):
    side = np.linspace(-1.2, 1.2, 120) * np.abs(x).max()
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    a = predict(grid).reshape(120, 120)
    tones = axis.contourf(side, side, a, np.linspace(0, 1, 11), cmap="Blues", vmax=1.7)
    if a.min() < 0.5 < a.max():
        axis.contour(side, side, a, [0.5], colors="black")
    draw_pairs(axis, x, y)
    axis.set(title=title, aspect="equal", **AXES)
    return tones
def neuron(weight_1=1.5, weight_2=-1.0, bias=-0.5):
    w, x, y = np.array([weight_1, weight_2]), x_train[:300], y_train[:300]
    z = x @ w + bias
    _, (plane, curve) = plt.subplots(1, 2, figsize=(9.6, 3.7), layout="none")  # faster
    plt.subplots_adjust(wspace=0.3)
    title = f"{((z > 0) == y).mean():.0%} of pairs right"
    tones = draw_plane(lambda x: sigmoid(x @ w + bias), plane, title)
    plt.colorbar(tones, ax=plane, label="a, probability of “different”")
    plane.annotate("", w / 4, (0, 0), arrowprops={"width": 2.5, "color": "black"})
    curve.plot(np.arange(-8, 8, 0.1), sigmoid(np.arange(-8, 8, 0.1)), color="black")
    draw_pairs(curve, np.stack([z, y], axis=1))
    curve.set(xlabel="z = x·w + b", xlim=(-8, 8), xticks=(-5, 0, 5), yticks=(0, 0.5, 1),
              ylabel="output a = σ(z)", title="The neuron's answer, and the right ones")
explore(neuron, weight_1=(-4.0, 4.0), weight_2=(-4.0, 4.0), bias=(-4.0, 4.0),
        alt="Left: the plane, the neuron's line and its arrow w. Right: the sigmoid.")

# %% [markdown]
# The weights turn the line (and, unless $b = 0$, shift it, too). The bias only shifts it. How far?
# At the origin $(0, 0)$, $z = b$. Walk from there in the direction of $w$: each unit of the way adds
# the length $\|w\| = \sqrt{w_1^2 + w_2^2}$ to $z$. So you reach $z = 0$, the line, after $-b / \|w\|$
# (if this is negative, walk backward). Doubling all three numbers moves nothing, because $2z = 0$ at the
# same places; but the answer gets steeper.
#
# ### Exercise 21.1 · Find one corner
#
# Choose $w_1, w_2, b$ so that the neuron answers above 0.9 for the corner $(1, -1)$, where picture 1
# is a 1 and picture 2 a 0, and below 0.1 for the other three, $(1, 1)$, $(-1, 1)$ and $(-1, -1)$.
#
# <details><summary>Hint 1</summary>The arrow w must point at the corner that counts.</details>
#
# <details><summary>Hint 2</summary>With b = 0 the line runs through the origin, and z at
# (−1, −1) is minus z at (1, 1): they cannot both be negative. Which sign of b pushes the line
# towards the corner (1, −1)?</details>
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
check("21.1", 4, -4, -2.5)  # z = 5.5 at (1, -1); -2.5, -2.5, -10.5 at the others

# %% [markdown]
# That line finds one of the two "different" corners. What is it worth on pairs of *new* pictures? (The
# 10,000 new pairs are drawn from 200 pictures that training never shows.)

# %%
def share_right(w, b, x, y):
    return ((x @ w + b > 0) == y).mean()

one_line = share_right(np.array([4, -4]), -2.5, x_test, y_test)
claim("cutting off one corner gets ≈ {:.0%} of new pairs right", one_line, at_most=0.77)

# %% tags=["hide-input"]
x, y = x_test[:300], y_test[:300]
wrong = (x @ [4, -4] - 2.5 > 0) != y
figure, axis = plt.subplots(figsize=(6.8, 4.2))
axis.axline((0, -0.625), (0.625, 0), color="black", lw=1.5)
draw_pairs(axis, x[~wrong], y[~wrong])
for label, marker, color in ((0, "o", plots.VERMILION), (1, "^", plots.BLUE)):
    axis.scatter(*x[wrong & (y == label)].T, 26, "white", marker=marker, ec=color, lw=1,
                 label="wrong: " + ("same", "different")[label])  # fmt: skip
axis.text(0.55, -1.3, "cut off", ha="center", va="center", weight="bold")
axis.text(-0.55, 1.3, "given up", ha="center", va="center", weight="bold")
axis.set(title="One line gives up a whole corner", aspect="equal", **AXES,
         xlim=(-1.5, 1.5), ylim=(-1.5, 1.5))  # fmt: skip
axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plots.show("A slanting line cuts off the lower right corner. Hollow, that is, wrong:"
           " nearly all pairs of the upper left corner, and a few others.")

# %% [markdown]
# Nearly three in four: the line gives up a whole corner. No line gets all four. Such a line would need
# $z > 0$ at $(1, -1)$ and $(-1, 1)$, but $z < 0$ at $(1, 1)$ and $(-1, -1)$. Add up the two $z$ of
# each kind: $2b$ is left both times, and it cannot be both positive and negative. The digits differ if
# exactly one of them is a 1, so this is the **XOR** problem (*exclusive or*, "one or the other, not
# both"; Minsky and Papert 1969).
#
# ## 2 · A layer is one matrix product
#
# A **layer** is several neurons side by side; it is *dense* if each of them looks at all the inputs.
# Put the weights of neuron $j$ into column $j$ of a matrix $W$, and each pair into a row of $X$:
#
# $$Z = XW + b, \qquad Z_{ij} = \sum_k X_{ik} W_{kj} + b_j$$
#
# The **matrix product** $XW$ is nothing but dot products: entry $(i, j)$ is row $i$ of $X$ times
# column $j$ of $W$. The shapes: `(batch, inputs) @ (inputs, neurons)` → `(batch, neurons)`. The
# inner sizes must agree, and vanish. The bias, `(neurons,)`, is added to every row. (Keras calls its
# arrays *tensors*.)

# %%
X = np.array([[0.5, -1.0], [1.0, 1.0], [-1.0, 0.5], [-0.5, -0.5]])  # (4, 2): 4 pairs
W = np.array([[2.0, 1.0, -1.0], [1.0, -1.0, 0.0]])                  # (2, 3): 3 neurons
b = np.array([0.5, 0.0, -1.0])                                      # (3,)
Z = X @ W + b
print(X.shape, "@", W.shape, "+", b.shape, "→", Z.shape)
dense = layers.Dense(3)  # Keras's layer: its W, the kernel, is random at first
dense(X)  # the call makes the weights and returns a new tensor, its Z: X stays as it is
print([v.shape for v in dense.get_weights()], dense.count_params(), "parameters")

# %% tags=["hide-input"]
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
# A layer with $n$ inputs and $m$ neurons has $n \cdot m$ weights and $m$ biases, so $(n + 1)\, m$
# **parameters**, here 9, whatever the batch.
#
# One neuron failed, so put layers in a row; each one's outputs are the next one's inputs.
# **Predict.** Take five layers, four of 16 neurons and one of 1, with 881 parameters and *no*
# activation between them. How often can the output bend along a straight path: 4 times, 64, never?

# %%
sizes = [(2, 16), (16, 16), (16, 16), (16, 16), (16, 1)]  # (inputs, neurons)
rng = np.random.default_rng([lesson.seed, 4])
# for each layer random weights, smaller where more are added up, and random biases
stack = [(rng.normal(0, (2 / n) ** 0.5, (n, m)), rng.normal(0, 0.5, m))
         for n, m in sizes]  # fmt: skip

def forward(x, activation):
    for W, b in stack[:-1]:
        x = activation(x @ W + b)
    W, b = stack[-1]
    return x @ W + b

W_total, b_total = np.eye(2), np.zeros(2)
for W, b in stack:
    W_total, b_total = W_total @ W, b_total @ W + b
off = np.abs(forward(x_test, lambda z: z) - (x_test @ W_total + b_total)).max()
verify("five linear layers are one linear layer, to rounding", off, at_most=1e-12)
n_all = sum(W.size + b.size for W, b in stack)
print(n_all, "parameters do what", W_total.size + b_total.size, "do")

# %% tags=["hide-input"]
t = np.linspace(-1, 1, 400)  # between the two corners of different digits
figure, axes = plt.subplots(1, 2, figsize=(9.5, 3.4))
bends = {"Nothing between them": lambda z: z,
         "max(z, 0) between them: a dot at each bend": lambda z: np.maximum(z, 0)}
for axis, (name, bend) in zip(axes, bends.items()):
    output = forward(np.stack([t, -t], axis=1), bend)[:, 0]
    bent = 1 + np.flatnonzero(np.abs(np.diff(output, 2)) > 1e-6)
    bent = bent[np.diff(bent, prepend=-2) > 1]  # one dot a bend, not two
    axis.plot(t, output, "-o", markevery=list(bent), ms=4, color="black")
    axis.set(title=name, xlabel="t, along (t, −t)", xticks=(-1, 0, 1))
axes[0].set(ylabel="output z")
figure.suptitle("Without an activation, five layers never bend", fontweight="bold")
plots.show("Output along a diagonal. Left: a straight line. Right: a line with bends,"
           " each marked by a dot.")

# %% [markdown]
# Never, because two layers without an activation (called *linear*, in spite of their biases) multiply
# out to one:
#
# $$(xW_1 + b_1)\,W_2 + b_2 = x\,\underbrace{W_1W_2}_{W} + \underbrace{b_1W_2 + b_2}_{b}$$
#
# The loop does this for five. **Without an activation between them, more layers compute nothing new.**
# The activation in the plot on the right is $\text{ReLU}(z) = \max(z, 0)$, the *rectified linear unit*.
# It bends at $z = 0$, so the output can bend only where some neuron's $z$ changes its sign.
#
# ## 3 · A hidden layer folds the plane
#
# Dense layers in a row, with activations, make a *multilayer perceptron* (MLP). A layer between input
# and output is called **hidden**. What should it ask here? A 0 nearly always has a negative number, a 1 a
# positive one, so we ask whether the signs differ. At the corners $(1, -1)$ and $(-1, 1)$ they do, and
# $|x_1 - x_2|$ is 2 and $|x_1 + x_2|$ is 0. At the other two it is the other way round. Elsewhere, too, the
# larger one tells: $(x_1 - x_2)^2 > (x_1 + x_2)^2$ means $x_1 x_2 < 0$. And ReLU makes absolute values:
# $|z| = \text{ReLU}(z) + \text{ReLU}(-z)$. So take four hidden neurons:
#
# $$h_1 = \text{ReLU}(x_1 - x_2),\quad h_2 = \text{ReLU}(x_2 - x_1),\quad
# h_3 = \text{ReLU}(x_1 + x_2),\quad h_4 = \text{ReLU}(-x_1 - x_2)$$
#
# $h_1$ and $h_2$ together *fold* the plane like paper along one diagonal, $h_3$ and $h_4$ along the
# other.

# %% tags=["hide-input"]
figure, (net, after) = plt.subplots(1, 2, figsize=(10.5, 4.2), width_ratios=(4, 3))
inputs = [(0, 2.3, "$x_1$"), (0, 0.7, "$x_2$")]
hidden = [(2, 3 - j, f"$h_{j + 1}$") for j in range(4)]
for left, right in ((inputs, hidden), (hidden, [(4, 1.5, "$a$")])):
    for x1, y1, name in left:
        for x2, y2, _ in right:
            net.plot([x1, x2], [y1, y2], color="gray", zorder=0)
for x, y, name in (*inputs, *hidden, (4, 1.5, "$a$")):
    net.plot(x, y, "o", ms=27, mfc="white", mec="black")
    net.text(x, y, name, ha="center", va="center")
parts = ("inputs", "$W_1$ (2, 4)", "hidden, ReLU", "$W_2$ (4, 1)", "output, σ")
for x, text in enumerate(parts):
    net.text(x, 3.6, text, ha="center")
net.axis("off")
net.set(xlim=(-0.5, 4.5), ylim=(-0.5, 4), title="Every line is a weight: 8, then 4")
x = x_train[:300]
draw_pairs(after, np.abs([x[:, 0] - x[:, 1], x[:, 0] + x[:, 1]]).T)
after.plot([0, 2], [0, 2], "k--")
after.text(0.85, 1.6, "same")
after.text(1.4, 0.8, "different")
after.set(xlabel="$h_1 + h_2 = |x_1 - x_2|$", ylabel="$h_3 + h_4 = |x_1 + x_2|$",
          title="Folded twice, one line nearly suffices", aspect="equal")  # fmt: skip
plots.show("Left: two inputs, each joined to four hidden neurons, these to one output."
           " Right: the folded pairs, nearly all different ones below a diagonal.")

# %% [markdown]
# ### Exercise 21.2 · Write it as two matrices
#
# Write `W1`, shape `(2, 4)`, so that `x @ W1` is what stands inside the four ReLUs. Choose the
# output neuron's weights `W2`, shape `(4, 1)`, so that `h @ W2` is positive for *every* pair with
# opposite signs and negative for every pair with equal signs. All biases are 0. How many parameters
# has this network, biases included?
#
# <details><summary>Hint 1</summary>Neuron j is column j. Column 1 of W1 holds the factors of
# x1 and x2 in x1 − x2.</details>
#
# <details><summary>Hint 2</summary>h1 + h2 = |x1 − x2| must be compared with
# h3 + h4 = |x1 + x2|.</details>
#
# <details><summary>Hint 3</summary>(n + 1)·m for each layer, then add.</details>

# %% tags=["exercise"]
# Exercise 21.2: a network of four hidden neurons and one output neuron.
W1 = ...  # 2 rows, 4 columns
W2 = ...  # 4 rows, 1 column
n_parameters = ...

# %%
check("21.2", W1, W2, n_parameters)

# %% tags=["solution"]
# @title Solution 21.2
check(
    "21.2",
    np.array([[1, -1, 1, -1], [-1, 1, 1, -1]]),  # a column per neuron
    np.array([[1], [1], [-1], [-1]]),  # |x1 - x2| - |x1 + x2|
    (2 + 1) * 4 + (4 + 1) * 1,
)

# %% [markdown]
# Computing layer by layer is **forward propagation**. *By hand* for the pair
# $(0.5, -0.25)$: inside the ReLUs stands $(0.75, -0.75, 0.25, -0.25)$, so $h = (0.75, 0, 0.25,
# 0)$. With output weights $8 \cdot (1, 1, -1, -1)$, to be surer, $z = 8 \cdot (0.75 - 0.25) = 4$ and
# $a = \sigma(4) \approx 0.982$: different.

# %%
def build(*widths, rate=0.02):
    """Return a compiled network with hidden ReLU layers of these widths."""
    hidden = [layers.Dense(width, activation="relu") for width in widths]
    output = layers.Dense(1, activation="sigmoid")
    model = keras.Sequential([layers.Input((2,)), *hidden, output])
    # for section 5: how to train, by Adam's steps (lesson 51) of the size rate
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy")
    return model

def answers(model, x):
    return keras.ops.convert_to_numpy(model(np.float32(x)))[:, 0]  # (batch,)

W1 = np.array([[1.0, -1.0, 1.0, -1.0], [-1.0, 1.0, 1.0, -1.0]])  # (2, 4)
W2 = 8 * np.array([[1.0], [1.0], [-1.0], [-1.0]])                # (4, 1)
four = build(4)
four.set_weights([W1, np.zeros(4), W2, np.zeros(1)])
x = np.array([[0.5, -0.25]])
a = sigmoid(np.maximum(x @ W1, 0) @ W2)  # (1, 1)
print(f"our pair: {a[0, 0]:.3f} in NumPy, {answers(four, x)[0]:.3f} in Keras")
right = ((answers(four, x_test) > 0.5) == y_test).mean()
verify("four neurons set by hand are nearly always right", right, at_least=0.97)
print(f"new pairs: ≈ {right:.0%} right")

# %% [markdown]
# The wrong ones hold a picture whose number misleads, such as a 0 so narrow that its sides run through
# the center.
#
# ## 4 · Which activation?
#
# In practice nobody sets weights by hand: `fit` **trains**. From random weights it takes small steps
# towards a lower *loss*, here the mean of $-\ln(\text{probability of the right answer})$ (lessons 22 and
# 24). For each step it must know how much the loss changes if a weight changes. The change travels on
# to the output, and each neuron on the way multiplies it by a weight and by its slope $f'(z)$ (chain rule,
# lesson 22). So ask two things of an activation: which values can come out, and where is its slope
# almost 0?
#
# | | $f(z)$ | slope $f'(z)$ | use | but |
# |---|---|---|---|---|
# | **linear** | $z$ | $1$ | output that is any number | nothing bends |
# | **sigmoid** | $\sigma(z)$ | $\sigma(z)(1 - \sigma(z))$ | output of a yes–no question | slope at most ¼: five layers multiply an effect by at most $(¼)^5 \approx 0.001$ (times the weights) |
# | **tanh** | $(e^z - e^{-z})/(e^z + e^{-z})$ | $1 - \tanh^2 z$ | values from −1 to 1, recurrent networks (lesson 41) | slope lost far out |
# | **ReLU** | $\max(z, 0)$ | $1$; for $z < 0$: $0$ | hidden layers, the first choice | slope 0 on the left (and, in Keras, at 0) |
#
# The next figure has Keras's names, as in `Dense(16, activation="relu")`. Its last two are relatives
# of ReLU (*Going further*).

# %% tags=["hide-input"]
names = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "gelu"]
z = np.linspace(-4, 4, 400)

def compute(name, z):
    f = getattr(keras.activations, name)
    return keras.ops.convert_to_numpy(f(np.float32(z)))

figure, axes = plt.subplots(2, 3, figsize=(10, 5.4), sharex=True)
for axis, name in zip(axes.flat, names):
    slope = (compute(name, z + 0.01) - compute(name, z - 0.01)) / 0.02
    axis.plot(z, compute(name, z), color=plots.GREEN, label="f(z)")
    axis.plot(z, slope, "--", color=plots.PURPLE, label="slope f'(z)")
    axis.axhline(0, color="gray", lw=0.8, zorder=0)
    axis.set(title=name, ylim=(-1.3, 2.2))
axes[0, 0].legend(loc="lower right", fontsize=9)
figure.supxlabel("z", fontsize=11)
figure.suptitle("Sigmoid and tanh go flat on both sides, ReLU only on the left",
                fontweight="bold")
plots.show("Six activations, solid, and their slopes, dashed. For sigmoid and tanh"
           " these fall to 0 on both sides; for ReLU they are 0 left, 1 right.")

# %% [markdown]
# If a ReLU neuron has $z < 0$ for *every* example, its slope is 0 for all, and training no longer
# moves its weights: it is **dead**.
#
# ### Several answers: softmax
#
# Which of *ten* digits does a picture show? Ten sigmoids might say "surely a 3" and "surely an 8" at
# once. **Softmax** lets ten neurons share a total probability of 1. It takes numbers $z_i$, the
# **logits**, one per class:
#
# $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$$
#
# The sum runs over all classes, so the $p_i$ add up to 1: raising one logit takes from all
# others. *By hand* for $z = (2, 1, -1)$: $e^z = (7.389, 2.718, 0.368)$, the sum is $10.475$,
# so $p = (0.705, 0.259, 0.035)$.
#
# ### Exercise 21.3 · Softmax for a batch
#
# `logits` has shape `(batch, classes)`. Return the probabilities, same shape, each *row* summing
# to 1, and leave `logits` itself as it is. Logits of 1000 must work too: $e^{1000}$ overflows, but
# subtracting one number from all logits of a row changes no ratio of their $e^z$.
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
# ## 5 · What width and depth add
#
# **Width** is the number of neurons in a layer, **depth** the number of layers (here we name the hidden
# ones only: "2 + 2" is two layers of two). For our pairs, four hidden neurons are enough: you set them
# yourself. Two layers of *two* are enough, as well (*Going further* has the weights).
#
# **Predict.** Can *training* find such weights in 500 steps? Call a run *solved* if it gets more than
# 95 of 100 new pairs right. How many of ten runs, each from other random weights, are solved with
# two layers of two, with four neurons, with 16?

# %%
def train(model):
    # a step looks at 20 pairs: 500 steps for all 10,000
    model.fit(x_train, y_train, batch_size=20, verbose=0)
    accuracy = ((answers(model, x_test) > 0.5) == y_test).mean()
    return {"accuracy": accuracy, "weights": model.get_weights()}

nets = {"none": build, "2 + 2": partial(build, 2, 2), "4": partial(build, 4),
        "16": partial(build, 16)}  # fmt: skip

# %%
# train() with RUNS networks of each kind; the last two arguments save time
runs = dlcourse.repeat(RUNS, nets, train, steps_at_once=100, reseed=False)
runs["solved"] = 10 * (runs["accuracy"] > 0.95)
means = runs.groupby("contender", sort=False)[["accuracy", "solved"]].mean()
solved, accuracy = means["solved"], means["accuracy"]
claim("16 neurons: training solves it in ≈ {:.0f} of 10 runs", solved["16"], at_least=8)
claim("two layers of two solve it in ≈ {:.0f} of 10 runs fewer than 16 neurons",
      solved["16"] - solved["2 + 2"], at_least=2)  # fmt: skip
claim("16 neurons get ≈ {:.0f} more of 100 new pairs right than one line",
      100 * (accuracy["16"] - one_line), at_least=21)  # fmt: skip
print("solved,", solved.map("≈ {:.0f} of 10".format).to_string())

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(11.5, 3.9))
for axis, name in zip(axes, ["2 + 2", "4", "16"]):
    part = runs[runs["contender"] == name].sort_values("accuracy")
    network = nets[name]()
    network.set_weights(part["weights"].iloc[0])
    tones = draw_plane(lambda x: answers(network, x), axis, f"hidden: {name}")
    axis.label_outer()
plt.colorbar(tones, ax=axes, label="a, probability of “different”")
figure.suptitle("The worst run of each: with 16 neurons even that is right",
                fontweight="bold")  # fmt: skip
plots.show("Three planes. 2 + 2: about ½ everywhere, no border. 4: a corner is wrong."
           " 16: all four corners are right.")

figure, axis = plt.subplots(figsize=(7, 3.6))
for place, (name, marker) in enumerate(zip(nets, "Dos^", strict=True)):
    part = runs.loc[runs["contender"] == name, "accuracy"]
    spread = np.linspace(-0.2, 0.2, len(part))
    axis.plot(place + spread, part, marker, ms=7, color="black", mfc="none")
axis.axhline(one_line, color="gray", ls="--")
axis.text(3.2, one_line - 0.06, "one corner cut off", ha="right", color="0.35")
axis.set(xticks=range(4), xticklabels=nets, xlabel="hidden layers", ylim=(0.2, 1.04),
         ylabel="accuracy on new pairs", title="Of these four, only 16 is reliable")
plots.show("Accuracy of every run. No hidden layer: below one corner cut off."
           " 2 + 2: mostly on it, some at ½ or at 0.98. 4: on it, or at 0.98."
           " 16: all at 0.98.")

# %% [markdown]
# **What a network can represent, training need not find.** Four neurons can do it, but some runs end
# hardly better than one line. Runs with two layers of two seldom get there. With 16 neurons nearly
# every run succeeds. (A guess: among so many, some happen to begin well.) The counts hold for this one
# step size; four times as many steps changed little when we tried.
#
# And one neuron alone? It is seldom as good as the line of section 1. Training lowers the loss, not
# the number of errors, and a line that is sure of itself pays dearly in the corner that it gives up.
# Answering about ½ everywhere is cheaper (*Going further* says why), and then the order of the pairs
# decides where the line lies. (All runs here share one order, and end alike. With 20 other orders and
# starts, a quarter to three quarters of the pairs were right.)

# %% [markdown]
# ## Break and fix
#
# A colleague writes a network with two hidden layers of 16 and ReLU. It says about ½ for every
# pair. What is the cause? (She calls each layer with a tensor, as section 2 calls `dense(X)`.
# `keras.Model` keeps only the layers on the way from `inputs` to `outputs`.)

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
broken.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
broken_right = train(broken)["accuracy"]
a = answers(broken, x_test)
print(broken.count_params(), f"parameters, answers ≈ {a.min():.2f} to ≈ {a.max():.2f}")
claim("her network gets only ≈ {:.0%} of new pairs right", broken_right, at_most=0.8)

# %% [markdown]
# ### Exercise 21.4 · Mend it
#
# Write `fixed_network()`: the same layers, 337 parameters, but able to bend. Return the
# model, not trained.
#
# <details><summary>Hint 1</summary>Which network of this lesson had many layers and still
# never bent (section 2)? What was missing between them?</details>
#
# <details><summary>Hint 2</summary>Print <code>[layer.name for layer in broken.layers]</code>. What
# is missing?</details>
#
# <details><summary>Hint 3</summary>A layer does not change its input. What is the name of the
# tensor that each ReLU returns?</details>

# %% tags=["exercise"]
# Exercise 21.4: the colleague's network, mended.
def fixed_network():
    ...  # your code here

# %%
check("21.4", fixed_network)

# %% tags=["solution"]
# @title Solution 21.4
def fixed_network_solution():
    inputs = layers.Input((2,))
    hidden = layers.ReLU()(layers.Dense(16)(inputs))
    hidden = layers.ReLU()(layers.Dense(16)(hidden))
    outputs = layers.Dense(1, activation="sigmoid")(hidden)
    return keras.Model(inputs, outputs)

check("21.4", fixed_network_solution)
# she threw away what each ReLU returned: her layers multiply out to one line
print([layer.name.rsplit("_", 1)[0] for layer in broken.layers], "had no ReLU at all")
fixed = fixed_network_solution()
fixed.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
print(f"accuracy when mended ≈ {train(fixed)['accuracy']:.3f}")

# %% [markdown]
# ## Going further: why one neuron settles for ½
#
# Put equally many pairs at each of the four corners, and turn the sign of $z$ at the two "same" ones:
# now positive is right everywhere. As in section 1, the four numbers then add up to $2b - 2b = 0$. A
# pair costs $-\ln \sigma(z) = \ln(1 + e^{-z})$, a curve that bends upward everywhere: a negative $z$
# costs more than a positive one of the same size saves. So the mean over four numbers with sum 0 is
# at least the cost at 0, $\ln 2 \approx 0.69$. With weights and bias 0 a neuron reaches exactly that.
#
# Our pairs only lie *near* such corners. That does not help. Their two pictures are drawn independently,
# with as many zeros as ones, so the middles of the four groups form a rectangle: there the four numbers
# add up to 0 just so, and spread around the middles only costs more. A single neuron can get below
# $\ln 2$ only by the luck of the draw, by a hair.
#
# ## Going further: the best of 1,464 lines
#
# Try 24 directions times 61 biases on 2,000 pairs. Then count once more on new pairs: where the best line
# was chosen, part of its success is luck.

# %%
lines = [(np.array([np.cos(turn), np.sin(turn)]), b)
         for turn in np.radians(range(0, 360, 15)) for b in np.linspace(-1.5, 1.5, 61)]
best = max(lines, key=lambda line: share_right(*line, x_train[:2000], y_train[:2000]))
best_line = share_right(*best, x_test, y_test)
verify("no line tried gets much more than three in four right", best_line, at_most=0.77)
print(f"the best line gets ≈ {best_line:.1%} of new pairs right, ours ≈ {one_line:.1%}")

# %% [markdown]
# ## Going further: relatives of ReLU, and dead neurons counted
#
# A dead neuron is lost because its slope is 0. Two relatives of ReLU keep a slope on the left:
#
# | | $f(z)$ | slope $f'(z)$ | use | but |
# |---|---|---|---|---|
# | **leaky ReLU** | $z$; for $z < 0$: $\alpha z$, here $\alpha = 0.2$ | $1$; for $z < 0$: $\alpha$ | hidden layers, where many neurons die | one more number, $\alpha$, to choose |
# | **GELU** | $z\,\Phi(z)$ | $\Phi(z) + z\,\varphi(z)$ | hidden layers of many transformers (lesson 45) | slope almost lost far left |
#
# GELU is short for *Gaussian error linear unit*. $\Phi(z)$ is the share of the standard normal
# (Gaussian) distribution below $z$, and $\varphi(z) = e^{-z^2/2} / \sqrt{2\pi}$ is its density.
# Section 4 has drawn both.
#
# Does it help? Steps that are far too large kill many ReLU neurons. Take such steps on all ten digits,
# once with ReLU, once with leaky ReLU, in which none can die. Does the second read more new digits? And
# is either as good as ReLU with small steps?

# %%
x_digits = digits.x_train.reshape(-1, 784).astype("float32") / 255  # 4,000 images
x_digits_new = digits.x_test.reshape(-1, 784).astype("float32") / 255  # 1,000 new ones

def build_reader(activation, rate):
    hidden = layers.Dense(64, activation=activation)
    output = layers.Dense(10, activation="softmax")
    model = keras.Sequential([layers.Input((784,)), hidden, output])
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    return model

def count_silent(model):
    hidden = keras.ops.convert_to_numpy(model.layers[0](x_digits))  # (4000, 64)
    return (hidden <= 0).all(axis=0).sum()  # neurons never above 0, whatever the digit

def read_digits(model):
    before = count_silent(model)
    model.fit(x_digits, digits.y_train, batch_size=50, epochs=2, verbose=0)
    read = keras.ops.convert_to_numpy(model(x_digits_new)).argmax(axis=1)
    accuracy = 100 * (read == digits.y_test).mean()
    return {"before": before, "after": count_silent(model), "accuracy": accuracy}

readers = {"ReLU, large steps": partial(build_reader, "relu", 0.05),
           "leaky ReLU, large steps": partial(build_reader, "leaky_relu", 0.05),
           "ReLU, small steps": partial(build_reader, "relu", 0.002)}  # fmt: skip

# %%
read = dlcourse.repeat(3, readers, read_digits, steps_at_once=20)
groups = read.groupby("contender", sort=False)[["before", "after", "accuracy"]]
dead, right = groups.mean()["after"], groups.mean()["accuracy"]
claim("large steps kill ≈ {:.0f} of 64 ReLU neurons, on average",
      dead["ReLU, large steps"], at_least=10)  # fmt: skip
claim("ReLU with small steps reads ≈ {:.0f} more of 100 new digits",
      right["ReLU, small steps"] - right["ReLU, large steps"], at_least=0)  # fmt: skip
groups.agg(["min", "max"]).map("≈ {:.0f}".format)  # of three runs: silent neurons

# %% [markdown]
# Before training no neuron is silent. Dead ones are wasted room. But leaky ReLU, which keeps all its
# neurons, reads no better in these three runs, so dead neurons are probably not what costs digits
# here. Take them as a *sign* that the steps may be too large. Smaller steps leave few of them, and read
# more digits.

# %% [markdown]
# ## Going further: what depth can do, and a border for which it pays
#
# Here are the two layers of two. The first takes $h = (\text{ReLU}(x_1), \text{ReLU}(x_2))$: a
# negative number becomes 0. The second takes $\text{ReLU}(h_1 - 100\,h_2)$ and $\text{ReLU}(h_2 - 100\,
# h_1)$. The first of these is above 0 only if $x_1$ is positive and $x_2$ is not (or less than a hundredth
# of it). If either is above 0.01, the network answers *different*.

# %%
deep = build(2, 2)
deep.set_weights([np.eye(2), np.zeros(2), np.array([[1, -100], [-100, 1]]), np.zeros(2),
                  np.array([[100], [100]]), np.array([-1])])  # fmt: skip
right = ((answers(deep, x_test) > 0.5) == y_test).mean()
verify("two layers of two, set by hand, are nearly always right", right, at_least=0.97)
print(f"two layers of two, set by hand: ≈ {right:.0%} of new pairs right")

# %% [markdown]
# Depth can pay where a border winds. Take two spirals, each turning almost twice, and two
# networks with about 1,250 parameters, in one hidden layer or in two.

# %%
def spiral(n, rng):
    arm = rng.integers(0, 2, n)  # 0 or 1: the answer
    radius = np.sqrt(rng.uniform(0.02, 1, n))
    angle = 4 * np.pi * radius + np.pi * arm  # 4π: two turns
    x = 3 * radius * np.array([np.cos(angle), np.sin(angle)])
    return (x + rng.normal(0, 0.03, (2, n))).T, arm

rng = np.random.default_rng([lesson.seed, 5])
x_spiral, y_spiral = spiral(30_000, rng)
x_new, y_new = spiral(2000, rng)

def train_spiral(model):
    model.fit(x_spiral, y_spiral, batch_size=60, verbose=0)  # 500 steps
    accuracy = ((answers(model, x_new) > 0.5) == y_new).mean()
    return {"accuracy": accuracy, "weights": model.get_weights()}

budget = {"one layer of 312": partial(build, 312, rate=0.005),
          "two layers of 33": partial(build, 33, 33, rate=0.005)}  # fmt: skip
print({name: builder().count_params() for name, builder in budget.items()})
spirals = dlcourse.repeat(3, budget, train_spiral, steps_at_once=50)
means = spirals.groupby("contender")["accuracy"].mean()
print(spirals.groupby("contender")["accuracy"].agg(["min", "mean", "max"])
      .map("≈ {:.3f}".format))  # of three trainings
claim("on the spirals, two layers are ≈ {:.0f} points ahead of one",
      100 * (means["two layers of 33"] - means["one layer of 312"]), at_least=8)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(9.5, 4.7))
for axis, (name, builder) in zip(axes, budget.items()):
    part = spirals[spirals["contender"] == name].sort_values("accuracy")
    network = builder()
    network.set_weights(part["weights"].iloc[1])
    tones = draw_plane(lambda x: answers(network, x), axis, name, x_new[:500], y_new)
    axis.set(xlabel="$x_1$", ylabel="$x_2$", xticks=(-3, 0, 3), yticks=(-3, 0, 3))
    axis.legend(["arm 0", "arm 1"], loc="lower right", ncols=2)
plt.colorbar(tones, ax=axes, label="a, probability of arm 1")
figure.suptitle("After 500 steps, only two layers follow the spiral", fontweight="bold")
plots.show("Two planes with the two arms. One hidden layer loses the border in the"
           " middle; two hidden layers follow both arms all the way. The middle run of"
           " three.")

# %% [markdown]
# The plot shows each network's middle run of three. The wide one lags here, after 500 steps at this one
# learning rate. Wide enough, one layer *can* draw such a border, too (see below). Whether 312 neurons are
# enough, we have not shown. (A guess why depth helps: the second layer folds what the first has folded.)

# %% [markdown]
# ## Going further: how far can width go?
#
# *Universal approximation*: one hidden layer, wide enough, with a linear output comes as close as
# you like to any continuous function on a closed, bounded region (Cybenko 1989; Hornik 1991; for
# ReLU and every other activation that is not a polynomial, in essence, Leshno and others 1993).
# Watch it for $\sin x$. Set the ReLUs by hand: the first starts the line, and each further one bends it
# once.

# %%
def largest_error(n):
    knots = np.linspace(0, 2 * np.pi, n + 1)  # n pieces, one ReLU each
    slopes = np.diff(np.sin(knots)) / np.diff(knots)
    weights = np.diff(slopes, prepend=0)  # each ReLU adds a change of slope
    x = np.linspace(0, 2 * np.pi, 2001)
    return np.abs(np.maximum(x[:, None] - knots[:-1], 0) @ weights - np.sin(x)).max()
for n in (4, 8, 16, 32, 64):
    print(f"{n:2} neurons: largest error {largest_error(n):.4f}")

# %% [markdown]
# Twice the neurons, soon a quarter of the error. The theorem says that such weights exist. It does
# not say how many neurons that takes, whether training finds them, or what happens outside the region.
#
# ## Going further: the slopes of softmax
#
# Softmax has a slope for every pair of a probability and a logit, while all other logits stay:
#
# $$\frac{\partial p_i}{\partial z_i} = p_i(1 - p_i), \qquad
# \frac{\partial p_i}{\partial z_j} = -p_i\,p_j \quad (j \neq i)$$
#
# The minus sign says it again: raising one logit takes from all others.

# %% [markdown]
# ## Quiz

# %%
quiz("21")

# %% [markdown]
# ## Summary
#
# - A neuron: weighted sum, plus bias, then activation. Its border is a line at a right angle to
#   $w$, $|b| / \|w\|$ from the origin.
# - A layer: `activation(X @ W + b)`, `(batch, n) @ (n, m) + (m,)` → `(batch, m)`, with $(n+1)\,m$
#   parameters. Without an activation, layers in a row are one layer.
# - Hidden layers: ReLU first. Output: linear for a number, sigmoid for yes–no, softmax for
#   one of several classes.
# - That good weights exist does not mean that training finds them. Spare width can help.
#
# You can now compute every number in such a network. How training finds the weights: lesson 22.
#
# ## Common mistakes
#
# - **No activation**: `Dense(16)` is linear unless you say otherwise. Sign: a straight
#   border, or ½ everywhere.
# - **Softmax along the wrong axis**. Sign: one example alone gets probability 1 for every class.
# - **A transposed weight matrix**: silently wrong if $W$ is square.
#
# ## Read more
#
# - [TensorFlow Playground](https://playground.tensorflow.org): choose the XOR data there, and train with
#   widths and depths of your own.
# - Keras: [activations](https://keras.io/api/layers/activations/),
#   [Dense](https://keras.io/api/layers/core_layers/dense/).
# - M. Minsky and S. Papert (1969), *Perceptrons*, MIT Press: what one layer of trained
#   weights cannot do.
# - G. Cybenko (1989), [Approximation by superpositions of a sigmoidal
#   function](https://doi.org/10.1007/BF02551274); K. Hornik (1991), [Approximation
#   capabilities](https://doi.org/10.1016/0893-6080(91)90009-T); M. Leshno and others (1993),
#   [Multilayer feedforward networks with a nonpolynomial activation
#   function](https://doi.org/10.1016/S0893-6080(05)80131-5).
# - M. Nielsen (2015), *Neural Networks and Deep Learning*: [chapter
#   1](http://neuralnetworksanddeeplearning.com/chap1.html), from one neuron to a network that reads
#   digits; [chapter 4](http://neuralnetworksanddeeplearning.com/chap4.html): universal approximation,
#   with sliders.
# - I. Goodfellow and others (2016), [Deep Learning, chapter
#   6](https://www.deeplearningbook.org/contents/mlp.html), which opens with XOR, too.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [22 · Backpropagation](22_backpropagation.ipynb). One backward pass tells every weight which way to turn. **Before:** [13 · Splitting and leakage](13_splitting_and_leakage.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+21%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/22_backpropagation.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/13_splitting_and_leakage.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
