"""Right and wrong answers of lesson 35, with a piece of the hint that must come."""

import functools

import keras
import numpy as np
from keras import layers


def forgets_return(*arguments):
    list(arguments)


def prints(*arguments):
    print(len(arguments))


# ── 35.1 ────────────────────────────────────────────────────────────────────────


def batch_norm(x, mean, variance, training, momentum=0.9):
    used = mean, variance
    if training:
        used = x.mean(axis=0), x.var(axis=0)
        mean = momentum * mean + (1 - momentum) * used[0]
        variance = momentum * variance + (1 - momentum) * used[1]
    return (x - used[0]) / np.sqrt(used[1] + 0.001), mean, variance


def step_by_step(x, mean, variance, training, momentum=0.9):
    if not training:
        return [(x - mean) * (variance + 1e-3) ** -0.5, mean, variance]
    m, v = np.mean(x, 0), np.mean((x - np.mean(x, 0)) ** 2, 0)
    new_mean = mean + (1 - momentum) * (m - mean)
    new_variance = variance - (1 - momentum) * (variance - v)
    return [(x - m) / np.sqrt(v + 1e-3), new_mean, new_variance]


def unit_by_unit(x, mean, variance, training, momentum=0.9):
    columns, means, variances = [], [], []
    for column, m, v in zip(x.T, mean, variance, strict=True):
        m_used, v_used = (column.mean(), column.var()) if training else (m, v)
        columns.append((column - m_used) / np.sqrt(v_used + 0.001))
        means.append(momentum * m + (1 - momentum) * m_used if training else m)
        variances.append(momentum * v + (1 - momentum) * v_used if training else v)
    return np.array(columns).T, means, variances


def bn(normal, move=None, inference=None):
    """Return a batch_norm made of rules for what is normalized and how averages move."""

    def rule(x, mean, variance, training, momentum=0.9):
        m, v = x.mean(axis=0), x.var(axis=0)
        after = (
            momentum * mean + (1 - momentum) * m,
            (momentum * variance + (1 - momentum) * v),
        )
        if not training:
            if inference:
                return inference(x, m, v, mean, variance, after)
            return (x - mean) / np.sqrt(variance + 0.001), mean, variance
        means = after
        if move:
            means = move(mean, m, momentum), move(variance, v, momentum)
        return (normal(x, m, v, mean, variance, after), *means)

    return rule


def usual(x, m, v, *others):
    return (x - m) / np.sqrt(v + 0.001)


def keeps_training_mode(x, mean, variance, training, momentum=0.9):
    return batch_norm(x, mean, variance, True, momentum)


def always_moves(x, m, v, mean, variance, after):
    return (x - mean) / np.sqrt(variance + 0.001), *after


def changes_places(x, mean, variance, training, momentum=0.9):
    z, new_mean, new_variance = batch_norm(x, mean, variance, training, momentum)
    return z, new_variance, new_mean


def averages_the_deviation(x, mean, variance, training, momentum=0.9):
    z, new_mean, kept = batch_norm(x, mean, variance, training, momentum)
    if training:
        kept = momentum * variance + (1 - momentum) * np.std(x, axis=0)
    return z, new_mean, kept


def ignores_momentum(x, mean, variance, training, momentum=0.9):
    return batch_norm(x, mean, variance, training)


# ── 35.2 ────────────────────────────────────────────────────────────────────────


def residual_block(h, width):
    z = layers.BatchNormalization(momentum=0.9)(h)
    z = layers.Dense(width)(layers.ReLU()(z))
    return layers.Add()([h, z])


def with_plus(h, width):
    z = layers.BatchNormalization(momentum=0.9)(h)
    z = layers.Activation("relu")(z)
    return h + layers.Dense(width)(z)


def with_ops(h, width):
    shortcut = h
    h = keras.ops.relu(layers.BatchNormalization(axis=-1, momentum=0.9)(h))
    h = layers.Dense(width, activation=None)(h)
    return layers.add([h, shortcut])


def in_an_inner_model(h, width):
    inner = keras.Sequential([
        layers.BatchNormalization(momentum=0.9), layers.ReLU(), layers.Dense(width)
    ])  # fmt: skip
    return h + inner(h)


