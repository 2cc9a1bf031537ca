# ---
# jupyter:
#   dlcourse:
#     title: Classification metrics
#     subtitle: A fraud detector that is right 99 times in 100, and worthless
#     minutes: 60
#     seconds: 25
#     needs: ["23"]
#     backends: [tensorflow, jax, torch]
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 62 · Classification metrics
#
# *A fraud detector that is right 99 times in 100, and worthless*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/62_classification_metrics.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/62_classification_metrics.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/62_classification_metrics.ipynb)
#
# **Your time:** 60 minutes · **The notebook runs in:** about 25 s on two CPU cores · **Before this:** lesson 23

# %% [markdown]
# ## You will be able to
#
# 1. compute accuracy, precision, recall, specificity, F1 and balanced accuracy from four
#    counts, and say which of them answers a question  *(section 2 · exercise 62.1)*
# 2. choose a threshold by what mistakes cost  *(section 3 · exercise 62.2)*
# 3. draw and read ROC and precision–recall curves, and their areas
#    *(section 4 · exercise 62.3)*
# 4. say what class weights do to probabilities, and check and mend calibration
#    *(sections 5 and 6 · exercise 62.4)*
# 5. average metrics over classes and batches without fooling yourself
#    *(section 7 · exercise 62.5 · quiz)*

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
from sklearn import metrics
from sklearn.model_selection import train_test_split

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz

lesson = dlcourse.start("62", profile=PROFILE, seed=SEED)

import keras
from keras import layers

# %% [markdown]
# ## 1 · The problem: 99 % right
#
# A bank wants to stop card fraud. The data are generated (`data/card_payments.md`), so that
# section 4 can compare your network with the best judge possible.

# %%
frame = datasets.card_payments().frame
print(frame.head(3).to_string(index=False))
print(f"{len(frame):,} payments, {frame['fraud'].sum()} of them fraud")

logs = np.log(frame[["amount_eur", "distance_km"]] + 1)
features = np.column_stack([logs, frame[["hour", "recent", "new_shop"]]])
labels = frame["fraud"].to_numpy()

rest, test = train_test_split(
    np.arange(len(labels)), test_size=0.25, stratify=labels, random_state=lesson.seed)
train, val = train_test_split(
    rest, test_size=1 / 3, stratify=labels[rest], random_state=lesson.seed)
mean, std = features[train].mean(axis=0), features[train].std(axis=0)
x = ((features - mean) / std).astype("float32")  # (40000, 5)
print("train", len(train), " validation", len(val), " test", len(test))

# %%
AT_ONCE = 16 if lesson.backend == "tensorflow" else 1  # steps per call: only speed

