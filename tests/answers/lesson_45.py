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


# ── 45.3 ────────────────────────────────────────────────────────────────────────


def causal(scores):
    seen = np.tri(len(scores), dtype=bool)
    return softmax(np.where(seen, scores, -np.inf))


def causal_by_powers(scores):
    powers = np.tril(np.exp(scores))
    return powers / powers.sum(axis=1, keepdims=True)


def causal_in_a_loop(scores):
    weights = np.zeros(scores.shape)
    for row in range(len(scores)):
        weights[row, : row + 1] = softmax(scores[row, : row + 1])
    return weights.tolist()


def causal_in_keras(scores):
    rows, columns = np.arange(len(scores))[:, None], np.arange(len(scores))
    return ops.softmax(ops.where(columns <= rows, scores, -1e9))


def causal_by_adding(scores):
    return softmax(scores + np.triu(np.full(scores.shape, -1e30), k=1))


def masked(scores, seen, fill=-1e9):
    return softmax(np.where(seen, scores, fill))


def nan_in_row_0(scores):
    weights = masked(scores, np.tri(len(scores), k=-1, dtype=bool))
    weights[0] = np.nan
    return weights


def nan_by_division(scores):
    powers = np.tril(np.exp(scores), k=-1)
    with np.errstate(all="ignore"):
        return powers / powers.sum(axis=1, keepdims=True)


def empty_row_0(scores):
    return np.nan_to_num(nan_by_division(scores))


def empty_row_0_too(scores):
    powers = np.tril(np.exp(scores), k=-1)
    return powers / np.maximum(powers.sum(axis=1, keepdims=True), 1e-9)


# ── 45.4 ────────────────────────────────────────────────────────────────────────


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
    "45.3": [
        (causal,),
        (causal_by_powers,),
        (causal_in_a_loop,),
        (causal_in_keras,),
        (causal_by_adding,),
    ],
    "45.4": [
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
    "45.3": [
        ((softmax,), "Nothing is masked"),
        ((lambda scores: ops.softmax(scores),), "Nothing is masked"),
        ((lambda scores: softmax(np.tril(scores)),), "not \"never\""),
        ((lambda scores: masked(scores, np.tri(len(scores), dtype=bool), 0),), "not \"never\""),
        ((lambda scores: np.tril(softmax(scores)),), "no longer add up"),
        ((lambda scores: softmax(scores) * np.tri(len(scores)),), "no longer add up"),
        ((lambda scores: masked(scores, np.tri(len(scores), dtype=bool).T),), "*ahead*"),
        ((lambda scores: masked(scores, ~np.tri(len(scores), k=-1, dtype=bool)),), "*ahead*"),
        ((lambda scores: masked(scores, np.tri(len(scores), k=-1, dtype=bool)),), "and at those"),
        ((lambda scores: masked(scores, ~np.triu(np.ones(scores.shape, bool))),), "and at those"),
        ((nan_in_row_0,), "Row 0 holds nan"),
        ((nan_by_division,), "Row 0 holds nan"),
        ((empty_row_0,), "Row 0 is empty"),
        ((empty_row_0_too,), "Row 0 is empty"),
        ((lambda scores: masked(scores, np.tri(len(scores), k=1, dtype=bool)),), "one place of"),
        ((lambda scores: masked(scores, ~np.triu(np.ones(scores.shape, bool), 2)),),
         "one place of"),
        ((lambda scores: softmax(np.where(np.tri(len(scores)) > 0, scores, -1e9), axis=0),),
         "runs down"),
        ((lambda scores: ops.softmax(np.where(np.tri(len(scores)) > 0, scores, -1e9), axis=0),),
         "runs down"),
        ((lambda scores: np.tril(np.exp(scores)),), "Those are powers"),
        ((lambda scores: np.exp(np.where(np.tri(len(scores)) > 0, scores, -1e9)),),
         "Those are powers"),
        ((lambda scores: np.tril(np.exp(scores)) / np.tril(np.exp(scores)).sum(),),
         "whole table"),
        ((lambda scores: softmax(np.where(np.tri(len(scores)) > 0, scores, -1e9), None),),
         "whole table"),
        ((lambda scores: np.tri(len(scores)) / np.arange(1, len(scores) + 1)[:, None],),
         "scores are not used"),
        ((lambda scores: masked(0 * scores, np.tri(len(scores), dtype=bool)),),
         "scores are not used"),
        ((lambda scores: np.tri(len(scores)),), "That is the mask"),
        ((lambda scores: np.tril(np.ones(scores.shape)),), "That is the mask"),
        ((lambda scores: np.where(np.tri(len(scores)) > 0, scores, -1e9),), "Put -inf"),
        ((lambda scores: np.tril(scores),), "Put -inf"),
    ],
    "45.4": [
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
