# ---
# jupyter:
#   dlcourse:
#     title: Learning-rate schedules
#     subtitle: Fast first, fine later, and a fair test of what really improves a network
#     minutes: 75
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
# **Your time:** 75 minutes · **The notebook runs in:** about 56 s on two CPU cores · **Before this:** lesson 23, lesson 32

# %% [markdown]
# ## You will be able to
#
# 1. say why one constant learning rate cannot be both fast and fine  *(section 1 · quiz)*
# 2. write the usual schedules as formulas and as Keras objects, counted in steps
#    *(sections 2 and 4 · exercises 53.1, 53.2 and 53.5)*
# 3. find a good peak with a learning-rate range test  *(section 3 · quiz)*
# 4. let the validation loss lower the rate  *(section 5 · exercise 53.3)*
# 5. measure which improvements matter, one by one and together, in pairs
#    *(section 6 · exercise 53.4)*

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
import math
import time
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, record

lesson = dlcourse.start("53", profile=PROFILE, seed=SEED)

import keras
from keras import layers
from keras.optimizers import schedules

# %% [markdown]
# ## 1 · Fast or fine?
#
# You may train for 200 steps and choose one number, the learning rate. A small one has not
# arrived when time is up; a large one arrives early and then jumps about the goal. Which
# would you take?
#
# Here is the trouble in its smallest form: two weights in a valley, steep across and flat
# along, with curvatures $h = 1$ and $h = 0.05$:
#
# $$L(w_1, w_2) = \tfrac12\,(1 \cdot w_1^2 + 0.05\, w_2^2), \qquad
# w \leftarrow w - \alpha\,(h\,w + \varepsilon)$$
#
# $h\,w$ is the exact gradient. A mini-batch shows it with an error $\varepsilon$, here
# normal with standard deviation 1. By hand, across the valley: $w_1 = 4$, $\alpha = 0.5$,
# $\varepsilon = 0.4$ gives $4 - 0.5 · 4.4 = 1.8$.

# %%
CURVATURE, START, STEPS = np.array([1.0, 0.05]), np.array([4.0, 20.0]), 200

def descend(rates, rng):
    path = [START]
    for rate in rates:
        gradient = CURVATURE * path[-1] + rng.normal(size=2)
        path.append(path[-1] - rate * gradient)
    return np.array(path)  # (steps + 1, 2): across, along

# %% [markdown]
# **Predict.** Three runs: constant 0.5; constant 0.02; and a rate that starts at 1 and
# falls along a cosine to 0. Sketch the three paths. Which ends nearest to the goal?

# %%
cosine_rates = 0.5 * (1 + np.cos(np.pi * np.arange(STEPS) / STEPS))
trials = {"0.5: arrives, scatters": np.full(STEPS, 0.5),
          "0.02: stops short": np.full(STEPS, 0.02),
          "1 falling to 0: settles": cosine_rates}
figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), sharex=True, sharey=True)
w2, w1 = np.meshgrid(np.linspace(-9, 23, 80), np.linspace(-5, 5, 80))
for axis, (name, rates) in zip(axes, trials.items(), strict=True):
    path = descend(rates, np.random.default_rng(lesson.seed))
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
# Why? In each direction a step multiplies the distance to the goal by $(1 - \alpha h)$ and
# adds noise of variance $\alpha^2$. The noise comes to rest at a variance $v$ that one more
# step reproduces:
#
# $$v = (1 - \alpha h)^2\, v + \alpha^2 \quad\Rightarrow\quad
# v = \frac{\alpha}{h\,(2 - \alpha h)}, \qquad
# \tfrac12 h v = \frac{\alpha}{2\,(2 - \alpha h)} \approx \frac{\alpha}{4}$$
#
# So the loss has a **floor** in proportion to the rate: $\alpha = 0.5$ leaves
# $0.5 / 3 = 0.167$ across, however long you train. The distance along the valley shrinks as
# $(1 - 0.05\,\alpha)^{200}$: to 0.006 of its start for $\alpha = 0.5$, to 0.82 for 0.02.
#
# The same two lines of algebra give the expected loss for *any* sequence of rates, exactly.

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
plt.loglog(peaks, constant, "-", label="constant")
plt.loglog(peaks, falling, "-.", color=plots.GREEN, label="falling from this peak to 0")
plt.gca().set(title="A falling rate can afford a high peak, and ends lower",
              xlabel="(peak) learning rate", ylabel="expected loss after 200 steps")
plt.legend()
plots.show("Final loss by peak: the falling rate's best is far lower, at a higher one.")
claim("the best falling rate: under half the loss of the best constant one",
      min(falling) / min(constant), at_most=0.5)

