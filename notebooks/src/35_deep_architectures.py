# ---
# jupyter:
#   dlcourse:
#     title: "Deep architectures"
#     subtitle: Twenty layers fail, and four experts each know the one cure
#     minutes: 68
#     further: 7
#     seconds: 60
#     needs: ["22", "31"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "deeper is better, and a residual connection or batch norm makes depth work"
#       stop: "section 4"
#       ask: "\"Norm alone fails, the shortcut alone fails. Why should both together work?\""
#       stuck: "moving averages: what the layer uses is not what it has just computed"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 35 · Deep architectures
#
# *Twenty layers fail, and four experts each know the one cure*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/35_deep_architectures.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/35_deep_architectures.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/35_deep_architectures.ipynb)
#
# **Your time:** 68 minutes, and 7 for *Going further* · **The notebook runs in:** about 60 s on two CPU cores · **Before this:** lesson 22, lesson 31

# %% [markdown]
# ## You will be able to
#
# 1. compute batch normalization in its two modes, and see when the second one lags
#    *(section 2 · exercises 35.1 and 35.4)*
# 2. write a residual block, and say what its shortcut keeps alive
#    *(sections 3 and 5 · exercise 35.2)*
# 3. judge a cure fairly: alone and together with others, over several seeds
#    *(section 4 · quiz)*
# 4. count multiply–adds, and read the table of a published architecture
#    *(section 6 · exercise 35.3)*

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
import functools
import itertools
import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz

lesson = dlcourse.start("35", profile=PROFILE, seed=SEED)

import keras
from keras import layers, ops

RATES = 0.01, 0.003
DEPTHS = lesson.pick(quick=(2, 20), full=(2, 8, 20, 40))
SEEDS, EPOCHS = lesson.pick(quick=3, full=10), lesson.pick(quick=4, full=12)

# %% [markdown]
# ## 1 · Twenty layers
#
# A museum wants the numbers on its old specimen labels read by machine. Your network with two hidden layers does well.
# Then the director hears that *deep* networks win, and asks for twenty. The digits are 4,000 of MNIST's, with blocks of
# 2×2 pixels averaged; a quarter are kept for validation. (`depth` counts the layers between the first and the last.)

# %%
digits = datasets.mnist_5k()
small = digits.x_train.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)) / 255
pixels = small.reshape(-1, 196).astype("float32")  # (images, pixels)
x_train, y_train = pixels[:3000], digits.y_train[:3000]
x_val, y_val = pixels[3000:], digits.y_train[3000:]
WIDTH = 16  # units in every hidden layer

def plain_network(depth):
    hidden = [layers.Dense(WIDTH, activation="relu") for _ in range(depth)]
    return keras.Sequential([layers.Input((196,)), layers.Dense(WIDTH), *hidden,
                             layers.Dense(10, activation="softmax")])  # fmt: skip

# %% [markdown]
# **Predict.** Both networks get the same images, epochs and optimizer. How many digits does the deep one read? And does it
# fail on its training images, too?

# %%
def train(model, rate=0.01):
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    model.fit(x_train, y_train, batch_size=100, epochs=EPOCHS, verbose=0)

def share_read(model, x, y):
    return np.mean(ops.convert_to_numpy(model(x)).argmax(axis=-1) == y, axis=0)

read = {}
for depth in (2, 20):
    keras.utils.set_random_seed(lesson.seed)
    model = plain_network(depth)
    train(model)
    read[depth] = share_read(model, x_val, y_val)
    told = share_read(model, x_train, y_train)
    print(f"{depth:2} layers: training images ≈ {told:.2f}, new ≈ {read[depth]:.2f}")
claim("twenty layers read ≈ {:.0f} digits of 100 fewer than two",
      100 * (read[2] - read[20]), at_least=10)  # fmt: skip

