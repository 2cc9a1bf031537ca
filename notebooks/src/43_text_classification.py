# ---
# jupyter:
#   dlcourse:
#     title: Text classification
#     subtitle: Read the sentiment of a sentence, and see what is lost without word order
#     minutes: 69
#     further: 8
#     seconds: 40
#     needs: ["23", "31", "41"]
#     backends: [tensorflow]
#     teaching:
#       believe: "words carry the meaning, order is a detail"
#       stop: "section 1; break and fix"
#       ask: "two sentences, same words, opposite labels: \"What can counting do?\""
#       stuck: "masks and padding: \"What does the LSTM read last?\""
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 43 · Text classification
#
# *Read the sentiment of a sentence, and see what is lost without word order*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/43_text_classification.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/43_text_classification.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/43_text_classification.ipynb)
#
# **Your time:** 69 minutes, and 8 for *Going further* · **The notebook runs in:** about 40 s on two CPU cores · **Before this:** lesson 23, lesson 31, lesson 41

# %% [markdown]
# ## You will be able to
#
# 1. Say what a bag of words cannot know, and prove it with a sentence *(section 1 · exercise 43.1)*
# 2. Turn raw text into numbers *(section 2 · exercise 43.2)*
# 3. Build readers that see three words, five, or a whole sentence *(sections 3 and 4 · exercise 43.3)*
# 4. Find out why a service misreads, and pack its parts into one model *(section 5 · exercise 43.4)*

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
import functools
import inspect
import re
import tempfile

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz, record, verify

lesson = dlcourse.start("43", profile=PROFILE, seed=SEED, backends=("tensorflow",))

import keras
import tensorflow as tf
from keras import layers

RUNS = lesson.pick(quick=2, full=3)  # trainings of each network
READERS = ["average", "1-D CNN", "LSTM", "bidirectional"]  # the four networks
TOPIC_READERS = lesson.pick(quick=READERS[:2], full=READERS)  # those of section 6
COMMENTS = ["<p>The room was NOT good!</p>",
            "The staff was lovely,but the bar   was bad",
            "The pool wasn't bad.",
            "Location was perfect<br />Lobby was very nice"]

# %% [markdown]
# Strings in Keras need TensorFlow, so this lesson does.
#
# ## 1 · Same words, opposite meaning
#
# A hotel wants to read its unhappy guests' comments first. So let a network learn which words are good and
# which are bad. The words carry the meaning, and their order is a detail. Or is it?
#
# To be certain, we begin with sentences whose label nobody can dispute, made by the course's own grammar.
# Real language comes in section 6. A sentence has one clause, or two joined by *and*, *but* or *although*.
# Its label, *negative*, *neutral* or *positive*, is the sign of a score, summed over the clauses $c$:
#
# $$\text{score} = \sum_c k_c \, n_c \, m_c \, p_c$$
#
# - polarity $p_c$: $1$ for *good, lovely …*, $0$ for *average, typical …*, $-1$ for *bad, awful …*;
# - intensifier $m_c$: $2$ after *very, really, extremely*, $\tfrac12$ after *slightly, somewhat, mildly*, else $1$;
# - negation $n_c$: $-1$ after *not*, else $1$;
# - contrast $k_c$: $0$ before *but* and with *although*, else $1$.
#
# By hand: "The soup was **very good** and the bar was **slightly bad**" scores
# $2\cdot1+\tfrac12\cdot(-1)=1.5$: positive.
#
# **Predict:** *very* and *slightly* change places. Which label now? And what does a counter of words notice?

# %%
frame = datasets.sentiment().frame
train = frame[frame["set"] == "train"]
val = frame[frame["set"] == "validation"]
test = frame[frame["set"] == "test"]
print(f"training {len(train)}, validation {len(val)}, test {len(test)}\n")
shown = train.groupby("kind", sort=False).tail(2)  # two sentences of each kind
for kind, label, text in shown[["kind", "label", "text"]].to_numpy():
    print(f"{kind:11} | {label:8} | {text}")

# %% [markdown]
# The score is now $-1.5$: negative, and the counter notices nothing. In all kinds but *plain* something
# *turns* the meaning, and most such sentences have a **mirror image** in their set: the same words in another
# order, with another label. A **bag of words** keeps only how often each word occurs. Two equal bags get the
# same answer, so at most one of the pair is right, however long the training. The best such a method can do
# is to give each bag its commonest label:


# %%
def bag_of(sentence):
    words = sentence.lower().replace(",", "").rstrip(".").split()
    return " ".join(sorted(words))  # the same for every order of the words

def bag_limit(part):
    """Share that is right if every bag gets its commonest label."""
    bags = part["text"].map(bag_of)
    n_right = 0
    for bag, labels in part["label"].groupby(bags):
        n_right += labels.value_counts().max()
    return n_right / len(part)

last_two = train["text"].tail(2).to_list()
equal = bag_of(last_two[0]) == bag_of(last_two[1])
print("the last two sentences have equal bags:", equal)
limits = {}
for kind, part in test.groupby("kind", sort=False):
    limits[kind] = bag_limit(part)
    print(f"{kind:12} no bag of words can exceed {limits[kind]:.3f}")
