"""Right and wrong answers for lesson 25."""

import keras
import numpy as np
import tensorflow as tf

loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)


def forgets(*_):
    values = [0.1]
    values.append(0.2)


def prints(*_):
    print("done")


# ── 25.1 ────────────────────────────────────────────────────────────────────────


def train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True)) + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


def train_step_in_pairs(model, optimizer, x, y):
    variables = model.trainable_weights
    with tf.GradientTape() as tape:
        outputs = model(tf.constant(x), training=True)
        loss = tf.add_n([loss_fn(tf.constant(y), outputs), *model.losses])
    optimizer.apply_gradients(
        zip(tape.gradient(loss, variables), variables, strict=True)
    )
    return float(loss)


def train_step_by_name(model, optimizer, x, y):
    with tf.GradientTape(persistent=True) as tape:
        z = model(x, training=True)
        total = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z)
        )
        for penalty in model.losses:
            total += penalty
    optimizer.apply(tape.gradient(total, model.trainable_variables),
                    model.trainable_variables)  # fmt: skip
    return total.numpy()


def _step(training=True, penalties=1.0, steps=1, outside=0.0, give=lambda loss: loss):
    def step(model, optimizer, x, y):
        for _ in range(steps):
            with tf.GradientTape() as tape:
                loss = loss_fn(y, model(x, training=training))
                loss += penalties * sum(model.losses)
            told = loss + outside * sum(model.losses)
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
        return give(told)

    return step


def plain_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


def flag_forgotten(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x)) + sum(model.losses)
    optimizer.apply(
        tape.gradient(loss, model.trainable_variables), model.trainable_variables
    )
    return loss


def penalties_outside(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    total = loss + sum(model.losses)
    optimizer.apply(gradients, model.trainable_variables)
    return total


def penalties_too_late(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    loss += sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


def loss_too_late(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        outputs = model(x, training=True)
    loss = loss_fn(y, outputs) + sum(model.losses)
    variables = model.trainable_weights
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


def penalties_as_a_list(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True)) + model.losses
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


def loss_to_each_penalty(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
        total = sum(loss + penalty for penalty in model.losses)
    gradients = tape.gradient(total, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return total


def no_update(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True)) + sum(model.losses)
    tape.gradient(loss, model.trainable_variables)
    return loss


def only_the_loss(model, optimizer, x, y):
    return loss_fn(y, model(x, training=True)) + sum(model.losses)


def own_update(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True)) + sum(model.losses)
    variables = model.trainable_variables
    for variable, gradient in zip(
        variables, tape.gradient(loss, variables), strict=True
    ):
        variable.assign_sub(0.3 * gradient)
    return loss


def against_the_loss(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True)) + sum(model.losses)
    gradients = [-g for g in tape.gradient(loss, model.trainable_variables)]
    optimizer.apply(gradients, model.trainable_variables)
    return loss


def applied_twice(model, optimizer, x, y):
    train_step(model, optimizer, x, y)
    return train_step(model, optimizer, x, y)


def loss_after_the_step(model, optimizer, x, y):
    train_step(model, optimizer, x, y)
    return loss_fn(y, model(x, training=True)) + sum(model.losses)


def loss_without_dropout_after(model, optimizer, x, y):
    train_step(model, optimizer, x, y)
    return loss_fn(y, model(x)) + sum(model.losses)


def penalties_twice(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True)) + sum(model.losses)
        loss = loss + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


# ── 25.2 ────────────────────────────────────────────────────────────────────────


def mended_loss(y, z):
    y = tf.reshape(y, (-1, 1))
    terms = tf.maximum(z, 0.0) - y * z + tf.math.log1p(tf.exp(-tf.abs(z)))
    return tf.reduce_mean(terms)


def mended_flat(y, z):
    y, z = np.ravel(y), np.ravel(z)
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def mended_by_keras(y, z):
    return loss_fn(np.asarray(y).reshape(-1, 1), z)


