"""Right and wrong answers of lesson 42, with a piece of the hint that must come."""

import numpy as np

sliding = np.lib.stride_tricks.sliding_window_view

# ── 42.1 ────────────────────────────────────────────────────────────────────────


def make_windows(series, steps, ahead=1):
    n_windows = len(series) - steps - ahead + 1
    x = np.array([series[i : i + steps] for i in range(n_windows)])
    return x, np.array(series[steps - 1 + ahead :])


def by_view(series, steps, ahead=1):
    view = sliding(series, steps + ahead)
    return view[:, :steps].tolist(), list(view[:, -1])


def in_a_loop(series, steps, ahead=1):
    x, y = [], []
    for last in range(steps - 1, len(series) - ahead):
        x.append(series[last - steps + 1 : last + 1])
        y.append(series[last + ahead])
    return [np.stack(x), np.array(y, dtype="float32")]


def by_index(series, steps, ahead=1):
    start = np.arange(len(series) - steps - ahead + 1)
    return series[start[:, None] + np.arange(steps)], series[start + steps - 1 + ahead]


def without_default(series, steps, ahead):
    pairs = [
        (series[i : i + steps], series[i + steps - 1 + ahead])
        for i in range(len(series) - steps - ahead + 1)
    ]
    return np.array([x for x, _ in pairs]), np.array([y for _, y in pairs])


def shifted(shift):
    """Return a function whose targets lie that far behind the start of their windows."""

    def wrong(series, steps, ahead=1):
        x, _ = make_windows(series, steps, ahead)
        y = series[shift(steps, ahead) :]
        return x, y[: len(x)]

    return wrong


def own_last(series, steps, ahead=1):
    x, _ = make_windows(series, steps, ahead)
    return x, x[:, -1]


def like_keras(series, steps, ahead=1):
    x, _ = make_windows(series, steps, ahead)
    return x, series[: len(x)]


def always_one_ahead(series, steps, ahead=1):
    return make_windows(series, steps, 1)


def unmatched(series, steps, ahead=1):
    return sliding(series, steps), series[steps:]


def too_late(series, steps, ahead=1):
    x, _ = make_windows(series, steps, ahead)
    return x[:-1], series[steps + ahead :]


def too_few(series, steps, ahead=1):
    x, y = make_windows(series, steps, ahead)
    return x[:-1], y[:-1]


def forgets_plus_one(series, steps, ahead=1):
    starts = range(len(series) - steps - ahead)
    x = [series[i : i + steps] for i in starts]
    return x, [series[i + steps - 1 + ahead] for i in starts]


def too_many_windows(series, steps, ahead=1):
    _, y = make_windows(series, steps, ahead)
    return sliding(series, steps), y


def newest_first(series, steps, ahead=1):
    x, y = make_windows(series, steps, ahead)
    return x[:, ::-1], y


def counts_back(series, steps, ahead=1):
    last = np.arange(steps - 1, len(series) - ahead)
    x = np.stack([series[last - back] for back in range(steps)], axis=1)
    return x, series[last + ahead]


def as_columns(series, steps, ahead=1):
    x, y = make_windows(series, steps, ahead)
    return x.T, y


def stacked_steps(series, steps, ahead=1):
    n_windows = len(series) - steps - ahead + 1
    x = np.array([series[step : step + n_windows] for step in range(steps)])
    return x, series[steps - 1 + ahead :]


def from_the_second(series, steps, ahead=1):
    x, y = make_windows(series, steps, ahead)
    return sliding(series, steps)[1 : len(x) + 1], y


def counts_from_one(series, steps, ahead=1):
    _, y = make_windows(series, steps, ahead)
    return [series[i : i + steps] for i in range(1, len(y) + 1)], y


def with_target(series, steps, ahead=1):
    _, y = make_windows(series, steps, ahead)
    return sliding(series, steps + ahead), y


def with_target_too(series, steps, ahead=1):
    x = np.array(
        [series[i : i + steps + ahead] for i in range(len(series) - steps - ahead + 1)]
    )
    return x, x[:, -1]


def all_next(series, steps, ahead=1):
    x, _ = make_windows(series, steps, ahead)
    return x, sliding(series[steps:], ahead)


def all_next_sliced(series, steps, ahead=1):
    view = sliding(series, steps + ahead)
    return view[:, :steps], view[:, steps:]


def one_pair(series, steps, ahead=1):
    return series[:steps], series[steps - 1 + ahead]


