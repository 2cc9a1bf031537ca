"""Right and wrong answers of lesson 44, with a piece of the hint that must come."""

import math
from difflib import SequenceMatcher

import numpy as np


def forgets_return(*arguments):
    list(arguments)


def prints(*arguments):
    print(len(arguments))


# ── 44.1 ────────────────────────────────────────────────────────────────────────


def perplexity(p):
    return np.exp(-np.mean(np.log(p)))


def in_a_loop(p):
    price = 0.0
    for one in p:
        price -= math.log(one)
    return math.exp(price / len(p))


def as_a_root(p):
    return float(np.prod(1 / p) ** (1 / len(p)))


def with_bits(p):
    return 2 ** np.log2(1 / p).mean()


def stops_early(p):
    for one in p:
        return math.exp(-math.log(one))


# ── 44.2 ────────────────────────────────────────────────────────────────────────


def nucleus(p, share):
    order = np.argsort(p)[::-1]
    before = np.cumsum(p[order]) - p[order]  # of those that come first
    kept = np.zeros_like(p)
    kept[order[before < share]] = p[order[before < share]]
    return kept / kept.sum()


def nucleus_in_a_loop(p, share):
    kept, total = [0.0] * len(p), 0.0
    for i in sorted(range(len(p)), key=lambda i: -p[i]):
        if total >= share:
            break
        kept[i] = p[i]
        total += p[i]
    return [one / total for one in kept]


def nucleus_by_threshold(p, share):
    falling = np.sort(p)[::-1]
    least = falling[np.searchsorted(np.cumsum(falling), share)]
    return np.where(p >= least, p, 0) / p[p >= least].sum()


def nucleus_from_below(p, share):
    order = np.argsort(p)
    out = order[np.cumsum(p[order]) <= 1 - share]
    kept = p.copy()
    kept[out] = 0
    return kept / kept.sum()


def chosen(p, share, extra=0, scale=True, rising=False):
    order = np.argsort(p) if rising else np.argsort(-p)
    size = int(np.sum(np.cumsum(p[order]) < share)) + 1 + extra
    kept = np.zeros(len(p))
    kept[order[:size]] = p[order[:size]]
    return kept / kept.sum() if scale and kept.sum() else kept


def sorted_kept(p, share):
    kept = nucleus(p, share)
    return np.sort(kept)[::-1]


def sorted_from_the_start(p, share):
    p = np.sort(p)[::-1]
    return np.array(nucleus(p, share))


def sorted_unscaled(p, share):
    return np.sort(chosen(p, share, scale=False))[::-1]


def sorted_unscaled_too(p, share):
    p = np.sort(p)[::-1]
    return np.where(np.cumsum(p) - p < share, p, 0)


def too_few(p, share):
    order = np.argsort(-p)
    inside = order[np.cumsum(p[order]) <= share]
    kept = np.zeros(len(p))
    kept[inside] = p[inside]
    return kept / kept.sum() if len(inside) else kept


def too_few_unscaled(p, share):
    order = np.argsort(-p)
    return np.where(np.isin(range(len(p)), order[np.cumsum(p[order]) < share]), p, 0)


def while_below(p, share):
    kept, total = np.zeros(len(p)), 0
    for i in np.argsort(-p):
        kept[i] = p[i]
        if total >= share:  # asked before the new one is added
            break
        total += p[i]
    return kept / kept.sum()


def forgets_the_minus(p, share):
    order = np.argsort(p)
    kept = np.zeros(len(p))
    stay = order[np.cumsum(p[order]) - p[order] < share]
    kept[stay] = p[stay]
    return kept / kept.sum()


def in_order_of_the_alphabet(p, share):
    kept = np.where(np.cumsum(p) <= share, p, 0)
    return kept / max(kept.sum(), 1e-9)


def in_order_of_the_alphabet_too(p, share):
    kept, total = np.zeros(len(p)), 0
    for i, one in enumerate(p):
        total += one
        if total > share:
            break
        kept[i] = one
    return kept / max(kept.sum(), 1e-9)


# ── 44.3 ────────────────────────────────────────────────────────────────────────


def longest_shared(tune, text):
    best = 0
    for start in range(len(tune)):
        while start + best < len(tune) and tune[start : start + best + 1] in text:
            best += 1
    return best


def try_every_piece(tune, text):
    pieces = [tune[i:j] for i in range(len(tune)) for j in range(i, len(tune) + 1)]
    return max(len(piece) for piece in pieces if piece in text)


def with_difflib(tune, text):
    matcher = SequenceMatcher(None, tune, text, autojunk=False)
    return matcher.find_longest_match().size


def by_table(tune, text):
    row, best = [0] * (len(text) + 1), 0
    for symbol in tune:
        row = [0] + [
            row[j] + 1 if symbol == other else 0 for j, other in enumerate(text)
        ]
        best = max(best, *row)
    return best


