# ---
# jupyter:
#   dlcourse:
#     title: Images and augmentation
#     subtitle: Turn a folder of pictures into a tensor, and find out what changed copies are worth
#     minutes: 60
#     further: 14
#     seconds: 45
#     needs: ["00"]
#     backends: [tensorflow]
#     teaching:
#       believe: "augmentation multiplies the data set, and more of it is better"
#       stop: "section 5"
#       ask: "\"Six thousand pictures made from three hundred: worth how many new labels?\""
#       stuck: "steps against epochs: count the pictures that pass through the network"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 12 · Images and augmentation
#
# *Turn a folder of pictures into a tensor, and find out what changed copies are worth*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/12_images_and_augmentation.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/12_images_and_augmentation.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/12_images_and_augmentation.ipynb)
#
# **Your time:** 60 minutes, and 14 for *Going further* · **The notebook runs in:** about 45 s on two CPU cores · **Before this:** lesson 00

# %% [markdown]
# ## You will be able to
#
# 1. read pictures from files and folders into a tensor that a network can learn from
#    *(section 2 · exercise 12.1)*
# 2. choose changes that keep the label, and train on changed pictures
#    *(sections 3 and 4 · exercise 12.2)*
# 3. measure fairly what augmentation is worth, and find the dose that helps
#    *(sections 5 and 6 · exercise 12.3)*
# 4. find out why a pipeline teaches nothing although it raises no error
#    *(section 2, break and fix · exercise 12.4)*

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
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from PIL import Image

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz

lesson = dlcourse.start("12", profile=PROFILE, seed=SEED, backends=("tensorflow",))

import keras
import tensorflow as tf
from keras import layers
from tensorflow.keras.preprocessing.image import ImageDataGenerator

REPEATS = lesson.pick(quick=3, full=10)  # how often a training is repeated

# %% [markdown]
# ## 1 · Three hundred labels, and no more
#
# A museum keeps beetles in thousands of drawers, each with a number written by hand. It wants a
# network that reads them. Volunteers cut 300 digits out of photographs and put each into a folder
# named after its label.
#
# "No problem," says a colleague. "We shift, turn and zoom every picture a little, twenty times.
# Then we have 6,000 pictures, and they cost nothing." Making such changed copies, which keep
# their label, is called **augmentation**.
#
# **Predict.** A network learns from 6,000 pictures that were made from 300. How many *real*
# digits, each with a label of its own, would teach it as much?

# %% [markdown]
# ## 2 · From a file to a tensor
#
# Our digits come from MNIST. We write 300 of them to files, one folder per label.

# %%
digits = datasets.mnist_5k()
folder = Path(tempfile.mkdtemp())  # a new folder, still empty
for number in range(300):
    folder_of_label = folder / str(digits.y_train[number])
    folder_of_label.mkdir(exist_ok=True)
    picture = Image.fromarray(digits.x_train[number])
    picture.save(folder_of_label / f"{number:03}.png")
counts = [len(list(folder.glob(f"{label}/*"))) for label in range(10)]
print("files per folder:", *counts)

# %% [markdown]
# A network needs a **tensor**, an array of numbers. Pillow (`PIL`) opens a file, and NumPy makes an
# array of it; or Keras does both. A color picture, such as the cat below, has three numbers per pixel,
# its **channels**: red, green, blue. A gray one has a single channel.

# %%
six = sorted(folder.glob("6/*"))[0]  # the path of the first six
by_pillow = np.asarray(Image.open(six))
picture = keras.utils.load_img(six, color_mode="grayscale")
by_keras = keras.utils.img_to_array(picture)
cat = datasets.pictures().images["cat"]  # by Stefan van der Walt, in scikit-image
for name, array in {"Pillow": by_pillow, "Keras": by_keras, "cat": cat}.items():
    print(f"{name:6}  {array.shape!s:13}  {array.dtype!s:7}  up to {array.max():.0f}")

# %% [markdown]
# Most picture files hold **`uint8`**: whole numbers of one byte, 0 (black) to 255 (white). So our
# digits are white on black (lesson 00 drew them the other way round). Beyond 255, a byte starts
# again at 0, without an error (**overflow**): 250 + 60 becomes 310 − 256 = 54.
#
# `img_to_array` returns `float32`, which has fractions, and room above 255. It also gives a gray
# picture its channel axis: `(height, width, channels)`. But the values still go up to 255, and
# networks mostly train better on small numbers, such as 0 to 1. So divide by 255, once.
#
# **Exercise 12.1.** Write `load(path)` for one such file. Return the picture as floats of 0 to 1,
# with shape `(height, width, 1)`, and its label, the name of the folder as a whole number.
#
# <details><summary>Hint 1</summary>The cell above reads a picture with its channel axis. The
# division is still missing.</details>
# <details><summary>Hint 2</summary><code>path.parent</code> is the folder, and
# <code>path.parent.name</code> its name, a text such as <code>"6"</code>.</details>

