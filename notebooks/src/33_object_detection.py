# ---
# jupyter:
#   dlcourse:
#     title: "Object detection"
#     subtitle: A packing robot must know where a cookie lies, and 94 % right can mean that it sees nothing
#     minutes: 65
#     further: 13
#     seconds: 40
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
# **Your time:** 65 minutes, and 13 for *Going further* · **The notebook runs in:** about 40 s on two CPU cores · **Before this:** lesson 24, lesson 32

# %% [markdown]
# ## You will be able to
#
# 1. compute how well two boxes agree *(section 1 · exercise 33.1)*
# 2. turn a labeled box into what a cell of a grid detector must answer, and train the
#    detector *(section 2 · exercise 33.2)*
# 3. remove double boxes by non-maximum suppression *(section 3 · exercise 33.3)*
# 4. judge a detector by precision, recall and mAP *(section 4 · quiz)*
# 5. find out why a detector whose loss falls nicely still fails
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
import contextlib
import io
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("33", profile=PROFILE, seed=SEED)

import keras
from keras import layers, ops
from keras.utils import bounding_boxes

SIDE, GRID = 48, 6  # a tray has 48×48 pixels; later, 6×6 cells
CELL = SIDE // GRID  # pixels
CLASS_NAMES = ["1", "2", "3"]  # of the labels 0, 1, 2

# %% [markdown]
# ## 1 · The packing robot
#
# A bakery makes birthday cookies in the shapes of 1, 2 and 3. They lie scattered on a dark tray, and a robot packs
# ones into one carton, twos into another. A classifier can tell it "there is a 2". But where
# should it grip? Naming what is in a picture *and where* is **object detection**.
#
# The shapes are real handwriting from MNIST. We lay them on the trays, so the true boxes are known. Training,
# validation and test trays share no digit.
#
# Skim the next two cells: what they return is all you need. `cut_cookies` gives pairs of a shape, in a size of its
# own, and a label. `lay_trays` scatters such cookies on trays. It returns the images and, for each tray, its boxes and
# labels.

# %%
digits = datasets.mnist_5k()
rng = np.random.default_rng(lesson.seed)

def crop(image):  # to the rows and columns with ink
    rows = np.flatnonzero(image.max(axis=1) > 60)
    columns = np.flatnonzero(image.max(axis=0) > 60)
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

def cut_cookies(images, labels):
    cookies = []
    for image, label in zip(images, labels):
        if label in (1, 2, 3):
            shape = crop(image)
            height = int(rng.integers(14, 23))  # pixels
            width = round(height * shape.shape[1] / shape.shape[0])
            width = min(max(width, 4), 24)
            resized = Image.fromarray(shape).resize((width, height), Image.BILINEAR)
            cookies.append((np.array(resized) / 255, label - 1))
    return cookies

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
# A box is four numbers, in one of many formats. Ours is `xyxy`: left, top, right, bottom, in pixels, with $y$ counted
# downward. `xywh` has width and height in place of right and bottom. Others give the center, or fractions of the image's sides.
# Keras's `convert_format` translates. Read in the wrong format, the numbers are another box, and no error tells
# you. So draw what you load.
#
# How well does a box fit? Compare the area it shares with the true box to the area they cover together:
#
# $$\text{IoU} = \frac{\text{area of the intersection}}{\text{area of the union}}$$
#
# This **intersection over union** is 1 for equal boxes and 0 for separate ones. **Predict.** A box of 8×16 pixels is
# shifted right by half its width. What is its IoU with the old one?

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
# They share $4\cdot16=64$ pixels and together cover $128+128-64=192$: the IoU is only 1/3. So 0.5, usually
# demanded of a good box, is stricter than it sounds. **Play:** how far may the box move before its IoU falls below 0.5?
#
# ### Exercise 33.1
#
# Write `iou(a, b)` for two boxes in xyxy, arrays of four numbers. It returns a number. No box is empty.
#
# <details><summary>Hint 1</summary>The intersection begins at the larger of the two left sides and ends at the smaller of
# the two right sides. Likewise for top and bottom.</details>
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
# Sideways it may move by a third of its width: both share 2/3 of a box and cover 4/3. Now many boxes against many,
# as in Keras's `compute_iou`. The formula is the same; left and top go together, and so
# do right and bottom:

# %%
def iou_table(a, b):  # boxes (n, 4) and (m, 4) → IoUs (n, m)
    a = a[:, None]  # (n, 1, 4), so that each box of a meets all boxes of b
    starts = np.maximum(a[..., :2], b[:, :2])  # (n, m, 2): left and top
    ends = np.minimum(a[..., 2:], b[:, 2:])  # right and bottom
    both = np.prod(np.maximum(ends - starts, 0), axis=-1)  # (n, m)
    area_a = np.prod(a[..., 2:] - a[..., :2], axis=-1)  # (n, 1)
    area_b = np.prod(b[:, 2:] - b[:, :2], axis=-1)  # (m,)
    return both / (area_a + area_b - both)

