# ---
# jupyter:
#   dlcourse:
#     title: "Object detection"
#     subtitle: A packing robot must know where a cookie lies, and 94 % right can mean that it sees nothing
#     minutes: 67
#     further: 14
#     seconds: 45
#     needs: ["24", "32"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "a detector that is right about 98 % of the cells is good, and a mAP is one number"
#       stop: "section 3; break and fix"
#       ask: "\"Seeing nothing is right about 94 % of the cells: what does accuracy tell us?\""
#       stuck: "which four numbers: ask at each array for its format, xyxy or center and size"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 33 · Object detection
#
# *A packing robot must know where a cookie lies, and 94 % right can mean that it sees nothing*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/33_object_detection.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/33_object_detection.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/33_object_detection.ipynb)
#
# **Your time:** 67 minutes, and 14 for *Going further* · **The notebook runs in:** about 45 s on two CPU cores · **Before this:** lesson 24, lesson 32

# %% [markdown]
# ## You will be able to
#
# 1. compute how well two boxes agree *(section 1 · exercise 33.1)*
# 2. remove the double boxes of a grid detector by non-maximum suppression
#    *(sections 2 and 3 · exercise 33.2)*
# 3. judge a detector by precision, recall and mAP *(section 4 · exercise 33.3)*
# 4. find out why a detector whose loss falls nicely still fails
#    *(section 4, Break and fix · exercise 33.4)*

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
from PIL import Image

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, record, verify

lesson = dlcourse.start("33", profile=PROFILE, seed=SEED)

import keras
from keras import layers, ops

SIDE, GRID = 48, 6  # a tray has 48×48 pixels; later, 6×6 cells
CELL = SIDE // GRID  # pixels
CLASS_NAMES = ["1", "2", "3"]  # of the labels 0, 1, 2

# %% [markdown]
# ## 1 · The packing robot
#
# A bakery makes birthday cookies in the shapes of 1, 2 and 3. They lie scattered on a dark tray, and a
# robot packs ones into one carton, twos into another. A classifier can tell it "there is a 2". But where
# should it grip? Naming what is in a picture *and where* is **object detection**.
#
# The shapes are real handwriting from MNIST. We lay them on the trays ourselves, so every true box is exact,
# and nobody had to draw thousands. (*Going further* finds coins in a real photograph.) Training, validation
# and test trays share no digit.
#
# The next two cells only make the data: `cut_cookies` gives pairs of a shape and a label, `lay_trays` the
# images and, for each tray, its boxes and labels.

# %%
digits = datasets.mnist_5k()
rng = np.random.default_rng(lesson.seed)

def cut_cookie(image):
    picture = Image.fromarray(image)
    ink = picture.point(lambda gray: 255 * (gray > 60))  # white where there is ink
    shape = picture.crop(ink.getbbox())  # left, top, right, bottom
    height = int(rng.integers(14, 23))  # pixels
    width = round(height * shape.width / shape.height)
    width = min(max(width, 4), 24)
    return np.array(shape.resize((width, height), Image.BILINEAR)) / 255

def cut_cookies(images, labels):
    return [(cut_cookie(image), label - 1)
            for image, label in zip(images, labels) if label in (1, 2, 3)]

cookies_train = cut_cookies(digits.x_train[:3400], digits.y_train[:3400])
cookies_val = cut_cookies(digits.x_train[3400:], digits.y_train[3400:])
cookies_test = cut_cookies(digits.x_test, digits.y_test)
print(f"{len(cookies_train)} cookies for training, {len(cookies_val)} for validation,"
      f" {len(cookies_test)} for the test")

# %%
def lay_tray(cookies, n_cookies):
    image = rng.normal(0.25, 0.05, (SIDE, SIDE))  # dark, with noise
    free = np.ones((SIDE, SIDE), bool)
    boxes, labels = [], []
    while len(boxes) < n_cookies:
        shape, label = cookies[rng.integers(len(cookies))]
        height, width = shape.shape
        left = rng.integers(SIDE - width + 1)
        top = rng.integers(SIDE - height + 1)
        place = np.s_[top : top + height, left : left + width]  # rows, columns
        if free[place].all():  # cookies lie side by side
            free[place] = False
            image[place] += shape * (0.85 - image[place])
            boxes.append([left, top, left + width, top + height])
            labels.append(label)
    return image, (np.array(boxes, float), np.array(labels))

def lay_trays(cookies, n_trays, least=1, most=3):
    counts = rng.integers(least, most + 1, n_trays)
    images, truth = zip(*[lay_tray(cookies, count) for count in counts])
    return np.array(images, "float32")[..., None], list(truth)

x_train, truth_train = lay_trays(cookies_train, 2000)  # (2000, 48, 48, 1); a list
x_val, truth_val = lay_trays(cookies_val, 300)
x_test, truth_test = lay_trays(cookies_test, 300)

# %% tags=["hide-input"]
def draw_boxes(axis, boxes, color, line="-", words=(), above=True):
    for i, (left, top, right, bottom) in enumerate(boxes):
        axis.add_patch(plt.Rectangle((left - 0.5, top - 0.5), right - left,
                       bottom - top, fill=False, ec=color, ls=line, lw=2))
        if len(words):
            y = top - 1.2 if above else bottom - 0.2
            axis.text(left, y, words[i], color=color, fontsize=9, fontweight="bold",
                      va="bottom" if above else "top", zorder=5,
                      bbox={"fc": "black", "ec": "none", "pad": 0.4})

def draw_tray(axis, image, truth=None):
    axis.imshow(image[..., 0], vmin=0, vmax=1)
    axis.set(xlim=(-3, SIDE + 2), ylim=(SIDE + 3, -5), xticks=[0, 20, 40],
             yticks=[0, 20, 40], xlabel="x in pixels", facecolor="black")
    if truth:
        draw_boxes(axis, truth[0], plots.SKY, "--", [CLASS_NAMES[k] for k in truth[1]])

figure, axes = plt.subplots(1, 4, figsize=(11, 3.3))
for axis, image, truth in zip(axes, x_train, truth_train):
    draw_tray(axis, image, truth)
