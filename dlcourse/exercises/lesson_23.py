"""Checkers and quiz of lesson 23, dense networks in Keras."""

import numpy as np

from ..checks import exercise
from ..expectations import expect, expect_number
from ..quizzes import Question


@exercise("23.1")
def count_by_hand(answer):
    count = expect_number(
        answer, "One whole number, please: all the weights and biases."
    )
    expect(
        count != 784 * 50 + 50 * 10,
        "Those are the weights. Each neuron also has a bias: 50 and 10 more.",
    )
    expect(
        count not in (784 * 50 + 50, 784 * 50),
        "That is the first Dense layer; add the second, which takes 50 values in.",
    )
    expect(
        count != 28 * 50 + 50 + 50 * 10 + 10,
        "Flatten comes first: one input per pixel, and 28 rows of 28 pixels.",
    )
    expect(
        count - 39_760 not in (50, 784, 834),
        "Dropout and Flatten learn nothing: they add no parameters.",
    )
    expect(
        round(count) != 784 * 50 + 50 + round(50 * 0.7) * 10 + 10,
        "Dropout removes no neuron for good: the last layer always has 50 inputs.",
    )
    expect(
        count == 784 * 50 + 50 + 50 * 10 + 10,
        "For each Dense layer: inputs × units weights, plus one bias per unit.",
    )
    return "784·50 + 50, then 50·10 + 10; Flatten and Dropout add none"


@exercise("23.2")
def functional(answer):
    import keras

    expect(
        callable(answer),
        "Hand in the function itself: build_network, without brackets.",
    )
    shape, units, rate = (6, 5), 7, 0.3
    model = answer(shape, units, rate)
    expect(
        model is not None,
        "The function returns nothing: end it with  return keras.Model(…).",
    )
    expect(
        isinstance(model, keras.Model),
        "Return keras.Model(inputs, outputs), not a tensor or a layer.",
    )
    expect(
        not isinstance(model, keras.Sequential),
        "A fine Sequential model; here, call the layers one by one on keras.Input(shape).",
    )
    expect(
        getattr(model, "inputs", None),
        "No inputs are declared: start with keras.Input(shape), not with a class.",
    )
    expect(
        tuple(model.inputs[0].shape) == (None, *shape),
        f"For shape={shape} the model's input is {tuple(model.inputs[0].shape)}; use the"
        " arguments, not fixed numbers; Keras adds the batch axis itself.",
    )
    _expect_layers(model, units, rate)
    _expect_forward(model, shape)
    return "input, four layers and keras.Model: a Functional network"


def _expect_layers(model, units, rate):
    """Check the sizes, in the order in which a learner would find them."""
    kinds = [type(layer).__name__ for layer in model.layers]
    expect(
        "Flatten" in kinds or "Reshape" in kinds,
        "Flatten the image before the first Dense layer.",
    )
    expect(
        kinds.count("Dense") == 2,
        f"I count {kinds.count('Dense')} Dense layers; there should be two, and the second"
        " must be called on what came before it and end in keras.Model's outputs.",
    )
    sizes = [layer.units for layer in model.layers if type(layer).__name__ == "Dense"]
    expect(
        sizes[0] == units, f"For units={units} the hidden layer has {sizes[0]} neurons."
    )
    expect(
        sizes[1] == 10, f"The last layer has {sizes[1]} neurons; there are ten digits."
    )
    rates = [layer.rate for layer in model.layers if type(layer).__name__ == "Dropout"]
    expect(rates, "There is no Dropout layer between the two Dense layers.")
    expect(rates == [rate], f"For rate={rate} the Dropout layer has rate {rates[0]}.")


def _expect_forward(model, shape):
    """Compare the outputs with softmax(relu(xW + b)V + c) computed in NumPy."""
    import keras

    x = np.random.default_rng(0).uniform(-1, 1, (20, *shape)).astype("float32")
    out = keras.ops.convert_to_numpy(model(x, training=False))
    expect(out.shape == (20, 10), f"20 images gave {out.shape}; expected (20, 10).")
    weights = [keras.ops.convert_to_numpy(w) for w in model.weights]
    expect(
        len(weights) == 4,
        "Leave use_bias as it is: kernel and bias in both Dense layers.",
    )
    w, b, v, c = weights
    z = x.reshape(20, -1) @ w + b

    def softmax(a):
        powers = np.exp(a - a.max(1, keepdims=True))
        return powers / powers.sum(1, keepdims=True)

    expect(
        not np.allclose(out, softmax(z @ v + c), atol=1e-4),
        'The hidden layer has no activation: give it activation="relu".',
    )
    hidden = np.maximum(z, 0) @ v + c
    expect(
        not np.allclose(out, softmax(softmax(hidden)), atol=1e-4),
        "Softmax is applied twice: once is enough.",
    )
    expect(
        np.allclose(out.sum(1), 1, atol=1e-3),
        'The ten outputs do not sum to 1: the last layer needs activation="softmax".',
    )
    expect(
        np.allclose(out, softmax(hidden), atol=1e-3),
        "The layers are there, but not in the order Flatten, Dense with relu, Dropout,"
        " Dense with softmax.",
    )


