# ---
# jupyter:
#   dlcourse:
#     title: Model selection
#     subtitle: How to say "this model is better" and still be right tomorrow
#     minutes: 60
#     further: 7
#     seconds: 36
#     needs: ["13", "23"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "two points are progress"
#       stop: "sections 1 and 4"
#       ask: "\"Over how many splits, with what interval?\""
#       stuck: "the corrected error: why ten folds are not ten experiments"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 61 · Model selection
#
# *How to say "this model is better" and still be right tomorrow*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/61_model_selection.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/61_model_selection.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/61_model_selection.ipynb)
#
# **Your time:** 60 minutes, and 7 for *Going further* · **The notebook runs in:** about 36 s on two CPU cores · **Before this:** lesson 13, lesson 23

# %% [markdown]
# ## You will be able to
#
# 1. estimate accuracy by hold-out and $k$-fold cross-validation, and say how far to trust it
#    *(sections 1 to 3 · exercise 61.1)*
# 2. compare two models on the same splits, or on a single validation set
#    *(section 4 · exercises 61.2 and 61.3)*
# 3. keep choosing and judging apart *(sections 5 and 6, Break and fix · exercise 61.4)*

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
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy import stats
from sklearn import model_selection as ms
from sklearn.neighbors import KNeighborsClassifier

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("61", profile=PROFILE, seed=SEED)

import keras
from keras import layers

# %% [markdown]
# ## 1 · The problem: your colleague's two points
#
# "My network reads 98 % of the digits, your nearest neighbors only 96 %. Two points!" Both of
# you trained on 400 images. She scored her network on 100 images that she had set aside, and you
# scored your **nearest-neighbor classifier** on 100 others. (It stores the training images, finds
# the 3 most similar to a new one, and lets them vote.) Will her two points still be there tomorrow?
#
# To find out, you have 600 of scikit-learn's handwritten digits, 8 × 8 pixels each. The test
# images stay closed until section 6.

# %%
digits = datasets.digits()
order = np.random.default_rng(lesson.seed).permutation(len(digits.x_train))
images = (digits.x_train[order].reshape(-1, 64) / 16).astype("float32")
labels = digits.y_train[order]
x, y = images[:600], labels[:600]
print("images to work with:", x.shape, " classes:", len(np.unique(y)))

# %% [markdown]
# **Hold-out** splits the data once: the model trains on the **training images** and is scored on
# the **validation images**, which it has not seen. Which image lands where is chance. So repeat
# it 60 times: the *same* model, other splits.
#
# **Predict.** On average this model reads about 97 %. With 100 validation images, between which
# values will the 60 accuracies lie? And how often do two of them differ by two points or more?

# %%
def neighbors(n_neighbors=3):
    return KNeighborsClassifier(n_neighbors)

def hold_out(n_val, seed):
    x_train, x_val, y_train, y_val = ms.train_test_split(
        x, y, test_size=n_val, random_state=seed)
    model = neighbors().fit(x_train[:400], y_train[:400])
    return model.score(x_val, y_val)  # the share of images that it reads

# %%
seeds = [dlcourse.derived_seed(lesson.seed, i) for i in range(60)]
repeats = {}  # 60 accuracies for each number of validation images
for n_val in (25, 100, 200):
    repeats[n_val] = np.array([hold_out(n_val, seed) for seed in seeds])
spread = pd.DataFrame(repeats).agg(["min", "max", "std"])  # pandas divides by 59
print(spread.map("≈ {:.3f}".format))  # a column for each number

gaps = np.array([abs(a - b) for a, b in combinations(repeats[100], 2)])
claim("in ≈ {:.0f} % of all pairs of splits, this one model gets two accuracies that"
      " differ by 2 points or more", 100 * np.mean(gaps > 0.019), at_least=20)
verify("the model reads about 97 %", repeats[100].mean(), at_least=0.944, at_most=0.992)
verify("the spread is near the formula's", repeats[100].std() / 0.017,
       at_least=0.5, at_most=1.6)
verify("25 images spread more than 200", repeats[25].std() / repeats[200].std(),
       at_least=1.0)

# %% [markdown]
# If a model reads the share $a$ of all images, its accuracy on $n$ of them, drawn independently,
# has the **standard error** $\sqrt{a (1 - a) / n}$. That is how far from $a$ it typically lies. By
# hand, for $a = 0.97$ and $n = 100$: $\sqrt{0.97 \cdot 0.03 / 100} = 0.017$, near the measured
# `std`. Four times as many images halve it.
#
# So her two points prove nothing.
#
# **Play.** Move from split to split: how large a "gain" can you get without changing the model?

