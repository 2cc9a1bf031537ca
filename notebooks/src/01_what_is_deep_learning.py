# ---
# jupyter:
#   dlcourse:
#     title: What is deep learning?
#     subtitle: Test a salesman's two promises, and find out when a deep network is worth its price
#     minutes: 60
#     further: 9
#     seconds: 45
#     needs: ["00"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "deep learning always wins, and needs millions of examples"
#       stop: "section 7"
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
# **Your time:** 60 minutes, and 9 for *Going further* · **The notebook runs in:** about 45 s on two CPU cores · **Before this:** lesson 00

# %% [markdown]
# ## You will be able to
#
# 1. tell artificial intelligence, machine learning and deep learning apart, by who chose what
#    *(section 2 · exercise 01.1)*
# 2. name the parts of a network and count its parameters *(section 3 · exercise 01.2)*
# 3. read from a learning curve how many examples a task needs *(section 5 · exercise 01.3)*
# 4. say where a network's advantage comes from, and when a simpler model is the better choice
#    *(sections 6 and 7 · quiz)*
# 5. catch a network that learned the wrong thing *(section 8 · exercise 01.4)*

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
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.patches import Ellipse, Rectangle
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neighbors import NearestCentroid
from sklearn.preprocessing import StandardScaler

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz

lesson = dlcourse.start("01", profile=PROFILE, seed=SEED)

import keras
from keras import layers

repeats = lesson.pick(quick=3, full=10)

# %% [markdown]
# ## 1 · Two promises
#
# Two requests lie on your desk. **A**: an archive has a million handwritten numbers from old
# ships' logs, as pictures, and wants them typed. **B**: a clinic has measured the cells of
# 569 tissue samples, 30 numbers each, and wants to know which samples are malignant.
#
# A salesman answers both with the same words: "Take deep learning. It always beats the old
# methods. All it needs is a million examples with their answers."
#
# It always wins, and it needs a million examples. (If the archive first had to type a million
# numbers, nothing would be left to read.) Do you believe him, for A and for B? Write it down. In
# an hour you will have measured both promises, and can answer.

# %%
archive = datasets.mnist_5k()  # 5,000 pictures, 28×28, from 0 (paper) to 255 (ink)
clinic = datasets.breast_cancer().frame  # 569 rows, 30 measurements and the diagnosis
plots.image_grid(archive.x_test[:8], cmap="gray_r", title="A: which numbers are these?")
plots.show("Eight handwritten digits, written by many hands.")
clinic.iloc[17:21, [0, 1, 2, 3, -1]]  # B

# %% [markdown]
# Both sets are real: the Wisconsin breast-cancer data, and digits from MNIST, which census
# employees and school students wrote. They stand in for the ships' logs.

# %% [markdown]
# ## 2 · Three ways to tell a 4 from a 9
#
# Begin small. In many hands a 4 and a 9 differ only at the top: a 9 has a roof. We take the
# 1,000 fours and nines, build from 600 (the **training** pictures), and keep 400 apart for the
# verdict (the **test** pictures).

# %%
x_all = np.concatenate([archive.x_train, archive.x_test]) / np.float32(255)  # 0 to 1
y_all = np.concatenate([archive.y_train, archive.y_test])
rng = np.random.default_rng(lesson.seed)
rows = rng.permutation(np.flatnonzero(np.isin(y_all, [4, 9])))  # in random order
x_train, x_test = x_all[rows[:600]], x_all[rows[600:]]  # (600, 28, 28), (400, 28, 28)
y_train, y_test = y_all[rows[:600]], y_all[rows[600:]]  # 4 or 9

# %% [markdown]
# **The first way: you write the rule.** Look at a window of the picture. If there is more ink
# in it than a threshold, say 9.
#
# **Play.** Move the window to where the average 4 and the average 9 differ most, then set the
# threshold. Which accuracy (share of right answers) can you reach?

# %% tags=["hide-input"]
def try_rule(top=12, bottom=20, left=8, right=20, threshold=0.2):
    ink = x_train[:, top:bottom, left:right].mean((1, 2))
    accuracy = np.mean(np.where(ink > threshold, 9, 4) == y_train)
    figure, axes = plt.subplots(1, 3, figsize=(10, 3.2), width_ratios=[1, 1, 1.5])
    for axis, digit in zip(axes, (4, 9), strict=False):
        axis.imshow(x_train[y_train == digit].mean(0), cmap="gray_r")
        box = Rectangle((left - 0.5, top - 0.5), right - left, bottom - top,
                            fill=False, ec=plots.ORANGE, lw=3)  # fmt: skip
        axis.add_patch(box)
        axis.set(title=f"all {digit}s, averaged", xlabel="column", ylabel="row")
    bins = np.linspace(0, 1, 31)
    for digit, color, hatch in ((4, plots.VERMILION, "//"), (9, plots.BLUE, "")):
        axes[2].hist(ink[y_train == digit], bins, color=color, hatch=hatch, alpha=0.6,
                     edgecolor="white", label=f"pictures of a {digit}")  # fmt: skip
    axes[2].axvline(threshold, color="black", ls="--", label="threshold")
    axes[2].set(xlabel="ink in the window (0 to 1)", ylabel="pictures",
                title=f"right on {accuracy:.1%} of training pictures")  # fmt: skip
    axes[2].legend()

explore(try_rule, alt="The average 4 and 9 with a window, and how much ink is in it.",
        top=(0, 26), bottom=(2, 28), left=(0, 26), right=(2, 28),
        threshold=(0.0, 1.0, 0.02))  # fmt: skip

