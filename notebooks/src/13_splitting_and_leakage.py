# ---
# jupyter:
#   dlcourse:
#     title: Splitting and leakage
#     subtitle: Who may know what, and when, so that a score can be believed
#     minutes: 60
#     further: 30
#     seconds: 40
#     needs: ["11"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "shuffle, split, and the score is honest"
#       stop: "sections 2 and 3; break and fix (4)"
#       ask: "\"Whom will you predict for?\" and \"Could this row have known?\""
#       stuck: "choosing columns by the target is fitting, too (4)"
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
# **Your time:** 60 minutes, and 30 for *Going further* · **The notebook runs in:** about 40 s on two CPU cores · **Before this:** lesson 11

# %% [markdown]
# ## You will be able to
#
# 1. choose a split (random, stratified, by group, by time) that asks the question you will
#    be asked, and code one by time *(sections 2 and 3 · exercises 13.1 and 13.2)*
# 2. tell a leak that costs from one that does not *(section 4 · exercise 13.3)*
# 3. find the leak in a score that is too good, and mend it: cross-validate the whole
#    pipeline *(section 4 · exercise 13.3)*

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
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    ShuffleSplit,
    StratifiedKFold,
    TimeSeriesSplit,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, TargetEncoder

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify
from dlcourse.package_data import package_file

lesson = dlcourse.start("13", profile=PROFILE, seed=SEED)

# %% [markdown]
# ## 1 · Which model for the families to come?
#
# A health insurer asks you: *how often will a new member see a doctor next year?* The data are real.
# In the RAND Health Insurance Experiment (1974 to 1981), thousands of Americans were given insurance plans by
# lottery, family by family. A row counts one person's visits to doctors in one year. Four columns are terms of the
# plan, and five describe health. (`own_share`, the percentage that the family pays itself, is a logarithm: 4.6
# stands for 100 %. We predict the logarithm of 1 + visits: otherwise the few rows with over 50 visits would
# count too much.)

# %%
file = package_file("statsmodels", "datasets/randhie/randhie.csv")
new_names = {"lncoins": "own_share", "lpi": "payment", "fmde": "ceiling",
             "disea": "disease_index", "mdvis": "visits"}
table = pd.read_csv(file).rename(columns=new_names)
x = table.drop(columns="visits")  # (20190, 9), all of them numbers
y = np.log1p(table["visits"])  # (20190,): ln(1 + visits), from 0 to 4.4
some_columns = ["own_share", "payment", "disease_index", "visits"]
table[some_columns].iloc[::4500]

# %% [markdown]
# The file does not name the families. But a family's rows stand together and share a plan, so we let a new
# **household** begin where one of three of the plan's terms changes. (A guess: neighboring families with
# equal plans become one, and some families are probably cut in two.)
#
# A quarter of the households play the families who **join next year**. They are our **test set**, locked away
# until we have chosen a model. We shall repeat this draw, so we ask for five; `next` takes the first, a pair of
# arrays of row numbers.

# %%
terms = x[["own_share", "payment", "ceiling"]]
begins = (terms != terms.shift()).any(axis=1)  # does a term differ from the row above?
household = begins.cumsum()  # 1, 1, 1, 2, 2, 3, ...
five_draws = GroupShuffleSplit(5, test_size=0.25, random_state=lesson.seed)
members, joiners = next(five_draws.split(x, groups=household))  # rows of the first draw
x_members = x.iloc[members]  # about (15000, 9)
y_members = y.iloc[members]  # about (15000,)
print(f"{household.max()} households, about {len(x) / household.max():.0f} rows each")

# %% [markdown]
# Our first model is **ridge**, linear regression that keeps its weights a little smaller. Its score is $R^2$,
# the share of the targets' variance that a model explains. With targets $y$, their mean $\bar y$ and
# predictions $\hat y$ it is
#
# $$R^2 = 1 - \frac{\sum (y - \hat y)^2}{\sum (y - \bar y)^2}$$
#
# For $y = (0, 2, 4)$ and $\hat y = (1, 2, 3)$ that is $1 - 2/8 = 0.75$. Perfect gets 1, guessing the mean
# gets 0, and worse is below 0. In code it is `model.score(x, y)`.
#
# We **cross-validate**: deal the members' rows into five **folds**. Each fold is the validation set once, and
# the model is trained on the other four.

# %%
ridge = make_pipeline(StandardScaler(), Ridge())  # first scale, then fit
by_rows = KFold(5, shuffle=True, random_state=lesson.seed)
for train, val in by_rows.split(x_members):  # row numbers: four folds, and the fifth
    ridge.fit(x_members.iloc[train], y_members.iloc[train])
    r2 = ridge.score(x_members.iloc[val], y_members.iloc[val])
    print(f"trained on {len(train)} rows, judged on {len(val)}: R² ≈ {r2:.3f}")

# %% [markdown]
# Its rival, a **random forest**, averages decision trees, here ten, each grown on a random draw of rows. By
# questions ("is the disease index above 10?") a tree sorts its rows into small piles, its **leaves**, here of
# at least three rows, and answers with the leaf's mean.
#
# `cross_val_score` runs the loop above in one call and returns the five scores. A table shows their mean and
# their standard deviation (`std`).

