# ---
# jupyter:
#   dlcourse:
#     title: Dense networks in Keras
#     subtitle: Build, train and judge a network that reads handwritten digits
#     minutes: 62
#     further: 11
#     seconds: 37
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
# **Your time:** 62 minutes, and 11 for *Going further* · **The notebook runs in:** about 37 s on two CPU cores · **Before this:** lesson 11

# %% [markdown]
# ## You will be able to
#
# 1. let a trained network read a new picture *(sections 3 and 4 · exercise 23.1)*
# 2. build a network layer by layer and compile it *(sections 2, 3 and 5 · exercise 23.2)*
# 3. tell learning from memorizing, and stop training in time *(section 6 · exercise 23.3)*
# 4. find out from its loss and its outputs what is wrong with a network that you were sent
#    *(section 3, break and fix · exercise 23.4)*

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
EPOCHS = lesson.pick(quick=15, full=20)
BATCH = lesson.pick(quick=64, full=128)

# %% [markdown]
# ## 1 · Will the letter arrive?
#
# A sorting machine reads the ZIP code of a letter, five handwritten digits. If it misreads one, the
# letter goes to the wrong place. If the machine reads each digit correctly with probability $p$,
# independently of the others, it reads all five with probability $p^5$. For $p = 0.90$ that is 0.59,
# for $p = 0.98$ it is 0.90.
#
# In 1989 a network learned to read digits from ZIP codes on US mail. Today you build a simpler one,
# line by line, for 5,000 real digits of MNIST (all 70,000 in the profile `full`). **Training**
# pictures set the weights, **validation** pictures guide your choices, **test** pictures stay locked
# away until section 7.

# %%
def scaled(pictures):
    return pictures.astype("float32") / 255  # from 0 to 1

digits = load()  # uint8, (n, 28, 28), from 0 (paper) to 255 (ink)
raw_train, raw_val, y_train, y_val = train_test_split(
    digits.x_train, digits.y_train, test_size=held_back,
    stratify=digits.y_train,  # the same share of each digit in both parts
    random_state=0)
x_train = scaled(raw_train)
x_val = scaled(raw_val)
x_test = scaled(digits.x_test)
print(f"training {x_train.shape}, validation {x_val.shape}, test {x_test.shape}")

# %% tags=["hide-input"]
figure, axes = plt.subplots(2, 2, figsize=(9, 3.6))
for row, axis in enumerate(axes.flat):
    code = slice(5 * row, 5 * row + 5)
    axis.imshow(np.hstack(x_train[code]), cmap="gray_r")
    axis.set(xticks=[], yticks=[], title="".join(map(str, y_train[code])))
    axis.spines[:].set_visible(True)
figure.suptitle("Invented ZIP codes: MNIST digits, joined at random", fontweight="bold")
plots.show("Four framed strips of five handwritten digits, the right digits above.")

# %% [markdown]
# What does a simple method reach? **Logistic regression** gives each digit a weighted sum of the 784
# pixels, and the largest sum wins. (A small `C` keeps the weights small; an earlier run on the
# validation pictures chose it.)

# %%
def flat(pictures):
    return pictures.reshape(len(pictures), -1)  # (n, 28, 28) → (n, 784)

linear = LogisticRegression(C=0.1, max_iter=1000, tol=1e-3)  # tol: when to stop
linear.fit(flat(x_train), y_train)
linear_score = linear.score(flat(x_val), y_val)
print(f"validation accuracy p ≈ {linear_score:.3f}")
print(f"five digits in a row: p⁵ ≈ {linear_score**5:.2f}")

