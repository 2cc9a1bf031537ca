# ---
# jupyter:
#   dlcourse:
#     title: Model selection
#     subtitle: How to say "this model is better" and still be right tomorrow
#     minutes: 75
#     seconds: 36
#     needs: ["23"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "two points are progress"
#       stop: "sections 1 and 5"
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
# **Your time:** 75 minutes · **The notebook runs in:** about 36 s on two CPU cores · **Before this:** lesson 23

# %% [markdown]
# ## You will be able to
#
# 1. estimate accuracy by hold-out and by $k$-fold cross-validation, by hand and with
#    scikit-learn around a Keras model, and say how far to trust it
#    *(sections 1 to 3 · exercise 61.1)*
# 2. choose the split that the question needs: stratified, grouped, ordered in time
#    *(section 4 · exercise 61.2)*
# 3. compare two models on the same splits, with a test that is not fooled by overlap
#    *(section 5 · exercises 61.3 and 61.4)*
# 4. read learning and validation curves, and nest one cross-validation in another
#    *(sections 6 and 7 · quiz)*
# 5. keep the test set honest, and say what happens if you do not
#    *(section 8 · exercise 61.5)*

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
from scipy import stats
from sklearn import model_selection as ms
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("61", profile=PROFILE, seed=SEED)

import keras
from keras import layers

# %% [markdown]
# ## 1 · The problem: your colleague's two points
#
# "My network reads digits with 98 %, your nearest neighbors have 96 %. Two points!" Both of
# you trained on 400 images. She scored her network on 100 images that she had set aside, you
# scored your **nearest-neighbor classifier** on 100 others: it stores the training images, looks
# for the $k = 3$ most similar to a new one, and takes a vote. Will her two points be there
# tomorrow?
#
# You have 600 of scikit-learn's handwritten digits, 8 × 8 pixels each, to find out. The test
# images stay closed until section 8.

# %%
digits = datasets.digits()
order = np.random.default_rng(lesson.seed).permutation(len(digits.x_train))
images = (digits.x_train[order].reshape(-1, 64) / 16).astype("float32")
labels = digits.y_train[order]
x, y = images[:600], labels[:600]
print("images to work with:", x.shape, " classes:", len(np.unique(y)))

# %% [markdown]
# **Hold-out** splits them once: train on the **training images**, score on the **validation
# images**, which the model has not seen. Which images land where is chance. So repeat it, with
# the *same* model and other splits.
#
# **Predict.** On average this model reads about 97 %. With 100 validation images, between which
# values will 60 repetitions lie?

# %%
def neighbors(k=3):
    return KNeighborsClassifier(k)

def hold_out(n_val, seed):
    x_train, x_val, y_train, y_val = ms.train_test_split(
        x, y, test_size=n_val, random_state=seed)
    return neighbors().fit(x_train[:400], y_train[:400]).score(x_val, y_val)

seeds = [dlcourse.derived_seed(lesson.seed, i) for i in range(60)]
repeats = {n_val: np.array([hold_out(n_val, seed) for seed in seeds])
           for n_val in (25, 100, 200)}
spread = {n_val: scores.std() for n_val, scores in repeats.items()}
for n_val, scores in repeats.items():
    print(f"{n_val:3} validation images: ≈ {scores.min():.2f} to ≈ {scores.max():.2f},"
          f" standard deviation ≈ {spread[n_val]:.3f}")

# %% [markdown]
# A share $a$ of right answers among $n$ independent images has a **standard error** of
# $\sqrt{a (1 - a) / n}$. By hand: $\sqrt{0.97 \cdot 0.03 / 100} = 0.017$, near what you just
# measured. Four times the images halve it.
#
# **Play**: how large a "gain" can you produce by moving from one split to the next?

# %%
def luck(n_val=100, split=1):
    scores = repeats[n_val]
    axis = plt.figure(figsize=(7, 3)).gca()
    axis.hist(scores, np.arange(0.845, 1.01, 0.01), color=plots.SKY, edgecolor="white")
    axis.axvline(scores[split - 1], color=plots.VERMILION, lw=3, label="your split")
    axis.axvline(scores.mean(), color="black", ls="--", label="mean of 60 splits")
    axis.yaxis.get_major_locator().set_params(integer=True)
    axis.set(xlabel=f"accuracy on {n_val} validation images", ylabel="splits",
             title=f"One model, 60 splits: {scores.min():.2f} to {scores.max():.2f}")
    axis.legend(loc="upper left")

