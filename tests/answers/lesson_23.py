"""Right and wrong answers of lesson 23, with a piece of the hint that must come."""

import keras
import numpy as np
from keras import layers, ops

# ── 23.1 ────────────────────────────────────────────────────────────────────────


def read_picture(model, picture):
    p = model.predict(1 - picture[None].astype("float32") / 255, verbose=0)[0]
    return p.argmax(), p.max()


def read_with_call(model, picture):
    batch = np.expand_dims(255 - picture, 0) / 255.0
    probabilities = np.array(ops.convert_to_numpy(model(batch)))
    digit = int(np.argmax(probabilities, axis=1)[0])
    return [digit, float(probabilities[0, digit])]


def read_with_axis(model, picture):
    pixels = 1 - keras.ops.convert_to_tensor(
        picture.reshape(1, 28, 28) / 255, "float32"
    )
    largest, digit = max(
        (p, k) for k, p in enumerate(ops.convert_to_numpy(model(pixels))[0])
    )
    return digit, largest


def read_as_arrays(model, picture):
    p = model.predict(1 - np.array([picture]) / 255, verbose=0)  # (1, 10)
    return p.argmax(axis=1), p.max(axis=1)


def read_inverted(model, picture):
    ten = model.predict(np.invert(picture)[None] / 255, verbose=0)
    return np.argmax(ten), np.max(ten)


def read_tensors(model, picture):
    ten = model(abs(picture[np.newaxis, :, :] / 255.0 - 1))
    return int(ops.argmax(ten)), float(ops.max(ten))


def reads(prepare):
    """Return a function that reads what ``prepare`` makes of the picture."""

    def read_picture(model, picture):
        p = ops.convert_to_numpy(model(prepare(picture)))[0]
        return p.argmax(), p.max()

    return read_picture


def ten(model, picture):
    return ops.convert_to_numpy(model(1 - picture[None] / 255))[0]


def reads_swapped(model, picture):
    p = ten(model, picture)
    return p.max(), p.argmax()


def reads_the_loss(model, picture):
    p = ten(model, picture)
    return p.argmax(), (-np.log(p)).min()


def reads_percent(model, picture):
    p = 100 * ten(model, picture)
    return p.argmax(), p.max()


def reads_least(model, picture):
    p = ten(model, picture)
    return np.argmin(p), p.min()


# ── 23.2 ────────────────────────────────────────────────────────────────────────


def compiled(model, loss="sparse_categorical_crossentropy", **more):
    model.compile(optimizer="adam", loss=loss, **more)
    return model


def build_network(shape, units, rate):
    image = keras.Input(shape)
    hidden = layers.Dense(units, activation="relu")(layers.Flatten()(image))
    hidden = layers.Dropout(rate)(hidden)
    model = keras.Model(image, layers.Dense(10, activation="softmax")(hidden))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def build_with_ops(shape, units, rate):
    inputs = keras.Input(shape=shape, name="picture")
    x = ops.reshape(inputs, (-1, int(np.prod(shape))))
    x = ops.relu(layers.Dense(units)(x))
    x = layers.Dropout(rate, seed=3)(x)
    model = keras.Model(inputs=inputs, outputs=layers.Softmax()(layers.Dense(10)(x)))
    return compiled(model, keras.losses.SparseCategoricalCrossentropy())


def build_with_loop(shape, units, rate):
    x = picture = keras.Input(shape)
    for layer in (
        layers.Flatten(),
        layers.Dense(units),
        layers.Dropout(rate),  # before relu it drops the same values
        layers.ReLU(),
        layers.Dense(10),
        layers.Activation("softmax"),
    ):
        x = layer(x)
    return compiled(
        keras.Model(picture, x), keras.losses.sparse_categorical_crossentropy
    )


def build_around(shape, units, rate):
    image = keras.Input(shape)
    return compiled(keras.Model(image, as_sequential(shape, units, rate)(image)))


def build_with_lists(shape, units, rate):
    image = keras.Input(shape)
    hidden = layers.Dense(units, activation="relu")(layers.Flatten()(image))
    outputs = layers.Dense(10, activation="softmax")(layers.Dropout(rate)(hidden))
    return compiled(keras.Model(inputs=[image], outputs=[outputs]))


def build_with_functions(shape, units, rate):
    image = keras.Input(shape=shape)
    x = layers.Flatten(name="pixels")(image)
    x = layers.Dense(
        units, activation=keras.activations.relu, kernel_initializer="he_normal"
    )(x)
    x = layers.Dropout(rate=rate)(x)
    model = keras.models.Model(image, layers.Dense(10, activation=ops.softmax)(x))
    model.compile(
        keras.optimizers.SGD(0.1), keras.losses.sparse_categorical_crossentropy
    )
    return model


