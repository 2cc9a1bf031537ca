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


def encode(box):
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    column, row = int(x // 8), int(y // 8)
    width, height = (box[2] - box[0]) / 48, (box[3] - box[1]) / 48
    return [row, column, x / 8 - column, y / 8 - row, width, height]


def encode_in_arrays(box):
    box = np.array(box)
    cell, place = np.divmod((box[:2] + box[2:]) / 16, 1)
    return np.concatenate([cell[::-1], place, (box[2:] - box[:2]) / 48])


def encode_step_by_step(box):
    numbers = np.zeros(6, "float32")
    center = box[0] + (box[2] - box[0]) / 2, box[1] + (box[3] - box[1]) / 2
    numbers[:2] = int(center[1] / 8), int(center[0] / 8)
    numbers[2:4] = [c % 8 / 8 for c in center]
    numbers[4:] = (box[2] - box[0]) / 48, (box[3] - box[1]) / 48
    return tuple(numbers)


def changed(change, encode=encode):
    """Right, but for what ``change`` does to the six numbers, knowing the box."""

    def call(box):
        numbers = np.array(encode(box), float)
        change(numbers, np.array(box, float))
        return numbers

    return call


def both_ways(at, values):
    """The same mistake in two wordings: as an array, and as a list from another start."""

    def put(numbers, box):
        numbers[at] = values(numbers, box)

    one, other = changed(put), changed(put, encode_in_arrays)
    return [(one,), (lambda box: [float(v) for v in other(box)],)]


def middle(box):
    return (box[:2] + box[2:]) / 2


# ── 33.3 ────────────────────────────────────────────────────────────────────────


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


RIGHT = {
    "33.1": [
        (iou,),
        (with_keras,),
        (early_exit,),
        (lambda a, b: shared(a, b) / (area(a) + area(b) - shared(a, b)),),
    ],
    "33.2": [(encode,), (encode_in_arrays,), (encode_step_by_step,)],
    "33.3": [
        (nms,),
        (nms_by_mask,),
        (nms_by_crossing_out,),
        (nms_by_slices,),
        (nms_by_kept,),
        (nms_overwriting_scores,),
        (nms_overwriting_both,),
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
        (([2, 3, 1],), "function itself"),
        ((np.zeros(6),), "function itself"),
        ((lambda box: encode(box)[2:],), "The cell is missing"),
        ((lambda box: encode_in_arrays(box)[-4:],), "The cell is missing"),
        ((lambda box: [*encode(box)[:2], 1, *encode(box)[2:]],), "The 1 comes later"),
        ((lambda box: np.insert(encode_in_arrays(box), 2, 1),), "The 1 comes later"),
        *[((wrong,), piece) for piece, at, values in [
            ("the row first", slice(0, 2), lambda n, box: n[1::-1]),
            ("upper left corner", slice(0, 2), lambda n, box: box[1::-1] // 8),
            ("Round the cell down", slice(0, 2),
             lambda n, box: np.round(middle(box)[::-1] / 8)),
            ("are whole numbers", slice(0, 2), lambda n, box: middle(box)[::-1] / 8),
            ("GRID counts", slice(0, 4), lambda n, box: np.concatenate(
                [middle(box)[::-1] // 6, middle(box) % 6 / 6])),
            ("center's pixels", slice(2, 4), lambda n, box: middle(box)),
            ("leave out the", slice(2, 4), lambda n, box: middle(box) / 8),
            ("counted from 0", slice(0, 2), lambda n, box: n[:2] + 1),
            ("x comes before y", slice(2, 4), lambda n, box: n[3:1:-1]),
            ("still in pixels: divide it", slice(2, 4), lambda n, box: n[2:4] * 8),
            ("place on the tray", slice(2, 4), lambda n, box: middle(box) / 48),
            ("place of the corner", slice(2, 4), lambda n, box: box[:2] / 8 % 1),
            ("Width comes before", slice(4, 6), lambda n, box: n[5:3:-1]),
            ("still in pixels: divide them", slice(4, 6), lambda n, box: n[4:6] * 48),
            ("not of the cell", slice(4, 6), lambda n, box: n[4:6] * 6),
            ("right and bottom", slice(4, 6), lambda n, box: box[2:] / 48),
            ("In this order", slice(4, 6), lambda n, box: n[4:6] / 2),
        ] for (wrong,) in both_ways(at, values)],
    ],
    "33.3": [
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
    "33.4": [
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
