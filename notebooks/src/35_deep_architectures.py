# ---
# jupyter:
#   dlcourse:
#     title: "Deep architectures"
#     subtitle: Twenty layers fail, and four experts each know the one cure
#     minutes: 58
#     further: 21
#     seconds: 90
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
# **Your time:** 58 minutes, and 21 for *Going further* · **The notebook runs in:** about 90 s on two CPU cores · **Before this:** lesson 22, lesson 31

# %% [markdown]
# ## You will be able to
#
# 1. compute batch normalization in its two modes, and see when the second one lags
#    *(section 2, Break and fix · exercises 35.1 and 35.4)*
# 2. write a residual block, and say what its shortcut lets through
#    *(section 3 · exercise 35.2, quiz)*
# 3. judge a cure fairly: alone and together with others, over several starts
#    *(section 4 · exercise 35.3, quiz)*

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

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("35", profile=PROFILE, seed=SEED)

import keras
from keras import layers, ops

DEPTHS = lesson.pick(quick=(2, 20), full=(2, 8, 20))
SEEDS = lesson.pick(quick=3, full=10)
EPOCHS = lesson.pick(quick=4, full=12)

# %% [markdown]
# ## 1 · Twenty layers
#
# A museum wants the numbers on its old specimen labels read by machine. Your network with two hidden layers does well.
# Then the director hears that *deep* networks win, and asks for twenty. The digits are 4,000 of MNIST's, with blocks of
# 2×2 pixels averaged; a quarter are kept for validation. (`depth` counts the hidden layers behind the first one.)

# %%
digits = datasets.mnist_5k()
blocks = digits.x_train.reshape(-1, 14, 2, 14, 2)  # (images, row, 2, column, 2)
small = blocks.mean(axis=(2, 4)) / 255  # (images, 14, 14)
pixels = small.reshape(-1, 196).astype("float32")
x_train, y_train = pixels[:3000], digits.y_train[:3000]
x_val, y_val = pixels[3000:], digits.y_train[3000:]
WIDTH = 16  # units in every hidden layer

def plain_network(depth):
    hidden = [layers.Dense(WIDTH, activation="relu") for _ in range(depth)]
    return keras.Sequential([
        layers.Input((196,)),
        layers.Dense(WIDTH),  # without activation: 196 numbers become 16
        *hidden,
        layers.Dense(10, activation="softmax"),
    ])

# %% [markdown]
# **Predict.** Both networks get the same images, epochs and optimizer. How many digits does the deep one read? And does it
# fail on its training images, too?

# %%
def train(model):
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(x_train, y_train, batch_size=100, epochs=EPOCHS, verbose=0)

def share_read(model, x, y):
    probabilities = ops.convert_to_numpy(model(x))
    guesses = probabilities.argmax(axis=-1)
    return np.mean(guesses == y)

read = {}  # share of the new digits, by depth
for depth in (2, 20):
    keras.utils.set_random_seed(lesson.seed)
    model = plain_network(depth)
    train(model)
    on_training = share_read(model, x_train, y_train)
    read[depth] = share_read(model, x_val, y_val)
    print(f"{depth:2} layers: training images ≈ {on_training:.2f},"
          f" new ≈ {read[depth]:.2f}")  # fmt: skip
claim("twenty layers read ≈ {:.0f} digits of 100 fewer than two",
      100 * (read[2] - read[20]), at_least=10)  # fmt: skip

# %% [markdown]
# The deep network is bad on its training images, too. So this is not overfitting: in these few epochs it
# *trains* badly. Eighteen layers that pass everything on would make it as good as the small one; training
# does not find them. (That was one training each, and these scatter: section 4 repeats it, with one ReLU
# more.) Four experts each know the one cure.
#
# - **The first** blames the **start**. Keras draws weights with standard deviation $\sqrt{1/n}$ for $n$ inputs and $n$ units
#   (Glorot). ReLU cuts away about half of every signal, so use $\sqrt{2/n}$ (He; lesson 22).
# - **The second** blames the **learning rate**: 0.01 is too much for so deep a network. Take 0.003.
# - **The third** swears by **batch normalization** (norm), **the fourth** by **residual connections** (shortcuts).
#
# ## 2 · The third cure: batch normalization
#
# The idea: if the numbers have the same size in every layer, they neither vanish nor explode on the way
# forward. The layer takes one unit's values over a batch, and brings them to mean 0 and standard deviation 1.
# With the batch's mean $\mu$ and variance $\sigma^2$:
#
# $$\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}, \qquad y = \gamma \hat x + \beta$$
#
# $\epsilon = 0.001$ prevents division by 0. The scale $\gamma$ and the shift $\beta$ are learned; they start at 1 and 0.
# Take one unit, and four images with the values 2, 4, 6, 8. Then $\mu = 5$ and $\sigma^2 = (9 + 1 + 1 + 9)/4 = 5$, so
# $\hat x = -1.34, -0.45, 0.45, 1.34$.
#
# In a batch of one image, $x = \mu$: only zeros come out. So the layer has **two modes**. While *training* it
# uses the batch's $\mu$ and $\sigma^2$, and also keeps a **moving average** of each, with the momentum $m$
# (not the optimizer's):
#
# $$\mu_\text{moving} \leftarrow m\, \mu_\text{moving} + (1 - m)\, \mu$$
#
# and the same for the variance. Afterwards, in *inference*, it uses the moving averages. The moving mean
# starts at 0, the moving variance at 1.
#
# **Predict.** After one batch, with $m = 0.9$, what does inference make of our four values?

