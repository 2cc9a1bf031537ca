"""Right and wrong answers of lesson 62, with a piece of the hint that must come."""

import statistics

import numpy as np
from sklearn import metrics


def forgets_return(*arguments):
    sum(map(id, arguments))


def prints(*arguments):
    print(len(arguments))


# ── 62.1 ────────────────────────────────────────────────────────────────────────


def scores(tp, fp, fn, tn):
    pairs = [(tp, tp + fp), (tp, tp + fn), (tn, tn + fp), (2 * tp, 2 * tp + fp + fn)]
    precision, recall, specificity, f1 = (a / b if b else 0.0 for a, b in pairs)
    return precision, recall, specificity, f1, (recall + specificity) / 2


def ratio(a, b):
    return a / b if b else 0


def scores_with_ratio(tp, fp, fn, tn):
    precision, recall = ratio(tp, tp + fp), ratio(tp, tp + fn)
    specificity = ratio(tn, tn + fp)
    f1 = ratio(2 * precision * recall, precision + recall)
    return np.array([precision, recall, specificity, f1, (recall + specificity) / 2])


def scores_that_mend_nan(tp, fp, fn, tn):
    tp, fp, fn, tn = map(np.float32, (tp, fp, fn, tn))
    p, r, s = tp / (tp + fp), tp / (tp + fn), tn / (tn + fp)
    p, r, s = np.nan_to_num([p, r, s])
    return [p, r, s, np.nan_to_num(2 * p * r / (p + r)), np.mean([r, s])]


def scores_that_try(tp, fp, fn, tn):
    def share(a, b):
        try:
            return a / b
        except ZeroDivisionError:
            return 0

    p, r, s = share(tp, tp + fp), share(tp, tp + fn), share(tn, tn + fp)
    return p, r, s, share(2, share(1, p) + share(1, r)) * (p > 0), 0.5 * r + 0.5 * s


def scores_by_scikit_learn(tp, fp, fn, tn):
    y, flagged = [1] * (tp + fn) + [0] * (fp + tn), [1] * tp + [0] * fn
    flagged += [1] * fp + [0] * tn
    p, r, f, _ = metrics.precision_recall_fscore_support(
        y, flagged, average="binary", zero_division=0
    )
    s = metrics.recall_score(y, flagged, pos_label=0, zero_division=0)
    return p, r, s, f, (r + s) / 2


def other_score(index, formula):
    """Return scores with another formula for one of them, and 0 where it divides by 0."""

    def wrong(tp, fp, fn, tn):
        out = list(scores(tp, fp, fn, tn))
        try:
            out[index] = formula(tp, fp, fn, tn)
        except ZeroDivisionError:
            out[index] = 0
        return out

    return wrong


def from_parts(index, formula):
    """Return scores with one of them made of precision, recall and specificity."""
    return other_score(index, lambda *counts: formula(*scores(*counts)[:3]))


def scores_by_errors(tp, fp, fn, tn):
    missed, alarms = ratio(fn, tp + fn), ratio(fp, fp + tn)
    recall, specificity = (tp + fn > 0) - missed, (fp + tn > 0) - alarms
    precision = 1 - fp / (tp + fp) if tp + fp else 0
    f1 = 2 / (1 / precision + 1 / recall) if precision and recall else 0
    return precision, recall, specificity, f1, np.mean([recall, specificity])


def recall_first(tp, fp, fn, tn):
    p, r, *others = scores(tp, fp, fn, tn)
    return r, p, *others


def misses_before_alarms(tp, fn, fp, tn):
    return scores(tp, fp, fn, tn)


def unguarded(tp, fp, fn, tn):
    p, r, s = tp / (tp + fp), tp / (tp + fn), tn / (tn + fp)
    return p, r, s, 2 * p * r / (p + r), (r + s) / 2


def f1_unguarded(tp, fp, fn, tn):
    p, r, s, _, balanced = scores(tp, fp, fn, tn)
    return p, r, s, statistics.fmean([2 * p * r]) / (p + r), balanced


def nan_for_lazy(tp, fp, fn, tn):
    return unguarded(*map(np.float64, (tp, fp, fn, tn)))


def arrays_divided(tp, fp, fn, tn):
    below = np.array([tp + fp, tp + fn, tn + fp, 2 * tp + fp + fn])
    p, r, s, f1 = np.array([tp, tp, tn, 2 * tp]) / below
    return p, r, s, f1, (r + s) / 2


def one_for_nothing(tp, fp, fn, tn):
    return (tp / (tp + fp) if tp + fp else 1.0, *scores(tp, fp, fn, tn)[1:])


