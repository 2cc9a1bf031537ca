"""What runs in a lesson's kernel: each ``explore`` also draws its frames into a folder.

The lesson notices nothing: chance stands where it stood, nothing is printed, and a frame
that cannot be drawn is left out.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import random
import sys
import warnings
from pathlib import Path

from ... import figures
from .frame_files import LIMIT, Figure, figure_text
from .grids import MOST, grid_of

ROOM = LIMIT * 3 // 4 - 6_000  # bytes of pictures: base64 makes four of three


def install(folder, code, texts):
    """Replace ``explore`` by one that also draws frames.

    Args:
        folder: where each figure's file goes, ``1.json`` for the first.
        code: digest of the lesson's code cells.
        texts: ``{place: [texts]}`` for the text boxes.
    """
    plain, drawn = figures.explore, []

    def explore(figure_function, *, alt, **sliders):
        plain(figure_function, alt=alt, **sliders)
        drawn.append(figure_function)
        place = len(drawn)
        with undisturbed(figure_function):
            figure = draw_figure(figure_function, sliders, texts.get(place, ()), code)
        if figure:
            path = Path(folder) / f"{place}.json"
            path.write_text(figure_text(figure), encoding="utf-8")

    figures.explore = sys.modules["dlcourse"].explore = explore


@contextlib.contextmanager
def undisturbed(function):
    """Put chance back where it stood, and let nothing be printed or shown."""
    import numpy as np

    seen = inspect.getclosurevars(function)
    values = [*seen.globals.values(), *seen.nonlocals.values()]
    generators = [value for value in values if isinstance(value, np.random.Generator)]
    states = [generator.bit_generator.state for generator in generators]
    state, numpy_state = random.getstate(), np.random.get_state()
    quiet = io.StringIO()
    try:
        with (
            contextlib.redirect_stdout(quiet),
            contextlib.redirect_stderr(quiet),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        random.setstate(state)
        np.random.set_state(numpy_state)
        for generator, before in zip(generators, states, strict=True):
            generator.bit_generator.state = before


def draw_figure(function, sliders, texts, code):
    """Return the Figure with as many frames as fit; None if not even the first one does."""
    parameters = inspect.signature(function).parameters
    defaults = {name: parameters[name].default for name in sliders}
    drawn, before = {}, None
    for most in (MOST, 49, 36, 27, 24, 18, 12, 8, 4, 1):
        controls, combinations, alone = grid_of(defaults, sliders, texts, most)
        if combinations == before:
            continue
        before = combinations
        index, pictures = {}, {}
        for combination in combinations:
            values = {
                control.name: control.values[place]
                for control, place in zip(controls, combination, strict=True)
            }
            key = tuple(map(repr, values.values()))
            if key not in drawn:
                drawn[key] = draw(function, values)
            if drawn[key]:
                place = pictures.setdefault(drawn[key], len(pictures))
                index[",".join(map(str, combination))] = place
        if not index:
            return None
        packed = pack(list(pictures), ROOM)
        if packed:
            shown = [
                {"name": c.name.replace("_", " "), "kind": c.kind, "values": c.labels,
                 "start": c.start} for c in controls
            ]  # fmt: skip
            return Figure(code, shown, alone, index, packed)
    return None


def draw(function, values):
    """Return the figure for these values as PNG, or None if it cannot be drawn."""
    import matplotlib.pyplot as plt

    from ...plots import figure_png

    try:
        return figure_png(function(**values) or plt.gcf())
    except Exception:  # a figure may have no answer for some values
        return None
    finally:
        plt.close("all")


def pack(pngs, room):
    """Return pictures as WebP that take at most so many bytes together, or None.

    First without loss, then with less and less: diagrams with fewer colors, which keeps
    their lines sharp, photographs with what the eye does not miss.
    """
    from PIL import Image

    pictures = [Image.open(io.BytesIO(png)).convert("RGB") for png in pngs]
    for colors, quality in ((None, None), (64, 85), (32, 75), (20, 60), (16, 36)):
        packed, size = [], 0
        for picture in pictures:
            packed.append(webp(picture, colors, quality))
            size += len(packed[-1])
            if size > room:
                break
        else:
            return packed
    return None


def webp(picture, colors, quality):
    """Return one picture as WebP.

    Args:
        colors: how many a diagram keeps; None for all.
        quality: of a photograph, which has thousands of colors; None for all.
    """
    from PIL import Image

    if not colors:
        return saved(picture, lossless=True, quality=60)
    photograph = saved(picture, quality=quality)
    if picture.getcolors(5000) is None:
        return photograph
    # the colors that cover most: a small dot keeps its own, which others would swallow
    reduced = picture.quantize(colors, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=0)
    diagram = saved(reduced.convert("RGB"), lossless=True, quality=60)
    # a gray photograph has few colors, too, but is no diagram: its size tells
    return photograph if len(photograph) < 0.7 * len(diagram) else diagram


def saved(picture, **settings):
    """Return a picture as WebP with these settings."""
    target = io.BytesIO()
    picture.save(target, "WEBP", method=4, **settings)
    return target.getvalue()
