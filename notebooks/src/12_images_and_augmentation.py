# ---
# jupyter:
#   dlcourse:
#     title: Images and augmentation
#     subtitle: Turn a folder of pictures into a tensor, and find out what changed copies are worth
#     minutes: 53
#     further: 21
#     seconds: 45
#     needs: ["00"]
#     backends: [tensorflow]
#     teaching:
#       believe: "augmentation multiplies the data set, and more of it is better"
#       stop: "section 5"
#       ask: "\"Nine thousand pictures made from three hundred: worth how many new labels?\""
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
# **Your time:** 53 minutes, and 21 for *Going further* · **The notebook runs in:** about 45 s on two CPU cores · **Before this:** lesson 00

# %% [markdown]
# ## You will be able to
#
# 1. read pictures from files and folders into a tensor, and keep its type and range in
#    order  *(sections 1 and 2 · exercise 12.1)*
# 2. let Keras draw a change anew for every picture, and see what it does to your pictures
#    *(section 3, break and fix · exercise 12.3)*
# 3. tell a change that keeps the label from one that needs another label
#    *(section 4 · exercise 12.2)*
# 4. measure fairly what augmentation is worth, and how much of it is too much
#    *(sections 5 and 6 · quiz; going further · exercise 12.4)*
# 5. find out why a pipeline teaches nothing although it raises no error
#    *(section 2, break and fix · exercise 12.3)*

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
import functools
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

# %% [markdown]
# ## 1 · Three hundred labels, and no more
#
# A museum owns thousands of drawers of beetles, each with a number written by hand. It wants a
# network that reads them. Volunteers gave a Saturday, cut 300 digits out of photographs and
# put each into the folder of its label. There will be no second Saturday.
#
# "No problem," says a colleague. "We shift and turn every picture a little, thirty times. Then
# we have 9,000 pictures, and they cost nothing." To make changed copies that keep their
# label is called **augmentation**.
#
# **Predict.** The network learns from 9,000 pictures that were made from 300. How many *real*
# digits, each with a label of its own, would teach it as much? Write down a number between
# 300 and 9,000. Section 5 measures it.
#
# Our digits are real, but from MNIST. We write 300 of them to files, one folder per label, as
# the volunteers did.

# %%
digits = datasets.mnist_5k()
folder = Path(tempfile.mkdtemp())
for number, pixels in enumerate(digits.x_train[:300]):
    path = folder / str(digits.y_train[number]) / f"{number:03}.png"
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(pixels).save(path)
contents = [sorted((folder / label).iterdir()) for label in "0123456789"]
print("files per folder:", *map(len, contents), "· the first six:", contents[6][0].name)

# %% [markdown]
# ## 2 · From a file to a tensor
#
# A picture is an array of numbers. Pillow (`PIL`) reads it from the file. In Keras,
# `load_img` reads it, and `img_to_array` makes the array that a network wants. A **color**
# picture has three numbers per pixel, its **channels**: red, green, blue.
#
# **Predict.** You brighten a picture by 10. What becomes of a pixel that was 250?

# %%
six = contents[6][0]
by_pillow = np.asarray(Image.open(six))
by_keras = keras.utils.img_to_array(keras.utils.load_img(six, color_mode="grayscale"))
cat = datasets.pictures().images["cat"]
for name, array in {"Pillow": by_pillow, "Keras": by_keras, "cat": cat}.items():
    print(f"{name:6}  {array.shape!s:13}  {array.dtype!s:7}  up to {array.max():.0f}")
pixels = np.array([100, 200, 250], dtype="uint8")
print(pixels, "+ 10 =", pixels + np.uint8(10), "in uint8")

shown = [by_pillow, by_pillow + np.uint8(60), cat, cat + np.uint8(60)]
names = ["a six", "+ 60 in uint8", "a cat", "+ 60 in uint8"]
axes = plots.image_grid(shown, names, columns=4,
                        title="In uint8, the brightest spots start again at 0")
axes[0, 0].figure.set_size_inches(11, 2.4)
plots.show("A handwritten 6; the same with 60 added in uint8, dark where it was white;"
           " a cat; the same with 60 added, the brightest fur turquoise.")

# %% [markdown]
# Files hold **`uint8`**: whole numbers of one byte, 0 (black) to 255 (white). A byte ends at
# 255 and starts again at 0, without an error: 250 + 10 = 260, and 260 − 256 = 4. So the
# strokes of the six turn dark where they were whitest. The brightest fur turns bright
# turquoise: there, only red runs over. `img_to_array` gives `float32`, which has no such end, and adds the channel
# axis: `(height, width, channels)`.
#
# **Exercise 12.1.** Write `brighten(picture, amount)` for a `uint8` picture of any shape.
# Every value grows by `amount`, but stops at 0 and at 255. The amount may be negative. What
# comes back is `uint8` again.
#
# <details><summary>Hint 1</summary>First give the numbers room:
# <code>picture.astype(int)</code> or <code>astype("float32")</code>.</details>
# <details><summary>Hint 2</summary>Then add, then <code>np.clip(…, 0, 255)</code>, and
# last <code>astype("uint8")</code>. The order of the steps matters.</details>