def fraud_network():
    return keras.Sequential([
        layers.Input((5,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(16, activation="relu"),
        layers.Dense(1, activation="sigmoid"),
    ])

def train_network(class_weight=None):
    model = fraud_network()
    model.compile(keras.optimizers.Adam(0.005), "binary_crossentropy",
                  steps_per_execution=AT_ONCE)
    model.fit(x[train], labels[train], batch_size=128, epochs=10, verbose=0,
              class_weight=class_weight)
    return model

def probability(model, rows):
    return keras.ops.convert_to_numpy(model(x[rows]))[:, 0].astype("float64")

# %% [markdown]
# **Predict.** Two detectors judge the test payments. One is the trained network, which
# flags a payment if its probability is at least 0.5. The other, *lazy*, never flags
# anything. How far apart are their accuracies?

# %%
network = train_network()
y_test, p_test = labels[test], probability(network, test)
flagged = p_test >= 0.5
accuracy = {"network": np.mean(flagged == y_test), "lazy": np.mean(y_test == 0)}
print("accuracy:", ", ".join(f"{k} ≈ {v:.4f}" for k, v in accuracy.items()))
claim("lazy is right 99 times in 100", accuracy["lazy"], at_least=0.99)
claim("the network gains less than 1 point", accuracy["network"] - accuracy["lazy"],
      at_least=0.0005, at_most=0.01)

# %% [markdown]
# Less than a point, although one of them catches fraud and the other none. Accuracy counts
# every payment alike, and 99 in 100 are honest: it measures mostly how well you do on the
# easy ones. You need to count *kinds* of mistakes.

# %% [markdown]
# ## 2 · Four counts
#
# Call fraud the **positive** class, the one you look for.
#
# | | flagged | not flagged |
# |---|---|---|
# | **fraud** | true positives, $TP$ | false negatives, $FN$ (missed) |
# | **honest** | false positives, $FP$ (false alarms) | true negatives, $TN$ |
#
# Every metric below is a ratio of these, and answers one question:
#
# | metric | formula | question |
# |---|---|---|
# | accuracy | $(TP + TN) / n$ | how many decisions are right? |
# | precision | $TP / (TP + FP)$ | of those flagged, how many are fraud? |
# | recall (sensitivity) | $TP / (TP + FN)$ | of the frauds, how many are flagged? |
# | specificity | $TN / (TN + FP)$ | of the honest, how many pass? |
# | F1 | $2\,PR / (P + R)$ | harmonic mean of precision $P$ and recall $R$ |
# | balanced accuracy | $(\text{recall} + \text{specificity}) / 2$ | how right, if both classes weighed the same? |
#
# By hand, 1,000 payments with 10 frauds: 6 caught, 4 missed, 9 false alarms. Then $TN =
# 981$, accuracy $= 987/1000$, precision $= 6/15 = 0.4$, recall $= 6/10 = 0.6$,
# specificity $= 981/990 = 0.991$, F1 $= 2 \cdot 0.24 / 1 = 0.48$. Lazy would have an accuracy
# of 0.99: *more*.
#
# **Exercise 62.1.** Write `scores(tp, fp, fn, tn)`. Return precision, recall, specificity,
# F1 and balanced accuracy, in this order. A ratio with nothing below the line is 0: lazy
# flags nothing, and its precision shall be 0.
#
# <details><summary>Hint 1</summary>A helper saves five <code>if</code>s:
# <code>ratio(a, b)</code> returns <code>a / b</code>, or 0 when <code>b</code> is
# 0.</details>
# <details><summary>Hint 2</summary>F1 can be had without precision and recall:
# <code>2·tp / (2·tp + fp + fn)</code>.</details>

# %% tags=["exercise"]
# Exercise 62.1: five metrics from four counts.
def scores(tp, fp, fn, tn):
    ...  # return precision, recall, specificity, f1, balanced

# %%
check("62.1", scores)

# %% tags=["solution"]
# @title Solution 62.1
def scores_solution(tp, fp, fn, tn):
    def ratio(a, b):
        return a / b if b else 0.0

    recall, specificity = ratio(tp, tp + fn), ratio(tn, tn + fp)
    return (ratio(tp, tp + fp), recall, specificity,
            ratio(2 * tp, 2 * tp + fp + fn), (recall + specificity) / 2)

check("62.1", scores_solution)

# %% [markdown]
# **Predict.** The network flags at 0.5. Which is larger, its precision or its recall?

# %%
def counts(y, flagged):
    """Return tp, fn, fp, tn."""
    table = pd.crosstab(y, flagged).reindex([1, 0], fill_value=0)
    table = table.reindex(columns=[True, False], fill_value=0)
    return table.to_numpy().ravel()

tp, fn, fp, tn = counts(y_test, flagged)
ours = [tp / (tp + fp), tp / (tp + fn), tn / (tn + fp), 2 * tp / (2 * tp + fp + fn)]
ours.append((ours[1] + ours[2]) / 2)
theirs = [metrics.precision_score(y_test, flagged),
          metrics.recall_score(y_test, flagged),
          metrics.recall_score(y_test, flagged, pos_label=0),
          metrics.f1_score(y_test, flagged),
          metrics.balanced_accuracy_score(y_test, flagged)]
for name, value in zip(["precision", "recall", "specificity", "F1", "balanced"], ours):
    print(f"{name:12} ≈ {value:.3f}")
claim("by hand and scikit-learn agree", np.abs(np.subtract(ours, theirs)).max(),
      at_most=1e-12)
plots.confusion_matrix(1 - y_test, 1 - flagged, ["fraud", "honest"],
                       "Much fraud slips through")
plots.show("Confusion matrix at threshold 0.5: many missed, very few false alarms.")
claim("a quarter of the frauds or more is missed", ours[1], at_most=0.75)
claim("precision exceeds recall", ours[0] - ours[1], at_least=0.05)

# %% [markdown]
# The network is shy: when it speaks it is mostly right, and it lets much fraud pass. A
# threshold of 0.5 suits a bank for which a false alarm hurts as much as a missed fraud. No
# bank is like that.

# %% [markdown]
# ## 3 · The threshold has a price
#
# Let a missed fraud cost 500 €, and a review of a flagged payment 5 €. With probability $p$
# of fraud, letting a payment pass costs $500\,p$ on average, a review always costs 5.
#
# **Exercise 62.2.** From which probability on does a review pay? Give `break_even`, a
# number between 0 and 1.
#
# <details><summary>Hint 1</summary>Where do both cost the same?</details>

# %% tags=["exercise"]
# Exercise 62.2: review when the probability is at least ...
break_even = ...

# %%
check("62.2", break_even)

# %% tags=["solution"]
# @title Solution 62.2
break_even_solution = 5 / 500  # 500·p = 5
check("62.2", break_even_solution)

# %% [markdown]
# That answer trusts the network's probabilities. If you do not (section 6), choose the
# threshold by trying: on the *validation* payments, for a choice made on the test payments
# would flatter itself.
#
# **Play.** Where is the cheapest threshold? Let a missed fraud cost 50 €, then 1,000 €: which
# way does the best threshold move, and what happens to the false alarms?

# %%
y_val, p_val = labels[val], probability(network, val)
grid = np.geomspace(0.001, 0.95, 80)

def price(y, p, threshold, miss=500, review=5):
    """Return the average cost of a payment in euros."""
    flagged = p >= threshold
    return (review * flagged.sum() + miss * y[~flagged].sum()) / len(y)

bins = np.geomspace(1e-5, 1, 40)
clipped = np.maximum(p_val, 1e-5)
honest, fraud = (np.histogram(clipped[y_val == c], bins)[0] for c in (0, 1))

# %%
def weigh(threshold=0.5, miss=500):
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4))
    left.stairs(honest / honest.sum(), bins, fill=True, alpha=0.5, label="honest")
    left.stairs(fraud / fraud.sum(), bins, color=plots.VERMILION, lw=2, label="fraud")
    tp, fn, fp, _ = counts(y_val, p_val >= threshold)
    left.set(xscale="log", xlabel="predicted probability of fraud",
             ylabel="share of class",
             title=f"{tp} caught, {fn} missed, {fp} false alarms")
    prices = [price(y_val, p_val, t, miss) for t in grid]
    now = price(y_val, p_val, threshold, miss)
    right.plot(grid, prices, color=plots.GREEN)
    right.plot(threshold, now, "o", ms=10, color=plots.VERMILION)
    right.set(xscale="log", xlabel="threshold", ylabel="cost per payment (€)",
              ylim=(0, None), title=f"{now:.2f} € per payment")
    left.axvline(threshold, color="black", ls="--", lw=1, label="threshold")
    left.legend()

