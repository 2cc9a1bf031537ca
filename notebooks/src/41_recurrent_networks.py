# ---
# jupyter:
#   dlcourse:
#     title: Recurrent networks
#     subtitle: One small cell, used at every step, learns what to keep and when to write
#     minutes: 70
#     further: 2
#     seconds: 40
#     needs: ["22", "23"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "memory is there or not"
#       stop: "sections 4 and 6"
#       ask: "\"The memory is perfect, and no gradient comes back: can both be true?\""
#       stuck: "gate order and shapes; show the drawing beside the code"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 41 · Recurrent networks
#
# *One small cell, used at every step, learns what to keep and when to write*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/41_recurrent_networks.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/41_recurrent_networks.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/41_recurrent_networks.ipynb)
#
# **Your time:** 70 minutes, and 2 for *Going further* · **The notebook runs in:** about 40 s on two CPU cores · **Before this:** lesson 22, lesson 23

# %% [markdown]
# ## You will be able to
#
# 1. Compute a recurrent layer step by step, unroll it and stack it. *(sections 2 and 3 · exercise 41.1)*
# 2. Say what distance and truncation leave of a gradient. *(sections 4 and 6 · exercise 41.2)*
# 3. Read and set the gates of an LSTM and a GRU. *(sections 5 and 6 · exercise 41.3)*
# 4. Let a network read sequences of different lengths, but not their padding. *(section 7 · break and fix · exercise 41.4)*

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
import re
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LogisticRegression

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, verify

lesson = dlcourse.start("41", profile=PROFILE, seed=SEED)

import keras
from keras import layers

RUNS = lesson.pick(quick=3, full=8)  # trainings of each cell in section 6
LOSS = keras.losses.BinaryCrossentropy(from_logits=True)
FAST = 7 if lesson.backend == "tensorflow" else 1  # batches per call: only speed

# %% [markdown]
# ## 1 · A jig or a reel?
#
# A fiddler starts to play. Do your feet count to three or to four? A bar of a **jig** has two groups of three notes
# (meter 6/8), a bar of a **reel** two groups of four (meter C|). Irish players write tunes in letters (ABC notation):
# `C D E F G A B` and, an octave higher, `c d e f g a b`. A number makes the note before it longer, and `|` ends a bar.
# Here are four of 1,128 real tunes (56 % jigs) from a book of 1903:

# %%
frame = datasets.folk_tunes().frame.drop_duplicates("number")
frame = frame[(frame["unit"] == "1/8") & frame["meter"].isin(["6/8", "C|"])]
LETTERS = "CDEFGABcdefgab234|"
N_HEARD = 32

def heard(notes):
    notes = re.sub(r"\{.*?\}|\(3", "", notes)  # no grace notes, no triplet marks
    notes = re.sub(f"[^{LETTERS}]", "", notes)  # no ornaments, no spaces
    notes = re.sub(r"\|+", "|", notes)  # one bar line at a time
    return notes[:N_HEARD]

tunes = frame["notes"].map(heard)
is_jig = (frame["meter"] == "6/8").to_numpy()
y = is_jig.astype("float32")[:, None]  # (tunes, 1): 1 for a jig, 0 for a reel

titles = frame["title"].str.lower()
rng = np.random.default_rng(dlcourse.derived_seed(lesson.seed, "test tunes"))
test_titles = rng.permutation(titles.unique())[: titles.nunique() // 4]
test = titles.isin(test_titles).to_numpy()  # a quarter, for section 3

for meter, places in {"6/8": [268, 300], "C|": [188, 204]}.items():
    shown = frame[frame["meter"] == meter].iloc[places]
    for row, title in shown["title"].items():
        print(f"{meter:3}  {tunes[row]}  {title}")

# %% [markdown]
# Count between two bar lines, a note with a 2 as two: six or eight (upbeats and triplets aside). (The 6/8 include slow
# airs, the C| hornpipes.) A network will hear one letter per step, and say after each: jig or reel?
#
# A dense network could flatten ten letters, with separate weights for every place, and raise a `ValueError` at the
# eleventh. Here one **cell** is shared over all *steps*. But to count, it needs a memory.
#
# ## 2 · One cell, used at every step
#
# The memory is a vector $h$, the **state**. Each step mixes the new input with the last state:
#
# $$h_t=\tanh(x_t W+h_{t-1} U+b), \qquad h_0=0$$
#
# Here $x_t$, `(batch, features)`, is the input at step $t$, and $h_t$, `(batch, units)`, the state after it. The **kernel**
# $W$, `(features, units)`, leads from input to state, the **recurrent kernel** $U$, `(units, units)`, from state to
# state. The bias is $b$, `(units,)`.
#
# The smallest case: one unit, one feature, $W=1$, $U=0.5$, $b=0$. It hears a 1, then silence:
#
# $$h_1=\tanh(1\cdot1+0.5\cdot0)=0.762, \qquad
# h_2=\tanh(1\cdot0+0.5\cdot0.762)=0.363$$
#
# **Predict.** What is left of the 0.762 after two silent steps: a half, a quarter, nothing?

# %%
def one_unit(inputs, u=0.5):
    h = 0.0
    states = []
    for x in inputs:  # the same cell at every step
        h = np.tanh(x + u * h)
        states.append(h)
    return np.array(states)
print("h:", *[f"{h:.3f}" for h in one_unit([1, 0, 0, 0])])

# %% [markdown]
# Nearly a quarter: 0.180. Memory is not simply there or not: here it fades, by about half at each step. **Unrolled**,
# with a copy of the cell for each step, the loop is a deep network whose layers share $W$ and $U$:
#
# ```text
# h₀ = 0 ──U──→ h₁ = 0.762 ──U──→ h₂ = 0.363 ──U──→ h₃ = 0.180 ──U──→ h₄ = 0.090
#                   ↑ W               ↑ W               ↑ W               ↑ W
#                 x₁ = 1            x₂ = 0            x₃ = 0            x₄ = 0
# ```
#
# ### Exercise 41.1
#
# Write the layer, with matrices: from sequences `(batch, steps, features)` to *all* states `(batch, steps, units)`.
#
# <details><summary>Hint 1</summary>Start with an h of zeros, shape (batch, units). Loop over x[:, t].</details>
# <details><summary>Hint 2</summary>Collect every h in a list. np.stack(states, axis=1) puts the steps
# second.</details>

# %% tags=["exercise"]
# Exercise 41.1: every state of a simple recurrent layer.
def simple_rnn(x, W, U, b):
    ...  # your code here

# %%
check("41.1", simple_rnn)

# %% tags=["solution"]
# @title Solution 41.1
def simple_rnn_solution(x, W, U, b):
    states = [np.zeros((len(x), len(U)))]  # the one before the first step
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ W + states[-1] @ U + b))
    return np.stack(states[1:], axis=1)