# %% [markdown]
# **Exercise 01.1.** Write your rule down as a function. It gets one picture, an array of 28
# rows and 28 columns from 0 (paper) to 1 (ink), and returns 4 or 9. It should be right on at
# least 80 % of the fours and nines.
#
# <details><summary>Hint 1</summary>The averages differ most in a small window in rows 6 to 8:
# the roof. Rows 0 to 2 and columns 5 to 9 would be
# <code>picture[0:3, 5:10]</code>.</details>
# <details><summary>Hint 2</summary><code>picture[6:9, 13:17].mean()</code> is the ink in the
# roof. Then one <code>if</code>: above a threshold of about 0.4 it is a 9, else a
# 4.</details>

# %% tags=["exercise"]
# Exercise 01.1: return 4 or 9 for one picture of shape (28, 28).
def guess(picture):
    ...  # your code here

# %%
check("01.1", guess)

# %% tags=["solution"]
# @title Solution 01.1
def guess_solution(picture):
    roof = picture[6:9, 13:17].mean()
    return 9 if roof > 0.4 else 4

check("01.1", guess_solution)

# %% [markdown]
# **The second way: examples set the numbers.** **Logistic regression** gives each of the 784
# pixels a number of its own, its weight. It adds up ink times weight over all pixels, and
# says 9 if the sum is above a limit, else 4. Nobody types the 784 weights and the limit:
# `fit` finds those that suit the training pictures. Beside it, our rule: a 9 if the window in
# rows 6 to 8 and columns 13 to 16 has more than 40 % ink.

# %%
def flat(pictures):
    return pictures.reshape(len(pictures), 784)  # 28 rows of 28, laid end to end

roof = x_test[:, 6:9, 13:17].mean((1, 2))  # one number per test picture
accuracies = {"rule by hand": np.mean(np.where(roof > 0.4, 9, 4) == y_test)}

linear = LogisticRegression(C=0.1).fit(flat(x_train), y_train)
accuracies["logistic regression"] = linear.score(flat(x_test), y_test)
for name, accuracy in accuracies.items():
    print(f"{name}: right on ≈ {accuracy:.3f} of the test pictures")

weights = linear.coef_.reshape(28, 28)
plt.figure(figsize=(4.6, 3.6))
plt.imshow(weights, cmap="RdBu", vmin=-abs(weights).max(), vmax=abs(weights).max())
plt.colorbar(label="weight (above 0 speaks for a 9)")
plt.gca().add_patch(Rectangle((12.5, 5.5), 4, 3, fill=False, ec="black", lw=2))
plt.gca().set(title="It found the roof by itself", xlabel="column", ylabel="row")
plots.show("A 28 by 28 map of weights, strongly positive inside the box of our rule.")

# %% [markdown]
# The picture shows the 784 weights, the box our window: the examples led to the same place. But
# each pixel still speaks for itself: ink *here* counts the same, whatever is beside it.
#
# **The third way: examples also choose what to look at.** A **deep network** first computes
# new numbers from the pixels, from those again new ones, and decides at the end. Such numbers
# are called **features**; the roof's ink was a feature that we made by hand. This network is a
# **convolutional** one (CNN): its first layers look at small patches of neighboring pixels,
# everywhere alike. Lesson 31 opens these layers; today their order is enough.

# %%
def build_cnn(classes=2):
    model = keras.Sequential([
        keras.Input((28, 28)), layers.Reshape((28, 28, 1)),
        layers.Conv2D(8, 5, strides=2, activation="relu"),
        layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dense(32, activation="relu"),
        layers.Dense(classes, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model

cnn = build_cnn()
at_random = cnn.get_weights()  # before training; section 4 needs them
cnn.fit(x_train, y_train == 9, batch_size=50, epochs=10, verbose=0)
accuracies["deep network"] = cnn.evaluate(x_test, y_test == 9, verbose=0)[1]
print(f"deep network ≈ {accuracies['deep network']:.3f}")
claim("of 100 test pictures the deep network gets ≈ {:.0f} more right than the rule",
      100 * (accuracies["deep network"] - accuracies["rule by hand"]), at_least=2)

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=[1.1, 1])
rings = [(3.2, "artificial intelligence", "rule by hand", plots.ORANGE),
         (2.2, "machine learning:\nexamples set numbers", "logistic regression",
          plots.SKY), (1.1, "deep learning", "deep network", plots.GREEN)]  # fmt: skip
for size, name, _, color in rings:
    ring = Ellipse((0, size - 3.2), 3.4 * size, 2 * size, fc=color, alpha=0.3,
                   ec="black")  # fmt: skip
    left.add_patch(ring)
for y, (_, name, ours, _) in zip((2.35, 0.35, -1.85), rings, strict=True):
    left.text(0, y, name, ha="center", va="center", fontweight="bold", fontsize=10)
    left.text(0, y - 0.75, f"ours: {ours}", ha="center", va="center", fontsize=10)
left.set(xlim=(-5.6, 5.6), ylim=(-3.3, 3.3), title="AI contains ML, ML contains DL")
left.axis("off")
for row, (name, value) in enumerate(accuracies.items()):
    right.barh(row, 100 * (1 - value), color=rings[row][3], edgecolor="black")
    right.text(100 * (1 - value) + 0.2, row, f"{100 * (1 - value):.1f}", va="center")
right.set(yticks=range(3), yticklabels=accuracies, xlabel="wrong, of 100 test pictures",
          title="Fewer mistakes each time (one split)")  # fmt: skip
right.invert_yaxis()
plots.show("Three nested fields; and mistakes on test pictures: most for the rule,"
           " fewest for the deep network.")  # fmt: skip

# %% [markdown]
# | field | here | who chose what to look at | who set the numbers |
# |---|---|---|---|
# | **artificial intelligence** (AI): programs that do what seems to need intelligence | rule | you | you |
# | **machine learning** (ML): AI whose numbers come from examples | logistic regression | you: each pixel for itself | the examples |
# | **deep learning** (DL): ML with networks of several layers | CNN | the examples | the examples |
#
# Each field contains the next: AI ⊃ ML ⊃ DL.

# %% [markdown]
# ## 3 · What a network is made of
#
# A network is **nodes** (also *neurons* or *units*) in **layers**. The **input layer** is the
# data, one node per number. The **output layer** is the answer. What lies between is
# **hidden**: nobody says what its numbers should be. A network with one hidden layer is called
# **shallow**, with two or more **deep**. (Does depth pay? Measure it at the end.)
#
# Each line is a **weight**. A node multiplies what comes in by the weights of its lines, and adds
# it all up with a number of its own, its **bias**. A hidden node then applies an
# **activation**, here ReLU: a negative sum becomes 0. For inputs 1, 2, 0, weights
# 0.5, −1, 2 and bias 1 that is
#
# $$1 \cdot 0.5 + 2 \cdot (-1) + 0 \cdot 2 + 1 = -0.5 \quad\to\quad 0$$

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7, 3.4))
nodes = [3, 4, 2]
names = ["input layer\n3 nodes", "hidden layer\n4 nodes, 4 biases",
         "output layer\n2 nodes, 2 biases"]  # fmt: skip
