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
    expect_tuple,
    expect_value,
    hinting,
    is_close,
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


KNOWN = ["", "[UNK]", "the", "was", "bed", "good", "not", "and", "bar"]


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
    def without_text(sentence, vocabulary, length):
        result = looked_up(sentence, vocabulary, length)
        _expect_no_text(
            result, "The result holds text: write each word's place, a number."
        )
        return result

    for sentence, vocabulary, length, right in (
        ("The bed, the sauna WAS not good!", KNOWN, 9, [2, 4, 2, 1, 3, 6, 5]),
        ("The bar was not good. The bed was good.", KNOWN, 4, [2, 8, 3, 6]),
        ("In the a.m. , the POOL  wasn't half-bad?",
         ["", "[UNK]", "the", "am", "good", "half-bad", "wasn't", "pools"], 9,
         [1, 2, 3, 2, 1, 6, 5]),
    ):  # fmt: skip
        expect_result(
            without_text,
            (sentence, vocabulary, length),
            right + [0] * (length - len(right)),
            f"The sentence is {sentence!r}. Lower case, no punctuation, each word's place"
            " in the vocabulary; then cut, or pad with 0.",
            mistakes=_wrong_numbers(sentence, vocabulary, length),
        )
    return "that is what TextVectorization does"


def _expect_no_text(result, hint):
    """Raise the hint if the result is text, or a container that holds some."""
    flat = isinstance(result, (list, tuple, set))
    items = result if flat else np.ravel(np.asarray(result))
    expect(not any(isinstance(item, str) for item in items), hint)


def _words(sentence, marks=".,!?", put=""):
    """Return the words of a sentence, each mark replaced by ``put``."""
    for mark in marks:
        sentence = sentence.replace(mark, put)
    return sentence.lower().split()


def _numbers(words, vocabulary, length, unknown=1, pad=0, before=False):
    """Return the words' numbers, cut or padded; ``unknown=None`` leaves a word out."""
    places = [vocabulary.index(w) if w in vocabulary else unknown for w in words]
    places = [place for place in places if place is not None][:length]
    padding = [pad] * (length - len(places))
    return padding + places if before else places + padding


def _wrong_numbers(sentence, vocabulary, length):
    """Return the usual mistakes; each sentence shows some of them."""
    known, words = (vocabulary, length), _words(sentence)
    right, every = _numbers(words, *known), _numbers(words, vocabulary, len(words))
    if len(words) > length:
        return [
            (every, "Cut what is longer than length."),
            (every[-length:], "Keep the beginning of a long sentence."),
        ]
    if vocabulary is not KNOWN:
        one_by_one = [_words(word) for word in sentence.split()]
        spaces = re.sub("[.,!?]", "", sentence.lower()).split(" ")
        first = "Remove the marks before you split: ',' alone is no word, and 'a.m.' is 'am'."
        return [
            (_numbers(_words(sentence, put=" "), *known), "Put nothing in the place of a"
             " mark: 'a.m.' is the word 'am'."),
            (_numbers([w.strip(".,!?") for w in sentence.lower().split()], *known), first),
            (_numbers(["".join(word) for word in one_by_one], *known), first),
            (_numbers(_words(sentence, ".,!?'-"), *known), "Remove only . , ! and ?, so that"
             " 'wasn't' and 'half-bad' stay as they are."),
            (_numbers(spaces, *known), "Two spaces make no empty word: use .split(), not"
             " .split(' ')."),
            (_numbers(_words(sentence, ".,!"), *known), "Remove ?, too."),
            ([*right[:4], 7, *right[5:]], "'pool' is not 'pools': look for the whole"
             " word."),
        ]  # fmt: skip
    ends = _words(sentence.strip(".,!?"), marks="")
    lower = "'The' and 'WAS' should be read like 'the' and 'was': use .lower()."
    kept = [
        place if word.islower() else 1
        for word, place in zip(sentence.split(), every, strict=True)
    ]
    kept += [0] * (length - len(words))
    return [
        (kept, lower),
        ([2, *kept[1:]], lower),
        (_numbers(_words(sentence, ""), *known), "Remove the punctuation: 'good!' is the"
         " word 'good'."),
        (_numbers(ends, *known), "Punctuation stands inside a sentence, too: 'bed,'."),
        (_numbers(_words(sentence, ".,"), *known), "Remove ! and ?, too: 'good!' is the"
         " word 'good'."),
        (_numbers(words, *known, unknown=0), "An unknown word is 1; 0 is for padding."),
        (_numbers(words, *known, unknown=None), "An unknown word keeps its place: write 1,"
         " do not leave it out."),
        (_numbers(words, *known, before=True), "Pad behind the words, not before them."),
        (_numbers(words, *known, pad=1), "Pad with 0; 1 is for unknown words."),
        (_numbers(words, *known, pad=np.nan), "Pad with 0."),
        (every, f"Pad with 0 until there are {length} numbers."),
        ([place + 1 if place > 1 else place for place in right], "Places count from 0: ''"
         " is 0 and 'the' is 2."),
        ([place - 2 if place > 1 else place for place in right], "Count places in the whole"
         " vocabulary: 'the' is 2."),
    ]  # fmt: skip


