# ---
# jupyter:
#   dlcourse:
#     title: Learning-rate schedules
#     subtitle: Fast first, fine later, and a fair test of what really improves a network
#     minutes: 60
#     further: 2
#     seconds: 56
#     needs: ["23", "32"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "the rate is one number"
#       stop: "sections 1 and 3"
#       ask: "\"Fast or fine: why choose?\""
#       stuck: "steps, not epochs: the break and fix is everybody's first bug"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 53 · Learning-rate schedules
#
# *Fast first, fine later, and a fair test of what really improves a network*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/53_learning_rate_schedules.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/53_learning_rate_schedules.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/53_learning_rate_schedules.ipynb)
#
# **Your time:** 60 minutes, and 2 for *Going further* · **The notebook runs in:** about 56 s on two CPU cores · **Before this:** lesson 23, lesson 32

# %% [markdown]
# ## You will be able to
#
# 1. say why no constant learning rate is both fast and fine, and write a schedule that is: as
#    a formula, and as a Keras object that counts in steps
#    *(sections 1 and 2, Break and fix · exercises 53.1 and 53.4)*
# 2. find a good peak with a learning-rate range test, and say when it needs a warm-up
#    *(section 3 · exercise 53.2)*
# 3. measure what a schedule and other improvements are worth, one by one and together, in
#    pairs  *(sections 4 and 5 · exercise 53.3)*

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
import math
import time
from functools import partial
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, record, verify

lesson = dlcourse.start("53", profile=PROFILE, seed=SEED)

import keras
from keras import layers
from keras.optimizers import schedules

# %% [markdown]
# ## 1 · Fast or fine?
#
# You may train for 200 steps and choose one number, the learning rate. A small one has not
# arrived when time is up. A large one arrives early and then jumps about the goal. Which would
# you take? Here is the trouble in its smallest form: two weights in a valley, steep across and flat
# along, with curvatures $h = 1$ and $h = 0.05$:
#
# $$L(w_1, w_2) = \tfrac12\,(1 \cdot w_1^2 + 0.05\, w_2^2), \qquad
# w \leftarrow w - \alpha\,(h\,w + \varepsilon)$$
#
# $h\,w$ is the exact gradient. A mini-batch shows it with an error $\varepsilon$, here normal
# with standard deviation 1. By hand, across the valley: $w_1 = 4$, $\alpha = 0.5$,
# $\varepsilon = 0.4$ gives $4 - 0.5 · 4.4 = 1.8$.

# %%
CURVATURE, START, STEPS = np.array([1.0, 0.05]), np.array([4.0, 20.0]), 200

def descend(rates, rng):
    path = [START]
    for rate in rates:
        gradient = CURVATURE * path[-1] + rng.normal(size=2)
        path.append(path[-1] - rate * gradient)
    return np.array(path)  # (steps + 1, 2): across, along

cosine_rates = 0.5 * (1 + np.cos(np.pi * np.arange(STEPS) / STEPS))  # from 1 to 0
trials = {"0.5: arrives, scatters": np.full(STEPS, 0.5),
          "0.02: stops short": np.full(STEPS, 0.02),
          "1 falling to 0: settles": cosine_rates}
paths = {name: descend(rates, np.random.default_rng(lesson.seed))
         for name, rates in trials.items()}

# %% [markdown]
# **Predict.** Three runs: constant 0.5; constant 0.02; and a rate that starts at 1 and falls
# along a cosine to 0. Sketch the three paths. Which ends nearest to the goal?

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), sharex=True, sharey=True)
w2, w1 = np.meshgrid(np.linspace(-9, 23, 80), np.linspace(-5, 5, 80))
for axis, (name, path) in zip(axes, paths.items(), strict=True):
    axis.contour(w2, w1, (w1**2 + 0.05 * w2**2) / 2, 8, colors="lightgray")
    axis.plot(path[:, 1], path[:, 0], lw=0.8, color=plots.BLUE)
    axis.plot(0, 0, "k+", ms=22, mew=2)
    axis.plot(path[-30:, 1], path[-30:, 0], "o", ms=4, color=plots.VERMILION)
    axis.set(title=name, xlabel="weight along, $w_2$")
axes[0].set_ylabel("weight across, $w_1$")
plots.show("Three paths in a valley, the last 30 steps as dots: the large constant"
           " rate scatters about the goal, the small one stops short, the falling one"
           " arrives.")

