"""Right and wrong answers to the exercises of lesson 43."""

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.pipeline import make_pipeline


def encode(
    sentence, vocabulary, length, lower=True, marks=".,!?", unknown=1, pad="after"
):
    for mark in marks:
        sentence = sentence.replace(mark, "")
    words = (sentence.lower() if lower else sentence).split()[:length]
    numbers = [vocabulary.index(w) if w in vocabulary else unknown for w in words]
    zeros = [0] * (length - len(numbers))
    return numbers + zeros if pad == "after" else zeros + numbers


def leaves_out(sentence, vocabulary, length):
    numbers = [i for i in encode(sentence, vocabulary, length) if i != 1]
    return numbers


def never_cuts(sentence, vocabulary, length):
    return encode(sentence, vocabulary, max(length, len(sentence.split())))


def unpadded(sentence, vocabulary, length):
    return encode(sentence, vocabulary, len(sentence.split()))[:length]


def last_words(sentence, vocabulary, length):
    return encode(" ".join(sentence.split()[-length:]), vocabulary, length)


def ends_only(sentence, vocabulary, length):
    return encode(sentence.strip(".,!?"), vocabulary, length, marks="")


def no_unknown(sentence, vocabulary, length):
    words = sentence.lower().translate(str.maketrans("", "", ".,!?")).split()[:length]
    return [vocabulary.index(word) for word in words] + [0] * (length - len(words))


def from_one(sentence, vocabulary, length):
    return [i + 1 if i > 1 else i for i in encode(sentence, vocabulary, length)]


def words_only(sentence, vocabulary, length):
    return sentence.lower().split()[:length]


def metrics(matrix):
    found = np.diag(matrix)
    recall = found / np.maximum(matrix.sum(axis=1), 1)
    return recall, found / np.maximum(matrix.sum(axis=0), 1)


def divides_by_zero(matrix):
    return np.diag(matrix) / matrix.sum(axis=1), np.diag(matrix) / matrix.sum(axis=0)


def whole_numbers(matrix):
    found = np.diag(matrix)
    return found // matrix.sum(axis=1), found // np.maximum(matrix.sum(axis=0), 1)


def one_for_never(matrix):
    called = matrix.sum(axis=0)
    precision = np.where(called == 0, 1, np.diag(matrix) / np.maximum(called, 1))
    return metrics(matrix)[0], precision


def whole_matrix(matrix):
    return matrix / matrix.sum(axis=1, keepdims=True), matrix / matrix.sum(axis=0)


def oov_rate(vocabulary, texts):
    tokens = [token for text in texts for token in text.lower().rstrip(".").split()]
    return sum(token not in vocabulary for token in tokens) / len(tokens)


def oov_words(vocabulary, texts):
    tokens = {token for text in texts for token in text.lower().rstrip(".").split()}
    return sum(token not in vocabulary for token in tokens) / len(tokens)


def oov_mean(vocabulary, texts):
    return float(np.mean([oov_rate(vocabulary, [text]) for text in texts]))


def oov_case(vocabulary, texts):
    tokens = [token for text in texts for token in text.rstrip(".").split()]
    return sum(token not in vocabulary for token in tokens) / len(tokens)


def oov_stops(vocabulary, texts):
    tokens = [token for text in texts for token in text.lower().split()]
    return sum(token not in vocabulary for token in tokens) / len(tokens)


def oov_first(vocabulary, texts):
    return oov_rate(vocabulary, texts[:1])


def oov_list(vocabulary, texts):
    return [word for word in " ".join(texts).lower().split() if word not in vocabulary]


def oov_count(vocabulary, texts):
    return oov_rate(vocabulary, texts) * sum(len(text.split()) for text in texts)


def pipeline():
    return make_pipeline(TfidfVectorizer(), TruncatedSVD(40))


def mended(train_texts, test_texts):
    return pipeline().fit(train_texts)


def nothing(*arguments):
    len(arguments)  # and forgets to return


RIGHT = {
    "43.1": ("The room was not good and the bar was bad.",),
    "43.2": (encode,),
    "43.3": (metrics,),
    "43.4": (oov_rate, mended),
}

