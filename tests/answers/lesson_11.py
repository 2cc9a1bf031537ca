"""Right and wrong answers of lesson 11, with a piece of the hint that must come."""

import csv

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

# ── 11.1 ────────────────────────────────────────────────────────────────────────


def in_m2(sizes):
    return np.where(sizes > 300, sizes / 10.764, sizes)


def column(path):
    """Return the sizes as they were typed, nan for each gap."""
    return np.array(pd.read_csv(path, na_values="?")["size_m2"])


def read_sizes(path):
    sizes = pd.read_csv(path, na_values="?")["size_m2"]
    return np.where(sizes > 300, sizes / 10.764, sizes)


def with_a_mask(path):
    sizes = pd.to_numeric(pd.read_csv(path)["size_m2"], errors="coerce")
    return sizes.mask(sizes.gt(280), sizes.div(10.764))


def by_genfromtxt(path):
    sizes = np.genfromtxt(path, delimiter=",", names=True)["size_m2"]
    sizes[sizes > 290] /= 10.764
    return sizes


def line_by_line(path):
    heading, *lines = path.read_text(encoding="utf-8").splitlines()
    place = heading.split(",").index("size_m2")
    sizes = []
    for line in lines:
        word = line.split(",")[place]
        size = float("nan") if word == "?" else float(word)
        sizes.append(size * 0.092903 if size >= 323 else size)
    return sizes


def by_the_csv_module(path):
    with open(path, newline="") as file:
        words = [row["size_m2"] for row in csv.DictReader(file)]
    return in_m2(np.array([word.replace("?", "nan") for word in words], dtype=float))


def mending(change):
    """Return a read_sizes that applies change to the sizes as they were typed."""
    return lambda path: change(column(path))


def above(limit, replaced=lambda size: size / 10.764):
    """Return a read_sizes that replaces what lies above a limit."""
    return mending(lambda sizes: np.where(sizes > limit, replaced(sizes), sizes))


def one_by_one(change):
    """Return a read_sizes that applies change to one size after the other."""
    return lambda path: [change(size) for size in column(path)]


def gaps_instead(path):
    sizes = column(path)
    sizes[sizes > 300] = np.nan
    return sizes


def median_instead(path):
    sizes = pd.Series(column(path))
    return sizes.mask(sizes > 300, sizes.median())


def compares_text(path):
    sizes = pd.read_csv(path)["size_m2"]
    return np.where(sizes > 300, sizes / 10.764, sizes)


def compares_words(path):
    words = [line.split(",") for line in path.read_text().splitlines()]
    place = words[0].index("size_m2")
    return [float(row[place]) for row in words[1:] if row[place] > 300]


def compares_the_table(path):
    table = pd.read_csv(path, na_values="?")
    return np.where(table > 300, table / 10.764, table)


def mends_the_table(path):
    table = pd.read_csv(path, na_values="?")
    table[table > 300] /= 10.764
    return table["size_m2"]


def text_column(path):
    return pd.read_csv(path)["size_m2"]


def text_list(path):
    return pd.read_csv(path, dtype=str)["size_m2"].tolist()


def with_loadtxt(path):
    sizes = np.loadtxt(path, delimiter=",", skiprows=1, usecols=1)
    return in_m2(sizes)


def with_astype(path):
    return in_m2(pd.read_csv(path)["size_m2"].astype(float))


def zero_for_unknown(path):
    sizes = pd.read_csv(path)["size_m2"].replace("?", 0).astype(float)
    return in_m2(sizes)


def mean_for_unknown(path):
    sizes = pd.Series(read_sizes(path))
    return sizes.fillna(sizes.mean())


def complete_rows(path):
    return in_m2(pd.read_csv(path, na_values="?")["size_m2"].dropna())


def known_sizes(path):
    sizes = read_sizes(path)
    return sizes[~np.isnan(sizes)]


def second_heading(path):
    return line_by_line(path)[1:]


