# ---
# jupyter:
#   dlcourse:
#     title: Time series forecasting
#     subtitle: A rule of one line beats a recurrent network. When does a network win, and by how much?
#     minutes: 67
#     further: 10
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
# **Your time:** 67 minutes, and 10 for *Going further* · **The notebook runs in:** about 35 s on two CPU cores · **Before this:** lesson 23, lesson 41

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
from sklearn.linear_model import LinearRegression

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify
from dlcourse.exercises.lesson_42 import fit_line, study_real_series

lesson = dlcourse.start("42", profile=PROFILE, seed=SEED)

import keras
from keras import layers

RUNS = lesson.pick(quick=3, full=5)  # trainings of each network
EPOCHS = 3  # for the networks of sections 4 and 5
BATCH = 256

# %% [markdown]
# ## 1 · A curve that everybody should know
#
# Since 1958 the carbon dioxide in the air on Mauna Loa, a mountain on Hawaii, has been measured, in parts per
# million (ppm). This is the Keeling curve up to 2001, one value a week, some missing. **How much carbon
# dioxide will there be half a year from now?**

# %%
weekly = datasets.co2().frame.set_index("date")["co2"]
monthly = weekly.resample("MS").mean()  # of the weeks that are there
for name, series in (("weeks", weekly), ("months", monthly)):
    print(f"{len(series)} {name}, {series.isna().sum()} missing")
co2 = monthly.interpolate().to_numpy()  # ppm, shape (526,)
year = (monthly.index.year + (monthly.index.month - 0.5) / 12).to_numpy()

# %% [markdown]
# A straight line between their neighbors fills the five empty months. (That looks into the
# future, but decades before any forecast that we judge.)
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
    left.set(xlabel="year", ylabel="CO₂ (ppm)", title="One window, and its target")
    near = slice(max(start - 6, 0), end + ahead + 6)
    right.plot(year[near], co2[near], color="black", lw=1)
    right.plot(year[start:end], co2[start:end], "o", ms=6, color=plots.BLUE,
               label=f"window: {steps} months")
    target = end - 1 + ahead
    right.plot(year[target], co2[target], "*", ms=18, color=plots.VERMILION,
               label=f"target: {ahead} months after its end")
    right.ticklabel_format(useOffset=False)
    right.xaxis.set_major_locator(plt.MaxNLocator(8, integer=True))
    right.set(xlabel="year", ylabel="CO₂ (ppm)",
              title=f"Pair {start}: {steps} values in, one value out")
    right.legend(loc="upper left", fontsize=9)
    right.margins(y=0.25)

explore(draw_window, start=(0, 460), steps=(3, 48), ahead=(1, 12),
        alt="Left: carbon dioxide rises from 316 to 373 ppm from 1958 to 2001, with a"
        " yearly wave; a band marks one window and its target. Right: its 24 months as"
        " dots, and the target as a star six months after the last of them.")

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
# Keras's `timeseries_dataset_from_array` pairs the window that *starts* at $i$ with
# `targets[i]`, so hand it `series[steps - 1 + ahead :]` as targets. With the series itself, each target would stand in its
# own window: a network would "forecast" it perfectly and know nothing.
#
# ## 2 · Simple rules first
#
# Models learn from the months up to 1989 and are judged on the years after: a split by time. How far off are
# they on average? That is the **mean absolute error** (MAE). For truths $y$ = 360, 362 and forecasts $\hat y$ = 361, 360:
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
# The last simple model is **linear**: $\hat y = w \cdot x + b$. It reads every other month of the last 24,
# the newest included. Judged by the MAE, it must also be *fitted* by the MAE, as the networks will be. This
# lesson's helper `fit_line` is a fast approximation of scikit-learn's `QuantileRegressor(alpha=0)`.

# %%
def mae(forecast, truth):
    return np.mean(np.abs(forecast - truth), axis=0)

