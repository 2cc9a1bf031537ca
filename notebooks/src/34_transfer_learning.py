# ---
# jupyter:
#   dlcourse:
#     title: "Transfer learning"
#     subtitle: Forty labeled digits go far with a network that has read before
#     minutes: 69
#     further: 10
#     seconds: 35
#     needs: ["23", "31"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "frozen is safe; trainable=False is training=False; transfer always helps"
#       stop: "section 4; break and fix"
#       ask: "\"A frozen body gives two answers for one picture: how?\""
#       stuck: "trainable says who learns, training says how it computes: the table of section 3"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 34 · Transfer learning
#
# *Forty labeled digits go far with a network that has read before*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/34_transfer_learning.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/34_transfer_learning.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/34_transfer_learning.ipynb)
#
# **Your time:** 69 minutes, and 10 for *Going further* · **The notebook runs in:** about 35 s on two CPU cores · **Before this:** lesson 23, lesson 31

# %% [markdown]
# ## You will be able to
#
# 1. say which parameters of a half-frozen network can learn, when that is settled, and what freezing does not stop
#    *(sections 2 and 3 · exercise 34.1)*
# 2. cut off a network's head and put a new one on a frozen body *(section 2 · exercise 34.2)*
# 3. fine-tune in two steps with two learning rates, and say when it pays *(sections 4 and 5 · exercise 34.3)*
# 4. find out why a transfer fails *(break and fix, after section 5 · exercise 34.4)*

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
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz

lesson = dlcourse.start("34", profile=PROFILE, seed=SEED)

import keras
from keras import layers, ops

DRAWS = lesson.pick(quick=3, full=20)  # how often a training is repeated
STEPS = 60  # of gradient descent, each on 32 images

# %% [markdown]
# ## 1 · The reader goes abroad
#
# You have a network that reads the digits on American forms. A bank in Istanbul sends you its own scans. It has labeled
# **forty** of them, four of each digit, and every further label costs money.
#
# The bank is made up; the digits are real. The American ones are MNIST's, shrunk to 8×8 pixels. The bank's
# are scikit-learn's, published from Istanbul and written by 13 people; a pixel holds 0 to 16, the amount of
# ink. We scale both to between 0 (paper) and 1 (ink).

# %%
american = datasets.mnist_5k()
bank = datasets.digits()

shrink = keras.Sequential([
    layers.Cropping2D(4),  # the middle: (n, 20, 20, 1)
    layers.UpSampling2D(2),  # each pixel becomes 2 × 2: (n, 40, 40, 1)
    layers.AveragePooling2D(5),  # means of 5 × 5 pixels: (n, 8, 8, 1)
])

x_home = ops.convert_to_numpy(shrink(american.x_train[..., None] / 255))
y_home = american.y_train
x_home_val = ops.convert_to_numpy(shrink(american.x_test[..., None] / 255))
y_home_val = american.y_test

x_bank = bank.x_train[:1000, ..., None] / 16  # (1000, 8, 8, 1)
y_bank = bank.y_train[:1000]
x_val = bank.x_train[1000:, ..., None] / 16  # (437, 8, 8, 1)
y_val = bank.y_train[1000:]
x_test = bank.x_test[..., None] / 16
y_test = bank.y_test
print(x_home.shape, x_bank.shape, x_val.shape, x_test.shape)

# %% tags=["hide-input"]
paper_and_ink = []
for pixels, kind in ((x_home, y_home), (x_bank, y_bank)):
    paper_and_ink += [1 - pixels[kind == digit][0] for digit in range(10)]
title = "The bank's digits are narrower and darker than the American ones"
axes = plots.image_grid(paper_and_ink, columns=10, title=title)
axes[0, 0].text(-1.5, 3.5, "American", ha="right", va="center", fontsize=12)
axes[1, 0].text(-1.5, 3.5, "the bank's", ha="right", va="center", fontsize=12)
plots.show("Ten American digits of 8×8 pixels; ten of the bank's, narrower, darker.")

# %% [markdown]
# Of the first 1,000 bank digits we label a few at a time. 437 others, the validation set, measure what we try
# (a bank with forty labels has none to spare). The test set stays closed until section 5. Nobody noted who
# wrote which digit: the same hands are almost surely in all three sets, and new customers may be harder to
# read (lesson 13).
#
# The reader has a *body*, elsewhere called base or backbone, which turns a picture into 64 **features**, and a *head*,
# one dense layer, which turns the features into ten probabilities. (Batch norm and dropout: section 3.)
#
# ```
# scan (8, 8, 1) ──► body ──► 64 features ──► head ──► 10 probabilities
# ```

# %%
LOSS = "sparse_categorical_crossentropy"

