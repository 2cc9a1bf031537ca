# ---
# jupyter:
#   dlcourse:
#     title: Time series forecasting
#     subtitle: A rule of one line beats a recurrent network. When does a network win, and by how much?
#     minutes: 64
#     further: 5
#     seconds: 35
#     needs: ["23", "41"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "a fancy network beats a simple rule"
#       stop: "section 2; break and fix"
#       ask: "\"Where in this table will the LSTM stand?\" before it is trained"
#       stuck: "target after the window: check one pair by eye"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 42 · Time series forecasting
#
# *A rule of one line beats a recurrent network. When does a network win, and by how much?*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/42_time_series_forecasting.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/42_time_series_forecasting.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/42_time_series_forecasting.ipynb)
#
# **Your time:** 64 minutes, and 5 for *Going further* · **The notebook runs in:** about 35 s on two CPU cores · **Before this:** lesson 23, lesson 41

# %% [markdown]
# ## You will be able to
#
# 1. cut a series into windows with their targets, and split it by time
#    *(sections 1 and 6 · exercises 42.1 and 42.4)*
# 2. set the simple rules that a network must beat, and compare networks with them fairly
#    *(sections 2 to 4 · exercise 42.2)*
# 3. forecast many steps ahead, and say what bounds such a forecast
#    *(section 5 · exercise 42.3)*

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
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, Ridge

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, record, verify
from dlcourse.exercises.lesson_42 import real_series

lesson = dlcourse.start("42", profile=PROFILE, seed=SEED)

import keras
from keras import layers

RUNS = lesson.pick(quick=3, full=5)  # trainings of each network
EPOCHS = 3  # for the networks of sections 4 and 5
BATCH = 256

# %% [markdown]
# ## 1 · A curve that everybody should know
#
# Since 1958 the carbon dioxide in the air on Mauna Loa, a mountain on Hawaii, has been measured in parts per
# million (ppm). The data are real: one value a week, some missing. A forecaster asks: **how much
# will it be half a year from now?**

# %%
weekly = datasets.co2().frame.set_index("date")["co2"]
monthly = weekly.resample("MS").mean()  # of the weeks that are there
for name, series in (("weeks", weekly), ("months", monthly)):
    print(f"{len(series)} {name}, {series.isna().sum()} missing")
co2 = monthly.interpolate().to_numpy()  # ppm, shape (526,)
year = (monthly.index.year + (monthly.index.month - 0.5) / 12).to_numpy()

# %% [markdown]
# Five months stay empty; a straight line between their neighbors fills them. That looks into the
# future, but decades before any forecast that we judge.
#
# A network learns from pairs of input and target. A **window** of $s$ steps slides along the
# series $y_0, y_1, \dots$, and its target lies $a$ steps after its end:
#
# $$x_i = (y_i, \dots, y_{i+s-1}), \qquad t_i = y_{i+s-1+a}.$$
#
# For the series 10, 20, 30, 40, 50, 60, with $s=3$ and $a=2$:
#
# | $i$ | window $x_i$ | target $t_i$ |
# |---|---|---|
# | 0 | 10, 20, 30 | 50 |
# | 1 | 20, 30, 40 | 60 |
#
# Six values give two pairs; $n$ values give $n-s-a+1$. Slide the window:

# %% tags=["hide-input"]
def draw_window(start=372, steps=24, ahead=6):
    end = start + steps
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 3.8), width_ratios=[2, 3])
    left.plot(year, co2, color="black", lw=1)
    left.axvspan(year[start], year[end - 1 + ahead], color=plots.SKY, alpha=0.5)
    left.set(xlabel="year", ylabel="CO₂ (ppm)", title="The series, and one window")
    near = slice(max(start - 6, 0), end + ahead + 6)
    right.plot(year[near], co2[near], color="black", lw=1)
    right.plot(year[start:end], co2[start:end], "o", ms=6, color=plots.BLUE,
               label=f"window: {steps} months")
    target = end - 1 + ahead
    right.plot(year[target], co2[target], "*", ms=18, color=plots.VERMILION,
               label=f"target: {ahead} months after its end")
    right.ticklabel_format(useOffset=False)
    right.set(xlabel="year", ylabel="CO₂ (ppm)", title=f"Pair number {start}")
    right.legend(loc="upper left", fontsize=9)
    right.margins(y=0.25)

explore(draw_window, start=(0, 460), steps=(3, 48), ahead=(1, 12),
        alt="Left: carbon dioxide rises from 316 to 373 ppm from 1958 to 2001, with a"
        " yearly wave; a band marks one window. Right: its 24 months as dots, and the"
        " target as a star six months after the last of them.")

# %% [markdown]
# ### Exercise 42.1
#
# Write `make_windows(series, steps, ahead)`. It returns the windows, `(windows, steps)`, and their targets,
# `(windows,)`, in this order.
#
# <details><summary>Hint 1</summary>Count first: the last target is the last value. So how
# many windows are there?</details>
# <details><summary>Hint 2</summary>x[i] is series[i : i + steps], its target is
# series[i + steps - 1 + ahead].</details>

# %% tags=["exercise"]
# Exercise 42.1: windows and their targets.
def make_windows(series, steps, ahead=1):
    ...  # your code here

# %%
check("42.1", make_windows)

# %% tags=["solution"]
# @title Solution 42.1
def make_windows_solution(series, steps, ahead=1):
    n_windows = len(series) - steps - ahead + 1
    x = np.array([series[i : i + steps] for i in range(n_windows)])
    return x, np.array(series[steps - 1 + ahead :])

check("42.1", make_windows_solution)

