# ---
# jupyter:
#   dlcourse:
#     title: "Object detection"
#     subtitle: A packing robot must know where a cookie lies, and 94 % right can mean that it sees nothing
#     minutes: 70
#     further: 3
#     seconds: 40
#     needs: ["24", "32"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "a detector that is right about 98 % of the cells is good, and a mAP is one number"
#       stop: "section 2; break and fix"
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
# **Your time:** 70 minutes, and 3 for *Going further* · **The notebook runs in:** about 40 s on two CPU cores · **Before this:** lesson 24, lesson 32

# %% [markdown]
# ## You will be able to
#
# 1. compute how well two boxes agree *(section 1 · exercise 33.1)*
# 2. turn a labeled box into what a cell of a grid detector must answer, and train the
#    detector *(section 3 · exercise 33.2)*
# 3. remove double boxes by non-maximum suppression *(section 4 · exercise 33.3)*
# 4. judge a detector by precision, recall and mAP *(section 5 · quiz)*
# 5. find out why a detector whose loss falls nicely still fails
#    *(section 3, Break and fix · exercise 33.4)*

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
KINDS = ["1", "2", "3"]

# %% [markdown]
# ## 1 · The packing robot
#
# A bakery makes birthday cookies in the shapes of 1, 2 and 3. They lie scattered on a dark tray, and a robot packs
# ones into one carton, twos into another. A classifier can tell it "there is a 2". But where
# should it grip? Naming what is in a picture *and where* is **object detection**.
#
# The shapes are real handwriting from MNIST. We lay them on the trays, so the true boxes are known. Training,
# validation and test trays share no digit.

# %%
digits = datasets.mnist_5k()
rng = np.random.default_rng(lesson.seed)

def cut(images, labels):
    cookies = []
    for image, label in zip(images, labels, strict=True):
        if str(label) in KINDS:
            rows, columns = (np.flatnonzero(image.max(axis) > 60) for axis in (1, 0))
            shape = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            height = int(rng.integers(14, 23))  # pixels
            width = min(24, max(4, round(shape.shape[1] * height / len(shape))))
            resized = Image.fromarray(shape).resize((width, height), Image.BILINEAR)
            cookies.append((np.array(resized) / 255, label - 1))
    return cookies

doughs = {"train": cut(digits.x_train[:3400], digits.y_train[:3400]),
          "val": cut(digits.x_train[3400:], digits.y_train[3400:]),
          "test": cut(digits.x_test, digits.y_test)}  # fmt: skip
print({name: f"{len(cookies)} cookies" for name, cookies in doughs.items()})

# %%
def lay_tray(cookies, n):
    image, boxes, labels = rng.normal(0.25, 0.05, (SIDE, SIDE)), [], []
    while len(boxes) < n:
        shape, label = cookies[rng.integers(len(cookies))]
        height, width = shape.shape
        left, top = rng.integers(SIDE - width + 1), rng.integers(SIDE - height + 1)
        right, bottom = left + width, top + height
        if all(right <= b[0] or b[2] <= left or bottom <= b[1] or b[3] <= top
               for b in boxes):  # cookies lie side by side
            place = image[top:bottom, left:right]
            place += shape * (0.85 - place)
            boxes.append([left, top, right, bottom])
            labels.append(label)
    return image.astype("float32"), np.array(boxes, float), np.array(labels)

def lay_trays(dough, n_trays, least=1, most=3):
    counts = rng.integers(least, most + 1, n_trays)
    images, *truth = zip(*[lay_tray(doughs[dough], n) for n in counts], strict=True)
    return np.stack(images)[..., None], list(zip(*truth, strict=True))

x_train, truth_train = lay_trays("train", 2000)  # (2000, 48, 48, 1)
x_val, truth_val = lay_trays("val", 300)
x_test, truth_test = lay_trays("test", 300)

# %% tags=["hide-input"]
def draw_boxes(axis, boxes, color, line="-", words=(), above=True):
    for i, (left, top, right, bottom) in enumerate(boxes):
        axis.add_patch(plt.Rectangle((left - 0.5, top - 0.5), right - left,
                       bottom - top, fill=False, ec=color, ls=line, lw=2))  # fmt: skip
        if len(words):
            y = top - 1.2 if above else bottom - 0.2
            axis.text(left, y, words[i], color=color, fontsize=9, fontweight="bold",
                      va="bottom" if above else "top", zorder=5,
                      bbox={"fc": "black", "ec": "none", "pad": 0.4})  # fmt: skip

