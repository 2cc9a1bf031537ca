# ---
# jupyter:
#   dlcourse:
#     title: Regularization
#     subtitle: A network that learns its mistakes by heart, and what helps against it
#     minutes: 60
#     further: 14
#     seconds: 60
#     needs: ["23", "51"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "every remedy helps a little"
#       stop: "section 7"
#       ask: "\"Rank them. Now look at the error bars.\""
#       stuck: "the equations of 52.1: write them out for two weights"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 52 · Regularization
#
# *A network that learns its mistakes by heart, and what helps against it*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/52_regularization.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/52_regularization.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/52_regularization.ipynb)
#
# **Your time:** 60 minutes, and 14 for *Going further* · **The notebook runs in:** about 60 s on two CPU cores · **Before this:** lesson 23, lesson 51

# %% [markdown]
# ## You will be able to
#
# 1. tell underfitting from overfitting by two curves, and tame overfitting with an L2
#    penalty  *(sections 1, 2 and 3 · exercise 52.1, quiz)*
# 2. write dropout, and early stopping that keeps the best weights
#    *(sections 4 and 5 · exercises 52.2 and 52.3)*
# 3. augment images without letting validation data into the training, and judge every remedy
#    by its gain over several draws, with error bars
#    *(sections 6 and 7, Break and fix · exercise 52.4, quiz)*

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
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("52", profile=PROFILE, seed=SEED)

import keras
from keras import layers, ops, regularizers

RUNS = lesson.pick(quick=5, full=20)  # repeats of each training in section 7
T95 = lesson.pick(quick=2.78, full=2.09)  # explained there

# %% [markdown]
# ## 1 · A perfect pupil
#
# Two hundred handwritten digits, 8×8 pixels each, have been labeled for you, and whoever did it
# got 40 wrong. Real labels are like that too, if not quite so bad. Of the other images, all
# labeled correctly, 400 serve for validation and the rest for the test.

# %%
digits = datasets.digits()
images = np.concatenate([digits.x_train, digits.x_test]).astype("float32") / 16
truth = np.concatenate([digits.y_train, digits.y_test])

def draw(number):
    """Return indices for training, validation and test, and the training labels."""
    rng = np.random.default_rng([lesson.seed, number])
    train, val, test = np.split(rng.permutation(len(images)), [200, 600])
    labels = truth[train].copy()
    labels[:40] = (labels[:40] + rng.integers(1, 10, size=40)) % 10  # always wrong
    return train, val, test, labels

train, val, test, labels = draw(0)
print("images", images.shape, " test", len(test),
      " wrong labels", np.sum(labels != truth[train]))

# %% [markdown]
# One dense network does all the reading. Some remedies will be arguments of it, all off for now.

# %%
def network(penalty=None, rate=0.0, norm=None, optimizer=keras.optimizers.Adam):
    model = keras.Sequential([layers.Input((8, 8)), layers.Flatten()])
    for _ in range(2):
        model.add(layers.Dense(128, kernel_regularizer=penalty))
        if norm:
            model.add(norm())
        model.add(layers.ReLU())
        if rate:
            model.add(layers.Dropout(rate))
    model.add(layers.Dense(10, kernel_regularizer=penalty))  # logits
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer(0.005), loss_fn, metrics=["accuracy"])
    return model

def accuracy(model, x, y):
    logits = ops.convert_to_numpy(model(x))  # (images, 10)
    return np.mean(logits.argmax(axis=1) == y)

def passes(x, y, n):
    """Repeat the images n times: one long epoch takes less time than n short ones."""
    return np.tile(x, (n, 1, 1)), np.tile(y, n)

# %% [markdown]
# **Predict.** The network has 26,122 parameters and 200 images. How many of the 40 wrong labels
# will it reproduce? And how will the two curves go, training and validation?

# %%
keras.utils.set_random_seed(lesson.seed)
model = network()
history = model.fit(
    *passes(images[train], labels, 3), batch_size=100, epochs=30, verbose=0,
    validation_data=(images[val], truth[val]), validation_batch_size=400,
)  # fmt: skip
plots.history_curves(history, title="Training gets ever better, validation soon worse")
plots.show("Training loss falls to zero; validation loss falls, then rises. Training"
           " accuracy reaches 1, validation accuracy falls back.")

learned = accuracy(model, images[train][:40], labels[:40])
val_loss = np.array(history.history["val_loss"])
val_accuracy = np.array(history.history["val_accuracy"])
claim("it learns ≈ {:.0f} % of the wrong labels by heart", 100 * learned, at_least=90)
claim("validation accuracy ends ≈ {:.0f} points below its best",
      100 * (val_accuracy.max() - val_accuracy[-1]), at_least=4)
verify("validation loss rises again", val_loss[-1] / val_loss.min(), at_least=1.1)

# %% [markdown]
# There are two phases. At first validation does even *better* than training: its labels are
# right, while a fifth of the training labels is wrong, so whoever reads perfectly scores only
# 0.8 there. (Training accuracy is also an average over the epoch and lags.) What it gains
# beyond 0.8 can only be wrong labels learned by heart, and validation pays for them.
#
# That is **overfitting**: to fit what is peculiar to the training data and will not come again. Its
# mark is the *gap* that opens between the curves. A high training score proves only that the network
# *can* store these labels. **Regularization** is whatever lowers the error on new data, usually at
# the price of a worse fit to the training data.

# %% [markdown]
# ## 2 · One dial
#
# Where does overfitting begin? To see the fit itself, take one input. We measure
# $f(x) = \sin 4x$ at twenty equally spaced points, with noise of standard deviation 0.3. The
# model is a polynomial, and its **degree** $d$ is the dial:
#
# $$\hat y(x) = \sum_{j=0}^{d} w_j\, P_j(x)$$
#
# $P_j$ are the Legendre polynomials. They span the same curves as $1, x, x^2, \dots$, and
# computers solve for their weights more exactly. NumPy's `legfit` finds the weights $w$, shape
# `(d + 1,)`, with the smallest squared error, and `legval` computes $\hat y$ from them.