limit_of_all = bag_limit(test)
print(f"{'all':12} no bag of words can exceed {limit_of_all:.3f}")

# %% [markdown]
# **Exercise 43.1.** *The room was good and the bar was not bad.* is positive. Write a negative
# sentence with exactly these ten words. Capitals and punctuation are free.
#
# <details><summary>Hint 1</summary>Which single word changes the sign of a clause?</details>
# <details><summary>Hint 2</summary>Both clauses must become negative: move "not" to the other
# one.</details>

# %% tags=["exercise"]
# Exercise 43.1: the same ten words, a negative sentence.
mirror_image = ...

# %%
check("43.1", mirror_image)

# %% tags=["solution"]
# @title Solution 43.1
mirror_image_solution = "The room was not good and the bar was bad."
check("43.1", mirror_image_solution)

# %% [markdown]
# ## 2 · From raw text to numbers
#
# A network reads numbers. Three steps lead there: **standardize** (clean the characters), split into **tokens** (here:
# words), and replace each token by its place in a **vocabulary**, the list of known tokens, commonest first. Two places
# are reserved: **0 for padding**, which makes all sentences equally long, and **1 for unknown words**, shown as `[UNK]`.
# By hand, with the vocabulary `["", "[UNK]", "the", "was", "bed", "good"]` and length 6, *The bed was good.* becomes
# `2 4 3 5 0 0`, and *The sauna was good!* becomes `2 1 3 5 0 0`.
#
# Keras's `TextVectorization` takes all three steps. Its `adapt` collects the vocabulary, from training sentences only. By
# default it lowers capitals and deletes punctuation. Four comments as a web form delivers them:

# %%
default = layers.TextVectorization()
default.adapt(train["text"].to_numpy())
vocabulary = [str(word) for word in default.get_vocabulary()]
print(f"{len(vocabulary)} entries; the first: {vocabulary[:5]}\n")
for comment, numbers in zip(COMMENTS, default(COMMENTS).numpy()):
    words = [vocabulary[number] for number in numbers if number != 0]  # 0 is padding
    print(f"{comment}\n    {' '.join(words)}")

# %% [markdown]
# It puts nothing in the place of what it deletes: *lovely,but* becomes one strange word. What is lost is just what decides.
#
# **Exercise 43.2.** Write `encode(text, vocabulary, length)`: `length` numbers, as a list, tuple or array. In this order:
#
# 1. lower case;
# 2. a tag, from `<` to the next `>`, becomes a space;
# 3. `n't` becomes ` not`, with a space before it (*can't* becomes *ca not*);
# 4. whatever is no letter from a to z and no digit becomes a space (so *crème* becomes *cr me*);
# 5. split, look up, cut what is too long, pad what is too short.
#
# <details><summary>Hint 1</summary><code>re.sub("&lt;[^&gt;]*&gt;", " ", text)</code> replaces tags: a &lt;, any characters but
# &gt;, a &gt;.</details>
# <details><summary>Hint 2</summary><code>re.sub("[^a-z0-9]+", " ", text)</code> replaces what is not
# listed; then <code>.split()</code>.</details>
# <details><summary>Hint 3</summary><code>vocabulary.index(word) if word in vocabulary else 1</code>; then
# <code>numbers[:length]</code>, and zeros.</details>

# %% tags=["exercise"]
# Exercise 43.2: from raw text to numbers.
def encode(text, vocabulary, length):
    ...  # your code here


# %%
check("43.2", encode)


# %% tags=["solution"]
# @title Solution 43.2
def encode_solution(text, vocabulary, length):
    text = re.sub("<[^>]*>", " ", text.lower())
    text = text.replace("n't", " not")
    words = re.sub("[^a-z0-9]+", " ", text).split()[:length]
    numbers = [vocabulary.index(word) if word in vocabulary else 1 for word in words]
    return numbers + [0] * (length - len(numbers))
check("43.2", encode_solution)

# %% [markdown]
# The same rules for the layer, in TensorFlow's strings. The line with `@` lets Keras find the function when it loads a saved
# model (section 5).


# %%
@keras.saving.register_keras_serializable("hotel")
def standardize(texts):
    texts = tf.strings.lower(texts)
    texts = tf.strings.regex_replace(texts, "<[^>]*>", " ")
    texts = tf.strings.regex_replace(texts, "n't", " not")
    return tf.strings.regex_replace(texts, "[^a-z0-9]+", " ")

LENGTH = 18  # the longest sentence has 17 words
vectorize = layers.TextVectorization(
    standardize=standardize, output_sequence_length=LENGTH)
vectorize.adapt(train["text"].to_numpy())
vocabulary = [str(word) for word in vectorize.get_vocabulary()]
classes = ["negative", "neutral", "positive"]

def arrays(part):
    x = vectorize(part["text"].to_numpy()).numpy()
    y = part["label"].map(classes.index).to_numpy()  # 0, 1 or 2
    return x, y