def _loss(terms=None, y_shape=(-1, 1), z_shape=(-1, 1), end=np.mean):
    """A loss with another formula, other shapes or another end."""

    def right(y, z):
        return np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))

    def loss(y, z):
        y = y if y_shape is None else y.reshape(y_shape)
        z = z if z_shape is None else z.reshape(z_shape)
        return end((terms or right)(y, z))

    return loss


def own_loss(y, z):
    terms = tf.maximum(z, 0.0) - y * z + tf.math.log1p(tf.exp(-tf.abs(z)))
    return tf.reduce_mean(terms)


def with_a_new_axis(y, z):
    y = y[:, None]
    terms = tf.maximum(z, 0.0) - y * z + tf.math.log1p(tf.exp(-tf.abs(z)))
    return tf.reduce_mean(terms)


def scores_squeezed(y, z):
    z = z[:, 0]
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def summed(y, z):
    y = tf.reshape(y, (-1, 1))
    return tf.reduce_sum(tf.maximum(z, 0.0) - y * z + tf.math.log1p(tf.exp(-tf.abs(z))))


def one_each(y, z):
    y = tf.reshape(y, (-1, 1))
    return tf.maximum(z, 0.0) - y * z + tf.math.log1p(tf.exp(-tf.abs(z)))


def plus_sign(y, z):
    y = tf.reshape(y, (-1, 1))
    terms = tf.maximum(z, 0.0) + y * z + tf.math.log1p(tf.exp(-tf.abs(z)))
    return tf.reduce_mean(terms)


def turned_round(y, z):
    return loss_fn(1 - y.reshape(-1, 1), z)


def sigmoid_first(y, z):
    return mended_loss(y, tf.sigmoid(z))


def squared(y, z):
    return tf.reduce_mean((tf.reshape(y, (-1, 1)) - tf.sigmoid(z)) ** 2)


def through_a_sigmoid(y, z):
    p = tf.sigmoid(z)
    y = tf.reshape(y, (-1, 1))
    return -tf.reduce_mean(y * tf.math.log(p) + (1 - y) * tf.math.log(1 - p))


def through_an_exponential(y, z):
    y, z = np.reshape(y, (-1, 1)), np.asarray(z)
    with np.errstate(all="ignore"):
        return np.mean(np.log(1 + np.exp(z)) - y * z)


# ── 25.3 ────────────────────────────────────────────────────────────────────────


def snapshot(model, optimizer, epoch):
    return {
        "model": [v.numpy() for v in model.variables],
        "optimizer": [v.numpy() for v in optimizer.variables],
        "epoch": epoch,
    }


def restore(state, model, optimizer):
    for part, owner in (("model", model), ("optimizer", optimizer)):
        for variable, value in zip(owner.variables, state[part], strict=True):
            variable.assign(value)
    return state["epoch"]


def snapshot_in_a_row(model, optimizer, epoch):
    both = [*model.variables, *optimizer.variables]
    return {"epoch": epoch} | {
        f"v{i}": keras.ops.convert_to_numpy(v).copy() for i, v in enumerate(both)
    }


def restore_in_a_row(state, model, optimizer):
    for i, variable in enumerate([*model.variables, *optimizer.variables]):
        variable.assign(state[f"v{i}"])
    return state["epoch"]


def snapshot_by_parts(model, optimizer, epoch):
    more = [v.numpy() for v in model.non_trainable_variables]
    trained = [np.array(v) for v in model.get_weights()]
    return trained, more, [tf.identity(v.value) for v in optimizer.variables], epoch


def restore_by_parts(state, model, optimizer):
    weights, more, moments, epoch = state
    model.set_weights(weights)
    for v, value in zip(model.non_trainable_variables, more, strict=True):
        v.assign(value)
    for v, value in zip(optimizer.variables, moments, strict=True):
        v.assign(value)
    return int(epoch)


def live(model, optimizer, epoch):
    return {"model": model.variables, "optimizer": optimizer.variables, "epoch": epoch}


def live_objects(model, optimizer, epoch):
    return {"model": model, "optimizer": optimizer, "epoch": epoch}


def restore_objects(state, model, optimizer):
    model.set_weights(state["model"].get_weights())
    for v, value in zip(optimizer.variables, state["optimizer"].variables, strict=True):
        v.assign(value)
    return state["epoch"]


