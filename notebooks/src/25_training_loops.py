# ---
# jupyter:
#   dlcourse:
#     title: Training loops
#     subtitle: Write out what `fit` does, and go on after an interruption as if nothing had happened
#     minutes: 60
#     further: 20
#     seconds: 40
#     needs: ["22", "23"]
#     backends: [tensorflow]
#     teaching:
#       believe: "my own loop does what `fit` does, and saved weights are a saved training"
#       stop: "break and fix"
#       ask: "\"The lid closes at epoch 37. What must be on the disk?\""
#       stuck: "variables are live: a snapshot needs copies"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 25 · Training loops
#
# *Write out what `fit` does, and go on after an interruption as if nothing had happened*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/25_training_loops.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/25_training_loops.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/25_training_loops.ipynb)
#
# **Your time:** 60 minutes, and 20 for *Going further* · **The notebook runs in:** about 40 s on two CPU cores · **Before this:** lesson 22, lesson 23

# %% [markdown]
# ## You will be able to
#
# 1. write a training step by hand that equals one of `fit`  *(sections 2 and 3 · exercise
#    25.1)*
# 2. find a bug by training on a single batch first  *(section 4, break and fix · exercise
#    25.2)*
# 3. resume a training that was cut off, with nothing lost  *(sections 1 and 5 · exercise
#    25.3)*

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
import contextlib
import os
import tempfile
import timeit
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz

lesson = dlcourse.start("25", profile=PROFILE, seed=SEED, backends=("tensorflow",))

import keras
import tensorflow as tf
from keras import layers

tf.get_logger().setLevel("ERROR")  # it warns of many traced functions; we want them

# %% [markdown]
# ## 1 · The lid closes at epoch 37
#
# Lina builds a doorbell that knows whether a face is in front of it. She trains it on the train
# home. At epoch 37 of 60 her station comes. She saves the network's weights and closes the lid.
# On the way the battery dies, and the program is gone. At home she loads the weights and trains
# the missing 23 epochs.
#
# Her pictures are real, cut out of *Labeled Faces in the Wild*: 110 to train on, 30 to validate.

# %%
faces = datasets.faces()
x_all = faces.x_train[..., None].astype("float32") / 255  # (140, 25, 25, 1), 0 to 1
y_all = faces.y_train[:, None].astype("float32")  # (140, 1), 1 is a face
x_train, y_train, x_val, y_val = x_all[:110], y_all[:110], x_all[110:], y_all[110:]
plots.image_grid(x_train[:16], columns=8, title="Face or no face?",
                 titles=[faces.class_names[int(y)] for y in y_train[:16, 0]])
plots.show("Sixteen gray cut-outs of 25 by 25 pixels, labeled face or no face.")

# %%
loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)
adam, sgd = keras.optimizers.Adam, keras.optimizers.SGD

def network(kind=keras.Sequential, l2=1e-3, dropout=0.2):
    keras.utils.set_random_seed(lesson.seed)  # the same first weights each time
    penalty = keras.regularizers.L2(l2)
    return kind([
        layers.Input((25, 25, 1)), layers.Flatten(),
        layers.Dense(64, "relu", kernel_regularizer=penalty),
        layers.Dropout(dropout), layers.Dense(1)])  # one score: above 0 means face

def compiled(model):
    model.compile(adam(0.003), loss_fn)
    return model

def fit(model, epochs):
    history = model.fit(x_train, y_train, batch_size=32, epochs=epochs, verbose=0)
    return history.history["loss"]

# %% [markdown]
# **Predict.** How does her loss go on at home: lower than before the lid, at the same level, or
# higher?

# %%
train_ride, at_home = compiled(network()), compiled(network())
before = fit(train_ride, 37)
kept = train_ride.get_weights()  # all that Lina saved
open_lid = fit(train_ride, 23)  # if the lid had stayed open
at_home.set_weights(kept)
reopened = fit(at_home, 23)
for name, losses in {"lid open": open_lid, "reopened": reopened}.items():
    print(f"{name}: mean loss of the next five epochs ≈ {np.mean(losses[:5]):.3f}")

# %% tags=["hide-input"]
def lid_figure(never, train, home, **labels):  # each: epochs, losses
    plt.plot(*never, lw=5, color=plots.SKY, alpha=0.7,
             label="if the lid had stayed open")
    plt.plot(*train, "-", color="0.3", label="on the train")
    plt.plot(*home, "--", color=plots.VERMILION, label="at home")
    plt.axvline(37.5, ymax=0.6, color="0.6", ls=":")
    plt.gca().set(xlabel="epoch", ylim=(0, 0.8), **labels)
    plt.legend()

epochs = np.arange(1, 61)
lid_figure((epochs, before + open_lid), (epochs[:37], before), (epochs[37:], reopened),
           ylabel="training loss", title="From the saved weights, the loss goes up")
