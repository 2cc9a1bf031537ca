# ---
# jupyter:
#   dlcourse:
#     title: "Losses and metrics"
#     subtitle: Two weather forecasters are right equally often, and one of them is a disaster
#     minutes: 62
#     further: 19
#     seconds: 35
#     needs: ["23"]
#     backends: [tensorflow]
#     teaching:
#       believe: "loss and accuracy measure the same thing"
#       stop: "section 4; break and fix"
#       ask: "\"Right on 7 days of 10, and worse than a coin: how?\""
#       stuck: "probability or logit: say at each arrow which of the two it carries"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 24 · Losses and metrics
#
# *Two weather forecasters are right equally often, and one of them is a disaster*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/24_losses_and_metrics.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/24_losses_and_metrics.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/24_losses_and_metrics.ipynb)
#
# **Your time:** 62 minutes, and 19 for *Going further* · **The notebook runs in:** about 35 s on two CPU cores · **Before this:** lesson 23

# %% [markdown]
# ## You will be able to
#
# 1. compute cross-entropy by hand, as the price of what happened *(section 1 · exercise 24.1)*
# 2. choose output and loss for a task, and say what MSE, MAE and Huber assume
#    *(sections 2, 3 and 6 · exercise 24.3)*
# 3. find out why loss and accuracy disagree *(sections 1, 3 and 4 · exercise 24.4)*
# 4. write a metric that adds up counts over batches *(section 5 · exercise 24.2)*

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
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn import metrics

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify
from dlcourse.package_data import package_file

lesson = dlcourse.start("24", profile=PROFILE, seed=SEED)

import keras
from keras import layers

RUNS = lesson.pick(quick=3, full=10)  # trainings in section 4

# %% [markdown]
# ## 1 · Whom would you hire?
# How likely is rain in Seattle tomorrow? The days are real, from the US weather agency NOAA. A day is *wet* if anything
# fell, snow included.

# %%
# the file comes with the package vega_datasets
file = package_file("vega_datasets", "_data/seattle-weather.csv")
days = pd.read_csv(file, parse_dates=["date"]).drop(columns="weather")
wet = (days["precipitation"] > 0).to_numpy().astype("float32")
print(f"{len(days)} days, {wet.mean():.0%} wet; in mm, °C and meters per second")
days.iloc[[0, 1, 2, 200, 201]]

# %% [markdown]
# Three people apply. They know 2012 and 2013; you try them on 2014, and lock 2015 away.
#
# - **Bold** gives rain 95 % after a wet day and 5 % after a dry one: tomorrow is like today!
# - **Modest** believes the same, but has counted how often it comes true.
# - **Almanac** has counted how often it rained in each month of the year.

# %%
today, y = wet[1:-1], wet[2:]  # y: does it rain on the next day? 1 or 0
month = days["date"].dt.month.to_numpy()[2:]  # of that next day
year = days["date"].dt.year.to_numpy()[2:]
train, val, test = year <= 2013, year == 2014, year == 2015

after_wet = y[train & (today == 1)].mean()
after_dry = y[train & (today == 0)].mean()
by_month = np.array([y[train & (month == m)].mean() for m in range(1, 13)])
forecasts = {
    "bold": np.where(today == 1, 0.95, 0.05),
    "modest": np.where(today == 1, after_wet, after_dry),
    "almanac": by_month[month - 1],
}

def accuracy(p, y):
    return np.mean((p >= 0.5) == (y == 1))

for name, p in forecasts.items():
    print(f"{name:8} accuracy in 2014: {accuracy(p[val], y[val]):.3f}")
print(f"modest says {after_wet:.2f} after a wet day, {after_dry:.2f} after a dry one")

# %% [markdown]
# Bold and Modest are right on the same days: accuracy asks only on which side of 0.5 a forecast lies.
# **Predict.** Who is worth more: Bold, Modest, or a coin (0.5 every day)?
#
# Ask of each day: *how much probability had the forecast given to what then happened?*
#
# | happened | forecast $p$ of rain | given to what happened | price, $-\ln$ of it |
# |---|---|---|---|
# | rain | 0.8 | 0.8 | 0.223 |
# | dry | 0.4 | 1 − 0.4 = 0.6 | 0.511 |
# | rain | 0.6 | 0.6 | 0.511 |
#
# Each forecast already uses what is known of the days before. So this forecaster gave the three days together the product,
# $0.8 \cdot 0.6 \cdot 0.6 = 0.288$, the **likelihood**: the larger, the better. For a whole year it is too small for float32.
# Its logarithm is a sum, so charge each day $-\ln$ of its probability: nothing if sure and right, much if sure and wrong.
# The mean over the $n$ days is the **negative log-likelihood**, here 1.245 / 3 = 0.415:
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \big[\, y_i \ln p_i + (1 - y_i) \ln(1 - p_i) \,\big]$$
#
# $y_i$ is 1 for rain on day $i$ and 0 for dry, so one term is zero. $L$ is the cross-entropy of lesson 22,
# for two classes; in Keras, `binary_crossentropy`.
#
# ### Exercise 24.1
#
# Write `log_loss(y, p)`, the mean price. `y` is an array of 0 and 1, `p` one of probabilities.
#
# <details><summary>Hint 1</summary>Which probability went to what happened? <code>np.where(y == 1, p, 1 -
# p)</code>.</details>
# <details><summary>Hint 2</summary>Then minus the mean of its natural logarithm,
# <code>np.log</code>.</details>

# %% tags=["exercise"]
# Exercise 24.1: the mean negative log-likelihood of yes-or-no forecasts.
def log_loss(y, p):
    ...  # your code here

# %%
check("24.1", log_loss)

# %% tags=["solution"]
# @title Solution 24.1
def log_loss_solution(y, p):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p)))

