"""What a well-known tutorial does, timed against what the course teaches.

``make bench ARGS="--only mnist"`` runs the comparisons in turn, each round in a process of
its own: ``python -m dlcourse.tools.comparisons mnist 0`` prints one round as JSON. Where MNIST is
neither stored nor to be had, the bundled digits stand in, enlarged to MNIST's size; then the
seconds still compare, the accuracies do not.
"""

from __future__ import annotations

import math
import statistics
import sys
import time
from dataclasses import dataclass, fields, replace
from functools import partial

import numpy as np

from .. import datasets
from ..errors import CourseError
from .records import Environment, current_environment, to_json, today

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
    "ablation": "classic, batch 32",
    "dense": "classic",
    "augmentation": "ImageDataGenerator",
}


@dataclass(frozen=True)
class Row:
    """What one contender costs and reaches; None where a comparison measures no such thing.

    Args:
        seconds: what the comparison times.
        parameters: of the network.
        images: how many it trained on.
        fit_s, cpu_s: wall and CPU seconds of training.
        start_s: what the first epoch took beyond a later one.
        accuracy: on the test images, 0 to 1; over several rounds, the mean.
        accuracy_std: standard deviation of the accuracy over the rounds.
        images_per_s: images that a pipeline delivers per second.
        memory_mb, peak_mb: memory beyond the libraries', and in all.
        share: seconds, as a share of the seconds of the comparison's base.
    """

    seconds: float
    parameters: int | None = None
    images: int | None = None
    fit_s: float | None = None
    cpu_s: float | None = None
    start_s: float | None = None
    accuracy: float | None = None
    accuracy_std: float | None = None
    images_per_s: float | None = None
    memory_mb: float | None = None
    peak_mb: float | None = None
    share: float | None = None


@dataclass(frozen=True)
class Comparison:
    """One round of a comparison, or the summary of several.

    Args:
        source: ``"MNIST"`` or ``"digits"``.
        rows: ``{contender: Row}``.
        date: the day it was measured, as YYYY-MM-DD.
        environment: the Environment it was measured in.
        rounds: how many rounds it sums up.
    """

    source: str
    rows: dict
    date: str
    environment: Environment
    rounds: int = 1

    @classmethod
    def from_json(cls, facts):
        """Return the Comparison that ``to_json`` was called on.

        Raises:
            KeyError, TypeError: if the facts are not those of a comparison.
        """
        rows = {name: Row(**row) for name, row in facts["rows"].items()}
        environment = Environment(**facts["environment"])
        return cls(**{**facts, "rows": rows, "environment": environment})


def measured(source, rows):
    """Return one round, measured here and today."""
    return Comparison(source, rows, today(), current_environment())


@dataclass(frozen=True)
class Images:
    """MNIST or its stand-in.

    Args:
        x, x_test: float32 from 0 to 1, (n, 28, 28, 1).
        y, y_test: labels, 0 to 9, (n,).
        source: ``"MNIST"``, or ``"digits"`` where MNIST cannot be had: 8×8 scans, every
            pixel drawn 3×3 large, in a frame of zeros.
    """

    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    source: str


def load_images(first=None):
    """Return the Images.

    Args:
        first: how many training images to take; none means all.
    """
    try:
        data, source = datasets.mnist(), "MNIST"
    except CourseError:
        data, source = datasets.digits(), "digits"

    def scaled(x):
        x = x.astype("float32") / x.max()
        if source == "digits":
            x = np.kron(x, np.ones((1, 3, 3), "float32"))
            x = np.pad(x, ((0, 0), (2, 2), (2, 2)))
        return x[..., None]

    return Images(
        scaled(data.x_train[:first]), data.y_train[:first],
        scaled(data.x_test), data.y_test, source,
    )  # fmt: skip


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


def mean_pixel_network():
    """Return ten outputs on the mean pixel: what remains is feeding and stepping."""
    from keras import Sequential, layers

    return Sequential([
        layers.Input((28, 28, 1)), layers.GlobalAveragePooling2D(), layers.Dense(10),
    ])  # fmt: skip


cropped_network = partial(fast_network, crop=2)


# ---- recipes --------------------------------------------------------------------------


