# ---
# jupyter:
#   dlcourse:
#     title: Classification metrics
#     subtitle: A fraud detector that is right 99 times in 100, and worthless
#     minutes: 60
#     further: 12
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
# **Your time:** 60 minutes, and 12 for *Going further* · **The notebook runs in:** about 28 s on two CPU cores · **Before this:** lesson 23

# %% [markdown]
# ## You will be able to
#
# 1. compute accuracy, precision, recall, specificity, F1 and balanced accuracy from four
#    counts, and say which of them answers a question  *(section 2 · exercise 62.1)*
# 2. choose a threshold by what mistakes cost  *(section 3 · exercise 62.2)*
# 3. read ROC and precision–recall curves, compute their areas, and say what the ROC area
#    means  *(section 4 · exercise 62.3)*
# 4. average a metric over classes and over batches
#    *(section 5 · exercises 62.1 and 62.4 · quiz)*

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
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("62", profile=PROFILE, seed=SEED)

import keras
from keras import layers

EPOCHS, BATCH_SIZE = 15, 512

# %% [markdown]
# ## 1 · The problem: right 99 times in 100
#
# A bank wants to stop card fraud, and you train a network for it. Real payments are confidential,
# so these are generated (`data/card_payments.md`). In return each one's true probability of fraud
# is known: section 4 uses it. (Section 3 ends with real tumors.) Two fifths are kept for the test,
# or too few frauds would be in it.

# %%
frame = datasets.card_payments().frame
print(frame.groupby("fraud").head(2).to_string(index=False))

rest, test = train_test_split(
    frame, test_size=0.4, stratify=frame["fraud"], random_state=lesson.seed)
train, val = train_test_split(
    rest, test_size=1 / 3, stratify=rest["fraud"], random_state=lesson.seed)
for name, rows in [("train", train), ("validation", val), ("test", test)]:
    print(f"{name:10} {len(rows):6,} payments, {rows['fraud'].sum()} frauds")

def features(payments):  # amounts and distances reach thousands: logarithms
    logs = np.log(payments[["amount_eur", "distance_km"]] + 1)
    return np.column_stack([logs, payments[["hour", "recent", "new_shop"]]])

mean, std = features(train).mean(axis=0), features(train).std(axis=0)
x_train, x_val, x_test = [((features(rows) - mean) / std).astype("float32")
                          for rows in (train, val, test)]  # (payments, 5)
y_train, y_val, y_test = [rows["fraud"].to_numpy() for rows in (train, val, test)]
share = y_train.mean()

# %% [markdown]
# One detail helps with a rare class. The **odds** of a thing with probability $s$ are $s / (1 - s)$.
# A payment is a fraud with $s = 0.0092$, so the odds are $0.0092 / 0.9908$: 1 fraud for 108 honest
# payments. Their logarithm is $-4.68$, and the sigmoid of $-4.68$ is 0.0092 again. With $-4.68$ as
# the last layer's bias, the untrained network says about 0.01, not 0.5.

