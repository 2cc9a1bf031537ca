"""Checkers and quiz of lesson 43, text classification."""

import functools
import re

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    expect,
    expect_function,
    expect_result,
    expect_value,
    hinting,
    undisturbed,
)
from ..quizzes import Question


@exercise("43.1")
def mirror_image(mirror_image):
    expect(isinstance(mirror_image, str), "Your answer should be a sentence in quotes.")
    given = "the room was good and the bar was not bad".split()
    words = re.findall(
        r"[^\W_]+(?:['’][^\W_]+)*", mirror_image[:500].lower()
    )  # any punctuation goes
    expect(words, "There is no sentence yet.")
    expect(words != given, "That is the sentence you were given; it is positive.")
    for word in words:
        expect(
            words.count(word) <= given.count(word),
            f"The first sentence does not hold {word!r}, or not so often.",
        )
    for word in given:
        expect(word in words, f"Use all the words: {word!r} is missing.")
    expect(len(words) == len(given), "Use all ten words: 'the' and 'was' occur twice.")
    clauses = [clause.split() for clause in " ".join(words).split(" and ")]
    whole = all({"the", "was"} < set(c) and len({"room", "bar"} & set(c)) == 1
                and len({"good", "bad"} & set(c)) == 1 for c in clauses)  # fmt: skip
    expect(
        len(clauses) == 2 and whole,
        "Keep two clauses joined by 'and', each with 'the', 'was' and one opinion of one"
        " thing.",
    )
    score = sum(_clause(clause) for clause in clauses)
    expect(score < 0, "Still positive: score each clause, good +1, not bad +1.")
    return "the same bag, and the opposite label"


def _clause(words):
    """Return the score of a clause that holds good or bad, perhaps after not."""
    opinion = "good" if "good" in words else "bad"
    flipped = "not" in words
    expect(
        not flipped or words.index("not") == words.index(opinion) - 1,
        "'not' belongs right before the opinion it negates.",
    )
    return (1 if opinion == "good" else -1) * (-1 if flipped else 1)


KNOWN = ["", "[UNK]", "the", "was", "bed", "good", "not", "but", "bar"]
SPACED = ["", "[UNK]", "pool", "10", "did", "disappoint", "not", "pools"]


@exercise("43.2")
def encode(encode):
    expect_function(encode, "encode")
    unknown = (
        "A word that is not in the vocabulary is 1: ask whether it is there before you look"
        " up its place."
    )
    looked_up = hinting(encode, unknown, ValueError, "not in list")
    looked_up = hinting(looked_up, unknown, KeyError)

    @functools.wraps(encode)
    def without_text(text, vocabulary, length):
        result = looked_up(text, vocabulary, length)
        _expect_no_text(
            result, "The result holds text: write each word's place, a number."
        )
        return result

    for text, vocabulary, length, right in (
        ("<p>The BED wasn't good,but the<br />sauna was.</p>", KNOWN, 12,
         [2, 4, 3, 6, 5, 7, 2, 1, 3]),
        ("The bar was <i>not</i> good! The bed was good.", KNOWN, 4, [2, 8, 3, 6]),
        ("10/10\u00a0- the Pool;\tdidn't   DISAPPOINT...<BR>", SPACED, 9,
         [3, 3, 1, 2, 4, 6, 5]),
        ("Crème_bar: not good!", KNOWN, 7, [1, 1, 8, 6, 5]),
    ):  # fmt: skip
        expect_result(
            without_text,
            (text, vocabulary, length),
            right + [0] * (length - len(right)),
            f"The text is {text!r}. Lower case, tags, n't, the other characters; then each"
            " word's place in the vocabulary; then cut, or pad with 0.",
            mistakes=_wrong_numbers(text, vocabulary, length),
        )
    return "any web form's text becomes numbers that a network can read"


