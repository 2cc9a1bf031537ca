# ---
# jupyter:
#   dlcourse:
#     title: Splitting and leakage
#     subtitle: Who may know what, and when, so that a score can be believed
#     minutes: 60
#     further: 12
#     seconds: 30
#     needs: ["11"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "shuffle, split, and the score is honest"
#       stop: "section 3; break and fix"
#       ask: "\"Whom will you predict for?\" and \"Could this row have known?\""
#       stuck: "a mean over the training rows is still a leak (5)"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 13 · Splitting and leakage
#
# *Who may know what, and when, so that a score can be believed*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/13_splitting_and_leakage.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/13_splitting_and_leakage.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/13_splitting_and_leakage.ipynb)
#
# **Your time:** 60 minutes, and 12 for *Going further* · **The notebook runs in:** about 30 s on two CPU cores · **Before this:** lesson 11

# %% [markdown]
# ## You will be able to
#
# 1. Choose a split (random, stratified, by group, by time) that asks the question you will
#    be asked, and code it. *(sections 2 and 3 · exercises 13.1 and 13.2)*
# 2. Tell a leak that costs from one that does not, and encode a category by its target
#    without a leak. *(sections 4 and 5 · exercise 13.3)*
# 3. Put preprocessing into a pipeline in the right order, cross-validate the whole of it,
#    and find the leak in one that scores too well. *(section 6 · exercise 13.4)*

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
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn import model_selection as ms
from sklearn.ensemble import RandomForestRegressor
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import r2_score
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify
from dlcourse.package_data import package_file

lesson = dlcourse.start("13", profile=PROFILE, seed=SEED)

import keras
from keras import layers

# %% [markdown]
# ## 1 · The best model, until it met new people
#
# A health insurer asks you: *how often will a new member see a doctor next year?* The data
# are real. In the RAND Health Insurance Experiment (1974 to 1982) thousands of Americans were
# given insurance plans by lot, and their visits to doctors were counted. The table comes with
# statsmodels: one row for each person and year, the insurance plan and the health of the
# person, and the number of visits.

# %%
file = package_file("statsmodels", "datasets/randhie/randhie.csv")
plain_words = {"mdvis": "visits", "disea": "diseases", "hlthp": "poor_health"}
table = pd.read_csv(file).rename(columns=plain_words)
x = table.drop(columns="visits")  # nine columns, all of them numbers
y = np.log1p(table["visits"])  # ln(1 + visits): 0 to 77 visits become 0 to 4.4
print(f"{len(table)} rows; median visits {table['visits'].median():.0f}, at most 77")
table.iloc[::4500, [0, 1, 5, 6, 9]]

# %% [markdown]
# The file does not say who is who. But it lists the years of a person one below the other, and
# the description of a person stays the same. So a new person begins where a row differs from the
# row above. We lock a quarter of the *people* away: they play those who **join next year**.

# %%
person = (x != x.shift()).any(axis=1).cumsum()  # 1, 1, 1, 2, 2, 2, 2, 2, 3, ...
draw = ms.GroupShuffleSplit(1, test_size=0.25, random_state=lesson.seed)
members, joiners = next(draw.split(x, groups=person))  # row numbers
x_members, y_members = x.iloc[members], y.iloc[members]
print(f"{person.nunique()} people; {x.shape[1]} columns")

# %% [markdown]
# Two models compete. **Ridge** is linear regression with a light brake on its weights. A **random
# forest** is the mean of many trees, each of which splits the rows by questions ("more than 10
# diseases?") until three or so are left.
#
# We judge them by **cross-validation**: deal the rows into five piles, called folds. Each fold is the
# validation set once, and the model is trained on the other four. The mean of the five is the score,
# here $R^2$, the share of the variance that is explained: 1 is perfect, and guessing the mean gets 0.
# `cross_val_score` is the loop below in one line.

# %%
ridge = make_pipeline(StandardScaler(), Ridge())
forest = RandomForestRegressor(10, min_samples_leaf=3, random_state=lesson.seed)
by_rows = ms.KFold(5, shuffle=True, random_state=lesson.seed)
scores = []
for train, val in by_rows.split(x_members):  # train, val: row numbers of this round
    ridge.fit(x_members.iloc[train], y_members.iloc[train])
    scores.append(ridge.score(x_members.iloc[val], y_members.iloc[val]))
print("ridge, five folds:", *(f"≈ {score:.2f}" for score in scores))

