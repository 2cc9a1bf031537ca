"""Checkers and quiz of lesson 12, images and augmentation."""

import tempfile
from pathlib import Path

import numpy as np

from ..checks import exercise
from ..expectations import (
    expect,
    expect_array,
    expect_function,
    expect_number,
    expect_tuple,
    expect_value,
    undisturbed,
)
from ..quizzes import Question


@exercise("12.1")
def load(load):
    from PIL import Image

    expect_function(load, "load")
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        for label, height, width, top in (
            (7, 5, 4, 255),
            (0, 3, 6, 255),
            (10, 4, 4, 200),
        ):
            pixels = rng.integers(0, top + 1, (height, width)).astype("uint8")
            pixels[0, :2] = 0, top
            path = Path(folder) / str(label) / f"00{label + 1}.png"
            path.parent.mkdir()
            Image.fromarray(pixels).save(path)
            parts = expect_tuple(
                load(path), 2,
                "load should return two things: the picture, then the label.",
            )  # fmt: skip
            expect(
                np.ndim(parts[0]) > 0 and not isinstance(parts[0], str),
                "Return the picture first and the label second.",
            )
            expect(
                not isinstance(parts[1], (str, Path)),
                "The label is still a text or a path: int(path.parent.name) is the number.",
            )
            x = (pixels / 255)[..., None]
            axis = (
                "The channel axis is missing: the shape should be (height, width, 1)."
            )
            by_largest = [
                (
                    x / x.max(),
                    "The largest value of this picture becomes 1, though"
                    " it was 200: divide by 255, whatever the picture holds.",
                )
            ]
            expect_value(
                parts[0], x, "Read the file, keep the channel axis, divide by 255.",
                what="the picture",
                mistakes=[
                    (pixels[..., None], "The values still go up to 255: divide by 255."),
                    (x / 255, "That is divided by 255 twice: once is enough."),
                    (x[..., 0], axis),
                    (pixels, axis + " And the values still go up to 255."),
                    (x[None], "That is a batch of one picture: leave its axis out here."),
                    (np.repeat(x, 3, axis=2), "Those are three equal channels: say"
                     ' color_mode="grayscale".'),
                    (np.repeat(pixels[..., None], 3, axis=2), "Those are three equal"
                     ' channels, up to 255: say color_mode="grayscale", and divide.'),
                    (x / 127.5 * 255 - 1, "That runs from -1 to 1: divide by 255, no more."),
                    *(by_largest if top < 255 else []),
                ],
            )  # fmt: skip
            expect_value(
                parts[1], label, "The label is the name of the folder, as a number.",
                what="the label",
                mistakes=[(label + 1, "That is the number of the file: the label is the name"
                           " of its folder, path.parent.name.")],
            )  # fmt: skip
    return (
        "floats of 0 to 1 with a channel axis, and the label out of the folder's name"
    )


def _as_one(answer):
    """Return a list of layers as one function of pictures, called as in training."""
    import keras

    def run(pictures):
        for layer in answer if isinstance(answer, (list, tuple)) else [answer]:
            pictures = layer(pictures, training=True)
        return keras.ops.convert_to_numpy(pictures)

    return run


def _spots(size, radius):
    """Return a picture whose channels are a spot in the middle, one to the right of it, one
    below, and a white square that fills the picture: where they go tells the change."""
    rows, columns = np.mgrid[:size, :size] - (size - 1) / 2
    spots = [
        np.exp(-((rows - r) ** 2 + (columns - c) ** 2) / 8)
        for r, c in ((0, 0), (0, radius), (radius, 0))
    ]
    return np.stack([*spots, np.ones((size, size))], axis=-1).astype("float32")