def only_weights(model, optimizer, epoch):
    return {"model": model.get_weights(), "epoch": epoch}


def restore_weights(state, model, optimizer):
    model.set_weights(state["model"])
    return state["epoch"]


def _restore(
    model_too=True, optimizer_too=True, skip=0, give=lambda state: state["epoch"]
):
    def restore(state, model, optimizer):
        if model_too:
            for variable, value in zip(model.variables, state["model"], strict=True):
                variable.assign(value)
        if optimizer_too:
            pairs = list(zip(optimizer.variables, state["optimizer"], strict=True))
            for variable, value in pairs[skip:]:
                variable.assign(value)
        return give(state)

    return restore


def weights_and_optimizer(model, optimizer, epoch):
    return {
        "model": model.get_weights(),
        "optimizer": [v.numpy() for v in optimizer.variables],
        "epoch": epoch,
    }


def restore_weights_and_optimizer(state, model, optimizer):
    model.set_weights(state["model"])
    for variable, value in zip(optimizer.variables, state["optimizer"], strict=True):
        variable.assign(value)
    return state["epoch"]


def trainable_only(model, optimizer, epoch):
    return {
        "model": [v.numpy() for v in model.trainable_variables],
        "optimizer": [v.numpy() for v in optimizer.variables],
        "epoch": epoch,
    }


def restore_trainable(state, model, optimizer):
    for variable, value in zip(model.trainable_variables, state["model"], strict=True):
        variable.assign(value)
    for variable, value in zip(optimizer.variables, state["optimizer"], strict=True):
        variable.assign(value)
    return state["epoch"]


def snapshot_by_place(model, optimizer, epoch):
    state = model.layers[2].seed_generator.state.numpy()
    return weights_and_optimizer(model, optimizer, epoch) | {"chance": state}


def snapshot_with_chance(model, optimizer, epoch):
    chance = model.non_trainable_variables[0].numpy()
    return weights_and_optimizer(model, optimizer, epoch) | {"chance": chance}


def restore_by_place(state, model, optimizer):
    model.layers[2].seed_generator.state.assign(state["chance"])
    return restore_weights_and_optimizer(state, model, optimizer)


def assigns_nothing(state, model, optimizer):
    weights = model.get_weights()
    weights[:] = state["model"][: len(weights)]
    return state["epoch"]


KEPT = {}


def snapshot_outside(model, optimizer, epoch):
    KEPT.update(snapshot(model, optimizer, epoch))
    return {"epoch": epoch}


def restore_outside(state, model, optimizer):
    restore(KEPT, model, optimizer)
    return state["epoch"]


# ── 25.4 ────────────────────────────────────────────────────────────────────────


def clip(gradients, limit):
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in gradients))
    factor = limit / max(norm, limit)
    return [factor * np.asarray(g) for g in gradients]


def clip_by_tensorflow(gradients, limit):
    clipped, _ = tf.clip_by_global_norm(list(gradients), limit)
    return clipped


def clip_in_a_row(gradients, limit):
    norm = np.linalg.norm(np.concatenate([np.ravel(g) for g in gradients]))
    if norm <= limit:
        return tuple(gradients)
    return tuple(g * limit / norm for g in gradients)


def _norm(gradients):
    return np.sqrt(sum((g**2).sum() for g in gradients))


def each_by_itself(gradients, limit):
    return [g * min(1, limit / np.linalg.norm(g.ravel())) for g in gradients]


def each_by_keras(gradients, limit):
    return [tf.clip_by_norm(g, limit) for g in gradients]


def by_value(gradients, limit):
    return [np.clip(g, -limit, limit) for g in gradients]


def by_value_in_tensorflow(gradients, limit):
    return [tf.clip_by_value(g, -limit, limit) for g in gradients]


def no_root(gradients, limit):
    norm = sum(np.sum(g**2) for g in gradients)
    return [g * min(1, limit / norm) for g in gradients]