# %% [markdown]
# Why? In each direction a step multiplies the distance to the goal by $(1 - \alpha h)$ and adds
# noise of variance $\alpha^2$. The noise comes to rest at a variance $v$ that one more step
# reproduces:
#
# $$v = (1 - \alpha h)^2\, v + \alpha^2 \quad\Rightarrow\quad
# v = \frac{\alpha}{h\,(2 - \alpha h)}, \qquad
# \tfrac12 h v = \frac{\alpha}{2\,(2 - \alpha h)} \approx \frac{\alpha}{4}$$
#
# So the loss has a **floor** about in proportion to the rate: $\alpha = 0.5$ leaves
# $0.5 / 3 = 0.167$ across, however long you train. The distance along the valley shrinks as
# $(1 - 0.05\,\alpha)^{200}$: to 0.006 of its start for $\alpha = 0.5$, to 0.82 for 0.02.
#
# The same algebra gives the expected loss for *any* sequence of rates, exactly.

# %%
def expected_loss(rates):
    mean, variance, losses = START, np.zeros(2), []
    for rate in rates:
        mean = (1 - rate * CURVATURE) * mean
        variance = (1 - rate * CURVATURE) ** 2 * variance + rate**2
        losses.append(0.5 * np.sum(CURVATURE * (mean**2 + variance)))
    return np.array(losses)  # (steps,)

peaks = np.geomspace(0.02, 1.6, 40)
constant = [expected_loss(np.full(STEPS, peak))[-1] for peak in peaks]
falling = [expected_loss(peak * cosine_rates)[-1] for peak in peaks]
claim("the best falling rate ends at ≈ {:.2f} of the best constant rate's loss",
      min(falling) / min(constant), at_most=0.5)

# %% tags=["hide-input"]
plt.loglog(peaks, constant, "-", label="constant")
plt.loglog(peaks, falling, "-.", color=plots.GREEN, label="falling from this peak to 0")
plt.gca().set(title="A falling rate can afford a high peak, and ends lower",
              xlabel="(peak) learning rate", ylabel="expected loss after 200 steps")
plt.legend()
plots.show("Final loss by peak: the falling rate's best is far lower, at a higher one.")

# %% [markdown]
# The usual belief is that there *is* a right learning rate, and that tuning finds it. The best
# constant is only the best compromise: large for the flat direction, small for the noise. A
# **schedule** is first the one, then the other.

# %% [markdown]
# ## 2 · Shapes
#
# Let $s = t / T$ be the share of the training that is over: step $t$ of $T$. With peak
# $\alpha$:
#
# | schedule | rate at $s$ | in Keras |
# |---|---|---|
# | constant | $\alpha$ | a number |
# | step | $\alpha$, then $\alpha/5$ from $s = \frac12$, $\alpha/25$ from $\frac34$ | `PiecewiseConstantDecay` |
# | exponential | $\alpha\, r^{s}$, with $r$ the share left at the end | `ExponentialDecay` |
# | cosine | $\frac{\alpha}{2} (1 + \cos \pi s)$ | `CosineDecay` |
#
# By hand, half-way ($s = 0.5$) from $\alpha = 0.4$ with $r = 0.05$: exponential
# $0.4\sqrt{0.05} = 0.089$, cosine $0.2\,(1 + 0) = 0.2$.
#
# **Warm-up** precedes any of them: a straight rise from 0 to $\alpha$ during the first steps.
# Then $s$ runs from 0 to 1 over the rest.
#
# In Keras a schedule is an object that the optimizer calls before every update, with the number
# of updates so far. So its unit is **steps**, that is batches, not epochs. (`CosineDecay` has the
# warm-up built in; its `decay_steps` count from the end of the rise.)