def joins(join):
    """Return a function that builds the joined network of section 5, with dropout."""

    def build(shape, units, rate):
        image = keras.Input(shape)
        pixels = layers.Flatten()(image)
        hidden = layers.Dropout(rate)(layers.Dense(units, activation="relu")(pixels))
        return compiled(
            keras.Model(
                image, layers.Dense(10, activation="softmax")(join([pixels, hidden]))
            )
        )

    return build


def compiled_with(*arguments, **options):
    """Return a function whose network is right and compiled like this."""

    def build(shape, units, rate):
        image = keras.Input(shape)
        model = keras.Model(image, as_sequential(shape, units, rate)(image))
        model.compile(*arguments, **options)
        return model

    return build


def calls_too_early(layer):
    """Return a function that hands ``layer`` its input when it makes it."""

    def build(shape, units, rate):
        import keras

        x = getattr(keras.layers, layer)(keras.Input(shape))
        return keras.Model(x, x)

    return build


def swaps_ends(shape, units, rate):
    image = keras.Input(shape)
    return keras.Model(as_sequential(shape, units, rate)(image), image)


def begins_twice(shape, units, rate):
    values = flatten()(keras.Input(shape))
    return keras.Model(keras.Input(shape), dense(10, "softmax")(values))


def flatten():
    return layers.Flatten()


def dense(units, activation=None, **options):
    return layers.Dense(units, activation=activation, **options)


def dropout(rate, **call):
    layer = layers.Dropout(rate)
    return lambda x: layer(x, **call)


def batch_norm():
    return layers.BatchNormalization()


def activation(name):
    return layers.Activation(name)


def chain(*steps):
    """Return a function that builds a Functional model out of ``step(units, rate)``."""

    def build(shape, units, rate):
        import keras

        image = x = keras.Input(shape)
        for step in steps:
            x = step(units, rate)(x)
        return keras.Model(image, x)

    return build


def act(name):
    return lambda units, rate: activation(name)


def layer(*options, **more):
    return lambda units, rate: dense(*options, **more)


def hidden(name):
    return lambda units, rate: dense(units, name)


def FLAT(units, rate):
    return flatten()


def DROP(units, rate):
    return dropout(rate)


HIDDEN, LAST = hidden("relu"), layer(10, "softmax")


def as_sequential(shape, units, rate):
    return keras.Sequential(
        [
            keras.Input(shape),
            flatten(),
            dense(units, "relu"),
            keras.layers.Dropout(rate),
            dense(10, "softmax"),
        ]
    )


def added_one_by_one(shape, units, rate):
    model = keras.Sequential()
    for part in as_sequential(shape, units, rate).layers:
        model.add(part)
    return model


def without_a_shape(shape, units, rate):
    parts = flatten(), dense(units, "relu"), layers.Dropout(rate), dense(10, "softmax")
    return keras.Sequential(parts)


def reader(shape=None, units=128, rate=0.2):
    """Return the lesson's subclass, not built."""

    class Reader(keras.Model):
        def __init__(self):
            super().__init__()
            self.flatten, self.dropout = flatten(), keras.layers.Dropout(rate)
            self.hidden = dense(units, "relu")
            self.answer = dense(10, "softmax")

        def call(self, images, training=False):
            values = self.hidden(self.flatten(images))
            return self.answer(self.dropout(values, training=training))

    return Reader()


def built_reader(shape, units, rate):
    model = reader(shape, units, rate)
    model(np.zeros((1, *shape), "float32"))
    return model


def forgets_the_dropout(shape, units, rate):
    image = keras.Input(shape)
    values = layers.Dense(units, activation="relu")(layers.Flatten()(image))
    layers.Dropout(rate)(values)
    return keras.Model(image, layers.Dense(10, activation="softmax")(values))


def forgets_the_hidden_layer(shape, units, rate):
    image = keras.Input(shape)
    flat = layers.Flatten()(image)
    layers.Dropout(rate)(layers.Dense(units, activation="relu")(flat))
    return keras.Model(image, layers.Dense(10, activation="softmax")(flat))


def reads_flat_pictures(shape, units, rate):
    pixels = keras.Input((int(np.prod(shape)),))
    values = layers.Dropout(rate)(layers.Dense(units, activation="relu")(pixels))
    return keras.Model(pixels, layers.Dense(10, activation="softmax")(values))


def forgets_return(*arguments):
    list(arguments)


# ── 23.3 ────────────────────────────────────────────────────────────────────────