def no_root_in_a_row(gradients, limit):
    numbers = np.concatenate([g.ravel() for g in gradients])
    return [g * min(1, limit / (numbers @ numbers)) for g in gradients]


def sizes(gradients, limit):
    norm = sum(np.abs(g).sum() for g in gradients)
    return [g * min(1, limit / norm) for g in gradients]


def sizes_in_a_row(gradients, limit):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]), 1)
    return [limit / norm * g for g in gradients]


def by_the_largest(gradients, limit):
    return [
        g * min(1, limit / max(np.abs(h).max() for h in gradients)) for g in gradients
    ]


def by_the_largest_again(gradients, limit):
    top = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]), np.inf)
    return [g / max(top / limit, 1) for g in gradients]


def to_one(gradients, limit):
    norm = _norm(gradients)
    return [g / norm if norm > limit else g for g in gradients]


def to_one_always(gradients, limit):
    return [g / _norm(gradients) for g in gradients]


def lengthens(gradients, limit):
    return [g * limit / _norm(gradients) for g in gradients]


def lengthens_too(gradients, limit):
    factor = limit / np.sqrt(sum(np.sum(g * g) for g in gradients))
    return [factor * g for g in gradients]


def nothing_done(gradients, limit):
    return gradients


def max_instead(gradients, limit):
    return [g * max(1, limit / _norm(gradients)) for g in gradients]


def the_pair(gradients, limit):
    return tf.clip_by_global_norm(gradients, limit)


def the_pair_by_hand(gradients, limit):
    return clip(gradients, limit), _norm(gradients)


def one_array(gradients, limit):
    return np.concatenate([g.ravel() for g in clip(gradients, limit)])


def the_norm(gradients, limit):
    return min(_norm(gradients), limit)


RIGHT = {
    "25.1": [(train_step,), (train_step_in_pairs,), (train_step_by_name,),
             (tf.function(train_step),)],
    "25.2": [(mended_loss,), (mended_flat,), (mended_by_keras,),
             (lambda y, z: _loss()(y, z),)],
    "25.3": [(snapshot, restore), (snapshot_in_a_row, restore_in_a_row),
             (snapshot_by_parts, restore_by_parts)],
    "25.4": [(clip,), (clip_by_tensorflow,), (clip_in_a_row,)],
}  # fmt: skip

