# ---
# jupyter:
#   dlcourse:
#     title: Dense networks in Keras
#     subtitle: Build, train and judge a network that reads handwritten digits
#     minutes: 56
#     further: 7
#     seconds: 30
#     needs: ["11"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "high training accuracy means learning"
#       stop: "section 6; break and fix"
#       ask: "\"What can it learn from coin tosses?\""
#       stuck: "one picture is no batch: \"What is its shape, and what does the model want?\""
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 23 · Dense networks in Keras
#
# *Build, train and judge a network that reads handwritten digits*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/23_dense_networks_in_keras.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/23_dense_networks_in_keras.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/23_dense_networks_in_keras.ipynb)
#
# **Your time:** 56 minutes, and 7 for *Going further* · **The notebook runs in:** about 30 s on two CPU cores · **Before this:** lesson 11

# %% [markdown]
# ## You will be able to
#
# 1. build a network as a list of layers and in the Functional notation *(sections 2 and 5 ·
#    exercise 23.2)*
# 2. train it, judge it by a baseline, and let it read one new picture *(sections 3 and 4 ·
#    exercise 23.1)*
# 3. tell learning from memorizing, and stop training in time *(section 6 · exercise 23.3)*
# 4. save and load a network, and find out what is wrong with one that you were sent *(section
#    7, break and fix · exercise 23.4)*

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
import tempfile
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, record, verify
from dlcourse.exercises.lesson_23 import colleagues_network

lesson = dlcourse.start("23", profile=PROFILE, seed=SEED)

import keras
from keras import layers

load = lesson.pick(quick=datasets.mnist_5k, full=datasets.mnist)
held_back = lesson.pick(quick=0.2, full=0.1)  # share of the pictures for validation
EPOCHS, BATCH = lesson.pick(quick=(15, 64), full=(20, 128))
saved = tempfile.TemporaryDirectory()
folder = Path(saved.name)  # for what will be saved

# %% [markdown]
# ## 1 · Will the letter arrive?
#
# A sorting machine reads the ZIP code of a letter, five handwritten digits. One digit misread,
# and the letter travels to another town. If each digit is read correctly with probability $p$,
# independently of the others, the code is with probability $p^5$: for $p = 0.90$ that is 0.59, for
# $p = 0.98$ it is 0.90. Every point counts.
#
# In 1989 a network learned to read ZIP codes of the US Postal Service. Today you build a simpler
# one, from 5,000 real digits of MNIST (in `full` all 70,000). **Training** pictures set the
# weights, **validation** pictures guide your choices, and **test** pictures stay locked away until
# section 7.

# %%
digits = load()  # uint8, (n, 28, 28), from 0 (paper) to 255 (ink)
raw_train, raw_val, y_train, y_val = train_test_split(
    digits.x_train, digits.y_train, test_size=held_back,
    stratify=digits.y_train, random_state=0)  # fmt: skip
x_train, x_val, x_test = (  # from 0 to 1
    raw.astype("float32") / 255 for raw in (raw_train, raw_val, digits.x_test))
print(f"training {x_train.shape}, validation {x_val.shape}, test {x_test.shape}")

# %% tags=["hide-input"]
figure, axes = plt.subplots(2, 2, figsize=(9, 3.6))
for row, axis in enumerate(axes.flat):
    code = slice(5 * row, 5 * row + 5)
    axis.imshow(np.hstack(x_train[code]), cmap="gray_r")
    axis.set_title("".join(map(str, y_train[code])), loc="center", fontweight="normal")
    axis.axis("off")
figure.suptitle("Four ZIP codes, and how a person reads them", fontweight="bold")
plots.show("Four strips of five handwritten digits each, with the right digits above.")

# %% [markdown]
# First ask what a simple method reaches. Guessing gets one digit in ten. **Logistic regression**
# gives each digit a weighted sum of the 784 pixels; the largest wins. (`C=0.1` keeps its weights
# small. Of 1, 0.1, 0.03 and 0.01 that was best on the validation pictures.)

# %%
def flat(pictures):
    return pictures.reshape(len(pictures), -1)  # (n, 28, 28) → (n, 784)

