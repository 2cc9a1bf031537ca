"""Right and wrong answers of lesson 45, with a piece of the hint that must come."""

import math

import numpy as np
from keras import ops

# ── 45.1 ────────────────────────────────────────────────────────────────────────


def softmax(scores, axis=-1):
    powers = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def attention(q, k, v):
    return softmax(q @ k.T / np.sqrt(q.shape[-1])) @ v


def attention_in_loops(q, k, v):
    rows = []
    for query in q:
        scores = [float(np.dot(query, key)) / math.sqrt(len(query)) for key in k]
        powers = [math.exp(score - max(scores)) for score in scores]
        mix = np.zeros(v.shape[1])
        for power, value in zip(powers, v, strict=True):
            mix += power / sum(powers) * value
        rows.append(mix)
    return rows


def attention_in_keras(q, k, v):
    weights = ops.softmax(ops.matmul(q, ops.transpose(k)) * k.shape[1] ** -0.5)
    return ops.matmul(weights, v)


def attention_by_einsum(q, k, v):
    scores = np.einsum("id,jd->ij", q, k) / len(q[0]) ** 0.5
    return np.einsum("ij,jd->id", softmax(scores - scores.max(1, keepdims=True)), v)


def unscaled(q, k, v):
    return softmax(q @ k.T) @ v


def unscaled_in_keras(q, k, v):
    return ops.matmul(ops.softmax(q @ k.T), v)


def by_d(q, k, v):
    return softmax(q @ k.T / q.shape[1]) @ v


def by_d_too(q, k, v):
    return softmax((q / len(q[0])) @ k.T) @ v


def by_words(q, k, v):
    return softmax(q @ k.T / np.sqrt(len(k))) @ v


def by_words_too(q, k, v):
    return softmax(q @ k.T / v.shape[0] ** 0.5) @ v


def by_values(q, k, v):
    return softmax(q @ k.T / np.sqrt(v.shape[-1])) @ v


def by_values_too(q, k, v):
    return softmax(q @ k.T / len(v[0]) ** 0.5) @ v


def down_the_columns(q, k, v):
    return softmax(q @ k.T / np.sqrt(q.shape[-1]), axis=0) @ v


def down_the_columns_too(q, k, v):
    return np.array(ops.softmax(q @ k.T / np.sqrt(k.shape[-1]), axis=0)) @ v


def over_all(q, k, v):
    return softmax(q @ k.T / np.sqrt(q.shape[-1]), axis=None) @ v


def over_all_too(q, k, v):
    powers = np.exp(q @ k.T / np.sqrt(q.shape[-1]))
    return (powers / np.sum(powers)) @ v


def weights_only(q, k, v):
    return softmax(q @ k.T / np.sqrt(q.shape[-1]))


def weights_only_too(q, k, v):
    return ops.softmax(q @ k.T / k.shape[-1] ** 0.5)


def no_softmax(q, k, v):
    return q @ k.T / np.sqrt(q.shape[-1]) @ v


def no_softmax_too(q, k, v):
    return np.matmul(q, k.T @ v) / math.sqrt(q.shape[1])


def powers_only(q, k, v):
    return np.exp(q @ k.T / np.sqrt(q.shape[-1])) @ v


def powers_only_too(q, k, v):
    return np.einsum("ij,jd->id", np.exp(q @ k.T / q.shape[1] ** 0.5), v)


def plain_mean(q, k, v):
    return np.tile(v.mean(axis=0), (len(q), 1))


def plain_mean_too(q, k, v):
    return np.ones((len(q), len(v))) / len(v) @ v


def exchanged(q, k, v):
    return softmax(k @ q.T / np.sqrt(q.shape[-1])) @ v


def exchanged_too(q, k, v):
    return attention(k, q, v) if len(q) == len(k) else attention(q, k, v)


def turned_over(q, k, v):
    return softmax(q @ k.T / np.sqrt(q.shape[-1])).T @ v


def turned_over_too(q, k, v):
    return (v.T @ softmax(q @ k.T / np.sqrt(q.shape[-1]))).T


def mixes_keys(q, k, v):
    return softmax(q @ k.T / np.sqrt(q.shape[-1])) @ k


def mixes_keys_too(q, k, v):
    return attention(q, k, k)


def sums_as_a_row(q, k, v):
    powers = np.exp(q @ k.T / np.sqrt(q.shape[-1]))
    return (powers / powers.sum(axis=1) if len(q) == len(k) else powers) @ v