# %% [markdown]
# That is the **baseline**, which a network has to beat.
#
# ## 2 · A network is a list of layers
#
# A network first makes 128 weighted sums of the pixels, sets the negative ones to 0, and takes
# weighted sums of the result. (128 is our choice. Without the zeros, sums of sums would be mere sums
# again.)
#
# $$h = \max(0,\; xW + b) \qquad p = \operatorname{softmax}(hV + c)$$
#
# ```
#   pictures              x                 h                p
# (batch,28,28)  -->  (batch,784)  -->  (batch,128)  -->  (batch,10)
#               Flatten           Dense, relu      Dense, softmax
#                                 W (784,128)      V (128,10)
#                                 b (128,)         c (10,)
# ```
#
# $x$ is a **batch** of pictures, a row of 784 pixels each. $h$ holds the hidden values, one per
# **neuron**, and $p$ here means the probabilities of the ten digits. A `Dense` layer holds the
# weights of its sums ($W$, $V$) and a **bias** for each ($b$, $c$). Its **activation** `"relu"` is
# $\max(0, \dots)$.
#
# By hand: let $x = (1, 2, 3)$, and two neurons with weights $(1, 0, -1)$ and $(0.5, 0.5, 0.5)$ and
# biases 1 and −1. Their sums are $1 - 3 + 1 = -1$ and $3 - 1 = 2$; relu makes them $h = (0, 2)$.
#
# Softmax turns sums $z$ into probabilities, $p_k = e^{z_k} / \sum_j e^{z_j}$. By hand, for three
# sums $(2, 1, 0)$: the powers are 7.39, 2.72 and 1, together 11.11, so $p = (0.67, 0.24, 0.09)$.
#
# In Keras, with a `Dropout` layer, explained below the table:

# %%
def build():
    return keras.Sequential([
        keras.Input((28, 28)),  # the shape of one picture, without the batch
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.2),
        layers.Dense(10, activation="softmax"),
    ])

keras.utils.clear_session()  # Keras numbers the names of layers: start anew
model = build()
model.summary(print_fn=print, line_length=70)

# %% [markdown]
# `None` is the batch: any number of pictures. A **dense** layer has a weight for each pair of input
# and output, and a bias for each output: $784 \cdot 128 + 128 = 100{,}480$ parameters.
#
# **Dropout** acts in training only. It sets each hidden value to 0 with probability 0.2, so that the
# network learns not to depend on any one of them, and divides the others by 0.8, which on average
# keeps the sums.
#
# ## 3 · Compile, fit, evaluate, predict
#
# - `compile` says *how* to train: optimizer, loss, metrics (numbers to report, such as the accuracy).
# - `fit` takes pictures and labels, changes the weights after each batch of `batch_size` pictures, and
#   returns a `History`, numbers for each **epoch** (one pass over the training pictures).
# - `evaluate` takes pictures and labels, changes nothing, and returns loss and metrics.
# - `predict` takes pictures, changes nothing, and returns the outputs, (n, 10).
#
# The loss of a picture is $-\ln p_k$, where $k$ is the right digit; Keras reports the mean over the
# pictures, and calls this loss `sparse_categorical_crossentropy`. *Sparse* says that labels are whole
# numbers like 7. The optimizer decides how each weight moves (`"adam"`: lesson 51).
#
# **Predict.** The network has seen nothing yet. What will its accuracy be? And about what its loss?

# %%
model.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
before = model.evaluate(x_val, y_val, verbose=0, return_dict=True)
print(f"untrained: accuracy ≈ {before['accuracy']:.2f}, loss ≈ {before['loss']:.2f}")

# %% [markdown]
# It only guesses. Each digit gets a probability of about 0.1, and $-\ln 0.1 = 2.30$. If a network for
# ten equally frequent classes starts far from that, with scaled pixels, look for a bug.

# %%
history = model.fit(
    x_train, y_train, epochs=EPOCHS, batch_size=BATCH, verbose=0,
    validation_data=(x_val, y_val))
plots.history_curves(history, title="Most is learned in the first epochs")
plots.show("Loss falls and accuracy rises, first steeply, then slowly, for both sets.")

# %% [markdown]
# At first the training curves look *worse*: they are averages over an epoch in which the weights
# still improve, with dropout. Validation comes after it, without dropout.
#
# While both losses fall, the network is learning. If the validation loss *rises* while the training
# loss still falls, it is **overfitting**: its loss improves on the training pictures only (section 6).
# A gap between the two curves is no alarm as long as both still fall.
#
# Does the network beat the baseline? One training may be luck. `dlcourse.repeat` trains three
# fresh ones.

