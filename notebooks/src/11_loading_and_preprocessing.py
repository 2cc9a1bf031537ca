# ---
# jupyter:
#   dlcourse:
#     title: Loading and preprocessing
#     subtitle: Find what is wrong with a table, mend it, and feed it to a network
#     minutes: 60
#     further: 10
#     seconds: 25
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
# **Your time:** 60 minutes, and 10 for *Going further* · **The notebook runs in:** about 25 s on two CPU cores · **Before this:** lesson 00

# %% [markdown]
# ## You will be able to
#
# 1. Read tables, plain numbers and pictures from files, and find their errors in a picture.
#    *(sections 1 and 2 · exercise 11.1)*
# 2. Turn categories into numbers. *(section 3 · exercise 11.2)*
# 3. Fill gaps without telling the network something false. *(section 3 · exercise 11.3)*
# 4. Scale columns in three ways, by hand, with scikit-learn and as a Keras layer, with
#    statistics from the training rows only. *(section 4 · exercise 11.4)*
# 5. Feed a network in batches, and say whether it beats a fair baseline.
#    *(section 5 · exercise 11.5)*

# %% tags=["bootstrap"]
# On Colab and Kaggle, fetch the course's helpers; elsewhere they are installed.
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
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import ShuffleSplit, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, record

lesson = dlcourse.start("11", profile=PROFILE, seed=SEED)

import keras
from keras import layers, ops

# %% [markdown]
# ## 1 · A table that a network cannot eat
#
# An estate agency sends you its sales of five years and asks for a network that prices houses. The sales are
# **generated**, by a formula written on the card `data/house_prices.md`: for once we know the truth, and can
# test every piece of advice against it. For your own hands there are real cars, in the exercises. (In the
# `full` profile, section 5 takes a real table: California housing.)

# %%
raw = pd.read_csv(datasets.embedded("house_prices.csv"), parse_dates=["sold_on"])
houses = raw.copy()  # to be mended; raw stays as it is
print(f"{houses.shape[0]} rows, {houses.shape[1]} columns")
houses.head(3)

# %% [markdown]
# The price is in euros, the energy class runs from A (best) to G, and a surveyor gives each house a score
# from 0 to 100.
#
# **Predict.** Some cells of the table are empty. We train a small network on the numeric columns as they are.
# Will Keras raise an error, skip those rows, or do something else?

# %%
numeric = houses.select_dtypes("number")
x = numeric.drop(columns="price").to_numpy("float32")
y = numeric["price"].to_numpy("float32")
model = keras.Sequential([layers.Dense(16, "tanh"), layers.Dense(1)])
model.compile("adam", loss="mae")
history = model.fit(x, y, batch_size=128, epochs=2, verbose=0)
print(f"rows with an empty cell: {np.isnan(x).any(axis=1).mean():.1%}")
print("loss after each epoch:", history.history["loss"])

# %% [markdown]
# No error, no warning: `nan`, *not a number*. An empty cell is read as `nan`, any sum with `nan` is `nan`, so
# one gap in the first batch turned the loss, its gradient and then every weight into `nan`. Do not rely on
# seeing it: our layer uses `tanh`; a ReLU takes the larger of its input and 0, and some libraries, on some
# machines, call 0 the larger of `nan` and 0. There the loss stays finite and hardly falls. Ask the table
# itself: `np.isnan(x).any()`.
#
# Data come in other files, too: plain numbers in a text file, pictures, sets that scikit-learn brings along.

# %%
path = datasets.embedded("price_index.txt")
print(*path.read_text().splitlines()[2:5], sep="\n")
index = np.loadtxt(path)  # skips lines that begin with "#"
print("array of shape", index.shape)
month = (houses["sold_on"].dt.year - 2019) * 12 + houses["sold_on"].dt.month - 1
houses["price_index"] = index[np.maximum(month - 1, 0), 2]  # known by then

folder = Path(tempfile.mkdtemp())
Image.fromarray(datasets.pictures().images["coins"]).save(folder / "coins.png")
picture = np.asarray(Image.open(folder / "coins.png"))
print("picture of shape", picture.shape, picture.dtype, "up to", picture.max())
age = load_diabetes(as_frame=True).data["age"]
print(f"ages of {len(age)} patients: from {age.min():.2f} to {age.max():.2f}")

