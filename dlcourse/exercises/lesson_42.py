"""Checkers and quiz of lesson 42, time series forecasting."""

import numpy as np

from ..checks import exercise, record
from ..expectations import (
    as_array,
    expect,
    expect_array,
    expect_function,
    expect_number,
    expect_result,
    expect_tuple,
    expect_value,
    is_close,
)
from ..quizzes import Question
from ..training import repeat


@exercise("42.1")
def make_windows(make_windows):
    expect_function(make_windows, "make_windows")
    series = np.array([3.5, -1, 4, 1.5, 9, 2, 6.5, -5, 8, 7, 0.5, 5])
    for n, steps, ahead in ((12, 3, 5), (11, 5, 4), (9, 4, 1)):
        pair = "Return two arrays: the windows, then their targets."
        result = expect_tuple(make_windows(series[:n], steps, ahead), 2, pair)
        _expect_windows(*result, series[:n], steps, ahead)
    return "every target lies `ahead` steps after its window"


def _expect_windows(x, y, series, steps, ahead):
    """Compare windows and targets with the definition."""
    n = len(series)
    n_windows = n - steps - ahead + 1
    case = f"(steps={steps}, ahead={ahead}, {n} values)"
    every = np.lib.stride_tricks.sliding_window_view(series, steps)
    right_x, right_y = every[:n_windows], series[steps - 1 + ahead :]
    count = f"There should be n - steps - ahead + 1 = {n_windows} windows {case}."
    shifts = {
        steps
        - 1: "Each target is the window's own last value: the answer stands in the"
        " question.",
        0: "Each target is the window's own first value: shift the targets.",
        steps: "The targets lie one step ahead: use the argument `ahead`.",
        steps + ahead: "Each target lies one step too late: the window's last value is"
        " series[i + steps - 1]; count `ahead` from there.",
    }
    shifts.setdefault(steps + ahead - 2, "Each target lies one step too early: `ahead`"
                      " counts from the window's last value.")  # fmt: skip
    shifts.pop(steps - 1 + ahead, None)  # that is right where ahead = 1
    targets = as_array(y, f"The array of targets {case}")
    windows = as_array(x, f"The array of windows {case}")
    expect(
        not (is_close(windows, right_x[1:]) and is_close(targets, right_y[1:])),
        "The first window is missing, with its target: window 0 begins with series[0].",
    )
    next_ones = np.lib.stride_tricks.sliding_window_view(series[steps:], ahead)
    expect_value(
        targets, right_y, "Target i should be series[i + steps - 1 + ahead].",
        what=f"The array of targets {case}",
        mistakes=[
            *((series[shift : shift + size], why) for shift, why in shifts.items()
              for size in (n_windows, n - shift) if shift + size <= n),
            (right_x, "The two are exchanged: return the windows first, then the targets."),
            (next_ones, "Each target should be one value, not all the next `ahead` ones;"
             " the targets have shape (windows,)."),
            (right_y[:-1], count),
        ],
    )  # fmt: skip
    with_target = np.lib.stride_tricks.sliding_window_view(series, steps + ahead)
    expect_value(
        windows, right_x, "Window i should be series[i : i + steps], oldest value first.",
        what=f"The array of windows {case}",
        mistakes=[
            *((every[:size], count)
              for size in {n_windows - 1, n - steps, n - steps + 1} - {n_windows}),
            (right_x[:, ::-1], "The windows run backward: oldest value first."),
            (right_x.T, "Rows and columns are exchanged: one row for each window."),
            (every[1 : n_windows + 1], "Each window begins one step too late: window i"
             " begins with series[i]."),
            (with_target, "The windows reach up to their targets: a window is only"
             " series[i : i + steps]."),
        ],
    )  # fmt: skip