def make_reader(classes=10, rate=0.002):
    model = keras.Sequential([
        keras.Input((8, 8, 1)),
        layers.Conv2D(16, 3, padding="same", use_bias=False),  # batch norm shifts
        layers.BatchNormalization(momentum=0.9),  # averages follow fast
        layers.ReLU(),
        layers.MaxPooling2D(),  # (batch, 4, 4, 16)
        layers.Conv2D(32, 3, padding="same", use_bias=False),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
        layers.Flatten(),  # (batch, 4 · 4 · 32 = 512)
        layers.Dropout(0.1),
        layers.Dense(64, activation="relu", name="features"),
        layers.Dense(classes, activation="softmax", name="head"),
    ])
    model.compile(keras.optimizers.Adam(rate), LOSS)
    return model

def accuracy(model, x, y):
    probabilities = ops.convert_to_numpy(model(x, training=False))  # (n, 10)
    return np.mean(probabilities.argmax(axis=1) == y)

# %% [markdown]
# **Predict.** The reader learns from 4,000 American digits. How many of 100 bank digits does it then read correctly?
# And a new network that has learned only from the forty?

# %%
source = make_reader()
source.fit(x_home, y_home, batch_size=128, epochs=8, verbose=0)
at_home = accuracy(source, x_home_val, y_home_val)
abroad = accuracy(source, x_val, y_val)
print(f"at home ≈ {at_home:.3f}, abroad ≈ {abroad:.3f}")
claim("abroad, the reader reads ≈ {:.0f} of 100 digits fewer than at home",
      100 * (at_home - abroad), at_least=0.4)

def train(model, n, draw, x=x_bank, y=y_bank):  # with n labels of each class
    rng = np.random.default_rng([lesson.seed, n, draw])  # another draw, other labels
    labeled = []  # the rows of the labeled pictures
    for digit in np.unique(y):
        labeled.extend(rng.choice(np.flatnonzero(y == digit), n, replace=False))
    steps = 2 * STEPS if n >= 64 else STEPS  # many labels take longer
    rows = rng.choice(labeled, 32 * steps)  # every picture comes many times
    model.fit(x[rows], y[rows], batch_size=32, verbose=0, shuffle=False)

scratch = make_reader()
train(scratch, n=4, draw=0)
print(f"from the bank's forty alone ≈ {accuracy(scratch, x_val, y_val):.3f}")

# %% [markdown]
# Here forty of the bank's own digits helped more than 4,000 American ones. (One training each; section 4
# repeats the second.) **Transfer learning** joins the two: it starts from the weights of the first, the
# *pretrained* network, and goes on with the labels of the second.
#
# ## 2 · A new head on an old body
#
# In Keras, a model is whatever lies between an input and an output: `keras.Model(input, output)`. (This is the
# *Functional API*; lesson 23 has more of it.) So what lies between the reader's only input, `inputs[0]`, and the output
# of its layer `"features"` is the body. `trainable = False` **freezes** it: training leaves its weights as they are.

# %%
def cut(model):  # the body of a copy, so that the original keeps its weights
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    features = copy.get_layer("features").output
    return keras.Model(copy.inputs[0], features, name="body")

def put_head(body, rate, classes=10):
    model = keras.Sequential([
        keras.Input((8, 8, 1)),
        body,
        layers.Dense(classes, activation="softmax", name="head"),
    ], name="transfer")
    model.compile(keras.optimizers.Adam(rate), LOSS)
    return model

body = cut(source)
body.trainable = False
put_head(body, rate=0.01).summary()

# %% [markdown]
# From the features $f$, `(batch, 64)`, the head computes $p = \mathrm{softmax}(f\,W + b)$, `(batch, 10)`. Training
# changes only its $W$, `(64, 10)`, and $b$, `(10,)`: $64 \cdot 10 + 10 = 650$ of 38,426 parameters.
#
# **Predict.** We train the head, **thaw** (unfreeze) the body by `trainable = True` and train on: once
# straight away, once after a new `compile`. Will the body's weights move?

# %%
def thaw_and_train(compile_again):
    body = cut(source)
    body.trainable = False
    model = put_head(body, rate=0.01)
    train(model, n=4, draw=0)  # the head alone
    body.trainable = True
    if compile_again:
        model.compile(keras.optimizers.Adam(0.001), LOSS)
    print(f"compiled again: {compile_again}")
    print(f"    {len(model.trainable_weights)} arrays of weights are trainable")
    before = body.get_weights()[0]  # the kernels of the first layer
    train(model, n=4, draw=0)
    after = body.get_weights()[0]
    print(f"    body moved: {not np.array_equal(before, after)}")

try:
    thaw_and_train(compile_again=False)
except (KeyError, ValueError):  # JAX and PyTorch
    print("    this backend refuses to train on")
thaw_and_train(compile_again=True)

# %% [markdown]
# Without a new `compile`, the body's first kernels do not move on TensorFlow, and Keras 3.15 gives no
# warning: all 10 arrays count as trainable, in the summary, too. JAX and PyTorch stop with an error. What
# `fit` trains is settled when it first runs after `compile`. So set `trainable`, then `compile`, then `fit`.
#
# ### Exercise 34.1
#
# The body's parameters are these. Convolutions: 144 and 4,608. Batch norms: $4 \cdot 16$ and $4 \cdot 32$, which are
# scale, shift, moving mean and moving variance of each channel. Dense layer: 32,832. A colleague's head has **7**
# classes. How many of the whole network's parameters can gradient descent change, with the body frozen, and with it
# thawed?
#
# <details><summary>Hint 1</summary>The new head has 64 weights and one bias for each of its classes.</details>
# <details><summary>Hint 2</summary>Moving means and variances are averages of what came by. No gradient changes
# them.</details>