# %% [markdown]
# The deep network is bad on its training images, too. So this is not overfitting: in these few epochs it hardly *trains*.
# Four experts look, and each knows the one cure.
#
# - **The first** blames the **start**. Keras draws weights with standard deviation $\sqrt{1/n}$ for $n$ inputs and $n$ units
#   (Glorot). ReLU cuts away about half of every signal, so use $\sqrt{2/n}$ (He; lesson 22).
# - **The second** blames the **learning rate**: 0.01 is too much for so deep a network. Take 0.003.
# - **The third** swears by **batch normalization** (norm), **the fourth** by **residual connections** (shortcuts).
#
# ## 2 · The third cure: batch normalization
#
# The layer takes one unit's values over a batch, and brings them to mean 0 and standard deviation 1. With the
# batch's mean $\mu$ and variance $\sigma^2$:
#
# $$\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}, \qquad y = \gamma \hat x + \beta$$
#
# $\epsilon = 0.001$ prevents division by 0. The scale $\gamma$ and the shift $\beta$ are learned, from 1 and 0. Take one
# unit, and four images with the values 2, 4, 6, 8. Then $\mu = 5$ and $\sigma^2 = (9 + 1 + 1 + 9)/4 = 5$, so
# $\hat x = -1.34, -0.45, 0.45, 1.34$.
#
# A single image has no batch. So the layer has **two modes**. While *training* it uses the batch's numbers, and on the
# side keeps a **moving average** of them, with the momentum $m$:
#
# $$\mu_\text{moving} \leftarrow m\, \mu_\text{moving} + (1 - m)\, \mu$$
#
# and the same for the variance. In *inference* it uses the moving averages. The mean's starts at 0, the variance's at 1.
# **Predict.** After one batch, with $m = 0.9$, what does inference make of our four values?

# %%
norm, values = layers.BatchNormalization(momentum=0.9), np.array([[2.0], [4], [6], [8]])
out = ops.convert_to_numpy(norm(values, training=True)).ravel()
print("training mode:", out.round(2))
for seen in range(1, 61):
    if seen in (1, 10, 60):
        out = ops.convert_to_numpy(norm(values, training=False)).ravel()
        print(f"inference, batches seen {seen:2}:", out.round(2))
    norm(values, training=True)

# %% [markdown]
# After one batch the moving averages are $0.1 \cdot 5 = 0.5$ and $0.9 + 0.1 \cdot 5 = 1.4$, so 2 becomes
# $1.5/\sqrt{1.401} = 1.27$. After $t$ batches $m^t$ of the start remains: 35 % after ten, 0.2 % after sixty.
#
# ### Exercise 35.1
#
# Write both modes, without $\gamma$ and $\beta$. `x` is `(batch, units)`; `mean` and `variance` are the moving
# averages, `(units,)`. Return the normalized values and both moving averages as they are afterwards.
#
# <details><summary>Hint 1</summary>In training mode you need four arrays: the batch's mean and variance, and the two
# moving ones.</details>
# <details><summary>Hint 2</summary>Average over axis 0, the images. In inference mode nothing is updated.</details>

# %% tags=["exercise"]
# Exercise 35.1: batch normalization in both modes; return (normalized, mean, variance).
def batch_norm(x, mean, variance, training, momentum=0.9):
    ...  # your code here; epsilon is 0.001

# %%
check("35.1", batch_norm)

# %% tags=["solution"]
# @title Solution 35.1
def batch_norm_solution(x, mean, variance, training, momentum=0.9):
    used = mean, variance
    if training:
        used = x.mean(axis=0), x.var(axis=0)
        mean = momentum * mean + (1 - momentum) * used[0]
        variance = momentum * variance + (1 - momentum) * used[1]
    return (x - used[0]) / np.sqrt(used[1] + 0.001), mean, variance

check("35.1", batch_norm_solution)

# %% [markdown]
# ## 3 · The fourth cure: a shortcut
#
# A **residual block** does not replace its input, it *adds* to it:
#
# $$h_{k+1} = h_k + F(h_k)$$
#
# $h_k$ is what block $k$ gets, shape `(batch, width)`. Its layers $F$ only have to find what is missing, the *residual*. If
# $F$ gives 0, the block passes everything on unchanged; a plain layer would have to learn that. Backwards, the slope (of a
# block of one unit) is $1 + F'$: the 1 is a road on which the gradient travels past all the layers. We take $F$ in the
# order of He and others (2016):
#
# ```
# h ──┬── norm ── ReLU ── dense ── + ── new h
#     └────────────────────────────┘
# ```
#
# ### Exercise 35.2
#
# Write `residual_block(h, width)` with Keras layers: a `BatchNormalization` with momentum 0.9, a `ReLU`, a `Dense`
# layer of `width` units without activation, and the sum. Return the new `h`.
#
# <details><summary>Hint 1</summary>Keep the old <code>h</code>: the layers work on another name, such as
# <code>z</code>.</details>
# <details><summary>Hint 2</summary><code>layers.Add()([h, z])</code>, or simply <code>h + z</code>. No ReLU after the
# sum: it would close the road to negative numbers.</details>

# %% tags=["exercise"]
# Exercise 35.2: a residual block around normalization, ReLU and a dense layer.
def residual_block(h, width):
    ...  # your code here

# %%
check("35.2", residual_block)

# %% tags=["solution"]
# @title Solution 35.2
def residual_block_solution(h, width):
    z = layers.BatchNormalization(momentum=0.9)(h)
    z = layers.Dense(width)(layers.ReLU()(z))
    return layers.Add()([h, z])

