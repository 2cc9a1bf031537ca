"""Checkers and quiz of lesson 00, Start here."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    expect,
    expect_model,
    expect_number,
    expect_result,
    expect_value,
    undisturbed,
)
from ..quizzes import Question


@exercise("00.1")
def letter_reader(letter_reader):
    import keras

    expect(
        not isinstance(letter_reader, (list, tuple)),
        "That is a list of layers: put it into keras.Sequential(...).",
    )
    expect(
        isinstance(letter_reader, keras.Model),
        "letter_reader should be a network: keras.Sequential([...]), built like model.",
    )
    x = np.random.default_rng(0).uniform(0, 0.05, (40, 784)).astype("float32")
    if getattr(letter_reader, "input_shape", None) == (None, 28, 28):
        x = x.reshape(-1, 28, 28)  # pictures as squares, which its Flatten makes rows
    names = [type(layer).__name__ for layer in letter_reader.layers]
    expect("Dropout" not in names, "Dropout is not asked for: leave it out.")
    if not letter_reader.built:
        with undisturbed():
            letter_reader(x)
    sizes = [w.shape[-1] for w in letter_reader.weights if len(w.shape) == 2]
    for wrong, why in [
        ([512, 10], "That is the network of the digits: change both sizes."),
        ([512, 26], "The first layer still has 512 units; here it has 64."),
        ([64, 10], "The last layer still has a unit per digit; here it needs one per"
         " letter."),
        ([26, 64], "The sizes have changed places: the last layer has a unit per letter."),
        ([64], "The last layer is missing: it turns 64 numbers into one per letter."),
        ([26], "The first layer is missing: the one of 64 units, with relu."),
    ]:  # fmt: skip
        expect(sizes != wrong, why)
    expect(
        sizes == [64, 26],
        f"Your layers have {' and '.join(map(str, sizes)) or 'no'} units; it takes two"
        " layers, of 64 units and of one per letter, a to z.",
    )

    def network(first, last):
        return lambda x, w1, b1, w2, b2: last(
            first(x.reshape(len(x), -1) @ w1 + b1) @ w2 + b2
        )

    def linear(z):
        return z

    def relu(z):
        return np.maximum(z, 0)

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    def softmax(z):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    expect_model(
        letter_reader, network(relu, softmax), x, [(784, 64), (64,), (64, 26), (26,)],
        hint='The first layer takes activation="relu", the last activation="softmax".',
        mistakes=[
            (network(linear, softmax), 'The first layer lacks activation="relu".'),
            (network(relu, linear), "What comes out are no probabilities: the last layer"
             ' lacks activation="softmax".'),
            (network(relu, relu), "With relu at the end, the outputs do not sum to 1: the"
             " last layer takes softmax."),
            (network(relu, sigmoid), "With sigmoid, the outputs do not sum to 1: the last"
             " layer takes softmax."),
            (network(softmax, softmax), "softmax belongs into the last layer only: the"
             " first takes relu."),
            (network(softmax, relu), "relu and softmax have changed places."),
            (network(linear, linear), "Both activations are missing: relu in the first"
             " layer, softmax in the last."),
        ],
    )  # fmt: skip
    return "n pictures in, (n, 26) out: a probability for each letter"


@exercise("00.2")
def one_prediction(answer, loss):
    expect_value(
        expect_number(answer, "answer should be one digit."),
        4,
        "The answer is the digit with the largest probability.",
        what="answer",
        mistakes=[
            (9, "9 is the label. The answer is what the network holds most probable."),
            (0.55, "0.55 is the largest probability: which digit has it?"),
            (
                0.30,
                "0.30 is the probability of the label; which digit has the largest?",
            ),
        ],
    )
    expect_value(
        expect_number(loss, "loss should be one number, such as -np.log(0.5)."),
        -np.log(0.30),
        "It is minus the natural logarithm of one of the two probabilities.",
        what="loss",
        tolerance=0.01,
        mistakes=[
            (-np.log(0.55), "That is the loss if 4 were right. Take the probability of"
             " the label."),
            (np.log(0.30), "A logarithm of less than 1 is negative: the loss has a minus."),
            (0.30, "That is p itself: the loss is -np.log(p)."),
            (0.70, "That is 1 - p; the loss is -np.log(p)."),
            (-np.log(0.70), "That is -np.log(1 - p): take p, the label's probability."),
            (-np.log10(0.30), "That is the logarithm to base 10: ln is np.log."),
            (-np.log2(0.30), "That is the logarithm to base 2: ln is np.log."),
        ],
    )  # fmt: skip
    return "the 9 got more than 1/10, so the loss is below blind guessing's 2.30"


@exercise("00.3")
def times_run(times_run):
    expect_value(
        expect_number(times_run, "times_run should be one whole number."),
        3,
        "Divide the largest raw value, 255, by 255 until you reach x_hers.max(), and count"
        " the divisions.",
        what="times_run",
        mistakes=[
            (1, "After one run the largest value is 1, as in x_test.max(). Look at"
             " x_hers.max()."),
            (2, "After two runs the largest value is 1/255, about 0.0039. Hers is smaller"
             " still."),
            (4, "After four runs it would be smaller still: the first run gives 1."),
            (255 / 255**3, "That is x_hers.max(). How many divisions by 255 lead there?"),
            (255**3, "That is by how much her cell has divided in all: count the runs."),
            (255**2, "That is by how much yours are larger than hers: count the runs, the"
             " first one, too."),
        ],
    )  # fmt: skip
    return "a cell that changes its own input gives something else each time"


@exercise("00.4")
def scaled(scaled):
    digits = np.arange(128, dtype="uint8").reshape(2, 64) * 2
    few = np.array([[0.0, 4, 11], [12, 8, 1]])
    for raw, scale in ((digits, 255), (few, 12.5)):
        expect_result(
            scaled, (raw, scale), raw / scale, "Every value should become value / scale.",
            mistakes=[
                (raw // scale, "What stands after the decimal point is lost: use `/`, not"
                 " `//`, and no whole-number type."),
                (raw / raw.max(), "Divide by the scale you are given, not by the largest"
                 " value of these pictures: two batches must be scaled alike."),
                (raw, "You return the pictures unscaled: divide them by scale."),
                (raw / scale / scale, "Divided once too often: one division brings 0…255"
                 " to 0…1."),
                (raw * float(scale), "You multiply: divide by scale."),
                *[(raw / 255, "Here scale is 12.5: divide by the scale you are given, not"
                   " by 255.")] * (scale != 255),
            ],
        )  # fmt: skip
    dim = np.array([[0.0, 1, 0], [1, 1, 0]])
    expect_result(
        scaled, (dim, 255), dim / 255, "Every value should become value / scale.",
        mistakes=[(dim, "Raw pictures that are nearly empty have no value above 1: divide"
                   " always, without asking for the maximum.")],
    )  # fmt: skip
    return "always from the raw pictures: run it as often as you like"


def two_loops(upper="left", lower="left", opening=140, slant=0.1, pen=2.2):
    """Draw two loops, one above the other, each open on one side.

    Args:
        upper, lower: where the loop is open: ``"left"``, ``"right"`` or ``"closed"``.
        opening: of an open loop, 0 to 180 degrees.
        slant: pixels to the right per pixel upward.
        pen: width of the pen in pixels.

    Returns:
        Array of shape (28, 28), 0 (paper) to 1 (ink).
    """
    strokes = []
    for side, y, width, height in ((upper, 9.2, 4.2, 4.6), (lower, 18.8, 4.8, 5.0)):
        angle = np.arange(0, 360, 0.5)
        if side != "closed":
            middle = {"left": 180, "right": 0}[side]
            off = np.abs(
                (angle - middle + 180) % 360 - 180
            )  # from the opening's middle
            angle = angle[off >= opening / 2]
        turned = np.deg2rad(angle)
        strokes.append((14 + width * np.cos(turned), y - height * np.sin(turned)))
    x, y = np.hstack(strokes)
    x = x - slant * (y - 14)
    rows, columns = np.mgrid[:28, :28]
    distance = np.hypot(columns[..., None] - x, rows[..., None] - y).min(axis=-1)
    return np.clip(0.7 + pen / 2 - distance, 0, 1)


def colleagues_pictures(raw_pictures, scale):
    """Return test pictures as they stand in a colleague's notebook (exercise 00.3)."""
    pictures = raw_pictures
    for _ in range(3):  # the cell `x_hers = x_hers / scale`, run three times
        pictures = pictures / scale
    return pictures