# %%
def measure(x, rng):
    return np.sin(4 * x) + rng.normal(0, 0.3, len(x))

legendre = np.polynomial.legendre
x20 = np.linspace(-1, 1, 20)
y20 = measure(x20, np.random.default_rng([lesson.seed, 20]))

# %% [markdown]
# Degrees 1, 5 and 18 on the same twenty points:

# %% tags=["hide-input"]
curve = np.linspace(-1, 1, 400)
panels = {1: "Degree 1 misses the wave", 5: "Degree 5 follows it",
          18: "Degree 18 chases the points"}  # fmt: skip
figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), sharey=True)
for axis, (degree, title) in zip(axes, panels.items()):
    fitted = legendre.legval(curve, legendre.legfit(x20, y20, degree))
    axis.plot(curve, fitted, color=plots.BLUE, label="fit")
    axis.plot(curve, np.sin(4 * curve), "--", color=plots.GREEN, label="truth")
    axis.plot(x20, y20, "o", color=plots.VERMILION, ms=5, label="measured")
    axis.set(title=title, xlabel="input x", ylim=(-3, 3))
axes[0].set_ylabel("output y")
axes[0].legend(fontsize=9, loc="lower center", ncols=3, columnspacing=1)
plots.show("Twenty points and three polynomials: degree 1 misses the wave, degree 5"
           " follows it, degree 18 chases the points and swings wildly at both ends.")

# %% [markdown]
# One set of points may mislead. So draw 100 training sets, and judge each fit by 200 new
# points. The measure is the root mean squared error,
# $\text{RMSE} = \sqrt{\frac1n \sum_i (\hat y_i - y_i)^2}$: errors of 0.3 and −0.3 give 0.3.

# %%
def rmse(w, x, y):
    return np.sqrt(np.mean((legendre.legval(x, w) - y) ** 2))

rng = np.random.default_rng([lesson.seed, 2])
sets = []
for _ in range(100):
    x_new = rng.uniform(-1, 1, 200)
    sets.append((measure(x20, rng), x_new, measure(x_new, rng)))

degrees = np.arange(19)
errors = np.array([[(rmse(w, x20, y), rmse(w, x_new, y_new))
                    for w in [legendre.legfit(x20, y, degree) for degree in degrees]]
                   for y, x_new, y_new in sets])  # (sets, degrees, 2)  # fmt: skip
typical = np.median(errors, axis=0)  # (degrees, 2): on training points, on new ones
best = int(typical[:, 1].argmin())
print(f"RMSE on new points: degree 1 ≈ {typical[1, 1]:.2f}, degree {best}"
      f" ≈ {typical[best, 1]:.2f} (the best), degree 18 ≈ {typical[18, 1]:.1f}")
claim("degree 18 errs ≈ {:.0f} times as much on new points as the best degree",
      typical[18, 1] / typical[best, 1], at_least=28)
verify("the best is neither small nor large", best, at_least=3, at_most=8)
verify("degree 1 errs more", typical[1, 1] / typical[best, 1], at_least=1.5)

# %% tags=["hide-input"]
low, high = np.percentile(errors, [25, 75], axis=0)
looks = {"training points": (plots.BLUE, "o-"), "new points": (plots.VERMILION, "s--")}
plt.figure(figsize=(7, 4))
for k, (name, (color, style)) in enumerate(looks.items()):
    plt.semilogy(degrees, typical[:, k], style, color=color, label=name)
    plt.fill_between(degrees, low[:, k], high[:, k], color=color, alpha=0.25)
plt.axhline(0.3, color="gray", ls=":", label="standard deviation of the noise")
plt.gca().set(title="More capacity helps, then harms", xlabel="degree",
              xticks=degrees[::2], ylabel="RMSE (median and quartiles)")  # fmt: skip
plt.legend(loc="upper left")
plots.show("The error on training points falls with the degree. On new points it falls"
           " to degree 5, stays near, and rises steeply beyond degree 13.")

# %% [markdown]
# What a model can fit is its **capacity**: here the degree, in a network the number of units and
# layers. Overfitting begins beyond the best capacity. Two curves tell you on which side you are:
#
# | | training error | validation error | remedy |
# |---|---|---|---|
# | **underfitting** | high | as high | more capacity, longer training |
# | **overfitting** | low | much higher | more data, less capacity, or a penalty |
#
# ## 3 · A price on large weights
#
# Degree 18 *can* draw the quiet curve of degree 5: it only has to set the other weights to 0.
# Instead it takes huge weights, which cancel at the twenty points but not between the outer
# ones. So charge for them. **L2** (with least squares also called *ridge*) minimizes
#
# $$\frac1n \sum_{i=1}^{n} (\hat y_i - y_i)^2 + \lambda \sum_j w_j^2
# \qquad\text{with } \hat y_i = \sum_j \phi_{ij}\, w_j.$$
#
# The second sum is the **penalty**, and $\lambda \ge 0$ is its price, `strength` in the code. The
# array `phi`, shape `(points, features)`, has the entries $\phi_{ij} = P_j(x_i)$.
#
# *By hand.* One weight, $\phi = (1, 2)$, $y = (2, 4)$: the mean squared error is
# $\frac12\big((w - 2)^2 + (2w - 4)^2\big) = 2.5\,(w - 2)^2$. With the penalty, the derivative is
# $5\,(w - 2) + 2 \lambda w$. It is 0 at $w = 5 / (2.5 + \lambda)$. Free of charge that is 2; at
# $\lambda = 2.5$ it is 1.
#
# *With many weights* the derivative with respect to each $w_k$ must be 0. Half of it is
#
# $$\frac1n \sum_i \phi_{ik} \Big(\sum_j \phi_{ij}\, w_j - y_i\Big) + \lambda w_k = 0.$$
#
# That is one linear equation for each weight. Sorted, with what is known on the right:
#
# $$\sum_j \Big(\frac1n \sum_i \phi_{ik}\, \phi_{ij}\Big) w_j + \lambda w_k
# = \frac1n \sum_i \phi_{ik}\, y_i$$
#
# **Exercise 52.1.** Write `ridge(phi, y, strength)`: solve these equations for all weights at
# once, shape `(features,)`. `np.linalg.solve(matrix, right)` does the solving.
#
# <details><summary>Hint 1</summary>The large bracket is the entry in row k and column j of
# <code>phi.T @ phi / n</code>, and the right side is entry k of <code>phi.T @ y / n</code>.
# </details>
# <details><summary>Hint 2</summary>λ stands in equation k beside w_k only: on the diagonal of the
# matrix. <code>np.eye(features)</code> has ones there.</details>