# %% [markdown]
# In Keras, `timeseries_dataset_from_array` pairs the window that *starts* at $i$ with
# `targets[i]`, so hand it `series[steps - 1 + ahead :]` as targets. With the series itself, each target would stand in its
# own window: a network would "forecast" it perfectly and know nothing.
#
# ## 2 · Simple rules first
#
# Models learn from the months up to 1989 and are judged on the years after: a split by time. We measure how far they are off on average, the **mean absolute error** (MAE). For truths
# $y$ = 360, 362 and forecasts $\hat y$ = 361, 360:
#
# $$\text{MAE} = \frac1n \sum_i |\hat y_i - y_i| = \frac{|361-360| + |360-362|}{2}
# = 1.5\ \text{ppm}.$$
#
# Three **baselines**, rules so simple that a network has no excuse for losing to them:
#
# - **last value**: it stays as it is;
# - **last year**: as in the same month a year before;
# - **last year + growth**: the same, plus what the last twelve months added.
#
# ### Exercise 42.2
#
# Write the third rule for any series: `seasonal_forecast(past, horizon, period)` returns the next `horizon` values (at
# most one period). Each is the value one period earlier plus the growth, the newest value minus the one a
# period before it. With period 3, the past 1, 5, 6, 3, 7, 9 has grown by 9 − 6, so next come 3 + 3 and 7 + 3.
#
# <details><summary>Hint 1</summary>The growth is past[-1] - past[-1 - period].</details>
# <details><summary>Hint 2</summary>The last period is past[-period:]; keep its first <code>horizon</code>
# values.</details>

# %% tags=["exercise"]
# Exercise 42.2: last year, plus growth.
def seasonal_forecast(past, horizon, period):
    ...  # your code here

# %%
check("42.2", seasonal_forecast)

# %% tags=["solution"]
# @title Solution 42.2
def seasonal_forecast_solution(past, horizon, period):
    growth = past[-1] - past[-1 - period]
    return np.asarray(past[-period:])[:horizon] + growth

check("42.2", seasonal_forecast_solution)

# %% [markdown]
# The last simple model is **linear**, $\hat y = w \cdot x + b$. Judged by the MAE, it must be *fitted* by the MAE, as the
# networks will be. `Ridge` minimizes squares; but a square $e^2$ with weight $1/|e|$ counts $|e|$. So we fit a few times, each
# with weights from the errors before.

# %%
def mae(forecast, truth):
    return np.mean(np.abs(forecast - truth))

def fit_line(x, y):  # least absolute errors
    weight = np.ones(len(y))
    for _ in range(15):
        line = Ridge(0.001).fit(x, y, weight)
        error = np.abs(y - line.predict(x))
        weight = 1 / np.maximum(error, 0.01 * y.std())
    return line

x = sliding_window_view(co2, 24)[:-6, 1::2]  # every second of 24 months: (497, 12)
y = co2[29:]  # targets, half a year after the windows
when = year[29:]  # their times
past = when < 1990
future = when >= 1990
newest = x[:, -1]
last_year = x[:, -4]  # a year before the target, 6 months before the newest
growth = newest - x[:, -7]  # in the 12 months before the newest
ppm = {"last value": newest, "last year": last_year}
ppm["last year + growth"] = last_year + growth
ppm["linear"] = fit_line(x[past], y[past]).predict(x)
for name, forecast in ppm.items():
    print(f"{name:18}  MAE {mae(forecast[future], y[future]):.2f} ppm")

# %% [markdown]
# The third rule even beats the linear model.
#
# Now the machine of lesson 41: an LSTM with 16 units reads the same 12 values. We try it in two ways, each three times
# from fresh weights:
#
# - **on levels**: inputs and target z-scored with the training months' mean and deviation, as usual;
# - **on changes**: the newest value is taken away from inputs and target, so the LSTM forecasts *how much* the
#   curve will rise or fall.
#
# **Predict.** Where will the two stand in the table?

# %%
def compiled(model, n_batches, rate=0.01):  # the rate falls to 0, lesson 53
    falling = keras.optimizers.schedules.CosineDecay(rate, n_batches)
    model.compile(keras.optimizers.Adam(falling), "mae")
    return model

def build_lstm():
    model = keras.Sequential([keras.Input((12, 1)), layers.LSTM(16), layers.Dense(1)])
    return compiled(model, 40 * math.ceil(past.sum() / 64), rate=0.02)

# %%
def train_lstm(zero, unit):  # sees (value - zero) / unit; one zero for each window
    seen = ((x - zero[:, None]) / unit).astype("float32")[:, :, None]  # (497, 12, 1)
    targets = (y - zero) / unit
    rows = np.tile(np.flatnonzero(past), 40)  # 40 passes as one epoch, which is quicker
    def train(model):
        model.fit(seen[rows], targets[rows], batch_size=64, verbose=0)
        return {"forecast": zero + unit * keras.ops.convert_to_numpy(model(seen))[:, 0]}
    return train

# %%
training_months = co2[year < 1990]
level = np.full(len(x), training_months.mean())
x_change = x - newest[:, None]
y_change = y - newest
trains = {"levels": train_lstm(level, training_months.std()),
          "changes": train_lstm(newest, x_change[past].std())}
builders = {"levels": build_lstm, "changes": build_lstm}
runs = dlcourse.repeat(RUNS, builders, trains, reseed=False)
off = {}
for way in trains:
    tried = runs.loc[runs["contender"] == way, "forecast"].to_list()  # one per run
    ppm[f"LSTM on {way}"] = tried[0]  # the figure shows the first
    each = pd.Series([mae(forecast[future], y[future]) for forecast in tried])
    off[way] = each.mean()
    print(f"LSTM on {way:10}  MAE ≈ {each.mean():.2f} ± {each.std():.2f} ppm")
