"""Right and wrong answers of lesson 11, with a piece of the hint that must come."""

import numpy as np
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import GroupShuffleSplit, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

# ── 11.2 ────────────────────────────────────────────────────────────────────────


def standardize(x_train, x_new):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / std, (x_new - mean) / std


def with_scaler(x_train, x_new):
    scaler = StandardScaler().fit(x_train)
    return scaler.transform(x_train), scaler.transform(x_new)


def with_a_layer(x_train, x_new):
    import keras

    layer = keras.layers.Normalization()
    layer.adapt(x_train)
    return [layer(x_train), layer(x_new)]


def column_by_column(x_train, x_new):
    scaled_train, scaled_new = x_train.copy(), x_new.copy()
    for j in range(x_train.shape[1]):
        mean = sum(x_train[:, j]) / len(x_train)
        std = (sum((x_train[:, j] - mean) ** 2) / len(x_train)) ** 0.5
        scaled_train[:, j] = (x_train[:, j] - mean) / std
        scaled_new[:, j] = (x_new[:, j] - mean) / std
    return scaled_train, scaled_new


def both_by(scale):
    """Return a standardize that calls scale(x, x_train) for both arrays."""
    return lambda x_train, x_new: (scale(x_train, x_train), scale(x_new, x_train))


def own_statistics(x_train, x_new):
    return StandardScaler().fit_transform(x_train), StandardScaler().fit_transform(
        x_new
    )


def own_by_hand(x_train, x_new):
    return [(x - x.mean(axis=0)) / x.std(axis=0) for x in (x_train, x_new)]


def both_statistics(x_train, x_new):
    scaler = StandardScaler().fit(np.vstack([x_train, x_new]))
    return scaler.transform(x_train), scaler.transform(x_new)


def both_by_hand(x_train, x_new):
    x = np.concatenate([x_train, x_new])
    scaled = (x - x.mean(0)) / x.std(0)
    return scaled[: len(x_train)], scaled[len(x_train) :]


def min_max(x_train, x_new):
    scaler = MinMaxScaler().fit(x_train)
    return scaler.transform(x_train), scaler.transform(x_new)


def own_min_max(x_train, x_new):
    return MinMaxScaler().fit_transform(x_train), MinMaxScaler().fit_transform(x_new)


def by_rows(x_train, x_new):
    return tuple(
        (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)
        for x in (x_train, x_new)
    )


def by_rows_scaler(x_train, x_new):
    return tuple(StandardScaler().fit_transform(x.T).T for x in (x_train, x_new))


def only_new(x_train, x_new):
    return (x_new - x_train.mean(0)) / x_train.std(0)


def stacked(x_train, x_new):
    return np.vstack(standardize(x_train, x_new))


def train_left_raw(x_train, x_new):
    return x_train, (x_new - x_train.mean(0)) / x_train.std(0)


def train_untransformed(x_train, x_new):
    scaler = StandardScaler().fit(x_train)
    return x_train, scaler.transform(x_new)


def of_scaled_rows(x_train, x_new):
    x_train = (x_train - x_train.mean(0)) / x_train.std(0)
    return x_train, (x_new - x_train.mean(0)) / x_train.std(0)


def adds_means(x_train, x_new, means=[]):  # noqa: B006
    means.append(x_train.mean(axis=0))
    mean, std = sum(means), x_train.std(axis=0)
    if len(means) == 2:
        means.clear()
    return (x_train - mean) / std, (x_new - mean) / std


sums = []


def adds_training_means(x_train, x_new):
    scaled_train, scaled_new = standardize(x_train, x_new)
    if sums:
        return scaled_train - sums.pop(), scaled_new
    sums.append(x_train.mean(axis=0))
    return scaled_train, scaled_new


def in_place(x_train, x_new):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    x_train -= mean
    x_new -= mean
    return x_train / std, x_new / std


def in_place_columns(x_train, x_new):
    for j in range(x_train.shape[1]):
        mean, std = x_train[:, j].mean(), x_train[:, j].std()
        x_train[:, j] = (x_train[:, j] - mean) / std
        x_new[:, j] = (x_new[:, j] - mean) / std
    return x_train, x_new


def no_return(x_train, x_new):
    standardize(x_train, x_new)


# ── 11.3 ────────────────────────────────────────────────────────────────────────


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


# ── 11.4 ────────────────────────────────────────────────────────────────────────