# %%
def compiled(network):
    network.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return network

def new_network():
    return compiled(build())

def train(network):
    network.fit(x_train, y_train, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    loss, score = network.evaluate(x_val, y_val, verbose=0)
    return {"score": score, "weights": network.get_weights()}

# steps_at_once: TensorFlow computes 50 batches per call, faster, with the same result
three = dlcourse.repeat(3, new_network, train, steps_at_once=50)
print("three networks:", ", ".join(f"≈ {score:.3f}" for score in three["score"]))
gain = 100 * (three["score"].mean() - linear_score)
claim("on average they read ≈ {:.1f} more of 100 digits than logistic regression",
      gain, at_least=2)

# %% [markdown]
# ## 4 · One new picture
#
# The machine's camera delivers one picture, 28 × 28 whole numbers from 0 to 255. Can you just hand it
# to `predict`?

# %%
picture = raw_val[0]  # uint8, (28, 28)
try:
    model.predict(picture, verbose=0)
except ValueError as error:
    print(f"{type(error).__name__}: the model wants {model.input_shape},"
          f" this has shape {picture.shape}")

batch = scaled(picture[None])  # (28, 28) → (1, 28, 28)
probabilities = model.predict(batch, verbose=0)[0]  # (1, 10) → (10,)
digit = probabilities.argmax()
print(f"read as ≈ {digit}, with probability ≈ {probabilities[digit]:.3f}")
print(f"its label: {y_val[0]}")

# %% [markdown]
# Keras takes the first axis for the batch, and sees 28 pictures of 28 numbers each. `picture[None]`
# puts an axis of length 1 in front: a batch of one. And the pixels must be scaled as in training. If
# you forget that, nothing warns you.
#
# **Exercise 23.1.** Now a phone takes the picture, uint8 again, but as a photo: ink is dark, near 0,
# and paper bright, near 255. Write `read_picture(model, picture)` for the same model. It returns
# `(digit, probability)`.
#
# <details><summary>Hint 1</summary>In training, paper was 0 and ink 1. Four steps: scale, swap
# bright and dark, add the batch axis, predict.</details>
# <details><summary>Hint 2</summary>What comes out has shape (1, 10). Take row 0, then
# <code>argmax</code> and <code>max</code>.</details>

# %% tags=["exercise"]
# Exercise 23.1: from a photo, uint8 (28, 28), to (digit, probability).
def read_picture(model, picture):
    ...  # your code here

# %%
check("23.1", read_picture)

# %% tags=["solution"]
# @title Solution 23.1
def read_picture_solution(model, picture):
    pixels = 1 - picture.astype("float32") / 255  # ink near 1
    p = model.predict(pixels[None], verbose=0)[0]
    return p.argmax(), p.max()

check("23.1", read_picture_solution)

# %% [markdown]
# **Predict.** Move every digit three pixels to the right. How many more of 100 will the network
# misread? Look at some.

# %% tags=["hide-input"]
def watch(picture=17, shift=3, noise=0.0):
    speckles = noise * np.random.default_rng(0).normal(size=(28, 28))
    shown = np.clip(np.roll(x_val[picture], shift, axis=1) + speckles, 0, 1)
    p = keras.ops.convert_to_numpy(model(shown[None].astype("float32")))[0]
    truth = y_val[picture]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), width_ratios=[1, 2])
    left.imshow(shown, cmap="gray_r", vmin=0, vmax=1)
    left.set(xticks=[], yticks=[])
    left.spines[:].set_visible(True)
    left.set_title(f"a digit {truth}, moved by {shift} pixels", loc="center")
    bars = right.bar(range(10), p, color=plots.SKY, edgecolor="black", lw=0.5)
    bars[p.argmax()].set(hatch="//")
    right.plot(truth, p[truth] + 0.05, "v", color="black")
    right.set(xticks=range(10), xlabel="digit (▼ the right one)", ylim=(0, 1.15))
    right.set(ylabel="probability")
    right.set_title(f"It reads {p.argmax()}, with probability {p.max():.2f}")

