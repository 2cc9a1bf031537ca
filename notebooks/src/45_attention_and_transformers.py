# ---
# jupyter:
#   dlcourse:
#     title: "Attention and Transformers"
#     subtitle: Every word may look at every other, but somebody has to tell it the order
#     minutes: 60
#     further: 22
#     seconds: 45
#     needs: ["43", "44"]
#     backends: [tensorflow, jax]
#     teaching:
#       believe: "attention sees the order of the words"
#       stop: "section 2; break and fix"
#       ask: "\"Not good, just bad. Just good, not bad. What does *good* see in each?\""
#       stuck: "queries and keys: let four people stand up and ask each other"
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 45 · Attention and Transformers
#
# *Every word may look at every other, but somebody has to tell it the order*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/45_attention_and_transformers.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/45_attention_and_transformers.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/45_attention_and_transformers.ipynb)
#
# **Your time:** 60 minutes, and 22 for *Going further* · **The notebook runs in:** about 45 s on two CPU cores · **Before this:** lesson 43, lesson 44

# %% [markdown]
# ## You will be able to
#
# 1. follow attention by hand, and write it *(section 1 · exercise 45.1)*
# 2. show that it sees no order, and give it places *(section 2 · exercise 45.2)*
# 3. say what an attention map does not tell, and test it *(section 4, Going further · exercise 45.4, quiz)*
# 4. hide the future from a network that guesses what comes next, and find out whether it leaks *(sections 5 and 6 · exercise 45.3)*

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
import datetime
import re
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, record

backends = ("tensorflow", "jax")
lesson = dlcourse.start("45", profile=PROFILE, seed=SEED, backends=backends)

import keras
from keras import layers, ops

D = 32  # numbers per word
HEADS = 4
RUNS = 3  # trainings of each reader
SPAN = 32  # characters that a decoder sees
PASSES = lesson.pick(quick=4, full=14)  # over the jigs
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
def adam(steps, rate=0.01):  # the rate falls to 0 in so many steps
    return keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps))

# %% [markdown]
# ## 1 · Four words that ask each other
#
# Two notes from hotel guests. One of them is a complaint:
#
# > *Not good, just bad.*   ·   *Just good, not bad.*
#
# The words are the same. What matters is which opinion *not* belongs to. A GRU (lesson 41) reads word by word, and must
# carry *not* along. With **attention** every word looks directly at every word of its text, itself included: *self-attention*. Each word has three vectors:
#
# - a **query** $q$: what am I looking for?
# - a **key** $k$: what am I, for those who look?
# - a **value** $v$: what do I tell those who look at me?
#
# Later a network learns to make them. Here we choose them. Column 1 of `q` and `k` is about *who flips meanings?*, column 2
# about *where is an opinion?* A 4 in `q` asks, a 1 in `k` answers:

# %%
WORDS = ["not", "good", "just", "bad"]
COMPLAINT = [0, 1, 2, 3]  # which word stands where: not good just bad
PRAISE = [2, 1, 0, 3]     # just good not bad
q = np.array([[0, 4, 0, 0],   # not asks the second question: where is an opinion?
              [4, 0, 0, 0],   # good asks the first: who flips me?
              [0, 0, 0, 0],   # just asks nothing
              [4, 0, 0, 0]],  # bad asks the first, too
             "float32")       # (4 words, 4): two columns wait for section 2
k = np.array([[1, 0, 0, 0],   # not answers the first: I flip meanings
              [0, 1, 0, 0],   # good answers the second: I am an opinion
              [0, 0, 0, 0],
              [0, 1, 0, 0]], "float32")  # bad: so am I
v = np.array([[0, 1],         # not tells that it flips
              [1, 0],         # good tells how good it is
              [0, 0],
              [-1, 0]], "float32")  # (4, 2): bad is the opposite of good

# %% [markdown]
# Follow the word *good*:
#
# 1. **Scores.** Multiply its query with each key, number by number, and add up. With *not* that gives
#    $4\cdot1=4$, with the others 0. A query has four numbers, so divide by $\sqrt4=2$: the scores are 2, 0, 0, 0.
# 2. **Weights.** Softmax (lesson 21) makes shares of them: $e^2=7.39$ and three times $e^0=1$, divided by
#    their sum, 10.39. That is 0.71, 0.10, 0.10, 0.10. (These weights are computed
#    anew for each text. A layer's trained weights are something else.)
# 3. **Mix.** Add up the values with these weights. *Good* gets $0.10\cdot1+0.10\cdot(-1)=0$ of "good", and
#    $0.71\cdot1$ of "flips".
#
# All words at once, with a row for each in $Q$, $K$ and $V$, and $d$ for how many numbers a query has:
#
# $$\text{Attention}(Q,\,K,\,V)=\text{softmax}\Big(\frac{QK^{\mathsf{T}}}{\sqrt{d}}\Big)\,V$$
#
# Row $i$ of $QK^{\mathsf{T}}/\sqrt{d}$, of shape (words, words), holds the scores of word $i$.
#
# ### Exercise 45.1
#
# Write `attention(q, k, v)` in NumPy: it returns the mix, with a row for each query.
#
# <details><summary>Hint 1</summary>q @ k.T holds all products of queries with keys, and q.shape[-1] is d.</details>
# <details><summary>Hint 2</summary>Softmax along each row: np.exp(scores), divided by its sum with axis=1 and
# keepdims=True.</details>

# %% tags=["exercise"]
# Exercise 45.1: q (n, d), k (m, d), v (m, d_v); returns (n, d_v)
def attention(q, k, v):
    ...  # your code here

# %%
check("45.1", attention)

# %% tags=["solution"]
# @title Solution 45.1
def attention_solution(q, k, v):
    powers = np.exp(q @ k.T / np.sqrt(q.shape[-1]))
    weights = powers / powers.sum(axis=1, keepdims=True)
    return weights @ v

check("45.1", attention_solution)

# %% [markdown]
# The same in `keras.ops`. Where `allowed` is False, the score becomes −10⁹, of which softmax makes 0:

# %%
def attend(q, k, v, allowed=None):  # (..., n, d), (..., m, d), (..., m, d_v)
    scores = ops.matmul(q, ops.swapaxes(k, -1, -2)) / q.shape[-1] ** 0.5
    if allowed is not None:
        scores = ops.where(allowed, scores, -1e9)
    weights = ops.softmax(scores)  # along the last axis
    return ops.matmul(weights, v), weights  # (..., n, d_v), (..., n, m)

