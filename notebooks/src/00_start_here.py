# ---
# jupyter:
#   dlcourse:
#     title: Start here
#     subtitle: Train your first network in ten lines, and learn how this course works
#     minutes: 65
#     seconds: 24
#     needs: []
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "a sure network is right"
#       stop: "section 3"
#       ask: "\"How sure was it when it was wrong?\" Then renamed labels (4): \"What does it know of digits?\""
#       stuck: "the kernel remembers (6): run two cells out of order before their eyes"
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
# **Your time:** 65 minutes · **The notebook runs in:** about 24 s on two CPU cores · **Before this:** nothing

# %% [markdown]
# ## You will be able to
#
# 1. train a network in ten lines and say what each line does
#    *(section 2 · exercise 00.1, quiz)*
# 2. read a prediction (ten probabilities, sure, unsure or wrong) and measure accuracy
#    *(section 3 · exercises 00.2 and 00.3)*
# 3. say where a network's knowledge comes from, and from where it does not
#    *(section 4 · quiz)*
# 4. set up and check a machine, and switch profile and seed *(section 5 · quiz)*
# 5. run, rerun and restart a notebook without being fooled by its memory
#    *(section 6 · exercise 00.4)*

# %% [markdown]
# **Welcome.** The gray boxes below are *cells* of Python. Click on the first one and press
# **Shift + Enter**: it runs, and the next one is selected. `[*]` beside a cell means
# running; `[3]`, that it was the third to run. Outputs that you see already are from our
# run. This lesson asks you to predict, so remove them first: *Edit → Clear Outputs of All
# Cells* (in Colab *Clear all outputs*). Then run three cells. The last takes some seconds: it
# starts the deep-learning library.

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

lesson = dlcourse.start("00", profile=PROFILE, seed=SEED)

import keras
from keras import layers

# %% [markdown]
# ## 1 · A rule that nobody can write
#
# A machine that sorts letters must read handwritten digits. Here are real ones: the upper
# row are threes, the lower row are eights.
#
# **Predict.** You may write any `if` statement about the dark and light squares. What is
# your rule for "this is a 3"? Write it down, run the cell, and try it on every picture.

# %%
data = lesson.pick(quick=datasets.digits, full=datasets.mnist)()
threes = data.x_train[data.y_train == 3][:8]
eights = data.x_train[data.y_train == 8][:8]
plots.image_grid(np.concatenate([threes, eights]), title="No two threes are alike")
plots.show("Two rows of coarse gray pictures: eight threes, eight eights.")
print(f"{data.name}: {len(data.x_train)} to learn from, {len(data.x_test)} to test")

# %% [markdown]
# "Open on the left" fails as soon as a pen stroke runs too far. You read these digits
# without knowing your own rule, and the computer does not even see strokes. It gets this:

# %%
picture = datasets.digits().x_train[0]
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.6))
left.imshow(picture)
right.imshow(picture, cmap="Blues", vmax=40)
for (row, column), value in np.ndenumerate(picture):
    right.text(column, row, value, ha="center", va="center")
left.set_title("What you see")
right.set_title("What the computer gets")
for axis in (left, right):
    axis.axis("off")
plots.show("Left: a coarse handwritten digit. Right: the same as 8 by 8 numbers.")

# %% [markdown]
# Each number counts the inked dots in a 4×4 block of a finer scan: 0 to 16. (In the full
# profile the pictures are MNIST's: 28×28, values 0 to 255.)
#
# **How exercises work.** Replace `...`, run the cell, and run the `check` below it. It has
# three answers: `○` not attempted yet, `✗` with a hint, `✓` right. Here are the first two:

# %%
check("00.1", ...)
check("00.1", 16)

