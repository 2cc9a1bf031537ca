"""Checkers and quiz of lesson 23, dense networks in Keras."""

import math
import warnings

import numpy as np

from ..checks import exercise
from ..expectations import (
    expect,
    expect_function,
    expect_model,
    expect_number,
    expect_result,
    expect_tuple,
    expect_value,
    hinting,
    is_close,
    undisturbed,
)
from ..quizzes import Question


def colleagues_network():
    """Return the network of *Break and fix*: one that reads digits, but is never sure.

    Returns:
        keras.Sequential for pictures (batch, 28, 28), from 0 to 1; not compiled.
    """
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(10, activation="softmax"),
            layers.Softmax(),
        ]
    )


@exercise("23.1")
def read_one(read_picture):
    told = (
        "Give back two things: the digit, then its probability: (digit, probability)."
    )
    axis = (
        "The model takes a batch: a picture of shape (28, 28) must become (1, 28, 28), with"
        " picture[None]."
    )
    expect_function(read_picture, "read_picture")
    read = hinting(read_picture, axis, text="nput")
    with undisturbed():
        # seeds for which no two mistakes of _mistakes_of_reading look alike
        (one, w), (two, v) = _small_reader(11), _small_reader(8)
        for model, weights, number in [(one, w, 0), (one, w, 2), (two, v, 0)]:
            picture = _photo(number)
            digit, p = expect_tuple(read(model, picture), 2, told)
            digit = expect_number(
                digit,
                "The digit should be one number: where the largest probability stands.",
            )
            p = expect_number(
                p, "The probability should be one number: the largest of the ten."
            )
            expect_value(
                np.array([digit, p]), _read(1 - picture / 255, weights),
                "Make the pixels as in training, 0 for paper and 1 for ink, add the batch axis,"
                " predict; then take the largest of the ten probabilities, and where it stands.",
                what="(digit, probability)", tolerance=1e-3, reveal=True,
                mistakes=_mistakes_of_reading(picture, weights),
            )  # fmt: skip
    return "ink near 1 as in training, and a batch of one"


def _small_reader(seed):
    """Return a network that was never trained, as a Keras model and as its two weights."""
    import keras
    from keras import layers

    rng = np.random.default_rng(seed)
    weights = [rng.normal(0, 0.12, (784, 10)), rng.normal(0, 0.5, 10)]
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.set_weights(weights)
    model.compile(run_eagerly=True)  # else TensorFlow warns of many traced functions
    return model, weights


def _photo(number):
    """Return a photo like a digit's, uint8: dark ink on paper that is not quite 255."""
    rng = np.random.default_rng([5, number])
    ink = rng.integers(20, 190, (28, 28))
    return (250 - ink * (rng.random((28, 28)) < 0.3)).astype("uint8")


def _probabilities(pixels, weights):
    return softmax(pixels.reshape(1, -1) @ weights[0] + weights[1])[0]


def _read(pixels, weights):
    p = _probabilities(pixels, weights)
    return np.array([p.argmax(), p.max()])


def _mistakes_of_reading(picture, weights):
    photo = picture.astype(float)
    right = 1 - photo / 255
    p = _probabilities(right, weights)
    digit, largest = p.argmax(), p.max()
    once = (
        "Now nearly all pixels are equal: divide by 255 once, with / (// rounds down)."
    )
    order = "Divide by 255 first, then subtract from 1: 1 - picture / 255."
    turned = "That turns the picture, not its numbers: it is 1 - x that swaps bright and dark."
    equal = []
    for pixels in (right / 255, 0 * right, 1 - photo / 255**2, 0 * right + 1):
        value = _read(pixels, weights)
        if not any(is_close(value, other, 1e-3) for other in equal):
            equal.append(value)
    return [
        (_read(photo / 255, weights), "On the photo paper is bright, and the model knows paper"
         " as 0 and ink as 1: swap bright and dark."),
        (_read(255 - photo, weights), "The model knows numbers from 0 to 1, and yours go up to"
         " 255: divide by 255."),
        (_read(photo, weights), "Two steps are missing: divide by 255, and swap bright and"
         " dark, since paper is 0 and ink 1 for the model."),
        *((value, once) for value in equal),
        *((_read(pixels, weights), order) for pixels in (
            (1 - picture) / 255, -picture / 255, 1 - photo / 256, (1 - photo) / 255,
            -photo / 255)),
        *((_read(pixels / 255, weights), turned) for pixels in (
            photo[::-1], photo[:, ::-1], photo[::-1, ::-1])),
        (_read(1 - photo / photo.max(), weights), "Divide by 255, as in training, not by the"
         " picture's own largest value."),
        (_read(right.T, weights), "Rows and columns are swapped: no transpose is needed."),
        ([largest, digit], "The order is (digit, probability): yours are swapped."),
        ([digit, -np.log(largest)], "That is minus the logarithm of the probability, a loss:"
         " give the probability itself."),
        ([digit, 100 * largest], "Give the probability as it is, from 0 to 1, not in"
         " percent."),
        ([p.argmin(), p.min()], "That is the least probable digit: take argmax and max."),
        ([digit, p.min()], "The digit is right; its probability is the largest of the ten,"
         " not the smallest."),
        ([digit + 1, largest], "Count from 0: the first of the ten probabilities is that of"
         " digit 0."),
    ]  # fmt: skip


