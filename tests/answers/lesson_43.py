"""Right and wrong answers of lesson 43, with a piece of the hint that must come."""

import re

import keras
import numpy as np
from keras import layers


def nothing(*arguments):
    len(arguments)  # and forgets to return


def prints(*arguments):
    print(arguments)


# ── 43.2 ────────────────────────────────────────────────────────────────────────


def encode(text, vocabulary, length):
    text = re.sub("<[^>]*>", " ", text.lower()).replace("n't", " not")
    words = re.sub("[^a-z0-9]+", " ", text).split()[:length]
    numbers = [vocabulary.index(w) if w in vocabulary else 1 for w in words]
    return numbers + [0] * (length - len(numbers))


def with_places(text, vocabulary, length):
    places = {word: place for place, word in enumerate(vocabulary)}
    text = re.sub(r"<.*?>", " ", text, flags=re.S).lower()
    tokens = re.findall("[a-z0-9]+", text.replace("n't", " not "))
    out = np.zeros(length, dtype=int)
    for place, token in enumerate(tokens[:length]):
        out[place] = places.get(token, 1)
    return out


def character_by_character(text, vocabulary, length):
    clean, inside = "", False
    for character in text.casefold():
        if character == "<":
            inside, character = True, " "
        clean += " " if inside else character
        inside = inside and character != ">"
    clean = clean.replace("n't", " not")
    clean = "".join(c if "a" <= c <= "z" or c.isdigit() else " " for c in clean)
    numbers = [vocabulary.index(w) if w in vocabulary else 1 for w in clean.split()]
    return tuple((numbers + [0] * length)[:length])


def looked_up(words, vocabulary, length):
    numbers = [vocabulary.index(w) if w in vocabulary else 1 for w in words[:length]]
    return numbers + [0] * (length - len(numbers))


def other_words(words_of):
    """Return an encode that takes a text to pieces in a way of its own."""
    return lambda text, vocabulary, length: looked_up(
        words_of(text), vocabulary, length
    )


def words(text, tags="<[^>]*>", space=" ", turn=" not", rest="[^a-z0-9]+", put=" "):
    text = re.sub(tags, space, text.lower())
    return re.sub(rest, put, text.replace("n't", turn)).split()


def words_with(**changes):
    return other_words(lambda text: words(text, **changes))


def marks_only(text):
    text = re.sub("<[^>]*>", " ", text.lower()).replace("n't", " not")
    return text.translate(str.maketrans(".,!?", "    ")).split()


def only_the_ends(text):
    text = re.sub("<[^>]*>", " ", text.lower()).replace("n't", " not")
    return text.replace(",", ", ").split()


def keeps_accents(text):
    text = re.sub("<[^>]*>", " ", text.lower()).replace("n't", " not")
    return "".join(c if c.isalnum() else " " for c in text).split()


def tags_last(text):
    text = re.sub("[^a-z0-9]+", " ", text.lower().replace("n't", " not"))
    return re.sub("<[^>]*>", " ", text).split()


def turn_last(text):
    text = re.sub("[^a-z0-9]+", " ", re.sub("<[^>]*>", " ", text.lower()))
    return text.replace("n't", " not").split()


def glued(text):
    text = re.sub("<[^>]*>", " ", text.lower()).replace("n't", " not")
    return "".join(c for c in text if c.isalnum() or c.isspace()).split()


def stripped(text):
    return [
        w for w in re.sub("<[^>]*>", " ", text.lower()).replace("n't", " not").split()
    ]


def leaves_out(text, vocabulary, length):
    known = [vocabulary.index(w) for w in words(text) if w in vocabulary][:length]
    return known + [0] * (length - len(known))


def leaves_out_too(text, vocabulary, length):
    kept = [i for i in encode(text, vocabulary, length) if i != 1]
    return kept + [0] * (length - len(kept))


def no_unknown(text, vocabulary, length):
    numbers = [vocabulary.index(word) for word in words(text)[:length]]
    return numbers + [0] * (length - len(numbers))


def no_unknown_dict(text, vocabulary, length):
    places = {word: place for place, word in enumerate(vocabulary)}
    return [places[word] for word in words(text)][:length]