explore(luck, alt="Histogram of 60 hold-out accuracies of one model, with one marked.",
        n_val=[25, 100, 200], split=(1, 60))
gaps = np.abs(np.subtract.outer(repeats[100], repeats[100]))[np.triu_indices(60, 1)]
claim("in a fifth of all pairs of splits, the same model is 2 points apart",
      np.mean(gaps > 0.019), at_least=0.2)
claim("the spread is near the formula's", spread[100] / 0.017,
      at_least=0.5, at_most=1.6)
claim("25 validation images spread more than 200", spread[25] / spread[200],
      at_least=1.0)

# %% [markdown]
# So her two points prove nothing: the same model, scored by two people on their own 100 images,
# often differs by as much.
#
# ## 2 · Every image gets its turn: k-fold
#
# Setting 200 aside would be surer, but leaves fewer to train on. **Cross-validation** has
# both: cut the data into $k$ **folds**; each fold is the validation set once, while the model
# trains on the other $k - 1$. All 600 images are scored, each by a model that has not seen it.
#
# **Exercise 61.1.** Write `k_folds(n, k)`: a list of `k` arrays (or lists) of indices from 0 to
# `n - 1`, in any order; each index in exactly one of them, and sizes that differ by 1 at most.
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
# The images are in random order already, so blocks will do. By hand, and with scikit-learn:

# %%
scores = []
for val in np.array_split(np.arange(600), 5):
    train = np.setdiff1d(np.arange(600), val)
    scores.append(neighbors().fit(x[train], y[train]).score(x[val], y[val]))
theirs = ms.cross_val_score(neighbors(), x, y, cv=ms.KFold(5))
print("folds:", "  ".join(f"≈ {score:.3f}" for score in scores))
deviation = np.std(scores, ddof=1)
print(f"mean ≈ {np.mean(scores):.3f}, standard deviation ≈ {deviation:.3f}")
verify("by hand and scikit-learn agree", np.abs(scores - theirs).max(), at_most=1e-12)

# %% [markdown]
# Report the mean, and the spread with it. The spread mixes two things: each fold is small, and
# each model trained on slightly different images. Usual are $k = 5$ or 10: more folds leave more
# to train on, and cost more training.

# %% [markdown]
# ## 3 · A Keras network in scikit-learn's hands
#
# `keras.wrappers.SKLearnClassifier` makes a network look like any scikit-learn model:
# `fit`, `predict`, `score`. It takes a function that builds and compiles a network from the data.
# The wrapper turns labels into one-hot rows, so the loss is `categorical_crossentropy`. Its own
# `predict` draws a progress bar for every split; ours asks the trained network inside, `model_`.

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
# Three contestants: your 3 neighbors, a vote of 64 neighbors, and her network. Ten splits, each
# with 480 training and 120 validation images, made **once**, so that all meet the same images.
# They are **stratified**: every part has nearly the same share of each digit.
#
# `cross_val_score` trains a fresh copy per split. Give the settings of `fit` to *it*, as
# `params`: the wrapper has a `fit_kwargs` too, but Keras forgets it when scikit-learn copies
# the model, and you would train for one epoch without being told. `scoring` judges each copy.

# %%
splits = list(ms.StratifiedShuffleSplit(
    10, test_size=120, random_state=lesson.seed).split(x, y))
settings = {"epochs": 20, "batch_size": 96, "verbose": 0}
keras.utils.set_random_seed(lesson.seed)
results = pd.DataFrame({
    "64 neighbors": ms.cross_val_score(neighbors(64), x, y, cv=splits),
    "3 neighbors": ms.cross_val_score(neighbors(3), x, y, cv=splits),
    "network": ms.cross_val_score(network, x, y, cv=splits, params=settings,
                                  scoring=accuracy),
})

# %%
figure, axis = plt.subplots(figsize=(7, 3.4))
for split in results.to_numpy():
    axis.plot([0, 1, 2], split, "o-", color=plots.SKY, lw=1, ms=4, alpha=0.8)
axis.errorbar([0, 1, 2], results.mean(), results.std(), fmt="s", ms=9, capsize=6,
              color=plots.VERMILION, label="mean ± standard deviation")
axis.set(xticks=[0, 1, 2], xticklabels=results.columns, xlim=(-0.3, 2.3),
         ylabel="validation accuracy",
         title="Ten splits, a line each: 3 neighbors lead, 64 lag behind")
