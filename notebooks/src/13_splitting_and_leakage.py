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
#    be asked, and code those by group and by time. *(sections 2 and 3 · exercises 13.1 and 13.2)*
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
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, TargetEncoder

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify
from dlcourse.package_data import package_file

lesson = dlcourse.start("13", profile=PROFILE, seed=SEED)

# %% [markdown]
# ## 1 · The best model, until it met new families
#
# A health insurer asks you: *how often will a new member see a doctor next year?* The data are real.
# In the RAND Health Insurance Experiment (1974 to 1982) thousands of Americans were given insurance
# plans by lot, family by family, and their visits to doctors were counted. Each row of the table is one
# person in one year: the plan, the health, and the number of visits.

# %%
file = package_file("statsmodels", "datasets/randhie/randhie.csv")
plain_words = {"mdvis": "visits", "disea": "disease_index", "hlthp": "poor_health"}
table = pd.read_csv(file).rename(columns=plain_words)
x = table.drop(columns="visits")  # nine columns, all of them numbers
y = np.log1p(table["visits"])  # ln(1 + visits): 0 to 77 visits become 0 to 4.4
print(f"{len(table)} rows; median visits {table['visits'].median():.0f}, at most 77")
table.iloc[::4500, [0, 1, 3, 6, 9]]

# %% [markdown]
# The file does not name the families. But the rows of a family stand one below the other, and three
# columns of its plan are the same in all of them. So we let a new **household** begin where one of the
# three changes. (This is an approximation: neighbors in the file with equal plans become one household.)
#
# We lock a quarter of the households away as a **test set**. They play the families who **join next
# year**, and stay closed until we have chosen a model.

# %%
plan = x[["lncoins", "lpi", "fmde"]]
household = (plan != plan.shift()).any(axis=1).cumsum()  # 1, 1, 1, 2, 2, 3, ...
draw = ms.GroupShuffleSplit(1, test_size=0.25, random_state=lesson.seed)
members, joiners = next(draw.split(x, groups=household))  # row numbers
x_members, y_members = x.iloc[members], y.iloc[members]
x_joiners, y_joiners = x.iloc[joiners], y.iloc[joiners]
n = household.nunique()
print(f"{n} households, about {len(x) / n:.0f} rows each")

# %% [markdown]
# Two models compete. **Ridge** is linear regression with a light brake on its weights (`make_pipeline`
# puts a scaler before it and makes one model of the two; see section 6). A **random forest** is the mean
# of trees that split the rows by questions ("is the disease index above 10?") until a leaf holds few, here
# three.
#
# We judge them by **cross-validation**: deal the rows into five piles, called folds. Each fold is the
# validation set once, and the model is trained on the other four. The score is the mean of five $R^2$,
# the share of the variance that is explained: 1 is perfect, guessing the mean gets 0, and below 0 is
# worse than guessing the mean. `cross_val_score` is the loop below in one line.

# %%
ridge = make_pipeline(StandardScaler(), Ridge())
by_rows = ms.KFold(5, shuffle=True, random_state=lesson.seed)
scores = []
for train, val in by_rows.split(x_members):  # train, val: row numbers of this round
    ridge.fit(x_members.iloc[train], y_members.iloc[train])
    scores.append(ridge.score(x_members.iloc[val], y_members.iloc[val]))

forest = RandomForestRegressor(10, min_samples_leaf=3, random_state=lesson.seed)
ridge_rows = ms.cross_val_score(ridge, x_members, y_members, cv=by_rows)
forest_rows = ms.cross_val_score(forest, x_members, y_members, cv=by_rows)
for name, r2 in {"ridge": ridge_rows, "forest": forest_rows}.items():
    print(f"{name}: R² ≈ {r2.mean():.2f} ± {r2.std(ddof=1):.2f} (five folds)")
off = abs(scores - ridge_rows).max()
verify("the loop and cross_val_score agree", off, at_most=1e-9)

# %% [markdown]
# The forest explains more than twice as much, on rows that it never saw, drawn at random. We choose it.
#
# **Predict.** What $R^2$ will it reach among the families who join next year: about the same, half, or
# nothing?

# %%
forest.fit(x_members, y_members)
forest_joiners = forest.score(x_joiners, y_joiners)
ridge_joiners = ridge.fit(x_members, y_members).score(x_joiners, y_joiners)
print(f"ridge, not chosen: R² among joiners ≈ {ridge_joiners:.2f}")
claim("among families who join later, the forest's R² is ≈ {:.2f}",
      forest_joiners, at_most=0.08)
claim("it was ≈ {:.2f} higher in validation",
      forest_rows.mean() - forest_joiners, at_least=0.15)