# %%
forest = RandomForestRegressor(10, min_samples_leaf=3, random_state=lesson.seed)
validation = pd.DataFrame({
    "ridge": cross_val_score(ridge, x_members, y_members, cv=by_rows),
    "forest": cross_val_score(forest, x_members, y_members, cv=by_rows)})
validation.agg(["mean", "std"]).map("≈ {:.3f}".format)

# %% [markdown]
# On rows that it never saw, the forest explains more than twice as much. We choose it.
#
# **Predict.** What $R^2$ will it reach among the families who join next year: about the same, half, or
# nothing?
#
# One quarter could be bad luck, so we take all five draws. Each time, the other households train.

# %%
joining = pd.DataFrame({
    "ridge": cross_val_score(ridge, x, y, groups=household, cv=five_draws),
    "forest": cross_val_score(forest, x, y, groups=household, cv=five_draws)})
claim("among families who join later, the forest's R² is ≈ {:.2f}",
      joining["forest"].mean(), at_most=0.05)
claim("it was ≈ {:.2f} higher in validation",
      validation["forest"].mean() - joining["forest"].mean(), at_least=0.15)
joining.agg(["mean", "std"]).map("≈ {:.3f}".format)

# %% [markdown]
# The winner is no better than guessing the mean. The loser, ridge, keeps about what it promised.
#
# ## 2 · Who is on both sides?
#
# Look at one household, and count, in one round, the validation rows that have a **duplicate** in training, a
# row equal in all nine inputs.

# %%
train, val = next(by_rows.split(x_members))  # the first round
known = x_members.iloc[train].drop_duplicates()
duplicates = x_members.iloc[val].merge(known)  # validation rows that equal one of these
share = len(duplicates) / len(val)
print(f"validation rows with a duplicate in training: ≈ {share:.0%}")
twins = x.iloc[joiners].merge(x_members.drop_duplicates())
print(f"joiners' rows that equal a member's: ≈ {len(twins) / len(joiners):.0%}")
table[some_columns].iloc[99:109].assign(household=household)

# %% [markdown]
# Rows 99 to 103 agree in all nine inputs, of which three are shown, and so do 104 to 108. Each block is
# probably one person in five years: the inputs stay the same, and the visits stay similar. (Rows can agree by
# chance, too: about half of the joiners' rows have a twin among strangers, on the same plan and in the
# same health.)
#
# Is this a **leak**? A leak is information in training that will be missing when the model is used. It can come
# from people met before, from the future, or from the answer itself. So for new families it is one. For another
# year of the same members it would be the very thing to use.
#
# Did the forest learn *these people* by heart? To find out, we deal whole households into folds with
# `GroupKFold`, so that nobody is on both sides. And we let forests remember less, with at least 12, 60 or 300
# rows in each leaf. (We judge the joiners for all four sizes, only to see whether validation told the truth.
# At work, the test set is opened once, for the chosen model.)
#
# **Predict.** From leaves of 300 rows to leaves of 3: will $R^2$ rise or fall, split by rows? And split
# by households?

# %%
def r2_by_leaf(x, y, splits, groups=None):
    """Return R²: five rounds (rows) for each size of leaf (columns), shape (5, 4)."""
    scores = pd.DataFrame()
    for leaf in [300, 60, 12, 3]:
        trees = RandomForestRegressor(10, min_samples_leaf=leaf,
                                      random_state=lesson.seed)
        scores[leaf] = cross_val_score(trees, x, y, cv=splits, groups=groups)
    return scores

# %%
whole = GroupKFold(5)
curves = {
    "rows": r2_by_leaf(x_members, y_members, by_rows),
    "households": r2_by_leaf(x_members, y_members, whole, household.iloc[members]),
    "joiners": r2_by_leaf(x, y, five_draws, household),
}
mean_r2 = pd.DataFrame({split: curves[split].mean() for split in curves})
print(mean_r2.map("≈ {:.2f}".format))  # a row for each size of leaf

gain = mean_r2.loc[3] - mean_r2.loc[300]
claim("with leaves of 3 instead of 300, R² by rows rises by ≈ {:.2f}",
      gain["rows"], at_least=0.09)
claim("and by households it falls by ≈ {:.2f}", -gain["households"], at_least=0.08)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(8, 4))
looks = {"rows": (plots.ORANGE, "o-", -0.06, "validation, split by rows"),
         "households": (plots.BLUE, "s--", 0.06, "validation, split by households"),
         "joiners": (plots.VERMILION, "D:", 0, "joiners, five draws")}
for split, (color, style, shift, label) in looks.items():
    scores = curves[split]
    face = "white" if split == "joiners" else color
    axis.errorbar(np.arange(4) + shift, scores.mean(), scores.std(), fmt=style,
                  color=color, mfc=face, capsize=4, label=label)
axis.errorbar(np.arange(4) - 0.08, curves["joiners"].iloc[0], fmt="k*", ms=9,
              label="the first of these draws, our test set")
