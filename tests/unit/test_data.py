"""The course's own data: made again byte for byte, each file with its card."""

import collections
import csv
import importlib.util

import numpy as np
import pytest
from conftest import ROOT

from dlcourse import datasets

DATA = ROOT / "data"


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_data", DATA / "make_data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generator_makes_the_stored_files_byte_for_byte(maker, tmp_path):
    made = [path for path in maker.make_all(tmp_path)]
    stored = {p.name for p in DATA.iterdir() if p.suffix in (".csv", ".txt")}
    assert {path.name for path in made} == stored
    for path in made:
        assert path.read_bytes() == (DATA / path.name).read_bytes(), path.name


def test_every_file_has_a_card():
    for path in DATA.iterdir():
        if path.suffix in (".csv", ".txt"):
            card = path.with_suffix(".md").read_text(encoding="utf-8")
            for word in ("What", "Why", "How", "License", "CC0"):
                assert word.lower() in card.lower(), (
                    f"{path.name}: the card says nothing of {word}"
                )


def words_of(sentence):
    return sorted(sentence.lower().replace(",", "").rstrip(".").split())


@pytest.fixture(scope="module")
def sentences():
    with open(DATA / "sentiment.csv", encoding="ascii", newline="") as file:
        return list(csv.DictReader(file))


def test_the_sentiment_of_every_sentence_follows_from_its_words_in_order(
    maker, sentences
):
    for row in sentences:
        score = maker.sentiment_score(row["text"])
        label = "positive" if score > 0 else "negative" if score < 0 else "neutral"
        assert row["label"] == label, row


@pytest.mark.parametrize(
    "text, score",
    [("The room was good.", 1), ("The room was not good.", -1),
     ("The room was mildly bad and the bar felt very good today.", 1.5),
     ("Although the bed was good, the bar was bad.", -1),
     ("The bed was good although the bar was bad.", 1),
     ("The bed was good but the bar was average.", 0),
     ("The bed was good and the bar was not nasty.", 2)],
)  # fmt: skip
def test_the_score_of_a_sentence_by_hand(text, score, maker):
    assert maker.sentiment_score(text) == score


def test_no_bag_of_words_can_do_better_than_the_card_says(sentences):
    """The best that is possible: per bag, the commonest label, known in advance."""
    ceilings = {"plain": 1, "negation": 0.56, "contrast": 0.5, "intensifier": 0.56}
    for name in ("train", "validation", "test"):
        bags = collections.defaultdict(collections.Counter)
        for row in sentences:
            if row["set"] == name:
                bags[row["kind"], *words_of(row["text"])][row["label"]] += 1
        for kind, ceiling in ceilings.items():
            counts = [bag for key, bag in bags.items() if key[0] == kind]
            best = sum(max(bag.values()) for bag in counts)
            assert best / sum(sum(bag.values()) for bag in counts) == ceiling, kind


def test_the_words_of_the_sets(sentences, maker):
    words = {}
    for row in sentences:
        words.setdefault(row["set"], set()).update(words_of(row["text"]))
    assert words["validation"] | words["test"] <= words["train"]
    for name, opinions in maker.LATER_OPINIONS.items():
        assert words[name] - words["train"] == {w for v in opinions.values() for w in v}
    earlier = [
        r["text"] for r in sentences if r["set"] in ("train", "validation", "test")
    ]
    assert len(earlier) == len(set(earlier))


def test_the_files_are_small():
    assert (
        sum(path.stat().st_size for path in DATA.iterdir() if path.is_file())
        < 2_000_000
    )


def test_the_energy_series_is_what_its_card_says(maker):
    rows = (DATA / "energy_demand.csv").read_text(encoding="ascii").split()[1:]
    _, demand, temperature, holiday = np.array([row.split(",") for row in rows]).T
    expected = maker.expected_demand(temperature.astype(float), holiday == "1")
    noise = demand.astype(float) - expected
    shocks = noise[1:] - 0.6 * noise[:-1]
    assert len(rows) == 26_280 and (holiday == "1").sum() == 30 * 24
    assert abs(np.corrcoef(noise[1:], noise[:-1])[0, 1] - 0.6) < 0.02
    assert abs(np.corrcoef(shocks[1:], shocks[:-1])[0, 1]) < 0.02
    assert abs(np.abs(shocks).mean() - 4.0) < 0.05  # the best one hour ahead
    assert abs(np.abs(noise).mean() - 5.0) < 0.05  # the best far ahead

    day = slice((maker.CHANGE - maker.FIRST_HOUR).astype(int), None)  # a Monday
    shifts = (np.arange(24) >= 6) & (np.arange(24) < 22)
    mild_weather = np.full(maker.N_HOURS, 18.0)  # neither heating nor cooling
    mild = maker.expected_demand(mild_weather, np.zeros(maker.N_HOURS))[day][:24]
    season = 20 * np.cos(2 * np.pi * (309 + 10) / 365)  # day 309: 6 November
    assert np.allclose(mild, maker.WORKDAY_MW - 60 * shifts + season)


def test_the_card_of_the_payments_tells_the_truth(maker):
    from sklearn import metrics

    payment = maker.make_payments()
    fraud, probability = payment["fraud"], payment["probability"]
    frame = datasets.card_payments().frame
    assert (frame["fraud"].to_numpy() == fraud).all() and fraud.sum() == 368
    columns = {name: frame[name].to_numpy() for name in frame}
    assert np.allclose(maker.fraud_probability(columns), probability)
    flagged = probability >= 0.5
    measured = [
        metrics.roc_auc_score(fraud, probability),
        metrics.average_precision_score(fraud, probability),
        metrics.precision_score(fraud, flagged),
        metrics.recall_score(fraud, flagged),
    ]
    assert np.allclose(measured, [0.920, 0.687, 0.878, 0.628], atol=0.0006)
    # among those given about 30 %, about 30 % are fraud: the probability is the truth
    middle = (probability > 0.2) & (probability < 0.4)
    error = (fraud[middle].mean() - probability[middle].mean()) / (
        0.21 / middle.sum()
    ) ** 0.5
    assert abs(error) < 3
