"""Checkers and quiz of lesson 01, What is deep learning?"""

import numpy as np

from ..checks import exercise
from ..expectations import (
    expect,
    expect_array,
    expect_function,
    expect_number,
    expect_result,
    expect_value,
)
from ..quizzes import Question


@exercise("01.1")
def rule(top, bottom, left, right, threshold, x_train, y_train):
    pictures = expect_array(x_train, (None, 28, 28), "x_train")
    digits = expect_array(y_train, (None,), "y_train")
    window = {"top": top, "bottom": bottom, "left": left, "right": right}
    for name, value in window.items():
        hint = (
            f"{name} should be one whole number from 0 to 28, as its slider shows it."
        )
        window[name] = expect_number(value, hint)
        expect(window[name] in range(29), hint)
    top, bottom, left, right = map(int, window.values())
    expect(
        top < bottom and left < right,
        "Your window is empty: top must be smaller than bottom, and left smaller than right.",
    )
    limit = expect_number(threshold, "threshold should be one number from 0 to 1.")
    expect(
        0 <= limit <= 1,
        "The ink in the window goes from 0 to 1, and so does threshold: 40 % is 0.4.",
    )
    answers = np.where(pictures[:, top:bottom, left:right].mean((1, 2)) > limit, 9, 4)
    for digit, move in ((4, "lower"), (9, "raise")):
        expect(
            (answers != digit).any(),
            f"Your rule says {digit} to every picture, so it is right on about half: {move} the"
            " threshold.",
        )
    accuracy = np.mean(answers == digits)
    share = f"right on {accuracy:.1%} of the training pictures"
    expect(
        accuracy > 0.45,
        f"Your rule is {share}, worse than tossing a coin: in this window a 4 has more ink"
        " than a 9. Look for one where it is the other way round.",
    )
    expect(
        accuracy > 0.62,
        f"Your rule is {share}, hardly better than tossing a coin. Put the window at the"
        " top, where the averages differ, and the threshold between the two heaps.",
    )
    expect(
        accuracy >= 0.8,
        f"Your rule is {share}: a good idea, but 80 % is wanted. Make the window as small as"
        " the gap that a 4 leaves open at the top, then move the threshold.",
    )
    return f"{share}, and you chose every number in it yourself: AI without learning"


@exercise("01.2")
def parameters(parameters):
    expect_value(
        parameters, 25153,
        "Add a · b + b for each of the two pairs of neighboring layers.",
        what="parameters",
        tolerance=1e-6,
        mistakes=[
            (25120, "33 are missing. Are these the weights alone? Each of the 33 nodes behind the"
             " input has a bias. Or the first pair of layers? The second has 32 + 1."),
            (33, "Those are the biases alone: add a · b weights for each pair of neighboring"
             " layers."),
            (25937, "The input nodes have no bias: they only hand the data on."),
            (25122, "A bias belongs to each node, not to each layer."),
            (25936, "The biases belong to the layer that the lines lead to: a · b + b for each"
             " pair, not a · b + a."),
            (25905, "That is (784 + 1) · (32 + 1): count the two pairs one by one, and add."),
            (25152, "The output node has a bias, too."),
            (25121, "Only the output node has its bias in this number: each of the 32 hidden"
             " nodes has one, too."),
            (25088, "Those are the weights between 784 and 32 alone: biases, and the lines to"
             " the output node, are missing."),
            (817, "That is the number of nodes: count the lines between them."),
        ],
    )  # fmt: skip
    return "a · b weights and b biases for each pair: 25,120 + 33"


