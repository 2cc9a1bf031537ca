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
def numbers_per_picture(numbers_per_picture):
    expect_value(
        expect_number(numbers_per_picture, "Replace the three dots by one number."),
        64,
        "There are 8 rows with 8 numbers each. Multiply.",
        what="numbers_per_picture",
        mistakes=[
            (16, "16 is 8 + 8, and also the largest value; count rows times columns."),
            (8, "8 numbers make one row; how many rows are there?"),
            (784, "784 is a 28×28 picture, as in MNIST; this one is 8×8."),
            (640, "640 counts the ten probabilities, too: they come out, not in."),
            (4096, "That is 64 times 64: the picture has only two sides, 8 and 8."),
        ],
    )
    return "8 rows of 8 numbers; that is all the network will ever see of a picture"


@exercise("00.2")
def unsure_picture(unsure_picture, probabilities):
    p = expect_array(probabilities, (None, 10), "probabilities")
    number = expect_number(
        unsure_picture, "Give one picture's number, as the slider shows it."
    )
    expect(
        number == int(number),
        "A picture's number is a whole number. Is yours a probability? `.min()` gives the"
        " smallest value, `.argmin()` says where it is.",
    )
    expect(
        0 <= number < len(p),
        f"The test pictures are numbered from 0 to {len(p) - 1}: choose one of them.",
    )
    largest = p.max(axis=1)
    sure = largest[int(number)]
    expect(
        sure < 0.6 or number == largest.argmin(),
        f"There the network gives its answer the probability ≈ {sure:.2f}: too sure."
        " Look for one below 0.6, where two bars compete.",
    )
    return f"its largest probability is only ≈ {sure:.2f}"


@exercise("00.3")
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


@exercise("00.4")
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
            (2, "After two runs the largest value is 1 / scale, 0.0625 for the 8×8"
             " pictures. Hers is smaller still."),
            (4, "After four runs it would be smaller still: the first run gives 1."),
        ],
    )  # fmt: skip
    digits = np.arange(128, dtype="uint8").reshape(2, 8, 8) % 15
    few = np.array([[[0, 4, 11], [12, 8, 1]]], dtype="uint8")
    for raw, scale in ((digits, 16), (few, 12.5)):
        expect_result(
            scaled, (raw, scale), raw / scale, "Every value should become value / scale.",
            mistakes=[
                (raw // scale, "What stands after the decimal point is lost: use `/`, not"
                 " `//`, and no whole-number type."),
                (raw / raw.max(), "Divide by the scale you are given, not by the largest"
                 " value of these pictures: two batches must be scaled alike."),
                (raw / 255, "Divide by the scale you are given, not by 255: these pictures"
                 " end at 16."),
                (raw, "You return the pictures unscaled: divide them by scale."),
                (raw / scale / scale, "Divided once too often: one division brings 0…16"
                 " to 0…1."),
                (raw * float(scale), "You multiply: divide by scale."),
                *[(raw / 16, "Here scale is 12.5: divide by the scale you are given, not"
                   " by 16.")] * (scale != 16),
            ],
        )  # fmt: skip
    return "always from the raw pictures: run it as often as you like"


def colleagues_pictures(raw_pictures, scale):
    """Return test pictures as they stand in a colleague's notebook (exercise 00.4)."""
    pictures = raw_pictures
    for _ in range(3):  # the cell `x_hers = x_hers / scale`, run three times
        pictures = pictures / scale
    return pictures


QUIZ = [
    Question(
        "You train the ten lines on photographs of cats and dogs. By mistake, every cat is"
        ' labelled "dog" and every dog "cat". What does the network say about new'
        " photographs?",
        [
            (
                "It sees through the mistake and names most of them correctly.",
                "It has no other source of names than the labels, so it cannot notice.",
            ),
            (
                "It calls most cats dogs and most dogs cats.",
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
        "In the ten lines you change line 9 to `epochs=30`. Then you run only the cell"
        " below, which prints the accuracy. What do you see?",
        [
            (
                "The old accuracy: nothing was trained again.",
                "The page changed, the memory did not. `accuracy` is still the value from the"
                " last time that the training cell ran.",
            ),
            (
                "The new accuracy: the notebook notices the edit.",
                "Editing runs nothing. A cell acts only when you run it.",
            ),
            (
                "An error, because the two cells no longer match.",
                "Python cannot know that you edited the page: the variable exists, so it is"
                " printed, stale as it is.",
            ),
        ],
        answer=0,
    ),
    Question(
        "You set `SEED = 1`, restart and run all. The accuracy behind `≈` is now a little"
        " lower, and the claim still begins with `✓`. What happened?",
        [
            (
                "Something is broken: the same code must give the same number.",
                "The seed is part of what decides the start. Another seed means other starting"
                " weights and another order of pictures.",
            ),
            (
                "All is well: the number varies from run to run, the finding holds.",
                "That is the difference between a measured number and a claim: the claim leaves"
                " room for chance.",
            ),
            (
                "Seed 0 is the better seed and should be kept.",
                "A small difference between two single runs says nothing about the seeds; and"
                " choosing the luckiest run is how one fools oneself.",
            ),
        ],
        answer=1,
    ),
    Question(
        "Your laptop has no GPU, and you are on a train without a network. The course is"
        " installed. What can you do?",
        [
            (
                "Nothing until you are online: deep learning needs large downloads.",
                "The quick profile brings or makes its own data.",
            ),
            (
                'Run every lesson with `PROFILE = "quick"`.',
                "The quick profile needs neither a network nor a GPU, and runs in seconds"
                " on a CPU.",
            ),
            (
                'Run with `PROFILE = "full"`, only more slowly.',
                "The full profile must first download its data sets; once they are on your disk"
                " it works offline too.",
            ),
        ],
        answer=1,
    ),
]