# ── 42.2 ────────────────────────────────────────────────────────────────────────


def seasonal_forecast(past, horizon, period):
    growth = past[-1] - past[-1 - period]
    return past[-period:][:horizon] + growth


def seasonal_loop(past, horizon, period):
    growth = past[-1] - past[-period - 1]
    return [past[step - period] + growth for step in range(horizon)]


def grows(past, horizon, period):
    values = list(past)
    for _ in range(horizon):
        values.append(values[-period] + past[-1] - past[-1 - period])
    return tuple(values[-horizon:])


def by_places(past, horizon, period):
    now = len(past) - 1
    places = now - period + 1 + np.arange(horizon)
    return np.take(past, places) + (past[now] - past[now - period])


def with_growth(change):
    """Return a forecast that makes the growth from ``change(past, period)``."""
    return lambda p, h, m: p[-m:][:h] + change(p, m)


def growing(choose):
    """Return a forecast that adds the right growth to ``choose(past, horizon, period)``."""
    return lambda p, h, m: np.array(choose(p, h, m)) + (p[-1] - p[-1 - m])


# ── 42.3 ────────────────────────────────────────────────────────────────────────


def recursive_forecast(one_step, window, horizon):
    result = []
    for _ in range(horizon):
        result.append(one_step(window))
        window = np.append(window[1:], result[-1])
    return np.array(result)


def with_lists(one_step, window, horizon):
    window, result = list(window), []
    for _ in range(horizon):
        result.append(one_step(np.array(window)))
        window = window[1:] + result[-1:]
    return result


def one_long_series(one_step, window, horizon):
    n = len(window)
    series = np.concatenate([window, np.zeros(horizon)])
    for t in range(horizon):
        series[n + t] = one_step(series[t : n + t])
    return series[n:]


def recursion(one_step, window, horizon):
    if horizon == 0:
        return []
    value = one_step(window)
    return [value, *recursion(one_step, np.append(window[1:], value), horizon - 1)]


def rolled(one_step, window, horizon):
    window, result = window.astype(float), np.zeros(horizon, dtype="float32")
    for t in range(horizon):
        result[t] = one_step(window)
        window = np.roll(window, -1)
        window[-1] = result[t]
    return result


def updating(update):
    """Return a recursion that makes the next window in some other way."""

    def wrong(one_step, window, horizon):
        result = []
        for _ in range(horizon):
            result.append(one_step(window))
            window = update(window, result[-1])
        return result

    return wrong


def growing_window(one_step, window, horizon):
    for _ in range(horizon):
        window = np.append(window, one_step(window))
    return window[-horizon:]


def replaces_the_newest(one_step, window, horizon):
    window, result = np.array(window), []
    for _ in range(horizon):
        window[-1] = one_step(window)
        result.append(window[-1])
    return result


def replaces_the_oldest(one_step, window, horizon):
    window, result = np.array(window), []
    for _ in range(horizon):
        window[0] = one_step(window)
        result.append(window[0])
    return result


def collects_too_early(one_step, window, horizon):
    result = []
    for _ in range(horizon):
        result.append(window[-1])
        window = np.append(window[1:], one_step(window))
    return result


def keeps_the_type(one_step, window, horizon):
    window, result = window.copy(), []
    for _ in range(horizon):
        result.append(one_step(window))
        window[:-1] = window[1:]
        window[-1] = result[-1]
    return result


def fills_zeros_like(one_step, window, horizon):
    result = np.zeros(horizon, dtype=window.dtype)
    for t in range(horizon):
        result[t] = one_step(window)
        window = np.append(window[1:], result[t])
    return result


def hands_on_a_list(one_step, window, horizon):
    values = [*window]
    for t in range(horizon):
        values.append(one_step(values[t:]))
    return values[-horizon:]


def spoils_the_window(one_step, window, horizon):
    result = []
    for _ in range(horizon):
        result.append(one_step(window))
        window[:-1] = window[1:]
        window[-1] = result[-1]
    return result


def last_window(one_step, window, horizon):
    for _ in range(horizon):
        window = np.append(window[1:], one_step(window))
    return window


def hard_coded(one_step, window, horizon):
    return [5, 7, 11, 16, 23][:horizon]  # the example of the text


def computes_the_example(one_step, window, horizon):
    return recursive_forecast(lambda v: v[0] + v[-1], window, horizon)


def calls_once(one_step, window, horizon):
    return np.full(horizon, one_step(window))