# %%
norm = layers.BatchNormalization(momentum=0.9)
values = np.array([[2.0], [4.0], [6.0], [8.0]])  # (images, units)
for batches in range(1, 61):
    in_training = ops.convert_to_numpy(norm(values, training=True)).ravel()
    in_inference = ops.convert_to_numpy(norm(values, training=False)).ravel()
    if batches in (1, 10, 60):
        print(f"batches seen: {batches:2}   training mode:", in_training.round(2))
        print("                  inference mode:", in_inference.round(2))

# %% [markdown]
# After one batch the moving averages are $0.1 \cdot 5 = 0.5$ and $0.9 + 0.1 \cdot 5 = 1.4$, so 2 becomes
# $1.5/\sqrt{1.401} = 1.27$. After $t$ batches $m^t$ of the start remains: 35 % after ten, 0.2 % after sixty.
# Move the momentum: how many batches do the two modes need to agree?

# %% tags=["hide-input"]
def draw_modes(momentum=0.9):
    x = np.array([2.0, 4.0, 6.0, 8.0])
    batches = np.arange(61)
    left = momentum ** batches.reshape(-1, 1)  # share of the start, 0 and 1
    moving_mean = 5 * (1 - left)
    moving_variance = left + 5 * (1 - left)
    inference = (x - moving_mean) / np.sqrt(moving_variance + 0.001)
    training = (x - 5) / np.sqrt(5 + 0.001)
    figure, axis = plt.subplots(figsize=(7, 3.6))
    curves = axis.plot(batches, inference, color=plots.BLUE)
    lines = axis.hlines(training, 0, 60, linestyles="--", color=plots.VERMILION)
    for value, height in zip(x, training):
        axis.text(61, height, f"from {value:.0f}", va="center", fontsize=9)
    axis.axvline(10, color="0.8", lw=1, zorder=0)
    axis.legend([curves[0], lines], ["inference mode", "training mode"])
    axis.set(xlabel="batches seen", xlim=(0, 60), ylim=(-2, 8.5),
             ylabel="what norm makes of the value",
             title=f"After ten batches, {100 * left[10, 0]:.0f} %"
                   " of the start is left in the averages")  # fmt: skip

explore(draw_modes, alt="What batch norm makes of 2, 4, 6 and 8 after 0 to 60 batches:"
        " inference mode starts far off and bends toward training mode's constants.",
        momentum=(0.5, 0.99, 0.01))  # fmt: skip

# %% [markdown]
# (Under 5 % of the start is left after 5 batches at $m = 0.5$, 29 at 0.9.)
#
# ### Exercise 35.1
#
# Write both modes, without $\gamma$ and $\beta$. `x` has the shape `(batch, units)`; `mean` and `variance`
# are the moving averages, `(units,)`; `training` is True or False. Return the normalized values and both
# moving averages as they are afterwards.
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
    if not training:
        return (x - mean) / np.sqrt(variance + 0.001), mean, variance
    batch_mean = x.mean(axis=0)
    batch_variance = x.var(axis=0)
    normalized = (x - batch_mean) / np.sqrt(batch_variance + 0.001)
    mean = momentum * mean + (1 - momentum) * batch_mean
    variance = momentum * variance + (1 - momentum) * batch_variance
    return normalized, mean, variance

check("35.1", batch_norm_solution)