check("41.1", simple_rnn_solution)

# %% [markdown]
# ## 3 · A stack hears tunes
#
# In Keras this layer is `SimpleRNN`. By default it hands on its *last* state, `(batch, units)`. With
# `return_sequences=True` it hands on *all* states, `(batch, steps, units)`: a new sequence for a second recurrent
# layer. The last layer gives a **logit** after every letter: above 0 it means jig.

# %%
def network(*cells):
    inputs = keras.Input((None, len(LETTERS)))  # None: any number of letters
    model = keras.Sequential([inputs, layers.Masking(), *cells, layers.Dense(1)])
    optimizer = keras.optimizers.Adam(0.01, clipnorm=1.0)
    model.compile(optimizer, LOSS, steps_per_execution=FAST)
    return model
stack = network(*[layers.SimpleRNN(50, return_sequences=True) for _ in range(2)])
print(*[f"{layer.output.shape}: {layer.count_params()}" for layer in stack.layers])

# %% [markdown]
# Each letter comes as 18 features, a single 1 among zeros (**one-hot**). The first layer has
# $18\cdot50+50\cdot50+50=3{,}450$ parameters for $W$, $U$ and $b$, the second $50\cdot50+50\cdot50+50=5{,}050$; the
# number of steps does not enter. `Masking` waits for section 7. `clipnorm=1.0` cuts each weight array's gradient to at
# most length 1, for gradients can explode, too. A quarter of the titles, with all their tunes, is for the test.
#
# **Predict.** After 16 letters, about two bars: how often is the stack right? And a method that only counts letters,
# whatever their order?

# %%
def one_hot(tunes):  # strings of equal length
    places = [[LETTERS.index(letter) for letter in tune] for tune in tunes]
    return np.eye(len(LETTERS))[places]  # (tunes, steps, 18)

x = one_hot(tunes).astype("float32")
y_steps = np.repeat(y[:, None], N_HEARD, axis=1)  # the same answer at every step

def learn_tunes(model):  # return the test accuracy after 1, 2, ... letters
    keras.utils.set_random_seed(lesson.seed)
    model.fit(x[~test], y_steps[~test], batch_size=64, epochs=8, verbose=0)
    logits = keras.ops.convert_to_numpy(model(x[test]))  # (tunes, steps, 1)
    right = (logits > 0) == (y_steps[test] > 0)
    return right.mean(axis=(0, 2))

def counting_letters(n):
    counts = x[:, :n].sum(axis=1)  # (tunes, 18)
    judge = LogisticRegression(max_iter=1000).fit(counts[~test], y[~test, 0])
    return judge.score(counts[test], y[test, 0])

after_letters = {"SimpleRNN": learn_tunes(stack)}
counted = {n: counting_letters(n) for n in range(4, N_HEARD + 1, 4)}
claim("after 16 letters the stack is right on ≈ {:.0f} of 100 tunes it never heard",
      100 * after_letters["SimpleRNN"][15], at_least=90)
claim("counting letters is right on ≈ {:.0f} fewer",
      100 * (after_letters["SimpleRNN"][15] - counted[16]), at_least=11)

# %% tags=["hide-input"]
plt.plot(range(1, N_HEARD + 1), after_letters["SimpleRNN"], "^--", ms=5,
         color=plots.VERMILION, label="stack of SimpleRNN, in order")
plt.plot(counted.keys(), counted.values(), "x:", color="0.3", label="letters counted")
plt.gca().set(xlabel="letters heard", ylabel="test accuracy", ylim=(0.4, 1.03),
              title="The first full bar tells a jig from a reel")
plt.legend()
plots.show("Test accuracy against letters heard: the stack jumps close to 1 at about 12"
           " letters; counting letters rises slowly, and nearly reaches it at 28.")

# %% [markdown]
# The curve jumps after ten letters, when most first full bars have ended. At 28 the counter nearly catches up: it
# counts bar lines, too, and by then most jigs have four, most reels three.
#
# ## 4 · What distance leaves
#
# How far back can a cell *learn* to look? We make a task whose distances we know. A pilot hears one call per step: left
# (−1) or right (+1). Most is chatter. One call is flagged (flag 1, else 0), and at the end the pilot must name it. The
# **distance** counts the steps from the flag to the end.

# %%
def make_messages(n, length, seed):
    """Messages (n, length, 2): call, flag; answers (n, 1); each flag's step (n,)."""
    rng = np.random.default_rng(seed)
    rows = np.arange(n)
    calls = rng.choice([-1.0, 1.0], (n, length))
    flag_at = rng.integers(0, length, n)
    flags = np.zeros((n, length))
    flags[rows, flag_at] = 1  # one flag in each message
    answers = calls[rows, flag_at] > 0  # True for right
    messages = np.stack([calls, flags], axis=-1)
    return messages.astype("float32"), answers[:, None].astype("float32"), flag_at

messages, answers, flag_at = make_messages(3, 10, lesson.seed)
for i in range(3):
    arrows = []
    for call, flag in messages[i]:
        arrow = "→" if call > 0 else "←"
        arrows.append(f"[{arrow}]" if flag else arrow)
    print(" ".join(arrows), "  answer:", "right" if answers[i, 0] else "left")

