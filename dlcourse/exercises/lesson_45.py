"""Checkers and quiz of lesson 45, attention and Transformers."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    as_array,
    expect,
    expect_array,
    expect_function,
    expect_result,
    name_of,
)
from ..quizzes import Question


def _softmax(scores, axis=-1):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@exercise("45.1")
def attention(attention):
    rng = np.random.default_rng(3)
    for asking, asked, d, told in [(4, 4, 3, 3), (2, 5, 6, 2)]:
        q, k = rng.normal(0, 1.5, (asking, d)), rng.normal(0, 1.5, (asked, d))
        v = rng.normal(0, 2, (asked, told))
        scores = q @ k.T / d**0.5
        weights = _softmax(scores)
        mistakes = [
            (_softmax(q @ k.T) @ v, "Divide the scores by the square root of d, how many"
             " numbers a query has, before the softmax."),
            (_softmax(q @ k.T / d) @ v, "Divide by the square root of d, not by d."),
            (_softmax(q @ k.T / asked**0.5) @ v, "The root is of d, the numbers in one query:"
             " q.shape[-1], not of the number of words."),
            (_softmax(scores, axis=0) @ v, "The softmax runs down the columns: each row, the"
             " weights of one query, must add up to 1."),
            (np.exp(scores) / np.exp(scores).sum() @ v, "The softmax divides by the sum of all"
             " scores: each row must add up to 1 by itself."),
            (weights, "Those are the weights: multiply them by the values, weights @ v."),
            (scores @ v, "The softmax is missing: scores are no weights yet."),
            (np.exp(scores) @ v, "Divide the powers by their sum along the row: that makes"
             " weights of them."),
            (np.broadcast_to(v.mean(axis=0), (asking, told)), "Every word gets the plain mean of"
             " the values: weigh them with the softmax of q @ k.T."),
        ]  # fmt: skip
        if d != told:
            mistakes += [
                (_softmax(q @ k.T / told**0.5) @ v, "The root is of d, the numbers in one query,"
                 " not of those in a value."),
            ]  # fmt: skip
        if asking == asked:
            mistakes += [
                (_softmax(scores.T) @ v, "Queries and keys have changed places: row i holds the"
                 " scores of query i, q @ k.T."),
                (weights.T @ v, "The weights are turned over: row i of weights @ v mixes the"
                 " values for query i."),
                (_softmax(scores) @ k, "You mix the keys: mix the values, v."),
                (np.exp(scores) / np.exp(scores).sum(axis=1) @ v, "Each row must be divided by its"
                 " own sum: keep the sums as a column, with keepdims=True."),
            ]  # fmt: skip
        expect_result(
            attention, (q, k, v), weights @ v,
            "Three steps: scores = q @ k.T / sqrt(d), a softmax along each row, and then"
            " weights @ v.",
            mistakes=mistakes,
        )  # fmt: skip
    return "this one line of mathematics is the heart of every Transformer"


PLACES = np.array([[1.0, 0], [0, 1], [-1, 0], [0, -1]])
LOOKS = {
    -1: "every word still looks at the one before it, as with `back`: turn the other way.",
    0: "every word looks at itself: turn the place by 90°.",
    2: "every word looks two places on: turn by 90°, not by 180°.",
}


@exercise("45.2")
def ahead(ahead):
    turn = expect_array(ahead, (2, 2), "ahead")
    expect(np.isfinite(turn).all(), "ahead should hold four finite numbers.")
    scores = PLACES @ turn @ PLACES.T  # row: who asks, column: who is asked
    ordered = np.sort(scores, axis=1)
    expect(
        (ordered[:, 3] - ordered[:, 2] > 1e-6).all(),
        "With these numbers some word scores two places equally high: each query should"
        " point straight at one place.",
    )
    looks_at = scores.argmax(axis=1)
    for step, why in LOOKS.items():
        expect(not np.array_equal(looks_at, (np.arange(4) + step) % 4), f"Now {why}")
    for place in range(4):
        expect(
            looks_at[place] == (place + 1) % 4,
            f"The word at place {place} (counted from 0) looks at place {looks_at[place]}."
            " Take the place as a row, times your matrix: (1, 0) must point to (0, 1), and"
            " (0, 1) to (-1, 0).",
        )
    return "the same words, and each now asks its neighbor on the right"


@exercise("45.4")
def forbid(forbid):
    cases = [  # words of each sentence, who looks, at whom, words with padding
        ((6, 4, 5), (2, 1, 4), (1, 3, 0), 7),
        ((5, 6, 4, 6), (0, 3, 2, 5), (4, 2, 1, 3), 6),
    ]
    for lengths, who, whom, n_words in cases:
        n = len(lengths)
        who, whom = np.array(who), np.array(whom)
        seen = np.arange(n_words) < np.array(lengths)[:, None]
        allowed = np.repeat(seen[:, None], n_words, axis=1)  # (sentences, words, words)

        def without(*places, allowed=allowed):
            cut = allowed.copy()
            cut[places] = False
            return cut

        each = np.arange(n)
        right = without(each, who, whom)
        first, last = without(0, who[0], whom[0]), without(-1, who[-1], whom[-1])
        only = np.zeros_like(allowed)
        only[each, who, whom] = True
        expect_result(
            forbid, (allowed, who, whom), right,
            "In sentence i, only allowed[i, who[i], whom[i]] becomes False; all else stays.",
            mistakes=[
                (allowed, "Nothing is forbidden: in sentence i, set the number in row who[i],"
                 " column whom[i] to False."),
                (without(each, whom, who), "Rows and columns have changed places: the row is who"
                 " looks, the column whom it looks at."),
                (without(slice(None), who, whom), "Every sentence lost the looks of all the"
                 " others, too: pair who and whom with np.arange(len(who)), not with `:`."),
                (without(each, who), "The whole row is False, so this word looks at nobody:"
                 " forbid one column of it."),
                (without(each, slice(None), whom), "The whole column is False, so nobody may"
                 " look at that word: forbid it to one row."),
                (first, "Only the first sentence lost a look: do it in every sentence."),
                (last, "Only the last sentence lost a look: does the loop start each time from"
                 " a new copy?"),
                (without(each, who, whom) & without(each, whom, who), "Now the two cannot see"
                 " each other at all: only one of the two looks is to go."),
                (only, "That is True only where the look is to be forbidden: start from a copy"
                 " of allowed, and set this one to False."),
                (without(each, who, who), "The word cannot see itself now: the column is"
                 " whom[i]."),
            ],
        )  # fmt: skip
    return "one look less, and the weights of that row share out among the others"


class _Writer:
    """A made-up decoder: logits of each place from the places that it can see."""

    def __init__(self, sees, width=7):
        self.sees, self.width, self.asked = sees, width, []

    def __call__(self, x, **_):
        x = as_array(x, "What you hand to the model")
        expect(
            x.ndim == 2 and len(x) == 1,
            "The model takes an array of shape (1, places), like x: keep the first axis.",
        )
        self.asked.append(x)
        mixed = self.sees(x.shape[1]) @ np.cos(1 + x[0])  # (places,)
        return np.sin(mixed[None, :, None] * np.arange(1, self.width + 1))


CASES = [  # what each place sees of the others, whether that leaks, how to say it
    (lambda n: np.tri(n), False, "is causal, but your test says that it leaks"),
    (lambda n: np.tri(n, k=1), True, "sees one place ahead, but your test does not notice"),
    (lambda n: np.eye(n), False, "sees only the place itself, and that is no leak"),
    (lambda n: np.ones((n, n)), True, "sees everything, but your test does not notice"),
    (lambda n: np.eye(n) + 0.02 * np.eye(n, k=1), True,
     "leaks a little, but your test does not notice: look at each number, not at the"
     " likeliest character"),
]  # fmt: skip
CAUSES = ("mask", "targets", "places")


@exercise("45.3")
def leak_test(leaks, causes):
    expect_function(leaks, "leaks")
    for number, (sees, right, trouble) in enumerate(CASES):
        x = np.random.default_rng(number).integers(0, 9, (1, 6 + number))
        model = _Writer(sees)
        verdict = leaks(model, x)
        expect(
            verdict is not None, "leaks gives nothing back: end your function with `return`."
        )  # fmt: skip
        verdict = as_array(verdict, "What leaks returns")
        expect(
            verdict.size == 1 and verdict.reshape(()) in (0, 1),
            "leaks should return True or False.",
        )
        expect(
            len(model.asked) >= 2,
            f"{name_of(leaks)} asked the model {len(model.asked)} times: ask it twice, once"
            " with x and once with a changed copy.",
        )
        first, *others = model.asked
        expect(
            all(other.shape == first.shape for other in others),
            "Ask both times with an array of the same length: only characters change.",
        )
        expect(
            any((other != first).any() for other in others),
            "Both times the model got the same characters: change the last one in a copy.",
        )
        expect(
            any(np.array_equal(asked, x) for asked in model.asked),
            "Ask the model about x itself, too, and compare with the changed copy.",
        )
        expect(
            all(asked[0, 0] == x[0, 0] for asked in model.asked),
            "You change the first character, which every later place may see. Change the"
            " last one, and look at the places before it.",
        )
        expect(
            bool(verdict.reshape(())) == right,
            f"A decoder {trouble}. Do the logits of the places *before* the changed"
            " character stay the same (np.allclose)?",
        )
    told = f"causes: give each colleague one of {', '.join(CAUSES)}, in quotes."
    expect(isinstance(causes, dict) and set(causes) == {"A", "B"}, told)
    given = {name: str(causes[name]).strip().lower() for name in "AB"}
    expect(set(given.values()) <= set(CAUSES), told)
    expect(
        given["A"] == "mask",
        "A: does the leak test find something? Then a place sees what it should not: what"
        " decides who sees whom?",
    )
    expect(
        given["B"] != "mask",
        "B: the leak test finds nothing, so the mask is right. Print a few of B's inputs and"
        " targets, one below the other.",
    )
    if given["B"] != "targets":
        raise Hint(
            "B: both use the same places, and the same network as ours. Print a few of B's"
            " inputs and targets, one below the other."
        )
    return "one sees the future, the other is asked for the present"


QUIZ = [
    Question(
        "A Transformer without positions, in which every word may look at every word, reads"
        " *the dog bit the man* and *the man bit the dog*. What differs in the two means over"
        " all words?",
        [
            (
                "The weights: *bit* looks at its neighbor.",
                "Without positions there are no neighbors: a score depends on the two words"
                " alone, wherever they stand.",
            ),
            (
                "The values, because the words come in another order.",
                "Each word has the same value in both sentences, and a sum does not mind the"
                " order.",
            ),
            (
                "Nothing: they are equal, whatever the weights are.",
                "The same words give the same scores, the same weights and the same sums. More"
                " heads and more blocks do not change that. (A causal mask would.)",
            ),
        ],
        answer=2,
    ),
    Question(
        "A block has d = 64 and four heads. You take eight heads instead, and keep d. How many"
        " trained weights has it now?",
        [
            (
                "As many as before.",
                "The heads share the 64 numbers out among them: 8 times 8 instead of 4 times 16."
                " The matrices stay 64 by 64.",
            ),
            (
                "Twice as many in the attention.",
                "That would be so if every head got 16 numbers of its own; with d fixed, each"
                " gets 8.",
            ),
            (
                "Half as many.",
                "Each head becomes smaller, but there are twice as many of them.",
            ),
        ],
        answer=0,
    ),
    Question(
        "You put 0 in place of the future's *scores*, then take the softmax. What happens?",
        [
            (
                "The future gets the weight 0.",
                "Softmax takes powers first, and the power of 0 is 1. Only -inf becomes 0.",
            ),
            (
                "The future still gets weight, as any score of 0 would.",
                "A score of 0 competes with the others: it can even win where those are"
                " negative.",
            ),
            (
                "Each row becomes nan.",
                "That happens where every score of a row is -inf: then 0 is divided by 0.",
            ),
        ],
        answer=1,
    ),
    Question(
        "In one head of a trained network, *bad* gives *not* a weight of 0.9. What do you know?",
        [
            (
                "The network answers as it does because of *not*.",
                "Perhaps. In most of our sentences the answer stayed when that one look was cut:"
                " take it away, and see whether the answer changes.",
            ),
            (
                "Nine tenths of the network's output come from *not*.",
                "The weight multiplies a value, which may be small, and the word itself goes on"
                " past the attention: the block adds it.",
            ),
            (
                "This head's value of *not* enters its mix for *bad* with the factor 0.9.",
                "That is what a weight is, and no more. What becomes of the mix, later layers"
                " decide.",
            ),
        ],
        answer=2,
    ),
]  # fmt: skip