# %% [markdown]
# ## 2 · A grid that answers everywhere
#
# Four outputs and a squared error (lesson 24) would give one box for each tray. But one, two or three cookies may lie
# there, and a dense last layer has a fixed number of outputs. (*Going further* trains such a network and shows it two cookies.)
# So divide the tray into 6×6 **cells** of 8×8 pixels, and ask each: *does the center of a cookie lie in you? If so, where,
# how large, and which?* A cell that holds a center is **positive**, all others are **negative**. Each cell has eight outputs:
#
# | numbers | target of a positive cell | of a negative cell |
# |---|---|---|
# | 1 | 1: a cookie | 0 |
# | 2 | the center's $x$ and $y$ in the cell, 0 to 1 | not asked |
# | 2 | width and height, shares of the tray | not asked |
# | 3 | class, one-hot | not asked |
#
# The "2" below (A), in the box (20, 9, 30, 27), has its center at (25, 18). As $25=3\cdot8+1$ and $18=2\cdot8+2$, that is column
# 3, row 2, counted from 0. It lies at (1/8, 2/8) in the cell, and its size is (10/48, 18/48).

# %% tags=["hide-input"]
kinds = [1, 2, 0]
places = [(20, 9, 30, 27), (33, 21, 45, 41), (3, 26, 9, 46)]
cells = [(23.5, 15.5), (31.5, 23.5), (-0.5, 31.5)]  # upper left corners, pixels
table = """   row, column   cookie  x      y       width  height  1 2 3
A  2, 3          1       0.125  0.25    0.208  0.375   0 1 0
B  3, 4          1       0.875  0.875   0.25   0.417   0 0 1
C  4, 0          1       0.75   0.5     0.125  0.417   1 0 0
the other 33     0       not asked"""
figure, axis = plt.subplots(figsize=(10.5, 4.2))
draw_tray(axis, np.full((SIDE, SIDE, 1), 0.25), (places, kinds))
for name, kind, (x0, y0, x1, y1), at in zip("ABC", kinds, places, cells):
    shapes = [shape for shape, label in cookies_train if label == kind]
    axis.imshow(0.25 + 0.6 * shapes[0], vmin=0, vmax=1,
                extent=(x0 - 0.5, x1 - 0.5, y1 - 0.5, y0 - 0.5))
    axis.add_patch(plt.Rectangle(at, 8, 8, fc=plots.GREEN, ec="white", lw=3, alpha=0.6))
    axis.plot((x0 + x1 - 1) / 2, (y0 + y1 - 1) / 2, "wo", ms=7, mec="black", zorder=6)
    axis.text(at[0] + 5.5, at[1] + 2.5, name, weight="bold", color="white")
axis.text(50, 8, table, va="top", family="monospace", linespacing=2)
axis.set(xlim=(-0.5, 47.5), ylim=(47.5, -0.5), xlabel="column", ylabel="row",
         xticks=range(4, 48, 8), xticklabels=range(6), yticks=range(4, 48, 8),
         yticklabels=range(6), title="The cell of the center answers")
axis.hlines(np.arange(7.5, 47, 8), -0.5, 47.5, color="0.75", lw=0.8)
axis.vlines(np.arange(7.5, 47, 8), -0.5, 47.5, color="0.75", lw=0.8)
plots.show("A tray under a grid of 6 by 6 cells, three cookies in dashed boxes, the"
           " cells of their centers filled; beside them the eight targets of each.")

# %% [markdown]
# ### Exercise 33.2
#
# Write `encode(box, label)` for a box in xyxy and a label 0, 1 or 2 (a "1", "2" or "3"). It returns ten numbers: row,
# column, then the eight. For A: 2, 3, 1, 0.125, 0.25, ...
#
# <details><summary>Hint 1</summary>The center is halfway between left and right, and between top and bottom. Row and column
# are how often 8 goes into its <i>y</i> and <i>x</i>.</details>
# <details><summary>Hint 2</summary><code>x // CELL</code> is the column, <code>x % CELL / CELL</code> the place in the
# cell; widths and heights are divided by <code>SIDE</code>.</details>

# %% tags=["exercise"]
# Exercise 33.2: the cell of a box, and what the cell must answer.
def encode(box, label):
    ...  # your code here

# %%
check("33.2", encode)