# %% [markdown]
# Training sends lesson 22's gradient back through the unrolled network: **backpropagation through time**. $W$ and $U$
# are used at every step, so their gradients *add* over the steps. Each step back multiplies by a weight times the
# slope of the activation. For one unit, and then over a distance $d$:
#
# $$\frac{\partial h_t}{\partial h_{t-1}}=u\cdot(1-h_t^2), \qquad
# \frac{\partial h_T}{\partial h_{T-d}}=\prod_{t=T-d+1}^{T} u\cdot(1-h_t^2)$$
#
# **Predict.** With $u=1.4$ our unit keeps its call for ever. What becomes of the gradient? Then move $u$.

# %% tags=["hide-input"]
def memory_and_gradient(u=1.4, truncate_after=40):
    steps = np.arange(1, 41)
    h = one_unit([1.0] + [0.0] * 39, u=u)
    factors = np.append(u * (1 - h[1:] ** 2), 1.0)
    left = np.abs(np.cumprod(factors[::-1])[::-1])  # |dh_40 / dh_t|
    seen = steps > 40 - truncate_after
    axes = plt.subplots(1, 2, figsize=(10, 3.4))[1]
    axes[0].plot(steps, h, "o-", ms=3, color=plots.SKY)
    axes[0].set(xlabel="step t", ylabel="state $h_t$", ylim=(-1.05, 1.05),
                title=f"Memory: a call at step 1 leaves {h[-1]:.2f}")
    axes[1].semilogy(steps[seen], left[seen] + 1e-30, "s-", ms=3, color="black")
    axes[1].set(xlabel="step t", ylabel=r"$|\partial h_{40}/\partial h_t|$",
                xlim=(0, 41), ylim=(1e-20, 100), title="Gradient that comes back")
    if not seen.all():
        axes[1].axvspan(0, 40.5 - truncate_after, color="0.85")
        axes[1].text(1, 10, "exactly 0: truncated")

explore(memory_and_gradient, u=(-2.5, 2.5, 0.1), truncate_after=(1, 40),
        alt="One unit that hears 1 and then silence: its state over 40 steps, and the"
            " gradient of its last state with respect to each step, on a log axis.")

# %% [markdown]
# Above $u=1$ the unit **latches**: it stays at + or − for ever. Yet at $u=1.4$ the gradient is gone ($10^{-13}$), for
# where the unit rests, the slope $1-h^2$ is small. Between −1 and 1 both fade. A gradient says what a small nudge
# changes at the end; a *safe* memory shrugs nudges off, and so loses the gradient that would teach it.
#
# In a long stream one stops after $k$ steps, counting the last one: **truncated** backpropagation. Move
# `truncate_after`. What lies $k$ steps back or more gets no gradient. The state is still handed on.
#
# Or one cuts the stream into windows:

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(10, 3.2))
ways = {"in full": [(0, 20)], "windows of 8": [(0, 4), (4, 12), (12, 20)],
        "random windows": [(0, 7), (7, 9), (9, 20)]}
for y_row, (name, windows) in zip((2, 1, 0), ways.items(), strict=True):
    axis.text(-0.8, y_row, name, ha="right", va="center")
    for start, end in windows:
        color = plots.SKY if end == 20 else "0.8"
        axis.plot(range(start, end), [y_row] * (end - start), "o", ms=11, color=color)
        axis.annotate("", (start - 0.35, y_row - 0.3), (end - 0.65, y_row - 0.3),
                      arrowprops={"arrowstyle": "-|>", "color": "black", "lw": 1.5})
    axis.plot(10, y_row, "o", ms=17, mfc="none", mec="black")
axis.set(xlim=(-3.8, 20), ylim=(-0.5, 2.4))
axis.set_title("Three ways back from the last of 20 steps: who reaches the ringed one?")
axis.axis("off")
plots.show("Three rows of 20 steps, arrows back from the end: in full and in the random"
           " windows drawn here they reach step 10; in windows of 8 they do not.")

# %% [markdown]
# Random windows reach it now and then, windows of 8 never.
#
# ### Exercise 41.2
#
# Write `gradient_left(u, states, k)` for one unit. `states` holds $h_1, \dots, h_T$. Return an array of the same length
# whose entry for step $t$ is $\partial h_T/\partial h_t$. Only the last $k$ entries may differ from 0.
#
# <details><summary>Hint 1</summary>Start with zeros and put a 1 at the end, for ∂h_T/∂h_T = 1. It is the first of the k
# entries.</details>
# <details><summary>Hint 2</summary>Go back: left[t] = left[t + 1] * u * (1 - states[t + 1] ** 2). Stop after k entries, or at the
# first step.</details>

# %% tags=["exercise"]
# Exercise 41.2: what distance and truncation leave of a gradient.
def gradient_left(u, states, k):
    ...  # your code here

# %%
check("41.2", gradient_left)

# %% tags=["solution"]
# @title Solution 41.2
def gradient_left_solution(u, states, k):
    left = np.zeros(len(states))
    left[-1] = 1.0
    for t in range(len(states) - 2, max(len(states) - k, 0) - 1, -1):
        left[t] = left[t + 1] * u * (1 - states[t + 1] ** 2)
    return left
check("41.2", gradient_left_solution)

# %% [markdown]
# ## 5 · Gates: keep or write
#
# `SimpleRNN` pushes its whole state through $U$ and tanh at every step. The **LSTM** (long short-term memory) keeps a
# second state, the **cell state** $c$, and changes it only through **gates**: numbers from 0 (shut) to 1 (open). Each
# has the shape of $h$; $\sigma$ is lesson 21's sigmoid, and $\odot$ multiplies entry by entry.
#
# $$c_t=f_t\odot c_{t-1}+i_t\odot g_t, \qquad h_t=o_t\odot \tanh(c_t)$$
#
# | part | formula | it decides |
# |---|---|---|
# | forget gate $f_t$ | $\sigma(x_t W_f+h_{t-1} U_f+b_f)$ | how much of $c$ is *kept* |
# | input gate $i_t$ | $\sigma(x_t W_i+h_{t-1} U_i+b_i)$ | how much is written |
# | candidate $g_t$ | $\tanh(x_t W_g+h_{t-1} U_g+b_g)$ | what is written |
# | output gate $o_t$ | $\sigma(x_t W_o+h_{t-1} U_o+b_o)$ | how much is shown |