# %% [markdown]
# The usual belief is that there *is* a right learning rate, and that tuning finds it. The
# best constant is only the best compromise: large for the flat direction, small for the
# noise. A **schedule** is first the one, then the other.

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
# **Warm-up** precedes any of them: a straight rise from 0 to $\alpha$ during the first share
# of the steps; then $s$ runs from 0 to 1 over the rest.
#
# In Keras a schedule is an object that the optimizer calls with its step count
# (`optimizer.iterations`) before every update. What Keras lacks, you write as a subclass:
# **one-cycle** climbs from a small rate and falls to 0, in one training. Smith (2018) drew it
# with straight lines, up and down equally long, and a short tail. Here is the form that the
# library fastai made popular: 30 % of the steps up, 70 % down, both along cosines. (Both also
# lower the momentum while the rate is high; we leave that out.)

# %%
class OneCycle(schedules.LearningRateSchedule):
    def __init__(self, peak, steps, up=0.3):
        self.peak, self.steps, self.up = peak, steps, up

    def __call__(self, step):
        s = keras.ops.cast(step, "float32") / self.steps
        rise = 0.04 + 0.48 * (1 - keras.ops.cos(np.pi * s / self.up))  # from peak / 25
        fall = (1 + keras.ops.cos(np.pi * (s - self.up) / (1 - self.up))) / 2
        return self.peak * keras.ops.where(s < self.up, rise, fall)

