# ---
# jupyter:
#   dlcourse:
#     title: Convolution and pooling
#     subtitle: Slide nine numbers over a photograph, and count the coins on it
#     minutes: 64
#     further: 10
#     seconds: 40
#     needs: ["23"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "a CNN does not care about shifts"
#       stop: "section 5"
#       ask: "\"The camera moves by 3 pixels: same map?\" equivariant against invariant"
#       stuck: "three channels and two filters: how many maps? Do one number of the figure by hand"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 31 · Convolution and pooling
#
# *Slide nine numbers over a photograph, and count the coins on it*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/31_convolution_and_pooling.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/31_convolution_and_pooling.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/31_convolution_and_pooling.ipynb)
#
# **Your time:** 64 minutes, and 10 for *Going further* · **The notebook runs in:** about 40 s on two CPU cores · **Before this:** lesson 23

# %% [markdown]
# ## You will be able to
#
# 1. compute a number of a feature map by hand *(section 1 · exercise 31.1)*
# 2. predict a layer's output size and parameters *(sections 3 and 4 · exercise 31.2)*
# 3. test whether a map moves along with its picture *(section 5 · exercise 31.3)*
# 4. find out why a layer that raises no error is wrong *(section 3 · exercise 31.4)*

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
import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy import ndimage

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("31", profile=PROFILE, seed=SEED)

import keras
from keras import layers

RUNS = lesson.pick(quick=3, full=10)  # trainings of each network in section 5
pictures = datasets.pictures().images
coins = pictures["coins"] / 256  # (303, 384), from 0 to 1; exact in float32, too

# %% [markdown]
# ## 1 · Count the coins
#
# A museum wants its coins counted in a photograph. The program calls every pixel above some brightness
# *coin*, fills holes, and counts the pieces of at least 500 pixels. **Predict.** Which brightness, from 0
# (black) to 1 (white), will count the 24 coins right?

# %%
def count(mask):
    filled = ndimage.binary_fill_holes(mask)
    pieces, _ = ndimage.label(filled)  # numbers the pieces 1, 2, ...; background: 0
    pixels = np.bincount(pieces.ravel())  # how many pixels carry each number
    return int(np.sum(pixels[1:] >= 500))  # [1:]: without the background

by_brightness = {f"{b:.2f}": count(coins > b) for b in np.linspace(0.34, 0.62, 8)}
print("pieces above each brightness:", by_brightness)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(11, 3.4))
titles = ["the photograph", "brighter than 0.42", "brighter than 0.55"]
panels = [coins] + [ndimage.binary_fill_holes(coins > level) for level in (0.42, 0.55)]
for axis, title, panel in zip(axes, titles, panels, strict=True):
    axis.imshow(panel)
    axis.set(xlabel=title, xticks=[], yticks=[])
look = {"fill": False, "color": plots.VERMILION, "lw": 2.5}
axes[1].add_patch(plt.Rectangle((0, 0), 225, 65, **look))
axes[2].add_patch(plt.Rectangle((5, 205), 215, 85, **look))
figure.suptitle("Too low a level keeps the cloth, too high a level breaks coins up",
                weight="bold")
plots.show("24 coins on a dark cloth that is lighter at the top. Above 0.42 a strip of"
           " cloth at the top is one large piece; above 0.55 some coins break up.")

# %% [markdown]
# Of the eight, only 0.42 gives 24, and that is an accident: one of its pieces is a coin grown together with
# a strip of cloth. (From 0.51 to 0.53 the count is also 24, but two of the coins have lost more than half of
# their pixels.) The cloth at the top is as bright as dark coins below, so one level for the whole picture
# will not do. But at a rim, the brightness *changes* from one pixel to the next. We want a map of these
# changes, an **edge map**.
#
# A dense layer (lesson 21) could learn one. But each of its 116,352 outputs would look at all 116,352 pixels: 13.5 billion
# weights. Two ideas avoid that:
#
# - **locality**: whether there is an edge *here* depends only on the pixels around here;
# - **weight sharing**: an edge looks the same everywhere, so use the same weights everywhere.
#
# What is left is one neuron with a handful of weights that slides over the picture. Its weights are the **kernel** or
# **filter** $F$. Its answers are the **feature map** $O$ of the picture $I$. With the bias $b$:
#
# $$O[i, j] = \sum_{u} \sum_{v} I[i+u,\ j+v] \cdot F[u, v] + b$$
#
# Lay the kernel on the picture, its upper left corner at row $i$ and column $j$. Multiply the numbers that lie on each other,
# and add up the products and $b$. Then go on to the next place. Try it on a coin of 6 × 8 pixels, with the kernel $[1, -1]$:
# each pixel minus its right neighbor. (In the code, `np.sum(window * kernel)` is the double sum.)

# %%
def slide(image, kernel, bias=0.0):
    height, width = kernel.shape
    rows = image.shape[0] - height + 1  # places where the kernel fits: top to bottom
    columns = image.shape[1] - width + 1  # left to right
    output = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = image[i : i + height, j : j + width]
            output[i, j] = np.sum(window * kernel) + bias
    return output

