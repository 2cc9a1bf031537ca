# ---
# jupyter:
#   dlcourse:
#     title: Dense networks in Keras
#     subtitle: Build, train and judge a network that reads handwritten digits
#     minutes: 70
#     seconds: 37
#     needs: ["11"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "high training accuracy means learning"
#       stop: "section 6"
#       ask: "\"What can it learn from coin tosses?\""
#       stuck: "softmax twice: \"What is the largest probability you see?\""
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
# **Your time:** 70 minutes · **The notebook runs in:** about 37 s on two CPU cores · **Before this:** lesson 11

# %% [markdown]
# ## You will be able to
#
# 1. Build one network as a Sequential, a Functional and a subclassed model, and count its
#    parameters by hand *(section 3 · exercises 23.1 and 23.2)*
# 2. Compile, fit, evaluate and predict, knowing what each needs and returns, and judge the
#    result against an honest baseline *(sections 2 and 4 · quiz)*
# 3. Tell from its curves whether a network learns or memorizes *(section 6 · quiz)*
# 4. Stop training at the right epoch, save a model and load it again *(section 7 ·
#    exercise 23.3)*
# 5. Diagnose a network whose loss refuses to fall *(section 9 · exercise 23.4)*

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
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, record

lesson = dlcourse.start("23", profile=PROFILE, seed=SEED)

import keras
from keras import layers

# %% [markdown]
# ## 1 · A machine that reads digits
#
# A letter reaches its town only if all five digits of the ZIP code are read correctly. If a
# machine reads each digit correctly with probability $p$, independently of the others, it
# reads the code with probability $p^5$:
#
# | one digit, $p$ | five digits, $p^5$ |
# |---|---|
# | 0.90 | 0.59 |
# | 0.96 | 0.82 |
# | 0.98 | 0.90 |
#
# Every point counts. In 1989 a network learned to read ZIP code digits collected by the US
# Postal Service; you will build a simpler one.
#
# The quick profile has 1,797 real digits of 8×8 pixels; `full` has MNIST, 70,000 of 28×28.
# Pixels become numbers from 0 to 1. Training images set the weights, **validation** images
# guide your choices, **test** images wait, untouched, for section 8.

# %%
digits = lesson.pick(quick=datasets.digits, full=datasets.mnist)()
scale = digits.x_train.max()  # 16 for the small digits, 255 for MNIST
x, x_test = (part.astype("float32") / scale for part in (digits.x_train, digits.x_test))
x_train, x_val, y_train, y_val = train_test_split(
    x, digits.y_train, test_size=lesson.pick(quick=0.2, full=0.1),
    stratify=digits.y_train, random_state=lesson.seed,
)
shape = x_train.shape[1:]  # (height, width)
print(f"training {x_train.shape}, validation {x_val.shape}, test {x_test.shape}")

# %%
plots.image_grid(x_train[:16], y_train[:16], title="Sixteen images and their labels")
plots.show("Sixteen small gray images of handwritten digits, each under its label.")


# %% [markdown]
# ## 2 · Something to beat
#
# Before building anything: what do the simplest methods reach? One always answers with the
# commonest digit. The other, **logistic regression**, gives each digit a weighted sum of
# the pixels and takes the largest.
#
# **Predict:** how many digits of 100 does each read correctly?

# %%
def flat(images):
    return images.reshape(len(images), -1)  # (n, height, width) → (n, pixels)

commonest = DummyClassifier(strategy="most_frequent").fit(flat(x_train), y_train)
linear = LogisticRegression(max_iter=1000, tol=1e-3).fit(flat(x_train), y_train)
for name, baseline in (("commonest digit", commonest), ("logistic regression", linear)):
    print(f"{name:20} validation accuracy ≈ {baseline.score(flat(x_val), y_val):.3f}")

# %% [markdown]
# The first is what knowing nothing achieves: about one in ten. Remember the second. A network
# that does not beat it is not worth its trouble.