explore(watch, alt="A handwritten digit, moved by three pixels, and the network's ten"
        " probabilities for it.",
        picture=(0, 40), shift=(-6, 6), noise=(0.0, 1.0))

# %%
moved = np.roll(x_val, 3, axis=2)  # what little ink leaves on the right returns left
_, unmoved_score = model.evaluate(x_val, y_val, verbose=0)
_, moved_score = model.evaluate(moved, y_val, verbose=0)
claim("moved by three pixels, ≈ {:.0f} of 100 digits more are misread",
      100 * (unmoved_score - moved_score), at_least=40)

# %% [markdown]
# A dense network sees a row of 784 numbers, each with weights of its own. Nothing tells it which are
# neighbors, and in training all digits stood in the middle. (Lesson 31's layers look for one pattern
# everywhere.)
#
# ## 5 · For any camera
#
# Another machine sends pictures of another size, and you would like to try more neurons, or less
# dropout.
#
# **Exercise 23.2.** Write `build_network(shape, units, rate)`: the network of section 2, but for
# pictures of any `shape`, with `units` hidden neurons and dropout at `rate`. Return it compiled, with
# the loss for labels like 7.
#
# <details><summary>Hint 1</summary>Take <code>build</code>, and put <code>shape</code>,
# <code>units</code> and <code>rate</code> in their places.</details>
# <details><summary>Hint 2</summary><code>compile</code> changes the network and returns nothing: return
# the network in a line of its own.</details>

# %% tags=["exercise"]
# Exercise 23.2: the network for any shape, number of neurons and rate, compiled.
def build_network(shape, units, rate):
    ...  # your code here

# %%
check("23.2", build_network)

# %% tags=["solution"]
# @title Solution 23.2
def build_network_solution(shape, units, rate):
    network = keras.Sequential([
        keras.Input(shape),
        layers.Flatten(),
        layers.Dense(units, activation="relu"),
        layers.Dropout(rate),
        layers.Dense(10, activation="softmax"),
    ])
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return network

check("23.2", build_network_solution)

# %% [markdown]
# ## 6 · Can a network learn nonsense?
#
# As in exercise 00.1, ask: is the digit odd? One output $p$ is enough. **Sigmoid**,
# $1 / (1 + e^{-z})$, makes this probability of the sum $z$. The loss `binary_crossentropy` is again
# $-\ln$ of what the right answer gets: $p$ if odd, $1 - p$ if even. The network learns from only 400
# pictures, without dropout, and 1,000 others are new to it. (The **learning rate**, the size of the steps, is 0.005
# instead of Adam's usual 0.001: there are fewer steps.)
#
# Then shuffle the answers: now they are coin tosses, which have nothing to do with the pictures.
#
# **Predict.** After 20 epochs on shuffled answers, for how many of 100 training pictures does it give
# the shuffled answer? For how many of 100 new ones?

# %%
odd = y_train % 2  # 1 or 0

def yes_or_no():
    network = keras.Sequential([
        keras.Input((28, 28)),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(1, activation="sigmoid"),  # the probability of "odd"
    ])
    network.compile(optimizer=keras.optimizers.Adam(0.005),
                    loss="binary_crossentropy", metrics=["accuracy"])
    return network

# %%
x_few, x_new = x_train[:400], x_train[400:1400]

def learn(network, answers, callbacks=None):
    history = network.fit(
        x_few, answers[:400], epochs=20, batch_size=50, verbose=0, callbacks=callbacks,
        validation_data=(x_new, answers[400:1400]), validation_batch_size=1000)
    return history.history  # "loss", "val_loss" and so on: a value for each epoch

# %%
def learn_true(network):
    return learn(network, odd)

def learn_shuffled(network, repeat):  # repeat is 0, 1, 2: each time other tosses
    rng = np.random.default_rng([lesson.seed, repeat])
    return learn(network, rng.permutation(odd))

true_runs = dlcourse.repeat(3, yes_or_no, learn_true)
shuffled_runs = dlcourse.repeat(3, yes_or_no, learn_shuffled)