linear = LogisticRegression(C=0.1, max_iter=1000, tol=1e-3)
linear.fit(flat(x_train), y_train)
linear_score = linear.score(flat(x_val), y_val)
print(f"logistic regression: validation accuracy p ≈ {linear_score:.3f}")
print(f"five digits in a row: p⁵ ≈ {linear_score**5:.2f}")

# %% [markdown]
# That is the **baseline**. A network that does not beat it is not worth its trouble.
#
# ## 2 · A network is a list of layers
#
# Logistic regression has one weighted sum per digit. A network first makes 128 sums of its own,
# cuts off what is negative, and takes weighted sums of those:
#
# $$h = \max(0,\; xW + b) \qquad p = \operatorname{softmax}(hV + c)$$
#
# - $x$, the pixels in a row: (batch, 784). `Flatten` makes it from (batch, 28, 28).
# - $h$, the hidden values: (batch, 128). The first `Dense` holds the weights $W$, (784, 128), and
#   the biases $b$, (128,). Its activation `"relu"` cuts off below 0.
# - $p$, the probabilities: (batch, 10). The second `Dense` holds $V$, (128, 10), and $c$, (10,).
#
# Softmax turns sums $z$ into probabilities, $p_k = e^{z_k} / \sum_j e^{z_j}$. By hand, for three
# sums $(2, 1, 0)$: the powers are 7.39, 2.72 and 1, together 11.11, so $p = (0.67, 0.24, 0.09)$.
#
# In Keras:

# %%
def build():
    return keras.Sequential([
        keras.Input((28, 28)),  # the shape of one picture, without the batch
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.2),
        layers.Dense(10, activation="softmax"),
    ])

model = build()

# %%
model.summary(print_fn=print, line_length=70)

# %% [markdown]
# `None` is the batch: any number of pictures. A **dense** layer has a weight for each pair of input
# and output, and a bias for each output: $784 \cdot 128 + 128 = 100{,}480$ parameters. **Dropout**
# sets each hidden value to 0 with probability 0.2, at random, and only in training, so that
# the network cannot rely on a single one.
#
# ## 3 · Compile, fit, evaluate, predict
#
# - `compile` says *how* to train: optimizer, loss, metrics.
# - `fit` takes pictures and labels, changes the weights, and returns a `History`, one number per
#   **epoch**. An epoch is one pass over the training pictures, in batches.
# - `evaluate` takes pictures and labels, changes nothing, and returns loss and metrics.
# - `predict` takes pictures, changes nothing, and returns the outputs, (n, 10).
#
# The loss of a picture is $-\ln p$ of the probability given to the right digit. In Keras it is
# `sparse_categorical_crossentropy`; *sparse* means labels like 7. The optimizer `"adam"` decides how
# far each weight moves (lesson 51).
#
# **Predict.** The network has seen nothing yet. What accuracy, and about what loss?

# %%
how = {"optimizer": "adam", "loss": "sparse_categorical_crossentropy",
       "metrics": ["accuracy"]}  # fmt: skip
model.compile(**how)
before = model.evaluate(x_val, y_val, verbose=0, return_dict=True)
print(f"untrained: accuracy ≈ {before['accuracy']:.2f}, loss ≈ {before['loss']:.2f}")
verify("near −ln 0.1", abs(before["loss"] - np.log(10)), at_most=0.5)

settings = {"epochs": EPOCHS, "batch_size": BATCH, "verbose": 0}
start = time.perf_counter()
history = model.fit(x_train, y_train, validation_data=(x_val, y_val), **settings)
seconds = time.perf_counter() - start
plots.history_curves(history, title="Most is learned in the first epochs")
plots.show("Loss falls and accuracy rises, first steeply, then slowly, for both sets.")

# %% [markdown]
# Untrained, it gives each digit about 0.1, and $-\ln 0.1 = 2.30$. If your first loss is far from
# that, look for a bug.
#
# While both losses fall, the network is learning. If the validation loss *rises*, it usually memorizes
# (section 6). In the first epochs training looks *worse*: it is measured with dropout on, while
# the weights still improve.
#
# Does the network beat the baseline? One training may be luck. `dlcourse.repeat` trains three
# fresh ones.

# %%
def compiled():
    network = build()
    network.compile(**how)
    return network

def train(network):
    network.fit(x_train, y_train, **settings)
    return network.evaluate(x_val, y_val, verbose=0)[1]

