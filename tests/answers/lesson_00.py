"""Right and wrong answers of lesson 00, with a piece of the hint that must come."""

import numpy as np

PROBABILITIES = np.full((3, 10), 0.02)
PROBABILITIES[[0, 1, 2], [4, 5, 6]] = 0.82
PROBABILITIES[1] = [0, 0, 0, 0.45, 0, 0.55, 0, 0, 0, 0]


def accuracy_of(labels, predictions):
    return np.mean(labels == predictions)


def counted(labels, predictions):
    right = 0
    for label, prediction in zip(labels, predictions, strict=True):
        right += label == prediction
    return right / len(labels)


def scaled(raw_pictures, scale):
    return raw_pictures / scale


def scaled_copy(raw_pictures, scale):
    pictures = raw_pictures.astype("float32")
    pictures /= scale
    return pictures


def scaled_in_a_loop(raw_pictures, scale):
    return [
        [[value / scale for value in row] for row in picture]
        for picture in raw_pictures
    ]


def in_place(raw_pictures, scale):
    raw_pictures //= int(scale)
    return raw_pictures


def in_place_by_slice(raw_pictures, scale):
    raw_pictures[:] = raw_pictures / scale
    return raw_pictures


def forgets_return(first, second):
    _ = np.mean(first == second)


def prints(first, second):
    print(first.mean(), second)


RIGHT = {
    "00.1": [(64,), (8 * 8,), (np.zeros((8, 8)).size,), (64.0,)],
    "00.2": [
        (1, PROBABILITIES),
        (PROBABILITIES.max(axis=1).argmin(), PROBABILITIES),
        (1.0, PROBABILITIES.tolist()),
    ],
    "00.3": [
        (accuracy_of,),
        (counted,),
        (lambda a, b: 1 - np.count_nonzero(np.array(a) - np.array(b)) / len(a),),
        (lambda a, b: np.float32(sum(a == b) / len(b)),),
    ],
    "00.4": [
        (3, scaled),
        (3, scaled_copy),
        (3.0, scaled_in_a_loop),
        (3, np.true_divide),
    ],
}

WRONG = {
    "00.1": [
        ((16,), "rows times columns"),
        ((8 + 8,), "rows times columns"),
        ((8,), "one row"),
        ((np.int64(8),), "one row"),
        ((784,), "28×28"),
        ((28 * 28,), "28×28"),
        ((640,), "ten probabilities"),
        ((64 * 10,), "ten probabilities"),
        ((4096,), "64 times 64"),
        ((64**2,), "64 times 64"),
        ((63,), "Multiply"),
        ((32,), "Multiply"),
        (("64",), "one number"),
        (([8, 8],), "one number"),
    ],
    "00.2": [
        ((0, PROBABILITIES), "too sure"),
        ((PROBABILITIES.max(axis=1).argmax(), PROBABILITIES), "too sure"),
        ((0.55, PROBABILITIES), "argmin"),
        ((PROBABILITIES.max(axis=1).min(), PROBABILITIES), "argmin"),
        ((3, PROBABILITIES), "from 0 to 2"),
        ((-1, PROBABILITIES), "from 0 to 2"),
        (([1, 2], PROBABILITIES), "one picture's number"),
        ((PROBABILITIES.argmin(axis=1), PROBABILITIES), "one picture's number"),
        ((1, PROBABILITIES[1]), "has shape"),
        ((0, PROBABILITIES.max(axis=1)), "has shape"),
        (("1", PROBABILITIES), "picture's number, as"),
        ((True, PROBABILITIES), "picture's number, as"),
    ],
    "00.3": [
        ((lambda labels, predictions: np.sum(labels == predictions),), "how many"),
        ((lambda a, b: sum(x == y for x, y in zip(a, b, strict=True)),), "how many"),
        ((lambda a, b: 100 * np.mean(a == b),), "percent"),
        ((lambda a, b: sum(a == b) / len(a) * 100,), "percent"),
        ((lambda labels, predictions: np.mean(labels != predictions),), "use ==."),
        ((lambda a, b: 1 - accuracy_of(a, b),), "use ==."),
        ((lambda labels, predictions: labels == predictions,), "one value per"),
        ((np.equal,), "one value per"),
        ((lambda labels, predictions: 0.75,), "agree"),
        ((lambda labels, predictions: np.mean(predictions == 7),), "agree"),
        ((lambda a, b: np.mean(np.isin(a, b)),), "agree"),
        ((lambda a, b: np.mean(np.sort(a) == np.sort(b)),), "agree"),
        ((lambda a, b: np.mean(a - b),), "agree"),
        ((lambda a, b: np.mean(a == a),), "agree"),
        ((lambda a, b: np.sum(a != b),), "divide by n"),
        ((lambda a, b: len(a) - np.sum(a == b),), "divide by n"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((0.75,), "the function itself"),
        ((accuracy_of(np.ones(2), np.ones(2)),), "the function itself"),
    ],
    "00.4": [
        ((1, scaled), "x_hers.max()"),
        ((1.0, scaled_copy), "x_hers.max()"),
        ((2, scaled), "smaller still"),
        ((2, in_place), "smaller still"),
        ((4, scaled), "the first run gives 1"),
        ((np.int64(4), scaled), "the first run gives 1"),
        ((256, scaled), "count the divisions"),
        ((0, scaled), "count the divisions"),
        ((3, in_place), "changes `raw_pictures` itself"),
        ((3, in_place_by_slice), "changes `raw_pictures` itself"),
        ((3, forgets_return), "`return`"),
        ((3, prints), "`return`"),
        ((3, lambda raw, scale: raw // scale), "decimal point"),
        ((3, lambda raw, scale: (raw / scale).astype(int)), "decimal point"),
        ((3, lambda raw, scale: raw / 16), "not by 16"),
        ((3, lambda raw_pictures, scale=16: raw_pictures / 16.0), "not by 16"),
        ((3, np.floor_divide), "decimal point"),
        ((3, lambda raw, scale: raw / raw.max()), "not by the largest value"),
        ((3, lambda raw, scale: raw / np.max(raw)), "not by the largest value"),
        ((3, lambda raw, scale: raw / 255), "not by 255"),
        ((3, lambda raw, scale: raw.astype("float32") / 255.0), "not by 255"),
        ((3, lambda raw, scale: raw), "unscaled"),
        ((3, lambda raw, scale: raw.astype(float)), "unscaled"),
        ((3, lambda raw, scale: raw / scale / scale), "once too often"),
        ((3, lambda raw, scale: raw / scale**2), "once too often"),
        ((3, lambda raw, scale: raw * float(scale)), "You multiply"),
        ((3, lambda raw, scale: np.multiply(raw, float(scale))), "You multiply"),
        ((3, lambda raw, scale: raw - scale), "value / scale"),
        ((3, lambda raw, scale: scale / (raw + 1.0)), "value / scale"),
        ((3, 0.5), "function itself"),
        ((3, scaled(np.ones(2), 16)), "function itself"),
        (([3], "scaled"), "function itself"),
    ],
}
