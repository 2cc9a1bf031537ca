"""What the loaders in ``datasets`` return: data, with where they come from and on what terms."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class ImageSet:
    """Labelled images: ``x`` is uint8, (n, height, width[, channels]); ``y`` is int64, (n,)."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    class_names: list
    name: str
    source: str
    license: str
    citation: str


@dataclass(frozen=True)
class Table:
    """A data frame, ``frame``, and the name of the column to predict, ``target``."""

    frame: object
    target: str
    name: str
    source: str
    license: str
    citation: str


@dataclass(frozen=True)
class Text:
    """One long string, ``text``."""

    text: str
    name: str
    source: str
    license: str
    citation: str


@dataclass(frozen=True)
class Photographs:
    """Pictures by name, each uint8, (height, width, 3), or (height, width) if gray.

    ``credits`` says of each picture by whom it is and on what terms, where they differ.
    """

    images: dict
    name: str
    source: str
    license: str
    citation: str
    credits: dict = field(default_factory=dict)