explore(weigh, alt="Left: scores of honest and fraudulent payments with the threshold."
        " Right: the cost per payment against the threshold.",
        threshold=(0.002, 0.9, 0.002), miss=(50, 1000, 50))

# %%
chosen = grid[np.argmin([price(y_val, p_val, t) for t in grid])]
for name, threshold in [("0.5", 0.5), ("break-even", 0.01), ("cheapest", chosen)]:
    tp, fn, fp, _ = counts(y_test, p_test >= threshold)
    print(f"{name:10} recall ≈ {tp / (tp + fn):.2f}  precision ≈ {tp / (tp + fp):.2f}"
          f"  cost ≈ {price(y_test, p_test, threshold):.2f} € per payment")
claim("on test payments, the chosen threshold saves a tenth of the cost or more",
      1 - price(y_test, p_test, chosen) / price(y_test, p_test, 0.5), at_least=0.1)

# %% [markdown]
# The cheap threshold flags nearly everything that looks odd: recall rises, precision falls
# to a few percent, and that is *right* here, since a review costs a hundredth of a fraud.
# Recall or precision alone can always be made perfect: flag all, or flag one sure case.

# %% [markdown]
# ## 4 · All thresholds at once
#
# To judge the network rather than one threshold, let the threshold fall from 1 to 0 and
# follow the counts. Two curves are usual:
#
# | curve | upwards | to the right |
# |---|---|---|
# | **ROC** | recall | false alarm rate, $FP / (FP + TN) = 1 - \text{specificity}$ |
# | **precision–recall** | precision | recall |
#
# Sort the payments by falling probability; then each prefix of the list is what one
# threshold flags, and cumulative sums give its counts. Equal probabilities enter together.

# %%
def sweep(y, p):
    """Return recall, false alarm rate and precision for every threshold."""
    order = np.argsort(-p, kind="stable")
    last = np.append(np.diff(p[order]) != 0, True)  # of each group of equal p
    tp, fp = np.cumsum(y[order])[last], np.cumsum(1 - y[order])[last]
    return tp / tp[-1], fp / fp[-1], tp / (tp + fp)

