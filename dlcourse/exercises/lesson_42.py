"""Checkers and quiz of lesson 42, time series forecasting."""

import numpy as np

from ..checks import exercise
from ..expectations import expect, expect_array, expect_close, expect_number
from ..quizzes import Question


@exercise("42.1")
def make_windows(answer):
    expect(callable(answer), "Hand in the function itself, without brackets.")
    series = np.array([3.0, 1.0, 4.0, 1.5, 9.0, 2.0, 6.0])
    for steps, ahead in ((3, 1), (2, 3)):
        result = answer(series.copy(), steps, ahead)
        expect(
            isinstance(result, (tuple, list)) and len(result) == 2,
            "Return two arrays: windows and targets.",
        )
        _expect_windows(*result, series, steps, ahead)
    return "every target lies `ahead` steps after its window"


def _expect_windows(x, y, series, steps, ahead):
    """Compare windows and targets with the definition, usual mistakes first."""
    n_windows = len(series) - steps - ahead + 1
    case = f"steps={steps}, ahead={ahead}, 7 values:"
    x, y = expect_array(x, (None, steps), "x"), expect_array(y, (None,), "The targets")
    expect(
        len(x) == len(y),
        f"{case} {len(x)} windows, but {len(y)} targets: one for each.",
    )
    mistakes = (
        (steps - 1, "each target is the window's own last value: the answer stands in"
         " the question."),
        (0, "each target is the window's own first value: shift the targets."),
        (steps, "the targets lie one step ahead: use the argument."),
        (steps + ahead, "each target lies one step too late: the window's last value is"
         " series[i + steps - 1]; count `ahead` from there."),
    )  # fmt: skip
    for shift, hint in mistakes:
        same = np.array_equal(y, series[shift : shift + len(y)]) and len(y)
        expect(shift == steps - 1 + ahead or not same, f"{case} {hint}")
    expect(
        len(x) == n_windows,
        f"{case} there should be n - steps - ahead + 1 = {n_windows} windows, not {len(x)}.",
    )
    expect_close(
        x, [series[i : i + steps] for i in range(n_windows)],
        f"{case} window i should be series[i : i + steps], oldest value first.",
    )  # fmt: skip
    expect_close(
        y, series[steps - 1 + ahead :],
        f"{case} target i should be series[i + steps - 1 + ahead].",
    )  # fmt: skip


@exercise("42.2")
def seasonal_forecast(answer):
    expect(callable(answer), "Hand in the function itself, without brackets.")
    past = np.array([2.0, 1.0, 5.0, 6.0, 7.0])
    for horizon, period in ((5, 3), (2, 3), (4, 1), (9, 4)):
        case = f"past 2, 1, 5, 6, 7, horizon {horizon}, period {period}:"
        result = expect_array(
            answer(past.copy(), horizon, period), (None,), "The forecast"
        )
        expect(
            len(result) == horizon, f"{case} {len(result)} values; expected {horizon}."
        )
        right = np.resize(past[-period:], horizon)
        expect(
            not np.allclose(result, np.resize(past[:period], horizon)),
            f"{case} that repeats the first period of the past; take the newest one.",
        )
        expect(
            not np.allclose(result, np.resize(past, horizon)),
            f"{case} that repeats the whole past; repeat its last {period} only.",
        )
        expect(
            not np.allclose(result, np.resize(past[-period - 1 : -1], horizon)),
            f"{case} that is one step too early: the period ends with the last value.",
        )
        expect(
            period == 1 or not np.allclose(result, past[-1]),
            f"{case} that repeats the last value only.",
        )
        expect(
            period == 1
            or not np.allclose(result, np.resize(past[-period:][::-1], horizon)),
            f"{case} the period runs backwards: the next value is like past[-period].",
        )
        expect(
            not np.allclose(result, right[::-1]) or np.allclose(right, right[::-1]),
            f"{case} the forecast runs backwards: its first value is the next one.",
        )
        expect_close(
            result, right, f"{case} expected {', '.join(f'{v:g}' for v in right)}."
        )
    return "and it never looks past the present"