def only_short(function):
    """Return an answer that does what function does, but only with a long enough one."""

    def wrong(text, vocabulary, length):
        if len(words(text)) <= length:
            return encode(text, vocabulary, length)
        return function(text, vocabulary, length)

    return wrong


def never_cuts(text, vocabulary, length):
    return encode(text, vocabulary, max(length, len(words(text))))


def unpadded(text, vocabulary, length):
    return encode(text, vocabulary, len(words(text)))[:length]


def unpadded_too(text, vocabulary, length):
    places = {word: place for place, word in enumerate(vocabulary)}
    return [places.get(word, 1) for word in words(text)[:length]]


def from_one_enumerate(text, vocabulary, length):
    places = {word: place for place, word in enumerate(vocabulary, start=1)}
    numbers = [places.get(word, 1) for word in words(text)[:length]]
    return numbers + [0] * (length - len(numbers))


def from_the_third(text, vocabulary, length):
    rest = vocabulary[2:]
    numbers = [rest.index(w) if w in rest else 1 for w in words(text)[:length]]
    return numbers + [0] * (length - len(numbers))


def words_only(text, vocabulary, length):
    return words(text)[:length]


def part_of_a_word(text, vocabulary, length):
    found = [[i for i, v in enumerate(vocabulary) if w in v] for w in words(text)]
    numbers = [places[-1] if places else 1 for places in found][:length]
    return numbers + [0] * (length - len(numbers))


def starts_alike(text, vocabulary, length):
    numbers = []
    for word in words(text)[:length]:
        hits = [i for i, known in enumerate(vocabulary) if known.startswith(word)]
        numbers.append(hits[-1] if hits else 1)
    return numbers + [0] * (length - len(numbers))


def keeps_its_numbers(text, vocabulary, length, kept=[]):  # noqa: B006
    kept.extend(encode(text, vocabulary, length))
    return kept[:length] if len(kept) == length else list(kept)


class Remembers:
    def __init__(self):
        self.seen = 0

    def __call__(self, text, vocabulary, length):
        self.seen += 1
        return [self.seen - 1 + i for i in encode(text, vocabulary, length)]


def sorts_the_vocabulary(text, vocabulary, length):
    vocabulary.sort()
    return encode(text, vocabulary, length)


def pops_the_first(text, vocabulary, length):
    vocabulary.pop(0)
    return [i + 1 for i in encode(text, vocabulary, length)]


# ── 43.3 ────────────────────────────────────────────────────────────────────────


def build_deeper(n_words):
    return keras.Sequential([
        keras.Input((None,), dtype="int64"),
        layers.Embedding(n_words, 16),
        layers.Conv1D(32, 3, activation="relu"),
        layers.Conv1D(32, 3, activation="relu"),
        layers.GlobalMaxPooling1D(),
        layers.Dense(3, activation="softmax"),
    ])  # fmt: skip


def functional(n_words):
    numbers = keras.Input((9,))
    h = layers.Embedding(input_dim=n_words, output_dim=16, mask_zero=True)(numbers)
    for _ in range(2):
        h = layers.ReLU()(layers.Conv1D(filters=32, kernel_size=3)(h))
    h = keras.ops.max(h, axis=1)
    return keras.Model(numbers, layers.Dense(3, activation="softmax")(h))


def unbuilt(n_words):
    model = keras.Sequential()
    model.add(layers.Embedding(n_words, 16))
    for _ in "ab":
        model.add(
            layers.Conv1D(32, (3,), 1, "valid", activation=keras.activations.relu)
        )
    model.add(layers.GlobalMaxPool1D())
    model.add(layers.Dense(3))
    model.add(layers.Softmax())
    return model


def deeper(
    rows=None, size=16, windows=(3, 3), filters=(32, 32), activations=("relu", "relu"),
    padding="valid", pool=layers.GlobalMaxPooling1D, tail=((3, "softmax"),),
):  # fmt: skip
    """Return a builder with something changed."""

    def build(n_words):
        parts = zip(windows, filters, activations, strict=False)
        return keras.Sequential([
            keras.Input((None,), dtype="int64"),
            layers.Embedding(rows or n_words, size),
            *[layers.Conv1D(n, w, activation=a, padding=padding) for w, n, a in parts],
            *([pool()] if pool else []),
            *[layers.Dense(units, activation=name) for units, name in tail],
        ])  # fmt: skip

    return build


