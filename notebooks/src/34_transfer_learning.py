# ---
# jupyter:
#   dlcourse:
#     title: "Transfer learning"
#     subtitle: A bank abroad has forty labeled digits, and that is enough for a network that has read before
#     minutes: 50
#     further: 8
#     seconds: 30
#     needs: ["23", "31"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "frozen is safe; trainable=False is training=False; transfer always helps"
#       stop: "section 4; break and fix"
#       ask: "\"A body that is frozen gives two answers for one picture: how?\""
#       stuck: "trainable says who learns, training says how it computes: the table of section 3"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]

# %% [markdown]
# ## You will be able to
#
# 1. say which parameters of a half-frozen network can learn, and when that is settled
#    *(section 2 · exercise 34.1)*
# 2. cut off a network's head, put a new one on a frozen body, and keep that body truly still
#    *(sections 2 and 3 · exercise 34.2)*
# 3. fine-tune with two learning rates, and say how many labels make it worthwhile
#    *(sections 4 and 5 · exercise 34.3)*
# 4. find out why a transfer fails, and when not to try one
#    *(section 6, break and fix · exercise 34.4)*

# %% tags=["bootstrap"]

# %% tags=["parameters"]
PROFILE = "quick"
SEED = 0

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("34", profile=PROFILE, seed=SEED)

import keras
from keras import layers

DRAWS = lesson.pick(quick=5, full=20)  # how often a training is repeated
STEPS = 60  # of gradient descent, each on 32 images

# %% [markdown]
# ## 1 · The reader goes abroad
#
# You have a network that reads amounts on American forms. Now a bank in Istanbul sends you scans of its own. It has labeled
# **forty** digits, four of each kind. It will not label many more: a clerk has to look at every one.
#
# Both sets are real. The American digits are MNIST's. The Turkish ones were written by 13 people and are scikit-learn's
# digits, with 0 to 16 for the amount of ink. We shrink MNIST's pictures to 8×8 pixels, too, and bring both to 0 (paper) to 1 (ink).

# %%
american, bank = datasets.mnist_5k(), datasets.digits()

def shrink(images):  # the inner 20×20 pixels, each doubled, then means of 5×5 blocks
    inner = images[:, 4:24, 4:24].repeat(2, axis=1).repeat(2, axis=2)
    return inner.reshape(-1, 8, 5, 8, 5).mean(axis=(2, 4))

def prepare(images, most):  # (n, 8, 8), 0 to most -> (n, 8, 8, 1), 0 to 1
    return (images / most).astype("float32")[..., None]

x_home, y_home = prepare(shrink(american.x_train), 255), american.y_train
x_home_val, y_home_val = prepare(shrink(american.x_test), 255), american.y_test
x_bank, y_bank = prepare(bank.x_train[:1000], 16), bank.y_train[:1000]
x_val, y_val = prepare(bank.x_train[1000:], 16), bank.y_train[1000:]
x_test, y_test = prepare(bank.x_test, 16), bank.y_test

# %% tags=["hide-input"]
figure, axes = plt.subplots(2, 10, figsize=(10, 2.5))
for row, (x, y, name) in zip(axes, ((x_home, y_home, "American"),
                                    (x_bank, y_bank, "the bank's")), strict=True):  # fmt: skip
    for digit, axis in enumerate(row):
        axis.imshow(x[y == digit][0], cmap="gray_r", vmin=0, vmax=1)
        axis.set(xticks=[], yticks=[])
    row[0].set_ylabel(name)
figure.suptitle("The same ten digits, from another camera and another country",
                fontweight="bold", fontsize=12)  # fmt: skip
plots.show("Two rows of ten digits of 8×8 pixels. The bank's fill their squares and have"
           " darker strokes than the American ones.")

# %% [markdown]
# From the bank's digits, 1,000 stand in for its drawer of unread forms: we label a few of them at a time. 437 others, the
# validation set, measure what we try. A bank with forty labels would not have them; we need them to learn something
# general. The test set stays closed until the end.
#
# Here is the reader that worked at home: a *body*, which turns a picture into 64 **features**, and a *head*, one
# dense layer, which turns features into ten probabilities.

# %%
LOSS = "sparse_categorical_crossentropy"