SCHEDULES = {  # name: function of peak and number of steps
    "constant": lambda peak, steps: peak,
    "step": lambda peak, steps: schedules.PiecewiseConstantDecay(
        [steps // 2, steps * 3 // 4], [peak, peak / 5, peak / 25]),
    "exponential": lambda peak, steps: schedules.ExponentialDecay(peak, steps, 0.05),
    "cosine": schedules.CosineDecay,
    "warm-up + cosine": lambda peak, steps: schedules.CosineDecay(
        0.0, steps - steps // 5, warmup_target=peak, warmup_steps=steps // 5),
    "one-cycle": OneCycle,
}

# %%
shares = {"constant": np.ones(STEPS)}  # of the peak, asked from Keras step by step
for name, build in list(SCHEDULES.items())[1:]:
    shares[name] = np.array([float(build(1.0, STEPS)(step)) for step in range(STEPS)])
figure, axes = plt.subplots(1, 6, figsize=(12, 2.3), sharey=True)
for axis, (name, share) in zip(axes, shares.items(), strict=True):
    axis.plot(share)
    axis.set(title=name, xlabel="step")
axes[0].set_ylabel("share of the peak")
plots.show("Six schedules: constant, two drops, exponential, cosine, cosine after a"
           " straight rise, and one-cycle with a curved rise.")
halfway = [f"{name} {0.4 * share[100]:.3f}" for name, share in shares.items()]
print("half-way from 0.4:", ", ".join(halfway))

# %% [markdown]
# Keras agrees with the two sums by hand. The unit is **steps**, that is batches, not epochs.
# Two details: Keras's step schedule drops *after* its boundary, so step 100 still has the
# full rate; the last two stand higher than plain cosine, because they spent steps on the rise.
#
# **Play**: which shapes suffer most in section 1's valley when the peak is too low? Too high?
# What does the rise gain there, and what does it cost?

# %%
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
# The rise only costs time here: the valley is just as well-behaved at step 1 as later. Section
# 3 shows a network that needs it.
#
# **Exercise 53.1.** 1,000 images, batches of 32, 20 epochs. The rate shall drop after epoch
# 10 and again after epoch 15. Which two `boundaries` does `PiecewiseConstantDecay` need?
# Name the last step with the old rate, or the number of steps before the drop: both pass.
#
# <details><summary>Hint 1</summary>How many batches has an epoch? The last one is smaller,
# but it is a step too.</details>
# <details><summary>Hint 2</summary><code>math.ceil(1000 / 32)</code> is 32.</details>

# %% tags=["exercise"]
# Exercise 53.1: the two boundaries, in steps.
boundaries = [..., ...]  # your numbers here

# %%
check("53.1", boundaries)

# %% tags=["solution"]
# @title Solution 53.1
per_epoch = math.ceil(1000 / 32)  # 32 steps, the last with 8 images
check("53.1", [10 * per_epoch - 1, 15 * per_epoch - 1])  # steps count from 0

# %% [markdown]
# Epoch 10 ends with step 319, and Keras drops *after* the boundary: `[319, 479]` is exact. With
# `[320, 480]` the first step of the next epoch still has the old rate, which does no harm.
#
# **Exercise 53.2.** Write `warm_cosine(step, peak, warm_up, steps)`: a straight rise from 0
# to `peak` at step `warm_up`, then a cosine that reaches 0 at step `steps`. Numbers in, one
# number out. After the end the rate stays 0.
#
# <details><summary>Hint 1</summary>Two cases. In the first the rate is
# <code>peak * step / warm_up</code>.</details>
# <details><summary>Hint 2</summary>In the second, <code>s</code> must be 0 at step
# <code>warm_up</code> and 1 at step <code>steps</code>: which fraction is that?
# <code>min(s, 1)</code> holds the end.</details>

# %% tags=["exercise"]
# Exercise 53.2: warm-up, then cosine.
def warm_cosine(step, peak, warm_up, steps):
    ...  # your code here

# %%
check("53.2", warm_cosine)

# %% tags=["solution"]
# @title Solution 53.2
def warm_cosine_solution(step, peak, warm_up, steps):
    if step < warm_up:
        return peak * step / warm_up
    s = min((step - warm_up) / (steps - warm_up), 1)
    return peak * (1 + math.cos(math.pi * s)) / 2

check("53.2", warm_cosine_solution)

# %% [markdown]
# ## 3 · How high? The range test
#
# Now a real network. 300 labeled digits are all you have, and the camera is shaky: every 8×8
# digit lies somewhere in a 10×10 frame, moved by up to one pixel either way. (Real digits;
# we did the shaking.) The network is a small relative of lesson 32's.

# %%
def shake(images, rng):
    frames = np.zeros((len(images), 10, 10, 1), "float32")
    corners = rng.integers(0, 3, (len(images), 2))
    for frame, image, (top, left) in zip(frames, images, corners, strict=True):
        frame[top : top + 8, left : left + 8, 0] = image / 16
    return frames

digits = datasets.digits()
rng = np.random.default_rng(lesson.seed)
x_digits, x_digits_test = shake(digits.x_train, rng), shake(digits.x_test, rng)
plots.image_grid(x_digits[:20], digits.y_train[:20], columns=10,
                 title="The same digits, somewhere in the frame")
plots.show("Twenty digits, each a little off center, under their labels.")

# %%
def network(shape=(10, 10, 1), filters=16, shift=0.0, l2=0.0, dropout=0.0):
    move = layers.RandomTranslation(
        shift, shift, fill_mode="constant", interpolation="nearest")
    penalty = keras.regularizers.L2(l2) if l2 else None
    options = {"activation": "relu", "kernel_regularizer": penalty}
    return keras.Sequential([
        layers.Input(shape), *([move] if shift else []),
        layers.Conv2D(filters, 3, padding="same", **options), layers.MaxPooling2D(),
        layers.Conv2D(2 * filters, 3, padding="same", **options), layers.MaxPooling2D(),
        layers.Flatten(), layers.Dropout(dropout),
        layers.Dense(4 * filters, **options), layers.Dropout(dropout),
        layers.Dense(10, activation="softmax"),
    ])

def compiled(rate, **changes):
    model = network(**changes)
    at_once = 47 if lesson.backend == "tensorflow" else 1  # steps per call: only speed
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy",
                  steps_per_execution=at_once)
    model.optimizer.build(model.trainable_variables)
    return model

# %% [markdown]
# `shift=0.1` makes the network see each image moved by up to one pixel, anew in every step
# (lesson 12); `l2` and `dropout` are lesson 52's. We need them in section 6; until then only
# the shifts.
#
# Every experiment below is repeated, and compiling takes longer than training. So we compile
# once and `restart`: new initial weights, and an optimizer that has seen nothing. The initial
# weights depend on the repeat alone, so that all variants of the network start alike.

# %%
@functools.cache
def initial_weights(repeat, **size):
    keras.utils.set_random_seed(dlcourse.derived_seed(lesson.seed, repeat))
    return network(**size).get_weights()

def restart(model, repeat, **size):
    model.set_weights(initial_weights(repeat, **size))
    for variable in model.optimizer.variables:  # moments and the step count
        if variable.name != "learning_rate":
            variable.assign(np.zeros(variable.shape))

def accuracy(model, x, y):
    parts = np.array_split(x, math.ceil(len(x) / 1000))
    outputs = [keras.ops.convert_to_numpy(model(p, training=False)) for p in parts]
    return np.mean(np.concatenate(outputs).argmax(axis=1) == y)

tester = compiled(0.01, shift=0.1)
dense = keras.Model(tester.inputs, tester.layers[-3].output)

def silent_share():
    """Share of the dense layer's units that answer 0 to every training image."""
    answers = keras.ops.convert_to_numpy(dense([x_digits[:300]], training=False))
    return np.mean(answers.max(axis=0) == 0)

# %% [markdown]
# The **range test** (Smith, 2015): one short run in which the rate climbs from far too small to
# far too large. Smith let it climb in a straight line; we multiply it in every step, as is
# usual today, so that each power of ten gets as many steps. Write down the loss of every
# batch. (`reset_metrics`, or Keras reports the mean of all batches so far.)

# %%
def walk(rates, repeat):
    restart(tester, repeat)
    rng = np.random.default_rng([lesson.seed, repeat])
    for rate in rates:
        tester.optimizer.learning_rate = rate
        batch = rng.choice(300, 32)
        tester.reset_metrics()
        yield float(tester.train_on_batch(x_digits[batch], digits.y_train[batch]))

# %% [markdown]
# **Predict** the curve: loss against rate, from $10^{-5}$ to 1. We take the mean of three runs
# and smooth it over nine steps. At the end of each run we count the silent units: those of the
# 64 in the dense layer that answer 0 to every image.

# %%
def mean_walk(rates):
    repeats = dlcourse.track(range(3), "training")
    runs = [(list(walk(rates, repeat)), silent_share()) for repeat in repeats]
    return [np.mean(part, axis=0) for part in zip(*runs, strict=True)]  # loss, silent
climbing = np.geomspace(1e-5, 1, 90)
tested = mean_walk(climbing)[0]
smooth = np.convolve(tested, np.ones(9) / 9, "valid")
lowest = climbing[4:-4][smooth.argmin()]

# %% [markdown]
# The rule of thumb: take a third to a tenth of the rate with the lowest loss. At the minimum
# itself the loss has already stopped falling; what you see there is a truce. We go on with
# 0.007. (With another seed the minimum moves by up to a factor of two: the rule is as rough.)
#
# There is a second reason to stay below. The test climbs slowly: it *is* a warm-up. **Predict**
# what happens to a new network that gets a rate near the minimum, 0.05, from its first step.

# %%
high = 0.05
cold, cold_silent = mean_walk(np.full(60, high))
warm, warm_silent = mean_walk(high * np.minimum(np.arange(60) / 40, 1))
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
left.semilogx(climbing, tested, lw=0.7, color="gray", label="mean of 3")
left.semilogx(climbing[4:-4], smooth, color=plots.BLUE, label="smoothed")
left.axvspan(lowest / 10, lowest / 3, color=plots.ORANGE, alpha=0.3, label="take this")
left.set(title="The loss falls, rests, explodes", xlabel="learning rate",
         ylabel="loss of the batch", ylim=(0, 4))
left.legend()
right.plot(cold, "--", color=plots.VERMILION, label=f"constant {high}")
right.plot(warm, label=f"40 steps of warm-up to {high}")
right.set(title="A high rate needs a warm-up", xlabel="step",
          ylabel="loss of the batch (mean of 3)", ylim=(0, 4))
right.legend()
plots.show("Left: loss against a climbing rate: flat, falling, a minimum, exploding."
           " Right: at a high rate only the run with warm-up learns.")
PEAK, BOLD = 0.007, 0.03
claim("the minimum lies at ≈ {:.1f} times our peak", lowest / PEAK,
      at_least=1.8, at_most=14)
claim("warm-up lowers the loss at the high rate by ≈ {:.1f}",
      cold[-20:].mean() - warm[-20:].mean(), at_least=0.4)
print(f"silent units: ≈ {cold_silent:.0%} after the cold start,"
      f" ≈ {warm_silent:.0%} warm")
claim("the cold start silences more units", cold_silent - warm_silent, at_least=0.1)

# %% [markdown]
# Why? Adam's first step moves *every* weight by the full rate: its ratio of moments is ±1
# then, however small the gradient (lesson 51). Weights start near ±0.1, so two or three
# steps of 0.05 the same way replace the whole initialization. A unit whose ReLU then answers
# 0 to every image gets no gradient and seldom returns: after the cold start most units are
# silent. Warm-up makes these first, badly informed steps small.
#
# ## 4 · Which shape?
#
# Each schedule now trains the reader for the same number of steps: 20 passes over 300
# images. (To save time, `x` holds every image ten times, in ten new orders, so `fit` need not
# shuffle and runs two long "epochs".) The other images are for measuring: 200 to *watch*
# during training (sections 5 and 6), 937 to *judge*. Every repeat deals the images anew; all
# schedules get the same deal, in the same order, and the same initial weights. Four repeats
# each, and eight of the row that section 6 will need.

# %%
def deal(task, repeat, copies):
    rng = np.random.default_rng([lesson.seed, repeat])
    order, cuts = rng.permutation(len(task.x)), np.cumsum([task.train, task.watch])
    train, watch, judge = np.split(order, cuts)
    passes = np.concatenate([rng.permutation(train) for _ in range(copies)])
    return [(task.x[i], task.y[i]) for i in (passes, watch, judge)]

# %%
reader = SimpleNamespace(
    x=x_digits, y=digits.y_train, test=(x_digits_test, digits.y_test), train=300,
    watch=200, passes=20, epochs=2, batch_size=64, peak=PEAK, bold=BOLD, repeats=4)

def measure(task, schedule="constant", peak=None, callbacks=(), epochs=None,
            filters=16, repeats=None, **changes):
    epochs = epochs or task.epochs
    copies = task.passes // epochs  # of every image in one epoch
    steps = epochs * math.ceil(copies * task.train / task.batch_size)
    rate = SCHEDULES[schedule](peak or task.peak, steps)
    size = {"shape": task.x.shape[1:], "filters": filters}
    model, scores = compiled(rate, **size, **changes), []
    for repeat in dlcourse.track(range(repeats or task.repeats), "training"):
        (x, y), watch, judge = deal(task, repeat, copies)
        restart(model, repeat, **size)
        start = time.perf_counter()
        model.fit(x, y, task.batch_size, epochs, verbose=0, shuffle=copies == 1,
                  callbacks=[*callbacks], validation_data=watch if callbacks else None)
        seconds = time.perf_counter() - start
        # the test images stay sealed until section 6
        percent = [100 * accuracy(model, *pile) for pile in (judge, task.test)]
        scores.append([*percent, seconds])
    return np.array(scores)  # (repeats, 3): judge, test, seconds

# %% [markdown]
# Three constant rates, from 0.007 up to four times as much, and three schedules that have the
# largest of them as their peak. **Predict**: which of the three beat *every* constant?

# %%
rows = {f"constant {rate}": ("constant", rate) for rate in (PEAK, 2 * PEAK, BOLD)}
rows |= {f"{name}, peak {BOLD}": (name, BOLD) for name in list(SCHEDULES)[3:]}
MORE = f"warm-up + cosine, peak {BOLD}"
by_shape = {row: measure(reader, *row_is, shift=0.1, repeats=8 if row == MORE else 4)
            for row, row_is in rows.items()}
judged = [scores[:, 0] for scores in by_shape.values()]
for row, scores in enumerate(judged):
    look = ("^", plots.GREEN) if row > 3 else ("o", plots.BLUE)
    plt.plot(scores, [row] * len(scores), look[0], color=look[1], alpha=0.7)
    plt.plot(scores.mean(), row, "k|", ms=20, mew=2)
plt.yticks(range(6), by_shape)
plt.gca().invert_yaxis()
plt.gca().set(xlabel="images read correctly (%; every repeat, bar: mean)",
              title="Only schedules that rise first can use the bold peak")
plots.show("Accuracy of three constant rates and of three schedules at a bold peak,"
           " every repeat a mark: the two that rise first are best.")
means = np.array([scores.mean() for scores in judged])  # rows 2 and 3 start cold
claim("at the bold peak a rise gains ≈ {:.0f} points or more",
      means[4:].min() - means[2:4].max(), at_least=5)

# %% [markdown]
# Two findings. At the bold peak the *rise* decides: after a cold start the fall of a cosine
# does not make up for the damage. And with a rise *and* a fall the mean at this peak lies
# above the best of the three constant rates. So a schedule pays by the peak that it can afford.
#
# Between warm-up + cosine and one-cycle four repeats cannot decide. Nor does this say that
# every network needs a rise: with batch norm, or plain SGD at a small rate, you may see no
# difference. Test yours.

# %% [markdown]
# ## 5 · Let the loss decide
#
# A schedule must know the number of steps beforehand. `ReduceLROnPlateau` does not: whenever
# the validation loss has not reached a new minimum for `patience` epochs, it multiplies the
# rate by `factor`, and waits again. By hand, with patience 2 and factor 0.5:
#
# | epoch | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|
# | rate used | 0.010 | 0.010 | 0.010 | 0.010 | **0.005** |
# | validation loss | 0.90 | 0.60 | 0.70 | 0.65 | 0.50 |
# | epochs without a new minimum | 0 | 0 | 1 | 2 → cut | 0 |
#
# Epoch 4 is better than epoch 3, yet it counts as waiting: it is no new *minimum*.

# %%
(x, y), watch, judge = deal(reader, 0, copies=4)
model = tester  # compiled already
restart(model, 0)
model.optimizer.learning_rate = 0.01
plateau = keras.callbacks.ReduceLROnPlateau(
    monitor="val_loss", patience=1, factor=0.5, min_delta=0)
log = model.fit(x, y, 64, 16, verbose=0, validation_data=watch,
                callbacks=[plateau]).history
losses, epochs = np.array(log["val_loss"]), np.arange(1, 17)
waits = losses > np.minimum.accumulate(losses)  # no new minimum
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.3), sharex=True)
left.plot(epochs, losses, "o--", color=plots.BLUE)
left.plot(epochs[waits], losses[waits], "X", ms=12, color=plots.VERMILION,
          label="no new minimum")