# %% tags=["hide-input"]
KEEP, WRITE, SHOW, HEAD = plots.GREEN, plots.ORANGE, plots.PURPLE, {"arrowstyle": "-|>"}
def draw_cell(title, parts, wires):
    axis = plt.subplots(figsize=(10, 4))[1]
    for x0, y0, text, color in parts:  # without a color: no box
        box = {"boxstyle": "circle" if text in "×+" else "round", "fc": "w"}
        axis.text(x0, y0, text, ha="center", va="center", zorder=3,
                  bbox={**box, "ec": color, "lw": 2} if color else None)
    for x0, y0, *more in wires:  # in pairs of coordinates
        path = [(x0, y0), *zip(more[::2], more[1::2], strict=True)]
        axis.plot(*zip(*path, strict=True), color="black", lw=1.4)
        axis.annotate("", path[-1], path[-2], arrowprops={**HEAD, "fc": "k"})
    axis.set(xlim=(-0.5, 10.5), ylim=(-0.1, 4.0), title=title), axis.axis("off")
draw_cell("LSTM: the upper lane is the memory, and gates work on it", [
    (2, 3.4, "×", KEEP), (4.6, 3.4, "+", "k"), (4.6, 2.3, "×", WRITE),
    (2, 1.15, "forget\nf = 0.9", KEEP), (3.8, 1.15, "input\ni = 0.5", WRITE),
    (5.4, 1.15, "candidate\ng = −1", "k"), (7.1, 1.15, "output\no = 1", SHOW),
    (8.2, 1.9, "×", SHOW), (8.2, 2.7, "tanh", "k"), (0.1, 3.4, "old c = 1", ""),
    (9.8, 3.4, "new c = 0.4", ""), (9.8, 1.9, "new h = 0.38", ""),
    (0.1, 0.25, "old h, x", ""), (3.3, 3.6, "0.9", ""), (5, 2.85, "−0.5", "")],
    [(0.75, 3.4, 1.75, 3.4), (2.25, 3.4, 4.35, 3.4), (4.85, 3.4, 9, 3.4),
     (2, 1.5, 2, 3.1), (3.8, 1.5, 3.8, 2.3, 4.35, 2.3), (5.4, 1.5, 5.4, 2.3, 4.85, 2.3),
     (4.6, 2.5, 4.6, 3.1), (8.2, 3.4, 8.2, 2.93), (8.2, 2.5, 8.2, 2.16),
     (7.1, 1.5, 7.1, 1.9, 7.95, 1.9), (8.45, 1.9, 9, 1.9),
     *((0.75, 0.25, x0, 0.25, x0, 0.78) for x0 in (2, 3.8, 5.4, 7.1))])
plots.show("LSTM: old c, 1, times f, 0.9, plus i, 0.5, times g, −1, is new c, 0.4.")

# %% [markdown]
# By hand: $c=0.9\cdot1+0.5\cdot(-1)=0.4$, and $h=1\cdot \tanh(0.4)=0.380$.
# Along the lane the derivative is $\partial c_t/\partial c_{t-1}=f_t$: no $U$, no tanh. With $f$ near 1 the gradient passes.
#
# The **GRU** makes do with one state and two gates. The **update gate** $z$ chooses between the old state and the
# candidate $\tilde h$; the **reset gate** $r$ says how much of the past the candidate may use:
#
# $$z_t=\sigma(x_t W_z+b_z+h_{t-1} U_z+b'_z), \qquad
# r_t=\sigma(x_t W_r+b_r+h_{t-1} U_r+b'_r)$$
#
# $$\tilde h_t=\tanh\!\big(x_t W_h+b_h+r_t\odot (h_{t-1} U_h+b'_h)\big), \qquad
# h_t=z_t\odot h_{t-1}+(1-z_t)\odot \tilde h_t$$

# %% tags=["hide-input"]
draw_cell("GRU: one lane, and what is kept and what is written share it", [
    (2, 3.4, "×", KEEP), (7.4, 3.4, "+", "k"), (7.4, 2.3, "×", KEEP),
    (2, 1.15, "update\nz = 0.9", KEEP), (3.9, 1.15, "reset\nr = 1", plots.SKY),
    (5.6, 1.15, "×", plots.SKY), (7.4, 1.15, "candidate\n−1", "k"),
    (0.1, 3.4, "old h = 1", ""), (9.75, 3.4, "new h = 0.8", ""), (7.65, 0.55, "x", ""),
    (4.7, 2.5, "1 − z = 0.1", ""), (7.85, 2.85, "−0.1", ""), (4.7, 3.6, "0.9", ""),
    (6.1, 0.55, "old h · U", ""), (0.1, 0.25, "old h, x", "")],
    [(0.75, 3.4, 1.75, 3.4), (2.25, 3.4, 7.15, 3.4), (7.65, 3.4, 9, 3.4),
     (2, 1.5, 2, 3.1), (2, 2.3, 7.15, 2.3), (7.4, 2.55, 7.4, 3.1), (7.4, 1.5, 7.4, 2),
     (4.35, 1.15, 5.35, 1.15), (5.85, 1.15, 6.7, 1.15), (5.6, 0.25, 5.6, 0.88),
     *((0.75, 0.25, x0, 0.25, x0, 0.78) for x0 in (2, 3.9, 7.4))])
plots.show("GRU: old h, 1, times z, 0.9, plus 1 − z, 0.1, times the candidate, −1, is"
           " new h, 0.8. The reset gate multiplies what the candidate hears of old h.")

# %% [markdown]
# By hand: $h=0.9\cdot1+0.1\cdot(-1)=0.8$. (Some papers swap $z$ and $1-z$.) Keras stores the parts side by side,
# $i, f, g, o$ and $z, r, h$. So an LSTM has four times the parameters of a `SimpleRNN`, a GRU three times and the second
# bias $b'$.

# %%
def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))  # = 1 / (1 + exp(-z)), and never overflows

