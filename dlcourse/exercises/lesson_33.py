"""Checkers and quiz of lesson 33, object detection."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    as_array,
    expect,
    expect_function,
    expect_result,
    is_close,
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
        ([4.0, 2, 14, 12], [6.0, 30, 16, 40]),  # one below the other
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
        (np.abs(sides).prod() / (total - np.abs(sides).prod()), "These boxes share nothing: a"
         " negative width or height must become 0, not positive."),
        (2 * both / total, "Twice the shared area over the sum of both is another measure:"
         " divide the shared area by the union."),
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
        [[10, 5, 20, 25], [11, 5, 21, 25], [12, 5, 22, 25], [15, 5, 25, 25], [38, 9, 46, 29]],
        [0.9, 0.8, 0.7, 0.6, 0.5],
        0.2,
    ),
    ([[10, 5, 20, 25], [11, 5, 21, 25], [17, 5, 27, 25]], [0.4, 0.35, 0.2], 0.9),
    (  # a small box inside a large one, and a pair with IoU 0.43
        [[6, 6, 14, 14], [2, 2, 26, 26], [32, 30, 42, 40], [28, 30, 38, 40], [27, 30, 37, 40]],
        [0.8, 0.9, 0.6, 0.7, 0.65],
        0.5,
    ),
]  # fmt: skip


@exercise("33.2", in_place=True)  # it may overwrite the copies that it is handed
def nms(nms):
    name = name_of(nms)
    expect_function(nms, name)
    for boxes, scores, limit in NMS_CASES:
        boxes, scores = np.array(boxes, float), np.array(scores)
        right = _nms(boxes, scores, limit)
        kept = nms(boxes.copy(), scores.copy(), limit)
        expect(kept is not None, f"{name} gives nothing back: end it with `return`.")
        kept = as_array(kept, f"what {name} returns")
        if kept.ndim == 2 and kept.shape[1] == 4:
            raise Hint("Return the positions of the kept boxes, not the boxes.")
        expect(kept.ndim == 1, "Return the positions of the kept boxes as a list.")
        if not np.array_equal(kept, right):
            _explain_nms(kept, right, boxes, scores, limit)
        again = as_array(nms(boxes.copy(), scores.copy(), limit))
        expect(np.array_equal(again, right), "Called again, it keeps other boxes.")
    return "one box is left for each cookie, the surest"


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


def _while_looping(boxes, scores, limit, inside):
    """Return what is left if boxes are removed from the list that the loop runs over."""
    table, left, kept = _table(boxes), list(np.argsort(-scores)), []
    if inside:  # one list, for both loops
        for best in left:
            for i in left:
                if i != best and table[best, i] > limit:
                    left.remove(i)
        return left
    while left:
        best = left.pop(0)
        kept.append(best)
        for i in left:
            if table[best, i] > limit:
                left.remove(i)
    return kept


def _explain_nms(kept, right, boxes, scores, limit):
    table, n, order = _table(boxes), len(boxes), np.argsort(-scores)
    areas = np.array([_area(box) for box in boxes])
    total = areas + areas[:, None]
    both = table / (1 + table) * total
    others = [
        both / areas,
        both / areas[:, None],
        both / np.minimum(areas, areas[:, None]),
    ]
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
        not np.array_equal(kept, np.argsort(order)[right]),
        "Those are positions in the list that you sorted: return the positions in `boxes`.",
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
        not any(
            np.array_equal(kept, _while_looping(boxes, scores, limit, inside))
            for inside in (False, True)
        ),
        "A loop over a list from which it removes skips entries: build a new list of the"
        " boxes that stay.",
    )
    expect(
        not np.array_equal(kept, _nms(boxes, scores, limit, 2 * both / total)),
        "Twice the intersection over the sum of the areas is not IoU: divide by the union.",
    )
    expect(
        not any(
            np.array_equal(kept, _nms(boxes, scores, limit, other)) for other in others
        ),
        "A small box inside a large one has a small IoU: divide by the union, not by the area"
        " of one box.",
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
        f" {limit} it keeps [{', '.join(f'{i:g}' for i in kept)}], expected {right.tolist()}."
        " Keep the best, drop what overlaps with it, go on with the best of what is left."
    )


HITS = [  # of one class, surest box first, and the number of true boxes
    ([1, 0, 1, 1, 0], 8),
    ([1, 1, 0, 1, 0, 0, 1], 5),
    ([0, 1, 0, 1, 1, 0], 4),  # the surest box is a miss
    ([1, 1, 0, 1, 1, 0, 0, 1, 0], 7),
]


@exercise("33.3")
def precision_recall(precision_recall):
    for hits, n_true in HITS:
        hits = np.array(hits)
        expect_result(
            precision_recall, (hits, n_true), _precision_recall(hits, n_true),
            "First precision, h / k, then recall, h / n_true: h counts the hits among"
            " the first k boxes.",
            mistakes=_mistakes_of_precision_recall(hits, n_true),
        )  # fmt: skip
    return "from these two arrays comes the average precision"


def _precision_recall(hits, n_true):
    n_hits = np.cumsum(hits)
    return np.array([n_hits / np.arange(1, len(hits) + 1), n_hits / n_true])


def _mistakes_of_precision_recall(hits, n_true):
    n, n_hits = len(hits), np.cumsum(hits)
    right, k, before = (
        _precision_recall(hits, n_true),
        np.arange(1, n + 1),
        n_hits - hits,
    )
    precision, recall = right
    from_the_end = np.cumsum(hits[::-1])
    best = np.maximum.accumulate(precision[::-1])[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        by_zero = n_hits / np.arange(n)
    return [
        (right[::-1], "Precision comes first, recall second."),
        (right.T, "Return two arrays, one of precisions and one of recalls, not a pair for each"
         " box."),
        (precision, "Recall is missing: return precision and recall."),
        (recall, "Precision is missing: return precision and recall."),
        (right[:, -1], "Those are the two after the last box: return them after every box."),
        ([by_zero, recall], "After the first box k is 1, not 0: count the boxes from 1."),
        ([n_hits / (k + 1), recall], "After the first box k is 1, not 2: count the boxes from"
         " 1."),
        ([n_hits / n, recall], "Precision divides by the boxes so far, 1, 2, 3 and so on, not by"
         " all of them."),
        ([precision, n_hits / n], "Recall divides by the true boxes, `n_true`, not by the boxes"
         " found."),
        ([n_hits / n, n_hits / n], "Neither of the two divides by all boxes found: precision"
         " divides by the boxes so far, recall by `n_true`."),
        ([precision, n_hits / n_hits[-1]], "Recall divides by all true boxes, `n_true`, also by"
         " those that no box hits."),
        ([recall, recall], "Precision divides by the boxes so far, not by `n_true`."),
        ([precision, precision], "Recall divides by `n_true`, not by the boxes so far."),
        ([precision, n_hits], "Recall is still a count: divide it by `n_true`."),
        ([n_hits, recall], "Precision is still a count: divide it by the boxes so far."),
        ([hits / k, hits / n_true], "Add up the hits so far: np.cumsum does."),
        ([before / k, before / n_true], "The hits so far include the newest box."),
        ([(k - n_hits) / k, (k - n_hits) / n_true], "You count the misses: add up `hits` itself."),
        ([from_the_end / k, from_the_end / n_true], "It begins with the last box: the surest"
         " stands first."),
        ([best, recall], "The best precision from here on belongs to the AP, which comes next:"
         " return the precision after each box."),
    ]  # fmt: skip


@exercise("33.4")
def mended_norm(mended_norm):
    import keras

    told = "Return a layer, such as layers.BatchNormalization(...) with what you change in it."
    layer = mended_norm
    if callable(layer) and not isinstance(layer, keras.layers.Layer):
        layer, another = layer(), layer()
        expect(
            another is not layer or not isinstance(layer, keras.layers.Layer),
            "Both times you call it, the same layer comes back, but he needs four: make a new"
            " layer inside the function.",
        )
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
        return rng.normal(4, 2, (n, 6, 6, 12)).astype("float32")

    if isinstance(layer, keras.layers.GroupNormalization):
        expect(
            12 % max(layer.groups, 1) == 0,
            "His smallest convolution has 12 channels: `groups` must divide 12.",
        )
    with undisturbed():
        for _ in range(48):
            during = keras.ops.convert_to_numpy(layer(features(32), training=True))
        after = keras.ops.convert_to_numpy(layer(features(64), training=False))
    expect(after.shape == (64, 6, 6, 12), "The layer must not change the shape.")
    _judge_norm(layer, during, after)
    return "after 48 batches it normalizes in evaluation nearly as in training"


def _judge_norm(layer, during, after):
    import keras

    momentum = getattr(layer, "momentum", None)
    expect(
        momentum is None or layer.axis in (-1, 3),
        "Each channel has statistics of its own: leave `axis` at -1.",
    )
    expect(
        abs(during.mean()) < 0.2 and abs(during.std() - 1) < 0.2,
        "While training, this layer does not bring features to mean 0 and deviation 1, as his"
        " does.",
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
        abs(after.mean()) < 0.25 and abs(after.std() - 1) < 0.2,
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
        "On some trays lie 16 cookies. A detector draws 10 boxes, and 8 of them are hits. What"
        " are precision and recall?",
        [
            (
                "Precision 0.5, recall 0.8",
                "They have changed places: precision divides by the boxes drawn, recall by the"
                " cookies.",
            ),
            (
                "Precision 0.8, recall 0.5",
                "8 of 10 boxes are hits, and 8 of 16 cookies are found.",
            ),
            (
                "Precision 0.8, recall 0.625",
                "10 of 16 counts boxes, not hits: only 8 of the 16 cookies are found.",
            ),
        ],
        answer=1,
    ),
    Question(
        "A detector is right about 97 % of the grid's cells, and 96 % of them are negative. What"
        " do you know?",
        [
            (
                "It finds nearly all objects.",
                "It could find a quarter of them: the negative cells alone give 96 %.",
            ),
            (
                "It makes 3 mistakes in 100 objects.",
                "It makes 3 in 100 cells, and only 4 of these 100 hold an object's center.",
            ),
            (
                "Little: one that sees nothing is right about 96 %.",
                "Precision, recall and mAP look at the objects; accuracy looks mostly at negative"
                " cells.",
            ),
        ],
        answer=2,
    ),
    Question(
        "Objects may overlap. Why does non-maximum suppression then run for each class by itself?",
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
        "There are 3 cookies of a class. Its boxes, surest first, are a hit, a miss and a hit."
        " About how large is the AP?",
        [
            (
                "0.67",
                "That is the precision of all three boxes, and their recall too. The AP goes"
                " through the levels of recall.",
            ),
            (
                "0.55",
                "34 of the 101 levels of recall, up to 1/3, come with precision 1, the next 33, up"
                " to 2/3, with 2/3, and the others with none: 56 / 101.",
            ),
            (
                "0.72",
                "That is the mean of the precisions 1, 1/2 and 2/3. The AP asks for the best"
                " precision at each level of recall, and gives 0 beyond 2/3.",
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
                "mAP sums up all thresholds; only boxes with very low scores are usually left"
                " out.",
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