# %% tags=["exercise"]
# Exercise 12.1: brighter, without running over.
def brighten(picture, amount):
    ...  # your code here

# %%
check("12.1", brighten)

# %% tags=["solution"]
# @title Solution 12.1
def brighten_solution(picture, amount):
    return np.clip(picture.astype(int) + amount, 0, 255).astype("uint8")

check("12.1", brighten_solution)

# %% [markdown]
# A whole folder takes one call. The labels are the folders' names, in alphabetical order.
# What comes back hands out one **batch** after the other: several pictures in one tensor,
# `(batch, height, width, channels)`.

# %%
files = keras.utils.image_dataset_from_directory(
    folder, image_size=(28, 28), color_mode="grayscale", label_mode="categorical",
    batch_size=50, seed=lesson.seed, verbose=False)
images, labels = next(iter(files))
print(images.shape, labels.shape, images.dtype.name, f"up to {np.max(images):.0f}")
x_all = digits.x_train[..., None] / np.float32(255)  # (4000, 28, 28, 1), 0 to 1
y_all = keras.utils.to_categorical(digits.y_train, 10)  # (4000, 10)
x_test, y_test = digits.x_test[..., None] / np.float32(255), digits.y_test  # 1,000

# %% [markdown]
# Three things deserve care. Without `image_size`, every picture is resized to 256 × 256.
# Without `color_mode`, a gray picture gets three equal channels. And nothing scales the
# values: they still run to 255, while networks train better on 0 to 1. Divide by 255, once.
#
# `x_all` and `x_test` are such tensors, straight from the arrays, with more digits than the
# museum has: we want to know what more labels would bring. A label is a row of ten numbers,
# one of them 1 (**one-hot**).

# %% [markdown]
# ## 3 · See every change
#
# Keras has a layer for each usual change, and a `Sequential` applies several. A layer draws anew
# for every picture at every call, but only in training (`training=True`). Mind the units:
# `RandomTranslation` counts in heights and widths, `RandomRotation` in full turns.
# `fill_mode="constant"` fills the gaps with black.

# %%
black = {"fill_mode": "constant"}
changes = {
    "mirror": layers.RandomFlip("horizontal"),
    "flip top–bottom": layers.RandomFlip("vertical"),
    "shift": layers.RandomTranslation(0.1, 0.1, **black),  # up to 10 % of the side
    "rotate": layers.RandomRotation(15 / 360, **black),  # up to 15 degrees
    "zoom": layers.RandomZoom(0.2, 0.2, **black),  # by up to 20 %
    "contrast": layers.RandomContrast(0.5, value_range=(0, 1)),
    "noise": layers.GaussianNoise(0.2),
}
three = [changes[name] for name in ("shift", "rotate", "zoom")]
every = changes["all three"] = keras.Sequential(three)
small_cat = cat[::2, ::2] / np.float32(255)  # (150, 226, 3)
three_cats = np.stack([small_cat] * 3)  # a batch
drawn = [np.clip(layer(three_cats, training=True), 0, 1) for layer in changes.values()]
axes = plots.image_grid([cats[k] for k in range(3) for cats in (three_cats, *drawn)],
                        ["original", *changes, *[""] * 18], columns=9,
                        title="Eight changes, each drawn three times: always a cat")
axes[0, 0].figure.set_size_inches(13, 3.5)
plots.show("Nine columns of three cats each: as it is, mirrored or not, flipped top to"
           " bottom or not, shifted, rotated, zoomed, contrast, noise, all three.")

# %% [markdown]
# **Play.** How far can you turn the dials until *you* no longer see a cat? Then choose the six.
# Which dial makes it *something else*, and not just harder to read?

# %%
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
# ## 4 · Which changes keep the label?
#
# A mirrored cat is a cat. Is a mirrored digit a digit?

# %% tags=["hide-input"]
ten = [np.flatnonzero(digits.y_train == label)[4] for label in range(10)]
ten = digits.x_train[ten]  # (10, 28, 28)
rows = np.concatenate([ten, ten[:, :, ::-1], ten[:, ::-1, ::-1]])
plots.image_grid(rows, columns=10, title="As they are, mirrored, given half a turn")
plots.show("Ten digits; below them mirrored, most no longer digits; below those turned"
           " by half a turn: the 6 is a 9 and the 9 is a 6.")