axis.legend(loc="lower right")
plots.show("Accuracies of three models on ten splits, one line per split: 3 neighbors"
           " a little above the network, 64 neighbors clearly lower.")
pd.DataFrame({"mean": results.mean(), "std": results.std()}).map("≈ {:.3f}".format)

# %% [markdown]
# On the same images your 3 neighbors lead on average: a first sign that her two points were luck.
# Section 5 asks how sure you can be.

# %% [markdown]
# ## 4 · Which cases belong in the validation set?
#
# A split answers a question about the future. A random split asks: how well for *more of the
# same*? Often that is not the question.
#
# | future cases are … | split | scikit-learn |
# |---|---|---|
# | more of the same | random | `KFold(shuffle=True)` |
# | the same, with rare classes | **stratified**: equal shares of every class | `StratifiedKFold` |
# | new people, machines, streets | **grouped**: no group is cut | `GroupKFold` |
# | later in time | **ordered**: train before, validate after | `TimeSeriesSplit` |

# %%
toy_y, toy_group = np.repeat([0, 1], [30, 10]), np.repeat(np.arange(10), 4)
ways = {"random": ms.KFold(4, shuffle=True, random_state=0),
        "stratified": ms.StratifiedKFold(4, shuffle=True, random_state=0),
        "grouped": ms.GroupKFold(4), "ordered": ms.TimeSeriesSplit(4)}
figure, axes = plt.subplots(1, 4, figsize=(12, 3), sharey=True)
for axis, (name, way) in zip(axes, ways.items(), strict=True):
    rows = np.zeros((6, 40))
    groups = toy_group if name == "grouped" else None
    for k, (train, val) in enumerate(way.split(np.zeros(40), toy_y, groups)):
        rows[k, train], rows[k, val] = 1, 2
    rows[4], rows[5] = 3 + toy_y, 3 + toy_group % 2
    axis.imshow(rows, aspect="auto", interpolation="nearest", vmin=0, vmax=4,
                cmap=plt.matplotlib.colors.ListedColormap(
                    ["white", plots.SKY, plots.VERMILION, "#dddddd", "#666666"]))
    axis.set(title=name, xlabel="case", yticks=range(6),
             yticklabels=["split 1", "split 2", "split 3", "split 4", "class", "group"])
figure.suptitle("Red: validation · blue: training · white: not used", fontsize=11)
plots.show("Four ways to split 40 cases, as bars. Grouped: groups are never cut."
           " Ordered: validation cases always come after training cases.")

# %% [markdown]
# What if you choose wrongly? **Groups.** Thirty patients gave ten recordings each. Half of the
# patients are ill, at random: *the recordings hold no trace of the illness*, but each patient has
# a voice of their own. **Predict** the accuracy of the one nearest neighbor with random
# folds, and with grouped ones.

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
print(f"accuracy: random folds ≈ {leaky:.2f}, grouped folds ≈ {honest:.2f}")
claim("random folds promise nearly everything", leaky, at_least=0.93)
claim("grouped folds show that there is nothing", honest, at_most=0.7)

# %% [markdown]
# With random folds it recognized the *patient*, on whose other recordings it was trained.
# With grouped folds it is near a coin toss (not exactly: 30 patients are few).
#
# **Time.** Thirty sensors drift, each by a random step every hour. With random folds the hours
# just before *and after* a validation hour are training hours; tomorrow has no "after".
#
# **Rare classes.** 5 of 250 people are ill. How often does one of five random folds hold no ill
# person at all? Each ill person lands in one of five folds; that they land in five different
# ones has the probability of about $5!/5^5 = 0.04$.

# %%
rng = np.random.default_rng([lesson.seed, 2])
hour = np.arange(300)[:, None]
drift = rng.normal(size=(300, 30)).cumsum(axis=0)  # (hours, sensors)
between, ahead = (-ms.cross_val_score(KNeighborsRegressor(3), hour, drift, cv=folds,
                                      scoring="neg_mean_absolute_error").mean()
                  for folds in (random_folds, ms.TimeSeriesSplit(5)))
rare = np.repeat([1, 0], [5, 245])
empty = np.mean([min(fold.sum() for fold in np.split(rng.permutation(rare), 5)) == 0
                 for _ in range(300)])
print(f"sensors, mean error: random ≈ {between:.1f}, ordered ≈ {ahead:.1f} steps")
print(f"splits with a fold where nobody is ill: ≈ {100 * empty:.0f} %, stratified: 0 %")
claim("ordered folds show ≈ {:.1f} times the error", ahead / between, at_least=4)
claim("nearly every random split has a fold without ill people", empty, at_least=0.9)