check("35.2", residual_block_solution)

# %% [markdown]
# ## 4 · Each alone, and together
#
# A fair trial tries each cure alone *and* with the others, over several seeds, with everything else equal. Two starts, two
# rates, norm or not, shortcut or not, two depths: 32 kinds of network (and a start from zero, for later). To train so many,
# `n` networks stand side by side in one model. They share the batches but no weight, and each has its own loss. The first
# and last layer always start with Glorot. Of the code, only the loop in `call` matters.

# %%
STARTS = {"Glorot": math.sqrt(1 / WIDTH), "He": math.sqrt(2 / WIDTH), "zero": 0.0}
names = np.repeat(list(STARTS), SEEDS)  # the start of each network
n = len(names)
deviations = np.array([STARTS[name] for name in names], "float32")[:, None, None]

def draw(shape, dtype=None):  # shape: (networks, inputs, units)
    return keras.initializers.RandomNormal(stddev=1.0)(shape) * deviations

# %%
class DeepNetworks(layers.Layer):
    def __init__(self, depth, norm, shortcut):
        super().__init__()
        self.depth, self.norm, self.shortcut = depth, norm, shortcut

    def build(self, shape):  # (batch, networks, units)
        each = self.depth, n, WIDTH
        self.kernel = self.add_weight((*each, WIDTH), draw)
        self.bias = self.add_weight(each, "zeros")
        self.mean = self.add_weight(each, "zeros", trainable=False)
        self.variance = self.add_weight(each, "ones", trainable=False)

    def call(self, h, training=False):
        state = self.kernel, self.bias, self.mean, self.variance
        kernels, biases, means, variances = (list(ops.unstack(s)) for s in state)
        for k in range(self.depth):
            if self.norm and training:
                means[k], variances[k] = ops.moments(h, axes=0)
            z = (h - means[k]) / ops.sqrt(variances[k] + 0.001) if self.norm else h
            z = ops.einsum("bnw,nwv->bnv", ops.relu(z), kernels[k]) + biases[k]
            h = h + z if self.shortcut else z
        if training:
            self.mean.assign(0.9 * self.mean + 0.1 * ops.stack(means))
            self.variance.assign(0.9 * self.variance + 0.1 * ops.stack(variances))
        return h

# %% [markdown]
# The loop: normalize as in exercise 35.1 (without $\gamma$ and $\beta$), ReLU, a dense layer, and perhaps the
# shortcut. (`einsum` multiplies each network's numbers, `b` images by `w` units, by its own weights, `w` by `v`.) With
# neither, it is section 1's network, but for one more ReLU and normally distributed weights.

# %%
def glorot(inputs, units):  # of one network, however many stand side by side
    return keras.initializers.RandomNormal(stddev=math.sqrt(2 / (inputs + units)))

# %%
def build(depth, norm, shortcut):
    inputs = keras.Input((196,))
    first = layers.Dense(n * WIDTH, kernel_initializer=glorot(196, WIDTH))(inputs)
    h = layers.Reshape((n, WIDTH))(first)
    h = layers.ReLU()(DeepNetworks(depth, norm, shortcut)(h))
    outputs = layers.EinsumDense("bnw,nwc->bnc", (n, 10), bias_axes="nc",
                                 kernel_initializer=glorot(WIDTH, 10))(h)
    model = keras.Model(inputs, layers.Softmax()(outputs))  # (batch, networks, classes)
    model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy",
                  loss_weights=float(n))  # Keras takes the mean: here it is the sum
    return model

def train_at(rate):
    def train(model):
        model.optimizer.learning_rate = rate
        labels = np.repeat(y_train[:, None], n, axis=1)  # the same for each network
        model.fit(x_train, labels, batch_size=100, epochs=EPOCHS, verbose=0)
        return {"read": share_read(model, x_val, y_val[:, None])}  # (networks,)
    return train

# %% [markdown]
# **Predict.** Which single cure mends twenty layers? Guess a number for each of the four, and for norm with shortcut.

# %%
rows, trainings = [], {rate: train_at(rate) for rate in RATES}
kinds = list(itertools.product(DEPTHS, (False, True), (False, True)))
for depth, norm, shortcut in dlcourse.track(kinds, "training"):
    contender = functools.partial(build, depth, norm, shortcut)
    contenders = dict.fromkeys(RATES, contender)
    runs = dlcourse.repeat(1, contenders, trainings, reseed=False, steps_at_once=10)
    for rate, read in zip(runs["contender"], runs["read"], strict=True):
        for start, share in zip(names, read, strict=True):
            rows.append({"depth": depth, "norm": norm, "shortcut": shortcut,
                         "rate": rate, "start": start, "read": share})  # fmt: skip
