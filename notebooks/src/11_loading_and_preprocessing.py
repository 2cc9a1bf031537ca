# ---
# jupyter:
#   dlcourse:
#     title: Loading and preprocessing
#     subtitle: Find what is wrong with a table, mend it, and feed it to a network
#     minutes: 62
#     further: 8
#     seconds: 28
#     needs: ["00"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "cleaning is a chore before the learning, and changes little"
#       stop: "section 4; break and fix"
#       ask: "\"Which rows did this number come from?\" Repeat it for every step"
#       stuck: "the indicator (3): \"What does an empty cell tell you?\""
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 11 · Loading and preprocessing
#
# *Find what is wrong with a table, mend it, and feed it to a network*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/11_loading_and_preprocessing.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/11_loading_and_preprocessing.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/11_loading_and_preprocessing.ipynb)
#
# **Your time:** 62 minutes, and 8 for *Going further* · **The notebook runs in:** about 28 s on two CPU cores · **Before this:** lesson 00

# %% [markdown]
# ## You will be able to
#
# 1. Read a table from a file, find its wrong rows in a picture, and mend them by a rule.
#    *(sections 1 and 2 · exercise 11.1)*
# 2. Turn categories and gaps into numbers that tell a network nothing false.
#    *(section 3 · exercises 11.2 and 11.3 · quiz)*
# 3. Scale numbers, with statistics from the training rows only. *(section 4 · exercise 11.3)*
# 4. Feed a network in batches, and say whether it beats a fair baseline.
#    *(section 5 · exercise 11.4 · quiz)*

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
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from PIL import Image
from sklearn import preprocessing
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_diabetes
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import ShuffleSplit, cross_val_predict, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz
from dlcourse.exercises.lesson_11 import train_on_cars

lesson = dlcourse.start("11", profile=PROFILE, seed=SEED)

import keras
from keras import layers, ops

# %% [markdown]
# ## 1 · A table that a network cannot eat
#
# An estate agency sends you its sales of five years and asks for a network that prices houses. The sales are
# **generated**, by a formula on the card `data/house_prices.md`: for once we know the truth. A second
# file holds the price level of each month.

# %%
raw = pd.read_csv(datasets.embedded("house_prices.csv"), parse_dates=["sold_on"])
index = np.loadtxt(datasets.embedded("price_index.txt"))  # columns: year, month, index
houses = raw.copy()  # to be mended; raw stays as it is
month = 12 * (houses["sold_on"].dt.year - 2019) + houses["sold_on"].dt.month - 1
last = (month - 1).clip(lower=0)  # a month's own index comes too late
houses["price_index"] = index[last, 2]
print(f"{raw.shape[0]} rows, {raw.shape[1]} columns; index of shape {index.shape}")
houses.head(3)

# %% [markdown]
# Prices are in euros, energy classes run from A (best) to G, and a surveyor scores houses from 0 to 100.
#
# `fit` shows a network a **batch** of rows at a time, here 128, and corrects the weights after each. The loss `mae` is
# the mean absolute error.
#
# **Predict.** Some cells of the table are empty. Will Keras raise an error, skip those rows, or do something else?

# %%
numeric = houses.select_dtypes("number")
x = numeric.drop(columns="price").to_numpy("float32")
y = numeric["price"].to_numpy("float32")
model = keras.Sequential([layers.Dense(16, activation="tanh"), layers.Dense(1)])
model.compile("adam", loss="mae")
history = model.fit(x, y, batch_size=128, epochs=2, verbose=0)
print(f"rows with an empty cell: {np.isnan(x).any(axis=1).mean():.1%}")
print("loss after each epoch:", history.history["loss"])

# %% [markdown]
# No error, no warning: an empty cell is read as `nan`, *not a number*, and any sum with `nan` is `nan`. One gap in the
# first batch makes the loss `nan`, then the **gradient** (which says how to correct the weights), then every weight.
#
# Do not rely on seeing it: on some systems, `relu` in place of `tanh` turns `nan` into 0, and the loss may stay finite.
# Ask the table: `np.isnan(x).any()`.
#
# ## 2 · Look before you train
#
# Each sale is a dot, on logarithmic axes. What does not belong?

