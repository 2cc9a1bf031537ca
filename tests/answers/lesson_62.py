"""Right and wrong answers to the exercises of lesson 62."""

import numpy as np


def ratio(a, b):
    return a / b if b else 0.0


def scores(tp, fp, fn, tn):
    precision, recall = ratio(tp, tp + fp), ratio(tp, tp + fn)
    specificity = ratio(tn, tn + fp)
    f1 = ratio(2 * precision * recall, precision + recall)
    return np.array([precision, recall, specificity, f1, (recall + specificity) / 2])


def nothing(*arguments):
    sum(map(id, arguments))  # computes, and forgets to return


def changed(index, formula):
    def wrong(tp, fp, fn, tn):
        out = list(scores(tp, fp, fn, tn))
        out[index] = formula(tp, fp, fn, tn)
        return out

    return wrong


def unguarded(tp, fp, fn, tn):
    return (
        tp / (tp + fp),
        tp / (tp + fn),
        tn / (tn + fp),
        0.48,
        0.5 * (0.6 + tn / (tn + fp)),
    )


def swapped(tp, fp, fn, tn):
    p, r, *others = scores(tp, fp, fn, tn)
    return r, p, *others


def pair_area(y, p):
    values = [
        1.0 if a > b else 0.5 if a == b else 0.0 for a in p[y == 1] for b in p[y == 0]
    ]
    return sum(values) / len(values)


def pairs(compare):
    def wrong(y, p):
        return compare(p[y == 1][:, None], p[y == 0][None, :])

    return wrong


def precision_of(batches):
    y = np.concatenate([y for y, _ in batches])
    flagged = np.concatenate([flags for _, flags in batches])
    return y[flagged].mean() if flagged.any() else 0


def batch_means(skip_empty):
    def wrong(batches):
        values = [
            y[f].mean() if f.any() else 0.0
            for y, f in batches
            if f.any() or not skip_empty
        ]
        return np.mean(values)

    return wrong


def of_sums(above, below):
    return lambda batches: (
        sum(above(*b) for b in batches) / sum(below(*b) for b in batches)
    )


RIGHT = {
    "62.1": (scores,),
    "62.2": (0.01,),
    "62.3": (pair_area,),
    "62.4": (lambda q, w: q / (q + w * (1 - q)),),
    "62.5": (precision_of,),
}
WRONG = {
    "62.1": [
        ((swapped,), "changed places"),
        ((changed(2, lambda tp, fp, fn, tn: ratio(fp, fp + tn)),), "false alarm rate"),
        ((changed(3, lambda tp, fp, fn, tn: 0.5),), "harmonic mean"),
        ((changed(4, lambda tp, fp, fn, tn: (tp + tn) / (tp + fp + fn + tn)),), "plain accuracy"),
        ((changed(4, lambda tp, fp, fn, tn: 0.5),), "not of recall and precision"),
        ((changed(0, lambda tp, fp, fn, tn: 0.1),), "precision should be 0.400"),
        ((unguarded,), "divides by zero"),
        ((lambda *four: scores(*map(np.float64, four)) * 100,), "not percent"),
        ((changed(3, lambda tp, fp, fn, tn: 0.24),), "2 above the line"),
        ((changed(4, lambda tp, fp, fn, tn: (0.4 + tn / (tn + fp)) / 2),), "about neither"),
        ((changed(0, lambda tp, fp, fn, tn: np.float64(tp) / (tp + fp)),), "Give 0 there"),
        ((lambda tp, fp, fn, tn: 0.4,), "shape ()"),
        ((nothing,), "returns nothing"),
        ((3,), "without brackets"),
    ],
    "62.2": [
        ((0.5,), "250 €"),
        ((100,), "upside down"),
        ((5 / 505,), "every review costs"),
        ((1,), "certain fraud"),
        ((0.99,), "honest"),
        ((5,), "a probability is asked for"),
        ((0.2,), "set them equal"),
        (("1 %",), "One number"),
    ],
    "62.3": [
        ((pairs(lambda a, b: np.sum(a > b)),), "divide by how many"),
        ((pairs(lambda a, b: np.mean(a < b)),), "wrong order"),
        ((pairs(lambda a, b: np.mean(a > b)),), "counts it as wrong"),
        ((pairs(lambda a, b: np.mean(a >= b)),), "counts it as right"),
        ((lambda y, p: np.sum(p[y == 1][:, None] > p[y == 0]) / len(y) ** 2,), "not by all pairs"),
        ((lambda y, p: 0.7,), "five of six"),
        ((lambda y, p: np.mean(p[y == 1] > p[y == 0]),), "a column"),
        ((lambda y, p: p[y == 1][:, None] > p[y == 0],), "table of all pairs"),
        ((lambda y, p: p[y == 1].mean() - p[y == 0].mean(),), "in the right order"),
        ((nothing,), "returns nothing"),
    ],
    "62.4": [
        ((lambda q, w: q / w,), "odds"),
        ((lambda q, w: q / (1 - q) / w,), "Those are the odds"),
        ((lambda q, w: q * w / (q * w + 1 - q),), "divide them"),
        ((lambda q, w: q / (1 - q) / w / (1 + q / (1 - q) / w),), "q = 1 breaks it"),
        ((lambda q, w: 0.01,), "q = 1 breaks it"),
        ((lambda q, w: 0.3,), "the odds are 1"),
        ((lambda w, q: q / (q + w * (1 - q)),), "in this order"),
        ((lambda q, w: 1.0 if q == 1 else q / (q + w * (1 - q)),), "whole array"),
    ],
    "62.5": [
        ((batch_means(False),), "middle one"),
        ((batch_means(True),), "not enough"),
        ((of_sums(lambda y, f: np.sum(y), lambda y, f: np.sum(f)),), "numerator"),
        ((of_sums(lambda y, f: np.sum(y[f]), lambda y, f: np.sum(y)),), "That is recall"),
        ((of_sums(lambda y, f: len(y) * precision_of([(y, f)]), lambda y, f: len(y)),), "its size"),
        ((of_sums(lambda y, f: np.sum(y == f), lambda y, f: len(y)),), "That is the accuracy"),
        ((of_sums(lambda y, f: np.sum(y[f]), lambda y, f: len(y)),), "not by all payments"),
        ((lambda batches: precision_of(batches[:1]),), "not inside"),
        ((of_sums(lambda y, f: np.sum(y[f]), lambda y, f: np.sum(f)),), "finite number"),
        ((nothing,), "returns nothing"),
    ],
}  # fmt: skip
