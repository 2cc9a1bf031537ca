"""Checkers and quiz of lesson 62, classification metrics."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    as_array,
    expect,
    expect_array,
    expect_function,
    expect_number,
    expect_result,
    expect_value,
    hinting,
    is_close,
)
from ..quizzes import Question

FORMULAS = {
    "precision": "TP / (TP + FP)",
    "recall": "TP / (TP + FN)",
    "specificity": "TN / (TN + FP)",
    "F1": "2·P·R / (P + R)",
    "balanced accuracy": "(recall + specificity) / 2",
}


def _five(scores, counts, right, usual=((),) * 5, hint=""):
    """Ask for the scores of four counts; judge them one by one."""
    call = f"scores{counts}"
    ask = hinting(
        scores, f"{call} divides by zero: in such a case give 0.", ZeroDivisionError
    )
    out = expect_array(ask(*counts), (5,), call)
    for (name, formula), value, target, mistakes in zip(
        FORMULAS.items(), out, right, usual, strict=True
    ):
        expect_value(
            value, target, f"The {name} is {formula}{hint}.", mistakes=mistakes,
            what=f"{call}: the {name}", reveal=True,
        )  # fmt: skip


@exercise("62.1")
def five_scores(scores):
    expect_function(scores, "scores")
    p, r, s, f1 = 14 / 17, 14 / 27, 28 / 31, 7 / 11
    balanced = (r + s) / 2
    usual = [
        [
            (r, "The first number is the recall: precision divides by what was flagged,"
             " TP + FP. (The four counts come as tp, fp, fn, tn.)"),
            (100 * p, "That is in percent: give shares, between 0 and 1."),
            (42 / 58, "The first number is the accuracy, which is not asked for: precision"
             " is TP / (TP + FP)."),
            (14 / 58, "Precision divides by those flagged, TP + FP, not by all cases."),
        ],
        [
            (p, "The second number is the precision again: recall divides by all frauds,"
             " TP + FN."),
            (13 / 27, "That is the share of frauds missed; recall is TP / (TP + FN)."),
        ],
        [
            (1 - s, "That is the false alarm rate, FP / (FP + TN); specificity is TN over"
             " the same sum."),
            (28 / 41, "That is TN / (TN + FN): specificity asks how many of the honest,"
             " TN + FP, pass."),
        ],
        [
            ((p + r) / 2, "F1 is the harmonic mean, 2·P·R / (P + R), not the plain mean."),
            (f1 / 2, "That is P·R / (P + R): F1 has a 2 above the line, so that P = R = 1"
             " gives 1."),
        ],
        [
            ((p + r) / 2, "Balanced accuracy is the mean of recall and specificity, not of"
             " precision and recall."),
            (42 / 58, "That is the plain accuracy; the balanced one is the mean of recall"
             " and specificity."),
            (r + s, "Balanced accuracy is the mean of recall and specificity: divide by 2."),
        ],
    ]  # fmt: skip
    _five(scores, (14, 3, 13, 28), (p, r, s, f1, balanced), usual)
    s = 981 / 990
    _five(scores, (6, 9, 4, 981), (0.4, 0.6, s, 0.48, (0.6 + s) / 2))
    zero = "; with nothing below the line it is 0"
    _five(scores, (0, 0, 10, 990), (0, 0, 1, 0, 0.5), hint=zero)
    _five(scores, (0, 4, 0, 6), (0, 0, 0.6, 0, 0.3), hint=zero)
    _five(scores, (5, 0, 3, 0), (1, 0.625, 0, 10 / 13, 0.3125), hint=zero)
    return "the lazy detector gets 0, 0, 1, 0 and 0.5: balanced accuracy is not fooled"


@exercise("62.2")
def break_even_point(break_even):
    expect_value(
        expect_number(break_even, "break_even should be one number between 0 and 1."),
        0.01,
        "Letting pass costs 500·p on average, a review 5: set them equal, solve for p.",
        what="break_even",
        mistakes=[
            (1, "At p = 1 letting pass costs 500 €, a review 5 €: it pays much earlier. (If"
             " you mean percent, write the share.)"),
            (100, "100 is how many reviews one missed fraud pays for; turn it upside down."),
            (0.99, "0.99 is how sure you are that it is *honest*; the probability of fraud"
             " is asked for."),
            (5, "5 € is what a review costs; a probability is asked for."),
            (500, "500 € is what a missed fraud costs; a probability is asked for."),
            (0.5, "At p = 0.5 letting pass costs 250 €, a review 5 €: it pays much earlier."),
            (5 / 505, "That solves 500·p = 5·(1 − p), as if the review of a fraud were free;"
             " here every review costs 5 €."),
            (5 / 495, "5 / 495 are the odds, p / (1 − p): on a fraud a review saves 495 €, on"
             " an honest payment it costs 5 €, so 495·p = 5·(1 − p). Solve for p."),
        ],
    )  # fmt: skip
    return "a review pays from 1 in 100 on"


def _by_pairs(y, p):
    """Return how often a positive lies above a negative, and how often they tie."""
    pos, neg = p[y == 1][:, None], p[y == 0]
    return np.mean(pos > neg), np.mean(pos == neg)


@exercise("62.3")
def area_by_pairs(pair_area):
    expect_function(pair_area, "pair_area")
    y = np.array([0, 1, 1, 0, 0, 1, 0])
    p = np.array([0.2, 0.9, 0.4, 0.4, 0.7, 0.6, 0.1])
    pos, neg = p[y == 1], p[y == 0]
    ask = hinting(
        pair_area,
        "Positives and negatives cannot be compared side by side: make one of them a column,"
        " pos[:, None], and each meets each.",
        ValueError,
        "could not be broadcast together with shapes (3,) (4,)",
    )
    above, tied = _by_pairs(y, p)
    usual = [
        (above, "A tie should count one half; yours counts it as wrong."),
        (above + tied, "A tie should count one half; yours counts it as right."),
        (12 * (above + tied / 2), "You counted the pairs; divide by how many there are."),
        (1 - above - tied / 2, "That is the share of pairs in the wrong order."),
        (12 * (above + tied / 2) / 49, "Divide by the pairs of a positive and a negative,"
         " not by all pairs."),
        (pos.mean() - neg.mean(), "That is how far the mean scores lie apart; count pairs in"
         " the right order instead."),
        (np.nan, "nan is the mean of nothing: the labels, 0 and 1, come first, and the scores"
         " second."),
    ]  # fmt: skip
    hint = "Compare each positive with each negative; a tie counts one half."
    expect_result(ask, (y, p), above + tied / 2, hint, mistakes=usual)
    rng = np.random.default_rng(3)
    y = (rng.random(40) < 0.3).astype(int)
    p = rng.integers(-6, 5, size=40) / 40000  # any score will do: negative, or close by
    above, tied = _by_pairs(y, p)
    below = "An area below one half is no mistake (here positives get lower scores): keep it."
    expect_result(
        ask, (y, p), above + tied / 2, hint, mistakes=[(1 - above - tied / 2, below)]
    )
    return "the area is a probability: it needs neither a threshold nor a curve"


@exercise("62.4")
def counted_precision(precision_of):
    expect_function(precision_of, "precision_of")
    ask = hinting(
        precision_of, "If no batch flags anything, return 0.", ZeroDivisionError
    )
    batches = [
        ([0, 1, 0, 0, 1], [1, 1, 0, 0, 0]),
        ([1, 1, 0, 1, 1, 0, 0, 1], [1, 0, 0, 0, 1, 0, 0, 0]),
        ([1, 1, 0, 1], [0, 0, 0, 0]),
        ([1, 1, 0, 1, 0, 1], [0, 1, 1, 1, 0, 0]),
    ]
    batches = [(np.array(y), np.array(flags) == 1) for y, flags in batches]
    precisions = np.array([1 / 2, 1, 0, 2 / 3])
    usual = [
        (precisions.mean(), "Still the mean of the batches' precisions; the batch in which"
         " nothing was flagged counts as 0."),
        (precisions.sum() / 3, "Leaving out empty batches is not enough: a batch with two"
         " flags still weighs as much as a batch with three."),
        (np.nan, "A batch in which nothing was flagged has no precision, 0 / 0, and spoils the"
         " mean: add up counts, and divide once, at the end."),
        (14 / 7, "You count all frauds above the line; only those that were flagged belong"
         " there."),
        (5 / 14, "That is recall: divide by the number flagged, not by the number of frauds."
         " (Each batch is a pair, first y, then flagged.)"),
        (precisions @ [5, 8, 4, 6] / 23, "You weigh each batch by its size. Its precision is"
         " a share of those *flagged*: weigh by their number."),
        (5 / 23, "Divide by the number flagged, not by all payments."),
        (1 / 2, "That is the precision of the first batch: return after the loop, not inside."),
        (2 / 3, "That is the precision of the last batch alone: carry both counts from batch"
         " to batch."),
    ]  # fmt: skip
    hint = (
        "Start at 0 inside the function; add up, over all batches, the frauds that were"
        " flagged, and all that were flagged; divide once, at the end."
    )
    expect_result(ask, (batches,), 5 / 7, hint, mistakes=usual)
    rng = np.random.default_rng(2)
    more = [(rng.integers(2, size=n), rng.random(n) < 0.6) for n in (7, 2, 16, 11, 1)]
    caught = sum(np.sum(y[flags]) for y, flags in more)
    flagged = sum(np.sum(flags) for _, flags in more)
    ask(more)
    expect(
        is_close(as_array(ask(batches)), 5 / 7),
        "The same batches get another precision after others were counted: start both"
        " counts at 0 inside the function.",
    )
    expect_result(ask, (more,), caught / flagged, hint)
    expect_result(ask, (batches[2:3],), 0, "If no batch flags anything, return 0.")
    return "counts add up, ratios do not"


QUIZ = [
    Question(
        "A test for a disease that 1 in 1,000 people has is advertised with 99.9 % accuracy."
        " What do you know?",
        [
            ("It finds nearly all of the sick.", "It may find none: a test that never speaks"
             " has this accuracy."),
            ("Next to nothing: a test that always says healthy reaches it.",
             "999 of 1,000 are healthy. Ask for recall and precision."),
            ("Of its alarms, 99.9 % are right.", "That would be precision, another ratio."),
        ],
        answer=1,
    ),
    Question(
        "You lower the threshold from 0.5 to 0.1. Which cannot happen?",
        [
            ("Recall rises.", "It does whenever a positive lay between 0.1 and 0.5."),
            ("Precision rises.", "Usually it falls, but it can rise if those between 0.1 and"
             " 0.5 happen to be positives."),
            ("Recall falls.", "Right: what was flagged stays flagged, so no true positive is"
             " lost."),
        ],
        answer=2,
    ),
    Question(
        "Two models have an ROC area of 0.95. Positives are 1 in 2 for the first, 1 in 1,000"
        " for the second. At recall 0.8, which has the higher precision?",
        [
            ("Most likely the first: it has far fewer negatives to raise false alarms.",
             "The same false alarm rate means many more false alarms per hit when negatives"
             " abound."),
            ("Both the same: the area decides.", "The ROC does not know the share of"
             " positives; precision depends on it."),
            ("The second: rare events stand out.", "Rare positives drown in false alarms."),
        ],
        answer=0,
    ),
    Question(
        "You multiply all predicted probabilities by 0.1. Which metric can change?",
        [
            ("The area under the ROC curve.", "It depends on the order only, and the order"
             " is the same."),
            ("Average precision.", "Order only, too."),
            ("The recall at threshold 0.5.", "No payment reaches 0.5 any more, so it falls to 0: a"
             " threshold asks for the size, not only for the order."),
        ],
        answer=2,
    ),
    Question(
        "A hotel sorts its guests' reviews into three classes. The macro F1 is 0.61, the"
        " weighted F1 0.90. What does the gap suggest?",
        [
            ("A rare class is served badly.", "Macro counts every class alike, the weighted"
             " average each by its size; a small class with a low F1 separates them."),
            ("The model is overfitted.", "Both come from the same data; overfitting would"
             " show between training and validation."),
            ("The weighted value is the right one.", "Neither is right as such: they answer"
             " different questions."),
        ],
        answer=0,
    ),
]  # fmt: skip