# the same in one line, for both models
r2 = {}
for name, model in {"ridge": ridge, "forest": forest}.items():
    found = ms.cross_val_score(model, x_members, y_members, cv=by_rows)
    r2[name] = {"by rows": found.mean()}
    print(f"{name:6} R² ≈ {found.mean():.2f}")
gap = abs(np.mean(scores) - r2["ridge"]["by rows"])
verify("the loop and cross_val_score agree", gap, at_most=1e-9)

# %% [markdown]
# The forest explains more than twice as much, on rows that it never saw, drawn at random.
#
# **Predict.** You ship the forest. What $R^2$ will it reach among the people who join next year:
# about the same, half, or nothing?

# %%
for name, model in {"ridge": ridge, "forest": forest}.items():
    model.fit(x_members, y_members)
    r2[name]["joiners"] = model.score(x.iloc[joiners], y.iloc[joiners])
    print(f"{name:6} R² among joiners ≈ {r2[name]['joiners']:.2f}")
claim("among people who join later, the forest loses ≈ {:.2f} of its R²",
      r2["forest"]["by rows"] - r2["forest"]["joiners"], at_least=0.08)

# %% [markdown]
# Nothing is left of the winner. The validation score made you choose the wrong model.
#
# ## 2 · Who is in both piles?
#
# Look at the top of the table, and then at one fold.

# %%
train, val = next(by_rows.split(x_members))
known = np.isin(person.iloc[members[val]], person.iloc[members[train]])
print(f"validation rows whose person is in the training rows: ≈ {known.mean():.0%}")
table.iloc[:8, [0, 1, 5, 6, 9]].assign(person=person)

# %% [markdown]
# Most people are there for three or five years, with the same description each year: **duplicates**
# across the piles. A person who sees a doctor often does so every year. The forest, which keeps
# asking questions until few rows are left, learned *these people* by heart, and validation asked
# about them again. We can test that explanation: let no person be on both sides, and change nothing
# else. `GroupKFold` deals out whole groups. We also train a small network in both ways, on 1,000 people
# to save time.
#
# **Predict.** Which of the three loses most when it may not meet people again?

# %%
def train_network(x_train, y_train):
    network = keras.Sequential([layers.Dense(128, "relu"), layers.Dense(128, "relu"),
                                layers.Dense(1)])  # fmt: skip
    network.compile(keras.optimizers.Adam(0.01), loss="mse")
    network.fit(x_train, y_train, batch_size=256, epochs=60, verbose=0)
    return network

some = x_members[person.iloc[members] <= person.iloc[members].unique()[999]]
scaled = StandardScaler().fit_transform(some).astype("float32")  # see section 4
target = y[some.index].to_numpy("float32")
r2["network"] = {}
people_folds = ms.GroupKFold(5).split(some, groups=person[some.index])
for name, folds in {"by rows": by_rows.split(some), "by people": people_folds}.items():
    keras.utils.set_random_seed(lesson.seed)
    train, val = next(folds)
    network = train_network(scaled[train], target[train])
    guess = keras.ops.convert_to_numpy(network(scaled[val]))[:, 0]
    r2["network"][name] = r2_score(target[val], guess)

# %%
by_people = list(ms.GroupKFold(5).split(x_members, groups=person.iloc[members]))
for name, model in {"ridge": ridge, "forest": forest}.items():
    found = ms.cross_val_score(model, x_members, y_members, cv=by_people)
    r2[name]["by people"] = found.mean()
result = pd.DataFrame(r2).loc[["by rows", "by people"]]
lost = result.loc["by rows"] - result.loc["by people"]
claim("split by people, the ridge loses only ≈ {:.2f}", lost["ridge"], at_most=0.03)
kept = result.loc["by people"]
claim("and is now ahead of the forest by ≈ {:.2f}", kept["ridge"] - kept["forest"],
      at_least=0.04)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(8, 3.8))
looks = {"by rows": (plots.ORANGE, "//"), "by people": (plots.BLUE, "")}
for shift, (split, (color, hatch)) in zip((-0.18, 0.18), looks.items(), strict=True):
    axis.bar(np.arange(3) + shift, result.loc[split], 0.36, color=color, hatch=hatch,
             edgecolor="white", label=f"split {split}")  # fmt: skip
axis.axhline(0, color="black", lw=1)
axis.set_xticks(range(3), ["ridge", "forest", "network (1,000 people)"])
axis.set(ylabel="validation R²",
         title="The more a model can memorize, the more it is flattered")  # fmt: skip
axis.legend(loc="upper right")
plots.show("Bars of R squared by rows and by people. Ridge: the same. Forest and"
           " network: well above zero by rows, near or below zero by people.")

