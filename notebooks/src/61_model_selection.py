# ---
# jupyter:
#   dlcourse:
#     title: Model selection
#     subtitle: How to say "this model is better" and still be right tomorrow
#     minutes: 60
#     seconds: 30
#     needs: ["23"]
#     backends: [tensorflow, jax, torch]
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
# **Your time:** 60 minutes · **The notebook runs in:** about 30 s on two CPU cores · **Before this:** lesson 23

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
# On Colab and Kaggle, fetch the course's helpers; elsewhere they are installed.
import importlib.util
import os
import subprocess
import sys

if importlib.util.find_spec("dlcourse") is None:
    course = "git+https://github.com/dlcourse/dlcourse@main"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps"]
    if subprocess.run([*pip, os.environ.get("DLCOURSE_INSTALL", course)]).returncode:
        print("Could not fetch the helpers: check the network and run this again.")
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
from sklearn.neighbors import KNeighborsClassifier

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz

lesson = dlcourse.start("61", profile=PROFILE, seed=SEED)

import keras
from keras import layers

# %% [markdown]
# ## 1 · The problem: your colleague's two points
#
# "My network reads digits with 98 %, your nearest neighbors have 96 %. Two points!" She had
# 400 images to learn from and tested on 100 others. (A **nearest-neighbor** classifier stores
# the training images, looks for the 3 most similar to a new one, and takes a vote.) Will the two points be there tomorrow?
#
# You have 600 labeled images to work with. The test images stay closed until section 8.

# %%
digits = datasets.digits()
order = np.random.default_rng(lesson.seed).permutation(len(digits.x_train))[:600]
x = (digits.x_train[order].reshape(-1, 64) / 16).astype("float32")
y = digits.y_train[order]
print("images to work with:", x.shape, " classes:", len(np.unique(y)))

# %% [markdown]
# **Hold-out** means: set some images aside, learn from the rest, score on those aside. Which
# images are set aside is chance. So repeat it, with the *same* model and other splits.
#
# **Predict.** The true accuracy is about 97 %. With 100 images aside, between which values
# will 60 repetitions lie?

# %%
def neighbors(k=3):
    return KNeighborsClassifier(k)

def hold_out(aside, seed):
    x_fit, x_aside, y_fit, y_aside = ms.train_test_split(
        x, y, test_size=aside, random_state=seed)
    return neighbors().fit(x_fit[:400], y_fit[:400]).score(x_aside, y_aside)

repeats = {aside: [hold_out(aside, 1000 * lesson.seed + i) for i in range(60)]
           for aside in (25, 100, 200)}
spread = {aside: np.std(scores) for aside, scores in repeats.items()}
for aside, scores in repeats.items():
    print(f"{aside:3} aside: from ≈ {min(scores):.2f} to ≈ {max(scores):.2f},"
          f" standard deviation ≈ {spread[aside]:.3f}")

# %%
def luck(images_aside=100, split=1):
    scores = np.array(repeats[images_aside])
    plt.figure(figsize=(7, 3))
    plt.hist(scores, np.arange(0.845, 1.01, 0.01), color=plots.SKY, edgecolor="white")
    plt.axvline(scores[split - 1], color=plots.VERMILION, lw=3, label="your split")
    plt.axvline(scores.mean(), color="black", ls="--", label="mean of 60 splits")
    plt.xlabel(f"accuracy on {images_aside} images"), plt.ylabel("splits")
    plt.title("One model, 60 answers"), plt.legend(loc="upper left")

explore(luck, alt="Histogram of 60 hold-out accuracies of one model, with one marked.",
        images_aside=[25, 100, 200], split=(1, 60))

# %% [markdown]
# **Play**: how large a "gain" can you produce by moving from one split to the next? Two points
# are easily luck. A share $a$ measured on $n$ independent images has a **standard error** of
# $\sqrt{a (1 - a) / n}$: by hand, $\sqrt{0.97 \cdot 0.03 / 100} = 0.017$. Four times the images
# halve it.

# %%
claim("with 100 aside, the luckiest and unluckiest split are 4 points apart or more",
      np.ptp(repeats[100]), at_least=0.04)
claim("the spread is near the formula's", spread[100] / 0.017,
      at_least=0.6, at_most=1.6)
claim("25 aside spread more than 200", spread[25] / spread[200], at_least=1.8)

