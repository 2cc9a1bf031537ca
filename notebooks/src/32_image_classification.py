# ---
# jupyter:
#   dlcourse:
#     title: Image classification
#     subtitle: A digit reader for the post office, from raw images to one honest test
#     minutes: 63
#     further: 12
#     seconds: 40
#     needs: ["23", "31"]
#     backends: [tensorflow]
#     teaching:
#       believe: "tuning on the test set is harmless: nothing is trained on it"
#       stop: "section 6; break and fix"
#       ask: "\"Forty equally good settings: how good is the best?\""
#       stuck: "the broken report: count how often it opens the files"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 32 · Image classification
#
# *A digit reader for the post office, from raw images to one honest test*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/32_image_classification.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/32_image_classification.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/32_image_classification.ipynb)
#
# **Your time:** 63 minutes, and 12 for *Going further* · **The notebook runs in:** about 40 s on two CPU cores · **Before this:** lesson 23, lesson 31

# %% [markdown]
# ## You will be able to
#
# 1. take a classifier from picture files to one honest test: prepare, split, choose on
#    validation pictures, test once  *(sections 2, 5 and 6 · exercises 32.2 and 32.4 · quiz)*
# 2. build a convolutional network within a budget of parameters, and see and narrow the gap
#    between training and validation  *(sections 3 and 4 · exercise 32.1 · quiz)*
# 3. look behind the accuracy: precision, recall, F1, confusion, the worst mistakes
#    *(section 7 · exercises 32.3 and 32.4)*

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
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from PIL import Image
from sklearn.metrics import precision_recall_fscore_support
from sklearn.model_selection import train_test_split

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, record

lesson = dlcourse.start("32", profile=PROFILE, seed=SEED, backends=("tensorflow",))

import keras
from keras import layers

N_VAL = lesson.pick(quick=1000, full=5000)  # pictures to choose by
EPOCHS = lesson.pick(quick=5, full=8)
BATCH = lesson.pick(quick=50, full=128)
RUNS = lesson.pick(quick=2, full=1)  # trainings of each contender
load_digits = lesson.pick(quick=datasets.mnist_5k, full=datasets.mnist)
data = load_digits()
office = tempfile.TemporaryDirectory()  # gone when the kernel stops

# %% [markdown]
# ## 1 · One letter in five
#
# A machine reads the five digits of a postal code. A network like that of many first tutorials,
# trained on today's pictures, reads about 95 % of new digits. If its mistakes fall independently,
# it reads a whole code with probability $0.95^5 = 0.77$: more than one letter in five goes astray.
# At the end of this lesson it is about one in six, on the same test digits. How sure that is,
# you will be able to say, too.
#
# ## 2 · From files to three piles
#
# The digits are real, from MNIST: 4,000 to work with, 1,000 for the test. The folded cell writes them
# to files, in a folder for each digit, as a person labeled them.

# %% tags=["hide-input"]
def write_files(pile, pictures, labels):
    for number, (pixels, label) in enumerate(zip(pictures, labels, strict=True)):
        path = Path(office.name, pile, str(label), f"{number:05}.png")
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)

write_files("work", data.x_train, data.y_train)
write_files("test", data.x_test, data.y_test)
names = [f"work/{label}/\n{k:05}.png" for k, label in enumerate(data.y_train[:16])]
plots.image_grid(data.x_train[:16], names,
                 title="Some you read at once, some you would ask about")
plots.show("Sixteen handwritten digits, each under the name of its folder and file.")

# %% [markdown]
# | pile | for | how often |
# |---|---|---|
# | training | fitting the weights | every step |
# | validation | *your* choices: which network, which settings (*hyperparameters*) | every experiment |
# | test | one number that you may believe | **once**, at the end |
#
# Keras numbers the folders in the order of their names, from 0: here folder 7 gets label 7. `test`
# stays closed for now; `work` is split in two. `stratify` gives both parts the same share of each digit.

# %%
def read_folder(pile):
    """Return pictures (n, 28, 28, 1), from 0 to 1, and their labels (n,)."""
    files = keras.utils.image_dataset_from_directory(
        Path(office.name, pile), color_mode="grayscale", image_size=(28, 28),
        batch_size=100_000, shuffle=False, verbose=False)
    pictures, labels = next(iter(files))  # a single batch: all of them
    return pictures.numpy() / 255, labels.numpy()

x_work, y_work = read_folder("work")
x_train, x_val, y_train, y_val = train_test_split(
    x_work, y_work, test_size=N_VAL, stratify=y_work, random_state=lesson.seed)
print(f"training {x_train.shape}, validation {x_val.shape}")
print("training digits of each kind, 0 to 9:", np.bincount(y_train))

# %% [markdown]
# ## 3 · The classic network, and what goes wrong
#
# One convolution, one pooling, two dense layers.

# %%
def classic_network(filters=16, units=64):
    return keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(filters, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(units, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])

