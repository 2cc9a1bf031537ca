"""Make the data files of the course, byte for byte the same on every machine.

    python data/make_data.py            writes them into this folder

Each file has a card beside it that says what it holds and what is true of it. Only
NumPy is used, with one fixed bit generator per file; every number is rounded before it
is written, so that no library's way of printing floats can change a byte.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

FIRST_DAY = np.datetime64("2019-01-01")
DAYS = 1826  # 2019 to 2023
MONTHS = 60


def make_all(folder):
    """Write every data file into ``folder`` and return the paths.

    Args:
        folder: an existing folder; files of the same names in it are replaced.
    """
    texts = {
        "house_prices.csv": house_prices_csv(),
        "price_index.txt": price_index_txt(),
    }
    paths = []
    for name, text in texts.items():
        path = Path(folder) / name
        path.write_bytes(text.encode("ascii"))  # bytes: "\n" on Windows, too
        paths.append(path)
    return paths


# ── the price index ─────────────────────────────────────────────────────────────


def log_index():
    """Return the logarithm of the price level of each month, shape (60,), 0 at first.

    Prices rise by 0.9 % a month until December 2022 and fall by 1.5 % a month in 2023.
    """
    month = np.arange(MONTHS)
    return 0.009 * np.minimum(month, 47) - 0.015 * np.maximum(month - 47, 0)


def price_index_txt():
    """Return the monthly index, rounded to a tenth, as whitespace-separated text."""
    lines = [
        "# House-price index of the region, January 2019 = 100 (generated)",
        "# Each month's value is published on the first day of the next month.",
        "# year month index",
    ]
    for month, value in enumerate(100 * np.exp(log_index())):
        lines.append(f"{2019 + month // 12} {month % 12 + 1:2d} {value:6.1f}")
    return "\n".join(lines) + "\n"


# ── the houses ──────────────────────────────────────────────────────────────────

# location: share of streets, effect on log price, nearest and farthest km to the center
LOCATIONS = {
    "center": (0.20, 0.10, 0.3, 2.0),
    "harbor": (0.20, -0.30, 1.0, 4.0),
    "lakeside": (0.05, 0.45, 5.0, 12.0),
    "suburb": (0.35, -0.05, 3.0, 9.0),
    "village": (0.20, 0.20, 8.0, 18.0),
}
ENERGY_CLASSES = "ABCDEFG"
N_SALES = 2000
NOISE = 0.06  # standard deviation of log price that no column explains
STREET_SPREAD = 0.12  # standard deviation of the streets' own effects on log price
N_SIZE_IN_FEET, N_PRICE_SHORT = 14, 9
SQUARE_FEET = 10.764  # in one square meter

_WORDS = (
    "Alder Aspen Beech Birch Cedar Cherry Chestnut Elder Elm Hawthorn"
    " Hazel Holly Juniper Larch Linden Maple Oak Poplar Rowan Willow"
).split()
_KINDS = (
    "Avenue Bank Close Court Drive Gate Green Hill Lane Path"
    " Place Rise Road Row Square Street Terrace Walk Way Yard"
).split()


def log_price(house):
    """Return the logarithm of the price that the formula gives, before noise.

    Args:
        house: mapping of column names to arrays, complete and without errors; beside
            the columns of the file it holds ``street_effect`` and ``log_index``.
    """
    energy = np.array(
        [ENERGY_CLASSES.index(letter) for letter in house["energy_class"]]
    )
    location = np.array([LOCATIONS[name][1] for name in house["location"]])
    return (
        np.log(4000)
        + 0.85 * np.log(house["size_m2"] / 100)
        + np.log(100)
        + location
        - 0.02 * house["distance_km"]
        - 0.012 * house["age_years"]
        + 0.00011 * house["age_years"] ** 2
        - 0.045 * energy
        + 0.009 * (house["survey_score"] - 60)
        + house["street_effect"]
        + house["log_index"]
    )


def complete_houses(rng):
    """Return 2,000 sales in order of date, with no gap, no error and no price yet."""
    n_streets = len(_WORDS) * len(_KINDS)
    names = np.array([f"{word} {kind}" for word in _WORDS for kind in _KINDS])
    shares = [share for share, *_ in LOCATIONS.values()]
    location = rng.choice(list(LOCATIONS), size=n_streets, p=shares)
    nearest, farthest = np.array([LOCATIONS[name][2:] for name in location]).T
    distance = np.round(nearest + (farthest - nearest) * rng.random(n_streets), 1)
    built = rng.choice([5, 30, 60, 95], size=n_streets, p=[0.2, 0.3, 0.3, 0.2])
    effect = STREET_SPREAD * rng.normal(size=n_streets)
    busy = 0.2 + rng.random(n_streets) ** 2

    street = rng.choice(n_streets, size=N_SALES, p=busy / busy.sum())
    size = np.round(np.exp(np.log(98) + 0.36 * rng.normal(size=N_SALES)))
    size = np.clip(size, 30, 280)
    bedrooms = np.clip(np.round(size / 34 + 0.6 * rng.normal(size=N_SALES)), 1, 7)
    age = np.clip(np.round(built[street] + 8 * rng.normal(size=N_SALES)), 0, 125)
    energy = np.clip(np.round(age / 60 + 2.2 + 1.5 * rng.normal(size=N_SALES)), 0, 6)
    survey = np.clip(np.round(60 + 14 * rng.normal(size=N_SALES)), 5, 100)
    day = np.sort(rng.integers(DAYS, size=N_SALES))
    sold_on = FIRST_DAY + day
    month = (
        sold_on.astype("datetime64[M]") - FIRST_DAY.astype("datetime64[M]")
    ).astype(int)
    return {
        "street": names[street],
        "location": location[street],
        "size_m2": size,
        "bedrooms": bedrooms,
        "age_years": age,
        "distance_km": distance[street],
        "energy_class": np.array(list(ENERGY_CLASSES))[energy.astype(int)],
        "survey_score": survey,
        "sold_on": sold_on,
        "street_effect": effect[street],
        "log_index": log_index()[month],
    }


def make_houses():
    """Return the complete sales with their prices, and masks of what is then spoiled.

    Returns:
        house: dict of arrays of shape (2000,); ``price`` is right, ``log_price`` is what
            the formula gives before noise.
        spoiled: dict of boolean masks: ``no_age``, ``no_survey``, ``size_in_feet``,
            ``price_short``.
    """
    rng = np.random.Generator(np.random.PCG64(20240611))
    house = complete_houses(rng)
    house["log_price"] = log_price(house)
    noisy = house["log_price"] + NOISE * rng.normal(size=N_SALES)
    house["price"] = 100 * np.round(np.exp(noisy) / 100)

    spoiled = {"no_age": rng.random(N_SALES) < 0.05}
    # whoever expects a poor score declines the survey
    declines = 1 / (1 + np.exp((house["survey_score"] - 46) / 4))
    spoiled["no_survey"] = rng.random(N_SALES) < 0.02 + 0.9 * declines
    wrong = rng.choice(N_SALES, size=N_SIZE_IN_FEET + N_PRICE_SHORT, replace=False)
    spoiled["size_in_feet"] = np.isin(np.arange(N_SALES), wrong[:N_SIZE_IN_FEET])
    spoiled["price_short"] = np.isin(np.arange(N_SALES), wrong[N_SIZE_IN_FEET:])
    return house, spoiled


def house_prices_csv():
    """Return the sales as CSV text, with the gaps and errors put in."""
    house, spoiled = make_houses()
    size = np.where(
        spoiled["size_in_feet"],
        np.round(house["size_m2"] * SQUARE_FEET),
        house["size_m2"],
    )
    price = np.where(spoiled["price_short"], house["price"] // 10, house["price"])
    columns = {
        "street": house["street"],
        "location": house["location"],
        "size_m2": [f"{value:.0f}" for value in size],
        "bedrooms": [f"{value:.0f}" for value in house["bedrooms"]],
        "age_years": _with_gaps(house["age_years"], spoiled["no_age"]),
        "distance_km": [f"{value:.1f}" for value in house["distance_km"]],
        "energy_class": house["energy_class"],
        "survey_score": _with_gaps(house["survey_score"], spoiled["no_survey"]),
        "sold_on": house["sold_on"].astype(str),
        "price": [f"{value:.0f}" for value in price],
    }
    lines = [
        ",".join(columns),
        *(",".join(row) for row in zip(*columns.values(), strict=True)),
    ]
    return "\n".join(lines) + "\n"


def _with_gaps(values, missing):
    return [
        "" if gap else f"{value:.0f}"
        for value, gap in zip(values, missing, strict=True)
    ]


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    for path in make_all(target):
        print(path.name)