axes[0].set_ylabel("y in pixels, downward")
figure.suptitle("A label is a class and a box (dashed)", fontweight="bold")
plots.show("Four dark trays with one to three handwritten numerals, each in a dashed"
           " box with its class written above.")

# %% [markdown]
# A box is four numbers. Ours are `xyxy`: left, top, right, bottom, in pixels, with $y$ counted
# downward. Other formats end with width and height (`xywh`), begin with the center, or give fractions of
# the image's sides; Keras's `convert_format` translates. Read in the wrong format, the numbers are another
# box, and no error tells you. So draw what you load.
#
# How well does a box fit? Compare the area it shares with the true box to the area they cover together:
#
# $$\text{IoU} = \frac{\text{area of the intersection}}{\text{area of the union}}$$
#
# This **intersection over union** is 1 for equal boxes and 0 for separate ones. **Predict.** A box 8 pixels
# wide and 16 high is shifted right by half its width. What is its IoU with the old one?

# %% tags=["hide-input"]
def shifted_box(right=4, down=0, wider=0):
    a = np.array([20, 16, 28, 32])
    b = a + np.array([right, down, right + wider, down])
    sides = np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None)
    both = sides.prod()
    union = 8 * 16 + (8 + wider) * 16 - both
    figure, axis = plt.subplots(figsize=(4.6, 4.2))
    axis.set(xlim=(0, SIDE), ylim=(SIDE, 0), xlabel="x in pixels", ylabel="y in pixels",
             aspect="equal", facecolor="0.25",
             title=f"{both} of {union} pixels: IoU {both / union:.2f}")
    draw_boxes(axis, [a], plots.SKY, "--", ["true"])
    draw_boxes(axis, [b], plots.ORANGE, "-", ["found"], above=False)

explore(shifted_box, alt="Two boxes of 8 by 16 pixels, one shifted by 4 to the right:"
        " they share 64 of 192 pixels, IoU 0.33.",
        right=(-12, 12), down=(-18, 18), wider=(-6, 16))

# %% [markdown]
# They share $4\cdot16=64$ pixels and together cover $128+128-64=192$: the IoU is only 1/3. So 0.5, the usual
# demand on a box, is stricter than it sounds. **Play:** how far may the box move before its IoU falls
# below 0.5?
#
# ### Exercise 33.1
#
# Write `iou(a, b)` for two boxes in xyxy, arrays of four numbers. It returns a number. No box is empty.
#
# <details><summary>Hint 1</summary>The intersection begins at the larger of the two left sides and ends at
# the smaller of the two right sides. Likewise for top and bottom.</details>
# <details><summary>Hint 2</summary>For separate boxes that width or height is negative: make it 0 with
# <code>max(0, ...)</code>, each by itself.</details>

# %% tags=["exercise"]
# Exercise 33.1: intersection over union of two boxes.
def iou(a, b):
    ...  # your code here

# %%
check("33.1", iou)

# %% tags=["solution"]
# @title Solution 33.1
def iou_solution(a, b):
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    area_a = (a[2] - a[0]) * (a[3] - a[1])
    area_b = (b[2] - b[0]) * (b[3] - b[1])
    return width * height / (area_a + area_b - width * height)
check("33.1", iou_solution)

# %% [markdown]
# *Play*, sideways: a third of its width. The two share 2/3 of a box and cover 4/3. From now on we
# compare one box with many. `ious` is your `iou` with arrays: `boxes[:, 0]` holds all left sides.

# %%
def ious(box, boxes):  # (4,) and (n, 4) → (n,)
    width = np.minimum(box[2], boxes[:, 2]) - np.maximum(box[0], boxes[:, 0])
    height = np.minimum(box[3], boxes[:, 3]) - np.maximum(box[1], boxes[:, 1])
    shared = np.maximum(width, 0) * np.maximum(height, 0)
    area = (box[2] - box[0]) * (box[3] - box[1])
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return shared / (area + areas - shared)

# %% [markdown]
# ## 2 · A grid that answers everywhere
#
# Four outputs and a squared error (lesson 24) give one box for each tray. But one, two or three cookies may
# lie there. So divide the tray into 6×6 **cells** of 8×8 pixels, and ask each: *does the center of a cookie
# lie in you? If so, where, how large, and which?* A cell that holds a center is **positive**, all others
# are **negative**. Each cell has eight outputs:
#
# | how many | target of a positive cell | of a negative cell |
# |---|---|---|
# | 1 | 1: a cookie | 0 |
# | 2 | the center's $x$ and $y$ in the cell, 0 to 1 | not asked |
# | 2 | width and height, as fractions of the tray's side | not asked |
# | 3 | class, one-hot | not asked |
#
# The "2" below (A), in the box (20, 9, 30, 27), has its center at (25, 18). Divided by 8, that is (3.125,
# 2.25) cells. The whole parts are column 3 and row 2, counted from 0; the rest, (0.125, 0.25), is the place
# in the cell. The size is (10/48, 18/48). Do the same for the "3" (B), in the box (33, 21, 45, 41), before
# you look at the table.

# %% tags=["hide-input"]
kinds, places = [1, 2, 0], [(20, 9, 30, 27), (33, 21, 45, 41), (3, 26, 9, 46)]
cells = [(23.5, 15.5), (31.5, 23.5), (-0.5, 31.5)]  # upper left corners, pixels
table = """   column, row   cookie  x      y       width  height  class 1 2 3
A  3, 2          1       0.125  0.25    0.208  0.375         0 1 0
B  4, 3          1       0.875  0.875   0.25   0.417         0 0 1
C  0, 4          1       0.75   0.5     0.125  0.417         1 0 0
the other 33     0       not asked"""
figure, axis = plt.subplots(figsize=(10.5, 4.2))
draw_tray(axis, np.full((SIDE, SIDE, 1), 0.25), (places, kinds))
for name, kind, (x0, y0, x1, y1), at in zip("ABC", kinds, places, cells):
    shape = min((s for s, k in cookies_train if k == kind),
                key=lambda s: abs(s.shape[0] / s.shape[1] - (y1 - y0) / (x1 - x0)))
    axis.imshow(0.25 + 0.6 * shape, vmin=0, vmax=1,
                extent=(x0 - 0.5, x1 - 0.5, y1 - 0.5, y0 - 0.5))
    axis.add_patch(plt.Rectangle(at, 8, 8, fc=plots.GREEN, ec="white", lw=3, alpha=0.4))
    axis.plot((x0 + x1 - 1) / 2, (y0 + y1 - 1) / 2, "wo", ms=7, mec="black", zorder=6)
    axis.text(at[0] + 5.5, at[1] + 2.5, name, weight="bold", color="white")
