"""The shared figures say what they claim to say."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse import plots


@pytest.fixture(autouse=True)
def clean():
    plots.set_style()
    yield
    plt.close("all")


def test_show_displays_a_picture_with_words_and_closes_it(monkeypatch):
    shown = []
    monkeypatch.setattr("dlcourse.plots.in_ipython", lambda: True)
    monkeypatch.setattr(
        "IPython.display.display",
        lambda data, raw, metadata: shown.append((data, metadata)),
    )
    plt.plot([1, 2])
    plots.show("a rising line")
    data, metadata = shown[0]
    assert (
        data["image/png"].startswith(b"\x89PNG")
        and data["text/plain"] == "[figure] a rising line"
    )
    assert metadata == {"image/png": {"alt": "a rising line"}}
    assert plt.get_fignums() == []


def test_a_plain_python_gets_the_words_and_no_bytes(capsys):
    """As when a script is run cell by cell in a terminal."""
    plt.plot([1, 2])
    plots.show("a rising line")
    assert capsys.readouterr().out == "[figure] a rising line\n"
    assert plt.get_fignums() == []


def test_history_curves():
    history = SimpleNamespace(
        history={
            "loss": [2, 1],
            "val_loss": [2, 1.5],
            "accuracy": [0.5, 0.9],
            "val_accuracy": [0.5, 0.8],
        }
    )
    loss, accuracy = plots.history_curves(history, title="both fall")
    assert list(loss.lines[0].get_xdata()) == [1, 2]
    assert [line.get_label() for line in accuracy.lines] == ["training", "validation"]
    drawn = {(axis.get_ylabel(), line.get_label()): list(line.get_ydata())
             for axis in (loss, accuracy) for line in axis.lines}  # fmt: skip
    assert drawn == {
        ("loss", "training"): [2, 1], ("loss", "validation"): [2, 1.5],
        ("accuracy", "training"): [0.5, 0.9], ("accuracy", "validation"): [0.5, 0.8],
    }  # fmt: skip
    assert loss.figure.get_suptitle() == "both fall"
    assert loss.get_xlabel() == "epoch" and accuracy.get_ylabel() == "accuracy"


def test_image_grid_hides_the_places_left_over():
    axes = plots.image_grid(np.zeros((5, 8, 8)), [*"abcde"], columns=3, title="five")
    assert axes.shape == (2, 3)
    assert axes[0, 0].figure.get_suptitle() == "five"
    assert [len(axis.images) for axis in axes.flat] == [1, 1, 1, 1, 1, 0]
    assert axes[0, 0].get_title(loc="center") == "a"


def test_confusion_matrix_counts_true_rows_and_predicted_columns():
    axis = plots.confusion_matrix([0, 0, 1], [0, 1, 1], ["cat", "dog"])
    assert [text.get_text() for text in axis.texts] == ["1", "1", "0", "1"]
    assert axis.get_xlabel() == "predicted class" and axis.get_ylabel() == "true class"
    ten = plots.confusion_matrix([0], [0], [*"abcdefghij"])
    assert ten.figure.get_figwidth() > axis.figure.get_figwidth() + 2


def test_image_grid_draws_each_image_in_its_place():
    images = np.arange(3)[:, None, None] * np.ones((3, 2, 2))
    axes = plots.image_grid(images, columns=3)
    assert [axis.images[0].get_array().max() for axis in axes.flat] == [0, 1, 2]


def test_decision_boundary_colors_the_plane_and_the_points_of_a_class_alike():
    x = np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 0.9]])
    axis = plots.decision_boundary(
        lambda g: (g[:, :1] > 0.5) * 1.0, x, np.array([0, 1, 1])
    )
    points = {
        c.get_label(): c for c in axis.collections if c.get_label()[:5] == "class"
    }
    assert np.array_equal(points["class 0"].get_offsets(), x[:1])
    assert np.array_equal(points["class 1"].get_offsets(), x[1:])
    figure = axis.figure
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[:, :, :3].astype(int)
    for where, label in (((-0.3, 0.3), "class 0"), ((1.3, 0.3), "class 1")):
        column, row = axis.transData.transform(where)
        red, _, blue = pixels[pixels.shape[0] - 1 - int(row), int(column)]
        face = points[label].get_facecolor()[0]
        assert (red > blue) == (face[0] > face[2]), "the plane has the other color"


def test_number_table_writes_every_number_and_stays_legible():
    _, axis = plt.subplots()
    plots.number_table(axis, [[0, 2], [0.5, 1]], ["a", "b"], ["c", "d"], title="four")
    texts = {text.get_text(): text for text in axis.texts}
    assert list(texts) == ["0.00", "2.00", "0.50", "1.00"]
    assert texts["2.00"].get_color() != texts["0.00"].get_color()  # light on dark
    assert texts["0.50"].get_position() == (0.5, 1.5)  # the middle of column 0, row 1
    assert [label.get_text() for label in axis.get_yticklabels()] == ["a", "b"]
    assert axis.get_title("left") == "four"
    plt.close("all")



def test_the_style_does_not_depend_on_the_learners_matplotlibrc():
    plain = figure_of_digits()
    plt.style.use("dark_background")
    plt.rcParams.update({"axes.grid": True, "font.family": "monospace"})
    assert figure_of_digits() == plain


def figure_of_digits():
    plots.set_style()
    plots.image_grid(np.eye(8)[None], ["seven"], columns=1)
    png = plots.figure_png(plt.gcf())
    plt.close("all")
    return png