axis.axhline(0, color="black", lw=1)
axis.set_xticks(range(4), mean_r2.index)
axis.set(xlabel="rows in a leaf, at least (to the right: more can be memorized)",
         ylabel="R² (± 1 sd)",
         title="The more a forest can memorize, the more a split by rows flatters it")
axis.legend(loc="upper left")
plots.show("R squared against leaf size. By rows it rises as leaves shrink; by"
           " households and among joiners, test set included, it falls to about zero.")

# %% [markdown]
# Only the split differs. With whole households held back, the forest with leaves of 3 explains nothing. The
# score by households comes close to what the joiners give. The fairest test is the first draw (stars): none of
# its households took part in validation.
#
# **A split asks a question**: whoever will be new tomorrow has to be new in validation.
#
# | the rows of tomorrow are | split | in scikit-learn |
# |---|---|---|
# | like those at hand | random | `KFold(shuffle=True)` |
# | the same, but one class is rare | **stratified**: each fold gets its share (at random, one may get none) | `StratifiedKFold` |
# | new families, machines, streets | **by group**: no group is cut | `GroupKFold` |
# | later in time | **by time**: train before, validate after | `TimeSeriesSplit` |
#
# **Play.** Change the number of folds. Each line of marks is one round; a row without a mark is not used.
# Which split gives each fold its share of the rare rows? Which one never shows orange?

# %% tags=["hide-input"]
demo_group = np.array([*"aaaabbbccddddeeeffggghhh"])  # 24 rows, in order of time
demo_rare = np.isin(np.arange(24), [0, 1, 2, 9, 10, 11])  # rows of a rare class
demo_marks = [("trains", plots.SKY, "s"), ("validates", plots.BLUE, "D"),
              ("validates, while rows of its group train", plots.ORANGE, "D")]
def draw_folds(folds=3):
    kinds = {"random": KFold(folds, shuffle=True, random_state=0),
             "stratified": StratifiedKFold(folds), "by group": GroupKFold(folds),
             "by time": TimeSeriesSplit(folds)}
    axis = plt.subplots(figsize=(8, 0.7 * folds + 2))[1]
    for top, (name, kind) in enumerate(kinds.items()):
        groups = demo_group if name == "by group" else None
        for line, (train, val) in enumerate(kind.split(demo_rare, demo_rare, groups)):
            cut = np.isin(demo_group[val], demo_group[train])
            for rows, mark in zip((train, val[~cut], val[cut]), demo_marks):
                edges = np.where(demo_rare[rows], "black", "none").tolist()
                axis.scatter(rows, 0 * rows - line - top * (folds + 1), 40, mark[1],
                             marker=mark[2], edgecolors=edges)
    for label, color, marker in demo_marks:
        axis.scatter([], [], 40, color, marker=marker, label=label)
    axis.vlines([3.5, 6.5, 8.5, 12.5, 15.5, 17.5, 20.5], -4 * folds - 2.7, 0.7, "0.8")
    axis.set(title="Orange rows: the model knows others of their group", xticks=[],
             xlabel="rows, in order of time (line: new group; black edge: rare class)")
    axis.set_yticks(-np.arange(4) * (folds + 1) - (folds - 1) / 2, kinds)
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3, fontsize=9)
explore(draw_folds, alt="Four splits of 8 groups: by group cuts none.", folds=(2, 6))

# %% [markdown]
# *Stratified* shares out the rare rows. Only *by group* keeps groups whole. (`StratifiedGroupKFold` tries both.)
#
# ### Exercise 13.1
#
# Write `"random"`, `"stratified"`, `"by group"` or `"by time"` for each task. "For" says what comes tomorrow.
#
# - `lung`: 1,000 patients, one row each, 12 of them ill. For new patients like these.
# - `voice`: 40 speakers, 500 recordings each. For the voices of other people.
# - `power`: the electricity that a town uses, hour by hour. For next week.
# - `beans`: photographs of 20,000 beans from a well-mixed sack, to guess their weight. For the rest of the sack.
# - `shops`: sales of 300 shops in five years. For the same shops next year.
#
# <details><summary>Hint</summary>Ask of each: what will be new tomorrow?</details>

# %% tags=["exercise"]
# Exercise 13.1: which split asks tomorrow's question?
which_split = {"lung": ..., "voice": ..., "power": ..., "beans": ..., "shops": ...}

# %%
check("13.1", which_split)

# %% tags=["solution"]
# @title Solution 13.1
which_split_solution = {"lung": "stratified", "voice": "by group", "power": "by time",
                        "beans": "random", "shops": "by time"}
# lung: of 100 random fifths, about 7 would hold nobody who is ill (0.8 ** 12 ≈ 0.07)
check("13.1", which_split_solution)

# %% [markdown]
# ## 3 · The cars of next year
#
# Auto MPG, also real, holds 398 cars of 1970 to 1982 and their miles per gallon of fuel (mpg). Imagine the end
# of 1979: you are asked about the cars to come, the test set. Our model is **nearest neighbors**, the mean mpg
# of the five most similar cars.

