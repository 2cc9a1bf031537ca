# ---
# jupyter:
#   dlcourse:
#     title: Neurons and layers
#     subtitle: What one neuron can say, what it never can, and why a hidden layer changes that
#     minutes: 57
#     further: 4
#     seconds: 35
#     needs: ["11"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "more layers, more power"
#       stop: "section 4"
#       ask: "\"Five layers, 881 weights: can it bend?\" Then fold a sheet of paper (section 3)"
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
# **Your time:** 57 minutes, and 4 for *Going further* · **The notebook runs in:** about 35 s on two CPU cores · **Before this:** lesson 11

# %% [markdown]
# ## You will be able to
#
# 1. say what a neuron's weights and bias do to its line *(section 1 · exercise 21.1)*
# 2. write a network as matrix products, and count its parameters
#    *(sections 2 and 3 · exercise 21.2)*
# 3. choose an activation, and write softmax *(section 4 · exercise 21.3 · quiz)*
# 4. diagnose a network that can only draw a line, and judge what width and depth add
#    *(sections 2 and 5 · exercise 21.4)*

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
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.special import ndtr

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("21", profile=PROFILE, seed=SEED)

import keras
from keras import layers

RUNS = lesson.pick(quick=10, full=40)  # trainings of each small network in section 5

# %% [markdown]
# ## 1 · One neuron draws one line
#
# Two small charged balls hang some way apart. You measure both charges. Do the balls
# **attract** or **repel** each other?
#
# You know the rule: opposite signs attract. A network is not told. It gets simulated pairs of
# charges $x = (x_1, x_2)$, each between 0.1 and 1 in size (in units of 100 nanocoulombs), and
# what the balls did.

# %%
def measure_pairs(n, rng):
    """Return the charges of n pairs, (n, 2), and 1 for attract or 0 for repel, (n,)."""
    x = rng.uniform(0.1, 1, (n, 2)) * rng.choice([-1, 1], (n, 2))
    return x, (x[:, 0] * x[:, 1] < 0).astype(int)

rng = np.random.default_rng(lesson.seed)
x_train, y_train = measure_pairs(10_000, rng)
x_test, y_test = measure_pairs(10_000, rng)

# %% tags=["hide-input"]
AXES = {"xlabel": "charge $x_1$ (100 nC)", "ylabel": "charge $x_2$ (100 nC)",
        "xticks": (-1, 0, 1), "yticks": (-1, 0, 1)}  # fmt: skip

def draw_pairs(axis, points):
    for label, marker, color in ((0, "o", plots.VERMILION), (1, "^", plots.BLUE)):
        name = ("repel (0)", "attract (1)")[label]
        chosen = points[y_train[: len(points)] == label]
        axis.scatter(*chosen.T, s=20, marker=marker, color=color, label=name)

_, axis = plt.subplots(figsize=(5, 4))
draw_pairs(axis, x_train[:400])
axis.set(title="Attracting pairs fill two opposite corners", aspect="equal", **AXES)
axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
plots.show("400 pairs of charges. Circles, repel: lower left and upper right corner."
           " Triangles, attract: upper left and lower right.")

# %% [markdown]
# **Predict.** You may draw *one* straight line and say "attract" on one side of it, "repel" on
# the other. For what share of the pairs can you be right: half, seven in ten, or nearly all?
#
# One straight line is exactly what one **neuron** draws:
#
# $$z = w_1 x_1 + w_2 x_2 + b = x \cdot w + b, \qquad a = \sigma(z) = \frac{1}{1+e^{-z}}$$
#
# It takes a **weighted sum** of its inputs $x$, with the **weights** $w$, shape `(2,)`. It adds a
# **bias** $b$, one number. Then comes an **activation**, here the sigmoid $\sigma$, which turns
# any $z$ into a number between 0 and 1. We read this output $a$ as the probability of "attract".
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
# The neuron says "attract" where $a > 0.5$, that is, where $z > 0$. The border $z = 0$ is a
# straight line, and the vector $w$ stands at a right angle to it.
#
# **Play.** Which knobs turn the line, and which one shifts it? What happens if you double all
# three? (The arrow is $w$, at a quarter of its length.)

