"""Right and wrong answers of lesson 34, with a piece of the hint that must come."""

import keras
import numpy as np
from keras import layers

SPARSE = "sparse_categorical_crossentropy"


def forgets_return(*arguments):
    list(arguments)


def prints(*arguments):
    print(len(arguments))


# ── 34.2 ────────────────────────────────────────────────────────────────────────


class Still(layers.Layer):
    def __init__(self, body):
        super().__init__()
        self.body = body

    def call(self, images):
        return self.body(images, training=False)


def transfer(source, n_classes):
    body = keras.Model(source.input, source.get_layer("features").output)
    body.trainable = False
    inputs = keras.Input(source.input_shape[1:])
    outputs = layers.Dense(n_classes, activation="softmax")(Still(body)(inputs))
    return keras.Model(inputs, outputs)


def of_eight_pixels(source, n_classes, shape=(8, 8, 1)):
    body = keras.Model(source.input, source.get_layer("features").output)
    body.trainable = False
    inputs = keras.Input(shape)
    outputs = layers.Dense(n_classes, activation="softmax")(Still(body)(inputs))
    return keras.Model(inputs, outputs)


class Reader(keras.Model):
    def __init__(self, source, n_classes):
        super().__init__()
        self.body = keras.Model(source.input, source.get_layer("features").output)
        self.body.trainable = False
        self.top = layers.Dense(n_classes, activation="softmax")

    def call(self, x):
        return self.top(self.body(x, training=False))


def on_a_copy(source, n_classes):
    twin = keras.models.clone_model(source)
    twin.set_weights(source.get_weights())
    body = keras.Model(twin.inputs, twin.layers[-2].output)
    body.trainable = False
    x = keras.Input(source.input_shape[1:])
    z = layers.Dense(n_classes)(Still(body)(x))
    return keras.Model(x, layers.Softmax()(z))


def layer_by_layer(source, n_classes):
    x = inputs = keras.Input(source.input_shape[1:])
    for layer in source.layers[1:-1]:
        layer.trainable = False
        x = x if isinstance(layer, layers.Dropout) else layer(x)
    return keras.Model(inputs, layers.Dense(n_classes, "softmax", name="head")(x))


def from_parts(
    source,
    n_classes,
    *,
    frozen=True,
    training="still",
    cut="features",
    activation="softmax",
):
    body = keras.Model(source.input, source.get_layer(cut).output)
    body.trainable = not frozen
    inputs = keras.Input(source.input_shape[1:])
    if training == "still":
        x = Still(body)(inputs)
    else:
        x = body(inputs, training=training)
    return keras.Model(inputs, layers.Dense(n_classes, activation=activation)(x))


def changed(**parts):
    return lambda source, n_classes: from_parts(source, n_classes, **parts)


def same_source(source, n_classes):
    source.trainable = False
    return source


def only_body(source, n_classes):
    body = keras.Model(source.input, source.get_layer("features").output)
    body.trainable = False
    return body


def only_body_called(source, n_classes):
    body = only_body(source, n_classes)
    inputs = keras.Input(source.input_shape[1:])
    return keras.Model(inputs, Still(body)(inputs))


def all_frozen(source, n_classes):
    model = transfer(source, n_classes)
    model.trainable = False
    return model


def head_frozen(source, n_classes):
    model = transfer(source, n_classes)
    model.layers[-1].trainable = False
    return model


def old_classes(source, n_classes):
    return from_parts(source, source.output_shape[-1])


def one_more(source, n_classes):
    return from_parts(source, n_classes + 1)


def hidden_too(source, n_classes):
    body = only_body(source, n_classes)
    inputs = keras.Input(source.input_shape[1:])
    x = layers.Dense(8, activation="relu")(Still(body)(inputs))
    return keras.Model(inputs, layers.Dense(n_classes, activation="softmax")(x))


def bare_weights_only(source, n_classes):
    body = only_body(source, n_classes)
    inputs = keras.Input(source.input_shape[1:])
    x = layers.Dense(9, use_bias=False)(Still(body)(inputs))
    head = layers.Dense(n_classes, activation="softmax", use_bias=False)
    return keras.Model(inputs, head(x))


