# ---
# jupyter:
#   dlcourse:
#     title: Recurrent networks
#     subtitle: One small cell, used at every step, learns what to remember
#     minutes: 85
#     seconds: 56
#     needs: ["22", "23"]
#     backends: [tensorflow, jax, torch]
#     teaching:
#       believe: "memory is there or not"
#       stop: "sections 2 and 6"
#       ask: "\"What is left after two silent steps?\" Then accuracy against distance"
#       stuck: "gate order and shapes; show the drawing beside the code"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 41 · Recurrent networks
#
# *One small cell, used at every step, learns what to remember*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/41_recurrent_networks.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/41_recurrent_networks.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/41_recurrent_networks.ipynb)
#
# **Your time:** 85 minutes · **The notebook runs in:** about 56 s on two CPU cores · **Before this:** lesson 22, lesson 23

# %% [markdown]
# ## You will be able to
#
# 1. compute a recurrent cell step by step, unroll it, and make a unit that holds on to what
#    it heard  *(section 2 · exercises 41.1 and 41.2)*
# 2. stack recurrent layers and predict their shapes and parameters
#    *(sections 3 and 5 · exercise 41.3)*
# 3. explain how distance weakens a gradient, and what truncation removes
#    *(sections 4 and 6 · quiz)*
# 4. read and set the gates of an LSTM, and compute LSTM and GRU by hand
#    *(section 5 · exercise 41.4)*
# 5. handle messages of different lengths, both directions and endless streams
#    *(section 7 and break and fix · exercise 41.5 · quiz)*

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
from dlcourse import check, claim, explore, plots, quiz, verify

lesson = dlcourse.start("41", profile=PROFILE, seed=SEED)
import keras
from keras import layers

# %% [markdown]
# ## 1 · The problem: one call in a stream of chatter
#
# A pilot hears one call per step: left (−1) or right (+1). Most of it is chatter. One call
# is flagged, "this one". When the message ends, the pilot must name the flagged call.
#
# A message is an array `(steps, 2)`: the call, and the flag (1 once, else 0). The
# **distance** is the number of steps from the flag to the end. We make the messages
# ourselves, so we know every answer.

# %%
def make_messages(n, length, seed):
    """Messages (n, length, 2), answers (n, 1), and the step of each flag (n,)."""
    rng, rows = np.random.default_rng(seed), np.arange(n)
    calls = rng.choice([-1.0, 1.0], (n, length))
    flag_at = rng.integers(0, length, n)
    flags = np.zeros((n, length))
    flags[rows, flag_at] = 1
    answers = calls[rows, flag_at] > 0  # 1 for right, 0 for left
    messages = np.stack([calls, flags], axis=-1)
    return messages.astype("float32"), answers[:, None].astype("float32"), flag_at

messages, answers, flag_at = make_messages(4, 10, lesson.seed)
for message, answer, step in zip(messages, answers, flag_at, strict=True):
    calls = ["→" if call > 0 else "←" for call in message[:, 0]]
    calls[step] = f"[{calls[step]}]"
    print(" ".join(calls), "  answer:", "right" if answer[0] else "left")

# %% [markdown]
# **Predict.** A dense network from lesson 23 can flatten ten steps into 20 inputs. What
# happens when the eleventh step arrives?

# %%
def dense_network(length):
    return keras.Sequential([keras.Input((length, 2)), layers.Flatten(),
                             layers.Dense(50, activation="relu"), layers.Dense(1)])
print("parameters:", *(dense_network(n).count_params() for n in (10, 100, 1000)))
try:
    dense_network(10)(make_messages(1, 11, lesson.seed)[0])
except ValueError:
    print("11 steps into the 10-step network: ValueError")

# %% [markdown]
# It refuses. It also has separate weights for every step, so it must learn "flagged means
# important" anew at each place. Lesson 31 had this trouble with pixels and shared one kernel
# over all places. Here one **cell** is shared over all *steps*. But a cell that sees only the
# present step cannot know the past. It needs a memory.

# %% [markdown]
# ## 2 · One cell, used at every step
#
# The memory is a vector $h$, the **state**. At each step the cell mixes the new input with
# its own last state:
#
# $$h_t = \tanh(x_t W + h_{t-1} U + b), \qquad h_0 = 0$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $x_t$ | input at step $t$ | `(batch, features)` |
# | $h_t$ | state after step $t$ | `(batch, units)` |
# | $W$ | **kernel**, from input to state | `(features, units)` |
# | $U$ | **recurrent kernel**, from state to state | `(units, units)` |
# | $b$ | bias | `(units,)` |
#
# Smallest case: one unit, one feature, $W = 1$, $U = 0.5$, $b = 0$. It hears 1, then silence:
# $h_1 = \tanh(1 \cdot 1 + 0.5 \cdot 0) = 0.762$,
# $h_2 = \tanh(1 \cdot 0 + 0.5 \cdot 0.762) = 0.363$.
#
# **Predict.** What is left of the 1 after two silent steps: about a half, a quarter, nothing?

# %%
def one_unit(inputs, w=1.0, u=0.5, b=0.0):
    h, states = 0.0, []
    for x in inputs:  # the same w, u, b at every step
        h = np.tanh(x * w + h * u + b)
        states.append(h)
    return np.array(states)

def box(place, text, color):
    plt.text(*place, text, ha="center", va="center", fontsize=13,
             bbox={"boxstyle": "round,pad=0.5", "fc": "white", "ec": color, "lw": 2})
def arrow(start, end, label):
    plt.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "lw": 1.8, "fc": "k"})
    plt.text(*np.mean([start, end], axis=0) + [0.06, 0.07], label, fontsize=11)

plt.figure(figsize=(10, 3))
for t, (x, h) in enumerate(zip([1, 0, 0, 0], one_unit([1, 0, 0, 0]), strict=True)):
    box((2 * t, 0), f"$x_{t + 1}$ = {x}", plots.BLUE)
    box((2 * t, 1), f"$h_{t + 1}$ = {h:.3f}", plots.VERMILION)
    arrow((2 * t, 0.2), (2 * t, 0.8), "$W$")
    arrow((2 * t - 1.45, 1), (2 * t - 0.55, 1), "$U$")
