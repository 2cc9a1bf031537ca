"""Checkers and quiz of lesson 31, convolution and pooling."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    Untouched,
    as_array,
    expect,
    expect_function,
    expect_number,
    expect_result,
    expect_tuple,
    expect_value,
)
from ..quizzes import Question


@exercise("31.1")
def missing(missing):
    expect_value(
        expect_number(missing),
        -1.5,
        "The window is 2 3 2 / 2 4 1 / 0 2 0: multiply it by the kernel entry by entry, add"
        " the nine products, add b = 0.5.",
        what="O[1, 1]",
        mistakes=[
            (-2, "That is the sum without the bias: add b = 0.5."),
            (-2.5, "The bias is added, not taken away."),
            (2.5, "That is the kernel turned by 180°: lay it on the window as it is drawn."),
            (-5.5, "That is the kernel with rows and columns exchanged: lay it on the window as"
             " it is drawn."),
            (-0.5, "Count the middle row twice: its weights are -2, 0 and 2."),
            (-1, "Two things are missing: count the middle row twice, and add b = 0.5."),
            (0, "No ReLU here: leave a negative result negative."),
            (0.5, "The middle row, 2 4 1, gives -2·2 + 0·4 + 2·1 = -2; the other two rows give"
             " 0; then comes b."),
            (10.5, "That is O[0, 0], or the sum without its minus signs: move the window one row"
             " down and one column to the right, and subtract its left column."),
            (1.5, "That is O[0, 1]: move the window one row down as well."),
            (11.5, "That is O[1, 0]: move the window one column to the right as well."),
            (16, "That is the sum of the window: multiply each number by the weight that lies"
             " on it first."),
            (16.5, "That is the sum of the window, plus b: multiply each number by the weight"
             " that lies on it first."),
        ],
    )  # fmt: skip
    return (
        "(2 - 2) + 2·(1 - 2) + (0 - 0) + 0.5, the middle row doubled and b added: almost no"
        " edge there, and it falls from left to right"
    )


@exercise("31.2")
def conv_layer(conv_layer):
    expect_function(conv_layer, "conv_layer")
    rows = [
        (12, "The rows lack the + 1 of the first place; it comes after the division:"
         " (n - kernel) // stride + 1."),
        (14, "A jump that does not fit is not made: round down, with //."),
        (37 / 3 + 1, "A number of rows is whole: round down, with //."),
        (15, 'That is the rule of "same": "valid" adds no zeros, so the kernel needs room.'),
        (43, "Brackets: the kernel is taken away first, then divided by the stride, as"
         " (n - kernel) // stride + 1."),
        (38, "The stride is missing from the rows: (n - kernel) // stride + 1."),
        (44, "The rows stay as they were: the window must stay inside, and it jumps."),
    ]  # fmt: skip
    same_rows = [
        (14, 'In "same", n / stride is rounded up: the last jump gets zeros to stand on.'),
        (13, 'That is the rule of "valid": with "same" the rows are n / stride, rounded'
         " up."),
        (44, '"same" keeps the size only at stride 1: it is n / stride, rounded up.'),
        (44 / 3, "A number of rows is whole: round n / stride up."),
    ]  # fmt: skip
    columns = [
        (13, "Those are the columns of a square picture: rows and columns differ here.")
    ]
    maps = [
        (3, "That is the number of channels that go in: each filter makes one map."),
        (24, "A filter adds its channels up: it makes one map, not one per channel."),
    ]  # fmt: skip
    parameters = [
        (1176, "The biases are missing: one for each filter."),
        (1177, "One bias is not enough: each filter has its own."),
        (400, "Each filter has a slice of weights for every channel that goes in."),
        (1200, "There is one bias for each filter, not for each slice."),
        (1179, "There is one bias for each filter, not for each channel that goes in."),
        (148, "That is one filter: there are 8."),
        (176, "A slice has kernel × kernel weights."),
        (138528, "The weights are shared by all places: the size of the map does not"
         " count."),
    ]  # fmt: skip
    halves = [(13, "round() may go up: a jump that does not fit is not made. Use //.")]
    whole = [
        (15, '"same" is n / stride, rounded up: 28 / 2 is whole, and stays 14, whatever the'
         " kernel."),
    ]  # fmt: skip
    cases = [  # more channels than filters in some, fewer in others
        ((44, 31, 3), 8, 7, 3, "valid", (13, 9, 8, 1184), rows, columns, maps, parameters),
        ((44, 31, 3), 8, 7, 3, "same", (15, 11, 8, 1184), same_rows, [], [], []),
        ((28, 28, 1), 8, 3, 1, "valid", (26, 26, 8, 80), [], [], [], []),
        ((9, 7, 4), 2, 2, 2, "same", (5, 4, 2, 34), [], [], [], []),
        ((30, 50, 16), 5, 1, 1, "valid", (30, 50, 5, 85), [], [], [], []),
        ((28, 28, 1), 8, 5, 2, "valid", (12, 12, 8, 208), halves, [], [], []),
        ((28, 28, 1), 8, 2, 2, "same", (14, 14, 8, 40), whole, [], [], []),
    ]  # fmt: skip
    names = ("rows", "columns", "channels of the output", "parameters")
    hints = (
        '"valid": (n - kernel) // stride + 1; "same": n / stride, rounded up.',
        "Columns follow the same rule as rows, from their own size.",
        "Each filter makes one map.",
        "Each filter has kernel × kernel × channels weights and one bias.",
    )
    for *given, right, on_rows, on_columns, on_maps, on_parameters in cases:
        call = f"conv_layer({', '.join(map(repr, given))})"
        parts = expect_tuple(
            conv_layer(*given), 4,
            f"{call} should return four numbers: rows, columns, channels, parameters.",
        )  # fmt: skip
        mistakes = (on_rows, on_columns, on_maps, on_parameters)
        for part, want, name, hint, wrong in zip(
            parts, right, names, hints, mistakes, strict=True
        ):
            number = expect_number(part, f"{call} should return four whole numbers.")
            expect_value(
                number, want, hint, what=f"{call}: {name}", mistakes=wrong, reveal=True
            )
    return "sizes and weights of any convolution, before you build it"


@exercise("31.3")
def is_equivariant(is_equivariant):
    expect_function(is_equivariant, "is_equivariant")
    picture = np.array([[0, 5, 1, 2, 7, 3], [4, 0, 0, 6, 1, 8], [3, 3, 9, 0, 2, 1.0]])
    spot = np.zeros((3, 6))
    spot[1, 2] = 4
    stripes = np.tile([[1, 0], [2, 5], [0, 3.0]], (1, 3))  # left or right: the same
    functions = [
        (lambda p: p - np.roll(p, -1, axis=1), picture, 1),  # a convolution
        (lambda p: np.repeat(p.reshape(3, 3, 2).max(axis=2), 2, axis=1), picture, 1),
        (lambda p: np.sort(p, axis=1), picture, 1),  # invariant, and nothing moves
        (lambda p: p * np.arange(6), picture, 2),  # weights that differ from place to place
        (lambda p: p * np.arange(1, 4)[:, None], picture, 2),  # from row to row only
        (lambda p: p * np.array([1, 2] * 3), picture, 2),  # from column to column, by turns
        (lambda p: p * np.array([1, 2] * 3), picture, 1),
        (lambda p: np.full((3, 6), p.sum()), picture, 1),  # the same everywhere
        (lambda p: p * np.eye(6)[2], spot, 1),  # sees the one column where the spot is
        (lambda p: p * np.eye(6)[2], 0 * spot, 1),
        (lambda p: 2 * p, stripes, 1),
        (lambda p: p * np.eye(6)[4], spot, 1),  # follows at this shift, not at 2
        # each column is turned by its number: the columns' sums follow, the map does not
        (lambda p: np.stack([np.roll(p[:, c], c) for c in range(6)], axis=1), picture, 1),
        # follows but for the four columns that come in on the left
        (lambda p: p * np.array([1, 2, 3, 4, 1, 2]), picture, 4),
    ]  # fmt: skip

    def moved(array, shift):
        return np.roll(array, shift, axis=1)

    def verdicts(judge):
        return [float(judge(f, p, shift)) for f, p, shift in functions]

    right = verdicts(lambda f, p, s: np.allclose(f(moved(p, s)), moved(f(p), s)))
    answers = []
    for f, p, shift in functions:
        said = as_array(is_equivariant(f, p, shift), "What is_equivariant returns")
        expect(
            said.size == 1,
            "Return one answer, True or False: np.allclose makes one of a whole map.",
        )
        said = float(said.reshape(()))
        expect(said in (0, 1), "Return True or False, not a number.")
        answers.append(said)
    expect_value(
        answers,
        right,
        "Compare f(moved picture) with the moved f(picture), with np.allclose.",
        what="Your verdicts on the checker's functions (1 is True)",
        mistakes=[
            (verdicts(lambda f, p, s: np.allclose(f(moved(p, s)), f(p))),
             "That is invariance: the map should not stay, but move along with the picture."),
            (verdicts(lambda f, p, s: np.allclose(f(moved(p, s)), moved(f(p), -s))),
             "The map must move in the same direction as the picture."),
            (verdicts(lambda f, p, s: np.allclose(f(np.roll(p, s, 0)), np.roll(f(p), s, 0))),
             "Pictures move sideways here: axis=1."),
            ([1 - verdict for verdict in right], "You say True where the map does not follow,"
             " and False where it does."),
            (verdicts(lambda f, p, s: np.allclose(moved(p, s), moved(f(p), s))),
             "One of the two ways lacks f: first move, then f."),
            (verdicts(lambda f, p, s: np.allclose(f(moved(p, s)), moved(p, s))),
             "One of the two ways lacks f: first f, then move."),
            (verdicts(lambda f, p, s: np.allclose(f(moved(p, 1)), moved(f(p), 1))),
             "Move by `shift`, whatever it is, not always by 1."),
            (verdicts(lambda f, p, s: np.allclose(f(np.roll(p, s)), np.roll(f(p), s))),
             "np.roll without axis=1 lets the end of a row go on in the next: give axis=1, both"
             " times."),
            (verdicts(lambda f, p, s: np.allclose(f(np.roll(p, s)), moved(f(p), s))),
             "One of the two np.roll lacks axis=1: without it, the end of a row goes on in the"
             " next."),
            (verdicts(lambda f, p, s: all(
                np.allclose(f(moved(p, k)), moved(f(p), k)) for k in range(6))),
             "Ask about the one `shift` that is given, not about all shifts."),
            (verdicts(lambda f, p, s: np.allclose(
                f(moved(p, s)).sum(axis=0), moved(f(p), s).sum(axis=0))),
             "Compare the whole maps: their columns' sums may agree where the maps do not."),
            (verdicts(lambda f, p, s: np.allclose(
                f(moved(p, s))[:, s:], moved(f(p), s)[:, s:])),
             "Compare all columns, also those that came back on the left."),
            ([1.0] * len(functions), "You say True of every function: some of the checker's maps do not"
             " follow."),
            ([0.0] * len(functions), "You say False of every function: some of the checker's maps do"
             " follow."),
        ],
    )  # fmt: skip
    return "move and map, in either order: only where both agree does the map follow"


@exercise("31.4")
def repair(repair):
    # other numbers of images, channels, rows and columns than the photographs have
    for shape in ((2, 3, 120, 160), (4, 5, 1, 7), (1, 4, 5, 2)):
        n, channels, height, width = shape
        batch = np.random.default_rng(1).normal(size=shape).astype("float32")
        told = f"From {shape}, that is {channels} channels of {height} rows and {width} columns,"
        try:
            expect_result(
                repair, (batch,), np.transpose(batch, (0, 2, 3, 1)),
                f"Keras expects images, rows, columns, channels: from {shape} it should"
                f" become {(n, height, width, channels)}.",
                mistakes=[
                    (batch, f"A batch of shape {shape} comes back with its axes as they were"
                     " delivered: channels must go last."),
                    (np.transpose(batch, (0, 3, 2, 1)), f"{told} you made"
                     f" {(n, width, height, channels)}: channels are last, but rows and"
                     " columns have changed places."),
                    (batch.T, f"{told} you made {batch.T.shape}: .T turns all axes around;"
                     " the images must stay first."),
                    (batch.reshape(n, height, width, channels), "The shape is right, but the"
                     " pixels are scrambled: reshape deals the numbers out in their old"
                     " order. Move the axes instead."),
                    (batch.swapaxes(1, 2), "Rows and channels have changed places: channels"
                     " must go last, behind the columns."),
                    (batch.swapaxes(0, 1), "Images and channels have changed places: the"
                     " images stay first, channels go last."),
                    (np.moveaxis(batch, 0, -1), f"{told} you made"
                     f" {(channels, height, width, n)}: it is axis 1, the channels, that"
                     " goes last; the images stay first."),
                    (np.transpose(batch[0], (1, 2, 0)), "Only one image came back: repair"
                     " the whole batch."),
                ],
            )  # fmt: skip
        except (Hint, Untouched):
            raise
        except Exception as error:
            if n == 2:  # the photographs themselves: the error speaks for itself
                raise
            raise Hint(
                f"It works for the two photographs, but a batch of shape {shape} raises"
                f" {type(error).__name__}: write no number of images, channels, rows or"
                " columns into it."
            ) from error
    return "the rows, columns and channels stand where Keras looks for them"


QUIZ = [
    Question(
        "A street photograph moves by 5 pixels. What does the map of a convolution with stride 1,"
        " before any pooling, do (away from the borders)?",
        [
            (
                "It stays the same, because the same kernel is used everywhere.",
                "That would be invariance. The same kernel everywhere means that the answer follows"
                " the thing it answers to.",
            ),
            (
                "It moves by 5 pixels.",
                "Equivariance: move and convolve in either order, and you get the same.",
            ),
            (
                "It moves by 5/3 pixels with a 3 × 3 kernel.",
                "The kernel's size sets how much is seen at once, not the distance between outputs;"
                " that is the stride.",
            ),
        ],
        1,
    ),
    Question(
        "How many parameters does `Conv2D(16, 3)` have on color images, with three channels?",
        [
            (
                "160",
                "That is (3·3 + 1)·16: one channel. Each filter has a slice per channel.",
            ),
            ("432", "3·3·3·16 weights, but each of the 16 filters has a bias as well."),
            ("448", "(3·3·3 + 1)·16, whatever the size of the images."),
            (
                "It depends on the height and width.",
                "Weights are shared by all places, so the size does not matter. A dense layer's"
                " would depend on it.",
            ),
        ],
        2,
    ),
    Question(
        "An X-ray is bright in one half and dark in the other. Why does an edge map show the bones"
        " in both halves?",
        [
            (
                "The kernel's weights add up to 0, so brightness that is the same all over the"
                " window cancels.",
                "Only a change inside the window gives a number other than 0.",
            ),
            (
                "The bias takes the brightness away.",
                "The bias is one number for the whole picture; it cannot fit both halves.",
            ),
            (
                "The same weights are used everywhere.",
                "So are those of a blur, and its map is brighter where the picture is.",
            ),
        ],
        0,
    ),
    Question(
        "You must decide whether a photograph of 1,000 × 1,000 pixels contains a scratch anywhere."
        " Which pooling stands best behind the last convolution, judging by section 5?",
        [
            (
                "None: a convolution finds the scratch wherever it is.",
                "Its map moves along with the scratch, and a dense layer behind it would have to"
                " learn every place.",
            ),
            (
                "Max pooling over 2 × 2.",
                "It forgives one pixel at most; the scratch may lie hundreds of pixels away.",
            ),
            (
                "Global max pooling.",
                "It keeps *whether* and forgets *where*, and here nobody asks where.",
            ),
        ],
        2,
    ),
]