# %% [markdown]
# **Exercise 61.2.** Choose a split for each question: `"random"`, `"stratified"`, `"grouped"`
# or `"ordered"`. Where nothing special is needed, take the simplest.
#
# <details><summary>Hint 1</summary>Ask for each: what will be new in the cases to come, the
# case itself, its group, or the day?</details>

# %% tags=["exercise"]
# Exercise 61.2: which split?
split_for = {
    "electricity demand of next week": ...,
    "X-rays from hospitals that we do not know yet": ...,
    "a disease that 2 in 100 of our blood samples show": ...,
    "screws from the same machine, half of them faulty": ...,
}

# %%
check("61.2", split_for)

# %% tags=["solution"]
# @title Solution 61.2
split_for_solution = {
    "electricity demand of next week": "ordered",
    "X-rays from hospitals that we do not know yet": "grouped",
    "a disease that 2 in 100 of our blood samples show": "stratified",
    "screws from the same machine, half of them faulty": "random",
}
check("61.2", split_for_solution)

# %% [markdown]
# ## 5 · Is it better, or luckier?
#
# Compare models by their **differences**, split by split, on the *same* splits: what makes a
# split hard for both cancels. **Predict**: by how much do other splits for each model widen
# the spread of the difference? Take 3 voters against 10.

# %%
many = list(ms.ShuffleSplit(60, test_size=120, random_state=lesson.seed).split(x))
three, ten = (ms.cross_val_score(neighbors(k), x, y, cv=many) for k in (3, 10))
paired, unpaired = np.std(three - ten), np.std(three - np.roll(ten, 1))
print(f"spread of the difference: same splits ≈ {paired:.3f}, other ≈ {unpaired:.3f}")
claim("other splits for each model spread the difference more", unpaired / paired,
      at_least=1.0)

# %% [markdown]
# Paired differences $d_1, \dots, d_k$ of $k$ splits have a mean $\bar d$ and a standard deviation
# $s$. The usual standard error of the mean would be $s / \sqrt k$. It is too small here: the
# splits share most of their images, so the differences are not independent. Nadeau and
# Bengio's correction, for $n_\text{val}$ validation and $n_\text{train}$ training images:
#
# $$\text{standard error} = s \sqrt{\frac{1}{k} + \frac{n_\text{val}}{n_\text{train}}}$$
#
# More splits shrink only the first part: the same 600 images over and over are not new evidence.
# By hand: $s = 0.01$, $k = 10$, $n_\text{val}/n_\text{train} = 120/480$ give
# $0.01 \sqrt{0.1 + 0.25} = 0.0059$, not $0.0032$.
#
# **Exercise 61.3.** Write `corrected_error(d, n_val, n_train)`, with $s$ as the sample standard
# deviation (division by $k - 1$).
#
# <details><summary>Hint 1</summary>NumPy's <code>std</code> divides by <code>k</code>
# unless you give <code>ddof=1</code>.</details>

# %% tags=["exercise"]
# Exercise 61.3: the corrected standard error of a mean difference.
def corrected_error(d, n_val, n_train):
    ...  # your code here

# %%
check("61.3", corrected_error)

# %% tags=["solution"]
# @title Solution 61.3
def corrected_error_solution(d, n_val, n_train):
    return np.std(d, ddof=1) * np.sqrt(1 / len(d) + n_val / n_train)

check("61.3", corrected_error_solution)

# %% [markdown]
# Does the correction matter? Test the test: make data on which two models are *equally good by
# construction* (each sees ten of twenty equally useful features), compare them over ten
# splits, and count how often a test calls the mean difference real: further from 0 than
# $t = 2.26$ standard errors (95 %, 9 degrees of freedom). It should be 1 time in 20. **Predict**:
# how often for the usual error?

# %%
def accuracy_of(a, b, train, val, features):  # b holds -1 and 1
    w = np.linalg.lstsq(a[train][:, features], b[train], rcond=None)[0]
    return np.mean((a[val][:, features] @ w > 0) == (b[val] > 0))