cars = datasets.auto_mpg().frame
some = cars.loc[30:35, ["mpg", "horsepower", "weight"]]
rows = some.to_csv(sep=" ", na_rep="?", header=False, index=False)
cars_file = folder / "cars.txt"
cars_file.write_text("# mpg horsepower weight\n" + rows)
print(cars_file.read_text())

# %% [markdown]
# A picture is an array of numbers from 0 to 255. And nobody is −0.11 years old: someone scaled these ages
# before you. Even a clean table has a history: read its description first.
#
# ### Exercise 11.1
#
# The cars of *Auto MPG*, real and of 1970 to 1982, are handed around as plain text: numbers between
# spaces, with `?` where the horsepower is not known, as in the last lines above. Write `read_numbers(path)`,
# which returns an array of shape `(rows, columns)` with `nan` in place of each `?`. A line that begins with
# `#` is a comment.
#
# <details><summary>Hint 1</summary><code>np.loadtxt</code> stops at a <code>?</code>. Its sister
# <code>np.genfromtxt</code> writes <code>nan</code> where it finds no number.</details>
# <details><summary>Hint 2</summary>Mind a file with one line: <code>ndmin=2</code> keeps two
# axes.</details>

# %% tags=["exercise"]
# Exercise 11.1: numbers from a text file, nan where there is a question mark.
def read_numbers(path):
    ...  # your code here

# %%
check("11.1", read_numbers)

# %% tags=["solution"]
# @title Solution 11.1
def read_numbers_solution(path):
    return np.genfromtxt(path, ndmin=2)

check("11.1", read_numbers_solution)
print(read_numbers_solution(cars_file)[:3])

# %% [markdown]
# ## 2 · Look before you train
#
# Each sale is a dot: size across, price upwards, both axes logarithmic. What does not belong?

# %% tags=["hide-input"]
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.9))
left.loglog(houses["size_m2"], houses["price"], ".", ms=4, alpha=0.5)
left.set(xlabel="size (m²)", ylabel="price (€)", title="Two islands beside the cloud")

gaps = 100 * houses[["size_m2", "age_years", "survey_score"]].isna().mean()
middle.bar(gaps.index, gaps, color=plots.ORANGE, width=0.5)
middle.set(ylabel="empty cells (%)", title="Two columns have gaps")

has_survey = houses["survey_score"].notna()
prices = [houses["price"][has_survey] / 1000, houses["price"][~has_survey] / 1000]
right.boxplot(prices, tick_labels=["surveyed", "no survey"], showfliers=False,
              widths=0.5, medianprops={"lw": 3})  # fmt: skip
right.set(ylabel="price (thousand €)", title="No survey, lower price")
plots.show(
    "Price against size on logarithmic axes: a long cloud, an island of dots to its"
    " right, another below it. Bars: age_years lacks 5 % of its cells, survey_score"
    " 18 %. Boxes: houses without a survey sold for less."
)

# %% [markdown]
# Three discoveries in one glance:
#
# - the island on the right: sizes of 600 to 2,000 m². It lies a factor of about 11 beside the cloud, and 1 m² is
#   10.764 ft²: **typed in square feet**;
# - the island below: a tenth of the price: **a digit is missing**;
# - the gaps of `survey_score` are not innocent: those houses are cheaper. Section 3.
#
# How much can so few dots matter? In the formula, price grows as $\text{size}^{0.85}$, so on logarithmic axes
# the cloud has the slope 0.85. We fit a line before and after mending.

# %%
def slope(sizes):
    return np.polyfit(np.log(sizes), np.log(raw["price"]), deg=1)[0]

in_feet = raw["size_m2"] > 300  # no house in this town is larger
houses["size_m2"] = raw["size_m2"].where(~in_feet, raw["size_m2"] / 10.764)
lacks_digit = raw["price"] / houses["size_m2"] < 1000  # the cheapest right one: 1,269
houses["price"] = raw["price"].where(~lacks_digit, raw["price"] * 10)
slope_before, slope_now = slope(raw["size_m2"]), slope(houses["size_m2"])
print(f"{in_feet.sum()} sizes mended: slope {slope_before:.2f} became {slope_now:.2f}")
claim("14 wrong rows of 2000 flatten the slope to ≈ {:.2f}", slope_before, at_most=0.70)

