"""Right and wrong answers to the exercises of lesson 52."""

import numpy as np


def forgets(*_):
    result = np.ones(3)
    result += 1


def prints(*_):
    print("done")


# ── 52.1 ────────────────────────────────────────────────────────────────────────


def ridge(phi, y, strength):
    n, features = phi.shape
    return np.linalg.solve(phi.T @ phi / n + strength * np.eye(features), phi.T @ y / n)


def with_more_rows(phi, y, strength):
    n, features = phi.shape
    rows = np.vstack([phi, np.sqrt(n * strength) * np.eye(features)])
    return np.linalg.lstsq(rows, np.append(y, np.zeros(features)), rcond=None)[0]


def by_singular_values(phi, y, strength):
    u, s, vt = np.linalg.svd(phi, full_matrices=False)
    return (vt.T * (s / (s**2 + len(y) * strength)) @ (u.T @ y)).astype("float32")


def by_inverse(phi, y, strength):
    n = len(phi)
    matrix = np.transpose(phi) @ phi + n * strength * np.identity(len(phi[0]))
    return (np.linalg.inv(matrix) @ np.transpose(phi) @ y).tolist()


def ridge_like(penalty):
    def wrong(phi, y, strength):
        n, features = phi.shape
        matrix = phi.T @ phi / n + penalty(strength, n, np.eye(features))
        return np.linalg.solve(matrix, phi.T @ y / n)

    return wrong


def least_squares(phi, y, strength):
    return np.linalg.lstsq(phi, y, rcond=None)[0]


def sums_instead_of_means(phi, y, strength):
    return np.linalg.solve(phi.T @ phi + strength * np.eye(phi.shape[1]), phi.T @ y)


def bare_number(phi, y, strength):
    n = len(y)
    return np.linalg.inv(phi.T @ phi / n + strength) @ (phi.T @ y / n)


def only_left_divided(phi, y, strength):
    n, features = phi.shape
    return np.linalg.solve(phi.T @ phi / n + strength * np.eye(features), phi.T @ y)


def only_right_divided(phi, y, strength):
    n, features = phi.shape
    return np.linalg.solve(phi.T @ phi + strength * np.eye(features), phi.T @ y / n)


def factor_on_one_side(phi, y, strength):
    n, features = phi.shape
    left = phi.T @ phi / n + 2 * strength * np.eye(features)
    return np.linalg.solve(left, phi.T @ y / n)


def factor_on_the_other(phi, y, strength):
    n, features = phi.shape
    left = 2 * phi.T @ phi / n + strength * np.eye(features)
    return np.linalg.solve(left, 2 * phi.T @ y / n)


def minus(phi, y, strength):
    n, features = phi.shape
    return np.linalg.solve(phi.T @ phi / n - strength * np.eye(features), phi.T @ y / n)


def shrunk(phi, y, strength):
    return least_squares(phi, y, strength) / (1 + strength)


def shrunk_by_formula(phi, y, strength):
    return np.linalg.inv(phi.T @ phi) @ phi.T @ y / (1 + strength)


def column(phi, y, strength):
    return ridge(phi, y.reshape(-1, 1), strength)


def changes_y(phi, y, strength):
    y /= len(y)
    return np.linalg.solve(
        phi.T @ phi / len(y) + strength * np.eye(len(phi[0])), phi.T @ y
    )


def changes_phi(phi, y, strength):
    n, features = phi.shape
    right = phi.T @ y / n
    phi /= np.sqrt(n)
    return np.linalg.solve(phi.T @ phi + strength * np.eye(features), right)


def other_strength_when_wide(phi, y, strength):
    return ridge(phi, y, strength if len(y) >= phi.shape[1] else 0.5)


def least_squares_when_wide(phi, y, strength):
    wide = phi.shape[1] > len(y)
    return (least_squares if wide else ridge)(phi, y, strength)


def by_scikit_learn(phi, y, strength):
    from sklearn.linear_model import Ridge

    model = Ridge(alpha=strength * len(y), fit_intercept=False)
    return model.fit(phi, y).coef_


def by_descent(phi, y, strength):
    w = np.zeros(phi.shape[1])
    for _ in range(3000):
        w -= 0.1 * (phi.T @ (phi @ w - y) / len(y) + strength * w)
    return w


def first_one_free(phi, y, strength):
    n, features = phi.shape
    penalty = strength * np.eye(features)
    penalty[0, 0] = 0
    return np.linalg.solve(phi.T @ phi / n + penalty, phi.T @ y / n)


