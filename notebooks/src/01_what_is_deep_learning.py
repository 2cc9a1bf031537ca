# ---
# jupyter:
#   dlcourse:
#     title: What is deep learning?
#     subtitle: Test a salesman's two promises, and find out when a deep network is worth its price
#     minutes: 60
#     further: 17
#     seconds: 40
#     needs: ["00"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "deep learning always wins, and needs millions of examples"
#       stop: "section 5"
#       ask: "\"Who chose what the program looks at?\" Repeat it for rule, logistic regression and network (2)"
#       stuck: "counting weights (3): one bias per node behind the input, none for the input"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 01 · What is deep learning?
#
# *Test a salesman's two promises, and find out when a deep network is worth its price*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/01_what_is_deep_learning.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/01_what_is_deep_learning.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/01_what_is_deep_learning.ipynb)
#
# **Your time:** 60 minutes, and 17 for *Going further* · **The notebook runs in:** about 40 s on two CPU cores · **Before this:** lesson 00

# %% [markdown]
# ## You will be able to
#
# 1. tell artificial intelligence, machine learning and deep learning apart
#    *(section 2 · exercise 01.1 · quiz)*
# 2. name a network's parts and count its parameters *(section 3 · exercise 01.2)*
# 3. read from a learning curve how many examples it takes *(sections 4 and 5 · exercise 01.3)*
# 4. say when a network has an advantage, and when a simpler model will do
#    *(sections 4 and 5 · exercise 01.3)*
# 5. catch a network that learned the wrong thing *(section 6 · exercise 01.4)*

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
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neighbors import NearestCentroid
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify
from dlcourse.exercises import lesson_01

lesson = dlcourse.start("01", profile=PROFILE, seed=SEED)

import keras
from keras import layers

repeats, starts = lesson.pick(quick=(3, 2), full=(10, 10))  # starts: of the spirals

# %% [markdown]
# ## 1 · Two promises
#
# Two requests lie on your desk. **A**: an archive has a million handwritten digits as pictures and
# wants them typed. For a start, nine of ten right would do. **B**: a clinic has measured the cells
# of 569 tissue samples, 30 numbers each, and wants to know which samples are malignant.
#
# A salesman answers both alike: "Take deep learning. It always beats the old methods. All it needs
# is a million examples with their answers."
#
# Which of the two promises do you believe? In about an hour you will have tested both.

# %%
archive = datasets.mnist_5k()  # MNIST, written by census employees and students
x_all = np.concatenate([archive.x_train, archive.x_test])  # (5000, 28, 28)
x_all = x_all / np.float32(255)  # from 0 (paper) to 1 (ink)
y_all = np.concatenate([archive.y_train, archive.y_test])
clinic = datasets.breast_cancer().frame  # from Wisconsin: 30 numbers and the diagnosis
plots.image_grid(archive.x_test[:8], cmap="gray_r", title="A: which digits are these?")
plots.show("Eight handwritten digits, written by many hands.")
clinic.iloc[17:21, [0, 1, 2, 3, -1]]  # B

# %% [markdown]
# Both sets are real. (You see four rows of B, and five of its 31 columns.)
#
# ## 2 · Three ways to tell a 4 from a 9
#
# Begin with 1,000 fours and nines: 600 for **training**, 400 for the **test**. They often differ
# most at the top, where a 9 has a roof.

# %%
fours_and_nines = np.isin(y_all, [4, 9])  # True for 1,000 of the 5,000

def split(repeat):  # repeat 0, 1, 2, ...: each draws other training pictures
    return train_test_split(x_all[fours_and_nines], y_all[fours_and_nines],
                            train_size=600,
                            random_state=dlcourse.derived_seed(lesson.seed, repeat))

x_train, x_test, y_train, y_test = split(0)  # (600, 28, 28), (400, 28, 28), 4 or 9

# %% [markdown]
# **The first way: you write the rule.** Choose a window of the picture. If it holds more ink than
# a threshold, say 9, otherwise 4.
#
# **Exercise 01.1.** Move the window to where the average 9 has far more ink than the average 4,
# then set the threshold. Be right on at least 80 % of the training pictures, and type your numbers
# into the cell below the sliders.
#
# <details><summary>Hint 1</summary>Look at the roof. There is a small place where the average
# 9 is dark, and a 4 leaves a gap. Make the window no larger than that gap.</details>
# <details><summary>Hint 2</summary>The roof is in rows 6, 7 and 8, so <code>top</code> is 6, and
# <code>bottom</code> is 9: the window ends <i>before</i> row <code>bottom</code>. The gap goes
# from column 13 to 16. In the histogram, put the threshold between the two heaps.</details>