def last(key):  # the value after the last epoch, for each run on shuffled answers
    return np.array([curve[-1] for curve in shuffled_runs[key]])

claim("it learns ≈ {:.0f} of 100 coin tosses by heart", 100 * last("accuracy").mean(),
      at_least=90)
claim("on new pictures a run ends, on average, ≈ {:.1f} points away from 50 %",
      100 * abs(last("val_accuracy") - 0.5).mean(), at_most=5)
claim("there the loss ends ≈ {:.1f} above ln 2", last("val_loss").mean() - np.log(2),
      at_least=0.4)

# %% tags=["hide-input"]
figure, axes = plt.subplots(2, 2, figsize=(10, 6.4), sharex=True, sharey="row")
for row, what in enumerate(("accuracy", "loss")):
    coin, label = ((0.5, "coin"), (np.log(2), "ln 2"))[row]
    for axis, kept in zip(axes[row], (true_runs, shuffled_runs), strict=True):
        for key, style, color, name in (
            ("", "-", plots.BLUE, "training"),
            ("val_", "--", plots.VERMILION, "new pictures"),
        ):
            lines = np.stack(kept[key + what])  # (runs, epochs)
            axis.plot(range(1, 21), lines.T, style, color=color, lw=1.5)
            axis.plot([], [], style, color=color, label=name)
        axis.axhline(coin, color="black", lw=1, ls=":", label=label)
        axis.set(xticks=(1, 5, 10, 15, 20))
        axis.legend(loc="center right" if row == 0 else "upper left")
    axes[row, 0].set_ylabel(what)
axes[0, 0].set_title("True answers: most new pictures are right")
axes[0, 1].set_title("Shuffled: new pictures stay near 50 %")
axes[1, 0].set(xlabel="epoch", title="True: loss on new pictures falls, then rises")
axes[1, 1].set(xlabel="epoch", title="Shuffled: loss on new pictures climbs")
plots.show("True answers: accuracy rises in training and on new pictures; the loss on"
           " new ones falls, then rises a little. Shuffled: accuracy rises in training"
           " only and stays near 0.5 on new pictures; the loss there climbs far above"
           " ln 2.")

# %% [markdown]
# Nearly all the training tosses are stored: the network has 100,609 parameters for 400 answers. Of
# new ones it gets about half right, as by guessing. So **only new pictures show whether a network has
# learned or memorized.** (On 1,000 new tosses pure luck, too, strays from 50 %: by 1.3 points on
# average.)
#
# With the true answers the network learns, but then overfits, too: only its training loss still
# falls, while the loss on new pictures rises a little.
#
# Why does the loss climb on new tosses? To say 0.5 every time costs $-\ln 0.5 = \ln 2 = 0.693$, and
# nobody does better on average. To say 0.9 is still right half the time, and costs
# $(0.105 + 2.303) / 2 = 1.204$ on average.
#
# So stop in time, with a **callback**, an object that `fit` calls at set moments, here after each
# epoch:
#
# ```python
# stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
# network.fit(..., callbacks=[stop])
# ```
#
# It ends the training when the validation loss has had no new best for `patience` epochs, and puts
# back the weights of the best one.
#
# **Exercise 23.3.** Write the rule yourself. From the validation losses of all planned epochs, and
# `patience`, return `(epochs_run, best_epoch)`, counted from 1. A new best is strictly below all
# earlier losses. Training ends after `patience` epochs in a row without one, or with the last loss.
# For losses 0.9, 0.7, 0.6, 0.65, 0.64, 0.63 and patience 2: `(5, 3)`.
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
    best = float("inf")
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best:
            best = loss
            best_epoch = epoch
        elif epoch - best_epoch >= patience:
            break
    return epoch, best_epoch

check("23.3", early_stop_solution)
for val_losses in true_runs["val_loss"]:
    run, best_epoch = early_stop_solution(val_losses, 3)
    print(f"true answers: stop after epoch ≈ {run}, back to epoch ≈ {best_epoch}")

# %% [markdown]
# ## 7 · Open the test set, once
#
# All choices are made. The test set judges the baseline and the three networks of section 3.