# ── 52.2 ────────────────────────────────────────────────────────────────────────


def dropout(x, rate, rng, training):
    if not training:
        return x
    return x * (rng.random(x.shape) >= rate) / (1 - rate)


def by_binomial(x, rate, rng, training):
    mask = rng.binomial(1, 1 - rate, size=x.shape)
    return x * mask / (1 - rate) if training else x.copy()


def by_where(x, rate, rng, training):
    dropped = rng.uniform(0, 1, x.shape) < rate
    return np.where(dropped & bool(training), 0, x / (1 - rate if training else 1))


def by_choice(x, rate, rng, training):
    out = np.array(x)
    if training:
        out *= rng.choice([0, 1 / (1 - rate)], p=[rate, 1 - rate], size=out.shape)
    return out.tolist()


def in_loop(x, rate, rng, training):
    out = x.copy()
    for index in np.ndindex(*x.shape if training else (0,)):
        out[index] = 0 if rng.random() < rate else x[index] / (1 - rate)
    return out


def mask_of(combine, shape=np.shape, training_only=True):
    def wrong(x, rate, rng, training):
        if training_only and not training:
            return x
        return combine(x, rng.random(shape(x)) >= rate, rate)

    return wrong


def scaled(x, mask, rate):
    return x * mask / (1 - rate)


def in_place(x, rate, rng, training):
    if training:
        x[rng.random(x.shape) < rate] = 0
        x /= 1 - rate
    return x


def in_place_product(x, rate, rng, training):
    if training:
        x *= rng.random(x.shape) >= rate
        return x / (1 - rate)
    return x


def always(x, rate, rng, training):
    return x * (rng.random(x.shape) >= rate) / (1 - rate)


def not_divided(x, rate, rng, training):
    return x * (rng.random(x.shape) >= rate) if training else x


def not_divided_where(x, rate, rng, training):
    return np.where(rng.random(x.shape) < rate, 0, x) if training else x


def keeps_rate(x, rate, rng, training):
    return x * (rng.random(x.shape) < rate) / rate if training else x


def keeps_rate_by_binomial(x, rate, rng, training):
    return x * rng.binomial(1, rate, x.shape) / rate if training else x


def one_mask_for_all(x, rate, rng, training):
    if not training:
        return x
    return x * (rng.random(x.shape[-1]) >= rate) / (1 - rate)


def one_number_per_row(x, rate, rng, training):
    if not training:
        return x
    return x * (rng.random((len(x), *[1] * (x.ndim - 1))) >= rate) / (1 - rate)


def own_seed(x, rate, rng, training):
    rng = np.random.default_rng(0)
    return dropout(x, rate, rng, training)


def own_seed_in_line(x, rate, rng, training):
    mask = np.random.default_rng(42).random(x.shape) >= rate
    return x * mask / (1 - rate) if training else x


def global_chance(x, rate, rng, training):
    return dropout(x, rate, np.random, training)


OTHER = np.random.default_rng(1)


def global_generator(x, rate, rng, training):
    return x * (OTHER.random(x.shape) >= rate) / (1 - rate) if training else x


def exactly(x, rate, rng, training):
    out = x / (1 - rate)
    out.flat[rng.permutation(x.size)[: round(rate * x.size)]] = 0
    return out if training else x


def exactly_by_choice(x, rate, rng, training):
    if not training:
        return x
    out = x.ravel() / (1 - rate)
    out[rng.choice(x.size, int(rate * x.size), replace=False)] = 0
    return out.reshape(x.shape)


def scaled_at_inference(x, rate, rng, training):
    return dropout(x, rate, rng, True) if training else x * (1 - rate)


def divided_always(x, rate, rng, training):
    if training:
        x = x * (rng.random(x.shape) >= rate)
    return x / (1 - rate)


def half_always(x, rate, rng, training):
    return dropout(x, 0.5, rng, training)


def half_by_default(x, rate, rng, training):
    return x * (rng.random(x.shape) > 0.5) * 2 if training else x


def ignores_rate(x, rate, rng, training):
    return dropout(x, 0.25, rng, training)


def quarter_fixed(x, rate, rng, training):
    return x * (rng.random(x.shape) >= 0.25) / 0.75 if training else x


def at_least_a_tenth(x, rate, rng, training):
    return dropout(x, max(rate, 0.2), rng, training)


def never_nothing(x, rate, rng, training):
    return dropout(x, rate or 0.5, rng, training)


def one_draw(x, rate, rng, training):
    return x * (rng.random() >= rate) / (1 - rate) if training else x


