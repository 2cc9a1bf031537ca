"""RESULTS.md: parts that replace only themselves, and results that notebooks hand over."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from course import LAPTOP, make_course, make_record

from dlcourse import CourseError
from dlcourse.tools import catalog, notebooks, run
from dlcourse.tools import report as reports
from dlcourse.tools.cli import main
from dlcourse.tools.execute import Failure
from dlcourse.tools.records import Claim, Report, Result, current_environment, to_json

MEASURES = """# %%
from dlcourse import record
print("Lesson 90 · full · CPU · Keras 3")
record("MNIST", "small", "test accuracy", [0.98, 0.99], parameters=80_282, seconds=12)
record("Chicago", "linear", "test MAE", 34_785 + SEED)
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Run a tiny course in the full profile, two seeds; return its report's path."""
    course = make_course(tmp_path_factory.mktemp("full") / "c", l90=MEASURES)
    (lesson,) = catalog.read_lessons(course)
    notebooks.write_notebook(notebooks.skeleton(lesson), lesson.notebook)
    run.run_course(
        course, [lesson], seeds=[0, 2], jobs=2, folder=course / "runs", profile="full",
        device="cpu", quiet=True,
    )  # fmt: skip
    return course / "runs" / "report.full.json"


def write(path, *runs, profile="full"):
    path.write_text(to_json(Report(profile, "cpu", "tensorflow", list(runs))))
    return path


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
    assert "| 90 Tiny 90 | 0, 2 |" in page
    here = current_environment()
    assert f"{here.machine}, {here.software}, on the CPU |" in page
    assert "Géron" in page


def test_the_page_names_what_ran_and_when(tmp_path):
    runs = [make_record(), make_record(seed=1, date="2020-03-02")]
    reports.write_full(tmp_path, write(tmp_path / "r.json", *runs))
    page = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "| 2020-02-29 to 2020-03-02 | Laptop, Python 3.12.1, Keras 3.1" in page
    assert "TensorFlow 2.9, on the device unknown |" in page


def test_lessons_that_did_not_run_keep_their_rows(tmp_path):
    def measured(lesson, model, value, **options):
        found = [Result(lesson, "MNIST", model, "accuracy", [value])]
        return replace(make_record(results=found, **options), lesson=lesson)

    first = [measured("90", "old", 0.5), measured("80", "other", 0.25)]
    reports.write_full(tmp_path, write(tmp_path / "r.json", *first))
    newer = measured("90", "new", 0.75, date="2020-03-02",
                     environment=replace(LAPTOP, machine="Desk"))  # fmt: skip
    reports.write_full(tmp_path, write(tmp_path / "r.json", newer))
    page = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "| 80 | MNIST | other |  | accuracy | 0.2500 | 1 |  |" in page
    assert "| new |" in page and "| old |" not in page
    assert (
        page.count("| 2020-02-29 | Laptop,") == page.count("| 2020-03-02 | Desk,") == 1
    )
    assert page.index("| 80 | MNIST |") < page.index("| 90 | MNIST |")


@pytest.mark.parametrize(
    "runs, profile, said",
    [
        ([make_record()], "quick", "is not of the full profile: give the report.full"),
        ([make_record(status="failed")], "full", "90, seed 0, is failed: mend it"),
        ([make_record(status="skipped")], "full", "holds no run"),
        (
            [make_record(), make_record(environment=replace(LAPTOP, python="3.11.0"))],
            "full",
            "not used. These runs come from different machines or package versions: Laptop,"
            " Python 3.12.1, .*; Laptop, Python 3.11.0",
        ),
        (
            [make_record(results=[Result("90", "MNIST", "small", "accuracy", [])])],
            "full",
            "Lesson 90 records no value of accuracy for small on MNIST",
        ),
    ],
)
def test_other_reports_are_refused(tmp_path, runs, profile, said):
    path = write(tmp_path / "report.json", *runs, profile=profile)
    with pytest.raises(CourseError, match=said):
        reports.write_full(tmp_path, path)
    assert not (tmp_path / "RESULTS.md").exists()


def test_what_is_no_report_is_refused(tmp_path):
    with pytest.raises(CourseError, match="is not a report"):
        reports.write_full(tmp_path, tmp_path / "none.json")