change = fit_line(x_change[past], y_change[past]).predict(x_change)
off["line"] = mae(newest[future] + change[future], y[future])
print(f"linear on changes   MAE ≈ {off['line']:.2f} ppm")
rule = mae(ppm["last year + growth"][future], y[future])
claim("on levels the LSTM is ≈ {:.1f} ppm worse than the rule of one line",
      off["levels"] - rule, at_least=1)
claim("on changes the linear model still beats it, by ≈ {:.2f} ppm",
      off["changes"] - off["line"], at_least=0)

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4), width_ratios=[3, 2])
for axis, shown in ((left, when >= 1986), (right, when >= 1998)):
    axis.plot(when[shown], y[shown], color="black", lw=1.5, label="measured")
    judged = shown & future
    for name, mark, color in (("LSTM on levels", "x", plots.PURPLE),
                              ("LSTM on changes", "+", plots.BLUE),
                              ("last year + growth", ".", plots.ORANGE)):
        if axis is right or name != "last year + growth":
            axis.plot(when[judged], ppm[name][judged], mark, ms=6, mew=1.5, color=color,
                      label=name)
    axis.set(xlabel="year", ylabel="CO₂ (ppm)")
top = y[past].max()
left.axhline(top, color="gray", ls=":", lw=1)
left.text(2002, top - 2, "highest value in training", ha="right", fontsize=9)
left.set_title("On levels, the LSTM hardly leaves the range it knows")
right.set(title="On changes, it follows", ylim=(355, 379), xticks=range(1998, 2003))
left.legend(loc="upper left", bbox_to_anchor=(0, 0.9), fontsize=9)
right.legend(loc="upper left", fontsize=9, ncols=2)
plots.show("Forecasts as crosses on the measured curve, 1990 to 2001. Those of the LSTM"
           " on levels flatten out near the highest training value while the curve"
           " rises; those on changes and those of the rule follow it.")

# %% [markdown]
# On levels the network is worse than doing nothing ("last value"). Its gates and its tanh flatten out (lesson 41), and
# no training month asked for values as high as the new ones. The remedy is not a bigger network but another
# question: *how much will it change?* That helps the linear model as well.
#
# The fancy network? About level with the rule of one line, and behind the linear model. **Where a line is enough, nobody
# needs a network.** When is one worth its trouble?
#
# ## 3 · A town whose truth is known
#
# A utility must order electricity before it is used: how many megawatts (MW) will the town need in the next hour? This
# series is made, so that we know what nobody knows of a real one: its formula, and the error that *nobody* can beat. Both
# stand on the card of the data, `data/energy_demand.md`. A *free day* is a Saturday, a Sunday or a holiday.

# %%
frame = datasets.energy_demand().frame
demand = frame["demand_mw"].to_numpy("float64")  # MW, shape (26280,)
temperature = frame["temperature_c"].to_numpy()  # °C
hour = frame["time"].dt.hour.to_numpy()
free = ((frame["time"].dt.day_of_week >= 5) | (frame["holiday"] == 1)).to_numpy()
days = pd.to_datetime(["2022-01-01", "2023-01-01", "2023-07-01", "2023-10-01"])
cuts = frame["time"].searchsorted(days)  # split by time, into hours counted from 0
in_2021, train, val, test, service = np.split(np.arange(len(frame)), cuts)

# %% tags=["hide-input"]
for at, mark, color in ((3, "s", plots.SKY), (18, "o", plots.PURPLE)):
    chosen = train[(hour[train] == at) & ~free[train]]
    at_hour, when_hot = demand[chosen], temperature[chosen]
    plt.plot(when_hot, at_hour, mark, ms=4, color=color, label=f"{at}:00")
plt.gca().set(title="A U at 18:00, hardly one at 3:00", xlabel="temperature (°C)",
              ylabel="demand on working days (MW)", xlim=(-12, 48))
plt.legend(loc="center right")
plots.show("Demand over temperature: a U at 18:00, almost flat at 3:00.")

# %% [markdown]
# Heating below 15 °C and cooling above 20 °C make a U, but hardly by night. No weighted sum of hour and temperature can be a U that depends
# on the hour. To forecast hour $i$, all models get the same inputs:
#
# | input | shape | holds |
# |---|---|---|
# | `past` | (batch, 12, 2) | demand and temperature of the 12 hours before $i$, z-scored |
# | `known` | (batch, 28) | from the calendar: the hour of $i$ (one-hot, 24 columns); whether $i$, and the hour before, is on a free day; sine and cosine of the time of year |
#
# The temperature *of hour $i$* is not an input: nobody has measured it yet. Nor is it needed: houses warm up slowly, and in the
# formula only the six hours *before* $i$ count. All that the inputs do not tell is a new normal shock each hour, with
# a standard deviation of 5 MW. Its mean size, $5\sqrt{2/\pi}$ = 3.99 MW, is the best reachable error.

# %%
angle = 2 * np.pi * frame["time"].dt.day_of_year.to_numpy() / 365.25
known = np.column_stack([np.eye(24)[hour], free, np.roll(free, 1),
                         np.sin(angle), np.cos(angle)]).astype("float32")
readings = np.column_stack([demand, temperature])
mean = readings[train].mean(axis=0)
unit = readings[train].std(axis=0)

def inputs(hours, readings=readings):  # [past, known]
    scaled = ((readings - mean) / unit).astype("float32")
    windows = sliding_window_view(scaled, 12, axis=0).swapaxes(1, 2)  # (n, 12, 2)
    return [windows[hours - 12], known[hours]]

def flat(arrays):  # what a linear model wants: (batch, features)
    return np.hstack([array.reshape(len(array), -1) for array in arrays], dtype=float)