# %% tags=["hide-input"]
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4))
left.loglog(raw["size_m2"], raw["price"], ".", ms=4, alpha=0.5)
turn = np.linspace(0, 2 * np.pi, 100)
for size, price, wide, tilt, high, label, at in (
    (1120, 400_000, 0.33, 0.2, 0.4, "ft²?", (1000, 95_000)),
    (105, 30_000, 0.36, 0.35, 0.44, "digit missing?", (260, 20_000)),
):
    up = tilt * np.cos(turn) + high * np.sin(turn)
    left.plot(size * 10 ** (wide * np.cos(turn)), price * 10**up, color=plots.VERMILION)
    left.text(*at, label, color=plots.VERMILION, fontsize=12)
left.set(xlabel="size (m²)", ylabel="price (€)", title="Two islands beside the cloud")
gaps = 100 * raw.isna().mean()[::-1]
bars = middle.barh(gaps.index, gaps, color=plots.ORANGE)
middle.bar_label(bars, [f"{gap:.0f} %" if gap else "" for gap in gaps], padding=3)
middle.set(xlabel="empty cells (%)", xlim=(0, 24))
middle.set(title="Of ten columns, two have gaps")
has_survey = raw["survey_score"].notna()
prices = [raw["price"][has_survey] / 1000, raw["price"][~has_survey] / 1000]
right.boxplot(prices, tick_labels=["surveyed", "no survey"], whis=(5, 95),
              showfliers=False, widths=0.5, medianprops={"lw": 3})  # fmt: skip
right.set(ylabel="price (thousand €), 5 % to 95 %", title="No survey, lower price")
plots.show("Price against size: a long cloud; an island to its right, labeled ft²?; one"
           " below, labeled digit missing?. Bars: age_years lacks 5 % of its cells,"
           " survey_score 18 %. Boxes: no survey, lower price.")  # fmt: skip

# %% [markdown]
# - On the right: sizes of 600 to 2,000 m². These houses are about 10 times too large for their price, and 1 m² is
#   10.764 ft²: **typed in square feet**.
# - Below: about a tenth of the usual price. **A digit is missing.**
# - The gaps of `survey_score` are no accident: those houses are cheaper (section 3).
#
# The agency tells you: its houses have 30 to 280 m², and none was sold for less than €1,200 per m².
#
# ### Exercise 11.1
#
# New sales come as files like this one, with `?` where a size is not known:
#
# ```
# street,size_m2,bedrooms
# Birch Way,104,4
# Elm Road,1184,4
# Mill Lane,?,2
# ```
#
# Write `read_sizes(path)` for such a file: return the column `size_m2`, wherever it stands, as a 1-D array in which
# the sizes typed in ft² are converted to m². A `?` becomes `nan`, and all other sizes stay as they are.
#
# <details><summary>Hint 1</summary>Section 1 reads a file like this. But a single <code>?</code> makes the whole
# column text, unless the option <code>na_values</code> says what stands for a gap.</details>
# <details><summary>Hint 2</summary>Which numbers can be no size in m² here? And how many ft² has the smallest
# house?</details>
# <details><summary>Hint 3</summary><code>np.where(condition, a, b)</code> takes <code>a</code> where the condition
# holds, else <code>b</code>, row by row. <code>nan &gt; 300</code> is false.</details>

# %% tags=["exercise"]
# Exercise 11.1: the sizes in a file in m², also those that were typed in ft².
def read_sizes(path):
    ...  # your code here

# %%
check("11.1", read_sizes)

# %% tags=["solution"]
# @title Solution 11.1
def read_sizes_solution(path):
    sizes = pd.read_csv(path, na_values="?")["size_m2"]
    return np.where(sizes > 300, sizes / 10.764, sizes)

check("11.1", read_sizes_solution)
mended = read_sizes_solution(datasets.embedded("house_prices.csv"))
print(f"{len(mended)} sizes, {mended.min():.0f} to {mended.max():.0f} m²")

# %% [markdown]
# Do so few dots matter? In the formula, price grows as $\text{size}^{0.85}$: on logarithmic axes, a slope of 0.85.

# %%
def slope(table):
    return np.polyfit(np.log(table["size_m2"]), np.log(table["price"]), deg=1)[0]

in_feet = raw["size_m2"] > 300
houses["size_m2"] = raw["size_m2"].where(~in_feet, raw["size_m2"] / 10.764)
lacks_digit = raw["price"] / houses["size_m2"] < 1200
houses["price"] = raw["price"].where(~lacks_digit, raw["price"] * 10)
print(f"mended: {in_feet.sum()} sizes and {lacks_digit.sum()} prices")
print(f"slope before: {slope(raw):.2f}, after: {slope(houses):.2f}")
claim("23 wrong rows of 2000 flatten the slope to ≈ {:.2f}", slope(raw), at_most=0.70)