# %%
cars = datasets.auto_mpg().frame
mpg = cars["mpg"]  # (398,)
numbers = cars[["cylinders", "displacement", "horsepower", "weight", "acceleration",
                "model_year"]]  # (398, 6)
years = cars["model_year"].to_numpy()
neighbors = make_pipeline(  # fills gaps with the column's mean, scales, asks 5 cars
    SimpleImputer(), StandardScaler(), KNeighborsRegressor(5))

def mean_error(model, x, y, splits):
    """Return the mean absolute error, averaged over the splits."""
    scores = cross_val_score(model, x, y, cv=splits, scoring="neg_mean_absolute_error")
    return -scores.mean()  # in scikit-learn higher is better: it gave minus the error

past = years < 1980
promise = mean_error(neighbors, numbers[past], mpg[past], by_rows)
print(f"{past.sum()} cars up to 1979, random folds: error ≈ {promise:.2f} mpg")

# %% [markdown]
# With random folds, the model has seen other cars of 1975 before it judges one, and even cars of 1979.
#
# ### Exercise 13.2
#
# Write `year_split(years, year)`, which returns a pair `(train, val)`: `val` holds the row numbers of
# `year`, `train` those of all earlier years. The years need not be sorted. With
# `years = np.array([1974, 1973, 1975, 1974])`, `year_split(years, 1974)` gives `[1]` and `[0, 3]`.
#
# <details><summary>Hint</summary><code>np.flatnonzero(years == 1975)</code> gives the row numbers of
# one year.</details>

# %% tags=["exercise"]
# Exercise 13.2: one year is predicted from the years before it.
def year_split(years, year):
    ...  # your code here

# %%
check("13.2", year_split)

# %% tags=["solution"]
# @title Solution 13.2
def year_split_solution(years, year):
    return np.flatnonzero(years < year), np.flatnonzero(years == year)

check("13.2", year_split_solution)

# %% [markdown]
# We do this for 1973 to 1979. Then we open the test set: for 1980 to 1982, the cars up to 1979 train.
#
# **Predict.** Order the three errors: random folds, year by year, the cars of 1980 to 1982.

# %%
by_time = pd.Series(dtype=float)
for year in range(1973, 1983):
    train = np.flatnonzero(years < min(year, 1980))  # nothing after 1979
    val = np.flatnonzero(years == year)  # as in exercise 13.2
    by_time[year] = mean_error(neighbors, numbers, mpg, [(train, val)])
print(f"random folds  ≈ {promise:.2f} mpg, mean of five folds")
print(f"year by year  ≈ {by_time.loc[:1979].mean():.2f} mpg, mean of seven years")
print(f"1980 to 1982  ≈ {by_time.loc[1980:].mean():.2f} mpg, mean of three years")

# %% [markdown]
# On the later cars, the error is about twice what the random folds promised. Year by year was too hopeful as
# well, but nearer. Is the gap the price of not having seen those years? Only a part of it. Two more things
# differ: the sizes of the training sets, and the cars that are judged. *Going further* holds both equal, in a
# **control**.
#
# ## 4 · Break and fix: a score too good
#
# A colleague has bought 5,000 yes-or-no flags about 200 people ("owns a dog", "reads at night", …). She
# scales them and keeps the 30 that go best with the visits (logarithms, as before): `SelectKBest` with
# `f_regression` scores each flag by its correlation with them. Then she cross-validates a linear regression.

# %%
def colleagues_score(flags, visits):
    z = StandardScaler().fit_transform(flags)
    best = SelectKBest(f_regression, k=30).fit_transform(z, visits)
    folds = KFold(5, shuffle=True, random_state=0)
    return cross_val_score(LinearRegression(), best, visits, cv=folds).mean()

rng = np.random.default_rng(lesson.seed)
flags = rng.integers(0, 2, size=(200, 5000)).astype(float)
first_rows = y.groupby(household).first().to_numpy()  # one person of each household
visits = rng.choice(first_rows, size=200, replace=False)
print(f"her R² ≈ {colleagues_score(flags, visits):.2f}")

# %% [markdown]
# Is that possible? A **shuffle test** tells. Deal the targets out to the rows at random, so that nothing can
# be learned, and run everything again. An honest score falls to about 0, or below.

# %%
shuffled_r2 = []
for _ in range(10):
    shuffled_r2.append(colleagues_score(flags, rng.permutation(visits)))
print(f"shuffled visits: R² ≈ {min(shuffled_r2):.2f} to ≈ {max(shuffled_r2):.2f}")
claim("with shuffled visits her procedure still finds an R² of ≈ {:.2f}",
      np.mean(shuffled_r2), at_least=0.2)