def make_reader(classes=10, rate=0.002):
    x = inputs = keras.Input((8, 8, 1), name="scan")
    for filters in (16, 32):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.ReLU()(x)
        if filters == 16:
            x = layers.MaxPooling2D()(x)  # 8×8 -> 4×4
    x = layers.Dropout(0.1)(layers.Flatten()(x))  # (batch, 4 · 4 · 32 = 512)
    x = layers.Dense(64, activation="relu", name="features")(x)
    outputs = layers.Dense(classes, activation="softmax", name="head")(x)
    model = keras.Model(inputs, outputs, name="reader")
    model.compile(keras.optimizers.Adam(rate), LOSS)
    return model

def predict(model, x):  # the class of each image
    return keras.ops.convert_to_numpy(model(x, training=False)).argmax(axis=1)

def accuracy(model, x, y):
    return np.mean(predict(model, x) == y)

# %% [markdown]
# **Predict.** It learns from 4,000 American digits, and reads the bank's without further training. How many of 100 will it read? And
# how many does a new network read that has learned only from the bank's forty?

# %%
source = make_reader()
source.fit(x_home, y_home, batch_size=128, epochs=8, verbose=0)
at_home = accuracy(source, x_home_val, y_home_val)
abroad = accuracy(source, x_val, y_val)
print(f"at home ≈ {at_home:.3f}, abroad ≈ {abroad:.3f}")
claim("abroad, the reader reads ≈ {:.0f} of 100 digits less than at home",
      100 * (at_home - abroad), at_least=5)  # fmt: skip

# %%
def choose(n, draw, y=y_bank):  # n rows of each class, another choice for each draw
    rng = np.random.default_rng([lesson.seed, n, draw])
    return np.concatenate([rng.choice(np.flatnonzero(y == digit), n, replace=False)
                           for digit in np.unique(y)])  # fmt: skip

def train(model, n, draw, x=x_bank, y=y_bank, steps=STEPS):
    rng = np.random.default_rng([lesson.seed, draw])
    rows = rng.choice(choose(n, draw, y), 32 * steps)  # each label comes many times
    model.fit(x[rows], y[rows], batch_size=32, verbose=0, shuffle=False)

scratch = make_reader()
train(scratch, n=4, draw=0)
print(f"from the bank's forty alone ≈ {accuracy(scratch, x_val, y_val):.3f}")

# %% [markdown]
# Neither is good enough for a bank. The one has seen thousands of digits, but the wrong ones; the other the right
# ones, but only forty. **Transfer learning** puts the two together: it starts from the weights of the first and goes
# on with the labels of the second.
#
# ## 2 · A new head on an old body
#
# With the Functional API (lesson 23) you cut a network where you like: a model is whatever lies between an input and an output.
# Here the cut is behind the layer `"features"`. The body is **frozen**: `trainable = False` keeps its weights from
# learning.

# %%
def cut(model):  # the body of a copy, so that the original keeps its weights
    twin = keras.models.clone_model(model)
    twin.set_weights(model.get_weights())
    return keras.Model(twin.input, twin.get_layer("features").output, name="body")

def put_head(body, rate, classes=10):
    inputs = keras.Input((8, 8, 1), name="scan")
    head = layers.Dense(classes, activation="softmax", name="head")
    model = keras.Model(inputs, head(body(inputs)), name="transfer")
    model.compile(keras.optimizers.Adam(rate), LOSS)
    return model

body = cut(source)
body.trainable = False
model = put_head(body, rate=0.01)
model.summary()

# %% [markdown]
# Only the new head can learn: $64 \cdot 10 + 10 = 650$ numbers. (Without the copy, body and source would
# share their weights, and training the one would change the other.)
#
# **Predict.** We train the head, thaw the body, and train on, without a new `compile`. The summary now calls the body trainable. How
# far will its weights move?

# %%
def moved(kernel):  # how far the first convolution's weights are from an earlier copy
    return np.abs(body.get_weights()[0] - kernel).max()

kernel = body.get_weights()[0]
train(model, n=4, draw=0)
print(f"frozen: the body moved by {moved(kernel):.4f}")
body.trainable = True
try:
    train(model, n=4, draw=0)
    print(f"thawed, not compiled: {len(model.trainable_weights)} arrays of weights are"
          f" called trainable, the body moved by {moved(kernel):.4f}")  # fmt: skip
except (KeyError, ValueError):  # JAX and PyTorch
    print("thawed, not compiled: this backend refuses to go on")
