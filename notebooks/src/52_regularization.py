# ---
# jupyter:
#   dlcourse:
#     title: Regularization
#     subtitle: A network that learns its mistakes by heart, and what helps against it
#     minutes: 75
#     seconds: 52
#     needs: ["23", "51"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "every remedy helps a little"
#       stop: "section 8"
#       ask: "\"Rank them. Now look at the error bars.\""
#       stuck: "L1 against L2: do the one-weight table by hand"
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
# **Your time:** 75 minutes · **The notebook runs in:** about 52 s on two CPU cores · **Before this:** lesson 23, lesson 51

# %% [markdown]
# ## You will be able to
#
# 1. turn one dial from underfitting through fit to overfitting, and tell them apart by two
#    curves  *(sections 1 and 2 · quiz)*
# 2. write the L2 penalty, say how L1 differs, and turn L2 into weight decay
#    *(sections 3 and 4 · exercises 52.1 and 52.2)*
# 3. write dropout, and early stopping that keeps the best weights
#    *(sections 5 and 6 · exercises 52.3 and 52.4)*
# 4. augment images without letting validation data into the training
#    *(section 7 · exercise 52.5)*
# 5. measure what each remedy gains, with error bars, and explain double descent
#    *(sections 8 and 9 · quiz)*

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

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("52", profile=PROFILE, seed=SEED)

import keras
from keras import layers, regularizers

# %% [markdown]
# ## 1 · A perfect pupil
#
# You have 200 handwritten digits (8×8 pixels) to train on, and whoever labeled them got 40
# wrong. Real labels are often like that, if not quite so bad. Further images, labeled
# correctly, serve for validation (400) and for the test (the rest).

# %%
digits = datasets.digits()
images = np.concatenate([digits.x_train, digits.x_test]).astype("float32") / 16
truth = np.concatenate([digits.y_train, digits.y_test])

def draw(seed):
    """Return indices for training, validation and test, and the training labels."""
    rng = np.random.default_rng([lesson.seed, seed])
    train, val, test = np.split(rng.permutation(len(images)), [200, 600])
    labels = truth[train].copy()
    labels[:40] = (labels[:40] + rng.integers(1, 10, size=40)) % 10  # always wrong
    return train, val, test, labels

train, val, test, labels = draw(0)
print("images", images.shape, " test", len(test),
      " wrong labels", np.sum(labels != truth[train]))

# %% [markdown]
# One dense network serves the whole lesson; each remedy is one argument. To repeat a
# training, `restart` gives the same model new random weights and an empty optimizer.

# %%
AT_ONCE = 20 if lesson.backend == "tensorflow" else 1  # steps per call: only speed
RATE = 0.005

def network(penalty=None, drop=0.0, norm=None, optimizer=keras.optimizers.Adam):
    model = keras.Sequential([layers.Input((8, 8)), layers.Flatten()])
    for _ in range(2):
        model.add(layers.Dense(128, kernel_regularizer=penalty))
        if norm:
            model.add(norm())
        model.add(layers.Activation("relu"))
        if drop:
            model.add(layers.Dropout(drop))
    model.add(layers.Dense(10, kernel_regularizer=penalty))  # logits
    model.compile(optimizer(RATE), keras.losses.SparseCategoricalCrossentropy(
        from_logits=True), metrics=["accuracy"], steps_per_execution=AT_ONCE)
    return model

# %%
@functools.cache
def initial_weights(model, seed):
    keras.utils.set_random_seed(dlcourse.derived_seed(lesson.seed, seed))
    return keras.models.clone_model(model).get_weights()

def restart(model, seed):
    model.set_weights(initial_weights(model, seed))
    for variable in model.optimizer.variables:
        variable.assign(keras.ops.zeros(variable.shape, variable.dtype))
    model.optimizer.learning_rate = RATE

def train_on(model, x, y, seed=0, times=80, epochs=1, **options):
    """Fit from scratch; one epoch here is `times` passes over the images, for speed."""
    restart(model, seed)
    return model.fit(np.tile(x, (times, 1, 1)), np.tile(y, times), batch_size=100,
                     epochs=epochs, verbose=0, **options)

def accuracy(model, x, y):
    logits = keras.ops.convert_to_numpy(model(x))  # inference: dropout is off
    return np.mean(logits.argmax(axis=1) == y)

# %% [markdown]
# **Predict.** The network has 26,122 parameters and 200 images. How many of the 200 labels
# will it reproduce, given that 40 are nonsense? And how many test digits will it read?

# %%
models = {"plain": network()}
VALIDATE = {"times": 3, "epochs": 30, "validation_batch_size": 400,
            "validation_data": (images[val], truth[val])}
history = train_on(models["plain"], images[train], labels, **VALIDATE)
plots.history_curves(history, title="Training gets ever better, validation worse")
plots.show("Training loss falls to zero; validation loss falls, then rises. Training"
           " accuracy reaches 1, validation accuracy stays far below.")

learned = accuracy(models["plain"], images[train][:40], labels[:40])
read = accuracy(models["plain"], images[test], truth[test])
print(f"{models['plain'].count_params():,} parameters")
print(f"wrong labels reproduced ≈ {learned:.2f}, test accuracy ≈ {read:.2f}")
claim("it learns nine in ten wrong labels by heart", learned, at_least=0.9)
claim("and misreads one test digit in six", read, at_most=0.83)
val_loss, val_accuracy = (np.array(history.history["val_" + name])
                          for name in ("loss", "accuracy"))
