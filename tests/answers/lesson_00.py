"""Right and wrong answers of lesson 00, with a piece of the hint that must come."""

import functools

import numpy as np

from dlcourse.exercises.lesson_00 import _digits

ADAM = ("adam", "sparse_categorical_crossentropy")


@functools.cache
def trained(on_test=False):
    """Train on odd and even; return the weights of two layers, of 512 units and of 2."""
    import keras

    x_train, odd_train, x_test, odd_test = _digits()
    model = network()
    keras.utils.set_random_seed(0)
    model(x_test[:1])
    if on_test:
        model.fit(x_test, odd_test, epochs=12, batch_size=50, verbose=0)
    else:
        model.fit(x_train, odd_train, epochs=5, batch_size=50, verbose=0)
    return model.get_weights()


@functools.cache
def straight():
    """Return weights without a hidden layer, by least squares: they fall short of 94."""
    x, odd, _, _ = _digits()
    ones = np.hstack([x, np.ones((len(x), 1))])
    best = np.linalg.lstsq(ones, 20.0 * odd - 10, rcond=1e-3)[0]
    both = np.stack([-best, best], axis=1)
    return [both[:-1], both[-1]]


def network(weights=(), units=(512, 2), last="softmax", compiled=True):
    """Return a network as in the lesson, with these weights if any are given."""
    import keras

    *first, n = units
    hidden = [keras.layers.Dense(size, activation="relu") for size in first]
    model = keras.Sequential([*hidden, keras.layers.Dense(n, activation=last)])
    if compiled:
        model.compile(*ADAM, metrics=["accuracy"])
    if weights:
        model(np.zeros((1, 784)))
        model.set_weights(weights)
    return model


def with_an_input(weights=(), units=(512, 2), last="softmax", compiled=True, side=None):
    """Return the same as a Functional model, built, with activations as layers."""
    import keras

    x = inputs = keras.Input((side, side) if side else (784,))
    x = keras.layers.Flatten()(x) if side else x
    *first, n = units
    for size in first:
        x = keras.layers.ReLU()(keras.layers.Dense(size)(x))
    x = keras.layers.Activation(last or "linear")(keras.layers.Dense(n)(x))
    model = keras.Model(inputs, x)
    if compiled:
        model.compile(*ADAM)
    if weights:
        model.set_weights(weights)
    return model


def with_one_unit():
    """Return a network whose only output is the probability of odd."""
    w1, b1, w2, b2 = trained()
    weights = [w1, b1, w2[:, 1:] - w2[:, :1], b2[1:] - b2[:1]]
    return network(weights, (512, 1), "sigmoid")


def exchanged():
    """Return weights that call the odd ones even."""
    w1, b1, w2, b2 = trained()
    return [w1, b1, w2[:, ::-1], b2[::-1]]


def fitted():
    """Return what fit gives back."""
    return network().fit(np.zeros((4, 784)), np.zeros(4), verbose=0)


def bare_history():
    import keras

    return keras.callbacks.History()


def both(fragment, *given, **options):
    """Return the wrong network in two spellings, each with the hint that must come."""
    return [
        ((network(*given, **options),), fragment),
        ((with_an_input(*given, **options),), fragment),
    ]


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
    "00.1": [
        (network(trained()),),
        (with_an_input(trained()),),
        (with_an_input(trained(), side=28),),
        (with_one_unit(),),
    ],
    "00.2": [(4, -np.log(0.3)), (4.0, 1.2), (np.argmax([0, 0, 0, 0, 55, 0]), 1.204)],
    "00.3": [(3,), (3.0,), (np.log(255 / (255 / 255**3)) / np.log(255),)],
    "00.4": [(scaled,), (scaled_copy,), (scaled_in_a_loop,), (np.true_divide,)],
}

WRONG = {
    "00.1": [
        *both("eight of its ten units", units=(512, 10)),
        *both("even and odd are 2", units=(512, 26)),
        *both("comes before its fit", compiled=False),
        *both("it is not trained yet"),
        *both("it is not trained yet", units=(64, 2)),
        *both("calls the odd ones even", exchanged()),
        *both("are no probabilities", trained(), last=None),
        *both("are no probabilities", trained(), last="sigmoid"),
        *both("always answers 1", None, (512, 1), "softmax"),
        *both("single unit cannot learn", None, (512, 1), "sigmoid"),
        *both("must stay new", trained(on_test=True)),
        *both("not yet 94", straight(), units=(2,)),
        ((network().layers,), "a list of layers"),
        ((tuple(network().layers),), "a list of layers"),
        ((fitted(),), "the history"),
        ((bare_history(),), "the history"),
        ((None,), "compile gives nothing back"),
        ((network().compile(*ADAM),), "compile gives nothing back"),
        ((2,), "should be a network"),
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