# %%
SCHEDULES = {"constant": lambda peak, steps: peak,  # functions of peak and steps
    "step": lambda peak, steps: schedules.PiecewiseConstantDecay(
        [steps // 2, steps * 3 // 4], [peak, peak / 5, peak / 25]),
    "exponential": lambda peak, steps: schedules.ExponentialDecay(peak, steps, 0.05),
    "cosine": schedules.CosineDecay,
    "warm-up + cosine": lambda peak, steps: schedules.CosineDecay(
        0.0, steps - steps // 5, warmup_target=peak, warmup_steps=steps // 5),
}

# %%
shares = {"constant": np.ones(STEPS)}  # of the peak, asked from Keras step by step
for name, schedule in list(SCHEDULES.items())[1:]:
    rate_at = schedule(1.0, STEPS)
    shares[name] = np.array([float(rate_at(step)) for step in range(STEPS)])
print("half-way from 0.4:",
      ", ".join(f"{name} {0.4 * share[100]:.3f}" for name, share in shares.items()))

# %% [markdown]
# Keras agrees with the two sums by hand. (Its step schedule drops *after* its boundary, so step
# 100 still has the full rate.)
#
# **Play**: which shapes suffer most in section 1's valley when the peak is too low? Too high?
# What does the rise gain there, and what does it cost?

# %% tags=["hide-input"]
def explorer(shape="cosine", peak=0.8):
    rates = peak * shares[shape]
    losses, fixed = expected_loss(rates), expected_loss(np.full(STEPS, peak))
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.3))
    left.plot(rates)
    left.set(title="The rate", xlabel="step", ylabel="learning rate", ylim=(0, 1.7))
    right.semilogy(fixed, "--", color="gray", label=f"constant {peak:.2f}")
    right.semilogy(losses, label=shape)
    right.set(title=f"It ends at a loss of {losses[-1]:.3f}", xlabel="step",
              ylabel="expected loss in the valley", ylim=(0.01, 30))
    right.legend()

explore(explorer, alt="A schedule and the loss it reaches in the valley of section 1.",
        shape=list(shares), peak=(0.05, 1.6, 0.05))

# %% [markdown]
# The rise only costs time here: the valley is just as well-behaved at step 1 as later. Section 3
# shows a network that needs it.
#
# **Exercise 53.1.** Write `warm_cosine(step, peak, warm_up, steps)`: a straight rise from 0 to
# `peak` at step `warm_up`, then a cosine that reaches 0 at step `steps`. Numbers in, one number
# out. After the end the rate stays 0.
#
# <details><summary>Hint 1</summary>Two cases. In the first the rate is
# <code>peak * step / warm_up</code>.</details>
# <details><summary>Hint 2</summary>In the second, <code>s</code> must be 0 at step
# <code>warm_up</code> and 1 at step <code>steps</code>: which fraction is that?
# <code>min(s, 1)</code> holds the end.</details>

# %% tags=["exercise"]
# Exercise 53.1: warm-up, then cosine.
def warm_cosine(step, peak, warm_up, steps):
    ...  # your code here

# %%
check("53.1", warm_cosine)

# %% tags=["solution"]
# @title Solution 53.1
def warm_cosine_solution(step, peak, warm_up, steps):
    if step < warm_up:
        return peak * step / warm_up
    s = min((step - warm_up) / (steps - warm_up), 1)
    return peak * (1 + math.cos(math.pi * s)) / 2

check("53.1", warm_cosine_solution)

# %% [markdown]
# ## 3 · How high? The range test
#
# Now real digits: the 5,000 MNIST images of lesson 23, halved to 14×14 pixels to save time. Labels
# are dear, so only 600 images are for training. Another 400 are for *watching* during the training,
# and 3,000 *judge* it afterwards. The 1,000 test images stay sealed until section 5. Every repeat of
# an experiment deals the piles anew. The network is a small relative of lesson 32's.

# %%
def prepare(data, side, **sizes):
    def scaled(images):  # the mean of each block of pixels, from 0 to 1
        blocks = images.reshape(len(images), side, 28 // side, side, 28 // side)
        return (blocks.mean(axis=(2, 4))[..., None] / 255).astype("float32")
    return SimpleNamespace(x=scaled(data.x_train), y=data.y_train,
                           test=(scaled(data.x_test), data.y_test), side=side, **sizes)

small = prepare(datasets.mnist_5k(), side=14, train=600, watch=400, epochs=10,
                batch_size=64, filters=8, peak=0.01, bold=0.05, repeats=4)

def deal(task, repeat):
    order = np.random.default_rng([lesson.seed, repeat]).permutation(len(task.x))
    return np.split(order, np.cumsum([task.train, task.watch]))  # train, watch, judge

# %%
def network(side, filters, shift=0.0, l2=0.0, dropout=0.0):
    move = layers.RandomTranslation(
        shift, shift, fill_mode="constant", interpolation="nearest")
    penalty = keras.regularizers.L2(l2) if l2 else None
    options = {"activation": "relu", "kernel_regularizer": penalty}
    return keras.Sequential([
        layers.Input((side, side, 1)), *([move] if shift else []),
        layers.Conv2D(filters, 3, padding="same", **options), layers.MaxPooling2D(),
        layers.Conv2D(2 * filters, 3, padding="same", **options), layers.MaxPooling2D(),
        layers.Flatten(), layers.Dropout(dropout),
        layers.Dense(4 * filters, **options), layers.Dropout(dropout),
        layers.Dense(10, activation="softmax"),
    ])

def build(task, schedule="constant", peak=None, **changes):
    steps = task.epochs * math.ceil(task.train / task.batch_size)
    rate = SCHEDULES[schedule](peak or task.peak, steps)
    model = network(task.side, task.filters, **changes)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    return model

# %% [markdown]
# The **range test** (Smith, 2015) is one short run in which the rate climbs from far too small to
# far too large. You write down the loss of every batch. Smith let the rate climb in a straight line.
# We multiply it in every step, as is usual today, so that each power of ten gets as many steps.
# What curve do you expect, from $10^{-5}$ to 1?

# %%
few = deal(small, 0)[0]

def walk(rates, model, repeat):
    rng, losses = np.random.default_rng([lesson.seed, repeat]), []
    for rate in rates:
        model.optimizer.learning_rate = rate
        batch = rng.choice(few, 32)
        model.reset_metrics()  # or Keras returns the mean of all batches so far
        losses.append(float(model.train_on_batch(small.x[batch], small.y[batch])))
    dense = keras.Model(model.inputs, model.layers[-3].output)
    outputs = keras.ops.convert_to_numpy(dense([small.x[few]]))  # (600, 32)
    return {"losses": losses, "silent": np.mean(outputs.max(axis=0) == 0)}

plain = partial(build, small)
climbing = np.geomspace(1e-5, 1, 90)
runs = dlcourse.repeat(3, {"test": plain}, partial(walk, climbing))  # new weights each
tested = np.mean(runs["losses"].tolist(), axis=0)  # (90,): mean of three runs

# %% tags=["hide-input"]
plt.figure(figsize=(7, 3.5))
plt.semilogx(climbing, tested, color=plots.BLUE)
plt.gca().set(title="The loss falls, rests, explodes", xlabel="learning rate",
              ylabel="loss of the batch (mean of 3)", ylim=(0, 4))
plots.show("Loss against a climbing rate: flat, falling, a minimum, exploding.")

# %% [markdown]
# At the minimum itself the loss has already stopped falling. What you see there is a truce. The rule
# of thumb is to take a tenth to a third of that rate. One lucky batch may fake a minimum, so smooth
# first, by a mean over nine steps.
#
# **Exercise 53.2.** Write `peaks_to_try(rates, losses)` for two arrays of shape `(n,)`. Find the nine
# neighboring steps with the lowest mean loss. Return a tenth and a third of the rate in the middle
# of the nine.
#
# <details><summary>Hint 1</summary><code>np.convolve(losses, np.ones(9) / 9, "valid")</code> has
# the means, n − 8 of them.</details>
# <details><summary>Hint 2</summary>Mean i is that of the steps i to i + 8: its middle is
# <code>rates[i + 4]</code>. <code>argmin</code> finds i.</details>

# %% tags=["exercise"]
# Exercise 53.2: where a range test says to begin.
def peaks_to_try(rates, losses):
    ...  # your code here

# %%
check("53.2", peaks_to_try)

# %% tags=["solution"]
# @title Solution 53.2
def peaks_to_try_solution(rates, losses):
    smooth = np.convolve(losses, np.ones(9) / 9, "valid")
    lowest = rates[smooth.argmin() + 4]
    return lowest / 10, lowest / 3

check("53.2", peaks_to_try_solution)

# %% [markdown]
# We go on with 0.01. (With another seed the minimum moves: the rule is rough.)
#
# There is a second reason to stay below the minimum. The test climbs slowly: it *is* a warm-up.
# What happens to a new network that gets a rate near the minimum, 0.05, from its first step? At the
# end we also count its **silent** units: those of the dense layer that answer 0 to all 600 images.

# %%
PEAK, BOLD = small.peak, small.bold
starts = {"cold": np.full(60, BOLD), "warm": BOLD * np.minimum(np.arange(60) / 40, 1)}
runs = dlcourse.repeat(3, dict.fromkeys(starts, plain),
                       {name: partial(walk, rates) for name, rates in starts.items()})
losses = {name: np.mean(part["losses"].tolist(), axis=0)
          for name, part in runs.groupby("contender")}
silent = runs.groupby("contender")["silent"].mean()
lowest = climbing[np.convolve(tested, np.ones(9), "valid").argmin() + 4]
claim("the minimum of the range test lies at ≈ {:.1f} times our rate",
      lowest / PEAK, at_least=1.8, at_most=14)
claim("at the high rate a warm-up lowers the loss by ≈ {:.1f}",
      losses["cold"][-20:].mean() - losses["warm"][-20:].mean(), at_least=0.4)
print(f"silent units: ≈ {silent['cold']:.0%} after the cold start,"
      f" ≈ {silent['warm']:.0%} warm")
verify("the cold start silences more units", silent["cold"] - silent["warm"],
       at_least=0.1)

# %% tags=["hide-input"]
plt.figure(figsize=(7, 3.5))
plt.plot(losses["cold"], "--", color=plots.BLUE, label=f"constant {BOLD}")
plt.plot(losses["warm"], color=plots.VERMILION, label=f"40 steps of warm-up to {BOLD}")
plt.gca().set(title="A high rate needs a warm-up", xlabel="step",
              ylabel="loss of the batch (mean of 3)", ylim=(0, 4))
plt.legend()
plots.show("At a high rate only the runs with warm-up learn.")

# %% [markdown]
# Why? Adam's first step moves *every* weight by the full rate: its ratio of moments is ±1 then,
# however small the gradient (lesson 51). The dense layer's weights start within ±0.19, so four such
# steps replace them. A unit whose ReLU then answers 0 to every image gets no gradient and seldom
# returns: after the cold start more units are silent. Warm-up makes these first, badly
# informed steps small.
#
# ## 4 · Which shape?
#
# A schedule must know the number of steps beforehand. `ReduceLROnPlateau` does not: whenever the
# validation loss has not reached a new minimum (by 0.0001 or more) for `patience` epochs, it
# multiplies the rate by `factor`, and waits again. By hand, with patience 2 and factor 0.5:
#
# | epoch | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|
# | rate used | 0.010 | 0.010 | 0.010 | 0.010 | **0.005** |
# | validation loss | 0.90 | 0.60 | 0.70 | 0.65 | 0.50 |
# | epochs without a new minimum | 0 | 0 | 1 | 2 → cut | 0 |
#
# Epoch 4 is better than epoch 3, yet it counts as waiting: it is no new *minimum*.
#
# Does any of this earn its place? Each row below trains the same network for the same ten epochs,
# four times. Equal repeats have equal images and equal initial weights.

# %%
def accuracy(model, x, y):
    parts = np.array_split(x, math.ceil(len(x) / 1000))
    outputs = [keras.ops.convert_to_numpy(model(part)) for part in parts]
    return np.mean(np.concatenate(outputs).argmax(axis=1) == y)

def train(task, model, repeat, callbacks=()):
    learn, watch, judge = deal(task, repeat)
    start = time.perf_counter()
    history = model.fit(
        task.x[learn], task.y[learn], task.batch_size, task.epochs, verbose=0,
        callbacks=[callback() for callback in callbacks],
        validation_data=(task.x[watch], task.y[watch]) if callbacks else None)
    return {"seconds": time.perf_counter() - start, "history": history.history,
            "judge": 100 * accuracy(model, task.x[judge], task.y[judge]),
            "test": 100 * accuracy(model, *task.test)}  # sealed until section 5

def measure(task, rows):
    """Train every row several times; rows are arguments of build, and callbacks."""
    builders, trainings = {}, {}
    for name, row in rows.items():
        row = dict(row)
        trainings[name] = partial(train, task, callbacks=row.pop("callbacks", ()))
        builders[name] = partial(build, task, **row)
    return dlcourse.repeat(task.repeats, builders, trainings, shared_weights=True,
                           steps_at_once=10)  # only speed

# %% [markdown]
# **Predict.** Two peaks, 0.01 from the range test and a bold 0.05. Which rows will beat constant 0.01,
# and which will do worse?

# %%
rows = {f"{name}, {peak}": {"schedule": name, "peak": peak} for name, peak in (
    ("constant", PEAK), ("cosine", PEAK), ("constant", BOLD), ("cosine", BOLD),
    ("warm-up + cosine", BOLD))}
plateau = partial(keras.callbacks.ReduceLROnPlateau, patience=1, factor=0.5)
rows[f"plateau rule, {PEAK}"] = {"callbacks": [plateau]}
shapes = measure(small, rows)
judged = shapes.pivot(index="repeat", columns="contender", values="judge")[list(rows)]
base, bold = f"constant, {PEAK}", f"warm-up + cosine, {BOLD}"
reached = judged.mean()
gained = reached - reached[base]  # points over the constant rate
print(gained.map("≈ {:+.1f}".format).to_string())
claim("at the bold peak a warm-up gains ≈ {:.0f} points",
      gained[bold] - gained[f"cosine, {BOLD}"], at_least=3)
verify("warm-up and cosine pay, or harm little", gained[bold], at_least=-1)
for name in (f"cosine, {PEAK}", f"plateau rule, {PEAK}"):
    verify(f"{name}: a small effect", gained[name], at_least=-4, at_most=6)

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8))
shape_colors = {"constant": plots.BLUE, "cosine": plots.GREEN,
                "warm-up + cosine": plots.VERMILION, "plateau rule": plots.PURPLE}