claim("validation accuracy ends 4 points below its best",
      val_accuracy.max() - val_accuracy[-1], at_least=0.04)
claim("and the validation loss rose by a tenth from its lowest value",
      val_loss[-1] / val_loss.min(), at_least=1.1)

# %% [markdown]
# Two phases. At first validation is even *better*: its labels are right, a fifth of the
# training labels is wrong, so whoever reads well scores 0.8 there. Training accuracy beyond
# 0.8 is nonsense learned by heart, and from there on validation pays for it. That is
# **overfitting**: fitting what is peculiar to the training data and does not recur. Its mark is
# the *gap* that opens between the curves. A high training score proves capacity, not
# understanding. **Regularization** is whatever lowers the error on new data, usually at the
# price of a worse fit to the training data.

# %% [markdown]
# ## 2 · One dial
#
# To see a fit, take one input. Twenty measurements of $f(x) = \sin 4x$ carry noise of
# standard deviation 0.3. The dial is the **degree** $d$ of a polynomial,
#
# $$\hat y(x) = \sum_{j=0}^{d} w_j\, P_j(x),$$
#
# with $P_j$ the Legendre polynomials: they span the same curves as $1, x, x^2, \dots$, with
# tamer numbers. `phi` holds $P_j(x_i)$, shape `(points, d + 1)`; the weights $w$ have shape
# `(d + 1,)`. `fit` finds the $w$ with the smallest squared error. (Its `strength`, 0 for now,
# waits for section 3.) We judge by the RMSE, $\sqrt{\frac1n \sum_i (\hat y_i - y_i)^2}$.

# %%
def fit(x, y, degree, strength=0.0):
    phi = np.polynomial.legendre.legvander(x, degree)
    wish = np.sqrt(len(x) * strength) * np.eye(degree + 1)  # each weight "seen" as 0
    rows, targets = np.vstack([phi, wish]), np.append(y, np.zeros(degree + 1))
    return np.linalg.lstsq(rows, targets, rcond=None)[0]

def rmse(w, x, y):
    return np.sqrt(np.mean((np.polynomial.legendre.legval(x, w) - y) ** 2))

# %% [markdown]
# **Predict.** Degrees 1, 5 and 15 on the same twenty points. Which comes nearest to the
# points? Which to the curve they come from?

# %%
def measure(n, rng):
    x = rng.uniform(-1, 1, n)
    return x, np.sin(4 * x) + rng.normal(0, 0.3, n)

x20, y20 = measure(20, np.random.default_rng([lesson.seed, 20]))
line = np.linspace(-1, 1, 300)
figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), sharey=True)
for axis, degree, name in zip(axes, (1, 5, 15), ("Underfit", "Fit", "Overfit")):
    axis.plot(line, np.sin(4 * line), "--", color=plots.GREEN, label="truth")
    w = fit(x20, y20, degree)
    axis.plot(line, np.polynomial.legendre.legval(line, w), label="fit")
    axis.plot(x20, y20, "o", color=plots.VERMILION, ms=5, label="measured")
    axis.set(title=f"{name}: degree {degree}", xlabel="input x", ylim=(-2.2, 2.2))
axes[0].set_ylabel("output y")
axes[0].legend(fontsize=9)
plots.show("Twenty points and three polynomials: degree 1 misses the waves, degree 5"
           " follows the truth, degree 15 chases the points and swings wildly.")

# %% [markdown]
# One draw may be a freak. Draw 100 training sets, and judge each fit on 200 new points.

# %%
degrees, rng = np.arange(16), np.random.default_rng([lesson.seed, 2])
errors = []
for _ in range(100):
    seen, new = measure(20, rng), measure(200, rng)
    fits = [fit(*seen, d) for d in degrees] + [fit(*seen, 15, strength=0.01)]
    errors.append([[rmse(w, *seen), rmse(w, *new)] for w in fits])
low, middle, high = np.percentile(errors, [25, 50, 75], axis=0)  # each (17, 2)
for k, (name, style) in enumerate((("training", "o-"), ("validation", "s--"))):
    plt.semilogy(degrees, middle[:16, k], style, label=name)
    plt.fill_between(degrees, low[:16, k], high[:16, k], alpha=0.25)
plt.axhline(0.3, color="gray", ls=":", label="noise")
plt.gca().set(title="More capacity helps, then harms", xlabel="degree",
              ylim=(0.03, 3000), ylabel="RMSE (median and quartiles)")
plt.legend()
plots.show("Training error falls with the degree; validation error falls to degree 5,"
           " near the noise, then rises by orders of magnitude.")
best = int(np.argmin(middle[:16, 1]))
print(f"validation RMSE ≈ {middle[1, 1]:.2f} (degree 1), ≈ {middle[best, 1]:.2f}"
      f" (best), ≈ {middle[15, 1]:.0f} (15), ≈ {middle[16, 1]:.2f} (15 with a penalty)")
claim("the best degree is neither small nor large", best, at_least=3, at_most=8)
claim("degree 1 has 1.5 times the best error", middle[1, 1] / middle[best, 1],
      at_least=1.5)
claim("degree 15 at least 3 times", middle[15, 1] / middle[best, 1], at_least=3)
claim("with a penalty degree 15 has ≈ {:.2f} times the best error",
      middle[16, 1] / middle[best, 1], at_least=1.05, at_most=1.25)