def the_piece(tune, text):
    n = longest_shared(tune, text)
    return next(tune[i : i + n] for i in range(len(tune)) if tune[i : i + n] in text)


def the_piece_too(tune, text):
    match = SequenceMatcher(None, tune, text, autojunk=False).find_longest_match()
    return tune[match.a : match.a + match.size]


def common_symbols(tune, text):
    return len([symbol for symbol in set(tune) if symbol in text])


def from_the_start_only(tune, text):
    n = 0
    while n < len(tune) and tune[: n + 1] in text:
        n += 1
    return n


def from_the_start_only_too(tune, text):
    return max(n for n in range(len(tune) + 1) if text.find(tune[:n]) >= 0)


def gaps_allowed(tune, text):
    best = [[0] * (len(text) + 1) for _ in range(len(tune) + 1)]
    for i, one in enumerate(tune):
        for j, other in enumerate(text):
            skip = max(best[i][j + 1], best[i + 1][j])
            best[i + 1][j + 1] = best[i][j] + 1 if one == other else skip
    return best[-1][-1]


def gaps_allowed_too(tune, text):
    row = np.zeros(len(text) + 1, int)
    for symbol in tune:
        old = row.copy()
        for j, other in enumerate(text):
            row[j + 1] = old[j] + 1 if symbol == other else max(old[j + 1], row[j])
    return row[-1]


def never_stops(tune, text):
    best = 0
    for start in range(len(tune)):
        while tune[start : start + best + 1] in text:
            best += 1
    return best


def never_stops_too(tune, text):
    best = 0
    for start in range(len(tune)):
        n = 1
        while tune[start : start + n] in text:
            n += 1
        best = max(best, n - 1)
    return best


def of_the_last_start(tune, text):
    for start in range(len(tune)):
        n = 0
        while start + n < len(tune) and tune[start : start + n + 1] in text:
            n += 1
    return n


def of_the_last_start_too(tune, text):
    for start in range(len(tune)):
        best = max(
            n for n in range(len(tune) - start + 1) if tune[start : start + n] in text
        )
    return best


def from_long_to_short(tune, text):
    for n in range(len(tune), 0, -1):
        for start in range(len(tune) - n + 1):
            if text.find(tune[start : start + n]) != -1:
                return n
    return 0


# ── 44.4 ────────────────────────────────────────────────────────────────────────


def mended_windows(stream, length):
    n = (len(stream) - 1) // length
    x, y = stream[:-1], stream[1:]
    return x[: n * length].reshape(n, length), y[: n * length].reshape(n, length)


def rolled_back(stream, length):
    n = len(stream) // length
    x, y = stream, np.roll(stream, -1)
    return x[: n * length].reshape(n, length), y[: n * length].reshape(n, length)


def one_window_too_many(stream, length):
    n = len(stream) // length
    x, y = stream[: n * length], stream[1 : n * length + 1]
    return x.reshape(n, length), y.reshape(n, length)


def window_by_window(stream, length):
    starts = range(0, len(stream) - length, length)
    x = [stream[s : s + length] for s in starts]
    y = [stream[s + 1 : s + length + 1] for s in starts]
    return np.array(x), np.array(y)


