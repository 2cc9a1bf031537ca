"""Checkers and quiz of lesson 12, images and augmentation."""

import numpy as np

from ..checks import exercise
from ..expectations import (
    as_array,
    expect,
    expect_array,
    expect_function,
    expect_result,
    expect_tuple,
    expect_value,
    hinting,
    undisturbed,
)
from ..quizzes import Question


@exercise("12.1")
def brighten(brighten):
    expect_function(brighten, "brighten")
    brighten = hinting(
        brighten,
        "NumPy refuses to add this amount to uint8 numbers, which end at 0 and at 255: give"
        ' them room first, with picture.astype(int) or astype("float32").',
        OverflowError,
    )
    rng = np.random.default_rng(1)
    photo = rng.integers(0, 256, (5, 4, 3)).astype("uint8")
    cases = [
        (np.array([[0, 100, 200], [250, 255, 31]], "uint8"), 60),
        (photo, 100),
        (np.array([[0, 17, 29], [90, 200, 255]], "uint8"), -40),
    ]
    for picture, amount in cases:
        wide = picture.astype(int)
        right = np.clip(wide + amount, 0, 255)
        end = 255 if amount > 0 else 0
        around = (wide + amount) % 256
        expect_result(
            brighten, (picture, amount), right,
            "Give the numbers room, add the amount, then stop at 0 and at 255.",
            mistakes=[
                (around, "The numbers run over: what leaves at one end comes in at the"
                 " other. Convert the picture to int or float before you add."),
                (wide + amount, f"Nothing stops at {end}: np.clip(…, 0, 255) comes last."),
                (wide, "The picture comes back as it was: add the amount."),
                (np.clip(wide - amount, 0, 255), "The amount goes the wrong way: a positive"
                 " one makes the picture brighter, a negative one darker."),
                (right / 255, "That runs from 0 to 1: the picture should stay in 0 to 255."),
                (np.clip(wide + amount, 0, 1), "You stop at 1: these pictures run to 255."),
            ],
        )  # fmt: skip
    for picture, amount in cases:
        kind = np.asarray(brighten(picture.copy(), amount)).dtype
        expect(
            kind == np.uint8,
            f"The numbers are right, but their type is {kind}: give them back as they came,"
            ' with .astype("uint8") at the very end.',
        )
    return "room first, then the sum, then the two ends: nothing runs over"


@exercise("12.2")
def half_turn(half_turn):
    expect_function(half_turn, "half_turn")
    rng = np.random.default_rng(3)
    cases = [
        np.array([6, 2, 9, 0, 5, 1, 8, 7, 3, 4]),
        np.array([9, 9, 4, 6, 1, 7, 6, 0]),
        np.array([8, 6, 3, 9]),
    ]
    for labels in cases:
        images = rng.integers(1, 256, (len(labels), 4, 5)).astype("uint8")
        after = {0: 0, 1: 1, 6: 9, 8: 8, 9: 6}
        keep = np.isin(labels, list(after))
        parts = expect_tuple(
            half_turn(images.copy(), labels.copy()), 2,
            "half_turn should return two things: the images, then the labels.",
        )  # fmt: skip
        found = as_array(parts[1], "labels")
        expect(
            found.ndim == 1,
            "Return the images first and the labels second, one number per image.",
        )
        expect_value(
            found, [after[label] for label in labels[keep].tolist()],
            "Keep 0, 1, 6, 8 and 9, in their order, and exchange 6 and 9.",
            what="labels", reveal=True,
            mistakes=[
                (labels[keep], "The labels are the old ones: a 6 turned by half a turn is a 9,"
                 " and the other way round."),
                (labels, "Images that are no digits any more are still there: leave 2, 3, 4,"
                 " 5 and 7 out."),
                ([after.get(label, label) for label in labels.tolist()], "6 and 9 are"
                 " exchanged, but 2, 3, 4, 5 and 7 are still there: leave them out."),
                (labels[np.isin(labels, (0, 1, 8))], "6 and 9 are missing: they become digits"
                 " again, each the other."),
                (np.where(labels == 6, 9, labels)[keep], "Sixes and nines are all 9 now. One"
                 " replacement after the other catches its own results: do both at once."),
                (np.where(labels == 9, 6, labels)[keep], "Sixes and nines are all 6 now. One"
                 " replacement after the other catches its own results: do both at once."),
            ],
        )  # fmt: skip
        kept = images[keep].astype(float)
        expect_value(
            expect_array(parts[0], (None, None, None), "images"), kept[:, ::-1, ::-1],
            "Each image is turned by 180°: rows and columns both reversed.",
            what="images",
            mistakes=[
                (kept, "The labels are right, but the images are not turned."),
                (kept[:, ::-1], "Top and bottom are exchanged, which mirrors: reverse the"
                 " columns, too."),
                (kept[:, :, ::-1], "Left and right are exchanged, which mirrors: reverse the"
                 " rows, too."),
                (kept[::-1, ::-1, ::-1], "The order of the images is reversed as well: leave"
                 " the first axis alone."),
                (kept[::-1, ::-1], "You reversed the order of the images and the rows: the"
                 " axes of one image are 1 and 2."),
                (np.rot90(kept, axes=(1, 2)), "That is a quarter of a turn: turn by 180°."),
                (images[:, ::-1, ::-1], "All images are there, but only some labels: keep the"
                 " images that belong to the labels."),
            ],
        )  # fmt: skip
    return "where the meaning changes, the label changes with it"


