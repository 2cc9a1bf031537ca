# ---
# jupyter:
#   dlcourse:
#     title: Classification metrics
#     subtitle: A fraud detector that is right 99 times in 100, and worthless
#     minutes: 80
#     seconds: 28
#     needs: ["23"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "99 % is good"
#       stop: "sections 1 and 3"
#       ask: "\"Of what? And what does a miss cost?\" Let them move the threshold and defend it"
#       stuck: "ROC against precision–recall with 1 % positives"
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
# **Your time:** 80 minutes · **The notebook runs in:** about 28 s on two CPU cores · **Before this:** lesson 23

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
from sklearn import metrics
from sklearn.model_selection import train_test_split

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("62", profile=PROFILE, seed=SEED)

import keras
from keras import layers

# %% [markdown]
# ## 1 · The problem: 99 % right
#
# A bank wants to stop card fraud. The data are generated (`data/card_payments.md`), so that
# section 4 can compare your network with the best judge possible. A payment has five
# features; amounts and distances stretch over three decades, so the network gets their
# logarithms. Frauds are few: two fifths of the payments are kept for the test, or luck would
# decide.

# %%
frame = datasets.card_payments().frame
print(frame.groupby("fraud").head(2).to_string(index=False))
print(f"{len(frame):,} payments, {frame['fraud'].sum()} of them fraud")

logs = np.log(frame[["amount_eur", "distance_km"]] + 1)
features = np.column_stack([logs, frame[["hour", "recent", "new_shop"]]])
labels = frame["fraud"].to_numpy()

rest, test = train_test_split(
    np.arange(len(labels)), test_size=0.4, stratify=labels, random_state=lesson.seed)
train, val = train_test_split(
    rest, test_size=1 / 3, stratify=labels[rest], random_state=lesson.seed)
mean, std = features[train].mean(axis=0), features[train].std(axis=0)
x = ((features - mean) / std).astype("float32")  # (40000, 5)
for name, rows in [("train", train), ("validation", val), ("test", test)]:
    print(f"{name:10} {len(rows):6,} payments, {labels[rows].sum()} frauds")

# %% [markdown]
# With a rare class of share $s$, start the output bias at its log-odds, $\ln(s / (1 - s))$, where
# the sigmoid gives $s$: the untrained network then says about 0.009, not 0.5, and need not
# spend its first epochs learning that fraud is rare.

