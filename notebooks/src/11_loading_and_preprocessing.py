# ---
# jupyter:
#   dlcourse:
#     title: Loading and preprocessing
#     subtitle: Find what is wrong with a table, mend it, and feed it to a network
#     minutes: 60
#     further: 21
#     seconds: 50
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
# **Your time:** 60 minutes, and 21 for *Going further* · **The notebook runs in:** about 50 s on two CPU cores · **Before this:** lesson 00

# %% [markdown]
# ## You will be able to
#
# 1. Read a table from a file, find its wrong rows in a picture, and mend them by a rule.
#    *(sections 1 and 2 · exercise 11.1)*
# 2. Turn categories and gaps into numbers that tell a network nothing false.
#    *(section 3 · exercises 11.3 and 11.2 · quiz)*
# 3. Scale numbers, with statistics from the training rows only. *(section 4 · exercise 11.3)*
# 4. Feed a network in batches, and say whether it beats a fair baseline.
#    *(section 5 · break and fix: exercise 11.4 · quiz)*

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
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_diabetes
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_predict, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    StandardScaler,
)

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz
from dlcourse.exercises.lesson_11 import newest_index, train_on_cars

lesson = dlcourse.start("11", profile=PROFILE, seed=SEED)

import keras
from keras import layers, ops

# %% [markdown]
# ## 1 · A table that a network cannot eat
#
# An estate agency sends you its sales of five years and asks for a network that prices houses. The sales are
# **generated**, by a formula on the card `data/house_prices.md`: for once we know the truth.

# %%
path = datasets.embedded("house_prices.csv")  # where the file lies on this computer
raw = pd.read_csv(path, parse_dates=["sold_on"])
print(f"{raw.shape[0]} rows, {raw.shape[1]} columns")
raw.head(3)

# %% [markdown]
# Energy classes run from A (best) to G; a surveyor scores houses from 0 to 100.
#
# `fit` shows a network a **batch** of rows at a time, here 128, and corrects the weights after each. The loss `mae` is
# the mean absolute error. `tanh`, in place of lesson 00's `relu`, squeezes each sum to between −1 and 1.
#
# **Predict.** Some cells of the table are empty. Will Keras raise an error, skip those rows, or do something else?

# %%
numeric = raw.select_dtypes("number")  # the columns that hold numbers
x = numeric.drop(columns="price").to_numpy("float32")
y = numeric["price"].to_numpy("float32")
model = keras.Sequential([layers.Dense(16, activation="tanh"), layers.Dense(1)])
model.compile("adam", loss="mae")
history = model.fit(x, y, batch_size=128, epochs=2, verbose=0)
print(f"rows with an empty cell: {np.isnan(x).any(axis=1).mean():.1%}")
print("loss after each epoch:", history.history["loss"])

# %% [markdown]
# No error, no warning: an empty cell is read as `nan`, *not a number*, and any sum with `nan` is `nan`. One gap in the
# first batch makes the loss `nan`, then the **gradient** (which says how to correct the weights), then every weight. On
# some systems, `relu` in place of `tanh` turns `nan` into 0 and hides it. Ask the table: `np.isnan(x).any()`.
#
# ## 2 · Look before you train
#
# Each dot on the left is a sale; the axes are logarithmic.

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), width_ratios=(3, 2))
left.loglog(raw["size_m2"], raw["price"] / 1000, ".", ms=4, alpha=0.5)
left.set(xlabel="size (m²)", ylabel="price (thousand €)")
left.set_title("What does not belong?")
left.set_xticks([30, 100, 300, 1000], ["30", "100", "300", "1,000"])
left.set_yticks([10, 30, 100, 300, 1000], ["10", "30", "100", "300", "1,000"])
left.minorticks_off()
has_survey = raw["survey_score"].notna()
prices = [raw["price"][has_survey] / 1000, raw["price"][~has_survey] / 1000]
share = 100 * has_survey.mean()
names = [f"surveyed\n({share:.0f} %)", f"no survey\n({100 - share:.0f} %)"]
right.boxplot(prices, tick_labels=names, whis=(5, 95), showfliers=False,
              widths=0.5, medianprops={"lw": 3})  # fmt: skip
right.set(ylabel="price (thousand €)", title="No survey, lower price")
right.set_xlabel("line: median, box: middle half,\nwhiskers: 5 % to 95 %")
plots.show("Price against size of 2,000 houses: a long cloud, few dots far to its right"
           " and far below it. Boxes: houses without a survey sold for less.")