# %% [markdown]
# (The steps are at odd degrees: $\sin 4x$ is an odd function, and even degrees cannot help.)
#
# | | training error | validation error | remedy |
# |---|---|---|---|
# | **underfitting** | high | as high | more capacity, longer training |
# | **overfitting** | low | much higher | more data, less capacity, or a penalty |
#
# ## 3 · A price on large weights
#
# Degree 15 *can* draw the quiet curve of degree 5. It swings because nothing forbids large
# weights. So charge for them. **L2** (ridge) minimizes
#
# $$\frac1n \sum_{i=1}^{n} \Big(\sum_j w_j\, \phi_{ij} - y_i\Big)^2 + \lambda \sum_j w_j^2$$
#
# with $\phi$ `phi`, $\lambda \ge 0$ `strength`. By hand, one feature $\phi = (1, 2)$, $y = (2, 4)$:
# the derivative is zero at $w = \frac{5}{2.5 + \lambda}$, where $5 = \frac1n \sum \phi_i y_i$
# and $2.5 = \frac1n \sum \phi_i^2$. Without a price $w = 2$; at $\lambda = 2.5$, $w = 1$.
#
# **Play.** At degree 15, find a strength that brings the curve near the truth. Then raise it
# on: what does *underfitting* look like at degree 15?

# %%
x_new, y_new = measure(200, np.random.default_rng([lesson.seed, 21]))

def penalize(degree=15, log10_strength=-2.0):
    for strength, style, color in zip((0, 10**log10_strength), ":-", ("gray", "C0")):
        w = fit(x20, y20, degree, strength)
        plt.plot(line, np.polynomial.legendre.legval(line, w), style, color=color,
                 label=f"λ = {strength:.2g}: largest weight {np.abs(w).max():.1f}")
    plt.plot(line, np.sin(4 * line), "--", color=plots.GREEN, label="truth")
    plt.plot(x20, y20, "o", color=plots.VERMILION, ms=5)
    plt.gca().set(xlabel="input x", ylabel="output y", ylim=(-2.2, 3.6),
                  title=f"With λ: training RMSE {rmse(w, x20, y20):.2f},"
                        f" validation {rmse(w, x_new, y_new):.2f}")
    plt.legend(fontsize=9, loc="upper left")

explore(penalize, alt="A polynomial of degree 15 through twenty points, wild without a"
        " penalty and calm with one.", degree=(0, 15), log10_strength=(-8.0, 2.0, 0.5))

# %% [markdown]
# **Exercise 52.1.** `fit` uses a trick: it adds points that "measure" each weight as 0. Write
# `ridge(phi, y, strength)` openly: set the gradient of the formula above to zero and solve for
# all weights, shape `(features,)`.
#
# <details><summary>Hint 1</summary>In matrices, the gradient is
# <code>2/n · phiᵀ(phi w − y) + 2 · strength · w</code>.</details>
# <details><summary>Hint 2</summary>So <code>(phiᵀ phi / n + strength · I) w = phiᵀ y / n</code>;
# <code>np.linalg.solve</code> and <code>np.eye</code>.</details>

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
# **L1** (lasso) charges $\lambda \sum_j |w_j|$ instead. One weight shows the difference. Let
# the data pull it to $a$, with loss $\frac12 (w - a)^2$:
#
# | penalty | best $w$ | $\lambda = 0.5,\ a = 3$ | $a = 0.4$ |
# |---|---|---|---|
# | $\lambda w^2$ | $a / (1 + 2\lambda)$ | 1.5 | 0.2 |
# | $\lambda \lvert w \rvert$ | $\operatorname{sign}(a)\,\max(\lvert a \rvert - \lambda, 0)$ | 2.5 | **0** |
#
# L2 *divides*: large weights lose most, none becomes zero. L1 *subtracts*: weights that pull
# little end at zero; the solution is **sparse**. (The price of moving off zero is $\lambda$ per
# unit for L1, and next to nothing for L2.)
#
# **Predict.** Sort the network's 8,192 first weights by size. What share will be nearly
# zero (below 0.01, red in the picture) with no penalty, with L2, and with L1?

# %%
models["L2"] = network(regularizers.L2(0.01))
models["L1"] = network(regularizers.L1(0.002))
figure, axes = plt.subplots(1, 3, figsize=(11, 3.2), sharex=True, sharey=True)
near_zero = {}
for axis, name in zip(axes, ("plain", "L2", "L1")):
    train_on(models[name], images[train], labels)
    w = models[name].get_weights()[0].ravel()  # the first layer's kernel, (64, 128)
    near_zero[name] = np.mean(np.abs(w) < 0.01)
    for part, color in ((w, plots.BLUE), (w[np.abs(w) < 0.01], plots.VERMILION)):
        axis.hist(part, np.linspace(-0.5, 0.5, 101), color=color)
    axis.set(title=f"{name}: {near_zero[name]:.0%} nearly zero", xlabel="weight")
axes[0].set(ylabel="number of weights", yscale="log")
plots.show("Histograms of the first layer's weights: broad without a penalty, narrower"
           " with L2, and with L1 nearly all in a spike at zero.")
print("nearly zero:", {name: f"≈ {share:.2f}" for name, share in near_zero.items()},
      " exactly zero with L1: ≈", np.sum(models["L1"].get_weights()[0] == 0))
claim("L1 brings most weights near zero", near_zero["L1"], at_least=0.6)
claim("more than L2 does, by far", near_zero["L1"] - near_zero["L2"], at_least=0.15)
claim("plain training leaves few there", near_zero["plain"], at_most=0.2)
whole = accuracy(models["L1"], images[test], truth[test])
models["L1"].set_weights([np.where(np.abs(part) < 0.01, 0, part)
                          for part in models["L1"].get_weights()])