# %% tags=["exercise"]
# Exercise 52.1: the weights with the lowest penalized error.
def ridge(phi, y, strength):
    ...  # your code here

# %%
check("52.1", ridge)

# %% tags=["solution"]
# @title Solution 52.1
def ridge_solution(phi, y, strength):
    n, features = phi.shape
    return np.linalg.solve(phi.T @ phi / n + strength * np.eye(features), phi.T @ y / n)

check("52.1", ridge_solution)

# %% [markdown]
# **Predict.** Degree 18 again, at the price $\lambda = 0.01$. Will it beat degree 5 without a
# price?

# %%
def penalized(x, y, degree, strength):
    phi = legendre.legvander(x, degree)  # entries P_j(x_i)
    matrix = phi.T @ phi / len(x) + strength * np.eye(degree + 1)
    return np.linalg.solve(matrix, phi.T @ y / len(x))

tamed = [rmse(penalized(x20, y, 18, 0.01), x_new, y_new) for y, x_new, y_new in sets]
claim("with the penalty, degree 18 has ≈ {:.2f} times the error of the best degree",
      np.median(tamed) / typical[best, 1], at_least=1.05, at_most=1.25)

# %% [markdown]
# No: the right degree is still a little better. But the penalty has undone nearly all harm.
#
# **Play.** At degree 18, which strength brings the curve nearest to the truth? Then raise it
# further: what does *underfitting* look like at degree 18?

# %% tags=["hide-input"]
def draw_penalized(degree=18, log10_strength=-2.0):
    strength = 10**log10_strength
    free = legendre.legfit(x20, y20, degree)
    priced = penalized(x20, y20, degree, strength)
    x = np.linspace(-1, 1, 300)
    _, axis = plt.subplots(figsize=(7, 4))
    axis.plot(x, legendre.legval(x, free), ":", color="gray",
              label=f"λ = 0: largest weight {np.abs(free).max():.1f}")  # fmt: skip
    axis.plot(x, legendre.legval(x, priced), color=plots.BLUE,
              label=f"λ = {strength:.2g}: largest weight {np.abs(priced).max():.1f}")
    axis.plot(x, np.sin(4 * x), "--", color=plots.GREEN, label="truth")
    axis.plot(x20, y20, "o", color=plots.VERMILION, ms=5)
    truly = np.sqrt(np.mean((legendre.legval(x, priced) - np.sin(4 * x)) ** 2))
    axis.set(xlabel="input x", ylabel="output y", ylim=(-3, 4.5),
             title=f"With λ, the fit lies {truly:.2f} from the truth (RMSE)")
    axis.legend(fontsize=9, loc="upper center")

explore(draw_penalized, degree=(0, 18), log10_strength=(-6.0, 2.0, 0.5),
        alt="A polynomial of degree 18 through twenty points, wild without a penalty"
        " and calm with one.")  # fmt: skip

# %% [markdown]
# In Keras the penalty is `kernel_regularizer=regularizers.L2(0.01)` in a layer: 0.01 is
# $\lambda$, and the sum is added to the loss. Biases are usually left free.
#
# ## 4 · Dropout
#
# The next remedy disturbs the network on purpose. While training, **dropout** sets each output
# of a layer to zero with probability $r$, the *rate*, anew in every step. So no unit can rely
# on one particular other. What survives is divided by $1 - r$. For $x = 3$ and $r = 0.25$ the
# output is 0 in a quarter of the steps and $3 / 0.75 = 4$ in the others, on average
#
# $$0.25 \cdot 0 + 0.75 \cdot 4 = 3.$$
#
# The mean stays, and that is why dropout can simply be off at **inference**, when the trained
# network is used. (Behind the next ReLU this holds only roughly, but well enough.)
#
# **Exercise 52.2.** Write `dropout(x, rate, rng, training)`, for `x` of any shape. `rng` is a
# NumPy generator; `x` must stay as it is.
#
# <details><summary>Hint 1</summary><code>rng.random(x.shape) >= rate</code> is True with
# probability 1 − rate.</details>
# <details><summary>Hint 2</summary>Multiply by that mask and divide by
# <code>1 - rate</code>; without training, return <code>x</code>.</details>

# %% tags=["exercise"]
# Exercise 52.2: dropout that keeps the expectation.
def dropout(x, rate, rng, training):
    ...  # your code here

# %%
check("52.2", dropout)

# %% tags=["solution"]
# @title Solution 52.2
def dropout_solution(x, rate, rng, training):
    if not training:
        return x
    return x * (rng.random(x.shape) >= rate) / (1 - rate)

check("52.2", dropout_solution)

