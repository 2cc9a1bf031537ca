"""Checkers and quiz of lesson 01, What is deep learning?"""

import functools

import numpy as np

from ..checks import exercise
from ..expectations import (
    expect,
    expect_function,
    expect_number,
    expect_result,
)
from ..quizzes import Question


@exercise("01.1")
def guess(guess):
    expect_function(guess, "guess")
    pictures, digits = _fours_and_nines()
    answers = []
    for picture in pictures:
        answer = guess(picture)
        expect(
            answer is not None,
            "guess gives nothing back for some picture: end every branch with `return`.",
        )
        number = expect_number(
            answer,
            "Return the number 4 or 9 for each picture: no text, no True or False, and no"
            " array.",
        )
        expect(
            number in (4, 9),
            f"guess returned {number:g}: the answer should be 4 or 9.",
        )
        answers.append(number)
    for digit, other in ((4, 9), (9, 4)):
        expect(
            set(answers) != {digit},
            f"Your rule says {digit} to every picture, so it is right on one half. Ink goes"
            f" from 0 to 1: change the threshold until some pictures become a {other}.",
        )
    accuracy = np.mean(answers == digits)
    share = f"right on {accuracy:.0%} of the pictures"
    expect(
        accuracy > 0.35,
        f"Your rule is {share}, worse than tossing a coin: it has found something, but"
        " exchange the 4 and the 9.",
    )
    expect(
        accuracy > 0.62,
        f"Your rule is {share}, hardly better than tossing a coin. Put the window where the"
        " average 4 and the average 9 differ: at the top.",
    )
    expect(
        accuracy >= 0.8,
        f"Your rule is {share}: a good idea, but 80 % is wanted. Make the window as small as"
        " the gap that a 4 leaves open at the top, then move the threshold.",
    )
    return f"{share}, and you chose every number in it yourself: AI without learning"


@functools.cache
def _fours_and_nines():
    from .. import datasets

    archive = datasets.mnist_5k()
    rows = np.flatnonzero(np.isin(archive.y_train, [4, 9]))[:500]
    return archive.x_train[rows] / np.float32(255), archive.y_train[rows]


@exercise("01.2")
def count_parameters(count_parameters):
    expect_function(count_parameters, "count_parameters")
    for sizes in ([5, 7, 3, 2], [12, 9, 4]):
        pairs = list(zip(sizes, sizes[1:], strict=False))
        weights, biases = sum(a * b for a, b in pairs), sum(sizes[1:])
        expect_result(
            count_parameters, (sizes,), weights + biases,
            f"There are {weights} weights and {biases} biases.",
            mistakes=[
                (weights, "Those are the weights alone: each node behind the input has a bias,"
                 " too."),
                (biases, "Those are the biases alone: add a · b weights for each pair of"
                 " neighboring layers."),
                (weights + biases + sizes[0], "The input nodes have no bias: they only hand"
                 " the data on."),
                (weights + len(pairs), "A bias belongs to each node, not to each layer."),
                (weights + sum(sizes[:-1]), "The biases belong to the layer that the lines"
                 " lead to: a · b + b for each pair, not a · b + a."),
                (weights + biases - sizes[-1], "The output nodes have biases, too."),
                (pairs[0][0] * pairs[0][1] + pairs[0][1], "That is only the first pair of"
                 " layers: go on through all pairs. (Is your return inside the loop?)"),
                (np.prod(sizes), "Lines join neighboring layers only: add up the products of"
                 " neighbors instead of multiplying all sizes."),
                (sum(sizes), "That is the number of nodes: count the lines between them."),
            ],
        )  # fmt: skip
    for sizes, right in (([3, 4, 2], 26), ([6, 1], 7)):
        expect_result(
            count_parameters,
            (sizes,),
            right,
            "Any number of layers may come, from two on.",
        )
    return "a · b weights and b biases for each pair of neighboring layers"


@exercise("01.3")
def enough(enough):
    expect_function(enough, "enough")
    never = float("inf")
    early = "Return infinity behind the loop: here a later size does reach the target."
    sizes, curve = [50, 300, 1000, 4000], [0.5, 0.8125, 0.875, 0.9375]
    expect_result(
        enough, (sizes, curve, 0.875), 1000, "Take the first size whose accuracy is enough.",
        mistakes=[
            (4000, "1000 examples give exactly the target, and that reaches it: compare with"
             " >=, and take the smallest such size."),
            (2, "That is the position in the list: return the size that stands there."),
            (0.875, "That is the accuracy: return the size that belongs to it."),
            (300, "That is the last size that is not enough: take the next one."),
            (50, "50 examples do not reach the target: is your comparison turned round?"),
            (never, early),
        ],
    )  # fmt: skip
    expect_result(
        enough, ([10, 20, 40, 80], np.array([0.3, 0.7, 0.6, 0.8]), 0.65), 20,
        "20 examples reach the target; that is the smallest size that does.",
        mistakes=[
            (80, "80 examples are enough, but 20 are, too: stop at the first that reaches the"
             " target."),
            (40, "The accuracy at 40 is below the target."),
            (10, "The accuracy at 10 is below the target."),
        ],
    )  # fmt: skip
    expect_result(
        enough, ([100, 200, 700], [0.5, 0.61, 0.64], 0.9), never,
        'No size reaches the target: return float("inf").',
        mistakes=[
            (700, 'Not even 700 examples reach the target: return float("inf").'),
            (100, "100 examples do not reach the target: nothing that was tried does."),
            (0, '0 would mean that no example is needed: return float("inf").'),
            (-1, '-1 is no number of examples: return float("inf").'),
        ],
    )  # fmt: skip
    expect_result(
        enough, ([100, 200, 700], [0.5, 0.61, 0.64], 0.4), 100,
        "The first size is enough already.",
    )  # fmt: skip
    return "the smallest size that was tried and is enough, or none"