def sums_as_a_row_too(q, k, v):
    powers = ops.exp(q @ k.T / q.shape[-1] ** 0.5)
    sums = ops.sum(powers, axis=-1)
    return ops.matmul(powers / sums if len(q) == len(k) else powers, v)


def forgets_return(*arguments):
    _ = np.sum(arguments[0])


def prints(*arguments):
    print(arguments[0])


# ── 45.4 ────────────────────────────────────────────────────────────────────────


def forbid(allowed, who, whom):
    cut = allowed.copy()
    cut[np.arange(len(who)), who, whom] = False
    return cut


def forbid_in_a_loop(allowed, who, whom):
    cut = np.array(allowed)
    for sentence, row, column in zip(cut, who, whom, strict=True):
        sentence[row, column] = False
    return cut


def forbid_by_comparing(allowed, who, whom):
    words = np.arange(allowed.shape[-1])
    looks = (words == who[:, None])[:, :, None] & (words == whom[:, None])[:, None]
    return allowed & ~looks


def forbid_in_keras(allowed, who, whom):
    n_words = allowed.shape[-1]
    rows, columns = ops.one_hot(who, n_words), ops.one_hot(whom, n_words)
    return ops.logical_and(allowed, rows[:, :, None] * columns[:, None] < 0.5)


def forbid_as_lists(allowed, who, whom):
    cut = allowed.tolist()
    for i in range(len(cut)):
        cut[i][who[i]][whom[i]] = False
    return cut


def nothing_kept(allowed, who, whom):
    for i in range(len(allowed)):
        allowed.copy()[i, who[i], whom[i]] = False
    return allowed


def exchanged_looks(allowed, who, whom):
    return forbid(allowed, whom, who)


def exchanged_looks_too(allowed, who, whom):
    cut = np.swapaxes(allowed, 1, 2).copy()
    for i in range(len(cut)):
        cut[i, who[i], whom[i]] = False
    cut = np.swapaxes(cut, 1, 2)
    return cut


def all_sentences(allowed, who, whom):
    cut = allowed.copy()
    cut[:, who, whom] = False
    return cut


def all_sentences_too(allowed, who, whom):
    cut = allowed.copy()
    for row, column in zip(who, whom, strict=True):
        cut[:, row, column] = False
    return cut


def whole_row(allowed, who, whom):
    cut = allowed.copy()
    cut[np.arange(len(who)), who] = False
    return cut


def whole_row_too(allowed, who, whom):
    cut = allowed.copy()
    for i, row in enumerate(who):
        cut[i, row, :] = False
    return cut


def whole_column(allowed, who, whom):
    cut = allowed.copy()
    cut[np.arange(len(whom)), :, whom] = False
    return cut


def whole_column_too(allowed, who, whom):
    return allowed & (np.arange(allowed.shape[2]) != whom[:, None])[:, None]


def first_only(allowed, who, whom):
    cut = allowed.copy()
    cut[0, who[0], whom[0]] = False
    return cut


def first_only_too(allowed, who, whom):
    cut = allowed.copy()
    for i in range(len(cut)):
        cut[i, who[i], whom[i]] = False
        return cut


def last_only(allowed, who, whom):
    for i in range(len(who)):
        cut = allowed.copy()
        cut[i, who[i], whom[i]] = False
    return cut


def last_only_too(allowed, who, whom):
    cut = allowed.copy()
    cut[-1, who[-1], whom[-1]] = False
    return cut


def both_ways(allowed, who, whom):
    return forbid(forbid(allowed, who, whom), whom, who)


def both_ways_too(allowed, who, whom):
    cut, i = allowed.copy(), np.arange(len(who))
    cut[i, who, whom] = cut[i, whom, who] = False
    return cut


def only_the_look(allowed, who, whom):
    cut = np.zeros_like(allowed)
    cut[np.arange(len(who)), who, whom] = True
    return cut


def only_the_look_too(allowed, who, whom):
    return ~forbid(np.ones_like(allowed), who, whom)


def itself(allowed, who, whom):
    return forbid(allowed, who, who)


def itself_too(allowed, who, whom):
    cut = allowed.copy()
    for i, row in enumerate(who):
        cut[i, row, row] = False
    return cut