model.compile(keras.optimizers.Adam(0.001), LOSS)
train(model, n=4, draw=0)
verify("after compile it moves", moved(kernel), at_least=1e-4)
print(f"thawed and compiled: the body moved by ≈ {moved(kernel):.4f}")

# %% [markdown]
# On TensorFlow, the thawed body does not move at all, and nothing warns you. (JAX and PyTorch stop with an error.) What learns is settled when
# `fit` first runs after `compile`; later changes of `trainable` reach only the summary. So the order is: set
# `trainable`, then `compile`, then `fit`.
#
# ### Exercise 34.1
#
# The body's layers have these parameters: convolutions 144 and 4,608; batch norms $4 \cdot 16 = 64$ and
# $4 \cdot 32 = 128$, namely scale, shift, moving mean and moving variance for each channel; the dense layer 32,832. A colleague's head has **7** classes instead of ten. How
# many parameters can gradient descent change, (a) with the body frozen, (b) with all of it thawed?
#
# <details><summary>Hint 1</summary>The new head has 64 weights and one bias for each of its classes.</details>
# <details><summary>Hint 2</summary>Moving means and variances are averages of what came by. No gradient ever changes
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
check("34.1", head_7, 144 + 2 * 16 + 4608 + 2 * 32 + 32832 + head_7)

# %% [markdown]
# ## 3 · `trainable=False` is not `training=False`
#
# The names are alike, the things are not. `trainable` says whether a layer's weights *learn*. `training` says *how the
# layer computes* in this call: as in training, or as in use. Two kinds of layers compute differently. **Dropout** sets some of its inputs to 0 in training (lesson 52); **batch norm** (lesson 32)
# subtracts the mean of the batch in training, and a stored moving mean in use.
#
# **Predict.** A frozen body reads the same pictures twice. Will it give the same features?

# %%
pictures, rows = x_bank[:32], []
for trainable in (False, True):
    for training in (False, True):
        trial = cut(source)
        trial.trainable = trainable
        stored = trial.get_weights()
        first, second = (trial(pictures, training=training) for _ in range(2))
        same = bool(keras.ops.all(first == second))
        still = all(map(np.array_equal, stored, trial.get_weights()))
        rows.append([trainable, training, len(trial.trainable_weights), same, still])
pd.DataFrame(rows, columns=["trainable", "training", "arrays that can learn",
                            "same features twice", "averages keep still"])  # fmt: skip

# %% [markdown]
# Read the second row: **frozen, and still not the same twice**. Dropout does not ask whether anything learns; `training`
# alone switches it. Batch norm asks both: its averages move only if it is trainable *and* called with
# `training=True`, which is what `fit` does where nobody says otherwise. (Keras makes this exception for batch norm only.)
#
# How much do moving averages matter? We call a thawed body without `fit`: no label, no
# gradient. **Predict.** Will its answers change?

# %%
wanderer = keras.models.clone_model(source)
wanderer.set_weights(source.get_weights())
for batch in np.array_split(x_bank, 32):
    wanderer(batch, training=True)
changed = np.mean(predict(wanderer, x_val) != predict(source, x_val))
print(f"abroad: before ≈ {abroad:.3f}, after ≈ {accuracy(wanderer, x_val, y_val):.3f}")
claim("without a label or a gradient, ≈ {:.0f} of 100 answers changed", 100 * changed,
      at_least=1)  # fmt: skip

# %% [markdown]
# Here the new averages do no harm; in some trainings they even help, because they fit the new camera (Li and others, 2016).
# But they are one more thing that changes, and with few or unusual images in a batch they go astray.
#
# So how do you keep a body still while `fit` runs? Many texts, Keras's guide among them, write `training=False` where the model is put
# together: `body(inputs, training=False)`. **Predict.** Does it hold?

# %%
class Still(layers.Layer):  # calls a body as in use, whatever fit asks for
    def __init__(self, body):
        super().__init__()
        self.body = body

    def call(self, images):
        return self.body(images, training=False)

body = cut(source)
inputs = keras.Input((8, 8, 1))
for name, outputs in {"body(inputs, training=False)": body(inputs, training=False),
                      "Still(body)(inputs)": Still(body)(inputs)}.items():  # fmt: skip
    trial = keras.Model(inputs, outputs)
    first, second = (trial(pictures, training=True) for _ in range(2))  # as fit calls it
    print(f"{name:28} same twice: {bool(keras.ops.all(first == second))}")