# %% [markdown]
# In Keras this is `layers.Dropout(rate)`. `model.fit` trains with dropout on; `model.predict` and
# `model(x)` leave it off.
#
# ## 5 · Early stopping
#
# In section 1 the validation loss was lowest early on. So stop there: **early stopping** ends
# the training when that loss has not improved for `patience` epochs. Those last epochs have
# usually made the weights worse. So go back to the best: `restore_best_weights=True`. The
# default is `False`.
#
# **Exercise 52.3.** Write `stop(losses, patience)` for a list of validation losses. Return
# `(best, last)`: the epoch with the lowest loss so far, and the last epoch trained, counted
# from 0. Equal is no improvement. Example: `stop([5, 4, 6, 4, 3], 2)` is `(1, 3)`.
#
# <details><summary>Hint 1</summary>Keep the best epoch; at each epoch, ask how many epochs
# ago it was.</details>
# <details><summary>Hint 2</summary>Stop when <code>epoch - best >= patience</code>. If that never
# happens, the last epoch is <code>len(losses) - 1</code>.</details>

# %% tags=["exercise"]
# Exercise 52.3: the best epoch and the last one.
def stop(losses, patience):
    ...  # your code here

# %%
check("52.3", stop)

# %% tags=["solution"]
# @title Solution 52.3
def stop_solution(losses, patience):
    for epoch in range(len(losses)):
        best = int(np.argmin(losses[: epoch + 1]))  # the first of equals
        if epoch - best >= patience:
            break
    return best, epoch
check("52.3", stop_solution)

# %%
patient = partial(keras.callbacks.EarlyStopping, patience=4, restore_best_weights=True)
keras.utils.set_random_seed(lesson.seed)  # the same training as in section 1
model = network()
early = model.fit(
    *passes(images[train], labels, 3), batch_size=100, epochs=30, verbose=0,
    validation_data=(images[val], truth[val]), validation_batch_size=400,
    callbacks=[patient()],
)  # fmt: skip
losses = np.array(early.history["val_loss"])
kept = model.evaluate(images[val], truth[val], batch_size=400, verbose=0)[0]
verify("it stops long before epoch 30", len(losses), at_most=20)
verify("the kept weights are the best epoch's", abs(kept - losses.min()), at_most=1e-3)

epochs, kept_epoch = np.arange(1, 31), losses.argmin() + 1
plt.plot(epochs, val_loss, ":", color="gray", label="section 1, not stopped")
plt.plot(epochs[:len(losses)], losses, "s-", color=plots.VERMILION, label="stopped")
plt.plot(kept_epoch, losses.min(), "*", color=plots.BLUE, ms=20, label="weights kept")
plt.gca().set(title=f"Trained to epoch {len(losses)}, kept epoch {kept_epoch}",
              xlabel="epoch (from 1)", ylabel="validation loss", ylim=0)
plt.legend()
plots.show("The validation loss of section 1. Early stopping follows it to a few epochs"
           " beyond its lowest point, where the weights are kept.")

# %% [markdown]
# The validation set has now *chosen* something: the epoch. So its score is no longer neutral.
# The test set's still is.
#
# ## 6 · More pictures
#
# The surest remedy is more data. If you have none, **augmentation** makes some, by changes that
# keep the meaning. A digit moved by one pixel is the same digit, even with an edge cut off. A
# mirrored one may not be.

# %%
def shifted(x, y):
    wide = np.pad(x, ((0, 0), (1, 1), (1, 1)))  # a border of zeros: (n, 10, 10)
    moved = [wide[:, i : i + 8, j : j + 8] for i in range(3) for j in range(3)]
    return np.concatenate(moved), np.tile(y, 9)  # (9 n, 8, 8) and (9 n,)

nine = shifted(images[train][50:51], labels[50:51])[0]  # (9, 8, 8)
plots.image_grid(nine, columns=9, title="One image becomes nine")
plots.show("The same digit nine times, moved by up to one pixel in each direction.")

# %% [markdown]
# ## 7 · What helps? An ablation
#
# An **ablation** asks what each part of a method contributes: the parts are tried alone and
# together, with everything else equal. Every remedy gets the same draws of 200 images with the
# same wrong labels, and about 160 training steps: 80 passes over 200 images, in batches of 100.
# With shifts there are nine times as many images, so 9 passes will do. (The last contender gets
# three times the steps, early stopping 180 at most.)
#
# One draw may be lucky, so we repeat everything. `dlcourse.repeat` trains each contender several
# times from new random weights. All contenders of one repeat get the same seed.
#
# **Predict.** Rank them: L2, dropout, early stopping, shifts. And what will dropout *with* shifts
# bring?

# %%
def train_once(model, repeat, shifts=False, early=False, n_passes=80):
    train, val, test, labels = draw(repeat + 1)
    x, y = shifted(images[train], labels) if shifts else (images[train], labels)
    if early:
        model.fit(*passes(x, y, 3), batch_size=100, epochs=30, verbose=0,
                  validation_data=(images[val], truth[val]), validation_batch_size=400,
                  callbacks=[patient()])  # fmt: skip
    else:
        model.fit(*passes(x, y, n_passes), batch_size=100, verbose=0)
    return {"training": accuracy(model, images[train], labels),
            "test": accuracy(model, images[test], truth[test])}  # fmt: skip

with_dropout = partial(network, rate=0.5)
builders = {"plain": network, "L2": partial(network, regularizers.L2(0.01)),
            "dropout": with_dropout, "early stopping": network, "shifts": network,
            "dropout + shifts": with_dropout, "both, 3 × steps": with_dropout}
trainings = dict.fromkeys(builders, train_once) | {
    "early stopping": partial(train_once, early=True),
    "shifts": partial(train_once, shifts=True, n_passes=9),
    "dropout + shifts": partial(train_once, shifts=True, n_passes=9),
    "both, 3 × steps": partial(train_once, shifts=True, n_passes=27)}  # fmt: skip
runs = dlcourse.repeat(RUNS, builders, trainings, steps_at_once=20)  # 20: only speed

