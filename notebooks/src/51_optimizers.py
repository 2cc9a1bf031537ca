# ---
# jupyter:
#   dlcourse:
#     title: Optimizers
#     subtitle: Seven ways to use one gradient, and how to compare them fairly
#     minutes: 60
#     further: 11
#     seconds: 22
#     needs: ["22", "23"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "Adam is better"
#       stop: "sections 1 and 7"
#       ask: "\"At which learning rate?\" No optimizer is tested without its own"
#       stuck: "bias correction: \"Are the first steps too short or too long?\""
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 51 · Optimizers
#
# *Seven ways to use one gradient, and how to compare them fairly*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/51_optimizers.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/51_optimizers.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/51_optimizers.ipynb)
#
# **Your time:** 60 minutes, and 11 for *Going further* · **The notebook runs in:** about 22 s on two CPU cores · **Before this:** lesson 22, lesson 23

# %% [markdown]
# ## You will be able to
#
# 1. compute the largest learning rate that converges, and see from a path whether a rate suits
#    *(section 3 · exercise 51.1)*
# 2. turn the formulas of an optimizer into NumPy *(sections 4 to 6 · exercise 51.2)*
# 3. compare optimizers fairly, and say what the comparison does not show
#    *(section 7 · exercise 51.3)*
# 4. diagnose a broken optimizer from the steps it takes *(section 6, break and fix ·
#    exercise 51.4)*

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
from collections import defaultdict
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
from sklearn.model_selection import train_test_split

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify
from dlcourse.exercises.lesson_51 import colleague_loop  # for the end: do not open it

lesson = dlcourse.start("51", profile=PROFILE, seed=SEED)

import keras

RATES = 10.0 ** np.arange(-3, 0.6, lesson.pick(quick=0.5, full=0.25))  # for section 7
N_RUNS = lesson.pick(quick=3, full=6)

# %% [markdown]
# ## 1 · Is Adam better?
#
# The handwritten digits of lesson 23 again: 1,077 images to train on, 360 for validation and
# 360 for the test. One network, 64–32–10. Two strings to choose from: `"sgd"` and `"adam"`.
#
# **Predict.** After six epochs, which is ahead, and by how many points? Would you call it the
# better optimizer?

# %%
digits = datasets.digits()
x_all = digits.x_train.reshape(-1, 64).astype("float32") / 16  # pixels from 0 to 1
x_test = digits.x_test.reshape(-1, 64).astype("float32") / 16
y_test = digits.y_test
x_train, x_val, y_train, y_val = train_test_split(
    x_all, digits.y_train, test_size=360, stratify=digits.y_train,
    random_state=lesson.seed)

reached = {}
for optimizer in ("sgd", "adam"):
    keras.utils.set_random_seed(lesson.seed)  # the same initial weights for both
    model = keras.Sequential([keras.layers.Dense(32, activation="relu"),
                              keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, batch_size=32, epochs=6, verbose=0)
    reached[optimizer] = model.evaluate(x_val, y_val, batch_size=360, verbose=0)[1]
    print(f"{optimizer:5s} validation accuracy ≈ {reached[optimizer]:.3f}")
verify("Adam is far ahead", reached["adam"] - reached["sgd"], at_least=0.2)

# %% [markdown]
# From such a run many conclude: "Always use Adam." We judge in section 7.

# %% [markdown]
# ## 2 · Batch, stochastic, mini-batch
#
# To see inside, we need the network in NumPy. All its 2,410 weights and biases stand in *one*
# vector `w`, because an optimizer treats them alike. The gradient, lesson 22's backward pass, has
# the same shape, `(2410,)`.

# %%
def initial_weights(rng):
    """Lesson 22's Glorot scale for 64-32-10, in one vector."""
    return np.concatenate([rng.normal(0, np.sqrt(2 / 96), 64 * 32), np.zeros(32),
                           rng.normal(0, np.sqrt(2 / 42), 32 * 10), np.zeros(10)])

def unpack(w):
    W1, b1, W2, b2 = np.split(w, [2048, 2080, 2400])
    return W1.reshape(64, 32), b1, W2.reshape(32, 10), b2

def forward(w, x):
    """Hidden layer (batch, 32) and logits (batch, 10)."""
    W1, b1, W2, b2 = unpack(w)
    h = np.maximum(x @ W1 + b1, 0)
    return h, h @ W2 + b2

def loss_and_gradient(w, x, y):
    """Mean cross-entropy, and its gradient, shape (2410,)."""
    h, logits = forward(w, x)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[np.arange(len(y)), y] + 1e-12))
    delta2 = (p - np.eye(10)[y]) / len(y)  # probabilities minus one-hot labels
    delta1 = (delta2 @ unpack(w)[2].T) * (h > 0)
    return loss, np.concatenate([(x.T @ delta1).ravel(), delta1.sum(0),
                                 (h.T @ delta2).ravel(), delta2.sum(0)])

# %% [markdown]
# An **optimizer** is a function: weights and gradient in, new weights out. The simplest takes
# a step against the gradient $g$, with the learning rate $\alpha$ (`learning_rate`):
# $w := w - \alpha g$. It needs no memory. The others keep theirs in the dictionary `state`,
# where a missing entry counts as 0. How many examples should one gradient see?
#
# | |the gradient $g$ is the mean over|updates per epoch here|
# |---|---|---|
# |**batch** gradient descent|all 1,077 examples|1|
# |**mini-batch** descent|$B$ examples, here 32|33|
# |**stochastic** gradient descent (SGD)|one example|1,077|
#
# In Keras, and from here on, "SGD" names the update rule, whatever the batch.

# %%
def sgd(w, g, state, learning_rate):
    return w - learning_rate * g