@exercise("42.3")
def recursive_forecast(answer):
    expect(callable(answer), "Hand in the function itself, without brackets.")
    window = np.array([1.0, 2.0, 4.0])
    given = window.copy()
    seen = []

    def one_step(values):
        values = expect_array(values, (None,), "What one_step gets")
        expect(
            len(values) == 3,
            f"one_step got {len(values)} values; it needs as many as the first window: when"
            " the newest comes in, the oldest goes."
            + " (Between arrays + adds numbers; np.append joins.)"
            * (len(values) < 3),
        )
        seen.append(values.copy())
        return values[-1] + values[0]

    result = expect_array(answer(one_step, given, 4), (None,), "The forecast")
    expect(len(result) == 4, f"{len(result)} values; expected horizon=4.")
    expect(
        not np.allclose(result, 5),
        "All values are equal: put each forecast into the window before the next.",
    )
    expect(
        not np.allclose(result, [5, 6, 7, 8]),
        "The oldest value never leaves: drop the first when you append the newest.",
    )
    expect(
        not np.allclose(result[:1], [4]),
        "The first value is the window's last: that is the past, not a forecast.",
    )
    expect(
        not np.allclose(result, [5, 7, 8, 13]),
        "The newest value goes to the end of the window, and the oldest, the first, goes.",
    )
    expect_close(
        result, [5, 7, 11, 16],
        "With one_step = first + last and window 1, 2, 4 the forecast is 5, 7, 11, 16: the"
        " windows are (1, 2, 4), (2, 4, 5), (4, 5, 7), (5, 7, 11).",
    )  # fmt: skip
    expect(
        np.array_equal(given, window),
        "Right, but you changed the caller's window: work on a copy.",
    )
    return "each forecast becomes the next window's newest value"


@exercise("42.4")
def split_by_time(gap, answer):
    _expect_gap(expect_number(gap, "gap should be one whole number."))
    expect(callable(answer), "The second answer is the function, without brackets.")
    for n, n_test, dropped in ((20, 5, 3), (12, 4, 0)):
        result = answer(n, n_test, dropped)
        expect(
            isinstance(result, (tuple, list)) and len(result) == 2,
            "Return two arrays of positions: train, test.",
        )
        case = f"n={n}, n_test={n_test}, gap={dropped}:"
        early = expect_array(result[0], (None,), "The training positions")
        late = expect_array(result[1], (None,), "The test positions")
        _expect_split(early, late, n, n_test, dropped, case)
    return "no hour stands on both sides"


def _expect_gap(gap):
    expect(
        gap != 0,
        "With no gap the last training target and the first test target share 23 hours.",
    )
    expect(
        gap not in (168, 167, 191, 192),
        "The inputs may overlap: at forecast time the past is known. Which hours must not"
        " be on both sides?",
    )
    expect(
        gap != 24,
        "Safe, but one more than needed: target i covers hours i to i + 23. Which is the"
        " first window that shares none of them?",
    )
    expect(
        gap == 23,
        "Target i covers the hours i to i + 23. How many windows after i share an hour"
        " with it?",
    )


def _expect_split(early, late, n, n_test, dropped, case):
    expect(
        len(set(early) & set(late)) == 0, f"{case} some positions are on both sides."
    )
    expect(
        len(late) == n_test, f"{case} {len(late)} test positions; expected {n_test}."
    )
    expect(
        np.array_equal(np.sort(late), np.arange(n - n_test, n)),
        f"{case} the test positions should be the last {n_test}, from {n - n_test} on.",
    )
    expect(
        len(early) and early.max() < late.min(),
        f"{case} some training positions come after the first test position.",
    )
    between = late.min() - early.max() - 1
    expect(
        between == dropped,
        f"{case} {between:g} positions lie between the two parts; expected {dropped}.",
    )
    expect(
        np.array_equal(np.sort(early), np.arange(n - n_test - dropped)),
        f"{case} training should hold all positions from 0 to {n - n_test - dropped - 1}.",
    )


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
                "One hour ahead it is already close to the floor.",
            ),
            (
                "A weather forecast as an input that is known in advance.",
                "It will not be perfect, but the experiment shows how much there is to gain: at"
                " most the distance to the true weather's line.",
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