spots = [[(2.5 * column, i - (many - 1) / 2) for i in range(many)]
         for column, many in enumerate(nodes)]  # fmt: skip
for before, after in zip(spots, spots[1:], strict=False):
    for start in before:
        for end in after:
            axis.plot(*zip(start, end, strict=True), color="gray", lw=1.2, zorder=1)
colors = ("white", "lightgray", "gray")
for column, color, name in zip(spots, colors, names, strict=True):
    axis.scatter(*zip(*column, strict=True), s=420, color=color, ec="black", zorder=2)
    axis.text(column[0][0], -2.5, name, ha="center", va="center")
for x, text in ((1.25, "3 · 4 = 12 weights"), (3.75, "4 · 2 = 8 weights")):
    axis.text(x, 1.95, text, ha="center")
axis.set(title="20 weights and 6 biases: 26 numbers to learn", xlim=(-0.9, 5.9),
         ylim=(-2.9, 2.3))  # fmt: skip
axis.axis("off")
plots.show("Three input nodes, four hidden, two output; every node is joined to every"
           " node of the next layer: 12 and 8 lines.")  # fmt: skip

# %% [markdown]
# Weights and biases together are the **parameters**: the numbers that training sets.
#
# **Exercise 01.2.** Count the parameters of a network in which every node is joined to every
# node of the next layer. `sizes` lists the nodes per layer, from input to output: for
# `[3, 4, 2]` the answer is 26.
#
# <details><summary>Hint 1</summary>Between two neighboring layers of a and b nodes there are
# a · b lines. Each of the b nodes has one bias.</details>
# <details><summary>Hint 2</summary>Go through the pairs of neighbors,
# <code>zip(sizes, sizes[1:])</code>, and add <code>a * b + b</code> for each.</details>

# %% tags=["exercise"]
# Exercise 01.2: all weights and biases of a network with these layer sizes.
def count_parameters(sizes):
    ...  # your code here

# %%
check("01.2", count_parameters)

# %% tags=["solution"]
# @title Solution 01.2
def count_parameters_solution(sizes):
    return sum(a * b + b for a, b in zip(sizes, sizes[1:], strict=False))

check("01.2", count_parameters_solution)

# %% [markdown]
# Keras counts, too. Such a network for our pictures, with 32 hidden nodes, has almost twice as
# many parameters as the CNN, whose first layers use the same few weights at every place:

# %%
def build_dense(sizes, learning_rate=0.005):
    hidden = [layers.Dense(n, activation="relu") for n in sizes[1:-1]]
    output = layers.Dense(sizes[-1], activation="sigmoid")
    model = keras.Sequential([keras.Input((sizes[0],)), *hidden, output])
    model.compile(keras.optimizers.Adam(learning_rate), "binary_crossentropy",
                  metrics=["accuracy"])
    return model
print(build_dense([784, 32, 1]).count_params(), "against", cnn.count_params())

# %% [markdown]
# ## 4 · What the last hidden layer sees
#
# The CNN turns a picture's 784 pixels into 32 numbers, its last hidden layer, and decides from
# these alone. Are they a better description of a 4 or a 9? To see 784 or 32 numbers at once,
# **principal component analysis** (PCA) lays them flat: it finds the plane in which the
# pictures are spread out most. It is not told the digits.
#
# **Predict.** Three planes: of the raw pixels, of the 32 numbers with the weights that the CNN
# had by chance before training, and of those after it. In which are 4s and 9s apart? As a
# measure, each test picture gets the digit whose center (of the training pictures) is nearer.

# %%
def last_hidden(model, pictures):
    features = keras.Model(model.inputs[0], model.layers[-2].output)
    return keras.ops.convert_to_numpy(features(pictures))  # (n, 32)