@exercise("12.2")
def change(change):
    import keras

    layer = (keras.layers.Layer, keras.Model)
    expect(
        isinstance(change, layer)
        or (
            isinstance(change, (list, tuple))
            and len(change)
            and all(isinstance(part, layer) for part in change)
        ),
        "Hand in a list of layers, such as [layers.RandomRotation(...), ...].",
    )
    size, radius = 61, 16
    picture = _spots(size, radius)
    made = change if isinstance(change, (list, tuple)) else [change]
    with undisturbed(*made):
        out = _as_one(change)(np.repeat(picture[None], 120, axis=0))
    expect(
        out.shape == (120, size, size, 4),
        "The pictures come out with another shape: only rotate and shift them.",
    )
    mass = out[..., :3].sum(axis=(1, 2))  # of the spots, (n, 3)
    rows, columns = np.mgrid[:size, :size] - (size - 1) / 2
    spots = out[..., :3] / np.maximum(mass, 1e-6)[:, None, None]
    at = np.stack(
        [np.tensordot(spots, grid, ((1, 2), (0, 1))) for grid in (rows, columns)], -1
    )  # (n, spot, row and column)
    right, below = at[:, 1] - at[:, 0], at[:, 2] - at[:, 0]
    turned = np.degrees(np.arctan2(right[:, 0], right[:, 1]))
    mirrored = right[:, 1] * below[:, 0] - right[:, 0] * below[:, 1] < 0
    moved = np.abs(at[:, 0]).max(axis=0) / size  # of the side: down, to the right
    expect(
        not mirrored.any(),
        "Some pictures come out mirrored: nobody writes mirrored digits, leave it out.",
    )
    expect(
        np.abs(turned).max() < 15,
        f"Pictures are turned by up to {np.abs(turned).max():.0f}°, too far (half a turn"
        " makes a 9 of a 6): RandomRotation counts in full turns, 10° are 10 / 360.",
    )
    expect(
        np.abs(turned).max() > 1e-3 or moved.max() > 1e-4,
        "Nothing turns and nothing moves: a rotation and a shift keep the label.",
    )
    expect(
        np.abs(turned).max() > 1e-3,
        "Nothing turns: a rotation by up to 10° keeps the label.",
    )
    expect(
        moved.max() > 1e-4,
        "Nothing moves: a shift by up to 10 % keeps the label.",
    )
    expect(
        8 < np.abs(turned).max() < 10.6,
        f"Pictures are turned by up to {np.abs(turned).max():.1f}°: 10° are 10 / 360.",
    )
    expect(
        turned.min() < -5 and turned.max() > 5,
        "All pictures turn the same way: a single number, 10 / 360, goes either way.",
    )
    expect(
        moved.min() > 0.3 * moved.max(),
        "Pictures move in one direction only: RandomTranslation takes one number for up and"
        " down and one for left and right.",
    )
    expect(
        0.075 < moved.min() and moved.max() < 0.125,
        f"Pictures move by up to {100 * moved.max():.0f} % of the side: 10 % are 0.1.",
    )
    away = np.hypot(*right.T)
    expect(
        np.ptp(away) < 1 and abs(away.mean() - radius) < 0.5,
        "Pictures also grow or shrink: zoom is not on the wish list.",
    )
    angle = np.radians(turned)[:, None, None]
    down, aside = (at[:, 0, k][:, None, None] for k in (0, 1))
    from_row = np.cos(angle) * (rows - down) - np.sin(angle) * (columns - aside)
    from_column = np.sin(angle) * (rows - down) + np.cos(angle) * (columns - aside)
    outside = np.maximum(np.abs(from_row), np.abs(from_column)) > size / 2 + 2
    expect(
        out[..., 3][outside].mean() < 0.02,
        'The gaps are not black everywhere: each layer needs fill_mode="constant".',
    )
    inside = np.maximum(np.abs(from_row), np.abs(from_column)) < size / 2 - 10
    expect(
        np.abs(out[..., 3][inside] - 1).max() < 0.02,
        "The gray values change as well: the wish list has a rotation and a shift only.",
    )
    return "two changes that keep every digit what it is"


# Mean gain of shifts by up to these shares of the side, measured as in section 5.
SHARES = [0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5]
GAINS = [0.0, 0.1, 0.8, 4.1, 5.2, 1.8, -8.7, -32.0, -73.7]  # points


