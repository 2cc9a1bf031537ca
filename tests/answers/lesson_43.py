"""Right and wrong answers of lesson 43, with a piece of the hint that must come."""

import re

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import (
    CountVectorizer,
    TfidfTransformer,
    TfidfVectorizer,
)
from sklearn.pipeline import Pipeline, make_pipeline

# ── 43.2 ────────────────────────────────────────────────────────────────────────


def encode(sentence, vocabulary, length):
    for mark in ".,!?":
        sentence = sentence.replace(mark, "")
    words = sentence.lower().split()[:length]
    numbers = [vocabulary.index(w) if w in vocabulary else 1 for w in words]
    return numbers + [0] * (length - len(numbers))


def with_places(sentence, vocabulary, length):
    places = {word: place for place, word in enumerate(vocabulary)}
    tokens = sentence.lower().translate(str.maketrans("", "", ".,!?")).split()
    out = np.zeros(length, dtype=int)
    for place, token in enumerate(tokens[:length]):
        out[place] = places.get(token, 1)
    return out


def with_regex(sentence, vocabulary, length):
    words = re.sub(r"[.,!?]", "", sentence.lower()).split()
    numbers = [vocabulary.index(w) if w in vocabulary else 1 for w in words]
    return tuple((numbers + [0] * length)[:length])


def numbers(
    sentence,
    vocabulary,
    length,
    lower=True,
    marks=".,!?",
    unknown=1,
    before=False,
    pad=0,
):
    for mark in marks:
        sentence = sentence.replace(mark, "")
    words = (sentence.lower() if lower else sentence).split()[:length]
    numbers = [vocabulary.index(w) if w in vocabulary else unknown for w in words]
    padding = [pad] * (length - len(numbers))
    return padding + numbers if before else numbers + padding


def encode_with(**changes):
    return lambda sentence, vocabulary, length: numbers(
        sentence, vocabulary, length, **changes
    )


def case_kept(sentence, vocabulary, length):
    words = re.sub(r"[.,!?]", "", sentence).split()[:length]
    numbers = [vocabulary.index(w) if w in vocabulary else 1 for w in words]
    return numbers + [0] * (length - len(numbers))


def only_split(sentence, vocabulary, length):
    places = {word: place for place, word in enumerate(vocabulary)}
    numbers = [places.get(word, 1) for word in sentence.lower().split()][:length]
    return numbers + [0] * (length - len(numbers))


def ends_only(sentence, vocabulary, length):
    return numbers(sentence.strip(".,!?"), vocabulary, length, marks="")


def ends_only_too(sentence, vocabulary, length):
    return only_split(sentence.rstrip("!.?,"), vocabulary, length)


def leaves_out(sentence, vocabulary, length):
    words = re.sub(r"[.,!?]", "", sentence.lower()).split()
    known = [vocabulary.index(word) for word in words if word in vocabulary][:length]
    return known + [0] * (length - len(known))


def leaves_out_too(sentence, vocabulary, length):
    kept = [i for i in encode(sentence, vocabulary, length) if i != 1]
    return kept + [0] * (length - len(kept))


def no_unknown(sentence, vocabulary, length):
    words = sentence.lower().translate(str.maketrans("", "", ".,!?")).split()[:length]
    return [vocabulary.index(word) for word in words] + [0] * (length - len(words))


def no_unknown_dict(sentence, vocabulary, length):
    places = {word: place for place, word in enumerate(vocabulary)}
    words = re.sub(r"[.,!?]", "", sentence.lower()).split()
    return [places[word] for word in words][:length]


def only_short(function):
    """Return an answer that does what function does, but only with a long enough one."""

    def wrong(sentence, vocabulary, length):
        if len(sentence.split()) <= length:
            return encode(sentence, vocabulary, length)
        return function(sentence, vocabulary, length)

    return wrong


def never_cuts(sentence, vocabulary, length):
    return encode(sentence, vocabulary, max(length, len(sentence.split())))


def unpadded(sentence, vocabulary, length):
    return encode(sentence, vocabulary, len(sentence.split()))[:length]