plots.show("Training loss by epoch. After epoch 37 the curve from the saved weights"
           " rises above the uninterrupted one for some epochs.")

# %% [markdown]
# The weights are the same to the last bit, and still the loss goes up. So a training is more
# than its weights. What else is it? To know that, write one yourself. At the end the lid closes
# again, and nothing is lost.

# %% [markdown]
# ## 2 · Four parts of a step
#
# For every batch, `fit` does four things. **Forward**: compute the outputs. **Loss**: compare
# them with the labels. **Backward**: find the gradient $g$ of the loss $L$. **Update**: step
# against it, by the learning rate $\alpha$:
#
# $$g = \frac{\partial L}{\partial w}, \qquad w \leftarrow w - \alpha\, g$$
#
# By hand, with one weight $w = 2$, one input $x = 3$ with label $y = 4$, and $\alpha = 0.1$:
# the output is $2 · 3 = 6$, the loss $(6 - 4)^2 = 4$, the gradient $2\,(6 - 4) · 3 = 12$, and
# the new weight $2 - 0.1 · 12 = 0.8$.
#
# A `GradientTape` writes down what is computed in its block and, played backward, gives the
# gradient (lesson 22 built such a tape).

# %%
w, x, y = tf.Variable(2.0), 3.0, 4.0
with tf.GradientTape() as tape:
    output = w * x  # forward
    loss = (output - y) ** 2  # loss
gradient = tape.gradient(loss, w)  # backward
w.assign_sub(0.1 * gradient)  # update
print(f"loss {loss:.1f}, gradient {gradient:.1f}, new weight {w.numpy():.1f}")

# %% [markdown]
# With a network these four parts stay the same; an optimizer makes the update.
#
# **Predict.** Two networks with equal first weights. One goes through `fit` for three epochs,
# the other through these four parts. Are their weights equal afterwards?

# %%
def plain_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss

def gap(weights, others):  # the largest difference between two weights
    return max(np.abs(a - b).max() for a, b in zip(weights, others, strict=True))

by_fit, by_hand = compiled(network()), network()
optimizer = adam(0.003)
fit(by_fit, 3)
for start in [0, 32, 64, 96] * 3:
    rows = slice(start, start + 32)
    plain_step(by_hand, optimizer, x_train[rows], y_train[rows])
difference = gap(by_fit.get_weights(), by_hand.get_weights())
print(f"largest difference between two weights ≈ {difference:.3f}")

# %% [markdown]
# Far from equal: one step of Adam's moves a weight by about its learning rate, 0.003, at most
# (section 5 says why). `fit` does more than it says:
#
# - It **shuffles** the rows anew in every epoch.
# - It calls `model(x, training=True)`. Without this flag, dropout is off.
# - It adds `sum(model.losses)`, where layers leave their **penalties**, such as L2.
# - It takes the small **last batch** of an epoch, here 14 rows, too. (So did we; many loops do
#   not.)
#
# **Exercise 25.1.** Write `train_step(model, optimizer, x, y)`, which does with one batch
# exactly what `fit` does, for any model. The loss is `loss_fn`. Return the loss that is made
# smaller, penalties included.
#
# <details><summary>Hint 1</summary>Start from <code>plain_step</code>. Two of the four
# differences lie in the step; the other two lie in the batches that it is given.</details>
# <details><summary>Hint 2</summary>The penalties depend on the weights. So they must be added
# while the tape is running: inside the <code>with</code> block.</details>

# %% tags=["exercise"]
# Exercise 25.1: one step, as fit does it.
def train_step(model, optimizer, x, y):
    ...  # your code here

# %%
check("25.1", train_step)

# %% tags=["solution"]
# @title Solution 25.1
def train_step_solution(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True)) + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss
check("25.1", train_step_solution)

# %% [markdown]
# ## 3 · Equal to `fit`, step by step
#
# Now prove it. Both get their rows in one order, which follows from seed and epoch. Both start
# from equal weights and the same state of dropout's random generator, because `network()` sets
# the seed. Then leave out one of section 2's four at a time.

# %%
def batches(epoch, size=32):
    order = np.random.default_rng([lesson.seed, epoch]).permutation(len(x_train))
    return [order[start : start + size] for start in range(0, len(order), size)]

def one_step(model, optimizer, x, y, loss_fn=loss_fn, training=True, penalties=True):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=training))
        loss += sum(model.losses) if penalties else 0
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss

def fit_in_order(model):
    for epoch in range(3):
        rows = np.concatenate(batches(epoch))
        history = model.fit(x_train[rows], y_train[rows], 32, shuffle=False, verbose=0)
    return history.history["loss"][0]

def hand_loop(first=0, smallest=1, **options):  # first epoch, rows of a batch
    model, optimizer = network(), adam(0.003)
    for rows in [r for epoch in range(first, first + 3) for r in batches(epoch)]:
        if len(rows) >= smallest:
            one_step(model, optimizer, x_train[rows], y_train[rows], **options)
    return model.get_weights()