def early_stop(val_losses, patience):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            break
    return epoch, best_epoch


def with_slices(val_losses, patience):
    for epoch in range(1, len(val_losses) + 1):
        best_epoch = int(np.argmin(val_losses[:epoch])) + 1
        if epoch - best_epoch == patience:
            break
    return np.array([epoch, best_epoch])


def with_while(val_losses, patience):
    epoch, waited, best_epoch = 0, 0, 0
    while epoch < len(val_losses) and waited < patience:
        if epoch == 0 or val_losses[epoch] < val_losses[best_epoch]:
            waited, best_epoch = 0, epoch
        else:
            waited += 1
        epoch += 1
    return [epoch, best_epoch + 1]


def from_the_first_loss(val_losses, patience):
    best, best_epoch, waited = val_losses[0], 1, 0
    for i in range(1, len(val_losses)):
        if val_losses[i] < best:
            best, best_epoch, waited = val_losses[i], i + 1, 0
        else:
            waited += 1
        if waited == patience:
            return i + 1, best_epoch
    return len(val_losses), best_epoch


def counts_the_first(val_losses, patience):
    best, best_epoch, waited = val_losses[0], 1, 0
    for run, loss in enumerate(val_losses, 1):
        if loss < best:
            best, best_epoch, waited = loss, run, 0
        else:
            waited += 1
        if waited >= patience:
            break
    return run, best_epoch


def stop_at(
    val_losses, patience, reset=True, strict=True, best=float("inf"), epoch_0=0
):
    """A counter with its usual faults."""
    best_epoch, waited = epoch_0, 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best if strict else loss <= best:
            best, best_epoch, waited = loss, epoch, 0 if reset else waited
        else:
            waited += 1
            if waited >= patience:
                break
    return epoch, best_epoch


def from_zero(val_losses, patience):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(val_losses):
        if loss < best:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            break
    return epoch, best_epoch


def waits_longer(val_losses, patience):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch > patience:
            break
    return epoch, best_epoch


def against_the_one_before(val_losses, patience):
    best_epoch, waited = 1, 0
    for epoch in range(2, len(val_losses) + 1):
        if val_losses[epoch - 1] < val_losses[epoch - 2]:
            best_epoch, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            break
    return epoch, best_epoch


def pairs(val_losses, patience):
    """Another style of the same mistake."""
    before, best_epoch, waited, run = float("inf"), 0, 0, 0
    for loss in val_losses:
        run += 1
        if loss < before:
            best_epoch, waited = run, 0
        else:
            waited += 1
        before = loss
        if waited >= patience:
            return run, best_epoch
    return run, best_epoch


def waits_for_a_fall(val_losses, patience):
    """The best is right, but any fall sets the counter back."""
    best_epoch, waited = 1, 0
    for epoch in range(1, len(val_losses) + 1):
        loss = val_losses[epoch - 1]
        if loss < val_losses[best_epoch - 1]:
            best_epoch = epoch
        fell = epoch == 1 or loss < val_losses[epoch - 2]
        waited = 0 if fell else waited + 1
        if waited == patience:
            break
    return epoch, best_epoch


def needs_a_step(val_losses, patience, step=0.01):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(val_losses, 1):
        if best - loss > step:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            break
    return epoch, best_epoch


def looks_back(val_losses, patience):
    for run in range(1, len(val_losses) + 1):
        if run > patience and val_losses[run - 1] >= val_losses[run - 1 - patience]:
            break
    return run, int(np.argmin(val_losses[:run])) + 1


def looks_back_in_a_window(val_losses, patience):
    run = patience
    while run < len(val_losses):
        first, *_, last = val_losses[run - patience : run + 1]
        run += 1
        if last >= first:
            break
    return run, 1 + min(range(run), key=lambda index: val_losses[index])


def returns_the_loss(val_losses, patience):
    epoch, best_epoch = early_stop(val_losses, patience)
    return epoch, val_losses[best_epoch - 1]


def planned(val_losses, patience):
    _, best_epoch = early_stop(val_losses, patience)
    return best_epoch + patience, best_epoch


def returns_only_when_stopped(val_losses, patience):
    best, waited = float("inf"), 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best_epoch


# ── 23.4 ────────────────────────────────────────────────────────────────────────

FLOOR = float(-np.log(np.e / (np.e + 9)))


def network(*parts, shape=(28, 28)):
    """Return a function that makes a Sequential model out of ``part()``."""

    def mended():
        import keras

        return keras.Sequential([keras.Input(shape), *[part() for part in parts]])

    return mended


def fall():
    return keras.layers.Dropout(0.2)