# %% [markdown]
# The split by people tells beforehand what the joiners told afterwards. Ten weights cannot remember
# thousands of people; a forest and a network can. It happens to the best: of the test images of
# CIFAR-10, a standard set of small photographs, 3.3 % have a duplicate among the training images (Barz
# and Denzler, 2020).
#
# **A split asks a question.** Whoever will be new tomorrow has to be new in validation.
#
# | the rows of tomorrow are | split | in scikit-learn |
# |---|---|---|
# | like those at hand | random | `KFold(shuffle=True)` |
# | the same, and one class is rare | **stratified**: each fold gets its share | `StratifiedKFold` |
# | new people, machines, streets | **by group**: no group is cut | `GroupKFold` |
# | later in time | **by time**: train before, validate after | `TimeSeriesSplit` |
#
# Play: which rows are in validation together?

# %%
demo_person = np.repeat(np.arange(8), 3)  # 24 rows, in order of time
demo_rare = np.isin(np.arange(24), [0, 1, 2, 9, 10, 11])  # rows of a rare class

def draw_folds(split="shuffled", folds=4):
    rows, shuffled = demo_rare, ms.KFold(folds, shuffle=True, random_state=0)
    pairs = {
        "shuffled": shuffled.split(rows),
        "stratified": ms.StratifiedKFold(folds).split(rows, demo_rare),
        "by group": ms.GroupKFold(folds).split(rows, groups=demo_person),
        "by time": ms.TimeSeriesSplit(folds).split(rows),
    }[split]
    figure, axis = plt.subplots(figsize=(9, 0.5 * folds + 1.6))
    for line, (train, val) in enumerate(pairs):
        axis.scatter(train, 0 * train + line, 90, marker="s", color=plots.SKY)
        axis.scatter(val, 0 * val + line, 90, marker="D", color=plots.VERMILION)
    marks = ["*" * int(rare) for rare in demo_rare]
    axis.set_xticks(range(24), np.char.add(demo_person.astype(str), marks))
    axis.set(yticks=range(folds), ylabel="round", ylim=(folds - 0.5, -0.5))
    axis.set(xlabel="person of the row, in order of time (*: rare class)",
             title=f"Folds {split}: squares train, diamonds validate")  # fmt: skip

alt = "24 rows of 8 people, four rounds: which rows train, and which validate."
kinds = ["shuffled", "stratified", "by group", "by time"]
explore(draw_folds, alt=alt, split=kinds, folds=(2, 6))

# %% [markdown]
# Why stratify? In 1.5 % of our rows somebody's health is poor. We draw 200 validation sets of 400 rows.

# %%
poor = table["poor_health"].to_numpy()
for name, strata in (("random", None), ("stratified", poor)):
    counts = [ms.train_test_split(poor, test_size=400, stratify=strata,
                                  random_state=draw)[1].sum() for draw in range(200)]
    print(f"{name:10}: {min(counts):.0f} to {max(counts):.0f} of 400 in poor health")

# %% [markdown]
# With a rare class, a random draw can leave you with next to none to judge by.
#
# ### Exercise 13.1
#
# Write `test_mask(groups, share, rng)`: an array of booleans, one per row, True for test rows. All
# rows of a group stay together, and about `share` of the *groups* are drawn with `rng`, a NumPy
# generator.
#
# <details><summary>Hint 1</summary>Draw groups, not rows: <code>np.unique(groups)</code> lists each
# once.</details>
# <details><summary>Hint 2</summary><code>rng.choice(names, size, replace=False)</code> draws;
# <code>np.isin(groups, chosen)</code> says for every row whether its group was drawn.</details>

# %% tags=["exercise"]
# Exercise 13.1: a test set that shares no group with the training set.
def test_mask(groups, share, rng):
    ...  # your code here

# %%
check("13.1", test_mask)

# %% tags=["solution"]
# @title Solution 13.1
def test_mask_solution(groups, share, rng):
    names = np.unique(groups)
    chosen = rng.choice(names, size=round(share * len(names)), replace=False)
    return np.isin(groups, chosen)

check("13.1", test_mask_solution)

# %% [markdown]
# ## 3 · The cars of next year
#
# Auto MPG, real as well, holds 398 cars of 1970 to 1982 and how far each drives on a gallon of fuel
# (mpg, miles per gallon). Imagine the end of 1979: you know the cars so far and are asked about those to
# come. Our model is **nearest neighbors**, the mean mpg of the five most similar cars.