@exercise("42.2")
def seasonal_forecast(seasonal_forecast):
    past = np.array([2.5, 1, -4, 6, 7, 3.5, 0.5, 9])
    for n, horizon, period in ((8, 2, 4), (7, 3, 3), (6, 4, 5)):
        known = past[:n]
        growth = known[-1] - known[-1 - period]
        last = known[-period:]
        right = last[:horizon] + growth
        early, first = known[-period - 1 :], known
        expect_result(
            seasonal_forecast, (known, horizon, period), right,
            "Each value is the one a period earlier, plus past[-1] - past[-1 - period].",
            mistakes=[
                (last[:horizon], "That is the last period as it was: add the growth."),
                (last, "That is the whole last period as it was: add the growth, and keep"
                 " the first `horizon` values."),
                (last + growth, "That is a whole period: keep the first `horizon` values."),
                (last[:horizon] - growth, "The growth has the wrong sign: the newest value"
                 " less the one a period before."),
                (np.full(horizon, known[-1]), "That repeats the last value only."),
                (np.full(horizon, known[-1] + growth), "That adds the growth to the last"
                 " value; each value has its own place in the last period."),
                (first[:horizon] + growth, "That takes the first period of the past; take"
                 " the newest one."),
                (known[-horizon:] + growth, "That takes the last `horizon` values: go back by"
                 " the period, not by the horizon."),
                (early[:horizon] + growth, "That begins one step too early: the first value"
                 " is like past[-period]."),
                (last[1 : horizon + 1] + growth, "That begins one step too late: the first"
                 " value is like past[-period]."),
                (last[:horizon] + known[-1] - known[-2], "That is the growth of one step;"
                 " take the growth over a whole period."),
                (last[:horizon] + known[-1] - known[-period], "From past[-period] to past[-1]"
                 " it is period - 1 steps: take past[-1 - period]."),
                (last[:horizon] + growth * np.arange(1, horizon + 1), "Within one period the"
                 " growth is the same for every value: add it once."),
                (last[:horizon] * known[-1] / known[-1 - period], "Add the growth as a"
                 " difference; do not multiply by a ratio."),
                (last[::-1][:horizon] + growth, "The period runs backward: the first value is"
                 " like past[-period]."),
                (right[::-1], "The forecast runs backward: its first value is the next one."),
            ] * (horizon == 2),  # there no two of them look alike
        )  # fmt: skip
    return "and it never looks past the present"


@exercise("42.3")
def recursive_forecast(recursive_forecast):
    expect_function(recursive_forecast, "recursive_forecast")
    for window, horizon, rule, words in (
        ([2.0, 1.5, 4.0], 5, lambda v: v[0] + v[-1], "first + last"),
        (
            [3, -1, 5, 2],  # whole numbers, but the forecasts are none
            3,
            lambda v: v[0] - v[1] / 2 + v[-1],
            "first − second / 2 + last",
        ),
    ):
        _try_recursion(recursive_forecast, np.array(window), horizon, rule, words)
    return "each forecast becomes the next window's newest value"


def _try_recursion(recursive_forecast, window, horizon, rule, words):
    """Let the learner's function forecast by a rule, and compare."""
    n, calls, lists = len(window), [], []

    def one_step(values):
        lists.append(not hasattr(values, "shape"))
        values = as_array(values, "What one_step gets")
        expect(
            values.shape == (n,),
            f"one_step got {values.size} values in shape {values.shape}; it needs as many"
            " as the first window. The newest comes in and the oldest goes:"
            " np.append(window[1:], value).",
        )
        calls.append(values)
        return rule(values)

    result = recursive_forecast(one_step, window, horizon)
    expect(
        calls, "recursive_forecast never calls one_step, which knows the next value."
    )
    right = _recursion(rule, window, horizon, lambda w, new: [*w[1:], new])
    whole = _recursion(rule, window, horizon, lambda w, new: [*w[1:], int(new)])
    digits = (
        "The forecasts lose their digits after the point: an array made from whole numbers"
        " keeps none. Make a float array."
    )
    expect_value(
        result, right, "The next window is window[1:] with the forecast at its end.",
        what=f"With one_step = {words}, window {window.tolist()} and horizon {horizon}, the"
        " forecast",
        reveal=True,
        mistakes=[
            (np.full(horizon, right[0]), "All values are equal: put each forecast into the"
             " window before the next."),
            (_recursion(rule, window, horizon, lambda w, new: [*w[:-1], new]),
             "The oldest value never leaves: drop the first when you append the newest."),
            (_recursion(rule, window, horizon, lambda w, new: [new, *w[:-1]]),
             "The newest value goes to the end of the window, and the oldest, the first,"
             " goes."),
            (_recursion(rule, window, horizon, lambda w, new: [new, *w[1:]]),
             "The newest value goes to the end of the window: shift the others."),
            ([window[-1], *right[:-1]], "The first value is the window's last: that is the"
             " past, not a forecast."),
            ([*window, *right], "The window itself is the past: return the forecasts only."),
            ([*window, *right][-n:], "That is the last window: collect the forecasts."),
            *((lost, digits) for lost in (whole, np.trunc(whole), np.trunc(right))),
            (right[-1], "That is the last value only: collect all of them."),
            (right[::-1], "The forecast runs backward: its first value is the next one."),
        ],
    )  # fmt: skip
    expect(
        not any(lists), "one_step takes an array, but gets a list: np.array(…) of it."
    )