# %% tags=["hide-input"]
def luck(n_val=100, split=1):
    scores = repeats[n_val]
    axis = plt.figure(figsize=(7, 3)).gca()
    axis.hist(scores, np.arange(0.845, 1.01, 0.01), color=plots.BLUE, edgecolor="white")
    axis.axvline(scores[split - 1], color=plots.ORANGE, lw=3, label="your split")
    axis.axvline(scores.mean(), color="black", ls="--", label="mean of 60 splits")
    axis.yaxis.get_major_locator().set_params(integer=True)
    axis.set(xlabel=f"accuracy on {n_val} validation images", ylabel="number of splits",
             title=f"One model, 60 splits: {scores.min():.2f} to {scores.max():.2f}")
    axis.legend(loc="upper left")

explore(luck, alt="Histogram of 60 hold-out accuracies of one model, with one marked.",
        n_val=[25, 100, 200], split=(1, 60))

# %% [markdown]
# ## 2 · Every image gets its turn: k-fold
#
# Scoring on more images would be surer, but would leave fewer to train on. **Cross-validation**
# (lesson 13) gives you both. Cut the data into $k$ **folds**. Each fold is the validation set
# once, while the model trains on the other $k - 1$. In the end each image is scored by a model
# that has not seen it.
#
# ### Exercise 61.1
#
# Write `k_folds(n, k)`: a list of `k` arrays (or lists) of indices from 0 to `n - 1`, in any
# order. Each index belongs in exactly one fold, and the sizes differ by 1 at most.
#
# <details><summary>Hint 1</summary><code>np.array_split</code> cuts an array into pieces of
# nearly equal size.</details>
# <details><summary>Hint 2</summary>Cut <code>np.arange(n)</code>, or a shuffled
# version of it.</details>

# %% tags=["exercise"]
# Exercise 61.1: the folds.
def k_folds(n, k):
    ...  # your code here

# %%
check("61.1", k_folds)

# %% tags=["solution"]
# @title Solution 61.1
def k_folds_solution(n, k):
    return np.array_split(np.arange(n), k)

check("61.1", k_folds_solution)

# %% [markdown]
# Our images are in random order already, so the folds can be blocks of 120:
#
# ```
# ■□□□□   ■ validate
# □■□□□   □ train
# □□■□□
# □□□■□
# □□□□■
# ```
#
# The loop, and scikit-learn's function for it:

# %%
scores = []
for val in np.array_split(np.arange(600), 5):
    train = np.setdiff1d(np.arange(600), val)  # all other indices
    scores.append(neighbors().fit(x[train], y[train]).score(x[val], y[val]))
print("folds:", "  ".join(f"≈ {score:.3f}" for score in scores))
print(f"mean ≈ {np.mean(scores):.3f}, std ≈ {np.std(scores, ddof=1):.3f}")
by_sklearn = ms.cross_val_score(neighbors(), x, y, cv=ms.KFold(5))
verify("both ways give the same", np.abs(scores - by_sklearn).max(), at_most=1e-12)

# %% [markdown]
# Report mean and spread. The spread has two causes: each fold holds few images, and each model
# trained on slightly different ones. Usually $k$ is 5 or 10. More folds leave more images to train
# on, and cost more training.
#
# Folds dealt at random ask how well a model reads *more of the same*. For new patients or later
# days you would split by group or by time (*Going further*).
#
# ## 3 · A Keras network in scikit-learn's hands
#
# `keras.wrappers.SKLearnClassifier` makes your colleague's network look like any scikit-learn model.
# You give it a function that builds and compiles the network. The wrapper turns labels into one-hot
# rows, so the loss is `categorical_crossentropy`. Its own `predict` draws a progress bar for every
# split, so ours asks the trained network inside, `model_`.