def half_dropped(pool, last=False):
    """Return a layer that pools, and in training drops half before or after it."""
    parts = [layers.Dropout(0.5), pool]
    return keras.Sequential(parts[::-1] if last else parts)


def no_table(n_words):
    return keras.Sequential([
        keras.Input((9,)),
        layers.Reshape((9, 1)),
        layers.Conv1D(32, 3, activation="relu"),
        layers.Conv1D(32, 3, activation="relu"),
        layers.GlobalMaxPooling1D(),
        layers.Dense(3, activation="softmax"),
    ])  # fmt: skip


def layers_in_a_list(n_words):
    return [layers.Embedding(n_words, 16), layers.Conv1D(32, 3), layers.Dense(3)]


# ── 43.4 ────────────────────────────────────────────────────────────────────────


def pack(vectorize, network):
    return keras.Sequential([keras.Input((), dtype="string"), vectorize, network])


def pack_functional(vectorize, network):
    texts = keras.Input(shape=(1,), dtype="string")
    return keras.Model(texts, network(vectorize(texts)))


def pack_step_by_step(vectorize, network):
    model = keras.Sequential()
    model.add(keras.Input(shape=(), dtype="string", name="texts"))
    model.add(vectorize)
    for layer in network.layers:
        model.add(layer)
    return model


def with_another_vocabulary(vectorize, network):
    vocabulary = vectorize.get_vocabulary()[2:]
    length = network.input_shape[1]
    other = layers.TextVectorization(
        vocabulary=vocabulary[::-1], output_sequence_length=length
    )
    return pack(other, network)


def adapted_anew(vectorize, network):
    other = layers.TextVectorization(output_sequence_length=network.input_shape[1])
    other.adapt(["sauna sauna sauna bed bed good"])
    return pack(other, network)


def adapts_it(vectorize, network):
    vectorize.adapt(["bed bed", "was"])
    return pack(vectorize, network)


def adapts_it_too(vectorize, network):
    model = pack(vectorize, network)
    vectorize.set_vocabulary(["one", "two"])
    return model


def untrained(vectorize, network):
    return pack(vectorize, keras.models.clone_model(network))


def softmax_again(vectorize, network):
    return keras.Sequential(
        [keras.Input((), dtype="string"), vectorize, network, layers.Softmax()]
    )


def softmax_again_too(vectorize, network):
    texts = keras.Input((), dtype="string")
    return keras.Model(texts, keras.ops.softmax(network(vectorize(texts)) + 0.0))


def labels_only(vectorize, network):
    texts = keras.Input((), dtype="string")
    return keras.Model(texts, keras.ops.argmax(network(vectorize(texts)), axis=1))


def surest_only(vectorize, network):
    texts = keras.Input((1,), dtype="string")
    return keras.Model(texts, keras.ops.max(network(vectorize(texts)), axis=-1))


def a_function(vectorize, network):
    return lambda texts: network(vectorize(texts))


def a_list(vectorize, network):
    return [vectorize, network]


def no_input(vectorize, network):
    return keras.Sequential([vectorize, network])


def layers_without_input(vectorize, network):
    return keras.Sequential([vectorize, *network.layers])


class Packed(keras.Model):
    def __init__(self, vectorize, network):
        super().__init__()
        self.vectorize, self.network = vectorize, network

    def call(self, texts):
        return self.network(self.vectorize(texts))


def eighteen_strings(vectorize, network):
    texts = keras.Input((18,), dtype="string")
    return keras.Sequential([texts, vectorize, network])


def numbers_in(vectorize, network):
    return keras.Sequential([network])


def the_wrong_way_round(vectorize, network):
    return keras.Sequential([keras.Input((), dtype="string"), network, vectorize])


def floats_in(vectorize, network):
    texts = keras.Input((1,))
    return keras.Model(texts, network(vectorize(texts)))


def weights_changed(vectorize, network):
    model = pack(vectorize, network)
    network.set_weights([0 * w for w in network.get_weights()])
    return model


def ones_and_zeros(vectorize, network):
    texts = keras.Input((1,), dtype="string")
    numbers = vectorize(texts)
    return keras.Model(texts, network(keras.ops.zeros_like(numbers)))