def experiment(rng, n=100, k=10):
    a = rng.normal(size=(n, 20))
    b = np.sign(a.sum(axis=1) + 4 * rng.normal(size=n))
    d = []
    for _ in range(k):
        val, train = np.split(rng.permutation(n), [n // 5])
        d.append(accuracy_of(a, b, train, val, np.arange(10))
                 - accuracy_of(a, b, train, val, np.arange(10, 20)))
    return np.mean(d), np.std(d, ddof=1)

rng = np.random.default_rng(lesson.seed)
means, deviations = np.array([experiment(rng) for _ in range(400)]).T
t = stats.t.ppf(0.975, df=9)
usual = np.mean(np.abs(means) > t * deviations * np.sqrt(1 / 10))
corrected = np.mean(np.abs(means) > t * deviations * np.sqrt(1 / 10 + 20 / 80))
print(f"false alarms: usual ≈ {100 * usual:.0f} %, corrected ≈ {100 * corrected:.0f} %")
claim("the usual error raises three times too many false alarms", usual, at_least=0.15)
claim("the correction prevents at least half of them", corrected / usual, at_most=0.5)

# %% [markdown]
# The corrected test comes near the promised 5 %: a good rule of thumb, not an exact law. Now the
# contest: $\bar d \pm t$ corrected standard errors.

# %%
pairs = [("3 neighbors", "64 neighbors"), ("network", "3 neighbors")]
d = pd.DataFrame({f"{a} −\n{b}": results[a] - results[b] for a, b in pairs})
center, error = d.mean(), d.std() * np.sqrt(1 / 10 + 120 / 480)
low, high = center - t * error, center + t * error
plt.figure(figsize=(7, 2.4))
plt.errorbar(100 * center, [1, 0], xerr=100 * t * error, fmt="s", ms=9, capsize=6)
plt.axvline(0, color="black", lw=0.8)
plt.axvline(2, color=plots.VERMILION, ls="--", label="your colleague's +2")
plt.yticks([1, 0], d.columns), plt.ylim(-0.5, 1.5)
plt.xlabel("difference in accuracy (points), with 95 % interval")
plt.title("3 neighbors beat 64; the network does not beat 3")
plt.legend(loc="lower right")
plots.show("Two intervals: 3 against 64 neighbors lies far right of zero; the network"
           " against 3 neighbors lies left of the two points that were claimed.")
print(f"network − 3: ≈ {100 * low.iloc[1]:+.1f} to ≈ {100 * high.iloc[1]:+.1f} points")
claim("3 neighbors beat 64: the interval lies above 0", low.iloc[0], at_least=0.0)
claim("on average the network is not ahead of 3 neighbors", center.iloc[1], at_most=0.0)
claim("the colleague's two points lie outside", high.iloc[1], at_most=0.025)

# %% [markdown]
# Against 64 neighbors the verdict is clear. And the answer to your colleague is: on the same
# images the neighbors are ahead on average, and +2 lies outside the interval. Whether the
# neighbors are *better*, the other end tells: an interval wholly below 0 says yes; one that
# contains 0 says that these 600 images cannot tell. "Not shown" does not mean "equal": the
# interval also says how large a difference could still be there.
#
# If training is too costly to repeat, and there is only *one* validation set, compare the two
# models image by image. Images that both read, or that both miss, say nothing. Among the $b + c$ images
# on which exactly one is right, an equal model would win half: a coin tossed $b + c$ times.
# That is **McNemar's test** (its exact form). By hand: $b = 5$, $c = 1$. At least 5 of 6 heads:
# $(6 + 1)/64$; both directions: $p = 14/64 = 0.22$. Not shown.
#
# **Exercise 61.4.** Write `mcnemar(a_right, b_right)`, for two boolean arrays: the two-sided $p$.
#
# <details><summary>Hint 1</summary><code>b = np.sum(a_right & ~b_right)</code>, and
# <code>c</code> the other way around.</details>
# <details><summary>Hint 2</summary><code>stats.binomtest(int(b), int(b + c)).pvalue</code>. With
# <code>b + c = 0</code> there is no evidence at all: 1.</details>

# %% tags=["exercise"]
# Exercise 61.4: McNemar's exact test.
def mcnemar(a_right, b_right):
    ...  # your code here

# %%
check("61.4", mcnemar)

# %% tags=["solution"]
# @title Solution 61.4
def mcnemar_solution(a_right, b_right):
    b, c = np.sum(a_right & ~b_right), np.sum(~a_right & b_right)
    return stats.binomtest(int(b), int(b + c)).pvalue if b + c else 1.0

check("61.4", mcnemar_solution)

# %% [markdown]
# On one of the ten splits: how many of the 120 images speak at all?

# %%
train, val = splits[0]
network.fit(x[train], y[train], **settings)
net_right = predict(network, x[val]) == y[val]
near_right = neighbors().fit(x[train], y[train]).predict(x[val]) == y[val]
b, c = int(np.sum(net_right & ~near_right)), int(np.sum(~net_right & near_right))
p = stats.binomtest(b, b + c).pvalue if b + c else 1.0
print(f"only the network: ≈ {b}, only the neighbors: ≈ {c}, p ≈ {p:.2f}")
claim("the models disagree on fewer than one image in eight", (b + c) / 120,
      at_most=0.125)

# %% [markdown]
# With so few disagreements only a lopsided count can convince: 6 : 0 ($p = 0.03$), not 5 : 0
# ($p = 0.06$). One small validation set seldom decides between good models.
#
# ## 6 · Two curves that tell you what to do next
#
# A **learning curve** shows the score against the number of training images: would more data
# help? A **validation curve** shows it against one setting: too weak, right, too strong? Here
# the setting is the number $k$ of neighbors that vote.
#
# **Predict**: for which $k$ will the *training* accuracy be highest?

# %%
sizes, train_n, val_n = ms.learning_curve(
    neighbors(), x, y, train_sizes=[40, 80, 160, 320, 480], cv=5, shuffle=True,
    random_state=lesson.seed)
votes = [1, 2, 4, 8, 16, 32, 64, 128, 256]
train_k, val_k = ms.validation_curve(
    neighbors(), x, y, param_name="n_neighbors", param_range=votes, cv=5)
figure, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True)
for axis, at, train, val in [(axes[0], sizes, train_n, val_n),
                             (axes[1], votes, train_k, val_k)]:
    for scores, style, name in [(train, "o-", "training"), (val, "s--", "validation")]:
        axis.errorbar(at, scores.mean(axis=1), scores.std(axis=1), fmt=style, capsize=3,
                      label=name)
axes[0].set(xlabel="training images", ylabel="accuracy (mean ± std of 5 folds)",
            title="More images narrow the gap", ylim=(0.5, 1.02))
axes[1].set(xlabel="neighbors k that vote", title="Few voters are enough, many blur")
axes[1].set_xscale("log", base=2)
axes[1].set_xticks(votes, votes)
axes[0].legend(loc="lower right")
plots.show("Learning curve: the gap between training and validation narrows with more"
           " images. Validation curve: high for few neighbors, low for very many.")

# %%
val_mean, gap = val_n.mean(axis=1), (train_n - val_n).mean(axis=1)
claim("twelve times the images help by 5 points", val_mean[-1] - val_mean[0],
      at_least=0.05)
claim("the gap between training and validation narrows", gap[0] - gap[-1],
      at_least=0.04)
claim("far too many voters cost 10 points",
      val_k.mean(axis=1).max() - val_k.mean(axis=1)[-1], at_least=0.1)
claim("one voter: perfect on training images", train_k.mean(axis=1)[0], at_least=0.999)

# %% [markdown]
# With $k = 1$ each training image finds itself: its perfect score says nothing, the validation
# images decide. Where a large gap remains, the model **overfits**: more data or a simpler model
# helps. Where both curves are low and close, as for $k = 256$, it **underfits**: it is too weak.

# %% [markdown]
# ## 7 · Choosing spends the estimate: nested cross-validation
#
# You tried nine values of $k$ and keep the best. Its score is the *largest of nine* noisy
# numbers, and so too good on average. Provoke it: 60 cases, labels drawn by coin toss, and 100
# models that each look at 5 of 300 random features. Nothing can be learned: the truth is 0.5.
#
# **Nested cross-validation** treats the choice as part of the training: for each outer fold, an
# inner cross-validation chooses among the other cases, and the outer fold scores what was chosen.
#
# **Predict**: what does the best of the 100 reach in 5-fold cross-validation? And nested?

# %%
folds = ms.StratifiedKFold(5)

def scores_of(a, b, subsets):
    """Return the cross-validated accuracy for every subset of features."""
    hits = np.zeros(len(subsets))
    for train, val in folds.split(a, b):
        hits += [len(val) * accuracy_of(a, b, train, val, s) for s in subsets]
    return hits / len(b)

def best_and_nested(rng):
    a, b = rng.normal(size=(60, 300)), rng.permutation(np.repeat([-1, 1], 30))
    subsets = [rng.choice(300, 5, replace=False) for _ in range(100)]
    outer = []
    for train, val in folds.split(a, b):  # the choice is made anew, without the fold
        best = subsets[np.argmax(scores_of(a[train], b[train], subsets))]
        outer.append(accuracy_of(a, b, train, val, best))
    return scores_of(a, b, subsets).max(), np.mean(outer)

rng = np.random.default_rng(lesson.seed)
best, nested = np.array([best_and_nested(rng) for _ in range(10)]).T
print(f"best of 100 ≈ {best.mean():.2f}, nested ≈ {nested.mean():.2f}")
claim("the best promises something where there is nothing", best.mean(), at_least=0.6)
claim("nested stays near one half", abs(nested.mean() - 0.5), at_most=0.1)

# %% [markdown]
# With scikit-learn, put a `GridSearchCV` (the inner cross-validation, which chooses) into
# `cross_val_score` (the outer one, which judges):

# %%
search = ms.GridSearchCV(neighbors(), {"n_neighbors": [1, 3, 10, 30]}, cv=5)
outer = ms.cross_val_score(search, x, y, cv=5)  # chooses and trains five times
search.fit(x, y)
print(f"best inner score ≈ {search.best_score_:.3f}, nested ≈ {outer.mean():.3f}")
claim("four settings, 600 images: the two are close", abs(search.best_score_ -
      outer.mean()), at_most=0.015)

# %% [markdown]
# Here there is little room for luck. The more you try and the fewer data you have, the further
# they part.

# %% [markdown]
# ## 8 · The test set, once
#
# The choice is made by cross-validation: the neighbors, which lead on average and need no
# training, with the $k$ that the search chose. Store all 600 images, and open the test set. A
# share needs an interval; Wilson's is right near 1, too, and never passes it.

# %%
final = search.best_estimator_
x_test = (digits.x_test.reshape(-1, 64) / 16).astype("float32")
hits = int(np.sum(final.predict(x_test) == digits.y_test))
share = hits / len(x_test)
standard_error = np.sqrt(share * (1 - share) * (1 / len(x_test) + 1 / len(x)))
interval = stats.binomtest(hits, len(x_test)).proportion_ci(method="wilson")
print(f"test accuracy ≈ {share:.3f}, 95 % from ≈ {interval.low:.3f}"
      f" to ≈ {interval.high:.3f}")
claim("nested cross-validation promised it, to 3.5 standard errors of the difference",
      abs(share - outer.mean()) / standard_error, at_most=3.5)

# %% [markdown]
# That is the number to report. If it disappoints you: going back to try other settings would make
# the test set a validation set. How much that costs, you measure now.
#
# ## Break and fix
#
# A competition. Each of 120 teams trains on 30 images of its own. The organizers score all of
# them on the same 60 test images, crown the best and print its score. Then they read nearly 800
# new images with it, and wonder. Bad luck? They repeat it 20 times, with other test images.

# %%
rng = np.random.default_rng([lesson.seed, 3])
x_rest, y_rest = images[600:], labels[600:]  # 837 images that nobody has used yet
teams = [rng.choice(600, 30, replace=False) for _ in range(120)]
right = np.array([neighbors(1).fit(x[own], y[own]).predict(x_rest) == y_rest
                  for own in teams])  # (teams, images)

def competition():
    on_test, on_new = (right[:, part].mean(axis=1)
                       for part in np.split(rng.permutation(837), [60]))
    winner = on_test.argmax()
    return on_test[winner], on_new[winner]

printed, later = np.mean([competition() for _ in range(20)], axis=0)
print(f"the winner: printed ≈ {printed:.3f}, on new images ≈ {later:.3f}")
claim("the winner's printed score is ≈ {:.1f} points too high, on average",
      100 * (printed - later), at_least=4.5)

# %% [markdown]
# **Exercise 61.5.** Nobody cheated, no model saw a test image, and yet the printed score is too
# high nearly every time: find out why, and mend it. The organizers have 60 more images, `val`. Write
# `choose_and_report(on_val, on_test)`: from two arrays, all teams' scores on both sets, return the
# number of the winner (of tied teams, any) and the score to print, so that this score is not
# too good.
#
# <details><summary>Hint 1</summary>A winner was good <i>and</i> lucky on the images that made it
# the winner. On which images was it only good?</details>

# %% tags=["exercise"]
# Exercise 61.5: crown and report, honestly.
def choose_and_report(on_val, on_test):
    ...  # return winner, score

# %%
check("61.5", choose_and_report)

# %% tags=["solution"]
# @title Solution 61.5
def choose_and_report_solution(on_val, on_test):
    winner = int(np.argmax(on_val))
    return winner, on_test[winner]

check("61.5", choose_and_report_solution)

# %% [markdown]
# How large is this **optimism** (printed − new), and does it grow with the number of teams? Hold
# many competitions, each with other teams and other test, validation and new images.

# %%
def optimism(n_teams, repeats=1000):
    rng, gaps = np.random.default_rng([lesson.seed, 4]), []
    for _ in range(repeats):
        group, mixed = rng.choice(120, n_teams, replace=False), rng.permutation(837)
        on_test, on_val, on_new = (right[np.ix_(group, part)].mean(axis=1)
                                   for part in np.split(mixed, [60, 120]))
        gaps.append([(on_test - on_new)[on.argmax()] for on in (on_test, on_val)])
    return 100 * np.mean(gaps, axis=0)

numbers = [1, 3, 10, 30, 100]
by_test, by_val = np.transpose([optimism(n) for n in numbers])
plt.plot(numbers, by_test, "o-", label="chosen on test, scored on test")
plt.plot(numbers, by_val, "s--", label="chosen on validation, scored on test")
plt.xscale("log"), plt.xticks(numbers, numbers), plt.axhline(0, color="black", lw=0.8)
plt.xlabel("teams in the competition"), plt.ylabel("optimism: printed − new (points)")
plt.title("Chosen on the test set, the winner's score is too good"), plt.legend()
plots.show("Optimism of the printed score: grows with the number of teams when the test"
           " set chooses the winner, stays at zero when validation images choose.")
claim("100 teams, chosen on the test set: ≈ {:.1f} points too good", by_test[-1],
      at_least=5)
claim("choosing elsewhere: honest to one point", np.abs(by_val).max(), at_most=1)

# %% [markdown]
# Each team is one more draw from the luck of 60 images, and the crown goes to the largest. Your
# own hundred trials with one test set are such a competition.

# %% [markdown]
# ## Quiz

# %%
quiz("61")

# %% [markdown]
# ## Summary
#
# - A measured accuracy is a draw: its standard error is $\sqrt{a (1 - a) / n}$.
# - $k$-fold lets every case be validated once. Report mean and spread.
# - The split must imitate the future: grouped for new groups, ordered for later days,
#   stratified for rare classes.
# - Compare models on the same splits, by their differences, with the corrected error; on a
#   single validation set, with McNemar's test.
# - "Not shown" is not "equal": give the interval.
# - Whatever made the choice cannot judge it. Nest, or keep a test set closed.
#
# An hour ago two points looked like progress. Now you ask: over how many splits, with what
# interval, and chosen on what?
#
# ## Common mistakes
#
# - **One split, one number**: repeat, and show the spread.
# - **Different splits for different models**: their luck does not cancel.
# - **Scaling or selecting features before splitting**: the validation cases have been used. Do it
#   inside each fold (scikit-learn's `Pipeline`).
# - **Random folds for patients, users or days**: wonderful scores that vanish in use.
# - **A t-test on overlapping splits** without correction: false discoveries several times too often.
# - **`fit_kwargs` in a Keras wrapper under cross-validation**: suspiciously fast, and bad.
# - **"Best of 50 runs"** printed as the result.
#
# ## Read more
#
# - [scikit-learn: cross-validation](https://scikit-learn.org/stable/modules/cross_validation.html):
#   every splitter, drawn.
# - [Nadeau and Bengio, *Inference for the generalization error*
#   (2003)](https://doi.org/10.1023/A:1024068626366): the corrected test.
# - [Dietterich, *Approximate statistical tests for comparing supervised classification
#   learning algorithms* (1998)](https://doi.org/10.1162/089976698300017197): which tests lie,
#   McNemar's among those that do not.
# - [Cawley and Talbot, *On over-fitting in model selection and subsequent selection bias in
#   performance evaluation* (2010)](https://jmlr.org/papers/v11/cawley10a.html): why nesting.
# - [Keras: scikit-learn wrappers](https://keras.io/api/utils/sklearn_wrappers/).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [62 · Classification metrics](62_classification_metrics.ipynb). A fraud detector that is right 99 times in 100, and worthless. **Before:** [53 · Learning-rate schedules](53_learning_rate_schedules.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+61%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/62_classification_metrics.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/53_learning_rate_schedules.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