# %% [markdown]
# ## 2 · Every image gets its turn: k-fold
#
# Setting 200 aside would be surer, but leaves fewer to learn from. **Cross-validation** has
# both: cut the data into $k$ **folds**; each fold is set aside once, while the other $k - 1$
# are learned from. All 600 images are scored, each by a model that has not seen it.
#
# **Exercise 61.1.** Write `k_folds(n, k)`: a list of `k` arrays of indices from 0 to `n - 1`;
# each index in exactly one of them, and sizes that differ by 1 at most.
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

# %%
scores = []
for fold in np.array_split(np.arange(600), 5):
    rest = np.setdiff1d(np.arange(600), fold)
    scores.append(neighbors().fit(x[rest], y[rest]).score(x[fold], y[fold]))
theirs = ms.cross_val_score(neighbors(), x, y, cv=ms.KFold(5))
print("folds:", "  ".join(f"≈ {score:.3f}" for score in scores))
deviation = np.std(scores, ddof=1)
print(f"mean ≈ {np.mean(scores):.3f}, standard deviation ≈ {deviation:.3f}")
claim("by hand and scikit-learn agree", np.abs(scores - theirs).max(), at_most=1e-12)

# %% [markdown]
# Report the mean, and the spread with it. The spread of folds mixes two things: each fold is
# small, and each model learned from slightly different images.

# %% [markdown]
# ## 3 · A Keras network in scikit-learn's hands
#
# `keras.wrappers.SKLearnClassifier` makes a network look like any scikit-learn model:
# `fit`, `predict`, `score`. It takes a function that builds and compiles a network from the data.
# The wrapper turns labels into one-hot rows, so the loss is `categorical_crossentropy`.

# %%
def build(X, y, units):  # the wrapper hands over X and one-hot y
    model = keras.Sequential([
        layers.Input(X.shape[1:]),
        layers.Dense(units, activation="relu"),
        layers.Dense(y.shape[1], activation="softmax"),
    ])
    optimizer = keras.optimizers.Adam(0.01)
    optimizer.build(model.trainable_variables)  # only speed: now, not during training
    model.compile(optimizer, "categorical_crossentropy")
    return model

def network(units):
    return keras.wrappers.SKLearnClassifier(
        build, model_kwargs={"units": units},
        fit_kwargs={"epochs": 15, "batch_size": 64, "verbose": 0})

# %% [markdown]
# Three contestants, ten splits, each 480 images to learn from and 120 aside. The splits are
# made **once**, so that everyone meets the same images: a hard split is hard for all.
# They are **stratified**: each part has the same share of every digit.

# %%
splits = list(ms.StratifiedShuffleSplit(
    10, test_size=120, random_state=lesson.seed).split(x, y))

def score(model, rows):
    """What model.score does, without the progress bar of the wrapped network."""
    if not hasattr(model, "model_"):
        return model.score(x[rows], y[rows])
    outputs = keras.ops.convert_to_numpy(model.model_(x[rows]))  # (rows, 10)
    return np.mean(outputs.argmax(axis=1) == y[rows])

models = {"neighbors": neighbors(), "network, 32 units": network(32),
          "network, 8 units": network(8)}
results = {}
for name, model in models.items():
    keras.utils.set_random_seed(lesson.seed)
    results[name] = [score(model.fit(x[fit], y[fit]), aside) for fit, aside in splits]
results = pd.DataFrame(results)

# %%
figure, axis = plt.subplots(figsize=(7, 3.4))
for split in results.to_numpy():
    axis.plot([0, 1, 2], split, "o-", color=plots.SKY, lw=1, ms=4, alpha=0.8)
axis.errorbar([0, 1, 2], results.mean(), results.std(), fmt="s", ms=9, capsize=6,
              color=plots.VERMILION, label="mean ± standard deviation")
axis.set(xticks=[0, 1, 2], xticklabels=results.columns, xlim=(-0.3, 2.3),
         ylabel="accuracy on images aside",
         title="Each line is one split: 8 units lag behind")
axis.legend(loc="lower left")
plots.show("Accuracies of three models on ten splits, one line per split: nearest"
           " neighbors and 32 units are close, 8 units clearly lower.")
pd.DataFrame({"mean": results.mean(), "std": results.std()}).map("≈ {:.3f}".format)