def show_spread(errors, unit):  # of a table: a row per training, a column per model
    table = errors.agg(["mean", "std"]).T.rename_axis(None)
    print(table.map(f"≈ {{:.2f}} {unit}".format).to_string())

months = sliding_window_view(co2, 24)[:-6]  # windows of 24 months: (497, 24)
y = co2[29:]  # targets, half a year after the windows
when = year[29:]  # their times
old = when < 1990  # to learn from
new = when >= 1990  # to be judged on

newest = months[:, -1]
last_year = months[:, -7]  # a year before the target: half a year before the newest
growth = newest - months[:, -13]  # in the twelve months up to the newest
x = months[:, 1::2]  # every second month, the newest included: (497, 12)
ppm = {"last value": newest, "last year": last_year,
       "last year + growth": last_year + growth,
       "linear": fit_line(x[old], y[old]).predict(x)}
for name, forecast in ppm.items():
    print(f"{name:18}  MAE {mae(forecast[new], y[new]):.2f} ppm")

# %% [markdown]
# The third rule even beats the linear model, which gets the rule's three values, too.
#
# Now an LSTM (lesson 41) with 16 units reads the same 12 values. A network wants small numbers, so it gets
# (value − zero) / unit, the unit being a standard deviation. But what shall be zero? We try two ways, each three times from fresh weights:
#
# - **on levels**: zero is the mean of the training months, a z-score as usual;
# - **on changes**: zero is the newest value of the window. So the LSTM forecasts *how much* the curve will rise or fall.
#
# **Predict.** Where will the two stand beside the simple models?

# %%
def compiled(model, n_batches, rate):  # the learning rate falls to 0, lesson 53
    falling = keras.optimizers.schedules.CosineDecay(rate, n_batches)
    model.compile(keras.optimizers.Adam(falling), "mae")
    return model

def build_lstm():
    model = keras.Sequential([keras.Input((12, 1)), layers.LSTM(16), layers.Dense(1)])
    return compiled(model, 40 * math.ceil(old.sum() / 64), rate=0.02)

def learn(model, zero, unit):  # zero: one number for each window
    seen = ((x - zero[:, None]) / unit).astype("float32")[:, :, None]  # (497, 12, 1)
    targets = (y - zero) / unit
    rows = np.tile(np.flatnonzero(old), 40)  # 40 epochs in one, which is quicker
    model.fit(seen[rows], targets[rows], batch_size=64, verbose=0)
    change = keras.ops.convert_to_numpy(model(seen))[:, 0]  # from zero, in units
    forecast = zero + unit * change  # back in ppm
    return {"forecast": forecast, "MAE": mae(forecast[new], y[new])}

# %%
x_change = x - newest[:, None]
y_change = y - newest
learned = co2[year < 1990]

def on_levels(model):
    return learn(model, zero=np.full(len(x), learned.mean()), unit=learned.std())

def on_changes(model):
    return learn(model, zero=newest, unit=x_change[old].std())

ways = {"LSTM on levels": on_levels, "LSTM on changes": on_changes}
builders = {way: build_lstm for way in ways}  # the same network for both
co2_runs = dlcourse.repeat(RUNS, builders, ways, reseed=False)  # no reseed: quicker
errors = co2_runs.pivot(index="repeat", columns="contender", values="MAE")
show_spread(errors, "ppm")
off = errors.mean()
line_change = fit_line(x_change[old], y_change[old]).predict(x_change)
line_off = mae(line_change[new], y_change[new])
print(f"linear on changes: MAE ≈ {line_off:.2f} ppm")
claim("on levels the LSTM is ≈ {:.1f} ppm worse than the rule of one line",
      off["LSTM on levels"] - mae(ppm["last year + growth"][new], y[new]), at_least=1)
verify("on levels it is worse than the last value",
       off["LSTM on levels"] - mae(newest[new], y[new]), at_least=0)
claim("on changes the linear model still beats it, by ≈ {:.2f} ppm",
      off["LSTM on changes"] - line_off, at_least=0)

