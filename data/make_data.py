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
        "energy_demand.csv": energy_demand_csv(),
        "sentiment.csv": sentiment_csv(),
        "card_payments.csv": card_payments_csv(),
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


# ── the energy demand ───────────────────────────────────────────────────────────

FIRST_HOUR = np.datetime64("2021-01-01T00", "h")  # a Friday
N_HOURS = 3 * 365 * 24  # 2021 to 2023, no leap year
HOLIDAYS = "01-01 01-06 03-19 05-01 06-24 08-15 10-03 11-01 12-25 12-26".split()
CHANGE = np.datetime64("2023-11-06T00", "h")  # the factory closes
CLOSED_MW = 60
AR, SHOCK_MW = 0.6, 5.0  # of the noise: share carried to the next hour, new each hour

# MW by hour of the day, 0 to 23, and how much of the weather effect each hour takes
WORKDAY_MW = np.array(
    [320, 305, 295, 290, 295, 315, 370, 440, 480, 490, 490, 488,
     485, 478, 470, 465, 470, 490, 515, 520, 500, 465, 415, 360]
)  # fmt: skip
FREE_DAY_MW = np.array(
    [335, 320, 308, 300, 297, 298, 305, 322, 350, 380, 402, 415,
     420, 415, 405, 398, 400, 420, 450, 462, 452, 430, 395, 355]
)  # fmt: skip
USE = np.array(
    [3, 3, 3, 3, 3, 5, 9, 12, 12, 11, 10, 10, 10, 10, 10, 10, 11, 12, 13, 13, 12, 10, 7, 4]
) / 10  # fmt: skip


def expected_demand(temperature, holiday):
    """Return the demand in MW that the formula gives for every hour, before noise.

    Args:
        temperature: degrees Celsius, shape (26280,), from the first hour on.
        holiday: true on public holidays, shape (26280,).
    """
    hour, day = np.arange(N_HOURS) % 24, np.arange(N_HOURS) // 24
    free = ((day + 4) % 7 >= 5) | np.asarray(holiday, bool)
    before = np.concatenate([np.full(6, temperature[0]), temperature])
    felt = sum(before[6 - lag : N_HOURS + 6 - lag] for lag in range(1, 7)) / 6
    weather = 5 * np.maximum(15 - felt, 0) + 10 * np.maximum(felt - 20, 0)
    season = 20 * np.cos(2 * np.pi * (day % 365 + 10) / 365)
    shifts = ~free & (hour >= 6) & (hour < 22)
    closed = shifts & (FIRST_HOUR + np.arange(N_HOURS) >= CHANGE)
    profile = np.where(free, FREE_DAY_MW[hour], WORKDAY_MW[hour])
    return profile + USE[hour] * weather + season - CLOSED_MW * closed


def _autoregressive(share, shocks):
    """Return v with v[t] = share · v[t-1] + shocks[t]."""
    values, value = np.empty(len(shocks)), 0.0
    for i, shock in enumerate(shocks):
        values[i] = value = share * value + shock
    return values


def make_energy():
    """Return the columns of the file, and ``expected``, the demand before noise."""
    rng = np.random.Generator(np.random.PCG64(20250321))
    hour, day = np.arange(N_HOURS) % 24, np.arange(N_HOURS) // 24
    time = FIRST_HOUR + np.arange(N_HOURS)
    winter = np.cos(2 * np.pi * (day % 365 - 20) / 365)
    climate = 12 - 10 * winter + (3.5 - 1.5 * winter) * np.cos(np.pi * (hour - 15) / 12)
    fronts = _autoregressive(0.96, 1.2 * rng.normal(size=N_HOURS))
    temperature = np.round(climate + fronts, 1) + 0.0  # no -0.0
    holiday = np.isin([str(moment)[5:10] for moment in time], HOLIDAYS)
    expected = expected_demand(temperature, holiday)
    noise = _autoregressive(AR, SHOCK_MW * rng.normal(size=N_HOURS))
    return {
        "time": time,
        "demand_mw": np.round(expected + noise),
        "temperature_c": temperature,
        "holiday": holiday,
        "expected": expected,
    }


def energy_demand_csv():
    """Return three years of hourly demand as CSV text."""
    energy = make_energy()
    rows = zip(
        energy["time"].astype(str),
        [f"{value:.0f}" for value in energy["demand_mw"]],
        [f"{value:.1f}" for value in energy["temperature_c"]],
        [f"{value:d}" for value in energy["holiday"]],
        strict=True,
    )
    lines = ["time,demand_mw,temperature_c,holiday", *map(",".join, rows)]
    return "\n".join(lines) + "\n"


# ── sentences with a sentiment ──────────────────────────────────────────────────