difference = np.array([[1, -1]])
coin = np.array([
    [2, 2, 2, 2, 2, 2, 2, 2],
    [2, 2, 8, 8, 8, 2, 2, 2],
    [2, 8, 8, 8, 8, 8, 2, 2],
    [2, 8, 8, 8, 8, 8, 2, 2],
    [2, 2, 8, 8, 8, 2, 2, 2],
    [2, 2, 2, 2, 2, 2, 2, 2],
], dtype=float)
coin_map = slide(coin, difference)

# %% tags=["hide-input"]
def draw_numbers(axis, grid, title, cmap="PuOr", form="{:g}"):
    grid = np.asarray(grid, float)
    top = np.abs(grid).max() or 1
    low, high = (-1.5, 1.1) if cmap == "gray" else (-2.5, 2.5)  # pale: numbers show
    axis.imshow(grid, cmap=cmap, vmin=low * top, vmax=high * top)
    for (row, column), number in np.ndenumerate(grid):
        text = form.format(number).replace("-", "−")
        axis.text(column, row, text, ha="center", va="center", fontsize=13)
    axis.set(xticks=[], yticks=[])
    axis.set_title(title, loc="center", fontsize=12)
    axis.spines[:].set_visible(False)

def outline(axis, column, row, width, height):
    box = plt.Rectangle((column - 0.5, row - 0.5), width, height, fill=False, lw=3)
    axis.add_patch(box).set_clip_on(False)

figure, axes = plt.subplots(1, 3, figsize=(11, 3.6), width_ratios=[8, 2, 7])
draw_numbers(axes[0], coin, "picture I, 6 × 8", cmap="gray")
draw_numbers(axes[1], difference, "kernel F, 1 × 2")
draw_numbers(axes[2], coin_map, "map O, 6 × 7")
outline(axes[0], 1, 1, 2, 1)
outline(axes[2], 1, 1, 1, 1)
figure.suptitle("The map is 0 except where the brightness changes", fontweight="bold")
plots.show("A coin of eights on twos, the kernel 1, -1, and the map: 0 where nothing"
           " changes, -6 at the left rim and 6 at the right rim.")

# %% [markdown]
# In the outlined window, $O[1, 1] = 2 \cdot 1 + 8 \cdot (-1) = -6$. The map is negative where it gets
# brighter to the right. It has one column fewer than the picture, because the window must stay inside.
#
# Keras does the same sums, much faster. It wants pictures as `(batch, height, width, channels)` and kernels as `(height, width,
# channels in, filters)`. Here all but height and width are 1: one picture, one gray channel, one filter. We put in our own weights,
# and compare, on the coin and on a piece of the photograph.

# %%
def keras_conv(image, kernel, bias=0.0):
    batch = image.reshape(1, *image.shape, 1)  # (batch, height, width, channels)
    weights = kernel.reshape(*kernel.shape, 1, 1)  # (height, width, channels, filters)
    layer = layers.Conv2D(filters=1, kernel_size=kernel.shape)
    layer.build(batch.shape)  # makes random weights; the next line replaces them
    layer.set_weights([weights, np.array([bias])])
    maps = keras.ops.convert_to_numpy(layer(batch))  # (batch, height, width, filters)
    return maps[0, :, :, 0]

for picture in (coin, coins[:50, :50]):
    gap = keras_conv(picture, difference, bias=3) - slide(picture, difference, bias=3)
    print("largest difference between Keras and NumPy:", np.abs(gap).max())

# %% [markdown]
# They are equal to the last digit, because these sums are exact in float32. With other numbers the last
# digits may differ. (Mathematicians, and `scipy.signal.convolve2d`, turn the kernel by 180° first, and call
# ours *cross-correlation*. Deep learning skips the turn.)
#
# ### Exercise 31.1
#
# A difference of two pixels is easily fooled by noise. The **Sobel kernel** below compares the three pixels to the right with
# the three to the left (so brighter to the right is now *positive*), and counts the middle row twice. The map's first number is
# $O[0, 0] = (3 - 1) + 2 \cdot (3 - 1) + (4 - 0) + 0.5 = 10.5$. Compute $O[1, 1]$ on paper.
#
# <details><summary>Hint 1</summary>The window starts one row down and one column to the right: its corners are 2, 2, 0 and
# 0.</details>
# <details><summary>Hint 2</summary>Right column minus left column, row by row, the middle one twice. The bias comes
# last.</details>

# %% tags=["exercise"]
# Exercise 31.1: the number O[1, 1] of the map, for
#
#     F = -1  0  1        I = 1  1  3  3        b = 0.5
#         -2  0  2            1  2  3  2
#         -1  0  1            0  2  4  1
#                             1  0  2  0
missing = ...

# %%
check("31.1", missing)

# %% tags=["solution"]
# @title Solution 31.1
missing_solution = (2 - 2) + 2 * (1 - 2) + (0 - 0) + 0.5
check("31.1", missing_solution)

# %% [markdown]
# ## 2 · Kernels at work on a photograph
#
# Sobel's kernel answers to *vertical* edges. Turned on its side, it answers to *horizontal* ones. The rim of
# a coin has both, so we join the two maps: $E = \sqrt{O_1^2 + O_2^2}$, the **edge strength**. Now a piece is
# a strong enough edge and all that it encloses.

