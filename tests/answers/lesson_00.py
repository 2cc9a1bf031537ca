"""Right and wrong answers of lesson 00, with a piece of the hint that must come."""

import numpy as np

PROBABILITIES = np.full((3, 10), 0.02)
PROBABILITIES[[0, 1, 2], [4, 5, 6]] = 0.82
PROBABILITIES[1] = [0, 0, 0, 0.45, 0, 0.55, 0, 0, 0, 0]


def accuracy_of(labels, predictions):
    return np.mean(labels == predictions)


def scaled(raw_pictures, scale):
    return raw_pictures / scale


def in_place(raw_pictures, scale):
    raw_pictures /= scale
    return raw_pictures


def forgets_return(first, second):
    _ = np.mean(first == second)


RIGHT = {
    "00.1": (64,),
    "00.2": (1, PROBABILITIES),
    "00.3": (accuracy_of,),
    "00.4": (3, scaled),
}

WRONG = {
    "00.1": [
        ((16,), "rows times columns"),
        ((8,), "one row"),
        ((784,), "28×28"),
        (("64",), "without quotes"),
        ((63,), "Multiply"),
        (([8, 8],), "one number"),
    ],
    "00.2": [
        ((0, PROBABILITIES), "too sure"),
        ((0.55, PROBABILITIES), "argmin"),
        ((3, PROBABILITIES), "from 0 to 2"),
        ((-1, PROBABILITIES), "from 0 to 2"),
        (([1, 2], PROBABILITIES), "one picture's number"),
        ((1, PROBABILITIES[1]), "shape"),
    ],
    "00.3": [
        (
            (lambda labels, predictions: np.sum(labels == predictions),),
            "divide by how many",
        ),
        (
            (lambda labels, predictions: 100 * np.mean(labels == predictions),),
            "percent",
        ),
        (
            (lambda labels, predictions: np.mean(labels != predictions),),
            "share of mistakes",
        ),
        ((lambda labels, predictions: labels == predictions,), "one number"),
        ((lambda labels, predictions: 0.75,), "yours gives 0.75"),
        ((lambda labels, predictions: np.mean(labels - predictions),), "agree"),
        ((forgets_return,), "return"),
        ((0.75,), "the function itself"),
    ],
    "00.4": [
        ((1, scaled), "x_hers.max()"),
        ((2, scaled), "smaller still"),
        ((256, scaled), "count the divisions"),
        ((3, in_place), "changes raw_pictures"),
        ((3, forgets_return), "return"),
        ((3, lambda raw, scale: raw // scale), "decimal point"),
        ((3, lambda raw, scale: raw / raw.max()), "not by the largest value"),
        ((3, lambda raw, scale: raw / 255), "not by 255"),
        ((3, lambda raw, scale: raw), "unscaled"),
        ((3, lambda raw, scale: raw / scale / scale), "once too often"),
        ((3, lambda raw, scale: raw * scale), "value / scale"),
        ((3, 0.5), "should be a function"),
    ],
}