# %% [markdown]
# We mended by a **rule with a reason**. Never drop a row because a model predicts it badly: a castle costs a lot,
# and stays.
#
# ## 3 · Categories and gaps
#
# Now 400 houses become the **test set**: from here on they decide nothing, and are opened once, at the end.
#
# We predict the **logarithm** of the price: an error of 0.10 in it is about 10 %. The model, linear regression, is a
# weighted sum of the columns. It is fitted to nine tenths of the rows and predicts the other tenth, the *validation
# rows*. Ten such rounds give each row its turn.

# %%
letters = {"A": 0, "B": 1, "C": 2, "D": 3, "E": 4, "F": 5, "G": 6}
houses["energy"] = houses["energy_class"].map(letters)
work, test = train_test_split(houses, test_size=0.2, random_state=lesson.seed)
log_price = np.log(work["price"])

def prediction_errors(model, x):
    """Return predicted minus true ln(price) of each row, in its turn to validate."""
    return cross_val_predict(model, x, log_price, cv=10) - log_price

# %% [markdown]
# Energy classes have an order, here with even steps: one number will do. `location` has none. Why not center = 0,
# harbor = 1, …, village = 4? A model multiplies the code by a weight: prices would have to rise, or fall, in even steps
# along the alphabet. **One-hot encoding** gives each location its own column: lakeside becomes $(0, 0, 1, 0, 0)$.

# %%
plain = work[["bedrooms", "distance_km", "energy"]].assign(
    log_size=np.log(work["size_m2"]), log_index=np.log(work["price_index"])
)
as_codes = plain.assign(location=work["location"].astype("category").cat.codes)
one_hot_location = plain.join(pd.get_dummies(work["location"], dtype=float))
mae_codes = prediction_errors(LinearRegression(), as_codes).abs().mean()
mae_one_hot = prediction_errors(LinearRegression(), one_hot_location).abs().mean()
print(f"mean absolute error: codes ≈ {mae_codes:.3f}, one-hot ≈ {mae_one_hot:.3f}")
claim("codes make the error ≈ {:.0f} % larger",
      100 * (mae_codes / mae_one_hot - 1), at_least=25)
one_hot_location.head(2).round(2)

# %% [markdown]
# `pd.get_dummies` made a column for each location that occurs. But new rows may lack one, or bring another.
#
# ### Exercise 11.2
#
# Write `one_hot(values, categories)` for two lists of texts: return an array with a row for each value and a column for
# each category, 1 where they agree, else 0. So `one_hot(["b", "z"], ["a", "b", "c"])` is `[[0, 1, 0], [0, 0, 0]]`.
#
# A loop is welcome. Shorter is *broadcasting*: `a[:, None]` turns an array of shape `(3,)` into a column, `(3, 1)`, and
# `a[:, None] < b` compares each element of `a` with each of `b`.
#
# <details><summary>Hint 1</summary>A list as a whole equals no text. <code>np.array(values) == category</code>
# compares value by value.</details>
# <details><summary>Hint 2</summary>With a loop: begin with a table of zeros, and fill one column for each category.
# Without: which of the two lists, as an array, has to be the column, so that each value gets a row?</details>

# %% tags=["exercise"]
# Exercise 11.2: a column for each category.
def one_hot(values, categories):
    ...  # your code here

# %%
check("11.2", one_hot)

# %% tags=["solution"]
# @title Solution 11.2
def one_hot_solution(values, categories):
    return (np.array(values)[:, None] == np.array(categories)).astype(float)

check("11.2", one_hot_solution)
print(one_hot_solution(["lakeside", "island"], ["center", "harbor", "lakeside"]))

# %% [markdown]
# Now the gaps. Fill each with $m$, the mean of the column over the training rows, and mark it in a second column, the
# **indicator** $r$:
#
# $$x' = \begin{cases} x & \text{if present}\\ m & \text{if missing}\end{cases}\qquad
#   r = \begin{cases} 0 & \text{if present}\\ 1 & \text{if missing}\end{cases}$$
#
# So the scores 70, –, 50 become $(70, 0), (60, 1), (50, 0)$.
#
# **Predict.** Filled with the mean, without indicator: will the prices predicted for houses without a survey be too
# high, too low, or right on average?

