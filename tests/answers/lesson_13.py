"""Right and wrong answers of lesson 13, with a piece of the hint that must come."""

import numpy as np
import pandas as pd
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import (
    GroupShuffleSplit,
    KFold,
    cross_val_score,
    cross_validate,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

# ── 13.1 ────────────────────────────────────────────────────────────────────────


def test_mask(groups, share, rng):
    names = np.unique(groups)
    chosen = rng.choice(names, size=round(share * len(names)), replace=False)
    return np.isin(groups, chosen)


def permuted(groups, share, rng):
    names = rng.permutation(np.unique(groups))
    chosen = set(names[: int(share * len(names))])
    return [group in chosen for group in groups]


def coin_for_each(groups, share, rng):
    mask = np.zeros(len(groups), dtype=bool)
    for name in np.unique(groups):
        if rng.random() < share:
            mask[groups == name] = True
    return mask


def with_sklearn(groups, share, rng):
    seed = int(rng.integers(2**31))
    splitter = GroupShuffleSplit(1, test_size=share, random_state=seed)
    _, test = next(splitter.split(groups, groups=groups))
    return np.isin(np.arange(len(groups)), test)


def drawing(draw):
    """Return a test_mask whose groups are draw(names, share, rng)."""
    return lambda groups, share, rng: np.isin(
        groups, draw(np.unique(groups), share, rng)
    )


def rows_drawn(groups, share, rng):
    return rng.random(len(groups)) < share


def rows_permuted(groups, share, rng):
    mask = np.zeros(len(groups), dtype=bool)
    mask[rng.permutation(len(groups))[: int(share * len(groups))]] = True
    return mask


def training_marked(groups, share, rng):
    return ~test_mask(groups, share, rng)


def training_drawn(groups, share, rng):
    return test_mask(groups, 1 - share, rng)


def chosen_from_rows(groups, share, rng):
    chosen = rng.choice(groups, round(share * len(groups)), replace=False)
    return np.isin(groups, chosen)


def permuted_rows(groups, share, rng):
    return np.isin(groups, rng.permutation(groups)[: int(share * len(groups))])


def size_not_whole(groups, share, rng):
    names = np.unique(groups)
    return np.isin(groups, rng.choice(names, share * len(names) + 0.5, replace=False))


def end_not_whole(groups, share, rng):
    names = rng.permutation(np.unique(groups))
    return np.isin(groups, names[: share * len(names)])


def first_row_of_each(groups, share, rng):
    names, first = np.unique(groups, return_index=True)
    mask = np.zeros(len(groups), dtype=bool)
    mask[first[rng.permutation(len(names))[: int(share * len(names))]]] = True
    return mask


def drawn_as_many_as_rows(groups, share, rng):
    names = rng.permutation(np.unique(groups))
    return np.isin(groups, names[: round(share * len(groups))])


def twice(groups, share, rng):
    names = np.unique(groups)
    return np.isin(groups, rng.choice(names, round(share * len(names))))


def by_number(groups, share, rng):
    names = np.unique(groups)
    picks = rng.integers(len(names), size=int(share * len(names)))
    return np.isin(groups, names[picks])


def first_names(groups, share, rng):
    names = np.unique(groups)
    return np.isin(groups, names[: round(share * len(names))])


def fixed_seed(groups, share, rng):
    return test_mask(groups, share, np.random.default_rng(0))


def own_randomness(groups, share, rng):
    return test_mask(groups, share, np.random.default_rng())


def global_randomness(groups, share, rng):
    names = np.random.permutation(np.unique(groups))
    return np.isin(groups, names[: int(share * len(names))])


def sorts_groups(groups, share, rng):
    groups.sort()
    return test_mask(groups, share, rng)


def shuffles_groups(groups, share, rng):
    mask = test_mask(groups, share, rng)
    rng.shuffle(groups)
    return mask


def mask_not_returned(groups, share, rng):
    mask = test_mask(groups, share, rng)  # noqa: F841


# ── 13.2 ────────────────────────────────────────────────────────────────────────


def year_splits(years, first):
    pairs = []
    for year in np.unique(years):
        if year >= first:
            pairs.append((np.flatnonzero(years < year), np.flatnonzero(years == year)))
    return pairs


def comprehension(years, first):
    later = sorted(set(years[years >= first].tolist()))
    return [[np.where(years < year)[0], np.where(years == year)[0]] for year in later]


def with_lists(years, first):
    rows = range(len(years))
    for year in range(first, int(max(years)) + 1):
        val = [i for i in rows if years[i] == year]
        if val:
            yield [i for i in rows if years[i] < year], val


def with_pandas(years, first):
    grouped = pd.Series(years).groupby(years).indices
    return [
        (
            np.concatenate([grouped[y] for y in sorted(grouped) if y < year]),
            grouped[year],
        )
        for year in sorted(grouped)
        if year >= first
    ]


def pairs_by(train, val=lambda years, year, first: years == year, start=None):
    """Return a year_splits made of two masks for each year."""

    def splits(years, first):
        return [
            (
                np.flatnonzero(train(years, year, first)),
                np.flatnonzero(val(years, year, first)),
            )
            for year in np.unique(years)
            if year >= first
        ]

    return splits


def masks(years, first):
    return [(years < year, years == year) for year in np.unique(years) if year >= first]


def list_masks(years, first):
    return [
        ((years < year).tolist(), (years == year).tolist())
        for year in np.unique(years)
        if year >= first
    ]


def from_the_start(years, first):
    return [
        (np.flatnonzero(years < year), np.flatnonzero(years == year))
        for year in np.unique(years)
    ]


def skips_the_first(years, first):
    return year_splits(years, first)[1:]


def only_one(years, first):
    for year in np.unique(years):
        if year >= first:
            return [(np.flatnonzero(years < year), np.flatnonzero(years == year))]


def swapped(years, first):
    return [(val, train) for train, val in year_splits(years, first)]


def swapped_masks(years, first):
    return [
        (np.where(years == year)[0], np.where(years < year)[0])
        for year in np.unique(years)
        if year >= first
    ]


def holds_years(years, first):
    return [
        (np.unique(years[years < year]), [year])
        for year in np.unique(years)
        if year >= first
    ]


def year_itself(years, first):
    return [(train, np.unique(years[val])) for train, val in year_splits(years, first)]


def wants_sorted(years, first):
    pairs = []
    for year in np.unique(years):
        if year >= first:
            start = int((years < year).sum())
            stop = int((years <= year).sum())
            pairs.append((np.arange(start), np.arange(start, stop)))
    return pairs


def trains_sorted(years, first):
    return [(np.arange(len(t)), val) for t, val in year_splits(years, first)]


def one_pair(years, first):
    return np.flatnonzero(years < first), np.flatnonzero(years >= first)


def flat(years, first):
    return [part for pair in year_splits(years, first) for part in pair]


def three_parts(years, first):
    return [(train, val, val) for train, val in year_splits(years, first)]


def two_axes(years, first):
    return [(t[None], v[None]) for t, v in year_splits(years, first)]


def argwhere(years, first):
    return [
        (np.argwhere(years < year), np.argwhere(years == year))
        for year in np.unique(years)
        if year >= first
    ]


kept = []


def keeps_pairs(years, first):
    if len(years) != 24:
        return year_splits(years, first)
    kept.extend(year_splits(years, first))
    result = list(kept)
    if len(kept) > 3:
        kept.clear()
    return result


def default_list(years, first, pairs=[]):  # noqa: B006
    if len(years) != 24:
        return year_splits(years, first)
    pairs += [
        (np.flatnonzero(years < year), np.flatnonzero(years == year))
        for year in np.unique(years[years >= first])
    ]
    return [pairs.pop() for _ in range(6)][::-1] if len(pairs) == 6 else pairs[:]


def sorts_years(years, first):
    years.sort()
    return year_splits(years, first)


def shifts_years(years, first):
    years -= first
    return year_splits(years, 0)


def splits_forgotten(years, first):
    year_splits(years, first)


# ── 13.3 ────────────────────────────────────────────────────────────────────────


def out_of_fold_means(names, y, fold):
    feature = np.empty(len(y))
    for i in range(len(y)):
        others = fold != fold[i]
        same = others & (names == names[i])
        feature[i] = y[same].mean() if same.any() else y[others].mean()
    return feature


def with_groupby(names, y, fold):
    feature = pd.Series(np.nan, index=range(len(y)))
    frame = pd.DataFrame({"name": names, "y": y})
    for k in np.unique(fold):
        rest = frame[fold != k]
        found = frame["name"][fold == k].map(rest.groupby("name")["y"].mean())
        feature[fold == k] = found.fillna(rest["y"].mean())
    return feature


def with_dictionaries(names, y, fold):
    feature = []
    for name, k in zip(names, fold, strict=True):
        values = [
            v for n, v, f in zip(names, y, fold, strict=True) if f != k and n == name
        ]
        values = values or [v for v, f in zip(y, fold, strict=True) if f != k]
        feature.append(sum(values) / len(values))
    return feature


def with_matrices(names, y, fold):
    others = fold[:, None] != fold[None, :]
    same = others & (names[:, None] == names[None, :])
    use = np.where(same.any(axis=1, keepdims=True), same, others)
    return use @ y / use.sum(axis=1)


def means_by(allowed, default=None):
    """Return an encoder; allowed(names, fold, i) is the mask of rows that it may use."""

    def encoder(names, y, fold):
        found = []
        for i in range(len(y)):
            mask = allowed(names, fold, i)
            empty = y[fold != fold[i]].mean() if default is None else default(y)
            found.append(y[mask].mean() if mask.any() else empty)
        return np.array(found)

    return encoder


def plain_means(names, y, fold):
    return pd.Series(y).groupby(names).transform("mean")


def leave_one_out(names, y, fold):
    found = []
    for i in range(len(y)):
        same = names == names[i]
        same[i] = False
        rest = np.arange(len(y)) != i
        found.append(y[same].mean() if same.any() else y[rest].mean())
    return found


def leave_one_out_sums(names, y, fold):
    frame = pd.DataFrame({"name": names, "y": y})
    total = frame.groupby("name")["y"].transform("sum")
    count = frame.groupby("name")["y"].transform("count")
    rest = (y.sum() - y) / (len(y) - 1)
    return np.where(count > 1, (total - y) / np.maximum(count - 1, 1), rest)


def other_folds(names, fold, i):
    return (fold != fold[i]) & (names == names[i])


def own_fold_groups(names, y, fold):
    return pd.Series(y).groupby([names, fold]).transform("mean").to_numpy()


def folds_only(names, y, fold):
    return [y[fold != k].mean() for k in fold]


def folds_only_sums(names, y, fold):
    total = y.sum()
    return np.array([(total - y[fold == k].sum()) / (fold != k).sum() for k in fold])


def nan_left(names, y, fold):
    feature = np.full(len(y), np.nan)
    for i in range(len(y)):
        same = other_folds(names, fold, i)
        if same.any():
            feature[i] = y[same].mean()
    return feature


def nan_by_map(names, y, fold):
    feature = pd.Series(np.nan, index=range(len(y)))
    frame = pd.DataFrame({"name": names, "y": y})
    for k in np.unique(fold):
        means = frame[fold != k].groupby("name")["y"].mean()
        feature[fold == k] = frame["name"][fold == k].map(means)
    return feature


def zero_left(names, y, fold):
    return np.nan_to_num(nan_left(names, y, fold))


def medians(names, y, fold):
    return means_by(other_folds, np.median)(names, y * 1.0, fold) + 0.5


def sums_instead(names, y, fold):
    return np.array([y[other_folds(names, fold, i)].sum() for i in range(len(y))])


def one_number(names, y, fold):
    return out_of_fold_means(names, y, fold).mean()


def per_name(names, y, fold):
    return [y[names == name].mean() for name in np.unique(names)]


def centers_y(names, y, fold):
    y -= y.mean()
    return out_of_fold_means(names, y, fold)


def renumbers_folds(names, y, fold):
    fold -= fold.min() + 1
    return out_of_fold_means(names, y, fold)


def feature_forgotten(names, y, fold):
    feature = out_of_fold_means(names, y, fold)  # noqa: F841


# ── 13.4 ────────────────────────────────────────────────────────────────────────

FOLDS = KFold(5, shuffle=True, random_state=0)


def pipeline(k=30):
    return make_pipeline(SelectKBest(f_regression, k=k), LinearRegression())


def honest_score(flags, visits):
    model = make_pipeline(
        StandardScaler(), SelectKBest(f_regression, k=30), LinearRegression()
    )
    return cross_val_score(model, flags, visits, cv=FOLDS).mean()


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


# ── 13.5 ────────────────────────────────────────────────────────────────────────


def error_interval(errors):
    half = 1.96 * np.std(errors, ddof=1) / np.sqrt(len(errors))
    return np.mean(errors) - half, np.mean(errors) + half


def by_hand(errors):
    n = len(errors)
    mean = sum(errors) / n
    s = (sum((e - mean) ** 2 for e in errors) / (n - 1)) ** 0.5
    return [mean - 1.96 * s / n**0.5, mean + 1.96 * s / n**0.5]


def in_pandas(errors):
    errors = pd.Series(errors)
    return errors.mean() + errors.sem() * 1.96 * np.array([-1, 1])


def ends(half, center=np.mean):
    """Return an interval of this half width around the center."""
    return lambda e: (center(e) - half(e), center(e) + half(e))


def s(errors):
    return np.std(errors, ddof=1)


def quantiles(errors):
    return np.quantile(errors, [0.025, 0.975])


def percentiles(errors):
    return tuple(np.percentile(errors, [2.5, 97.5]))


def interval_forgotten(errors):
    error_interval(errors)


def adds_one(errors):
    errors += 0.0
    errors[0] += 1
    return error_interval(errors)


def sorts_errors(errors):
    errors[::-1].sort()
    return error_interval(errors)


RIGHT = {
    "13.1": [(test_mask,), (permuted,), (coin_for_each,), (with_sklearn,)],
    "13.2": [(year_splits,), (comprehension,), (with_lists,), (with_pandas,)],
    "13.3": [
        (out_of_fold_means,),
        (with_groupby,),
        (with_dictionaries,),
        (with_matrices,),
    ],
    "13.4": [
        (honest_score,),
        (by_loop(),),
        (select_in_loop,),
        (scored_by(pipeline(), FOLDS),),
    ],
    "13.5": [(error_interval,), (by_hand,), (in_pandas,)],
}

OTHER_FORMS_REFUSED = {
    "13.1": {"float32": "as an index, zeros and ones would pick rows 0 and 1"}
}

WRONG = {
    "13.1": [
        ((rows_drawn,), "on both sides"),
        ((rows_permuted,), "on both sides"),
        ((lambda g, s, r: np.roll(test_mask(g, s, r), 1),), "mark every row"),
        ((first_row_of_each,), "mark every row"),
        ((drawn_as_many_as_rows,), "You drew 240 of"),
        (
            (lambda g, s, r: test_mask(g, s * len(g) / len(np.unique(g)), r),),
            "You drew 240 of",
        ),
        ((training_marked,), "True is for test rows"),
        ((training_drawn,), "True is for test rows"),
        ((chosen_from_rows,), "np.unique(groups)"),
        ((permuted_rows,), "np.unique(groups)"),
        (
            (drawing(lambda n, s, r: r.permutation(n)[: int(s * len(n) / 2)]),),
            "half as many",
        ),
        ((lambda g, s, r: test_mask(g, s / 2, r),), "half as many"),
        ((size_not_whole,), "share · n is a float"),
        ((end_not_whole,), "share · n is a float"),
        ((twice,), "replace=False"),
        ((by_number,), "replace=False"),
        ((drawing(lambda n, s, r: r.permutation(n)[:20]),), "You drew 20 of"),
        ((drawing(lambda n, s, r: r.choice(n, 20, replace=False)),), "You drew 20 of"),
        ((lambda g, s, r: test_mask(g, 0.25, r),), "You drew 125 of"),
        ((drawing(lambda n, s, r: r.permutation(n)[::4]),), "You drew 125 of"),
        ((lambda g, s, r: g == r.choice(g),), "You drew 1 of"),
        ((drawing(lambda n, s, r: r.choice(n)),), "You drew 1 of"),
        ((lambda g, s, r: np.ones(len(g), dtype=bool),), "You drew 400 of"),
        ((lambda g, s, r: np.isin(g, r.permutation(g)),), "You drew 400 of"),
        ((lambda g, s, r: np.zeros(len(g), dtype=bool),), "nothing was drawn"),
        ((drawing(lambda n, s, r: r.permutation(n)[: int(s)]),), "nothing was drawn"),
        ((first_names,), "Another `rng` changes nothing"),
        ((fixed_seed,), "Another `rng` changes nothing"),
        ((own_randomness,), "two results"),
        ((global_randomness,), "two results"),
        ((lambda g, s, r: np.unique(g)[:9],), "one value per row"),
        ((lambda g, s, r: np.flatnonzero(test_mask(g, s, r)),), "one value per row"),
        ((lambda g, s, r: g[test_mask(g, s, r)],), "one value per row"),
        ((lambda g, s, r: test_mask(g, s, r).astype(int),), "an array of booleans"),
        (
            (lambda g, s, r: np.where(test_mask(g, s, r), "a", "b"),),
            "an array of booleans",
        ),
        ((sorts_groups,), "changes `groups` itself"),
        ((shuffles_groups,), "changes `groups` itself"),
        ((mask_not_returned,), "`return`"),
        ((lambda g, s, r: print(s),), "`return`"),
        ((np.array([True, False]),), "function itself"),
        (([True],), "function itself"),
    ],
    "13.2": [
        ((masks,), "masks of True and False"),
        ((list_masks,), "masks of True and False"),
        ((from_the_start,), "one for each year from"),
        ((skips_the_first,), "one for each year from"),
        ((only_one,), "one for each year from"),
        ((swapped,), "changed places"),
        ((swapped_masks,), "changed places"),
        ((holds_years,), "val holds the year itself"),
        ((year_itself,), "val holds the year itself"),
        (
            (pairs_by(lambda y, k, f: y < k, lambda y, k, f: y >= k),),
            "the years that follow",
        ),
        (
            (pairs_by(lambda y, k, f: y < k, lambda y, k, f: ~(y < k)),),
            "the years that follow",
        ),
        ((wants_sorted,), "val should be the"),
        (
            (pairs_by(lambda y, k, f: y < k, lambda y, k, f: y == k - 1),),
            "val should be the",
        ),
        ((pairs_by(lambda y, k, f: y <= k),), "train on years <"),
        ((pairs_by(lambda y, k, f: ~(y > k)),), "train on years <"),
        ((pairs_by(lambda y, k, f: y != k),), "that is the future"),
        ((pairs_by(lambda y, k, f: ~(y == k)),), "that is the future"),
        ((pairs_by(lambda y, k, f: y < f),), "are known, too"),
        ((pairs_by(lambda y, k, f: ~(y >= f)),), "are known, too"),
        ((pairs_by(lambda y, k, f: y == k - 1),), "one year only"),
        ((pairs_by(lambda y, k, f: (y < k) & (y >= k - 1)),), "one year only"),
        ((pairs_by(lambda y, k, f: (y < k) & (y >= k - 2)),), "rows of earlier years"),
        ((trains_sorted,), "rows of earlier years"),
        ((one_pair,), "list of pairs"),
        ((flat,), "list of pairs"),
        ((three_parts,), "list of pairs"),
        ((two_axes,), "list of pairs"),
        ((argwhere,), "list of pairs"),
        ((lambda years, first: 3,), "list of pairs"),
        ((keeps_pairs,), "Called again"),
        ((default_list,), "Called again"),
        ((sorts_years,), "changes `years` itself"),
        ((shifts_years,), "changes `years` itself"),
        ((splits_forgotten,), "`return`"),
        ((lambda years, first: print(first),), "`return`"),
        (([([0], [1])],), "function itself"),
        ((year_splits(np.arange(5), 3),), "function itself"),
    ],
    "13.3": [
        ((plain_means,), "that is the leak"),
        (
            (lambda n, y, f: np.array([y[n == a].mean() for a in n]),),
            "that is the leak",
        ),
        ((leave_one_out,), "the others of its fold are in"),
        ((leave_one_out_sums,), "the others of its fold are in"),
        ((own_fold_groups,), "own fold"),
        ((means_by(lambda n, f, i: (f == f[i]) & (n == n[i])),), "own fold"),
        ((folds_only,), "only those with the same name"),
        ((folds_only_sums,), "only those with the same name"),
        ((means_by(other_folds, np.mean),), "its own y included"),
        (
            (lambda n, y, f: np.where(np.isnan(v := nan_left(n, y, f)), y.mean(), v),),
            "its own y included",
        ),
        ((means_by(other_folds, lambda y: 0),), "you give 0"),
        ((zero_left,), "you give 0"),
        ((nan_left,), "you give nan"),
        ((nan_by_map,), "you give nan"),
        ((medians,), "For each row: the mean"),
        ((sums_instead,), "For each row: the mean"),
        ((one_number,), "is a single number"),
        ((lambda n, y, f: y.mean(),), "is a single number"),
        ((per_name,), "has shape"),
        ((lambda n, y, f: out_of_fold_means(n, y, f)[:-1],), "has shape"),
        ((centers_y,), "changes `y` itself"),
        (
            (lambda n, y, f: (y.sort(), out_of_fold_means(n, y, f))[1],),
            "changes `y` itself",
        ),
        ((renumbers_folds,), "changes `fold` itself"),
        (
            (lambda n, y, fold: (fold.sort(), out_of_fold_means(n, y, fold))[1],),
            "changes `fold` itself",
        ),
        ((feature_forgotten,), "`return`"),
        ((lambda names, y, fold: print(len(y)),), "`return`"),
        ((np.zeros(3),), "function itself"),
        (([1.0, 2.0],), "function itself"),
    ],
    "13.4": [
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
    ],
    "13.5": [
        ((lambda e: error_interval(e)[::-1],), "lower end first"),
        ((lambda e: (error_interval(e)[1], error_interval(e)[0]),), "lower end first"),
        ((ends(lambda e: 1.96 * s(e)),), "divide by √n"),
        ((lambda e: np.mean(e) + 1.96 * s(e) * np.array([-1, 1]),), "divide by √n"),
        ((ends(lambda e: 1.96 * s(e) / len(e)),), "square root of n"),
        ((ends(lambda e: 1.96 * s(e) / e.size),), "square root of n"),
        ((ends(lambda e: s(e) / np.sqrt(len(e))),), "take 1.96"),
        (
            (lambda e: pd.Series(e).mean() + pd.Series(e).sem() * np.array([-1, 1]),),
            "take 1.96",
        ),
        ((ends(lambda e: 1.96 * np.var(e, ddof=1) / np.sqrt(len(e))),), "the variance"),
        ((ends(lambda e: 1.96 * s(e) ** 2 / len(e) ** 0.5),), "the variance"),
        ((ends(lambda e: 1.96 * np.std(e) / np.sqrt(len(e))),), "ddof=1"),
        ((ends(lambda e: 1.96 * e.std() / len(e) ** 0.5),), "ddof=1"),
        ((lambda e: (e.mean(), 1.96 * s(e) / np.sqrt(len(e))),), "the two ends"),
        ((lambda e: [np.mean(e), 1.96 * pd.Series(e).sem()],), "the two ends"),
        (
            (ends(lambda e: 1.96 * s(e) / np.sqrt(len(e)), lambda e: 0),),
            "lies around 0",
        ),
        (
            (lambda e: 1.96 * s(e) / np.sqrt(len(e)) * np.array([-1, 1]),),
            "lies around 0",
        ),
        ((quantiles,), "quantiles of single errors"),
        ((percentiles,), "quantiles of single errors"),
        ((ends(lambda e: 2.58 * s(e) / np.sqrt(len(e))),), "low and high"),
        ((ends(lambda e: 1.96 * s(e) / np.sqrt(len(e)), np.median),), "low and high"),
        ((lambda e: 1.96 * s(e) / np.sqrt(len(e)),), "is a single number"),
        ((lambda e: e.mean(),), "is a single number"),
        ((lambda e: "3 ± 1",), "holds text"),
        ((lambda e: ("low", "high"),), "holds text"),
        ((interval_forgotten,), "`return`"),
        ((lambda errors: print(error_interval(errors)),), "`return`"),
        ((adds_one,), "changes `errors` itself"),
        ((sorts_errors,), "changes `errors` itself"),
        (((1.0, 2.0),), "function itself"),
        ((error_interval(np.arange(5.0)),), "function itself"),
    ],
}