for row, name in enumerate(rows):
    shape, peak = name.split(", ")
    look = {"color": shape_colors[shape], "ls": "--" if float(peak) == BOLD else "-"}
    histories = shapes.loc[shapes["contender"] == name, "history"]
    left.semilogy(range(1, 11), np.mean([part["loss"] for part in histories], axis=0),
                  **look, label=name)
    right.plot(judged[name], [row] * len(judged), "o", color=look["color"], alpha=0.7)
    right.plot(judged[name].mean(), row, "k|", ms=18, mew=2)
left.set(title="Training: cold starts stay behind", xlabel="epoch",
         ylabel="training loss (mean of 4)")
right.set(title="Only a warm-up can use the bold peak", yticks=range(len(rows)),
          yticklabels=list(rows),
          xlabel="images read correctly (%; every repeat, bar: mean)")
right.invert_yaxis()
plots.show("Left: training loss by epoch. Right: accuracy of"
           " every repeat: at the bold peak only the row with a warm-up reads well.")

# %% [markdown]
# What has earned its place here?
#
# - **The warm-up**, at the bold peak. The fall of a cosine does not make up for a cold start.
# - **The cosine**: at the careful peak its gain is small, if there is one. With a
#   warm-up before it, it can use the bold peak. In the valley, too, falling paid by a higher peak.
# - **The plateau rule**: at the same peak, its gain is small too, if there is one.
# - **The range test**: its rate works, and it showed how far a warm-up may go.
#
# This is one network on 600 images. With batch norm, or plain SGD at a small rate, you may see no
# need for a rise. Test yours.