def block(chain, join):
    """Return a block of a chain of n(orm), r(elu) and d(ense), joined with its input."""

    def build(h, width):
        z, seen = h, {}
        for step in chain:
            if step == "n":
                z = layers.BatchNormalization(momentum=0.9)(z)
            elif step == "r":
                z = layers.ReLU()(z)
            else:
                z = layers.Dense(width)(z)
            seen[step] = z
        return join(h, z, seen)

    return build


def total(h, z, seen):
    return h + z


def added(h, z, seen):
    return layers.Add()([h, z])


def other_block(
    width_of=lambda w: w, momentum=0.9, bias=True, norms=1, dense=1, **more
):
    def build(h, width):
        z = h
        for _ in range(norms):
            z = layers.BatchNormalization(momentum=momentum, **more)(z)
        z = layers.ReLU()(z)
        for _ in range(dense):
            z = layers.Dense(width_of(width), use_bias=bias)(z)
        return z if width_of(width) != width else h + z

    return build


# ── 35.5 ────────────────────────────────────────────────────────────────────────


def multiply_adds(rows):
    return sum(s**2 * k**2 * a * b * n for s, k, a, b, n in rows)


def in_a_loop(rows):
    result = 0
    for side, kernel, c_in, c_out, times in rows:
        result += side * side * kernel * kernel * c_in * c_out * times
    return result


def with_numpy(rows):
    side, kernel, c_in, c_out, times = np.array(rows).T
    return np.dot((side * kernel) ** 2 * c_in, c_out * times)


def counting(rule):
    return lambda rows: sum(rule(*row) for row in rows)


def counting_in_a_loop(rule):
    def count(rows):
        result = 0
        for row in rows:
            result += rule(*row)
        return result

    return count


def twice(rule, fragment):
    return [((counting(rule),), fragment), ((counting_in_a_loop(rule),), fragment)]


def returns_in_the_loop(rows):
    for row in rows:
        return multiply_adds([row])


def keeps_the_last(rows):
    for row in rows:
        result = multiply_adds([row])
    return result


# ── 35.4 ────────────────────────────────────────────────────────────────────────


def mend(model, x):
    for _ in range(300):
        model(x, training=True)


def freezes_first(model, x):
    for layer in model.layers:
        if isinstance(layer, layers.Dense):
            layer.trainable = False
    mend(model, x)


def freezes_the_model(model, x):
    model.trainable = False
    mend(model, x)


def freezes_every_layer(model, x):
    for layer in model.layers:
        layer.trainable = False
    mend(model, x)


def without_momentum(model, x):
    norms = [q for q in model.layers if isinstance(q, layers.BatchNormalization)]
    for norm in norms:
        norm.momentum = 0.0
    model(x, training=True)
    for norm in norms:
        norm.momentum = 0.99


def by_hand(model, x):
    h = keras.ops.convert_to_tensor(x)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            mean, variance = keras.ops.moments(h, axes=0)
            layer.moving_mean.assign(mean)
            layer.moving_variance.assign(variance)
        h = layer(h, training=False) if hasattr(layer, "moving_mean") else layer(h)


def calls(times, training=True, part=None):
    def repair(model, x):
        for _ in range(times):
            model(x if part is None else x[:part], training=training)

    return repair


def calls_while(times, training=True):
    def repair(model, x):
        done = 0
        while done < times:
            model(x, training=training)
            done += 1

    return repair


def fits(model, x):
    model.fit(x, np.zeros((len(x), model.output_shape[-1])), epochs=1, verbose=0)


def trains_a_batch(model, x):
    for _ in range(3):
        model.train_on_batch(x, np.ones((len(x), model.output_shape[-1])))


def resets_gamma(model, x):
    calls(300)(model, x)
    for variable in model.trainable_variables:
        variable.assign(0.9 * variable)


def random_weights(model, x):
    model.set_weights([w + 0.1 for w in model.get_weights()])