axis.text(50, 5, table, va="top", family="monospace", linespacing=2)
axis.set(xlim=(-0.5, 47.5), ylim=(47.5, -0.5), xlabel="column", ylabel="row",
         xticks=range(4, 48, 8), xticklabels=range(6), yticks=range(4, 48, 8),
         yticklabels=range(6), title="The cell of the center answers")
axis.hlines(np.arange(7.5, 47, 8), -0.5, 47.5, color="0.75", lw=0.8)
axis.vlines(np.arange(7.5, 47, 8), -0.5, 47.5, color="0.75", lw=0.8)
plots.show("A tray under a grid of 6 by 6 cells, three cookies in dashed boxes, the"
           " cells of their centers filled; beside them the eight targets of each.")

# %% [markdown]
# `targets` does this for all cookies of all trays, and adds the 1 and the class. (`divmod` gives whole parts
# and remainders.)

# %%
def targets(truth, grid=GRID):
    y = np.zeros((len(truth), grid, grid, 8), "float32")
    for i, (boxes, labels) in enumerate(truth):
        for box, label in zip(boxes, labels):  # the last center in a cell wins
            (column, row), place = np.divmod((box[:2] + box[2:]) / 2 / CELL, 1)
            size = (box[2:] - box[:2]) / (grid * CELL)  # width and height
            y[i, int(row), int(column)] = [1, *place, *size, *np.eye(3)[label]]
    return y

# %% [markdown]
# The loss of a tray asks every cell for the first number, only positive cells for the rest:
#
# $$\text{loss}=\sum_\text{cells}\big(\text{cookie loss}+t\,(5\,\text{box loss}+\text{class loss})\big)$$
#
# Here $t$ (`positive`) is 1 in positive cells, else 0. The cookie and class losses are cross-entropies. The
# box loss is the sum of four absolute errors: the square of 0.1 is only 0.01. Sigmoids keep
# places and sizes between 0 and 1. The 5, from the detector YOLO, makes the box count beside the class.

# %%
def detection_loss(y_true, y_pred):
    positive = y_true[..., 0]  # (batch, 6, 6): 1 in positive cells
    cookie_loss = ops.binary_crossentropy(positive, y_pred[..., 0], from_logits=True)
    errors = ops.abs(y_true[..., 1:5] - ops.sigmoid(y_pred[..., 1:5]))
    box_loss = ops.sum(errors, axis=-1)
    class_loss = ops.categorical_crossentropy(
        y_true[..., 5:], y_pred[..., 5:], from_logits=True)
    return ops.sum(cookie_loss + positive * (5 * box_loss + class_loss), axis=(1, 2))

# %% [markdown]
# The network is convolutional to the end: three strides of 2 turn 48×48 pixels into 6×6 places, one for
# each cell. A last 1×1 convolution, the same dense layer at every place, gives the eight numbers. Through
# the kernels before it, an answer depends on 33×33 pixels (its *receptive field*), which holds most cookies
# whole. The learning rate falls from 0.005 to 0 ([lesson 53](53_learning_rate_schedules.ipynb)).

# %%
def conv(filters, kernel_size, strides=2, activation="relu"):
    return layers.Conv2D(filters, kernel_size, strides, padding="same",
                         activation=activation, kernel_initializer="he_normal")

y_train = targets(truth_train)  # (2000, 6, 6, 8)
print(f"{1 - y_train[..., 0].mean():.1%} of all cells are negative")
keras.utils.set_random_seed(lesson.seed)
detector = keras.Sequential([
    layers.Input((SIDE, SIDE, 1)),
    conv(12, 5),  # (batch, 24, 24, 12)
    conv(24, 3),  # (batch, 12, 12, 24)
    conv(48, 3),  # (batch, 6, 6, 48)
    conv(48, 3, strides=1),
    layers.Conv2D(8, 1),  # (batch, 6, 6, 8)
])
n_steps = 10 * 63  # epochs, and batches in each
falling = keras.optimizers.schedules.CosineDecay(0.005, decay_steps=n_steps)
detector.compile(keras.optimizers.Adam(falling), detection_loss)
history = detector.fit(x_train, y_train, batch_size=32, epochs=10, verbose=0)
losses = history.history["loss"]
print(f"{detector.count_params():,} weights; loss of the first epoch"
      f" ≈ {losses[0]:.1f}, last ≈ {losses[-1]:.1f}")

# %% [markdown]
# ## 3 · From 36 answers to boxes
#
# Now we undo `targets`. The **score** of a box is the probability that its cell holds a center, times that of
# the most probable class. Call a cell positive if the former exceeds 0.5. **Predict.** What share
# of all cells is then judged correctly?

# %%
def read_cells(outputs):  # (n, 6, 6, 8) → boxes (n, 36, 4), scores and labels (n, 36)
    n, grid = outputs.shape[:2]
    rows, columns = np.indices((grid, grid))  # of each cell
    answers = ops.convert_to_numpy(ops.sigmoid(outputs[..., :5]))  # 0 to 1
    cookie, x, y, width, height = np.moveaxis(answers, -1, 0)  # each (n, 6, 6)
    x, y = (columns + x) * CELL, (rows + y) * CELL  # of the center, in pixels
    width, height = width * grid * CELL, height * grid * CELL
    sides = [x - width / 2, y - height / 2, x + width / 2, y + height / 2]
    boxes = np.stack(sides, axis=-1)
    classes = ops.convert_to_numpy(ops.softmax(outputs[..., 5:]))  # probabilities
    scores = cookie * classes.max(axis=-1)
    labels = classes.argmax(axis=-1)
    return boxes.reshape(n, -1, 4), scores.reshape(n, -1), labels.reshape(n, -1)