# %%
features = one_hot_location.assign(
    survey=work["survey_score"], age=work["age_years"],
    age_squared=work["age_years"] ** 2,  # historic houses regain value: a bend
)  # fmt: skip
unsurveyed = work["survey_score"].isna()
bias = {}  # the indicators mark the gaps of survey and of age
for indicator in (False, True):
    model = make_pipeline(SimpleImputer(add_indicator=indicator), LinearRegression())
    bias[indicator] = prediction_errors(model, features)[unsurveyed].mean()
    print(f"indicator {indicator!s:5}: unsurveyed houses ≈ {bias[indicator]:+.3f} off")
claim("filled with the mean, they are overpriced by ≈ {:.2f}", bias[False],
      at_least=0.12)
claim("with the indicator ≈ {:.1f} % of that is left",
      100 * abs(bias[True]) / bias[False], at_most=2)

# %% [markdown]
# Whoever expects a bad score declines the survey. The gap itself is information (*missing not at random*), and the
# mean told the model a lie: *average condition*. The indicator's weight corrects it on average. Dropping incomplete
# rows solves nothing: the next house without a survey needs a price, too.

# %% [markdown]
# ## 4 · The same scale for all columns
#
# Sizes run to 280, bedrooms to 7. A **z-score** subtracts the column's mean $\mu$ and divides by its standard deviation
# $\sigma$:
#
# $$x' = \frac{x - \mu}{\sigma}.$$
#
# The sizes 60, 120, 90 have $\mu = 90$ and $\sigma = \sqrt{(30^2 + 30^2 + 0^2)/3} = 24.5$, so 60 m² become
# $-30/24.5 = -1.22$.
#
# **Predict.** The same network learns from the same rows, raw and as z-scores. Will the raw columns have caught up after
# ten epochs? (The target is $\ln(\text{price} / \text{median price})$: 0 is the typical house. The *learning rate*, the
# size of the steps, is the one of four that suits the raw columns best.)

# %%
numbers = [*numeric.columns.drop("price"), "energy"]
train, val = train_test_split(work, test_size=0.2, random_state=lesson.seed)
y_train = np.log(train["price"] / train["price"].median()).to_numpy("float32")
x_raw = train[numbers].fillna(train[numbers].median()).to_numpy("float32")
x_scaled = (x_raw - x_raw.mean(axis=0)) / x_raw.std(axis=0)

def build(n_columns, learning_rate=0.03):
    hidden = [layers.Dense(32, activation="relu"), layers.Dense(32, activation="relu")]
    network = keras.Sequential([keras.Input((n_columns,)), *hidden, layers.Dense(1)])
    network.compile(keras.optimizers.Adam(learning_rate), loss="mae")
    return network

def loss_curve(network, x):
    untrained = network.evaluate(x, y_train, batch_size=128, verbose=0)
    history = network.fit(x, y_train, batch_size=128, epochs=10, verbose=0)
    return {"curve": [untrained, *history.history["loss"]]}

# %%
trainings = {"raw columns": lambda network: loss_curve(network, x_raw),
             "z-scores": lambda network: loss_curve(network, x_scaled)}  # fmt: skip
new_network = dict.fromkeys(trainings, lambda: build(len(numbers)))
# three trainings each, from fresh weights, in one order of batches (which is quicker)
runs = dlcourse.repeat(3, new_network, trainings, reseed=False, steps_at_once=10)
raw_curves, scaled_curves = np.reshape([*runs["curve"]], (2, 3, 11))
guess = np.abs(y_train - np.median(y_train)).mean()  # the median for every house
raw_loss, scaled_loss = raw_curves[:, -1].mean(), scaled_curves[:, -1].mean()
print(f"last loss: raw ≈ {raw_loss:.2f}, z-scores ≈ {scaled_loss:.2f}")
claim("after ten epochs the raw columns' loss is ≈ {:.1f} times as high",
      raw_loss / scaled_loss, at_least=1.25)

# %% tags=["hide-input"]
plt.figure(figsize=(7.5, 3.8))
for curves, color, style, name in (
    (raw_curves, plots.VERMILION, "--", "raw columns"),
    (scaled_curves, plots.BLUE, "-", "z-scores"),
):
    plt.plot(curves.T, style, color=color)
    plt.text(10.15, 0.9 * curves[:, -1].mean(), name, color=color, va="center")
plt.axhline(guess, color="black", lw=1, linestyle=":")
plt.text(10.15, 1.04 * guess, "guess: the median", va="bottom")
plt.yscale("log")
plt.xlim(-0.3, 13)
plt.xticks(range(11))
plt.title("Raw columns do not catch up in ten epochs")
plt.xlabel("epoch (0: untrained)")
plt.ylabel("training loss (mean absolute error)")
plots.show("Loss by epoch, three runs each: on raw columns it starts high and after ten"
           " epochs is about that of a guess; on z-scores it is lower.")  # fmt: skip

