# ---
# jupyter:
#   dlcourse:
#     title: Convolution and pooling
#     subtitle: Slide ten numbers over a photograph, and see what a network sees
#     minutes: 85
#     seconds: 20
#     needs: ["21"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "a CNN does not care about shifts"
#       stop: "section 6"
#       ask: "\"The camera moves by 3 pixels: same map?\" equivariant against invariant"
#       stuck: "output size: do 28 → 14 by hand"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 31 · Convolution and pooling
#
# *Slide ten numbers over a photograph, and see what a network sees*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/31_convolution_and_pooling.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/31_convolution_and_pooling.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/31_convolution_and_pooling.ipynb)
#
# **Your time:** 85 minutes · **The notebook runs in:** about 20 s on two CPU cores · **Before this:** lesson 21

# %% [markdown]
# ## You will be able to
#
# 1. compute a convolution by hand, in NumPy and in Keras, and say how it differs from the
#    mathematician's convolution  *(section 2 · exercise 31.1)*
# 2. design a kernel for a pattern and read the map it produces
#    *(section 3 · exercise 31.2)*
# 3. predict the output shape and the parameters of convolution, pooling, 1×1 and depthwise
#    layers  *(sections 4, 5 and 8 · exercises 31.3 and 31.4 · quiz)*
# 4. tell *equivariant* from *invariant*, and say how much shift pooling really tolerates
#    *(section 6 · quiz)*
# 5. choose a kernel size from its receptive field, its cost and evidence
#    *(sections 7 and 8 · exercise 31.3 · quiz)*

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
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("31", profile=PROFILE, seed=SEED)

import keras
from keras import layers

# %% [markdown]
# ## 1 · The problem: find every edge in a photograph
#
# You want a map of a photograph that is bright wherever the picture turns from dark to
# bright: one number per place. The photograph, real and shipped with scikit-learn, is
# halved in size and made gray: 213 × 320 pixels.
#
# **Predict.** A dense layer (lesson 21) connects every input to every output. How many
# weights would it need for this map: thousands, millions, or billions?

# %%
photos = datasets.photographs().images
color, gray = {}, {}
for name, photo in photos.items():
    halved = photo[:426, :640].reshape(213, 2, 320, 2, 3).mean((1, 3))  # mean of 2×2
    color[name] = np.round(halved) / 256  # 0 to 1 in steps that float32 holds exactly
    gray[name] = np.round(halved @ [0.299, 0.587, 0.114]) / 256
inputs, outputs = 213 * 320, 211 * 318  # outputs: places with a neighbor on every side
weights = inputs * outputs
print(f"dense layer: {weights:,} weights of 4 bytes, {4 * weights / 1e9:.1f} GB")

figure, axes = plt.subplots(1, 2, figsize=(9, 3.2))
pictures = {"The photograph": color["temple"], "Gray: 68,160 inputs": gray["temple"]}
for axis, (title, picture) in zip(axes, pictures.items(), strict=True):
    axis.imshow(picture)
    axis.set(title=title, xlabel="column (pixels)", ylabel="row (pixels)")
plots.show("A temple on a hill above a lake, in color and in gray, 213 by 320 pixels.")

# %% [markdown]
# Billions, because it would learn "dark to the left, bright to the right" anew at each of
# 67,098 places. Two ideas remove the waste:
#
# - **locality**: whether there is an edge *here* depends only on the pixels around here;
# - **weight sharing**: an edge is the same thing everywhere, so use the same weights.
#
# What remains is one neuron of lesson 21 with nine weights and a bias, sliding over the
# picture. That is convolution.

# %% [markdown]
# ## 2 · By hand, in NumPy, in Keras
#
# The nine weights form the **kernel** (or filter) $F$; the **feature map** $O$ collects
# the answers. For an image $I$ and a bias $b$:
#
# $$O[i, j] = \sum_{u=0}^{k-1} \sum_{v=0}^{k-1} I[i+u,\ j+v] \cdot F[u, v] + b$$
#
# Here $i, j$ are the row and column of the output, $u, v$ walk over the kernel, and
# $k = 3$ is the kernel's size. Lay the kernel on the image, top left corner at $(i, j)$;
# multiply what lies on top of each other; add it all, and $b$. With $b = 1$ and the numbers
# below, the orange window (solid line) gives
#
# $$O[0,0] = \underbrace{(-1·1 + 0·1 + 1·3)}_{2} + \underbrace{(-2·1 + 0·2 + 2·3)}_{4}
#   + \underbrace{(-1·0 + 0·2 + 1·4)}_{4} + 1 = 11$$
#
# One step to the right (blue, dashed) gives $2 + 0 - 1 + 1 = 2$.

# %%
image = np.array([[1, 1, 3, 3], [1, 2, 3, 2], [0, 2, 4, 1], [1, 0, 2, 0]], float)
kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float)

def draw_numbers(axis, grid, title, form="{:g}"):
    limit = 2.5 * np.nanmax(np.abs(grid)) or 1  # pale colors, so that the numbers show
    axis.imshow(grid, cmap="PuOr", vmin=-limit, vmax=limit)
    for (row, column), number in np.ndenumerate(grid):
        text = "?" if np.isnan(number) else form.format(number)
        axis.text(column, row, text, ha="center", va="center", fontsize=14)
    axis.set(title=title, xticks=[], yticks=[])
    axis.spines[:].set_visible(False)

figure, axes = plt.subplots(1, 3, figsize=(8.6, 3.2), width_ratios=[4, 3, 2])
draw_numbers(axes[0], image, "image $I$, 4 × 4")
draw_numbers(axes[1], kernel, "kernel $F$, 3 × 3")
draw_numbers(axes[2], np.array([[11, 2], [12, np.nan]]), "map $O$, 2 × 2")
for axis, side in ((axes[0], 3), (axes[2], 1)):
    for x, line, edge in ((-0.5, "-", plots.VERMILION), (0.5, "--", plots.BLUE)):
        box = plt.Rectangle((x, -0.5), side, side, fill=False, ec=edge, ls=line, lw=3)
        axis.add_patch(box)
        box.set_clip_on(False)