# %% [markdown]
# ## 3 · The fourth cure: a shortcut
#
# So make passing on easy. A **residual block** does not replace its input, it *adds* to it:
#
# $$h_{k+1} = h_k + F(h_k)$$
#
# $h_k$ is what block $k$ gets, shape `(batch, width)`. Its layers $F$ only have to find what is missing, the
# *residual*. If $F$ gives 0, the block passes everything on unchanged; a plain layer would have to learn
# that. Backwards, a block of one unit has the slope $1 + F'$. The 1 is a road on which the gradient travels
# past all the layers. With $F' = 0.1$ twenty times, $0.1^{20}$ is next to nothing, $1.1^{20} \approx 7$. We
# take $F$ in the order of He and others (2016):
#
# ```
# h ──┬── norm ── ReLU ── dense ── + ── new h
#     └────────────────────────────┘
# ```
#
# ### Exercise 35.2
#
# Write `residual_block(h, width)` with Keras layers: a `BatchNormalization` with momentum 0.9, a `ReLU`, a `Dense`
# layer of `width` units (as `h` has) without activation, and the sum. Return the new `h`.
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
    z = layers.ReLU()(z)
    z = layers.Dense(width)(z)
    return layers.Add()([h, z])

check("35.2", residual_block_solution)

# %% [markdown]
# ## 4 · Each alone, and together
#
# **Predict.** Which single cure mends twenty layers? Of 100 digits, how many will each of the four read, and
# norm with shortcut?
#
# Here are norm and shortcut as arguments. The loop is exercise 35.2's block; to save time, norm does without
# $\gamma$ and $\beta$.

# %%
def deep_network(depth, norm, shortcut):
    inputs = keras.Input((196,))
    h = layers.Dense(WIDTH)(inputs)
    for k in range(depth):
        z = h
        if norm:
            z = layers.BatchNormalization(momentum=0.9, center=False, scale=False)(z)
        z = layers.ReLU()(z)
        z = layers.Dense(WIDTH, name=f"hidden_{k}")(z)
        h = layers.Add()([h, z]) if shortcut else z
    h = layers.ReLU()(h)
    outputs = layers.Dense(10, activation="softmax")(h)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy")
    return model

# %% [markdown]
# The other two cures are set just before training. Keras has drawn Glorot's weights. With 16 inputs and 16
# units, He's are $\sqrt{2}$ times as large, so we multiply those of the hidden layers by this `factor`.

# %%
def train_with(model, factor, rate):
    for layer in model.layers:
        if layer.name.startswith("hidden"):
            layer.kernel.assign(factor * layer.kernel)
    model.optimizer.learning_rate = rate
    model.fit(x_train, y_train, batch_size=100, epochs=EPOCHS, verbose=0)
    return share_read(model, x_val, y_val)

# %% [markdown]
# Suppose you switch on norm and shortcut, and it trains. Which was it? A fair trial tries each cure alone
# *and* beside others, several times, with everything else equal. So we take norm or not, shortcut or not,
# and each of these four as it is, with He's start, or (never both) with the lower rate. That is 12 kinds at
# twenty layers, and 12 at two.
#
# `repeat` (lesson 23) trains each kind of twenty layers several times, from fresh random weights. In each of
# these **draws**, all kinds get the same random numbers, so that they differ in the cures alone.

# %%
FACTORS = {"Glorot": 1.0, "He": math.sqrt(2)}
SETTINGS = [("Glorot", 0.01), ("He", 0.01), ("Glorot", 0.003)]
reads = {}  # digits read of 100, one number a draw, by kind of network
for depth, norm, shortcut in itertools.product(DEPTHS, (False, True), (False, True)):
    network = functools.partial(deep_network, depth, norm, shortcut)
    trains = {(depth, norm, shortcut, start, rate):
              functools.partial(train_with, factor=FACTORS[start], rate=rate)
              for start, rate in SETTINGS}  # fmt: skip
    builders = dict.fromkeys(trains, network)  # the same for each kind
    runs = dlcourse.repeat(1 if depth == 2 else SEEDS, builders, trains,
                           reseed=False, steps_at_once=30)  # both only save time
    reads.update(100 * runs)  # a table: a row for each draw, a column for each kind
print(len(reads), "kinds of network trained")

# %% tags=["hide-input"]
LOOKS = {(False, False): ("0.35", "o", "-", "neither"),
         (True, False): (plots.VERMILION, "s", "--", "norm"),
         (False, True): (plots.BLUE, "^", ":", "shortcut"),
         (True, True): (plots.GREEN, "D", "-.", "norm + shortcut")}  # fmt: skip