# %% [markdown]
# The third is yours. A wrong answer breaks nothing, and no later cell needs yours: try, skip,
# come back. Hints unfold on a click. **So do solutions**, where your copy has them (copies
# made for a class leave them out): in JupyterLab click the `•••` bar below the check (or
# *View → Expand Selected Code*), in Colab *Show code*.
#
# <details><summary>Hint 1</summary>Look at the right-hand picture. How many rows are there,
# and how many numbers stand in each row?</details>

# %% tags=["exercise"]
# Exercise 00.1: how many numbers does the computer get for one 8×8 picture?
numbers_per_picture = ...

# %%
check("00.1", numbers_per_picture)

# %% tags=["solution"]
# @title Solution 00.1
numbers_per_picture_solution = 8 * 8
check("00.1", numbers_per_picture_solution)

# %% [markdown]
# ## 2 · Ten lines
#
# If we cannot write the rule, we can show examples and let a program find one. A **neural
# network** is a formula with many adjustable numbers, its **weights**. **Training** shows it
# pictures with their right answers (**labels**) and shifts the weights, again and again, so
# that its answers come closer to the labels.
#
# **Predict.** Of 100 pictures that the network has never seen, how many will it name
# correctly after these ten lines? (Blind guessing gets 10.)

# %%
# the largest value of a pixel, and how often to show the pictures; then the ten lines
scale, epochs = data.x_train.max(), lesson.pick(quick=3, full=1)

data = lesson.pick(quick=datasets.digits, full=datasets.mnist)()  # 1
x_train, x_test = data.x_train / scale, data.x_test / scale  # 2
model = keras.Sequential([  # 3
    layers.Flatten(),  # 4
    layers.Dense(512, activation="relu"),  # 5
    layers.Dense(10, activation="softmax"),  # 6
])  # 7
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])  # 8
model.fit(x_train, data.y_train, epochs=epochs, verbose=0)  # 9
loss, accuracy = model.evaluate(x_test, data.y_test, verbose=0)  # 10

# %%
print(f"accuracy on pictures never seen before ≈ {accuracy:.3f}")
print(f"weights that the examples have set: {model.count_params():,}")
claim("it names nine of ten unseen pictures correctly", accuracy, at_least=0.92)

# %% [markdown]
# | line | what it does | shape (quick profile) |
# |---|---|---|
# | 1 | loads pictures and labels; the **test set** is kept apart from training | (1437, 8, 8) and (360, 8, 8) |
# | 2 | divides by the largest value, 16: every number now lies between 0 and 1 | the same |
# | 3, 7 | a network of **layers**, each fed by the one before | |
# | 4 | lays the 8 rows of a picture end to end: your answer to 00.1 | (n, 64) |
# | 5 | 512 units; each adds up all 64 numbers, weighted; `relu` turns negative sums into 0 | (n, 512) |
# | 6 | one unit per digit; `softmax` makes ten **probabilities** that sum to 1 | (n, 10) |
# | 8 | `adam`: how to correct the weights; `sparse_categorical_crossentropy`: the **loss**, how wrong the probabilities are, which training makes small; `accuracy`: what to report | |
# | 9 | trains: shows all training pictures 3 times (3 **epochs**), 32 at a time | |
# | 10 | measures loss and accuracy on the test set | two numbers |
#
# By hand: line 5 has $64 \cdot 512$ weights and one extra number (a *bias*) per unit, line 6
# has $512 \cdot 10 + 10$: together $33{,}280 + 5{,}130 = 38{,}410$, as printed. Later
# lessons open every line; today a first idea of each is enough.
#
# **How to read the output.** `≈` marks a number that depends on training: yours may differ a
# little. The `✓` line is a **claim**, which the course tests on your own run; in brackets
# stands what was measured. If you change the code and it turns to `⚠`, nothing broke: that
# is a result.
#
# **Try it.** Change line 9 to `epochs=30`, run both cells again, compare, and put it back.

# %% [markdown]
# ## 3 · Look at what it says
#
# For a picture $x$ the network returns ten probabilities $p_0, \dots, p_9$. Its answer is
# the digit with the largest one, $\hat y = \arg\max_k p_k$: `probabilities.argmax(axis=1)`.

