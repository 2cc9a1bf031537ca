"""Checkers and quiz of lesson 31, convolution and pooling."""

from ..checks import exercise
from ..expectations import Hint, expect, expect_array, expect_number
from ..quizzes import Question


@exercise("31.1")
def missing(answer):
    number = expect_number(answer)
    hints = {
        -2: "That is the sum without the bias: add b = 1.",
        3: "That is the kernel turned by 180°: lay it on the window as it is drawn.",
        0: "Count the middle row twice: its weights are -2, 0 and 2.",
        11: "That is O[0, 0]: move the window one row down and one column to the right.",
        2: "That is O[0, 1]: move the window one row down as well.",
        12: "That is O[1, 0]: move the window one column to the right as well.",
        1: "The middle row, 2 4 1, gives -2·2 + 0·4 + 2·1 = -2, and then come the last row and b.",
    }
    if number != -1:
        raise Hint(
            hints.get(
                number,
                "The window is 2 3 2 / 2 4 1 / 0 2 0: multiply it by the kernel entry by"
                " entry, add the nine products, add b = 1.",
            )
        )
    return "0 - 2 + 0 + 1: almost no edge there, and it falls from left to right"


@exercise("31.2")
def diagonal(answer):
    import numpy as np

    kernel = expect_array(answer, (3, 3), "The kernel")
    expect(np.isfinite(kernel).all(), "The nine weights should be finite numbers.")
    scale = np.abs(kernel).max()
    expect(scale > 0, "With nine zeros the map is 0 everywhere.")
    kernel = kernel / scale
    total = kernel.sum()
    expect(
        abs(total) < 1e-6,
        f"Your weights add up to {total * scale:.3g}, so an evenly lit region does not give 0.",
    )
    row, column = np.mgrid[:3, :3]
    upper_right = np.sign(
        column - row
    )  # +1 upper right, 0 on the diagonal, -1 lower left
    wanted = (kernel * upper_right).sum()
    lower_right = column + row  # an edge on either side of that diagonal
    other = [kernel[lower_right > 2].sum(), kernel[lower_right >= 2].sum()]
    expect(
        wanted > -1e-6,
        "Your kernel finds the opposite: bright at the lower left. Change all signs.",
    )
    expect(
        wanted > 1e-6,
        "Dark lower left, bright upper right gives 0: put positive weights at the upper"
        " right and negative ones at the lower left.",
    )
    expect(
        np.abs(other).max() < 1e-6,
        "Your kernel also answers to an edge along the other diagonal (dark upper left,"
        " bright lower right): mirror the weights across the diagonal from upper left to"
        " lower right, with opposite signs.",
    )
    return "0 on flat regions, and each diagonal kept apart from the other"


@exercise("31.3")
def trace(answer):
    cases = [
        (28, [(3, 1)]), (10, [(3, 2)]), (28, [(3, 1), (3, 1)]), (28, [(3, 1), (2, 2), (3, 1)]),
        (224, [(7, 2), (3, 2), (3, 1)]), (32, []),
    ]  # fmt: skip
    for size, stack in cases:
        result = answer(size, list(stack))
        call = f"trace({size}, {stack})"
        expect(
            result is not None, f"{call} returned None: end with  return size, field."
        )
        expect(
            isinstance(result, (tuple, list)) and len(result) == 2,
            f"{call} should return two numbers: the size, then the receptive field.",
        )
        got_size, got_field = (
            expect_number(part, f"{call} should return two whole numbers.")
            for part in result
        )
        if len(stack) > 1:
            first = (size - stack[0][0]) // stack[0][1] + 1
            expect(
                (got_size, got_field) != (first, stack[0][0]),
                f"{call} stops after the first layer: return behind the loop, not in it.",
            )
        _judge(call, size, stack, got_size, got_field)
    return "size and view, through any stack"


def _judge(call, size, stack, got_size, got_field):
    """Raise the hint that fits a wrong size or receptive field of one stack."""
    field, jump, plain, early, early_jump = 1, 1, 1, 1, 1
    exact, rounded_up, no_one = size, size, size
    for kernel, stride in stack:
        exact = (exact - kernel) // stride + 1
        rounded_up = -(-(rounded_up - kernel) // stride) + 1
        no_one = (no_one - kernel) // stride
        field += (kernel - 1) * jump
        jump *= stride
        plain += kernel - 1
        early_jump *= stride
        early += (kernel - 1) * early_jump
    expect(
        (got_size, got_field) != (field, exact) or field == exact,
        "Return the size first, the receptive field second.",
    )
    if got_size != exact:
        if got_size == size:
            raise Hint(f"{call}: the size never changes; update it in every layer.")
        if got_size == no_one:
            raise Hint(f"{call}: the size lacks the + 1 of the first position.")
        if got_size == rounded_up:
            raise Hint(
                f"{call}: a jump that does not fit is not made: round down, with //."
            )
        raise Hint(
            f"{call} gives size {got_size:g}; expected {exact}:"
            " (size - kernel) // stride + 1 in every layer."
        )
    if got_field != field:
        if got_field == field - 1:
            raise Hint(f"{call}: the receptive field starts at 1 pixel, not at 0.")
        if got_field == plain:
            raise Hint(
                f"{call}: strides are missing from the receptive field; behind a stride of 2,"
                " each step counts for 2 pixels."
            )
        if got_field == early:
            raise Hint(
                f"{call}: a layer's own stride does not widen its own view; multiply the jump"
                " after adding to the field."
            )
        raise Hint(
            f"{call} gives receptive field {got_field:g}; expected {field}: add"
            " (kernel - 1) times the product of the strides before this layer."
        )


@exercise("31.4")
def repair(answer):
    import numpy as np

    batch = np.arange(2 * 3 * 5 * 7, dtype="float32").reshape(2, 3, 5, 7)
    target = np.transpose(batch, (0, 2, 3, 1))
    result = answer(batch.copy())
    expect(result is not None, "repair(batch) returned None: end with  return.")
    out = np.asarray(result)
    told = f"From (2, 3, 5, 7), that is 3 channels of 5 rows and 7 columns, you made {out.shape}"
    expect(
        out.shape != batch.shape,
        "The axes are as they were delivered: channels must go last.",
    )
    expect(
        out.shape != (2, 7, 5, 3),
        f"{told}: channels are last, but rows and columns have changed places.",
    )
    expect(
        out.shape != (7, 5, 3, 2),
        f"{told}: .T turns all axes around; the images must stay first.",
    )
    expect(
        out.shape == target.shape,
        f"{told}; Keras expects (2, 5, 7, 3), for any number of images, rows, columns, channels.",
    )
    expect(
        np.array_equal(out, target),
        "The shape is right, but the pixels are scrambled: reshape deals the numbers out in"
        " their old order. Move the axes instead.",
    )
    square = np.arange(1 * 4 * 3 * 3, dtype="float32").reshape(1, 4, 3, 3)
    expect(
        np.array_equal(np.asarray(answer(square)), np.transpose(square, (0, 2, 3, 1))),
        "It works for one shape only: no number of images, rows, columns or channels may be"
        " written into it.",
    )
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
