"""Checkers and quiz of lesson 61, model selection."""

import functools
import itertools
import math

import numpy as np

from ..checks import exercise
from ..expectations import (
    as_array,
    expect,
    expect_function,
    expect_number,
    expect_result,
    expect_tuple,
    expect_value,
    hinting,
)
from ..quizzes import Question


def _is_pair(fold):
    """Return True for training and validation indices in one."""
    return type(fold) in (tuple, list) and len(fold) == 2 and np.ndim(fold[0]) == 1


@exercise("61.1")
def folds_of(k_folds):
    expect_function(k_folds, "k_folds")
    wanted = "Return a list of k arrays of indices, one array for each fold."
    for n, k in ((11, 4), (10, 4), (6, 6), (32, 3)):
        here = f"With n = {n} and k = {k}"
        ask = hinting(
            k_folds,
            f"np.split cannot cut {n} indices into {k} equal pieces: np.array_split copes"
            " with a remainder.",
            text="equal division",
        )
        folds = ask(n, k)
        expect(folds is not None, "k_folds gives nothing back: end it with `return`.")
        expect(hasattr(folds, "__iter__"), wanted)
        folds = list(itertools.islice(folds, 99))  # some generators never end
        expect(
            not any(map(_is_pair, folds)),
            "Each element holds two arrays, training and validation indices: return the"
            " validation indices alone.",
        )
        expect(not any(isinstance(fold, (set, str, slice)) for fold in folds), wanted)
        folds = [as_array(fold, "Each fold") for fold in folds]
        flat = folds and all(fold.ndim == 0 for fold in folds)
        expect(
            not (flat and len(folds) == n and set(map(float, folds)) == set(range(k))),
            "That names a fold for each index; return the indices of each fold.",
        )
        expect(all(fold.ndim == 1 for fold in folds), wanted)
        expect(
            len(folds) == k,
            f"k_folds({n}, {k}) should return {k} folds; yours returns"
            f" {len(folds) if len(folds) < 99 else 'far too many'}.",
        )
        expect(
            not all(len(fold) == n and set(fold) <= {0, 1} for fold in folds),
            "Those are masks: return the indices where they are True, np.flatnonzero(mask).",
        )
        found = sorted(np.concatenate(folds).tolist())
        expect(
            len(found) != n * (k - 1),
            "Return the validation indices of each turn, not the training indices.",
        )
        for index in found:
            expect(
                index in range(n),
                f"{here} a fold holds {index:g}; all indices are whole numbers from 0 to"
                " n - 1.",
            )
        for index in range(n):
            expect(index in found, f"{here} index {index} is in no fold.")
        expect(
            len(found) == n,
            f"{here} your folds hold {len(found)} indices: each belongs in one fold only.",
        )
        sizes = [len(fold) for fold in folds]
        expect(
            max(sizes) - min(sizes) <= 1,
            f"{here} your folds have the sizes {sizes}: they should differ by 1 at most.",
        )
    return "every index is validated exactly once"


@exercise("61.2")
def error_of_the_mean(corrected_error):
    hint = (
        "It is s·√(1/k + n_val / n_train), with k = len(d) and s = np.std(d, ddof=1)."
    )
    d = np.array([1.5, -0.5, 3.0, -1.75, 2.0, 0.75])
    k, ratio, s = 6, 90 / 510, np.std(d, ddof=1)
    root = np.sqrt(1 / k + ratio)
    inside = "n_val / n_train goes under the root, added to 1/k."
    usual = [
        (np.std(d) * root, "NumPy's std divides by k; the sample standard deviation divides"
         " by k − 1: ddof=1."),
        (s / np.sqrt(k), "That is the usual error: under the root, n_val / n_train (with one"
         " slash) is added to 1/k."),
        (s * np.sqrt(1 / k + 1 / ratio), "The fraction is upside down: validation over"
         " training images."),
        (s * root**2, "The square root is missing: it spans the sum 1/k + n_val / n_train."),
        (s**2 * root, "You take the variance; s is the standard deviation, its root."),
        (s * (np.sqrt(1 / k) + np.sqrt(ratio)), "One root over the sum, not a root of each"
         " part."),
        (s * np.sqrt(1 / 10 + ratio), "k is the number of differences, len(d), not always"
         " 10."),
        (s * np.sqrt(1 / k + 90 / 600), "n_val / n_train, not n_val over all images."),
        (s * (np.sqrt(1 / k) + ratio), inside),
        (s / np.sqrt(k) + ratio, inside),
    ]  # fmt: skip
    expect_result(corrected_error, (d, 90, 510), s * root, hint, mistakes=usual)
    d = np.array([0.02, -0.01, 0.03, 0.0])  # as the lesson's accuracies
    right = np.std(d, ddof=1) * np.sqrt(1 / 4 + 25 / 400)
    expect_result(corrected_error, (d, 25, 400), right, hint)
    return "wider than the usual error, as the overlap of the splits demands"


def _readings(b, c, both, neither):
    """Return which images each of two models reads: b only the first, c only the other."""
    order = np.random.default_rng(0).permutation(b + c + both + neither)
    first = np.repeat([True, False, True, False], [b, c, both, neither])
    second = np.repeat([False, True, True, False], [b, c, both, neither])
    return first[order], second[order]


def _p_value(heads, tosses):
    """Return the two-sided p of so many heads of a fair coin."""
    extreme = max(heads, tosses - heads)
    tail = sum(math.comb(tosses, i) for i in range(extreme, tosses + 1))
    return min(1.0, 2 * tail / 2**tosses)


def _chi_squared(x):
    """Return the probability of more than x under χ² with one degree of freedom."""
    return math.erfc(math.sqrt(x / 2))