for layer in classic_network().layers:
    name = type(layer).__name__
    shape = str(tuple(layer.output.shape[1:]))  # without the axis of the batch
    print(f"{name:12} → {shape:12} {layer.count_params():7,} parameters")

# %% [markdown]
# The convolution has a weight for each pixel of its 3×3 kernel and a bias, in each of 16 filters:
# (3·3·1 + 1)·16 = 160. Nearly all parameters sit in the dense layer behind `Flatten`, which has a
# weight for each feature *at each place*: (13·13·16 + 1)·64 = 173,120.
#
# Every network of sections 3 and 4 gets the same recipe: the same epochs and batches, and Adam with a
# learning rate that falls to 0 along a cosine (lesson 53). `dlcourse.repeat` trains it twice (in
# `full`, once), each time from new first weights; each training is a row of the table that it
# returns. Its accuracies are measured *after* training; a training curve averages over each epoch
# (lesson 23).

# %%
def compiled(model):
    steps = EPOCHS * int(np.ceil(len(x_train) / BATCH))
    falling = keras.optimizers.schedules.CosineDecay(0.005, steps)
    model.compile(optimizer=keras.optimizers.Adam(falling),
                  loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

def accuracy(model, x, y):
    loss, share_right = model.evaluate(x, y, batch_size=500, verbose=0)
    return share_right

def train(model):
    history = model.fit(x_train, y_train, batch_size=BATCH, epochs=EPOCHS, verbose=0,
                        validation_data=(x_val, y_val), validation_batch_size=500)
    network = compiled(keras.models.clone_model(model))  # repeat reuses model:
    network.set_weights(model.get_weights())  # keep a copy
    network.run_eagerly = True  # called a few times only: not worth compiling
    return {"training": accuracy(model, x_train, y_train),
            "validation": accuracy(model, x_val, y_val),
            "history": history, "network": network}

# %%
classic = {"classic": lambda: compiled(classic_network())}  # builds a new one
results_classic = dlcourse.repeat(RUNS, classic, train)
plots.history_curves(results_classic["history"][0],
                     title="It reads its training digits better than new ones")
plots.show("Training curves end clearly better than those of validation.")
gap = 100 * (results_classic["training"] - results_classic["validation"]).mean()
claim("the classic network reads ≈ {:.1f} points more of the digits it learned from"
      " than of new ones", gap, at_least=lesson.pick(quick=1.5, full=0.2))

# %% [markdown]
# This **gap** says that part of what the network learned holds for its 3,000 training digits only.
# (It has 58 parameters for each.) A gap alone is not yet *overfitting*, where validation loss *rises*
# while training loss still falls (lesson 23).
#
# ## 4 · Two cures for the gap, one after the other
#
# **A second stage.** Convolve and pool once more. `Flatten` then hands on 5×5 places instead of 13×13,
# so far fewer weights lie behind it.
#
# **Augmentation.** Shift each picture a little, anew each time it is shown, and there is less to
# learn by heart (lesson 12). A shifted 7 is still a 7. The layer stands in the model; `fit`
# switches it on, `evaluate` and `predict` off.

# %%
def shifts():  # by up to 7 % of the side, two pixels, in each direction
    return layers.RandomTranslation(
        0.07, 0.07, fill_mode="constant", interpolation="nearest")  # by whole pixels

def two_stage_network(augment=()):  # augment: layers that stand in front, if any
    return keras.Sequential([
        layers.Input((28, 28, 1)), *augment,
        layers.Conv2D(16, 3, activation="relu"),  # 28 → 26 pixels
        layers.MaxPooling2D(),  # 13
        layers.Conv2D(16, 3, activation="relu"),  # 11
        layers.MaxPooling2D(),  # 5
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])

print(f"{two_stage_network().count_params():,} parameters")

# %% tags=["hide-input"]
eight = shifts()(x_train[[0] * 8], training=True)  # (8, 28, 28, 1)
axes = plots.image_grid(keras.ops.convert_to_numpy(eight), columns=8,
                        title="One digit, as eight epochs would show it")
for axis in axes.flat:  # a cross through the middle
    axis.axhline(13.5, color=plots.SKY, lw=1.2)
    axis.axvline(13.5, color=plots.SKY, lw=1.2)
plots.show("A digit eight times, each time shifted a little against a cross behind it.")

# %% [markdown]
# **Predict.** First the second stage, then shifts on top of it. What will each do to the *training*
# accuracy, and what to the validation accuracy?

# %%
cures = {"two stages": lambda: compiled(two_stage_network()),
         "two stages, shifts": lambda: compiled(two_stage_network([shifts()]))}
results_cures = dlcourse.repeat(RUNS, cures, train)
results = pd.concat([results_classic, results_cures], ignore_index=True)

means = results.groupby("contender", sort=False)[["training", "validation"]].mean()
means["gap"] = means["training"] - means["validation"]
claim("the two cures take ≈ {:.1f} points off the gap",
      gap - 100 * means["gap"]["two stages, shifts"],
      at_least=lesson.pick(quick=1, full=0.1))
means.map("≈ {:z.3f}".format)  # three digits; z: no minus before 0.000

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(8, 2.8))
for place, (name, rows) in enumerate(results.groupby("contender", sort=False)):
    ends = 100 * means.loc[name, ["training", "validation"]]
    axis.plot(ends, [place, place], color="0.85", lw=8, zorder=0)
    axis.plot(100 * rows["training"], np.full(len(rows), place), "s", ms=9, mfc="white",
              mec=plots.BLUE, mew=2)
    axis.plot(100 * rows["validation"], np.full(len(rows), place), "o", ms=9,
              mfc=plots.VERMILION, mec="white")
    axis.text(1.02, place, f"gap {ends['training'] - ends['validation']:z.1f} points",
              va="center", transform=axis.get_yaxis_transform())
