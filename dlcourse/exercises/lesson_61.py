"""Checkers and quiz of lesson 61, model selection."""

import numpy as np

from ..checks import exercise
from ..expectations import Hint, expect, expect_number
from ..quizzes import Question


def _function(answer, name):
    expect(callable(answer), f"Hand in the function itself: {name}, without brackets.")


def _returned(value, name):
    expect(
        value is not None, f"The function returns nothing: end {name} with  return …"
    )
    return value


@exercise("61.1")
def k_folds(answer):
    _function(answer, "k_folds")
    for n, k in ((10, 5), (11, 4)):
        try:
            folds = _returned(answer(n, k), "k_folds")
        except ValueError as error:
            expect(
                "equal division" not in str(error),
                f"np.split cannot cut {n} indices into {k} equal pieces: np.array_split"
                " copes with a remainder.",
            )
            raise
        try:
            folds = [np.asarray(fold, dtype=float).ravel() for fold in folds]
        except (TypeError, ValueError):
            raise Hint("Return a list of arrays of indices.") from None
        expect(
            len(folds) != n or max(map(len, folds)) > 1,
            "That names a fold for each index; return the indices of each fold.",
        )
        expect(
            len(folds) == k,
            f"k_folds({n}, {k}) should return {k} folds; yours returns {len(folds)}.",
        )
        union = np.concatenate(folds)
        expect(
            len(union) != n * (k - 1),
            "Return the validation indices of each turn, not the training indices.",
        )
        missing = sorted(set(range(n)) - set(union))
        expect(
            not missing or n % k == 0 or len(union) != n - n % k,
            f"With n = {n} and k = {k} the last {n % k} indices are in no fold:"
            " np.array_split copes with a remainder.",
        )
        expect(not missing, f"Index {missing[0] if missing else 0} is in no fold.")
        expect(
            len(union) == n and set(union) == set(range(n)),
            "Each index belongs in exactly one fold, and all lie between 0 and n - 1.",
        )
        sizes = [len(fold) for fold in folds]
        expect(
            max(sizes) - min(sizes) <= 1,
            f"For n = {n}, k = {k} your folds have the sizes {sizes}: they should differ by 1"
            " at most.",
        )
    return "every index is validated exactly once"


SITUATIONS = {
    "electricity demand of next week": (
        "ordered",
        "Next week lies after everything you know: train on before, validate on after.",
    ),
    "X-rays from hospitals that we do not know yet": (
        "grouped",
        "What is new is the hospital: no hospital may be in training and validation.",
    ),
    "a disease that 2 in 100 of our blood samples show": (
        "stratified",
        "By chance a fold may hold none of the rare class: keep its share equal.",
    ),
    "screws from the same machine, half of them faulty": (
        "random",
        "More of the same, with both classes common: nothing special is needed.",
    ),
}


@exercise("61.2")
def splits(answer):
    expect(isinstance(answer, dict), "Hand in the dictionary split_for.")
    for situation, (right, why) in SITUATIONS.items():
        expect(situation in answer, f"The entry {situation!r} is missing: restore it.")
        given = answer[situation]
        expect(
            isinstance(given, str)
            and given in ("random", "stratified", "grouped", "ordered"),
            f'For "{situation}" write "random", "stratified", "grouped" or "ordered".',
        )
        if right == "random" and given == "stratified":
            continue  # does no harm
        expect(given == right, f"{situation}: {why}")
    return "the split imitates what will be new"


@exercise("61.3")
def corrected_error(answer):
    _function(answer, "corrected_error")
    d = np.array([0.02, -0.01, 0.03, 0.0, 0.01])
    value = expect_number(
        _returned(answer(d, 120, 480), "corrected_error"), "Return one number."
    )
    s = d.std(ddof=1)
    right = s * np.sqrt(0.2 + 0.25)
    expect(
        not np.isclose(value, d.std() * np.sqrt(0.2 + 0.25)),
        "NumPy's std divides by k; the sample standard deviation divides by k − 1: ddof=1.",
    )
    expect(
        not np.isclose(value, s / np.sqrt(5)),
        "That is the usual error: add n_val / n_train to 1/k under the root.",
    )
    expect(
        not np.isclose(value, s * np.sqrt(0.2 + 4)),
        "The fraction is upside down: validation over training images.",
    )
    expect(
        not np.isclose(value, s * 0.45) and not np.isclose(value, s**2 * 0.45),
        "The square root is missing: it spans the whole sum 1/k + n_val / n_train.",
    )
    expect(
        not np.isclose(value, s * (np.sqrt(0.2) + np.sqrt(0.25))),
        "One root over the sum, not a root of each part.",
    )
    expect(
        not np.isclose(value, s * np.sqrt(0.1 + 0.25)),
        "k is the number of differences, len(d), not always 10.",
    )
    expect(
        not np.isclose(value, s * np.sqrt(0.2 + 0.2)),
        "n_val / n_train, not n_val over all images.",
    )
    expect(
        not np.isclose(value, s / np.sqrt(5) + 0.25)
        and not np.isclose(value, s * (np.sqrt(0.2) + 0.25))
        and not np.isclose(value, s * np.sqrt(0.2) * 0.25),
        "n_val / n_train goes under the root, added to 1/k.",
    )
    expect(
        not np.isclose(value, abs(d.mean()) * np.sqrt(0.2 + 0.25)),
        "s is the standard deviation of the differences, not their mean.",
    )
    expect(
        np.isclose(value, right),
        "For d = 0.02, −0.01, 0.03, 0, 0.01 with 120 validation and 480 training images"
        f" it should be {right:.4f}; yours is {value:.4f}.",
    )
    return "wider than the usual error, and right about it"