# %% [markdown]
# ## 4 · Which images may be set aside?
#
# A split answers a question about the future. A random split asks: how well for *more of the
# same*? Often that is not the question.
#
# | future cases are … | split | scikit-learn |
# |---|---|---|
# | more of the same | random | `KFold(shuffle=True)` |
# | the same, with rare classes | **stratified**: equal shares of every class | `StratifiedKFold` |
# | new people, machines, streets | **grouped**: a group is aside as a whole | `GroupKFold` |
# | later in time | **ordered**: learn from before, score after | `TimeSeriesSplit` |

# %%
rng = np.random.default_rng(lesson.seed)
toy_y, toy_group = np.repeat([0, 1], [30, 10]), np.repeat(np.arange(10), 4)
ways = {"random": ms.KFold(4, shuffle=True, random_state=0),
        "stratified": ms.StratifiedKFold(4, shuffle=True, random_state=0),
        "grouped": ms.GroupKFold(4), "ordered": ms.TimeSeriesSplit(4)}
figure, axes = plt.subplots(1, 4, figsize=(12, 3), sharey=True)
for axis, (name, way) in zip(axes, ways.items(), strict=True):
    rows = np.zeros((6, 40))
    groups = toy_group if name == "grouped" else None
    for k, (fit, aside) in enumerate(way.split(np.zeros(40), toy_y, groups)):
        rows[k, fit], rows[k, aside] = 1, 2
    rows[4], rows[5] = 3 + toy_y, 3 + toy_group % 2
    axis.imshow(rows, aspect="auto", interpolation="nearest", vmin=0, vmax=4,
                cmap=plt.matplotlib.colors.ListedColormap(
                    ["white", plots.SKY, plots.VERMILION, "#dddddd", "#666666"]))
    axis.set(title=name, xlabel="case", yticks=range(6),
             yticklabels=["split 1", "split 2", "split 3", "split 4", "class", "group"])
figure.suptitle("Red is set aside, blue learned from, white not used", fontsize=11)
plots.show("Four ways to split 40 cases, as bars. Grouped: groups are never cut."
           " Ordered: what is set aside always comes after what is learned from.")

# %% [markdown]
# What if you choose wrongly? Thirty patients gave ten recordings each. Half of the patients
# are ill, at random: *the recordings hold no trace of the illness*, but each patient has a
# voice of his own. **Predict** the accuracy of the one nearest neighbor with random
# folds, and with grouped ones.

# %%
voices = rng.normal(size=(30, 8))
patient = np.repeat(np.arange(30), 10)
recordings = voices[patient] + 0.3 * rng.normal(size=(300, 8))
ill = rng.permutation(np.repeat([0, 1], 15))[patient]
random_folds = ms.KFold(5, shuffle=True, random_state=lesson.seed)
leaky = ms.cross_val_score(neighbors(1), recordings, ill, cv=random_folds).mean()
honest = ms.cross_val_score(neighbors(1), recordings, ill, groups=patient,
                            cv=ms.GroupKFold(5)).mean()
print(f"random folds ≈ {leaky:.2f}, grouped folds ≈ {honest:.2f}")
claim("random folds promise nearly everything", leaky, at_least=0.9)
claim("grouped folds show that there is nothing", honest, at_most=0.75)

# %% [markdown]
# With random folds it recognized the *patient*, whose other recordings it had learned from.
# With grouped folds it is near a coin toss (not exactly: 30 patients are few).
#
# **Exercise 61.2.** Choose a split for each question: `"random"`, `"stratified"`, `"grouped"`
# or `"ordered"`.
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
# Back to the contest. Compare models by their **differences**, split by split: what a split
# makes hard for both cancels. With differences $d_1, \dots, d_k$, their mean $\bar d$ and
# standard deviation $s$, the usual standard error of the mean would be $s / \sqrt k$.
#
# It is too small here. The ten splits share most of their images, so the ten differences are not
# independent. Nadeau and Bengio's correction for $n_2$ images aside and $n_1$ learned from:
#
# $$\text{standard error} = s \sqrt{\frac{1}{k} + \frac{n_2}{n_1}}$$
#
# By hand: $s = 0.01$, $k = 10$, $n_2/n_1 = 120/480$ gives $0.01 \sqrt{0.1 + 0.25} = 0.0059$,
# not $0.0032$.
#
# **Exercise 61.3.** Write `corrected_error(d, n_aside, n_fit)`, with $s$ as the sample standard
# deviation (division by $k - 1$).
#
# <details><summary>Hint 1</summary>NumPy's <code>std</code> divides by <code>k</code>
# unless you give <code>ddof=1</code>.</details>