# %% [markdown]
# Not in Keras 3, as you see: a functional model hands its own `training` on to every layer inside, over what was written when it was
# built. A layer of your own decides for itself. So believe no text, this one included: call the model twice with
# `training=True` and compare.
#
# ### Exercise 34.2
#
# Write `transfer(source, n_classes)`. It returns a new model: the body of `source`, frozen, and still even during
# training, with a new softmax head. `source` ends in the layers `"features"` and `"head"`; its pictures may have another size
# than ours. `Still` may help. You need no `compile` and no copy.
#
# <details><summary>Hint 1</summary>Three steps: <code>keras.Model(source.input, ...)</code>, its <code>trainable</code>, then a model from a new
# <code>keras.Input</code> to a new <code>Dense</code>.</details>
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
    body = keras.Model(source.input, source.get_layer("features").output)
    body.trainable = False
    inputs = keras.Input(source.input_shape[1:])
    outputs = layers.Dense(n_classes, activation="softmax")(Still(body)(inputs))
    return keras.Model(inputs, outputs)

check("34.2", transfer_solution)

# %% [markdown]
# ## 4 · How many labels does it take?
#
# Four contenders get 1, 4, 16 and 64 labels a class:
#
# - **from scratch**: a new network, all of it trained;
# - **frozen**: the American body frozen, a new head;
# - **fine-tuned**: body *and* head from America, all trained on at half of scratch's rate. The head fits because the classes are the same;
# - **random, frozen**: the control. Its body has never learned anything. If it did as well as *frozen*, America would
#   not be the reason.
#
# One training would show luck: which forty digits were labeled, and the first weights of the new head. So each is done five
# times (20 in `full`), with other labels and other weights. **Predict** the order at one label a class, and at 64.

# %%
def features_of(body, *images):  # a frozen body: each picture passes through it once
    return [keras.ops.convert_to_numpy(body(x, training=False)) for x in images]

def make_head(rate=0.01, classes=10):
    head = layers.Dense(classes, activation="softmax", name="head")
    model = keras.Sequential([keras.Input((64,)), head])
    model.compile(keras.optimizers.Adam(rate), LOSS)
    return model

def fine_tuned(rate=0.001):
    model = put_head(cut(source), rate)
    model.get_layer("head").set_weights(source.get_layer("head").get_weights())
    return model

# %%
LABELS = [1, 4, 16, 64]  # of each class
runs = [(n, draw) for n in LABELS for draw in range(DRAWS)]

def on(x, x_val, y_val=y_val):
    def train_and_read(model, run):
        train(model, *runs[run], x)
        return accuracy(model, x_val, y_val)
    return train_and_read

images, features = (x_bank, x_val), features_of(cut(source), x_bank, x_val)
contenders = {"from scratch": (make_reader, on(*images)),
              "frozen": (make_head, on(*features)),
              "fine-tuned": (fine_tuned, on(*images)),
              "random, frozen": (make_head, on(*features_of(cut(make_reader()), *images)))}
builders, trains = ({name: pair[i] for name, pair in contenders.items()} for i in (0, 1))
results = dlcourse.repeat(len(runs), builders, trains, reseed=False, steps_at_once=20)
results.index = pd.MultiIndex.from_tuples(runs, names=["labels a class", "draw"])
mean = results.groupby("labels a class").mean()
mean.map("≈ {:.2f}".format)

# %% tags=["hide-input"]
LOOKS = {"from scratch": (plots.BLUE, "o", "--"), "frozen": (plots.SKY, "s", "-."),
         "fine-tuned": (plots.VERMILION, "D", "-"),
         "random, frozen": ("0.5", "x", ":")}  # fmt: skip
figure, axis = plt.subplots(figsize=(8.5, 4.4))
for shift, (name, (color, mark, line)) in enumerate(LOOKS.items()):
    place = np.array([n for n, _ in runs]) * 1.07 ** (shift - 1.5)
    axis.plot(place, results[name], mark, color=color, ms=5, alpha=0.55)
    axis.plot(LABELS, mean[name], line, color=color, marker=mark, ms=8, label=name)
axis.axhline(abroad, color="black", lw=1.2)
axis.text(64, abroad - 0.015, "the American reader as it is", ha="right", va="top")
axis.set(xscale="log", xlabel="labels a class", ylabel="accuracy on validation digits",
         ylim=(0.2, 1.0),
         title="The fewer the labels, the more the old body brings")  # fmt: skip