scores = dlcourse.repeat(3, {"network": compiled}, train)["network"]
print("three networks:", ", ".join(f"≈ {score:.3f}" for score in scores))
claim("the network reads ≈ {:.1f} more of 100 digits than logistic regression",
      100 * (scores.mean() - linear_score), at_least=2)  # fmt: skip

# %% [markdown]
# ## 4 · One new picture
#
# The machine's camera delivers one picture: 28 × 28 whole numbers from 0 to 255. Just hand it to
# `predict`?

# %%
picture = raw_val[0]  # uint8, (28, 28)
try:
    model.predict(picture, verbose=0)
except ValueError as error:
    print(f"{type(error).__name__}: the model wants {model.input_shape},"
          f" this has shape {picture.shape}")  # fmt: skip

batch = picture[None].astype("float32") / 255  # (28, 28) → (1, 28, 28)
probabilities = model.predict(batch, verbose=0)[0]  # (1, 10) → (10,)
digit = probabilities.argmax()
print(f"read as ≈ {digit}, with probability ≈ {probabilities[digit]:.3f}")
print(f"its label: {y_val[0]}")

# %% [markdown]
# Keras takes the first axis for the batch, and sees 28 pictures of 28 numbers each. `picture[None]`
# puts an axis of length 1 in front: a batch of one. And pixels must be scaled as in training. If you
# forget that, nothing warns you.
#
# **Exercise 23.1.** Write `read_picture(model, picture)` for one raw picture. Return the digit
# and its probability, `(digit, probability)`. The model was trained on numbers from 0 to 1.
#
# <details><summary>Hint 1</summary>Three steps lie between the picture and the ten probabilities:
# scale, add the batch axis, predict.</details>
# <details><summary>Hint 2</summary>What comes out has shape (1, 10). Take row 0, then
# <code>argmax</code> and <code>max</code>.</details>

# %% tags=["exercise"]
# Exercise 23.1: from a raw picture, uint8 (28, 28), to (digit, probability).
def read_picture(model, picture):
    ...  # your code here

# %%
check("23.1", read_picture)

# %% tags=["solution"]
# @title Solution 23.1
def read_picture_solution(model, picture):
    p = model.predict(picture[None].astype("float32") / 255, verbose=0)[0]
    return p.argmax(), p.max()

check("23.1", read_picture_solution)

# %% [markdown]
# **Predict.** Move a digit three pixels to the right. You would hardly notice. Will the network?
# Try it.

# %% tags=["hide-input"]
def watch(picture=0, shift=0, noise=0.0):
    speckles = noise * np.random.default_rng(0).normal(size=(28, 28))
    shown = np.clip(np.roll(x_val[picture], shift, axis=1) + speckles, 0, 1)
    p = keras.ops.convert_to_numpy(model(shown[None].astype("float32")))[0]
    truth = y_val[picture]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), width_ratios=[1, 2])
    left.imshow(shown, cmap="gray_r", vmin=0, vmax=1)
    left.axis("off")
    left.set_title(f"a {truth}", loc="center")
    bars = right.bar(range(10), p, color=plots.SKY, edgecolor="black", lw=0.5)
    bars[p.argmax()].set(hatch="//")
    right.plot(truth, p[truth] + 0.05, "v", color="black", label="the right digit")
    right.set(xticks=range(10), xlabel="digit", ylabel="probability", ylim=(0, 1.15))
    right.set_title(f"It reads {p.argmax()}, with probability {p.max():.2f}")
    right.legend(loc="upper left", bbox_to_anchor=(1, 1))

explore(watch, alt="A handwritten digit, and the network's ten probabilities for it.",
        picture=(0, 40), shift=(-6, 6), noise=(0.0, 1.0))  # fmt: skip

# %%
moved = np.roll(x_val, 3, axis=2)
after = model.evaluate(x_val, y_val, verbose=0)[1]
lost = after - model.evaluate(moved, y_val, verbose=0)[1]
claim("moved by three pixels, ≈ {:.0f} of 100 digits more are misread", 100 * lost,
      at_least=40)  # fmt: skip

# %% [markdown]
# A dense network sees a row of 784 numbers, each with weights of its own. Nothing tells it which are
# neighbors. (Lesson 31 builds layers that bear a shift.) And what does it misread unmoved?