# %%
reader = new_network()
scores = []
for weights in three["weights"]:
    reader.set_weights(weights)
    loss, score = reader.evaluate(x_test, digits.y_test, verbose=0)
    scores.append(score)
p = np.array(scores)
linear_p = linear.score(flat(x_test), digits.y_test)
print("test accuracy:", ", ".join(f"≈ {score:.3f}" for score in p),
      f"(logistic regression ≈ {linear_p:.3f})")
test_gain = 100 * (p.mean() - linear_p)
print(f"more of 100 digits: validation ≈ {gain:.1f}, test ≈ {test_gain:.1f}")
claim("by p⁵, the networks bring ≈ {:.0f} more of 100 letters to the right place",
      100 * (np.mean(p**5) - linear_p**5), at_least=2)

# %% [markdown]
# The two gains need not agree: on so few pictures, 800 and 1,000, chance alone moves each by about
# one digit in 100.
#
# ## Break and fix
#
# A colleague sends you his network. "Built like yours," he writes, "for the same pictures. It
# reads well, but something is odd." Train it with your settings.

# %%
colleague = compiled(colleagues_network())
his_history = colleague.fit(x_train, y_train, epochs=EPOCHS, batch_size=BATCH,
                            verbose=0, validation_data=(x_val, y_val))
yours, his = history.history, his_history.history
worse = 100 * (yours["val_accuracy"][-1] - his["val_accuracy"][-1])
claim("of 100 digits, his misreads only ≈ {:.1f} more than yours", worse, at_most=6)
claim("but his validation loss ends ≈ {:.2f} higher",
      his["val_loss"][-1] - yours["val_loss"][-1], at_least=1.2)

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
left.plot(range(1, EPOCHS + 1), his["val_loss"], "s--", ms=4, color=plots.ORANGE,
          label="your colleague's")
left.plot(range(1, EPOCHS + 1), yours["val_loss"], "o-", ms=4, color=plots.BLUE,
          label="yours")
left.set(xlabel="epoch", ylabel="validation loss", ylim=(0, 2.4))
left.set_title("His loss stays high")
left.legend(loc="upper right")
every = model.predict(x_val, verbose=0)
clear = every[np.arange(len(y_val)), y_val].argmax()
for network, name, color, hatch, step in (
    (model, "yours", plots.BLUE, "", -0.2),
    (colleague, "your colleague's", plots.ORANGE, "//", 0.2),
):
    ten = keras.ops.convert_to_numpy(network(x_val[clear : clear + 1]))[0]
    right.bar(np.arange(10) + step, ten, 0.4, label=name, color=color, hatch=hatch,
              edgecolor="black", lw=0.5)
right.set(xticks=range(10), xlabel="digit", ylabel="probability", ylim=(0, 1.05))
right.set_title(f"For a clear {y_val[clear]}, his network is far from sure")
right.legend(loc="upper left")
plots.show("Validation loss: yours falls far below 0.5, the colleague's levels off near"
           " 1.5. For a clear digit, yours gives a probability near 1, his about 0.2.")

# %% [markdown]
# The figure shows two symptoms: where his loss levels off, and how high his bars are. Guess which
# single mistake could cause both. Then look into `colleague`, for instance with
# `colleague.summary()`.
#
# **Exercise 23.4.** Find the cause. (a) Below which loss on a picture can his network never get,
# however long it trains? (b) Write `mended()`, which returns his network without the mistake, trained
# or new.
#
# <details><summary>Hint 1</summary>Feed one picture through his layers one by one:
# <code>x = x_val[:1]</code>, then
# <code>for layer in colleague.layers: x = layer(x)</code>. Which of them give numbers that add up to 1?</details>
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
    kept = [part for part in colleague.layers if not isinstance(part, layers.Softmax)]
    return keras.Sequential([keras.Input((28, 28)), *kept])

check("23.4", lowest_loss_solution, mended_solution)
repaired = compiled(mended_solution())
loss, _ = repaired.evaluate(x_val, y_val, verbose=0)
print(f"validation loss, mended ≈ {loss:.2f}, yours ≈ {yours['val_loss'][-1]:.2f}")

