# ---
# jupyter:
#   dlcourse:
#     title: Training loops
#     subtitle: Write out what `fit` does, and go on after an interruption as if nothing had happened
#     minutes: 58
#     further: 26
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
# **Your time:** 58 minutes, and 26 for *Going further* · **The notebook runs in:** about 40 s on two CPU cores · **Before this:** lesson 22, lesson 23

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
import tempfile
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz

lesson = dlcourse.start("25", profile=PROFILE, seed=SEED, backends=("tensorflow",))

import keras
import tensorflow as tf
from keras import layers
from keras.optimizers import SGD, Adam

tf.get_logger().setLevel("ERROR")  # no warnings, only errors

# %% [markdown]
# ## 1 · The lid closes at epoch 37
#
# Lina builds a doorbell that notices faces. She trains its network on the bus home. At epoch 37
# of 60 her stop comes. She saves the weights and closes the lid. On the way the battery dies, and
# the program is gone. At home she loads the weights and trains the missing 23 epochs.
#
# Her pictures are from *Labeled Faces in the Wild*: 110 to train on, 30 to validate.

# %%
faces = datasets.faces()
x_all = faces.x_train[..., None].astype("float32") / 255  # (140, 25, 25, 1), 0 to 1
y_all = faces.y_train[:, None].astype("float32")  # (140, 1), 1 is a face
x_train, y_train = x_all[:110], y_all[:110]
x_val, y_val = x_all[110:], y_all[110:]
names = [faces.class_names[label] for label in faces.y_train[:16]]
plots.image_grid(x_train[:16], titles=names, title="Face or no face?")
plots.show("Sixteen gray cut-outs of 25 by 25 pixels, labeled face or no face.")

# %% [markdown]
# Her network gives each picture one **score**, also called logit; above 0 means face.
# (`from_logits=True` tells the loss so.) Two things should keep it from learning its few pictures
# by heart. In each step, and for each picture anew, dropout switches off each hidden unit with
# probability 1/5. And a **penalty** is added to the loss: `L2(0.001)` is 0.001 times the sum of the
# squares in the layer's weight matrix.

# %%
loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)

def network(l2=0.001, dropout_rate=0.2, seed=lesson.seed):
    keras.utils.set_random_seed(seed)  # the same first weights each time
    return keras.Sequential([
        layers.Input((25, 25, 1)),
        layers.Flatten(),
        layers.Dense(64, activation="relu",
                     kernel_regularizer=keras.regularizers.L2(l2)),
        layers.Dropout(dropout_rate),
        layers.Dense(1),  # the score
    ])

def compiled_network():
    model = network()
    model.compile(optimizer=Adam(0.003), loss=loss_fn)
    return model

def losses_of_fit(model, epochs):
    history = model.fit(x_train, y_train, batch_size=32, epochs=epochs, verbose=0)
    return history.history["loss"]

# %% [markdown]
# **Predict.** How does her loss go on at home: lower than before the lid, at the same level, or
# higher?

# %%
on_the_bus = compiled_network()
at_home = compiled_network()
before = losses_of_fit(on_the_bus, 37)
at_home.set_weights(on_the_bus.get_weights())  # all that Lina saved
lid_open = losses_of_fit(on_the_bus, 23)  # if the lid had stayed open
reopened = losses_of_fit(at_home, 23)
print(f"highest loss in the next five epochs: ≈ {max(reopened[:5]):.2f} at home,"
      f" ≈ {max(lid_open[:5]):.2f} if the lid had stayed open")

# %% tags=["hide-input"]
def lid_figure(never, bus, home, **labels):  # losses of 60, 37 and 23 epochs
    epochs = np.arange(1, 61)
    plt.plot(epochs[19:], never[19:], lw=5, color=plots.SKY, alpha=0.7,
             label="if the lid had stayed open")
    plt.plot(epochs[19:37], bus[19:], "-", color="0.3", label="on the bus")
    plt.plot(epochs[36:], bus[-1:] + home, "--", color=plots.VERMILION, label="at home")
    plt.axvline(37, color="0.6", ls=":")
    plt.gca().set(xlabel="epoch", **labels)
    plt.ylim(bottom=0)
    plt.legend()

lid_figure(before + lid_open, before, reopened, ylabel="training loss",
           title="From the saved weights, the loss goes up")
plots.show("Training loss from epoch 20. After epoch 37 the curve from the saved"
           " weights rises above the uninterrupted one for some epochs.")