def draw_tray(axis, image, truth=None):
    axis.imshow(image[..., 0], vmin=0, vmax=1)
    axis.set(xlim=(-3, SIDE + 2), ylim=(SIDE + 3, -5), xticks=[0, 20, 40],
             yticks=[0, 20, 40], xlabel="x in pixels", facecolor="black")  # fmt: skip
    if truth:
        draw_boxes(axis, truth[0], plots.SKY, "--", [KINDS[k] for k in truth[1]])

figure, axes = plt.subplots(1, 4, figsize=(11, 3.3))
for axis, image, truth in zip(axes, x_train, truth_train, strict=False):
    draw_tray(axis, image, truth)
axes[0].set_ylabel("y in pixels, downward")
figure.suptitle("A label is a class and a box (dashed)", fontweight="bold")
plots.show("Four dark trays with one to three handwritten numerals, each in a dashed"
           " box with its class written above.")

# %% [markdown]
# A box is four numbers, and there are many formats. Ours is `"xyxy"`: left, top, right, bottom in pixels, $y$ counted
# downward. Others give width and height, the center, or shares of the image ("rel"). Keras translates:

# %%
one_box = truth_train[0][0][:1]  # (1, 4)
for name in ("xyxy", "xywh", "center_xywh", "rel_yxyx"):
    other = bounding_boxes.convert_format(
        one_box, source="xyxy", target=name, height=SIDE, width=SIDE)
    print(f"{name:12} {ops.convert_to_numpy(other)[0].round(2)}")

# %% [markdown]
# Read in the wrong format, the numbers are another box, without an error. So draw what you load.
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
             title=f"{both} of {union} pixels: IoU {both / union:.2f}")  # fmt: skip
    draw_boxes(axis, [a], plots.SKY, "--", ["true"])
    draw_boxes(axis, [b], plots.ORANGE, "-", ["found"], above=False)

explore(shifted_box, alt="Two boxes of 8 by 16 pixels, one shifted by 4 to the right:"
        " they share 64 of 192 pixels, IoU 0.33.",
        right=(-12, 12), down=(-18, 18), wider=(-6, 16))  # fmt: skip

# %% [markdown]
# They share 4 · 16 = 64 pixels and together cover 128 + 128 − 64 = 192: the IoU is only 1/3. So 0.5, the usual demand, is
# stricter than it sounds. **Play:** how far may the box move before its IoU falls below 0.5?
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
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)

check("33.1", iou_solution)

# %% [markdown]
# A box may move by a third of its width: (2/3) / (4/3) = 1/2. Now many boxes against many, as Keras's
# `compute_iou` does:

# %%
def iou_table(a, b):  # (n, 4) and (m, 4) → (n, m)
    a, b = a[:, None], b[None]
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    both = np.clip(sides, 0, None).prod(axis=-1)
    areas = [(box[..., 2:] - box[..., :2]).prod(axis=-1) for box in (a, b)]
    return both / (areas[0] + areas[1] - both)

# %% [markdown]
# ## 2 · One cookie
#
# If every tray holds one cookie, *where* is an ordinary regression: four outputs and the mean squared error (lesson 24).

# %%
def center_of(boxes):
    return (boxes[..., :2] + boxes[..., 2:]) / 2

def backbone(filters):  # each stride of 2 halves the sides: 48, 24, 12, 6
    return [layers.Conv2D(n, 5 if i == 0 else 3, strides=2, padding="same",
                          activation="relu", kernel_initializer="he_normal")
            for i, n in enumerate(filters)]  # fmt: skip

x_single, truth_single = lay_trays("train", 2000, 1, 1)
y_single = np.array([boxes[0] / SIDE for boxes, _ in truth_single])  # (2000, 4)
single = keras.Sequential([
    layers.Input((SIDE, SIDE, 1)), *backbone((8, 16, 32)), layers.Flatten(),
    layers.Dense(4),
])
single.compile(keras.optimizers.Adam(0.002), "mse")
told = single.fit(x_single, y_single, batch_size=32, epochs=8, verbose=0)

# %% [markdown]
# **Predict.** It has only seen trays with one cookie. Where will it put its box if there are two?

# %%
def try_single(n_cookies):
    x, truth = lay_trays("val", 300, n_cookies, n_cookies)
    boxes = SIDE * single.predict(x, verbose=0)  # (300, 4)
    best = [iou_table(b[None], t).max() for b, (t, _) in zip(boxes, truth, strict=True)]
    return x, truth, boxes, np.mean(np.array(best) >= 0.5)

