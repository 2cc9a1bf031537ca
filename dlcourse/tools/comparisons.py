"""What learners would copy from a well-known tutorial, timed against what the course teaches.

``make bench ARGS="--only mnist"`` runs the comparisons in turn, each round in a process of
its own: ``python -m dlcourse.tools.comparisons mnist 0`` prints one round as JSON. Where MNIST is
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

from .. import datasets
from ..errors import CourseError

NAMES = ("mnist", "ladder", "dense", "augmentation", "growth")
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
BASES = {
    "mnist": "classic",
    "ladder": "classic, batch 32",
    "dense": "classic",
    "augmentation": "ImageDataGenerator",
}


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


def fast_network(crop=0, filters=(16, 32, 64), stride=2, norm=(True, True, True)):
    """Return a network that spends its multiplications where they pay.

    Three ideas keep it cheap. *Small maps early*: the first layer steps by two pixels, so
    everything after it works on a quarter of the area. *Pool before normalizing*: batch norm
    and ReLU then touch a quarter of the values. *No empty border*: ``crop`` pixels on each
    side, nearly always blank in MNIST, are cut off first.

    Args:
        crop: pixels cut off on each side.
        filters: of the three convolutions.
        stride: of the first; with 1, a pooling after it keeps the shapes.
        norm: which convolutions batch norm follows.

    Returns:
        A model from (28, 28, 1) to 10 logits.
    """
    from keras import Sequential, layers

    def convolution(number, size, strides=1, pool=False):
        bias = not norm[number]  # batch norm would subtract it at once
        yield layers.Conv2D(filters[number], size, strides=strides, use_bias=bias)
        if pool:
            yield layers.MaxPooling2D()
        if norm[number]:
            yield layers.BatchNormalization(momentum=0.9)
        yield layers.Activation("relu")

    return Sequential([
        layers.Input((28, 28, 1)), layers.Cropping2D(crop),
        *convolution(0, 5, strides=stride, pool=stride == 1),
        *convolution(1, 3, pool=True), *convolution(2, 3),
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


def rise_and_fall(peak, steps, end=0.01):
    """Return lesson 53's schedule: a rise for a fifth of the steps, then a cosine.

    Args:
        peak: the highest rate.
        steps: of the whole training.
        end: the last rate, as a share of the highest.
    """
    from keras.optimizers.schedules import CosineDecay

    rise = max(1, steps // 5)
    fall = max(1, steps - rise)
    return CosineDecay(0.0, fall, end, warmup_target=peak, warmup_steps=rise)


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
    model.optimizer.build(model.trainable_variables)  # sooner here than inside fit
    targets = keras.utils.to_categorical(y, 10)
    for epoch in range(epochs):
        moved = moved_images(x, shift, rng) if shift and epoch < epochs - 1 else x
        model.fit(moved, targets, batch_size, verbose=0)
    predict = partial(call, model)
    return model, partial(_over_shifts, predict) if shift else predict


def call(model, x):
    """Return the model's outputs; for few images sooner than ``predict``, which traces."""
    from keras import ops

    parts = np.array_split(x, math.ceil(len(x) / 1000))
    outputs = [ops.convert_to_numpy(model(part, training=False)) for part in parts]
    return np.concatenate(outputs)


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
        # without the first batch norm, on the largest maps, an epoch costs less
        "accurate": lambda x, y: tuned(
            partial(fast_network, crop=2, norm=(False, True, True)),
            x,
            y,
            epochs=5,
            shift=1,
            rng=rng,
        ),  # fmt: skip
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