# %% [markdown]
# She went on from the same weights, to the last bit. Still the loss goes up for some epochs. So a
# training is more than its weights. To learn what else it is, write one yourself.

# %% [markdown]
# ## 2 · Four parts of a step
#
# For every batch, `fit` does four things. Here they are for one weight $w = 2$, one input $x = 3$
# with label $y = 4$, and the learning rate $\alpha = 0.1$:
#
# | part | formula | by hand | in code |
# |---|---|---|---|
# | **forward**: the output | $\hat y = w\,x$ | $2 · 3 = 6$ | `output = w * x` |
# | **loss**: how wrong is it? | $L = (\hat y - y)^2$ | $(6 - 4)^2 = 4$ | `loss = (output - y) ** 2` |
# | **backward**: the gradient | $g = \frac{\partial L}{\partial w} = 2\,(\hat y - y)\,x$ | $2 · 2 · 3 = 12$ | `tape.gradient(loss, w)` |
# | **update**: a step against it | $w \leftarrow w - \alpha\,g$ | $2 - 0.1 · 12 = 0.8$ | `w.assign_sub(0.1 * gradient)` |
#
# A `GradientTape` writes down what is computed in its block and, played backward, gives the
# gradient (lesson 22 built such a tape).

# %%
w = tf.Variable(2.0)
x, y = 3.0, 4.0
with tf.GradientTape() as tape:
    output = w * x  # forward
    loss = (output - y) ** 2  # loss
gradient = tape.gradient(loss, w)  # backward
w.assign_sub(0.1 * gradient)  # update
print(f"loss {loss:.1f}, gradient {gradient:.1f}, new weight {w.numpy():.1f}")

# %% [markdown]
# With a network these parts stay the same; `optimizer.apply` makes the update.
#
# **Predict.** Two networks have equal first weights. One goes through `fit` for three epochs,
# the other takes as many steps by hand. Are their weights equal afterwards?

# %%
def plain_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss

def gap(weights, other_weights):
    """Return the largest difference between two weights; each is a list of arrays."""
    largest = 0.0
    for array, other in zip(weights, other_weights):
        largest = max(largest, np.abs(array - other).max())
    return largest

by_fit = compiled_network()
losses_of_fit(by_fit, 3)
by_hand = network()
optimizer = Adam(0.003)
for start in [0, 32, 64, 96] * 3:  # four batches, three times
    rows = slice(start, start + 32)
    plain_step(by_hand, optimizer, x_train[rows], y_train[rows])
difference = gap(by_fit.get_weights(), by_hand.get_weights())
print(f"largest difference between two weights ≈ {difference:.3f}")

# %% [markdown]
# Far from equal: a step of Adam's (lesson 51) seldom moves a weight by more than the rate, 0.003.
# So twelve seldom move it by more than 12 · 0.003 = 0.036, and two networks can hardly be farther
# apart than twice that. `fit` has four habits:
#
# - It **shuffles** the rows anew in every epoch.
# - It calls `model(x, training=True)`. Without this flag, dropout is off.
# - It adds `sum(model.losses)`, where layers leave their **penalties**.
# - It takes the small **last batch** of an epoch as well, here 14 rows. (So did our loop.)
#
# **Exercise 25.1.** Write `train_step(model, optimizer, x, y)`, which does with one batch
# exactly what `fit` does, for any model. The loss is `loss_fn`. Return the loss from before the
# update, penalties included.
#
# <details><summary>Hint 1</summary>Start from <code>plain_step</code>. Two of the four
# habits belong in the step; the other two concern the batches that it is given.</details>
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
# Is a loop with all four habits equal to `fit`? Both get the same rows in the same order, made
# from seed and epoch. `network()` sets the seed, so both start with equal weights and with
# dropout's random generator in the same state. Then one habit is left out at a time.
# (`hand_loop` has one argument for each habit: `epochs` for the order, and three switches.)

# %%
def batches(epoch, batch_size=32):
    """Return a list with the row numbers of each batch of this epoch."""
    order = np.random.default_rng([lesson.seed, epoch]).permutation(len(x_train))
    starts = range(0, len(order), batch_size)
    return [order[start : start + batch_size] for start in starts]

def switch_step(model, optimizer, x, y, loss_fn=loss_fn, training=True, penalties=True):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=training))
        if penalties:
            loss += sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss

def hand_loop(epochs=(0, 1, 2), last_batch=True, training=True, penalties=True):
    model = network()
    optimizer = Adam(0.003)
    for epoch in epochs:
        for rows in batches(epoch):
            if len(rows) == 32 or last_batch:
                x, y = x_train[rows], y_train[rows]
                switch_step(model, optimizer, x, y, loss_fn, training, penalties)
    return model.get_weights()

# %%
def fit_in_order(model):
    for epoch in range(3):
        rows = np.concatenate(batches(epoch))
        history = model.fit(x_train[rows], y_train[rows], 32, shuffle=False, verbose=0)
    return history.history["loss"][0]  # of the last epoch

by_fit = compiled_network()
fit_in_order(by_fit)
weights_by_hand = {
    "all four": hand_loop(),
    "without the order": hand_loop(epochs=(3, 4, 5)),  # other epochs' orders
    "without training=True": hand_loop(training=False),
    "without the penalties": hand_loop(penalties=False),
    "without the last batch": hand_loop(last_batch=False),
}
gaps = {}
for name, weights in weights_by_hand.items():
    gaps[name] = gap(by_fit.get_weights(), weights)
    print(f"{name:23} largest difference ≈ {gaps[name]:.8f}")
claim("with all four, no weight differs from fit's by more than ≈ {:.8f}",
      gaps["all four"], at_most=1e-6)
smallest = min(gaps[name] for name in gaps if name.startswith("without"))
claim("with one left out, some weight differs by ≈ {:.3f} or more", smallest,
      at_least=0.002)

# %% [markdown]
# Leave out any one of the four, and the weights differ.
#
# When do you need a step of your own? When it is more than one loss and one update: two networks
# that train against each other, or a loss that itself contains a gradient. Otherwise `fit` will
# mostly do.

# %% [markdown]
# ## 4 · One batch first
#
# Before you train for an hour, train for a second: on **one** batch, without dropout and
# penalties. 32 pictures are few enough to learn by heart. A healthy network brings their loss
# to almost 0, here below 0.01 in 500 steps. If yours stays far above, look for a bug before you
# look for more data.
#
# In plain Python 500 steps take long. `@tf.function` runs the Python code once, **traces** which
# operations it asks for, and from then on runs the finished plan, for inputs of the same type and
# shape (*Going further* measures how much faster). `compiled_step` makes such a plan of section 3's
# step. (With `reduce_retracing=True`, a second plan serves all other batch sizes.)

# %%
def compiled_step(model, optimizer, loss_fn):
    optimizer.build(model.trainable_variables)  # its variables, before the first trace

    @tf.function(reduce_retracing=True)
    def step(x, y):
        return switch_step(model, optimizer, x, y, loss_fn)

    return step

def one_batch(model, optimizer, y=y_train[:32], loss_fn=loss_fn):
    """Take 500 steps on the first 32 pictures; return the loss of each step."""
    step = compiled_step(model, optimizer, loss_fn)
    losses = []
    for _ in range(500):
        losses.append(float(step(x_train[:32], y)))
    return losses

# %% [markdown]
# **Predict.** Three bugs: a learning rate far too high for SGD (plain gradient descent); a first
# layer still frozen (`trainable = False`) from another experiment; labels shuffled, but not their
# pictures. Which one passes all the same?

# %%
mixed_up = np.random.default_rng(lesson.seed).permutation(y_train[:32])
frozen = network(l2=0, dropout_rate=0)
frozen.layers[1].trainable = False  # the first dense layer; layer 0 only flattens
curves = {
    "healthy, Adam": one_batch(network(l2=0, dropout_rate=0), Adam(0.01)),
    "healthy, SGD at rate 0.1": one_batch(network(l2=0, dropout_rate=0), SGD(0.1)),
    "SGD at rate 1.0": one_batch(network(l2=0, dropout_rate=0), SGD(1.0)),
    "first layer frozen, Adam": one_batch(frozen, Adam(0.01)),
    "labels shuffled, Adam": one_batch(network(l2=0, dropout_rate=0), Adam(0.01),
                                       y=mixed_up),
}
final = {}
for name, losses in curves.items():
    final[name] = np.mean(losses[-50:])
    print(f"{name:25} mean loss of the last 50 steps ≈ {final[name]:.4f}")