def only_zeros(vectorize, network):
    texts = keras.Input((), dtype="string")
    return keras.Model(texts, network(0 * vectorize(texts)))


RIGHT = {
    "43.1": [
        ("The room was not good and the bar was bad.",),
        ("the bar was bad, and the room was NOT good",),
        ("The room was bad and the bar was not good",),
        ("The bar was not good; and the room was bad!",),
        ("“The room was bad” — and “the bar was not good”…\n",),
        ("Not good was the room and bad was the bar.",),
    ],
    "43.2": [(encode,), (with_places,), (character_by_character,)],
    "43.3": [(build_deeper,), (functional,), (unbuilt,)],
    "43.4": [
        (pack,),
        (pack_functional,),
        (pack_step_by_step,),
        (no_input,),
        (layers_without_input,),
        (lambda vectorize, network: Packed(vectorize, network),),
    ],
}

WRONG = {
    "43.1": [
        (("The room was good and the bar was not bad.",), "you were given"),
        (("the room was good, and the bar was not bad!",), "you were given"),
        (("The bar was not bad and the room was good.",), "Still positive"),
        (("The bar was good and the room was not bad.",), "Still positive"),
        (("The room was not good and the bar was not bad.",), "or not so often"),
        (("The room was bad and the bar was bad.",), "or not so often"),
        (("The room was terrible.",), "or not so often"),
        (("The room was not good and the bar bad.",), "occur twice"),
        (("Room was not good and the bar was bad.",), "occur twice"),
        (("The room was not good and the was bad.",), "is missing"),
        (("The room was bad and the bar was good.",), "is missing"),
        (("The room was good not and the bar was bad.",), "right before"),
        (("Not the room was good and the bar was bad.",), "right before"),
        (("The room was not good bad and the bar was.",), "Keep two clauses"),
        (("Was the the and was bar room bad not good",), "Keep two clauses"),
        (("And the room was not good the bar was bad.",), "Keep two clauses"),
        (("The bar was not good but the room was bad!",), "hold 'but'"),
        (("The room was not good, but the bar was bad.",), "hold 'but'"),
        (("The room was not bad and the bar was good.",), "Still positive"),
        (("",), "no sentence"),
        (("...",), "no sentence"),
        ((3,), "in quotes"),
        ((["The room was not good and the bar was bad."],), "in quotes"),
    ],
    "43.2": [
        (
            (
                lambda t, v, n: looked_up(
                    re.findall(
                        "[a-z0-9]+", re.sub("<[^>]*>", " ", t).replace("n't", " not")
                    ),
                    v,
                    n,
                ),
            ),
            ".lower()",
        ),
        (
            (
                other_words(
                    lambda t: re.findall(
                        r"\w+", re.sub("<[^>]*>", " ", t).replace("n't", " not")
                    )
                ),
            ),
            ".lower()",
        ),
        ((words_with(tags="$^"),), "A tag is no word"),
        ((other_words(tags_last),), "A tag is no word"),
        ((words_with(space=""),), "in the place of a tag"),
        (
            (other_words(lambda t: words(re.sub("<.*?>", "", t))),),
            "in the place of a tag",
        ),
        ((words_with(tags="<.*>"),), "reaches from the first"),
        ((words_with(tags="<.+>"),), "reaches from the first"),
        ((words_with(turn="n't"),), "deal with n't before"),
        ((other_words(turn_last),), "deal with n't before"),
        ((words_with(turn="not"),), "two words, was and not"),
        ((words_with(turn="nt"),), "two words, was and not"),
        ((words_with(turn=""),), "is lost"),
        ((words_with(turn=" "),), "is lost"),
        ((other_words(glued),), "in the place of a comma"),
        ((words_with(rest="[^a-z0-9 ]", put=""),), "in the place of a comma"),
        ((words_with(rest="$^"),), "Other characters become spaces"),
        ((other_words(stripped),), "Other characters become spaces"),
        (
            (
                other_words(
                    lambda t: re.sub(
                        "[^a-z0-9]+",
                        " ",
                        re.sub("<[^>]*>", " ", t.lower()).replace("n't", " not"),
                    ).split(" ")
                ),
            ),
            "no empty word",
        ),
        (
            (
                other_words(
                    lambda t: re.sub(
                        "[^a-z0-9]",
                        " ",
                        re.sub("<[^>]*>", " ", t.lower()).replace("n't", " not"),
                    ).split(" ")
                ),
            ),
            "no empty word",
        ),
        ((words_with(rest="[^a-z]+"),), "Digits stay"),
        (
            (
                other_words(
                    lambda t: "".join(
                        c if c.isalpha() else " "
                        for c in re.sub("<[^>]*>", " ", t.lower()).replace(
                            "n't", " not"
                        )
                    ).split()
                ),
            ),
            "Digits stay",
        ),
        ((words_with(rest="[.,!?]"),), "Not only"),
        ((other_words(marks_only),), "Not only"),
        ((words_with(rest=r"\W+"),), "remained one word"),
        (
            (
                other_words(
                    lambda t: re.findall(
                        r"\w+",
                        re.sub("<[^>]*>", " ", t.lower()).replace("n't", " not"),
                    )
                ),
            ),
            "remained one word",
        ),
        ((words_with(rest=r"[\W_]+"),), "isalnum() keeps it"),
        ((other_words(keeps_accents),), "isalnum() keeps it"),
        ((part_of_a_word,), "look for the whole word"),
        ((starts_alike,), "look for the whole word"),
        (
            (lambda t, v, n: [i if i != 1 else 0 for i in encode(t, v, n)],),
            "0 is for padding",
        ),
        (
            (
                lambda t, v, n: (
                    [v.index(w) if w in v else 0 for w in words(t)[:n]]
                    + [0] * (n - len(words(t)))
                ),
            ),
            "0 is for padding",
        ),
        ((leaves_out,), "keeps its place"),
        ((leaves_out_too,), "keeps its place"),
        ((no_unknown,), "before you look up"),
        ((no_unknown_dict,), "before you look up"),
        ((lambda t, v, n: [i or 1 for i in encode(t, v, n)],), "Pad with 0; 1"),
        ((lambda t, v, n: (unpadded(t, v, n) + [1] * n)[:n],), "Pad with 0; 1"),
        ((lambda t, v, n: (n * [0] + unpadded(t, v, n))[-n:],), "behind the words"),
        (
            (lambda t, v, n: [0] * (n - len(unpadded(t, v, n))) + unpadded(t, v, n),),
            "behind the words",
        ),
        ((never_cuts,), "Cut what is longer"),
        ((only_short(lambda t, v, n: unpadded(t, v, 99)),), "Cut what is longer"),
        ((unpadded,), "Pad with 0 until"),
        ((unpadded_too,), "Pad with 0 until"),
        (
            (only_short(lambda t, v, n: looked_up(words(t)[-n:], v, n)),),
            "Keep the beginning",
        ),
        ((lambda t, v, n: never_cuts(t, v, n)[-n:],), "Keep the beginning"),
        (
            (lambda t, v, n: [i + 1 if i > 1 else i for i in encode(t, v, n)],),
            "count from 0",
        ),
        ((from_one_enumerate,), "count from 0"),
        ((from_the_third,), "in the whole vocabulary"),
        (
            (lambda t, v, n: [i - 2 if i > 1 else i for i in encode(t, v, n)],),
            "in the whole vocabulary",
        ),
        ((words_only,), "holds text"),
        ((lambda t, v, n: " ".join(map(str, encode(t, v, n))),), "holds text"),
        ((lambda t, v, n: np.array(words_only(t, v, n)),), "holds text"),
        ((only_short(lambda t, v, n: encode(t[:n], v, n)),), "Lower case, tags"),
        ((lambda t, v, n: [5] * n,), "Lower case, tags"),
        ((sorts_the_vocabulary,), "changes `vocabulary` itself"),
        ((pops_the_first,), "changes `vocabulary` itself"),
        ((keeps_its_numbers,), "called again"),
        ((Remembers(),), "called again"),
        ((nothing,), "`return`"),
        ((prints,), "`return`"),
        (("encode",), "function itself"),
        ((encode("the bed", ["", "[UNK]"], 2),), "function itself"),
    ],
    "43.3": [
        ((deeper(activations=(None, "relu")),), "first convolution has no relu"),
        ((deeper(activations=("linear", "relu")),), "first convolution has no relu"),
        ((deeper(activations=("relu", None)),), "second convolution has no relu"),
        ((deeper(activations=("relu", "linear")),), "second convolution has no relu"),
        ((deeper(activations=(None, None)),), "Neither convolution"),
        ((deeper(activations=("linear", "linear")),), "Neither convolution"),
        ((deeper(pool=layers.GlobalAveragePooling1D),), "mean over the places"),
        (
            (deeper(pool=lambda: layers.Lambda(lambda h: keras.ops.mean(h, axis=1))),),
            "mean over the places",
        ),
        ((deeper(padding="same"),), 'padding="same"'),
        ((deeper(padding="SAME"),), 'padding="same"'),
        ((deeper(padding="causal"),), 'padding="causal"'),
        ((lambda n: deeper(padding="causal")(n),), 'padding="causal"'),
        ((deeper(tail=((3, None),)),), "no probabilities"),
        ((deeper(tail=((3, "linear"),)),), "no probabilities"),
        ((deeper(tail=((3, "sigmoid"),)),), "three separate"),
        ((deeper(tail=((3, keras.activations.sigmoid),)),), "three separate"),
        ((deeper(tail=((3, "relu"),)),), "Expected: Embedding"),
        ((deeper(activations=("tanh", "tanh")),), "Expected: Embedding"),
        ((deeper(windows=(3,)),), "Conv1D layers found: 1"),
        ((deeper(windows=(5,)),), "Conv1D layers found: 1"),
        ((deeper(windows=(5, 3)),), "words wide: 3 each"),
        ((deeper(windows=(3, 2)),), "words wide: 3 each"),
        ((deeper(filters=(16, 32)),), "filters: 32 each"),
        ((deeper(filters=(32, 64)),), "filters: 32 each"),
        ((deeper(size=32),), "it should have 16"),
        ((deeper(size=8),), "it should have 16"),
        ((deeper(rows=99),), "a row for each"),
        ((no_table,), "a row for each"),
        ((deeper(tail=((1, "sigmoid"),)),), "one Dense layer"),
        ((deeper(tail=((32, "relu"), (3, "softmax"))),), "one Dense layer"),
        ((deeper(pool=lambda: half_dropped(layers.GlobalMaxPooling1D())),), "Dropout"),
        (
            (
                deeper(
                    pool=lambda: half_dropped(layers.GlobalMaxPooling1D(), last=True)
                ),
            ),
            "Dropout",
        ),
        ((deeper(pool=None),), "one value per filter"),
        ((deeper(pool=lambda: layers.Dropout(0.5)),), "one value per filter"),
        ((layers_in_a_list,), "a keras.Model"),
        ((lambda n: n,), "a keras.Model"),
        ((nothing,), "`return`"),
        ((prints,), "`return`"),
        ((build_deeper(30),), "function itself"),
        (("build_deeper",), "function itself"),
    ],
    "43.4": [
        ((with_another_vocabulary,), "Is it this vectorize"),
        ((adapted_anew,), "Is it this vectorize"),
        ((untrained,), "Is it this vectorize"),
        ((adapts_it,), "adapt is for training"),
        ((adapts_it_too,), "adapt is for training"),
        ((softmax_again,), "a second one flattens"),
        ((softmax_again_too,), "a second one flattens"),
        ((labels_only,), "three probabilities"),
        ((surest_only,), "three probabilities"),
        ((a_function,), "only a keras.Model"),
        ((a_list,), "only a keras.Model"),
        ((lambda vectorize, network: network,), "knows no words"),
        ((lambda *both: both[1],), "knows no words"),
        ((eighteen_strings,), "should take strings"),
        ((numbers_in,), "should take strings"),
        ((the_wrong_way_round,), "should take strings"),
        ((floats_in,), "should take strings"),
        ((only_zeros,), "No word arrives"),
        ((ones_and_zeros,), "No word arrives"),
        ((keras.Sequential([keras.Input((3,)), layers.Dense(3)]),), "function itself"),
        ((weights_changed,), "Is it this vectorize"),
        ((nothing,), "`return`"),
        ((prints,), "`return`"),
        (("pack",), "function itself"),
        ((3,), "function itself"),
    ],
}