@dataclass(frozen=True)
class Recipe:
    """How a network is trained and read.

    Args:
        batch_size: images per step.
        epochs: passes over the images.
        steps_per_execution: steps that Keras runs per call of the compiled function.
        peak_learning_rate: of warm-up and cosine decay; None means Adam's constant 0.001.
        final_learning_rate: the last one, as a share of the peak.
        label_smoothing: share of each target that goes to all classes alike, 0 to 1.
        beta_2: Adam's.
        dtype_policy: Keras's, such as ``"mixed_bfloat16"``.
        jit_compile: whether XLA compiles the steps; ``"auto"`` leaves it to Keras.
        average_weights: whether to end with the moving average of the weights.
        less_tracing: whether to build the optimizer before ``fit``, and to read the test
            images without ``predict``, so that TensorFlow traces less.
        random_shift: pixels by which images move at most, each way, anew in every epoch but
            the last.
        test_time_augmentation: whether to read each test image in five positions.
    """

    batch_size: int = 128
    epochs: int = 1
    steps_per_execution: int = 1
    peak_learning_rate: float | None = None
    final_learning_rate: float = 0.01
    label_smoothing: float = 0.0
    beta_2: float = 0.999
    dtype_policy: str = "float32"
    jit_compile: bool | str = "auto"
    average_weights: bool = False
    less_tracing: bool = False
    random_shift: int = 0
    test_time_augmentation: bool = False


CLASSIC = Recipe(batch_size=32, epochs=2)
LESSON_32 = Recipe(peak_learning_rate=0.01)
FAST = Recipe(
    steps_per_execution=32, peak_learning_rate=0.01, label_smoothing=0.05, beta_2=0.95,
    less_tracing=True,
)  # fmt: skip
ACCURATE = replace(FAST, epochs=5, random_shift=1, test_time_augmentation=True)
DENSE_CLASSIC = replace(CLASSIC, epochs=5)
DENSE_SCHEDULED = Recipe(epochs=3, steps_per_execution=32, peak_learning_rate=0.004)


def for_backend(recipe):
    """Return the recipe, with one step per call where the backend is not TensorFlow."""
    import keras

    tensorflow = keras.backend.backend() == "tensorflow"
    return recipe if tensorflow else replace(recipe, steps_per_execution=1)


def warmup_cosine(peak, steps, final=0.01):
    """Return lesson 53's schedule: warm-up for a fifth of the steps, then cosine decay.

    Args:
        peak: the highest learning rate.
        steps: of the whole training.
        final: the last learning rate, as a share of the highest.
    """
    from keras.optimizers.schedules import CosineDecay

    warmup = max(1, steps // 5)
    decay = max(1, steps - warmup)
    return CosineDecay(0.0, decay, final, warmup_target=peak, warmup_steps=warmup)


def learning_rate(recipe, images):
    """Return the learning rate, or its schedule, for a training on so many images."""
    if recipe.peak_learning_rate is None:
        return 0.001
    steps = recipe.epochs * math.ceil(images / recipe.batch_size)
    return warmup_cosine(recipe.peak_learning_rate, steps, recipe.final_learning_rate)


def compile_smoothed(model, recipe, images):
    """Compile a model by a recipe, for targets of one row of ten per image."""
    import keras

    softmax = model.layers[-1].activation is keras.activations.softmax
    model.compile(
        keras.optimizers.Adam(
            learning_rate(recipe, images), beta_2=recipe.beta_2,
            use_ema=recipe.average_weights, ema_momentum=0.98,
        ),
        keras.losses.CategoricalCrossentropy(
            from_logits=not softmax, label_smoothing=recipe.label_smoothing
        ),
        steps_per_execution=recipe.steps_per_execution,
        jit_compile=recipe.jit_compile,
    )  # fmt: skip
    if recipe.less_tracing:
        model.optimizer.build(model.trainable_variables)  # sooner here than inside fit


def build_model(build, recipe):
    """Build a network in the number format of a recipe."""
    import keras

    keras.config.set_dtype_policy(recipe.dtype_policy)
    try:
        return build()
    finally:
        keras.config.set_dtype_policy("float32")


def train(build, recipe, x, y, rng=None):
    """Train a network by a recipe.

    Args:
        build: makes the network.
        recipe: a Recipe.
        x, y: images, (n, 28, 28, 1), and labels, (n,).
        rng: NumPy's generator for the random shifts.

    Returns:
        The model, and the function from images to outputs that reads the test images.
    """
    import keras

    model = build_model(build, recipe)
    compile_smoothed(model, recipe, len(x))
    targets = keras.utils.to_categorical(y, 10)
    for epoch in range(recipe.epochs):
        shifted = recipe.random_shift and epoch < recipe.epochs - 1
        inputs = random_shift(x, recipe.random_shift, rng) if shifted else x
        model.fit(inputs, targets, recipe.batch_size, verbose=0)
    return model, reader(model, recipe)


def train_plain(build, recipe, x, y):
    """Train as tutorials do: Adam at its constant rate, and ``predict``."""
    model = build()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, recipe.batch_size, recipe.epochs, verbose=0)
    return model, reader(model, recipe)