# %% [markdown]
# ## 3 · One network, three ways to write it
#
# The network has two **dense** layers: in each, every output sees every input.
#
# $$h = \max(0,\; xW + b) \qquad p = \operatorname{softmax}(hV + c)$$
#
# | symbol | shape (quick) | in the code |
# |---|---|---|
# | $x$, the pixels in a row | (batch, 64) | `Flatten()` makes it from (batch, 8, 8) |
# | $W$, $b$: weights (the *kernel*) and biases | (64, 128), (128,) | inside `Dense(128)` |
# | $h$, hidden values, negatives cut to 0 | (batch, 128) | `activation="relu"` |
# | $V$, $c$ | (128, 10), (10,) | inside `Dense(10)` |
# | $p$, ten probabilities with sum 1 | (batch, 10) | `activation="softmax"` |
#
# Softmax turns ten sums $z$ into probabilities: $p_k = e^{z_k} / \sum_j e^{z_j}$. For three sums
# $(2, 1, 0)$ the powers are $7.39, 2.72, 1$, so $p=(0.67, 0.24, 0.09)$.
#
# A dense layer with $n$ inputs and $m$ outputs has $n\,m$ weights and $m$ biases. Here:
# $64\cdot128+128=8{,}320$ and $128\cdot10+10=1{,}290$, together 9,610. The first way,
# **Sequential**, is a list of layers:

# %%
model = keras.Sequential([
    keras.Input(shape),
    layers.Flatten(),
    layers.Dense(128, activation="relu"),
    layers.Dropout(0.2),
    layers.Dense(10, activation="softmax"),
])
for layer in model.layers:
    kind, output = type(layer).__name__, str(layer.output.shape)
    print(f"{kind:8} output {output:12} parameters {layer.count_params():6,}")
print(f"total parameters: {model.count_params():,}")

# %% [markdown]
# `model.summary()` prints the same table in a box; try it in a cell of your own. `None` is the
# batch: any number of images. `Flatten` and `Dropout` learn nothing.
#
# **Exercise 23.1.** Images of 28×28 pixels go through `Flatten()`, `Dense(50)`,
# `Dropout(0.3)` and `Dense(10)`. How many parameters?
#
# <details><summary>Hint 1</summary>How many numbers leave Flatten?</details>
# <details><summary>Hint 2</summary>Per Dense layer: inputs × units + units.</details>

# %% tags=["exercise"]
# Exercise 23.1: the number of parameters, computed by hand.
n_parameters = ...

# %%
check("23.1", n_parameters)

# %% tags=["solution"]
# @title Solution 23.1
n_parameters_solution = (28 * 28 * 50 + 50) + (50 * 10 + 10)
check("23.1", n_parameters_solution)

# %% [markdown]
# **Functional**: call each layer on the output of another, then name inputs and outputs.
# It can branch and join, which a list cannot. **Subclassing**: make layers in `__init__`,
# use them in `call`, with any Python between; in exchange Keras can no longer see the
# structure before it runs. If all three are the same network, equal weights must give
# equal outputs.

# %%
image = keras.Input(shape)
hidden = layers.Dense(128, activation="relu")(layers.Flatten()(image))
hidden = layers.Dropout(0.2)(hidden)
functional = keras.Model(image, layers.Dense(10, activation="softmax")(hidden))

class Reader(keras.Model):
    def __init__(self):
        super().__init__()
        self.flatten, self.dropout = layers.Flatten(), layers.Dropout(0.2)
        self.hidden = layers.Dense(128, activation="relu")
        self.answer = layers.Dense(10, activation="softmax")

    def call(self, images, training=False):
        hidden = self.hidden(self.flatten(images))
        return self.answer(self.dropout(hidden, training=training))

subclassed = Reader()
_ = subclassed(x_val[:1])  # the first call makes the weights


# %%
def outputs(network, images, **options):  # as a NumPy array, on every backend
    return keras.ops.convert_to_numpy(network(images, **options))

for other in (functional, subclassed):
    other.set_weights(model.get_weights())
    equal = np.allclose(outputs(other, x_val), outputs(model, x_val), atol=1e-5)
    print(f"{other.count_params():,} parameters, equal outputs: {equal}")