# %% [markdown]
# ## 5 · What really helps? A study
#
# Four improvements are on offer: a schedule, and lesson 52's L2 penalty, dropout and early stopping.
# Blogs add all four and report one number. You will add them **one at a time**, then together, and
# compare **in pairs**: the same repeat has the same images and initial weights, so much of their luck
# cancels in the difference
# $d_i = a_i^{\text{changed}} - a_i^{\text{base}}$:
#
# $$\bar d = \frac1n \sum_{i=1}^n d_i, \qquad
# \mathrm{SE} = \frac{s_d}{\sqrt n}, \qquad
# s_d^2 = \frac{1}{n-1} \sum_{i=1}^n (d_i - \bar d)^2$$
#
# By hand: $d = 1, 2, 6$ points. $\bar d = 3$, $s_d^2 = (4 + 1 + 9)/2 = 7$,
# $\mathrm{SE} = \sqrt{7/3} = 1.5$. With three repeats a 95 % interval is $\bar d \pm
# 4.3\,\mathrm{SE}$ (Student's $t$): −3.6 to 9.6, which proves nothing. With four the factor is 3.2.
#
# **Exercise 53.3.** Write `paired(base, changed)`: two arrays of accuracies, shape `(n,)`, in;
# mean difference and its standard error out.
#
# <details><summary>Hint 1</summary>Subtract first, then take mean and standard deviation of
# the differences.</details>
# <details><summary>Hint 2</summary><code>np.std(d, ddof=1)</code> divides by
# <code>n - 1</code>.</details>