check("24.1", log_loss_solution)

# %% [markdown]
# Now the applicants:

# %%
def price(p, y):
    return -np.log(np.where(y == 1, p, 1 - p))  # of each day, (n,)
nll = {name: price(p[val], y[val]).mean() for name, p in forecasts.items()}
print("loss in 2014:", ", ".join(f"{name} {value:.3f}" for name, value in nll.items()))
in_keras = keras.losses.binary_crossentropy(y[val], forecasts["modest"][val])
verify("by hand and Keras agree", abs(in_keras - nll["modest"]), at_most=1e-5)
print(f"modest, by Keras: {float(in_keras):.3f}; coin: {np.log(2):.3f}")
claim("Bold pays ≈ {:.2f} more than Modest", nll["bold"] - nll["modest"], at_least=0.2)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7, 3.6))
grid = np.linspace(0.02, 1, 200)
axis.plot(grid, -np.log(grid), color="black", lw=1.5, label="−ln of the probability")
for p, name, color, mark in ((0.95, "Bold", plots.VERMILION, "o"),
                             (0.72, "Modest, on average", plots.SKY, "s")):  # fmt: skip
    both = np.array([p, 1 - p])
    axis.plot(both, -np.log(both), mark, ms=9, color=color, label=name)
    for q, word in zip(both, ("right", "wrong"), strict=True):
        axis.annotate(f"{word}: {-np.log(q):.2f}", (q, -np.log(q)), (8, 6),
                      textcoords="offset points")  # fmt: skip
axis.set(xlabel="probability given to what happened", ylabel="price of the day",
         xlim=(0, 1.12), ylim=(-0.1, 4), title="Sure and wrong is what costs")
axis.legend(loc="upper right")
plots.show("The price, minus the logarithm of the probability, falls steeply. Bold pays"
           " 0.05 when right and 3.00 when wrong, Modest about 0.33 and 1.27.")

# %% [markdown]
# The order is Modest, the coin, Bold. Bold is wrong on about one day in four, at 3.00 each. On average,
# bluffing never pays: if you are right on 3 days of 4, saying 50 % costs 0.69 a day, the honest 75 % costs
# 0.56, and 95 % 0.79.
#
# ## 2 · Three losses for numbers
# Now the forecast is a number, $\hat y$, such as tomorrow's temperature, and the truth $y$ scatters around it. A *density*
# says how: a curve, high where $y$ lies often. It takes the place of the probability in the price. Let the errors
# $e = \hat y - y$ of different days be independent, and follow one bell curve around 0, every day of width $\sigma$. Its
# height is $\exp(-e^2 / 2\sigma^2)$, up to a factor, where $\exp(x) \approx 2.718^x$. Minus its logarithm is
# $e^2 / 2\sigma^2$ plus a constant: the squared error, scaled and shifted. So each loss is a guess about errors:
#
# | loss of one error | belongs to the density | so it expects | slope by $\hat y$ |
# |---|---|---|---|
# | mean squared error, **MSE**: $e^2$ | $\exp(-e^2 / 2\sigma^2)$, a bell (normal) | hardly any large errors | $2e$ |
# | mean absolute error, **MAE**: $\lvert e \rvert$ | $\exp(-\lvert e \rvert / b)$, a peak of width $b$ (Laplace) | some large errors | $+1$ or $-1$ |
# | **Huber**: $e^2/2$ up to $\lvert e \rvert = \delta$, then $\delta\,(\lvert e \rvert - \delta/2)$ | a bell with the tails of Laplace | mostly small, some large | $e$, cut off at $\pm\delta$ |
#
# By hand, for errors 0.5, −1, 3 and $\delta = 1$: MSE $= (0.25 + 1 + 9)/3 = 3.417$, MAE $= 4.5/3 = 1.5$,
# Huber $= (0.125 + 0.5 + 2.5)/3 = 1.042$.
#
# **Play.** The slope says how hard an error pulls at the forecast in gradient descent. What does Huber become for a small
# `delta`, and for a large one?

# %% tags=["hide-input"]
def three_losses(delta=1.0):
    e = np.linspace(-6, 6, 241)
    inside = np.abs(e) <= delta
    huber = np.where(inside, e**2 / 2, delta * (np.abs(e) - delta / 2))
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
    for height, slope, name, color, line in (
        (e**2, 2 * e, "MSE", plots.ORANGE, "--"),
        (huber, np.clip(e, -delta, delta), "Huber", plots.GREEN, "-"),
        (np.abs(e), np.sign(e), "MAE", "black", ":"),
    ):
        left.plot(e, height, line, color=color, label=name)
        right.plot(e, slope, line, color=color, label=name)
    left.set(ylim=(0, 15), xlabel="error (forecast − truth)", ylabel="loss",
             title="MSE charges a large error most")  # fmt: skip
    right.set(ylim=(-8, 8), xlabel="error (forecast − truth)", ylabel="slope",
              title="Only MSE pulls without limit")  # fmt: skip
    left.legend(loc="upper center"), right.legend(loc="upper left")

explore(three_losses, alt="Loss and slope of MSE, MAE and Huber against the error: the"
        " slope of MSE grows without limit, the others are bounded.",
        delta=(0.2, 6.0, 0.2))  # fmt: skip

# %% [markdown]
# With a small $\delta$, Huber is almost $\delta$ times MAE; with a large one, it is half of MSE. Under MAE, or Huber beyond
# $\delta$, an error of 500 pulls no harder than one of 5: a few nonsense targets do little harm.
#
# So always MAE? A dam keeper wants one amount of rain to plan for every day. **Predict.** Which amount has the smallest MSE
# over all days, and which the smallest MAE?