# %%
sobel = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
vertical = keras_conv(coins, sobel)
horizontal = keras_conv(coins, sobel.T)  # .T: rows become columns
strength = np.sqrt(vertical**2 + horizontal**2)

by_edges = {f"{t:.2f}": count(strength > t) for t in np.linspace(0.15, 0.5, 8)}
print("pieces above each edge strength:", by_edges)
verify("edge strength gives 24 everywhere", set(by_edges.values()) == {24})
worst = max(abs(n - 24) for n in by_brightness.values())
claim("brightness miscounts by up to ≈ {:.0f} pieces, edge strength by none",
      worst, at_least=6)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(11, 3.4))
titles = ["vertical edges, |O₁|", "horizontal edges, |O₂|", "E > 0.3, filled: counted"]
panels = [abs(vertical), abs(horizontal), 2 * ndimage.binary_fill_holes(strength > 0.3)]
for axis, title, panel in zip(axes, titles, panels, strict=True):
    axis.imshow(panel, cmap="gray_r", vmin=0, vmax=1.5)
    axis.set(xlabel=title, xticks=[], yticks=[])
figure.suptitle("Two kernels, two parts of each rim; together, 24 coins", weight="bold")
plots.show("Edge maps: left and right rims; upper and lower rims; then 24 discs.")

# %% [markdown]
# All eight thresholds give 24, and the picture shows, for 0.3, that they are the coins. The eight lie in the
# range that works: in steps of 0.01, all from 0.15 to 0.51 give 24. Below and above, edge strength miscounts
# as well. Sobel's nine weights add up to 0, so even brightness gives 0, on light cloth and on dark.
#
# Must somebody invent such kernels? No, they are weights, and can be learned (*Going further* learns
# Sobel's). In a classifier, training turns them into whatever lowers the loss (lesson 32).
#
# ## 3 · Channels and several filters
#
# A color picture is three grids of numbers, its **channels** red, green and blue. A filter has one slice of
# weights for each channel. Each slice slides over its own channel. At each place, their results and one bias
# are *added up* to one number. **Predict.** A picture has 3 channels, a layer 2 filters. How many maps come
# out: 2, 3 or 6?

# %%
red = [[6, 6, 1], [6, 6, 1], [1, 1, 1]]
green = [[1, 1, 5], [1, 1, 5], [5, 5, 5]]
blue = [[2, 2, 2], [2, 3, 2], [2, 2, 2]]
color = np.stack([red, green, blue], axis=-1)  # (height, width, channels) = (3, 3, 3)

F = np.zeros((2, 2, 3, 2))  # (height, width, channels, filters)
F[:, :, 0, 0] = 1  # first filter: the slice for red adds
F[:, :, 1, 0] = -1  # the slice for green subtracts
F[:, :, 0, 1] = [1, -1]  # second filter, red: left column minus right column
F[:, :, 1, 1] = [-1, 1]  # green: right column minus left column
b = np.array([-10, 0])

maps = np.zeros((2, 2, 2))  # (height, width, filters)
for o in range(2):
    maps[:, :, o] = b[o]
    for c in range(3):
        maps[:, :, o] += slide(color[:, :, c], F[:, :, c, o])

layer = layers.Conv2D(filters=2, kernel_size=2)
layer.build((None, None, None, 3))
layer.set_weights([F, b])
batch = color.reshape(1, 3, 3, 3).astype("float32")  # (batch, height, width, channels)
by_keras = keras.ops.convert_to_numpy(layer(batch))[0]
print("largest difference between Keras and NumPy:", np.abs(by_keras - maps).max())
print("parameters:", layer.count_params())

# %% tags=["hide-input"]
figure, axes = plt.subplots(3, 4, figsize=(10.5, 8), height_ratios=[3, 2.4, 2.4])
for c, name in enumerate(["red", "green", "blue"]):
    draw_numbers(axes[0, c], color[:, :, c], f"{name} (channel {c})", cmap="gray")
    outline(axes[0, c], 1, 0, 2, 2)
axes[0, 0].set_ylabel("picture", fontsize=13)
axes[0, 3].axis("off")
axes[0, 3].text(0, 0.45, "outlined window:\n\nmultiply each channel\nby its slice,\n\n"
                "add up,\n\nadd the bias", fontsize=12, va="center",
                transform=axes[0, 3].transAxes)
for o, (row, which) in enumerate(zip(axes[1:], ("first", "second"), strict=True)):
    terms = [f"{slide(color[:, :, c], F[:, :, c, o])[0, 1]:g}" for c in range(3)]
    for c in range(3):
        draw_numbers(row[c], F[:, :, c, o], f"slice for channel {c}")
        row[c].set_xlabel(f"in the window: {terms[c]}".replace("-", "−"), fontsize=12)
    row[0].set_ylabel(f"{which} filter", fontsize=13)
    draw_numbers(row[3], maps[:, :, o], f"{which} map")
    outline(row[3], 1, 0, 1, 1)
    added = f"{' + '.join(terms)} + bias {b[o]} = {maps[0, 1, o]:g}"
    row[3].set_xlabel(added.replace("+ -", "− ").replace("-", "−"), fontsize=12)
figure.suptitle("One slice per channel, one sum per filter, one map per filter",
                fontweight="bold")