results = pd.DataFrame(rows)
print(f"{len(results)} networks trained")

# %%
by = ["shortcut", "norm", "start", "depth", "rate"]
trained = results[results["start"] != "zero"].groupby(by)["read"]
grid, spread = (numbers.unstack(["depth", "rate"])  # a row for each kind
                for numbers in (trained.mean(), trained.std()))  # fmt: skip

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7, 4.6))
axis.imshow(grid, cmap="Blues", vmin=0, vmax=1.3, aspect="auto")
for (i, j), share in np.ndenumerate(grid.to_numpy()):
    axis.text(j, i, f"{100 * share:.0f} ± {100 * spread.iloc[i, j]:.0f}",
              ha="center", va="center",
              weight="bold" if share >= 0.8 else "normal")  # fmt: skip
words = {(False, False): "neither", (False, True): "norm", (True, False): "shortcut",
         (True, True): "norm + shortcut"}  # fmt: skip
axis.set_yticks(range(8), [f"{words[s, m]}, {start}" for s, m, start in grid.index])
axis.set_xticks(range(grid.shape[1]), [f"rate {rate}" for _, rate in grid.columns],
                fontsize=9)  # fmt: skip
for i, depth in enumerate(DEPTHS):
    axis.text(2 * i + 0.5, -0.75, f"{depth} layers", ha="center", weight="bold")
    axis.axvline(2 * i + 1.5, color="white", lw=4)
axis.set_title("Twenty layers: of these starts and rates, only\nnorm and shortcut"
               " together come near two", pad=26)
axis.set_xlabel(f"digits read of 100: mean ± standard deviation, {SEEDS} trainings")
axis.spines[:].set_visible(False)
axis.tick_params(length=0)
plots.show("Digits read of 100, mean ± standard deviation, by kind of network, depth"
           " and rate: at two layers all read 80 to 90, at twenty only norm with"
           " shortcut comes near.")

# %%
deep = results[(results["depth"] == 20) & (results["start"] != "zero")]
deep = deep.groupby(["norm", "shortcut", "start", "rate"])["read"]
mean, deviation, lowest, highest = deep.mean(), deep.std(), deep.min(), deep.max()
cures = {"start": (False, False, "He", 0.01),
         "rate": (False, False, "Glorot", 0.003),
         "norm": (True, False, "Glorot", 0.01),
         "shortcut": (False, True, "Glorot", 0.01),
         "norm and shortcut": (True, True, "Glorot", 0.01)}  # fmt: skip
for cure, kind in cures.items():
    print(f"{cure:17} ≈ {mean[kind]:.2f} ± ≈ {deviation[kind]:.2f}")
*lone, both = cures.values()
claim("norm and shortcut together read ≈ {:.0f} of 100 digits at twenty layers",
      100 * mean[both], at_least=80)  # fmt: skip
claim("the worst such training reads ≈ {:.0f} more than the best with a single cure",
      100 * (lowest[both] - highest.loc[lone].max()), at_least=1)  # fmt: skip
best = grid.max()  # for each depth and rate
claim("two layers, at their best, still read ≈ {:.1f} of 100 digits more",
      100 * (best[2].max() - best[20].max()), at_least=0.2)  # fmt: skip

# %% [markdown]
# Behind ± stands the standard deviation over three draws of the weights. At two layers everything works. At twenty, in
# these few epochs, **no single cure is enough**; norm and shortcut together are. Some cures scatter widely. Compare Glorot
# with He at the small rate: does what suits the plain network suit the one with only a shortcut? Try one cure, in one
# network, from one start, and you may find what you believed.
#
# And was it worth it? *Trainable* is one question, *better* another: this task does not need twenty layers. (Is it only
# impatience? Set `EPOCHS` to 20, and wait some minutes.)
#
# ## 5 · What gets through?
#
# Why do single cures fail? Perhaps the digit gets lost. Look *before* training: how much of it can still be read behind
# each layer? Let a **linear reader** try: least squares from the layer's 16 numbers to the ten classes, fitted on 1,000
# images and tried on 1,000 others.

# %%
def signals(norm, shortcut, start, depth=20, seed=lesson.seed):
    rng = np.random.default_rng(seed)
    h = x_train[:2000] @ rng.normal(0, 1 / 14, (196, WIDTH))
    passed = [h]
    for _ in range(depth):  # start 1 is Glorot's, 1.41 is He's
        z = (h - h.mean(axis=0)) / np.sqrt(h.var(axis=0) + 0.001) if norm else h
        z = np.maximum(z, 0) @ rng.normal(0, start / math.sqrt(WIDTH), (WIDTH, WIDTH))
        h = h + z if shortcut else z
        passed.append(h)
    return passed