# %% [markdown]
# We mended by a **rule with a reason**. Never drop a row only because a model predicts it badly: a castle is
# dear, and stays in the data.
#
# ## 3 · Categories and gaps
#
# `location` must become numbers: why not center = 0, harbor = 1, …, village = 4? Because a weight $w$ adds $w$
# times the code: prices would have to rise (or fall) evenly in the order of the alphabet. **One-hot encoding**
# gives each location a column of its own, 1 for its houses and 0 elsewhere: lakeside becomes $(0, 0, 1, 0, 0)$.
#
# From here on the target is the **logarithm** of the price: an error of 0.10 in it is about 10 %. As model, ridge
# regression (a linear model $w \cdot x + b$ with a light brake on its weights) will do for now. It is trained on
# three quarters of the rows and judged on the others, ten times at random.
#
# Energy classes A to G have a true order, but uneven steps: the median price per m² drops by about 700 € from A to
# B and by 50 to 200 € later. Do they need seven columns, too?

# %%
log_price = np.log(houses["price"])
splits = list(ShuffleSplit(10, test_size=0.25, random_state=lesson.seed).split(houses))
def errors(model, x):
    found = []
    for train, val in splits:  # row numbers
        model.fit(x.iloc[train], log_price.iloc[train])
        found.append(model.predict(x.iloc[val]) - log_price.iloc[val])
    return pd.concat(found)
houses["energy"] = houses["energy_class"].map("ABCDEFG".index)  # A = 0 … G = 6
plain = houses[["bedrooms", "distance_km", "energy"]].assign(
    log_size=np.log(houses["size_m2"]), log_index=np.log(houses["price_index"])
)
as_codes = plain.assign(location=houses["location"].astype("category").cat.codes)
one_hot_location = plain.join(pd.get_dummies(houses["location"], dtype=float))
energies = pd.get_dummies(houses["energy_class"], dtype=float)
both = one_hot_location.drop(columns="energy").join(energies)
encodings = {"location 0 … 4": as_codes, "location one-hot": one_hot_location,
             "energy one-hot, too": both}
error = {}
for name, x in encodings.items():
    error[name] = errors(Ridge(), x).abs().mean()
    print(f"{name:19} ({x.shape[1]:2} columns): error ≈ {error[name]:.3f}")
codes, hot, seven = error.values()
claim("one-hot locations lower the error by ≈ {:.3f}", codes - hot, at_least=0.03)
claim("one-hot energy classes gain only ≈ {:.3f} more", hot - seven, at_most=0.002)

# %% [markdown]
# For energy classes one number is enough: in the logarithm, the steps are even enough.
#
# ### Exercise 11.2
#
# Write `one_hot(values, categories)`: an array of shape `(rows, categories)`, 1 where the row's value is the
# category, else 0; an unknown value gets a row of zeros. The cars `["Japan", "USA"]` with the categories
# `["Europe", "Japan", "USA"]` give `[[0, 1, 0], [0, 0, 1]]`.
#
# <details><summary>Hint 1</summary>For one category: <code>values == category</code> (with
# <code>values</code> as an array) is a column of booleans.</details>
# <details><summary>Hint 2</summary><code>np.array(values)[:, None] == np.array(categories)</code> compares
# each with each.</details>

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
print(one_hot_solution(cars["origin"][:2], ["Europe", "Japan", "USA"]))

# %% [markdown]
# Now the gaps. Fill each with $m$, the mean of the column over the training rows, and, as a second column,
# keep an **indicator** $r$ of what was empty:
#
# $$x' = \begin{cases} x & \text{if present}\\ m & \text{if missing}\end{cases}\qquad
#   r = \begin{cases} 0 & \text{if present}\\ 1 & \text{if missing}\end{cases}$$
#
# So the scores 70, –, 50 become $(70, 0), (60, 1), (50, 0)$. In scikit-learn,
# `SimpleImputer(add_indicator=True)` does so for every column that has gaps in the training rows.
#
# **Predict.** We fill the missing survey scores with the mean, without indicator. For the houses that had
# the gap, will the predicted prices be too high, too low, or right on average?

