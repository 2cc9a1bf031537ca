"""Right and wrong answers of lesson 31, with a piece of the hint that must come."""

import math

import numpy as np

# ── 31.3 ────────────────────────────────────────────────────────────────────────


def trace(size, stack):
    field, jump = 1, 1
    for kernel, stride in stack:
        size = (size - kernel) // stride + 1
        field += (kernel - 1) * jump
        jump *= stride
    return size, field


def from_the_back(size, stack):
    field = 1
    for kernel, stride in reversed(stack):
        field = (field - 1) * stride + kernel
    for kernel, stride in stack:
        size = math.floor((size - kernel) / stride) + 1
    return [size, field]


def as_array(size, stack):
    strides = [stride for _, stride in stack]
    field = 1 + sum((k - 1) * math.prod(strides[:i]) for i, (k, _) in enumerate(stack))
    for kernel, stride in stack:
        size = len(range(0, size - kernel + 1, stride))
    return np.array([size, field])


def with_size(rule):
    """Return trace with another rule for the size."""

    def wrong(size, stack):
        right = trace(size, stack)
        for kernel, stride in stack:
            size = rule(size, kernel, stride)
        return size, right[1]

    return wrong


def with_field(
    field=1, minus=1, before=None, after=lambda jump, s: jump * s, own=False
):
    """Return trace with another rule for the receptive field."""

    def wrong(size, stack):
        total, jump = field, 1
        for kernel, stride in stack:
            if before:
                jump = before(jump, stride)
            total += (kernel - minus) * (stride if own else jump)
            jump = after(jump, stride)
        return trace(size, stack)[0], total

    return wrong


def keeps(jump, stride):
    return jump


def plain_sum(size, stack):
    return trace(size, stack)[0], 1 + sum(kernel - 1 for kernel, _ in stack)


def never_updates(size, stack):
    left, field, jump = size, 1, 1
    for kernel, stride in stack:
        left = (size - kernel) // stride + 1
        field += (kernel - 1) * jump
        jump *= stride
    return left, field


def only_the_last(size, stack):
    sizes = [(size - kernel) // stride + 1 for kernel, stride in stack] or [size]
    return sizes[-1], trace(size, stack)[1]


def returns_early(size, stack):
    for kernel, stride in stack:
        return (size - kernel) // stride + 1, kernel
    return size, 1


def returns_in_the_loop(size, stack):
    field, jump = 1, 1
    for kernel, stride in stack:
        size = (size - kernel) // stride + 1
        field += (kernel - 1) * jump
        jump *= stride
        return size, field
    return size, field


def goes_on(longest):
    """Return trace with a jump that the next call starts from, if the stack is that long."""
    kept = [1]

    def wrong(size, stack):
        field, jump = 1, kept.pop()
        for kernel, stride in stack:
            size = (size - kernel) // stride + 1
            field, jump = field + (kernel - 1) * jump, jump * stride
        fresh = jump == math.prod(stride for _, stride in stack)
        kept.append(jump if fresh and len(stack) >= longest else 1)
        return size, field

    return wrong


def empties_the_stack(size, stack):
    field, jump = 1, 1
    while stack:
        kernel, stride = stack.pop(0)
        size = (size - kernel) // stride + 1
        field += (kernel - 1) * jump
        jump *= stride
    return size, field


def turns_the_stack(size, stack):
    right = trace(size, stack)
    stack.reverse()
    return right


def forgets_return(*arguments):
    list(arguments)


def prints(*arguments):
    print(len(arguments))


# ── 31.4 ────────────────────────────────────────────────────────────────────────


def repair(batch):
    return np.transpose(batch, (0, 2, 3, 1))


def by_channel(batch):
    return np.stack([batch[:, c] for c in range(batch.shape[1])], axis=-1)


def with_keras(batch):
    import keras

    return keras.ops.moveaxis(batch, 1, -1)


def reshaped(batch):
    n, channels, height, width = batch.shape
    return batch.reshape(n, height, width, channels)


def only_for_colors(batch):
    if batch.shape[1] != 3:
        return batch
    return np.moveaxis(batch, 1, -1)


def three_colors(batch):
    red, green, blue = batch[:, 0], batch[:, 1], batch[:, 2]
    return np.stack([red, green, blue], axis=-1)


def filled(batch):
    out = np.empty((2, 120, 160, 3), "float32")
    for c in range(3):
        out[..., c] = batch[:, c]
    return out


def in_two_steps(batch):
    return batch.transpose(0, 2, 3, 1).reshape(2, 120, 160, 3)


RIGHT = {
    "31.1": [
        (-1.5,),
        ((2 - 2) + 2 * (1 - 2) + (0 - 0) + 0.5,),
        (np.array([[-1.5]]),),
        (np.float32(0.5) - 2,),
    ],
    "31.2": [
        ([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]],),
        ([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]],),
        (np.array([[0, 0.1, 0.3], [-0.1, 0, 0.1], [-0.3, -0.1, 0]], "float32"),),
        (np.triu(np.ones((3, 3))) - np.tril(np.ones((3, 3))),),
        ([[0, 0, 50], [0, 0, 0], [-50, 0, 0]],),
    ],
    "31.3": [(trace,), (from_the_back,), (as_array,)],
    "31.4": [
        (repair,),
        (by_channel,),
        (with_keras,),
        (lambda batch: np.swapaxes(np.swapaxes(batch, 1, 3), 1, 2),),
        (lambda batch: np.einsum("nchw->nhwc", batch),),
    ],
}

