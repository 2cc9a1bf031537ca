"""RESULTS.md: parts that replace only themselves, and results that notebooks hand over."""

import json

import click
import pytest
from click.testing import CliRunner
from course import make_course

from dlcourse.tools import catalog, notebooks, run
from dlcourse.tools import report as reports
from dlcourse.tools.cli import main

MEASURES = """# %%
from dlcourse import record
print("Lesson 90 · full · CPU · Keras 3")
record("MNIST", "small", "test accuracy", [0.98, 0.99], parameters=80_282, seconds=12)
record("Chicago", "linear", "test MAE", 34_785 + SEED)
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Run a tiny course in the full profile, two seeds; return its report.json."""
    course = make_course(tmp_path_factory.mktemp("full") / "c", l90=MEASURES)
    (lesson,) = catalog.read_lessons(course)
    notebooks.write_notebook(notebooks.skeleton(lesson), lesson.notebook)
    run.run_course(
        course, [lesson], seeds=[0, 2], jobs=2, folder=course / "runs", profile="full",
        device="cpu", quiet=True,
    )  # fmt: skip
    return course / "runs" / "report.json"


def test_a_notebooks_results_arrive_in_the_report(report):
    first, _ = json.loads(report.read_text())["runs"]
    small, linear = first["results"]
    assert small["values"] == [0.98, 0.99] and small["parameters"] == 80_282
    assert linear["values"] == [34_785] and linear["seconds"] is None


def test_seeds_and_trainings_are_pooled_on_the_page(report, tmp_path):
    reports.write_full(tmp_path, report)
    page = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert (
        "| MNIST | small | 80,282 | test accuracy | 0.9850 ± 0.0058 | 4 | 12.0 |"
        in page
    )
    assert "| Chicago | linear |  | test MAE | 34,786 ± 1 | 2 |  |" in page
    assert "| 90 Tiny 90 | 0, 2 |" in page and "on the CPU, Python 3" in page
    assert "Géron" in page


def test_other_reports_are_refused(report, tmp_path):
    changed = json.loads(report.read_text())
    for change, said in (
        ({"profile": "quick"}, "is not a report of the full profile"),
        ({"runs": None}, "is not a report of the full profile"),
        ({"runs": [changed["runs"][0] | {"status": "failed"}]}, "is failed: mend it"),
    ):
        path = tmp_path / "report.json"
        path.write_text(json.dumps(changed | change))
        with pytest.raises(click.ClickException, match=said):
            reports.write_full(tmp_path, path)
    with pytest.raises(click.ClickException, match="is not a report"):
        reports.write_full(tmp_path, tmp_path / "none.json")
    assert not (tmp_path / "RESULTS.md").exists()


def test_a_part_replaces_itself_alone(tmp_path):
    reports.write_part(tmp_path, "mnist", ["old mnist"])
    reports.write_part(tmp_path, "quick", ["quick part"])
    reports.write_part(tmp_path, "mnist", ["new mnist"])
    page = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "new mnist" in page and "old mnist" not in page
    assert page.index("quick part") < page.index("new mnist")
    assert page.count("<!-- mnist -->") == 1


@pytest.mark.parametrize(
    "values, text",
    [([0.5], "0.5000"), ([1.7, 1.7], "1.70 ± 0.00"), ([32e3, 34e3], "33,000 ± 1,414")],
)
def test_digits_suit_the_size(values, text):
    assert reports.mean_and_spread(values) == text


def test_the_command_writes_the_page_or_says_what_to_give(
    report, tmp_path, monkeypatch
):
    monkeypatch.setattr(catalog, "find_root", lambda: tmp_path)
    done = CliRunner().invoke(main, ["results", str(report)])
    assert done.exit_code == 0 and (tmp_path / "RESULTS.md").is_file(), done.output
    done = CliRunner().invoke(main, ["results", "nowhere.json"])
    assert done.exit_code == 1 and "give the report.json of" in done.output


def test_claims_over_seeds_say_where_bounds_may_lie(tmp_path):
    """The page has the mean less and plus four standard deviations, from three seeds on."""
    runs = [
        {"lesson": "90", "title": "Tiny", "seed": seed, "status": "green", "claims": [
            {"text": "it is so", "value": value, "passed": True, "at_least": 1,
             "at_most": None}]}
        for seed, value in enumerate([4.0, 5.0, 6.0])
    ]  # fmt: skip
    settings = {"profile": "quick", "device": "cpu", "backend": "tensorflow"}
    reports.write_reports(tmp_path, runs, **settings)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<td>it is so</td><td>1 … </td><td>1 … 9</td><td>✓ 4</td>" in page
    reports.write_reports(tmp_path, runs[:2], **settings)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<td>1 … </td><td></td><td>✓ 4</td>" in page