def cut_early(source, n_classes):
    body = keras.Model(source.input, source.layers[-4].output)
    body.trainable = False
    inputs = keras.Input(source.input_shape[1:])
    x = layers.Dense(n_classes, activation="softmax")(Still(body)(inputs))
    return keras.Model(inputs, x)


def without_weights(source, n_classes):
    return transfer(keras.models.clone_model(source), n_classes)


def with_relu_between(source, n_classes):
    body = only_body(source, n_classes)
    inputs = keras.Input(source.input_shape[1:])
    x = layers.Rescaling(0.5)(Still(body)(inputs))
    return keras.Model(inputs, layers.Dense(n_classes, activation="softmax")(x))


def in_sequence(source, n_classes):
    body = only_body(source, n_classes)
    return keras.Sequential(
        [
            keras.Input(source.input_shape[1:]),
            Still(body),
            layers.Dense(n_classes, activation="softmax"),
        ]
    )


def still_frozen(source, n_classes):
    still = Still(keras.Model(source.input, source.get_layer("features").output))
    still.trainable = False
    inputs = keras.Input(source.input_shape[1:])
    outputs = layers.Dense(n_classes, activation="softmax")(still(inputs))
    return keras.Model(inputs, outputs)


def frozen_afterwards(source, n_classes):
    body = keras.Model(source.input, source.get_layer("features").output)
    head = layers.Dense(n_classes)
    model = keras.Sequential(
        [keras.Input(source.input_shape[1:]), Still(body), head, layers.Softmax()]
    )
    body.trainable = False
    return model


def straight_on(source, n_classes):
    for layer in source.layers:
        layer.trainable = False
    head = layers.Dense(n_classes, activation="softmax", name="new")
    return keras.Model(source.input, head(source.get_layer("features").output))


def without_input(source, n_classes):
    body = keras.Model(source.inputs[0], source.layers[-1].input)
    body.trainable = False
    return keras.Sequential([body, layers.Dense(n_classes, activation="softmax")])


def frozen_by_keyword(source, n_classes):  # Keras 3 does not hand it on to the layers
    body = keras.Model(
        source.inputs[0], source.get_layer("features").output, trainable=False
    )
    head = layers.Dense(n_classes, activation="softmax")
    return keras.Sequential([keras.Input(source.input_shape[1:]), body, head])


def input_with_batch(source, n_classes):
    body = only_body(source, n_classes)
    inputs = keras.Input(source.input_shape)
    return keras.Model(
        inputs, layers.Dense(n_classes, activation="softmax")(body(inputs))
    )


def body_forgotten(source, n_classes):
    inputs = keras.Input(source.input_shape[1:])
    x = layers.Flatten()(inputs)
    return keras.Model(inputs, layers.Dense(n_classes, activation="softmax")(x))


def body_forgotten_too(source, n_classes):
    return keras.Sequential(
        [
            keras.Input(source.input_shape[1:]),
            layers.GlobalAveragePooling2D(),
            layers.Dense(n_classes, activation="softmax"),
        ]
    )


# ── 34.3 ────────────────────────────────────────────────────────────────────────


def fine_tune(model, rate):
    model.layers[1].trainable = True
    model.compile(keras.optimizers.Adam(rate / 10), SPARSE)
    return model


def by_layers(model, rate):
    for layer in model.layers:
        layer.trainable = True
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.1 * rate),
        loss=keras.losses.SparseCategoricalCrossentropy(),
    )
    return model


def body_by_name(model, rate):
    model.get_layer("body").trainable = True
    optimizer = keras.optimizers.Adam()
    optimizer.learning_rate = rate / 10
    model.compile(
        optimizer=optimizer, loss=keras.losses.sparse_categorical_crossentropy
    )
    return model


def only_the_model(model, rate):  # it is True already: nothing happens inside
    model.trainable = True
    model.compile(keras.optimizers.Adam(rate / 10), SPARSE)
    return model


