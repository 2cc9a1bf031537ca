"""Checkers and quiz of lesson 11, Loading and preprocessing."""

from __future__ import annotations

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    expect,
    expect_array,
    expect_function,
    expect_result,
    expect_tuple,
    expect_value,
    hinting,
    is_close,
)
from ..package_data import auto_mpg
from ..quizzes import Question


def train_on_cars(batches, seed, epochs=15):
    """Train a network to predict mpg from five columns; return its training error.

    Args:
        batches: function ``batches(x, y, size, rng)`` that returns an iterable of pairs, for
            instance the learner's answer to exercise 11.4. It is called once an epoch with
            x of shape (398, 5), filled and z-scored, and y of shape (398,).
        seed: integer that decides the initial weights and the generator.
        epochs: how often all cars are shown.

    Returns:
        float: the mean absolute error on the training rows, in miles per gallon.
    """
    import keras
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    cars = auto_mpg().frame
    columns = ["cylinders", "displacement", "horsepower", "weight", "acceleration"]
    x = make_pipeline(SimpleImputer(), StandardScaler()).fit_transform(cars[columns])
    x, y = x.astype("float32"), cars["mpg"].to_numpy("float32")
    keras.utils.set_random_seed(seed)
    hidden = keras.layers.Dense(32, "relu")
    model = keras.Sequential([hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.02), loss="mae")
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        for x_batch, y_batch in batches(x, y, 32, rng):
            model.train_on_batch(x_batch, y_batch)
    return float(np.abs(np.ravel(keras.ops.convert_to_numpy(model(x))) - y).mean())


@exercise("11.1")
def mend(mend):
    expect_function(mend, "mend")
    foot = 10.764
    for sizes in (
        np.array([104.0, 280, 1184, 51, 323, 30]),
        np.array([1959.0, 76, 646, 188.5, 280, 92, 61, 366]),
    ):
        in_feet = sizes > 300
        right = np.where(in_feet, sizes / foot, sizes)

        def by(replacement, where=in_feet, sizes=sizes):
            return np.where(where, replacement, sizes)

        expect_result(
            mend, (sizes,), right,
            "Sizes that no house can have were typed in ft²: divide those by 10.764, and leave"
            " the others as they are.",
            mistakes=[
                (sizes / foot, "All sizes are divided, the right ones, too: change only those"
                 " that no house in m² can have. np.where chooses row by row."),
                (by(sizes / foot, sizes >= 280), "280 m² is an honest size, the largest: the"
                 " rule is for what lies above it."),
                (by(sizes / foot, sizes > 500), "Some are still there, just above 300: no house has 323 m², but the"
                 " smallest, of 30 m², has 323 ft². The line belongs just above 280."),
                (by(sizes / foot, ~in_feet), "The wrong way round: the honest sizes are divided,"
                 " and those in ft² stay."),
                (by(sizes * foot), "1 m² is 10.764 ft²: from ft² to m², divide."),
                (by(280.0), "Cut at 280, the sizes look possible and are wrong: convert them."),
                (by(np.nan), "A gap instead of a number that you can work out: convert it."),
                (by(np.median(sizes)), "The median instead of a number that you can work out:"
                 " convert it."),
                (sizes[~in_feet], "Rows are missing: mend them, do not drop them."),
                (sizes, "Nothing has changed: which sizes can no house"
                 " have?"),
                (right[in_feet], "Only the mended sizes come back: return the others, too."),
                (in_feet, "That marks the wrong rows; now mend them: np.where(wrong, sizes /"
                 " 10.764, sizes)."),
            ],
        )  # fmt: skip
    return "a rule with a reason, and no honest house is touched"


@exercise("11.2")
def impute(impute):
    expect_function(impute, "impute")
    nan = np.nan
    for train, new in (
        (np.array([70, nan, 50, 66.0]), np.array([nan, 40, 81.5])),
        (np.array([-3.0, 5, 1.5, nan, nan, 2]), np.array([7, nan, -2, nan, 4.0, 9])),
        (np.array([10.0, 20, 60]), np.array([nan, 3.0])),
    ):
        gap = np.isnan(new)

        def filled(m, r=gap, new=new, gap=gap):
            return np.column_stack([np.where(gap, m, new), r])

        mean = np.nanmean(train)
        of_train = np.column_stack(
            [np.where(np.isnan(train), mean, train), np.isnan(train)]
        )
        expect_result(
            impute, (train, new), filled(mean),
            "Column 0: new with its gaps filled by the mean of train. Column 1: 1 where there"
            " was a gap, else 0.",
            mistakes=[
                (filled(np.nanmean(new)), "The gaps are filled with the mean of `new`: take that"
                 " of the training rows."),
                (filled(np.nanmean(np.concatenate([train, new]))), "The mean is that of both"
                 " arrays: take the training rows alone."),
                (filled(nan), "The gaps are still nan: is the mean itself nan? np.nanmean ignores"
                 " gaps."),
                (filled(nan, 0 * gap), "Nothing is filled: nan equals nothing, not even nan, so"
                 " == finds no gap. Use np.isnan(new)."),
                *([(filled(np.nansum(train) / len(train)), "The gaps of train count as zeros in"
                   " your mean: leave them out, as np.nanmean does.")]
                  if np.isnan(train).any() else []),
                (filled(0), "The gaps are filled with 0, a false measurement: take the mean of"
                 " train."),
                (filled(np.nanmedian(train)), "That is the median of train; here it should be the"
                 " mean."),
                (filled(mean, ~gap), "The indicator is the wrong way round: 1 where there was a"
                 " gap."),
                (filled(mean, 0 * gap), "The indicator is 0 everywhere: look for the gaps before they"
                 " are filled."),
                (filled(mean)[:, ::-1], "The columns have changed places: values first, then the"
                 " indicator."),
                (filled(mean)[:, 0], "The indicator is missing: put it beside the values."),
                (filled(mean)[:, :1], "The indicator is missing. (SimpleImputer adds one only for"
                 " columns that had gaps in training: take np.isnan(new).)"),
                (filled(mean).T, "Rows and columns have changed places: np.column_stack puts two"
                 " columns side by side."),
                (of_train, "That is `train`, filled: return `new`, filled."),
            ],
        )  # fmt: skip
    return "the value says what is known, the indicator what is not"