(_, _, _, one_good), (x_two, truth_two, found_two, two_good) = map(try_single, (1, 2))
centers, found = center_of(np.array([b for b, _ in truth_two])), center_of(found_two)
nearest = np.linalg.norm(centers - found[:, None], axis=-1).min(axis=1).mean()
middle = np.linalg.norm(centers.mean(axis=1) - found, axis=-1).mean()
claim("it frames one cookie with IoU ≥ 0.5 on ≈ {:.0f} % of the trays", 100 * one_good,
      at_least=35)  # fmt: skip
claim("with two cookies, on ≈ {:.0f} percentage points fewer",
      100 * (one_good - two_good), at_least=30)  # fmt: skip
claim("there it lies ≈ {:.1f} pixels nearer to the middle between the two than to the"
      " nearer cookie", nearest - middle, at_least=0.3)  # fmt: skip

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 4, figsize=(11, 3.3))
for axis, image, truth, box in zip(axes, x_two, truth_two, found_two, strict=False):
    draw_tray(axis, image, (truth[0], ()))
    draw_boxes(axis, [box], plots.ORANGE)
figure.suptitle("With two cookies, the one box (solid) almost never fits",
                fontweight="bold")  # fmt: skip
plots.show("Four trays with two cookies in dashed boxes each; the network's one solid"
           " box mostly lies between them or beside one of them.")

# %% [markdown]
# So the robot mostly misses. Training on trays with two would not help: if either box may be asked for, the best answer, by
# squared error, is their mean. Two cookies need two boxes, but a network has a fixed number of outputs.
#
# ## 3 · A grid that answers everywhere
#
# Divide the tray into 6×6 **cells** of 8×8 pixels, and ask each: *does the center of a cookie lie in you? If so, where,
# how large, and which?* A cell that holds a center is **positive**, all others are **negative**. Each has eight outputs:
#
# | numbers | target of a positive cell | of a negative cell |
# |---|---|---|
# | 1 | 1: a cookie | 0 |
# | 2 | the center's $x$ and $y$ in the cell, 0 to 1 | not asked |
# | 2 | width and height, shares of the tray | not asked |
# | 3 | class, one-hot | not asked |
#
# The "2" below (A), in the box (20, 9, 30, 27), has its center at (25, 18) = (3 · 8 + 1, 2 · 8 + 2): column 3, row 2, counted
# from 0. It lies at (1/8, 2/8) in the cell, and its size is (10/48, 18/48).

# %% tags=["hide-input"]
example = [("A", 1, (20, 9, 30, 27), (2, 3), "0.125  0.25    0.208  0.375   0 1 0"),
           ("B", 2, (33, 21, 45, 41), (3, 4), "0.875  0.875   0.25   0.417   0 0 1"),
           ("C", 0, (3, 26, 9, 46), (4, 0), "0.75   0.5     0.125  0.417   1 0 0")]
lines = ["   row, column   cookie  x      y       width  height  1 2 3"]
tray, (figure, axis) = np.full((SIDE, SIDE), 0.25), plt.subplots(figsize=(10.5, 4.2))
for name, label, (x0, y0, x1, y1), (row, column), target in example:
    shape = next(shape for shape, kind in doughs["train"] if kind == label)
    cookie = Image.fromarray(shape.astype("float32")).resize((x1 - x0, y1 - y0))
    tray[y0:y1, x0:x1] += np.array(cookie) * (0.85 - tray[y0:y1, x0:x1])
    axis.add_patch(plt.Rectangle((8 * column - 0.5, 8 * row - 0.5), 8, 8, lw=3,
                   fc=plots.GREEN, ec="white", alpha=0.6))  # fmt: skip
    axis.plot((x0 + x1 - 1) / 2, (y0 + y1 - 1) / 2, "wo", ms=7, mec="black", zorder=6)
    axis.text(8 * column + 5, 8 * row + 2, name, weight="bold", color="white")
    lines.append(f"{name}  {row}, {column}          1       {target}")
lines.append("the other 33     0       not asked")
axis.text(50, 8, "\n".join(lines), va="top", family="monospace", linespacing=2)
draw_tray(axis, tray[..., None], ([e[2] for e in example], [e[1] for e in example]))
axis.set(xlim=(-0.5, 47.5), ylim=(47.5, -0.5), xlabel="column", ylabel="row",
         title="The cell of the center answers")