# %% [markdown]
# Take Sequential for a plain stack, Functional for anything with branches, subclassing when
# the computation itself is unusual.
#
# ### What `Dense` can be told
#
# By hand first. Let $x=(1,2,3)$, and let two neurons have the weights $(1,0,-1)$ and
# $(0.5,0.5,0.5)$ and the biases $1$ and $-1$. Their sums are $1-3+1=-1$ and $3-1=2$; relu
# makes them $0$ and $2$.
#
# | argument | meaning |
# |---|---|
# | `units` | number of neurons, so of outputs |
# | `activation` | function applied to the sums; none by default |
# | `use_bias` | `False` leaves the biases out |
# | `kernel_initializer` | how the weights start; random (`"glorot_uniform"`) by default |
# | `kernel_regularizer` | a penalty added to the loss; `L2(0.01)` adds $0.01\sum w^2$ |

# %%
numbers = np.array([[1.0, 2.0, 3.0]], dtype="float32")  # (batch=1, features=3)
dense = layers.Dense(2, activation="relu")
dense.build((None, 3))
dense.set_weights([np.array([[1, 0.5], [0, 0.5], [-1, 0.5]]), np.array([1, -1])])
print("relu(xW + b)          ", outputs(dense, numbers))

plain = layers.Dense(
    2, use_bias=False, kernel_initializer="ones",
    kernel_regularizer=keras.regularizers.L2(0.01),
)
print("all weights 1, no bias", outputs(plain, numbers))
print(f"without biases: {plain.count_params()} parameters")
penalty = keras.ops.convert_to_numpy(plain.losses[0])
print(f"penalty 0.01 · 6 · 1² = {penalty:.2f}")

# %% [markdown]
# ### What `Dropout` does, and when
#
# `Dropout(rate)` sets each value to 0 with probability `rate`, so that no neuron can lean on
# one other; lesson 52 measures what that is worth. `seed` makes the choice repeatable.
#
# **Predict:** 1,000 ones go through `Dropout(0.5)`. Which values come out in training? Which
# when the network is used?

# %%
ones = np.ones((1, 1000), dtype="float32")
for training in (True, False):
    one = outputs(layers.Dropout(0.5, seed=1), ones, training=training)
    two = outputs(layers.Dropout(0.5, seed=1), ones, training=training)
    print(f"training={training}: values {np.unique(one)}, mean ≈ {one.mean():.2f},",
          f"same seed, same zeros: {np.array_equal(one, two)}")


# %% [markdown]
# The survivors are multiplied by $1/(1-\text{rate})=2$, so the mean stays near 1 and the next
# layer sees values of the usual size. `fit` switches dropout on; `evaluate` and `predict`
# leave it off. That is why `Reader.call` passes `training` on.
#
# **Exercise 23.2.** Write `build_network(shape, units, rate)` with the Functional API:
# flatten, dense with relu, dropout, dense with softmax for ten digits.
#
# <details><summary>Hint 1</summary>Start with keras.Input(shape); end with
# keras.Model(inputs, outputs).</details>
# <details><summary>Hint 2</summary>Make the layer, then call it: layers.Dense(units,
# activation="relu")(hidden).</details>

# %% tags=["exercise"]
# Exercise 23.2: write the network with the Functional API.
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
# ## 4 · Compile, fit, evaluate, predict
#
# | method | needs | does and returns |
# |---|---|---|
# | `compile` | optimizer (`"adam"`: how to step, lesson 51), loss, metrics | sets how to train; returns nothing |
# | `fit` | images, labels, epochs | changes the weights; returns a `History`, one number per epoch |
# | `evaluate` | images, labels | changes nothing; returns the loss and metrics |
# | `predict` | images | changes nothing; returns the outputs, (n, 10) |
#
# The loss of one image is $-\log p_\text{true}$, minus the natural logarithm of the
# probability given to the true digit: $p=0.9$ costs $0.105$, $p=0.1$ costs $2.303$. Its
# Keras name is `sparse_categorical_crossentropy`; *sparse* means that labels are whole
# numbers such as 7. An **epoch** is one pass over the training images, in batches.
#
# **Predict:** the network has seen nothing yet. About what accuracy, and what loss?

# %%
model.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
before = model.evaluate(x_val, y_val, verbose=0, return_dict=True)
print(f"untrained: loss ≈ {before['loss']:.2f}, accuracy ≈ {before['accuracy']:.2f}")
claim("untrained, the loss is within 0.5 of log 10 = 2.303: a guess among ten",
      abs(before["loss"] - np.log(10)), at_most=0.5)