def slices_of_250(model, x):
    for _ in range(25):
        for first in range(0, 3000, 250):
            model(x[first : first + 250], training=True)


def empty_calls(model, x):
    model(np.split(x, [0])[0], training=True)


def sets_zero(model, x):
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.moving_mean.assign(0 * layer.moving_mean + x.mean())


def only_the_first(model, x):
    norm = model.layers[0]
    norm.moving_mean.assign(x.mean(axis=0))
    norm.moving_variance.assign(x.var(axis=0))


def predicts(model, x):
    model.predict(x, verbose=0)


def lowers_momentum(model, x):
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = 0.9


# ── 35.3 ────────────────────────────────────────────────────────────────────────


def gains_of_norm(trial):
    return (trial[1, 0] - trial[0, 0]).mean(), (trial[1, 1] - trial[0, 1]).mean()


def gains_by_mean(trial):
    mean = trial.mean(axis=-1)
    return mean[1] - mean[0]


def gains_in_a_loop(trial):
    gains = []
    for shortcut in (0, 1):
        without, having = trial[:, shortcut]
        gains.append(sum(having - without) / len(having))
    return gains


def gains_of_shortcut(trial):
    return [np.mean(trial[norm, 1] - trial[norm, 0]) for norm in (0, 1)]


def both_against_neither(trial):
    alone = np.mean(trial[1, 0] - trial[0, 0])
    return alone, np.mean(trial[1, 1]) - np.mean(trial[0, 0])


RIGHT = {
    "35.1": [(batch_norm,), (step_by_step,), (unit_by_unit,)],
    "35.2": [(residual_block,), (with_plus,), (with_ops,), (in_an_inner_model,)],
    "35.5": [(multiply_adds,), (in_a_loop,), (with_numpy,)],
    "35.4": [(mend,), (without_momentum,), (by_hand,), (freezes_first,)],
    "35.3": [(gains_of_norm,), (gains_by_mean,), (gains_in_a_loop,)],
}

