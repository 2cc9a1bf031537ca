"""RESULTS.md from a report: what it takes, what it refuses, and what it says of it."""

from dataclasses import replace

import pytest
from course import FINE, LAPTOP, make_course, make_record

from dlcourse import CourseError
from dlcourse.tools import bench, catalog, run
from dlcourse.tools.execute import Usage
from dlcourse.tools.records import Report, current_environment, to_json

PARTS = ("imports", "lessons")


def three_runs(**changes):
    return [
        make_record(seed=seed, usage=Usage(10.0 + seed, 8.0, 900), **changes)
        for seed in range(3)
    ]


def write(path, runs, profile="quick"):
    path.write_text(to_json(Report(profile, "cpu", "tensorflow", runs)))
    return path


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "measure_imports", lambda rounds: {"import keras": 1.0})
    return make_course(tmp_path / "c", l90=FINE)


def test_medians_of_a_report_become_the_page_and_the_header(course, tmp_path):
    here = three_runs(environment=current_environment())
    source = write(tmp_path / "report.json", here)
    bench.main(course, rounds=1, stamp=True, report=source, only=PARTS)
    page = (course / "RESULTS.md").read_text(encoding="utf-8")
    assert "| 90 Tiny 90 | 11 | 8 | 900 |" in page and "3 seeds" in page
    assert "whole course" not in page  # a report does not tell
    assert f"on 2020-02-29: {current_environment()}" in page  # the runs' day, not today
    assert catalog.read_lessons(course)[0].seconds == 11
    run.prepare_folder(course / "runs" / "bench")  # for a bench that runs the lessons


def test_the_page_names_the_machine_and_the_versions_of_the_report(course, tmp_path):
    source = write(tmp_path / "report.json", three_runs())
    cost = bench.cost_of_report(source, catalog.read_lessons(course), {})
    said = "on 2020-02-29: Laptop, Python 3.12.1, Keras 3.1, TensorFlow 2.9;"
    assert said in bench.course_lines(cost)[0]


@pytest.mark.parametrize(
    "runs, profile, said",
    [
        (three_runs(), "full", "is not of the quick profile"),
        ([], "quick", "holds no run"),
        (three_runs(lesson="91"), "quick", "has no lesson 90"),
        ([make_record(), make_record(status="claim failed")], "quick", "mend it first"),
        (
            [make_record(), make_record(environment=replace(LAPTOP, machine="Desk"))],
            "quick",
            "different machines or package versions",
        ),
        (
            [make_record(), make_record(environment=replace(LAPTOP, packages={}))],
            "quick",
            "different machines or package versions",
        ),
    ],
)
def test_other_reports_are_refused(course, tmp_path, runs, profile, said):
    source = write(tmp_path / "report.json", runs, profile)
    with pytest.raises(CourseError, match=said):
        bench.main(course, rounds=1, stamp=True, report=source, only=PARTS)
    assert not (course / "RESULTS.md").exists()


@pytest.mark.parametrize(
    "text", [None, "", "[]", "{}", '{"runs": [{}]}', '{"runs": null}']
)
def test_what_is_no_report_is_refused(course, tmp_path, text):
    source = tmp_path / "report.json"
    if text is not None:
        source.write_text(text)
    with pytest.raises(CourseError, match="is not a report of make run"):
        bench.cost_of_report(source, catalog.read_lessons(course), {})


def test_imports_of_another_machine_do_not_share_the_page(course, tmp_path):
    source = write(tmp_path / "report.json", three_runs())
    with pytest.raises(CourseError, match="is from Laptop.* imports were measured on"):
        bench.main(course, rounds=1, stamp=True, report=source, only=PARTS)
    assert not (course / "RESULTS.md").exists()


def test_a_red_run_is_not_measured(course):
    (lesson,) = catalog.read_lessons(course)
    runs = [make_record(), make_record(status="claim failed")]
    with pytest.raises(CourseError, match="90 is claim failed: mend it first"):
        bench.lesson_cost(lesson, runs)


def test_lessons_measured_differently_do_not_share_a_page(tmp_path):
    course = make_course(tmp_path / "c", l90=FINE, l91=FINE)
    source = write(tmp_path / "r.json", [*three_runs(), make_record(lesson="91")])
    with pytest.raises(CourseError, match="more runs of some lessons"):
        bench.cost_of_report(source, catalog.read_lessons(course), {})


def test_a_part_that_is_named_is_measured(course, capsys):
    bench.main(course, rounds=1, only=("imports",))
    assert "import keras" in capsys.readouterr().out
