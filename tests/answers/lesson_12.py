"""Right and wrong answers of lesson 12, with a piece of the hint that must come."""

import math

import numpy as np


def forgets(*given):
    _ = np.sum(given[0])


def prints(*given):
    print(len(given))


# ── 12.1 ────────────────────────────────────────────────────────────────────────


def brighten(picture, amount):
    return np.clip(picture.astype(int) + amount, 0, 255).astype("uint8")


def by_minimum(picture, amount):
    wide = picture.astype("float32") + amount
    return np.minimum(np.maximum(wide, 0), 255).astype("uint8")


def pixel_by_pixel(picture, amount):
    out = np.zeros(picture.shape, "uint8")
    for place in np.ndindex(picture.shape):
        out[place] = max(0, min(255, int(picture[place]) + amount))
    return out


def by_where(picture, amount):
    wide = np.asarray(picture, "int16") + amount
    return np.where(wide > 255, 255, np.where(wide < 0, 0, wide)).astype(np.uint8)


def runs_over(picture, amount):
    return (picture.astype(int) + amount).astype("uint8")


def clips_too_late(picture, amount):
    return np.clip(picture + np.uint8(amount % 256), 0, 255)


def stops_above_only(picture, amount):
    return np.minimum(picture.astype(int) + amount, 255)


def clips_before(picture, amount):
    return np.clip(picture.astype(int), 0, 255 - amount) + amount


# ── 12.2 ────────────────────────────────────────────────────────────────────────

AFTER = {0: 0, 1: 1, 6: 9, 8: 8, 9: 6}


def half_turn(images, labels):
    keep = np.isin(labels, list(AFTER))
    return images[keep][:, ::-1, ::-1], np.array([AFTER[int(y)] for y in labels[keep]])


def turned_one_by_one(images, labels):
    kept = [i for i, label in enumerate(labels) if label in AFTER]
    return np.stack([np.rot90(images[i], 2) for i in kept]), [
        AFTER[labels[i]] for i in kept
    ]


def by_flips(images, labels):
    table = np.array([0, 1, -1, -1, -1, -1, 9, -1, 8, 6])
    new = table[labels]
    turned = np.flip(images, axis=(1, 2))
    return turned[new >= 0], new[new >= 0]


def by_lookup(images, labels):
    keep = [i for i, y in enumerate(labels) if y in (0, 1, 6, 8, 9)]
    new = [15 - y if y in (6, 9) else y for y in labels[keep]]
    return np.rot90(images[keep], 2, axes=(1, 2)).astype("float32"), new


def turned(turn=lambda x: x[:, ::-1, ::-1], name=lambda y: AFTER[y], keep=AFTER.get):
    """Return a half_turn with another turn, other new labels, or others kept."""

    def wrong(images, labels):
        chosen = [i for i, y in enumerate(labels.tolist()) if keep(y) is not None]
        new = np.array([name(y) for y in labels[chosen].tolist()])
        return turn(images[chosen]), new

    return wrong


def one_after_the_other(images, labels):
    keep = np.isin(labels, list(AFTER))
    new = labels[keep]
    new[new == 6] = 9
    new[new == 9] = 6
    return images[keep][:, ::-1, ::-1], new


def all_images(images, labels):
    return images[:, ::-1, ::-1], half_turn(images, labels)[1]


def all_images_by_flip(images, labels):
    return np.flip(images, (1, 2)), np.array([AFTER[y] for y in labels if y in AFTER])


def swapped(images, labels):
    return half_turn(images, labels)[::-1]


def swapped_in_a_list(images, labels):
    x, y = half_turn(images, labels)
    return [y, x]


# ── 12.3 ────────────────────────────────────────────────────────────────────────


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


# ── 12.4 ────────────────────────────────────────────────────────────────────────


def worth(labels, accuracies, reached):
    return np.exp(np.interp(reached, accuracies, np.log(labels)))


def in_powers_of_ten(labels, accuracies, reached):
    return 10 ** np.interp(reached, accuracies, np.log10(labels))


def by_segments(labels, accuracies, reached):
    for i in range(len(labels) - 1):
        low, high = accuracies[i], accuracies[i + 1]
        if low <= reached <= high:
            part = (reached - low) / (high - low)
            return labels[i] ** (1 - part) * labels[i + 1] ** part


def in_base_two(labels, accuracies, reached):
    logs = [math.log2(n) for n in labels]
    return 2.0 ** float(np.interp(reached, accuracies, logs))


def straight(labels, accuracies, reached):
    return np.interp(reached, accuracies, labels)