def one_row_skipped(path):
    return read_sizes(path)[1:]


def heading_as_gap(path):
    lines = path.read_text().splitlines()
    place = lines[0].split(",").index("size_m2")
    return in_m2(np.genfromtxt(path, delimiter=",", usecols=place))


def heading_among_rows(path):
    place = list(pd.read_csv(path)).index("size_m2")
    table = pd.read_csv(path, header=None)
    return in_m2(pd.to_numeric(table[place], errors="coerce"))


def second_column(path):
    return in_m2(np.genfromtxt(path, delimiter=",", skip_header=1, usecols=1))


def second_column_of_frame(path):
    return in_m2(pd.read_csv(path, na_values="?").iloc[:, 1])


def mends_what_pandas_keeps(path):
    sizes = pd.read_csv(path, na_values="?")["size_m2"].to_numpy()
    sizes[sizes > 300] /= 10.764
    return sizes


def mends_its_values(path):
    sizes = pd.read_csv(path, na_values="?")["size_m2"].values
    for row in range(len(sizes)):
        if sizes[row] > 300:
            sizes[row] = sizes[row] / 10.764
    return sizes


def reading_forgotten(path):
    read_sizes(path)


# ── 11.2 ────────────────────────────────────────────────────────────────────────


def one_hot(values, categories):
    return (np.array(values)[:, None] == np.array(categories)).astype(float)


def nested(values, categories):
    return [[1 if v == c else 0 for c in categories] for v in values]


def filled_in(values, categories):
    table = np.zeros((len(values), len(categories)))
    for row, value in enumerate(values):
        if value in categories:
            table[row, categories.index(value)] = 1
    return table


def by_columns(values, categories):
    return np.column_stack([np.array(values) == c for c in categories])


def by_encoder(values, categories):
    encoder = OneHotEncoder(categories=[categories], handle_unknown="ignore")
    column = np.array(values, dtype=object)[:, None]
    return encoder.fit(column).transform(column).toarray()


def dummies_in_order(values, categories):
    return pd.get_dummies(values).reindex(columns=categories, fill_value=False)


def dummies_of_categories(values, categories):
    return pd.get_dummies(pd.Categorical(values, categories=categories))


def list_by_columns(values, categories):
    table = np.zeros((len(values), len(categories)))
    for column, category in enumerate(categories):
        table[:, column] = values == category
    return table


def lists_in_a_row(values, categories):
    return [values == category for category in categories]


def lists_stacked(values, categories):
    return np.column_stack([values == category for category in categories])


def side_by_side(values, categories):
    return np.array(values) == np.array(categories)


def side_by_side_added(values, categories):
    return 1.0 * np.equal(np.array(values), categories)


def list_upright(values, categories):
    return values[:, None] == np.array(categories)


def list_upright_at_last(values, categories):
    return np.array(categories) == values[:, np.newaxis]


def numbered(values, categories):
    number = {category: i for i, category in enumerate(categories)}
    table = np.zeros((len(values), len(categories)))
    for row, value in enumerate(values):
        table[row, number[value]] = 1
    return table


def code_list(values, categories):
    return [categories.index(v) if v in categories else -1 for v in values]


def code_column(values, categories):
    return np.array(code_list(values, categories))[:, None]


def last_for_unknown(values, categories):
    return np.eye(len(categories))[code_list(values, categories)]


def last_by_loop(values, categories):
    table = np.zeros((len(values), len(categories)))
    for row, code in enumerate(code_list(values, categories)):
        table[row, code] = 1
    return table


def known_only(values, categories):
    return one_hot([v for v in values if v in categories], categories)


def known_rows(values, categories):
    table = one_hot(values, categories)
    return table[table.any(axis=1)]


def sorted_columns(values, categories):
    return one_hot(values, sorted(categories))


def dummies(values, categories):
    return pd.get_dummies(values)