def with_indices(stream, length):
    places = np.arange((len(stream) - 1) // length * length).reshape(-1, length)
    return stream[places], stream[places + 1]


def two(x_of, y_of):
    """Return windows made from a stream by two functions, for x and for y."""

    def windows(stream, length):
        n = len(stream) // length
        return tuple(f(stream)[: n * length].reshape(n, length) for f in (x_of, y_of))

    return windows


def same(stream):
    return stream


def back(stream):
    return np.roll(stream, 1)


def ahead(stream):
    return np.roll(stream, -1)


def before_by_hand(stream):
    return np.concatenate([stream[-1:], stream[:-1]])


def swapped(stream, length):
    return mended_windows(stream, length)[::-1]


def within_windows(stream, length):
    x, _ = mended_windows(stream, length)
    return x, np.roll(x, -1, axis=1)


def within_windows_too(stream, length):
    x, _ = mended_windows(stream, length)
    return x, np.concatenate([x[:, 1:], x[:, :1]], axis=1)


def cut_then_moved(stream, length):
    x, _ = mended_windows(stream, length)
    return x, np.roll(x, -1)


def cut_then_moved_too(stream, length):
    x = stream[: len(stream) // length * length]
    y = np.append(x[1:], x[0])
    return x.reshape(-1, length), y.reshape(-1, length)


def last_only(stream, length):
    x, y = mended_windows(stream, length)
    return x, y[:, -1]


def last_only_too(stream, length):
    n = (len(stream) - 1) // length
    return stream[: n * length].reshape(n, length), stream[length::length][:n]


def overlapping(stream, length):
    starts = range(len(stream) - length)
    return (np.array([stream[s : s + length] for s in starts]),
            np.array([stream[s + 1 : s + length + 1] for s in starts]))  # fmt: skip


def overlapping_too(stream, length):
    windows = np.lib.stride_tricks.sliding_window_view(stream, length)
    return windows[:-1], windows[1:]


def down_the_columns(stream, length):
    x, y = mended_windows(stream, length)
    return tuple(a.reshape(length, len(x)).T for a in (x.ravel(), y.ravel()))


def down_the_columns_too(stream, length):
    n = (len(stream) - 1) // length
    x, y = stream[: n * length], stream[1 : n * length + 1]
    return x.reshape((n, length), order="F"), y.reshape((n, length), order="F")


def y_down_the_columns(stream, length):
    x, y = mended_windows(stream, length)
    return x, y.ravel().reshape(y.shape, order="F")


def y_down_the_columns_too(stream, length):
    x, y = mended_windows(stream, length)
    return x, y.ravel().reshape(y.shape[::-1]).T


def does_not_fit(stream, length):
    return stream[:-1].reshape(-1, length), stream[1:].reshape(-1, length)


def does_not_fit_too(stream, length):
    n = len(stream) // length
    return stream.reshape(n, length), np.roll(stream, -1).reshape(n, length)


def only_x(stream, length):
    return mended_windows(stream, length)[0]


def only_y(stream, length):
    return mended_windows(stream, length)[1]


RIGHT = {
    "44.1": [
        (perplexity,),
        (in_a_loop,),
        (as_a_root,),
        (with_bits,),
        (lambda p: np.float32(np.exp(np.log(1 / p).sum() / len(p))),),
    ],
    "44.2": [(nucleus,), (nucleus_in_a_loop,), (nucleus_by_threshold,), (nucleus_from_below,)],
    "44.3": [
        (longest_shared,),
        (try_every_piece,),
        (with_difflib,),
        (by_table,),
        (from_long_to_short,),
    ],
    "44.4": [(mended_windows,), (window_by_window,), (with_indices,)],
}  # fmt: skip

WRONG = {
    "44.1": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((lambda p: -np.mean(np.log(p)),), "Those are the nats per character:"),
        ((lambda p: np.log(1 / p).sum() / len(p),), "Those are the nats per character:"),
        ((lambda p: np.mean(np.log(p)),), "with the wrong sign"),
        ((lambda p: np.log(p).sum() / len(p),), "with the wrong sign"),
        ((lambda p: np.exp(np.mean(np.log(p))),), "The sign: -ln p is positive"),
        ((lambda p: np.prod(p) ** (1 / len(p)),), "The sign: -ln p is positive"),
        ((lambda p: -np.mean(np.log2(p)),), "Those are bits"),
        ((lambda p: np.log2(1 / p).mean(),), "Those are bits"),
        ((lambda p: 2 ** -np.mean(np.log(p)),), "not to 2"),
        ((lambda p: np.exp2(np.log(1 / p).mean()),), "not to 2"),
        ((lambda p: np.exp(-np.mean(np.log2(p))),), "Bits belong to 2"),
        ((lambda p: math.e ** np.log2(1 / p).mean(),), "Bits belong to 2"),
        ((lambda p: np.exp(-np.mean(np.log10(p))),), "belongs to 10"),
        ((lambda p: np.exp(np.log10(1 / p).mean()),), "belongs to 10"),
        ((lambda p: np.exp(-np.sum(np.log(p))),), "sum of the prices"),
        ((lambda p: 1 / np.prod(p),), "sum of the prices"),
        ((lambda p: np.mean(1 / p),), "mean of 1 / p"),
        ((lambda p: sum(1 / one for one in p) / len(p),), "mean of 1 / p"),
        ((lambda p: 1 / np.mean(p),), "1 over the mean"),
        ((lambda p: np.exp(-np.log(np.mean(p))),), "1 over the mean"),
        ((stops_early,), "e to the power of the mean"),
        ((lambda p: np.exp(np.std(np.log(p))),), "e to the power of the mean"),
        ((4.0,), "function itself"),
        ((np.float64(4),), "function itself"),
    ],
    "44.2": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((lambda p, share: chosen(p, share, scale=False),), "no longer add up to 1"),
        ((lambda p, share: np.where(nucleus(p, share) > 0, p, 0),), "no longer add up to 1"),
        ((sorted_kept,), "The right numbers, but sorted"),
        ((sorted_from_the_start,), "The right numbers, but sorted"),
        ((sorted_unscaled,), "Sorted, and not divided"),
        ((sorted_unscaled_too,), "Sorted, and not divided"),
        ((too_few,), "It keeps too few"),
        ((lambda p, share: chosen(p, share, extra=-1),), "It keeps too few"),
        ((too_few_unscaled,), "And divide by the sum"),
        ((lambda p, share: chosen(p, share, extra=-1, scale=False),), "And divide by the sum"),
        ((lambda p, share: chosen(p, share, extra=1),), "one symbol too many"),
        ((while_below,), "one symbol too many"),
        ((lambda p, share: chosen(p, share, rising=True),), "begins with the least"),
        ((forgets_the_minus,), "begins with the least"),
        ((in_order_of_the_alphabet,), "order of the alphabet"),
        ((in_order_of_the_alphabet_too,), "order of the alphabet"),
        ((lambda p, share: p,), "Nothing was cut off"),
        ((lambda p, share: p / p.sum(),), "Nothing was cut off"),
        ((lambda p, share: p**2 / np.sum(p**2),), "Sort from large"),
        ((lambda p, share: np.eye(len(p))[p.argmax()] * share,), "Sort from large"),
        ((0.6,), "function itself"),
        (([0.7, 0.3],), "function itself"),
    ],
    "44.3": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((the_piece,), "return its length"),
        ((the_piece_too,), "return its length"),
        ((common_symbols,), "counts the symbols"),
        ((lambda tune, text: len(set(tune).intersection(text)),), "counts the symbols"),
        ((from_the_start_only,), "try every start"),
        ((from_the_start_only_too,), "try every start"),
        ((lambda tune, text: longest_shared(tune, text) + 1,), "One too long"),
        ((lambda tune, text: try_every_piece(tune, text) + 1,), "One too long"),
        ((lambda tune, text: longest_shared(tune, text) / len(tune),), "share of the tune"),
        ((lambda tune, text: with_difflib(tune, text) / len(tune),), "share of the tune"),
        ((gaps_allowed,), "That allows gaps"),
        ((gaps_allowed_too,), "That allows gaps"),
        ((lambda tune, text: len(tune),), "whole tune"),
        ((lambda tune, text: sum(1 for _ in tune),), "whole tune"),
        ((lambda tune, text: len(tune) if tune in text else 0,), "It finds nothing"),
        ((lambda tune, text: len(tune) * (text == tune),), "It finds nothing"),
        ((of_the_last_start,), "not that of the last one"),
        ((of_the_last_start_too,), "not that of the last one"),
        ((never_stops,), "It never ends"),
        ((never_stops_too,), "It never ends"),
        ((lambda tune, text: max(symbol in text for symbol in tune) * 1,), "single symbols"),
        ((lambda tune, text: int(any(symbol in text for symbol in tune)),), "single symbols"),
        ((lambda tune, text: longest_shared(tune, text.split("\n")[0]),), "From every start"),
        ((lambda tune, text: len(text),), "From every start"),
        ((3,), "function itself"),
        (("Bcd",), "function itself"),
    ],
    "44.4": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((only_x,), "Return two arrays"),
        ((only_y,), "Return two arrays"),
        ((two(same, back),), "still the symbol before"),
        ((two(same, before_by_hand),), "still the symbol before"),
        ((two(same, same),), "y equals x"),
        ((lambda s, n: (mended_windows(s, n)[0], mended_windows(s, n)[0].copy()),),
         "y equals x"),
        ((two(ahead, same),), "x holds the targets"),
        ((swapped,), "x holds the targets"),
        ((two(back, same),), "only the targets move"),
        ((two(before_by_hand, same),), "only the targets move"),
        ((within_windows,), "own first symbol"),
        ((within_windows_too,), "own first symbol"),
        ((cut_then_moved,), "The very last target"),
        ((cut_then_moved_too,), "The very last target"),
        ((rolled_back,), "only 19 next ones"),
        ((one_window_too_many,), "only 19 next ones"),
        ((two(same, lambda s: np.roll(s, -2)),), "two places ahead"),
        ((two(same, lambda s: np.append(s[2:], s[:2])),), "two places ahead"),
        ((last_only,), "y has shape"),
        ((last_only_too,), "y has shape"),
        ((overlapping,), "whole windows, side by side"),
        ((overlapping_too,), "whole windows, side by side"),
        ((down_the_columns,), "x runs down the columns"),
        ((down_the_columns_too,), "x runs down the columns"),
        ((y_down_the_columns,), "y runs down the columns"),
        ((y_down_the_columns_too,), "y runs down the columns"),
        ((does_not_fit,), "does not fill the last window"),
        ((does_not_fit_too,), "does not fill the last window"),
        ((two(same, lambda s: s[::-1].copy()),), "x takes the stream"),
        ((two(same, lambda s: s * 0),), "x takes the stream"),
        ((64,), "function itself"),
        ((np.arange(10),), "function itself"),
    ],
}  # fmt: skip