# %% tags=["solution"]
# @title Solution 33.2
def encode_solution(box, label):
    x, y = (box[:2] + box[2:]) / 2
    width, height = (box[2:] - box[:2]) / SIDE
    place = [x % CELL / CELL, y % CELL / CELL]
    return [y // CELL, x // CELL, 1, *place, width, height, *np.eye(3)[label]]

check("33.2", encode_solution)

# %% [markdown]
# Now for all trays. If two centers fall into one cell, the second overwrites the first.
#
# The loss asks every cell for the first number, only positive cells for the rest:
#
# $$\text{loss}=\sum_\text{cells}\big(\text{cookie loss}+t\,(5\,\text{box loss}+\text{class loss})\big)$$
#
# Here $t$ (`positive`) is 1 in positive cells, else 0. The cookie and class losses are cross-entropies, the box loss the sum of
# four absolute errors: squared, a miss of 0.1 would cost only 0.01. Sigmoids keep places and sizes between 0 and 1. The
# 5, YOLO's choice, makes the box count beside the class.

# %%
def targets(truth, grid=GRID):
    y = np.zeros((len(truth), grid, grid, 8), "float32")
    for i, (boxes, labels) in enumerate(truth):
        centers = (boxes[:, :2] + boxes[:, 2:]) / 2  # (n, 2): x and y
        columns, rows = (centers // CELL).astype(int).T
        y[i, rows, columns, 0] = 1
        y[i, rows, columns, 1:3] = centers % CELL / CELL
        y[i, rows, columns, 3:5] = (boxes[:, 2:] - boxes[:, :2]) / (grid * CELL)
        y[i, rows, columns, 5:] = np.eye(3)[labels]
    return y

y_train = targets(truth_train)  # (2000, 6, 6, 8)
print(f"{1 - y_train[..., 0].mean():.1%} of all cells are empty")

def detection_loss(y_true, y_pred):
    positive = y_true[..., 0]  # (batch, 6, 6): 1 in positive cells
    cookie_loss = ops.binary_crossentropy(positive, y_pred[..., 0], from_logits=True)
    errors = ops.abs(y_true[..., 1:5] - ops.sigmoid(y_pred[..., 1:5]))
    box_loss = ops.sum(errors, axis=-1)
    class_loss = ops.categorical_crossentropy(
        y_true[..., 5:], y_pred[..., 5:], from_logits=True)
    cell_loss = cookie_loss + positive * (5 * box_loss + class_loss)
    return ops.sum(cell_loss, axis=(1, 2))  # (batch,)

# %% [markdown]
# The network is convolutional to the end: three strides of 2 turn 48×48 pixels into 6×6 places, one for each cell. A
# last convolution with a 1×1 kernel, the same dense layer at every place, gives its eight numbers. A cell sees more than
# its 8×8 pixels: its receptive field ([lesson 31](31_convolution_and_pooling.ipynb)) is $1+4+4+8+16=33$ wide.
# The learning rate falls to 0 ([lesson 53](53_learning_rate_schedules.ipynb)). `norm` waits for *Break and fix*.

# %%
def build(norm=None, shape=(SIDE, SIDE, 1)):
    network = [layers.Input(shape)]
    blocks = [(12, 5, 2), (24, 3, 2), (48, 3, 2), (48, 3, 1)]
    for filters, kernel_size, strides in blocks:
        network.append(layers.Conv2D(filters, kernel_size, strides, padding="same",
                                     kernel_initializer="he_normal"))
        if norm is not None:
            network.append(norm())  # a new layer each time
        network.append(layers.ReLU())
    network.append(layers.Conv2D(8, 1))
    return keras.Sequential(network)

def train(learning_rate, batch_size, epochs, norm=None):
    keras.utils.set_random_seed(lesson.seed)
    model = build(norm)
    model.compile(keras.optimizers.Adam(learning_rate), detection_loss)
    history = model.fit(x_train, y_train, batch_size=batch_size, epochs=epochs,
                        verbose=0)
    return model, history.history["loss"]

n_steps = 10 * 63  # epochs, and batches in each
falling = keras.optimizers.schedules.CosineDecay(0.005, decay_steps=n_steps)
detector, losses = train(falling, batch_size=32, epochs=10)
print(f"{detector.count_params():,} weights; loss of the first epoch"
      f" ≈ {losses[0]:.1f}, last ≈ {losses[-1]:.1f}")

# %% [markdown]
# ## 3 · From 36 answers to boxes
#
# Now we undo `encode`. The **score** of a box is the probability that its cell holds a cookie's center, times that of the
# most probable class. **Predict.** What share of all cells will the detector judge correctly, as positive or
# negative? Compare: a detector that sees nothing gets 94 % right.

# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def read_cells(outputs):  # (n, 6, 6, 8) → boxes (n, 36, 4), scores and labels (n, 36)
    n, grid = outputs.shape[:2]
    columns, rows = np.meshgrid(range(grid), range(grid))
    corners = np.stack([columns, rows], axis=-1)  # (6, 6, 2): of each cell, in cells
    centers = (corners + sigmoid(outputs[..., 1:3])) * CELL
    sizes = sigmoid(outputs[..., 3:5]) * (grid * CELL)
    boxes = np.concatenate([centers - sizes / 2, centers + sizes / 2], axis=-1)
    classes = ops.convert_to_numpy(ops.softmax(outputs[..., 5:]))  # probabilities
    scores = sigmoid(outputs[..., 0]) * classes.max(axis=-1)
    labels = classes.argmax(axis=-1)
    return boxes.reshape(n, -1, 4), scores.reshape(n, -1), labels.reshape(n, -1)

outputs_val = detector.predict(x_val, verbose=0)
boxes_val, scores_val, labels_val = read_cells(outputs_val)
sure = scores_val > 0.15  # (300, 36)
crowded = np.argsort(-sure.sum(axis=1), kind="stable")[:4]  # trays with most such boxes
positive = targets(truth_val)[..., 0] == 1  # (300, 6, 6)
said_positive = outputs_val[..., 0] > 0
print(f"right about ≈ {np.mean(said_positive == positive):.1%} of the validation cells")

# %% [markdown]
# Splendid? A detector that sees *nothing* gets 94 % of cells right: the negative ones. Look at the
# boxes with scores above 0.15 on the four trays that have most:

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 4, figsize=(11, 3.3))
for axis, at in zip(axes, crowded):
    draw_tray(axis, x_val[at])
    draw_boxes(axis, boxes_val[at][sure[at]], plots.ORANGE)
    axis.set_title(f"{sure[at].sum()} boxes, {len(truth_val[at][0])} cookies")
axes[0].set_ylabel("y in pixels, downward")
figure.suptitle("Several cells report the same cookie", fontweight="bold")
plots.show("Four trays; some cookies carry several boxes that nearly coincide.")

# %% [markdown]
# **Non-maximum suppression** (NMS) cleans up such doubles:
#
# 1. Take the box with the highest score, and keep it.
# 2. Drop every other box whose IoU with it is above a limit.
# 3. Go on with the best of what is left, until nothing is.
#
# ### Exercise 33.3
#
# Write `nms(boxes, scores, limit)`, with `boxes` `(n, 4)` in xyxy and `scores` `(n,)`. It returns the positions of the kept
# boxes, best first. `iou_table(boxes, boxes)` holds every IoU.
#
# <details><summary>Hint 1</summary><code>np.argsort(-scores)</code> holds the positions, best first. Go through them, with a
# list <code>kept</code> that is empty at first.</details>
# <details><summary>Hint 2</summary>A box stays if its IoU with every box in <code>kept</code> is at most the limit: then
# append its position.</details>

# %% tags=["exercise"]
# Exercise 33.3: positions of the boxes that survive, best first.
def nms(boxes, scores, limit=0.5):
    ...  # your code here

# %%
check("33.3", nms)

# %% tags=["solution"]
# @title Solution 33.3
def nms_solution(boxes, scores, limit=0.5):
    kept = []
    for i in np.argsort(-scores):  # best first
        if not np.any(iou_table(boxes[[i]], boxes[kept]) > limit):
            kept.append(i)
    return kept
check("33.3", nms_solution)

# %% [markdown]
# `detect` takes the boxes with scores above `threshold` and runs NMS *per class*: a rider is no reason to drop the horse.

# %%
def detect(outputs, limit=0.5, threshold=0.05):
    all_boxes, all_scores, all_labels = read_cells(outputs)
    found = []  # per tray: boxes (n, 4), scores (n,), labels (n,), best first
    for boxes, scores, labels in zip(all_boxes, all_scores, all_labels):
        same_class = labels[:, None] == labels  # (36, 36)
        doubles = same_class & (iou_table(boxes, boxes) > limit)
        kept = []
        for i in np.argsort(-scores, kind="stable"):
            if scores[i] > threshold and not doubles[i, kept].any():
                kept.append(i)
        found.append((boxes[kept], scores[kept], labels[kept]))
    return found

# %% [markdown]
# How sure must the robot be? **Play:** for which values of `threshold` does tray 1 get as many boxes as it has cookies? Do
# the same values suit other trays? (1 to 4 are those above.) With `limit` 1.0, NMS drops nothing.

# %% tags=["hide-input"]
shown_val = crowded.tolist()

def play(tray=1, threshold=0.3, limit=0.5):
    at = shown_val[tray - 1] if tray <= 4 else tray
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
# A box is a **hit** if it has the right class and an IoU of at least 0.5 with a true box. The surest box chooses first,
# and each true box counts once. Keep
# the boxes above a threshold. If $h$ of these $k$ boxes are hits, and there are $m$ true boxes, then
#
# $$\text{precision} = \frac{h}{k}, \qquad \text{recall} = \frac{h}{m}$$
#
# Precision is the share of grips that catch a cookie, recall that of cookies caught. With 6 boxes, 3 of them hits,
# and 4 cookies, precision is 3/6 and recall 3/4.
#
# **Predict.** The threshold is raised. What happens to precision and to recall?

# %%
def hits_of(found, truth, demand=0.5):  # for every box: is it a hit?
    hits = []
    for i in range(len(truth)):
        boxes, _, labels = found[i]
        true_boxes, true_labels = truth[i]
        ious = iou_table(boxes, true_boxes)  # a row for each found box, surest first
        ious[labels[:, None] != true_labels] = 0  # the wrong class never fits
        for row in ious:
            best = row.argmax()
            hit = row[best] >= demand
            if hit:
                ious[:, best] = 0  # a true box is taken only once
            hits.append(hit)
    return np.array(hits)

n_true = sum(len(true_labels) for _, true_labels in truth_val)
for threshold in (0.05, 0.3, 0.6):
    hits = hits_of(detect(outputs_val, threshold=threshold), truth_val)
    print(f"threshold {threshold:4}: precision ≈ {hits.mean():.2f},"
          f" recall ≈ {hits.sum() / n_true:.2f}")

# %% [markdown]
# A higher threshold leaves fewer boxes, so recall cannot rise; precision mostly does. (What is NMS worth? *Going
# further* leaves it out.)
#
# **Average precision** (AP) runs through all thresholds: sort the boxes of one class by score and take them in one by
# one. For each level $r$ of recall, 0, 0.01, ..., 1, note the best precision that comes with this recall or more (0 if
# none does). The AP is the mean of these 101 numbers:
#
# $$\text{AP}=\frac{1}{101}\sum_{r}\max_{\text{recall}\ge r}\text{precision}$$
#
# Take a hit, a miss and a hit, and 4 cookies: precision is 1, 0.5, 0.667, recall 0.25, 0.25, 0.5. So 26
# levels, up to 0.25, get 1, the next 25 get 0.667 and the last 50 get 0: the AP is $42.7/101=0.42$.
# (COCO, a large data set, averages like this; others take the area under the curve.) **mAP** is the mean AP of the classes, from 0 to 1.
#
# Now we open the test trays. A suction cup is content with IoU 0.5, a tight gripper needs 0.75. **Predict.** What mAP
# does each get?

# %%
def precision_recall(label, found, truth, demand=0.5):  # as more boxes are taken in
    scores = np.concatenate([scores for _, scores, _ in found])
    labels = np.concatenate([labels for _, _, labels in found])
    chosen = labels == label
    surest_first = np.argsort(-scores[chosen], kind="stable")
    hits = hits_of(found, truth, demand)[chosen][surest_first]
    n_hits = np.cumsum(hits)  # h
    n_boxes = np.arange(1, len(hits) + 1)  # k
    n_true = sum(np.sum(true_labels == label) for _, true_labels in truth)  # m
    return n_hits / n_boxes, n_hits / n_true

def average_precision(precision, recall):
    levels = np.linspace(0, 1, 101)
    return np.mean([precision[recall >= level].max(initial=0) for level in levels])

def mean_ap(found, truth, demand=0.5):
    curves = [precision_recall(label, found, truth, demand) for label in range(3)]
    return np.mean([average_precision(*curve) for curve in curves])

found_test = detect(detector.predict(x_test, verbose=0))
map_half = mean_ap(found_test, truth_test)
map_tight = mean_ap(found_test, truth_test, 0.75)
claim("at IoU 0.5 the detector reaches a mAP of ≈ {:.2f} on new trays", map_half,
      at_least=0.75)
claim("for the gripper, a mAP of only ≈ {:.2f} is left", map_tight, at_most=0.72)

# %% tags=["hide-input"]
for demand, color, line in ((0.5, plots.BLUE, "-"), (0.75, plots.PURPLE, "--")):
    precision, recall = precision_recall(1, found_test, truth_test, demand)
    name = f"IoU ≥ {demand}: AP {average_precision(precision, recall):.2f}"
    plt.plot(recall, precision, line, color=color, label=name)
plt.gca().set(xlabel="recall of class 2", ylabel="precision", xlim=(0, 1.02),
              ylim=(0, 1.05), title="A stricter IoU costs precision and recall")
plt.legend(loc="lower left")
plots.show("Precision against recall of class 2: the curve of IoU 0.75 is far lower.")

# %% [markdown]
# If you read "mAP 0.9", ask *at which IoU?* The dashed curve dips at once: some of the surest boxes are not tight. And ask
# how much is luck. Over three seeds, each with its own trays and first weights, we measured $0.91\pm0.02$ at IoU 0.5 and
# $0.49\pm0.04$ at 0.75 (mean ± standard deviation).
#
# ## Break and fix
#
# A colleague wants results after three epochs. He puts batch normalization behind every 3×3 and 5×5 convolution: it brings
# each channel to mean 0 and standard deviation 1, then scales and shifts it by learned numbers. He also takes a larger
# learning rate and batches. His loss falls nicely.

# %%
hasty, losses = train(0.01, batch_size=128, epochs=3, norm=layers.BatchNormalization)
print("training loss:", ", ".join(f"≈ {loss:.1f}" for loss in losses))
his_loss = hasty.evaluate(x_train, y_train, batch_size=128, verbose=0)
found_seen = detect(hasty.predict(x_train[:300], verbose=0))
seen_map = mean_ap(found_seen, truth_train[:300])
print(f"the same trays, evaluated: ≈ {his_loss:.1f}; mAP there ≈ {seen_map:.2f}")
his_map = mean_ap(detect(hasty.predict(x_val, verbose=0)), truth_val)
claim("his mAP on validation trays is only ≈ {:.2f}", his_map, at_most=0.4)

# %% [markdown]
# Did he overfit? The second line is about the *very trays* he trained on.
#
# ### Exercise 33.4
#
# Find the cause. Keep his learning rate, batches and epochs. Set `mended_norm` to a layer that replaces his
# `layers.BatchNormalization()` and still brings features to mean 0 and deviation 1. (To train with it, give `train` for
# `norm` a function that makes such a layer anew at each call, as the solution does.)
#
# <details><summary>Hint 1</summary>Which of his layers behaves differently in <code>fit</code> and in
# <code>evaluate</code>? What does it use in each?</details>
# <details><summary>Hint 2</summary>In <code>evaluate</code> it uses a moving mean and variance that begin at 0 and 1. How many batches
# did it see to move them, and how far does each move them? Look at the default of <code>momentum</code>.</details>

# %% tags=["exercise"]
# Exercise 33.4: a normalization layer that is ready after three epochs.
mended_norm = ...

# %%
check("33.4", mended_norm)

# %% tags=["solution"]
# @title Solution 33.4
def quick_norm():
    return layers.BatchNormalization(momentum=0.9)
check("33.4", quick_norm())
mended, _ = train(0.01, batch_size=128, epochs=3, norm=quick_norm)
mended_map = mean_ap(detect(mended.predict(x_val, verbose=0)), truth_val)
print(f"mAP with momentum 0.9 ≈ {mended_map:.2f}")
verify("it is the momentum", mended_map - his_map, at_least=0.1)

# %% [markdown]
# While training, the layer normalizes with the batch's mean and variance, afterwards with **moving averages**. Each
# batch moves them toward its own by a share of $1-\text{momentum}$. The default momentum is 0.99. After three epochs, 48 batches,
# $0.99^{48}=62\,\%$ of their start, 0 and 1, is still in them. Momentum plays no part in training itself, so his *weights*
# should be fine (*Going further* tests them). For short trainings, take a smaller momentum, say 0.9.

# %% [markdown]
# ## Going further: one box for two cookies
#
# If every tray holds one cookie, *where* (not yet *which*) is an ordinary regression: four outputs and the mean
# squared error (lesson 24).

# %%
def conv(filters, kernel_size):
    return layers.Conv2D(filters, kernel_size, strides=2, padding="same",
                         kernel_initializer="he_normal")

x_single, truth_single = lay_trays(cookies_train, 2000, least=1, most=1)
y_single = np.array([boxes[0] / SIDE for boxes, _ in truth_single])  # (2000, 4)
keras.utils.set_random_seed(lesson.seed)
single = keras.Sequential([
    layers.Input((SIDE, SIDE, 1)),
    conv(8, 5),  # 24×24
    layers.ReLU(),
    conv(16, 3),  # 12×12
    layers.ReLU(),
    conv(32, 3),  # 6×6
    layers.ReLU(),
    layers.Flatten(),
    layers.Dense(4),
])
single.compile(keras.optimizers.Adam(0.002), "mse")
history = single.fit(x_single, y_single, batch_size=32, epochs=8, verbose=0)

# %% [markdown]
# **Predict.** It has only seen trays with one cookie. Where will it put its box if there are two?

# %%
def share_framed(found, truth):  # found: one box for each tray
    true_boxes = np.array([boxes for boxes, _ in truth])  # (trays, cookies, 4)
    ious = bounding_boxes.compute_iou(found[:, None], true_boxes, "xyxy")
    best = ops.convert_to_numpy(ops.max(ious, axis=(1, 2)))  # (trays,)
    return np.mean(best >= 0.5)

x_one, truth_one = lay_trays(cookies_val, 300, least=1, most=1)
x_two, truth_two = lay_trays(cookies_val, 300, least=2, most=2)
found_one = SIDE * single.predict(x_one, verbose=0)  # (300, 4)
found_two = SIDE * single.predict(x_two, verbose=0)
one_good = share_framed(found_one, truth_one)
two_good = share_framed(found_two, truth_two)
claim("it frames one cookie with IoU ≥ 0.5 on ≈ {:.0f} % of the trays", 100 * one_good,
      at_least=35)
claim("with two cookies, on ≈ {:.0f} percentage points fewer",
      100 * (one_good - two_good), at_least=30)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 4, figsize=(11, 3.3))