# %%
cars = datasets.auto_mpg().frame
numbers = ["cylinders", "displacement", "horsepower", "weight", "acceleration"]
numbers.append("model_year")
past, future = cars[cars["model_year"] < 1980], cars[cars["model_year"] >= 1980]
neighbors = make_pipeline(SimpleImputer(), StandardScaler(), KNeighborsRegressor(5))

def mean_error(model, splits, frame):
    """Return the mean absolute error in mpg, averaged over the splits."""
    found = -ms.cross_val_score(model, frame[numbers], frame["mpg"], cv=splits,
                                scoring="neg_mean_absolute_error")  # fmt: skip
    return found.mean()

shuffled = ms.RepeatedKFold(n_splits=5, n_repeats=4, random_state=lesson.seed)
error = {"random": mean_error(neighbors, shuffled, past)}
print(f"{len(past)} cars up to 1979, random folds: error ≈ {error['random']:.2f} mpg")

# %% [markdown]
# In a random fold, the model judges a car of 1975 knowing others of 1975, and of 1979, too. In reality
# it will know none from the year that it is asked about.
#
# ### Exercise 13.2
#
# Write `year_splits(years, first)`. For each year from `first` on that occurs in `years`, in order,
# it gives a pair `(train, val)`: `val` holds the row numbers of that year and `train` those of all
# earlier years. Return the list of pairs. The rows need not be sorted.
#
# <details><summary>Hint 1</summary><code>np.flatnonzero(years == 1975)</code> gives the row numbers of
# one year.</details>
# <details><summary>Hint 2</summary>Loop over <code>np.unique(years)</code>, skip the years before
# <code>first</code>, and append a pair each time.</details>

# %% tags=["exercise"]
# Exercise 13.2: each year is predicted from the years before it.
def year_splits(years, first):
    ...  # your code here

# %%
check("13.2", year_splits)

# %% tags=["solution"]
# @title Solution 13.2
def year_splits_solution(years, first):
    later = np.unique(years[years >= first])
    return [(np.flatnonzero(years < k), np.flatnonzero(years == k)) for k in later]

check("13.2", year_splits_solution)

# %% [markdown]
# Such a list goes straight into `cross_val_score(..., cv=...)`. We try it for 1973 to 1979, and then
# we open the future.
#
# **Predict.** Order the three errors: random folds, year by year, the cars of 1980 to 1982.

# %%
years = past["model_year"].to_numpy()
by_time = [(np.flatnonzero(years < year), np.flatnonzero(years == year))
           for year in range(1973, 1980)]  # fmt: skip
error["year by year"] = mean_error(neighbors, by_time, past)
neighbors.fit(past[numbers], past["mpg"])
off = neighbors.predict(future[numbers]) - future["mpg"]
error["1980 to 1982"] = off.abs().mean()
for name, size in error.items():
    print(f"{name:13} ≈ {size:.2f} mpg")
claim("year by year the error is ≈ {:.2f} mpg larger than in random folds",
      error["year by year"] - error["random"], at_least=0.3)
claim("and the future exceeds even that by ≈ {:.1f} mpg",
      error["1980 to 1982"] - error["year by year"], at_least=1)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(8, 3.8))
mean_mpg = cars.groupby("model_year")["mpg"].mean()
axis.plot(cars["model_year"], cars["mpg"], ".", color="0.7", label="a car")
axis.plot(mean_mpg.index, mean_mpg, "o-", color=plots.BLUE, label="mean of the year")
axis.axvspan(1979.5, 1982.5, color=plots.ORANGE, alpha=0.2, label="not yet known")
axis.set(xlabel="model year", ylabel="miles per gallon",
         title="The cars of 1980 were unlike any before")  # fmt: skip
axis.legend(loc="upper left")
plots.show("Miles per gallon of cars by model year. The yearly mean rises slowly to 25"
           " in 1979 and jumps to 34 in 1980.")

# %% [markdown]
# The split by time warned us, and reality was worse still: 1980 brought a jump. (Fuel had become
# expensive in 1979; that this is the cause is a guess.) No split can show a break that no year of yours
# contains. Its score is a better answer, not a guarantee.
#
# ## 4 · A leak that costs nothing
#
# A **leak** is information that will not be there when it counts: from validation rows, from the
# future, or from the answer itself. The classic warning goes: never fit a scaler on all rows. What
# does it cost?