# %%
def train_network(run=0, weight=1.0):  # weight of a fraud: see Going further
    keras.utils.set_random_seed(dlcourse.derived_seed(lesson.seed, run))
    log_odds = float(np.log(weight * share / (1 - share)))
    model = keras.Sequential([
        layers.Input((5,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(16, activation="relu"),
        layers.Dense(1, activation="sigmoid",
                     bias_initializer=keras.initializers.Constant(log_odds)),
    ])
    n_steps = EPOCHS * len(x_train) // BATCH_SIZE
    learning_rate = keras.optimizers.schedules.CosineDecay(0.01, n_steps)  # down to 0
    model.compile(keras.optimizers.Adam(learning_rate), "binary_crossentropy")
    model.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0,
              class_weight={0: 1.0, 1: weight})
    return model

def probability(model, x):
    return keras.ops.convert_to_numpy(model(x))[:, 0].astype("float64")

network = train_network()
p_val, p_test = probability(network, x_val), probability(network, x_test)

# %% [markdown]
# **Predict.** Your network flags a test payment whose probability is at least 0.5. Another
# detector is *lazy*: it never flags anything. How far apart are their accuracies?

# %%
flagged = p_test >= 0.5
accuracy, lazy = np.mean(flagged == y_test), np.mean(y_test == 0)
print(f"accuracy: network ≈ {accuracy:.4f}, lazy ≈ {lazy:.4f}")
verify("lazy is right 99 times in 100", lazy, at_least=0.99)
verify("the network catches frauds", flagged[y_test == 1].mean(), at_least=0.2)
claim("finding frauds adds only ≈ {:.1f} points to the accuracy",
      100 * (accuracy - lazy), at_least=0.1, at_most=0.6)

# %% [markdown]
# A fraction of a point, although only one of them finds frauds. Of 1,000 payments 991 are honest:
# lazy is right 991 times, and a perfect detector could add only 9. Accuracy counts all mistakes
# alike. You need to count them by *kind*.

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
# Each metric answers one question, from these four counts:
#
# | metric | formula | question |
# |---|---|---|
# | accuracy | $(TP + TN) / n$ | how many decisions are right? |
# | precision $P$ | $TP / (TP + FP)$ | of those flagged, how many are fraud? |
# | recall $R$ (sensitivity) | $TP / (TP + FN)$ | of the frauds, how many are flagged? |
# | specificity | $TN / (TN + FP)$ | of the honest, how many pass? |
# | F1 | $2\,PR / (P + R)$ | are precision and recall *both* high? (their harmonic mean) |
# | balanced accuracy | $(\text{recall} + \text{specificity}) / 2$ | how right, if both classes weighed the same? |
#
# By hand, 1,000 payments with 10 frauds: 6 caught, 4 missed, 9 false alarms. Then $TN = 981$,
# accuracy $= 987/1000$, precision $= 6/15 = 0.4$, recall $= 6/10 = 0.6$, specificity $= 981/990 =
# 0.991$, F1 $= 2 \cdot 0.24 / 1 = 0.48$, balanced accuracy $= (0.6 + 0.991)/2 = 0.80$. Lazy would have
# an accuracy of 0.99: *more*.
#
# ### Exercise 62.1
#
# Write `scores(tp, fp, fn, tn)`: return precision, recall, specificity, F1, balanced accuracy. A
# ratio that would divide by 0 is 0: lazy flags nothing, so its precision is 0.
#
# <details><summary>Hint 1</summary>A helper saves four <code>if</code>s:
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
    precision, recall, specificity, f1 = [a / b if b else 0.0 for a, b in pairs]
    return precision, recall, specificity, f1, (recall + specificity) / 2

check("62.1", scores_solution)

# %%
def counts(y, flagged):
    tp, fn = np.sum(flagged & (y == 1)), np.sum(~flagged & (y == 1))
    fp, tn = np.sum(flagged & (y == 0)), np.sum(~flagged & (y == 0))
    return tp, fp, fn, tn

tp, fp, fn, tn = counts(y_test, flagged)
precision, recall, specificity = tp / (tp + fp), tp / (tp + fn), tn / (tn + fp)
print(f"precision ≈ {precision:.3f}, recall ≈ {recall:.3f},"
      f" specificity ≈ {specificity:.3f}")
claim("at 0.5, precision lies ≈ {:.2f} above recall", precision - recall, at_least=0.1)

matrix = np.array([[tp, fn], [fp, tn]])
# Without labels=[1, 0], scikit-learn's matrix begins with the true negatives.
theirs = metrics.confusion_matrix(y_test, flagged, labels=[1, 0])
verify("scikit-learn counts the same", np.abs(matrix - theirs).max(), at_most=0)
verify("much fraud is missed", fn / (tp + fn), at_least=0.25)
verify("what it flags is mostly fraud", precision, at_least=0.5)

# %% [markdown]
# The four counts in a square are the **confusion matrix**. Color it by the share of its row,
# or the true negatives drown all else.

# %% tags=["hide-input"]
of_row = matrix / matrix.sum(axis=1, keepdims=True)
plt.figure(figsize=(4.6, 3.2))
plt.imshow(of_row, cmap="Blues", vmin=0, vmax=1.6, aspect="auto")
for (i, j), name in np.ndenumerate(np.array([["TP", "FN"], ["FP", "TN"]])):
    plt.text(j, i, f"{name}: {matrix[i, j]:,}\n{100 * of_row[i, j]:.1f} % of the row",
             ha="center", va="center")
plt.xticks([0, 1], ["flagged", "not flagged"])
plt.yticks([0, 1], ["fraud", "honest"])
plt.title(f"At 0.5, {100 * of_row[0, 1]:.0f} % of the frauds slip through")
plots.show("Confusion matrix at threshold 0.5: much fraud missed, few false alarms.")

# %% [markdown]
# The network is shy: what it flags is mostly fraud, but it lets much fraud pass. Recall is a share
# of only 147 frauds, so chance moves it: its standard error (lesson 61) may reach
# $\sqrt{0.5 \cdot 0.5 / 147} = 0.04$.

# %% [markdown]
# ## 3 · Move the threshold
#
# That 0.5 was only a habit. Which threshold is best depends on what mistakes *cost*.
#
# Let a missed fraud cost 500 €. A flagged payment is reviewed by a person, who is always
# right; that costs 5 €. If a payment is a fraud with probability $p$, letting it pass costs
# $500\,p$ on average ($p = 0.2$: 100 €).
#
# ### Exercise 62.2
#
# From which probability on does a review pay? Give `break_even`, a number between 0 and 1.
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
# That answer trusts the network's probabilities. Or try many thresholds and take the cheapest, on
# the *validation* payments: a choice made on the test payments would flatter itself.
# In section 2's example, 15 reviews and 4 missed frauds cost $15 \cdot 5 + 4 \cdot 500 = 2{,}075$ €, or
# 2.08 € per payment. Lazy's ten missed frauds cost 5 € per payment.

# %%
def price(y, p, threshold, miss=500, review=5):  # euros per payment
    flagged = p >= threshold
    return (review * flagged.sum() + miss * y[~flagged].sum()) / len(y)

grid = np.geomspace(0.001, 0.95, 80)
cheapest = grid[np.argmin([price(y_val, p_val, t) for t in grid])]

# %% [markdown]
# **Play.** The slider `log10` sets the threshold, $10^{\text{log10}}$. Raise it. Must recall fall? Must
# precision rise? Then find the cheapest place. Let a missed fraud cost 50 €, then 1,000 €: which way
# does it move?

# %% tags=["hide-input"]
def draw_threshold(log10=-0.3, miss=500):
    threshold, bins = 10**log10, np.geomspace(1e-4, 1, 33)
    tp, fp, fn, _ = counts(y_val, p_val >= threshold)
    _, (top, middle, low) = plt.subplots(3, sharex=True, figsize=(7, 5.4))
    for c, color, label in ((0, "0.7", "honest"), (1, plots.ORANGE, "fraud")):
        n, _ = np.histogram(np.clip(p_val[y_val == c], 1e-4, 1), bins)
        top.stairs(n / n.sum(), bins, color=color, fill=c == 0, lw=2, label=label)
    precision, recall, at = metrics.precision_recall_curve(y_val, p_val)
    middle.plot(at, precision[:-1], color=plots.GREEN, label="precision")
    middle.plot(at, recall[:-1], "--", color=plots.PURPLE, label="recall")
    low.plot(grid, [price(y_val, p_val, t, miss) for t in grid], label="network")
    low.axhline(miss * y_val.mean(), color="black", ls=":", label="lazy")
    now = price(y_val, p_val, threshold, miss)
    low.plot(threshold, now, "ko")
    top.set(xscale="log", xlim=(1e-4, 1), ylabel="share of class",
            title=f"{tp} caught, {fn} missed, {fp:,} false alarms: {now:.2f} €/payment")
    middle.set(ylabel="share", ylim=(0, 1.05))
    low.set(ylabel="€ per payment", ylim=(0, None),
            xlabel=f"predicted probability of fraud, threshold (now {threshold:.3f})")
    for axis in (top, middle, low):
        axis.axvline(threshold, color="black", ls="--", lw=1)
        axis.legend(loc="center left", fontsize=9)

explore(draw_threshold, alt="Both classes, precision and recall, cost, by threshold.",
        log10=(-3.0, -0.05, 0.05), miss=[50, 500, 1000])

# %% [markdown]
# Recall can only fall: what is flagged at 0.5 is flagged at 0.1, too. Precision mostly rises, with
# small dents. Either alone can be perfect: flag everything, or one sure case. The dearer a miss, the
# lower the cheapest threshold.
#
# **Predict.** Now the test payments. At 0.01 the network wastes many reviews and saves much
# money. Is its *accuracy* above lazy's or below?

# %%
detectors = {"lazy": 2.0, "0.5": 0.5, "break-even, 0.01": 0.01, "cheapest": cheapest}
rows = {}
for name, threshold in detectors.items():  # no probability reaches 2: lazy
    tp, fp, fn, tn = counts(y_test, p_test >= threshold)
    rows[name] = [(tp + tn) / len(y_test), tp / (tp + fn), tp / max(tp + fp, 1),
                  price(y_test, p_test, threshold)]
table = pd.DataFrame(rows, ["accuracy", "recall", "precision", "€ per payment"]).T
cost = table["€ per payment"]
below = table["accuracy"]["lazy"] - table["accuracy"]["break-even, 0.01"]
claim("at 0.01, the accuracy is ≈ {:.1f} points below lazy's", 100 * below, at_least=2)
claim("and the bank saves ≈ {:.0f} % of lazy's cost",
      100 * (1 - cost["break-even, 0.01"] / cost["lazy"]), at_least=50)
verify("the cheapest validation threshold saves a fifth of the cost at 0.5",
       1 - cost["cheapest"] / cost["0.5"], at_least=0.2)
table.map("≈ {:.3f}".format)

# %% [markdown]
# Had you chosen by accuracy, you would have dropped a detector that saves more than half of the
# money. Its precision is poor, and that is *right* here: a review costs a hundredth of a missed fraud.
#
# Break-even, or the cheapest on validation? Whichever won here, the cost curve is flat around its
# lowest point: with only 74 frauds, luck decides where the minimum falls. Break-even needs no luck,
# but probabilities that mean what they say (*Going further* tests them).
#
# **Real tumors.** Lesson 01's 569 samples of breast tissue are real. Malignant is now the positive
# class. Logistic regression judges each fifth of them, trained on the other four, at two thresholds:

# %%
clinic = datasets.breast_cancer().frame  # real, from Wisconsin
malignant = clinic.pop("diagnosis").to_numpy() == "malignant"
classifier = make_pipeline(StandardScaler(), LogisticRegression())
p = cross_val_predict(classifier, clinic, malignant, method="predict_proba")[:, 1]
high, low = [np.array(counts(malignant, p >= t)) for t in (0.5, 0.1)]
tp, fp, fn, tn = low - high
verify("at 0.1, more caught, and many more false alarms", fp > 3 * tp > 0)
pd.DataFrame([high, low], [0.5, 0.1], ["TP", "FP", "FN", "TN"]).map("≈ {}".format)

# %% [markdown]
# The lower threshold misses fewer cancers, and again accuracy falls: far more harmless samples raise
# an alarm. How many false alarms is a missed cancer worth? No metric can answer that for you.

# %% [markdown]
# ## 4 · All thresholds at once
#
# To judge the network rather than one threshold, lower the threshold from 1 to 0. The
# **ROC curve** (receiver operating characteristic) plots recall, also called *true positive
# rate*, against the false alarm rate or *false positive rate*, $FP / (FP + TN) = 1 -
# \text{specificity}$. The **precision–recall curve** plots precision against recall.
#
# By hand, with five payments, sorted by probability:
#
# | threshold | 0.9 (fraud) | 0.6 (honest) | 0.4 (honest) | 0.3 (fraud) | 0.1 (honest) |
# |---|---|---|---|---|---|
# | recall | 1/2 | 1/2 | 1/2 | 1 | 1 |
# | false alarm rate | 0 | 1/3 | 2/3 | 2/3 | 1 |
# | precision | 1 | 1/2 | 1/3 | 1/2 | 2/5 |
#
# In code, cumulative sums count what is flagged (equal probabilities together).

# %%
def sweep(y, p):
    """Return recall, false alarm rate and precision for every threshold."""
    order = np.argsort(-p, kind="stable")
    y, p = y[order], p[order]
    last = np.append(np.diff(p) != 0, True)  # of each group of equal p
    tp, fp = np.cumsum(y)[last], np.cumsum(1 - y)[last]
    return tp / tp[-1], fp / fp[-1], tp / (tp + fp)
np.round(sweep(np.array([1, 0, 0, 1, 0]), np.array([0.9, 0.6, 0.4, 0.3, 0.1])), 2)

# %% [markdown]
# The area under the precision–recall curve, summed in steps, is called **average precision**:
# $\text{AP} = \sum_k (R_k - R_{k-1})\, P_k$, with recall $R_k$ and precision $P_k$ at the $k$-th
# threshold, and $R_0 = 0$. By hand: $\frac12 \cdot 1 + \frac12 \cdot \frac12 = 0.75$. The area under the
# ROC curve of the five is two rectangles: $\frac23 \cdot \frac12 + \frac13 \cdot 1 = 0.67$.
#
# Compare the network with two other judges. One throws dice. The *best possible* one knows each
# payment's true probability, by the formula that made the data. Only luck can beat it.

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

verify("average precision as on the card", metrics.average_precision_score(
    frame["fraud"], true_probability(frame)), at_least=0.686, at_most=0.688)
truth = true_probability(test)
dice = np.random.default_rng(lesson.seed).random(len(test))
judges = {"best possible": truth, "network": p_test, "dice": dice}

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
looks = [("--", "black"), ("-", plots.BLUE), (":", "0.5")]
for (name, p), (style, color) in zip(judges.items(), looks):
    r, a, pr = sweep(y_test, p)
    left.plot(np.append(0, a), np.append(0, r), style, color=color, label=name)
    right.step(r, pr, style, color=color, where="pre", label=name)
arrow = {"ha": "center", "fontsize": 9, "arrowprops": {"arrowstyle": "->"}}
left.annotate("higher\nthreshold", (0.05, 0.45), (0.22, 0.62), **arrow)
right.annotate("higher\nthreshold", (0.12, 0.7), (0.42, 0.35), **arrow)
left.set(xlabel="false alarm rate", ylabel="recall",
         title="ROC: the network looks very good")
right.set(xlabel="recall", ylabel="precision", ylim=(0, 1.05),
          title="Precision–recall: far from perfect")
left.legend(loc="lower right")
plots.show("ROC curves of the best judge and the network hug the upper left corner;"
           " their precision-recall curves fall steeply. Dice: a diagonal, and 0.01.")

# %%
recall, alarms, precision = sweep(y_test, p_test)
average_precision = np.sum(np.diff(recall, prepend=0) * precision)
roc_area = metrics.auc(np.append(0, alarms), np.append(0, recall))  # trapezoids
areas = pd.DataFrame({name: [metrics.roc_auc_score(y_test, p),
                             metrics.average_precision_score(y_test, p)]
                      for name, p in judges.items()},
                     ["area under ROC", "average precision"])
differences = areas["network"] - [roc_area, average_precision]
verify("by hand as scikit-learn", differences.abs().max(), at_most=1e-9)
at_5 = np.sum(alarms <= 0.05) - 1  # the last threshold with at most 5 % false alarms
verify("with 5 % false alarms, most frauds are caught", recall[at_5], at_least=0.6)
claim("at a false alarm rate of 5 %, ≈ {:.0f} false alarms come with each catch",
      1 / precision[at_5] - 1, at_least=5)
claim("average precision is ≈ {:.2f} below the ROC area", roc_area - average_precision,
      at_least=0.15)
areas.map("≈ {:.3f}".format)

# %% [markdown]
# On the left, a false alarm rate of 5 % looks like nothing. But of 15,853 honest payments it is nearly
# 800, beside 147 frauds. Dice reach an ROC area of about 0.5 whatever the data, but an average
# precision of about the share of positives, here 0.009. With rare positives, look at the right plot.
#
# **Look at the mistakes.** Some frauds get less than 0.01 from the network, and pass. Would a better
# network find them? Ask the best possible judge. These four frauds are the hardest for *it*:

# %%
missed = (y_test == 1) & (p_test < 0.01)
hardest = test.assign(truth=truth, network=p_test)[y_test == 1].nsmallest(4, "truth")
claim("of the frauds missed at 0.01, the best judge misses ≈ {:.0f} % as well",
      100 * np.mean(truth[missed] < 0.01), at_least=65)
hardest.assign(network=hardest["network"].map("≈ {:.3f}".format)).round({"truth": 4})

# %% [markdown]
# They look like the most ordinary payments: 0.0013 is the lowest probability that the formula
# gives. To find such frauds, the bank would need other features, not a better network.
#
# ### Exercise 62.3
#
# The ROC area has a second meaning: the probability that a fraud, picked at random, gets a higher
# score than an honest payment picked at random; a tie counts half. (Of the $2 \cdot 3 = 6$ pairs by
# hand, 4 are in the right order: $4/6 = 0.67$.) Write `pair_area(y, p)` that way, for an array `y`
# of 0 and 1 and an array `p` of scores.
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
# ## 5 · Which average?
#
# The reviewers also note *what* a flagged payment was: honest, or paid with a lost or a copied
# card. A second network learns to name it. Each class has its own precision and recall, counted
# against the other two. Three ways to make one number of them:
#
# - **macro**: the mean over classes; a rare class counts like any other;
# - **weighted**: the mean weighted by the number of cases in a class;
# - **micro**: add up the counts of all classes first, then divide. With one label per case, micro
#   precision, recall and F1 all *are* the accuracy: each mistake is a false positive of one
#   class and a false negative of another.
#
# By hand, 200 flagged payments:
#
# | true \ predicted | honest | lost | copied | recall |
# |---|---|---|---|---|
# | honest | 90 | 0 | 10 | 0.90 |
# | lost | 6 | 2 | 2 | 0.20 |
# | copied | 5 | 1 | 84 | 0.93 |
#
# Macro recall is $(0.90 + 0.20 + 0.93)/3 = 0.68$, micro recall $(90 + 2 + 84)/200 = 0.88$.
#
# **Predict.** Eight of ten lost cards are taken for something else. Which averages of F1 show it?

# %%
table = np.array([[90, 0, 10], [6, 2, 2], [5, 1, 84]])  # (true, predicted)
y_true, y_pred = np.indices((3, 3)).reshape(2, 9).repeat(table.ravel(), axis=1)
score = metrics.precision_recall_fscore_support
rows = list(np.transpose(score(y_true, y_pred)[:3]))  # one per class
rows += [score(y_true, y_pred, average=a)[:3] for a in ("macro", "weighted", "micro")]
pd.DataFrame(rows, ["honest", "lost", "copied", "macro", "weighted", "micro"],
             ["precision", "recall", "F1"]).astype(float).map("{:.3f}".format)

# %% [markdown]
# Only the macro average drops: the others follow the large classes. Report each class when you can
# (`metrics.classification_report(y_true, y_pred)` does), and say which average when you cannot.
# You wrote a macro average in exercise 62.1: balanced accuracy is the macro recall of two classes.

# %% [markdown]
# ## Break and fix
#
# A colleague reports the precision of your network at threshold 0.05. His function walks through the
# test payments in batches, and takes the mean. Network, threshold and payments stay the same, yet
# the result depends on the batch size. Keras's own metric is not fooled:

# %%
def batch_precision(y, flagged, batch_size):
    values = []
    for start in range(0, len(y), batch_size):
        part, flags = y[start : start + batch_size], flagged[start : start + batch_size]
        values.append(part[flags].mean() if flags.any() else 0.0)
    return np.mean(values)

flagged = p_test >= 0.05
true_precision = metrics.precision_score(y_test, flagged)
for size in (16, 64, 256, 16_000):
    print(f"batches of {size:6,}: ≈ {batch_precision(y_test, flagged, size):.3f}")
metric = keras.metrics.Precision(thresholds=0.05)
for start in range(0, len(y_test), 64):
    metric.update_state(y_test[start : start + 64], p_test[start : start + 64])
theirs = float(metric.result())
print(f"keras.metrics.Precision, in batches of 64: ≈ {theirs:.3f}")
verify("Keras's metric gives the true precision", theirs - true_precision,
       at_least=-0.005, at_most=0.005)
claim("batches of 16 report only ≈ {:.0f} % of the true precision",
      100 * batch_precision(y_test, flagged, 16) / true_precision, at_most=50)

# %% [markdown]
# ### Exercise 62.4
#
# Find out what goes wrong, and mend it: write `precision_of(batches)` for a list of batches, each a
# pair `(y, flagged)` of arrays as above. Batches differ in size, and some flag nothing. If none flags
# anything, return 0. (Which of section 5's averages did he take?)
#
# <details><summary>Hint 1</summary>What is the precision of a batch in which nothing was
# flagged? What does the function put there?</details>
# <details><summary>Hint 2</summary>The mean of ratios is not the ratio of the sums. Which
# two counts would you carry from batch to batch?</details>

# %% tags=["exercise"]
# Exercise 62.4: precision over batches.
def precision_of(batches):
    ...  # your code here

# %%
check("62.4", precision_of)

# %% tags=["solution"]
# @title Solution 62.4
def precision_of_solution(batches):
    caught = sum(np.sum(y[flagged]) for y, flagged in batches)
    all_flagged = sum(np.sum(flagged) for _, flagged in batches)
    return caught / all_flagged if all_flagged else 0.0

check("62.4", precision_of_solution)

# %% [markdown]
# He takes the *macro* average over batches: each counts alike, and one that flags nothing counts as 0.
# The bank cares for payments, not for batches, so *micro* is right: counts add up, ratios do not.
# Keras's `metrics.Precision` keeps counts, and so must a metric of your own. With equal batches,
# accuracy hides the bug.

# %% [markdown]
# ## Going further: class weights, and what they really do
#
# A common recipe against imbalance: let each fraud count 99 times in the loss, so that both
# classes weigh about the same. **Predict**: what happens to recall at 0.5, to average
# precision, and to the mean predicted probability?
#
# One network could be luck: train three with weights, and two more without. Each plain one
# gets a second try, `lowered`: its threshold falls until it flags as many payments as a
# weighted network does at 0.5. The table shows means of three networks.

# %%
p_plain = [p_test] + [probability(train_network(run), x_test) for run in (1, 2)]
p_heavy = [probability(train_network(run, weight=99.0), x_test) for run in range(3)]

def measure(p, threshold=0.5):
    return [metrics.recall_score(y_test, p >= threshold),
            metrics.average_precision_score(y_test, p), p.mean()]

plain = np.array([measure(p) for p in p_plain])  # (3 networks, 3 measures)
heavy = np.array([measure(p) for p in p_heavy])
cuts = [np.sort(p)[-np.sum(q >= 0.5)] for p, q in zip(p_plain, p_heavy)]
lowered = np.array([measure(p, cut) for p, cut in zip(p_plain, cuts)])
gain = heavy.mean(axis=0) - plain.mean(axis=0)
verify("weights raise the recall at 0.5", gain[0], at_least=0.1)
verify("a lower threshold raises it to about the same height",
       abs(lowered[:, 0].mean() - heavy[:, 0].mean()), at_most=0.08)
verify("average precision gains nothing", gain[1], at_most=0.02)
claim("with weights, the mean probability is ≈ {:.0f} times the share of fraud",
      heavy[:, 2].min() / y_test.mean(), at_least=10)
table = pd.DataFrame([plain.mean(axis=0), heavy.mean(axis=0), lowered.mean(axis=0)],
                     ["plain", "weighted", "lowered"],
                     ["recall", "average precision", "mean probability"])
table.map("≈ {:.3f}".format)

# %% [markdown]
# Recall rose, but the *order* of the payments, on which alone average precision depends, got
# no better. Here the weights did what a lower threshold does, and the price is that 0.5 no longer
# means "one in two". If you want to catch more, move the threshold: it needs no training, and
# it can be undone. (Weights can still help a network that otherwise learns nothing of the
# rare class.)
#
# The inflation can be computed. To the loss, a weight $w$ is the same as $w$ copies of each
# positive: where there were $p$ positives for every $1 - p$ negatives, there are now $w\,p$.
# So the odds grow $w$ times, and what the network now aims at is a probability $q$ with
#
# $$\frac{q}{1 - q} = w\, \frac{p}{1 - p}$$
#
# By hand: $p = 0.01$ has odds of $1/99$; with $w = 99$ they become 1, so $q = 0.5$. The way back
# divides the odds by $w$. Solved for $p$, that is $p = q / (q + w\,(1 - q))$, by hand
# $0.5 / (0.5 + 99 \cdot 0.5) = 0.01$.

# %% [markdown]
# ## Going further: when it says 80 %, is it 80 %?
#
# Probabilities are **calibrated** if of all cases that get 0.8, eight in ten are positive, and so on
# for every value. A **calibration curve** checks it: sort the predictions into bins, and plot the share
# of positives in a bin against its mean prediction. The **Brier score** is the mean squared error of
# the probabilities, $\frac{1}{n} \sum_i (p_i - y_i)^2$. Smaller is better: saying 0.9 costs
# $0.1^2 = 0.01$ for a fraud, and $0.9^2 = 0.81$ for an honest payment. With rare positives the score is small
# for anyone, so compare with a constant: always saying 0.0092, the share of fraud, needs
# no network.
#
# Below, `mended` is the weighted network with its odds divided by 99.

# %%
q = p_heavy[0]
versions = {"plain": p_test, "weighted": q, "mended": q / (q + 99 * (1 - q))}

def calibration(p):
    bin_of = np.digitize(p, [0.003, 0.03, 0.3])  # 4 bins
    return np.array([(p[bin_of == b].mean(), y_test[bin_of == b].mean())
                     for b in np.unique(bin_of)]).T

brier = {name: np.mean((p - y_test) ** 2) for name, p in versions.items()}
brier["always 0.0092"] = np.mean((0.0092 - y_test) ** 2)
print("Brier scores:", ", ".join(f"{k} ≈ {v:.4f}" for k, v in brier.items()))
verify("by hand as scikit-learn",
       abs(brier["plain"] - metrics.brier_score_loss(y_test, p_test)), at_most=1e-9)
verify("weighted: over twice as bad as always saying 0.0092",
       brier["weighted"] / brier["always 0.0092"], at_least=2)
verify("mending the odds removes most of the weighted network's Brier score",
       1 - brier["mended"] / brier["weighted"], at_least=0.67)

# %% tags=["hide-input"]
looks = {"plain": ("o-", plots.BLUE), "weighted": ("s--", plots.VERMILION),
         "mended": ("^:", plots.SKY)}
plt.figure(figsize=(6.5, 4))
for name, p in versions.items():
    plt.loglog(*calibration(p), looks[name][0], color=looks[name][1], label=name)
plt.plot([1e-3, 1], [1e-3, 1], color="0.5", lw=1, label="calibrated")
plt.xlabel("mean predicted probability in a bin")
plt.ylabel("share of the bin that is fraud")
plt.title("Weights push predictions far to the right of the truth")
plt.legend()
plots.show("Calibration curves: the plain and the mended network lie near the diagonal,"
           " the weighted one far to its right.")

# %% [markdown]
# The plain network lies near the diagonal, so section 3's break-even can be trusted. Only roughly,
# though: on logarithmic axes even a small gap is a sizable factor.
#
# Without weights, networks can spoil their calibration, too. Trained for long on few data, some of
# it mislabeled, they often become **overconfident**: surer than they are right. Watch one that reads
# real handwritten digits of 8 × 8 pixels. Whoever labeled its 400 training images was in a hurry and
# guessed 30 % of the labels. The images that judge it have the right ones.

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
reader.compile(keras.optimizers.Adam(0.005),
               keras.losses.SparseCategoricalCrossentropy(from_logits=True))
ten_times = np.tile(np.arange(400), 10)  # 20 long epochs run faster than 200 short ones
reader.fit(x_digits[small][ten_times], noisy[ten_times], batch_size=64, epochs=20,
           verbose=0)
logits = keras.ops.convert_to_numpy(reader(x_digits.astype("float32")))

# %% [markdown]
# **Temperature scaling** mends it with one number: divide the logits $z$ by a temperature
# $T$ before the softmax. By hand: $z = (2, 0)$ gives the probabilities 0.88 and 0.12; with $T = 2$ they are
# 0.73 and 0.27. $T > 1$ flattens them. The largest stays the largest, so no decision changes.
# Choose $T$ on data that the network has not trained on, as the value with the lowest cross-entropy.

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
verify("temperature lowers the cross-entropy", 1 - after / before, at_least=0.1)

confidence = {name: softmax(logits[judge] / t).max(axis=1)
              for name, t in [("As trained", 1.0), ("With temperature", best)]}
right = logits[judge].argmax(axis=1) == y_digits[judge]
gaps = [values.mean() - right.mean() for values in confidence.values()]
claim("as trained, it is ≈ {:.0f} points more confident than right", 100 * gaps[0],
      at_least=8)
verify("temperature closes half of that gap", abs(gaps[1]) / gaps[0], at_most=0.5)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True)
for axis, (name, values), color in zip(axes, confidence.items(), ("0.5", plots.SKY)):
    bin_of = np.clip((values * 10).astype(int), 0, 9)
    used = [b for b in np.unique(bin_of) if np.sum(bin_of == b) >= 20]
    axis.bar([b / 10 + 0.05 for b in used], [right[bin_of == b].mean() for b in used],
             width=0.09, color=color)
    axis.plot([0, 1], [0, 1], color="black", ls="--", lw=1.5)
    axis.set(title=f"{name}: says {values.mean():.2f}, is {right.mean():.2f}",
             xlabel="confidence (largest probability)")