# %% [markdown]
# If the first loss is far from $\log(\text{number of classes})$, look for a bug before you
# train.

# %%
settings = dict(validation_data=(x_val, y_val), epochs=20, verbose=0,
                batch_size=lesson.pick(quick=32, full=128))
start = time.perf_counter()
history = model.fit(x_train, y_train, **settings)
seconds = {digits.name: time.perf_counter() - start}
print(f"20 epochs: ≈ {seconds[digits.name]:.1f} s")
plots.history_curves(history, title="Most of the learning happens in the first epochs")
plots.show("Loss falls and accuracy rises, steeply first, then slowly, for both sets.")
fall = before["loss"] - np.array(history.history["loss"])
claim("5 of 20 epochs bring most of the fall in loss", fall[4] / fall[-1], at_least=0.7)

# %% [markdown]
# How to read such curves:
#
# | training loss | validation loss | meaning | do |
# |---|---|---|---|
# | falls | falls | learning | go on |
# | falls | flat | nearly done | stop soon |
# | falls | rises | memorizing | go back to the lowest point |
# | flat, high | flat, high | not learning | check labels, scaling, loss, learning rate |
#
# Training may look *worse* than validation: its numbers are measured with dropout on, and
# averaged over the epoch while the weights were still improving.

# %%
probabilities = model.predict(x_val, verbose=0)  # (n, 10)
read_as = probabilities.argmax(axis=1)
losses = -np.log(probabilities[np.arange(len(y_val)), y_val])  # -log p_true, (n,)
after = model.evaluate(x_val, y_val, verbose=0, return_dict=True)
same_loss = np.isclose(losses.mean(), after["loss"], atol=1e-3)
print(f"image 0: read as ≈ {read_as[0]}, truth ≈ {y_val[0]}, loss ≈ {losses[0]:.4f}")
print("the mean of these losses is evaluate's loss:", same_loss)

gain = after["accuracy"] - linear.score(flat(x_val), y_val)
print(f"network ≈ {after['accuracy']:.3f}, ahead of the linear model by ≈ {gain:.3f}")
if lesson.profile == "quick":
    claim("8×8: network and linear model are within 4 points", abs(gain), at_most=0.04)
else:
    errors = (1 - after["accuracy"]) / (1 - after["accuracy"] + gain)
    claim("MNIST: at most half the linear model's errors", errors, at_most=0.5)

# %% [markdown]
# A surprise, and the reason for baselines: our network does not pass the bar of section 2. On
# 288 tiny images it is ahead or behind by no more than chance: one standard error of an
# accuracy of 0.96 is $\sqrt{0.96\cdot0.04/288}\approx 1.2$ points. At 8×8 pixels a weighted
# sum is enough, and whoever needs only this should take the weighted sum. On MNIST (`full`)
# the network makes at most half the linear model's errors, and in section 6 comes a question
# that weighted sums answer badly.

# %% [markdown]
# ## 5 · Look at the mistakes
#
# An accuracy is one number; the mistakes tell you what to improve.

# %%
wrong = np.flatnonzero(read_as != y_val)
surest = wrong[probabilities[wrong].max(axis=1).argsort()[::-1]][:8]
titles = [f"{y_val[i]} as {read_as[i]}\np {probabilities[i].max():.2f}" for i in surest]
plots.image_grid(x_val[surest], titles, title="The surest mistakes: 'true as read'")
plots.show("Misread digits, each with the true digit and the digit it was read as.")

# %% [markdown]
# **Predict:** move a digit one pixel to the right. You would hardly notice. Will the network?
# Then try noise and brightness.

# %%
step = shape[1] // 8  # one pixel of 8×8, three of 28×28

def read_one(image=0, shift=0, noise=0.0, brightness=1.0):
    moved = np.roll(x_val[image], shift * step, axis=1)
    speckles = noise * np.random.default_rng(0).normal(size=shape)
    picture = np.clip(brightness * moved + speckles, 0, 1).astype("float32")
    p = outputs(model, picture[None])[0]  # (1, height, width) → (10,)
    _, (left, right) = plt.subplots(1, 2, figsize=(8, 3), width_ratios=[1, 2])
    left.imshow(picture, vmin=0, vmax=1)
    left.set(xticks=[], yticks=[], title=f"true digit: {y_val[image]}")
    colors = [plots.BLUE if k == y_val[image] else plots.ORANGE for k in range(10)]
    right.bar(range(10), p, color=colors)
    right.set(xticks=range(10), xlabel="digit", ylabel="probability", ylim=(0, 1),
              title=f"read as {p.argmax()} (blue: the true digit)")