untrained = build_cnn()
untrained.set_weights(at_random)
views = {"raw pixels": flat, "untrained": lambda x: last_hidden(untrained, x),
         "trained": lambda x: last_hidden(cnn, x)}
planes, apart = {}, {}
for name, view in views.items():
    plane = PCA(2).fit(view(x_train))
    points, planes[name] = plane.transform(view(x_train)), plane.transform(view(x_test))
    apart[name] = NearestCentroid().fit(points, y_train).score(planes[name], y_test)
    everything = LogisticRegression(max_iter=2000).fit(view(x_train), y_train)
    print(f"{name:11} in the plane ≈ {apart[name]:.2f}, from all its numbers"
          f" ≈ {everything.score(view(x_test), y_test):.2f}")
claim("the learned plane is right on ≈ {:.2f} more than that of the pixels",
      apart["trained"] - apart["raw pixels"], at_least=0.15)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(11, 3.5))
for axis, (name, points) in zip(axes, planes.items(), strict=True):
    for digit, look, color in ((4, "o", plots.VERMILION), (9, "^", plots.BLUE)):
        axis.plot(*points[y_test == digit].T, look, color=color, ms=4, label=f"{digit}")
    axis.set(title=name, xlabel="first direction", ylabel="second direction")
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside right upper")
figure.suptitle("Training pulls 4s and 9s apart", fontweight="bold")
plots.show("4s and 9s in a plane: mixed for pixels and untrained, apart for trained.")

# %% [markdown]
# The plane hides much: *all* numbers together tell more, even chance ones. What training changed
# is that the answer became the main difference. Chance weights, the control, did not do that. This is **representation learning**: to learn a
# description in which the question is easy.

# %% [markdown]
# ## 5 · How many examples does it take?
#
# Now all ten digits. From the 4,000 training pictures take 50, 300, 1,000 or all, train a
# model, and test it on the same 1,000 others, three times. A third kind of model joins: a
# **random forest**, 100 trees of yes-or-no questions about pixels that vote.
#
# **Predict.** Draw three **learning curves**: accuracy of logistic regression, forest and CNN,
# from 50 to 4,000 pictures. Where do they cross?

# %%
SIZES = {50: 40, 300: 20, 1000: 10, 4000: 4}  # examples: how often the CNN sees them
x_pool, y_pool = archive.x_train / np.float32(255), archive.y_train  # (4000, 28, 28)
x_exam, y_exam = archive.x_test / np.float32(255), archive.y_test  # (1000, 28, 28)
seeds = [dlcourse.derived_seed(lesson.seed, r) for r in range(repeats)]
orders = [np.random.default_rng(seed).permutation(4000) for seed in seeds]

def score(model, n, order, x=x_pool, x_new=x_exam):  # for models of scikit-learn
    model.fit(flat(x[order[:n]]), y_pool[order[:n]])
    return model.score(flat(x_new), y_exam)

def trainer(n, x=x_pool, x_new=x_exam):  # the same for the CNN
    def train(model, repeat):
        few = np.tile(orders[repeat][:n], SIZES[n])  # each so many times
        model.fit(x[few], y_pool[few], batch_size=50, verbose=0)
        return model.evaluate(x_new, y_exam, batch_size=500, verbose=0)[1]
    return train

# %%
def build_forest(seed):
    return RandomForestClassifier(100, random_state=seed, n_jobs=2)

builders = {"logistic regression": lambda seed: LogisticRegression(C=0.05, tol=0.005),
            "random forest": build_forest}
curves, seconds = {}, {}
for name, build in builders.items():
    start = time.perf_counter()
    table = [[score(build(seed), n, order) for n in SIZES]
             for seed, order in zip(seeds, orders, strict=True)]
    curves[name] = pd.DataFrame(table, columns=list(SIZES))
    seconds[name] = (time.perf_counter() - start) / repeats

def build_reader():
    return build_cnn(classes=10)

start = time.perf_counter()
trainers = {n: trainer(n) for n in SIZES}
curves["CNN"] = dlcourse.repeat(repeats, dict.fromkeys(SIZES, build_reader), trainers,
                                reseed=False, steps_at_once=8)
seconds["CNN"] = (time.perf_counter() - start) / repeats

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7.5, 4))
colors = {"logistic regression": plots.SKY, "random forest": plots.PURPLE,
          "CNN": plots.GREEN}  # fmt: skip
for (name, table), style in zip(curves.items(), ("o:", "s--", "^-"), strict=True):
    axis.plot(list(SIZES), table.mean(), style, color=colors[name], label=name)
    for _, run in table.iterrows():
        axis.plot(list(SIZES), run, style[0], color=colors[name], ms=4, alpha=0.5)
axis.set(xscale="log", xticks=list(SIZES), xticklabels=[f"{n:,}" for n in SIZES],
         xlabel="training pictures (each step is several times as many)",
         ylabel="accuracy on 1,000 new pictures", ylim=(0.45, 1),
         title="On pictures the CNN leads from 50 examples on")  # fmt: skip
axis.minorticks_off()
axis.legend(loc="lower right")
plots.show("Accuracy against number of training pictures for three models; all rise,"
           " the CNN stays on top.")  # fmt: skip