plots.show("Three channels of 3 by 3 numbers; two filters of three 2 by 2 slices; each"
           " filter's three sums and its bias are added to one number of its map.")

# %% [markdown]
# Two: **one map per filter**, however many channels go in. The first filter looks for red without green, and
# its map is positive only at the upper left. The second asks where, from left to right, red ends and green
# begins. With $c$ for the channel and $o$ for the filter:
#
# $$O[i, j, o] = \sum_{u, v, c} I[i+u,\ j+v,\ c] \cdot F[u, v, c, o] + b[o]$$
#
# With $C_{in}$ channels going in, a filter of $k \times k$ has $k^2 \cdot C_{in}$ weights and one bias. So a
# layer of $C_{out}$ filters has $(k^2 \cdot C_{in} + 1) \cdot C_{out}$ parameters, whatever the size of the
# picture: here $(2^2 \cdot 3 + 1) \cdot 2 = 26$.
#
# ## 4 · Kernel size, stride, padding
#
# How large is the map? That depends on two more settings: the **stride** $s$, how far the window jumps, and the
# **padding**, whether zeros are put around the picture. Keras knows two kinds. From a side of $n$ pixels, a
# kernel $k$ wide makes
#
# - `"valid"`, no padding: $\lfloor (n - k) / s \rfloor + 1$. The window has $n - k$ pixels of room and makes
#   the jumps that fit; the $+ 1$ is its first place.
# - `"same"`: $\lceil n / s \rceil$, with as many zeros as that takes. An odd one goes to the lower or right
#   end.
#
# ($\lfloor\,\rfloor$ rounds down, $\lceil\,\rceil$ up.) For $n = 28$, $k = 5$, $s = 2$: $\lfloor 23/2 \rfloor + 1 = 12$, and
# 14. Does Keras agree with both formulas?

