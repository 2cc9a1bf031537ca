"""Right and wrong answers of lesson 01, with a piece of the hint that must come."""

import numpy as np

from dlcourse.datasets import mnist_5k

# ── 01.1 ────────────────────────────────────────────────────────────────────────

_ROWS = np.flatnonzero(np.isin(mnist_5k().y_train, [4, 9]))[:300]
X = mnist_5k().x_train[_ROWS] / np.float32(255)
Y = mnist_5k().y_train[_ROWS]


def rule(top, bottom, left, right, threshold):
    """Return the arguments of check for one rule."""
    return top, bottom, left, right, threshold, X, Y


# ── 01.2 ────────────────────────────────────────────────────────────────────────

SIZES = np.array([784, 32, 1])
WEIGHTS = SIZES[:-1] @ SIZES[1:]

# ── 01.4 ────────────────────────────────────────────────────────────────────────


def clean(pictures):
    return pictures - pictures.min(axis=(1, 2), keepdims=True)


def one_by_one(pictures):
    return np.stack([picture - picture.min() for picture in pictures])


def by_loop(pictures):
    cleaned = pictures.copy()
    for picture in cleaned:
        picture -= np.min(picture)
    return cleaned


def in_place(pictures):
    pictures -= pictures.min(axis=(1, 2), keepdims=True)
    return pictures


def in_place_by_loop(pictures):
    for picture in pictures:
        picture -= picture.min()
    return pictures


def stretched(pictures):
    low = pictures.min((1, 2), keepdims=True)
    return (pictures - low) / (pictures.max((1, 2), keepdims=True) - low)


def paper_to_0(pictures):
    cleaned = pictures.copy()
    for picture in cleaned:
        picture[picture == picture.min()] = 0
    return cleaned


def forgets_return(*given):
    given = [given]


def prints(*given):
    print(len(given))


RIGHT = {
    "01.1": [
        rule(6, 9, 13, 17, 0.4),
        rule(7.0, 9.0, 12.0, 18.0, 0.44),
        rule(np.int64(6), np.int64(9), np.int64(12), np.int64(18), np.float32(0.3)),
    ],
    "01.2": [
        (784 * 32 + 32 + 32 + 1,),
        (float((SIZES[:-1] + 1) @ SIZES[1:]),),
        (WEIGHTS + SIZES[1:].sum(),),
    ],
    "01.3": [
        (1050, 100, 0.84),
        (min(1000, 3000) + 50.0, np.array(100), np.float32(0.84)),
        (1000 * 1 + 50, min(100, 300 + 50), 84 / 100),
        (1050, 100, 0.835),
    ],
    "01.4": [
        (clean,),
        (one_by_one,),
        (by_loop,),
        (lambda p: p - p[:, :1, :1],),  # the corner is paper
        (lambda p: p - p[:, -1:, -1:],),  # and so is this one
        (lambda p: (p.T - p.min((1, 2))).T,),
        (lambda p: [picture - picture.min() for picture in p],),
    ],
}