def rnn_step(x, h, weights):
    W, U, b = weights
    return np.tanh(x @ W + h @ U + b)

def lstm_step(x, state, weights):  # the state holds h and c side by side
    W, U, b = weights
    h, c = np.split(state, 2, axis=-1)
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return np.concatenate([h, c], axis=-1)

def gru_step(x, h, weights):
    W, U, biases = weights
    z_x, r_x, g_x = np.split(x @ W + biases[0], 3, axis=-1)  # b in the formulas
    z_h, r_h, g_h = np.split(h @ U + biases[1], 3, axis=-1)  # b'
    z = sigmoid(z_x + z_h)
    r = sigmoid(r_x + r_h)
    candidate = np.tanh(g_x + r * g_h)
    return z * h + (1 - z) * candidate

# %%
UNITS = 8
CELLS = {"SimpleRNN": layers.SimpleRNN, "GRU": layers.GRU, "LSTM": layers.LSTM}
STEPS = {"SimpleRNN": rnn_step, "GRU": gru_step, "LSTM": lstm_step}
STATE_SIZE = {"SimpleRNN": UNITS, "GRU": UNITS, "LSTM": 2 * UNITS}

def run(name, weights, x):
    """All states of our own cell, shape (batch, steps, size)."""
    state = np.zeros((len(x), STATE_SIZE[name]))
    states = []
    for t in range(x.shape[1]):
        state = STEPS[name](x[:, t], state, weights)
        states.append(state)
    return np.stack(states, axis=1)

for name, cell in CELLS.items():  # the witness: Keras's layers, with the same weights
    layer = cell(UNITS, return_sequences=True)
    by_keras = keras.ops.convert_to_numpy(layer(messages))
    ours = run(name, layer.get_weights(), messages)[..., :UNITS]  # h, without c
    gap = np.abs(ours - by_keras).max()
    limit = 1e-5 if lesson.device == "CPU" else 1e-2
    verify(f"{name} by hand and by Keras agree", gap, at_most=limit)
    print(f"{name:9} by hand and by Keras the same, {layer.count_params()} parameters")

# %% [markdown]
# The LSTM below has one unit, no $U$, and the candidate $\tanh(2\cdot\text{call})$; its sliders start near a fresh
# Keras layer (forget bias 1). Set them so that $c$ moves at the flag only, and stays.

# %% tags=["hide-input"]
chatter = np.random.default_rng(8).choice([-1.0, 1.0], 40)

def gates(flag_at=8, forget_bias=1.0, input_bias=0.0, flag_weight=0.0):
    steps = np.arange(40)
    c = [0.0]
    f = np.full(40, sigmoid(forget_bias))
    i = sigmoid(input_bias + flag_weight * (steps == flag_at))
    for t in steps:
        c.append(f[t] * c[-1] + i[t] * np.tanh(2 * chatter[t]))
    axes = plt.subplots(3, 1, figsize=(9, 5.4), sharex=True)[1]
    axes[0].bar(steps, chatter, color="0.75")
    axes[0].bar(flag_at, chatter[flag_at], color=plots.SKY, hatch="//")
    axes[1].plot(steps, f, "s-", ms=4, color=KEEP, label="forget gate f (keeps)")
    axes[1].plot(steps, i, "o--", ms=4, color=WRITE, label="input gate i (writes)")
    axes[2].plot(steps, c[1:], "D-", ms=4, color="black")
    kept = c[-1] * chatter[flag_at]  # with the sign of the flagged call: 1 is perfect
    axes[0].set(ylabel="call", title="One call is flagged (hatched)")
    axes[1].set(ylabel="gate", ylim=(-0.35, 1.1))
    axes[2].set(ylabel="cell state c", xlabel="step", ylim=(-2.5, 2.5),
                title=f"At the end, c points the flagged way with {kept:+.2f}")
    axes[1].legend(ncols=2, loc="lower right")

explore(gates, flag_at=(0, 39), forget_bias=(-4.0, 8.0, 0.5),
        input_bias=(-8.0, 4.0, 0.5), flag_weight=(0.0, 16.0, 0.5),
        alt="Calls, gates and cell state over 40 steps of a one-unit LSTM.")

# %% [markdown]
# ### Exercise 41.3
#
# Write an LSTM of one unit that names the flagged call in messages of 100 steps. Each part gets three numbers:
# `(weight of the call, weight of the flag, bias)`, and $U=0$. At the end of nearly all messages (95 %) $h$ must have
# the sign of the flagged call and a size of at least 0.5.
#
# <details><summary>Hint 1</summary>Start from the sliders. A gate whose sum is 6 is open, at −6 it is shut.</details>
# <details><summary>Hint 2</summary>f: (0, 0, 8) keeps. i must be shut without the flag and open with it: a bias of −8
# and a flag weight of 16.</details>

# %% tags=["exercise"]
# Exercise 41.3: (call, flag, bias) for each part.
design = {"i": ..., "f": ..., "g": ..., "o": ...}

# %%
check("41.3", design)

# %% tags=["solution"]
# @title Solution 41.3
design_solution = {"i": (0, 16, -8), "f": (0, 0, 8), "g": (3, 0, 0), "o": (0, 0, 8)}
check("41.3", design_solution)

# %% [markdown]
# ## 6 · Memory, measured
#
# All three cells get the same messages of 40 steps, 8 units and the same training, from several starts
# (`dlcourse.repeat`). Then they hear messages of 200 steps. How good will they be, by distance? Guessing gives 0.5.

# %%
def build(cell):
    model = keras.Sequential([
        keras.Input((None, 2)),
        cell(UNITS),
        layers.Dense(1),
    ])
    model.compile(keras.optimizers.Adam(0.02, clipnorm=1.0), LOSS)
    return model

def train(model, repeat):
    fresh = model.get_weights()
    seed = dlcourse.derived_seed(lesson.seed, repeat)
    messages, answers, _ = make_messages(2048, 40, seed)
    model.fit(messages, answers, batch_size=128, epochs=8, verbose=0)
    return {"fresh": fresh, "trained": model.get_weights()}