explore(read_one, alt="A digit, and the network's ten probabilities for it.",
        image=(0, 20), shift=(-2, 2), noise=(0.0, 1.0), brightness=(0.2, 1.6))

# %%
shifted = np.roll(x_val, step, axis=2)
moved_accuracy = (outputs(model, shifted).argmax(axis=1) == y_val).mean()
lost = after["accuracy"] - moved_accuracy
print(f"moved right by an eighth of the width: accuracy ≈ {moved_accuracy:.3f}")
claim("that small shift costs more than 10 points", lost, at_least=0.1)

# %% [markdown]
# Each weight belongs to one pixel's place. To a dense network a shifted digit is a different
# image, and often misread. Lesson 31 builds layers that forgive a shift.

# %% [markdown]
# ## 6 · Can a network learn nonsense?
#
# Take a question with two answers: is the digit odd? Now shuffle the labels, so that they
# have nothing to do with the images: coin tosses. One thing differs, the order of the labels;
# images, network and training stay the same.
#
# **Predict**, for the shuffled labels: the accuracy after 25 epochs on the training images?
# On unseen ones? Many people say: about 50 % on both, since there is nothing to learn.
#
# One run proves little, so there are three networks, each with its own shuffle. They sit side
# by side in one Functional model and share nothing but the image. Each ends in a single
# sigmoid, $1/(1+e^{-z})$: the probability of *odd*.

# %%
n_few = lesson.pick(quick=200, full=1000)
few, unseen = slice(n_few), slice(n_few, n_few + 1000)
odd = y_train % 2
rng = np.random.default_rng(lesson.seed)
labels = {
    "true": np.stack([odd, odd, odd], axis=1),  # (n, 3): one column per network
    "shuffled": np.stack([rng.permutation(odd) for _ in range(3)], axis=1),
}

def three_networks():
    image = keras.Input(shape)
    pixels = layers.Flatten()(image)
    hidden = [layers.Dense(1024, activation="relu")(pixels) for _ in range(3)]
    answers = [layers.Dense(1, activation="sigmoid")(h) for h in hidden]
    network = keras.Model(image, layers.Concatenate()(answers))
    adam = keras.optimizers.Adam(learning_rate=0.003)
    network.compile(adam, "binary_crossentropy", metrics=["binary_accuracy"])
    return network


# %% [markdown]
# A **callback** is an object that `fit` calls at set moments. This one notes, after every
# epoch, how sure the networks are about unseen images.