WRONG = {
    "31.1": [
        ((-2,), "without the bias"),
        ((2 * (1 - 2),), "without the bias"),
        ((-2.5,), "not taken away"),
        ((-2 - 0.5,), "not taken away"),
        ((2.5,), "turned by 180°"),
        ((2 * (2 - 1) + 0.5,), "turned by 180°"),
        ((-5.5,), "rows and columns exchanged"),
        (((0 + 2 * 2 + 0) - (2 + 2 * 3 + 2) + 0.5,), "rows and columns exchanged"),
        ((-0.5,), "middle row twice"),
        (((2 - 2) + (1 - 2) + (0 - 0) + 0.5,), "middle row twice"),
        # the entry of the figure's map; also without b and with the middle row once
        ((-1,), "here b is 0.5"),
        (((2 - 2) + (1 - 2) + (0 - 0),), "here b is 0.5"),
        ((0,), "leave a negative result negative"),
        ((max(-1.5, 0),), "leave a negative result negative"),
        ((0.5,), "The middle row, 2 4 1"),
        ((2 - 2 + 0 - 0 + 0.5,), "The middle row, 2 4 1"),
        ((11,), "That is O[0, 0]"),
        ((2 + 4 + 4 + 1,), "That is O[0, 0]"),
        ((2,), "one row down as well"),
        ((2 + 0 - 1 + 1,), "one row down as well"),
        ((12,), "one column to the right as well"),
        ((12.0,), "one column to the right as well"),
        ((16,), "sum of the window:"),
        ((2 + 3 + 2 + 2 + 4 + 1 + 0 + 2 + 0,), "sum of the window:"),
        ((16.5,), "sum of the window, plus b"),
        ((16 + 0.5,), "sum of the window, plus b"),
        ((99,), "entry by entry"),
        ((4 + 2 + 4 + 0.5,), "entry by entry"),  # no signs
        (("minus one and a half",), "single number"),
        (([-1, -0.5],), "single number"),
    ],
    "31.2": [
        (([[1, 2], [3, 4]],), "expected (3, 3)"),
        (([0, 1, 2, -1, 0, 1, -2, -1, 0],), "expected (3, 3)"),
        (([[0, 1, np.nan], [-1, 0, 1], [-1, -1, 0]],), "finite"),
        (([[0, 1, np.inf], [-1, 0, 1], [-np.inf, -1, 0]],), "finite"),
        ((np.zeros((3, 3)),), "nine zeros"),
        (([[0] * 3] * 3,), "nine zeros"),
        (([[1, 1, 2], [-1, 0, 1], [-2, -1, 0]],), "add up to 1"),
        (([[0, 1, 1], [0, 0, 1], [-1, -1, 0]],), "add up to 1"),
        (([[0, 1, 2], [0, 0, 1], [0, 0, 0]],), "add up to 4"),
        (([[0, 2, 1], [0, 0, 1], [0, 0, 0]],), "add up to 4"),
        (([[0, -1, -2], [1, 0, -1], [2, 1, 0]],), "opposite"),
        ((np.tril(np.ones((3, 3))) - np.triu(np.ones((3, 3))),), "opposite"),
        (([[-2, -1, 0], [-1, 0, 1], [0, 1, 2]],), "bright upper right gives 0"),
        (([[2, 1, 0], [1, 0, -1], [0, -1, -2]],), "bright upper right gives 0"),
        (([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],), "other diagonal"),
        (([[1, 2, 1], [0, 0, 0], [-1, -2, -1]],), "other diagonal"),
        (([[1, 1, 1], [-1, -2, 1], [-1, -1, 1]],), "other diagonal"),
        (([[1, 0, 1], [0, 0, 0], [-1, 0, -1]],), "other diagonal"),
    ],
    "31.3": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((lambda size, stack: trace(size, stack)[0],), "two numbers"),
        ((lambda size, stack: (*trace(size, stack), 1),), "two numbers"),
        ((lambda size, stack: ("8", "15"),), "two whole numbers"),
        ((lambda size, stack: ([8, 11], 15),), "two whole numbers"),
        ((lambda size, stack: trace(size, stack)[::-1],), "size first"),
        ((lambda *a: (from_the_back(*a)[1], trace(*a)[0]),), "size first"),
        ((lambda size, stack: (size, trace(size, stack)[1]),), "never changes"),
        ((with_size(lambda size, k, s: size),), "never changes"),
        ((returns_early,), "return behind the loop"),
        ((returns_in_the_loop,), "return behind the loop"),
        ((never_updates,), "layer before it left"),
        ((only_the_last,), "layer before it left"),
        ((with_size(lambda size, k, s: (size - k) // s),), "lacks the + 1"),
        ((with_size(lambda size, k, s: math.floor((size - k) / s)),), "lacks the + 1"),
        ((with_size(lambda size, k, s: -(-(size - k) // s) + 1),), "does not fit"),
        ((with_size(lambda size, k, s: math.ceil((size - k) / s) + 1),), "does not fit"),
        ((with_size(lambda size, k, s: (size - k) / s + 1),), "whole number: round"),
        ((with_size(lambda size, k, s: 1 + (size - k) * (1 / s)),), "whole number: round"),
        ((with_size(lambda size, k, s: math.ceil(size / s)),), 'padding is "valid"'),
        ((with_size(lambda size, k, s: -(-size // s)),), 'padding is "valid"'),
        # the stack from the back, and one pixel too few: no other mistake's numbers
        ((lambda size, stack: trace(size, stack[::-1]),), "the size is 17, expected 15"),
        ((with_size(lambda size, k, s: (size - k - 1) // s + 1),), "the size is 13"),
        ((lambda size, stack: trace(size, stack[:-1]),), "the size is 17, expected 15"),
        ((with_size(lambda size, k, s: (size - k - 1 + s) // s),), "the size is 13"),
        ((goes_on(3),), "called again"),
        ((goes_on(4),), "called again"),
        # binds as size - (kernel // stride) + 1: for (3, 2) the size never changes
        ((with_size(lambda size, k, s: size - k // s + 1),), "Brackets"),
        ((with_size(lambda size, k, s: 1 + size - int(k / s)),), "Brackets"),
        ((with_size(lambda size, k, s: (size - k + 1) // s),), "after the division"),
        ((with_size(lambda size, k, s: (size - (k - 1)) // s),), "after the division"),
        ((with_size(lambda size, k, s: size - k + 1),), "missing from the size"),
        ((with_size(lambda size, k, s: size - (k - 1)),), "missing from the size"),
        ((with_size(lambda size, k, s: (size - k) // (s + 1)),), "stride + 1"),
        ((with_size(lambda size, k, s: size - k),), "stride + 1"),
        ((with_field(field=0),), "starts at 1"),
        ((lambda *a: (trace(*a)[0], trace(*a)[1] - 1),), "starts at 1"),
        ((with_field(after=keeps),), "Strides are missing"),
        ((plain_sum,), "Strides are missing"),
        ((with_field(before=lambda j, s: j * s, after=keeps),), "after adding"),
        ((with_field(1, 1, lambda j, s: s * j, keeps),), "after adding"),
        ((with_field(own=True),), "own stride."),
        ((with_field(before=lambda j, s: s, after=keeps),), "own stride."),
        ((with_field(after=lambda j, s: j + s),), "Strides multiply"),
        ((with_field(1, 1, None, lambda j, s: s + j),), "Strides multiply"),
        ((with_field(field=1, minus=0),), "one pixel less"),
        ((with_field(1, 0),), "one pixel less"),
        ((lambda n, s: (trace(n, s)[0], sum(k for k, _ in s)),), "simply add up"),
        ((with_field(0, 0, after=keeps),), "simply add up"),
        ((lambda n, s: (trace(n, s)[0], s[0][0]),), "view of the first layer"),
        ((lambda *a: (trace(*a)[0], returns_early(*a)[1]),), "view of the first layer"),
        ((lambda n, s: (trace(n, s)[0], max(k for k, _ in s) + 2),), "expected 34. Each layer adds"),
        ((lambda n, s: (trace(n, s)[0], trace(n, s)[1] + 1),), "expected 34. Each layer adds"),
        ((empties_the_stack,), "changes `stack` itself"),
        ((turns_the_stack,), "changes `stack` itself"),
        (((11, 8),), "function itself"),
        ((trace(28, [(3, 1), (2, 2), (3, 1)]),), "function itself"),
    ],
    "31.4": [
        ((lambda batch: batch if batch.shape[-1] <= 3 else repair(batch),), "as they were"),
        ((lambda b: repair(b) if b.shape[3] not in (1, 2, 3) else b,), "as they were"),
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((lambda batch: batch,), "as they were delivered"),
        ((lambda batch: np.moveaxis(batch, -1, 3),), "as they were delivered"),
        ((only_for_colors,), "A batch of shape (4, 5, 1, 7) comes back"),
        ((lambda b: repair(b) if len(b) == 2 else b,), "A batch of shape (4, 5, 1, 7) comes back"),
        ((lambda batch: repair(batch).squeeze(),), "it should become (4, 1, 7, 5)"),
        ((lambda batch: repair(batch[:, :3]),), "it should become (4, 1, 7, 5)"),
        ((three_colors,), "it should become (4, 1, 7, 5)"),
        ((lambda batch: np.transpose(batch, (0, 3, 2, 1)),), "changed places."),
        ((lambda batch: np.swapaxes(batch, 1, 3),), "changed places."),
        ((lambda batch: batch.T,), ".T turns all"),
        ((np.transpose,), ".T turns all"),
        ((reshaped,), "scrambled"),
        ((lambda batch: batch.reshape(2, 120, 160, 3),), "scrambled"),
        ((lambda batch: batch.swapaxes(1, 2),), "behind the columns"),
        ((lambda batch: np.transpose(batch, (0, 2, 1, 3)),), "behind the columns"),
        ((lambda batch: batch.swapaxes(0, 1),), "Images and channels"),
        ((lambda batch: np.moveaxis(batch, 1, 0),), "Images and channels"),
        ((lambda batch: np.moveaxis(batch, 0, -1),), "it is axis 1"),
        ((lambda batch: np.transpose(batch, (1, 2, 3, 0)),), "it is axis 1"),
        ((lambda batch: np.transpose(batch[0], (1, 2, 0)),), "Only one image"),
        ((lambda batch: np.moveaxis(batch[0], 0, -1),), "Only one image"),
        ((filled,), "write no number"),
        ((in_two_steps,), "write no number"),
        ((lambda batch: repair(batch) / 255,), "Keras expects images"),
        ((lambda batch: repair(batch)[..., ::-1],), "Keras expects images"),
        ((lambda batch: repair(batch)[..., 0],), "Keras expects images"),
        ((lambda batch: batch.shape,), "Keras expects images"),
        ((lambda batch: np.transpose(batch, (2, 3, 1)),), "your code raised ValueError"),
        ((lambda batch: batch.permute(0, 2, 3, 1),), "your code raised AttributeError"),
        ((lambda batch: batch.transpose(0, 2, 3),), "your code raised ValueError"),
        ((lambda batch: batch.moveaxis(1, -1),), "your code raised AttributeError"),
        ((np.zeros((2, 120, 160, 3)),), "function itself"),
        ((repair(np.zeros((1, 2, 3, 4))),), "function itself"),
    ],
}  # fmt: skip