def prints(*arguments):
    print(arguments)


# ── 42.4 ────────────────────────────────────────────────────────────────────────


def split_by_time(n, n_test, gap):
    return np.arange(n - n_test - gap), np.arange(n - n_test, n)


def with_ranges(n, n_test, gap):
    return range(n - n_test - gap), range(n - n_test, n)


def newest_first_positions(n, n_test, gap):
    order = np.arange(n)[::-1]
    return [order[n_test + gap :], order[:n_test]]


def from_masks(n, n_test, gap):
    at = np.arange(n)
    return np.flatnonzero(at < n - n_test - gap), np.flatnonzero(at >= n - n_test)


def masks(n, n_test, gap):
    at = np.arange(n)
    return at < n - n_test - gap, at >= n - n_test


def mask_of_ones(n, n_test, gap):
    test = np.zeros(n)
    test[-n_test:] = 1
    return split_by_time(n, n_test, gap)[0], test


def shuffled(n, n_test, gap):
    order = np.random.default_rng(0).permutation(n)
    return order[n_test:], order[:n_test]


def random_test(n, n_test, gap):
    test = np.random.default_rng(0).choice(n, n_test, replace=False)
    return np.setdiff1d(np.arange(n), test), test


def no_gap(n, n_test, gap):
    return np.arange(n - n_test), np.arange(n - n_test, n)


def test_first(n, n_test, gap):
    return np.arange(n_test + gap, n), np.arange(n_test)


def gap_at_the_start(n, n_test, gap):
    return np.arange(gap, n - n_test), np.arange(n - n_test, n)


def gap_from_the_test(n, n_test, gap):
    return np.arange(n - n_test), np.arange(n - n_test + gap, n)


def from_behind(n, n_test, gap):
    at = np.arange(n)
    return at[: n - n_test][:-gap], at[-n_test:]  # with gap 0 this is empty


def list_from_behind(n, n_test, gap):
    train = list(range(n - n_test))
    return train[:-gap], list(range(n - n_test, n))


def train_with(change):
    """Return a split with the right test and ``change(n, n_test, gap)`` for training."""
    return lambda n, n_test, gap: (change(n, n_test, gap), np.arange(n - n_test, n))


def test_with(change):
    """Return a split with the right training and ``change(n, n_test, gap)`` as test."""
    return lambda n, n_test, gap: (np.arange(n - n_test - gap), change(n, n_test, gap))


RIGHT = {
    "42.1": [
        (make_windows,),
        (by_view,),
        (in_a_loop,),
        (by_index,),
        (without_default,),
    ],
    "42.2": [(seasonal_forecast,), (seasonal_loop,), (grows,), (by_places,)],
    "42.3": [
        (recursive_forecast,),
        (with_lists,),
        (one_long_series,),
        (recursion,),
        (rolled,),
    ],
    "42.4": [
        (23, split_by_time),
        (23.0, with_ranges),
        (24 - 1, newest_first_positions),
        ([23], from_masks),
    ],
}