# %% tags=["exercise"]
# Exercise 53.3: mean and standard error of paired differences.
def paired(base, changed):
    ...  # your code here

# %%
check("53.3", paired)

# %% tags=["solution"]
# @title Solution 53.3
def paired_solution(base, changed):
    d = np.asarray(changed) - np.asarray(base)
    return d.mean(), d.std(ddof=1) / math.sqrt(len(d))

check("53.3", paired_solution)

# %% [markdown]
# `quick` studies the 600 images, `full` 30,000 of MNIST's at their full size, and shifted copies as a
# fifth improvement. The baseline has section 4's constant rate. The schedule row is its warm-up +
# cosine with a bold peak: shape *and* peak differ from the baseline's.
#
# **Predict.** Rank the four by what each gains alone. Then: is *all four* the best row?

# %%
task = small
if lesson.profile == "full":
    task = prepare(datasets.mnist(), side=28, train=30_000, watch=5_000, epochs=5,
                   batch_size=128, filters=16, peak=0.005, bold=0.01, repeats=4)
schedule = {"schedule": "warm-up + cosine", "peak": task.bold}
l2, dropout = {"l2": lesson.pick(quick=1e-4, full=1e-5)}, {"dropout": 0.25}
stopping = {"callbacks": [partial(
    keras.callbacks.EarlyStopping, patience=2, restore_best_weights=True)]}
study = {"baseline": {}, "+ schedule": schedule, "+ L2": l2, "+ dropout": dropout,
         "+ early stopping": stopping, "all four": schedule | l2 | dropout | stopping}
best, everything = "+ schedule", "all four"
if lesson.profile == "full":
    shifts = {"shift": 0.07}  # up to 2 pixels of 28
    best, everything = "+ schedule + shifts", "all five"
    study |= {"+ shifts": shifts, best: schedule | shifts,
              everything: study["all four"] | shifts}
    runs = measure(task, study)
else:  # two rows are known from section 4
    known = {f"constant, {PEAK}": "baseline", f"warm-up + cosine, {BOLD}": "+ schedule"}
    shapes = shapes.assign(contender=shapes["contender"].replace(known))
    runs = pd.concat([shapes[shapes["contender"].isin(study)],
                      measure(task, dict(list(study.items())[2:]))])

# %%
judged = runs.pivot(index="repeat", columns="contender", values="judge")[list(study)]
gains = judged.sub(judged["baseline"], axis=0)  # (repeats, rows), in points
half = 3.18 * gains.std() / math.sqrt(len(gains))  # Student's t for four repeats
table = pd.DataFrame({"accuracy (%)": judged.mean(), "gain": gains.mean(), "±": half})
print(table.map("≈ {:.2f}".format).to_string())
claim(f"{best} gains ≈ {{:.1f}} points", gains[best].mean(),
      at_least=lesson.pick(quick=-2, full=0.4))