# %%
draws = ms.ShuffleSplit(20, test_size=0.25, random_state=lesson.seed)
filled = cars[numbers].fillna(cars[numbers].median())
z = pd.DataFrame(StandardScaler().fit_transform(filled), columns=numbers)  # on all rows
knn, mpg = KNeighborsRegressor(5), cars["mpg"]
leaky = mean_error(knn, draws, z.assign(mpg=mpg))
honest = mean_error(make_pipeline(StandardScaler(), knn), draws, filled.assign(mpg=mpg))
train, val = next(draws.split(filled))
shift = (filled.iloc[train].mean() - filled.mean()) / filled.std()
print(f"scaled on all rows ≈ {leaky:.2f} mpg, on training rows ≈ {honest:.2f} mpg")
print(f"the means move by ≈ {shift.abs().max():.2f} standard deviations at most")
claim("the scaler's leak changes the error by ≈ {:.3f} mpg",
      abs(honest - leaky), at_most=0.05)

# %% [markdown]
# Nothing, for two reasons. A mean of 398 rows hardly moves when 100 of them are left out. And the
# scaler never saw a target: it knows where the validation cars lie, but not how far they drive. Neither
# holds always (imagine ten rows), so keep the rule: it costs one line. But when a score looks too good,
# look further than the scaler.
#
# ## 5 · A column that knew the answer
#
# There are 304 names among the 398 cars. One-hot encoding would give 304 columns, most of them with a
# single 1. **Target encoding** gives one column: the mean mpg of the cars of that name. We lock a quarter
# of the cars away as new ones, split the rest into training and validation, and try four ways:
#
# 1. **no column**;
# 2. **all rows**: the means are taken before the split, over training and validation rows;
# 3. **training rows**: the means are taken after the split, over training rows only;
# 4. **out of fold**: as 3, but the mean for a training row leaves out the fold that it is in.
#
# For a row $i$ in fold $k$, with the name $c_i$ and the target $y_i$, the fourth is
#
# $$\text{feature}_i = \text{mean of } y_j \text{ over all } j \text{ with } c_j = c_i
# \text{ and } j \text{ not in fold } k,$$
#
# and the mean of all $y_j$ outside fold $k$ where no such car exists.
#
# **Predict.** Which of the four has the best validation error, and which the best error on new cars?

# %%
name = cars["car_name"]

def encode(rows, targets_of):
    """Return the mean mpg of each row's name, computed from the rows in targets_of."""
    means = mpg.iloc[targets_of].groupby(name.iloc[targets_of]).mean()
    return name.iloc[rows].map(means).fillna(mpg.iloc[targets_of].mean())

def out_of_fold(train, folds=5):
    pairs = ms.KFold(folds).split(train)
    return pd.concat([encode(train[val], train[rest]) for rest, val in pairs])

# %%
def errors_of(way, work, new):
    train, val = ms.train_test_split(work, test_size=0.25, random_state=lesson.seed)
    table = filled.assign(name=0.0)
    if way != "no column":
        targets_of = work if way == "all rows" else train
        table["name"] = encode(np.arange(len(cars)), targets_of)
    if way == "out of fold":
        table.loc[train, "name"] = out_of_fold(train)  # for the training rows alone
    model = make_pipeline(StandardScaler(), Ridge())
    model.fit(table.iloc[train], mpg.iloc[train])
    return [np.abs(model.predict(table.iloc[rows]) - mpg.iloc[rows]).mean()
            for rows in (val, new)]  # fmt: skip

ways = ["no column", "all rows", "training rows", "out of fold"]
encoded = pd.DataFrame(index=["validation", "new cars"])
for way in ways:
    found = [errors_of(way, work, new) for work, new in draws.split(cars)]
    encoded[way] = np.mean(found, axis=0)
promised, kept = encoded["all rows"] - encoded["no column"]
claim("the leak promises an error ≈ {:.1f} mpg smaller", -promised, at_least=1.5)
claim("and makes it ≈ {:.1f} mpg larger on new cars", kept, at_least=1.5)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(8, 3.8))
looks = {"validation": (plots.ORANGE, "//"), "new cars": (plots.BLUE, "")}
for shift, (when, (color, hatch)) in zip((-0.19, 0.19), looks.items(), strict=True):
    axis.bar(np.arange(4) + shift, encoded.loc[when], 0.38, color=color, hatch=hatch,
             edgecolor="white", label=when)  # fmt: skip
axis.set_xticks(range(4), ways)
axis.set(ylabel="mean absolute error (mpg)", ylim=(0, 7.4),
         xlabel="where the name's mean came from",
         title="The best validation error belongs to a useless model")  # fmt: skip
