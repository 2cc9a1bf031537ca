"""Right and wrong answers of lesson 12, with a piece of the hint that must come."""

import numpy as np
from PIL import Image

# ── 12.1 ────────────────────────────────────────────────────────────────────────


def load(path):
    import keras

    picture = keras.utils.load_img(path, color_mode="grayscale")
    return keras.utils.img_to_array(picture) / 255, int(path.parent.name)


def by_pillow(path):
    pixels = np.asarray(Image.open(path), "float32")
    return pixels[:, :, None] / 255, int(str(path).split("/")[-2])


def by_reshape(path):
    pixels = np.array(Image.open(path).convert("L"))
    height, width = pixels.shape
    return [np.multiply(pixels.reshape(height, width, 1), 1 / 255), int(path.parts[-2])]


def loads(picture=lambda x: x / 255, label=lambda path: int(path.parent.name)):
    """Return a load with another picture, made of 0 to 255, or another label."""

    def wrong(path):
        pixels = np.asarray(Image.open(path)).astype("float32")[..., None]
        return picture(pixels), label(path)

    return wrong


def in_color(path):
    import keras

    picture = keras.utils.img_to_array(keras.utils.load_img(path))
    return picture / 255, int(path.parent.name)


def in_color_unscaled(path):
    return in_color(path)[0] * 255, int(path.parent.name)


# ── 12.2 ────────────────────────────────────────────────────────────────────────


def made(*steps, whole=list):
    """Return layers, named in short."""
    from keras import Sequential, layers

    black = {"fill_mode": "constant"}
    known = {
        "turn": lambda: layers.RandomRotation(10 / 360, **black),
        "turn in two": lambda: layers.RandomRotation((-10 / 360, 10 / 360), **black),
        "turn in half turns": lambda: layers.RandomRotation(10 / 180, **black),
        "turn in hundredths": lambda: layers.RandomRotation(0.1, **black),
        "turn any": lambda: layers.RandomRotation(0.5, **black),
        "turn less": lambda: layers.RandomRotation(5 / 360, **black),
        "turn more": lambda: layers.RandomRotation(13 / 360, **black),
        "turn one way": lambda: layers.RandomRotation((0, 10 / 360), **black),
        "turn back": lambda: layers.RandomRotation((-10 / 360, 0), **black),
        "turn mirrored": lambda: layers.RandomRotation(10 / 360),
        "shift": lambda: layers.RandomTranslation(0.1, 0.1, **black),
        "shift in two": lambda: layers.RandomTranslation((-0.1, 0.1), 0.1, **black),
        "shift down": lambda: layers.RandomTranslation(0.1, 0, **black),
        "shift right": lambda: layers.RandomTranslation(0, 0.1, **black),
        "shift far": lambda: layers.RandomTranslation(0.2, 0.2, **black),
        "shift little": lambda: layers.RandomTranslation(0.05, 0.05, **black),
        "shift by hundredths": lambda: layers.RandomTranslation(0.028, 0.028, **black),
        "shift nearest": lambda: layers.RandomTranslation(0.1, 0.1, "nearest"),
        "zoom": lambda: layers.RandomZoom(0.2, **black),
        "mirror": lambda: layers.RandomFlip("horizontal"),
        "flip": lambda: layers.RandomFlip("vertical"),
        "half": lambda: layers.Rescaling(0.5),
        "negative": lambda: layers.Rescaling(-1, 1),
        "crop": lambda: layers.RandomCrop(40, 40),
        "resize": lambda: layers.Resizing(28, 28),
        "idle": lambda: layers.Dropout(0.0),
        "scale": lambda: layers.Rescaling(1.0),
    }
    return (
        whole([known[step]() for step in steps])
        if whole
        else Sequential([known[step]() for step in steps])
    )


# ── 12.4 ────────────────────────────────────────────────────────────────────────


def stack(*steps):
    import keras
    from keras import layers

    made = {
        "scale": lambda: layers.Rescaling(1 / 255),
        "01": lambda: layers.RandomBrightness(0.2, value_range=(0, 1)),
        "255": lambda: layers.RandomBrightness(0.2),
        "strong": lambda: layers.RandomBrightness(0.5, value_range=(0, 1)),
        "strong first": lambda: layers.RandomBrightness(0.45),
        "weak": lambda: layers.RandomBrightness(0.02, value_range=(0, 1)),
        "weak first": lambda: layers.RandomBrightness(0.2 / 255),
        "up": lambda: layers.RandomBrightness((0.0, 0.2), value_range=(0, 1)),
        "up first": lambda: layers.RandomBrightness((0.05, 0.2)),
        "same": lambda: layers.RandomBrightness((0.15, 0.15), value_range=(0, 1)),
        "same first": lambda: layers.RandomBrightness((0.12, 0.12)),
        "contrast": lambda: layers.RandomContrast(0.3, value_range=(0, 1)),
        "noise": lambda: layers.GaussianNoise(0.02),
        "reaches below 0": lambda: layers.RandomBrightness(0.1, value_range=(-1, 1)),
        "idle": lambda: layers.Dropout(0.0),
    }
    return keras.Sequential([made[step]() for step in steps])