def train_lesson_32(recipe, x, y):
    """Train lesson 32's small network as the lesson does."""
    import keras

    model = small_network()
    model.compile(
        keras.optimizers.Adam(learning_rate(recipe, len(x))),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    model.fit(x, y, recipe.batch_size, verbose=0)
    return model, reader(model, recipe)


def train_dense(recipe, x, y):
    """Train the first dense network with a schedule."""
    import keras

    model = dense_network()
    model.compile(
        keras.optimizers.Adam(learning_rate(recipe, len(x))),
        "sparse_categorical_crossentropy",
        steps_per_execution=recipe.steps_per_execution,
    )
    model.optimizer.build(model.trainable_variables)
    model.fit(x, y, recipe.batch_size, recipe.epochs, verbose=0)
    return model, partial(predict_untraced, model)


def reader(model, recipe):
    """Return the function from images to outputs by which a recipe reads test images."""
    if recipe.less_tracing:
        predict = partial(predict_untraced, model)
    else:
        predict = partial(model.predict, batch_size=1000, verbose=0)
    if recipe.test_time_augmentation:
        return partial(predict_augmented, predict)
    return predict


def predict_untraced(model, x):
    """Return the model's outputs; for few images sooner than ``predict``, which traces."""
    from keras import ops

    parts = np.array_split(x, math.ceil(len(x) / 1000))
    outputs = [ops.convert_to_numpy(model(part, training=False)) for part in parts]
    return np.concatenate(outputs)


def predict_augmented(predict, x):
    """Return the sum of the logits for the image itself and for its four neighbors."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows, columns = x.shape[1:3]
    return sum(
        predict(padded[:, down : down + rows, right : right + columns])
        for down, right in ((1, 1), (0, 1), (2, 1), (1, 0), (1, 2))
    )


def random_shift(x, most, rng):
    """Return every image of x, (n, rows, columns, 1), moved by up to ``most`` pixels."""
    n, rows, columns, _ = x.shape
    padded = np.pad(x[..., 0], ((0, 0), (most, most), (most, most)))
    windows = np.lib.stride_tricks.sliding_window_view(
        padded, (rows, columns), axis=(1, 2)
    )
    down, right = rng.integers(0, 2 * most + 1, (2, n))
    return windows[np.arange(n), down, right][..., None]


# ---- accuracy and seconds on MNIST ----------------------------------------------------


def mnist(seed):
    """Return one round of the classic, lesson 32's, the fast and the accurate network."""
    rng = np.random.default_rng(seed)
    # without the first batch norm, on the largest maps, an epoch costs less
    lean_network = partial(cropped_network, norm=(False, True, True))
    return _train_in_turn(
        {
            "classic": partial(train_plain, classic_network, CLASSIC),
            "lesson 32": partial(train_lesson_32, LESSON_32),
            "fast": partial(train, cropped_network, for_backend(FAST)),
            "accurate": partial(train, lean_network, for_backend(ACCURATE), rng=rng),
        },
        seed,
    )


def dense(seed):
    """Return one round of the first dense network: five epochs, and the same accuracy."""
    return _train_in_turn(
        {
            "classic": partial(train_plain, dense_network, DENSE_CLASSIC),
            "scheduled": partial(train_dense, for_backend(DENSE_SCHEDULED)),
        },
        seed,
    )


def _train_in_turn(trainings, seed):
    """Return one round; each training takes x and y, and returns a model and its reader."""
    import keras

    data = load_images()
    rows = {}
    for name in _in_turn(trainings, seed):
        keras.utils.set_random_seed(seed)
        started, cpu = time.perf_counter(), time.process_time()
        model, predict = trainings[name](x=data.x, y=data.y)
        fitted, cpu = time.perf_counter(), time.process_time() - cpu
        outputs = predict(data.x_test)
        rows[name] = Row(
            seconds=time.perf_counter() - started,  # reading the test images included
            fit_s=fitted - started,
            cpu_s=cpu,
            accuracy=_accuracy(outputs, data.y_test),
            parameters=model.count_params(),
        )
        keras.utils.clear_session(free_memory=True)
    return measured(data.source, {name: rows[name] for name in trainings})


def _in_turn(names, start):
    """Return the names from another one on: nobody always finds everything loaded."""
    names = list(names)
    start %= len(names)
    return names[start:] + names[:start]


def _accuracy(outputs, labels):
    return float(np.mean(outputs.argmax(axis=1) == labels))


# ---- ablation -------------------------------------------------------------------------

# The recipes that lead from the classic one to FAST, each one change further. XLA is off
# but in one row, so that this row shows what it does on every device.
BATCH_32 = Recipe(batch_size=32, jit_compile=False)
BATCH_128 = replace(BATCH_32, batch_size=128)
STEPS_32 = replace(BATCH_128, steps_per_execution=32)
SCHEDULED = replace(STEPS_32, peak_learning_rate=0.004)
PEAK_01 = replace(STEPS_32, peak_learning_rate=0.01)
SMOOTHED = replace(PEAK_01, label_smoothing=0.05, beta_2=0.95)
ABLATION_BASE = replace(SMOOTHED, less_tracing=True)
SECOND_EPOCH = "fast: second epoch"

# Each of the first eight changes one thing against the row above it; each of the others
# changes one thing in the eighth.
ABLATION = {
    "classic, batch 32": (classic_network, BATCH_32),
    "+ batch 128": (classic_network, BATCH_128),
    "+ steps_per_execution 32": (classic_network, STEPS_32),
    "+ warm-up and cosine decay": (classic_network, SCHEDULED),
    "+ fast network": (fast_network, PEAK_01),
    "+ blank border cropped": (cropped_network, PEAK_01),
    "+ label smoothing": (cropped_network, SMOOTHED),
    "+ less tracing": (cropped_network, ABLATION_BASE),
    "fast: pooling, not stride 2": (partial(cropped_network, stride=1), ABLATION_BASE),
    "fast: no batch norm": (partial(cropped_network, norm=(False,) * 3), ABLATION_BASE),
    "fast: steps_per_execution 1": (
        cropped_network,
        replace(ABLATION_BASE, steps_per_execution=1),
    ),
    "fast: batch 512": (
        cropped_network,
        replace(ABLATION_BASE, batch_size=512, peak_learning_rate=0.02),
    ),
    "fast: bfloat16": (
        cropped_network,
        replace(ABLATION_BASE, dtype_policy="mixed_bfloat16"),
    ),
    "fast: XLA": (cropped_network, replace(ABLATION_BASE, jit_compile=True)),
    # averaging takes the place of the decay: the rate stays high, the mean is steady
    "fast: weight averaging": (
        cropped_network,
        replace(ABLATION_BASE, average_weights=True, final_learning_rate=0.3),
    ),
    "fast: test-time augmentation": (
        cropped_network,
        replace(ABLATION_BASE, test_time_augmentation=True),
    ),
    SECOND_EPOCH: (cropped_network, ABLATION_BASE),
    "almost no network": (mean_pixel_network, ABLATION_BASE),
}


def ablation(seed):
    """Return one epoch's seconds and test accuracy, one change after another."""
    import keras

    data = load_images()
    rows = {}
    for name in _in_turn(ABLATION, seed * 5):
        keras.utils.set_random_seed(seed)
        rows[name] = _one_epoch(*ABLATION[name], data, second=name == SECOND_EPOCH)
        keras.utils.clear_session(free_memory=True)
    return measured(data.source, {name: rows[name] for name in ABLATION})


def _one_epoch(build, recipe, data, second=False):
    """Return a Row; if ``second``, of a second epoch, which follows an untimed first."""
    import keras

    started, cpu = time.perf_counter(), time.process_time()
    model, predict = train(build, recipe, data.x, data.y)
    if second:
        targets = keras.utils.to_categorical(data.y, 10)
        started, cpu = time.perf_counter(), time.process_time()
        model.fit(data.x, targets, recipe.batch_size, verbose=0)
    fitted = time.perf_counter()
    outputs = predict(data.x_test)
    return Row(
        seconds=time.perf_counter() - started,
        fit_s=fitted - started,
        cpu_s=time.process_time() - cpu,
        accuracy=_accuracy(outputs, data.y_test),
        parameters=model.count_params(),
    )


# ---- augmentation ---------------------------------------------------------------------


def augmentation(seed):
    """Return images per second of the old generator and of two ways in ``tf.data``.

    All three rotate by up to 15°, shift by up to a tenth and zoom by up to a tenth, with
    bilinear interpolation, and repeat the border outwards. The generator makes one matrix of
    the three movements, so it interpolates once; three layers interpolate three times.
    """
    data, batch = load_images(8192), 128
    x, y = data.x, data.y
    old = image_data_generator().flow(x, y, batch, seed=seed)
    layers = pipeline(three_layers(), x, y, batch, seed)
    transform = pipeline(random_affine, x, y, batch, seed)
    feeds = {
        "ImageDataGenerator": lambda: (next(old) for _ in range(len(old))),
        "three layers in tf.data": lambda: iter(layers),
        "one transform in tf.data": lambda: iter(transform),
    }
    rows = {}
    for name, feed in feeds.items():
        next(iter(feed()))  # tracing is no part of the rate
        started = time.perf_counter()
        count = sum(len(pictures) for pictures, _ in feed())
        seconds = time.perf_counter() - started
        rows[name] = Row(seconds=seconds, images_per_s=count / seconds)
    return measured(data.source, rows)


def image_data_generator():
    """Return the old generator, which augments image by image on one core."""
    import tensorflow as tf

    return tf.keras.preprocessing.image.ImageDataGenerator(
        rotation_range=15, width_shift_range=0.1, height_shift_range=0.1, zoom_range=0.1
    )


def three_layers():
    """Return Keras's layers for the same three movements, one after another."""
    from keras import Sequential, layers

    edge = {"fill_mode": "nearest"}
    return Sequential([
        layers.RandomRotation(15 / 360, **edge), layers.RandomTranslation(0.1, 0.1, **edge),
        layers.RandomZoom(0.1, **edge),
    ])  # fmt: skip


def pipeline(augment, x, y, batch, seed):
    """Return a ``tf.data`` pipeline that shuffles, batches, and augments in parallel."""
    import tensorflow as tf

    return (
        tf.data.Dataset.from_tensor_slices((x, y))
        .shuffle(len(x), seed=seed)  # as the generator does
        .batch(batch)
        .map(lambda a, b: (augment(a, training=True), b), tf.data.AUTOTUNE)
        .prefetch(tf.data.AUTOTUNE)
    )


def random_affine(x, training=True, rotation=15, shift=0.1, zoom=0.1):
    """Return images rotated, shifted and zoomed at random by one interpolation each.

    Args:
        x: tensor, (n, rows, columns, channels).
        training: False returns x itself.
        rotation: largest angle, in degrees.
        shift: largest shift, as a share of the size.
        zoom: largest change of the size, as a share.
    """
    import tensorflow as tf
    from keras import ops

    if not training:
        return x
    n, rows, columns = tf.shape(x)[0], x.shape[1], x.shape[2]

    def draw(most, middle=0.0):
        return tf.random.uniform((n,), middle - most, middle + most)

    angle, height, width = (
        draw(math.radians(rotation)),
        draw(zoom, 1.0),
        draw(zoom, 1.0),
    )
    middle_x, middle_y = (columns - 1) / 2, (rows - 1) / 2
    # where in the old image each new pixel (column, row) comes from: a matrix about the middle
    a, b = width * tf.cos(angle), -height * tf.sin(angle)
    c, d = width * tf.sin(angle), height * tf.cos(angle)
    right = middle_x - a * middle_x - b * middle_y + shift * columns * draw(1.0)
    down = middle_y - c * middle_x - d * middle_y + shift * rows * draw(1.0)
    zero = tf.zeros_like(a)
    matrix = tf.stack([a, b, right, c, d, down, zero, zero], axis=1)
    return ops.image.affine_transform(x, matrix, fill_mode="nearest")


# ---- how cost grows -------------------------------------------------------------------


def growth(seed, n, width):
    """Return what one epoch of n images costs, beyond what any training costs.

    The first epoch also traces the network; the second is timed. Memory is counted from
    where it stood when the libraries had trained something tiny.

    Args:
        seed: of the weights and of the batches.
        n: how many images; where there are fewer, they are repeated.
        width: filters of the first layer; the next two have twice and four times as many.
    """
    import keras

    recipe = for_backend(FAST)
    keras.utils.set_random_seed(seed)
    tiny = np.zeros((128, 28, 28, 1), "float32"), np.arange(128) % 10
    train(partial(fast_network, filters=(4, 8, 16)), recipe, *tiny)
    base = peak_memory_mb()
    data = load_images(n)
    x, y = data.x, data.y
    if len(x) < n:
        x, y = np.resize(x, (n, 28, 28, 1)), np.resize(y, n)
    build = partial(fast_network, filters=(width, 2 * width, 4 * width))
    started = time.perf_counter()
    model, _ = train(build, recipe, x, y)
    first = time.perf_counter() - started
    targets = keras.utils.to_categorical(y, 10)
    started = time.perf_counter()
    model.fit(x, targets, recipe.batch_size, verbose=0)
    seconds = time.perf_counter() - started
    row = Row(
        seconds=seconds,
        start_s=max(0.0, first - seconds),
        images=n,
        parameters=model.count_params(),
        memory_mb=max(1.0, peak_memory_mb() - base),
        peak_mb=peak_memory_mb(),
    )
    return measured(data.source, {f"{n} images, {width} filters": row})


def peak_memory_mb():
    """Return the largest resident memory of this process so far, in units of 2**20 bytes."""
    import resource  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)  # bytes, or KiB