outputs_val = detector.predict(x_val, verbose=0)
boxes_val, scores_val, labels_val = read_cells(outputs_val)
positive = targets(truth_val)[..., 0] == 1  # (300, 6, 6)
said_positive = outputs_val[..., 0] > 0  # probability above 0.5
print(f"right about ≈ {np.mean(said_positive == positive):.1%} of the validation cells")
sure = scores_val > 0.15  # (300, 36)
crowded = np.argsort(-sure.sum(axis=1), kind="stable")[:4].tolist()  # most such boxes

# %% [markdown]
# Splendid? A detector that sees *nothing* is right about all negative cells, 94 %. Look at the worst
# four of 300 trays, those with the most scores above 0.15:

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 4, figsize=(11, 3.6))
for axis, at in zip(axes, crowded):
    draw_tray(axis, x_val[at])
    draw_boxes(axis, boxes_val[at][sure[at]], plots.ORANGE)
    axis.set_title(f"{sure[at].sum()} boxes, {len(truth_val[at][0])} cookies")
axes[0].set_ylabel("y in pixels, downward")
figure.suptitle("Several cells report the same cookie\n", fontweight="bold")
plots.show("Four trays; some cookies carry several boxes that nearly coincide.")

# %% [markdown]
# **Non-maximum suppression** (NMS) cleans up such doubles:
#
# 1. Take the box with the highest score, and keep it.
# 2. Drop every other box whose IoU with it is above a limit.
# 3. Go on with the best of what is left, until nothing is.
#
# ### Exercise 33.2
#
# Write `nms(boxes, scores, limit)`, with `boxes` `(n, 4)` and `scores` `(n,)`. It returns the positions of
# the kept boxes, best first. Go through `np.argsort(-scores)`, the positions from best to worst.
#
# <details><summary>Hint 1</summary>Begin with an empty list <code>kept</code> of positions. Box <code>i</code> joins it
# unless its IoU with a kept one is above the limit, which comes to the same. <code>boxes[[]]</code> is just
# empty.</details>
# <details><summary>Hint 2</summary><code>ious(boxes[i], boxes[kept])</code> compares box <code>i</code> with all kept
# ones; it must go if <code>np.any(... &gt; limit)</code>.</details>

# %% tags=["exercise"]
# Exercise 33.2: positions of the boxes that survive, best first.
def nms(boxes, scores, limit=0.5):
    ...  # your code here

# %%
check("33.2", nms)

# %% tags=["solution"]
# @title Solution 33.2
def nms_solution(boxes, scores, limit=0.5):
    kept = []
    for i in np.argsort(-scores):  # best first
        if not np.any(ious(boxes[i], boxes[kept]) > limit):
            kept.append(i)
    return kept
check("33.2", nms_solution)

# %% [markdown]
# `detect` is your `nms` for every tray, with two differences: it keeps only scores above `threshold`,
# and it compares only boxes of one class. A rider is no reason to drop the horse.
# (If one cell takes a cookie for a 2 and another for a 3, both boxes stay.)

# %%
def detect(outputs, limit=0.5, threshold=0.05):
    found = []  # per tray: boxes (n, 4), scores (n,), labels (n,), best first
    for boxes, scores, labels in zip(*read_cells(outputs)):
        kept = []
        for i in np.argsort(-scores, kind="stable"):
            rivals = [j for j in kept if labels[j] == labels[i]]
            double = np.any(ious(boxes[i], boxes[rivals]) > limit)
            if scores[i] > threshold and not double:
                kept.append(i)
        found.append((boxes[kept], scores[kept], labels[kept]))
    return found

# %% [markdown]
# **Play:** how far can you raise `threshold` before tray 1 loses a cookie? Does that suit other trays? (1 to
# 4 are those above.) With `limit` 1.0, NMS drops nothing.

# %% tags=["hide-input"]
def play(tray=1, threshold=0.05, limit=0.5):
    at = crowded[tray - 1] if tray <= 4 else tray
    boxes, scores, labels = detect(outputs_val[at : at + 1], limit, threshold)[0]
    true_boxes, true_labels = truth_val[at]
    figure, axis = plt.subplots(figsize=(5, 4.8))
    draw_tray(axis, x_val[at])
    words = [CLASS_NAMES[k] for k in true_labels]
    draw_boxes(axis, true_boxes, plots.SKY, "--", words, above=False)
    words = [f"{CLASS_NAMES[k]} {score:.2f}" for k, score in zip(labels, scores)]
    draw_boxes(axis, boxes, plots.ORANGE, "-", words)
    axis.set_ylabel("y in pixels")
    axis.set_title(f"{len(boxes)} boxes for {len(true_boxes)} cookies (dashed)")

explore(play, alt="A validation tray with true boxes dashed and found boxes solid, with"
        " class and score.", tray=(1, 12), threshold=(0.05, 0.95, 0.05),
        limit=(0.1, 1.0, 0.1))

# %% [markdown]
# ## 4 · How good is it?
#
# A threshold that suits tray 1 may drop right boxes elsewhere, or leave too many: we need a measure.
#
# A box is a **hit** if it has an IoU of at least 0.5 with a true box of its class. The surest box chooses
# first, and each true box counts once. As in lesson 32, if $h$ of $k$ boxes are hits, and there are $m$ true
# boxes,
#
# $$\text{precision} = \frac{h}{k}, \qquad \text{recall} = \frac{h}{m}$$
#
# Precision is the share of grips that catch a cookie, recall the share of cookies caught. With 6 boxes, 3
# hits and 4 cookies, they are 3/6 and 3/4.
#
# **Predict.** The threshold is raised. What happens to precision and to recall?