claim("L1's network loses nothing when all these are set to zero",
      whole - accuracy(models["L1"], images[test], truth[test]), at_most=0.02)

# %% [markdown]
# Sparse, but hardly any weight is *exactly* zero: steps of finite size jump across zero.
# **Pruning** sets the small ones to zero afterwards; nothing was lost. And L2's spike, where the
# formula has none? About two thirds of it are weights without any pull from the data: their
# pixel is black in all 200 images, or their unit is never active. There $a = 0$, and the
# penalty rules alone. The rest are pulled, but weakly. In Keras the argument is
# `kernel_regularizer`; biases are usually left free.

# %% [markdown]
# ## 4 · Weight decay
#
# A cousin of L2 acts in the update instead of the loss. **Weight decay** $\delta$ shrinks
# each weight in every step, with learning rate $\alpha$ and data gradient $g$:
#
# $$w \leftarrow w - \alpha\, g - \alpha\, \delta\, w$$
#
# The gradient of $\lambda w^2$ is $2\lambda w$. With plain gradient descent (SGD) both are the
# same, if $\delta$ is chosen right:
#
# **Exercise 52.2.** A layer has `regularizers.L2(0.01)`, and you train with `SGD(0.1)`. Which
# `weight_decay` in `SGD(0.1, weight_decay=…)` does the same without the regularizer?
#
# <details><summary>Hint 1</summary>Write out <code>w − α (g + 2 λ w)</code> and compare with the
# update above.</details>

# %% tags=["exercise"]
# Exercise 52.2: SGD(0.1, weight_decay=...) equals L2(0.01) with SGD(0.1).
decay = ...

# %%
check("52.2", decay)

# %% tags=["solution"]
# @title Solution 52.2
decay_solution = 2 * 0.01  # the learning rate multiplies both, so it drops out
check("52.2", decay_solution)

# %% [markdown]
# With Adam (lesson 51) they differ: it divides each gradient by its usual size, the penalty's
# part included, so weights with noisy gradients hardly feel L2. **AdamW** keeps the decay out
# of that division. A test without any signal: 100 weights start at 1, half with gradient
# noise of size 10, half of size 0.1.

# %%
def shrink(optimizer, penalty=0.0, steps=100):
    rng = np.random.default_rng([lesson.seed, 4])
    size = np.repeat([10.0, 0.1], 50)
    w = keras.Variable(np.ones(100, "float32"))
    for _ in range(steps):
        gradient = rng.normal(size=100) * size
        gradient += 2 * penalty * keras.ops.convert_to_numpy(w)
        optimizer.apply([keras.ops.convert_to_tensor(gradient.astype("float32"))], [w])
    return keras.ops.convert_to_numpy(w)

sgd, adam, adamw = keras.optimizers.SGD, keras.optimizers.Adam, keras.optimizers.AdamW
left = {"SGD, L2": shrink(sgd(0.01), penalty=1.0),
        "SGD, decay": shrink(sgd(0.01, weight_decay=2.0)),
        "Adam, L2": shrink(adam(0.01), penalty=1.0),
        "AdamW": shrink(adamw(0.01, weight_decay=2.0))}
for name, w in left.items():
    print(f"{name:10} mean: noisy ≈ {w[:50].mean():.2f}, quiet ≈ {w[50:].mean():.2f}")
claim("for SGD, L2 is weight decay",
      np.abs(left["SGD, L2"] - left["SGD, decay"]).max(), at_most=1e-5)
claim("Adam with L2 spares the noisy weights",
      left["Adam, L2"][:50].mean() - left["Adam, L2"][50:].mean(), at_least=0.4)
claim("AdamW shrinks all alike",
      abs(left["AdamW"][:50].mean() - left["AdamW"][50:].mean()), at_most=0.15)

# %% [markdown]
# ## 5 · Dropout
#
# While training, **dropout** sets each output of a layer to zero with probability $r$, the
# *rate*, anew in every step. No unit can rely on one particular other. What survives is
# divided by $1 - r$, which keeps the expectation: for $x = 3$, $r = 0.25$,
#
# $$E = 0.25 \cdot 0 + 0.75 \cdot \frac{3}{0.75} = 3.$$
#
# That is why at inference dropout can simply be off: the next layer's sums are right on
# average. (Beyond its ReLU this holds only roughly, and well enough in practice.)
#
# **Exercise 52.3.** Write `dropout(x, rate, rng, training)`, for `x` of any shape. `rng` is a
# NumPy generator; `x` must stay as it is.
#
# <details><summary>Hint 1</summary><code>rng.random(x.shape) >= rate</code> is True with
# probability 1 − rate.</details>
# <details><summary>Hint 2</summary>Multiply by that mask and divide by
# <code>1 - rate</code>; without training, return <code>x</code>.</details>

# %% tags=["exercise"]
# Exercise 52.3: dropout that keeps the expectation.
def dropout(x, rate, rng, training):
    ...  # your code here

# %%
check("52.3", dropout)

# %% tags=["solution"]
# @title Solution 52.3
def dropout_solution(x, rate, rng, training):
    if not training:
        return x
    return x * (rng.random(x.shape) >= rate) / (1 - rate)

check("52.3", dropout_solution)

# %% [markdown]
# **Predict.** Keras' layer gets 50,000 copies of $(1, 2, 3, 4)$. What are the column means with
# `training=True`? And what does a network read with its dropout left on at inference?