claim("healthy networks learn one batch by heart: loss ≈ {:.4f} at most",
      max(final["healthy, Adam"], final["healthy, SGD at rate 0.1"]), at_most=0.01)
claim("with rate 1.0 it stays at ≈ {:.2f}", final["SGD at rate 1.0"], at_least=0.4)
claim("with the frozen layer it ends ≈ {:.0f} times as high as the line, 0.01",
      final["first layer frozen, Adam"] / 0.01, at_least=1)
claim("shuffled labels are learned, too: ≈ {:.4f}", final["labels shuffled, Adam"],
      at_most=0.02)

# %% tags=["hide-input"]
styles = {"healthy, Adam": (plots.GREEN, "-"),
          "healthy, SGD at rate 0.1": (plots.BLUE, "--"),
          "SGD at rate 1.0": (plots.VERMILION, ":"),
          "first layer frozen, Adam": (plots.PURPLE, (0, (7, 3))),
          "labels shuffled, Adam": (plots.ORANGE, "-.")}
plt.figure(figsize=(8, 4.2))
height = 0
for name in sorted(final, key=final.get):  # from the lowest end to the highest
    color, style = styles[name]
    plt.semilogy(np.arange(1, 501), curves[name], ls=style, color=color)
    height = max(2.2 * height, final[name])  # names keep their distance
    plt.text(506, height, name, color="0.2", va="center", fontsize=9)
plt.axhline(0.01, color="0.6", lw=1)
plt.text(130, 0.0085, "0.01: learned by heart", va="top", color="0.35", fontsize=9)
plt.gca().set(title="Two bugs miss the line; shuffled labels reach it", xlim=(0, 500),
              xlabel="step", ylabel="loss on the one batch", ylim=(2e-5, 30))
plots.show("Loss on one batch in 500 steps. Both healthy curves fall below 0.01, and"
           " shuffled labels are learned; the high rate and the frozen layer"
           " stay above.")

# %% [markdown]
# At rate 1.0 the loss jumps up and down, then stays nearly as high as for guessing (log 2 ≈ 0.69).
# With the frozen layer it falls smoothly, but has not passed after 500 steps. In a full training
# that might look like slow learning. Shuffled labels pass: they are learned by heart, more slowly
# than true ones. (So it was with ten other seeds; two only just passed.) *That* bug shows in
# validation, since nothing in such labels holds for new pictures.

# %% [markdown]
# ## Break and fix
#
# Lina's brother writes the loss himself, from a formula of the cross-entropy that no
# large score can overflow, for scores $z$ and labels $y$:
#
# $$L = \frac1n \sum_{i=1}^{n} \left[\max(z_i, 0) - y_i z_i + \log(1 + e^{-|z_i|})\right]$$
#
# The formula is right, and his code runs. One batch first:

# %%
labels = faces.y_train[:32].astype("float32")
def own_loss(y, z):
    terms = tf.maximum(z, 0.0) - y * z + tf.math.log1p(tf.exp(-tf.abs(z)))
    return tf.reduce_mean(terms)
model = network(l2=0, dropout_rate=0)
losses = one_batch(model, Adam(0.01), labels, own_loss)
scores = model(x_train[:32]).numpy()
print(f"loss ≈ {losses[-1]:.3f}, scores ≈ {scores.min():.2f} to ≈ {scores.max():.2f}")

# %% [markdown]
# Not healthy, and strange: nearly *the same* score for all 32 pictures.
#
# **Exercise 25.2.** Find out why, and write `mended_loss(y, z)`. It takes two
# tensors, labels of shape `(n,)` or `(n, 1)` and scores of shape `(n, 1)`, and returns the mean
# loss.
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
# Why one score for all? In his table each score meets all 32 labels, 15 of them faces. A score is
# the log of the odds, so log(15/17) ≈ −0.13 is best for every picture. Try `mended_loss` in place
# of `own_loss` in the cell before the exercise. Keras's own losses put the shapes right; yours has
# to do it itself.