# %%
def readable(h):
    h = (h - h.mean(axis=0)) / (h.std(axis=0) + 1e-30)
    h = np.column_stack([h, np.ones(len(h))])
    fitted, classes = h[:1000], np.eye(10)[y_train[:1000]]
    weights = np.linalg.solve(fitted.T @ fitted + 0.01 * np.eye(17), fitted.T @ classes)
    return np.mean((h[1000:] @ weights).argmax(axis=1) == y_train[1000:2000])

# %% [markdown]
# **Predict.** With norm, every layer's numbers have the right size, at any depth. Does the digit get through? Choose, and
# move `start`: 1 is Glorot's, 1.4 is He's.

# %% tags=["hide-input"]
LOOKS = {(False, False): ("0.35", "-", "neither"),
         (True, False): (plots.VERMILION, "--", "norm"),
         (False, True): (plots.BLUE, ":", "shortcut"),
         (True, True): (plots.GREEN, "-.", "norm + shortcut")}  # fmt: skip

def draw_signals(norm=True, shortcut=False, start=1.0):
    passed = signals(norm, shortcut, start)
    color, line, name = LOOKS[norm, shortcut]
    shares = [100 * readable(h) for h in passed]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4))
    left.semilogy([h.std() for h in passed], line, color=color)
    left.set(xlabel="layer", xticks=range(0, 21, 5),
             ylabel="standard deviation", ylim=(1e-7, 1e7),
             title=f"{name}: size {passed[-1].std():.2g} at the end")  # fmt: skip
    right.plot(shares, line, color=color)
    right.axhline(10, color="0.6", lw=1)
    right.set(xlabel="layer", xticks=range(0, 21, 5),
             ylabel="digits read of 100", ylim=(0, 80),
              title=f"{shares[-1]:.0f} of 100 can still be read")  # fmt: skip

explore(draw_signals, alt="Size of the signal, and how many digits a linear reader"
        " finds, by layer: with norm alone the size stays, the digits are lost.",
        norm=[True, False], shortcut=[False, True], start=(0.5, 2.0, 0.1))  # fmt: skip

# %%
through, around = {}, {}  # mean and deviation over five networks, (layers + 1,)
for kind in itertools.product((False, True), (False, True)):
    seeds = [dlcourse.derived_seed(lesson.seed, i) for i in range(5)]
    five = [[readable(h) for h in signals(*kind, 1.0, seed=seed)] for seed in seeds]
    through[kind], around[kind] = np.mean(five, axis=0), np.std(five, axis=0, ddof=1)

# %%
lost, gap = through[True, False][-1], through[True, True][-1] - through[True, False][-1]
claim("a reader behind 20 layers with norm finds ≈ {:.0f} of 100 digits", 100 * lost,
      at_most=20)  # fmt: skip
claim("with norm and shortcut it finds ≈ {:.0f} more", 100 * gap, at_least=10)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7, 3.6))
for kind, (color, line, name) in LOOKS.items():
    axis.plot(100 * through[kind], line, color=color, label=name)
    axis.fill_between(range(21), 100 * (through[kind] - around[kind]),
                      100 * (through[kind] + around[kind]), color=color, alpha=0.15)
axis.axhline(10, color="0.6", lw=1)
axis.text(0, 6, "guessing", color="0.4", fontsize=9)
axis.set(xlabel="layer of an untrained network", ylabel="digits read of 100",
         xticks=range(0, 21, 5), ylim=(0, 80),
         title="Behind a shortcut, more digits can be read")  # fmt: skip
axis.legend(ncols=2, title="mean of five networks, ± one standard deviation",
            title_fontsize=9)
plots.show("Digits that a linear reader finds, by layer: the two kinds without a"
           " shortcut fall to 10 to 25, the two with one stay above 30.")