# %%
class Sureness(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.values = []

    def on_epoch_end(self, epoch, logs=None):
        p = outputs(self.model, x_train[unseen])
        self.values.append(np.maximum(p, 1 - p).mean())  # 0.5: no idea; 1: certain

runs, final, sureness = {}, {}, Sureness()
common = dict(batch_size=20, epochs=25, validation_batch_size=1000, verbose=0)
for name, y in labels.items():
    networks = three_networks()
    runs[name] = networks.fit(
        x_train[few], y[few], validation_data=(x_train[unseen], y[unseen]),
        callbacks=[sureness], **common,
    ).history
    final[name] = ((outputs(networks, x_train[unseen]) > 0.5) == y[unseen]).mean(axis=0)

# %%
_, axes = plt.subplots(1, 3, figsize=(12, 3.6))
curves = {"": ("o-", "training"), "val_": ("s--", "unseen")}
for prefix, (style, label) in curves.items():
    for axis, name in zip(axes, labels):
        accuracy = runs[name][prefix + "binary_accuracy"]
        axis.plot(range(1, 26), accuracy, style, ms=3, label=label)
    loss = runs["shuffled"][prefix + "loss"]
    axes[2].plot(range(1, 26), loss, style, ms=3, label=label)
for axis, name in zip(axes, labels):
    axis.plot([26.5] * 3, final[name], "^", color="black", label="unseen, each network")
    axis.axhline(0.5, color="gray", lw=1, ls=":")
    axis.set(xlabel="epoch", ylabel="accuracy", ylim=(0.4, 1.03))
axes[2].axhline(np.log(2), color="gray", lw=1, ls=":", label="log 2")
axes[0].set(title="True labels: both rise")
axes[1].set(title="Shuffled: only training rises")
axes[2].set(title="Shuffled: unseen loss climbs", xlabel="epoch", ylabel="loss")
for axis in axes:
    axis.legend(fontsize=9)
plots.show("True labels: training and unseen accuracy rise. Shuffled labels: only "
           "training rises; unseen stays at 0.5, and its loss climbs from log 2.")

# %%
few_linear = LogisticRegression(max_iter=1000, tol=1e-3)
few_linear.fit(flat(x_train[few]), odd[few])
linear_score = few_linear.score(flat(x_train[unseen]), odd[unseen])
first, *_, last = sureness.values
print(f"linear model, true labels: unseen accuracy ≈ {linear_score:.3f}")
for name, scores in final.items():
    print(f"networks, {name}:", ", ".join(f"≈ {score:.3f}" for score in scores))
print(f"sureness, shuffled: first epoch ≈ {first:.2f}, last ≈ {last:.2f}")

ahead = final["true"].mean() - linear_score
remembered = max(runs["shuffled"]["binary_accuracy"])
unseen_loss = np.array(runs["shuffled"]["val_loss"]) - np.log(2)
claim("true labels: 2 points better than the linear model", ahead, at_least=0.02)
claim("shuffled labels are memorized: best training epoch", remembered, at_least=0.85)
claim("but not learned: unseen accuracy is within 8 points of one half",
      abs(final["shuffled"] - 0.5).max(), at_most=0.08)
claim("no epoch brings the unseen loss below log 2", unseen_loss.min(), at_least=-0.01)
claim("and in the end it is far above", unseen_loss[-1], at_least=0.2)

# %% [markdown]
# Training accuracy climbs high in both, with shuffled labels only later. A high value alone
# does not tell you which of the two you have: only unseen images separate learning from
# memory. In quick each network has 67,585 parameters for 200 labels: room enough
# to store the coin tosses one by one.
#
# Why $\log 2$? Answering $p=0.5$ every time costs $-\log 0.5=\log 2=0.693$, and nothing beats
# that on a coin. A network that becomes *sure* is still right half the time, and pays
# $-\tfrac12\log s-\tfrac12\log(1-s)$ at sureness $s$: at $s=0.5$ that is $0.693$, at
# $s=0.9$ it is $\tfrac12\cdot0.105+\tfrac12\cdot2.303=1.204$. So accuracy stays at a half
# while the loss climbs.
#
# And odd-or-even is the question that a weighted sum answers badly: odd digits have no common
# shape. There the hidden layer earns its place.

# %% [markdown]
# ## 7 · Stop in time, save, load
#
# Two callbacks that you will use in most trainings. `EarlyStopping` ends `fit` when the
# validation loss has had no new best for `patience` epochs, and with
# `restore_best_weights=True` goes back to the best. `ModelCheckpoint` writes the best model
# so far to disk.
#
# **Predict:** when should training on coin tosses stop? Near what validation loss?

# %%
folder = tempfile.TemporaryDirectory()
best_file = Path(folder.name) / "best.keras"
stopped = three_networks()
short = stopped.fit(
    x_train[few], labels["shuffled"][few],
    validation_data=(x_train[unseen], labels["shuffled"][unseen]),
    callbacks=[
        keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True),
        keras.callbacks.ModelCheckpoint(best_file, save_best_only=True),
    ],
    **common,
).history["val_loss"]
kept_loss = stopped.evaluate(x_train[unseen], labels["shuffled"][unseen], verbose=0)[0]
print(f"stopped after ≈ {len(short)} epochs, best epoch ≈ {np.argmin(short) + 1}")
excess = abs(kept_loss - np.log(2))
print("the best epoch's loss is back:", np.isclose(kept_loss, min(short), atol=1e-4))
claim("held back, the network stays near log 2", excess, at_most=0.08)