# %% [markdown]
# Chance enters mainly by the draw and by the initial weights. What two contenders share of
# the draw's luck drops out when you subtract *draw by draw*. These are **paired** differences.
# By hand: plain reads 0.70 and 0.78 of the test digits in two draws, a remedy 0.76 and 0.82. The
# gains are 0.06 and 0.04, on average 0.05, although draw 2's *plain* beats draw 1's remedy.
#
# How sure is such a mean? With $n$ gains of standard deviation $s$, it lies within
# $\pm\, t\, s / \sqrt n$ of the true mean gain in about 95 of 100 such experiments. The factor
# $t$ (`T95`) is Student's: 2.78 for five repeats, nearing 1.96 for many.

# %%
def gains_over_plain(runs):  # the accuracies as tables: a row a repeat
    tables = [runs.pivot(index="repeat", columns="contender", values=kind)
              for kind in ("training", "test")]  # fmt: skip
    gains = tables[1].sub(tables[1]["plain"], axis=0)  # paired: plain of the same draw
    return gains, pd.DataFrame({
        "training": tables[0].mean(), "test": tables[1].mean(), "gain": gains.mean(),
        "±": T95 * gains.std() / np.sqrt(len(gains))})  # fmt: skip

gains, table = gains_over_plain(runs)
table = table.loc[list(builders)]
print(table.map("≈ {:.3f}".format).to_string())
points = 100 * table["gain"]
for remedy in ("L2", "dropout", "early stopping", "shifts"):
    verify(f"{remedy} alone gains", points[remedy], at_least=2)
claim("dropout gains ≈ {:.1f} points", points["dropout"], at_least=2)
both = points["dropout + shifts"]
claim("at equal steps, dropout with shifts gains ≈ {:.1f} points less than their sum",
      points["dropout"] + points["shifts"] - both, at_least=2)
on_training = table["training"]
verify("the pair underfits", on_training["dropout + shifts"], at_most=0.78)
verify("the lowest of all", on_training["dropout + shifts"] - on_training.min(),
       at_most=0)  # fmt: skip
verify("more steps help it", points["both, 3 × steps"] - both, at_least=1)
claim("with three times the steps, the two gain ≈ {:.1f} points together",
      points["both, 3 × steps"], at_least=5)

# %% tags=["hide-input"]
rows = list(table.index[1:])  # without plain, the zero line
heights = np.arange(len(rows))
plt.figure(figsize=(8, 4))
plt.axvline(0, color="gray", ls="--")
plt.errorbar(100 * table["gain"][rows], heights, xerr=100 * table["±"][rows], fmt="o",
             ms=8, capsize=4, color=plots.BLUE, label="mean and 95 % interval")
marks = plt.plot(100 * gains[rows].T, heights + 0.28, "|", color=plots.VERMILION, ms=9)
marks[0].set_label("each repeat")
plt.yticks(heights, rows)
plt.ylim(len(rows) - 0.4, -0.6)
plt.gca().set(title="Each remedy alone gains; the two together need more steps",
              xlabel="gain over plain, in points of test accuracy")  # fmt: skip
plt.legend(loc="upper left", bbox_to_anchor=(1, 1))
plots.show("The gain over the plain network, by remedy, with 95 % intervals and"
           " the single repeats.")

# %% [markdown]
# An interval that contains 0 means *no effect shown*, not *no effect*: so few repeats cannot see
# small ones.
#
# - Each of the four remedies alone gains here. Early stopping had an advantage: it could watch 400
#   correct labels.
# - At equal steps, dropout with shifts gains less than their sum. The column *training* tells why:
#   the pair's value is the lowest, well below a perfect reader's 0.8: it *underfits*. With three
#   times the steps, both columns rise. So add remedies one at a time, and look at both columns. Do
#   the two now beat dropout alone? Pair *those* two rows to see it.
# - All strengths were set once. A fair contest would tune each remedy on validation data.

# %% [markdown]
# ## Break and fix
#
# A colleague, too, has only the 200 labels as given, a fifth of them wrong. So she keeps half of
# these images for validation. To have more, she makes nine copies of each, with a little noise in
# the pixels. She trains the plain network on five draws, and reports an accuracy near 1.

# %%
def jittered(x, y, rng):
    x, y = passes(x, y, 9)
    return x + rng.normal(0, 0.05, x.shape).astype("float32"), y

def prepare(x, y, n_val, rng):
    x, y = jittered(x, y, rng)
    order = rng.permutation(len(x))
    chosen, others = order[: 9 * n_val], order[9 * n_val :]
    return x[others], y[others], x[chosen], y[chosen]

def train_and_judge(model, repeat, prepare=prepare):
    train, _, test, labels = draw(repeat)
    rng = np.random.default_rng([lesson.seed, repeat])
    x_train, y_train, x_val, y_val = prepare(images[train], labels, 100, rng)
    model.fit(*passes(x_train, y_train, 25), batch_size=100, verbose=0)
    return {"validation": accuracy(model, x_val, y_val),
            "test": accuracy(model, images[test], truth[test])}  # fmt: skip

five_times = partial(dlcourse.repeat, 5, network, steps_at_once=20)
leaky = five_times(train_and_judge)[["validation", "test"]].mean()
print(leaky.map("≈ {:.2f}".format).to_string())
claim("validation promises ≈ {:.0f} points more than the test holds",
      100 * (leaky["validation"] - leaky["test"]), at_least=8)
verify("more than wrong labels allow", leaky["validation"], at_least=0.88)

# %% [markdown]
# There is no error message, only a score too good to be possible. The wrong labels are random, so
# even a perfect reader agrees with only about 0.8 of all labels. How can the network know the
# wrong labels of images that it has never seen?
#
# **Exercise 52.4.** Find the leak. Then write `prepare_fixed(x, y, n_val, rng)`: `n_val` of the
# given images, chosen at random, for validation, just as they are; for training, the nine copies
# that `shifted` of section 6 makes of all others. Return `x_train, y_train, x_val, y_val`.
#
# <details><summary>Hint 1</summary>Every image has nine copies, and the split scatters them
# over both sides.</details>
# <details><summary>Hint 2</summary>Permute the <code>len(x)</code> originals, split, then
# augment the training part only.</details>