axes[0].set_ylabel("share read correctly")
axes[0].text(0.03, 0.12, "calibrated", rotation=45)
plots.show("Accuracy in bins of confidence. As trained, the bars stay below the"
           " diagonal; with temperature they lie near it.")

# %% [markdown]
# ## Going further: numbers instead of classes
#
# The bank also estimates what houses are worth before it lends money on them. When the target is
# a number, the mistakes $e_i = \hat y_i - y_i$ have sizes:
#
# | metric | formula | note |
# |---|---|---|
# | mean absolute error, MAE | $\frac1n \sum \lvert e_i \rvert$ | in the target's unit; all euros count alike |
# | root of the mean squared error, RMSE | $\sqrt{\frac1n \sum e_i^2}$ | in the target's unit; large mistakes dominate |
# | $R^2$ | $1 - \sum e_i^2 / \sum (y_i - \bar y)^2$ | 0: no better than the mean; can be negative |
# | mean absolute percentage error, MAPE | $\frac1n \sum \lvert e_i / y_i \rvert$ | explodes when some $y_i$ is near 0 |
#
# **Predict**: of five houses, four prices are missed by 10 thousand euros, the fifth by 100 thousand.
# Which of MAE and RMSE is nearer to 100 thousand?
#
# In thousands, the MAE is $(4 \cdot 10 + 100)/5 = 28$, the RMSE
# $\sqrt{(4 \cdot 10^2 + 100^2)/5} = 45.6$. With true prices of 200, 250, 300, 350 and 400,
# $\sum (y_i - \bar y)^2 = 25{,}000$, so $R^2 = 1 - 10{,}400/25{,}000 = 0.584$.
# (scikit-learn has `mean_absolute_error`, `root_mean_squared_error`, `r2_score` and
# `mean_absolute_percentage_error`.)
#
# One large mistake moves the RMSE far more than the MAE. Choose by what a mistake costs: in
# proportion to its size (MAE), or worse than that (RMSE). The choice changes the best guess,
# too: a constant does best on MAE at the median of the targets, on RMSE at their mean. Put
# that constant's score beside yours, as lazy stood beside the network.