builders = {name: partial(build, cell) for name, cell in CELLS.items()}
trainings = dlcourse.repeat(RUNS, builders, train, steps_at_once=16)
weights = {}  # (when, cell): a list with the weights of each run
for when in ("fresh", "trained"):
    for name in CELLS:
        rows = trainings["contender"] == name
        weights[when, name] = trainings.loc[rows, when].to_list()

# %%
def is_right(name, weights, x, y):
    """Whether our own cell, with these weights, answers each message rightly: (n,)."""
    *cell, W_dense, b_dense = weights
    last = run(name, cell, x)[:, -1, :UNITS]
    logits = last @ W_dense + b_dense  # (n, 1)
    right = (logits > 0) == (y > 0)
    return right[:, 0]

far_seed = dlcourse.derived_seed(lesson.seed, "far")
x_far, y_far, flag_at = make_messages(1000, 200, far_seed)
twenties = (199 - flag_at) // 20  # 0 for distance 0 to 19, 1 for 20 to 39, ...
recall = {}  # accuracy by distance: (runs, 10)
for name in CELLS:
    recall[name] = np.zeros((RUNS, 10))
    for i in range(RUNS):
        right = is_right(name, weights["trained", name][i], x_far, y_far)
        for place in range(10):
            recall[name][i, place] = right[twenties == place].mean()
worst = {name: 100 * rows.mean(axis=1).min() for name, rows in recall.items()}
claim("GRU and LSTM learn it from every start: the worst is right on ≈ {:.0f} of 100",
      min(worst["GRU"], worst["LSTM"]), at_least=70)
claim("SimpleRNN does not: its worst start is right on ≈ {:.0f} of 100",
      worst["SimpleRNN"], at_most=75)

# %% tags=["hide-input"]
LOOKS = {"SimpleRNN": (plots.VERMILION, "^--"), "GRU": (plots.GREEN, "o-"),
         "LSTM": (plots.BLUE, "s-.")}
plt.figure(figsize=(8, 3.8))
plt.axvspan(0, 40, color="0.93")
plt.text(2, 1.07, "trained on these distances", fontsize=10)
for name, (color, line) in LOOKS.items():
    plt.plot(20 * np.arange(10) + 10, recall[name].T, line, color=color, lw=1.3, ms=5)
    plt.plot([], [], line, color=color, label=f"{name}, each start")
plt.axhline(0.5, color="black", lw=1, ls=":")
plt.legend(loc="center right")
plt.gca().set(xlabel="distance from the flag to the end (steps)", xlim=(0, 200),
              ylabel="test accuracy", ylim=(0.35, 1.13))
plt.title("Gated cells learn to hold the call; SimpleRNN seldom does", pad=10)
plots.show("Accuracy against distance up to 200 steps, a line per start: GRU and LSTM"
           " near 1 throughout, most starts of SimpleRNN near 0.5.")

# %% [markdown]
# From every start here GRU and LSTM name nearly every call, even five times farther back than in training. `SimpleRNN`
# mostly guesses, even where the flag is near. It *can* hold a call: our latch did, through silence, and in 1 of 11
# earlier starts it learned the whole task. It is hard to *teach*.
#
# So measure the teaching signal: how strongly does the last state $s$ ($h$; in an LSTM $h$ and $c$) depend on the one
# $d$ steps earlier? Again $d$ factors multiply, now each a matrix, $\partial s_t/\partial s_{t-1}$, found by nudging.
# The product's size is 1 if all is passed on unchanged.
#
# **Predict.** *Before* training, which of the three passes on most?

# %%
def gradient_back(name, weights, x):
    """Size of d(last state) / d(state d steps before) for d = 1, 2, ..."""
    weights = [w.astype(float) for w in weights[:3]]  # those of the cell
    states = run(name, weights, x)[:, :, None]  # (batch, steps, 1, size)
    nudges = 1e-5 * np.eye(STATE_SIZE[name])  # each row nudges one entry
    product = np.eye(STATE_SIZE[name])
    logs = []
    for t in range(x.shape[1] - 1, 0, -1):
        up = STEPS[name](x[:, [t]], states[:, t - 1] + nudges, weights)
        down = STEPS[name](x[:, [t]], states[:, t - 1] - nudges, weights)
        product = (up - down) / 2e-5 @ product  # (batch, size, size)
        norm = np.linalg.norm(product, axis=(1, 2)) / np.sqrt(STATE_SIZE[name])
        logs.append(np.log10(norm).mean())
    return 10 ** np.array(logs)

read_seed = dlcourse.derived_seed(lesson.seed, "read")
x_read = make_messages(20, 40, read_seed)[0].astype(float)
gradient = {}  # (when, cell): (runs, 39)
for (when, name), runs in weights.items():
    gradient[when, name] = np.array([gradient_back(name, w, x_read) for w in runs])
left = {name: 10 ** np.log10(gradient["fresh", name][:, -1]).mean() for name in CELLS}
claim("over 39 steps a fresh GRU passes on ≈ {:.0e} of a gradient", left["GRU"],
      at_most=1e-6)
claim("and a fresh SimpleRNN ≈ {:.0e} times as much", left["SimpleRNN"] / left["GRU"],
      at_least=10)

# %% tags=["hide-input"]
axes = plt.subplots(1, 2, figsize=(10.5, 3.8), sharey=True)[1]
axes[0].set_ylabel(r"size of $\partial s_T / \partial s_{T-d}$")
for axis, title in zip(axes, ("Fresh: the GRU's fades fastest", "Trained: no rule")):
    for name, (color, line) in LOOKS.items():
        rows = gradient[title.split(":")[0].lower(), name]
        axis.semilogy(range(1, 40), rows.T, line, color=color, ms=3)[0].set_label(name)
    axis.set(title=title, xlabel="distance d (steps)", ylim=(1e-13, 10)), axis.legend()
plots.show("A line per start. Fresh: all fall, the GRU's most. Trained: 1 to tiny.")