axis.set_xticks(range(4, 48, 8), range(6))
axis.set_yticks(range(4, 48, 8), range(6))
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
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    width, height = (box[2] - box[0]) / SIDE, (box[3] - box[1]) / SIDE
    return [y // CELL, x // CELL, 1, x % CELL / CELL, y % CELL / CELL, width, height,
            *np.eye(3)[label]]  # fmt: skip

check("33.2", encode_solution)

# %% [markdown]
# Now for all trays. If two centers fall into one cell, the second overwrites the first.

# %%
def targets(truth, grid=GRID):
    y = np.zeros((len(truth), grid, grid, 8), "float32")
    for i, (boxes, labels) in enumerate(truth):
        cells, places = np.divmod(center_of(boxes) / CELL, 1)
        columns, rows = cells.T.astype(int)
        sizes = (boxes[:, 2:] - boxes[:, :2]) / (grid * CELL)
        y[i, rows, columns, 0] = 1
        y[i, rows, columns, 1:] = np.hstack([places, sizes, np.eye(3)[labels]])
    return y

y_train = targets(truth_train)  # (2000, 6, 6, 8)
print(f"{1 - y_train[..., 0].mean():.1%} of all cells are empty")

# %% [markdown]
# The network is convolutional to the end: three strides of 2 turn 48×48 pixels into 6×6 places, one for each cell. A
# last convolution with a 1×1 kernel, the same dense layer at every place, gives its eight numbers. A cell sees more than
# its 8×8 pixels: its receptive field ([lesson 31](31_convolution_and_pooling.ipynb)) is 1 + 4 + 4 + 8 + 16 = 33 wide.
#
# The loss asks every cell for the first number, only positive cells for the rest. Sigmoids keep places and sizes
# between 0 and 1. Absolute errors weigh large misses less than squares do. A factor of 5 makes the box count beside the class.
# The learning rate falls to 0 ([lesson 53](53_learning_rate_schedules.ipynb)).

# %%
def detection_loss(y_true, y_pred):
    here = y_true[..., 0]  # (batch, 6, 6): 1 in positive cells
    seen = ops.binary_crossentropy(here, y_pred[..., 0], from_logits=True)
    error = ops.abs(y_true[..., 1:5] - ops.sigmoid(y_pred[..., 1:5]))
    place = ops.sum(error, axis=-1)
    classes, logits = y_true[..., 5:], y_pred[..., 5:]
    kind = ops.categorical_crossentropy(classes, logits, from_logits=True)
    return ops.sum(seen + here * (5 * place + kind), axis=(1, 2))  # (batch,)

def build(norm=None, shape=(SIDE, SIDE, 1)):
    network = [layers.Input(shape)]
    for i, filters in enumerate((12, 24, 48, 48)):
        network.append(layers.Conv2D(filters, 5 if i == 0 else 3, padding="same",
                       strides=2 if i < 3 else 1, kernel_initializer="he_normal"))
        network += [norm()] if norm else []
        network.append(layers.ReLU())
    return keras.Sequential([*network, layers.Conv2D(8, 1)])

keras.utils.set_random_seed(lesson.seed)
detector = build()
falling = keras.optimizers.schedules.CosineDecay(0.005, decay_steps=10 * 63)
detector.compile(keras.optimizers.Adam(falling), detection_loss)
history = detector.fit(x_train, y_train, batch_size=32, epochs=10, verbose=0)
print(f"{detector.count_params():,} weights; loss of the first epoch"
      f" ≈ {history.history['loss'][0]:.1f}, last ≈ {history.history['loss'][-1]:.1f}")

# %% [markdown]
# ## 4 · From 36 answers to boxes
#
# Now we undo `encode`. The **score** of a box is the probability that its cell holds a cookie's center, times that of the
# most probable class. **Predict.** What share of all cells will the detector judge correctly, as empty or not? What share
# would a detector that sees nothing get right?

# %%
def read_cells(outputs):  # (n, 6, 6, 8) → boxes (n, 36, 4), scores and labels (n, 36)
    n, grid = outputs.shape[:2]
    cells = np.stack(np.meshgrid(range(grid), range(grid)), axis=-1)  # column, row
    shares = 1 / (1 + np.exp(-outputs[..., :5]))
    centers = (cells + shares[..., 1:3]) * CELL
    halves = shares[..., 3:5] * grid * CELL / 2
    boxes = np.concatenate([centers - halves, centers + halves], axis=-1)
    kinds = ops.convert_to_numpy(ops.softmax(outputs[..., 5:]))
    scores = (shares[..., 0] * kinds.max(axis=-1)).reshape(n, -1)
    return boxes.reshape(n, -1, 4), scores, kinds.argmax(-1).reshape(n, -1)

