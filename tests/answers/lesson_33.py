"""Right and wrong answers of lesson 33, with a piece of the hint that must come."""

import keras
import numpy as np
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


def positive(a, b):
    width = abs(min(a[2], b[2]) - max(a[0], b[0]))
    height = abs(min(a[3], b[3]) - max(a[1], b[1]))
    return width * height / (area(a) + area(b) - width * height)


def positive_too(a, b):
    both = np.abs(np.minimum(a, b)[2:] - np.maximum(a, b)[:2]).prod()
    return both / (area(a) - both + area(b))


def clipped_in_width(a, b):
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    both = width * (min(a[3], b[3]) - max(a[1], b[1]))
    return both / (area(a) + area(b) - both)


def clipped_in_height(a, b):
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    both = height * (min(a[2], b[2]) - max(a[0], b[0]))
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


def nms_by_crossing_out(boxes, scores, limit=0.5):
    kept, scores = [], np.array(scores)
    while scores.max() > -1:
        best = int(scores.argmax())
        kept.append(best)
        scores[[iou(boxes[best], box) > limit for box in boxes]] = -1
        scores[best] = -1
    return kept


def nms_by_slices(boxes, scores, limit=0.5):
    order, kept = scores.argsort()[::-1], np.array([], int)
    while order.size:
        kept, rest = np.append(kept, order[0]), order[1:]
        order = rest[table_of(boxes)[order[0], rest] < limit]
    return kept


