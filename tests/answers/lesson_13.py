"""Right and wrong answers of lesson 13, with a piece of the hint that must come."""

import numpy as np
import pandas as pd
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import (
    KFold,
    cross_val_score,
    cross_validate,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

# ── 13.1 ────────────────────────────────────────────────────────────────────────

SPLITS = {
    "lung": "stratified",
    "voice": "by group",
    "power": "by time",
    "beans": "random",
    "shops": "by time",
}


def but(**changed):
    """Return the right splits with some of them changed."""
    return SPLITS | changed


# ── 13.2 ────────────────────────────────────────────────────────────────────────


def year_split(years, year):
    return np.flatnonzero(years < year), np.flatnonzero(years == year)


def where(years, year):
    return [np.where(years < year)[0], np.nonzero(years == year)[0]]


def with_lists(years, year):
    train = [i for i, k in enumerate(years) if k < year]
    val = [i for i, k in enumerate(years) if k == year]
    return train, val


def with_pandas(years, year):
    series = pd.Series(years)
    yield series.index[series < year]
    yield series.index[series == year]


def pair_by(train, val=lambda years, year: years == year):
    """Return a year_split made of two masks."""
    return lambda years, year: (
        np.flatnonzero(train(years, year)),
        np.flatnonzero(val(years, year)),
    )


def masks(years, year):
    return years < year, years == year


def list_masks(years, year):
    return (years < year).tolist(), (years == year).tolist()


def swapped(years, year):
    return year_split(years, year)[::-1]


def swapped_masks(years, year):
    return np.where(years == year)[0], np.where(years < year)[0]


def holds_years(years, year):
    return np.unique(years[years < year]), [year]


def years_of_rows(years, year):
    return years[years < year], years[years == year]


def year_itself(years, year):
    train, val = year_split(years, year)
    return train, np.unique(years[val])


def wants_sorted(years, year):
    start, stop = int((years < year).sum()), int((years <= year).sum())
    return np.arange(start), np.arange(start, stop)


def trains_sorted(years, year):
    train, val = year_split(years, year)
    return np.arange(len(train)), val


def three_parts(years, year):
    return *year_split(years, year), year


def two_axes(years, year):
    train, val = year_split(years, year)
    return train[None], val[None]


def argwhere(years, year):
    return np.argwhere(years < year), np.argwhere(years == year)


def sorts_years(years, year):
    years.sort()
    return year_split(years, year)


def shifts_years(years, year):
    years -= year
    return year_split(years, 0)


def split_forgotten(years, year):
    year_split(years, year)


# ── 13.3 ────────────────────────────────────────────────────────────────────────

FOLDS = KFold(5, shuffle=True, random_state=0)


def pipeline(k=30):
    return make_pipeline(SelectKBest(f_regression, k=k), LinearRegression())


def honest_score(flags, visits):
    model = make_pipeline(
        StandardScaler(), SelectKBest(f_regression, k=30), LinearRegression()
    )
    return cross_val_score(model, flags, visits, cv=FOLDS).mean()


def scaled_before(flags, visits):
    """The scaler sees all rows, which changes nothing here."""
    return honest_score(StandardScaler().fit_transform(flags), visits)


def best_flags(flags, visits, count=30):
    return np.argsort(np.abs(np.corrcoef(flags.T, visits)[-1, :-1]))[-count:]


def by_loop(choose=None, fit="train", on="val", folds=FOLDS, scale=False):
    """Return an honest_score made of a loop over the folds, with one thing changed."""

    def score(flags, visits):
        found = []
        for train, val in folds.split(flags):
            rows = {"train": train, "val": val, "all": np.arange(len(visits))}
            chosen = (
                choose(flags, visits, train, val)
                if choose
                else best_flags(flags[train], visits[train])
            )
            x = flags[:, chosen]
            model = LinearRegression().fit(x[rows[fit]], visits[rows[fit]])
            found.append(r2_score(visits[rows[on]], model.predict(x[rows[on]])))
        return np.mean(found)

    return score


def select_in_loop(flags, visits):
    scores = []
    for train, val in FOLDS.split(flags):
        select = SelectKBest(f_regression, k=30).fit(flags[train], visits[train])
        model = LinearRegression().fit(select.transform(flags[train]), visits[train])
        scores.append(model.score(select.transform(flags[val]), visits[val]))
    return sum(scores) / 5


def still_leaky(flags, visits):
    best = SelectKBest(f_regression, k=30).fit_transform(flags, visits)
    model = make_pipeline(StandardScaler(), LinearRegression())
    return cross_val_score(model, best, visits, cv=FOLDS).mean()


def leaky_by_hand(flags, visits):
    best = flags[:, best_flags(flags, visits)]
    return cross_val_score(LinearRegression(), best, visits, cv=FOLDS).mean()


def chosen_by_validation(flags, visits, train, val):
    return best_flags(flags[val], visits[val])


def training_score(flags, visits):
    found = cross_validate(pipeline(), flags, visits, cv=FOLDS, return_train_score=True)
    return found["train_score"].mean()


def refitted_on_all(flags, visits):
    scores = []
    for train, val in FOLDS.split(flags):
        select = SelectKBest(f_regression, k=30).fit(flags[train], visits[train])
        model = LinearRegression().fit(select.transform(flags), visits)
        scores.append(model.score(select.transform(flags[val]), visits[val]))
    return np.mean(scores)


def no_choice(flags, visits):
    return cross_val_score(LinearRegression(), flags, visits, cv=FOLDS).mean()


def scored_by(model, folds):
    return lambda flags, visits: cross_val_score(model, flags, visits, cv=folds).mean()


def for_classes(flags, visits):
    scores = []
    for train, val in FOLDS.split(flags):
        select = SelectKBest(k=30).fit(flags[train], visits[train])
        model = LinearRegression().fit(select.transform(flags[train]), visits[train])
        scores.append(model.score(select.transform(flags[val]), visits[val]))
    return np.mean(scores)


def for_scaled_classes(flags, visits):
    choose = SelectKBest(k=30)
    model = make_pipeline(StandardScaler(), choose, LinearRegression())
    return cross_val_score(model, flags, visits, cv=FOLDS).mean()


def five_scores(flags, visits):
    return cross_val_score(pipeline(), flags, visits, cv=FOLDS)


def first_fold_only(flags, visits):
    train, val = next(FOLDS.split(flags))
    model = pipeline().fit(flags[train], visits[train])
    return model.score(flags[val], visits[val])


def one_flag_less(flags, visits):
    return cross_val_score(pipeline(29), flags, visits, cv=FOLDS).mean()


def centers_visits(flags, visits):
    visits -= visits.mean()
    return honest_score(flags, visits)


def empties_flags(flags, visits):
    result = honest_score(flags, visits)
    flags[:] = 0
    return result


def score_forgotten(flags, visits):
    honest_score(flags, visits)


# ── 13.4 ────────────────────────────────────────────────────────────────────────


def out_of_fold_mean(i, names, y, fold):
    others = fold != fold[i]
    same = others & (names == names[i])
    return y[same].mean() if same.any() else y[others].mean()


def with_pandas_rows(i, names, y, fold):
    frame = pd.DataFrame({"name": names, "y": y, "fold": fold})
    rest = frame[frame["fold"] != fold[i]]
    means = rest.groupby("name")["y"].mean()
    return means.get(names[i], rest["y"].mean())


def with_loops(i, names, y, fold):
    rows = [j for j in range(len(y)) if fold[j] != fold[i]]
    values = [y[j] for j in rows if names[j] == names[i]] or [y[j] for j in rows]
    return sum(values) / len(values)


def with_weights(i, names, y, fold):
    others = fold != fold[i]
    same = others & (names == names[i])
    return np.average(y, weights=same if np.any(same) else others)


def mean_by(allowed, default=None):
    """Return an encoder; allowed(names, fold, i) is the mask of rows that it may use."""

    def encoder(i, names, y, fold):
        mask = allowed(names, fold, i)
        empty = y[fold != fold[i]].mean() if default is None else default(y)
        return y[mask].mean() if mask.any() else empty

    return encoder


def other_folds(names, fold, i):
    return (fold != fold[i]) & (names == names[i])


def plain_mean(i, names, y, fold):
    return y[names == names[i]].mean()


def plain_groupby(i, names, y, fold):
    return pd.Series(y).groupby(names).mean()[names[i]]


def leave_one_out(i, names, y, fold):
    rest = np.arange(len(y)) != i
    same = rest & (names == names[i])
    return y[same].mean() if same.any() else y[rest].mean()


def leave_one_out_deleted(i, names, y, fold):
    values = np.delete(y, i)
    same = np.delete(names, i) == names[i]
    return np.mean(values[same] if any(same) else values)


def leave_one_out_all(i, names, y, fold):
    same = names == names[i]
    same[i] = False
    return y[same].mean() if same.any() else y.mean()


def leave_one_out_sums(i, names, y, fold):
    same = names == names[i]
    n = same.sum()
    return (y[same].sum() - y[i]) / (n - 1) if n > 1 else np.mean(y)


def own_fold(i, names, y, fold):
    return y[(fold == fold[i]) & (names == names[i])].mean()


def own_fold_groupby(i, names, y, fold):
    return pd.Series(y).groupby([names, fold]).transform("mean")[i]


def folds_only(i, names, y, fold):
    return y[fold != fold[i]].mean()


def folds_only_sums(i, names, y, fold):
    own = fold == fold[i]
    return (y.sum() - y[own].sum()) / (~own).sum()


def nan_left(i, names, y, fold):
    same = other_folds(names, fold, i)
    return y[same].mean() if same.any() else np.nan


def nan_by_map(i, names, y, fold):
    rest = fold != fold[i]
    return pd.Series(y[rest]).groupby(names[rest]).mean().get(names[i], float("nan"))


def whole_mean_left(i, names, y, fold):
    value = nan_left(i, names, y, fold)
    return np.mean(y) if np.isnan(value) else value


def zero_left(i, names, y, fold):
    return np.nan_to_num(nan_left(i, names, y, fold))


def medians(i, names, y, fold):
    return mean_by(other_folds, np.median)(i, names, y, fold) + 0.5


def zero_taken_for_none(i, names, y, fold):
    return np.nan_to_num(nan_left(i, names, y, fold)) or y[fold != fold[i]].mean()


def values_asked_instead_of_mask(i, names, y, fold):
    values = y[other_folds(names, fold, i)]
    return values.mean() if values.any() else y[fold != fold[i]].mean()


def sum_instead(i, names, y, fold):
    return y[other_folds(names, fold, i)].sum()


def all_rows_at_once(i, names, y, fold):
    return [out_of_fold_mean(k, names, y, fold) for k in range(len(y))]


def centers_y(i, names, y, fold):
    y -= y.mean()
    return out_of_fold_mean(i, names, y, fold)


def sorts_y(i, names, y, fold):
    y.sort()
    return out_of_fold_mean(i, names, y, fold)


def renumbers_folds(i, names, y, fold):
    fold -= fold.min() + 1
    return out_of_fold_mean(i, names, y, fold)


def sorts_folds(i, names, y, fold):
    fold.sort()
    return out_of_fold_mean(i, names, y, fold)


def feature_forgotten(i, names, y, fold):
    feature = out_of_fold_mean(i, names, y, fold)  # noqa: F841


SCORES = [  # wrong scores of exercise 13.3, with the right harm
    ((still_leaky,), "take part in choosing"),
    ((leaky_by_hand,), "take part in choosing"),
    ((by_loop(chosen_by_validation),), "take part in choosing"),
    ((training_score,), "score of the training rows"),
    ((by_loop(on="train"),), "score of the training rows"),
    ((by_loop(fit="all"),), "fitted on all rows"),
    ((refitted_on_all,), "fitted on all rows"),
    ((no_choice,), "No flags were chosen"),
    ((scored_by(pipeline("all"), FOLDS),), "No flags were chosen"),
    (
        (
            scored_by(
                make_pipeline(SelectKBest(f_regression), LinearRegression()), FOLDS
            ),
        ),
        "say k=30",
    ),
    ((by_loop(lambda f, v, t, _: best_flags(f[t], v[t], 10)),), "say k=30"),
    ((for_classes,), "f_classif"),
    ((for_scaled_classes,), "f_classif"),
    ((scored_by(pipeline(), 5),), "not shuffled"),
    ((by_loop(folds=KFold(5)),), "not shuffled"),
    (
        (scored_by(pipeline(), KFold(10, shuffle=True, random_state=0)),),
        "ten folds",
    ),
    ((by_loop(folds=KFold(10, shuffle=True, random_state=0)),), "ten folds"),
    ((first_fold_only,), "first fold alone"),
    ((lambda flags, visits: five_scores(flags, visits)[0],), "first fold alone"),
    ((five_scores,), "expected a single number"),
    ((lambda f, v: [honest_score(f, v), 30],), "expected a single number"),
    ((one_flag_less,), "the mean R² of the five folds"),
    ((lambda flags, visits: 0.0,), "the mean R² of the five folds"),
    ((lambda flags, visits: pipeline(),), "real numbers only"),
    ((lambda flags, visits: pipeline().fit(flags, visits),), "real numbers only"),
    ((centers_visits,), "changes `visits` itself"),
    ((lambda flags, visits: (visits.sort(), 0.3)[1],), "changes `visits` itself"),
    ((empties_flags,), "changes `flags` itself"),
    ((lambda flags, visits: (flags.fill(0), 0.3)[1],), "changes `flags` itself"),
    ((score_forgotten,), "`return`"),
    ((lambda flags, visits: print(honest_score(flags, visits)),), "`return`"),
    ((0.1,), "function itself"),
    ((np.float64(-0.2),), "function itself"),
]

RIGHT = {
    "13.1": [
        (SPLITS,),
        (but(voice="group", power="time", shops="Time"),),
        (but(lung=" Stratified ", beans="RANDOM", voice="By group"),),
        (but(voice="by_group", power="by-time", shops="TimeSeriesSplit"),),
        (but(lung="StratifiedKFold", voice="GroupKFold", beans="KFold(shuffle=True)"),),
        (but(voice="GroupShuffleSplit", beans="ShuffleSplit"),),
    ],
    "13.2": [(year_split,), (where,), (with_lists,), (with_pandas,)],
    "13.3": [
        (honest_score, "choosing"),
        (by_loop(), "Choosing"),
        (select_in_loop, "choosing columns"),
        (scored_by(pipeline(), FOLDS), "SelectKBest"),
        (scaled_before, "selection"),
    ],
    "13.4": [
        (out_of_fold_mean,),
        (with_pandas_rows,),
        (with_loops,),
        (with_weights,),
    ],
}

WRONG = {
    "13.1": [
        ((but(lung="random"),), "would hold none"),
        ((but(lung="Random"),), "would hold none"),
        ((but(lung="by group"),), "each patient has one row"),
        ((but(lung="group"),), "each patient has one row"),
        ((but(lung="by time"),), "nothing is said of later"),
        ((but(lung="time"),), "nothing is said of later"),
        ((but(voice="random"),), "recordings of one speaker"),
        ((but(voice="Random"),), "recordings of one speaker"),
        ((but(voice="stratified"),), "one speaker would still be on both sides"),
        ((but(voice="Stratified"),), "one speaker would still be on both sides"),
        ((but(voice="by time"),), "but the speaker"),
        ((but(voice="time"),), "but the speaker"),
        ((but(power="random"),), "the hours after it"),
        ((but(power="Random"),), "the hours after it"),
        ((but(power="stratified"),), "power: no class is rare"),
        ((but(power="Stratified"),), "power: no class is rare"),
        ((but(power="by group"),), "one town only"),
        ((but(power="group"),), "one town only"),
        ((but(beans="stratified"),), "a weight is no class"),
        ((but(beans="Stratified"),), "a weight is no class"),
        ((but(beans="by group"),), "each bean has one"),
        ((but(beans="group"),), "each bean has one"),
        ((but(beans="by time"),), "well mixed"),
        ((but(beans="time"),), "well mixed"),
        ((but(shops="random"),), "the months after it"),
        ((but(shops="Random"),), "the months after it"),
        ((but(shops="stratified"),), "shops: no class is rare"),
        ((but(shops="Stratified"),), "shops: no class is rare"),
        ((but(shops="by group"),), "the shops are the same"),
        ((but(shops="group"),), "the shops are the same"),
        ((but(lung="by class"),), "lung: write"),
        ((but(lung=2),), "lung: write"),
        ((but(voice="shuffled"),), "voice: write"),
        ((but(voice=["by group"]),), "voice: write"),
        ((["stratified", "by group"],), "with the keys"),
        (({"lung": "stratified"},), "with the keys"),
        (("by time",), "with the keys"),
    ],
    "13.2": [
        ((masks,), "masks of True and False"),
        ((list_masks,), "masks of True and False"),
        ((swapped,), "changed places"),
        ((swapped_masks,), "changed places"),
        ((holds_years,), "val holds the year itself"),
        ((year_itself,), "val holds the year itself"),
        ((years_of_rows,), "val holds the year itself"),
        ((pair_by(lambda y, k: y < k, lambda y, k: y >= k),), "the years that follow"),
        (
            (pair_by(lambda y, k: y < k, lambda y, k: ~(y < k)),),
            "the years that follow",
        ),
        ((wants_sorted,), "val should be the"),
        ((pair_by(lambda y, k: y < k, lambda y, k: y == k - 1),), "val should be the"),
        ((pair_by(lambda y, k: y <= k),), "train on years <"),
        ((pair_by(lambda y, k: ~(y > k)),), "train on years <"),
        ((pair_by(lambda y, k: y != k),), "that is the future"),
        ((pair_by(lambda y, k: ~(y == k)),), "that is the future"),
        ((pair_by(lambda y, k: y == k - 1),), "one year only"),
        ((pair_by(lambda y, k: (y < k) & (y >= k - 1)),), "one year only"),
        ((pair_by(lambda y, k: (y < k) & (y >= k - 2)),), "rows of earlier years"),
        ((trains_sorted,), "rows of earlier years"),
        ((three_parts,), "Return a pair"),
        ((two_axes,), "Return a pair"),
        ((argwhere,), "Return a pair"),
        ((lambda years, year: np.flatnonzero(years < year).size,), "Return a pair"),
        ((sorts_years,), "changes `years` itself"),
        ((shifts_years,), "changes `years` itself"),
        ((split_forgotten,), "`return`"),
        ((lambda years, year: print(year),), "`return`"),
        ((([0], [1]),), "function itself"),
        ((year_split(np.arange(5), 3),), "function itself"),
    ],
    "13.3": [
        *(((*answer, "choosing"), hint) for answer, hint in SCORES),
        ((honest_score, "scaling"), "choosing stays in the pipeline"),
        ((by_loop(), "StandardScaler"), "choosing stays in the pipeline"),
        ((honest_score, "scaling the flags"), "choosing stays in the pipeline"),
        ((honest_score, "both"), "one of the two may see all rows"),
        ((by_loop(), "scaling and choosing"), "one of the two may see all rows"),
        ((honest_score, "neither"), 'Set harm to "scaling" or "choosing"'),
        ((honest_score, "regression"), 'Set harm to "scaling" or "choosing"'),
        ((honest_score, 2), 'Set harm to "scaling" or "choosing"'),
    ],
    "13.4": [
        ((plain_mean,), "that is the leak"),
        ((plain_groupby,), "that is the leak"),
        ((leave_one_out,), "the others of its fold are in"),
        ((leave_one_out_deleted,), "the others of its fold are in"),
        ((leave_one_out_all,), "for both"),
        ((leave_one_out_sums,), "for both"),
        ((own_fold,), "own fold"),
        ((own_fold_groupby,), "own fold"),
        ((folds_only,), "only those with the same name"),
        ((folds_only_sums,), "only those with the same name"),
        ((mean_by(other_folds, np.mean),), "take that of the other folds"),
        ((whole_mean_left,), "take that of the other folds"),
        ((mean_by(other_folds, lambda y: 0),), "you give 0"),
        ((zero_left,), "you give 0"),
        ((nan_left,), "you give nan"),
        ((nan_by_map,), "you give nan"),
        ((medians,), "For row i: the mean"),
        ((values_asked_instead_of_mask,), "For row i: the mean"),
        ((sum_instead,), "For row i: the mean"),
        ((zero_taken_for_none,), "For row i: the mean"),
        ((all_rows_at_once,), "Return one number"),
        ((lambda i, n, y, f: y[other_folds(n, f, i)],), "Return one number"),
        ((centers_y,), "changes `y` itself"),
        ((sorts_y,), "changes `y` itself"),
        ((renumbers_folds,), "changes `fold` itself"),
        ((sorts_folds,), "changes `fold` itself"),
        ((feature_forgotten,), "`return`"),
        ((lambda i, names, y, fold: print(i),), "`return`"),
        ((0.5,), "function itself"),
        (([1.0, 2.0],), "function itself"),
    ],
}