# %% [markdown]
# Nothing is left of the winner. (At work, the test set is opened once, for the chosen model. We open it
# for others as well, to see what a choice costs.)
#
# ## 2 · Who is in both piles?
#
# Look at one fold, and at some rows of the table.

# %%
train, val = next(by_rows.split(x_members))
known = np.isin(household.iloc[members[val]], household.iloc[members[train]])
print(f"validation rows with their household in training: ≈ {known.mean():.0%}")
table.iloc[15:24, [0, 1, 3, 6, 9]].assign(household=household)

# %% [markdown]
# Rows of a household look alike, and who sees doctors often does so every year. Did the forest learn
# *these households* by heart, and did validation ask about them again? Test it: let no household be on
# both sides (`GroupKFold` deals out whole groups), and change nothing else. And let the forest remember
# less, with leaves of up to 300 rows.
#
# **Predict.** From leaves of 300 rows to leaves of 3: will $R^2$ rise or fall, split by rows? And split
# by households?

# %%
groups = household.iloc[members]
by_household = list(ms.GroupKFold(5).split(x_members, groups=groups))
results = []
for leaf in (300, 100, 30, 10, 3):
    forest = RandomForestRegressor(10, min_samples_leaf=leaf, random_state=lesson.seed)
    for split, folds in (("rows", by_rows), ("households", by_household)):
        found = ms.cross_val_score(forest, x_members, y_members, cv=folds)
        results.append((leaf, split, found.mean(), found.std(ddof=1)))
    forest.fit(x_members, y_members)
    results.append((leaf, "joiners", forest.score(x_joiners, y_joiners), 0))

# %%
curves = pd.DataFrame(results, columns=["leaf", "split", "R²", "spread"])
r2 = curves.pivot(index="leaf", columns="split", values="R²")
gain = r2.loc[3] - r2.loc[300]
claim("with leaves of 3 instead of 300, R² by rows rises by ≈ {:.2f}",
      gain["rows"], at_least=0.09)
claim("and by households it falls by ≈ {:.2f}", -gain["households"], at_least=0.08)
ridge_households = ms.cross_val_score(ridge, x_members, y_members, cv=by_household)
claim("the ridge loses only ≈ {:.3f} when split by households",
      ridge_rows.mean() - ridge_households.mean(), at_most=0.015)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(8, 4))
looks = {"rows": (plots.ORANGE, "o-", -0.04, "validation, split by rows"),
         "households": (plots.BLUE, "s-", 0.04, "validation, split by households"),
         "joiners": (plots.VERMILION, "D--", 0, "joiners (test set)")}  # fmt: skip
for split, (color, style, shift, label) in looks.items():
    part = curves[curves["split"] == split]
    spread = None if split == "joiners" else part["spread"]
    axis.errorbar(np.arange(5) + shift, part["R²"], spread, fmt=style, color=color,
                  capsize=4, label=label)  # fmt: skip
axis.axhline(ridge_households.mean(), color="0.4", ls=":", label="ridge, by households")
axis.axhline(0, color="black", lw=1)
axis.set_xticks(range(5), [300, 100, 30, 10, 3])
axis.set(xlabel="rows in a leaf, at least (to the right: more can be memorized)",
         ylabel="R² (± 1 sd of the five folds)",
         title="The more a forest can memorize, the more rows flatter it")  # fmt: skip
axis.legend(loc="upper left")
plots.show("R squared against leaf size. By rows it rises as leaves shrink; by"
           " households and among joiners it falls to about zero. Ridge: level, 0.09.")

# %% [markdown]
# Same rows, same forests: only the split differs. Split by households, the curve says beforehand roughly
# what the joiners say afterwards, and you would have chosen large leaves or the ridge. It happens to the
# best: of the test images of CIFAR-10, a standard set of small photographs, 3.3 % have a duplicate or
# near-duplicate among the training images (Barz and Denzler, 2020).
#
# **A split asks a question.** Whoever will be new tomorrow has to be new in validation.
#
# | the rows of tomorrow are | split | in scikit-learn |
# |---|---|---|
# | like those at hand | random | `KFold(shuffle=True)` |
# | the same, and one class is rare | **stratified**: each fold gets its share | `StratifiedKFold` |
# | new families, machines, streets | **by group**: no group is cut | `GroupKFold` |
# | later in time | **by time**: train before, validate after | `TimeSeriesSplit` |
#
# Why stratify? In 1.5 % of our rows somebody's health is poor. A random validation set of 400 rows may well
# hold 2 of them or 11; a stratified one holds 6.
#
# Play: which rows are in validation together?