def train(optimizer, learning_rate, rng, batch_size=32, epochs=6):
    """Train from new weights; return them and the training loss after each epoch."""
    w, state, losses = initial_weights(rng), defaultdict(float), []
    with np.errstate(all="ignore"):  # a rate that is too large may overflow: let it
        for _ in range(epochs):
            order = rng.permutation(len(x_train))
            for batch in np.array_split(order, len(x_train) // batch_size):
                g = loss_and_gradient(w, x_train[batch], y_train[batch])[1]
                w = optimizer(w, g, state, learning_rate)
            losses.append(loss_and_gradient(w, x_train, y_train)[0])
    return w, losses

# %% [markdown]
# First all three batch sizes at one rate, then the larger two at a larger rate:

# %%
curves = {}
print("batch size   rate   updates per epoch   time per epoch   loss after 5 epochs")
for size, rate in ((1, 0.05), (32, 0.05), (1077, 0.05), (32, 0.3), (1077, 1.0)):
    begin = perf_counter()
    curves[size, rate] = np.array([
        train(sgd, rate, np.random.default_rng([lesson.seed, run]), size, epochs=5)[1]
        for run in range(3)])  # (runs, epochs)
    milliseconds = (perf_counter() - begin) / 15 * 1000
    print(f"{size:10d}   {rate:4.2f} {1077 // size:19d}   ≈ {milliseconds:8.0f} ms"
          f"   ≈ {curves[size, rate][:, -1].mean():.2f}")
last = {key: losses[:, -1].mean() for key, losses in curves.items()}
claim("at 20 times the rate the full batch still ends at ≈ {:.0f} times size 1's loss",
      last[1077, 1.0] / last[1, 0.05], at_least=5)
verify("at 6 times the rate batch size 32 ends at less than 0.3 times its loss",
       last[32, 0.3] / last[32, 0.05], at_most=0.3)

# %% tags=["hide-input"]
COLORS = {"sgd": plots.BLUE, "momentum": plots.VERMILION, "nesterov": plots.PURPLE,
          "adagrad": plots.GREEN, "rmsprop": plots.SKY, "adam": plots.ORANGE,
          "adamw": "black"}
plt.figure(figsize=(8, 3.8))
looks = {1: "o-", 32: "s--", 1077: "^:"}
for (size, rate), losses in curves.items():
    plt.plot(range(1, 6), losses.T, looks[size], color=COLORS["sgd"], lw=1.2, ms=5,
             mfc=COLORS["sgd"] if rate == 0.05 else "white")
    plt.text(5.15, losses.mean(0)[-1], f"batch size {size:,}, rate {rate}", va="center")
plt.yscale("log")
plt.yticks((0.1, 1), ("0.1", "1"))
plt.xticks(range(1, 6))
plt.xlim(0.8, 7)
plt.xlabel("epoch")
plt.ylabel("training loss (three runs each)")
plt.title("More updates per epoch bring the loss down faster")
plots.show("Training loss falls fastest with batch size 1, slowest with the full batch;"
           " with a larger rate 32 almost catches up.")

# %% [markdown]
# One example's gradient is full of **noise**: it lies far from the full one. Yet a thousand noisy
# steps an epoch beat one exact step, even at 20 times the rate. But 32 examples in one update take
# far less time than 32 updates. So batch size 32, at a rate that suits it, gets nearly as far in a
# fraction of the time.
#
# The mean of $B$ random examples scatters like $1/\sqrt B$: four times the batch leaves half the
# noise. Batches of 32 to 256 are the usual bargain.

# %% [markdown]
# ## 3 · One learning rate for a ravine
#
# We cannot look at 2,410 dimensions. So take two weights and a **ravine**, a valley 100 times
# as steep across as along:
#
# $$L(w) = \tfrac12 \left(w_1^2 + 100\, w_2^2\right), \qquad
# g = \nabla L = (w_1,\ 100\, w_2)$$
#
# Each weight has a curvature $\lambda$, 1 and 100 (`CURVATURES`). A step subtracts
# $\alpha\lambda w$, so it multiplies $w$ by $1 - \alpha\lambda$. By hand, with
# $\alpha = 0.015$: $w_2$ is multiplied by $1 - 1.5 = -0.5$, $w_1$ by $0.985$.
#
# Four rates, 200 steps each:

# %%
CURVATURES = np.array([1.0, 100.0])

def ravine_loss(w):
    return 0.5 * (CURVATURES * w**2).sum(axis=-1)

def ravine_gradient(w):
    return CURVATURES * w

def descend(optimizer, gradient, start, steps, learning_rate, **settings):
    """The path of w, shape (steps + 1, 2); it stops early if w runs away."""
    path, state = [np.array(start, dtype=float)], defaultdict(float)
    for _ in range(steps):
        w = path[-1]
        path.append(optimizer(w, gradient(w), state, learning_rate, **settings))
        if np.abs(path[-1]).max() > 1e3:
            break
    return np.array(path)

paths = {rate: descend(sgd, ravine_gradient, (-4, 1), 200, rate)
         for rate in (0.001, 0.015, 0.01995, 0.0203)}
ends = {rate: ravine_loss(path[-1]) for rate, path in paths.items()}
verify("only 0.015 ends below a loss of 0.1", ends[0.015] < 0.1 and
       min(ends[rate] for rate in ends if rate != 0.015) > 0.1)

# %% tags=["hide-input"]
def draw_ravine(axis, path, title, color, loss=ravine_loss):
    a, b = np.meshgrid(*[np.linspace(-4.5, 4.5, 240)] * 2)
    axis.contour(a, b, loss(np.stack([a, b], -1)), [1, 5, 20, 60, 120, 200],
                 colors="0.6", linewidths=0.8)
    axis.plot(*path.T, "o-", ms=2.5, lw=0.7, color=color)
    axis.plot(*path[0], "ks", ms=7)
    axis.plot(0, 0, "k*", ms=11)
    axis.set(xlabel="$w_1$", ylabel="$w_2$", title=title)
    axis.set(xlim=(-4.5, 4.5), ylim=(-2, 2))
    axis.label_outer()

figure, axes = plt.subplots(1, 4, figsize=(13, 3.4), sharey=True)
figure.suptitle("200 steps from a loss of 58: only one of four rates arrives",
                weight="bold")
words = {0.001: "too small", 0.015: "right", 0.01995: "too large", 0.0203: "diverging"}
for axis, (rate, path) in zip(axes, paths.items(), strict=True):
    end = f"a loss of {ends[rate]:.2g}" if ends[rate] < 1000 else "millions"
    draw_ravine(axis, path, f"{rate}: {words[rate]},\nends at {end}", COLORS["sgd"])
plots.show("Four paths of 200 steps from square toward star: crawling, arriving,"
           " zigzagging across the ravine, and growing zigzags that leave the picture.")

# %% [markdown]
# The *steepest* direction sets the limit: $|1 - \alpha\lambda| < 1$ needs
#
# $$\alpha < \frac{2}{\lambda_\text{max}} = \frac{2}{100} = 0.02$$
#
# The *flattest* direction sets the time: even at that limit, $w_1$ loses only 2 % per step. So
# the trouble is the ratio of the curvatures, the **condition number**, here 100. Sections 4 to
# 6 attack it.
#
# **Exercise 51.1.** For $L = \tfrac12 (2 w_1^2 + 50 w_2^2)$: the learning rate `limit` that
# must not be reached; at *half* that rate, the `factor` of $w_1$ per step; and how many whole
# `steps` until $w_1$ is at most a hundredth of its start.
#
# <details><summary>Hint 1</summary>The curvatures are 2 and 50: the ½ cancels against the
# exponent in the derivative.</details>
# <details><summary>Hint 2</summary>factor = 1 − rate · 2; find the smallest n with factorⁿ ≤
# 0.01.</details>

# %% tags=["exercise"]
# Exercise 51.1: limit, factor, steps.
rates = {"limit": ..., "factor": ..., "steps": ...}

# %%
check("51.1", rates)

# %% tags=["solution"]
# @title Solution 51.1
rates_solution = {"limit": 2 / 50, "factor": 1 - 0.02 * 2,
                  "steps": int(np.ceil(np.log(0.01) / np.log(0.96)))}
check("51.1", rates_solution)

# %% [markdown]
# ## 4 · Momentum: remember the direction
#
# In a zigzag the gradient across the ravine flips its sign at each step. Along it, the sign stays.
# So add up past steps: what flips cancels, what stays grows. The sum is the **velocity** $v$.
# It keeps the share $\beta$ of itself (`beta`; in Keras `momentum`; Polyak 1964):
#
# $$v := \beta v - \alpha g, \qquad w := w + v$$
#
# By hand, $\alpha = 0.1$, $\beta = 0.9$. A steady slope $g = 1$ gives the steps $-0.1$, then
# $0.9 \cdot (-0.1) - 0.1 = -0.19$, then $-0.271$, ever closer to $-\alpha / (1 - \beta) = -1$,
# ten times $\alpha$. A slope that flips, $1, -1, 1, \dots$, gives $-0.1,\ 0.01,\ -0.091, \dots$, which
# settles at $\pm\alpha / (1 + \beta) = \pm 0.053$.
#
# **Nesterov**'s variant (1983) looks ahead: it takes the step that the *next* velocity would
# take if the gradient stayed the same, $w := w + \beta v - \alpha g$ with the new $v$. (Books
# take the gradient at the point ahead. Our $w$ *is* that point.)

# %%
def momentum(w, g, state, learning_rate, beta=0.9):
    state["v"] = beta * state["v"] - learning_rate * g
    return w + state["v"]

def nesterov(w, g, state, learning_rate, beta=0.9):
    state["v"] = beta * state["v"] - learning_rate * g
    return w + beta * state["v"] - learning_rate * g

# %% [markdown]
# To be fair, each optimizer gets its own best rate out of the same 33. We count the steps until
# the loss stays below 0.001 (in the titles), and draw the first 40.

# %%
GRID = 10 ** np.arange(-3, 1.01, 1 / 8)  # 33 rates from 0.001 to 10

def steps_needed(path, loss):
    """Steps until the loss stays below 0.001; infinity if it does not."""
    steps = np.flatnonzero(loss(path) >= 1e-3)[-1] + 1
    return steps if steps < len(path) else np.inf

def fastest(optimizer, gradient=ravine_gradient, loss=ravine_loss, start=(-4, 1)):
    """Try every rate of the grid: the fewest steps, their rate and path."""
    paths = [descend(optimizer, gradient, start, 600, rate) for rate in GRID]
    steps = [steps_needed(path, loss) for path in paths]
    best = np.argmin(steps)
    return steps[best], GRID[best], paths[best]

plain, with_momentum, looking_ahead = map(fastest, (sgd, momentum, nesterov))
claim("momentum needs ≈ {:.2f} of SGD's steps", with_momentum[0] / plain[0],
      at_most=0.5)
verify("Nesterov needs fewer than momentum", looking_ahead[0] < with_momentum[0])

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(12, 3.7), sharey=True)
figure.suptitle("The first 40 steps: momentum gets farther, and Nesterov calms its"
                " swings", weight="bold")
