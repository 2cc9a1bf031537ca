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
    expect_value,
)
from ..quizzes import Question

WHY = {
    "lung": {
        "random": "with 12 ill of 1,000, about 7 of 100 random fifths would hold none. Give each"
        " fold its share.",
        "group": "each patient has one row, so no group can be cut. What is rare here?",
        "time": "nothing is said of later years. What is rare here?",
    },
    "voice": {
        "random": "recordings of one speaker would be on both sides, and tomorrow's speaker"
        " is new.",
        "stratified": "recordings of one speaker would still be on both sides, and"
        " tomorrow's speaker is new.",
        "time": "not the time is new tomorrow, but the speaker.",
    },
    "power": {
        "random": "an hour would be judged by a model that knows the hours after it.",
        "stratified": "no class is rare here; the hours to come are what is new.",
        "group": "there is one town only; the hours to come are what is new.",
    },
    "beans": {
        "stratified": "a weight is no class, so nothing is rare: a random fold has its share of"
        " all weights.",
        "group": "each bean has one photograph, so no group can be cut.",
        "time": "the sack is well mixed: the rest of it is like the beans at hand.",
    },
    "shops": {
        "random": "a month would be judged by a model that knows the months after it.",
        "stratified": "no class is rare here; the year is what is new.",
        "group": "the shops are the same tomorrow; the year is what is new.",
    },
}

CLASSES = {
    "kfold": "random",
    "shufflesplit": "random",
    "stratifiedkfold": "stratified",
    "groupkfold": "group",
    "groupshufflesplit": "group",
    "timeseriessplit": "time",
}


@exercise("13.1")
def which_split(which_split):
    tasks = ", ".join(WHY)
    expect(
        isinstance(which_split, dict) and set(which_split) == set(WHY),
        f"Give a dictionary with the keys {tasks}.",
    )
    for task, whys in WHY.items():
        split = which_split[task]
        name = split.lower().split("(")[0] if isinstance(split, str) else ""
        name = " ".join(name.replace("-", " ").replace("_", " ").split())
        name = CLASSES.get(name, name.removeprefix("by "))
        expect(
            name in ("random", "stratified", "group", "time"),
            f'{task}: write "random", "stratified", "by group" or "by time".',
        )
        expect(name not in whys, f"{task}: {whys.get(name)}")
    return "each split asks the question of its task"


@exercise("13.2")
def year_split(year_split):
    expect_function(year_split, "year_split")
    rng = np.random.default_rng(132)
    cases = (
        (np.array([1974, 1973, 1975, 1974]), (1974, 1975)),
        (rng.permutation(np.repeat([1995, 1997, 1998, 1999], [3, 5, 2, 6])), (1997, 1999)),
        (rng.integers(2010, 2020, 60), (2012, 2017)),
    )  # fmt: skip
    form = (
        "Return a pair (train, val), each of them an array of row numbers, as"
        " np.flatnonzero gives them."
    )
    for years, chosen in cases:
        for year in chosen:
            pair = year_split(years, year)
            expect(
                pair is not None, "year_split gives nothing back: end it with `return`."
            )
            try:
                pair = tuple(pair)
            except TypeError:
                raise Hint(form) from None
            _year_pair(*_rows(pair, form), years, year)
    return "the year is predicted from the years before it"


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