# %% tags=["hide-input"]
demo_group = np.arange(24) // 3  # 24 rows, in order of time
demo_rare = np.isin(np.arange(24), [0, 1, 2, 9, 10, 11])  # rows of a rare class

def draw_folds(split="shuffled", folds=4):
    rows, shuffled = demo_rare, ms.KFold(folds, shuffle=True, random_state=0)
    pairs = {
        "shuffled": shuffled.split(rows),
        "stratified": ms.StratifiedKFold(folds).split(rows, demo_rare),
        "by group": ms.GroupKFold(folds).split(rows, groups=demo_group),
        "by time": ms.TimeSeriesSplit(folds).split(rows),
    }[split]
    figure, axis = plt.subplots(figsize=(9, 0.5 * folds + 1.6))
    for line, (train, val) in enumerate(pairs):
        axis.scatter(train, 0 * train + line, 90, marker="s", color=plots.SKY)
        axis.scatter(val, 0 * val + line, 90, marker="D", color=plots.VERMILION)
    marks = ["*" * int(rare) for rare in demo_rare]
    axis.set_xticks(range(24), np.char.add(demo_group.astype(str), marks))
    axis.set(yticks=range(folds), ylabel="round", ylim=(folds - 0.5, -0.5))
    axis.set(xlabel="group of the row, in order of time (*: rare class)",
             title=f"Folds {split}: squares train, diamonds validate")  # fmt: skip

alt = "24 rows of 8 groups, four rounds: which rows train, and which validate."
kinds = ["shuffled", "stratified", "by group", "by time"]
explore(draw_folds, alt=alt, split=kinds, folds=(2, 6))

# %% [markdown]
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
# come, the test set. Our model is **nearest neighbors**, the mean mpg of the five most similar cars.

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
# In a random fold, the model judges a car of 1975 knowing others of 1975, and of 1979, too.
#
# ### Exercise 13.2
#
# Write `year_splits(years, first)`. For each year from `first` on that occurs in `years`, in order,
# it gives a pair `(train, val)`: `val` holds the row numbers of that year and `train` those of all
# earlier years. Return the list of pairs. The rows need not be sorted. An example:
#
# `years = np.array([1974, 1973, 1975, 1974])`, `first = 1974`
#
# - 1974 is in rows 0 and 3, and before it there is row 1: the pair `([1], [0, 3])`;
# - 1975 is in row 2, and all others came before: the pair `([0, 1, 3], [2])`.
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
# we open the test set.
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
         title="In 1980 the mean jumped")  # fmt: skip
axis.legend(loc="upper left")
plots.show("Miles per gallon of cars by model year. The yearly mean rises slowly to 25"
           " in 1979 and jumps to 34 in 1980.")

# %% [markdown]
# The split by time warned us, and reality was worse: 1980 brought a jump. (Fuel had become expensive in
# 1979; that this is the cause is a guess.) No split can show a break that no year of yours contains.
#
# ## 4 · A leak that costs nothing
#
# A **leak** is information that will not be there when it counts: from validation rows, from the
# future, or from the answer itself. The classic warning: never fit a scaler on all rows. What does it cost?

# %%
draws = ms.ShuffleSplit(20, test_size=0.25, random_state=lesson.seed)
filled = cars[numbers].fillna(cars[numbers].median())
z = pd.DataFrame(StandardScaler().fit_transform(filled), columns=numbers)  # on all rows
knn, mpg = KNeighborsRegressor(5), cars["mpg"]
leaky = mean_error(knn, draws, z.assign(mpg=mpg))
honest = mean_error(make_pipeline(StandardScaler(), knn), draws, filled.assign(mpg=mpg))
print(f"scaled on all rows ≈ {leaky:.2f} mpg, on training rows ≈ {honest:.2f} mpg")
claim("the scaler's leak costs ≈ {:.3f} mpg", abs(honest - leaky), at_most=0.05)

# %% [markdown]
# Nothing, for two reasons. The mean of 398 rows hardly moves when 100 are left out. And the scaler never
# saw a target. (The same holds for `filled`, whose medians we took over all rows: six values were
# missing.) With ten rows it could cost something, so keep the rule. But when a score looks too good, look
# further than the scaler.
#
# ## 5 · A column that knew the answer
#
# There are 304 names among the 398 cars. **Target encoding** turns them into one column: the mean mpg of
# the cars of that name. We lock a quarter of the cars away as new ones (the test set), split the rest into
# training and validation, and try four ways, opening the test set for all, to see what a leak costs:
#
# 1. **no column**;
# 2. **all rows**: means over training and validation rows, taken before the split;
# 3. **training rows**: means over training rows only;
# 4. **out of fold**: as 3, but the mean for a training row leaves out the fold that it is in.
#
# An example of 4:
#
# | row | name | mpg | fold | feature |
# |---|---|---|---|---|
# | 0 | pinto | 20 | 0 | 24, the pinto of fold 1 |
# | 1 | civic | 34 | 0 | no civic in fold 1: the mean of fold 1, (24 + 32)/2 = 28 |
# | 2 | pinto | 24 | 1 | 20, the pinto of fold 0 |
# | 3 | golf | 32 | 1 | no golf in fold 0: (20 + 34)/2 = 27 |
#
# **Predict.** Which of the four has the best validation error, and which the best error on new cars?