# %% [markdown]
# Her procedure has a leak. (Her own score lies a little above these ten. By luck alone, the best of eleven
# scores is hers one time in eleven.) The test finds strong leaks of the targets, in the steps that it reruns.
# It is blind to training on the future. And it is blind to rows of one household on both sides: it deals their
# visits out to strangers.
#
# The cure is a **pipeline**: all steps that learn from data (filling, scaling, choosing columns, the model),
# joined by `make_pipeline(step, step, ...)` into one object. Cross-validate the *pipeline*, and every step is
# fitted anew in each round, on its training rows only.
#
# ### Exercise 13.3
#
# Copy `colleagues_score` into the cell, call it `honest_score`, and mend it: both steps in a pipeline, 30
# flags, the same folds, the mean $R^2$. And which of the two steps did the harm when it saw all rows? (Leave
# one of them outside the pipeline, and print the score.) Set `harm` to `"scaling"` or `"choosing"`.
#
# <details><summary>Hint</summary><code>make_pipeline(..., ..., LinearRegression())</code> is the model to
# cross-validate, on <code>flags</code> as they are.</details>

# %% tags=["exercise"]
# Exercise 13.3: her procedure without the leak.
def honest_score(flags, visits):
    ...  # your code here

harm = ...  # "scaling" or "choosing"

# %%
check("13.3", honest_score, harm)

# %% tags=["solution"]
# @title Solution 13.3
def honest_score_solution(flags, visits):
    choose = SelectKBest(f_regression, k=30)
    model = make_pipeline(StandardScaler(), choose, LinearRegression())
    folds = KFold(5, shuffle=True, random_state=0)
    return cross_val_score(model, flags, visits, cv=folds).mean()

check("13.3", honest_score_solution, "choosing")
print(f"without the leak ≈ {honest_score_solution(flags, visits):.2f}")

# %% [markdown]
# Choosing the columns was the leak. Among 5,000 flags, some go with the visits by luck. She looked for them in
# all 200 rows, so their luck held in the validation folds, too. These flags are coin flips, drawn for this
# lesson: there is nothing to find. (Without the leak $R^2$ is even below 0: 30 useless weights add noise to
# every prediction.)
#
# Scaling with all rows did no harm: scales change neither correlations nor what a linear regression predicts.
# For nearest neighbors they matter, and *Going further* measures what this famous leak costs there.
#
# A leak can also sit in a single column (**target leakage**): you predict who will get a credit card, and one
# column is the *spending with it*. No split mends that. Ask of each column: could I have known this at that
# moment?
#
# ## Going further: the person or the family?
#
# Split by households, a forest never meets the person that it judges, nor the rest of the (guessed) household.
# Split by rows, it met both. Which of the two did it learn by heart? We deal whole persons into folds (a run of
# equal rows counts as one). Now the rest of the family may train.
#
# **Predict.** Will $R^2$ stay as high as by rows, or fall as low as by households?

# %%
person = (x != x.shift()).any(axis=1).cumsum()
by_person = r2_by_leaf(x_members, y_members, whole, person.iloc[members])
mean_r2["persons"] = by_person.mean()
verify("whole persons leave little", mean_r2.loc[3, "persons"], at_most=0.1)

blind = []  # and the shuffle test of section 4
for _ in range(3):
    shuffled = rng.permutation(y_members)
    blind.append(cross_val_score(forest, x_members, shuffled, cv=by_rows).mean())
print(f"our forest, shuffled visits: R² ≈ {min(blind):.2f} to ≈ {max(blind):.2f}")
verify("the shuffle test does not see the persons", max(blind), at_most=-0.02)
mean_r2[["rows", "persons", "households"]].map("≈ {:.2f}".format)

# %% [markdown]
# Once each person stays in one fold, the forest with leaves of 3 loses most of its $R^2$, although the rest of
# the family trains. So it had mostly learned the persons (as far as runs of equal rows tell them apart). With
# shuffled targets, its $R^2$ is even below 0, since leaves of three rows fit noise. So the forest passes the
# shuffle test, and yet its score by rows was worthless for new families.
#
# ## Going further: the price of time
#
# In section 3, the error on the cars of 1980 to 1982 was about twice the promised one. Is that the price
# of time? The training sets also differ in size, and other cars are judged. So our control judges the same
# cars, after training on as many as before, drawn at random from *all* years.

# %%
def control_splits(val, n_train):
    """Return 20 pairs: n_train rows drawn from all other cars, and a fifth of val."""
    splits = []
    for _ in range(4):  # each car of the year is judged four times
        for fifth in np.array_split(rng.permutation(val), 5):
            others = np.setdiff1d(np.arange(len(cars)), fifth)
            chosen = rng.choice(others, n_train, replace=False)
            splits.append((chosen, fifth))
    return splits

rng = np.random.default_rng(lesson.seed)
at_random = pd.Series(dtype=float)
for year in range(1973, 1983):
    n_train = np.sum(years < min(year, 1980))  # as many as before
    splits = control_splits(np.flatnonzero(years == year), n_train)
    at_random[year] = mean_error(neighbors, numbers, mpg, splits)

# %%
compared = pd.DataFrame({"at random": at_random, "by time": by_time})
compared["price of time"] = by_time - at_random
before = compared.loc[:1979].mean()
later = compared.loc[1980:].mean()
verify("the later cars cost twice the promise", later["by time"] / promise,
       at_least=1.95)