# Each of the first eight changes one thing against the row above it; each of the others
# changes one thing in the eighth.
SMOOTH = {"batch_size": 128, "fused": 32, "peak": 0.01, "smooth": 0.05, "beta_2": 0.95}
FAST = SMOOTH | {"early": True}
LADDER = {
    "classic, batch 32": ("classic", {"batch_size": 32}),
    "+ batch 128": ("classic", {"batch_size": 128}),
    "+ 32 steps per call": ("classic", {"batch_size": 128, "fused": 32}),
    "+ rate rises and falls": (
        "classic",
        {"batch_size": 128, "fused": 32, "peak": 0.004},
    ),
    "+ fast network": ("fast 28×28", {"batch_size": 128, "fused": 32, "peak": 0.01}),
    "+ blank border cut": ("fast", {"batch_size": 128, "fused": 32, "peak": 0.01}),
    "+ smoothed labels": ("fast", SMOOTH),
    "+ less to trace": ("fast", FAST),
    "fast: no step of 2 pixels": ("fast, wide", FAST),
    "fast: no batch norm": ("fast, plain", FAST),
    "fast: 1 step per call": ("fast", FAST | {"fused": 1}),
    "fast: batch 512": ("fast", FAST | {"batch_size": 512, "peak": 0.02}),
    "fast: 16-bit numbers": ("fast", FAST | {"policy": "mixed_bfloat16"}),
    "fast: XLA": ("fast", FAST | {"jit": True}),
    "fast: weights averaged": ("fast", FAST | {"average": True}),
    "fast: five shifts at test": ("fast", FAST | {"shifts": True}),
    "fast: second epoch": ("fast", FAST | {"again": True}),
    "almost no network": ("none", FAST),
}


def ladder(seed):
    """Return one epoch's seconds and test accuracy, one change after another."""
    import keras

    (x, y), (x_test, y_test), source = images()
    names = list(LADDER)
    turn = seed * 5 % len(names)
    rows = {}
    for name in names[turn:] + names[:turn]:
        network, recipe = LADDER[name]
        keras.utils.set_random_seed(seed)
        rows[name] = _one_epoch(network, x, y, x_test, y_test, **recipe)
        keras.utils.clear_session(free_memory=True)
    return {"source": source, "rows": {name: rows[name] for name in names}}