left.set(title="No new minimum ...", xlabel="epoch (of 4 passes)",
         ylabel="validation loss", yscale="log", xticks=epochs[3::4])
left.legend()
right.step(epochs, log["learning_rate"], "o-", where="mid")
right.set(title="... and the next epoch's rate is halved", xlabel="epoch (of 4 passes)",
          ylabel="learning rate", ylim=(0, None))
plots.show("Validation loss by epoch, crosses where it is no new minimum; the learning"
           " rate is halved after each cross.")
claim("the callback cut the rate", log["learning_rate"][-1] / 0.01, at_most=0.5)

# %% [markdown]
# **Exercise 53.3.** Write the rule: `plateau_rates(losses, rate, patience, factor)` returns
# the list of rates *used* in each epoch, as long as `losses`.
#
# <details><summary>Hint 1</summary>Keep three things: the best loss so far, the epochs
# waited, the rate. Append the rate before you look at the epoch's loss.</details>
# <details><summary>Hint 2</summary>A new minimum sets <code>waited = 0</code>; anything else
# adds 1. When <code>waited == patience</code>: cut, and <code>waited = 0</code>. The best
# loss stays.</details>

# %% tags=["exercise"]
# Exercise 53.3: reduce on plateau.
def plateau_rates(losses, rate, patience, factor):
    ...  # your code here