line = fit_line(flat(inputs(train)), demand[train])
def simple_errors(hours):  # MAE in MW
    truth = demand[hours]
    return {"last value": mae(demand[hours - 1], truth),
            "same hour yesterday": mae(demand[hours - 24], truth),
            "same hour last week": mae(demand[hours - 168], truth),
            "linear": mae(line.predict(flat(inputs(hours))), truth)}
BEST = 5 * np.sqrt(2 / np.pi)
for name, error in (simple_errors(val) | {"best reachable": BEST}).items():
    print(f"{name:20} MAE ≈ {error:5.2f} MW")
# %% [markdown]
# A network has to land between the last two. (All learn from 2022; this is the first half of 2023.)
#
# ## 4 · Five ways to read a window
#
# Every network joins what it reads in `past` with `known`, and ends in two dense layers. Only the **reader** differs: none
# ("dense": each of the 24 numbers is an input of its own), a convolution along time (lesson 31), or a recurrent layer
# (lesson 41). Again they forecast the change, in units of the demand's standard deviation $\sigma_y$ (`unit[0]`):
#
# $$\hat y_i = y_{i-1} + \sigma_y \cdot f(\text{past}, \text{known}).$$
#
# Two more read *shuffled* windows, the 12 hours in another order, always the same one; a third is *blind* to the temperature.

# %%
READERS = ["dense", "Conv1D", "SimpleRNN", "LSTM", "GRU"]
ORDER = [7, 2, 10, 5, 0, 8, 3, 11, 6, 1, 9, 4]  # of the shuffled hours

def reader_layers(reader):
    if reader == "dense":
        return [layers.Flatten()]
    if reader == "Conv1D":
        return [layers.Conv1D(16, 3, activation="relu"),
                layers.Conv1D(16, 3, strides=2, activation="relu"),
                layers.Flatten()]
    cell = {"SimpleRNN": layers.SimpleRNN, "LSTM": layers.LSTM, "GRU": layers.GRU}
    return [cell[reader](16)]

def network(name, past, known, n_outputs=1):  # (batch, 12, 2), (batch, 28)
    reader, _, view = name.partition("_")  # "LSTM_blind": LSTM, blind
    if view == "blind":
        past = past[:, :, :1]  # the demand alone
    if view == "shuffled":
        past = keras.ops.take(past, ORDER, axis=1)
    read = past
    for layer in reader_layers(reader):
        read = layer(read)  # → (batch, features)
    joined = layers.Concatenate()([read, known])
    hidden = layers.Dense(32, activation="relu")(joined)
    return layers.Dense(n_outputs, name=f"from_{name}")(hidden)  # (batch, n_outputs)

# %% [markdown]
# We train them side by side, as columns of one model. They share the batches but no weight, so each learns as it would
# alone.
#
# **Predict.** In which order will the five end? Whom will the shuffling hurt?

# %%
NAMES = [*READERS, "Conv1D_shuffled", "LSTM_shuffled", "LSTM_blind"]

def side_by_side(names, past_shape, known_shape):
    past = keras.Input(past_shape)
    known = keras.Input(known_shape)
    columns = [network(name, past, known) for name in names]
    return keras.Model([past, known], layers.Concatenate()(columns))  # (batch, names)

def build():
    n_batches = EPOCHS * math.ceil(len(train) / BATCH)
    return compiled(side_by_side(NAMES, (12, 2), (28,)), n_batches, rate=0.015)

def forecasts(model, hours, readings=readings):  # MW, (hours, networks)
    change = keras.ops.convert_to_numpy(model(inputs(hours, readings)))
    return readings[hours - 1, :1] + unit[0] * change

def train_all(model):
    change = (demand[train] - demand[train - 1]) / unit[0]  # the target of all columns
    targets = np.repeat(change[:, None], len(NAMES), axis=1)
    model.fit(inputs(train), targets, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    return {"weights": model.get_weights(), "val": forecasts(model, val),
            "test": forecasts(model, test)}

runs = dlcourse.repeat(RUNS, build, train_all, reseed=False)

# %%
def errors_of(part, hours):  # MAE of each training and network, in MW
    away = [np.abs(run - demand[hours, None]).mean(axis=0) for run in runs[part]]
    return pd.DataFrame(away, columns=NAMES)

on_val = errors_of("val", val)
table = pd.DataFrame({"MAE": on_val.mean(), "± over trainings": on_val.std()})
print(table.map("≈ {:.2f} MW".format).to_string())

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(9, 4.2))
bars = simple_errors(val)
known_models = ["same hour yesterday", "last value", "same hour last week", "linear"]
colors = ["silver", "silver", plots.ORANGE, plots.VERMILION]
for place, (name, color) in enumerate(zip(known_models, colors, strict=True)):
    axis.barh(place, bars[name], color=color)
    axis.text(bars[name] + 0.4, place, f"{bars[name]:.1f}", va="center")
for place, name in enumerate(READERS, start=4):
    tried = on_val[name]
    axis.barh(place, tried.mean(), color=plots.BLUE)
    axis.plot(tried, [place] * len(tried), "o", ms=5, color="black", mfc="white")
    axis.text(tried.max() + 0.4, place, f"{tried.mean():.1f}", va="center")
axis.axvline(BEST, color="black", lw=2, ls="--")
axis.text(BEST + 0.2, 8.7, "best reachable: 4.0", va="bottom", fontweight="bold")
axis.set(yticks=range(9), yticklabels=[*known_models, *READERS], ylim=(-0.6, 9.6),
         xlabel="MAE, validation (MW)", title="Every network beats the simple models")
plots.show("Bars of the error in megawatts: same hour yesterday 27, last value 24, same"
           " hour last week 21, the linear model 7, five networks between 5 and 6; a"
           " dashed line at the best reachable error, 4.0.")

