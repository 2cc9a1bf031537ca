"""RESULTS.md from a report: what it takes, what it refuses."""

import json

import click
import pytest
from course import FINE, make_course

from dlcourse.tools import bench, catalog, run


def report(path, **changes):
    runs = [
        {"lesson": "90", "seed": seed, "status": "green", "wall_s": 10 + seed,
         "cpu_s": 8.0, "peak_mb": 900}
        for seed in range(3)
    ]  # fmt: skip
    path.write_text(json.dumps({"profile": "quick", "runs": runs, **changes}))
    return path


def test_medians_of_a_report_become_the_page_and_the_header(tmp_path, monkeypatch):
    course = make_course(tmp_path / "c", l90=FINE)
    monkeypatch.setattr(bench, "measure_imports", lambda rounds: {"import keras": 1.0})
    source = report(tmp_path / "report.json")
    parts = ("imports", "lessons")
    bench.main(course, rounds=1, stamp=True, report=source, only=parts)
    page = (course / "RESULTS.md").read_text(encoding="utf-8")
    assert "| 90 Tiny 90 | 11 | 8 | 900 |" in page and "3 seeds" in page
    assert "whole course" not in page  # a report does not tell
    assert catalog.read_lessons(course)[0].seconds == 11
    run.prepare_folder(course / "runs" / "bench")  # for a bench that runs the lessons


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"profile": "full"}, "is not of the quick profile"),
        ({"runs": []}, "has no lesson 90"),
        ({"runs": None}, "is not a report"),
    ],
)
def test_other_reports_are_refused(tmp_path, changes, said):
    course = make_course(tmp_path / "c", l90=FINE)
    source = report(tmp_path / "report.json", **changes)
    with pytest.raises(click.ClickException, match=said):
        bench.read_report(source, catalog.read_lessons(course))
    with pytest.raises(click.ClickException, match="is not a report"):
        bench.read_report(tmp_path / "none.json", catalog.read_lessons(course))


def test_a_red_run_is_not_measured(tmp_path):
    course = make_course(tmp_path / "c", l90=FINE)
    (lesson,) = catalog.read_lessons(course)
    runs = json.loads(report(tmp_path / "r.json").read_text())["runs"]
    runs[1]["status"] = "claim failed"
    with pytest.raises(click.ClickException, match="claim failed: mend it first"):
        bench.lesson_figures(lesson, runs)


def test_lessons_measured_differently_do_not_share_a_page(tmp_path):
    course = make_course(tmp_path / "c", l90=FINE, l91=FINE)
    source = report(tmp_path / "report.json")
    content = json.loads(source.read_text())
    content["runs"].append({**content["runs"][0], "lesson": "91"})
    source.write_text(json.dumps(content))
    with pytest.raises(click.ClickException, match="more runs of some lessons"):
        bench.read_report(source, catalog.read_lessons(course))