# %% tags=["hide-input"]
def try_rule(top=12, bottom=20, left=8, right=20, threshold=0.2):
    bottom, right = max(bottom, top + 1), max(right, left + 1)  # never an empty window
    ink = x_train[:, top:bottom, left:right].mean((1, 2))
    accuracy = np.mean(np.where(ink > threshold, 9, 4) == y_train)
    figure, axes = plt.subplots(1, 3, figsize=(10, 3.2), width_ratios=[1, 1, 1.5])
    for axis, digit in zip(axes, (4, 9), strict=False):
        axis.imshow(x_train[y_train == digit].mean(0), cmap="gray_r")
        box = plt.Rectangle((left - 0.5, top - 0.5), right - left, bottom - top,
                            fill=False, ec=plots.ORANGE, lw=3)
        axis.add_patch(box)
        axis.set(title=f"all {digit}s, averaged", xlabel="column", ylabel="row")
    bins = np.linspace(0, 1, 31)
    for digit, color, hatch in ((4, plots.VERMILION, "//"), (9, plots.BLUE, "")):
        axes[2].hist(ink[y_train == digit], bins, color=color, hatch=hatch, alpha=0.6,
                     edgecolor="white", label=f"pictures of a {digit}")
    axes[2].axvline(threshold, color="black", ls="--", label="threshold")
    axes[2].set(xlabel="ink in the window (0 to 1)", ylabel="pictures",
                title=f"right on {accuracy:.1%} of training pictures")
    axes[2].legend()

explore(try_rule, alt="The average 4 and 9 with a window, and how much ink is in it.",
        top=(0, 26), bottom=(2, 28), left=(0, 26), right=(2, 28),
        threshold=(0.0, 1.0, 0.02))

# %% tags=["exercise"]
# Exercise 01.1: your window (rows and columns from 0 to 28), and the ink that makes a 9
top = ...
bottom = ...
left = ...
right = ...
threshold = ...

# %%
check("01.1", top, bottom, left, right, threshold, x_train, y_train)

# %% tags=["solution"]
# @title Solution 01.1
check("01.1", 6, 9, 13, 17, 0.4, x_train, y_train)

# %% [markdown]
# **The second way: examples set the numbers.** **Logistic regression** gives each of the 784 pixels
# a weight, adds up ink times weight, and says 9 if the sum is above a threshold. `fit` finds the
# weights and the threshold that suit the training pictures; `C` says how freely the weights may
# grow.

# %%
def flat(pictures):
    return pictures.reshape(len(pictures), 784)  # 28 rows of 28, laid end to end

def rule_by_hand(pictures):
    ink = pictures[:, 6:9, 13:17].mean(axis=(1, 2))  # in the window of each picture
    return np.where(ink > 0.4, 9, 4)

linear = LogisticRegression(C=50 / 600)
linear.fit(flat(x_train), y_train)
lesson_01.draw_weights(linear.coef_.reshape(28, 28))
plots.show("A 28 by 28 map of weights, strongly positive inside the box of our rule;"
           " other strong weights, of both signs, lie around it.")

# %% [markdown]
# From examples alone, the largest weights (dark blue) landed in our window. But each pixel still
# counts by itself, whatever is beside it.
#
# **The third way: examples also choose what to look at.** A **deep network** computes new numbers
# from the pixels, its **features**, new ones from those, and decides at the end. (The ink in our
# window was a feature made by hand.) Ours is **convolutional**, a CNN: its first layers look at
# small squares of the picture (lesson 31). Here read only the comments, which say what each layer
# hands on; `sigmoid` comes in section 3.

# %%
def feature_layers():
    return [
        keras.Input((28, 28)),
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(8, 5, strides=2, activation="relu"),  # 5 × 5 pixels → (12, 12, 8)
        layers.Conv2D(16, 3, activation="relu"),  # 3 × 3 of these → (10, 10, 16)
        layers.MaxPooling2D(2),  # → (5, 5, 16)
        layers.Flatten(),  # → 400 numbers
        layers.Dense(32, activation="relu"),  # → 32 features of the whole picture
    ]

def build_cnn():
    model = keras.Sequential(feature_layers())
    model.add(layers.Dense(1, activation="sigmoid"))  # 0 to 1: how probable is a 9?
    model.compile(keras.optimizers.Adam(learning_rate=0.005), "binary_crossentropy",
                  metrics=["accuracy"])
    return model

# %% [markdown]
# One split can be luck, so take five. `dlcourse.repeat` is a loop: five times it builds the
# network anew and calls `three_ways(cnn, repeat)`, which tests all three ways on one split.
# `fit_epochs` stands for `cnn.fit(..., epochs=8, batch_size=40)`, made faster: each training
# picture comes eight times, and after every *batch* of 40 pictures the weights are corrected.
# (`learning_rate` says how much.)

# %%
fit_epochs = lesson_01.fit_epochs
fast = {"steps_at_once": 8, "reseed": False}  # for dlcourse.repeat, only for speed

def three_ways(cnn, repeat):
    x_train, x_test, y_train, y_test = split(repeat)
    fit_epochs(cnn, x_train, y_train == 9, epochs=8)
    loss, accuracy = cnn.evaluate(x_test, y_test == 9, verbose=0)
    regression = LogisticRegression(C=50 / 600).fit(flat(x_train), y_train)
    return {
        "rule by hand": np.mean(rule_by_hand(x_test) == y_test),  # chosen on split 0
        "logistic regression": regression.score(flat(x_test), y_test),
        "deep network": accuracy,
    }

accuracies = dlcourse.repeat(5, build_cnn, three_ways, **fast)
wrong = 100 * (1 - accuracies.drop(columns=["contender", "repeat"]))  # of 100 pictures
mean = wrong.mean()
claim("of 100 test pictures logistic regression gets ≈ {:.1f} more right than the rule",
      mean["rule by hand"] - mean["logistic regression"], at_least=3)
