"""Right and wrong answers of lesson 32, with a piece of the hint that must come."""

import keras
import numpy as np

# ── 32.1 ────────────────────────────────────────────────────────────────────────


def build_model(side, classes):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Input((side, side, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def functional(side, classes):
    layers = keras.layers
    x = inputs = keras.Input((side, side, 1))
    for filters in (8, 20):
        x = layers.MaxPooling2D(2)(layers.ReLU()(layers.Conv2D(filters, (3, 3))(x)))
    x = layers.Dense(classes)(layers.Flatten()(x))
    return keras.Model(inputs, layers.Softmax()(x))


def one_by_one_added(side, classes):
    """Without Input, with ReLU behind the pooling, which is the same, and with dropout."""
    layers = keras.layers
    model = keras.Sequential()
    model.add(layers.Conv2D(20, 3))
    model.add(layers.MaxPool2D())
    model.add(layers.Activation("relu"))
    model.add(layers.Conv2D(18, 3, activation=keras.activations.relu))
    model.add(layers.MaxPool2D())
    model.add(layers.Flatten())
    model.add(layers.Dropout(0.2))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


def stages(
    filters=(8, 8), kernel=3, first="relu", second="relu", padding="valid", bias=True,
    pool=("MaxPooling2D", "MaxPooling2D"), flatten="Flatten", last="softmax", more=(),
    behind=(), of=(), units=None, pictures=None,
):  # fmt: skip
    """Return build_model with something else in it."""
    layers = keras.layers

    def wrong(side, classes):
        model = keras.Sequential([layers.Input(pictures or (side, side, 1))])
        for n, activation, kind in zip(filters, (first, second), pool, strict=True):
            model.add(
                layers.Conv2D(
                    n, kernel, padding=padding, activation=activation, use_bias=bias
                )
            )
            if kind:
                size = (2,) if "Pool" in kind else ()
                model.add(getattr(layers, kind)(*size))
        for layer in (*more, *([flatten] if flatten else []), *behind):
            name, *arguments = layer if isinstance(layer, tuple) else (layer,)
            model.add(getattr(layers, name)(*arguments))
        model.add(layers.Dense(units or classes, activation=last))
        for activation in of:
            model.add(layers.Activation(activation))
        return model

    return wrong


def three_stages(side, classes):
    layers = keras.layers
    model = keras.Sequential([layers.Input((side, side, 1))])
    for _ in range(3):
        model.add(layers.Conv2D(8, 3, padding="same", activation="relu"))
        model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dense(classes, activation="softmax"))
    return model


def one_stage(side, classes):
    layers = keras.layers
    return keras.Sequential([
        layers.Input((side, side, 1)), layers.Conv2D(4, 3, activation="relu"),
        layers.MaxPooling2D(), layers.Flatten(), layers.Dense(classes, "softmax"),
    ])  # fmt: skip


class TwoStages(keras.Model):
    """The network as a class of its own, built by its first pictures."""

    def __init__(self, classes):
        super().__init__()
        layers = keras.layers
        self.first = layers.Conv2D(12, 3, activation="relu")
        self.second = layers.Conv2D(24, 3, activation="relu")
        self.pool = layers.MaxPooling2D(strides=2)
        self.flatten = layers.Flatten()
        self.last = layers.Dense(classes, activation="softmax")

    def call(self, x):
        x = self.pool(self.first(x))
        return self.last(self.flatten(self.pool(self.second(x))))


def only_layers(side, classes):
    return [keras.layers.Conv2D(8, 3), keras.layers.Dense(classes)]


def only_outputs(side, classes):
    x = keras.Input((side, side, 1))
    return keras.layers.Dense(classes)(keras.layers.Flatten()(x))


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


def in_pictures(accuracies, n):
    right = np.array(accuracies) * n  # how many pictures each reads right
    most = right.max()
    return right - most >= -2 * np.sqrt(most * (n - most) / n)


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


def from_the_matrix(y_true, y_pred, label):
    matrix = np.zeros((10, 10))
    np.add.at(matrix, (np.array(y_true), np.array(y_pred)), 1)
    tp = matrix[label, label]
    return three(tp / matrix[:, label].sum(), tp / matrix[label].sum())


def from_the_matrix_crossed(y_true, y_pred, label):
    return from_the_matrix(y_pred, y_true, label)


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


def picture_by_picture(model, data):
    y_true, y_pred = [], []
    for x, y in data.unbatch().batch(1):
        y_true.append(int(y[0]))
        y_pred.append(int(model.predict_on_batch(x).argmax()))
    return np.array(y_true), np.array(y_pred)


def in_step(model, data):
    """Two data sets walked side by side are still two passes."""
    y_true, y_pred = [], []
    for (x, _), (_, y) in zip(data, data, strict=True):
        y_true.append(y)
        y_pred.append(np.argmax(model(x), axis=1))
    return np.concatenate(y_true), np.concatenate(y_pred)


def pictures_first(model, data):
    x = np.concatenate([x for x, y in data])
    y = np.concatenate([y for x, y in data])
    return y, model.predict(x, verbose=0).argmax(axis=1)


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
    "32.1": [
        (build_model,),
        (functional,),
        (one_by_one_added,),
        (lambda side, classes: TwoStages(classes),),
    ],
    "32.2": [(within_luck,), (by_distance,), (in_errors,), (in_pictures,)],
    "32.3": [(scores,), (counted,), (with_sklearn,), (from_the_matrix,)],
    "32.4": [
        (answers,),
        (stored_first,),
        (one_by_one,),
        (cached,),
        (picture_by_picture,),
    ],
}

