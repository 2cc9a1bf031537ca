"""Right and wrong answers of lesson 31, with a piece of the hint that must come."""

import math

import numpy as np

# ── 31.2 ────────────────────────────────────────────────────────────────────────


def conv_layer(shape, filters, kernel, stride, padding):
    rows, columns, channels = shape
    if padding == "same":
        sizes = [-(-n // stride) for n in (rows, columns)]
    else:
        sizes = [(n - kernel) // stride + 1 for n in (rows, columns)]
    return *sizes, filters, (kernel * kernel * channels + 1) * filters


def counting_places(shape, filters, kernel, stride, padding):
    room = 0 if padding == "same" else kernel - 1
    sizes = [len(range(0, n - room, stride)) for n in shape[:2]]
    return np.array([*sizes, filters, kernel**2 * shape[2] * filters + filters])


def asking_keras(shape, filters, kernel, stride, padding):
    from keras import layers

    layer = layers.Conv2D(filters, kernel, stride, padding)
    output = layer(np.zeros((1, *shape), "float32"))
    return [*output.shape[1:], layer.count_params()]


def with_size(valid=None, same=None):
    """Return conv_layer with another rule for rows and columns."""

    def wrong(shape, filters, kernel, stride, padding):
        rule = same if padding == "same" else valid
        right = conv_layer(shape, filters, kernel, stride, padding)
        sizes = [rule(n, kernel, stride) for n in shape[:2]] if rule else right[:2]
        return *sizes, *right[2:]

    return wrong


def with_part(index, rule):
    """Return conv_layer with another rule for one of its four numbers."""

    def wrong(shape, filters, kernel, stride, padding):
        parts = list(conv_layer(shape, filters, kernel, stride, padding))
        parts[index] = rule(shape, filters, kernel, parts)
        return parts

    return wrong


def square(shape, filters, kernel, stride, padding):
    return conv_layer((shape[0], shape[0], shape[2]), filters, kernel, stride, padding)


def rows_twice(*given):
    rows, _, *others = conv_layer(*given)
    return rows, rows, *others


# ── 31.3 ────────────────────────────────────────────────────────────────────────


def moved(array, shift, axis=1):
    return np.roll(array, shift, axis=axis)


def is_equivariant(f, picture, shift):
    return np.allclose(f(moved(picture, shift)), moved(f(picture), shift))


def by_largest_gap(f, picture, shift):
    gap = f(np.roll(picture, shift, 1)) - np.roll(f(picture), shift, 1)
    return bool(np.abs(gap).max() < 1e-9)


def moved_back(f, picture, shift):
    there_and_back = np.roll(f(np.roll(picture, shift, axis=1)), -shift, axis=1)
    return np.array_equal(there_and_back, f(picture))


# ── both ────────────────────────────────────────────────────────────────────────


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
    "31.2": [(conv_layer,), (counting_places,), (asking_keras,)],
    "31.3": [(is_equivariant,), (by_largest_gap,), (moved_back,)],
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
        ((-1,), "Two things are missing"),
        (((2 - 2) + (1 - 2) + (0 - 0),), "Two things are missing"),
        ((0,), "leave a negative result negative"),
        ((max(-1.5, 0),), "leave a negative result negative"),
        ((0.5,), "The middle row, 2 4 1"),
        ((2 - 2 + 0 - 0 + 0.5,), "The middle row, 2 4 1"),
        ((10.5,), "That is O[0, 0]"),
        ((2 + 4 + 4 + 0.5,), "That is O[0, 0]"),
        ((1.5,), "one row down as well"),
        ((2 + 0 - 1 + 0.5,), "one row down as well"),
        ((11.5,), "one column to the right as well"),
        (((4 - 1) + 2 * (4 - 0) + (2 - 2) + 0.5 + 0,), "one column to the right as well"),
        ((16,), "sum of the window:"),
        ((2 + 3 + 2 + 2 + 4 + 1 + 0 + 2 + 0,), "sum of the window:"),
        ((16.5,), "sum of the window, plus b"),
        ((16 + 0.5,), "sum of the window, plus b"),
        ((99,), "entry by entry"),
        ((7.25,), "entry by entry"),
        (((2 + 2) + 2 * (1 + 2) + (0 + 0) + 0.5,), "without its minus signs"),
        ((4 + 6 + 0.5,), "without its minus signs"),
        (("minus one and a half",), "single number"),
        (([-1, -0.5],), "single number"),
    ],
    "31.2": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((lambda *given: conv_layer(*given)[:3],), "four numbers:"),
        ((lambda *given: conv_layer(*given)[3],), "four numbers:"),
        ((lambda *given: [str(n) for n in conv_layer(*given)],), "four whole numbers"),
        ((lambda *given: [[n, n] for n in conv_layer(*given)],), "four whole numbers"),
        ((with_size(lambda n, k, s: (n - k) // s),), "lack the + 1"),
        ((with_size(lambda n, k, s: (n - k + 1) // s),), "lack the + 1"),
        ((with_size(lambda n, k, s: -(-(n - k) // s) + 1),), "does not fit"),
        ((with_size(lambda n, k, s: n // s),), "does not fit"),
        ((with_size(lambda n, k, s: (n - k) / s + 1),), "rows is whole: round down"),
        ((with_size(lambda n, k, s: 1 + (n - k) * (1 / s)),), "rows is whole: round down"),
        ((with_size(lambda n, k, s: math.ceil(n / s)),), 'the rule of "same"'),
        ((with_size(lambda n, k, s: -(-n // s)),), 'the rule of "same"'),
        ((with_size(lambda n, k, s: n - k // s + 1),), "Brackets"),
        ((with_size(lambda n, k, s: n - (k // s) + 1),), "Brackets"),
        ((with_size(lambda n, k, s: n - k + 1),), "stride is missing"),
        ((with_size(lambda n, k, s: n - (k - 1)),), "stride is missing"),
        ((with_size(lambda n, k, s: n),), "stay as they were"),
        ((with_part(0, lambda shape, f, k, parts: shape[0]),), "stay as they were"),
        ((with_size(lambda n, k, s: (n - k) // (s + 1)),), "stride + 1; "),
        ((with_size(lambda n, k, s: (n - 2 * k) // s + 1),), "stride + 1; "),
        ((with_size(None, lambda n, k, s: n // s),), "is rounded up: the last jump"),
        ((with_size(None, lambda n, k, s: int(n / s)),), "is rounded up: the last jump"),
        ((with_size(None, lambda n, k, s: (n - k) // s + 1),), 'the rule of "valid"'),
        ((lambda *given: conv_layer(*given[:4], "valid"),), 'the rule of "valid"'),
        ((with_size(None, lambda n, k, s: n),), "only at stride 1"),
        ((lambda shape, f, k, s, p: conv_layer(shape, f, k, 1, p) if p == "same"
          else conv_layer(shape, f, k, s, p),), "only at stride 1"),
        ((with_size(None, lambda n, k, s: n / s),), "round n / stride up"),
        ((with_size(None, lambda n, k, s: n * (1 / s)),), "round n / stride up"),
        ((with_size(lambda n, k, s: round((n - k) / s) + 1),), "may go up"),
        ((with_size(lambda n, k, s: 1 + int((n - k) / s + 0.5)),), "may go up"),
        ((with_size(None, lambda n, k, s: n // s + 1),), "whatever the kernel"),
        ((with_size(None, lambda n, k, s: (n + 2 * (k // 2) - k) // s + 1),), "whatever the kernel"),
        ((square,), "rows and columns differ"),
        ((rows_twice,), "rows and columns differ"),
        ((with_part(1, lambda shape, f, k, parts: shape[1]),), "follow the same rule"),
        ((with_part(1, lambda shape, f, k, parts: parts[1] + 1),), "follow the same rule"),
        ((with_part(2, lambda shape, f, k, parts: shape[2]),), "that go in: each filter"),
        ((with_part(2, lambda shape, f, k, parts: shape[-1]),), "that go in: each filter"),
        ((with_part(2, lambda shape, f, k, parts: f * shape[2]),), "not one per channel"),
        ((with_part(2, lambda shape, f, k, parts: shape[2] * f),), "not one per channel"),
        ((with_part(2, lambda shape, f, k, parts: k),), "Each filter makes one map."),
        ((with_part(2, lambda shape, f, k, parts: f + 1),), "Each filter makes one map."),
        ((with_part(3, lambda shape, f, k, parts: k * k * shape[2] * f),), "biases are missing"),
        ((with_part(3, lambda shape, f, k, parts: k**2 * f * shape[2]),), "biases are missing"),
        ((with_part(3, lambda shape, f, k, parts: k * k * shape[2] * f + 1),), "not enough"),
        ((with_part(3, lambda shape, f, k, parts: 1 + f * k**2 * shape[2]),), "not enough"),
        ((with_part(3, lambda shape, f, k, parts: (k * k + 1) * f),), "every channel that"),
        ((with_part(3, lambda shape, f, k, parts: k**2 * f + f),), "every channel that"),
        ((with_part(3, lambda shape, f, k, parts: (k * k + 1) * shape[2] * f),), "each slice"),
        ((with_part(3, lambda shape, f, k, parts: f * shape[2] * (1 + k**2)),), "each slice"),
        ((with_part(3, lambda shape, f, k, parts: (k * k * f + 1) * shape[2]),), "not for each channel"),
        ((with_part(3, lambda shape, f, k, p: k**2 * f * shape[2] + shape[2]),), "not for each channel"),
        ((with_part(3, lambda shape, f, k, parts: k * k * shape[2] + 1),), "there are 8"),
        ((with_part(3, lambda shape, f, k, parts: 1 + shape[2] * k**2),), "there are 8"),
        ((with_part(3, lambda shape, f, k, parts: (k * shape[2] + 1) * f),), "kernel × kernel weights."),
        ((with_part(3, lambda shape, f, k, parts: k * shape[2] * f + f),), "kernel × kernel weights."),
        ((with_part(3, lambda shape, f, k, p: p[3] * p[0] * p[1]),), "shared by all places"),
        ((with_part(3, lambda s, f, k, p: (k * k * s[2] + 1) * f * p[0] * p[1]),), "shared by all places"),
        ((with_part(3, lambda shape, f, k, p: p[3] + 1),), "Each filter has kernel"),
        ((with_part(3, lambda shape, f, k, p: shape[0] * shape[1] * f),), "Each filter has kernel"),
    ],
    "31.3": [
        ((forgets_return,), "end your function with `return`"),
        ((prints,), "end your function with `return`"),
        ((lambda f, p, s: f(moved(p, s)) == moved(f(p), s),), "one answer, True or False"),
        ((lambda f, p, s: np.isclose(f(moved(p, s)), moved(f(p), s)),), "one answer, True or False"),
        ((lambda f, p, s: np.abs(f(moved(p, s)) - moved(f(p), s)).max() + 2,), "not a number"),
        ((lambda f, p, s: np.sum(f(moved(p, s)) == moved(f(p), s)),), "not a number"),
        ((lambda f, p, s: np.allclose(f(moved(p, s)), f(p)),), "That is invariance"),
        ((lambda f, p, s: bool((f(p) == f(moved(p, s))).all()),), "That is invariance"),
        ((lambda f, p, s: np.allclose(f(moved(p, s)), moved(f(p), -s)),), "same direction"),
        ((lambda f, p, s: np.allclose(f(moved(p, -s)), moved(f(p), s)),), "same direction"),
        ((lambda f, p, s: np.allclose(f(moved(p, s, 0)), moved(f(p), s, 0)),), "axis=1"),
        ((lambda f, p, s: is_equivariant(lambda x: f(x.T).T, p.T, s),), "axis=1"),
        ((lambda f, p, s: not is_equivariant(f, p, s),), "True where the map does not"),
        ((lambda *given: 1 - is_equivariant(*given),), "True where the map does not"),
        ((lambda f, p, s: np.allclose(moved(p, s), moved(f(p), s)),), "first move, then f"),
        ((lambda f, p, s: np.allclose(p, f(p)),), "first move, then f"),
        ((lambda f, p, s: np.allclose(f(moved(p, s)), moved(p, s)),), "first f, then move"),
        ((lambda f, p, s: np.array_equal(moved(p, s), f(moved(p, s))),), "first f, then move"),
        ((lambda f, p, s: is_equivariant(f, p, 1),), "not always by 1"),
        ((lambda f, p, s: np.allclose(f(moved(p, 1)), moved(f(p), 1)),), "not always by 1"),
        ((lambda f, p, s: np.allclose(f(np.roll(p, s)), np.roll(f(p), s)),), "both times"),
        ((lambda f, p, s: np.array_equal(np.roll(f(p), s), f(np.roll(p, s))),), "both times"),
        ((lambda f, p, s: np.allclose(f(np.roll(p, s)), moved(f(p), s)),), "One of the two np.roll"),
        ((lambda f, p, s: np.array_equal(moved(f(p), s), f(np.roll(p, s))),), "One of the two np.roll"),
        ((lambda f, p, s: np.allclose(f(moved(p, s)), np.roll(f(p), s)),), "One of the two np.roll"),
        ((lambda f, p, s: np.array_equal(np.roll(f(p), s), f(moved(p, s))),), "One of the two np.roll"),
        ((lambda f, p, s: all(is_equivariant(f, p, k) for k in range(6)),), "not about all shifts"),
        ((lambda f, p, s: min(is_equivariant(f, p, k) for k in range(1, 6)),), "not about all shifts"),
        ((lambda f, p, s: np.allclose(f(moved(p, s)).sum(0), moved(f(p), s).sum(0)),), "whole maps"),
        ((lambda f, p, s: np.allclose(f(moved(p, s)).mean(0), moved(f(p), s).mean(0)),), "whole maps"),
        ((lambda f, p, s: np.allclose(f(moved(p, s))[:, s:], moved(f(p), s)[:, s:]),), "all columns"),
        ((lambda f, p, s: np.allclose(f(moved(p, s))[:, s:], f(p)[:, :-s]),), "all columns"),
        ((lambda f, p, s: True,), "True of every function"),
        ((lambda f, p, s: p.shape == moved(f(p), s).shape or True,), "True of every function"),
        ((lambda f, p, s: False,), "False of every function"),
        ((lambda f, p, s: is_equivariant(f, p, s) and p is None,), "False of every function"),
        ((lambda f, p, s: p.any() and is_equivariant(f, p, s),), "Compare f(moved"),
        ((lambda f, p, s: np.allclose(f(moved(p, s)).sum(), f(p).sum()),), "Compare f(moved"),
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