# %%
def build(X, y, units):  # the wrapper hands over X and one-hot y
    model = keras.Sequential([
        layers.Input(X.shape[1:]),
        layers.Dense(units, activation="relu"),
        layers.Dense(y.shape[1], activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "categorical_crossentropy")
    return model

network = keras.wrappers.SKLearnClassifier(build, model_kwargs={"units": 32})

def predict(network, x_val):
    probabilities = keras.ops.convert_to_numpy(network.model_(x_val))  # (batch, 10)
    return probabilities.argmax(axis=1)

def accuracy(network, x_val, y_val):
    return np.mean(predict(network, x_val) == y_val)

# %% [markdown]
# Three contestants: 3 neighbors, 64 neighbors, and her network. We make ten splits with 480
# training and 120 validation images, **once**, so that all three meet the same images. They are
# **stratified**: every part has nearly the same share of each digit.
#
# `cross_val_score` trains a fresh copy for each split; a network starts with new random weights.
# Give the settings of `fit` to *it*, as `params`. The wrapper takes `fit_kwargs`, too, but Keras
# forgets them when scikit-learn copies the model: you would train for one epoch, without a warning.
# `scoring` judges each copy.

# %%
shuffled = ms.StratifiedShuffleSplit(10, test_size=120, random_state=lesson.seed)
splits = list(shuffled.split(x, y))  # ten pairs of arrays: training, validation
settings = {"epochs": 20, "batch_size": 96, "verbose": 0}
keras.utils.set_random_seed(lesson.seed)
results = pd.DataFrame({
    "64 neighbors": ms.cross_val_score(neighbors(64), x, y, cv=splits),
    "3 neighbors": ms.cross_val_score(neighbors(3), x, y, cv=splits),
    "network": ms.cross_val_score(network, x, y, cv=splits, params=settings,
                                  scoring=accuracy),
})
results.agg(["mean", "std"]).map("≈ {:.3f}".format)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7, 3.6))
for split in results.to_numpy():
    axis.plot([0, 1, 2], split, "-", color="0.75", lw=1, zorder=0)
for place, color in enumerate([plots.GREEN, plots.BLUE, plots.VERMILION]):
    column = results.iloc[:, place]
    axis.plot(np.full(10, place), column, "o", color=color, ms=4)
    axis.errorbar(place + 0.12, column.mean(), column.std(), fmt="s", ms=8, capsize=6,
                  color=color)
axis.set(xticks=[0, 1, 2], xticklabels=results.columns, xlim=(-0.3, 2.4),
         ylabel="validation accuracy (squares: mean ± std)",
         title="Ten splits, a line each: 3 neighbors lead on average, 64 lag behind")
plots.show("Accuracies of three models on ten splits, one line per split: 3 neighbors"
           " a little above the network, 64 neighbors clearly lower.")

# %% [markdown]
# How sure can you be?
#
# ## 4 · Better, or luckier?
#
# Compare models by their **differences**, split by split, on the *same* splits. What makes a
# split hard for both then cancels, at least in part. Try it with 3 neighbors against 10: once on
# the same 60 splits, once on different ones.

# %%
many = list(ms.ShuffleSplit(60, test_size=120, random_state=lesson.seed).split(x))
three = ms.cross_val_score(neighbors(3), x, y, cv=many)
ten = ms.cross_val_score(neighbors(10), x, y, cv=many)
same = np.std(three - ten)
other = np.std(three - np.roll(ten, 1))  # 10 neighbors, each time on the split before
print(f"spread of the difference: same splits ≈ {same:.3f}, other ≈ {other:.3f}")
verify("other splits spread the difference more", other / same, at_least=1.0)

# %% [markdown]
# On $k$ splits you get $k$ differences, the array `d`, with mean $\bar d$ and standard deviation
# $s$. How far may $\bar d$ be from the truth? The usual standard error of a mean, $s / \sqrt k$,
# holds for *independent* differences. But any two splits share most of their images, so it is too
# small here. Nadeau and Bengio correct it, with $n_\text{train}$ training and $n_\text{val}$
# validation images in each split:
#
# $$\text{standard error} = s \sqrt{\frac{1}{k} + \frac{n_\text{val}}{n_\text{train}}}$$
#
# By hand, for $s = 0.01$, $k = 10$ and $n_\text{val}/n_\text{train} = 120/480$: the usual error is
# $0.01 \sqrt{0.1} = 0.0032$, the corrected one $0.01 \sqrt{0.1 + 0.25} = 0.0059$. More splits
# shrink only the first part: the same 600 images over and over are not new evidence.
#
# ### Exercise 61.2
#
# Write `corrected_error(d, n_val, n_train)`, with $s$ as the sample standard deviation (division
# by $k - 1$).
#
# <details><summary>Hint 1</summary>NumPy's <code>std</code> divides by <code>k</code>
# unless you give <code>ddof=1</code>.</details>