WRONG = {
    "32.1": [
        ((stages((16, 40)),), "take fewer filters"),
        ((stages((32, 32)),), "take fewer filters"),
        ((stages(first=None, second=None),), "Both convolutions are without"),
        ((stages(first="linear", second="linear"),), "Both convolutions are without"),
        ((stages(first=None),), "The first convolution needs"),
        ((stages((4, 20), first="linear"),), "The first convolution needs"),
        ((stages(second=None),), "The second convolution needs"),
        ((stages((12, 6), second="linear"),), "The second convolution needs"),
        ((stages(pool=("AveragePooling2D",) * 2),), "average pooling"),
        ((stages(pool=("AvgPool2D",) * 2),), "average pooling"),
        ((stages(last=None),), "no probabilities"),
        ((stages(last="linear"),), "no probabilities"),
        ((stages(last="relu"),), "no probabilities"),
        ((stages(last=None, of=["relu"]),), "no probabilities"),
        ((stages(last="sigmoid"),), "by itself"),
        ((stages(last=None, of=["sigmoid"]),), "by itself"),
        ((stages(of=["softmax"]),), "applied twice"),
        ((stages(last=None, of=["softmax", "softmax"]),), "applied twice"),
        ((stages(first="tanh"),), "Conv2D with ReLU and max-pooling"),
        ((stages(second="sigmoid"),), "Conv2D with ReLU and max-pooling"),
        ((stages(pool=("MaxPooling2D", None)),), "second stage needs a pooling"),
        ((stages((6, 4), pool=("MaxPool2D", "ReLU")),), "second stage needs a pooling"),
        ((stages(pool=(None, "MaxPooling2D")),), "first stage needs a pooling"),
        ((stages((4, 2), pool=("Identity", "MaxPool2D")),), "first stage needs a pooling"),
        ((stages((4, 2), pool=(None, None)),), "No pooling found"),
        ((stages((2, 1), pool=("ReLU", "ReLU")),), "No pooling found"),
        ((stages(padding="same"),), "Leave padding"),
        ((stages((16, 12), padding="same"),), "Leave padding"),
        ((stages(flatten="GlobalMaxPooling2D"),), "Put Flatten"),
        ((stages(flatten="GlobalAveragePooling2D"),), "Put Flatten"),
        ((stages(flatten=None),), "Put Flatten"),
        ((stages(more=["MaxPooling2D"]),), "should have 5×5"),
        ((stages(flatten="Flatten", more=[("ZeroPadding2D", 2)]),), "should have 5×5"),
        ((stages(behind=[("Dense", 10)]),), "expected 1 Dense"),
        ((stages((4, 4), behind=[("Dense", 64, "relu")]),), "expected 1 Dense"),
        ((stages(kernel=5),), "a 3×3 kernel"),
        ((stages(kernel=(2, 3)),), "a 3×3 kernel"),
        ((three_stages,), "each of two stages"),
        ((one_stage,), "each of two stages"),
        ((stages(bias=False),), "a kernel and a bias"),
        ((stages(behind=["BatchNormalization"]),), "a kernel and a bias"),
        ((stages(units=12),), "numbers for each picture"),
        ((lambda side, classes: build_model(side, 10),), "numbers for each picture"),
        ((lambda side, classes: build_model(28, classes),), "begin with layers.Input"),
        ((stages(pictures=(28, 28, 3)),), "begin with layers.Input"),
        ((only_layers,), "give back a Keras model"),
        ((only_outputs,), "give back a Keras model"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((build_model(28, 10),), "not the model"),
        ((functional(28, 10),), "not the model"),
        ((9000,), "function itself"),
        (("build_model",), "function itself"),
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
        ((luck(2, lambda a, n: np.sqrt(a.mean() * (1 - a.mean()) / n)),), "not of each"),
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
        ((from_the_matrix_crossed,), "swapped"),
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
        ((in_step,), "How often do you go"),
        ((pictures_first,), "How often do you go"),
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