# %% [markdown]
# Norm keeps the *size* and loses the *digit*, for a linear reader at least. The shortcut keeps more of the digit, but the
# size grows: a block multiplies the variance by about 1.5 with Glorot's start, by about 2 with He's. Over
# twenty blocks that is $1.5^{20} \approx 3{,}300$ times, or $2^{20}$, a million. With both, each block adds about the same, and
# the size grows slowly.
#
# That this is why single cures fail is a guess: the shortcut alone keeps about as much of the digit as both, and trains
# worse. Norm alone has another trouble: its gradients *explode* with depth (Yang and others, 2019).
#
# ## 6 · What does a layer cost?
#
# To compare at equal cost, count. The unit is the **multiply–add**: one weight times one number, added to a sum. A
# convolution from $c_\text{in}$ to $c_\text{out}$ channels with a $k \times k$ kernel uses each of its weights once for each of
# the $s \times s$ places of its *output* (biases are not counted):
#
# $$s^2 \cdot k^2 \cdot c_\text{in} \cdot c_\text{out}$$
#
# | layer, 7×7 places, 16 → 16 channels | what it does | multiply–adds |
# |---|---|---|
# | 3×3 convolution | looks at neighbors and mixes channels | $49 \cdot 9 \cdot 16 \cdot 16 = 112{,}896$ |
# | 1×1 convolution | only mixes channels | $49 \cdot 16 \cdot 16 = 12{,}544$ |
# | 3×3 depthwise | only looks at neighbors, each channel by itself | $49 \cdot 9 \cdot 16 = 7{,}056$ |
#
# The last two, one after the other, are a **depthwise separable** convolution: 19,600, less than a fifth of the
# full one. MobileNet (2017), built so, needs 569 million multiply–adds for 70.6 % accuracy on ImageNet; with full
# convolutions it needs 4,866 million, for 71.7 %.
#
# ### Exercise 35.3
#
# Papers print networks as tables. These are the rows of ResNet-34 (2015), in order: side $s$ of the output, kernel size
# $k$, channels in, channels out, and how many such layers. The last row is the dense layer, a 1×1 kernel at one place.
# Write `multiply_adds(rows)`, the sum for a whole table. The paper says: 3.6 billion.
#
# <details><summary>Hint 1</summary><code>for side, kernel, c_in, c_out, times in rows:</code></details>
# <details><summary>Hint 2</summary>First row: 112 · 112 · 7 · 7 · 3 · 64 · 1 = 118,013,952.</details>

# %% tags=["exercise"]
# Exercise 35.3: the multiply-adds of all rows (side, kernel, c_in, c_out, times).
resnet34 = [(112, 7, 3, 64, 1), (56, 3, 64, 64, 6), (28, 3, 64, 128, 1),
            (28, 3, 128, 128, 7), (14, 3, 128, 256, 1), (14, 3, 256, 256, 11),
            (7, 3, 256, 512, 1), (7, 3, 512, 512, 5), (1, 1, 512, 1000, 1)]  # fmt: skip

def multiply_adds(rows):
    ...  # your code here

# %%
check("35.3", multiply_adds)

# %% tags=["solution"]
# @title Solution 35.3
def multiply_adds_solution(rows):
    return sum(side**2 * kernel**2 * c_in * c_out * times
               for side, kernel, c_in, c_out, times in rows)  # fmt: skip

check("35.3", multiply_adds_solution)
print(f"ResNet-34: {multiply_adds_solution(resnet34):,} multiply–adds")

# %% [markdown]
# You can read the paper's main result now. Its errors on ImageNet (one guess, from ten cut-outs of each image, in percent):
#
# | layers | billion multiply–adds | plain, with norm | residual, with norm |
# |---|---|---|---|
# | 18 | 1.8 | 27.94 | 27.88 |
# | 34 | 3.6 | 28.54 | 25.03 |
#
# Both columns have batch norm. (Behind a convolution each *channel* has one $\mu$ and one $\sigma^2$, over all images *and*
# places.) So within a row only the shortcut differs: next to nothing at 18 layers, 3.5 points at 34 (no spread is given).
# Without it, deeper is *worse*, even on the training images (the paper's figure 4), though norm alone does train these wide
# networks. With it, depth pays: ImageNet, unlike our digits, has use for it.
#
# ## Break and fix
#
# A colleague builds a residual network from Keras's layers as they come, and trains it with large batches, which is fast.
# He is happy with the training accuracy that `fit` reports. Then he reads the *same* images again.

# %%
keras.utils.set_random_seed(lesson.seed)
inputs = keras.Input((196,))
h = layers.Dense(WIDTH)(inputs)
for _ in range(6):
    z = layers.Dense(WIDTH)(layers.ReLU()(layers.BatchNormalization()(h)))
    h = layers.Add()([h, z])
outputs = layers.Dense(10, activation="softmax")(layers.ReLU()(h))
colleague = keras.Model(inputs, outputs)
colleague.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy",
                  metrics=["accuracy"])  # fmt: skip
history = colleague.fit(x_train, y_train, batch_size=250, epochs=EPOCHS, verbose=0)
told = history.history["accuracy"][-1]
print(f"fit says ≈ {told:.2f}; the same images read again"
      f" ≈ {share_read(colleague, x_train, y_train):.2f}")  # fmt: skip
claim("read again, the training images lose ≈ {:.0f} points",
      100 * (told - share_read(colleague, x_train, y_train)), at_least=10)  # fmt: skip

