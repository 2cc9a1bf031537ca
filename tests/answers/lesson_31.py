"""Right and wrong answers for lesson 31."""

import numpy as np


def trace(size, stack):
    field, jump = 1, 1
    for kernel, stride in stack:
        size = (size - kernel) // stride + 1
        field += (kernel - 1) * jump
        jump *= stride
    return size, field


def _trace(round_up=False, one=1, start=1, use_jump=True, early=False, swap=False):
    def wrong(size, stack):
        field, jump = start, 1
        for kernel, stride in stack:
            room = size - kernel
            size = (-(-room // stride) if round_up else room // stride) + one
            if early:
                jump *= stride
            field += (kernel - 1) * (jump if use_jump else 1)
            if not early:
                jump *= stride
        return (field, size) if swap else (size, field)

    return wrong


def _returns_early(size, stack):
    for kernel, stride in stack:
        return (size - kernel) // stride + 1, kernel
    return size, 1


def _forgets_return(*arguments):
    list(arguments)


def repair(batch):
    return np.moveaxis(batch, 1, -1)


def reshaped(batch):
    n, channels, height, width = batch.shape
    return batch.reshape(n, height, width, channels)


RIGHT = {
    "31.1": (-1,),
    "31.2": ([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]],),
    "31.3": (trace,),
    "31.4": (repair,),
}

WRONG = {
    "31.1": [
        ((-2,), "without the bias"),
        ((3,), "turned by 180°"),
        ((0,), "middle row twice"),
        ((11,), "one row down"),
        ((99,), "entry by entry"),
        (("minus one",), "single number"),
    ],
    "31.2": [
        (([[1, 2], [3, 4]],), "shape (2, 2)"),
        (([[1, 1, 2], [-1, 0, 1], [-2, -1, 0]],), "add up to 1"),
        (([[0, -1, -2], [1, 0, -1], [2, 1, 0]],), "opposite"),
        (([[-2, -1, 0], [-1, 0, 1], [0, 1, 2]],), "gives 0"),
        (([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],), "other diagonal"),
        (([[1, 1, 1], [-1, -2, 1], [-1, -1, 1]],), "other diagonal"),
        ((np.zeros((3, 3)),), "nine zeros"),
    ],
    "31.3": [
        ((_forgets_return,), "returned None"),
        ((lambda size, stack: trace(size, stack)[0],), "two numbers"),
        ((_returns_early,), "return behind the loop"),
        ((_trace(one=0),), "lacks the + 1"),
        ((_trace(round_up=True),), "round down"),
        ((_trace(start=0),), "starts at 1"),
        ((_trace(use_jump=False),), "strides are missing"),
        ((_trace(early=True),), "after adding"),
        ((_trace(swap=True),), "size first"),
        ((lambda size, stack: (size, trace(size, stack)[1]),), "never changes"),
    ],
    "31.4": [
        ((_forgets_return,), "returned None"),
        ((reshaped,), "scrambled"),
        ((lambda batch: batch,), "as they were delivered"),
        ((lambda batch: np.transpose(batch, (0, 3, 2, 1)),), "changed places"),
        ((lambda batch: batch.T,), "images must stay first"),
        ((lambda batch: np.moveaxis(batch, 0, -1),), "Keras expects"),
    ],
}