def survivors_apart(x, rate, rng, training):
    mask = rng.random(x.shape)
    return x * (mask >= rate) / (1 - rate * mask) if training else x


def scaled_by_what_came(x, rate, rng, training):
    mask = rng.random(x.shape) >= rate
    return x * mask / mask.mean(axis=0) if training else x


def everything(x, rate, rng, training):
    return x * 0 if training else x


def by_positions(x, rate, rng, training):
    if not training:
        return x
    out = np.array(x, dtype=float)
    out[rng.random(out.shape) < rate] = 0
    return out / (1.0 - rate)


def mean_for_zero(x, rate, rng, training):
    return np.where(dropout(x, rate, rng, training) == 0, x.mean(), x / (1 - rate))


def normal_numbers(x, rate, rng, training):
    return x * (rng.normal(size=x.shape) >= rate) / (1 - rate) if training else x


def scaled_by_all_that_came(x, rate, rng, training):
    mask = rng.random(x.shape) >= rate
    return x * mask / mask.mean() if training else x


# ── 52.3 ────────────────────────────────────────────────────────────────────────


def stop(losses, patience):
    for epoch in range(len(losses)):
        best = int(np.argmin(losses[: epoch + 1]))
        if epoch - best >= patience:
            break
    return best, epoch


def counted(losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        waited += 1
        if losses[epoch] < losses[best]:
            best, waited = epoch, 0
        if waited >= patience:
            return [best, epoch]
    return [best, len(losses) - 1]


def by_infinity(losses, patience):
    lowest, best, last = float("inf"), 0, len(losses) - 1
    for epoch, loss in enumerate(losses):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best == patience:
            last = epoch
            break
    return np.array([best, last])


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


def less(losses, now, best):
    return losses[now] < losses[best]


def more_than_patience(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best > patience:
            return best, epoch
    return best, len(losses) - 1


def counts_itself(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best + 1 >= patience:
            return best, epoch
    return best, len(losses) - 1


def against_the_last(losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[epoch - 1]:
            best, waited = epoch, 0
        else:
            waited += 1
            if waited == patience:
                return best, epoch
    return best, len(losses) - 1


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


def no_reset_with_infinity(losses, patience):
    lowest, waited = np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < lowest:
            lowest, best = loss, epoch
        else:
            waited += 1
            if waited == patience:
                break
    return best, epoch


def never_stops(losses, patience):
    return int(np.argmin(losses)), len(losses) - 1


def never_breaks(losses, patience):
    for epoch in range(len(losses)):
        best = losses.index(min(losses[: epoch + 1]))
    return best, epoch


def last_is_the_length(losses, patience):
    best, last = stop(losses, patience)
    return best, last if last < len(losses) - 1 else len(losses)


def nothing_if_never(losses, patience):
    best, last = stop(losses, patience)
    return (best, last) if last - best >= patience else (0, 0)


def one_if_never(losses, patience):
    best, last = stop(losses, patience)
    return (best, last) if last - best >= patience else (best, best + patience)


def sorts(losses, patience):
    result = stop(losses, patience)
    losses.sort()
    return result


def pops(losses, patience):
    result = stop(losses, patience)
    losses.pop()
    return result


def by_minima(losses, patience):
    lowest = np.minimum.accumulate(losses)
    for last in range(len(losses)):
        best = list(losses).index(lowest[last])
        if last == best + patience:
            return best, last
    return best, last


def clear_improvement(losses, patience):
    return stop_when(lambda x, now, best: x[now] < x[best] - 0.001)(losses, patience)


def last_of_equals(losses, patience):
    best, last = stop(losses, patience)
    return [e for e in range(last + 1) if losses[e] == losses[best]][-1], last


BEST = [0]


def best_kept(losses, patience):
    for epoch, loss in enumerate(losses):
        if BEST[0] >= len(losses) or loss < losses[BEST[0]]:
            BEST[0] = epoch
        if epoch - BEST[0] >= patience:
            break
    return BEST[0], epoch


# ── 52.4 ────────────────────────────────────────────────────────────────────────


def shifted(x, y):
    wide = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    moved = [wide[:, i : i + 8, j : j + 8] for i in range(3) for j in range(3)]
    return np.concatenate(moved), np.tile(y, 9)


def repeated(x, y):
    return np.tile(x, (9, 1, 1)), np.tile(y, 9)


def rolled(x, y):
    moves = [np.roll(x, (i, j), (1, 2)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return np.concatenate(moves), np.tile(y, 9)


def rolled_in_two_steps(x, y):
    rows = np.concatenate([np.roll(x, step, axis=1) for step in (-1, 0, 1)])
    return np.concatenate([np.roll(rows, s, axis=2) for s in (-1, 0, 1)]), np.tile(y, 9)


def noisy(x, y):
    many, labels = repeated(x, y)
    return many + np.random.default_rng(0).normal(0, 0.05, many.shape), labels


def shifted_and_brighter(x, y):
    many, labels = shifted(x, y)
    return many * 1.05, labels


def plain(x, y):
    return x, y


def prepare_fixed(x, y, n_val, rng):
    order = rng.permutation(len(x))
    chosen, others = order[:n_val], order[n_val:]
    return *shifted(x[others], y[others]), x[chosen], y[chosen]


def by_mask(x, y, n_val, rng):
    held = np.zeros(len(x), bool)
    held[rng.choice(len(x), size=n_val, replace=False)] = True
    x_train, y_train = shifted(x[~held], y[~held])
    return [x_train, y_train, x[held], y[held]]


def one_by_one(x, y, n_val, rng):
    order = list(range(len(x)))
    rng.shuffle(order)
    x_train, y_train = [], []
    for index in order[n_val:]:
        images, labels = shifted(x[index : index + 1], y[index : index + 1])
        x_train += list(images)
        y_train += labels.tolist()
    return (
        x_train, y_train, [x[index] for index in order[:n_val]], y[order[:n_val]].tolist()
    )  # fmt: skip


def prepare(train=shifted, val=plain, order=lambda rng, n: rng.permutation(n)):
    def made(x, y, n_val, rng):
        chosen, others = np.split(order(rng, len(x)), [n_val])
        return *train(x[others], y[others]), *val(x[chosen], y[chosen])

    return made


def as_before(x, y, n_val, rng):
    x, y = shifted(x, y)
    order = rng.permutation(len(x))
    chosen, others = order[:n_val], order[n_val:]
    return x[others], y[others], x[chosen], y[chosen]


def as_the_colleague(x, y, n_val, rng):
    x, y = noisy(x, y)
    order = rng.permutation(len(x))
    chosen, others = order[:n_val], order[n_val:]
    return x[others], y[others], x[chosen], y[chosen]


def trains_on_all(x, y, n_val, rng):
    chosen = rng.permutation(len(x))[:n_val]
    return *shifted(x, y), x[chosen], y[chosen]


def both_shifted(x, y, n_val, rng):
    order = rng.permutation(len(x))
    chosen, others = order[:n_val], order[n_val:]
    return *shifted(x[others], y[others]), *shifted(x[chosen], y[chosen])


def only_split(x, y, n_val, rng):
    order = rng.permutation(len(x))
    chosen, others = order[:n_val], order[n_val:]
    return x[others], y[others], x[chosen], y[chosen]


def val_moved(x, y, n_val, rng):
    x_train, y_train, x_val, y_val = prepare_fixed(x, y, n_val, rng)
    return x_train, y_train, shifted(x_val, y_val)[0][:n_val], y_val


def val_noisy(x, y, n_val, rng):
    x_train, y_train, x_val, y_val = prepare_fixed(x, y, n_val, rng)
    return x_train, y_train, x_val + 0.02 * rng.normal(size=x_val.shape), y_val


def with_repetition(x, y, n_val, rng):
    chosen = rng.integers(0, len(x), n_val)
    others = np.setdiff1d(np.arange(len(x)), chosen)
    return *shifted(x[others], y[others]), x[chosen], y[chosen]


def choice_with_repetition(x, y, n_val, rng):
    chosen = rng.choice(len(x), n_val)
    others = np.delete(np.arange(len(x)), chosen)
    return *shifted(x[others], y[others]), x[chosen], y[chosen]


def sizes_swapped(x, y, n_val, rng):
    order = rng.permutation(len(x))
    chosen, others = order[n_val:], order[:n_val]
    return *shifted(x[others], y[others]), x[chosen], y[chosen]


def one_too_many(x, y, n_val, rng):
    return prepare_fixed(x, y, n_val + 1, rng)


def eight_shifts(x, y, n_val, rng):
    x_train, y_train, x_val, y_val = prepare_fixed(x, y, n_val, rng)
    n = len(x) - n_val
    return x_train[:-n], y_train[:-n], x_val, y_val


def originals_added(x, y, n_val, rng):
    order = rng.permutation(len(x))
    chosen, others = order[:n_val], order[n_val:]
    x_train, y_train = shifted(x[others], y[others])
    x_train = np.concatenate([x[others], x_train])
    return x_train, np.append(y[others], y_train), x[chosen], y[chosen]


def nine_of_few(x, y, n_val, rng):
    x_train, y_train, x_val, y_val = prepare_fixed(x, y, n_val, rng)
    half = len(x_train) // 2
    x_train[half:], y_train[half:] = x_train[: len(x_train) - half], y_train[: len(x_train) - half]  # fmt: skip
    return x_train, y_train, x_val, y_val


def first_ones(x, y, n_val, rng):
    return *shifted(x[n_val:], y[n_val:]), x[:n_val], y[:n_val]


def global_order(x, y, n_val, rng):
    return prepare_fixed(x, y, n_val, np.random.default_rng(0))


def shuffled_apart(x, y, n_val, rng):
    return prepare_fixed(x, rng.permutation(y), n_val, rng)


def labels_in_the_old_order(x, y, n_val, rng):
    order = rng.permutation(len(x))
    x = x[order]
    return *shifted(x[n_val:], y[n_val:]), x[:n_val], y[:n_val]


def other_order(x, y, n_val, rng):
    x_train, y_train, x_val, y_val = prepare_fixed(x, y, n_val, rng)
    return x_train, x_val, y_train, y_val


def labels_missing(x, y, n_val, rng):
    x_train, y_train, x_val, y_val = prepare_fixed(x, y, n_val, rng)
    return x_train, y_val, x_val, y_train


def labels_not_repeated(x, y, n_val, rng):
    order = rng.permutation(len(x))
    chosen, others = order[:n_val], order[n_val:]
    return shifted(x[others], y[others])[0], y[others], x[chosen], y[chosen]


def flat(x, y, n_val, rng):
    x_train, y_train, x_val, y_val = prepare_fixed(x, y, n_val, rng)
    return x_train.reshape(-1, 64), y_train, x_val.reshape(-1, 64), y_val


def pairs(x, y, n_val, rng):
    x_train, y_train, x_val, y_val = prepare_fixed(x, y, n_val, rng)
    return (x_train, y_train), (x_val, y_val)


def shuffles_x(x, y, n_val, rng):
    result = prepare_fixed(x, y, n_val, rng)
    rng.shuffle(x)
    return result


def scales_x(x, y, n_val, rng):
    x /= 2
    return prepare_fixed(x, y, n_val, rng)


def other_images(x, y, n_val, rng):
    images = np.random.default_rng(99).random((50, 8, 8))
    return prepare_fixed(images[: len(x)], y, n_val, rng)


def other_scale(x, y, n_val, rng):
    return prepare_fixed(x / 16, y, n_val, rng)


def by_scikit_learn_split(x, y, n_val, rng):
    from sklearn.model_selection import train_test_split

    seed = int(rng.integers(10**6))
    x_train, x_val, y_train, y_val = train_test_split(
        x, y, test_size=n_val, random_state=seed
    )
    return (*shifted(x_train, y_train), x_val, y_val)


def by_sorting_chance(x, y, n_val, rng):
    order = rng.random(len(x)).argsort()
    x_train, y_train = shifted(x[order[:-n_val]], y[order[:-n_val]])
    again = rng.permutation(len(x_train))
    return x_train[again], y_train[again], x[order[-n_val:]], y[order[-n_val:]]


def shifted_twice(x, y):
    return shifted(*shifted(x, y))


def first_ones_shuffled(x, y, n_val, rng):
    order = np.r_[rng.permutation(n_val), n_val : len(x)]
    chosen, others = order[:n_val], order[n_val:]
    return *shifted(x[others], y[others]), x[chosen], y[chosen]


def stop_from(losses, patience, lowest):
    """Stop early, with a lowest loss that does not begin at infinity."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < lowest:
            best, lowest = epoch, loss
        if epoch - best >= patience:
            return best, epoch
    return best, len(losses) - 1


RIGHT = {
    "52.1": [
        (ridge,),
        (with_more_rows,),
        (by_singular_values,),
        (by_inverse,),
        (by_scikit_learn,),
        (by_descent,),
    ],
    "52.2": [
        (dropout,),
        (by_binomial,),
        (by_where,),
        (by_choice,),
        (in_loop,),
        (by_positions,),
    ],
    "52.3": [(stop,), (counted,), (by_infinity,), (by_minima,)],
    "52.4": [
        (prepare_fixed,),
        (by_mask,),
        (one_by_one,),
        (by_scikit_learn_split,),
        (by_sorting_chance,),
    ],
}

WRONG = {
    "52.1": [
        ((ridge_like(lambda s, n, eye: 0),), "do not depend"),
        ((least_squares,), "do not depend"),
        ((ridge_like(lambda s, n, eye: s / n * eye),), "times too little"),
        ((sums_instead_of_means,), "times too little"),
        ((ridge_like(lambda s, n, eye: s),), "diagonal"),
        ((bare_number,), "diagonal"),
        ((ridge_like(lambda s, n, eye: 2 * s * eye),), "counts double"),
        ((factor_on_one_side,), "counts double"),
        ((ridge_like(lambda s, n, eye: s / 2 * eye),), "half of what"),
        ((factor_on_the_other,), "half of what"),
        ((lambda phi, y, s: len(y) * ridge(phi, y, s),), "not phiᵀ y"),
        ((only_left_divided,), "not phiᵀ y"),
        ((only_right_divided,), "not phiᵀ phi"),
        (
            (lambda phi, y, s: sums_instead_of_means(phi, y / len(y), s),),
            "not phiᵀ phi",
        ),
        ((ridge_like(lambda s, n, eye: -s * eye),), "sign is wrong"),
        ((minus,), "sign is wrong"),
        ((shrunk,), "uncorrelated"),
        ((shrunk_by_formula,), "uncorrelated"),
        ((lambda phi, y, s: phi @ ridge(phi, y, s),), "predictions"),
        ((lambda phi, y, s: np.dot(phi, with_more_rows(phi, y, s)),), "predictions"),
        ((column,), "in a column"),
        ((lambda phi, y, s: ridge(phi, y[:, None], s),), "in a column"),
        ((lambda phi, y, s: phi.T @ y,), "Solve (phiᵀ phi"),
        ((lambda phi, y, s: phi.T @ (phi @ ridge(phi, y, s) - y),), "Solve (phiᵀ phi"),
        ((lambda phi, y, s: ridge(phi, y, 0.5),), "Solve (phiᵀ phi"),
        ((other_strength_when_wide,), "features outnumber points"),
        ((least_squares_when_wide,), "features outnumber points"),
        ((lambda phi, y, s: 0.5,), "is a single number"),
        ((lambda phi, y, s: ridge(phi, y, s)[0],), "is a single number"),
        ((changes_y,), "changes `y` itself"),
        ((lambda phi, y, s: np.divide(y, 2, out=y),), "changes `y` itself"),
        ((changes_phi,), "changes `phi` itself"),
        ((lambda phi, y, s: np.divide(phi, 2, out=phi)[0],), "changes `phi` itself"),
        ((forgets,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((3,), "without brackets"),
        ((ridge(np.ones((2, 1)), np.ones(2), 1),), "without brackets"),
        ((first_one_free,), "Solve (phiᵀ phi"),
        ((lambda phi, y, s: ridge(phi, y, s**2),), "Solve (phiᵀ phi"),
        ((lambda phi, y, s: ridge(phi, y, 1),), "Solve (phiᵀ phi"),
    ],
    "52.2": [
        ((mask_of(scaled, training_only=False),), "unchanged"),
        ((always,), "unchanged"),
        ((mask_of(lambda x, m, r: x * m),), "not scaled"),
        ((not_divided,), "not scaled"),
        ((not_divided_where,), "not scaled"),
        ((mask_of(lambda x, m, r: x * m * (1 - r)),), "divide, so that"),
        (
            (lambda x, r, g, t: not_divided(x, r, g, t) * (1 - r * t),),
            "divide, so that",
        ),
        ((mask_of(lambda x, m, r: x * m / r),), "not by rate"),
        (
            (lambda x, r, g, t: not_divided(x, r, g, t) / (r if t else 1),),
            "not by rate",
        ),
        ((mask_of(lambda x, m, r: x * m * r),), "survivors by rate"),
        ((lambda x, r, g, t: not_divided(x, r, g, t) * r**t,), "survivors by rate"),
        ((mask_of(lambda x, m, r: x * m * 2),), "should become exactly"),
        ((mask_of(lambda x, m, r: x * m / (1 + r)),), "should become exactly"),
        ((keeps_rate,), "not to keep"),
        ((keeps_rate_by_binomial,), "not to keep"),
        ((mask_of(scaled, lambda x: x.shape[-1:]),), "same units"),
        ((one_mask_for_all,), "same units"),
        ((mask_of(scaled, lambda x: (len(x), 1)),), "Whole rows"),
        ((one_number_per_row,), "Whole rows"),
        ((mask_of(scaled, lambda x: (*x.shape[:2], 1)[: x.ndim]),), "Whole rows"),
        ((in_place,), "changes `x` itself"),
        ((in_place_product,), "changes `x` itself"),
        ((lambda x, r, g, t: x,), "Nothing was set"),
        ((one_draw,), "Nothing was set"),
        ((mask_of(lambda x, m, r: m / (1 - r)),), "the same number, 1 − rate"),
        ((lambda x, r, g, t: x / (1 - r) if t else x,), "Nothing was set"),
        ((everything,), "Everything was set"),
        ((lambda x, r, g, t: np.where(t, x * (r > 1), x),), "Everything was set"),
        ((own_seed,), "same units: draw the mask anew"),
        ((own_seed_in_line,), "same units: draw the mask anew"),
        ((global_chance,), "take all chance from `rng`"),
        ((global_generator,), "take all chance from `rng`"),
        ((exactly,), "its own chance"),
        ((exactly_by_choice,), "its own chance"),
        ((scaled_at_inference,), "is scaled"),
        ((lambda x, r, g, t: dropout(x, r, g, t) * (1 - r * (not t)),), "is scaled"),
        ((lambda x, r, g, t: dropout(x, r, g, t) if t else x - r * x,), "is scaled"),
        ((divided_always,), "so nothing is divided"),
        (
            (lambda x, r, g, t: not_divided(x, r, g, t) / (1 - r),),
            "so nothing is divided",
        ),
        ((half_always,), "about a quarter"),
        ((half_by_default,), "about a quarter"),
        ((ignores_rate,), "three dimensions"),
        ((quarter_fixed,), "three dimensions"),
        ((at_least_a_tenth,), "With rate 0"),
        ((never_nothing,), "With rate 0"),
        ((survivors_apart,), "the same number, 1 − rate"),
        ((scaled_by_what_came,), "the same number, 1 − rate"),
        ((forgets,), "None"),
        ((prints,), "None"),
        ((lambda x, r, g, t: dropout(x, r, g, t)[0],), "has shape"),
        ((lambda x, r, g, t: dropout(x, r, g, t).ravel(),), "has shape"),
        ((0.25,), "without brackets"),
        ((dropout(np.ones(3), 0.5, OTHER, True),), "without brackets"),
        ((mean_for_zero,), "Nothing was set"),
        ((normal_numbers,), "about a quarter"),
        ((scaled_by_all_that_came,), "should become exactly"),
        ((mask_of(lambda x, m, r: x * m * 1.331),), "should become exactly"),
    ],
    "52.3": [
        (
            (lambda losses, patience: stop_from(losses, patience, 10.0),),
            "and return (best, epoch)",
        ),
        (
            (lambda losses, patience: stop_from(losses, patience, 99),),
            "and return (best, epoch)",
        ),
        ((lambda losses, patience: stop(losses, patience)[::-1],), "changed places"),
        ((lambda x, p: (stop(x, p)[1], stop(x, p)[0]),), "changed places"),
        ((lambda losses, patience: np.add(stop(losses, patience), 1),), "from 0"),
        ((lambda x, p: tuple(epoch + 1 for epoch in counted(x, p)),), "from 0"),
        ((never_stops,), "bring no new best: with"),
        ((never_breaks,), "bring no new best: with"),
        ((lambda x, p: (np.argmin(x), stop(x, p)[1]),), "into the future"),
        ((lambda x, p: (x.index(min(x)), stop(x, p)[1]),), "into the future"),
        ((lambda x, p: (stop(x, p)[0], len(x) - 1),), "training stops: epochs"),
        ((lambda x, p: [counted(x, p)[0], len(x) - 1],), "training stops: epochs"),
        ((lambda losses, patience: stop(losses, patience - 1),), "Too impatient"),
        ((counts_itself,), "Too impatient"),
        ((stop_when(less, 1),), "Too patient"),
        ((more_than_patience,), "Too patient"),
        ((stop_when(lambda x, now, best: x[now] < x[now - 1]),), "epoch before"),
        ((against_the_last,), "epoch before"),
        ((lambda losses, patience: [stop(losses, patience)[1]] * 2,), "lowest loss"),
        ((lambda x, p: (counted(x, p)[1], counted(x, p)[1]),), "lowest loss"),
        (
            (stop_when(lambda x, now, best: x[now] <= x[best]),),
            "Equal is no improvement",
        ),
        ((equal_counts,), "Equal is no improvement"),
        ((no_reset,), "anew after each"),
        ((no_reset_with_infinity,), "anew after each"),
        ((lambda x, p: (x[stop(x, p)[0]], stop(x, p)[1]),), "lowest loss; return the"),
        ((lambda x, p: (min(x[: stop(x, p)[1]]), stop(x, p)[1]),), "loss; return the"),
        ((lambda x, p: (np.min(x[:6]), stop(x, p)[1]),), "lowest loss; return the"),
        ((lambda x, p: [min(x[:5]), stop(x, p)[1]],), "loss; return the"),
        ((lambda losses, patience: stop(losses, patience)[0],), "best epoch only"),
        ((lambda losses, patience: counted(losses, patience)[:1],), "best epoch only"),
        ((lambda losses, patience: stop(losses, patience)[1],), "last epoch only"),
        ((lambda losses, patience: counted(losses, patience)[1:],), "last epoch only"),
        ((lambda losses, patience: stop(losses, 3),), "as soon as epoch"),
        ((lambda losses, patience: 99,), "as soon as epoch"),
        ((last_is_the_length,), "If it never stops"),
        ((nothing_if_never,), "If it never stops"),
        ((one_if_never,), "If it never stops"),
        ((sorts,), "changes `losses` itself"),
        ((pops,), "changes `losses` itself"),
        ((forgets,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        (((1, 3),), "without brackets"),
        ((stop([5, 4, 6, 4, 3], 2),), "without brackets"),
        ((clear_improvement,), "however little"),
        ((stop_when(lambda x, now, best: x[now] < 0.99 * x[best]),), "however little"),
        ((lambda x, p: (stop(x, p)[0], stop(x, p)[1] + 1),), "number of epochs"),
        (
            (lambda x, p: (stop(x, p)[0], len(x[: stop(x, p)[1] + 1])),),
            "number of epochs",
        ),
        ((last_of_equals,), "Equal is no improvement"),
        ((best_kept,), "as soon as epoch"),
        ((lambda losses, patience: stop(losses, 2),), "Too impatient"),
    ],
    "52.4": [
        ((as_before,), "Still a leak"),
        ((as_the_colleague,), "Still a leak"),
        ((trains_on_all,), "Still a leak"),
        ((prepare(val=shifted),), "augmented, too"),
        ((both_shifted,), "augmented, too"),
        ((prepare(train=plain),), "not augmented"),
        ((only_split,), "not augmented"),
        ((prepare(train=repeated),), "do not repeat"),
        ((nine_of_few,), "do not repeat"),
        ((prepare(train=noisy),), "without noise"),
        ((prepare(train=shifted_and_brighter),), "without noise"),
        ((prepare(train=rolled),), "np.roll brings in"),
        ((prepare(train=rolled_in_two_steps),), "np.roll brings in"),
        ((val_moved,), "neither shifted nor changed"),
        ((val_noisy,), "neither shifted nor changed"),
        ((with_repetition,), "comes twice"),
        ((choice_with_repetition,), "comes twice"),
        ((one_too_many,), "validation images, not"),
        ((sizes_swapped,), "validation images, not"),
        ((eight_shifts,), "nine shifts of 4 make 36"),
        ((originals_added,), "nine shifts of 4 make 36"),
        ((prepare(order=lambda rng, n: np.arange(n)),), "at random"),
        ((first_ones,), "at random"),
        ((global_order,), "at random"),
        (
            (prepare(order=lambda rng, n: np.random.permutation(n)),),
            "all chance from `rng`",
        ),
        (
            (lambda x, y, n, rng: prepare_fixed(x, y, n, OTHER),),
            "all chance from `rng`",
        ),
        ((shuffled_apart,), "belong together"),
        ((labels_in_the_old_order,), "belong together"),
        ((other_order,), "order is x_train"),
        ((flat,), "order is x_train"),
        ((labels_missing,), "one label"),
        ((labels_not_repeated,), "one label"),
        ((lambda x, y, n_val, rng: x,), "four arrays"),
        ((pairs,), "four arrays"),
        ((shuffles_x,), "changes `x` itself"),
        ((scales_x,), "changes `x` itself"),
        ((other_images,), "neither one of x"),
        ((other_scale,), "neither one of x"),
        ((forgets,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((12,), "without brackets"),
        (
            (prepare_fixed(np.ones((4, 8, 8)), np.ones(4), 2, OTHER),),
            "without brackets",
        ),
        ((prepare(train=shifted_twice),), "shift once only"),
        ((prepare(train=lambda x, y: shifted(*rolled(x, y))),), "shift once only"),
        ((first_ones_shuffled,), "at random"),
    ],
}
