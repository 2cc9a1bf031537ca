"""Right and wrong answers to the exercises of lesson 52."""

import numpy as np


def forgotten(*_):
    result = np.ones(3)
    result += 1


def ridge(phi, y, strength):
    n, features = phi.shape
    rows = np.vstack([phi, np.sqrt(n * strength) * np.eye(features)])
    return np.linalg.lstsq(rows, np.append(y, np.zeros(features)), rcond=None)[0]


def ridge_like(penalty):
    def wrong(phi, y, strength):
        n, features = phi.shape
        matrix = phi.T @ phi / n + penalty(strength, n, features)
        return np.linalg.solve(matrix, phi.T @ y / n)

    return wrong


def mask_of(shape, combine, training_only=True):
    def wrong(x, rate, rng, training):
        if training_only and not training:
            return x
        return combine(x, rng.random(shape(x)) >= rate, rate)

    return wrong


def dropout(x, rate, rng, training):
    mask = rng.binomial(1, 1 - rate, size=x.shape)
    return x * mask / (1 - rate) if training else x.copy()


def in_place(x, rate, rng, training):
    if training:
        x[rng.random(x.shape) < rate] = 0
        x /= 1 - rate
    return x


def whole(x):
    return x.shape


def scaled(x, mask, rate):
    return x * mask / (1 - rate)


def stop(losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        waited += 1
        if losses[epoch] < losses[best]:
            best, waited = epoch, 0
        if waited >= patience:
            return [best, epoch]
    return [best, len(losses) - 1]


def equal_counts(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss <= losses[best]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(losses) - 1


def no_reset(losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        else:
            waited += 1
        if waited >= patience:
            return best, epoch
    return best, len(losses) - 1


def shifted(x, y):
    wide = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    moved = [wide[:, i : i + 8, j : j + 8] for i in range(3) for j in range(3)]
    return np.concatenate(moved), np.tile(y, 9)


def repeated(x, y):
    return np.tile(x, (9, 1, 1)), np.tile(y, 9)


def plain(x, y):
    return x, y


def prepare(train=shifted, val=plain, order=lambda rng, n: rng.permutation(n)):
    def made(x, y, n_val, rng):
        chosen, others = np.split(order(rng, len(x)), [n_val])
        return *train(x[others], y[others]), *val(x[chosen], y[chosen])

    return made


def leaking(x, y, n_val, rng):
    return prepare(plain)(*shifted(x, y), n_val, rng)


def shuffled_apart(x, y, n_val, rng):
    return prepare()(x, rng.permutation(y), n_val, rng)


def other_order(x, y, n_val, rng):
    x_train, y_train, x_val, y_val = prepare()(x, y, n_val, rng)
    return x_train, x_val, y_train, y_val


def stop_when(better, wait=0):
    def wrong(losses, patience):
        best, waited = 0, 0
        for epoch in range(1, len(losses)):
            if better(losses, epoch, best):
                best, waited = epoch, 0
            else:
                waited += 1
            if waited >= patience + wait:
                return best, epoch
        return best, len(losses) - 1

    return wrong


def noisy(x, y):
    many, labels = repeated(x, y)
    return many + np.random.default_rng(0).normal(0, 0.05, many.shape), labels


def with_repetition(x, y, n_val, rng):
    chosen = rng.integers(0, len(x), n_val)
    others = np.setdiff1d(np.arange(len(x)), chosen)
    return *shifted(x[others], y[others]), x[chosen], y[chosen]


RIGHT = {
    "52.1": (ridge,),
    "52.2": (0.02,),
    "52.3": (dropout,),
    "52.4": (stop,),
    "52.5": (prepare(),),
}
WRONG = {
    "52.1": [
        ((ridge_like(lambda s, n, f: 0),), "do not depend"),
        ((ridge_like(lambda s, n, f: s / n * np.eye(f)),), "times too little"),
        ((ridge_like(lambda s, n, f: s),), "diagonal"),
        ((ridge_like(lambda s, n, f: 2 * s * np.eye(f)),), "counts double"),
        ((ridge_like(lambda s, n, f: s / 2 * np.eye(f)),), "half of what"),
        ((lambda phi, y, s: len(y) * ridge(phi, y, s),), "not phiᵀ y"),
        ((ridge_like(lambda s, n, f: -s * np.eye(f)),), "sign is wrong"),
        ((lambda phi, y, s: phi.T @ y,), "not the best weights"),
        ((lambda phi, y, s: 0.5,), "shape ()"),
        ((forgotten,), "returns nothing"),
        ((3,), "without brackets"),
    ],
    "52.2": [
        ((0.01,), "factor 2"),
        ((0.002,), "learning rate itself"),
        ((0.2,), "multiplies both"),
        ((0.005,), "Upside down"),
        ((3,), "solve for δ"),
        (("2 %",), "One number"),
    ],
    "52.3": [
        ((mask_of(whole, scaled, training_only=False),), "unchanged"),
        ((mask_of(whole, lambda x, m, r: x * m),), "not scaled"),
        ((mask_of(whole, lambda x, m, r: x * m * (1 - r)),), "divide, so that"),
        ((mask_of(whole, lambda x, m, r: x * m / r),), "not by rate"),
        ((mask_of(whole, lambda x, m, r: x * ~m / r),), "not to keep"),
        ((mask_of(lambda x: x.shape[-1:], scaled),), "same units"),
        ((mask_of(lambda x: (len(x), 1), scaled),), "Whole rows"),
        ((in_place,), "changed x itself"),
        ((lambda x, r, g, t: x,), "Nothing was set"),
        ((forgotten,), "returns nothing"),
    ],
    "52.4": [
        ((lambda losses, patience: stop(losses, patience)[::-1],), "changed places"),
        ((lambda losses, patience: np.add(stop(losses, patience), 1),), "from 0"),
        ((lambda losses, patience: (np.argmin(losses), len(losses) - 1),), "2 and 3"),
        ((lambda losses, patience: stop(losses, patience - 1),), "too impatient"),
        ((stop_when(lambda x, now, best: x[now] < x[best], 1),), "too patient"),
        ((stop_when(lambda x, now, best: x[now] < x[now - 1]),), "epoch before"),
        ((lambda losses, patience: [stop(losses, patience)[1]] * 2,), "lowest loss"),
        ((equal_counts,), "Equal is no improvement"),
        ((no_reset,), "anew after each"),
        ((lambda losses, patience: 3,), "shape ()"),
        ((forgotten,), "returns nothing"),
    ],
    "52.5": [
        ((leaking,), "Still a leak"),
        ((prepare(val=shifted),), "augmented, too"),
        ((prepare(train=plain),), "not augmented"),
        ((prepare(train=repeated),), "do not repeat"),
        ((prepare(train=noisy),), "without any noise"),
        ((with_repetition,), "comes twice"),
        ((prepare(order=lambda rng, n: np.arange(n)),), "at random"),
        ((shuffled_apart,), "belong together"),
        ((other_order,), "order is x_train"),
        ((lambda x, y, n_val, rng: x,), "four arrays"),
        ((forgotten,), "returns nothing"),
    ],
}