axis.set_xticks(LABELS, LABELS)
axis.minorticks_off()
axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
plots.show("Accuracy against labels a class, a small mark for each draw. Fine-tuned is on"
           " top with few labels; from scratch catches up with 64; frozen flattens;"
           " the random body stays far below.")

# %%
gain = results["fine-tuned"] - results["from scratch"]
claim("with 4 labels a class, fine-tuning reads ≈ {:.0f} of 100 digits more than scratch",
      100 * gain[4].mean(), at_least=5)  # fmt: skip
claim("and ≈ {:.0f} more than the American reader without any label",
      100 * (results["fine-tuned"][4].mean() - abroad), at_least=5)  # fmt: skip
claim("a frozen American body reads ≈ {:.0f} more than a random one",
      100 * (results["frozen"] - results["random, frozen"])[4].mean(), at_least=10)  # fmt: skip
claim("with 64 labels a class, scratch reads ≈ {:.1f} more than the frozen body",
      100 * (results["from scratch"] - results["frozen"])[64].mean(), at_least=0.5)  # fmt: skip

# %% [markdown]
# Three things to take home. With **few labels**, what you start from decides. With **one label a class**, the dots scatter widely: a single
# training could prove anything. And **frozen is not safe**: its features were made for other
# pictures, no number of labels can mend them, and at 64 a network from scratch overtakes it.
#
# **Play.** The bank wants 10,000 digits read. A label costs a clerk's time, and so does every digit that is read wrongly. What should it do when a mistake costs twice
# as much as a label, and when ten times?

# %% tags=["hide-input"]
def total_cost(mistake=2.0):
    figure, axis = plt.subplots(figsize=(8, 4))
    best = mistake * 10_000 * (1 - abroad), 0, "as it is"
    for name in ("from scratch", "frozen", "fine-tuned"):
        color, mark, line = LOOKS[name]
        cost = 10 * np.array(LABELS) + mistake * 10_000 * (1 - mean[name].to_numpy())
        axis.plot(10 * np.array(LABELS), cost, line, marker=mark, color=color, label=name)
        lowest = int(cost.argmin())
        best = min(best, (cost[lowest], 10 * LABELS[lowest], name))
    axis.axhline(mistake * 10_000 * (1 - abroad), color="black", lw=1.2,
                 label="the American reader")  # fmt: skip
    axis.plot(best[1] or 10, best[0], "o", ms=18, mfc="none", mec="black")
    axis.set(xscale="log", xlabel="labels bought", ylabel="cost, in labels",
             title=f"Cheapest: {best[2]}, with {best[1]} labels")  # fmt: skip
    axis.set_xticks([10, 40, 160, 640], [10, 40, 160, 640])
    axis.minorticks_off()
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))

explore(total_cost, alt="Cost of labels and mistakes against the number of labels bought,"
        " for three contenders. Fine-tuning is the cheapest.",
        mistake=(0.05, 10.0, 0.05))  # fmt: skip

# %% [markdown]
# If mistakes are cheap, it pays to label nothing more than a little; the dearer they are, the more labels pay.
#
# ## 5 · Two learning rates
#
# Fine-tuning begins near a good place, and large steps leave it. How large is too large? Again four labels a class, head kept:

# %%
RATES = [0.0001, 0.001, 0.01, 0.1]
rate_runs = [(rate, draw) for rate in RATES for draw in range(3)]

def train_at(model, run):
    rate, draw = rate_runs[run]
    model.optimizer.learning_rate = rate
    train(model, 4, draw)
    return accuracy(model, x_val, y_val)

by_rate = dlcourse.repeat(len(rate_runs), fine_tuned, train_at, reseed=False,
                          steps_at_once=20)["fine_tuned"].to_numpy().reshape(4, 3)  # fmt: skip