verify("year by year is nearer", before["by time"] - promise, at_least=0.5)
claim("averaged over 1973 to 1979, not having seen their time costs ≈ {:.2f} mpg",
      before["price of time"], at_least=0.2)
claim("even at random, the later cars are ≈ {:.1f} mpg harder",
      later["at random"] - before["at random"], at_least=0.9)
means = pd.DataFrame({"1973 to 1979": before, "1980 to 1982": later})
means.map("≈ {:.2f} mpg".format)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(8, 3.8))
dearer = (by_time > at_random).to_numpy()  # in 1976, time costs nothing
for part, label in ((slice(0, 7), "price of time"), (slice(7, 10), None)):
    axis.fill_between(by_time.index[part], at_random.iloc[part], by_time.iloc[part],
                      dearer[part], interpolate=True, color=plots.SKY, alpha=0.3,
                      label=label)
axis.plot(at_random.index, at_random, "o-", color=plots.ORANGE,
          label="training cars of any year")
axis.plot(by_time.loc[:1979], "s--", color=plots.BLUE,
          label="training cars of earlier years")
axis.plot(by_time.loc[1980:], "D:", color=plots.VERMILION,
          label="test set: training cars up to 1979")
axis.set(xlabel="model year of the cars that are judged", ylim=(0, 6.2),
         ylabel="mean absolute error (mpg)", xticks=range(1973, 1983),
         title="The cars of 1980 are hard, and harder for whoever saw none of them")
axis.legend(loc="upper left", ncols=2, fontsize=9)
plots.show("Error by model year, 1973 to 1982. Trained at random it lies near 2, then"
           " rises to more than 4 in 1980. By time it is much higher in 1974 and 1980,"
           " a little higher in most other years.")

# %% [markdown]
# Most of the gap is not time: the later cars, above all those of 1980, are hard for this model anyway. Not
# having seen their time adds a few tenths of an mpg on average. Up to 1979, most of that comes from 1974 alone.
# The year is one of the features, so the cars of 1974 found all their neighbors in 1973. And from 1973 to 1974
# the mean mpg jumped from 17.1 to 22.7. (There is only one past, so the lines by time have no spread.)
#
# ## Going further: the classic warning
#
# "Never fit a scaler on all rows!" Let us do it all the same, and fill gaps from all rows, too. (Now tomorrow's
# cars come from the same years, so a random split asks the right question.)
#
# **Predict.** By how many mpg will the leak change the error?

# %%
quarters = ShuffleSplit(20, test_size=0.25, random_state=lesson.seed)
# Wrong: gaps are filled and columns scaled with all rows, before the split.
prepare = make_pipeline(SimpleImputer(), StandardScaler())
prepared = prepare.fit_transform(numbers)
leaky = mean_error(KNeighborsRegressor(5), prepared, mpg, quarters)
# Right: both steps are part of the model, fitted on the training rows of each round.
honest = mean_error(neighbors, numbers, mpg, quarters)
print(f"wrong ≈ {leaky:.2f} mpg, right ≈ {honest:.2f} mpg")
claim("filling and scaling too early changes the error by ≈ {:.3f} mpg",
      abs(honest - leaky), at_most=0.05)

# %% [markdown]
# Next to nothing, probably for two reasons. Mean and spread of 398 rows hardly move when 100 are left out. And
# neither step ever saw a target. With ten rows it could matter, so keep the rule. But when a score looks too
# good, look further than the scaler.
#
# ## Going further: a column that knew the answer
#
# There are 304 names among the 398 cars. **Target encoding** turns them into one column: the mean mpg of
# the cars of that name. What does it cost to take the means over the wrong rows? We lock a quarter of the
# cars away as new ones (the test set), split the rest into training and validation, and try
#
# 1. **no column**;
# 2. **all rows**: means over training and validation rows, taken before the split;
# 3. **training rows**: means over training rows only; a training row's own mpg is part of its mean;
# 4. **out of fold**: means over training rows only; a training row's own fold is left out of its mean.
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
encoder = TargetEncoder(target_type="continuous", smooth=0)  # plain means

def encoded(rows):
    """Return the column of names for all cars, with the means of these rows."""
    encoder.fit(names.iloc[rows], mpg.iloc[rows])
    return encoder.transform(names)[:, 0]

def all_rows(train, val):
    return encoded(np.concatenate([train, val]))

def training_rows(train, val):
    return encoded(train)

def out_of_fold(train, val):
    column = encoded(train)
    for others, fold in KFold(5).split(train):  # places in train
        column[train[fold]] = encoded(train[others])[train[fold]]
    return column

shares = []
for rest, new in quarters.split(cars):
    known = cars["car_name"].iloc[new].isin(cars["car_name"].iloc[rest])
    shares.append(1 - known.mean())
print(f"new cars whose name is new, too: ≈ {np.mean(shares):.0%}")