# %% [markdown]
# ## 5 · The lid closes again
#
# A training consists of the four things that a training loop changes:
#
# 1. the **weights**;
# 2. the **optimizer's variables**: Adam keeps two moving averages per weight (lesson 51), counts
#    its steps, and holds the learning rate;
# 3. the **epoch**, from which `batches` makes the order of the rows;
# 4. the **random state of dropout**. It is in `model.variables`, but not in `model.weights`.
#
# Lina saved the first alone. (Which of the other three did she miss most? *Going further* forgets
# them one by one.) You will save all four.
#
# **Exercise 25.3.** Write two functions. `snapshot(model, optimizer, epoch)` returns all four
# things in a dictionary of your own design. `restore(state, model, optimizer)` puts them into
# another model of the same kind and its optimizer, which is built already, and returns the epoch.
# Both should work for any network.
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
    variables = model.variables + optimizer.variables
    return {"values": [v.numpy() for v in variables], "epoch": epoch}

def restore_solution(state, model, optimizer):
    variables = model.variables + optimizer.variables
    for variable, value in zip(variables, state["values"]):
        variable.assign(value)
    return state["epoch"]

check("25.3", snapshot_solution, restore_solution)

# %% [markdown]
# Everything goes into a file, written under another name and then renamed: if the program dies
# *while saving*, the old file is still there.

# %%
def save(path, model, optimizer, epoch):
    variables = model.variables + optimizer.variables
    values = [variable.numpy() for variable in variables]
    unfinished = path.with_name("unfinished.npz")
    np.savez(unfinished, *values, epoch=epoch)  # as arr_0, arr_1, ... and epoch
    unfinished.replace(path)  # all or nothing

def load(path, model, optimizer):
    """Put the saved values back and return the epoch."""
    variables = model.variables + optimizer.variables
    with np.load(path) as file:
        for i, variable in enumerate(variables):
            variable.assign(file[f"arr_{i}"])
        return int(file["epoch"])

# %% [markdown]
# Now the whole loop, with validation after each epoch. A metric collects batches by
# `update_state`, and `result` tells the mean over all pictures.

# %%
def validate(model):
    scores = model(x_val, training=False)  # dropout is off
    accuracy = keras.metrics.BinaryAccuracy(threshold=0.0)  # a score above 0 says face
    accuracy.update_state(y_val, scores)  # once for each batch; here there is one
    return float(loss_fn(y_val, scores)), float(accuracy.result())

def run(path, log, lid=None):
    """Train to epoch 60, from the last save if there is one."""
    model = network()
    optimizer = Adam(0.003)
    step = compiled_step(model, optimizer, loss_fn)
    first = 0
    if path.exists():
        first = load(path, model, optimizer)
    for epoch in dlcourse.track(range(first, 60), "training"):
        for number, rows in enumerate(batches(epoch)):
            if (epoch, number) == lid:
                return None  # the lid closes: what is in memory is lost
            step(x_train[rows], y_train[rows])
        val_loss, val_accuracy = validate(model)
        log.append(val_loss)
        save(path, model, optimizer, epoch + 1)
    print(f"{path.stem}: ≈ {val_accuracy:.2f} of the validation pictures read right")
    return model.get_weights()

# %%
folder = Path(tempfile.mkdtemp())
logs = {"never": [], "bus": [], "home": []}
never_closed = run(folder / "never closed.npz", logs["never"])
run(folder / "lina.npz", logs["bus"], lid=(37, 2))  # in the middle of an epoch
resumed = run(folder / "lina.npz", logs["home"])
claim("cut off and resumed: no weight differs by more than ≈ {:.8f}",
      gap(never_closed, resumed), at_most=1e-7)

# %% tags=["hide-input"]
lid_figure(logs["never"], logs["bus"], logs["home"], ylabel="validation loss",
           title="With everything saved, it goes on as if nothing had happened")
plots.show("Validation loss from epoch 20: the cut-off and resumed curve lies exactly"
           " on the uninterrupted one.")

# %% [markdown]
# The lost half epoch is done again, in the same order, and both trainings end in the same
# weights. (One picture of 30 is 3 points of accuracy; always saying *face* reaches 0.60. For
# the high validation loss, see lesson 52.)
#
# Does Keras save all this for you? With the callback `keras.callbacks.BackupAndRestore(folder)`,
# `fit` goes on from the last whole epoch. `model.save("lina.keras")` keeps a compiled model's
# weights and optimizer. Neither keeps the order that `fit` shuffles, or dropout's state: the
# training goes on well, but as *another* one. Mostly that is enough.

# %% [markdown]
# ## Going further: what Lina missed most
#
# Lina kept the weights and lost three things: the optimizer's variables, the epoch, and the state
# of dropout. Now save all four after 37 epochs. Load them, forget one of the three, and go on for
# three epochs. Three seeds give three such trainings.
#
# **Predict.** Which one, forgotten, takes the weights farthest from the uninterrupted ones?