recall, alarms, precision = sweep(y_test, p_test)
r, a = np.append(0, recall), np.append(0, alarms)
roc_area = np.sum((a[1:] - a[:-1]) * (r[1:] + r[:-1]) / 2)  # trapezoids
average_precision = np.sum((r[1:] - r[:-1]) * precision)
differences = [roc_area - metrics.roc_auc_score(y_test, p_test),
               average_precision - metrics.average_precision_score(y_test, p_test)]
print(f"area under ROC ≈ {roc_area:.3f}, average precision ≈ {average_precision:.3f}")
claim("both areas equal scikit-learn's", np.abs(differences).max(), at_most=1e-9)

# %% [markdown]
# The area under the precision–recall curve, summed in steps like this, is called **average
# precision** (AP). Since the data are generated, you can draw one more judge: the one who
# knows the true probability of each payment. Nobody can beat it except by luck.
#
# **Predict.** Where does a judge that throws dice lie in each plot?

# %%
def true_probability(payment):
    """The formula of the data's card."""
    night, new = payment["hour"] < 6, payment["new_shop"]
    far = np.maximum(np.log10(payment["distance_km"] + 1) - 0.8, 0)
    dear = np.maximum(np.log(payment["amount_eur"] / 50), 0)
    burst = np.clip(payment["recent"] - 1, 0, 4) * (payment["amount_eur"] < 20)
    z = -6.65 + new * (1.75 * far * (1 + 0.5 * night) + 0.9 * dear) + 2 * burst
    z += 0.3 * np.minimum(payment["recent"], 5) + 1.0 * night
    return (1 / (1 + np.exp(-z))).to_numpy()

dice = np.random.default_rng(lesson.seed).random(len(test))
judges = {"best possible": true_probability(frame.iloc[test]), "network": p_test,
          "dice": dice}

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
areas = {}
for (name, p), style in zip(judges.items(), ("--", "-", ":")):
    recall, alarms, precision = sweep(y_test, p)
    areas[name] = (metrics.roc_auc_score(y_test, p),
                   metrics.average_precision_score(y_test, p))
    left.plot(np.append(0, alarms), np.append(0, recall), style, label=name)
    right.step(recall, precision, style, where="pre", label=name)
left.set(xlabel="false alarm rate", ylabel="recall", title="ROC: nearly perfect?")
right.set(xlabel="recall", ylabel="precision", ylim=(0, 1.05),
          title="Precision–recall: far from it")
left.legend(loc="lower right")
plots.show("ROC curves of the best judge and the network hug the upper left corner;"
           " their precision-recall curves fall steeply. Dice: a diagonal, and 0.01.")
areas = pd.DataFrame(areas, index=["area under ROC", "average precision"])
areas.map("≈ {:.3f}".format)

# %% [markdown]
# Same judges, two impressions. A false alarm rate of 1 % looks like nothing on the left: it
# is 1 % of 9,900 honest payments, as many false alarms as there are frauds. Dice reach an ROC
# area of 0.5 whatever the data; their average precision is the share of positives, here
# 0.01. With rare positives, look at the right plot.
#
# How sure is the figure? There are 92 frauds in the test set. Drawing the test payments
# again and again with replacement (the **bootstrap**) shows how it would vary.

# %%
rng = np.random.default_rng(lesson.seed)
resampled = []
for _ in range(200):
    draw = rng.integers(len(test), size=len(test))
    resampled.append([metrics.average_precision_score(y_test[draw], judges[name][draw])
                      for name in ("best possible", "network")])
resampled = np.array(resampled)
low, high = np.percentile(resampled[:, 1], [2.5, 97.5])
print(f"network: ≈ {areas['network'].iloc[1]:.2f}, 95 % of draws between"
      f" ≈ {low:.2f} and ≈ {high:.2f}")
claim("average precision is far below the ROC area",
      areas["network"].iloc[0] - areas["network"].iloc[1], at_least=0.15)
claim("the network does not beat the best judge by more than luck",
      np.percentile(resampled[:, 1] - resampled[:, 0], 2.5), at_most=0.0)
claim("the interval is wide", high - low, at_least=0.1)

# %% [markdown]
# **Exercise 62.3.** The ROC area has a second meaning: the probability that a fraud, picked
# at random, gets a higher score than an honest payment picked at random; a tie counts half.
# Write `pair_area(y, p)` that way: no threshold, no curve.
#
# <details><summary>Hint 1</summary>Split <code>p</code> into the scores of the positives
# and of the negatives, and compare each with each.</details>
# <details><summary>Hint 2</summary><code>pos[:, None] > neg[None, :]</code> has shape
# (positives, negatives).</details>

