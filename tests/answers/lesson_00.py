"""Right and wrong answers of lesson 00, with a piece of the hint that must come."""

import numpy as np

OPINIONS = np.full((3, 10), 0.02)
OPINIONS[[0, 2], [8, 3]] = 0.82
OPINIONS[1] = [0, 0, 0, 0.45, 0, 0, 0, 0, 0.55, 0]


def swapped(digits):
    return np.where(digits == 3, 8, np.where(digits == 8, 3, digits))


def from_a_list(digits):
    return np.array([0, 1, 2, 8, 4, 5, 6, 7, 3, 9])[digits]


def on_a_copy(digits):
    said = digits.copy()
    said[digits == 3], said[digits == 8] = 8, 3
    return said


def one_after_the_other(digits):
    said = digits.copy()
    said[said == 3] = 8
    said[said == 8] = 3
    return said


def other_way_round(digits):
    said = np.where(digits == 8, 3, digits)
    return np.where(said == 3, 8, said)


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
    return [[value / scale for value in picture] for picture in raw_pictures]


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
    "00.1": [(784, 10), (28 * 28, len("0123456789")), (np.zeros((28, 28)).size, 10.0)],
    "00.2": [
        (1, OPINIONS),
        (OPINIONS.max(axis=1).argmin(), OPINIONS),
        (1.0, OPINIONS.tolist()),
    ],
    "00.3": [(swapped,), (from_a_list,), (on_a_copy,)],
    "00.4": [
        (accuracy_of,),
        (counted,),
        (lambda a, b: 1 - np.count_nonzero(np.array(a) - np.array(b)) / len(a),),
        (lambda a, b: np.float32(sum(a == b) / len(b)),),
    ],
    "00.5": [
        (3, scaled),
        (3, scaled_copy),
        (3.0, scaled_in_a_loop),
        (3, np.true_divide),
    ],
}

WRONG = {
    "00.1": [
        ((28, 10), "how many rows"),
        ((np.int64(28), 10), "how many rows"),
        ((56, 10), "rows times columns"),
        ((28 + 28, 10), "rows times columns"),
        ((255, 10), "largest value of a dot"),
        ((255.0, 10), "largest value of a dot"),
        ((4000, 10), "pictures are trained on"),
        ((np.float64(4000), 10), "pictures are trained on"),
        ((4000 * 784, 10), "all training pictures"),
        ((4000 * 28 * 28, 10), "all training pictures"),
        ((512, 10), "each get"),
        ((512.0, 10), "each get"),
        ((783, 10), "Multiply"),
        ((785, 10), "Multiply"),
        (("784", 10), "numbers_in should be one"),
        (([28, 28], 10), "numbers_in should be one"),
        ((784, 1), "for each of the digits"),
        ((784, True + 0), "for each of the digits"),
        ((784, 9), "begin with 0"),
        ((784, 9.0), "begin with 0"),
        ((784, 512), "leave the first layer"),
        ((784, np.int64(512)), "leave the first layer"),
        ((784, 1000), "Look at line 6"),
        ((784, 784), "Look at line 6"),
        ((784, "10"), "numbers_out should be one"),
        ((784, list(range(10))), "numbers_out should be one"),
    ],
    "00.2": [
        ((0, OPINIONS), "it says 8"),
        ((0.0, OPINIONS), "too sure"),
        ((OPINIONS.max(axis=1).argmax(), OPINIONS), "it says 8"),
        ((2, OPINIONS), "too sure"),
        ((0.55, OPINIONS), "argmin"),
        ((OPINIONS.max(axis=1).min(), OPINIONS), "argmin"),
        ((3, OPINIONS), "from 0 to 2"),
        ((-1, OPINIONS), "from 0 to 2"),
        (([1, 2], OPINIONS), "one opening"),
        ((OPINIONS.argmin(axis=1), OPINIONS), "one opening"),
        ((1, OPINIONS[1]), "has shape"),
        ((0, OPINIONS.max(axis=1)), "has shape"),
        (("1", OPINIONS), "as the slider"),
        ((True, OPINIONS), "as the slider"),
    ],
    "00.3": [
        ((lambda digits: digits,), "Nothing has changed"),
        ((one_after_the_other,), "threes have to become"),
        ((lambda digits: np.where(digits == 8, 3, digits),), "threes have to become"),
        ((lambda digits: digits.copy(),), "Nothing has changed"),
        ((lambda digits: np.where(digits == 3, 8, digits),), "eights have to become"),
        ((other_way_round,), "eights have to become"),
        ((lambda digits: (digits + 1) % 10,), "renames every digit"),
        ((lambda digits: np.roll(np.arange(10), -1)[digits],), "renames every digit"),
        ((lambda digits: np.isin(digits, [3, 8]),), "which are 3 or 8"),
        ((lambda digits: (digits == 3) | (digits == 8),), "which are 3 or 8"),
        ((lambda digits: 11 - digits,), "keep their names"),
        ((lambda digits: 8 - digits + 3,), "keep their names"),
        ((lambda digits: np.where(digits == 3, 8, 3),), "Only 3 and 8"),
        ((lambda digits: np.where(digits == 8, 3, 8),), "Only 3 and 8"),
    ],
    "00.4": [
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
    "00.5": [
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
        ((3, scaled(np.ones(2), 255)), "function itself"),
        (([3], "scaled"), "function itself"),
    ],
}