# %% tags=["exercise"]
# Exercise 61.2: the corrected standard error of a mean difference.
def corrected_error(d, n_val, n_train):
    ...  # your code here

# %%
check("61.2", corrected_error)

# %% tags=["solution"]
# @title Solution 61.2
def corrected_error_solution(d, n_val, n_train):
    return np.std(d, ddof=1) * np.sqrt(1 / len(d) + n_val / n_train)

check("61.2", corrected_error_solution)

# %% [markdown]
# Do you need the correction? We make data on which two linear models are *equally good by
# construction*: each sees ten of twenty equally useful features. We compare them over ten splits,
# and call them different if $\bar d$ is further from 0 than $t = 2.26$ standard errors. (For a
# well-known $s$ it would be 1.96. Student's $t$ allows for an $s$ from only ten differences:
# `df=9`.) This should happen 1 time in 20, as a false alarm. We try 400 data sets.
#
# **Predict.** How often is there a false alarm with the usual error?

# %%
def accuracy_of(inputs, targets, train, val, features):  # targets are -1 or 1
    chosen = inputs[:, features]
    weights = np.linalg.lstsq(chosen[train], targets[train], rcond=None)[0]
    return np.mean((chosen[val] @ weights > 0) == (targets[val] > 0))

def compare_equals(rng, n=100, k=10):
    """Return mean and standard deviation of the differences of two equal models."""
    inputs = rng.normal(size=(n, 20))
    targets = np.sign(inputs.sum(axis=1) + 4 * rng.normal(size=n))
    d = []
    for _ in range(k):
        val, train = np.split(rng.permutation(n), [n // 5])  # 20 and 80 cases
        first = accuracy_of(inputs, targets, train, val, np.arange(10))
        second = accuracy_of(inputs, targets, train, val, np.arange(10, 20))
        d.append(first - second)
    return np.mean(d), np.std(d, ddof=1)

# %%
rng = np.random.default_rng(lesson.seed)
means, deviations = np.array([compare_equals(rng) for _ in range(400)]).T
t = stats.t.ppf(0.975, df=9)  # 2.26
usual = np.mean(np.abs(means) > t * deviations * np.sqrt(1 / 10))
corrected = np.mean(np.abs(means) > t * deviations * np.sqrt(1 / 10 + 20 / 80))
claim("the usual error calls ≈ {:.0f} % of all equal pairs different", 100 * usual,
      at_least=15)
claim("the correction prevents ≈ {:.0f} % of these false alarms",
      100 * (1 - corrected / usual), at_least=50)
print(f"false alarms with the corrected error: ≈ {100 * corrected:.0f} %")
verify("the correction comes near 5 %", corrected, at_most=0.12)

# %% [markdown]
# The correction comes near the promised 5 %: a good rule of thumb, not an exact law. Now the
# contest, with the 95 % interval, $\bar d \pm t$ corrected errors:

# %%
contests = pd.DataFrame({
    "3 neighbors −\n64 neighbors": results["3 neighbors"] - results["64 neighbors"],
    "network −\n3 neighbors": results["network"] - results["3 neighbors"],
})
center = 100 * contests.mean()  # in points
error = 100 * contests.std() * np.sqrt(1 / 10 + 120 / 480)  # pandas divides by k - 1
low, high = center - t * error, center + t * error
print(f"network − 3 neighbors: ≈ {low.iloc[1]:+.1f} to ≈ {high.iloc[1]:+.1f} points")
claim("3 neighbors beat 64: the interval begins at ≈ {:+.1f} points", low.iloc[0],
      at_least=0.0)
claim("on average the network is ≈ {:.1f} points behind 3 neighbors", -center.iloc[1],
      at_least=0.0)
verify("+2 for the network lies outside", high.iloc[1], at_most=2.0)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7, 2.6))
axis.errorbar(center, [1, 0], xerr=t * error, fmt="s", ms=9, capsize=6, color="black")
axis.axvline(0, color="0.5", lw=1)
axis.axvline(2, ymax=0.5, color=plots.VERMILION, ls="--", label="your colleague's +2")
axis.set_yticks([1, 0], contests.columns)
axis.set(ylim=(-0.5, 1.5), xlabel="difference in accuracy (points), with 95 % interval",
         title="3 neighbors beat 64; the network's interval excludes +2")
axis.legend(loc="lower right")
plots.show("Two intervals: 3 against 64 neighbors lies far right of zero; the network"
           " against 3 neighbors lies left of the two points that were claimed.")

