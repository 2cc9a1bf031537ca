"""Checkers and quiz of lesson 13, Splitting and leakage."""

from __future__ import annotations

import functools
import warnings

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    as_array,
    expect,
    expect_function,
    expect_result,
    expect_uses,
)
from ..quizzes import Question


@exercise("13.1")
def test_mask(test_mask):
    expect_function(test_mask, "test_mask")
    rng = np.random.default_rng(113)
    people = np.array(
        [f"person {i:03d}" for i in rng.permutation(np.arange(1200) % 400)]
    )
    numbers = rng.permutation(np.arange(2500) % 500) * 7
    for groups, share in ((people, 0.2), (numbers, 0.6)):
        arguments = groups, share, np.random.default_rng(1)
        try:
            mask = test_mask(*arguments)
        except TypeError as error:
            expect(
                "integer" not in str(error),
                "share · n is a float, and the number of groups to draw has to be an"
                " integer: round(share * n).",
            )
            raise
        mask = _mask(mask, groups)
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
    return "nobody on both sides"


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


@exercise("13.2")
def year_splits(year_splits):
    expect_function(year_splits, "year_splits")
    rng = np.random.default_rng(132)
    cases = (
        (np.repeat(np.arange(1970, 1976), 4), 1973),
        (
            rng.permutation(np.repeat([1995, 1996, 1998, 2001, 2002], [3, 5, 2, 6, 4])),
            1998,
        ),
        (rng.integers(2010, 2020, 60), 2012),
    )
    for years, first in cases:
        later = [int(year) for year in np.unique(years) if year >= first]
        pairs = _pairs(year_splits(years, first))
        expect(
            len(pairs) == len(later),
            f"For the years {later} there should be {len(later)} pairs, one for each"
            f" year from {first} on that occurs; yours are {len(pairs)}.",
        )
        for (train, val), year in zip(pairs, later, strict=True):
            _year_pair(train, val, years, first, year)
    again = _pairs(year_splits(*cases[0]))
    expect(
        len(again) == 3,
        "Called again, something else comes out: start with an empty list inside the"
        " function.",
    )
    return "each year is predicted from the years before it"


def _pairs(result):
    """Return what year_splits gave back, as a list of pairs of integer arrays."""
    expect(result is not None, "year_splits gives nothing back: end it with `return`.")
    form = (
        "Return a list of pairs (train, val), each of them an array of row numbers, as"
        " np.flatnonzero gives them."
    )
    try:
        pairs = [tuple(pair) for pair in result]
    except TypeError:
        raise Hint(form) from None
    return [_rows(pair, form) for pair in pairs]


def _rows(pair, form):
    expect(len(pair) == 2, form)
    kinds = {np.asarray(part).dtype.kind for part in pair if len(np.shape(part))}
    expect(
        "b" not in kinds,
        "Those are masks of True and False; scikit-learn wants row numbers:"
        " np.flatnonzero(mask).",
    )
    arrays = [as_array(part, "A part of a pair") for part in pair]
    expect(all(part.ndim == 1 for part in arrays), form)
    return [np.sort(part.astype(int)) for part in arrays]


def _year_pair(train, val, years, first, year):
    """Raise the hint that fits, unless this pair is right for the year."""
    where = f"In the pair for {year},"
    right_val, right_train = np.flatnonzero(years == year), np.flatnonzero(years < year)
    same = np.array_equal
    expect(
        not (same(val, right_train) and same(train, right_val)),
        f"{where} train and val have changed places: the training rows come first.",
    )
    expect(
        not same(val, np.unique(years[right_val])),
        f"{where} val holds the year itself; it should hold the numbers of its rows.",
    )
    expect(
        not (same(val, np.flatnonzero(years >= year)) and len(val) > len(right_val)),
        f"{where} val holds all the years that follow, too: only the rows of {year}.",
    )
    expect(
        same(val, right_val),
        f"{where} val should be the {len(right_val)} rows of that year,"
        f" {right_val[:4].tolist()} …; yours are {val[:4].tolist()} …",
    )
    if same(train, right_train):
        return
    expect(
        not same(train, np.flatnonzero(years <= year)),
        f"{where} the training rows include {year} itself: train on years < {year}.",
    )
    expect(
        not same(train, np.flatnonzero(years != year)),
        f"{where} the training rows include later years: that is the future.",
    )
    expect(
        not same(train, np.flatnonzero(years < first)),
        f"{where} you train on the years before {first} only: by then the years up to"
        f" {year} are known, too.",
    )
    expect(
        not same(train, np.flatnonzero(years == year - 1)),
        f"{where} you train on one year only: take all years before {year}.",
    )
    raise Hint(
        f"{where} train should be the {len(right_train)} rows of earlier years,"
        f" {right_train[:4].tolist()} …; yours are {train[:4].tolist()} …"
    )