@exercise("23.2")
def any_camera(build_network):
    for shape, units, rate in [((6, 5), 7, 0.3), ((3, 4, 2), 5, 0.6)]:
        with undisturbed(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of keras.Model([image], [outputs])
            model = _model_of(build_network, "build_network", shape, units, rate)
            declared = getattr(model, "inputs", None)
            expect(
                not declared or tuple(declared[0].shape) == (None, *shape),
                f"For shape={shape} the model's input is"
                f" {tuple(declared[0].shape) if declared else None},"
                f" expected {(None, *shape)}: begin with keras.Input(shape), for the pictures"
                " as they are; Keras adds the batch axis itself.",
            )
            _expect_network(
                model, shape, units, rate,
                unsure='The ten outputs are no probabilities: the last layer needs'
                ' activation="softmax".',
                twice="Softmax is applied twice: once is enough.",
            )  # fmt: skip
            _expect_compiled(model, shape)
    return "for any pictures, any number of neurons, any rate; and compiled"


def _model_of(function, name, *arguments):
    """Return the model that the learner's function gives, or hint."""
    import keras

    expect(
        not isinstance(function, keras.Model),
        f"Hand in the function itself, without brackets: {name}, not the model.",
    )
    build = expect_function(function, name)
    for error in ("data_format", "used as a boolean", "invalid value for `units`"):
        build = hinting(
            build,
            "A layer is made first and called afterwards, with two pairs of brackets:"
            " layers.Flatten()(image), not layers.Flatten(image).",
            errors=(TypeError, ValueError),
            text=error,
        )
    for error, hint in (
        ("not connected to `inputs`", "keras.Model(inputs, outputs) wants the keras.Input"
         " first, then what the last layer returned for it."),
        ("Only input tensors", "The first layer is called on keras.Input(shape), not on"
         " the shape."),
    ):  # fmt: skip
        build = hinting(build, hint, errors=(TypeError, ValueError), text=error)
    model = build(*arguments)
    expect(
        model is not None,
        f"{name} gives nothing back: end it with `return` and the model.",
    )
    expect(
        isinstance(model, keras.Model),
        f"{name} should give back a Keras model, not a tensor, a layer or a list.",
    )
    return model


def _expect_compiled(model, shape):
    """Expect -ln p of the right digit as the loss, whatever it is called."""
    import keras

    expect(
        model.compiled,
        "The network is right. Compile it before you return it: model.compile(optimizer,"
        " loss).",
    )
    x = np.random.default_rng(1).uniform(0, 9, (20, *shape)).astype("float32")
    p = _outputs(model, x)
    digits = p.argmax(axis=1)
    wrong = (
        "The network is right, its loss is not: for labels like 7 and probabilities it is"
        ' "sparse_categorical_crossentropy".'
    )
    loss = hinting(model.compute_loss, wrong, errors=Exception)(
        x=x, y=digits, y_pred=keras.ops.convert_to_tensor(p)
    )
    right = -np.log(p.max(axis=1)).mean()
    expect(is_close(float(keras.ops.convert_to_numpy(loss)), right, 0.01), wrong)


def relu(z):
    return np.maximum(z, 0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _network(hidden=relu, last=softmax):
    """Return the network as a NumPy function of the pictures and its four weights."""
    return lambda x, w, b, v, c: last(hidden(x.reshape(len(x), -1) @ w + b) @ v + c)


def _expect_network(model, shape, units, rate, unsure, twice):
    """Expect Flatten, Dense with relu, Dropout, Dense with softmax.

    Args:
        model: the learner's.
        shape, units, rate: of the right network.
        unsure: the hint for a network without softmax.
        twice: the hint for softmax of softmax.
    """
    pixels = math.prod(shape)
    shapes = [(pixels, units), (units,), (units, 10), (10,)]
    x = np.random.default_rng(0).uniform(0, 2 / pixels**0.5, (50, *shape))
    x = x.astype("float32")
    used = _outputs(model, x)  # and built, if it was not
    _expect_sizes(model, pixels, units)
    expect(
        is_close(used, _outputs(model, x)),
        "Dropout is on even when the network is used: leave training=True out, and Keras"
        " switches it on in `fit` only.",
    )
    expect_model(
        model, _network(), x, shapes, modes=(False,),
        hint="Expected: Flatten, Dense with relu, Dropout, Dense with softmax.",
        mistakes=[
            (_network(hidden=lambda z: z),
             'The hidden layer has no activation: give it activation="relu".'),
            (_network(hidden=sigmoid), "The hidden layer should use relu, not sigmoid."),
            (_network(hidden=np.tanh), "The hidden layer should use relu, not tanh."),
            (_network(hidden=softmax), "Softmax belongs to the last layer only; the hidden"
             " layer should use relu."),
            (_network(last=lambda z: z), unsure),
            (_network(last=relu), unsure),
            (_network(last=sigmoid), "Sigmoid answers ten separate questions: for one digit"
             ' out of ten the last layer needs activation="softmax".'),
            (_network(last=lambda z: softmax(softmax(z))), twice),
            (_network(last=lambda z: softmax(relu(z))),
             "Softmax follows the last sums directly: no relu between them."),
        ],
    )  # fmt: skip
    _expect_dropout(model, x, dict(zip("wbvc", shapes, strict=True)), rate)


def _outputs(model, x, **options):
    import keras

    return keras.ops.convert_to_numpy(model(x, **options))


def _expect_sizes(model, pixels, units):
    """Compare the sizes in the order in which a learner would look for them."""
    kernels = [w.shape for w in model.get_weights() if w.ndim == 2]
    if sorted(kernels) == sorted([(pixels, units), (units, 10)]):
        return
    expect(
        len(kernels) == 2,
        f"Dense layers found in the model: {len(kernels)}. There should be two, each called on"
        " what came before it: one hidden layer, then one for the ten digits.",
    )
    expect(
        kernels[0][0] == pixels,
        f"The first Dense layer takes in {kernels[0][0]} numbers, but a picture has"
        f" {pixels}: Flatten comes first.",
    )
    expect(
        kernels[0][1] == units,
        f"The hidden layer has {kernels[0][1]} neurons; expected {units}.",
    )
    expect(
        kernels[1][1] == 10,
        f"The last layer has {kernels[1][1]} neurons; there are ten digits.",
    )
    expect(
        False,
        f"The last layer takes in {kernels[1][0]} numbers; in the chain of section 2 it gets"
        f" the {units} hidden values only, without Concatenate.",
    )


def _expect_dropout(model, x, shapes, rate):
    """Read the hidden values off the outputs in training, and find out what became of them.

    With weights that hand hidden value j on to output j alone, and nothing to the last
    output, the logarithm of p_j / p_9 is hidden value j.
    """
    units = shapes["b"][0]
    easy = {
        shapes["w"]: np.full(shapes["w"], 1 / shapes["w"][0]),
        shapes["b"]: np.linspace(0.2, 0.9, units),
        shapes["v"]: np.eye(units, 10) * (np.arange(10) < 9),
        shapes["c"]: np.zeros(10),
    }
    with undisturbed(model):
        model.set_weights([easy[w.shape] for w in model.get_weights()])
        hidden = np.log(
            _outputs(model, x)[:, : min(units, 9)] / _outputs(model, x)[:, 9:]
        )
        p = _outputs(model, x, training=True)
    expect(
        np.allclose(p.sum(axis=1), 1, atol=1e-3),
        "While training, the ten outputs no longer sum to 1: Dropout belongs before the last"
        " layer, not after it.",
    )
    found = np.log(p[:, : hidden.shape[1]] / p[:, 9:]) / hidden
    expect(
        not np.allclose(found, 1, atol=0.01),
        "No hidden value is dropped while training: call Dropout, with the rate as it is"
        " given, on the hidden layer's output, and hand on what it returns.",
    )
    left = found[np.abs(found) > 0.01]
    expect(
        len(left) < found.size and np.allclose(left, left.mean(), rtol=0.01),
        "While training, some hidden values should become 0 and all others be multiplied by"
        " one factor: use Dropout once, and that between the two Dense layers.",
    )
    expect(
        np.isclose(left.mean(), 1 / (1 - rate), rtol=0.01),
        f"Values that survive are multiplied by {left.mean():.3g}, as with"
        f" Dropout({1 - 1 / left.mean():.2g}); the rate should be {rate}.",
    )


@exercise("23.3")
def early_stop(early_stop):
    endless = (
        'Start with best = float("inf"): the first loss is a new best, however large.'
    )
    stops = (
        "Training stops after epoch 8, so it never sees the smaller loss of epoch 10: take"
        " the best epoch so far."
    )
    before = "Compare each loss with the best so far, not with the one before."
    any_less = (
        "A loss below all earlier ones is a new best, by however little: compare the losses"
        " as they are, not rounded, and with <."
    )
    long = [0.9, 0.7, 0.75, 0.72, 0.6, 0.66, 0.64, 0.65, 0.62]
    long += [0.5, 0.55, 0.53, 0.58, 0.59, 0.7, 0.8]
    cases = [
        (long, 3, (8, 5), [
            ((5, 8), "The order is (epochs run, best epoch): yours are swapped."),
            ((7, 4), "Count epochs from 1, not from 0: enumerate(val_losses, 1)."),
            ((9, 5), "Waited too long: patience 3 means stop after the third epoch in a row"
             " without a new best."),
            ((4, 2), "Stopped too early: patience 3 allows two epochs in a row without a new"
             " best; only the third ends training."),
            ((6, 5), "Reset the counter at every new best: only epochs in a row count."),
            ((8, 10), stops),
            ((13, 10), stops),
            ((16, 10), "That is the best of the whole list: training stops earlier, when"
             " patience is used up."),
            ((16, 5), "The best epoch is right, but training does not run through the whole"
             " list: return the epoch at which it stops."),
            ((15, 12), before),
            ((15, 10), before),
            ((8, 0.6), "Return the number of the best epoch, not its loss."),
            ((3, 0), "With best = 0 at the start no loss is ever below it: start with"
             ' float("inf").'),
        ]),
        ([3200.0, 2600.0, 2900.0, 2400.0, 2500.0, 2450.0, 1700.0], 2, (6, 4),
         [((2, 0), endless), ((3, 1), endless), ((2, 1), endless)]),
        ([0.5, 0.4, 0.4, 0.45, 0.4, 0.3], 3, (5, 2),
         [((6, 6), "An equal loss is not a new best: compare with <.")]),
        ([-0.3, -0.1, -0.2, 0.1, -0.25, -0.4], 4, (5, 1),
         [((4, 0), "If best starts as the first loss, its epoch is 1, not 0."),
          ((4, 1), "The first loss is a new best, too: epoch 1 does not count toward"
           " patience.")]),
        ([0.5, 0.4, 0.3, 0.2], 2, (4, 4),
         [((6, 4), "Every epoch is a new best, and after the fourth the losses end: no more"
           " epochs are run than there are losses.")]),
        ([0.512, 0.508, 0.511, 0.5079, 0.5115, 0.508, 0.49], 2, (6, 4),
         [((3, 1), any_less), ((4, 2), any_less),
          ((5, 4), "Compare each loss with the best so far, not with the one `patience`"
           " epochs ago.")]),
        ([0.8, 0.9, 0.7], 1, (2, 1), []),
    ]  # fmt: skip
    for losses, patience, right, mistakes in cases:
        expect_result(
            early_stop, (losses, patience), right, mistakes=mistakes,
            hint=f"Return (epochs_run, best_epoch); the losses were {losses}, patience"
            f" {patience}.",
        )  # fmt: skip
    return "that is the rule EarlyStopping follows"


@exercise("23.4")
def softmax_once(lowest_loss, mended):
    top = np.e / (np.e + 9)
    expect_value(
        expect_number(lowest_loss, "lowest_loss should be one number."),
        -np.log(top),
        "Which ten numbers are the best that the first softmax can hand on? Put them into"
        " the formula of softmax, and take minus the logarithm of what the right digit gets.",
        what="lowest_loss",
        tolerance=0.01,
        mistakes=[
            (0, "0 would need a probability of 1. The second softmax takes in numbers from 0"
             " to 1: what is the most it can give?"),
            (top, "That is the largest probability. The loss is minus its logarithm."),
            (np.log(top), "Minus the logarithm: a loss is positive here."),
            (np.log(10), "log 10 is the loss of ten equal probabilities; the best case is one"
             " 1 and nine 0."),
            (-np.log10(top), "Keras uses the natural logarithm: np.log, not np.log10."),
            (-np.log2(top), "Keras uses the natural logarithm: np.log, not np.log2."),
            (np.log(np.e + 9), "That is the loss if one of the nine zeros were the right"
             " digit; here the 1 is."),
            (np.log(np.e + 10) - 1, "His training ends near there, but the lowest loss is"
             " lower. Compute it: the sum has ten terms in all, one e¹ and nine e⁰."),
            (np.log(9) - 1, "The sum has ten terms: the e¹ belongs to it, too."),
            (1 - top, "The loss is minus the logarithm of the probability, not 1 less it."),
        ],
    )  # fmt: skip
    with undisturbed(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of keras.Model(colleague.inputs, ...)
        model = _model_of(mended, "mended")
        declared = getattr(model, "inputs", None)
        expect(
            not declared or tuple(declared[0].shape) == (None, 28, 28),
            "The lesson's pictures have shape (28, 28), but the network you return reads"
            " others: keep `keras.Input((28, 28))`.",
        )
        kernels = [w.shape for w in model.get_weights() if w.ndim == 2]
        expect(
            kernels != [(784, 128)],
            "The last Dense layer is gone, too: `pop()` changes `colleague` itself, each time"
            " it is called. Run the cell that makes it again, then build a new network from"
            " its layers.",
        )
        _expect_network(
            model, (28, 28), 128, 0.2,
            unsure="The outputs are no probabilities: take one softmax away, not both. (With"
            " none, the loss would have to be told from_logits=True.)",
            twice="Softmax is still applied twice, so no probability passes 0.232.",
        )  # fmt: skip
    return "one softmax, and the loss can fall to 0"


QUIZ = [
    Question(
        "The validation loss is lowest after epoch 6 and rises from then on, while the training"
        " loss falls. What is happening?",
        [
            (
                "The learning rate is too small.",
                "Then both would fall slowly, together.",
            ),
            (
                "The network is overfitting.",
                "What it still gains holds for the training pictures only. `EarlyStopping` with"
                " `restore_best_weights=True` would go back to epoch 6.",
            ),
            ("It needs more epochs.", "More of the same would widen the gap."),
        ],
        answer=1,
    ),
    Question(
        "A ten-class network has loss 2.30 and accuracy 0.10 after five epochs. What does the loss tell you?",
        [
            (
                "It gives each class about one tenth: it has learned nothing yet.",
                "`-log(1/10)` is 2.303: the loss of an even guess among ten.",
            ),
            (
                "It is sure of wrong answers.",
                "Sure and wrong costs more: `-log 0.01` is 4.6.",
            ),
            (
                "It has memorized the training set.",
                "Then the training loss would be near 0.",
            ),
        ],
        answer=0,
    ),
    Question(
        "A network reads 100 % of its training pictures correctly. What does this alone show?",
        [
            (
                "It has learned to read digits.",
                "The networks with the shuffled answers came nearly as far, and had learned"
                " nothing about new pictures.",
            ),
            (
                "Its test accuracy will be near 100 %.",
                "Only pictures it has not seen can tell.",
            ),
            (
                "It can reproduce the answers of its training set.",
                "Memory alone achieves that. Whether it has also learned to read, new pictures"
                " show.",
            ),
        ],
        answer=2,
    ),
    Question(
        "What does `Dropout(0.2)` do during `model.predict(…)`?",
        [
            (
                "It sets a fifth of the values to 0.",
                "Only in training; predictions must not be random.",
            ),
            (
                "Nothing: it passes all values on.",
                "The survivors were multiplied by 1/0.8 in training, so no correction is needed now.",
            ),
            (
                "It multiplies all values by 0.8.",
                "Keras rescales in training instead, by 1/0.8.",
            ),
        ],
        answer=1,
    ),
    Question(
        "You have 300 new pictures without labels. Which method do you call?",
        [
            ("`evaluate`", "It needs the labels, to compute loss and metrics."),
            (
                "`predict`",
                "It needs pictures only, and returns `(300, 10)` probabilities.",
            ),
            ("`fit`", "It would change the weights, and it needs labels."),
        ],
        answer=1,
    ),
]