def in_place(allowed, who, whom):
    allowed[np.arange(len(who)), who, whom] = False
    return allowed


def in_place_too(allowed, who, whom):
    for i in range(len(who)):
        allowed[i, who[i], whom[i]] = False
    return allowed.copy()


# ── 45.3 ────────────────────────────────────────────────────────────────────────


def leaks(model, x):
    changed = x.copy()
    changed[0, -1] = (changed[0, -1] + 1) % 9
    before, after = np.array(model(x)), np.array(model(changed))
    return not np.allclose(before[0, :-1], after[0, :-1], atol=1e-5)


def leaks_by_half(model, x):
    half = x.shape[1] // 2
    other = np.concatenate([x[:, :half], 8 - x[:, half:]], axis=1)
    gap = np.abs(np.asarray(model(x)) - np.asarray(model(other)))[0, :half]
    return gap.max() > 1e-4


def leaks_at_any_place(model, x):
    logits = np.array(model(x))
    for place in range(1, x.shape[1]):
        other = np.array(x)
        other[0, place:] = (other[0, place:] + 3) % 9
        if np.abs(np.array(model(other)) - logits)[0, :place].max() > 1e-5:
            return np.True_
    return np.False_


def any_number_differs(model, x):
    changed = x.copy()
    changed[0, -1] = (x[0, -1] + 1) % 9
    return (model(x)[0, :-1] != model(changed)[0, :-1]).any()


def largest_gap(model, x):
    changed = x.copy()
    changed[0, -1] = (x[0, -1] + 1) % 9
    return bool(np.max(abs(model(changed) - model(x))[:, :-1, :]) > 1e-4)


def says_one(model, x):
    other = np.hstack([x[:, :-1], 8 - x[:, -1:] + (x[:, -1:] == 4)])
    both = ops.convert_to_numpy(model(other)), ops.convert_to_numpy(model(x))
    return int(not np.allclose(both[0][:, :-1], both[1][:, :-1]))


def compares_all_places(model, x):
    other = x.copy()
    other[0, -1] = (other[0, -1] + 1) % 9
    return not np.allclose(model(x), model(other))


def compares_the_last_place(model, x):
    other = x.copy()
    other[0, -1] = (other[0, -1] + 1) % 9
    return bool(np.abs(model(x)[0, -1] - model(other)[0, -1]).max() > 1e-5)


def upside_down(model, x):
    return not leaks(model, x)


def says_same(model, x):
    other = x.copy()
    other[0, -1] = (other[0, -1] + 1) % 9
    return np.allclose(model(x)[0, :-1], model(other)[0, :-1])


def looks_far_back(model, x):
    other = x.copy()
    other[0, -1] = (other[0, -1] + 1) % 9
    return not np.allclose(model(x)[0, :-3], model(other)[0, :-3])


def looks_at_the_first(model, x):
    other = x.copy()
    other[0, -1] = (other[0, -1] + 1) % 9
    return not np.allclose(model(x)[0, 0], model(other)[0, 0])


def by_likeliest(model, x):
    other = x.copy()
    other[0, -1] = (other[0, -1] + 1) % 9
    best = [np.argmax(model(some), axis=-1)[0, :-1] for some in (x, other)]
    return bool((best[0] != best[1]).any())


def rounds(model, x):
    other = x.copy()
    other[0, -1] = (other[0, -1] + 1) % 9
    return not np.allclose(model(x)[0, :-1], model(other)[0, :-1], atol=0.5)


def ask_once(model, x):
    return bool(np.ptp(model(x)[0, :-1]) > 1)


def never_asks(model, x):
    return bool(len(x[0]) % 2)


def same_twice(model, x):
    return not np.allclose(model(x), model(x.copy()))


def same_twice_too(model, x):
    other = x
    return not np.allclose(model(x)[0, :-1], model(other)[0, :-1])


def first_changed(model, x):
    other = x.copy()
    other[0, 0] = (other[0, 0] + 1) % 9
    return not np.allclose(model(x)[0, 1:], model(other)[0, 1:])


def all_changed(model, x):
    other = (x + 1) % 9
    return not np.allclose(model(x)[0, :-1], model(other)[0, :-1])


def shorter(model, x):
    return not np.allclose(model(x)[0, :-1], model(x[:, :-1])[0])


def shorter_too(model, x):
    n = x.shape[1] // 2
    return not np.allclose(model(x)[0, :n], model(x[:, :n])[0])