def unpadded_too(sentence, vocabulary, length):
    words = re.sub(r"[.,!?]", "", sentence.lower()).split()
    return [vocabulary.index(w) if w in vocabulary else 1 for w in words[:length]]


def last_words(sentence, vocabulary, length):
    return encode(" ".join(sentence.split()[-length:]), vocabulary, length)


def from_one(sentence, vocabulary, length):
    return [i + 1 if i > 1 else i for i in encode(sentence, vocabulary, length)]


def from_one_enumerate(sentence, vocabulary, length):
    places = {word: place for place, word in enumerate(vocabulary, start=1)}
    words = re.sub(r"[.,!?]", "", sentence.lower()).split()[:length]
    return [places.get(word, 1) for word in words] + [0] * (length - len(words))


def from_the_third(sentence, vocabulary, length):
    words = re.sub(r"[.,!?]", "", sentence.lower()).split()[:length]
    rest = vocabulary[2:]
    numbers = [rest.index(word) if word in rest else 1 for word in words]
    return numbers + [0] * (length - len(words))


def words_only(sentence, vocabulary, length):
    return sentence.lower().split()[:length]


def other_words(words_of):
    """Return an encode that takes a sentence to pieces in a way of its own."""

    def wrong(sentence, vocabulary, length):
        words = words_of(sentence)[:length]
        numbers = [vocabulary.index(w) if w in vocabulary else 1 for w in words]
        return numbers + [0] * (length - len(numbers))

    return wrong


def words_around_marks(sentence):
    return re.findall(r"[^\s.,!?]+", sentence.lower())


def word_by_word(sentence):
    return [re.sub(r"[.,!?]", "", word) for word in sentence.lower().split()]


def letters_only(sentence):
    kept = "".join(c for c in sentence.lower() if c.isalpha() or c.isspace())
    return kept.split()


def part_of_a_word(sentence, vocabulary, length):
    words = re.sub(r"[.,!?]", "", sentence.lower()).split()[:length]
    places = [[i for i, known in enumerate(vocabulary) if w in known] for w in words]
    return [found[0] if found else 1 for found in places] + [0] * (length - len(words))


def starts_alike(sentence, vocabulary, length):
    words = re.sub(r"[.,!?]", "", sentence.lower()).split()
    numbers = []
    for word in words[:length]:
        hits = [known.startswith(word) for known in vocabulary]
        numbers.append(hits.index(True) if any(hits) else 1)
    return numbers + [0] * (length - len(numbers))


def keeps_its_numbers(sentence, vocabulary, length, kept=[]):  # noqa: B006
    kept.extend(encode(sentence, vocabulary, length))
    return kept[:length] if len(kept) == length else list(kept)


class Remembers:
    def __init__(self):
        self.seen = 0

    def __call__(self, sentence, vocabulary, length):
        self.seen += 1
        return [self.seen - 1 + i for i in encode(sentence, vocabulary, length)]


def sorts_the_vocabulary(sentence, vocabulary, length):
    vocabulary.sort()
    return encode(sentence, vocabulary, length)


def pops_the_first(sentence, vocabulary, length):
    vocabulary.pop(0)
    return [i + 1 for i in encode(sentence, vocabulary, length)]


# ── 43.3 ────────────────────────────────────────────────────────────────────────


def recall_and_precision(matrix):
    found = np.diag(matrix)
    recall = found / np.maximum(matrix.sum(axis=1), 1)
    precision = found / np.maximum(matrix.sum(axis=0), 1)
    return recall, precision


def in_a_loop(matrix):
    recall, precision = [], []
    for k in range(len(matrix)):
        own, called = sum(matrix[k]), sum(matrix[:, k])
        recall.append(matrix[k][k] / own if own else 0)
        precision.append(matrix[k][k] / called if called else 0)
    return [recall, precision]


def by_divide(matrix):
    found = matrix.diagonal().astype("float32")
    return np.stack(
        [
            np.divide(
                found,
                matrix.sum(axis),
                out=np.zeros_like(found),
                where=matrix.sum(axis) > 0,
            )
            for axis in (1, 0)
        ]
    )