def with_factor(factor):
    def fine_tune(model, rate):
        model.layers[1].trainable = True
        model.compile(keras.optimizers.Adam(rate * factor), SPARSE)
        return model

    return fine_tune


def never_thaws(model, rate):
    model.compile(keras.optimizers.Adam(rate / 10), SPARSE)
    return model


def thaws_nothing(model, rate):
    model.get_layer("body").trainable = False
    model.compile(keras.optimizers.Adam(rate / 10), SPARSE)
    return model


def never_compiles(model, rate):
    model.layers[1].trainable = True
    model.optimizer.learning_rate = rate / 10
    return model


def never_compiles_body(model, rate):
    model.layers[1].trainable = True
    model.optimizer.learning_rate.assign(rate / 10)
    return model


def last_layer_only(model, rate):
    model.get_layer("body").trainable = True
    model.get_layer("body").layers[0].trainable = False
    model.compile(keras.optimizers.Adam(rate / 10), SPARSE)
    return model


def head_forgotten(model, rate):
    model.get_layer("body").trainable = True
    model.layers[-1].trainable = False
    model.compile(keras.optimizers.Adam(rate / 10), SPARSE)
    return model


def trains_at_once(model, rate):
    fine_tune(model, rate)
    model.train_on_batch(np.eye(3, dtype="float32"), np.array([2, 0, 1]))
    return model


def draws_anew(model, rate):
    fine_tune(model, rate)
    model.set_weights([w + 0.1 for w in model.get_weights()])
    return model


def default_rate(model, rate):
    model.layers[1].trainable = True
    model.compile("adam", SPARSE)
    return model


def default_rate_too(model, rate):
    model.layers[1].trainable = True
    model.compile(keras.optimizers.Adam(), SPARSE)
    return model


def with_sgd(model, rate):
    model.layers[1].trainable = True
    model.compile(keras.optimizers.SGD(rate / 10), SPARSE)
    return model


def with_rmsprop(model, rate):
    model.layers[1].trainable = True
    model.compile(keras.optimizers.RMSprop(rate / 10), SPARSE)
    return model


def with_adamw(model, rate):
    model.layers[1].trainable = True
    model.compile(keras.optimizers.AdamW(rate / 10), SPARSE)
    return model


def with_mse(model, rate):
    model.layers[1].trainable = True
    model.compile(keras.optimizers.Adam(rate / 10), "mse")
    return model


def with_mae(model, rate):
    model.layers[1].trainable = True
    model.compile(keras.optimizers.Adam(rate / 10), keras.losses.MeanAbsoluteError())
    return model


def categorical(model, rate):
    model.get_layer("body").trainable = True
    model.compile(keras.optimizers.Adam(rate / 10), "categorical_crossentropy")
    return model


def from_logits(model, rate):
    model.get_layer("body").trainable = True
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate / 10), loss)
    return model


def from_logits_too(model, rate):
    model.layers[1].trainable = True
    model.compile(
        optimizer=keras.optimizers.Adam(0.1 * rate),
        loss=keras.losses.SparseCategoricalCrossentropy(True),
        metrics=["accuracy"],
    )
    return model


def with_accuracy(model, rate):
    model.get_layer("body").trainable = True
    model.compile(
        loss=SPARSE,
        optimizer=keras.optimizers.Adam(learning_rate=rate / 10),
        metrics=["accuracy"],
    )
    return model


def old_optimizer(model, rate):
    model.get_layer("body").trainable = True
    model.optimizer.learning_rate = rate / 10
    model.compile(model.optimizer, SPARSE)
    return model


def rate_fixed(model, rate):
    model.get_layer("body").trainable = True
    model.compile(keras.optimizers.Adam(0.0001), SPARSE)
    return model


def another_model(model, rate):
    twin = keras.models.clone_model(model)
    twin.compile(keras.optimizers.Adam(rate / 10), SPARSE)
    return twin


def returns_body(model, rate):
    fine_tune(model, rate)
    return model.layers[1]


# ── 34.4 ────────────────────────────────────────────────────────────────────────