# %% tags=["hide-input"]
every = keras.ops.convert_to_numpy(model(x_val))
misread = np.flatnonzero(every.argmax(axis=1) != y_val)
surest = misread[every[misread].max(axis=1).argsort()[::-1]][:8]
titles = [f"a {y_val[i]}, read {every[i].argmax()}\np = {every[i].max():.2f}"
          for i in surest]  # fmt: skip
plots.image_grid(x_val[surest], titles, cmap="gray_r",
                 title="Its surest mistakes: some would fool you, too")  # fmt: skip
plots.show("Eight misread digits, each with the right and with the read digit.")

# %% [markdown]
# ## 5 · When a list is not enough
#
# A list cannot branch or join. In the **Functional** notation you call each layer on the output of
# another, then name inputs and outputs. If this is the same network, equal weights must give equal
# outputs.

# %%
image = keras.Input((28, 28))
hidden = layers.Dense(128, activation="relu")(layers.Flatten()(image))
hidden = layers.Dropout(0.2)(hidden)
functional = keras.Model(image, layers.Dense(10, activation="softmax")(hidden))

def outputs(network, pictures):  # as predict, but faster for few pictures
    return keras.ops.convert_to_numpy(network(pictures))

functional.set_weights(model.get_weights())
equal = np.allclose(outputs(functional, x_val), outputs(model, x_val), atol=1e-5)
print(f"{functional.count_params():,} parameters, equal outputs: {equal}")

# %% [markdown]
# **Exercise 23.2.** Write `build_network(shape, units, rate)` in this notation: flatten, dense with
# `units` and relu, dropout at `rate`, dense with softmax for ten digits.
#
# <details><summary>Hint 1</summary>Start with keras.Input(shape); end with
# keras.Model(inputs, outputs).</details>
# <details><summary>Hint 2</summary>Make the layer, then call it: layers.Dense(units,
# activation="relu")(hidden).</details>

# %% tags=["exercise"]
# Exercise 23.2: the network in the Functional notation.
def build_network(shape, units, rate):
    ...  # your code here

# %%
check("23.2", build_network)

# %% tags=["solution"]
# @title Solution 23.2
def build_network_solution(shape, units, rate):
    image = keras.Input(shape)
    hidden = layers.Dense(units, activation="relu")(layers.Flatten()(image))
    hidden = layers.Dropout(rate)(hidden)
    return keras.Model(image, layers.Dense(10, activation="softmax")(hidden))

check("23.2", build_network_solution)

# %% [markdown]
# ## 6 · Can a network learn nonsense?
#
# Ask a simpler question: is the digit odd? Then shuffle the answers, so that they have nothing to do
# with the pictures. They are coin tosses now. All else stays the same.
#
# **Predict.** After 20 epochs on shuffled answers, how many training pictures does it get right?
# How many new ones?

# %%
few, new = slice(400), slice(400, 1400)  # 400 pictures to train on, 1,000 new ones
odd = y_train % 2

def yes_or_no():
    network = keras.Sequential([
        keras.Input((28, 28)), layers.Flatten(), layers.Dense(128, activation="relu"),
        layers.Dense(1, activation="sigmoid"),  # the probability of "odd"
    ])
    adam = keras.optimizers.Adam(0.005)
    network.compile(adam, "binary_crossentropy", metrics=["accuracy"])
    return network

def learn(network, answers, epochs=20, **more):
    return network.fit(
        x_train[few], answers[few], validation_data=(x_train[new], answers[new]),
        batch_size=50, epochs=epochs, validation_batch_size=1000, verbose=0, **more,
    ).history

# %%
def shuffled(repeat):
    return np.random.default_rng([lesson.seed, repeat]).permutation(odd)

runs = dlcourse.repeat(
    3, {"true": yes_or_no, "shuffled": yes_or_no},
    {"true": lambda network: learn(network, odd),
     "shuffled": lambda network, repeat: learn(network, shuffled(repeat))},
)  # fmt: skip
tossed = runs[runs["contender"] == "shuffled"]
last = {key: np.mean([values[-1] for values in tossed[key]])
        for key in ("accuracy", "val_accuracy", "val_loss")}  # fmt: skip