# %%
x = np.tile(np.float32([1, 2, 3, 4]), (50_000, 1))
on, off = (keras.ops.convert_to_numpy(layers.Dropout(0.25)(x, training=mode))
           for mode in (True, False))
print("first row, training=False:", off[0], " values in column 3:", np.unique(on[:, 2]))
claim("equal in expectation", np.abs(on.mean(axis=0) - x[0]).max(), at_most=0.05)
claim("off at inference: nothing changes", np.array_equal(off, x))

models["dropout"] = network(drop=0.5)
train_on(models["dropout"], images[train], labels)
left_on = np.argmax(keras.ops.convert_to_numpy(
    models["dropout"](images[test], training=True)), axis=1)
cost = accuracy(models["dropout"], images[test], truth[test]) - np.mean(
    left_on == truth[test])
print(f"test accuracy lost with dropout left on ≈ {cost:.3f}")
claim("dropout left on at inference costs accuracy", cost, at_least=0.01)

# %% [markdown]
# ## 6 · Early stopping
#
# In section 1 the validation loss was lowest early on. So stop there: **early stopping** ends
# the training when the loss has not improved for `patience` epochs. Those epochs have already
# made the weights worse, hence `restore_best_weights=True`; the default is `False`.
#
# **Exercise 52.4.** Write `stop(losses, patience)` for a list of validation losses. Return
# `(best, last)`: the epoch with the lowest loss so far, and the last epoch trained, counted
# from 0. Equal is no improvement. Example: `stop([5, 4, 6, 4, 3], 2)` is `(1, 3)`.
#
# <details><summary>Hint 1</summary>Keep the best epoch; at each epoch, ask how many epochs
# ago it was.</details>
# <details><summary>Hint 2</summary>Stop when <code>epoch - best >= patience</code>. If that never
# happens, the last epoch is <code>len(losses) - 1</code>.</details>

# %% tags=["exercise"]
# Exercise 52.4: the best epoch and the last one.
def stop(losses, patience):
    ...  # your code here

# %%
check("52.4", stop)

# %% tags=["solution"]
# @title Solution 52.4
def stop_solution(losses, patience):
    for epoch in range(len(losses)):
        best = int(np.argmin(losses[: epoch + 1]))  # the first of equals
        if epoch - best >= patience:
            break
    return best, epoch
check("52.4", stop_solution)

# %%
STOP = {"patience": 4, "restore_best_weights": True}
early = train_on(models["plain"], images[train], labels,
                 callbacks=[keras.callbacks.EarlyStopping(**STOP)], **VALIDATE)
stopped = early.history["val_loss"]
kept = models["plain"].evaluate(images[val], truth[val], batch_size=400, verbose=0)[0]
best = int(np.argmin(stopped))
plt.plot(np.arange(1, 31), val_loss, ":", color="gray", label="section 1, not stopped")
plt.plot(np.arange(1, len(stopped) + 1), stopped, "s-", color=plots.VERMILION,
         label="stopped by patience")
plt.plot(best + 1, stopped[best], "*", color=plots.BLUE, ms=20, label="weights kept")
plt.gca().set(xlabel="epoch", ylabel="validation loss", ylim=0,
              title=f"Trained to epoch {len(stopped)}, kept epoch {best + 1}")
plt.legend()
plots.show("The validation loss of section 1. Early stopping follows it to a few epochs"
           " beyond its lowest point, where the weights are kept.")
print(f"last loss ≈ {stopped[-1]:.2f}, of the kept weights ≈ {kept:.2f}")
claim("it stops long before epoch 30", len(stopped), at_most=20)
claim("the kept weights are the best epoch's", abs(kept - min(stopped)), at_most=1e-3)

# %% [markdown]
# The validation set has now *chosen* something, the epoch. Its score is no longer neutral;
# the test set's still is.

# %% [markdown]
# ## 7 · More pictures, tamer layers
#
# The surest remedy is more data. **Augmentation** makes some: changes that keep the
# meaning. A digit moved by a pixel is the same digit; a mirrored one may not be.

# %%
def shifted(x, y):
    wide = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    moved = [wide[:, i : i + 8, j : j + 8] for i in range(3) for j in range(3)]
    return np.concatenate(moved), np.tile(y, 9)  # (9 n, 8, 8) and (9 n,)

nine = shifted(images[train][50:51], labels[50:51])[0]  # (9, 8, 8)
plots.image_grid(nine, columns=9, title="One image becomes nine")
plots.show("The same digit nine times, moved by up to one pixel in each direction.")

# %% [markdown]
# Two layers made for faster training also act on the fit. Both subtract a mean and divide by
# a standard deviation, then scale and shift by learned numbers. **Batch norm** does so per
# *feature*, over the images of the batch; **layer norm** per *image*, over its features:
#
# $$\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}$$
#
# By hand, the column $(1, 3)$ has $\mu = 2$, $\sigma = 1$, and becomes $(-1, 1)$.
#
# **Predict.** Which of them reads a digit differently when other digits are in the batch?