# %% tags=["exercise"]
# Exercise 62.3: the area under the ROC curve, by pairs.
def pair_area(y, p):
    ...  # your code here

# %%
check("62.3", pair_area)

# %% tags=["solution"]
# @title Solution 62.3
def pair_area_solution(y, p):
    pos, neg = p[y == 1][:, None], p[y == 0][None, :]
    return np.mean(pos > neg) + np.mean(pos == neg) / 2

check("62.3", pair_area_solution)
print("equal to the area under the curve:",
      np.isclose(pair_area_solution(y_test, p_test), roc_area))

# %% [markdown]
# ## 5 · Class weights, and what they really do
#
# A common recipe against imbalance: let each fraud count 99 times in the loss, so that both
# classes weigh about the same. **Predict**: what happens to recall at 0.5, to average
# precision, and to the mean predicted probability?

# %%
weighted = train_network(class_weight={0: 1.0, 1: 99.0})
p_weighted = probability(weighted, test)
rows = {}
for name, p in (("plain", p_test), ("weighted", p_weighted)):
    tp, fn, fp, tn = counts(y_test, p >= 0.5)
    rows[name] = [tp / (tp + fn), tp / max(tp + fp, 1),
                  metrics.average_precision_score(y_test, p), p.mean()]
table = pd.DataFrame(rows, index=["recall at 0.5", "precision at 0.5",
                                  "average precision", "mean probability"])
table["truth"] = [np.nan, np.nan, np.nan, y_test.mean()]
print(table.map(lambda v: "" if np.isnan(v) else f"≈ {v:.3f}").to_string())
plain, heavy = table["plain"], table["weighted"]
claim("weights raise the recall at 0.5", heavy.iloc[0] - plain.iloc[0], at_least=0.05)
claim("average precision stays about the same", abs(heavy.iloc[2] - plain.iloc[2]),
      at_most=0.12)
claim("probabilities come out at least five times too high",
      heavy.iloc[3] / y_test.mean(), at_least=5)

# %% [markdown]
# Recall rose, but the *order* of the payments hardly changed, and average precision
# depends on the order only. The weights acted much like a lower threshold, and the price is that
# 0.5 no longer means "one in two". If you want to catch more, move the threshold: it needs no
# training, and it can be undone. (Weights can still help a network that otherwise learns
# nothing of the rare class.)
#
# The inflation can be computed. A weight $w$ for positives multiplies the **odds**
# $p / (1 - p)$ that the network learns by $w$:
#
# $$\frac{q}{1 - q} = w\, \frac{p}{1 - p}$$
#
# By hand: true $p = 0.01$ has odds $1/99$; with $w = 99$ they become 1, so $q = 0.5$.
#
# **Exercise 62.4.** Write `unweigh(q, w)`, which gives $p$ back. It must survive $q = 1$.
#
# <details><summary>Hint 1</summary>Divide the odds by <code>w</code>, then turn odds
# <code>o</code> into a probability: <code>o / (1 + o)</code>.</details>
# <details><summary>Hint 2</summary>Multiply above and below by <code>w·(1 − q)</code>: no
# division by zero is left.</details>

# %% tags=["exercise"]
# Exercise 62.4: from inflated to honest probabilities.
def unweigh(q, w):
    ...  # your code here

# %%
check("62.4", unweigh)

# %% tags=["solution"]
# @title Solution 62.4
def unweigh_solution(q, w):
    return q / (q + w * (1 - q))

check("62.4", unweigh_solution)

# %% [markdown]
# ## 6 · When it says 80 %, is it 80 %?
#
# Probabilities are **calibrated** if of all cases that get 0.8, eight in ten are positive. A
# **calibration curve** checks it: sort the predictions into bins, and plot the share of
# positives in a bin against its mean prediction. The **Brier score** is the mean squared
# error of the probabilities, $\frac{1}{n} \sum_i (p_i - y_i)^2$; smaller is better.

# %%
p_mended = p_weighted / (p_weighted + 99 * (1 - p_weighted))  # the odds divided by 99
versions = {"plain": p_test, "weighted": p_weighted, "weighted, mended": p_mended}
edges = np.array([0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.000001])
brier = {}
for (name, p), style in zip(versions.items(), ("o-", "s--", "^:")):
    bins_of = np.digitize(p, edges)
    kept = [b for b in np.unique(bins_of) if np.sum(bins_of == b) >= 20]
    plt.plot([p[bins_of == b].mean() for b in kept],
             [y_test[bins_of == b].mean() for b in kept], style, label=name)
    brier[name] = np.mean((p - y_test) ** 2)