# %%
millimeters = days["precipitation"].to_numpy()
amounts = np.arange(0, 4, 0.01)
for name in ("mean_squared_error", "mean_absolute_error", "huber"):
    loss_fn = keras.losses.get(name)  # (truth, forecast); below: the three errors above
    ours = float(loss_fn(np.zeros(3), np.array([0.5, -1.0, 3.0])))
    costs = [float(loss_fn(millimeters, np.full(len(days), a))) for a in amounts]
    print(f"{name:20} our errors {ours:.3f}; best {amounts[np.argmin(costs)]:.2f} mm")
print(f"rain: mean {millimeters.mean():.2f} mm, median {np.median(millimeters):.2f} mm")

# %% [markdown]
# MSE finds the **mean**, MAE the **median**: under MAE every day pulls equally hard, and from any amount above 0 the dry
# days, more than half, pull it down. Ask first: *are my outliers errors, or what it is all about?*
#
# ## 3 · Many classes, and logits
# Will tomorrow bring snow, sun or rain? As in lesson 21, the last layer gives one number per class, the **logits**
# $z = (-1, 1, 2)$, and softmax makes probabilities of them. The price is $-\ln$ of what the true class $k$ got, here *rain*:
#
# $$p_k = \frac{\exp(z_k)}{\sum_j \exp(z_j)} = \frac{7.389}{0.368 + 2.718 + 7.389} = 0.705, \qquad
# -\ln 0.705 = 0.349$$
#
# If the label is **one-hot**, $(0, 0, 1)$, Keras calls this `categorical_crossentropy`; if it is the class's number, 2 (snow
# 0, sun 1, rain 2), `sparse_categorical_crossentropy`: the same loss. With `from_logits=True` it does the softmax
# itself (the binary loss: the sigmoid):

# %%
z = np.array([[-1.0, 1.0, 2.0]])  # (batch, classes)
p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
one_hot = keras.losses.CategoricalCrossentropy()(np.array([[0, 0, 1]]), p)
sparse = keras.losses.SparseCategoricalCrossentropy()(np.array([2]), p)
loss_of_logits = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
from_logits = loss_of_logits(np.array([2]), z)
print(f"by hand {-np.log(p[0, 2]):.4f}, one-hot {float(one_hot):.4f},"
      f" sparse {float(sparse):.4f}, from logits {float(from_logits):.4f}")  # fmt: skip

# %% [markdown]
# So two pairs are right: *probabilities* with `from_logits=False` (the default), *logits* with `from_logits=True`. The second
# is safer, because Keras lifts a probability below $10^{-7}$ to $10^{-7}$: **from a probability alone, no
# slope is left where the forecast is most wrong**.
#
# ## 4 · A fourth applicant
# A network applies, too. It sees six numbers of today and six of yesterday: rain, two temperatures, wind, and two for the
# date, a point on a circle.

# %%
# on the circle, December 31 lies beside January 1
angle = 2 * np.pi * days["date"].dt.day_of_year / 365.25
measured = days[["temp_max", "temp_min", "wind"]]
rain = np.log1p(millimeters)  # ln(1 + mm): brings large amounts closer
one_day = np.column_stack([rain, measured, np.sin(angle), np.cos(angle)])  # (days, 6)
both_days = np.hstack([one_day[1:-1], one_day[:-2]])  # today, yesterday: (days, 12)
mean, std = both_days[train].mean(axis=0), both_days[train].std(axis=0)
x = ((both_days - mean) / std).astype("float32")

def build(*tail, loss="binary_crossentropy"):  # tail: more layers at the end
    model = keras.Sequential([
        layers.Input((12,)), layers.Dense(64, "relu"), layers.Dense(64, "relu"),
        layers.Dense(1, "sigmoid"), *tail,
    ])
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    return model

def forecast(model):  # for all days, (n,)
    return keras.ops.convert_to_numpy(model(x))[:, 0].astype("float64")

# %% [markdown]
# **Predict.** It makes 32 passes (epochs) over the training days, from different starts. What will its *loss* in 2014 do,
# and what its *accuracy*?

# %%
settings = {"batch_size": 64, "validation_data": (x[val], y[val]), "verbose": 0}

def train_long(model):
    first = model.fit(x[train], y[train], epochs=5, **settings).history
    early = forecast(model)  # after 5 passes
    rest = model.fit(x[train], y[train], epochs=27, **settings).history
    return {"loss": first["val_loss"] + rest["val_loss"], "early": early,
            "accuracy": first["val_accuracy"] + rest["val_accuracy"],
            "late": forecast(model)}  # fmt: skip

runs = dlcourse.repeat(RUNS, build, train_long)
losses, accuracies = (np.array(runs[key].to_list()) for key in ("loss", "accuracy"))
claim("from its lowest point, the loss rises by ≈ {:.2f}",
      np.mean(losses[:, -1] - losses.min(axis=1)), at_least=0.07)  # fmt: skip
claim("in the end it is ≈ {:.2f} above the coin's", np.mean(losses[:, -1]) - np.log(2),
      at_least=0.02)  # fmt: skip
claim("yet it is right on ≈ {:.1f} days of 10", 10 * np.mean(accuracies[:, -1]),
      at_least=6.2)  # fmt: skip

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
passes = np.arange(1, 33)
for axis, values in ((left, losses), (right, accuracies)):
    lines = axis.plot(passes, values.T, color=plots.BLUE, lw=1.5)
    lines[0].set_label(f"network, {RUNS} trainings")
left.axhline(np.log(2), color="black", ls=":", lw=1.5, label="coin: ln 2")
right.axhline(1 - y[val].mean(), color="black", ls=":", lw=1.5, label="always dry")
left.set(xlabel="passes over the training days", ylabel="loss in 2014",
         title="Its loss becomes worse than a coin's")  # fmt: skip