axis.plot([], [], "s", ms=9, mfc="white", mec=plots.BLUE, mew=2,
          label="training digits")
axis.plot([], [], "o", ms=9, color=plots.VERMILION, label="validation digits")
axis.set(title="Each cure narrows the gap", xlabel="accuracy (%)",
         yticks=range(3), yticklabels=means.index, ylim=(2.5, -0.5))
figure.legend(loc="outside lower center", ncols=2)
plots.show("Training and validation accuracy of three contenders, joined by a bar: the"
           " gap is widest for the classic network and narrowest with both cures.")

# %% [markdown]
# Two stages have a sixth of the parameters, and read more new digits (in nine of ten runs of this
# lesson, each with its own seed). Shifts narrow the gap mostly from the training side: even unshifted,
# the training digits are read less perfectly. That alone helps nobody. What shifts do for *new* digits
# is less than a point, too little to be sure of here. Section 5 says why.
#
# **Exercise 32.1.** The sorting machine's chip has room for 10,000 parameters. Write
# `build_model(side, classes)`, a network for pictures `(side, side, 1)`: two stages, each a 3×3
# convolution without padding, ReLU and 2×2 max-pooling; then `Flatten`, and at once the softmax over
# `classes`. Choose the filters, so that `build_model(28, 10)` fits the chip.
#
# Will it read worse? Guess, then try `train(compiled(build_model(28, 10)))["validation"]`.
#
# <details><summary>Hint 1</summary>Begin like <code>two_stage_network</code>. What changes is the
# input, the filters and the end.</details>
# <details><summary>Hint 2</summary>For 28×28 pictures <code>Flatten</code> hands on 5·5 numbers from
# each map, so the last layer has (5·5·filters + 1)·10 parameters. The second convolution has 3·3
# weights for each pair of a map and a filter. <code>count_params()</code> adds up.</details>

# %% tags=["exercise"]
# Exercise 32.1: a network for the chip.
def build_model(side, classes):
    ...  # your code here

# %%
check("32.1", build_model)