# %%
features = one_hot_location.assign(survey=houses["survey_score"])
features["age"] = houses["age_years"]
features["age_squared"] = features["age"] ** 2  # historic houses regain value: a bend
surveyed = houses["survey_score"].notna()
bias = {}
for indicator in (False, True):
    model = make_pipeline(SimpleImputer(add_indicator=indicator), Ridge())
    off = errors(model, features)
    bias[indicator] = off[~surveyed[off.index]].mean()
    print(f"indicator {indicator!s:5}: unsurveyed houses ≈ {bias[indicator]:+.3f} off")
claim("filled with the mean, they are overpriced by ≈ {:.2f}", bias[False],
      at_least=0.08)
claim("with the indicator ≈ {:.0f} % of that is left",
      100 * abs(bias[True]) / bias[False], at_most=40)

# %% [markdown]
# Whoever expects a bad score declines the survey. The gap itself is information ("missing not at random"), and
# the mean told the model a lie: *average condition*. The indicator's weight corrects it. The gaps of
# `age_years` are another kind: a clerk forgot, at random; there the mean is wrong for each house, but not in one
# direction. Dropping incomplete rows solves nothing: the next house without a survey needs a price, too.
#
# ### Exercise 11.3
#
# Of six real cars the horsepower is missing. Write `impute(train, new)` for one column each, 1-D arrays of
# floats: return an array of shape `(len(new), 2)` with `new` filled by the mean of what is present in
# `train`, and the indicator beside it.
#
# <details><summary>Hint 1</summary><code>np.nanmean</code> ignores gaps; <code>np.isnan</code> finds
# them.</details>
# <details><summary>Hint 2</summary><code>np.where(gap, mean, new)</code> fills, and
# <code>np.column_stack</code> puts two columns side by side.</details>

# %% tags=["exercise"]
# Exercise 11.3: fill the gaps of new, and mark them.
def impute(train, new):
    ...  # your code here

# %%
check("11.3", impute)

# %% tags=["solution"]
# @title Solution 11.3
def impute_solution(train, new):
    gap = np.isnan(new)
    return np.column_stack([np.where(gap, np.nanmean(train), new), gap])

check("11.3", impute_solution)
horsepower = cars["horsepower"].to_numpy()
print(impute_solution(horsepower[:30], horsepower[30:34]))

# %% [markdown]
# ## 4 · Three ways to scale
#
# Sizes run to 280, bedrooms to 7. A network learns far faster when its columns have comparable ranges (*Going
# further* measures it). Three formulas:
#
# | name | formula | over | gives |
# |---|---|---|---|
# | min–max | $x' = (x - x_{\min})\,/\,(x_{\max} - x_{\min})$ | a column | 0 to 1 |
# | z-score | $x' = (x - \mu)\,/\,\sigma$ | a column | mean 0, standard deviation 1 |
# | unit norm | $x' = x \,/\, \lVert x\rVert_2,\ \ \lVert x\rVert_2 = \sqrt{\sum_j x_j^2}$ | **a row** | length 1 |
#
# By hand for three houses, `(3 houses, 2 columns)`: the sizes 60, 120, 90 have the mean
# $\mu = 90$ and the standard deviation $\sigma = \sqrt{(30^2 + 30^2 + 0^2)/3} = 24.5$, so
#
# $$x'_1 = \frac{x_1 - \mu}{\sigma} = \frac{60 - 90}{24.5} = -1.22.$$
#
# Below are the formulas, then the tools: scikit-learn's `fit` and Keras's `adapt` compute the statistics.
# (`Rescaling` multiplies by a `scale` and adds an `offset`: for min–max $1/(x_{\max}-x_{\min})$ and
# $-x_{\min}/(x_{\max}-x_{\min})$.)

# %%
x_small = np.array([[60, 2], [120, 4], [90, 6]], dtype="float32")  # m², bedrooms
low, high = x_small.min(axis=0), x_small.max(axis=0)  # shape (2,): one per column
by_hand = {
    "min-max": (x_small - low) / (high - low),
    "z-score": (x_small - x_small.mean(axis=0)) / x_small.std(axis=0),
    "unit norm": x_small / np.linalg.norm(x_small, axis=1, keepdims=True),  # per row
}
for name, scaled in by_hand.items():
    print(f"{name:9}", *(f"({a:5.2f}, {b:5.2f})" for a, b in scaled), sep="   ")

