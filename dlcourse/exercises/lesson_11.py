"""Checkers and quiz of lesson 11, Loading and preprocessing."""

from __future__ import annotations

import numpy as np

from ..checks import exercise
from ..expectations import (
    expect,
    expect_function,
    expect_number,
    expect_result,
    expect_tuple,
    expect_uses,
    expect_value,
    is_close,
)
from ..quizzes import Question


@exercise("11.1")
def price_limit(limit):
    limit = expect_number(limit, "The limit should be a single number, in € per m².")
    expect(
        limit < 10_000,
        "No house here costs that much per m²: is it a price, not divided by the size?",
    )
    found = int((_price_per_m2() < limit).sum())
    expect(
        found > 0,
        "No sale is below that: even a price without its last digit is higher.",
    )
    expect(
        found >= 9,
        f"That finds {found} of the 9: the others are not below your limit. Raise it.",
    )
    expect(
        found == 9,
        f"That flags {found} sales, honest cheap houses among them: look for the gap"
        " between the island and the cloud, and put the limit there.",
    )
    return "the island of 9, and no honest house"


def _price_per_m2():
    from .. import datasets

    frame = datasets.house_prices().frame
    size = frame["size_m2"].where(frame["size_m2"] <= 300, frame["size_m2"] / 10.764)
    return frame["price"] / size


@exercise("11.2")
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
                (x_new, f"x_new {raw}"),
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


@exercise("11.3")
def test_mask(test_mask):
    expect_function(test_mask, "test_mask")
    rng = np.random.default_rng(113)
    streets = np.array(
        [f"street {i:03d}" for i in rng.permutation(np.arange(1200) % 400)]
    )
    numbers = rng.permutation(np.arange(2500) % 500) * 7
    for groups, share in ((streets, 0.2), (numbers, 0.6)):
        arguments = groups, share, np.random.default_rng(1)
        mask = _mask(test_mask(*arguments), groups)
        names, places = np.unique(groups, return_inverse=True)
        shares = np.bincount(places, mask) / np.bincount(places)
        n, drawn = len(names), int((shares == 1).sum())
        torn = int(((shares > 0) & (shares < 1)).sum())
        expect(mask.any(), "No row is True: nothing was drawn for the test set.")
        expect(
            torn == 0,
            f"{torn} of {n} groups have rows on both sides: draw groups, and mark"
            " every row of those drawn.",
        )
        by_row = n * (1 - (1 - share) ** (len(groups) / n))
        repeated = n * (1 - np.exp(-share))  # drawn with replacement
        found = (
            f"You drew {drawn} of {n} groups, and with share {share} it should be about"
        )
        found += f" {share * n:.0f}"
        loose = 4 * np.sqrt(n * share * (1 - share))  # a coin for each group is welcome
        for wrong, why in (
            (n - share * n, "True is for test rows; is your mask the wrong way round?"),
            (by_row, "draw from np.unique(groups), which lists each group once."),
            (share * n / 2, "that is half as many."),
            (repeated, "can a group be drawn twice? Use replace=False."),
        ):
            near = abs(drawn - wrong) < min(10, abs(wrong - share * n) - loose)
            expect(not near, f"{found}: {why}")
        expect(abs(drawn - share * n) < loose, f"{found}.")
    expect_uses(
        test_mask,
        "rng",
        lambda: (numbers, 0.6, np.random.default_rng(1)),
        lambda: (numbers, 0.6, np.random.default_rng(2)),
        "Draw with it: rng.choice(…).",
    )
    return "no street on both sides"


def _mask(mask, groups):
    """Return the learner's mask as an array of booleans, one for each row."""
    expect(mask is not None, "test_mask gives nothing back: end it with `return`.")
    mask = np.asarray(mask)
    expect(
        mask.shape == groups.shape,
        f"Return one value per row, shape {groups.shape}; yours has shape {mask.shape}.",
    )
    expect(
        mask.dtype == bool, "Return True or False for each row: an array of booleans."
    )
    return mask