plt.text(-1.8, 1, "$h_0$ = 0", ha="center", va="center", fontsize=13)
plt.axis([-2.2, 6.8, -0.35, 1.35]), plt.axis("off")
plt.title("Unrolled, one cell becomes a deep network whose layers share W and U")
plots.show("One cell drawn four times, from inputs 1, 0, 0, 0 to states 0.762, 0.363,"
           " 0.180 and 0.090; W leads up, U leads to the right.")

# %% [markdown]
# About a quarter: 0.180 of 0.762. **Unrolled**, the loop is a network as deep as the message
# is long. So lesson 22 applies: each step back multiplies a gradient by the derivative
#
# $$\frac{\partial h_t}{\partial h_{t-1}} = u \cdot (1 - h_t^2)$$
#
# which is lesson 22's factor, a weight times the slope of the activation. Two things matter:
# does the unit still *know* the call, and does a gradient still *arrive* there?
#
# **Predict.** With $u = 1.4$ the unit keeps its call for ever. What happens to the gradient?
# Then move $u$.

# %%
def memory_and_gradient(u=1.4):
    steps = np.arange(1, 41)
    h = one_unit([1.0] + [0.0] * 39, u=u)
    gradient = np.cumprod(np.concatenate([[1.0], u * (1 - h[1:] ** 2)]))
    axes = plt.subplots(1, 2, figsize=(10, 3.4))[1]
    axes[0].plot(steps, h, "o-", ms=3, color=plots.BLUE)
    axes[0].set(xlabel="step t", ylabel="state $h_t$", ylim=(-1.05, 1.05),
                title=f"Memory: u = {u:.1f} leaves h = {h[-1]:.3f}")
    axes[1].semilogy(steps, np.abs(gradient) + 1e-30, "s-", ms=3, color=plots.VERMILION)
    axes[1].set(xlabel="step t", ylabel=r"$|\partial h_t / \partial h_1|$",
                ylim=(1e-20, 10), title=f"Gradient: it leaves {abs(gradient[-1]):.0e}")

explore(memory_and_gradient, u=(-2.5, 2.5, 0.1),
        alt="One unit that hears 1 and then silence: its state over 40 steps, and the"
            " gradient of the state with respect to the first state, on a log axis.")
h = one_unit([1.0] + [0.0] * 39, u=1.4)
claim("at u = 1.4 the call stays", h[-1], at_least=0.8)
claim("but its gradient is gone", np.prod(1.4 * (1 - h[1:] ** 2)), at_most=1e-12)

# %% [markdown]
# Above $u = 1$ the unit **latches**: it stays at + or − for ever. Yet the gradient fades, since
# the unit is saturated and $1 - h^2$ is small. Between −1 and 1 both fade (below −1 it latches,
# too, but changes its sign at every step). At 1 both last longer, but any noise would change
# the state. So one number must serve two masters: a *safe memory* loses
# the gradient that would teach it.
#
# **Exercise 41.1.** Choose $u$ (with $w = 1$, $b = 0$) so that after a call of +1 or −1 the
# state has the call's sign at every one of 50 silent steps, and at the last of them a size of
# at least 0.9.
#
# <details><summary>Hint 1</summary>Use the slider: for which u does the left curve stay
# up?</details>
# <details><summary>Hint 2</summary>The state rests where h = tanh(u · h). For h = 0.9 that
# takes u = artanh(0.9) / 0.9 ≈ 1.64.</details>

# %% tags=["exercise"]
# Exercise 41.1: a recurrent weight that latches.
latch = ...

# %%
check("41.1", latch)

# %% tags=["solution"]
# @title Solution 41.1
latch_solution = 2.0
check("41.1", latch_solution)

# %% [markdown]
# **Exercise 41.2.** Now with matrices. Write the layer: from messages `(batch, steps,
# features)` to *all* states `(batch, steps, units)`.
#
# <details><summary>Hint 1</summary>Start with h of zeros, shape (batch, units); loop over
# x[:, t].</details>
# <details><summary>Hint 2</summary>Collect every h in a list; np.stack(states, axis=1) puts
# the steps second.</details>

# %% tags=["exercise"]
# Exercise 41.2: every state of a simple recurrent layer.
def simple_rnn(x, W, U, b):
    ...  # your code here

# %%
check("41.2", simple_rnn)

# %% tags=["solution"]
# @title Solution 41.2
def simple_rnn_solution(x, W, U, b):
    h, states = np.zeros((len(x), len(U))), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)
check("41.2", simple_rnn_solution)

# %% [markdown]
# The lesson needs the loop for other cells as well, so it keeps the step apart: `run` works
# for any `step`. Our witness is Keras's `SimpleRNN`, with random weights read from the layer.

# %%
def rnn_step(x, h, weights):
    W, U, b = weights
    return np.tanh(x @ W + h @ U + b)

def run(step, x, weights, state_size):
    """All states, shape (batch, steps, state_size)."""
    state, states = np.zeros((len(x), state_size)), []
    for t in range(x.shape[1]):
        state = step(x[:, t], state, weights)
        states.append(state)
    return np.stack(states, axis=1)

def gap_to_keras(layer, step, units, state_size):
    """Largest difference between a Keras layer and our step, with random weights."""
    x, rng = make_messages(16, 12, lesson.seed)[0], np.random.default_rng(lesson.seed)
    layer.build(x.shape)
    layer.set_weights([rng.normal(0, 0.2, w.shape) for w in layer.get_weights()])
    ours = run(step, x, layer.get_weights(), state_size)[..., :units]
    return np.abs(ours - keras.ops.convert_to_numpy(layer(x))).max()

exact = 1e-6 if lesson.device == "CPU" else 1e-2  # a GPU may multiply with fewer digits
layer = layers.SimpleRNN(8, return_sequences=True)
claim("SimpleRNN and we agree", gap_to_keras(layer, rnn_step, 8, 8), at_most=exact)

# %% [markdown]
# ## 3 · A stack of recurrent layers
#
# A recurrent layer can hand on its *last* state, `(batch, units)`, or with
# `return_sequences=True` *all* states, `(batch, steps, units)`: a new sequence, which a
# second layer can read. The classic stack of two, with a `Dense(1)` for the **logit** of
# "right": the number whose sigmoid is the probability, so above 0 means right.