# %%
check("53.3", plateau_rates)

# %% tags=["solution"]
# @title Solution 53.3
def plateau_rates_solution(losses, rate, patience, factor):
    best, waited, rates = math.inf, 0, []
    for loss in losses:
        rates.append(rate)
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            rate, waited = rate * factor, 0
    return rates

check("53.3", plateau_rates_solution)
by_rule = plateau_rates_solution(log["val_loss"], 0.01, 1, 0.5)
claim("the rule gives Keras's own rates", np.allclose(by_rule, log["learning_rate"]))

# %% [markdown]
# ## 6 · What really helps? A study
#
# Five improvements are on offer: a schedule, an L2 penalty, dropout, early stopping, shifted
# copies. Blogs add all five and report one number. You will add them **one at a time**, then
# together, and compare **in pairs**: the same repeat has the same images and initial weights,
# so much of their luck cancels in the difference $d_i = a_i^{\text{changed}} - a_i^{\text{base}}$:
#
# $$\bar d = \frac1n \sum_{i=1}^n d_i, \qquad
# \mathrm{SE} = \frac{s_d}{\sqrt n}, \qquad
# s_d^2 = \frac{1}{n-1} \sum_{i=1}^n (d_i - \bar d)^2$$
#
# By hand: $d = 1, 2, 6$ points. $\bar d = 3$, $s_d^2 = (4 + 1 + 9)/2 = 7$,
# $\mathrm{SE} = \sqrt{7/3} = 1.5$. With only three repeats a 95 % interval is $\bar d \pm
# 4.3\,\mathrm{SE}$ (Student's $t$): −3.6 to 9.6, which is no proof of anything. A fourth
# repeat brings the factor down to 3.2, and the root of $n$ up.
#
# **Exercise 53.4.** Write `paired(base, changed)`: two arrays of accuracies, shape `(n,)`,
# in; mean difference and its standard error out.
#
# <details><summary>Hint 1</summary>Subtract first, then take mean and standard deviation of
# the differences.</details>
# <details><summary>Hint 2</summary><code>np.std(d, ddof=1)</code> divides by
# <code>n - 1</code>.</details>