rows = [(look, *start_rate) for look in LOOKS for start_rate in SETTINGS]
heights = [row + 0.7 * (row // 3) for row in range(12)]
figure, axes = plt.subplots(1, len(DEPTHS), figsize=(9, 4.4), sharex=True, sharey=True)
for axis, size in zip(axes, DEPTHS):
    for height, (kind, name, step) in zip(heights, rows):
        color, marker, _, _ = LOOKS[kind]
        of_100 = reads[(size, *kind, name, step)]
        axis.plot(of_100, [height] * len(of_100), marker, color=color, ms=6, alpha=0.6)
        axis.text(102, height, f"{of_100.mean():.0f}", va="center", fontsize=9)
    axis.text(102, -0.9, "mean", va="center", fontsize=9)
    axis.set(title=f"{size} layers", xlabel="digits read of 100", xlim=(0, 100))
axes[0].set_yticks(heights, [f"{name}, {step}" for _, name, step in rows], fontsize=9)
axes[0].invert_yaxis()
for place, (color, _, _, label) in enumerate(LOOKS.values()):
    axes[0].text(4, 3.7 * place + 1, label, color=color, weight="bold", va="center")
figure.suptitle("At twenty layers, only norm and shortcut together\ncome near two"
                " layers (at the rate 0.01)", fontweight="bold")  # fmt: skip
plots.show("Digits read of 100, a dot for each training, by kind and depth: at two"
           " layers all kinds read well; at twenty, far more with norm and shortcut"
           " than with one or neither.")

# %% [markdown]
# Each dot is one training. At two layers every kind reads well. At twenty, with 16 units and in these few
# epochs, **no single cure is enough**. At the rate 0.01, norm with shortcut comes near two layers. (At 0.003,
# in as many steps, even two plain layers lose. A paper's 34-layer convolutional networks do train with norm
# alone: *Going further*.)

# %%
cures = {"no cure": (False, False, "Glorot", 0.01),
         "the start alone": (False, False, "He", 0.01),
         "the rate alone": (False, False, "Glorot", 0.003),
         "norm alone": (True, False, "Glorot", 0.01),
         "the shortcut alone": (False, True, "Glorot", 0.01),
         "norm and shortcut": (True, True, "Glorot", 0.01)}  # fmt: skip
for name, kind in cures.items():
    print(f"{name:18} ≈ {reads[(20, *kind)].mean():.0f} digits of 100")

both = reads[20, True, True, "Glorot", 0.01].mean()
claim("norm and shortcut together read ≈ {:.0f} of 100 digits at twenty layers",
      both, at_least=79)  # fmt: skip

# %% [markdown]
# By chance, single trainings come closer, so compare means: the weakest of the three kinds with both cures
# against the best of the nine others.

# %%
twenty = {kind[1:]: draws.mean() for kind, draws in reads.items() if kind[0] == 20}
with_both = [twenty[(True, True, *setting)] for setting in SETTINGS]
others = [mean for kind, mean in twenty.items() if kind[:2] != (True, True)]
claim("even the weakest kind with both reads ≈ {:.0f} more than the best without",
      min(with_both) - max(others), at_least=8)  # fmt: skip

# %% [markdown]
# Was it worth it? Set the same three kinds against two layers.

# %%
two = [reads[(2, True, True, *setting)].mean() for setting in SETTINGS]
claim("two layers still read ≈ {:.0f} of 100 digits more",
      np.mean(two) - np.mean(with_both), at_least=0.3)  # fmt: skip
verify("at two plain layers the lower rate loses",
       reads[2, False, False, "Glorot", 0.01].mean()
       - reads[2, False, False, "Glorot", 0.003].mean(), at_least=0)  # fmt: skip
verify("with He's start, a shortcut without norm does worse",
       twenty[False, True, "Glorot", 0.01] - twenty[False, True, "He", 0.01],
       at_least=0)  # fmt: skip

# %% [markdown]
# *Trainable* is not yet *better*. Three draws scatter too much to rank the single cures. But with He's start,
# a shortcut without norm does *worse* than with Glorot's.
#
# ### Exercise 35.3
#
# What does norm do for twenty layers with He's start? `trial` holds digits read of 100, in the shape
# `(norm, shortcut, draw)`: `trial[1, 0]` are the networks with norm and without shortcut, one number a draw.
# Write `gains_of_norm(trial)`. It returns two mean gains: that of norm *alone*, and that of norm *beside a
# shortcut*. In each, nothing but norm may differ. Then call it on `trial`.
#
# <details><summary>Hint 1</summary>Norm alone: with norm and without shortcut, <code>trial[1, 0]</code>, against what?
# </details>
# <details><summary>Hint 2</summary>Beside a shortcut, both sides have one: the second index is 1 in both.</details>

# %% tags=["exercise"]
# Exercise 35.3: norm's mean gain alone, and beside a shortcut; trial: (2, 2, draws).
trial = np.array([[reads[20, with_norm, with_shortcut, "He", 0.01]
                   for with_shortcut in (False, True)]
                  for with_norm in (False, True)])  # fmt: skip

def gains_of_norm(trial):
    ...  # your code here

# %%
check("35.3", gains_of_norm)

# %% tags=["solution"]
# @title Solution 35.3
def gains_of_norm_solution(trial):
    alone = trial[1, 0] - trial[0, 0]  # draw by draw
    beside_shortcut = trial[1, 1] - trial[0, 1]
    return alone.mean(), beside_shortcut.mean()
check("35.3", gains_of_norm_solution)
gains = gains_of_norm_solution(trial)
print(f"norm gains ≈ {gains[0]:.0f} alone, ≈ {gains[1]:.0f} beside a shortcut")
verify("alone, norm brings little", gains[0], at_most=17)
verify("beside a shortcut, much more", gains[1] - gains[0], at_least=22)

# %% [markdown]
# Alone, norm brings little or takes away; beside a shortcut, much: what it brings depends on its company.
# Why? *Going further* finds a clue.

# %% [markdown]
# ## Break and fix
#
# A colleague builds a residual network from Keras's layers as they come, and trains it with large batches.
# He is happy with the training accuracy that `fit` reports. Then he reads the *same* images again.

# %%
keras.utils.set_random_seed(lesson.seed)
inputs = keras.Input((196,))
h = layers.Dense(WIDTH)(inputs)
for _ in range(6):
    z = layers.BatchNormalization()(h)
    z = layers.ReLU()(z)
    z = layers.Dense(WIDTH)(z)
    h = layers.Add()([h, z])
h = layers.ReLU()(h)
outputs = layers.Dense(10, activation="softmax")(h)
colleague = keras.Model(inputs, outputs)
colleague.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy",
                  metrics=["accuracy"])  # fmt: skip
history = colleague.fit(x_train, y_train, batch_size=250, epochs=EPOCHS, verbose=0)
told = history.history["accuracy"][-1]
read_again = share_read(colleague, x_train, y_train)
print(f"fit says ≈ {told:.2f}; the same images read again ≈ {read_again:.2f}")
claim("read again, the training images lose ≈ {:.0f} points",
      100 * (told - read_again), at_least=10)  # fmt: skip

# %% [markdown]
# ### Exercise 35.4
#
# Find the cause. Then write `mend(model, x)`: it repairs his trained network in place, with the training
# images `x` as one batch, *without changing a single trained weight*. Try it on `colleague`, too.
#
# <details><summary>Hint 1</summary>Which layers work differently inside <code>fit</code> and afterwards? Which numbers do they use
# afterwards, and how old are these?</details>
# <details><summary>Hint 2</summary>Keras's default momentum is 0.99, and he took 12 steps in each epoch: 48 in all
# (with the profile <code>quick</code>). What share of the start is left?</details>
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
    for _ in range(300):  # 0.99**300: 5 % of the start is left
        model(x, training=True)
check("35.4", mend_solution)
mend_solution(colleague, x_train)
print(f"mended: ≈ {share_read(colleague, x_train, y_train):.2f}")

# %% [markdown]
# Inference uses moving averages, and his had not arrived: after 48 steps (in `quick`) $0.99^{48} = 62$ % of
# their start, 0 and 1, was still in them. `fit` measures the training accuracy in training mode, while the
# weights still change, so it could not show this; validation images would have. Next time he takes more
# steps, or a momentum of 0.9.
#
# ## Going further: what gets through
#
# Why do single cures fail at twenty layers? Look *before* training, with Glorot's start in the hidden layers:
# how much of the digit can still be read behind each layer? Let a **linear reader** try: least squares from
# the layer's 16 numbers to the ten classes, fitted on 1,000 images and tried on 1,000 others.

# %%
def signals(norm, shortcut, seed, depth=20):
    rng = np.random.default_rng(seed)
    h = x_train[:2000] @ rng.normal(0, 1 / 14, (196, WIDTH))
    by_layer = [h]  # (images, units) each
    for _ in range(depth):
        z = h
        if norm:
            z = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 0.001)
        z = np.maximum(z, 0) @ rng.normal(0, 1 / math.sqrt(WIDTH), (WIDTH, WIDTH))
        h = h + z if shortcut else z
        by_layer.append(h)
    return by_layer