for axis, image, truth, box in zip(axes, x_two, truth_two, found_two):
    draw_tray(axis, image, (truth[0], ()))
    draw_boxes(axis, [box], plots.ORANGE)
axes[0].set_ylabel("y in pixels, downward")
figure.suptitle("One box (solid) for two cookies almost never fits", fontweight="bold")
plots.show("Four trays with two cookies in dashed boxes each; the network's one solid"
           " box mostly lies between them or beside one of them.")

# %% [markdown]
# So the robot mostly misses. Training on trays with two would hardly help: if now one box is asked for, now the other, the
# squared error is least at their mean. Two cookies need two boxes.
#
# What does the box follow? Say the middle between the cookies lies 1 pixel further right than on another tray.
# **Predict.** How much further right is the box: 0 pixels (it ignores the cookies), 1 (it follows one of them, or the
# middle) or 2 (each cookie moves it by its full way)?

# %%
centers = (found_two[:, :2] + found_two[:, 2:]) / 2  # (300, 2): x and y
middles = np.array([boxes.reshape(4, 2).mean(axis=0) for boxes, _ in truth_two])
slopes = [np.polyfit(middles[:, i], centers[:, i], 1)[0] for i in (0, 1)]  # x, y
claim("where the middle between two cookies lies 1 pixel further, the one box lies"
      " ≈ {:.1f} further", np.mean(slopes), at_least=1.45)