# %%
def judge(found, truth, demand=0.5):  # a table: one row for every found box
    rows = []
    for (boxes, scores, labels), (true_boxes, true_labels) in zip(found, truth):
        free = np.ones(len(true_boxes), bool)
        for box, score, label in zip(boxes, scores, labels):  # surest first
            fits = ious(box, true_boxes) * (true_labels == label) * free
            hit = fits.max() >= demand
            if hit:
                free[fits.argmax()] = False  # a true box counts once
            rows.append((label, score, hit))
    table = pd.DataFrame(rows, columns=["label", "score", "hit"])
    return table.sort_values("score", ascending=False, kind="stable")

judged = judge(detect(outputs_val), truth_val)
n_true = sum(len(boxes) for boxes, _ in truth_val)  # m
precisions = []
for threshold in (0.05, 0.3, 0.6):
    hit = judged.hit[judged.score > threshold]
    precisions.append(hit.mean())
    print(f"threshold {threshold:4}: precision ≈ {precisions[-1]:.2f},"
          f" recall ≈ {hit.sum() / n_true:.2f}")
verify("surer boxes are more often right", precisions[-1] - precisions[0], at_least=0)

# %% [markdown]
# A higher threshold leaves fewer boxes, so recall cannot rise; precision mostly does.
#
# To see all thresholds at once, sort the boxes of one class by score, and take them in one by one. After
# each, $h$ is the number of hits so far, and $k$ that of boxes so far.
#
# ### Exercise 33.3
#
# Write `precision_recall(hits, n_true)` for one class. `hits` is an array of 1 (hit) and 0 (miss), surest
# box first, and `n_true` is $m$. It returns two arrays, precision and recall after each box. With 4 cookies
# and a hit, a miss and a hit (`[1, 0, 1]`), precision is 1, 0.5, 0.667 and recall 0.25, 0.25, 0.5.
#
# <details><summary>Hint 1</summary>After the first two boxes, <code>h</code> counts the hits among these two:
# <code>np.cumsum</code> makes such running sums.</details>
# <details><summary>Hint 2</summary><code>np.arange(1, len(hits) + 1)</code> holds <code>k</code> after each
# box. Divide <code>h</code> by it, then by <code>n_true</code>.</details>

# %% tags=["exercise"]
# Exercise 33.3: precision and recall after each box, surest box first.
def precision_recall(hits, n_true):
    ...  # your code here

# %%
check("33.3", precision_recall)

# %% tags=["solution"]
# @title Solution 33.3
def precision_recall_solution(hits, n_true):
    n_hits = np.cumsum(hits)  # h after each box
    n_boxes = np.arange(1, len(hits) + 1)  # k
    return n_hits / n_boxes, n_hits / n_true
check("33.3", precision_recall_solution)

# %% [markdown]
# **Average precision** (AP) makes one number of the two arrays. For each level $r$ of recall, 0, 0.01, ...,
# 1, note the best precision that comes with this recall or more (0 if none does). As for COCO, a large data
# set, the AP is the mean of these 101 numbers:
#
# $$\text{AP}=\frac{1}{101}\sum_{r}\max_{\text{recall}\ge r}\text{precision}$$
#
# The hit, the miss and the hit of the exercise get:

# %%
def average_precision(precision, recall):
    levels = np.linspace(0, 1, 101)
    return np.mean([precision[recall >= level].max(initial=0) for level in levels])

three_boxes = np.array([1, 1/2, 2/3]), np.array([1/4, 1/4, 2/4])  # precision, recall
print(f"AP = {average_precision(*three_boxes):.2f}")

# %% [markdown]
# Recall up to 0.25 comes with precision 1, up to 0.5 with 0.667. So 26 levels get 1, the next 25 get 0.667
# and the last 50 get 0: the AP is $42.7/101=0.42$.
#
# **mAP** is the mean AP of the classes. (`detect` left out scores up to 0.05; that can only lower the AP.)
# Now we open the test trays. A suction cup is content with IoU 0.5, a tight gripper needs 0.75.

# %%
def curve(label, found, truth, demand=0.5):  # precision and recall of one class
    judged = judge(found, truth, demand)
    hits = judged.hit[judged.label == label].to_numpy(int)  # surest box first
    n_true = sum(np.sum(true_labels == label) for _, true_labels in truth)
    n_hits = np.cumsum(hits)  # as in exercise 33.3
    return n_hits / np.arange(1, len(hits) + 1), n_hits / n_true

def mean_ap(found, truth, demand=0.5):
    return np.mean([average_precision(*curve(label, found, truth, demand))
                    for label in range(3)])

found_test = detect(detector.predict(x_test, verbose=0))
map_half = mean_ap(found_test, truth_test)
map_tight = mean_ap(found_test, truth_test, 0.75)
claim("at IoU 0.5 the detector reaches a mAP of ≈ {:.2f} on new trays", map_half,
      at_least=0.75)
claim("for the gripper, a mAP of only ≈ {:.2f} is left", map_tight, at_most=0.72)

# %% tags=["hide-input"]
for demand, color, line in ((0.5, plots.BLUE, "-"), (0.75, plots.PURPLE, "--")):
    precision, recall = curve(1, found_test, truth_test, demand)
    name = f"IoU ≥ {demand}: AP {average_precision(precision, recall):.2f}"
    plt.plot(recall, precision, line, color=color, label=name)
plt.gca().set(xlabel="recall of class 2", ylabel="precision", xlim=(0, 1.02),
              ylim=(0, 1.05), title="A stricter IoU costs precision and recall")
plt.legend(loc="lower left")
plots.show("Precision against recall of class 2: the curve of IoU 0.75 is far lower.")

# %% [markdown]
# If you read "mAP 0.9", ask *at which IoU?* And ask how much is luck: over ten seeds, each with new trays and
# initial weights, we measured $0.90\pm0.02$ at IoU 0.5 and $0.47\pm0.04$ at 0.75 (mean ± standard
# deviation).
#
# ## Break and fix
#
# A colleague wants results after three epochs. He puts batch normalization behind every 3×3 and 5×5
# convolution: it brings each channel to mean 0 and standard deviation 1, then scales and shifts it by
# learned numbers. He also takes a larger learning rate and larger batches. His loss falls nicely.