z_score = layers.Normalization()
z_score.adapt(x_small)
min_max = layers.Rescaling(scale=1 / (high - low), offset=-low / (high - low))
tools = {
    "min-max": (preprocessing.MinMaxScaler(), min_max),
    "z-score": (StandardScaler(), z_score),
    "unit norm": (preprocessing.Normalizer(), layers.UnitNormalization()),
}
for name, (sklearn_tool, keras_layer) in tools.items():
    by_sklearn = sklearn_tool.fit_transform(x_small)
    by_keras = ops.convert_to_numpy(keras_layer(x_small))
    same = [np.allclose(by_hand[name], x, atol=1e-6) for x in (by_sklearn, by_keras)]
    print(f"{name:9}   the same by scikit-learn: {same[0]}, by Keras: {same[1]}")

# %% [markdown]
# Unit norm made the first two houses equal: it keeps the *proportions* of a row and discards its size. Right for
# word counts of long and short texts, fatal for houses.
#
# Rule of thumb: mend the errors first, then z-score; min–max where the range is known (pixels, 0 to 255).
#
# $\mu$ and $\sigma$ are *learned from data*, like weights. They come from the training rows and are applied,
# unchanged, to every other row.
#
# ### Exercise 11.4
#
# Write `standardize(x_train, x_new)`: z-scores of both arrays, `(rows, columns)`, as a
# pair.
#
# <details><summary>Hint 1</summary>A new house arrives alone. What would its own mean and
# standard deviation be?</details>
# <details><summary>Hint 2</summary>Two statistics of shape <code>(columns,)</code>, from
# <code>x_train</code> with <code>axis=0</code>, serve both arrays.</details>

# %% tags=["exercise"]
# Exercise 11.4: z-scores for training rows and for new rows.
def standardize(x_train, x_new):
    ...  # your code here

# %%
check("11.4", standardize)

# %% tags=["solution"]
# @title Solution 11.4
def standardize_solution(x_train, x_new):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / std, (x_new - mean) / std

check("11.4", standardize_solution)

# %% [markdown]
# ## 5 · The whole way
#
# We keep three piles: training rows to learn, validation rows to choose, test rows for one last look (two
# models look, to compare; how to draw the piles is lesson 13). A column transformer sends each column through its
# own steps, in one object that is fitted on training rows only.

# %%
data = lesson.pick(quick=datasets.house_prices, full=datasets.california_housing)()
table, target = lesson.pick(quick=houses, full=data.frame), data.target
numbers = list(table.select_dtypes("number").columns.drop(target))
category = lesson.pick(quick="location", full="ocean_proximity")
work, test = train_test_split(table, test_size=0.2, random_state=lesson.seed)
train, val = train_test_split(work, test_size=0.2, random_state=lesson.seed)
typical_price = train[target].median()
print(f"{len(train)} training, {len(val)} validation, {len(test)} test rows")

def prepare(numbers, *parts):
    """Return (x, y) of each part; all that is learned comes from the first."""
    fill = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    encode = preprocessing.OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    columns = make_column_transformer((fill, numbers), (encode, [category]))
    columns.fit(parts[0])
    return [(columns.transform(part).astype("float32"),
             np.log(part[target] / typical_price).to_numpy("float32"))
            for part in parts]  # fmt: skip

# %% [markdown]
# `tf.data` feeds a network through a chain of steps (with any backend). `shuffle` deals the rows anew in each epoch,
# from a buffer as large as you say, here all rows; `batch` groups them; `prefetch` prepares the next batch while
# the network works on this one. After `batch`, `shuffle` would only mix whole batches (*Going further* shows it).

# %%
import tensorflow as tf


def train_network(training, validation):
    rows = tf.data.Dataset.from_tensor_slices(training)  # pairs (x, y)
    batches = rows.shuffle(len(training[0]), seed=lesson.seed).batch(128)
    batches = batches.prefetch(tf.data.AUTOTUNE)
    keras.utils.set_random_seed(lesson.seed)
    hidden = [layers.Dense(64, "relu"), layers.Dense(32, "relu")]
    model = keras.Sequential([*hidden, layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), loss="mae")
    stop = keras.callbacks.EarlyStopping(patience=6, restore_best_weights=True)
    model.fit(batches, validation_data=validation, epochs=30, callbacks=[stop],
              shuffle=False, verbose=0)  # the chain shuffles  # fmt: skip
    return model

