"""The course's data sets: one loader each, checked before use, offline where they can be.

Small sets come with other packages or inside this one. Large ones are downloaded once
into the folder named by ``DLCOURSE_DATA`` (default: the user's cache folder), as
``<data set>/<file>``, and never used unless their SHA-256 is the one in ``registry``.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np

from . import transfers
from .data_types import ImageSet, Photographs, Table, Text
from .errors import CourseError, one_of
from .package_data import (  # noqa: F401  (loaders of this module, too)
    auto_mpg,
    breast_cancer,
    co2,
    faces,
    folk_tunes,
    mnist_5k,
    pictures,
    sunspots,
)
from .registry import REGISTRY, Remote  # noqa: F401  (names of this module, too)
from .surroundings import cache_folder

TIMEOUT = 30  # seconds without an answer before the next mirror is tried


FASHION_CLASSES = [
    "T-shirt/top", "trouser", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
]  # fmt: skip


# ── loaders ─────────────────────────────────────────────────────────────────────


def digits():
    """Load 1,797 real handwritten digits, 8×8, which come with scikit-learn (offline).

    A fixed stratified fifth is the test set, so every lesson has the same 360 images.

    Returns:
        ImageSet with ``x`` of shape (n, 8, 8), values 0 to 16.
    """
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    raw = load_digits()
    x_train, x_test, y_train, y_test = train_test_split(
        raw.images.astype("uint8"), raw.target.astype("int64"),
        test_size=360, stratify=raw.target, random_state=0,
    )  # fmt: skip
    return ImageSet(
        x_train, y_train, x_test, y_test, [str(i) for i in range(10)],
        name="handwritten digits (8×8)",
        source="https://archive.ics.uci.edu/dataset/80",
        license="CC BY 4.0",
        citation="Alpaydin, Kaynak (1998), Optical recognition of handwritten digits, UCI Machine Learning Repository",
    )  # fmt: skip


def mnist():
    """Load MNIST: 60,000 + 10,000 handwritten digits, 28×28, values 0 to 255."""
    return _idx_images("mnist", [str(i) for i in range(10)])


def fashion_mnist():
    """Load Fashion-MNIST: 60,000 + 10,000 pictures of clothes, 28×28, values 0 to 255."""
    return _idx_images("fashion_mnist", FASHION_CLASSES)


def house_prices():
    """Load the course's own house sales, made by a known formula (offline).

    What it holds, and the formula, are in ``data/house_prices.md``.

    Returns:
        Table with target ``price``, in euros.
    """
    import pandas as pd

    return Table(
        pd.read_csv(embedded("house_prices.csv"), parse_dates=["sold_on"]),
        target="price",
        name="house prices (generated)",
        source="data/make_data.py",
        license="CC0 1.0",
        citation="made for this course; see data/house_prices.md",
    )


def energy_demand():
    """Load the course's own hourly electricity demand, 2021 to 2023 (offline).

    What it holds, its formula and the best reachable error are in ``data/energy_demand.md``.

    Returns:
        Table with target ``demand_mw``, in MW, in order of ``time``.
    """
    import pandas as pd

    return Table(
        pd.read_csv(embedded("energy_demand.csv"), parse_dates=["time"]),
        target="demand_mw",
        name="energy demand (generated)",
        source="data/make_data.py",
        license="CC0 1.0",
        citation="made for this course; see data/energy_demand.md",
    )


def melbourne_temperatures():
    """Load the daily minimum temperatures of Melbourne, 1981 to 1990.

    Returns:
        Table of 3,650 days with target ``Temp``, in °C, in order of ``Date``.
    """
    return _series("daily_min_temperatures", "Date", "Temp")


def chicago_ridership():
    """Load the daily boardings of Chicago's buses and trains, 2001 to 2021.

    The file's 62 duplicated rows are dropped. ``day_type`` is W (weekday), A (Saturday)
    or U (Sunday or holiday).

    Returns:
        Table of 7,639 days with target ``rail_boardings``, in order of ``service_date``.
    """
    return _series("cta_ridership", "service_date", "rail_boardings")


def california_housing():
    """Load California housing: 20,640 districts of the 1990 census, 207 gaps left in.

    Returns:
        Table with target ``median_house_value``, in US dollars of 1990.
    """
    import pandas as pd

    remote = REGISTRY["california_housing"]
    frame = pd.read_csv(fetch("california_housing")["housing.csv"])
    return Table(
        frame,
        "median_house_value",
        remote.title,
        remote.mirrors[0],
        remote.license,
        remote.citation,
    )


def sentiment():
    """Load the course's own sentences about a hotel with their sentiment (offline).

    The grammar that makes them and what is true of them are in ``data/sentiment.md``.

    Returns:
        Table with columns ``set``, ``kind``, ``text`` and target ``label``.
    """
    import pandas as pd

    return Table(
        pd.read_csv(embedded("sentiment.csv")),
        target="label",
        name="hotel sentences (generated)",
        source="data/make_data.py",
        license="CC0 1.0",
        citation="made for this course; see data/sentiment.md",
    )


def sst2():
    """Load SST-2: sentences from film reviews, negative or positive.

    Returns:
        Table with columns ``set`` (train 6,920, validation 872, test 1,821), ``text``, in
        lower case with punctuation apart, and target ``label``.
    """
    import pandas as pd

    remote, files = REGISTRY["sst2"], fetch("sst2")
    parts = []
    for file, name in zip(files, ("train", "validation", "test"), strict=True):
        names, quoting = ["text", "label"], 3  # a quotation mark is a word like others
        part = pd.read_csv(files[file], sep="\t", names=names, quoting=quoting)
        parts.append(part.assign(set=name))
    frame = pd.concat(parts, ignore_index=True)
    frame["label"] = frame["label"].map({0: "negative", 1: "positive"})
    return Table(
        frame, "label", remote.title, remote.mirrors[0], remote.license, remote.citation
    )


def tiny_shakespeare():
    """Load Tiny Shakespeare: 40,000 lines from the plays, 1,115,394 characters.

    Returns:
        Text.
    """
    remote = REGISTRY["tinyshakespeare"]
    (path,) = fetch("tinyshakespeare").values()
    return Text(
        path.read_text(encoding="utf-8"), remote.title, remote.mirrors[0],
        remote.license, remote.citation,
    )  # fmt: skip


def multi30k():
    """Load Multi30k: what 31,014 photographs show, in English and in French.

    Returns:
        Table of ``split`` ("train": 29,000 rows, "validation": 1,014, "test": 1,000),
        ``english`` and ``french``, target ``french``.
    """
    import pandas as pd

    remote, files = REGISTRY["multi30k"], fetch("multi30k")
    parts = {"train": "train", "validation": "val", "test": "test_2016_flickr"}
    frames = []
    for split, file in parts.items():
        lines = {
            language: gzip.decompress(Path(files[f"{file}.{code}.gz"]).read_bytes())
            .decode("utf-8").split("\n")[:-1]
            for language, code in (("english", "en"), ("french", "fr"))
        }  # fmt: skip
        frames.append(pd.DataFrame({"split": split, **lines}))
    return Table(
        pd.concat(frames, ignore_index=True), "french", remote.title,
        remote.mirrors[0], remote.license, remote.citation,
    )  # fmt: skip


def card_payments():
    """Load the course's own card payments, 1 % of them fraud (offline).

    What they hold, and the probability of fraud behind each, are in
    ``data/card_payments.md``.

    Returns:
        Table of 40,000 payments with target ``fraud``, 0 or 1.
    """
    import pandas as pd

    return Table(
        pd.read_csv(embedded("card_payments.csv")),
        target="fraud",
        name="card payments (generated)",
        source="data/make_data.py",
        license="CC0 1.0",
        citation="made for this course; see data/card_payments.md",
    )


def photographs():
    """Load the two sample photographs that come with scikit-learn (offline).

    Returns:
        Photographs with ``images["temple"]`` and ``images["flower"]``, (427, 640, 3).
    """
    from sklearn.datasets import load_sample_images

    temple, flower = load_sample_images().images
    return Photographs(
        {"temple": temple, "flower": flower},
        name="sample photographs",
        source="https://scikit-learn.org/stable/datasets/loading_other_datasets.html",
        license="CC BY 2.0",
        citation="temple: danielbuechele; flower: vultilion (both on Flickr)",
    )


# ── files ───────────────────────────────────────────────────────────────────────


def embedded(file):
    """Return the path of a data file that ships with the course."""
    here = Path(__file__).parent
    for folder in (here / "data", here.parent / "data"):  # installed, checkout
        if (folder / file).is_file():
            return folder / file
    raise CourseError(
        f"The course's file data/{file} is missing: reinstall the course with"
        "  python -m pip install --force-reinstall --no-deps  and its address."
    )


def data_folder():
    """Return the folder where downloads are kept (``DLCOURSE_DATA``, or a cache)."""
    chosen = os.environ.get("DLCOURSE_DATA")
    if chosen:
        try:
            return Path(chosen).expanduser().resolve()
        except (RuntimeError, OSError) as error:  # an unknown ~user; a loop of links
            raise CourseError(
                f"DLCOURSE_DATA={chosen} is not usable ({error}): set it to a folder."
            ) from None
    return cache_folder()


def fetch(name):
    """Return the verified files of a registered data set, downloading what is missing.

    Args:
        name: a key of ``REGISTRY``.

    Returns:
        dict of file name to path.

    Raises:
        CourseError: with a remedy, if the files cannot be had. What was there stays.
    """
    remote = REGISTRY[one_of("data set", name, tuple(REGISTRY))]
    return {file: fetch_file(name, remote, file) for file in remote.files}


def is_complete(name):
    """Return True if every file of a registered data set is there and verified."""
    import pooch

    folder = data_folder() / name
    return all(
        (folder / file).is_file() and pooch.file_hash(str(folder / file)) == sha256
        for file, sha256 in REGISTRY[name].files.items()
    )


def fetch_file(name, remote, file):
    """Return one verified file; pooch writes to a temporary name and renames."""
    import pooch

    folder = data_folder() / name
    path = folder / file
    sha256 = remote.files[file]
    try:
        if path.is_file() and pooch.file_hash(str(path)) == sha256:
            return path
    except OSError:
        pass  # unreadable is as good as absent
    print(f"Downloading {remote.title}: {file}")
    offline = ", or go on offline with the quick profile" * (name in REGISTRY)
    return transfers.from_mirrors(remote, file, folder, TIMEOUT, offline)


def _series(name, time, target):
    """Read the one CSV file of a time series: no duplicated row, in order of time."""
    import pandas as pd

    remote = REGISTRY[name]
    (path,) = fetch(name).values()
    frame = pd.read_csv(path, parse_dates=[time]).drop_duplicates().sort_values(time)
    return Table(
        frame.reset_index(drop=True), target, remote.title, remote.mirrors[0],
        remote.license, remote.citation,
    )  # fmt: skip


def _idx_images(name, class_names):
    """Read the four IDX files of MNIST or Fashion-MNIST."""
    remote = REGISTRY[name]
    files = fetch(name)
    arrays = {file: _read_idx(path) for file, path in files.items()}
    return ImageSet(
        arrays["train-images-idx3-ubyte.gz"],
        arrays["train-labels-idx1-ubyte.gz"].astype("int64"),
        arrays["t10k-images-idx3-ubyte.gz"],
        arrays["t10k-labels-idx1-ubyte.gz"].astype("int64"),
        class_names, remote.title, remote.mirrors[0], remote.license, remote.citation,
    )  # fmt: skip


def _read_idx(path):
    """Return the array in a gzipped IDX file of unsigned bytes.

    The format, from http://yann.lecun.com/exdb/mnist: two zero bytes, a type byte (8 is
    unsigned byte), the number of axes, each axis as a big-endian int32, then the values.
    """
    raw = gzip.decompress(Path(path).read_bytes())
    axes = raw[3]
    shape = np.frombuffer(raw, ">i4", count=axes, offset=4)
    return np.frombuffer(raw, "uint8", offset=4 + 4 * axes).reshape(shape)
