"""Checkers and quiz of lesson 43, text classification."""

import numpy as np

from ..checks import exercise
from ..expectations import Hint, expect, expect_array, expect_number
from ..quizzes import Question


def _function(answer, name):
    expect(callable(answer), f"Hand in the function itself: {name}, without brackets.")


@exercise("43.1")
def mirror_image(answer):
    expect(isinstance(answer, str), "Your answer should be a sentence in quotes.")
    given = "the room was good and the bar was not bad".split()
    words = answer[:500].lower().translate(str.maketrans("", "", ".,!?")).split()
    expect(words, "There is no sentence yet.")
    expect(words != given, "That is the sentence you were given; it is positive.")
    for word in words:
        if words.count(word) > given.count(word):
            raise Hint(f"The first sentence does not hold {word!r}, or not so often.")
    for word in given:
        if given.count(word) > words.count(word):
            raise Hint(f"Use all the words: {word!r} is missing.")
    clauses = " ".join(words).split(" and ")
    expect(
        len(clauses) == 2
        and all(("good" in c.split()) != ("bad" in c.split()) for c in clauses),
        "Keep two clauses joined by 'and', each with one opinion.",
    )
    score = sum(_clause(clause.split()) for clause in clauses)
    expect(score <= 0, "Still positive: score each clause, good +1, not bad +1.")
    expect(score < 0, "The clauses cancel: neutral. Both should be negative.")
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


VOCABULARY = ["", "[UNK]", "the", "was", "bed", "good", "not", "and", "bar"]


@exercise("43.2")
def encode(answer):
    _function(answer, "encode")
    simple = _numbers(answer, "the bed was good", 4)
    expect(simple != [0, 2, 1, 3], "Count places in the whole vocabulary: 'the' is 2.")
    expect(simple != [3, 5, 4, 6], "Places count from 0: '' is 0 and 'the' is 2.")
    expect(
        simple == [2, 4, 3, 5],
        f"'the bed was good', length 4: [2, 4, 3, 5], not {simple}.",
    )
    upper = _numbers(answer, "The BED was good", 4)
    expect(upper == simple, "'The BED' should be read like 'the bed': use .lower().")
    marks = _numbers(answer, "The bed was good!", 4)
    expect(marks == simple, "Remove the punctuation: 'good!' is the word 'good'.")
    inside = _numbers(answer, "The bed, was good", 4)
    expect(inside == simple, "Punctuation stands inside a sentence, too: 'bed,'.")
    try:
        unknown = _numbers(answer, "the sauna was good", 4)
    except (ValueError, KeyError, IndexError):
        raise Hint("'sauna' is not in the vocabulary: write 1 in its place.") from None
    expect(unknown != [2, 0, 3, 5], "An unknown word is 1; 0 is for padding.")
    expect(
        len(unknown) == 4,
        "An unknown word keeps its place: write 1, do not leave it out.",
    )
    expect(unknown == [2, 1, 3, 5], f"'the sauna was good': 2, 1, 3, 5, not {unknown}.")
    padded = _numbers(answer, "the bed", 5)
    expect(len(padded) == 5, f"With length 5, 'the bed' gave {len(padded)} numbers.")
    expect(padded != [0, 0, 0, 2, 4], "Pad behind the words, not before them.")
    expect(padded != [2, 4, 1, 1, 1], "Pad with 0; 1 is for unknown words.")
    expect(
        padded == [2, 4, 0, 0, 0], f"'the bed', length 5: 2, 4, 0, 0, 0, not {padded}."
    )
    long = _numbers(answer, "the bed was not good and the bar was good", 3)
    expect(len(long) == 3, "Cut what is longer than length.")
    expect(long == [2, 4, 3], "Keep the beginning of a long sentence.")
    expect(_numbers(answer, "", 2) == [0, 0], "An empty sentence is padding only.")
    other = [int(i) for i in answer("bed", ["", "[UNK]", "bed"], 1)]
    expect(other == [2], "Use the argument vocabulary, not a fixed one.")
    return "that is what TextVectorization does"


def _numbers(answer, sentence, length):
    """Return the learner's encoding as a list of whole numbers."""
    result = answer(sentence, list(VOCABULARY), length)
    expect(result is not None, "The function returns nothing: end it with  return.")
    if isinstance(result, (list, tuple)) and any(isinstance(r, str) for r in result):
        raise Hint("These are words: write each one's place in the vocabulary.")
    numbers = expect_array(result, (None,), "encode(…)")
    return [int(number) for number in numbers]