# %% tags=["hide-input"]
first = co2_runs[co2_runs["repeat"] == 0].set_index("contender")["forecast"]
drawn = (("LSTM on levels", first["LSTM on levels"], "x", plots.PURPLE),
         ("LSTM on changes", first["LSTM on changes"], "+", plots.BLUE),
         ("last year + growth", ppm["last year + growth"], ".", plots.ORANGE))
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4), width_ratios=[3, 2])
for axis, since, series in ((left, 1986, drawn[:2]), (right, 1998, drawn)):
    shown = when >= since
    axis.plot(when[shown], y[shown], color="black", lw=1.5, label="measured")
    for name, forecast, mark, color in series:
        axis.plot(when[shown & new], forecast[shown & new], mark, ms=6, mew=1.5,
                  color=color, label=name)
    axis.set(xlabel="year", ylabel="CO₂ (ppm)")
top = y[old].max()
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
# On levels the network is worse than doing nothing ("last value"). A likely reason: its gates and its tanh
# flatten out, and no training month asked for values this high. The remedy is another question: *how much
# will it change?* That helps the linear model, too, and leaves the network about level with the rule of one
# line. **Where a line is enough, nobody needs a network.** When is one worth its trouble?
#
# ## 3 · A town whose truth is known
#
# A utility must order electricity before it is used: how many megawatts (MW) will the town need in the next
# hour? This series is made, so that we know what nobody knows of a real one: its formula, and the error that
# *nobody* can beat (see its card, `data/energy_demand.md`).
#
# Models learn from 2022 (2021 waits for section 6), are compared on the first half of 2023 (validation), and
# judged on July to September (test). A *free day* is a Saturday, a Sunday or a holiday.

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
# Heating below 15 °C and cooling above 20 °C make a U, but hardly by night. No weighted sum of hour and temperature can be
# such a U. To forecast hour $i$, the linear model and all networks get the same inputs:
#
# | input | shape | holds |
# |---|---|---|
# | `past` | (batch, 12, 2) | demand and temperature of the 12 hours before $i$, z-scored |
# | `known` | (batch, 28) | from the calendar: the hour of $i$ (one-hot, 24 columns); whether $i$, and the hour before, is on a free day; sine and cosine of the time of year |
#
# The temperature *of hour $i$* has not been measured yet. Nor is it needed: houses warm up slowly, and in the
# formula only the six hours *before* $i$ count. The inputs tell everything but a new shock each hour,
# normally distributed, with a standard deviation of 5 MW. Its mean size, $5\sqrt{2/\pi}$ = 3.99 MW, is the
# best reachable error.

# %%
angle = 2 * np.pi * frame["time"].dt.day_of_year.to_numpy() / 365.25
known = np.column_stack([np.eye(24)[hour], free, np.roll(free, 1),
                         np.sin(angle), np.cos(angle)]).astype("float32")
readings = np.column_stack([demand, temperature])  # (26280, 2)
mean = readings[train].mean(axis=0)
unit = readings[train].std(axis=0)

def inputs(hours, readings=readings):  # [past, known] for the forecast of these hours
    scaled = ((readings - mean) / unit).astype("float32")
    windows = sliding_window_view(scaled, 12, axis=0).swapaxes(1, 2)  # (n, 12, 2)
    return [windows[hours - 12], known[hours]]

def flat(arrays):  # one row for each hour, as a linear model wants: (batch, 52)
    return np.hstack([array.reshape(len(array), -1) for array in arrays], dtype=float)

line = fit_line(flat(inputs(train)), demand[train])
ages = {"same hour yesterday": 24, "last value": 1, "same hour last week": 168}
simple = {name: mae(demand[val - age], demand[val]) for name, age in ages.items()}
simple["linear"] = mae(line.predict(flat(inputs(val))), demand[val])
BEST = 5 * np.sqrt(2 / np.pi)
for name, error in (simple | {"best reachable": BEST}).items():
    print(f"{name:20} MAE ≈ {error:5.2f} MW")