x_train, y_train = arrays(train)
x_test, y_test = arrays(test)
print(f"x_train {x_train.shape}: (sentences, words); y_train {y_train.shape}: labels")
for numbers in vectorize(COMMENTS).numpy():
    words = [vocabulary[number] for number in numbers if number != 0]
    print("   ", " ".join(words))

# %% [markdown]
# ## 3 · A vector for every word, and four ways to read
#
# A word's number is a name, not a quantity. So each word gets a vector, which the network learns. An
# **embedding** is a table $E$ of shape (words, 16). Looking up row $i$ is the same as multiplying a
# **one-hot** row $o_i$ (all 0, a 1 in place $i$) by $E$. For $i=1$:
#
# $$e = o_i E \qquad
# \begin{pmatrix}0&1&0\end{pmatrix}
# \begin{pmatrix}0&0\\0.3&-0.8\\0.5&0.1\end{pmatrix}=\begin{pmatrix}0.3&-0.8\end{pmatrix}$$
#
# A batch of sentences is now an array (batch, words, 16), and the classifier at the end wants one vector per
# sentence. **What stands in between is what we change.** So there are four *readers*:
#
# - **average**: $h=\frac1T\sum_t e_t$ of the $T$ word vectors, then a dense layer;
# - **1-D CNN**: filters over three words, $(e_{t-1}, e_t, e_{t+1})$; of each filter, the maximum over $t$;
# - **LSTM**: $h_t, c_t=f(h_{t-1}, c_{t-1}, e_t)$, read left to right (lesson 41); $h=h_T$;
# - **bidirectional**: one LSTM of half the width from each end, results side by side.
#
# The average is a bag of words in network form: $\sum_t e_t=\sum_w n_w E_w$, where $n_w$ counts word $w$ and $E_w$ is its
# row. Only the counts enter, so mirror images get the same answer even before any training. And from the others, untrained?


# %%
def middle_layers(reader):
    if reader == "average":
        return [layers.GlobalAveragePooling1D(), layers.Dense(32, activation="relu")]
    if reader == "LSTM":
        return [layers.LSTM(32)]
    if reader == "bidirectional":
        return [layers.Bidirectional(layers.LSTM(16))]
    window = 5 if reader == "window of 5" else 3  # words that a filter sees at a time
    return [layers.Conv1D(32, window, activation="relu"), layers.GlobalMaxPooling1D()]

N_WORDS = len(vocabulary)

def build(reader, n_words=N_WORDS, n_classes=3, learning_rate=0.02):
    leaves_padding_out = reader in ("average", "LSTM", "bidirectional")
    model = keras.Sequential([
        keras.Input((None,), dtype="int64"),  # any number of words
        layers.Embedding(n_words, 16, mask_zero=leaves_padding_out),
        *middle_layers(reader),
        layers.Dense(n_classes, activation="softmax"),
    ])
    optimizer = keras.optimizers.Adam(learning_rate)
    loss = "sparse_categorical_crossentropy"
    model.compile(optimizer, loss, metrics=["accuracy"])
    return model

# %%
for reader in READERS:
    network = build(reader)
    answers = network(vectorize(last_two)).numpy()  # (2, classes): probabilities
    same = np.allclose(answers[0], answers[1], rtol=0, atol=1e-6)
    print(f"{reader:13} {network.count_params():5,} parameters, same answer: {same}")

# %% [markdown]
# The average gives the mirror images one answer, the others two. `mask_zero` marks the padding: the average
# leaves it out, and an LSTM stops at the last word. (Without it: see *Going further*.) A convolution makes no
# use of it.
#
# ## 4 · What each of them can read
#
# All train twice, from fresh weights, with the same sentences and learning rate. The average learns slowly,
# so it gets 20 passes (epochs), the others 6. (We tried more passes beforehand: little changed.)
#
# **Predict** for the average, the CNN and the LSTM: which kinds of sentence will each get right?


# %%
def is_right(model, x, y):
    probabilities = model(x).numpy()  # (sentences, classes)
    return probabilities.argmax(axis=1) == y

def train_runs(reader, passes):
    def new_network():
        return build(reader)  # compiled, with fresh weights

    def train(model):
        history = model.fit(x_train, y_train, batch_size=64, epochs=passes, verbose=0)
        return {"curve": history.history["accuracy"], "weights": model.get_weights(),
                "right": is_right(model, x_test, y_test)}

    # a table with a row per run: fresh weights, the same order of batches (faster)
    return dlcourse.repeat(RUNS, new_network, train, reseed=False, steps_at_once=25)

# %%
runs = {}  # reader: its table
for reader in READERS:
    runs[reader] = train_runs(reader, passes=20 if reader == "average" else 6)

kinds = test["kind"].to_numpy()
turns = kinds != "plain"
everything = np.full(len(test), True)

def accuracies(reader, chosen=everything):  # one per run, on the chosen sentences
    right = np.stack(runs[reader]["right"])  # (runs, sentences)
    return right[:, chosen].mean(axis=1)

# %% tags=["hide-input"]
LOOKS = {  # reader: color, line, hatching
    "average": (plots.ORANGE, "-", ""), "1-D CNN": (plots.SKY, "--", "//"),
    "LSTM": (plots.BLUE, "-", ""), "bidirectional": (plots.GREEN, ":", "..")}