# %% tags=["exercise"]
# Exercise 34.1: how many parameters can learn.
frozen_body = ...
thawed_body = ...

# %%
check("34.1", frozen_body, thawed_body)

# %% tags=["solution"]
# @title Solution 34.1
head_7 = 64 * 7 + 7
body_without_averages = 144 + 2 * 16 + 4608 + 2 * 32 + 32832
check("34.1", head_7, body_without_averages + head_7)

# %% [markdown]
# ### Exercise 34.2
#
# Write `transfer(source, n_classes)`. It returns a new model: the body of `source`, frozen, with a new softmax head.
# `source` ends in the layers `"features"` and `"head"`, as ours does; its pictures may have another size. No `compile`
# and no copy are needed.
#
# <details><summary>Hint 1</summary>Three steps: <code>keras.Model(source.inputs[0], ...)</code>, its
# <code>trainable</code>, then a model of an input, this body, and a new <code>Dense</code>.</details>
# <details><summary>Hint 2</summary>The shape of one picture is <code>source.input_shape[1:]</code>.</details>

# %% tags=["exercise"]
# Exercise 34.2: a frozen body with a new head.
def transfer(source, n_classes):
    ...  # your code here

# %%
check("34.2", transfer)

# %% tags=["solution"]
# @title Solution 34.2
def transfer_solution(source, n_classes):
    body = keras.Model(source.inputs[0], source.get_layer("features").output)
    body.trainable = False
    head = layers.Dense(n_classes, activation="softmax")
    return keras.Sequential([keras.Input(source.input_shape[1:]), body, head])

check("34.2", transfer_solution)

# %% [markdown]
# ## 3 · `trainable=False` is not `training=False`
#
# `trainable` says whether a layer's weights *learn*. `training` says *how the layer computes* in this call. Two kinds
# of layers here compute in two ways. **Dropout** sets some of its inputs to 0 while training (lesson 23). **Batch
# norm** (lesson 32) brings each channel $x$ to mean 0 and variance 1, then scales and shifts it:
#
# $$y = \gamma\,\frac{x-\mu}{\sqrt{\sigma^2+\varepsilon}} + \beta$$
#
# | a number per channel | in Keras | comes from |
# |---|---|---|
# | $\mu$, $\sigma^2$ in training | – | this batch: its mean and variance |
# | $\mu$, $\sigma^2$ in use | `moving_mean`, `moving_variance` | averages over past batches |
# | $\gamma$, $\beta$ | `gamma`, `beta` | gradient descent, if `trainable` |
#
# With $\mu=4$, $\sigma=2$, $\gamma=1$ and $\beta=0$, $x=8$ becomes $(8-4)/2=2$. (This leaves out
# $\varepsilon$, `epsilon`: 0.001, against dividing by 0.)

# %%
conv, batch_norm = source.layers[:2]  # the first of each kind
x = conv(x_bank[:32])  # (32, 8, 8, 16)
mu, variance = batch_norm.moving_mean, batch_norm.moving_variance  # (16,) each
y = batch_norm.gamma * (x - mu) / ops.sqrt(variance + batch_norm.epsilon)
y = y + batch_norm.beta
same = ops.isclose(y, batch_norm(x, training=False), atol=1e-4)
print("in use, Keras computes this formula:", bool(ops.all(same)))

# %% [markdown]
# **Predict.** `fit` calls every layer with `training=True`. A frozen body then reads the same pictures twice. Does it
# give the same features?

# %%
rows = []
for trainable in (False, True):
    for training in (False, True):
        body = cut(source)
        body.trainable = trainable
        norm = body.layers[2]  # the first batch norm
        before = norm.moving_mean.numpy()
        first = body(x_bank[:32], training=training)
        second = body(x_bank[:32], training=training)
        after = norm.moving_mean.numpy()
        rows.append({
            "trainable": trainable,
            "training": training,
            "same features twice": bool(ops.all(first == second)),
            "averages stay": np.array_equal(before, after),
        })
print(pd.DataFrame(rows).to_string())

# %% [markdown]
# Row 1 (`trainable` False, `training` True) is a frozen body inside `fit`: **frozen, and not the same twice**. Dropout
# asks for `training` alone. Batch norm asks for both: it uses the batch, and moves its averages, only if it is
# trainable, too.
#
# How do you keep a body still? Call it yourself, once, with `training=False`; store the features; and train a
# head on them alone. This *feature extraction* is fast. (*Going further* does it inside `fit`.)
#
# ## 4 · How many labels does it take?
#
# Three contenders get 1, 4, 16 and 64 labels a class (at 64, all take twice as many steps):
#
# | contender | the weights start | the body |
# |---|---|---|
# | **from scratch** | at random | learns |
# | **fine-tuned** | as the American reader's, head and all | learns |
# | **frozen** | as the American reader's, head and all | is frozen and kept still |