@exercise("61.3")
def exact_test(mcnemar):
    expect_function(mcnemar, "mcnemar")

    @functools.wraps(mcnemar)
    def ask(a_right, b_right):
        result = mcnemar(a_right, b_right)
        expect(
            not hasattr(result, "pvalue"),
            "That is the whole result of the test: add .pvalue.",
        )
        return result

    p = _p_value(7, 9)
    usual = [(wrong, why) for why, values in {
        "That is one direction only; the two-sided p counts both.": (p / 2, 1 - 10 / 512),
        "Count also what is more extreme: not only 7 heads of 9, but 8 and 9, too.":
            (36 / 512, 72 / 512),
        "That is an approximation (χ², or the normal curve): for few disagreements use the"
        " exact test.":
            (_chi_squared(25 / 9), _chi_squared(16 / 9)),
        "That is a count, a share or a statistic; a p-value is asked for.":
            (7, 2, 9, 5, 7 / 9, 25 / 9, 16 / 9),
        "Count only the images on which exactly one is right: b of b + c.":
            (_p_value(7, 26), _p_value(21, 26), _p_value(16, 26), _p_value(21, 37)),
        "That is 1 − p.": (1 - p,),
    }.items() for wrong in values]  # fmt: skip
    turned = "With the two models exchanged p must stay the same: 5 heads or 5 tails."
    cases = [
        ((7, 2, 14, 3), usual),
        ((1, 5, 20, 3), [(126 / 64, turned), (1, turned)]),
        ((4, 4, 5, 2), [(163 / 128, "With b = c twice one tail is more than 1: p is 1 at"
                        " most.")]),
        ((6, 0, 9, 1), [(1, "Only if the models never disagree, b + c = 0, there is no"
                        " evidence; 6 : 0 is evidence.")]),
        ((30, 10, 50, 8), []),
    ]  # fmt: skip
    for (b, c, *others), mistakes in cases:
        hint = f"Here b = {b} and c = {c}: how often does a fair coin fall so unevenly?"
        arguments = _readings(b, c, *others)
        expect_result(ask, arguments, _p_value(b, b + c), hint, mistakes=mistakes)
    never = "If the models never disagree, b + c = 0, there is no evidence: return 1."
    ask = hinting(ask, never, (ValueError, ZeroDivisionError))
    agreeing = _readings(0, 0, 8, 4)
    expect(ask(*agreeing) is not None, never)
    expect_result(ask, agreeing, 1, never)
    return "only disagreements speak"


@exercise("61.4")
def honest_competition(choose_and_report):
    expect_function(choose_and_report, "choose_and_report")
    own = "Print the winner's own score on the test images."
    number = "The winner is the number of the team, np.argmax, not its score, np.max."
    usual_winners = [
        (0.82, number),
        (0.83, number),
        (6, "You still crown the best on the test images: let val choose, and `test`"
             " judge."),
        (1, "You choose by both sets together: the test images help to choose, and the"
         " winner's test score is too good."),
        (5, "That is the worst on val: np.argmax finds the best."),
        (4, "The teams are counted from 0, as np.argmax does."),
    ]  # fmt: skip
    usual_scores = [
        (0.82, "That is the score that made it the winner, and it is too good. " + own),
        (0.83, "That is the best score on the test images, of another team. " + own),
        (0.78, "The mean holds half of the luck that made it the winner: print the test"
         " score alone."),
        (0.08, "That is how far val and test differ. " + own),
    ]  # fmt: skip
    # The best on val is not the best by any other rule, nor the first or the last team.
    cases = [
        (
            [0.71, 0.79, 0.60, 0.82, 0.66, 0.55, 0.72, 0.81, 0.64],
            [0.71, 0.80, 0.76, 0.74, 0.54, 0.57, 0.83, 0.68, 0.70],
            usual_winners,
            usual_scores,
        ),
        ([0.55, 0.50, 0.61, 0.52], [0.70, 0.60, 0.66, 0.58], [], [(0.61, own)]),
    ]
    for on_val, on_test, usual_winners, usual_scores in cases:
        on_val, on_test = np.array(on_val), np.array(on_test)
        parts = expect_tuple(
            choose_and_report(on_val, on_test), 2,
            "Return two things: the winner's number and the score to print.",
        )  # fmt: skip
        winner, score = (
            expect_number(part, "Winner and score should be a single number each.")
            for part in parts
        )
        expect(
            winner == int(winner) or score != int(score),
            "Return the winner's number first, and the score second.",
        )
        right = int(np.argmax(on_val))
        expect_value(
            winner, right, "Crown the team with the best score on val: np.argmax(on_val).",
            what="The winner", mistakes=usual_winners,
        )  # fmt: skip
        expect_value(
            score, on_test[right], own, what="The score to print", mistakes=usual_scores
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
        "On 100 validation images the standard error of an accuracy is 2 points. How do you"
        " get it down to 1?",
        [
            ("With about 400 validation images.", "The error falls with the root of n: four"
             " times the images halve it."),
            ("With about 200 validation images.", "Twice the images divide the error only by"
             " the root of 2, to 1.4 points."),
            ("By scoring the same model four times on the 100 images.", "It gives the same"
             " answers each time, so you learn nothing new."),
        ],
        answer=0,
    ),
    Question(
        "You tune ten settings by 5-fold cross-validation and report the best mean. What is"
        " wrong with this number?",
        [
            ("Nothing: no model was scored on what it was trained on.", "Each of the ten"
             " scores is clean; the largest of them is not."),
            ("It is too low, since each model trained on only 80 % of the cases.", "That can"
             " cost a little, but it need not undo the luck of the best of ten."),
            ("The folds that chose the setting also judge it.", "The best of ten was also"
             " lucky on these folds. Nest the tuning, or keep a test set closed."),
        ],
        answer=2,
    ),
]  # fmt: skip