def _expect_no_text(result, hint):
    """Raise the hint if the result is text, or a container that holds some."""
    flat = isinstance(result, (list, tuple, set))
    items = result if flat else np.ravel(np.asarray(result))
    expect(not any(isinstance(item, str) for item in items), hint)


RULES = {"tags": ("<[^>]*>", " "), "n't": ("n't", " not"), "rest": ("[^a-z0-9]+", " ")}


def _words(text, lower=True, **rules):
    """Return the words of a text, with some of the rules changed; None drops a rule."""
    text = text.lower() if lower else text
    for rule in {**RULES, **rules}.values():
        text = re.sub(*rule, text) if rule else text
    return text.split()


def _numbers(words, vocabulary, length, unknown=1, pad=0, before=False):
    """Return the words' numbers, cut or padded; ``unknown=None`` leaves a word out."""
    places = [vocabulary.index(w) if w in vocabulary else unknown for w in words]
    places = [place for place in places if place is not None][:length]
    padding = [pad] * (length - len(places))
    return padding + places if before else places + padding


def _wrong_numbers(text, vocabulary, length):
    """Return the usual mistakes; each text shows some of them."""
    known, words = (vocabulary, length), _words(text)
    if "_" in text:
        return [
            (_numbers(_words(text, rest=(r"\W+", " ")), *known), "Only a to z and digits"
             " stay: \\w keeps é and _, so 'crème_bar' remained one word."),
            (_numbers(_words(text, rest=(r"[\W_]+", " ")), *known), "An é is no letter from"
             " a to z, though isalnum() keeps it: 'crème' becomes 'cr me'."),
        ]  # fmt: skip
    right, every = _numbers(words, *known), _numbers(words, vocabulary, len(words))
    if len(words) > length:
        return [
            (every, "Cut what is longer than length."),
            (every[-length:], "Keep the beginning of a long text."),
        ]
    if vocabulary is SPACED:
        marks = ("[.,!?]", " ")
        return [
            (_numbers(_words(text, rest=("[^a-z]+", " ")), *known), "Digits stay: '10/10'"
             " is the word 10, twice."),
            (_numbers(_words(text, rest=marks), *known), "Not only . , ! and ?: whatever is"
             " no letter and no digit becomes a space, / and - and ; too."),
            ([*right[:3], 7, *right[4:]], "'pool' is not 'pools': look for the whole"
             " word."),
        ]  # fmt: skip
    lower = "'The' and 'BED' should be read like 'the' and 'bed': use .lower()."
    tags = "A tag is no word: '<p>' and '<br />' become a space, before other characters go."
    return [
        (_numbers(_words(text, lower=False), *known), lower),
        (_numbers(_words(text, lower=False, rest=("[^A-Za-z0-9]+", " ")), *known), lower),
        (_numbers(_words(text, tags=None), *known), tags),
        (_numbers(_words(text, tags=("<[^>]*>", "")), *known), "Put a space in the place of"
         " a tag: 'the<br />sauna' is two words."),
        (_numbers(_words(text, tags=("<.*>", " ")), *known), "The pattern <.*> reaches from"
         " the first < to the last >, and takes the text along: use <[^>]*>."),
        (_numbers(_words(text, **{"n't": None}), *known), "'wasn't' became 'wasn' and 't':"
         " deal with n't before the other characters go."),
        (_numbers(_words(text, **{"n't": ("n't", "not")}), *known), "'wasn't' should give two"
         " words, was and not: put ' not', with its space, in the place of n't."),
        (_numbers(_words(text, **{"n't": ("n't", "")}), *known), "The 'not' of 'wasn't' is"
         " lost: put ' not' in the place of n't."),
        (_numbers(_words(text, rest=("[^a-z0-9 ]", "")), *known), "Put a space in the place"
         " of a comma: 'good,but' is two words."),
        (_numbers(_words(text, rest=None), *known), "Other characters become spaces: 'was.'"
         " is the word 'was'."),
        (_numbers(["", *words], *known), "Spaces make no empty word: use .split(), not"
         " .split(' ')."),
        (_numbers(words, *known, unknown=0), "An unknown word is 1; 0 is for padding."),
        (_numbers(words, *known, unknown=None), "An unknown word keeps its place: write 1,"
         " do not leave it out."),
        (_numbers(words, *known, before=True), "Pad behind the words, not before them."),
        (_numbers(words, *known, pad=1), "Pad with 0; 1 is for unknown words."),
        (every, f"Pad with 0 until there are {length} numbers."),
        ([place + 1 if place > 1 else place for place in right], "Places count from 0: ''"
         " is 0 and 'the' is 2."),
        ([place - 2 if place > 1 else place for place in right], "Count places in the whole"
         " vocabulary: 'the' is 2."),
    ]  # fmt: skip