# %%
by_fit = compiled(network())
last_loss = fit_in_order(by_fit)
loops = {"all four": {}, "without the order": {"first": 3},
         "without training=True": {"training": False},
         "without the penalties": {"penalties": False},
         "without the last batch": {"smallest": 32}}
gaps = [gap(by_fit.get_weights(), hand_loop(**options)) for options in loops.values()]
for name, difference in zip(loops, gaps, strict=True):
    print(f"{name:23} largest difference ≈ {difference:.8f}")
claim("with all four, no weight differs from fit's by more than ≈ {:.8f}", gaps[0],
      at_most=1e-6)
claim("with one left out, some weight differs by ≈ {:.3f} or more", min(gaps[1:]),
      at_least=0.002)

# %% [markdown]
# Each of the four matters. So when do you need a loop of your own? When a step is more than
# one loss and one update: two networks that train against each other, gradients added up over
# several batches. Otherwise `fit` will do. A third way lies between the two: a subclass with a
# `train_step` of its own. `fit` goes on shuffling and reporting; only the step is yours.

# %%
class ByHand(keras.Sequential):
    def train_step(self, data):  # fit calls it for each batch
        mean_loss = self.metrics[0]  # fit empties it before each epoch
        mean_loss.update_state(one_step(self, self.optimizer, *data))
        return {"loss": mean_loss.result()}

own = compiled(network(ByHand))
fit_in_order(own)
print(f"largest difference ≈ {gap(by_fit.get_weights(), own.get_weights()):.8f}")
evaluated = by_fit.evaluate(x_train, y_train, verbose=0)
print(f"fit says loss ≈ {last_loss:.3f}; evaluate says ≈ {evaluated:.3f}")

# %% [markdown]
# The loss that `fit` prints is a mean over an epoch in which the weights changed, with dropout
# on. `evaluate` judges the weights at its end.
#
# Plain Python is slow. `@tf.function` runs the Python code once, **traces** which operations it
# asks for, and from then on runs the finished plan, for inputs of the same shape and type.

# %%
def compiled_step(model, optimizer, loss_fn=loss_fn):
    optimizer.build(model.trainable_variables)  # its variables, before the first trace

    @tf.function(reduce_retracing=True)
    def step(x, y):
        return one_step(model, optimizer, x, y, loss_fn)

    return step

# %% [markdown]
# ## 4 · One batch first
#
# Before you train for an hour, train for a second: on **one** batch, without dropout and
# penalties. 32 pictures are few enough to learn by heart. A healthy network brings their loss
# to almost 0, here below 0.01 in 500 steps (other optimizers and rates need more or fewer). If
# yours stays far above, look for a bug before you look for more data.
#
# **Predict.** Three bugs: a learning rate far too high for SGD (plain descent); a first layer
# still frozen (`trainable = False`) from another experiment; labels shuffled, but not their
# pictures. Which one passes the test all the same?

# %%
def one_batch(optimizer, frozen=(), y=y_train[:32], loss_fn=loss_fn):
    model = network(l2=0, dropout=0)
    for index in frozen:
        model.layers[index].trainable = False
    step = compiled_step(model, optimizer, loss_fn)
    losses = [float(step(x_train[:32], y)) for _ in range(500)]
    return losses, model(x_train[:32]).numpy()

mixed_up = np.random.default_rng(lesson.seed).permutation(y_train[:32])
curves = {"healthy, Adam": one_batch(adam(0.01))[0],
          "healthy, SGD at rate 0.1": one_batch(sgd(0.1))[0],
          "SGD at rate 1.0": one_batch(sgd(1.0))[0],
          "first layer frozen, Adam": one_batch(adam(0.01), frozen=[1])[0],
          "labels shuffled, Adam": one_batch(adam(0.01), y=mixed_up)[0]}
final = {name: np.mean(losses[-50:]) for name, losses in curves.items()}
for name, loss in final.items():
    print(f"{name:25} mean loss of the last 50 steps ≈ {loss:.4f}")
claim("healthy networks learn one batch by heart: loss ≈ {:.4f} at most",
      max(list(final.values())[:2]), at_most=0.01)
claim("with rate 1.0 it stays at ≈ {:.2f}", final["SGD at rate 1.0"], at_least=0.4)
claim("with the frozen layer it ends ≈ {:.0f} times as high as the line, 0.01",
      final["first layer frozen, Adam"] / 0.01, at_least=1)
claim("shuffled labels are learned, too: ≈ {:.4f}", final["labels shuffled, Adam"],
      at_most=0.04)

# %% tags=["hide-input"]
styles = [(plots.GREEN, "-"), (plots.BLUE, "-"), (plots.VERMILION, ":"),
          (plots.PURPLE, "--"), (plots.ORANGE, "-.")]