# %% [markdown]
# And your colleague? Her +2 lies outside the interval. Is her network *worse*? An interval wholly
# below 0 speaks for it. One that contains 0 says that these 600 images cannot tell. "Not shown" does
# not mean "equal": the interval tells you how large a difference could still be there.
#
# ### With only one validation set
#
# Often training costs too much to repeat. Then compare two trained models image by image. Images
# that both read, or both miss, do not tell them apart. The first model alone reads $b$ images, the
# second alone $c$. If the models were equally good, each of these $b + c$ images would be like a toss
# of a fair coin. That is **McNemar's test**, in its exact form. Its **p-value** $p$ is the
# probability that a fair coin falls at least so unevenly.
#
# By hand, for $b = 5$ and $c = 1$: of the $2^6 = 64$ outcomes of six tosses, $6 + 1$ have at least 5
# heads, and as many at least 5 tails, so $p = 14/64 = 0.22$. Usually a difference counts as shown if
# $p < 0.05$.
#
# ### Exercise 61.3
#
# Write `mcnemar(a_right, b_right)`: two boolean arrays say which images each model reads; return
# the two-sided $p$.
#
# <details><summary>Hint 1</summary><code>b = np.sum(a_right & ~b_right)</code>, and
# <code>c</code> the other way around.</details>
# <details><summary>Hint 2</summary><code>stats.binomtest(int(b), int(b + c)).pvalue</code>. With
# <code>b + c = 0</code> there is no evidence at all: 1.</details>

# %% tags=["exercise"]
# Exercise 61.3: McNemar's exact test.
def mcnemar(a_right, b_right):
    ...  # your code here

# %%
check("61.3", mcnemar)

# %% tags=["solution"]
# @title Solution 61.3
def mcnemar_solution(a_right, b_right):
    b, c = np.sum(a_right & ~b_right), np.sum(~a_right & b_right)
    return stats.binomtest(int(b), int(b + c)).pvalue if b + c else 1.0

check("61.3", mcnemar_solution)

# %% [markdown]
# On the first of our ten splits, how many of the 120 images have a say?

# %%
train, val = splits[0]
network.fit(x[train], y[train], **settings)
net_right = predict(network, x[val]) == y[val]
near_right = neighbors().fit(x[train], y[train]).predict(x[val]) == y[val]
b, c = int(np.sum(net_right & ~near_right)), int(np.sum(~net_right & near_right))
p = stats.binomtest(b, b + c).pvalue if b + c else 1.0
print(f"only the network: ≈ {b}, only the neighbors: ≈ {c}, p ≈ {p:.2f}")
verify("the models disagree on few images", (b + c) / 120, at_most=0.125)

# %% [markdown]
# With so few disagreements only a lopsided count can convince: 6 : 0 would ($p = 0.03$), 5 : 0 would
# not ($p = 0.06$). One small validation set can hardly decide between two good models.
#
# ## 5 · Choosing uses up the estimate
#
# You compared three models. Others compare hundreds, and keep the best. Its score is the *largest*
# of many noisy numbers, and so too good on average. To see how much, take 60 cases with shuffled
# labels, half −1 and half +1, and 100 models that each look at 5 of 300 random features. There is
# nothing to learn: on new cases each model is right half the time.
#
# **Nested cross-validation** makes the choice a part of the training. An outer fold is set aside. On
# the other cases, an inner cross-validation chooses the model. Then the outer fold, which had no
# say, scores it. Every outer fold gets its turn.
#
# **Predict.** What accuracy does the best of the 100 reach in 5-fold cross-validation? And nested?

# %%
five_folds = ms.StratifiedKFold(5)

def cross_validate(inputs, targets, subsets):
    """Return the cross-validated accuracy of every subset of features."""
    hits = np.zeros(len(subsets))
    for train, val in five_folds.split(inputs, targets):
        for i, features in enumerate(subsets):
            hits[i] += len(val) * accuracy_of(inputs, targets, train, val, features)
    return hits / len(targets)

def nested_score(inputs, targets, subsets):
    outer_scores = []
    for train, val in five_folds.split(inputs, targets):  # val has no say in the choice
        inner_scores = cross_validate(inputs[train], targets[train], subsets)
        best = subsets[inner_scores.argmax()]
        outer_scores.append(accuracy_of(inputs, targets, train, val, best))
    return np.mean(outer_scores)