# %%
lead = curves["CNN"].mean() - curves["random forest"].mean()
claim("with 50 pictures the CNN leads the forest by ≈ {:.2f}", lead[50], at_least=0)
claim("with 4,000 by ≈ {:.3f}", lead[4000], at_least=0)
summary = pd.DataFrame({name: c.mean() for name, c in curves.items()})
print("seconds:", *[f"{name} ≈ {spent:.1f}" for name, spent in seconds.items()])
summary.map("≈ {:.3f}".format)

# %% [markdown]
# The second promise is wrong. This network reads well from a few thousand pictures, and leads
# even at 50. With 50 it leads, but is not yet good enough to use. What is true: every curve
# still rises, and the last points cost most, because each step takes several times the examples. The seconds are the other
# price: the seconds that training took.

# %% [markdown]
# **Exercise 01.3.** Read such a curve with code. `sizes` are the numbers of examples that were
# tried, in rising order, `accuracies` what came out, `target` the accuracy that the customer
# asks for. Return the smallest of the sizes that reaches the target. If none does, return
# `float("inf")` (infinity). Then try it on the curves above: `enough(list(SIZES),
# curves["CNN"].mean(), 0.9)`. How many pictures must the archive type by hand for 90 %?
# (The true number lies between the size you find and the one tried before it.)
#
# <details><summary>Hint 1</summary>Go through both lists at once, from the smallest size on:
# <code>for size, accuracy in zip(sizes, accuracies):</code></details>
# <details><summary>Hint 2</summary>Return the size as soon as <code>accuracy >= target</code>.
# The return of infinity stands behind the loop, not in it.</details>

# %% tags=["exercise"]
# Exercise 01.3: the smallest number of examples that reaches the target.
def enough(sizes, accuracies, target):
    ...  # your code here

# %%
check("01.3", enough)

# %% tags=["solution"]
# @title Solution 01.3
def enough_solution(sizes, accuracies, target):
    for size, accuracy in zip(sizes, accuracies, strict=True):
        if accuracy >= target:
            return size
    return float("inf")
check("01.3", enough_solution)
print(f"CNN: ≈ {enough_solution(list(SIZES), curves['CNN'].mean(), 0.9)} for 90 %")

# %% [markdown]
# ## 6 · Where the advantage comes from
#
# Is a CNN just the stronger learner? Then it should win whatever the pictures look like. Deal
# the 784 pixels out anew, in one random order, **the same for every picture**. No number is
# lost, and every model can still find every pixel. Only the neighbors are gone.
#
# **Predict.** Trained and tested on shuffled pictures: what happens to the CNN? To the forest?

# %%
shuffle = np.random.default_rng([lesson.seed, 6]).permutation(784)

def shuffled(pictures):
    return flat(pictures)[:, shuffle].reshape(-1, 28, 28)

N = 1000  # training pictures
there, here = shuffled(x_pool), shuffled(x_exam)
after = pd.DataFrame({
    "random forest": [score(build_forest(s), N, o, there, here)
                      for s, o in zip(seeds, orders, strict=True)],
    "CNN": dlcourse.repeat(repeats, {N: build_reader}, trainer(N, there, here),
                           reseed=False, steps_at_once=8)[N],
})
before = pd.DataFrame({name: curves[name][N] for name in after})
loss = (before - after).mean()
claim("shuffling costs the CNN ≈ {:.3f} of its accuracy", loss["CNN"], at_least=0.03)
claim("and changes the forest's by ≈ {:.3f}", abs(loss["random forest"]), at_most=0.02)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(10, 3.3), width_ratios=[1, 1, 2])
axes[0].imshow(x_exam[0], cmap="gray_r")
axes[1].imshow(here[0], cmap="gray_r")
for axis, title in zip(axes, ("a picture", "the same, shuffled"), strict=False):
    axis.set(title=title, xticks=[], yticks=[])
for name, style in (("CNN", "^-"), ("random forest", "s--")):
    for i in range(repeats):
        axes[2].plot([0, 1], [before[name][i], after[name][i]], style,
                     color=colors[name], label=name if i == 0 else None)  # fmt: skip
axes[2].set(xticks=[0, 1], xticklabels=["as they are", "shuffled"], xlim=(-0.3, 1.3),
            ylabel="accuracy", title="Without neighbors the CNN falls behind")
axes[2].legend()
plots.show("A digit and the same digit with its pixels dealt out anew; accuracy falls"
           " for the CNN and stays for the forest.")  # fmt: skip

# %% [markdown]
# The forest does not care, because it never knew which pixels are neighbors. The CNN was
# *built* for neighbors, and that is its advantage: an assumption about the world that its maker
# put in, called a **prior** (or inductive bias). Where it is true, as for pictures, it stands in
# for examples: in the table above, compare the CNN at 1,000 with the forest at 4,000. Where it is
# false, it hurts.

# %% [markdown]
# ## 7 · When a simple model is enough
#
# Request B: 30 measurements in a row. Which column stands beside which means nothing. What is
# left for a network to build on?
#
# **Predict** the order of logistic regression, forest and a network with two hidden layers.
# Each is built from 400 samples and asked about the other 169; five random splits.

# %%
x_table = clinic.drop(columns="diagnosis").to_numpy()
y_table = (clinic["diagnosis"] == "malignant").to_numpy().astype(int)

def split(repeat):
    seed = dlcourse.derived_seed(lesson.seed, "clinic", repeat)
    x_a, x_b, y_a, y_b = train_test_split(x_table, y_table, train_size=400,
                                          stratify=y_table, random_state=seed)
    scaler = StandardScaler().fit(x_a)  # every column to mean 0 and spread 1
    return scaler.transform(x_a), scaler.transform(x_b), y_a, y_b

