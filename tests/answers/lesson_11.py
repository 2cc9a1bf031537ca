"""Right and wrong answers of lesson 11, with a piece of the hint that must come."""

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, StandardScaler

# ── 11.1 ────────────────────────────────────────────────────────────────────────


def mend(sizes):
    return np.where(sizes > 300, sizes / 10.764, sizes)


def mend_a_copy(sizes):
    mended = sizes.copy()
    mended[mended > 290] /= 10.764
    return mended


def mend_one_by_one(sizes):
    return [size if size <= 280 else size / 10.764 for size in sizes]


def mend_a_series(sizes):
    sizes = pd.Series(sizes)
    return sizes.mask(sizes.gt(280), sizes.div(10.764))


def above(limit, replaced=lambda size: size / 10.764):
    """Return a mend that replaces what lies above a limit."""
    return lambda sizes: np.where(sizes > limit, replaced(sizes), sizes)


def from_280(sizes):
    return [size if size < 280 else size / 10.764 for size in sizes]


def median_instead(sizes):
    return [np.median(sizes) if size > 300 else size for size in sizes]


def gaps_instead(sizes):
    sizes = sizes.copy()
    sizes[sizes > 300] = np.nan
    return sizes


def in_a_new_array(sizes):
    sizes = np.array(sizes, dtype=float)
    too_large = sizes >= 323
    sizes[too_large] = sizes[too_large] * 0.092903
    return sizes


def honest_divided(sizes):
    return [size / 10.764 if size < 300 else size for size in sizes]


def mends_in_place(sizes):
    sizes[sizes > 300] /= 10.764
    return sizes


def mends_in_a_loop(sizes):
    for row in range(len(sizes)):
        if sizes[row] > 300:
            sizes[row] = sizes[row] / 10.764
    return sizes


def mending_forgotten(sizes):
    mend(sizes)


# ── 11.2 ────────────────────────────────────────────────────────────────────────


def impute(train, new):
    gap = np.isnan(new)
    return np.column_stack([np.where(gap, np.nanmean(train), new), gap])


def by_imputer(train, new):
    imputer = SimpleImputer().fit(train[:, None])
    return np.hstack([imputer.transform(new[:, None]), np.isnan(new)[:, None]])


def in_pandas(train, new):
    new = pd.Series(new)
    return pd.DataFrame(
        {"x": new.fillna(pd.Series(train).mean()), "r": new.isna() * 1.0}
    )


def rows_by_hand(train, new):
    known = [v for v in train if v == v]
    mean = sum(known) / len(known)
    return [[mean, 1] if v != v else [v, 0] for v in new]


def filling(m, r=np.isnan):
    """Return an impute that fills with m(train, new) and marks r(new)."""

    def wrong(train, new):
        gap = np.isnan(new)
        return np.column_stack([np.where(gap, m(train, new), new), r(new)])

    return wrong


def mean_of_train(train, new):
    return np.nanmean(train)


def own_mean(train, new):
    return in_pandas(new, new)


def compares_with_nan(train, new):
    gap = new == np.nan  # never true
    return np.column_stack([np.where(gap, np.nanmean(train), new), gap])


def compares_in_a_loop(train, new):
    mean = np.nanmean(train)
    return [[mean, 1] if value == float("nan") else [value, 0] for value in new]


def row_by_row(train, new):
    mean = pd.Series(train).mean()
    return [(mean, True) if np.isnan(value) else (value, False) for value in new]


def imputers_own_indicator(train, new):
    imputer = SimpleImputer(add_indicator=True).fit(train.reshape(-1, 1))
    return imputer.transform(new.reshape(-1, 1))


def marked_too_late(train, new):
    new = np.where(np.isnan(new), np.nanmean(train), new)
    return np.column_stack([new, np.isnan(new)])


def zeros_beside(train, new):
    return np.column_stack([impute(train, new)[:, 0], np.zeros(len(new))])


def rows_stacked(train, new):
    return np.array([np.where(np.isnan(new), np.nanmean(train), new), np.isnan(new)])


def filled_only(train, new):
    return np.where(np.isnan(new), np.nanmean(train), new)


def filled_series(train, new):
    return pd.Series(new).fillna(np.nanmean(train))


