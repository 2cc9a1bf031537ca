"""Right and wrong answers to the exercises of lesson 61."""

import numpy as np


def k_folds(n, k):
    return [np.arange(start, n, k) for start in range(k)]


def mcnemar(a_right, b_right):
    from math import comb

    b, c = int(np.sum(a_right & ~b_right)), int(np.sum(~a_right & b_right))
    if b + c == 0:
        return 1
    tail = sum(comb(b + c, i) for i in range(min(b, c) + 1)) / 2 ** (b + c)
    return min(1.0, 2 * tail)


def binomial(a_right, b_right):
    from scipy import stats

    b, c = np.sum(a_right & ~b_right), np.sum(~a_right & b_right)
    return stats.binomtest(int(b), int(b + c)).pvalue


def one_sided(a_right, b_right):
    return mcnemar(a_right, b_right) / 2


def all_images(a_right, b_right):
    from scipy import stats

    return stats.binomtest(int(a_right.sum()), len(a_right)).pvalue


def chi_squared(a_right, b_right):
    from scipy import stats

    b, c = np.sum(a_right & ~b_right), np.sum(~a_right & b_right)
    return stats.chi2.sf((b - c) ** 2 / (b + c), 1) if b + c else 1.0


def point_only(a_right, b_right):
    from scipy import stats

    b, c = np.sum(a_right & ~b_right), np.sum(~a_right & b_right)
    return 2 * stats.binom.pmf(b, b + c, 0.5)


def nothing(*arguments):
    sum(map(id, arguments))  # computes, and forgets to return


SPLITS = {
    "electricity demand of next week": "ordered",
    "X-rays from hospitals that we do not know yet": "grouped",
    "a disease that 2 in 100 of our blood samples show": "stratified",
    "screws from the same machine, half of them faulty": "random",
}


def error(ddof=1, formula=lambda k, a, f: np.sqrt(1 / k + a / f)):
    return lambda d, a, f: np.std(d, ddof=ddof) * formula(len(d), a, f)


RIGHT = {
    "61.1": (k_folds,),
    "61.2": (SPLITS,),
    "61.3": (error(),),
    "61.4": (mcnemar,),
    "61.5": (lambda on_val, on_test: (on_val.argmax(), on_test[on_val.argmax()]),),
}
WRONG = {
    "61.1": [
        ((lambda n, k: [np.arange(n)] * k,), "exactly one fold"),
        ((lambda n, k: [np.arange(i * (n // k), (i + 1) * (n // k)) for i in range(k)],),
         "in no fold"),
        ((lambda n, k: [np.setdiff1d(np.arange(n), f) for f in k_folds(n, k)],),
         "not the training indices"),
        ((lambda n, k: np.array_split(np.arange(1, n + 1), k),), "Index 0 is in no fold"),
        ((lambda n, k: np.split(np.arange(n), [1, 2, 3, 4][: k - 1]),), "the sizes"),
        ((lambda n, k: np.array_split(np.arange(n), n // k),), "folds; yours returns"),
        ((lambda n, k: np.array_split(np.zeros(n), k),), "Index 1 is in no fold"),
        ((lambda n, k: np.arange(n) % k,), "a fold for each index"),
        ((lambda n, k: np.split(np.arange(n), k),), "np.split cannot"),
        ((nothing,), "returns nothing"),
    ],
    "61.2": [
        (({**SPLITS, "electricity demand of next week": "random"},), "lies after"),
        (({**SPLITS, "X-rays from hospitals that we do not know yet": "stratified"},),
         "no hospital may be"),
        (({**SPLITS, "a disease that 2 in 100 of our blood samples show": "random"},),
         "rare class"),
        (({**SPLITS, "screws from the same machine, half of them faulty": "ordered"},),
         "nothing special"),
        (({**SPLITS, "electricity demand of next week": "time"},), 'write "random"'),
        ((["ordered"],), "dictionary"),
        (({**SPLITS, "X-rays from hospitals that we do not know yet": "random"},),
         "no hospital may be"),
    ],
    "61.3": [
        ((error(ddof=0),), "ddof=1"),
        ((error(formula=lambda k, a, f: np.sqrt(1 / k)),), "usual error"),
        ((error(formula=lambda k, a, f: np.sqrt(1 / k + f / a)),), "upside down"),
        ((error(formula=lambda k, a, f: 1 / k + a / f),), "square root is missing"),
        ((error(formula=lambda k, a, f: np.sqrt(1 / k) + np.sqrt(a / f)),), "One root"),
        ((error(formula=lambda k, a, f: np.sqrt(1 / 10 + a / f)),), "len(d)"),
        ((error(formula=lambda k, a, f: np.sqrt(1 / k + a / (a + f))),), "over all images"),
        ((error(formula=lambda k, a, f: np.sqrt(1 / k) + a / f),), "under the root"),
        ((lambda d, a, f: np.mean(d) * np.sqrt(1 / len(d) + a / f),), "not their mean"),
        ((lambda d, a, f: 1.0,), "it should be"),
    ],
    "61.4": [
        ((one_sided,), "one direction only"),
        ((all_images,), "whatever both read"),
        ((binomial,), "never disagree"),
        ((lambda a, b: np.sum(a & ~b),), "between 0 and 1"),
        ((chi_squared,), "approximation"),
        ((point_only,), "more extreme"),
        ((nothing,), "returns nothing"),
    ],
    "61.5": [
        ((lambda v, t: (t.argmax(), t.max()),), "still crown"),
        ((lambda v, t: ((v + t).argmax(), t[(v + t).argmax()]),), "both sets"),
        ((lambda v, t: (v.argmax(), v.max()),), "too good: print the other"),
        ((lambda v, t: (v.argmax(), t.max()),), "own score"),
        ((lambda v, t: v.argmax(),), "two things"),
        ((lambda v, t: (0, 0.71),), "best score on val"),
        ((lambda v, t: (v.max(), t[v.argmax()]),), "not its score"),
        ((lambda v, t: (v.argmax(), (v[v.argmax()] + t[v.argmax()]) / 2),),
         "half of the luck"),
    ],
}  # fmt: skip