# %%
x = np.float32([[1, 10, 4], [3, 20, 4.5], [2, 40, 5], [6, 30, 6.5]])  # (4, 3)
norms = [layers.BatchNormalization(), layers.LayerNormalization()]
outputs, changes = [x], []
for axis, norm in enumerate(norms):
    mean, variance = x.mean(axis, keepdims=True), x.var(axis, keepdims=True)
    four, two = (keras.ops.convert_to_numpy(norm(part, training=True))
                 for part in (x, x[:2]))
    outputs.append(four)
    changes.append(np.abs(four[0] - two[0]).max())  # image 0, in other company
    verify(f"{norm.name.replace('_', ' ')} = the formula, over axis {axis}",
          np.abs((x - mean) / np.sqrt(variance + norm.epsilon) - four).max(),
          at_most=1e-4)
claim("with batch norm, image 0 depends on its company", changes[0], at_least=0.3)
claim("with layer norm it does not", changes[1], at_most=1e-5)
figure, axes = plt.subplots(1, 3, figsize=(10, 3))
titles = "Input", "Batch norm: each column alike", "Layer norm: each row alike"
for axis, values, title in zip(axes, outputs, titles):
    color = values / np.abs(values).max()
    axis.imshow(color, cmap="PuOr", vmin=-2, vmax=2, aspect="auto")
    for (i, j), value in np.ndenumerate(values):
        axis.text(j, i, f"{value:.2g}", ha="center", va="center", fontsize=12)
    axis.set(title=title, xlabel="feature", ylabel="image", xticks=[0, 1, 2])
plots.show("A 4 by 3 batch; after batch norm every column has mean 0, after layer norm"
           " every row.")

# %% [markdown]
# Batch norm: an image's output depends on its company, which adds noise to the training. At
# inference it uses running averages of mean and variance instead, so the company no longer
# counts. Layer norm behaves the same in both.

# %% [markdown]
# ## 8 · What helps? An ablation
#
# Now one table: every remedy alone, then two together. All get about 160 steps (early
# stopping at most 180, the last row three times as many), the same draws of 200 images, and
# the same wrong labels. Compare each with *plain* on the same draw: such **paired** differences
# are free of the luck they share. (Batch norm averages with `momentum=0.9`: Keras' 0.99 is
# made for long trainings, and after 160 steps a fifth would still be the initial value.)
#
# **Predict.** Rank: L2, dropout, early stopping, shifts, batch norm.

# %%
models["batch norm"] = network(norm=lambda: layers.BatchNormalization(momentum=0.9))
models["layer norm"] = network(norm=layers.LayerNormalization)
models["AdamW"] = network(optimizer=lambda rate: adamw(rate, weight_decay=2.0))
SHIFTS = {"shifts": 9, "dropout + shifts": 9, "both, 3 × steps": 27}  # passes
models["dropout + shifts"] = models["both, 3 × steps"] = models["dropout"]
RUNS = lesson.pick(quick=4, full=10)
ROWS = ["plain", "L2", "L1", "AdamW", "dropout", "early stopping", "batch norm",
        "layer norm", *SHIFTS]
def run(name, seed):  # one row, one draw: accuracy in training and in the test
    train, val, test, labels = draw(seed)
    x, y, options = images[train], labels, {}
    if name in SHIFTS:
        (x, y), options = shifted(x, y), {"times": SHIFTS[name]}
    if name == "early stopping":
        options = VALIDATE | {"validation_data": (images[val], truth[val]),
                              "callbacks": [keras.callbacks.EarlyStopping(**STOP)]}
    train_on(model := models.get(name, models["plain"]), x, y, seed, **options)
    return [accuracy(model, images[rows], given)
            for rows, given in ((train, labels), (test, truth[test]))]

# all first: after seeding TensorFlow has to start anew
_ = [initial_weights(m, seed) for seed in range(1, RUNS + 1) for m in models.values()]
repeats = dlcourse.track(range(1, RUNS + 1), "training")
results = np.array([[run(name, seed) for name in ROWS] for seed in repeats])
fitted, scores = (pd.DataFrame(results[..., k], columns=ROWS) for k in (0, 1))

# %%
gains = scores.sub(scores["plain"], axis=0)  # (runs, rows)
T95 = {4: 3.18, 10: 2.26}[RUNS]  # Student's t, 95 %, RUNS - 1 degrees of freedom
mean, margin = gains.mean(), T95 * gains.std() / np.sqrt(RUNS)
table = pd.DataFrame({"training": fitted.mean(), "test": scores.mean(),
                      "gain": mean, "±": margin})
print(table.map("≈ {:.3f}".format).to_string())

y = np.arange(len(ROWS))
plt.figure(figsize=(8, 4.6))
plt.errorbar(mean, y, xerr=margin, fmt="o", ms=8, capsize=4)
plt.plot(gains.T, y + 0.3, "|", color=plots.VERMILION, ms=8)
plt.axvline(0, color="gray", ls="--")
plt.yticks(y, ROWS)
plt.gca().set(title="Most remedies help, the norms hardly", ylim=(len(ROWS), -1),
              xlabel="gain in accuracy over plain (mean, 95 % interval; each run)")
plots.show("Gain over the plain network for ten remedies, with intervals.")
for name in ("dropout", "early stopping", "shifts"):
    claim(f"{name}: a gain", mean[name], at_least=0.02)
claim("the norms gain less", (mean["batch norm"] + mean["layer norm"]) / 2
      - (mean["dropout"] + mean["early stopping"]) / 2, at_most=-0.01)
claim("at equal steps, gains do not add up", mean["dropout + shifts"] - mean["dropout"]
      - mean["shifts"], at_most=-0.02)
claim("that pair underfits", fitted["dropout + shifts"].mean(), at_most=0.78)
claim("with more steps it gains", mean["both, 3 × steps"], at_least=0.05)

