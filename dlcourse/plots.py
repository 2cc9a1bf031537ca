"""The few figures that many lessons share, thin over matplotlib and seaborn."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np

# Okabe and Ito's palette, told apart with every common kind of color blindness:
# https://jfly.uni-koeln.de/color/ (black is left for axes and text).
COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY = COLORS


def set_style():
    """Set the course's matplotlib style: large type, few lines, safe colors.

    It starts from matplotlib's own defaults: on a black page, which a learner's
    matplotlibrc may ask for, a black digit or line would be lost.
    """
    plt.rcdefaults()
    plt.rcParams.update(
        {
            "axes.prop_cycle": plt.cycler(color=COLORS),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlelocation": "left",
            "axes.titlesize": 12,
            "axes.titleweight": "bold",
            "axes.labelsize": 11,
            "figure.figsize": (7, 4),
            "figure.constrained_layout.use": True,
            "font.size": 11,
            "legend.frameon": False,
            "image.cmap": "gray",
            "lines.linewidth": 2,
        }
    )


def show(alt):
    """Display the current figure with a description, and close it.

    Args:
        alt: what the figure shows, in words: screen readers say it, and it stands where
            no picture can.
    """
    png = figure_png(plt.gcf())
    plt.close()
    display_bundle(
        {"image/png": png, "text/plain": f"[figure] {alt}"}, {"image/png": {"alt": alt}}
    )


def display_bundle(bundle, metadata=None):
    """Display a MIME bundle; in a plain Python, which shows no pictures, print its text.

    Args:
        bundle: dict of MIME type to content; ``"text/plain"`` is among them.
        metadata: dict of MIME type to a dict such as ``{"alt": "..."}``.
    """
    from IPython.display import display

    if in_ipython():
        display(bundle, raw=True, metadata=metadata or {})
    else:
        print(bundle["text/plain"])


def in_ipython():
    """Return True in a notebook and in IPython's terminal."""
    from IPython import get_ipython

    return get_ipython() is not None


def figure_png(figure):
    """Return a matplotlib figure as PNG bytes, the same bytes for the same figure."""
    buffer = io.BytesIO()
    figure.savefig(
        buffer, format="png", dpi=100, bbox_inches="tight", metadata={"Software": None}
    )
    return buffer.getvalue()


def history_curves(history, metric="accuracy", title=""):
    """Draw training and validation loss, and one metric, epoch by epoch.

    Args:
        history: what ``model.fit`` returned.
        metric: name of the metric beside the loss.
        title: the finding.

    Returns:
        The two axes.
    """
    records = history.history
    epochs = np.arange(1, len(records["loss"]) + 1)
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.4))
    for axis, name in zip(axes, ("loss", metric), strict=True):
        axis.plot(epochs, records[name], "o-", ms=4, color=BLUE, label="training")
        if f"val_{name}" in records:
            axis.plot(
                epochs,
                records[f"val_{name}"],
                "s--",
                ms=4,
                color=VERMILION,
                label="validation",
            )
        axis.set(xlabel="epoch", ylabel=name)
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.legend()
    figure.suptitle(title, fontweight="bold", fontsize=12)
    return axes


def image_grid(images, titles=None, columns=8, cmap="gray", title="", colors=None):
    """Draw images side by side, each under its own title.

    Args:
        images: array of shape (n, height, width) or (n, height, width, channels).
        titles: n strings, or None.
        columns: images per row.
        cmap: color map for single-channel images.
        title: the finding.
        colors: n colors for the titles, or None.
    """
    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(1.15 * columns, 1.4 * rows + 0.4), squeeze=False
    )
    for index, axis in enumerate(axes.flat):
        axis.axis("off")
        if index >= len(images):
            continue
        axis.imshow(np.squeeze(images[index]), cmap=cmap)
        if titles is not None:
            color = "black" if colors is None else colors[index]
            axis.set_title(
                titles[index],
                fontsize=10,
                fontweight="normal",
                loc="center",
                color=color,
            )
    figure.suptitle(title, fontweight="bold", fontsize=12)
    return axes


def confusion_matrix(y_true, y_pred, class_names, title=""):
    """Draw how often each true class (row) was predicted as each class (column).

    Args:
        y_true, y_pred: integer labels, shape (n,).
        class_names: one name per class.
        title: the finding.
    """
    import seaborn as sns
    from sklearn import metrics

    counts = metrics.confusion_matrix(y_true, y_pred, labels=range(len(class_names)))
    size = 2.2 + 0.42 * len(class_names)
    _, axis = plt.subplots(figsize=(size + 0.8, size))
    sns.heatmap(counts, annot=True, fmt="d", cmap="Blues", cbar=False, square=True, ax=axis,
                xticklabels=class_names, yticklabels=class_names,
                annot_kws={"size": 9})  # fmt: skip
    axis.set(xlabel="predicted class", ylabel="true class", title=title)
    return axis


def number_table(axis, numbers, rows, columns, title=""):
    """Draw a table of numbers as squares: the larger the number, the darker.

    Args:
        axis: matplotlib axis to draw on.
        numbers: array (n, m); squares below 0 are as light as those of 0.
        rows, columns: n and m names.
        title: what the table shows.
    """
    import seaborn as sns

    numbers = np.asarray(numbers, dtype=float)
    top = 1.3 * max(1.0, numbers.max())
    sns.heatmap(numbers, annot=True, fmt=".2f", cmap="Blues", vmin=0, vmax=top, cbar=False,
                square=True, ax=axis, xticklabels=columns, yticklabels=rows)  # fmt: skip
    axis.tick_params(axis="y", rotation=0)
    axis.set_title(title, weight="normal")


def decision_boundary(predict, x, y, axis=None, title=""):
    """Draw a binary classifier over the plane of its two features, with the data.

    Args:
        predict: maps an array of shape (n, 2) to probabilities of class 1, shape (n,) or (n, 1).
        x: features, shape (n, 2).
        y: labels 0 or 1, shape (n,).
        axis: where to draw; the current axes by default.
        title: the finding.
    """
    axis = axis or plt.gca()
    (left, bottom), (right, top) = x.min(0) - 0.4, x.max(0) + 0.4
    columns, rows = np.meshgrid(
        np.linspace(left, right, 120), np.linspace(bottom, top, 120)
    )
    grid = np.column_stack([columns.ravel(), rows.ravel()]).astype("float32")
    surface = np.asarray(predict(grid)).reshape(columns.shape)
    # vermilion to blue through white, and markers of two shapes: no color needed
    axis.contourf(
        columns,
        rows,
        surface,
        levels=np.linspace(0, 1, 11),
        cmap="RdBu",
        alpha=0.7,
        vmin=-0.2,
        vmax=1.2,
    )
    if surface.min() < 0.5 < surface.max():
        axis.contour(
            columns, rows, surface, levels=[0.5], colors="black", linewidths=1.5
        )
    for label, marker, color in ((0, "o", VERMILION), (1, "^", BLUE)):
        chosen = np.ravel(y) == label
        axis.scatter(
            *x[chosen].T,
            marker=marker,
            s=22,
            color=color,
            edgecolor="white",
            linewidth=0.5,
            label=f"class {label}",
        )
    axis.set(xlabel="feature 1", ylabel="feature 2", title=title)
    return axis