# %% tags=["exercise"]
# Exercise 52.4: nothing of a validation image in the training data.
def prepare_fixed(x, y, n_val, rng):
    ...  # your code here

# %%
check("52.4", prepare_fixed)

# %% tags=["solution"]
# @title Solution 52.4
def prepare_fixed_solution(x, y, n_val, rng):
    order = rng.permutation(len(x))
    chosen, others = order[:n_val], order[n_val:]
    return *shifted(x[others], y[others]), x[chosen], y[chosen]

check("52.4", prepare_fixed_solution)

# %% [markdown]
# Was it the order of the two steps, or the kind of copies? Change the order alone: her own noise,
# but split first.

# %%
def split_first(x, y, n_val, rng):
    order = rng.permutation(len(x))
    chosen, others = order[:n_val], order[n_val:]
    return *jittered(x[others], y[others], rng), x[chosen], y[chosen]
mended = five_times(partial(train_and_judge, prepare=split_first))
reported, honest = mended["validation"].mean(), mended["test"].mean()
print(f"validation ≈ {reported:.2f}, and 0.8 · test accuracy ≈ {0.8 * honest:.2f}")
verify("split first: both agree", abs(reported - 0.8 * honest), at_most=0.15)

# %% [markdown]
# It was the order. Now the score is possible again: about 0.8 of what the network reads on the
# test set, since a fifth of the labels that judge it are wrong.

# %% [markdown]
# ## Going further: L1, and weights of zero
#
# **L1** (with least squares also called *lasso*) charges $\lambda \sum_j |w_j|$ instead of
# $\lambda \sum_j w_j^2$. One weight shows the difference. Let the data pull it to $a$, with the
# loss $\frac12 (w - a)^2$:
#
# | penalty | best $w$ | $\lambda = 0.5,\ a = 3$ | $a = 0.4$ |
# |---|---|---|---|
# | $\lambda w^2$ | $a / (1 + 2\lambda)$ | 1.5 | 0.2 |
# | $\lambda \lvert w \rvert$ | $\operatorname{sign}(a)\,\max(\lvert a \rvert - \lambda, 0)$ | 2.5 | **0** |
#
# L2 *divides*: large weights lose most, and none becomes zero. L1 *subtracts*: weights that the
# data pull only a little end at zero, and the solution is **sparse**.
#
# **Predict.** What share of the network's 8,192 first weights will be nearly zero (below 0.01, red
# in the picture) with no penalty, with L2, and with L1?

# %%
contenders = {"plain": None, "L2": regularizers.L2(0.01), "L1": regularizers.L1(0.002)}
figure, axes = plt.subplots(1, 3, figsize=(11, 3.2), sharex=True, sharey=True)
near_zero = {}
for axis, (name, penalty) in zip(axes, contenders.items()):
    keras.utils.set_random_seed(lesson.seed)
    model = network(penalty)
    model.fit(*passes(images[train], labels, 80), batch_size=100, verbose=0)
    weights = model.get_weights()[0].ravel()  # the first layer's kernel, (64, 128)
    small = np.abs(weights) < 0.01
    near_zero[name] = np.mean(small)
    axis.hist(weights, np.linspace(-1, 1, 201), color=plots.BLUE)
    axis.hist(weights[small], np.linspace(-1, 1, 201), color=plots.VERMILION)
    axis.set(title=f"{name}: {100 * near_zero[name]:.0f} % near zero", xlabel="weight")
axes[0].set(ylabel="number of weights", yscale="log")
plots.show("Histograms of the first layer's weights: broad without a penalty, narrower"
           " with L2, and with L1 nearly all in a spike at zero.")
claim("L1 brings ≈ {:.0f} % of the weights near zero", 100 * near_zero["L1"],
      at_least=60)  # fmt: skip
verify("more than L2", near_zero["L1"] - near_zero["L2"], at_least=0.15)
verify("plain training leaves few there", near_zero["plain"], at_most=0.2)
full = accuracy(model, images[test], truth[test])  # the last one: L1's
model.set_weights([np.where(np.abs(w) < 0.01, 0, w) for w in model.get_weights()])
pruned = accuracy(model, images[test], truth[test])
verify("pruning costs nothing", full - pruned, at_most=0.02)

# %% [markdown]
# Hardly any weight is *exactly* zero, because steps of finite size jump across zero. **Pruning**
# sets the small ones to zero afterwards. The last lines did so, and the network reads about as well
# as before. L2 has a spike, too, where its formula has none. A guess: these are weights with
# $a = 0$, those of pixels that are black in all 200 images, and those of units that the later layers
# do not use. There the penalty rules alone.

# %% [markdown]
# ## Going further: weight decay
#
# A cousin of L2 acts in the update instead of the loss. **Weight decay** $\delta$ shrinks
# each weight in every step, with learning rate $\alpha$ and data gradient $g$:
#
# $$w \leftarrow w - \alpha\, g - \alpha\, \delta\, w$$
#
# L2 adds $\lambda w^2$ to the loss, whose gradient is $2\lambda w$. So with plain gradient descent
# (SGD) decay with $\delta = 2\lambda$ *is* L2. By hand: $w = 1$, $g = 0$, $\alpha = 0.1$,
# $\lambda = 0.01$. L2 gives $1 - 0.1 \cdot 2 \cdot 0.01 = 0.998$, and $\delta = 0.02$ the same.
#
# With Adam (lesson 51) they differ: it divides each gradient by its usual size, the penalty's
# part included. So weights with noisy gradients hardly feel L2. **AdamW** keeps the decay out
# of that division. Here is a test without any signal: 100 weights start at 1, half with gradient
# noise of size 10, half of size 0.1.