# %% [markdown]
# Mirrored, most are signs that nobody writes. By half a turn it gets worse: the 6 becomes a
# perfect 9, and its label still says 6. A mirrored b is a d. Such a change is not forbidden,
# but then **the label has to change with the picture**. (Some turned 2s and 5s can still be
# read. Others cannot, so the exercise leaves them all out.)
#
# **Exercise 12.2.** Write `half_turn(images, labels)`. Images have shape `(n, height, width)`,
# labels are whole numbers. Turn every image by 180° and return `(images, labels)` of five
# digits: 0, 1 and 8 keep their label, 6 becomes 9, and 9 becomes 6. Leave out the others, and
# keep the order.
#
# <details><summary>Hint 1</summary>Half a turn reverses the rows and the columns of each
# image: <code>images[:, ::-1, ::-1]</code>.</details>
# <details><summary>Hint 2</summary>A dictionary says it all:
# <code>{0: 0, 1: 1, 6: 9, 8: 8, 9: 6}</code>. <code>np.isin(labels, list(…))</code> tells
# which images to keep.</details>

# %% tags=["exercise"]
# Exercise 12.2: turn the images, and mend the labels.
def half_turn(images, labels):
    ...  # your code here

# %%
check("12.2", half_turn)

# %% tags=["solution"]
# @title Solution 12.2
def half_turn_solution(images, labels):
    after = {0: 0, 1: 1, 6: 9, 8: 8, 9: 6}
    keep = np.isin(labels, list(after))
    return images[keep][:, ::-1, ::-1], np.array([after[int(y)] for y in labels[keep]])

check("12.2", half_turn_solution)

# %% [markdown]
# Now measure. Our instrument is a small **convolutional** network: its kernels slide over the
# picture and look for strokes (lesson 31 opens it up). Each training shows 300 digits 30 times
# each, in 120 **steps** of 75 pictures. The learning rate falls to 0 on the way (lesson 53), so
# that so few steps are enough. With a change, all 30 showings of a digit differ: it comes in
# 30 *versions*. With 10 versions, each of them would be shown three times.
#
# One training may be lucky. So each contender is trained three times, with other digits. Each
# time all get the same digits and first weights. Only the change is different.

# %%
def conv():
    return [layers.Conv2D(16, 6, strides=3, activation="relu"),
            layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
            layers.Flatten()]

def network(stack=conv, rate=0.02):
    model = keras.Sequential([layers.Input((28, 28, 1)), *stack(), layers.Dense(10)])
    falling = keras.optimizers.schedules.CosineDecay(rate, 120)  # to 0, in 120 steps
    # What training makes small; the ten outputs are scores (logits), no probabilities.
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(falling), loss)
    return model

def training_set(repeat, change=None, n=300, versions=None):
    """Return 9,000 images and labels: n digits in so many versions (None: all new)."""
    showings = 9000 // n
    versions = versions or showings
    rows = np.random.default_rng([lesson.seed, repeat]).permutation(len(x_all))[:n]
    x = np.tile(x_all[rows], (versions, 1, 1, 1))
    y = np.tile(y_all[rows], (versions, 1))
    if change:
        x = keras.ops.convert_to_numpy(change(x, training=True))
    again = showings // versions
    return np.tile(x, (again, 1, 1, 1)), np.tile(y, (again, 1))

# %%
REPEATS = lesson.pick(quick=3, full=10)
LOOKS = (3, 6, 10, 18, 30)  # how often each digit was shown when we look

def read(model, x):
    return keras.ops.convert_to_numpy(model(x)).argmax(axis=1)

def trainer(look_after=(30,), **options):
    def train(model, repeat):
        (x, y), answers = training_set(repeat, **options), []
        for start, end in zip((0, *look_after), look_after):
            part = slice(300 * start, 300 * end)
            model.fit(x[part], y[part], batch_size=75, verbose=0)
            answers.append(read(model, x_test))
        curve = 100 * np.mean(answers == y_test, axis=1)  # (looks,), percent
        return {"accuracy": curve[-1], "curve": curve, "answers": answers[-1]}

    return train

def compare(trainers):
    """Train each several times; pairs share their digits and their first weights."""
    builders = dict.fromkeys(trainers, network)
    return dlcourse.repeat(REPEATS, builders, trainers, steps_at_once=30)

def accuracies(results):  # percent; a row per repeat, a column per contender
    return results.pivot(index="repeat", columns="contender", values="accuracy")

# %% [markdown]
# **Predict.** Which of the eight changes help to read new digits, which harm, and which show
# no effect? (*All three* is shift, rotate and zoom.)

# %%
trainers = {name: trainer(change=layer) for name, layer in changes.items()}
trainers |= {"none": trainer(LOOKS), "all three": trainer(LOOKS, change=every)}
results = compare(trainers)
scores = accuracies(results)
gains = scores.sub(scores["none"], axis=0)[list(changes)]  # in points, in pairs
claim("shifts gain ≈ {:.1f} points on 300 digits", gains["shift"].mean(), at_least=2.5)
claim("mirroring costs ≈ {:.1f} points", -gains["mirror"].mean(), at_least=0.5)