def softmax_layer():
    return keras.layers.Softmax()


def relu_128():
    return dense(128, "relu")


def softmax_10():
    return dense(10, "softmax")


def plain_10():
    return dense(10)


mended = network(flatten, relu_128, fall, softmax_10)
broken = network(flatten, relu_128, fall, softmax_10, softmax_layer)
layer_kept = network(flatten, relu_128, fall, plain_10, softmax_layer)


def without_input():
    return keras.Sequential([flatten(), relu_128(), fall(), softmax_10()])


def without_the_last():
    return keras.Sequential(broken().layers[:-1])


def cut_off():
    model = broken()
    return keras.Model(model.inputs, model.layers[-2].output)


def popped():
    model = broken()
    model.pop()
    return model


def popped_again():
    model = popped()
    model.pop()
    return model


RIGHT = {
    "23.1": [
        (read_picture,),
        (read_with_call,),
        (read_with_axis,),
        (read_as_arrays,),
        (read_inverted,),
        (read_tensors,),
    ],
    "23.2": [
        (build_network,),
        (build_with_ops,),
        (build_with_loop,),
        (build_around,),
        (build_with_lists,),
        (build_with_functions,),
        (lambda *sizes: compiled(as_sequential(*sizes)),),
        (lambda *sizes: compiled(added_one_by_one(*sizes)),),
        (lambda *sizes: compiled(reader(*sizes)),),
        (lambda *sizes: compiled(without_a_shape(*sizes)),),
    ],
    "23.3": [(early_stop,), (with_slices,), (with_while,), (from_the_first_loss,)],
    "23.4": [
        (FLOOR, mended),
        (1.46, without_input),
        (np.log(np.e + 9) - 1, without_the_last),
        (1.4612, cut_off),
        (FLOOR, popped),
        (FLOOR, reader),
        (FLOOR, lambda: built_reader((28, 28), 128, 0.2)),
        (FLOOR, layer_kept),
    ],
}