# %% [markdown]
# Here a network earns its keep. One reason: cold and heat both mean *more*, which no slope can say; a hidden layer can
# bend. But the blind LSTM beats the line, too: most of the gain is *not* the temperature. What is it?
#
# Do not trust the order of neighbors whose dots overlap. And the order of the hours?
#
# - **dense** knows no neighbors: shuffled before the training, it is the same network with its inputs renamed.
# - **LSTM** reads hour by hour, the newest last, and does worse when they are scrambled.
# - **Conv1D** looks for neighbors, yet it does not suffer here. Perhaps the dense layers behind it sort
#   the hours out.
#
# Now, and only now, the test part (a summer), for the network that did best in the validation. What is the
# temperature worth, to the LSTM and to the line?

# %%
on_test = errors_of("test", test)
chosen = on_val[READERS].mean().idxmin()
print(f"its error ≈ {on_test[chosen].mean():.2f} MW, the floor {BEST:.2f} MW")
claim("it is ≈ {:.1f} MW closer to the truth than the best simple model",
      min(simple_errors(test).values()) - on_test[chosen].mean(), at_least=1)
cost = on_test.sub(on_test["LSTM"], axis=0).mean()  # MW more than the LSTM
claim("the temperature is worth ≈ {:.1f} MW to the LSTM", cost["LSTM_blind"],
      at_least=0.5)
blind_train = flat([inputs(train)[0][:, :, :1], known[train]])
blind_test = flat([inputs(test)[0][:, :, :1], known[test]])
blind = fit_line(blind_train, demand[train]).predict(blind_test)
gain = mae(blind, demand[test]) - simple_errors(test)["linear"]
print(f"without it the linear model's error changes by ≈ {abs(gain):.1f} MW")
verify("the shuffled hours cost the LSTM something", cost["LSTM_shuffled"], at_least=0)
forecast = {"linear": line.predict(flat(inputs(test))),
            "network": runs["test"][0][:, NAMES.index(chosen)]}
residuals = {name: demand[test] - values for name, values in forecast.items()}

def autocorrelation(e, lag):
    return np.corrcoef(e[lag:], e[:-lag])[0, 1]

claim("the linear model's error repeats a day later: correlation ≈ {:.2f}",
      autocorrelation(residuals["linear"], 24), at_least=0.2)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(14, 3.8), width_ratios=[5, 3, 3])
looks = {"linear": (plots.VERMILION, "."), "network": (plots.BLUE, "x")}
lags, shown, band = range(1, 49), slice(24 * 18, 24 * 21), 1.96 / np.sqrt(len(test))
axes[0].plot(np.arange(72), demand[test][shown], color="black", lw=1.3, label="truth")
for name, (color, mark) in looks.items():
    e, style = residuals[name], {"color": color, "lw": 1, "ms": 5}
    axes[0].plot(np.arange(72), forecast[name][shown], mark, **style, label=name)
    by_hour = [np.abs(e[hour[test] == h]).mean() for h in range(24)]
    axes[1].plot(range(24), by_hour, f"{mark}-", **style)
    axes[2].plot(lags, [autocorrelation(e, k) for k in lags], f"{mark}-", **style)
axes[0].set(xlabel="hour, from 19 July 2023", ylabel="demand (MW)",
            xticks=range(0, 73, 12), title="To the eye, both are good")
axes[1].axhline(BEST, color="black", ls="--", lw=1, label="best reachable")
axes[1].set(xlabel="hour of the day", ylabel="MAE, test (MW)", ylim=(0, None),
            title="The line fails at 6:00")
axes[2].axhspan(-band, band, color="gray", alpha=0.3)
axes[2].set(xlabel="lag (hours)", ylabel="autocorrelation of errors",
            xticks=(1, 12, 24, 36, 48), title="Errors return after 24 h")
keys = [*axes[0].lines, axes[1].lines[-1]]  # they hold for all three panels
figure.legend(handles=keys, loc="outside lower center", ncols=4)
plots.show("Left: three days of demand with forecasts, the network's as crosses."
           " Middle: the linear error peaks at 6:00. Right: the errors' autocorrelation"
           " peaks at lag 24, high for the linear model.")

# %% [markdown]
# What a forecast leaves over, $e_i = y_i - \hat y_i$, is its **residual**. If part of it can be foretold, the model
# is not finished. The **autocorrelation** at lag $k$ is the correlation of $e_i$ with $e_{i-k}$; by luck alone,
# 95 % of them would lie in the gray band.
#
# **The finding is lag 24.** The linear model is wrong at 6:00 today and wrong at 6:00 tomorrow: working days wake up, free days do
# not, so the same hour *means* something else, which no weighted sum can say. A hidden layer can; its small peak says that
# something daily is left.
#
# ## 5 · All of tomorrow
#
# For tomorrow the utility needs 24 values at once. Two ways:
#
# - **recursive**: forecast one hour, put it into the window as if it had happened, forecast the next;
# - **direct**: a network with 24 outputs, one for each hour.
#
# The recursion runs on the LSTMs of section 4. It needs temperatures that nobody has measured yet. Those of
# a day before stand in; then, for comparison, the true ones.
#
# **Predict.** What will dominate the recursion's error: small errors that add up, or the weather?

# %%
warmth = ((temperature - mean[1]) / unit[1]).astype("float32")  # z-scored

def recursive(model, starts, age=24):  # MW, (starts, 24); age of the temperatures in h
    window = inputs(starts)[0]  # (starts, 12, 2)
    result = []
    for step in range(24):
        hours = starts + step
        change = model.predict_on_batch([window, known[hours]])[:, 0]
        result.append(window[:, -1, 0] + change)
        newest = np.stack([result[-1], warmth[hours - age]], axis=1)  # as if true
        window = np.concatenate([window[:, 1:], newest[:, None]], axis=1)
    return mean[0] + unit[0] * np.stack(result, axis=1)