figure, (left, axis) = plt.subplots(1, 2, figsize=(11.5, 4.2), width_ratios=(2, 3))
for place, (reader, (color, line, hatch)) in enumerate(LOOKS.items()):
    curves = np.stack(runs[reader]["curve"]).T  # (passes, runs)
    left.plot(np.arange(len(curves)) + 1, curves, line, lw=1.5, color=color)
    scores = np.array([accuracies(reader, kinds == kind) for kind in limits])
    middle = scores.mean(axis=1)
    spread = [middle - scores.min(axis=1), scores.max(axis=1) - middle]
    axis.bar(np.arange(4) + 0.2 * place - 0.3, middle, 0.2, yerr=spread, capsize=3,
             label=reader, color=color, hatch=hatch, edgecolor="white")
left.axhline(bag_limit(train), color="black", ls="--", lw=1.5)
axis.hlines(list(limits.values()), np.arange(4) - 0.45, np.arange(4) + 0.45,
            colors="black", linestyles="--", label="limit of any bag of words")
left.set(xlabel="passes over the sentences", ylabel="training accuracy",
         ylim=(0.3, 1.03), title="A bag cannot even learn by heart")
axis.set(xticks=range(4), xticklabels=limits, ylim=(0, 1.05), xlabel="kind of sentence",
         ylabel="test accuracy (mean, lowest to highest)",
         title="Without order, only plain sentences are read well")
figure.legend(loc="outside lower center", ncols=5)
plots.show("Left: the average's training accuracy rises toward the limit of a bag,"
           " 0.655; the others rise to nearly 1. Right: on plain sentences all read"
           " well, else the average stays near one half, the CNN lags on contrast.")

# %%
verify("none exceeds it", accuracies("average").max(), at_most=limit_of_all + 1e-9)
below = 100 * (limit_of_all - accuracies("average").mean())
claim("the average ends ≈ {:.1f} points below the limit of any bag", below, at_most=5)
lead = 100 * (accuracies("LSTM", turns) - accuracies("average", turns)).mean()
claim("on sentences that turn, the LSTM reads ≈ {:.0f} points more than the average",
      lead, at_least=41)
change = 100 * abs(accuracies("LSTM").mean() - accuracies("bidirectional").mean())
claim("a second LSTM from the other end changes ≈ {:.1f} points", change, at_most=2)

# %% [markdown]
# - The **average** comes close to the dashed limit, given time (left), and never passes it. The order is lost
#   at the mean, and no weight behind it can bring it back.
# - The **LSTM** carries what it has read along the sentence. At its last word it has read everything, so
#   **bidirectional** has little to add. Reading from both ends pays where each *word* needs an answer, as in finding names.
# - The **CNN** sees three words at a time. *was not bad* fits into that window. Why does it stumble over contrast? (In ten
#   runs over five seeds it read 79 to 91 % of the contrast sentences, the LSTM at least 99 %.)
#
# *Good but the* fits, too. In *good last night but the*, no window of three holds both *good* and *but*. If
# that is the reason, contrast should fail mostly where such words stand between, and a window of five should
# help there:

# %%
# a word of time, perhaps a comma, then the second clause
time_between = "(?:day|night|time|evening|stay),? (?:but|although|the) "
between = test["text"].str.contains(time_between).to_numpy()
near = (kinds == "contrast") & ~between
far = (kinds == "contrast") & between

runs["window of 5"] = train_runs("window of 5", passes=6)
for reader in ("1-D CNN", "window of 5"):
    print(f"{reader:11} near ≈ {accuracies(reader, near).mean():.3f},"
          f" words between ≈ {accuracies(reader, far).mean():.3f}")
lost = 100 * (accuracies("1-D CNN", near) - accuracies("1-D CNN", far)).mean()
claim("words between cost the CNN ≈ {:.0f} points on contrast", lost, at_least=13)
gain = 100 * (accuracies("window of 5", far) - accuracies("1-D CNN", far)).mean()
claim("with words between, a window of 5 gains ≈ {:.0f} points", gain, at_least=5)

# %% [markdown]
# Both predictions hold. (It is the width. We also tried 53 filters of three, with about as many parameters as
# 32 of five: they gained nothing.) A second convolution on top sees five words, too: each of its values sees
# three values of the first, which together saw $t-2$ to $t+2$.
#
# **Exercise 43.3.** Write `build_deeper(n_words)`: a Keras model, not compiled, from the words' numbers to
# three probabilities. Its layers: an embedding of 16 numbers per word; two convolutions, each with 32
# filters, windows of three words and ReLU; the maximum over the places; a dense layer with softmax.
#
# <details><summary>Hint 1</summary>Start from <code>build</code>, and leave out the mask and <code>compile</code>.</details>
# <details><summary>Hint 2</summary><code>layers.Conv1D(32, 3, activation="relu")</code>, twice, before one
# <code>GlobalMaxPooling1D</code>.</details>

# %% tags=["exercise"]
# Exercise 43.3: two convolutions of three words see five.
def build_deeper(n_words):
    ...  # your code here


# %%
check("43.3", build_deeper)