for (name, losses), (color, style) in zip(curves.items(), styles, strict=True):
    plt.semilogy(np.arange(1, 501), losses, style, color=color, label=name)
plt.axhline(0.01, color="0.6", lw=1)
plt.text(498, 0.0105, "0.01: learned by heart", ha="right", va="bottom",
         color="0.35", fontsize=9)
plt.gca().set(title="Two bugs stay high; shuffled labels are learned",
              xlabel="step", ylabel="loss on the one batch", ylim=(2e-5, 30))
plt.legend(loc="lower left", fontsize=9)
plots.show("Loss on one batch in 500 steps. Both healthy curves fall below 0.01, and"
           " shuffled labels are learned; the high rate and the frozen layer"
           " stay high.")

# %% [markdown]
# At rate 1.0 the loss jumps up and down, and then lies nearly as high as for guessing
# (log 2 ≈ 0.69). In a full training a beginner takes that for slow learning, and waits. With the
# frozen layer it falls smoothly, but far too slowly. Shuffled labels pass the test: they are
# learned by heart, only more slowly. So do not count on one batch to find *that* bug. Validation
# shows it, since nothing in such labels holds for new pictures.

# %% [markdown]
# ## Break and fix
#
# Lina's brother writes the loss himself, from the formula of a stable cross-entropy for
# scores $z$ and labels $y$:
#
# $$L = \frac1n \sum_{i=1}^{n} \left[\max(z_i, 0) - y_i z_i + \log(1 + e^{-|z_i|})\right]$$
#
# The formula is right, and his code runs. He tries one batch first:

# %%
labels = faces.y_train[:32].astype("float32")
def own_loss(y, z):
    terms = tf.maximum(z, 0.0) - y * z + tf.math.log1p(tf.exp(-tf.abs(z)))
    return tf.reduce_mean(terms)
losses, scores = one_batch(adam(0.01), y=labels, loss_fn=own_loss)
print(f"loss: at first ≈ {losses[0]:.2f}, at the end ≈ {losses[-1]:.3f}")
print(f"scores of the 32 pictures: from ≈ {scores.min():.2f} to ≈ {scores.max():.2f}")

# %% [markdown]
# Not healthy. And a strange symptom: nearly *the same* score for all 32 pictures, as if the
# network could not tell which label belongs to which.
#
# **Exercise 25.2.** Find out why, and write `mended_loss(y, z)`. It takes labels of shape
# `(n,)` or `(n, 1)` and scores of shape `(n, 1)`, and returns the mean loss.
#
# <details><summary>Hint 1</summary>Print the shapes of <code>y</code>, <code>z</code> and
# <code>terms</code>.</details>
# <details><summary>Hint 2</summary>A column times a row is a table (broadcasting): every score
# meets every label. How many terms should the mean have?</details>
# <details><summary>Hint 3</summary><code>tf.reshape(y, (-1, 1))</code> makes a column of
# either shape.</details>

# %% tags=["exercise"]
# Exercise 25.2: the loss, mended.
def mended_loss(y, z):
    ...  # your code here

# %%
check("25.2", mended_loss)

# %% tags=["solution"]
# @title Solution 25.2
def mended_loss_solution(y, z):
    y = tf.reshape(y, (-1, 1))
    terms = tf.maximum(z, 0.0) - y * z + tf.math.log1p(tf.exp(-tf.abs(z)))
    return tf.reduce_mean(terms)

check("25.2", mended_loss_solution)

# %% [markdown]
# Try it: `one_batch(adam(0.01), y=labels, loss_fn=mended_loss)`. Keras's own losses put the
# shapes right for you; yours has to do it itself.

# %% [markdown]
# ## 5 · The lid closes again
#
# Now you can say what a training consists of. Your loop touches four things:
#
# 1. the **weights**;
# 2. the **optimizer's variables**: Adam keeps two moving averages per weight. It also counts
#    steps, and holds the learning rate;
# 3. the **epoch**, from which the order of the rows follows. (A generator that runs on would have
#    to be saved: `rng.bit_generator.state`.)
# 4. the **random state of dropout**. It is in `model.variables`, but not in `model.weights`.
#
# **Predict.** Forget one of the last three, and go on for three epochs. Forgetting which
# hurts most?

# %%
model, optimizer = network(), adam(0.003)
step = compiled_step(model, optimizer)

def train(epochs):  # returns the mean training loss
    return np.mean([step(x_train[rows], y_train[rows])
                    for epoch in epochs for rows in batches(epoch)])

parts = {"weights": model.weights, "Adam's variables": optimizer.variables,
         "dropout's state": [model.layers[2].seed_generator.state]}

def copies():
    return {name: [v.numpy() for v in variables] for name, variables in parts.items()}

fresh = copies()
train(range(37))
at_lid = copies()