# %% [markdown]
# - To the right: sizes of 600 to 2,000 m², about 10 times too large for their price. And 1 m² is 10.764 ft²: **typed in
#   square feet**.
# - Below: about a tenth of the usual price. Right prices are whole hundreds, most of these are not: **the last
#   digit is missing**.
# - The gaps in `survey_score` are hardly an accident (section 3).
#
# The agency's houses have 30 to 280 m², and none was sold for less than €1,200 per m².
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
# Write `read_sizes(path)` for such a file: return its column `size_m2`, wherever it stands, as a 1-D array. Sizes typed in
# ft² are converted to m², a `?` becomes `nan`, all others stay. Here: about `[104, 110, nan]`.
#
# Your tools: `pd.read_csv(path, na_values="?")` reads a `?` as a gap, and `np.where(condition, a, b)` takes `a` where the
# condition holds, else `b`, row by row.
#
# <details><summary>Hint 1</summary>Which numbers can be no size in m² here? And how many ft² has the smallest
# house?</details>
# <details><summary>Hint 2</summary>What lies above 300 was typed in ft²: divide it by 10.764. Gaps need no care:
# <code>nan &gt; 300</code> is false, so they stay.</details>

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
# The missing digits get a rule, too:

# %%
houses = raw.copy()  # to be mended; raw stays as it is
in_feet = raw["size_m2"] > 300
houses["size_m2"] = np.where(in_feet, raw["size_m2"] / 10.764, raw["size_m2"])
lacks_digit = raw["price"] / houses["size_m2"] < 1200  # € per m²
houses["price"] = np.where(lacks_digit, raw["price"] * 10, raw["price"])
print(f"mended: {in_feet.sum()} sizes and {lacks_digit.sum()} prices")

# %% [markdown]
# We mended by a **rule with a reason**. A row that a model merely predicts badly stays: a castle costs a lot.
#
# ## 3 · Categories and gaps
#
# Energy classes have an order, here with even steps: the numbers 0 to 6 will do. And since prices moved,
# `newest_index` looks up the price level of the month before the sale.
#
# `location` has no order. Codes from 0 (center) to 4 (village) would give it one: a weighted sum has one weight
# for the code, so prices would rise, or fall, in even steps along the alphabet. **One-hot encoding** gives
# each location its own column: lakeside becomes $(0, 0, 1, 0, 0)$. (What codes cost, and exercise 11.2:
# *Going further*.)
#
# 400 houses become the **test set**, opened once in *Going further*: from here on they decide nothing. `work`
# holds the other 1,600.

# %%
houses["energy"] = houses["energy_class"].map("ABCDEFG".index)  # A: 0, …, G: 6
houses["price_index"] = newest_index(houses["sold_on"])
work, test = train_test_split(houses, test_size=0.2, random_state=lesson.seed)
features = work[["bedrooms", "distance_km", "energy"]].copy()
features["log_size"] = np.log(work["size_m2"])
features["log_index"] = np.log(work["price_index"])
features = features.join(pd.get_dummies(work["location"], dtype=float))
features.head(3).round(2).T

# %% [markdown]
# Fill each gap with $m$, the column's mean over the *training rows*, from which the model learns. And mark it
# in a second column, the **indicator** $r$:
#
# $$x' = \begin{cases} x & \text{if present}\\ m & \text{if missing}\end{cases}\qquad
#   r = \begin{cases} 0 & \text{if present}\\ 1 & \text{if missing}\end{cases}$$
#
# So the scores 70, –, 50 become $(70, 0), (60, 1), (50, 0)$. `SimpleImputer` fills; with `add_indicator=True` it marks,
# too (also the gaps in `age`; the survey's indicator alone does as much).
#
# We predict the **logarithm** of the price: an error of 0.10 is about 10 %. The model, *linear regression*, is a
# weighted sum of the columns plus a constant. Its weights are fitted, for the least squared error, to nine tenths
# of the rows. It predicts the other tenth, the *validation rows*. Ten such rounds, *cross-validation*, give each
# row its turn.
#
# **Predict.** Filled with the mean, without indicator: will the prices predicted for houses without a survey be too
# high, too low, or right on average?

# %%
features["survey"] = work["survey_score"]
features["age"] = work["age_years"]
features["age_squared"] = work["age_years"] ** 2  # historic houses regain value: a bend
log_price = np.log(work["price"])

def prediction_errors(model, x):
    """Return predicted minus true ln(price) of each row, in its turn to validate."""
    return cross_val_predict(model, x, log_price, cv=10) - log_price

filled = make_pipeline(SimpleImputer(), LinearRegression())  # one step, then the other
marked = make_pipeline(SimpleImputer(add_indicator=True), LinearRegression())
unsurveyed = work["survey_score"].isna()
errors_filled = prediction_errors(filled, features)[unsurveyed]
errors_marked = prediction_errors(marked, features)[unsurveyed]
mae_filled = errors_filled.abs().mean()
mae_marked = errors_marked.abs().mean()
print(f"filled: mean error ≈ {errors_filled.mean():+.3f}, absolute ≈ {mae_filled:.3f}")
print(f"marked: mean error ≈ {errors_marked.mean():+.3f}, absolute ≈ {mae_marked:.3f}")
claim("filled with the mean, their ln(price) is too high by ≈ {:.2f}",
      errors_filled.mean(), at_least=0.12)  # fmt: skip