@exercise("12.3")
def doses(too_little, right, too_much):
    shares = {"too_little": too_little, "right": right, "too_much": too_much}
    found = {}
    for name, share in shares.items():
        share = expect_number(share, f"{name} should be one number, such as 0.07.")
        expect(share < 1, f"{name} is a share of the side, no percent: 7 % are 0.07.")
        expect(share > 0, f"{name} should be above 0: that would be no shift at all.")
        expect(
            share <= 0.5,
            f"{name} should be 0.5 at most: more moves digits out of sight.",
        )
        shares[name], found[name] = share, np.interp(share, SHARES, GAINS)

    def measured(name):
        gain = found[name]
        return (
            f"{name} = {shares[name]:g}: in our trainings such shifts"
            f" {'gain' if gain > 0 else 'cost'} about {abs(gain):.0f} points"
            " (yours may differ by some)."
        )

    expect(
        found["too_little"] < 1.5,
        f"{measured('too_little')} A smaller dose, well below a pixel, does next to nothing.",
    )
    expect(
        shares["too_little"] < 0.1,
        f"{measured('too_little')} It is no little dose: go below the one that helps.",
    )
    expect(
        found["right"] > 1.5 or shares["right"] > 0.1,
        f"{measured('right')} It is too small yet: let the digits move by a pixel or more.",
    )
    expect(
        found["right"] > 1.5,
        f"{measured('right')} It is too large, at least for 80 steps.",
    )
    expect(
        found["too_much"] < -1.5,
        f"{measured('too_much')} It takes more: let strokes leave the picture.",
    )
    return (
        "in 80 steps the dose has a window: below it nothing happens, above it points"
        " are lost"
    )


@exercise("12.4")
def mended(mended):
    import keras

    expect(
        isinstance(mended, (keras.layers.Layer, keras.Model)),
        "Hand in a Keras layer or model, such as keras.Sequential([...]): a plain function or"
        " a list does not switch itself off outside training.",
    )
    pictures = np.random.default_rng(5).uniform(80, 170, (24, 28, 28, 1))
    pictures = np.round(pictures).astype("float32")  # far from both ends
    plain = pictures / 255
    with undisturbed(mended):
        still = keras.ops.convert_to_numpy(mended(pictures, training=False))
        moving = keras.ops.convert_to_numpy(mended(pictures, training=True))
        ends = np.concatenate([pictures / 34, 255 - pictures / 34])  # near black, white
        ends = keras.ops.convert_to_numpy(mended(ends, training=True))
    expect_value(
        expect_array(still, plain.shape, "What comes out without training"), plain,
        "Without training the pictures should only be divided by 255.",
        what="Without training, the output",
        mistakes=[
            (pictures, "Without training the pictures come back as they were, 0 to 255: the"
             " rescaling by 1 / 255 is missing."),
            (plain / 255, "The pictures are divided by 255 twice."),
        ],
    )  # fmt: skip
    change = (moving - plain).mean(axis=(1, 2, 3))
    largest = np.abs(change).max()
    uneven = np.abs(moving - plain - change[:, None, None, None]).max()
    expect(
        np.abs(moving - plain).max() > 1e-4,
        "In training nothing changes: RandomBrightness should still be there.",
    )
    expect(
        moving.max() > 0.01,
        "In training everything comes out black: value_range must match the range where the"
        " layer stands, 0 to 255 before the rescaling and 0 to 1 after it.",
    )
    expect(
        moving.max() <= 1.0001 and largest < 0.5,
        "In training pictures still come out white or black: the layer adds up to a fifth of"
        " 255 to numbers that end at 1.",
    )
    expect(
        largest < 0.2001,
        "In training the brightness changes by more than a fifth of the range: the factor is"
        " 0.2.",
    )
    expect(
        uneven < 1e-3,
        "In training not only the brightness changes: each picture should get brighter or"
        " darker by one amount, everywhere.",
    )
    expect(
        np.ptp(change) > 1e-4,
        "In training every picture changes by the same amount: let RandomBrightness draw.",
    )
    expect(
        largest > 0.1,
        "In training the brightness hardly changes: the factor is 0.2, of the range that the"
        " pictures have where the layer stands.",
    )
    expect(
        change.min() < 0 < change.max(),
        "In training pictures should get brighter or darker, not all the same way: a single"
        " factor of 0.2 does both.",
    )
    expect(
        ends.min() >= -1e-4 and ends.max() <= 1.0001,
        f"In training the output of dark and of bright pictures runs from {ends.min():.2f} to"
        f" {ends.max():.2f}: it should stay in 0 to 1. The layer cuts at the two ends of its"
        " value_range.",
    )
    return "value_range has to be the range that the pictures have at that place"