claim("it learns ≈ {:.0f} of 100 coin tosses by heart", 100 * last["accuracy"],
      at_least=90)  # fmt: skip
claim("on new pictures it is ≈ {:.1f} points away from 50 %",
      100 * abs(last["val_accuracy"] - 0.5), at_most=5)  # fmt: skip
claim("there its loss ends ≈ {:.1f} above ln 2", last["val_loss"] - np.log(2),
      at_least=0.4)  # fmt: skip

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(12, 3.6))
for key, style, color, label in (("", "-", plots.BLUE, "training"),
                                 ("val_", "--", plots.VERMILION, "new pictures")):
    for axis, kind, what in ((axes[0], "true", "accuracy"),
                             (axes[1], "shuffled", "accuracy"),
                             (axes[2], "shuffled", "loss")):
        lines = np.stack(runs[runs["contender"] == kind][key + what])  # (runs, epochs)
        axis.plot(range(1, 21), lines.T, style, color=color, lw=1.5)
        axis.plot([], [], style, color=color, label=label)
for axis in axes[:2]:
    axis.axhline(0.5, color="black", lw=1, ls=":", label="coin")
    axis.set(xlabel="epoch", ylabel="accuracy", ylim=(0.4, 1.03))
axes[2].axhline(np.log(2), color="black", lw=1, ls=":", label="ln 2")
axes[2].set(xlabel="epoch", ylabel="loss", title="... and pays for being sure")
axes[0].set(title="True answers: both rise")
axes[1].set(title="Shuffled: it only memorizes ...")
axes[0].legend(loc="center right"), axes[2].legend(loc="upper left")
plots.show("True answers: the accuracy rises on training and new pictures. Shuffled:"
           " it rises on training only; on new ones it stays at 0.5, the loss climbs.")

# %% [markdown]
# It has 100,609 parameters for 400 pictures: room enough to store the tosses. So a high training
# accuracy proves nothing. **Only new pictures tell learning from memory.**
#
# Why does the loss climb? Saying 0.5 every time costs $-\ln 0.5 = \ln 2 = 0.693$, and with a coin
# nobody does better. Saying 0.9 is still right half the time, and costs $(0.105 + 2.303) / 2 = 1.204$
# on average. The surer it is, the more it pays.
#
# So stop in time. A **callback** is an object that `fit` calls after each epoch. `EarlyStopping`
# ends the training when the validation loss has had no new best for `patience` epochs, and can put
# back the best weights. `ModelCheckpoint` keeps the best model in a file.

# %%
stopped = yes_or_no()
short = learn(stopped, shuffled(0), callbacks=[
    keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True),
    keras.callbacks.ModelCheckpoint(folder / "best.keras", save_best_only=True),
])["val_loss"]  # fmt: skip
print(f"best epoch ≈ {np.argmin(short) + 1}, stopped after ≈ {len(short)} of 20")
kept = stopped.evaluate(x_train[new], shuffled(0)[new], verbose=0)[0]
claim("stopped early, its loss is ≈ {:.2f} above ln 2", kept - np.log(2), at_most=0.15)

# %% [markdown]
# Held back, it stays near $\ln 2$.
#
# **Exercise 23.3.** Write the rule yourself. From the validation losses of all epochs that *would*
# be run, and `patience`, return `(epochs_run, best_epoch)`, counted from 1. A new best is strictly
# below all earlier losses; training ends after `patience` epochs in a row without one. For losses
# 0.9, 0.7, 0.6, 0.65, 0.64, 0.63 and patience 2: `(5, 3)`.
#
# <details><summary>Hint 1</summary>Loop with enumerate(val_losses, 1); remember the best loss
# and its epoch.</details>
# <details><summary>Hint 2</summary>Epochs without a new best = epoch - best_epoch.</details>

# %% tags=["exercise"]
# Exercise 23.3: return (epochs_run, best_epoch).
def early_stop(val_losses, patience):
    ...  # your code here

# %%
check("23.3", early_stop)

# %% tags=["solution"]
# @title Solution 23.3
def early_stop_solution(val_losses, patience):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            break
    return epoch, best_epoch

check("23.3", early_stop_solution)