# %% tags=["hide-input"]
def draw_plane(predict, axis, title):
    plots.decision_boundary(predict, x_train[:400], y_train[:400], axis, title)
    axis.set(aspect="equal", **AXES)

def neuron(weight_1=1.5, weight_2=-1.0, bias=-0.5):
    w = np.array([weight_1, weight_2])
    z = x_train[:400] @ w + bias
    right = ((z > 0) == y_train[:400]).mean()
    # without a search for the best margins a slider redraws faster
    _, (plane, curve) = plt.subplots(1, 2, figsize=(8.8, 3.7), layout="none")
    plt.subplots_adjust(wspace=0.3)
    draw_plane(lambda x: sigmoid(x @ w + bias), plane, f"{right:.0%} of pairs right")
    plane.annotate("", w / 4, (0, 0), arrowprops={"width": 2.5, "color": "black"})
    line = np.linspace(-8, 8, 200)
    curve.plot(line, sigmoid(line), color="black")
    draw_pairs(curve, np.stack([z, y_train[:400]], axis=1))
    curve.set(xlabel="z = x·w + b", xlim=(-8, 8), xticks=(-5, 0, 5))
    curve.set(ylabel="output a = σ(z)", yticks=(0, 0.5, 1))
    curve.set_title("The neuron's answer, and the right ones")

explore(neuron, weight_1=(-4.0, 4.0), weight_2=(-4.0, 4.0), bias=(-4.0, 4.0),
        alt="Left: the plane with the neuron's line, and its weight vector as an arrow"
            " across it. Right: the sigmoid; triangles at 1, circles at 0.")

# %% [markdown]
# The weights turn the line, and the bias shifts it. Doubling all three moves nothing, because
# $2z = 0$ at the same places; but the answer gets steeper. A neuron is a dial, not a switch: it is
# sure far from its line and hesitates near it. The longer $w$, the surer.
#
# ### Exercise 21.1 · Find one corner
#
# Choose $w_1, w_2, b$ so that the neuron answers above 0.9 for the corner $(1, -1)$, and
# below 0.1 for the other three corners, $(1, 1)$, $(-1, 1)$ and $(-1, -1)$.
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
# Now both attracting corners at once? Try lines all over the plane, 36 directions times 61
# positions, on 2,000 pairs. Score the best of them on *new* pairs: those that chose it flatter it.

# %%
angles = np.radians(np.arange(0, 360, 10))
directions = np.stack([np.cos(angles), np.sin(angles)])           # (2, 36)
biases = np.linspace(-1.5, 1.5, 61)                               # (61,)
z = (x_train[:2000] @ directions)[:, :, None] + biases            # (2000, 36, 61)
accuracy = ((z > 0) == y_train[:2000, None, None]).mean(axis=0)   # (36, 61)
i, j = np.unravel_index(accuracy.argmax(), accuracy.shape)
best_line = ((x_test @ directions[:, i] + biases[j] > 0) == y_test).mean()
claim("the best line is right for ≈ {:.0f} of 100 new pairs", 100 * best_line,
      at_least=66, at_most=73)

# %% [markdown]
# Seven in ten: the best line cuts off one attracting corner, as you did, and gives up the other.
# No line gets both. It would need $z > 0$ at $(1, -1)$ and $(-1, 1)$, but $z < 0$ at $(1, 1)$ and
# $(-1, -1)$. Add up the two $z$ of each kind: $2b$ is left both times, and it cannot be both positive
# and negative. This is the **XOR** problem ("one or the other, not both"; Minsky and Papert 1969).
#
# ## 2 · A layer is one matrix product
#
# A **layer** is several neurons that look at the same inputs. Put the weights of neuron $j$
# into column $j$ of a matrix $W$, and each pair of charges into a row of $X$:
#
# $$Z = XW + b, \qquad Z_{ij} = \sum_k X_{ik} W_{kj} + b_j$$
#
# The **matrix product** $XW$ is nothing but dot products: entry $(i, j)$ is row $i$ of $X$ times
# column $j$ of $W$. The shapes: `(batch, inputs) @ (inputs, neurons)` → `(batch, neurons)`. The
# inner sizes must agree, and vanish. The bias, `(neurons,)`, is added to every row.