# %%
def errors_with(column_of=None):
    """Return errors on validation and new cars, in mpg, of 20 draws: shape (20, 2)."""
    model = make_pipeline(SimpleImputer(), StandardScaler(), Ridge())
    errors = []
    for rest, new in quarters.split(cars):
        train, val = next(quarters.split(rest))  # places in rest
        train, val = rest[train], rest[val]  # row numbers
        features = numbers
        if column_of is not None:
            features = features.assign(name=column_of(train, val))
        model.fit(features.iloc[train], mpg.iloc[train])
        miss = (mpg - model.predict(features)).abs()
        errors.append((miss.iloc[val].mean(), miss.iloc[new].mean()))
    return np.array(errors)

errors = {"no column": errors_with(), "all rows": errors_with(all_rows),
          "training rows": errors_with(training_rows),
          "out of fold": errors_with(out_of_fold)}
change = (errors["all rows"] - errors["no column"]).mean(axis=0)  # on both
claim("the leak promises an error ≈ {:.1f} mpg smaller", -change[0], at_least=1.5)
claim("and makes it ≈ {:.1f} mpg larger on new cars", change[1], at_least=1.5)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(8, 3.8))
place = np.arange(4)
bar_heights = np.array([errors[way].mean(axis=0) for way in errors])  # (4, 2)
spreads = np.array([errors[way].std(axis=0, ddof=1) for way in errors])
left = axis.bar(place - 0.19, bar_heights[:, 0], 0.38, yerr=spreads[:, 0],
                color=plots.BLUE, ec="white", label="validation")
left[1].set(facecolor=plots.ORANGE, hatch="//")  # the leak
axis.bar(1, 0, color=plots.ORANGE, hatch="//", ec="white", label="with the leak")
axis.bar(place + 0.19, bar_heights[:, 1], 0.38, yerr=spreads[:, 1], hatch="..",
         color=plots.VERMILION, ec="white", label="new cars (test set)")
axis.set_xticks(place, errors)
axis.set(ylabel="mean absolute error (mpg)", ylim=(0, 7.4),
         xlabel="where the name's mean came from (lines: ± 1 sd of 20 draws)",
         title="The best validation error belongs to a harmful column")
axis.legend(loc="upper left", ncols=3)
plots.show("Errors on validation and new cars. All rows: lowest, then high. Training"
           " rows: high on both. No column, out of fold: fairly low on both.")

# %% [markdown]
# Most names occur once.
#
# - *All rows*: the "mean" of such a name *is* the car's own mpg, in training and in validation. The model
#   learns to copy it, hence the wonderful validation error. But most new cars have a new name, and nothing
#   to copy.
# - *Training rows*: the validation error is bad but honest, since validation rows took no part in the means.
#   Yet each training row saw its own answer, so the model trusts the column far too much.
# - *Out of fold*: no training row takes part in its own feature, and the column turns out to be worth nothing
#   here. (`TargetEncoder.fit_transform` works out of fold by itself.)
#
# ### Exercise 13.4
#
# Write `out_of_fold_mean(i, names, y, fold)`, the feature of row `i`, as in the table. `names`, `y` and
# `fold` are arrays with one entry per row. Begin with `others = fold != fold[i]`, the rows that may be used;
# `others & (names == names[i])` are those of the same name. Return their mean of `y`, or, where there
# are none, the mean of `y` over all the others.
#
# <details><summary>Hint</summary><code>mask.any()</code> says whether a mask holds any True, and
# <code>y[mask].mean()</code> is the mean of its rows.</details>

# %% tags=["exercise"]
# Exercise 13.4: a target encoder without a leak.
def out_of_fold_mean(i, names, y, fold):
    ...  # your code here

# %%
check("13.4", out_of_fold_mean)

# %% tags=["solution"]
# @title Solution 13.4
def out_of_fold_mean_solution(i, names, y, fold):
    others = fold != fold[i]
    same = others & (names == names[i])
    return y[same].mean() if same.any() else y[others].mean()

check("13.4", out_of_fold_mean_solution)

# %% [markdown]
# ## Going further: how sure is the score?
#
# An honest test error is still a mean over the rows that happened to be drawn. Let $n$ absolute errors
# have the mean $m$ and the standard deviation $s$. If they are independent and $n$ is large, the interval
#
# $$m - 1.96\,\frac{s}{\sqrt{n}} \quad\text{to}\quad m + 1.96\,\frac{s}{\sqrt{n}}$$
#
# contains the true mean error in about 95 of 100 draws. With $n = 100$, $m = 3$ and $s = 2$ it goes from
# 2.61 to 3.39. But the rows of a household are hardly independent. A **bootstrap** draws households instead:
# from our 100 households it draws 100, with replacement, and takes the mean error. It does so 200 times, and
# the standard deviation of these 200 means replaces $s/\sqrt n$.
#
# Does either interval keep its promise of 95 %? We take the mean error over all rows of the joiners as the
# truth. A thousand times we draw 100 of their households and count how often each interval contains it.
#
# **Predict.** Which of the two keeps it?

# %%
ridge.fit(x_members, y_members)
miss = np.abs(ridge.predict(x.iloc[joiners]) - y.iloc[joiners])
families = [part.to_numpy() for _, part in miss.groupby(household.iloc[joiners])]
total = np.array([part.sum() for part in families])
size = np.array([len(part) for part in families])