# %%
AT_ONCE = 16 if lesson.backend == "tensorflow" else 1  # steps per call: only speed
EPOCHS, BATCH = 15, 512
share = labels[train].mean()
def train_network(run=0, weight=1.0):  # how much a fraud counts: for section 5
    keras.utils.set_random_seed(dlcourse.derived_seed(lesson.seed, run))
    log_odds = float(np.log(weight * share / (1 - share)))
    model = keras.Sequential([
        layers.Input((5,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(16, activation="relu"),
        layers.Dense(1, activation="sigmoid",
                     bias_initializer=keras.initializers.Constant(log_odds)),
    ])
    rate = keras.optimizers.schedules.CosineDecay(  # falls to 0: a calm end (lesson 53)
        0.01, EPOCHS * len(train) // BATCH)
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy",
                  steps_per_execution=AT_ONCE)
    model.fit(x[train], labels[train], batch_size=BATCH, epochs=EPOCHS, verbose=0,
              class_weight={0: 1.0, 1: weight})
    return model

def probability(model, rows):
    return keras.ops.convert_to_numpy(model(x[rows]))[:, 0].astype("float64")

network = train_network()

# %% [markdown]
# **Predict.** Two detectors judge the test payments. One is the trained network, which
# flags a payment if its probability is at least 0.5. The other, *lazy*, never flags
# anything. How far apart are their accuracies?

# %%
y_test, p_test = labels[test], probability(network, test)
flagged = p_test >= 0.5
accuracy = {"network": np.mean(flagged == y_test), "lazy": np.mean(y_test == 0)}
print("accuracy:", ", ".join(f"{k} ≈ {v:.4f}" for k, v in accuracy.items()))
claim("lazy is right 99 times in 100", accuracy["lazy"], at_least=0.99)
ahead = accuracy["network"] - accuracy["lazy"]
claim("the network is less than a point ahead", ahead, at_least=0.001, at_most=0.006)
claim("yet it catches a fifth of the frauds", flagged[y_test == 1].mean(), at_least=0.2)

# %% [markdown]
# A fraction of a point, although one of them catches fraud and the other none. Accuracy
# counts every payment alike, and 99 in 100 are honest: even a perfect detector would be
# less than one point ahead of lazy. You need to count *kinds* of mistakes.

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
# | F1 | $2\,PR / (P + R)$ | are precision $P$ and recall $R$ *both* high? (their harmonic mean) |
# | balanced accuracy | $(\text{recall} + \text{specificity}) / 2$ | how right, if both classes weighed the same? |
#
# By hand, 1,000 payments with 10 frauds: 6 caught, 4 missed, 9 false alarms. Then $TN =
# 981$, accuracy $= 987/1000$, precision $= 6/15 = 0.4$, recall $= 6/10 = 0.6$,
# specificity $= 981/990 = 0.991$, F1 $= 2 \cdot 0.24 / 1 = 0.48$. Lazy would have an accuracy
# of 0.99: *more*.
#
# **Exercise 62.1.** Write `scores(tp, fp, fn, tn)`; the four counts come in this order.
# Return precision, recall, specificity, F1 and balanced accuracy, in this order, too. A ratio
# with nothing below the line is 0: lazy flags nothing, and its precision shall be 0.
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
    pairs = [(tp, tp + fp), (tp, tp + fn), (tn, tn + fp), (2 * tp, 2 * tp + fp + fn)]
    precision, recall, specificity, f1 = (a / b if b else 0.0 for a, b in pairs)
    return precision, recall, specificity, f1, (recall + specificity) / 2

check("62.1", scores_solution)

# %% [markdown]
# **Predict.** The network flags at 0.5. Which is larger, its precision or its recall?

# %%
def counts(y, flagged):
    """Return tp, fn, fp, tn."""
    return [np.sum((y == c) & (flagged == f)) for c in (1, 0) for f in (True, False)]

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
verify("by hand and scikit-learn agree", np.abs(np.subtract(ours, theirs)).max(),
      at_most=1e-12)
claim("precision exceeds recall", ours[0] - ours[1], at_least=0.1)

# %% [markdown]
# The four counts in a square are the **confusion matrix**. Color it by the share of its row,
# or the true negatives drown all else.

# %%
matrix = np.array([[tp, fn], [fp, tn]])
of_row = matrix / matrix.sum(axis=1, keepdims=True)
plt.figure(figsize=(4.6, 3.2))
plt.imshow(of_row, cmap="Blues", vmin=0, vmax=1.6, aspect="auto")
for (i, j), name in np.ndenumerate(np.array([["TP", "FN"], ["FP", "TN"]])):
    plt.text(j, i, f"{name}: {matrix[i, j]:,}\n{of_row[i, j]:.1%} of the row",
             ha="center", va="center")
plt.xticks([0, 1], ["flagged", "not flagged"])
plt.yticks([0, 1], ["fraud", "honest"])
plt.title(f"{of_row[0, 1]:.0%} of the frauds slip through")
plots.show("Confusion matrix at threshold 0.5: much fraud missed, few false alarms.")
theirs = metrics.confusion_matrix(y_test, flagged, labels=[1, 0])
verify("scikit-learn counts the same", np.abs(matrix - theirs).max(), at_most=0)
claim("a quarter of the frauds or more is missed", of_row[0, 1], at_least=0.25)

# %% [markdown]
# The network is shy: when it speaks it is mostly right, and it lets much fraud pass. A
# threshold of 0.5 suits a bank for which a false alarm hurts as much as a missed fraud. No
# bank is like that. (Without `labels=[1, 0]` scikit-learn sorts the classes, and its matrix
# begins with the *true negatives*.)

# %% [markdown]
# ## 3 · The threshold has a price
#
# Let a missed fraud cost 500 €. A flagged payment is reviewed by a person, who is always
# right; that costs 5 €. With probability $p$ of fraud, letting a payment pass costs $500\,p$
# on average, a review always 5.
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
# **Play.** Move the threshold $10^{\text{log10}}$ to the cheapest place. Let a missed fraud
# cost 50 €, then 1,000 €: which way does the best threshold move, and what happens to the
# false alarms?

# %%
y_val, p_val = labels[val], probability(network, val)
grid, bins = np.geomspace(0.001, 0.95, 80), np.geomspace(1e-5, 1, 40)
clipped = np.maximum(p_val, 1e-5)
honest, fraud = (np.histogram(clipped[y_val == c], bins)[0] for c in (0, 1))

def price(y, p, threshold, miss=500, review=5):  # the average payment costs, in euros
    flagged = p >= threshold
    return (review * flagged.sum() + miss * y[~flagged].sum()) / len(y)

# %%
def weigh(log10=-0.3, miss=500):
    threshold = 10**log10
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
    left.stairs(honest / honest.sum(), bins, fill=True, alpha=0.5, label="honest")
    left.stairs(fraud / fraud.sum(), bins, color=plots.VERMILION, lw=2, label="fraud")
    left.axvline(threshold, color="black", ls="--", lw=1, label="threshold")
    left.legend(loc="upper center")
    tp, fn, fp, _ = counts(y_val, p_val >= threshold)
    left.set(xscale="log", xlabel="predicted probability of fraud",
             ylabel="share of its class",
             title=f"Threshold {threshold:.3f}\n"
                   f"{tp} caught, {fn} missed, {fp} false alarms")
    now = price(y_val, p_val, threshold, miss)
    right.plot(grid, [price(y_val, p_val, t, miss) for t in grid], color=plots.GREEN)
    right.axhline(miss * y_val.mean(), color="black", ls=":", label="lazy")
    right.plot(threshold, now, "o", ms=10, color=plots.VERMILION, label="now")
    right.set(xscale="log", xlabel="threshold", ylabel="cost per payment (€)",
              ylim=(0, None), title=f"{now:.2f} € per payment")
    right.legend()

explore(weigh, alt="Left: scores of honest and fraudulent payments with the threshold."
        " Right: the cost per payment against the threshold.",
        log10=(-3.0, -0.05, 0.05), miss=(50, 1000, 50))

# %% [markdown]
# **Predict.** Now on the test payments. At 0.01 the network wastes many reviews and saves much
# money. Is its *accuracy* above lazy's or below?

# %%
chosen = grid[np.argmin([price(y_val, p_val, t) for t in grid])]
detectors = {"lazy": 2.0, "0.5": 0.5, "break-even": 0.01, "best on validation": chosen}
rows = {}
for name, threshold in detectors.items():  # no probability reaches 2: lazy
    tp, fn, fp, tn = counts(y_test, p_test >= threshold)
    rows[name] = [(tp + tn) / len(test), tp / (tp + fn), tp / max(tp + fp, 1),
                  price(y_test, p_test, threshold)]
table = pd.DataFrame(rows, index=["accuracy", "recall", "precision", "€ per payment"]).T
cost = table["€ per payment"]
claim("the chosen threshold saves a fifth of the cost at 0.5, or more",
      1 - cost["best on validation"] / cost["0.5"], at_least=0.2)
claim("break-even costs less than half of what lazy costs",
      cost["break-even"] / cost["lazy"], at_most=0.5)
claim("but its accuracy is two points below lazy's, or more",
      table["accuracy"]["lazy"] - table["accuracy"]["break-even"], at_least=0.02)
table.map("≈ {:.3f}".format)

# %% [markdown]
# Had you chosen by accuracy, you would have dropped a detector that saves more than half of
# the money, in favor of one that does nothing. The low threshold flags all that looks odd:
# recall rises, precision falls, and that is *right* here, since a review costs a hundredth of
# a fraud.
#
# Break-even or the best on validation? The cost curve is flat around its lowest point, so with
# only 74 frauds luck decides where the minimum falls. Break-even needs no luck, but needs
# probabilities that mean what they say.
#
# Recall or precision alone can always be made perfect: flag all, or flag one sure case.

# %% [markdown]
# ## 4 · All thresholds at once
#
# To judge the network rather than one threshold, let the threshold fall from 1 to 0 and
# follow the counts. Two curves are usual:
#
# | curve | upwards | to the right |
# |---|---|---|
# | **ROC** (receiver operating characteristic) | recall, or *true positive rate* | false alarm rate, or *false positive rate*, $FP / (FP + TN) = 1 - \text{specificity}$ |
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
verify("both areas equal scikit-learn's", np.abs(differences).max(), at_most=1e-9)

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

truth = true_probability(frame)
claim("average precision of the best judge, all rows: as on the data's card",
      metrics.average_precision_score(labels, truth), at_least=0.686, at_most=0.688)
dice = np.random.default_rng(lesson.seed).random(len(test))
judges = {"best possible": truth[test], "network": p_test, "dice": dice}

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
recall, alarms, precision = sweep(y_test, p_test)
here = np.sum(alarms <= 0.05) - 1  # the last threshold with at most 5 % false alarms
claim("with 5 % false alarms, 60 % of the frauds or more are caught", recall[here],
      at_least=0.6)
claim("yet that is five false alarms or more per catch", 1 / precision[here] - 1,
      at_least=5)
areas.map("≈ {:.3f}".format)

# %% [markdown]
# Same judges, two impressions. A false alarm rate of 5 % looks like nothing on the left: it
# is 5 % of 15,853 honest payments, nearly 800 false alarms beside 147 frauds. Dice reach an
# ROC area of about 0.5 whatever the data; their average precision is about the share of
# positives, here 0.009. With rare positives, look at the right plot.
#
# How sure is the figure? There are only 147 frauds in the test set. Drawing the test payments
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
# Write `pair_area(y, p)` that way, for an array `y` of 0 and 1 and an array `p` of scores. It
# returns one number, and needs neither a threshold nor a curve: it compares pairs.
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
#
# One network could be luck: train three with weights, and two more without. Each plain one
# gets a second try, `lowered`: its threshold falls until it flags as many payments as a
# weighted network does at 0.5.

# %%
p_plain = [p_test] + [probability(train_network(run), test) for run in (1, 2)]
p_heavy = [probability(train_network(run, weight=99.0), test) for run in range(3)]

def measure(p):
    return [metrics.recall_score(y_test, p >= 0.5),
            metrics.average_precision_score(y_test, p), p.mean()]

plain = np.array([measure(p) for p in p_plain])  # (3 networks, 3 measures)
heavy = np.array([measure(p) for p in p_heavy])
cuts = [np.sort(p)[-np.sum(q >= 0.5)] for p, q in zip(p_plain, p_heavy)]
lowered = [metrics.recall_score(y_test, p >= cut) for p, cut in zip(p_plain, cuts)]
gain = heavy.mean(axis=0) - plain.mean(axis=0)
claim("weights raise the recall at 0.5", gain[0], at_least=0.1)
claim("a lower threshold raises it to about the same height",
      abs(np.mean(lowered) - heavy[:, 0].mean()), at_most=0.08)
claim("average precision gains nothing", gain[1], at_most=0.02)
claim("probabilities come out ten times too high or more",
      heavy[:, 2].min() / y_test.mean(), at_least=10)

# %%
figure, axes = plt.subplots(1, 3, figsize=(10, 3.4))
titles = ["Weights raise recall at 0.5", "They do not improve the order",
          "They inflate probabilities"]
names = ["recall", "average precision", "mean probability"]
for i, (axis, title, name) in enumerate(zip(axes, titles, names)):
    axis.plot(np.zeros(3), plain[:, i], "o", ms=9, alpha=0.7)
    axis.plot(np.ones(3), heavy[:, i], "s", ms=9, alpha=0.7)
    axis.set(title=title, ylabel=name, xlim=(-0.5, 1.5), xticks=[0, 1],
             xticklabels=["plain", "weighted"], ylim=(0, 1.2 * heavy[:, i].max()))
axes[0].plot(np.full(3, 2), lowered, "^", ms=9, alpha=0.7)
axes[0].set(xlim=(-0.5, 2.5), xticks=[0, 1, 2],
            xticklabels=["plain", "weighted", "plain,\nlowered"])
axes[2].axhline(y_test.mean(), color="black", ls="--", label="share of fraud")
axes[2].legend(loc="upper left")
plots.show("Three networks each. Recall rises with weights as with a lower threshold;"
           " average precision does not; the mean probability is far above the truth.")

# %% [markdown]
# Recall rose, but the *order* of the payments, on which alone average precision depends, got
# no better. The weights did what a lower threshold does, and the price is that 0.5 no longer
# means "one in two". If you want to catch more, move the threshold: it needs no training, and
# it can be undone. (Weights can still help a network that otherwise learns nothing of the
# rare class.)
#
# The inflation can be computed. To the loss, a weight $w$ is the same as $w$ copies of each
# positive: where there were $p$ positives for every $1 - p$ negatives, there are now $w\,p$.
# So the **odds** $p / (1 - p)$ grow $w$ times, and the network learns $q$ with
#
# $$\frac{q}{1 - q} = w\, \frac{p}{1 - p}$$
#
# By hand: true $p = 0.01$ has odds $1/99$; with $w = 99$ they become 1, so $q = 0.5$.
#
# **Exercise 62.4.** Write `unweigh(q, w)`, which gives $p$ back. `q` may be a number or an
# array of them. It must survive $q = 0$, which stays 0, and $q = 1$, which stays 1.
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
# error of the probabilities, $\frac{1}{n} \sum_i (p_i - y_i)^2$; smaller is better. With rare
# positives it is small for anyone, so compare: always saying 0.0092, the share of fraud, needs
# no network. `mended` is the weighted network with its odds divided by 99 again.

# %%
q = p_heavy[0]
versions = {"plain": p_test, "weighted": q, "mended": q / (q + 99 * (1 - q))}
brier = {"always 0.0092": np.mean((0.0092 - y_test) ** 2)}
for (name, p), style in zip(versions.items(), ("o-", "s--", "^:")):
    brier[name] = np.mean((p - y_test) ** 2)
    bins_of = np.digitize(p, [0.003, 0.03, 0.3])  # 4 bins
    used = np.unique(bins_of)
    plt.plot([p[bins_of == b].mean() for b in used],
             [y_test[bins_of == b].mean() for b in used], style, label=name)
plt.plot([1e-4, 1], [1e-4, 1], color="gray", lw=1, label="calibrated")
plt.xscale("symlog", linthresh=1e-3), plt.yscale("symlog", linthresh=1e-3)
plt.xlabel("mean predicted probability"), plt.ylabel("share that is fraud")
plt.title("Weights push predictions far to the right of the truth"), plt.legend()
plots.show("Calibration curves: the plain and the mended network lie near the diagonal,"
           " the weighted one far to its right.")
print("Brier scores:", ", ".join(f"{k} ≈ {v:.4f}" for k, v in brier.items()))
verify("by hand equal to scikit-learn",
      abs(brier["plain"] - metrics.brier_score_loss(y_test, p_test)), at_most=1e-9)
claim("the weighted network is over twice as bad as always saying 0.0092",
      brier["weighted"] / brier["always 0.0092"], at_least=2)
claim("mending the odds removes two thirds of its Brier score, or more",
      1 - brier["mended"] / brier["weighted"], at_least=0.67)

# %% [markdown]
# Networks spoil calibration without any weights, too: trained for long on few data, they
# become **overconfident**. Watch one that reads digits. Whoever labeled its 400 training
# images was in a hurry and guessed at 30 % of them.

# %%
digits = datasets.digits()
x_digits = np.concatenate([digits.x_train, digits.x_test]).reshape(-1, 64) / 16
y_digits = np.concatenate([digits.y_train, digits.y_test])
order = np.random.default_rng(lesson.seed).permutation(len(y_digits))
small, tune, judge = order[:400], order[400:800], order[800:]
rng = np.random.default_rng(lesson.seed)
noisy = np.where(rng.random(400) < 0.3, rng.integers(10, size=400), y_digits[small])

reader = keras.Sequential([layers.Input((64,)), layers.Dense(256, activation="relu"),
                           layers.Dense(10)])  # logits: no softmax inside
reader.compile(keras.optimizers.Adam(0.005), steps_per_execution=AT_ONCE,
               loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
ten_times = np.tile(np.arange(400), 10)  # 20 long epochs run faster than 200 short ones
reader.fit(x_digits[small][ten_times], noisy[ten_times], batch_size=64, epochs=20,
           verbose=0)
logits = keras.ops.convert_to_numpy(reader(x_digits.astype("float32")))

def softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)

# %% [markdown]
# **Temperature scaling** mends it with one number: divide the logits $z$ by a temperature
# $T$ before the softmax. $T > 1$ flattens the probabilities; the largest stays the largest, so
# no decision changes. $T$ is chosen on data that the network has not trained on, as the value
# with the lowest cross-entropy.

# %%
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
    used = [b for b in np.unique(bins_of) if np.sum(bins_of == b) >= 20]
    axis.bar([b / 10 + 0.05 for b in used], [right[bins_of == b].mean() for b in used],
             width=0.09)
    axis.plot([0, 1], [0, 1], color=plots.VERMILION, ls="--", lw=1.5)
    gaps.append(p.max(axis=1).mean() - right.mean())
    axis.set(title=f"{name}: says {p.max(axis=1).mean():.2f}, is {right.mean():.2f}",
             xlabel="confidence (largest probability)")
axes[0].set_ylabel("share read correctly")
axes[0].text(0.03, 0.12, "calibrated", color=plots.VERMILION, rotation=45)
plots.show("Accuracy in bins of confidence. As trained, the bars stay below the"
           " diagonal; with temperature they lie near it.")
claim("as trained, it is more confident than right, by 8 points or more", gaps[0],
      at_least=0.08)
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
# - **micro**: add up the counts of all classes first. With one label per case, micro
#   precision, recall and F1 all *are* the accuracy: each mistake is a false positive of one
#   class and a false negative of another.
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
each = np.array([precisions, recalls, f1])  # (3 metrics, 3 classes)
share, accuracy = of_class / of_class.sum(), hits.sum() / table.sum()

ours = pd.DataFrame([*each.T, each.mean(axis=1), each @ share, [accuracy] * 3],
                    columns=["precision", "recall", "F1"])
ours.index = ["positive", "neutral", "negative", "macro", "weighted", "micro"]
score = metrics.precision_recall_fscore_support
theirs = [*np.array(score(y_true, y_pred)[:3]).T]  # per class
theirs += [score(y_true, y_pred, average=name)[:3] for name in ours.index[3:]]
verify("by hand and scikit-learn agree",
      np.abs(ours - np.array(theirs, float)).to_numpy().max(), at_most=1e-12)
claim("macro recall falls 0.2 below micro", accuracy - recalls.mean(), at_least=0.2)
ours.map("{:.3f}".format)

# %% [markdown]
# Only the macro average drops. Weighted and micro follow the large classes, as accuracy does.
# None is right as such: report per class when you can
# (`print(metrics.classification_report(y_true, y_pred))` does), and say which average when
# you cannot.

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
error = np.array([10, -10, 10, -10, 100])
mae, rmse = np.mean(np.abs(error)), np.sqrt(np.mean(error**2))
r2 = 1 - np.sum(error**2) / np.sum((y - y.mean()) ** 2)
mape = np.mean(np.abs(error / y))
print(f"MAE {mae:.1f}  RMSE {rmse:.1f}  R² {r2:.3f}  MAPE {100 * mape:.1f} %")
theirs = metrics.root_mean_squared_error(y, y + error), metrics.r2_score(y, y + error)
claim("as scikit-learn has them", np.allclose((rmse, r2), theirs, rtol=1e-12))

# %% [markdown]
# One large mistake moves the RMSE far more than the MAE. Choose by what a mistake costs: in
# proportion to its size (MAE), or worse than that (RMSE). The choice changes the best guess,
# too: a constant does best on MAE at the median of the targets, on RMSE at their mean. Put
# that constant's score beside yours, as lazy stood beside the network.

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
reported = {n: batch_precision(y_test, flagged, n) for n in (16, 64, 256, 16_000)}
for size, value in reported.items():
    print(f"batches of {size:6,}: precision ≈ {value:.3f}")
metric = keras.metrics.Precision(thresholds=0.05)
for start in range(0, len(y_test), 64):
    metric.update_state(y_test[start : start + 64], p_test[start : start + 64])
print(f"keras.metrics.Precision, fed in batches of 64 ≈ {float(metric.result()):.3f}")
claim("batches of 16 report less than half of the truth",
      reported[16] / true_precision, at_most=0.5)
claim("Keras's metric, in batches of 64, gives the true precision",
      abs(float(metric.result()) - true_precision), at_most=0.005)

# %% [markdown]
# **Exercise 62.5.** The network, the threshold and the payments are the same in all four rows.
# Find out what goes wrong in small batches, and mend it: write `precision_of(batches)` for a
# list of batches, each a pair `(y, flagged)` of two arrays. Batches may have different sizes,
# and some flag nothing. If none of them flags anything, return 0.
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
#   99 %, more than one that halves the loss.
# - Precision: of those flagged, how many are right. Recall: of those sought, how many are
#   found. The threshold trades one for the other.
# - Costs choose the threshold: flag when $p$ times the cost of a miss exceeds the cost of a
#   review. Choose on validation data.
# - ROC and precision–recall show all thresholds. With rare positives the ROC flatters.
# - Class weights inflate the probabilities; here they did not improve the order, and a lower
#   threshold did the same.
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
# - **An ROC area without the share of positives**: 0.9 can mean five false alarms per hit.
# - **Reading weighted probabilities as probabilities**: divide the odds by the weight first.
# - **One figure without its spread**: with 147 positives, the 95 % interval of average
#   precision is wider than a tenth.
# - **Leaving the output bias at 0 for a rare class**: the loss starts at $\ln 2 = 0.69$ instead
#   of 0.05, and the first epochs teach the network little more than that fraud is rare.
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

# %% [markdown] tags=["footer"]
# ---
#
# **Before:** [61 · Model selection](61_model_selection.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+62%3A+).
#
# In Colab: [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/61_model_selection.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
