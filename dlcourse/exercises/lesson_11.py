"""Checkers and quiz of lesson 11, Loading and preprocessing."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import numpy as np

from ..checks import exercise
from ..datasets import embedded
from ..expectations import (
    Hint,
    as_array,
    expect,
    expect_array,
    expect_function,
    expect_result,
    expect_value,
    hinting,
    is_close,
)
from ..package_data import auto_mpg
from ..quizzes import Question


def newest_index(dates):
    """Return the newest value of the price index that was published on each date.

    Args:
        dates: pandas Series of dates from January 2019 to December 2023, of shape (n,).

    Returns:
        numpy array of shape (n,), January 2019 = 100: the value of the month before, which
        is published on the first day of the month; in January 2019, which has none, its own.
    """
    index = np.loadtxt(embedded("price_index.txt"))  # columns: year, month, index
    month = 12 * (dates.dt.year - 2019) + dates.dt.month - 1
    return index[(month - 1).clip(lower=0), 2]


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


SALES = {  # the text of a file, and the sizes in it as they were typed
    "street,size_m2,bedrooms\nBirch Way,104,4\nElm Road,1184,4\nMill Lane,?,2\n"
    "Oak Row,280,7\nAsh Hill,323,1\nBay Street,51,2\nFir Close,30,1\n": [
        104, 1184, np.nan, 280, 323, 51, 30
    ],
    "size_m2,age_years,street\n1959,12,Fir Close\n?,80,Oak Row\n76,3,Elm Road\n"
    "188.5,41,Ash Hill\n366,?,Mill Lane\n280,9,Bay Street\n92,7,Elm Road\n": [
        1959, np.nan, 76, 188.5, 366, 280, 92
    ],
}  # fmt: skip


@exercise("11.1")
def read_sizes(read_sizes):
    expect_function(read_sizes, "read_sizes")
    foot = 10.764
    is_text = (
        "Text cannot be compared with 300. Take the column size_m2 alone; and as a single"
        ' `?` makes the whole column text, tell the reader that "?" stands for a gap:'
        ' na_values="?" in pandas.'
    )
    stops = hinting(read_sizes, is_text, TypeError, "str")
    stops = hinting(
        stops,
        "Your code stops at the `?`, which is no number: put nan there, as pd.read_csv does"
        ' with na_values="?".',
        text="convert",
    )
    stops = hinting(
        stops,
        "pandas hands out its array for reading only: take a copy, np.array(sizes), or let"
        " np.where make a new one.",
        text="read-only",
    )
    with tempfile.TemporaryDirectory() as folder:
        for number, (text, typed) in enumerate(SALES.items()):
            path = Path(folder) / f"sales_{number}.csv"
            path.write_text(text, encoding="utf-8")
            sizes = np.array(typed)
            gap, in_feet = np.isnan(sizes), sizes > 300
            right = np.where(in_feet, sizes / foot, sizes)

            def by(replacement, where=in_feet, sizes=sizes):
                return np.where(where, replacement, sizes)

            result = stops(path)
            expect(
                result is not None,
                "read_sizes gives nothing back: end it with `return`.",
            )
            expect(
                np.ndim(result) < 2,
                "That is a table: return its column size_m2 alone, mended.",
            )
            expect(not any(isinstance(v, str) for v in np.ravel(result)), is_text)
            another = np.genfromtxt(
                path, delimiter=",", skip_header=1, usecols=2 - number
            )
            dropped = "Rows are missing: mend them, do not drop them."
            not_filled = (
                "A `?` became a number, and a false one: what is not known is nan."
            )
            expect_value(
                result, right,
                "Sizes that no house can have were typed in ft²: divide those by 10.764, and"
                " leave the others as they are.",
                what=f"The array from the file {text!r}",
                mistakes=[
                    (sizes / foot, "All sizes are divided, the right ones, too: change only"
                     " those that no house in m² can have. np.where chooses row by row."),
                    (by(sizes / foot, sizes >= 280), "280 m² is an honest size, the largest:"
                     " the rule is for what lies above it."),
                    (by(sizes / foot, sizes > 500), "Some are still there, just above 300: no"
                     " house has 323 m², but the smallest, of 30 m², has 323 ft². The line"
                     " belongs just above 280."),
                    (by(sizes / foot, ~in_feet), "The wrong way round: the honest sizes are"
                     " divided, and those in ft² stay."),
                    (by(sizes * foot), "1 m² is 10.764 ft²: from ft² to m², divide."),
                    (by(280.0), "Cut at 280, the sizes look possible and are wrong: convert"
                     " them."),
                    (by(np.nan), "A gap instead of a number that you can work out: convert"
                     " it."),
                    (by(np.nanmedian(sizes)), "The median instead of a number that you can"
                     " work out: convert it."),
                    (sizes[~in_feet], dropped),
                    (sizes[~in_feet & ~gap], dropped),
                    (right[~gap], "Rows with a `?` are missing: keep them, with nan in place"
                     " of the `?`."),
                    (np.where(gap, 0, right), not_filled),
                    (np.where(gap, np.nanmean(right), right), not_filled),
                    (right[1:], "The first size is missing: a file has one heading, and the"
                     " line below it is a row."),
                    (np.append(np.nan, right), "The heading became a row, and its name a gap:"
                     " leave out the first line."),
                    (another, "That is another column: size_m2 may stand anywhere, so take it"
                     " by its name."),
                    (np.round(right), "Right, and then rounded: keep what the division gives,"
                     " and sizes such as 188.5 as they are."),
                    (sizes, "Nothing has changed: which sizes can no house have?"),
                    (right[in_feet], "Only the mended sizes come back: return the others,"
                     " too."),
                    (in_feet, "That marks the wrong rows; now mend them: np.where(wrong,"
                     " sizes / 10.764, sizes)."),
                ],
            )  # fmt: skip
    return "a rule with a reason: no gap is hidden and no honest house touched"


@exercise("11.2")
def one_hot(one_hot):
    expect_function(one_hot, "one_hot")
    for errors, text, hint in (
        (ValueError, "broadcast", "Two arrays of different lengths cannot be compared side"
         " by side: make the values a column with [:, None], or go through the categories"
         " in a loop."),
        (TypeError, "list indices", "A list knows no [:, None]: make an array of it first,"
         " np.array(values)."),
        ((ValueError, KeyError), "Mars", "Your code stops at the value \"Mars\", which is"
         " not among the categories: give it a row of zeros."),
        (KeyError, "not in index", "Your code stops at a category that no value has, for"
         " which pd.get_dummies makes no column: give it a column of zeros."),
    ):  # fmt: skip
        one_hot = hinting(one_hot, hint, errors, text)
    zeros = (
        "All zeros: a list as a whole equals no text, so `values == category` is a single"
        " False. Compare value by value, or make it an array: np.array(values)."
    )
    codes_only = (
        "Those are codes, one number for each value: make a column for each category."
    )
    for values, categories in (
        (["Japan", "USA", "Japan", "Europe", "Mars"], ["Europe", "Japan", "USA"]),
        (["b", "d", "a", "b", "b"], ["d", "c", "b", "a"]),
        (["red", "blue", "red", "red", "green", "blue"], ["red", "blue"]),
    ):

        def table(columns, values=values):
            return np.array([[float(v == c) for c in columns] for v in values])

        right = table(categories)
        occurring = sorted(set(values))
        place = {c: i for i, c in enumerate(categories)}
        codes = np.array([place.get(v, -1) for v in values], dtype=float)
        last = right.copy()
        last[codes < 0, -1] = 1
        expect_result(
            one_hot, (values, categories), right,
            "A row for each value, a column for each category in the order given: 1 where they"
            " agree, else 0.",
            mistakes=[
                (0 * right, zeros),
                (0 * right[:1], zeros),
                (0 * right[0], zeros),
                (table(occurring), "The columns are the values that occur, in alphabetical"
                 " order, as pd.get_dummies makes them: it should be one column for each of"
                 " `categories`, in their order, whatever occurs."),
                *_if_other(right, (table(sorted(categories)), "The columns are in alphabetical"
                           " order (pd.get_dummies sorts them): keep the order of"
                           " `categories`.")),
                (right.T, "Rows and columns have changed places: a row for each value."),
                (codes, codes_only),
                (codes[:, None], codes_only),
                *_if_other(right, (last, "An unknown value is counted for the last category:"
                           " index −1 means the last. Give it a row of zeros.")),
                *_if_other(right, (right[codes >= 0], "The row of the unknown value is missing:"
                           " give it a row of zeros.")),
                (1 - right, "0 and 1 are the wrong way round: 1 where value and category"
                 " agree."),
            ],
        )  # fmt: skip
    return "no order, no distances: each category for itself"


def _if_other(right, mistake):
    """Return the mistake in a list, or none where its value is right in this case."""
    return [] if is_close(mistake[0], right) else [mistake]


@exercise("11.3")
def fill_and_scale(fill_and_scale):
    expect_function(fill_and_scale, "fill_and_scale")
    nan = np.nan
    for train, new in (
        (
            np.array([[70, 2, 8], [nan, 4, 1.5], [50, nan, 7], [66, 3, 3], [nan, 1, 4]]),
            np.array([[nan, 5, 2], [40, nan, nan], [81.5, 1, 6]]),
        ),
        (
            np.array([[-3.0, 0.5], [5, 0.1], [1.5, 0.7], [nan, 0.2], [2, 0.4], [4, 0.3]]),
            np.array([[7, nan], [nan, 0.9], [-2, 0.6], [nan, 0.8]]),
        ),
    ):  # fmt: skip
        gap = np.isnan(new)
        had_gaps = np.isnan(train).any(axis=0)
        mean = np.nanmean(train, axis=0)
        both = np.vstack([train, new])

        def table(std, m=mean, fill=None, marks=gap, x=new):
            """Return (x - m) / std, its gaps filled with m or fill, and the marks."""
            x = np.where(np.isnan(x), m if fill is None else fill, x)
            return np.hstack([(x - m) / std, marks])

        mistakes = []
        for deviation in (_of_the_present, _of_the_filled):  # both are right
            std = deviation(train)
            scaled = table(std)[:, : len(mean)]
            mistakes += [
                (table(deviation(new), np.nanmean(new, axis=0)), "The new rows were filled"
                 " and scaled with their own statistics: a house that arrives alone would"
                 " always become 0/0. Use those of train."),
                (table(deviation(both), np.nanmean(both, axis=0)), "The statistics come from"
                 " both arrays: that is the leak. Use train alone."),
                (table(std, fill=np.nanmean(new, axis=0)), "The gaps are filled with the mean"
                 " of `new`: take that of the training rows."),
                (table(std, fill=0), "The gaps are filled with 0, a false measurement: take"
                 " the mean of train. (After scaling, 0 is the mean.)"),
                (table(std, fill=nan), "The gaps are still nan: is the mean itself nan?"
                 " np.nanmean ignores gaps, and np.isnan finds them."),
                (table(std, marks=~gap), "The indicators are the wrong way round: 1 where"
                 " there was a gap."),
                (table(std, marks=0 * gap), "The indicators are 0 everywhere: look for the"
                 " gaps before they are filled."),
                (np.hstack([gap, scaled]), "The two halves have changed places: z-scores"
                 " first, then the indicators."),
                (np.stack([scaled, gap], axis=2).reshape(len(new), -1), "Value and indicator"
                 " take turns: first all z-scores, then all indicators."),
                (scaled, "The indicators are missing: put them beside the z-scores."),
                (table(std, marks=gap[:, had_gaps]), "An indicator is missing: SimpleImputer"
                 " adds one only for columns that had gaps in training. Take"
                 " np.isnan(new)."),
                (table(deviation(train, ddof=1)), "Nearly: your standard deviation divides by"
                 " n − 1 (as pandas does), StandardScaler and np.nanstd by n."),
                (table(std**2), "You divided by the variance; the standard deviation is its"
                 " square root."),
                (table(std, m=0, fill=mean), "You divide only: subtract the mean first."),
                (table(1, m=mean / std, fill=mean), "Brackets: (x − mean) / std, not"
                 " x − mean / std."),
                (table(std, marks=np.isnan(train), x=train), "That is `train`, filled and"
                 " scaled: return `new`."),
            ]  # fmt: skip
        everything = np.nanmean(train)
        mistakes += [
            (table(np.nanstd(train), everything), "One mean for the whole table: m² and"
             " bedrooms need a mean each. Mind the axis."),
            (table(np.nanstd(train), everything, mean), "One mean for the whole table: m²"
             " and bedrooms need a mean each. Mind the axis."),
            (table(np.nanmax(train, axis=0) - np.nanmin(train, axis=0),
                   np.nanmin(train, axis=0), mean), "That is min–max: subtract the mean,"
             " divide by the standard deviation."),
            (table(train.std(axis=0), train.mean(axis=0)), "The mean of a column with a gap"
             " is nan, and so is all that it touches: np.nanmean and np.nanstd ignore gaps."),
            (table(1), "The mean is subtracted; now divide by the standard deviation."),
            (table(1, m=0, fill=mean), "Filled and marked, but not scaled: (x − mean) / std,"
             " both of train."),
        ]  # fmt: skip
        other = table(_of_the_filled(train))
        right = table(_of_the_present(train))
        expect_result(
            _taken_for(right, other, fill_and_scale), (train, new), right,
            "First (new − mean) / standard deviation for each column, both of train, and 0"
            " where there was a gap; then 1 where there was a gap, else 0.",
            mistakes=mistakes,
        )  # fmt: skip
    return "all that was learned from data comes from the training rows"


def _of_the_present(x, ddof=0):
    """Return the standard deviation of each column, its gaps left out."""
    return np.nanstd(x, axis=0, ddof=ddof)


def _of_the_filled(x, ddof=0):
    """Return the standard deviation of each column, its gaps filled with the mean."""
    return np.where(np.isnan(x), np.nanmean(x, axis=0), x).std(axis=0, ddof=ddof)


def _taken_for(right, other, function):
    """Return the function, but with ``right`` in place of a result that equals ``other``."""

    @functools.wraps(function)
    def call(*args):
        result = function(*args)
        equal = result is not None and is_close(as_array(result), other)
        return right if equal else result

    return call


@exercise("11.4")
def batches(batches):
    expect_function(batches, "batches")
    batches = hinting(
        batches,
        "NumPy cannot make one array of pairs of unequal length. Shuffle neither the rows nor"
        " pairs of them: draw an order of row numbers, and index both arrays with it.",
        text="inhomogeneous",
    )
    for n, size in ((25, 4), (30, 3)):
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
             "Then it sees too few patients thought healthy, and new ones will come with the"
             " gap, too."),
            ("The mean in every gap",
             "That says “average pressure” of people who were mostly better than average:"
             " predictions for them will be biased."),
            ("The mean in every gap, and a column that marks the gaps",
             "The gap says something about the patient; the second column lets the network"
             " learn what."),
            ("Zero in every gap, nothing else",
             "A zero is a false measurement far outside the range: after scaling, the true"
             " ones lie close together."),
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