@exercise("61.4")
def mcnemar(answer):
    _function(answer, "mcnemar")

    def ask(b, c, both=20, neither=3):
        a_right = np.repeat([True, False, True, False], [b, c, both, neither])
        b_right = np.repeat([False, True, True, False], [b, c, both, neither])
        return expect_number(
            _returned(answer(a_right, b_right), "mcnemar"), "Return one number, p."
        )

    value = ask(5, 1)
    expect(
        not np.isclose(value, 7 / 64),
        "That is one direction only; the two-sided p counts both.",
    )
    expect(
        0 <= value <= 1,
        "A p-value lies between 0 and 1; you may have returned a count or a statistic.",
    )
    expect(
        not np.isclose(value, 2 * 6 / 64) and not np.isclose(value, 6 / 64),
        "Count also what is more extreme: 5 heads of 6 or more, so 6 + 1 of 64.",
    )
    expect(
        not np.isclose(value, 0.1025, atol=1e-3)
        and not np.isclose(value, 0.2207, atol=1e-3),
        "That is the χ² approximation: for few disagreements use the exact binomial"
        " test.",
    )
    expect(
        np.isclose(value, 14 / 64),
        f"For b = 5 and c = 1 the p-value is 14/64 = 0.219, whatever both read or both miss;"
        f" yours is {value:.3f}.",
    )
    expect(
        np.isclose(ask(1, 5), 14 / 64),
        "With the two models exchanged p must stay the same.",
    )
    try:
        none = ask(0, 0)
    except (ValueError, ZeroDivisionError):
        raise Hint(
            "If the models never disagree, b + c = 0: return 1 instead of calling the test."
        ) from None
    expect(none == 1, "If the models never disagree, there is no evidence: p = 1.")
    expect(
        np.isclose(ask(30, 10), 0.00222, atol=1e-4),
        "Right for small counts, but not for b = 30, c = 10: use the exact binomial test.",
    )
    return "only disagreements speak"


@exercise("61.5")
def choose_and_report(answer):
    _function(answer, "choose_and_report")
    on_val = np.array([0.70, 0.82, 0.75, 0.81])
    on_test = np.array([0.71, 0.74, 0.69, 0.80])
    given = _returned(answer(on_val, on_test), "choose_and_report")
    try:
        winner, score = given
    except (TypeError, ValueError):
        raise Hint(
            "Return two things: the winner's number and the score to print."
        ) from None
    winner = expect_number(winner, "The winner is the number of a team, from 0.")
    score = expect_number(score, "The score should be one number.")
    expect(
        not (np.isclose(winner, 0.82) or np.isclose(winner, 0.80)),
        "The winner is the number of the team, np.argmax, not its score, np.max.",
    )
    expect(
        not np.isclose(score, (0.82 + 0.74) / 2),
        "The mean holds half of the luck that made it the winner: print the test score"
        " alone.",
    )
    expect(
        winner != 3,
        "You still crown the best on the test images, or on both sets together; then its"
        " test score is too good.",
    )
    expect(winner == 1, "Crown the team with the best score on val: np.argmax(on_val).")
    expect(
        score != 0.82,
        "That is the score that made it the winner, and it is too good: print the other one.",
    )
    expect(
        score != 0.80,
        "Print the winner's own score on the test images, not the best one there.",
    )
    expect(
        np.isclose(score, 0.74),
        "Print the winner's score on the images that did not choose it.",
    )
    return "one set chooses, the other judges"


QUIZ = [
    Question(
        "A network reads 96 % of 100 validation images, a simpler model 94 % of the same."
        " What may you say?",
        [
            ("The network is better by two points.", "The standard error of each is about two"
             " points: another split may turn it around."),
            ("Nothing yet: repeat over splits, or count the images on which they disagree.",
             "Two points are two images here. Splits move by more than that; disagreements"
             " can be tested."),
            ("They are equally good.", "Not shown to differ is not shown to be equal."),
        ],
        answer=1,
    ),
    Question(
        "Why are the ten differences of ten random splits not independent?",
        [
            ("The models are alike.", "Independence is about the splits, not the models."),
            ("The splits share most of their images.", "480 of 600 are trained on each time,"
             " so a lucky data set is lucky in all ten."),
            ("Ten is too few.", "With a thousand splits of the same 600 images they would be"
             " just as dependent."),
        ],
        answer=1,
    ),
    Question(
        "The learning curve shows 1.00 on training and 0.80 on validation images, and the"
        " gap closes slowly with more images. What helps?",
        [
            ("More data, or more regularization.", "A large gap is overfitting; both shrink"
             " it."),
            ("A larger model.", "It already reads every training image; a larger one widens"
             " the gap."),
            ("More folds.", "Folds change how you measure, not how the model learns."),
        ],
        answer=0,
    ),
    Question(
        "You tune ten settings by 5-fold cross-validation and report the best mean. What is"
        " wrong with the figure?",
        [
            ("Nothing: no model was scored on what it was trained on.", "Each score is clean;"
             " the largest of ten is not."),
            ("It is too low, since each model was trained on 80 % only.", "A small effect in"
             " the other direction; the choice usually weighs more."),
            ("It is too high: the folds that chose also judge.", "Nest the tuning, or keep a"
             " test set closed."),
        ],
        answer=2,
    ),
]  # fmt: skip