# %%
def train(step, epochs):
    """Train for these epochs and return the mean training loss."""
    losses = []
    for epoch in epochs:
        for rows in batches(epoch):
            losses.append(step(x_train[rows], y_train[rows]))
    return np.mean(losses)

saved = folder / "epoch 37.npz"

def go_on_without(part, model, optimizer, step, fresh_state):
    """Load all, forget a part, train 3 epochs; return loss and first weights."""
    epoch = load(saved, model, optimizer)
    if part == "Adam's variables":
        step = compiled_step(model, Adam(0.003), loss_fn)  # a new Adam
    if part == "the epoch":
        epoch = 0
    if part == "dropout's state":
        model.layers[2].seed_generator.state.assign(fresh_state)  # layer 2: dropout
    loss = train(step, range(epoch, epoch + 3))
    return loss, model.layers[1].kernel.numpy()

# %%
parts = ["nothing", "Adam's variables", "the epoch", "dropout's state"]
losses, off = {part: [] for part in parts}, {part: [] for part in parts}
for seed in range(lesson.seed, lesson.seed + 3):
    model, optimizer = network(seed=seed), Adam(0.003)
    fresh_state = model.layers[2].seed_generator.state.numpy()
    step = compiled_step(model, optimizer, loss_fn)
    train(step, range(37))
    save(saved, model, optimizer, 37)
    train(step, range(37, 40))
    uninterrupted = model.layers[1].kernel.numpy()
    for part in parts:
        loss, weights = go_on_without(part, model, optimizer, step, fresh_state)
        losses[part].append(loss)
        off[part].append(np.abs(weights - uninterrupted).mean())
for part in parts:
    print(f"forgotten: {part:17} mean loss ≈ {np.mean(losses[part]):.3f}, first layer's"
          f" weights off by ≈ {min(off[part]):.6f} to ≈ {max(off[part]):.6f}")
claim("the epoch or dropout's state, forgotten, moves the average weight by ≈ {:.5f}"
      " or more", min(off["the epoch"] + off["dropout's state"]), at_least=1e-4)
claim("Adam's variables, forgotten, move it by ≈ {:.4f}, mean of 3 seeds",
      np.mean(off["Adam's variables"]), at_least=0.003)
others = np.maximum(off["the epoch"], off["dropout's state"])
times = np.min(np.divide(off["Adam's variables"], others))
print(f"with each seed, that is ≈ {times:.1f} times as far as with any other, or more")

# %% [markdown]
# With nothing forgotten, the weights are the same. Without the epoch or dropout's state, they stay
# close by. Without Adam's variables they get farther off. (With ten seeds: 2.4 to 14 times as far as
# without either of the others.) So it was Adam's memory, above all, that Lina missed. Adam divides a
# weight's mean gradient by the gradient's usual size. A new Adam knows neither: its first step is
# 0.003 for *nearly every* weight, however small the gradient. Early in a training we would expect
# steps of about that length anyway, and little harm. Near its end it is a jump.

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
#
# **Predict.** With rate 0.1 and the gradient clipped to 1, how long is this one step? And without
# clipping: longer by how many powers of ten?

# %%
model = network()
step = compiled_step(model, SGD(0.1), loss_fn)
train(step, range(3))
healthy = model.get_weights()
print(f"before the step: validation loss ≈ {validate(model)[0]:.2f}")
optimizers = {"not clipped": SGD(0.1), "clipped to 1": SGD(0.1, global_clipnorm=1.0)}
lengths = {}
for name, optimizer in optimizers.items():
    model.set_weights(healthy)
    step = compiled_step(model, optimizer, loss_fn)
    step(255 * x_train[:32], y_train[:32])
    squares = 0
    for new, old in zip(model.get_weights(), healthy):
        squares += np.sum((new - old) ** 2)
    lengths[name] = np.sqrt(squares)
    val_loss, val_accuracy = validate(model)
    print(f"{name}: a step of length ≈ {lengths[name]:.2f}, then ≈ {val_loss:.2f}")
claim("not clipped, the step is longer by ≈ {:.1f} powers of ten",
      np.log10(lengths["not clipped"] / lengths["clipped to 1"]), at_least=1.3)