def straight_by_hand(labels, accuracies, reached):
    i = np.searchsorted(accuracies, reached) - 1
    part = (reached - accuracies[i]) / (accuracies[i + 1] - accuracies[i])
    return labels[i] + part * (labels[i + 1] - labels[i])


# ── 12.5 ────────────────────────────────────────────────────────────────────────


def mixup(x, y, share, partner):
    wide, tall = share[:, None, None, None], share[:, None]
    return wide * x + (1 - wide) * x[partner], tall * y + (1 - tall) * y[partner]


def pair_by_pair(x, y, share, partner):
    pairs = list(zip(share, range(len(x)), partner, strict=True))
    return (
        np.stack([s * x[i] + (1 - s) * x[j] for s, i, j in pairs]),
        np.stack([s * y[i] + (1 - s) * y[j] for s, i, j in pairs]),
    )


def by_reshape(x, y, share, partner):
    def mix(values):
        part = np.reshape(share, (-1,) + (1,) * (values.ndim - 1))
        return values[partner] + part * (values - values[partner])

    return mix(x), mix(y)


def by_einsum(x, y, share, partner):
    both = np.einsum("n,nhwc->nhwc", share, x)
    both = both + np.einsum("n,nhwc->nhwc", 1 - share, x[partner])
    return [both, (share * y.T + (1 - share) * y[partner].T).T]


def mixed(pictures=None, names=None):
    """Return a mixup with another way to mix the pictures or the labels."""

    def wrong(x, y, share, partner):
        right = mixup(x, y, share, partner)
        wide, tall = share[:, None, None, None], share[:, None]
        return (
            pictures(x, x[partner], wide) if pictures else right[0],
            names(y, y[partner], tall) if names else right[1],
        )

    return wrong


def one_share_for_all(x, y, share, partner):
    s = share[0]
    return s * x + (1 - s) * x[partner], s * y + (1 - s) * y[partner]


def shares_unshaped(x, y, share, partner):
    return share * x + (1 - share) * x[partner], y


def shares_unshaped_in_y(x, y, share, partner):
    return mixup(x, y, share, partner)[0], share * y + (1 - share) * y[partner]


RIGHT = {
    "12.1": [(brighten,), (by_minimum,), (pixel_by_pixel,), (by_where,)],
    "12.2": [(half_turn,), (turned_one_by_one,), (by_flips,), (by_lookup,)],
    "12.3": [(stack("scale", "01"),), (stack("255", "scale"),), (functional(),)],
    "12.4": [(worth,), (in_powers_of_ten,), (by_segments,), (in_base_two,)],
    "12.5": [(mixup,), (pair_by_pair,), (by_reshape,), (by_einsum,)],
}

OTHER_FORMS_REFUSED = {
    "12.1": dict.fromkeys(
        ("float32", "list", "tuple"),
        "the text asks for uint8, and these are other types",
    )
}