# %%
picture = np.zeros((1, 28, 28, 1))
rows = []
for s in (1, 2):
    for k in (2, 3, 5):
        valid = layers.Conv2D(1, k, strides=s, padding="valid")(picture).shape[1]
        same = layers.Conv2D(1, k, strides=s, padding="same")(picture).shape[1]
        rows.append([s, k, (28 - k) // s + 1, valid, math.ceil(28 / s), same])
pd.DataFrame(rows, columns=["s", "k", "⌊(n−k)/s⌋+1", "valid", "⌈n/s⌉", "same"])

# %% [markdown]
# It does: each size from Keras equals the formula's, in the column before it. At stride 1, `"same"` keeps the
# size, and `"valid"` loses $k - 1$ pixels in every layer. (What the zeros do to the map, *Going further*
# measures.)
#
# ### Exercise 31.2
#
# Write `conv_layer(shape, filters, kernel, stride, padding)` for a `Conv2D` with square kernels. `shape` is
# `(rows, columns, channels)` of the input. Return four numbers: rows, columns and channels of the output, and
# how many parameters the layer has. `conv_layer((28, 28, 1), 8, 3, 1, "valid")` is `(26, 26, 8, 80)`. (A
# dense layer with as many outputs has 4,245,280 parameters.)
#
# <details><summary>Hint 1</summary>In Python, <code>//</code> rounds down, and <code>math.ceil(n / s)</code> rounds
# up.</details>
# <details><summary>Hint 2</summary>Rows and columns follow the same rule, each from its own size. How many maps come out does
# not depend on how many channels go in; the weights do.</details>

# %% tags=["exercise"]
# Exercise 31.2: output shape and parameters of a convolution.
def conv_layer(shape, filters, kernel, stride, padding):
    ...  # your code here

# %%
check("31.2", conv_layer)

# %% tags=["solution"]
# @title Solution 31.2
def conv_layer_solution(shape, filters, kernel, stride, padding):
    rows, columns, channels = shape
    if padding == "valid":
        rows = (rows - kernel) // stride + 1
        columns = (columns - kernel) // stride + 1
    else:
        rows = math.ceil(rows / stride)
        columns = math.ceil(columns / stride)
    parameters = (kernel * kernel * channels + 1) * filters
    return rows, columns, filters, parameters

check("31.2", conv_layer_solution)

# %% [markdown]
# ## 5 · Shift, and what pooling forgives
#
# "A convolution finds things wherever they are, so a shift changes nothing." **Predict.** The coin moves by one pixel. Does
# the map stay the same?

# %% tags=["hide-input"]
figure, axes = plt.subplots(2, 2, figsize=(10, 6.4), width_ratios=[8, 7])
for row, by, name in ((axes[0], 0, "before"), (axes[1], 1, "moved by 1 pixel")):
    draw_numbers(row[0], np.roll(coin, by, axis=1), f"picture, {name}", cmap="gray")
    draw_numbers(row[1], slide(np.roll(coin, by, axis=1), difference), f"map, {name}")
    outline(row[0], 1 + by, 1, 5, 4)
    outline(row[1], by, 1, 6, 4)
figure.suptitle("Move the picture, and the map moves along", fontweight="bold")
plots.show("The coin and its map, before and after: the same numbers, one column on.")

# %% [markdown]
# No, the map moves along. A layer is **equivariant** if its map moves as the picture moves: move and convolve
# in either order, and you get the same. It is **invariant** if its map does not change at all. A convolution
# is equivariant (at stride 1, away from the borders), and not invariant.
#
# ### Exercise 31.3
#
# Write `is_equivariant(f, picture, shift)`. `f` is any function that makes a map from a picture. To move means
# `np.roll(picture, shift, axis=1)`: what leaves on the right comes back on the left. Return `True` or `False`; compare
# with `np.allclose`.
#
# <details><summary>Hint 1</summary>There are two ways from the picture to a moved map. Walk both.</details>
# <details><summary>Hint 2</summary>One is <code>f(np.roll(picture, shift, axis=1))</code>. In the other, np.roll comes
# last.</details>

# %% tags=["exercise"]
# Exercise 31.3: does the map move along with the picture?
def is_equivariant(f, picture, shift):
    ...  # your code here

# %%
check("31.3", is_equivariant)

# %% tags=["solution"]
# @title Solution 31.3
def is_equivariant_solution(f, picture, shift):
    moved_first = f(np.roll(picture, shift, axis=1))
    moved_last = np.roll(f(picture), shift, axis=1)
    return np.allclose(moved_first, moved_last)

check("31.3", is_equivariant_solution)

# %% [markdown]
# **Pooling** adds some invariance. It cuts the map into windows side by side, and keeps one number of each:
# the largest (**max pooling**) or the mean (**average pooling**). From $n$ pixels, windows of $k$ make
# $\lfloor n / k \rfloor$ numbers. First the coin, 2 × 2 to one number; then a single row, in pairs, through
# which a 7 wanders:

# %%
pooled = layers.MaxPooling2D(2)(coin.reshape(1, 6, 8, 1).astype("float32"))
print("6 × 8 become 3 × 4:", *keras.ops.convert_to_numpy(pooled)[0, :, :, 0], sep="\n")
row = np.array([0, 0, 7, 0, 0, 0, 0, 0], "float32")
for shift in range(4):
    batch = np.roll(row, shift).reshape(1, 8, 1)  # (batch, length, channels)
    largest = np.ravel(layers.MaxPooling1D(2)(batch))
    mean = np.ravel(layers.AveragePooling1D(2)(batch))
    print(f"{batch.ravel()}  max {largest}  average {mean}")

# %% [markdown]
# While the 7 stays inside a window, pooling does not notice the move. It does notice the step into the next.
#
# What does a whole network gain? Three networks learn 1,000 real handwritten digits (MNIST) in their usual place. Then they read
# 1,000 others, moved to the right by 0 to 3 pixels, with zeros coming in on the left. The first network is dense. The second and
# third begin with the same convolution, 16 filters of 5 × 5. The third then pools its maps of 24 × 24 over very wide windows of
# 12 × 12, so that 2 × 2 numbers are left of each. **Predict.** Which will lose most, and which least?

# %%
mnist = datasets.mnist_5k()
x_train = mnist.x_train[:1000].reshape(1000, 28, 28, 1) / np.float32(255)
x_test = mnist.x_test.reshape(1000, 28, 28, 1) / np.float32(255)
widened = np.pad(x_test, [(0, 0), (0, 0), (3, 0), (0, 0)])  # zeros on the left
x_moved = [widened[:, :, 3 - shift : 31 - shift] for shift in range(4)]

def network(first_layers):
    head = [layers.Flatten(), layers.Dense(10, activation="softmax")]
    model = keras.Sequential([layers.Input((28, 28, 1))] + first_layers + head)
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

def conv():
    return layers.Conv2D(16, 5, activation="relu")  # 28 × 28 → 16 maps of 24 × 24

builders = {  # functions, because every training starts from a new network
    "dense": lambda: network([layers.Flatten(), layers.Dense(64, activation="relu")]),
    "convolution": lambda: network([conv()]),
    "max pooling, 12 × 12": lambda: network([conv(), layers.MaxPooling2D(12)]),
}

# %%
def train(model):
    y_train = mnist.y_train[:1000]
    history = model.fit(x_train, y_train, batch_size=100, epochs=6, verbose=0)
    result = {"training": history.history["accuracy"][-1]}
    for shift in range(4):
        loss, read = model.evaluate(
            x_moved[shift], mnist.y_test, batch_size=500, verbose=0)
        result[shift] = read
    return result

runs = dlcourse.repeat(RUNS, builders, train)  # one row for each training
by_network = runs.drop(columns="repeat").groupby("contender", sort=False)
accuracy = 100 * by_network.mean()
lost = accuracy[0] - accuracy[3]
claim("3 pixels cost the dense network ≈ {:.0f} points", lost["dense"], at_least=30)
claim("the convolution alone still loses ≈ {:.0f}", lost["convolution"], at_least=25)
claim("with 12 × 12 pooling it loses ≈ {:.0f} fewer, but starts lower",
      lost["convolution"] - lost["max pooling, 12 × 12"], at_least=8)
accuracy[["training", 0]].map("≈ {:.0f} %".format)

# %% tags=["hide-input"]
looks = {"dense": ("0.4", "s", ":"), "convolution": (plots.BLUE, "o", "-"),
         "max pooling, 12 × 12": (plots.ORANGE, "D", "--")}
figure, axis = plt.subplots(figsize=(8, 4))
for name, (color_, mark, line) in looks.items():
    axis.plot(range(4), accuracy.loc[name, range(4)], line, marker=mark, color=color_,
              ms=8, label=name)
    for _, run in runs[runs["contender"] == name].iterrows():
        axis.plot(np.arange(4) + 0.09, [100 * run[s] for s in range(4)], mark,
                  color=color_, ms=3)
axis.set(xlabel="shift to the right (pixels)", ylabel="digits read correctly (%)",
         xticks=range(4), ylim=(20, 100))
axis.plot([], [], "k.", ms=4, label="small, beside: each training")
axis.set_title("Moved by 2 or 3 pixels, digits are read best with wide pooling")
axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plots.show("Accuracy against shift. The dense network and the convolution alone fall"
           " steeply, the convolution a little less; with 12 by 12 pooling the line"
           " falls much less. Small marks beside the means are the single trainings.")

# %% [markdown]
# On average over these runs, the dense network loses most, the one with pooling least. Convolution alone
# forgives little: its maps move along, and the dense layer behind them has learned each stroke in its place.
# At 2 and 3 pixels, wide pooling reads more, at a price: in place (column 0), it reads fewer digits than the
# convolution alone. It reads fewer *training* digits, too (counted during the last epoch, while the weights
# still change). Two possible reasons, not tested here: its last layer has only 650 parameters, instead of
# 92,170, and it may need more than these few steps. (Whether the smaller layer also helps against the shift,
# these runs cannot tell.)
#
# **Global** pooling keeps one number of each whole map. Right behind a convolution of stride 1, away from the
# borders, no shift changes it: it says *whether* a stroke occurs, not *where*. Many networks go in small
# steps: they pool over 2 × 2, convolve and pool again (lesson 32), some globally at the end.
#
# ## Break and fix
#
# A colleague loads two color photographs of 120 rows and 160 columns. (The first two lines of the cell stand
# for the loader.) The layer has 8 filters of 3 × 3, so it should have $(3^2 \cdot 3 + 1) \cdot 8 = 224$
# parameters, and `"same"` should keep all rows. There is no error message, but:

# %%
photos = [pictures["cat"][60:180, 100:260], pictures["coffee"][80:200, 240:400]]
delivered = np.array([np.moveaxis(p, -1, 0) for p in photos], "float32") / 255
suspect = layers.Conv2D(8, 3, padding="same")
output = suspect(delivered)
print("parameters:", suspect.count_params())
print(f"each of its {output.shape[-1]} maps has {output.shape[1]} rows")

# %% [markdown]
# ### Exercise 31.4
#
# Find the cause. Then write `repair(batch)`, which turns any batch from this loader into one that such a
# layer reads correctly, whatever the number of images, rows, columns and channels.
#
# <details><summary>Hint 1</summary>Look at <code>delivered.shape</code> and <code>suspect.kernel.shape</code>. Which axis does
# Keras take for the channels?</details>
# <details><summary>Hint 2</summary>The axes must be <em>moved</em>. Reshaping deals the same numbers out in the same
# order, and tears the picture apart.</details>
# <details><summary>Hint 3</summary><code>np.transpose(batch, order)</code>: name, for each new axis, the old one that goes
# there. The first stays 0.</details>

# %% tags=["exercise"]
# Exercise 31.4: a batch that the layer reads as it should.
def repair(batch):
    ...  # your code here

# %%
check("31.4", repair)

# %% tags=["solution"]
# @title Solution 31.4
def repair_solution(batch):
    return np.transpose(batch, (0, 2, 3, 1))  # from (batch, channels, height, width)

check("31.4", repair_solution)
fixed = layers.Conv2D(8, 3, padding="same")
fixed_output = fixed(repair_solution(delivered))
print("parameters:", fixed.count_params(), "output:", tuple(fixed_output.shape))

# %% [markdown]
# The loader follows PyTorch, where channels come second. Keras expects them last. It took the 160 columns for
# channels, and slid over a picture of 3 × 120 pixels.
#
# ## Going further: what the zeros of `"same"` do
#
# With a kernel of 3 × 3 at stride 1, `"same"` puts one zero at each end. Are these zeros harmless? Compare
# the edges that Sobel's kernel finds in the first and last column with those in the photograph itself:

# %%
padded = np.pad(coins, 1)  # one zero at each end
frame = np.abs(keras_conv(padded, sobel))
at_the_ends = np.median(frame[:, [0, -1]])  # the first and the last column
weaker = np.mean(np.abs(vertical) < at_the_ends)
claim("the frame of zeros is an edge stronger than ≈ {:.0f} % of the photograph",
      100 * weaker, at_least=90)

# %% [markdown]
# No: for this kernel, the black frame is an edge. Many networks accept it, because the alternative,
# `"valid"`, makes the map smaller in every such layer.
#
# Books give one formula for the size, $\lfloor (n + 2p - k)/s \rfloor + 1$, with $p$ zeros at *each* end. It is Keras's
# `"valid"` for $p = 0$, but not always its `"same"`, which may put one zero more at the lower and right end.
#
# ## Going further: your own kernel, learned kernels, corners and texture
#
# **Play.** Choose a kernel; the sliders `w1` to `w9` add to its nine weights, row by row. From *empty*, can you find *slanted*
# edges, dark at the lower left and bright at the upper right, but not those of the other slant?
#
# <details><summary>One answer</summary>0, 1, 2 / −1, 0, 1 / −2, −1, 0. Each weight has its opposite at the mirror place
# across the line from upper left to lower right.</details>

# %% tags=["hide-input"]
menu = {
    "vertical edges": sobel, "horizontal edges": sobel.T,
    "blur": np.full((3, 3), 1 / 9),
    "outline": 9 * np.outer([0, 1, 0], [0, 1, 0]) - 1, "empty": np.zeros((3, 3)),
}
scenes = {"coins": coins[150:300, 230:],
          "camera": pictures["camera"][60:360:2, 140:460:2] / 256}

def editor(photo="coins", kernel="vertical edges", bias=0.0, w1=0.0, w2=0.0,
           w3=0.0, w4=0.0, w5=0.0, w6=0.0, w7=0.0, w8=0.0, w9=0.0):
    edited = menu[kernel] + np.reshape([w1, w2, w3, w4, w5, w6, w7, w8, w9], (3, 3))
    figure, axes = plt.subplots(1, 3, figsize=(7.4, 2.5), width_ratios=[5, 3, 5])
    axes[0].imshow(scenes[photo], vmin=0, vmax=1)
    draw_numbers(axes[1], edited, f"kernel, sum {edited.sum():.1f}", form="{:.1f}")
    after_relu = np.maximum(keras_conv(scenes[photo], edited, bias), 0)
    axes[2].imshow(after_relu, cmap="gray_r", vmin=0, vmax=1)
    axes[0].set(title="photograph", xticks=[], yticks=[])
    axes[2].set(title="map after ReLU, 1 is black", xticks=[], yticks=[])

weights = dict.fromkeys([f"w{n}" for n in range(1, 10)], (-2.0, 2.0, 0.5))
explore(editor, alt="A photograph, a 3 by 3 kernel with its numbers, and its map.",
        photo=list(scenes), kernel=list(menu), bias=(-2.0, 2.0, 0.1),
        **weights)

# %% [markdown]
# Kernels are weights, and can be learned. Give Keras nine random numbers, 256 pieces of the
# photograph, and the edge map that each should give:

# %%
keras.utils.set_random_seed(lesson.seed)
rng = np.random.default_rng(lesson.seed)
corners = rng.integers(0, [303 - 16, 384 - 16], (256, 2))
x_train = np.array([coins[r : r + 16, c : c + 16] for r, c in corners])  # (256, 16, 16)
y_train = np.array([slide(piece, sobel) for piece in x_train])  # (256, 14, 14)
model = keras.Sequential([layers.Input((16, 16, 1)), layers.Conv2D(1, 3)])
model.compile(keras.optimizers.Adam(0.05), loss="mse")
learned = {"at random": model.get_weights()[0][:, :, 0, 0]}
for name, epochs in {"after 4 epochs": 4, "after 40 epochs": 36}.items():
    model.fit(x_train[..., None], y_train[..., None], batch_size=16, epochs=epochs,
              verbose=0)
    learned[name] = model.get_weights()[0][:, :, 0, 0]
claim("training finds Sobel's nine weights to within ≈ {:.2f}",
      np.abs(learned["after 40 epochs"] - sobel).max(), at_most=0.4)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 4, figsize=(9, 2.5))
for axis, (name, kernel) in zip(axes, learned.items(), strict=False):
    draw_numbers(axis, np.round(kernel, 1) + 0.0, name, form="{:.1f}")
draw_numbers(axes[3], sobel, "Sobel's")
figure.suptitle("Nine random numbers become Sobel's kernel", fontweight="bold")
plots.show("Four kernels of nine numbers: random ones, two stages of training, and"
           " Sobel's, which the last stage equals to one decimal.")

# %% [markdown]
# An edge map can be convolved again. Take $[1, -1]$, and then the same two weights one below the other. Together they are
# one kernel of 2 × 2, which gives 0 along every vertical or horizontal edge:

# %%
corner = difference.T * difference
print("kernel:", *corner, "\nmap of the tiny coin:", slide(coin, corner), sep="\n")
gap = slide(slide(coin, difference), difference.T) - slide(coin, corner)
verify("twice 1 × 2 is once 2 × 2", np.abs(gap).max(), at_most=0)

texture = {}
for name in ("brick", "grass", "gravel"):
    surface = pictures[name] / 256
    texture[name] = [np.abs(keras_conv(surface, k)).mean() for k in (sobel, sobel.T)]
table = pd.DataFrame(texture, index=["vertical edges", "horizontal edges"]).T
table.map("{:.2f}".format)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(10, 4))
scene = pictures["camera"][120:270, 300:500] / 256
larger = np.kron(corner, np.ones((2, 2)))  # each weight as a square of four
axes[0].imshow(scene)
axes[1].imshow(np.abs(keras_conv(scene, larger)), cmap="gray_r", vmax=1)
for axis, title in zip(axes, ["buildings and grass", "map, |O|: strong is black"]):
    axis.set(xlabel=title, xticks=[], yticks=[])
    for x, y, below, word in ((122, 10, 31, "corners"), (144, 96, 122, "slanted line")):
        axis.add_patch(plt.Circle((x, y), 17, **look)).set_clip_on(False)
        axis.text(x, below, word, color=plots.VERMILION, weight="bold", ha="center",
                  va="center", bbox={"facecolor": "white", "lw": 0, "pad": 1})