plots.show("A 4 by 4 image, a 3 by 3 kernel and their 2 by 2 map, one entry missing;"
           " the first two windows and their outputs are outlined.")

# %% [markdown]
# **Exercise 31.1.** Compute the missing number $O[1, 1]$ on paper, but with the bias
# $b = 0.5$.
#
# <details><summary>Hint 1</summary>The window starts one row down and one column to the
# right: its corners are 2, 2, 0 and 0.</details>
# <details><summary>Hint 2</summary>The kernel subtracts the left column from the right
# one, and counts the middle row twice.</details>

# %% tags=["exercise"]
# Exercise 31.1: the missing entry of the map.
missing = ...

# %%
check("31.1", missing)

# %% tags=["solution"]
# @title Solution 31.1
missing_solution = (2 - 2) + 2 * (1 - 2) + (0 - 0) + 0.5
check("31.1", missing_solution)

# %% [markdown]
# In NumPy, the loop runs over $u$ and $v$, as the sums do. All positions $(i, j)$ are done
# at once: a piece of the image that starts at $(u, v)$, times the one number $F[u, v]$.

# %%
def conv2d(image, kernel, bias=0.0):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    output = np.full((rows, columns), float(bias))
    for u, v in np.ndindex(kernel.shape):
        output += image[u : u + rows, v : v + columns] * kernel[u, v]
    return output
print(conv2d(image, kernel, bias=1))

# %% [markdown]
# Keras wants images as `(batch, height, width, channels)` and kernels as `(height, width,
# channels in, channels out)`. A `Conv2D` with our weights and bias must give our numbers.
#
# **Predict.** Mathematicians turn the kernel by 180° before they slide it, and call only
# that convolution; what `Conv2D` computes is *cross-correlation*. What will the turn do to
# *this* kernel's map?

# %%
def run(layer, *images):
    batch = np.array(images, "float32").reshape(len(images), *images[0].shape[:2], -1)
    return keras.ops.convert_to_numpy(layer(batch))

layer = layers.Conv2D(filters=1, kernel_size=3)
layer.build((None, None, None, 1))
layer.set_weights([kernel[:, :, None, None], np.array([1.0])])

# %%
by_hand = np.array([[11, 2], [12, -1]])
on_paper = run(layer, image)[0, :, :, 0] - by_hand
on_photo = run(layer, gray["temple"])[0, :, :, 0] - conv2d(gray["temple"], kernel, 1)
gap = max(np.abs(on_paper).max(), np.abs(on_photo).max())
verify("by hand, NumPy and Keras agree", gap, at_most=1e-5)
print("kernel turned by 180°:\n", conv2d(image, kernel[::-1, ::-1], bias=1), sep="")

# %% [markdown]
# Bias aside, the signs are opposite: turned, this kernel looks for bright to the *left*. A
# network learns its kernels, so it would learn them turned; deep learning skips the turn
# and keeps the name. Mind it with `scipy.signal.convolve2d`, which does turn.

# %% [markdown]
# ## 3 · Kernels that find edges, corners and texture
#
# A kernel is a small picture of what it looks for: the sum is largest where bright pixels
# meet positive weights and dark pixels meet negative ones. If the weights add up to zero,
# an evenly lit region gives 0 whatever its brightness.
#
# **Predict.** Below, the corner kernel has a bias of −2.5 and a ReLU after it. What would
# you see if the bias were 0? And which parts of the temple have stripes four pixels apart?

# %%
y, x = np.mgrid[-4:5, -4:5]
waves = np.exp(-(x**2 + y**2) / 12) * np.cos(2 * np.pi * x / 4)  # 9×9
corner = np.array([[-4, 5, 5], [-4, 5, 5], [-4, -4, -4]])
bank = {  # name: (kernel, bias, what follows)
    "vertical edges": (kernel, 0, np.abs),
    "horizontal edges": (kernel.T, 0, np.abs),
    "corners └ (ReLU)": (corner, -2.5, lambda z: np.maximum(z, 0)),
    "stripes, 4 pixels": (waves - waves.mean(), 0, np.abs),
}
figure, axes = plt.subplots(3, 5, figsize=(12, 5), height_ratios=[1, 2, 2])
axes[1, 0].imshow(gray["temple"])
axes[2, 0].imshow(gray["flower"])
for column, (name, settings) in zip(axes.T[1:], bank.items(), strict=True):
    filter_, bias, after = settings
    column[0].imshow(filter_, cmap="PuOr")
    column[0].set_title(name, loc="center")
    for axis, photo in zip(column[1:], gray.values(), strict=True):
        feature_map = after(conv2d(photo, filter_, bias))
        axis.imshow(feature_map, vmax=np.quantile(feature_map, 0.995) + 0.1)
for axis in axes.flat:
    axis.axis("off")
figure.suptitle("Edges and stripes are found; the corner kernel also answers to edges",
                fontweight="bold")
plots.show("Four kernels (orange negative, purple positive) over their maps of temple"
           " and flower: upright edges, level edges, corners, fine stripes.")