for axis, name, (steps, rate, path) in zip(
        axes, ("sgd", "momentum", "nesterov"), (plain, with_momentum, looking_ahead)):
    draw_ravine(axis, path[:41], f"{name}: needs {steps}\nrate {rate:.2}", COLORS[name])
plots.show("40 steps in the ravine: SGD zigzags, then creeps along the floor; momentum"
           " swings in wide waves across it; Nesterov's waves die out at once.")

# %% [markdown]
# Momentum's rate is lower, yet its steps along the ravine grow longer. But it overshoots and must
# return.

# %% [markdown]
# ## 5 · Adagrad and RMSprop: a rate for every weight
#
# Another cure: measure how large each weight's gradients usually are, and divide by that. The
# memory $s$ has the shape of $w$, and every operation is elementwise. The tiny
# $\varepsilon = 10^{-7}$ (`epsilon`) keeps the divisor above 0.
#
# | |memory|update|
# |---|---|---|
# |**Adagrad** (Duchi and others 2011)|$s := s + g^2$, from 0.1|$w := w - \alpha g / \sqrt{s + \varepsilon}$|
# |**RMSprop** (Hinton 2012)|$s := \rho s + (1 - \rho) g^2$, from 0|the same|
#
# Adagrad sums over the whole past. RMSprop keeps a moving average, which with $\rho = 0.9$
# (`rho`) forgets in about ten steps.
#
# By hand, for a steady $g = 1$: Adagrad's first step is $\alpha / \sqrt{0.1 + 1} \approx
# 0.95\,\alpha$, its 1,000th only $\alpha / \sqrt{0.1 + 1000} \approx 0.03\,\alpha$. RMSprop's
# first step is $\alpha / \sqrt{0.1} \approx 3.2\,\alpha$, and later ones settle at $\alpha$,
# whatever the slope.