# %% tags=["exercise"]
# Exercise 12.1: one file, as a network wants it, and its label.
def load(path):
    ...  # your code here

# %%
check("12.1", load)

# %% tags=["solution"]
# @title Solution 12.1
def load_solution(path):
    picture = keras.utils.load_img(path, color_mode="grayscale")
    x = keras.utils.img_to_array(picture) / 255
    return x, int(path.parent.name)

check("12.1", load_solution)

# %% [markdown]
# A whole folder takes one call. It numbers the folders in alphabetical order, `10` before `2`, and
# these numbers are the labels. The result hands out one **batch** after the other: several pictures
# in one tensor, `(batch, height, width, channels)`. Without `image_size`, pictures are resized to
# 256 × 256; without `color_mode`, gray ones get three equal channels. Then `map` divides every
# batch by 255.

# %%
raw = keras.utils.image_dataset_from_directory(
    folder, image_size=(28, 28), color_mode="grayscale", batch_size=75,
    seed=lesson.seed, verbose=False)
files = raw.map(lambda x, y: (x / 255, y))
for name, data in {"raw": raw, "files": files}.items():
    x, y = next(iter(data))
    print(f"{name:5}  {x.shape}  {y.shape}  {x.dtype.name}  up to {np.max(x):.0f}")

# %% [markdown]
# Such a data set goes straight into `fit`. Our network is **convolutional**: little windows of
# weights slide over the picture, `strides` pixels at a time, and look for strokes (lesson 31). One
# pass over the 300 digits, an **epoch**, is four **steps** of 75 pictures, so 20 epochs are 80
# steps. Over these, the **learning rate**, which sets how far a step moves the weights, falls from
# 0.02 to 0 (`CosineDecay`, lesson 53).

# %%
def network():
    model = keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(16, 6, strides=3, activation="relu"),  # (batch, 8, 8, 16)
        layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
        layers.Flatten(),  # from (batch, 4, 4, 32) to (batch, 512)
        layers.Dense(10, activation="softmax"),  # (batch, 10)
    ])
    falling = keras.optimizers.schedules.CosineDecay(0.02, decay_steps=80)
    model.compile(keras.optimizers.Adam(falling), "sparse_categorical_crossentropy")
    return model

# %% [markdown]
# After 20 epochs it reads 1,000 new digits:

# %%
x_test = digits.x_test[..., None] / np.float32(255)  # (1000, 28, 28, 1)
y_test = digits.y_test

def accuracy(model, x=x_test):
    probabilities = model(x, training=False)  # (1000, 10)
    return 100 * np.mean(np.argmax(probabilities, axis=1) == y_test)  # in percent

def accuracy_after(data):
    model = network()
    model.fit(data, epochs=20, shuffle=False, verbose=0)  # data shuffles itself
    return accuracy(model)

print(f"new digits right: ≈ {accuracy_after(files):.0f} %")

# %% [markdown]
# ## 3 · See every change
#
# Keras has a layer for each common change. It draws anew for every picture, at every call.
# Mind the units: 0.1 is a tenth of the height or width in a shift, of a full turn in a rotation,
# both either way. `fill_mode="constant"` fills the gaps with black.

# %%
flips = [layers.RandomFlip("horizontal"), layers.RandomFlip("vertical", seed=1)]
changes = {
    "flips": keras.Sequential(flips),  # left–right or not, top–bottom or not
    "shift": layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),  # up to 10 %
    "rotate": layers.RandomRotation(15 / 360, fill_mode="constant"),  # up to 15 degrees
    "zoom": layers.RandomZoom(0.2, fill_mode="constant"),  # by up to 20 %
    "contrast": layers.RandomContrast((0.5, 0.5), value_range=(0, 1)),  # up to ± 50 %
    "noise": layers.GaussianNoise(0.2),  # add random numbers, mostly within ± 0.2
}
small_cat = cat[::2, ::2] / np.float32(255)  # (150, 226, 3)
four_cats = np.stack([small_cat] * 4)  # a batch: (4, 150, 226, 3)
columns = [four_cats]
for layer in changes.values():
    columns.append(np.clip(layer(four_cats, training=True), 0, 1))

pictures = np.stack(columns, axis=1)  # (4, 7, 150, 226, 3): four rows, seven columns
pictures = pictures.reshape(28, 150, 226, 3)
titles = ["original", *changes] + [""] * 21  # above the first row only
axes = plots.image_grid(pictures, titles, columns=7,
                        title="Six changes, each drawn four times: always a cat")
axes[0, 0].figure.set_size_inches(11, 4.8)
plots.show("Seven columns of four cats each: as it is, flipped, shifted, rotated,"
           " zoomed, with other contrast, with noise.")

