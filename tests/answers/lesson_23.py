"""Right and wrong answers to the exercises of lesson 23."""

import numpy as np


def build_network(shape, units, rate):
    import keras
    from keras import layers

    image = keras.Input(shape)
    hidden = layers.Dense(units, activation="relu")(layers.Flatten()(image))
    hidden = layers.Dropout(rate)(hidden)
    return keras.Model(image, layers.Dense(10, activation="softmax")(hidden))


def network(
    shape=(8, 8),
    units=128,
    rate=0.2,
    relu="relu",
    last="softmax",
    classes=10,
    flat=True,
    twice=False,
):
    import keras
    from keras import layers

    image = keras.Input(shape)
    h = layers.Flatten()(image) if flat else image
    h = layers.Dense(units, activation=relu)(h)
    h = layers.Dropout(rate)(h) if rate is not None else h
    h = layers.Dense(classes, activation=last)(h)
    return keras.Model(image, layers.Softmax()(h) if twice else h)


def sequential(shape=(8, 8), units=128, rate=0.2, last="softmax", twice=False):
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input(shape),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dropout(rate),
            layers.Dense(10, activation=last),
        ]
    )
    if twice:
        model.add(layers.Softmax())
    return model


def early_stop(val_losses, patience):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            break
    return epoch, best_epoch


def stop_at(val_losses, patience, reset=True, strict=True):
    """A counter with its usual faults."""
    best, best_epoch, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best if strict else loss <= best:
            best, best_epoch, waited = loss, epoch, 0 if reset else waited
        else:
            waited += 1
            if waited >= patience:
                break
    return epoch, best_epoch


def forgets_to_return(*arguments):
    """Do the work, and lose it."""
    arguments = list(arguments)  # noqa: F841


FLOOR = float(-np.log(np.e / (np.e + 9)))

RIGHT = {
    "23.1": (39_760,),
    "23.2": (build_network,),
    "23.3": (early_stop,),
    "23.4": (FLOOR, sequential),
}

WRONG = {
    "23.1": [
        ((39_700,), "bias"),
        ((39_250,), "first Dense layer"),
        ((1_960,), "Flatten comes first"),
        ((39_810,), "Dropout and Flatten learn nothing"),
        ((39_610,), "removes no neuron"),
        ((101_770,), "inputs × units"),
        (("many",), "whole number"),
    ],
    "23.2": [
        ((sequential,), "Sequential"),
        ((forgets_to_return,), "returns nothing"),
        (
            (lambda shape, units, rate: network(shape, units, rate).outputs[0],),
            "not a tensor",
        ),
        (
            (lambda shape, units, rate: network((8, 8), units, rate),),
            "not fixed numbers",
        ),
        (
            (lambda shape, units, rate: network(shape, units, rate, flat=False),),
            "Flatten the image",
        ),
        (
            (lambda shape, units, rate: network(shape, 128, rate),),
            "hidden layer has 128",
        ),
        (
            (lambda shape, units, rate: network(shape, units, rate, classes=1),),
            "ten digits",
        ),
        ((lambda shape, units, rate: network(shape, units, None),), "no Dropout"),
        ((lambda shape, units, rate: network(shape, units, 0.2),), "has rate 0.2"),
        (
            (lambda shape, units, rate: network(shape, units, rate, relu=None),),
            'activation="relu"',
        ),
        (
            (lambda shape, units, rate: network(shape, units, rate, last=None),),
            "do not sum to 1",
        ),
        (
            (lambda shape, units, rate: network(shape, units, rate, twice=True),),
            "twice",
        ),
        ((3,), "function itself"),
    ],
    "23.3": [
        ((lambda v, p: (early_stop(v, p)[0] - 1, early_stop(v, p)[1] - 1),), "from 1"),
        ((lambda v, p: early_stop(v, p)[::-1],), "other way round"),
        ((lambda v, p: early_stop(v, p + 1),), "Waited too long"),
        ((lambda v, p: early_stop(v, p - 1),), "Too impatient"),
        (
            (lambda v, p: (early_stop(v, p)[0], int(np.argmin(v)) + 1),),
            "never sees the 0.1",
        ),
        ((lambda v, p: stop_at(v, p, reset=False),), "Reset the counter"),
        ((lambda v, p: stop_at(v, p, strict=False),), "not a new best"),
        ((lambda v, p: early_stop(v, 2),), "argument patience"),
        ((lambda v, p: early_stop(v, p)[0],), "two numbers"),
        ((forgets_to_return,), "returns nothing"),
    ],
    "23.4": [
        ((0.0, sequential), "need a probability of 1"),
        ((0.232, sequential), "largest probability"),
        ((-1.4612, sequential), "positive"),
        ((2.3026, sequential), "ten equal"),
        ((0.6346, sequential), "np.log10"),
        ((FLOOR, lambda: sequential(twice=True)), "still applied twice"),
        ((FLOOR, lambda: sequential(last=None)), "not both"),
        ((FLOOR, forgets_to_return), "returns nothing"),
    ],
}
