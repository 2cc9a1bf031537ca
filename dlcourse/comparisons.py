"""What learners would copy from a well-known tutorial, timed against what the course teaches.

``make bench ARGS="--only mnist"`` runs the comparisons in turn, each round in a process of
its own: ``python -m dlcourse.comparisons mnist 0`` prints one round as JSON. Where MNIST is
neither stored nor to be had, the bundled digits stand in, enlarged to MNIST's size; then the
seconds still compare, the accuracies do not.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import time
from functools import partial

import numpy as np

from . import datasets
from .runtime import CourseError

NAMES = ("mnist", "dense", "augmentation", "growth")
ACCURATE_EPOCHS = 4
# images and filters of the first layer; each in a process of its own, for its memory
GROWTH = [
    (1_000, 16),
    (10_000, 16),
    (60_000, 16),
    (10_000, 8),
    (10_000, 32),
    (10_000, 64),
]
# The first of each comparison is what the others' time is divided by.
BASES = {"mnist": "classic", "dense": "classic", "augmentation": "ImageDataGenerator"}


def images(first=None):
    """Return training and test images, (n, 28, 28, 1) float32 from 0 to 1, and labels.

    Args:
        first: how many training images to take; none means all.

    Returns:
        ``(x, y), (x_test, y_test), source``; source is ``"MNIST"``, or ``"digits"`` where
        MNIST cannot be had: 8×8 scans, every pixel drawn 3×3 large, in a frame of zeros.
    """
    try:
        data, source = datasets.mnist(), "MNIST"
    except CourseError:
        data, source = datasets.digits(), "digits"
    pairs = []
    train = data.x_train[:first], data.y_train[:first]
    for x, y in (train, (data.x_test, data.y_test)):
        x = x.astype("float32") / x.max()
        if source == "digits":
            x = np.pad(
                np.kron(x, np.ones((1, 3, 3), "float32")), ((0, 0), (2, 2), (2, 2))
            )
        pairs.append((x[..., None], y))
    return *pairs, source


# ---- networks -------------------------------------------------------------------------


def classic_network():
    """Return the convolutional network of many first tutorials: 693,962 parameters."""
    from keras import Sequential, layers

    return Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
        layers.Flatten(), layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip


def small_network():
    """Return lesson 32's small network for MNIST: 80,282 parameters."""
    from keras import Sequential, layers

    widths = (16, 32, 64, 96)
    model = Sequential([layers.Input((28, 28, 1))])
    for width in widths:
        model.add(layers.Conv2D(width, 3, padding="same", use_bias=False))
        if width < widths[-1]:
            model.add(layers.MaxPooling2D())
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
    model.add(layers.GlobalMaxPooling2D())
    model.add(layers.Dense(10, activation="softmax"))
    return model


def fast_network(crop=0, filters=(16, 32, 64)):
    """Return a network that spends its multiplications where they pay.

    Three ideas keep it cheap. *Stride before width*: the first layer steps by two pixels, so
    everything after it works on a quarter of the area. *Pool before normalizing*: batch norm
    and ReLU then touch a quarter of the values. *No empty border*: ``crop`` pixels on each
    side, nearly always blank in MNIST, are cut off first.

    Args:
        crop: pixels cut off on each side.
        filters: of the three convolutions.

    Returns:
        A model from (28, 28, 1) to 10 logits.
    """
    from keras import Sequential, layers

    first, second, third = filters

    def normalized():
        return layers.BatchNormalization(momentum=0.9), layers.Activation("relu")

    return Sequential([
        layers.Input((28, 28, 1)), layers.Cropping2D(crop),
        layers.Conv2D(first, 5, strides=2, use_bias=False), *normalized(),
        layers.Conv2D(second, 3, use_bias=False), layers.MaxPooling2D(), *normalized(),
        layers.Conv2D(third, 3, use_bias=False), *normalized(),
        layers.Flatten(), layers.Dense(10),
    ])  # fmt: skip