# %% [markdown]
# Not clipped, this one step throws the network far off. Clipped, it has the length 0.1 · 1, like
# every step whose gradient was longer than 1. Clipping is a seat belt: it does not mend the data,
# but the training survives. (After three epochs of plain SGD the network still guesses, and the
# short step even happens to help. What counts here is its length.)
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
#
# ## Going further: a step of your own inside `fit`
#
# Between `fit` and a loop lies a third way: a subclass with a `train_step` of its own. `fit` goes
# on shuffling and reporting; only the step is yours. `fit` makes a plan of it, as `compiled_step`
# does; how much faster is that than plain Python? (One wish needs no step of your own: every Keras
# optimizer averages the gradients of several batches if you set `gradient_accumulation_steps`.)

# %%
class OwnStep(keras.Sequential):
    def train_step(self, data):  # fit calls it for each batch
        x, y = data
        loss = switch_step(self, self.optimizer, x, y)
        mean_loss = self.metrics[0]  # fit empties it before each epoch
        mean_loss.update_state(loss, sample_weight=tf.shape(x)[0])  # n rows
        return {"loss": mean_loss.result()}

own = OwnStep(network().layers)
own.compile(optimizer=Adam(0.003), loss=loss_fn)
fit_loss = fit_in_order(own)
print(f"largest difference ≈ {gap(by_fit.get_weights(), own.get_weights()):.8f}")
evaluated = own.evaluate(x_train, y_train, verbose=0)
print(f"fit says loss ≈ {fit_loss:.3f}; evaluate says ≈ {evaluated:.3f}")

def seconds(step):
    start = time.perf_counter()
    for _ in range(20):
        step(x_train[:32], y_train[:32])
    return time.perf_counter() - start

step = compiled_step(network(), Adam(0.003), loss_fn)
step(x_train[:32], y_train[:32])  # the first call traces
plain_python = seconds(step.python_function)  # the same step, never traced
print(f"the finished plan is ≈ {plain_python / seconds(step):.0f} times as fast")

# %% [markdown]
# The step of your own does what `fit` does. (What `fit` says is a mean over an epoch in which the
# weights changed, with dropout on. `evaluate` judges the last weights, with dropout off.)
#
# ## Going further: when a step is traced
#
# When does the old plan not fit, so that a step is traced again?
#
# **Predict.** `scaled` notes each trace. How often is it traced for the rates 1 and 2 as Python
# numbers? And as tensors?

# %%
traced = []
@tf.function
def scaled(rate, x):
    traced.append(rate)  # Python: runs while tracing, and only then
    return rate * x
for rate in (1, 2, tf.constant(1.0), tf.constant(2.0)):
    scaled(rate, tf.ones(32))
    print(f"called with {rate}: traced {len(traced)} times so far")

# %% [markdown]
# A Python number becomes part of the plan, so each new one needs a plan of its own: a
# `step(x, y, epoch)` with a plain number is traced anew in every epoch. A tensor is an input: other
# values, same plan. A new *shape* needs a new plan as well, but with `reduce_retracing=True` the
# second one leaves the batch axis open.
#
# ## Going further: one, some or all
#
# How many rows make a batch? With one, descent is **stochastic**; with all, **batch** descent; in
# between, **mini-batch**. A gradient of few rows is a noisy guess at that of all. Watch it with
# only two weights. Each picture has two inputs: how much brighter the bridge of the nose is than
# the line of the eyes, and how bright the whole picture is.
#
# **Predict.** By what factor does the error of a gradient fall with four times as many rows?

# %%
gray = x_train[..., 0]  # (110, 25, 25)
bridge = gray[:, 8:14, 11:14].mean(axis=(1, 2))
eyes = gray[:, 8:12, 4:21].mean(axis=(1, 2))
inputs = np.stack([bridge - eyes, gray.mean(axis=(1, 2))], axis=1)
inputs = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)  # (110, 2)

def gradient_of(weights, rows):
    probabilities = 1 / (1 + np.exp(-inputs[rows] @ weights))
    return inputs[rows].T @ (probabilities - y_train[rows, 0]) / len(rows)

start = np.array([-1.5, -1.0])
exact = gradient_of(start, np.arange(110))
for batch_size in [1, 8, 32, 110]:
    errors = []
    begin = time.perf_counter()
    for epoch in range(50):
        for rows in batches(epoch, batch_size):
            if len(rows) == batch_size:  # not the small last batch
                errors.append(gradient_of(start, rows) - exact)
    milliseconds = 1000 * (time.perf_counter() - begin) / 50
    print(f"{batch_size:3} rows: error of a gradient ≈ {np.std(errors):.3f},"
          f" an epoch ≈ {milliseconds:.2f} ms")