mix, weights = attend(q, k, v)

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(10.5, 3.6), width_ratios=(4, 4, 2))
plots.number_table(axes[0], q @ k.T / 2, WORDS, WORDS, "scores, q · k / 2")
plots.number_table(axes[1], weights, WORDS, WORDS, "softmax: weights")
plots.number_table(axes[2], mix, WORDS, ["good", "flips"], "weights · values")
axes[0].set(xlabel="whom it looks at", ylabel="who looks")
plt.suptitle("“good” and “bad” both look at “not”, and hear the same\n", weight="bold")
plots.show("Three tables: good and bad score 2 with not, give it the weight 0.71, and"
           " get 0.71 of flips.")

# %% [markdown]
# ## 2 · Who stands where?
#
# *Good* and *bad* have heard the same, but *not* belongs to *good* alone. Let *not* and *just* change places, which makes
# praise of the complaint.
#
# **Predict.** What changes in the mix that *good* gets?

# %%
def show_mix(order, q, k):  # a column for each word
    mix, _ = attend(q, k, v[order])
    mix = ops.convert_to_numpy(mix).T.round(2) + 0.0
    table = pd.DataFrame(mix, ["good", "flips"], [WORDS[i] for i in order])
    print(table.to_string(float_format="{:.2f}".format), "\n")

for order in (COMPLAINT, PRAISE):
    show_mix(order, q[order], k[order])

# %% [markdown]
# Nothing. A score depends on two words, wherever they stand, and a sum does not mind the order of its terms.
# **Where all may look at all, attention sees a bag of words.** No training can change that.
#
# So write the order into the vectors. Place $p$ becomes an angle, 90° times $p$. Its cosine and sine, (1, 0), (0, 1), (−1, 0)
# or (0, −1), fill the two empty columns of the key: here I stand. The query gets this pair turned *back* by 90°: it
# points to the place before. (The 4 in the matrix makes the choice clear.)
#
# $$(1,\ 0)\begin{pmatrix}0&-4\\4&0\end{pmatrix}=(0,\ -4),\qquad
# (0,\ 1)\begin{pmatrix}0&-4\\4&0\end{pmatrix}=(4,\ 0)$$
#
# Left: place 0 asks for place 3, because four angles make a full circle. Right: place 1 asks for place 0.

# %%
places = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]], "float32")  # (4 places, 2)
back = np.array([[0, -4], [4, 0]], "float32")
def with_places(order):
    q_placed = np.hstack([q[order, :2], places @ back])  # where I look
    k_placed = np.hstack([k[order, :2], places])         # where I stand
    return q_placed, k_placed
for order in (COMPLAINT, PRAISE):
    show_mix(order, *with_places(order))

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(10.5, 3.7))
shown = {"no places": (q, k, COMPLAINT),
         "with places": (*with_places(COMPLAINT), COMPLAINT),
         "with places, the praise": (*with_places(PRAISE), PRAISE)}
for axis, (title, (asks, answers_to, order)) in zip(axes, shown.items(), strict=True):
    names = [WORDS[i] for i in order]
    table = attend(asks, answers_to, v[order])[1]
    plots.number_table(axis, table, names, names, title)
axes[0].set(xlabel="whom it looks at", ylabel="who looks")
plt.suptitle("With places, only the opinion right after “not” finds it\n",
             weight="bold")
plots.show("Three 4 by 4 tables of weights. Without places good and bad both give not"
           " 0.71. With places its right neighbor gives it 0.96, the other 0.10.")

# %% [markdown]
# The opinion right after *not* gives it 0.96: the place adds $4\cdot1/\sqrt4=2$ to the score of 2. For the other
# opinion *not* stands opposite: 2 − 2 = 0, weight 0.10. In the praise it is *bad* that *not* flips.
# (*Not*, at place 0, looks back full circle, at *bad*.)
#
# ### Exercise 45.2
#
# The matrix `ahead` replaces `back`: each place asks for the place *after* it (the last one asks for the first). Place 0 is (1, 0) and
# asks for place 1, (0, 1). So the first row is (0, 4), with the factor 4. Give the second row.
#
# <details><summary>Hint 1</summary>Place 1 is (0, 1): times the matrix, it becomes the second row.</details>
# <details><summary>Hint 2</summary>It should point to place 2, which is (−1, 0).</details>

# %% tags=["exercise"]
# Exercise 45.2: a matrix of two rows, such as [[0, -4], [4, 0]]
ahead = [[0, 4], ...]

# %%
check("45.2", ahead)

# %% tags=["solution"]
# @title Solution 45.2
ahead_solution = [[0, 4], [-4, 0]]
check("45.2", ahead_solution)

# %% [markdown]
# ## 3 · A Transformer that reads
#
# Now a network learns its queries, keys and values, from lesson 43's sentences about a hotel: negative,
# neutral or positive. They are made up: on 43's real film reviews no network beat a bag of words,
# so those could hardly show whether attention sees order. A quarter is *plain*. The others hold *not*
# (negation), *but* or *although* (contrast), or words like *very* (intensifier). Nine in ten of these have a
# mirror image: same words, other order, other label. A bag of words gets at most 65.5 % of the test right.

# %%
frame = datasets.sentiment().frame
train = frame[frame["set"] == "train"]
test = frame[frame["set"] == "test"]
CLASSES = ["negative", "neutral", "positive"]
LENGTH = 17  # words in the longest sentence

def words_of(text):
    return re.findall(r"\w+", text.lower())

vocabulary = ["", *sorted(set(words_of(" ".join(train["text"]))))]  # 0: padding

def encode(texts):  # (sentences, LENGTH)
    numbers = [[vocabulary.index(word) for word in words_of(text)] for text in texts]
    return keras.utils.pad_sequences(numbers, LENGTH, padding="post")

x_train = encode(train["text"])
x_test = encode(test["text"])
y_train = train["label"].map(CLASSES.index).to_numpy()
y_test = test["label"].map(CLASSES.index).to_numpy()
print(x_train.shape, len(vocabulary), train["text"].iloc[-1], x_train[-1], sep="\n")