# %% [markdown]
# A surprise: the fresh GRU passes on *least*. A fresh GRU has $z$ near $\sigma(0)=0.5$. Its lane alone would leave
# $0.5^{39} \approx 2\cdot10^{-12}$; the way through the candidate adds the rest. A fresh LSTM has $f$ near
# $\sigma(1)=0.73$. `SimpleRNN` starts with an orthogonal $U$, which preserves lengths, so only tanh shrinks its
# gradient. After training there is no rule. In earlier trials one GRU never erred, and passed on $10^{-11}$, like
# section 4's latch: *holding* a call needs no gradient. Nor does the fresh gradient tell who will learn: the GRU did,
# `SimpleRNN` did not. (Why is left open.)
#
# So have the gates opened? Read them. All flags now stand at step 20.

# %%
def keep_gate(name, weights, x):  # a GRU's z, an LSTM's f: (batch, steps - 1, units)
    W, U, b = [w.astype(float) for w in weights[:3]]
    h = run(name, (W, U, b), x)[:, :-1, :UNITS]  # one step earlier
    sums = x[:, 1:] @ W + h @ U + np.atleast_2d(b).sum(axis=0)  # a GRU has two biases
    if name == "GRU":
        return sigmoid(sums[..., :UNITS])  # z comes first: z, r, h
    return sigmoid(sums[..., UNITS : 2 * UNITS])  # f comes second: i, f, g, o

x_read[:, :, 1] = np.arange(40) == 20
gate = {}
drop = {}
for (when, name), runs in weights.items():
    if name == "SimpleRNN":
        continue  # it has no gates
    kept = np.array([keep_gate(name, w, x_read).mean(axis=0) for w in runs])
    values = kept.mean(axis=(0, 2))  # the mean of starts and units: (39,)
    between = np.delete(values, 19).mean()  # values[19] is step 20, with the flag
    top = kept.mean(axis=1).max(axis=1).mean()  # each start's most open unit
    print(f"{name:4} {when:7} keeps ≈ {between:.2f}, at the flag ≈ {values[19]:.2f};"
          f" most open unit ≈ {top:.2f}")
    gate[when, name] = values
    drop[when, name] = between - values[19]
fall = (drop["trained", "GRU"] + drop["trained", "LSTM"]) / 2
claim("trained, the gates that keep fall by ≈ {:.2f} at the flag", fall, at_least=0.1)

# %% tags=["hide-input"]
for (when, name), values in gate.items():
    line = ":" if when == "fresh" else LOOKS[name][1]
    plt.plot(range(1, 40), values, line, color=LOOKS[name][0], label=f"{name}, {when}")
plt.xlabel("step (the flag stands at 20)"), plt.ylim(0, 1), plt.legend(ncols=2)
plt.ylabel("gate that keeps"), plt.title("At the flag the gates close in part")
plots.show("Mean keep gate per step. Fresh: flat at 0.5 (GRU) and 0.73 (LSTM). Trained:"
           " nearly the same, with a deep dip at step 20, where the flag stands.")

# %% [markdown]
# They have not opened: away from the flag a GRU keeps, on average, about half of its old state per step, an LSTM three
# quarters, no unit nearly all (means of starts). They have learned to *shut*, in part, at the
# flag. Then what holds the call? A test: let the candidate no longer hear the old state.

# %%
def without_loop(weights):
    W, U, *rest = weights
    part = np.arange(U.shape[1]) // UNITS  # the candidate is part 2 in both orders
    return [W, np.where(part == 2, 0, U), *rest]
cut = {name: np.mean([is_right(name, without_loop(w), x_far, y_far)
                      for w in weights["trained", name]]) for name in ("GRU", "LSTM")}
claim("without this loop GRU and LSTM lose ≈ {:.0f} of 100 answers, or more",
      100 * min(recall[name].mean() - cut[name] for name in cut), at_least=30)

# %% [markdown]
# So these trained cells need the way through the candidate: they seem to rewrite the call at every step, like the
# latch. Your design of exercise 41.3 keeps it in the lane, which works as well.
#
# ## 7 · Back to the tunes
#
# Does a GRU beat the stack of `SimpleRNN` at jigs and reels?

# %%
gru = network(layers.GRU(32, return_sequences=True))
after_letters["GRU"] = learn_tunes(gru)
for name, model in {"SimpleRNN": stack, "GRU": gru}.items():
    right = [f"{n} letters ≈ {after_letters[name][n - 1]:.2f}" for n in (8, 16, 32)]
    print(f"{name:9} {model.count_params():,} parameters, right after", *right)
claim("after 32 letters the GRU is right on ≈ {:.0f} of 100 tunes",
      100 * after_letters["GRU"][-1], at_least=84)

# %% [markdown]
# Not here: a bar is short. (One training each.) Ask how far apart cause and effect lie before you reach for gates.
#
# Recordings differ in length, so in a batch short ones are **padded**. To a cell, padding is input like any other. A
# **mask** says which steps are real; at the others Keras copies the state on. `Masking()` masks a step when *all* its
# features are 0.
#
# ## Break and fix
#
# A colleague takes your GRU. Her recordings have 12 to 24 letters. She pads them to 64, and `Masking` stands in front.

# %%
rng = np.random.default_rng(dlcourse.derived_seed(lesson.seed, "recordings"))
recordings = [tune[: rng.integers(12, 25)] for tune in tunes[test]]

def prepare(tunes, length=64):
    """Pad after the last letter, then one-hot: (tunes, length, 18)."""
    places = [[LETTERS.index(letter) for letter in tune] for tune in tunes]
    padded = keras.utils.pad_sequences(places, length, padding="post")
    return keras.utils.to_categorical(padded, len(LETTERS))

def last_logits(batch):
    logits = keras.ops.convert_to_numpy(gru(batch))  # (tunes, steps, 1)
    return logits[:, -1, 0]

at_24 = last_logits(prepare(recordings, 24))
at_64 = last_logits(prepare(recordings, 64))
accuracy = np.mean((at_64 > 0) == is_jig[test])
print(f"accuracy ≈ {accuracy:.2f}, called reels ≈ {np.mean(at_64 < 0):.2f}; the first:"
      f" padded to 24, logit ≈ {at_24[0]:+.2f}, to 64 ≈ {at_64[0]:+.2f}")