def fills_new(train, new):
    gap = np.isnan(new)
    new[gap] = np.nanmean(train)
    return np.column_stack([new, gap])


def fills_new_in_a_loop(train, new):
    gap = np.isnan(new)
    for i in range(len(new)):
        if gap[i]:
            new[i] = np.nanmean(train)
    return np.column_stack([new, gap])


def imputed_forgotten(train, new):
    impute(train, new)


# ── 11.3 ────────────────────────────────────────────────────────────────────────


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


# ── 11.4 ────────────────────────────────────────────────────────────────────────


def batches(x, y, size, rng):
    order = rng.permutation(len(x))
    starts = range(0, len(x), size)
    return [(x[order[i : i + size]], y[order[i : i + size]]) for i in starts]


def shuffled_once(x, y, size, rng):
    order = np.arange(len(x))
    rng.shuffle(order)
    x, y = x[order], y[order]
    while len(x):
        yield x[:size], y[:size]
        x, y = x[size:], y[size:]


def joined(x, y, size, rng):
    table = rng.permutation(np.column_stack([x, y]))
    return [
        [part[:, :-1], part[:, -1]]
        for part in np.array_split(table, np.arange(size, len(x), size))
    ]


def same_seed(x, y, size, rng):
    seed = int(rng.integers(2**31))
    x = np.random.default_rng(seed).permutation(x)
    y = np.random.default_rng(seed).permutation(y)
    return [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]


def ordered_by(make, starts=None):
    """Return batches whose order is make(n, rng)."""

    def wrong(x, y, size, rng):
        order = make(len(x), rng)
        return [
            (x[order[i : i + size]], y[order[i : i + size]])
            for i in range(0, len(order), size)
        ]

    return wrong


def torn(x, y, size, rng):
    x, y = rng.permutation(x), rng.permutation(y)
    return [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]


def only_x(x, y, size, rng):
    order = rng.permutation(len(x))
    return [(x[order[i : i + size]], y[i : i + size]) for i in range(0, len(x), size)]


def last_dropped(x, y, size, rng):
    order = rng.permutation(len(x))
    return [
        (x[order[i : i + size]], y[order[i : i + size]])
        for i in range(0, len(x) - size + 1, size)
    ]