starts = test[:-24:5]  # every fifth hour: all hours of the day are among them
columns = build()
lstm = keras.Model(columns.inputs, columns.get_layer("from_LSTM").output)
days = {"recursive": [], "with true weather": []}
for weights in runs["weights"]:
    columns.set_weights(weights)  # lstm shares them
    days["recursive"].append(recursive(lstm, starts))
    days["with true weather"].append(recursive(lstm, starts, age=0))

# %% [markdown]
# The direct network is an LSTM, too, and knows the same: for each hour, whether it is free and how warm it
# was a day before. It trains as long, and three times as long.

# %%
next_day = sliding_window_view(demand, 24)  # row i: the hours i to i + 23

def day_inputs(hours):  # [past, calendar]: (n, 12, 2), (n, 76)
    all_24 = hours[:, None] + np.arange(24)  # (n, 24)
    calendar = [known[hours], free[all_24], warmth[all_24 - 24]]
    return [inputs(hours)[0], np.hstack(calendar)]

def build_day(epochs):
    past = keras.Input((12, 2))
    calendar = keras.Input((76,))
    outputs = network("LSTM", past, calendar, n_outputs=24)
    n_batches = epochs * math.ceil(len(train) / BATCH)
    return compiled(keras.Model([past, calendar], outputs), n_batches, rate=0.015)

def train_day(epochs, model):
    change = (next_day[train] - demand[train - 1, None]) / unit[0]
    model.fit(day_inputs(train), change, batch_size=BATCH, epochs=epochs, verbose=0)
    change = keras.ops.convert_to_numpy(model(day_inputs(starts)))
    return {"day": demand[starts - 1, None] + unit[0] * change}

# %%
lengths = {"direct, 3 epochs": EPOCHS, "direct, 9 epochs": 3 * EPOCHS}
builders = {name: partial(build_day, epochs) for name, epochs in lengths.items()}
trains = {name: partial(train_day, epochs) for name, epochs in lengths.items()}
direct = dlcourse.repeat(RUNS, builders, trains, reseed=False)
for name in lengths:
    days[name] = direct.loc[direct["contender"] == name, "day"].to_list()

away = {}  # MAE in MW: (trainings, 24)
for name, tried in days.items():
    away[name] = np.abs(np.array(tried) - next_day[starts]).mean(axis=1)
table = pd.DataFrame({name: each.mean(axis=1) for name, each in away.items()})
print(table.agg(["mean", "std"]).T.map("≈ {:.1f} MW".format).to_string())
day = table.mean()
claim("tomorrow's true weather takes ≈ {:.0f} MW off the recursive error",
      day["recursive"] - day["with true weather"], at_least=4)
claim("with equal epochs, the recursion is ≈ {:.1f} MW better than the direct network",
      day["direct, 3 epochs"] - day["recursive"], at_least=1)
claim("three times the epochs take ≈ {:.1f} MW off the direct one",
      day["direct, 3 epochs"] - day["direct, 9 epochs"], at_least=1)

# %% tags=["hide-input"]
for look, (way, e) in zip(["C0x-", "C2o-", "C3s--", "C3s-"], away.items(), strict=True):
    plt.errorbar(range(1, 25), e.mean(axis=0), e.std(axis=0), fmt=look, label=way)
noise = BEST * np.sqrt(np.cumsum(0.36 ** np.arange(24)))
plt.plot(range(1, 25), noise, "k:", lw=2, label="best reachable")
plt.legend(loc="upper left", ncols=3, fontsize=8)
plt.gca().set(title="What helps most is tomorrow's weather", xlabel="hours ahead",
              ylabel="MAE, test (MW)", ylim=(0, 35), xticks=range(2, 25, 2))
plots.show("MAE by hours ahead: direct to 25 MW, recursive 22; with true weather 11.")

# %% [markdown]
# The errors do add up, but only for a few hours: given the true weather, the green line soon stays level. The weather
# costs more, and the past tells only a part of tomorrow's: the utility should buy a **weather forecast**.
#
# Nobody gets below the dotted line, the mean size of the noise
# $u_i = 0.6\,u_{i-1} + \varepsilon_i$, whose shocks fade. Its standard deviation is 5 MW one hour ahead, $5\sqrt{1 + 0.36}$ = 5.8 MW two hours
# ahead, and at last $5/\sqrt{1 - 0.36}$ = 6.25 MW; the mean size is 80 % of that.
#
# **Which way is better?** After equal epochs the recursion wins at every hour. But the direct network has 24 tasks
# to learn: after nine it is ahead from the fourth hour to the fourteenth, then about level. In ten trainings beside this notebook the
# recursion with nine reached 18.7 ± 0.1 MW (with true weather 6.9 ± 0.3), the direct network 17.4 ± 0.2. **Equal epochs are not equal terms.**
#
# ### Exercise 42.3
#
# Write the recursion for any forecaster: `recursive_forecast(one_step, window, horizon)` returns `horizon` values. `one_step` takes an
# array as long as `window` and returns the next value, which may have decimals even where the window has none. With `one_step` = first +
# last, the window 1, 2, 4 goes on with 5, 7, 11, …
#
# <details><summary>Hint 1</summary>By hand: (1, 2, 4) gives 5; then the window is
# (2, 4, 5).</details>
# <details><summary>Hint 2</summary><code>np.append(window[1:], value)</code> makes a new
# array and leaves the old one alone.</details>

# %% tags=["exercise"]
# Exercise 42.3: forecast, append, drop the oldest, repeat.
def recursive_forecast(one_step, window, horizon):
    ...  # your code here

# %%
check("42.3", recursive_forecast)

# %% tags=["solution"]
# @title Solution 42.3
def recursive_forecast_solution(one_step, window, horizon):
    result = []
    for _ in range(horizon):
        result.append(one_step(window))
        window = np.append(window[1:], result[-1])
    return np.array(result)