# %% tags=["hide-input"]
plt.figure(figsize=(8, 3.8))
places = np.arange(len(changes))
plt.plot(gains.T, places, "|", color=plots.VERMILION, ms=12, mew=2)
plt.plot(gains.mean(), places, "o", color=plots.VERMILION, ms=8)
plt.axvline(0, color=plots.BLUE, ls="--")
plt.text(0.1, -0.3, "no change", color=plots.BLUE, fontsize=9)
plt.yticks(places, list(changes))
plt.gca().set(title="Shifts help, flips cost, contrast and noise show no effect",
              xlabel="gain over no change (points; dot: mean, bar: one training)",
              ylim=(len(changes) - 0.5, -0.5))
plots.show("Gain in accuracy of eight changes over none, for each training and on"
           " average: shifts and all three gain most, mirror and flip top-bottom cost.")
print("digits read without a change:",
      *[f"≈ {score:.1f} %" for score in scores["none"]])

# %% [markdown]
# A common rule says: a change helps if it *happens to new pictures* and the network *does not
# know it yet*. Mirroring fits. Nobody writes mirrored, so the network spends itself on signs
# that never come. Contrast and noise fit: these digits hardly differ in them. On dim
# photographs that may be otherwise, and with cats mirroring may help.
#
# But shifts are a surprise. MNIST's makers put every digit's center of mass in the middle of
# the picture. New digits are **not** shifted, and still shifts help, alone about as much as
# all three. Why? Our guess, untested: the center stands still, but single strokes do not, and
# a network that saw them in many places relies less on single pixels. The rule tells you what
# to try. The measurement decides.

# %% [markdown]
# ## 5 · What is it worth?
#
# Whether augmentation gains or loses depends on what you keep equal. Here are three ways to
# train.
#
# - *plain*: 300 digits. An **epoch**, one pass over the data, is 4 steps of 75.
# - *stored*: ten changed copies of each are stored once. An epoch is 40 steps.
# - *fresh*: 300 digits, changed anew in every epoch. An epoch is 4 steps.
#
# **Predict.** After *three epochs* of each, which reads best? And after *120 steps* of each?

# %%
stored = compare({"stored": trainer(LOOKS, change=every, versions=10)})
curves = pd.concat([results, stored]).groupby("contender")["curve"].apply(np.stack)
ways = {"plain": "none", "stored": "stored", "fresh": "all three"}
ways = {name: curves[contender] for name, contender in ways.items()}  # (repeats, looks)
mean = pd.DataFrame({name: way.mean(axis=0) for name, way in ways.items()}, index=LOOKS)
epochs = mean.loc[3].where(mean.columns != "stored", mean.loc[30])  # 30 showings
table = pd.DataFrame({"after 3 epochs": epochs, "after 120 steps": mean.loc[30]})
print(table.map("≈ {:.0f} %".format))
lead = mean["fresh"][30] - mean["plain"][30]
claim("after 120 steps, fresh changes are ≈ {:.1f} points ahead", lead, at_least=2.5)

# %% tags=["hide-input"]
looks = {"plain": ("o-", plots.BLUE), "stored": ("s--", plots.ORANGE),
         "fresh": ("^-", plots.VERMILION)}
for name, (style, color) in looks.items():
    plt.plot(4 * mean.index, ways[name].T, "-", color=color, lw=0.8, alpha=0.5)
    plt.plot(4 * mean.index, mean[name], style, color=color, label=name)
plt.gca().set(xlabel="steps of 75 pictures", ylabel="test digits read (%)",
              title="Augmented training starts behind, and ends ahead")
plt.legend()
plots.show("Accuracy against steps: plain rises fast and then stays flat; stored and"
           " fresh copies start lower and end higher. Thin lines are single trainings.")

# %% [markdown]
# Three epochs of *stored* are 120 steps already, so it stands the same in both columns. Three
# epochs of the others are only 12. So the first column compares a long training with two short
# ones. There, *fresh* looks hopeless: pictures that never repeat take longer to learn.
# **Compare at equal steps, and give both enough of them.** Then *fresh* and *stored* are about
# equally good, and both are ahead of *plain*. (Up to step 40 the two do the same. Their gap
# there is chance.)
#
# Now the museum's question. Keep 120 steps, but take more real digits: 900 of them, shown ten
# times each, or 3,000, shown three times. Against them stand 300 digits in 3, 10 and 30
# versions. If a copy were as good as a new digit, both would read equally well. How many real
# digits are the 9,000 worth? Start at the right end of the lower line and go straight to the
# left until you meet the upper one.

# %%
more = {n: trainer(n=n) for n in (900, 3000)}  # so many real digits
more["3 versions"] = trainer(change=every, versions=3)
found = accuracies(compare(more))
start, *last = [way[:, -1] for way in ways.values()]  # plain; stored, fresh: (repeats,)
real = np.stack([start, found[900], found[3000]], axis=1)  # (repeats, 3)
made = np.stack([start, found["3 versions"], *last], axis=1)  # (repeats, 4)
n_real, n_made = [300, 900, 3000], [300, 900, 3000, 9000]