# %%
rng = np.random.default_rng(lesson.seed)
best_scores, nested_scores = [], []
for _ in range(10):  # ten data sets
    inputs = rng.normal(size=(60, 300))
    targets = rng.permutation(np.repeat([-1, 1], 30))
    subsets = [rng.choice(300, 5, replace=False) for _ in range(100)]
    best_scores.append(cross_validate(inputs, targets, subsets).max())
    nested_scores.append(nested_score(inputs, targets, subsets))
claim("where nothing can be learned, the best of 100 models scores ≈ {:.2f}",
      np.mean(best_scores), at_least=0.6)
print(f"nested: ≈ {np.mean(nested_scores):.2f}")
verify("nested is near one half", abs(np.mean(nested_scores) - 0.5), at_most=0.1)

# %% [markdown]
# To nest with scikit-learn, put a `GridSearchCV` (inner, it chooses) into `cross_val_score` (outer,
# it judges):

# %%
search = ms.GridSearchCV(neighbors(), {"n_neighbors": [1, 3, 10, 30]}, cv=5)
nested = ms.cross_val_score(search, x, y, cv=5).mean()  # chooses and trains five times
search.fit(x, y)  # chooses once more, with all 600 images
print("chosen:", search.best_params_)
print(f"best inner score ≈ {search.best_score_:.3f}, nested ≈ {nested:.3f}")
verify("both are close", abs(search.best_score_ - nested), at_most=0.015)

# %% [markdown]
# Four settings on 600 of our digits leave little room for luck.
#
# ## 6 · The test set, once
#
# The choice is made: nearest neighbors, which lead on average and need no training. The search chose
# how many. The test accuracy needs an interval. Wilson's works even near 1, and never passes it.

# %%
final = search.best_estimator_  # fitted on all 600 images
x_test = (digits.x_test.reshape(-1, 64) / 16).astype("float32")
right = final.predict(x_test) == digits.y_test
interval = stats.binomtest(int(right.sum()), len(right)).proportion_ci(method="wilson")
print(f"{len(right)} test images: accuracy ≈ {right.mean():.3f},"
      f" 95 % from ≈ {interval.low:.3f} to ≈ {interval.high:.3f}")
error = right.std() * np.sqrt(1 / len(right) + 1 / len(x))  # of the difference
verify("nested promised it", abs(right.mean() - nested) / error, at_most=3.5)

# %% [markdown]
# That is the number to report, and nested cross-validation had promised about as much. If you went
# back to try other settings, the test set would become a validation set.
#
# ## Break and fix
#
# In a competition, each of 120 teams trains on 30 of our 600 images. The organizers score all teams
# on the same 60 test images, crown the best and print its score. Then they let it read nearly 800 new
# images. They hold 20 such competitions: same teams, other images.

# %%
rng = np.random.default_rng([lesson.seed, 3])
x_rest, y_rest = images[600:], labels[600:]  # 837 images that nobody has used yet
right = np.zeros((120, 837), bool)  # (teams, images): which team reads which image
for team in range(120):
    own = rng.choice(600, 30, replace=False)
    right[team] = neighbors(1).fit(x[own], y[own]).predict(x_rest) == y_rest

def competition():
    test, new = np.split(rng.permutation(837), [60])
    on_test, on_new = right[:, test].mean(axis=1), right[:, new].mean(axis=1)
    winner = on_test.argmax()
    return on_test[winner], on_new[winner]

printed, later = np.array([competition() for _ in range(20)]).T
print(f"the winner: printed ≈ {printed.mean():.3f}, on new images ≈ {later.mean():.3f}")
claim("the winner's printed score is ≈ {:.1f} points too high, on average",
      100 * (printed - later).mean(), at_least=4.5)
verify("it is too high nearly every time", np.mean(printed > later), at_least=0.8)

# %% [markdown]
# ### Exercise 61.4
#
# Nobody cheated, no model saw a test image, and yet the printed score is too high. Mend it. The
# organizers have 60 more images, `val`; `test` still judges. Write
# `choose_and_report(on_val, on_test)`: from two arrays, all teams' scores on both sets, return the
# winner's number (of tied teams, any) and a score to print that is not too good.
#
# <details><summary>Hint 1</summary>A winner was good <i>and</i> lucky on the images that made it
# the winner. On which images was it only good?</details>

# %% tags=["exercise"]
# Exercise 61.4: crown and report, honestly.
def choose_and_report(on_val, on_test):
    ...  # return winner, score

# %%
check("61.4", choose_and_report)