for_box = np.linalg.norm(middles - centers, axis=-1).mean()
for_tray = np.linalg.norm(middles - SIDE / 2, axis=-1).mean()
print(f"to the middle: box ≈ {for_box:.1f} pixels, tray's center ≈ {for_tray:.1f}")

# %% [markdown]
# This network does not average, it adds: each cookie moves the box nearly as far as if it lay there alone. (We also laid
# the same two cookies on a tray one by one. The sum of the two moves foretold the box's center to within a pixel, on average,
# in the one network that we asked; their mean did not.) The last layer is a weighted sum over all places, to which each
# cookie adds its part. So the box leaves the tray's center in the right direction, but goes nearly twice as far as the
# middle lies. In the end it is about as far from the middle as that center, which knows nothing of the cookies.
#
# ## Going further: without NMS, and stricter
#
# **F1** sums up precision $p$ and recall $r$ at one threshold by their harmonic mean, $2pr/(p+r)$: with 3/6 and 3/4, it is
# 0.6. COCO takes the mean of the mAP over the IoUs 0.5, 0.55, ..., 0.95. **Predict.** What happens to precision, recall
# and mAP if NMS is left out (`limit` 1.0)? What mAP is left at IoU 0.95?

# %%
for limit in (0.5, 1.0):
    for threshold in (0.05, 0.3, 0.6):
        hits = hits_of(detect(outputs_val, limit, threshold), truth_val)
        precision, recall = hits.mean(), hits.sum() / n_true
        f1 = 2 * precision * recall / (precision + recall)
        print(f"limit {limit}, threshold {threshold:4}: precision ≈ {precision:.2f},"
              f" recall ≈ {recall:.2f}, F1 ≈ {f1:.2f}")