# %% [markdown]
# ## 7 · Save, load, and open the test set once
#
# A `.keras` file holds the structure, the weights and the optimizer's state. A `.weights.h5` file
# holds no structure: build the same network first.

# %%
model.save(folder / "reader.keras")
loaded = keras.models.load_model(folder / "reader.keras")

model.save_weights(folder / "reader.weights.h5")
rebuilt = build()
rebuilt.load_weights(folder / "reader.weights.h5")
for name, other in {".keras": loaded, ".weights.h5": rebuilt}.items():
    size = (folder / f"reader{name}").stat().st_size / (4 * model.count_params())
    equal = np.allclose(outputs(other, x_val), outputs(model, x_val))
    print(f"{name:11} equal outputs: {equal}, ≈ {size:.0f} times the weights' size")

# %% [markdown]
# Three times, in both: Adam keeps two numbers of its own for each weight, and of a compiled model
# they are saved, too.
#
# All choices are made. Open the test set, once. Each of 10,000 letters gets five of its pictures.

# %%
chosen = np.random.default_rng(lesson.seed).integers(len(x_test), size=(10_000, 5))

def arrived(read):  # percent of the letters, from the digits that were read, (n,)
    return 100 * (read == digits.y_test)[chosen].all(axis=1).mean()

read = outputs(loaded, x_test).argmax(axis=1)
score, with_linear = np.mean(read == digits.y_test), linear.predict(flat(x_test))
print(f"test accuracy ≈ {score:.3f}; of 100 letters ≈ {arrived(read):.0f} arrive,"
      f" with logistic regression ≈ {arrived(with_linear):.0f}")  # fmt: skip
claim("the network brings ≈ {:.0f} more of 100 letters to the right town",
      arrived(read) - arrived(with_linear), at_least=2)  # fmt: skip
record(digits.name, "dense, 128 units", "test accuracy", score,
       parameters=model.count_params(), seconds=seconds)  # fmt: skip
verify("high enough", score, at_least=lesson.pick(quick=0.9, full=0.978))

# %% [markdown]
# A few points more for each digit are many letters more.
#
# ## Break and fix
#
# A colleague sends you his network. "Built like yours," he writes, "for the same pictures. It
# reads well, but something is odd." Train it with your settings.

# %%
colleague = colleagues_network()
colleague.compile(**how)
his = colleague.fit(x_train, y_train, validation_data=(x_val, y_val), **settings)
yours, his = history.history, his.history
worse = 100 * (yours["val_accuracy"][-1] - his["val_accuracy"][-1])
claim("of 100 digits, his misreads only ≈ {:.1f} more than yours", worse, at_most=6)
claim("but its validation loss ends ≈ {:.2f} higher",
      his["val_loss"][-1] - yours["val_loss"][-1], at_least=1.2)  # fmt: skip

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
left.plot(range(1, EPOCHS + 1), his["val_loss"], "s--", ms=4, color=plots.ORANGE,
          label="your colleague's")  # fmt: skip
left.plot(range(1, EPOCHS + 1), yours["val_loss"], "o-", ms=4, color=plots.SKY,
          label="yours")  # fmt: skip
left.set(xlabel="epoch", ylabel="validation loss", ylim=(0, 2.4))
left.set_title("His loss stays high")
left.legend(loc="upper right")
clear = outputs(model, x_val)[np.arange(len(y_val)), y_val].argmax()
for network, color, hatch, step in ((model, plots.SKY, "", -0.2),
                                    (colleague, plots.ORANGE, "//", 0.2)):
    right.bar(np.arange(10) + step, outputs(network, x_val[clear : clear + 1])[0], 0.4,
              color=color, hatch=hatch, edgecolor="black", lw=0.5)  # fmt: skip
right.set(xticks=range(10), xlabel="digit", ylabel="probability", ylim=(0, 1.05))
right.set_title(f"For a clear {y_val[clear]}, his network is far from sure")
plots.show("Validation loss: yours falls far below 0.5, the colleague's levels off near"
           " 1.5. For a clear digit, yours gives a probability near 1, his about 0.2.")