# %%
names = cars[["car_name"]]
encoder = TargetEncoder(target_type="continuous", smooth=0)

def name_column(way, train, val):
    seen = np.concatenate([train, val]) if way == "all rows" else train
    column = encoder.fit(names.iloc[seen], mpg.iloc[seen]).transform(names)[:, 0]
    if way == "out of fold":
        for others, fold in ms.KFold(5).split(train):
            encoder.fit(names.iloc[train[others]], mpg.iloc[train[others]])
            column[train[fold]] = encoder.transform(names.iloc[train[fold]])[:, 0]
    return column

# %%
ways = ["no column", "all rows", "training rows", "out of fold"]
errors = []
for rest, new in draws.split(cars):
    train, val = ms.train_test_split(rest, random_state=lesson.seed)
    for way in ways:
        column = 0 if way == "no column" else name_column(way, train, val)
        features = filled.assign(name=column)
        ridge.fit(features.iloc[train], mpg.iloc[train])
        off = (ridge.predict(features) - mpg).abs()
        errors.append((way, off.iloc[val].mean(), off.iloc[new].mean()))
columns = ["way", "validation", "new cars"]
by_way = pd.DataFrame(errors, columns=columns).groupby("way", sort=False)
encoded, spread = by_way.mean().T, by_way.std().T
promised, kept = encoded["all rows"] - encoded["no column"]
claim("the leak promises an error ≈ {:.1f} mpg smaller", -promised, at_least=1.5)
claim("and makes it ≈ {:.1f} mpg larger on new cars", kept, at_least=1.5)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(8, 3.8))
looks = {"validation": (plots.ORANGE, "//"), "new cars": (plots.BLUE, "")}
for shift, (when, (color, hatch)) in zip((-0.19, 0.19), looks.items(), strict=True):
    axis.bar(np.arange(4) + shift, encoded.loc[when], 0.38, label=when,
             yerr=spread.loc[when], color=color, hatch=hatch, ec="white")  # fmt: skip
axis.set_xticks(range(4), ways)
axis.set(ylabel="mean absolute error (mpg)", ylim=(0, 7.4),
         xlabel="where the name's mean came from (lines: ± 1 sd of 20 draws)",
         title="The best validation error belongs to a harmful column")  # fmt: skip
axis.legend(loc="upper left", ncols=2)
plots.show("Errors on validation and new cars. All rows: lowest on validation, very"
           " high on new cars. Training rows: high on both. The others: low on both.")

# %% [markdown]
# Most names occur once. Their "mean" *is* the car's own mpg. The model learns to copy it, and for a new
# car there is nothing to copy: it is far worse than without the column.
#
# - With **all rows**, the column holds the answer for validation cars, too. Hence the wonderful error.
# - With **training rows**, validation is honest, and shows how bad the model is: in training each row
#   still saw its own answer.
# - **Out of fold**, no row takes part in its own feature. The column turns out to be worth nothing here.
#
# `TargetEncoder` does the fourth by itself in `fit_transform`. By default it also pulls the means of rare
# names toward the mean of all, which `smooth=0` turned off.
#
# ### Exercise 13.3
#
# Write `out_of_fold_means(names, y, fold)`. All three are arrays with one entry per row; `fold` says in
# which fold a row is. Return for each row the mean of `y` over the rows of the same name in *other*
# folds. Where there are none, return the mean of `y` over all rows in other folds. (See the
# table above.)
#
# <details><summary>Hint 1</summary>For row <code>i</code>: <code>others = fold != fold[i]</code>.</details>
# <details><summary>Hint 2</summary>Two masks joined by <code>&amp;</code> say which of the
# others have the same name. What if none has (<code>.any()</code>)?</details>

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
# model) into one object with one `fit`. So: split, as tomorrow will differ from today; cross-validate the
# *pipeline*, which fits every step anew in each round, on its training rows; choose by these scores; open
# the test set once, at the end.
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
one_of_each = y.groupby(household).first().to_numpy()  # one person's first year
visits = rng.choice(one_of_each, size=200, replace=False)
print(f"her R² ≈ {colleagues_score(flags, visits):.2f}")
dealt = [colleagues_score(flags, rng.permutation(visits)) for repeat in range(10)]
print(f"with shuffled visits ≈ {np.mean(dealt):.2f} (mean of 10)")
claim("with shuffled visits her procedure still finds an R² of ≈ {:.2f}",
      np.mean(dealt), at_least=0.2)