def score_on_table(model, repeat):  # for models of scikit-learn
    x_a, x_b, y_a, y_b = split(repeat)
    return model.fit(x_a, y_a).score(x_b, y_b)

def train_on_table(model, repeat):  # for the network, 15 times through the samples
    x_a, x_b, y_a, y_b = split(repeat)
    model.fit(np.tile(x_a, (15, 1)), np.tile(y_a, 15), batch_size=50, verbose=0)
    return model.evaluate(x_b, y_b, batch_size=169, verbose=0)[1]

# %%
def build_net():
    return build_dense([30, 32, 32, 1], learning_rate=0.004)

results, took = {}, {}
for name, build in (("logistic regression", lambda seed: LogisticRegression(C=0.3)),
                    ("random forest", build_forest)):
    start = time.perf_counter()
    results[name] = [score_on_table(build(repeat), repeat) for repeat in range(5)]
    took[name] = time.perf_counter() - start
start = time.perf_counter()
net = dlcourse.repeat(5, {"network": build_net}, train_on_table, steps_at_once=8)
took["network"] = time.perf_counter() - start
results = pd.DataFrame(results).assign(network=net["network"])
print("seconds:", ", ".join(f"{name} ≈ {took[name]:.2f}" for name in took))
print(f"parameters: logistic regression 31, network {build_net().count_params():,}")
claim("accuracy of the network less that of logistic regression, on average ≈ {:.3f}",
      (results["network"] - results["logistic regression"]).mean(), at_most=0.02)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7.5, 2.8))
for row, (name, marker) in enumerate(zip(results, "os^", strict=True)):
    color = {**colors, "network": plots.GREEN}[name]
    axis.plot(results[name], row + np.linspace(-0.2, 0.2, 5), marker, color=color)
    axis.plot([results[name].mean()] * 2, [row - 0.3, row + 0.3], color="black")
axis.set(yticks=range(3), yticklabels=list(results), ylim=(2.6, -0.6), xlim=(0.9, 1),
         xlabel="accuracy (dots: splits; bar: mean)", title="The network gains nothing")
plots.show("Five dots each for three models, widely overlapping between 0.92 and 1.")

# %% [markdown]
# The first promise is wrong, too. Logistic regression does as well with 31 parameters, in a
# fraction of the time, and all 31 can be looked at (with care: radius, perimeter and area say
# nearly the same). This is one table, with few rows. But it is no exception: on 45 tables of about 10,000 rows, forests and other trees stayed ahead
# of networks ([Grinsztajn and others, 2022](https://arxiv.org/abs/2207.08815)). On tables, begin
# with the simple model, and let the network prove that it is worth more.

# %% [markdown]
# ## 8 · Break and fix
#
# The archive has started without you. The fours were scanned on Monday, the nines on Tuesday.
# A CNN was trained on 600 scans and tested on 400 others. Then it went to work, on scans of
# another day.
#
# Is the network too small, trained too briefly, or is something else wrong?

# %%
from dlcourse.exercises.lesson_01 import archive_scans

x_scan, x_scan_test = archive_scans(x_train, y_train), archive_scans(x_test, y_test)
suspect = build_cnn()
suspect.fit(x_scan, y_train == 9, batch_size=50, epochs=10, verbose=0)
own = suspect.evaluate(x_scan_test, y_test == 9, verbose=0)[1]
says_nine = suspect.predict(x_test, verbose=0).argmax(axis=1)  # new scans, at work
at_work = np.mean(says_nine == (y_test == 9))
print(f"own test ≈ {own:.3f}, at work ≈ {at_work:.3f}", end=" ")
print(f"(at work it calls ≈ {says_nine.mean():.2f} of the pictures a 9)")
fooled = LogisticRegression(C=0.1).fit(flat(x_scan), y_train)
print(f"logistic regression on the same scans: at work ≈ "
      f"{fooled.score(flat(x_test), y_test):.3f}")
claim("from its own test to its work it loses ≈ {:.2f}", own - at_work, at_least=0.1)

pick = [*np.flatnonzero(y_train == 4)[:4], *np.flatnonzero(y_train == 9)[:4]]
plots.image_grid(x_scan[pick], cmap="gray_r", title="The scans look perfectly fine")
plots.show("Scans of four 4s and four 9s; nothing unusual can be seen.")

# %% [markdown]
# Perfect in its own test, little better than guessing at work. The pictures look fine, but each
# is drawn from white to black, whatever its values. Look at the *numbers* of some fours and nines.
#
# **Exercise 01.4.** Find what gives the nines away, and write `clean(pictures)`. It gets any
# number of scans, shape `(n, 28, 28)`, and returns them so that the paper is 0 in every single
# one, with the differences between pixels unchanged.
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
mended = build_cnn()
mended.fit(clean_solution(x_scan), y_train == 9, batch_size=50, epochs=10, verbose=0)
loss, accuracy = mended.evaluate(clean_solution(x_test), y_test == 9, verbose=0)
print(f"trained on clean scans, at work ≈ {accuracy:.3f}")