# %% [markdown]
# A network has to land between the last two.
#
# ## 4 · Five ways to read a window
#
# Every network reads `past`, joins the result with `known`, and ends in two dense layers. Only the **reader**
# (and its size) differs: none ("dense": each of the 24 numbers is an input of its own), two convolutions
# along time (lesson 31: `Conv1D(16, 3)` slides 16 weighted sums over three neighboring hours), or a recurrent
# layer. Two inputs need Keras's *Functional API*: call each layer on the output of another, then name inputs
# and outputs in `keras.Model` (*Going further* of lesson 23). Again they forecast the change, in units of the
# demand's standard deviation $\sigma_y$ (`unit[0]`):
#
# $$\hat y_i = y_{i-1} + \sigma_y \cdot f(\text{past}, \text{known}).$$

# %%
READERS = ["dense", "Conv1D", "SimpleRNN", "LSTM", "GRU"]

def read(reader, past):  # (batch, 12, 2) → (batch, features)
    if reader == "Conv1D":
        found = layers.Conv1D(16, 3, activation="relu")(past)
        found = layers.Conv1D(16, 3, strides=2, activation="relu")(found)
        return layers.Flatten()(found)
    if reader == "SimpleRNN":
        return layers.SimpleRNN(16)(past)
    if reader == "LSTM":
        return layers.LSTM(16)(past)
    if reader == "GRU":
        return layers.GRU(16)(past)
    return layers.Flatten()(past)  # dense

def network(reader, past, known, n_outputs=1, name=None):
    joined = layers.Concatenate()([read(reader, past), known])
    hidden = layers.Dense(32, activation="relu")(joined)
    return layers.Dense(n_outputs, name=name)(hidden)  # (batch, n_outputs)

# %% [markdown]
# We train them side by side, as columns of one model: they share the batches but no weight, so each learns as it would
# alone. Three more are controls. Two read *shuffled* windows, the 12 hours in another order, always the same one;
# one is *blind* to the temperature.
#
# **Predict.** In which order will the five end? Whom will the shuffling hurt more, the LSTM or the convolution?

# %%
ORDER = [7, 2, 10, 5, 0, 8, 3, 11, 6, 1, 9, 4]  # of the shuffled hours
NAMES = [*READERS, "Conv1D shuffled", "LSTM shuffled", "LSTM blind"]

def build():
    past = keras.Input((12, 2))
    known = keras.Input((28,))
    shuffled = keras.ops.take(past, ORDER, axis=1)
    blind = past[:, :, :1]  # the demand alone
    columns = [network(name, past, known, name=f"from_{name}") for name in READERS]
    columns.append(network("Conv1D", shuffled, known))
    columns.append(network("LSTM", shuffled, known))
    columns.append(network("LSTM", blind, known))
    model = keras.Model([past, known], layers.Concatenate()(columns))  # (batch, 8)
    return compiled(model, EPOCHS * math.ceil(len(train) / BATCH), rate=0.015)

# %%
def forecasts(model, hours, readings=readings):  # MW, (hours, 8)
    change = keras.ops.convert_to_numpy(model(inputs(hours, readings)))
    return readings[hours - 1, :1] + unit[0] * change