def relu(z):
    return np.maximum(z, 0)


def softmax(z):
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _convolve(x, kernel, bias):
    """Return a convolution over words without padding: (batch, words - 2, filters)."""
    reach = len(kernel)
    parts = [x[:, i : x.shape[1] - reach + 1 + i] @ kernel[i] for i in range(reach)]
    return sum(parts) + bias


def _deeper(first=relu, second=relu, pool=np.max, last=softmax, pad=(0, 0)):
    """Return the network of 43.3 as a NumPy function of numbers and its seven weights."""

    def padded(h):
        return np.pad(h, [(0, 0), pad, (0, 0)])

    def outputs(x, table, k1, b1, k2, b2, v, c):
        h = first(_convolve(padded(table[x]), k1, b1))
        return last(pool(second(_convolve(padded(h), k2, b2)), axis=1) @ v + c)

    return outputs


@exercise("43.3")
def build_deeper(build_deeper):
    import keras

    expect(not isinstance(build_deeper, keras.Model), "Hand in the function itself.")
    expect_function(build_deeper, "build_deeper")
    rng = np.random.default_rng(0)
    for n_words in (30, 11):
        model = build_deeper(n_words)
        expect(
            model is not None, "build_deeper gives nothing back: end it with `return`."
        )
        expect(
            isinstance(model, keras.Model), "build_deeper should return a keras.Model."
        )
        x = rng.integers(0, n_words, (40, 9))
        with undisturbed():
            outputs = keras.ops.convert_to_numpy(model(x))  # builds it, if it is not
        shapes = [w.shape for w in model.get_weights()]
        _expect_shapes(shapes, n_words)
        expect(
            outputs.shape == (40, 3),
            f"40 sentences give outputs of shape {outputs.shape}, not (40, 3): after the"
            " convolutions, GlobalMaxPooling1D leaves one value per filter.",
        )
        drawn = [rng.normal(0, 1.5 / np.sqrt(np.prod(s[:-1])), s) for s in shapes[1:]]
        drawn = [rng.normal(0, 1, shapes[0]), *drawn]
        with undisturbed(model):
            model.set_weights(drawn)
            outputs = keras.ops.convert_to_numpy(model(x))
            trained = keras.ops.convert_to_numpy(model(x, training=True))
        expect_value(
            outputs, _deeper()(x, *drawn),
            "Expected: Embedding, two Conv1D with relu, GlobalMaxPooling1D, Dense with"
            " softmax.",
            what="The model's output", tolerance=1e-3,
            mistakes=[(wrong(x, *drawn), why) for wrong, why in (
                (_deeper(first=lambda z: z), "The first convolution has no relu. Two in a row"
                 " without it are one convolution of five."),
                (_deeper(second=lambda z: z), "The second convolution has no relu."),
                (_deeper(lambda z: z, lambda z: z), "Neither convolution has a relu: give"
                 ' both activation="relu".'),
                (_deeper(pool=np.mean), "That is the mean over the places: take the maximum,"
                 " GlobalMaxPooling1D, since one hit anywhere is enough."),
                (_deeper(pad=(1, 1)), 'Leave padding="same" out: the windows should lie inside'
                 " the sentence."),
                (_deeper(pad=(2, 0)), 'Leave padding="causal" out: the windows should lie'
                 " inside the sentence."),
                (_deeper(last=lambda z: z), "The last layer gives no probabilities: it needs"
                 ' activation="softmax".'),
                (_deeper(last=lambda z: 1 / (1 + np.exp(-z))), "Sigmoid answers three separate"
                 ' questions: one label out of three needs activation="softmax".'),
            )],
        )  # fmt: skip
        expect(
            np.allclose(trained, outputs, atol=1e-3),
            "In training the model answers differently: leave Dropout and the like out.",
        )
    return "two windows of three see five words, with a ReLU in between"


