"""Checkers and quiz of lesson 00, Start here."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    expect,
    expect_array,
    expect_number,
    expect_result,
    expect_value,
)
from ..quizzes import Question


@exercise("00.1")
def in_and_out(numbers_in, numbers_out):
    expect_value(
        expect_number(numbers_in, "numbers_in should be one number."),
        784,
        "A picture has 28 rows with 28 dots each. Multiply.",
        what="numbers_in",
        mistakes=[
            (28, "28 dots make one row; how many rows go in?"),
            (56, "56 is 28 + 28; count rows times columns."),
            (255, "255 is the largest value of a dot. How many dots are there?"),
            (4000, "4,000 pictures are trained on; one picture is asked for."),
            (4000 * 784, "Those are all training pictures; one is asked for."),
            (512, "512 units take the numbers in; how many numbers does each get?"),
        ],
    )
    expect_value(
        expect_number(numbers_out, "numbers_out should be one number."),
        10,
        "Look at line 6: the last layer has one unit per digit.",
        what="numbers_out",
        mistakes=[
            (1, "The answer is one digit, but the network gives a probability for each of"
             " the digits."),
            (9, "The digits begin with 0: count that one, too."),
            (512, "512 numbers leave the first layer; line 6 makes other numbers of them."),
        ],
    )  # fmt: skip
    return "784 dots in, a probability for each of the ten digits out"


@exercise("00.2")
def unsure_opening(unsure_opening, opinions):
    p = expect_array(opinions, (None, 10), "opinions")
    opening = expect_number(
        unsure_opening, "Give one opening in degrees, as the slider shows it."
    )
    expect(
        opening == int(opening),
        "An opening is a whole number of degrees. Is yours a probability? `.min()` gives the"
        " smallest value, `.argmin()` says where it is.",
    )
    expect(
        0 <= opening < len(p),
        f"The openings go from 0 to {len(p) - 1} degrees: choose one of them.",
    )
    largest = p.max(axis=1)
    sure = largest[int(opening)]
    expect(
        sure < 0.75 or opening == largest.argmin(),
        f"There it says {p[int(opening)].argmax()} with probability ≈ {sure:.2f}: too"
        " sure. Look where the 8 becomes a 3.",
    )
    return f"its largest probability is only ≈ {sure:.2f}"


@exercise("00.3")
def swapped(swapped):
    for digits in (
        np.array([3, 8, 5, 0, 3, 9]),
        np.array([[8, 8, 3], [1, 3, 7]]),
        np.array([3, 6, 8]),
    ):
        said = np.where(digits == 3, 8, np.where(digits == 8, 3, digits))
        expect_result(
            swapped, (digits,), said, "Only 3 and 8 change places.",
            mistakes=[
                (digits, "Nothing has changed: it calls a 3 what its labels called it."),
                (np.where(digits == 3, 8, digits), "The eights have to become threes, too."),
                (np.where(digits == 8, 3, digits), "The threes have to become eights, too."),
                ((digits + 1) % 10, "That renames every digit; here only 3 and 8 change."),
                (np.isin(digits, [3, 8]), "That says which are 3 or 8; give back what the"
                 " network says."),
                (11 - digits, "Right for 3 and 8, but the other digits keep their names."),
            ],
        )  # fmt: skip
    return "a mistake that is always the same is learned like the truth"


@exercise("00.4")
def accuracy_of(accuracy_of):
    for labels, predictions in (
        ([7, 7, 0, 1, 2, 2, 9, 4], [7, 1, 0, 1, 5, 2, 9, 8]),
        ([3, 8, 1, 7], [3, 3, 1, 7]),
        ([5, 5, 5, 6, 6], [6, 5, 6, 6, 5]),
    ):
        y, guess = np.array(labels), np.array(predictions)
        right, n = int((y == guess).sum()), len(y)
        expect_result(
            accuracy_of, (y, guess), right / n, f"{right} of the {n} agree.",
            mistakes=[
                (right, "That counts the right ones; divide by how many there are."),
                (100 * right / n, "That is in percent; accuracy lies between 0 and 1."),
                (1 - right / n, "That is the share of mistakes: use ==."),
                (n - right, "That counts the mistakes: use ==, and divide by n."),
                (y == guess, "It gives one value per picture; accuracy is one number,"
                 " their mean."),
            ],
        )  # fmt: skip
    return "the share of predictions that equal their labels"


@exercise("00.5")
def colleagues_bug(times_run, scaled):
    expect_value(
        expect_number(times_run, "times_run should be one whole number."),
        3,
        "Divide the largest raw value by scale until you reach x_hers.max(), and count"
        " the divisions.",
        what="times_run",
        mistakes=[
            (1, "After one run the largest value is 1, as in x_test.max(). Look at"
             " x_hers.max()."),
            (2, "After two runs the largest value is 1/255, about 0.0039. Hers is smaller"
             " still."),
            (4, "After four runs it would be smaller still: the first run gives 1."),
        ],
    )  # fmt: skip
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
    return "always from the raw pictures: run it as often as you like"


def two_loops(upper="left", lower="left", opening=140, slant=0.1, pen=2.2):
    """Draw two loops, one above the other, each open on one side (section 5).

    Args:
        upper, lower: where the loop is open: ``"left"``, ``"right"`` or ``"closed"``.
        opening: of an open loop, 0 to 180 degrees.
        slant: dots to the right per dot upward.
        pen: width of the pen in dots.

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
    """Return test pictures as they stand in a colleague's notebook (exercise 00.5)."""
    pictures = raw_pictures
    for _ in range(3):  # the cell `x_hers = x_hers / scale`, run three times
        pictures = pictures / scale
    return pictures


QUIZ = [
    Question(
        "You train the ten lines on small pictures of shirts and shoes. By mistake, every"
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
                " the renamed digits of section 4, it learns them just as well.",
            ),
            (
                "It guesses: about half are correct.",
                "That would be shuffled labels, which tell nothing. Swapped labels are"
                " consistent, and a consistent rule can be learned.",
            ),
        ],
        answer=1,
    ),
    Question(
        "For a picture the network gives the 4 a probability of 0.55, the 9 one of 0.40, and"
        " the rest almost nothing. What do you conclude?",
        [
            (
                "The picture is a 4.",
                "The network's answer is 4, but it can be wrong, and here it half says so.",
            ),
            (
                "The network failed: probabilities should be 0 or 1.",
                "Softmax gives shares of certainty that sum to 1. Undecided shares are useful:"
                " they tell you which pictures a person should look at.",
            ),
            (
                "Its answer is 4, and it hesitates between 4 and 9.",
                "The largest probability is the answer; the second one says what it was mixed"
                " up with.",
            ),
        ],
        answer=2,
    ),
    Question(
        "You save the notebook, and open it again tomorrow. All outputs are there. You run only"
        " the cell that draws the curve of the loss. What happens?",
        [
            (
                "`NameError: name 'history' is not defined`.",
                "The page was saved, the memory was not: run the cells above first.",
            ),
            (
                "The same curve again.",
                "The page still shows it, but the kernel is a new one, with an empty memory.",
            ),
            (
                "The network is trained again, then the curve appears.",
                "A cell runs its own lines only; training stands in another cell.",
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
                "On pictures that it was trained on, the network may know the answers by"
                " heart; the question is what it does with new ones.",
                "Nobody needs a network for pictures whose answers are known already.",
            ),
            (
                "They are more difficult, so that the test is strict.",
                "Every fifth picture was taken, easy or not: they are like the others.",
            ),
        ],
        answer=1,
    ),
]
