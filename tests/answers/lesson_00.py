"""Right and wrong answers of lesson 00, with a piece of the hint that must come."""

import numpy as np


def network(first=64, last=26, activations=("relu", "softmax")):
    """Return a Keras network of two Dense layers; a size of None leaves one out."""
    import keras

    sizes = zip((first, last), activations, strict=True)
    return keras.Sequential(
        [keras.layers.Dense(units, activation=a) for units, a in sizes if units]
    )


def with_an_input(first=64, last=26, activations=("relu", "softmax")):
    """Return the same as a Functional model, built, with activations as layers."""
    import keras

    x = inputs = keras.Input((784,))
    for units, activation in zip((first, last), activations, strict=True):
        if units:
            x = keras.layers.Dense(units)(x)
            x = keras.layers.Activation(activation or "linear")(x)
    return keras.Model(inputs, x)


def added():
    import keras

    model = keras.Sequential()
    model.add(keras.layers.Dense(64, activation=keras.activations.relu))
    model.add(keras.layers.Dense(26))
    model.add(keras.layers.Softmax())
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def of_squares():
    """Return a network that takes the pictures as squares."""
    import keras

    x = inputs = keras.Input((28, 28))
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(64, activation="relu")(x)
    return keras.Model(inputs, keras.layers.Dense(26, activation="softmax")(x))


def with_dropout(rate):
    import keras

    first, last = network().layers
    return keras.Sequential([first, keras.layers.Dropout(rate), last])


def both(fragment, **options):
    """Return the wrong network in two spellings, each with the hint that must come."""
    return [((network(**options),), fragment), ((with_an_input(**options),), fragment)]


def scaled(raw_pictures, scale):
    return raw_pictures / scale


def scaled_copy(raw_pictures, scale):
    pictures = raw_pictures.astype("float32")
    pictures /= scale
    return pictures


def scaled_in_a_loop(raw_pictures, scale):
    return [[value / scale for value in picture] for picture in raw_pictures]


def in_place(raw_pictures, scale):
    raw_pictures //= int(scale)
    return raw_pictures


def in_place_by_slice(raw_pictures, scale):
    raw_pictures[:] = raw_pictures / scale
    return raw_pictures


def only_if_large(raw_pictures, scale):
    return raw_pictures / scale if raw_pictures.max() > 1 else raw_pictures


def not_twice(raw_pictures, scale):
    if (raw_pictures <= 1).all():
        return raw_pictures.copy()
    return raw_pictures / scale


def forgets_return(first, second):
    _ = np.mean(first == second)


def prints(first, second):
    print(first.mean(), second)


RIGHT = {
    "00.1": [(network(),), (with_an_input(),), (added(),), (of_squares(),)],
    "00.2": [(4, -np.log(0.3)), (4.0, 1.2), (np.argmax([0, 0, 0, 0, 55, 0]), 1.204)],
    "00.3": [(3,), (3.0,), (np.log(255 / (255 / 255**3)) / np.log(255),)],
    "00.4": [(scaled,), (scaled_copy,), (scaled_in_a_loop,), (np.true_divide,)],
}