QUIZ = [
    Question(
        "A folder has pictures of 640×480 pixels in color. You call"
        " `image_dataset_from_directory(folder)` without further arguments. What is in a batch?",
        [
            (
                "Color pictures of 256×256, float32, 0 to 255.",
                "Size and type are changed, the range is not: the division by 255 is yours.",
            ),
            (
                "Color pictures of 480×640, uint8, 0 to 255.",
                "That is what the files hold. The function resizes, to 256×256 unless told"
                " otherwise, and returns floats.",
            ),
            (
                "Color pictures of 256×256, float32, 0 to 1.",
                "It would be handy, but nothing is scaled: look at the largest value.",
            ),
        ],
        0,
    ),
    Question(
        "A network should tell “turn left” signs from “turn right” signs. What about mirroring in"
        " the augmentation?",
        [
            (
                "Good: signs are seen from all sides.",
                "No camera sees a road sign mirrored, and the mirrored picture has the wrong label.",
            ),
            (
                "Harmless: the network learns to ignore it.",
                "It would learn that both signs look alike: half of the labels it sees are wrong.",
            ),
            (
                "It may help, if the label is exchanged along with the picture.",
                "A mirrored “turn left” is a “turn right”: with its new label it is a usable"
                " picture, though no new photograph.",
            ),
        ],
        2,
    ),
    Question(
        "Your colleague trains for 5 epochs, once with pictures that are changed anew in each"
        " epoch and once without, and reports: “augmentation costs 8 points”. What do you answer?",
        [
            (
                "Then the change alters the labels.",
                "It may, but there is a simpler reason: after so few steps, training on"
                " changed pictures usually lags behind.",
            ),
            (
                "Train both longer, with equal numbers of steps.",
                "Changed pictures may take longer to learn. A gain, if there is one, shows at the"
                " end.",
            ),
            (
                "Give the augmented training ten times as many steps, and the other one as before.",
                "Then you compare a long training with a short one, and any remedy would look good.",
            ),
        ],
        1,
    ),
    Question(
        "Suppose that 300 digits, each in 20 versions, taught as much as 1,000 real ones. What"
        " would 40 versions most likely do?",
        [
            (
                "Teach as much as 2,000 real ones.",
                "If copies counted in full, 20 versions would be worth 6,000: they add less.",
            ),
            (
                "Worse: more augmentation always harms.",
                "Nothing in this lesson shows that more *versions* harm. Stronger *changes* did.",
            ),
            (
                "Probably little more than 20: they repeat what 300 digits have to tell.",
                "New digits bring new handwriting; copies repeat what is there.",
            ),
        ],
        2,
    ),
    Question(
        "Where do augmentation layers stand when you measure validation accuracy?",
        [
            (
                "In front of the network, as in training: equal conditions.",
                "Then you measure changed pictures, and another score at every call. Validation"
                " pictures stand for those that the network will meet.",
            ),
            (
                "Nowhere: validation pictures are only scaled, as new pictures will be.",
                "As layers of the model they switch themselves off; in a pipeline you leave them"
                " out.",
            ),
            (
                "Behind the network.",
                "They change pictures; behind the network there are none.",
            ),
        ],
        1,
    ),
]