# %%
def build_normed(norm, shape=(SIDE, SIDE, 1)):  # norm() makes a new layer at each call
    return keras.Sequential([
        layers.Input(shape),
        conv(12, 5, activation=None), norm(), layers.ReLU(),
        conv(24, 3, activation=None), norm(), layers.ReLU(),
        conv(48, 3, activation=None), norm(), layers.ReLU(),
        conv(48, 3, strides=1, activation=None), norm(), layers.ReLU(),
        layers.Conv2D(8, 1),
    ])

def train_hastily(norm):
    keras.utils.set_random_seed(lesson.seed)
    model = build_normed(norm)
    model.compile(keras.optimizers.Adam(0.01), detection_loss)
    history = model.fit(x_train, y_train, batch_size=128, epochs=3, verbose=0)
    print("training loss:", *[f"≈ {loss:.1f}" for loss in history.history["loss"]])
    return model

hasty = train_hastily(layers.BatchNormalization)
his_loss = hasty.evaluate(x_train, y_train, batch_size=128, verbose=0)
seen = detect(hasty.predict(x_train[:300], verbose=0))
print(f"the same trays, evaluated: ≈ {his_loss:.1f};"
      f" mAP there ≈ {mean_ap(seen, truth_train[:300]):.2f}")
his_map = mean_ap(detect(hasty.predict(x_val, verbose=0)), truth_val)
claim("his mAP on validation trays is only ≈ {:.2f}", his_map, at_most=0.4)

# %% [markdown]
# Did he overfit? The second line is about the *very trays* he trained on.
#
# ### Exercise 33.4
#
# Find the cause. Keep his learning rate, batches and epochs. Write `mended_norm()`, to stand in place of
# `layers.BatchNormalization`: it returns a new layer that still brings features to mean 0 and deviation 1.
# Once it passes, `train_hastily(mended_norm)` trains with it.
#
# <details><summary>Hint 1</summary>Which of his layers behaves differently in <code>fit</code> and in
# <code>evaluate</code>? What does it use in each?</details>
# <details><summary>Hint 2</summary>In <code>evaluate</code> it uses a moving mean and variance that begin
# at 0 and 1. How many batches did it see to move them, and how far does each move them?</details>
# <details><summary>Hint 3</summary>Look at the default of <code>momentum</code>
# (<code>help(layers.BatchNormalization)</code> tells).</details>

# %% tags=["exercise"]
# Exercise 33.4: a normalization layer that is ready after three epochs.
def mended_norm():
    ...  # your code here

# %%
check("33.4", mended_norm)

# %% tags=["solution"]
# @title Solution 33.4
def quick_norm():
    return layers.BatchNormalization(momentum=0.9)
check("33.4", quick_norm)
mended = train_hastily(quick_norm)
mended_map = mean_ap(detect(mended.predict(x_val, verbose=0)), truth_val)
print(f"mAP with momentum 0.9 ≈ {mended_map:.2f}")
verify("it is the momentum", mended_map - his_map, at_least=0.1)

# %% [markdown]
# While training, the layer normalizes with the batch's mean and variance, afterwards with **moving
# averages**. Each batch moves them a share, $1-\text{momentum}$, of the way to its own. The default momentum is
# 0.99. After three epochs, 48 batches, $0.99^{48}=62\,\%$ of their start, 0 and 1, is still in them. Training
# itself never uses them: with momentum 0.9 you get the same training losses and the same weights, so his
# *weights* had learned. For short trainings, take a smaller momentum. Over ten seeds, the mAP was 0.00 to
# 0.21 with 0.99, and 0.71 to 0.80 with 0.9.

# %% [markdown]
# ## Going further: one box for two cookies
#
# If every tray holds one cookie, *where* (not yet *which*) is an ordinary regression: four outputs and the
# mean squared error (lesson 24). We train such a network on trays with one cookie. **Predict.** On how many
# of 100 new trays will its box fit the cookie (IoU 0.5 or more)? And if there are two cookies, on how many
# will it fit one of them? (Keras's `compute_iou` compares many boxes with many.)

# %%
def share_framed(found, truth):  # found: one box for each tray
    true_boxes = np.array([boxes for boxes, _ in truth])  # (trays, cookies, 4)
    table = keras.utils.bounding_boxes.compute_iou(found[:, None], true_boxes, "xyxy")
    best = ops.convert_to_numpy(ops.max(table, axis=(1, 2)))  # (trays,)
    return np.mean(best >= 0.5)

x_single, truth_single = lay_trays(cookies_train, 2000, least=1, most=1)
y_single = np.array([boxes[0] / SIDE for boxes, _ in truth_single])  # (2000, 4)
keras.utils.set_random_seed(lesson.seed)
single = keras.Sequential([layers.Input((SIDE, SIDE, 1)), conv(8, 5), conv(16, 3),
                           conv(32, 3), layers.Flatten(), layers.Dense(4)])
single.compile(keras.optimizers.Adam(0.002), "mse")
single.fit(x_single, y_single, batch_size=32, epochs=8, verbose=0)

x_one, truth_one = lay_trays(cookies_val, 300, least=1, most=1)
x_two, truth_two = lay_trays(cookies_val, 300, least=2, most=2)
one_good = share_framed(SIDE * single.predict(x_one, verbose=0), truth_one)
two_good = share_framed(SIDE * single.predict(x_two, verbose=0), truth_two)
claim("it frames one cookie with IoU ≥ 0.5 on ≈ {:.0f} % of the trays", 100 * one_good,
      at_least=35)
print(f"with two cookies, one of them on ≈ {100 * two_good:.0f} %")
claim("that is ≈ {:.0f} percentage points less", 100 * (one_good - two_good),
      at_least=30)