def mended(scans):
    return (scans / 16).astype("float32")[..., None]


def with_reshape(scans):
    scans = np.asarray(scans, "float32")
    return scans.reshape(len(scans), 8, 8, 1) * 0.0625


def with_keras(scans):
    x = keras.ops.expand_dims(keras.ops.cast(scans, "float32"), -1)
    return layers.Rescaling(1 / 16)(x)


def by_their_maximum(scans):
    return (scans / scans.max())[..., None]


def by_each_maximum(scans):
    return (scans / scans.max(axis=(1, 2), keepdims=True))[..., None]


def by_their_range(scans):
    low, high = scans.min(), scans.max()
    return ((scans - low) / (high - low))[..., None]


N_HEAD, N_BODY, N_AVERAGES = 455, 37776, 96

RIGHT = {
    "34.1": [
        (455, 38135),
        (np.int64(64 * 7 + 7), np.float32(38135)),
        (7 * 65, 37776 - 96 + 455),
    ],
    "34.2": [
        (transfer,),
        (on_a_copy,),
        (layer_by_layer,),
        (from_parts,),
        (Reader,),
        (in_sequence,),
        (still_frozen,),
        (frozen_afterwards,),
        (changed(training=None),),
        (changed(training=False),),
        (straight_on,),
        (without_input,),
    ],
    "34.3": [(fine_tune,), (by_layers,), (body_by_name,), (with_accuracy,)],
    "34.4": [
        (mended,),
        (with_reshape,),
        (with_keras,),
        (lambda scans: np.expand_dims(scans, -1) / 16.0,),
        (lambda scans: np.clip(scans[..., np.newaxis] / 16, 0, 1),),
    ],
}