# %% [markdown]
# Columns of the temple light up in one edge map, eaves in the other. The stripe kernel (a
# *Gabor* filter, a wave under a bell) answers to the texture of railings, not to the sky.
#
# The corner kernel convinces least, and must: on a corner of contrast 1 its sum is 20, on a
# straight edge still up to 12. With bias 0, both would show. The bias of −2.5 sets a
# threshold between them, but for one contrast only: a strong edge still passes, a weak
# corner does not. One kernel weighs evidence; it cannot demand "an upright edge *and* a
# level one". A second layer, on top of edge maps, can.
#
# **Play.** The sliders `a` to `i` add to the nine weights, row by row; from *empty*, they
# are the weights. Choose *vertical edges* and set `e`, the center, to 1: why does the
# photograph come back? With `bias` at −1, which edges are left? *Sharpen* is twice the
# photograph less its blur: why is that sharper?
#
# <details><summary>Answers</summary>The weights now add up to 1, so flat regions keep
# their brightness. Only edges whose sum is above 1 stay positive. Blur keeps what changes
# slowly; taking it away leaves quick changes almost twice as strong.</details>

# %%
dot = np.outer([0, 1, 0], [0, 1, 0])  # 1 at the center, 0 around it
menu = {
    "vertical edges": kernel, "horizontal edges": kernel.T,
    "blur": np.full((3, 3), 1 / 9), "sharpen": 2 * dot - 1 / 9,
    "outline": 9 * dot - 1, "empty": 0 * dot,
}

def editor(photo="temple", kernel="vertical edges", bias=0.0, a=0.0, b=0.0, c=0.0,
           d=0.0, e=0.0, f=0.0, g=0.0, h=0.0, i=0.0):
    edited = menu[kernel] + np.reshape([a, b, c, d, e, f, g, h, i], (3, 3))
    picture = gray[photo][:170, 40:210]
    output = np.maximum(conv2d(picture, edited, bias), 0)
    figure, axes = plt.subplots(1, 3, figsize=(9, 3.2))
    axes[0].imshow(picture, vmin=0, vmax=1)
    draw_numbers(axes[1], edited, f"kernel, sum {edited.sum():.2f}", "{:.2f}")
    axes[2].imshow(output, vmin=0, vmax=1)
    axes[0].set(title="photograph", xticks=[], yticks=[])
    axes[2].set(title="map after ReLU, 0 to 1", xticks=[], yticks=[])

weight_sliders = dict.fromkeys("abcdefghi", (-2.0, 2.0, 0.1))
explore(editor, alt="A photograph, a 3 by 3 kernel with its numbers, and its map.",
        photo=list(gray), kernel=list(menu), bias=(-2.0, 2.0, 0.1), **weight_sliders)

# %% [markdown]
# **Exercise 31.2.** Design a 3 × 3 kernel for *diagonal* edges, dark at the lower left and
# bright at the upper right. It must give
#
# - 0 on any evenly lit region,
# - a positive number where the lower left is dark and the upper right bright,
# - 0 on an edge along the *other* diagonal (dark upper left, bright lower right).
#
# <details><summary>Hint 1</summary>Draw the pattern into the kernel: positive where it
# should be bright, negative where dark, 0 on the diagonal between.</details>
# <details><summary>Hint 2</summary>Put the opposite of each weight at its mirror place
# across the diagonal from upper left to lower right. The weights then add up to
# 0.</details>

# %% tags=["exercise"]
# Exercise 31.2: nine weights, as a list of three rows.
diagonal = ...

# %%
check("31.2", diagonal)

# %% tags=["solution"]
# @title Solution 31.2
diagonal_solution = [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]
check("31.2", diagonal_solution)

# %% [markdown]
# ## 4 · Channels and several filters
#
# A color picture has three **channels**. A kernel has a slice of weights for each, and the
# sum runs over them too. $C_{out}$ **filters** give $C_{out}$ feature maps, the channels of
# the next layer; $c$ counts the channels in, $o$ the filters:
#
# $$O[i, j, o] = \sum_{u, v} \sum_{c} I[i+u,\ j+v,\ c] \cdot F[u, v, c, o] + b[o]
# \qquad \text{parameters} = (k \cdot k \cdot C_{in} + 1) \cdot C_{out}$$
#
# A `Conv2D` with 4 filters of 3×3 on a color picture: $(3·3·3 + 1)·4 = 112$. Two special
# cases keep one half of the sum each:
#
# - a **1×1 convolution** mixes channels and looks at no neighbor: $\sum_c$ only;
# - a **depthwise convolution** looks at neighbors and mixes no channels: $\sum_{u,v}$
#   only, one kernel per channel.
#
# **Predict** their parameters on a color picture: a 1×1 layer with one filter, and a
# depthwise 3×3. Biases count.

# %%
standard = layers.Conv2D(4, 3)
mix = layers.Conv2D(1, 1)
depthwise = layers.DepthwiseConv2D(3)
for name, layer in {"3×3": standard, "1×1": mix, "depthwise": depthwise}.items():
    shape = run(layer, color["temple"]).shape
    print(f"{name:9} kernel {tuple(layer.kernel.shape)!s:12}"
          f" parameters {layer.count_params():3} output {shape}")
mix.set_weights([np.reshape([1, -0.5, -0.5], (1, 1, 3, 1)), np.zeros(1)])
edges = np.stack([kernel, kernel.T, menu["outline"]], axis=2)[..., None]  # (3, 3, 3, 1)
depthwise.set_weights([edges, np.zeros(3)])
red = run(mix, color["temple"])[0, :, :, 0]
maps = np.abs(run(depthwise, color["temple"])[0])
panels = {"1×1: red minus the rest": red, "depthwise, red: upright": maps[..., 0],
          "depthwise, green: level": maps[..., 1], "depthwise, blue: all": maps[..., 2]}
figure, axes = plt.subplots(1, 4, figsize=(11, 2.2))
for axis, (title, panel) in zip(axes, panels.items(), strict=True):
    axis.imshow(panel, vmin=0, vmax=np.quantile(panel, 0.995) + 0.1)
    axis.set(xticks=[], yticks=[])
    axis.set_title(title, fontsize=10)
plots.show("The 1 by 1 map shows red walls and orange roofs; the depthwise maps show"
           " upright edges of red, level edges of green, outlines of blue.")