def half_a_case_added(tp, fp, fn, tn):
    return ((tp + 1e-9) / (tp + fp + 1e-9), *scores(tp, fp, fn, tn)[1:])


# ── 62.3 ────────────────────────────────────────────────────────────────────────


def pair_area(y, p):
    pos, neg = p[y == 1][:, None], p[y == 0][None, :]
    return np.mean(pos > neg) + np.mean(pos == neg) / 2


def in_loops(y, p):
    total = 0
    for positive in p[y == 1]:
        for negative in p[y == 0]:
            total += (positive > negative) + 0.5 * (positive == negative)
    return total / (np.sum(y == 1) * np.sum(y == 0))


def by_signs(y, p):
    differences = np.subtract.outer(p[y == 1], p[y == 0])
    return ((np.sign(differences) + 1) / 2).mean()


def by_ranks(y, p):
    from scipy.stats import rankdata

    n = y.sum()
    return (rankdata(p)[y == 1].sum() - n * (n + 1) / 2) / (n * (len(y) - n))


def by_searching(y, p):
    negatives = np.sort(p[y == 0])
    sides = [np.searchsorted(negatives, p[y == 1], side) for side in ("left", "right")]
    return np.mean(sides) / len(negatives)


def of_rounded(digits):
    return lambda y, p: pair_area(y, np.round(p, digits))


def pairs(compare):
    return lambda y, p: compare(p[y == 1][:, None], p[y == 0][None, :])


def counted(y, p, tie=0.5):
    return sum(
        1 if a > b else tie if a == b else 0 for a in p[y == 1] for b in p[y == 0]
    )


# ── 62.4 ────────────────────────────────────────────────────────────────────────


def precision_of(batches):
    caught = sum(np.sum(y[flagged]) for y, flagged in batches)
    all_flagged = sum(np.sum(flagged) for _, flagged in batches)
    return caught / all_flagged if all_flagged else 0.0


def joined(batches):
    y = np.concatenate([y for y, _ in batches])
    flagged = np.concatenate([flags for _, flags in batches])
    return y[flagged].mean() if flagged.any() else 0


def in_nested_loops(batches):
    hits = alarms = 0
    for y, flagged in batches:
        for label, flag in zip(y, flagged, strict=True):
            hits += flag and label == 1
            alarms += flag and label == 0
    return hits / max(hits + alarms, 1)


def weighted_by_flags(batches):
    parts = [(y[f].mean(), f.sum()) for y, f in batches if f.any()]
    return sum(p * n for p, n in parts) / sum(n for _, n in parts) if parts else 0


def by_running_mean(batches):
    mean, count = 0.0, 0
    for y, flagged in batches:
        for hit in y[flagged]:
            count += 1
            mean += (hit - mean) / count
    return mean


def by_median(batches):
    return np.median([precision_of([batch]) for batch in batches])


def until_empty(batches):
    return precision_of(batches[: [f.any() for _, f in batches].index(False)])


def kept_in_a_default(batches, counts=[0, 0]):  # noqa: B006
    caught = sum(np.sum(y[flagged]) for y, flagged in batches)
    all_flagged = sum(np.sum(flagged) for _, flagged in batches)
    before, counts[:] = list(counts), [caught, all_flagged]
    return (caught + before[0]) / max(all_flagged + before[1], 1)


LAST = []  # the batches of the call before


def kept_outside(batches):
    result = precision_of([*LAST, *batches])
    LAST[:] = batches
    return result


def batch_means(empty):
    """Return a mean of precisions, in which an empty batch counts so, or not at all."""

    def wrong(batches):
        values = [y[f].mean() if f.any() else empty for y, f in batches]
        values = [value for value in values if value is not None]
        return np.mean(values) if values else 0

    return wrong


def of_sums(above, below):
    def wrong(batches):
        total = sum(below(*batch) for batch in batches)
        return sum(above(*batch) for batch in batches) / total if total else 0

    return wrong


def returns_in_the_loop(batches):
    for y, flagged in batches:
        return np.sum(y * flagged) / max(np.sum(flagged), 1)


def counts_anew(batches):
    for y, flagged in batches:
        caught, all_flagged = np.sum(y[flagged]), np.sum(flagged)
    return caught / all_flagged if all_flagged else 0


def unguarded_precision(batches):
    caught = sum(int(np.sum(y * f)) for y, f in batches)
    return caught / sum(int(np.sum(f)) for _, f in batches)


def running_mean(batches):
    mean = 0.0
    for count, (y, flagged) in enumerate(batches, 1):
        mean += (precision_of([(y, flagged)]) - mean) / count
    return mean