# %% tags=["exercise"]
# Exercise 53.4: mean and standard error of paired differences.
def paired(base, changed):
    ...  # your code here

# %%
check("53.4", paired)

# %% tags=["solution"]
# @title Solution 53.4
def paired_solution(base, changed):
    d = np.asarray(changed) - np.asarray(base)
    return d.mean(), d.std(ddof=1) / math.sqrt(len(d))

check("53.4", paired_solution)

# %% [markdown]
# `quick` studies the shaken digits; `full` studies MNIST (30,000 images, 5 epochs). Both repeat
# every row four times (`quick` the baseline and the pair, on which the verdict hangs, eight
# times) and judge on the *judge* pile, never on test images. The baseline has the constant
# rate 0.007 and no shifts; the schedule row is section 4's warm-up + cosine, with the bold
# peak that it affords: shape *and* peak differ from the baseline's.
#
# **Predict.** Rank the five by what each gains alone. Then: is *all five* the best row?

# %%
def mnist_task(**sizes):
    data = datasets.mnist()
    x, x_test = [(part[..., None] / 255).astype("float32")
                 for part in (data.x_train, data.x_test)]
    return SimpleNamespace(
        x=x, y=data.y_train, test=(x_test, data.y_test), batch_size=128,
        peak=0.005, bold=0.01, **sizes)
task = reader
if lesson.profile == "full":
    task = mnist_task(train=30_000, watch=5_000, passes=5, epochs=5, repeats=4)