right.set(xlabel="passes over the training days", ylabel="accuracy in 2014",
          ylim=(0.5, 0.85), title="Its accuracy loses some points")  # fmt: skip
left.legend(), right.legend()
plots.show("Loss in 2014 falls, then climbs above the coin's 0.69 in every run;"
           " accuracy falls by some points, but ends above always dry.")

# %% [markdown]
# The loss climbs past the coin's. On average the accuracy ends a few points lower. Where does the price come
# from?

# %%
early, late = (np.array(runs[key].to_list()) for key in ("early", "late"))
for after, p in ((5, early[:, val]), (32, late[:, val])):  # (trainings, days of 2014)
    p = np.clip(p, 1e-7, 1 - 1e-7)  # as Keras does
    paid, hit = price(p, y[val]), (p >= 0.5) == y[val]
    print(f"after {after} passes a right day costs ≈ {paid[hit].mean():.2f}, a wrong"
          f" one ≈ {paid[~hit].mean():.2f}")  # fmt: skip
changed = (early[:, val] >= 0.5) != (late[:, val] >= 0.5)
print(f"forecasts that changed sides: ≈ {changed.mean():.0%}")

# %% [markdown]
# Most forecasts kept their side, but became *bolder*: what right days save is little beside what wrong ones
# now add.
#
# Why not train on accuracy itself? Take the logits of the first network after 5 passes,
# $z = \ln \frac{p}{1 - p}$ (the **log-odds**), and add a constant to all, as a change of its last bias would:

# %% tags=["hide-input"]
p_first = early[0, val]
z_early = np.log(p_first / (1 - p_first))
jumps = np.sort(-z_early[np.abs(z_early) < 0.2])  # where a forecast changes sides
edges = np.concatenate([[-0.2], jumps, [0.2]])
middles = (edges[1:] + edges[:-1]) / 2
figure, axis = plt.subplots(figsize=(7, 3.4))
axis.stairs([accuracy(1 / (1 + np.exp(-(z_early + c))), y[val]) for c in middles],
            edges, baseline=None, color=plots.BLUE, lw=2,
            label="the first network, after 5 passes")  # fmt: skip
axis.set(xlabel="constant added to all logits", ylabel="accuracy in 2014",
         xticks=np.arange(-2, 3) / 10, title="Accuracy is flat, but for jumps")
axis.locator_params(axis="y", nbins=4), axis.margins(y=0.2), axis.legend()
plots.show("Against a constant added to the logits, the accuracy is made of flat steps"
           " with jumps between them.")

# %% [markdown]
# **Accuracy's gradient is zero** almost everywhere, so gradient descent would never move. A loss needs slopes, a metric
# must mean something to people: train on the one, report both.
#
# Now stop the networks after 5 passes, about where their loss was lowest (early stopping). Hire by the loss
# in 2014, and open 2015 once.

# %%
applicants = forecasts | {f"network {i + 1}": early[i] for i in range(RUNS)}
table = pd.DataFrame(index=list(applicants), dtype="float64")
for at, part in ((2014, val), (2015, test)):
    for name, p in applicants.items():
        table.loc[name, f"accuracy {at}"] = accuracy(p[part], y[part])
        table.loc[name, f"loss {at}"] = price(p[part], y[part]).mean()
gap = table.loc["bold", "loss 2015"] - table["loss 2015"].iloc[3:].mean()
claim("in 2015 a network pays ≈ {:.2f} less per day than Bold", gap, at_least=0.3)
table.map("≈ {:.3f}".format)

# %% [markdown]
# By accuracy in 2014, Bold shares first place. By loss he is last in both years. Modest and Almanac changed
# places: one year cannot rank them. The loss in 2014 chose when to stop and whom to hire, so trust 2015.
#
# ## 5 · A metric with a memory
# You hire a network, trained anew for 5 passes. The radio wants only "rain" or "dry". Whoever always says
# "dry" is right on most days, and useless. **F1** asks about rain alone. Count announced rain that came
# ($TP$, true positives), rain announced in vain ($FP$) and rain missed ($FN$). F1 is
# $2\,TP / (2\,TP + FP + FN)$: 1 at best, 0 for "always dry". But `fit` and `evaluate` see one batch at a
# time, such as a week. Is the mean of the weeks' F1 the F1 of the year?

# %%
keras.utils.set_random_seed(lesson.seed)
stopped = build()
stopped.fit(x[train], y[train], epochs=5, **settings)
p_stopped = forecast(stopped)[val]

said = p_stopped >= 0.5  # rain announced
f1_year = metrics.f1_score(y[val], said)
weekly = {}
for dry in (0, 1, np.nan):  # a week without rain, announced or real: 0/0; nan: left out
    scores = [metrics.f1_score(y[val][i : i + 7], said[i : i + 7], zero_division=dry)
              for i in range(0, 365, 7)]  # fmt: skip
    weekly[dry] = np.nanmean(scores)
    print(f"mean of the weeks, a dry week counting {dry}: ≈ {weekly[dry]:.3f}")
print(f"F1 of the year: ≈ {f1_year:.3f}")
claim("how a dry week counts moves it by ≈ {:.2f}", weekly[1] - weekly[0], at_least=0.1)

f1_of_keras = keras.metrics.F1Score(average="micro", threshold=0.5)
stopped.compile(loss="binary_crossentropy", metrics=[f1_of_keras])
_, in_batches = stopped.evaluate(x[val], y[val, None], batch_size=7, verbose=0)
print(f"F1Score of Keras, in batches of 7: ≈ {in_batches:.3f}")
verify("Keras adds up counts", abs(in_batches - f1_year), at_most=1e-4)