# %% [markdown]
# `EarlyStopping` ends the training when the validation loss has not fallen for 6 epochs, and returns to the
# best weights.
#
# What is the best we can hope for? Two normal errors are in none of the columns that we use: noise of standard
# deviation 0.06, and the standing of the street, 0.12. A normal error is on average 0.80 times its standard
# deviation in size, so even the formula errs by $0.80 \cdot \sqrt{0.06^2 + 0.12^2} = 0.107$.
#
# A line (linear regression) and the network get the same columns. Who wins?

# %%
def compete(numbers, *parts):
    """Return the test errors of a line and a network that get the same columns."""
    training, validation, (x_test, y_test) = prepare(numbers, *parts)
    line = LinearRegression().fit(*training)
    network = train_network(training, validation)
    answers = {"line": line.predict(x_test),
               "network": ops.convert_to_numpy(network(x_test))[:, 0]}  # fmt: skip
    return {name: np.abs(answer - y_test).mean() for name, answer in answers.items()}

error = compete(numbers, train, val, test)
for name, found in error.items():
    print(f"{name:7} error ≈ {found:.3f}")
    record(data.name, name, "test MAE of ln(price)", found)
claim("on the same columns the network is ≈ {:.3f} better than the line",
      error["line"] - error["network"], at_least=0.003)

# %% [markdown]
# But the price bends: it follows the logarithm of the size, and it falls with age and rises again for historic
# houses. The line cannot find these bends. So give **both** two more columns, `ln(size)` and `age²`. Who wins now?

# %%
if lesson.profile == "quick":  # the census table has no such formula
    bent = [part.assign(log_size=np.log(part["size_m2"]), bend=part["age_years"] ** 2)
            for part in (train, val, test)]  # fmt: skip
    now = compete([*numbers, "log_size", "bend"], *bent)
    print("line ≈ {line:.3f}, network ≈ {network:.3f}".format(**now))
    claim("two columns bring the line's error down by ≈ {:.3f}",
          error["line"] - now["line"], at_least=0.02)

# %% [markdown]
# Now the line is ahead (with each of three seeds that we tried). Our guess: before, the network had found a part of
# the bends without being told. Where you know the formula, say it.
#
# ## Break and fix
#
# A colleague trains a network on the cars, from five columns to mpg (miles per gallon). He fills, scales, and cuts
# batches with a function of his own.

# %%
def colleagues_batches(x, y, size, rng):
    x, y = rng.permutation(x), rng.permutation(y)
    return [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]

columns = ["cylinders", "displacement", "horsepower", "weight", "acceleration"]
car_x = make_pipeline(SimpleImputer(), StandardScaler()).fit_transform(cars[columns])
car_y = cars["mpg"].to_numpy("float32")

def train_on_cars(batches, epochs=15):
    keras.utils.set_random_seed(lesson.seed)
    model = keras.Sequential([layers.Dense(32, "relu"), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.02), loss="mae")
    rng = np.random.default_rng(lesson.seed)
    for epoch in range(epochs):
        for x_batch, y_batch in batches(car_x, car_y, 32, rng):
            model.train_on_batch(x_batch.astype("float32"), y_batch)
    return np.abs(np.ravel(ops.convert_to_numpy(model(car_x))) - car_y).mean()

print(f"training error ≈ {train_on_cars(colleagues_batches):.1f} mpg")
print(f"guessing the median ≈ {np.abs(car_y - np.median(car_y)).mean():.1f} mpg")

# %% [markdown]
# No error, and all shapes are right. Yet on its own training rows, the network is hardly better than a guess.
#
# ### Exercise 11.5
#
# Find out why, and write `batches(x, y, size, rng)` without the fault: a list of pairs `(x_batch, y_batch)`, in
# a random order drawn with `rng`, each row exactly once, `size` rows in a batch (the last may have fewer).
#
# <details><summary>Hint 1</summary>Call it with <code>x = np.arange(6)</code> and <code>y = 10 * x</code>, and
# look at one pair.</details>
# <details><summary>Hint 2</summary>Draw one order, <code>order = rng.permutation(len(x))</code>, and index both
# arrays with it.</details>