def readable(h):  # 1e-30 and 0.01: dead units would make it divide by 0
    h = (h - h.mean(axis=0)) / (h.std(axis=0) + 1e-30)
    h = np.column_stack([h, np.ones(len(h))])  # with a bias: (2000, 17)
    fitted = h[:1000]
    classes = np.eye(10)[y_train[:1000]]  # one-hot
    weights = np.linalg.solve(fitted.T @ fitted + 0.01 * np.eye(17), fitted.T @ classes)
    guesses = (h[1000:] @ weights).argmax(axis=1)
    return np.mean(guesses == y_train[1000:2000])

# %% [markdown]
# **Predict.** With norm alone, every layer's numbers have the right size, at any depth. Does the digit get through?

# %%
sizes, shares = {}, {}  # by (norm, shortcut): arrays, (networks, layers)
seeds = [dlcourse.derived_seed(lesson.seed, i) for i in range(5)]
for norm, shortcut in itertools.product((False, True), (False, True)):
    runs = [signals(norm, shortcut, seed) for seed in seeds]
    sizes[norm, shortcut] = np.array([[h.std() for h in run] for run in runs])
    shares[norm, shortcut] = np.array([[readable(h) for h in run] for run in runs])

with_norm = shares[True, False][:, -1].mean()  # behind the last layer
with_both = shares[True, True][:, -1].mean()
claim("a reader behind 20 layers with norm finds ≈ {:.0f} of 100 digits",
      100 * with_norm, at_most=20)  # fmt: skip