def dummies_as_numbers(values, categories):
    return pd.get_dummies(pd.Series(values), dtype=float).to_numpy()


def dummies_sorted(values, categories):
    kind = pd.CategoricalDtype(sorted(categories))
    return pd.get_dummies(pd.Series(values).astype(kind))


def table_forgotten(values, categories):
    one_hot(values, categories)


def sorts_categories(values, categories):
    categories.sort()
    return one_hot(values, categories)


def adds_unknown(values, categories):
    for value in values:
        if value not in categories:
            categories.append(value)
    return one_hot(values, categories)


# ── 11.3 ────────────────────────────────────────────────────────────────────────


def fill_and_scale(train, new):
    mean, std = np.nanmean(train, axis=0), np.nanstd(train, axis=0)
    gap = np.isnan(new)
    return np.hstack([(np.where(gap, mean, new) - mean) / std, gap])


def by_pipeline(train, new):
    scale = make_pipeline(SimpleImputer(), StandardScaler()).fit(train)
    return np.concatenate([scale.transform(new), np.isnan(new)], axis=1)


def filled_first(train, new):
    mean = np.nanmean(train, axis=0)
    gap = np.isnan(new)
    train = np.where(np.isnan(train), mean, train)
    new = np.where(gap, mean, new)
    z = (new - train.mean(axis=0)) / train.std(axis=0)
    return np.hstack([z, gap.astype(int)])


def in_pandas(train, new):
    train, new = pd.DataFrame(train), pd.DataFrame(new)
    z = (new - train.mean()) / train.std(ddof=0)  # a gap becomes 0, the mean
    return pd.concat([z.fillna(0), new.isna().astype(float)], axis=1)


def column_by_column(train, new):
    values, marks = [], []
    for j in range(train.shape[1]):
        known = [v for v in train[:, j] if v == v]
        mean = sum(known) / len(known)
        std = (sum((v - mean) ** 2 for v in known) / len(known)) ** 0.5
        values.append([0 if v != v else (v - mean) / std for v in new[:, j]])
        marks.append([v != v for v in new[:, j]])
    return np.array(values + marks).T


def scaling(m=None, s=None, fill=None, marks=np.isnan):
    """Return a fill_and_scale with other statistics, each a function of (train, new)."""

    def wrong(train, new):
        mean = np.nanmean(train, axis=0) if m is None else m(train, new)
        std = np.nanstd(train, axis=0) if s is None else s(train, new)
        filler = mean if fill is None else fill(train, new)
        x = np.where(np.isnan(new), filler, new)
        return np.hstack([(x - mean) / std, marks(new)])

    return wrong


def mean_of_train(train, new):
    return np.nanmean(train, axis=0)


def parts(train, new):
    """Return the z-scores and the indicators of the right answer."""
    table = fill_and_scale(train, new)
    return table[:, : train.shape[1]], table[:, train.shape[1] :]


def with_zeros(train, new):
    mean, std = np.nanmean(train, axis=0), np.nanstd(train, axis=0)
    return np.hstack([(np.nan_to_num(new) - mean) / std, np.isnan(new)])


def own_pipeline(train, new):
    return by_pipeline(new, new)


def both_by_pipeline(train, new):
    return by_pipeline(np.vstack([train, new]), new)


def filled_by_own_mean(train, new):
    gap = np.isnan(new)
    train = SimpleImputer().fit_transform(train)
    new = SimpleImputer().fit_transform(new)
    return np.hstack([(new - train.mean(0)) / train.std(0), gap])


def compares_with_nan(train, new):
    gap = new == np.nan  # never true
    new = np.where(gap, np.nanmean(train, axis=0), new)
    z = (new - np.nanmean(train, axis=0)) / np.nanstd(train, axis=0)
    return np.hstack([z, np.isnan(new)])


def never_filled(train, new):
    z = (new - np.nanmean(train, axis=0)) / np.nanstd(train, axis=0)
    return np.hstack([z, np.isnan(new)])