# %% [markdown]
# ## Quiz

# %%
quiz("62")

# %% [markdown]
# ## Summary
#
# - Accuracy measures the common class. With 1 % positives, a detector that never speaks has
#   99 %, more than one that halves the cost.
# - Precision: of those flagged, how many are right. Recall: of those sought, how many are
#   found. The threshold trades one for the other.
# - Costs choose the threshold: flag when $p$ times the cost of a miss exceeds the cost of a
#   review. Choose on validation data.
# - ROC and precision–recall show all thresholds. With rare positives the ROC flatters.
# - Look at the mistakes: some cannot be avoided with the features you have.
# - Macro, weighted and micro answer different questions. Over batches, add up counts, then divide.
#
# An hour ago, 99 % sounded good. Now you ask: of what, at which threshold, at what cost?
#
# ## Common mistakes
#
# - **Reporting accuracy on rare events**: compare with lazy.
# - **Keeping 0.5**: it suits only if a false alarm costs as much as a missed positive.
# - **Choosing the threshold on the test set**: the cost there looks too low, by luck.
# - **An ROC area without the share of positives**: 0.9 can mean five false alarms per catch.
# - **One number without its spread**: 147 frauds leave a recall uncertain by several points.
# - **Trusting the probabilities of a weighted network**: divide the odds by the weight first.
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