def go_on(first=37, forgotten=None):  # the forgotten part starts afresh
    for name, variables in parts.items():
        values = fresh[name] if name == forgotten else at_lid[name]
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
    return train(range(first, first + 3)), model.get_weights()[0]

# %%
train(range(37, 40))
uninterrupted = model.get_weights()[0]
adams, dropouts = list(parts)[1:]
cases = {"nothing": go_on(), adams: go_on(forgotten=adams), "the epoch": go_on(first=0),
         dropouts: go_on(forgotten=dropouts)}
off = {}
for name, (loss, kernel) in cases.items():
    off[name] = np.abs(kernel - uninterrupted).mean()
    print(f"forgotten: {name:17} mean loss ≈ {loss:.3f},"
          f" first layer's weights off by ≈ {off[name]:.6f}")
claim("the epoch or dropout's state, forgotten, moves the average weight by ≈ {:.5f}"
      " or more", min(off["the epoch"], off[dropouts]), at_least=1e-5)
claim("Adam's variables, forgotten, move it by ≈ {:.4f}", off[adams], at_least=0.0015)

# %% [markdown]
# **Exercise 25.3.** Write both. `snapshot(model, optimizer, epoch)` returns all of this in a
# dictionary of your own design. `restore(state, model, optimizer)` puts it back into
# another model of the same kind and its optimizer, whose variables exist already
# (`optimizer.build`), and returns the epoch. Both should work for any network.
#
# <details><summary>Hint 1</summary><code>model.variables</code> and
# <code>optimizer.variables</code> are lists. <code>variable.assign(value)</code> sets
# one.</details>
# <details><summary>Hint 2</summary>A variable is live: it changes as training goes on. Keep
# copies: <code>[v.numpy() for v in …]</code>.</details>

# %% tags=["exercise"]
# Exercise 25.3: all that a training is, and back again.
def snapshot(model, optimizer, epoch):
    ...  # your code here

def restore(state, model, optimizer):
    ...  # your code here

# %%
check("25.3", snapshot, restore)

# %% tags=["solution"]
# @title Solution 25.3
def snapshot_solution(model, optimizer, epoch):
    return {"model": [v.numpy() for v in model.variables],
            "optimizer": [v.numpy() for v in optimizer.variables], "epoch": epoch}

def restore_solution(state, model, optimizer):
    for part, owner in (("model", model), ("optimizer", optimizer)):
        for variable, value in zip(owner.variables, state[part], strict=True):
            variable.assign(value)
    return state["epoch"]

check("25.3", snapshot_solution, restore_solution)

# %% [markdown]
# Without the epoch or dropout's state, the weights are close by after three epochs. (We take
# the *mean* difference in the first layer; section 3 took the largest of all.) Without Adam's
# variables they are much farther off, over ten seeds 2.4 to 14 times as far, and here the loss
# is up. In section 1 it took about ten epochs to come down again. Why? Adam divides a weight's
# mean gradient by the gradient's usual size. A new Adam knows neither: its first step, however
# small the gradient, is 0.003 for *nearly every* weight (all but those whose gradient is zero).
# At the start of a training that is right. Near its end it is a jump.
#
# So everything goes into a file. It is written under another name, brought to the disk
# (`fsync`), and only then renamed: a battery that dies *while saving* leaves the old file whole.

# %%
def save(path, model, optimizer, epoch):
    values = [v.numpy() for v in (*model.variables, *optimizer.variables)]
    unfinished = path.with_name("unfinished.npz")
    with open(unfinished, "wb") as file:
        np.savez(file, *values, epoch=epoch)
        file.flush()
        os.fsync(file.fileno())  # on the disk, not only on its way there
    os.replace(unfinished, path)  # all or nothing

def load(path, model, optimizer):
    with np.load(path) as file:
        for index, variable in enumerate((*model.variables, *optimizer.variables)):
            variable.assign(file[f"arr_{index}"])
        return int(file["epoch"])

# %% [markdown]
# Now the whole loop, with validation after each epoch. A metric collects batches by
# `update_state`, and `result` tells their mean.

# %%
def validate(model):
    scores = model(x_val, training=False)  # dropout is off
    accuracy = keras.metrics.BinaryAccuracy(threshold=0.0)  # a score above 0 says face
    accuracy.update_state(y_val, scores)  # once for each batch; here there is one
    return float(loss_fn(y_val, scores)), float(accuracy.result())

def run(path, log, lid=None):
    model, optimizer = network(), adam(0.003)
    step = compiled_step(model, optimizer)
    start = load(path, model, optimizer) if path.exists() else 0
    for epoch in dlcourse.track(range(start, 60), "training"):
        for number, rows in enumerate(batches(epoch)):
            if (epoch, number) == lid:
                raise KeyboardInterrupt  # stands for the sudden end
            step(x_train[rows], y_train[rows])
        log.append((epoch + 1, *validate(model)))
        save(path, model, optimizer, epoch + 1)
    return model.get_weights()