def honest_score(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    model = make_pipeline(SelectKBest(f_regression, k=30), LinearRegression())
    return model.fit(x_train, y_train).score(x_val, y_val)


def split(flags, prices, seed=0, share=0.25):
    return train_test_split(flags, prices, test_size=share, random_state=seed)


def best_flags(flags, prices, count=30):
    return np.argsort(np.abs(np.corrcoef(flags.T, prices)[-1, :-1]))[-count:]


def by_correlation(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    best = best_flags(x_train, y_train)
    model = LinearRegression().fit(x_train[:, best], y_train)
    return r2_score(y_val, model.predict(x_val[:, best]))


def select_first(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    select = SelectKBest(f_regression, k=30).fit(x_train, y_train)
    model = LinearRegression().fit(select.transform(x_train), y_train)
    return model.score(select.transform(x_val), y_val)


def with_lstsq(flags, prices):
    train, val = train_test_split(
        np.arange(len(prices)), test_size=0.25, random_state=0
    )
    best = best_flags(flags[train], prices[train])
    x = np.column_stack([flags[:, best], np.ones(len(flags))])
    weights = np.linalg.lstsq(x[train], prices[train], rcond=None)[0]
    off = prices[val] - x[val] @ weights
    return 1 - np.sum(off**2) / np.sum((prices[val] - prices[val].mean()) ** 2)


def still_leaky(flags, prices):
    return scored(best_flags(flags, prices), flags, prices)


def leaky_select(flags, prices):
    best = SelectKBest(f_regression, k=30).fit_transform(flags, prices)
    x_train, x_val, y_train, y_val = split(best, prices)
    return LinearRegression().fit(x_train, y_train).score(x_val, y_val)


def chosen_by_validation(flags, prices):
    _, x_val, _, y_val = split(flags, prices)
    return scored(best_flags(x_val, y_val), flags, prices)


def refitted_selection(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    select = SelectKBest(f_regression, k=30)
    model = LinearRegression().fit(select.fit_transform(x_train, y_train), y_train)
    return model.score(select.fit_transform(x_val, y_val), y_val)


def scored(columns, flags, prices, seed=0, share=0.25):
    x_train, x_val, y_train, y_val = split(flags, prices, seed, share)
    fitted = LinearRegression().fit(x_train[:, columns], y_train)
    return fitted.score(x_val[:, columns], y_val)


def training_score(flags, prices):
    x_train, _, y_train, _ = split(flags, prices)
    x = x_train[:, best_flags(x_train, y_train)]
    return LinearRegression().fit(x, y_train).score(x, y_train)


def training_pipeline(flags, prices):
    x_train, _, y_train, _ = split(flags, prices)
    return pipeline().fit(x_train, y_train).score(x_train, y_train)


def pipeline(k=30):
    return make_pipeline(SelectKBest(f_regression, k=k), LinearRegression())


def trained(flags, prices, k=30):
    """Return a pipeline fitted on the training rows, and the validation rows."""
    x_train, x_val, y_train, y_val = split(flags, prices)
    return pipeline(k).fit(x_train, y_train), x_val, y_val


def fitted_on_all(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    best = best_flags(x_train, y_train)
    return LinearRegression().fit(flags[:, best], prices).score(x_val[:, best], y_val)


def refitted_on_all(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    select = SelectKBest(f_regression, k=30).fit(x_train, y_train)
    model = LinearRegression().fit(select.transform(flags), prices)
    return model.score(select.transform(x_val), y_val)


def scored_on_all(flags, prices):
    x_train, _, y_train, _ = split(flags, prices)
    best = best_flags(x_train, y_train)
    return LinearRegression().fit(flags[:, best], prices).score(flags[:, best], prices)


def r2_on_all(flags, prices):
    x_train, _, y_train, _ = split(flags, prices)
    x = SelectKBest(f_regression, k=30).fit(x_train, y_train).transform(flags)
    return r2_score(prices, LinearRegression().fit(x, prices).predict(x))


def fitted_on_validation(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    x = x_val[:, best_flags(x_train, y_train)]
    return LinearRegression().fit(x, y_val).score(x, y_val)


def refitted_on_validation(flags, prices):
    model, x_val, y_val = trained(flags, prices)
    x = model[0].transform(x_val)
    return model[1].fit(x, y_val).score(x, y_val)


def no_choice(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    return LinearRegression().fit(x_train, y_train).score(x_val, y_val)


def all_chosen(flags, prices):
    model, x_val, y_val = trained(flags, prices, k="all")
    return model.score(x_val, y_val)


def signed(flags, prices):
    x_train, _, y_train, _ = split(flags, prices)
    best = np.argsort(np.corrcoef(x_train.T, y_train)[-1, :-1])[-30:]
    return scored(best, flags, prices)


def signed_by_hand(flags, prices):
    x_train, _, y_train, _ = split(flags, prices)
    x, y = x_train - x_train.mean(0), y_train - y_train.mean()
    return scored(np.argsort(-(y @ x) / x.std(0))[:30], flags, prices)


def no_k(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    model = make_pipeline(SelectKBest(f_regression), LinearRegression())
    return model.fit(x_train, y_train).score(x_val, y_val)


def ten(flags, prices):
    x_train, _, y_train, _ = split(flags, prices)
    return scored(best_flags(x_train, y_train, 10), flags, prices)


def squared_error(flags, prices):
    model, x_val, y_val = trained(flags, prices)
    return mean_squared_error(y_val, model.predict(x_val))


def squared_error_by_hand(flags, prices):
    model, x_val, y_val = trained(flags, prices)
    return np.mean((y_val - model.predict(x_val)) ** 2)


def root(score):
    return lambda flags, prices: score(flags, prices) ** 0.5


def other_split(flags, prices):
    x_train, _, y_train, _ = split(flags, prices, seed=1)
    return scored(best_flags(x_train, y_train), flags, prices, seed=1)


def one_flag_less(flags, prices):
    model, x_val, y_val = trained(flags, prices, k=29)
    return model.score(x_val, y_val)


def with_ridge(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    best = best_flags(x_train, y_train)
    return Ridge().fit(x_train[:, best], y_train).score(x_val[:, best], y_val)


def smaller_validation(flags, prices):
    x_train, _, y_train, _ = split(flags, prices, share=0.2)
    return scored(best_flags(x_train, y_train), flags, prices, share=0.2)


def centers_prices(flags, prices):
    prices -= prices.mean()
    return honest_score(flags, prices)


def empties_flags(flags, prices):
    result = honest_score(flags, prices)
    flags[:, best_flags(flags, prices)] = 0
    return result


def score_forgotten(flags, prices):
    honest_score(flags, prices)


def the_model(flags, prices):
    return LinearRegression().fit(flags, prices)


RIGHT = {
    "11.1": [(1000,), (900.0,), (np.float32(703.5),), (np.array([1268]),)],
    "11.2": [(standardize,), (with_scaler,), (with_a_layer,), (column_by_column,)],
    "11.3": [(test_mask,), (permuted,), (coin_for_each,), (with_sklearn,)],
    "11.4": [(honest_score,), (by_correlation,), (select_first,), (with_lstsq,)],
}

OTHER_FORMS_REFUSED = {
    "11.3": {"float32": "as an index, zeros and ones would pick rows 0 and 1"}
}

WRONG = {
    "11.1": [
        ((1800,), "honest cheap houses"),
        ((1300.0,), "honest cheap houses"),
        ((400,), "of the 9"),
        ((np.float64(600),), "of the 9"),
        ((10,), "No sale is below"),
        ((-5,), "No sale is below"),
        ((90_000,), "not divided by the size"),
        ((315_000,), "not divided by the size"),
        (("1000 €",), "a single number"),
        (([700, 1400],), "a single number"),
        ((np.array([True] * 9),), "a single number"),
        ((None,), "is None"),
        ((print(end=""),), "is None"),
    ],
    "11.2": [
        ((own_statistics,), "their own statistics"),
        ((own_by_hand,), "their own statistics"),
        ((both_statistics,), "that is the leak"),
        ((both_by_hand,), "that is the leak"),
        ((both_by(lambda x, t: (x - t.mean()) / t.std()),), "One mean for the whole"),
        (
            (both_by(lambda x, t: (x - np.mean(t)) / np.std(t)),),
            "One mean for the whole",
        ),
        ((both_by(lambda x, t: (x - t.mean(0)) / t.std(0, ddof=1)),), "n − 1"),
        (
            (both_by(lambda x, t: (x - t.mean(0)) / np.cov(t.T).diagonal() ** 0.5),),
            "n − 1",
        ),
        ((both_by(lambda x, t: (x - t.mean(0)) / t.var(0)),), "the variance"),
        ((both_by(lambda x, t: (x - t.mean(0)) / t.std(0) ** 2),), "the variance"),
        ((min_max,), "That is min–max"),
        ((own_min_max,), "That is min–max"),
        ((by_rows,), "statistics of each row"),
        ((by_rows_scaler,), "statistics of each row"),
        ((both_by(lambda x, t: x - t.mean(0)),), "now divide"),
        ((lambda t, x: (t - t.mean(0), (x - t.mean(0)) / t.std(0)),), "now divide"),
        ((both_by(lambda x, t: x / t.std(0)),), "subtract the mean first"),
        ((lambda t, x: (t / t.std(0), (x - t.mean(0)) / t.std(0)),), "the mean first"),
        ((lambda t, x: (t / t.std(axis=0), x / t.std(axis=0)),), "the mean first"),
        ((lambda t, x: (1 / t.std(0) * t, x / t.std(0)),), "subtract the mean first"),
        ((both_by(lambda x, t: x - t.mean(0) / t.std(0)),), "Brackets"),
        ((lambda t, x: [a - t.mean(0) / t.std(0) for a in (t, x)],), "Brackets"),
        ((lambda t, x: (standardize(t, x)[0], x),), "x_new comes back unchanged"),
        ((both_by(lambda x, t: x),), "x_new comes back unchanged"),
        ((train_left_raw,), "x_train comes back unchanged"),
        ((train_untransformed,), "x_train comes back unchanged"),
        ((lambda t, x: standardize(t, x)[::-1],), "The second of the pair"),
        (
            (lambda t, x: (with_scaler(t, x)[1], with_scaler(t, x)[0]),),
            "The second of the pair",
        ),
        ((lambda t, x: (standardize(t, x)[0],) * 2,), "The second of the pair"),
        ((of_scaled_rows,), "x_new comes back unchanged"),
        ((lambda t, x: adds_means(t, x),), "Called again"),
        ((adds_training_means,), "Called again"),
        ((lambda t, x: (standardize(t, x)[1],) * 2,), "Both parts of the pair"),
        ((lambda t, x: [only_new(t, x), only_new(t, x)],), "Both parts of the pair"),
        ((lambda t, x: (own_min_max(t, t)[0], only_new(t, x)),), "x_train is not"),
        ((lambda t, x: (t / t.max(0), only_new(t, x)),), "x_train is not"),
        ((both_by(lambda x, t: (t.mean(0) - x) / t.std(0)),), "both of x_train"),
        ((both_by(lambda x, t: x / t.max(0)),), "both of x_train"),
        ((both_by(lambda x, t: (x - np.median(t, 0)) / t.std(0)),), "both of x_train"),
        ((both_by(lambda x, t: x / np.linalg.norm(t, axis=0)),), "both of x_train"),
        ((only_new,), "Return two arrays"),
        ((stacked,), "Return two arrays"),
        ((in_place,), "changes `x_train` itself"),
        ((in_place_columns,), "changes `x_train` itself"),
        ((no_return,), "`return`"),
        ((lambda x_train, x_new: print(standardize(x_train, x_new)),), "`return`"),
        ((standardize(np.eye(2), np.eye(2)),), "function itself"),
        ((StandardScaler(),), "function itself"),
    ],
    "11.3": [
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
    "11.4": [
        ((still_leaky,), "take part in choosing"),
        ((leaky_select,), "take part in choosing"),
        ((chosen_by_validation,), "take part in choosing"),
        ((training_score,), "score of the training rows"),
        ((training_pipeline,), "score of the training rows"),
        ((fitted_on_all,), "fitted on all rows"),
        ((refitted_on_all,), "fitted on all rows"),
        ((scored_on_all,), "scored on all rows"),
        ((r2_on_all,), "scored on all rows"),
        ((fitted_on_validation,), "fitted on the validation rows"),
        ((refitted_on_validation,), "fitted on the validation rows"),
        ((no_choice,), "No flags were chosen"),
        ((all_chosen,), "No flags were chosen"),
        ((signed,), "negative correlation"),
        ((signed_by_hand,), "negative correlation"),
        ((no_k,), "say k=30"),
        ((ten,), "say k=30"),
        ((squared_error,), "That is the mean squared error"),
        ((squared_error_by_hand,), "That is the mean squared error"),
        ((root(squared_error),), "root of the mean"),
        ((root(squared_error_by_hand),), "root of the mean"),
        ((other_split,), "random_state=0"),
        ((smaller_validation,), "random_state=0"),
        ((lambda flags, prices: 0.0,), "random_state=0"),
        ((one_flag_less,), "random_state=0"),
        ((with_ridge,), "random_state=0"),
        ((refitted_selection,), "random_state=0"),
        ((the_model,), "real numbers only"),
        ((lambda flags, prices: pipeline(),), "real numbers only"),
        ((lambda flags, prices: split(flags, prices)[3],), "expected a single number"),
        ((lambda f, p: [honest_score(f, p), 30],), "expected a single number"),
        ((centers_prices,), "changes `prices` itself"),
        ((lambda flags, prices: (prices.sort(), 0.3)[1],), "changes `prices` itself"),
        ((empties_flags,), "changes `flags` itself"),
        ((lambda flags, prices: (flags.fill(0), 0.3)[1],), "changes `flags` itself"),
        ((score_forgotten,), "`return`"),
        ((lambda flags, prices: print(honest_score(flags, prices)),), "`return`"),
        ((0.1,), "function itself"),
        (
            (
                honest_score(
                    np.random.default_rng(0).normal(size=(99, 50)), np.arange(99.0)
                ),
            ),
            "function itself",
        ),
    ],
}