# %% [markdown]
# They have not. Numbers in the hundreds make the first outputs far too large (epoch 0). Even when that is undone, the
# raw columns stay behind.
#
# $\mu$ and $\sigma$ are *learned from data*, like weights. They come from the training rows and are applied, unchanged,
# to every other row.
#
# ### Exercise 11.3
#
# Write `fill_and_scale(train, new)` for arrays of shape `(rows, columns)` with gaps: return `new` with twice as many
# columns. First the z-scores, gaps filled by the mean; then the indicator (0 or 1) of each column. Means and standard
# deviations are those of `train`. So with `train = [[1], [3]]`, `new = [[nan], [4]]` becomes `[[0, 1], [2, 0]]`.
#
# <details><summary>Hint 1</summary>A new house arrives alone. What would its own mean and
# standard deviation be?</details>
# <details><summary>Hint 2</summary><code>np.nanmean</code> and <code>np.nanstd</code> ignore gaps; with
# <code>axis=0</code> you get a number for each column. <code>np.isnan(new)</code> finds the gaps.</details>
# <details><summary>Hint 3</summary><code>np.where(gap, mean, new)</code> fills, and <code>np.hstack</code> puts two
# tables side by side.</details>

# %% tags=["exercise"]
# Exercise 11.3: new rows filled, scaled and marked, with the training rows' statistics.
def fill_and_scale(train, new):
    ...  # your code here

# %%
check("11.3", fill_and_scale)

# %% tags=["solution"]
# @title Solution 11.3
def fill_and_scale_solution(train, new):
    mean, std = np.nanmean(train, axis=0), np.nanstd(train, axis=0)
    gap = np.isnan(new)
    return np.hstack([(np.where(gap, mean, new) - mean) / std, gap])

check("11.3", fill_and_scale_solution)
gappy = raw[["age_years", "survey_score"]].to_numpy()
print(fill_and_scale_solution(gappy[3:], gappy[:3]).round(1))

# %% [markdown]
# ## 5 · The whole way
#
# A column transformer fills, marks and scales the numbers and one-hot encodes the category: one object, fitted to
# the training rows only. A location that these lack becomes a row of zeros.

# %%
def prepare(train, other, numbers, category):
    """Return x of both tables; all that is learned comes from train."""
    fill_and_scale = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    encode = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    columns = make_column_transformer((fill_and_scale, numbers), (encode, [category]))
    return columns.fit_transform(train), columns.transform(other)

# %% [markdown]
# The network gets batches of 32 rows: `fit` puts the rows into a new order in each epoch, and cuts it. The learning
# rate falls from 0.01 to 0 along a cosine: large steps first, fine ones last.

# %%
def network_for(x, epochs):
    steps = epochs * len(x) // 32
    rate = keras.optimizers.schedules.CosineDecay(0.01, steps)
    return build(x.shape[1], rate)

def network_error(network, epochs, x_train, x_val, y_train, y_val):
    """Train the network; return its mean absolute error on the validation rows."""
    typical = np.median(y_train)  # the network learns the difference from it
    network.fit(x_train, y_train - typical, batch_size=32, epochs=epochs, verbose=0)
    y_hat = typical + ops.convert_to_numpy(network(x_val))[:, 0]
    return np.abs(y_hat - y_val).mean()

def line_error(x_train, x_val, y_train, y_val):
    line = LinearRegression().fit(x_train, y_train)
    return np.abs(line.predict(x_val) - y_val).mean()

# %% [markdown]
# An error means little without a **baseline**, a simple model to beat: here a line (linear regression) on the same
# columns. Even the formula errs by 0.107 on average, and by more where a cell is empty: noise and the standing of the
# street are in none of our columns.
#
# **Predict.** Line or network: who wins on five random splits, without the test set?

# %%
def compete(table, numbers, category, target, epochs=10):
    """Return the validation errors of line and network, a row per split."""
    y, data = np.log(table[target]).to_numpy(), []
    splits = ShuffleSplit(5, test_size=0.2, random_state=lesson.seed)
    for train, val in splits.split(table):
        x = prepare(table.iloc[train], table.iloc[val], numbers, category)
        data.append((*x, y[train], y[val]))
    errors = dlcourse.repeat(  # a fresh network for each split
        5, {"network": lambda: network_for(data[0][0], epochs)},
        lambda network, split: network_error(network, epochs, *data[split]),
        reseed=False, steps_at_once=20,
    )  # fmt: skip
    errors.insert(0, "line", [line_error(*split) for split in data])
    return errors.assign(lead=errors["line"] - errors["network"])  # of the network