# %%
stack = keras.Sequential([keras.Input((None, 2)),  # None: any number of steps
    layers.SimpleRNN(50, return_sequences=True), layers.SimpleRNN(50), layers.Dense(1)])
for layer in stack.layers:
    print(f"{layer.output.shape!s:16} {layer.count_params():5,} parameters")
try:
    layers.SimpleRNN(50)(layers.SimpleRNN(50)(messages))
except ValueError:
    print("without return_sequences: ValueError, the second layer got no steps")

# %% [markdown]
# Each layer holds $W$, $U$ and $b$: $2 \cdot 50 + 50 \cdot 50 + 50 = 2{,}650$, and
# $50 \cdot 50 + 50 \cdot 50 + 50 = 5{,}050$ for the second. The number of steps does not
# enter.
#
# Training is lesson 23's, with one addition. A product of many factors can also explode, so
# gradients are **clipped**: `clipnorm=1.0` shortens the gradient of each array to length 1 if
# it is longer. Many runs follow, so `train` restarts a compiled model instead of building a new
# one.

# %%
def compile_model(model, learning_rate=0.01):
    model.compile(keras.optimizers.Adam(learning_rate, clipnorm=1.0),
                  keras.losses.BinaryCrossentropy(from_logits=True),
                  steps_per_execution=16 if lesson.backend == "tensorflow" else 1)
    return model

def train(model, x, y, seed, epochs=7):  # from fresh weights and a fresh optimizer
    keras.utils.set_random_seed(seed)
    model.set_weights(keras.models.clone_model(model).get_weights())
    for variable in model.optimizer.variables:
        if "learning_rate" not in variable.path:
            variable.assign(keras.ops.zeros(variable.shape, variable.dtype))
    model.fit(x, y, batch_size=128, epochs=epochs, verbose=0)

def predict(model, x):
    return keras.ops.convert_to_numpy(model(x))  # logits

TRAIN_SEED, TEST_SEED = (dlcourse.derived_seed(lesson.seed, part)
                         for part in ("training", "test"))
compile_model(stack, 0.004)
train(stack, *make_messages(2048, 10, TRAIN_SEED)[:2], TRAIN_SEED)
x_test, y_test, _ = make_messages(1000, 10, TEST_SEED)  # fresh ones
accuracy = np.mean((predict(stack, x_test) > 0) == (y_test > 0))
claim("the stack learns messages of 10 steps", accuracy, at_least=0.85)

# %% [markdown]
# ## 4 · What distance does to learning
#
# The flag may be anywhere, so a longer message means larger distances. Everything else stays
# equal: 24 units, 2,048 messages, 7 epochs, the same seeds. Chance is 0.5.
#
# **Predict.** At 10 steps it works. What will the same budget reach at 40?

# %%
def one_layer(cell):
    return compile_model(keras.Sequential(
        [keras.Input((None, 2)), cell(24), layers.Dense(1)]))

SEEDS = [dlcourse.derived_seed(lesson.seed, k)
         for k in range(lesson.pick(quick=3, full=6))]
models, trained = {"SimpleRNN": one_layer(layers.SimpleRNN)}, {}