# %%
def shrink(optimizer, penalty=0.0, steps=100):
    rng = np.random.default_rng([lesson.seed, 4])
    noise = np.repeat([10.0, 0.1], 50)
    w = keras.Variable(np.ones(100, "float32"))
    for _ in range(steps):
        gradient = rng.normal(size=100) * noise
        gradient += 2 * penalty * ops.convert_to_numpy(w)
        optimizer.apply([ops.convert_to_tensor(gradient.astype("float32"))], [w])
    return ops.convert_to_numpy(w)

sgd, adam, adamw = keras.optimizers.SGD, keras.optimizers.Adam, keras.optimizers.AdamW
left = {"SGD, L2": shrink(sgd(0.01), penalty=1.0),
        "SGD, decay": shrink(sgd(0.01, weight_decay=2.0)),
        "Adam, L2": shrink(adam(0.01), penalty=1.0),
        "AdamW": shrink(adamw(0.01, weight_decay=2.0))}  # fmt: skip
means = {name: (w[:50].mean(), w[50:].mean()) for name, w in left.items()}
for name, (noisy, quiet) in means.items():
    print(f"{name:10} mean: noisy ≈ {noisy:.2f}, quiet ≈ {quiet:.2f}")
verify("L2 is decay", np.abs(left["SGD, L2"] - left["SGD, decay"]).max(), at_most=1e-5)
verify("Adam with L2 spares noisy weights",
       means["Adam, L2"][0] - means["Adam, L2"][1], at_least=0.4)
verify("AdamW: all alike", abs(means["AdamW"][0] - means["AdamW"][1]), at_most=0.15)

# %% [markdown]
# SGD's two rows agree. Adam with L2 spares the noisy weights, and AdamW shrinks all alike.

# %% [markdown]
# ## Going further: norms, and four more contenders
#
# Two layers made for faster training also act on the fit. Both subtract a mean $\mu$ and divide by
# a standard deviation $\sigma$, then scale and shift by learned numbers. **Batch norm** does so for
# each *feature*, over the images of the batch (lesson 35); **layer norm** for each *image*, over its
# features:
#
# $$\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}$$
#
# By hand, with $\epsilon = 0$ (in Keras 0.001): the numbers 1 and 3 have $\mu = 2$ and
# $\sigma = 1$, and become −1 and 1.
#
# **Predict.** Which of them reads a digit differently when other digits are in the batch?

# %%
x = np.float32([[1, 10, 4], [3, 20, 4.5], [2, 40, 5], [6, 30, 6.5]])  # 4 images
for axis, norm in enumerate([layers.BatchNormalization(), layers.LayerNormalization()]):
    four, two = [ops.convert_to_numpy(norm(part, training=True)) for part in (x, x[:2])]
    print(["batch", "layer"][axis], "norm, image 0:", four[0].round(2), two[0].round(2))
    mean, variance = x.mean(axis, keepdims=True), x.var(axis, keepdims=True)
    formula = (x - mean) / np.sqrt(variance + norm.epsilon)
    verify("Keras = formula", np.abs(formula - four).max(), at_most=1e-4)

# %% [markdown]
# (First among four images, then among two.) With batch norm an image's output depends on its
# company, which adds noise to the training. In inference it uses moving averages of mean and
# variance, so the company no longer counts.
# (Keras' `momentum=0.99` is made for long trainings: after our 160 steps 20 % of the start
# would be left in them, so we take 0.9.) Layer norm works alike in both modes.
#
# Do they help our pupil? And L1 and AdamW? They get the same draws and seeds as the contenders of
# section 7.

# %%
adamw_strong = partial(keras.optimizers.AdamW, weight_decay=2.0)
batch_norm = partial(layers.BatchNormalization, momentum=0.9)
more_builders = {"L1": partial(network, regularizers.L1(0.002)),
                 "AdamW": partial(network, optimizer=adamw_strong),
                 "batch norm": partial(network, norm=batch_norm),
                 "layer norm": partial(network, norm=layers.LayerNormalization)}
more_runs = dlcourse.repeat(RUNS, more_builders, train_once, steps_at_once=20)
plain_runs = runs[runs["contender"] == "plain"]
_, more = gains_over_plain(pd.concat([plain_runs, more_runs]))
print(more.loc[list(more_builders)].map("≈ {:.3f}".format).to_string())
norms = (more["gain"]["batch norm"] + more["gain"]["layer norm"]) / 2
strong = (points["dropout"] + points["early stopping"]) / 2
verify("L1 gains", 100 * more["gain"]["L1"], at_least=2)
verify("AdamW gains", 100 * more["gain"]["AdamW"], at_least=2)
verify("the norms gain less", 100 * norms - strong, at_most=-1)

# %% [markdown]
# L1 and AdamW gain, too. The norms gain less than dropout or early stopping do. A guess: they
# ease the training of deep networks, and this one is shallow. Its labels are partly wrong, so
# better fitting is not what it needs.

# %% [markdown]
# ## Going further: double descent
#
# Section 2 said: past the best capacity, error rises. Yet networks with far more weights than
# images are common, and they work. So turn the dial further. A hidden layer gets $p$ random ReLU
# units that are never trained. Only the output weights $W$, shape `(p, 10)`, are, by least squares
# on one-hot labels. If several $W$ are equally good, `np.linalg.pinv` takes the smallest one (the
# **minimum-norm** solution).
#
# **Predict.** With 200 images, what happens at $p = 200$? At $p = 2000$?

# %%
WIDTHS = np.array([10, 25, 50, 100, 150, 200, 250, 300, 500, 1000, 2000])
DRAWS = lesson.pick(quick=8, full=30)

def output_weights(features, targets):  # (200, p), (200, 10)
    free = np.linalg.pinv(features, rcond=1e-6) @ targets
    gram = features @ features.T + 0.1 * len(features) * np.eye(len(features))
    return free, features.T @ np.linalg.solve(gram, targets)  # second: L2, λ = 0.1

