"""Which frames of an interactive figure to draw beforehand: a coarse grid of its values."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

MOST = 64  # frames of a figure
ONE_SLIDER = 25  # steps of a slider that is alone
FEWEST, ALONE = 3, 9  # steps of a slider among others; of one that moves alone


@dataclass(frozen=True)
class Control:
    """A slider, menu or text box whose values were chosen.

    Args:
        name: the parameter.
        kind: "slider" or "menu"; a text box becomes a menu of prepared texts.
        values: what the figure function gets.
        labels: the values as a reader sees them.
        start: index of the default.
    """

    name: str
    kind: str
    values: list
    labels: list
    start: int


def grid_of(defaults, sliders, texts=(), most=MOST):
    """Choose the values of each control, and which of their combinations to draw.

    All combinations, if each slider then has three steps or more. Else every combination
    of menus, with one slider at a time away from its start; else one control at a time.

    Args:
        defaults: ``{name: value}`` of the first frame.
        sliders: what ``explore`` got: a tuple, a list or a string per name.
        texts: prepared texts for a text box.
        most: how many frames there may be.

    Returns:
        the Controls, the combinations as tuples of indices with the start first, and
        whether a control moves alone.
    """
    ranges = [name for name, spec in sliders.items() if isinstance(spec, tuple)]
    menus = {}
    for name, spec in sliders.items():
        if isinstance(spec, str):
            menus[name] = list(dict.fromkeys([defaults[name], *texts]))
        elif isinstance(spec, list):
            menus[name] = spec
    together = math.prod(map(len, menus.values()))

    def controls(steps):
        return [
            _menu(name, menus[name], defaults[name])
            if name in menus
            else _slider(name, spec, defaults[name], steps)
            for name, spec in sliders.items()
        ]

    if not ranges:
        chosen = controls(1)
        steps = together <= most
    else:
        steps = int((most / together + 1e-9) ** (1 / len(ranges)))
        steps = min(steps, ONE_SLIDER if len(ranges) == 1 else 7)
        chosen = controls(max(steps, FEWEST))
    sizes = [range(len(control.values)) for control in chosen]
    start = tuple(control.start for control in chosen)
    if steps >= FEWEST if ranges else steps:
        return chosen, _from(start, itertools.product(*sizes)), False
    more = (most // together - 1) // len(ranges) if ranges else 0
    if more >= FEWEST - 1:
        chosen = controls(min(more + 1, ALONE))
        keep = [control.kind == "menu" for control in chosen]
    else:
        free = most - 1 - sum(len(values) - 1 for values in menus.values())
        each = free // max(len(ranges), 1) + 1
        chosen = controls(max(2, min(each, ALONE)))
        keep = [False] * len(chosen)
    return chosen, _moved_alone(chosen, keep), True


def _menu(name, values, default):
    return Control(
        name, "menu", values, [str(v) for v in values], values.index(default)
    )


def _slider(name, spec, default, steps):
    """Return a slider with at most so many of its values, evenly spread, its start too."""
    low, high, *step = spec
    whole = all(isinstance(number, int) for number in (*spec, default))
    step = step[0] if step else 1 if whole else (high - low) / 50
    count = int((high - low) / step + 1e-9) + 1
    steps = min(steps, count)
    chosen = sorted({round(i * (count - 1) / max(steps - 1, 1)) for i in range(steps)})
    values = [low + step * i for i in chosen]
    inside = range(1, len(values) - 1)  # the ends stay, unless there is nothing else
    if min(abs(values[0] - default), abs(values[-1] - default)) < 1e-9 or not inside:
        inside = range(len(values))
    nearest = min(inside, key=lambda i: abs(values[i] - default))
    values[nearest] = default
    digits = 0 if whole else _decimals([*values, step])
    labels = [f"{value:.{digits}f}" for value in values]
    if not whole:  # as the live slider hands them over
        values = [default if v == default else round(v, 10) for v in values]
    return Control(name, "slider", values, labels, nearest)


def _decimals(numbers):
    """Return how many decimals tell the numbers, two at most unless they are small."""
    for digits in range(1, 5):
        if all(abs(round(number, digits) - number) < 1e-9 for number in numbers):
            return digits
    return 2 if max(map(abs, numbers)) >= 0.1 else 4


def _from(start, combinations):
    """Return the combinations with the start first."""
    return [start, *(c for c in combinations if c != start)]


def _moved_alone(controls, keep):
    """Return the combinations in which one of the other controls is away from its start.

    Args:
        keep: per control whether it takes part in every combination.
    """
    start = tuple(control.start for control in controls)
    bases = itertools.product(
        *(range(len(c.values)) if kept else (c.start,)
          for c, kept in zip(controls, keep, strict=True))
    )  # fmt: skip
    found = {start: None}
    for base in bases:
        found[base] = None
        for place, control in enumerate(controls):
            if not keep[place]:
                for index in range(len(control.values)):
                    found[(*base[:place], index, *base[place + 1 :])] = None
    return list(found)