def recall(name, length):
    """Test accuracy for distances 0 to 4, 5 to 9, ...: shape (seeds, length // 5)."""
    rows = []
    for seed in dlcourse.track(SEEDS, "training"):
        train(models[name], *make_messages(2048, length, seed)[:2], seed)
        trained[name, seed] = models[name].get_weights()  # kept for section 6
        x, y, flag_at = make_messages(2000, length, dlcourse.derived_seed(seed, "test"))
        hits = (predict(models[name], x) > 0) == (y > 0)
        fives = (length - 1 - flag_at) // 5
        rows.append([hits[fives == five].mean() for five in range(length // 5)])
    return np.array(rows)

for length in (10, 20, 40):
    scores = {"SimpleRNN": recall("SimpleRNN", length)}
    print(f"{length} steps, accuracy per seed:",
          *(f"≈ {value:.2f}" for value in scores["SimpleRNN"].mean(axis=1)))
claim("SimpleRNN stays near chance at 40", scores["SimpleRNN"].mean(), at_most=0.75)

# %% [markdown]
# Only the distance grew, and with it the chatter in between. (At 20 steps luck decides: with
# the same budget one start comes near 1, another stays far below. What a poor start lacks, we
# have not found out.) To see what happens, send a gradient back by hand. **Backpropagation
# through time** is lesson 22's backward pass on the unrolled network. From the loss $L$ at the
# end, with $\delta_t = \partial L / \partial z_t$ and $z_t = x_t W + h_{t-1} U + b$:
#
# $$\delta_{t-1} = \delta_t U^{\mathsf T} \odot (1 - h_{t-1}^2), \qquad
# \frac{\partial L}{\partial W} = \sum_t x_t^{\mathsf T} \delta_t$$
#
# $W$ is used at every step, so its gradients *add*, as for any value with several users. For
# long streams one stops after $k$ steps: **truncated** backpropagation. Then the sum lacks
# all earlier terms.
#
# **Predict.** The flag stands 15 steps before the end. Row 1 of $W$ belongs to the flag.
# With $k = 10$, is its gradient smaller, or zero?

# %%
layer = layers.SimpleRNN(24)
layer.build((None, None, 2))
weights = W, U, b = [w.astype(float) for w in layer.get_weights()]
x = make_messages(1, 20, lesson.seed)[0][0].astype(float)
x[:, 1] = np.arange(20) == 4  # the flag stands at step 4: distance 15

def end_loss(W):  # any loss of the last state will do: here its sum
    return run(rnn_step, x[None], (W, U, b), 24)[0, -1].sum()

def bptt(k):
    """dL/dW, shape (2, 24), from the last k steps."""
    h, dW = run(rnn_step, x[None], weights, 24)[0], np.zeros((2, 24))
    delta = 1 - h[-1] ** 2  # dL/dz at the last step
    for t in range(19, 19 - k, -1):  # backward
        dW += np.outer(x[t], delta)
        delta = delta @ U.T * (1 - h[t - 1] ** 2)
    return dW

for k in (10, 15, 16, 20):
    print(f"k = {k}: gradient of the flag's weights ≈ {np.linalg.norm(bptt(k)[1]):.4f}")
claim("truncated before the flag, it is exactly 0", not bptt(15)[1].any())
nudge = 1e-5 * np.eye(2, 24, 1)  # lesson 22's witness: central differences
slope = (end_loss(W + nudge) - end_loss(W - nudge)) / 2e-5
error = abs(slope - (bptt(20) * nudge).sum() / 1e-5)
verify("in full, it passes the gradient check", error, at_most=1e-8)

# %% [markdown]
# Zero, exactly: with $k \le 15$ no term holds the flag. Truncation saves memory and time,
# but a link of $k$ steps or more gets no gradient. Without truncation the term exists,
# but fifteen factors $U^{\mathsf T} \odot (1 - h^2)$ stand in front of it. Section 6 measures
# what they leave, for three cells. First, two new cells.

# %% [markdown]
# ## 5 · Gates: memory that is added to, not overwritten
#
# `SimpleRNN` pushes its whole state through $U$ and tanh at every step. The **LSTM** (long
# short-term memory) keeps a second state, the **cell state** $c$, and changes it only through
# **gates**: numbers from 0 (shut) to 1 (open), computed from the input and the last $h$.
#
# $$c_t = f_t \odot c_{t-1} + i_t \odot g_t, \qquad h_t = o_t \odot \tanh(c_t)$$
#
# | gate | formula | it decides |
# |---|---|---|
# | input $i_t$ | $\sigma(x_t W_i + h_{t-1} U_i + b_i)$ | how much is written |
# | forget $f_t$ | $\sigma(x_t W_f + h_{t-1} U_f + b_f)$ | how much of $c$ is *kept* |
# | candidate $g_t$ | $\tanh(x_t W_g + h_{t-1} U_g + b_g)$ | what is written (not a gate) |
# | output $o_t$ | $\sigma(x_t W_o + h_{t-1} U_o + b_o)$ | how much is shown |
#
# One unit by hand, with $c_{t-1} = 1$:
#
# ```text
#               f = 0.9     i · g = 0.5 · (-1)
#                  ↓                 ↓
# old c = 1 ─────→ × ───── 0.9 ────→ + ──┬───────→ new c = 0.4
#                                        ↓
#                                      tanh
#                                        ↓
#                               o = 1 ─→ × ──────→ new h = 0.380
# ```
#
# The upper lane is the memory. Along it the direct derivative is
# $\partial c_t / \partial c_{t-1} = f_t$: no $U$, no tanh. With the forget gate open, near 1,
# the gradient passes.
#
# Keras stores the four side by side in the order $i, f, g, o$: $W$ is
# `(features, 4 · units)`.

# %% [markdown]
# The **GRU** (gated recurrent unit) does with one state and two gates. The **update gate** $z$
# chooses between old state and candidate; the **reset gate** $r$ says how much of the past the
# candidate may use:
#
# $$h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t, \qquad
# \tilde h_t = \tanh(x_t W_h + b_h + r_t \odot (h_{t-1} U_h + b'_h))$$
#
# ```text
#               z = 0.9   (1 - z) · candidate = 0.1 · (-1)
#                  ↓                 ↓
# old h = 1 ─────→ × ───── 0.9 ────→ + ──────────→ new h = 0.8
# ```
#
# The same lane, but what is kept and what is written add up to 1. (Some papers swap $z$ and
# $1 - z$.) Keras orders the parts $z, r, h$. It applies $r$ *after* the
# product with $U$ (`reset_after=True`), so it needs two biases, $b$ for the input and $b'$ for
# the state: `bias` has shape `(2, 3 · units)`.

# %%
def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))

def lstm_step(x, state, weights):
    """The state holds h and c side by side, shape (batch, 2 * units)."""
    W, U, b = weights
    h, c = np.split(state, 2, axis=-1)
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return np.concatenate([h, c], axis=-1)

layer = layers.LSTM(8, return_sequences=True)
claim("LSTM and we agree", gap_to_keras(layer, lstm_step, 8, 16), at_most=exact)

def gru_step(x, h, weights):
    W, U, (b_input, b_state) = weights
    z, r, candidate = np.split(x @ W + b_input, 3, axis=-1)
    z_h, r_h, candidate_h = np.split(h @ U + b_state, 3, axis=-1)
    z, r = sigmoid(z + z_h), sigmoid(r + r_h)
    return z * h + (1 - z) * np.tanh(candidate + r * candidate_h)
layer = layers.GRU(8, return_sequences=True)
claim("GRU and we agree", gap_to_keras(layer, gru_step, 8, 8), at_most=exact)

# %% [markdown]
# **Exercise 41.3.** How many parameters does each layer have, with 50 units on messages of 2
# features? Compute, do not ask Keras; `check` will.
#
# <details><summary>Hint 1</summary>SimpleRNN has W, U and b once; an LSTM four
# times.</details>
# <details><summary>Hint 2</summary>The GRU has three parts, and each has two
# biases.</details>

# %% tags=["exercise"]
# Exercise 41.3: count the parameters.
parameters = {"SimpleRNN": ..., "LSTM": ..., "GRU": ...}

# %%
check("41.3", parameters)

# %% tags=["solution"]
# @title Solution 41.3
part = 2 * 50 + 50 * 50 + 50
parameters_solution = {"SimpleRNN": part, "LSTM": 4 * part, "GRU": 3 * (part + 50)}
check("41.3", parameters_solution)

# %% [markdown]
# Now be the trainer. This LSTM has one unit and no $U$. Its forget gate is
# $\sigma(\text{forget bias})$, its input gate $\sigma(\text{input bias} + \text{flag weight}
# \cdot \text{flag})$; the candidate is $\tanh(2 \cdot \text{call})$ and $o = 1$. The sliders
# start at values like those of a fresh Keras layer (forget bias 1, `unit_forget_bias`). Set
# them so that $c$ moves at the flag only, and stays.

# %%
chatter = np.random.default_rng(8).choice([-1.0, 1.0], 40)

def gates(flag_at=8, forget_bias=1.0, input_bias=0.0, flag_weight=0.0):
    steps, c = np.arange(40), [0.0]
    f = np.full(40, sigmoid(forget_bias))
    i = sigmoid(input_bias + flag_weight * (steps == flag_at))
    for t in steps:
        c.append(f[t] * c[-1] + i[t] * np.tanh(2 * chatter[t]))
    axes = plt.subplots(3, 1, figsize=(9, 5.4), sharex=True)[1]
    axes[0].bar(steps, chatter, color="0.75")
    axes[0].bar(flag_at, chatter[flag_at], color=plots.VERMILION, hatch="//")
    axes[1].plot(steps, f, "s-", ms=4, color=plots.GREEN, label="forget gate f")
    axes[1].plot(steps, i, "o--", ms=4, color=plots.BLUE, label="input gate i")
    axes[2].plot(steps, c[1:], "D-", ms=4, color=plots.PURPLE)
    kept = c[-1] * chatter[flag_at]  # with the sign of the flagged call: 1 is perfect
    axes[0].set(ylabel="call", title="One call is flagged (orange)")
    axes[1].set(ylabel="gate", ylim=(-0.35, 1.1))
    axes[2].set(ylabel="cell state c", xlabel="step", ylim=(-2.5, 2.5),
                title=f"At the end, c points the flagged way with {kept:+.2f}")
    axes[1].legend(ncols=2, loc="lower right")

explore(gates, flag_at=(0, 39), forget_bias=(-4.0, 8.0, 0.5),
        input_bias=(-8.0, 4.0, 0.5), flag_weight=(0.0, 16.0, 0.5),
        alt="Calls, gates and cell state over 40 steps of a one-unit LSTM.")

# %% [markdown]
# **Exercise 41.4.** Write down an LSTM of one unit that names the flagged call in messages of
# 100 steps. Each part gets three numbers: `(weight of the call, weight of the flag, bias)`;
# $U = 0$. At the end of nearly all messages (95 %) $h$ must have the sign of the flagged call
# and a size of at least 0.5.
#
# <details><summary>Hint 1</summary>Start from the sliders. A gate whose z is 6 is open, at
# −6 it is shut.</details>
# <details><summary>Hint 2</summary>f: (0, 0, 8) keeps. i must be shut without the flag and
# open with it: a bias of −8 and a flag weight of 16.</details>

# %% tags=["exercise"]
# Exercise 41.4: (call, flag, bias) for each part.
design = {"i": ..., "f": ..., "g": ..., "o": ...}

# %%
check("41.4", design)

# %% tags=["solution"]
# @title Solution 41.4
design_solution = {"i": (0, 16, -8), "f": (0, 0, 8), "g": (3, 0, 0), "o": (0, 0, 8)}
check("41.4", design_solution)

# %% [markdown]
# ## 6 · Memory, measured
#
# Now the 40 steps of section 4 with all three cells: same messages, seeds, units, learning rate
# and epochs. (The gated cells do have more parameters: exercise 41.3.) We sort the test messages
# by the distance of the flag.
#
# **Predict.** Draw accuracy against distance: one curve for each cell.

# %%
for name, cell in {"GRU": layers.GRU, "LSTM": layers.LSTM}.items():
    models[name] = one_layer(cell)
    scores[name] = recall(name, 40)

LOOKS = {"SimpleRNN": (plots.VERMILION, "^--"), "GRU": (plots.GREEN, "o-"),
         "LSTM": (plots.BLUE, "s-.")}
distance = 5 * np.arange(8) + 2  # the middle of each five
for name, (color, line) in LOOKS.items():
    middle = np.median(scores[name], axis=0)
    plt.plot(distance, middle, line, color=color, label=f"{name} (median)")
    plt.plot(distance, scores[name].T, color=color, lw=0.8, alpha=0.6)  # each seed
plt.axhline(0.5, color="black", lw=1, ls=":", label="guessing")
plt.xlabel("distance from the flag to the end (steps)"), plt.xlim(0, 40)
plt.ylabel("test accuracy"), plt.ylim(0.4, 1.04), plt.legend(loc=(0.55, 0.3))
plt.title("GRU and LSTM remember across 40 steps; SimpleRNN does not")
plots.show("Accuracy against distance, thin lines per seed: GRU and LSTM near 1, even"
           " from 35 steps on; SimpleRNN little above 0.5.")
near = np.mean(scores["SimpleRNN"][:, 0])
print(f"SimpleRNN, flag among the last five steps: accuracy ≈ {near:.2f}")
median = {name: np.median(rows.mean(axis=1)) for name, rows in scores.items()}
claim("GRU learns 40 steps", median["GRU"], at_least=0.9)
claim("LSTM learns 40 steps", median["LSTM"], at_least=0.9)
gap = min(median["GRU"], median["LSTM"]) - median["SimpleRNN"]
claim("SimpleRNN lags behind both", gap, at_least=0.25)

# %% [markdown]
# `SimpleRNN` is little better than guessing even where the flag is near. (A guess at the
# reason: most of its messages have a far flag, which to it is noise.) Some LSTMs need longer
# than others; where one slips, it is mostly on the *nearest* flags: keep that in mind. Yet
# `SimpleRNN` *can* hold a call, as in exercise 41.1. It is hard to *teach*, within this budget.
#
# So measure the teaching signal. How strongly does the last state $s_T$ depend on the state
# $d$ steps earlier? The chain rule gives a product of $d$ Jacobians,
# $J_t = \partial s_t/\partial s_{t-1}$, with the state $s = h$, or $(h, c)$ for the LSTM.
# Nudging our own steps gives each $J_t$. The size of the product is its norm, divided so that
# "passed on unchanged" is 1.
#
# **Predict.** *Before* training, which of the three lets most gradient through?

# %%
def jacobians(step, x, states, weights, eps=1e-5):
    """d(next state)/d(state), shape (batch, size, size); row i nudges entry i."""
    nudges = eps * np.eye(states.shape[-1])
    up = step(x[:, None], states[:, None] + nudges, weights)
    down = step(x[:, None], states[:, None] - nudges, weights)
    return (up - down) / (2 * eps)

def gradient_by_distance(name, weights, x):
    """Size of d(last state)/d(state d steps before), d = 1, 2, ...; mean of logs."""
    step, size = STEPS[name]
    weights = [w.astype(float) for w in weights[:3]]  # without the Dense layer
    states, product, logs = run(step, x, weights, size), np.eye(size), []
    for t in range(x.shape[1] - 1, 0, -1):
        product = jacobians(step, x[:, t], states[:, t - 1], weights) @ product
        norm = np.linalg.norm(product, axis=(1, 2)) / np.sqrt(size)
        logs.append(np.log(norm).mean())
    return np.array(logs)

STEPS = {"SimpleRNN": (rnn_step, 24), "GRU": (gru_step, 24), "LSTM": (lstm_step, 48)}
x = make_messages(10, 40, lesson.seed)[0].astype(float)
silence = x * x[:, :, 1:]  # the flagged call alone
fresh = {}
for name, seed in trained:
    keras.utils.set_random_seed(seed)
    fresh[name, seed] = keras.models.clone_model(models[name]).get_weights()

# %%
def mean_gradient(name, weights, x):
    return np.exp(np.mean([gradient_by_distance(name, weights[name, seed], x)
                           for seed in SEEDS], axis=0))

figure, axes = plt.subplots(1, 2, figsize=(10.5, 3.6), sharey=True)
before, after = ({name: mean_gradient(name, weights, x) for name in LOOKS}
                 for weights in (fresh, trained))
quiet = mean_gradient("SimpleRNN", fresh, silence)
for axis, curves in zip(axes, (before, after), strict=True):
    for name, (color, line) in LOOKS.items():
        axis.semilogy(range(1, 40), curves[name], line, color=color, ms=4, label=name)
    axis.set(xlabel="distance d (steps)", ylim=(1e-9, 10))
axes[0].semilogy(range(1, 40), quiet, "k:", label="SimpleRNN, no chatter")
axes[0].set(title="Fresh: the GRU's gradient fades fastest",
            ylabel=r"size of $\partial s_T / \partial s_{T-d}$")
axes[1].set(title="Trained on 40 steps: GRU and LSTM pass on far more")
axes[0].legend(loc="lower left")
plots.show("Gradient size against distance, log axis. Fresh: falling curves, the GRU's"
           " steepest. Trained: GRU and LSTM fall far less.")
claim("a fresh GRU keeps almost nothing", before["GRU"][-1], at_most=1e-6)
claim("a fresh LSTM keeps little", before["LSTM"][-1], at_most=0.01)
gain = min(after[name][-1] / before[name][-1] for name in ("GRU", "LSTM"))
claim("training multiplies what both keep", gain, at_least=10)
claim("chatter costs gradient", quiet[-1] / before["SimpleRNN"][-1], at_least=20)

# %%
def gate_that_keeps(name, weights, x):
    """GRU's z or LSTM's f, mean over all steps without the flag: shape (24,)."""
    (step, size), part = STEPS[name], {"GRU": 0, "LSTM": 1}[name]  # z, r, h; i, f, g, o
    W, U, b = (w.astype(float) for w in weights[:3])
    h = run(step, x, (W, U, b), size)[:, :-1, :24]  # one step earlier
    z = x[:, 1:] @ W + h @ U + b.reshape(-1, W.shape[1]).sum(axis=0)
    gate = sigmoid(z[:, :, 24 * part : 24 * (part + 1)])
    return gate[x[:, 1:, 1] == 0].mean(axis=0)

for name in ("GRU", "LSTM"):
    for when, weights in {"fresh": fresh, "trained": trained}.items():
        gate = np.array([gate_that_keeps(name, weights[name, s], x) for s in SEEDS])
        print(f"{name:4} {when:7} mean of the gates ≈ {gate.mean():.2f},",
              f"most open unit ≈ {gate.max(axis=1).mean():.3f}")
for name in LOOKS:
    print(f"{name:9} gradient at distance 39: fresh ≈ {before[name][-1]:.0e},",
          f"trained ≈ {after[name][-1]:.0e}")

# %% [markdown]
# A surprise: the fresh `SimpleRNN` passes on no less than the LSTM, and the GRU, which learns so
# well, passes on least. Gates are no gift at the start. A fresh GRU has $z$ near
# $\sigma(0) = 0.5$, a fresh LSTM $f$ near $\sigma(1) = 0.73$: 39 such factors leave $10^{-12}$
# and $10^{-5}$ on the direct path; the rest comes through $U$. After training both pass on far
# more. Have the gates opened? The lines above read them off, at all steps without a flag: the
# most open unit somewhat, the mean hardly at all. So it is not that all gates now stand open.
# A gate depends on input and state, and $U$ carries gradient, too; which of these lets it
# through, we have not taken apart. How learning begins is a guess as well: near flags do send
# a gradient, it helps to keep a little longer, farther flags come into reach, and so on.
#
# `SimpleRNN` has no gates. Without chatter (dotted) its gradient lasts, since Keras starts $U$
# as an orthogonal matrix, which preserves lengths. Chatter pushes the units up the tanh, where
# $1 - h^2 < 1$. After training, its gradient is smaller than the other two's, but far larger
# than that of a fresh GRU, which learned nevertheless. So the vanishing gradient is not all: a
# memory must also *ignore*.
#
# **Predict.** In a trained GRU, flip call 12 of a message. How long does the state notice, if the
# call is flagged? If it is chatter? And in `SimpleRNN`?

# %%
def effect_of_flip(name, flag_at):
    """Mean change of the state, step by step, after call 12 is flipped."""
    (step, size), effects = STEPS[name], []
    x = make_messages(50, 40, lesson.seed + 3)[0]
    x[:, :, 1] = np.arange(40) == flag_at
    flipped = x.copy()
    flipped[:, 12, 0] *= -1
    for seed in SEEDS:
        states, changed = (run(step, messages, trained[name, seed][:3], size)
                           for messages in (x, flipped))
        effects.append(np.abs(changed - states).mean(axis=(0, 2)))
    return np.mean(effects, axis=0)
axes, effect = plt.subplots(1, 2, figsize=(10.5, 3.4), sharey=True)[1], {}
for axis, name in zip(axes, ("SimpleRNN", "GRU"), strict=True):
    flagged, other = effect[name] = effect_of_flip(name, 12), effect_of_flip(name, 6)
    axis.plot(flagged, "o-", color=plots.BLUE, ms=4, label="call 12 is flagged")
    axis.plot(other, "^--", color=plots.VERMILION, ms=4, label="it is chatter")
    axis.set(xlabel="step", ylabel="mean change of the state")
axes[0].set(title="SimpleRNN: both enter, both fade"), axes[0].legend()
axes[1].set(title="GRU: the flagged call stays, chatter is gone")
plots.show("Change of the state per step after call 12 is flipped. SimpleRNN: the same"
           " bump for both. GRU: large and lasting if flagged, else small and brief.")
claim("GRU, at the end: flagged over chatter", flagged[-1] / other[-1], at_least=20)
peaks = [values.max() for values in effect["SimpleRNN"]]
claim("SimpleRNN writes chatter as strongly", peaks[1] / peaks[0], at_least=0.7)

# %% [markdown]
# `SimpleRNN` writes every call, flagged or not, into the one state it has, and loses both. The
# GRU writes at the flag and otherwise keeps: gradient descent has found a design like yours in
# exercise 41.4. Unlike yours, it takes a few steps to settle, and a flag among the last steps
# leaves no time for that: perhaps that is why the nearest flags are the ones it misses.
#
# ## 7 · Different lengths, both directions, endless streams
#
# **Lengths.** A batch is one array, so short messages are **padded** with zeros to the length
# of the longest. To the cell, padding is input like any other: silence in which to forget. A
# **mask** says which steps are real; at a masked step Keras copies the state on unchanged.
# `Masking()` masks a step if *all* its features are 0.

# %%
short = make_messages(1, 10, lesson.seed)[0]
padded = np.concatenate([short, np.zeros((1, 20, 2), "float32")], axis=1)
layer = layers.SimpleRNN(24)
plain = keras.Sequential([keras.Input((None, 2)), layer])
masked = keras.Sequential([keras.Input((None, 2)), layers.Masking(), layer])
change = [np.abs(predict(m, padded) - predict(m, short)).max() for m in (plain, masked)]
claim("without a mask, padding changes the state", change[0], at_least=0.05)
claim("with a mask it does not", change[1], at_most=exact)

# %% [markdown]
# **Directions.** `Bidirectional` runs a second cell from the end to the start and joins both
# states, step by step. Suppose the pilot must name the flagged call at *every* step, also
# before it comes; the whole message is on file.
#
# **Predict.** How good can a one-way network be before the flag?

# %%
readers = {"one way": layers.GRU(16, return_sequences=True),
           "both ways": layers.Bidirectional(layers.GRU(8, return_sequences=True))}
x, y, _ = make_messages(2048, 15, TRAIN_SEED)
x_test, y_test, flag_at = make_messages(1000, 15, TEST_SEED)
offset = np.arange(15) - flag_at[:, None]  # (messages, steps): 0 at the flag
before = {}
looks = {"one way": (plots.PURPLE, "v--"), "both ways": (plots.ORANGE, "D-")}
for name, reader in dlcourse.track(readers.items(), "training"):
    model = compile_model(keras.Sequential(
        [keras.Input((None, 2)), reader, layers.Dense(1)]))
    train(model, x, np.repeat(y[:, None], 15, axis=1), TRAIN_SEED, epochs=5)
    hits = (predict(model, x_test)[..., 0] > 0) == (y_test > 0)
    values = [hits[offset == step].mean() for step in range(-12, 13)]
    color, line = looks[name]
    plt.plot(range(-12, 13), values, line, color=color, ms=5, label=name)
    before[name] = hits[offset < 0].mean()
plt.axvline(0, color="black", lw=1, ls=":")
plt.xlabel("step, counted from the flag"), plt.ylabel("test accuracy")
plt.ylim(0.3, 1.05), plt.legend(loc="center right")
plt.title("Before the flag, only the network that reads backward can know")
plots.show("Accuracy per step around the flag: one way, chance before it and high"
           " after; both ways, high throughout.")
claim("one way guesses before the flag", before["one way"], at_most=0.6)
claim("both ways know", before["both ways"], at_least=0.85)

# %% [markdown]
# So `Bidirectional` suits texts (lesson 43). It cannot serve for forecasts step by step
# (lesson 42): there the future is not on file.
#
# **Streams.** A stream without an end is fed in windows. By default a layer starts every
# window from $h = 0$. With `stateful=True` it goes on from where the last batch stopped, until
# `reset_state()`. Row $n$ of each batch must continue row $n$ of the last. Trained so, the
# state crosses the window's edge but the gradient does not: this is truncated
# backpropagation, with $k$ at most the window's length.
#
# Two messages of 40 steps differ in one call, the flagged one, at step 3.

# %%
stream = np.repeat(make_messages(1, 40, lesson.seed + 5)[0], 2, axis=0)
stream[:, :, 1] = np.arange(40) == 3
stream[:, 3, 0] = [-1, 1]  # left in the first message, right in the second

def copy_of(model, stateful):
    copy = keras.Sequential([keras.Input(batch_shape=(2, None, 2)),
                             layers.GRU(24, stateful=stateful), layers.Dense(1)])
    copy.set_weights(model.get_weights())
    return copy
def answer_in_windows(model):
    return np.array([sigmoid(predict(model, window)[:, 0])
                     for window in np.split(stream, 4, axis=1)])  # 4 times (2, 10, 2)

stateful, stateless = (copy_of(models["GRU"], kind) for kind in (True, False))
with_state, without = answer_in_windows(stateful), answer_in_windows(stateless)
for name, answers in {"stateful": with_state, "stateless": without}.items():
    for side, row in zip(("left", "right"), answers.T, strict=True):
        print(f"{name:9} {side:5} flagged: P(right)", *(f"≈ {p:.2f}" for p in row))
gap = np.abs(with_state[-1] - sigmoid(predict(models["GRU"], stream)[:, 0])).max()
claim("windows with state equal one long pass", gap, at_most=10 * exact)
claim("they tell the messages apart", np.ptp(with_state[-1]), at_least=0.7)
claim("without state, it cannot", np.ptp(without[-1]), at_most=10 * exact)
stateful.layers[0].reset_state()
gap = np.abs(answer_in_windows(stateful) - with_state).max()
claim("after reset_state() the stream begins anew", gap, at_most=10 * exact)

# %% [markdown]
# One row is one message, window by window. The flag is in the first window; the other three
# are equal for both messages, so without state the answers are equal too.

# %% [markdown]
# ## Break and fix
#
# A colleague has messages of 5 to 10 calls on file, with calls coded 0 (left) and 1 (right).
# She pads them to 100 steps and puts a `Masking` layer in front of `SimpleRNN`, so 100 steps
# should be as easy as 10.

# %%
from dlcourse.exercises.lesson_41 import messages_on_file  # arrays (5 to 10, 2)

file_train, y_train = messages_on_file(2048, seed=TRAIN_SEED)
file_test, y_test = messages_on_file(1000, seed=TEST_SEED)

def prepare(on_file, length=100):
    """Pad after the last call, and code the calls as -1 and 1."""
    batch = keras.utils.pad_sequences(on_file, length, dtype="float32", padding="post")
    batch[..., 0] = 2 * batch[..., 0] - 1
    return batch

pilot = compile_model(keras.Sequential(
    [keras.Input((None, 2)), layers.Masking(), layers.SimpleRNN(24), layers.Dense(1)]))

def file_accuracy(prepare):
    train(pilot, prepare(file_train), y_train, TRAIN_SEED)
    return np.mean((predict(pilot, prepare(file_test)) > 0) == (y_test > 0))

broken = file_accuracy(prepare)
at_10, at_100 = (predict(pilot, prepare(file_test, n)) for n in (10, 100))
print(f"message 1, to 10: logit ≈ {at_10[0, 0]:+.3f}; to 100: ≈ {at_100[0, 0]:+.3f}")
claim("accuracy is well below section 3's", broken, at_most=0.75)
claim("padding alone moves an answer", np.abs(at_10 - at_100).max(), at_least=0.2)

# %% [markdown]
# Two symptoms: it scores far less than on ten steps, and the answer to *one* message depends on
# how far it is padded, which a mask should rule out. What does a padded step look like when it
# reaches `Masking`? Look at `prepare(file_test[:1], 12)`.
#
# **Exercise 41.5.** Write `prepare_mended`, a `prepare` whose padding does not leak. It still
# returns `(n, length, 2)`, in any numeric dtype, with calls −1 and 1, padded at the end. No
# message is longer than `length`.
#
# <details><summary>Hint 1</summary>Which value do the padded steps have after the last
# line?</details>
# <details><summary>Hint 2</summary>Code each message first, [2 * m[:, 0] - 1, m[:, 1]] as
# columns; pad last.</details>

# %% tags=["exercise"]
# Exercise 41.5: messages (a list of arrays) to a batch whose padding can be masked.
def prepare_mended(on_file, length=100):
    ...  # your code here

# %%
check("41.5", prepare_mended)

# %% tags=["solution"]
# @title Solution 41.5
def prepare_solution(on_file, length=100):
    coded = [message * [2, 1] - [1, 0] for message in on_file]
    return keras.utils.pad_sequences(coded, length, dtype="float32", padding="post")

check("41.5", prepare_solution)

# %%
def code_then_pad(on_file, length=100):
    coded = [message * [2, 1] - [1, 0] for message in on_file]
    return keras.utils.pad_sequences(coded, length, dtype="float32", padding="post")
mended = file_accuracy(code_then_pad)
claim("mended, it learns", mended, at_least=0.9)
claim("the leak's cost in accuracy", mended - broken, at_least=0.15)
at_10, at_100 = (predict(pilot, code_then_pad(file_test, n)) for n in (10, 100))
claim("one message, one answer", np.abs(at_10 - at_100).max(), at_most=10 * exact)

# %% [markdown]
# Coded last, a padded (0, 0) became (−1, 0): "left, no flag", a perfectly good call. `Masking`
# found nothing to mask, and every flag moved 90 steps away. Leaving the calls at 0 and 1 would
# be wrong in the other way: real unflagged lefts, (0, 0), would be masked.

# %% [markdown]
# ## Quiz

# %%
quiz("41")

# %% [markdown]
# ## Summary
#
# - A recurrent layer applies one cell at every step: $h_t = \tanh(x_t W + h_{t-1} U + b)$.
# - Unrolled, it is a deep network with shared weights; gradients through it fade (or explode)
#   with distance.
# - Truncated after $k$ steps, backpropagation cannot see a link of $k$ steps or more.
# - Gates make keeping a matter of one number near 1; trained, GRU and LSTM pass on far more
#   gradient than fresh ones.
# - `return_sequences` gives all states; a mask skips padding; `Bidirectional` needs the whole
#   message; `stateful` carries the state on.
#
# An hour ago a network of yours had a fixed input. Now it reads messages of any length, and you
# can say what it remembers and why. Lesson 42 forecasts series with these cells, lesson 43 reads
# text.
#
# ## Common mistakes
#
# | mistake | how it shows |
# |---|---|
# | `return_sequences` missing before a second recurrent layer | ValueError: expected 3 dimensions, found 2 |
# | padding without a mask, or a mask that matches nothing | one message, different answers in different batches |
# | real steps that equal the mask value | information vanishes without an error |
# | `stateful=True` with shuffled batches, or no `reset_state()` | each run depends on the one before |
# | `Bidirectional` in a step-by-step forecast | splendid validation, useless in service |
# | gates by hand in the wrong order, or one bias for the GRU | numbers near Keras's, never equal |
#
# ## Read more
#
# - Y. Bengio, P. Simard, P. Frasconi, [Learning long-term dependencies with gradient descent is
#   difficult](https://doi.org/10.1109/72.279181), 1994: the latch of section 2, and why it is
#   hard to learn.
# - S. Hochreiter, J. Schmidhuber, [Long short-term
#   memory](https://doi.org/10.1162/neco.1997.9.8.1735), 1997; F. Gers and others, [Learning to
#   forget](https://doi.org/10.1162/089976600300015015), 2000, added the forget gate.
# - K. Cho and others, [Learning phrase representations using RNN
#   encoder–decoder](https://arxiv.org/abs/1406.1078), 2014: the GRU.
# - R. Pascanu, T. Mikolov, Y. Bengio, [On the difficulty of training recurrent neural
#   networks](https://arxiv.org/abs/1211.5063), 2013: vanishing, exploding, clipping.
# - Keras, [Working with RNNs](https://keras.io/guides/working_with_rnns/) and [Understanding
#   masking and padding](https://keras.io/guides/understanding_masking_and_padding/).

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [42 · Time series forecasting](42_time_series_forecasting.ipynb). The demand of the next hour and of tomorrow, with an honest error in megawatts. **Before:** [35 · Deep architectures](35_deep_architectures.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+41%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/42_time_series_forecasting.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/35_deep_architectures.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