# %% [markdown]
# ## 4 · Which changes keep the label?
#
# A picture $x$ with label $y$ becomes a changed picture $t(x)$. Here is a b of 3 × 3 pixels,
# shifted to the right, and mirrored:
#
# $$x = \begin{bmatrix}1&0&0\\1&1&0\\1&1&0\end{bmatrix} \qquad
#   t_\text{shift}(x) = \begin{bmatrix}0&1&0\\0&1&1\\0&1&1\end{bmatrix} \qquad
#   t_\text{mirror}(x) = \begin{bmatrix}0&0&1\\0&1&1\\0&1&1\end{bmatrix}$$
#
# The shifted one is still a b: from $(x, y)$ comes $(t(x), y)$. The mirrored one, in NumPy
# `x[:, ::-1]`, is a d. Such a change is not forbidden, but **the label has to change with the
# picture**: from $(x, y)$ comes $(t(x), t_y(y))$, here with $t_y(\text{b}) = \text{d}$.
#
# Which digits can you mirror, and which turn by half a turn?

# %% tags=["hide-input"]
fifth_of = [np.flatnonzero(digits.y_train == label)[4] for label in range(10)]
ten = digits.x_train[fifth_of]  # (10, 28, 28)
kinds = [np.hstack(kind) for kind in (ten, ten[:, :, ::-1], ten[:, ::-1, ::-1])]
plt.figure(figsize=(9, 3.2))
plt.imshow(np.vstack(kinds), cmap="gray")
plt.yticks([13.5, 41.5, 69.5], ["as it is", "mirrored", "half a turn"])
plt.gca().set(xticks=[], title="Some digits keep their label, others become new signs")
plots.show("Ten digits, the same mirrored, and turned by half a turn: 6 and 9 swap.")

# %% [markdown]
# The 0, the 1 and the 8 survive both. Mirrored, most others are no digits any more. After half a
# turn the 6 is a perfect 9 and the 9 a 6, and their labels do not know it.
#
# **Exercise 12.2.** The museum's wish list: *mirror left–right; rotate by up to 10° either way;
# turn by any angle; shift by up to 10 % of the side, along both axes*. Write `change`, a list of
# layers, with those wishes that keep the label of every digit. The gaps are black.
#
# <details><summary>Hint 1</summary>Two wishes are left: a small rotation and a small
# shift.</details>
# <details><summary>Hint 2</summary><code>RandomRotation</code> counts in full turns: 10° are
# <code>10 / 360</code>. Each of the layers needs its own
# <code>fill_mode="constant"</code>.</details>

# %% tags=["exercise"]
# Exercise 12.2: the changes that keep the label, as layers.
change = [...]

# %%
check("12.2", change)

# %% tags=["solution"]
# @title Solution 12.2
change_solution = [
    layers.RandomRotation(10 / 360, fill_mode="constant"),
    layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),
]
check("12.2", change_solution)

# %% [markdown]
# Training with such changes takes one more `map`. Twenty epochs then show every digit in twenty
# *different* versions.

# %%
several = keras.Sequential([changes["shift"], changes["rotate"], changes["zoom"]])
changed = files.map(lambda x, y: (several(x, training=True), y))
print(f"new digits right: ≈ {accuracy_after(changed):.0f} %")

# %% [markdown]
# This is **online** augmentation: no changed copy is kept. The layers may also stand in the model,
# behind its `Input`: `fit` switches them on, `predict` and `evaluate` switch them off. Called
# directly, as in `map`, most change pictures even without `training=True`. So never map them over
# test pictures, or over those kept apart for choosing settings (**validation**).

# %% [markdown]
# ## 5 · Which changes help?
#
# One training may be lucky. So we train three rounds, each with another 300 of 4,000 digits. Within
# a round, all changes get the same digits, in the same order, and the same first weights.

# %%
x_all = digits.x_train[..., None] / np.float32(255)  # (4000, 28, 28, 1)
y_all = digits.y_train