# %% [markdown]
# The 1×1 layer finds red walls and orange roofs by color alone. The depthwise layer keeps
# the channels apart: upright edges of red, level edges of green, outlines of blue. A
# **separable convolution** is depthwise (without the biases), then 1×1.

# %% [markdown]
# ## 5 · Kernel size, stride, padding
#
# The 3×3 map lost two rows and two columns: the window must stay inside. For an input of
# $n$ pixels, the output size $o$ depends on the kernel size $k$, the **stride** $s$ (how
# far the window jumps) and the **padding** $p$ (pixels added, both ends together):
#
# $$o = \left\lfloor \frac{n + p - k}{s} \right\rfloor + 1$$
#
# The window has $n + p - k$ pixels of room and makes the jumps of $s$ that fit; the first
# position is the $+1$. With $n = 28, k = 5, s = 2, p = 0$:
# $\lfloor 23/2 \rfloor + 1 = 12$. In Keras, `"valid"` means $p = 0$; `"same"` adds as many
# zeros as it takes for $o = \lceil n/s \rceil$.
#
# **Predict.** Which settings in this table give 28 → 14? Does `"same"` keep the size?

# %%
def output_size(n, kernel, stride, padding):
    if padding == "same":
        wanted = -(-n // stride)  # n / stride, rounded up
        pixels = max((wanted - 1) * stride + kernel - n, 0)
    else:
        pixels = 0
    return (n + pixels - kernel) // stride + 1

rows, wrong = {}, 0
for n, k, s, p in product((27, 28), (1, 2, 3, 5, 7), (1, 2, 3), ("valid", "same")):
    square, weights = np.ones((1, n, n, 1), "float32"), np.ones((k, k, 1, 1), "float32")
    size = keras.ops.conv(square, weights, s, p).shape[1]
    wrong += size != output_size(n, k, s, p)
    rows.setdefault(f"kernel {k}", {})[f"{p}, stride {s}"] = size
claim("the formula is Keras's size in all 60 cases", wrong == 0)
print("output sizes from 28 pixels:")
pd.DataFrame(rows).T

# %% [markdown]
# `"same"` keeps the size only at stride 1.
#
# **Predict.** Padding looks cosmetic: a few zeros around the picture. What does our edge
# kernel say where a bright sky meets those zeros? And how many 3×3 `"valid"` layers can you
# stack on an 8×8 digit?

# %%
photo = gray["temple"]
valid = np.abs(conv2d(photo, kernel))
zeros = np.abs(conv2d(np.pad(photo, 1), kernel))
mirrored = np.abs(conv2d(np.pad(photo, 1, mode="reflect"), kernel))
figure, axes = plt.subplots(1, 3, figsize=(9, 3.2))
titles = ("valid: no padding", "zeros: a false edge", "mirrored: no edge")
for axis, title, panel in zip(axes, titles, (valid, zeros, mirrored), strict=True):
    axis.imshow(panel[45:85, -40:], cmap="gray_r", vmax=2.5)  # 40×40, right border
    axis.set(title=f"{title}\n{panel.shape[0]} × {panel.shape[1]} in all",
             xticks=[], yticks=[], xlim=(-0.5, 42))
plots.show("The right border of three edge maps, strong edges dark: sky above a tree,"
           " and with zero padding a dark line along the border.")
claim("zero padding: the sides' mean edge is 5 times the picture's",
      zeros[:, [0, -1]].mean() / valid.mean(), at_least=5)

# %%
features, sizes = np.zeros((1, 8, 8, 1)), [8]
while sizes[-1] >= 3:  # as long as the kernel finds room
    features = layers.Conv2D(1, 3)(features)
    sizes.append(features.shape[1])
print(" → ".join(map(str, sizes)), "→ no room for another 3 × 3 kernel")

# %% [markdown]
# Not cosmetic. Without padding, a deep stack shrinks to nothing, and a corner pixel takes
# part in one output where an inner pixel takes part in nine. With zeros, the frame itself
# becomes an edge: a false one, from which a network can tell how near the border it is.
# `"same"` is the usual choice; know what it draws.

# %% [markdown]
# ## 6 · Shift: equivariant is not invariant
#
# "A convolution recognizes things wherever they are, so shifting the picture changes
# nothing." **Predict**: the camera moves by 3 pixels. Does the map stay the same?

# %%
before = conv2d(gray["temple"][:, :-3], kernel)
after = conv2d(gray["temple"][:, 3:], kernel)
size = np.linalg.norm(before)
same_place = np.linalg.norm(after - before) / size
moved_back = np.linalg.norm(after[:, :-3] - before[:, 3:]) / size
claim("at the same place, the map changes by its own size", same_place, at_least=1)
claim("it is the old map, moved by 3", moved_back, at_most=1e-6)

# %% [markdown]
# Compared place by place, the two maps differ by more than the size of either; moved back,
# they agree. That is **equivariance**: shift, then convolve = convolve, then shift (at stride
# 1, away from
# padded borders). **Invariance**, the same answer wherever the thing is, must be made, and
# **pooling** makes some. It cuts the map into windows, side by side (the stride is the
# window's width), and keeps the maximum, or the average, of each. For windows of 2×2:
#
# $$\begin{bmatrix} 1 & 1 & 3 & 3 \\ 1 & 2 & 3 & 2 \\ 0 & 2 & 4 & 1 \\ 1 & 0 & 2 & 0
# \end{bmatrix} \xrightarrow{\ \max\ } \begin{bmatrix} 2 & 3 \\ 2 & 4 \end{bmatrix}
# \qquad \xrightarrow{\text{average}} \begin{bmatrix} 1.25 & 2.75 \\ 0.75 & 1.75
# \end{bmatrix}$$
#
# **Predict.** The row `0 0 1 1 0 0 1 1` moves one pixel to the right; what leaves on the
# right comes back on the left. What happens to its maxima over pairs?

# %%
windows = image.reshape(2, 2, 2, 2)  # (window row, row, window column, column)
gap_max = run(layers.MaxPooling2D(2), image)[0, :, :, 0] - windows.max((1, 3))
gap_mean = run(layers.AveragePooling2D(2), image)[0, :, :, 0] - windows.mean((1, 3))
verify("NumPy and Keras agree", np.abs([gap_max, gap_mean]).max(), at_most=1e-6)
row = np.array([0, 0, 1, 1, 0, 0, 1, 1])
for shift in range(3):
    pairs = np.roll(row, shift).reshape(4, 2)
    print(f"{pairs.ravel()}  max {pairs.max(axis=1)}  average {pairs.mean(axis=1)}")

# %% [markdown]
# A shift by 2, the stride, moves the pooled row by one. A shift by 1 gives something no
# move of the old row can give: the stripes are gone. This is **aliasing**: one value per
# pair is too few for detail that fine. Strided pooling, and strided convolution, are
# equivariant only to shifts by multiples of their stride.
#
# And on real pictures? Take 200 windows of 32×32 from the edge maps (after ReLU) of both
# photographs, shift them sideways, and measure the relative change
# $\lVert f_{shifted} - f \rVert / \lVert f \rVert$ of what each pooling returns, $f$. At 16
# pixels edges meet only by chance: call that the *full* change. **Predict**: how much of it
# does 4×4 max pooling show at 1 pixel, and at 4?

# %%
rng = np.random.default_rng(lesson.seed)
edge_maps = [np.maximum(conv2d(photo, kernel), 0) for photo in gray.values()]
n_windows = lesson.pick(quick=200, full=2000)
places = [(edge_maps[n % 2], *rng.integers(0, (179, 270))) for n in range(n_windows)]

def crops(shift):
    return [m[r : r + 32, c + shift : c + shift + 32] for m, r, c in places]

def relative_change(pooling, shift):
    old, new = run(pooling, *crops(0)), run(pooling, *crops(shift))
    size = np.sqrt((old**2).sum((1, 2, 3)))
    return np.sqrt(((new - old) ** 2).sum((1, 2, 3))) / np.maximum(size, 1e-6)

# %%
shifts = [1, 2, 4, 8, 16]
poolings = {
    "no pooling": layers.Identity(), "max 2×2": layers.MaxPooling2D(2),
    "average 4×4": layers.AveragePooling2D(4), "max 4×4": layers.MaxPooling2D(4),
    "global average": layers.GlobalAveragePooling2D(keepdims=True),
}
changes, typical = {}, {}
for marker, (name, pooling) in zip("os^Dv", poolings.items(), strict=True):
    changes[name] = [relative_change(pooling, shift) for shift in shifts]
    typical[name] = np.median(changes[name], axis=1)
    low, high = np.quantile(changes[name], (0.25, 0.75), axis=1)
    plt.semilogx(shifts, typical[name], base=2, marker=marker, label=name)
    plt.fill_between(shifts, low, high, alpha=0.15)
plt.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.gca().set(xlabel="shift (pixels)", ylabel="relative change of the map",
              xticks=shifts, xticklabels=shifts, ylim=(0, None),
              title="Tolerance ends near the window's width")
plots.show("Change against shift for five poolings; larger windows change less. Lines"
           " are medians, bands hold the middle half of the windows.")
share = {name: values / values[-1] for name, values in typical.items()}
claim("unpooled, 1 pixel: ≈ {:.2f} of full change", share["no pooling"][0],
      at_least=0.69)
claim("4×4 max, 1 pixel: ≈ {:.2f} of full change", share["max 4×4"][0], at_most=0.36)
claim("4×4 max, 1 pixel: ≈ {:.2f} of the map", typical["max 4×4"][0], at_least=0.29)
claim("4×4 max, 4 pixels: ≈ {:.2f} of full change", share["max 4×4"][2], at_least=0.67)

# %% [markdown]
# Lines are medians over the windows; bands hold the middle half. Tolerance, not invariance:
# shifts well inside the window change less, and at its width most of the full change has
# happened. Global pooling comes closest (what is left is new scenery entering the window)
# and pays most: 1,024 places become one number that no longer says where. Choose maximum or average by what you need to know: "is it there at all?" or "how
# much of it?".

# %% [markdown]
# ## 7 · How far does one output see?
#
# An output of a 3×3 layer sees 3×3 pixels. An output of a second 3×3 layer sees 3×3
# outputs of the first, hence more pixels. The pixels that can change an output are its
# **receptive field**. For layers $l$ with kernels $k_l$ and strides $s_l$ (pooling
# counts too), its width is
#
# $$r = 1 + \sum_l (k_l - 1) \cdot j_l, \qquad j_l = s_1 s_2 \cdots s_{l-1}$$
#
# where $j_l$ is the *jump*: how many pixels apart two neighboring inputs of layer $l$
# are, $j_1 = 1$. Two 3×3 layers: $1 + 2·1 + 2·1 = 5$. A 3×3, a 2×2 pooling of stride 2,
# a 3×3: $1 + 2·1 + 1·1 + 2·2 = 8$.
#
# **Predict.** Is it right? Measure it: light one single pixel, for each pixel in turn, and
# note how strongly one output in the middle answers. All weights are 1.

# %%
def conv():
    return layers.Conv2D(1, 3, kernel_initializer="ones")

pixels = np.eye(17 * 17, dtype="float32").reshape(-1, 17, 17)  # one pixel lit in each
stacks = {"3×3": [conv()], "3×3, 3×3": [conv(), conv()],
          "3×3, 3×3, 3×3": [conv(), conv(), conv()],
          "3×3, pool 2, 3×3": [conv(), layers.MaxPooling2D(2), conv()]}
figure, axes = plt.subplots(1, 4, figsize=(11, 3.1))
for axis, (name, stack) in zip(axes, stacks.items(), strict=True):
    answers = run(keras.Sequential(stack), *pixels)
    middle = answers.shape[1] // 2
    field = answers[:, middle, middle, 0].reshape(17, 17)
    width = int((field > 0).any(axis=0).sum())
    axis.imshow(field, cmap="Blues")
    axis.set(title=f"{name}\nsees {width}×{width}", xlabel="column (pixels)",
             xticks=range(0, 17, 4), yticks=range(0, 17, 4))
    print(f"{name}: {width} pixels wide")
axes[0].set_ylabel("row (pixels)")
plots.show("Which pixels reach one output: squares of 3, 5, 7 and 8 pixels; in deep"
           " stacks the middle pixels count most.")

# %% [markdown]
# The formula holds, and one pooling layer widens the view of every layer behind it. The
# shading is how strongly the output answers: many paths lead to it from the center, few
# from the rim. The *effective* field is smaller than the formula's.
#
# **Exercise 31.3.** Write `trace(size, stack)`. The stack is a list of pairs
# `(kernel, stride)`, all with `"valid"` padding, convolutions and poolings alike. Return
# the final output size and the receptive field, both as widths in one direction:
# `trace(28, [(3, 1), (2, 2), (3, 1)])` is `(11, 8)`.
#
# <details><summary>Hint 1</summary>Start with <code>field = 1</code> and
# <code>jump = 1</code>, and go through the layers once.</details>
# <details><summary>Hint 2</summary>In each layer: the size by the formula of section 5
# with p = 0, then <code>field += (kernel - 1) * jump</code>.</details>
# <details><summary>Hint 3</summary>Only after that does this layer's stride multiply
# <code>jump</code>: it spreads the layers <em>behind</em> it.</details>

# %% tags=["exercise"]
# Exercise 31.3: follow size and receptive field through a stack.
def trace(size, stack):
    ...  # your code here

# %%
check("31.3", trace)

# %% tags=["solution"]
# @title Solution 31.3
def trace_solution(size, stack):
    field, jump = 1, 1
    for kernel, stride in stack:
        size, field = (size - kernel) // stride + 1, field + (kernel - 1) * jump
        jump *= stride
    return size, field
check("31.3", trace_solution)

# %% [markdown]
# ## 8 · What it costs, and whether bigger is better
#
# Three 3×3 layers see as far as one 7×7. **Predict**: which is cheaper? Take 64 maps of
# 32×32 in, 64 out, padding `"same"`:

# %%
def parameters(*stack):
    model = keras.Sequential([layers.Input((32, 32, 64)), *stack])
    assert model.output_shape == (None, 32, 32, 64)
    return model.count_params()

same = {"padding": "same"}
n = 32 * 32 * 64
costs = {
    "dense": ("everything", n * n + n),
    "one 7×7": ("7×7", parameters(layers.Conv2D(64, 7, **same))),
    "three 3×3": ("7×7", parameters(*[layers.Conv2D(64, 3, **same) for _ in range(3)])),
    "one 3×3": ("3×3", parameters(layers.Conv2D(64, 3, **same))),
    "separable 3×3": ("3×3", parameters(layers.SeparableConv2D(64, 3, **same))),
    "1×1": ("1×1", parameters(layers.Conv2D(64, 1))),
    "depthwise 3×3": ("3×3", parameters(layers.DepthwiseConv2D(3, **same))),
}
table = pd.DataFrame(costs, index=["sees", "parameters"]).T
table["parameters"] = table["parameters"].map("{:,}".format)
table

# %% [markdown]
# One by hand: 3×3 is $(3·3·64 + 1)·64 = 36{,}928$, 116,000 times fewer than dense. Three
# 3×3 see as far as a 7×7 with 55 % of its parameters, and two more activations. A separable
# layer takes an eighth of the 3×3's, but cannot do everything the 3×3 can.
#
# "Cost aside, a bigger kernel sees more, so it must be better." **Predict** the curves:
# kernels from 1×1 to 11×11 are fitted to imitate two targets, a 3×3 (our edge kernel) and a
# 7×7 (a ripple), from 300 noisy examples of the temple, and tested without noise on the
# flower, ten times with other examples. One layer without activation is linear, so least
# squares finds its best weights. The error is the root mean square, in units of the target's
# standard deviation.

# %%
ripple = np.exp(-(x**2 + y**2) / 12) * np.cos(2 * np.pi * x / 6)
targets = {"target 3×3": kernel, "target 7×7": (ripple - ripple.mean())[1:-1, 1:-1]}
SIZES = [1, 3, 5, 7, 9, 11]

def patches(photo, size, places):
    windows = np.lib.stride_tricks.sliding_window_view(photo, (size, size))
    offset = 5 - size // 2  # so that all sizes share their center
    return windows[places[0] + offset, places[1] + offset].reshape(len(places[0]), -1)

def test_error(target, size, rng, examples=300):
    train, test = (rng.integers(0, [[203], [310]], (2, n)) for n in (examples, 1000))
    k = len(target)
    y_train = patches(gray["temple"], k, train) @ target.ravel()
    y_test = patches(gray["flower"], k, test) @ target.ravel()
    y_train += 0.3 * y_train.std() * rng.normal(size=examples)
    x_train, x_test = (np.c_[np.ones(len(p[0])), patches(gray[name], size, p)]
                       for name, p in (("temple", train), ("flower", test)))
    weights = np.linalg.solve(x_train.T @ x_train, x_train.T @ y_train)  # least squares
    return np.sqrt(np.mean((x_test @ weights - y_test) ** 2)) / y_test.std()

# %%
repeats = lesson.pick(quick=10, full=50)
errors = {name: np.array([[test_error(t, k, np.random.default_rng([lesson.seed, r]))
                           for k in SIZES] for r in range(repeats)])
          for name, t in targets.items()}
for (name, found), style in zip(errors.items(), ("o-", "s--"), strict=True):
    plt.errorbar(SIZES, found.mean(0), found.std(0), fmt=style, capsize=4, label=name)
plt.gca().set(xlabel="kernel width (pixels)", ylabel="relative error on the flower",
              xticks=SIZES, ylim=(0, None), title="Best: the size of what you look for")
plt.legend()
plots.show("Error against kernel width: the 3 by 3 target is imitated best with width"
           " 3, the 7 by 7 target with width 7; bars are standard deviations.")
mean3, mean7 = (dict(zip(SIZES, e.mean(0), strict=True)) for e in errors.values())
claim("3×3 target: width 11 errs ≈ {:.1f} times as much as 3", mean3[11] / mean3[3],
      at_least=2.8)
claim("7×7 target: width 3, ≈ {:.1f} times as much as 7", mean7[3] / mean7[7],
      at_least=3.7)
claim("and width 11, ≈ {:.1f} times as much as 7", mean7[11] / mean7[7], at_least=1.9)
rng = np.random.default_rng([lesson.seed, repeats])
more = {k: test_error(targets["target 7×7"], k, rng, examples=3000) for k in (3, 11)}
claim("ten times the examples leave ≈ {:.2f} of width 11's error", more[11] / mean7[11],
      at_most=0.25)
claim("and ≈ {:.2f} of width 3's", more[3] / mean7[3], at_least=0.85)

# %% [markdown]
# Too small cannot see the pattern, and ten times the examples hardly help. Too large must
# learn that most of its weights are zero, and there they do. Real tasks do not tell you the
# size, so networks stack small kernels and let depth widen the view.

# %% [markdown]
# ## 9 · Kernels that learn
#
# Networks learn their kernels. Give Keras nine random numbers, and pieces of the
# photograph before and after our edge filter. **Predict**: will it find the same nine
# weights, or others that do as well?

# %%
rng = np.random.default_rng([lesson.seed, 9])
windows = np.lib.stride_tricks.sliding_window_view(gray["temple"] - 0.5, (16, 16))
chosen = windows[rng.integers(0, 198, 256), rng.integers(0, 305, 256)]
x_train = chosen[..., None].astype("float32")  # (256, 16, 16, 1)
y_train = np.array([conv2d(patch, kernel) for patch in chosen])[..., None]
model = keras.Sequential([layers.Input((16, 16, 1)), layers.Conv2D(1, 3)])
model.compile(keras.optimizers.Adam(0.05), loss="mse")
snapshots, done = {}, 0
for epochs in (0, 1, 5, 50):
    model.fit(x_train, y_train, batch_size=16, epochs=epochs, initial_epoch=done,
              verbose=0)
    snapshots[epochs], done = model.get_weights()[0][:, :, 0, 0], epochs

figure, axes = plt.subplots(1, 5, figsize=(11, 2.7))
for axis, (epochs, weights) in zip(axes, snapshots.items(), strict=False):
    draw_numbers(axis, np.round(weights, 1) + 0.0, f"epoch {epochs}", "{:.1f}")
draw_numbers(axes[4], kernel, "ours, by hand")
figure.suptitle("Random numbers become the hand-made kernel", fontweight="bold")
plots.show("A kernel of random numbers becomes, over 50 epochs, the hand-made kernel.")
claim("the learned kernel is ours: largest difference of a weight",
      np.abs(snapshots[50] - kernel).max(), at_most=0.1)

# %% [markdown]
# The same nine: with varied examples, only they make the error zero. In a classifier nobody
# shows target maps; kernels are judged only by the final answer. Train twelve 5×5 kernels
# on scikit-learn's handwritten digits (8×8, enlarged to 16×16) and find, for each, the
# hand-made edge, line or spot it resembles most: the **cosine similarity** of two kernels
# is 1 if they are equal up to strength, 0 if unrelated. The same kernels before training
# give the value to beat.

# %%
digits = datasets.digits()
x_digits = keras.ops.image.resize(digits.x_train[..., None] / np.float32(16), (16, 16))
first = layers.Conv2D(12, 5, padding="same", activation="relu")
classifier = keras.Sequential([
    layers.Input((16, 16, 1)), first,
    layers.MaxPooling2D(4), layers.Flatten(), layers.Dense(10, activation="softmax"),
])
classifier.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
untrained = first.get_weights()[0].reshape(25, 12).T  # (filters, weights)
classifier.fit(x_digits, digits.y_train, batch_size=64, epochs=12, verbose=0)
trained = first.get_weights()[0].reshape(25, 12).T

# %%
y5, x5 = np.mgrid[-2:3, -2:3]
bell = np.exp(-(x5**2 + y5**2) / 4)
across = [x5 * np.cos(a) + y5 * np.sin(a) for a in np.arange(16) * np.pi / 8]
handmade = [u * bell for u in across]  # edges, 16 directions
handmade += [s * np.cos(1.6 * u) * bell for u in across[:8] for s in (1, -1)]  # lines
handmade += [bell, -bell]  # spots

def unit(kernels):
    flat = np.reshape(kernels, (len(kernels), 25))
    flat = flat - flat.mean(axis=1, keepdims=True)  # leave the mean brightness out
    return flat / np.linalg.norm(flat, axis=1, keepdims=True)

# %%
likeness = unit(trained) @ unit(handmade).T  # (12, 34)
best = likeness.max(axis=1)
twins = unit(handmade)[likeness.argmax(axis=1)]
order = np.argsort(-best)
pictures = [*unit(trained)[order].reshape(-1, 5, 5), *twins[order].reshape(-1, 5, 5)]
labels = [f"≈ {value:.2f}" for value in best[order]] + ["by hand"] * 12
plots.image_grid(pictures, labels, 12, "PuOr",
                 "Learned (above) and the nearest edge, line or spot")
plots.show("Twelve learned 5 by 5 kernels, each over the hand-made one most like it.")
start = (unit(untrained) @ unit(handmade).T).max(axis=1).mean()
print(f"mean similarity: untrained ≈ {start:.2f}, trained ≈ {best.mean():.2f}")
claim("training brings kernels nearer to edges, lines and spots",
      best.mean() - start, at_least=0.15)

# %% [markdown]
# Nobody asked for edges; the digits did. But look at the last columns too: some kernels
# resemble nothing we would draw. And enlarging smoothed the digits, which by itself may favor
# smooth kernels. "The first layer learns edges" is a tendency, not a law.

# %% [markdown]
# ## Break and fix
#
# A colleague's loader delivers two color photographs, 120 rows by 160 columns, as a batch
# of shape `(2, 3, 120, 160)`. A `Conv2D` with 8 filters of 3×3 should have
# $(3·3·3 + 1)·8 = 224$ parameters. It runs without a complaint, yet:

# %%
batch = np.stack([color[name][40:160, 30:190] for name in color]).astype("float32")
delivered = np.moveaxis(batch, -1, 1)
suspect = layers.Conv2D(8, 3, padding="same")
found = suspect(delivered)
print("delivered", delivered.shape, "→ output", tuple(found.shape))
print("kernel", tuple(suspect.kernel.shape), "parameters", suspect.count_params())

# %% [markdown]
# **Exercise 31.4.** Write `repair(batch)`, which returns the batch as Keras expects it, for
# any numbers of images, rows, columns and channels. Before you do, say to yourself which axis
# Keras took for the channels, and what the kernel slid over; the check confirms it.
#
# <details><summary>Hint 1</summary>Keras reads (batch, height, width, channels), so it saw
# pictures 3 pixels high and 120 wide with 160 channels. PyTorch's own layers read (batch,
# channels, height, width).</details>
# <details><summary>Hint 2</summary>The axes must be <em>moved</em>. Reshaping deals the
# same numbers out in the same order, and tears the picture apart.</details>
# <details><summary>Hint 3</summary><code>np.transpose(batch, order)</code>: name, for each
# new axis, the old one that goes there. The first stays 0.</details>

# %% tags=["exercise"]
# Exercise 31.4: (batch, channels, height, width) → what Keras expects.
def repair(batch):
    ...  # your code here

# %%
check("31.4", repair)

# %% tags=["solution"]
# @title Solution 31.4
def repair_solution(batch):
    return np.transpose(batch, (0, 2, 3, 1))

check("31.4", repair_solution)
fixed = layers.Conv2D(8, 3, padding="same")
print("output", tuple(fixed(repair_solution(delivered)).shape), fixed.count_params())

# %% [markdown]
# ## Quiz

# %%
quiz("31")

# %% [markdown]
# ## Summary
#
# - A convolution is one small neuron, the same at every place: $O = \sum I \cdot F + b$.
#   Deep learning's convolution is cross-correlation; nothing is turned.
# - A kernel is a picture of what it looks for; weights that add up to 0 ignore brightness.
# - Kernel shape `(height, width, in, out)`; parameters $(k·k·C_{in} + 1)·C_{out}$; output
#   size $\lfloor (n + p - k)/s \rfloor + 1$.
# - Convolution is equivariant; pooling adds some tolerance for shifts inside its window.
# - Depth and strides widen the receptive field; the right size is that of the pattern.
# - 1×1 mixes channels, depthwise looks around, separable does one after the other.
#
# An hour ago an edge map took billions of weights. Now you do it with ten, know what every
# layer hands on, and have watched a network find those ten itself. Lesson 32 stacks these
# layers into a complete classifier.
#
# ## Common mistakes
#
# - **Channels first into channels last**: no error, but a kernel shape with the width in it.
# - **A forgotten stride or pooling**: no error, but four times the pixels from there on, and
#   a first dense layer with millions of parameters after `Flatten`.
# - **`"valid"` in a deep stack**: a `ValueError` about the output size; with Keras
#   3.13, a feature map of size 0 comes first.
# - **A missing channel axis**: gray images need shape `(n, height, width, 1)`.
# - **"It is a CNN, so shifts do not matter"**: measure it, or augment (lesson 12).
#
# ## Read more
#
# - [Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*
#   (2016)](https://arxiv.org/abs/1603.07285): every case of size, stride and padding, drawn.
# - [Goodfellow, Bengio and Courville, *Deep Learning*, chapter
#   9](https://www.deeplearningbook.org/contents/convnets.html): equivariance, pooling,
#   cross-correlation, with care.
# - [Zhang, *Making Convolutional Networks Shift-Invariant Again*
#   (2019)](https://arxiv.org/abs/1904.11486): aliasing of strided layers, and a cure.
# - [Araujo, Norris and Sim, *Computing Receptive Fields of Convolutional Neural Networks*
#   (2019)](https://distill.pub/2019/computing-receptive-fields/): the formula derived; and
#   [Luo and others (2016)](https://arxiv.org/abs/1701.04128) on the effective field.
# - [Simonyan and Zisserman (2014)](https://arxiv.org/abs/1409.1556) on stacks of 3×3, and
#   [Howard and others, *MobileNets* (2017)](https://arxiv.org/abs/1704.04861) on
#   separable ones.
# - [Islam, Jia and Bruce (2020)](https://arxiv.org/abs/2001.08248): zero padding tells a
#   network where it is.
# - [Keras: `Conv2D`](https://keras.io/api/layers/convolution_layers/convolution2d/): all
#   arguments.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [32 · Image classification](32_image_classification.ipynb). A digit reader for the post office, from raw images to one honest test. **Before:** [25 · Training loops](25_training_loops.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+31%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/32_image_classification.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/25_training_loops.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