# %%
folder, logs = Path(tempfile.mkdtemp()), {"never": [], "train": [], "home": []}
never_closed = run(folder / "never.npz", logs["never"])
with contextlib.suppress(KeyboardInterrupt):
    run(folder / "lina.npz", logs["train"], lid=(37, 2))  # in the middle of an epoch
resumed = run(folder / "lina.npz", logs["home"])
claim("cut off and resumed: no weight differs by more than ≈ {:.8f}",
      gap(never_closed, resumed), at_most=1e-7)
print(f"read right ≈ {logs['home'][-1][2]:.2f}, saying always face {y_val.mean():.2f}")

# %% tags=["hide-input"]
lid_figure(*[np.transpose(log)[:2] for log in logs.values()], ylabel="validation loss",
           title="With everything saved, it goes on as if nothing had happened")
plots.show("Validation loss by epoch: the cut-off and resumed curve lies exactly on the"
           " uninterrupted one.")

# %% [markdown]
# The lost half epoch is done again, in the same order, and both trainings end in the same
# weights. (Section 1's training loss falls on; this one hardly falls after a few epochs: the
# network overfits, see lesson 52.)
#
# Does Keras save all this for you? With the callback `keras.callbacks.BackupAndRestore(folder)`,
# `fit` goes on from the last whole epoch. `model.save("lina.keras")` of a compiled model keeps
# weights and optimizer. Neither keeps the order that `fit` shuffles, or dropout's state. The
# training goes on well, but as *another* one. Mostly that is enough. To find out whether a
# change of yours made the difference, it is not.

# %% [markdown]
# ## Going further: a step that explodes
#
# One day a batch comes unscaled, with pixels from 0 to 255. It is a single batch, three epochs
# into a training with plain SGD. (Adam's division would bound this step.)
#
# The length of a gradient is its **global norm**: square every number in all its arrays, add
# up, take the root. To **clip** means to shorten a gradient that is longer than a limit $c$,
# by one factor for all, so that its direction stays:
#
# $$\lVert g \rVert = \sqrt{\textstyle\sum_k g_k^2}, \qquad
# g \leftarrow g \cdot \min\!\left(1, \frac{c}{\lVert g \rVert}\right)$$
#
# By hand: the arrays $(3, 0)$ and $(4)$ have the norm $\sqrt{9 + 0 + 16} = 5$. With $c = 1$ they
# become $(0.6, 0)$ and $(0.8)$.

# %%
model = network()
step = compiled_step(model, sgd(0.1))
for rows in [rows for epoch in range(3) for rows in batches(epoch)]:
    step(x_train[rows], y_train[rows])
healthy = model.get_weights()
print(f"before the step: validation loss ≈ {validate(model)[0]:.2f}")
lengths, after = [], []
for name, limit in {"not clipped": None, "clipped to 1": 1.0}.items():
    model.set_weights(healthy)
    step = compiled_step(model, sgd(0.1, global_clipnorm=limit))
    step(255 * x_train[:32], y_train[:32])
    moves = zip(model.get_weights(), healthy, strict=True)
    lengths.append(np.sqrt(sum(np.sum((new - old) ** 2) for new, old in moves)))
    after.append(validate(model)[0])
    print(f"{name}: a step of length ≈ {lengths[-1]:.2f}, then ≈ {after[-1]:.2f}")
claim("not clipped, the step is longer by ≈ {:.1f} powers of ten",
      np.log10(lengths[0] / lengths[1]), at_least=1.3)

# %% [markdown]
# Not clipped, this one step throws the network far off. Clipped, it is a step like any other
# (the loss even happens to fall). Clipping is a seat belt: it does not mend the data, but the
# training survives.
#
# **Exercise 25.4.** Write `clip(gradients, limit)`: a list of arrays of any shapes comes in, and a
# list of arrays of the same shapes, clipped by their global norm, comes out.
#
# <details><summary>Hint 1</summary>One norm for all: <code>sum(np.sum(g ** 2) for g in
# gradients)</code>, and then the root.</details>
# <details><summary>Hint 2</summary>A short gradient must stay as it is: the factor is never
# more than 1.</details>

# %% tags=["exercise"]
# Exercise 25.4: clip by the global norm.
def clip(gradients, limit):
    ...  # your code here

# %%
check("25.4", clip)

# %% tags=["solution"]
# @title Solution 25.4
def clip_solution(gradients, limit):
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in gradients))
    factor = limit / max(norm, limit)
    return [factor * np.asarray(g) for g in gradients]

check("25.4", clip_solution)

# %% [markdown]
# `global_clipnorm=1.0`, in any Keras optimizer, does the same. `clipnorm` and `clipvalue` do not:
# they clip each array, or each number, by itself, which can change the direction.