# %%
probabilities = model.predict(x_test, verbose=0)  # (number of pictures, 10)
predicted = probabilities.argmax(axis=1)

def show_answer(picture=0):
    truth, answer, p = data.y_test[picture], predicted[picture], probabilities[picture]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), width_ratios=[1, 2])
    left.imshow(data.x_test[picture])
    left.axis("off")
    left.set_title(f"test picture {picture}")
    bars = right.bar(range(10), p, color=plots.SKY)
    color = plots.BLUE if answer == truth else plots.VERMILION
    bars[answer].set(facecolor=color, edgecolor="white", hatch="//")
    right.plot(truth, p[truth] + 0.06, "kv", label="true digit")
    right.set(xlabel="digit", ylabel="probability", ylim=(0, 1.15), xticks=range(10))
    verdict = "right" if answer == truth else "wrong"
    right.set_title(f"It says {answer} (probability {p[answer]:.2f}): {verdict}")
    right.legend(loc="upper right", bbox_to_anchor=(1, 1.02))

show_answer()
plots.show("A test picture beside ten bars, one of them far taller than the rest.")

# %% [markdown]
# Now one that it gets wrong: the mistake of which it was most sure.
#
# **Predict.** Will the network at least *look* unsure when it is wrong?

# %%
mistakes = np.flatnonzero(predicted != data.y_test)
surest = mistakes[probabilities[mistakes].max(axis=1).argmax()]
show_answer(surest)
plots.show("A test picture and ten bars: the tallest bar is not the true digit.")
print(f"mistakes ≈ {len(mistakes)} of {len(predicted)} pictures")
claim("it can be sure and wrong", probabilities[surest].max(), at_least=0.55)

# %% [markdown]
# A high probability is the network's opinion, not a guarantee. Would you have read this
# digit correctly? Walk through more pictures with the slider (click on it, then use the
# arrow keys).

# %%
explore(show_answer, alt="A test picture and its ten probabilities.", picture=(0, 99))

# %% [markdown]
# **Your turn.** Say that the network is *unsure* when its largest probability is below 0.6.
# Find such a picture, with the slider or with code.
#
# <details><summary>Hint 1</summary>With the slider, look for two bars of similar height. Your
# answer is the number of the picture.</details>
# <details><summary>Hint 2</summary><code>probabilities.max(axis=1)</code> is the largest
# probability of every picture; <code>.argmin()</code> gives the position of the smallest
# value in an array.</details>

# %% tags=["exercise"]
# Exercise 00.2: the number of a test picture on which the network is unsure
unsure_picture = ...

# %%
check("00.2", unsure_picture, probabilities)

# %% tags=["solution"]
# @title Solution 00.2
unsure_picture_solution = probabilities.max(axis=1).argmin()
check("00.2", unsure_picture_solution, probabilities)

# %% [markdown]
# `evaluate` gave you the **accuracy**, the share of pictures named correctly:
#
# $$\text{accuracy} = \frac{1}{n} \sum_{i=1}^{n} [\hat y_i = y_i]$$
#
# where $n$ is the number of pictures, $y_i$ the label of picture $i$, $\hat y_i$ the
# prediction, and the bracket is 1 if the two are equal and 0 if not. By hand: labels
# 3, 8, 1, 7, predictions 3, **3**, 1, 7. The brackets are 1, 0, 1, 1, so the accuracy is
# $3/4 = 0.75$.
#
# <details><summary>Hint 1</summary>For two NumPy arrays, <code>a == b</code> compares item by
# item and gives an array of True and False.</details>
# <details><summary>Hint 2</summary><code>np.mean</code> counts True as 1 and False as 0. Do
# not forget <code>return</code>.</details>

# %% tags=["exercise"]
# Exercise 00.3: one line; labels and predictions are arrays of the same length
def accuracy_of(labels, predictions):
    ...  # your code here

