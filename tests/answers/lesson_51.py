"""Right and wrong answers for lesson 51."""

from collections import defaultdict

import numpy as np


def _average(divisor=lambda t, beta: 1 - beta**t, first=1, keep=False, plain=False):
    def corrected_average(gradients, beta):
        m, out, total = 0.0, [], 0.0
        for t, g in enumerate(gradients, start=first):
            m = beta * m + (1 - beta) * g
            total += g
            corrected = total / t if plain else m / divisor(t, beta)
            out.append(corrected)
            if keep:
                m = corrected
        return out

    return corrected_average


def last_only(gradients, beta):
    return _average()(gradients, beta)[-1]


def fixed_beta(gradients, beta):
    return _average()(gradients, 0.9)


def _mixed(old, new, divide=True, start=0.0, divisor=None):
    """A list of averages with other shares for the old value and the new gradient."""

    def corrected_average(gradients, beta):
        shares, out = {"beta": beta, "rest": 1 - beta, "one": 1.0}, []
        m = gradients[0] if start is None else start
        for t, g in enumerate(gradients, start=1):
            m = shares[old] * m + shares[new] * g
            out.append(m / (1 - shares[divisor or old] ** t) if divide else m)
        return out

    return corrected_average


def last_divisor(gradients, beta):
    averages = _average(lambda t, beta: 1)(gradients, beta)
    return np.array(averages) / (1 - beta ** len(gradients))


def printed(gradients, beta):
    _average()(gradients, beta)