# %%
def features_of(body, images):
    return ops.convert_to_numpy(body(images, training=False))  # (n, 64)

american_body = cut(source)
features = features_of(american_body, x_bank)
features_val = features_of(american_body, x_val)

def make_head(rate=0.01, classes=10):  # for stored features
    head = keras.Sequential([
        keras.Input((64,)),
        layers.Dense(classes, activation="softmax"),
    ])
    head.compile(keras.optimizers.Adam(rate), LOSS)
    return head

def old_head():
    head = make_head(rate=0.002)
    head.set_weights(source.get_layer("head").get_weights())
    return head

def fine_tuned():
    model = make_reader()
    model.set_weights(source.get_weights())
    return model

# %% [markdown]
# A single training would show luck: which digits were labeled, and how new weights start. So each is done
# three times (20 in `full`), with other labels and new weights. (There is one American reader only.)
#
# `dlcourse.repeat` takes a function that builds each contender, and one that trains it. `trainer` makes the second: a
# function of the model and the number of the draw.

# %%
def trainer(x, y, x_val, y_val, n=4, rate=None):
    def train_and_read(model, draw):
        if rate is not None:
            model.optimizer.learning_rate = rate
        train(model, n, draw, x, y)
        return accuracy(model, x_val, y_val)
    return train_and_read

# %% [markdown]
# **Predict.** Which reads more at 64 labels a class: *frozen* or *from scratch*?

# %%
LABELS = [1, 4, 16, 64]  # of each class

def train_all(builders, trainers, draws=DRAWS):  # a table with a row for each draw
    return dlcourse.repeat(draws, builders, trainers,
                           reseed=False, steps_at_once=20)  # both only save time

def learning_curve(build, x, x_val):  # a column for each number of labels
    builders = {n: build for n in LABELS}
    trainers = {n: trainer(x, y_bank, x_val, y_val, n) for n in LABELS}
    return train_all(builders, trainers)

results = {
    "from scratch": learning_curve(make_reader, x_bank, x_val),
    "fine-tuned": learning_curve(fine_tuned, x_bank, x_val),
    "frozen": learning_curve(old_head, features, features_val),
}
mean = pd.DataFrame({name: table.mean() for name, table in results.items()})
print(mean.rename_axis("labels a class").map("≈ {:.2f}".format))

of_100 = 100 * mean  # digits of 100
claim("with forty labels, fine-tuning reads ≈ {:.0f} of 100 digits more than scratch",
      of_100["fine-tuned"][4] - of_100["from scratch"][4], at_least=0.2)
claim("with 640 labels, it reads ≈ {:.1f} of 100 more than with its body kept still",
      of_100["fine-tuned"][64] - of_100["frozen"][64], at_least=0.1)

# %% tags=["hide-input"]
LOOKS = {  # color, mark, line
    "fine-tuned": (plots.VERMILION, "D", "-"),
    "from scratch": (plots.BLUE, "o", "--"),
    "frozen": (plots.GREEN, "s", "-."),
}
figure, axis = plt.subplots(figsize=(8.5, 4.6))
lowest = 1.1
for place, name in enumerate(sorted(LOOKS, key=lambda name: -mean[name][64])):
    color, mark, line = LOOKS[name]
    beside = np.array(LABELS) * (0.92, 1.09, 1.18)[place]  # the draws, by their mean
    axis.plot(beside, results[name].T, mark, color=color, ms=5, alpha=0.5)
    axis.plot(LABELS, mean[name], ls=line, color=color, marker=mark, ms=8, lw=2)
    lowest = min(mean[name][64], lowest - 0.025)
    axis.text(85, lowest, name, color=color, weight="bold", va="center")
axis.axhline(abroad, color="black", lw=1.2)
axis.text(76, abroad + 0.006, "American reader as it is, without a label", ha="right")
axis.set(xscale="log", xlabel="labels a class", ylabel="accuracy on validation digits",
         xlim=(0.85, 80), ylim=(None, 1.0),
         title="The fewer the labels, the more America's weights bring")
axis.set_xticks(LABELS, LABELS)
axis.minorticks_off()
plots.show("Accuracy against labels a class, a small mark for each draw. Fine-tuned is"
           " on top; from scratch starts lowest and passes frozen at the end.")

# %% [markdown]
# Large marks are means, the small ones beside them single draws. *Fine-tuned* and *from scratch* differ in
# their starting weights only, so these make the difference (at one rate and number of steps). *Fine-tuned*
# and *frozen* differ in the body only: it learns, or is kept still. And **frozen is not safe**: from 16 on, a
# network from scratch reads more. The features cannot change, and the old head learns slowly here. (Helped in
# *Going further*, *frozen* keeps up longer.)
#
# ## 5 · Two learning rates
#
# Fine-tuning begins near a good place, and large steps leave it. How large is too large? With forty labels:

# %%
RATES = [0.0001, 0.001, 0.01, 0.1]
builders = {rate: fine_tuned for rate in RATES}
trainers = {rate: trainer(x_bank, y_bank, x_val, y_val, rate=rate) for rate in RATES}
by_rate = train_all(builders, trainers, draws=3)
print(by_rate.agg(["mean", "std"]).map("≈ {:.3f}".format))
claim("at a rate of 0.1, fine-tuning reads ≈ {:.0f} of 100 fewer than at 0.001",
      100 * (by_rate[0.001] - by_rate[0.1]).mean(), at_least=8)

# %% [markdown]
# Here 0.01 is already too large. At 0.1, fine-tuning reads fewer than the American reader: the large steps
# cost more than the labels brought. At 0.0001, sixty steps go only part of the way.
#
# What if the classes are new, so that the old head is of no use? A new head answers at random. Its errors are large,
# and they may spoil the body. Hence the recipe:
#
# 1. Freeze the body, and train the head.
# 2. Thaw the body, compile, and train everything **at a tenth of the head's rate**.
#
# (A tenth is a start; Keras's guide takes a hundredth.) Two rivals take the same batches and as many steps,
# but everything learns from the start: one at both rates, one at the small rate throughout. (A new rate
# needs no `compile`; a new `trainable` does. Here *head first* trains a head on stored features, so nothing
# is frozen.) Each is trained five times (22 in `full`).

# %%
small_steps = trainer(x_bank, y_bank, x_val, y_val, rate=0.001)

def small_steps_only(model, draw):
    small_steps(model, draw)
    return small_steps(model, draw)

def large_steps_first(model, draw):
    train(model, n=4, draw=draw)  # at 0.01
    return small_steps(model, draw)

def head_first(model, draw):
    head = make_head()  # at 0.01, too
    train(head, n=4, draw=draw, x=features)  # as with a body frozen and still
    model.get_layer("head").set_weights(head.get_weights())
    return small_steps(model, draw)

recipes = {"small steps only": small_steps_only, "large steps first": large_steps_first,
           "head first": head_first}
builders = {name: lambda: put_head(cut(source), rate=0.01) for name in recipes}
order = train_all(builders, recipes, draws=DRAWS + 2)
gain = 100 * (order["head first"].mean() - order.mean())  # over each recipe
claim("head first reads ≈ {:.1f} of 100 digits more than large steps first",
      gain["large steps first"], at_least=0)
claim("and ≈ {:.1f} more than small steps only", gain["small steps only"], at_least=0)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(8, 2.6))
for place, name in enumerate(order):
    color = plots.VERMILION if name == "head first" else "0.45"
    axis.plot(order[name], [place] * len(order), "D", color=color, ms=6, alpha=0.5)
    axis.plot(order[name].mean(), place, "|", color=color, ms=30, mew=4)
axis.set(yticks=range(3), yticklabels=order.columns, xlabel="validation accuracy",
         ylim=(-0.7, 2.7), title="A new head does best when it is trained first, alone")
plots.show("Five draws of three recipes, and their means: the highest is head first's.")

# %% [markdown]
# Marks are draws, bars their means. On average the recipe wins, and not only because it spares the body
# large steps: small steps throughout spare it, too, and read fewer digits. (Our guess: at 0.001 the new
# head itself learns too slowly.)
#
# ### Exercise 34.3
#
# Write `fine_tune(model, rate)`, the step between the two trainings. `model` holds a frozen body, its layer `"body"`,
# and a head trained at `rate`. Make all of it ready to learn at a tenth of that rate, with Adam and `LOSS`. Return
# the model without training it.
#
# <details><summary>Hint 1</summary><code>model.get_layer("body")</code> finds the body.</details>
# <details><summary>Hint 2</summary>Which call settles what learns, and makes a new optimizer?</details>

# %% tags=["exercise"]
# Exercise 34.3: thaw a model, and go on at a tenth of the rate.
def fine_tune(model, rate):
    ...  # your code here

# %%
check("34.3", fine_tune)

# %% tags=["solution"]
# @title Solution 34.3
def fine_tune_solution(model, rate):
    model.get_layer("body").trainable = True
    model.compile(keras.optimizers.Adam(rate / 10), LOSS)
    return model

check("34.3", fine_tune_solution)

# %% [markdown]
# Now for the bank. Its classes are the American ones, so the head stays. We fine-tune as in section 4 and open
# the test set:

# %%
final = fine_tuned()
train(final, n=4, draw=0)
readers = {"the American reader": source, "from scratch": scratch, "fine-tuned": final}
for name, reader in readers.items():
    print(f"{name:20} ≈ {accuracy(reader, x_test, y_test):.3f}")