found_doubles = detect(detector.predict(x_test, verbose=0), limit=1.0)
drop = map_half - mean_ap(found_doubles, truth_test)
print(f"without NMS the mAP at IoU 0.5 is only ≈ {drop:.3f} lower")

demands = np.linspace(0.5, 0.95, 10)
maps = np.array([mean_ap(found_test, truth_test, demand) for demand in demands])
print(f"mean over all ten, what COCO calls AP: ≈ {maps.mean():.2f}")
plt.figure(figsize=(6, 3.8))
plt.plot(demands, maps, "o-", color="black")
plt.ylim(0, 1)
plt.xlabel("IoU demanded of a hit")
plt.ylabel("mAP")
plt.title("mAP falls with the demand")
plots.show("mAP falls steadily from IoU 0.5 to 0.95.")

# %% [markdown]
# Doubles are misses, for their true box is taken. That costs precision, the more the lower the threshold: most doubles
# have low scores. Recall hardly gains, and the mAP hardly falls: most doubles come late. At IoU 0.95 almost nothing is
# left: a cookie 10 pixels wide may then be off sideways by only a quarter of a pixel.

# %% [markdown]
# ## Going further: COCO's own tool
#
# `pycocotools` must find the same mAP at each of the ten IoUs (the last line of the cell tests it, and complains if not).
# First the boxes are copied into its lists, as xywh.