plt.plot([1e-4, 1], [1e-4, 1], color="gray", lw=1)
plt.xscale("symlog", linthresh=1e-3), plt.yscale("symlog", linthresh=1e-3)
plt.xlabel("mean predicted probability"), plt.ylabel("share that is fraud")
plt.title("Weights push predictions far to the right of the truth"), plt.legend()
plots.show("Calibration curves: the plain and the mended network lie near the diagonal,"
           " the weighted one far to its right.")

# %%
for name, value in brier.items():
    print(f"{name:17} Brier score ≈ {value:.4f}")
claim("by hand equal to scikit-learn",
      brier["plain"] - metrics.brier_score_loss(y_test, p_test), at_least=-1e-9,
      at_most=1e-9)
claim("mending the odds removes two thirds of the weighted Brier score",
      1 - brier["weighted, mended"] / brier["weighted"], at_least=0.67)

# %% [markdown]
# Networks spoil calibration without any weights, too: trained for long on few data, they
# become **overconfident**. Watch one that reads digits. Whoever labeled its 400 training
# images was in a hurry and guessed at 15 % of them.

# %%
digits = datasets.digits()
x_digits = np.concatenate([digits.x_train, digits.x_test]).reshape(-1, 64) / 16
y_digits = np.concatenate([digits.y_train, digits.y_test])
order = np.random.default_rng(lesson.seed).permutation(len(y_digits))
small, tune, judge = order[:400], order[400:800], order[800:]
rng = np.random.default_rng(lesson.seed)
noisy = np.where(rng.random(400) < 0.15, rng.integers(10, size=400), y_digits[small])

# %%
reader = keras.Sequential([layers.Input((64,)), layers.Dense(256, activation="relu"),
                           layers.Dense(10)])  # logits: no softmax inside
reader.compile(keras.optimizers.Adam(0.005), steps_per_execution=AT_ONCE,
               loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
ten_times = np.tile(np.arange(400), 10)  # 15 long epochs run faster than 150 short ones
reader.fit(x_digits[small][ten_times], noisy[ten_times], batch_size=64, epochs=15,
           verbose=0)
logits = keras.ops.convert_to_numpy(reader(x_digits.astype("float32")))

# %% [markdown]
# **Temperature scaling** mends it with one number: divide the logits $z$ by a temperature
# $T$ before the softmax. $T > 1$ flattens the probabilities; the largest stays the largest, so
# no decision changes. $T$ is chosen on data that the network has not trained on, as the value
# with the lowest cross-entropy.

# %%
def softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)

def cross_entropy(rows, temperature):
    p = softmax(logits[rows] / temperature)
    return -np.mean(np.log(p[np.arange(len(rows)), y_digits[rows]] + 1e-12))

temperatures = np.geomspace(0.5, 20, 100)
best = temperatures[np.argmin([cross_entropy(tune, t) for t in temperatures])]
before, after = cross_entropy(judge, 1.0), cross_entropy(judge, best)
print(f"T ≈ {best:.1f}, cross-entropy ≈ {before:.2f} → ≈ {after:.2f}")

# %%
figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True)
gaps = []
for axis, (name, t) in zip(axes, [("As trained", 1.0), ("With temperature", best)]):
    p = softmax(logits[judge] / t)
    right = p.argmax(axis=1) == y_digits[judge]
    bins_of = np.clip((p.max(axis=1) * 10).astype(int), 0, 9)
    used = np.unique(bins_of)
    axis.bar(used / 10 + 0.05, [right[bins_of == b].mean() for b in used], 0.09)
    axis.plot([0, 1], [0, 1], color=plots.VERMILION, ls="--", lw=1.5)
    gaps.append(p.max(axis=1).mean() - right.mean())
    axis.set(title=f"{name}: says {p.max(axis=1).mean():.2f}, is {right.mean():.2f}",
             xlabel="confidence (largest probability)")
axes[0].set_ylabel("share read correctly")
plots.show("Accuracy in bins of confidence. As trained, the bars stay below the"
           " diagonal; with temperature they lie near it.")
claim("as trained, it is more confident than right", gaps[0], at_least=0.03)
claim("temperature closes half of that gap or more", abs(gaps[1]) / gaps[0],
      at_most=0.5)
claim("and lowers the cross-entropy", 1 - after / before, at_least=0.1)