claim("the indicator makes their mean absolute error ≈ {:.0f} % smaller",
      100 * (1 - mae_marked / mae_filled), at_least=20)

# %% tags=["hide-input"]
plt.figure(figsize=(7.5, 3.4))
bins = np.linspace(-0.6, 0.7, 27)
plt.hist(errors_filled, bins, color=plots.VERMILION, alpha=0.55, label="mean only")
plt.hist(errors_marked, bins, histtype="step", lw=2.5, color=plots.BLUE,
         label="with indicator")  # fmt: skip
plt.axvline(0, color="black", lw=1, linestyle=":")
plt.title("Filled with the mean, houses without a survey are overpriced")
plt.xlabel("error (predicted minus true ln(price))")
plt.ylabel("houses without a survey")
plt.legend(loc="upper left")
plots.show("Errors of the houses without a survey: right of 0 when filled with the mean"
           " only, around 0 with an indicator.")

# %% [markdown]
# Too high. The gap itself is information: as the card says, whoever expects a bad score declines the survey. (Such
# values are *missing not at random*.) The mean told the model a lie: *average condition*. The indicator's
# weight corrects that on average. (On the training rows the fit makes the mean error 0 anyhow: the gain is
# the smaller absolute error.)

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
# Is that needed? The same network learns from the same rows, raw and as z-scores, each from the same three
# starts. (The network predicts $\ln(\text{price} / \text{median price})$: 0 is the typical house. Adam turns
# gradients into steps, whose size the *learning rate* sets.)

# %%
numbers = ["size_m2", "bedrooms", "age_years", "distance_km", "survey_score"]
numbers += ["price_index", "energy"]
train, val = train_test_split(work, test_size=0.2, random_state=lesson.seed)
y_train = np.log(train["price"] / train["price"].median()).to_numpy("float32")
no_gaps = train[numbers].fillna(train[numbers].median())  # both networks get the same
x_raw = no_gaps.to_numpy("float32")
x_scaled = (x_raw - x_raw.mean(axis=0)) / x_raw.std(axis=0)