claim("with norm and shortcut it finds ≈ {:.0f} more",
      100 * (with_both - with_norm), at_least=10)  # fmt: skip
verify("norm keeps less of the digit than no cure",
       shares[False, False][:, -1].mean() - with_norm, at_least=0)  # fmt: skip

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
for kind, (color, _, line, label) in LOOKS.items():
    left.semilogy(sizes[kind].mean(axis=0), line, color=color, label=label)
    mean = 100 * shares[kind].mean(axis=0)
    around = 100 * shares[kind].std(axis=0, ddof=1)
    right.plot(mean, line, color=color)
    right.fill_between(range(21), mean - around, mean + around, color=color, alpha=0.15)
left.set(xlabel="layer of an untrained network", ylabel="standard deviation",
         xticks=range(0, 21, 5),
         title="Norm keeps the size; shortcuts let it grow")  # fmt: skip
left.legend(fontsize=9, ncols=2)
right.axhline(10, color="0.6", lw=1)
right.text(0, 5, "guessing", color="0.4", fontsize=9)
right.set(xlabel="layer of an untrained network", ylabel="digits read of 100",
          xticks=range(0, 21, 5), ylim=(0, 80),
          title="Behind a shortcut, more digits can be read")  # fmt: skip
plots.show("Two curves by layer, for four kinds of network. Size: with norm constant,"
           " with a shortcut growing, with neither shrinking. Digits that a linear"
           " reader finds: more behind the two kinds with a shortcut.")

# %% [markdown]
# (The curves are means of five networks; the bands show ± one standard deviation.) Norm keeps the *size* and
# loses more of the *digit* than no cure does, for a linear reader at least. The shortcut keeps more of the
# digit, but the size grows. In a wide network, ReLU keeps about half of the mean square, and Glorot's
# weights keep that half. The shortcut adds the whole, so each block multiplies the mean square by about 1.5.
# Twenty blocks multiply it by $1.5^{20} \approx 3{,}300$, and the size by the root, 58. (Narrow networks
# like ours scatter widely. With He's start each block doubles the mean square.) With both cures, norm makes
# each block add about the same amount, and the size grows slowly.
#
# Is this why single cures fail? It is no more than a clue. Norm alone keeps less than no cure, yet trained
# better with nine of ten seeds. The shortcut alone keeps about as much as both, yet trained worse: perhaps
# its growing size is to blame, but we have not tested that. For norm alone, Yang and others (Read more) show
# for wide dense networks that the gradients explode with depth at the start.

# %% [markdown]
# ## Going further: what does a layer cost?
#
# To compare layers fairly, compare them at equal cost. One measure of it is the **multiply–add**: one weight times one
# number, added to a sum. (It is not time, which also depends on the machine.) A convolution from $c_\text{in}$ to
# $c_\text{out}$ channels with a $k \times k$ kernel uses each of its weights once for each of the $s \times s$ places of its
# *output* (biases are not counted): $s^2 \cdot k^2 \cdot c_\text{in} \cdot c_\text{out}$. Where does the cost go? With 7×7
# places and 16 → 16 channels:
#
# | layer | what it does | multiply–adds |
# |---|---|---|
# | 3×3 convolution | looks at neighbors and mixes channels | $49 \cdot 9 \cdot 16 \cdot 16 = 112{,}896$ |
# | 1×1 convolution | only mixes channels | $49 \cdot 16 \cdot 16 = 12{,}544$ |
# | 3×3 depthwise | only looks at neighbors, each channel by itself | $49 \cdot 9 \cdot 16 = 7{,}056$ |
#
# The last two, one after the other, are a **depthwise separable** convolution: 19,600, less than a fifth of the full one.
# MobileNet (2017), built so, needs 569 million multiply–adds for 70.6 % accuracy on ImageNet; with full convolutions, 4,866
# million for 71.7 %.
#
# ### Exercise 35.5
#
# These are the rows of ResNet-34 (2015), a residual network of convolutions, in order: side $s$ of the output, kernel size
# $k$, channels in, channels out, and how many such layers (34 in all). The last row is the dense layer, a 1×1 kernel at one
# place. Write `multiply_adds(rows)`, the sum for a whole table. The paper says: 3.6 billion.
#
# <details><summary>Hint 1</summary><code>for side, kernel, c_in, c_out, times in rows:</code></details>
# <details><summary>Hint 2</summary>First row: 112 · 112 · 7 · 7 · 3 · 64 · 1 = 118,013,952.</details>