def marked_too_late(train, new):
    mean, std = np.nanmean(train, axis=0), np.nanstd(train, axis=0)
    new = np.where(np.isnan(new), mean, new)
    return np.hstack([(new - mean) / std, np.isnan(new)])


def zeros_beside(train, new):
    return np.hstack([parts(train, new)[0], np.zeros(new.shape)])


def marks_first(train, new):
    return np.hstack(parts(train, new)[::-1])


def marks_first_by_pipeline(train, new):
    return np.roll(by_pipeline(train, new), train.shape[1], axis=1)


def taking_turns(train, new):
    z, gap = parts(train, new)
    columns = [part[:, j] for j in range(z.shape[1]) for part in (z, gap)]
    return np.column_stack(columns)


def woven(train, new):
    table = by_pipeline(train, new)
    n = train.shape[1]
    return table[:, [j + half for j in range(n) for half in (0, n)]]


def only_z_scores(train, new):
    return parts(train, new)[0]


def only_pipeline(train, new):
    return make_pipeline(SimpleImputer(), StandardScaler()).fit(train).transform(new)


def imputers_own_indicators(train, new):
    imputer = SimpleImputer(add_indicator=True).fit(train)
    n = train.shape[1]
    scaler = StandardScaler().fit(imputer.transform(train)[:, :n])
    table = imputer.transform(new)
    return np.hstack([scaler.transform(table[:, :n]), table[:, n:]])


def marks_where_train_had_gaps(train, new):
    z, gap = parts(train, new)
    return np.hstack([z, gap[:, np.isnan(train).any(axis=0)]])


def deviation_of_pandas(train, new):
    return scaling(s=lambda t, n: pd.DataFrame(t).std().to_numpy())(train, new)


def min_max(train, new):
    low, high = np.nanmin(train, axis=0), np.nanmax(train, axis=0)
    return scaling(lambda t, n: low, lambda t, n: high - low, mean_of_train)(train, new)


def min_max_scaler(train, new):
    scale = make_pipeline(SimpleImputer(), MinMaxScaler()).fit(train)
    return np.hstack([scale.transform(new), np.isnan(new)])


def whole_table_filled_by_column(train, new):
    x = np.where(np.isnan(new), np.nanmean(train, axis=0), new)
    return np.hstack([(x - np.nanmean(train)) / np.nanstd(train), np.isnan(new)])


def not_divided(train, new):
    x = np.where(np.isnan(new), np.nanmean(train, axis=0), new)
    return np.hstack([x - np.nanmean(train, axis=0), np.isnan(new)])


def gaps_not_ignored(train, new):
    z_scores = np.zeros(new.shape)
    for j, (seen, column) in enumerate(zip(train.T, new.T, strict=True)):
        filled = np.where(np.isnan(column), np.mean(seen), column)
        z_scores[:, j] = (filled - np.mean(seen)) / np.std(seen)
    return np.hstack([z_scores, np.isnan(new)])


def divided_only(train, new):
    x = np.where(np.isnan(new), np.nanmean(train, axis=0), new)
    return np.hstack([x / np.nanstd(train, axis=0), np.isnan(new)])


def no_brackets(train, new):
    mean, std = np.nanmean(train, axis=0), np.nanstd(train, axis=0)
    x = np.where(np.isnan(new), mean, new)
    return np.hstack([x - mean / std, np.isnan(new)])


def no_brackets_after_imputer(train, new):
    imputer = SimpleImputer().fit(train)
    known, x = imputer.transform(train), imputer.transform(new)
    return np.hstack([x - known.mean(0) / known.std(0), np.isnan(new)])


def imputer_only(train, new):
    return np.hstack([SimpleImputer().fit(train).transform(new), np.isnan(new)])


def filled_only(train, new):
    x = np.where(np.isnan(new), np.nanmean(train, axis=0), new)
    return np.hstack([x, np.isnan(new)])