# %% [markdown]
# Held back, it learns what there is to learn: nothing. A file ending in `.keras` holds
# structure, weights and optimizer; one ending in `.weights.h5` holds the weights (of a compiled
# model also the optimizer's state) but no structure, so you need the same structure to receive
# them.

# %%
def same_outputs(one, other):
    return np.allclose(outputs(one, x_val), outputs(other, x_val), atol=1e-6)

best = keras.models.load_model(best_file)
print("checkpoint equals restored network:", same_outputs(best, stopped))

model.save(Path(folder.name) / "reader.keras")
loaded = keras.models.load_model(Path(folder.name) / "reader.keras")
print("saved and loaded model is equal   :", same_outputs(loaded, model))

model.save_weights(Path(folder.name) / "reader.weights.h5")
empty = keras.models.clone_model(model)  # same structure, new random weights
print("clone before loading is equal     :", same_outputs(empty, model))
empty.load_weights(Path(folder.name) / "reader.weights.h5")
print("clone after loading is equal      :", same_outputs(empty, model))


# %% [markdown]
# **Exercise 23.3.** Write the rule of early stopping: from the validation losses of all epochs
# that *would* be run, and `patience`, return `(epochs_run, best_epoch)`, counted from 1. A new
# best is a loss strictly below all earlier ones; training ends after `patience` epochs in a
# row without one. For losses 0.9, 0.7, 0.6, 0.65, 0.64, 0.63 and patience 2: `(5, 3)`.
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
# ## 8 · The test set, once
#
# All choices are made. Now we open the test set, once, for the network and for the weighted
# sum that it had to beat. In `full`, a fresh copy of the same network also learns
# Fashion-MNIST, ten kinds of clothes.

# %%
exams = {digits.name: (model, x_test, digits.y_test)}
if lesson.profile == "full":
    clothes = datasets.fashion_mnist()
    dresser = keras.models.clone_model(model)
    dresser.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    clothes_x = clothes.x_train.astype("float32") / 255
    start = time.perf_counter()
    dresser.fit(clothes_x, clothes.y_train, batch_size=128, epochs=20, verbose=0)
    seconds[clothes.name] = time.perf_counter() - start
    exams[clothes.name] = (dresser, clothes.x_test / 255, clothes.y_test)

linear_test = linear.score(flat(x_test), digits.y_test)
print(f"{digits.name}, logistic regression: test accuracy ≈ {linear_test:.4f}")
for name, (network, images, truth) in exams.items():
    score = network.evaluate(images, truth, verbose=0, return_dict=True)["accuracy"]
    print(f"{name}: test accuracy ≈ {score:.4f}, five in a row ≈ {score**5:.2f}")
    record(name, "dense, 128 units", "test accuracy", score,
           parameters=network.count_params(), seconds=seconds[name])  # for RESULTS.md
    lowest = {"MNIST": 0.978, "Fashion-MNIST": 0.86}.get(name, 0.93)
    claim(f"{name}: the test accuracy is at least {lowest:.1%}", score, at_least=lowest)

# %% [markdown]
# ## 9 · Break and fix: a loss that will not fall
#
# A colleague trains the same network on the same images with one change. Nothing crashes,
# and the accuracy is respectable.

# %%
broken = keras.Sequential([
    keras.Input(shape), layers.Flatten(),
    layers.Dense(128, activation="relu"), layers.Dropout(0.2),
    layers.Dense(10, activation="softmax"), layers.Softmax(),
])
broken.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
colleague = broken.fit(x_train, y_train, **settings).history
print(f"largest probability it gives ≈ {outputs(broken, x_val).max():.3f}")

# %%
_, axes = plt.subplots(1, 2, figsize=(9, 3.4))
for axis, key in zip(axes, ("val_accuracy", "val_loss")):
    axis.plot(range(1, 21), history.history[key], "o-", ms=4, label="yours")
    axis.plot(range(1, 21), colleague[key], "s--", ms=4, label="your colleague's")
    axis.set(xlabel="epoch", ylabel=key.replace("val_", "validation "))
    axis.legend()
axes[0].set(ylim=(0, 1), title="It reads most digits")
axes[1].set(ylim=(0, None), title="but its loss stays high")
plots.show("The colleague's accuracy is high, but the loss levels off far above yours.")
claim("it reads most digits", colleague["val_accuracy"][-1], at_least=0.75)
claim("yet its loss never falls below 1.46", min(colleague["val_loss"]), at_least=1.461)