WRONG = {
    "25.1": [
        ((plain_step,), "That is plain_step"),
        ((_step(training=False, penalties=0.0),), "That is plain_step"),
        ((flag_forgotten,), "The flag is missing"),
        ((_step(training=False),), "The flag is missing"),
        ((penalties_outside,), "missing from the gradient"),
        ((_step(penalties=0.0),), "missing from the gradient"),
        ((penalties_too_late,), "No gradient arrives"),
        ((loss_too_late,), "No gradient arrives"),
        ((penalties_twice,), "added twice"),
        ((_step(penalties=2.0),), "added twice"),
        ((penalties_as_a_list,), "model.losses is a list"),
        ((loss_to_each_penalty,), "model.losses is a list"),
        ((no_update,), "No weight has moved"),
        ((only_the_loss,), "No weight has moved"),
        ((applied_twice,), "two steps for one batch"),
        ((_step(steps=2),), "two steps for one batch"),
        ((own_update,), "Compare with plain_step"),
        ((against_the_loss,), "Compare with plain_step"),
        ((_step(give=lambda loss: None),), "nothing back"),
        ((_step(give=prints),), "nothing back"),
        ((_step(outside=-1.0),), "with the penalties in it"),
        ((_step(outside=-1.0, give=float),), "with the penalties in it"),
        ((_step(give=lambda loss: (loss, 0)),), "a single number"),
        ((_step(give=lambda loss: "low"),), "a single number"),
        ((loss_after_the_step,), "from before the update"),
        ((loss_without_dropout_after,), "from before the update"),
    ],
    "25.2": [
        ((own_loss,), "Every score meets every label"),
        ((_loss(y_shape=None, z_shape=None),), "Every score meets every label"),
        ((_loss(y_shape=(1, -1)),), "Every score meets every label"),
        ((with_a_new_axis,), "Right for labels of shape (n,)"),
        ((scores_squeezed,), "Right for labels of shape (n,)"),
        ((summed,), "That is the sum"),
        ((_loss(end=np.sum),), "That is the sum"),
        ((one_each,), "one loss per picture"),
        ((_loss(end=lambda terms: terms),), "one loss per picture"),
        ((through_a_sigmoid,), "stays finite there"),
        ((through_an_exponential,), "stays finite there"),
        ((plus_sign,), "The sign"),
        ((_loss(lambda y, z: np.maximum(z, 0) + y * z + np.log1p(np.exp(-np.abs(z)))),),
         "The sign"),
        ((turned_round,), "the wrong way round"),
        ((_loss(lambda y, z: np.logaddexp(0, z) - (1 - y) * z),), "the wrong way round"),
        ((sigmoid_first,), "no sigmoid before the formula"),
        ((_loss(lambda y, z: np.logaddexp(0, _sigmoid(z)) - y * _sigmoid(z)),),
         "no sigmoid before the formula"),
        ((squared,), "a squared error"),
        ((_loss(lambda y, z: (_sigmoid(z) - y) ** 2),), "a squared error"),
    ],
    "25.3": [
        ((live, restore), "keep copies"),
        ((live_objects, restore_objects), "keep copies"),
        ((snapshot_outside, restore_outside), "keep copies"),
        ((only_weights, restore_weights), "The optimizer does not come back"),
        ((snapshot, _restore(optimizer_too=False)), "The optimizer does not come back"),
        ((snapshot, _restore(skip=2)), "The optimizer does not come back"),
        ((weights_and_optimizer, restore_weights_and_optimizer), "dropout's state is not"),
        ((trainable_only, restore_trainable), "dropout's state is not"),
        ((snapshot_by_place, restore_by_place), "which layer is the dropout"),
        ((snapshot_with_chance, restore_by_place), "which layer is the dropout"),
        ((snapshot, assigns_nothing), "The weights do not come back"),
        ((snapshot, _restore(model_too=False)), "The weights do not come back"),
        ((forgets, restore), "snapshot gives nothing back"),
        ((prints, restore), "snapshot gives nothing back"),
        ((snapshot, _restore(give=forgets)), "restore gives nothing back"),
        ((snapshot, _restore(give=prints)), "restore gives nothing back"),
        ((snapshot, _restore(give=lambda state: state)), "a single number"),
        ((snapshot, _restore(give=lambda state: "done")), "a single number"),
        ((snapshot, _restore(give=lambda state: state["epoch"] + 1)), "was taken at epoch"),
        ((snapshot, _restore(give=lambda state: 0)), "was taken at epoch"),
    ],
    "25.4": [
        ((each_by_itself,), "a norm of its own"),
        ((each_by_keras,), "a norm of its own"),
        ((by_value,), "Every number was cut"),
        ((by_value_in_tensorflow,), "Every number was cut"),
        ((no_root,), "The root is missing"),
        ((no_root_in_a_row,), "The root is missing"),
        ((sizes,), "You add up sizes"),
        ((sizes_in_a_row,), "You add up sizes"),
        ((by_the_largest,), "the largest number"),
        ((by_the_largest_again,), "the largest number"),
        ((to_one,), "That has the norm 1"),
        ((to_one_always,), "That has the norm 1"),
        ((lengthens,), "A short gradient was made longer"),
        ((lengthens_too,), "A short gradient was made longer"),
        ((nothing_done,), "Nothing was clipped"),
        ((max_instead,), "Nothing was clipped"),
        ((the_pair,), "That is a pair"),
        ((the_pair_by_hand,), "That is a pair"),
        ((forgets,), "nothing back"),
        ((prints,), "nothing back"),
        ((one_array,), "one array for each gradient"),
        ((the_norm,), "one array for each gradient"),
        ((lambda gradients, limit: [0.5 * g for g in gradients],), "The norm is"),
        ((lambda gradients, limit: [-g for g in clip(gradients, limit)],), "The norm is"),
    ],
}  # fmt: skip