WRONG = {
    "01.1": [
        (rule(6.5, 9, 13, 17, 0.4), "top should be one whole"),
        (rule(-6, 9, 13, 17, 0.4), "top should be one whole"),
        (rule((6, 9), 9, 13, 17, 0.4), "top should be one whole"),
        (rule(6, 9, 13, 170, 0.4), "right should be one whole"),
        (rule(6, 9, 13, "17", 0.4), "right should be one whole"),
        (rule(9, 6, 13, 17, 0.4), "window is empty"),
        (rule(6, 9, 17, 17, 0.4), "window is empty"),
        (rule(6, 9, 13, 17, 40), "40 % is 0.4"),
        (rule(6, 9, 13, 17, -0.4), "40 % is 0.4"),
        (rule(6, 9, 13, 17, "0.4"), "threshold should be one number"),
        (rule(6, 9, 13, 17, [0.3, 0.4]), "threshold should be one number"),
        (rule(6, 9, 13, 17, 1), "says 4 to every picture"),
        (rule(0, 2, 0, 2, 0.5), "says 4 to every picture"),
        (rule(0, 28, 0, 28, 0), "says 9 to every picture"),
        (rule(2, 26, 2, 26, 0.001), "says 9 to every picture"),
        (rule(14, 17, 6, 12, 0.3), "more ink than a 9"),
        (rule(12, 16, 5, 9, 0.2), "more ink than a 9"),
        (rule(22, 26, 2, 8, 0.01), "tossing a coin. Put"),
        (rule(10, 11, 10, 11, 0.5), "tossing a coin. Put"),
        (rule(4, 10, 10, 19, 0.3), "80 % is wanted"),
        (rule(5, 8, 12, 17, 0.2), "80 % is wanted"),
        ((6, 9, 13, 17, 0.4, X[0], Y), "x_train has shape"),
        ((6, 9, 13, 17, 0.4, X.reshape(len(X), 784), Y), "x_train has shape"),
    ],
    "01.2": [
        ((784 * 32 + 32,), "33 are missing"),
        ((WEIGHTS,), "33 are missing"),
        ((784 * 32 + 32 * 1,), "33 are missing"),
        ((32 + 1,), "biases alone"),
        ((SIZES[1:].sum(),), "biases alone"),
        ((WEIGHTS + SIZES.sum(),), "input nodes have no bias"),
        ((784 * 33 + 32 + 32 + 1,), "input nodes have no bias"),
        ((WEIGHTS + 2,), "not to each layer"),
        ((784 * 32 + 1 + 32 * 1 + 1,), "not to each layer"),
        ((784 * 32 + 784 + 32 * 1 + 32,), "a · b + a"),
        ((WEIGHTS + SIZES[:-1].sum(),), "a · b + a"),
        ((785 * 33,), "count the two pairs"),
        (((784 + 1) * 32 + 784 + 1,), "count the two pairs"),
        ((784 * 32 + 32 + 32,), "output node has a bias"),
        ((WEIGHTS + 32,), "output node has a bias"),
        ((784 * 32 + 32 + 1,), "each of the 32 hidden"),
        ((WEIGHTS + 1,), "each of the 32 hidden"),
        ((784 * 32,), "lines to the output"),
        ((np.prod(SIZES),), "lines to the output"),
        ((784 + 32 + 1,), "number of nodes"),
        ((sum(SIZES),), "number of nodes"),
        ((21,), "two pairs"),
        ((2 * WEIGHTS,), "two pairs"),
        (("25153",), "text"),
        ((f"{WEIGHTS + 33}",), "text"),
    ],
    "01.3": [
        ((1000, 100, 0.84), "has to be trained"),
        ((1000 * 1.0, ..., ...), "has to be trained"),
        ((3050, 100, 0.84), "3,000 photographs are enough"),
        ((3000 + 50, 350, 0.5), "3,000 photographs are enough"),
        ((3000, 100, 0.84), "more than it takes"),
        ((3000.0, 100, 0.91), "more than it takes"),
        ((0.91, 100, 0.84), "say what it costs"),
        ((91 / 100, 0.71, 0.84), "say what it costs"),
        ((350, 100, 0.84), "0.82 only"),
        ((300 + 50, 100, 0.84), "0.82 only"),
        ((50, 100, 0.84), "training alone"),
        ((50.0, 0, 0.84), "training alone"),
        ((1100, 100, 0.84), "Only the CNN"),
        ((2000, 100, 0.84), "Only the CNN"),
        ((1050, 350, 0.84), "comes cheaper"),
        ((1050, 300 + 50, 0.84), "comes cheaper"),
        ((1050, 300, 0.84), "without its training"),
        ((1050, 300.0, 0.84), "without its training"),
        ((1050, 150, 0.84), "at 0.66"),
        ((1050, 100 + 50, 0.84), "at 0.66"),
        ((1050, 0.71, 0.84), "say what it costs"),
        ((1050, 1000, 0.84), "Compare the two rows"),
        ((1050, 0, 0.84), "Compare the two rows"),
        ((1050, 100, 0.91), "That is the CNN"),
        ((1050, 100, 91 / 100), "That is the CNN"),
        ((1050, 100, 0.5), "Guessing?"),
        ((1050, 100, 1 / 2), "Guessing?"),
        ((1050, 100, 0.79), "with 300 photographs"),
        ((1050, 100, 79 / 100), "with 300 photographs"),
        ((1050, 100, 0.71), "with 100 photographs"),
        ((1050, 100, 71 / 100), "with 100 photographs"),
        ((1050, 100, 0.86), "with 3,000 photographs"),
        ((1050, 100, 0.85 + 0.01), "with 3,000 photographs"),
        ((1050, 100, 84), "share of 1"),
        ((1050, 100, 84.0), "share of 1"),
        ((1050, 100, 0.7), "never used which"),
        ((1050, 100, 0.8), "never used which"),
    ],
    "01.4": [
        ((lambda p: p,), "unchanged"),
        ((lambda p: p.copy(),), "unchanged"),
        ((lambda p: p - p.min(),), "One number is subtracted"),
        ((lambda p: p - np.min(p),), "One number is subtracted"),
        ((lambda p: p - 0.1,), "from a four it takes ink. Take"),
        ((lambda p: p - np.float32(0.1),), "from a four it takes ink. Take"),
        ((lambda p: np.maximum(p - 0.1, 0),), "cut off at 0"),
        ((lambda p: np.clip(p - 0.1, 0, None),), "cut off at 0"),
        ((lambda p: np.clip(p - 0.1, 0, 1),), "cut to 0 and 1"),
        ((lambda p: np.minimum(np.maximum(p - 0.1, 0), 1),), "cut to 0 and 1"),
        ((paper_to_0,), "the ink still has"),
        ((lambda p: np.where(p == p.min((1, 2), keepdims=True), 0, p),), "the ink still has"),
        ((lambda p: p - p.min(axis=2, keepdims=True),), "of each row"),
        ((lambda p: p - np.amin(p, 2)[:, :, None],), "of each row"),
        ((lambda p: p - np.median(p, (1, 2), keepdims=True),), "The median"),
        ((lambda p: np.stack([q - np.median(q) for q in p]),), "The median"),
        ((lambda p: p / p.max((1, 2), keepdims=True),), "Dividing makes"),
        ((lambda p: np.stack([q / q.max() for q in p]),), "Dividing makes"),
        ((stretched,), "dividing changed"),
        ((lambda p: clean(p) / clean(p).max((1, 2), keepdims=True),), "dividing changed"),
        ((lambda p: p - p.min(axis=0),), "over all pictures"),
        ((lambda p: p - np.amin(p, 0),), "over all pictures"),
        ((lambda p: p - p.min(axis=1, keepdims=True),), "of each column"),
        ((lambda p: p - np.expand_dims(p.min(1), 1),), "of each column"),
        ((lambda p: p - p.mean((1, 2), keepdims=True),), "That is the mean"),
        ((lambda p: np.stack([q - np.mean(q) for q in p]),), "That is the mean"),
        ((lambda p: p > 0.5,), "black and white"),
        ((lambda p: np.where(p > 0.5, 1.0, 0.0),), "black and white"),
        ((lambda p: 2 * clean(p),), "its own smallest value"),
        ((lambda p: -clean(p),), "its own smallest value"),
        ((in_place,), "changes `pictures` itself"),
        ((in_place_by_loop,), "changes `pictures` itself"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((0.1,), "function itself"),
        ((clean(np.zeros((1, 2, 2))),), "function itself"),
    ],
}  # fmt: skip