def shown(repeat, layer=None, n=300):
    """Return the 6,000 pictures that 80 steps show, in order, and their labels."""
    rng = np.random.default_rng([lesson.seed, repeat])
    chosen = rng.permutation(len(x_all))[:n]
    epochs = [rng.permutation(chosen) for _ in range(6000 // n)]
    rows = np.concatenate(epochs)  # (6000,)
    x = x_all[rows]
    if layer is not None:
        x = np.array(layer(x, training=True))
    return x, y_all[rows]  # (6000, 28, 28, 1), (6000,)

# %% [markdown]
# `trainer(layer)` returns a function that trains a model on these pictures. `dlcourse.repeat` calls
# each such function in every round, with a new network, and returns the accuracies: a row for each
# round, a column for each function. (Its last two arguments only save time.)

# %%
def trainer(layer=None, n=300, steps=80):
    def train(model, repeat):
        x, y = shown(repeat, layer, n)
        end = 75 * steps
        model.fit(x[:end], y[:end], batch_size=75, shuffle=False, verbose=0)
        return accuracy(model)
    return train

def trainings(trainers):
    builders = dict.fromkeys(trainers, network)  # the same network for all
    return dlcourse.repeat(REPEATS, builders, trainers, steps_at_once=8, reseed=False)

# %% [markdown]
# **Predict.** Which of the six changes help, which harm, and which show no effect? And what of
# rotations by any angle? (From 88 % to 90 % we call a gain of 2 *points*.)

# %%
tried = {"none": None, **changes}  # no change, and the six of section 3
tried["shift, rotate, zoom"] = several
tried["rotate, any angle"] = layers.RandomRotation(0.5, fill_mode="constant")
scores = trainings({name: trainer(layer) for name, layer in tried.items()})

gains = scores.drop(columns="none").sub(scores["none"], axis=0)  # in points, by round
claim("shifts gain ≈ {:.1f} points on 300 digits", gains["shift"].mean(), at_least=0)
claim("flips cost ≈ {:.1f} points", -gains["flips"].mean(), at_least=1.5)
angle_costs = -gains["rotate, any angle"].mean()
claim("rotations by any angle cost ≈ {:.0f} points", angle_costs, at_least=8)

# %% tags=["hide-input"]
plt.figure(figsize=(8, 4))
places = np.arange(gains.shape[1])
plt.plot(gains.T, places, "|", color=plots.VERMILION, ms=12, mew=2)
plt.plot(gains.mean(), places, "o", color=plots.VERMILION, ms=8)
plt.axvline(0, color=plots.BLUE, ls="--")
plt.text(-0.3, 0, "no change", color=plots.BLUE, fontsize=9, ha="right")
plt.yticks(places, list(gains))
plt.gca().set(title="Shifts help; flips and rotations by any angle cost",
              xlabel="gain over no change (points; dot: mean, bar: one training)",
              ylim=(len(places) - 0.5, -0.5))
plots.show("Gain in accuracy over no change, for each training and on average: shifts"
           " and shift, rotate, zoom together gain most; flips and rotations by any"
           " angle cost most.")
print("right without a change:", *[f"≈ {score:.1f} %" for score in scores["none"]])

# %% [markdown]
# A rule of thumb says: a change helps if new pictures *really differ in that way*, and only then.
# Rotations and flips agree with it: people write a little tilted, but not upside down or mirrored.
# Zoom, contrast and noise show little effect; our guess is that MNIST's digits hardly differ in
# them. But shifts are a surprise: in MNIST, every digit's center of mass is in the middle. We guess
# that single strokes still move. The rule tells you what to try. The measurement decides.
#
# **How much?** So far, shifts went up to 10 % of the side, almost 3 pixels. Try other doses:
# `gain(0.02, 0.2)`, say, returns the gains of shifts by up to 2 % and by up to 20 %, a column for
# each. (We score them on the test digits. In a real project, choose on validation pictures.)

# %%
def gain(*shares):
    """Return the gains over no change, in points, of shifts by up to these shares."""
    trainers = {}
    for share in shares:
        shift = layers.RandomTranslation(share, share, fill_mode="constant")
        trainers[share] = trainer(shift)
    found = trainings(trainers)
    return found.sub(scores["none"], axis=0)  # by round: the same digits

# %% [markdown]
# **Exercise 12.3.** Find three doses, as shares of the side from 0.001 to 0.5. On average,
# `too_little` gains less than 1 point, `right` gains more than 2, and `too_much` *costs* more
# than 2. Try them with `gain(…, …, …).mean()` in a cell of your own.
#
# <details><summary>Hint 1</summary>A pixel is 1 / 28 of the side, about 0.036. Which shift is far
# less than one pixel?</details>
# <details><summary>Hint 2</summary>MNIST leaves about four pixels around each digit. Where does a
# shift begin to cut strokes off?</details>

# %% tags=["exercise"]
# Exercise 12.3: three doses of a shift, as shares of the side.
too_little = ...
right = ...
too_much = ...

# %%
check("12.3", too_little, right, too_much)

# %% tags=["solution"]
# @title Solution 12.3
too_little_solution = 0.01  # less than a third of a pixel
right_solution = 0.1
too_much_solution = 0.3  # up to 8.4 pixels: many strokes can be cut off
check("12.3", too_little_solution, right_solution, too_much_solution)

# %% [markdown]
# With shifts by up to almost 3 pixels, the network meets every stroke in many places. By up to 8
# they cost: perhaps strokes are cut off, perhaps 80 steps are too few for so many versions. (*Going
# further* tries more steps.)

# %% [markdown]
# ## 6 · What is it worth?
#
# **Predict.** In 80 steps, *shift, rotate, zoom* gained points. Which is ahead after the first 16,
# 4 of the 20 epochs: *none*, or *shift, rotate, zoom*?

# %%
early = trainings({"none": trainer(steps=16),
                   "shift, rotate, zoom": trainer(several, steps=16)})
late = scores[["none", "shift, rotate, zoom"]]
table = pd.DataFrame({"after 16 steps": early.mean(), "after 80 steps": late.mean()})
print(table.map("≈ {:.0f} %".format))
claim("after 80 steps, changed pictures are ≈ {:.1f} points ahead",
      gains["shift, rotate, zoom"].mean(), at_least=0.5)

# %% [markdown]
# Behind at first: these changed pictures take longer to learn. So **compare at equal steps, and give
# both enough of them.** An epoch is no measure, because it grows with the data: 300 pictures make 4
# steps, and 3,000 make 40.
#
# Now the museum's question. Keep the 80 steps, but take more real digits, unchanged: 1,000, each
# shown six times, or 3,000, each shown twice.

# %%
real = trainings({1000: trainer(n=1000), 3000: trainer(n=3000)})
real.insert(0, 300, scores["none"])
made = scores["shift, rotate, zoom"]
table = real.rename(columns="{:,} real".format)
table["6,000 made from 300"] = made
print(table.map("≈ {:.1f} %".format))
claim("3,000 real digits bring ≈ {:.1f} points more than 300",
      (real[3000] - real[300]).mean(), at_least=2)

# %% tags=["hide-input"]
plt.semilogx(list(real), real.T, "D", color=plots.GREEN, ms=4, alpha=0.5)
plt.semilogx(list(real), real.mean(), "D-", color=plots.GREEN, ms=8)
plt.axhspan(made.min(), made.max(), color=plots.VERMILION, alpha=0.15, lw=0)
plt.axhline(made.mean(), color=plots.VERMILION, ls="--")
plt.text(300, made.max() + 0.1, f"6,000 made from 300\n(band: {len(made)} trainings)",
         color=plots.VERMILION)
plt.text(3000, real[300].mean() + 1, "real digits,\neach with its label", ha="right",
         color=plots.GREEN)
plt.minorticks_off()
plt.gca().set(xlabel="real digits in training", ylabel="accuracy on new digits (%)",
              xticks=list(real), xticklabels=[f"{n:,}" for n in real],
              title="6,000 copies of 300 teach less than 3,000 real digits")
plots.show("Accuracy against the number of real digits, on a logarithmic axis, rising."
           " A band shows three trainings with 6,000 pictures made from 300. It crosses"
           " the line of the real digits near 1,000.")

# %% [markdown]
# The answer is where the dashed line crosses the green one. In eleven runs of this lesson, with
# other random numbers, that was between 500 and 1,400 real digits, at 80 steps: far from 6,000.
# Copies help, but they are no new labels.

# %% [markdown]
# ## Break and fix
#
# The museum's photographs differ in brightness. So the colleague adds `RandomBrightness(0.2)`,
# to make each picture brighter or darker by up to a fifth of the full range. Her pipeline takes
# the raw files, of 0 to 255, and raises no error.

# %%
broken = keras.Sequential([
    layers.Rescaling(1 / 255),
    layers.RandomBrightness(0.2),
])
brighter = raw.map(lambda x, y: (broken(x, training=True), y))
print(f"new digits right: ≈ {accuracy_after(brighter):.0f} %")

# %% [markdown]
# Blind guessing is right for about 10 %.
# **Look at the numbers that come out of the pipeline**: the smallest and the largest of each
# picture. A drawing may deceive you: of a gray picture, `imshow` draws the smallest number black
# and the largest white.
#
# **Exercise 12.4.** Hand in `mended`, a Keras model or layer like `broken`. It takes pictures of
# 0 to 255 and returns 0 to 1. In training, each picture gets brighter or darker by up to a
# fifth of the full range.
#
# <details><summary>Hint 1</summary><code>x, y = next(iter(raw))</code>, then <code>seen =
# np.array(broken(x[:10], training=True))</code> and <code>seen.min(axis=(1, 2, 3))</code>. The
# same with <code>max</code>. What should they be?</details>
# <details><summary>Hint 2</summary>A fifth of which range was added?
# <code>help(layers.RandomBrightness)</code> lists the arguments.</details>
# <details><summary>Hint 3</summary><code>value_range</code> is (0, 255) unless you say
# otherwise. After the rescaling it should be (0, 1). The layer also cuts at its two
# ends.</details>

# %% tags=["exercise"]
# Exercise 12.4: pictures of 0 to 255 in, 0 to 1 out, brighter or darker in training.
mended = ...

# %%
check("12.4", mended)

# %% tags=["solution"]
# @title Solution 12.4
mended_solution = keras.Sequential([
    layers.Rescaling(1 / 255),
    layers.RandomBrightness(0.2, value_range=(0, 1)),
])
check("12.4", mended_solution)

# %% [markdown]
# Up to a fifth of 255, which is 51, was added to numbers that end at 1, or taken from them. The
# darkened pictures were cut at 0: nearly all are black. The others run, say, from 30 to 31, and
# `imshow` hides it. Put `mended` in place of `broken` above, and train: does the accuracy of section
# 2 come back?

# %% [markdown]
# ## Going further: a dial for each change
#
# **Play.** How far can you turn the dials until *you* no longer see a cat? Then choose the six.
# Which dial makes it *something else*, and not just harder to read? (Rotate does: at 180 a six is a nine.)

# %% tags=["hide-input"]
pixels_of = {"cat": cat[::2, ::2], "a six": digits.x_train[digits.y_train == 6][2]}

def dials(picture="cat", mirror="no", rotate=20, right=10, down=0, zoom=1.0,
          contrast=1.0, brightness=0, noise=0):
    before = pixels_of[picture]
    steps = {"no": (1, 1), "left–right": (1, -1), "top–bottom": (-1, 1)}[mirror]
    image = Image.fromarray(before[:: steps[0], :: steps[1]])
    w, h = image.size
    image = image.rotate(rotate, Image.Resampling.BILINEAR,
                         translate=(right * w / 100, down * h / 100))
    a = (1 - 1 / zoom) / 2  # how much is cut off, or added, on each side
    seen = (a * w, a * h, (1 - a) * w, (1 - a) * h)
    image = image.transform(image.size, Image.Transform.EXTENT, seen)
    values = np.asarray(image, float)
    values = (values - values.mean()) * contrast + values.mean() + brightness
    values += np.random.default_rng(0).normal(0, noise, values.shape)
    after = np.clip(values, 0, 255).astype("uint8")
    axes = plots.image_grid([before, after], ["before", "after"], columns=2)
    axes[0, 0].figure.set_size_inches(8, 2.8)

explore(dials, alt="A picture before and after it was turned, moved and recolored.",
        picture=list(pixels_of), mirror=["no", "left–right", "top–bottom"],
        rotate=(-180, 180, 5), right=(-50, 50, 5), down=(-50, 50, 5),
        zoom=(0.4, 2.5, 0.1), contrast=(0.0, 3.0, 0.1), brightness=(-150, 150, 10),
        noise=(0, 100, 5))

# %% [markdown]
# ## Going further: five doses of a shift
#
# Exercise 12.3 asked for three doses of yours. Here are five of ours, and the gain of each
# training:

# %%
doses = gain(0.01, 0.05, 0.2, 0.3)
doses.insert(2, 0.1, gains["shift"])  # measured above
claim("shifts by up to 1 % change ≈ {:.1f} points", abs(doses[0.01].mean()),
      at_most=2.5)
claim("shifts by up to 30 % cost ≈ {:.0f} points", -doses[0.3].mean(), at_least=5)

percents = [f"{100 * share:.0f} %" for share in doses]
plt.figure(figsize=(6.4, 3.6))
plt.axhline(0, color=plots.BLUE, ls="--")
plt.text(4.3, 1, "no change", color=plots.BLUE, fontsize=9, ha="right")
plt.plot(percents, doses.T, "_", color=plots.VERMILION, ms=14, mew=2)
plt.plot(percents, doses.mean(), "o-", color=plots.VERMILION, ms=8, lw=1)
plt.gca().set(title="Too little does next to nothing, too much harms", xlim=(-0.4, 4.4),
              xlabel="shift by up to (share of the side)",
              ylabel="gain after 80 steps\n(points; dot: mean, bar: one training)")
plots.show("Gain against the dose of the shift: none at 1 %, some points at 5 and 10 %,"
           " a loss at 20 % and a much larger one at 30 %.")

# %% [markdown]
# Shifts by up to 20 % reach beyond 5 pixels, and cut off some strokes. Is that the harm, or are 80 steps
# too few for so many different pictures? Outside this notebook we tried 400 steps, with two
# trainings each. Shifts by 20 %, which cost points in 80 steps, then cost nothing any more. Those by
# 30 % still cost, but far less: some of their harm was the lack of steps. Rotations by any angle
# still cost, too. Part of that may be the wrong label of a 6 on its head; how large a part, we did
# not test.

# %% [markdown]
# ## Going further: equal epochs, or equal steps?
#
# Older recipes store the changed copies once (**offline** augmentation). Five copies of each
# digit are 1,500 pictures, and one of their epochs is 20 steps. Shown four times, they fill the
# same 80 steps. We compare them with *none* and *online*, which have 4 steps an epoch.

# %%
def train_offline(model, repeat):
    x, y = shown(repeat)
    copies = np.array(several(x[:1500], training=True))  # five of each of the 300
    x_stored = np.tile(copies, (4, 1, 1, 1))  # (6000, 28, 28, 1): shown four times
    y_stored = np.tile(y[:1500], 4)
    model.fit(x_stored, y_stored, batch_size=75, shuffle=False, verbose=0)
    return accuracy(model)

offline = trainings({"offline": train_offline})["offline"].mean()
none, online = late.mean()
none_early, online_early = early.mean()  # 16 steps: 4 epochs of 300
table = pd.DataFrame({
    "after 4 epochs": [none_early, offline, online_early],
    "after 80 steps": [none, offline, online],
}, index=["none", "offline", "online"])
print(table.map("≈ {:.0f} %".format))
claim("at equal steps, online and offline differ by ≈ {:.1f} points",
      abs(online - offline), at_most=4)

# %% [markdown]
# Four epochs of *offline* are 80 steps already. Four epochs of the others are 16. So the first
# column compares a whole training with two that were cut off while their learning rate was still
# high, and *online* looks hopeless. At equal steps it is about as good as *offline*.

# %% [markdown]
# ## Going further: which networks mind shifts
#
# "A convolutional network does not care where a digit stands, so it needs no shifts in training."
# Section 5 says otherwise. Compare three networks. In **dense**, every pixel has its own weights.
# **conv** is ours. What one window of weights finds all over the picture is its *feature map*;
# **pooled** keeps only the largest value of each (`GlobalMaxPooling2D`; before it, `MaxPooling2D`
# keeps the largest of every 2 × 2). Their learning rates and numbers of weights differ, too, and
# each is trained only twice: trust the large gaps. All learn from 300 digits as they are, and
# *conv* a second time from shifted ones, as *conv, shifts*. Then the *test* digits move to the
# right. From about 4 pixels on, some lose an edge.
#
# **Predict.** Which loses least?

# %%
def dense():
    model = keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy")
    return model

def pooled():
    model = keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(16, 6, strides=2, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy")
    return model

# %%
wide = np.pad(x_test, ((0, 0), (0, 0), (6, 0), (0, 0)))  # six more columns on the left

def tested_on_shifts(layer=None):
    train = trainer(layer)  # as in section 5
    def train_and_move(model, repeat):
        train(model, repeat)
        found = {}
        for pixels in range(7):
            x_moved = wide[:, :, 6 - pixels : 34 - pixels]  # (1000, 28, 28, 1)
            found[pixels] = accuracy(model, x_moved)
        return found
    return train_and_move

builders = {"dense": dense, "conv": network, "conv, shifts": network, "pooled": pooled}
tests = dict.fromkeys(builders, tested_on_shifts())
tests["conv, shifts"] = tested_on_shifts(changes["shift"])
table = dlcourse.repeat(2, builders, tests, steps_at_once=8, reseed=False)
moved = table.groupby("contender", sort=False)[list(range(7))].mean()
moved = moved.rename_axis(index=None, columns="moved by (pixels)")
print(moved.map("≈ {:.0f} %".format))
lost = moved[0] - moved[4]
claim("moved by 4 pixels, pooled loses ≈ {:.0f} points less than conv",
      lost["conv"] - lost["pooled"], at_least=20)

# %% [markdown]
# Convolution finds a stroke anywhere, but `Flatten` and the dense layer behind it still count
# *where* it was found. *pooled* forgets the place, and falls much more slowly than *conv*. From 4
# pixels on it loses least of all. Up to 3 pixels, *conv, shifts* loses about as little; its training
# went to almost 3, 10 % of 28. Neither is safe against every shift.

# %% [markdown]
# ## Going further: MixUp and CutMix
#
# Two recipes mix *two* pictures, and their labels with them. **CutMix** pastes a square of one
# into the other. **MixUp** lays one over the other like two slides, with share $\lambda$ of the
# first:
#
# $$\tilde x = \lambda\, x_i + (1 - \lambda)\, x_j, \qquad
#   \tilde y = \lambda\, y_i + (1 - \lambda)\, y_j$$
#
# Here $i$ is a picture, $j$ its partner, $\lambda$ is `share`, one number per pair, and $y$ is
# the label as a row of ten numbers, one of them 1 (**one-hot**).
#
# In the code below, `x_mixed` and `y_mixed` are this formula for six pictures at once: `x` has
# shape `(6, 28, 28, 1)`, `y` has `(6, 10)`. `share` has six numbers, $\lambda$ for each picture,
# and `partner` six row numbers, $j$ for each. `None` in the brackets gives `share` the axes that
# it lacks.
#
# In CutMix, `x_cut` and `y_cut`, the label is divided as the square divides the area. (Keras has
# both, as `layers.MixUp` and `layers.CutMix`.) In training $\lambda$ and the partner are drawn at
# random. Here we set them by hand; only where the squares lie is drawn.

# %%
x = x_all[:6]
y = np.eye(10)[y_all[:6]]  # one-hot, (6, 10)
partner = [2, 3, 4, 5, 0, 1]
share = np.linspace(0.3, 0.7, 6)
x_share = share[:, None, None, None]
y_share = share[:, None]
x_mixed = x_share * x + (1 - x_share) * x[partner]
y_mixed = y_share * y + (1 - y_share) * y[partner]
rng = np.random.default_rng(lesson.seed)
side = np.round(28 * np.sqrt(1 - share)).astype(int)  # of the squares, in pixels
x_cut = x.copy()
for i in range(6):
    top, left = rng.integers(0, 29 - side[i], 2)
    rows = slice(top, top + side[i])
    columns = slice(left, left + side[i])
    x_cut[i, rows, columns] = x[partner[i], rows, columns]
kept = (1 - (side / 28) ** 2)[:, None]  # share of the area, (6, 1)
y_cut = kept * y + (1 - kept) * y[partner]
names = []
for y_row in np.concatenate([y_mixed, y_cut]):
    parts = [f"{y_row[digit]:.2f}·{digit}" for digit in np.flatnonzero(y_row)]
    names.append(" + ".join(parts))
plots.image_grid(np.concatenate([x_mixed, x_cut]), names, columns=6,
                 title="MixUp above, CutMix below, with their labels")
plots.show("Six pairs of digits laid over each other, and six with a pasted square.")

# %% [markdown]
# The fifth CutMix label says mostly 6, but we see a 3: labels count area, empty or not. Each
# label is now a row of numbers, so compile with `categorical_crossentropy`. In their papers, both
# recipes helped large networks on photographs (*Read more*). Whether they help yours, measure as
# in section 5.

# %% [markdown]
# ## Going further: older code, and its speed
#
# Older tutorials augment with `ImageDataGenerator`. It is deprecated, lives on only under
# `tensorflow.keras.preprocessing`, and changes one picture after the other. The modern way maps
# the layers over whole batches, on several cores, and prepares the next batches while the network
# trains (`prefetch`). Similar changes of the same digits, with the clock running:

# %%
x_300 = x_all[:300]
y_300 = y_all[:300]
legacy = ImageDataGenerator(  # rotation in degrees
    rotation_range=15, width_shift_range=0.1, height_shift_range=0.1, zoom_range=0.2,
    fill_mode="constant")
old_way = legacy.flow(x_300, y_300, batch_size=75)

modern = tf.data.Dataset.from_tensor_slices((x_300, y_300))
modern = modern.shuffle(300).repeat().batch(75)
modern = modern.map(lambda x, y: (several(x, training=True), y),
                    num_parallel_calls=tf.data.AUTOTUNE)
new_way = modern.prefetch(2)

def images_per_second(data, n_batches=20):
    batches = iter(data)
    next(batches)  # the first one starts everything up
    start = time.perf_counter()
    for _ in range(n_batches):
        next(batches)
    return 75 * n_batches / (time.perf_counter() - start)

old = images_per_second(old_way)
new = images_per_second(new_way)
print(f"images per second: ImageDataGenerator ≈ {old:6.0f}, tf.data ≈ {new:6.0f}")
claim("tf.data changes ≈ {:.0f} times as many images per second", new / old, at_least=1)

# %% [markdown]
# ## Quiz

# %%
quiz("12")

# %% [markdown]
# ## Summary
#
# - Most picture files hold `uint8`, 0 to 255, which overflows silently; networks mostly train better
#   on small floats, such as 0 to 1. Scale once.
# - `image_dataset_from_directory` makes a data set of folders.
# - Choose changes that keep the label; if one alters the meaning, the label must change with
#   it. Map them over the training data, never over validation or test.
# - Measure which change helps, and which dose of it: too little does nothing, too much costs.
#   Take several trainings, equal steps, and enough of them.
# - To *choose* a change or a dose, compare on validation pictures, and test once.
# - Copies are no new labels: here, after 80 steps, 6,000 made from 300 were worth 500 to 1,400
#   real ones.
#
# ## Common mistakes
#
# - **Scaled twice, or not at all**: no error. Print the smallest and largest value of a batch.
# - **`value_range` left at (0, 255)** for pictures of 0 to 1: black pictures, or digits that
#   drown in the brightness. Drawn, those look perfect.
# - **`RandomRotation(0.15)` meant as 15 degrees**: it counts in turns, so that is 54.
# - **`RandomFlip()` meant as two independent flips**: in Keras 3.15 one draw serves both axes, so
#   pictures only turn by half a turn. Write two layers, as in section 3.
# - **`RandomContrast(0.5)` meant as ± 50 %**: in Keras 3.15 contrast only rises, whatever the
#   documentation says. Write `(0.5, 0.5)`.
# - **Augmented before splitting**: copies of one picture on both sides (lesson 52).
#
# ## Read more
#
# - [Shorten and Khoshgoftaar, *A survey on image data augmentation for deep learning*
#   (2019)](https://doi.org/10.1186/s40537-019-0197-0).
# - [Zhang and others, *mixup: beyond empirical risk minimization*
#   (2018)](https://arxiv.org/abs/1710.09412) and [Yun and others, *CutMix*
#   (2019)](https://arxiv.org/abs/1905.04899).
# - [Keras: image augmentation
#   layers](https://keras.io/api/layers/preprocessing_layers/image_augmentation/).
# - [TensorFlow: better performance with the tf.data
#   API](https://www.tensorflow.org/guide/data_performance).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [13 · Splitting and leakage](13_splitting_and_leakage.ipynb). Who may know what, and when, so that a score can be believed. **Before:** [11 · Loading and preprocessing](11_loading_and_preprocessing.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+12%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/13_splitting_and_leakage.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/11_loading_and_preprocessing.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