def read_off(copies, labeled):  # straight on the logarithmic axis
    return np.exp(np.interp(copies[-1], labeled, np.log(n_real)))

equal_to = read_off(made.mean(axis=0), real.mean(axis=0))
claim("9,000 pictures made from 300 are worth ≈ {:.0f} real ones", equal_to,
      at_least=450)
print("by single trainings:", *[f"≈ {read_off(*pair):.0f}" for pair in zip(made, real)])
claim("from 900 to 3,000 real digits, ≈ {:.1f} points are gained",
      np.mean(real[:, 2] - real[:, 1]), at_least=0.5)

# %% tags=["hide-input"]
for n, values, style, color, label in (
        (n_real, real, "D-", plots.GREEN, "real digits, each with its label"),
        (n_made, made, "^-", plots.VERMILION, "versions of 300 digits")):
    plt.semilogx(n, values.T, style[0], color=color, ms=4, alpha=0.5)
    plt.semilogx(n, values.mean(axis=0), style, color=color, ms=8, label=label)
plt.minorticks_off()
plt.gca().set(xlabel="different pictures in training", ylabel="test digits read (%)",
              xticks=n_made, xticklabels=[f"{n:,}" for n in n_made],
              title="Copies help at first, then they add little")
level = made.mean(axis=0)[-1]
plt.annotate("", (equal_to, level), (9000, level),
             arrowprops={"arrowstyle": "->", "ls": "--", "shrinkA": 0, "shrinkB": 0})
plt.text(0.95 * equal_to, level + 0.2, f"worth ≈ {equal_to:.0f}", ha="right")
plt.legend()
plots.show("Accuracy against the number of different pictures, on a logarithmic axis."
           " Real digits rise steadily; versions of 300 digits rise at first only. An"
           " arrow from the last point leads left to the line of the real digits.")

# %% [markdown]
# The first copies bring much. Then the line bends: 300 digits have only so much to tell,
# however often you move them. (A small fall at its end would be within the scatter.) Compare
# your prediction with the number of this run, and mind the single trainings: they scatter
# widely. Two things stand. The copies are worth more than their 300 originals, and far less
# than 9,000 labels.

# %% [markdown]
# ## 6 · More is not always better
#
# **Predict.** Rotations by up to 15° helped a little. What will 60° and 180° do?

# %%
turns = {angle: layers.RandomRotation(angle / 360, **black) for angle in (60, 180)}
strong = compare({angle: trainer(change=layer) for angle, layer in turns.items()})
turned = pd.concat([scores[["none", "rotate"]], accuracies(strong)], axis=1)
turned.columns = [0, 15, 60, 180]

answers = np.stack(strong.loc[strong["contender"] == 180, "answers"])  # (repeats, 1000)
swapped = 100 * np.mean(answers[:, y_test == 6] == 9)
claim("with up to 180°, ≈ {:.0f} points are lost", (turned[0] - turned[180]).mean(),
      at_least=8)
claim("then ≈ {:.0f} % of the sixes are read as nines", swapped, at_least=5)

plt.plot(turned.columns, turned.T, "_", color=plots.VERMILION, ms=10, mew=2)
plt.plot(turned.columns, turned.mean(), "o-", color=plots.VERMILION)
plt.axhline(turned[0].mean(), color=plots.BLUE, ls="--", label="no rotation")
plt.legend(loc="lower left")
plt.gca().set(xlabel="rotated by up to (degrees)", ylabel="test digits read (%)",
              xticks=turned.columns, title="A little helps, half a turn destroys")
plots.show("Accuracy against the largest rotation: highest at 15 degrees, far below the"
           " dashed line of no rotation at 180.")

# %% [markdown]
# Every change has a dose. Too much makes pictures that never come, and at 180° pictures with a
# wrong label. We compared the doses on the test digits, to show you. To *choose* one, keep
# other labeled pictures apart (**validation**). Neither those nor the test are **ever**
# augmented: they stand for the world.

# %% [markdown]
# ## Break and fix
#
# The museum's scans differ in brightness. So the colleague adds `RandomBrightness(0.2)`, which
# makes a picture brighter or darker by up to a fifth. Her pipeline takes pictures of 0 to 255.
# It raises no error.

# %%
broken = keras.Sequential([
    layers.Rescaling(1 / 255),
    layers.RandomBrightness(0.2),
])
raw = digits.x_train[:300, ..., None].astype("float32")  # (300, 28, 28, 1), 0 to 255

def train_through(pipeline):
    keras.utils.set_random_seed(lesson.seed)
    x = keras.ops.convert_to_numpy(pipeline(np.tile(raw, (30, 1, 1, 1)), training=True))
    model = network()
    model.fit(x, np.tile(y_all[:300], (30, 1)), batch_size=75, verbose=0)
    seen = np.mean(read(model, x) == np.tile(digits.y_train[:300], 30))
    new = np.mean(read(model, x_test) == y_test)
    print(f"read: training ≈ {100 * seen:.0f} %, test ≈ {100 * new:.0f} %")