def functional():
    import keras

    inputs = keras.Input((None, None, 1))
    scaled = keras.layers.Rescaling(1 / 255)(inputs)
    bright = keras.layers.RandomBrightness(0.2, value_range=(0, 1))(scaled)
    return keras.Model(inputs, bright)


RIGHT = {
    "12.1": [(load,), (by_pillow,), (by_reshape,)],
    "12.2": [
        (made("turn", "shift"),),
        (made("shift", "turn"),),
        (made("turn in two", "shift in two", whole=tuple),),
        (made("scale", "turn", "shift", whole=None),),
        (made("shift down", "turn", "shift right"),),
    ],
    "12.3": [(0.01, 0.1, 0.2), (1 / 280, 2 / 28, 0.5), (0.02, 0.05, 0.3)],
    "12.4": [(stack("scale", "01"),), (stack("255", "scale"),), (functional(),)],
}

WRONG = {
    "12.1": [
        ((loads(lambda x: x),), "still go up to 255: divide"),
        ((loads(lambda x: x.astype("uint8")),), "still go up to 255: divide"),
        ((loads(lambda x: x / 255 / 255),), "divided by 255 twice"),
        ((loads(lambda x: x / 255**2),), "divided by 255 twice"),
        ((loads(lambda x: x[..., 0] / 255),), "channel axis is missing"),
        ((loads(lambda x: np.squeeze(x) / 255),), "channel axis is missing"),
        ((loads(lambda x: x[..., 0]),), "And the values still"),
        ((loads(np.squeeze),), "And the values still"),
        ((loads(lambda x: x[None] / 255),), "a batch of one"),
        ((loads(lambda x: np.stack([x]) / 255),), "a batch of one"),
        ((in_color,), 'channels: say color_mode="grayscale"'),
        (
            (loads(lambda x: x.repeat(3, 2) / 255),),
            'channels: say color_mode="grayscale"',
        ),
        ((in_color_unscaled,), "and divide"),
        ((loads(lambda x: x.repeat(3, 2)),), "and divide"),
        ((loads(lambda x: x / 127.5 - 1),), "runs from -1 to 1"),
        ((loads(lambda x: (x - 127.5) / 127.5),), "runs from -1 to 1"),
        ((loads(lambda x: 1 - x / 255),), "keep the channel axis"),
        ((loads(lambda x: x / 256 + 0.1),), "keep the channel axis"),
        ((loads(lambda x: x / x.max()),), "whatever the picture holds"),
        (
            (loads(lambda x: (x - x.min()) / np.ptp(x)),),
            "whatever the picture holds",
        ),
        ((loads(label=lambda path: path.parent.name),), "still a text or a path"),
        ((loads(label=lambda path: path.parent),), "still a text or a path"),
        ((loads(label=lambda path: int(path.stem)),), "the number of the file"),
        ((loads(label=lambda path: int(path.name[:3])),), "the number of the file"),
        ((loads(label=lambda path: 3),), "the name of the folder, as a number"),
        ((loads(label=lambda path: 42),), "the name of the folder, as a number"),
        ((lambda path: load(path)[::-1],), "picture first"),
        ((lambda path: [int(path.parent.name), load(path)[0]],), "picture first"),
        ((lambda path: load(path)[0],), "two things"),
        ((lambda path: 7,), "two things"),
        ((3,), "the function itself"),
        (("007.png",), "the function itself"),
    ],
    "12.2": [
        ((3,), "Hand in a list of layers"),
        ((lambda x: x,), "Hand in a list of layers"),
        ((["turn", "shift"],), "Hand in a list of layers"),
        ((made("turn", "shift", "crop"),), "another shape"),
        ((made("turn", "shift", "resize"),), "another shape"),
        ((made("mirror", "turn", "shift"),), "come out mirrored"),
        ((made("turn", "shift", "flip", whole=None),), "come out mirrored"),
        ((made("turn in half turns", "shift"),), "10° are 10 / 360"),
        ((made("turn in hundredths", "shift"),), "10° are 10 / 360"),
        ((made("turn", "shift", "turn any"),), "makes a 9 of a 6"),
        ((made("shift", "turn any"),), "makes a 9 of a 6"),
        ((made("idle"),), "turns and nothing moves"),
        ((made("zoom"),), "turns and nothing moves"),
        ((made("shift"),), "Nothing turns: a rotation"),
        ((made("shift in two", whole=None),), "Nothing turns: a rotation"),
        ((made("turn"),), "Nothing moves: a shift"),
        ((made("turn in two", whole=tuple),), "Nothing moves: a shift"),
        ((made("turn less", "shift"),), "Pictures are turned by up to"),
        ((made("shift", "turn more"),), "Pictures are turned by up to"),
        ((made("turn one way", "shift"),), "turn the same way"),
        ((made("shift", "turn back"),), "turn the same way"),
        ((made("shift down", "turn"),), "in one direction only"),
        ((made("shift right", "turn", whole=None),), "in one direction only"),
        ((made("turn", "shift far"),), "Pictures move by up to"),
        ((made("turn", "shift little"),), "Pictures move by up to"),
        ((made("turn", "shift by hundredths"),), "Pictures move by up to"),
        ((made("turn", "shift", "zoom"),), "grow or shrink"),
        ((made("zoom", "turn", "shift", whole=None),), "grow or shrink"),
        ((made("turn mirrored", "shift"),), "not black everywhere"),
        ((made("turn", "shift nearest"),), "not black everywhere"),
        ((made("turn", "shift", "half"),), "gray values change"),
        ((made("half", "turn", "shift"),), "gray values change"),
    ],
    "12.3": [
        ((1, 0.1, 0.2), "no percent"),
        ((0.01, 10, 20), "no percent"),
        ((0, 0.1, 0.2), "no shift at all"),
        ((-0.01, 0.1, 0.2), "no shift at all"),
        ((0.01, 0.1, 0.6), "out of sight"),
        ((0.01, 0.1, 28 / 29), "out of sight"),
        ((0.05, 0.1, 0.2), "well below a pixel"),
        ((1 / 28, 0.1, 0.2), "well below a pixel"),
        ((0.2, 0.1, 0.01), "no little dose"),
        ((0.16, 0.1, 0.2), "no little dose"),
        ((0.01, 0.02, 0.2), "too small yet"),
        ((0.005, 0.01, 0.2), "too small yet"),
        ((0.01, 0.2, 0.3), "It is too large"),
        ((0.01, 0.5, 0.5), "It is too large"),
        ((0.01, 0.1, 0.12), "It takes more"),
        ((0.01, 0.1, 0.01), "It takes more"),
        (("little", 0.1, 0.2), "one number"),
        (([0.01, 0.02], 0.1, 0.2), "one number"),
    ],
    "12.4": [
        ((stack("scale", "255"),), "white or black"),
        ((stack("scale", "255", "01"),), "white or black"),
        ((stack("01", "scale"),), "must match the range"),
        ((stack("01", "idle", "scale"),), "must match the range"),
        ((stack("255"),), "by 1 / 255 is missing"),
        ((stack("01"),), "by 1 / 255 is missing"),
        ((stack("scale", "scale", "01"),), "divided by 255 twice"),
        ((stack("scale", "01", "scale"),), "divided by 255 twice"),
        ((stack("scale"),), "In training nothing changes"),
        ((stack("scale", "idle"),), "In training nothing changes"),
        ((stack("scale", "scale", "scale"),), "should only be divided"),
        ((stack("scale", "scale", "scale", "01"),), "should only be divided"),
        ((stack("contrast"),), "by 1 / 255 is missing"),
        ((stack("scale", "contrast"),), "not only the brightness"),
        ((stack("scale", "01", "noise"),), "not only the brightness"),
        ((stack("scale", "same"),), "by the same amount"),
        ((stack("same first", "scale"),), "by the same amount"),
        ((stack("scale", "strong"),), "more than a fifth"),
        ((stack("strong first", "scale"),), "more than a fifth"),
        ((stack("scale", "weak"),), "hardly changes"),
        ((stack("weak first", "scale"),), "hardly changes"),
        ((stack("scale", "weak first"),), "it should stay in 0 to 1"),
        ((stack("scale", "reaches below 0"),), "it should stay in 0 to 1"),
        ((stack("scale", "up"),), "not all the same way"),
        ((stack("up first", "scale"),), "not all the same way"),
        ((3,), "a Keras layer or model"),
        ((lambda x: x / 255,), "a Keras layer or model"),
    ],
}
