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
    assert loss.get_xlabel() == "epoch" and accuracy.get_ylabel() == "accuracy"


def test_image_grid_hides_the_places_left_over():
    axes = plots.image_grid(np.zeros((5, 8, 8)), [*"abcde"], columns=3)
    assert axes.shape == (2, 3)
    assert [len(axis.images) for axis in axes.flat] == [1, 1, 1, 1, 1, 0]
    assert axes[0, 0].get_title(loc="center") == "a"


def test_confusion_matrix_counts_true_rows_and_predicted_columns():
    axis = plots.confusion_matrix([0, 0, 1], [0, 1, 1], ["cat", "dog"])
    assert [text.get_text() for text in axis.texts] == ["1", "1", "0", "1"]
    assert axis.get_xlabel() == "predicted class" and axis.get_ylabel() == "true class"


def test_decision_boundary():
    x = np.array([[0.0, 0.0], [1.0, 1.0]])
    axis = plots.decision_boundary(
        lambda g: (g[:, :1] > 0.5) * 1.0, x, np.array([0, 1])
    )
    assert axis.get_legend_handles_labels()[1] == ["class 0", "class 1"]