claim("at a rate of 0.1, fine-tuning reads ≈ {:.0f} of 100 less than at 0.001",
      100 * (by_rate[1] - by_rate[3]).mean(), at_least=10)  # fmt: skip

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7, 3.6))
axis.plot(np.repeat(RATES, 3), by_rate.ravel(), "D", color=plots.VERMILION, ms=5, alpha=0.5)
axis.plot(RATES, by_rate.mean(axis=1), "D-", color=plots.VERMILION, ms=8, label="fine-tuned")
axis.axhline(mean["from scratch"][4], color=plots.BLUE, ls="--", lw=1.5, label="from scratch")
axis.axhline(abroad, color="black", lw=1.2, label="the American reader")
axis.set(xscale="log", xlabel="learning rate", ylabel="accuracy on validation digits",
         title="A large rate wipes out what was learned in America")  # fmt: skip
axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
plots.show("Accuracy against learning rate: highest near 0.001, and at 0.1 below a network"
           " from scratch.")

# %% [markdown]
# At 0.1 the result is worse than starting from nothing.
#
# What if the classes are new, so that no head can be kept? A new head gives random answers, large errors, and
# large gradients, which run through the body before the head knows anything. Hence the usual recipe: **the head first,
# with the body frozen; then everything, at a tenth of the rate.** We compare it with training everything at once, for
# as many steps in all. **Predict.** Does the order matter?

# %%
heads = {}

def head_first(model, draw):
    train(model, 4, draw, features[0])
    heads[draw] = model.get_weights()
    return accuracy(model, features[1], y_val)

def then_all(model, draw):
    model.get_layer("head").set_weights(heads[draw])
    train(model, 4, draw)  # the same batches once more
    return accuracy(model, x_val, y_val)

def at_once(model, draw):
    train(model, 4, draw, steps=2 * STEPS)
    return accuracy(model, x_val, y_val)

dlcourse.repeat(DRAWS, make_head, head_first, reseed=False, steps_at_once=20)
recipes = {"at once, rate 0.01": at_once, "at once, rate 0.001": at_once,
           "head at 0.01, then all at 0.001": then_all}  # fmt: skip
new_head = {name: lambda rate=rate: put_head(cut(source), rate)
            for name, rate in zip(recipes, (0.01, 0.001, 0.001), strict=True)}  # fmt: skip
order = dlcourse.repeat(DRAWS, new_head, recipes, reseed=False, steps_at_once=20)
print(order.mean().map("≈ {:.3f}".format).to_string())
claim("head first reads ≈ {:.0f} of 100 digits more than everything at once at 0.01",
      100 * (order.iloc[:, 2] - order.iloc[:, 0]).mean(), at_least=1)  # fmt: skip

# %% [markdown]
# ### Exercise 34.3
#
# Write `fine_tune(model, rate)`, the step between the two phases. `model` is a frozen body, the layer `"body"`, with a head that was
# trained at `rate`. Afterwards all of it shall learn, at a tenth of that rate, with Adam and the loss `LOSS`. Return the model.
#
# <details><summary>Hint 1</summary>The body is one of the layers of <code>model</code>. <code>model.layers</code> lists them, and
# <code>model.get_layer("body")</code> finds one by its name.</details>
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
# Now the bank's answer. Its head can be kept, so we fine-tune with its forty labels and open the test set, once:

# %%
final = fine_tuned()
train(final, n=4, draw=0)
for name, contender in {"the American reader": source, "from scratch": scratch,
                        "fine-tuned": final}.items():  # fmt: skip
    print(f"{name:20} ≈ {accuracy(contender, x_test, y_test):.3f}")

# %% [markdown]
# About nine of ten, from forty labels. Neither the 4,000 American digits nor the forty of the bank could do that alone.
#
# ## 6 · When transfer does not help
#
# A reader that has only ever seen the digits 0 to 4 surely knows about strokes and loops. **Predict.** Will its body, frozen, help to learn 5 to 9 from
# 16 labels a class? Everything is American now: the same camera, other classes.

# %%
low, low_val = y_home < 5, y_home_val < 5
zero_to_four = make_reader(classes=5)
zero_to_four.fit(x_home[low], y_home[low], batch_size=128, epochs=10, verbose=0)

x_high, y_high = x_home[~low], y_home[~low] - 5
x_high_val, y_high_val = x_home_val[~low_val], y_home_val[~low_val] - 5

def on_high(x, x_val):
    def train_and_read(model, draw):
        train(model, 16, draw, x, y_high)
        return accuracy(model, x_val, y_high_val)
    return train_and_read

# %%
high, known = (x_high, x_high_val), features_of(cut(zero_to_four), x_high, x_high_val)
others = {"from scratch": lambda: make_reader(classes=5),
          "frozen": lambda: make_head(classes=5),
          "fine-tuned": lambda: put_head(cut(zero_to_four), 0.001, classes=5)}  # fmt: skip