@exercise("43.3")
def recall_and_precision(answer):
    _function(answer, "recall_and_precision")
    matrix = np.array([[8, 2, 0], [4, 5, 1], [4, 1, 15]])
    recall, precision = _two(answer, matrix)
    right = np.array([0.8, 0.5, 0.75]), np.array([0.5, 0.625, 0.9375])
    expect(
        not (np.allclose(recall, right[1]) and np.allclose(precision, right[0])),
        "The two are exchanged: recall divides by the sum of the row.",
    )
    expect(
        not np.allclose(recall, matrix.diagonal() / matrix.sum()),
        "Divide each diagonal entry by its own row or column, not by all sentences.",
    )
    expect(
        not np.allclose(recall, 100 * right[0]), "As shares, not per cent: 0.8, not 80."
    )
    expect(
        not np.allclose(recall, 1 - right[0]),
        "Those are the errors: recall is the share that was found.",
    )
    expect(recall.any(), "All 0: // drops the digits after the point, / keeps them.")
    expect(
        np.allclose(recall, right[0]),
        "Recall: of class k's own sentences, row k, the share that was called k.",
    )
    expect(
        np.allclose(precision, right[1]),
        "Precision: of all that was called k, column k, the share that is k.",
    )
    never = np.array([[3, 0], [1, 0]])
    _, precision = _two(answer, never)
    expect(
        np.isfinite(precision).all() and precision[1] == 0,
        "If nothing was called k, its column is 0: let the precision be 0.",
    )
    expect(np.allclose(precision, [0.75, 0]), "Two classes: precision 0.75 and 0.")
    return "rows for recall, columns for precision"


def _two(answer, matrix):
    """Return the learner's recall and precision as arrays."""
    with np.errstate(all="ignore"):
        result = answer(matrix.copy())
    expect(result is not None, "The function returns nothing: end it with  return.")
    expect(
        isinstance(result, (tuple, list, np.ndarray)) and len(result) == 2,
        "Return two arrays: recall, precision.",
    )
    shape = (len(matrix),)
    expect(
        all(np.ndim(part) == 1 for part in result),
        "One value per class: the diagonal over the sums of rows, or of columns.",
    )
    return expect_array(result[0], shape, "recall"), expect_array(
        result[1], shape, "precision"
    )


@exercise("43.4")
def preprocessing(oov_rate, mended):
    _function(oov_rate, "oov_rate")
    _function(mended, "mended")
    _expect_rate(oov_rate)
    _expect_train_only(mended)
    return "an honest warning light, and preprocessing that never saw the test"


def _expect_rate(oov_rate):
    def rate(texts, known=("the", "bed", "was")):
        result = oov_rate(list(known), list(texts))
        expect(result is not None, "oov_rate returns nothing: end it with  return.")
        expect(
            not isinstance(result, (list, set, tuple)),
            "Those are the tokens; the share of them is asked.",
        )
        return expect_number(result, "oov_rate should return one number.")

    texts = ["The bed", "Vile was the bed.", "The bed was vile."]  # 2 of 10 unknown
    got = rate(texts)
    expect(got != 2, "That is how many; divide by the number of tokens.")
    expect(
        abs(got - 0.8) > 1e-9,
        "That is the share of known tokens; the unknown are asked.",
    )
    expect(abs(got - 20) > 1e-9, "As a share, not per cent: 0.2, not 20.")
    expect(
        min(abs(got - 0.25), abs(got - 0.1)) > 1e-9,
        "Count every occurrence: a word twice counts twice.",
    )
    expect(
        min(abs(got - 2 / 3), abs(got - 1 / 6)) > 1e-9,
        "Put the tokens of all texts together, then divide once.",
    )
    expect(got != 0, "Look at all the texts, not only at the first.")
    expect(abs(got - 0.4) > 1e-9, "'The' is known as 'the': use text.lower().")
    expect(abs(got - 0.3) > 1e-9, "'bed.' is the word 'bed': use .rstrip(\".\").")
    expect(abs(got - 0.2) < 1e-9, f"2 of 10 tokens are unknown: 0.2, not {got:.3g}.")
    expect(rate(["the bed was"]) == 0, "Nothing unknown: the rate is 0.")
    expect(abs(rate(["the bed"], ["the"]) - 0.5) < 1e-9, "Use the argument vocabulary.")


def _expect_train_only(mended):
    rng = np.random.default_rng(0)
    words = np.array([f"word{i}" for i in range(80)])
    train = [" ".join(rng.choice(words, 6)) for _ in range(100)]
    test = [f"{text} newcomer" for text in train[:50]]
    fitted = mended(list(train), list(test))
    expect(fitted is not None, "mended returns nothing: end it with  return.")
    expect(hasattr(fitted, "transform"), "mended should return the fitted pipeline.")
    known = _vocabulary(fitted)
    expect(
        known is not None, "Keep the steps: TfidfVectorizer first, then TruncatedSVD."
    )
    expect(known, "The pipeline is not fitted yet: end with .fit(…).")
    expect(
        "newcomer" not in known,
        "It still knows a word that only the test texts hold.",
    )
    expect(set(known) == set(" ".join(train).split()), "Fit on all of train_texts.")
    shape = np.shape(fitted.transform(test))
    expect(
        len(shape) == 2 and shape[1] == 40, "Keep TruncatedSVD(40) as the second step."
    )


def _vocabulary(fitted):
    """Return the vocabulary of the first step: {} if unfitted, None if it is another."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    steps = getattr(fitted, "steps", None) or [("only", fitted)]
    first = steps[0][1]
    if not isinstance(first, TfidfVectorizer):
        return None
    return getattr(first, "vocabulary_", {})


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
                "Wider windows, or a second convolution on top.",
                "Both let one value see more words: lesson 31's receptive field, in one dimension.",
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