def summary(errors):
    return errors.agg(["mean", "min", "max"]).map("≈ {:.3f}".format)

first = compete(work, numbers, "location", "price")
claim("on the same columns the network leads by ≈ {:.3f}",
      first["lead"].mean(), at_least=0.012)
summary(first)

# %% [markdown]
# In the formula, $\ln(\text{price})$ grows with $\ln(\text{size})$, falls with age and rises again for historic
# houses. A line cannot bend. We give **both** two more columns, `ln(size)` and `age²`.

# %%
def with_bends(table):
    return table.assign(log_size=np.log(table["size_m2"]), bend=table["age_years"] ** 2)

more_numbers = [*numbers, "log_size", "bend"]
second = compete(with_bends(work), more_numbers, "location", "price")
claim("two columns bring the line's error down by ≈ {:.3f}",
      (first["line"] - second["line"]).mean(), at_least=0.025)
claim("and now the line leads by ≈ {:.3f}", -second["lead"].mean(), at_least=0.0005)
summary(second)

# %% [markdown]
# Where you know the formula, put it into columns. We choose the line, fit it to all 1,600 rows, and open the test set:

# %%
x_work, x_test = prepare(with_bends(work), with_bends(test), more_numbers, "location")
line = LinearRegression().fit(x_work, log_price)
misses = np.abs(line.predict(x_test) - np.log(test["price"]))
spread = misses.std() / np.sqrt(len(misses))  # standard error of the mean
print(f"test error ≈ {misses.mean():.3f}, uncertain by ≈ {2 * spread:.3f}")

# %% [markdown]
# That is what validation promised, within the uncertainty.
#
# And **real** data? *Auto MPG*: 398 cars of 1970 to 1982, and their miles per gallon, `mpg`. Nobody hands us a formula.
# We predict `ln(mpg)`, and give both three logarithms, too.

# %%
cars = datasets.auto_mpg().frame
car_numbers = [*cars.select_dtypes("number").columns.drop("mpg")]
logs = {f"log_{c}": np.log(cars[c]) for c in ("displacement", "horsepower", "weight")}
cars_with_logs, with_logs = cars.assign(**logs), [*car_numbers, *logs]
on_cars = compete(cars_with_logs, with_logs, "origin", "mpg", epochs=15)  # few rows
print(f"the network leads in ≈ {(on_cars['lead'] > 0).sum()} of 5 splits")
summary(on_cars)

# %% [markdown]
# Judge by the lead: in each split both answer for the same 80 cars, and easy ones help both. On average the network is
# ahead, but by little, and the splits share cars: a hint, no proof.
#
# ## Break and fix
#
# A colleague trains a network on five columns of the cars. He fills and scales as you do, and cuts the batches with a
# function of his own. (`train_on_cars` calls it once an epoch.)

# %%
def colleagues_batches(x, y, size, rng):
    x, y = rng.permutation(x), rng.permutation(y)
    return [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]

mae = train_on_cars(colleagues_batches, lesson.seed)
print(f"training error ≈ {mae:.1f} mpg")
guess = (cars["mpg"] - cars["mpg"].median()).abs().mean()
print(f"guessing the median: {guess:.1f} mpg")

# %% [markdown]
# No error message, and all shapes are right. Yet on its own training rows, the network hardly beats a guess.
#
# ### Exercise 11.4
#
# Find out why, and write `batches(x, y, size, rng)` without the fault. Return a list of pairs `(x_batch, y_batch)`, in
# a random order drawn with `rng`, each row exactly once, `size` rows in a batch (the last may have fewer).
#
# <details><summary>Hint 1</summary>Call it with <code>x = np.arange(6)</code> and <code>y = 10 * x</code>, and
# look at one pair.</details>
# <details><summary>Hint 2</summary>Draw one order, <code>order = rng.permutation(len(x))</code>, and index both
# arrays with it.</details>

# %% tags=["exercise"]
# Exercise 11.4: shuffled batches from which a network can learn.
def batches(x, y, size, rng):
    ...  # your code here

# %%
check("11.4", batches)

# %% tags=["solution"]
# @title Solution 11.4
def batches_solution(x, y, size, rng):
    order = rng.permutation(len(x))
    starts = range(0, len(x), size)
    return [(x[order[i : i + size]], y[order[i : i + size]]) for i in starts]