outputs_val = detector.predict(x_val, verbose=0)
raw_val = read_cells(outputs_val)
said = outputs_val[..., 0] > 0
right = np.mean(said == (targets(truth_val)[..., 0] == 1))
print(f"right about ≈ {right:.1%} of the validation cells")

# %% [markdown]
# Splendid? A detector that sees *nothing* gets 94 % of cells right: the empty ones. Look at the
# boxes with scores above 0.15 on the four trays that have most:

# %% tags=["hide-input"]
crowded = np.argsort(-np.sum(raw_val[1] > 0.15, axis=1), kind="stable")[:4]
figure, axes = plt.subplots(1, 4, figsize=(11, 3.3))
for axis, at in zip(axes, crowded, strict=True):
    draw_tray(axis, x_val[at])
    draw_boxes(axis, raw_val[0][at][raw_val[1][at] > 0.15], plots.ORANGE)
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
# boxes, best first. `iou_table` may help.
#
# <details><summary>Hint 1</summary><code>left = list(np.argsort(-scores))</code> holds the positions, best
# first.</details>
# <details><summary>Hint 2</summary>While <code>left</code> is not empty: <code>best = left.pop(0)</code>, keep it, and build a new list of
# those whose IoU with it is at most the limit.</details>

# %% tags=["exercise"]
# Exercise 33.3: positions of the boxes that survive, best first.
def nms(boxes, scores, limit=0.5):
    ...  # your code here

# %%
check("33.3", nms)

# %% tags=["solution"]
# @title Solution 33.3
def nms_solution(boxes, scores, limit=0.5):
    table, left, kept = iou_table(boxes, boxes), list(np.argsort(-scores)), []
    while left:
        kept.append(left.pop(0))
        left = [i for i in left if table[kept[-1], i] <= limit]
    return kept
check("33.3", nms_solution)

# %% [markdown]
# `detect` runs NMS *per class*: a rider is no reason to drop the horse.

# %%
def detect(outputs, limit=0.5, threshold=0.05):
    found = []  # per tray: boxes (n, 4), scores (n,), labels (n,), best first
    for boxes, scores, labels in zip(*read_cells(outputs), strict=True):
        kept, near = [], (iou_table(boxes, boxes) > limit) & (labels[:, None] == labels)
        for i in np.argsort(-scores, kind="stable"):
            kept += [i] if scores[i] > threshold and not near[i, kept].any() else []
        found.append((boxes[kept], scores[kept], labels[kept]))
    return found

# %% [markdown]
# How sure must the robot be? **Play:** for which values of `threshold` does tray 1 get as many boxes as it has cookies? Do
# the same values suit other trays? With `limit` 1.0, NMS drops nothing.

# %% tags=["hide-input"]
shown_val = crowded.tolist()

def play(tray=1, threshold=0.3, limit=0.5):
    at = shown_val[tray - 1] if tray <= 4 else tray
    ((boxes, scores, labels),) = detect(outputs_val[at : at + 1], limit, threshold)
    true_boxes, kinds = truth_val[at]
    figure, axis = plt.subplots(figsize=(5, 4.8))
    draw_tray(axis, x_val[at])
    words = [KINDS[k] for k in kinds]
    draw_boxes(axis, true_boxes, plots.SKY, "--", words, above=False)
    draw_boxes(axis, boxes, plots.ORANGE, "-",
               [f"{KINDS[k]} {s:.2f}" for k, s in zip(labels, scores, strict=True)])
    axis.set_ylabel("y in pixels")
    axis.set_title(f"{len(boxes)} boxes for {len(true_boxes)} cookies (dashed)")

explore(play, alt="A validation tray with true boxes dashed and found boxes solid, with"
        " class and score.", tray=(1, 12), threshold=(0.05, 0.95, 0.05),
        limit=(0.1, 1.0, 0.1))  # fmt: skip