figure.suptitle("Corners and slanted lines answer, vertical and horizontal edges"
                " hardly do", weight="bold")
plots.show("Buildings, and a map with their corners and slanted lines as dark spots.")

# %% [markdown]
# On the tiny coin only corners are left. (The photograph's map was made with the kernel twice as large.
# Slanted lines answer, too: in pixels they are stairs.) The mean of $|O|$ is a first measure of texture. (It
# takes the absolute values, because $O$ itself averages to almost 0.) On this brick wall, the kernel for
# vertical edges answers more than twice as strongly as the one for horizontal edges. Grass and gravel show
# hardly any direction, and differ little: one photograph each, so only a hint.
#
# ## Going further: 1 × 1, depthwise, and how far an output sees
#
# A convolution sums over neighbors and over channels. Two other layers do only one of the two. A
# **1 × 1 convolution** mixes channels and looks at no neighbor. A **depthwise** convolution looks at
# neighbors and mixes no channels: one kernel per channel. (Depthwise, then 1 × 1, is called *separable*.)
# From 64 maps to 64 maps:

# %%
maps = np.zeros((1, 32, 32, 64), "float32")
kinds = {
    "3 × 3": layers.Conv2D(64, 3), "1 × 1": layers.Conv2D(64, 1),
    "depthwise 3 × 3": layers.DepthwiseConv2D(3),
    "separable 3 × 3": layers.SeparableConv2D(64, 3),
}
for name, layer in kinds.items():
    shape = tuple(layer(maps).shape)
    print(f"{name:15} output {shape}, {layer.count_params():6,} parameters")