def dense_network():
    """Return the first network of many tutorials: Flatten, 128 units, 10 outputs."""
    from keras import Sequential, layers

    return Sequential([
        layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip


# ---- recipes: (x, y, seed) in, (model, predict) out -----------------------------------


def plain(build, x, y, epochs, batch_size=32):
    """Train as tutorials do: Adam at its constant rate of 0.001."""
    model = build()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size, epochs, verbose=0)
    return model, partial(model.predict, batch_size=1000, verbose=0)


def rise_and_fall(peak, steps):
    """Return lesson 53's schedule: a rise for a fifth of the steps, then a cosine."""
    from keras.optimizers.schedules import CosineDecay

    rise = max(1, steps // 5)
    fall = max(1, steps - rise)
    return CosineDecay(0.0, fall, 0.01, warmup_target=peak, warmup_steps=rise)


def tuned(
    build, x, y, epochs, shift=0, rng=None, batch_size=128, peak=0.01, smooth=0.05
):
    """Train with a schedule, smoothed labels, and shifts in all epochs but the last.

    Args:
        shift: pixels by which images are moved at most, each way, anew in every epoch; the
            same shifts by one pixel are averaged over when predicting.
    """
    import keras

    model = build()
    steps = epochs * math.ceil(len(x) / batch_size)
    fused = 32 if keras.backend.backend() == "tensorflow" else 1
    model.compile(
        keras.optimizers.Adam(rise_and_fall(peak, steps), beta_2=0.95),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smooth),
        steps_per_execution=fused,
    )
    targets = keras.utils.to_categorical(y, 10)
    for epoch in range(epochs):
        moved = moved_images(x, shift, rng) if shift and epoch < epochs - 1 else x
        model.fit(moved, targets, batch_size, verbose=0)
    predict = partial(model.predict, batch_size=1000, verbose=0)
    return model, partial(_over_shifts, predict) if shift else predict


def moved_images(x, most, rng):
    """Return every image of x, (n, rows, columns, 1), moved by up to ``most`` pixels."""
    n, rows, columns, _ = x.shape
    padded = np.pad(x[..., 0], ((0, 0), (most, most), (most, most)))
    windows = np.lib.stride_tricks.sliding_window_view(
        padded, (rows, columns), axis=(1, 2)
    )
    down, right = rng.integers(0, 2 * most + 1, (2, n))
    return windows[np.arange(n), down, right][..., None]


def _over_shifts(predict, x):
    """Return the sum of the logits for the image itself and for its four neighbors."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows, columns = x.shape[1:3]
    return sum(
        predict(padded[:, down : down + rows, right : right + columns])
        for down, right in ((1, 1), (0, 1), (2, 1), (1, 0), (1, 2))
    )


# ---- the comparisons ------------------------------------------------------------------


def mnist(seed):
    """Return one round of classic, lesson 32's and the fast networks."""
    rng = np.random.default_rng(seed)
    recipes = {
        "classic": lambda x, y: plain(classic_network, x, y, epochs=2),
        "lesson 32": lesson_32,
        "fast": lambda x, y: tuned(partial(fast_network, crop=2), x, y, epochs=1),
        "accurate": lambda x, y: tuned(
            partial(fast_network), x, y, epochs=ACCURATE_EPOCHS, shift=1, rng=rng
        ),
    }
    return _train_in_turn(recipes, seed)


def lesson_32(x, y):
    """Train lesson 32's small network by its recipe: one epoch, batches of 128."""
    import keras

    model = small_network()
    rate = rise_and_fall(0.01, math.ceil(len(x) / 128))
    model.compile(
        keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )  # fmt: skip
    model.fit(x, y, 128, verbose=0)
    return model, partial(model.predict, batch_size=1000, verbose=0)


def dense(seed):
    """Return one round of the first dense network: five epochs, and the same accuracy."""

    def quick(x, y):
        import keras

        model = dense_network()
        rate = rise_and_fall(0.004, 3 * math.ceil(len(x) / 128))
        fused = 32 if keras.backend.backend() == "tensorflow" else 1
        model.compile(
            keras.optimizers.Adam(rate), "sparse_categorical_crossentropy",
            steps_per_execution=fused,
        )  # fmt: skip
        model.fit(x, y, 128, 3, verbose=0)
        return model, partial(model.predict, batch_size=1000, verbose=0)

    recipes = {
        "classic": lambda x, y: plain(dense_network, x, y, epochs=5),
        "scheduled": quick,
    }
    return _train_in_turn(recipes, seed)


def _train_in_turn(recipes, seed):
    import keras

    (x, y), (x_test, y_test), source = images()
    names = list(recipes)
    turn = seed % len(names)  # nobody is always the first, with everything to load
    rows = {}
    for name in names[turn:] + names[:turn]:
        keras.utils.set_random_seed(seed)
        started, cpu = time.perf_counter(), time.process_time()
        model, predict = recipes[name](x, y)
        fitted, cpu = time.perf_counter(), time.process_time() - cpu
        right = predict(x_test).argmax(axis=1) == y_test
        ended = time.perf_counter()
        rows[name] = {
            "seconds": ended - started,  # shifts at test time are part of the price
            "fit_s": fitted - started,
            "cpu_s": cpu,
            "accuracy": float(right.mean()),
            "parameters": model.count_params(),
        }
        keras.utils.clear_session(free_memory=True)
    return {"source": source, "rows": {name: rows[name] for name in names}}


def augmentation(seed):
    """Return images per second of the old generator and of layers in ``tf.data``."""
    import keras
    import tensorflow as tf
    from keras import layers

    (x, y), _, source = images()
    x, y, batch = x[:8192], y[:8192], 128
    generator = tf.keras.preprocessing.image.ImageDataGenerator(
        rotation_range=15, width_shift_range=0.1, height_shift_range=0.1, zoom_range=0.1
    )
    move = keras.Sequential([
        layers.RandomRotation(15 / 360), layers.RandomTranslation(0.1, 0.1),
        layers.RandomZoom(0.1),
    ])  # fmt: skip
    pipeline = (
        tf.data.Dataset.from_tensor_slices((x, y))
        .batch(batch)
        .map(lambda a, b: (move(a, training=True), b), tf.data.AUTOTUNE)
        .prefetch(tf.data.AUTOTUNE)
    )
    old = generator.flow(x, y, batch, seed=seed)
    feeds = {
        "ImageDataGenerator": lambda: (next(old) for _ in range(len(old))),
        "layers in tf.data": lambda: iter(pipeline),
    }
    rows = {}
    for name, feed in feeds.items():
        next(iter(feed()))  # tracing is no part of the rate
        started, count = time.perf_counter(), 0
        for pictures, _ in feed():
            count += len(pictures)
        seconds = time.perf_counter() - started
        rows[name] = {"seconds": seconds, "images_per_s": count / seconds}
    return {"source": source, "rows": rows}


def growth(seed, n, width):
    """Return seconds and peak memory of one epoch of n images, and the network's size."""
    import resource  # not on Windows

    import keras

    keras.utils.set_random_seed(seed)
    (x, y), _, source = images(n)
    if len(x) < n:  # the few digits are repeated
        x, y = np.resize(x, (n, 28, 28, 1)), np.resize(y, n)
    build = partial(fast_network, filters=(width, 2 * width, 4 * width))
    tuned(build, x[:128], y[:128], epochs=1)  # the libraries' start is no part of it
    started = time.perf_counter()
    model, _ = tuned(build, x, y, epochs=1)
    row = {
        "seconds": time.perf_counter() - started,
        "images": n,
        "parameters": model.count_params(),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    return {"source": source, "rows": {f"{n} images, {width} filters": row}}


def exponent(sizes, costs):
    """Return the exponent e of the power law cost = c · size**e through the points."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def summarize(name, rounds):
    """Return the medians over rounds, and each row's share of the first one's seconds."""
    rows = {}
    for row in rounds[0]["rows"]:
        own = [one["rows"][row] for one in rounds]
        rows[row] = {
            key: statistics.median(item[key] for item in own) for key in own[0]
        }
        if "accuracy" in own[0]:
            scores = [item["accuracy"] for item in own]
            rows[row]["accuracy"] = statistics.mean(scores)
            rows[row]["spread"] = statistics.stdev(scores) if len(scores) > 1 else None
    if name in BASES:
        base = rows[BASES[name]]["seconds"]
        for row in rows.values():
            row["share"] = row["seconds"] / base
    return {"source": rounds[0]["source"], "rounds": len(rounds), "rows": rows}


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    compare = dict(zip(NAMES, (mnist, dense, augmentation, growth), strict=True))
    print(json.dumps(compare[what](*map(int, numbers))))