@exercise("01.3")
def choose(cost_for_90, cost_for_70, after_shuffling):
    expect_value(
        cost_for_90, 1050,
        "Only the CNN reaches 0.9: take its smallest such number of photographs, and add its"
        " training.",
        what="cost_for_90",
        mistakes=[
            (1000, "Those are the photographs of the CNN: it has to be trained, too."),
            (3050, "3,000 photographs are enough, but 1,000 are, too: take the smallest."),
            (3000, "3,000 photographs are more than it takes, and the training is missing."),
            (0.91, "That is the accuracy: say what it costs in euros."),
            (350, "300 photographs bring the CNN to 0.82 only."),
            (50, "That is the training alone: the photographs cost more."),
        ],
    )  # fmt: skip
    expect_value(
        cost_for_70, 100,
        "Compare the two rows: which is the cheapest way to 0.7?",
        what="cost_for_70",
        mistakes=[
            (350, "With the CNN that is right. Logistic regression comes cheaper: look at its"
             " row."),
            (300, "Those are the CNN's photographs, without its training. Look at the row of"
             " logistic regression, too."),
            (150, "With 100 photographs it is logistic regression that reaches 0.7, and that"
             " costs no training; the CNN is at 0.66."),
            (0.71, "That is the accuracy: say what it costs in euros."),
        ],
    )  # fmt: skip
    expect_value(
        after_shuffling, 0.84,
        "Logistic regression never used which pixels are neighbors: nothing that it uses is"
        " lost. Read its row at 1,000.",
        what="after_shuffling",
        tolerance=0.0075,  # "about 0.84": from 0.834 to 0.846
        mistakes=[
            (0.91, "That is the CNN: the question is about logistic regression."),
            (0.5, "Guessing? No number is lost, and each pixel is still found at one place,"
             " the same in all photographs."),
            (0.71, "That is its accuracy with 100 photographs, and it had 1,000."),
            (0.86, "That is its accuracy with 3,000 photographs, and it had 1,000."),
            (0.79, "That is its accuracy with 300 photographs: does it lose what the other 700"
             " taught it?"),
            (84, "Give the accuracy as in the table, as a share of 1."),
        ],
    )  # fmt: skip
    return "the simpler model wins where little is asked, and does not care about neighbors"


@exercise("01.4")
def clean(clean):
    expect_function(clean, "clean")
    rng = np.random.default_rng(4)
    for shape in ((6, 28, 28), (3, 5, 4)):
        ink = rng.uniform(0.2, 0.9, shape).astype("float32")
        ink[:, :: shape[1] - 1, :: shape[2] - 1] = 0  # the paper: the four corners
        papers = np.linspace(0.05, 0.3, len(ink), dtype="float32")[:, None, None]
        scans = ink + papers
        spread = scans - scans.min((1, 2), keepdims=True)
        expect_result(
            clean, (scans,), ink,
            "Subtract from each picture its own smallest value.",
            mistakes=[
                (scans, "The pictures come back unchanged."),
                (scans - scans.min(), "One number is subtracted from all pictures, but each has"
                 " a paper of its own: take the smallest value picture by picture."),
                (scans - np.float32(0.1), "0.1 fits the nines of Tuesday only; from a four it"
                 " takes ink. Take the smallest value of each picture."),
                (np.maximum(scans - np.float32(0.1), 0), "0.1 fits the nines of Tuesday only;"
                 " from a four it takes ink, also with the rest cut off at 0. Take the smallest"
                 " value of each picture."),
                (np.clip(scans - np.float32(0.1), 0, 1), "0.1 fits the nines of Tuesday only;"
                 " from a four it takes ink, also with the rest cut to 0 and 1. Take the"
                 " smallest value of each picture."),
                (np.where(scans <= scans.min((1, 2), keepdims=True), 0, scans), "The paper is"
                 " 0, but the ink still has the paper's value in it: subtract that from all"
                 " pixels of the picture."),
                (scans / scans.max((1, 2), keepdims=True), "Dividing makes the darkest value"
                 " 1, but leaves the paper above 0: subtract."),
                (spread / spread.max((1, 2), keepdims=True), "The paper is 0, but dividing"
                 " changed the differences between pixels: only subtract."),
                (scans - scans.min(0), "That is the smallest value of each pixel over all"
                 " pictures: take it within each picture, over axes 1 and 2."),
                (scans - scans.min(1, keepdims=True), "That is the smallest value of each"
                 " column: take it over both axes of a picture, axis=(1, 2)."),
                (scans - scans.min(2, keepdims=True), "That is the smallest value of each"
                 " row: take it over both axes of a picture, axis=(1, 2)."),
                (scans - np.median(scans, axis=(1, 2), keepdims=True), "The median is the"
                 " paper only where paper fills half of the picture. Take the smallest"
                 " value."),
                (scans - scans.mean((1, 2), keepdims=True), "That is the mean: then the paper"
                 " becomes negative. The paper is the smallest value."),
                (scans > 0.5, "Only black and white is left: the grays should stay. Subtract"
                 " the paper."),
            ],
        )  # fmt: skip
    return "the paper is 0 everywhere: the nines have lost what gave them away"