# %% [markdown]
# Too few epochs? A bad start? Look into `colleague` as you like, for instance with
# `colleague.summary()`.
#
# **Exercise 23.4.** Find the cause. (a) What is the lowest loss that his network can ever reach on a
# picture, however long it trains? (b) Write `mended()`, which returns his network without the
# mistake, trained or new.
#
# <details><summary>Hint 1</summary>Feed one picture through his layers one by one:
# <code>x = layer(x)</code>. Which of them give numbers that add up to 1?</details>
# <details><summary>Hint 2</summary>What does softmax make of numbers that are probabilities
# already? Take the best case, one 1 and nine 0, and the formula of section 2: its sum has ten
# terms.</details>

# %% tags=["exercise"]
# Exercise 23.4: the lowest loss it can reach, and the network mended.
lowest_loss = ...

def mended():
    ...  # your code here

# %%
check("23.4", lowest_loss, mended)

# %% tags=["solution"]
# @title Solution 23.4
lowest_loss_solution = -np.log(np.exp(1) / (np.exp(1) + 9 * np.exp(0)))  # 1.4612

def mended_solution():  # his last Dense layer makes probabilities: end with it
    return keras.Sequential([keras.Input((28, 28)), *colleague.layers[:-1]])

check("23.4", lowest_loss_solution, mended_solution)
repaired = mended_solution()
repaired.compile(**how)
loss, _ = repaired.evaluate(x_val, y_val, verbose=0)
print(f"the same weights, mended: validation loss ≈ {loss:.2f}")

# %% [markdown]
# <details><summary>What it was</summary>Softmax was applied twice. Its second input lies between
# 0 and 1, so the largest probability is <em>e</em> / (<em>e</em> + 9) = 0.232. The order of the ten
# digits stays, and so does the accuracy. His weights need no new training.</details>
#
# ## Going further: the third notation, subclassing
#
# Make the layers in `__init__` and use them in `call`, with any Python between. Take it when the
# computation itself is unusual. In exchange, Keras does not know the structure before it runs.

# %%
class Reader(keras.Model):
    def __init__(self):
        super().__init__()
        self.flatten, self.dropout = layers.Flatten(), layers.Dropout(0.2)
        self.hidden = layers.Dense(128, activation="relu")
        self.answer = layers.Dense(10, activation="softmax")

    def call(self, pictures, training=False):  # fit calls it with training=True
        hidden = self.hidden(self.flatten(pictures))
        return self.answer(self.dropout(hidden, training=training))

subclassed = Reader()
subclassed(x_val[:1])  # only the first call makes the weights
subclassed.set_weights(model.get_weights())
equal = np.allclose(outputs(subclassed, x_val), outputs(model, x_val), atol=1e-5)
print(f"{subclassed.count_params():,} parameters, equal outputs: {equal}")

# %% [markdown]
# ## Going further: what `Dense` and `Dropout` can be told
#
# | argument | meaning |
# |---|---|
# | `units` | number of outputs |
# | `activation` | function applied to the sums; none by default |
# | `use_bias` | `False` leaves the biases out |
# | `kernel_initializer` | how the weights start; `"glorot_uniform"`, random, by default |
# | `kernel_regularizer` | a penalty added to the loss; `L2(0.01)` adds $0.01\sum w^2$ |
#
# By hand: let $x = (1, 2, 3)$, and two neurons with weights $(1, 0, -1)$ and $(0.5, 0.5, 0.5)$
# and biases 1 and −1. Their sums are $1 - 3 + 1 = -1$ and $3 - 1 = 2$; relu makes them 0 and 2.

# %%
numbers = np.array([[1.0, 2.0, 3.0]], dtype="float32")  # (batch=1, features=3)
dense = layers.Dense(2, activation="relu")
dense.build((None, 3))
dense.set_weights([np.array([[1, 0.5], [0, 0.5], [-1, 0.5]]), np.array([1, -1])])
print("relu(xW + b):", outputs(dense, numbers))

plain = layers.Dense(2, use_bias=False, kernel_initializer="ones",
                     kernel_regularizer=keras.regularizers.L2(0.01))  # fmt: skip
print("all weights 1, no bias:", outputs(plain, numbers))
penalty = float(keras.ops.convert_to_numpy(plain.losses[0]))
print(f"{plain.count_params()} parameters, penalty 0.01 · 6 · 1² = {penalty:.2f}")