axis.legend(loc="upper left", ncols=2)
plots.show("Errors on validation and new cars. All rows: lowest on validation, very"
           " high on new cars. Training rows: high on both. The others: low on both.")

# %% [markdown]
# Most names occur once. Their "mean" *is* the car's own mpg, so the model learns to copy the column,
# and for a new car there is nothing to copy.
#
# - With **all rows**, the column holds the answer for validation cars, too. Hence the wonderful error.
# - With **training rows**, validation is honest, and shows how bad the model is: in training each row
#   still saw its own answer. Keeping validation rows out is not enough.
# - **Out of fold**, no row takes part in its own feature. The column turns out to be worth nothing here,
#   beside weight and year. That is what it was worth all along.
#
# In scikit-learn this is `TargetEncoder`, whose `fit_transform` works out of fold.
#
# ### Exercise 13.3
#
# Write `out_of_fold_means(names, y, fold)`. All three are arrays with one entry per row; `fold` says in
# which fold a row is. Return for each row the mean of `y` over the rows of the same name in *other*
# folds. Where there are none, return the mean of `y` over all rows in other folds.
#
# <details><summary>Hint 1</summary>For row <code>i</code>: <code>others = fold != fold[i]</code>.</details>
# <details><summary>Hint 2</summary><code>same = others & (names == names[i])</code>; if
# <code>same.any()</code> is False, take <code>y[others].mean()</code>.</details>

# %% tags=["exercise"]
# Exercise 13.3: a target encoder without a leak.
def out_of_fold_means(names, y, fold):
    ...  # your code here

# %%
check("13.3", out_of_fold_means)

# %% tags=["solution"]
# @title Solution 13.3
def out_of_fold_means_solution(names, y, fold):
    feature = np.empty(len(y))
    for i in range(len(y)):
        others = fold != fold[i]
        same = others & (names == names[i])
        feature[i] = y[same].mean() if same.any() else y[others].mean()
    return feature

check("13.3", out_of_fold_means_solution)

# %% [markdown]
# ## 6 · The right order: split, then fit everything
#
# A **pipeline** joins all steps that learn from data (filling, scaling, encoding, choosing columns, the
# model) into one object with one `fit`. Cross-validate the *pipeline*, and each round fits every step
# anew, on its training rows.
#
# 1. Split, as tomorrow will differ from today.
# 2. Fit the whole pipeline on the training rows.
# 3. Transform and predict the others with what was fitted.
# 4. Choose by validation scores. Open the test set once, at the end.
#
# ## Break and fix
#
# A colleague has bought 5,000 yes-or-no flags about 200 people ("owns a dog", "reads at night", …). She
# scales them, keeps the 30 that go best with the visits, cross-validates a linear regression, and reports
# the best score that anyone has had on these data.

# %%
def colleagues_score(flags, visits):
    z = StandardScaler().fit_transform(flags)
    best = SelectKBest(f_regression, k=30).fit_transform(z, visits)
    folds = ms.KFold(5, shuffle=True, random_state=0)
    return ms.cross_val_score(LinearRegression(), best, visits, cv=folds).mean()

rng = np.random.default_rng(lesson.seed)
flags = rng.integers(0, 2, size=(200, 5000)).astype(float)
one_row_each = y.groupby(person).first().to_numpy()
visits = rng.choice(one_row_each, size=200, replace=False)
print(f"her R² ≈ {colleagues_score(flags, visits):.2f}")
dealt = [colleagues_score(flags, rng.permutation(visits)) for repeat in range(10)]
print(f"with shuffled visits ≈ {np.mean(dealt):.2f} (mean of 10)")
claim("with shuffled visits her procedure still finds an R² of ≈ {:.2f}",
      np.mean(dealt), at_least=0.2)

# %% [markdown]
# The second line is a **shuffle test**, good for any pipeline. Deal the targets out to the rows at random,
# so that nothing can be learned, and run everything again. The score should fall to 0 or below.
#
# ### Exercise 13.4
#
# Her code splits, and nobody is in two folds. Where do the validation visits get in? Write
# `honest_score(flags, visits)`, which does the same without the leak (30 flags, the same folds) and
# returns the mean $R^2$.
#
# <details><summary>Hint 1</summary>Go through the lines and ask of each: does it fit something? To the
# visits? Of which rows?</details>
# <details><summary>Hint 2</summary>Choosing columns by the target is fitting. Let
# <code>make_pipeline(SelectKBest(…), LinearRegression())</code> do both, and cross-validate the
# pipeline.</details>