@exercise("13.3")
def out_of_fold_means(out_of_fold_means):
    expect_function(out_of_fold_means, "out_of_fold_means")
    for names, y, fold in _encoder_cases():

        def means(
            same=True, others=True, without_own=False, default="others", share=False,
            names=names, y=y, fold=fold,
        ):  # fmt: skip
            found = []
            for i in range(len(y)):
                allowed = fold != fold[i] if others else np.ones(len(y), dtype=bool)
                if share:
                    allowed = fold == fold[i]
                if without_own:
                    allowed = allowed & (np.arange(len(y)) != i)
                chosen = allowed & (names == names[i]) if same else allowed
                empty = {"others": y[allowed].mean(), "all": y.mean(), "zero": 0,
                         "nan": np.nan}[default]  # fmt: skip
                found.append(y[chosen].mean() if chosen.any() else empty)
            return np.array(found)

        expect_result(
            out_of_fold_means, (names, y, fold), means(),
            "For each row: the mean of y over the rows of the same name in other folds;"
            " where there are none, the mean of y over all rows of other folds.",
            mistakes=[
                (means(others=False), "Every row takes part in its own mean: that is the"
                 " leak. Use only rows of other folds."),
                (means(others=False, without_own=True), "The row itself is left out, but"
                 " the others of its fold are in: use only rows of other folds."),
                (means(share=True), "Those are the means of the row's own fold: take the"
                 " other folds."),
                (means(same=False), "That is the mean of all rows of other folds: take"
                 " only those with the same name, where there are any."),
                (means(default="all"), "Where the other folds lack the name, you take the"
                 " mean of all rows, its own y included: take that of the other folds."),
                (means(default="zero"), "Where the other folds lack the name, you give 0;"
                 " give the mean of all rows of other folds."),
                (means(default="nan"), "Where the other folds lack the name, you give nan;"
                 " give the mean of all rows of other folds."),
            ],
        )  # fmt: skip
    return "no row takes part in its own feature"


def _encoder_cases():
    """Return two triples names, y, fold in which names are lacking in some folds."""
    first = (
        np.array(["pinto", "corolla", "pinto", "rabbit", "corolla", "pinto", "civic"]),
        np.array([20.0, 31.0, 24.0, 36.5, 27.0, 19.0, 33.0]),
        np.array([0, 0, 1, 1, 2, 0, 2]),
    )
    rng = np.random.default_rng(133)
    names = np.array([f"car {i}" for i in rng.integers(0, 9, 40)] + ["alone"])
    return first, (names, rng.normal(-3, 8, 41), rng.permutation(np.arange(41) % 5) + 1)


@exercise("13.4")
def honest_score(honest_score):
    expect_function(honest_score, "honest_score")
    for flags, visits, right, mistakes in _flag_cases():
        expect_result(
            honest_score, (flags, visits), right,
            "It should be the mean R² of the five folds: in each, 30 flags chosen with the"
            " training rows, and a regression fitted on the training rows.",
            mistakes=mistakes,
        )  # fmt: skip
    return "where there is nothing to find, it finds nothing"


@functools.cache
def _flag_cases():
    """Return tables of flags, their visits, the right score and the usual wrong ones."""
    rng = np.random.default_rng(134)
    cases = []
    for n, columns, effect in ((90, 48, 0.6), (70, 40, 0)):
        flags = rng.integers(0, 2, size=(n, columns)).astype(float)
        signs = np.array([3, 3, 3, -2, -2])
        visits = effect * flags[:, :5] @ signs + rng.normal(size=n)
        cases.append((flags, visits, *_flag_scores(flags, visits)))
    return cases