def nms_by_kept(boxes, scores, limit=0.5):
    kept = []
    for i in sorted(range(len(scores)), key=lambda i: scores[i], reverse=True):
        if all(iou(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
    return tuple(kept)


def nms_overwriting_scores(boxes, scores, limit=0.5):
    kept = []
    while scores.max() > 0:
        best = int(scores.argmax())
        kept.append(best)
        for i in range(len(scores)):
            if iou(boxes[best], boxes[i]) > limit:
                scores[i] = 0
    return kept


def nms_overwriting_both(boxes, scores, limit=0.5):
    order, kept = np.argsort(-scores), []
    boxes[:], scores[:] = boxes[order], scores[order]
    for n, i in enumerate(order):
        if scores[n] == 0:
            continue
        kept.append(i)
        scores[[iou(boxes[n], box) > limit for box in boxes]] = 0
    return kept


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


def while_removing(boxes, scores, limit=0.5):
    left, kept = list(np.argsort(-scores)), []
    while left:
        kept.append(left.pop(0))
        for i in left:
            if iou(boxes[kept[-1]], boxes[i]) > limit:
                left.remove(i)
    return kept


def while_removing_too(boxes, scores, limit=0.5):
    left = sorted(range(len(scores)), key=lambda i: -scores[i])
    for i in left:
        for j in left:
            if i != j and iou(boxes[i], boxes[j]) > limit:
                left.remove(j)
    return left


def in_sorted(boxes, scores, limit=0.5):
    order = np.argsort(-scores)
    return nms(boxes[order], scores[order], limit)


def in_sorted_too(boxes, scores, limit=0.5):
    boxes = sorted(zip(scores, boxes.tolist(), strict=True), reverse=True)
    kept = []
    for i, (_, box) in enumerate(boxes):
        if all(iou(box, boxes[j][1]) <= limit for j in kept):
            kept.append(i)
    return kept


def nms_with(measure):
    """NMS that compares with something else than IoU."""

    def call(boxes, scores, limit=0.5):
        kept = []
        for i in np.argsort(-scores):
            if all(measure(boxes[j], boxes[i]) <= limit for j in kept):
                kept.append(i)
        return kept

    return call


# ── 33.3 ────────────────────────────────────────────────────────────────────────


def precision_recall(hits, n_true):
    n_hits = np.cumsum(hits)
    return n_hits / np.arange(1, len(hits) + 1), n_hits / n_true


def by_a_loop(hits, n_true):
    precision, recall, found = [], [], 0
    for k, hit in enumerate(hits, start=1):
        if hit:
            found += 1
        precision.append(found / k)
        recall.append(found / n_true)
    return precision, recall


def by_slices(hits, n_true):
    ends = range(1, len(hits) + 1)
    return np.array(
        [[np.mean(hits[:k]) for k in ends], [sum(hits[:k]) / n_true for k in ends]],
        "float32",
    )


def by_a_matrix(hits, n_true):
    found = np.tril(np.ones((len(hits), len(hits)))) @ np.asarray(hits)
    return [found / (np.arange(len(hits)) + 1), found / n_true]


def with_keras_ops(hits, n_true):
    found = keras.ops.cumsum(keras.ops.cast(hits, "float32"))
    boxes = keras.ops.cumsum(keras.ops.ones_like(found))
    return found / boxes, found / n_true


def counted(hits):
    """The hits so far and the boxes so far, by a loop, for the second wordings."""
    return np.array([sum(hits[: k + 1]) for k in range(len(hits))]), np.array(
        list(range(1, len(hits) + 1))
    )


def both_spellings(wrong):
    """A mistake as arrays; and as lists, with counts that come from a loop.

    ``wrong(h, k, m, hits)`` returns the two arrays, given hits so far, boxes so far, the
    number of true boxes, and the hits.
    """

    def in_arrays(hits, n_true):
        with np.errstate(all="ignore"):
            return wrong(np.cumsum(hits), np.arange(1, len(hits) + 1), n_true, hits)

    def in_lists(hits, n_true):
        with np.errstate(all="ignore"):
            parts = wrong(*counted(hits), n_true, hits)
            return [np.asarray(part, float).tolist() for part in parts]

    return [(in_arrays,), (in_lists,)]


def pairs(hits, n_true):
    return list(zip(*precision_recall(hits, n_true), strict=True))


def pairs_by_a_loop(hits, n_true):
    found, rows = 0, []
    for k, hit in enumerate(hits):
        found += hit
        rows.append([found / (k + 1), found / n_true])
    return np.array(rows)


def best_from_here(hits, n_true):
    precision, recall = precision_recall(hits, n_true)
    return [precision[i:].max() for i in range(len(hits))], recall


def best_from_here_too(hits, n_true):
    precision, recall = by_a_loop(hits, n_true)
    for i in reversed(range(len(hits) - 1)):
        precision[i] = max(precision[i], precision[i + 1])
    return precision, recall


def backwards_by_a_loop(hits, n_true):
    return by_a_loop(hits[::-1], n_true)


def too_long(hits, n_true):
    precision, recall = precision_recall(hits, n_true)
    return np.append(1, precision), np.append(0, recall)


# ── 33.4 ────────────────────────────────────────────────────────────────────────


def renamed():
    return layers.BatchNormalization(momentum=0.8, epsilon=1e-5)


class Doubling(layers.Layer):
    def call(self, x, training=False):
        x = (x - 4) / 2
        return keras.ops.concatenate([x, x], axis=-1)


class Flat(layers.Layer):
    def call(self, x, training=False):
        return keras.ops.reshape((x - 4) / 2, (-1, 36, 12))


class NeedsMore(layers.Layer):
    def __init__(self, more):
        super().__init__()
        self.more = more


class NeedsMoreToo(layers.BatchNormalization):
    def __init__(self, more):
        super().__init__()


SHARED = layers.BatchNormalization(momentum=0.9)

RIGHT = {
    "33.1": [
        (iou,),
        (with_keras,),
        (early_exit,),
        (lambda a, b: shared(a, b) / (area(a) + area(b) - shared(a, b)),),
    ],
    "33.2": [
        (nms,),
        (nms_by_mask,),
        (nms_by_crossing_out,),
        (nms_by_slices,),
        (nms_by_kept,),
        (nms_overwriting_scores,),
        (nms_overwriting_both,),
    ],
    "33.3": [
        (precision_recall,),
        (by_a_loop,),
        (by_slices,),
        (by_a_matrix,),
        (with_keras_ops,),
    ],
    "33.4": [
        (layers.BatchNormalization(momentum=0.9),),
        (lambda: layers.BatchNormalization(momentum=0.6),),
        (renamed,),
        (layers.BatchNormalization(momentum=0.95),),
        (layers.LayerNormalization(),),
        (layers.GroupNormalization(12),),
        (layers.GroupNormalization(6),),
        (layers.GroupNormalization(3),),
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
        ((clipped_in_width,), "do not touch"),
        ((clipped_in_height,), "do not touch"),
        ((ratio(lambda a, b: area(a) + area(b)),), "counted twice"),
        ((lambda a, b: shared(a, b) / sum(map(area, (a, b))),), "counted twice"),
        ((ratio(lambda a, b: area(a) + area(b) - 2 * shared(a, b)),), "subtracted twice"),
        ((lambda a, b: shared(a, b) / (area(a) - shared(a, b) + area(b) - shared(a, b)),),
         "subtracted twice"),
        ((lambda a, b: 2 * shared(a, b) / (area(a) + area(b)),), "is another measure"),
        ((lambda a, b: shared(a, b) / ((area(a) + area(b)) / 2),), "is another measure"),
        ((positive,), "not positive"),
        ((positive_too,), "not positive"),
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
        ((while_removing,), "skips entries"),
        ((while_removing_too,), "skips entries"),
        ((in_sorted,), "list that you sorted"),
        ((in_sorted_too,), "list that you sorted"),
        ((nms_with(lambda a, b: 2 * shared(a, b) / (area(a) + area(b))),), "is not IoU"),
        ((nms_with(lambda a, b: shared(a, b) / ((area(a) + area(b)) / 2)),), "is not IoU"),
        ((nms_with(lambda a, b: shared(a, b) / min(area(a), area(b))),), "area of one box"),
        ((nms_with(lambda a, b: shared(a, b) / area(b)),), "area of one box"),
    ],
    "33.3": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        (([1, 0.5],), "function itself"),
        ((np.ones((2, 3)),), "function itself"),
        ((lambda *given: precision_recall(*given)[::-1],), "Precision comes first"),
        ((lambda *given: by_slices(*given)[[1, 0]],), "Precision comes first"),
        ((pairs,), "not a pair for each"),
        ((pairs_by_a_loop,), "not a pair for each"),
        ((lambda *given: precision_recall(*given)[0],), "Recall is missing"),
        ((lambda hits, n_true: hits.cumsum() / (np.arange(len(hits)) + 1),),
         "Recall is missing"),
        ((lambda hits, n_true: np.cumsum(hits) / n_true,), "Precision is missing"),
        ((lambda *given: by_a_loop(*given)[1],), "Precision is missing"),
        ((lambda hits, n_true: (np.mean(hits), np.sum(hits) / n_true),), "after the last box"),
        ((lambda *given: [part[-1] for part in by_a_loop(*given)],), "after the last box"),
        ((best_from_here,), "belongs to the AP"),
        ((best_from_here_too,), "belongs to the AP"),
        ((lambda hits, n_true: precision_recall(hits[::-1], n_true),), "the surest stands first"),
        ((backwards_by_a_loop,), "the surest stands first"),
        ((too_long,), "First precision"),
        ((lambda *given: 100 * np.array(precision_recall(*given)),), "First precision"),
        *[(answer, piece) for piece, wrong in [
            ("k is 1, not 0", lambda h, k, m, hits: (h / (k - 1), h / m)),
            ("k is 1, not 2", lambda h, k, m, hits: (h / (k + 1), h / m)),
            ("not by all of them", lambda h, k, m, hits: (h / len(hits), h / m)),
            ("not by the boxes found", lambda h, k, m, hits: (h / k, h / len(hits))),
            ("Neither of the two", lambda h, k, m, hits: (h / len(k), h / len(k))),
            ("that no box hits", lambda h, k, m, hits: (h / k, h / h[-1])),
            ("not by `n_true`", lambda h, k, m, hits: (h / m, h / m)),
            ("not by the boxes so far", lambda h, k, m, hits: (h / k, h / k)),
            ("Recall is still a count", lambda h, k, m, hits: (h / k, h)),
            ("Precision is still a count", lambda h, k, m, hits: (h, h / m)),
            ("np.cumsum does", lambda h, k, m, hits: (hits / k, hits / m)),
            ("include the newest box", lambda h, k, m, hits: ((h - hits) / k, (h - hits) / m)),
            ("count the misses", lambda h, k, m, hits: ((k - h) / k, (k - h) / m)),
        ] for answer in both_spellings(wrong)],
    ],
    "33.4": [
        ((lambda: SHARED,), "the same layer comes back"),
        ((lambda layer=SHARED: layer,), "the same layer comes back"),
        ((0.9,), "Return a layer"),
        (("momentum=0.9",), "Return a layer"),
        ((lambda: 0.9,), "Return a layer"),
        ((NeedsMore(1),), "Return a layer"),
        ((NeedsMoreToo(2),), "Return a layer"),
        ((Doubling(),), "change the shape"),
        ((Flat(),), "change the shape"),
        ((layers.GroupNormalization(8),), "must divide 12"),
        ((layers.GroupNormalization,), "must divide 12"),
        ((layers.BatchNormalization(axis=1, momentum=0.9),), "leave `axis`"),
        ((lambda: layers.BatchNormalization(axis=2, momentum=0.8),), "leave `axis`"),
        ((layers.Identity(),), "While training"),
        ((layers.Rescaling(0.5),), "While training"),
        ((layers.BatchNormalization(),), "That is the default"),
        ((layers.BatchNormalization,), "That is the default"),
        ((layers.BatchNormalization(momentum=0.99, epsilon=1e-5),), "That is the default"),
        ((layers.BatchNormalization(momentum=0.999),), "Nearer to 1"),
        ((lambda: layers.BatchNormalization(momentum=0.9999),), "Nearer to 1"),
        ((layers.BatchNormalization(momentum=0.96),), "forget their start faster"),
        ((lambda: layers.BatchNormalization(momentum=0.97),), "forget their start faster"),
        ((layers.BatchNormalization(momentum=0.1),), "the last batch or two"),
        ((layers.BatchNormalization(momentum=0.0),), "the last batch or two"),
    ],
}  # fmt: skip