# %% tags=["exercise"]
# Exercise 35.5: the multiply-adds of all rows (side, kernel, c_in, c_out, times).
resnet34 = [(112, 7, 3, 64, 1), (56, 3, 64, 64, 6), (28, 3, 64, 128, 1),
            (28, 3, 128, 128, 7), (14, 3, 128, 256, 1), (14, 3, 256, 256, 11),
            (7, 3, 256, 512, 1), (7, 3, 512, 512, 5), (1, 1, 512, 1000, 1)]  # fmt: skip

def multiply_adds(rows):
    ...  # your code here

# %%
check("35.5", multiply_adds)

# %% tags=["solution"]
# @title Solution 35.5
def multiply_adds_solution(rows):
    total = 0
    for side, kernel, c_in, c_out, times in rows:
        total += side**2 * kernel**2 * c_in * c_out * times
    return total
check("35.5", multiply_adds_solution)
print(f"ResNet-34: {multiply_adds_solution(resnet34):,} multiply–adds")

# %% [markdown]
# And what do 34 layers buy? Here are the errors on ImageNet's validation images, in percent, from the same paper. The
# network has one guess, averaged over ten cut-outs of each image; the paper gives no spread.
#
# | layers | billion multiply–adds | plain, with norm | residual, with norm |
# |---|---|---|---|
# | 18 | 1.8 | 27.94 | 27.88 |
# | 34 | 3.6 | 28.54 | 25.03 |
#
# Both columns have batch norm. So within a row only the shortcut differs: next to nothing at 18 layers, 3.5
# points at 34. Without it, deeper is *worse*, even on the training images (the paper's figure 4), though norm
# alone does train these convolutional networks. (Where the channels double, $h$ and $F(h)$ do not fit each
# other: there the shortcuts of this table fill up with zeros; others have a 1×1 convolution of their own.)

# %% [markdown]
# ## Going further: five blocks at one price
#
# Now convolutions. A first layer makes 7×7 places of the image. Then comes one residual block, of one of five
# kinds. Two imitate published ones: Inception looks with several kernel sizes side by side; ConvNeXt takes a
# large depthwise kernel, then 1×1 ones. With equal channels, the dearer block might be better only because it
# is dearer. So each kind gets as many channels as about 70,000 multiply–adds for the whole network allow.
# Where the block is cheap, the whole network may be wide. (Behind a convolution, batch norm has one $\mu$ and
# one $\sigma^2$ for each *channel*, over all images *and* places.)

# %%
def conv(z, channels, kernel, activation=None):
    return layers.Conv2D(channels, kernel, padding="same", activation=activation)(z)