# %% [markdown]
# ## 7 · Many classes: which average?
#
# With several classes, each has its own precision and recall: it against the rest. Three ways
# to make one number of them:
#
# - **macro**: the mean over classes; a rare class counts like any other;
# - **weighted**: the mean weighted by the number of cases in a class;
# - **micro**: add up the counts of all classes first; for recall this is the accuracy.
#
# By hand, 200 hotel reviews:
#
# | true \ predicted | positive | neutral | negative | recall |
# |---|---|---|---|---|
# | positive | 90 | 0 | 10 | 0.90 |
# | neutral | 6 | 2 | 2 | 0.20 |
# | negative | 5 | 1 | 84 | 0.93 |
#
# **Predict**: which average tells you that the neutral class is lost?

# %%
table = np.array([[90, 0, 10], [6, 2, 2], [5, 1, 84]])
y_true = np.repeat([0, 1, 2], table.sum(axis=1))
y_pred = np.concatenate([np.repeat([0, 1, 2], row) for row in table])

hits, of_class, as_class = table.diagonal(), table.sum(axis=1), table.sum(axis=0)
recalls, precisions = hits / of_class, hits / as_class
f1 = 2 * precisions * recalls / (precisions + recalls)
share = of_class / of_class.sum()
ours = pd.DataFrame({
    "precision": [precisions.mean(), precisions @ share, hits.sum() / table.sum()],
    "recall": [recalls.mean(), recalls @ share, hits.sum() / table.sum()],
    "F1": [f1.mean(), f1 @ share, hits.sum() / table.sum()],
}, index=["macro", "weighted", "micro"])
theirs = [metrics.precision_recall_fscore_support(y_true, y_pred, average=name)[:3]
          for name in ours.index]
claim("by hand and scikit-learn agree",
      np.abs(ours - np.array(theirs, float)).to_numpy().max(),
      at_most=1e-12)
ours.map("{:.3f}".format)

# %% [markdown]
# Only the macro average drops. Weighted and micro follow the large classes, as accuracy does.
# None is right as such: report per class when you can, and say which average when you cannot.

# %% [markdown]
# ## 8 · Numbers instead of classes
#
# When the target is a number, the mistakes $e_i = \hat y_i - y_i$ have sizes:
#
# | metric | formula | note |
# |---|---|---|
# | MAE | $\frac1n \sum \lvert e_i \rvert$ | in the target's unit; all euros count alike |
# | RMSE | $\sqrt{\frac1n \sum e_i^2}$ | in the target's unit; large mistakes dominate |
# | $R^2$ | $1 - \sum e_i^2 / \sum (y_i - \bar y)^2$ | 0: no better than the mean; can be negative |
# | MAPE | $\frac1n \sum \lvert e_i / y_i \rvert$ | explodes when some $y_i$ is near 0 |
#
# **Predict**: five houses, four prices missed by 10 thousand euros, the fifth by 100. Which of MAE and
# RMSE is nearer to 100?

# %%
y = np.array([200.0, 250.0, 300.0, 350.0, 400.0])  # thousand euros
guess = y + np.array([10, -10, 10, -10, 100])
error = guess - y
mae, rmse = np.mean(np.abs(error)), np.sqrt(np.mean(error**2))
r2 = 1 - np.sum(error**2) / np.sum((y - y.mean()) ** 2)
mape = np.mean(np.abs(error / y))
print(f"MAE {mae:.1f}  RMSE {rmse:.1f}  R² {r2:.3f}  MAPE {100 * mape:.1f} %")
theirs = [metrics.mean_absolute_error(y, guess),
          metrics.root_mean_squared_error(y, guess), metrics.r2_score(y, guess),
          metrics.mean_absolute_percentage_error(y, guess)]
claim("by hand and scikit-learn agree",
      np.abs(np.subtract([mae, rmse, r2, mape], theirs)).max(), at_most=1e-9)

# %% [markdown]
# One large mistake moves the RMSE far more than the MAE. Choose by what a mistake costs: in
# proportion to its size (MAE), or worse than that (RMSE). With the MAE of a naive guess beside
# it, a reader can judge either.

# %% [markdown]
# ## Break and fix
#
# A colleague reports the precision of your network at threshold 0.05. His function walks
# through the test payments in batches, as training does, and averages. The result depends
# on the batch size.

# %%
def batch_precision(y, flagged, batch_size):
    values = []
    for start in range(0, len(y), batch_size):
        part, flags = y[start : start + batch_size], flagged[start : start + batch_size]
        values.append(part[flags].mean() if flags.any() else 0.0)
    return np.mean(values)