def without_batch(model, x):
    return not np.allclose(model(x[0])[:-1], model(8 - x[0])[:-1])


def without_batch_too(model, x):
    first = model(x)
    return not np.allclose(first[0, :-1], model(x.ravel())[0, :-1])


def never_x(model, x):
    one, other = x.copy(), x.copy()
    one[0, -1], other[0, -1] = (x[0, -1] + 1) % 9, (x[0, -1] + 2) % 9
    return not np.allclose(model(one)[0, :-1], model(other)[0, :-1])


def never_x_too(model, x):
    one, other = x.copy(), x.copy()
    one[0, -1], other[0, -1] = 9, 10
    return not np.allclose(model(one)[0, :-1], model(other)[0, :-1])


def gives_the_gap(model, x):
    other = x.copy()
    other[0, -1] = (other[0, -1] + 1) % 9
    return np.abs(model(x) - model(other))[0, :-1].max() + 0.5


def compares_each_number(model, x):
    changed = x.copy()
    changed[0, -1] = (x[0, -1] + 1) % 9
    return model(x)[0, :-1] != model(changed)[0, :-1]


def gives_each_place(model, x):
    other = x.copy()
    other[0, -1] = (other[0, -1] + 1) % 9
    return np.abs(model(x) - model(other)).max(axis=-1)[0] > 1e-5


CAUSES = {"A": "mask", "B": "targets"}

RIGHT = {
    "45.1": [
        (attention,),
        (attention_in_loops,),
        (attention_in_keras,),
        (attention_by_einsum,),
    ],
    "45.2": [
        (np.array([[0, 4], [-4, 0]]),),
        ([[0, 0.5], [-0.5, 0]],),
        (-np.array([[0.0, -4], [4, 0]]),),
        (np.array([[0, -4], [4, 0]]).T,),
        (((0, 4), (-4, 0)),),
        ([[0, 4], np.array([-4, 0])],),
    ],
    "45.4": [
        (forbid,),
        (forbid_in_a_loop,),
        (forbid_by_comparing,),
        (forbid_in_keras,),
        (forbid_as_lists,),
    ],
    "45.3": [
        (leaks, CAUSES),
        (leaks_by_half, {"A": "Mask", "B": "targets "}),
        (leaks_at_any_place, dict(B="targets", A="mask")),
        (any_number_differs, CAUSES),
        (largest_gap, CAUSES),
        (says_one, CAUSES),
    ],
}