# %% [markdown]
# ## Going further: a new plan each time
#
# How much does `@tf.function` save? And when does it trace again, because the old plan does not
# fit?
#
# **Predict.** `scaled` notes each trace. How many are there for the rates 1 and 2 as
# Python numbers? And as tensors?

# %%
def milliseconds(step, rows=32):
    x, y = x_train[:rows], y_train[:rows]
    step(x, y)  # the first call traces
    return 1000 * timeit.timeit(lambda: step(x, y), number=20) / 20

step = compiled_step(network(), adam(0.003))
eager, traced = milliseconds(step.python_function), milliseconds(step)
print(f"a step: plain Python ≈ {eager:.1f} ms, traced ≈ {traced:.1f} ms")

traces = []

@tf.function
def scaled(rate, x):
    traces.append("traced")  # Python: runs while tracing, and only then
    return rate * x

calls = {"two Python numbers": [(rate, tf.ones(32)) for rate in (1, 2)],
         "two tensors": [(tf.constant(rate), tf.ones(32)) for rate in (1.0, 2.0)],
         "a batch of another size": [(tf.constant(1.0), tf.ones(14))]}
for name, arguments in calls.items():
    traces.clear()
    for rate, x in arguments:
        scaled(rate, x)
    print(f"{name:24} traces: {len(traces)}")

# %% [markdown]
# A Python number becomes part of the plan. A tensor is an input: other values, same plan. A new
# *shape* needs a new plan as well. With `reduce_retracing=True`, as in `compiled_step`, the
# second shape makes a plan that leaves the batch axis open, and no further one is needed. But
# `step(x, y, epoch)` with a plain number is traced anew in every epoch.

# %% [markdown]
# ## Going further: one, some or all
#
# How many rows make a batch? With one, descent is **stochastic**; with all, **batch** descent; in
# between, **mini-batch**. A gradient of few rows is a noisy guess at that of all. Watch it with
# only two weights. Each picture has two inputs: how much brighter the bridge of the nose is than
# the line of the eyes, and how bright the whole picture is.
#
# **Play.** All paths see every picture eight times. Which batch size arrives? Which scatters,
# and does a smaller rate calm it? What does the whole batch need?

# %%
gray = x_train[..., 0]
nose = gray[:, 8:14, 11:14].mean(axis=(1, 2)) - gray[:, 8:12, 4:21].mean(axis=(1, 2))
two = np.stack([nose, gray.mean(axis=(1, 2))], axis=1)
two = (two - two.mean(axis=0)) / two.std(axis=0)  # (110, 2)

def gradient_of(w, rows):
    probability = 1 / (1 + np.exp(-two[rows] @ w))
    return two[rows].T @ (probability - y_train[rows, 0]) / len(rows)

def paths(batch_size=8, rate=0.5):
    path = [np.array([-1.5, -1.0])]
    for rows in [rows for epoch in range(8) for rows in batches(epoch, batch_size)]:
        path.append(path[-1] - rate * gradient_of(path[-1], rows))
    grid = np.linspace(-2, 3, 50)
    scores = two @ np.stack([w.ravel() for w in np.meshgrid(grid, grid)])
    surface = (np.logaddexp(0, scores) - y_train * scores).mean(axis=0).reshape(50, 50)
    plt.contour(grid, grid, surface, 15, colors="0.8")
    plt.plot(*np.transpose(path), "-", color=plots.BLUE, lw=0.8)
    plt.plot(*path[-1], "o", color=plots.VERMILION, ms=8)
    plt.gca().set(title=f"Batches of {batch_size}: {len(path) - 1} steps in 8 epochs",
                  xlabel="weight of the nose", ylabel="weight of the brightness")

explore(paths, alt="A path of two weights over the contours of the loss, by batch size"
        " and rate.", batch_size=[1, 2, 8, 32, 110], rate=(0.1, 3.0, 0.1))

# %%
start, step = np.array([-1.5, -1.0]), compiled_step(network(), sgd(0.01))
exact = gradient_of(start, np.arange(110))
for size in (1, 8, 32, 110):
    dealt = [rows for epoch in range(50) for rows in batches(epoch, size)]
    errors = [gradient_of(start, rows) - exact for rows in dealt if len(rows) == size]
    noise, spent = np.std(errors), len(dealt) / 50 * milliseconds(step, size)
    print(f"{size:3} rows: error of a gradient ≈ {noise:.3f}, epoch ≈ {spent:.1f} ms")

# %% [markdown]
# Four times as many rows halve the error, or better: with all 110 none is left. And an epoch
# of large batches takes less time, because it has fewer steps. But fewer steps need a higher rate:
# in the picture the whole batch arrives only at 2 or 3. The usual 32 to 256 are a compromise.
#
# ## Going further: what a seed covers
#
# `keras.utils.set_random_seed` sets Python's, NumPy's old global and TensorFlow's generators. Same
# seed, same first weights, same dropout. What does it not cover?

