"""Interactive figures: alive with a kernel, whole without one."""

import matplotlib.pyplot as plt
import pytest

from dlcourse import explore, figures

PNG = b"\x89PNG\r\n"


def line(slope=1.0, count=3, color="red"):
    plt.plot(range(count), [slope * i for i in range(count)], color=color)


@pytest.fixture
def shown(monkeypatch):
    """Collect what would be displayed."""
    bundles = []
    monkeypatch.setattr("dlcourse.plots.in_ipython", lambda: True)
    monkeypatch.setattr(
        "IPython.display.display",
        lambda data, raw, metadata: bundles.append((data, metadata)),
    )
    return bundles


def test_explore_shows_a_widget_and_a_static_frame(shown):
    explore(line, alt="a line", slope=(0.0, 2.0), count=(2, 5), color=["red", "blue"])
    data, metadata = shown[0]
    assert data["image/png"].startswith(PNG)
    assert data["text/plain"] == "[interactive figure] a line"
    assert metadata["image/png"]["alt"] == "a line"
    assert set(data[figures.WIDGET_VIEW]) == {
        "model_id",
        "version_major",
        "version_minor",
    }
    assert not plt.get_fignums()


def test_each_control_redraws_the_picture():
    sliders = {"slope": (0.0, 2.0), "count": (2, 5), "color": ["red", "blue"]}
    first = figures._draw(line, {"slope": 1.0, "count": 3, "color": "red"})
    box = figures._explorer(line, sliders, first)
    *controls, picture = box.children
    seen = {bytes(picture.value)}
    for control, value in zip(controls, (2.0, 5, "blue"), strict=True):
        control.value = value
        assert bytes(picture.value).startswith(PNG)
        seen.add(bytes(picture.value))
    assert len(seen) == 4


ODD_TEXTS = ["", " ", "x" * 10_000, "😀 ❤️", "日本語 العربية हिन्दी", "a\nb\x00c", "\ud83d",
             "$", "<b>&", "\\frac{"]  # fmt: skip


@pytest.mark.parametrize("typed", ODD_TEXTS)
def test_a_text_box_stands_whatever_is_typed(typed):
    got = []

    def words(text="two words"):
        got.append(text)
        plt.bar(["length"], [len(text.encode("utf-8"))])

    box = figures._explorer(words, {"text": "type here"}, figures._draw(words, {}))
    field, picture = box.children
    assert field.value == "two words" and field.placeholder == "type here"
    assert field.continuous_update is False
    field.value = typed
    assert bytes(picture.value).startswith(PNG) and len(got) == 2
    assert len(got[1]) <= 1000 and (got[1].isprintable() or not got[1])


def test_explore_with_text_shows_a_static_frame(shown):
    def words(text="two words"):
        plt.bar(["length"], [len(text)])

    explore(words, alt="the length of a text", text="type here")
    assert shown[0][0]["image/png"].startswith(PNG)


def test_a_figure_that_fails_leaves_no_half_drawn_one_behind():
    def fails(text="x"):
        plt.plot([1])
        raise KeyError(text)

    with pytest.raises(KeyError):
        figures._draw(fails, {})
    assert not plt.get_fignums()


def test_the_same_figure_gives_the_same_bytes():
    values = {"slope": 1.0, "count": 3, "color": "red"}
    assert figures._draw(line, values) == figures._draw(line, values)


def test_explore_needs_defaults():
    def bare(slope):
        plt.plot([0, slope])

    with pytest.raises(ValueError, match="default value for the parameter 'slope'"):
        explore(bare, alt="x", slope=(0, 1))
