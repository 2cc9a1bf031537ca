"""Checkers and quiz of lesson 62, classification metrics."""

import numpy as np

from ..checks import exercise
from ..expectations import Hint, expect, expect_array, expect_close, expect_number
from ..quizzes import Question

NAMES = ("precision", "recall", "specificity", "F1", "balanced accuracy")


def _function(answer, name):
    expect(callable(answer), f"Hand in the function itself: {name}, without brackets.")


def _returned(value, name):
    expect(
        value is not None, f"The function returns nothing: end {name} with  return …"
    )
    return value


@exercise("62.1")
def five_scores(answer):
    _function(answer, "scores")

    def ask(*four):
        try:
            value = answer(*four)
        except ZeroDivisionError:
            raise Hint(
                f"scores{four} divides by zero: give 0 where nothing is below the line."
            ) from None
        return expect_array(_returned(value, "scores"), (5,), "What scores returns")

    tp, fp, fn, tn = 6, 9, 4, 981
    out = ask(tp, fp, fn, tn)
    right = [0.4, 0.6, 981 / 990, 0.48, (0.6 + 981 / 990) / 2]
    expect(
        not np.isclose(out[0], 40),
        "Give shares between 0 and 1, not percent: 0.4, not 40.",
    )
    expect(
        not np.allclose(out[:2], [0.6, 0.4]),
        "Precision and recall have changed places: precision looks at what was flagged,"
        " recall at what is fraud.",
    )
    expect(
        not np.isclose(out[2], 9 / 990),
        "That is the false alarm rate, FP / (FP + TN); specificity is 1 minus it.",
    )
    expect(
        not np.isclose(out[3], 0.5),
        "F1 is the harmonic mean, 2·P·R / (P + R), not the mean of the two.",
    )
    expect(
        not np.isclose(out[3], 0.24),
        "That is P·R / (P + R): F1 has a 2 above the line, so that P = R = 1 gives 1.",
    )
    expect(
        not np.isclose(out[4], (0.4 + 981 / 990) / 2),
        "Balanced accuracy takes recall and specificity, one for each class; precision is"
        " about neither.",
    )
    expect(
        not np.isclose(out[4], 0.5),
        "Balanced accuracy is the mean of recall and specificity, not of recall and"
        " precision.",
    )
    expect(
        not np.isclose(out[4], 0.987),
        "That is the plain accuracy; the balanced one is the mean of recall and"
        " specificity.",
    )
    for name, value, target in zip(NAMES, out, right, strict=True):
        expect(
            np.isclose(value, target),
            f"With tp=6, fp=9, fn=4, tn=981 the {name} should be {target:.3f}, not"
            f" {value:.3f}: look up its formula in the table.",
        )
    with np.errstate(all="ignore"):
        lazy = ask(0, 0, 10, 990)
    expect(
        np.isfinite(lazy).all(),
        "scores(0, 0, 10, 990) is not a number somewhere: nothing was flagged, so precision"
        " has 0 below the line. Give 0 there.",
    )
    expect(
        np.allclose(lazy, [0, 0, 1, 0, 0.5]),
        "For a detector that flags nothing (0, 0, 10, 990), precision, recall and F1 are 0,"
        " specificity is 1.",
    )
    expect_close(
        ask(0, 0, 0, 5), [0, 0, 1, 0, 0.5], "Without any fraud, recall shall be 0."
    )
    return "the lazy detector gets 0, 0, 1, 0 and 0.5: balanced accuracy is not fooled"


@exercise("62.2")
def break_even(answer):
    value = expect_number(answer, "One number between 0 and 1, please.")
    expect(
        not np.isclose(value, 1),
        "1 would mean that only a certain fraud is worth a look. (Do you mean 1 %? Write it as"
        " a share.)",
    )
    expect(
        not np.isclose(value, 100),
        "100 is how many reviews one missed fraud pays for; turn it upside down.",
    )
    expect(
        not np.isclose(value, 0.99),
        "That is how sure you are that it is *honest*; ask for the probability of fraud.",
    )
    expect(
        not np.isclose(value, 5),
        "5 € is what a review costs; a probability is asked for.",
    )
    expect(not np.isclose(value, 0.5), "At 0.5 letting pass costs 250 €, a review 5 €.")
    expect(
        not np.isclose(value, 5 / 505),
        "That would be right if a review of a fraud were free; here every review costs 5 €.",
    )
    expect(
        np.isclose(value, 0.01),
        "Letting pass costs 500·p on average, a review 5: set them equal and solve for p.",
    )
    return "a review pays from 1 in 100 on"


@exercise("62.3")
def pair_area(answer):
    _function(answer, "pair_area")

    def ask(y, p):
        y, p = np.array(y), np.array(p, float)
        try:
            value = answer(y, p)
        except ValueError as error:
            expect(
                "broadcast" not in str(error),
                "Two positives and three negatives cannot be compared side by side: make one a"
                " column, pos[:, None], so that each meets each.",
            )
            raise
        value = _returned(value, "pair_area")
        expect(
            np.shape(value) != (2, 3),
            "You have the table of all pairs, (positives, negatives); what share is right?",
        )
        return expect_number(value, "pair_area should return one number.")

    y, p = [1, 0, 1, 0, 0], [0.9, 0.4, 0.3, 0.2, 0.1]
    value = ask(y, p)
    expect(
        not np.isclose(value, 5), "You counted the pairs; divide by how many there are."
    )
    expect(
        not np.isclose(value, 1 / 6),
        "That is the share of pairs in the wrong order: 1 minus it.",
    )
    expect(
        not np.isclose(value, 5 / 25),
        "Divide by the pairs of a positive and a negative, not by all pairs.",
    )
    expect(
        not np.isclose(value, 0.6 - 0.7 / 3),
        "That is how far the mean scores lie apart; count pairs in the right order instead.",
    )
    expect(
        np.isclose(value, 5 / 6),
        "For y = 1, 0, 1, 0, 0 and p = 0.9, 0.4, 0.3, 0.2, 0.1 five of six pairs are in the"
        " right order.",
    )
    tied = ask([1, 0], [0.5, 0.5])
    expect(tied != 0, "A tie should count one half; yours counts it as wrong.")
    expect(tied != 1, "A tie should count one half; yours counts it as right.")
    expect(np.isclose(tied, 0.5), "A tie should count one half.")
    rng = np.random.default_rng(1)
    y = (rng.random(60) < 0.3).astype(int)
    p = rng.integers(10, size=60) / 10
    from sklearn.metrics import roc_auc_score

    expect(
        np.isclose(ask(y, p), roc_auc_score(y, p)),
        "Right for small cases; with many ties it differs from the area under the curve.",
    )
    return "the area is a probability: no threshold, no curve"