# %% [markdown]
# Overfitting cannot be it: these are the training images, and nothing was trained since.
#
# ### Exercise 35.4
#
# Find the cause. Then write `mend(model, x)`: it repairs his trained network in place, with the training images `x`,
# *without changing a single trained weight*.
#
# <details><summary>Hint 1</summary>Which layers work differently inside <code>fit</code> and afterwards? Which numbers do they use
# afterwards, and how old are these?</details>
# <details><summary>Hint 2</summary>Keras's default momentum is 0.99, and he took 12 steps in each of four
# epochs. What share of the start is left?</details>
# <details><summary>Hint 3</summary><code>model(x, training=True)</code> moves the averages and nothing else. How often,
# until less than 5 % of the start is left?</details>

# %% tags=["exercise"]
# Exercise 35.4: repair a trained network in place; x is (images, features).
def mend(model, x):
    ...  # your code here

# %%
check("35.4", mend)

# %% tags=["solution"]
# @title Solution 35.4
def mend_solution(model, x):
    for layer in model.layers:  # or, as they are, 300 calls: 0.99 ** 300 is 5 %
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = 0.0  # nothing of the start is kept: one call is enough
    model(x, training=True)

check("35.4", mend_solution)
mend_solution(colleague, x_train)
print(f"mended: ≈ {share_read(colleague, x_train, y_train):.2f}")

# %% [markdown]
# Inference uses moving averages, and his had not arrived: after 48 steps $0.99^{48} = 62$ % of their start, 0 and 1, was
# still in them. `fit` measures in training mode (and while the weights still change) and could not see it; validation images
# would have shown it. Next time he takes more steps, or a momentum of 0.9.
#
# ## Going further: the start that does nothing
#
# Set every hidden weight to *zero*. **Predict.** What do twenty plain layers make of it, and what do twenty with a
# shortcut?

# %%
zero = results[(results["start"] == "zero") & (results["depth"] == 20)]
zero = zero.groupby(["norm", "shortcut", "rate"])["read"].agg(["mean", "std"])
claim("from zero weights, twenty layers with a shortcut read ≈ {:.0f} of 100 digits",
      100 * zero.loc[(False, True), "mean"].max(), at_least=70)  # fmt: skip
zero.map("≈ {:.2f}".format)

# %% [markdown]
# Plain layers stay at guessing: zeros come out, and no gradient gets in. With a shortcut, each block begins as "pass it on
# unchanged", and the twenty layers begin as *one*. So here a shortcut needs norm *or* a quiet start. Several ways to train
# deep networks without norm begin with blocks that add nothing (Zhang and others, 2019).

# %% [markdown]
# ## Going further: five blocks at one price
#
# Now convolutions. A first layer makes 7×7 places of the image. Then comes a residual block, and only its inside
# changes. Each kind gets as many channels as about 70,000 multiply–adds allow, so a cheap block may be wide.

# %%
def conv(z, channels, kernel, activation=None):
    return layers.Conv2D(channels, kernel, padding="same", activation=activation)(z)