# %% tags=["exercise"]
# Exercise 61.3: the corrected standard error of a mean difference.
def corrected_error(d, n_aside, n_fit):
    ...  # your code here

# %%
check("61.3", corrected_error)

# %% tags=["solution"]
# @title Solution 61.3
def corrected_error_solution(d, n_aside, n_fit):
    return np.std(d, ddof=1) * np.sqrt(1 / len(d) + n_aside / n_fit)

check("61.3", corrected_error_solution)

# %% [markdown]
# Does the correction matter? Test the test: make data in which two models are *equally good by
# construction* (each sees ten of twenty equally useful features), compare them over ten
# splits, and count how often a test says "different" with 95 % confidence. It should be
# 1 time in 20. **Predict**: how often for the usual error?

# %%
def accuracy_of(a, b, fit, aside, features):
    w = np.linalg.lstsq(a[fit][:, features], b[fit], rcond=None)[0]
    return np.mean((a[aside][:, features] @ w > 0) == (b[aside] > 0))

def experiment(rng, n=100, k=10):
    a = rng.normal(size=(n, 20))
    b = np.sign(a.sum(axis=1) + 4 * rng.normal(size=n))
    d = []
    for _ in range(k):
        aside, fit = np.split(rng.permutation(n), [n // 5])
        d.append(accuracy_of(a, b, fit, aside, np.arange(10))
                 - accuracy_of(a, b, fit, aside, np.arange(10, 20)))
    return np.mean(d), np.std(d, ddof=1)

rng = np.random.default_rng(lesson.seed)
means, deviations = np.array([experiment(rng) for _ in range(400)]).T
limit = stats.t.ppf(0.975, df=9)
usual = np.mean(np.abs(means) > limit * deviations * np.sqrt(1 / 10))
corrected = np.mean(np.abs(means) > limit * deviations * np.sqrt(1 / 10 + 20 / 80))
print(f"false alarms: usual ≈ {100 * usual:.0f} %, corrected ≈ {100 * corrected:.0f} %")
claim("the usual error raises false alarms three times too often", usual, at_least=0.15)
claim("the corrected one keeps them below 10 %", corrected, at_most=0.1)

# %%
rows = {}
for other in ("network, 8 units", "neighbors"):
    d = results["network, 32 units"] - results[other]
    error = d.std() * np.sqrt(1 / 10 + 120 / 480)
    low, high = d.mean() - limit * error, d.mean() + limit * error
    rows[f"32 units − {other}"] = [d.mean(), low, high]
columns = ["mean difference", "95 % from", "to"]
intervals = pd.DataFrame(rows, index=columns).T
claim("32 units beat 8: the interval lies above 0", intervals["95 % from"].iloc[0],
      at_least=0.0)
claim("network and neighbors differ by less than 3 points on average",
      abs(intervals["mean difference"].iloc[1]), at_most=0.03)
intervals.map("≈ {:+.3f}".format)

# %% [markdown]
# Against eight units the verdict is clear. Against the neighbors, look at the interval: does it
# contain 0? Then these 600 images cannot tell, whatever a lucky split says. "Not shown" does
# not mean "equal": the interval also says how large a difference could still be there.
#
# If there is only *one* test set and training is too costly to repeat, compare the two models
# image by image. Images that both read, or that both miss, say nothing. Among the $b + c$ images
# on which exactly one is right, an equal model would win half: a coin tossed $b + c$ times.
# That is **McNemar's test**. By hand: $b = 5$, $c = 1$. At least 5 of 6 heads: $(6 + 1)/64$;
# both directions: $p = 14/64 = 0.22$. Not shown.
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
# ## 6 · Two curves that tell you what to do next
#
# A **learning curve** shows the score against the number of training cases: would more data
# help? A **validation curve** shows it against one setting: too weak, right, too strong? Here
# the setting is the number $k$ of neighbors that vote.
#
# **Predict**: for which $k$ will the *training* accuracy be highest?

# %%
sizes, fit_scores, val_scores = ms.learning_curve(
    neighbors(), x, y, train_sizes=[40, 80, 160, 320, 480], cv=5, shuffle=True,
    random_state=lesson.seed)
votes = [1, 2, 4, 8, 16, 32, 64, 128, 256]
fit_k, val_k = ms.validation_curve(
    neighbors(), x, y, param_name="n_neighbors", param_range=votes, cv=5)
figure, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True)
for axis, at, fit, val in [(axes[0], sizes, fit_scores, val_scores),
                           (axes[1], votes, fit_k, val_k)]:
    for scores, style, name in [(fit, "o-", "training images"), (val, "s--", "aside")]:
        axis.errorbar(at, scores.mean(axis=1), scores.std(axis=1), fmt=style, capsize=3,
                      label=name)
axes[0].set(xlabel="training images", ylabel="accuracy", title="More data still help",
            ylim=(0.5, 1.02))
axes[1].set(xlabel="neighbors k that vote", xscale="log",
            title="Few voters are enough, many blur")
axes[0].legend(loc="lower right")
plots.show("Learning curve: the gap between training and aside narrows with more"
           " images. Validation curve: high for few neighbors, low for very many.")

# %%
aside, gap = val_scores.mean(axis=1), (fit_scores - val_scores).mean(axis=1)
claim("twelve times the images help by 5 points", aside[-1] - aside[0], at_least=0.05)
claim("the gap between training and aside narrows", gap[0] - gap[-1], at_least=0.04)
claim("far too many voters cost 10 points",
      val_k.mean(axis=1).max() - val_k.mean(axis=1)[-1], at_least=0.1)
claim("one voter: perfect on training images", fit_k.mean(axis=1)[0], at_least=0.999)

# %% [markdown]
# With $k = 1$ each training image finds itself: its perfect score says nothing, the images
# aside decide. Where a large gap remains, more data or a simpler model helps. Where both
# curves are low and close, as for $k = 256$, the model is too weak.

# %% [markdown]
# ## 7 · Choosing spends the estimate: nested cross-validation
#
# You tried nine values of $k$ and keep the best. Its score is the *largest of nine* noisy
# numbers, and so too good. Provoke it: 60 cases, labels drawn by coin toss, and 100 models
# that each look at 5 of 300 random features. Nothing can be learned: the truth is 0.5.
#
# **Predict**: what does the best of the 100 reach in 5-fold cross-validation?

# %%
folds = ms.StratifiedKFold(5)

def scores_of(a, b, subsets):
    """Return the cross-validated accuracy for every subset of features."""
    hits = np.zeros(len(subsets))
    for fit, aside in folds.split(a, b):
        hits += [len(aside) * accuracy_of(a, 2 * b - 1, fit, aside, s) for s in subsets]
    return hits / len(b)

def best_and_nested(rng):
    a, b = rng.normal(size=(60, 300)), rng.permutation(np.repeat([0, 1], 30))
    subsets = [rng.choice(300, 5, replace=False) for _ in range(100)]
    outer = []
    for fit, aside in folds.split(a, b):  # the choice is made anew, without the fold
        best = subsets[np.argmax(scores_of(a[fit], b[fit], subsets))]
        outer.append(accuracy_of(a, 2 * b - 1, fit, aside, best))
    return scores_of(a, b, subsets).max(), np.mean(outer)

rng = np.random.default_rng(lesson.seed)
best, nested = np.array([best_and_nested(rng) for _ in range(10)]).T
print(f"best of 100 ≈ {best.mean():.2f}, nested ≈ {nested.mean():.2f}")
claim("the best promises something where there is nothing", best.mean(), at_least=0.6)
claim("nested stays near one half", abs(nested.mean() - 0.5), at_most=0.1)

# %% [markdown]
# **Nested cross-validation** treats the choice as part of the training: for each outer fold, an
# inner cross-validation chooses, and the outer fold scores what was chosen. With
# scikit-learn: `cross_val_score(GridSearchCV(model, grid, cv=5), x, y, cv=5)`.

# %%
search = ms.GridSearchCV(neighbors(), {"n_neighbors": [1, 3, 10, 30]}, cv=5)
outer = ms.cross_val_score(search, x, y, cv=5)
search.fit(x, y)
print(f"best inner score ≈ {search.best_score_:.3f}, nested ≈ {outer.mean():.3f}")

# %% [markdown]
# Here the two are close: four settings, 600 images, little room for luck. The more you try and
# the fewer data you have, the further they part.

# %% [markdown]
# ## 8 · The test set, once
#
# The choice is made by cross-validation. The two leaders were close, so take the one that is
# simpler to keep running: the neighbors. Learn once more from all 600 images, and open the test set. A share needs an interval; Wilson's
# behaves well near 1.

# %%
final = search.best_estimator_
x_test = (digits.x_test.reshape(-1, 64) / 16).astype("float32")
hits = int(np.sum(final.predict(x_test) == digits.y_test))
interval = stats.binomtest(hits, len(x_test)).proportion_ci(method="wilson")
print(f"test accuracy ≈ {hits / len(x_test):.3f}, 95 % from ≈ {interval.low:.3f}"
      f" to ≈ {interval.high:.3f}")
claim("the interval contains what cross-validation promised",
      interval.low - 0.015 <= outer.mean() <= interval.high + 0.015)

# %% [markdown]
# ## Break and fix
#
# A competition. Each of 120 teams trains on its own 30 images, and sends in its predictions. The
# organizers score all of them on the same 60 images, crown the best and print its score. Then
# they read 700 new images with it.

# %%
everything = np.concatenate([digits.x_train, digits.x_test]).reshape(-1, 64) / 16
every_label = np.concatenate([digits.y_train, digits.y_test])
order = np.random.default_rng(lesson.seed).permutation(len(every_label))
pool, val, test, new = np.split(order[:1620], [800, 860, 920])

rng = np.random.default_rng(lesson.seed)
teams = []
for _ in range(120):
    own = rng.choice(pool, 30, replace=False)
    teams.append(neighbors(1).fit(everything[own], every_label[own]))

def score_all(rows):
    return np.array([team.score(everything[rows], every_label[rows]) for team in teams])

on_test, on_val, on_new = score_all(test), score_all(val), score_all(new)
winner = on_test.argmax()
print(f"printed: ≈ {on_test[winner]:.3f}, on new images: ≈ {on_new[winner]:.3f}")
claim("the printed score is at least 2 points too high",
      on_test[winner] - on_new[winner], at_least=0.02)

# %% [markdown]
# **Exercise 61.5.** Nobody cheated, and no model saw a test image. Why is the printed score
# too high? The organizers have 60 more images, `val`. Write `choose_and_report(on_val,
# on_test)`: from all teams' scores on both piles, the number of the winner and the score to
# print, so that this score is not flattered.
#
# <details><summary>Hint 1</summary>A winner was good *and* lucky on the images that made it
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
# How large is the flattery, and does it grow with the number of teams? Let random groups of
# teams compete.

# %%
rng = np.random.default_rng(lesson.seed)
numbers = [1, 3, 10, 30, 60]
flattery = {"chosen and scored on test": [], "chosen on val, scored on test": []}
for number in numbers:
    gaps = []
    for _ in range(300):
        group = rng.choice(120, number, replace=False)
        a, b = group[on_test[group].argmax()], group[on_val[group].argmax()]
        gaps.append([on_test[a] - on_new[a], on_test[b] - on_new[b]])
    for values, gap in zip(flattery.values(), np.mean(gaps, axis=0), strict=True):
        values.append(gap)
for (name, values), style in zip(flattery.items(), ("o-", "s--"), strict=True):
    plt.plot(numbers, 100 * np.array(values), style, label=name)
plt.xscale("log"), plt.axhline(0, color="black", lw=0.8)
plt.xlabel("teams in the competition"), plt.ylabel("printed − new (points)")
plt.title("The more contestants, the more the winner's score flatters"), plt.legend()
plots.show("The winner's score exceeds its accuracy on new images by more and more when"
           " choosing on the test set, and by about the same when choosing elsewhere.")
grown = [values[-1] - values[0] for values in flattery.values()]
claim("choosing on the test set: flattery grows by 3 points", grown[0], at_least=0.03)
claim("choosing elsewhere: it hardly grows", grown[1] / grown[0], at_most=0.5)

# %% [markdown]
# (The level of both lines is shared luck: these 60 images may be easier or harder than the new
# ones for everybody. What grows is the price of choosing.)

# %% [markdown]
# ## Quiz

# %%
quiz("61")

# %% [markdown]
# ## Summary
#
# - A measured accuracy is a draw: its standard error is $\sqrt{a (1 - a) / n}$.
# - $k$-fold lets every case be set aside once. Report mean and spread.
# - The split must imitate the future: grouped for new groups, ordered for later days.
# - Compare models on the same splits, by their differences, with the corrected error; on a
#   single test set, with McNemar's test.
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
# - **Scaling or selecting features before splitting**: the images aside have been used. Do it
#   inside each fold.
# - **Random folds for patients, users or days**: wonderful scores that vanish in use.
# - **A t-test on overlapping folds** without correction: one false discovery in four.
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
