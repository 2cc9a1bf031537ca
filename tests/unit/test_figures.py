"""Interactive figures: alive with a kernel, whole without one."""

import base64
import io
import re

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
    box = figures._explorer(line, sliders, first, 'a "line"')
    *controls, picture, notice = box.children
    seen = {png_in(picture)}
    for control, value in zip(controls, (2.0, 5, "blue"), strict=True):
        control.value = value
        seen.add(png_in(picture))
    assert len(seen) == 4 and notice.value == ""


def png_in(picture):
    """Return the bytes of the picture in an HTML widget, after a look at its words."""
    found = re.fullmatch(
        r'<img alt="([^"]*)" width="(\d+)" height="(\d+)" .* src="data:image/png;base64,'
        r'([^"]+)">', picture.value,
    )  # fmt: skip
    png = base64.b64decode(found[4])
    height, width = plt.imread(io.BytesIO(png)).shape[:2]
    assert (found[2], found[3]) == (str(width), str(height))
    return png


def test_the_live_picture_has_its_description_too():
    first = figures._draw(line, {})
    box = figures._explorer(line, {"count": (2, 5)}, first, 'a "line" & more')
    slider, picture, _ = box.children
    for count in (3, 4):
        slider.value = count
        assert 'alt="a &quot;line&quot; &amp; more"' in picture.value


def test_an_error_is_said_under_the_last_picture_until_the_next():
    def fails(count=3):
        if count == 4:
            raise ValueError("four <points>")
        plt.plot(range(count))

    box = figures._explorer(fails, {"count": (2, 5)}, figures._draw(fails, {}), "x")
    slider, picture, notice = box.children
    before = picture.value
    slider.value = 4
    assert picture.value == before
    assert "role='alert'" in notice.value
    assert "ValueError: four &lt;points&gt;" in notice.value
    slider.value = 5
    assert picture.value != before and notice.value == ""


def test_widget_views_go_where_something_stands_beside_them():
    view = {figures.WIDGET_VIEW: {"model_id": "1"}}
    outputs = [
        {"data": {**view, "image/png": "x", "text/plain": "y"}}, {"data": dict(view)},
        {"output_type": "stream", "text": "z"},
    ]  # fmt: skip
    figures.drop_widget_views({"cells": [{"source": "text"}, {"outputs": outputs}]})
    assert outputs[0]["data"] == {"image/png": "x", "text/plain": "y"}
    assert outputs[1]["data"] == view


def test_the_server_saves_pictures_instead_of_widgets(root, monkeypatch):
    """The hook that make lab gives the server, on what the server hands it."""
    from jupyter_server.services.contents.filemanager import FileContentsManager
    from traitlets.config import PyFileConfigLoader

    folder = root / ".jupyter"
    config = PyFileConfigLoader("jupyter_server_config.py", str(folder)).load_config()
    manager = FileContentsManager(config=config)
    both = {figures.WIDGET_VIEW: {}, "image/png": "x"}
    kept = {"cells": [{"outputs": [{"data": dict(both)}]}], "metadata": {"widgets": {}}}
    stripped = {"cells": [{"outputs": [{"data": dict(both)}]}], "metadata": {}}
    for content, left in ((stripped, {"image/png": "x"}), (kept, both)):
        manager.run_pre_save_hooks({"type": "notebook", "content": content}, "x.ipynb")
        assert content["cells"][0]["outputs"][0]["data"] == left
    manager.run_pre_save_hooks({"type": "file", "content": "text"}, "x.txt")


ODD_TEXTS = ["", " ", "x" * 10_000, "😀 ❤️", "日本語 العربية हिन्दी", "a\nb\x00c", "\ud83d",
             "$", "<b>&", "\\frac{"]  # fmt: skip


@pytest.mark.parametrize("typed", ODD_TEXTS)
def test_a_text_box_stands_whatever_is_typed(typed):
    got = []

    def words(text="two words"):
        got.append(text)
        plt.bar(["length"], [len(text.encode("utf-8"))])

    box = figures._explorer(words, {"text": "type here"}, figures._draw(words, {}))
    field, picture, notice = box.children
    assert field.value == "two words" and field.placeholder == "type here"
    assert field.continuous_update is False
    field.value = typed
    assert png_in(picture).startswith(PNG) and notice.value == "" and len(got) == 2
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
