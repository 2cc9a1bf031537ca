"""Right and wrong answers of lesson 61, with a piece of the hint that must come."""

import itertools
import math
import statistics

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.model_selection import KFold


def forgets_return(*arguments):
    sum(map(id, arguments))


def prints(*arguments):
    print(len(arguments))


# ── 61.1 ────────────────────────────────────────────────────────────────────────


def k_folds(n, k):
    return np.array_split(np.arange(n), k)


def every_kth(n, k):
    return [list(range(start, n, k)) for start in range(k)]


def shuffled(n, k):
    return np.array_split(np.random.default_rng(3).permutation(n), k)


def by_edges(n, k):
    edges = [round(i * n / k) for i in range(k + 1)]
    return tuple(np.arange(start, stop) for start, stop in itertools.pairwise(edges))


def of_scikit_learn(n, k):
    return [val for _, val in KFold(k).split(np.zeros(n))]


def fold_numbers(n, k):
    return np.arange(n) % k


def remainder_dropped(n, k):
    return [np.arange(i * (n // k), (i + 1) * (n // k)) for i in range(k)]


def remainder_in_the_last(n, k):
    edges = [i * (n // k) for i in range(k)] + [n]
    return [np.arange(a, b) for a, b in itertools.pairwise(edges)]


def endless(n, k):
    while True:
        yield from k_folds(n, k)


def larger_ones_first(n, k):
    size, left = divmod(n, k)
    sizes = [size + 1] * left + [size] * (k - left)
    numbers = iter(range(n))
    return [list(itertools.islice(numbers, count)) for count in sizes]


def by_labels(n, k):
    label = np.random.default_rng(5).permutation(np.arange(n) % k)
    return [np.flatnonzero(label == fold) for fold in range(k)]


def rounded_up(n, k):
    size = -(-n // k)
    return [np.arange(n)[start * size : (start + 1) * size] for start in range(k)]


def rest_in_the_first(n, k):
    rest = n - n // k * (k - 1)
    return np.split(np.arange(n), range(rest, n, n // k))


def slices(n, k):
    return [slice(i * n // k, (i + 1) * n // k) for i in range(k)]


def random_draws(n, k):
    rng = np.random.default_rng(0)
    return [rng.choice(n, n // k, replace=False) for _ in range(k)]


def overlapping(n, k):
    return [np.append(fold, fold[-1]) for fold in k_folds(n, k)]


# ── 61.2 ────────────────────────────────────────────────────────────────────────


def corrected_error(d, n_val, n_train):
    return np.std(d, ddof=1) * np.sqrt(1 / len(d) + n_val / n_train)


def by_variance(d, n_val, n_train):
    variance = statistics.variance(d.tolist())
    return math.sqrt(variance * (1 / d.size + n_val / n_train))


def from_the_definition(d, n_val, n_train):
    k = len(d)
    s = np.sqrt(np.sum((d - d.mean()) ** 2) / (k - 1))
    return s * (1 / k + n_val / n_train) ** 0.5


def from_the_usual_error(d, n_val, n_train):
    return stats.sem(d) * np.sqrt(1 + len(d) * n_val / n_train)


def whole_division(d, n_val, n_train):
    return np.std(d, ddof=1) * np.sqrt(1 / len(d) + n_val // n_train)


def error(formula):
    """Return a wrong error, made of s, k and the two numbers of images."""
    return lambda d, a, f: formula(np.std(d, ddof=1), len(d), a, f)


def centered_in_place(d, n_val, n_train):
    d -= d.mean()
    s = np.sqrt(np.sum(d**2) / (len(d) - 1))
    return s * np.sqrt(1 / len(d) + n_val / n_train)


def sorted_in_place(d, n_val, n_train):
    d.sort()
    return corrected_error(d, n_val, n_train)


# ── 61.3 ────────────────────────────────────────────────────────────────────────


def disagreements(a_right, b_right):
    b, c = np.sum(a_right & ~b_right), np.sum(~a_right & b_right)
    return int(b), int(c)


def mcnemar(a_right, b_right):
    b, c = np.sum(a_right & ~b_right), np.sum(~a_right & b_right)
    return stats.binomtest(int(b), int(b + c)).pvalue if b + c else 1.0


def by_counting(a_right, b_right):
    b, c = disagreements(a_right, b_right)
    if b + c == 0:
        return 1
    tail = sum(math.comb(b + c, i) for i in range(min(b, c) + 1)) / 2 ** (b + c)
    return min(1.0, 2 * tail)


def by_distribution(a_right, b_right):
    differ = a_right != b_right
    n, b = differ.sum(), a_right[differ].sum()
    return np.minimum(1, 2 * stats.binom.cdf(min(b, n - b), n, 0.5))


def in_a_loop(a_right, b_right):
    b = c = 0
    for first, second in zip(a_right, b_right, strict=True):
        b += first and not second
        c += second and not first
    return np.array([1.0]) if b + c == 0 else stats.binomtest(b, b + c, 0.5).pvalue


def by_signs(a_right, b_right):
    signs = a_right.astype(int) - b_right
    signs = signs[signs != 0]
    return binomtest(np.sum(signs > 0), len(signs)) if len(signs) else 1


def silent_if_equal(a_right, b_right):
    if np.any(a_right != b_right):
        return mcnemar(a_right, b_right)


def silent_by_branches(a_right, b_right):
    b, c = disagreements(a_right, b_right)
    if b > 0 or c > 0:
        p = binomtest(b, b + c)
        return p


def of_counts(formula, never=1.0):
    """Return a wrong test made of b and c; with b + c = 0 it gives ``never``."""

    def wrong(a_right, b_right):
        b, c = disagreements(a_right, b_right)
        return formula(b, c) if b + c else never

    return wrong


def binomtest(b, n, **options):
    return stats.binomtest(int(b), int(n), **options).pvalue


def chi_squared(correction):
    return of_counts(
        lambda b, c: stats.chi2.sf((abs(b - c) - correction) ** 2 / (b + c), 1)
    )


def both_tails(b, c):
    """Return twice the tail on the side of the larger count, which may exceed 1."""
    return 2 * stats.binom.sf(max(b, c) - 1, b + c, 0.5)


def always_calls_the_test(a_right, b_right):
    b, c = disagreements(a_right, b_right)
    return binomtest(b, b + c)


def always_divides(a_right, b_right):
    b, c = disagreements(a_right, b_right)
    return mcnemar(a_right, b_right) if b / (b + c) >= 0 else 1


# ── 61.4 ────────────────────────────────────────────────────────────────────────


def choose_and_report(on_val, on_test):
    winner = int(np.argmax(on_val))
    return winner, on_test[winner]


def by_sorting(on_val, on_test):
    best = sorted(range(len(on_val)), key=lambda team: on_val[team])[-1]
    return [best, float(on_test[best])]


def by_pairs(on_val, on_test):
    teams = zip(on_val, range(len(on_val)), on_test, strict=True)
    _, winner, score = max(teams)
    return winner, score


def in_one_pass(on_val, on_test):
    best = -math.inf
    for team, score in enumerate(on_val):
        if score > best:
            best, winner = score, team
    return np.array([winner, on_test[winner]])


def by_data_frame(on_val, on_test):
    table = pd.DataFrame({"val": on_val, "test": on_test})
    winner = table["val"].idxmax()
    return winner, table["test"][winner]


def crowning(rule):
    """Return an answer that crowns ``rule(on_val, on_test)`` and reports its test score."""

    def wrong(on_val, on_test):
        winner = rule(on_val, on_test)
        return winner, on_test[winner]

    return wrong


def both_by_test(on_val, on_test):
    return on_test.argmax(), on_test.max()


def best_of_both(on_val, on_test):
    winner = np.argmax(on_val + on_test)
    return winner, on_test[winner]


def best_mean(on_val, on_test):
    winner = np.mean([on_val, on_test], axis=0).argmax()
    return winner, on_test[winner]


def lower_score(on_val, on_test):
    winner = on_val.argmax()
    return winner, min(on_val[winner], on_test[winner])


RIGHT = {
    "61.1": [
        (k_folds,),
        (every_kth,),
        (shuffled,),
        (by_edges,),
        (of_scikit_learn,),
        (larger_ones_first,),
        (by_labels,),
    ],
    "61.2": [
        (corrected_error,),
        (by_variance,),
        (from_the_definition,),
        (from_the_usual_error,),
    ],
    "61.3": [(mcnemar,), (by_counting,), (by_distribution,), (in_a_loop,), (by_signs,)],
    "61.4": [
        (choose_and_report,),
        (by_sorting,),
        (by_pairs,),
        (in_one_pass,),
        (by_data_frame,),
    ],
}

WRONG = {
    "61.1": [
        ((lambda n, k: np.split(np.arange(n), k),), "np.split cannot"),
        ((lambda n, k: np.array(np.split(np.arange(n), k)).tolist(),), "np.split cannot"),
        ((remainder_dropped,), "is in no fold"),
        ((lambda n, k: np.arange(n)[: n - n % k].reshape(k, -1),), "is in no fold"),
        ((remainder_in_the_last,), "the sizes"),
        ((rest_in_the_first,), "the sizes"),
        ((rounded_up,), "the sizes"),
        ((lambda n, k: np.split(np.arange(n), range(1, k)),), "the sizes"),
        ((lambda n, k: [np.arange(n)] * k,), "belongs in one fold only"),
        ((overlapping,), "belongs in one fold only"),
        ((lambda n, k: [np.setdiff1d(np.arange(n), fold) for fold in k_folds(n, k)],),
         "not the training indices"),
        ((lambda n, k: [train for train, _ in KFold(k).split(np.zeros(n))],),
         "not the training indices"),
        ((lambda n, k: list(KFold(k).split(np.zeros(n))),), "holds two arrays"),
        ((lambda n, k: [[fold, fold] for fold in k_folds(n, k)],), "holds two arrays"),
        ((lambda n, k: np.array_split(np.arange(1, n + 1), k),), "whole numbers from 0"),
        ((lambda n, k: [list(range(1 + i, n + 1, k)) for i in range(k)],), "whole numbers from 0"),
        ((lambda n, k: np.array_split(np.arange(n) - 1, k),), "whole numbers from 0"),
        ((lambda n, k: np.array_split(np.linspace(0, 1, n), k),), "whole numbers from 0"),
        ((lambda n, k: np.array_split(np.arange(n), n // k),), "should return 4 folds"),
        ((lambda n, k: [np.arange(i, min(i + k, n)) for i in range(0, n, k)],),
         "should return 4 folds"),
        ((endless,), "far too many"),
        ((lambda n, k: itertools.cycle(k_folds(n, k)),), "far too many"),
        ((fold_numbers,), "a fold for each index"),
        ((lambda n, k: [i * k // n for i in range(n)],), "a fold for each index"),
        ((lambda n, k: np.random.default_rng(0).permutation(n),), "one array for each fold"),
        ((slices,), "one array for each fold"),
        ((lambda n, k: n // k,), "one array for each fold"),
        ((lambda n, k: list(map(set, k_folds(n, k))),), "one array for each fold"),
        ((lambda n, k: str(k_folds(n, k)),), "one array for each fold"),
        ((lambda n, k: dict(enumerate(k_folds(n, k))),), "one array for each fold"),
        ((lambda n, k: [fold_numbers(n, k) == i for i in range(k)],), "Those are masks"),
        ((lambda n, k: [[int(j % k == i) for j in range(n)] for i in range(k)],),
         "Those are masks"),
        ((random_draws,), "is in no fold"),
        ((lambda n, k: np.array_split(np.zeros(n), k),), "is in no fold"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((5,), "without brackets"),
        ((k_folds(10, 5),), "without brackets"),
    ],
    "61.2": [
        ((lambda d, a, f: np.std(d) * np.sqrt(1 / len(d) + a / f),), "ddof=1."),
        ((lambda d, a, f: d.std() * (1 / d.size + a / f) ** 0.5,), "ddof=1."),
        ((error(lambda s, k, a, f: s / np.sqrt(k)),), "usual error"),
        ((lambda d, a, f: stats.sem(d),), "usual error"),
        ((whole_division,), "with one slash"),
        ((lambda d, a, f: np.sqrt(np.var(d, ddof=1) * (1 / len(d) + a // f)),), "with one slash"),
        ((error(lambda s, k, a, f: s * np.sqrt(1 / k + f / a)),), "upside down"),
        ((lambda d, a, f: corrected_error(d, f, a),), "upside down"),
        ((error(lambda s, k, a, f: s * (1 / k + a / f)),), "square root is missing"),
        ((lambda d, a, f: np.std(d, ddof=1) / len(d) + np.std(d, ddof=1) * a / f,),
         "square root is missing"),
        ((lambda d, a, f: corrected_error(d, a, f) ** 2,), "with k = len(d)"),
        ((lambda d, a, f: np.var(d, ddof=1) * (1 / len(d) + a / f),), "with k = len(d)"),
        ((lambda d, a, f: np.var(d, ddof=1) * np.sqrt(1 / len(d) + a / f),), "the variance"),
        ((error(lambda s, k, a, f: s * s * np.sqrt(1 / k + a / f)),), "the variance"),
        ((error(lambda s, k, a, f: np.sqrt(1 / k + a / f)),), "with k = len(d)"),
        ((lambda d, a, f: (1 / len(d) + a / f) ** 0.5,), "with k = len(d)"),
        ((error(lambda s, k, a, f: s * (np.sqrt(1 / k) + np.sqrt(a / f))),), "One root"),
        ((error(lambda s, k, a, f: s / np.sqrt(k) + s * np.sqrt(a / f)),), "One root"),
        ((error(lambda s, k, a, f: s * np.sqrt(1 / 10 + a / f)),), "not always 10"),
        ((error(lambda s, k, a, f: s * np.sqrt(0.1 + a / f)),), "not always 10"),
        ((error(lambda s, k, a, f: s * np.sqrt(1 / (k - 1) + a / f)),), "with k = len(d)"),
        ((lambda d, a, f: corrected_error(d[:-1], a, f) / np.std(d[:-1], ddof=1)
          * np.std(d, ddof=1),), "with k = len(d)"),
        ((error(lambda s, k, a, f: s * np.sqrt(1 / k + a / (a + f))),), "over all images"),
        ((lambda d, a, f: corrected_error(d, a, a + f),), "over all images"),
        ((error(lambda s, k, a, f: s * (np.sqrt(1 / k) + a / f)),), "under the root, added"),
        ((error(lambda s, k, a, f: s / np.sqrt(k) + a / f),), "under the root, added"),
        ((error(lambda s, k, a, f: s * np.sqrt(1 / k) * a / f),), "with k = len(d)"),
        ((error(lambda s, k, a, f: s * np.sqrt(1 / k * a / f)),), "with k = len(d)"),
        ((error(lambda s, k, a, f: s * np.sqrt(a / f / k)),), "with k = len(d)"),
        ((error(lambda s, k, a, f: s * np.sqrt(a / f)),), "with k = len(d)"),
        ((error(lambda s, k, a, f: s * math.sqrt(a) / math.sqrt(f)),), "with k = len(d)"),
        ((lambda d, a, f: np.mean(d) * np.sqrt(1 / len(d) + a / f),), "with k = len(d)"),
        ((lambda d, a, f: sum(d) / len(d) * (1 / len(d) + a / f) ** 0.5,), "with k = len(d)"),
        ((error(lambda s, k, a, f: s * np.sqrt(1 / k + 0.25)),), "with k = len(d)"),
        ((lambda d, a, f: 1.0,), "with k = len(d)"),
        ((lambda d, a, f: np.round(corrected_error(d, a, f), 2),), "rounded?"),
        ((lambda d, a, f: round(float(corrected_error(d, a, f)), 3),), "rounded?"),
        ((lambda d, a, f: d * np.sqrt(1 / len(d) + a / f),), "expected a single number"),
        ((lambda d, a, f: (np.mean(d), corrected_error(d, a, f)),), "expected a single number"),
        ((centered_in_place,), "changes `d` itself"),
        ((sorted_in_place,), "changes `d` itself"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((0.0059,), "without brackets"),
        ((corrected_error(np.arange(5), 1, 4),), "without brackets"),
    ],
    "61.3": [
        ((lambda a, b: mcnemar(a, b) / 2,), "one direction only"),
        ((of_counts(lambda b, c: binomtest(b, b + c, alternative="greater")),),
         "one direction only"),
        ((of_counts(lambda b, c: binomtest(c, b + c, alternative="greater")),),
         "one direction only"),
        ((of_counts(lambda b, c: 2 * stats.binom.pmf(b, b + c, 0.5)),), "more extreme"),
        ((of_counts(lambda b, c: math.comb(b + c, b) / 2 ** (b + c)),), "more extreme"),
        ((chi_squared(0),), "approximation"),
        ((chi_squared(1),), "approximation"),
        ((of_counts(lambda b, c: 2 * stats.norm.sf(abs(b - c) / math.sqrt(b + c))),),
         "approximation"),
        ((lambda a, b: np.sum(a & ~b),), "a p-value is asked for"),
        ((of_counts(lambda b, c: (b - c) ** 2 / (b + c)),), "a p-value is asked for"),
        ((of_counts(lambda b, c: b / (b + c)),), "a p-value is asked for"),
        ((lambda a, b: binomtest(a.sum(), len(a)),), "exactly one is right"),
        ((lambda a, b: binomtest(np.sum(a & ~b), len(a)),), "exactly one is right"),
        ((lambda a, b: binomtest(a.sum(), a.sum() + b.sum()),), "exactly one is right"),
        ((lambda a, b: 1 - mcnemar(a, b),), "is 1 − p"),
        ((of_counts(lambda b, c: 1 - binomtest(b, b + c)),), "is 1 − p"),
        ((of_counts(lambda b, c: 2 * stats.binom.sf(b - 1, b + c, 0.5)),), "exchanged"),
        ((of_counts(lambda b, c: min(1, 2 * binomtest(b, b + c, alternative="greater"))),),
         "exchanged"),
        ((of_counts(both_tails),), "1 at most"),
        ((of_counts(lambda b, c: 2 * stats.binom.cdf(min(b, c), b + c, 0.5)),), "1 at most"),
        ((of_counts(lambda b, c: binomtest(b, b + c) if b and c else 1),), "is evidence"),
        ((of_counts(lambda b, c: 1 if b * c == 0 else binomtest(b, b + c)),), "is evidence"),
        ((always_calls_the_test,), "return 1"),
        ((always_divides,), "return 1"),
        ((of_counts(lambda b, c: binomtest(b, b + c), never=0.0),), "return 1"),
        ((of_counts(lambda b, c: binomtest(b, b + c), never=math.nan),), "return 1"),
        ((silent_if_equal,), "return 1"),
        ((silent_by_branches,), "return 1"),
        ((of_counts(lambda b, c: stats.binomtest(b, b + c)),), "add .pvalue"),
        ((lambda a, b: stats.binomtest(*map(int, (np.sum(a & ~b), np.sum(a != b)))),),
         "add .pvalue"),
        ((lambda a, b: 14 / 64,), "fair coin fall so unevenly"),
        ((lambda a, b: stats.ttest_rel(a * 1.0, b * 1.0)[1],), "fair coin fall so unevenly"),
        ((of_counts(lambda b, c: min(1, both_tails(b, c)) if b + c < 30 else 0),),
         "fair coin fall so unevenly"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((0.22,), "without brackets"),
        ((binomtest(5, 6),), "without brackets"),
    ],
    "61.4": [
        ((both_by_test,), "still crown"),
        ((lambda v, t: (t.argmax(), v[t.argmax()]),), "still crown"),
        ((best_of_both,), "both sets"),
        ((best_mean,), "both sets"),
        ((lambda v, t: (v.argmax(), v.max()),), "too good. Print the winner's own"),
        ((lambda v, t: (np.argmax(v), v[np.argmax(v)]),), "too good. Print the winner's own"),
        ((lambda v, t: (v.argmax(), t.max()),), "of another team"),
        ((lambda v, t: (np.argmax(v), max(t)),), "of another team"),
        ((lambda v, t: (v.argmax(), (v + t)[v.argmax()] / 2),), "half of the luck"),
        ((lambda v, t: (v.argmax(), np.mean([v.max(), t[v.argmax()]])),), "half of the luck"),
        ((lambda v, t: (v.argmax(), (v - t)[v.argmax()]),), "val and test differ"),
        ((lambda v, t: (v.argmax(), v.max() - t[v.argmax()]),), "val and test differ"),
        ((lambda v, t: (v.argmin(), t[v.argmin()]),), "the worst on val"),
        ((lambda v, t: (v.argsort()[0], t[v.argsort()[0]]),), "the worst on val"),
        ((lambda v, t: (v.argmax() + 1, t[v.argmax()]),), "counted from 0"),
        ((lambda v, t: (max(enumerate(v, 1), key=lambda x: x[1])[0], t[v.argmax()]),),
         "counted from 0"),
        ((lambda v, t: (v.max(), t[v.argmax()]),), "not its score"),
        ((lambda v, t: (t.max(), t.max()),), "not its score"),
        ((lambda v, t: (t[v.argmax()], v.argmax()),), "number first"),
        ((lambda v, t: choose_and_report(v, t)[::-1],), "number first"),
        ((lambda v, t: v.argmax(),), "two things"),
        ((lambda v, t: (v.argmax(), v.max(), t[v.argmax()]),), "two things"),
        ((lambda v, t: {"winner": v.argmax(), "score": t[v.argmax()]},), "two things"),
        ((lambda v, t: (0, t[0]),), "np.argmax(on_val)"),
        ((lambda v, t: (np.argmax(v > 0.5), t[np.argmax(v > 0.5)]),), "np.argmax(on_val)"),
        ((crowning(lambda v, t: v.argsort()[-2]),), "np.argmax(on_val)"),
        ((crowning(lambda v, t: len(v) - 1),), "np.argmax(on_val)"),
        ((crowning(lambda v, t: (t - v).argmax()),), "np.argmax(on_val)"),
        ((crowning(lambda v, t: np.argmax(v > v.mean())),), "np.argmax(on_val)"),
        ((lower_score,), "own score on the test images"),
        ((lambda v, t: (v.argmax(), t.mean()),), "own score on the test images"),
        ((lambda v, t: (v.argmax(), t),), "a single number each"),
        ((lambda v, t: (f"team {v.argmax()}", t[v.argmax()]),), "a single number each"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        (((1, 0.74),), "without brackets"),
        ((choose_and_report(np.arange(3), np.arange(3)),), "without brackets"),
    ],
}  # fmt: skip