# %% tags=["solution"]
# @title Solution 43.3
def build_deeper_solution(n_words):
    return keras.Sequential([
        keras.Input((None,), dtype="int64"),
        layers.Embedding(n_words, 16),
        layers.Conv1D(32, 3, activation="relu"),
        layers.Conv1D(32, 3, activation="relu"),
        layers.GlobalMaxPooling1D(),
        layers.Dense(3, activation="softmax"),
    ])
check("43.3", build_deeper_solution)

# %% [markdown]
# ## 5 · Break and fix: the service that lost its vocabulary
#
# The LSTM goes into use. A colleague writes the service: it cleans and numbers the texts, and the network answers. He tries it
# with the 800 test sentences. There is no error message, and no word is unknown. What accuracy do you expect? And what
# went wrong?


# %%
def service(texts, network):  # the colleague's
    numbering = layers.TextVectorization(
        standardize=standardize, output_sequence_length=LENGTH)
    numbering.adapt(texts)
    numbers = numbering(texts).numpy()  # (texts, words)
    return numbers, network(numbers).numpy()  # and probabilities, (texts, classes)

def trained(reader):
    network = build(reader)
    network.set_weights(runs[reader]["weights"][0])  # those of the first run
    return network

network = trained("LSTM")
texts = test["text"].to_numpy()
numbers, probabilities = service(texts, network)
ours = accuracies("LSTM")[0]
theirs = (probabilities.argmax(axis=1) == y_test).mean()
print(f"in our notebook ≈ {ours:.3f}, in the service ≈ {theirs:.3f}")
print(f"unknown words in the service: {(numbers == 1).mean():.1%}")
words = [vocabulary[number] for number in numbers[0] if number != 0]
print(f"\nthe guest wrote:  {texts[0]}\nthe network read: {' '.join(words)}")
cost = 100 * (ours - theirs)
claim("a vocabulary of its own costs the service ≈ {:.0f} points", cost, at_least=46)

# %% [markdown]
# The last two lines are the diagnosis. `adapt` made a new vocabulary from the texts of the day: the same
# words in another order. Most numbers now stand for another word, and no error says so. Even the share of
# unknown words gives no alarm: made from the texts themselves, the vocabulary knows every word. So ship one
# model that takes strings.
#
# **Exercise 43.4.** Write `pack(vectorize, network)`: one Keras model from strings to the network's probabilities, which
# uses both as they are.
#
# <details><summary>Hint 1</summary>A <code>keras.Sequential</code> of three things.</details>
# <details><summary>Hint 2</summary>It begins with <code>keras.Input((), dtype="string")</code>: one string per
# sentence.</details>

# %% tags=["exercise"]
# Exercise 43.4: strings in, probabilities out.
def pack(vectorize, network):
    ...  # your code here


# %%
check("43.4", pack)


# %% tags=["solution"]
# @title Solution 43.4
def pack_solution(vectorize, network):
    return keras.Sequential([keras.Input((), dtype="string"), vectorize, network])
check("43.4", pack_solution)

# %% [markdown]
# Such a model is saved with its vocabulary and loaded again. Then it reads the four comments. In *spring*, guests use opinion
# words that training never showed:

# %%
# the network's layers alone: its optimizer is for training
packed = keras.Sequential([keras.Input((), dtype="string"), vectorize, *network.layers])
with tempfile.TemporaryDirectory() as folder:
    packed.save(f"{folder}/comments.keras")
    loaded = keras.saving.load_model(f"{folder}/comments.keras")
answers = loaded(tf.constant(COMMENTS)).numpy()  # (4, classes): probabilities
for comment, answer in zip(COMMENTS, answers):
    print(f"{classes[answer.argmax()]:8} ≈ {answer.max():.2f} | {comment}")

x_spring, y_spring = arrays(frame[frame["set"] == "spring"])
unknown = (x_spring == 1).sum() / (x_spring != 0).sum()
accuracy = is_right(network, x_spring, y_spring).mean()
print(f"unknown words in spring: {unknown:.1%}, accuracy ≈ {accuracy:.2f}")

# %% [markdown]
# It reads raw text, and now the alarm works: in spring, words are unknown, and it errs more. (A program that
# loads the file must first define `standardize`.) Under *Going further* you can type comments of your own.
#
# ## 6 · Real language
#
# Our grammar was made to defeat a bag. Does real language defeat it, too? The packages that we import come
# with sentences that many people wrote: their documentation. *Append values to the end of an array. Add a
# colorbar to a plot.* Is a sentence about arrays (NumPy), tables (pandas) or pictures (Matplotlib)? We take
# the first paragraph of each description, if short:

# %%
PLACES = {
    "arrays": [np, np.ndarray, np.linalg, np.random, np.random.Generator, np.ma,
               np.ma.MaskedArray, np.fft, np.polynomial],
    "tables": [pd, pd.DataFrame, pd.Series, pd.Index, pd.MultiIndex, pd.DatetimeIndex,
               pd.Timestamp, pd.errors],
    "pictures": [plt, plt.Axes, plt.Figure, plt.Line2D, plt.Text, plt.Rectangle,
                 plt.Normalize, plt.Polygon],
}

