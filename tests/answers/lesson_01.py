"""Right and wrong answers of lesson 01, with a piece of the hint that must come."""

import numpy as np

# ── 01.1 ────────────────────────────────────────────────────────────────────────


def guess(picture):
    roof = picture[6:9, 13:17].mean()
    return 9 if roof > 0.4 else 4


def by_comparison(picture):
    """A wider window, as a sum, without an else."""
    if np.sum(picture[7:9, 12:18]) > 5.3:
        return 9
    return 4


def by_rows(picture):
    bridged = 0
    for row in picture[6:9]:
        bridged += sum(row[13:17]) / 12
    return 4 + 5 * int(bridged > 0.4)


def swapped(picture):
    return 13 - guess(picture)


def bottom(picture):
    return 9 if picture[22:26, 2:8].mean() > 0.01 else 4


def by_chance(picture):
    return 9 if picture[10, 10] > 0.5 else 4


def wide(picture):
    return 9 if picture[4:10, 10:19].mean() > 0.3 else 4


def tall(picture):
    return 9 if picture[5:8, 12:17].mean() > 0.2 else 4


# ── 01.2 ────────────────────────────────────────────────────────────────────────


def count_parameters(sizes):
    return sum(a * b + b for a, b in zip(sizes, sizes[1:], strict=False))


def counted(sizes):
    total = 0
    for layer in range(1, len(sizes)):
        total += (sizes[layer - 1] + 1) * sizes[layer]
    return total


def with_arrays(sizes):
    sizes = np.array(sizes)
    return sizes[:-1] @ sizes[1:] + sizes[1:].sum()


def weights(sizes):
    return count_parameters(sizes) - sum(sizes[1:])


def returns_early(sizes):
    for a, b in zip(sizes, sizes[1:], strict=False):
        return a * b + b


# ── 01.3 ────────────────────────────────────────────────────────────────────────


def enough(sizes, accuracies, target):
    for size, accuracy in zip(sizes, accuracies, strict=True):
        if accuracy >= target:
            return size
    return float("inf")


def by_list(sizes, accuracies, target):
    fitting = [n for n, a in zip(sizes, accuracies, strict=True) if not a < target]
    return min(fitting, default=np.inf)


def by_mask(sizes, accuracies, target):
    reached = np.asarray(accuracies) >= target
    return np.asarray(sizes)[reached][0] if reached.any() else np.inf


def more_than(sizes, accuracies, target):
    for size, accuracy in zip(sizes, accuracies, strict=True):
        if accuracy > target:
            return size
    return float("inf")


def largest(sizes, accuracies, target):
    return max(n for n, a in zip(sizes, accuracies, strict=True) if a >= target)


def position(sizes, accuracies, target):
    return int(np.argmax(np.asarray(accuracies) >= target))


def its_accuracy(sizes, accuracies, target):
    return [a for a in accuracies if a >= target][0]


def last_below(sizes, accuracies, target):
    return [n for n, a in zip(sizes, accuracies, strict=True) if a < target][-1]


def turned(sizes, accuracies, target):
    return [n for n, a in zip(sizes, accuracies, strict=True) if a <= target][0]


def infinity_in_the_loop(sizes, accuracies, target):
    for size, accuracy in zip(sizes, accuracies, strict=True):
        if accuracy >= target:
            return size
        else:
            return float("inf")


def otherwise(value):
    """Return enough with another answer where no size reaches the target."""

    def wrong(sizes, accuracies, target):
        found = enough(sizes, accuracies, target)
        return value(sizes) if found == float("inf") else found

    return wrong


def after_the_dip(sizes, accuracies, target):
    best = float("inf")
    for size, accuracy in zip(sizes[::-1], accuracies[::-1], strict=True):
        if accuracy < target:
            break
        best = size
    return best


def only(case, value):
    """Return enough, but for the case with these sizes."""

    def wrong(sizes, accuracies, target):
        return value if len(sizes) == case else enough(sizes, accuracies, target)

    return wrong


def in_second(value):
    def wrong(sizes, accuracies, target):
        return value if sizes[0] == 10 else enough(sizes, accuracies, target)

    return wrong


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


def forgets_return(*given):
    given = [given]


def prints(*given):
    print(len(given))


RIGHT = {
    "01.1": [(guess,), (by_comparison,), (by_rows,)],
    "01.2": [(count_parameters,), (counted,), (with_arrays,)],
    "01.3": [(enough,), (by_list,), (by_mask,)],
    "01.4": [(clean,), (one_by_one,), (by_loop,)],
}