def _flag_scores(flags, visits):
    from sklearn.feature_selection import SelectKBest
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import KFold, cross_val_score
    from sklearn.pipeline import make_pipeline

    every = np.arange(len(visits))

    def best(rows, k=30):
        x, y = (
            flags[rows] - flags[rows].mean(axis=0),
            visits[rows] - visits[rows].mean(),
        )
        return np.argsort(np.abs(y @ x) / np.sqrt((x**2).sum(axis=0)))[-k:]

    def score(choose, fit=0, on=1, shuffle=True, many=5):
        found = []
        folds = KFold(many, shuffle=shuffle, random_state=0 if shuffle else None)
        for pair in folds.split(flags):
            rows, x = (*pair, every), flags[:, choose(*pair)]
            x = np.column_stack([x, np.ones(len(x))])
            weights = np.linalg.lstsq(x[rows[fit]], visits[rows[fit]], rcond=None)[0]
            off = visits[rows[on]] - x[rows[on]] @ weights
            found.append(1 - np.mean(off**2) / visits[rows[on]].var())
        return float(np.mean(found))

    def honest(train, val):
        return best(train)

    def for_classes():
        model = make_pipeline(SelectKBest(k=30), LinearRegression())
        folds = KFold(5, shuffle=True, random_state=0)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # f_classif divides by 0 here
            return float(cross_val_score(model, flags, visits, cv=folds).mean())

    classes = (
        "SelectKBest's own measure, f_classif, is for classes, and visits are numbers:"
        " say SelectKBest(f_regression, k=30)."
    )
    leaky = (
        "The visits of the validation rows take part in choosing the flags: choose"
        " them anew in each fold, with the training rows only."
    )
    mistakes = [
        (score(lambda train, val: best(every)), leaky),
        (score(lambda train, val: best(val)), leaky),
        (score(honest, on=0), "That is the score of the training rows: the model has seen"
         " their visits."),
        (score(honest, fit=2), "The flags are chosen honestly, but the regression was fitted"
         " on all rows."),
        (score(lambda train, val: slice(None)), "No flags were chosen: keep the 30 that go"
         " best with the visits of the training rows."),
        (score(lambda train, val: best(train, 10)), "Those are 10 flags, SelectKBest's own"
         " choice: say k=30."),
        (score(honest, shuffle=False), "The folds are not shuffled: KFold(5, shuffle=True,"
         " random_state=0), as in the colleague's code."),
        (for_classes(), classes),
        (score(honest, many=10), "Those are ten folds: KFold(5, …), as in the colleague's"
         " code."),
    ]  # fmt: skip
    return score(honest), mistakes


@exercise("13.5")
def error_interval(error_interval):
    expect_function(error_interval, "error_interval")
    rng = np.random.default_rng(135)
    for errors in (rng.gamma(2, 1.3, 25), np.array([0.5, 4.0, 1.5, 3.0, 2.5, 9.5])):
        n, mean, std = len(errors), errors.mean(), errors.std(ddof=1)

        def around(half, center=mean):
            return np.array([center - half, center + half])

        right = around(1.96 * std / np.sqrt(n))
        expect_result(
            error_interval, (errors,), right,
            "Return two numbers, low and high: mean ∓ 1.96 · s / √n.",
            mistakes=[
                (right[::-1], "Those are high and low: return the lower end first."),
                (around(1.96 * std), "That is where 95 % of single errors might lie: the mean"
                 " of n errors varies less, so divide by √n."),
                (around(1.96 * std / n), "Divide by the square root of n, not by n."),
                (around(std / np.sqrt(n)), "That is one standard error each way: take 1.96 of"
                 " them."),
                (around(1.96 * std**2 / np.sqrt(n)), "That is the variance; take its root,"
                 " the standard deviation."),
                (around(1.96 * errors.std() / np.sqrt(n)), "Nearly: np.std divides by n unless"
                 " you say ddof=1."),
                (np.array([mean, 1.96 * std / np.sqrt(n)]), "Those are the middle and half the"
                 " width: return the two ends."),
                (around(1.96 * std / np.sqrt(n), 0), "The interval lies around 0: add the mean"
                 " error."),
                (np.quantile(errors, [0.025, 0.975]), "Those are quantiles of single errors:"
                 " the question is how far their mean may be off."),
            ],
        )  # fmt: skip
    return "now the score comes with its own uncertainty"


QUIZ = [
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
        "Four steps saw all rows before the split. Which of them will flatter the score most?",
        [
            ("Standardizing the columns",
             "Two statistics per column, from hundreds of rows, without the target: they hardly"
             " change when a few rows are left out."),
            ("Replacing each city by the mean price of its houses",
             "It uses the target. In a city with few houses the mean is nearly the answer"
             " itself, for validation rows as well."),
            ("Filling gaps with the median of the column",
             "The median hardly moves, and it saw no target."),
            ("Dropping a column that has the same value everywhere",
             "That decision needs no target, and no row gains from it."),
        ],
        answer=1,
    ),
    Question(
        "You compute a category's mean target from the training rows only, each row included,"
        " and train on it. What happens?",
        [
            ("The validation score is too good",
             "Validation rows took no part in the means, so their score is honest."),
            ("Nothing bad: validation rows were left out",
             "Left out they were, but each training row saw its own answer in its feature."),
            ("The model trusts the column far too much, and the honest score is poor",
             "In training the column contains the answer; for new rows it does not. Working out of"
             " fold mends it."),
        ],
        answer=2,
    ),
    Question(
        "A pipeline scores R² = 0.5. With the target shuffled it still scores 0.4. What do you"
        " know?",
        [
            ("The model is strong: it finds patterns even in noise",
             "In a shuffled target there is no pattern that could help with rows held back."),
            ("Information about the validation targets reaches the training",
             "Nothing can be learned from a shuffled target, so a score clearly above 0 must come"
             " from a leak."),
            ("The test set is too small",
             "That makes scores uncertain, above and below; it does not lift them by 0.4."),
            ("The true score is 0.5 − 0.4 = 0.1",
             "The two do not subtract: mend the leak and measure again."),
        ],
        answer=1,
    ),
]  # fmt: skip