# %%
def adagrad(w, g, state, learning_rate, epsilon=1e-7):
    state["s"] = state.get("s", 0.1) + g**2
    return w - learning_rate * g / np.sqrt(state["s"] + epsilon)

def rmsprop(w, g, state, learning_rate, rho=0.9, epsilon=1e-7):
    state["s"] = rho * state["s"] + (1 - rho) * g**2
    return w - learning_rate * g / np.sqrt(state["s"] + epsilon)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(9, 3.9), sharey=True)
figure.suptitle("Dividing by past gradients: Adagrad cures this ravine", weight="bold")
for axis, optimizer in zip(axes, (momentum, adagrad), strict=True):
    name, (steps, rate, path) = optimizer.__name__, fastest(optimizer)
    draw_ravine(axis, path[:41], f"{name}: needs {steps}\nrate {rate:.2}", COLORS[name])
    axis.set(ylim=(-5, 2))
plots.show("Momentum swings toward the star for 40 steps; Adagrad leaps past it at"
           " first, leaps back, and is there after five.")

# %% [markdown]
# Adagrad needs a handful of steps: each weight's steepness divides out, so both move alike. But
# our ravine lies along the axes. *Going further* turns it, and the cure fails.

# %% [markdown]
# ## 6 · Adam, and why it corrects its averages
#
# **Adam** (Kingma and Ba 2015) keeps two moving averages, estimates of the gradient's first
# and second **moment**: its mean $m$, like momentum, and its mean square $v$, like RMSprop
# (this $v$ is not section 4's velocity):
#
# $$m := \beta_1 m + (1 - \beta_1)\, g, \qquad v := \beta_2 v + (1 - \beta_2)\, g^2$$
#
# Both start at 0, so at first they are too small: they have a **bias**. For a steady $g$, step
# $t$ has $m_t = (1 - \beta_1^t)\, g$. So we divide $m$ by $1 - \beta_1^t$, and $v$ by
# $1 - \beta_2^t$. By hand, $\beta_1 = 0.9$, $g = 5$: $m_1 = 0.5$, and $0.5 / (1 - 0.9) = 5$;
# $m_2 = 0.95$, and $0.95 / (1 - 0.81) = 5$. The corrected averages get hats:
#
# $$w := w - \alpha\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# By hand, the first step for $g = (100, -0.01)$: $\hat m = g$ and $\sqrt{\hat v} = |g| = (100,
# 0.01)$, so the step is $(-\alpha, +\alpha)$. Every weight's first step has the same length.
#
# In code $\beta_1$ is `beta`, $\beta_2$ `beta_2` and $\varepsilon$ `eps`:

# %%
def adam(w, g, state, learning_rate, beta=0.9, beta_2=0.999, eps=1e-7, correct=True):
    t = state["t"] = state["t"] + 1
    m = state["m"] = beta * state["m"] + (1 - beta) * g
    v = state["v"] = beta_2 * state["v"] + (1 - beta_2) * g**2
    if correct:
        m, v = m / (1 - beta**t), v / (1 - beta_2**t)
    return w - learning_rate * m / (np.sqrt(v) + eps)

# %% [markdown]
# **Predict.** Without the correction $m$ starts ten times too small. Are Adam's first steps
# then too short or too long?

# %%
def adam_uncorrected(*arguments):
    return adam(*arguments, correct=False)

lengths = {}
for optimizer in (adam_uncorrected, rmsprop, adam, adagrad):
    path = descend(optimizer, np.ones_like, [0.0], 1000, 0.01)  # a gradient of 1
    lengths[optimizer.__name__] = -np.diff(path[:, 0]) / 0.01
claim("without correction a step is up to ≈ {:.1f} times as long as it should be",
      lengths["adam_uncorrected"].max(), at_least=6)

looks = {"adam_uncorrected": (plots.ORANGE, "--"), "adam": (plots.ORANGE, "-"),
         "rmsprop": (plots.SKY, "-."), "adagrad": (plots.GREEN, ":")}
for name, (color, style) in looks.items():
    plt.loglog(range(1, 1001), lengths[name], style, color=color, label=name)
plt.yticks((0.03, 0.1, 0.3, 1, 3.2, 6.6), ("0.03", "0.1", "0.3", "1", "3.2", "6.6"))
plt.xticks((1, 10, 100, 1000), ("1", "10", "100", "1,000"))
plt.xlabel("step $t$, for a steady gradient")
plt.ylabel("step length / learning rate")
plt.title("Only corrected Adam takes the right step from the start")
plt.legend()
plt.minorticks_off()
plots.show("Step length over step number: Adam always 1; uncorrected 3.2 at first, 6.6"
           " near step 12; RMSprop 3.2, then 1; Adagrad falls from 0.95 to 0.03.")