def descriptions(place):  # of all that a module or a class offers
    found = []
    for name, thing in inspect.getmembers(place):
        public = not name.startswith("_") and not inspect.ismodule(thing)
        first_paragraph = (inspect.getdoc(thing) or "").split("\n\n")[0]
        words = first_paragraph.split()
        if public and 4 <= len(words) <= 24 and "(" not in words[0]:  # no signature
            found.append(" ".join(words))
    return found

topic_of = {}  # text: 0 for arrays, 1 for tables, 2 for pictures
for topic, places in enumerate(PLACES.values()):
    for place in places:
        for text in descriptions(place):
            topic_of[text] = topic

# %%
rng = np.random.default_rng(lesson.seed)
mixed = rng.permutation(sorted(topic_of))
topics = np.array([topic_of[text] for text in mixed])
n_test = len(mixed) // 4  # a quarter is for the test
docs_numbers = layers.TextVectorization(
    max_tokens=3000, standardize=standardize, output_sequence_length=24)
docs_numbers.adapt(mixed[n_test:])
x = docs_numbers(mixed).numpy()
x_docs = x[n_test:]
y_docs = topics[n_test:]
x_new = x[:n_test]
y_new = topics[:n_test]
commonest = np.bincount(y_new).max() / n_test
print(f"≈ {len(x_docs):,} to learn from, ≈ {n_test} for the test, of which ≈"
      f" {commonest:.3f} have the commonest topic")

def shuffle_words(x):
    rng = np.random.default_rng(lesson.seed)
    shuffled = x.copy()
    for row in shuffled:
        n_words = np.count_nonzero(row)
        row[:n_words] = rng.permutation(row[:n_words])  # the padding stays behind
    return shuffled

# %% [markdown]
# **Predict.** How far ahead of the average will the CNN be? And what does it cost, here and at the hotel, to shuffle the
# words of every test sentence?


# %%
def train_topics(model):
    model.fit(x_docs, y_docs, batch_size=64, epochs=4, verbose=0)
    return {"topics": 100 * is_right(model, x_new, y_new).mean(),
            "shuffled": 100 * is_right(model, shuffle_words(x_new), y_new).mean()}

builders = {}  # partial(build, name, ...) is a function that calls build(name, ...)
for name in TOPIC_READERS:
    builders[name] = functools.partial(build, name, n_words=3000, learning_rate=0.01)
trainings = dlcourse.repeat(
    RUNS, builders, train_topics, reseed=False, steps_at_once=10)
percent = trainings.groupby("contender").mean()
average = percent.loc["average"]
cnn = percent.loc["1-D CNN"]
print(f"topics: average ≈ {average.topics:.1f} %, CNN ≈ {cnn.topics:.1f} %")
claim("by topic, the CNN reads ≈ {:+.1f} points more than the average",
      cnn.topics - average.topics, at_most=3)
claim("shuffling costs it ≈ {:.1f} points", cnn.topics - cnn.shuffled, at_most=6)

hotel_cnn = trained("1-D CNN")
shuffled = is_right(hotel_cnn, shuffle_words(x_test), y_test).mean()
cost = 100 * (accuracies("1-D CNN")[0] - shuffled)
claim("on the hotel's sentences it costs ≈ {:.0f} points", cost, at_least=40)

# %% [markdown]
# By topic the CNN is hardly ahead, if at all: for *what is this about?* the words are nearly enough. (With so
# few test sentences, a point or two may be chance. Some have near twins in training, which may flatter both.)
# This **shuffle test** needs only a trained network. It says how much of its accuracy hangs on order. It may
# exaggerate: shuffled sentences are new to it.
#
# And opinions in real language? SST-2 holds 9,613 sentences from film reviews, negative or positive (*not a bad journey at
# all*). Test accuracy in the profile `full`, the mean of nine runs over three seeds:
#
# | reader | all (lowest to highest) | with a turn | without | shuffled |
# |---|---|---|---|---|
# | average | 0.816 (0.813 to 0.822) | 0.767 | 0.835 | 0.816 |
# | 1-D CNN | 0.791 (0.773 to 0.803) | 0.745 | 0.808 | 0.784 |
# | LSTM | 0.792 (0.787 to 0.795) | 0.740 | 0.812 | 0.800 |
# | bidirectional | 0.799 (0.768 to 0.812) | 0.757 | 0.816 | 0.796 |
#
# With these settings no reader is ahead of the bag, not even on the 28 % with a *turn*, such as *not*,
# *never* or *but*. All read those worse. (All runs share 1,821 test sentences. Differences below 0.02 may be
# the luck of these, with a turn below 0.04.) And shuffling costs the LSTM nothing: **we see nothing that its
# accuracy owes to the order.** Our guess: 6,920 sentences are too few to learn it from. With a label for
# every phrase, too, others reached 0.854 in 2013. In 2019 a network that had read billions of words reached
# 0.949.
#
# So with a few thousand sentences, begin with a bag: it is quick, and often hard to beat. Then ask whether a
# larger network does better where the bag fails.
#
# ## Going further: watch two readers, word by word
#
# Type a comment and press Enter. The picture shows what two readers think after each word: the darker, the more
# probable. Exchange *bad* and *lovely*: the last column of the average cannot change. Where does the LSTM turn?