def build(n_columns, learning_rate=0.03):
    network = keras.Sequential([
        keras.Input((n_columns,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(1),
    ])
    network.compile(keras.optimizers.Adam(learning_rate), loss="mae")
    return network

# %%
def loss_curve(x, seed):
    """Train a fresh network; return its loss before and after each of ten epochs."""
    keras.utils.set_random_seed(seed)  # decides the first weights and the batches
    network = build(len(numbers))
    untrained = network.evaluate(x, y_train, batch_size=128, verbose=0)
    history = network.fit(x, y_train, batch_size=128, epochs=10, verbose=0)
    return [untrained, *history.history["loss"]]

seeds = range(lesson.seed, lesson.seed + 3)
raw_curves = np.array([loss_curve(x_raw, seed) for seed in seeds])  # shape (3, 11)
scaled_curves = np.array([loss_curve(x_scaled, seed) for seed in seeds])

raw_loss = raw_curves[:, -1].mean()
scaled_loss = scaled_curves[:, -1].mean()
print(f"last loss: raw ≈ {raw_loss:.2f}, z-scores ≈ {scaled_loss:.2f}")
claim("after ten epochs the raw columns' loss is ≈ {:.1f} times as high",
      raw_loss / scaled_loss, at_least=1.25)

# %% tags=["hide-input"]
plt.figure(figsize=(7.5, 3.6))
plt.plot(raw_curves.T, "--", color=plots.VERMILION)
plt.plot(scaled_curves.T, "-", color=plots.BLUE)
guess = np.abs(y_train).mean()  # 0, the typical house, for every house
plt.plot([0, 10], [guess, guess], ":", color="black", lw=1)
plt.text(10.15, guess, "guess: the median", va="bottom")
plt.text(10.15, raw_loss, "raw columns", color=plots.VERMILION, va="top")
plt.text(10.15, scaled_loss, "z-scores", color=plots.BLUE, va="center")
low, high = raw_curves[:, 0].min(), raw_curves[:, 0].max()
start = f"raw columns: from {low:.0f} to {high:.0f}, far above, at the start"
plt.text(4.3, 0.93, start, color=plots.VERMILION)
plt.axis((-0.3, 13, 0, 1))
plt.xticks(range(11))
plt.title("Raw columns do not catch up in ten epochs")
plt.xlabel("epoch (0: untrained)")
plt.ylabel("training loss (mean absolute error)")
plots.show("Loss by epoch, three runs each: on raw columns it falls from far above to a"
           " little below a guess, then slowly; on z-scores it is lower all along.")

# %% [markdown]
# Numbers in the hundreds make the first outputs far too large. Then each step of Adam moves a weight by about
# 0.03, the learning rate, at most. For 110 m² that shifts the sum by 3, for 3 bedrooms by 0.1: hardly any
# rate suits both. (This is the usual explanation. We did not test it.)
#
# $\mu$ and $\sigma$ are *learned from data*, like weights: they come from the training rows, and every other row gets the
# same ones. A new house arrives alone; its own $\sigma$ would be 0.
#
# ### Exercise 11.3
#
# Write `fill_and_scale(train, new)` for arrays of shape `(rows, columns)` with gaps: return `new` with twice as many
# columns. First the z-scores, gaps filled by the mean; then the indicator (0 or 1) of each column. Means and standard
# deviations are those of `train`. So with `train = [[1], [3]]`, `new = [[nan], [4]]` becomes `[[0, 1], [2, 0]]`.
#
# Your tools: `np.nanmean(train, axis=0)` and `np.nanstd(train, axis=0)` give a number for each column and ignore gaps;
# `np.isnan(new)` marks the gaps; `np.hstack([a, b])` puts two tables side by side.
#
# <details><summary>Hint 1</summary>Means and standard deviations may see only one of the two arrays; the gaps to fill
# and mark are those of the other.</details>
# <details><summary>Hint 2</summary>Mark the gaps first, then fill them, as in exercise 11.1:
# <code>np.where(gap, mean, new)</code>.</details>

# %% tags=["exercise"]
# Exercise 11.3: new rows filled, scaled and marked, with the training rows' statistics.
def fill_and_scale(train, new):
    ...  # your code here

# %%
check("11.3", fill_and_scale)

# %% tags=["solution"]
# @title Solution 11.3
def fill_and_scale_solution(train, new):
    mean = np.nanmean(train, axis=0)
    std = np.nanstd(train, axis=0)
    gap = np.isnan(new)
    return np.hstack([(np.where(gap, mean, new) - mean) / std, gap])

check("11.3", fill_and_scale_solution)

# %% [markdown]
# ## 5 · All steps together, against a baseline
#
# A *column transformer* does all steps at once: it fills, marks and scales the numbers and one-hot encodes the category.
# `fit_transform` learns from the training rows ($m$, $\mu$, $\sigma$, which locations there are) and applies it;
# `transform` only applies it.

# %%
def prepare(train, other, numbers, category, target):
    """Return x and y of both tables; all that is learned comes from train."""
    number_steps = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    columns = make_column_transformer((number_steps, numbers), (encoder, [category]))
    columns.set_output(transform="pandas")  # tables whose columns have names
    x_train = columns.fit_transform(train)
    x_other = columns.transform(other)
    typical = np.log(train[target]).median()  # y is 0 for the typical row
    y_train = np.log(train[target]) - typical
    y_other = np.log(other[target]) - typical
    return x_train, x_other, y_train, y_other

x_train, x_val, y_train, y_val = prepare(train, val, numbers, "location", "price")
print(f"shapes: x_train {x_train.shape}, x_val {x_val.shape}, y_val {y_val.shape}")
x_val.head(3).round(1).T

# %% [markdown]
# Each house is a column here: seven numbers, two indicators (scaled, too), five locations.
#
# An error means little without a **baseline**, a simple model to beat. Ours is linear regression, *the line* for short,
# on the same columns, for now without section 3's logarithms and square. The network gets batches of shape $(32, 14)$,
# shuffled in each epoch. Its learning rate falls along a cosine: large steps first, fine ones last.
#
# **Predict.** Line or network: whose error on the validation rows is smaller?

# %%
def line_error(x_train, x_val, y_train, y_val):
    line = LinearRegression().fit(x_train, y_train)
    return np.abs(line.predict(x_val) - y_val).mean()

def new_network(x_train, epochs):
    steps = epochs * len(x_train) // 32  # one for each batch
    falling_rate = keras.optimizers.schedules.CosineDecay(0.01, steps)  # 0.01 to 0
    return build(x_train.shape[1], falling_rate)

def network_error(network, epochs, x_train, x_val, y_train, y_val):
    network.fit(x_train, y_train, batch_size=32, epochs=epochs, verbose=0)
    return network.evaluate(x_val, y_val, verbose=0)  # the loss: mean absolute error

keras.utils.set_random_seed(lesson.seed)
network = new_network(x_train, epochs=10)
error = network_error(network, 10, x_train, x_val, y_train, y_val)
print(f"line:    ≈ {line_error(x_train, x_val, y_train, y_val):.3f}")
print(f"network: ≈ {error:.3f}")

# %% [markdown]
# The network's. But one split may be luck, so we draw five. `dlcourse.repeat` trains five times, each time from
# fresh weights: it calls `train_on(network, i)`, here for split `i`. (`steps_at_once` only saves time.) The
# *lead* is the line's error minus the network's.

# %%
def compare(table, numbers, category, target, epochs=10):
    """Return the validation errors of line and network, a row for each of 5 splits."""
    splits = []
    for seed in range(lesson.seed, lesson.seed + 5):
        train_rows, val_rows = train_test_split(table, test_size=0.2, random_state=seed)
        splits.append(prepare(train_rows, val_rows, numbers, category, target))

    def build_network():
        return new_network(splits[0][0], epochs)  # all splits have the same shapes

    def train_on(network, i):
        return network_error(network, epochs, *splits[i])

    errors = dlcourse.repeat(5, {"network": build_network}, train_on, steps_at_once=20)
    errors["line"] = [line_error(*split) for split in splits]
    errors["lead"] = errors["line"] - errors["network"]
    return errors.rename_axis("split")

first = compare(work, numbers, "location", "price")
claim("on the same columns the network leads by ≈ {:.3f}", first["lead"].mean(),
      at_least=0.012)
first.map("≈ {:.3f}".format)

# %% [markdown]
# In the formula, $\ln(\text{price})$ grows with $\ln(\text{size})$, falls with age and rises again for historic houses.
# A line cannot bend. Now **both** get back section 3's columns `ln(size)` and `age²`.

# %%
def with_bends(table):
    return table.assign(log_size=np.log(table["size_m2"]), bend=table["age_years"] ** 2)

more_numbers = [*numbers, "log_size", "bend"]
second = compare(with_bends(work), more_numbers, "location", "price")
claim("two columns bring the line's error down by ≈ {:.3f}",
      (first["line"] - second["line"]).mean(), at_least=0.025)
claim("and now the line leads by ≈ {:.3f}", -second["lead"].mean(), at_least=0.0005)

# %% [markdown]
# Where you know the formula, put it into columns. You seldom do: ask somebody who knows houses, and test the idea.
# (The line leads this one network, after ten epochs. A longer or better tuned training might close the gap.)
#
# And **real** data? *Auto MPG*: 398 cars of 1970 to 1982. Both predict the logarithm of `mpg`, the miles per gallon.
# Without a formula, we guess: both also get the logarithms of displacement, horsepower and weight.

# %%
cars = datasets.auto_mpg().frame
cars_with_logs = cars.copy()
for column in ("displacement", "horsepower", "weight"):
    cars_with_logs[f"log_{column}"] = np.log(cars[column])
car_numbers = list(cars_with_logs.select_dtypes("number").columns.drop("mpg"))
on_cars = compare(cars_with_logs, car_numbers, "origin", "mpg", epochs=15)
print(f"the network's mean lead ≈ {on_cars['lead'].mean():.3f}")

# %% tags=["hide-input"]
figure, panels = plt.subplots(1, 3, figsize=(11, 3.5), sharey=True)
for panel, title, split_errors in (
    (panels[0], "Houses: the network leads", first),
    (panels[1], "+ ln(size), age²: the line leads", second),
    (panels[2], "Cars: hardly a difference", on_cars),
):
    both = split_errors[["line", "network"]]
    panel.plot([0, 1], both.T, "o-", color=plots.SKY, lw=1, ms=5)
    panel.plot([0, 1], both.mean(), lw=4, color="black")
    panel.set_title(title)
    panel.set_xticks([0, 1], ["line", "network"])
    panel.set_xlim(-0.3, 1.3)
panels[0].set_ylabel("validation error of the logarithm")
panels[2].text(-0.2, 0.15, "thin: a split\nthick: the mean of five", va="top")
plots.show("Errors of line and network on five splits, joined. First the network's are"
           " lower, with two new columns the line's, on cars the network's by little.")

# %% [markdown]
# In each split both answer for the same 80 cars, so judge by the lead. It is small, and the splits share
# cars: a hint, no proof. And only the network is trained for the absolute error, by which we judge; the line
# is fitted for the *squared* error. (*Going further* says how much that matters.)
#
# ## Break and fix
#
# A colleague trains a network on five columns of the cars, filled and scaled. A function of his own cuts the
# batches. (`train_on_cars` calls it once an epoch.)

# %%
def colleagues_batches(x, y, size, rng):
    x, y = rng.permutation(x), rng.permutation(y)
    return [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]

for seed in range(lesson.seed, lesson.seed + 3):  # another first network each time
    print(f"training error ≈ {train_on_cars(colleagues_batches, seed):.1f} mpg")
guess = (cars["mpg"] - cars["mpg"].median()).abs().mean()
print(f"guessing the median: {guess:.1f} mpg")

# %% [markdown]
# No error, all shapes right. Yet the network is about as far off as a guess.
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
    parts = [order[i : i + size] for i in range(0, len(x), size)]
    return [(x[part], y[part]) for part in parts]

check("11.4", batches_solution)
for seed in range(lesson.seed, lesson.seed + 3):
    print(f"training error ≈ {train_on_cars(batches_solution, seed):.1f} mpg")

# %% [markdown]
# ## Quiz

# %%
quiz("11")

# %% [markdown]
# ## Summary
#
# - Look at every table before training: one empty cell can turn every weight into `nan`.
# - Mend errors by a rule with a reason.
# - Categories without order: one-hot. With order, in about even steps: a number. Gaps: fill, and add an indicator.
# - Bring columns to one scale. $\mu$ and $\sigma$, like all that is learned from data, come from the training rows.
# - Give the baseline the same columns and the same loss before you praise the network. On our five splits a
#   line with two well-chosen columns beat ours.
#
# ## Common mistakes
#
# - *`loss: nan`*: an empty cell or an infinite value in `x` or `y`.
# - *The loss hardly falls*: columns of very different size, `nan` behind a `relu`, or rows of `x` and `y` out
#   of step.
#
# ## Read more
#
# - [Preprocessing data](https://scikit-learn.org/stable/modules/preprocessing.html), scikit-learn.
# - [Preprocessing layers](https://keras.io/api/layers/preprocessing_layers/), Keras.
# - [Better performance with tf.data](https://www.tensorflow.org/guide/data_performance), TensorFlow.
# - D. Rubin (1976), [Inference and missing data](https://doi.org/10.1093/biomet/63.3.581): gaps that mean something.
# - Y. LeCun and others (1998), [Efficient BackProp](https://doi.org/10.1007/3-540-49430-8_2): why inputs are scaled.
# - The cars, at [UCI](https://archive.ics.uci.edu/dataset/9/auto+mpg) (Quinlan, 1993).
#
# ## Going further: what wrong rows do, and the test set
#
# Do 23 wrong rows of 2,000 matter? In the formula, price grows as $\text{size}^{0.85}$: on logarithmic axes, a slope of
# 0.85.

# %%
def slope(table):
    return np.polyfit(np.log(table["size_m2"]), np.log(table["price"]), deg=1)[0]

claim("23 wrong rows of 2000 flatten the slope to ≈ {:.2f}", slope(raw), at_most=0.70)
right_rows = ~(in_feet | lacks_digit)
plt.figure(figsize=(7.5, 4))
for rows, marker, color, label in (
    (right_rows, ".", plots.BLUE, "right"),
    (in_feet, "X", plots.VERMILION, "typed in ft²"),
    (lacks_digit, "v", plots.PURPLE, "digit missing"),
):
    plt.loglog(raw["size_m2"][rows], raw["price"][rows], marker, c=color, label=label)
for table, style, when in ((houses, "-", "when mended"), (raw, "--", "before")):
    center = np.log(table[["size_m2", "price"]]).mean()
    rise = slope(table) * (np.log([30, 2000]) - center["size_m2"])
    label = f"slope {slope(table):.2f} {when}"
    plt.plot([30, 2000], np.exp(center["price"] + rise), style, color="k", label=label)
plt.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.title("23 wrong rows of 2,000 flatten the slope")
plt.xlabel("size (m²)")
plt.ylabel("price (€)")
plots.show("The cloud; 14 rows typed in ft² to its right, 9 with a missing digit below;"
           " the line through all rows is flatter than the line after mending.")

# %% [markdown]
# Now the test set, opened once. The line, chosen in section 5, is fitted to all 1,600 other rows:

# %%
x_work, x_test, y_work, y_test = prepare(
    with_bends(work), with_bends(test), more_numbers, "location", "price"
)
line = LinearRegression().fit(x_work, y_work)
misses = np.abs(line.predict(x_test) - y_test)
standard_error = misses.std() / np.sqrt(len(misses))  # of the mean
print(f"validation error ≈ {second['line'].mean():.3f}")
print(f"test error ≈ {misses.mean():.3f}, uncertain by ≈ {2 * standard_error:.3f}")

# %% [markdown]
# That is what validation promised, within the uncertainty: two standard errors, as if the houses were independent.
# Those of one street are not, so this may be too narrow. Each street has a standing of its own, in none of our
# columns. Even somebody who knows the rest of the formula errs by about 0.107 on average, by more where a cell is
# empty. (These houses share streets and years with the rest. On new streets or in later years the error may be
# larger: lesson 13 shows, on other data, how to split for that.)
#
# To price a new house, send it through the same fitted `columns`, add the typical logarithm to the prediction,
# and take `np.exp`. So save the columns and that number with the model.
#
# (And the comparison on the cars? A line fitted for the absolute error, not shown here, closes most of the
# network's lead on those five splits. On the houses it changes little.)
#
# ## Going further: what codes cost, and one-hot by hand
#
# Section 3's first columns, and the location as a code or one-hot:

# %%
basics = features[["bedrooms", "distance_km", "energy", "log_size", "log_index"]]
codes = work["location"].astype("category").cat.codes  # center 0, …, village 4
one_hot_columns = pd.get_dummies(work["location"], dtype=float)
location_errors = pd.DataFrame({
    "codes": prediction_errors(LinearRegression(), basics.assign(location=codes)),
    "one-hot": prediction_errors(LinearRegression(), basics.join(one_hot_columns)),
})
absolute = location_errors.abs().mean()
print(absolute.map("≈ {:.3f}".format).to_string())
claim("codes make the error ≈ {:.0f} % larger",
      100 * (absolute["codes"] / absolute["one-hot"] - 1), at_least=25)
location_errors.groupby(work["location"]).mean().map("≈ {:.2f}".format)

# %% [markdown]
# The table shows the mean error of each location: one weight for all codes misprices harbor, lakeside and center.
#
# `pd.get_dummies` made a column for each location that occurs. But new rows may lack one, or bring another. (To
# `OneHotEncoder`, with `handle_unknown="ignore"`, an unknown one is zeros in every column.)
#
# ### Exercise 11.2
#
# Write `one_hot(values, categories)` for two lists of texts: return an array with a row for each value and a column for
# each category, 1 where they agree, else 0. So `one_hot(["b", "z"], ["a", "b", "c"])` is `[[0, 1, 0], [0, 0, 0]]`.
#
# <details><summary>Hint 1</summary>A list as a whole equals no text. <code>np.array(values) == category</code>
# compares value by value.</details>
# <details><summary>Hint 2</summary>Begin with a table of zeros, <code>np.zeros((rows, columns))</code>, and fill one
# column for each category in a loop.</details>

# %% tags=["exercise"]
# Exercise 11.2: a column for each category.
def one_hot(values, categories):
    ...  # your code here

# %%
check("11.2", one_hot)

# %% tags=["solution"]
# @title Solution 11.2
def one_hot_solution(values, categories):
    table = np.zeros((len(values), len(categories)))
    for column, category in enumerate(categories):
        table[:, column] = np.array(values) == category
    return table

check("11.2", one_hot_solution)

# %% [markdown]
# ## Going further: other files
#
# The price index is a text file of numbers below some comments, for `np.loadtxt`. Each month's level is published
# when the next month begins: a house gets the level of the month before its sale.
#
# Data sets that come with scikit-learn are mostly clean already. In the diabetes set, no patient is −0.11
# years old: someone scaled the ages. Read the description first. The cars are handed around as plain text,
# with `?` where the horsepower is not known: `np.loadtxt` stops there, `np.genfromtxt` writes `nan`. A
# picture is an array of numbers from 0 to 255. Keras reads the usual files: here a photograph, which
# Matplotlib brings along, of Grace Hopper, a pioneer of compilers.

# %%
index = np.loadtxt(datasets.embedded("price_index.txt"))  # columns: year, month, index
month = 12 * (houses["sold_on"].dt.year - 2019) + houses["sold_on"].dt.month - 1
month_before = (month - 1).clip(lower=0)  # nothing is older than the first month
same = (index[month_before, 2] == houses["price_index"]).all()
print(f"index of shape {index.shape}; newest_index gives the same: {same}")
age = load_diabetes(as_frame=True).data["age"]
print(f"ages of {len(age)} patients: from {age.min():.2f} to {age.max():.2f}")
lines = ["# mpg horsepower weight", "28.0 90.0 2264", "25.0 ? 2046"]  # or a file's path
print(np.genfromtxt(lines))  # a line that begins with # is a comment
path = matplotlib.get_data_path() + "/sample_data/grace_hopper.jpg"
photograph = keras.utils.img_to_array(keras.utils.load_img(path))
print("a photograph of shape", photograph.shape, "with numbers up to", photograph.max())

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
x_small = np.array([[60.0, 2.0], [120.0, 4.0], [90.0, 6.0]])  # m², bedrooms
low = x_small.min(axis=0)  # shape (2,): one per column
high = x_small.max(axis=0)
mu = x_small.mean(axis=0)
sigma = x_small.std(axis=0)
length = np.linalg.norm(x_small, axis=1, keepdims=True)  # shape (3, 1): one per row

min_max_layer = layers.Rescaling(scale=1 / (high - low), offset=-low / (high - low))
z_score_layer = layers.Normalization()
z_score_layer.adapt(x_small)  # computes μ and σ, as scikit-learn's fit does
scalings = {
    "min–max": ((x_small - low) / (high - low), MinMaxScaler(), min_max_layer),
    "z-score": ((x_small - mu) / sigma, StandardScaler(), z_score_layer),
    "unit norm": (x_small / length, Normalizer(), layers.UnitNormalization()),
}
for name, (by_hand, tool, layer) in scalings.items():
    by_tool = tool.fit_transform(x_small)
    by_layer = ops.convert_to_numpy(layer(x_small))
    print(f"{name:10}", by_hand.round(2).tolist())
    print("   scikit-learn gives the same:", np.allclose(by_tool, by_hand, atol=1e-6))
    print("   Keras gives the same:       ", np.allclose(by_layer, by_hand, atol=1e-6))

# %% [markdown]
# Unit norm made the first two houses equal: it keeps the *proportions* of a row and discards its size. Right for
# word counts of long and short texts, fatal for houses.
#
# **Predict.** One house of 200 is typed in square feet, about 1,200 instead of 110. How much of the range from 0 to 1
# do the other 199 fill after min–max: all, half, a fifth? Move the slider. (The top row subtracts the median and divides
# by the distance between the quartiles, the ends of the middle half, as scikit-learn's `RobustScaler` does.)

# %%
others = houses["size_m2"].to_numpy()[:199]

def middle_half(sizes):
    return np.quantile(sizes, 0.75) - np.quantile(sizes, 0.25)

def one_typing_error(typed_size=1200):
    sizes = np.append(others, typed_size)
    kept = {  # each scaling divides by another measure of spread
        "min–max": np.ptp(others) / np.ptp(sizes),
        "z-score": others.std() / sizes.std(),
        "median and\nquartiles": middle_half(others) / middle_half(sizes),
    }
    axis = plt.subplots(figsize=(8, 2.8))[1]
    bars = axis.barh(list(kept), list(kept.values()), color=plots.BLUE)
    axis.bar_label(bars, fmt="{:.0%}", padding=3)
    axis.set(xlim=(0, 1.15), xlabel="share of their spread that the other 199 keep")
    share = f"{kept['min–max']:.0%} of the range"
    axis.set_title(f"Typed as {typed_size} m²: after min–max the others fill {share}")

alt = "With one size typed as 1200, min-max leaves the other 199 a fifth of their"
alt += " spread, the z-score less than half, median and quartiles all of it."
explore(one_typing_error, alt=alt, typed_size=(100, 3000, 50))

# %% [markdown]
# A fifth: one wrong row decides the range. Median and quartiles hardly notice it.
#
# (And section 4: is it the learning rate? We tried three others, 0.003, 0.01 and 0.1, on ten seeds, which are not shown
# here: the raw columns came nowhere near the z-scores.)
#
# ## Going further: a chain that feeds the network
#
# `tf.data` feeds a network, with any backend, through a chain of steps: `model.fit(chain)` takes it in place of `x` and
# `y`. `shuffle(n)` draws from a buffer of `n` *elements*: only a buffer as large as the set mixes it all. After `batch`
# the elements are whole batches, so shuffle first. `prefetch` prepares the next batch while the network works on this
# one.
#
# What slow steps have read, `cache` keeps in memory (or, given a file name, on disk), so it has to fit. That pays
# for pictures, else read and decoded in each epoch; rows in memory gain nothing. Here are 50 stand-ins for
# pictures, in three epochs:

# %%
import tensorflow as tf

rows = tf.data.Dataset.from_tensor_slices((x_work.to_numpy(), y_work.to_numpy()))
chain = rows.shuffle(len(x_work)).batch(32).prefetch(tf.data.AUTOTUNE)
print("one batch:", *(part.shape for part in next(iter(chain))))
network = build(x_work.shape[1], learning_rate=0.01)
network.fit(chain, epochs=3, shuffle=False, verbose=0)  # the chain shuffles
opened = []

def read_files():
    for number in range(50):
        opened.append(number)  # here a file would be read
        yield number

one_number = tf.TensorSpec(shape=(), dtype=tf.int32)
files = tf.data.Dataset.from_generator(read_files, output_signature=one_number)
chains = {
    "read → shuffle": files.shuffle(50),
    "read → cache → shuffle": files.cache().shuffle(50),
    "read → shuffle → cache": files.shuffle(50).cache(),
}
for name, chain in chains.items():
    opened.clear()
    orders = [list(chain.as_numpy_iterator()) for epoch in range(3)]
    print(f"{name:22}  {len(opened):3} opened, new order: {orders[0] != orders[2]}")

# %% [markdown]
# **cache → shuffle**: the files are read once, and each epoch has a new order. The other way round, the cache
# freezes the first order for as long as it lives.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [12 · Images and augmentation](12_images_and_augmentation.ipynb). Turn a folder of pictures into a tensor, and find out what changed copies are worth. **Before:** [01 · What is deep learning?](01_what_is_deep_learning.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+11%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/12_images_and_augmentation.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/01_what_is_deep_learning.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