@exercise("11.4")
def honest_score(honest_score):
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import train_test_split

    def best(x, y, k=30, how=np.abs):
        return np.argsort(how(np.corrcoef(x.T, y)[-1, :-1]))[-k:]

    rng = np.random.default_rng(131)
    for n, columns, effect in ((120, 240, 0.6), (80, 150, 0)):
        flags = rng.integers(0, 2, size=(n, columns)).astype(float)
        signs = np.array([3, 3, 3, -2, -2])
        prices = effect * flags[:, :5] @ signs + rng.normal(size=n)
        x_train, x_val, y_train, y_val = train_test_split(
            flags, prices, test_size=0.25, random_state=0
        )

        def score(chosen, x=x_train, y=y_train, x_new=x_val, y_new=y_val):
            fitted = LinearRegression().fit(x[:, chosen], y)
            return fitted.score(x_new[:, chosen], y_new)

        right = best(x_train, y_train)
        model = LinearRegression().fit(x_train[:, right], y_train)
        error = np.mean((model.predict(x_val[:, right]) - y_val) ** 2)
        leaky = (
            "Validation prices take part in choosing the flags: choose them with the"
            " training rows only."
        )
        expect_result(
            honest_score, (flags, prices), score(right),
            "It should be R² of the validation rows, with the 30 flags that go best with the"
            " training prices, a regression on the training rows, test_size=0.25 and"
            " random_state=0.",
            mistakes=[
                (score(best(flags, prices)), leaky),
                (score(best(x_val, y_val)), leaky),
                (score(right, x_new=x_train, y_new=y_train),
                 "That is the score of the training rows: the model has seen their"
                 " prices."),
                (score(right, flags, prices), "The flags are chosen honestly, but"
                 " the regression was fitted on all rows."),
                (score(right, flags, prices, flags, prices),
                 "The regression was fitted and scored on all rows: training rows to"
                 " fit, validation rows to score."),
                (score(right, x_val, y_val), "The regression was fitted on the"
                 " validation rows."),
                (score(slice(None)), "No flags were chosen: keep the 30 that"
                 " correlate best with the training prices."),
                (score(best(x_train, y_train, how=np.positive)),
                 "A flag with a strong negative correlation is worth as much: choose"
                 " by the absolute value, or with f_regression."),
                (score(best(x_train, y_train, k=10)), "Those are 10 flags,"
                 " SelectKBest's own choice: say k=30."),
                (error, "That is the mean squared error; return R², as `score` does."),
                (np.sqrt(error), "That is the root of the mean squared error; return"
                 " R²."),
            ],
        )  # fmt: skip
    return "on random prices it finds nothing, as it should"


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
        "A table has the columns height (cm) and weight (kg). Which preprocessing makes a"
        " child of 100 cm and 20 kg equal to a giant of 300 cm and 60 kg?",
        [
            ("z-score", "Each column is shifted and divided, the same for both people: they stay"
             " far apart."),
            ("`UnitNormalization`",
             "It divides each row by its length. The giant's row is three times the child's, so"
             " both become the same."),
            ("min–max", "The column's range becomes 0 to 1, but the order of people within it"
             " stays."),
            ("One-hot encoding", "That is for categories; here it would make a column for each"
             " height that occurs."),
        ],
        answer=1,
    ),
    Question(
        "A network reads X-ray pictures; most patients have several. It will be used on"
        " patients it has never seen. How do you split?",
        [
            ("At random over the pictures",
             "Pictures of the same patient would be on both sides: the network can recognize"
             " the patient instead of the illness."),
            ("Stratified by diagnosis",
             "Good for rare diagnoses, but pictures of one patient still land on both sides."),
            ("Sorted by the time of the picture",
             "That asks about the future of known patients, too: those in treatment appear on"
             " both sides."),
            ("By patient", "All pictures of a patient on one side: the score answers the"
             " question asked, new patients."),
        ],
        answer=3,
    ),
    Question(
        "Which chain gives each epoch a new order, reads the file once, and mixes rows into"
        " every batch?",
        [
            ("`shuffle` → `cache` → `batch` → `prefetch`",
             "The cache keeps the order of the first epoch, and repeats it for ever."),
            ("`cache` → `batch` → `shuffle` → `prefetch`",
             "After `batch` the elements are batches: `shuffle` deals them in another order, but"
             " neighbors stay together."),
            ("`cache` → `shuffle` → `batch` → `prefetch`",
             "Rows are read once, dealt anew in each epoch, then grouped; the next batch is"
             " prepared meanwhile."),
            ("`prefetch` → `shuffle` → `batch` → `cache`",
             "The cache at the end keeps ready batches: the same batches in the same order in"
             " every epoch."),
        ],
        answer=2,
    ),
]  # fmt: skip