# %%
check("00.3", accuracy_of)

# %% tags=["solution"]
# @title Solution 00.3
def accuracy_of_solution(labels, predictions):
    return np.mean(labels == predictions)

check("00.3", accuracy_of_solution)

# %% [markdown]
# ## 4 · Who told it about digits?
#
# Perhaps the library *knows* digits, and training only wakes it up? Test that: the same ten
# lines, the same pictures, and one change, the labels.
#
# - **true**: the labels as they are;
# - **renamed**: every 0 is called 1, every 1 is called 2, … every 9 is called 0, in both sets;
# - **shuffled**: the training labels are dealt out anew at random.
#
# **Predict** the test accuracy of each. (Nine networks: this cell takes about ten seconds.)

# %%
def train_and_score(train_labels, test_labels, seed):
    keras.utils.set_random_seed(seed)
    network = keras.Sequential([
        layers.Flatten(),
        layers.Dense(512, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    network.fit(x_train, train_labels, epochs=epochs, verbose=0)
    return network.evaluate(x_test, test_labels, verbose=0)[1]

train, test = data.y_train, data.y_test
scores = {"true": [], "renamed": [], "shuffled": []}
for start in range(3):
    seed = dlcourse.derived_seed(lesson.seed, start)  # from the lesson's own seed
    dealt = np.random.default_rng(seed).permutation(train)
    scores["true"].append(train_and_score(train, test, seed))
    scores["renamed"].append(train_and_score((train + 1) % 10, (test + 1) % 10, seed))
    scores["shuffled"].append(train_and_score(dealt, test, seed))

# %%
figure, axis = plt.subplots(figsize=(7, 2.8))
for row, (marker, values) in enumerate(zip("os^", scores.values(), strict=True)):
    axis.plot(values, [row - 0.2, row, row + 0.2], marker, ms=8)
axis.axvline(0.1, color="black", linestyle=":", label="blind guessing")
axis.set(xlim=(0, 1.02), ylim=(2.6, -0.6), yticks=range(3), yticklabels=scores)
axis.set(xlabel="test accuracy (one dot per seed)", ylabel="labels in training")
axis.set_title("The labels decide what is learned")
axis.legend(loc="center")
plots.show("True and renamed: three dots each near 1. Shuffled: three dots near 0.1.")

# %%
true, renamed, shuffled = (np.mean(values) for values in scores.values())
claim("renaming costs next to nothing", true - renamed, at_most=0.015)
claim("shuffling costs nearly everything", true - shuffled, at_least=0.7)

# %% [markdown]
# Renamed, the network calls a 3 "four", cheerfully and almost always: it has no idea of
# digits but that of its examples. Shuffled, there is nothing to find, and it guesses. (Its
# dots scatter widely about 0.1, because pictures that look alike are right or wrong
# together.) **All that it knows came from pictures and labels that belong together**, and
# whatever is wrong with them, it learns too.
#
# The dots of a row come from three **seeds**. Weights start at random and pictures come in
# random order; the seed decides both. One run can be luck, so this course repeats.
#
# One limit: the same 13 people wrote the training and the test pictures of the small set.
# On the handwriting of others, expect less.

# %% [markdown]
# ## 5 · Your machine, your settings, your way through
#
# You have just trained ten networks, so your set-up works. For the next machine:
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
# library that does Keras's arithmetic), memory and disk, with a remedy for each trouble:

# %%
findings = [doctor.check_python(), *doctor.check_packages(), doctor.check_backend()]
findings += [doctor.check_memory(), doctor.check_disk()]
troubles = [finding for finding in findings if finding.state == "trouble"]
for finding in troubles:
    print(f"✗ {finding.name}: {finding.detail} → {finding.remedy}")
print("Mend this first." if troubles else "The course can run here.")

old = doctor.check_python((3, 9, 1))
print(f"On an old machine it would say: {old.name} {old.detail} → {old.remedy}")

# %% [markdown]
# In a terminal, `python -m dlcourse doctor` shows it all, with data and network.
#
# **Two settings** stand in a short cell near the top of every lesson. After changing one,
# restart and run all (section 6).
#
# | setting | what changes |
# |---|---|
# | `PROFILE = "quick"` | small real or made data, no network, no GPU; seconds per lesson |
# | `PROFILE = "full"` | the public data sets, downloaded once and kept (here MNIST, 12 MB); minutes |
# | `SEED = 1` | other random starts: the digits behind `≈` change, the claims should hold |
#
# The line that a lesson prints first says what it is using.
#
# **Your way.** The first digit of a lesson is its part, the second its place: 11 is the first
# lesson on data, 23 the third on dense networks. Go in that order, or jump: the line under
# the title says what a lesson needs, [the list](README.md) what there is. Your answers and
# their `✓` are kept when you save (Ctrl + S; on Colab *File → Save a copy in Drive*).

# %% [markdown]
# ## 6 · The page is not the memory
#
# A notebook is two things: the **page** you read, and the **kernel**, a Python process that
# remembers every variable. A cell acts only when *you* run it, in *your* order. Here is one in
# miniature: `cells` is the page, `memory` the kernel's, each letter one Shift + Enter.
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
# The page was the same all four times. `ABB` halved twice, though the page shows one halving.
# `B` alone failed: "is not defined" nearly always means *a cell above was not run*. `ABBA`
# looks as if B had never run. When in doubt, **empty the memory and run all**:
#
# | | JupyterLab | Colab |
# |---|---|---|
# | restart and run all | *Kernel → Restart Kernel and Run All Cells…* | *Runtime → Restart session and run all* |
# | stop a cell that takes too long | *Kernel → Interrupt Kernel* | *Runtime → Interrupt execution* |

# %% [markdown]
# ## Break and fix
#
# A colleague has your `model` and your test pictures. After an afternoon in her notebook the
# accuracy is ruined. No error appeared, and her pictures look fine. (How `x_hers` came about
# is hidden in a helper: no peeking, it is a riddle.)
#
# **Predict.** What is broken: the network, the labels, or the numbers in `x_hers`?

# %%
from dlcourse.exercises.lesson_00 import colleagues_pictures

x_hers = colleagues_pictures(data.x_test, scale)
p_hers = model.predict(x_hers, verbose=0)
accuracy_hers = np.mean(p_hers.argmax(axis=1) == data.y_test)
print(f"accuracy: yours ≈ {accuracy:.3f}, hers ≈ {accuracy_hers:.3f}")

names = [f"yours: {p.argmax()}\n(sure: {p.max():.2f})" for p in probabilities[:6]]
names += [f"hers: {p.argmax()}\n(sure: {p.max():.2f})" for p in p_hers[:6]]
pictures = np.concatenate([x_test[:6], x_hers[:6]])
plots.image_grid(pictures, names, columns=6, title="Alike to you, not to the network")
plots.show("Two rows of the same six digits; the network is sure in the upper one.")

# %%
claim("her accuracy is far below yours", accuracy - accuracy_hers, at_least=0.3)
claim("the network is sure of none of her pictures", p_hers.max(), at_most=0.12)

# %% [markdown]
# The network and the labels are yours, so it must be the numbers. They *look* right only
# because drawing stretches any range of values from black to white. Her notebook has a cell
# `x_hers = x_hers / scale`. Say **how many times in all it has run** since the pictures were
# loaded, and write its work so that running it twice does no harm.
#
# <details><summary>Hint 1</summary>Add a cell (the + in the toolbar) and compare
# <code>data.x_test.max()</code>, <code>x_test.max()</code> and
# <code>x_hers.max()</code>.</details>
# <details><summary>Hint 2</summary>Start from 16. After one run the largest value is 16/16 = 1.
# Go on dividing until you arrive at hers.</details>
# <details><summary>Hint 3</summary>A cell is safe to run twice when it computes a new value from
# one that it never changes.</details>

# %% tags=["exercise"]
# Exercise 00.4: how often did her cell run, and how should it scale the pictures?
times_run = ...

def scaled(raw_pictures, scale):
    ...  # return the scaled pictures; leave raw_pictures as they are

# %%
check("00.4", times_run, scaled)

# %% tags=["solution"]
# @title Solution 00.4
# 16 → 1 → 1/16 = 0.0625 → 1/256 ≈ 0.0039, which is x_hers.max(): three runs
times_run_solution = 3

def scaled_solution(raw_pictures, scale):
    return raw_pictures / scale  # use it so: x_test = scaled(data.x_test, scale)

check("00.4", times_run_solution, scaled_solution)

# %% [markdown]
# One more riddle: why does she get the same one or two answers for all of her pictures? Her
# numbers are so close to 0 that the network may as well look at an empty page. Ask it about one:

# %%
empty = model.predict(np.zeros_like(x_test[:1]), verbose=0)[0]  # ten probabilities
same = np.mean(p_hers.argmax(axis=1) == empty.argmax())
print(f"an empty picture is read as ≈ {empty.argmax()} (sure: ≈ {empty.max():.2f})")
print(f"share of her pictures that are read as the same digit ≈ {same:.2f}")
gap = np.abs(p_hers - empty).max()
claim("no probability differs from the empty picture's by more than ≈ {:.3f}", gap,
      at_most=0.01)  # fmt: skip

# %% [markdown]
# All ten probabilities are near 0.1, and the digit that leads by a hair leads nearly
# everywhere (where two digits tie, both turn up). Which one that is, chance decides: another
# seed gives another digit.

# %% [markdown]
# ## Quiz

# %%
quiz("00")

# %% [markdown]
# ## Summary
#
# - A picture is numbers; a network turns them into one probability per class.
# - Training sets the weights from examples; accuracy is measured on pictures kept apart.
# - Renamed labels give renamed answers, random labels none: the examples are all it knows.
# - A probability is the network's opinion. It can be sure and wrong.
# - The kernel remembers what you ran, not what the page shows. In doubt: restart, run all.
#
# **What you can do now** that you could not an hour ago: train a network on real data,
# measure it on pictures it never saw, look at its mistakes, and tell a bug in the notebook
# from one in the network. Go on with the next number in [the list](README.md).
#
# ## Common mistakes
#
# | what you see | what it usually is |
# |---|---|
# | `NameError: name … is not defined` | a cell above was not run |
# | you edited a cell and nothing changed | it, or a cell that depends on it, was not run again |
# | good accuracy in training, poor on new pictures | the new ones were scaled differently |
# | `ModuleNotFoundError` | another Python runs the notebook: use `python -m dlcourse lab` |
#
# ## Read more
#
# - [JupyterLab: notebooks](https://jupyterlab.readthedocs.io/en/stable/user/notebook.html): cells, menus, shortcuts.
# - [Colab: questions and answers](https://research.google.com/colaboratory/faq.html): what is free, how long a session lives.
# - [Install TensorFlow with pip](https://www.tensorflow.org/install/pip): GPUs, system by system.
# - [Keras: the Sequential model](https://keras.io/guides/sequential_model/): lines 3 to 7 in depth.
# - Alpaydin and Kaynak (1998), [Optical recognition of handwritten digits](https://archive.ics.uci.edu/dataset/80): where the pictures come from.
# - Zhang and others (2017), [Understanding deep learning requires rethinking generalization](https://arxiv.org/abs/1611.03530): shuffled labels, taken further.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [11 · Loading and preprocessing](11_loading_and_preprocessing.ipynb). Find what is wrong with a table, mend it, and split it so that the score can be believed. [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+00%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/11_loading_and_preprocessing.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