@exercise("23.3")
def early_stop(answer):
    expect(
        callable(answer), "Hand in the function itself: early_stop, without brackets."
    )
    falling = _pair(answer, [0.5, 0.4, 0.3], 2)
    expect(
        falling != (2, 2),
        "With losses 0.5, 0.4, 0.3 you said (2, 2): count epochs from 1, not from 0.",
    )
    expect(
        falling == (3, 3),
        f"With losses 0.5, 0.4, 0.3 every epoch is a new best: (3, 3), not {falling}.",
    )
    simple = _pair(answer, [0.9, 0.7, 0.6, 0.65, 0.64, 0.63], 2)
    expect(
        simple != (3, 5),
        "The order is (epochs run, best epoch): yours are the other way round.",
    )
    expect(
        simple != (6, 3),
        "Waited too long: patience 2 means stop after the second epoch without a new best.",
    )
    expect(
        simple != (4, 3),
        "Too impatient: one epoch without a new best is allowed when patience is 2.",
    )
    expect(
        simple == (5, 3), f"Losses 0.9, 0.7, 0.6, 0.65, 0.64, …: (5, 3), not {simple}."
    )
    expect(
        _pair(answer, [0.9, 0.5, 0.6, 0.7, 0.1], 2) == (4, 2),
        "Losses 0.9, 0.5, 0.6, 0.7, 0.1: training stops after epoch 4, so it never sees the 0.1.",
    )
    expect(
        _pair(answer, [0.9, 0.95, 0.8, 0.85, 0.7, 0.75, 0.76, 0.77], 2) == (7, 5),
        "Reset the counter at every new best: losses 0.9, 0.95, 0.8, 0.85, 0.7, 0.75, 0.76"
        " stop after epoch 7.",
    )
    expect(
        _pair(answer, [0.5, 0.5, 0.5, 0.4], 2) == (3, 1),
        "An equal loss is not a new best: compare with <.",
    )
    expect(
        _pair(answer, [0.5, 0.6, 0.7, 0.8, 0.9], 3) == (4, 1),
        "Use the argument patience, not a fixed 2.",
    )
    return "that is the rule EarlyStopping follows"


def _pair(answer, val_losses, patience):
    """Return what the learner's function gives, as two whole numbers."""
    result = answer(list(val_losses), patience)
    expect(result is not None, "The function returns nothing: end it with  return.")
    expect(
        isinstance(result, (tuple, list)) and len(result) == 2,
        "Return two numbers: epochs run, best epoch.",
    )
    return tuple(int(expect_number(number)) for number in result)


@exercise("23.4")
def softmax_once(lowest_loss, mended):
    _expect_floor(expect_number(lowest_loss, "lowest_loss should be one number."))
    expect(
        callable(mended),
        "The second answer is the function mended itself, without brackets.",
    )
    model = mended()
    import keras

    expect(
        model is not None,
        "mended returns nothing: end it with  return keras.Sequential(…).",
    )
    expect(isinstance(model, keras.Model), "mended should return a Keras model.")
    expect(
        model.built and model.inputs,
        "Keep keras.Input(shape) as the first entry, so that the model knows its input.",
    )
    shape = tuple(model.inputs[0].shape)[1:]
    x = np.random.default_rng(0).uniform(0, 1, (50, *shape)).astype("float32")
    out = keras.ops.convert_to_numpy(model(x, training=False))
    expect(out.shape == (50, 10), f"50 images gave {out.shape}; expected (50, 10).")
    expect(
        np.allclose(out.sum(1), 1, atol=1e-3) and out.min() >= 0,
        "The rows no longer sum to 1: take one softmax away, not both. (With none, the loss"
        " would have to be told from_logits=True.)",
    )
    last = [layer for layer in model.layers if type(layer).__name__ == "Dense"][-1]
    last.set_weights([100 * w for w in last.get_weights()])
    sure = keras.ops.convert_to_numpy(model(x, training=False)).max()
    expect(
        sure > 0.25,
        "Even with huge weights no probability passes 0.232: softmax is still applied twice.",
    )
    return "one softmax, and the loss can fall to 0"


def _expect_floor(loss):
    top = np.e / (np.e + 9)
    expect(
        abs(loss) > 0.01,
        "0 would need a probability of 1. The second softmax takes in numbers from 0 to 1:"
        " what is the most it can give?",
    )
    expect(
        abs(loss - top) > 0.01,
        "That is the largest probability. The loss is minus its logarithm.",
    )
    expect(
        abs(loss - np.log(top)) > 0.01, "Minus the logarithm: a loss is positive here."
    )
    expect(
        abs(loss - np.log(10)) > 0.01,
        "log 10 is the loss of ten equal probabilities; the best case is one 1 and nine 0.",
    )
    expect(
        abs(loss + np.log(top) / np.log(10)) > 0.01,
        "Keras uses the natural logarithm: np.log, not np.log10.",
    )
    expect(
        abs(loss + np.log(top)) < 0.01,
        "Feed the second softmax a perfect answer, (1, 0, …, 0): e¹ over e¹ + 9·e⁰; then -log.",
    )


QUIZ = [
    Question(
        "After epoch 6 the training loss goes on falling and the validation loss rises. What is happening?",
        [
            (
                "The learning rate is too small.",
                "Then both would fall slowly, together.",
            ),
            (
                "The network is memorizing its training images.",
                "What it still gains holds for the training images only. `EarlyStopping` would"
                " go back to epoch 6.",
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
        "A network reads 100 % of its training images correctly. What do you know?",
        [
            (
                "It has learned to read digits.",
                "The shuffled labels reached nearly that, too.",
            ),
            (
                "Its test accuracy will be near 100 %.",
                "Only images it has not seen can tell.",
            ),
            (
                "It can reproduce its training set, and nothing more.",
                "That is also what memory alone achieves. Look at the validation accuracy.",
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
        "You have 360 new images without labels. Which method do you call?",
        [
            ("`evaluate`", "It needs the labels, to compute loss and metrics."),
            (
                "`predict`",
                "It needs images only, and returns `(360, 10)` probabilities.",
            ),
            ("`fit`", "It would change the weights, and it needs labels."),
        ],
        answer=1,
    ),
]