schedule = {"schedule": "warm-up + cosine", "peak": task.bold}
l2, dropout = {"l2": lesson.pick(quick=1e-4, full=1e-5)}, {"dropout": 0.25}
stopping = {"epochs": 5, "callbacks": [keras.callbacks.EarlyStopping(
    patience=2, restore_best_weights=True)]}  # it looks once in an epoch
shifts = {"shift": lesson.pick(quick=0.1, full=0.07)}  # up to 1 pixel of 10, 2 of 28
STUDY = {
    "baseline": {}, "+ schedule": schedule, "+ L2": l2, "+ dropout": dropout,
    "+ early stopping": stopping, "+ shifts": shifts,
    "+ schedule + shifts": schedule | shifts,
    "all five": schedule | l2 | dropout | stopping | shifts,
}
study = {} if lesson.profile == "full" else {  # two rows are known from section 4
    "+ shifts": by_shape[f"constant {PEAK}"], "+ schedule + shifts": by_shape[MORE]}
MORE_REPEATS = {} if lesson.profile == "full" else {"baseline": 8}
PER_SD = {4: 3.18 / 4**0.5, 8: 2.36 / 8**0.5}  # Student's t over the root of n

# %%
for name in [name for name in STUDY if name not in study]:
    study[name] = measure(task, repeats=MORE_REPEATS.get(name), **STUDY[name])
gains = {name: study[name][:, 0] - study["baseline"][: len(study[name]), 0]
         for name in list(STUDY)[1:]}
table = pd.DataFrame({"accuracy (%)": {row: study[row][:, 0].mean() for row in STUDY}})
table["gain"] = {name: d.mean() for name, d in gains.items()}
table["±"] = {name: PER_SD[len(d)] * d.std(ddof=1) for name, d in gains.items()}
table.map("≈ {:.2f}".format).replace("≈ nan", "")

# %%
for row, (name, d) in enumerate(gains.items()):
    plt.plot(d, [row] * len(d), "o", color=plots.BLUE, alpha=0.6)
    plt.errorbar(d.mean(), row, xerr=table["±"][name], fmt="k|", ms=15, capsize=4)
plt.axvline(0, color="black", ls=":")
plt.yticks(range(len(gains)), gains)
plt.gca().invert_yaxis()
plt.gca().set(xlabel="gain over the baseline in the same repeat (points, interval)",
              title="Together, schedule and shifts clearly gain")
plots.show("Paired gains of five single changes, of two together, and of all five, with"
           " intervals: that of the two together lies well above 0.")
pair = gains["+ schedule + shifts"]
claim("schedule and shifts together gain ≈ {:.1f} points", pair.mean(),
      at_least=lesson.pick(quick=2.5, full=0.4))
claim("the interval of this gain begins at ≈ {:.1f}, above 0",
      pair.mean() - table["±"]["+ schedule + shifts"], at_least=0)
claim("the other three add little or nothing to these two",
      gains["all five"].mean() - pair[:4].mean(),
      at_most=lesson.pick(quick=2, full=0.25))

# %% [markdown]
# On the shaken digits the evidence carries three statements, and no more:
#
# - **Schedule and shifts together** gain several points: over eight repeats the interval lies
#   well above 0. Whether more than the *sum* of the two, so few repeats cannot tell.
# - **L2, dropout, early stopping**: read the last column. Where gain ± it contains 0, four
#   repeats decide nothing. On top of the other two they added nothing here. That is a finding
#   about these strengths, this network and these 20 passes; lesson 52 has cases in which they
#   pay.
# - **All five** is no better than those two. *More improvements, better network* is a belief,
#   not a rule.
#
# On MNIST (`full`) the schedule *alone* brings most of the gain. Of the other three, dropout
# alone may help a little; on top of the first pair they again add nothing that four repeats
# could show. What counts depends on the data: this camera shifts, MNIST's digits are centered.
#
# A likely reason for the pair: shifted copies are new in every step, so the gradient stays
# noisy to the end (section 1), and only a falling rate quiets it. We did not test this reason.
#
# Now the test images, once. In `full` a longer training follows, with twice the filters. It
# changes network, data, time and recipe together, so it shows how far these means reach, not
# which of them took it there. Early stopping stays out: it could end the training before the
# rate comes down.

# %%
final = {name: study[name] for name in ("baseline", "+ schedule + shifts")}
if lesson.profile == "full":
    longest = mnist_task(train=55_000, watch=2_500, passes=12, epochs=12, repeats=1)
    final["longer, wider, no early stopping"] = measure(
        longest, filters=32, **schedule, **shifts, **l2, **dropout)
opened = {name: scores[:, 1].mean() for name, scores in final.items()}
for name, percent in opened.items():
    print(f"{name:36} test accuracy ≈ {percent:.2f} %")