def inception(z, c):  # three kernel sizes side by side, behind narrow 1×1 layers
    three = conv(conv(z, c // 4, 1, "relu"), c // 4, 3)
    five = conv(conv(z, c // 8, 1, "relu"), c // 4, 5)
    return layers.Concatenate()([conv(z, c // 2, 1), three, five])

def convnext(z, c):  # a large depthwise kernel, then wide, then narrow
    z = layers.DepthwiseConv2D(5, padding="same")(z)
    return conv(conv(z, 4 * c, 1, "gelu"), c, 1)

INSIDE = {
    "1×1": lambda z, c: conv(z, c, 1), "3×3": lambda z, c: conv(z, c, 3),
    "separable": lambda z, c: layers.SeparableConv2D(c, 3, padding="same")(z),
    "Inception-like": inception, "ConvNeXt-like": convnext,
}  # fmt: skip
CHANNELS = dict(zip(INSIDE, (34, 12, 30, 24, 11), strict=True))

# %%
def block_network(kind):
    c = CHANNELS[kind]
    inputs = keras.Input((196,))
    h = layers.Reshape((14, 14, 1))(inputs)
    h = layers.Conv2D(c, 3, strides=2, padding="same")(h)  # (batch, 7, 7, channels)
    z = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(h))
    h = layers.Add()([h, INSIDE[kind](z, c)])
    h = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(h))
    h = layers.GlobalMaxPooling2D()(h)
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(h))
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model

def cost(model):  # weights of two axes or more, times the places of their layer
    return sum(math.prod(layer.output.shape[1:-1]) * math.prod(w.shape)
               for layer in model.layers for w in layer.weights
               if len(w.shape) > 1)  # fmt: skip

costs = {kind: cost(block_network(kind)) for kind in INSIDE}
print(", ".join(f"{kind} {number:,}" for kind, number in costs.items()))

# %% [markdown]
# **Predict** the order of the five.

# %%
def fit_blocks(model):
    model.fit(x_train, y_train, batch_size=100, epochs=3, verbose=0)
    return share_read(model, x_val, y_val)

builders = {kind: functools.partial(block_network, kind) for kind in INSIDE}
blocks = dlcourse.repeat(SEEDS - 1, builders, fit_blocks, reseed=False,
                         steps_at_once=10)  # fmt: skip
score = 100 * blocks.mean()
print(f"separable blocks read ≈ {score['separable'] - score['3×3']:.0f} more than 3×3")
claim("blocks that see no neighbors read ≈ {:.0f} of 100 fewer than separable ones",
      score["separable"] - score["1×1"], at_least=10)  # fmt: skip
blocks.map("≈ {:.2f}".format)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7, 3.2))
axis.plot(100 * blocks.T, range(5), "o", color=plots.BLUE, alpha=0.6)
axis.plot(score, range(5), "k|", ms=20, mew=2)
axis.set_yticks(range(5), [f"{kind}, {CHANNELS[kind]} channels" for kind in INSIDE])
axis.set(xlabel="digits read of 100 (dot: one training, bar: mean)",
         ylim=(-0.5, 4.5),
         title="The block without neighbors trails")  # fmt: skip
plots.show("Digits read for five kinds of block with about 70,000 multiply–adds each.")

# %% [markdown]
# The 1×1 block sees no neighbors (only the layer before it does), and wide as it is, it reads least. The full 3×3
# convolution pays for every pair of channels at each of its nine places, and can afford 12 channels. The separable one
# pays for them once, and gets 30. Was it ahead of the full one in each training? So few say little of the others' order, and
# nothing of other budgets or rates; and the prices are equal only to about a tenth.

# %% [markdown]
# ## Quiz

# %%
quiz("35")

# %% [markdown]
# ## Summary
#
# - Deeper can be worse on its own training images: not overfitting, but a network that does not train.
# - Batch norm uses the batch while training, and moving averages afterwards. These need many steps to arrive.
# - A residual block adds to its input. Norm keeps the size, the shortcut more of the content; our deep networks needed
#   both, or (in *Going further*) a shortcut and a start from zero.
# - A cure is tried alone and together, over several seeds; layers are compared at equal cost.
# - Multiply–adds: $s^2 k^2 c_\text{in} c_\text{out}$. Depthwise separable layers save most of them.
#
# Tell the director: twenty layers can be trained, with norm and shortcut together. For these digits, two will do.
#
# ## Common mistakes
#
# - **Good in `fit`, bad when used, on the same images**: moving averages that have not arrived, or the wrong mode.
# - **A ReLU behind the sum of a residual block**: it closes the road to negative numbers. (ResNet had one in 2015, and trained
#   with 152 layers; with 1,001, the order without it did clearly better.)
# - **Batch norm with very small batches**: the mean of two images is mostly chance. Layer norm (lesson 52) needs no batch.
# - **Comparing blocks with equal channels**: the dearer one may look better.
# - **One run, one rate**: it may say more about the start than about the layers.
#
# ## Read more
#
# - K. He and others (2015), [Deep residual learning](https://arxiv.org/abs/1512.03385): its tables 1 and 2 are section 6's;
#   (2016), [Identity mappings](https://arxiv.org/abs/1603.05027): the order norm, ReLU, layer.
# - S. Ioffe, C. Szegedy (2015), [Batch normalization](https://arxiv.org/abs/1502.03167); S. Santurkar and others (2018), [How
#   does batch normalization help optimization?](https://arxiv.org/abs/1805.11604): doubts about the first explanation.
# - G. Yang and others (2019), [A mean field theory of batch normalization](https://arxiv.org/abs/1902.08129): why norm alone
#   fails in depth.
# - H. Zhang and others (2019), [Fixup initialization](https://arxiv.org/abs/1901.09321): depth without norm.
# - A. Howard and others (2017), [MobileNets](https://arxiv.org/abs/1704.04861); C. Szegedy and others (2014),
#   [Going deeper with convolutions](https://arxiv.org/abs/1409.4842); Z. Liu and others (2022),
#   [A ConvNet for the 2020s](https://arxiv.org/abs/2201.03545).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [41 · Recurrent networks](41_recurrent_networks.ipynb). One small cell, used at every step, learns what to keep and when to write. **Before:** [34 · Transfer learning](34_transfer_learning.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+35%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/41_recurrent_networks.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/34_transfer_learning.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