check("11.4", batches_solution)
print(f"training error ≈ {train_on_cars(batches_solution, lesson.seed):.1f} mpg")

# %% [markdown]
# ## Quiz

# %%
quiz("11")

# %% [markdown]
# ## Summary
#
# - Look at every table before training: one empty cell can turn every weight into `nan`.
# - Mend errors by a rule with a reason.
# - Categories without order: one-hot. With order: a number. Gaps: fill, and add an indicator.
# - Whatever is learned from data is learned from the training rows.
# - Give the baseline the same columns before you praise the network.
#
# ## Common mistakes
#
# - *`loss: nan`*: an empty cell or an infinite value in `x` or `y`.
# - *The loss hardly falls*: `nan` behind a `relu`, or rows of `x` and `y` that do not belong together.
#
# ## Read more
#
# - [Preprocessing data](https://scikit-learn.org/stable/modules/preprocessing.html), scikit-learn.
# - [Working with preprocessing layers](https://keras.io/guides/preprocessing_layers/), Keras.
# - [Better performance with tf.data](https://www.tensorflow.org/guide/data_performance), TensorFlow.
# - The cars, at [UCI](https://archive.ics.uci.edu/dataset/9/auto+mpg) (Quinlan, 1993).
#
# ## Going further: other files
#
# A picture is an array of numbers from 0 to 255. Sets that come with scikit-learn are mostly clean already. In the
# diabetes set, no patient is −0.11 years old: someone scaled the ages. Read the description first. The cars are handed
# around as plain text, with `?` where the horsepower is not known: `np.loadtxt` stops there, `np.genfromtxt` writes `nan`.

# %%
folder = Path(tempfile.mkdtemp())
Image.fromarray(datasets.pictures().images["coins"]).save(folder / "coins.png")
picture = np.asarray(Image.open(folder / "coins.png"))
print("picture of shape", picture.shape, picture.dtype, "up to", picture.max())
age = load_diabetes(as_frame=True).data["age"]
print(f"ages of {len(age)} patients: from {age.min():.2f} to {age.max():.2f}")
cars_file = folder / "cars.txt"
cars_file.write_text("# mpg horsepower weight\n28.0 90.0 2264\n25.0 ? 2046\n")
print(np.genfromtxt(cars_file, ndmin=2))  # a line that begins with # is a comment

# %% [markdown]
# ## Going further: more on scaling
#
# Where the range is known, as for pixels of 0 to 255, **min–max** suffices. Each formula has a tool in scikit-learn and
# in Keras. (`Rescaling` multiplies by a `scale` and adds an `offset`.)
#
# | name | formula | over | gives |
# |---|---|---|---|
# | min–max | $x' = (x - x_{\min})\,/\,(x_{\max} - x_{\min})$ | a column | 0 to 1 |
# | z-score | $x' = (x - \mu)\,/\,\sigma$ | a column | mean 0, standard deviation 1 |
# | unit norm | $x' = x \,/\, \lVert x\rVert_2,\ \ \lVert x\rVert_2 = \sqrt{\sum_j x_j^2}$ | **a row** | length 1 |

# %%
x_small = np.array([[60, 2], [120, 4], [90, 6]], dtype="float32")  # m², bedrooms
low, high = x_small.min(axis=0), x_small.max(axis=0)  # shape (2,): one per column
mu, sigma = x_small.mean(axis=0), x_small.std(axis=0)
by_hand = {
    "min-max": (x_small - low) / (high - low),
    "z-score": (x_small - mu) / sigma,
    "unit norm": x_small / np.linalg.norm(x_small, axis=1, keepdims=True),  # per row
}
for name, scaled in by_hand.items():
    print(f"{name:9}", *(f"({a:5.2f}, {b:5.2f})" for a, b in scaled), sep="   ")

min_max = layers.Rescaling(scale=1 / (high - low), offset=-low / (high - low))
z_score = layers.Normalization()
z_score.adapt(x_small)  # computes μ and σ, as scikit-learn's fit does
tools = {
    "min-max": (preprocessing.MinMaxScaler(), min_max),
    "z-score": (StandardScaler(), z_score),
    "unit norm": (preprocessing.Normalizer(), layers.UnitNormalization()),
}
for name, (sklearn_tool, keras_layer) in tools.items():
    one, two = sklearn_tool.fit_transform(x_small), keras_layer(x_small)
    same = [np.allclose(by_hand[name], one), np.allclose(one, two, atol=1e-6)]
    print(f"{name}: the same by scikit-learn and by Keras: {same}")

