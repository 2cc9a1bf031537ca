# ---
# jupyter:
#   dlcourse:
#     title: Optimizers
#     subtitle: Seven ways to use one gradient, and how to compare them fairly
#     minutes: 80
#     seconds: 22
#     needs: ["22", "23"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "Adam is better"
#       stop: "sections 1 and 8"
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
# **Your time:** 80 minutes · **The notebook runs in:** about 22 s on two CPU cores · **Before this:** lesson 22, lesson 23

# %% [markdown]
# ## You will be able to
#
# 1. say what a larger batch costs and what it buys *(section 2 · quiz)*
# 2. compute the largest learning rate that converges, and see from a path whether a rate is
#    too small, right or too large *(section 3 · exercise 51.1)*
# 3. write momentum, RMSprop, Adam and their relatives in NumPy, equal to Keras's
#    *(sections 4, 5, 6 and 7 · exercises 51.2 and 51.3)*
# 4. compare optimizers fairly, and say what the comparison does not show
#    *(section 8 · quiz)*
# 5. diagnose a broken optimizer from the steps it takes
#    *(section 6 and break and fix · exercise 51.4)*

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

lesson = dlcourse.start("51", profile=PROFILE, seed=SEED)

import keras

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

# %%
for optimizer in ("sgd", "adam"):
    keras.utils.set_random_seed(lesson.seed)  # the same initial weights for both
    model = keras.Sequential([keras.layers.Dense(32, activation="relu"),
                              keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, batch_size=32, epochs=6, verbose=0)
    accuracy = model.evaluate(x_val, y_val, batch_size=360, verbose=0)[1]
    print(f"{optimizer:5s} validation accuracy ≈ {accuracy:.3f}")

# %% [markdown]
# Adam is far ahead. From such a run many conclude: "Adam is better, always use Adam". This
# lesson opens both, and then runs the race again, fairly. Keep your verdict until section 8.

# %% [markdown]
# ## 2 · Batch, stochastic, mini-batch
#
# To see inside, we need the network in NumPy. Its 2,410 weights and biases stand in *one*
# vector `w`, shape `(2410,)`, because an optimizer treats all of them alike. The gradient has
# the same shape; it is lesson 22's backward pass.

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
# An **optimizer** is one function: weights and gradient in, new weights out. The simplest,
# $w := w - \alpha g$, needs no memory; the others keep theirs in the dictionary `state`, where
# a missing entry counts as 0.
#
# | | the gradient $g$ is the mean over | updates per epoch here |
# |---|---|---|
# | **batch** gradient descent | all 1,077 examples | 1 |
# | **mini-batch** descent | $B$ examples, here 32 | 33 |
# | **stochastic** gradient descent (SGD) | one example | 1,077 |
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
# An epoch looks at 1,077 examples in each case.
#
# **Predict.** Same learning rate, same epochs: which has the lowest training loss after five
# epochs? Which needs the least *time* per epoch? Do larger rates save the larger batches? We
# also measure the **noise**, how far a mini-batch gradient lies from the full one on average:
# what does a batch four times as large do to it?

# %%
def gradient_noise(batch_size, w, rng, repeats=100):
    """Mean distance of a batch gradient from the full one, relative to its length."""
    full = loss_and_gradient(w, x_train, y_train)[1]
    errors = []
    for _ in range(repeats):
        batch = rng.integers(0, len(x_train), batch_size)
        g = loss_and_gradient(w, x_train[batch], y_train[batch])[1]
        errors.append(np.linalg.norm(g - full))
    return np.mean(errors) / np.linalg.norm(full)

rng = np.random.default_rng(lesson.seed)
w_start, sizes, curves = initial_weights(rng), np.array([1, 4, 16, 64, 256]), {}
noise = np.array([gradient_noise(size, w_start, rng) for size in sizes])
print("batch size   rate   updates per epoch   time per epoch   loss after 5 epochs")
for size, rate in ((1, 0.05), (32, 0.05), (1077, 0.05), (32, 0.3), (1077, 1.0)):
    begin = perf_counter()
    curves[size, rate] = np.array([
        train(sgd, rate, np.random.default_rng([lesson.seed, run]), size, epochs=5)[1]
        for run in range(3)])  # (runs, epochs)
    milliseconds = (perf_counter() - begin) / 15 * 1000
    print(f"{size:10d}   {rate:4.2f} {1077 // size:19d}   ≈ {milliseconds:8.1f} ms"
          f"   ≈ {curves[size, rate][:, -1].mean():.2f}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8))
looks = {1: ("o-", plots.VERMILION), 32: ("s--", plots.BLUE), 1077: ("^:", plots.GREEN)}
for (size, rate), losses in curves.items():
    style, color = looks[size]
    left.plot(range(1, 6), losses.T, style, color=color, lw=1.2, ms=5,
              mfc=color if rate == 0.05 else "white")
    left.text(5.2, losses.mean(0)[-1], f"batch {size}, rate {rate}", color=color)
left.set(xlabel="epoch", ylabel="training loss", yscale="log", xticks=range(1, 6),
         xlim=(0.8, 8), title="More updates per epoch learn faster")
right.loglog(sizes, noise, "o", ms=8, label="measured")
right.loglog(sizes, noise[0] / sizes**0.5, "k--", lw=1, label=r"$\propto 1/\sqrt{B}$")
right.set(xlabel="batch size $B$", ylabel="noise / length of full gradient",
          title="Four times the batch, half the noise", xticks=sizes, xticklabels=sizes,
          yticks=(0.25, 0.5, 1, 2, 4), yticklabels=("0.25", "0.5", "1", "2", "4"))
right.minorticks_off(), right.legend()
plots.show("Left: training loss falls fastest with batch size 1, slowest with the full"
           " batch; with a larger rate 32 almost catches up. Right: gradient noise"
           " falls as one over root batch size.")
claim("the noise falls like the batch size to the power -1/2",
      np.polyfit(np.log(sizes), np.log(noise), 1)[0], at_least=-0.6, at_most=-0.4)
last = {key: losses[:, -1].mean() for key, losses in curves.items()}
claim("even at 20 times the rate the full batch has over 5 times batch size 1's loss",
      last[1077, 1.0] / last[1, 0.05], at_least=5)
claim("at 6 times the rate batch size 32 ends at less than 0.3 times its loss",
      last[32, 0.3] / last[32, 0.05], at_most=0.3)

# %% [markdown]
# A single example's gradient is mostly noise: its error is several times the length of the
# true gradient. Yet a thousand bad steps beat one perfect step, and a rate 20 times as large does
# not save the full batch: five steps stay five steps. But a thousand steps also cost far more
# time, because a matrix product of 32 rows takes far less than 32 times the time of one. Batch
# size 32, with less noise, bears a larger rate, and comes close in a fraction of the time.
#
# Larger still? The noise shrinks only with $\sqrt B$: 100 times the work for a tenth of the
# noise. Mini-batches of 32 to 256 are the usual bargain.

# %% [markdown]
# ## 3 · One learning rate for a ravine
#
# We cannot look at 2,410 dimensions, so take two weights and a **ravine**, 100 times as steep
# across as along:
#
# $$L(w) = \tfrac12 \left(w_1^2 + 100\, w_2^2\right), \qquad
# g = \nabla L = (w_1,\ 100\, w_2)$$
#
# The curvatures $\lambda = 1$ and $100$ decide everything: each step multiplies $w_i$ by
# $1 - \alpha\lambda_i$. By hand, with $\alpha = 0.015$: $w_2$ is multiplied by
# $1 - 1.5 = -0.5$, $w_1$ by $0.985$.
#
# **Predict.** Which of $\alpha = 0.001$, $0.015$, $0.01995$, $0.0203$ come near the bottom in
# 200 steps?

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

# %%
def draw_ravine(axis, path, title, loss=ravine_loss):
    a, b = np.meshgrid(*[np.linspace(-4.5, 4.5, 120)] * 2)
    axis.contour(a, b, loss(np.stack([a, b], -1)), [1, 5, 20, 60, 120, 200],
                 colors="0.6", linewidths=0.8)
    axis.plot(*path.T, "o-", ms=2.5, lw=0.7, color=plots.VERMILION)
    axis.plot(*path[0], "ks", ms=7)
    axis.plot(0, 0, "k*", ms=11)
    axis.set(xlabel="$w_1$", ylabel="$w_2$", title=title)
    axis.set(xlim=(-4.5, 4.5), ylim=(-2, 2))
    axis.label_outer()

figure, axes = plt.subplots(1, 4, figsize=(13, 3.2), sharey=True)
words = {0.001: "too small", 0.015: "right", 0.01995: "too large", 0.0203: "diverging"}
ends = {}
for axis, (rate, word) in zip(axes, words.items(), strict=True):
    path = descend(sgd, ravine_gradient, (-4, 1), 200, rate)
    ends[rate] = ravine_loss(path[-1])
    draw_ravine(axis, path, f"{rate}: {word}\nfrom a loss of 58 to {ends[rate]:.2g}")
plots.show("Four paths of 200 steps from square toward star: crawling, arriving,"
           " zigzagging across the ravine, and growing zigzags that leave the picture.")
claim("only 0.015 ends below a loss of 0.1", min(ends, key=ends.get) == 0.015
      and sorted(ends.values())[0] < 0.1 < sorted(ends.values())[1])

# %% [markdown]
# The *steepest* direction sets the limit: $|1 - \alpha\lambda| < 1$ needs
#
# $$\alpha < \frac{2}{\lambda_\text{max}} = \frac{2}{100} = 0.02$$
#
# The *flattest* direction sets the time: even at that limit, $w_1$ loses only 2 % per step.
# The best compromise, $2/(1 + 100) \approx 0.0198$, gives $w_1$ the factor 0.98 and $w_2$ the
# factor $-0.98$. The ratio of the curvatures, the **condition number**, is the trouble that
# sections 4 to 6 attack.
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
# Across the ravine the gradient flips its sign at each step; along it, the sign stays. So add
# up past steps: what flips cancels, what stays grows. The **velocity** $v$ keeps the share
# $\beta$ of itself (`beta`, in Keras `momentum`; Polyak 1964):
#
# $$v := \beta v - \alpha g, \qquad w := w + v$$
#
# **Nesterov**'s variant (1983) takes the step that the *next* velocity would take if the
# gradient stayed the same:
#
# $$v := \beta v - \alpha g, \qquad w := w + \beta v - \alpha g$$
#
# Books write it with the gradient at the point ahead, $w + \beta v$. It is the same method: our
# $w$ *is* that point. Looking ahead, it brakes earlier.

# %%
def momentum(w, g, state, learning_rate, beta=0.9):
    state["v"] = beta * state["v"] - learning_rate * g
    return w + state["v"]

def nesterov(w, g, state, learning_rate, beta=0.9):
    state["v"] = beta * state["v"] - learning_rate * g
    return w + beta * state["v"] - learning_rate * g

# %% [markdown]
# By hand, $\alpha = 0.1$, $\beta = 0.9$. A steady slope $g = 1$ gives the steps
#
# $$-0.1, \quad 0.9 \cdot (-0.1) - 0.1 = -0.19, \quad 0.9 \cdot (-0.19) - 0.1 = -0.271,
# \quad \dots \quad \to -\frac{\alpha}{1 - \beta} = -1$$
#
# ten times $\alpha$. A slope that flips, $1, -1, 1, \dots$, gives $-0.1,\ 0.01,\ -0.091,
# \dots \to \pm\alpha / (1 + \beta) = \pm 0.053$.
#
# **Predict.** In the ravine SGD gets nearly its best rate, 0.0195; momentum and Nesterov get
# 0.005. Who first stays below a loss of 0.001, and how do the paths differ?

# %%
def steps_needed(path, loss=ravine_loss, level=1e-3):
    """Steps until the loss stays below the level."""
    return int(np.flatnonzero(loss(path) >= level)[-1]) + 1

figure, axes = plt.subplots(1, 3, figsize=(12, 3.4), sharey=True)
figure.suptitle("Momentum halves the steps; Nesterov also calms the swings",
                weight="bold")
needed, their_rates = {}, {sgd: 0.0195, momentum: 0.005, nesterov: 0.005}
for axis, (optimizer, rate) in zip(axes, their_rates.items(), strict=True):
    path = descend(optimizer, ravine_gradient, (-4, 1), 600, rate)
    name = optimizer.__name__
    needed[name] = steps_needed(path)
    draw_ravine(axis, path[:40], f"{name}: {needed[name]} steps needed")
plots.show("First 40 steps in the ravine: SGD zigzags; momentum swings in wide waves"
           " across the floor; Nesterov's waves die out at once.")
claim("momentum needs less than half of SGD's steps, at a quarter of its rate",
      needed["momentum"] / needed["sgd"], at_most=0.5)
claim("Nesterov needs fewer steps than momentum here",
      needed["nesterov"] < needed["momentum"])

# %% [markdown]
# Momentum takes long steps along the ravine and short ones across. The price of its memory:
# it overshoots, and must come back.

# %% [markdown]
# ## 5 · Adagrad and RMSprop: a rate for every weight
#
# Another cure: measure how large each weight's gradients usually are, and divide by it.
# All operations are elementwise, so $s$ has the shape of $w$; $\varepsilon = 10^{-7}$ keeps
# the divisor above 0.
#
# | | memory | update |
# |---|---|---|
# | **Adagrad** (Duchi and others 2011) | $s := s + g^2$, from 0.1 | $w := w - \alpha g / \sqrt{s + \varepsilon}$ |
# | **RMSprop** (Hinton 2012) | $s := \rho s + (1 - \rho) g^2$ | $w := w - \alpha g / \sqrt{s + \varepsilon}$ |
#
# Adagrad sums over the whole past. RMSprop's moving average forgets, with $\rho = 0.9$ after
# about ten steps.
#
# By hand, for a steady $g = 1$: Adagrad's first step is $\alpha / \sqrt{0.1 + 1} \approx
# 0.95\,\alpha$, its 1,000th $\alpha / \sqrt{0.1 + 1000} \approx 0.03\,\alpha$: it slows down
# like $1/\sqrt t$, in a long training perhaps too soon. RMSprop's first step is
# $\alpha / \sqrt{0.1} \approx 3.2\,\alpha$, too long, and later ones settle at $\alpha$,
# whatever the slope. Section 6 draws them.

# %%
def adagrad(w, g, state, learning_rate, epsilon=1e-7):
    state["s"] = state.get("s", 0.1) + g**2
    return w - learning_rate * g / np.sqrt(state["s"] + epsilon)

def rmsprop(w, g, state, learning_rate, rho=0.9, epsilon=1e-7):
    state["s"] = rho * state["s"] + (1 - rho) * g**2
    return w - learning_rate * g / np.sqrt(state["s"] + epsilon)

# %% [markdown]
# **Predict.** Does dividing cure the ravine? And if the ravine lies at 45° to the axes, for
# which of momentum and Adagrad does that matter?

# %%
TURN = np.array([[1, -1], [1, 1]]) / np.sqrt(2)  # a rotation by 45°

def turned_loss(w):
    return ravine_loss(w @ TURN)

def turned_gradient(w):
    return TURN @ ravine_gradient(TURN.T @ w)

figure, axes = plt.subplots(1, 4, figsize=(13, 4), sharey=True)
figure.suptitle("Turning the ravine costs momentum nothing, Adagrad its advantage",
                weight="bold")
turned, settings = {}, {momentum: 0.005, adagrad: 1.0}
for (optimizer, rate), pair in zip(settings.items(), axes.reshape(2, 2), strict=True):
    straight = descend(optimizer, ravine_gradient, (-4, 1), 600, rate)
    oblique = descend(optimizer, turned_gradient, TURN @ (-4, 1), 600, rate)
    before, after = steps_needed(straight), steps_needed(oblique, turned_loss)
    turned[optimizer.__name__] = after / before
    draw_ravine(pair[0], straight[:40], f"{optimizer.__name__}: {before} steps")
    draw_ravine(pair[1], oblique[:40], f"turned: {after} steps", turned_loss)
plt.setp(axes, ylim=(-4.5, 4.5), aspect="equal")
plots.show("40 steps in the straight and the turned ravine. Momentum: the same swings."
           " Adagrad: straight to the star, but crawling once the ravine is turned.")
claim("turning costs momentum nothing", turned["momentum"], at_most=1.01)
claim("turning makes Adagrad at least twice as slow", turned["adagrad"], at_least=2)

# %% [markdown]
# Along the axes Adagrad wins clearly. Turned, it loses the advantage: a rate per *weight* can
# undo differences between weights, not between directions that mix them. So "adaptive" helps
# where weights differ in scale: rare words, layers of different width, raw inputs.

# %% [markdown]
# ## 6 · Adam, and why it corrects its averages
#
# **Adam** (Kingma and Ba 2015) keeps two moving averages, estimates of the gradient's first
# and second **moment**: its mean $m$, like momentum, and its mean square $v$, like RMSprop (this
# $v$ is not section 4's velocity). Both start at 0 and so are too small at first. For a
# steady $g$,
#
# $$m_t = \beta_1 m_{t-1} + (1 - \beta_1)\, g \quad\Rightarrow\quad m_t = (1 - \beta_1^t)\, g$$
#
# so dividing by $1 - \beta_1^t$ removes the **bias**. By hand, $\beta_1 = 0.9$, $g = 5$: $m_1 =
# 0.5$, and $0.5 / (1 - 0.9) = 5$; $m_2 = 0.95$, and $0.95 / (1 - 0.81) = 5$.
#
# **Exercise 51.2.** Write the corrected moving average of a list of gradients.
#
# <details><summary>Hint 1</summary>Keep m uncorrected for the next step; append the corrected
# value.</details>
# <details><summary>Hint 2</summary>for t, g in enumerate(gradients, start=1): …</details>

# %% tags=["exercise"]
# Exercise 51.2: the list of corrected averages, one for each gradient.
def corrected_average(gradients, beta):
    ...  # your code here

# %%
check("51.2", corrected_average)

# %% tags=["solution"]
# @title Solution 51.2
def corrected_average_solution(gradients, beta):
    m, corrected = 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta * m + (1 - beta) * g
        corrected.append(m / (1 - beta**t))
    return corrected
check("51.2", corrected_average_solution)

# %% [markdown]
# Adam's step is $w := w - \alpha\, \hat m / (\sqrt{\hat v} + \varepsilon)$, where the hats are
# the corrected averages. Line by line, with `beta` for $\beta_1$:

# %%
def adam(w, g, state, learning_rate, beta=0.9, beta_2=0.999, eps=1e-7, correct=True):
    t = state["t"] = state["t"] + 1
    m = state["m"] = beta * state["m"] + (1 - beta) * g
    v = state["v"] = beta_2 * state["v"] + (1 - beta_2) * g**2
    if correct:
        m, v = m / (1 - beta**t), v / (1 - beta_2**t)
    return w - learning_rate * m / (np.sqrt(v) + eps)

# %% [markdown]
# By hand, the first step for $g = (100, -0.01)$: $\hat m = g$ and $\sqrt{\hat v} = |g| = (100,
# 0.01)$, so the step is $(-\alpha, +\alpha)$. Every weight starts with the same length.
#
# **Predict.** Without the correction $m$ starts ten times too small. Are Adam's first steps
# then too short or too long?

# %%
def adam_uncorrected(*arguments):
    return adam(*arguments, correct=False)

lengths = {}
for optimizer, style in zip((adam_uncorrected, rmsprop, adam, adagrad),
                            ("--", "-.", "-", ":"), strict=True):
    path = descend(optimizer, np.ones_like, [0.0], 1000, 0.01)
    lengths[optimizer] = -np.diff(path[:, 0]) / 0.01
    plt.loglog(range(1, 1001), lengths[optimizer], style, label=optimizer.__name__)
plt.yticks((0.03, 0.1, 0.3, 1, 3.2, 6.6), ("0.03", "0.1", "0.3", "1", "3.2", "6.6"))
plt.xlabel("step $t$, for a steady gradient"), plt.ylabel("step length / learning rate")
plt.title("Only corrected Adam takes the right step from the start"), plt.legend()
plt.minorticks_off()
plots.show("Step length over step number: Adam always 1; uncorrected 3.2 at first, 6.6"
           " near step 12; RMSprop 3.2, then 1; Adagrad falls from 0.95 to 0.03.")
claim("without correction a step is over 6 times as long as it should be",
      lengths[adam_uncorrected].max(), at_least=6)

# %% [markdown]
# Too long: $v$ starts *a thousand* times too small, and under the root that outweighs $m$:
# $0.1 / \sqrt{0.001} \approx 3.2$. The correction gives the first steps their right length.
#
# **AdamW** (Loshchilov and Hutter 2019) adds **weight decay**: each step first shrinks $w$ by
# $\alpha\, d\, w$, where $d$ is `weight_decay`. For plain SGD this equals a squared penalty, whose
# gradient $d\,w$ is added to $g$. For Adam it does not.
#
# **Predict.** Why not? Weights start at 1 and their gradients are pure noise of four sizes, so
# only the decay has a direction. Which weights decay if $d\,w$ is added to $g$?

# %%
def adamw(w, g, state, learning_rate, weight_decay=0.004, **settings):
    w = w - learning_rate * weight_decay * w
    return adam(w, g, state, learning_rate, **settings)

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
claim("AdamW leaves 37 % = (1 - 0.001)^1000 of every weight", spread, at_most=0.08)
claim("with a penalty inside Adam, weights with large gradients hardly decay",
      w_penalty.mean(axis=1)[-1], at_least=0.8)

# %% [markdown]
# AdamW shrinks every weight alike, to $(1 - 0.001)^{1000} \approx 0.37$. With the penalty inside,
# Adam divides $d\,w$ by the size of the gradients: where they are large, nothing decays.

# %% [markdown]
# ## 7 · The same as Keras, and a look at the paths
#
# Seven optimizers, three to six lines each. Are they the real thing? A Keras optimizer works on
# any `keras.Variable`, no model needed: `build`, then `apply` gradients.

# %%
OPTIMIZERS = {"SGD": sgd, "momentum": momentum, "Nesterov": nesterov,
              "Adagrad": adagrad, "RMSprop": rmsprop, "Adam": adam, "AdamW": adamw}
EXTRA = {"momentum": {"momentum": 0.9}, "Nesterov": {"momentum": 0.9, "nesterov": True}}

def from_keras(name, learning_rate):
    """Make a new Keras optimizer: it remembers, so each path needs its own."""
    kind = "SGD" if name in EXTRA else name  # in Keras, momentum is a setting of SGD
    return getattr(keras.optimizers, kind)(learning_rate, **EXTRA.get(name, {}))

# %%
def keras_path(optimizer, gradient, start, steps):
    w = keras.Variable(np.asarray(start, dtype="float32"))
    optimizer.build([w])
    path = [keras.ops.convert_to_numpy(w).copy()]
    for _ in range(steps):
        g = keras.ops.convert_to_tensor(gradient(path[-1]).astype("float32"))
        optimizer.apply([g], [w])
        path.append(keras.ops.convert_to_numpy(w).copy())
    return np.array(path)

start, differences = np.random.default_rng(lesson.seed).uniform(1, 4, 2), {}
for name, optimizer in OPTIMIZERS.items():
    ours = descend(optimizer, ravine_gradient, start, 20, 0.01)
    theirs = keras_path(from_keras(name, 0.01), ravine_gradient, start, 20)
    differences[name] = np.abs(ours - theirs).max()
    print(f"{name:9s} largest difference in 20 steps ≈ {differences[name]:.7f}")
verify("all seven equal Keras's over 20 steps", max(differences.values()), at_most=1e-5)

# %% [markdown]
# The rest is rounding, since Keras computes in `float32`, and one detail: Keras adds Adam's
# $\varepsilon$ before the bias correction, we (and the paper's Algorithm 1) after it. Keras's
# weighs 32 times as much in the first step; that matters only for tiny gradients.
#
# **Exercise 51.3.** Now you can read an optimizer from its paper. Lion (Chen and others 2023,
# here without weight decay): step by the *sign* of a blend, then update the average with a
# *different* constant:
#
# $$w := w - \alpha\, \mathrm{sign}\big(\beta_1 m + (1 - \beta_1) g\big), \qquad
# m := \beta_2 m + (1 - \beta_2) g$$
#
# <details><summary>Hint 1</summary>Compute the blend before you change state["m"].</details>
# <details><summary>Hint 2</summary>np.sign gives −1, 0 or 1 for each element; return w −
# learning_rate * np.sign(blend).</details>

# %% tags=["exercise"]
# Exercise 51.3: one Lion step. state["m"] is the average; w and g stay as they are.
def lion(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    ...  # your code here

# %%
check("51.3", lion)

# %% tags=["solution"]
# @title Solution 51.3
def lion_solution(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    blend = beta * state["m"] + (1 - beta) * g
    state["m"] = beta_2 * state["m"] + (1 - beta_2) * g
    return w - learning_rate * np.sign(blend)

check("51.3", lion_solution)

# %% [markdown]
# Five surfaces, each with one difficulty; `a` and `b` are the two weights.
#
# **Predict.** Momentum gets one rate, 0.0025, for all five. On which does it come near the lowest
# point in 100 steps?

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

# %%
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
    axes[0].legend(fontsize=9), axes[0].set_ylabel("weight $b$")
    beta = f"momentum {momentum:.2f}" if uses else "without momentum"
    figure.suptitle(f"{optimizer}, rate {10**log10_rate:.3g}, {beta}: the loss after"
                    " 100 steps on five surfaces", weight="bold", y=1.02)

explore(trajectories, optimizer=list(OPTIMIZERS), log10_rate=(-4.0, 0.5, 0.1),
        momentum=(0.0, 0.99, 0.01),
        alt="One rate, five outcomes: momentum nears the bottom of bowl and ravine,"
            " waits at the saddle, follows Rosenbrock's valley, and is caught nearby.")

# %% [markdown]
# One rate, five outcomes. Find: (1) the rate at which SGD diverges on the ravine (section 3 told
# you); (2) a momentum run that ends below a loss of 0.02 in Rosenbrock's bent valley; (3) a rate
# with which Adam reaches the center of "many minima".
#
# The **saddle** at $(0, 0)$ is a minimum along $a$, a maximum along $b$. The slope there is 0.
#
# **Predict.** We start beside the ridge, at $b = 0.001$, then a thousand times nearer. How many
# more steps does that cost SGD, momentum, Adam? And from $b = 0$ exactly?

# %%
def escape_step(optimizer, b, noise=0.0):
    """Steps until |b| > 0.5; infinity if that takes over 500."""
    rng = np.random.default_rng(lesson.seed)
    def gradient(w):
        return SURFACES["saddle"][1](w) + noise * rng.normal(size=2)
    path = descend(optimizer, gradient, (-1.5, b), 500, 0.05)
    away = np.flatnonzero(np.abs(path[:, 1]) > 0.5)
    return away[0] if len(away) else np.inf

print("steps until away from the ridge, at rate 0.05")
print("start at         b = 0.001   b = 0.000001   b = 0")
waits = {}
for optimizer in (sgd, momentum, adam):
    waits[optimizer] = [escape_step(optimizer, b) for b in (1e-3, 1e-6, 0)]
    near, nearer, on = waits[optimizer]
    print(f"{optimizer.__name__:16s} {near:9.0f} {nearer:14.0f} {on:7.0f}")
noisy = escape_step(sgd, 0.0, noise=0.1)
print(f"sgd, noisy gradients                     ≈ {noisy:5.0f}")
claim("a start a thousand times nearer costs SGD over 100 more steps",
      waits[sgd][1] - waits[sgd][0], at_least=100)
claim("it costs Adam hardly any", waits[adam][1] - waits[adam][0], at_most=3)
claim("noise alone frees SGD from the ridge", noisy, at_most=300)

# %% [markdown]
# Compare the columns, not the rows: 0.05 is a different step for each (section 8). Near a
# saddle the gradient is tiny, and SGD's step with it: each update multiplies $b$ by
# $1 + \alpha$, so the wait grows with $\ln(1/b)$. Adam divides by that tiny size and does not
# notice. From exactly $b = 0$ nobody leaves (`inf`), unless the gradient is noisy: section 2's
# noise has a use.
#
# In high dimensions saddles are thought to be far more common than bad minima (Dauphin and
# others 2014).

# %% [markdown]
# ## 8 · The race, fairly
#
# Section 1 compared SGD at Keras's default rate (0.01) with Adam at its own (0.001). But the
# same number means different things: SGD's step is $\alpha g$, Adam's about $\alpha$. Rules of
# a fair race:
#
# - the same network, initial weights, batches and epochs for all, run by run;
# - the same search for each: the same rates and runs, judged by **validation** accuracy, and of
#   all rates within one point of the best, the smallest;
# - the verdict from *new* runs on the **test** set, with their spread.
#
# **Predict.** Sketch accuracy against learning rate for SGD and Adam. Where are the peaks, and
# how high?

# %%
RATES = 10.0 ** np.arange(-3, 0.6, lesson.pick(quick=0.5, full=0.25))
N_RUNS = lesson.pick(quick=3, full=6)

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
claim("at rate 3.2 not one of them reads more than it guesses", means[:, -1].max(),
      at_most=0.3)

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(11.5, 4.2))
names, styles = list(OPTIMIZERS), {"SGD": "o-", "momentum": "s--", "Adagrad": "v:",
                                   "RMSprop": "^-.", "Adam": "D-"}
for name, style in styles.items():
    mean = means[names.index(name)]
    line, = left.semilogx(RATES, mean, style, ms=5, lw=1.6, label=name)
    usual = 0.01 if name in ("SGD", "momentum") else 0.001
    left.plot(usual, mean[np.argmin(np.abs(RATES - usual))], "o", ms=13, mfc="none",
              color=line.get_color())
left.set(xlabel="learning rate (ring: Keras's default)", ylabel="validation accuracy",
         title="Each has its own best rate; the peaks are alike")
left.legend(loc="lower center", fontsize=9)
right.errorbar(final.mean(axis=1), range(7), xerr=final.std(axis=1, ddof=1), fmt="o",
               capsize=4)
labels = [f"{n}, rate {r:.2g}" for n, r in zip(names, tuned, strict=True)]
right.set(yticks=range(7), yticklabels=labels, xlim=(0.85, 1),
          title="Tuned, they are within a few points",
          xlabel="test accuracy, mean ± standard deviation of 5 runs")
right.invert_yaxis()
plots.show("Left: validation accuracy against learning rate, one hill per optimizer, at"
           " different rates but of like height. Right: tuned test accuracies overlap.")

# %%
by_name = dict(zip(names, final.mean(axis=1), strict=True))
at_default = {name: means[names.index(name), np.argmin(np.abs(RATES - rate))]
              for name, rate in (("SGD", 0.01), ("Adam", 0.001))}
gap = at_default["Adam"] - at_default["SGD"]
claim("at the defaults Adam beats SGD by 20 points", gap, at_least=0.20)
claim("tuning takes away three quarters of that lead",
      (by_name["Adam"] - by_name["SGD"]) / gap, at_most=0.25)
claim("tuned, all seven are within 5 points", np.ptp(final.mean(axis=1)), at_most=0.05)

# %% [markdown]
# The lead of section 1 was mostly the *learning rate's*, not Adam's: its default is closer to
# its best here. Each curve on the left is section 3 once more: too small, right, and a cliff. Where
# the cliff stands differs: Adam falls beyond 0.1, SGD only beyond 1. The best rate often lies
# next to it, where another run may fall off. That is why the rules take the smallest of
# nearly equal rates.
#
# **What this does not show.** One small network, one data set, six epochs, one batch size, and
# only the rate was tuned. Schmidt and others (2021) ran 15 optimizers on eight problems: the
# winner changes with the problem, and trying several at their defaults helped about as much as
# tuning one.
# Transformers are a known exception: there Adam is clearly ahead of SGD (Zhang and others 2020).
#
# **Choosing.** Start with Adam or AdamW at 0.001 and tune the rate by factors of three. For
# image networks with time to tune, also try SGD with momentum 0.9. With weight decay, AdamW.

# %% [markdown]
# ## Break and fix
#
# A colleague wrote the training loop with a correct `adam` inside. It even learns. But look at
# how far each weight moves in one update, in units of the learning rate.
#
# **Predict.** What do you expect for a healthy Adam: all moves alike, or many sizes?

# %%
from dlcourse.exercises.lesson_51 import colleague_loop  # do not open it yet


def batch_gradient(w):
    batch = batches.integers(0, len(x_train), 32)
    return loss_and_gradient(w, x_train[batch], y_train[batch])[1]

moved, bins = {}, np.arange(-0.025, 1.5, 0.05)
for name, loop, hatch in (("healthy Adam", descend, ""),
                          ("colleague's loop", colleague_loop, "//")):
    batches = np.random.default_rng(lesson.seed)  # the same batches for both
    path = loop(adam, batch_gradient, w_start, 200, 0.01)  # (201, 2410)
    moves = np.abs(np.diff(path[100:], axis=0)) / 0.01
    moved[name] = moves[moves > 1e-9]  # leave out weights that did not move at all
    loss = loss_and_gradient(path[-1], x_train, y_train)[0]
    print(f"{name:16s} training loss ≈ {loss:.3f}")
    plt.hist(moved[name], bins, density=True, label=name, alpha=0.7, hatch=hatch)
plt.xlabel("one weight's move in one update / learning rate"), plt.ylabel("density")
plt.title("The colleague's weights move by one learning rate each"), plt.legend()
plots.show("Histogram of moves: healthy Adam's are spread, mostly well below one rate;"
           " the colleague's moves are all one learning rate.")
claim("the colleague's moves all have the same size",
      np.quantile(np.abs(moved["colleague's loop"] - 1), 0.95), at_most=0.01)
claim("a healthy Adam's typical move is less than half of the rate",
      np.median(moved["healthy Adam"]), at_most=0.5)

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
# Each step was Adam's first step: $\hat m = g$, $\sqrt{\hat v} = |g|$, so every weight moves by
# $\pm\alpha$. In Keras the same bug is `keras.optimizers.Adam(…)`
# *inside* the training loop.

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
# - Adagrad and RMSprop divide by each weight's usual gradient: this helps along axes only.
# - Adam is both, with bias correction, without which its first steps are too *long*.
# - AdamW decays weights outside that division.
# - An optimizer without its own tuned learning rate has not been tested.
#
# An hour ago `"adam"` was a string. Now you can write it, break it, and say what it is worth.
#
# ## Common mistakes
#
# - **One rate for all optimizers in a comparison**: the winner is whoever suits that rate.
# - **Recompiling, or a new optimizer, inside the loop**: the memory is lost; steps are ±α.
# - **A larger batch at the same rate and epochs**: fewer updates, so a higher loss. Try a larger
#   rate with it.
# - **Momentum raised from 0.9 to 0.99 at the same rate**: steady steps grow tenfold; lower the rate.
# - **An L2 penalty inside Adam, called weight decay**: weights with large gradients escape it.
#
# ## Read more
#
# - [Kingma, Ba (2015), Adam](https://arxiv.org/abs/1412.6980): the algorithm of section 6 on
#   its second page.
# - [Loshchilov, Hutter (2019), Decoupled weight decay](https://arxiv.org/abs/1711.05101):
#   AdamW.
# - [Goh (2017), Why momentum really works](https://distill.pub/2017/momentum/): section 4,
#   with the mathematics and more pictures.
# - [Dauphin and others (2014), Saddle points](https://arxiv.org/abs/1406.2572): why
#   saddles, not bad minima, are the usual obstacle.
# - [Schmidt, Schneider, Hennig (2021), Descending through a crowded
#   valley](https://arxiv.org/abs/2007.01547): a large benchmark of optimizers.
# - [Zhang and others (2020), Why are adaptive methods good for attention
#   models?](https://arxiv.org/abs/1912.03194): where SGD falls behind even when tuned.
# - [Chen and others (2023), Lion](https://arxiv.org/abs/2302.06675): exercise 51.3's source.
# - [Keras optimizers](https://keras.io/api/optimizers/): every argument, with defaults.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [52 · Regularization](52_regularization.ipynb). A network that learns its mistakes by heart, and what helps against it. **Before:** [45 · Attention and Transformers](45_attention_and_transformers.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+51%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/52_regularization.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/45_attention_and_transformers.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