def _recursion(rule, window, horizon, update):
    """Return ``horizon`` values of a rule, each put into the window by ``update``."""
    result = []
    for _ in range(horizon):
        result.append(rule(window))
        window = update(window, result[-1])
    return result


@exercise("42.4")
def split_by_time(gap, split_by_time):
    share = "Target i covers the hours i to i + 23. "
    known = (
        "The inputs may overlap: at forecast time the past is known. Which hours must"
    )
    expect_value(
        expect_number(gap, "gap should be one whole number."), 23,
        f"{share}How many windows after i share an hour with it?",
        what="gap",
        mistakes=[
            (0, "With no gap the last training target and the first test target share 23"
             " hours."),
            (22, "One too few: with 22 dropped, target i is followed by target i + 23, and"
             " both cover hour i + 23."),
            (24, f"Safe, but one more than needed: {share}Which is the first window that"
             " shares none of them?"),
            *((many, f"{known} not be on both sides?") for many in (167, 168, 191, 192)),
        ],
    )  # fmt: skip
    expect_function(split_by_time, "split_by_time")
    for n, n_test, dropped in ((20, 5, 3), (31, 8, 12), (17, 4, 0)):
        pair = "Return two arrays of positions: training, then test."
        parts = expect_tuple(split_by_time(n, n_test, dropped), 2, pair)
        case = f"(n={n}, n_test={n_test}, gap={dropped})"
        _expect_split(*parts, n, n_test, dropped, case)
    return "no hour stands on both sides"


def _expect_split(early, late, n, n_test, gap, case):
    """Compare positions, in any order, with the right ones."""
    early = np.sort(
        expect_array(early, (None,), f"The array of training positions {case}")
    )
    late = np.sort(expect_array(late, (None,), f"The array of test positions {case}"))
    right, end = np.arange(n - n_test, n), n - n_test - gap
    mask = "That is a mask; hand in the positions, np.flatnonzero(mask)."
    test_mistakes = [
        (np.arange(n_test), f"The test holds the first {n_test} windows: take the last."),
        (np.arange(end), "The two are exchanged: return training first, then test."),
        (np.repeat([0, 1], [n - n_test, n_test]), mask),
        (right[gap:], "The gap is taken from the test: drop training windows instead."),
        (right - gap, "The gap lies behind the test: the test holds the last windows, the"
         " gap lies before it."),
    ]  # fmt: skip
    train_mistakes = [
        (np.arange(n - n_test), "No gap: training reaches up to the test."),
        (np.arange(end + 1), f"One window too many: {gap} between the two are dropped."),
        (np.arange(end - 1), f"One window too few: only {gap} are dropped."),
        (np.arange(n), "Training should end before the test."),
        (np.arange(gap, n - n_test), "The gap lies at the start: drop the windows right"
         " before the test."),
        (np.arange(n - gap), "Only the gap is dropped: training should end before the"
         " test, too."),
    ]  # fmt: skip
    if not gap:  # most of these are right then, or look alike
        test_mistakes = []
        train_mistakes = [([], "With gap 0 training is empty: [:-0] keeps nothing.")]
    expect_value(
        late, right, f"They should be the last {n_test}, from {n - n_test} on.",
        what=f"The array of test positions {case}", mistakes=test_mistakes, reveal=True,
    )  # fmt: skip
    expect_value(
        early, np.arange(end), f"They should be all from 0 to {end - 1}.",
        what=f"The array of training positions {case}", mistakes=train_mistakes, reveal=True,
    )  # fmt: skip