# %% [markdown]
# ### First step: places for all distances
#
# Places are angles again. In section 2 we *appended* a pair of numbers, and turned the query's by 90°. Now a
# query or a key has 8 numbers. `turn` takes them as four pairs (the first with the fifth, and so on), and
# turns each pair by the word's place times a speed of its own. To see what that does, put one word at four
# places:

# %%
SPEEDS = (0.1 ** np.linspace(0, 1.5, 4)).astype("float32")  # radians a place

def turn(x, places):  # (batch, heads, words, 8), (batch, words)
    angles = ops.cast(places, "float32")[:, None, :, None] * SPEEDS
    cos = ops.cos(angles)  # (batch, 1, words, 4): alike for all heads
    sin = ops.sin(angles)
    a, b = ops.split(x, 2, axis=-1)  # the two numbers of each pair
    return ops.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)

def split(x):  # for the second step: (batch, words, D) → (batch, heads, words, 8)
    x = ops.reshape(x, (-1, x.shape[1], HEADS, D // HEADS))
    return ops.swapaxes(x, 1, 2)

query = np.full((1, 1, 4, 8), [1, 2, 3, 4, 0, 0, 0, 0], "float32")  # four times
key = np.ones((1, 1, 4, 8), "float32")                              # the same
here = np.arange(4)[None]
scores = ops.matmul(turn(query, here), ops.swapaxes(turn(key, here), -1, -2))
print(ops.convert_to_numpy(scores)[0, 0].round(1))

# %% [markdown]
# Without `turn` all 16 scores would be 10. Now they are equal along each diagonal: a score depends on the two
# words and on how far one stands *before or after* the other. (These are **rotary positions**; *Going further*
# shows why they work.)
#
# ### Second step: attention with four heads
#
# Each word becomes 32 numbers (an embedding, lesson 43). Three matrices, which are dense layers without bias,
# make its query, key and value. `split` cuts each of these into four **heads** of 8 numbers, each with its
# own softmax (*multi-head attention*): one head may look for *not*, another for *but*. Their mixes are laid
# side by side, and a last matrix joins them.

# %%
def self_attention(x, places, allowed):  # x: (batch, words, D)
    q = split(layers.Dense(D, use_bias=False, name="query")(x))
    k = split(layers.Dense(D, use_bias=False, name="key")(x))
    v = split(layers.Dense(D, use_bias=False, name="value")(x))
    mix, weights = attend(turn(q, places), turn(k, places), v, allowed)
    mix = ops.reshape(ops.swapaxes(mix, 1, 2), (-1, *x.shape[1:]))  # side by side
    return layers.Dense(D, use_bias=False, name="join")(mix), weights

# %% [markdown]
# ### Third step: the block
#
# A Transformer **block** is attention, where words hear from each other, then two dense layers (the *feed-forward* part), where each word thinks
# by itself. Both *add* their result to the word, which passes unchanged: a shortcut (lesson 35). Before each, *layer normalization* brings the numbers of
# each word to mean 0 and variance 1 (then a learned scale and shift).
#
# ```text
# x─┬─norm─attention─(+)─┬─norm─dense─dense─(+)─x
#   └─────────────────┘  └───────────────────┘
# ```

# %%
def block(x, places, allowed):  # x: (batch, words, D)
    h = layers.LayerNormalization(name="norm_1")(x)
    heard, weights = self_attention(h, places, allowed)
    x = x + heard
    h = layers.LayerNormalization(name="norm_2")(x)
    h = layers.Dense(2 * D, "relu", name="wide")(h)
    h = layers.Dense(D, name="narrow")(h)
    return x + h, weights  # (batch, words, D), (batch, heads, words, words)

# %% [markdown]
# As many words come out as went in. A mean over the words and a dense layer make the answer. Train it three times with the place of every word, and three times with place 0 for all, which turns
# nothing.
#
# **Predict.** What accuracies will the two reach on the test sentences? (The commonest label alone: 40 %.)

# %%
def three_inputs(length):
    tokens = keras.Input((length,), dtype="int32")
    places = keras.Input((length,), dtype="int32")
    allowed = keras.Input((length, length), dtype="bool")  # row: who looks
    return tokens, places, allowed

def build_reader():
    tokens, places, allowed = three_inputs(LENGTH)
    x = layers.Embedding(len(vocabulary), D)(tokens)
    x, weights = block(x, places, allowed[:, None])  # alike for all heads
    x = layers.GlobalAveragePooling1D()(x, mask=ops.not_equal(tokens, 0))
    model = keras.Model([tokens, places, allowed], layers.Dense(3)(x))
    model.compile(adam(250), cross_entropy)
    return model, keras.Model(model.inputs, weights)  # the answer; the attention map

def inputs_of(x, with_places=True):  # x: (sentences, LENGTH)
    places = np.tile(np.arange(LENGTH, dtype="int32"), (len(x), 1))
    seen = (x > 0)[:, None]  # nobody looks at padding
    allowed = np.broadcast_to(seen, (len(x), LENGTH, LENGTH))
    return [x, places if with_places else 0 * places, allowed]

# %%
def answers(model, inputs):
    return model.predict_on_batch(inputs).argmax(axis=1)

def train_reader(model, with_places):
    inputs = inputs_of(x_train, with_places)
    model.fit(inputs, y_train, batch_size=64, epochs=10, verbose=0)
    right = answers(model, inputs_of(x_test, with_places)) == y_test
    return {"accuracy": right.mean(), "right": right, "weights": model.get_weights()}

trainings = {"no places": lambda model: train_reader(model, with_places=False),
             "places": lambda model: train_reader(model, with_places=True)}
builders = dict.fromkeys(trainings, lambda: build_reader()[0])
readers = dlcourse.repeat(RUNS, builders, trainings, steps_at_once=5)  # 5: for speed
readers = readers.set_index("contender")

mean = readers["accuracy"].groupby("contender").mean()
claim("without places the Transformer gets ≈ {:.3f}: a bag of words",
      mean["no places"], at_most=0.6551)
claim("with places it gets ≈ {:.3f}", mean["places"], at_least=0.9)

reader, map_of = build_reader()  # two models that share their layers
reader.set_weights(readers.loc["places", "weights"].iloc[0])  # for section 4

# %% tags=["hide-input"]
kinds = ["plain", "negation", "contrast", "intensifier"]
masks = [(test["kind"] == kind).to_numpy() for kind in kinds]
bags = test["text"].map(lambda text: " ".join(sorted(words_of(text))))
best = test.groupby(bags)["label"].transform(
    lambda labels: labels.value_counts().max() / len(labels))  # right in this bag
for name, shift, color, hatch in (("no places", 0, plots.ORANGE, "//"),
                                  ("places", 0.38, plots.BLUE, "")):
    right = np.stack(readers.loc[name, "right"])  # (runs, sentences)
    scores_of = np.array([right[:, mask].mean(axis=1) for mask in masks])  # (4, runs)
    at = np.arange(4) + shift
    plt.bar(at, scores_of.mean(axis=1), 0.36, color=color, hatch=hatch,
            edgecolor="white", label=name)
    plt.plot(at, scores_of, "o", color="black", mfc="white", ms=5,
             label=["one training"] + [None] * (RUNS - 1) if shift else None)
plt.hlines([best[mask].mean() for mask in masks], np.arange(4) - 0.25,
           np.arange(4) + 0.63, color="black", lw=2, ls="--", label="limit of a bag")
plt.gca().set(xticks=np.arange(4) + 0.19, xticklabels=kinds, ylabel="test accuracy",
              ylim=(0, 1.05), yticks=np.arange(0, 1.1, 0.2), xlabel="kind of sentence",
              title="Without places, no better than a bag of words allows")
plt.legend(ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.16), fontsize=10)
plots.show("Test accuracy by kind of sentence. Without places: high on plain sentences,"
           " about one half on the others, the limit of a bag. With places: near 1.")

# %% [markdown]
# Only the places differ. They help where order matters. (The dashed limit is the best that a bag could do;
# training need not find it.)
#
# ## 4 · Whom does it look at?
#
# The attention of the first network with places. Choose a word and a head:

# %% tags=["hide-input"]
MIRRORS = ["The room was not good and the bar was bad.",
           "The room was good and the bar was not bad."]
maps = map_of.predict_on_batch(inputs_of(encode(MIRRORS)))  # (2, heads, 17, 17)
def look_at(word="bad", head="mean of all"):
    figure, axes = plt.subplots(2, 1, figsize=(8, 4.4))
    for axis, text, table in zip(axes, MIRRORS, maps, strict=True):
        names = words_of(text)
        table = table.mean(axis=0) if head == "mean of all" else table[head - 1]
        place = names.index(word)
        bars = axis.bar(range(10), table[place, :10], color=plots.BLUE)
        bars[names.index("not")].set(fc=plots.VERMILION, ec="white", hatch="//")
        numbers = [f"{w:.2f}" if w > 0.05 else "" for w in table[place, :10]]
        axis.bar_label(bars, numbers, fontsize=9)
        axis.set_xticks(range(10), names)
        axis.set(ylim=(0, 1.15), ylabel="weight", yticks=[0, 0.5, 1])
        axis.set_title("complaint" if axis is axes[0] else "praise", weight="normal")
    axes[1].set_xlabel(f"whom “{word}” looks at (red, hatched: not)")
    figure.suptitle("In the praise, “bad” looks mostly at “not” (mean of 4 heads)"
                    if (word, head) == ("bad", "mean of all")
                    else f"Whom “{word}” looks at, head: {head}", weight="bold")

explore(look_at, word=["not", "good", "bad", "room", "bar", "and"],
        head=["mean of all", 1, 2, 3, 4],
        alt="For the complaint and the praise, one bar per word: how much weight the"
        " chosen word gives it; the bar of not is red and hatched.")

# %% [markdown]
# The map of the praise looks like an explanation: *bad* looks at *not*, so its meaning flips. (It is a keener
# look than most.) But if one
# head gives *not* the weight 0.9, this head's value of *not* enters its mix for *bad* with the factor 0.9,
# and that is all. That value may be small, and other words hear *not* as well. So **a map shows where a head
# looks, not whether the answer hangs on it.** To learn that, one forbids this look, as you do in *Going further*.
#
# ## 5 · A Transformer that guesses what comes next
#
# Here a **decoder** is a Transformer that guesses the next character: a language model (lesson 44). From 32 characters it
# makes 32 guesses, one at each place.
#
# But the answer for place 3 stands at place 4. So **place $i$ may look only at places up to $i$.** Elsewhere the
# score becomes −10⁹ as in `attend`, or $-\infty$, of which softmax makes 0: the **causal mask**. Our four words of section 1 under it:
#
# ```text
# who looks    not   good   just    bad
#      not    1.00      0      0      0
#     good    0.88   0.12      0      0
#     just    0.33   0.33   0.33      0
#      bad    0.71   0.10   0.10   0.10
# ```
#
# *Just* asks for nothing: equal scores make a plain mean.
#
# ## 6 · Break and fix: too good to be true
#
# Now real text: O'Neill's jigs, prepared as in lesson 44. Training and test tunes each
# become one long text, of 30 different characters, cut into pieces of 32. Each character's target is the next one.

# %%
RULES = {r"\{.*?\}|\s|\((?!3)": "", r"(?<=[|:\[])[12]": "", r"\(3": "(", "/2": "/",
         r"[|:\[\]]*:[|:\[\]]*": ":", r"[|\[\]]+": "|", r"[^A-Ga-gz,'^_=/2-4(<>|:]": ""}
book = datasets.folk_tunes().frame
jigs = book[(book["meter"] == "6/8") & (book["unit"] == "1/8")]
jigs = jigs[~jigs["notes"].str.contains(r"[+Z9]|\[[A-Ga-g^_=KM]")]  # misprints, chords
tunes = jigs["notes"]
for pattern, replacement in RULES.items():
    tunes = tunes.str.replace(pattern, replacement, regex=True)
tunes = tunes.str.strip("|")
last_digit = jigs["number"] % 10
CHARS = sorted(set("\n" + "".join(tunes)))
N_CHARS = len(CHARS)

def pieces(tunes):  # x and, one character later, y: (pieces, SPAN)
    text = "\n" + "\n".join(tunes) + "\n"
    numbers = np.array([CHARS.index(character) for character in text], "int32")
    n = (len(numbers) - 1) // SPAN
    x = numbers[: n * SPAN].reshape(n, SPAN)
    y = numbers[1 : n * SPAN + 1].reshape(n, SPAN)
    return x, y

x_tunes, y_tunes = pieces(tunes[last_digit < 8])
x_new, y_new = pieces(tunes[last_digit == 9])  # for the test
print(N_CHARS, "characters:", tunes.iloc[0][:SPAN], x_tunes.shape, x_new.shape)

# %% [markdown]
# The decoder is our block, with an answer at each place instead of a mean. Colleagues A and B each changed
# one detail of what it learns from: read the last three functions.

# %%
STEPS = max(400, PASSES * (len(x_tunes) // 32))  # quick ends before the rate is 0

def build_decoder(n_characters=N_CHARS):
    tokens, places, allowed = three_inputs(SPAN)
    x = layers.Embedding(n_characters, D, name="embed")(tokens)
    x, _ = block(x, places, allowed[:, None])
    logits = layers.Dense(n_characters, name="logits")(x)  # (batch, SPAN, characters)
    model = keras.Model([tokens, places, allowed], logits)
    model.compile(adam(STEPS), cross_entropy)
    return model

def masked(x, ahead=0):  # what a decoder takes: tokens, places, and the causal mask
    places = np.tile(np.arange(SPAN, dtype="int32"), (len(x), 1))
    past = np.tri(SPAN, k=ahead, dtype=bool)  # k: the last diagonal that is True
    return [x, places, np.broadcast_to(past, (len(x), SPAN, SPAN))]

def ours(x, y):  # the inputs, the targets
    return masked(x), y

def colleague_a(x, y):
    return masked(x, ahead=1), y

def colleague_b(x, y):
    return masked(x), x

# %% [markdown]
# A and B train for two passes, we for four (`full`: 14).
#
# **Predict.** Whose loss on new jigs will be the lowest? Whose network would you trust? (A blind guess costs ln 30 = 3.40 nats, lesson 44.)

# %%
def train_decoder(model, prepare, passes):
    inputs, targets = prepare(x_tunes, y_tunes)
    model.fit(inputs, targets, batch_size=32, epochs=passes, verbose=0)
    inputs, targets = prepare(x_new, y_new)
    loss = float(cross_entropy(targets, model(inputs)))
    return {"loss": loss, "weights": model.get_weights()}

prepared = {"ours": ours, "A": colleague_a, "B": colleague_b}
trainings = {"ours": lambda model: train_decoder(model, ours, PASSES),
             "A": lambda model: train_decoder(model, colleague_a, 2),
             "B": lambda model: train_decoder(model, colleague_b, 2)}
builders = dict.fromkeys(trainings, build_decoder)
decoders = dlcourse.repeat(1, builders, trainings, steps_at_once=8)
decoders = decoders.set_index("contender")
for name, loss in decoders["loss"].items():
    print(f"{name:4} ≈ {loss:.2f} nats a character on new jigs")
claim("on jigs that nobody saw, A's loss is ≈ {:.2f} nats a character",
      decoders.loc["A", "loss"], at_most=0.12)

decoder = build_decoder()
def logits_of(name, x):  # x: (texts, SPAN) → (texts, SPAN, characters)
    decoder.set_weights(decoders.loc[name, "weights"])
    return decoder.predict_on_batch(prepared[name](x, x)[0])

# %% [markdown]
# On new music no honest loss comes near 0: the next note would have to be certain.
#
# ### Exercise 45.3
#
# With the right mask, what comes later cannot change what was said before. So change the last character, and ask the model again.
# Finish `leaks(model, x)`: True if the logits at any place *before* the last have changed. `x` has the shape (1, places), and `model(x)` gives
# logits, (1, places, characters). Try `leaks(lambda x: logits_of("A", x), x_new[:1])`, and the same for B. Then name in `causes` what
# is wrong in `colleague_a` and `colleague_b`: `"mask"`, `"targets"` or `"places"`.
#
# <details><summary>Hint 1</summary>The logits before the last place: model(x)[0, :-1].</details>
# <details><summary>Hint 2</summary>np.allclose(one, other, atol=1e-5): equal up to rounding. For B: what does it see at place 0, and what is its target
# there?</details>

# %% tags=["exercise"]
# Exercise 45.3: a test for leaks, and what went wrong
def leaks(model, x):
    changed = x.copy()
    changed[0, -1] = (x[0, -1] + 1) % 9  # another character, one of the first nine
    return ...  # your code here

causes = {"A": ..., "B": ...}

# %%
check("45.3", leaks, causes)

# %% tags=["solution"]
# @title Solution 45.3
def leaks_solution(model, x):
    changed = x.copy()
    changed[0, -1] = (x[0, -1] + 1) % 9
    return not np.allclose(model(x)[0, :-1], model(changed)[0, :-1], atol=1e-5)
check("45.3", leaks_solution, {"A": "mask", "B": "targets"})
for name in ("ours", "A", "B"):
    print(name, "leaks:", leaks_solution(lambda x: logits_of(name, x), x_new[:1]))

# %% [markdown]
# A's mask has one diagonal too many: each place but the last sees the next character, its target. B's mask is right, but its target is the
# character it stands on: it learned to repeat. **A loss that is far too good is a symptom.** Can the network see the answer? Is the target the right one?
#
# Our decoder is honest. What it writes, and the way to GPT: see *Going further*.

# %% [markdown]
# ## Going further: cut the look
#
# Section 4 shows that *bad* looks at *not* in the praise. Does the answer hang on it? Forbid this one look, and see.
#
# ### Exercise 45.4
#
# Write `forbid(allowed, who, whom)`. `allowed` has the shape (sentences, words, words): row, who looks; column,
# whom it looks at. `who` and `whom` hold a place for each sentence. Return a copy in which, in sentence i, word
# `who[i]` may no longer look at word `whom[i]`. All else stays.
#
# <details><summary>Hint 1</summary>Begin with allowed.copy(). A loop over the sentences will do.</details>
# <details><summary>Hint 2</summary>In sentence i, set cut[i, who[i], whom[i]] to False. Without a loop, np.arange(len(who)) stands
# for all i at once.</details>

# %% tags=["exercise"]
# Exercise 45.4: a mask with one look less in each sentence
def forbid(allowed, who, whom):
    ...  # your code here

# %%
check("45.4", forbid)

# %% tags=["solution"]
# @title Solution 45.4
def forbid_solution(allowed, who, whom):
    cut = allowed.copy()
    cut[np.arange(len(who)), who, whom] = False
    return cut

check("45.4", forbid_solution)

# %% [markdown]
# Now take the 200 test sentences with *not*. Forbid only the opinion right after *not* to look at it (its weight
# goes to the other words). Then, as a control, forbid it to every word. An answer survives if it stays the same.
#
# **Predict.** What share of the answers survives the first cut, and what share the second?

# %%
x_not = x_test[(test["kind"] == "negation").to_numpy()]
row = np.arange(len(x_not))
place = (x_not == vocabulary.index("not")).argmax(axis=1)  # where "not" stands
tokens, positions, allowed = inputs_of(x_not)
cut_once = allowed.copy()
cut_once[row, place + 1, place] = False  # the opinion's look at not
cut_all = allowed.copy()
cut_all[row, :, place] = False           # every word's

def surviving(who_may):
    before = answers(reader, [tokens, positions, allowed])
    return np.mean(answers(reader, [tokens, positions, who_may]) == before)

results = []
for weights in readers.loc["places", "weights"]:
    reader.set_weights(weights)
    looks = map_of.predict_on_batch([tokens, positions, allowed])
    keenest = looks[row, :, place + 1, place].max(axis=1).mean()  # of the four heads
    results.append([keenest, surviving(cut_once), surviving(cut_all)])
    print("keenest head's weight ≈ {:.2f}, survive ≈ {:.2f} and ≈ {:.2f}".format(
        *results[-1]))
_, once, everywhere = np.mean(results, axis=0)
claim("the opinion's look at not is cut: ≈ {:.0%} of the answers survive", once,
      at_least=0.8)
claim("not is hidden from every word: ≈ {:.0%} survive", everywhere, at_most=0.9)

# %% [markdown]
# In all three networks the first cut changes few answers, however keen the look. The second changes many. So
# mostly the other looks at *not* suffice, which the map of *bad* did not tell. (Neither cut occurred in
# training, which may cost some answers, too.)
#
# ## Going further: why divide by √d, and why turn?
#
# **The root.** A sum of $d$ products of independent numbers, with mean 0 and variance 1, has a standard deviation of $\sqrt{d}$. Divided by it, the scores of
# long queries spread as widely as those of short ones. Undivided, they could drive softmax to 0 and 1, where its slope is almost 0.
#
# **The turn.** Section 3 turns each of four pairs by place times its own speed. The fastest (57° a place)
# changes much from neighbor to neighbor. The slowest (2°) comes nowhere near a full circle within a sentence.
# With $R_p$ for the turn of place $p$:
#
# $$(R_iq)\cdot(R_jk)=q\cdot(R_{j-i}k)$$
#
# Turning both by the same angle changes no score, so turn both back by the place of the query: what is left is the turn of $j-i$. So besides the two words
# only $j-i$ counts: how far one stands before or after the other. In section 2 we chose that distance ourselves. Here the matrices of query
# and key learn it.
#
# ## Going further: translate dates
#
# The same kind of decoder, trained on lines such as `30 July 1908>1908-07-30.`, can translate: give it a line
# up to the `>`, and let it go on. (The first Transformer, made for translation, had two stacks. An *encoder*
# reads, as in section 3. A decoder writes, and its queries also look at the keys and values of the encoder:
# *cross-attention*.)

# %% tags=["nbval-ignore-output"]
def date_line(day):  # "30 July 1908>1908-07-30.", with spaces in front: SPAN + 1
    date = datetime.date(1900, 1, 1) + datetime.timedelta(int(day))
    return f"{date.day} {date:%B} {date.year}>{date}.".rjust(SPAN + 1)

days = np.random.default_rng(lesson.seed).permutation(36524)[:5500]  # of 1900 to 1999
dates = [date_line(day) for day in days]
DATE_CHARS = sorted(set("".join(dates)))
lines = np.array([[DATE_CHARS.index(c) for c in line] for line in dates], "int32")
x_lines, y_lines = lines[:, :-1], lines[:, 1:].copy()
y_lines[:, : SPAN - 11] = -1  # before the ">" nothing is asked
translator = build_decoder(len(DATE_CHARS))
translator.compile(adam(STEPS), keras.losses.SparseCategoricalCrossentropy(
    from_logits=True, ignore_class=-1))
translator.fit(masked(x_lines[:5000]), y_lines[:5000], epochs=2, verbose=0)

guess = x_lines[5000:].copy()
guess[:, SPAN - 10 :] = 0  # erased after the ">"
for place in range(SPAN - 11, SPAN - 1):  # the likeliest character each time
    logits = translator.predict_on_batch(masked(guess))
    guess[:, place + 1] = logits[:, place].argmax(axis=1)
right = (guess == x_lines[5000:]).all(axis=1)
for line in guess[:3]:
    print("".join(DATE_CHARS[i] for i in line).strip())
claim("of 500 new dates, ≈ {:.0%} are without a mistake", right.mean(), at_least=0.4)

# %% [markdown]
# In nine networks, from nine seeds, nearly all mistakes were in the day: years and months were each right in
# 98 to 100 % of the dates, days in 60 to 95 %. A tenth network, with other first weights, got only 17 % of
# the dates right. Why, we have not tested.

# %% [markdown]
# And real sentences? [Multi30k](https://github.com/multi30k/dataset) says in English and in French what is
# seen in 31,014 photographs. The `full` profile learns to translate them, with the two stacks of the first
# Transformer, one block each, in Keras's own layers. For each place in the French sentence the decoder guesses
# the next word, from the French words so far and the whole English sentence. (Its places are sines and cosines,
# added to the words, and it normalizes after each sum. The 8 is $\sqrt{64}$, as in the first Transformer: it makes
# the words larger beside the waves.)

# %%
angles = np.arange(24)[:, None] / 10000 ** np.linspace(0, 1, 32)
waves = np.hstack([np.sin(angles), np.cos(angles)]).astype("float32")  # (24 places, 64)

def look(x, at, **mask):  # x asks, `at` answers; then the shortcut
    heard = layers.MultiHeadAttention(4, key_dim=16)(x, at, **mask)
    return layers.LayerNormalization()(x + heard)

def think(x):
    h = layers.Dense(128, "relu")(x)
    return layers.LayerNormalization()(x + layers.Dense(64)(h))

def build_translator():
    english = keras.Input((24,), dtype="int32")
    french = keras.Input((24,), dtype="int32")
    there = ops.not_equal(english, 0)[:, None]  # never look at padding
    x = 8 * layers.Embedding(4000, 64)(english) + waves
    x = think(look(x, x, attention_mask=there))  # the encoder
    y = 8 * layers.Embedding(4000, 64)(french) + waves
    y = look(y, y, use_causal_mask=True)  # the decoder
    y = think(look(y, x, attention_mask=there))  # its cross-attention
    return keras.Model([english, french], layers.Dense(4000)(y))

# %%
def numbers_of(texts):  # (sentences, 25), and the 4,000 commonest words
    reader = layers.TextVectorization(4000, "lower", output_sequence_length=25)
    reader.adapt(texts[:29000])
    return ops.convert_to_numpy(reader(texts)), reader.get_vocabulary()
if lesson.profile == "full":  # 29,000 sentences to learn from, the last 1,000 to test
    pairs = datasets.multi30k().frame.replace(r"([^\w\s])", r" \1 ", regex=True)
    asked = numbers_of(pairs["english"].to_list())[0][:, :24]
    told, french = numbers_of([f"> {line} <" for line in pairs["french"]])
    seen, next_word = told[:, :24], told[:, 1:]
    model = build_translator()
    model.compile(adam(3 * 454, 0.003), keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, ignore_class=0))
    model.fit([asked[:29000], seen[:29000]], next_word[:29000], 64, 3, verbose=0)
    for name, english in {"its own": asked[-1000:], "another": asked[:1000]}.items():
        guesses = model.predict([english, seen[-1000:]], verbose=0).argmax(axis=-1)
        right = (guesses == next_word[-1000:])[next_word[-1000:] > 0].mean()
        print(f"with {name} English sentence: ≈ {right:.2f} of the next words right")
        record("Multi30k", f"with {name} English sentence", "test accuracy", right)
    text = seen[-1000:-996] * (np.arange(24) == 0)  # only the sign of the start
    for place in range(23):
        logits = model.predict_on_batch([asked[-1000:-996], text])
        text[:, place + 1] = logits[:, place].argmax(axis=-1)
    for line in text:
        print(" ".join(french[n] for n in line).split(" <")[0])

# %% [markdown]
# Mean ± standard deviation over three runs, and what one of them wrote of the first four test sentences (the
# likeliest word each time; `[UNK]` is a word beyond the 4,000):
#
# | the encoder reads | next words right, of 100 |
# |---|---|
# | the English sentence | 77.6 ± 0.2 |
# | another sentence | 22.9 ± 0.1 |
#
# | English | French, written |
# |---|---|
# | A man in an orange hat starring at something. | un homme avec un chapeau orange regardant quelque chose . |
# | A Boston Terrier is running on lush green grass in front of a white fence. | un terrier court sur un bassin vert très verte devant une clôture blanche . |
# | A girl in karate uniform breaking a stick with a front kick. | une fille en tenue de karaté [UNK] un bâton avec un coup de pied devant un coup . |
# | Five people wearing winter jackets and helmets stand in the snow, with snowmobiles in the background. | cinq personnes portant des vestes d ' hiver et des casques sont debout dans la neige avec des [UNK] en arrière - plan |
#
# Misled by the wrong English, it still gets nearly every fourth word. What it says of *this* photograph comes
# through cross-attention. (The share counts each word after the *right* words before it. When it
# writes by itself, its own mistakes stand there instead, lesson 44.)

# %% [markdown]
# ## Going further: attention or a GRU?
#
# A GRU with about as many weights (10,338; ours has 10,366) learns from the same jigs, for as many steps. And all three decoders write a line:

# %% tags=["nbval-ignore-output"]
def build_gru():
    gru = layers.GRU(38, return_sequences=True)
    model = keras.Sequential([keras.Input((SPAN,), dtype="int32"),
                              layers.Embedding(N_CHARS, D), gru, layers.Dense(N_CHARS)])
    model.compile(adam(STEPS), cross_entropy)
    return model

def train_gru(model):
    model.fit(x_tunes, y_tunes, batch_size=32, epochs=PASSES, verbose=0)
    return float(cross_entropy(y_new, model(x_new)))

def write(name):  # at temperature 0.7 (lesson 44)
    rng = np.random.default_rng(lesson.seed)
    text = np.zeros((1, SPAN), "int32")  # the first stays 0, a new line
    for place in range(SPAN - 1):
        logits = logits_of(name, text)[0, place].astype("float64") / 0.7
        p = np.exp(logits) / np.exp(logits).sum()
        text[0, place + 1] = rng.choice(N_CHARS, p=p)
    return "".join(CHARS[i] for i in text[0])

gru = dlcourse.repeat(1, {"GRU": build_gru}, train_gru, steps_at_once=8).loc[0, "GRU"]
claim("Transformer and GRU are only ≈ {:.2f} nats apart",
      abs(gru - decoders.loc["ours", "loss"]), at_most=0.2)
print(*[f"{name:5}{write(name)!r}" for name in prepared], sep="\n")

# %% [markdown]
# Here, after four short passes and with one block, the GRU is a little ahead. Five seeds, in nats a character:
#
# | seed | 0 | 1 | 2 | 3 | 4 |
# |---|---|---|---|---|---|
# | Transformer | 1.82 | 1.76 | 1.78 | 1.81 | 1.80 |
# | GRU | 1.71 | 1.71 | 1.72 | 1.74 | 1.74 |
#
# (Another machine may differ by 0.01.) The GRU's passes took longer: 2.1 to 2.9 times as long as the Transformer's in these runs, on two busy
# cores, and 1.3 to 1.9 times in others. With as many seconds instead of as many steps the gap may close: we
# have not tried. A larger GRU that trains longer and reads whole tunes gets further (lesson 44). Lesson 44's
# best table, counted, pays only 1.68, less than either. But it reads whole tunes, so it nearly always
# knows the characters just before. Our networks start each piece with nothing behind them, and
# have trained for four passes.
#
# Attention brings something else. A far place is as near as the last one. And with enough processors all
# places of a text are computed at once while it trains.
#
# What they write is no surprise by now. A and B have nothing to say (`\n` is a new line). A used to see the
# next character. Now only filler stands there, and A copies it. B repeats the character that it stands on.
#
# ## Going further: what length costs, and the cache
#
# Scores form a square: twice the places, four times the scores. And whoever writes pays again and again: for
# each new character, all that is written goes through the network once more (our `write` even sends the empty places along). But the keys and values of earlier places never
# change, because they cannot see what comes later. So keep them, in a **key-value cache**, and send only the new
# place through.

# %%
part = decoder.get_layer  # by its name

def next_place(x, place, keys, values):  # x: (1, 1, D), one new place
    h = part("norm_1")(x)
    q = turn(split(part("query")(h)), place)
    keys.append(turn(split(part("key")(h)), place))
    values.append(split(part("value")(h)))
    mix = values[0]  # the first place sees itself alone
    if len(keys) > 1:  # no mask: only the past is there
        k = ops.concatenate(keys, axis=2)  # (1, heads, places so far, 8)
        mix, _ = attend(q, k, ops.concatenate(values, axis=2))
    x = x + part("join")(ops.reshape(ops.swapaxes(mix, 1, 2), x.shape))
    h = part("wide")(part("norm_2")(x))
    return part("logits")(x + part("narrow")(h))

at_once = logits_of("ours", x_new[:1])  # (1, SPAN, characters)
keys, values, gaps = [], [], []
for place in range(SPAN):
    new = part("embed")(x_new[:1, place : place + 1])
    logits = next_place(new, np.array([[place]]), keys, values)
    gaps.append(np.abs(ops.convert_to_numpy(logits)[0, 0] - at_once[0, place]).max())
print(f"the same logits: {max(gaps) < 1e-4}; {SPAN} places went through the network,"
      f" without memory {SPAN * (SPAN + 1) // 2}")

# %%
for n in (512, 2048):
    q = ops.ones((1, n, 32))  # n places, each looks at all
    ops.convert_to_numpy(attend(q, q, q)[0])  # the first call prepares
    start = time.perf_counter()
    for _ in range(10):
        ops.convert_to_numpy(attend(q, q, q)[0])
    milliseconds = 1000 * (time.perf_counter() - start) / 10
    print(f"{n:5} places: ≈ {milliseconds:.1f} ms")

# %% [markdown]
# Four times the places: 16 times as many scores, and the time grows many times. (How many depends on the machine: some
# costs are the same for both lengths, and long tables may outgrow the processor's cache.)
#
# ## Going further: from here to GPT
#
# Stack your block. Make it wider. Take pieces of words instead of characters, and books and web pages instead
# of jigs. In outline, that is GPT:
#
# | | blocks | $d$ | heads | places | weights |
# |---|---|---|---|---|---|
# | ours | 1 | 32 | 4 | 32 | 10 thousand |
# | GPT (2018) | 12 | 768 | 12 | 512 | 117 million |
# | GPT-2 (2019) | 48 | 1,600 | 25 | 1,024 | 1.5 billion |
# | GPT-3 (2020) | 96 | 12,288 | 96 | 2,048 | 175 billion |
# | Llama 3.1 (2024) | 126 | 16,384 | 128 | 131,072 | 405 billion |
#
# (The largest of each family, from the papers on [GPT](https://cdn.openai.com/research-covers/language-unsupervised/language_understanding_paper.pdf),
# [GPT-2](https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf) with
# [its code](https://github.com/openai/gpt-2), [GPT-3](https://arxiv.org/abs/2005.14165) and [Llama 3](https://arxiv.org/abs/2407.21783).) The size can be worked out. A block of GPT has $4d^2$ weights in its attention and
# $8d^2$ in its dense layers, which are $4d$ wide in between. So $L$ blocks and a vocabulary of $V$ pieces have about $12 L d^2 + V d$. For GPT-3, with $V$ = 50,257: $12 \cdot 96 \cdot
# 12288^2 + 50257 \cdot 12288 = 174.6$ billion. (Llama's blocks are built a little differently, and share keys and values among heads.)
#
# For the places, the first Transformer added sines and cosines; GPT and GPT-2 learned vectors. Llama turns
# queries and keys, as we do. (The first Transformer and GPT normalized after each sum. We do it before the
# layers, as GPT-2 does, which adds one at the end.)
#
# Keras has a layer ready: `layers.MultiHeadAttention(num_heads=4, key_dim=8)`, called as `layer(x, x,
# use_causal_mask=True)`. It gives no places to the words: you add those. (Careful with a learned position
# `Embedding`. Called on a constant while the model is built, it never trains, because the model holds only
# what depends on its inputs. Wrap the call in a layer of your own.)
#
# At the heart of a chat program is such a network. It is first trained to guess the next piece of text, as
# ours was, then on example answers, and mostly also on which answers people preferred.

# %% [markdown]
# ## Quiz

# %%
quiz("45")

# %% [markdown]
# ## Summary
#
# - Every word asks (query), is asked (key) and tells (value): scores, softmax along the row, mix.
# - Where all see all, attention sees a bag of words. Order has to be written in.
# - A block is attention, then dense layers for each word, with shortcuts and normalization.
# - A map shows where a head looks, not whether the answer hangs on it.
# - A loss too good to be true: look for the answer among the inputs, and for a wrong target.
#
# You have built a Transformer that reads, and one that guesses what comes next, as GPT does.
#
# ## Common mistakes
#
# - **Softmax over the wrong axis.** Rows do not add up to 1.
# - **A mask one place too far.** Test for leaks, as in exercise 45.3.
#
# ## Read more
#
# - A. Vaswani and others, [Attention is all you need](https://arxiv.org/abs/1706.03762), 2017.
# - J. Su and others, [RoFormer](https://arxiv.org/abs/2104.09864), 2021.
# - A. Karpathy, [Let's build GPT](https://github.com/karpathy/ng-video-lecture).
# - [UvA's Transformer notebook](https://uvadlc-notebooks.readthedocs.io/en/latest/tutorial_notebooks/tutorial6/Transformers_and_MHAttention.html).
# - S. Jain, B. Wallace, [Attention is not explanation](https://aclanthology.org/N19-1357/), and S. Wiegreffe, Y. Pinter,
#   [Attention is not not explanation](https://aclanthology.org/D19-1002/), 2019.

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [51 · Optimizers](51_optimizers.ipynb). Seven ways to use one gradient, and how to compare them fairly. **Before:** [44 · Text generation](44_text_generation.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+45%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/51_optimizers.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/44_text_generation.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