# %%
def first_weights(seed, one_more=False):
    keras.utils.set_random_seed(seed)
    if one_more:
        layers.Dense(1)  # draws a seed of its own, and goes nowhere
    return keras.Sequential([layers.Input((2,)), layers.Dense(3)]).get_weights()[0]

print("same seed, equal weights:", np.array_equal(first_weights(5), first_weights(5)))
shifted = np.array_equal(first_weights(5), first_weights(5, one_more=True))
print("with a layer made before:", shifted)

# %% [markdown]
# A seed fixes a *sequence*. Whoever draws one number more shifts all that come after. A generator
# of your own, `np.random.default_rng(seed)`, is out of everybody's reach, and the better choice
# for the order of rows. Nor does a seed cover a parallel pipeline with `deterministic=False`, in
# which the row that is ready first comes first, or operations on a GPU that add in an order of
# their own; `tf.config.experimental.enable_op_determinism()` forbids that and costs time.
#
# A word on progress bars: `dlcourse.track` showed one in section 5. Keras's own serves any loop:
# `bar = keras.utils.Progbar(target=4)`, and after each batch `bar.update(number + 1)`.

# %% [markdown]
# ## Going further: the same loop in JAX and PyTorch
#
# The four parts are everywhere, under other names. For the line $w x + b$ and squared errors, with
# `x` and `y` of shape `(n,)`:
#
# ```python
# # JAX: a gradient is a function made from a function; nothing is changed in place.
# import jax
#
# def loss_of(weights, x, y):                                      # forward and loss
#     return ((weights["w"] * x + weights["b"] - y) ** 2).mean()
#
# @jax.jit                                                         # like tf.function
# def step(weights, x, y):
#     loss, gradients = jax.value_and_grad(loss_of)(weights, x, y) # backward
#     update = lambda weight, gradient: weight - 0.1 * gradient
#     return jax.tree.map(update, weights, gradients), loss        # update
# ```
#
# ```python
# # PyTorch: gradients are added up in weight.grad, so they must be zeroed at every step.
# import torch
#
# model = torch.nn.Linear(1, 1)
# optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
#
# def step(x, y):
#     optimizer.zero_grad()                                        # forget the last ones
#     loss = ((model(x[:, None])[:, 0] - y) ** 2).mean()           # forward and loss
#     loss.backward()                                              # backward
#     optimizer.step()                                             # update
#     return loss.item()
# ```
#
# Their usual bugs follow from this. In PyTorch, a forgotten `zero_grad()` adds up the gradients
# of all steps so far, and `model.train()` and `model.eval()` take the place of `training=`. In JAX
# you have to hand the new weights on; who drops them trains nothing.

# %% [markdown]
# ## Quiz

# %%
quiz("25")

# %% [markdown]
# ## Summary
#
# - A training step: forward, loss, backward, update.
# - From the same first weights and random states, a hand loop equals `fit` if it has the same
#   order, `training=True`, the penalties of `model.losses`, and the small last batch.
# - One batch first: what cannot learn 32 examples by heart is broken.
# - A training is its weights, the optimizer's variables, the epoch and order, and all random
#   states. Save all of it, or it goes on as another one.
#
# An hour ago a closed lid and a dead battery spoiled a training. Now you can write one that does
# not mind them.
#
# ## Common mistakes
# - **Penalties added after the `with` block**: the tape has not seen that sum, and the error is
#   `No gradients provided`. Added after `tape.gradient`, they are in the number, but not in the
#   gradient.
# - **Labels `(n,)` against outputs `(n, 1)`** in a loss of your own: a table of n² terms.
# - **A snapshot without copies**: it changes along with the training.
# - **`clipnorm` taken for `global_clipnorm`**: it clips each array by itself, as lesson 41 does
#   on purpose.
#
# ## Read more
#
# - [Karpathy, *A Recipe for Training Neural Networks*
#   (2019)](https://karpathy.github.io/2019/04/25/recipe/): become one with the data, and overfit
#   one batch.
# - [Keras: Writing a training loop from scratch in
#   TensorFlow](https://keras.io/guides/writing_a_custom_training_loop_in_tensorflow/), with a GAN
#   at its end.
# - [TensorFlow: better performance with
#   tf.function](https://www.tensorflow.org/guide/function): the rules of tracing.
# - [Pascanu, Mikolov, Bengio, *On the difficulty of training recurrent neural networks*
#   (2013)](https://arxiv.org/abs/1211.5063): where clipping by the norm comes from.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [31 · Convolution and pooling](31_convolution_and_pooling.ipynb). Slide nine numbers over a photograph, and count the coins on it. **Before:** [24 · Losses and metrics](24_losses_and_metrics.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+25%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/31_convolution_and_pooling.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/24_losses_and_metrics.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