WRONG = {
    "34.1": [
        (("many", 38135), "frozen_body should be one number"),
        (([1, 2], 38135), "frozen_body should be one number"),
        ((448, 38135), "biases are missing"),
        ((64 * 7, 38135), "biases are missing"),
        ((650, 38135), "a head for ten classes"),
        ((64 * 10 + 10, 38330), "a head for ten classes"),
        ((0, 38135), "its new head learns"),
        ((0.0, 37680), "its new head learns"),
        ((37776, 38135), "that is the body"),
        ((144 + 4608 + 64 + 128 + 32832, 38135), "that is the body"),
        ((71, 38135), "Only the new head learns"),
        ((1000, 38135), "Only the new head learns"),
        ((38135, 455), "Only the new head learns"),
        ((455, 38231), "moving means and variances are in it"),
        ((455, 37776 + 455), "moving means and variances are in it"),
        ((455, 37680), "the head is missing: it learns"),
        ((455, 37776 - 96), "the head is missing: it learns"),
        ((455, 37776), "the head is missing, and"),
        ((455, 144 + 4608 + 64 + 128 + 32832), "the head is missing, and"),
        ((455, 38039), "only its two averages"),
        ((455, 144 + 4608 + 32832 + 455), "only its two averages"),
        ((455, 38330), "seven classes, not ten"),
        ((455, 37680 + 650), "seven classes, not ten"),
        ((455, 455), "Add up"),
        ((455, 40000), "Add up"),
    ],
    "34.2": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((lambda source, n_classes: source.layers[-2],), "should return a keras.Model"),
        ((lambda source, n_classes: source.output,), "should return a keras.Model"),
        ((same_source,), "the source itself"),
        ((lambda source, n_classes: source,), "the source itself"),
        ((of_eight_pixels,), "one picture of this source"),
        (
            (lambda source, n: of_eight_pixels(source, n, (28, 28, 1)),),
            "one picture of this source",
        ),
        ((only_body,), "ends with the features"),
        ((only_body_called,), "ends with the features"),
        ((old_classes,), "one probability for each new class"),
        ((one_more,), "one probability for each new class"),
        ((all_frozen,), "Nothing can learn"),
        ((head_frozen,), "Nothing can learn"),
        ((changed(activation=None),), "do not add up to 1"),
        ((changed(activation="sigmoid"),), "do not add up to 1"),
        ((changed(cut="head"),), "sits on the old one"),
        ((changed(cut="head", training=False),), "sits on the old one"),
        ((changed(frozen=False),), "set trainable = False on the body"),
        ((changed(frozen=False, training=None),), "set trainable = False on the body"),
        ((hidden_too,), "set trainable = False on the body"),
        ((frozen_by_keyword,), "set trainable = False on the body"),
        ((cut_early,), "a Dense layer on the"),
        ((bare_weights_only,), "a Dense layer on the"),
        ((without_weights,), "does the body still have"),
        ((with_relu_between,), "does the body still have"),
        ((input_with_batch,), "one picture of this source"),
        ((body_forgotten,), "expected a Dense layer on"),
        ((body_forgotten_too,), "expected a Dense layer on"),
        ((3,), "function itself"),
        ((None,), "function itself"),
    ],
    "34.3": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((another_model,), "Return the same model"),
        ((returns_body,), "Return the same model"),
        ((trains_at_once,), "Do not train yet"),
        ((draws_anew,), "Do not train yet"),
        ((never_thaws,), "Only the head can learn"),
        ((thaws_nothing,), "Only the head can learn"),
        ((only_the_model,), "Only the head can learn"),
        ((last_layer_only,), "still frozen"),
        ((head_forgotten,), "still frozen"),
        ((never_compiles,), "compile it again"),
        ((never_compiles_body,), "compile it again"),
        ((with_sgd,), "should be Adam"),
        ((with_rmsprop,), "should be Adam"),
        ((with_adamw,), "should be Adam"),
        ((with_mse,), "The loss should be"),
        ((with_mae,), "The loss should be"),
        ((categorical,), "The loss should be"),
        ((from_logits,), "ends in a softmax"),
        ((from_logits_too,), "ends in a softmax"),
        ((old_optimizer,), "compile it again"),
        ((rate_fixed,), "Divide the head's rate by ten"),
        ((with_factor(1),), "head's own"),
        ((lambda model, rate: with_factor(1.0)(model, rate),), "head's own"),
        ((with_factor(10),), "ten times"),
        ((lambda model, rate: with_factor(10.0)(model, rate),), "ten times"),
        ((default_rate,), "Adam's default"),
        ((default_rate_too,), "Adam's default"),
        ((with_factor(0.01),), "a hundredth"),
        ((lambda model, rate: fine_tune(model, rate / 10),), "a hundredth"),
        ((with_factor(0.5),), "Divide the head's rate by ten"),
        ((with_factor(0.2),), "Divide the head's rate by ten"),
    ],
    "34.4": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((lambda scans: (scans / 255)[..., None],), "Still divided by 255"),
        ((lambda scans: scans.reshape(-1, 8, 8, 1) / 255.0,), "Still divided by 255"),
        ((lambda scans: scans / 16,), "last axis is missing"),
        ((lambda scans: scans * 0.0625,), "last axis is missing"),
        ((lambda scans: 1 - scans[..., None] / 16,), "changed places"),
        ((lambda scans: (16.0 - scans[..., None]) / 16,), "changed places"),
        ((lambda scans: scans[..., None],), "as they came"),
        ((lambda scans: np.expand_dims(scans, 3),), "as they came"),
        ((lambda scans: scans[..., None] / 255 * 16,), "Not quite"),
        ((lambda scans: 16 * (scans[..., None] / 255),), "Not quite"),
        ((lambda scans: scans[..., None] // 16,), "with //"),
        ((lambda scans: (scans[..., None] / 16).astype("uint8"),), "with //"),
        ((lambda scans: scans[..., None] / 8 - 1,), "not -1"),
        ((lambda scans: 2 * (scans[..., None] / 16) - 1,), "not -1"),
        ((by_their_maximum,), "a pale scan must"),
        ((by_each_maximum,), "a pale scan must"),
        ((by_their_range,), "a pale scan must"),
        ((lambda scans: scans[..., None] / 17,), "Full ink"),
        ((lambda scans: scans[..., None] / 15,), "Full ink"),
    ],
}
