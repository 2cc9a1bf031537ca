"""Right and wrong answers of lesson 11, each wrong one with a piece of its hint."""

import numpy as np
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

# ── 11.2 ────────────────────────────────────────────────────────────────────────


def standardize(x_train, x_new):
    scaler = StandardScaler().fit(x_train)
    return scaler.transform(x_train), scaler.transform(x_new)


def own_statistics(x_train, x_new):
    return StandardScaler().fit_transform(x_train), StandardScaler().fit_transform(
        x_new
    )


def both_statistics(x_train, x_new):
    scaler = StandardScaler().fit(np.vstack([x_train, x_new]))
    return scaler.transform(x_train), scaler.transform(x_new)


def one_mean(x_train, x_new):
    return tuple((x - x_train.mean()) / x_train.std() for x in (x_train, x_new))


def n_minus_one(x_train, x_new):
    std = x_train.std(axis=0, ddof=1)
    return (x_train - x_train.mean(0)) / std, (x_new - x_train.mean(0)) / std


def variance(x_train, x_new):
    return tuple((x - x_train.mean(0)) / x_train.var(0) for x in (x_train, x_new))


def min_max(x_train, x_new):
    scaler = MinMaxScaler().fit(x_train)
    return scaler.transform(x_train), scaler.transform(x_new)


def by_rows(x_train, x_new):
    return tuple(
        (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)
        for x in (x_train, x_new)
    )


def only_new(x_train, x_new):
    return (x_new - x_train.mean(0)) / x_train.std(0)


def train_left_raw(x_train, x_new):
    return x_train, (x_new - x_train.mean(0)) / x_train.std(0)


def no_std(x_train, x_new):
    return x_train - x_train.mean(0), x_new - x_train.mean(0)


# ── 11.3 ────────────────────────────────────────────────────────────────────────


def test_mask(groups, share, rng):
    names = rng.permutation(np.unique(groups))
    return np.isin(groups, names[: int(share * len(names))])


def rows_drawn(groups, share, rng):
    return rng.random(len(groups)) < share


def training_marked(groups, share, rng):
    return ~test_mask(groups, share, rng)


def first_names(groups, share, rng):
    names = np.unique(groups)
    return np.isin(groups, names[: round(share * len(names))])


def names_returned(groups, share, rng):
    return rng.choice(np.unique(groups), size=20, replace=False)


def as_numbers(groups, share, rng):
    return test_mask(groups, share, rng).astype(int)


def one_group(groups, share, rng):
    return groups == rng.choice(groups)


def own_randomness(groups, share, rng):
    return test_mask(groups, share, np.random.default_rng())


def nothing_drawn(groups, share, rng):
    return np.zeros(len(groups), dtype=bool)


def everything_drawn(groups, share, rng):
    return np.ones(len(groups), dtype=bool)


# ── 11.4 ────────────────────────────────────────────────────────────────────────


def honest_score(flags, prices):
    x_train, x_val, y_train, y_val = train_test_split(
        flags, prices, test_size=0.25, random_state=0
    )
    model = make_pipeline(SelectKBest(f_regression, k=30), LinearRegression())
    return model.fit(x_train, y_train).score(x_val, y_val)


def best_flags(flags, prices, count=30):
    return np.argsort(np.abs(np.corrcoef(flags.T, prices)[-1, :-1]))[-count:]


def split(flags, prices, seed=0):
    return train_test_split(flags, prices, test_size=0.25, random_state=seed)


def still_leaky(flags, prices):
    x_train, x_val, y_train, y_val = split(flags[:, best_flags(flags, prices)], prices)
    return LinearRegression().fit(x_train, y_train).score(x_val, y_val)


def leaky_after_split(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    best = best_flags(flags, prices)
    fitted = LinearRegression().fit(x_train[:, best], y_train)
    return fitted.score(x_val[:, best], y_val)


def training_score(flags, prices):
    x_train, _, y_train, _ = split(flags, prices)
    best = best_flags(x_train, y_train)
    return (
        LinearRegression()
        .fit(x_train[:, best], y_train)
        .score(x_train[:, best], y_train)
    )


def fitted_on_all(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    best = best_flags(x_train, y_train)
    return LinearRegression().fit(flags[:, best], prices).score(x_val[:, best], y_val)


def no_choice(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices)
    return LinearRegression().fit(x_train, y_train).score(x_val, y_val)


def other_split(flags, prices):
    x_train, x_val, y_train, y_val = split(flags, prices, seed=1)
    best = best_flags(x_train, y_train)
    fitted = LinearRegression().fit(x_train[:, best], y_train)
    return fitted.score(x_val[:, best], y_val)


def always_zero(flags, prices):
    return 0.0


def the_model(flags, prices):
    return LinearRegression().fit(flags, prices)


RIGHT = {
    "11.1": (900,),
    "11.2": (standardize,),
    "11.3": (test_mask,),
    "11.4": (honest_score,),
}

WRONG = {
    "11.1": [
        ((1800,), "honest cheap houses"),
        ((400,), "of the 9"),
        ((10,), "No sale is below"),
        ((-5,), "No sale is below"),
        ((90_000,), "not a price per m²"),
        (("1000 €",), "a single number"),
        (([700, 1400],), "a single number"),
    ],
    "11.2": [
        ((own_statistics,), "their own statistics"),
        ((both_statistics,), "that is the leak"),
        ((one_mean,), "One mean for the whole table"),
        ((n_minus_one,), "n − 1"),
        ((variance,), "the variance"),
        ((min_max,), "That is min–max"),
        ((by_rows,), "statistics of each row"),
        ((only_new,), "Return two arrays"),
        ((train_left_raw,), "x_train is not"),
        ((no_std,), "both of x_train, per column"),
    ],
    "11.3": [
        ((rows_drawn,), "on both sides"),
        ((training_marked,), "True is for test rows"),
        ((first_names,), "draw with the rng"),
        ((names_returned,), "one value per row"),
        ((as_numbers,), "an array of booleans"),
        ((one_group,), "you drew 1"),
        ((own_randomness,), "all randomness from rng"),
        ((nothing_drawn,), "nothing was drawn"),
        ((everything_drawn,), "nothing is left for training"),
    ],
    "11.4": [
        ((still_leaky,), "take part in choosing"),
        ((leaky_after_split,), "take part in choosing"),
        ((training_score,), "score of the training rows"),
        ((fitted_on_all,), "fitted on all rows"),
        ((no_choice,), "No flags were chosen"),
        ((other_split,), "random_state=0"),
        ((always_zero,), "not the same procedure"),
        ((the_model,), "Return one number"),
    ],
}