def nan_to_zero(matrix):
    with np.errstate(all="ignore"):
        precision = np.nan_to_num(np.diag(matrix) / matrix.sum(0))
    return np.diag(matrix) / matrix.sum(1), precision


def changed(recall=lambda m, r, p: r, precision=lambda m, r, p: p):
    """Return an answer with another recall, or another precision."""

    def wrong(matrix):
        both = recall_and_precision(matrix)
        return recall(matrix, *both), precision(matrix, *both)

    return wrong


def divides_by_zero(matrix):
    return np.diag(matrix) / matrix.sum(axis=1), np.diag(matrix) / matrix.sum(axis=0)


def divides_by_zero_too(matrix):
    return [matrix.diagonal() / matrix.sum(axis).astype("float32") for axis in (1, 0)]


def one_for_never(matrix):
    called = matrix.sum(axis=0)
    precision = np.where(called == 0, 1, np.diag(matrix) / np.maximum(called, 1))
    return recall_and_precision(matrix)[0], precision


def in_place(matrix):
    both = recall_and_precision(matrix)
    matrix -= np.diag(np.diag(matrix))
    return both


def in_place_too(matrix):
    both = recall_and_precision(matrix)
    matrix[0] = 0
    return both


# ── 43.4 ────────────────────────────────────────────────────────────────────────


def oov_rate(vocabulary, texts):
    tokens = [token for text in texts for token in text.lower().rstrip(".").split()]
    return sum(token not in vocabulary for token in tokens) / len(tokens)


def oov_float32(vocabulary, texts):
    known = set(vocabulary)
    tokens = sum((text.lower().rstrip(".").split() for text in texts), [])
    return np.float32(np.mean([token not in known for token in tokens]))


def oov_counted(vocabulary, texts):
    unknown = n = 0
    for text in texts:
        for token in text.lower().rstrip(".").split():
            unknown += token not in vocabulary
            n += 1
    return np.array([unknown / n])


def flags_of(vocabulary, texts):
    return [
        [token not in vocabulary for token in text.lower().rstrip(".").split()]
        for text in texts
    ]


def oov_with(tokens_of):
    def wrong(vocabulary, texts):
        tokens = [token for text in texts for token in tokens_of(text)]
        return np.mean([token not in vocabulary for token in tokens])

    return wrong


def oov_kinds(vocabulary, texts):
    tokens = {token for text in texts for token in text.lower().rstrip(".").split()}
    return sum(token not in vocabulary for token in tokens) / len(tokens)


def oov_kinds_per_token(vocabulary, texts):
    tokens = [token for text in texts for token in text.lower().rstrip(".").split()]
    return len(set(tokens) - set(vocabulary)) / len(tokens)


def oov_returns_in_the_loop(vocabulary, texts):
    for text in texts:
        tokens = text.lower().rstrip(".").split()
        return sum(token not in vocabulary for token in tokens) / len(tokens)


def oov_overwrites(vocabulary, texts):
    for text in texts:
        tokens = text.lower().rstrip(".").split()
    return sum(token not in vocabulary for token in tokens) / len(tokens)


def oov_list(vocabulary, texts):
    return [word for word in " ".join(texts).lower().split() if word not in vocabulary]


def oov_words(vocabulary, texts):
    return np.array(oov_list(vocabulary, texts))


def mended(train_texts, test_texts):
    return make_pipeline(TfidfVectorizer(), TruncatedSVD(40)).fit(train_texts)


def mended_arpack(train_texts, test_texts):
    svd = TruncatedSVD(n_components=40, algorithm="arpack", random_state=0)
    steps = Pipeline([("words", TfidfVectorizer()), ("svd", svd)])
    steps.fit(train_texts)
    return steps


def mended_in_three(train_texts, test_texts):
    return make_pipeline(
        CountVectorizer(), TfidfTransformer(), TruncatedSVD(40, random_state=3)
    ).fit(train_texts)