def fit_epochs(model, x, y, epochs):
    """Train like model.fit(x, y, batch_size=40, epochs=epochs), but faster.

    It is one long epoch in which every example comes ``epochs`` times, in an order drawn for
    the whole.
    """
    rows = np.tile(np.arange(len(x)), epochs)  # 0, 1, ..., n - 1, and again, ...
    model.fit(x[rows], y[rows], batch_size=40, verbose=0)


def archive_scans(pictures, digits):
    """Return pictures as the archive scanned them: nines under a weaker lamp (01.4)."""
    lamp = np.where(digits == 9, 0.1, 0).astype("float32")
    return pictures + lamp[:, None, None]


def spiral(n, rng, turns=2):
    """Return n points (n, 2), float32, on two arms wound around each other, and their arm."""
    arm = np.arange(n) % 2  # 0 or 1: the answer
    radius = np.sqrt(rng.uniform(0.02, 1, n))
    angle = 2 * np.pi * turns * radius + np.pi * arm
    x = 3 * radius * np.array([np.cos(angle), np.sin(angle)])
    x += rng.normal(0, 0.03, (2, n))
    return x.T.astype("float32"), arm


def draw_network():
    """Draw a network of 3, 4 and 1 nodes that computes on 1, 2 and 0."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(8.5, 4))
    columns = [  # name, color, height of each node
        ("input layer\n3 nodes", "white", [1, 0, -1]),
        ("hidden layer\n4 nodes, 4 biases", "0.8", [1.5, 0.5, -0.5, -1.5]),
        ("output layer\n1 node, 1 bias", "0.5", [0]),
    ]
    for i, (name, color, heights) in enumerate(columns):
        axis.scatter([2.5 * i] * len(heights), heights, s=520, color=color, ec="black",
                     zorder=2)  # fmt: skip
        axis.text(2.5 * i, -2.6, name, ha="center", va="center")
    for i, pair in enumerate(zip(columns[:-1], columns[1:], strict=True)):
        for start in pair[0][2]:
            for end in pair[1][2]:
                followed = (i, end) == (0, 1.5)
                axis.plot([2.5 * i, 2.5 * i + 2.5], [start, end], lw=2 if followed else 1,
                          color="black" if followed else "0.7", zorder=1)  # fmt: skip
    words = [
        (2.5, 2.15, "bias $b$ = 1: $z$ = −0.5, and ReLU makes it 0"),
        (2.5, 1.5, "0"),
        (0, 1, "1"),
        (0, 0, "2"),
        (0, -1, "0"),
        (-0.55, 1, "$x_1$ ="),
        (-0.55, 0, "$x_2$ ="),
        (-0.55, -1, "$x_3$ ="),
        (0.6, -1.75, "3 · 4 weights"),
        (4.1, -1.75, "4 · 1 weights"),
    ]
    for x, y, text in words:
        axis.text(x, y, text, ha="center", va="center")
    box = {"fc": "white", "ec": "none", "pad": 1}
    for y, text in ((1.21, "$w_1$ = 0.5"), (0.63, "$w_2$ = −1"), (0.05, "$w_3$ = 2")):
        axis.text(1.05, y, text, ha="center", va="center", bbox=box)
    axis.set(title="16 weights and 5 biases: 21 numbers to learn", xlim=(-1.1, 5.9),
             ylim=(-3, 2.5))  # fmt: skip
    axis.axis("off")


def draw_fields(wrong):
    """Draw AI, ML and DL as nested fields, and the mistakes of our three ways.

    Args:
        wrong: DataFrame of mistakes in 100 test pictures: a row per split, a column per way.
    """
    import matplotlib.pyplot as plt
    from matplotlib.patches import Ellipse

    from .. import plots

    colors = [plots.ORANGE, plots.SKY, plots.GREEN]
    figure, (nested, bars) = plt.subplots(
        1, 2, figsize=(11, 4.4), width_ratios=[1.2, 1]
    )
    fields = [
        (3.2, 2.2, "artificial intelligence"),
        (2.25, 0.45, "machine learning:\nexamples set the numbers"),
        (1.25, -1.75, "deep learning:\nthe features, too"),
    ]
    for (size, y, name), ours, color in zip(fields, wrong, colors, strict=True):
        ring = Ellipse((0, size - 3.2), 3.6 * size, 2 * size, fc=color, ec="black")
        nested.add_patch(ring)
        nested.text(0, y, name, ha="center", va="center", fontweight="bold")
        nested.text(0, y - 0.7, f"ours: {ours}", ha="center", va="center")
    nested.set(xlim=(-6, 6), ylim=(-3.3, 3.3), title="AI contains ML, ML contains DL")
    nested.axis("off")
    for row, (color, name) in enumerate(zip(colors, wrong, strict=True)):
        bars.barh(row, wrong[name].mean(), color=color, edgecolor="black")
        places = row + np.linspace(-0.3, 0.3, len(wrong))
        bars.plot(wrong[name], places, "ko", mfc="white", ms=5)
    names = [f"{name}\nmean {wrong[name].mean():.1f}" for name in wrong]
    bars.set(yticks=range(3), yticklabels=names, title="Fewer mistakes, on average",
             xlabel="wrong, of 100 test pictures (same height: same split)")  # fmt: skip
    bars.invert_yaxis()


def draw_weights(weights):
    """Draw (28, 28) weights, the strong ones with their sign, and the window of our rule."""
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle

    largest = abs(weights).max()
    plt.figure(figsize=(5.2, 4.2))
    plt.imshow(weights, cmap="RdBu", vmin=-largest, vmax=largest)
    plt.colorbar(label="weight (above 0 speaks for a 9)")
    for row, column in zip(*np.nonzero(abs(weights) > 0.3 * largest), strict=True):
        sign = "+" if weights[row, column] > 0 else "−"
        plt.text(column, row, sign, ha="center", va="center", fontweight="bold")
    plt.gca().add_patch(Rectangle((12.5, 5.5), 4, 3, fill=False, ec="black", lw=2))
    plt.gca().set(
        title="Ink in our window speaks for a 9", xlabel="column", ylabel="row"
    )


def _looks():
    """Return the color, marker and line style of each model, by its name."""
    from .. import plots

    return {
        "logistic regression": (plots.SKY, "o:"),
        "random forest": (plots.PURPLE, "s--"),
        "SVM": ("black", "D-."),
        "CNN": (plots.GREEN, "^-"),
        "network": (plots.GREEN, "^-"),
    }


def draw_curves(curves):
    """Draw accuracy against number of training pictures, whole and enlarged.

    Args:
        curves: DataFrame, index: number of pictures, a row per training, a column per model.
    """
    import matplotlib.pyplot as plt

    means = curves.groupby(level=0).mean()
    figure, axes = plt.subplots(1, 2, figsize=(10.5, 4.4), width_ratios=[1.7, 1])
    for name, shift in zip(curves, (0.9, 0.96, 1.03, 1.1), strict=True):
        color, style = _looks()[name]
        look = {"color": color, "mfc": "none"}
        for axis in axes:
            axis.plot(shift * means.index, means[name], style, ms=0, **look)
            axis.plot(shift * curves.index, curves[name], style[0], ms=6, **look)
        axes[0].plot([], [], style, label=name, **look)
    for axis in axes:
        axis.set(xscale="log", xticks=list(means.index), xlabel="training pictures",
                 xticklabels=[f"{n:,}" for n in means.index])  # fmt: skip
        axis.minorticks_off()
    axes[0].set(ylim=(0.4, 1), ylabel="accuracy on 1,000 new pictures",
                title="At 40 regression's mean is highest, later the CNN's")  # fmt: skip
    axes[1].set(xlim=(290, 1350), ylim=(0.82, 0.96), title="Enlarged: 360 and 1,080")
    axes[0].legend(loc="lower right", handlelength=4)


def draw_shuffled(picture, shuffled, before, after):
    """Draw a picture and the same shuffled, (28, 28), and accuracy before and after.

    Args:
        before, after: DataFrames of accuracy, a row per training, a column per model.
    """
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(10.5, 3.6), width_ratios=[1, 1, 2])
    for axis, pixels, title in zip(axes, (picture, shuffled),
                                   ("a picture", "the same, shuffled"), strict=False):  # fmt: skip
        axis.imshow(pixels, cmap="gray_r")
        axis.set(title=title, xticks=[], yticks=[])
    for name, shift in zip(before, (-0.03, 0, 0.03, 0.06), strict=True):
        color, style = _looks()[name]
        pairs = [before[name], after[name]]  # in each repeat
        lines = axes[2].plot([shift, 1 + shift], pairs, style, color=color, mfc="none",
                             lw=1.2)  # fmt: skip
        lines[0].set_label(name)
    axes[2].set(xticks=[0, 1], xticklabels=["as they are", "shuffled"], xlim=(-0.3, 1.3),
                ylabel="accuracy", title="Shuffled, the CNN's mean is lowest")  # fmt: skip
    figure.legend(loc="outside right center", fontsize=9)


def draw_clinic(results):
    """Draw accuracy on the table: a row per split, a column per model."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(7.5, 2.8))
    rows = np.arange(3)
    for i, row in results.iterrows():  # a split: three dots, joined
        axis.plot(row, rows + 0.1 * (i - 2), color="0.75", lw=1, zorder=0)
    for row, (name, marker) in enumerate(zip(results, "os^", strict=True)):
        color, _ = _looks()[name]
        axis.plot(results[name], row + np.linspace(-0.2, 0.2, 5), marker, c=color)
        axis.plot([results[name].mean()] * 2, [row - 0.3, row + 0.3], color="black")
    axis.set(yticks=rows, yticklabels=list(results), ylim=(2.6, -0.6), xlim=(0.945, 1),
             title="No gain seen in five splits", xlabel="accuracy (bar: the mean)")  # fmt: skip