claim("and the deep network ≈ {:.1f} more than logistic regression",
      mean["logistic regression"] - mean["deep network"], at_least=0.5)

# %% tags=["hide-input"]
lesson_01.draw_fields(wrong)
plots.show("Three nested fields; and mistakes on test pictures: on average most for the"
           " rule, fewest for the deep network.")

# %% [markdown]
# Dots at the same height within their bars are the same split. In the stored run all five agree on
# the order, but not on the gaps. (In one of five other splits, the network made more mistakes than
# regression. And all splits deal out the same 1,000 pictures.)
#
# **Artificial intelligence** (AI) is any program that does what seems to need intelligence, such as
# our rule. In **machine learning** (ML), examples set the numbers. Logistic regression weighs only
# what it is handed, here pixels. In **deep learning** (DL), networks make features from features,
# and examples set these, too.
#
# ## 3 · What a network is made of
#
# A small network, at work on 1, 2 and 0:

# %% tags=["hide-input"]
lesson_01.draw_network()
plots.show("Three input nodes with 1, 2, 0, four hidden, one output, every node joined"
           " to all of the next layer; 0.5, −1, 2 lead to the first hidden node.")

# %% [markdown]
# A network is **nodes** (*neurons*, *units*) in **layers**. The **input layer** is the data, the
# **output layer** the answer. Layers in between are **hidden**: nobody says what their numbers
# should be. With one hidden layer a network is **shallow**, with more it is **deep**.
#
# Each line is a **weight**. Follow the black lines: the node at their end multiplies every input
# $x_i$ by the weight $w_i$ of its line, adds all up, and adds a number of its own, its **bias** $b$:
#
# $$z = \sum_i w_i x_i + b = 0.5 \cdot 1 + (-1) \cdot 2 + 2 \cdot 0 + 1 = -0.5$$
#
# A hidden node then applies an **activation**, here ReLU: a negative sum becomes 0, a positive one
# stays. So this node hands on 0. An output node for yes or no applies **sigmoid**,
# $1 / (1 + e^{-z})$, and we read the result as a probability: 0.5 for $z = 0$, almost 1 for a large
# $z$, almost 0 for a very negative one.
# **Logistic regression is one such output node**. (*Going further* computes it as one.)
#
# Weights and biases are the **parameters**: the numbers that training sets.
#
# **Exercise 01.2.** The network in the drawing, `[3, 4, 1]`, has 12 weights, 4 biases, 4 weights
# and 1 bias: 21 parameters. How many has `[784, 32, 1]`, for our pictures?
#
# <details><summary>Hint 1</summary>Between two neighboring layers of a and b nodes there are
# a · b lines. Each of the b nodes has one bias.</details>
# <details><summary>Hint 2</summary>Two pairs of neighbors: 784 and 32, then 32 and 1. Add
# a · b + b for each.</details>

# %% tags=["exercise"]
# Exercise 01.2: all weights and biases of the network [784, 32, 1]
parameters = ...

# %%
check("01.2", parameters)

# %% tags=["solution"]
# @title Solution 01.2
parameters_solution = (784 * 32 + 32) + (32 * 1 + 1)
check("01.2", parameters_solution)

# %% [markdown]
# ## 4 · How many examples does it take?
#
# Now all ten digits: train on 40, 120, 360 or 1,080 pictures, test on 1,000 others, three times.
# Our rule knows only 4 and 9; two models replace it. A **random forest** is 100 trees of yes-or-no
# questions about pixels, each grown on a random draw of the data. The trees vote. A
# **support vector machine** (SVM) compares a picture with those training pictures that lie nearest
# to the borders between digits.
#
# **Predict.** Draw the **learning curves**: the accuracy of each model from 40 to 1,080 pictures.
# Who leads at 40? At 1,080?

# %%
# Training pictures: epochs of the CNN. These, C and the CNN itself were tried out
# beforehand on pictures put aside (not shuffled ones).
EPOCHS = {40: 20, 120: 20, 360: 20, 1080: 12}
x_pool, y_pool = x_all[:4000], y_all[:4000]  # to train on
x_exam, y_exam = x_all[4000:], y_all[4000:]  # the 1,000 others, for the test

