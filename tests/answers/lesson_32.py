"""Right and wrong answers of lesson 32, with a piece of the hint that must come."""

import keras
import numpy as np

# ── 32.1 ────────────────────────────────────────────────────────────────────────


def classic_parameters(side):
    width = (side - 2) // 2
    return (3 * 3 * 1 + 1) * 32 + (width * width * 32 + 1) * 128 + (128 + 1) * 10


def counted_by_keras(side):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Input((side, side, 1)),
            layers.Conv2D(32, 3),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128),
            layers.Dense(10),
        ]
    ).count_params()


def in_parts(side):
    features = int(side / 2 - 1) ** 2 * 32
    return sum([320, features * 128, 128, 1280, 10])


def classic(width_of=lambda side: (side - 2) // 2, conv=320, maps=32, one=1, last=1290):
    def parameters(side):
        width = width_of(side)
        return conv + (width * width * maps + one) * 128 + last

    return parameters


def one_side(side):
    return 320 + ((side - 2) // 2 * 32 + 1) * 128 + 1290


def weights_only(side):
    return 3 * 3 * 32 + ((side - 2) // 2) ** 2 * 32 * 128 + 128 * 10


# ── 32.2 ────────────────────────────────────────────────────────────────────────


def batch_norm(x, gamma, beta, epsilon=0.001):
    mean = x.mean(axis=(0, 1, 2))
    variance = x.var(axis=(0, 1, 2))
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def flattened(x, gamma, beta, epsilon=0.001):
    rows = x.reshape(-1, x.shape[-1])
    scale = gamma * (rows.var(axis=0) + epsilon) ** -0.5
    return (scale * rows + (beta - scale * rows.mean(axis=0))).reshape(x.shape)


def channel_by_channel(x, gamma, beta, epsilon=0.001):
    out = np.empty(x.shape)
    for c in range(x.shape[-1]):
        channel = x[..., c]
        out[..., c] = (channel - channel.mean()) / np.sqrt(channel.var() + epsilon)
        out[..., c] = out[..., c] * gamma[c] + beta[c]
    return out


def norm(axes=(0, 1, 2), root=np.sqrt, use_gamma=1, use_beta=1, eps=None, **options):
    """Return batch_norm with one thing wrong."""
    keep = {"keepdims": True, **options}

    def wrong(x, gamma, beta, epsilon=0.001):
        epsilon = epsilon if eps is None else eps
        mean, variance = (
            x.mean(axis=axes, keepdims=keep["keepdims"]),
            x.var(axes, **keep),
        )
        y = (x - mean) / root(variance + epsilon)
        return (gamma if use_gamma else 1) * y + (beta if use_beta else 0)

    return wrong


def formula(wrong):
    """Return batch_norm with another formula of x, mean, variance, gamma, beta, epsilon."""

    def call(x, gamma, beta, epsilon=0.001):
        return wrong(x, x.mean((0, 1, 2)), x.var((0, 1, 2)), gamma, beta, epsilon)

    return call


def by_hand(x, gamma, beta, epsilon=0.001):
    n = x[..., 0].size
    mean = x.sum((0, 1, 2)) / n
    variance = ((x - mean) ** 2).sum((0, 1, 2)) / (n - 1)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def root_of_std(x, gamma, beta, epsilon=0.001):
    spread = np.sqrt(x.std(axis=(0, 1, 2)) + epsilon)
    return gamma * ((x - x.mean(axis=(0, 1, 2))) / spread) + beta


def in_place(x, gamma, beta, epsilon=0.001):
    x -= x.mean((0, 1, 2)).astype(x.dtype)
    return gamma * x / np.sqrt((x**2).mean((0, 1, 2)) + epsilon) + beta


def in_place_later(x, gamma, beta, epsilon=0.001):
    gamma /= np.sqrt(x.var((0, 1, 2)) + epsilon)
    return gamma * (x - x.mean((0, 1, 2))) + beta


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


def mended(model, images):
    outputs = model(images, training=False)
    return keras.ops.convert_to_numpy(outputs).argmax(axis=-1)


def predicted(model, images):
    return np.argmax(model.predict(images, verbose=0), axis=1)


def by_default(model, images):
    return keras.ops.argmax(model(images), axis=-1)


def one_by_one(model, images):
    return [int(np.argmax(model(image[None], training=False))) for image in images]


def layer_by_layer(model, images):
    values = images
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            values = layer(values, training=False)
        else:
            values = layer(values)
    return np.asarray(values).argmax(-1)


def in_training(model, images):
    return keras.ops.convert_to_numpy(model(images, training=True)).argmax(axis=-1)


def in_training_and_back(model, images):
    saved = model.get_weights()
    labels = in_training(model, images)
    model.set_weights(saved)
    return labels


def warms_up(model, images):
    model(images, training=True)
    return mended(model, images)


def warms_up_often(model, images):
    for _ in range(3):
        in_training(model, images)
    return predicted(model, images)


def centered(model, images):
    spread = images.std(axis=0) + 1e-3
    return mended(model, (images - images.mean(axis=0)) / spread)


def between_0_and_1(model, images):
    low, high = images.min(), images.max()
    return predicted(model, (images - low) / (high - low))


def brightest(model, images):
    return images.reshape(len(images), -1).argmax(axis=1)


RIGHT = {
    "32.1": [(classic_parameters,), (counted_by_keras,), (in_parts,)],
    "32.2": [(batch_norm,), (flattened,), (channel_by_channel,), (norm(),)],
    "32.3": [(scores,), (counted,), (with_sklearn,)],
    "32.4": [(mended,), (predicted,), (by_default,), (one_by_one,), (layer_by_layer,)],
}

WRONG = {
    "32.1": [
        ((classic(conv=288),), "32 filters of the convolution"),
        ((lambda side: classic_parameters(side) - 32,), "32 filters of the convolution"),
        ((classic(one=0),), "128 neurons of the first"),
        ((lambda side: classic_parameters(side) - 128,), "128 neurons of the first"),
        ((classic(last=1280),), "ten output neurons"),
        ((lambda side: classic_parameters(side) - 10,), "ten output neurons"),
        ((classic(conv=288, one=0, last=1280),), "weights alone"),
        ((weights_only,), "weights alone"),
        ((classic(last=0),), "Add the last dense layer"),
        ((lambda side: classic_parameters(side) - 1290,), "Add the last dense layer"),
        ((classic(conv=0),), "convolution's own"),
        ((lambda side: classic_parameters(side) - 320,), "convolution's own"),
        ((lambda side: 320 + 1290,), "Add the first dense layer"),
        ((lambda side: (9 + 1) * 32 + (128 + 1) * 10,), "Add the first dense layer"),
        ((classic(maps=1),), "all 32 maps"),
        ((lambda s: 320 + (((s - 2) // 2) ** 2 + 1) * 128 + 1290,), "all 32 maps"),
        ((one_side,), "two sides"),
        ((lambda s: 1610 + 128 * ((s // 2 - 1) * 32 + 1),), "two sides"),
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
        ((lambda s: 320 + (s**2 * 32 + 1) * 128 + 1290,), "fewer pixels than the image"),
        ((classic(lambda side: side - 2),), "pooling halves the side after"),
        ((lambda s: classic_parameters(2 * s - 2),), "pooling halves the side after"),
        ((lambda side: 38602,), "add three layers"),
        ((lambda side: classic_parameters(side) + 1,), "add three layers"),
        ((lambda side: "many",), "one number"),
        ((lambda side: [320, 36992, 1290],), "one number"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((38602,), "function itself"),
        ((classic_parameters(8),), "function itself"),
    ],
    "32.2": [
        ((norm(use_gamma=0, use_beta=0),), "gamma and beta are not applied"),
        (
            (formula(lambda x, m, v, g, b, e: (x - m) / np.sqrt(v + e)),),
            "gamma and beta are not applied",
        ),
        ((norm(use_beta=0),), "Add beta"),
        ((formula(lambda x, m, v, g, b, e: g * (x - m) / np.sqrt(v + e)),), "Add beta"),
        ((norm(use_gamma=0),), "Multiply by gamma"),
        (
            (formula(lambda x, m, v, g, b, e: (x - m) / np.sqrt(v + e) + b),),
            "Multiply by gamma",
        ),
        ((norm(axes=None),), "all channels together"),
        (
            (lambda x, g, b, e=0.001: g * (x - x.mean()) / np.sqrt(x.var() + e) + b,),
            "all channels together",
        ),
        ((norm(axes=0),), "over the batch only"),
        ((norm(axes=0, keepdims=False),), "over the batch only"),
        ((norm(axes=(1, 2)),), "each image by itself"),
        ((norm(axes=(-3, -2)),), "each image by itself"),
        ((norm(axes=-1),), "over the channels"),
        ((norm(axes=3),), "over the channels"),
        # without keepdims, NumPy itself refuses these
        ((norm(axes=-1, keepdims=False),), "leaves one number per channel"),
        ((norm(axes=(1, 2), keepdims=False),), "leaves one number per channel"),
        ((norm(axes=(2, 3), keepdims=False),), "leaves one number per channel"),
        ((norm(root=lambda v: v),), "square root"),
        ((formula(lambda x, m, v, g, b, e: g * (x - m) / (v + e) + b),), "square root"),
        ((norm(eps=0),), "variance, under the root."),
        (
            (formula(lambda x, m, v, g, b, e: g * (x - m) / v**0.5 + b),),
            "variance, under the root.",
        ),
        ((norm(eps=0.001),), "use the argument"),
        (
            (lambda x, g, b, epsilon=0.001: batch_norm(x, g, b, epsilon=1e-3),),
            "use the argument",
        ),
        ((norm(ddof=1),), "plain variance"),
        ((by_hand,), "plain variance"),
        (
            (formula(lambda x, m, v, g, b, e: g * (x - m) / (np.sqrt(v) + e) + b),),
            "not to the standard deviation",
        ),
        (
            (
                lambda x, g, b, e=0.001: (
                    b + g * (x - x.mean((0, 1, 2))) / (x.std((0, 1, 2)) + e)
                ),
            ),
            "not to the standard deviation",
        ),
        ((formula(lambda x, m, v, g, b, e: g * (x - m) + b),), "Divide by the standard"),
        (
            (lambda x, g, b, e=0.001: b + g * (x - x.mean((0, 1, 2))),),
            "Divide by the standard",
        ),
        (
            (formula(lambda x, m, v, g, b, e: g * (x - m) / (v**0.5 + e) ** 0.5 + b),),
            "a root already",
        ),
        ((root_of_std,), "a root already"),
        (
            (formula(lambda x, m, v, g, b, e: g * x / np.sqrt(v + e) + b),),
            "Subtract the mean",
        ),
        (
            (lambda x, g, b, e=0.001: x * g / (x.var((0, 1, 2)) + e) ** 0.5 + b,),
            "Subtract the mean",
        ),
        (
            (formula(lambda x, m, v, g, b, e: g * ((x - m) / np.sqrt(v + e) + b)),),
            "beta is added last",
        ),
        (
            (lambda x, g, b, e=0.001: g * (norm(use_gamma=0)(x, g, b, e)),),
            "beta is added last",
        ),
        ((lambda x, g, b, e=0.001: batch_norm(x, b, g, e),), "other way round"),
        (
            (formula(lambda x, m, v, g, b, e: b * (x - m) / np.sqrt(v + e) + g),),
            "other way round",
        ),
        ((lambda x, g, b, e=0.001: x.mean((0, 1, 2)),), "Those are the means"),
        ((formula(lambda x, m, v, g, b, e: m),), "Those are the means"),
        ((lambda x, g, b, e=0.001: batch_norm(x, g, b, e)[0],), "expected (5, 2, 4, 3)"),
        ((lambda x, g, b, e=0.001: x.std(axis=-1),), "expected (5, 2, 4, 3)"),
        ((lambda x, g, b, e=0.001: x,), "Per channel"),
        ((lambda x, g, b, e=0.001: batch_norm(x, g, b, e) ** 2,), "Per channel"),
        ((lambda x, g, b, e=0.001: x.reshape(3, 4, 5),), "your code raised ValueError"),
        ((lambda x, g, b, e=0.001: x[0, :, :, :, 0],), "your code raised IndexError"),
        ((lambda x, g, b, e=0.001: x.mean((0, 1, 5)),), "your code raised AxisError"),
        ((lambda x, g, b, e=0.001: x.mean(axis=4),), "your code raised AxisError"),
        ((lambda x, g, b, e=0.001: g[3] * x,), "your code raised IndexError"),
        ((lambda x, g, b, e=0.001: x.reshape(4, 7),), "your code raised ValueError"),
        ((lambda x, g, b: batch_norm(x, g, b),), "could not be called"),
        ((lambda x: batch_norm(x, 1, 0),), "could not be called"),
        ((in_place,), "changes `x` itself"),
        ((in_place_later,), "changes `gamma` itself"),
        ((lambda x, g, b, e=0.001: np.add(x, 1, out=x),), "changes `x` itself"),
        ((lambda x, gamma, b, e=0.001: gamma.sort(),), "changes `gamma` itself"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((np.zeros((5, 2, 4, 3)),), "function itself"),
        ((1.0,), "function itself"),
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
        ((in_training,), "a batch of one digit is not"),
        ((in_training_and_back,), "a batch of one digit is not"),
        ((warms_up,), "the model is changed"),
        ((warms_up_often,), "the model is changed"),
        ((lambda model, x: model(x, training=False),), "expected (40,)"),
        ((lambda model, x: np.argmax(model(x), axis=0),), "expected (40,)"),
        ((lambda model, x: np.max(model(x), axis=-1),), "not probabilities"),
        ((lambda model, x: model.predict(x, verbose=0).max(1),), "not probabilities"),
        ((lambda model, x: np.argmin(model(x), axis=-1),), "smallest"),
        ((lambda model, x: np.argsort(model(x), axis=-1)[:, 0],), "smallest"),
        ((brightest,), "do not come from the model"),
        (
            (lambda model, x: np.argmax(x.reshape(-1, 10), axis=-1),),
            "do not come from the model",
        ),
        ((lambda model, x: np.sort(mended(model, x)),), "sorted"),
        ((lambda model, x: sorted(predicted(model, x)),), "sorted"),
        ((lambda model, x: mended(model, x) + 1,), "counted from 0"),
        ((lambda model, x: 1 + np.argmax(model(x), -1),), "counted from 0"),
        ((lambda model, x: mended(model, x)[::-1],), "of a mixed batch"),
        ((lambda model, x: mended(model, x / 255),), "images to the model as they are"),
        ((lambda model, x: predicted(model, 16 * x),), "images to the model as they are"),
        ((centered,), "images to the model as they are"),
        ((between_0_and_1,), "images to the model as they are"),
        ((lambda model, x: np.zeros(len(x)),), "of a mixed batch"),
        ((lambda model, x: mended(model, x[:, 0]),), "your code raised ValueError"),
        ((lambda model, x: model.predict(),), "your code raised TypeError"),
        ((lambda model, x: model.predict(x, mode=0),), "your code raised TypeError"),
        ((lambda model, x: mended(model, x[..., 0, :]),), "your code raised ValueError"),
        ((lambda model, x: model.prediction(x),), "your code raised AttributeError"),
        ((lambda model, x: model(x).argmax(axis=-1),), "your code raised AttributeError"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((np.zeros(40),), "function itself"),
        (("mended",), "function itself"),
    ],
}  # fmt: skip