def draw_planes(planes, digits):
    """Draw a panel for each plane (name to points, (n, 2)) with the 4s and 9s in it."""
    import matplotlib.pyplot as plt

    from .. import plots

    figure, axes = plt.subplots(1, len(planes), figsize=(11, 3.5))
    for axis, (name, points) in zip(axes, planes.items(), strict=True):
        axis.plot(*points[digits == 9].T, "^", c=plots.BLUE, label="9")
        axis.plot(*points[digits == 4].T, "o", c=plots.VERMILION, mfc="none", label="4")
        axis.set(title=name, xlabel="first direction", ylabel="second direction")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside right upper")
    figure.suptitle("Training pulls 4s and 9s apart", fontweight="bold")


EVENTS = [
    (1943, "McCulloch & Pitts: a neuron as logic"),
    (1958, "Rosenblatt: perceptron"),
    (1969, "Minsky & Papert: its limits"),
    (1970, "Linnainmaa: reverse derivatives"),
    (1974, "Werbos: their use in models"),
    (1982, "Hopfield network"),
    (1986, "backpropagation for hidden layers"),
    (1989, "CNN reads postal codes"),
    (1997, "LSTM: memory for sequences"),
    (1998, "LeNet-5"),
    (2006, "deep belief nets"),
    (2009, "ImageNet: many labels"),
    (2012, "AlexNet: CNN on two GPUs"),
    (2014, "GANs"),
    (2015, "ResNet"),
    (2016, "AlphaGo beats Lee Sedol"),
    (2017, "Transformer"),
    (2020, "GPT-3; diffusion; AlphaFold 2"),
    (2022, "ChatGPT for everybody"),
    (2024, "Nobel prizes: networks, AlphaFold"),
]