# %%
X = np.array([[0.5, -1.0], [1.0, 1.0], [-1.0, 0.5], [-0.5, -0.5]])  # (4, 2): 4 pairs
W = np.array([[2.0, 1.0, -1.0], [1.0, -1.0, 0.0]])                  # (2, 3): 3 neurons
b = np.array([0.5, 0.0, -1.0])                                      # (3,)
Z = X @ W + b
print(X.shape, "@", W.shape, "+", b.shape, "→", Z.shape)
dense = layers.Dense(3)  # the same layer in Keras, where W is called the kernel
dense.build((None, 2))  # for batches of any size (None) with 2 inputs
print(*(v.shape for v in dense.get_weights()), dense.count_params(), "parameters")

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
# You know the marked numbers from above. A layer with $n$ inputs and $m$ neurons has $n \cdot m$
# weights and $m$ biases, so $(n + 1)\, m$ **parameters**, here 9, whatever the batch.
#
# One neuron failed, so put layers in a row; each one's outputs are the next one's inputs.
# **Predict.** Five layers, 16 neurons wide, 881 parameters, and *no* activation between them: how
# often can the output bend along a straight path: four times, 64 times, not at all?

# %%
sizes = [2, 16, 16, 16, 16, 1]
rng = np.random.default_rng([lesson.seed, 4])
stack = [(rng.normal(0, n**-0.5, (n, m)), rng.normal(0, 0.5, m))
         for n, m in pairwise(sizes)]  # fmt: skip

def forward(x, activation):
    *hidden, (W_out, b_out) = stack
    for W, b in hidden:
        x = activation(x @ W + b)
    return x @ W_out + b_out

W_total, b_total = np.eye(2), np.zeros(2)
for W, b in stack:
    W_total, b_total = W_total @ W, b_total @ W + b
off = np.abs(forward(x_test, lambda z: z) - (x_test @ W_total + b_total)).max()
verify("five linear layers are one linear layer, to rounding", off, at_most=1e-12)
n_all = sum(W.size + b.size for W, b in stack)
print(n_all, "parameters do what", W_total.size + 1, "do")

# %% tags=["hide-input"]
t = np.linspace(-1, 1, 400)  # between the attracting corners
figure, axes = plt.subplots(1, 2, figsize=(9.5, 3.4), subplot_kw={"ylabel": "output z"})
bends = {"Nothing": lambda z: z, "max(z, 0)": lambda z: np.maximum(z, 0)}
for axis, (name, bend) in zip(axes, bends.items()):
    axis.plot(t, forward(np.stack([t, -t], axis=1), bend), color="black")
    axis.set(title=f"{name} between them", xlabel="t, along (t, −t)")
figure.suptitle("Without an activation, five layers never bend", fontweight="bold")
plots.show("Output along a diagonal. Left: a straight line. Right: a line with bends.")

# %% [markdown]
# Not at all, because two linear layers multiply out to one:
#
# $$(xW_1 + b_1)\,W_2 + b_2 = x\,\underbrace{W_1W_2}_{W} + \underbrace{b_1W_2 + b_2}_{b}$$
#
# The loop above does this for five. **Without an activation between them, more layers add
# nothing.** The simplest activation is $\text{ReLU}(z) = \max(z, 0)$, on the right.
#
# ## 3 · A hidden layer folds the plane
#
# A layer between input and output is called **hidden**. What should it ask here? Charges have
# opposite signs exactly if $|x_1 - x_2| > |x_1 + x_2|$ (square both sides: $x_1 x_2 < 0$). And ReLU
# makes absolute values, $|z| = \text{ReLU}(z) + \text{ReLU}(-z)$. So take four neurons:
#
# $$h_1 = \text{ReLU}(x_1 - x_2),\quad h_2 = \text{ReLU}(x_2 - x_1),\quad
# h_3 = \text{ReLU}(x_1 + x_2),\quad h_4 = \text{ReLU}(-x_1 - x_2)$$
#
# Each pair of these *folds* the plane like paper, along a diagonal:

# %% tags=["hide-input"]
x = x_train[:400]
folded = np.abs(np.stack([x[:, 0] - x[:, 1], x[:, 0] + x[:, 1]], axis=1))
figure, (before, after) = plt.subplots(1, 2, figsize=(9.5, 4.3))
draw_pairs(before, x)
draw_pairs(after, folded)
after.plot([0, 2], [0, 2], "k--")
before.set(title="What comes in", **AXES)
after.set(title="After two folds", xlabel="$h_1 + h_2 = |x_1 - x_2|$",
          ylabel="$h_3 + h_4 = |x_1 + x_2|$")  # fmt: skip
figure.suptitle("Folded twice, the pairs can be cut by one line", fontweight="bold")
plots.show("Left: four corners that no line separates. Right: the same pairs after the"
           " hidden layer: attracting ones below a dashed diagonal, the others above.")

# %% [markdown]
# ### Exercise 21.2 · Write it as two matrices
#
# Write `W1`, shape `(2, 4)`, so that `x @ W1` is what stands inside the four ReLUs. Choose the
# output neuron's weights `W2`, shape `(4, 1)`, so that `h @ W2` is positive for *every* attracting
# pair and negative for every repelling one. All biases are 0. How many parameters has this
# network, biases included?
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
# Computing the output layer by layer is **forward propagation**. *By hand* for the pair
# $(0.5, -0.25)$: inside the ReLUs stands $(0.75, -0.75, 0.25, -0.25)$, so $h = (0.75, 0, 0.25,
# 0)$. With output weights $8 \cdot (1, 1, -1, -1)$, to be surer, $z = 8 \cdot (0.75 - 0.25) = 4$ and
# $a = \sigma(4) \approx 0.982$: attract. Keras must say the same.

# %%
def build(*widths, rate=0.02):
    """Return a compiled network with hidden ReLU layers of these widths."""
    hidden = [layers.Dense(width, activation="relu") for width in widths]
    output = layers.Dense(1, activation="sigmoid")
    model = keras.Sequential([layers.Input((2,)), *hidden, output])
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy")
    return model

def answers(model, x):
    return keras.ops.convert_to_numpy(model(np.float32(x)))[:, 0]  # (batch,)

W1 = np.array([[1.0, -1.0, 1.0, -1.0], [-1.0, 1.0, 1.0, -1.0]])  # (2, 4)
W2 = 8 * np.array([[1.0], [1.0], [-1.0], [-1.0]])                # (4, 1)
four = build(4)
four.set_weights([W1, np.zeros(4), W2, np.zeros(1)])
by_hand = sigmoid(np.maximum(x_test @ W1, 0) @ W2)[:, 0]
off = np.abs(answers(four, x_test) - by_hand).max()
verify("by hand and Keras agree", off, at_most=1e-5)
right = ((answers(four, x_test) > 0.5) == y_test).mean()
verify("four neurons set by hand are always right", right, at_least=1)
print(f"our pair: {answers(four, [[0.5, -0.25]])[0]:.3f}; new pairs: {right:.0%} right")

# %% [markdown]
# In practice nobody sets weights by hand: `fit` **trains**. From random weights it takes small steps
# that lower the *loss*, a measure of how wrong the probabilities are (lesson 22). Always answering
# ½ costs $\ln 2 \approx 0.69$. Train two networks that differ only in the hidden layer.

# %%
def train(model):
    model.fit(x_train, y_train, batch_size=20, verbose=0)  # 500 steps
    accuracy = ((answers(model, x_test) > 0.5) == y_test).mean()
    return {"accuracy": accuracy, "weights": model.get_weights()}

trained = {}
for name, model in (("one neuron", build()), ("16 hidden neurons", build(16))):
    trained[name] = train(model)["accuracy"]
    loss = model.evaluate(x_test, y_test, batch_size=1000, verbose=0)
    print(f"{name}: accuracy ≈ {trained[name]:.3f}, loss on new pairs ≈ {loss:.2f}")