# %% [markdown]
# Whatever learns takes the easiest way to the right answer: logistic regression was fooled, too.
# But the network's thousands of numbers do not say which way it took. It happens for real. Networks that looked for pneumonia in X-ray pictures could tell from
# which hospital a picture came, and in three of five comparisons did worse on pictures from
# elsewhere ([Zech and others, 2018](https://doi.org/10.1371/journal.pmed.1002683)). The test set
# was no protection, because it came from the same two days. **Test where the network will work.**
#
# ## Your answer to the salesman
#
# | | deep learning | simpler models |
# |---|---|---|
# | strong on | pictures, sound, text | tables |
# | examples | hundreds to thousands here; the largest get millions | hundreds here |
# | what to look at | finds it | you choose it |
# | cost | the most time; large ones need GPUs | little |
# | opaque? | yes: test it like a stranger | logistic regression can be read |
#
# *"For A we take a network, and begin with some thousand typed numbers, not a million. For B we
# take logistic regression: as good, and the doctors can check it. Neither goes to work before it
# was tested where it will work."*
#
# So **no deep learning** if a rule or a simpler model does as well; if every decision must be
# explained; or if you cannot test it where it will be used.

# %% [markdown]
# ## Quiz

# %%
quiz("01")

# %% [markdown]
# ## Summary
#
# - AI ⊃ ML ⊃ DL: rules by hand; numbers from examples; features from examples, too.
# - Nodes in layers, joined by weights; $a \cdot b + b$ parameters between layers of $a$ and $b$.
# - A trained network's last hidden layer describes the data so that the question is easy.
# - The CNN led on pictures from 50 examples on, because it assumes that neighbors matter.
# - On the table logistic regression did as well. A perfect test on the wrong data proves nothing.
#
# An hour ago you had two promises. Now you can measure such promises yourself.
#
# ## Common mistakes
#
# | what you hear | what to do |
# |---|---|
# | "We have no big data" | draw the learning curve of what you have |
# | "The network has 98 %!" | ask what logistic regression and a forest have, on several splits |
#
# ## Read more
#
# - [Sanderson, *Neural networks*](https://www.3blue1brown.com/topics/neural-networks), animated.
# - [Goodfellow and others, *Deep Learning*, chapter
#   1](https://www.deeplearningbook.org/contents/intro.html): nested fields, history.
# - [Prince, *Understanding Deep Learning*](https://udlbook.github.io/udlbook/), chapters 3 and 4:
#   shallow and deep.
# - [LeCun and others, *Deep learning* (2015)](https://doi.org/10.1038/nature14539): a review.
# - [Geirhos and others, *Shortcut learning* (2020)](https://arxiv.org/abs/2004.07780).

# %% [markdown]
# ## Going further: does depth pay?
#
# Give three networks the same budget of about 1,250 parameters, and spend it in one, two or three
# hidden layers. The task is made, so that we know it is hard: two spirals, wound around
# each other twice. Blind guessing gets one half.

# %%
def spiral(n, rng, turns=2):
    arm = np.arange(n) % 2  # 0 or 1: the answer
    radius = np.sqrt(rng.uniform(0.02, 1, n))
    angle = 2 * np.pi * turns * radius + np.pi * arm
    x = 3 * radius * np.array([np.cos(angle), np.sin(angle)])
    x += rng.normal(0, 0.03, (2, n))
    return x.T.astype("float32"), arm  # (n, 2), (n,)

# %% [markdown]
# Each network sees 30,000 points, 60 at a time: 500 corrections of its weights (**steps**) a
# round. After each of two rounds it is asked about 1,000 new points. `dlcourse.repeat`
# trains each from several random starts.
#
# **Predict.** Who is ahead after 500 steps? And after 1,000?

# %%
shapes = {"1 hidden layer": [2, 312, 1], "2 hidden layers": [2, 33, 33, 1],
          "3 hidden layers": [2, 23, 23, 23, 1]}
rng = np.random.default_rng([lesson.seed, 5])
x_spiral, y_spiral = spiral(30_000, rng)
new_points = spiral(1000, rng)

def two_rounds(model):
    history = model.fit(x_spiral, y_spiral, batch_size=60, epochs=2, verbose=0,
                        validation_data=new_points, validation_batch_size=500)
    return dict(zip((500, 1000), history.history["val_accuracy"], strict=True))

builders = {name: lambda s=sizes: build_dense(s) for name, sizes in shapes.items()}
print({name: build().count_params() for name, build in builders.items()})
depth = dlcourse.repeat(repeats, builders, two_rounds, steps_at_once=50)
mean = depth.groupby("contender").mean()
lead = mean.loc["3 hidden layers"] - mean.loc["1 hidden layer"]
claim("after 500 steps three hidden layers are ahead of one by ≈ {:.2f}", lead[500],
      at_least=0.1)
claim("after 1,000 steps only by ≈ {:.3f}", lead[1000], at_most=0.08)

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), width_ratios=[1, 1.5])
for arm, marker, color in ((0, "o", plots.VERMILION), (1, "^", plots.BLUE)):
    chosen = new_points[0][new_points[1] == arm]
    left.scatter(*chosen.T, marker=marker, color=color, s=8)
left.set(title="Which arm?", xlabel="feature 1", ylabel="feature 2", aspect="equal")
looks = zip(shapes, ("o-", "s--", "^:"), ("gray", "0.35", "black"), strict=True)
for name, style, color in looks:
    runs = depth.loc[depth["contender"] == name, [500, 1000]]
    for _, run in runs.iterrows():
        right.plot(run.index, run, style, color=color, lw=1, ms=4, alpha=0.6)
    right.plot(runs.columns, runs.mean(), style, color=color, label=name)
right.set(xlabel="training steps", ylabel="accuracy on new points", ylim=(0.48, 1.02),
          xticks=[500, 1000], title="Equal parameters: depth learns sooner")