WRONG = {
    "42.1": [
        (
            (lambda s, steps, ahead=1: [a[1:] for a in make_windows(s, steps, ahead)],),
            "first window is missing",
        ),
        (
            (lambda s, steps, ahead=1: make_windows(s[1:], steps, ahead),),
            "first window is missing",
        ),
        ((own_last,), "own last value"),
        ((shifted(lambda steps, ahead: steps - 1),), "own last value"),
        ((like_keras,), "own first value"),
        ((shifted(lambda steps, ahead: 0),), "own first value"),
        ((always_one_ahead,), "one step ahead"),
        ((shifted(lambda steps, ahead: steps),), "one step ahead"),
        ((unmatched,), "one step ahead"),
        ((too_few,), "n - steps - ahead + 1"),
        ((forgets_plus_one,), "n - steps - ahead + 1"),
        ((too_many_windows,), "n - steps - ahead + 1"),
        ((too_late,), "one step too late: the window's last"),
        (
            (shifted(lambda steps, ahead: steps + ahead),),
            "one step too late: the window's last",
        ),
        ((shifted(lambda steps, ahead: steps + ahead - 2),), "one step too early"),
        (
            (
                lambda s, steps, ahead=1: (
                    sliding(s, steps)[:-ahead],
                    s[steps + ahead - 2 : -1],
                ),
            ),
            "one step too early",
        ),
        ((newest_first,), "oldest value first"),
        ((counts_back,), "oldest value first"),
        ((as_columns,), "one row for each window"),
        ((stacked_steps,), "one row for each window"),
        ((from_the_second,), "begins with series[i]"),
        ((counts_from_one,), "begins with series[i]"),
        ((with_target,), "reach up to their targets"),
        ((with_target_too,), "reach up to their targets"),
        ((all_next,), "not all the next"),
        ((all_next_sliced,), "not all the next"),
        ((lambda *given: make_windows(*given)[::-1],), "exchanged"),
        (
            (
                lambda series, steps, ahead=1: tuple(
                    reversed(by_view(series, steps, ahead))
                ),
            ),
            "exchanged",
        ),
        ((lambda *given: make_windows(*given)[0],), "Return two arrays"),
        ((lambda series, steps, ahead=1: 7.0,), "Return two arrays"),
        ((one_pair,), "Target i should be"),
        (
            (lambda *given: (make_windows(*given)[0], 2 * make_windows(*given)[1]),),
            "Target i should be",
        ),
        (
            (lambda *given: (2 * make_windows(*given)[0], make_windows(*given)[1]),),
            "Window i should be",
        ),
        (
            (lambda *given: (0 * make_windows(*given)[0], make_windows(*given)[1]),),
            "Window i should be",
        ),
        ((lambda series: make_windows(series, 3, 5),), "arguments"),
        ((lambda series, steps: make_windows(series, steps),), "arguments"),
        ((prints,), "`return`"),
        ((lambda *given: print(*make_windows(*given)),), "`return`"),
        (([1, 2],), "function itself"),
        ((make_windows(np.arange(5), 2),), "function itself"),
    ],
    "42.2": [
        ((with_growth(lambda p, m: 0),), "as it was: add the growth."),
        ((lambda p, h, m: [p[i - m] for i in range(h)],), "as it was: add the growth."),
        ((lambda p, h, m: p[-m:],), "whole last period as it was"),
        ((lambda p, h, m: list(p[len(p) - m :]),), "whole last period as it was"),
        ((lambda p, h, m: seasonal_loop(p, m, m),), "That is a whole period"),
        ((growing(lambda p, h, m: p[-m:]),), "That is a whole period"),
        ((with_growth(lambda p, m: p[-1 - m] - p[-1]),), "wrong sign"),
        (
            (lambda p, h, m: [p[i - m] - p[-1] + p[-1 - m] for i in range(h)],),
            "wrong sign",
        ),
        ((lambda p, h, m: np.full(h, p[-1]),), "last value only"),
        ((lambda p, h, m: [p[-1]] * h,), "last value only"),
        ((growing(lambda p, h, m: [p[-1]] * h),), "to the last value;"),
        ((lambda p, h, m: np.repeat(2 * p[-1] - p[-1 - m], h),), "to the last value;"),
        ((growing(lambda p, h, m: p[:m][:h]),), "newest one"),
        ((growing(lambda p, h, m: p[:h]),), "newest one"),
        ((growing(lambda p, h, m: p[-h:]),), "not by the horizon"),
        (
            (growing(lambda p, h, m: [p[i - h] for i in range(h)]),),
            "not by the horizon",
        ),
        ((growing(lambda p, h, m: p[-m - 1 : -1][:h]),), "too early"),
        ((growing(lambda p, h, m: [p[i - m - 1] for i in range(h)]),), "too early"),
        ((growing(lambda p, h, m: p[-m + 1 :][:h]),), "too late"),
        ((growing(lambda p, h, m: [p[i - m + 1] for i in range(h)]),), "too late"),
        ((with_growth(lambda p, m: p[-1] - p[-2]),), "growth of one step"),
        ((with_growth(lambda p, m: np.diff(p)[-1]),), "growth of one step"),
        ((with_growth(lambda p, m: p[-1] - p[-m]),), "period - 1 steps"),
        (
            (lambda p, h, m: [p[i - m] + p[-1] - p[-m] for i in range(h)],),
            "period - 1 steps",
        ),
        (
            (lambda p, h, m: p[-m:][:h] + (p[-1] - p[-1 - m]) * np.arange(1, h + 1),),
            "add it once",
        ),
        (
            (lambda p, h, m: p[-m:][:h] + np.cumsum([p[-1] - p[-1 - m]] * h),),
            "add it once",
        ),
        ((lambda p, h, m: p[-m:][:h] * (p[-1] / p[-1 - m]),), "multiply by a ratio"),
        (
            (lambda p, h, m: [p[i - m] * p[-1] / p[-1 - m] for i in range(h)],),
            "multiply by a ratio",
        ),
        ((growing(lambda p, h, m: p[-m:][::-1][:h]),), "period runs backward"),
        (
            (growing(lambda p, h, m: [p[-1 - i] for i in range(h)]),),
            "period runs backward",
        ),
        ((lambda p, h, m: seasonal_forecast(p, h, m)[::-1],), "forecast runs backward"),
        ((lambda p, h, m: list(reversed(grows(p, h, m))),), "forecast runs backward"),
        ((lambda p, h, m: seasonal_loop(p, h, m)[:1],), "expected (2,)"),
        ((lambda p, h, m: np.zeros(h),), "expected 10. Each value is"),
        ((lambda p, h, m: np.full(h, p.mean()),), "expected 10. Each value is"),
        ((lambda p, h, m: [0, *seasonal_loop(p, h, m)],), "expected (2,)"),
        ((lambda p, h, m: seasonal_forecast(p, 2, m),), "expected (3,)"),
        ((lambda p, h, m: seasonal_loop(p, 2, m),), "expected (3,)"),
        ((lambda p, h, m: seasonal_forecast(p, h, 4),), ", expected "),
        ((lambda p, h, m: seasonal_loop(p, h, 4),), ", expected "),
        ((prints,), "`return`"),
        ((lambda p, h, m: print(grows(p, h, m)),), "`return`"),
    ],
    "42.3": [
        ((calls_once,), "All values are equal"),
        ((updating(lambda window, new: window),), "All values are equal"),
        ((growing_window,), "the oldest goes"),
        ((updating(lambda window, new: [*window, new]),), "the oldest goes"),
        ((updating(lambda window, new: window[1:] + [new]),), "np.append(window[1:]"),
        ((updating(lambda window, new: np.array([new])),), "np.append(window[1:]"),
        ((replaces_the_newest,), "oldest value never leaves"),
        (
            (updating(lambda window, new: [*window[:-1], new]),),
            "oldest value never leaves",
        ),
        (
            (updating(lambda window, new: np.insert(window[:-1], 0, new)),),
            "the first, goes",
        ),
        ((updating(lambda window, new: [new, *window[:-1]]),), "the first, goes"),
        ((replaces_the_oldest,), "shift the others"),
        (
            (updating(lambda window, new: np.append(new, window[1:])),),
            "shift the others",
        ),
        ((collects_too_early,), "that is the past"),
        (
            (lambda f, w, h: [w[-1], *recursive_forecast(f, w, h - 1)],),
            "that is the past",
        ),
        (
            (lambda f, w, h: np.append(w, recursive_forecast(f, w, h)),),
            "forecasts only",
        ),
        ((lambda f, w, h: [*w, *with_lists(f, w, h)],), "forecasts only"),
        ((last_window,), "collect the forecasts"),
        (
            (lambda f, w, h: [*w, *with_lists(f, w, h)][-len(w) :],),
            "collect the forecasts",
        ),
        ((lambda f, w, h: recursive_forecast(f, w, h)[-1],), "last value only"),
        ((lambda f, w, h: last_window(f, w, h)[-1],), "last value only"),
        ((lambda f, w, h: recursive_forecast(f, w, h)[::-1],), "runs backward"),
        ((lambda f, w, h: list(reversed(with_lists(f, w, h))),), "runs backward"),
        ((spoils_the_window,), "changes `window` itself"),
        (
            (
                lambda one_step, window, horizon: (
                    recursive_forecast(one_step, window, horizon),
                    window.sort(),
                )[0],
            ),
            "changes `window` itself",
        ),
        ((lambda f, w, h: recursive_forecast(f, w, h - 1),), "expected (5,)"),
        ((lambda f, w, h: recursive_forecast(f, w, h + 1),), "expected (5,)"),
        ((hard_coded,), "never calls one_step"),
        ((computes_the_example,), "never calls one_step"),
        (
            (lambda f, w, h: recursive_forecast(lambda v: f(v) + 1, w, h),),
            ", expected ",
        ),
        ((updating(lambda window, new: [*window[1:], 2 * new]),), ", expected "),
        (
            (
                lambda f, w, h: (
                    recursive_forecast(f, w, h).sum() * 0
                    + recursive_forecast(lambda v: v[0] + v[-1], w, h)
                ),
            ),
            "second / 2 + last",
        ),
        (
            (
                lambda f, w, h: recursive_forecast(
                    lambda v: f(v) * 0 + v[0] + v[-1], w, h
                ),
            ),
            "second / 2 + last",
        ),
        ((keeps_the_type,), "digits after the point"),
        ((fills_zeros_like,), "digits after the point"),
        ((hands_on_a_list,), "takes an array"),
        ((updating(lambda window, new: [*window[1:], new]),), "takes an array"),
        ((lambda f, w, h: last_window(f, w, h).sort(),), "`return`"),
        ((lambda f, w, h: print(recursive_forecast(f, w, h)),), "`return`"),
        (("no function",), "function itself"),
        (([5, 7, 11],), "function itself"),
    ],
    "42.4": [
        ((23, shuffled), "expected 15. They should be the last 5"),
        ((23, random_test), "expected 15. They should be the last 5"),
        ((23, no_gap), "No gap"),
        ((23, train_with(lambda n, n_test, gap: range(n - n_test))), "No gap"),
        ((23, test_first), "the first 5 windows"),
        ((23, test_with(lambda n, n_test, gap: range(n_test))), "the first 5 windows"),
        ((23, gap_from_the_test), "gap is taken from the test"),
        (
            (23, test_with(lambda n, n_test, gap: range(n - n_test + gap, n))),
            "gap is taken from the test",
        ),
        (
            (23, test_with(lambda n, n_test, gap: np.arange(n - n_test, n) - gap)),
            "behind the test",
        ),
        (
            (23, lambda n, n_test, gap: split_by_time(n - gap, n_test, 0)),
            "behind the test",
        ),
        ((23, gap_at_the_start), "at the start"),
        (
            (23, train_with(lambda n, n_test, gap: list(range(n - n_test))[gap:])),
            "at the start",
        ),
        ((23, train_with(lambda n, n_test, gap: np.arange(n))), "end before the test."),
        ((23, train_with(lambda n, n_test, gap: range(n))), "end before the test."),
        ((23, train_with(lambda n, n_test, gap: np.arange(n - gap))), "Only the gap"),
        (
            (23, train_with(lambda n, n_test, gap: list(range(n))[: n - gap])),
            "Only the gap",
        ),
        (
            (23, train_with(lambda n, n_test, gap: np.arange(n - n_test - gap + 1))),
            "One window too many",
        ),
        (
            (23, train_with(lambda n, n_test, gap: range(n + 1 - n_test - gap))),
            "One window too many",
        ),
        (
            (23, train_with(lambda n, n_test, gap: np.arange(n - n_test - gap - 1))),
            "One window too few",
        ),
        (
            (23, train_with(lambda n, n_test, gap: range(n - n_test - gap)[:-1])),
            "One window too few",
        ),
        ((23, lambda *given: split_by_time(*given)[::-1]), "exchanged"),
        ((23, lambda *given: tuple(reversed(with_ranges(*given)))), "exchanged"),
        ((23, masks), "np.flatnonzero"),
        ((23, mask_of_ones), "np.flatnonzero"),
        ((23, from_behind), "With gap 0 training is empty"),
        ((23, list_from_behind), "With gap 0 training is empty"),
        (
            (23, train_with(lambda n, n_test, gap: np.arange(1, n - n_test - gap))),
            "all from 0 to 11",
        ),
        ((23, train_with(lambda n, n_test, gap: [])), "all from 0 to 11"),
        ((23, lambda n, n_test, gap: np.arange(n - n_test)), "Return two arrays"),
        ((23, lambda n, n_test, gap: n - n_test), "Return two arrays"),
        ((23, prints), "`return`"),
        ((23, lambda *given: print(split_by_time(*given))), "`return`"),
        ((0, split_by_time), "share 23 hours"),
        ((False + 0.0, split_by_time), "share 23 hours"),
        ((22, split_by_time), "One too few"),
        (([22.0], split_by_time), "One too few"),
        ((24, split_by_time), "one more than needed"),
        ((np.float32(24), from_masks), "one more than needed"),
        ((168, split_by_time), "the past is known"),
        ((191, split_by_time), "the past is known"),
        ((12, split_by_time), "How many windows"),
        ((46, split_by_time), "How many windows"),
        ((23, 23), "function itself"),
        ((23, split_by_time(20, 5, 3)), "function itself"),
        (("23", split_by_time), "one whole number"),
        ((range(23), split_by_time), "one whole number"),
    ],
}