# %% [markdown]
# Unit norm made the first two houses equal: it keeps the *proportions* of a row and discards its size. Right for
# word counts of long and short texts, fatal for houses.
#
# The raw columns of section 4 learned at a rate of 0.03. Here are the other three rates, once each:

# %%
def at_rate(rate):
    def train_raw(network):
        network.optimizer.learning_rate = rate
        return loss_curve(network, x_raw)
    return train_raw

rates = {rate: at_rate(rate) for rate in (0.003, 0.01, 0.1)}
new_network = dict.fromkeys(rates, lambda: build(len(numbers)))
runs = dlcourse.repeat(1, new_network, rates, reseed=False, steps_at_once=10)
for rate, curve in zip(rates, runs["curve"], strict=True):
    print(f"raw columns, rate {rate}: loss ≈ {curve[-1]:.2f}")

# %% [markdown]
# **Predict.** One house of 200 is typed in square feet, about 1,200 instead of 110. How much of the range from 0 to 1
# do the other 199 fill after min–max: all, half, a fifth? Move the slider. (The top row subtracts the median and
# divides by the interquartile range, as scikit-learn's `RobustScaler` does.)

# %%
others = houses["size_m2"].to_numpy()[:199]
scatter = np.random.default_rng(0).uniform(-0.25, 0.25, size=199)

def one_typing_error(typed_size=1200):
    sizes = np.append(others, typed_size)
    low, q1, middle, q3, high = np.quantile(sizes, [0, 0.25, 0.5, 0.75, 1])
    lines = {
        "min–max": (sizes - low) / (high - low),
        "z-score": (sizes - sizes.mean()) / sizes.std(),
        "median and\nquartiles": (sizes - middle) / (q3 - q1),
    }
    axis = plt.subplots(figsize=(8, 3.2))[1]
    for height, scaled in enumerate(lines.values()):
        axis.plot(scaled[:-1], height + scatter, ".", ms=5, alpha=0.6, color=plots.BLUE)
        axis.plot(min(scaled[-1], 5.9), height, "X", ms=11, color=plots.VERMILION)
    axis.set_yticks(range(3), lines)
    share = (others.max() - others.min()) / (high - low)
    axis.set_title(f"Typed as {typed_size} m²: the others fill {share:.0%} of min–max")
    axis.set(xlim=(-3, 6.1), xlabel="scaled size (× at the edge: beyond it)")

alt = "Scaled sizes of 200 houses: one typed as 1200 squeezes the others in min-max."
explore(one_typing_error, alt=alt, typed_size=(100, 3000, 50))

# %% [markdown]
# A fifth: one wrong row decides the range. Median and quartiles hardly notice it.
#
# ## Going further: a chain that feeds the network
#
# `tf.data` feeds a network, with any backend, through a chain of steps: `model.fit(chain)` takes it in place of `x` and
# `y`. `shuffle` mixes *elements*, and after `batch` the elements are whole batches: shuffle first. `prefetch` prepares
# the next batch while the network works on this one.
#
# `cache` keeps what slow steps have read. That pays for pictures, which are read and decoded in each epoch; rows in
# memory gain nothing. Here are 50 stand-ins for pictures, in three epochs:

# %%
import tensorflow as tf

rows = tf.data.Dataset.from_tensor_slices((x_work, log_price))
chain = rows.shuffle(len(x_work)).batch(32).prefetch(tf.data.AUTOTUNE)
print("one batch:", *(part.shape for part in next(iter(chain))))
opened = []

def read_files():
    for number in range(50):
        opened.append(number)  # here a file would be read
        yield number

files = tf.data.Dataset.from_generator(read_files, output_types=tf.int32)
for name, chain in {
    "read → shuffle": files.shuffle(50),
    "read → cache → shuffle": files.cache().shuffle(50),
    "read → shuffle → cache": files.shuffle(50).cache(),
}.items():
    opened.clear()
    first_order, _, last_order = [list(chain.as_numpy_iterator()) for _ in range(3)]
    print(f"{name:22}  {len(opened):3} opened, new order: {first_order != last_order}")

# %% [markdown]
# **cache → shuffle**: the files are read once, and each epoch has a new order. The other way round, the cache
# freezes the first order forever.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [12 · Images and augmentation](12_images_and_augmentation.ipynb). Turn a folder of pictures into a tensor, and find out what changed copies are worth. **Before:** [01 · What is deep learning?](01_what_is_deep_learning.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+11%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/12_images_and_augmentation.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/01_what_is_deep_learning.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