# %% [markdown]
# ## 5 · How good is it?
#
# A box is a **hit** if it has the right class and an IoU of at least 0.5 with a true box that no surer box has taken. Keep
# the boxes above a threshold. If $h$ of these $k$ boxes are hits, and there are $m$ true boxes, then
#
# $$\text{precision} = \frac{h}{k}, \qquad \text{recall} = \frac{h}{m}$$
#
# Precision is the share of grips that catch a cookie, recall the share of cookies caught. With 6 boxes, 3 of them hits,
# and 4 cookies, precision is 3/6 and recall 3/4. F1 is the harmonic mean of
# precision $p$ and recall $r$, $2pr / (p + r)$, here 0.6.
#
# **Predict.** The threshold is raised. What happens to precision and to recall? What if NMS is left out (`limit` 1.0)?

# %%
def hits_of(found, truth, demand=0.5):  # for every box: is it a hit?
    hits = []
    for (boxes, _, labels), (true_boxes, kinds) in zip(found, truth, strict=True):
        table = iou_table(boxes, true_boxes) * (labels[:, None] == kinds)
        for row in table:  # surest box first
            hits.append(row.max() >= demand)
            table[:, row.argmax()] *= not hits[-1]  # a true box is taken only once
    return np.array(hits)

n_true = sum(len(kinds) for _, kinds in truth_val)
for limit, threshold in [(n, t) for n in (0.5, 1.0) for t in (0.05, 0.3, 0.6)]:
    hits = hits_of(detect(outputs_val, limit, threshold), truth_val)
    precision, recall = hits.mean(), hits.sum() / n_true
    f1 = 2 * precision * recall / (precision + recall)
    print(f"limit {limit}, threshold {threshold:4}: precision ≈ {precision:.2f},"
          f" recall ≈ {recall:.2f}, F1 ≈ {f1:.2f}")

# %% [markdown]
# A higher threshold leaves fewer boxes, so recall cannot rise; precision mostly does. Without NMS, doubles are misses, for
# their true box is taken. That costs precision, the more the lower the threshold: most doubles have low scores.
# Recall hardly gains.
#
# Which threshold is best depends on the robot. **Average precision** (AP) runs through all thresholds: sort the boxes of one
# class by score and take them in one by one. At 101 levels of recall, 0, 0.01, ..., 1, note the best precision that comes with this recall
# or more (0 if none does), and average. For hit, miss, hit and 4 cookies, precision is 1, 0.5,
# 0.667 and recall 0.25, 0.25, 0.5. So 26 levels, up to 0.25, get 1, the next 25 get 0.667 and the last 50 get 0: the AP is
# 42.7 / 101 = 0.42.
#
# (The benchmark COCO does so; others take the area under the precision-recall curve.) **mAP** is the mean AP of the
# classes, from 0 to 1. Now we open the test trays.

# %%
def curve(kind, found, truth, demand=0.5):
    scores, labels = (np.concatenate([tray[i] for tray in found]) for i in (1, 2))
    hits = hits_of(found, truth, demand)[labels == kind]
    hits = hits[np.argsort(-scores[labels == kind], kind="stable")]
    n_truths = sum((kinds == kind).sum() for _, kinds in truth)
    return hits.cumsum() / np.arange(1, len(hits) + 1), hits.cumsum() / n_truths

def average_precision(precision, recall):
    levels = np.linspace(0, 1, 101)
    return np.mean([precision[recall >= level].max(initial=0) for level in levels])

def mean_ap(found, truth, demand=0.5):
    aps = [average_precision(*curve(k, found, truth, demand)) for k in range(3)]
    return np.mean(aps)

outputs_test = detector.predict(x_test, verbose=0)
found_test = detect(outputs_test)
map_50 = mean_ap(found_test, truth_test)
without = mean_ap(detect(outputs_test, limit=1.0), truth_test)
claim("at IoU 0.5 the detector reaches a mAP of ≈ {:.2f} on new trays", map_50,
      at_least=0.75)  # fmt: skip
print(f"without NMS the mAP is only ≈ {map_50 - without:.3f} lower")

# %% [markdown]
# Here doubles hardly lower the mAP: most come late.
#
# Say a suction cup is content with IoU 0.5, and a tight gripper needs 0.75. **Predict.** What mAP is left for the
# gripper? We try 0.5, 0.55, ..., 0.95.

# %%
demands = np.linspace(0.5, 0.95, 10)
ours = np.array([mean_ap(found_test, truth_test, demand) for demand in demands])
claim("for the gripper, a mAP of only ≈ {:.2f} is left", ours[5], at_most=0.72)
print(f"mean over all ten, what COCO calls AP: ≈ {ours.mean():.2f}")

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
for demand, color, line in ((0.5, plots.BLUE, "-"), (0.75, plots.PURPLE, "--")):
    precision, recall = curve(1, found_test, truth_test, demand)
    left.plot(recall, precision, line, color=color, label=f"IoU ≥ {demand}")