def mended_by_hand(train_texts, test_texts):
    words = TfidfVectorizer().fit(train_texts)
    svd = TruncatedSVD(40).fit(words.transform(train_texts))
    return make_pipeline(words, svd)


def by_hand(words_of, svd_of, first=TfidfVectorizer):
    """Return a function that fits the two steps on texts of its own choice."""

    def wrong(train_texts, test_texts):
        words = first().fit(words_of(train_texts, test_texts))
        svd = TruncatedSVD(40)
        svd.fit(words.transform(svd_of(train_texts, test_texts)))
        return make_pipeline(words, svd)

    return wrong


def with_all_words(train_texts, test_texts):
    words = sorted(set(" ".join(train_texts + test_texts).split()))
    return make_pipeline(TfidfVectorizer(vocabulary=words), TruncatedSVD(40)).fit(
        train_texts
    )


def train(train_texts, test_texts):
    return train_texts


def both(train_texts, test_texts):
    return train_texts + test_texts


def fitted_on(texts_of, *steps):
    def wrong(train_texts, test_texts):
        return make_pipeline(*steps).fit(texts_of(train_texts, test_texts))

    return wrong


def nothing(*arguments):
    len(arguments)  # and forgets to return


def prints(*arguments):
    print(arguments)


STEPS = TfidfVectorizer(), TruncatedSVD(40)

# What a right answer need not use, and why.
MAY_IGNORE = {
    "43.4": {"test_texts": "that nothing is learned from them is the point of it"}
}