def only_first(batches):
    return precision_of(batches[:1])


def only_last(batches):
    return precision_of(batches[-1:])


RIGHT = {
    "62.1": [
        (scores,),
        (scores_with_ratio,),
        (scores_that_mend_nan,),
        (scores_that_try,),
        (scores_by_scikit_learn,),
        (scores_by_errors,),
    ],
    "62.2": [(0.01,), (5 / 500,), (np.float32(0.01),), ([0.01],)],
    "62.3": [(pair_area,), (in_loops,), (by_signs,), (by_ranks,), (by_searching,)],
    "62.4": [
        (precision_of,),
        (joined,),
        (in_nested_loops,),
        (weighted_by_flags,),
        (by_running_mean,),
    ],
}

WRONG = {
    "62.1": [
        ((recall_first,), "is the recall"),
        ((misses_before_alarms,), "come as tp, fp, fn, tn"),
        ((other_score(0, lambda tp, fp, fn, tn: tp / (tp + fn)),), "come as tp, fp, fn, tn"),
        ((lambda *counts: (scores(*counts)[1], *scores(*counts)[1:]),), "is the recall"),
        ((other_score(1, lambda tp, fp, fn, tn: tp / (tp + fp)),), "precision again"),
        ((lambda *c: (*scores(*c)[:1], *scores(*c)[:1], *scores(*c)[2:]),), "precision again"),
        ((lambda *counts: 100 * np.array(scores(*counts)),), "in percent"),
        ((lambda *counts: [100 * score for score in scores(*counts)],), "in percent"),
        ((other_score(0, lambda *c: (c[0] + c[3]) / sum(c)),), "is the accuracy"),
        ((lambda *c: ((c[0] + c[3]) / sum(c), *scores(*c)[:4]),), "is the accuracy"),
        ((other_score(0, lambda *c: c[0] / sum(c)),), "not by all cases"),
        ((lambda *c: (c[0] / sum(c), *scores(*c)[1:]),), "not by all cases"),
        ((from_parts(0, lambda p, r, s: 1 - p),), "is TP / (TP + FP)"),
        ((other_score(0, lambda *c: c[1] / (c[0] + c[1])),), "is TP / (TP + FP)"),
        ((from_parts(1, lambda p, r, s: 1 - r),), "share of frauds missed"),
        ((other_score(1, lambda *c: c[2] / (c[0] + c[2])),), "share of frauds missed"),
        ((from_parts(2, lambda p, r, s: 1 - s),), "false alarm rate"),
        ((other_score(2, lambda *c: c[1] / (c[1] + c[3])),), "false alarm rate"),
        ((other_score(2, lambda *c: c[3] / (c[3] + c[2])),), "of the honest"),
        ((other_score(2, lambda tp, fp, fn, tn: tn / (fn + tn)),), "of the honest"),
        ((from_parts(3, lambda p, r, s: (p + r) / 2),), "not the plain mean"),
        ((from_parts(3, lambda p, r, s: np.mean([p, r])),), "not the plain mean"),
        ((from_parts(3, lambda p, r, s: p * r / (p + r)),), "2 above the line"),
        ((other_score(3, lambda *c: c[0] / (2 * c[0] + c[1] + c[2])),), "2 above the line"),
        ((from_parts(3, lambda p, r, s: 2 * p * r),), "is 2·P·R / (P + R)"),
        ((from_parts(3, lambda p, r, s: 2 * p * r / 1),), "is 2·P·R / (P + R)"),
        ((from_parts(3, lambda p, r, s: (p * r) ** 0.5),), "is 2·P·R / (P + R)"),
        ((from_parts(3, lambda p, r, s: np.sqrt(p) * np.sqrt(r)),), "is 2·P·R / (P + R)"),
        ((from_parts(4, lambda p, r, s: (p + s) / 2),), "is (recall + specificity) / 2"),
        ((from_parts(4, lambda p, r, s: p / 2 + s / 2),), "is (recall + specificity) / 2"),
        ((from_parts(4, lambda p, r, s: (p + r) / 2),), "not of precision and recall"),
        ((from_parts(4, lambda p, r, s: np.mean([p, r])),), "not of precision and recall"),
        ((other_score(4, lambda *c: (c[0] + c[3]) / sum(c)),), "plain accuracy"),
        ((other_score(4, lambda *c: 1 - (c[1] + c[2]) / sum(c)),), "plain accuracy"),
        ((from_parts(4, lambda p, r, s: r + s),), "divide by 2"),
        ((from_parts(4, lambda p, r, s: r + s / 2 + s / 2),), "divide by 2"),
        ((unguarded,), "divides by zero"),
        ((f1_unguarded,), "divides by zero"),
        ((nan_for_lazy,), "nothing below the line"),
        ((arrays_divided,), "nothing below the line"),
        ((one_for_nothing,), "is 1, expected 0"),
        ((half_a_case_added,), "is 1, expected 0"),
        ((lambda *counts: [round(score, 2) for score in scores(*counts)],), "rounded?"),
        ((lambda *counts: np.round(scores(*counts), 3),), "rounded?"),
        ((lambda tp, fp, fn, tn: tp / (tp + fp),), "expected (5,)"),
        ((lambda *counts: scores(*counts)[:4],), "expected (5,)"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((3,), "without brackets"),
        ((scores(6, 9, 4, 981),), "without brackets"),
    ],
    "62.2": [
        ((0.5,), "costs 250 €"),
        ((1 / 2,), "costs 250 €"),
        ((100,), "upside down"),
        ((500 / 5,), "upside down"),
        ((5 / 505,), "every review costs"),
        ((5 / (500 + 5),), "every review costs"),
        ((5 / 495,), "are the odds"),
        ((1 / 99,), "are the odds"),
        ((1,), "write the share"),
        ((100 * 5 / 500,), "write the share"),
        ((0.99,), "honest"),
        ((1 - 5 / 500,), "honest"),
        ((5,), "review costs; a probability"),
        ((np.float64(5),), "review costs; a probability"),
        ((500,), "missed fraud costs; a probability"),
        (([500],), "missed fraud costs; a probability"),
        ((0.2,), "solve for p"),
        ((1 / 500,), "solve for p"),
        (("0.01",), "one number"),
        (("1 %",), "one number"),
        (([5, 500],), "one number"),
    ],
    "62.3": [
        ((lambda y, p: pairs(lambda a, b: np.sum(a > b) + np.sum(a == b) / 2)(y, p),),
         "You counted the pairs; divide"),
        ((counted,), "You counted the pairs; divide"),
        ((pairs(lambda a, b: np.sum(a > b)),), "each positive with each negative; a tie"),
        ((lambda y, p: counted(y, p, 0),), "each positive with each negative; a tie"),
        ((lambda y, p: 1 - pair_area(y, p),), "in the wrong order."),
        ((lambda y, p: pair_area(1 - y, p),), "in the wrong order."),
        ((pairs(lambda a, b: np.mean(a < b)),), "each positive with each negative; a tie"),
        ((lambda y, p: np.mean(p[y == 0][:, None] > p[y == 1]),), "each positive with each negative; a tie"),
        ((pairs(lambda a, b: np.mean(a > b)),), "counts it as wrong"),
        ((lambda y, p: np.mean([a > b for a in p[y == 1] for b in p[y == 0]]),),
         "counts it as wrong"),
        ((pairs(lambda a, b: np.mean(a >= b)),), "counts it as right"),
        ((lambda y, p: counted(y, p, 1) / (np.sum(y) * np.sum(1 - y)),), "counts it as right"),
        ((lambda y, p: counted(y, p) / len(y) ** 2,), "not by all pairs."),
        ((pairs(lambda a, b: (np.sum(a > b) + np.sum(a == b) / 2) / (len(a) + b.size) ** 2),),
         "not by all pairs."),
        ((lambda y, p: p[y == 1].mean() - p[y == 0].mean(),), "in the right order instead"),
        ((lambda y, p: np.average(p, weights=y) - np.average(p, weights=1 - y),),
         "in the right order instead"),
        ((lambda y, p: np.mean((p >= 0.5) == (y == 1)),), "each positive with each negative; a tie"),
        ((lambda y, p: metrics.accuracy_score(y, p > 0.5),), "each positive with each negative; a tie"),
        ((lambda y, p: np.mean(p[y == 1] > p[y == 0]),), "make one of them a column"),
        ((lambda y, p: np.sum(p[y == 1] >= p[y == 0]) / len(y),), "make one of them a column"),
        ((lambda y, p: p[y == 1][:, None] > p[y == 0],), "expected a single number"),
        ((lambda y, p: np.greater.outer(p[y == 1], p[y == 0]),), "expected a single number"),
        ((lambda y, p: max(pair_area(y, p), 1 - pair_area(y, p)),), "below one half"),
        ((lambda y, p: 0.5 + abs(pair_area(y, p) - 0.5),), "below one half"),
        ((lambda p, y: pair_area(y, p),), "the labels, 0 and 1, come first"),
        ((lambda scores, labels: np.mean(scores[labels == 1][:, None] > scores[labels == 0]),),
         "the labels, 0 and 1, come first"),
        ((of_rounded(1),), "each positive with each negative; a tie"),
        ((of_rounded(3),), "each positive with each negative; a tie"),
        ((lambda y, p: 0.7,), "each positive with each negative; a tie"),
        ((lambda y, p: metrics.average_precision_score(y, p),),
         "each positive with each negative; a tie"),
        ((lambda y, p: np.round(pair_area(y, p), 2),), "rounded?"),
        ((lambda y, p: float(f"{pair_area(y, p):.2f}"),), "rounded?"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((0.79,), "without brackets"),
        ((pair_area(np.array([0, 1]), np.array([0.1, 0.2])),), "without brackets"),
    ],
    "62.4": [
        ((batch_means(0.0),), "counts as 0"),
        ((running_mean,), "counts as 0"),
        ((batch_means(np.nan),), "spoils the mean"),
        ((lambda batches: np.mean([metrics.precision_score(y, f, zero_division=np.nan)
                                   for y, f in batches]),), "spoils the mean"),
        ((batch_means(None),), "not enough"),
        ((lambda batches: batch_means(None)([b for b in batches if b[1].any()]),), "not enough"),
        ((of_sums(lambda y, f: np.sum(y), lambda y, f: np.sum(f)),), "frauds above the line"),
        ((of_sums(lambda y, f: len(y[y == 1]), lambda y, f: len(f[f])),), "frauds above the line"),
        ((of_sums(lambda y, f: np.sum(y[f]), lambda y, f: np.sum(y)),), "That is recall"),
        ((of_sums(lambda y, f: f[y == 1].sum(), lambda y, f: (y == 1).sum()),), "That is recall"),
        ((of_sums(lambda y, f: len(y) * precision_of([(y, f)]), lambda y, f: len(y)),), "its size"),
        ((lambda batches: np.average([precision_of([b]) for b in batches],
                                     weights=[len(y) for y, _ in batches]),), "its size"),
        ((of_sums(lambda y, f: np.sum(y == f), lambda y, f: len(y)),), "add up, over all batches"),
        ((lambda batches: np.mean(np.concatenate([y == f for y, f in batches])),),
         "add up, over all batches"),
        ((of_sums(lambda y, f: np.sum(y[f]), lambda y, f: len(y)),), "not by all payments"),
        ((lambda batches: np.mean(np.concatenate([y * f for y, f in batches])),),
         "not by all payments"),
        ((of_sums(lambda y, f: np.sum(1 - y[f]), lambda y, f: np.sum(f)),), "add up, over all batches"),
        ((lambda batches: 1 - precision_of(batches),), "add up, over all batches"),
        ((lambda batches: sum(np.sum(y[f]) for y, f in batches),), "add up, over all batches"),
        ((lambda batches: sum(int(y @ f) for y, f in batches),), "add up, over all batches"),
        ((returns_in_the_loop,), "not inside"),
        ((only_first,), "not inside"),
        ((counts_anew,), "last batch alone"),
        ((only_last,), "last batch alone"),
        ((lambda batches: sum(precision_of([batch]) for batch in batches),), "add up, over all batches"),
        ((lambda batches: np.sum([precision_of([batch]) for batch in batches]),),
         "add up, over all batches"),
        ((lambda batches: [precision_of([batch]) for batch in batches],), "expected a single number"),
        ((lambda batches: np.array([precision_of([batch]) for batch in batches]),),
         "expected a single number"),
        ((by_median,), "add up, over all batches"),
        ((until_empty,), "add up, over all batches"),
        ((lambda batches: precision_of(batches[:-1]),), "add up, over all batches"),
        ((of_sums(lambda y, f: np.sum(y[f.astype(int)]), lambda y, f: np.sum(f)),),
         "add up, over all batches"),
        ((of_sums(lambda y, f: np.mean(y * f), lambda y, f: np.mean(f)),),
         "add up, over all batches"),
        ((lambda batches: precision_of([(f, y == 1) for y, f in batches]),), "first y, then"),
        ((of_sums(lambda y, f: f[y == 1].sum(), lambda y, f: y.sum()),), "first y, then"),
        ((kept_in_a_default,), "after others were counted"),
        ((kept_outside,), "after others were counted"),
        ((unguarded_precision,), "return 0"),
        ((lambda batches: np.float64(precision_of(batches)) if precision_of(batches) else np.nan,),
         "return 0"),
        ((lambda batches: precision_of(batches) or 1,), "return 0"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((0.4,), "without brackets"),
        ((precision_of([]),), "without brackets"),
    ],
}  # fmt: skip