left.set(xlabel="recall of class 2", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.05),
         title="The same boxes, judged twice")  # fmt: skip
left.legend(loc="lower left")
right.plot(demands, ours, "o-", color="black")
right.plot(0.5, ours[0], "o", ms=11, color=plots.BLUE)
right.plot(0.75, ours[5], "s", ms=11, color=plots.PURPLE)
right.set(xlabel="IoU demanded of a hit", ylabel="mAP", ylim=(0, 1),
          title="mAP falls with the demand")  # fmt: skip
plots.show("Left: precision against recall for class 2; the curve for IoU 0.75 lies"
           " far below that for 0.5. Right: mAP falls steadily from IoU 0.5 to 0.95.")

# %% [markdown]
# If you read "mAP 0.9", ask *at which IoU?* The dashed curve dips at once: some of the surest boxes are not tight. And ask
# how much is luck. Over three seeds, each with trays and first weights of its own, we measured 0.91 ± 0.02 at IoU 0.5, and
# 0.49 ± 0.04 at 0.75 (mean ± standard deviation).
#
# Ours is a *single-stage* detector, like YOLO; *two-stage* ones (the R-CNN family) first propose regions, then look into
# each. Many give a cell several boxes of typical shapes, *anchors*. In practice you would adapt a pretrained
# detector ([lesson 34](34_transfer_learning.ipynb)).
#
# ## Break and fix
#
# A colleague wants results after three epochs. He puts batch normalization behind every 3×3 and 5×5 convolution: it brings
# each channel to mean 0 and standard deviation 1, then scales and shifts it by learned numbers. He also takes a larger
# learning rate and larger batches. His loss falls nicely.

# %%
def train_normalized(norm):
    keras.utils.set_random_seed(lesson.seed)
    model = build(norm)
    model.compile(keras.optimizers.Adam(0.01), detection_loss)
    told = model.fit(x_train, y_train, batch_size=128, epochs=3, verbose=0)
    return model, told.history

colleague, told = train_normalized(layers.BatchNormalization)
print("training loss:", ", ".join(f"≈ {value:.1f}" for value in told["loss"]))
his_loss = colleague.evaluate(x_train, y_train, batch_size=128, verbose=0)
seen_map = mean_ap(detect(colleague.predict(x_train[:300], verbose=0)),
                   truth_train[:300])  # fmt: skip
his_map = mean_ap(detect(colleague.predict(x_val, verbose=0)), truth_val)
print(f"the same trays, evaluated: ≈ {his_loss:.1f}; mAP there ≈ {seen_map:.2f}")
claim("his mAP on validation trays is only ≈ {:.2f}", his_map, at_most=0.4)

# %% [markdown]
# Did he overfit? The second line is about the *very trays* he trained on.
#
# ### Exercise 33.4
#
# Find the cause. Keep his learning rate, batches and epochs, and some normalization. Set `mended_norm` to a layer that
# replaces his `layers.BatchNormalization()`.
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
check("33.4", layers.BatchNormalization(momentum=0.9))
mended, _ = train_normalized(lambda: layers.BatchNormalization(momentum=0.9))
mended_map = mean_ap(detect(mended.predict(x_val, verbose=0)), truth_val)
print(f"mAP with momentum 0.9 ≈ {mended_map:.2f}")
verify("it is the momentum", mended_map - his_map, at_least=0.1)

# %% [markdown]
# While training, the layer normalizes with the batch's mean and variance, afterwards with **moving averages**. Each
# batch moves them by a share of $1 - \text{momentum}$, and the default momentum is 0.99. Three epochs are 48 batches, so
# $0.99^{48} = 62\,\%$ of their start, 0 and 1, is still in them. Momentum plays no part in training itself, so his *weights*
# should be as good as the mended ones. We let them use the batch's own statistics:

# %%
own = ops.convert_to_numpy(colleague(x_val, training=True))
own_map = mean_ap(detect(own), truth_val)
claim("the same weights with the batch's own statistics: mAP ≈ {:.2f} higher",
      own_map - his_map, at_least=0.2)  # fmt: skip

# %% [markdown]
# So the weights had learned. For a short training, take a smaller momentum, say 0.9.

# %% [markdown]
# ## Going further: COCO's own tool
#
# `pycocotools` must find the same mAP at each of the ten IoUs. First the boxes are copied into its lists, as xywh.

# %%
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

coco = COCO()