def _expect_shapes(shapes, n_words):
    """Compare the weights in the order in which a learner would look for them."""
    right = [(n_words, 16), (3, 16, 32), (32,), (3, 32, 32), (32,), (32, 3), (3,)]
    if shapes == right:
        return
    tables = [s for s in shapes if len(s) == 2]
    kernels = [s for s in shapes if len(s) == 3]
    expect(
        tables and tables[0][0] == n_words and tables[0] != (32, 3),
        f"For n_words = {n_words} the first layer should be an Embedding with a row for each"
        " word.",
    )
    expect(
        tables[0][1] == 16,
        f"A word's vector has {tables[0][1]} numbers; it should have 16.",
    )
    expect(
        len(kernels) == 2,
        f"Conv1D layers found: {len(kernels)}. There should be two, the second on top of the"
        " first.",
    )
    expect(
        all(kernel[0] == 3 for kernel in kernels),
        f"The windows are {kernels[0][0]} and {kernels[1][0]} words wide: 3 each.",
    )
    expect(
        all(kernel[2] == 32 for kernel in kernels),
        f"The convolutions have {kernels[0][2]} and {kernels[1][2]} filters: 32 each.",
    )
    raise Hint(
        "After pooling comes one Dense layer, with a unit for each of the three labels."
    )


SENTENCES = ["the bed was good", "was the bar", "bar bar", "the sauna was bed not good"]


@exercise("43.4")
def pack(pack):
    import keras

    expect(not isinstance(pack, keras.Model), "Hand in the function itself.")
    expect_function(pack, "pack")
    for seed, words, length in (
        (1, "the was bed good not bar", 5),
        (2, "good bar sauna the", 6),
    ):
        with undisturbed():
            vectorize = keras.layers.TextVectorization(output_sequence_length=length)
            vectorize.adapt([words])
            network = keras.Sequential([
                keras.Input((length,), dtype="int64"),
                keras.layers.Embedding(len(words.split()) + 2, 4, mask_zero=True),
                keras.layers.LSTM(3),
                keras.layers.Dense(3, "softmax"),
            ])  # fmt: skip
            rng = np.random.default_rng(seed)
            network.set_weights(
                [rng.normal(0, 1, w.shape) for w in network.get_weights()]
            )
            _expect_packed(pack, vectorize, network)
    return "whoever loads it needs no vocabulary, and cannot take a wrong one"