@exercise("01.4")
def clean(clean):
    expect_function(clean, "clean")
    rng = np.random.default_rng(4)
    for shape in ((6, 28, 28), (3, 5, 4)):
        ink = rng.uniform(0.2, 0.9, shape).astype("float32")
        ink[:, 0, 0] = 0  # the paper
        papers = np.linspace(0.05, 0.3, len(ink), dtype="float32")[:, None, None]
        scans = ink + papers
        spread = scans - scans.min((1, 2), keepdims=True)
        expect_result(
            clean, (scans,), ink,
            "Subtract from each picture its own smallest value.",
            mistakes=[
                (scans, "The pictures come back unchanged."),
                (scans - scans.min(), "One number is subtracted from all pictures, but each has"
                 " a paper of its own: take the smallest value picture by picture."),
                (scans - np.float32(0.1), "0.1 fits the nines of Tuesday only; from a four it"
                 " takes ink. Take the smallest value of each picture."),
                (np.maximum(scans - np.float32(0.1), 0), "0.1 fits the nines of Tuesday only;"
                 " from a four it takes ink, also with the rest cut off at 0. Take the smallest"
                 " value of each picture."),
                (scans / scans.max((1, 2), keepdims=True), "Dividing makes the darkest value"
                 " 1, but leaves the paper above 0: subtract."),
                (spread / spread.max((1, 2), keepdims=True), "The paper is 0, but dividing"
                 " changed the differences between pixels: only subtract."),
                (scans - scans.min(0), "That is the smallest value of each pixel over all"
                 " pictures: take it within each picture, over axes 1 and 2."),
                (scans - scans.min(1, keepdims=True), "That is the smallest value of each"
                 " column: take it over both axes of a picture, axis=(1, 2)."),
                (scans - scans.mean((1, 2), keepdims=True), "That is the mean: then the paper"
                 " becomes negative. The paper is the smallest value."),
                (scans > 0.5, "Only black and white is left: the grays should stay. Subtract"
                 " the paper."),
            ],
        )  # fmt: skip
    return "the paper is 0 everywhere: the nines have lost what gave them away"


def archive_scans(pictures, digits):
    """Return pictures as the archive scanned them: nines under a weaker lamp (01.4)."""
    lamp = np.where(digits == 9, 0.1, 0).astype("float32")
    return pictures + lamp[:, None, None]


QUIZ = [
    Question(
        "A thermostat switches the heating on below 19 °C, as its maker decided. Another one"
        " found the temperatures that suit you from a month of your own settings, with one"
        " weight for each hour of the day. Which is machine learning?",
        [
            (
                "Both: both decide by themselves.",
                "Deciding is not learning. The first one's number was typed in.",
            ),
            (
                "Only the second: its numbers come from examples.",
                "It is machine learning, but not deep: what it looks at, the hour, was chosen"
                " by its maker.",
            ),
            (
                "Neither: there is no neural network.",
                "Neural networks are one kind of machine learning. Logistic regression and"
                " forests are others.",
            ),
        ],
        answer=1,
    ),
    Question(
        "You have 400 labeled photographs of leaves, healthy or ill. What do you do first?",
        [
            (
                "Give up on deep learning: it needs millions.",
                "In section 5 a small CNN was ahead of the others with a few hundred. Measure yours.",
            ),
            (
                "Train the largest network that fits into memory.",
                "Without something simple beside it you cannot know what it is worth.",
            ),
            (
                "Draw learning curves of a simple model and a small CNN, with a test set apart.",
                "They show who leads, and whether more photographs would still help.",
            ),
        ],
        answer=2,
    ),
    Question(
        "All pixels of all pictures are moved to new places, in the same way. Why did the forest"
        " not care?",
        [
            (
                "It never used which pixels are neighbors, so nothing that it uses was lost.",
                "Its questions are about single pixels, and each pixel is still there.",
            ),
            (
                "It is too simple to notice any change.",
                "It would notice at once if the values were lost, or if each picture were"
                " shuffled in its own way.",
            ),
            (
                "It learned to undo the shuffling.",
                "It has no need to: it is built anew, on shuffled pictures, and treats every"
                " pixel as a column of a table.",
            ),
        ],
        answer=0,
    ),
    Question(
        "A colleague reports: “Three hidden layers beat one, so depth is better.” His networks"
        " have 50,000 and 900 parameters. What do you answer?",
        [
            (
                "Right: more layers are better.",
                "Perhaps. But here two things changed at once.",
            ),
            (
                "Depth and size changed together: compare at equal numbers of parameters, with"
                " several starts.",
                "Only then can the difference be put down to depth.",
            ),
            (
                "Wrong: a shallow network can do everything that a deep one can.",
                "Even where it can, it may take far longer to learn it: the section on depth at the"
                " end measures that.",
            ),
        ],
        answer=1,
    ),
    Question(
        "A network tells wolves from dogs with 99 % on its test photographs. Every wolf was"
        " photographed in snow, in the test set, too. What do you know?",
        [
            (
                "It recognizes wolves: the test photographs were not used for training.",
                "They share the snow. A test set with the same cue cannot tell wolf from snow.",
            ),
            (
                "It recognizes snow.",
                "It may, and it may not. The test cannot say; the next one can.",
            ),
            (
                "Nothing about wolves yet: test it on wolves without snow and dogs in snow.",
                "A test must come from where the network will work.",
            ),
        ],
        answer=2,
    ),
]