# %% [markdown]
# With two cookies, its box seldom fits either of them: over ten seeds, on $6\pm1\,\%$ of the trays, against
# $60\pm4\,\%$ with one. It was never trained on two. But if it were, which cookie would be the right one to
# frame? If it is now one, now the other, the squared error is least for a box between them. Two cookies need
# two boxes.
#
# ## Going further: without NMS, and stricter
#
# **F1** (lesson 32) is here $2pr/(p+r)$, with precision $p$ and recall $r$ at one threshold: with 3/6 and
# 3/4, it is 0.6. COCO takes the mean of the mAP over the IoUs 0.5, 0.55, ..., 0.95. **Predict.** What
# happens to precision, recall and mAP if NMS is left out (`limit` 1.0)? What mAP is left at IoU 0.95?

# %%
results = {}
for limit in (0.5, 1.0):
    judged = judge(detect(outputs_val, limit), truth_val)
    for threshold in (0.05, 0.3, 0.6):
        hit = judged.hit[judged.score > threshold]
        precision, recall = hit.mean(), hit.sum() / n_true
        results[limit, threshold] = np.array([precision, recall])
        f1 = 2 * precision * recall / (precision + recall)
        print(f"limit {limit}, threshold {threshold:4}: precision ≈ {precision:.2f},"
              f" recall ≈ {recall:.2f}, F1 ≈ {f1:.2f}")
low, high = [results[0.5, t] - results[1.0, t] for t in (0.05, 0.6)]  # gains by NMS
verify("doubles cost more precision at a low threshold", low[0] - high[0], at_least=0)
verify("without NMS, recall hardly gains", -low[1], at_most=0.03)
drop = map_half - mean_ap(detect(detector.predict(x_test, verbose=0), 1.0), truth_test)
claim("without NMS the mAP at IoU 0.5 is only ≈ {:.3f} lower", drop, at_most=0.04)
demands = np.linspace(0.5, 0.95, 10)
maps = np.array([mean_ap(found_test, truth_test, demand) for demand in demands])
verify("almost nothing is left at IoU 0.95", maps[-1], at_most=0.02)
print(f"mean over all ten, what COCO calls AP: ≈ {maps.mean():.2f}")
plt.plot(demands, maps, "o-", color="black")
plt.gca().set(ylim=(0, 1), xlabel="IoU demanded of a hit", ylabel="mAP",
              title="Almost nothing is left at IoU 0.95")
plots.show("mAP falls steadily from IoU 0.5 to almost 0 at 0.95.")

# %% [markdown]
# A double is a miss, for its true box is taken. That costs precision, and F1 with it. It costs more at a low
# threshold, for most doubles have low scores. Recall hardly gains. The mAP hardly falls, for most doubles
# come late in the list. At IoU 0.95 almost nothing is left: a box 10 pixels wide may then be off sideways by
# only a quarter of a pixel.

# %% [markdown]
# ## Going further: COCO's own tool
#
# `pycocotools` must find the same mAP at each of the ten IoUs. First the boxes
# are copied into its lists, as xywh.

# %%
import contextlib
import io

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

coco, annotations, answers = COCO(), [], []
for i, (boxes, labels) in enumerate(truth_test):
    for (left, top, right, bottom), k in zip(boxes, labels):
        annotations.append({"bbox": [left, top, right - left, bottom - top],
                            "area": (right - left) * (bottom - top), "image_id": i,
                            "category_id": k, "iscrowd": 0, "id": len(annotations) + 1})
for i, tray in enumerate(found_test):
    for (left, top, right, bottom), score, k in zip(*tray):
        answers.append([i, left, top, right - left, bottom - top, score, k])
coco.dataset = {"images": [{"id": i} for i in range(300)], "annotations": annotations,
                "categories": [{"id": label} for label in range(3)]}
with contextlib.redirect_stdout(io.StringIO()):  # it prints a lot
    coco.createIndex()
    tool = COCOeval(coco, coco.loadRes(np.array(answers)), "bbox")
    tool.evaluate()
    tool.accumulate()
theirs = tool.eval["precision"][..., 0, -1].mean(axis=(1, 2))  # per IoU
verify("by hand and pycocotools agree", np.abs(maps - theirs).max(), at_most=1e-6)
print(f"largest difference at the ten IoUs: {np.abs(maps - theirs).max():.6f}")

# %% [markdown]
# So the AP of section 4 is computed as COCO's own tool computes it.
#
# ## Going further: coins in a real photograph
#
# In lesson 31 you counted the 24 coins of a museum's photograph. Now find them. We shrink the photograph to a
# third, so that coins are about as large as our cookies. The boxes come from lesson 31's rims, except one:
# the last rim ran into the corner of the photograph. We saw it when we drew the boxes, and made that box by
# hand.
#
# Windows of 48×48 pixels take the place of trays. Those of the left part, with 12 coins, are for training.
# Those of the right part, with the 12 others (and, at the left edge, a sliver of a training coin), are for
# the test. A coin counts for a window if its center lies in it.

# %%
photo = np.array(Image.fromarray(datasets.pictures().images["coins"]).reduce(3)) / 255
coins = np.array([  # xyxy
    [7, 11, 23, 25], [27, 13, 40, 25], [44, 9, 60, 25], [64, 10, 80, 25],
    [85, 11, 99, 24], [101, 5, 122, 24], [8, 34, 23, 49], [28, 35, 41, 49],
    [44, 36, 58, 49], [61, 35, 76, 49], [81, 31, 99, 49], [105, 35, 119, 49],
    [8, 59, 21, 73], [26, 58, 42, 73], [45, 59, 58, 73], [63, 56, 79, 73],
    [83, 57, 99, 73], [105, 52, 127, 73], [6, 77, 25, 96], [30, 81, 46, 96],
    [48, 78, 67, 96], [73, 80, 90, 96], [91, 79, 109, 97], [111, 82, 127, 96]])