def fit_line(x, y):
    """Fit a linear model by least absolute errors, as ``QuantileRegressor(alpha=0)`` does.

    A square e**2 with the weight 1 / abs(e) counts abs(e). So a few fits by weighted squares,
    each with the weights from the errors of the last, end close to least absolute errors, in
    a sixth of the time (iteratively reweighted least squares).

    Args:
        x: array (rows, features).
        y: array (rows,), the targets, in any unit.

    Returns:
        a fitted scikit-learn model with ``predict(x)``.
    """
    from sklearn.linear_model import Ridge

    weight = np.ones(len(y))
    for _ in range(15):
        line = Ridge(0.001).fit(x, y, weight)
        error = np.abs(y - line.predict(x))
        weight = 1 / np.maximum(error, 0.01 * y.std())
    return line


def study_real_series(readers, network, compiled, runs):
    """Train the lesson's networks on two real series; print and record their errors.

    Args:
        readers: names of the readers, one column of the model each.
        network: ``network(reader, past, known)``, which returns a column's output.
        compiled: ``compiled(model, n_batches, rate)``, which compiles a model.
        runs: how many trainings.
    """
    for title, setting in real_series().items():
        found = _study(readers, network, compiled, runs, *setting)
        for name, error in found.items():
            record(title, name, "test MAE", error)
            print(f"{title}, {name}: ≈ {np.mean(error):,.2f} ± {np.std(error):,.2f}")