right.legend()
plots.show("Two wound arms; accuracy against steps: near 1 at once with two or three"
           " hidden layers, far lower at first with one.")  # fmt: skip

# %% [markdown]
# Depth pays: for the same number of parameters, two or three layers were further after 500 steps
# than one layer after 1,000.
# But note what did *not* happen. The shallow network is not unable; it is slow, and with more
# steps all three were near 1 in our trials. **Try it**: set `turns=3` for both calls of `spiral`
# and look again. A common explanation is that later layers build on what earlier ones found. Here
# that is a guess: we measured that depth helped, not why.

# %% [markdown]
# ## Going further: eighty years in one picture
#
# Neural networks nearly went out of use twice. In 1969 a book showed what a network without hidden layer
# cannot do, and money went elsewhere. In the 1990s other methods did as well with less work.
# What changed around 2012 were large labeled sets and **GPUs**, graphics chips that multiply
# thousands of numbers at once.

# %% tags=["hide-input"]
events = [
    (1943, "McCulloch & Pitts: a neuron as logic"), (1958, "Rosenblatt: perceptron"),
    (1969, "Minsky & Papert: its limits"), (1970, "Linnainmaa: reverse derivatives"),
    (1974, "Werbos: their use in models"), (1982, "Hopfield network"),
    (1986, "backpropagation for hidden layers"), (1989, "CNN reads postal codes"),
    (1997, "LSTM: memory for sequences"), (1998, "LeNet-5"), (2006, "deep belief nets"),
    (2009, "ImageNet: many labels"), (2012, "AlexNet: CNN on two GPUs"), (2014, "GANs"),
    (2015, "ResNet"), (2016, "AlphaGo beats Lee Sedol"), (2017, "Transformer"),
    (2020, "GPT-3; diffusion; AlphaFold 2"), (2022, "ChatGPT for everybody"),
    (2024, "Nobel prizes: networks, AlphaFold")]  # fmt: skip
figure, axis = plt.subplots(figsize=(9.5, 6))
periods = ((1940, 1969, "first ideas", "white"), (1969, 1986, "setback", "lightgray"),
           (1986, 2012, "small networks", "white"), (2012, 2026, "GPUs", "lightgray"))
for start, end, name, color in periods:
    axis.axvspan(start, end, color=color, alpha=0.3, lw=0)
    axis.text((start + end) / 2, -1.2, name, ha="center", fontweight="bold")
for row, (year, text) in enumerate(events):
    side, ha = (1, "left") if year < 1990 else (-1, "right")
    axis.plot(year, row, "ko", ms=5)
    axis.text(year + side, row, f"{year}  {text}", fontsize=9.5, va="center", ha=ha)
axis.set(xlim=(1938, 2027), ylim=(len(events) - 0.4, -2), yticks=[], xlabel="year",
         title="From a neuron on paper to two Nobel prizes")  # fmt: skip
axis.spines["left"].set_visible(False)
plots.show("A timeline of twenty events from 1943 to 2024, eight of them after 2009.")

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
# Jumper for AlphaFold).

# %% [markdown]
# ## Going further: where it is used
#
# | field | an example | where this course builds the technique |
# |---|---|---|
# | vision | finding a fault on a weld | lessons 31 and 32 |
# | maintenance | a pump that will fail | lesson 62 |
# | energy, finance | tomorrow's demand | lessons 41 and 42 |
# | language | is this review friendly? | lesson 43 |
# | language | GPT: the next word, again and again | a later lesson |
# | speech | dictation | lesson 41 for sequences; sound itself is not covered |
# | games | AlphaGo: which move wins? | a later lesson |
# | science | AlphaFold: how a protein folds | a later lesson for its main part, attention |
# | medicine | shadows in an X-ray picture | lessons 32 and 62 |
# | recommendation | the next film | lesson 43 for its main part, embeddings |
# | tables | prices, risks | lessons 11, 23 and 61 |
#
# ## Going further: choosing a framework
#
# A **framework** computes, on CPU or GPU, what training needs. In ten lines:
#
# 1. All three large ones (PyTorch, TensorFlow, JAX) are free and widely used.
# 2. The ideas of this course are the same in all of them.
# 3. **Keras** is a layer on top: short code, and since version 3 it runs on each of the three.
# 4. **PyTorch** is the usual choice where research publishes its code.
# 5. **TensorFlow** is strong where models go to phones, browsers and older products.
# 6. **JAX** is functions and mathematics; research at Google and on TPUs uses it.
# 7. For tables, and for every first try, **scikit-learn** is enough, as in section 7.
# 8. What your colleagues use beats any benchmark.
# 9. Speed depends more on the model, the data pipeline and the GPU than on the name.
# 10. This course uses Keras on TensorFlow; start this notebook on another backend, and try.
#
# ## Going further: where the field goes
#
# Dated facts, so that you can see which have aged:
#
# - **Reuse.** Large networks are trained once, on everything, and adapted to many tasks. GPT-3
#   (2020) needed only examples in its input for a new task.
# - **Tables.** In January 2025 such a pretrained network, TabPFN, [beat trees on tables of up to
#   10,000 rows](https://doi.org/10.1038/s41586-024-08328-6): "trees win" is not for ever.
# - **Data run short.** At the present growth, language models will have used all public text
#   [between 2026 and 2032](https://arxiv.org/abs/2211.04325) (estimate of 2024).
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