# %%
def cut_windows(lefts):
    images, truth = [], []
    for x in lefts:
        for y in range(0, 54, 2):
            images.append(photo[y : y + SIDE, x : x + SIDE])
            boxes = coins - [x, y, x, y]
            centers = (boxes[:, :2] + boxes[:, 2:]) / 2
            inside = np.all((centers > 0) & (centers < SIDE), axis=1)
            truth.append((boxes[inside].clip(0, SIDE), np.zeros(inside.sum(), int)))
    return np.array(images, "float32")[..., None], truth
x_coins, truth_coins = cut_windows(range(14))  # up to column 61
x_new, truth_new = cut_windows(range(61, 81))
finder = build_normed(lambda: layers.BatchNormalization(momentum=0.9))
finder.compile(keras.optimizers.Adam(0.005), detection_loss)
finder.fit(x_coins, targets(truth_coins), batch_size=32, epochs=8, verbose=0)
found_new = detect(finder.predict(x_new, verbose=0))
coin_ap = average_precision(*curve(0, found_new, truth_new))
claim("12 coins teach it to find 12 others: AP ≈ {:.2f}", coin_ap, at_least=0.85)
boxes, scores, _ = found_new[0]
plt.imshow(x_new[0, ..., 0])
for x0, y0, x1, y1 in boxes[scores > 0.3] - 0.5:
    plt.plot([x0, x1, x1, x0, x0], [y0, y0, y1, y1, y0], plots.ORANGE, lw=2)
plt.gca().set(xlabel="x in pixels", ylabel="y in pixels, downward",
              title="It frames coins that it has never seen")
plots.show("A window of the photograph with several coins, each framed by a box.")

# %% [markdown]
# In the picture, the upper coin at the right edge has its center outside the window. So a box around it
# counts as a miss.
#
# The AP is that of one class at IoU 0.5; over five seeds it was $0.95\pm0.01$. The 540 test windows overlap:
# they show the same 12 coins again and again, on the cloth and in the light of the training coins. So the AP
# says little about other photographs. To know more you need many photographs, with boxes drawn by people,
# such as these:
#
# ## Going further: real blood cells
#
# The data set BCCD has 364 photographs of blood with labeled red cells (RBC), white cells (WBC) and
# platelets, under the MIT license (Shenggan, 2017). Two of its boxes have no area and are left out. The same
# functions find cells on a larger grid. Squeezing the photographs into squares changes no IoU: intersection
# and union shrink alike. This cell works in `PROFILE = "full"`, with [BCCD's
# folders](https://github.com/Shenggan/BCCD_Dataset) in `bccd/` in the folder that `DLCOURSE_DATA` names; else
# it does nothing.

# %%
from xml.etree import ElementTree

bccd = datasets.data_folder() / "bccd"

def blood(part):
    photos, truth = [], []
    for name in (bccd / f"ImageSets/Main/{part}.txt").read_text().split():
        photo = Image.open(bccd / f"JPEGImages/{name}.jpg")
        photos.append(np.array(photo.resize((128, 128))) / 255)
        boxes, labels = [], []
        for item in ElementTree.parse(bccd / f"Annotations/{name}.xml").iter("object"):
            box = [int(edge.text) for edge in item.find("bndbox")]
            if box[0] < box[2] and box[1] < box[3]:
                boxes.append(box)
                labels.append(["RBC", "WBC", "Platelets"].index(item.findtext("name")))
        truth.append((np.array(boxes) * 128 / np.tile(photo.size, 2), np.array(labels)))
    return np.array(photos, "float32"), truth
if lesson.profile == "full" and bccd.is_dir():
    (x_blood, truth_blood), (x_cells, truth_cells) = blood("trainval"), blood("test")
    model = build_normed(lambda: layers.BatchNormalization(momentum=0.9), (128, 128, 3))
    model.compile(keras.optimizers.Adam(0.003), detection_loss)
    model.fit(x_blood, targets(truth_blood, 16), batch_size=16, epochs=24, verbose=0)
    blood_map = mean_ap(detect(model.predict(x_cells, verbose=0)), truth_cells)
    print(f"blood cells: mAP ≈ {blood_map:.2f}")
    record("BCCD", "16×16 grid detector", "test mAP", blood_map)

# %% [markdown]
# Over three seeds the mAP at IoU 0.5 was $0.39\pm0.02$.
# [Chen and others (2025)](https://doi.org/10.1049/cvi2.12341) report mAPs of 0.92 for YOLOv8n and 0.95 for
# their own network on BCCD. (Their abstract names no IoU, and their split may differ.)

# %% [markdown]
# ## Quiz

# %%
quiz("33")

# %% [markdown]
# ## Summary
#
# - IoU is intersection over union. Shift a box by half its width, and the IoU is only 1/3.
# - A grid asks every cell for a cookie, and only positive cells for box and class.
# - NMS keeps the surest of several boxes that overlap, class by class.
# - Precision and recall depend on the threshold; AP sums them up, at one IoU.
# - The moving averages of batch norm need many batches, or a smaller momentum.
#
# Ours is a *single-stage* detector, like YOLO; *two-stage* ones (the R-CNN family) first propose regions.
# Many detectors give a cell several boxes of typical shapes, *anchors*. In practice you would adapt a pretrained
# detector, as [lesson 34](34_transfer_learning.ipynb) adapts a classifier.
#
# An hour ago, the robot only knew that there was a 2. Now it mostly knows where.
#
# ## Common mistakes
#
# - **xyxy read as xywh, or y before x**: draw the boxes.
# - **Two centers in one cell** lose a cookie, in training 3 of 4,026. A finer grid helps, or several boxes
#   per cell.
#
# ## Read more
#
# - J. Redmon and others (2016), [You only look once](https://arxiv.org/abs/1506.02640): the grid detector.
# - T.-Y. Lin and others (2014), [Microsoft COCO](https://arxiv.org/abs/1405.0312), and [how it
#   evaluates](https://cocodataset.org/#detection-eval).
# - [Keras: bounding boxes](https://keras.io/api/utils/bounding_boxes/).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [34 · Transfer learning](34_transfer_learning.ipynb). Forty labeled digits go far with a network that has read before. **Before:** [32 · Image classification](32_image_classification.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+33%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/34_transfer_learning.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/32_image_classification.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
