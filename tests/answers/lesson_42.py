"""Right and wrong answers of lesson 42; each wrong one with a piece of the hint it must get."""

import numpy as np


def windows(series, steps, ahead=1):
    n_windows = len(series) - steps - ahead + 1
    x = np.array([series[i : i + steps] for i in range(n_windows)])
    return x, series[steps - 1 + ahead :]


def windows_view(series, steps, ahead=1):
    view = np.lib.stride_tricks.sliding_window_view(series, steps + ahead)
    return view[:, :steps].tolist(), list(view[:, -1])


def own_last(series, steps, ahead=1):
    x = windows(series, steps, ahead)[0]
    return x, x[:, -1]


def own_first(series, steps, ahead=1):
    x = windows(series, steps, ahead)[0]
    return x, x[:, 0]


def always_one_ahead(series, steps, ahead=1):
    return windows(series, steps, 1)


def too_few(series, steps, ahead=1):
    x, y = windows(series, steps, ahead)
    return x[:-1], y[:-1]


def unmatched(series, steps, ahead=1):
    return np.lib.stride_tricks.sliding_window_view(series, steps), series[steps:]


def too_late(series, steps, ahead=1):
    x = windows(series, steps, ahead)[0][:-1]
    return x, series[steps + ahead :]


def newest_first(series, steps, ahead=1):
    x, y = windows(series, steps, ahead)
    return x[:, ::-1], y


def only_x(series, steps, ahead=1):
    return windows(series, steps, ahead)[0]


def seasonal(past, horizon, period):
    return np.resize(past[-period:], horizon)


def seasonal_loop(past, horizon, period):
    return [past[-period + step % period] for step in range(horizon)]


def recursive(one_step, window, horizon):
    window, result = list(window), []
    for _ in range(horizon):
        result.append(one_step(np.array(window)))
        window = window[1:] + result[-1:]
    return result


def never_updated(one_step, window, horizon):
    return [one_step(window) for _ in range(horizon)]


def growing(one_step, window, horizon):
    for _ in range(horizon):
        window = np.append(window, one_step(window))
    return window[-horizon:]


def replaces_the_newest(one_step, window, horizon):
    window, result = np.array(window), []
    for _ in range(horizon):
        window[-1] = one_step(window)
        result.append(window[-1])
    return result


def with_the_past(one_step, window, horizon):
    return [window[-1], *recursive(one_step, window, horizon - 1)]


def spoils_the_window(one_step, window, horizon):
    result = []
    for _ in range(horizon):
        result.append(one_step(window))
        window[:-1] = window[1:]
        window[-1] = result[-1]
    return result


def too_short(one_step, window, horizon):
    return recursive(one_step, window, horizon - 1)


def adds_instead_of_joining(one_step, window, horizon):
    result = []
    for _ in range(horizon):
        result.append(one_step(window))
        window = window[1:] + [result[-1]]
    return result


def newest_in_front(one_step, window, horizon):
    result = []
    for _ in range(horizon):
        result.append(one_step(window))
        window = np.insert(window[:-1], 0, result[-1])
    return result


def by_time(n, n_test, gap):
    return np.arange(n - n_test - gap), np.arange(n - n_test, n)


def shuffled(n, n_test, gap):
    order = np.random.default_rng(0).permutation(n)
    return order[n_test:], order[:n_test]


def no_gap(n, n_test, gap):
    return np.arange(n - n_test), np.arange(n - n_test, n)


def test_first(n, n_test, gap):
    return np.arange(n_test + gap, n), np.arange(n_test)


def gap_at_the_start(n, n_test, gap):
    return np.arange(gap, n - n_test), np.arange(n - n_test, n)


def gap_from_the_test(n, n_test, gap):
    return np.arange(n - n_test), np.arange(n - n_test + gap, n)


RIGHT = {
    "42.1": (windows,),
    "42.2": (seasonal,),
    "42.3": (recursive,),
    "42.4": (23, by_time),
}

WRONG = {
    "42.1": [
        ((own_last,), "own last value"),
        ((own_first,), "own first value"),
        ((always_one_ahead,), "one step ahead"),
        ((too_few,), "n - steps - ahead + 1"),
        ((unmatched,), "one for each"),
        ((too_late,), "one step too late"),
        ((newest_first,), "oldest value first"),
        ((only_x,), "Return two arrays"),
        (([1, 2],), "function itself"),
    ],
    "42.2": [
        (
            (lambda past, horizon, period: np.resize(past[:period], horizon),),
            "newest one",
        ),
        (
            (lambda past, horizon, period: np.full(horizon, past[-1]),),
            "last value only",
        ),
        ((lambda past, horizon, period: past[-period:],), "expected 5"),
        (
            (lambda past, horizon, period: np.resize(past, horizon),),
            "repeats the whole past",
        ),
        (
            (lambda past, horizon, period: np.resize(past[-period - 1 : -1], horizon),),
            "one step too early",
        ),
        (
            (lambda past, horizon, period: np.tile(past[-period:], horizon),),
            "15 values; expected 5",
        ),
        (
            (lambda past, horizon, period: np.resize(past[-period:][::-1], horizon),),
            "period runs backwards",
        ),
        (
            (lambda past, horizon, period: np.resize(past[-period:], horizon)[::-1],),
            "forecast runs backwards",
        ),
        (
            (lambda past, horizon, period: np.full(horizon, past[-period]),),
            "expected 5, 6",
        ),
    ],
    "42.3": [
        ((never_updated,), "All values are equal"),
        ((growing,), "the oldest goes"),
        ((replaces_the_newest,), "oldest value never leaves"),
        ((with_the_past,), "that is the past"),
        ((spoils_the_window,), "work on a copy"),
        ((too_short,), "expected horizon=4"),
        ((adds_instead_of_joining,), "np.append joins"),
        ((newest_in_front,), "to the end of the window"),
    ],
    "42.4": [
        ((23, shuffled), "the last 5"),
        ((23, no_gap), "0 positions lie between"),
        ((23, test_first), "the last 5"),
        ((23, gap_from_the_test), "test positions"),
        ((23, gap_at_the_start), "0 positions lie between"),
        ((0, by_time), "share 23 hours"),
        ((24, by_time), "one more than needed"),
        ((168, by_time), "the past is known"),
        ((12, by_time), "How many windows"),
    ],
}