WRONG = {
    "45.1": [
        ((unscaled,), "square root of d, how many"),
        ((unscaled_in_keras,), "square root of d, how many"),
        ((by_d,), "not by d"),
        ((by_d_too,), "not by d"),
        ((by_words,), "not of the number of words"),
        ((by_words_too,), "not of the number of words"),
        ((by_values,), "not of those in a value"),
        ((by_values_too,), "not of those in a value"),
        ((down_the_columns,), "runs down the columns"),
        ((down_the_columns_too,), "runs down the columns"),
        ((over_all,), "add up to 1 by itself"),
        ((over_all_too,), "add up to 1 by itself"),
        ((weights_only,), "Those are the weights"),
        ((weights_only_too,), "Those are the weights"),
        ((no_softmax,), "softmax is missing"),
        ((no_softmax_too,), "softmax is missing"),
        ((powers_only,), "Divide the powers"),
        ((powers_only_too,), "Divide the powers"),
        ((plain_mean,), "plain mean"),
        ((plain_mean_too,), "plain mean"),
        ((exchanged,), "changed places"),
        ((exchanged_too,), "changed places"),
        ((turned_over,), "turned over"),
        ((turned_over_too,), "turned over"),
        ((mixes_keys,), "You mix the keys"),
        ((mixes_keys_too,), "You mix the keys"),
        ((sums_as_a_row,), "with keepdims=True"),
        ((sums_as_a_row_too,), "with keepdims=True"),
        ((lambda q, k, v: np.tanh(q @ k.T) @ v,), "Three steps"),
        ((lambda q, k, v: softmax(q @ k.T / np.sqrt(q.shape[-1])) @ v / 2,), "Three steps"),
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
    ],
    "45.2": [
        ((np.array([[0, -4], [4, 0]]),), "one before it"),
        (([[0, -1], [1, 0]],), "one before it"),
        ((4 * np.eye(2),), "looks at itself"),
        (([[1, 0], [0, 1]],), "looks at itself"),
        ((-4 * np.eye(2),), "two places on"),
        (([[-1, 0], [0, -1]],), "two places on"),
        ((np.zeros((2, 2)),), "equally high"),
        (([[4, 4], [-4, 4]],), "equally high"),
        (([[0, 4], [4, 0]],), "as a row"),
        (([[0, -2], [-2, 0]],), "as a row"),
        (([[0, 4], [0, -4]],), "as a row"),
        (([[0, 4], [0, 4]],), "as a row"),
        (([0, 4],), "expected (2, 2)"),
        ((np.ones((4, 4)),), "expected (2, 2)"),
        (([[0, np.inf], [-np.inf, 0]],), "four finite"),
        (([[0, np.nan], [-4, 0]],), "four finite"),
    ],
    "45.4": [
        ((lambda allowed, who, whom: allowed.copy(),), "Nothing is forbidden"),
        ((nothing_kept,), "Nothing is forbidden"),
        ((exchanged_looks,), "changed places"),
        ((exchanged_looks_too,), "changed places"),
        ((all_sentences,), "Every sentence lost"),
        ((all_sentences_too,), "Every sentence lost"),
        ((whole_row,), "whole row"),
        ((whole_row_too,), "whole row"),
        ((whole_column,), "whole column"),
        ((whole_column_too,), "whole column"),
        ((first_only,), "Only the first sentence"),
        ((first_only_too,), "Only the first sentence"),
        ((last_only,), "Only the last sentence"),
        ((last_only_too,), "Only the last sentence"),
        ((both_ways,), "cannot see each other"),
        ((both_ways_too,), "cannot see each other"),
        ((only_the_look,), "True only where"),
        ((only_the_look_too,), "True only where"),
        ((itself,), "cannot see itself"),
        ((itself_too,), "cannot see itself"),
        ((in_place,), "copy"),
        ((in_place_too,), "copy"),
        ((lambda allowed, who, whom: ~allowed,), "all else stays"),
        ((lambda allowed, who, whom: forbid(np.ones_like(allowed), who, whom),),
         "all else stays"),
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
    ],
    "45.3": [
        ((compares_all_places, CAUSES), "*before* the changed"),
        ((compares_the_last_place, CAUSES), "*before* the changed"),
        ((upside_down, CAUSES), "says that it leaks"),
        ((says_same, CAUSES), "says that it leaks"),
        ((looks_far_back, CAUSES), "does not notice"),
        ((looks_at_the_first, CAUSES), "does not notice"),
        ((by_likeliest, CAUSES), "likeliest character"),
        ((rounds, CAUSES), "likeliest character"),
        ((ask_once, CAUSES), "ask it twice"),
        ((never_asks, CAUSES), "ask it twice"),
        ((same_twice, CAUSES), "the same characters"),
        ((same_twice_too, CAUSES), "the same characters"),
        ((first_changed, CAUSES), "change the first character"),
        ((all_changed, CAUSES), "change the first character"),
        ((shorter, CAUSES), "of the same length"),
        ((shorter_too, CAUSES), "of the same length"),
        ((without_batch, CAUSES), "keep the first axis"),
        ((without_batch_too, CAUSES), "keep the first axis"),
        ((never_x, CAUSES), "about x itself"),
        ((never_x_too, CAUSES), "about x itself"),
        ((gives_the_gap, CAUSES), "True or False"),
        ((gives_each_place, CAUSES), "True or False"),
        ((compares_each_number, CAUSES), "True or False"),
        ((forgets_return, CAUSES), "gives nothing back"),
        ((prints, CAUSES), "gives nothing back"),
        ((leaks, ["mask", "targets"]), "give each colleague"),
        ((leaks, {"A": "mask", "B": "the data"}), "give each colleague"),
        ((leaks, {"A": "targets", "B": "mask"}), "what decides who sees whom"),
        ((leaks, {"A": "places", "B": "targets"}), "what decides who sees whom"),
        ((leaks, {"A": "mask", "B": "mask"}), "finds nothing"),
        ((says_one, {"A": "mask", "B": "MASK"}), "finds nothing"),
        ((leaks, {"A": "mask", "B": "places"}), "the same places"),
        ((leaks_by_half, {"A": "mask", "B": "Places"}), "the same places"),
    ],
}  # fmt: skip