WRONG = {
    "00.1": [
        *both("network of the digits", first=512, last=10),
        *both("still has 512", first=512),
        *both("a unit per digit", last=10),
        *both("changed places: the last", first=26, last=64),
        *both("last layer is missing", last=None),
        *both("first layer is missing", first=None),
        *both("one per letter, a to z", last=27),
        *both("Your layers have 784 and 26", first=784),
        *both('lacks activation="relu"', activations=(None, "softmax")),
        *both('lacks activation="softmax"', activations=("relu", None)),
        *both("With relu at the end", activations=("relu", "relu")),
        *both("With sigmoid", activations=("relu", "sigmoid")),
        *both("the last layer only", activations=("softmax", "softmax")),
        *both("relu and softmax have", activations=("softmax", "relu")),
        *both("Both activations", activations=(None, None)),
        *both("The first layer takes", activations=("tanh", "softmax")),
        ((network().layers,), "a list of layers"),
        ((tuple(network().layers),), "a list of layers"),
        ((with_dropout(0.2),), "Dropout is not asked"),
        ((with_dropout(0.5),), "Dropout is not asked"),
        ((26,), "should be a network"),
        (("keras.Sequential",), "should be a network"),
    ],
    "00.2": [
        ((9, -np.log(0.3)), "9 is the label"),
        ((9.0, 1.2), "9 is the label"),
        ((0.55, -np.log(0.3)), "which digit has it"),
        ((max(0.55, 0.30), 1.2), "which digit has it"),
        ((0.30, 1.2), "which digit has the largest"),
        ((np.float64(0.3), -np.log(0.3)), "which digit has the largest"),
        ((5, 1.2), "The answer is the digit"),
        ((0, -np.log(0.3)), "The answer is the digit"),
        (("4", 1.2), "answer should be one digit"),
        (([4, 9], 1.2), "answer should be one digit"),
        ((4, -np.log(0.55)), "if 4 were right"),
        ((4, 0.6), "if 4 were right"),
        ((4, np.log(0.3)), "has a minus"),
        ((4, -1.204), "has a minus"),
        ((4, 0.3), "p itself"),
        ((4, np.float32(0.3)), "p itself"),
        ((4, 1 - 0.3), "1 - p;"),
        ((4, 0.7), "1 - p;"),
        ((4, -np.log(0.7)), "-np.log(1 - p)"),
        ((4, -np.log1p(-0.3)), "-np.log(1 - p)"),
        ((4, -np.log10(0.3)), "base 10"),
        ((4, 0.523), "base 10"),
        ((4, -np.log2(0.3)), "base 2"),
        ((4, 1.737), "base 2"),
        ((4, 5), "one of the two"),
        ((4, -np.log(0.15)), "one of the two"),
        ((4, "1.2"), "loss should be one number"),
        ((4, [1.2, 0.6]), "loss should be one number"),
    ],
    "00.3": [
        ((1,), "x_hers.max()"),
        ((1.0,), "x_hers.max()"),
        ((2,), "smaller still"),
        ((np.log(255**2) / np.log(255),), "smaller still"),
        ((4,), "the first run gives 1"),
        ((np.int64(4),), "the first run gives 1"),
        ((255 / 255**3,), "That is x_hers.max()"),
        ((1.5378700499807767e-05,), "That is x_hers.max()"),
        ((255**3,), "count the runs."),
        ((16581375.0,), "count the runs."),
        ((65025,), "the first one, too"),
        ((1 / (255 / 255**3),), "the first one, too"),
        ((256,), "count the divisions"),
        ((0,), "count the divisions"),
        ((-3,), "count the divisions"),
        (("three",), "one whole number"),
        (([1, 2, 3],), "one whole number"),
    ],
    "00.4": [
        ((in_place,), "changes `raw_pictures` itself"),
        ((in_place_by_slice,), "changes `raw_pictures` itself"),
        ((forgets_return,), "`return`"),
        ((prints,), "`return`"),
        ((lambda raw, scale: raw // scale,), "decimal point"),
        ((lambda raw, scale: (raw / scale).astype(int),), "decimal point"),
        ((np.floor_divide,), "decimal point"),
        ((lambda raw, scale: raw / raw.max(),), "not by the largest value"),
        ((lambda raw, scale: raw / np.max(raw),), "not by the largest value"),
        ((lambda raw, scale: raw / 255,), "not by 255"),
        ((lambda raw, scale: raw.astype("float32") / 255.0,), "not by 255"),
        ((lambda raw, scale: raw,), "unscaled"),
        ((lambda raw, scale: raw.astype(float),), "unscaled"),
        ((lambda raw, scale: raw / scale / scale,), "once too often"),
        ((lambda raw, scale: raw / scale**2,), "once too often"),
        ((lambda raw, scale: raw * float(scale),), "You multiply"),
        ((lambda raw, scale: np.multiply(raw, float(scale)),), "You multiply"),
        ((lambda raw, scale: raw - scale,), "value / scale"),
        ((lambda raw, scale: scale / (raw + 1.0),), "value / scale"),
        ((only_if_large,), "without asking"),
        ((not_twice,), "without asking"),
        ((0.5,), "function itself"),
        ((scaled(np.ones(2), 255),), "function itself"),
        (("scaled",), "function itself"),
    ],
}