# %% [markdown]
# No. The mean depends on what a dry week counts, whose F1 is 0/0. Leaving such weeks out (nan) does not help: a week with
# one wet day has as much say as a week of rain. Keras finds the F1 of the year.
#
# Its metric keeps a **state**: numbers, made with `add_weight`, that start at 0 in each epoch. `update_state` adds to them
# with `assign_add`, batch after batch. **Add up counts, divide at the end**, in `result`.
#
# ### Exercise 24.2
#
# Write F1 as a Keras metric. Labels are 0 or 1, predictions are probabilities, both `(batch, 1)`; rain is announced from 0.5
# on. `update_state` already adds to `tp`: add to `fp` and `fn`, with arithmetic and `keras.ops` (in `fit`,
# NumPy or a Python `if` may fail).
#
# <details><summary>Hint 1</summary><code>y * said</code> is 1 where rain was announced and came. What is 1 where it was
# announced and did <em>not</em> come?</details>
# <details><summary>Hint 2</summary><code>1 - y</code> is 1 on dry days. Sum <code>(1 - y) * said</code> for fp, and
# <code>y * (1 - said)</code> for fn.</details>

# %% tags=["exercise"]
# Exercise 24.2: F1 over all batches.
class StreamingF1(keras.metrics.Metric):
    def __init__(self, name="f1"):
        super().__init__(name=name)
        self.tp = self.add_weight(name="tp", initializer="zeros")
        self.fp = self.add_weight(name="fp", initializer="zeros")
        self.fn = self.add_weight(name="fn", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):  # no weights here
        y = keras.ops.cast(y_true, "float32")  # 1: rain came
        said = keras.ops.cast(y_pred >= 0.5, "float32")  # 1: rain was announced
        self.tp.assign_add(keras.ops.sum(y * said))
        ...  # your code here: self.fp and self.fn

    def result(self):  # 0 if there is nothing to divide by
        return 2 * self.tp / keras.ops.maximum(2 * self.tp + self.fp + self.fn, 1)

# %%
check("24.2", StreamingF1)