# %% tags=["solution"]
# @title Solution 61.4
def choose_and_report_solution(on_val, on_test):
    winner = int(np.argmax(on_val))
    return winner, on_test[winner]

check("61.4", choose_and_report_solution)

# %% [markdown]
# Does this **optimism** (printed − new) grow with the number of teams? We hold 1,000 competitions of
# each size. Each draws its teams from the 120, and its images anew.

# %%
def optimism(n_teams):
    """Return the optimism in points, if test or validation images choose the winner."""
    rng = np.random.default_rng([lesson.seed, 4])
    gaps = []
    for _ in range(1000):
        teams = rng.choice(120, n_teams, replace=False)
        test, val, new = np.split(rng.permutation(837), [60, 120])
        on_test, on_val, on_new = (right[np.ix_(teams, part)].mean(axis=1)
                                   for part in (test, val, new))
        gap = on_test - on_new
        gaps.append([gap[on_test.argmax()], gap[on_val.argmax()]])
    return 100 * np.mean(gaps, axis=0)

numbers = [1, 3, 10, 30, 100]
by_test, by_val = np.transpose([optimism(n_teams) for n_teams in numbers])
verify("chosen on test, it is too good", by_test[-1], at_least=5)
verify("optimism grows with the teams", np.diff(by_test).min(), at_least=0.0)
verify("chosen on validation, it is honest", np.abs(by_val).max(), at_most=1)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7, 3.8))
axis.plot(numbers, by_test, "o-", color=plots.PURPLE, label="chosen on test")
axis.plot(numbers, by_val, "s--", color=plots.ORANGE, label="chosen on validation")
axis.axhline(0, color="black", lw=0.8)
axis.set_xscale("log")
axis.set_xticks(numbers, numbers)
axis.minorticks_off()
axis.set(xlabel="teams in the competition", ylabel="optimism: printed − new (points)",
         title="The more teams, the more the winner's test score flatters")
axis.legend(loc="upper left")
plots.show("Optimism of the printed score: grows with the number of teams when the test"
           " set chooses the winner, stays near zero when validation images choose.")

# %% [markdown]
# Each team brings its own luck on the 60 images, and the crown goes to the largest sum of skill and
# luck. A hundred trials of your own on one test set are such a competition.
#
# ## Going further: which cases belong in the validation set?
#
# A split answers a question about the future. Lesson 13 shows on real data what a wrong one costs,
# and draws all four:
#
# | future cases are … | split | scikit-learn |
# |---|---|---|
# | more of the same | random | `KFold(shuffle=True)` |
# | the same, with rare classes | **stratified**: equal shares of every class | `StratifiedKFold` |
# | new people, machines, streets | **by group**: no group is cut | `GroupKFold` |
# | later in time | **by time**: train before, validate after | `TimeSeriesSplit` |
#
# **Rare classes.** 5 of 250 people are ill. Each of them lands in one of five random folds. All
# five land in different folds with a probability of about $5!/5^5 = 0.04$. So about 96 times in 100
# some fold holds no ill person at all. Stratified folds hold one each.
#
# **Groups.** Thirty patients gave ten recordings each. Half of the patients are ill, at random: *the
# recordings hold no trace of the illness*. But each patient has a voice of their own.
#
# **Predict.** What accuracy does one nearest neighbor reach with random folds? And split by patient?

# %%
rng = np.random.default_rng([lesson.seed, 1])
voices = rng.normal(size=(30, 8))
patient = np.repeat(np.arange(30), 10)
recordings = voices[patient] + 0.3 * rng.normal(size=(300, 8))
ill = rng.permutation(np.repeat([0, 1], 15))[patient]
random_folds = ms.KFold(5, shuffle=True, random_state=lesson.seed)
leaky = ms.cross_val_score(neighbors(1), recordings, ill, cv=random_folds).mean()
honest = ms.cross_val_score(neighbors(1), recordings, ill, groups=patient,
                            cv=ms.GroupKFold(5)).mean()
claim("where there is nothing to find, random folds promise an accuracy of ≈ {:.2f}",
      leaky, at_least=0.93)
print(f"split by patient: ≈ {honest:.2f}")
verify("split by patient, there is little to be seen", honest, at_most=0.7)