WRONG = {
    "23.1": [
        ((reads(lambda x: x[None] / 255),), "swap bright and dark."),
        ((reads(lambda x: np.array([x]) / 255.0),), "swap bright and dark."),
        ((reads(lambda x: 255 - x[None]),), "yours go up to"),
        ((reads(lambda x: 255.0 - x.astype("float32")[None]),), "yours go up to"),
        ((reads(lambda x: x[None]),), "Two steps"),
        ((reads(lambda x: x.astype("float32")[None]),), "Two steps"),
        ((reads(lambda x: (255 - x[None]) / 255 / 255),), "once"),
        ((reads(lambda x: 1 - np.array([x / 255]) / 255.0),), "once"),
        ((reads(lambda x: 1 - x[None] // 255),), "rounds down"),
        ((reads(lambda x: (255 - x[None]) // 255),), "rounds down"),
        ((reads(lambda x: 1 - x[None] / x.max()),), "own largest"),
        ((reads(lambda x: ((np.amax(x) - x) / np.amax(x))[None]),), "own largest"),
        ((reads(lambda x: 1 - x.T[None] / 255),), "no transpose"),
        ((reads(lambda x: (255 - np.swapaxes(x, 0, 1)[None]) / 255),), "no transpose"),
        ((lambda model, picture: read_picture(model, picture)[::-1],), "swapped"),
        ((reads_swapped,), "swapped"),
        ((reads_the_loss,), "a loss"),
        ((lambda m, x: (read_picture(m, x)[0], -np.log(read_picture(m, x)[1])),), "a loss"),
        ((lambda m, x: (read_picture(m, x)[0], 100 * read_picture(m, x)[1]),), "percent"),
        ((reads_percent,), "percent"),
        ((reads_least,), "least probable"),
        ((lambda m, x: min((p, k) for k, p in enumerate(ten(m, x)))[::-1],), "least probable"),
        ((lambda m, x: (ten(m, x).argmax(), ten(m, x).min()),), "not the smallest"),
        ((lambda m, x: (np.argmax(ten(m, x)), min(ten(m, x))),), "not the smallest"),
        ((lambda m, x: (ten(m, x).argmax() + 1, ten(m, x).max()),), "Count from 0"),
        ((lambda m, x: (read_picture(m, x)[0] + 1, read_picture(m, x)[1]),), "Count from 0"),
        ((reads(lambda x: (1 - x)[None] / 255),), "Divide by 255 first"),
        ((reads(lambda x: (1 - x[None].astype("float32")) / 255),), "Divide by 255 first"),
        ((reads(lambda x: -x[None] / 255),), "Divide by 255 first"),
        ((reads(lambda x: (256 - x[None].astype("int32")) / 256),), "Divide by 255 first"),
        ((reads(lambda x: np.flip(x[None] / 255)),), "turns the picture"),
        ((reads(lambda x: x[None, ::-1] / 255),), "turns the picture"),
        ((reads(lambda x: np.fliplr(x)[None] / 255),), "turns the picture"),
        ((reads(lambda x: 1 - x / 255),), "picture[None]"),
        ((reads(lambda x: 1 - x[..., None] / 255),), "picture[None]"),
        ((lambda model, picture: model.predict(picture, verbose=0),), "picture[None]"),
        ((lambda m, x: ten(m, x).argmax(),), "two things"),
        ((lambda m, x: (*read_picture(m, x), 0),), "two things"),
        ((lambda m, x: ten(m, x),), "two things"),
        ((lambda m, x: (ten(m, x), ten(m, x).max()),), "where the largest"),
        ((lambda m, x: ("3", ten(m, x).max()),), "where the largest"),
        ((lambda m, x: (ten(m, x).argmax(), ten(m, x)),), "the largest of the ten."),
        ((lambda m, x: (ten(m, x).argmax(), "sure"),), "the largest of the ten."),
        ((reads(lambda x: 1 - x[None] / 300),), "and where it stands"),
        ((lambda m, x: (3, 0.9),), "and where it stands"),
        ((forgets_return,), "gives nothing back"),
        ((lambda model, picture: print(picture.shape),), "gives nothing back"),
        (((3, 0.9),), "function itself"),
        ((0.9,), "function itself"),
    ],
    "23.2": [
        ((as_sequential,), "before you return it"),
        ((added_one_by_one,), "before you return it"),
        ((lambda shape, units, rate: compiled(mended()),), "begin with keras.Input(shape)"),
        ((forgets_return,), "gives nothing back"),
        ((lambda shape, units, rate: print(shape),), "gives nothing back"),
        ((lambda *a: build_network(*a).outputs[0],), "not a tensor"),
        ((lambda *a: build_network(*a).layers,), "not a tensor"),
        ((mended(),), "not the model"),
        ((build_network((28, 28), 128, 0.2),), "not the model"),
        ((3,), "function itself"),
        ((build_network.__name__,), "function itself"),
        (
            (lambda: build_network((8, 8), 9, 0.2),),
            "could not be called",
        ),
        ((lambda shape, units: reader(shape, units),), "could not be called"),
        ((reader,), "before you return it"),
        ((built_reader,), "before you return it"),
        ((lambda s, u, r: build_network((8, 8), u, r),), "begin with keras.Input(shape)"),
        ((lambda s, u, r: build_network((28, 28, 1), u, r),), "begin with keras.Input(shape)"),
        ((reads_flat_pictures,), "begin with keras.Input(shape)"),
        ((chain(HIDDEN, DROP, LAST),), "Flatten comes first"),
        ((chain(HIDDEN, FLAT, DROP, LAST),), "Flatten comes first"),
        ((chain(FLAT, DROP, LAST),), "in the model: 1"),
        ((forgets_the_hidden_layer,), "in the model: 1"),
        ((chain(FLAT, HIDDEN, HIDDEN, DROP, LAST),), "in the model: 3"),
        ((chain(FLAT, HIDDEN, DROP, HIDDEN, LAST),), "in the model: 3"),
        ((lambda s, u, r: build_network(s, 128, r),), "hidden layer has 128"),
        ((chain(FLAT, layer(128, "relu"), DROP, LAST),), "hidden layer has 128"),
        ((chain(FLAT, HIDDEN, DROP, layer(1, "softmax")),), "there are ten digits"),
        ((chain(FLAT, HIDDEN, DROP, layer(9, "softmax")),), "there are ten digits"),
        ((joins(lambda parts: layers.Concatenate()(parts)),), "without Concatenate"),
        ((joins(lambda parts: ops.concatenate(parts[::-1], axis=-1)),), "without Concatenate"),
        (
            (chain(FLAT, HIDDEN, DROP, layer(10, "softmax", use_bias=False)),),
            "weights have the shapes",
        ),
        (
            (chain(FLAT, HIDDEN, lambda u, r: batch_norm(), DROP, LAST),),
            "weights have the shapes",
        ),
        (
            (chain(FLAT, HIDDEN, lambda u, r: dropout(r, training=True), LAST),),
            "even when the network is used",
        ),
        (
            (chain(FLAT, lambda u, r: dropout(r, training=True), HIDDEN, LAST),),
            "even when the network is used",
        ),
        ((chain(FLAT, hidden(None), DROP, LAST),), "no activation"),
        ((chain(FLAT, hidden("linear"), DROP, LAST),), "no activation"),
        ((chain(FLAT, hidden("sigmoid"), DROP, LAST),), "not sigmoid"),
        ((chain(FLAT, hidden(None), act("sigmoid"), DROP, LAST),), "not sigmoid"),
        ((chain(FLAT, hidden("tanh"), DROP, LAST),), "not tanh"),
        ((chain(FLAT, hidden(None), act("tanh"), DROP, LAST),), "not tanh"),
        ((chain(FLAT, hidden("softmax"), DROP, LAST),), "to the last layer only"),
        (
            (chain(FLAT, hidden(None), act("softmax"), DROP, LAST),),
            "to the last layer only",
        ),
        ((chain(FLAT, HIDDEN, DROP, layer(10)),), "no probabilities"),
        ((chain(FLAT, HIDDEN, DROP, layer(10, "relu")),), "no probabilities"),
        ((chain(FLAT, HIDDEN, DROP, layer(10, "sigmoid")),), "ten separate"),
        ((chain(FLAT, HIDDEN, DROP, layer(10), act("sigmoid")),), "ten separate"),
        ((chain(FLAT, HIDDEN, DROP, LAST, act("softmax")),), "twice"),
        ((chain(FLAT, HIDDEN, DROP, LAST, lambda u, r: softmax_layer()),), "twice"),
        ((chain(FLAT, HIDDEN, DROP, layer(10, "relu"), act("softmax")),), "no relu"),
        (
            (chain(FLAT, HIDDEN, DROP, layer(10), act("relu"), act("softmax")),),
            "no relu",
        ),
        ((chain(FLAT, hidden("elu"), DROP, LAST),), "Expected: Flatten"),
        ((chain(FLAT, hidden("gelu"), DROP, LAST),), "Expected: Flatten"),
        ((chain(FLAT, HIDDEN, LAST),), "No hidden value is dropped"),
        ((chain(FLAT, HIDDEN, lambda u, r: dropout(int(r)), LAST),), "rate as it is given"),
        ((chain(FLAT, HIDDEN, lambda u, r: dropout(r // 1), LAST),), "rate as it is given"),
        ((forgets_the_dropout,), "No hidden value is dropped"),
        ((chain(FLAT, HIDDEN, LAST, DROP),), "no longer sum to 1"),
        ((chain(FLAT, HIDDEN, DROP, LAST, DROP),), "no longer sum to 1"),
        ((chain(FLAT, DROP, HIDDEN, LAST),), "use Dropout once"),
        ((chain(DROP, FLAT, HIDDEN, LAST),), "use Dropout once"),
        ((chain(FLAT, DROP, HIDDEN, DROP, LAST),), "use Dropout once"),
        ((chain(FLAT, HIDDEN, lambda u, r: layers.GaussianDropout(r), LAST),), "use Dropout once"),
        ((lambda s, u, r: build_network(s, u, 0.2),), "Dropout(0.2)"),
        ((chain(FLAT, HIDDEN, lambda u, r: dropout(0.2), LAST),), "Dropout(0.2)"),
        ((chain(FLAT, HIDDEN, lambda u, r: dropout(1 - r), LAST),), "Dropout(0.7)"),
        ((lambda s, u, r: build_network(s, u, 1 - r),), "Dropout(0.7)"),
        ((chain(FLAT, HIDDEN, DROP, LAST),), "before you return it"),
        ((chain(FLAT, hidden(None), act("relu"), DROP, LAST),), "before you return it"),
        ((compiled_with("adam", "categorical_crossentropy"),), "labels like 7"),
        ((compiled_with(loss=keras.losses.CategoricalCrossentropy()),), "labels like 7"),
        ((compiled_with("adam", "mse"),), "labels like 7"),
        ((compiled_with("adam"),), "labels like 7"),
        (
            (compiled_with("adam", keras.losses.SparseCategoricalCrossentropy(True)),),
            "labels like 7",
        ),
        ((calls_too_early("Flatten"),), "two pairs of brackets"),
        ((calls_too_early("Dropout"),), "two pairs of brackets"),
        ((calls_too_early("Dense"),), "two pairs of brackets"),
        ((swaps_ends,), "wants the keras.Input first"),
        ((begins_twice,), "wants the keras.Input first"),
        ((lambda shape, units, rate: layers.Flatten()(shape),), "not on the shape"),
        ((lambda shape, units, rate: dense(units, "relu")(shape),), "not on the shape"),
    ],
    "23.3": [
        ((lambda v, p: early_stop(v, p)[::-1],), "swapped"),
        ((lambda v, p: (early_stop(v, p)[1], early_stop(v, p)[0]),), "swapped"),
        ((from_zero,), "from 1"),
        ((lambda v, p: np.array(early_stop(v, p)) - 1,), "from 1"),
        ((waits_longer,), "Waited too long"),
        ((lambda v, p: early_stop(v, p + 1),), "Waited too long"),
        ((lambda v, p: early_stop(v, p - 1),), "Stopped too early"),
        ((lambda v, p: early_stop(v, 2),), "Stopped too early"),
        ((lambda v, p: stop_at(v, p, reset=False),), "Reset the counter"),
        ((lambda v, p: stop_at(v, p, False, True),), "Reset the counter"),
        ((lambda v, p: (early_stop(v, p)[0], int(np.argmin(v)) + 1),), "never sees"),
        (
            (lambda v, p: (early_stop(v, p)[0], v.index(min(v)) + 1),),
            "never sees",
        ),
        ((lambda v, p: (len(v), int(np.argmin(v)) + 1),), "best of the whole list"),
        ((lambda v, p: early_stop(v, len(v)),), "best of the whole list"),
        ((lambda v, p: (len(v), early_stop(v, p)[1]),), "through the whole list"),
        (
            (lambda v, p: (np.size(v), stop_at(v, p)[1]),),
            "through the whole list",
        ),
        ((against_the_one_before,), "with the best so far"),
        ((pairs,), "with the best so far"),
        ((waits_for_a_fall,), "with the best so far"),
        ((lambda v, p: early_stop(np.round(v, 1), p),), "not rounded"),
        ((lambda v, p: early_stop([int(100 * loss) for loss in v], p),), "not rounded"),
        ((needs_a_step,), "not rounded"),
        ((lambda v, p: needs_a_step(v, p, step=0.001),), "not rounded"),
        ((looks_back,), "epochs ago"),
        ((looks_back_in_a_window,), "epochs ago"),
        ((lambda v, p: (min(int(np.argmin(v)) + 1 + p, len(v)), int(np.argmin(v)) + 1),), "never sees"),
        ((returns_the_loss,), "not its loss"),
        (
            (lambda v, p: (stop_at(v, p)[0], min(v[: stop_at(v, p)[0]])),),
            "not its loss",
        ),
        ((lambda v, p: stop_at(v, p, best=0),), "best = 0"),
        ((lambda v, p: stop_at(v, p, best=0.0, strict=False),), "best = 0"),
        ((lambda v, p: stop_at(v, p, best=1),), "however large"),
        ((lambda v, p: stop_at(v, p, best=1.0, epoch_0=1),), "however large"),
        ((lambda v, p: stop_at(v, p, strict=False),), "not a new best"),
        ((lambda v, p: stop_at(v, p, True, False),), "not a new best"),
        ((lambda v, p: stop_at(v, p, best=v[0]),), "its epoch is 1"),
        ((lambda v, p: stop_at(v, p, True, True, v[0], 0),), "its epoch is 1"),
        ((counts_the_first,), "does not count toward"),
        ((lambda v, p: stop_at(v, p, best=v[0], epoch_0=1),), "does not count toward"),
        ((planned,), "than there are losses"),
        (
            (lambda v, p: (stop_at(v, p)[1] + p, stop_at(v, p)[1]),),
            "than there are losses",
        ),
        ((lambda v, p: early_stop(v, p)[0],), "epochs_run, best_epoch"),
        ((lambda v, p: (*early_stop(v, p), min(v)),), "epochs_run, best_epoch"),
        ((lambda v, p: (5, 3),), "epochs_run, best_epoch"),
        ((lambda v, p: (5.5, 3.2),), "epochs_run, best_epoch"),
        ((forgets_return,), "gives nothing back"),
        ((returns_only_when_stopped,), "gives nothing back"),
        (((5, 3),), "function itself"),
        ((early_stop([0.9, 0.7, 0.6, 0.65, 0.64], 2),), "function itself"),
    ],
    "23.4": [
        ((0.0, mended), "need a probability of 1"),
        ((-np.log(1), without_input), "need a probability of 1"),
        ((0.23, mended), "largest probability"),
        ((np.e / (np.e + 9), reader), "largest probability"),
        ((-1.4612, mended), "positive"),
        ((np.log(np.e / (np.e + 9)), mended), "positive"),
        ((2.3026, mended), "ten equal"),
        ((-np.log(0.1), mended), "ten equal"),
        ((0.63, mended), "np.log10"),
        ((-np.log10(np.e / (np.e + 9)), mended), "np.log10"),
        ((2.108, mended), "np.log2"),
        ((-np.log2(np.e / (np.e + 9)), mended), "np.log2"),
        ((2.4612, mended), "nine zeros"),
        ((-np.log(1 / (np.e + 9)), mended), "nine zeros"),
        ((1.5428, mended), "ten terms in all"),
        ((1.54, mended), "ten terms in all"),
        ((-np.log(np.e / (np.e + 10)), mended), "ten terms in all"),
        ((1.197, mended), "belongs to it"),
        ((-np.log(np.e / 9), mended), "belongs to it"),
        ((0.768, mended), "not 1 less it"),
        ((1 - np.e / (np.e + 9), mended), "not 1 less it"),
        ((1.5, mended), "can hand on"),
        ((np.e, mended), "can hand on"),
        (("1.46", mended), "one number"),
        (([1.4612, 0.232], mended), "one number"),
        ((FLOOR, network(flatten, relu_128, fall, softmax_10, shape=(8, 8))), "reads others"),
        ((FLOOR, network(relu_128, fall, softmax_10, shape=(784,))), "reads others"),
        ((FLOOR, lambda: build_network((10,), 128, 0.2)), "reads others"),
        ((FLOOR, broken), "still applied twice"),
        (
            (FLOOR, network(flatten, relu_128, fall, softmax_10, softmax_layer)),
            "still applied twice",
        ),
        ((FLOOR, network(flatten, relu_128, fall, plain_10)), "not both"),
        ((FLOOR, lambda: chain(FLAT, HIDDEN, DROP, layer(10))((28, 28), 128, 0.2)), "not both"),
        ((FLOOR, network(flatten, lambda: dense(128), fall, softmax_10)), "no activation"),
        ((FLOOR, network(flatten, lambda: dense(128, "linear"), fall, softmax_10)), "no activation"),
        ((FLOOR, network(flatten, lambda: dense(128, "tanh"), fall, softmax_10)), "not tanh"),
        ((FLOOR, lambda: chain(FLAT, hidden("tanh"), DROP, LAST)((28, 28), 128, 0.2)), "not tanh"),
        ((FLOOR, network(flatten, lambda: dense(128, "sigmoid"), fall, softmax_10)), "not sigmoid"),
        ((FLOOR, lambda: chain(FLAT, hidden("sigmoid"), DROP, LAST)((28, 28), 128, 0.2)), "not sigmoid"),
        ((FLOOR, network(flatten, lambda: dense(128, "softmax"), fall, softmax_10)), "last layer only"),
        ((FLOOR, lambda: chain(FLAT, hidden("softmax"), DROP, LAST)((28, 28), 128, 0.2)), "last layer only"),
        ((FLOOR, network(flatten, relu_128, fall, lambda: dense(10, "sigmoid"))), "ten separate questions"),
        ((FLOOR, lambda: chain(FLAT, HIDDEN, DROP, layer(10, "sigmoid"))((28, 28), 128, 0.2)), "ten separate questions"),
        ((FLOOR, network(flatten, relu_128, fall, lambda: dense(10, "relu"), softmax_layer)), "no relu between"),
        ((FLOOR, network(flatten, relu_128, fall, plain_10, keras.layers.ReLU, softmax_layer)), "no relu between"),
        ((FLOOR, network(flatten, softmax_10)), "in the model: 1"),
        ((FLOOR, lambda: chain(FLAT, DROP, LAST)((28, 28), 128, 0.2)), "in the model: 1"),
        ((FLOOR, network(flatten, lambda: dense(64, "relu"), fall, softmax_10)), "hidden layer has 64"),
        ((FLOOR, lambda: build_network((28, 28), 64, 0.2)), "hidden layer has 64"),
        ((FLOOR, network(flatten, relu_128, softmax_10)), "No hidden value"),
        ((FLOOR, lambda: chain(FLAT, HIDDEN, LAST)((28, 28), 128, 0.2)), "No hidden value"),
        ((FLOOR, popped_again), "The last Dense layer is gone"),
        ((FLOOR, network(flatten, relu_128, fall)), "The last Dense layer is gone"),
        ((FLOOR, forgets_return), "gives nothing back"),
        ((FLOOR, lambda: print("mended")), "gives nothing back"),
        ((FLOOR, lambda: [flatten(), relu_128(), softmax_10()]), "not a tensor"),
        ((FLOOR, lambda: softmax_10()), "not a tensor"),
        ((FLOOR, 1.46), "function itself"),
        ((FLOOR, "mended"), "function itself"),
    ],
}  # fmt: skip