# %% [markdown]
# Separable layers are so cheap that MobileNet, a network for telephones, is built of them.
#
# The pixels that can change an output are its **receptive field**. A second 3 × 3 layer sees 3 × 3 outputs of the first, so
# it sees more pixels. With kernels $k_l$ and strides $s_l$ (pooling counts, too), the field of layer $L$ is
#
# $$r = 1 + \sum_{l=1}^{L} (k_l - 1) \cdot s_1 s_2 \cdots s_{l-1}$$
#
# pixels wide: $1 + 2 + 2 = 5$ for two 3 × 3 layers, and $1 + 2 + 1 + 2 \cdot 2 = 8$ with a 2 × 2 pooling between them. Is that right?
# Light one pixel at a time, and see which of them reach one output in the middle. All weights are 1.

# %%
def ones():
    return layers.Conv2D(1, 3, kernel_initializer="ones")

one_lit = np.eye(17 * 17, dtype="float32").reshape(-1, 17, 17, 1)
stacks = {"3 × 3": [ones()], "3 × 3, 3 × 3": [ones(), ones()],
          "3 × 3, pool, 3 × 3": [ones(), layers.MaxPooling2D(2), ones()]}
fields = {}
for name, stack in stacks.items():
    answers = keras.ops.convert_to_numpy(keras.Sequential(stack)(one_lit))
    middle = answers.shape[1] // 2
    fields[name] = answers[:, middle, middle, 0].reshape(17, 17)
    print(f"{name}: sees {np.sum(fields[name].any(axis=0))} pixels in each direction")