# %% tags=["exercise"]
# Exercise 11.5: shuffled batches from which a network can learn.
def batches(x, y, size, rng):
    ...  # your code here

# %%
check("11.5", batches)

# %% tags=["solution"]
# @title Solution 11.5
def batches_solution(x, y, size, rng):
    order = rng.permutation(len(x))
    starts = range(0, len(x), size)
    return [(x[order[i : i + size]], y[order[i : i + size]]) for i in starts]

check("11.5", batches_solution)
print(f"training error ≈ {train_on_cars(batches_solution):.1f} mpg")

# %% [markdown]
# ## Going further: what scaling does to training
#
# Does a network need it? The same network, the same initial weights, the same rows: once on raw columns, once on
# z-scores from a `Normalization` layer, adapted to the training rows. To be fair, each gets two learning rates
# (how large the optimizer's steps are) and two seeds. The target is $y = \ln(\text{price} / \text{typical
# price})$, so that 0 is the typical house.
#
# **Predict.** Will the raw columns have caught up after ten epochs?

# %%
n_epochs = lesson.pick(quick=10, full=4)
x_raw = train[numbers].fillna(train[numbers].median()).to_numpy("float32")
y_train = np.log(train[target] / typical_price).to_numpy("float32")
print(f"{data.name}: x_raw {x_raw.shape}, y_train {y_train.shape}")

normalization = layers.Normalization()
normalization.adapt(x_raw)
inputs = {"raw": x_raw, "z-scores": ops.convert_to_numpy(normalization(x_raw))}

def loss_curve(x, learning_rate, seed):
    keras.utils.set_random_seed(dlcourse.derived_seed(lesson.seed, seed))
    hidden = [layers.Dense(32, "relu"), layers.Dense(32, "relu")]
    network = keras.Sequential([*hidden, layers.Dense(1)])
    network.compile(keras.optimizers.Adam(learning_rate), loss="mae")
    history = network.fit(x, y_train, batch_size=160, epochs=n_epochs, verbose=0)
    return history.history["loss"]

# %%
rates = {0.01: "-", 0.001: "--"}  # learning rate: line style
last = {name: [] for name in inputs}
for name, color in (("raw", plots.VERMILION), ("z-scores", plots.BLUE)):
    for rate, style in rates.items():
        runs = np.array([loss_curve(inputs[name], rate, seed) for seed in (0, 1)])
        steps = np.arange(1, runs.shape[1] + 1)
        plt.plot(steps, runs.T, style, color=color, label=[f"{name}, {rate:g}", None])
        last[name].append(runs[:, -1].mean())
guess = np.abs(y_train - np.median(y_train)).mean()
plt.axhline(guess, color="black", lw=1, label="guess: typical price")
plt.yscale("log")
plt.title("With z-scores the worse learning rate beats the better one without")
plt.xlabel("epoch")
plt.ylabel("training loss (mean absolute error)")
plt.legend(title="columns, learning rate")
plots.show("Loss by epoch: with two learning rates each, the runs on raw columns start"
           " high and end above all runs on z-scores.")  # fmt: skip
ratio = min(last["raw"]) / max(last["z-scores"])
claim("the better raw rate ends ≈ {:.1f} times as high as the worse scaled one",
      ratio, at_least=1.1)

# %% [markdown]
# They have not. A change $\delta$ of a weight changes the output by $\delta$ times its input: 100 times as much for
# a size of 100 m² as for a z-score of 1. A step that is right for `bedrooms` is far too long for `size_m2`.
#
# ## Going further: what an outlier does to a scale
#
# **Predict.** One house of 200 is typed in square feet, about 1,200 instead of 110.
# How much of the range from 0 to 1 do the other 199 fill after min–max: all, half, a tenth? Move the slider. (The
# third line subtracts the median and divides by the interquartile range, as `RobustScaler` does.)

# %%
others = houses["size_m2"].to_numpy()[:199]
scatter = np.random.default_rng(0).uniform(-0.25, 0.25, size=199)