def as_coco(i, boxes):  # rows of: tray, left, top, width, height
    return np.hstack([np.full((len(boxes), 1), i), boxes[:, :2],
                      boxes[:, 2:] - boxes[:, :2]])  # fmt: skip

true = [(*row, k) for i, (boxes, kinds) in enumerate(truth_test)
        for row, k in zip(as_coco(i, boxes), kinds, strict=True)]  # fmt: skip
given = np.vstack([np.column_stack([as_coco(i, boxes), scores, kinds])
                   for i, (boxes, scores, kinds) in enumerate(found_test)])  # fmt: skip
coco.dataset = {
    "images": [{"id": i} for i in range(300)],
    "categories": [{"id": k} for k in range(3)],
    "annotations": [{"id": n, "image_id": i, "bbox": box, "area": box[2] * box[3],
                     "category_id": k, "iscrowd": 0}
                    for n, (i, *box, k) in enumerate(true, start=1)]}  # fmt: skip
with contextlib.redirect_stdout(io.StringIO()):  # it prints a lot
    coco.createIndex()
    judge = COCOeval(coco, coco.loadRes(given), "bbox")
    judge.evaluate(), judge.accumulate()
theirs = judge.eval["precision"][..., 0, -1].mean(axis=(1, 2))  # per IoU
verify("by hand and pycocotools agree", np.abs(ours - theirs).max(), at_most=1e-6)

# %% [markdown]
# ## Going further: real blood cells
#
# The data set BCCD has 364 photographs of blood with labeled red cells (RBC), white cells (WBC) and platelets, under the MIT license
# (Shenggan, 2017). Two of its boxes have no area and are left out. The same functions find cells on a larger grid, with
# batch norm at momentum 0.9. Squeezing the photographs into squares changes no IoU: both areas shrink alike. This cell
# works in `PROFILE = "full"`, with [BCCD's folders](https://github.com/Shenggan/BCCD_Dataset) in `bccd/` in the folder that
# `DLCOURSE_DATA` names; else it only says so.

# %%
BLOOD, bccd = ["RBC", "WBC", "Platelets"], datasets.data_folder() / "bccd"

def blood(part, side=128):
    pictures, truth = [], []
    for name in (bccd / f"ImageSets/Main/{part}.txt").read_text().split():
        picture = Image.open(bccd / f"JPEGImages/{name}.jpg")
        pictures.append(np.array(picture.resize((side, side))) / 255)
        items = ElementTree.parse(bccd / f"Annotations/{name}.xml").findall("object")
        edges = [[int(edge.text) for edge in item.find("bndbox")] for item in items]
        boxes = np.array(edges) * side / np.tile(picture.size, 2)
        real = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
        labels = np.array([BLOOD.index(item.findtext("name")) for item in items])
        truth.append((boxes[real], labels[real]))
    return np.array(pictures, "float32"), truth

if lesson.profile == "full" and bccd.is_dir():
    (x_blood, truth_blood), (x_new, truth_new) = blood("trainval"), blood("test")
    doctor = build(lambda: layers.BatchNormalization(momentum=0.9), (128, 128, 3))
    doctor.compile(keras.optimizers.Adam(0.003), detection_loss)
    doctor.fit(x_blood, targets(truth_blood, 16), batch_size=16, epochs=24, verbose=0)
    found_new = detect(doctor.predict(x_new, verbose=0))
    print(f"blood cells: mAP at IoU 0.5 ≈ {mean_ap(found_new, truth_new):.2f}")
else:
    print("Blood cells need the full profile, and BCCD in the folder of DLCOURSE_DATA.")

# %% [markdown]
# In one run of 24 epochs the mAP was about 0.31: 0.75 for white cells, 0.16 for red cells, which overlap, and 0.01 for
# platelets, which are hardly larger than a cell of the grid. [Chen and others
# (2025)](https://doi.org/10.1049/cvi2.12341) report 0.92 for YOLOv8n and 0.95 for their own, both much larger networks.

# %% [markdown]
# ## Quiz

# %%
quiz("33")

# %% [markdown]
# ## Summary
#
# - A label is a class and a box.
# - IoU is intersection over union. Shifted by half, it is down to a third.
# - A grid asks every cell for a cookie, and only positive cells for box and class.
# - NMS keeps the surest of several boxes that overlap, class by class.
# - Precision and recall depend on the threshold; AP sums them up, at one IoU.
# - The moving averages of batch norm need many batches, or a smaller momentum.
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