@exercise("62.4")
def unweigh(answer):
    _function(answer, "unweigh")

    def ask(q, w):
        return _returned(answer(q, w), "unweigh")

    value = expect_number(ask(0.5, 99.0), "unweigh(0.5, 99) should be one number.")
    expect(
        not np.isclose(value, 0.5 / 99),
        "You divided the probability by w; it is the odds, q / (1 − q), that w multiplied.",
    )
    expect(
        not np.isclose(value, 1 / 99),
        "Those are the odds; turn them into a probability: o / (1 + o).",
    )
    expect(
        not np.isclose(value, 0.99),
        "You multiplied the odds by w once more; divide them.",
    )
    expect(
        0 <= value <= 1,
        f"unweigh(0.5, 99) gives {value:.2f}, which is no probability: are q and w in this"
        " order?",
    )
    expect(
        np.isclose(value, 0.01),
        "For q = 0.5 and w = 99 the odds are 1, so p = (1/99) / (1 + 1/99) = 0.01.",
    )
    q = np.array([0.0, 0.2, 0.9, 1.0])
    with np.errstate(all="ignore"):
        try:
            out = np.asarray(ask(q, 3.0), float)
        except (TypeError, ValueError, ZeroDivisionError):
            raise Hint(
                "Make it work for a whole array of probabilities, too: no  if  is needed."
            ) from None
    expect(
        out.shape == (4,) and np.isfinite(out).all(),
        "q = 1 breaks it: 1 − q is 0 there. Multiply above and below by w·(1 − q).",
    )
    expect_close(out, q / (q + 3 * (1 - q)), "Right for 0.5, but not for other values.")
    return "divide the odds by w"


@exercise("62.5")
def counted_precision(answer):
    _function(answer, "precision_of")

    def ask(batches):
        with np.errstate(all="ignore"):
            try:
                value = answer(batches)
            except ZeroDivisionError:
                raise Hint("If no batch flags anything, return 0.") from None
        expect(value is not None, "The function returns nothing: end it with  return …")
        return expect_number(
            value,
            "precision_of should return one finite number, also if nothing is flagged.",
        )

    yes, no = True, False
    batches = [
        (np.array([1, 0, 0]), np.array([yes, no, no])),
        (np.array([0, 0, 0, 0]), np.array([no, no, no, no])),
        (np.array([1, 0, 1, 0, 0, 1]), np.array([no, yes, yes, yes, yes, no])),
    ]
    value = ask(batches)
    expect(
        not np.isclose(value, (1 + 0 + 1 / 4) / 3),
        "Still the mean of the batches' precisions: the middle one, in which nothing was"
        " flagged, counts as 0.",
    )
    expect(
        not np.isclose(value, (1 + 1 / 4) / 2),
        "Leaving out empty batches is not enough: a batch with one flag still weighs as much"
        " as a batch with four.",
    )
    expect(
        not np.isclose(value, 4 / 5),
        "You count all frauds in the numerator; only those that were flagged belong there.",
    )
    expect(
        not np.isclose(value, 1 / 2),
        "That is recall: divide by the number flagged, not by the number of frauds.",
    )
    expect(
        not np.isclose(value, (3 * 1 + 6 / 4) / 13),
        "You weigh each batch by its size. Its precision is a share of those *flagged*: weigh by"
        " their number.",
    )
    expect(
        not np.isclose(value, 8 / 13),
        "That is the accuracy: it also counts honest payments that passed.",
    )
    expect(
        not np.isclose(value, 2 / 13),
        "Divide by the number flagged, not by all payments.",
    )
    expect(
        not np.isclose(value, 1),
        "That is the precision of the first batch: return after the loop, not inside.",
    )
    expect(
        np.isclose(value, 0.4),
        "Add up, over all batches, the frauds that were flagged, and all that were flagged;"
        " divide once, at the end.",
    )
    expect(ask(batches[1:2]) == 0, "If no batch flags anything, return 0.")
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
        "You multiply all predicted probabilities by 0.1. Which metric changes?",
        [
            ("The area under the ROC curve.", "It depends on the order only, and the order"
             " is the same."),
            ("Average precision.", "Order only, too."),
            ("The Brier score.", "It compares the probabilities themselves with what"
             " happened."),
        ],
        answer=2,
    ),
    Question(
        "For a hotel's reviews, the macro F1 is 0.61 and the weighted F1 0.90. What does the"
        " gap suggest?",
        [
            ("A rare class is served badly.", "Macro counts every class alike, weighted by"
             " size; a small class with a low F1 separates them."),
            ("The model is overfitted.", "Both come from the same data; overfitting would"
             " show between training and validation."),
            ("The weighted value is the right one.", "Neither is right as such: they answer"
             " different questions."),
        ],
        answer=0,
    ),
]  # fmt: skip