# %% tags=["solution"]
# @title Solution 32.1
def build_model_solution(side, classes):
    return keras.Sequential([
        layers.Input((side, side, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(classes, activation="softmax"),
    ])

check("32.1", build_model_solution)
keras.utils.set_random_seed(lesson.seed)
on_chip = train(compiled(build_model_solution(28, 10)))
print(f"validation accuracy ≈ {on_chip['validation']:.3f}")

# %% [markdown]
# Compare with the table: with less than a quarter of the parameters, this one training comes close to
# the two-stage network. How finely can 1,000 pictures tell?
#
# ## 5 · Choose, and know how finely you can
#
# An accuracy $a$ measured on $n$ pictures has the standard error
#
# $$\mathrm{SE} = \sqrt{a (1 - a) / n}, \qquad
# \text{e.g. } \sqrt{0.98 · 0.02 / 1000} = 0.0044$$
#
# It estimates the standard deviation of one network's accuracy, from one draw of $n$ pictures to the
# next. (The luck of *training* comes on top.) A rule of thumb: a network at most two standard errors
# below the best might win on other pictures.
#
# **Exercise 32.2.** Write `within_luck(accuracies, n)` for an array of accuracies, shape `(k,)`,
# all measured on `n` pictures. Return a boolean array, shape `(k,)`: True for the best, and for
# each that lies at most two standard errors *of the best* below it. Then hand it
# `means["validation"].to_numpy()` and `N_VAL`: who is left?
#
# <details><summary>Hint 1</summary><code>best = accuracies.max()</code>; its standard error
# comes from the formula, with <code>a = best</code>: the root of the whole
# fraction.</details>
# <details><summary>Hint 2</summary>Comparing an array with a number gives a boolean
# array.</details>

# %% tags=["exercise"]
# Exercise 32.2: which contenders can validation not tell from the best?
def within_luck(accuracies, n):
    ...  # your code here

# %%
check("32.2", within_luck)

# %% tags=["solution"]
# @title Solution 32.2
def within_luck_solution(accuracies, n):
    best = accuracies.max()
    return accuracies >= best - 2 * np.sqrt(best * (1 - best) / n)

check("32.2", within_luck_solution)
near = within_luck_solution(means["validation"].to_numpy(), N_VAL)
print("as good as the best, for all we know:", [*means.index[near]])

# %% [markdown]
# Among those left, choose by whatever else matters, size or speed; if nothing does, take the best.
# To resolve a difference four times smaller, you need sixteen times as many pictures.
#
# "I can choose on the test pile, too: I never train on it." **Predict.** Forty settings are *exactly
# equally good*: each reads 98 % of all digits, and each stumbles over other ones. On 1,000 test
# pictures, how good does the best one look?

# %%
rng = np.random.default_rng(lesson.seed)
looks = {}
for n in (1000, 10_000):
    tries = rng.binomial(n, 0.98, size=(2000, 40)) / n  # 2,000 people, 40 settings each
    best_so_far = np.maximum.accumulate(tries, axis=1)  # after 1, 2, ... 40 settings
    looks[n] = pd.Series(100 * best_so_far.mean(axis=0), index=range(1, 41))
claim("on 1,000 pictures, the best of 40 equal settings looks ≈ {:.1f} points too good",
      looks[1000][40] - 98, at_least=0.7)

# %% tags=["hide-input"]
for n, style in ((1000, "-"), (10_000, "--")):
    plt.plot(looks[n], style, color=plots.PURPLE)
    plt.text(40.6, looks[n][40], f"looks like,\non {n:,}\npictures", va="center")
plt.axhline(98, color="black", ls=":"), plt.text(40.6, 98, "really is", va="center")
plt.title("The best of many equals looks better than it is")
plt.gca().set(xlabel="settings tried", ylabel="accuracy of the best (%)", xlim=(0, 40))
plots.show("The best score on 1,000 pictures climbs from 98 % as more settings are"
           " tried, on 10,000 pictures less; the true accuracy stays at 98 %.")

# %% [markdown]
# So choose on one pile, and believe another. (Real networks often stumble over the same digits, so the
# effect is smaller.) We take the kind of network with the best mean on validation, and of its trainings
# the best.
#
# ## 6 · The test, once
#
# The choice is made; open the folder.

# %%
best = means["validation"].idxmax()
trainings = results[results["contender"] == best]
winner = trainings.loc[trainings["validation"].idxmax()]
chosen = winner["network"]

x_test, y_test = read_folder("test")
probabilities = chosen.predict(x_test, batch_size=500, verbose=0)  # (n, 10)
y_pred = probabilities.argmax(axis=1)
found = np.mean(y_pred == y_test)
error = np.sqrt(found * (1 - found) / len(y_test))

print(f"chosen: {best}; validation ≈ {winner['validation']:.4f}")
print(f"test ≈ {found:.4f} ± ≈ {error:.4f}")
print(f"codes of 5 digits: ≈ {found**5:.3f},"
      f" from ≈ {(found - error) ** 5:.3f} to ≈ {(found + error) ** 5:.3f}")
record(data.name, f"{best}, {EPOCHS} epochs", "test accuracy", found)

# %% [markdown]
# Behind ± stands one standard error. For codes, both ends are raised to the fifth power: 0.97 ± 0.0054
# for a digit means 0.835 to 0.883 for a code.
#
# The networks *not* chosen now read the test, too. That is harmless: nothing is chosen afterwards.

# %%
results["test"] = [accuracy(network, x_test, y_test) for network in results["network"]]
final = results.groupby("contender", sort=False)[["validation", "test"]].mean()
final["codes of 5"] = final["test"] ** 5
claim("where the classic network makes 100 mistakes, the chosen kind makes ≈ {:.0f}",
      100 * (1 - final["test"][best]) / (1 - final["test"]["classic"]), at_most=100)
claim("it reads ≈ {:.0f} of 100 postal codes",
      100 * final["codes of 5"][best], at_least=75)
final.map("≈ {:.3f}".format)

# %% [markdown]
# The column of codes keeps the promise of section 1. Is the gain more than luck? With each of ten seeds
# the chosen kind made fewer mistakes than the classic one, but always on these same 1,000 digits, and
# neither got a learning rate of its own. *Going further* asks how sure one test can be.
#
# The chosen network was picked *because* its validation score was the best, so that score tends to
# be too high: **winner's luck** (also *winner's curse*), small after so few tries. (The
# draw of the pictures alone gives the difference between two piles of 1,000 a standard error of about
# 0.8 points. A fall that small needs no other reason.)
#
# ## 7 · What one number hides
#
# A lazy detector says "not an 8" every time. Of 1,000 digits with 100 eights it gets 900 right:
# 90 % accuracy, and not one eight found. So look at one class, and count **TP** (true positives), its
# pictures found; **FP** (false positives), others taken for it; **FN** (false negatives), its
# pictures missed.
#
# $$\text{precision} = \frac{TP}{TP + FP}, \quad
# \text{recall} = \frac{TP}{TP + FN}, \quad
# F_1 = \frac{2 · \text{precision} · \text{recall}}{\text{precision} + \text{recall}}$$
#
# *Of those I called 8, how many are? Of the 8s, how many did I find?* With TP 3, FP 1, FN
# 2: precision 3/4, recall 3/5, $F_1 = 2 · 0.75 · 0.6 / 1.35 = 0.667$.
#
# **Exercise 32.3.** Write `scores(y_true, y_pred, label)`, which returns the three for one
# class. The label occurs in both arrays.
#
# <details><summary>Hint 1</summary><code>(y_true == label) &amp; (y_pred == label)</code>
# is True where both are. The brackets are needed: <code>&amp;</code> binds more tightly than
# <code>==</code>, and <code>and</code> does not work on arrays.</details>
# <details><summary>Hint 2</summary><code>TP + FP</code> is simply how often you predicted
# the label; <code>TP + FN</code>, how often it is true.</details>

# %% tags=["exercise"]
# Exercise 32.3: precision, recall and F1 of one class.
def scores(y_true, y_pred, label):
    ...  # your code here

# %%
check("32.3", scores)

# %% tags=["solution"]
# @title Solution 32.3
def scores_solution(y_true, y_pred, label):
    hits = np.sum((y_true == label) & (y_pred == label))
    precision = hits / np.sum(y_pred == label)
    recall = hits / np.sum(y_true == label)
    return precision, recall, 2 * precision * recall / (precision + recall)

check("32.3", scores_solution)

# %% [markdown]
# In the **confusion matrix** a row holds the pictures of one true class, a column those read as one
# class. TP is on the diagonal; the rest of the row is FN, the rest of the column FP.
#
# **Predict.** The test has 100 pictures of each digit. Are the mistakes spread as evenly?

# %% tags=["hide-input"]
precision, recall, f1, _ = precision_recall_fscore_support(y_test, y_pred)
missed = pd.Series(y_test[y_pred != y_test]).value_counts()
label, most = missed.index[0], missed.iloc[0]
axis = plots.confusion_matrix(y_test, y_pred, data.class_names)
counts = axis.collections[0].get_array().reshape(10, 10)
axis.collections[0].set_clim(0, 2 * (counts - np.diag(np.diag(counts))).max())
for text in axis.texts:
    text.set_visible(text.get_text() != "0")  # an empty field: none
for x, y, width, height in ((0, label, 12, 1), (label, 0, 1, 10)):
    axis.add_patch(plt.Rectangle((x, y), width, height, fill=False, lw=2.5,
                                 ec=plots.VERMILION, clip_on=False, zorder=5))
for x, name, values in ((10.5, "recall", recall), (11.5, "F1", f1)):
    for y, value in enumerate([name, *(f"{v:.2f}" for v in values)]):
        axis.text(x, y - 0.5, value, ha="center", va="center", fontsize=10)
axis.set_xticklabels([f"{k}\n{v:.2f}" for k, v in enumerate(precision)])
axis.set_xlabel("predicted class, and under it its precision")
axis.set_title(f"The {label} is missed most: {most} of {missed.sum()} mistakes", pad=20)
plots.show("Confusion matrix, most on the diagonal; recall and F1 behind each row,"
           " under each column precision. The most missed digit's row is framed.")

# %% [markdown]
# They are not: one row has far more than its tenth. (With each of ten seeds it was the same digit's,
# always on this test.) A single 1 or 2 off the diagonal proves little. Scikit-learn's
# `precision_recall_fscore_support` finds your three numbers for every class at once.
#
# Now the digits with the largest losses $-\ln p$, where $p$ is the probability given to the true class:
# 0.99 costs 0.01, and 0.01 costs 4.6. Read them before you look at the labels.

# %%
p_true = probabilities[np.arange(len(y_test)), y_test]  # one of each row
losses = -np.log(np.maximum(p_true, 1e-7))
worst = losses.argsort()[::-1]  # the largest loss first
names = [f"{y_test[i]}, read {y_pred[i]}\nloss {losses[i]:.1f}" for i in worst[:16]]
plots.image_grid(x_test[worst[:16]], names, title="The sixteen largest losses")
plots.show("The test digits with the largest losses, with true and read label.")
claim("the hardest tenth of the digits carries ≈ {:.0f} % of the whole loss",
      100 * losses[worst[: len(worst) // 10]].sum() / losses.sum(), at_least=80)

# %% [markdown]
# A digit that you read at once shows what the network lacks. Others may be hard for anybody.
#
# ## Break and fix
#
# The office wants a daily report, straight from the folder. A colleague writes it.

# %%
scans = keras.utils.image_dataset_from_directory(
    Path(office.name, "test"), color_mode="grayscale", image_size=(28, 28),
    batch_size=100, seed=lesson.seed, verbose=False)
scans = scans.map(lambda x, y: (x / 255, y))

evaluated = chosen.evaluate(scans, verbose=0)[1]
her_pred = chosen.predict(scans, verbose=0).argmax(axis=1)
her_true = np.concatenate([y for x, y in scans])
reported = np.mean(her_pred == her_true)
print(f"accuracy by evaluate ≈ {evaluated:.3f}, by her report ≈ {reported:.3f}")
claim("for one network and one folder, her report shows ≈ {:.0f} points less than"
      " evaluate", 100 * (evaluated - reported), at_least=80)
plots.confusion_matrix(her_true, her_pred, data.class_names, "Her matrix: no diagonal")
plots.show("Her confusion matrix: about ten pictures in each of its hundred fields.")

# %% [markdown]
# **Exercise 32.4.** `evaluate` agrees with your test, her report does not. Find the cause. Then
# write `answers(model, data)`, which returns `(y_true, y_pred)`, two integer arrays of shape `(n,)`,
# for a data set of batches `(x, y)` such as `scans`.
#
# <details><summary>Hint 1</summary>Are her labels complete? Are her predictions? Count each digit
# in both with <code>np.bincount</code>.</details>
# <details><summary>Hint 2</summary>Run <code>np.concatenate([y for x, y in scans])[:10]</code>
# twice.</details>
# <details><summary>Hint 3</summary>One loop over <code>data</code>; inside, both the labels and
# the predictions of that batch.</details>

# %% tags=["exercise"]
# Exercise 32.4: labels and predictions that belong together.
def answers(model, data):
    ...  # your code here

# %%
check("32.4", answers)

# %% tags=["solution"]
# @title Solution 32.4
def answers_solution(model, data):
    y_true, y_pred = [], []
    for x, y in data:  # once
        outputs = keras.ops.convert_to_numpy(model(x, training=False))
        y_true.append(y)
        y_pred.append(outputs.argmax(axis=1))
    return np.concatenate(y_true), np.concatenate(y_pred)

check("32.4", answers_solution)
pairs = answers_solution(chosen, scans)
print(f"accuracy by the mended report ≈ {np.mean(pairs[0] == pairs[1]):.3f}")

# %% [markdown]
# `image_dataset_from_directory` shuffles unless you forbid it, and anew on *each pass* through the
# data, even with a seed. Her `predict` was one pass, her labels another. `evaluate` gets pictures and
# labels together. Pass once, or read with `shuffle=False`, as section 2 did.
#
# ## Going further: how sure is the gain?
#
# The chosen network and the classic one (of its trainings, also the best on validation) read the same
# digits. So only those digits count on which one is right and the other wrong.

# %%
row = results_classic["validation"].idxmax()
rival = results_classic.loc[row, "network"]
rival_pred = rival.predict(x_test, batch_size=500, verbose=0).argmax(axis=1)
gained = np.sum((y_pred == y_test) & (rival_pred != y_test))
lost = np.sum((y_pred != y_test) & (rival_pred == y_test))
print(f"against the classic network: ≈ {gained} digits gained, ≈ {lost} lost")
print(f"difference: ≈ {gained - lost} ± ≈ {np.sqrt(gained + lost):.1f}")

# %% [markdown]
# Call gained and lost together $m$. If the networks were equally good, each of these digits would fall
# on either side like a coin, and gained minus lost would have the standard deviation $\sqrt m$ (the idea
# of *McNemar's test*). Is your difference larger than two of these? Then it is hardly the luck of
# these digits. If not, 1,000 digits cannot decide. Either way it speaks of these two networks, not of
# every training of their kinds.
#
# ## Going further: let the machine ask
#
# It reads a digit only if its highest probability reaches a threshold; the rest goes to a person. How
# many must it hand over to halve the share of mistakes in what it still reads? Can the slider bring
# them to none?

# %% tags=["hide-input"]
confidence, correct = probabilities.max(axis=1), y_pred == y_test
asked = confidence.argsort()  # the least sure first

def refuse(threshold=0.9):
    figure, (axis, picture) = plt.subplots(1, 2, figsize=(10, 3.4), width_ratios=[3, 2])
    share = np.arange(len(correct)) / len(correct)  # handed over
    kept = np.cumsum(correct[asked][::-1])[::-1] / np.arange(len(correct), 0, -1)
    number = np.sum(confidence < threshold)
    shown = max(len(share) // 4, number + 1)
    axis.plot(100 * share[:shown], 100 * kept[:shown], color=plots.GREEN)
    left = 100 * np.mean(correct[asked[number:]]) if number < len(correct) else 100
    axis.plot(100 * number / len(correct), left, "o", ms=11, color="black")
    axis.set(xlabel="digits handed to a person (%)", xlim=(-0.5, None),
             ylabel="read correctly, of the rest (%)", ylim=(None, 100.2),
             title=f"{number} handed over, {left:.1f} % of the rest right")
    tiles = [np.pad(x_test[i, :, :, 0], 1) for i in asked[:number][:24]]
    tiles += [np.zeros_like(np.pad(x_test[0, :, :, 0], 1))] * (24 - len(tiles))
    picture.imshow(np.block([tiles[i : i + 6] for i in range(0, 24, 6)]))
    picture.set(title="handed over: the least sure", xticks=[], yticks=[])

explore(refuse, alt="Accuracy against the share of digits refused, and refused digits.",
        threshold=(0.1, 0.999, 0.001))

# %% [markdown]
# The first few percent handed over buy most; the mistakes of which the network is *sure* cost the
# most work. (In earnest, choose the threshold on validation pictures.)
#
# ## Going further: read one new picture
#
# A digit from elsewhere, one of scikit-learn's 8×8, as a scanner would deliver it: dark on white
# paper, 60×60. The network has seen only white on black, 28×28, with a margin of about four pixels.
# Bring it there, and add the batch axis.

# %%
raw = datasets.digits()
zero = raw.x_test[raw.y_test == 0][0]  # (8, 8), from 0 to 16
photo = Path(office.name, "photo.png")
paper = Image.fromarray(255 - 15 * zero)  # dark on white
paper.resize((60, 60), Image.Resampling.BICUBIC).save(photo)

scan = keras.utils.load_img(photo, color_mode="grayscale", target_size=(20, 20),
                            interpolation="bilinear")
ink = 1 - keras.utils.img_to_array(scan) / 255  # (20, 20, 1), white on black
ready = np.pad(ink, ((4, 4), (4, 4), (0, 0)))  # a margin: (28, 28, 1)
new = np.stack([ready, 1 - ready])  # a batch of two: the second is not inverted
outputs = chosen.predict(new, verbose=0)  # (2, 10)
plots.image_grid(new, [f"read as {p.argmax()}\n(p = {p.max():.2f})" for p in outputs],
                 columns=2, title="Not inverted, it still names a digit")
plots.show("A zero, white on black and black on white, each with what was read.")

outputs = chosen.predict(1 - x_test, batch_size=500, verbose=0)  # none inverted
share_right = np.mean(outputs.argmax(axis=1) == y_test)
share_sure = np.mean(outputs.max(axis=1) >= 0.9)
print(f"test, not inverted: ≈ {share_right:.0%} right;"
      f" ≈ {share_sure:.0%} read with 0.9 or more")

# %% [markdown]
# The network has never met black on white, but its ten probabilities add up to 1, so it names
# a digit all the same, now and then even the right one. A threshold of 0.9 holds back part
# of such pictures, not all; how many pass it (the last line) differs much from training to training.
# So prevent the mistake: with a layer `Rescaling(1/255)` inside the model, at least the scaling cannot
# be forgotten.
#
# ## Going further: filters and maps
#
# What do the two convolutions make of one digit? Eight of the sixteen filters and maps each; all
# pictures of a row share one gray scale. In the filters, middle gray is 0, white positive, black
# negative. The first maps show the digit through one filter each (lesson 31), black where ReLU
# cuts all off; a map that is black all over has nothing to say about this digit. The second maps are
# coarser and keep parts of it.

# %%
stages = [layer for layer in chosen.layers if isinstance(layer, layers.Conv2D)]
peek = keras.Model(chosen.inputs[0], [layer.output for layer in stages])
outputs = peek(x_test[:1], training=False)  # of both convolutions
maps = [keras.ops.convert_to_numpy(output)[0] for output in outputs]
kernels = keras.ops.convert_to_numpy(stages[0].kernel)[:, :, 0]  # (3, 3, filters)
print("maps:", *[m.shape for m in maps])

# %% tags=["hide-input"]
rows = [("filters", kernels), *((f"maps {i}", m) for i, m in enumerate(maps, 1))]
figure, axes = plt.subplots(len(rows), 9, figsize=(10, 3.6))
for line, (name, stack) in zip(axes, rows, strict=True):
    limit = np.abs(stack).max()
    line[0].text(1, 0.5, name, ha="right", va="center", fontsize=11)
    for axis, picture in zip(line[1:], np.moveaxis(stack, -1, 0), strict=False):
        axis.imshow(picture, cmap="gray", vmax=limit,
                    vmin=-limit if name == "filters" else 0)
for axis in axes.flat:
    axis.axis("off")
figure.suptitle("Most first maps redraw the digit, the second keep coarse parts",
                fontweight="bold", fontsize=12)
plots.show("Eight 3×3 filters, their maps in which the digit is still seen, and eight"
           " coarser maps of the second stage.")

# %% [markdown]
# ## Going further: batch norm and a shortcut, at a glance
#
# **Batch normalization** brings each channel to mean 0 and standard deviation 1 over the batch and
# all places, and then learns a scale and an offset; in use, it takes averages kept from
# training. A **residual block** returns $x + F(x)$: its convolutions $F$ only have to learn what
# to *change*, and with $F = 0$ the block hands on its input. Both help deep networks train. (A
# small $ε$ under the root keeps the deviations just below 1.)

# %%
x = layers.Conv2D(3, 3, use_bias=False)(x_val[:400])  # (400, 26, 26, 3)
norm = layers.BatchNormalization()(x, training=True)
for name, values in {"before": x, "after": norm}.items():
    spread = keras.ops.convert_to_numpy(values).std(axis=(0, 1, 2))
    print(f"{name:6} batch norm, deviations:", *[f"≈ {sd:.2f}" for sd in spread])
change = layers.Conv2D(3, 3, padding="same", kernel_initializer="zeros")
block = layers.Add()([norm, change(norm)])  # x + F(x), here with F = 0
print("the block hands on its input:", bool(keras.ops.all(block == norm)))

# %% [markdown]
# ## Going further: 60,000 digits, and clothes
#
# The network below has four convolutions, batch norm and dropout (lesson 23). In `full` it learns
# from MNIST's 60,000 training digits, less 5,000 for validation, with shifts. Instead of `Flatten` it
# keeps the largest value of each map (**global max-pooling**). A wider one reads clothes. Training
# mirrors some of its pictures, and in use the outputs for a picture and for its mirror image are added
# (*test-time augmentation*).

# %%
def small_network(augment=(), widths=(16, 32, 64, 96)):
    model = keras.Sequential([layers.Input((28, 28, 1)), *augment])
    for width in widths:
        model.add(layers.Conv2D(width, 3, padding="same", use_bias=False))
        if width < widths[-1]:
            model.add(layers.MaxPooling2D())
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
    model.add(layers.GlobalMaxPooling2D())
    model.add(layers.Dropout(0.3))
    model.add(layers.Dense(10, activation="softmax"))
    return model

print(f"{small_network().count_params():,} parameters")

# %%
def long_training(model, x, y, epochs):
    steps = epochs * int(np.ceil(len(x) / 128))
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - steps // 5, warmup_target=0.01, warmup_steps=steps // 5)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    model.fit(x, y, batch_size=128, epochs=epochs, verbose=0)
    return model

if lesson.profile == "full":
    tutorial = classic_network(filters=32, units=128)
    tutorial.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    tutorial.fit(x_train, y_train, batch_size=32, epochs=2, verbose=0)
    small = long_training(small_network([shifts()]), x_train, y_train, 10)
    trained = {"classic, 2 epochs": tutorial, "small, 10 epochs": small}
    for name, model in trained.items():
        record(data.name, name, "test accuracy", accuracy(model, x_test, y_test))
    clothes = datasets.fashion_mnist()
    x = clothes.x_train[..., None] / np.float32(255)  # (n, 28, 28, 1)
    x_t = clothes.x_test[..., None] / np.float32(255)
    tailor = small_network([layers.RandomFlip("horizontal")], widths=(24, 48, 96, 128))
    long_training(tailor, x, clothes.y_train, 14)
    both = tailor.predict(x_t, verbose=0) + tailor.predict(x_t[:, :, ::-1], verbose=0)
    right = np.mean(both.argmax(axis=1) == clothes.y_test)
    record(clothes.name, "small, wider, mirrored, 14 epochs", "test accuracy", right)

# %% [markdown]
# Measured earlier, on two cores (test accuracy in %, mean ± standard deviation; the first row learned
# from all 60,000 digits, and its seconds include reading the test):
#
# | data | network | parameters | trainings | accuracy | seconds |
# |---|---|---|---|---|---|
# | MNIST | classic, 32 filters, 128 units, 2 epochs, batches of 32 | 693,962 | 5 | 98.38 ± 0.08 | 21 |
# | MNIST | `small_network`, shifts, 10 epochs | 80,282 | 3 | 99.52 ± 0.01 | 210 |
# | Fashion-MNIST | wider, mirrored in training and test, 14 epochs | 165,122 | 3 | 93.50 ± 0.07 | 442 |

# %% [markdown]
# ## Quiz

# %%
quiz("32")

# %% [markdown]
# ## Summary
#
# - Train on one pile, choose on the second, open the third once. The best of many scores flatters
#   itself.
# - An accuracy $a$ on $n$ pictures has the standard error $\sqrt{a(1-a)/n}$.
# - A gap between training and validation: part of what was learned holds for the training pictures
#   only. Here a second stage and shifted pictures narrowed it.
# - Precision asks "of those I called 8", recall "of the 8s"; F1 is their harmonic mean.
#
# An hour ago, more than one letter in five went astray. Now it is about one in six, and you can
# say how sure that is.
#
# ## Common mistakes
#
# - **The test set opened often**: the score creeps up, the office gains nothing.
# - **New pictures prepared differently**: not inverted, not scaled.
# - **Labels and predictions from two passes** over shuffled data: accuracy as by guessing.
#
# ## Read more
#
# - Y. LeCun and others (1998), [Gradient-based learning](https://doi.org/10.1109/5.726791): two
#   stages that read bank checks.
# - [Batch normalization](https://arxiv.org/abs/1502.03167), [residual
#   learning](https://arxiv.org/abs/1512.03385),
#   [Fashion-MNIST](https://arxiv.org/abs/1708.07747).
# - [Keras: image data loading](https://keras.io/api/data_loading/image/).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [33 · Object detection](33_object_detection.ipynb). A packing robot must know where a cookie lies, and 94 % right can mean that it sees nothing. **Before:** [31 · Convolution and pooling](31_convolution_and_pooling.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+32%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/33_object_detection.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/31_convolution_and_pooling.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