def build_reader():  # the CNN of section 2, with ten answers
    model = keras.Sequential(feature_layers())
    model.add(layers.Dense(10, activation="softmax"))  # how probable is each digit?
    model.compile(keras.optimizers.Adam(learning_rate=0.005),
                  "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [markdown]
# `four_models` trains all four on the same `n` pictures. `partial(four_models, n=40)` is this
# function with `n` fixed at 40. So `repeat` gets a network and its training for each `n`.

# %%
def four_models(cnn, repeat, n, x=x_pool, x_new=x_exam):
    rng = np.random.default_rng([lesson.seed, repeat])
    rows = rng.permutation(4000)[:n]  # other pictures in each repeat
    x_train, y_train = x[rows], y_pool[rows]
    fit_epochs(cnn, x_train, y_train, epochs=EPOCHS[n])
    loss, accuracy = cnn.evaluate(x_new, y_exam, verbose=0)
    regression = LogisticRegression(C=50 / n, tol=0.005).fit(flat(x_train), y_train)
    forest = RandomForestClassifier(random_state=repeat).fit(flat(x_train), y_train)
    svm = SVC(C=10).fit(flat(x_train), y_train)
    return {
        "logistic regression": regression.score(flat(x_new), y_exam),
        "random forest": forest.score(flat(x_new), y_exam),
        "SVM": svm.score(flat(x_new), y_exam),
        "CNN": accuracy,
    }

# %%
networks = {n: build_reader for n in EPOCHS}
trainings = {n: partial(four_models, n=n) for n in EPOCHS}
runs = dlcourse.repeat(repeats, networks, trainings, **fast)

# a row for each training, a column for each model
curves = runs.drop(columns="repeat").set_index("contender").rename_axis("pictures")
means = curves.groupby("pictures").mean()
lead = means["CNN"] - means[["logistic regression", "random forest"]].max(axis=1)
claim("with 360 the CNN leads regression and forest by ≈ {:.2f}", lead[360],
      at_least=0.005)
claim("with 1,080 by ≈ {:.3f}", lead[1080], at_least=0.01)
means.map("≈ {:.3f}".format)

# %% tags=["hide-input"]
lesson_01.draw_curves(curves)
plots.show("Accuracy against number of training pictures for four models: widely spread"
           " at 40; at 360 and 1,080 CNN and SVM on top.")

# %% [markdown]
# So the second promise is wrong for request A: the CNN read nine of ten after 360 pictures, the SVM
# after 1,080. (Trying out settings took other pictures, not counted here. What a million would add,
# we did not measure.)
#
# From 120 on, the CNN has the highest mean here, the SVM close behind. At 40 and 120 the runs overlap,
# and three cannot settle it. But in each of ten such experiments, on other pictures, regression had the
# highest mean at 40, and the CNN at 360 and 1,080.
#
# Why the CNN? A guess: it is *built* for pictures. Its first layers look at small squares, as if
# neighboring pixels belonged together. The others see 784 columns of a table, in any order. Such an
# assumption about the world is called a **prior** (or inductive bias, not the bias of a node). Where
# it holds, it can save examples. Is it the neighbors? *Going further* takes them away.
#
# ## 5 · When a simple model is enough
#
# Request B: 30 measurements a sample, in columns whose order means nothing.
#
# **Predict** who is most accurate: logistic regression, a forest or a network with two hidden
# layers. In each of five splits, 400 samples are for training and 169 for the test.

# %%
x_clinic = clinic.drop(columns="diagnosis").to_numpy()  # (569, 30)
y_clinic = (clinic["diagnosis"] == "malignant").to_numpy().astype(int)  # 0 or 1

def build_network():
    model = keras.Sequential([
        keras.Input((30,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(1, activation="sigmoid"),  # how probably malignant?
    ])
    model.compile(keras.optimizers.Adam(learning_rate=0.005), "binary_crossentropy",
                  metrics=["accuracy"])
    return model

# %%
def three_models(network, repeat):
    seed = dlcourse.derived_seed(lesson.seed, "clinic", repeat)
    # stratify: the same share of malignant samples in both parts
    x_train, x_test, y_train, y_test = train_test_split(
        x_clinic, y_clinic, train_size=400, stratify=y_clinic, random_state=seed)
    scaler = StandardScaler().fit(x_train)  # every column to mean 0 and spread 1
    x_train = scaler.transform(x_train)
    x_test = scaler.transform(x_test)
    fit_epochs(network, x_train, y_train, epochs=12)
    loss, accuracy = network.evaluate(x_test, y_test, verbose=0)
    regression = LogisticRegression(C=50 / 400).fit(x_train, y_train)
    forest = RandomForestClassifier(random_state=repeat).fit(x_train, y_train)
    return {
        "logistic regression": regression.score(x_test, y_test),
        "random forest": forest.score(x_test, y_test),
        "network": accuracy,
    }

results = dlcourse.repeat(5, build_network, three_models, **fast)
results = results.drop(columns=["contender", "repeat"])
results.mean().to_frame("mean accuracy").map("≈ {:.3f}".format)

# %% tags=["hide-input"]
lesson_01.draw_clinic(results)
plots.show("Accuracy of three models on the table, five dots each, joined by split: the"
           " groups overlap, and the lines lean both ways.")

# %% [markdown]
# The first promise is wrong, too. On this one table our network showed no gain: logistic regression
# did as well, with 31 parameters against 2,081. (In ten such experiments the network's mean was ahead
# four times, regression's six.) But accuracy counts a missed cancer like a false alarm: see lesson 62.
#
# **Exercise 01.3.** Request C: tell ill leaves from healthy ones. A labeled photograph costs €1,
# training a CNN €50; training logistic regression is free. Suppose trials gave these accuracies:
#
# | labeled photographs | 100 | 300 | 1,000 | 3,000 |
# |---|---|---|---|---|
# | logistic regression | 0.71 | 0.79 | 0.84 | 0.86 |
# | CNN | 0.66 | 0.82 | 0.91 | 0.95 |
#
# What does the cheapest way in the table to 90 % cost, photographs and training together? And to
# 70 %? Then the pixels of all photographs, old and new, move to random new places, the same in every
# photograph. Which accuracy do you expect of logistic regression, trained on 1,000 such pictures?
#
# <details><summary>Hint 1</summary>In each row, take the first number that reaches the target.
# Add the photographs and the training, and compare the two rows.</details>
# <details><summary>Hint 2</summary>Logistic regression gives each pixel a weight, whatever is
# beside it. Is anything gone that it uses?</details>

# %% tags=["exercise"]
# Exercise 01.3: two sums in euros, and an accuracy
cost_for_90 = ...
cost_for_70 = ...
after_shuffling = ...

# %%
check("01.3", cost_for_90, cost_for_70, after_shuffling)

# %% tags=["solution"]
# @title Solution 01.3
# 90 %: only the CNN, from 1,000 on. 70 %: logistic regression with 100, trained for
# nothing; the CNN would need 300. Shuffling takes nothing from logistic regression.
check("01.3", 1000 + 50, 100, 0.84)

# %% [markdown]
# ## 6 · Break and fix
#
# The archive has started without you: it scanned the fours on Monday, the nines on Tuesday
# (`archive_scans` plays the scanner: don't look inside yet). A CNN was trained on 600 scans and
# tested on 400. Then it went to work on another day: here, on our 400 test pictures.

# %%
x_scan = lesson_01.archive_scans(x_train, y_train)
x_scan_test = lesson_01.archive_scans(x_test, y_test)
cnn = build_cnn()
initial_weights = cnn.get_weights()  # for later: as they are before training
fit_epochs(cnn, x_scan, y_train == 9, epochs=6)
loss, own = cnn.evaluate(x_scan_test, y_test == 9, verbose=0)
loss, at_work = cnn.evaluate(x_test, y_test == 9, verbose=0)
print(f"own test ≈ {own:.3f}, at work ≈ {at_work:.3f}")
claim("from its own test to its work it loses ≈ {:.2f}", own - at_work, at_least=0.1)

some_fours = x_scan[y_train == 4][:4]
some_nines = x_scan[y_train == 9][:4]
plots.image_grid(np.concatenate([some_fours, some_nines]), cmap="gray_r",
                 title="The scans look perfectly fine")
plots.show("Scans of four 4s and four 9s; nothing unusual can be seen.")

# %% [markdown]
# Perfect in its own test, far worse at work: in the stored run no better than tossing a coin. Would
# more scans from these two days help? The pictures look fine, but `imshow` paints the smallest value
# white and the largest black, whatever they are. Look at the *numbers*.
#
# **Exercise 01.4.** Find what gives the nines away, and write `clean(pictures)`. It gets scans of
# shape `(n, 28, 28)`, and returns them so that the paper is 0 in every single one, with the
# differences between pixels unchanged.
#
# <details><summary>Hint 1</summary>Compare <code>x_scan[y_train == 4].min()</code> and
# <code>x_scan[y_train == 9].min()</code>. On Tuesday the lamp of the scanner was
# weaker, and everything came out darker.</details>
# <details><summary>Hint 2</summary>The paper is the smallest value of a picture. You need it for
# each picture by itself: <code>.min(axis=(1, 2))</code> gives n numbers.</details>
# <details><summary>Hint 3</summary>To subtract n numbers from n pictures, keep the two axes:
# <code>.min(axis=(1, 2), keepdims=True)</code> has shape <code>(n, 1, 1)</code>.</details>

# %% tags=["exercise"]
# Exercise 01.4: the paper becomes 0 in every picture.
def clean(pictures):
    ...  # your code here

# %%
check("01.4", clean)

# %% tags=["solution"]
# @title Solution 01.4
def clean_solution(pictures):
    return pictures - pictures.min(axis=(1, 2), keepdims=True)
check("01.4", clean_solution)
cnn.set_weights(initial_weights)
fit_epochs(cnn, clean_solution(x_scan), y_train == 9, epochs=8)
loss, at_work = cnn.evaluate(clean_solution(x_test), y_test == 9, verbose=0)
print(f"trained on clean scans, at work ≈ {at_work:.3f}")

# %% [markdown]
# More scans from those days would hardly have helped: their paper gives the nines away, too. The
# test set, of the same two days, was no protection. **Test where the network will work.**
#
# ## Your answer to the salesman
#
# *"For A start with a thousand digits, add while the curve climbs, and compare a network with an
# SVM. For B take logistic regression. Test both where they will work."*
#
# Deep networks also cost more: training usually takes longer, large ones want GPUs, and the largest
# have learned from billions of examples. And they are opaque: a pixel passes through many weights
# and layers. So **no deep learning** if a simpler model does as well, or if you must explain exactly
# how the model decides. And use no model that you cannot test.

# %% [markdown]
# ## Quiz

# %%
quiz("01")

# %% [markdown]
# ## Summary
#
# - AI ⊃ ML ⊃ DL: rules by hand; numbers from examples; features from examples, too.
# - From 360 digits on the CNN led, an SVM close behind. A fitting prior can save examples.
# - On the table a simple model was as good. A perfect test on the wrong data proves nothing.
#
# An hour ago you had two promises. Now you can test such promises.
#
# ## Common mistakes
#
# - "We have no big data": draw your learning curve first.
# - "It has 98 %!": ask what a simple model has, on several splits.
#
# ## Read more
#
# - [Sanderson, *Neural networks*](https://www.3blue1brown.com/topics/neural-networks), animated
# - [Goodfellow and others, *Deep Learning*, chapter 1](https://www.deeplearningbook.org/contents/intro.html)

# %% [markdown]
# ## Going further: where the advantage comes from
#
# Is a CNN just the stronger learner? Move all 784 pixels to random new places, **the same in
# every picture**. No number is lost; only the neighbors are gone.
#
# **Predict.** All four train on 360 shuffled pictures and read shuffled ones. Who loses accuracy?

# %%
shuffle = np.random.default_rng([lesson.seed, 6]).permutation(784)

def shuffled(pictures):
    return flat(pictures)[:, shuffle].reshape(-1, 28, 28)

x_shuffled = shuffled(x_pool)
x_exam_shuffled = shuffled(x_exam)
train_shuffled = partial(four_models, n=360, x=x_shuffled, x_new=x_exam_shuffled)
after = dlcourse.repeat(repeats, build_reader, train_shuffled, **fast)
lost = means.loc[360] - after[list(curves)].mean()  # accuracy, for each model
claim("shuffling costs the CNN ≈ {:.3f} of its accuracy", lost["CNN"], at_least=0.025)
others = lost.drop("CNN").abs().max()
claim("and changes that of the others by at most ≈ {:.3f}", others, at_most=0.02)

# %% tags=["hide-input"]
lesson_01.draw_shuffled(x_exam[0], x_exam_shuffled[0], curves.loc[360], after)
plots.show("A digit and the same digit with its pixels dealt out anew; accuracy falls"
           " for the CNN, its mean below all others; theirs hardly changes.")

# %% [markdown]
# The others never knew which pixels are neighbors. (Forests draw pixels at random, so they vary a
# little.) The CNN was built for neighbors, and without them its lead is gone. So the prior saved
# examples: shuffled, the CNN needs 360 pictures for little more than it reached with 120. Its mean
# was the lowest, here and in eleven of twelve more experiments; in the twelfth the forest was level.
# (Its settings were not tried out anew for shuffled pictures.)
#
# ## Going further: does a simple model confess?
#
# Logistic regression is one output node. So compute its $z$ and the sigmoid as in section 3, and
# compare with scikit-learn's own probability. If they agree, each weight only multiplies the ink of
# its pixel. Train another one on the scans of section 6, and look at its weight for the corner,
# where there is only paper:

# %%
x = flat(x_test)[0]  # the 784 pixels of a test picture
w = linear.coef_[0]  # 784 weights
b = linear.intercept_[0]
z = np.sum(w * x) + b
probability = 1 / (1 + np.exp(-z))
by_sklearn = linear.predict_proba(flat(x_test))[0, 1]  # "probably a 9"
print(f"as a node ≈ {probability:.4f}, by scikit-learn ≈ {by_sklearn:.4f}")
verify("they agree", abs(probability - by_sklearn), at_most=1e-4)

fooled = LogisticRegression(C=50 / 600)
fooled.fit(flat(x_scan), y_train)
print(f"trained on scans, at work ≈ {fooled.score(flat(x_test), y_test):.3f}")
print(f"the corner's weight from clean pictures ≈ {linear.coef_[0, 0]:.3f}")
print(f"the corner's weight from the scans ≈ {fooled.coef_[0, 0]:.3f}")

# %% [markdown]
# It was fooled, too, but it confesses: it looks at the paper. The CNN has no weight for the corner
# alone. Such cues are found in real work: in three of five comparisons, networks that looked for
# pneumonia did worse on X-ray pictures from other hospitals, and they could tell from a picture
# which hospital it came from
# ([Zech and others, 2018](https://doi.org/10.1371/journal.pmed.1002683)).
#
# ## Going further: what the last hidden layer sees
#
# The CNN turns 784 pixels into 32 features, its last hidden layer, and decides from these alone.
# Are they a better description of a 4 or a 9? **Principal component analysis** (PCA) lays many
# numbers flat: it finds the plane in which the pictures are spread out most. It is not told
# the digits.
#
# **Predict.** Three planes: of the raw pixels, of the 32 features before training (random weights),
# and of those after training. In which are 4s and 9s apart? As a measure, each test picture gets
# the digit whose center, the mean of its training pictures, is nearer.

# %%
def last_hidden(model, pictures):
    features = keras.Model(model.inputs[0], model.layers[-2].output)
    return keras.ops.convert_to_numpy(features(pictures))  # (n, 32)

cnn.set_weights(initial_weights)
views = {"raw pixels": (flat(x_train), flat(x_test)),
         "untrained": (last_hidden(cnn, x_train), last_hidden(cnn, x_test))}
fit_epochs(cnn, x_train, y_train == 9, epochs=8)
views["trained"] = (last_hidden(cnn, x_train), last_hidden(cnn, x_test))
planes = {}
apart = {}
for name, (view_train, view_test) in views.items():
    pca = PCA(2).fit(view_train)
    planes[name] = pca.transform(view_test)  # (400, 2)
    nearest = NearestCentroid().fit(pca.transform(view_train), y_train)
    apart[name] = nearest.score(planes[name], y_test)
    regression = LogisticRegression(max_iter=2000).fit(view_train, y_train)
    print(f"{name:11} in the plane ≈ {apart[name]:.2f}, from all its numbers"
          f" ≈ {regression.score(view_test, y_test):.2f}")
claim("of 100 test pictures the trained plane gets ≈ {:.0f} more right than pixels do",
      100 * (apart["trained"] - apart["raw pixels"]), at_least=15)
lesson_01.draw_planes(planes, y_test)
plots.show("4s and 9s in a plane: mixed for pixels and untrained, apart for trained.")

# %% [markdown]
# A plane shows only a part. So logistic regression also judged from *all* the numbers: in this one
# training, the untrained features tell least, the pixels more, the trained features most. Training
# also made 4 or 9 the main difference between the pictures' features. This is **representation
# learning**: to learn a description in which the question is easy.
#
# ## Going further: does depth pay?
#
# Give three networks the same budget of about 1,200 parameters, and spend it in one, two or three
# hidden layers. The task is made up, and hard on purpose: two spirals, wound around
# each other twice (`spiral`, in `dlcourse/exercises/lesson_01.py`). Blind guessing gets one half.
#
# Each network sees 30,000 points in batches of 60: 500 corrections of its weights (**steps**) a
# round. After each of two rounds it is asked about 1,000 new points. `dlcourse.repeat`
# trains each from more than one random start; its last two arguments save time.
#
# **Predict.** Who is ahead after 500 steps? And after 1,000?

# %%
def build_dense(hidden_sizes):
    model = keras.Sequential([keras.Input((2,))])
    for size in hidden_sizes:
        model.add(layers.Dense(size, activation="relu"))
    model.add(layers.Dense(1, activation="sigmoid"))  # how probable is arm 1?
    model.compile(keras.optimizers.Adam(learning_rate=0.005), "binary_crossentropy")
    return model

builders = {
    "1 hidden layer": partial(build_dense, [312]),
    "2 hidden layers": partial(build_dense, [33, 33]),
    "3 hidden layers": partial(build_dense, [23, 23, 23]),
}

# %%
rng = np.random.default_rng([lesson.seed, 5])
x_spiral, y_spiral = lesson_01.spiral(30_000, rng)
x_new, y_new = lesson_01.spiral(1000, rng)

def two_rounds(model):
    result = {"parameters": model.count_params()}
    for steps in (500, 1000):
        model.fit(x_spiral, y_spiral, batch_size=60, verbose=0)
        probability = keras.ops.convert_to_numpy(model(x_new))[:, 0]  # (1000,)
        result[steps] = np.mean((probability > 0.5) == y_new)  # accuracy
    return result

depth = dlcourse.repeat(starts, builders, two_rounds, steps_at_once=50, reseed=False)
print(depth.groupby("contender")["parameters"].first().to_dict())
mean = depth.groupby("contender")[[500, 1000]].mean()
lead = mean.loc["3 hidden layers"] - mean.loc["1 hidden layer"]
claim("after 500 steps three hidden layers are ahead of one by ≈ {:.2f}", lead[500],
      at_least=0.1)
claim("after 1,000 steps only by ≈ {:.3f}", lead[1000], at_most=0.08)
mean.map("≈ {:.3f}".format)

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), width_ratios=[1, 1.5])
for arm, marker, color in ((0, "o", plots.VERMILION), (1, "^", plots.BLUE)):
    left.scatter(*x_new[y_new == arm].T, marker=marker, color=color, s=8)
left.set(title="Which arm?", xlabel="feature 1", ylabel="feature 2", aspect="equal")
looks = zip(builders, ("o-", "s--", "^:"), ("gray", "0.35", "black"), strict=True)
for shift, (name, style, color) in zip((-10, 0, 10), looks, strict=True):
    runs_of_one = depth.loc[depth["contender"] == name, [500, 1000]]
    for _, run in runs_of_one.iterrows():
        right.plot(run.index + shift, run, style[0], color=color, mfc="none", ms=8)
    right.plot(mean.columns, mean.loc[name], style[1:], color=color)
    right.plot([], [], style, color=color, mfc="none", label=name)
right.set(xlabel="training steps", ylabel="accuracy on new points", ylim=(0.68, 1.02),
          xticks=[500, 1000], title="Equal parameters: depth learns sooner")
right.legend(loc="lower right")
plots.show("Two wound arms; accuracy against steps: near 1 at once with two or three"
           " hidden layers, far lower at first with one.")

# %% [markdown]
# Here depth paid: after 500 steps three layers were further than one layer after 1,000, and two
# layers about as far. (One task, one learning rate, and in *quick* two random starts each.) But the
# shallow network is not unable. It is slow, and with more steps all three were near 1 in our
# trials. **Try it**: set `turns=3` for both calls of `spiral` and look again. A common explanation
# is that later layers build on what earlier ones found. Here that is a guess: we measured that
# depth helped, not why.
#
# ## Going further: eighty years in one picture
#
# Neural networks nearly went out of use twice. In 1969 a book showed what a network without learned
# hidden layers cannot do; about then money went elsewhere. In the 1990s other methods, SVMs among
# them, did as well with less work. What helped around 2012 were large labeled sets and **GPUs**,
# graphics chips that multiply thousands of numbers at once.

# %% tags=["hide-input"]
lesson_01.draw_timeline()
plots.show("A timeline of twenty events from 1943 to 2024, eight of them after 2009,"
           " and of two setbacks, from 1969 to 1986 and from 1995 to 2006.")

# %% [markdown]
# Sources: [McCulloch and Pitts 1943](https://doi.org/10.1007/BF02478259) ·
# [Rosenblatt 1958](https://doi.org/10.1037/h0042519) (a report of 1957 came first) · Minsky and
# Papert, *Perceptrons* (1969) · [Linnainmaa's thesis of 1970 and Werbos's of
# 1974, as Schmidhuber tells it](https://people.idsia.ch/~juergen/who-invented-backpropagation.html) · [Hopfield 1982](https://doi.org/10.1073/pnas.79.8.2554) · [Rumelhart, Hinton
# and Williams 1986](https://doi.org/10.1038/323533a0) · [LeCun and others
# 1989](https://doi.org/10.1162/neco.1989.1.4.541) and [1998](https://doi.org/10.1109/5.726791) ·
# [Hochreiter and Schmidhuber 1997](https://doi.org/10.1162/neco.1997.9.8.1735) · [Hinton and
# others 2006](https://doi.org/10.1162/neco.2006.18.7.1527) · [ImageNet
# 2009](https://doi.org/10.1109/CVPR.2009.5206848) · [AlexNet
# 2012, reprinted 2017](https://doi.org/10.1145/3065386) · [GAN 2014](https://arxiv.org/abs/1406.2661) · [ResNet
# 2015](https://arxiv.org/abs/1512.03385) · [AlphaGo, paper of January 2016](https://doi.org/10.1038/nature16961), the match with [Lee
# Sedol in March](https://en.wikipedia.org/wiki/AlphaGo_versus_Lee_Sedol) ·
# [Transformer 2017](https://arxiv.org/abs/1706.03762) · [GPT-3
# 2020](https://arxiv.org/abs/2005.14165) · [diffusion 2020](https://arxiv.org/abs/2006.11239) ·
# [AlphaFold 2, shown 2020, published 2021](https://doi.org/10.1038/s41586-021-03819-2) ·
# [ChatGPT, 30 November 2022](https://openai.com/index/chatgpt/) · Nobel prizes 2024 in
# [physics](https://www.nobelprize.org/prizes/physics/2024/summary/) (Hopfield, Hinton) and
# [chemistry](https://www.nobelprize.org/prizes/chemistry/2024/summary/) (Baker; Hassabis and
# Jumper for AlphaFold) · the second setback: Goodfellow and others, chapter 1 (there until 2007).

# %% [markdown]
# ## Going further: where it is used
#
# | field | an example | tools for it in |
# |---|---|---|
# | vision | finding a fault on a weld | lessons 31, 32 and 33 |
# | medicine | shadows in an X-ray picture | lessons 32 and 62 |
# | maintenance | a pump that will fail | lesson 62 |
# | energy, finance | tomorrow's demand | lessons 41 and 42 |
# | tables | prices, risks | lessons 11, 23 and 61 |
# | language | is this review friendly? | lesson 43 |
# | language | GPT: the next word, again and again | lessons 44 and 45 |
# | recommendation | the next film | lesson 43 for its main part, embeddings |
# | science | AlphaFold: into which shape a protein folds | lesson 45 for its main part, attention |
# | speech | dictation | lesson 41 for sequences; sound is not covered |
# | games | AlphaGo: which move wins? | not covered |
#
# ## Going further: choosing a framework
#
# A **framework** computes, on CPU or GPU, what training needs.
#
# - The three large ones are free. **PyTorch** is the usual choice where research publishes its
#   code. **TensorFlow** is strong where models go to phones, browsers and older products. **JAX** is
#   functions and mathematics; research at Google uses it.
# - **Keras**, used here, is a layer on top: short code that runs on each of the three.
# - For tables, and for a first try, **scikit-learn** is often enough, as in section 5.
# - Take what your colleagues use. Speed depends more on the model, the data pipeline and the GPU
#   than on the name.
#
# ## Going further: where the field goes
#
# Facts with dates, to show which have aged:
#
# - **Tables.** In a comparison on 45 tables with up to 10,000 training rows each, models of trees
#   were ahead of networks on average ([Grinsztajn and others, 2022](https://arxiv.org/abs/2207.08815)).
#   In January 2025 a network that was trained beforehand on made-up tables, TabPFN, [beat
#   trees](https://doi.org/10.1038/s41586-024-08328-6) on tables of up to 10,000 rows and 500 columns.
# - **Reuse.** Large networks are trained once, on huge data, and adapted to many tasks. GPT-3
#   (2020) needed only examples in its input for many new tasks.
# - **Data may run short.** If they grow as before, language models will train on about as much text
#   as is public [between 2026 and 2032](https://arxiv.org/abs/2211.04325) (forecast of 2024).
# - **Energy.** Data centers took about 1.5 % of the world's electricity in 2024; the
#   International Energy Agency expects [more than twice as much by
#   2030](https://www.iea.org/reports/energy-and-ai) (April 2025).
# - **Open**: why large networks generalize so well, what goes on inside them, and how to know
#   when they are wrong.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [11 · Loading and preprocessing](11_loading_and_preprocessing.ipynb). Find what is wrong with a table, mend it, and feed it to a network. **Before:** [00 · Start here](00_start_here.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+01%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/11_loading_and_preprocessing.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/00_start_here.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