claim("the gain holds on the test images",
      opened["+ schedule + shifts"] - opened["baseline"],
      at_least=lesson.pick(quick=1.5, full=0.5))
if lesson.profile == "full":
    claim("the longest training reads 99.4 %", max(opened.values()), at_least=99.4)
    for name, scores in final.items():
        size = network((28, 28, 1), 32 if "wider" in name else 16).count_params()
        record("MNIST", name, "test accuracy", scores[:, 1] / 100, parameters=size,
               seconds=np.median(scores[:, 2]))  # for RESULTS.md

# %% [markdown]
# ## Break and fix
#
# A colleague adds a cosine schedule to the reader: "20 passes, so `decay_steps=20`". No
# error, no warning. The training loss stops at once, far too high. *A smaller learning
# rate*, someone advises; *more layers*, says another.

# %%
def colleague(peak, n_images, batch_size, epochs):
    return schedules.CosineDecay(peak, decay_steps=epochs)

model = compiled(colleague(0.01, 300, 32, 20))
restart(model, 0)
curve, weights = [], []
for passes in (5, 15):
    curve += model.fit(x_digits[:300], digits.y_train[:300], 32, passes,
                       verbose=0).history["loss"]
    weights.append(np.concatenate([w.ravel() for w in model.get_weights()]))
plt.plot(range(1, 21), curve, "o-", ms=3)
plt.gca().set(title="Training that stops by itself", xlabel="epoch",
              ylabel="training loss", ylim=(0, 2.5), xticks=[1, 5, 10, 15, 20])
plots.show("Training loss: falls for two epochs, then stays exactly flat and high.")
claim("the last loss is far too high", curve[-1], at_least=1)
claim("from epoch 5 to 20 no weight moves", np.abs(weights[1] - weights[0]).max(),
      at_most=0.0)

# %% [markdown]
# **Exercise 53.5.** Which reading fits *both* symptoms: too small a rate (`"small"`), too few
# layers (`"layers"`), or no rate at all (`"none"`)? Then write `mended(peak, n_images,
# batch_size, epochs)`: it returns a Keras schedule that falls along a cosine from `peak` and
# has reached 0 when all steps are done, whatever the sizes.
#
# <details><summary>Hint 1</summary>Too small a rate moves the weights a little. Here they
# do not move. What does the schedule return at step 21?</details>
# <details><summary>Hint 2</summary>Exercise 53.1: how many steps has an epoch?</details>

# %% tags=["exercise"]
# Exercise 53.5: a diagnosis, and the mended schedule.
diagnosis = ...

def mended(peak, n_images, batch_size, epochs):
    ...  # your code here

# %%
check("53.5", diagnosis, mended)

# %% tags=["solution"]
# @title Solution 53.5
def mended_solution(peak, n_images, batch_size, epochs):
    return schedules.CosineDecay(peak, epochs * math.ceil(n_images / batch_size))

check("53.5", "none", mended_solution)

# %% [markdown]
# ## Quiz

# %%
quiz("53")

# %% [markdown]
# ## Summary
#
# - A constant rate leaves a loss floor in proportion to it; a small one does not arrive. A
#   schedule is large first and small later.
# - Schedules are functions of the **step**. Constant, step, exponential, cosine, one-cycle:
#   multiply by a rise from 0 for warm-up.
# - A range test costs ninety batches. Take a third to a tenth of the rate at the minimum;
#   with warm-up you may dare more.
# - `ReduceLROnPlateau` cuts when no new minimum came for `patience` epochs.
# - An improvement is a paired difference with an interval. Here a schedule and shifts together
#   gained clearly; L2, dropout and early stopping added nothing to them.
#
# An hour ago the learning rate was one number to guess. Now you can find its peak, give it a
# shape, and prove that the shape was worth it.
#
# ## Common mistakes
#
# - **`decay_steps` in epochs**: training freezes early; the loss is flat and too high.
# - **Batch size or data changed, schedule not**: the rate never comes down, or is 0 too soon.
# - **`mode="min"` with an accuracy**: the rate is cut although all goes well.
# - **A plateau callback and a schedule in one optimizer**: Keras refuses, because a schedule
#   cannot be assigned.
# - **Early stopping before the cool-down**: patience ends the training while the rate is
#   still high. Stop by the schedule instead.
# - **Resuming with a new optimizer**: its step count starts at 0, so the warm-up comes again.
# - **Two changes at once**: you cannot tell which one helped.
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
#   and [`ReduceLROnPlateau`](https://keras.io/api/callbacks/reduce_lr_on_plateau/): every
#   argument.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [61 · Model selection](61_model_selection.ipynb). How to say "this model is better" and still be right tomorrow. **Before:** [52 · Regularization](52_regularization.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+53%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/61_model_selection.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/52_regularization.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