flagged = p_test >= 0.05
true_precision = metrics.precision_score(y_test, flagged)
reported = {n: batch_precision(y_test, flagged, n) for n in (16, 64, 256, 10_000)}
for size, value in reported.items():
    print(f"batches of {size:6,}: precision ≈ {value:.3f}")
metric = keras.metrics.Precision(thresholds=0.05)
for start in range(0, len(y_test), 16):
    metric.update_state(y_test[start : start + 16], p_test[start : start + 16])
print(f"keras.metrics.Precision, fed in batches of 16 ≈ {float(metric.result()):.3f}")
claim("batches of 16 report less than half of the truth",
      reported[16] / true_precision, at_most=0.5)
claim("Keras's metric, in batches of 16, gives the true precision",
      abs(float(metric.result()) - true_precision), at_most=0.005)

# %% [markdown]
# **Exercise 62.5.** The network, the threshold and the payments are the same in all four rows.
# What goes wrong in small batches, and why would it go unnoticed with accuracy? Write
# `precision_of(batches)`, where each batch is a pair `(y, flagged)`: batches may have different sizes,
# and some flag nothing.
#
# <details><summary>Hint 1</summary>What is the precision of a batch in which nothing was
# flagged? What does the function put there?</details>
# <details><summary>Hint 2</summary>The mean of ratios is not the ratio of the sums. Which
# two counts would you carry from batch to batch?</details>

# %% tags=["exercise"]
# Exercise 62.5: precision over batches.
def precision_of(batches):
    ...  # your code here

# %%
check("62.5", precision_of)

# %% tags=["solution"]
# @title Solution 62.5
def precision_of_solution(batches):
    caught = sum(np.sum(y[flagged]) for y, flagged in batches)
    all_flagged = sum(np.sum(flagged) for _, flagged in batches)
    return caught / all_flagged if all_flagged else 0.0

check("62.5", precision_of_solution)

# %% [markdown]
# Counts add up, ratios do not. Accuracy hides the bug: with equal batches, a mean of accuracies
# *is* the accuracy. Keras's `keras.metrics.Precision` keeps counts from batch to batch, and so must
# a metric of your own.

# %% [markdown]
# ## Quiz

# %%
quiz("62")

# %% [markdown]
# ## Summary
#
# - Accuracy measures the common class. With 1 % positives, a detector that never speaks has
#   99 %.
# - Precision: of those flagged, how many are right. Recall: of those sought, how many are
#   found. The threshold trades one for the other.
# - Costs choose the threshold: flag when $p$ times the cost of a miss exceeds the cost of a
#   review. Choose on validation data.
# - ROC and precision–recall show all thresholds. With rare positives the ROC flatters.
# - Class weights shift probabilities far more than they improve the order.
# - Calibration is a property of its own; temperature mends overconfidence without changing a
#   decision.
# - Macro, weighted and micro answer different questions. Add up counts, then divide.
#
# An hour ago, 99 % sounded good. Now you ask: of what, at which threshold, at what cost?
#
# ## Common mistakes
#
# - **Reporting accuracy on rare events**: compare with the detector that never speaks.
# - **Keeping 0.5**: it is right only if both mistakes cost the same and probabilities are
#   calibrated.
# - **Choosing the threshold on the test set**: the cost there is too low, by luck.
# - **An ROC area without the share of positives**: 0.94 can mean nine false alarms per hit.
# - **Reading weighted probabilities as probabilities**: divide the odds by the weight first.
# - **One figure without its spread**: with 92 positives, average precision is sure to about a
#   tenth.
# - **Averaging ratios over batches or folds of different size**: add the counts.
#
# ## Read more
#
# - [scikit-learn: metrics and scoring](https://scikit-learn.org/stable/modules/model_evaluation.html):
#   every formula of this lesson, with its variants.
# - [Saito and Rehmsmeier, *The precision-recall plot is more informative than the ROC plot
#   when evaluating binary classifiers on imbalanced datasets*
#   (2015)](https://doi.org/10.1371/journal.pone.0118432).
# - [Elkan, *The foundations of cost-sensitive learning*
#   (2001)](https://cseweb.ucsd.edu/~elkan/rescale.pdf): thresholds and weights from costs.
# - [Guo, Pleiss, Sun and Weinberger, *On calibration of modern neural networks*
#   (2017)](https://arxiv.org/abs/1706.04599): overconfidence, and temperature scaling.
# - [Keras: classification metrics](https://keras.io/api/metrics/classification_metrics/):
#   metrics that keep counts.