@exercise("12.3")
def mended(mended):
    import keras

    expect(
        isinstance(mended, (keras.layers.Layer, keras.Model)),
        "Hand in a Keras layer or model, such as keras.Sequential([...]).",
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


@exercise("12.4")
def worth(worth):
    expect_function(worth, "worth")
    cases = [
        ([300, 1200], [86, 94], 90),
        ([300, 1200, 3000], [85, 91, 95], 93),
        ([50, 400, 1000, 9000], [40, 70, 80, 90.5], 47.5),
    ]
    for labels, accuracies, reached in cases:
        logs = np.log(labels)
        log = np.interp(reached, accuracies, logs)
        expect_result(
            worth, (labels, accuracies, reached), np.exp(log),
            "Read the straight line between the logarithms of the labels.",
            mistakes=[
                (np.interp(reached, accuracies, labels), "That is straight on the plain axis:"
                 " take the logarithm of the labels first."),
                (log, "That is the logarithm of the answer: take np.exp of it."),
                (log / np.log(10), "That is the logarithm of the answer: take 10 to that"
                 " power."),
                (np.exp(log) / labels[0], "That is how many times as many: return the number"
                 " of labels."),
                (np.exp(log) - labels[0], "That is how many more: return the number of labels"
                 " in all."),
                (np.exp(np.interp(np.log(reached), np.log(accuracies), logs)), "Only the"
                 " labels are on a logarithmic axis: leave the accuracies as they are."),
                (np.interp(np.log(reached), np.log(accuracies), labels), "The logarithm"
                 " belongs to the labels, not to the accuracies."),
            ],
        )  # fmt: skip
    return "an accuracy told in the unit that costs Saturdays"


@exercise("12.5")
def mixup(mixup):
    expect_function(mixup, "mixup")
    rng = np.random.default_rng(6)
    share_hint = (
        "The shapes do not fit: share has shape (n,). Give it the missing axes, share[:,"
        " None] for the labels and share[:, None, None, None] for the pictures."
    )
    mixup = hinting(
        mixup, share_hint, (ValueError, TypeError), text="could not be broadcast"
    )
    for n, classes, channels in ((5, 3, 1), (4, 10, 3)):
        x = rng.uniform(0, 1, (n, 3, 6, channels)).astype("float32")
        y = np.eye(classes, dtype="float32")[rng.integers(0, classes, n)]
        y[0], y[1] = np.eye(classes)[0], np.eye(classes)[1]  # so that labels differ
        share = rng.uniform(0.55, 0.95, n).astype("float32")
        partner = np.roll(np.arange(n), 1)
        parts = expect_tuple(
            mixup(x.copy(), y.copy(), share.copy(), partner.copy()), 2,
            "mixup should return two arrays: the pictures, then the labels.",
        )  # fmt: skip
        wide, tall = share[:, None, None, None], share[:, None]
        pictures = as_array(parts[0], "x")
        expect(
            pictures.shape != y.shape,
            "Return the pictures first, the labels second.",
        )
        expect(pictures.shape in (x.shape, ()), share_hint)
        expect_value(
            pictures, wide * x + (1 - wide) * x[partner],
            "share times the picture plus (1 - share) times its partner.", what="x",
            mistakes=[
                (x, "The pictures are not mixed."),
                (wide * x[partner] + (1 - wide) * x, "share belongs to the picture itself,"
                 " 1 - share to its partner: yours are exchanged."),
                (wide * x + wide * x[partner], "The partner's part is 1 - share."),
                (wide * x + x[partner], "The partner comes in whole: its part is 1 - share."),
                ((x + x[partner]) / 2, "Both come in with one half: use share."),
                (share[0] * x + (1 - share[0]) * x[partner], "The first pair's share is used"
                 " for all: each pair has its own."),
            ],
        )  # fmt: skip
        expect_value(
            as_array(parts[1], "y"), tall * y + (1 - tall) * y[partner],
            "The labels are mixed as the pictures are.", what="y",
            mistakes=[
                (y, "The pictures are mixed, but the labels are not."),
                (tall * y[partner] + (1 - tall) * y, "In the labels the two parts are"
                 " exchanged: share belongs to the picture's own label."),
                ((y + y[partner]) / 2, "The labels are mixed half and half: use share."),
                (y[partner], "Those are the partners' labels alone: mix both."),
                (tall * y, "The partner's part of the label is missing."),
            ],
        )  # fmt: skip
    return "what is mixed in the picture is mixed in the label"


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
        "Your colleague trains with and without augmentation for 5 epochs and reports: “it costs"
        " 8 points”. What do you answer?",
        [
            (
                "Then the change alters the labels.",
                "It may, but there is a simpler reason: after so few steps, training on"
                " changed pictures usually lags behind.",
            ),
            (
                "Train both longer, with equal numbers of steps.",
                "Changed pictures take longer to learn. A gain, if there is one, shows at the"
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
        "Suppose that 300 digits, each in 30 versions, taught as much as 1,500 real ones. What"
        " would 60 versions most likely do?",
        [
            (
                "Teach as much as 3,000 real ones.",
                "The line had bent before 30: further versions add less and less.",
            ),
            (
                "Worse: more augmentation always harms.",
                "Nothing in this lesson shows that more *versions* harm. Stronger *changes* did.",
            ),
            (
                "Hardly more than 30: they repeat what 300 digits have to tell.",
                "New digits bring new shapes; copies do not.",
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
                " pictures stand for the world.",
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