@exercise("11.3")
def standardize(standardize):
    expect_function(standardize, "standardize")
    kept = "Called again, something else comes out: keep nothing between calls."
    rng = np.random.default_rng(11)
    for center, spread, n, new in (
        ([90, 3, 20], [30, 1, 9], 12, 5),
        ([-4, 0.5], [2.5, 0.1], 7, 3),
    ):
        x_train = rng.normal(center, spread, (n, len(center)))
        x_new = rng.normal(np.add(center, spread), spread, (new, len(center)))
        pair = expect_tuple(
            standardize(x_train, x_new),
            2,
            "Return two arrays: the scaled training rows and the scaled new rows.",
        )
        mean, std = x_train.mean(axis=0), x_train.std(axis=0)

        def z(x, statistics_of, axis=0, ddof=0):
            mean = statistics_of.mean(axis=axis, keepdims=True)
            return (x - mean) / statistics_of.std(axis=axis, ddof=ddof, keepdims=True)

        ranges = "That is min–max: subtract the mean, divide by the standard deviation."
        not_divided = "The mean is subtracted; now divide by the standard deviation."
        no_mean = "You divide only: subtract the mean first."
        raw = (
            "comes back unchanged: scale it with x_train's mean and standard deviation."
        )
        expect_value(
            pair[1], z(x_new, x_train),
            "It should be (x_new − mean) / standard deviation, both of x_train, per"
            " column.",
            what="the scaled x_new",
            mistakes=[
                (z(x_train, x_train), "The second of the pair is x_train: x_train"
                 " comes first, then x_new."),
                (z(x_new, x_new), "The new rows were scaled with their own"
                 " statistics: a house that arrives alone would always become 0/0."
                 " Use those of x_train."),
                ((x_new - x_new.mean(axis=0)) / std, "The mean is that of x_new: take both"
                 " statistics from x_train."),
                (z(x_new, np.vstack([x_train, x_new])), "The statistics come from"
                 " both arrays: that is the leak. Use x_train alone."),
                (z(x_new, x_train, axis=None), "One mean for the whole table: m² and"
                 " bedrooms need a mean each. Mind the axis."),
                (z(x_new, x_train, ddof=1), "Nearly: your standard deviation divides"
                 " by n − 1 (as pandas does), StandardScaler and Normalization by n."),
                ((x_new - mean) / x_train.var(axis=0), "You divided by the variance;"
                 " the standard deviation is its square root."),
                ((x_new - x_train.min(0)) / np.ptp(x_train, axis=0), ranges),
                ((x_new - x_new.min(0)) / np.ptp(x_new, axis=0), ranges),
                (z(x_new, x_new, axis=1), "Those are statistics of each row; a"
                 " z-score belongs to a column: axis=0."),
                (x_new - mean, not_divided),
                (x_new / std, no_mean),
                (x_new - mean / std, "Brackets: (x − mean) / std, not x − mean / std."),
                (x_new, f"x_new {raw} Take them before you scale x_train itself."),
            ],
        )  # fmt: skip
        expect_value(
            pair[0], z(x_train, x_train),
            "x_new is right, but x_train is not: both get the same mean and standard"
            " deviation.",
            what="the scaled x_train",
            mistakes=[
                (x_train, f"x_train {raw}"),
                (z(x_new, x_train), "Both parts of the pair are x_new: x_train first."),
                (x_train - mean, not_divided),
                (x_train / std, no_mean),
            ],
        )  # fmt: skip
        again = expect_tuple(standardize(x_train, x_new), 2, kept)
        right = z(x_train, x_train), z(x_new, x_train)
        expect(all(map(is_close, again, right)), kept)
    return "two statistics per column, from the training rows, for both arrays"