def _year_pair(train, val, years, year):
    """Raise the hint that fits, unless this pair is right for the year."""
    where = f"With the years {years[:4].tolist()}" + " …" * (len(years) > 4)
    where += f" and the year {year},"
    right_val, right_train = np.flatnonzero(years == year), np.flatnonzero(years < year)
    same = np.array_equal
    if same(val, right_val) and same(train, right_train):
        return
    expect(
        not (same(val, right_train) and same(train, right_val)),
        f"{where} train and val have changed places: the training rows come first.",
    )
    expect(
        not (len(val) and np.all(val == year)),
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
    expect(
        not same(train, np.flatnonzero(years <= year)),
        f"{where} the training rows include {year} itself: train on years < year.",
    )
    expect(
        not same(train, np.flatnonzero(years != year)),
        f"{where} the training rows include later years: that is the future.",
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
def honest_score(honest_score, harm):
    expect_function(honest_score, "honest_score")
    for flags, visits, right, mistakes in _flag_cases():
        expect_result(
            honest_score, (flags, visits), right,
            "It should be the mean R² of the five folds: in each, 30 flags chosen with the"
            " training rows, and a regression fitted on the training rows.",
            mistakes=mistakes,
        )  # fmt: skip
    form = 'Set harm to "scaling" or "choosing".'
    expect(isinstance(harm, str), form)
    words = harm.lower().replace("both", "scaling and choosing")
    scaling = "scal" in words
    choosing = any(part in words for part in ("choos", "column", "select"))
    expect(scaling or choosing, form)
    expect(
        not (scaling and choosing),
        "harm: one of the two may see all rows, and the score stays the same. Try each alone.",
    )
    expect(
        choosing,
        "harm: scale all rows first, while choosing stays in the pipeline. Does the score"
        " change?",
    )
    return "the flags are now chosen by the training rows only"


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

    def score(choose, fit=0, on=1, shuffle=True, many=5, judged=None):
        found = []
        folds = KFold(many, shuffle=shuffle, random_state=0 if shuffle else None)
        for pair in folds.split(flags):
            rows, x = (*pair, every), flags[:, choose(*pair)]
            x = np.column_stack([x, np.ones(len(x))])
            weights = np.linalg.lstsq(x[rows[fit]], visits[rows[fit]], rcond=None)[0]
            off = visits[rows[on]] - x[rows[on]] @ weights
            found.append(1 - np.mean(off**2) / visits[rows[on]].var())
        return float(np.mean(found[:judged]))

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
        (score(honest, judged=1), "That is the score of the first fold alone: take the mean of"
         " all five."),
        (score(honest, many=10), "Those are ten folds: KFold(5, …), as in the colleague's"
         " code."),
    ]  # fmt: skip
    return score(honest), mistakes


@exercise("13.4")
def out_of_fold_mean(out_of_fold_mean):
    expect_function(out_of_fold_mean, "out_of_fold_mean")
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

        values = []
        for i in range(len(y)):
            value = as_array(
                out_of_fold_mean(i, names, y, fold), f"The value of row {i}"
            )
            expect(
                value.size == 1,
                f"Return one number, the feature of row i; for row {i} you return"
                f" {value.size} numbers.",
            )
            values.append(value.item())
        expect_value(
            values, means(),
            "For row i: the mean of y over the rows of the same name in other folds; where"
            " there are none, the mean of y over all rows of other folds.",
            what="The array of the features of all rows",
            mistakes=[
                (means(others=False), "The row takes part in its own mean: that is the leak."
                 " Use only rows of other folds."),
                (means(others=False, without_own=True), "The row itself is left out, but the"
                 " others of its fold are in: use only rows of other folds."),
                (means(others=False, without_own=True, default="all"), "Only the row itself is"
                 " left out, and where no other has its name, you take the mean of all rows,"
                 " its own y included: use rows of other folds for both."),
                (means(share=True), "That is the mean of the row's own fold: take the other"
                 " folds."),
                (means(same=False), "That is the mean of all rows of other folds: take only"
                 " those with the same name, where there are any."),
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
    """Return triples names, y, fold in which names are lacking in some folds."""
    first = (
        np.array(["pinto", "corolla", "pinto", "rabbit", "corolla", "pinto", "civic"]),
        np.array([20.0, 31.0, 24.0, 36.5, 27.0, 19.0, 33.0]),
        np.array([0, 0, 1, 1, 2, 0, 2]),
    )
    rng = np.random.default_rng(133)
    names = np.array([f"car {i}" for i in rng.integers(0, 9, 40)] + ["alone"])
    second = names, rng.normal(-3, 8, 41), rng.permutation(np.arange(41) % 5) + 1
    zero = (  # the means of rows 2 and 4 are 0, which is a mean as good as any
        np.array(["a", "a", "a", "b", "b", "c"]),
        np.array([-2.0, 2.0, 7.0, 0.0, 4.0, 10.0]),
        np.array([0, 0, 1, 0, 1, 0]),
    )
    return first, second, zero


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
        "Four steps of a model for house prices saw all rows before the split. Which of them"
        " will flatter the score most?",
        [
            ("Standardizing the columns",
             "Two statistics per column, from hundreds of rows, without the target: they hardly"
             " change when a few rows are left out."),
            ("Keeping the 20 columns that go best with the price",
             "It uses the target, that of the validation rows, too: columns that go with it by"
             " luck are kept, and are lucky in validation as well."),
            ("Filling gaps with the median of the column",
             "The median hardly moves, and it saw no target."),
            ("Dropping a column that has the same value everywhere",
             "That decision needs no target, and no row gains from it."),
        ],
        answer=1,
    ),
    Question(
        "A pipeline scores R² = 0.5. With shuffled targets it falls to −0.02. What does that rule"
        " out?",
        [
            ("A strong leak of the targets, in a step that was run again",
             "Such a strong leak would lift the score of shuffled targets, too."),
            ("Duplicates on both sides of the split",
             "A duplicate's target is shuffled as well, so there is nothing to copy: the test does"
             " not see them."),
            ("Every leak",
             "It sees only those of the targets, in steps that it reruns. Duplicates on both"
             " sides, or the future, escape it."),
            ("A score that will be worse next year",
             "The test says nothing about the future: for that, split by time."),
        ],
        answer=0,
    ),
]  # fmt: skip