# %% [markdown]
# The second line is a **shuffle test**, good for any pipeline: deal the targets out to the rows at random,
# so that nothing can be learned, and run everything again. The score should fall to 0 or below.
#
# ### Exercise 13.4
#
# Nobody is in two folds. Where do the validation visits get in? Write `honest_score(flags, visits)`, which
# does the same without the leak (30 flags, the same folds) and returns the mean $R^2$.
#
# <details><summary>Hint 1</summary>Go through the lines and ask of each: does it fit something? To the
# visits? Of which rows?</details>
# <details><summary>Hint 2</summary>Choosing columns by the target is fitting, and must happen anew in
# each round. Which object of this section does that for every step in it?</details>

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
# Choosing the columns was the leak. Among 5,000 flags some go with the visits by luck, in all 200 rows,
# those of the validation folds included. These flags are coin flips, drawn for this lesson, so that we
# know the truth: there is nothing to find.
#
# ## Going further: how sure is the score?
#
# An honest test error is still a mean over the rows that happened to be drawn. Let $n$ absolute errors
# have the mean $m$ and the standard deviation $s$. If they are independent and $n$ is large, the interval
#
# $$m - 1.96\,\frac{s}{\sqrt{n}} \quad\text{to}\quad m + 1.96\,\frac{s}{\sqrt{n}}$$
#
# contains the true mean error in about 95 of 100 draws. With $n = 100$, $m = 3$ and $s = 2$ it goes from
# 2.61 to 3.39. (With few errors 1.96 is too small: with four of them, 3.18 belongs there.)
#
# ### Exercise 13.5
#
# Write `error_interval(errors)`, which returns the two ends `(low, high)`. Let $s$ divide by $n - 1$.
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
# households a thousand times, and count how often the interval contains the truth: once with each *row*
# as one error, once with each *household* as one error (the mean over its rows).
#
# **Predict.** Rows are about nine times as many, so their interval is narrower. Which holds 95 %?

# %%
ridge.fit(x_members, y_members)
off = np.abs(ridge.predict(x_joiners) - y_joiners)
families = [part.to_numpy() for _, part in off.groupby(household.iloc[joiners])]
family_means = np.array([part.mean() for part in families])

def contains(errors, truth):
    return abs(errors.mean() - truth) < 1.96 * errors.std(ddof=1) / np.sqrt(len(errors))

hits = []
for repeat in range(1000):
    drawn = rng.choice(len(families), size=100, replace=False)
    of_rows = contains(np.concatenate([families[i] for i in drawn]), off.mean())
    hits.append([of_rows, contains(family_means[drawn], family_means.mean())])
row_share, family_share = 100 * np.mean(hits, axis=0)
print(f"truth inside: rows ≈ {row_share:.0f} %, households ≈ {family_share:.0f} %")
claim("counting rows instead of households, ≈ {:.0f} of 100 intervals miss the truth",
      100 - row_share, at_least=8)

# %% [markdown]
# By households it keeps its promise. Rows of one household err alike, so nine rows of a family are not
# nine independent errors, and the interval by rows is too narrow. **Count what is independent**: families,
# patients, streets, days.
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
# - A split asks a question. Split as tomorrow will differ from today: by group for new families, by time
#   for the future, stratified for a rare class.
# - Duplicates and groups across the piles flatter those models most that can memorize.
# - A leak costs as much as it tells about the target. A scaler's leak is nearly free; a target mean's is not.
# - No row may take part in its own feature: work out of fold.
# - Whatever fits goes into the pipeline, and the pipeline goes into cross-validation.
# - When a score looks too good, shuffle the targets and run everything again.
#
# ## Common mistakes
#
# - *Validation wonderful, production poor*: look for the same family, street or picture on both sides.
# - *Choosing columns, encoding, or repeating rare rows (oversampling) before the split*: each must happen
#   inside, on training rows.
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
# **Next:** [21 · Neurons and layers](21_neurons_and_layers.ipynb). What one neuron can say, what it never can, and why a hidden layer changes that. **Before:** [12 · Images and augmentation](12_images_and_augmentation.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+13%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/21_neurons_and_layers.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/12_images_and_augmentation.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