WRONG = {
    "12.1": [
        ((runs_over,), "The numbers run over"),
        ((lambda p, amount: p + np.uint8(amount % 256),), "The numbers run over"),
        ((clips_too_late,), "The numbers run over"),
        ((lambda p, amount: p + amount,), "The numbers run over"),
        ((lambda p, amount: p.astype(int) + amount,), "Nothing stops at 255"),
        ((lambda p, amount: np.add(p, amount, dtype=float),), "Nothing stops at 255"),
        ((stops_above_only,), "Nothing stops at 0"),
        ((clips_before,), "Nothing stops at 0"),
        ((lambda p, a: np.clip(p.astype(int) + a, 0, 255),), "but their type is"),
        (
            (lambda p, a: np.clip(np.float32(p) + a, 0, 255),),
            "but their type is",
        ),
        ((lambda p, amount: p,), "comes back as it was"),
        ((lambda p, amount: np.clip(p, 0, 255),), "comes back as it was"),
        ((lambda p, amount: brighten(p, -amount),), "the wrong way"),
        ((lambda p, a: np.clip(p.astype(int) - a, 0, 255),), "the wrong way"),
        ((lambda p, amount: brighten(p, amount) / 255,), "That runs from 0 to 1"),
        (
            (lambda p, a: np.minimum((p.astype(float) + a) / 255, 1),),
            "That runs from 0 to 1",
        ),
        (
            (lambda p, a: np.clip((p.astype(float) + a) / 255, 0, 255),),
            "Give the numbers room",
        ),
        ((lambda p, a: (p.astype(int) + a) / 255,), "Give the numbers room"),
        ((lambda p, a: np.clip(p.astype(int) + a, 0, 1),), "You stop at 1"),
        ((lambda p, a: np.minimum(p.astype(float) + a, 1),), "You stop at 1"),
        ((lambda p, amount: brighten(p, abs(amount)),), "a negative one darker"),
        (
            (lambda p, a: np.minimum(p.astype(int) + np.abs(a), 255),),
            "a negative one darker",
        ),
        (
            (
                lambda p, a: (
                    np.clip(p + np.uint8(a), 0, 255) if a < 0 else brighten(p, a)
                ),
            ),
            "NumPy refuses",
        ),
        (
            (lambda p, a: p + np.array([a], "uint8") if a < 0 else brighten(p, a),),
            "NumPy refuses",
        ),
        ((lambda p, amount: np.full(p.shape, 9),), "Give the numbers room"),
        ((lambda p, amount: p.astype(int) * 2,), "Give the numbers room"),
        ((forgets,), "`return`"),
        ((prints,), "`return`"),
        ((3,), "the function itself"),
        ((np.zeros((2, 2)),), "the function itself"),
    ],
    "12.2": [
        ((turned(name=lambda y: y),), "The labels are the old ones"),
        (
            (lambda x, y: (half_turn(x, y)[0], y[np.isin(y, [0, 1, 6, 8, 9])]),),
            "The labels are the old ones",
        ),
        ((lambda x, y: (x[:, ::-1, ::-1], y),), "still there: leave 2"),
        ((lambda x, y: (np.rot90(x, 2, (1, 2)), y.copy()),), "still there: leave 2"),
        (
            (turned(name=lambda y: AFTER.get(y, y), keep=lambda y: y),),
            "still there: leave them",
        ),
        (
            (lambda x, y: (x, np.where(y == 6, 9, np.where(y == 9, 6, y))),),
            "still there: leave them",
        ),
        ((turned(keep={0: 0, 1: 1, 8: 8}.get),), "6 and 9 are missing"),
        (
            (lambda x, y: (x[np.isin(y, [0, 1, 8])], y[np.isin(y, [0, 1, 8])]),),
            "6 and 9 are missing",
        ),
        ((turned(name=lambda y: 9 if y == 6 else y),), "all 9 now"),
        ((turned(name={0: 0, 1: 1, 6: 9, 8: 8, 9: 9}.get),), "all 9 now"),
        ((turned(name=lambda y: 6 if y == 9 else y),), "all 6 now"),
        ((turned(name={0: 0, 1: 1, 6: 6, 8: 8, 9: 6}.get),), "all 6 now"),
        ((one_after_the_other,), "all 6 now"),
        ((turned(turn=lambda x: x),), "images are not turned"),
        ((turned(turn=np.copy),), "images are not turned"),
        ((turned(turn=lambda x: x[:, ::-1]),), "Top and bottom are exchanged"),
        ((turned(turn=lambda x: np.flip(x, 1)),), "Top and bottom are exchanged"),
        ((turned(turn=lambda x: x[:, :, ::-1]),), "Left and right are exchanged"),
        ((turned(turn=lambda x: np.flip(x, 2)),), "Left and right are exchanged"),
        (
            (turned(turn=lambda x: x[::-1, ::-1, ::-1]),),
            "order of the images is reversed",
        ),
        ((turned(turn=np.flip),), "order of the images is reversed"),
        (
            (turned(turn=lambda x: x[::-1, ::-1]),),
            "the order of the images and the rows",
        ),
        (
            (turned(turn=lambda x: np.rot90(x, 2)),),
            "the order of the images and the rows",
        ),
        ((turned(turn=lambda x: np.rot90(x, axes=(1, 2))),), "a quarter of a turn"),
        (
            (turned(turn=lambda x: x.transpose(0, 2, 1)[:, ::-1]),),
            "a quarter of a turn",
        ),
        ((all_images,), "All images are there"),
        ((all_images_by_flip,), "All images are there"),
        ((swapped,), "images first"),
        ((swapped_in_a_list,), "images first"),
        ((lambda x, y: half_turn(x, y)[0],), "two things"),
        ((lambda x, y: 7,), "two things"),
        ((lambda x, y: (x, 0 * y),), "Keep 0, 1, 6, 8 and 9"),
        ((turned(name=lambda y: 1),), "Keep 0, 1, 6, 8 and 9"),
        ((turned(turn=lambda x: 2 * x),), "rows and columns both reversed"),
        ((turned(turn=lambda x: 0 * x),), "rows and columns both reversed"),
        ((forgets,), "`return`"),
        ((prints,), "`return`"),
        ((3,), "the function itself"),
        (((1, 2),), "the function itself"),
    ],
    "12.3": [
        ((stack("scale", "255"),), "white or black"),
        ((stack("scale", "255", "01"),), "white or black"),
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
    "12.4": [
        ((straight,), "straight on the plain axis"),
        ((straight_by_hand,), "straight on the plain axis"),
        ((lambda n, a, r: np.interp(r, a, np.log(n)),), "np.exp of it"),
        ((lambda n, a, r: np.log(worth(n, a, r)),), "np.exp of it"),
        ((lambda n, a, r: np.interp(r, a, np.log10(n)),), "10 to that power"),
        ((lambda n, a, r: math.log10(worth(n, a, r)),), "10 to that power"),
        ((lambda n, a, r: worth(n, a, r) / n[0],), "how many times as many"),
        ((lambda n, a, r: worth(n, a, r) / min(n),), "how many times as many"),
        ((lambda n, a, r: worth(n, a, r) - n[0],), "how many more"),
        ((lambda n, a, r: worth(n, a, r) - min(n),), "how many more"),
        ((lambda n, a, r: worth(n, np.log(a), np.log(r)),), "Only the labels"),
        ((lambda n, a, r: in_base_two(n, np.log2(a), np.log2(r)),), "Only the labels"),
        ((lambda n, a, r: straight(n, np.log(a), np.log(r)),), "belongs to the labels"),
        (
            (lambda n, a, r: straight(n, np.log10(a), np.log10(r)),),
            "belongs to the labels",
        ),
        ((lambda n, a, r: r,), "between the logarithms"),
        ((lambda n, a, r: n[-1],), "between the logarithms"),
        ((forgets,), "`return`"),
        ((prints,), "`return`"),
        ((600,), "the function itself"),
        ((worth([1, 2], [0.1, 0.2], 0.1),), "the function itself"),
    ],
    "12.5": [
        ((mixed(lambda x, z, s: x),), "The pictures are not mixed"),
        ((mixed(lambda x, z, s: x.copy()),), "The pictures are not mixed"),
        ((mixed(lambda x, z, s: s * z + (1 - s) * x),), "yours are exchanged"),
        ((lambda x, y, s, p: mixup(x, y, 1 - s, p),), "yours are exchanged"),
        ((mixed(lambda x, z, s: s * x + s * z),), "part is 1 - share"),
        ((mixed(lambda x, z, s: s * (x + z)),), "part is 1 - share"),
        ((mixed(lambda x, z, s: s * x + z),), "comes in whole"),
        ((mixed(lambda x, z, s: z + x * s),), "comes in whole"),
        ((mixed(lambda x, z, s: (x + z) / 2),), "with one half"),
        ((mixed(lambda x, z, s: 0.5 * x + 0.5 * z),), "with one half"),
        ((one_share_for_all,), "each pair has its own"),
        ((lambda x, y, s, p: mixup(x, y, s[:1], p),), "each pair has its own"),
        ((shares_unshaped,), "share has shape (n,)"),
        ((shares_unshaped_in_y,), "share has shape (n,)"),
        ((mixed(names=lambda y, z, s: y),), "but the labels are not"),
        ((mixed(names=lambda y, z, s: y.copy()),), "but the labels are not"),
        ((mixed(names=lambda y, z, s: s * z + (1 - s) * y),), "parts are exchanged"),
        ((mixed(names=lambda y, z, s: z + (1 - s) * (y - z)),), "parts are exchanged"),
        ((mixed(names=lambda y, z, s: (y + z) / 2),), "mixed half and half"),
        ((mixed(names=lambda y, z, s: 0.5 * y + 0.5 * z),), "mixed half and half"),
        ((mixed(names=lambda y, z, s: z),), "partners' labels alone"),
        ((mixed(names=lambda y, z, s: 1 * z),), "partners' labels alone"),
        ((mixed(names=lambda y, z, s: s * y),), "part of the label is missing"),
        ((mixed(names=lambda y, z, s: y * s),), "part of the label is missing"),
        ((lambda *given: mixup(*given)[::-1],), "labels second"),
        ((lambda *given: [mixup(*given)[1], given[0]],), "labels second"),
        ((lambda *given: mixup(*given)[0][:1],), "two arrays"),
        ((lambda *given: 5,), "two arrays"),
        ((mixed(lambda x, z, s: x - z),), "plus (1 - share) times"),
        ((mixed(lambda x, z, s: 0 * x),), "plus (1 - share) times"),
        ((mixed(names=lambda y, z, s: y - z),), "as the pictures are"),
        ((mixed(names=lambda y, z, s: 0 * y),), "as the pictures are"),
        ((forgets,), "`return`"),
        ((prints,), "`return`"),
        ((3,), "the function itself"),
        ((np.zeros(3),), "the function itself"),
    ],
}