verify("padding moves answers", np.abs(at_24 - at_64).max(), at_least=0.1)

# %% [markdown]
# Two symptoms: it is less accurate than yours, and its answer to *one* recording depends on how far it is padded.
# What does a padded step look like when it reaches `Masking`? Try `prepare(["dFF"], 5)`.
#
# ### Exercise 41.4
#
# Write `prepare_mended`, whose padding is not heard. It still returns `(tunes, length, 18)`, padded at the
# end. No tune is longer than `length`, and each letter's feature is its place in `LETTERS`.
#
# <details><summary>Hint 1</summary>pad_sequences fills up with 0. Which letter has the number 0?</details>
# <details><summary>Hint 2</summary>First one-hot, tune by tune: np.eye(18)[ids]. Then pad those arrays, with dtype="float32":
# pad_sequences fills up with rows of zeros.</details>

# %% tags=["exercise"]
# Exercise 41.4: tunes (strings) to a batch whose padding can be masked.
def prepare_mended(tunes, length=64):
    ...  # your code here

# %%
check("41.4", prepare_mended)

# %% tags=["solution"]
# @title Solution 41.4
def prepare_solution(tunes, length=64):
    coded = [one_hot([tune])[0] for tune in tunes]  # (letters, 18) each
    return keras.utils.pad_sequences(coded, length, dtype="float32", padding="post")
check("41.4", prepare_solution)
mended = last_logits(prepare_solution(recordings))
print(f"accuracy ≈ {np.mean((mended > 0) == is_jig[test]):.2f}")

# %% [markdown]
# Every recording ended in a long low `C`, letter number 0: forty notes or more, and the GRU listened. `Masking` found
# nothing to mask.
#
# ## Going further: both directions, endless streams
#
# `Bidirectional` runs a second cell from the end to the start and joins both states at every step. `stateful=True` goes on
# from where the last batch stopped, until `reset_state()`; row $n$ of each batch must continue row $n$ of the last. Trained
# so, the state crosses the window's edge and the gradient does not: section 4's windows.

# %%
tune = x[:1]
changed = tune.copy()
changed[0, 15] = np.roll(changed[0, 15], 1)  # another letter at step 15
one_way = layers.GRU(8, return_sequences=True)
both_ways = layers.Bidirectional(layers.GRU(8, return_sequences=True))
for name, layer in {"one way": one_way, "both ways": both_ways}.items():
    gap = keras.ops.convert_to_numpy(layer(tune) - layer(changed))  # (1, steps, units)
    noticed = np.flatnonzero(np.abs(gap).max(axis=(0, 2)) > 1e-7)
    print(f"{name:9} the change at step 15 is first noticed at step {noticed[0]:2}")

stream = keras.Sequential([
    keras.Input(batch_shape=(1, None, 18)),
    layers.GRU(32, stateful=True),
    layers.Dense(1),
])
stream.set_weights(gru.get_weights())
whole = keras.ops.convert_to_numpy(gru(tune))[0, -1, 0]
for window in np.split(tune, 4, axis=1):  # of 8 letters each
    in_windows = float(stream(window)[0, 0])
stream.layers[0].reset_state()
alone = float(stream(tune[:, 24:])[0, 0])
print(f"whole tune: logit ≈ {whole:+.2f}; in four windows ≈ {in_windows:+.2f};"
      f" the last window alone ≈ {alone:+.2f}")
verify("windows with state equal one pass", abs(in_windows - whole), at_most=1e-3)

# %% [markdown]
# A layer that reads both ways notices at step 0 what comes at step 15. So `Bidirectional` suits whole texts (lesson
# 43). It cannot give a forecast at every step (lesson 42): the steps it would read are still to come.

# %% [markdown]
# ## Quiz

# %%
quiz("41")

# %% [markdown]
# ## Summary
#
# - A recurrent layer applies one cell at every step: $h_t=\tanh(x_t W+h_{t-1} U+b)$.
# - Distance multiplies a gradient by a factor per step; truncated after $k$ steps, what lies $k$ back gets none.
# - A safe latch passes on little gradient. Memory, gradient and gates are three things: measure each.
# - Gated cells learned distances that `SimpleRNN` did not.
#
# An hour ago your networks took inputs of one size. Now one listens to a tune, and you know what it remembers.
#
# ## Common mistakes
#
# | mistake | how it shows |
# |---|---|
# | `return_sequences` missing before a second recurrent layer | ValueError: expected ndim=3, found ndim=2 |
# | a mask that finds nothing | one sequence, different answers in different batches |
#
# ## Read more
#
# - C. Olah, [Understanding LSTM networks](https://colah.github.io/posts/2015-08-Understanding-LSTMs/), 2015.
# - Y. Bengio and others, [the latch](https://doi.org/10.1109/72.279181), 1994.
# - S. Hochreiter, J. Schmidhuber, [Long short-term memory](https://doi.org/10.1162/neco.1997.9.8.1735), 1997; F. Gers and
#   others, [the forget gate](https://doi.org/10.1162/089976600300015015), 2000.
# - K. Cho and others, [the GRU](https://arxiv.org/abs/1406.1078), 2014.
# - C. Tallec, Y. Ollivier, [gates that start open](https://arxiv.org/abs/1804.11188), 2018; [random
#   windows](https://arxiv.org/abs/1705.08209), 2017.
# - R. Pascanu and others, [vanishing and exploding](https://arxiv.org/abs/1211.5063), 2013.
# - A. Zhang and others, [Dive into deep learning](https://d2l.ai/chapter_recurrent-neural-networks/bptt.html): truncation.
# - F. O'Neill, *O'Neill's Music of Ireland*, 1903, typed in by volunteers, in
#   [music21](https://github.com/cuthbertLab/music21).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [42 · Time series forecasting](42_time_series_forecasting.ipynb). A rule of one line beats a recurrent network. When does a network win, and by how much?. **Before:** [35 · Deep architectures](35_deep_architectures.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+41%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/42_time_series_forecasting.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/35_deep_architectures.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
