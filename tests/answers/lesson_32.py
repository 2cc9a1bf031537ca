"""Right and wrong answers of lesson 32, with a piece of the hint that must come."""

import keras
import numpy as np

# ── 32.1 ────────────────────────────────────────────────────────────────────────


def classic_parameters(side):
    width = (side - 2) // 2
    return (3 * 3 * 1 + 1) * 16 + (width * width * 16 + 1) * 64 + (64 + 1) * 10


def counted_by_keras(side):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Input((side, side, 1)),
            layers.Conv2D(16, 3),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64),
            layers.Dense(10),
        ]
    ).count_params()


def in_parts(side):
    features = int(side / 2 - 1) ** 2 * 16
    return sum([160, features * 64, 64, 640, 10])


def classic(width_of=lambda side: (side - 2) // 2, conv=160, maps=16, one=1, last=650):
    def parameters(side):
        width = width_of(side)
        return conv + (width * width * maps + one) * 64 + last

    return parameters


def one_side(side):
    return 160 + ((side - 2) // 2 * 16 + 1) * 64 + 650


def weights_only(side):
    return 3 * 3 * 16 + ((side - 2) // 2) ** 2 * 16 * 64 + 64 * 10


# ── 32.2 ────────────────────────────────────────────────────────────────────────


def within_luck(accuracies, n):
    best = accuracies.max()
    return accuracies >= best - 2 * np.sqrt(best * (1 - best) / n)


def by_distance(accuracies, n):
    a = np.sort(accuracies)[-1]
    return [bool((a - other) ** 2 <= 4 * a * (1 - a) / n) for other in accuracies]


def in_errors(accuracies, n):
    a = max(accuracies)
    below = (a - np.asarray(accuracies)) / (a * (1 - a) / n) ** 0.5
    return np.where(below > 2, 0, 1)


def luck(factor=2, error=lambda a, n: np.sqrt(a.max() * (1 - a.max()) / n)):
    """Return within_luck with another number of errors, or another error."""

    def wrong(accuracies, n):
        return accuracies >= accuracies.max() - factor * error(accuracies, n)

    return wrong


def forgets_return(*arguments):
    list(arguments)


def prints(*arguments):
    print(len(arguments))


# ── 32.3 ────────────────────────────────────────────────────────────────────────


def scores(y_true, y_pred, label):
    hits = np.sum((y_true == label) & (y_pred == label))
    precision = hits / np.sum(y_pred == label)
    recall = hits / np.sum(y_true == label)
    return precision, recall, 2 * precision * recall / (precision + recall)


def counted(y_true, y_pred, label):
    tp = fp = fn = 0
    for true, predicted in zip(y_true, y_pred, strict=True):
        tp += true == label == predicted
        fp += true != label == predicted
        fn += true == label != predicted
    return [tp / (tp + fp), tp / (tp + fn), tp / (tp + (fp + fn) / 2)]


def with_sklearn(y_true, y_pred, label):
    from sklearn.metrics import precision_recall_fscore_support

    table = precision_recall_fscore_support(y_true, y_pred, labels=[label])
    return np.array([column[0] for column in table[:3]])


def by_position(y_true, y_pred, label):
    """Right only as long as no smaller label is missing, or by chance."""
    from sklearn.metrics import precision_recall_fscore_support

    table = precision_recall_fscore_support(y_true, y_pred, zero_division=0)[:3]
    return [column[label % len(column)] for column in table]


def nth_of_the_labels(y_true, y_pred, label):
    labels = np.unique([*y_true, *y_pred])
    return scores(y_true, y_pred, labels[label % len(labels)])


def other_f1(f1):
    def wrong(y_true, y_pred, label):
        precision, recall, _ = scores(y_true, y_pred, label)
        return precision, recall, f1(precision, recall)

    return wrong


def three(p, r):
    return p, r, 2 * p * r / (p + r)


def counts(y_true, y_pred, label):
    tp = np.sum((y_true == label) & (y_pred == label))
    return tp, np.sum(y_pred == label) - tp, np.sum(y_true == label) - tp


def any_hits(y_true, y_pred, label):
    hits = np.sum(y_true == y_pred)
    return three(hits / np.sum(y_pred == label), hits / np.sum(y_true == label))


def any_hits_in_a_loop(y_true, y_pred, label):
    tp = sum(a == b for a, b in zip(y_true, y_pred, strict=True))
    return three(tp / list(y_pred).count(label), tp / list(y_true).count(label))


def with_negatives(y_true, y_pred, label):
    same = np.mean((y_true == label) == (y_pred == label))
    return three(same, scores(y_true, y_pred, label)[1])


def with_negatives_twice(y_true, y_pred, label):
    tp, fp, fn = counts(y_true, y_pred, label)
    tn = len(y_true) - tp - fp - fn
    return three((tp + tn) / len(y_true), (tp + tn) / len(y_true))


def without_brackets(y_true, y_pred, label):
    tp, fp, fn = counts(y_true, y_pred, label)
    return three(tp / tp + fp, tp / tp + fn)


def all_of_them(y_true, y_pred, label):
    _, fp, fn = counts(y_true, y_pred, label)
    tp = np.sum(y_true == label)
    return three(tp / (tp + fp), tp / (tp + fn))


def all_of_them_counted(y_true, y_pred, label):
    pairs = list(zip(y_true, y_pred, strict=True))
    tp = sum(a == label for a, _ in pairs)
    fp = sum(a != label and b == label for a, b in pairs)
    fn = sum(a == label and b != label for a, b in pairs)
    return three(tp / (tp + fp), tp / (tp + fn))


# ── 32.4 ────────────────────────────────────────────────────────────────────────


def answers(model, data):
    y_true, y_pred = [], []
    for x, y in data:
        outputs = keras.ops.convert_to_numpy(model(x, training=False))
        y_true.append(y)
        y_pred.append(outputs.argmax(axis=1))
    return np.concatenate(y_true), np.concatenate(y_pred)


def stored_first(model, data):
    batches = list(data)
    x = np.concatenate([x for x, _ in batches])
    y = np.concatenate([y for _, y in batches])
    return [y, np.argmax(model.predict(x, verbose=0), axis=-1)]


def one_by_one(model, data):
    pairs = [
        (int(label), int(np.argmax(model(picture[None]))))
        for x, y in data.as_numpy_iterator()
        for picture, label in zip(x, y, strict=True)
    ]
    return np.array(pairs).T


def cached(model, data):
    data = data.cache()
    y = [label for _, labels in data for label in labels]
    return y, np.argmax(model.predict(data, verbose=0), axis=1)


def two_passes(model, data):
    y_pred = model.predict(data, verbose=0).argmax(axis=1)
    return np.concatenate([y for _, y in data]), y_pred


def two_loops(model, data):
    y_true = [label for _, y in data for label in y.numpy()]
    y_pred = [np.argmax(p) for x, _ in data for p in np.array(model(x))]
    return y_true, y_pred


def sorted_both(model, data):
    y_true, y_pred = answers(model, data)
    return np.sort(y_true), np.sort(y_pred)


def first_batch(model, data):
    x, y = next(iter(data))
    return y, np.argmax(model(x), axis=1)


def last_batch(model, data):
    *_, (x, y) = data
    return y, np.argmax(model(x), axis=1)


def batches_in_a_list(model, data):
    y_true, y_pred = [], []
    for x, y in data:
        y_true.append(y.numpy())
        y_pred.append(np.argmax(model(x), axis=1))
    return y_true, y_pred


def outputs_instead(model, data):
    pairs = [(y, model(x)) for x, y in data]
    return tuple(np.concatenate(part) for part in zip(*pairs, strict=True))


def largest(model, data):
    pairs = [(y, np.max(model(x), axis=1)) for x, y in data]
    return tuple(np.concatenate(part) for part in zip(*pairs, strict=True))


def changed(read):
    """Return answers with other predictions: ``read(model, x)``."""

    def wrong(model, data):
        pairs = [(y, read(model, np.array(x))) for x, y in data]
        return tuple(np.concatenate(part) for part in zip(*pairs, strict=True))

    return wrong


RIGHT = {
    "32.1": [(classic_parameters,), (counted_by_keras,), (in_parts,)],
    "32.2": [(within_luck,), (by_distance,), (in_errors,)],
    "32.3": [(scores,), (counted,), (with_sklearn,)],
    "32.4": [(answers,), (stored_first,), (one_by_one,), (cached,)],
}

WRONG = {
    "32.1": [
        ((classic(conv=144),), "16 filters of the convolution"),
        ((lambda side: classic_parameters(side) - 16,), "16 filters of the convolution"),
        ((classic(one=0),), "64 neurons of the first"),
        ((lambda side: classic_parameters(side) - 64,), "64 neurons of the first"),
        ((classic(last=640),), "ten output neurons"),
        ((lambda side: classic_parameters(side) - 10,), "ten output neurons"),
        ((classic(conv=144, one=0, last=640),), "weights alone"),
        ((weights_only,), "weights alone"),
        ((classic(last=0),), "Add the last dense layer"),
        ((lambda side: classic_parameters(side) - 650,), "Add the last dense layer"),
        ((classic(conv=0),), "convolution's own"),
        ((lambda side: classic_parameters(side) - 160,), "convolution's own"),
        ((lambda side: 160 + 650,), "Add the first dense layer"),
        ((lambda side: (9 + 1) * 16 + (64 + 1) * 10,), "Add the first dense layer"),
        ((classic(maps=1),), "all 16 maps"),
        ((lambda s: 160 + (((s - 2) // 2) ** 2 + 1) * 64 + 650,), "all 16 maps"),
        ((one_side,), "two sides"),
        ((lambda s: 810 + 64 * ((s // 2 - 1) * 16 + 1),), "two sides"),
        ((classic(lambda side: side // 2),), "removes two pixels from the side before"),
        ((classic(lambda side: int(side / 2)),), "removes two pixels from the side before"),
        # for an even side this is (side - 3) // 2
        ((classic(lambda side: side // 2 - 2),), "one too small"),
        ((classic(lambda side: (side - 2) // 2 - 1),), "one too small"),
        ((classic(lambda side: (side - 3) // 2),), "not three"),
        ((classic(lambda side: int((side - 3) / 2)),), "not three"),
        ((classic(lambda side: (side - 2) / 2),), "use `//`"),
        ((classic(lambda side: side / 2 - 1),), "use `//`"),
        ((classic(lambda side: (side - 1) // 2),), "after the pooling the side is"),
        ((classic(lambda side: -(-(side - 2) // 2)),), "after the pooling the side is"),
        ((classic(lambda side: side),), "fewer pixels than the image"),
        ((lambda s: 160 + (s**2 * 16 + 1) * 64 + 650,), "fewer pixels than the image"),
        ((classic(lambda side: side - 2),), "pooling halves the side after"),
        ((lambda s: classic_parameters(2 * s - 2),), "pooling halves the side after"),
        ((lambda side: 10090,), "add three layers"),
        ((lambda side: classic_parameters(side) + 1,), "add three layers"),
        ((lambda side: "many",), "one number"),
        ((lambda side: [160, 9280, 650],), "one number"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((10090,), "function itself"),
        ((classic_parameters(8),), "function itself"),
    ],
    "32.2": [
        ((lambda a, n: ~within_luck(a, n),), "changed places"),
        (
            (lambda a, n: a < a.max() - 2 * (a.max() * (1 - a.max()) / n) ** 0.5,),
            "changed places",
        ),
        ((luck(1),), "one standard error"),
        (
            (lambda a, n: a.max() - a <= np.sqrt(a.max() * (1 - a.max()) / n),),
            "one standard error",
        ),
        ((luck(0),), "Only the best"),
        ((luck(2, lambda a, n: a.max() * (1 - a.max()) / n),), "Only the best"),
        ((luck(2, lambda a, n: np.sqrt(a.max() * (1 - a.max()))),), "All are True"),
        ((lambda a, n: a <= a.max(),), "All are True"),
        ((lambda a, n: a[within_luck(a, n)],), "accuracies themselves"),
        (
            (lambda a, n: [v for v, k in zip(a, within_luck(a, n), strict=True) if k],),
            "accuracies themselves",
        ),
        ((lambda a, n: np.flatnonzero(within_luck(a, n)),), "places of the contenders"),
        (
            (lambda a, n: [i for i, k in enumerate(within_luck(a, n)) if k],),
            "places of the contenders",
        ),
        (
            (lambda a, n: a.max() - 2 * np.sqrt(a.max() * (1 - a.max()) / n),),
            "limit itself",
        ),
        (
            (lambda a, n: max(a) * 1 - 2 * (max(a) * (1 - max(a)) / n) ** 0.5,),
            "limit itself",
        ),
        ((luck(2, lambda a, n: np.sqrt(a * (1 - a) / n)),), "not of each"),
        ((lambda a, n: a + 2 * (a * (1 - a) / n) ** 0.5 >= a.max(),), "not of each"),
        ((luck(2, lambda a, n: np.sqrt(a.max() * (1 - a.max())) / n),), "Only the best"),
        ((luck(2, lambda a, n: np.sqrt((1 - a.max()) / n)),), "not 1 - a alone"),
        ((lambda a, n: [a.max() - v <= 2 * ((1 - a.max()) / n) ** 0.5 for v in a],), "not 1 - a alone"),
        ((lambda a, n: a >= max(a) - (4 * max(a) / n) ** 0.5 if max(a) < 0.8 else within_luck(a, n),), "not a alone"),
        ((lambda a, n: within_luck(a, n) | (max(a) < 0.8) & (max(a) - a < 2 * (max(a) / n) ** 0.5),), "not a alone"),
        ((lambda a, n: within_luck(a, 1600),), "Only the best"),
        ((lambda a, n: a >= 0.9596,), "True where an"),
        ((luck(2, lambda a, n: np.std(a) / np.sqrt(n)),), "Only the best"),
        ((luck(3),), "True where an"),
        ((lambda a, n: within_luck(a, n)[:2],), "expected (6,)"),
        ((lambda a, n: within_luck(a, n).tolist()[1:],), "expected (6,)"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((True,), "function itself"),
        ((np.ones(6, bool),), "function itself"),
    ],
    "32.3": [
        ((lambda a, b, c: (*scores(a, b, c)[1::-1], scores(a, b, c)[2]),), "swapped"),
        ((lambda a, b, c: scores(b, a, c),), "swapped"),
        ((other_f1(lambda p, r: (p + r) / 2),), "plain mean"),
        ((lambda *a: (*scores(*a)[:2], np.mean(scores(*a)[:2])),), "plain mean"),
        ((other_f1(lambda p, r: p * r / (p + r)),), "factor 2"),
        ((other_f1(lambda p, r: 1 / (1 / p + 1 / r)),), "factor 2"),
        ((other_f1(lambda p, r: 2 * p * r),), "divided by precision + recall"),
        ((other_f1(lambda p, r: p * r + r * p),), "divided by precision + recall"),
        ((other_f1(lambda p, r: 2 * p * r / p + r),), "around precision + recall"),
        ((other_f1(lambda p, r: r + (2 * p * r) / p),), "around precision + recall"),
        ((without_brackets,), "Brackets: TP"),
        ((lambda *a: three(1 + counts(*a)[1], 1 + counts(*a)[2]),), "Brackets: TP"),
        ((all_of_them,), "that were found"),
        ((all_of_them_counted,), "that were found"),
        ((other_f1(lambda p, r: (p * r) ** 0.5),), "root of the product"),
        ((other_f1(lambda p, r: np.sqrt(p * r)),), "root of the product"),
        ((lambda *a: [100 * part for part in scores(*a)],), "not percent"),
        ((lambda *a: np.array(counted(*a)) * 100,), "not percent"),
        ((lambda *a: scores(*a)[:2],), "F1 is missing"),
        ((lambda *a: counted(*a)[:-1],), "F1 is missing"),
        ((lambda *a: scores(*a)[2],), "F1 alone"),
        ((lambda *a: counted(*a)[-1],), "F1 alone"),
        ((counts,), "Those are the counts"),
        ((lambda *a: list(counts(*a)),), "Those are the counts"),
        ((lambda a, b, c: (np.mean(a == b),) * 3,), "over all classes"),
        ((lambda a, b, c: three(np.mean(a == b), np.mean(a == b)),), "over all classes"),
        ((any_hits,), "of this label only"),
        ((any_hits_in_a_loop,), "of this label only"),
        ((with_negatives,), "True negatives"),
        ((with_negatives_twice,), "True negatives"),
        (
            (lambda a, b, c: three(*[np.mean((a == c) & (b == c))] * 2),),
            "divide by all images",
        ),
        (
            (lambda a, b, c: three(*[counts(a, b, c)[0] / a.size] * 2),),
            "divide by all images",
        ),
        ((by_position,), "For label 7"),
        ((nth_of_the_labels,), "For label 7"),
        ((lambda a, b, c: scores(a, b, 4),), "For label 0"),
        ((lambda a, b, c: counted(a, b, a[0]),), "For label 0"),
        ((lambda a, b, c: (0.75, 0.6, 0.667),), "For label 4"),
        ((lambda a, b, c: np.round(scores(a, b, c), 2),), "rounded?"),
        ((lambda a, b, c: [round(float(s), 2) for s in scores(a, b, c)],), "rounded?"),
        ((lambda a, b, c: scores(a, b, c)[0],), "For label 4"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        (((0.75, 0.6, 0.667),), "function itself"),
        ((scores(np.ones(2), np.ones(2), 1),), "function itself"),
    ],
    "32.4": [
        ((two_passes,), "How often do you go"),
        ((two_loops,), "How often do you go"),
        ((sorted_both,), "How often do you go"),
        ((lambda model, data: answers(model, data)[::-1],), "changed places"),
        ((lambda model, data: stored_first(model, data)[::-1],), "changed places"),
        ((lambda model, data: [answers(model, data)[0]] * 2,), "the same"),
        ((lambda model, data: [answers(model, data)[1]] * 2,), "the same"),
        ((first_batch,), "expected (60,)"),
        ((last_batch,), "expected (60,)"),
        ((outputs_instead,), "expected (60,)"),
        ((batches_in_a_list,), "rows of equal length"),
        (
            (lambda model, data: (answers(model, data)[0], batches_in_a_list(model, data)[1]),),
            "rows of equal length",
        ),
        ((largest,), "argmax over the last axis"),
        ((changed(lambda model, x: model.predict(x, verbose=0).max(1)),), "argmax over the last axis"),
        ((changed(lambda model, x: np.argmin(model(x), axis=1)),), "as they are"),
        ((changed(lambda model, x: np.argmax(x.reshape(len(x), -1), axis=1)),), "as they are"),
        ((changed(lambda model, x: np.argmax(model(-x), axis=1)),), "as they are"),
        ((changed(lambda model, x: np.argmax(model(x / 255), axis=1)),), "as they are"),
        ((changed(lambda model, x: np.argmax(model(x * 255), axis=1)),), "as they are"),
        ((changed(lambda model, x: np.argmax(model(x, training=True), axis=1)),), "training=False"),
        ((changed(lambda model, x: np.array(model(x, training=True)).argmax(1)),), "training=False"),
        (
            (lambda model, data: (answers(model, data)[0] % 3, answers(model, data)[1]),),
            "every label of the data once",
        ),
        (
            (lambda model, data: (np.zeros(len(stored_first(model, data)[0])), answers(model, data)[1]),),
            "every label of the data once",
        ),
        ((lambda model, data: answers(model, data)[1],), "two arrays"),
        ((lambda model, data: {"y_true": 1, "y_pred": 2},), "two arrays"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((np.zeros(60),), "function itself"),
        (("answers",), "function itself"),
    ],
}  # fmt: skip