claim(f"{everything} changes that by ≈ {{:+.1f}} points",
      (gains[everything] - gains[best]).mean(), at_most=lesson.pick(quick=2, full=0.25))

# %% tags=["hide-input"]
names = list(study)[1:]
for row, name in enumerate(names):
    plt.plot(gains[name], [row] * len(gains), "o", color=plots.BLUE, alpha=0.6)
    plt.errorbar(gains[name].mean(), row, xerr=half[name], fmt="k|", ms=15, capsize=4)
plt.axvline(0, color="black", ls=":")
plt.yticks(range(len(names)), names)
plt.gca().invert_yaxis()
plt.gca().set(xlabel="gain over the baseline, repeat by repeat (points, 95 % interval)",
              title="What four repeats can tell, and what not")
plots.show("Paired gains of four single changes and of all together, with 95 %"
           " intervals, many of which contain 0.")

# %% [markdown]
# Read the last two columns.
#
# - Where gain ± the last column contains 0, four repeats **decide nothing**, however large the mean
#   looks. The baseline's own repeats differ by several points.
# - **All four** is not clearly better than the schedule alone. *More improvements, better network* is
#   a belief, not a rule.
# - That is a finding about these strengths, this network and these ten passes. Lesson 52 has cases
#   in which L2 and dropout pay.
#
# On 30,000 images (`full`, measured with an earlier form of this study, other initial weights), schedule and
# shifts together gain clearly. The schedule *alone* brings
# most of it. On top of these two, the other three add nothing that four repeats could show.
#
# Now the test images, once. In `full` a longer training follows. It changes network, data, time and
# recipe together, so it shows how far these means reach, not which of them took it there.

# %%
final = {name: runs[runs["contender"] == name]
         for name in ("baseline", best)}
if lesson.profile == "full":
    longest = prepare(datasets.mnist(), side=28, train=55_000, watch=2_500, epochs=12,
                      batch_size=128, filters=32, peak=0.005, bold=0.01, repeats=1)
    name = "longer, wider, no early stopping"
    final[name] = measure(longest, {name: schedule | shifts | l2 | dropout})
    verify("it reads 99.4 %", final[name]["test"].mean(), at_least=99.4)
    for name, part in final.items():
        filters = longest.filters if "wider" in name else task.filters
        record("MNIST", name, "test accuracy", part["test"] / 100,
               parameters=network(28, filters).count_params(),
               seconds=part["seconds"].median())  # for RESULTS.md
for name, part in final.items():
    print(f"{name:36} test accuracy ≈ {part['test'].mean():.2f} %")
claim(f"on the test images, {best} gains ≈ {{:.1f}} points",
      final[best]["test"].mean() - final["baseline"]["test"].mean(),
      at_least=lesson.pick(quick=-2, full=0.5))

# %% [markdown]
# ## Break and fix
#
# A colleague adds a cosine schedule: "10 epochs, so `decay_steps=10`". No error, no warning. The
# training loss stops at once, far too high. *A smaller learning rate*, someone advises. *More
# layers*, says another.

# %%
def colleague(peak, n_images, batch_size, epochs):
    return schedules.CosineDecay(peak, decay_steps=epochs)

model = network(small.side, small.filters)
model.compile(keras.optimizers.Adam(colleague(PEAK, 600, 64, 10)),
              "sparse_categorical_crossentropy")
curve, weights = [], []
for epochs in (3, 7):
    history = model.fit(small.x[few], small.y[few], 64, epochs, verbose=0)
    curve += history.history["loss"]
    weights.append(np.concatenate([w.ravel() for w in model.get_weights()]))
claim("after ten epochs the training loss is still ≈ {:.1f}", curve[-1], at_least=1)
verify("from epoch 3 to 10 no weight moves", np.abs(weights[1] - weights[0]).max(),
       at_most=0.0)

# %% tags=["hide-input"]
plt.figure(figsize=(7, 3.5))
plt.plot(range(1, 11), curve, "o-", ms=4, color=plots.BLUE)
plt.gca().set(title="Training that stops by itself", xlabel="epoch",
              ylabel="training loss", ylim=(0, 2.5), xticks=range(1, 11))
plots.show("Training loss: exactly flat and high from the second epoch on.")

# %% [markdown]
# From epoch 3 to epoch 10, no weight moved at all.
#
# **Exercise 53.4.** Which reading fits *both* symptoms: too small a rate (`"small"`), too few layers
# (`"layers"`), or no rate at all (`"none"`)? Then write `mended(peak, n_images, batch_size,
# epochs)`. It returns a Keras schedule that falls along a cosine from `peak` and has reached 0 when
# all steps are done, whatever the sizes.
#
# <details><summary>Hint 1</summary>Too small a rate moves the weights a little. Here they
# do not move. What does the schedule return at step 11?</details>
# <details><summary>Hint 2</summary>How many batches has an epoch? The last one is smaller, but it
# is a step too: <code>math.ceil(600 / 64)</code> is 10.</details>