# %% [markdown]
# How to read it: an interval that crosses zero means *no effect shown*, not *no effect*; four
# runs cannot see small ones.
#
# - Dropout, early stopping and shifts help here. Early stopping had an advantage: 400
#   correct labels to watch. As training images they might have helped more.
# - Batch and layer norm ease the training of deep networks. This one is shallow, and what it
#   trains on is partly wrong: better fitting is not what it needs.
# - At equal steps, two remedies gained less than their sum. Look at the training column: the
#   pair stays well below 0.8, the share of right labels, so it *underfits*. A harder task takes
#   longer; with more steps the pair is among the best. Add remedies one at a time, and look
#   at both columns.
# - All strengths were set once. A fair contest would tune each on validation data.

# %% [markdown]
# ## 9 · Double descent
#
# Section 2 said: past the best capacity, error rises. Yet networks with far more weights than
# images are common, and they work. Turn the dial further. The hidden layer gets $p$ random
# ReLU units that are never trained; only the output weights $W$, shape `(p, 10)`, are, by
# least squares on one-hot labels. Of all solutions we take the one with the smallest weights
# (the **minimum-norm** solution).
#
# **Predict.** With 200 images, what happens at $p = 200$? At $p = 2000$?

# %%
WIDTHS = np.array([10, 25, 50, 100, 150, 200, 250, 300, 500, 1000, 2000])
STRENGTHS = {"no penalty": 0.0, "L2": 0.1}

def readouts(features, targets):
    """Return Fᵀ (F Fᵀ + n λ I)⁻¹ Y: with λ = 0 the smallest exact W, else ridge's."""
    e, q = np.linalg.eigh(features @ features.T)  # (200,) and (200, 200)
    e, q = e[e > 1e-12 * e[-1]], q[:, e > 1e-12 * e[-1]]  # no division by 0
    return [features.T @ (q / (e + len(features) * strength)) @ (q.T @ targets)
            for strength in STRENGTHS.values()]  # each (p, 10)

def mistakes(seed, width):
    train, _, test, labels = draw(seed)
    hidden = np.random.default_rng([lesson.seed, seed, 9]).normal(size=(64, width))
    seen, new = (np.maximum(images[rows].reshape(-1, 64) @ hidden / 8, 0)
                 for rows in (train, test[:400]))  # (200, p) and (400, p)
    return [(np.mean((seen @ w).argmax(axis=1) != labels),
             np.mean((new @ w).argmax(axis=1) != truth[test[:400]]), np.linalg.norm(w))
            for w in readouts(seen, np.eye(10)[labels])]

# %%
DRAWS = lesson.pick(quick=8, full=30)
results = [[mistakes(seed, width) for width in WIDTHS]
           for seed in dlcourse.track(range(DRAWS), "fitting")]
low, middle, high = np.percentile(results, [25, 50, 75], axis=0)  # (widths, 2, 3)
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8))
left.plot(WIDTHS, middle[:, 0, 0], ":", color="gray", label="training, no penalty")
for k, (name, style) in enumerate(zip(STRENGTHS, ("o-", "s--"))):
    left.plot(WIDTHS, middle[:, k, 1], style, label=f"test, {name}")
    left.fill_between(WIDTHS, low[:, k, 1], high[:, k, 1], alpha=0.25)
    right.loglog(WIDTHS, middle[:, k, 2], style, label=name)
left.set(xscale="log", title="Down, up, and down again", ylabel="share misread")
right.set(title="At the peak the weights explode", ylabel="size of W (norm)")
for axis in (left, right):
    axis.axvline(200, color="black", lw=1, ls="-.", label="p = 200 images")
    axis.set_xlabel("random units p")
    axis.legend(fontsize=9)
plots.show("Test error falls, peaks where there are 200 units, and falls again."
           " With L2 there is no peak. The weights' norm peaks at the same place.")

# %%
valley, peak = middle[:5, 0, 1].min(), middle[5, 0, 1]
far, tamed = middle[-1, 0, 1], middle[:, 1, 1]
print(f"share misread: valley ≈ {valley:.2f}, peak ≈ {peak:.2f}, p = 2000 ≈ {far:.2f}")
claim("a first descent", middle[0, 0, 1] - valley, at_least=0.15)
claim("a peak where units = images", peak - valley, at_least=0.25)
claim("a second descent", peak - far, at_least=0.25)
claim("with L2, no rise above 3 points", np.diff(tamed).max(), at_most=0.03)
claim("and beats both valleys", min(valley, far) - tamed.min(), at_least=0.03)

# %% [markdown]
# At $p = 200$ exactly one $W$ reproduces all labels, the wrong ones included, and it needs
# huge weights. With more units many do, and the smallest is tamer: choosing the minimum norm
# is itself a regularizer. Whether the second valley lies below the first depends on the data;
# here both are about as deep. A penalty chosen well beats both, and has no peak.

# %% [markdown]
# ## Break and fix
#
# A colleague augments by a little pixel noise: nine noisy copies of each image. She validates
# with the labels as given, 40 of 200 of them wrong, and reports an accuracy near 1.

# %%
def jittered(x, y, rng):
    many = np.tile(x, (9, 1, 1))
    return many + rng.normal(0, 0.05, many.shape).astype("float32"), np.tile(y, 9)

def prepare(x, y, n_val, rng):
    x, y = jittered(x, y, rng)
    order = rng.permutation(len(x))
    chosen, others = order[:n_val], order[n_val:]
    return x[others], y[others], x[chosen], y[chosen]