# %% [markdown]
# The symptoms: nearly your accuracy, a loss that levels off far above yours, and no probability
# above a quarter, however clear the digit.
#
# **Exercise 23.4.** (a) Suppose the colleague's `Dense(10, activation="softmax")` is perfectly
# sure and right: $(1,0,\dots,0)$. What loss does the whole network still have? (b) Write
# `mended()`, which returns the network without the bug and otherwise the same.
#
# <details><summary>Hint 1</summary>What does the last layer do to numbers that are already
# probabilities?</details>
# <details><summary>Hint 2</summary>softmax(z)ₖ = exp(zₖ) / Σⱼ exp(zⱼ). With one 1 and nine 0
# the sum has ten terms.</details>

# %% tags=["exercise"]
# Exercise 23.4: the lowest loss the broken network can reach, and the network mended.
lowest_loss = ...

def mended():
    ...  # your code here


# %%
check("23.4", lowest_loss, mended)

# %% tags=["solution"]
# @title Solution 23.4
lowest_loss_solution = -np.log(np.exp(1) / (np.exp(1) + 9 * np.exp(0)))  # 1.4612

def mended_solution():
    return keras.Sequential([
        keras.Input(shape), layers.Flatten(),
        layers.Dense(128, activation="relu"), layers.Dropout(0.2),
        layers.Dense(10, activation="softmax"),
    ])

check("23.4", lowest_loss_solution, mended_solution)

# %% [markdown]
# ## Quiz

# %%
quiz("23")

# %% [markdown]
# ## Summary
#
# - Sequential, Functional and subclassed models are three notations for one computation.
# - A dense layer has inputs × units weights and one bias per unit.
# - `compile` sets how, `fit` changes weights, `evaluate` measures, `predict` answers.
# - Beat a baseline before you are proud; say how large chance is. On 8×8 digits our network
#   did not beat logistic regression by more than chance.
# - Training accuracy shows what a network can store. Only unseen data shows what it learned.
# - On pure noise no loss beats $\log 2$ (two classes): hold the network back with early stopping.
#
# You can now build a reader of digits, judge it honestly, stop it in time, keep it, and notice
# when its loss is too high.
#
# ## Common mistakes
#
# - **Softmax twice.** As a second layer: the loss stalls above 1.46, and no probability passes
#   0.232. As `from_logits=True` on softmax outputs: the loss stalls as well, but the
#   probabilities look like any others. (On TensorFlow, Keras warns of the second form and
#   computes the right loss; on other backends it does not.)
# - **Pixels not scaled**: the first loss is far from $\log 10$, training jumps about.
# - **One-hot labels with a sparse loss**: an error about shapes; use whole numbers, or
#   `categorical_crossentropy`.
# - **`fit` twice** goes on from the present weights; for a fresh start build the model again.
# - **Choosing by test accuracy**: the test set becomes a validation set, and flatters.
#
# ## Read more
#
# - [The Sequential model](https://keras.io/guides/sequential_model/),
#   [the Functional API](https://keras.io/guides/functional_api/) and
#   [subclassing](https://keras.io/guides/making_new_layers_and_models_via_subclassing/): the
#   Keras guides, with models that branch.
# - [Training with the built-in methods](https://keras.io/guides/training_with_built_in_methods/):
#   everything `compile` and `fit` accept.
# - [Zhang and others (2017), Understanding deep learning requires rethinking
#   generalization](https://arxiv.org/abs/1611.03530): large networks fit random labels.
# - [Srivastava and others (2014), Dropout](https://jmlr.org/papers/v15/srivastava14a.html).
# - [LeCun and others (1989), Backpropagation applied to handwritten zip code
#   recognition](https://doi.org/10.1162/neco.1989.1.4.541): the network of section 1.
# - Next: lesson 31 makes shifts harmless.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [24 · Losses and metrics](24_losses_and_metrics.ipynb). Two weather forecasters are right equally often, and one of them is a disaster. **Before:** [22 · Backpropagation](22_backpropagation.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+23%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/24_losses_and_metrics.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/22_backpropagation.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