# %% [markdown]
# Four times as many rows halve the error. Where they are a good part of the whole, they do better:
# with all 110 no error is left.
#
# **Play.** All paths see every picture eight times. Which batch size arrives at the star, where
# the loss is lowest? Which scatters, and does a smaller rate calm it? What does the whole batch
# need?

# %%
lowest = start
for _ in range(1000):  # the whole batch, until nothing moves any more
    lowest = lowest - gradient_of(lowest, np.arange(110))

def paths(batch_size=8, rate=0.5):
    path = [start]
    for epoch in range(8):
        for rows in batches(epoch, batch_size):
            path.append(path[-1] - rate * gradient_of(path[-1], rows))
    grid = np.linspace(-2, 3, 50)
    scores = inputs @ np.stack([w.ravel() for w in np.meshgrid(grid, grid)])
    losses = (np.logaddexp(0, scores) - y_train * scores).mean(axis=0)
    plt.contour(grid, grid, losses.reshape(50, 50), 15, colors="0.8")
    plt.plot(*np.transpose(path), "-", color=plots.BLUE, lw=0.8)
    plt.plot(*lowest, "*", color="black", ms=18)
    plt.plot(*path[-1], "o", color=plots.VERMILION, ms=7, mec="white")
    plt.gca().set(title=f"Batches of {batch_size}: {len(path) - 1} steps in 8 epochs",
                  xlabel="weight of the nose", ylabel="weight of the brightness")

explore(paths, alt="A path of two weights over the contours of the loss, by batch size"
        " and rate. A star marks the lowest loss.",
        batch_size=[1, 2, 8, 32, 110], rate=(0.1, 3.0, 0.1))

# %% [markdown]
# An epoch of large batches takes less time, because it has fewer steps. But fewer steps need a
# higher rate: in the picture the whole batch arrives only at 2 or 3. The usual 32 to 256 are a
# compromise.
#
# ## Going further: what a seed covers
#
# `keras.utils.set_random_seed` sets Python's, NumPy's old global and TensorFlow's generators. Same
# seed, same first weights, same dropout.
#
# **Predict.** After setting the seed, you make a layer that you never use. Do the next network's
# first weights stay the same?

# %%
def first_weights(one_more):
    keras.utils.set_random_seed(5)
    if one_more:
        layers.Dense(1)  # draws a seed of its own, and goes nowhere
    return keras.Sequential([layers.Input((2,)), layers.Dense(3)]).get_weights()[0]
same = np.array_equal(first_weights(False), first_weights(False))
shifted = np.array_equal(first_weights(False), first_weights(True))
print(f"same seed, equal weights: {same}; with a layer made before: {shifted}")

# %% [markdown]
# A seed fixes a *sequence*. Whoever draws one number more shifts all that come after. A generator
# of your own, `np.random.default_rng(seed)`, is out of everybody's reach, and the better choice
# for the order of rows. (One that runs on through the epochs has to be saved:
# `rng.bit_generator.state`.) Nor does a seed cover operations on a GPU that add in an order of
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
# def update(weight, gradient):
#     return weight - 0.1 * gradient
#
# @jax.jit                                                         # like tf.function
# def step(weights, x, y):
#     loss, gradients = jax.value_and_grad(loss_of)(weights, x, y) # backward
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
#     optimizer.zero_grad()                                        # forget the last gradients
#     loss = ((model(x[:, None])[:, 0] - y) ** 2).mean()           # forward and loss
#     loss.backward()                                              # backward
#     optimizer.step()                                             # update
#     return loss.item()
# ```
#
# Their usual bugs follow from this. In PyTorch, a forgotten `zero_grad()` sums the gradients of all
# steps so far, and `model.train()` and `model.eval()` take the place of `training=`. In JAX you
# have to hand the new weights on; who drops them trains nothing.

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
# - One batch first: a network that cannot learn 32 examples by heart most likely has a bug. One
#   that can may still have wrong labels.
# - A training is its weights, the optimizer's variables, the epoch and order, and all random
#   states. Save all of it, or it goes on as another one.
#
# An hour ago a closed lid and a dead battery set a training back. Now you can write one that does
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