_NOUNS = (
    "bar bathroom bed breakfast coffee desk dinner elevator garden lobby location music"
    " parking pool room service shower soup staff view"
).split()
_VERBS = ("was", "seemed", "felt")
_TIMES = "today,on monday,last night,this time,in the evening,during our stay".split(
    ","
)
STRONG, WEAK = ("very", "really", "extremely"), ("slightly", "somewhat", "mildly")
OPINIONS = {
    1: "good great lovely nice pleasant excellent wonderful delightful superb perfect",
    0: "average ordinary standard typical normal unremarkable",
    -1: "bad awful poor nasty unpleasant terrible horrible dreadful lousy disappointing",
}
OPINIONS = {polarity: words.split() for polarity, words in OPINIONS.items()}
LATER_OPINIONS = {  # words that come up only in the sets of these names
    "spring": {
        1: "stellar splendid gorgeous marvelous fabulous impressive charming exquisite",
        -1: "abysmal appalling shoddy ghastly dismal pathetic miserable atrocious",
    },
    "summer": {
        1: "terrific outstanding magnificent adorable brilliant spotless flawless dazzling",
        -1: "grim hideous lamentable vile deplorable rotten woeful unbearable",
    },
}
LATER_OPINIONS = {
    name: {polarity: words.split() for polarity, words in opinions.items()}
    for name, opinions in LATER_OPINIONS.items()
}
_SIGNS = {1: "positive", 0: "neutral", -1: "negative"}
_ALONE = 0.12  # share of negation and intensifier sentences without a mirror image
_TWO, _AGREE, _NEW = 0.6, 0.8, 0.6  # plain: second clause, same polarity, new word


def sentiment_score(text):
    """Return the score of one of the sentences; its sign is the label.

    The score is the sum of polarity (1, 0, -1) × strength (2, 1, 1/2) over the clauses,
    with the other sign after "not". A clause before "but", or with "although", counts 0.
    """
    text = text.lower().rstrip(".")
    if text.startswith("although"):
        text = text.partition(", ")[2]
    text = text.partition(" although ")[0].rpartition(" but ")[2]
    return sum(_clause_score(clause.split()) for clause in text.split(" and "))


def _clause_score(words):
    """Return polarity × strength of a clause, negated after "not"."""
    for opinions in (OPINIONS, *LATER_OPINIONS.values()):
        for polarity, listed in opinions.items():
            for word in set(listed) & set(words):
                before = words[words.index(word) - 1]
                strength = 2 if before in STRONG else 0.5 if before in WEAK else 1
                return polarity * (-1 if before == "not" else strength)
    raise ValueError(f"no opinion in {' '.join(words)!r}")


def _clause(rng, polarity, new_words=None):
    """Return a random clause in two halves: a modifier may go between them."""
    words = OPINIONS[polarity]
    if new_words and polarity and rng.random() < _NEW:
        words = new_words[polarity]
    time = " " + _pick(rng, _TIMES) if rng.random() < 0.3 else ""
    start = f"the {_pick(rng, _NOUNS)} {_pick(rng, _VERBS)} "
    return start, _pick(rng, words) + time


def _two_clauses(rng, first, second, new_words=None):
    """Return two clauses with these polarities about two different nouns."""
    one = two = _clause(rng, first, new_words)
    while two[0].split()[1] == one[0].split()[1]:
        two = _clause(rng, second, new_words)
    return one, two


def _pick(rng, options):
    return options[rng.integers(len(options))]


def _plain(rng, new_words=None):
    """Return [sentence]: one clause, or two joined by "and"."""
    first = _pick(rng, (1, 0, -1))
    second = first if rng.random() < _AGREE else _pick(rng, (1, 0, -1))
    clauses = _two_clauses(rng, first, second, new_words)
    if rng.random() > _TWO:
        clauses = clauses[:1]
    return [" and ".join("".join(clause) for clause in clauses)]


def _modified(one, two, first, second):
    """Return two clauses joined by "and", each with a modifier before its opinion."""
    return f"{one[0]}{first}{one[1]} and {two[0]}{second}{two[1]}"


def _negation(rng, alone):
    """Return a sentence with "not" and its mirror image, in which "not" has moved."""
    sign = _pick(rng, (1, -1))
    one, two = _two_clauses(rng, sign, -sign)
    if alone:
        return ["not ".join(one)]
    return [_modified(one, two, "", "not "), _modified(one, two, "not ", "")]


def _intensifier(rng, alone):
    """Return a sentence with two intensifiers and its mirror image: they change places."""
    sign = _pick(rng, (1, -1))
    one, two = _two_clauses(rng, sign, -sign)
    strong, weak = _pick(rng, STRONG) + " ", _pick(rng, WEAK) + " "
    if alone:  # equally strong: the opinions cancel
        same = _pick(rng, (strong, weak))
        return [_modified(one, two, same, same)]
    return [_modified(one, two, strong, weak), _modified(one, two, weak, strong)]