check("42.3", recursive_forecast_solution)

# %% [markdown]
# ## 6 · Break and fix
#
# A colleague forecasts the *mean demand of the next 24 hours* from moving averages of the past, at every hour of two years. She
# shuffles, keeps a fifth for the test, and compares a linear model with a random forest. Which would you use to buy electricity?

# %%
def average(values, hours, first, last):  # mean over the hours i+first … i+last-1
    total = np.concatenate([[0.0], np.cumsum(values)])
    return (total[hours + last] - total[hours + first]) / (last - first)

def averages(hours):  # features, shape (n, 6)
    return np.column_stack([
        average(demand, hours, -24, 0), average(demand, hours, -168, 0),
        average(temperature, hours, -24, 0), average(temperature, hours, -168, 0),
        average(free, hours, -24, 0), average(free, hours, 0, 24)])  # the last: known

def judge(model, train_hours, test_hours):  # MAE on her test, and on the next half-year
    model.fit(averages(train_hours), average(demand, train_hours, 0, 24))
    return [mae(model.predict(averages(hours)), average(demand, hours, 0, 24))
            for hours in (test_hours, val[:-24])]

two_years = np.arange(7 * 24, cuts[1] - 24)  # 2021 and 2022
order = np.random.default_rng(lesson.seed).permutation(two_years)
her_train, her_test = np.split(order, [-len(order) // 5])
models = {"linear": LinearRegression(),
          "forest": RandomForestRegressor(10, random_state=lesson.seed)}
for name, candidate in models.items():
    promised, later = judge(candidate, her_train, her_test)
    print(f"{name:6} shuffled test ≈ {promised:5.2f} MW, half-year ≈ {later:5.2f} MW")
claim("the forest's error in use is ≈ {:.1f} times what the test promised",
      later / promised, at_least=2.5)

# %% [markdown]
# The symptom: the forest is wonderful in the test and ordinary in use. Why? The mean of
# the 24 hours from 15:00 on shares 23 of them with the mean from 16:00 on. Shuffled, most test windows have such
# neighbors in training, and the forest looks up their answers. The linear model is too stiff for that.
#
# ### Exercise 42.4
#
# (a) Her windows, one an hour, are split by time. How many must at least be dropped between training and test, so that no *target* hour is on both sides? (b) Write
# `split_by_time(n, n_test, gap)`. It returns two arrays of positions, counted from 0: training, then test. The test holds
# the last `n_test` of `n` windows; the `gap` windows before them (0 or more) are dropped.
#
# <details><summary>Hint 1</summary>Target i covers the hours i to i + 23. Which later targets
# share an hour with it?</details>
# <details><summary>Hint 2</summary>Training ends before
# <code>n - n_test - gap</code>.</details>

# %% tags=["exercise"]
# Exercise 42.4: the smallest gap, and the split by time.
gap = ...

def split_by_time(n, n_test, gap):
    ...  # your code here

# %%
check("42.4", gap, split_by_time)

# %% tags=["solution"]
# @title Solution 42.4
gap_solution = 23

def split_by_time_solution(n, n_test, gap):
    return np.arange(n - n_test - gap), np.arange(n - n_test, n)

check("42.4", gap_solution, split_by_time_solution)
for name, candidate in models.items():
    by_time, later = judge(candidate, two_years[: -3500 - 23], two_years[-3500:])
    print(f"{name:6} test by time ≈ {by_time:5.2f} MW, half-year ≈ {later:5.2f} MW")
verify("the test tells the truth", later / by_time, at_least=0.85, at_most=1.15)

# %% [markdown]
# Split by time, test and half-year agree, and the linear model wins.
#
# ## Going further: in service, with faulty sensors
#
# From October on the one-hour forecast is in use. Its weights stay as they are; the world need not. Two things happen to
# the *readings*: for two days the thermometer hangs on a broken cable and reads 60 °C, and later the meter reads 0 MW in
# six hours. An **alarm** rings if the mean error of a day is above what the test part lets expect, by more than
# four standard deviations, two days in a row.

# %%
faulty = readings.copy()
faulty[service[24 * 12 : 24 * 14], 1] = 60.0
rng = np.random.default_rng(dlcourse.derived_seed(lesson.seed, "faults"))
faulty[rng.choice(service[24 * 22 : 24 * 24], 6, replace=False), 0] = 0.0

possible = (faulty > [100, -40]) & (faulty < [1000, 50])  # MW, °C
mended = pd.DataFrame(faulty).where(possible).ffill().to_numpy()  # the last good value

def daily_error(hours, readings):  # MAE of each day, in MW
    forecast = forecasts(columns, hours, readings)[:, NAMES.index("LSTM")]
    return np.abs(demand[hours] - forecast).reshape(-1, 24).mean(axis=1)

usual = daily_error(test, readings)
limit = usual.mean() + 4 * usual.std()
daily = pd.DataFrame({"faulty readings": daily_error(service, faulty),
                      "mended": daily_error(service, mended)})
for name, errors in daily.items():
    two_in_a_row = (errors > limit) & (errors.shift() > limit)
    alarm = np.flatnonzero(two_in_a_row)[0]
    print(f"{name:15} worst day of October ≈ {errors[:31].max():.0f} MW, first alarm on"
          f" day ≈ {alarm}")
claim("with mended readings it rings ≈ {:.0f} day after 6 November", alarm - 36,
      at_least=1, at_most=3)

# %% tags=["hide-input"]
drawn = daily.assign(**{"alarm above": limit})
axis = drawn.plot(style=["C3x", "C0.", "k--"], ms=8, lw=1, logy=True, figsize=(9, 3.8))
axis.minorticks_off()
axis.set_yticks([5, 10, 20, 50], [5, 10, 20, 50])
axis.set(xlabel="day in service, from 1 October", ylabel="MAE of the day (MW)",
         title="The faults vanish when mended, the step of November stays")
plots.show("Daily error in service: with faulty readings it jumps on the days of the"
           " faults; with mended ones only from day 36 on, and there it stays.")

# %% [markdown]
# One reading of 0 MW spoils the twelve windows in which it stands, and the forecast right after it most. **Check the range of every input**, mark what is
# impossible as missing, and carry the last good value forward. (Unlike `interpolate`, that never looks ahead.) A fault
# that stays within the range is harder: then only the residual tells.
#
# Mended readings leave one cause for alarm, and it is real: on working days the demand is now below the forecast at 6:00 and above it at 22:00, when shifts
# begin and end. A factory has closed. (The card gives the day, 6 November.) The remedy is training on newer data.
#
# The same alarm serves **predictive maintenance**. A model of a machine's *normal* behavior forecasts its temperature, current or
# vibration. When the residual grows and stays, perhaps a bearing wears or a sensor drifts, and it can be replaced before the machine stops.
#
# ## Going further: two more real series
#
# The `full` profile asks the same models for the next day, on downloaded data: the daily minimum temperature in **Melbourne** (judged on
# 1990), and the daily boardings of **Chicago's** trains, with those of the buses and the type of the day as further inputs (judged on 2019). Mean
# absolute errors, ± over 10 trainings (two runs of the profile):
#
# | | Melbourne (°C) | Chicago (persons) |
# |---|---|---|
# | last value | 2.02 | 134,739 |
# | same day last year; last week | 2.87 | 63,721 |
# | linear | 1.73 | 38,112 |
# | dense | 1.79 ± 0.02 | 30,892 ± 1,141 |
# | Conv1D | 1.99 ± 0.04 | 38,583 ± 2,067 |
# | SimpleRNN | 1.72 ± 0.02 | 34,426 ± 793 |
# | LSTM | 1.69 ± 0.01 | 43,244 ± 1,080 |
# | GRU | 1.69 ± 0.01 | 43,731 ± 741 |
#
# In Melbourne the recurrent networks are about level with the line; in Chicago the dense network and the
# `SimpleRNN` beat it, and the two with gates do not.

# %%
def study(title, series, calendar, steps, back, old, new):  # MAE on the new days
    spread = series[old].std(axis=0)
    scaled = ((series - series[old].mean(axis=0)) / spread).astype("float32")
    windows = sliding_window_view(scaled, steps, axis=0).swapaxes(1, 2)
    y = series[:, 0]
    change = (y - np.roll(y, back)) / spread[0]
    x_old = [windows[old - steps], calendar[old]]
    x_new = [windows[new - steps], calendar[new]]
    def build_real():
        model = side_by_side(READERS, x_old[0].shape[1:], x_old[1].shape[1:])
        return compiled(model, 15 * math.ceil(len(old) / 128))
    def train_real(model):
        targets = np.repeat(change[old, None], len(READERS), axis=1)
        model.fit(x_old, targets, batch_size=128, epochs=15, verbose=0)
        away = keras.ops.convert_to_numpy(model(x_new)) - change[new, None]
        return dict(zip(READERS, spread[0] * np.abs(away).mean(axis=0), strict=True))
    linear = fit_line(flat(x_old), y[old]).predict(flat(x_new))
    found = {"last value": mae(y[new - 1], y[new]), "linear": mae(linear, y[new])}
    found |= dlcourse.repeat(RUNS, build_real, train_real)[READERS]
    for name, error in found.items():
        record(title, name, "test MAE", error)
        print(f"{title}, {name}: ≈ {np.mean(error):,.2f} ± {np.std(error):,.2f}")
if lesson.profile == "full":
    for title, setting in real_series().items():
        study(title, *setting)

# %% [markdown]
# ## Quiz

# %%
quiz("42")

# %% [markdown]
# ## Summary
#
# - A window is $s$ values; its target lies *after* it. Check one pair by eye.
# - Split by time, with a gap as long as the targets overlap.
# - Simple rules first: last value, season, growth, a line. Give errors in the unit of the series, beside the best rule.
# - Forecast the change, not the level: what is new in the future is mostly the level.
# - A network earns its keep where inputs change each other's meaning.
# - No forecast knows what the past does not tell.
# - Residuals that repeat: something is left to learn. Residuals that grow: the world, or a sensor, has changed.
#
# ## Common mistakes
#
# - **Scaling with all the data**: mean and deviation then know the future.
# - **Inputs that are not there at forecast time**, such as tomorrow's measured temperature.
# - **No baseline**: a forecast that lags one step behind looks fine in a plot.
#
# ## Read more
#
# - [Hyndman and Athanasopoulos, *Forecasting: Principles and Practice*, 3rd
#   edition](https://otexts.com/fpp3/): baselines, residuals, evaluation; free online.
# - [Keras: `timeseries_dataset_from_array`](https://keras.io/api/data_loading/timeseries/): all its options.
# - [Makridakis, Spiliotis and Assimakopoulos, *The M4 Competition*
#   (2018)](https://doi.org/10.1016/j.ijforecast.2018.06.001): of six pure machine-learning entries, only one beat a seasonally adjusted
#   "last value"; a hybrid won.
# - [Zeng and others, *Are Transformers Effective for Time Series Forecasting?*
#   (2022)](https://arxiv.org/abs/2205.13504): linear models that beat large networks.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [43 · Text classification](43_text_classification.ipynb). Read the sentiment of a sentence, and see what is lost without word order. **Before:** [41 · Recurrent networks](41_recurrent_networks.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+42%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/43_text_classification.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/41_recurrent_networks.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