hits_by_rows = 0
hits_by_households = 0
for _ in range(1000):
    drawn = rng.integers(len(families), size=100)
    off = abs(total[drawn].sum() / size[drawn].sum() - miss.mean())
    errors_drawn = np.concatenate([families[i] for i in drawn])
    if off < 1.96 * errors_drawn.std(ddof=1) / np.sqrt(len(errors_drawn)):
        hits_by_rows += 1
    again = rng.choice(drawn, size=(200, 100))  # 200 bootstrap draws
    means = total[again].sum(axis=1) / size[again].sum(axis=1)
    if off < 1.96 * means.std(ddof=1):
        hits_by_households += 1
print(f"truth inside: by rows ≈ {hits_by_rows / 10:.0f} %,"
      f" by households ≈ {hits_by_households / 10:.0f} %")
verify("households hold more of the 95 %", (hits_by_households - hits_by_rows) / 10,
       at_least=2)

# %% [markdown]
# The bootstrap of households nearly keeps the promise. The interval by rows does not: it is too narrow. Errors
# within a household are alike, so nine rows of a family are not nine independent errors. **Count what is
# independent**: families, not rows.
#
# ## Going further: the future inside a series
#
# Carbon dioxide in the air is measured on Mauna Loa, week by week. We predict the coming week $t$. One feature
# is the *trailing* mean, of the last three weeks. Or it is the *centered* mean, which a plot's smooth line
# shows: that of a week, the one before and the one after. We take the one of the last week, $t-1$.

# %%
co2 = datasets.co2().frame["co2"].interpolate()
trailing = co2.rolling(3).mean().shift(1)  # weeks t-3 to t-1
centered = co2.rolling(3, center=True).mean().shift(1)  # weeks t-2 to t
plain = pd.DataFrame({"last": co2.shift(1), "year_ago": co2.shift(52)})
tables = {"trailing": plain.assign(mean=trailing),
          "centered": plain.assign(mean=centered),
          "centered, and week t-2": plain.assign(mean=centered, before=co2.shift(2))}
recent = np.arange(len(co2)) >= 1600
for name, features in tables.items():
    known = features.notna().all(axis=1)
    train, test = known & ~recent, known & recent
    model = LinearRegression().fit(features[train], co2[train])
    miss = (model.predict(features[test]) - co2[test]).abs()
    print(f"{name}: error {miss.mean():.2f} parts per million")

# %% [markdown]
# The split is by time. But the centered mean of week $t-1$ is a third of the sum of weeks $t-2$, $t-1$ and
# $t$, and week $t$ is the answer. The model knows week $t-1$. Tell it week $t-2$ as well, and it computes the
# answer.
# The leak sits in the *column*, where no split can mend it. (Even `interpolate` looks ahead: it fills a gap
# from both sides.) Ask of each column: **could I have known this at that moment?**
#
# ## Quiz

# %%
quiz("13")

# %% [markdown]
# ## Summary
#
# - A split asks a question: random, stratified for a rare class, by group for new families, by time for the
#   future.
# - Rows of one household on both sides flattered our forest, the more so the better it could memorize.
# - Choosing columns by the target before the split made a wonderful score out of coin flips. Scaling too early
#   did no harm there.
# - Every step that learns from data goes into the pipeline, and the pipeline goes into cross-validation.
# - A shuffle test shows strong leaks of the targets, in steps that it reruns. It is blind to households on both
#   sides and to training on the future.
#
# ## Common mistakes
#
# - *Validation wonderful, production poor*: look for the same family, street or picture on both sides.
# - *A column that is filled in after the event* (target leakage): could I have known this at that moment?
# - *Choosing columns, or repeating rare rows, before the split*: do both with training rows only.
# - *Forgetting to scale the test rows, or fitting a new scaler on them*: a pipeline does neither.
#
# ## Read more
#
# - [Common pitfalls](https://scikit-learn.org/stable/common_pitfalls.html) and
#   [cross-validation](https://scikit-learn.org/stable/modules/cross_validation.html), scikit-learn.
# - S. Kaufman, S. Rosset, C. Perlich, O. Stitelman (2012),
#   [Leakage in data mining](https://doi.org/10.1145/2382577.2382579): with competitions that a leak decided.
# - B. Barz, J. Denzler (2020), [Do we train on test data?](https://doi.org/10.3390/jimaging6060041): 3.3 %
#   of CIFAR-10's test images have a duplicate or near-duplicate among the training images.
# - A. Aron-Dine, L. Einav, A. Finkelstein (2013),
#   [The RAND Health Insurance Experiment, three decades later](https://doi.org/10.1257/jep.27.1.197).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [21 · Neurons and layers](21_neurons_and_layers.ipynb). What one neuron can say, what it never can, and why a hidden layer changes that. **Before:** [12 · Images and augmentation](12_images_and_augmentation.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+13%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/21_neurons_and_layers.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/12_images_and_augmentation.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