def test_what_goes_wrong_on_the_way_to_the_page_keeps_its_name(tmp_path, monkeypatch):
    """A page that cannot be written is no fault of the report."""

    def full(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(reports, "write_part", full)
    with pytest.raises(OSError, match="No space left"):
        reports.write_full(tmp_path, write(tmp_path / "r.json", make_record()))
    monkeypatch.setattr(reports, "full_lines", lambda *a: {}["absent"])
    with pytest.raises(KeyError, match="absent"):
        reports.write_full(tmp_path, write(tmp_path / "r.json", make_record()))


def test_an_error_names_its_lesson_and_its_cell():
    record = make_record(
        status="failed", error=Failure(1, "ValueError: no"), usage=None
    )
    assert "lesson 90, cell 1: ValueError: no" in reports.describe(record)
    record = replace(record, error=Failure(None, "the runner stopped"))
    assert "lesson 90, the runner stopped" in reports.describe(record)


def test_a_report_of_several_machines_says_so(tmp_path):
    other = make_record(seed=1, environment=replace(LAPTOP, machine="Desk"))
    reports.write_reports(
        tmp_path, Report("quick", "cpu", "tensorflow", [make_record(), other])
    )
    page = (tmp_path / "report.quick.html").read_text(encoding="utf-8")
    assert "These runs come from different machines" in page and "Desk" in page
    reports.write_reports(tmp_path, Report("quick", "cpu", "tensorflow", [other]))
    page = (tmp_path / "report.quick.html").read_text(encoding="utf-8")
    assert "different machines" not in page
    assert "Desk, Python 3.12.1, Keras 3.1, TensorFlow 2.9 · 2020-02-29" in page


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
    assert done.exit_code == 1 and "give the report.full.json of" in done.output


def test_claims_over_seeds_say_where_bounds_may_lie(tmp_path):
    """The page has the mean less and plus four standard deviations, from three seeds on."""
    runs = [
        replace(
            make_record(seed=seed), claims=[Claim("it is so", value, 1, None, True)]
        )
        for seed, value in enumerate([4.0, 5.0, 6.0])
    ]
    reports.write_reports(tmp_path, Report("quick", "cpu", "tensorflow", runs))
    page = reports.report_path(tmp_path, "quick", "html").read_text(encoding="utf-8")
    assert "<td>it is so</td><td>1 … </td><td>1 … 9</td><td>✓ 4</td>" in page
    reports.write_reports(tmp_path, Report("quick", "cpu", "tensorflow", runs[:2]))
    page = reports.report_path(tmp_path, "quick", "html").read_text(encoding="utf-8")
    assert "<td>1 … </td><td></td><td>✓ 4</td>" in page


def test_the_claims_command_marks_bounds_that_chance_may_break(tmp_path):
    def measured(seed, *claims):
        return replace(make_record(seed=seed), claims=list(claims))

    runs = [
        measured(
            seed,
            Claim("gains", value, 1.5, None, True),
            Claim("costs", value, None, 8, True),
            Claim("wide", value, 0.5, 9.5, True),
            Claim("is so", 1.0, None, None, True),
        )
        for seed, value in enumerate([4.0, 5.0, 6.0])  # mean 5, deviation 1: 1 to 9
    ]
    reports.write_reports(tmp_path, Report("quick", "cpu", "tensorflow", runs))
    path = reports.report_path(tmp_path, "quick")
    done = CliRunner().invoke(main, ["claims", str(path)])
    assert done.exit_code == 1
    assert "✗ 90 gains\n      3 seeds: mean 5, deviation 1; ≥ 1.5, four" in done.output
    assert "✗ 90 costs" in done.output and "≤ 8, four deviations 9" in done.output
    assert "✓ 90 wide" in done.output and "is so" not in done.output
    assert "3 claims with bounds, 2 nearer than four deviations" in done.output
    path.write_text(path.read_text().replace("1.5", "0.9").replace(": 8", ": 9"))
    assert CliRunner().invoke(main, ["claims", str(path)]).exit_code == 0
    reports.write_reports(tmp_path, Report("quick", "cpu", "tensorflow", runs[:2]))
    done = CliRunner().invoke(main, ["claims", str(path)])
    assert done.exit_code == 1 and "bounds need several seeds" in done.output
    done = CliRunner().invoke(main, ["claims", "nowhere.json"])
    assert "is not a report of make run" in done.output