WRONG = {
    "01.1": [
        ((forgets_return,), "nothing back"),
        ((prints,), "nothing back"),
        ((lambda p: "9" if guess(p) == 9 else "4",), "no text"),
        ((lambda p: p[6:9, 13:17].mean() > 0.4,), "no text"),
        ((lambda p: np.where(p > 0.4, 9, 4),), "no text"),
        ((lambda p: guess(p) == 9,), "no text"),
        ((lambda p: int(guess(p) == 9),), "should be 4 or 9"),
        ((lambda p: p[6:9, 13:17].mean(),), "should be 4 or 9"),
        ((lambda p: 4,), "says 4 to every picture"),
        ((lambda p: 9 if p[6:9, 13:17].mean() > 100 else 4,), "says 4 to every picture"),
        ((lambda p: 9,), "says 9 to every picture"),
        ((lambda p: 9 if p[6:9, 13:17].mean() >= 0 else 4,), "says 9 to every picture"),
        ((swapped,), "exchange the 4 and the 9"),
        ((lambda p: 4 if p[6:9, 13:17].sum() > 5 else 9,), "exchange the 4 and the 9"),
        ((bottom,), "tossing a coin. Put"),
        ((by_chance,), "tossing a coin. Put"),
        ((wide,), "80 % is wanted"),
        ((tall,), "80 % is wanted"),
        ((9,), "function itself"),
        ((guess(np.zeros((28, 28))),), "function itself"),
    ],
    "01.2": [
        ((weights,), "weights alone"),
        ((lambda s: sum(a * b for a, b in zip(s, s[1:], strict=False)),), "weights alone"),
        ((lambda sizes: sum(sizes[1:]),), "biases alone"),
        ((lambda sizes: sum(sizes) - sizes[0],), "biases alone"),
        ((lambda sizes: weights(sizes) + sum(sizes),), "input nodes have no bias"),
        ((lambda s: count_parameters(s) + s[0],), "input nodes have no bias"),
        ((lambda s: weights(s) + len(s) - 1,), "not to each layer"),
        ((lambda s: sum(a * b + 1 for a, b in zip(s, s[1:], strict=False)),),
         "not to each layer"),
        ((lambda s: sum(a * b + a for a, b in zip(s, s[1:], strict=False)),), "a · b + a"),
        ((lambda s: count_parameters(s[::-1]),), "a · b + a"),
        ((lambda s: count_parameters(s) - s[-1],), "output nodes have biases"),
        ((lambda s: weights(s) + sum(s[1:-1]),), "output nodes have biases"),
        ((returns_early,), "first pair"),
        ((lambda s: s[0] * s[1] + s[1],), "first pair"),
        ((lambda s: int(np.prod(s)),), "instead of multiplying"),
        ((np.prod,), "instead of multiplying"),
        ((sum,), "number of nodes"),
        ((lambda sizes: np.sum(sizes),), "number of nodes"),
        ((lambda s: 3 * sum(s),), "weights and 12 biases"),
        ((lambda s: weights(s) * 2,), "weights and 12 biases"),
        ((lambda s: count_parameters(s) if len(s) > 2 else 0,), "Any number of layers"),
        ((lambda s: s[0] * s[1] + s[1] + s[1] * s[2] + s[2] if len(s) == 3
          else count_parameters(s) if len(s) > 3 else s[0] * s[1],), "Any number of layers"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((26,), "function itself"),
        ((count_parameters([3, 4, 2]),), "function itself"),
    ],
    "01.3": [
        ((more_than,), "compare with >="),
        ((largest,), "compare with >="),
        ((position,), "position in the list"),
        ((lambda n, a, t: list(n).index(enough(n, a, t)),), "position in the list"),
        ((its_accuracy,), "That is the accuracy"),
        ((lambda n, a, t: min(v for v in a if v >= t),), "That is the accuracy"),
        ((last_below,), "last size that is not enough"),
        ((lambda n, a, t: n[sum(v < t for v in a) - 1],), "last size that is not enough"),
        ((turned,), "turned round"),
        ((lambda n, a, t: min(n),), "turned round"),
        ((infinity_in_the_loop,), "behind the loop"),
        ((lambda n, a, t: np.inf,), "behind the loop"),
        ((after_the_dip,), "stop at the first"),
        ((in_second(80),), "stop at the first"),
        ((in_second(40),), "at 40 is below"),
        ((lambda n, a, t: n[2] if len(n) == 4 else enough(n, a, t),), "at 40 is below"),
        ((in_second(10),), "at 10 is below"),
        ((lambda n, a, t: n[0] if len(n) == 4 and t < 0.7 else enough(n, a, t),),
         "at 10 is below"),
        ((otherwise(lambda n: n[-1]),), "Not even 700"),
        ((otherwise(max),), "Not even 700"),
        ((otherwise(lambda n: n[0]),), "nothing that was tried"),
        ((otherwise(min),), "nothing that was tried"),
        ((otherwise(lambda n: 0),), "no example is needed"),
        ((otherwise(lambda n: 0.0),), "no example is needed"),
        ((otherwise(lambda n: -1),), "is no number of examples"),
        ((otherwise(lambda n: -1.0),), "is no number of examples"),
        ((only(3, float("inf")),), "enough already"),
        ((lambda n, a, t: enough(n[1:], a[1:], t),), "enough already"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((1000,), "function itself"),
        ((enough([1], [1], 1),), "function itself"),
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