def one_typing_error(typed_size=1200):
    sizes = np.append(others, typed_size)
    low, q1, middle, q3, high = np.quantile(sizes, [0, 0.25, 0.5, 0.75, 1])
    lines = {
        "median and\nquartiles": (sizes - middle) / (q3 - q1),
        "z-score": (sizes - sizes.mean()) / sizes.std(),
        "min–max": (sizes - low) / (high - low),
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
# ## Going further: the order of the chain
#
# Our sales are sorted by date. **Predict.** `batch(40)` and then `shuffle`, or `shuffle` and then `batch(40)`: what
# is the difference?

# %%
seed = lesson.seed
sales = tf.data.Dataset.range(2000)  # sale 0 is the oldest, 1999 the newest
orders = {
    "batch, then shuffle: 40 neighbors in each": sales.batch(40).shuffle(50, seed=seed),
    "shuffle, then batch: all years in each": sales.shuffle(2000, seed=seed).batch(40),
}
grids = {title: np.stack(list(b.as_numpy_iterator())) for title, b in orders.items()}

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(10, 3.6))
for axis, (title, lines_of_sales) in zip(axes, grids.items(), strict=True):
    shown = axis.imshow(lines_of_sales, cmap="cividis", aspect="auto")
    axis.set(xlabel="position in the batch", ylabel="batch", title=title)
figure.colorbar(shown, label="sale (0 = oldest)")
plots.show("One line per batch, colored by date. Batch then shuffle: one color a line."
           " Shuffle then batch: all colors in each line.")  # fmt: skip

# %% [markdown]
# `shuffle` mixes *elements*, and after `batch` the elements are whole batches: each step then follows the sales of
# a month or two.
#
# And `cache`? It keeps what slow steps have read. Our rows are in memory already, so it had nothing to save. Pictures are read from files and decoded in each epoch, unless a `cache` keeps them. We write 50 digits as PNG
# files and count how often a file is opened in three epochs.

# %%
for number, digit in enumerate(datasets.mnist_5k().x_train[:50]):
    Image.fromarray(digit).save(folder / f"digit_{number:02d}.png")

def read_pictures():
    for file in sorted(folder.glob("digit_*.png")):
        opened.append(file.name)
        yield np.asarray(Image.open(file), dtype="float32") / 255

signature = tf.TensorSpec((28, 28), tf.float32)
pictures = tf.data.Dataset.from_generator(read_pictures, output_signature=signature)
chains = {"read → shuffle": pictures.shuffle(50),
          "read → cache → shuffle": pictures.cache().shuffle(50),
          "read → shuffle → cache": pictures.shuffle(50).cache()}  # fmt: skip
for name, chain in chains.items():
    opened = []
    sums = [[float(p.sum()) for p in chain.as_numpy_iterator()] for epoch in range(3)]
    new = sums[0] != sums[1]
    print(f"{name:22}: {len(opened):3} files opened, a new order each time: {new}")

# %% [markdown]
# **cache → shuffle**: the files are read once, and each epoch is dealt anew. The other way round, the cache
# freezes the first order for ever. Where the rows are in memory anyway, leave it out.
#
# ## Quiz

# %%
quiz("11")

# %% [markdown]
# ## Summary
#
# - Look at every table before training: one empty cell can turn every weight into `nan`.
# - Mend errors by a rule with a reason.
# - Categories without order: one-hot. With order: a number. Gaps: fill, and add an indicator.
# - Whatever is computed from data comes from the training rows.
# - Give the baseline the same columns before you praise the network.
#
# ## Common mistakes
#
# - *`loss: nan` from the first epoch*: an empty cell or an infinite value in `x` or `y`.
# - *The loss never falls*: `nan` behind a ReLU, or rows of `x` and `y` that do not belong together.
#
# ## Read more
#
# - [Preprocessing data](https://scikit-learn.org/stable/modules/preprocessing.html), scikit-learn.
# - [Working with preprocessing layers](https://keras.io/guides/preprocessing_layers/), Keras.
# - [Better performance with tf.data](https://www.tensorflow.org/guide/data_performance), TensorFlow.
# - The cars, at [UCI](https://archive.ics.uci.edu/dataset/9/auto+mpg) (Quinlan, 1993).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [12 · Images and augmentation](12_images_and_augmentation.ipynb). Turn a folder of pictures into a tensor, and find out what changed copies are worth. **Before:** [01 · What is deep learning?](01_what_is_deep_learning.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+11%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/12_images_and_augmentation.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/01_what_is_deep_learning.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
