"""Right and wrong answers for lesson 32."""

import numpy as np


def classic(width_of=lambda side: (side - 2) // 2, conv=320, maps=32, one=1, last=1290):
    def parameters(side):
        width = width_of(side)
        return conv + (width * width * maps + one) * 128 + last

    return parameters


def batch_norm(x, gamma, beta, epsilon=0.001):
    mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def _norm(
    axes=(0, 1, 2), root=np.sqrt, use_gamma=True, use_beta=True, eps=None, ddof=0
):
    def wrong(x, gamma, beta, epsilon=0.001):
        epsilon = epsilon if eps is None else eps
        mean = x.mean(axis=axes, keepdims=True)
        variance = x.var(axis=axes, keepdims=True, ddof=ddof)
        y = (x - mean) / root(variance + epsilon)
        return (gamma if use_gamma else 1) * y + (beta if use_beta else 0)

    return wrong


def scores(y_true, y_pred, label):
    hits = np.sum((y_true == label) & (y_pred == label))
    precision, recall = hits / np.sum(y_pred == label), hits / np.sum(y_true == label)
    return precision, recall, 2 * precision * recall / (precision + recall)


def swapped(y_true, y_pred, label):
    precision, recall, f1 = scores(y_true, y_pred, label)
    return recall, precision, f1


def plain_mean(y_true, y_pred, label):
    precision, recall, _ = scores(y_true, y_pred, label)
    return precision, recall, (precision + recall) / 2


def no_factor(y_true, y_pred, label):
    precision, recall, f1 = scores(y_true, y_pred, label)
    return precision, recall, f1 / 2


def accuracies(y_true, y_pred, label):
    return (np.mean(y_true == y_pred),) * 3


def all_hits(y_true, y_pred, label):
    hits = np.sum(y_true == y_pred)
    return hits / np.sum(y_pred == label), hits / np.sum(y_true == label), 0.0


def always_eight(y_true, y_pred, label):
    return scores(y_true, y_pred, 8)


def mended(model, images):
    return np.asarray(model(images, training=False)).argmax(axis=-1)


RIGHT = {
    "32.1": (classic(),),
    "32.2": (batch_norm,),
    "32.3": (scores,),
    "32.4": (mended,),
}

WRONG = {
    "32.1": [
        ((classic(conv=288),), "32 filters of the convolution have a bias"),
        ((classic(one=0),), "128 neurons of the first dense layer have a bias"),
        ((classic(conv=288, one=0, last=1280),), "weights alone"),
        ((classic(last=0),), "Add the last dense layer"),
        ((classic(maps=1),), "all 32 maps"),
        ((classic(lambda side: side // 2),), "removes two pixels"),
        ((classic(lambda side: (side - 2) / 2),), "rounds half pixels down"),
        ((classic(lambda side: side - 2),), "pooling halves"),
        ((classic(lambda side: side),), "fewer pixels than the image"),
        ((lambda side: 38602,), "For side 28"),
        ((lambda side: "many",), "one number"),
    ],
    "32.2": [
        ((_norm(axes=None),), "all channels together"),
        ((_norm(axes=0),), "over the batch only"),
        ((_norm(axes=(1, 2)),), "each image by itself"),
        ((_norm(axes=-1),), "over the channels"),
        ((_norm(root=lambda v: v),), "square root"),
        ((_norm(use_gamma=False, use_beta=False),), "gamma and beta are not applied"),
        ((_norm(use_beta=False),), "Add beta"),
        ((_norm(eps=0),), "epsilon"),
        ((_norm(eps=0.001),), "use the argument"),
        ((_norm(ddof=1),), "plain variance"),
        ((lambda x, gamma, beta: x.mean((0, 1, 2)),), "expected (4, 2, 3, 3)"),
    ],
    "32.3": [
        ((swapped,), "swapped"),
        ((plain_mean,), "plain mean"),
        ((no_factor,), "factor 2"),
        ((accuracies,), "accuracy over all classes"),
        ((all_hits,), "of this label only"),
        ((lambda a, b, c: (75, 60, 67),), "not percent"),
        ((always_eight,), "argument label"),
        ((lambda a, b, c: 0.75,), "expected (3,)"),
    ],
    "32.4": [
        ((lambda model, x: model(x, training=True).argmax(axis=-1),), "neighbors"),
        ((lambda model, x: model(x, training=False),), "expected (40,)"),
        (
            (lambda model, x: model(x, training=False).max(axis=-1),),
            "not probabilities",
        ),
        ((lambda model, x: model(x, training=False).argmax(axis=0),), "expected (40,)"),
        (
            (lambda model, x: model(x, training=False).argmin(axis=-1),),
            "of a mixed batch",
        ),
    ],
}