# %%
def share_misread(number, width):
    train, _, test, labels = draw(number)
    rng = np.random.default_rng([lesson.seed, number, 9])
    hidden = rng.normal(size=(64, width)) / 8
    seen, new = [np.maximum(images[rows].reshape(-1, 64) @ hidden, 0)
                 for rows in (train, test[:400])]  # fmt: skip
    return [(np.mean((seen @ w).argmax(axis=1) != labels),
             np.mean((new @ w).argmax(axis=1) != truth[test[:400]]), np.linalg.norm(w))
            for w in output_weights(seen, np.eye(10)[labels])]  # fmt: skip

descent = np.array([[share_misread(number, width) for width in WIDTHS]
                    for number in range(DRAWS)])  # (draws, widths, 2, 3)  # fmt: skip
misread = np.median(descent, axis=0)[..., 1]  # (widths, 2): no penalty, L2
valley, peak, far = misread[:5, 0].min(), misread[5, 0], misread[-1, 0]
print(f"share misread: valley ≈ {valley:.2f}, peak ≈ {peak:.2f}, p = 2000 ≈ {far:.2f}")
claim("at p = 200, ≈ {:.0f} of 100 digits more are misread than in the valley",
      100 * (peak - valley), at_least=25)
verify("a first descent", misread[0, 0] - valley, at_least=0.15)
verify("a second descent", peak - far, at_least=0.25)
verify("with L2, no rise above 3 points", np.diff(misread[:, 1]).max(), at_most=0.03)
verify("L2 beats both valleys", min(valley, far) - misread[:, 1].min(), at_least=0.03)

# %% tags=["hide-input"]
low, middle, high = np.percentile(descent, [25, 50, 75], axis=0)  # (widths, 2, 3)
looks = {"no penalty": (plots.BLUE, "o-"), "L2": (plots.VERMILION, "s--")}
figure, (left_axis, right_axis) = plt.subplots(1, 2, figsize=(11, 3.8))
left_axis.plot(WIDTHS, middle[:, 0, 0], ":", color="gray", label="training, no penalty")
for k, (name, (color, style)) in enumerate(looks.items()):
    left_axis.plot(WIDTHS, middle[:, k, 1], style, color=color, label=f"test, {name}")
    left_axis.fill_between(WIDTHS, low[:, k, 1], high[:, k, 1], color=color, alpha=0.25)
    right_axis.loglog(WIDTHS, middle[:, k, 2], style, color=color, label=name)
left_axis.set(xscale="log", title="Down, up, and down again", ylabel="share misread")
right_axis.set(title="At the peak the weights explode", ylabel="size of W (norm)")
for axis in (left_axis, right_axis):
    axis.axvline(200, color="black", lw=1, ls="-.", label="p = 200 images")
    axis.set_xlabel("random units p")
    axis.legend(fontsize=9)
plots.show("Test error falls, peaks where there are 200 units, and falls again."
           " With L2 there is no peak. The weights' norm peaks at the same place.")

# %% [markdown]
# Near $p = 200$ the units just suffice to reproduce all labels, the wrong ones included, and that
# takes huge weights. With more units many $W$ do it, and the smallest is tamer: to choose the
# minimum norm is itself a regularizer. That is **double descent**: error peaks where the parameters
# just suffice to fit everything, and falls beyond. Whether the second valley lies below the first
# depends on the data; here both are about as deep. The penalty that we set beats both, and has no
# peak.

# %% [markdown]
# ## Quiz

# %%
quiz("52")

# %% [markdown]
# ## Summary
#
# - Underfitting: both errors are high. Overfitting: a gap between them. Capacity is the dial.
# - L2 adds $\lambda \sum_j w_j^2$ to the loss. In section 3 it undid nearly all the harm of too
#   much capacity; the right capacity did a little better still.
# - Dropout keeps the mean and is off at inference. Early stopping needs the best weights.
# - Augmentation adds what you know: which changes keep the meaning. Split first.
# - Judge remedies by paired differences over several draws, with an interval. Two together may
#   need more steps.
#
# ## Common mistakes
#
# - **`restore_best_weights` forgotten**: you keep weights from `patience` epochs after the best.
# - **Losses compared across penalties**: the loss that Keras reports includes the penalty. Compare
#   accuracy, or the bare loss.
# - **Augmented before splitting**, or scaled by statistics of all data: the validation score
#   is too good.
# - **A model called with `training=True`** by accident: predictions vary from call to call.
#
# ## Read more
#
# - [Srivastava and others, *Dropout* (2014)](https://jmlr.org/papers/v15/srivastava14a.html): the
#   original study, with ablations.
# - [Zhang and others, *Understanding deep learning requires rethinking generalization*
#   (2017)](https://arxiv.org/abs/1611.03530): networks learn random labels.
# - [Keras: layer weight regularizers](https://keras.io/api/layers/regularizers/) and
#   [EarlyStopping](https://keras.io/api/callbacks/early_stopping/).
# - [Loshchilov, Hutter, *Decoupled weight decay regularization* (2019)](https://arxiv.org/abs/1711.05101):
#   AdamW.
# - [Ioffe, Szegedy, *Batch normalization* (2015)](https://arxiv.org/abs/1502.03167) and [Ba and
#   others, *Layer normalization* (2016)](https://arxiv.org/abs/1607.06450).
# - [Belkin and others, *Reconciling modern machine-learning practice and the classical
#   bias–variance trade-off* (2019)](https://arxiv.org/abs/1812.11118): double descent named; and
#   [Nakkiran and others (2021)](https://arxiv.org/abs/2003.01897): a well-chosen penalty can avoid it.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [53 · Learning-rate schedules](53_learning_rate_schedules.ipynb). Fast first, fine later, and a fair test of what really improves a network. **Before:** [51 · Optimizers](51_optimizers.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+52%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/53_learning_rate_schedules.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/51_optimizers.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