def _expect_packed(pack, vectorize, network):
    """Compare the packed model with the two things that it should hold."""
    import keras

    strings = (
        "The model should take strings, one per sentence: let it begin with"
        ' keras.Input((), dtype="string"), then vectorize, then the network.'
    )
    vocabulary = vectorize.get_vocabulary()
    right = _array(network(vectorize(SENTENCES)))
    blank = _array(network(np.zeros((len(SENTENCES), network.input_shape[1]), int)))
    model = hinting(pack, strings, Exception)(vectorize, network)
    expect(model is not None, "pack gives nothing back: end it with `return`.")
    expect(
        isinstance(model, keras.Model),
        f"pack returned a {type(model).__name__}: only a keras.Model can be saved with all"
        " that belongs to it.",
    )
    expect(
        model is not network,
        "That is the network alone: it takes numbers, and knows no words.",
    )
    outputs = hinting(_outputs, strings, Exception)(model)
    expect(
        vectorize.get_vocabulary() == vocabulary,
        "pack changes the vocabulary: adapt is for training, and was done then.",
    )
    expect(
        outputs.shape == right.shape,
        f"Four sentences give outputs of shape {outputs.shape}; expected (4, 3), three"
        " probabilities for each.",
    )
    powers = np.exp(right)
    expect_value(
        outputs, right,
        "Expected: what network(vectorize(texts)) gives. Is it this vectorize, with its"
        " vocabulary, and this network, with its weights?",
        what="The packed model's output", tolerance=1e-3,
        mistakes=[
            (powers / powers.sum(axis=1, keepdims=True), "The network ends in a softmax"
             " already: a second one flattens the probabilities."),
            (blank, "No word arrives: all numbers are 0, padding."),
        ],
    )  # fmt: skip


def _array(tensor):
    import keras

    return np.asarray(keras.ops.convert_to_numpy(tensor))


def _outputs(model):
    """Return what a model makes of four strings; one without an Input takes them, too."""
    import tensorflow as tf

    inputs = getattr(model, "inputs", None)
    if inputs and inputs[0].dtype != "string":
        raise TypeError
    return _array(model(tf.constant(SENTENCES)))


QUIZ = [
    Question(
        "A bag of words reads `not good but cheap` and `not cheap but good`. What can it do?",
        [
            (
                "Learn the difference, with more data.",
                "Both give the same input, so the same answer, whatever the data.",
            ),
            (
                "Give both the same answer.",
                "Equal counts, equal output: at most one of the two can be right.",
            ),
            (
                "Tell them apart with a deeper network.",
                "Depth works on the input; the order is not in the input.",
            ),
        ],
        answer=1,
    ),
    Question(
        "`[UNK]` appears in none of the training sentences. What does the network know of it?",
        [
            (
                "That it is neutral.",
                "Nobody trained it to be neutral; its vector is the random one it started with.",
            ),
            (
                "It skips unknown words.",
                "Only padding, number 0, is skipped by the mask.",
            ),
            (
                "Nothing: its vector never received a gradient.",
                "Rows of the table that no training sentence looks up stay as they started.",
            ),
        ],
        answer=2,
    ),
    Question(
        "A CNN has one convolution with windows of 3 words. The two words that decide lie 6 apart. What could help?",
        [
            (
                "Windows of 7 words, or two more convolutions of 3 on top.",
                "Words 6 apart span 7 words. Each further convolution of 3 adds 2 to what one"
                " value sees: 3, 5, 7 (lesson 31's receptive field, in one dimension).",
            ),
            ("More filters of width 3.", "Each would still see three words at a time."),
            (
                "A larger vocabulary.",
                "All the words are known; it is the distance that defeats the window.",
            ),
        ],
        answer=0,
    ),
    Question(
        "You shuffle the words of every test sentence, and the trained network's accuracy stays at 0.92. What follows?",
        [
            (
                "Something is wrong: shuffled text is nonsense.",
                "To a person, perhaps; a network needs only what tells the classes apart.",
            ),
            (
                "Here the network's accuracy owes nothing to the order of the words.",
                "So try a bag of words: it is simpler and faster, and may read as well.",
            ),
            (
                "Order carries nothing in this language.",
                "You learn about this task and this network, not about the language.",
            ),
        ],
        answer=1,
    ),
    Question(
        "In use, a service has 0 % unknown words, and answers as if at random. What do you look at first?",
        [
            (
                "Whether the network needs more training.",
                "It read the same sentences well where it was trained.",
            ),
            (
                "Whether the guests write about new things.",
                "Then there would be unknown words.",
            ),
            (
                "Whether its vocabulary is the one of training.",
                "A vocabulary made from the texts themselves knows every word, and numbers"
                " them in an order of its own.",
            ),
        ],
        answer=2,
    ),
]