train_through(broken)

# %% [markdown]
# One in ten is guessing. The network hardly does better, not even on the pictures that it
# trained on. In such a case, **look at what comes out of the pipeline**, and look at the
# *numbers*: the smallest and the largest of each picture. A drawing alone may deceive you:
# `imshow` stretches every gray picture, so that its smallest number is black and its largest
# white.
#
# **Exercise 12.3.** Hand in `mended`, a Keras model or layer like `broken`. It takes pictures of
# 0 to 255 and returns 0 to 1. In training, each picture gets brighter or darker by up to a
# fifth of the full range.
#
# <details><summary>Hint 1</summary><code>seen = np.array(broken(raw[:10],
# training=True))</code>, then <code>seen.min(axis=(1, 2, 3))</code> and the same with
# <code>max</code>. What should they be?</details>
# <details><summary>Hint 2</summary>A fifth of which range was added?
# <code>help(layers.RandomBrightness)</code> lists the arguments.</details>
# <details><summary>Hint 3</summary><code>value_range</code> is (0, 255) unless you say
# otherwise. After the rescaling it should be (0, 1). The layer also cuts at its two
# ends.</details>

# %% tags=["exercise"]
# Exercise 12.3: pictures of 0 to 255 in, 0 to 1 out, brighter or darker in training.
mended = ...

# %%
check("12.3", mended)

# %% tags=["solution"]
# @title Solution 12.3
mended_solution = keras.Sequential([
    layers.Rescaling(1 / 255),
    layers.RandomBrightness(0.2, value_range=(0, 1)),
])
check("12.3", mended_solution)
train_through(mended_solution)

# %% [markdown]
# A fifth of 255 is 51. Up to 51 was added to numbers that end at 1, or taken from them. The
# darkened half was cut at 0 and became pure black. The brightened half kept its digits, say
# from 30 to 31: drawn with `imshow` they look perfect, but in the numbers the digit almost
# drowns. Now call `train_through(mended)` with your own.

# %% [markdown]
# ## Going further: an accuracy, told in labels
#
# The arrow of section 5 tells an accuracy in the unit that costs Saturdays. Write it as a
# function for any such line, without looking up.
#
# **Exercise 12.4.** Write `worth(labels, accuracies, reached)`. `labels` and `accuracies` are
# the points of the upper line, both rising, such as `[300, 1200]` and `[86, 94]`. Return how
# many labels would have reached the accuracy `reached`. Between points the line is straight
# on the *logarithmic* axis, as in section 5: here 90 is worth 600, twice 300 and half 1,200.
#
# <details><summary>Hint 1</summary><code>np.interp(x, xs, ys)</code> reads off the straight
# line through points. Here the accuracies are the <code>xs</code>.</details>
# <details><summary>Hint 2</summary>Let the <code>ys</code> be <code>np.log(labels)</code>, and
# take <code>np.exp</code> of the result.</details>

# %% tags=["exercise"]
# Exercise 12.4: an accuracy, told in labels.
def worth(labels, accuracies, reached):
    ...  # your code here

# %%
check("12.4", worth)

# %% tags=["solution"]
# @title Solution 12.4
def worth_solution(labels, accuracies, reached):
    return np.exp(np.interp(reached, accuracies, np.log(labels)))

check("12.4", worth_solution)

# %% [markdown]
# ## Going further: which networks mind shifts
#
# "A convolutional network does not care where a digit stands, so it needs no shifts in
# training." Section 4 says otherwise. Compare three networks, all at a learning rate of 0.005.
# In **dense**, every pixel has its own weights. **conv** is ours. What one kernel finds all over
# the picture is called a *map*; **pooled** keeps only the largest value of each map, wherever
# that is. All learn from 300 digits as they are, and *conv, shifts* from shifted ones. Then the
# *test* digits are moved to the right.
#
# **Predict.** Which loses least?

# %%
def dense():
    return [layers.Flatten(), layers.Dense(128, activation="relu")]

