"""The course's own data: made again byte for byte, each file with its card."""

import importlib.util

import pytest
from conftest import ROOT

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


def test_the_files_are_small():
    assert (
        sum(path.stat().st_size for path in DATA.iterdir() if path.is_file())
        < 2_000_000
    )