def train_all(model):
    change = (demand[train] - demand[train - 1]) / unit[0]
    targets = np.repeat(change[:, None], len(NAMES), axis=1)  # the same for all
    model.fit(inputs(train), targets, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    return {"weights": model.get_weights(), "val": forecasts(model, val),
            "test": forecasts(model, test)}

runs = dlcourse.repeat(RUNS, build, train_all, reseed=False)

def errors_of(part, hours):  # MAE in MW: a row per training, a column per network
    errors = [mae(forecast, demand[hours, None]) for forecast in runs[part]]
    return pd.DataFrame(errors, columns=NAMES)

on_val = errors_of("val", val)
show_spread(on_val, "MW")

# %% tags=["hide-input"]
means = pd.Series(simple | dict(on_val[READERS].mean()) | {"best reachable": BEST})
colors = ["silver"] * 3 + [plots.VERMILION] + [plots.BLUE] * 5 + ["black"]
axis = means.plot.barh(color=colors, width=0.8, figsize=(9, 4.2), xlim=(0, 30))
axis.bar_label(axis.containers[0], fmt="%.1f", padding=14)
axis.plot(on_val[READERS].T.to_numpy(), range(4, 9), "ok", ms=5, mfc="white")
axis.axvline(BEST, color="black", lw=2, ls="--")
axis.set(title="Every network beats the simple models", xlabel="MAE, validation (MW)")
plots.show("Bars: rules 21 to 27 MW, linear 7, five networks 5 to 6, best reachable 4.")

# %% [markdown]
# Here a network earns its keep. After three epochs, dense comes last, LSTM and GRU lead. Do not trust the
# order of neighbors whose dots, the single trainings, overlap. (Only their fresh weights differ. If the order
# of the batches differed, too, the spread could be larger.) And the controls?
#
# - **LSTM shuffled** is worse than the LSTM, which reads hour by hour.
# - **Conv1D shuffled** is no worse here, although a convolution looks for neighbors. Perhaps the dense layers behind it sort
#   the hours out.
# - **LSTM blind** beats the linear model without any temperature. So most of the gain does *not* need the
#   thermometer (past demand still tells of the weather). What explains it?
#
# Now, and only now, the test part, for the best network in the validation, here the LSTM:

# %%
chosen = on_val[READERS].mean().idxmin()
on_test = errors_of("test", test)
forecast = {"linear": line.predict(flat(inputs(test))),
            "network": runs["test"][0][:, NAMES.index(chosen)]}
residuals = {name: demand[test] - values for name, values in forecast.items()}
off = on_test.mean()
print(f"its error ≈ {off[chosen]:.2f} MW, best reachable {BEST:.2f} MW")
claim("it is ≈ {:.1f} MW closer to the truth than the linear model",
      mae(forecast["linear"], demand[test]) - off[chosen], at_least=1)
claim("the temperature is worth ≈ {:.1f} MW to the LSTM",
      off["LSTM blind"] - off["LSTM"], at_least=0.5)
verify("shuffling costs the LSTM something", off["LSTM shuffled"] - off["LSTM"],
       at_least=0)

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
# 95 % of the points would lie in the gray band.
#
# **The finding is lag 24** (beside the line's lag 1). The linear model is wrong at 6:00 today, and wrong the
# same way at 6:00 tomorrow. Working days wake up and free days do not, so the same hour *means* something
# else, which no weighted sum can say. A hidden layer can; the network's small peak says that something daily
# is left.
#
# ## 5 · All of tomorrow
#
# For tomorrow the utility needs 24 values at once. The **recursive** way: forecast one hour, put it
# into the window as if it had happened, forecast the next. The LSTMs of section 4 can do that. But they need
# temperatures that nobody has measured yet. Those of a day before stand in; then, for comparison, the true ones.
#
# **Predict.** What will dominate the error: small errors that add up, or the weather?

# %%
warmth = ((temperature - mean[1]) / unit[1]).astype("float32")  # z-scored

def recursive(model, starts, age):  # MW, (starts, 24); age of the temperatures in h
    window = inputs(starts)[0]  # (starts, 12, 2)
    result = []
    for step in range(24):
        hours = starts + step
        change = model.predict_on_batch([window, known[hours]])[:, 0]
        result.append(window[:, -1, 0] + change)  # the newest demand + its change
        newest = np.stack([result[-1], warmth[hours - age]], axis=1)  # (starts, 2)
        window = np.concatenate([window[:, 1:], newest[:, None]], axis=1)
    return mean[0] + unit[0] * np.stack(result, axis=1)

# %%
starts = test[:-24:5]  # every fifth hour: all hours of the day are among them
next_day = sliding_window_view(demand, 24)  # row i: the hours i to i + 23
columns = build()
lstm = keras.Model(columns.inputs, columns.get_layer("from_LSTM").output)
by_hour = {"recursive": [], "with true weather": []}  # MAE in MW: (trainings, 24)
for weights in runs["weights"]:
    columns.set_weights(weights)  # lstm shares them
    for name, age in (("recursive", 24), ("with true weather", 0)):
        by_hour[name].append(mae(recursive(lstm, starts, age), next_day[starts]))

day = pd.DataFrame({name: np.mean(each, axis=1) for name, each in by_hour.items()})
show_spread(day, "MW")
claim("tomorrow's true weather takes ≈ {:.0f} MW off the recursive error",
      (day["recursive"] - day["with true weather"]).mean(), at_least=4)

# %% tags=["hide-input"]
for look, (way, tried) in zip(["C0x-", "C2o-"], by_hour.items(), strict=True):
    plt.errorbar(range(1, 25), np.mean(tried, 0), np.std(tried, 0), fmt=look, label=way)
noise = BEST * np.sqrt(np.cumsum(0.36 ** np.arange(24)))
plt.plot(range(1, 25), noise, "k:", lw=2, label="best reachable")
plt.legend(loc="upper left", ncols=3, fontsize=9)
plt.gca().set(title="The weather costs more than errors that add up", ylim=(0, 30),
              xlabel="hours ahead", ylabel="MAE, test (MW)", xticks=range(2, 25, 2))
plots.show("MAE by hours ahead: recursive 5 to 22 MW, with true weather 5 to 11.")

# %% [markdown]
# The errors do add up, but only for a few hours: given the true weather, the green line soon stays level. The
# weather costs more, and the past tells only a part of tomorrow's. Without that weather, longer training
# hardly helps the recursion: in ten trainings beside this notebook, three times the epochs took the recursive
# error from 18.9 ± 0.6 to 18.7 ± 0.1 MW. The utility should buy a **weather forecast**.
#
# Nobody gets below the dotted line, the noise that remains when the weather is known: 4.0 MW one hour ahead,
# 5.0 MW many hours ahead. *Going further* derives it, and forecasts all 24 hours at once.
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
# A colleague forecasts the *mean demand of the next 24 hours* from moving averages, at every hour of 2021 and
# 2022. She shuffles, keeps a fifth for the test, and compares a linear model with a random forest (lesson
# 13). Then both are used for half a year. Which one would you choose?

# %%
table = pd.DataFrame({"demand": demand, "temperature": temperature, "free": free * 1.0})
day = table.rolling(24).mean().shift(1)  # row i: the means of the 24 hours before i
week = table.rolling(168).mean().shift(1)
coming = day.shift(-24)  # row i: the hours i to i + 23
features = np.column_stack([
    day["demand"], week["demand"], day["temperature"], week["temperature"],
    day["free"], coming["free"]])  # the last: free days are known in advance
target = coming["demand"].to_numpy()
two_years = np.arange(7 * 24, cuts[1] - 24)
half_year = val[:-24]

def judge(model, train_hours, test_hours):  # MAE in the test, and then in use
    model.fit(features[train_hours], target[train_hours])
    return [mae(model.predict(features[h]), target[h]) for h in (test_hours, half_year)]

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
# The forest is wonderful in the test and loses in use. Why? The mean of the 24 hours from 15:00 on shares 23
# of them with the mean from 16:00 on. Shuffled, most test windows have such neighbors in training, and the
# forest looks up their answers. The linear model is too stiff for that.
#
# ### Exercise 42.4
#
# (a) Her windows, one an hour, are now split by time. At least how many must be dropped between training and test, so that no
# *target* hour is on both sides? (b) Write
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
def split_by_time_solution(n, n_test, gap):
    return np.arange(n - n_test - gap), np.arange(n - n_test, n)
check("42.4", 23, split_by_time_solution)  # gap = 23
for name, candidate in models.items():
    by_time, later = judge(candidate, two_years[: -3500 - 23], two_years[-3500:])
    print(f"{name:6} test by time ≈ {by_time:5.2f} MW, half-year ≈ {later:5.2f} MW")
verify("the test tells the truth", later / by_time, at_least=0.85, at_most=1.15)

# %% [markdown]
# Split by time, test and half-year roughly agree, and the linear model wins.
#
# ## Going further: all 24 hours at once
#
# A **direct** forecast needs a network with 24 outputs, one for each hour. Ours is an LSTM, too, and knows what the recursion knows: for
# each hour, whether it is free and how warm it was a day before. It trains for as many epochs, and for three times as many.

# %%
def day_inputs(hours):  # [past, calendar]: (n, 12, 2), (n, 76)
    all_24 = hours[:, None] + np.arange(24)  # (n, 24)
    calendar = [known[hours], free[all_24], warmth[all_24 - 24]]
    return [inputs(hours)[0], np.hstack(calendar)]

def build_day(epochs):
    past = keras.Input((12, 2))
    calendar = keras.Input((76,))
    outputs = network("LSTM", past, calendar, n_outputs=24)
    model = keras.Model([past, calendar], outputs)
    return compiled(model, epochs * math.ceil(len(train) / BATCH), rate=0.015)

def train_day(epochs, model):
    change = (next_day[train] - demand[train - 1, None]) / unit[0]
    model.fit(day_inputs(train), change, batch_size=BATCH, epochs=epochs, verbose=0)
    change = keras.ops.convert_to_numpy(model(day_inputs(starts)))
    return {"day": demand[starts - 1, None] + unit[0] * change}  # MW, (starts, 24)

# %%
lengths = {"direct, 3 epochs": EPOCHS, "direct, 9 epochs": 3 * EPOCHS}
builders = {name: partial(build_day, epochs) for name, epochs in lengths.items()}
trains = {name: partial(train_day, epochs) for name, epochs in lengths.items()}
direct = dlcourse.repeat(RUNS, builders, trains, reseed=False)
for name in lengths:
    days = direct.loc[direct["contender"] == name, "day"]
    by_hour[name] = [mae(forecast, next_day[starts]) for forecast in days]

day = pd.DataFrame({name: np.mean(each, axis=1) for name, each in by_hour.items()})
show_spread(day, "MW")
off = day.mean()
ahead = pd.DataFrame({name: np.mean(each, axis=0) for name, each in by_hour.items()})
ahead.index = range(1, 25)  # hours ahead
print(ahead.loc[[1, 2, 4, 8, 14, 20, 24]].map("≈ {:.1f} MW".format).to_string())
claim("with equal epochs, the recursion is ≈ {:.1f} MW better than the direct network",
      off["direct, 3 epochs"] - off["recursive"], at_least=1)
claim("three times the epochs take ≈ {:.1f} MW off the direct one",
      off["direct, 3 epochs"] - off["direct, 9 epochs"], at_least=1)

# %% [markdown]
# After equal epochs the recursion wins. But the direct network has 24 tasks to learn: after nine epochs it is
# ahead in the rows from the fourth hour to the fourteenth, and later about level. In ten trainings beside
# this notebook, with nine epochs each, the recursion reached 18.7 ± 0.1 MW (with the true weather 6.9 ± 0.3),
# the direct network 17.4 ± 0.2. **Equal epochs are not equal terms.**
#
# And the best reachable error? The noise is $u_i = 0.6\,u_{i-1} + \varepsilon_i$: each shock $\varepsilon_i$
# fades. What nobody can foretell of it has a standard deviation of 5 MW one hour ahead, $5\sqrt{1 + 0.36}$ =
# 5.8 MW two hours ahead, and at last $5/\sqrt{1 - 0.36}$ = 6.25 MW. The mean size of normal noise is 80 % of
# that: 4.0, 4.7 and 5.0 MW.
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
axis.set(xlabel="day in service, from 1 October", ylabel="MAE (MW), log scale",
         title="The faults vanish when mended, the step of November stays")
plots.show("Daily error in service: with faulty readings it jumps on the days of the"
           " faults; with mended ones only from day 36 on, and there it stays.")

# %% [markdown]
# One reading of 0 MW spoils the twelve windows in which it stands, and most of all the forecast right after
# it, which starts from that 0. **Check the range of every input**, mark what is impossible as missing, and
# carry the last good value forward. (Unlike `interpolate`, that never looks ahead.) A fault that stays within
# the range is harder: then only the residual tells.
#
# Mended readings leave one cause for alarm, and it is real: the error stays high on working days and falls
# back on free days. A factory with two shifts has closed, says the card, on 6 November. The forecast still
# expects the shifts to begin at 6:00 and to end at 22:00. The remedy is training on newer data.
#
# The same alarm serves **predictive maintenance**. A model of a machine's *normal* behavior forecasts its temperature, current or
# vibration. When the residual grows and stays, perhaps a bearing wears or a sensor drifts, and it can be replaced before the machine stops.
#
# ## Going further: two more real series
#
# The `full` profile asks the same models, after 15 epochs, for the next day, on downloaded data: the daily
# minimum temperature in **Melbourne** (judged on 1990), and the daily boardings of **Chicago's** trains, with
# those of the buses and the type of the day as further inputs (judged on 2019). Mean absolute errors, ± over
# 15 trainings (three runs of the profile):
#
# | | Melbourne (°C) | Chicago (persons) |
# |---|---|---|
# | last value | 2.02 | 134,739 |
# | same day last year; last week | 2.87 | 63,721 |
# | linear | 1.73 | 38,112 |
# | dense | 1.79 ± 0.02 | 30,763 ± 1,104 |
# | Conv1D | 2.00 ± 0.04 | 39,312 ± 3,463 |
# | SimpleRNN | 1.72 ± 0.02 | 34,561 ± 1,465 |
# | LSTM | 1.69 ± 0.01 | 43,273 ± 1,136 |
# | GRU | 1.69 ± 0.01 | 43,748 ± 1,242 |
#
# In Melbourne the recurrent networks are about level with the line; in Chicago the dense network and the
# `SimpleRNN` beat it, and the two with gates do not.

# %%
if lesson.profile == "full":
    study_real_series(READERS, network, compiled, RUNS)

# %% [markdown]
# ## Quiz

# %%
quiz("42")

# %% [markdown]
# ## Summary
#
# - A window is $s$ values; its target lies *after* it. Check one pair by eye.
# - Split by time, with a gap as long as the targets overlap.
# - Simple rules first. Give errors in the unit of the series, beside the best rule.
# - Where a series climbs, forecast the change: the level is what the training has never seen.
# - A network earns its keep where inputs change each other's meaning.
# - No forecast knows what the past and the calendar do not tell.
# - Residuals that repeat: something is left to learn.
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
# - [Makridakis, Spiliotis and Assimakopoulos, *The M4 Competition*
#   (2018)](https://doi.org/10.1016/j.ijforecast.2018.06.001): of six pure machine-learning entries, only one beat a seasonally adjusted
#   "last value".
# - [Zeng and others, *Are Transformers Effective for Time Series Forecasting?*
#   (2022)](https://arxiv.org/abs/2205.13504): linear models that beat several Transformers (lesson 45).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [43 · Text classification](43_text_classification.ipynb). Read the sentiment of a sentence, and see what is lost without word order. **Before:** [41 · Recurrent networks](41_recurrent_networks.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+42%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/43_text_classification.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/41_recurrent_networks.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