# %% [markdown]
# <details><summary>What it was</summary>Softmax was applied twice. What the second one takes in lies
# between 0 and 1, so no probability can pass <em>e</em> / (<em>e</em> + 9) = 0.232. The order of
# the ten digits is the same with one softmax as with two. So taking one away leaves the accuracy as it
# was; only the loss falls. It is still above yours, probably because these weights were trained through
# two softmaxes. Train the mended network anew, and compare.</details>
#
# ## Going further: what stopping early brings
#
# Section 6 again, with the true answers. The new pictures now choose when to stop, so they should not
# judge the result, too. The pictures of `x_val` judge it.
# (`ModelCheckpoint(file, save_best_only=True)` is another callback: at every new best it saves the
# network in a file.)

# %%
def judged(network, callbacks=None):
    run = learn(network, odd, callbacks)
    loss, accuracy = network.evaluate(x_val, y_val % 2, verbose=0)
    return {"epochs": len(run["loss"]), "loss": loss, "accuracy": accuracy}

def learn_to_the_end(network):
    return judged(network)

def learn_and_stop(network):
    stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    return judged(network, callbacks=[stop])

to_the_end = dlcourse.repeat(3, yes_or_no, learn_to_the_end)
stopped = dlcourse.repeat(3, yes_or_no, learn_and_stop)
for name, runs in {"to the end": to_the_end, "stopped": stopped}.items():
    print(f"{name}: ≈ {runs['epochs'].mean():.1f} epochs, loss ≈"
          f" {runs['loss'].mean():.3f}, accuracy ≈ {runs['accuracy'].mean():.3f}")
claim("stopped early, the loss on other pictures is ≈ {:.2f} lower",
      to_the_end["loss"].mean() - stopped["loss"].mean(), at_least=0.02)

# %% [markdown]
# The accuracy is hardly different: about as many mistakes, but, by the loss, better probabilities.
#
# ## Going further: save a network, and load it
#
# A `.keras` file holds the structure, the weights and the optimizer's state.

# %%
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "reader.keras"
    model.save(file)
    loaded = keras.models.load_model(file)
same = np.allclose(loaded.predict(x_val, verbose=0), model.predict(x_val, verbose=0))
print("equal outputs:", same)

# %% [markdown]
# ## Going further: when a list is not enough
#
# In a list each layer sees only the one before it. Suppose the last one should see the pixels, too,
# next to the hidden values. With the **Functional API** you call each layer on the output of another,
# as often as you like, then name input and output:

# %%
image = keras.Input((28, 28))
pixels = layers.Flatten()(image)  # (batch, 784), used twice below
hidden = layers.Dense(128, activation="relu")(pixels)
both = layers.Concatenate()([pixels, hidden])  # (batch, 784 + 128)
answer = layers.Dense(10, activation="softmax")(both)
joined = keras.Model(image, answer)
print(f"{joined.count_params():,} parameters, output shape {joined.output_shape}")

# %% [markdown]
# The last layer takes in 912 numbers: $912 \cdot 10 + 10 = 9{,}130$ parameters, besides the 100,480
# of the first. (In five trainings this network read no better than the list. Lessons 35 and 45 branch
# for a reason.) For practice, solve exercise 23.2 once more in this notation: its check takes both.
#
# ## Going further: the third notation, subclassing
#
# Make the layers in `__init__` and use them in `call`, with your own Python between. Take it when the
# computation itself is unusual. The price: Keras does not know the structure before it runs.

# %%
class Reader(keras.Model):
    def __init__(self):
        super().__init__()
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(128, activation="relu")
        self.dropout = layers.Dropout(0.2)
        self.answer = layers.Dense(10, activation="softmax")

    def call(self, pictures, training=False):  # fit calls it with training=True
        hidden = self.hidden(self.flatten(pictures))
        return self.answer(self.dropout(hidden, training=training))