# %% [markdown]
# Fine-tuning beats both, the American reader by far. (One draw, as at a bank; section 4 shows how draws
# scatter.)
#
# ## Break and fix
#
# A colleague takes over the scans and makes the arrays himself. On them his frozen American body, with a new
# head, is miserable. "The arrays are fine," he says, "a network from scratch learns from them."

# %%
def prepare_his(scans):  # (n, 8, 8), as the bank sends them
    return (scans / 255).astype("float32")[..., None]

x_his = prepare_his(bank.x_train[:1000])
x_his_val = prepare_his(bank.x_train[1000:])
his_features = features_of(american_body, x_his)
his_features_val = features_of(american_body, x_his_val)

builders = {"from scratch": make_reader, "frozen": make_head}
trainers = {
    "from scratch": trainer(x_his, y_bank, x_his_val, y_val),
    "frozen": trainer(his_features, y_bank, his_features_val, y_val),
}
his = train_all(builders, trainers)
print(his.agg(["mean", "std"]).map("≈ {:.3f}".format))
claim("on his arrays, scratch reads ≈ {:.0f} of 100 digits more than the frozen body",
      100 * (his["from scratch"] - his["frozen"]).mean(), at_least=15)

# %% [markdown]
# Too few labels? A wrong rate? Or something that stops only a frozen body?
#
# ### Exercise 34.4
#
# Find the cause, and write `mended(scans)`: scans as the bank sends them, `(n, 8, 8)`, become what the American body
# expects.
#
# <details><summary>Hint 1</summary>Look at the numbers that go in: <code>x_his.max()</code>, and
# <code>x_home.max()</code>.</details>
# <details><summary>Hint 2</summary>What does a scan of the bank hold for the darkest ink? See section 1.</details>

# %% tags=["exercise"]
# Exercise 34.4: the bank's scans, as the American body expects them.
def mended(scans):
    ...  # your code here

# %%
check("34.4", mended)

# %% tags=["solution"]
# @title Solution 34.4
def mended_solution(scans):
    return (scans / 16).astype("float32")[..., None]  # full ink is 16, not 255

check("34.4", mended_solution)
print("as in section 1:", np.array_equal(mended_solution(bank.x_train[:1000]), x_bank))
again = train_all(make_head, trainer(features, y_bank, features_val, y_val))
print(f"his head, on section 4's features ≈ {again['make_head'].mean():.3f}")

# %% [markdown]
# His pictures are about sixteen times too pale. Section 3's $x=8$ arrives as 0.5. The frozen body keeps its
# $\mu=4$ and $\sigma=2$ and makes it $(0.5-4)/2=-1.75$; paper, 0, becomes $-2$: hardly a contrast. A new
# network takes $\mu=0.25$ and $\sigma=0.125$ from the pale pictures, and gets nearly 2 again. One scan
# after America's kernels and a batch norm (medium gray is 0):

# %% tags=["hide-input"]
right, pale = conv(x_bank), conv(x_his)
own = layers.BatchNormalization()(pale, training=True)  # as in a new network
seen = ops.sigmoid(ops.stack([batch_norm(right), batch_norm(pale), own])[:, 0])
maps = [ops.convert_to_numpy(y)[..., [c] * 3] for y in seen for c in range(8)]
axes = plots.image_grid(maps, columns=8, title="His averages bring it back, if paler")
for place, name in enumerate(("section 1's", "his, America's μ, σ", "his, own μ, σ")):
    axes[place, 0].text(-1.5, 3.5, name, ha="right", va="center", fontsize=12)
plots.show("Eight channels of one scan: clear; flat gray; paler, but clear again.")

# %% [markdown]
# (Here $\varepsilon$ outweighs his $\sigma^2$, so the last row is paler; a second batch norm can make up
# for most of it.)
#
# **Feed a body exactly as it was fed when it learned**: the range, the size, the order of the colors. In
# `keras.applications`, each family has its own `preprocess_input`; forgetting it raises no error.
#
# ## Going further: what should the bank buy?
#
# **Play.** 10,000 digits wait to be read. What should the bank buy if a mistake costs twice as much as a label? Ten
# times? A circle marks the cheapest.

# %% tags=["hide-input"]
def total_cost(mistake=2.0):
    figure, axis = plt.subplots(figsize=(8, 4))
    bought = 10 * np.array(LABELS)
    unchanged = mistake * 10_000 * (1 - abroad)
    best = {"cost": unchanged, "labels": 0, "name": "as it is"}
    for name in LOOKS:
        color, mark, line = LOOKS[name]
        cost = bought + mistake * 10_000 * (1 - mean[name].to_numpy())
        axis.plot(bought, cost, ls=line, marker=mark, color=color, label=name)
        if cost.min() < best["cost"]:
            best = {"cost": cost.min(), "labels": bought[cost.argmin()], "name": name}
    axis.axhline(unchanged, color="black", lw=1.2, label="American reader as it is")
    axis.plot(max(10, best["labels"]), best["cost"], "o", ms=18, mfc="none", mec="k")
    axis.set(xscale="log", xlabel="labels bought", ylabel="cost, in labels",
             title=f"Cheapest: {best['name']}, with {best['labels']} labels")
    axis.set_xticks(bought, bought)
    axis.minorticks_off()
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))