# %% tags=["solution"]
# @title Solution 24.2
class StreamingF1Solution(keras.metrics.Metric):
    def __init__(self, name="f1"):
        super().__init__(name=name)
        self.tp = self.add_weight(name="tp", initializer="zeros")
        self.fp = self.add_weight(name="fp", initializer="zeros")
        self.fn = self.add_weight(name="fn", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = keras.ops.cast(y_true, "float32")
        said = keras.ops.cast(y_pred >= 0.5, "float32")
        self.tp.assign_add(keras.ops.sum(y * said))
        self.fp.assign_add(keras.ops.sum((1 - y) * said))
        self.fn.assign_add(keras.ops.sum(y * (1 - said)))

    def result(self):
        return 2 * self.tp / keras.ops.maximum(2 * self.tp + self.fp + self.fn, 1)

check("24.2", StreamingF1Solution)
stopped.compile(loss="binary_crossentropy", metrics=[StreamingF1Solution()])
_, ours = stopped.evaluate(x[val], y[val, None], batch_size=7, verbose=0)
verify("in batches of 7, as scikit-learn has it", abs(ours - f1_year), at_most=1e-4)
print(f"in batches of 7, counts added up: F1 ≈ {ours:.3f}")

# %% [markdown]
# ## 6 · Which loss for which task?
#
# | task | units | activation | loss | report |
# |---|---|---|---|---|
# | a number | 1 | linear | `"mse"`; `"huber"` or `"mae"` if some targets are nonsense | MAE |
# | one or several yes-or-no questions | 1 each | sigmoid | `"binary_crossentropy"` | accuracy; F1 if one answer matters more |
# | exactly one of $k$ classes | $k$ | softmax | `"categorical_crossentropy"` for one-hot labels, `"sparse_categorical_crossentropy"` for numbers of classes | accuracy |
#
# (The last two rows also work with a linear layer and `from_logits=True`.)
#
# ### Exercise 24.3
#
# Give `(units, activation, loss)` for each network.
#
# | name | task | targets look like |
# |---|---|---|
# | `"temperature"` | tomorrow's highest temperature | 12.8 |
# | `"sky"` | one of sun, fog, rain, snow | 2 |
# | `"warnings"` | storm, fog, ice: none, one, or several | (1, 0, 1) |
# | `"sentiment"` | comments: negative, neutral or positive | (0, 1, 0) |
# | `"buoy"` | sea temperature; the radio garbles some targets | 9.4, 880.0 |
# | `"frost"` | will it freeze tonight? | 1 |
#
# <details><summary>Hint 1</summary>Softmax makes its units compete for one probability of 1. Can two of the warnings be
# true on the same day?</details>
# <details><summary>Hint 2</summary>"sky" and "sentiment" differ only in how the label is written.</details>

# %% tags=["exercise"]
# Exercise 24.3: (units, activation, loss) for each task.
choices = {
    "temperature": (1, "linear", "mse"),  # the example
    "sky": ..., "warnings": ..., "sentiment": ..., "buoy": ..., "frost": ...,
}

# %%
check("24.3", choices)

# %% tags=["solution"]
# @title Solution 24.3
check("24.3", {
    "temperature": (1, "linear", "mse"), "buoy": (1, "linear", "huber"),
    "sky": (4, "softmax", "sparse_categorical_crossentropy"),
    "warnings": (3, "sigmoid", "binary_crossentropy"),
    "sentiment": (3, "softmax", "categorical_crossentropy"),
    "frost": (1, "sigmoid", "binary_crossentropy"),
})

# %% [markdown]
# ## Break and fix
#
# A colleague trains your network, but wants no forecast of 0 % or 100 %: his last layer squeezes them into 1
# to 99 %. He stops after eight passes. His training loss beats the coin's.

# %%
keras.utils.set_random_seed(lesson.seed)
his_loss = keras.losses.BinaryCrossentropy(from_logits=True)
colleague = build(layers.Rescaling(0.98, offset=0.01), loss=his_loss)  # 0.98 p + 0.01
told = colleague.fit(x[train], y[train], batch_size=64, epochs=8, verbose=0).history
print(f"his training loss: ≈ {told['loss'][-1]:.2f}; accuracy and loss in 2014:")
p_his = forecast(colleague)[val]
for name, p in {"his": p_his, "yours": p_stopped}.items():
    print(f"{name:5} ≈ {accuracy(p, y[val]):.3f}, ≈ {price(p, y[val]).mean():.2f}")

# %% tags=["hide-input"]
plt.figure(figsize=(7, 3.4))
bars = plt.hist([p_stopped, p_his], np.linspace(0, 1, 21), edgecolor="black", lw=0.5,
                color=[plots.BLUE, plots.PURPLE], label=["yours", "his"])[-1]
plt.setp(bars[1], hatch="////"), plt.legend()
plt.gca().set(title="Mostly he says below 5 % or above 95 %", ylabel="days in 2014",
              xlabel="forecast probability of rain")  # fmt: skip
plots.show("Histograms of the forecasts for 2014: yours spread between 0 and 1, the"
           " colleague's lie at the two ends.")

# %% [markdown]
# He has become Bold. Neither the squeezing nor the passes are to blame.
#
# ### Exercise 24.4
#
# Find the cause. Leave the network as it is, and give as `mended_loss` the loss for `compile`.
#
# <details><summary>Hint 1</summary>Follow one number from the last Dense layer to the loss. At each step, is it a logit or a
# probability?</details>
# <details><summary>Hint 2</summary>What does his loss do to a forecast of 0.99 before it takes the logarithm? What is left
# of 0.99 then, and what of 0.01?</details>

# %% tags=["exercise"]
# Exercise 24.4: a loss that suits the colleague's network.
mended_loss = ...

# %%
check("24.4", mended_loss)

# %% tags=["solution"]
# @title Solution 24.4
mended_loss_solution = keras.losses.BinaryCrossentropy()  # its inputs are probabilities
check("24.4", mended_loss_solution)

# %% [markdown]
# The sigmoid was taken twice. His loss takes a forecast of 0.99 for a logit and makes $1/(1 + \exp(-0.99)) = 0.73$ of it, and
# 0.50 of 0.01. Nothing outside 0.50 to 0.73 can arrive. So his loss is lowest for saying 1 % wherever the true chance is
# below 0.5, and 99 % wherever it is above 0.73. In between, the chance's *logit* costs him least: for 0.60 that is 0.41, so
# "dry".
#
# Mended, his network pays far less in 2014, with the same squeezing and passes (*Going further*).
#
# ## Going further: is it the loss alone?
#
# Between his network and yours, three things differ: the squeezing, the passes and the loss. Now change nothing but the
# loss, from the same starts. **Predict.** What will the accuracy do?

# %%
def his():
    return build(layers.Rescaling(0.98, offset=0.01), loss=his_loss)

def his_mended():
    return build(layers.Rescaling(0.98, offset=0.01), loss="binary_crossentropy")

def train_eight(model):
    model.fit(x[train], y[train], batch_size=64, epochs=8, verbose=0)
    p = forecast(model)[val]
    return {"loss": price(p, y[val]).mean(), "accuracy": accuracy(p, y[val])}

pairs = dlcourse.repeat(RUNS, {"his": his, "mended": his_mended}, train_eight)
means = pairs.groupby("contender")[["loss", "accuracy"]].mean()
claim("the loss alone makes his forecasts cost ≈ {:.2f} more per day",
      means.loc["his", "loss"] - means.loc["mended", "loss"], at_least=0.45)
for i, both in pairs.groupby("repeat")["accuracy"]:
    before, after = both
    print(f"start {i + 1}, accuracy: his ≈ {before:.3f}, mended ≈ {after:.3f}")
means.map("≈ {:.3f}".format)

# %% [markdown]
# The loss alone makes his forecasts cost so much, and on average the accuracy hardly notices.
#
# ## Going further: the honest number is the cheapest
#
# Every day you name a side, rain or dry, and give it the probability $p$. You are right on a share $s$ of the days. Then you
# pay $-s \ln p - (1 - s) \ln(1 - p)$ a day. Its slope by $p$, $-s/p + (1 - s)/(1 - p)$, is below 0 for $p < s$ and above 0
# for $p > s$. So the price falls up to $p = s$ and rises from there: the honest number is the cheapest.
#
# ## Going further: why from logits, and when Keras notices
#
# Two things go wrong with probabilities. First, softmax computed as it is written can fail, as in exercise 21.3: $\exp(1000)$
# overflows, and infinity divided by infinity is nan. With $m$, the largest logit,
#
# $$-\ln p_k = \ln \sum_j \exp(z_j) - z_k = \ln \sum_j \exp(z_j - m) - (z_k - m)$$
#
# No exponent is above 0 now, and one of them is exactly 0, so nothing overflows and the sum is at least 1. Told that logits
# come in, Keras does this. Second, the slope can vanish. It rains, and three forecasters were sure that it would not, each
# surer than the last. Each has a logit $z$ and $p = 1/(1 + \exp(-z))$:

# %%
z = np.array([1000.0, 998.0, 0.0])  # the true class is number 1, counted from 0
with np.errstate(all="ignore"):
    print(f"through softmax: {-np.log(np.exp(z) / np.exp(z).sum())[1]:.4f}")
lower = z - z.max()
print(f"with the largest taken away: {np.log(np.exp(lower).sum()) - lower[1]:.4f}")
print(f"Keras: {float(loss_of_logits(np.array([1]), z[None])):.4f}")

z = np.array([-5, -20, -80], "float32")
came, p = np.ones((3, 1)), 1 / (1 + np.exp(-z))
loss_of = keras.losses.binary_crossentropy
pd.DataFrame({
    "z": z,
    "loss from p": loss_of(came, p[:, None]),
    "loss from z": loss_of(came, z[:, None], from_logits=True),
    "true slope by z, p − 1": p - 1,
}).map("{:.2f}".format)

# %% [markdown]
# Below $p = 10^{-7}$ the loss from $p$ stays at $-\ln 10^{-7} = 16.12$, however low $z$ is: its slope there is 0, not
# $p - 1 = -1$.
#
# Why did Keras not warn your colleague? Often it does. On TensorFlow it remembers the logits that went into the last sigmoid
# or softmax. Told `from_logits=True`, it warns and uses them. Told nothing, it uses them, too, and so keeps the slope. Any
# arithmetic behind the sigmoid, such as his squeezing, hides them. **Predict.** What if the arithmetic is only a factor of 1?
# (The cell keeps the warning itself out of sight.)

# %%
def reported(*tail):
    model = build(*tail)
    model.set_weights(stopped.get_weights())
    return float(his_loss(y[val, None], model(x[val])))

warnings.simplefilter("ignore")
print(f"true loss ≈ {price(p_stopped, y[val]).mean():.3f}; from_logits=True after a"
      f" sigmoid ≈ {reported():.3f}, times 1 ≈ {reported(layers.Rescaling(1.0)):.3f}")

# %% [markdown]
# The second number is right only because Keras found the logits, as it does on TensorFlow. The third is wrong, without a
# word of warning. (With softmax and ten classes the same mistake keeps even a perfect network at
# $\ln(1 + 9/2.718) = 1.46$: lesson 23.)
#
# ## Going further: what outliers do to a line
#
# Take made data with a known truth: 1,000 points on $y = 2x + 1$ with a little noise, every tenth lifted by 8, as by
# a faulty instrument. Gradient descent fits a line under each loss. **Predict.** Which intercepts will it find instead
# of 1?

# %%
slopes = {"MSE": lambda e: 2 * e, "Huber": lambda e: np.clip(e, -1, 1), "MAE": np.sign}

def fit_line(slope_of, x, y):
    w = b = 0.0
    for rate in np.linspace(0.1, 0, 1000):  # smaller and smaller steps
        pull = slope_of(w * x + b - y)  # of each point, (n,)
        w, b = w - rate * np.mean(pull * x), b - rate * np.mean(pull)
    return w, b

rng = np.random.default_rng(lesson.seed)
place = rng.uniform(0, 4, 1000)
height = 2 * place + 1 + rng.normal(0, 0.5, 1000)
height[::10] += 8
lines = {name: fit_line(slope_of, place, height) for name, slope_of in slopes.items()}
print("intercepts:", ", ".join(f"{name} ≈ {b:.2f}" for name, (w, b) in lines.items()))
claim("with 10 % outliers, MSE's intercept is ≈ {:.1f} off", lines["MSE"][1] - 1,
      at_least=0.2)  # fmt: skip
for name in ("Huber", "MAE"):
    verify(f"{name} is hardly off", abs(lines[name][1] - 1), at_most=0.4)

# %% tags=["hide-input"]
outlier = np.arange(1000) % 10 == 0
plt.plot(place[~outlier], height[~outlier], ".", color="0.75", label="good points")
plt.plot(place[outlier], height[outlier], "x", color="0.45", label="outliers")
for (name, (w, b)), color, look, width in zip(
    lines.items(), (plots.ORANGE, plots.GREEN, "black"), ("--", "-", ":"), (3, 5, 3)
):
    plt.plot([0, 4], [b, 4 * w + b], look, color=color, lw=width, label=name)
plt.gca().set(xlabel="x", ylabel="y", ylim=(-1, 23),
              title="The outliers lift mostly the line of MSE")  # fmt: skip
plt.legend(loc="upper left", ncols=2)
plots.show("Outliers above a line of points: the line of MSE lies above most of the"
           " good points, those of Huber and MAE run through their middle.")

# %% [markdown]
# MSE finds means, and on average the outliers lift the points by a tenth of 8: over many such data sets, its intercept lies
# around 1.8. One outlier pulls the line of MSE with a slope of about 14, those of Huber and MAE with at most 1.
#
# ## Going further: class weights, and sentiment in three classes
#
# Sentences about a hotel (made for the course, see `data/sentiment.md`) are negative, neutral or positive; only 18 % of those
# for training are neutral. A network that sees only which words occur judges them. It is trained once plainly and once with
# **class weights**, which let each class count as much as the others in the loss. **Predict.** What will they do to the
# probabilities of neutral?

# %%
frame = datasets.sentiment().frame
classes = ["negative", "neutral", "positive"]
texts = {part: frame[frame["set"] == part] for part in ("train", "test")}
words = layers.TextVectorization(output_mode="multi_hot")
words.adapt(texts["train"]["text"].to_list())
bags = {part: np.array(words(t["text"].to_list())) for part, t in texts.items()}
labels = {part: t["label"].map(classes.index).to_numpy() for part, t in texts.items()}
class_weight = len(labels["train"]) / 3 / np.bincount(labels["train"])

# %%
def judge(weights):
    keras.utils.set_random_seed(lesson.seed)
    model = keras.Sequential([layers.Input(bags["train"].shape[1:]),
                              layers.Dense(3, activation="softmax")])  # fmt: skip
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    model.fit(bags["train"], labels["train"], batch_size=64, epochs=12, verbose=0,
              class_weight=weights)  # fmt: skip
    return keras.ops.convert_to_numpy(model(bags["test"]))

plain, weighted = judge(None), judge(dict(enumerate(class_weight)))
moved = plain * class_weight
moved /= moved.sum(axis=1, keepdims=True)
truth, rows = labels["test"], {}
for name, p in {"plain": plain, "weighted": weighted, "plain, moved": moved}.items():
    found = p.argmax(axis=1)
    rows[name] = {"accuracy": np.mean(found == truth),
                  "share of neutral found": np.mean(found[truth == 1] == 1),
                  "mean p of neutral": p[:, 1].mean(),
                  "loss": -np.log(p[np.arange(len(p)), truth]).mean()}  # fmt: skip
verify("with weights, neutral gets more probability than its share",
       weighted[:, 1].mean() - np.mean(truth == 1), at_least=0.02)
verify("most sentences are judged as by the plain network, moved",
       np.mean(weighted.argmax(axis=1) == moved.argmax(axis=1)), at_least=0.85)
print(f"share of neutral in the test sentences: {np.mean(truth == 1):.2f}")
pd.DataFrame(rows).T.map("≈ {:.2f}".format)

# %% [markdown]
# With the weights, the network finds more of the neutral sentences, but now the mean probability of neutral is well above
# their share. Each network was trained only once, so small differences mean little. You get nearly the same from the plain
# network if you multiply its probabilities by the weights *afterwards* and let them add up to 1 again (third row). Then you
# also keep the plain probabilities, which are nearer to that share. Lesson 62 goes on from here. (Without the order of the
# words, no more than 65.5 % can be right here: lesson 43.)
#
# ## Going further: a loss of your own
#
# The dam keeper wants an amount that is *enough on 9 days of 10*. Let $d = y - \hat y$ be what came beyond the
# forecast. The **pinball loss** charges $0.9\,d$ if more came and $0.1 \cdot (-d)$ if less. Its best single amount is
# the 90 % quantile, which 9 days of 10 do not exceed (Koenker and Bassett, 1978), because a millimeter too little costs nine
# times as much as one too many. Keras takes any function of `(y_true, y_pred)` as a loss, if it computes with `keras.ops`:

# %%
def pinball(y_true, y_pred):
    d = y_true - y_pred
    return keras.ops.mean(keras.ops.maximum(0.9 * d, -0.1 * d))

keras.utils.set_random_seed(lesson.seed)
amount = millimeters[2:].astype("float32")
keeper = keras.Sequential([layers.Input((12,)), layers.Dense(16, activation="relu"),
                           layers.Dense(1)])  # fmt: skip
keeper.compile(keras.optimizers.Adam(0.02), pinball)
keeper.fit(x[train], amount[train], batch_size=64, epochs=10, verbose=0)
foretold, level = forecast(keeper)[val], np.quantile(amount[train], 0.9)
cost = float(pinball(amount[val], foretold))
cost_of_one = float(pinball(amount[val], np.full_like(foretold, level)))
print(f"enough in 2014: on ≈ {np.mean(foretold >= amount[val]):.0%} of the days, one"
      f" amount for all on {np.mean(level >= amount[val]):.0%}")  # fmt: skip
claim("by this loss, the network costs ≈ {:.0f} % less than one amount for all",
      100 * (1 - cost / cost_of_one), at_least=5)  # fmt: skip

# %% [markdown]
# By this loss, a forecast for each day beats one amount for all. Neither was enough on 9 days of 10. For the one amount, the
# reason is the year: 2014 brought more days of heavy rain than the training years. The network fell short a little more
# often, and for it the year is not the only reason: in most trainings that we tried, it fell short of 9 days of 10 on the
# training days, too.

# %% [markdown]
# ## Quiz

# %%
quiz("24")

# %% [markdown]
# ## Summary
#
# - Cross-entropy is the price of what happened: $-\ln$ of the probability that the forecast gave it.
# - MSE finds the mean, MAE the median, Huber limits the pull of outliers; cross-entropy rewards honest probabilities.
# - Take sigmoid or softmax once, in the last layer or the loss. From logits, large mistakes keep their slope.
# - Loss sees how sure a forecast was; accuracy sees only its side, and has no slope.
# - A metric adds up counts over batches, and divides at the end.
#
# An hour ago, Bold looked as good as Modest. Now you know what he costs, and how a network becomes like him.
#
# ## Common mistakes
#
# - **`from_logits=True` behind a sigmoid or softmax**: extreme forecasts at almost the usual accuracy.
# - **Logits into a binary or sparse loss that expects probabilities**: negative ones count as $10^{-7}$, without slope.
# - **MAE for amounts that are mostly zero**: the network mostly says zero.
#
# ## Read more
#
# - S. Prince (2023), [*Understanding Deep Learning*, chapter 5](https://udlbook.github.io/udlbook/): losses from
#   likelihoods.
# - T. Gneiting, A. Raftery (2007), [Strictly proper scoring rules](https://doi.org/10.1198/016214506000001437):
#   prices that reward honesty.
# - C. Guo and others (2017), [On calibration](https://arxiv.org/abs/1706.04599): loss and accuracy part in large
#   networks, too.
# - P. Huber (1964), [Robust estimation](https://doi.org/10.1214/aoms/1177703732); R. Koenker, G. Bassett (1978),
#   [Regression quantiles](https://doi.org/10.2307/1913643).
# - [Keras: losses](https://keras.io/api/losses/), [metrics](https://keras.io/api/metrics/).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [25 · Training loops](25_training_loops.ipynb). Write out what `fit` does, and go on after an interruption as if nothing had happened. **Before:** [23 · Dense networks in Keras](23_dense_networks_in_keras.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+24%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/25_training_loops.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/23_dense_networks_in_keras.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