# %% tags=["exercise"]
# Exercise 13.4: the same procedure without the leak.
def honest_score(flags, visits):
    ...  # your code here

# %%
check("13.4", honest_score)

# %% tags=["solution"]
# @title Solution 13.4
def honest_score_solution(flags, visits):
    choose = SelectKBest(f_regression, k=30)
    model = make_pipeline(StandardScaler(), choose, LinearRegression())
    folds = ms.KFold(5, shuffle=True, random_state=0)
    return ms.cross_val_score(model, flags, visits, cv=folds).mean()

check("13.4", honest_score_solution)
print(f"without the leak ≈ {honest_score_solution(flags, visits):.2f}")

# %% [markdown]
# The scaler was the wrong suspect; choosing the columns is the culprit. Among 5,000 flags some go with
# the visits by luck, in all 200 rows, those of the validation folds included. These flags are coin
# flips, drawn for this lesson, so that we know the truth: there is nothing to find.
#
# ## Going further: how sure is the score?
#
# An honest test error is still a mean over the rows that happened to be drawn. With $n$ absolute
# errors of mean $m$ and standard deviation $s$, other draws would give a mean within
#
# $$m \mp 1.96\,\frac{s}{\sqrt{n}}$$
#
# of the truth about 95 times in 100, if the errors are independent. For the errors 1, 2, 3 and 6: $m = 3$,
# $s = \sqrt{(4 + 1 + 0 + 9)/3} = 2.16$, so $3 \mp 2.1$.
#
# ### Exercise 13.5
#
# Write `error_interval(errors)`, which returns the two ends `(low, high)`. Let $s$ divide by $n - 1$, as
# above.
#
# <details><summary>Hint 1</summary><code>np.std(errors, ddof=1)</code> divides by n − 1.</details>
# <details><summary>Hint 2</summary><code>half = 1.96 * s / np.sqrt(len(errors))</code>.</details>

# %% tags=["exercise"]
# Exercise 13.5: a 95 % interval for the mean error.
def error_interval(errors):
    ...  # your code here

# %%
check("13.5", error_interval)

# %% tags=["solution"]
# @title Solution 13.5
def error_interval_solution(errors):
    half = 1.96 * np.std(errors, ddof=1) / np.sqrt(len(errors))
    return np.mean(errors) - half, np.mean(errors) + half

check("13.5", error_interval_solution)

# %% [markdown]
# Does it hold its 95 %? The joiners can tell. We take all of them for the truth, draw test sets of 100
# people a thousand times, and count how often the interval contains the truth: once with each *row* as
# one error, once with each *person* as one error (the mean over the years).
#
# **Predict.** Rows are three to four times as many, so their interval is narrower. Which holds 95 %?

# %%
ridge.fit(x_members, y_members)
off = np.abs(ridge.predict(x.iloc[joiners]) - y.iloc[joiners])
of_person = [part.to_numpy() for _, part in off.groupby(person.iloc[joiners])]
person_means = np.array([part.mean() for part in of_person])

def contains(errors, truth):
    return abs(errors.mean() - truth) < 1.96 * errors.std(ddof=1) / np.sqrt(len(errors))

hits = []
for repeat in range(1000):
    drawn = rng.choice(len(of_person), size=100, replace=False)
    rows = np.concatenate([of_person[i] for i in drawn])
    by_person = contains(person_means[drawn], person_means.mean())
    hits.append([contains(rows, off.mean()), by_person])
row_share, person_share = 100 * np.mean(hits, axis=0)
print(f"truth inside: by rows ≈ {row_share:.0f} %, by people ≈ {person_share:.0f} %")
claim("counting rows instead of people, ≈ {:.0f} of 100 intervals miss the truth",
      100 - row_share, at_least=8)

# %% [markdown]
# By people it keeps its promise. Rows of one person err alike, so three years of a person are not three
# independent errors, and the interval by rows is too narrow. **Count what is independent**: people,
# patients, streets, days.
#
# ## Going further: a model as a feature
#
# The trap of section 5 has another face. You add a model's own prediction as a column: the mpg of the
# nearest neighbor. Fitted on the training rows and asked about the same rows, it finds *each row itself*.

# %%
def with_neighbor(model, rows, predict=None):
    found = model.predict(filled.iloc[rows]) if predict is None else predict
    return filled.iloc[rows].assign(neighbor=found)