# %%
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

coco = COCO()

def xywh(boxes):
    return np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]])

annotations, answers = [], []
for i, (boxes, labels) in enumerate(truth_test):
    for box, label in zip(xywh(boxes), labels):
        annotations.append({"id": len(annotations) + 1, "image_id": i, "iscrowd": 0,
                            "category_id": label, "bbox": box, "area": box[2] * box[3]})
for i, (boxes, scores, labels) in enumerate(found_test):
    for box, score, label in zip(xywh(boxes), scores, labels):
        answers.append([i, *box, score, label])
coco.dataset = {"images": [{"id": i} for i in range(300)], "annotations": annotations,
                "categories": [{"id": label} for label in range(3)]}
with contextlib.redirect_stdout(io.StringIO()):  # it prints a lot
    coco.createIndex()
    judge = COCOeval(coco, coco.loadRes(np.array(answers)), "bbox")
    judge.evaluate()
    judge.accumulate()
theirs = judge.eval["precision"][..., 0, -1].mean(axis=(1, 2))  # per IoU
verify("by hand and pycocotools agree", np.abs(maps - theirs).max(), at_most=1e-6)

# %% [markdown]
# ## Going further: had his weights learned?
#
# *Break and fix* blames the moving averages alone. If that is right, the same weights must do well with the batch's own
# statistics:

# %%
own = ops.convert_to_numpy(hasty(x_val, training=True))
own_map = mean_ap(detect(own), truth_val)
claim("the same weights with the batch's own statistics: mAP ≈ {:.2f} higher",
      own_map - his_map, at_least=0.2)

# %% [markdown]
# So the weights had learned.
#
# ## Going further: real blood cells
#
# The data set BCCD has 364 photographs of blood with labeled red cells (RBC), white cells (WBC) and platelets, under the MIT license
# (Shenggan, 2017). Two of its boxes have no area and are left out. The same functions find cells on a larger grid, with
# batch norm at momentum 0.9. Squeezing the photographs into squares changes no IoU: both areas shrink alike. This cell
# works in `PROFILE = "full"`, with [BCCD's folders](https://github.com/Shenggan/BCCD_Dataset) in `bccd/` in the folder that
# `DLCOURSE_DATA` names; else it does nothing.

# %%
def blood(part, side=128):
    photos, truth = [], []
    for name in (bccd / f"ImageSets/Main/{part}.txt").read_text().split():
        photo = Image.open(bccd / f"JPEGImages/{name}.jpg")
        photos.append(np.array(photo.resize((side, side))) / 255)
        boxes, labels = [], []
        for item in ElementTree.parse(bccd / f"Annotations/{name}.xml").iter("object"):
            box = [int(edge.text) for edge in item.find("bndbox")]
            if box[0] < box[2] and box[1] < box[3]:
                boxes.append(box)
                labels.append(BLOOD.index(item.findtext("name")))
        boxes = np.array(boxes) * side / np.tile(photo.size, 2)
        truth.append((boxes, np.array(labels)))
    return np.array(photos, "float32"), truth

BLOOD = ["RBC", "WBC", "Platelets"]
bccd = datasets.data_folder() / "bccd"
if lesson.profile == "full" and bccd.is_dir():
    x_blood, truth_blood = blood("trainval")
    x_new, truth_new = blood("test")
    doctor = build(lambda: layers.BatchNormalization(momentum=0.9), (128, 128, 3))
    doctor.compile(keras.optimizers.Adam(0.003), detection_loss)
    doctor.fit(x_blood, targets(truth_blood, 16), batch_size=16, epochs=24, verbose=0)
    found_new = detect(doctor.predict(x_new, verbose=0))
    print(f"blood cells: mAP at IoU 0.5 ≈ {mean_ap(found_new, truth_new):.2f}")

# %% [markdown]
# In one run of 24 epochs the mAP at IoU 0.5 was about 0.31: 0.75 for white cells, 0.16 for red cells, which crowd and
# overlap, and 0.01 for platelets, which are hardly larger than a cell of the grid. [Chen and others
# (2025)](https://doi.org/10.1049/cvi2.12341) report 0.92 for YOLOv8n and 0.95 for their own, both much larger networks.

# %% [markdown]
# ## Quiz

# %%
quiz("33")

# %% [markdown]
# ## Summary
#
# - IoU is intersection over union. Shift a box by half its width, and only a third is left.
# - A grid asks every cell for a cookie, and only positive cells for box and class.
# - NMS keeps the surest of several boxes that overlap, class by class.
# - Precision and recall depend on the threshold; AP sums them up, at one IoU.
# - The moving averages of batch norm need many batches, or a smaller momentum.
#
# Ours is a *single-stage* detector, like YOLO; *two-stage* ones (the R-CNN family) first propose regions, then look into
# each. Many give a cell several boxes of typical shapes, *anchors*. In practice you would adapt a pretrained
# detector, as [lesson 34](34_transfer_learning.ipynb) adapts a classifier.
#
# An hour ago, the robot only knew that there was a 2. Now it knows where.
#
# ## Common mistakes
#
# - **xyxy read as xywh, or y before x**: draw the boxes.
# - **Two centers in one cell** lose a cookie. A finer grid helps, or several boxes per cell.
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
# **Next:** [34 · Transfer learning](34_transfer_learning.ipynb). Forty labeled digits are enough for a network that has read before. **Before:** [32 · Image classification](32_image_classification.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+33%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/34_transfer_learning.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/32_image_classification.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