subclassed = Reader()
subclassed(x_val[:1])  # only the first call makes the weights
subclassed.set_weights(model.get_weights())
of_subclass = keras.ops.convert_to_numpy(subclassed(x_val))
equal = np.allclose(of_subclass, model.predict(x_val, verbose=0), atol=1e-5)
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
# First the numbers of section 2, done there by hand.

# %%
def outputs(layer, numbers):
    return keras.ops.convert_to_numpy(layer(numbers))

numbers = np.array([[1.0, 2.0, 3.0]], dtype="float32")  # (batch=1, features=3)
dense = layers.Dense(2, activation="relu")
dense.build((None, 3))
dense.set_weights([np.array([[1, 0.5], [0, 0.5], [-1, 0.5]]), np.array([1, -1])])
print("relu(xW + b):", outputs(dense, numbers))

plain = layers.Dense(2, use_bias=False, kernel_initializer="ones",
                     kernel_regularizer=keras.regularizers.L2(0.01))
print("all weights 1, no bias:", outputs(plain, numbers))
penalty = float(keras.ops.convert_to_numpy(plain.losses[0]))
print(f"{plain.count_params()} parameters, penalty 0.01 · 6 · 1² = {penalty:.2f}")

# %% [markdown]
# `Dropout(rate)` needs to know whether it is training; `fit` says so, `evaluate` and `predict` do
# not. With `seed`, a new layer draws the same zeros again.
#
# **Predict.** 1,000 ones go through `Dropout(0.5)`. Which values come out in training?

# %%
ones = np.ones((1, 1000), dtype="float32")
for training in (True, False):
    dropped = layers.Dropout(0.5, seed=1)(ones, training=training)
    dropped = keras.ops.convert_to_numpy(dropped)
    print(f"training={training}: values {np.unique(dropped)},"
          f" mean ≈ {dropped.mean():.2f}")

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
# | data | pictures to learn from | test accuracy, mean ± standard deviation |
# |---|---|---|
# | MNIST, 70,000 | 54,000 | 0.980 ± 0.001 |
# | Fashion-MNIST | 60,000 | 0.884 ± 0.006 |
#
# By $0.980^5 = 0.90$, 90 of 100 letters would arrive. How much of that is due to 17 times as many
# pictures, this does not show: `full` also trains for 20 epochs, in batches of 128, and tests on
# 10,000 other pictures.

# %%
# For the course's own table of results, and silent unless something is wrong:
record(digits.name, "dense, 128 units", "test accuracy", p,
       parameters=model.count_params())
verify("an untrained loss near −ln 0.1", abs(before["loss"] - np.log(10)), at_most=0.5)
verify("high enough", p.mean(), at_least=lesson.pick(quick=0.9, full=0.978))
if lesson.profile == "full":
    clothes = datasets.fashion_mnist()
    dresser = new_network()
    start = time.perf_counter()
    dresser.fit(scaled(clothes.x_train), clothes.y_train, epochs=EPOCHS,
                batch_size=BATCH, verbose=0)
    seconds = time.perf_counter() - start
    score = dresser.evaluate(scaled(clothes.x_test), clothes.y_test, verbose=0)[1]
    print(f"{clothes.name}: test accuracy ≈ {score:.4f}")
    record(clothes.name, "dense, 128 units", "test accuracy", score,
           parameters=dresser.count_params(), seconds=seconds)
    verify("high enough", score, at_least=0.86)

# %% [markdown]
# ## Quiz

# %%
quiz("23")

# %% [markdown]
# ## Summary
#
# - A dense network is a list of layers: sums, relu, sums, softmax. It has to beat a baseline.
# - `compile` says how, `fit` changes weights, `evaluate` measures, `predict` answers.
# - A new picture is scaled as in training, and comes in a batch.
# - Training accuracy shows what a network can store, new data what it has learned.
# - On new coin tosses no network gets below a loss of $\ln 2$ on average. Early stopping ends training
#   when the loss on new pictures has stopped falling.
#
# You can now build a reader of digits that beats a baseline, judge it, stop it in time, and find out
# why one is never sure.
#
# ## Common mistakes
#
# - **Softmax twice.** With ten classes, the loss stays above 1.46 and every probability below 0.24.
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