claim("with 16 hidden neurons, ≈ {:.0f} more new pairs in 100 come out right",
      100 * (trained["16 hidden neurons"] - trained["one neuron"]), at_least=20)

# %% [markdown]
# ## 4 · Which activation?
#
# Training sends a signal backward through every neuron, and each multiplies it by its slope
# $f'(z)$ (lesson 22). So ask of an activation: what can come out, and where is its slope lost?
# Each one mends a fault of the one before.
#
# - **Linear**, $z$: the slope is 1, but nothing bends. Use it for the output of a regression.
# - **Sigmoid**, $\sigma(z)$: it bends, and gives probabilities. Use it for the output of a yes–no
#   question. But its slope $\sigma(z)(1 - \sigma(z))$ is at most ¼, so five layers let at most
#   $(¼)^5 \approx 0.001$ of a signal through (times the weights).
# - **tanh**, $(e^z - e^{-z})/(e^z + e^{-z})$, from −1 to 1: the slope $1 - \tanh^2 z$ reaches 1 at
#   $z = 0$. Recurrent networks use it (lesson 41). But far out its slope is lost, too.
# - **ReLU**, $\max(z, 0)$: the slope is 1 for every $z > 0$. It is the first choice for hidden
#   layers. But for $z < 0$ the slope is 0 (libraries also take 0 at the corner).
# - **Leaky ReLU**, $z$ or, for $z < 0$, $\alpha z$, here with $\alpha = 0.2$: some slope is left there.
#   Use it where ReLUs die (below). But the corner is still there.
# - **GELU**, $z\,\Phi(z)$, rounds off the corner. $\Phi(z)$ is the share of the standard normal
#   distribution, of density $\varphi$, below $z$; the slope is $\Phi(z) + z\varphi(z)$.
#   Transformers use it.

# %%
activations = {  # name: (function, slope)
    "linear": (lambda z: z, lambda z: np.ones_like(z)),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky ReLU": (lambda z: np.where(z > 0, z, 0.2 * z),
                   lambda z: np.where(z > 0, 1.0, 0.2)),
    "GELU": (lambda z: z * ndtr(z),  # ndtr is Φ
             lambda z: ndtr(z) + z * np.exp(-z**2 / 2) / np.sqrt(2 * np.pi)),
}  # fmt: skip
z, eps = np.linspace(-4, 4, 80), 1e-5
for name, (f, slope) in activations.items():
    in_keras = getattr(keras.activations, name.lower().replace(" ", "_"))(np.float32(z))
    off = np.abs(f(z) - keras.ops.convert_to_numpy(in_keras)).max()
    verify(f"{name} is Keras's", off, at_most=1e-5)
    off = np.abs((f(z + eps) - f(z - eps)) / (2 * eps) - slope(z)).max()
    verify(f"the slope of {name} is its curve's", off, at_most=1e-6)
at = np.array([-4.0, 0.0, 4.0])
slopes = {name: slope(at) for name, (f, slope) in activations.items()}
pd.DataFrame(slopes, ["slope at −4", "slope at 0", "slope at 4"]).map("{:.4f}".format)

# %% tags=["hide-input"]
figure, axes = plt.subplots(2, 3, figsize=(10, 5.4), sharex=True)
z = np.linspace(-4, 4, 400)
for axis, (name, (f, slope)) in zip(axes.flat, activations.items()):
    axis.plot(z, f(z), color=plots.GREEN, label="f(z)")
    axis.plot(z, slope(z), "--", color=plots.PURPLE, label="slope f'(z)")
    axis.axhline(0, color="gray", lw=0.8, zorder=0)
    axis.set(title=name, ylim=(-1.3, 2.2))
axes[0, 0].legend(loc="lower right", fontsize=9)
figure.supxlabel("z", fontsize=11)
figure.suptitle("Sigmoid and tanh go flat on both sides, ReLU only on the left",
                fontweight="bold")