explore(total_cost, alt="Cost of labels and mistakes against the number of labels"
        " bought, for three contenders. Fine-tuning is the cheapest.",
        mistake=(0.05, 10.0, 0.05))

# %% [markdown]
# The dearer a mistake, the more labels pay: at ten times a label's price, all 640. (The bill leaves out the
# validation labels that measured all this.)
#
# ## Going further: a body that is still inside `fit`
#
# Suppose that body and head must be one model, for `fit` to train. Many texts, Keras's guide among them, then put it
# together with `body(inputs, training=False)`. Here is a test, beside a small layer of our own. A layer is a class:
# `__init__` keeps what it needs, and `call` computes.

# %%
class Still(layers.Layer):  # calls a body as in use, whatever fit asks for
    def __init__(self, body):
        super().__init__()
        self.body = body

    def call(self, images):
        return self.body(images, training=False)

body = cut(source)
inputs = keras.Input((8, 8, 1))
ways = {
    "by argument": keras.Model(inputs, body(inputs, training=False)),
    "by Still": keras.Model(inputs, Still(body)(inputs)),
}
for name, model in ways.items():
    first = model(x_bank[:32], training=True)  # as fit does
    second = model(x_bank[:32], training=True)
    print(f"{name}: same features twice: {bool(ops.all(first == second))}")

# %% [markdown]
# In Keras 3 the argument [does not hold](https://github.com/keras-team/keras/issues/20285) inside `fit`: a
# functional model hands its own `training` on to every layer inside. Advice ages; calling a model twice
# tells you.
#
# ## Going further: a frozen body with more help, and a random one
#
# In section 4 the frozen body kept its old head and a small rate. Now it gets a new head, a larger rate, and
# *standardized* features: each brought to mean 0 and standard deviation 1 over the 1,000 scans, which takes no labels.
# The control has all of this, too, but its body has learned nothing. If it did as well, America would not be the
# reason. (There is one random body only.)

# %%
def standardize(x, reference):  # by the mean and the deviation of the reference
    return (x - reference.mean(axis=0)) / (reference.std(axis=0) + 1e-6)

scaled = standardize(features, features)
scaled_val = standardize(features_val, features)

random_body = cut(make_reader())
random_features = features_of(random_body, x_bank)
random_features_val = features_of(random_body, x_val)
control = standardize(random_features, random_features)
control_val = standardize(random_features_val, random_features)

helped = learning_curve(make_head, scaled, scaled_val).mean()
untrained = learning_curve(make_head, control, control_val).mean()
frozen = pd.DataFrame({"old head": mean["frozen"], "helped": helped,
                       "helped, random body": untrained,
                       "from scratch": mean["from scratch"]})
print(frozen.rename_axis("labels a class").map("≈ {:.2f}".format))
claim("of 100 digits, a frozen American body reads ≈ {:.0f} more than a random one",
      100 * (helped[4] - untrained[4]), at_least=3)

# %% [markdown]
# From 4 labels a class on, the help pays. At 1 it costs, probably because a new head starts from nothing.
# Which of the three changes helps most, we did not try.
#
# ## Going further: when transfer does not help
#
# Another body has seen only the American digits 0 to 4. Will it help to learn the American 5 to 9 from 16 labels a
# class?

# %%
high = y_home >= 5
high_val = y_home_val >= 5
zero_to_four = make_reader(classes=5)
zero_to_four.fit(x_home[~high], y_home[~high], batch_size=128, epochs=10, verbose=0)
body = cut(zero_to_four)
known = features_of(body, x_home[high])  # what this body makes of 5 to 9
known_val = features_of(body, x_home_val[high_val])

y_high = y_home[high] - 5  # labels 0 to 4 stand for 5 to 9
y_high_val = y_home_val[high_val] - 5
on_images = trainer(x_home[high], y_high, x_home_val[high_val], y_high_val, n=16)
on_features = trainer(known, y_high, known_val, y_high_val, n=16)
trainers = {"from scratch": on_images, "frozen": on_features, "fine-tuned": on_images}
builders = {
    "from scratch": lambda: make_reader(classes=5),
    "frozen": lambda: make_head(classes=5),
    "fine-tuned": lambda: put_head(cut(zero_to_four), rate=0.002, classes=5),
}
five_to_nine = train_all(builders, trainers)
print(five_to_nine.agg(["mean", "std"]).map("≈ {:.3f}".format))
claim("frozen, the body of 0 to 4 reads ≈ {:.0f} of 100 fewer than scratch",
      100 * (five_to_nine["from scratch"] - five_to_nine["frozen"]).mean(),
      at_least=0.01)