QUIZ = [
    Question(
        "You train the network on small pictures of shirts and shoes. By mistake, every"
        ' shirt is labeled "shoe" and every shoe "shirt". What does the network say about'
        " new pictures?",
        [
            (
                "It sees through the mistake and names most of them correctly.",
                "It has no other source of names than the labels, so it cannot notice.",
            ),
            (
                "It calls most shirts shoes and most shoes shirts.",
                "The labels still belong to the pictures, only under other names: as with"
                " the renamed digits of section 4, it learns them about as well.",
            ),
            (
                "It guesses: about half are correct.",
                "Shuffled labels would do that. Swapped labels are"
                " consistent, and a consistent rule can be learned.",
            ),
        ],
        answer=1,
    ),
    Question(
        "The whole notebook has run. You change `epochs=5` into `epochs=1`, and run only the"
        " cell that draws the loss. What do you see?",
        [
            (
                "The same curve, of five epochs.",
                "The kernel still remembers the `history` of the training that was run; the"
                " changed line was not.",
            ),
            (
                "A curve of one epoch.",
                "The page says so, but `fit` did not run again: a cell runs its own lines"
                " only.",
            ),
            (
                "`NameError: name 'history' is not defined`.",
                "The name is in the kernel's memory until you restart it.",
            ),
        ],
        answer=0,
    ),
    Question(
        "Why are 1,000 pictures kept apart, and never trained on?",
        [
            (
                "Training would take too long with all 5,000.",
                "It would take a quarter longer. The reason lies in what is measured.",
            ),
            (
                "They are more difficult, so that the test is strict.",
                "Every fifth picture was taken, easy or not: they are like the others.",
            ),
            (
                "Of those it was trained on, it may know the answers by heart.",
                "The question is what it does with new pictures: nobody needs a network for"
                " those whose answers are known already.",
            ),
        ],
        answer=2,
    ),
]
