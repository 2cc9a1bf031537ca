"""Checkers and quiz of lesson 33, object detection."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    Untouched,
    as_array,
    expect,
    expect_array,
    expect_function,
    expect_result,
    expect_tuple,
    expect_value,
    is_close,
    is_untouched,
    name_of,
    undisturbed,
)
from ..quizzes import Question


@exercise("33.1")
def iou(iou):
    pairs = [
        ([4.0, 2, 14, 22], [8.0, 6, 20, 30]),
        ([10.0, 20, 31, 30], [2.5, 12, 18.5, 44]),
        ([6.0, 4, 30, 40], [12.0, 10, 19, 21]),  # one inside the other
        ([0.0, 5, 10, 16], [30.0, 8, 41, 19]),  # side by side
        ([2.0, 3, 9, 12], [20.0, 30, 33, 47]),  # apart in both directions
    ]
    for a, b in pairs:
        a, b = np.array(a), np.array(b)
        expect_result(
            iou, (a, b), _iou(a, b),
            "Divide the area that the two share by the area that they cover together.",
            mistakes=_mistakes_of_iou(a, b),
        )  # fmt: skip
    return "separate boxes get 0, and the shared part is counted once"


def _sides(a, b):
    return np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])


def _area(box):
    return np.prod(box[2:] - box[:2])


def _iou(a, b):
    both = np.prod(np.clip(_sides(a, b), 0, None))
    return both / (_area(a) + _area(b) - both)


def _mistakes_of_iou(a, b):
    sides, total = _sides(a, b), _area(a) + _area(b)
    both = np.prod(np.clip(sides, 0, None))
    ends = np.maximum(a[2:], b[2:]) - np.minimum(a[:2], b[:2])
    pixels = np.prod(np.clip(sides + 1, 0, None))
    areas = [np.prod(box[2:] - box[:2] + 1) for box in (a, b)]
    negative = sides.prod()
    found = [
        (negative / (total - negative), "These boxes do not touch, so they share nothing: a"
         " negative width or height must become 0, each by itself."),
        (both / total, "The shared part is counted twice below the line: subtract it once"
         " from the sum of the two areas."),
        (both / (total - 2 * both), "The shared part was subtracted twice: it belongs to the"
         " union, once."),
        (both, "That is the shared area: divide it by the union."),
        (total - both, "That is the union: it stands below the line."),
        ((total - both) / both if both else -1.0, "Upside down: the intersection stands"
         " above the line."),
        (both / min(_area(a), _area(b)), "That divides by the smaller box: take the union of"
         " both."),
        (both / max(_area(a), _area(b)), "That divides by the larger box: take the union of"
         " both."),
        (both / _area(a), "That divides by the first box alone: take the union of both."),
        (both / _area(b), "That divides by the second box alone: take the union of both."),
        (both / ends.prod(), "That divides by the smallest box around both: their union is"
         " smaller, the two areas less what they share."),
        (pixels / (sum(areas) - pixels), "There is a 1 too many: a box from 4 to 14 is 10"
         " wide."),
        (ends.prod() / (total - ends.prod()), "The intersection begins at the larger of the"
         " two left sides and ends at the smaller of the two right sides."),
    ]  # fmt: skip
    right, kept = both / (total - both), []
    for wrong, why in found:  # for some pairs, several mistakes give the same number
        if not any(is_close(wrong, other) for other, _ in [(right, ""), *kept]):
            kept.append((wrong, why))
    return kept


NMS_CASES = [  # boxes, scores, limit
    (
        [[4, 4, 14, 14], [5, 4, 15, 14], [30, 8, 40, 22], [29, 8, 39, 22], [6, 30, 14, 44]],
        [0.6, 0.8, 0.7, 0.95, 0.3],
        0.5,
    ),
    (  # a chain: the second would drop the third, but is dropped by the first
        [[10, 5, 20, 25], [13, 5, 23, 25], [16, 5, 26, 25], [19, 5, 29, 25], [40, 9, 46, 29]],
        [0.8, 0.75, 0.7, 0.65, 0.9],
        0.5,
    ),
    (
        [[10, 5, 20, 25], [13, 5, 23, 25], [16, 5, 26, 25], [19, 5, 29, 25]],
        [0.9, 0.8, 0.7, 0.6],
        0.2,
    ),
    ([[10, 5, 20, 25], [11, 5, 21, 25], [17, 5, 27, 25]], [0.4, 0.35, 0.2], 0.9),
]  # fmt: skip


@exercise("33.2")
def nms(nms):
    name = name_of(nms)
    expect_function(nms, name)
    for boxes, scores, limit in NMS_CASES:
        boxes, scores = np.array(boxes, float), np.array(scores)
        right = _nms(boxes, scores, limit)
        kept = nms(boxes, scores, limit)
        expect(kept is not None, f"{name} gives nothing back: end it with `return`.")
        kept = as_array(kept, f"what {name} returns")
        if kept.ndim == 2 and kept.shape[1] == 4:
            raise Hint("Return the positions of the kept boxes, not the boxes.")
        expect(kept.ndim == 1, "Return the positions of the kept boxes as a list.")
        if not np.array_equal(kept, right):
            _explain_nms(kept, right, boxes, scores, limit)
        again = as_array(nms(boxes.copy(), scores.copy(), limit))
        expect(np.array_equal(again, right), "Called again, it keeps other boxes.")
    return "one box is left for each cookie, as TensorFlow would have it"


def _table(boxes):
    return np.array([[_iou(a, b) for b in boxes] for a in boxes])


def _nms(boxes, scores, limit, table=None):
    table = _table(boxes) if table is None else table
    left, kept = list(np.argsort(-scores)), []
    while left:
        best = left.pop(0)
        kept.append(best)
        left = [i for i in left if table[best, i] <= limit]
    return np.array(kept)


def _explain_nms(kept, right, boxes, scores, limit):
    table, n, order = _table(boxes), len(boxes), np.argsort(-scores)
    higher = [[j for j in range(n) if scores[j] > scores[i]] for i in range(n)]
    once = [i for i in order if all(table[i, j] <= limit for j in higher[i])]
    expect(
        not (kept.size == n and set(kept) <= {0, 1}),
        "Return the positions of the kept boxes, not one true or false per box.",
    )
    expect(
        not np.array_equal(kept, scores[right]),
        "Those are the scores of the kept boxes: return their positions.",
    )
    expect(
        not (kept.size == right.size and set(kept) == set(right)),
        "The right boxes are kept, but not in order: best score first.",
    )
    expect(
        not np.array_equal(kept, [order[0]]),
        "Only the best box is kept: go on with the best of what is left.",
    )
    expect(
        not (kept.size == n and set(kept) == set(range(n))),
        "Nothing is dropped: leave out every box whose IoU with the best is above the"
        " limit.",
    )
    expect(
        not np.array_equal(kept, _nms(boxes, -scores, limit)),
        "It begins with the lowest score: take the highest first.",
    )
    expect(
        not np.array_equal(kept, once),
        "A box that was dropped itself must not drop others: compare only with boxes that"
        " are kept.",
    )
    expect(
        not np.array_equal(kept, _nms(boxes, scores, 0.5)),
        f"Here the limit is {limit}: use the argument `limit`, not 0.5.",
    )
    expect(
        not np.array_equal(kept, _nms(boxes, scores, limit, limit - table + limit)),
        "The wrong ones are dropped: those with an IoU *above* the limit must go.",
    )
    expect(
        not np.array_equal(kept, _nms(boxes, -np.arange(n), limit)),
        "It takes the boxes in the order in which they come: sort by score first.",
    )
    raise Hint(
        f"For boxes {boxes.astype(int).tolist()} with scores {scores.tolist()} and limit"
        f" {limit} it keeps {kept.tolist()}, expected {right.tolist()}. Keep the best, drop"
        " what overlaps with it, go on with the best of what is left."
    )


@exercise("33.3")
def precision_recall(precision_recall):
    name = name_of(precision_recall)
    expect_function(precision_recall, name)
    told = f"{name} should return two arrays: precision, recall."
    for hits, m in [
        ([1, 0, 1, 1, 0, 0, 1], 9),
        ([0, 1, 1, 0, 1], 4),
        ([1, 1, 0, 1], 6),
    ]:
        hits = np.array(hits)
        both = precision_recall(hits, m)
        expect(both is not None, f"{name} gives nothing back: end it with `return`.")
        parts = expect_tuple(both, 2, told)
        if any(is_untouched(part) for part in parts):
            raise Untouched(name)
        of = f"for hits {hits.tolist()} and {m} true boxes"
        first = as_array(parts[0], "The first array")
        for value, mistakes, what in zip(
            parts, _mistakes_of_curves(hits, m), ("precision", "recall"), strict=True
        ):
            right, wrong = mistakes
            expect_value(
                expect_array(value, (None,) * as_array(value).ndim, f"{what} {of}"), right,
                "Both divide the number of hits so far, np.cumsum(hits).",
                what=f"{what} {of}", mistakes=wrong, reveal=True,
            )  # fmt: skip
        again = as_array(precision_recall(hits.copy(), m)[0])
        expect(is_close(again, first), "Called again, something else comes out.")
    return "every threshold is one point of this curve"


def _mistakes_of_curves(hits, m):
    n, so_far = len(hits), np.cumsum(hits)
    k = np.arange(1, n + 1)
    precision, recall, misses = so_far / k, so_far / m, np.cumsum(1 - hits)
    return [
        (precision, [
            (recall, "Precision and recall have changed places: precision comes first."),
            (precision[-1], "That is the precision of all boxes together: return one value"
             " after each box."),
            (so_far, "Those are the hits so far: divide them by 1, 2, 3, ... for precision."),
            (so_far / n, "Precision divides by the number of boxes so far, not by all of"
             " them."),
            (hits / k, "Count the hits so far, with np.cumsum(hits), before you divide."),
            (misses / k, "Those are the false alarms: precision counts hits."),
            (so_far / (k - 1 + (k == 1)), "The boxes are counted from 1: np.arange(1,"
             " len(hits) + 1)."),
            (so_far / (k + 1), "The boxes are counted from 1: np.arange(1, len(hits) + 1)."),
        ]),
        (recall, [
            (precision, "Recall divides by the number of true boxes, not by the boxes so"
             " far."),
            (recall[-1], "That is the recall of all boxes together: return one value after"
             " each box."),
            (so_far, "Those are the hits so far: divide them by n_truths for recall."),
            (so_far / n, "Recall divides by n_truths, the true boxes, not by the number of"
             " boxes found."),
            (so_far / hits.sum(), "Recall divides by all true boxes, also by those that no box"
             " found: n_truths."),
            (hits / m, "Count the hits so far, with np.cumsum(hits), before you divide."),
            (k / m, "Recall counts only the hits, not all boxes."),
            (1 - recall, "That is the share of cookies missed: recall is the share found."),
        ]),
    ]  # fmt: skip


@exercise("33.4")
def mended_norm(mended_norm):
    import keras

    told = "Give a layer, such as layers.BatchNormalization(...) with what you change in it."
    layer = mended_norm
    if callable(layer) and not isinstance(layer, keras.layers.Layer):
        layer = layer()
    expect(isinstance(layer, keras.layers.Layer), told)
    if isinstance(layer, keras.Sequential) and len(layer.layers) == 1:
        layer = layer.layers[0]
    kind = type(layer)
    try:
        layer = kind.from_config(layer.get_config())  # the learner's own stays unbuilt
    except Exception:
        raise Hint(told) from None
    rng = np.random.default_rng(3)

    def features(n):
        return rng.normal(4, 2, (n, 6, 6, 8)).astype("float32")

    with undisturbed():
        for _ in range(48):
            during = keras.ops.convert_to_numpy(layer(features(32), training=True))
        after = keras.ops.convert_to_numpy(layer(features(64), training=False))
    expect(after.shape == (64, 6, 6, 8), "The layer must not change the shape.")
    _judge_norm(layer, during, after)
    return "it uses the same statistics in training and afterwards"


def _judge_norm(layer, during, after):
    import keras

    momentum = getattr(layer, "momentum", None)
    expect(
        abs(during.mean()) < 0.2 and abs(during.std() - 1) < 0.2,
        "While training, this layer does not bring features to mean 0 and deviation 1, and he"
        " wants to keep normalizing.",
    )
    expect(
        momentum is None or momentum < 0.985 or momentum > 0.995,
        "That is the default, momentum 0.99: after his 48 batches 62 % of the start is left in"
        " the moving averages.",
    )
    expect(
        momentum is None or momentum < 0.99,
        "Nearer to 1 it forgets even more slowly: each batch moves the averages by a share of"
        " 1 - momentum.",
    )
    expect(
        abs(after.mean()) < 0.15 and abs(after.std() - 1) < 0.15,
        "After 48 batches, features that have mean 4 and deviation 2 come out with mean"
        f" {after.mean():.2f} and deviation {after.std():.2f}, not near 0 and 1: let the"
        " moving averages forget their start faster.",
    )
    expect(
        not isinstance(layer, keras.layers.BatchNormalization) or momentum >= 0.5,
        "It remembers only the last batch or two, which is a noisy average: take a momentum"
        " between 0.5 and 0.95.",
    )


QUIZ = [
    Question(
        "Two boxes of the same size each cover half of the other. What is their IoU?",
        [
            (
                "1/2",
                "The shared half is divided by what both cover together, and that is one and a"
                " half boxes.",
            ),
            (
                "1/3",
                "Half a box is shared, and together they cover 1 + 1 - 1/2 = 3/2 boxes.",
            ),
            (
                "1/4",
                "That would be half of a half. Both areas are 1, the shared part is 1/2, the"
                " union 3/2.",
            ),
        ],
        answer=1,
    ),
    Question(
        "A detector is right about 97 % of the grid's cells, and 96 % of them are empty. What"
        " do you know?",
        [
            (
                "It finds nearly all objects.",
                "It could find a quarter of them: the empty cells alone give 96 %.",
            ),
            (
                "It makes 3 mistakes in 100 objects.",
                "It makes 3 in 100 *cells*, and only 4 of these 100 hold an object.",
            ),
            (
                "Little: one that sees nothing is right about 96 %.",
                "Precision, recall and mAP look at the objects; accuracy looks mostly at empty"
                " cells.",
            ),
        ],
        answer=2,
    ),
    Question(
        "Why does non-maximum suppression run for each class by itself?",
        [
            (
                "A box must not drop its neighbor of another class.",
                "Two objects of different classes may overlap, and both boxes may be right.",
            ),
            (
                "Scores of different classes lie on different scales.",
                "They are probabilities on one scale. The question is which boxes may drop"
                " which.",
            ),
            (
                "IoU is only defined within a class.",
                "IoU compares areas and knows nothing of classes.",
            ),
        ],
        answer=0,
    ),
    Question(
        "You raise the threshold on the score. What can never happen?",
        [
            (
                "Precision falls.",
                "It can: if the box that is lost was a hit, the share of hits among the rest may"
                " fall.",
            ),
            (
                "Recall rises.",
                "Fewer boxes are kept, so there are as many hits as before, or fewer.",
            ),
            (
                "Precision stays the same.",
                "It does, for example, if all kept boxes are hits before and after.",
            ),
        ],
        answer=1,
    ),
    Question(
        "One report says mAP 0.88, another 0.55, for the same network and the same pictures."
        " What is the likeliest reason?",
        [
            (
                "One of them computed precision over the cells.",
                "Cells play no part in mAP, which matches boxes with true boxes.",
            ),
            (
                "One of them chose a better threshold on the score.",
                "mAP runs over all thresholds, so nobody has to choose one.",
            ),
            (
                "They demand a different IoU of a hit.",
                "At 0.5 many boxes are hits that are not at 0.75, or in the mean over ten"
                " demands.",
            ),
        ],
        answer=2,
    ),
]