# %% [markdown]
# Frozen, the transfer *costs*; fine-tuned, it gains little or nothing. The body learned what tells 0 to 4
# apart and had no reason to keep what tells 5 from 6. (That is a guess. Besides, its features are not
# standardized here, and the fine-tuned network did not follow section 5's recipe.)
#
# So always train from scratch beside it. Without that column, the frozen body could pass for a success.
#
# ## Going further: a body from ImageNet
#
# Many transfer from larger networks, which learned from over a million photographs of ImageNet's 1,000
# classes. The `full` profile tries MobileNetV2, with weights from a local folder or the internet. 140
# pictures train a head: face or no face? (It is trained once, and no network from scratch stands beside it:
# this shows how, not how much it brings.)

# %%
FILE = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96_no_top.h5"
local = datasets.data_folder() / "keras_applications" / FILE
weights = str(local) if local.exists() else "imagenet"  # that is, from the internet
imagenet = None
if lesson.profile == "full":
    try:
        imagenet = keras.applications.MobileNetV2(
            (96, 96, 3), alpha=0.35, include_top=False, pooling="avg", weights=weights)
    except Exception as error:  # Keras raises a bare one without a network
        print(f"No weights ({type(error).__name__}): go online once, or put the file"
              f" {FILE} into the folder keras_applications of your data folder.")
if imagenet is None:
    print("Nothing tried: this needs the full profile and ImageNet's weights.")
else:
    faces = datasets.faces()
    look = keras.Sequential([
        keras.Input((25, 25, 3)), layers.Resizing(96, 96),
        layers.Rescaling(1 / 127.5, offset=-1), imagenet])
    # one gray channel becomes three equal ones
    train_seen = features_of(look, faces.x_train[..., None].repeat(3, axis=3))
    test_seen = features_of(look, faces.x_test[..., None].repeat(3, axis=3))
    head = keras.Sequential([keras.Input((1280,)), layers.Dense(2, "softmax")])
    head.compile(keras.optimizers.Adam(0.001), LOSS)
    head.fit(train_seen, faces.y_train, epochs=30, verbose=0)
    print(f"faces told apart ≈ {accuracy(head, test_seen, faces.y_test):.3f}")

# %% [markdown]
# KerasHub has newer bodies: `keras_hub.models.Backbone.from_preset` takes a name or a local folder.
#
# To fine-tune so large a body, many thaw its last layers only. Keras's guide advises keeping batch norm on
# its stored averages all the while. A `Still` around the body does that, and so does `trainable = False` on
# its batch norm layers; in Keras 3 the argument `training=False` does not.
#
# ## Going further: augmentation together with it
#
# Augmentation (lesson 12) also stretches forty labels. Do the two add up? Small shifts and turns come in front of the
# network; all else is as in section 4.

# %%
def augmented():
    model = keras.Sequential([
        keras.Input((8, 8, 1)),
        layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),
        layers.RandomRotation(0.03, fill_mode="constant"),
        fine_tuned(),
    ])
    model.compile(keras.optimizers.Adam(0.002), LOSS)
    return model

bank_trainer = trainer(x_bank, y_bank, x_val, y_val)
both = dlcourse.repeat(DRAWS, augmented, bank_trainer, reseed=False)["augmented"]
plain = results["fine-tuned"][4]
print(f"fine-tuned ≈ {plain.mean():.3f}, with augmentation ≈ {both.mean():.3f};"
      f" the draws scatter by ≈ {plain.std():.3f}")

# %% [markdown]
# Compare the difference with the scatter of the draws: we see no gain here. Photographs vary in more ways; measure it
# on yours.

# %% [markdown]
# ## Quiz

# %%
quiz("34")

# %% [markdown]
# ## Summary
#
# - Transfer starts from weights learned elsewhere. Here it paid most when labels were few.
# - `trainable` says who learns, as of the next `compile`; `training` says how dropout and batch norm compute.
# - From 160 labels on, a network from scratch overtook our frozen body with its slow head; fine-tuning
#   stayed ahead.
# - Train a new head first, then all at a tenth of the rate: here it beat both ways of training all from the start.
# - Feed the body as it was fed when it learned, and train from scratch beside it.
#
# Now you can make the bank a reader, and show whether transfer pays.
#
# ## Common mistakes
#
# - **`trainable` changed after `fit` has run**: on TensorFlow, only the summary changes until the next
#   `compile`.
# - **A frozen body taken for a still one**: inside `fit`, its dropout still drops.
# - **Another range than the body's own**: no error, poor features.
#
# ## Read more
#
# - F. Chollet, [Transfer learning and fine-tuning](https://keras.io/guides/transfer_learning/), Keras's guide.
# - J. Yosinski and others (2014), [How transferable are features in deep neural
#   networks?](https://arxiv.org/abs/1411.1792): which layers transfer.
# - E. Alpaydin, C. Kaynak (1998), [Optical recognition of handwritten
#   digits](https://archive.ics.uci.edu/dataset/80): the bank's digits.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [35 · Deep architectures](35_deep_architectures.ipynb). Twenty layers fail, and four experts each know the one cure. **Before:** [33 · Object detection](33_object_detection.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+34%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/35_deep_architectures.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/33_object_detection.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