plots.show("Six activations, solid, and their slopes, dashed. For sigmoid and tanh"
           " these fall to 0 on both sides; for ReLU they are 0 left, 1 right.")

# %% [markdown]
# One problem is left: which of *ten* digits does a picture show? Ten sigmoids might say "surely a
# 3" and "surely an 8" at once. **Softmax** lets ten neurons share one probability of 1. It takes
# numbers $z_i$, the **logits**, one per class:
#
# $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}, \qquad \frac{\partial p_i}{\partial z_i} = p_i(1 - p_i),
# \qquad \frac{\partial p_i}{\partial z_j} = -p_i\,p_j \quad (j \neq i)$$
#
# ($\partial$: the slope while all other logits stay.) Raising one logit takes probability from
# all others. *By hand* for $z = (2, 1, -1)$: $e^z = (7.389, 2.718, 0.368)$, the sum is $10.475$,
# so $p = (0.705, 0.259, 0.035)$.
#
# ### Exercise 21.3 · Softmax for a batch
#
# `logits` has shape `(batch, classes)`. Return the probabilities, same shape, each *row* summing
# to 1. Logits of 1000 must work too: $e^{1000}$ overflows, but subtracting one number from all
# logits of a row changes no ratio.
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
# Does ReLU's flat side matter? A neuron with $z < 0$ for *every* example has slope 0 everywhere. No
# signal comes back, so its weights stay as they are: it is **dead**. Count such neurons on real
# handwritten digits (MNIST), before and after a training with steps far too large, on purpose.

# %%
digits = datasets.mnist_5k()
x_digits = digits.x_train.reshape(4000, 784).astype("float32") / 255  # 28 × 28 pixels