# %% [markdown]
# At stride 1, three 3 × 3 layers see as far as one 7 × 7, with $27$ instead of $49$ weights per pair of
# channels. That is one reason to stack small kernels (another: a ReLU fits between them). Pooling in between
# widens the view of all that follows.
#
# ## Quiz

# %%
quiz("31")

# %% [markdown]
# ## Summary
#
# An hour ago, a photograph was 116,352 numbers. Now you can count the coins on it, and say how many
# parameters a layer will have before it is built:
#
# - A convolution is one small neuron, the same at every place: $O = \sum I \cdot F + b$.
# - A kernel whose weights add up to 0 sees only change. Networks learn their kernels.
# - One slice per channel, one map per filter: $(k^2 \cdot C_{in} + 1) \cdot C_{out}$ parameters.
# - `"valid"` makes $\lfloor (n - k)/s \rfloor + 1$ pixels, `"same"` $\lceil n/s \rceil$.
# - Convolution is equivariant (at stride 1); pooling forgives some small shifts, and forgets part of *where*.
#
# ## Common mistakes
#
# - **Channels first** often gives no error: look at `count_params()`.
# - **No channel axis**: gray images need the shape `(n, height, width, 1)`.
# - **`Conv2D(8, 3, 3)`** has a stride of 3.
#
# ## Read more
#
# - [Dumoulin and Visin (2016)](https://arxiv.org/abs/1603.07285): size, stride and padding, drawn.
# - [Zhang (2019)](https://arxiv.org/abs/1904.11486): why small shifts still change a network's answer.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [32 · Image classification](32_image_classification.ipynb). A digit reader for the post office, from raw images to one honest test. **Before:** [25 · Training loops](25_training_loops.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+31%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/32_image_classification.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/25_training_loops.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