# %% tags=["exercise"]
# Exercise 53.4: a diagnosis, and the mended schedule.
diagnosis = ...

def mended(peak, n_images, batch_size, epochs):
    ...  # your code here

# %%
check("53.4", diagnosis, mended)

# %% tags=["solution"]
# @title Solution 53.4
def mended_solution(peak, n_images, batch_size, epochs):
    return schedules.CosineDecay(peak, epochs * math.ceil(n_images / batch_size))

check("53.4", "none", mended_solution)

# %% [markdown]
# ## Going further: one-cycle, a schedule of your own
#
# What Keras lacks, you write as a subclass: a function of the step. **One-cycle** climbs from a small
# rate and falls to 0, in one training. Smith (2018) drew it with straight lines, up and down equally
# long, and a short tail. Here is the form that the library fastai made popular: 30 % of the steps up,
# 70 % down, both along cosines. (Both also lower the momentum while the rate is high. We leave that
# out.)

# %%
class OneCycle(schedules.LearningRateSchedule):
    def __init__(self, peak, steps, up=0.3):
        self.peak, self.steps, self.up = peak, steps, up

    def __call__(self, step):
        s = keras.ops.cast(step, "float32") / self.steps
        rise = 0.04 + 0.48 * (1 - keras.ops.cos(np.pi * s / self.up))  # from peak / 25
        fall = (1 + keras.ops.cos(np.pi * (s - self.up) / (1 - self.up))) / 2
        return self.peak * keras.ops.where(s < self.up, rise, fall)

SCHEDULES["one-cycle"] = OneCycle
once = measure(small, {"one-cycle": {"schedule": "one-cycle", "peak": BOLD}})
percent = once["judge"].mean()
print(f"one-cycle ≈ {percent:.1f} %, warm-up + cosine ≈ {reached[bold]:.1f} %")
verify("better than a cold start", percent - reached[f"cosine, {BOLD}"], at_least=3)

# %% [markdown]
# Both rises are far better than a cold start. Four repeats do not tell the two shapes apart.

# %% [markdown]
# ## Quiz

# %%
quiz("53")

# %% [markdown]
# ## Summary
#
# - A constant rate leaves a loss floor; a small one does not arrive. A schedule is large first and
#   small later.
# - Schedules are functions of the **step**. A warm-up precedes them where the peak is high.
# - A range test costs ninety batches. Take a tenth to a third of the rate at the minimum; with
#   warm-up you may dare more.
# - `ReduceLROnPlateau` cuts when no new minimum came for `patience` epochs.
# - An improvement is a paired difference with an interval. Without the interval, every table of
#   improvements looks better than it is.
#
# An hour ago the learning rate was one number to guess. Now you can find its peak, give it a shape,
# and measure whether the shape was worth it.
#
# ## Common mistakes
#
# - **`decay_steps` in epochs**: training freezes early; the loss is flat and too high.
# - **Batch size or data changed, schedule not**: the rate never comes down, or is 0 too soon.
# - **`mode="min"` with an accuracy**: the rate is cut although all goes well.
# - **A plateau callback and a schedule in one optimizer**: Keras refuses, because a schedule
#   cannot be assigned.
# - **Early stopping before the cool-down**: patience ends the training while the rate is
#   still high.
# - **Resuming with a new optimizer**: its step count starts at 0, so the warm-up comes again.
#
# ## Read more
#
# - [Smith, *Cyclical Learning Rates for Training Neural Networks*
#   (2015)](https://arxiv.org/abs/1506.01186): the range test.
# - [Smith, *A Disciplined Approach to Neural Network Hyper-Parameters*
#   (2018)](https://arxiv.org/abs/1803.09820): one-cycle, with the momentum.
# - [Loshchilov and Hutter, *SGDR* (2016)](https://arxiv.org/abs/1608.03983): the cosine.
# - [Goyal and others, *Accurate, Large Minibatch SGD*
#   (2017)](https://arxiv.org/abs/1706.02677): warm-up for large batches.
# - [Zhang and others, *Which Algorithmic Choices Matter at Which Batch Sizes?*
#   (2019)](https://arxiv.org/abs/1907.04164): how far the noisy valley of section 1 explains
#   real networks.
# - [Keras: learning-rate schedules](https://keras.io/api/optimizers/learning_rate_schedules/)
#   and [`ReduceLROnPlateau`](https://keras.io/api/callbacks/reduce_lr_on_plateau/)

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [61 · Model selection](61_model_selection.ipynb). How to say "this model is better" and still be right tomorrow. **Before:** [52 · Regularization](52_regularization.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+53%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/61_model_selection.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/52_regularization.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