on_what = {name: on_high(*(known if name == "frozen" else high)) for name in others}
new_classes = dlcourse.repeat(DRAWS, others, on_what, reseed=False, steps_at_once=20)
print(new_classes.agg(["mean", "std"]).map("≈ {:.3f}".format))
claim("frozen, the reader of 0 to 4 reads ≈ {:.0f} of 100 digits less than scratch",
      100 * (new_classes["from scratch"] - new_classes["frozen"]).mean(), at_least=3)  # fmt: skip

# %% [markdown]
# Frozen, transfer *costs*. Fine-tuned, it brings little or nothing beside the scatter of the draws. The body learned what tells 0 to 4 apart, and had no
# reason to keep what tells 5 from 6. (That this is the cause is a guess: we have not tested it.)
#
# So always train the network from scratch beside it: without this row you would have called the frozen body a success.
#
# ## Break and fix
#
# A colleague takes your functions for the bank's next delivery: the same kind of scans, the same forty labels. He hands
# the American body arrays that he has made himself, freezes it, and trains a new head. The result is miserable. "The scans are fine", he
# says, "a network from scratch learns from them."

# %%
def prepare_his(scans):  # (n, 8, 8), as the bank sends them -> what networks take
    return (scans / 255).astype("float32")[..., None]

x_his, x_his_val = prepare_his(bank.x_train[:1000]), prepare_his(bank.x_train[1000:])

his_features = features_of(cut(source), x_his, x_his_val)

def train_his(x, x_val):
    def train_and_read(model, draw):
        train(model, 4, draw, x)
        return accuracy(model, x_val, y_val)
    return train_and_read

his = dlcourse.repeat(
    DRAWS, {"from scratch": make_reader, "frozen": make_head},
    {"from scratch": train_his(x_his, x_his_val), "frozen": train_his(*his_features)},
    reseed=False, steps_at_once=20)  # fmt: skip
print(his.mean().map("≈ {:.3f}".format).to_string())
claim("on his arrays, scratch reads ≈ {:.0f} of 100 digits more than the frozen body",
      100 * (his["from scratch"] - his["frozen"]).mean(), at_least=20)  # fmt: skip

# %% [markdown]
# Too few labels? A wrong rate? Did the body lose its weights? Or is it something that a new network gets over, and a frozen one cannot?
#
# ### Exercise 34.4
#
# Find the cause, and write `mended(scans)`: it takes scans as the bank sends them, `(n, 8, 8)`, and returns what the
# American body expects.
#
# <details><summary>Hint 1</summary>Look at the numbers that go in: <code>x_his.max()</code>, and <code>x_home.max()</code>.</details>
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
print(f"largest value: his {x_his.max():.3f}, at home {x_home.max():.3f}")

# %% [markdown]
# The pictures came in sixteen times too pale. A new network learns its scale from the data, above all with batch norm.
# A frozen body cannot: its averages are those of American ink. **Feed a body exactly as it was fed when it learned**: range, order
# of the colors, size. Each family of `keras.applications` has its own `preprocess_input` for this, and forgetting it, or doing it twice, raises no error.
#
# ## Going further: a body from ImageNet
#
# Most people transfer from something larger: networks that learned from over a million photographs of ImageNet's 1,000
# classes. Here is MobileNetV2, with its weights from a local folder or else from the network, on a real task with 140 training pictures:
# face or no face? Only the `full` profile tries.

# %%
FILE = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96_no_top.h5"

def imagenet_body():  # (batch, 96, 96, 3), -1 to 1 -> (batch, 1280); None without weights
    local = datasets.data_folder() / "keras_applications" / FILE
    weights = str(local) if local.exists() else "imagenet"
    try:
        return keras.applications.MobileNetV2(
            (96, 96, 3), alpha=0.35, include_top=False, weights=weights, pooling="avg")
    except Exception:
        print(f"No ImageNet weights: go online once, or put {FILE} into the folder"
              f" keras_applications of your data folder.")
        return None

imagenet = imagenet_body() if lesson.profile == "full" else None

# %%
faces = datasets.faces()