RIGHT = {
    "43.1": [
        ("The room was not good and the bar was bad.",),
        ("the bar was bad, and the room was NOT good",),
        ("The bar was not good; and the room was bad!",),
        ("“The room was bad” — and “the bar was not good”…\n",),
        ("Not good was the room and bad was the bar.",),
    ],
    "43.2": [(encode,), (with_places,), (with_regex,)],
    "43.3": [(recall_and_precision,), (in_a_loop,), (by_divide,), (nan_to_zero,)],
    "43.4": [
        (oov_rate, mended),
        (oov_float32, mended_arpack),
        (oov_counted, mended_in_three),
        (oov_rate, mended_by_hand),
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
        ((encode_with(lower=False),), ".lower()"),
        ((case_kept,), ".lower()"),
        (
            (
                other_words(
                    lambda s: re.sub(r"[.,!?]", "", s[0].lower() + s[1:]).split()
                ),
            ),
            ".lower()",
        ),
        ((other_words(words_around_marks),), "Put nothing in the place"),
        (
            (other_words(lambda s: re.sub(r"[.,!?]", " ", s.lower()).split()),),
            "Put nothing in the place",
        ),
        ((other_words(word_by_word),), "before you split"),
        (
            (other_words(lambda s: [w.strip(",.?!") for w in s.lower().split()]),),
            "before you split",
        ),
        ((other_words(letters_only),), "Remove only"),
        (
            (other_words(lambda s: re.sub(r"[^\w\s]", "", s.lower()).split()),),
            "Remove only",
        ),
        (
            (other_words(lambda s: re.sub(r"[.,!?]", "", s.lower()).split(" ")),),
            "no empty word",
        ),
        (
            (other_words(lambda s: re.split(" ", re.sub("[.,?!]", "", s).lower())),),
            "no empty word",
        ),
        ((encode_with(marks=".,!"),), "Remove ?, too"),
        ((encode_with(marks=["!", ".", ","]),), "Remove ?, too"),
        ((part_of_a_word,), "look for the whole word"),
        ((starts_alike,), "look for the whole word"),
        ((encode_with(marks=""),), "Remove the punctuation"),
        ((only_split,), "Remove the punctuation"),
        ((ends_only,), "inside a sentence"),
        ((ends_only_too,), "inside a sentence"),
        ((encode_with(marks=".,"),), "Remove ! and ?"),
        (
            (lambda s, v, n: only_split(s.replace(",", "").replace(".", ""), v, n),),
            "Remove ! and ?",
        ),
        ((encode_with(unknown=0),), "0 is for padding"),
        (
            (lambda s, v, n: [i if i != 1 else 0 for i in encode(s, v, n)],),
            "0 is for padding",
        ),
        ((leaves_out,), "keeps its place"),
        ((leaves_out_too,), "keeps its place"),
        ((no_unknown,), "before you look up"),
        ((no_unknown_dict,), "before you look up"),
        ((from_one,), "count from 0"),
        ((from_one_enumerate,), "count from 0"),
        ((from_the_third,), "in the whole vocabulary"),
        (
            (lambda s, v, n: [i - 2 if i > 1 else i for i in encode(s, v, n)],),
            "in the whole vocabulary",
        ),
        ((words_only,), "holds text"),
        ((lambda s, v, n: np.array(words_only(s, v, n)),), "holds text"),
        ((lambda s, v, n: " ".join(map(str, encode(s, v, n))),), "holds text"),
        ((encode_with(pad=1),), "Pad with 0; 1"),
        ((encode_with(pad=np.nan),), "Pad with 0."),
        ((encode_with(pad=float("nan")),), "Pad with 0."),
        ((lambda s, v, n: [i or 1 for i in encode(s, v, n)],), "Pad with 0; 1"),
        ((encode_with(before=True),), "behind the words"),
        ((lambda s, v, n: (n * [0] + unpadded(s, v, n))[-n:],), "behind the words"),
        ((never_cuts,), "Cut what is longer"),
        (
            (only_short(lambda s, v, n: encode(s, v, len(s.split()))),),
            "Cut what is longer",
        ),
        ((unpadded,), "Pad with 0 until"),
        ((unpadded_too,), "Pad with 0 until"),
        ((last_words,), "Keep the beginning"),
        ((lambda s, v, n: never_cuts(s, v, n)[-n:],), "Keep the beginning"),
        (
            (only_short(lambda s, v, n: encode(s[:n], v, n)),),
            "Lower case, no punctuation",
        ),
        (
            (lambda s, v, n: [len(word) for word in encode(s, v, n) * 0] + [5] * n,),
            "Lower case, no punctuation",
        ),
        (
            (
                lambda s, v, n: encode(
                    s,
                    ["", "[UNK]", "the", "was", "bed", "good", "not", "and", "bar"],
                    n,
                ),
            ),
            "Lower case, no",
        ),
        (
            (lambda s, v, n: encode(s, ["", "[UNK]", "the", "bed"], n),),
            "Lower case, no",
        ),
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
        ((lambda m: recall_and_precision(m)[::-1],), "the precision, not the recall"),
        ((changed(recall=lambda m, r, p: p),), "the precision, not the recall"),
        ((lambda m: (np.diag(m) / m.sum(), np.diag(m) / m.sum()),), "its own row"),
        ((lambda m: [m.diagonal() / np.sum(m)] * 2,), "its own row"),
        ((lambda m: [np.diag(m) / np.trace(m)] * 2,), "not of the diagonal"),
        (
            (changed(precision=lambda m, r, p: np.diag(m) / np.trace(m)),),
            "not of the diagonal",
        ),
        (
            (lambda m: (m.max(axis=1) / m.sum(axis=1), recall_and_precision(m)[1]),),
            "stand on the diagonal",
        ),
        (
            (
                changed(
                    precision=lambda m, r, p: (
                        m.max(axis=0) / np.maximum(m.sum(axis=0), 1)
                    )
                ),
            ),
            "stand on the diagonal",
        ),
        (
            (lambda m: (recall_and_precision(m)[0], recall_and_precision(m)[0]),),
            "recall again",
        ),
        ((changed(precision=lambda m, r, p: r),), "recall again"),
        ((lambda m: [100 * part for part in recall_and_precision(m)],), "per cent"),
        ((changed(precision=lambda m, r, p: 100 * p),), "per cent"),
        ((divides_by_zero,), "let the precision be 0"),
        ((divides_by_zero_too,), "let the precision be 0"),
        ((one_for_never,), "let the precision be 0"),
        ((changed(recall=lambda m, r, p: np.diag(m) // m.sum(axis=1)),), "// drops"),
        (
            (lambda m: [np.diag(m) // np.maximum(m.sum(axis), 1) for axis in (1, 0)],),
            "// drops",
        ),
        (
            (lambda m: (m / m.sum(axis=1, keepdims=True), m / m.sum(axis=0)),),
            "One value per class: the",
        ),
        (
            (changed(precision=lambda m, r, p: m / m.sum(axis=0)),),
            "One value per class: the",
        ),
        (
            (lambda m: [part.mean() for part in recall_and_precision(m)],),
            "not their mean",
        ),
        ((changed(precision=lambda m, r, p: p.mean()),), "not their mean"),
        ((changed(recall=lambda m, r, p: 1 - r),), "Those are the errors"),
        (
            (lambda m: [1 - part for part in recall_and_precision(m)],),
            "Those are the errors",
        ),
        ((changed(precision=lambda m, r, p: 1 - p),), "the false ones"),
        (
            (
                changed(
                    precision=lambda m, r, p: (
                        (m.sum(0) - np.diag(m)) / np.maximum(m.sum(0), 1)
                    )
                ),
            ),
            "the false ones",
        ),
        ((lambda m: (np.diag(m), np.diag(m)),), "Those are counts"),
        ((changed(recall=lambda m, r, p: m.diagonal()),), "Those are counts"),
        ((lambda m: [np.trace(m) / m.sum()] * 2,), "That is the accuracy"),
        (
            (changed(recall=lambda m, r, p: np.diag(m).sum() / m.sum()),),
            "That is the accuracy",
        ),
        (
            (
                changed(
                    recall=lambda m, r, p: (
                        1 - (m.sum(0) + m.sum(1) - 2 * np.diag(m)) / m.sum()
                    )
                ),
            ),
            "against the rest",
        ),
        (
            (
                changed(
                    recall=lambda m, r, p: [
                        (np.delete(np.delete(m, k, 0), k, 1).sum() + m[k, k]) / m.sum()
                        for k in range(len(m))
                    ]
                ),
            ),
            "against the rest",
        ),
        (
            (changed(recall=lambda m, r, p: r**2),),
            "expected 0.8. Recall: of class k's own",
        ),
        (
            (changed(recall=lambda m, r, p: 2 * r * p / (r + p + 1e-9)),),
            "expected 0.8. Recall: of class k's own",
        ),
        (
            (changed(precision=lambda m, r, p: p**2),),
            "expected 0.5. Precision: of all that was",
        ),
        (
            (changed(precision=lambda m, r, p: 2 * r * p / (r + p + 1e-9)),),
            "expected 0.5. Precision: of all that was",
        ),
        ((lambda m: recall_and_precision(m)[0],), "two arrays"),
        ((lambda m: np.trace(m) / m.sum(),), "two arrays"),
        ((in_place,), "changes `matrix` itself"),
        ((in_place_too,), "changes `matrix` itself"),
        ((nothing,), "`return`"),
        ((prints,), "`return`"),
    ],
    "43.4": [
        ((lambda v, t: sum(sum(flags_of(v, t), [])), mended), "That is how many"),
        (
            (lambda v, t: np.concatenate(flags_of(v, t)).sum(), mended),
            "That is how many",
        ),
        ((lambda v, t: 1 - oov_rate(v, t), mended), "share of known"),
        ((lambda v, t: 1 - np.mean(sum(flags_of(v, t), [])), mended), "share of known"),
        ((lambda v, t: 100 * oov_rate(v, t), mended), "not per cent"),
        ((lambda v, t: oov_float32(v, t) * 100, mended), "not per cent"),
        (
            (lambda v, t: sum(sum(flags_of(v, t), [])) / len(v), mended),
            "size of the vocabulary",
        ),
        (
            (lambda v, t: np.sum(np.concatenate(flags_of(v, t))) / len(v), mended),
            "size of the vocabulary",
        ),
        ((oov_kinds, mended), "twice counts twice"),
        ((oov_kinds_per_token, mended), "twice counts twice"),
        (
            (lambda v, t: np.mean([oov_rate(v, [one]) for one in t]), mended),
            "then divide once",
        ),
        (
            (lambda v, t: [np.mean(flags) for flags in flags_of(v, t)], mended),
            "then divide once",
        ),
        ((oov_with(lambda text: text.rstrip(".").split()), mended), ".lower()"),
        (
            (
                lambda v, t: np.mean(
                    [w not in v for one in t for w in one.rstrip(".").split()]
                ),
                mended,
            ),
            ".lower()",
        ),
        ((oov_with(lambda text: text.lower().split()), mended), ".rstrip"),
        (
            (
                lambda v, t: np.mean([w not in v for w in " ".join(t).lower().split()]),
                mended,
            ),
            ".rstrip",
        ),
        ((lambda v, t: oov_rate(v, t[:1]), mended), "not only at the first"),
        ((oov_returns_in_the_loop, mended), "not only at the first"),
        ((lambda v, t: oov_rate(v, t[-1:]), mended), "not only at the last"),
        ((oov_overwrites, mended), "not only at the last"),
        ((oov_list, mended), "the share is asked"),
        ((oov_words, mended), "the share is asked"),
        (
            (lambda v, t: oov_rate("the bed was bar good and not".split(), t), mended),
            ", expected 0.",
        ),
        ((lambda v, t: 5 / 19, mended), ", expected 0."),
        (
            (oov_with(lambda text: text.lower().rstrip(".").split(" ")), mended),
            ", expected 0.",
        ),
        ((lambda v, t: oov_rate(v, t) ** 2, mended), ", expected 0."),
        ((nothing, mended), "`return`"),
        ((prints, mended), "`return`"),
        ((0.25, mended), "itself, without brackets"),
        ((oov_rate, "mended"), "itself, without brackets"),
        ((oov_rate, fitted_on(both, *STEPS)), "only the test texts hold"),
        ((oov_rate, fitted_on(lambda a, b: b, *STEPS)), "only the test texts hold"),
        ((oov_rate, with_all_words), "only the test texts hold"),
        ((oov_rate, by_hand(both, train)), "(idf) was learned"),
        ((oov_rate, by_hand(lambda a, b: [*b, *a], train)), "(idf) was learned"),
        ((oov_rate, by_hand(train, both)), "TruncatedSVD, was not fitted"),
        ((oov_rate, by_hand(train, lambda a, b: b)), "TruncatedSVD, was not fitted"),
        (
            (oov_rate, fitted_on(lambda a, b: a[:30] + a[:20], *STEPS)),
            "TruncatedSVD, was not fitted",
        ),
        (
            (oov_rate, fitted_on(train, CountVectorizer(), TruncatedSVD(40))),
            "Keep TfidfVectorizer as",
        ),
        ((oov_rate, by_hand(train, train, CountVectorizer)), "Keep TfidfVectorizer as"),
        (
            (oov_rate, lambda a, b: make_pipeline(TfidfVectorizer(), TruncatedSVD(40))),
            "not fitted yet",
        ),
        (
            (
                oov_rate,
                lambda a, b: Pipeline(
                    [("a", TfidfVectorizer()), ("b", TruncatedSVD(40))]
                ),
            ),
            "not fitted yet",
        ),
        ((oov_rate, lambda a, b: TfidfVectorizer().fit(a)), "becomes 80 numbers"),
        ((oov_rate, lambda a, b: CountVectorizer().fit(a)), "becomes 80 numbers"),
        (
            (oov_rate, fitted_on(train, TfidfVectorizer(), TruncatedSVD(50))),
            "Keep both steps",
        ),
        (
            (oov_rate, fitted_on(train, TfidfVectorizer(), TruncatedSVD(20))),
            "Keep both steps",
        ),
        (
            (oov_rate, lambda a, b: mended(a, b).transform(b)),
            "return the fitted pipeline",
        ),
        (
            (oov_rate, lambda a, b: make_pipeline(*STEPS).fit_transform(a)),
            "return the fitted pipeline",
        ),
        ((oov_rate, nothing), "`return`"),
        ((oov_rate, prints), "`return`"),
    ],
}