def build_reader(activation):
    hidden = layers.Dense(64, activation=activation)
    output = layers.Dense(10, activation="softmax")
    model = keras.Sequential([layers.Input((784,)), hidden, output])
    model.compile(keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy")
    return model

def always_negative(model):
    hidden = keras.ops.convert_to_numpy(model.layers[0](x_digits))  # (4000, 64)
    return (hidden <= 0).all(axis=0).sum()

def count_dead(model):
    before = always_negative(model)
    model.fit(x_digits, digits.y_train, batch_size=50, epochs=3, verbose=0)
    return {"before": before, "after": always_negative(model)}

readers = {f: lambda f=f: build_reader(f) for f in ("relu", "leaky_relu")}
dead = dlcourse.repeat(2, readers, count_dead, steps_at_once=20)

# %%
means = dead.groupby("contender", sort=False).mean()[["before", "after"]]
claim("training has killed ≈ {:.0f} of 64 ReLU neurons", means.loc["relu", "after"],
      at_least=10)  # fmt: skip
claim("of 64 leaky ones, ≈ {:.0f} are negative for every digit",
      means.loc["leaky_relu", "after"], at_most=5)  # fmt: skip
means.map("≈ {:.1f}".format)

# %% [markdown]
# A dead neuron is wasted room. Smaller steps kill fewer, and leaky ReLU lets a neuron come back.
#
# ## 5 · What width and depth add
#
# **Width** is the number of neurons in a layer, **depth** the number of layers. For the charges,
# four hidden neurons are enough: you set them yourself. Two layers of *two* are enough, as well
# (*Going further* has the weights).
#
# **Predict.** Can *training* find such weights? In how many of ten runs, each from other random
# weights, will four hidden neurons solve the problem? And two layers of two?

# %%
shapes = {"2": (2,), "2 + 2": (2, 2), "4": (4,), "16": (16,)}
builders = {name: lambda w=w: build(*w) for name, w in shapes.items()}
runs = dlcourse.repeat(RUNS, builders, train, steps_at_once=100, reseed=False)
runs["solved"] = runs["accuracy"] > 0.98
table = runs.groupby("contender", sort=False).agg(
    worst=("accuracy", "min"), mean=("accuracy", "mean"), solved=("solved", "mean"))
found = 10 * table["solved"]
claim("with 16 neurons, training solves it in ≈ {:.0f} of 10 runs", found["16"],
      at_least=8)  # fmt: skip
claim("with two layers of two, only in ≈ {:.0f} of 10", found["2 + 2"], at_most=5)
table.map("≈ {:.2f}".format)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 4, figsize=(13, 3.9))
for axis, (name, widths) in zip(axes, shapes.items()):
    part = runs[runs["contender"] == name].sort_values("accuracy")
    network = build(*widths)
    network.set_weights(part["weights"].iloc[len(part) // 2])
    draw_plane(lambda x: answers(network, x), axis, f"hidden: {name}")
    axis.label_outer()
figure.suptitle("Median runs: the corners come with the width", fontweight="bold")
plots.show("Four planes. With hidden layers of 2, or 2 + 2, corners are missed; with 16"
           " neurons all four are right.")

figure, axis = plt.subplots(figsize=(7.5, 3.6))
for place, (name, marker) in enumerate(zip(shapes, "os^D", strict=True)):
    part = runs.loc[runs["contender"] == name, "accuracy"]
    spread = np.linspace(-0.2, 0.2, len(part))
    axis.plot(place + spread, part, marker, ms=7, color="black", mfc="none")
axis.axhline(best_line, color="gray", ls="--")
axis.text(3.45, best_line + 0.01, "best single line", ha="right", color="0.35")
axis.set(xticks=range(4), xticklabels=shapes, xlabel="hidden layers", ylim=(0.45, 1.03),
         ylabel="accuracy on new pairs", title="Spare width makes training reliable")
plots.show("Accuracy of every run: 2 and 2 + 2 mostly lie below 0.9, 4 spreads from 0.7"
           " to 1, and 16 lies at 1.")

# %% [markdown]
# **What a network can represent is not what training finds.** Four perfect neurons exist, and
# still some runs get stuck with a corner wrong. Two layers of two exist as well: depth can do it,
# but training seldom finds it. With 16 neurons nearly every run succeeds. (A guess: among so many,
# some happen to begin well.) Where depth does pay, *Going further* shows.

# %% [markdown]
# ## Break and fix
#
# A colleague writes a network with two hidden layers of 16 and ReLU. Its loss hardly falls below
# 0.69. She has tried more data, more neurons and other step sizes. Name the cause from the
# symptoms, before you read the code again.

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
print(broken.count_params(), f"parameters, accuracy ≈ {broken_right:.3f}")
claim("her network is right for a share of only ≈ {:.2f}", broken_right, at_most=0.8)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(4.5, 4.2))
draw_plane(lambda x: answers(broken, x), axis, "The colleague's network stays pale")
plots.show("The plane, pale all over, with at most one straight border.")

# %% [markdown]
# ### Exercise 21.4 · Mend it
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
print([layer.name.rsplit("_", 1)[0] for layer in broken.layers], "had no ReLU at all")
fixed = fixed_network_solution()
fixed.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
print(f"accuracy when mended ≈ {train(fixed)['accuracy']:.3f}")

# %% [markdown]
# ## Going further: what depth can do, and where it pays
#
# Here are the two layers of two. The first takes $h = (\text{ReLU}(x_1), \text{ReLU}(x_2))$: a
# negative charge becomes 0. The second takes $\text{ReLU}(h_1 - 11 h_2)$ and $\text{ReLU}(h_2 - 11
# h_1)$. The first of these is above 0 only if ball 1 is positive and ball 2 is not, because no
# charge is below 0.1 or above 1 in size. If either is above 0, the balls attract.

# %%
deep = build(2, 2)
deep.set_weights([np.eye(2), np.zeros(2), np.array([[1, -11], [-11, 1]]), np.zeros(2),
                  np.array([[50], [50]]), np.array([-2.5])])  # fmt: skip
right = ((answers(deep, x_test) > 0.5) == y_test).mean()
verify("two layers of two, set by hand, are always right", right, at_least=1)
print(f"two layers of two, set by hand: {right:.0%} of new pairs right")

# %% [markdown]
# Depth pays more clearly where a border winds. Take two spirals, each turning twice, and two
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

budget = {"one layer of 312": (312,), "two layers of 33": (33, 33)}
builders = {name: lambda w=w: build(*w, rate=0.005) for name, w in budget.items()}
print({name: builder().count_params() for name, builder in builders.items()})
spirals = dlcourse.repeat(3, builders, train_spiral, steps_at_once=50)
means = spirals.groupby("contender")["accuracy"].mean()
print(means.map("≈ {:.3f}".format).to_string())
claim("on the spirals, two layers are ≈ {:.0f} points ahead of one",
      100 * (means["two layers of 33"] - means["one layer of 312"]), at_least=8)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(9.5, 4.7))