WRONG = {
    "35.1": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((lambda x, mean, variance, training, momentum=0.9: x - mean,), "three things"),
        ((lambda *a, **k: batch_norm(*a, **k)[:2],), "three things"),
        ((bn(lambda x, m, v, mean, variance, after: usual(x, mean, variance)),),
         "not with the moving ones"),
        ((lambda x, mean, variance, training, momentum=0.9: (
            usual(x, mean, variance),
            *batch_norm(x, mean, variance, training, momentum)[1:]),),
         "not with the moving ones"),
        ((bn(lambda x, m, v, mean, variance, after: usual(x, *after)),), "after the update"),
        ((lambda x, mean, variance, training, momentum=0.9: (
            usual(x, *batch_norm(x, mean, variance, training, momentum)[1:]),
            *batch_norm(x, mean, variance, training, momentum)[1:]),), "after the update"),
        ((keeps_training_mode,), "normalize with the moving averages, not"),
        ((bn(usual, inference=lambda x, m, v, *rest: (usual(x, m, v), *rest[:2])),),
         "normalize with the moving averages, not"),
        ((bn(lambda x, m, v, *rest: (x - m) / np.sqrt(v)),), "Add epsilon"),
        ((bn(lambda x, m, v, *rest: (x - m) / x.std(axis=0)),), "Add epsilon"),
        ((bn(lambda x, m, v, *rest: (x - m) / (np.sqrt(v) + 0.001)),), "not behind the root"),
        ((bn(lambda x, m, v, *rest: (x - m) / (x.std(0) + 1e-3)),), "not behind the root"),
        ((bn(lambda x, m, *rest: usual(x, m, x.var(0, ddof=1))),), "ddof=1"),
        ((bn(lambda x, m, v, *rest: usual(x, m, v * len(x) / (len(x) - 1))),), "ddof=1"),
        ((bn(lambda x, m, v, *rest: (x - m) / (v + 0.001)),), "take its root"),
        ((bn(lambda x, m, v, *rest: (x - m) * (1 / (x.var(0) + 0.001))),), "take its root"),
        ((bn(lambda x, m, v, *rest: x - m),), "now divide"),
        ((bn(lambda x, m, v, *rest: np.subtract(x, x.mean(0))),), "now divide"),
        ((bn(lambda x, *rest: (x - x.mean()) / np.sqrt(x.var() + 0.001)),), "all units"),
        ((bn(lambda x, *rest: (x - np.mean(x)) / (np.var(x) + 0.001) ** 0.5),), "all units"),
        ((bn(lambda x, *rest: usual(
            x, x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True))),), "axis 1"),
        ((bn(lambda x, *rest: usual(x.T, x.T.mean(axis=0), x.T.var(axis=0)).T),), "axis 1"),
        ((bn(lambda x, *rest: x - x.mean(axis=1)),), "do not fit each other"),
        ((bn(lambda x, *rest: usual(x, x.mean(1), x.var(1))),), "do not fit each other"),
        ((bn(usual, lambda old, new, m: old),), "must move"),
        ((bn(usual, lambda old, new, m: 1.0 * old),), "must move"),
        ((bn(usual, lambda old, new, m: m * new + (1 - m) * old),), "changed places"),
        ((bn(usual, lambda old, new, m: new + (1 - m) * (old - new)),), "changed places"),
        ((bn(usual, lambda old, new, m: new),), "only a part of the way"),
        ((bn(usual, lambda old, new, m: new * 1.0),), "only a part of the way"),
        ((bn(usual, lambda old, new, m: old + (1 - m) * new),), "multiplied by the momentum"),
        ((bn(usual, lambda old, new, m: old + new - m * new),), "multiplied by the momentum"),
        ((changes_places,), "have changed places"),
        ((lambda *a, **k: tuple(batch_norm(*a, **k)[i] for i in (0, 2, 1)),),
         "have changed places"),
        ((averages_the_deviation,), "not its standard deviation"),
        ((lambda x, mean, variance, training, momentum=0.9: (
            *batch_norm(x, mean, variance, training, momentum)[:2],
            momentum * variance + (1 - momentum) * x.var(0) ** 0.5),),
         "not its standard deviation"),
        ((ignores_momentum,), "not 0.9"),
        ((bn(usual, lambda old, new, m: 0.9 * old + 0.1 * new),), "not 0.9"),
        ((bn(usual, inference=always_moves),), "must stay as it is"),
        ((lambda x, mean, variance, training, momentum=0.9: (
            batch_norm(x, mean, variance, training)[0],
            *batch_norm(x, mean, variance, True, momentum)[1:]),), "must stay as it is"),
        ((bn(usual, inference=lambda x, m, v, mean, variance, after: (
            usual(x, mean, variance), m, v)),), "that came in"),
        ((bn(usual, inference=lambda x, m, v, mean, variance, after: [
            usual(x, mean, variance), x.mean(0), x.var(0)]),), "that came in"),
        ((bn(usual, lambda old, new, m: m * old + new),), "and only in training"),
        ((bn(usual, lambda old, new, m: (old + new) / 2),), "and only in training"),
        ((0.9,), "function itself"),
        ((batch_norm(np.ones((2, 1)), np.zeros(1), np.ones(1), True),), "function itself"),
    ],
    "35.2": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((lambda h, width: width,), "Return the new h"),
        ((lambda h, width: np.ones(width),), "Return the new h"),
        ((lambda h, width: keras.Input((width,)),), "Return the new h"),
        ((lambda h, width: residual_block(keras.Input((width,)), width),),
         "Return the new h"),
        ((block("rd", total),), "one BatchNormalization"),
        ((other_block(norms=2),), "one BatchNormalization"),
        ((block("nr", total),), "one Dense"),
        ((other_block(dense=2),), "one Dense"),
        ((other_block(lambda width: 4),), "should have"),
        ((other_block(lambda width: width + 1),), "should have"),
        ((other_block(momentum=0.99),), "momentum of 0.9"),
        ((other_block(momentum=0.1),), "momentum of 0.9"),
        ((other_block(bias=False),), "Leave the Dense"),
        ((other_block(scale=False, bias=False),), "Leave the Dense"),
        ((block("nrd", lambda h, z, seen: z),), "shortcut is missing"),
        ((lambda h, w: layers.Dense(w)(layers.ReLU()(
            layers.BatchNormalization(momentum=0.9)(h))),), "shortcut is missing"),
        ((block("nrd", lambda h, z, seen: z + z),), "is lost"),
        ((block("nrd", lambda h, z, seen: layers.Add()([z, z])),), "is lost"),
        ((block("nrd", lambda h, z, seen: layers.ReLU()(h + z)),), "ReLU behind the sum"),
        ((block("nrd", lambda h, z, seen: keras.ops.relu(z + h)),), "ReLU behind the sum"),
        ((block("nd", total),), "ReLU is missing"),
        ((block("nd", added),), "ReLU is missing"),
        ((block("ndr", total),), "follows Dense"),
        ((lambda h, w: h + layers.Dense(w, activation="relu")(
            layers.BatchNormalization(momentum=0.9)(h)),), "follows Dense"),
        ((block("nrdr", total),), "has an activation"),
        ((block("nrdr", added),), "has an activation"),
        ((block("rnd", total),), "other way round"),
        ((block("rnd", added),), "other way round"),
        ((block("dnr", total),), "Dense layer comes last"),
        ((block("dnr", added),), "Dense layer comes last"),
        ((block("rdn", total),), "Norm comes first"),
        ((block("drn", added),), "Norm comes first"),
        ((block("nrd", lambda h, z, seen: seen["n"] + z),), "behind the norm"),
        ((block("nrd", lambda h, z, seen: layers.Add()([seen["n"], z])),), "behind the norm"),
        ((block("nrd", lambda h, z, seen: seen["r"] + z),), "behind norm and ReLU"),
        ((block("nrd", lambda h, z, seen: layers.Add()([z, seen["r"]])),),
         "behind norm and ReLU"),
        ((block("nrd", lambda h, z, seen: h - z),), "do not subtract"),
        ((block("nrd", lambda h, z, seen: layers.Subtract()([h, z])),), "do not subtract"),
        ((block("nrd", lambda h, z, seen: h * z),), "do not multiply"),
        ((block("nrd", lambda h, z, seen: layers.Multiply()([h, z])),), "do not multiply"),
        ((block("nrd", lambda h, z, seen: h + 2 * z),), "The order is"),
        ((block("nrd", lambda h, z, seen: layers.Average()([h, z])),), "The order is"),
        ((7,), "function itself"),
        (("block",), "function itself"),
    ],
    "35.5": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        *twice(lambda s, k, a, b, n: k * k * a * b * n, "counts the weights"),
        *twice(lambda s, k, a, b, n: s * k * k * a * b * n, "square the side"),
        *twice(lambda s, k, a, b, n: s * k * a * b * n, "Both are areas"),
        *twice(lambda s, k, a, b, n: s * s * k * a * b * n, "kernel is k · k"),
        *twice(lambda s, k, a, b, n: s * s * k * k * a * b, "multiply by times"),
        *twice(lambda s, k, a, b, n: s * s * k * k * b * n, "multiply by c_in"),
        *twice(lambda s, k, a, b, n: s * s * k * k * a * n, "multiply by c_out"),
        *twice(lambda s, k, a, b, n: s * s * (k * k * a + 1) * b * n, "biases out"),
        *twice(lambda s, k, a, b, n: s * s * k * k * (a + b) * n, "in and out multiply"),
        *twice(lambda s, k, a, b, n: 2 * s * s * k * k * a * b * n, "count it twice"),
        ((lambda rows: multiply_adds(rows) / 1e9,), "not billions"),
        ((lambda rows: 1e-9 * in_a_loop(rows),), "not billions"),
        ((returns_in_the_loop,), "first row only"),
        ((lambda rows: multiply_adds(rows[:1]),), "first row only"),
        ((keeps_the_last,), "last row only"),
        ((lambda rows: multiply_adds(rows[-1:]),), "last row only"),
        *twice(lambda s, k, a, b, n: s * s * k * k * a * b + n, "Per row"),
        ((3.6e9,), "function itself"),
        ((multiply_adds([(1, 1, 1, 1, 1)]),), "function itself"),
    ],
    "35.4": [
        ((forgets_return,), "never calls"),
        ((prints,), "never calls"),
        ((calls(300, training=False),), "never calls"),
        ((predicts,), "never calls"),
        ((freezes_the_model,), "do not freeze it"),
        ((freezes_every_layer,), "do not freeze it"),
        ((lowers_momentum,), "never calls"),
        ((calls_while(300, training=False),), "never calls"),
        ((fits,), "trained weight has changed"),
        ((trains_a_batch,), "trained weight has changed"),
        ((resets_gamma,), "trained weight has changed"),
        ((random_weights,), "trained weight has changed"),
        ((calls(1),), "on their way"),
        ((calls_while(1),), "on their way"),
        ((calls(48),), "on their way"),
        ((calls_while(100),), "on their way"),
        ((calls(300, part=4),), "with all of x"),
        ((sets_zero,), "with all of x"),
        ((slices_of_250,), "got no images"),
        ((empty_calls,), "got no images"),
        ((only_the_first,), "a hundredth"),
        ((calls(10, part=20),), "a hundredth"),
        ((functools.partial(lambda times, model, x: calls(times)(model, x), 20),),
         "how many calls"),
        ((calls_while(60),), "how many calls"),
        ((0.9,), "function itself"),
        ((300,), "function itself"),
    ],
    "35.3": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((lambda t: gains_of_norm(t)[::-1],), "changed places"),
        ((lambda t: (np.mean(t[1, 1] - t[0, 1]), np.mean(t[1, 0] - t[0, 0])),),
         "changed places"),
        ((lambda t: (np.mean(t[0, 0] - t[1, 0]), np.mean(t[0, 1] - t[1, 1])),),
         "not the other way round"),
        ((lambda t: (t[0] - t[1]).mean(axis=1),), "not the other way round"),
        ((both_against_neither,), "two things at once"),
        ((lambda t: [(t[1, 0] - t[0, 0]).mean(), (t[1, 1] - t[0, 0]).mean()],),
         "two things at once"),
        ((gains_of_shortcut,), "gains of the shortcut"),
        ((lambda t: (t[:, 1] - t[:, 0]).mean(axis=1),), "gains of the shortcut"),
        ((lambda t: (t[1, 0].mean(), t[1, 1].mean()),), "digits read with norm"),
        ((lambda t: t[1].mean(axis=-1),), "digits read with norm"),
        ((lambda t: t[1] - t[0],), "draw by draw"),
        ((lambda t: (t[1, 0] - t[0, 0], t[1, 1] - t[0, 1]),), "draw by draw"),
        ((lambda t: (max(t[1, 0]) - max(t[0, 0]), max(t[1, 1]) - max(t[0, 1])),),
         "the best draw"),
        ((lambda t: t[1].max(axis=1) - t[0].max(axis=1),), "the best draw"),
        ((lambda t: (t[1, 0, 0] - t[0, 0, 0], t[1, 1, 0] - t[0, 1, 0]),), "first draw"),
        ((lambda t: (t[1] - t[0])[:, 0],), "first draw"),
        ((lambda t: (t[1] - t[0]).sum(axis=1),), "You sum"),
        ((lambda t: (sum(t[1, 0] - t[0, 0]), sum(t[1, 1] - t[0, 1])),), "You sum"),
        ((lambda t: np.mean(t[1] - t[0]),), "one number for both"),
        ((lambda t: t[1].mean() - t[0].mean(),), "one number for both"),
        ((lambda t: np.mean(t[1, 0] - t[0, 0]),), "That is the first gain"),
        ((lambda t: t[1, 0].mean() - t[0, 0].mean(),), "That is the first gain"),
        ((lambda t: (np.median(t[1] - t[0], axis=1)),), "Each gain is a mean"),
        ((lambda t: gains_by_mean(t) / t[0].mean(axis=1),), "Each gain is a mean"),
        ((0.4,), "function itself"),
        ((gains_of_norm(np.ones((2, 2, 3))),), "function itself"),
    ],
}  # fmt: skip