WRONG = {
    "43.1": [
        (("The room was good and the bar was not bad.",), "you were given"),
        (("The bar was not bad and the room was good.",), "Still positive"),
        (("The room was not good and the bar was not bad.",), "not so often"),
        (("The room was bad and the bar was bad.",), "not so often"),
        (("The room was not good and the bar bad.",), "is missing"),
        (("The room was good not and the bar was bad.",), "right before"),
        (("The room was not good bad and the bar was.",), "two clauses"),
        (("The room was not good but the bar was bad!",), "hold 'but'"),
        (("Not the room was good and the bar was bad.",), "right before"),
        (("",), "no sentence"),
        ((3,), "in quotes"),
    ],
    "43.2": [
        ((lambda s, v, n: encode(s, v, n, lower=False),), ".lower()"),
        ((lambda s, v, n: encode(s, v, n, marks=""),), "punctuation"),
        ((lambda s, v, n: encode(s, v, n, unknown=0),), "0 is for padding"),
        ((leaves_out,), "keeps its place"),
        ((ends_only,), "inside a sentence"),
        ((no_unknown,), "'sauna' is not in the vocabulary"),
        ((from_one,), "count from 0"),
        ((words_only,), "These are words"),
        ((lambda s, v, n: [i or 1 for i in encode(s, v, n)],), "Pad with 0"),
        ((lambda s, v, n: encode(s, v, n, pad="before"),), "behind the words"),
        ((never_cuts,), "Cut what is longer"),
        ((unpadded,), "With length 5"),
        ((last_words,), "Keep the beginning"),
        ((nothing,), "returns nothing"),
        (("encode",), "function itself"),
    ],
    "43.3": [
        ((lambda m: metrics(m)[::-1],), "exchanged"),
        ((lambda m: (np.diag(m) / m.sum(), np.diag(m) / m.sum()),), "its own row"),
        ((lambda m: (metrics(m)[0], metrics(m)[0]),), "column k"),
        ((lambda m: (metrics(m)[1], metrics(m)[1]),), "row k"),
        ((lambda m: [100 * part for part in metrics(m)],), "per cent"),
        ((divides_by_zero,), "let the precision be 0"),
        ((one_for_never,), "let the precision be 0"),
        ((whole_numbers,), "// drops"),
        ((whole_matrix,), "One value per class"),
        ((lambda m: [part.mean() for part in metrics(m)],), "One value per class"),
        ((lambda m: [1 - part for part in metrics(m)],), "Those are the errors"),
        ((lambda m: metrics(m)[0],), "two arrays"),
        ((nothing,), "returns nothing"),
    ],
    "43.4": [
        ((oov_count, mended), "That is how many"),
        ((lambda v, t: 1 - oov_rate(v, t), mended), "share of known"),
        ((lambda v, t: 100 * oov_rate(v, t), mended), "not per cent"),
        ((oov_words, mended), "twice counts twice"),
        ((oov_mean, mended), "all texts together"),
        ((oov_case, mended), ".lower()"),
        ((oov_stops, mended), ".rstrip"),
        ((oov_first, mended), "not only at the first"),
        ((oov_list, mended), "the share of them"),
        (
            (lambda v, t: oov_rate(["the", "bed", "was"], t), mended),
            "argument vocabulary",
        ),
        ((nothing, mended), "oov_rate returns nothing"),
        ((oov_rate, lambda a, b: pipeline().fit(a + b)), "only the test texts hold"),
        ((oov_rate, lambda a, b: pipeline().fit(b)), "only the test texts hold"),
        ((oov_rate, lambda a, b: pipeline()), "not fitted yet"),
        ((oov_rate, lambda a, b: CountVectorizer().fit(a)), "TfidfVectorizer first"),
        ((oov_rate, lambda a, b: TfidfVectorizer().fit(a)), "Keep TruncatedSVD"),
        ((oov_rate, lambda a, b: pipeline().fit(a).transform(b)), "fitted pipeline"),
        ((oov_rate, nothing), "mended returns nothing"),
        ((oov_rate, lambda a, b: pipeline().fit_transform(a)), "fitted pipeline"),
    ],
}