def inside(kind, z, channels):
    if kind == "1×1":
        return conv(z, channels, 1)
    if kind == "3×3":
        return conv(z, channels, 3)
    if kind == "separable":
        return layers.SeparableConv2D(channels, 3, padding="same")(z)
    if kind == "Inception-like":  # three kernel sizes side by side
        three = conv(z, channels // 4, 1, "relu")  # narrow, so that the 3×3 is cheap
        three = conv(three, channels // 4, 3)
        five = conv(z, channels // 8, 1, "relu")
        five = conv(five, channels // 4, 5)
        one = conv(z, channels // 2, 1)
        return layers.Concatenate()([one, three, five])
    if kind == "ConvNeXt-like":  # a large depthwise kernel, then wide, then narrow
        z = layers.DepthwiseConv2D(5, padding="same")(z)
        z = conv(z, 4 * channels, 1, "gelu")
        return conv(z, channels, 1)

# %%
def cost(model):  # in multiply–adds
    total = 0
    for layer in model.layers:
        places = math.prod(layer.output.shape[1:-1])  # of a dense layer: 1
        for weights in layer.weights:
            if len(weights.shape) > 1:  # a kernel; the others only add or scale
                total += places * math.prod(weights.shape)
    return total

# %%
CHANNELS = {"1×1": 34, "3×3": 12, "separable": 30, "Inception-like": 24,
            "ConvNeXt-like": 11}  # fmt: skip

def block_network(kind):
    channels = CHANNELS[kind]
    inputs = keras.Input((196,))
    h = layers.Reshape((14, 14, 1))(inputs)
    h = layers.Conv2D(channels, 3, strides=2, padding="same")(h)  # 7×7 places
    z = layers.BatchNormalization(momentum=0.9)(h)
    z = layers.ReLU()(z)
    z = inside(kind, z, channels)
    h = layers.Add()([h, z])
    h = layers.BatchNormalization(momentum=0.9)(h)
    h = layers.ReLU()(h)
    h = layers.GlobalMaxPooling2D()(h)
    outputs = layers.Dense(10, activation="softmax")(h)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model

for kind in CHANNELS:
    print(f"{kind:14} {cost(block_network(kind)):,} multiply–adds")

# %% [markdown]
# **Predict** the order of the five.

# %%
def fit_blocks(model):
    model.fit(x_train, y_train, batch_size=100, epochs=3, verbose=0)
    return share_read(model, x_val, y_val)

builders = {kind: functools.partial(block_network, kind) for kind in CHANNELS}
blocks = dlcourse.repeat(SEEDS, builders, fit_blocks, reseed=False,
                         steps_at_once=30)  # fmt: skip
score = 100 * blocks.mean()
verify("separable blocks read more than full ones on average",
       score["separable"] - score["3×3"], at_least=0)  # fmt: skip
claim("blocks that see no neighbors read ≈ {:.0f} of 100 fewer than separable ones",
      score["separable"] - score["1×1"], at_least=10)  # fmt: skip
blocks.map("≈ {:.2f}".format)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7, 3.2))
axis.plot(100 * blocks.T, range(5), "o", color=plots.BLUE, alpha=0.6)
axis.plot(score, range(5), "k|", ms=20, mew=2)
axis.set_yticks(range(5), [f"{kind}, {CHANNELS[kind]} channels" for kind in CHANNELS])
axis.set(xlabel="digits read of 100 (dot: one training, bar: mean)",
         ylim=(-0.5, 4.5),
         title="The block that sees no neighbors reads least")  # fmt: skip
plots.show("Digits read for five kinds of block with about 70,000 multiply–adds each.")

# %% [markdown]
# The 1×1 block sees no neighbors (only the layer before it does), and wide as it is, it reads least. The full
# 3×3 convolution has nine weights for every pair of channels, and can afford 12 channels. The separable one
# has a single weight for each pair, and nine for each channel; it gets 30, and in `quick` it is ahead of the
# full one on average, at 3 epochs and one rate. So few trainings say little about the order of the others,
# and nothing about other budgets or rates. Besides, the prices are equal only to about a tenth, and with the
# channels the first layer grows, too.

# %% [markdown]
# ## Quiz

# %%
quiz("35")

# %% [markdown]
# ## Summary
#
# - Deeper can be worse on its own training images: not overfitting, but a network that trains badly.
# - Batch norm uses the batch while training, and moving averages afterwards. These need many steps to arrive.
# - A residual block adds to its input: where its layers find nothing, it passes the input on.
# - A cure is tried alone and together with others, over several starts. In our few epochs, with 16 units and
#   Glorot's or He's start, only norm *and* shortcut together brought twenty layers near two, most clearly at
#   the rate 0.01.
#
# Tell the director: with norm and shortcut, twenty layers train quickly. For these digits, two will do.
#
# ## Common mistakes
#
# - **Good in `fit`, bad when used, on the same images**: moving averages that have not arrived, or the wrong mode.
# - **A ReLU behind the sum of a residual block**: it closes the road to negative numbers. (ResNet had one in
#   2015, and trained with 152 layers; with 1,001 layers, on small photos, the order without it did clearly
#   better.)
# - **Batch norm with very small batches**: the mean of two images is mostly chance. Layer norm (lesson 52) needs no batch.
# - **PyTorch's `momentum`**: there it is the share of the *new* batch, our $1 - m$. Its default of 0.1 is our 0.9.
# - **Two changes at once**: nobody knows which of them it was.
#
# ## Read more
#
# - K. He and others (2015), [Deep residual learning](https://arxiv.org/abs/1512.03385): its tables 1 and 2;
#   (2016), [Identity mappings](https://arxiv.org/abs/1603.05027): the order norm, ReLU, layer.
# - S. Ioffe, C. Szegedy (2015), [Batch normalization](https://arxiv.org/abs/1502.03167); S. Santurkar and others (2018), [How
#   does batch normalization help optimization?](https://arxiv.org/abs/1805.11604): another explanation than the first paper's.
# - G. Yang and others (2019), [A mean field theory of batch normalization](https://arxiv.org/abs/1902.08129):
#   a reason why norm alone fails in depth: at the start, its gradients explode.
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