def _lion(sign=1, sign_of=np.sign, late=False, average=None, remember=True, rate=True):
    def lion(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
        share = beta_2 if average is None else average
        new = share * state["m"] + (1 - share) * g
        blend = beta * (new if late else state["m"]) + (1 - beta) * g
        if remember:
            state["m"] = new
        else:
            state.clear()
        return w - sign * (learning_rate if rate else 1) * sign_of(blend)

    return lion


def no_memory_in_blend(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    state["m"] = beta_2 * state["m"] + (1 - beta_2) * g
    return w - learning_rate * np.sign(g)


def sign_of_average(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    state["m"] = beta_2 * state["m"] + (1 - beta_2) * g
    return w - learning_rate * np.sign(state["m"])


def swapped_blend(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    blend = (1 - beta) * state["m"] + beta * g
    state["m"] = beta_2 * state["m"] + (1 - beta_2) * g
    return w - learning_rate * np.sign(blend)


def returns_nothing(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    w = _lion()(w, g, state, learning_rate)


def returns_both(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    return _lion()(w, g, state, learning_rate), state


def unmoved(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    _lion()(w, g, state, learning_rate)
    return w


def _adam(w, g, state, learning_rate, correct=True):
    t = state["t"] = state["t"] + 1
    m = state["m"] = 0.9 * state["m"] + 0.1 * g
    v = state["v"] = 0.999 * state["v"] + 0.001 * g**2
    if correct:
        m, v = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return w - learning_rate * m / (np.sqrt(v) + 1e-7)


def _loop(fresh=False, correct=True, extra=0, path=False, shared=None, keep=True):
    def mended_loop(gradient, w, steps, learning_rate):
        state = defaultdict(float) if shared is None else shared
        visited = [w]
        for _ in range(steps + extra):
            if fresh:
                state = defaultdict(float)
            new = _adam(w, gradient(w), state, learning_rate, correct)
            w = new if keep else w
            visited.append(w)
        return np.array(visited) if path else w

    return mended_loop


def plain_dictionary(gradient, w, steps, learning_rate):
    state = {}
    for _ in range(steps):
        w = _adam(w, gradient(w), state, learning_rate)
    return w


def return_in_loop(gradient, w, steps, learning_rate):
    state = defaultdict(float)
    for _ in range(steps):
        w = _adam(w, gradient(w), state, learning_rate)
        return w


def no_return(gradient, w, steps, learning_rate):
    _loop()(gradient, w, steps, learning_rate)


def plain_descent(gradient, w, steps, learning_rate):
    for _ in range(steps):
        w = w - learning_rate * gradient(w)
    return w


def half_rate(gradient, w, steps, learning_rate):
    return _loop()(gradient, w, steps, learning_rate / 2)


RIGHT = {
    "51.1": ({"limit": 0.04, "factor": 0.96, "steps": 113},),
    "51.2": (_average(),),
    "51.3": (_lion(),),
    "51.4": ("memory", _loop()),
}

_RATES = RIGHT["51.1"][0]

WRONG = {
    "51.1": [
        ((0.04,), "dictionary"),
        (({**_RATES, "limit": 0.02},), "2/100"),
        (({**_RATES, "limit": 1},), "smallest curvature"),
        (({**_RATES, "limit": 0.08},), "do not halve"),
        (({**_RATES, "limit": 2 / 52},), "best compromise"),
        (({**_RATES, "limit": 50},), "2 divided by"),
        (({**_RATES, "limit": "2/50"},), "single number"),
        (({**_RATES, "factor": 0.92},), "half of it"),
        (({**_RATES, "factor": 0},), "w₂'s"),
        (({**_RATES, "factor": 0.98},), "curvature 1"),
        (({**_RATES, "factor": 0.04},), "what stays"),
        (({**_RATES, "factor": 1.04},), "1 − rate"),
        (({**_RATES, "steps": 112},), "round up"),
        (({**_RATES, "steps": 112.8},), "round up"),
        (({**_RATES, "steps": 100},), "smallest whole n"),
    ],
    "51.2": [
        ((_average(lambda t, beta: 1),), "uncorrected"),
        ((_average(lambda t, beta: 1 - beta),), "t grows"),
        ((_average(keep=True),), "keep m itself"),
        ((_average(first=0),), "Division by zero"),
        ((_average(first=2),), "one too large"),
        ((_average(plain=True),), "plain mean"),
        ((last_only,), "list of all"),
        ((fixed_beta,), "beta that is given"),
        ((_mixed("rest", "beta"),), "shares are swapped"),
        ((_mixed("rest", "beta", divisor="beta"),), "shares are swapped"),
        ((_mixed("beta", "one"),), "needs its share"),
        ((_mixed("beta", "rest", divide=False, start=None),), "start m at the first"),
        ((last_divisor,), "own t"),
        ((printed,), "Nothing came back"),
        ((_average(lambda t, beta: 1 + beta**t),), "should be 5"),
    ],
    "51.3": [
        ((_lion(sign=-1),), "uphill"),
        ((_lion(sign_of=lambda z: z),), "sign of the blend"),
        ((_lion(average=0.9),), "two different constants"),
        ((_lion(average=0.5),), "(1 − beta_2)"),
        ((_lion(late=True),), "blend first"),
        ((_lion(remember=False),), "Keep the average"),
        ((_lion(rate=False),), "rate is missing"),
        ((no_memory_in_blend,), "later ones are not"),
        ((unmoved,), "did not move"),
        ((sign_of_average,), "sign of the new average"),
        ((swapped_blend,), "blend are swapped"),
        ((returns_nothing,), "Nothing came back"),
        ((returns_both,), "only the new w"),
    ],
    "51.4": [
        (("rate", _loop()), "many sizes"),
        (("bias", _loop()), "3.2 rates"),
        (("the state", _loop()), "one of"),
        (("memory", _loop(fresh=True)), "empty memory"),
        (("memory", _loop(correct=False)), "never the trouble"),
        (("memory", _loop(extra=1)), "12 times"),
        (("memory", _loop(path=True)), "only the last w"),
        (("memory", _loop(keep=False)), "did not change"),
        (("memory", _loop(shared=defaultdict(float))), "second run"),
        (("memory", plain_dictionary), "defaultdict(float)"),
        (("memory", return_in_loop), "not in it"),
        (("memory", no_return), "Nothing came back"),
        (("memory", plain_descent), "Use adam"),
        (("memory", half_rate), "not Adam's updates"),
    ],
}