def exponent(sizes, costs):
    """Return the exponent e of the power law cost = c · size**e through the points."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


# ---- several rounds -------------------------------------------------------------------


def summarize(name, rounds):
    """Return a Comparison that sums up several rounds.

    Its rows hold medians, but of the accuracy the mean and the standard deviation, and each
    row's share of the seconds of the comparison's base.

    Args:
        name: of the comparison.
        rounds: a list of Comparison.
    """
    rows = {row: _middle([one.rows[row] for one in rounds]) for row in rounds[0].rows}
    if name in BASES:
        base = rows[BASES[name]].seconds
        rows = {x: replace(row, share=row.seconds / base) for x, row in rows.items()}
    return replace(rounds[-1], rows=rows, rounds=len(rounds))


def _middle(rows):
    """Return the Row of medians, with the mean and the spread of the accuracy."""
    names = [x.name for x in fields(Row) if getattr(rows[0], x.name) is not None]
    medians = {
        name: statistics.median(getattr(row, name) for row in rows) for name in names
    }
    if "accuracy" in medians:
        scores = [row.accuracy for row in rows]
        medians["accuracy"] = statistics.mean(scores)
        medians["accuracy_std"] = statistics.stdev(scores) if len(scores) > 1 else None
    return Row(**medians)


COMPARISONS = {
    "mnist": mnist,
    "ablation": ablation,
    "dense": dense,
    "augmentation": augmentation,
    "growth": growth,
}

if __name__ == "__main__":
    _name, *_numbers = sys.argv[1:]
    print(to_json(COMPARISONS[_name](*map(int, _numbers)), indent=None))
