"""Checkers and quiz of lesson 31, convolution and pooling."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    Hint,
    Untouched,
    as_array,
    expect,
    expect_array,
    expect_function,
    expect_number,
    expect_result,
    expect_tuple,
    expect_value,
    is_close,
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
            (-1, "That is the entry for b = 1: here b is 0.5. (Without b it would be -2, with"
             " the middle row counted twice.)"),
            (0, "No ReLU here: leave a negative result negative."),
            (0.5, "The middle row, 2 4 1, gives -2·2 + 0·4 + 2·1 = -2; the other two rows give"
             " 0; then comes b."),
            (11, "That is O[0, 0]: move the window one row down and one column to the right."),
            (2, "That is O[0, 1]: move the window one row down as well."),
            (12, "That is O[1, 0]: move the window one column to the right as well."),
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
def diagonal(diagonal):
    kernel = expect_array(diagonal, (3, 3), "The kernel")
    expect(np.isfinite(kernel).all(), "The nine weights should be finite numbers.")
    scale = np.abs(kernel).max()
    expect(scale > 0, "With nine zeros the map is 0 everywhere.")
    total = kernel.sum()
    kernel = kernel / scale
    expect(
        is_close(kernel.sum(), 0),
        f"Your weights add up to {total:.3g}, so an evenly lit region does not give 0.",
    )
    row, column = np.mgrid[:3, :3]
    wanted = (kernel * np.sign(column - row)).sum()  # 0 and 1, and ½ on the diagonal
    expect(
        wanted > -1e-6,
        "Your kernel finds the opposite: bright at the lower left. Change all signs.",
    )
    expect(
        wanted > 1e-6,
        "Dark lower left, bright upper right gives 0: put positive weights at the upper"
        " right and negative ones at the lower left.",
    )
    for edge in (2, 3, 1, 4):  # where the other edge crosses the window
        answer = kernel[row + column >= edge].sum()
        expect(
            is_close(answer, 0),
            "Your kernel also answers to an edge along the other diagonal (dark upper left,"
            f" bright lower right): where it covers {(row + column >= edge).sum()} of the"
            f" nine places, it gives {answer * scale:.3g}. Put the opposite of each weight at"
            " its mirror place across the diagonal from upper left to lower right.",
        )
    return "0 on flat regions, and each diagonal kept apart from the other"


@exercise("31.3")
def trace(trace):
    expect_function(trace, "trace")
    first = [(7, 3), (6, 2), (3, 1)]
    same = (
        "A later layer starts from the size that the layer before it left, not from the"
    )
    sizes = [
        (120, "The size never changes: update it in every layer."),
        (38, "That is the size after the first layer: return behind the loop, not in it."),
        (118, f"{same} first size."),
        (12, "The size lacks the + 1 of the first position."),
        (16, "A jump that does not fit is not made: round down, with //."),
        (46 / 3, "A size is a whole number: round down in every layer, with //."),
        (20, 'The padding is "valid": near the rim the kernel must fit, too, which costs'
         " kernel - 1 pixels."),
        (115, "Brackets: the kernel is taken away first, then divided by the stride, as"
         " (size - kernel) // stride + 1."),
        (14, "The + 1 comes after the division: (size - kernel) // stride + 1."),
        (107, "The stride is missing from the size: (size - kernel) // stride + 1."),
    ]  # fmt: skip
    fields = [
        (33, "The receptive field starts at 1 pixel, not at 0."),
        (14, "Strides are missing from the receptive field: behind a stride of 3, each step"
         " counts for 3 pixels."),
        (61, "A layer's own stride does not widen its own view: multiply the jump after"
         " adding to the field."),
        (31, "Each step counts for the product of all strides before this layer, not for the"
         " layer's own stride."),
        (39, "Strides multiply: behind strides of 3 and 2 a step counts for 6 pixels, not"
         " for their sum."),
        (44, "A kernel adds one pixel less than its width: kernel - 1, times the jump."),
        (16, "Kernel widths do not simply add up: each layer adds (kernel - 1) * jump."),
        (7, "That is the view of the first layer: add what the others see."),
    ]  # fmt: skip
    cases = [
        (120, first, (15, 34), sizes, fields),
        (28, [(3, 1), (2, 2), (3, 1)], (11, 8), [], []),
        (10, [(3, 2)], (4, 3), [], []),
        (224, [(7, 2), (3, 2), (3, 2), (2, 1)], (25, 27), [], []),
        (32, [], (32, 1), [], []),
    ]
    for size, stack, right, wrong_sizes, wrong_fields in cases:
        call = f"trace({size}, {stack})"
        parts = expect_tuple(
            trace(size, stack), 2,
            f"{call} should return two numbers: the size, then the receptive field.",
        )  # fmt: skip
        numbers = [
            expect_number(part, f"{call} should return two whole numbers.")
            for part in parts
        ]
        expect(
            not is_close(numbers, right[::-1]),
            "Return the size first, the receptive field second.",
        )
        expect_value(
            numbers[0], right[0], "Each layer: (size - kernel) // stride + 1.",
            what=f"{call}: the size", mistakes=wrong_sizes, reveal=True,
        )  # fmt: skip
        expect_value(
            numbers[1], right[1],
            "Each layer adds (kernel - 1) times the product of the strides before it.",
            what=f"{call}: the receptive field", mistakes=wrong_fields, reveal=True,
        )  # fmt: skip
        expect(
            is_close(as_array(trace(size, stack)), right),
            f"{call} is right at first; called again, something else comes out: set field and"
            " jump to 1 inside the function.",
        )
    return "size and view, through any stack"


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
    return "Keras took the columns for channels, and slid along colors and rows"


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
                "Equivariance: shift and convolve in either order, and you get the same.",
            ),
            (
                "It moves by 5/3 pixels with a 3×3 kernel.",
                "The kernel size sets how much is seen at once, not the distance between outputs;"
                " that is the stride.",
            ),
        ],
        1,
    ),
    Question(
        "How many parameters has `Conv2D(16, 3)` on color images, with three channels?",
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
        "A detector with 4×4 max pooling finds a screw anywhere in a window. Someone says:"
        " “pooling made it shift-invariant”. What did the measurement show?",
        [
            (
                "It is right: the pooled map did not change.",
                "It changed less than without pooling, but clearly, already at 1 pixel.",
            ),
            (
                "Shifts well inside the window change the pooled map less; a shift of a window's"
                " width, and fine detail with stride, still change it a lot.",
                "Tolerance, not invariance, and strided pooling aliases.",
            ),
            (
                "Pooling has no effect on shifts.",
                "It had: the change at 1 pixel was well below that without pooling.",
            ),
        ],
        1,
    ),
    Question(
        "You swap a 7×7 layer (64 channels in and out) for three 3×3 layers, each 64 in and out."
        " What is true?",
        [
            (
                "They see less of the picture.",
                "1 + 2 + 2 + 2 = 7: the receptive field is the same.",
            ),
            (
                "They have more parameters, being three layers.",
                "3·9 = 27 weights per pair of channels against 49.",
            ),
            (
                "They see the same 7×7 pixels, with fewer parameters and two more activations.",
                "That is why networks stack small kernels.",
            ),
            (
                "They compute exactly the same functions.",
                "Activations between them allow others, and fewer weights rule some out.",
            ),
        ],
        2,
    ),
    Question(
        "32 maps of 50×50 should become 8 maps of 50×50, each a mixture of all 32 at the same"
        " place. Which layer does only that?",
        [
            (
                "`Conv2D(8, 1)`",
                "One by one: it mixes channels and looks at no neighbors.",
            ),
            (
                '`DepthwiseConv2D(3, padding="same")`',
                "It looks at neighbors and mixes no channels; 32 maps come out.",
            ),
            ("`MaxPooling2D(4)`", "It shrinks each map to 12×12; 32 maps come out."),
            (
                "`Conv2D(8, 3)`",
                "It mixes, but looks at neighbors too, and without padding 48×48 come out.",
            ),
        ],
        0,
    ),
]