def fills_new(train, new):
    gap = np.isnan(new)
    mean, std = np.nanmean(train, axis=0), np.nanstd(train, axis=0)
    new[gap] = np.broadcast_to(mean, new.shape)[gap]
    return np.hstack([(new - mean) / std, gap])


def scales_in_place(train, new):
    gap = np.isnan(new)
    new -= np.nanmean(train, axis=0)
    new /= np.nanstd(train, axis=0)
    return np.hstack([np.nan_to_num(new), gap])


def adds_means(train, new, calls=[]):  # noqa: B006
    calls.append(1)
    return fill_and_scale(train, new) + (len(calls) % 2 == 0)


kept = []


def adds_a_kept_row(train, new):
    table = fill_and_scale(train, new)
    if kept:
        return table + kept.pop()
    kept.append(1)
    return table


def scaled_forgotten(train, new):
    fill_and_scale(train, new)


# ── 11.4 ────────────────────────────────────────────────────────────────────────


def dealt_evenly(x, y, size, rng):
    parts = np.array_split(rng.permutation(len(x)), -(-len(x) // size))
    return [(x[part], y[part]) for part in parts]


def spread_evenly(x, y, size, rng):
    order = rng.permutation(len(x))
    n = int(np.ceil(len(x) / size))
    return list(
        zip(np.array_split(x[order], n), np.array_split(y[order], n), strict=True)
    )


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


def reordered(x, y, size, rng):
    order = rng.permutation(len(x))
    x, y = x[order], y[order]
    return [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]


RIGHT = {
    "11.1": [
        (read_sizes,),
        (with_a_mask,),
        (by_genfromtxt,),
        (line_by_line,),
        (by_the_csv_module,),
    ],
    "11.2": [
        (one_hot,),
        (nested,),
        (filled_in,),
        (by_columns,),
        (by_encoder,),
        (dummies_in_order,),
        (dummies_of_categories,),
    ],
    "11.3": [
        (fill_and_scale,),
        (by_pipeline,),
        (filled_first,),
        (in_pandas,),
        (column_by_column,),
    ],
    "11.4": [(batches,), (shuffled_once,), (joined,), (same_seed,), (reordered,)],
}

WRONG = {
    "11.1": [
        ((mending(lambda sizes: sizes / 10.764),), "All sizes are divided"),
        ((one_by_one(lambda size: size / 10.764),), "All sizes are divided"),
        ((one_by_one(lambda s: s if s < 280 else s / 10.764),), "an honest size"),
        ((above(279),), "an honest size"),
        ((above(500),), "Some are still there"),
        (
            (one_by_one(lambda s: s / 10.764 if s >= 370 else s),),
            "Some are still there",
        ),
        ((one_by_one(lambda s: s if s > 300 else s / 10.764),), "The wrong way round"),
        (
            (mending(lambda s: np.where(s < 300, s / 10.764, s)),),
            "The wrong way round",
        ),
        ((above(300, lambda s: s * 10.764),), "from ft² to m², divide"),
        (
            (mending(lambda s: s * np.where(s > 300, 10.764, 1)),),
            "from ft² to m², divide",
        ),
        ((mending(lambda sizes: np.minimum(sizes, 280)),), "Cut at 280"),
        ((mending(lambda sizes: sizes.clip(max=280)),), "Cut at 280"),
        ((above(300, lambda s: np.nan),), "A gap instead"),
        ((gaps_instead,), "A gap instead"),
        ((above(300, np.nanmedian),), "The median instead"),
        ((median_instead,), "The median instead"),
        ((mending(lambda sizes: sizes[sizes <= 300]),), "do not drop"),
        ((mending(lambda sizes: sizes[~(sizes > 300)]),), "do not drop"),
        ((mending(lambda sizes: np.round(in_m2(sizes))),), "then rounded"),
        ((one_by_one(lambda s: round(s / 10.764) if s > 300 else s),), "then rounded"),
        ((lambda path: pd.read_csv(path, na_values="?"),), "That is a table"),
        ((lambda path: column(path)[:, None],), "That is a table"),
        ((column,), "Nothing has changed"),
        ((above(2000),), "Nothing has changed"),
        ((mending(lambda sizes: sizes[sizes > 300] / 10.764),), "Only the mended"),
        (
            (mending(lambda sizes: [s / 10.764 for s in sizes if s > 300]),),
            "Only the mended",
        ),
        ((mending(lambda sizes: sizes > 300),), "marks the wrong rows"),
        ((one_by_one(lambda s: int(s > 300)),), "marks the wrong rows"),
        ((above(300, lambda s: s / 10),), "Sizes that no house"),
        ((above(300, lambda s: s / 10.764**2),), "Sizes that no house"),
        ((compares_text,), "makes the whole column text"),
        ((compares_words,), "makes the whole column text"),
        ((compares_the_table,), "column size_m2 alone"),
        ((mends_the_table,), "column size_m2 alone"),
        ((text_column,), "makes the whole column text"),
        ((text_list,), "makes the whole column text"),
        ((with_loadtxt,), "stops at the `?`"),
        ((with_astype,), "stops at the `?`"),
        ((zero_for_unknown,), "became a number"),
        ((mean_for_unknown,), "became a number"),
        ((complete_rows,), "Rows with a `?` are missing"),
        ((known_sizes,), "Rows with a `?` are missing"),
        ((second_heading,), "The first size is missing"),
        ((one_row_skipped,), "The first size is missing"),
        ((heading_as_gap,), "The heading became a row"),
        ((heading_among_rows,), "The heading became a row"),
        ((second_column,), "another column"),
        ((second_column_of_frame,), "another column"),
        ((mends_what_pandas_keeps,), "for reading only"),
        ((mends_its_values,), "for reading only"),
        ((reading_forgotten,), "`return`"),
        ((lambda path: print(read_sizes(path)),), "`return`"),
        ((np.array([51, 110.0]),), "function itself"),
        (([51.0, 110],), "function itself"),
    ],
    "11.2": [
        ((list_by_columns,), "a list as a whole"),
        ((lists_in_a_row,), "a list as a whole"),
        ((lists_stacked,), "a list as a whole"),
        ((side_by_side,), "side by side"),
        ((side_by_side_added,), "side by side"),
        ((list_upright,), "A list knows no"),
        ((list_upright_at_last,), "A list knows no"),
        ((dummies,), "as pd.get_dummies makes them"),
        ((dummies_as_numbers,), "as pd.get_dummies makes them"),
        ((lambda v, c: pd.get_dummies(v)[c],), "a category that no value has"),
        ((lambda v, c: pd.get_dummies(v).loc[:, c],), "a category that no value has"),
        ((lambda v, c: np.eye(len(c))[[c.index(x) for x in v]],), 'value "Mars"'),
        ((numbered,), 'value "Mars"'),
        ((sorted_columns,), "keep the order"),
        ((dummies_sorted,), "keep the order"),
        ((code_list,), "Those are codes"),
        ((code_column,), "Those are codes"),
        ((lambda v, c: one_hot(v, c).T,), "changed places"),
        ((lambda v, c: [[float(b == a) for b in v] for a in c],), "changed places"),
        ((last_for_unknown,), "the last category"),
        ((last_by_loop,), "the last category"),
        ((known_only,), "row of the unknown value is missing"),
        ((known_rows,), "row of the unknown value is missing"),
        ((lambda v, c: 1 - one_hot(v, c),), "wrong way round"),
        ((lambda v, c: np.array(v)[:, None] != np.array(c),), "wrong way round"),
        ((lambda v, c: 2 * one_hot(v, c),), "A row for each value"),
        ((lambda v, c: np.eye(len(c)),), "A row for each value"),
        ((table_forgotten,), "`return`"),
        ((lambda v, c: print(one_hot(v, c)),), "`return`"),
        ((sorts_categories,), "changes `categories` itself"),
        ((adds_unknown,), "changes `categories` itself"),
        ((np.eye(3),), "function itself"),
        (([[0, 1, 0], [0, 0, 1]],), "function itself"),
    ],
    "11.3": [
        ((lambda t, n: fill_and_scale(n, n),), "their own statistics"),
        ((own_pipeline,), "their own statistics"),
        ((lambda t, n: fill_and_scale(np.vstack([t, n]), n),), "that is the leak"),
        ((both_by_pipeline,), "that is the leak"),
        ((scaling(fill=lambda t, n: np.nanmean(n, axis=0)),), "mean of `new`"),
        ((filled_by_own_mean,), "mean of `new`"),
        ((scaling(fill=lambda t, n: 0),), "a false measurement"),
        ((with_zeros,), "a false measurement"),
        ((never_filled,), "still nan"),
        ((compares_with_nan,), "still nan"),
        ((scaling(marks=lambda n: ~np.isnan(n)),), "wrong way round"),
        ((scaling(marks=lambda n: n == n),), "wrong way round"),
        ((marked_too_late,), "before they"),
        ((zeros_beside,), "before they"),
        ((marks_first,), "changed places"),
        ((marks_first_by_pipeline,), "changed places"),
        ((taking_turns,), "take turns"),
        ((woven,), "take turns"),
        ((only_z_scores,), "indicators are missing"),
        ((only_pipeline,), "indicators are missing"),
        ((imputers_own_indicators,), "had gaps in training"),
        ((marks_where_train_had_gaps,), "had gaps in training"),
        ((scaling(s=lambda t, n: np.nanstd(t, axis=0, ddof=1)),), "n − 1"),
        ((deviation_of_pandas,), "n − 1"),
        ((scaling(s=lambda t, n: np.nanvar(t, axis=0)),), "the variance"),
        ((scaling(s=lambda t, n: np.nanstd(t, axis=0) ** 2),), "the variance"),
        ((divided_only,), "subtract the mean first"),
        (
            (scaling(m=lambda t, n: 0, fill=mean_of_train),),
            "subtract the mean first",
        ),
        ((no_brackets,), "Brackets"),
        ((no_brackets_after_imputer,), "Brackets"),
        ((lambda t, n: fill_and_scale(t, t),), "return `new`"),
        ((lambda t, n: by_pipeline(t, t),), "return `new`"),
        (
            (scaling(lambda t, n: np.nanmean(t), lambda t, n: np.nanstd(t)),),
            "One mean for the whole",
        ),
        ((whole_table_filled_by_column,), "One mean for the whole"),
        ((min_max,), "That is min–max"),
        ((min_max_scaler,), "That is min–max"),
        (
            (scaling(lambda t, n: t.mean(axis=0), lambda t, n: t.std(axis=0)),),
            "and so is all that it touches",
        ),
        ((gaps_not_ignored,), "and so is all that it touches"),
        ((not_divided,), "now divide"),
        ((scaling(s=lambda t, n: 1),), "now divide"),
        ((filled_only,), "but not scaled"),
        ((imputer_only,), "but not scaled"),
        ((scaling(fill=lambda t, n: np.nanmax(t, axis=0)),), "both of train"),
        ((lambda t, n: fill_and_scale(t, n)[:1],), "both of train"),
        ((adds_means,), "called again"),
        ((adds_a_kept_row,), "called again"),
        ((fills_new,), "changes `new` itself"),
        ((scales_in_place,), "changes `new` itself"),
        ((scaled_forgotten,), "`return`"),
        ((lambda t, n: print(fill_and_scale(t, n)),), "`return`"),
        ((np.zeros((3, 4)),), "function itself"),
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
        ((dealt_evenly,), "all but the last should have"),
        ((spread_evenly,), "all but the last should have"),
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