def _study(
    readers, network, compiled, runs, series, calendar, steps, back, season, old, new
):
    """Return the mean absolute errors on the new days, by the model's name."""
    import keras
    from numpy.lib.stride_tricks import sliding_window_view

    spread = series[old].std(axis=0)
    scaled = ((series - series[old].mean(axis=0)) / spread).astype("float32")
    windows = sliding_window_view(scaled, steps, axis=0).swapaxes(1, 2)
    y = series[:, 0]
    change = (y - np.roll(y, back)) / spread[0]
    x_old = [windows[old - steps], calendar[old]]
    x_new = [windows[new - steps], calendar[new]]

    def build():
        past = keras.Input(x_old[0].shape[1:])
        known = keras.Input(x_old[1].shape[1:])
        columns = [network(reader, past, known) for reader in readers]
        model = keras.Model([past, known], keras.layers.Concatenate()(columns))
        return compiled(model, 15 * -(-len(old) // 128), rate=0.01)

    def train(model):
        targets = np.repeat(change[old, None], len(readers), axis=1)
        model.fit(x_old, targets, batch_size=128, epochs=15, verbose=0)
        away = keras.ops.convert_to_numpy(model(x_new)) - change[new, None]
        return dict(zip(readers, spread[0] * np.abs(away).mean(axis=0), strict=True))

    flat = [np.hstack([a.reshape(len(a), -1) for a in x], dtype=float)
            for x in (x_old, x_new)]  # fmt: skip
    linear = fit_line(flat[0], y[old]).predict(flat[1])
    found = {
        "last value": np.abs(y[new - 1] - y[new]).mean(),
        "last season": np.abs(y[new - season] - y[new]).mean(),
        "linear": np.abs(linear - y[new]).mean(),
    }
    return found | dict(repeat(runs, build, train)[list(readers)])


def real_series():
    """Load the two real series that the lesson studies in full, ready for windows.

    Returns:
        dict of title to ``(series, calendar, steps, back, season, old, new)``: float64
        (days, features), the one to forecast first; float32 (days, columns), known in
        advance; days in a window; how many days back the value lies from which the change
        is forecast; days in a season; positions of the days to learn from and of those to
        be judged on.
    """
    import pandas as pd

    from .. import datasets

    cold = datasets.melbourne_temperatures().frame
    angle = 2 * np.pi * cold["Date"].dt.day_of_year.to_numpy() / 365.25
    season = np.column_stack([np.sin(angle), np.cos(angle)]).astype("float32")
    rides = datasets.chicago_ridership().frame
    kind = np.stack([rides["day_type"] == letter for letter in "WAU"], axis=1)
    kinds = np.hstack([kind, np.roll(kind, 1, axis=0)]).astype("float32")
    years = pd.to_datetime(["2009-01-01", "2019-01-01", "2020-01-01"])
    start, cut, end = rides["service_date"].searchsorted(years)
    return {
        "Melbourne, °C": (
            cold[["Temp"]].to_numpy("float64"), season, 30, 1, 365,
            np.arange(365, 3285), np.arange(3285, 3650),
        ),
        "Chicago, persons": (
            rides[["rail_boardings", "bus"]].to_numpy("float64"), kinds, 28, 7, 7,
            np.arange(start, cut), np.arange(cut, end),
        ),
    }  # fmt: skip


QUIZ = [
    Question(
        "A network forecasts a shop's sales of tomorrow with an MAE of 18 pieces. Is that good?",
        [
            (
                "Yes, if the validation loss fell smoothly.",
                "A smooth curve says that training worked, not that the result is worth anything.",
            ),
            (
                "Nobody can tell yet: what do the baselines reach?",
                'If "like last week" reaches 15, the network is worse than no model; if it'
                " reaches 60, the network earns its keep.",
            ),
            (
                "Yes, if sales are about 1,000: that is 2 %.",
                "A percentage of the level says little: a slow series is forecast within 2 % by"
                " repeating its last value.",
            ),
        ],
        answer=1,
    ),
    Question(
        "LSTM reaches 4.75 ± 0.06 MW, GRU 4.71 ± 0.08 MW (three seeds each, standard deviation). What follows?",
        [
            (
                "GRU is the better layer for this series.",
                "The difference of 0.04 is smaller than the spread between seeds of one layer.",
            ),
            (
                "GRU is the better layer in general.",
                "One series, one size, one training length: no result about all series.",
            ),
            (
                "On this evidence they are not told apart; take the one that is cheaper for you.",
                "And say so in the report. More seeds could find a small difference; whether it"
                " matters to the utility is another question.",
            ),
        ],
        answer=2,
    ),
    Question(
        "You have the residuals of a one-hour forecast. Their autocorrelation at lag 24 is 0.4. What does it mean?",
        [
            (
                "Nothing: residuals are random.",
                "Random residuals have autocorrelations near 0 at every lag.",
            ),
            (
                "An error tends to come back at the same hour of the next day: something daily"
                " is left to learn.",
                "Give the model the hour, or let it bend with the hour; the part that repeats"
                " can be forecast.",
            ),
            (
                "The model overfits.",
                "Overfitting shows as a gap between training and validation error.",
            ),
        ],
        answer=1,
    ),
    Question(
        "Forecasting 24 hours, the recursive forecast gets much better when it is given the true weather of these hours. What should the utility try first?",
        [
            (
                "A larger network.",
                "No network can find in the past what is not there: the weather of tomorrow.",
            ),
            (
                "More epochs.",
                "Three times as many hardly help the recursion: the weather that it takes is"
                " still yesterday's.",
            ),
            (
                "A weather forecast as an input that is known in advance.",
                "It will not be perfect, but the experiment shows that there is much to gain:"
                " this network's error falls to the true weather's line.",
            ),
        ],
        answer=2,
    ),
    Question(
        "`timeseries_dataset_from_array(series, series, sequence_length=24)` gives a loss of almost 0 after one epoch. Why?",
        [
            (
                "The window starts with its own target.",
                "`targets[i]` belongs to the window that starts at `i`: pass `series[24:]`.",
            ),
            (
                "The series is easy.",
                "Then the baselines would be almost perfect, too. Check that first.",
            ),
            (
                "24 steps are too many.",
                "Too long a window costs time; it does not make the loss vanish.",
            ),
        ],
        answer=0,
    ),
]