def whole_batches(x, y, size, rng):
    return batches(x, y, size, rng)[: len(x) // size]


def batches_dealt(x, y, size, rng):
    starts = rng.permutation(np.arange(0, len(x) - len(x) % size, size))
    rest = np.arange(len(x) - len(x) % size, len(x))
    pairs = [(x[i : i + size], y[i : i + size]) for i in starts]
    return pairs + [(x[rest], y[rest])] * (len(rest) > 0)


def batches_shuffled(x, y, size, rng):
    pairs = [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]
    full = [pair for pair in pairs if len(pair[0]) == size]
    rng.shuffle(full)
    return full + pairs[len(full) :]


def number_of_batches(x, y, size, rng):
    order = rng.permutation(len(x))
    return [(x[part], y[part]) for part in np.array_split(order, size)][:1] + [
        (x[part], y[part]) for part in np.array_split(order, 2)
    ][1:]


def in_two(x, y, size, rng):
    order = rng.permutation(len(x))
    half = len(x) // 2
    return [(x[order[:half]], y[order[:half]]), (x[order[half:]], y[order[half:]])]


def smaller(x, y, size, rng):
    return batches(x, y, size - 1, rng)


def halves(x, y, size, rng):
    return batches(x, y, size // 2, rng)


def fixed_seed(x, y, size, rng):
    return batches(x, y, size, np.random.default_rng(0))


def reversed_order(x, y, size, rng):
    return batches_in_order(x[::-1], y[::-1], size, rng)


def batches_in_order(x, y, size, rng):
    return [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]


def interleaved(n, rng):
    return np.arange(n).reshape(1, -1)[0][np.argsort(np.arange(n) * 7 % n)]


def own_chance(x, y, size, rng):
    return batches(x, y, size, np.random.default_rng())


def global_chance(x, y, size, rng):
    order = np.random.permutation(len(x))
    return ordered_by(lambda n, rng: order)(x, y, size, rng)


def shuffles_x(x, y, size, rng):
    rng.shuffle(x)
    return batches(x, y, size, rng)


def shuffles_both(x, y, size, rng):
    order = rng.permutation(len(x))
    x[:], y[:] = x[order], y[order]
    return batches_in_order(x, y, size, rng)


def pairs_permuted(x, y, size, rng):
    pairs = rng.permutation(list(zip(x, y, strict=True)))
    return [pairs[i : i + size] for i in range(0, len(pairs), size)]


def pairs_in_an_array(x, y, size, rng):
    pairs = np.array([(row, answer) for row, answer in zip(x, y, strict=True)])
    return np.array_split(rng.permutation(pairs), len(x) // size)


def two_lists(x, y, size, rng):
    pairs = batches(x, y, size, rng)
    return [p[0] for p in pairs], [p[1] for p in pairs], size


def one_pair(x, y, size, rng):
    order = rng.permutation(len(x))[:size]
    return x[order], y[order], order


def batches_forgotten(x, y, size, rng):
    batches(x, y, size, rng)


RIGHT = {
    "11.1": [
        (mend,),
        (mend_a_copy,),
        (mend_one_by_one,),
        (mend_a_series,),
        (in_a_new_array,),
    ],
    "11.2": [(impute,), (by_imputer,), (in_pandas,), (rows_by_hand,), (row_by_row,)],
    "11.3": [(standardize,), (with_scaler,), (with_a_layer,), (column_by_column,)],
    "11.4": [(batches,), (shuffled_once,), (joined,), (same_seed,)],
}

WRONG = {
    "11.1": [
        ((lambda sizes: sizes / 10.764,), "All sizes are divided"),
        ((lambda sizes: [size / 10.764 for size in sizes],), "All sizes are divided"),
        ((from_280,), "an honest size"),
        ((above(279),), "an honest size"),
        ((above(500),), "Some are still there"),
        ((lambda s: np.where(s < 600, s, s / 10.764),), "Some are still there"),
        ((honest_divided,), "The wrong way round"),
        ((lambda s: np.where(s < 300, s / 10.764, s),), "The wrong way round"),
        ((above(300, lambda s: s * 10.764),), "divide"),
        ((lambda s: s * np.where(s > 300, 10.764, 1),), "divide"),
        ((lambda sizes: np.minimum(sizes, 280),), "Cut at 280"),
        ((lambda sizes: sizes.clip(max=280),), "Cut at 280"),
        ((above(300, lambda s: np.nan),), "A gap instead"),
        ((gaps_instead,), "A gap instead"),
        ((above(300, np.median),), "The median instead"),
        ((median_instead,), "The median instead"),
        ((lambda sizes: sizes[sizes <= 300],), "do not drop"),
        ((lambda sizes: [s for s in sizes if s < 300],), "do not drop"),
        ((lambda sizes: sizes,), "Nothing has changed"),
        ((above(2000),), "Nothing has changed"),
        ((lambda sizes: sizes[sizes > 300] / 10.764,), "Only the mended"),
        ((lambda sizes: [s / 10.764 for s in sizes if s > 300],), "Only the mended"),
        ((lambda sizes: sizes > 300,), "marks the wrong rows"),
        ((lambda sizes: [int(s > 300) for s in sizes],), "marks the wrong rows"),
        ((above(300, lambda s: s / 10),), "Sizes that no house"),
        ((above(300, lambda s: s / 10.764**2),), "Sizes that no house"),
        ((mends_in_place,), "changes `sizes` itself"),
        ((mends_in_a_loop,), "changes `sizes` itself"),
        ((mending_forgotten,), "`return`"),
        ((lambda sizes: print(mend(sizes)),), "`return`"),
        ((mend(np.array([51, 1184.0])),), "function itself"),
        (([51.0, 110],), "function itself"),
    ],
    "11.2": [
        ((own_mean,), "mean of `new`"),
        ((filling(lambda t, n: np.nanmean(n)),), "mean of `new`"),
        ((filling(lambda t, n: np.nanmean(np.append(t, n))),), "both arrays"),
        ((filling(lambda t, n: np.nanmean([*t, *n])),), "both arrays"),
        ((filling(lambda t, n: np.mean(t)),), "still nan"),
        ((lambda t, n: np.column_stack([n, np.isnan(n)]),), "still nan"),
        ((compares_with_nan,), "nan equals nothing"),
        ((compares_in_a_loop,), "nan equals nothing"),
        ((filling(lambda t, n: np.nansum(t) / len(t)),), "count as zeros"),
        ((filling(lambda t, n: np.nan_to_num(t).mean()),), "count as zeros"),
        ((imputers_own_indicator,), "had gaps in training"),
        ((lambda t, n: impute(t, n)[:, :1],), "had gaps in training"),
        ((filling(lambda t, n: 0),), "a false measurement"),
        (
            (lambda t, n: np.column_stack([np.nan_to_num(n), np.isnan(n)]),),
            "a false measurement",
        ),
        ((filling(lambda t, n: np.nanmedian(t)),), "the median of train"),
        ((filling(lambda t, n: pd.Series(t).median()),), "the median of train"),
        ((filling(mean_of_train, lambda n: ~np.isnan(n)),), "wrong way round"),
        ((filling(mean_of_train, lambda n: n == n),), "wrong way round"),
        ((marked_too_late,), "before they"),
        ((zeros_beside,), "before they"),
        ((lambda t, n: impute(t, n)[:, ::-1],), "values first"),
        ((lambda t, n: np.fliplr(impute(t, n)),), "values first"),
        ((filled_only,), "indicator is missing"),
        ((filled_series,), "indicator is missing"),
        ((rows_stacked,), "side by side"),
        ((lambda t, n: impute(t, n).T,), "side by side"),
        ((lambda t, n: impute(t, t),), "return `new`, filled"),
        ((lambda t, n: by_imputer(t, t),), "return `new`, filled"),
        ((filling(lambda t, n: np.nanmax(t)),), "Column 0: new"),
        ((lambda t, n: impute(t, n)[:1],), "Column 0: new"),
        ((fills_new,), "changes `new` itself"),
        ((fills_new_in_a_loop,), "changes `new` itself"),
        ((imputed_forgotten,), "`return`"),
        ((lambda t, n: print(impute(t, n)),), "`return`"),
        ((np.zeros((3, 2)),), "function itself"),
        (([[60, 1]],), "function itself"),
    ],
    "11.3": [
        ((own_statistics,), "their own statistics"),
        ((own_by_hand,), "their own statistics"),
        (
            (lambda t, x: (only_new(t, t), (x - x.mean(0)) / t.std(0)),),
            "The mean is that of x_new",
        ),
        (
            (
                lambda t, x: tuple(
                    (a - np.mean(a, axis=0)) / np.std(t, 0) for a in (t, x)
                ),
            ),
            "The mean is that of x_new",
        ),
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
    "11.4": [
        ((torn,), "the y of other rows"),
        ((only_x,), "the y of other rows"),
        ((last_dropped,), "rows are missing"),
        ((whole_batches,), "rows are missing"),
        ((ordered_by(lambda n, rng: rng.integers(0, n, n)),), "each row exactly once"),
        ((ordered_by(lambda n, rng: rng.choice(n, n)),), "each row exactly once"),
        ((batches_in_order,), "old order"),
        ((ordered_by(lambda n, rng: np.arange(n)),), "old order"),
        ((batches_dealt,), "each holds neighbors"),
        ((batches_shuffled,), "each holds neighbors"),
        ((in_two,), "number of rows in a batch"),
        ((number_of_batches,), "number of rows in a batch"),
        ((smaller,), "all but the last should have"),
        ((halves,), "all but the last should have"),
        ((fixed_seed,), "the same order"),
        ((ordered_by(interleaved),), "the same order"),
        ((own_chance,), "take all chance from"),
        ((global_chance,), "take all chance from"),
        ((pairs_permuted,), "draw an order of row numbers"),
        ((pairs_in_an_array,), "draw an order of row numbers"),
        ((two_lists,), "list of pairs"),
        ((one_pair,), "list of pairs"),
        ((lambda x, y, size, rng: 3,), "list of pairs"),
        ((lambda x, y, size, rng: [],), "list of pairs"),
        ((shuffles_x,), "changes `x` itself"),
        ((shuffles_both,), "changes `x` itself"),
        ((batches_forgotten,), "`return`"),
        ((lambda x, y, size, rng: print(size),), "`return`"),
        (([(1, 2)],), "function itself"),
        ((np.zeros(3),), "function itself"),
    ],
}