def _one_epoch(
    network, x, y, x_test, y_test, batch_size, fused=1, peak=None, smooth=0.0,
    beta_2=0.999, policy="float32", jit=False, average=False, shifts=False, again=False, early=False,
):  # fmt: skip
    import keras
    from keras import layers

    builders = {
        "classic": classic_network,
        "fast 28×28": fast_network,
        "fast": partial(fast_network, crop=2),
        "fast, wide": partial(fast_network, crop=2, stride=1),
        "fast, plain": partial(fast_network, crop=2, norm=(False, False, False)),
        "none": lambda: keras.Sequential([
            layers.Input((28, 28, 1)), layers.GlobalAveragePooling2D(), layers.Dense(10),
        ]),
    }  # fmt: skip
    started, cpu = time.perf_counter(), time.process_time()
    keras.config.set_dtype_policy(policy)
    try:
        model = builders[network]()
    finally:
        keras.config.set_dtype_policy("float32")
    steps = math.ceil(len(x) / batch_size)
    # averaging takes the place of the fall: the rate stays high, the mean is steady
    rate = rise_and_fall(peak, steps, end=0.3 if average else 0.01) if peak else 0.001
    model.compile(
        keras.optimizers.Adam(rate, beta_2=beta_2, use_ema=average, ema_momentum=0.98),
        keras.losses.CategoricalCrossentropy(
            from_logits=network != "classic", label_smoothing=smooth
        ),
        steps_per_execution=fused,
        jit_compile=jit,
    )
    if early:
        model.optimizer.build(model.trainable_variables)
    targets = keras.utils.to_categorical(y, 10)
    model.fit(x, targets, batch_size, verbose=0)
    if again:
        started, cpu = time.perf_counter(), time.process_time()
        model.fit(x, targets, batch_size, verbose=0)
    fit_s = time.perf_counter() - started
    predict = partial(model.predict, batch_size=1000, verbose=0)
    if early:
        predict = partial(call, model)
    outputs = _over_shifts(predict, x_test) if shifts else predict(x_test)
    return {
        "seconds": time.perf_counter() - started,
        "fit_s": fit_s,
        "cpu_s": time.process_time() - cpu,
        "accuracy": float(np.mean(outputs.argmax(axis=1) == y_test)),
        "parameters": model.count_params(),
    }


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
        model.optimizer.build(model.trainable_variables)
        model.fit(x, y, 128, 3, verbose=0)
        return model, partial(call, model)

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
    """Return images per second of the old generator and of two ways in ``tf.data``.

    All three rotate by up to 15°, shift by up to a tenth and zoom by up to a tenth, with
    bilinear interpolation, and repeat the border outwards. The generator makes one matrix of
    the three movements, so it interpolates once; three layers interpolate three times.
    """
    import keras
    import tensorflow as tf
    from keras import layers

    (x, y), _, source = images()
    x, y, batch = x[:8192], y[:8192], 128
    generator = tf.keras.preprocessing.image.ImageDataGenerator(
        rotation_range=15, width_shift_range=0.1, height_shift_range=0.1, zoom_range=0.1
    )
    edge = {"fill_mode": "nearest"}
    three = keras.Sequential([
        layers.RandomRotation(15 / 360, **edge), layers.RandomTranslation(0.1, 0.1, **edge),
        layers.RandomZoom(0.1, **edge),
    ])  # fmt: skip
    old = generator.flow(x, y, batch, seed=seed)

    def pipeline(move):
        return (
            tf.data.Dataset.from_tensor_slices((x, y))
            .shuffle(len(x), seed=seed)  # as the generator does
            .batch(batch)
            .map(lambda a, b: (move(a, training=True), b), tf.data.AUTOTUNE)
            .prefetch(tf.data.AUTOTUNE)
        )

    slow, fast = pipeline(three), pipeline(move_at_once)
    feeds = {
        "ImageDataGenerator": lambda: (next(old) for _ in range(len(old))),
        "three layers in tf.data": lambda: iter(slow),
        "one transform in tf.data": lambda: iter(fast),
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


def move_at_once(x, training=True, turn=15, shift=0.1, zoom=0.1):
    """Return images rotated, shifted and zoomed at random by one interpolation each.

    Args:
        x: tensor, (n, rows, columns, channels).
        training: False returns x itself.
        turn: largest angle, in degrees.
        shift: largest shift, as a share of the size.
        zoom: largest change of the size, as a share.
    """
    import tensorflow as tf

    if not training:
        return x
    n, rows, columns = tf.shape(x)[0], x.shape[1], x.shape[2]

    def draw(most, middle=0.0):
        return tf.random.uniform((n,), middle - most, middle + most)

    angle, height, width = draw(math.radians(turn)), draw(zoom, 1.0), draw(zoom, 1.0)
    middle_x, middle_y = (columns - 1) / 2, (rows - 1) / 2
    # where in the old image each new pixel (column, row) comes from: a matrix about the middle
    a, b = width * tf.cos(angle), -height * tf.sin(angle)
    c, d = width * tf.sin(angle), height * tf.cos(angle)
    right = middle_x - a * middle_x - b * middle_y + shift * columns * draw(1.0)
    down = middle_y - c * middle_x - d * middle_y + shift * rows * draw(1.0)
    zero = tf.zeros_like(a)
    matrix = tf.stack([a, b, right, c, d, down, zero, zero], axis=1)
    from keras import ops

    return ops.image.affine_transform(x, matrix, fill_mode="nearest")


def growth(seed, n, width):
    """Return what one epoch of n images costs, beyond what any training costs.

    The first epoch also traces the network; the second is timed. Memory is counted from
    where it stood when the libraries had trained something tiny.
    """
    import resource  # not on Windows

    import keras

    def peak_mb():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    keras.utils.set_random_seed(seed)
    tiny = np.zeros((128, 28, 28, 1), "float32"), np.arange(128) % 10
    tuned(partial(fast_network, filters=(4, 8, 16)), *tiny, epochs=1)
    base = peak_mb()
    (x, y), _, source = images(n)
    if len(x) < n:  # the few digits are repeated
        x, y = np.resize(x, (n, 28, 28, 1)), np.resize(y, n)
    build = partial(fast_network, filters=(width, 2 * width, 4 * width))
    started = time.perf_counter()
    model, _ = tuned(build, x, y, epochs=1)
    first = time.perf_counter() - started
    targets = keras.utils.to_categorical(y, 10)
    started = time.perf_counter()
    model.fit(x, targets, 128, verbose=0)
    seconds = time.perf_counter() - started
    row = {
        "seconds": seconds,
        "start_s": max(0.0, first - seconds),
        "images": n,
        "parameters": model.count_params(),
        "memory_mb": max(1.0, peak_mb() - base),
        "peak_mb": peak_mb(),
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
    compare = dict(
        zip(NAMES, (mnist, ladder, dense, augmentation, growth), strict=True)
    )
    print(json.dumps(compare[what](*map(int, numbers))))