# %% [markdown]
# With random folds the model recognized the *patient*, on whose other recordings it was trained. Split
# by patient, it does about as well as a coin toss (not exactly: 30 patients are few).
#
# **Time.** On rows in order of time, `TimeSeriesSplit` never trains on what comes after. Lesson 13
# measures with cars of later years how much too good random folds look.
#
# ## Going further: two curves that tell you what to do next
#
# A **learning curve** shows the score against the number of training images: would more data help?
# A **validation curve** shows it against one setting: is it too weak, right, or too strong? Here the
# setting is the number of neighbors that vote.
#
# **Predict.** For which number of neighbors will the *training* accuracy be highest?

# %%
sizes, train_size, val_size = ms.learning_curve(
    neighbors(), x, y, train_sizes=[40, 80, 160, 320, 480], cv=5, shuffle=True,
    random_state=lesson.seed)
votes = [1, 2, 4, 8, 16, 32, 64, 128, 256]
train_votes, val_votes = ms.validation_curve(
    neighbors(), x, y, param_name="n_neighbors", param_range=votes, cv=5)
val_mean, gap = val_size.mean(axis=1), (train_size - val_size).mean(axis=1)
claim("twelve times the images read ≈ {:.0f} points more",
      100 * (val_mean[-1] - val_mean[0]), at_least=5)
verify("more images narrow the gap", gap[0] - gap[-1], at_least=0.04)
val_mean = val_votes.mean(axis=1)
verify("256 neighbors are too many", val_mean.max() - val_mean[-1], at_least=0.1)
verify("one neighbor: perfect training", train_votes[0].mean(), at_least=0.999)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True)
for axis, at, on_train, on_val in [(axes[0], sizes, train_size, val_size),
                                   (axes[1], votes, train_votes, val_votes)]:
    axis.errorbar(at, on_train.mean(axis=1), on_train.std(axis=1), fmt="o-", capsize=3,
                  color=plots.SKY, label="training")
    axis.errorbar(at, on_val.mean(axis=1), on_val.std(axis=1), fmt="s--", capsize=3,
                  color=plots.ORANGE, label="validation")
axes[0].set(xlabel="training images", ylabel="accuracy (mean ± std of 5 folds)",
            title="More images narrow the gap", ylim=(0.5, 1.02))
axes[1].set(xlabel="neighbors that vote", title="Few neighbors are enough, many blur")
axes[1].set_xscale("log", base=2)
axes[1].set_xticks(votes, votes)
axes[0].legend(loc="lower right")
plots.show("Learning curve: the gap between training and validation narrows with more"
           " images. Validation curve: high for few neighbors, low for very many.")

# %% [markdown]
# With one neighbor each training image finds itself. Its perfect score says nothing; the validation
# images decide. A large gap that remains is the mark of a model that **overfits**: more data or a
# simpler model usually helps. Where both curves are low and close, as for 256 neighbors, it
# **underfits**: it is too weak.
#
# ## Quiz

# %%
quiz("61")

# %% [markdown]
# ## Summary
#
# - A measured accuracy is a draw: its standard error is $\sqrt{a (1 - a) / n}$.
# - $k$-fold validates every case once. Report mean and spread.
# - Compare models by their differences on the same splits, with the corrected error; on a single
#   validation set, with McNemar's test.
# - "Not shown" is not "equal": give the interval.
# - Whatever made the choice cannot judge it. Nest, or keep a test set closed.
#
# An hour ago two points looked like progress. Now you ask: over how many splits, with what
# interval, and chosen on what?
#
# ## Common mistakes
#
# - **A t-test on overlapping splits** without correction: far too many false alarms.
# - **`fit_kwargs` in a Keras wrapper under cross-validation**: suspiciously fast, and bad.
# - **"Best of 50 runs"** printed as the result.
#
# ## Read more
#
# - [scikit-learn: cross-validation](https://scikit-learn.org/stable/modules/cross_validation.html).
# - [Nadeau and Bengio (2003)](https://doi.org/10.1023/A:1024068626366): the corrected test.
# - [Dietterich (1998)](https://doi.org/10.1162/089976698300017197): which tests raise false alarms;
#   McNemar's seldom does.
# - [Cawley and Talbot (2010)](https://jmlr.org/papers/v11/cawley10a.html): why the choice must be
#   nested.
# - [Keras: scikit-learn wrappers](https://keras.io/api/utils/sklearn_wrappers/).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [62 · Classification metrics](62_classification_metrics.ipynb). A fraud detector that is right 99 times in 100, and worthless. **Before:** [53 · Learning-rate schedules](53_learning_rate_schedules.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+61%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/62_classification_metrics.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/53_learning_rate_schedules.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