train, val, test, labels = draw(0)
x_fit, y_fit, x_val, y_val = prepare(images[train], labels, 360,
                                     np.random.default_rng(lesson.seed))
train_on(models["plain"], x_fit, y_fit, times=16)
reported = accuracy(models["plain"], x_val, y_val)
honest = accuracy(models["plain"], images[test], truth[test])
print(f"validation accuracy ≈ {reported:.2f}, test accuracy ≈ {honest:.2f}")
claim("validation beats what wrong labels allow", reported, at_least=0.88)
claim("the test tells another story", reported - honest, at_least=0.08)

# %% [markdown]
# Symptoms: no error message, and a score too good to be possible. A fifth of the labels is
# wrong at random, so an honest reader agrees with about 0.8 of them at best. How can the
# network know the wrong labels of images it has never seen?
#
# **Exercise 52.5.** Write `prepare_fixed(x, y, n_val, rng)`: `n_val` of the given images,
# chosen at random, for validation, just as they are; the nine shifts of all others for
# training: `shifted` of section 7 does it. Return `x_train, y_train, x_val, y_val`.
#
# <details><summary>Hint 1</summary>Every image has nine copies, and the split scatters them
# over both sides.</details>
# <details><summary>Hint 2</summary>Permute the <code>len(x)</code> originals, split, then
# augment the training part only.</details>

# %% tags=["exercise"]
# Exercise 52.5: nothing of a validation image in the training data.
def prepare_fixed(x, y, n_val, rng):
    ...  # your code here

# %%
check("52.5", prepare_fixed)

# %% tags=["solution"]
# @title Solution 52.5
def prepare_fixed_solution(x, y, n_val, rng):
    order = rng.permutation(len(x))
    chosen, others = order[:n_val], order[n_val:]
    return *shifted(x[others], y[others]), x[chosen], y[chosen]

check("52.5", prepare_fixed_solution)

# %% [markdown]
# Split first, and the score is possible again: about 0.8 of what the network reads on the
# test set, since a fifth of the labels that validate it is wrong.

# %%
order = np.random.default_rng(lesson.seed).permutation(200)
fit_on, held = order[:100], order[100:]
train_on(models["plain"], *shifted(images[train][fit_on], labels[fit_on]), times=16)
now = accuracy(models["plain"], images[train][held], labels[held])
honest = accuracy(models["plain"], images[test], truth[test])
print(f"validation ≈ {now:.2f}, and 0.8 · test accuracy ≈ {0.8 * honest:.2f}")
claim("split first: both agree", abs(now - 0.8 * honest), at_most=0.15)

# %% [markdown]
# ## Quiz

# %%
quiz("52")

# %% [markdown]
# ## Summary
#
# - Underfitting: both errors high. Overfitting: a gap between them. Capacity is the dial.
# - L2 divides weights, L1 subtracts and makes them sparse; a penalty undoes most of the harm of
#   too much capacity (the right capacity still did a little better).
# - Weight decay equals L2 for SGD ($\delta = 2\lambda$ in Keras' terms), not for Adam: use AdamW.
# - Dropout keeps the expectation and is off at inference; early stopping needs the best weights.
# - Augmentation adds what you know: which changes keep the meaning.
# - Judge remedies by paired differences over several draws. Some do nothing; two together may
#   need more steps.
# - Error peaks where parameters just suffice to fit everything, and falls beyond: double descent.
#
# ## Common mistakes
#
# - **`restore_best_weights` forgotten**: you keep weights that are `patience` epochs too old.
# - **Penalty with an underfit model**: training error high, and it gets worse.
# - **Comparing losses across penalties**: Keras' reported loss includes the penalty; compare
#   accuracy, or the bare loss.
# - **Splitting after augmenting**, or scaling with statistics of all data: the validation score
#   is too good.
# - **Calling a model with `training=True`** by accident: predictions vary from call to call.
# - **Batch norm after a short training**: the running averages lag behind, and the model does
#   worse at inference than it trained; lower `momentum`.
# - **One run per remedy**: differences smaller than between two draws.
#
# ## Read more
#
# - [Srivastava and others, *Dropout* (2014)](https://jmlr.org/papers/v15/srivastava14a.html): the
#   original study, with ablations.
# - [Loshchilov, Hutter, *Decoupled weight decay regularization* (2019)](https://arxiv.org/abs/1711.05101):
#   AdamW.
# - [Belkin and others, *Reconciling modern machine-learning practice and the classical
#   bias–variance trade-off* (2019)](https://arxiv.org/abs/1812.11118): double descent named; and
#   [Nakkiran and others (2021)](https://arxiv.org/abs/2003.01897): a well-chosen penalty can avoid it.
# - [Ioffe, Szegedy, *Batch normalization* (2015)](https://arxiv.org/abs/1502.03167) and [Ba and
#   others, *Layer normalization* (2016)](https://arxiv.org/abs/1607.06450).
# - [Zhang and others, *Understanding deep learning requires rethinking generalization*
#   (2017)](https://arxiv.org/abs/1611.03530): networks learn random labels.
# - [Keras: layer weight regularizers](https://keras.io/api/layers/regularizers/) and
#   [EarlyStopping](https://keras.io/api/callbacks/early_stopping/).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [53 · Learning-rate schedules](53_learning_rate_schedules.ipynb). Fast first, fine later, and a fair test of what really improves a network. **Before:** [51 · Optimizers](51_optimizers.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+52%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/53_learning_rate_schedules.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/51_optimizers.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