def pooled():
    return [layers.Conv2D(16, 6, strides=2, activation="relu"), layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"), layers.GlobalMaxPooling2D()]

def tested_on_shifts(**options):
    def train(model, repeat):
        model.fit(*training_set(repeat, **options), batch_size=75, verbose=0)
        wide = np.pad(x_test, ((0, 0), (0, 0), (6, 0), (0, 0)))  # six more on the left
        answers = [read(model, wide[:, :, 6 - p : 34 - p]) for p in range(7)]
        return {"right": 100 * np.mean(answers == y_test, axis=1)}  # (7,)

    return train

builders = {stack.__name__: functools.partial(network, stack, rate=0.005)
            for stack in (dense, conv, pooled)}
runs = dict.fromkeys(builders, tested_on_shifts())
builders["conv, shifts"] = builders["conv"]
runs["conv, shifts"] = tested_on_shifts(change=changes["shift"])
moved = dlcourse.repeat(2, builders, runs, steps_at_once=30)
moved = moved.groupby("contender")["right"].apply(np.stack)  # (2, 7)

# %%
looks = {"dense": ("x:", plots.PURPLE), "conv": ("s--", plots.BLUE),
         "conv, shifts": ("o-", plots.BLUE), "pooled": ("^-.", plots.GREEN)}
for name, (style, color) in looks.items():
    plt.plot(moved[name].mean(axis=0), style, color=color, label=name)
plt.gca().set(xlabel="test digits moved to the right by (pixels)", ylim=(0, 100),
              ylabel="test digits read (%)",
              title="Pooling and shifts in training help, up to a point")
plt.legend(fontsize=9)
plots.show("Accuracy against the shift of the test digits for three networks, trained"
           " with and without shifts: dense and conv fall first, then conv with shifts;"
           " pooled falls least.")
lost = {name: np.mean(values[:, 0] - values[:, 4]) for name, values in moved.items()}
claim("moved by 4 pixels, pooled loses ≈ {:.0f} points less than conv",
      lost["conv"] - lost["pooled"], at_least=20)

# %% [markdown]
# Convolution finds a stroke anywhere, but `Flatten` and the dense layer behind it still count
# *where* it was found. Pooling over the whole map forgets the place. It falls much more slowly,
# but it falls, too. One reason can be seen: by 4 pixels, every fifth digit loses some of its
# ink over the edge, by 6 pixels every second. Another is a guess: its strides sample a moved
# digit at other points (lesson 31). And *conv, shifts* holds about as far as its training went,
# 10 % of 28 pixels, almost 3. Then it falls steeply. So neither one is safe against any shift.

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
# Here $i$ is a picture, $j$ its partner, $y$ the one-hot label, and $\lambda$ the array `share`,
# one number per pair.
#
# **Exercise 12.5.** Write `mixup(x, y, share, partner)`: `x` has shape `(n, height, width,
# channels)`, `y` has `(n, classes)`, `share` has `(n,)`, and `partner`, `(n,)`, says with which
# picture each one is mixed. Return the mixed `(x, y)`.
#
# <details><summary>Hint 1</summary><code>x[partner]</code> are all the partners, in
# order.</details>
# <details><summary>Hint 2</summary>Shapes must fit: <code>share[:, None]</code> for the labels,
# <code>share[:, None, None, None]</code> for the pictures.</details>

# %% tags=["exercise"]
# Exercise 12.5: two pictures, two labels, one share.
def mixup(x, y, share, partner):
    ...  # your code here

# %%
check("12.5", mixup)

# %% tags=["solution"]
# @title Solution 12.5
def mixup_solution(x, y, share, partner):
    wide, tall = share[:, None, None, None], share[:, None]
    return wide * x + (1 - wide) * x[partner], tall * y + (1 - tall) * y[partner]

check("12.5", mixup_solution)

# %% [markdown]
# CutMix by hand: the label is divided as the square divides the area.

# %%
def cutmix(x, y, rng):
    n, size = len(x), x.shape[1]
    partner, side = rng.permutation(n), rng.integers(4, 21, (n, 1, 1))  # pixels
    top, left = rng.integers(0, size - side), rng.integers(0, size - side)
    row, column = np.arange(size)[:, None], np.arange(size)
    in_rows, in_columns = (row >= top) & (row < top + side), column >= left
    inside = in_rows & in_columns & (column < left + side)  # (n, size, size)
    pasted = (side[:, 0] ** 2 / size**2).astype("float32")  # share of the area, (n, 1)
    return (np.where(inside[..., None], x[partner], x),
            (1 - pasted) * y + pasted * y[partner])

mix = layers.MixUp(alpha=0.4)  # Keras has both, and RandAugment, AugMix, RandomErasing
some = [np.flatnonzero(digits.y_train == k)[0] for k in range(6)]  # 0 to 5
mixed = mix({"images": x_all[some], "labels": y_all[some]}, training=True)
cut = cutmix(x_all[some], y_all[some], np.random.default_rng(lesson.seed))
names = [" + ".join(f"{y[k]:.2f}·{k}" for k in np.flatnonzero(y > 0.005))
         for y in np.concatenate([mixed["labels"], cut[1]])]
plots.image_grid(np.concatenate([mixed["images"], cut[0]]), names, columns=6,
                 title="MixUp above, CutMix below, with their labels")
plots.show("Six pairs of digits laid over each other, and six with a pasted square.")

# %%
def train_mixed(model, repeat, name):
    x, y = training_set(repeat)
    if name == "CutMix":
        x, y = cutmix(x, y, np.random.default_rng([lesson.seed, repeat]))
    else:
        both = mix({"images": x, "labels": y}, training=True)
        x, y = np.array(both["images"]), np.array(both["labels"])
    model.fit(x, y, batch_size=75, verbose=0)
    return 100 * np.mean(read(model, x_test) == y_test)

mixers = {name: lambda model, repeat, name=name: train_mixed(model, repeat, name)
          for name in ("MixUp", "CutMix")}
gain = compare(mixers).sub(scores["none"], axis=0).mean()
claim("the better of the two changes the score by ≈ {:.1f} points", gain.max(),
      at_most=3)

# %% [markdown]
# Below 0, the score falls. Both were made for large networks that train long on photographs,
# and there they help (*Read more*). On 300 digits and 120 steps we see no such gain. A famous
# recipe is still a recipe to test.

# %% [markdown]
# ## Going further: older code, and its speed
#
# Older tutorials augment with `ImageDataGenerator`. It lives on only under
# `tensorflow.keras.preprocessing`, and counts differently: `rotation_range` in degrees. It
# changes one picture after the other. The modern way maps the layers over whole batches
# (`map`), on all cores, and prepares the next batches while the network trains (`prefetch`).
# The same three changes of the same digits, with the clock running:

# %%
legacy = ImageDataGenerator(
    rotation_range=15, width_shift_range=0.1, height_shift_range=0.1, zoom_range=0.2,
    fill_mode="constant")

def changed(x, y):
    return every(x, training=True), y

modern = tf.data.Dataset.from_tensor_slices((x_all[:300], y_all[:300]))
modern = modern.shuffle(300).repeat().batch(75)
modern = modern.map(changed, num_parallel_calls=tf.data.AUTOTUNE).prefetch(2)

def images_per_second(batches, n=20):
    source = iter(batches)
    next(source)  # the first one starts everything up
    start = time.perf_counter()
    for _ in range(n):
        next(source)
    return 75 * n / (time.perf_counter() - start)

old = images_per_second(legacy.flow(x_all[:300], y_all[:300], batch_size=75))
new = images_per_second(modern)
print(f"images per second: ImageDataGenerator ≈ {old:6.0f}, tf.data ≈ {new:6.0f}")
claim("tf.data changes ≈ {:.0f} times as many images per second", new / old, at_least=2)

# %% [markdown]
# `modern` goes straight into `model.fit(modern, steps_per_epoch=4, epochs=30)`. A third place
# for the layers is the front of the model itself. There they switch themselves off in
# `evaluate` and `predict`, and travel with the saved model.

# %% [markdown]
# ## Quiz

# %%
quiz("12")

# %% [markdown]
# ## Summary
#
# - Files hold `uint8`, 0 to 255, which runs over silently; networks want floats of 0 to 1.
#   Scale once.
# - `image_dataset_from_directory` makes a data set of folders. Say the size and the color.
# - Which change helps, measure. Mirroring harms digits; shifts help even though the digits are
#   centered. If a change alters the meaning, the label must change with it.
# - Compare at equal steps, and long enough: augmented training starts behind and ends ahead.
# - Copies are no new labels: 9,000 made from 300 are worth more than 300 real ones, and far
#   fewer than 9,000. And every change has a dose.
# - Only training pictures are changed, never those that validate or test.
#
# An hour ago you had 300 digits and a promise of 9,000. Section 5 printed what it is worth, and
# you can find out the same for pictures of your own.
#
# ## Common mistakes
#
# - **Scaled twice, or not at all**: no error. Print the smallest and largest value of a batch.
# - **`value_range` left at (0, 255)** for pictures of 0 to 1: black pictures, or digits that
#   drown in the brightness. Drawn, those look perfect.
# - **`RandomRotation(0.15)` meant as 15 degrees**: it counts in turns, so that is 54.
# - **Augmented before splitting**: copies of one picture on both sides (lesson 52).
# - **Folders `1`, `2`, … `10`**: in alphabetical order `10` comes before `2`. Read
#   `class_names`.
#
# ## Read more
#
# - [Shorten and Khoshgoftaar, *A survey on image data augmentation for deep learning*
#   (2019)](https://doi.org/10.1186/s40537-019-0197-0): what has been tried, and where it helped.
# - [Zhang and others, *mixup: beyond empirical risk minimization*
#   (2018)](https://arxiv.org/abs/1710.09412) and [Yun and others, *CutMix*
#   (2019)](https://arxiv.org/abs/1905.04899).
# - [Keras: image augmentation
#   layers](https://keras.io/api/layers/preprocessing_layers/image_augmentation/): all of them,
#   with their arguments.
# - [TensorFlow: better performance with the tf.data
#   API](https://www.tensorflow.org/guide/data_performance): map, cache, prefetch.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [13 · Splitting and leakage](13_splitting_and_leakage.ipynb). Who may know what, and when, so that a score can be believed. **Before:** [11 · Loading and preprocessing](11_loading_and_preprocessing.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+12%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/13_splitting_and_leakage.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/11_loading_and_preprocessing.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