# %% tags=["hide-input"]
average_network = trained("average")

def think(sentence="The room was bad last night but the bar was lovely."):
    numbers = vectorize([sentence]).numpy()  # (1, 18)
    numbers[0, 0] = max(numbers[0, 0], 1)  # no word at all: read one unknown word
    words = [vocabulary[number] for number in numbers[0] if number != 0]
    beginnings = np.tril(np.ones((LENGTH, 1), int) * numbers)  # row t: words 0 to t
    _, axis = plt.subplots(figsize=(9, 3.4))
    rows = np.full((7, len(words)), np.nan)  # row 3 stays empty
    verdicts = []
    for name, model, top in (("average", average_network, 0), ("LSTM", network, 4)):
        answers = model(beginnings).numpy()[:len(words)]  # (words, classes)
        rows[top:top + 3] = answers.T
        axis.plot(top + answers.argmax(axis=1), "o-", color="black", mec="white", ms=9)
        label = classes[answers[-1].argmax()]
        verdicts.append(f"{name}: {label} ({answers[-1].max():.2f})")
    axis.imshow(rows, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axis.set_xticks(range(len(words)), words, rotation=40, ha="right")
    axis.set_yticks([0, 1, 2, 4, 5, 6], [*classes, *classes])
    axis.set(title=" · ".join(verdicts), ylabel="LSTM       average")

explore(think, alt="Probabilities of the three labels after each word of a sentence, by"
        " the average and by the LSTM.", sentence="a comment about a hotel, then Enter")

# %% [markdown]
# ## Going further: what padding does to an LSTM without a mask
#
# Exchange the *first* of five words. How far does that move the result of an untrained LSTM?

# %%
keras.utils.set_random_seed(lesson.seed)
embedding = layers.Embedding(N_WORDS, 16)
lstm = layers.LSTM(32)
pair = np.array([[2, 3, 4, 5, 6], [7, 3, 4, 5, 6]])  # they differ in the first word
for length in (5, 18, 60):
    x = np.pad(pair, [(0, 0), (0, length - 5)])  # (2, length), padded with 0
    masked = lstm(embedding(x), mask=x != 0).numpy()  # (2, 32)
    unmasked = lstm(embedding(x)).numpy()
    moved_masked = np.linalg.norm(masked[0] - masked[1])
    moved_unmasked = np.linalg.norm(unmasked[0] - unmasked[1])
    print(f"padded to {length:2}: moves by ≈ {moved_masked:.8f} with mask,"
          f" ≈ {moved_unmasked:.8f} without")

# %% [markdown]
# Without the mask the LSTM reads on, padding after padding, and forgets. After 60 places hardly anything is
# left to learn from. An example of Keras's own pads to 500. Someone who put an LSTM in the place of its
# convolutions [stayed at 50 %](https://github.com/keras-team/keras-io/issues/2044), until `mask_zero=True`.
#
# ## Going further: look at the vectors
#
# The LSTM saw labels of whole sentences only. Does *awful* lie near *dreadful* now, or near *lovely*, which
# stands in the same places of a sentence? The picture shows the two directions in which the vectors spread
# most.

# %%
OPINIONS = {
    "negative": "bad awful poor nasty unpleasant terrible horrible dreadful lousy",
    "neutral": "average ordinary standard typical normal unremarkable",
    "positive": "good great lovely nice pleasant excellent wonderful delightful superb"}
polarity_of = {}
for polarity, words in OPINIONS.items():
    for word in words.split():
        polarity_of[word] = polarity
rows = [vocabulary.index(word) for word in polarity_of]  # of the embedding's table
polarities = np.array(list(polarity_of.values()))

def beside_own(vectors):  # share of words whose nearest neighbor has their polarity
    distances = np.linalg.norm(vectors[:, None] - vectors, axis=2)  # (words, words)
    np.fill_diagonal(distances, np.inf)  # no word is its own neighbor
    nearest = distances.argmin(axis=1)
    return (polarities[nearest] == polarities).mean()

fresh = [build("LSTM").get_weights() for _ in range(RUNS)]
found = {"untrained": [weights[0][rows] for weights in fresh],  # (words, 16) each
         "trained": [weights[0][rows] for weights in runs["LSTM"]["weights"]]}
before = 100 * np.mean([beside_own(vectors) for vectors in found["untrained"]])
after = 100 * np.mean([beside_own(vectors) for vectors in found["trained"]])
print(f"untrained, beside one of their kind: ≈ {before:.0f} %")
claim("after training ≈ {:.0f} % of the opinion words lie beside one of their kind",
      after, at_least=80)

# %% tags=["hide-input"]
NAMED = {"awful": (-34, -18), "dreadful": (42, 24), "lovely": (0, 28)}
GROUPS = {"negative": ("v", plots.VERMILION), "neutral": ("o", "gray"),
          "positive": ("^", plots.BLUE)}
_, axes = plt.subplots(1, 2, figsize=(11, 4.2))
for axis, name, title in zip(axes, found, ("a mixture", "three groups")):
    centered = found[name][0] - found[name][0].mean(axis=0)  # of the first network
    directions = np.linalg.svd(centered)[2]  # principal components
    plane = centered @ directions[:2].T  # (words, 2)
    for polarity, (marker, color) in GROUPS.items():
        group = plane[polarities == polarity]
        axis.scatter(group[:, 0], group[:, 1], marker=marker, color=color, s=50,
                     label=polarity)
    for word, shift in NAMED.items():
        axis.annotate(word, plane[list(polarity_of).index(word)], shift,
                      textcoords="offset points", ha="center",
                      bbox=dict(fc="white", ec="none", alpha=0.7, pad=1),
                      arrowprops=dict(arrowstyle="-", color="gray", lw=0.8))
    axis.locator_params(nbins=5)
    axis.margins(0.3)
    axis.set(title=f"{name.capitalize()}: {title}", xlabel="first direction",
             ylabel="second direction")
axes[1].legend()
plots.show("Opinion words in the plane: mixed before training, three groups of"
           " negative, neutral and positive words after it.")

# %% [markdown]
# The vectors hold what the *task* needs: *awful* is near *dreadful*, and exchanging the two changes no label.
#
# ## Going further: film reviews, the run behind the table
#
# These cells run in the profile `full`; the table is of the seeds 0, 1 and 2. `TURN` is the pattern that says
# what counts as a turn.

# %%
TURN = r"n't|\b(?:not|never|no|but|although|though)\b"

if lesson.profile == "full":
    films = datasets.sst2().frame
    film_numbers = layers.TextVectorization(
        max_tokens=10_000, standardize=standardize, output_sequence_length=40)
    film_numbers.adapt(films.loc[films["set"] == "train", "text"].to_numpy())

# %%
if lesson.profile == "full":
    x_film = {}
    y_film = {}
    for name, part in films.groupby("set"):
        x_film[name] = film_numbers(part["text"].to_numpy()).numpy()
        y_film[name] = (part["label"] == "positive").to_numpy()
    held_out = (x_film["validation"], y_film["validation"])
    has_turn = films.loc[films["set"] == "test", "text"].str.contains(TURN).to_numpy()


# %%
def train_films(model):
    stop = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    model.fit(x_film["train"], y_film["train"], batch_size=64, epochs=15, verbose=0,
              validation_data=held_out, callbacks=[stop])
    right = is_right(model, x_film["test"], y_film["test"])
    shuffled = is_right(model, shuffle_words(x_film["test"]), y_film["test"])
    return {"test": right.mean(), "turn": right[has_turn].mean(),
            "none": right[~has_turn].mean(), "shuffled": shuffled.mean()}

# %%
if lesson.profile == "full":
    settings = {"n_words": 10_000, "n_classes": 2, "learning_rate": 0.001}
    builders = {name: functools.partial(build, name, **settings) for name in READERS}
    trainings = dlcourse.repeat(RUNS, builders, train_films)
    for name, part in trainings.groupby("contender", sort=False):
        record("SST-2", name, "test accuracy", part["test"].to_numpy())
    means = trainings.groupby("contender", sort=False).mean()
    print(means.map("≈ {:.4f}".format).to_string())

# %% [markdown]
# ## Quiz

# %%
quiz("43")

# %% [markdown]
# ## Summary
#
# - Clean, split, look up; 0 pads, 1 is unknown. Look at what the cleaning leaves of *your* text.
# - An embedding is a table of learned vectors, one row per word.
# - A bag of words gives mirror images one answer. A convolution reads as far as its window, an LSTM the whole sentence.
# - Whether order matters depends on the task. Shuffle the words, and see how much a trained network uses it.
# - Cleaning, vocabulary and network belong in one model that takes strings.
#
# ## Common mistakes
#
# - **`adapt` on all texts**: no unknown words in the test, and a surprise in use.
# - **`output_sequence_length` too short**: the end, often the point, is cut off.
# - **Removing "stop words"** for sentiment: common lists contain *not* and *but*.
#
# ## Read more
#
# - [Socher and others (2013)](https://aclanthology.org/D13-1170/): SST, and the 0.854, by following the syntax
# - [Iyyer and others (2015)](https://aclanthology.org/P15-1162/): why the average is hard to beat
# - [Kim (2014)](https://aclanthology.org/D14-1181/): the 1-D CNN
# - [Devlin and others (2019)](https://aclanthology.org/N19-1423/): BERT, and the 0.949

# %% [markdown] tags=["footer"]
# ---
#
# **Next:** [44 · Text generation](44_text_generation.ipynb). A network learns which note comes next, and writes tunes by drawing from what it expects. **Before:** [42 · Time series forecasting](42_time_series_forecasting.ipynb). [All lessons](README.md). [Report a mistake in this lesson](https://github.com/dlcourse/dlcourse/issues/new?title=Lesson+43%3A+).
#
# In Colab: [next](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/44_text_generation.ipynb) · [before](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/42_time_series_forecasting.ipynb) · [all lessons](https://github.com/dlcourse/dlcourse/tree/main/notebooks)