nearest = make_pipeline(StandardScaler(), KNeighborsRegressor(1))
second = make_pipeline(StandardScaler(), Ridge())
rows = []
for train, val in draws.split(cars):
    nearest.fit(filled.iloc[train], mpg.iloc[train])
    x_val, y_train = with_neighbor(nearest, val), mpg.iloc[train]
    honest = ms.cross_val_predict(nearest, filled.iloc[train], y_train, cv=5)
    for way, feature in {"own rows": None, "out of fold": honest}.items():
        second.fit(with_neighbor(nearest, train, feature), y_train)
        rows.append((way, np.abs(second.predict(x_val) - mpg.iloc[val]).mean()))
neighbor = pd.DataFrame(rows, columns=["way", "error"]).groupby("way")["error"].mean()
print(neighbor.map("≈ {:.2f} mpg".format).to_string())

# %% [markdown]
# On its own rows the feature is perfect, the second model trusts it alone, and all it can do for a new
# car is copy the nearest neighbor. `cross_val_predict` is the out-of-fold cure, and scikit-learn's
# `StackingRegressor` does just this.
#
# ## Going further: the future inside a series
#
# Carbon dioxide in the air on Mauna Loa, weekly. Feature one: the mean of the last three weeks. Feature
# two: the same mean, *centered*, as a plot's smooth line is. We predict the coming week.

# %%
co2 = datasets.co2().frame["co2"].interpolate()
lags = pd.DataFrame({"last": co2.shift(1), "a_year_ago": co2.shift(52)})
means = {"trailing": co2.rolling(3).mean().shift(1),  # weeks t-3 to t-1
         "centered": co2.rolling(3, center=True).mean().shift(1)}  # weeks t-2 to t
recent = np.arange(len(co2)) >= 1600
co2_error = {}
for name, smooth in means.items():
    features = lags.assign(smooth=smooth)
    usable = features.notna().all(axis=1)
    fitted = LinearRegression().fit(features[usable & ~recent], co2[usable & ~recent])
    gap = fitted.predict(features[usable & recent]) - co2[usable & recent]
    co2_error[name] = gap.abs().mean()
    print(f"{name}: error {co2_error[name]:.2f} parts per million")

# %% [markdown]
# The split is by time and nobody shuffled, yet the centered mean contains the week that is asked for. The
# leak sits in the *column*, where no split can mend it. (Even `interpolate` looks ahead: it fills a gap
# from both sides.) Ask of each column: **could I have known this at that moment?**
#
# ## Quiz

# %%
quiz("13")

# %% [markdown]
# ## Summary
#
# - A split asks a question. Split as tomorrow will differ from today: by group for new people, by time
#   for the future, stratified for a rare class.
# - Duplicates and groups across the piles flatter those models most that can memorize.
# - A leak costs as much as it tells about the target. A scaler's leak is nearly free; a target mean's is not.
# - No row may take part in its own feature: work out of fold.
# - Whatever fits goes into the pipeline, and the pipeline goes into cross-validation.
# - When a score looks too good, shuffle the targets and run everything again.
# - Give a test error with an interval, and count what is independent.
#
# ## Common mistakes
#
# - *Validation wonderful, production poor*: look for the same person, street or picture on both sides.
# - *Choosing, encoding or oversampling before the split*: each must happen inside, on training rows.
# - *`train_test_split` on a time series*: the model is asked about days between days that it knows.
#
# ## Read more
#
# - [Common pitfalls](https://scikit-learn.org/stable/common_pitfalls.html), scikit-learn: leaks in scaling
#   and selection, with the pipeline as the cure.
# - [Cross-validation](https://scikit-learn.org/stable/modules/cross_validation.html), scikit-learn: every
#   splitter with its picture.
# - S. Kaufman, S. Rosset, C. Perlich, O. Stitelman (2012),
#   [Leakage in data mining](https://doi.org/10.1145/2382577.2382579): what leaks are, from competitions
#   that they decided.
# - B. Barz, J. Denzler (2020), [Do we train on test data?](https://doi.org/10.3390/jimaging6060041): the
#   duplicates of CIFAR.
# - A. Aron-Dine, L. Einav, A. Finkelstein (2013),
#   [The RAND Health Insurance Experiment, three decades later](https://doi.org/10.1257/jep.27.1.197): where
#   the visits to doctors come from.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [21 · Neurons and layers](21_neurons_and_layers.ipynb). What one neuron can say, what it never can, and why a hidden layer changes that. **Before:** [11 · Loading and preprocessing](11_loading_and_preprocessing.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+13%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/21_neurons_and_layers.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/11_loading_and_preprocessing.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