# %% [markdown]
# Too long: $v$ starts *a thousand* times too small, and under the root that outweighs $m$:
# $0.1 / \sqrt{0.001} \approx 3.2$.
#
# **Exercise 51.2.** Now you can read an optimizer from its paper. Lion (Chen and others 2023,
# here without weight decay) steps by the *sign* of a blend of old average and gradient. Then
# it updates the average, with a *different* constant:
#
# $$w := w - \alpha\, \mathrm{sign}\big(\beta_1 m + (1 - \beta_1) g\big), \qquad
# m := \beta_2 m + (1 - \beta_2) g$$
#
# <details><summary>Hint 1</summary>Compute the blend before you change state["m"].</details>
# <details><summary>Hint 2</summary>np.sign gives −1, 0 or 1 for each element; return w −
# learning_rate * np.sign(blend).</details>

# %% tags=["exercise"]
# Exercise 51.2: one Lion step. state["m"] is the average; w and g stay as they are.
def lion(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    ...  # your code here

# %%
check("51.2", lion)

# %% tags=["solution"]
# @title Solution 51.2
def lion_solution(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    blend = beta * state["m"] + (1 - beta) * g
    state["m"] = beta_2 * state["m"] + (1 - beta_2) * g
    return w - learning_rate * np.sign(blend)

check("51.2", lion_solution)

# %% [markdown]
# ## 7 · The race, fairly
#
# Section 1 compared SGD at Keras's default rate, 0.01, with Adam at its own, 0.001. The
# same number means different things: SGD's step is $\alpha g$, Adam's at most about
# $\alpha$. A fair race has rules:
#
# - the same network, initial weights, batches and epochs for all, run by run;
# - the same rates and runs for each, judged by mean **validation** accuracy. Of all rates
#   within one point (0.01) of the best, the smallest is taken;
# - the verdict from *new* runs on the **test** set, with their spread.
#
# **Exercise 51.3.** Write the second rule. `rates` rise; `accuracies` has the shape
# (rates, runs). For the rates 0.1, 0.3, 1 with the means 0.80, 0.944, 0.95 it returns 0.3.
#
# <details><summary>Hint 1</summary>One mean per rate: accuracies.mean(axis=1). Which are at
# least the largest mean − 0.01?</details>
# <details><summary>Hint 2</summary>rates[good] keeps the rates where the boolean array good is
# True; take their smallest.</details>

# %% tags=["exercise"]
# Exercise 51.3: the smallest rate whose mean is within 0.01 of the best mean.
def tuned_rate(rates, accuracies):
    ...  # your code here

# %%
check("51.3", tuned_rate)

# %% tags=["solution"]
# @title Solution 51.3
def tuned_rate_solution(rates, accuracies):
    means = np.mean(accuracies, axis=1)
    good = means >= means.max() - 0.01
    return np.min(np.array(rates)[good])

check("51.3", tuned_rate_solution)

# %% [markdown]
# **AdamW** (Loshchilov and Hutter 2019) runs, too: Adam that also shrinks every weight a little
# at each step (*Going further*).
#
# **Predict.** Sketch accuracy against learning rate for SGD and Adam. Where are the peaks, and
# how high?

# %%
def adamw(w, g, state, learning_rate, weight_decay=0.004, **settings):
    w = w - learning_rate * weight_decay * w
    return adam(w, g, state, learning_rate, **settings)

OPTIMIZERS = {"SGD": sgd, "momentum": momentum, "Nesterov": nesterov,
              "Adagrad": adagrad, "RMSprop": rmsprop, "Adam": adam, "AdamW": adamw}

def score(name, learning_rate, run, x, y):
    """Accuracy on (x, y) after training; a run fixes initial weights and batches."""
    rng = np.random.default_rng([lesson.seed, run])
    w, _ = train(OPTIMIZERS[name], learning_rate, rng)
    with np.errstate(all="ignore"):
        return np.mean(forward(w, x)[1].argmax(axis=1) == y)

tuning = np.array([[[score(name, rate, run, x_val, y_val) for run in range(N_RUNS)]
                    for rate in RATES] for name in OPTIMIZERS])  # (7, rates, runs)
means = tuning.mean(axis=2)
good = means >= means.max(axis=1, keepdims=True) - 0.01
tuned = RATES[good.argmax(axis=1)]  # the first True: the smallest good rate
final = np.array([[score(name, rate, 100 + run, x_test, y_test) for run in range(5)]
                  for name, rate in zip(OPTIMIZERS, tuned, strict=True)])
verify("at 3.2 none reads more than it guesses", means[:, -1].max(), at_most=0.3)

# %% tags=["hide-input"]
figure, (sweep, final_axis) = plt.subplots(1, 2, figsize=(11.5, 4.2))
names, styles = list(OPTIMIZERS), {"SGD": "o-", "momentum": "s--", "Adagrad": "v:",
                                   "RMSprop": "^-.", "Adam": "D-"}
for i, (name, optimizer) in enumerate(OPTIMIZERS.items()):
    color = COLORS[optimizer.__name__]
    final_axis.errorbar(final[i].mean(), i, xerr=final[i].std(ddof=1), fmt="o",
                        capsize=4, color=color)
    if name in styles:
        sweep.semilogx(RATES, means[i], styles[name], ms=5, label=name, color=color)
        usual = 0.01 if name in ("SGD", "momentum") else 0.001
        sweep.plot(usual, means[i, np.argmin(np.abs(RATES - usual))], "o", ms=13,
                   mfc="none", color=color)
sweep.set(xlabel="learning rate (ring: Keras's default)", ylabel="validation accuracy",
          title="Far apart in rate, alike in height (five of seven)")
sweep.legend(loc="lower center", fontsize=9)
labels = [f"{n}, rate {r:.2g}" for n, r in zip(names, tuned, strict=True)]
final_axis.set(yticks=range(7), yticklabels=labels, xlim=(0.85, 1),
               title="Tuned, they are within a few points",
               xlabel="test accuracy, mean ± standard deviation of 5 runs")
final_axis.invert_yaxis()
plots.show("Left: validation accuracy against learning rate, five hills, at"
           " different rates but of like height. Right: tuned test accuracies overlap.")

# %%
test = 100 * final.mean(axis=1)  # in points, in the order of OPTIMIZERS
at = {rate: np.argmin(np.abs(RATES - rate)) for rate in (0.001, 0.01, 1.0)}
lead = 100 * (means[5, at[0.001]] - means[0, at[0.01]])  # Adam's and SGD's defaults
claim("at the defaults Adam leads SGD by ≈ {:.0f} points", lead, at_least=20)
claim("tuned, ≈ {:.2f} of that lead is left", (test[5] - test[0]) / lead, at_most=0.25)
claim("tuned, all seven lie within ≈ {:.1f} points", np.ptp(test), at_most=5)
verify("at rate 1 SGD reads far more than Adam", means[0, at[1.0]] - means[5, at[1.0]],
       at_least=0.4)

# %% [markdown]
# The lead of section 1 was the *learning rate's*, not Adam's: Adam's default stands high up its
# hill, SGD's far down its own. Tuned, the seven differ hardly more than the runs of one. Each
# curve is section 3 once more: too small, right, and then a cliff. At rate 1 Adam has
# fallen off, while SGD still reads most digits. The best rate may lie close to the cliff, so the
# rules take the smallest of nearly equal ones.
#
# **What this does not show.** One small network, one data set, six epochs, one batch size, and
# only the rate was tuned. Schmidt and others (2021) ran 15 optimizers on eight problems: the
# winner changes with the problem, and trying several at their defaults helped about as much as
# tuning one. In transformers Adam is clearly ahead of SGD (Zhang and others 2020).
#
# **Choosing.** Start with Adam (with weight decay: AdamW) at 0.001, and tune the rate by factors
# of three. For image networks with time to tune, also try SGD with momentum 0.9.

# %% [markdown]
# ## Break and fix
#
# A colleague wrote the training loop, with a correct `adam` inside. It even learns. Look at how
# far each weight moves per update, in units of the learning rate. Would you expect all moves
# alike, or many sizes?

# %%
def batch_gradient(w):
    batch = batches.integers(0, len(x_train), 32)
    return loss_and_gradient(w, x_train[batch], y_train[batch])[1]

start, moved = initial_weights(np.random.default_rng(lesson.seed)), {}
for name, loop, color, hatch in (("healthy Adam", descend, plots.ORANGE, ""),
                                 ("colleague's loop", colleague_loop, "0.7", "//")):
    batches = np.random.default_rng(lesson.seed)  # the same batches for both
    path = loop(adam, batch_gradient, start, 200, 0.01)  # (201, 2410)
    moves = np.abs(np.diff(path[100:], axis=0)) / 0.01
    moved[name] = moves[moves > 1e-9]  # leave out weights that did not move at all
    loss = loss_and_gradient(path[-1], x_train, y_train)[0]
    print(f"{name:16s} training loss ≈ {loss:.3f}")
    plt.hist(moved[name], np.arange(-0.025, 1.5, 0.05), density=True, label=name,
             color=color, hatch=hatch)
plt.gca().set(xlabel="a weight's move in one update / learning rate", ylabel="density",
              title="The colleague's weights move by one learning rate each")
plt.legend()
plots.show("Histogram of moves: healthy Adam's are spread, mostly well below one rate;"
           " the colleague's moves are all one learning rate.")
verify("the colleague's moves all have the same size",
       np.quantile(np.abs(moved["colleague's loop"] - 1), 0.95), at_most=0.01)
verify("healthy Adam's typical move is short", np.median(moved["healthy Adam"]),
       at_most=0.5)

# %% [markdown]
# **Exercise 51.4.** Which is it: `"rate"` (the learning rate is too large), `"bias"` (no bias
# correction) or `"memory"` (the optimizer forgets everything at each step)? Then write the
# loop as it should be, with `adam`; it returns the last `w`.
#
# <details><summary>Hint 1</summary>When is m̂ / √v̂ exactly ±1? Section 6 had one such
# step.</details>
# <details><summary>Hint 2</summary>Make the state once, before the loop: state =
# defaultdict(float).</details>

# %% tags=["exercise"]
# Exercise 51.4: a diagnosis, and a loop of `steps` Adam updates.
diagnosis = ...

def mended_loop(gradient, w, steps, learning_rate):
    ...  # your code here

# %%
check("51.4", diagnosis, mended_loop)

# %% tags=["solution"]
# @title Solution 51.4
def mended_loop_solution(gradient, w, steps, learning_rate):
    state = defaultdict(float)  # once: the colleague made a new one for each step
    for _ in range(steps):
        w = adam(w, gradient(w), state, learning_rate)
    return w

check("51.4", "memory", mended_loop_solution)

# %% [markdown]
# Each step was Adam's first step: $\hat m = g$, $\sqrt{\hat v} = |g|$, so every weight with
# a gradient moves by $\pm\alpha$.

# %% [markdown]
# ## Going further: the same as Keras
#
# Seven optimizers, one to six lines each. Do they equal Keras's? A Keras optimizer works on
# any `keras.Variable`, no model needed: `build`, then `apply` gradients.

# %%
IN_KERAS = {"SGD": keras.optimizers.SGD(0.01),
            "momentum": keras.optimizers.SGD(0.01, momentum=0.9),
            "Nesterov": keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True),
            "Adagrad": keras.optimizers.Adagrad(0.01),
            "RMSprop": keras.optimizers.RMSprop(0.01),
            "Adam": keras.optimizers.Adam(0.01), "AdamW": keras.optimizers.AdamW(0.01)}

start, differences = np.random.default_rng(lesson.seed).uniform(1, 4, 2), {}
for name, optimizer in IN_KERAS.items():
    w = keras.Variable(start.astype("float32"))
    optimizer.build([w])
    for _ in range(20):
        g = ravine_gradient(keras.ops.convert_to_numpy(w))
        optimizer.apply([keras.ops.convert_to_tensor(g.astype("float32"))], [w])
    ours = descend(OPTIMIZERS[name], ravine_gradient, start, 20, 0.01)[-1]
    differences[name] = np.abs(ours - keras.ops.convert_to_numpy(w)).max()
    print(f"{name:9s} largest difference after 20 steps ≈ {differences[name]:.7f}")
verify("all equal Keras's after 20 steps", max(differences.values()), at_most=1e-5)

# %% [markdown]
# The rest is rounding, since Keras computes in `float32`, and one detail: Keras adds Adam's
# $\varepsilon$ before the bias correction, we (and the paper's Algorithm 1) after it. That
# matters only for tiny gradients.

# %% [markdown]
# ## Going further: the ravine turned
#
# In section 5 Adagrad crossed the ravine in a handful of steps. But the ravine lay along the
# axes.
#
# **Predict.** We turn it by 45°, and every optimizer again gets its own best rate. For which of
# momentum and Adagrad does the turn matter?

# %%
TURN = np.array([[1, -1], [1, 1]]) / np.sqrt(2)  # a rotation by 45°

def turned_loss(w):
    return ravine_loss(w @ TURN)

def turned_gradient(w):
    return TURN @ ravine_gradient(TURN.T @ w)

# %%
straight, turned = {momentum: with_momentum, adagrad: fastest(adagrad)}, {}
for optimizer, (steps, rate, path) in straight.items():
    turned[optimizer] = fastest(optimizer, turned_gradient, turned_loss, TURN @ (-4, 1))
    print(f"{optimizer.__name__:8s}  straight ≈ {steps} steps,"
          f"  turned ≈ {turned[optimizer][0]} steps")
verify("Adagrad crosses the straight ravine in a tenth of momentum's steps",
       straight[adagrad][0] / straight[momentum][0], at_most=0.1)
verify("turning costs momentum nothing",
       turned[momentum][0] / straight[momentum][0], at_most=1.01)
claim("turning the ravine makes Adagrad need ≈ {:.0f} times as many steps",
      turned[adagrad][0] / straight[adagrad][0], at_least=20)
verify("turned, Adagrad is slower than momentum",
       turned[adagrad][0] > turned[momentum][0])

# %% [markdown]
# Momentum needs as many steps as before. Adagrad has lost its advantage: a rate per *weight*
# can undo differences between weights, not between directions that mix them. So "adaptive"
# helps where weights differ in scale, as with rare words or raw inputs.

# %% [markdown]
# ## Going further: weight decay is not a penalty
#
# AdamW's **weight decay** first shrinks $w$ by $\alpha\, d\, w$, where $d$ is `weight_decay`. For
# plain SGD this is the same as a squared penalty in the loss, whose gradient $d\,w$ is added to
# $g$. For Adam it is not.
#
# **Predict.** Why not? Weights start at 1 and their gradients are pure noise of four sizes, so
# only the decay has a direction. Which weights decay if $d\,w$ is added to $g$?

# %%
rng, scales = np.random.default_rng(lesson.seed), np.array([[0.01], [0.1], [1], [10]])
w_decay, w_penalty = np.ones((4, 1000)), np.ones((4, 1000))  # (noise size, copies)
state_decay, state_penalty = defaultdict(float), defaultdict(float)
for _ in range(1000):
    g = scales * rng.normal(size=(4, 1000))
    w_decay = adamw(w_decay, g, state_decay, 0.01, weight_decay=0.1)
    w_penalty = adam(w_penalty, g + 0.1 * w_penalty, state_penalty, 0.01)
print("size of gradients          0.01      0.1        1       10")
for name, w in (("AdamW: what is left", w_decay), ("Adam with penalty", w_penalty)):
    print(f"{name:20s}", "".join(f"   ≈ {abs(left):5.2f}" for left in w.mean(axis=1)))
spread = np.abs(w_decay.mean(axis=1) - np.exp(-1)).max()
verify("AdamW leaves 37 % = (1 - 0.001)^1000 of every weight", spread, at_most=0.08)
claim("a penalty inside Adam leaves ≈ {:.2f} of the weights with the largest gradients",
      w_penalty.mean(axis=1)[-1], at_least=0.8)

# %% [markdown]
# AdamW shrinks every weight alike, to $(1 - 0.001)^{1000} \approx 0.37$. With the penalty inside,
# Adam divides $d\,w$ by the size of the gradients: where they are large, hardly anything decays.

# %% [markdown]
# ## Going further: five surfaces
#
# Each of these surfaces has one difficulty; `a` and `b` are the two weights. The **saddle** at
# $(0, 0)$ is a minimum along $a$ and a maximum along $b$. The slope there is 0, and the path
# starts right beside the ridge, at $b = 0.001$.
#
# **Predict.** Momentum gets one rate, 0.0025, for all five. On which does it come near the
# lowest point in 100 steps?

# %%
SURFACES = {  # loss, gradient, start, drawn ranges of a and b
    "bowl": (lambda a, b: (a**2 + b**2) / 2,
             lambda w: w, (-3, 1.5), (-4, 4, -4, 4)),
    "ravine": (lambda a, b: (a**2 + 100 * b**2) / 2,
               ravine_gradient, (-3, 1), (-4, 4, -4, 4)),
    "saddle": (lambda a, b: a**2 / 2 + b**4 / 4 - b**2 / 2,
               lambda w: np.array([w[0], w[1] ** 3 - w[1]]),
               (-1.5, 0.001), (-2, 2, -2, 2)),
    "Rosenbrock": (lambda a, b: (1 - a) ** 2 + 100 * (b - a**2) ** 2,
                   lambda w: np.array([
                       2 * (w[0] - 1) - 400 * w[0] * (w[1] - w[0] ** 2),
                       200 * (w[1] - w[0] ** 2)]), (-1.2, 1), (-2, 2, -1, 3)),
    "many minima": (lambda a, b: ((a**2 + b**2) / 10 + 1
                                  - (np.cos(3 * a) + np.cos(3 * b)) / 2),
                    lambda w: w / 5 + 1.5 * np.sin(3 * w), (-2.7, 2.6), (-4, 4, -4, 4))}

def draw_surface(axis, loss, start, box):
    a, b = np.meshgrid(np.linspace(*box[:2], 70), np.linspace(*box[2:], 70))
    z = loss(a, b)
    axis.contourf(a, b, np.log(z - z.min() + 0.05), 14, cmap="Blues_r")  # dark is low
    axis.plot(*start, "ks", ms=8, label="start")
    axis.set(xlabel="weight $a$", xlim=box[:2], ylim=box[2:], aspect="equal")
    axis.locator_params(nbins=4)

# %% tags=["hide-input"]
def trajectories(optimizer="momentum", log10_rate=-2.6, momentum=0.9):
    uses = optimizer in ("momentum", "Nesterov", "Adam", "AdamW")
    settings = {"beta": momentum} if uses else {}
    figure, axes = plt.subplots(1, 5, figsize=(14, 3.4), layout="none")
    for axis, (name, (loss, gradient, start, box)) in zip(axes, SURFACES.items()):
        path = descend(OPTIMIZERS[optimizer], gradient, start, 100, 10**log10_rate,
                       **settings)
        draw_surface(axis, loss, start, box)
        axis.plot(*path.T, "o-", ms=3, lw=1, color=plots.ORANGE, label="path")
        axis.plot(*path[-1], "X", ms=9, color=plots.VERMILION, label="end")
        axis.set_title(f"{name}: {loss(*path[-1]):.2g}")
    axes[0].legend(fontsize=9)
    axes[0].set_ylabel("weight $b$")
    beta = f"momentum {momentum:.2f}" if uses else "without momentum"
    figure.suptitle(f"{optimizer}, rate {10**log10_rate:.3g}, {beta}: the loss after"
                    " 100 steps on five surfaces", weight="bold", y=1.02)

explore(trajectories, optimizer=list(OPTIMIZERS), log10_rate=(-4.0, 0.5, 0.1),
        momentum=(0.0, 0.99, 0.01),
        alt="One rate, five outcomes: momentum nears the bottom of bowl and ravine,"
            " waits at the saddle, follows Rosenbrock's valley, and is caught nearby.")

# %% [markdown]
# One rate, five outcomes. Now find: (1) the rate at which SGD diverges on the ravine (section 3
# told you); (2) a momentum run that ends below a loss of 0.02 in Rosenbrock's bent valley; (3) a
# rate with which Adam reaches the center of "many minima"; (4) whether SGD or Adam leaves the
# saddle first at the rate 0.05.
#
# For (4): near a saddle the gradient is tiny, and SGD's step with it. Each update multiplies
# $b$ by about $1 + \alpha = 1.05$, and it takes some 130 updates to get from 0.001 to 0.5. Adam
# divides by that tiny size and leaves after eleven. In high dimensions saddles are thought to be
# far more common than bad minima (Dauphin and others 2014).

# %% [markdown]
# ## Quiz

# %%
quiz("51")

# %% [markdown]
# ## Summary
#
# - A batch four times as large halves the gradient's noise; small batches make more updates.
# - The steepest direction limits the rate to $2/\lambda_\text{max}$; the flattest sets the time.
# - Momentum speeds up what stays and damps what flips.
# - Adagrad and RMSprop divide by each weight's usual gradient.
# - Adam does both, with bias correction, without which its first steps are too *long*.
# - An optimizer without its own tuned learning rate has not had a fair test.
#
# An hour ago `"adam"` was a string. Now you can write it, break it, and say what it is worth.
#
# ## Common mistakes
#
# - **One rate for all optimizers in a comparison**: the winner is whoever suits that rate.
# - **Recompiling, or `keras.optimizers.Adam(…)`, inside the training loop**: the memory is lost.
# - **A larger batch at the same rate and epochs**: fewer updates, so usually a higher loss.
# - **Momentum raised from 0.9 to 0.99 at the same rate**: steady steps grow tenfold.
#
# ## Read more
#
# - [Kingma, Ba (2015), Adam](https://arxiv.org/abs/1412.6980): section 6's algorithm
# - [Loshchilov, Hutter (2019), AdamW](https://arxiv.org/abs/1711.05101)
# - [Goh (2017), Why momentum really works](https://distill.pub/2017/momentum/)
# - [Dauphin and others (2014), Saddle points](https://arxiv.org/abs/1406.2572)
# - [Schmidt, Schneider, Hennig (2021), Descending through a crowded
#   valley](https://arxiv.org/abs/2007.01547)
# - [Zhang and others (2020), Why are adaptive methods good for attention
#   models?](https://arxiv.org/abs/1912.03194)
# - [Chen and others (2023), Lion](https://arxiv.org/abs/2302.06675)
# - [Keras optimizers](https://keras.io/api/optimizers/)

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [52 · Regularization](52_regularization.ipynb). A network that learns its mistakes by heart, and what helps against it. **Before:** [45 · Attention and Transformers](45_attention_and_transformers.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+51%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/52_regularization.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/45_attention_and_transformers.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
