"""Checkers and quiz of lesson 44, text generation."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    expect,
    expect_array,
    expect_function,
    expect_result,
    expect_tuple,
    expect_value,
    hinting,
)
from ..quizzes import Question


@exercise("44.1")
def perplexity(perplexity):
    for p in ([0.8, 0.05, 0.3], [0.9, 0.02, 0.6, 0.3, 0.75], [0.2, 0.2]):
        p = np.array(p)
        nats = -np.log(p).mean()
        mistakes = [
            (nats, "Those are the nats per character: the perplexity is e to the power of"
             " them."),
            (-nats, "Those are the nats, with the wrong sign, and still without e to the"
             " power."),
            (np.exp(-nats), "The sign: -ln p is positive, so the perplexity is at least 1."),
            (-np.log2(p).mean(), "Those are bits: take np.log, and then e to the power."),
            (2**nats, "Nats belong to e, not to 2: np.exp."),
            (np.exp(-np.log2(p).mean()), "Bits belong to 2, nats to e: np.log with np.exp."),
            (np.exp(-np.log10(p).mean()), "np.log10 belongs to 10: take np.log with np.exp."),
            (np.exp(-np.log(p).sum()), "That is e to the sum of the prices: take their mean."),
            ((1 / p).mean(), "That is the mean of 1 / p: take the logarithms first, then the"
             " mean, then e to the power."),
            (1 / p.mean(), "That is 1 over the mean probability: take the logarithms first,"
             " then the mean."),
        ] if p[0] == 0.8 else []  # fmt: skip
        expect_result(
            perplexity, (p,), np.exp(nats),
            "e to the power of the mean of -ln p.", mistakes=mistakes,
        )  # fmt: skip
    return "sure and right every time would be 1; choosing blindly among 30 would be 30"


@exercise("44.2")
def nucleus(nucleus):
    expect_function(nucleus, "nucleus")
    cases = [
        ([0.16, 0.36, 0.14, 0.08, 0.26], 0.55),
        ([0.07, 0.08, 0.3, 0.02, 0.18, 0.13, 0.22], 0.85),
        ([0.7, 0.2, 0.1], 0.5),
        ([0.25, 0.45, 0.3], 0.99),
    ]
    for p, share in cases:
        p = np.array(p)
        order = np.argsort(-p)
        sums = np.cumsum(p[order])
        size = int(np.sum(sums < share)) + 1  # as many as it takes to reach the share

        def keep(rows, p=p):
            kept = np.zeros_like(p)
            kept[rows] = p[rows]
            return kept

        def scaled(kept):
            return kept / kept.sum() if kept.sum() else kept

        right = scaled(keep(order[:size]))
        several = "It keeps too few: the symbol with which the sum reaches the share belongs in."
        mistakes = [
            (keep(order[:size]), "The right symbols, but they no longer add up to 1: divide by"
             " their sum."),
            (right[order], "The right numbers, but sorted: each symbol must stay in its own"
             " place."),
            (keep(order[:size])[order], "Sorted, and not divided by their sum: each symbol"
             " must stay in its own place."),
            (scaled(keep(order[: size - 1])), several),
            (keep(order[: size - 1]), several + " And divide by the sum."),
            (scaled(keep(order[: size + 1])), "It keeps one symbol too many: stop as soon as"
             " the sum reaches the share."),
            (scaled(keep(order[::-1][: int(np.sum(np.cumsum(p[order[::-1]]) < share)) + 1])),
             "It begins with the least probable: sort from large to small."),
            (scaled(np.where(np.cumsum(p) <= share, p, 0)), "It adds up in the order of the"
             " alphabet: begin with the most probable."),
            (p, "Nothing was cut off."),
        ] if len(p) == 5 else []  # fmt: skip
        expect_result(
            nucleus, (p, share), right,
            "Sort from large to small, keep as many as it takes to reach the share, set the"
            " others to 0, divide by the sum.",
            mistakes=mistakes,
        )  # fmt: skip
    return "few symbols where the network is sure, many where it hesitates"


@exercise("44.3")
def longest_shared(longest_shared):
    expect_function(longest_shared, "longest_shared")
    cases = [
        ("GABcdfez", "eeBcdGAg\nfeAAcd"),
        ("dBGBdg", "GBdBG\ndgBdB\ngBGBdd"),
        ("FAd", "FAd|FAd"),
        ("zzz", "ABc"),
        ("A2F2", "|A2F"),
    ]
    for tune, text in cases:
        found = longest_shared(tune, _Watched(text))
        expect(
            not isinstance(found, (str, bytes)),
            "That is the piece itself: return its length, a number.",
        )
        right = _longest(tune, text)
        mistakes = [
            (len(set(tune) & set(text)), "That counts the symbols that both have: the piece"
             " must stand in both as it is, without a gap."),
            (_prefix(tune, text), "That tries only pieces that begin where the tune begins: try"
             " every start."),
            (right + 1, "One too long: the piece of that length does not occur in the text."),
            (right / len(tune), "That is the share of the tune: return the length."),
            (_subsequence(tune, text), "That allows gaps: the piece must stand in the text as"
             " it is."),
            (len(tune), "That is the length of the whole tune."),
            (0, "It finds nothing, although pieces of the tune do stand in the text. Keep"
             " the longest piece of all starts, not that of the last one."),
            (1, "It finds single symbols only: let the piece grow as long as it occurs in the"
             " text."),
        ] if tune == cases[0][0] else []  # fmt: skip
        expect_result(
            longest_shared, (tune, _Watched(text)), right,
            "From every start, let the piece grow as long as it occurs in the text, and keep"
            " the greatest length.",
            mistakes=mistakes,
        )  # fmt: skip
    return "one number that says how much of a tune was copied"


class _Watched(str):
    """A text that notices a search without end, instead of letting it hang."""

    asked = 0

    def __contains__(self, piece):
        self.asked += 1
        if self.asked > 1000:
            raise Hint(
                "It never ends: at the end of the tune the slice no longer grows. Stop there,"
                " with `start + best < len(tune)`."
            )
        return super().__contains__(piece)


def _longest(tune, text):
    """Return the length of the longest substring of the tune that stands in the text."""
    best = 0
    for start in range(len(tune)):
        while start + best < len(tune) and tune[start : start + best + 1] in text:
            best += 1
    return best


def _prefix(tune, text):
    return max(n for n in range(len(tune) + 1) if tune[:n] in text)


def _subsequence(tune, text):
    """Return the length of the longest common subsequence: gaps allowed."""
    row = [0] * (len(text) + 1)
    for symbol in tune:
        previous, row = row, [0]
        for j, other in enumerate(text):
            row.append(
                previous[j] + 1 if symbol == other else max(previous[j + 1], row[j])
            )
    return row[-1]


@exercise("44.4")
def mended_windows(mended_windows):
    expect_function(mended_windows, "mended_windows")
    rng = np.random.default_rng(4)
    last = "20 numbers have only 19 next ones: the last window of y cannot be filled, drop it."
    for size, length in ((23, 5), (31, 7), (14, 4), (20, 5)):
        stream = rng.permutation(size) + 1  # no number twice: every mistake shows
        n = (size - 1) // length
        cut = hinting(
            mended_windows,
            last if size == 20 else "The stream does not fill the last window: keep"
            " n * length numbers, then reshape.",
            text="reshape",
        )  # fmt: skip
        x, y = stream[: n * length], stream[1 : n * length + 1]
        given = cut(stream.copy(), length)
        expect(
            given is not None,
            "mended_windows gives nothing back: end it with `return x, y`.",
        )
        parts = expect_tuple(given, 2, "Return two arrays: return x, y.")
        first = size == 23
        shifted = np.roll(stream, 1)[: n * length]
        rows = x.reshape(n, length)
        for name, part, target, mistakes in (
            ("x", parts[0], x, [
                (y.reshape(n, length), "x holds the targets: return x first, then y."),
                (x.reshape(length, n).T, "x runs down the columns: each row should be a"
                 " piece of the stream, reshape(n, length)."),
                (shifted.reshape(n, length), "x itself has moved: only the targets move."),
            ]),
            ("y", parts[1], y, [
                (shifted.reshape(n, length), "y is still the symbol before, your colleague's"
                 " mistake: the network should guess the next one."),
                (rows, "y equals x: the network would only have to repeat what it is shown."),
                (np.roll(rows, -1, axis=1), "The last target of each window is the window's"
                 " own first symbol: move the stream first, then cut."),
                (np.roll(x, -1).reshape(n, length), "The very last target is the first symbol"
                 " of the stream: cut after moving, or take stream[1:]."),
                (np.roll(stream, -2)[: n * length].reshape(n, length), "y is two places ahead:"
                 " the very next symbol is the target."),
                (y.reshape(length, n).T, "y runs down the columns: each row should be a piece"
                 " of the stream, reshape(n, length)."),
            ]),
        ):  # fmt: skip
            array = expect_array(part, (None, None), name)
            expect(size != 20 or array.shape != (4, 5), last)
            expect(
                array.shape == (n, length),
                f"{name} has shape {array.shape}; for {size} numbers and windows of {length}"
                f" expected {(n, length)}: whole windows, side by side, the rest dropped.",
            )
            expect_value(
                array, target.reshape(n, length),
                f"For stream[t] in {name} …: x takes the stream from its start, y from its"
                " second number.",
                what=name, mistakes=mistakes if first else [],
            )  # fmt: skip
    return "every target is the next symbol, also at the edge of a window"


QUIZ = [
    Question(
        "A model has 1.39 nats per character on new tunes. About how unsure is it?",
        [
            (
                "As if it had to choose among 4 equally likely symbols",
                "The perplexity is e to the power of 1.39, which is about 4.",
            ),
            (
                "It gives the right symbol a probability of 1.39 on average",
                "Nats are prices, -ln p, and no probabilities.",
            ),
            (
                "It is wrong on 39 % of the characters",
                "Nats count how probable the right symbol was, not how often it came first.",
            ),
        ],
        0,
    ),
    Question(
        "You set the temperature to 0.01. What will the network write?",
        [
            (
                "Every symbol equally often",
                "That is a very high temperature: all differences melt away.",
            ),
            (
                "Nearly always the most probable symbol, so it soon goes round in circles",
                "p to the power of 100 leaves only the largest: greedy writing.",
            ),
            (
                "The same as at 1, only slower",
                "The temperature changes the probabilities, not the speed.",
            ),
        ],
        1,
    ),
    Question(
        "A colleague's new character model reports a loss of 0.02 nats. What do you do first?",
        [
            (
                "Celebrate, and write with it",
                "No model knows the next note that well: even people surprise each other.",
            ),
            (
                "Train longer, for 0.02 is not 0",
                "It would only get better at the wrong task.",
            ),
            (
                "Ask whether the answer stands in the input, and let it write",
                "Far below every model you know points to a leak: look at one window, x beside y.",
            ),
        ],
        2,
    ),
    Question(
        "Why does exact agreement with training tunes need a control?",
        [
            (
                "Because real new tunes share long pieces with the old ones, too",
                "Only what goes beyond the real tunes' own share speaks for copying.",
            ),
            (
                "Because a network cannot copy",
                "It can, if it is large and trained long enough: section 5 looks for it.",
            ),
            (
                "Because the test tunes were also used for training",
                "They were not: they were set aside by their number in the book.",
            ),
        ],
        0,
    ),
]