@exercise("11.4")
def batches(batches):
    expect_function(batches, "batches")
    batches = hinting(
        batches,
        "NumPy cannot make one array of pairs of unequal length. Shuffle neither the rows nor"
        " pairs of them: draw an order of row numbers, and index both arrays with it.",
        text="inhomogeneous",
    )
    for n, size in ((23, 4), (30, 3)):
        x = np.column_stack([np.arange(n) + 0.5, -3.0 * np.arange(n)])
        y = 100.0 + 7 * np.arange(n)
        xs, ys, sizes = _joined(batches(x, y, size, np.random.default_rng(3)), x)
        expect(
            max(sizes) <= size,
            f"With size={size} a batch has {max(sizes)} rows: `size` is the number of rows in"
            " a batch.",
        )
        expect(
            len(xs) == len(ys) and (np.floor(xs[:, 0]) * 7 + 100 == ys).all(),
            "Rows of x meet the y of other rows: from such pairs nothing can be learned. Draw"
            " one order and use it for both.",
        )
        rows = np.floor(xs[:, 0]).astype(int)
        times = np.bincount(rows, minlength=n)
        expect(
            times.max() == 1,
            f"Row {times.argmax()} comes {times.max()} times: each row exactly once. A"
            " permutation does that.",
        )
        expect(
            times.min() == 1,
            f"{(times == 0).sum()} of {n} rows are missing: is the last batch, with fewer"
            " rows, left out?",
        )
        expect(
            sizes[:-1] == [size] * (len(sizes) - 1),
            f"The batches have {sizes} rows: all but the last should have {size}.",
        )
        expect(
            (rows != np.arange(n)).any(),
            "The rows come in their old order: shuffle them with rng.",
        )
        full = rows[: n // size * size].reshape(-1, size)
        expect(
            (np.diff(np.sort(full, axis=1), axis=1) != 1).any(),
            "The batches are shuffled, but each holds neighbors: shuffle the rows first,"
            " then cut.",
        )
        again, _, _ = _joined(batches(x, y, size, np.random.default_rng(3)), x)
        other, _, _ = _joined(batches(x, y, size, np.random.default_rng(2)), x)
        expect(
            np.array_equal(again, xs),
            "Called twice with equal generators, it gives two orders: take all chance from"
            " `rng`.",
        )
        expect(
            not np.array_equal(other, xs),
            "Another `rng` gives the same order: draw the order with it.",
        )
    return "each row keeps its answer"


def _joined(result, x):
    """Return all rows of x, all of y and the sizes of the batches, in their order."""
    form = "Return a list of pairs (x_batch, y_batch)."
    expect(result is not None, "batches gives nothing back: end it with `return`.")
    try:
        pairs = [list(pair) for pair in result]
    except TypeError:
        raise Hint(form) from None
    expect(len(pairs) > 0 and all(len(pair) == 2 for pair in pairs), form)
    xs = [expect_array(a, (None, x.shape[1]), "An x_batch") for a, _ in pairs]
    ys = [expect_array(b, (None,), "A y_batch") for _, b in pairs]
    return np.concatenate(xs), np.concatenate(ys), [len(part) for part in xs]


QUIZ = [
    Question(
        "In a clinic's table the blood pressure is empty for a third of the patients, mostly"
        " those whom the doctor thought healthy. What do you give the network?",
        [
            ("Only the complete rows",
             "Then it never sees patients thought healthy, and new ones will come with the"
             " gap, too."),
            ("The mean in every gap",
             "That says “average pressure” of people who were mostly better than average:"
             " predictions for them will be biased."),
            ("The mean in every gap, and a column that marks the gaps",
             "The gap says something about the patient; the second column lets the network"
             " learn what."),
            ("Zero in every gap, nothing else",
             "A pressure of zero is a false measurement far outside the range; after scaling"
             " it acts as an outlier."),
        ],
        answer=2,
    ),
    Question(
        "Payment is `cash`, `card` or `transfer`, coded as 0, 1, 2 in one column. What has a"
        " linear model been told?",
        [
            ("That card lies halfway between cash and transfer",
             "One weight times the code: the step from 0 to 1 must be worth as much as the step"
             " from 1 to 2."),
            ("Nothing: codes are only names",
             "For a database, yes. A model multiplies them by a weight, so their order and"
             " distances count."),
            ("That the three are equally frequent",
             "Codes say nothing about how often each occurs."),
        ],
        answer=0,
    ),
    Question(
        "“Our network predicts the rent with an error of 8 %, linear regression with 11 %.” The"
        " network got the logarithm of the area, the line the area. What do you ask for?",
        [
            ("A larger network",
             "It may gain a little more. What is in doubt is the comparison, not its winner."),
            ("More test rows",
             "They would make both numbers more certain, and leave the question open."),
            ("Both errors on the training rows",
             "They say how well the two remember, not how well they price."),
            ("The line with the logarithm, too",
             "A fair baseline gets the same columns. Perhaps the 3 points belong to the logarithm."),
        ],
        answer=3,
    ),
]  # fmt: skip