def draw_timeline():
    """Draw twenty events, and above them the two setbacks (dated as by Goodfellow)."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(9.5, 6))
    periods = [
        (1940, 1969, "first ideas", "white"),
        (1969, 1986, "setback", "lightgray"),
        (1986, 1995, "return", "white"),
        (1995, 2006, "setback", "lightgray"),
        (2006, 2027, "deep learning", "white"),
    ]
    for start, end, name, color in periods:
        axis.axvspan(start, end, 0.93, 1, fc=color, ec="black", lw=0.5)
        axis.text(
            (start + end) / 2, -1.72, name, ha="center", va="center", weight="bold"
        )
    for row, (year, text) in enumerate(EVENTS):
        side, align = (1, "left") if year < 1990 else (-1, "right")
        axis.plot(year, row, "ko", ms=5)
        axis.text(year + side, row, f"{year}  {text}", fontsize=9.5, va="center",
                  ha=align)  # fmt: skip
    axis.set(xlim=(1938, 2027), ylim=(len(EVENTS) - 0.4, -2.5), yticks=[], xlabel="year",
             title="From a neuron on paper to two Nobel prizes")  # fmt: skip
    axis.spines["left"].set_visible(False)


QUIZ = [
    Question(
        "A thermostat switches the heating on below 19 °C, as its maker decided. Another one"
        " found the temperatures that suit you from a month of your own settings, with one"
        " weight for each hour of the day. Which is machine learning?",
        [
            (
                "Both: both decide by themselves.",
                "Deciding is not learning. The first one's number was typed in.",
            ),
            (
                "Only the second: its numbers come from examples.",
                "It is machine learning, but not deep: what it looks at, the hour, was chosen"
                " by its maker.",
            ),
            (
                "Neither: there is no neural network.",
                "Neural networks are one kind of machine learning. Logistic regression and"
                " forests are others.",
            ),
        ],
        answer=1,
    ),
    Question(
        "All pixels of all pictures are moved to new places, in the same way. Why does a random"
        " forest, trained on such pictures, hardly care?",
        [
            (
                "It never used which pixels are neighbors, so nothing that it uses was lost.",
                "Its questions are about single pixels, and each pixel is still there.",
            ),
            (
                "It is too simple to notice any change.",
                "It would notice at once if the values were lost, or if each picture were"
                " shuffled in its own way.",
            ),
            (
                "It learned to undo the shuffling.",
                "It has no need to: it is built anew, on shuffled pictures, and treats every"
                " pixel as a column of a table.",
            ),
        ],
        answer=0,
    ),
    Question(
        "A network tells wolves from dogs with 99 % on its test photographs. Every wolf was"
        " photographed in snow, in the test set, too. What do you know?",
        [
            (
                "It recognizes wolves: the test photographs were not used for training.",
                "They share the snow. A test set with the same cue cannot tell wolf from snow.",
            ),
            (
                "It recognizes snow.",
                "It may, and it may not. The test cannot say; the next one can.",
            ),
            (
                "Nothing about wolves yet: test it on wolves without snow and dogs in snow.",
                "A test must come from where the network will work.",
            ),
        ],
        answer=2,
    ),
]