for axis, (name, widths) in zip(axes, budget.items()):
    part = spirals[spirals["contender"] == name].sort_values("accuracy")
    network = build(*widths)
    network.set_weights(part["weights"].iloc[1])
    plots.decision_boundary(lambda x: answers(network, x), x_new[:500], y_new[:500],
                            axis, name)
    axis.set(aspect="equal")
figure.suptitle("With equal budgets, only two layers follow the spiral",
                fontweight="bold")  # fmt: skip
plots.show("Two planes with the two arms. One hidden layer loses the border in the"
           " middle; two hidden layers follow both arms all the way.")

# %% [markdown]
# Here depth pays. (Our guess: the second layer folds what the first has already folded.) The wide
# network is not unable, only slower: in three trials it reached about 0.998 after 2,000 steps.

# %% [markdown]
# ## Going further: how far can width go?
#
# *Universal approximation*: one hidden layer, wide enough, comes as close as you like to any
# continuous function on a closed, bounded region (Cybenko 1989; Hornik 1991; for ReLU and every
# other activation that is not a polynomial, in essence, Leshno and others 1993). Watch it for
# $\sin x$: every ReLU adds one bend, so set them by hand.

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
# Twice the neurons, about a quarter of the error. The theorem says that such weights exist. It does not say
# how many neurons that takes, whether training finds the weights, or what happens outside the region.

# %% [markdown]
# ## Quiz

# %%
quiz("21")

# %% [markdown]
# ## Summary
#
# - A neuron: weighted sum, plus bias, then activation. Its border is a line; $w$ turns it, $b$
#   shifts it.
# - A layer: `activation(X @ W + b)`, `(batch, n) @ (n, m) + (m,)` → `(batch, m)`, with $(n+1)\,m$
#   parameters. Without an activation, layers in a row are one layer.
# - Hidden layers: ReLU or a relative. Output: linear for a number, sigmoid for yes–no, softmax for
#   one of several classes.
# - That good weights exist does not mean that training finds them. Spare width helps.
#
# You can now compute every number in such a network. How training finds the weights: lesson 22.
#
# ## Common mistakes
#
# - **No activation**: `Dense(16)` is linear unless you say otherwise. Sign: a straight border.
# - **Softmax along the wrong axis**. Sign: one example alone gets probability 1 for every class.
# - **A transposed weight matrix**: silently wrong if $W$ is square. PyTorch's `Linear` stores
#   `(neurons, inputs)`.
#
# ## Read more
#
# - Keras: [activations](https://keras.io/api/layers/activations/),
#   [Dense](https://keras.io/api/layers/core_layers/dense/).
# - G. Cybenko (1989), [Approximation by superpositions of a sigmoidal
#   function](https://doi.org/10.1007/BF02551274); K. Hornik (1991), [Approximation
#   capabilities](https://doi.org/10.1016/0893-6080(91)90009-T).
# - X. Glorot and others (2011), [Deep sparse rectifier neural
#   networks](https://proceedings.mlr.press/v15/glorot11a.html): why ReLU took over.
# - I. Goodfellow and others (2016), [Deep Learning, chapter
#   6](https://www.deeplearningbook.org/contents/mlp.html).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [22 · Backpropagation](22_backpropagation.ipynb). One backward pass tells every weight which way to turn. **Before:** [13 · Splitting and leakage](13_splitting_and_leakage.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+21%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/22_backpropagation.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/13_splitting_and_leakage.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