def _contrast(rng, alone=False):
    """Return a sentence with two opinions and its mirror image: they change places."""
    first, second = _pick(rng, ((1, 0), (1, -1), (0, -1), (0, 1), (-1, 1), (-1, 0)))
    (start, a), (end, b) = _two_clauses(rng, first, second)
    form = _pick(rng, ("{} but {}", "although {}, {}", "{} although {}"))
    return [form.format(start + x, end + y) for x, y in ((a, b), (b, a))]


def _sentences(rng, n, seen):
    """Return n (kind, sentence) of each kind, none in ``seen``, to which they are added."""
    alone = round(_ALONE * n)
    rows = []
    for kind, make, singles in (
        ("plain", lambda rng, alone: _plain(rng), n),
        ("negation", _negation, alone),
        ("contrast", _contrast, 0),
        ("intensifier", _intensifier, alone),
    ):
        made = []
        while len(made) < n:
            sentences = make(rng, len(made) < singles)
            if not seen & set(sentences):
                seen.update(sentences)
                made += sentences
        rows += [(kind, sentence) for sentence in made]
    return rows


def sentiment_csv():
    """Return sentences about a hotel with their sentiment as CSV text."""
    rng = np.random.Generator(np.random.PCG64(20250114))
    seen = set()
    lines = ["set,kind,label,text"]
    rows = [
        (name, *row)
        for name, n in (("train", 400), ("validation", 100), ("test", 200))
        for row in _sentences(rng, n, seen)
    ]
    for name, new_words in LATER_OPINIONS.items():
        rows += [(name, "plain", *_plain(rng, new_words)) for _ in range(400)]
    for name, kind, sentence in rows:
        label = _SIGNS[int(np.sign(sentiment_score(sentence)))]
        text = sentence[0].upper() + sentence[1:]
        lines.append(f'{name},{kind},{label},"{text}."')
    return "\n".join(lines) + "\n"


# ── the card payments ───────────────────────────────────────────────────────────

N_PAYMENTS = 40_000
HOUR_WEIGHTS = [
    1,
    1,
    1,
    1,
    1,
    1,
    2,
    4,
    7,
    8,
    9,
    10,
    12,
    10,
    9,
    9,
    10,
    12,
    12,
    10,
    8,
    6,
    4,
    2,
]


def fraud_probability(payment):
    """Return the probability that each payment is a fraud, as the formula gives it.

    Args:
        payment: mapping of the columns of the file to arrays of shape (n,).
    """
    amount, recent = payment["amount_eur"], payment["recent"]
    night, new = payment["hour"] < 6, payment["new_shop"]
    far = np.maximum(np.log10(payment["distance_km"] + 1) - 0.8, 0)
    dear = np.maximum(np.log(amount / 50), 0)
    burst = np.clip(recent - 1, 0, 4) * (amount < 20)  # a stolen card is tried out
    logit = -6.65 + new * (1.75 * far * (1 + 0.5 * night) + 0.9 * dear) + 2 * burst
    return 1 / (1 + np.exp(-(logit + 0.3 * np.minimum(recent, 5) + 1.0 * night)))


def make_payments():
    """Return the columns of the file, and ``probability``, which it does not hold."""
    rng = np.random.Generator(np.random.PCG64(20250317))
    n = N_PAYMENTS
    weights = np.array(HOUR_WEIGHTS, float)
    payment = {
        "amount_eur": np.clip(
            np.round(np.exp(3.555 + 1.1 * rng.normal(size=n))), 1, 3000
        ),
        "hour": rng.choice(24, size=n, p=weights / weights.sum()),
        "distance_km": np.clip(
            np.round(np.exp(1.79 + 1.5 * rng.normal(size=n))), 0, 9000
        ),
    }
    usual = rng.poisson(0.3, n)
    payment["recent"] = usual + (rng.random(n) < 0.03) * rng.poisson(5, n)
    payment["new_shop"] = (rng.random(n) < 0.3).astype(int)
    payment["probability"] = fraud_probability(payment)
    payment["fraud"] = (rng.random(n) < payment["probability"]).astype(int)
    return payment


def card_payments_csv():
    """Return the payments as CSV text."""
    payment = make_payments()
    names = [name for name in payment if name != "probability"]
    rows = zip(*([f"{v:.0f}" for v in payment[name]] for name in names), strict=True)
    return "\n".join([",".join(names), *map(",".join, rows)]) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    for path in make_all(target):
        print(path.name)