@exercise("43.3")
def recall_and_precision(recall_and_precision):
    expect_function(recall_and_precision, "recall_and_precision")
    matrices = (
        [[8, 2, 0], [4, 5, 1], [4, 12, 4]],
        [[2, 0, 3, 5], [1, 0, 0, 1], [6, 0, 7, 3], [4, 0, 1, 9]],  # nothing is called 1
        [[30, 10], [11, 5]],
    )
    with np.errstate(all="ignore"):
        for rows in matrices:
            result = recall_and_precision(np.array(rows))
            parts = expect_tuple(result, 2, "Return two arrays: recall, precision.")
            _expect_shares(*parts, rows)
    return "rows for recall, columns for precision"


def _expect_shares(given_recall, given_precision, rows):
    """Compare with the shares that a confusion matrix gives."""
    matrix = np.array(rows)
    found, own, called = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    recall, precision = found / own, found / np.maximum(called, 1)
    others = matrix.sum() - own - called + found
    first = len(rows) == 3  # there no two mistakes look alike
    expect_value(
        given_recall, recall,
        "Recall: of class k's own sentences, row k, the share that was called k.",
        reveal=True, what=f"The recall for {rows}",
        mistakes=[
            (precision, "This is the precision, not the recall: recall divides by the"
             " sums of the rows, and comes first."),
            (found / matrix.sum(), "Divide each diagonal entry by its own row or column,"
             " not by all sentences."),
            (found / found.sum(), "Divide by the sum of the row, not of the diagonal."),
            (matrix.max(axis=1) / own, "The right answers stand on the diagonal, which"
             " need not hold the largest number of a row."),
            (100 * recall, "As shares, not per cent: 0.8, not 80."),
            (1 - recall, "Those are the errors: recall is the share that was found."),
            (found // own, "All 0: // drops the digits after the point, / keeps them."),
            (found, "Those are counts: divide each by the sum of its row."),
            (matrix / own[:, None], "One value per class: the diagonal over the sums."),
            (recall.mean(), "One value per class, not their mean."),
            (found.sum() / matrix.sum(), "That is the accuracy; one recall per class."),
            ((found + others) / matrix.sum(), "That is each class's accuracy against"
             " the rest: recall looks at row k only."),
        ] * first,
    )  # fmt: skip
    expect_value(
        given_precision, precision,
        "Precision: of all that was called k, column k, the share that is k.",
        reveal=True, what=f"The precision for {rows}",
        mistakes=[
            (recall, "That is the recall again: precision divides by the sums of the"
             " columns."),
            (matrix.max(axis=0) / called, "The right answers stand on the diagonal,"
             " which need not hold the largest number of a column."),
            (1 - precision, "Those are the false ones: precision is the share that is"
             " right."),
            (100 * precision, "As shares, not per cent."),
            (found / found.sum(), "Divide by the sum of the column, not of the"
             " diagonal."),
            (precision.mean(), "One value per class, not their mean."),
            (matrix / called, "One value per class: the diagonal over the sums."),
        ] * first + [
            (value, "If nothing was called k, its column is 0: let the precision be 0.")
            for value in (found / called, np.where(called == 0, 1, precision))
        ] * (len(rows) == 4),
    )  # fmt: skip


@exercise("43.4")
def preprocessing(oov_rate, mended):
    expect_function(oov_rate, "oov_rate")
    for vocabulary, texts in (
        (["the", "bed", "was", "bar", "good", "and", "not"],
         ["The truly dull Bed", "Vile was the bar and bed.",
          "The good bar was one vile bar and bed."]),
        (["was", "bar"], ["A dull bar  was a dull bar.", "The bar", "Dull was it."]),
    ):  # fmt: skip
        _expect_rate(oov_rate, vocabulary, texts)
    expect_function(mended, "mended")
    state = np.random.get_state()  # TruncatedSVD draws from it
    try:
        for seed in range(2):
            _expect_train_only(mended, np.random.default_rng(seed))
    finally:
        np.random.set_state(state)
    return "an honest warning light, and preprocessing that never saw the test"


def _expect_rate(oov_rate, vocabulary, texts):
    """Compare with the right share; the first case tells the usual mistakes apart."""

    def unknown(lower=True, end="."):
        changed = [(text.lower() if lower else text).rstrip(end) for text in texts]
        return [[word not in vocabulary for word in text.split()] for text in changed]

    def share(flags):
        return np.mean(np.concatenate(flags))

    flags = unknown()
    missing, n = sum(map(sum, flags)), sum(map(len, flags))
    words = {word for text in texts for word in text.lower().rstrip(".").split()}
    kinds = len(words - set(vocabulary))
    rates = [np.mean(text) for text in flags]
    occurrence = "Count every occurrence: a word twice counts twice."
    once = "Put the tokens of all texts together, then divide once."
    result = oov_rate(vocabulary, texts)
    _expect_no_text(result, "That is text: the share is asked, a number from 0 to 1.")
    expect_value(
        result, missing / n,
        f"Here {missing} of {n} tokens are unknown.",
        what=f"oov_rate({vocabulary}, {texts})",
        reveal=True,
        mistakes=[
            (missing, "That is how many; divide by the number of tokens."),
            (1 - missing / n, "That is the share of known tokens; the unknown are asked."),
            (100 * missing / n, "As a share, not per cent: between 0 and 1."),
            (missing / len(vocabulary), "Divide by the number of tokens, not by the size of"
             " the vocabulary."),
            (kinds / n, occurrence),
            (kinds / len(words), occurrence),
            (np.mean(rates), once),
            (rates, once),
            (rates[0], "Look at all the texts, not only at the first."),
            (rates[-1], "Look at all the texts, not only at the last."),
            (share(unknown(lower=False)), "'The' is known as 'the': use text.lower()."),
            (share(unknown(end="")), "'bed.' is the word 'bed': use .rstrip(\".\")."),
        ] * ("the" in vocabulary),
    )  # fmt: skip


def _expect_train_only(mended, rng):
    """Judge the pipeline by the inner products of the vectors of the training texts.

    The training texts have rank 36. An SVD to 40 numbers that was fitted on them keeps all
    inner products; one that also saw the test texts does not.
    """
    from sklearn.exceptions import NotFittedError
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    words = np.array([f"{name}{i}" for i in range(40) for name in ("bed", "bar")])
    train = [" ".join(rng.choice(words, 6)) for _ in range(34)]
    train += [" ".join(half) for half in np.split(words, 2)] + train[:24]
    test = [" ".join([*rng.choice(words, 4), "newcomer"]) for _ in range(60)]
    fitted = mended(train, test)
    expect(fitted is not None, "mended gives nothing back: end it with `return`.")
    expect(hasattr(fitted, "transform"), "mended should return the fitted pipeline.")
    try:
        vectors = _dense(fitted.transform(train))
        newcomer = _dense(fitted.transform([f"{train[0]} newcomer"]))
    except NotFittedError:
        raise Hint("The pipeline is not fitted yet: end with .fit(…).") from None
    expect(
        vectors.shape == (len(train), 40),
        "Keep both steps, TfidfVectorizer() and TruncatedSVD(40): here each text becomes"
        f" {vectors.shape[-1]} numbers.",
    )
    for vectorizer, seen, hint in (
        (TfidfVectorizer(), train + test, "The words' rarity (idf) was learned from the"
         " test texts, too: fit TfidfVectorizer on train_texts only."),
        (CountVectorizer(), train, "Keep TfidfVectorizer as the first step."),
    ):  # fmt: skip
        wrong = _dense(vectorizer.fit(seen).transform(train))
        expect(not is_close(vectors @ vectors.T, wrong @ wrong.T, 1e-3), hint)
    expect(
        is_close(newcomer, vectors[:1], 1e-3),
        "It still knows a word that only the test texts hold: the vocabulary, too, must come"
        " from train_texts.",
    )
    right = _dense(TfidfVectorizer().fit_transform(train))
    expect(
        is_close(vectors @ vectors.T, right @ right.T, 1e-3),
        "Some step, such as TruncatedSVD, was not fitted on train_texts, all of them and"
        " nothing else: make_pipeline(…).fit(train_texts) fits every step.",
    )


def _dense(vectors):
    return vectors.toarray() if hasattr(vectors, "toarray") else np.asarray(vectors)


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
        "A CNN with windows of 3 words fails on a sentence whose decisive words are 6 apart. What could help?",
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
        "Of 50 unhappy guests a classifier finds 45, and it calls 15 happy ones unhappy. Recall and precision of *unhappy*?",
        [
            ("recall 0.75, precision 0.90", "The other way round."),
            (
                "recall 0.90, precision 0.75",
                "45 of the 50 are found; 45 of the 60 that were called unhappy are.",
            ),
            (
                "recall 0.90, precision 0.70",
                "It called 45 + 15 = 60 unhappy, and 45/60 is 0.75.",
            ),
        ],
        answer=1,
    ),
    Question(
        "Which may be learned from the test sentences?",
        [
            (
                "The vocabulary: it needs no labels.",
                "Then the out-of-vocabulary rate of the test says nothing about use.",
            ),
            (
                "The rarity of each word.",
                "A statistic of the test set too; in use you will not have it.",
            ),
            (
                "Nothing.",
                "The test stands for sentences that do not exist yet on the day you train.",
            ),
        ],
        answer=2,
    ),
]
