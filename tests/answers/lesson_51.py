"""Right and wrong answers for lesson 51."""

from collections import defaultdict

import numpy as np

# ── 51.2 ────────────────────────────────────────────────────────────────────────


def lion(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    blend = beta * state["m"] + (1 - beta) * g
    state["m"] = beta_2 * state["m"] + (1 - beta_2) * g
    return w - learning_rate * np.sign(blend)


def lion_in_steps(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    old = np.zeros_like(w) + state["m"]
    blend = old * beta + (1 - beta) * g
    state["m"] *= beta_2
    state["m"] += (1 - beta_2) * g
    new = w.copy()
    new -= learning_rate * ((blend > 0).astype(int) - (blend < 0))
    return new


def lion_of_arrays(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    m, g = np.asarray(state["m"]), np.asarray(g)
    state["m"] = np.add(beta_2 * m, (1 - beta_2) * g)
    return np.subtract(w, learning_rate * np.sign(beta * m + (1 - beta) * g))


def _lion(
    step=lambda w, rate, blend: w - rate * np.sign(blend), blend=None, store=None
):
    """Lion with another step, another blend or another memory."""

    def wrong(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
        m = state["m"]
        new = beta_2 * m + (1 - beta_2) * g
        mixed = beta * m + (1 - beta) * g
        state["m"] = store(m, g, beta, beta_2) if store else new
        return step(w, learning_rate, blend(m, g, new, beta) if blend else mixed)

    return wrong


def average_first(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    state["m"] = beta_2 * state["m"] + (1 - beta_2) * g
    blend = beta * state["m"] + (1 - beta) * g
    return w - learning_rate * np.sign(blend)


def sign_of_average(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    state["m"] = beta_2 * state["m"] + (1 - beta_2) * g
    return w - learning_rate * np.sign(state["m"])


def in_place(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    blend = beta * state["m"] + (1 - beta) * g
    state["m"] = beta_2 * state["m"] + (1 - beta_2) * g
    w -= learning_rate * np.sign(blend)
    return w


def in_place_gradient(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    new = lion(w, g, state, learning_rate, beta, beta_2)
    g *= 1 - beta_2
    return new


def memory_in_a_name(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    m = state["m"]
    blend = beta * m + (1 - beta) * g
    m = beta_2 * m + (1 - beta_2) * g
    return w - learning_rate * np.sign(blend)


def memory_elsewhere(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    state["average"] = beta_2 * state["average"] + (1 - beta_2) * g
    return w - learning_rate * np.sign(beta * state["m"] + (1 - beta) * g)


def memory_deleted(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    m = state.pop("m", 0)
    state["v"] = beta_2 * m + (1 - beta_2) * g
    return w - learning_rate * np.sign(beta * m + (1 - beta) * g)


def memory_cleared(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    new = lion(w, g, state, learning_rate, beta, beta_2)
    state.clear()
    return new


def beta_fixed(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    return lion(w, g, state, learning_rate, 0.9, beta_2)


def numbers_for_betas(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    blend = 0.9 * state["m"] + 0.1 * g
    state["m"] = 0.99 * state["m"] + 0.01 * g
    return w - learning_rate * np.sign(blend)


def beta_in_the_blend(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    blend = 0.9 * state["m"] + 0.1 * g
    state["m"] = beta_2 * state["m"] + (1 - beta_2) * g
    return w - learning_rate * np.sign(blend)


def beta_2_fixed(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    return lion(w, g, state, learning_rate, beta, 0.99)


def beta_2_in_numbers(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    blend = beta * state["m"] + (1 - beta) * g
    state["m"] = 0.99 * state["m"] + 0.01 * g
    return w - learning_rate * np.sign(blend)


def returns_nothing(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    w = lion(w, g, state, learning_rate, beta, beta_2)


def prints_w(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    print(lion(w, g, state, learning_rate, beta, beta_2))


def returns_both(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    return lion(w, g, state, learning_rate, beta, beta_2), state


def returns_m(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    w = lion(w, g, state, learning_rate, beta, beta_2)
    return w, state["m"]


def returns_old(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    new = lion(w, g, state, learning_rate, beta, beta_2)  # noqa: F841
    return w


def returns_step(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    return lion(w, g, state, learning_rate, beta, beta_2) - w


def lion_by_cases(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    m = state.get("m", 0.0)
    blend = g + beta * (m - g)
    state.update(m=beta_2 * m + (1 - beta_2) * g)
    move = np.where(blend > 0, learning_rate, -learning_rate)
    return w - np.where(blend == 0, 0, move)


def decays(w, g, state, learning_rate, beta=0.9, beta_2=0.99):
    return lion(w, g, state, learning_rate, beta, beta_2) - 0.01 * learning_rate * w


# ── 51.3 ────────────────────────────────────────────────────────────────────────


def tuned_rate(rates, accuracies):
    means = np.mean(accuracies, axis=1)
    good = means >= means.max() - 0.01
    return np.min(np.array(rates)[good])


def in_a_loop(rates, accuracies):
    means = [sum(row) / len(row) for row in accuracies]
    best = max(means)
    for rate, mean in zip(rates, means):  # noqa: B905
        if best - mean <= 0.01:
            return rate


def from_the_left(rates, accuracies):
    gap = accuracies.mean(1).max() - accuracies.mean(1)
    return float(rates[np.argmax(gap <= 0.01)])


def sorted_good(rates, accuracies):
    score = {rate: np.average(row) for rate, row in zip(rates, accuracies)}  # noqa: B905
    top = max(score.values())
    return sorted(rate for rate in score if score[rate] >= top - 0.01)[0]


def _good(accuracies, within=0.01):
    means = accuracies.mean(axis=1)
    return means >= means.max() - within


def best_mean(rates, accuracies):
    return rates[accuracies.mean(axis=1).argmax()]


def best_run(rates, accuracies):
    return rates[accuracies.max(axis=1).argmax()]


def last_good(rates, accuracies):
    return rates[_good(accuracies)][-1]


def all_good(rates, accuracies):
    means = accuracies.mean(axis=1)
    return [rate for rate, mean in zip(rates, means) if mean >= means.max() - 0.01]  # noqa: B905


def says_which(rates, accuracies):
    means = accuracies.mean(axis=1)
    return [mean >= means.max() - 0.01 for mean in means]


def accuracy_too_soon(rates, accuracies):
    means = accuracies.mean(axis=1)
    for mean in means:
        if mean >= means.max() - 0.01:
            return mean


def place_too_soon(rates, accuracies):
    return int(np.flatnonzero(_good(accuracies))[0])


def ten_points(rates, accuracies):
    means = accuracies.mean(axis=1)
    return next(r for r, m in zip(rates, means) if m > means.max() - 0.1)  # noqa: B905


def medians(rates, accuracies):
    middle = np.median(accuracies, axis=1)
    return rates[middle >= middle.max() - 0.01].min()


def percent_of_the_best(rates, accuracies):
    means = accuracies.mean(axis=1)
    return rates[means >= means.max() * 0.99].min()


def means_of_runs(rates, accuracies):
    means = np.mean(accuracies, axis=0)
    good = means >= means.max() - 0.01
    return np.min(rates[good])


def prints_rate(rates, accuracies):
    print(tuned_rate(rates, accuracies))


def forgets_rate(rates, accuracies):
    best = tuned_rate(rates, accuracies)  # noqa: F841


# ── 51.4 ────────────────────────────────────────────────────────────────────────


def adam(w, g, state, learning_rate, beta=0.9, beta_2=0.999, eps=1e-7, correct=True):
    t = state["t"] = state["t"] + 1
    m = state["m"] = beta * state["m"] + (1 - beta) * g
    v = state["v"] = beta_2 * state["v"] + (1 - beta_2) * g**2
    if correct:
        m, v = m / (1 - beta**t), v / (1 - beta_2**t)
    return w - learning_rate * m / (np.sqrt(v) + eps)


def momentum(w, g, state, learning_rate):
    state["m"] = 0.9 * state["m"] + 0.1 * g
    return w - learning_rate * state["m"]


def mended_loop(gradient, w, steps, learning_rate):
    state = defaultdict(float)
    for _ in range(steps):
        w = adam(w, gradient(w), state, learning_rate)
    return w


def counting_down(gradient, w, steps, learning_rate):
    memory = {"t": 0, "m": 0, "v": 0}
    while steps > 0:
        g = gradient(w)
        w, steps = adam(w, g, memory, learning_rate=learning_rate), steps - 1
    return w


def from_the_path(gradient, w, steps, learning_rate):
    path, state = [np.array(w, dtype=float)], defaultdict(float)
    for _ in range(steps):
        path.append(adam(path[-1], gradient(path[-1]), state, learning_rate))
    return path[-1].tolist()


def in_float32(gradient, w, steps, learning_rate):
    state = defaultdict(lambda: 0)
    for _ in range(steps):
        w = np.float32(adam(np.float32(w), gradient(w), state, learning_rate))
    return w


def _loop(step=adam, fresh=False, extra=0, **settings):
    def wrong(gradient, w, steps, learning_rate):
        state = defaultdict(float)
        for _ in range(steps + extra):
            if fresh:
                state.clear()
            w = step(w, gradient(w), state, learning_rate, **settings)
        return w

    return wrong


def as_the_colleague(gradient, w, steps, learning_rate):
    for _ in range(steps):
        memory = defaultdict(float)
        w = adam(w, gradient(w), memory, learning_rate)
    return w


SHARED = defaultdict(float)


def state_outside(gradient, w, steps, learning_rate):
    for _ in range(steps):
        w = adam(w, gradient(w), SHARED, learning_rate)
    return w


def default_state():
    def loop(gradient, w, steps, learning_rate, state=defaultdict(float)):  # noqa: B006
        for _ in range(steps):
            w = adam(w, gradient(w), state, learning_rate)
        return w

    return lambda gradient, w, steps, rate: loop(gradient, w, steps, rate)


def plain_dictionary(gradient, w, steps, learning_rate):
    state = {}
    for _ in range(steps):
        w = adam(w, gradient(w), state, learning_rate)
    return w


def only_t(gradient, w, steps, learning_rate):
    state = dict(t=0)
    for _ in range(steps):
        w = adam(w, gradient(w), state, learning_rate)
    return w


def return_in_loop(gradient, w, steps, learning_rate):
    state = defaultdict(float)
    for _ in range(steps):
        w = adam(w, gradient(w), state, learning_rate)
        return w


def gradient_once(gradient, w, steps, learning_rate):
    state, g = defaultdict(float), gradient(w)
    for _ in range(steps):
        w = adam(w, g, state, learning_rate)
    return w


def gradient_twice(gradient, w, steps, learning_rate):
    state = defaultdict(float)
    for _ in range(steps):
        print(np.abs(gradient(w)).max())
        w = adam(w, gradient(w), state, learning_rate)
    return w


def no_return(gradient, w, steps, learning_rate):
    state = defaultdict(float)
    for _ in range(steps):
        w = adam(w, gradient(w), state, learning_rate)


def prints_last(gradient, w, steps, learning_rate):
    print(mended_loop(gradient, w, steps, learning_rate))


def whole_path(gradient, w, steps, learning_rate):
    path, state = [w], defaultdict(float)
    for _ in range(steps):
        path.append(adam(path[-1], gradient(path[-1]), state, learning_rate))
    return np.array(path)


def all_but_the_start(gradient, w, steps, learning_rate):
    return whole_path(gradient, w, steps, learning_rate)[1:]


def not_assigned(gradient, w, steps, learning_rate):
    state = defaultdict(float)
    for _ in range(steps):
        adam(w, gradient(w), state, learning_rate)
    return w


def returns_start(gradient, w, steps, learning_rate):
    state, now = defaultdict(float), w
    for _ in range(steps):
        now = adam(now, gradient(now), state, learning_rate)
    return w


def always_from_start(gradient, w, steps, learning_rate):
    state = defaultdict(float)
    for _ in range(steps):
        new = adam(w, gradient(w), state, learning_rate)
    return new


def from_a_copy(gradient, w, steps, learning_rate):
    state, start = defaultdict(float), w.copy()
    for _ in range(steps):
        w = adam(start, gradient(start), state, learning_rate)
    return w


def plain_descent(gradient, w, steps, learning_rate):
    for _ in range(steps):
        w = w - learning_rate * gradient(w)
    return w


def own_rate(gradient, w, steps, learning_rate):
    return mended_loop(gradient, w, steps, 0.01)


def rate_as_in_the_cell(gradient, w, steps, learning_rate):
    state = defaultdict(float)
    for _ in range(steps):
        w = adam(w, gradient(w), state, 0.01)
    return w


def in_place_w(gradient, w, steps, learning_rate):
    state = defaultdict(float)
    for _ in range(steps):
        w[:] = adam(w, gradient(w), state, learning_rate)
    return w


def in_place_difference(gradient, w, steps, learning_rate):
    state = defaultdict(float)
    for _ in range(steps):
        w += adam(w, gradient(w), state, learning_rate) - w
    return w


def half_rate(gradient, w, steps, learning_rate):
    return mended_loop(gradient, w, steps, learning_rate / 2)


def only_three(gradient, w, steps, learning_rate):
    return mended_loop(gradient, w, steps, 0.05)


def only_three_by_default(gradient, w, steps, learning_rate):
    state, learning_rate = defaultdict(float), 0.05
    for _ in range(steps):
        w = adam(w, gradient(w), state, learning_rate)
    return w


def with_state(gradient, w, steps, learning_rate):
    state = defaultdict(float)
    for _ in range(steps):
        w = adam(w, gradient(w), state, learning_rate)
    return w, state


def mean_of_path(*arguments):
    return whole_path(*arguments)[1:].mean(axis=0)


def counts_no_steps(gradient, w, steps, learning_rate):
    state = defaultdict(float)
    for _ in range(steps):
        w = adam(w, gradient(w), state, learning_rate)
        state["t"] = 0
    return w


_RATES = {"limit": 2 / 50, "factor": 1 - 0.02 * 2, "steps": 113}

RIGHT = {
    "51.1": [
        (_RATES,),
        ({"steps": 113.0, "factor": 0.96, "limit": 0.04},),
        (
            dict(
                limit=np.float32(0.04),
                factor=np.array([0.96]),
                steps=np.ceil(np.log(0.01) / np.log(0.96)),
            ),
        ),
    ],
    "51.2": [(lion,), (lion_in_steps,), (lion_of_arrays,), (lion_by_cases,)],
    "51.3": [(tuned_rate,), (in_a_loop,), (from_the_left,), (sorted_good,)],
    "51.4": [
        ("memory", mended_loop),
        ("memory", counting_down),
        ("Memory", from_the_path),
        (" memory ", in_float32),
    ],
}


def _rates(**wrong):
    return ({**_RATES, **wrong},)


WRONG = {
    "51.1": [
        ((0.04,), "dictionary"),
        (((0.04, 0.96, 113),), "dictionary"),
        (_rates(limit=0.02), "not the 100"),
        (_rates(limit=2 / 100), "not the 100"),
        (_rates(limit=1), "smallest curvature"),
        (_rates(limit=2 / 2), "smallest curvature"),
        (_rates(limit=0.08), "do not halve"),
        (_rates(limit=2 / 25), "do not halve"),
        (_rates(limit=2 / 52), "best compromise"),
        (_rates(limit=0.03846), "best compromise"),
        (_rates(limit=50), "2 divided by"),
        (_rates(limit=-0.04), "2 divided by"),
        (_rates(limit="2/50"), "limit should be a single number"),
        (_rates(limit=(0, 0.04)), "limit should be a single number"),
        (_rates(factor=0.92), "half of it"),
        (_rates(factor=1 - 0.04 * 2), "half of it"),
        (_rates(factor=0), "w₂'s"),
        (_rates(factor=1 - 0.02 * 50), "w₂'s"),
        (_rates(factor=0.98), "curvature 1"),
        (_rates(factor=1 - 0.02), "curvature 1"),
        (_rates(factor=0.04), "what stays"),
        (_rates(factor=2 * 0.02), "what stays"),
        (_rates(factor=1.04), "subtract rate"),
        (_rates(factor=1 + 0.02 * 2), "subtract rate"),
        (_rates(factor=0.5), "1 − rate"),
        (_rates(factor=0.96**2), "1 − rate"),
        (_rates(factor="0.96"), "factor should be a single number"),
        (_rates(factor=[0.96, 0.0]), "factor should be a single number"),
        (_rates(steps=112), "still above 0.01: round up"),
        (_rates(steps=int(np.log(0.01) / np.log(0.96))), "still above 0.01: round up"),
        (_rates(steps=112.81), "a step is whole"),
        (_rates(steps=np.log(0.01) / np.log(0.96)), "a step is whole"),
        (_rates(steps=114), "already below"),
        (_rates(steps=113 + 1), "already below"),
        (_rates(steps=1), "one step"),
        (_rates(steps=1.0), "one step"),
        (_rates(steps=100), "smallest whole n"),
        (_rates(steps=np.log(0.01)), "smallest whole n"),
        (_rates(limit=1 / 50), "not the 100"),
        (_rates(limit=4), "2 divided by"),
        (_rates(steps=57), "smallest whole n"),
    ],
    "51.2": [
        ((_lion(lambda w, rate, blend: w + rate * np.sign(blend)),), "uphill"),
        ((lambda w, g, s, a, *b: 2 * w - lion(w, g, s, a, *b),), "uphill"),
        ((_lion(lambda w, rate, blend: w - rate * blend),), "sign of the blend: every"),
        (
            (lambda w, g, s, a, b=0.9, c=0.99: w - a * (b * s["m"] + (1 - b) * g),),
            "sign of the blend: every",
        ),
        ((_lion(lambda w, rate, blend: w - np.sign(blend)),), "rate is missing"),
        ((lambda w, g, s, a, *b: lion(w, g, s, 1, *b),), "rate is missing"),
        ((_lion(lambda w, rate, blend: -rate * np.sign(blend)),), "the step alone"),
        ((returns_step,), "the step alone"),
        ((average_first,), "blend first"),
        ((_lion(blend=lambda m, g, new, b: b * new + (1 - b) * g),), "blend first"),
        ((sign_of_average,), "sign of the new average"),
        ((_lion(blend=lambda m, g, new, beta: new),), "sign of the new average"),
        (
            (_lion(blend=lambda m, g, new, b: (1 - b) * m + b * g),),
            "blend are swapped",
        ),
        (
            (_lion(blend=lambda m, g, new, beta: m + beta * (g - m)),),
            "blend are swapped",
        ),
        ((_lion(blend=lambda m, g, new, beta: g),), "sign of g alone"),
        ((lambda w, g, s, a, b=0.9, c=0.99: w - a * np.sign(g),), "sign of g alone"),
        ((_lion(blend=lambda m, g, new, beta: m),), "old m alone"),
        ((lambda w, g, s, a, b=0.9, c=0.99: w - a * np.sign(s["m"]),), "old m alone"),
        ((_lion(blend=lambda m, g, new, beta: m - g),), "with the old m."),
        ((lambda w, g, s, a, *b: np.sign(lion(w, g, s, a, *b)),), "with the old m."),
        ((_lion(store=lambda m, g, b, c: b * m + (1 - b) * g),), "different const"),
        (
            (lambda w, g, s, a, b=0.9, c=0.99: lion(w, g, s, a, b, b),),
            "different const",
        ),
        (
            (lambda w, g, s, a, b=0.9, c=0.99: lion(w, g, s, a, b, 0.9),),
            "different const",
        ),
        ((_lion(store=lambda m, g, b, c: (1 - c) * m + c * g),), "average are swapped"),
        ((_lion(store=lambda m, g, b, c: m + c * (g - m)),), "average are swapped"),
        ((_lion(store=lambda m, g, b, c: (1 - c) * g),), "forgets the old m"),
        ((_lion(store=lambda m, g, b, c: g - c * g),), "forgets the old m"),
        ((_lion(store=lambda m, g, b, c: g),), "keep g itself"),
        ((_lion(store=lambda m, g, b, c: g.copy()),), "keep g itself"),
        (
            (_lion(store=lambda m, g, b, c: c * (b * m + (1 - b) * g) + (1 - c) * g),),
            "average the blend",
        ),
        (
            (
                _lion(
                    store=lambda m, g, b, c: c * (m + (1 - b) * (g - m)) + (1 - c) * g
                ),
            ),
            "average the blend",
        ),
        ((_lion(store=lambda m, g, b, c: c * m + g),), "at each step"),
        (
            (_lion(store=lambda m, g, b, c: np.sign(c * m + (1 - c) * g)),),
            "at each step",
        ),
        ((in_place,), "`w` itself"),
        ((lambda w, g, s, a, *b: np.subtract(w, a * np.sign(g), out=w),), "`w` itself"),
        ((lambda w, g, s, a, *b: np.copyto(w, lion(w, g, s, a, *b)),), "`w` itself"),
        ((in_place_gradient,), "changes `g` itself"),
        ((lambda w, g, s, a, *b: np.multiply(g, 0.1, out=g),), "changes `g` itself"),
        ((memory_in_a_name,), "same after the step"),
        ((memory_elsewhere,), "same after the step"),
        ((memory_deleted,), "Keep the average"),
        ((memory_cleared,), "Keep the average"),
        ((beta_fixed,), "argument beta,"),
        ((beta_in_the_blend,), "argument beta,"),
        ((numbers_for_betas,), "argument beta_2"),
        ((beta_2_fixed,), "argument beta_2"),
        ((beta_2_in_numbers,), "argument beta_2"),
        ((returns_nothing,), "is None"),
        ((prints_w,), "is None"),
        ((returns_both,), "only the new w"),
        ((returns_m,), "only the new w"),
        ((returns_old,), "did not move"),
        ((lambda w, g, s, a, *b: w,), "did not move"),
        ((np.ones(3),), "function itself"),
        ((lion(np.ones(1), np.ones(1), defaultdict(float), 0.1),), "function itself"),
        ((_lion(lambda w, rate, b: w - rate * np.abs(np.sign(b))),), "with the old m."),
        ((_lion(lambda w, rate, b: w - rate * np.tanh(b)),), "with the old m."),
        ((decays,), "is 0.9697. Return"),
        (
            (_lion(lambda w, a, b: (1 - a / 100) * w - a * np.sign(b)),),
            "is 0.9697. Return",
        ),
    ],
    "51.3": [
        ((best_mean,), "rate with the best mean"),
        ((lambda r, a: r[np.argmax(np.mean(a, 1))],), "rate with the best mean"),
        ((best_run,), "best single run"),
        (
            (lambda r, a: r[np.unravel_index(a.argmax(), a.shape)[0]],),
            "best single run",
        ),
        ((lambda r, a: r[_good(a)].max(),), "largest of the good"),
        ((last_good,), "largest of the good"),
        ((lambda r, a: r[_good(a)],), "smallest one only"),
        ((all_good,), "smallest one only"),
        ((lambda r, a: _good(a),), "says which rates"),
        ((says_which,), "says which rates"),
        ((lambda r, a: r.min(),), "must be a good one"),
        ((lambda r, a: r[0],), "must be a good one"),
        ((lambda r, a: a.mean(axis=1)[_good(a)][0],), "its mean accuracy"),
        ((accuracy_too_soon,), "its mean accuracy"),
        ((lambda r, a: a.mean(axis=1).max(),), "best mean accuracy"),
        ((lambda r, a: max(row.mean() for row in a),), "best mean accuracy"),
        ((lambda r, a: _good(a).argmax(),), "its place"),
        ((place_too_soon,), "its place"),
        ((lambda r, a: r[_good(a, 0.1)].min(),), "not 0.1"),
        ((ten_points,), "not 0.1"),
        ((medians,), "take means"),
        ((lambda r, a: min(r[_good(np.median(a, 1)[:, None])]),), "take means"),
        ((percent_of_the_best,), "99 %"),
        ((lambda r, a: r[a.mean(1) / a.mean(1).max() >= 0.99].min(),), "99 %"),
        ((means_of_runs,), "axis=1"),
        ((lambda r, a: r[a.mean(0) >= a.mean(0).max() - 0.01].min(),), "axis=1"),
        ((tuned_rate([1.0], [[0.5]]),), "function itself"),
        ((0.1,), "function itself"),
        ((prints_rate,), "gives nothing back"),
        ((forgets_rate,), "gives nothing back"),
        ((lambda r, a: 2 * tuned_rate(r, a),), "smallest good rate"),
        ((lambda r, a: -tuned_rate(r, a),), "smallest good rate"),
    ],
    "51.4": [
        (("rate", mended_loop), "many sizes"),
        (("Rate", counting_down), "many sizes"),
        (("bias", mended_loop), "3.2 rates"),
        (("BIAS", as_the_colleague), "3.2 rates"),
        (("the state", mended_loop), "one of"),
        ((3, mended_loop), "one of"),
        (("memory", _loop(fresh=True)), "empty memory"),
        (("memory", as_the_colleague), "empty memory"),
        (("memory", _loop(correct=False)), "never the trouble"),
        (
            ("memory", _loop(lambda *arguments: adam(*arguments, correct=False))),
            "never the trouble",
        ),
        (("memory", _loop(extra=1)), "12 times"),
        (("memory", gradient_twice), "12 times"),
        (("memory", lambda gradient, w, steps, rate: w), "12 times"),
        (("memory", whole_path), "not the whole path"),
        (("memory", lambda *a: whole_path(*a).tolist()), "not the whole path"),
        (("memory", all_but_the_start), "not all of them"),
        (("memory", lambda *a: list(whole_path(*a))[1:]), "not all of them"),
        (("memory", not_assigned), "did not change"),
        (("memory", returns_start), "did not change"),
        (("memory", always_from_start), "from the first w"),
        (("memory", from_a_copy), "from the first w"),
        (("memory", state_outside), "memory of the run before"),
        (("memory", default_state()), "memory of the run before"),
        (("memory", plain_dictionary), "defaultdict(float)"),
        (("memory", only_t), "defaultdict(float)"),
        (("memory", return_in_loop), "not in it"),
        (("memory", gradient_once), "inside the loop"),
        (("memory", _loop(extra=-11)), "inside the loop"),
        (("memory", lambda *a: return_in_loop(*a)), "not in it"),
        (("memory", no_return), "is None"),
        (("memory", prints_last), "is None"),
        (("memory", plain_descent), "not plain descent"),
        (
            ("memory", _loop(lambda w, g, state, rate: w - rate * g)),
            "not plain descent",
        ),
        (("memory", _loop(momentum)), "as the colleague"),
        (
            ("memory", _loop(lambda w, g, s, rate: momentum(w, g, s, rate))),
            "as the colleague",
        ),
        (("memory", own_rate), "0.01 only"),
        (("memory", rate_as_in_the_cell), "0.01 only"),
        (("memory", in_place_w), "changes `w` itself"),
        (("memory", in_place_difference), "changes `w` itself"),
        (("memory", half_rate), "one state for all"),
        (("memory", _loop(beta=0.5)), "one state for all"),
        (("memory", only_three), "use the arguments"),
        (("memory", only_three_by_default), "use the arguments"),
        (("memory", mended_loop(lambda w: w, np.ones(2), 1, 0.1)), "function itself"),
        (("memory", 12), "function itself"),
        (("memory", with_state), "real numbers only"),
        (("memory", lambda *a: {"w": mended_loop(*a)}), "real numbers only"),
        (("memory", mean_of_path), "one state for all"),
        (("memory", counts_no_steps), "one state for all"),
        (("memory", lambda *a: whole_path(*a)[-2]), "one state for all"),
    ],
}