# %% [markdown]
# `Dropout(rate)` needs to know whether it is training; `fit` says so, `evaluate` and `predict` do
# not. With `seed` it draws the same zeros each time.
#
# **Predict.** 1,000 ones go through `Dropout(0.5)`. Which values come out in training?

# %%
ones = np.ones((1, 1000), dtype="float32")
for training in (True, False):
    dropped = layers.Dropout(0.5, seed=1)(ones, training=training)
    dropped = keras.ops.convert_to_numpy(dropped)
    print(f"training={training}: values {np.unique(dropped)},"
          f" mean ≈ {dropped.mean():.2f}")  # fmt: skip

# %% [markdown]
# The survivors are multiplied by $1 / (1 - 0.5) = 2$. So the mean stays near 1, and the next layer
# sees values of the usual size. Lesson 52 measures what dropout is worth.
#
# ## Going further: all of MNIST, and clothes
#
# In the profile `full` the same lesson trains on 54,000 digits, and then a new copy of the network
# learns Fashion-MNIST: 60,000 pictures of T-shirts, trousers, pullovers, dresses, coats, sandals,
# shirts, sneakers, bags and boots. Three trainings each gave:
#
# | data | pictures to learn from | test accuracy |
# |---|---|---|
# | MNIST, 70,000 | 54,000 | 0.980 ± 0.001 |
# | Fashion-MNIST | 60,000 | 0.884 ± 0.006 |
#
# With 17 times as many pictures, 90 of 100 letters would arrive ($0.980^5 = 0.90$).

# %%
if lesson.profile == "full":
    clothes = datasets.fashion_mnist()
    dresser = compiled()
    start = time.perf_counter()
    dresser.fit(clothes.x_train.astype("float32") / 255, clothes.y_train, **settings)
    seconds = time.perf_counter() - start
    worn = clothes.x_test.astype("float32") / 255
    score = dresser.evaluate(worn, clothes.y_test, verbose=0)[1]
    print(f"{clothes.name}: test accuracy ≈ {score:.4f}")
    record(clothes.name, "dense, 128 units", "test accuracy", score,
           parameters=dresser.count_params(), seconds=seconds)  # fmt: skip
    verify("high enough", score, at_least=0.86)

# %% [markdown]
# ## Quiz

# %%
quiz("23")

# %% [markdown]
# ## Summary
#
# - A dense network is a list of layers; the Functional notation also branches. Beat a baseline.
# - `compile` says how, `fit` changes weights, `evaluate` measures, `predict` answers.
# - A new picture is scaled as in training, and comes in a batch.
# - Training accuracy shows what a network can store, new data what it has learned.
# - On coin tosses no loss beats $\ln 2$. Early stopping holds the network back.
#
# You can now build a reader of digits, judge it, stop it in time, keep it, and find out why one is
# never sure.
#
# ## Common mistakes
#
# - **Softmax twice.** As a second layer, it keeps the loss above 1.46 and every probability below
#   0.24. `from_logits=True` on probabilities is another thing: only the loss takes softmax once more,
#   and the probabilities look like any others. On TensorFlow, Keras finds the sums behind a softmax
#   layer, warns, and computes the right loss; elsewhere it does not (lesson 24).
# - **Pixels not scaled**, in training or in a new picture.
# - **`fit` twice** goes on from the present weights: build the network anew for a fresh start.
# - **Choosing by test accuracy**: the test set becomes a validation set, and flatters.
#
# ## Read more
#
# - The Keras guides to [the Functional API](https://keras.io/guides/functional_api/),
#   [subclassing](https://keras.io/guides/making_new_layers_and_models_via_subclassing/) and
#   [`compile` and `fit`](https://keras.io/guides/training_with_built_in_methods/).
# - [Zhang and others (2017)](https://arxiv.org/abs/1611.03530): large networks fit random labels.
# - [Srivastava and others (2014)](https://jmlr.org/papers/v15/srivastava14a.html): dropout.
# - [LeCun and others (1989)](https://doi.org/10.1162/neco.1989.1.4.541): reading ZIP codes.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [24 · Losses and metrics](24_losses_and_metrics.ipynb). Two weather forecasters are right equally often, and one of them is a disaster. **Before:** [22 · Backpropagation](22_backpropagation.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+23%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/24_losses_and_metrics.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/22_backpropagation.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