def to_photographs(x):  # gray, 0 to 255 -> what this body was fed with
    photographs = keras.ops.image.resize(x[..., None].astype("float32"), (96, 96))
    photographs = keras.ops.repeat(photographs, 3, axis=-1)
    return keras.applications.mobilenet_v2.preprocess_input(photographs)

if imagenet is not None:
    features = [imagenet.predict(to_photographs(x), verbose=0)
                for x in (faces.x_train, faces.x_test)]  # fmt: skip
    head = keras.Sequential([keras.Input((1280,)), layers.Dense(2, activation="softmax")])
    head.compile(keras.optimizers.Adam(0.001), LOSS)
    head.fit(features[0], faces.y_train, epochs=30, verbose=0)
    print(f"faces told apart ≈ {accuracy(head, features[1], faces.y_test):.3f}")
else:
    print("without ImageNet's weights, this cell has nothing to do")

# %% [markdown]
# A frozen body gives the same features in every epoch. So each picture passes through it only once, and the head learns from stored features in
# seconds. KerasHub has newer bodies: `keras_hub.models.Backbone.from_preset` takes a name or a local folder.
#
# ## Going further: augmentation together with it
#
# Augmentation (lesson 12) is the other way to stretch forty labels. Do the two add up? Small shifts, turns and zooms of
# every training picture stand in front of the network; all else is as in section 4.

# %%
def augmented(model):
    x = inputs = keras.Input((8, 8, 1))
    for layer in (layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),
                  layers.RandomRotation(0.03, fill_mode="constant"),
                  layers.RandomZoom(0.1, fill_mode="constant")):  # fmt: skip
        x = layer(x)
    whole = keras.Model(inputs, model(x))
    whole.compile(keras.optimizers.Adam(float(model.optimizer.learning_rate)), LOSS)
    return whole

def train_four(model, draw):
    train(model, 4, draw)
    return accuracy(model, x_val, y_val)

pairs = {"from scratch": lambda: augmented(make_reader()),
         "fine-tuned": lambda: augmented(fine_tuned())}  # fmt: skip
stretched = dlcourse.repeat(DRAWS, pairs, train_four, reseed=False, steps_at_once=20)
for name in pairs:
    plain = results.loc[4, name]
    print(f"{name:13} plain ≈ {plain.mean():.3f}, augmented ≈ {stretched[name].mean():.3f};"
          f" draws scatter by ≈ {plain.std():.3f}")  # fmt: skip

# %% [markdown]
# Compare each difference with the scatter of the draws before you believe in it. On pictures of 8×8 pixels a shift by a tenth is
# less than one pixel: there is little to gain. On photographs, where there is more to vary, fine-tuning and augmentation usually go together.

# %% [markdown]
# ## Quiz

# %%
quiz("34")

# %% [markdown]
# ## Summary
#
# - Transfer starts from weights that were learned elsewhere. It pays most when labels are few.
# - `trainable` says who learns, and counts from the next `compile`; `training` says how dropout and batch norm compute.
# - Frozen features have a ceiling: with many labels, fine-tune, or start from scratch.
# - A new head first, then everything at a tenth of the rate. Too large a rate wipes out what was there.
# - Feed the body as it was fed when it learned, and always train from scratch beside it.
#
# An hour ago, forty labels were too few for the bank. Now you know what to start from, and how to tell whether it helped.
#
# ## Common mistakes
#
# - **`trainable` changed after `compile`**: the summary changes, the training does not.
# - **`training=False` only where the model is put together**: during `fit`, dropout drops, and thawed averages move.
# - **Another range or preprocessing than the body's own**: no error, poor features.
# - **No control**: neither scratch nor a random body beside it, and one draw of the labels.
#
# ## Read more
#
# - F. Chollet, [Transfer learning and fine-tuning](https://keras.io/guides/transfer_learning/), Keras's guide.
# - J. Yosinski and others (2014), [How transferable are features in deep neural networks?](https://arxiv.org/abs/1411.1792):
#   which layers transfer.
# - S. Kornblith and others (2019), [Do better ImageNet models transfer better?](https://arxiv.org/abs/1805.08974)
# - Y. Li and others (2016), [Revisiting batch normalization for practical domain adaptation](https://arxiv.org/abs/1603.04779).
# - E. Alpaydin, C. Kaynak (1998), [Optical recognition of handwritten digits](https://archive.ics.uci.edu/dataset/80):
#   the bank's digits.

# %% [markdown] tags=["footer"]
