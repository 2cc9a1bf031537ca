"""Right and wrong answers of lesson 33, with a piece of the hint that must come."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from keras.utils import bounding_boxes


def forgets_return(*arguments):
    list(arguments)


def prints(*arguments):
    print(len(arguments))


def right_then_wrong(function):
    """Right at the first call, wrong at the second, and so on."""
    calls = []

    def call(*arguments):
        calls.append(1)
        first, *rest = function(*arguments)
        return [first if len(calls) % 2 else first + 1, *rest]

    return call


# ── 33.1 ────────────────────────────────────────────────────────────────────────


def iou(a, b):
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def shared(a, b):
    return np.prod(
        np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None)
    )


def area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def with_keras(a, b):
    return bounding_boxes.compute_iou(
        np.array(a, "float32")[None], np.array(b, "float32")[None], "xyxy"
    )


def early_exit(a, b):
    left, top, right, bottom = [*np.maximum(a[:2], b[:2]), *np.minimum(a[2:], b[2:])]
    if right <= left or bottom <= top:
        return 0
    both = (right - left) * (bottom - top)
    return np.float32(both / (area(a) + area(b) - both))


def unclipped(a, b):
    both = (min(a[2], b[2]) - max(a[0], b[0])) * (min(a[3], b[3]) - max(a[1], b[1]))
    return both / (area(a) + area(b) - both)


def unclipped_too(a, b):
    both = (np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])).prod()
    return both / (area(a) + area(b) - both)


def clipped_at_the_end(a, b):
    both = max(0, (np.minimum(a, b)[2:] - np.maximum(a, b)[:2]).prod())
    return both / (area(a) + area(b) - both)


def ratio(below):
    return lambda a, b: shared(a, b) / below(a, b)


def plus_one(a, b):
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]) + 1)
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]) + 1)
    both, sizes = (
        width * height,
        [(c[2] - c[0] + 1) * (c[3] - c[1] + 1) for c in (a, b)],
    )
    return both / (sum(sizes) - both)


def plus_one_too(a, b):
    end = np.array([0, 0, 1, 1])
    return iou(a + end, b + end)


def around(a, b):
    return np.prod(np.maximum(a[2:], b[2:]) - np.minimum(a[:2], b[:2]))


# ── 33.2 ────────────────────────────────────────────────────────────────────────


def table_of(boxes):
    return np.array([[iou(a, b) for b in boxes] for a in boxes])


def nms(boxes, scores, limit=0.5):
    table = table_of(boxes)
    left, kept = list(np.argsort(-np.array(scores))), []
    while left:
        best = left.pop(0)
        kept.append(best)
        left = [i for i in left if table[best, i] <= limit]
    return kept


def nms_by_mask(boxes, scores, limit=0.5):
    scores, kept = np.array(scores, float), []
    alive = np.ones(len(scores), bool)
    while alive.any():
        best = int(np.where(alive, scores, -1).argmax())
        kept.append(best)
        alive &= np.array([iou(boxes[best], box) <= limit for box in boxes])
        alive[best] = False
    return np.array(kept)


def nms_by_tensorflow(boxes, scores, limit=0.5):
    boxes, scores = np.array(boxes, "float32"), np.array(scores, "float32")
    return tf.image.non_max_suppression(boxes, scores, len(scores), float(limit))


def nms_by_kept(boxes, scores, limit=0.5):
    kept = []
    for i in sorted(range(len(scores)), key=lambda i: scores[i], reverse=True):
        if all(iou(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
    return tuple(kept)


def by_all_higher(boxes, scores, limit=0.5):
    order = np.argsort(-scores)
    return [i for n, i in enumerate(order)
            if all(iou(boxes[i], boxes[j]) <= limit for j in order[:n])]  # fmt: skip


def by_all_higher_too(boxes, scores, limit=0.5):
    table, kept = table_of(boxes), []
    for i in np.argsort(-scores):
        if not np.any((table[i] > limit) & (scores > scores[i])):
            kept.append(i)
    return kept


def in_given_order(boxes, scores, limit=0.5):
    kept = []
    for i in range(len(scores)):
        if all(iou(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
    return kept


def in_given_order_too(boxes, scores, limit=0.5):
    left, kept = list(range(len(boxes))), []
    while left:
        kept.append(left.pop(0))
        left = [i for i in left if iou(boxes[kept[-1]], boxes[i]) <= limit]
    return kept


def drops_the_wrong(boxes, scores, limit=0.5):
    left, kept = list(np.argsort(-scores)), []
    while left:
        kept.append(left.pop(0))
        left = [i for i in left if iou(boxes[kept[-1]], boxes[i]) > limit]
    return kept


def drops_the_wrong_too(boxes, scores, limit=0.5):
    kept = []
    for i in np.argsort(-scores):
        if all(iou(boxes[i], boxes[j]) >= limit for j in kept):
            kept.append(i)
    return kept


def mask_of(boxes, scores, limit=0.5):
    kept = nms(boxes, scores, limit)
    return [i in kept for i in range(len(scores))]


# ── 33.3 ────────────────────────────────────────────────────────────────────────


def precision_recall(hits, n_truths):
    so_far = np.cumsum(hits)
    return so_far / np.arange(1, len(hits) + 1), so_far / n_truths


def in_a_loop(hits, n_truths):
    precision, recall, found = [], [], 0
    for k, hit in enumerate(hits, start=1):
        found += hit
        precision.append(found / k)
        recall.append(found / n_truths)
    return precision, recall


def loop_in_arrays(hits, n_truths):
    return tuple(map(np.array, in_a_loop(hits, n_truths)))


def with_keras_ops(hits, n_truths):
    so_far = keras.ops.cumsum(keras.ops.cast(hits, "float32"))
    return so_far / keras.ops.arange(1.0, len(hits) + 1), so_far / n_truths


def by_slices(hits, n_truths):
    first = [np.array(hits[:k]) for k in range(1, len(hits) + 1)]
    return [[part.mean() for part in first], [part.sum() / n_truths for part in first]]


def curves(precision, recall):
    def both(hits, n_truths):
        hits = np.array(hits)
        given = np.cumsum(hits), np.arange(1, len(hits) + 1), n_truths, hits
        return precision(*given), recall(*given)

    return both


def right_p(h, k, m, hits):
    return h / k


def right_r(h, k, m, hits):
    return h / m


# ── 33.4 ────────────────────────────────────────────────────────────────────────


def renamed():
    return layers.BatchNormalization(momentum=0.8, epsilon=1e-5)


class Doubling(layers.Layer):
    def call(self, x, training=False):
        x = (x - 4) / 2
        return keras.ops.concatenate([x, x], axis=-1)


class Flat(layers.Layer):
    def call(self, x, training=False):
        return keras.ops.reshape((x - 4) / 2, (-1, 36, 8))


class NeedsMore(layers.Layer):
    def __init__(self, more):
        super().__init__()
        self.more = more


class NeedsMoreToo(layers.BatchNormalization):
    def __init__(self, more):
        super().__init__()


RIGHT = {
    "33.1": [
        (iou,),
        (with_keras,),
        (early_exit,),
        (lambda a, b: shared(a, b) / (area(a) + area(b) - shared(a, b)),),
    ],
    "33.2": [(nms,), (nms_by_mask,), (nms_by_tensorflow,), (nms_by_kept,)],
    "33.3": [(precision_recall,), (in_a_loop,), (with_keras_ops,), (by_slices,)],
    "33.4": [
        (layers.BatchNormalization(momentum=0.9),),
        (lambda: layers.BatchNormalization(momentum=0.6),),
        (renamed,),
        (layers.LayerNormalization(),),
        (keras.Sequential([layers.BatchNormalization(momentum=0.9)]),),
    ],
}

WRONG = {
    "33.1": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((0.33,), "function itself"),
        ((np.float64(1 / 3),), "function itself"),
        ((unclipped,), "do not touch"),
        ((unclipped_too,), "do not touch"),
        ((clipped_at_the_end,), "do not touch"),
        ((ratio(lambda a, b: area(a) + area(b)),), "counted twice"),
        ((lambda a, b: shared(a, b) / sum(map(area, (a, b))),), "counted twice"),
        ((ratio(lambda a, b: area(a) + area(b) - 2 * shared(a, b)),), "subtracted twice"),
        ((lambda a, b: shared(a, b) / (area(a) - shared(a, b) + area(b) - shared(a, b)),),
         "subtracted twice"),
        ((shared,), "divide it by the union"),
        ((lambda a, b: iou(a, b) * (area(a) + area(b) - shared(a, b)),),
         "divide it by the union"),
        ((lambda a, b: area(a) + area(b) - shared(a, b),), "That is the union"),
        ((lambda a, b: area(a) + (area(b) - shared(a, b)),), "That is the union"),
        ((lambda a, b: 1 / iou(a, b),), "Upside down"),
        ((lambda a, b: (area(a) + area(b) - shared(a, b)) / shared(a, b),), "Upside down"),
        ((ratio(lambda a, b: min(area(a), area(b))),), "smaller box"),
        ((lambda a, b: max(shared(a, b) / area(a), shared(a, b) / area(b)),), "smaller box"),
        ((ratio(lambda a, b: max(area(a), area(b))),), "larger box"),
        ((lambda a, b: min(shared(a, b) / area(a), shared(a, b) / area(b)),), "larger box"),
        ((ratio(around),), "smallest box around"),
        ((lambda a, b: shared(a, b) / np.prod(np.maximum(a, b)[2:] - np.minimum(a, b)[:2]),),
         "smallest box around"),
        ((plus_one,), "1 too many"),
        ((plus_one_too,), "1 too many"),
        ((lambda a, b: around(a, b) / (area(a) + area(b) - around(a, b)),), "larger of the"),
        ((lambda a, b: -around(a, b) / (around(a, b) - area(a) - area(b)),), "larger of the"),
        ((lambda a, b: iou(a, b) ** 2,), "area that the two share"),
        ((lambda a, b: iou(a, b) / 2,), "area that the two share"),
    ],
    "33.2": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        (([3, 1, 4],), "function itself"),
        ((np.array([3, 1, 4]),), "function itself"),
        ((lambda boxes, scores, limit: boxes[nms(boxes, scores, limit)],), "not the boxes"),
        ((lambda boxes, scores, limit: [boxes[i] for i in nms(boxes, scores, limit)],),
         "not the boxes"),
        ((lambda boxes, scores, limit: nms(boxes, scores, limit)[0],), "as a list"),
        ((lambda boxes, scores, limit: np.array(nms(boxes, scores, limit))[:, None],),
         "as a list"),
        ((mask_of,), "true or false"),
        ((lambda *given: np.array(mask_of(*given)).astype(int),), "true or false"),
        ((lambda boxes, scores, limit: scores[nms(boxes, scores, limit)],), "Those are the scores"),
        ((lambda boxes, scores, limit: [scores[i] for i in nms(boxes, scores, limit)],),
         "Those are the scores"),
        ((lambda *given: sorted(nms(*given)),), "not in order"),
        ((lambda *given: nms(*given)[::-1],), "not in order"),
        ((lambda boxes, scores, limit: [scores.argmax()],), "Only the best box"),
        ((lambda *given: nms(*given)[:1],), "Only the best box"),
        ((lambda boxes, scores, limit: np.argsort(-scores),), "Nothing is dropped"),
        ((lambda boxes, scores, limit: nms(boxes, scores, 1.0),), "Nothing is dropped"),
        ((lambda boxes, scores, limit: nms(boxes, -scores, limit),), "lowest score"),
        ((lambda boxes, scores, limit: nms_by_kept(boxes, 1 - scores, limit),), "lowest score"),
        ((by_all_higher,), "must not drop others"),
        ((by_all_higher_too,), "must not drop others"),
        ((lambda boxes, scores, limit: nms(boxes, scores),), "use the argument"),
        ((lambda boxes, scores, limit: nms_by_mask(boxes, scores, 0.5),), "use the argument"),
        ((drops_the_wrong,), "The wrong ones are dropped"),
        ((drops_the_wrong_too,), "The wrong ones are dropped"),
        ((in_given_order,), "sort by score first"),
        ((in_given_order_too,), "sort by score first"),
        ((lambda *given: nms(*given)[1:],), "Keep the best, drop"),
        ((lambda *given: nms(*given)[:-1],), "Keep the best, drop"),
        ((right_then_wrong(lambda *given: np.array(nms(*given)),),), "Called again"),
        ((right_then_wrong(nms_by_mask),), "Called again"),
    ],
    "33.3": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((([1, 0.5], [0.25, 0.25]),), "function itself"),
        ((0.5,), "function itself"),
        ((lambda hits, m: precision_recall(hits, m)[0],), "two arrays"),
        ((lambda hits, m: 0.5,), "two arrays"),
        ((lambda hits, m: precision_recall(hits, m)[::-1],), "changed places"),
        ((curves(right_r, right_p),), "changed places"),
        ((lambda hits, m: (hits.mean(), hits.sum() / m),), "precision of all boxes"),
        ((curves(lambda h, k, m, hits: (h / k)[-1], right_r),), "precision of all boxes"),
        ((curves(lambda h, k, m, hits: h, right_r),), "divide them by 1, 2, 3"),
        ((lambda hits, m: (np.cumsum(hits), np.cumsum(hits) / m),), "divide them by 1, 2, 3"),
        ((curves(lambda h, k, m, hits: h / len(h), right_r),), "not by all of them"),
        ((lambda hits, m: (np.cumsum(hits) / hits.size, np.cumsum(hits) / m),),
         "not by all of them"),
        ((curves(lambda h, k, m, hits: hits / k, right_r),), "before you divide"),
        ((curves(right_p, lambda h, k, m, hits: hits / m),), "before you divide"),
        ((curves(lambda h, k, m, hits: 1 - h / k, right_r),), "false alarms"),
        ((curves(lambda h, k, m, hits: (k - h) / k, right_r),), "false alarms"),
        ((curves(lambda h, k, m, hits: h / (k + 1), right_r),), "counted from 1"),
        ((lambda hits, m: (np.cumsum(hits) / np.arange(2, len(hits) + 2), np.cumsum(hits) / m),),
         "counted from 1"),
        ((curves(lambda h, k, m, hits: h / np.maximum(k - 1, 1), right_r),), "counted from 1"),
        ((curves(right_p, right_p),), "not by the boxes so"),
        ((lambda hits, m: (precision_recall(hits, m)[0],) * 2,), "not by the boxes so"),
        ((curves(right_p, lambda h, k, m, hits: h[-1] / m),), "recall of all boxes"),
        ((curves(right_p, lambda h, k, m, hits: hits.sum() / m),), "recall of all boxes"),
        ((curves(right_p, lambda h, k, m, hits: h),), "divide them by n_truths"),
        ((lambda hits, m: (precision_recall(hits, m)[0], np.cumsum(hits)),),
         "divide them by n_truths"),
        ((curves(right_p, lambda h, k, m, hits: h / len(hits)),), "not by the number of boxes"),
        ((lambda hits, m: (precision_recall(hits, m)[0], np.cumsum(hits) / hits.size),),
         "not by the number of boxes"),
        ((curves(right_p, lambda h, k, m, hits: h / h[-1]),), "that no box found"),
        ((lambda hits, m: precision_recall(hits, hits.sum()),), "that no box found"),
        ((curves(right_p, lambda h, k, m, hits: k / m),), "not all boxes"),
        ((lambda hits, m: (precision_recall(hits, m)[0], np.arange(1, len(hits) + 1) / m),),
         "not all boxes"),
        ((curves(right_p, lambda h, k, m, hits: 1 - h / m),), "share of cookies missed"),
        ((curves(right_p, lambda h, k, m, hits: (m - h) / m),), "share of cookies missed"),
        ((curves(lambda h, k, m, hits: (h / k) ** 2, right_r),), "Both divide"),
        ((curves(right_p, lambda h, k, m, hits: h / (m + 1)),), "Both divide"),
        ((right_then_wrong(precision_recall),), "Called again"),
        ((right_then_wrong(loop_in_arrays),),
         "Called again"),
    ],
    "33.4": [
        ((0.9,), "Give a layer"),
        (("momentum=0.9",), "Give a layer"),
        ((lambda: 0.9,), "Give a layer"),
        ((NeedsMore(1),), "Give a layer"),
        ((NeedsMoreToo(2),), "Give a layer"),
        ((Doubling(),), "change the shape"),
        ((Flat(),), "change the shape"),
        ((layers.Identity(),), "While training"),
        ((layers.Rescaling(0.5),), "While training"),
        ((layers.BatchNormalization(),), "That is the default"),
        ((layers.BatchNormalization,), "That is the default"),
        ((layers.BatchNormalization(momentum=0.99, epsilon=1e-5),), "That is the default"),
        ((layers.BatchNormalization(momentum=0.999),), "Nearer to 1"),
        ((lambda: layers.BatchNormalization(momentum=0.9999),), "Nearer to 1"),
        ((layers.BatchNormalization(momentum=0.98),), "forget their start faster"),
        ((lambda: layers.BatchNormalization(momentum=0.97),), "forget their start faster"),
        ((layers.BatchNormalization(momentum=0.1),), "the last batch or two"),
        ((layers.BatchNormalization(momentum=0.0),), "the last batch or two"),
    ],
}  # fmt: skip
