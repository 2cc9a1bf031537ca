"""The benchmark's own arithmetic: recipes, medians, shares, exponents, augmentation."""

import json
import sys
import types
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from course import LAPTOP

from dlcourse import CourseError, datasets
from dlcourse.tools import bench, comparisons
from dlcourse.tools.cli import main
from dlcourse.tools.comparisons import Comparison, Images, Row
from dlcourse.tools.records import to_json


def one_round(base, other, accuracy=0.9):
    rows = {
        "classic": Row(seconds=base, accuracy=0.98),
        "fast": Row(seconds=other, accuracy=accuracy),
    }
    return Comparison("MNIST", rows, "2020-02-29", LAPTOP)


def test_medians_means_and_shares_of_the_rounds():
    rounds = [one_round(10, 2, 0.90), one_round(20, 4, 0.97), one_round(12, 90, 0.98)]
    summary = comparisons.summarize("mnist", rounds)
    fast = summary.rows["fast"]
    assert summary.rounds == 3 and fast.seconds == 4
    assert fast.share == pytest.approx(4 / 12)
    assert fast.accuracy == pytest.approx(0.95)
    # deviations -0.05, 0.02 and 0.03: their squares, over two degrees of freedom
    assert fast.accuracy_std == pytest.approx((0.0038 / 2) ** 0.5)
    text = bench.comparison_table("mnist", summary)
    assert "0.33 ×" in text and "95.00 ± 4.36 %" in text and "absent" not in text
    (one,) = (comparisons.summarize("mnist", rounds[:1]).rows["fast"],)
    assert one.accuracy_std is None and bench.percent(one) == "90.00"


def test_a_round_survives_the_way_through_json():
    once = one_round(10, 2)
    assert Comparison.from_json(json.loads(to_json(once, indent=None))) == once


def test_exponents_of_power_laws():
    assert comparisons.exponent([1, 10, 100], [3, 30, 300]) == pytest.approx(1)
    assert comparisons.exponent([1, 4, 16], [5, 10, 20]) == pytest.approx(0.5)


def test_random_shift_moves_by_whole_pixels_and_keeps_the_ink():
    x = np.zeros((50, 28, 28, 1), "float32")
    x[:, 10, 12] = 1
    shifted = comparisons.random_shift(x, 1, np.random.default_rng(0))
    assert shifted.shape == x.shape and shifted.sum() == 50
    rows, columns = np.argwhere(shifted[..., 0])[:, 1:].T
    assert set(rows) == {9, 10, 11} and set(columns) == {11, 12, 13}


def test_test_time_augmentation_adds_the_outputs_of_five_positions():
    x = np.zeros((1, 5, 5, 1), "float32")
    x[0, 2, 2] = 1
    total = comparisons.predict_augmented(lambda images: images, x)[0, ..., 0]
    cross = {(2, 2), (1, 2), (3, 2), (2, 1), (2, 3)}
    assert {tuple(place) for place in np.argwhere(total == 1)} == cross
    assert total.sum() == 5


# ---- the recipes, without a training --------------------------------------------------


def test_the_recipes_are_those_that_the_pages_describe():
    fast, accurate = comparisons.FAST, comparisons.ACCURATE
    assert (fast.batch_size, fast.epochs, fast.steps_per_execution) == (128, 1, 32)
    assert fast.peak_learning_rate == 0.01 and fast.label_smoothing == 0.05
    assert fast.beta_2 == 0.95 and fast.less_tracing and not fast.random_shift
    changed = {"epochs": 5, "random_shift": 1, "test_time_augmentation": True}
    assert accurate == replace(fast, **changed)
    assert comparisons.CLASSIC.batch_size == 32 and comparisons.CLASSIC.epochs == 2
    assert comparisons.DENSE_CLASSIC.epochs == 5
    scheduled = comparisons.DENSE_SCHEDULED
    assert (scheduled.batch_size, scheduled.epochs) == (128, 3)
    assert (scheduled.steps_per_execution, scheduled.peak_learning_rate) == (32, 0.004)


def test_the_ablation_changes_one_thing_at_a_time():
    rows = list(comparisons.ABLATION.values())
    full = rows[7][1]
    assert full == replace(comparisons.FAST, jit_compile=False)
    together = {("peak_learning_rate", "batch_size"),  # a bold rate for large batches
                ("beta_2", "label_smoothing"),
                ("average_weights", "final_learning_rate")}  # fmt: skip
    pairs = list(zip(rows[:7], rows[1:8], strict=True))
    pairs += [(rows[7], row) for row in rows[8:]]
    for (build, before), (other, after) in pairs:
        changed = {
            name for name in vars(before) if vars(before)[name] != vars(after)[name]
        }
        if other != build:
            assert changed <= {"peak_learning_rate"}
        elif len(changed) > 1:
            assert changed in [set(pair) for pair in together]
    smoothings = [recipe.label_smoothing for _, recipe in rows]
    assert smoothings == [0.0] * 6 + [0.05] * 12


def test_a_recipe_arrives_in_the_compiled_model():
    recipe = comparisons.FAST
    model = comparisons.cropped_network()
    comparisons.compile_smoothed(model, recipe, 60_000)
    assert model.steps_per_execution == 32 and model.optimizer.beta_2 == 0.95
    assert model.optimizer.built  # before fit
    target = np.eye(10, dtype="float32")[[3]]
    logits = np.arange(10, dtype="float32")[None]
    logs = logits[0] - np.log(np.exp(logits[0]).sum())
    smoothed = 0.95 * target[0] + 0.05 / 10  # a twentieth goes to all ten alike
    loss = float(model.loss(target, logits))
    assert loss == pytest.approx(-(smoothed * logs).sum(), rel=1e-5)


def test_a_classic_network_hands_the_loss_its_probabilities():
    model = comparisons.classic_network()
    comparisons.compile_smoothed(model, comparisons.BATCH_32, 60_000)
    target = np.eye(10, dtype="float32")[[3]]
    loss = float(model.loss(target, np.full((1, 10), 0.1, "float32")))
    assert loss == pytest.approx(np.log(10), rel=1e-4)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.001)


def test_warm_up_for_a_fifth_of_the_steps_then_a_cosine():
    recipe = comparisons.Recipe(batch_size=100, epochs=2, peak_learning_rate=0.01)
    rate = comparisons.learning_rate(recipe, 4_950)  # 50 steps per epoch
    steps = (0, 10, 20, 60, 100)
    middle = 0.01 * (0.01 + 0.99 / 2)
    wanted = [0, 0.005, 0.01, middle, 0.0001]
    assert [float(rate(step)) for step in steps] == pytest.approx(wanted, abs=1e-7)
    recipe = replace(recipe, final_learning_rate=0.3)
    assert float(comparisons.learning_rate(recipe, 4_950)(100)) == pytest.approx(0.003)


def test_a_network_in_bfloat16_leaves_no_trace_behind():
    import keras

    recipe = replace(comparisons.FAST, dtype_policy="mixed_bfloat16")
    model = comparisons.build_model(comparisons.cropped_network, recipe)
    assert model.layers[-1].compute_dtype == "bfloat16"
    assert keras.config.dtype_policy().name == "float32"


@pytest.mark.parametrize(
    "system, peak, megabytes", [("linux", 2048, 2), ("darwin", 3 * 2**20, 3)]
)
def test_peak_memory_is_counted_in_the_systems_unit(
    monkeypatch, system, peak, megabytes
):
    resource = pytest.importorskip("resource")  # not on Windows
    usage = types.SimpleNamespace(ru_maxrss=peak)
    monkeypatch.setattr(resource, "getrusage", lambda who: usage)
    monkeypatch.setattr(sys, "platform", system)
    assert comparisons.peak_memory_mb() == megabytes


# ---- networks, images, small trainings ------------------------------------------------


def test_the_networks_are_those_of_the_tutorial_and_of_the_lesson():
    assert comparisons.classic_network().count_params() == 693_962
    assert comparisons.small_network().count_params() == 80_282
    assert comparisons.fast_network(crop=2).count_params() < 30_000
    assert comparisons.dense_network().count_params() == 101_770


def test_without_mnist_the_digits_stand_in(monkeypatch):
    def none():
        raise CourseError("no network")

    monkeypatch.setattr(datasets, "mnist", none)
    data = comparisons.load_images()
    x = data.x
    assert data.source == "digits"
    assert x.shape[1:] == (28, 28, 1) and x.dtype == np.float32
    assert 0 == x.min() and x.max() == 1 and len(x) == len(data.y)
    assert len(data.x_test) == len(data.y_test) == 360
    summary = Comparison("digits", {}, "2020-02-29", LAPTOP)
    assert "MNIST is absent" in bench.comparison_table("mnist", summary)


def test_the_recipes_train_and_predict(monkeypatch):
    def none():
        raise CourseError("no network")

    monkeypatch.setattr(datasets, "mnist", none)
    data = comparisons.load_images(300)
    assert len(data.x) == len(data.y) == 300
    import keras

    keras.utils.set_random_seed(0)
    recipe = replace(comparisons.ACCURATE, epochs=16)
    rng = np.random.default_rng(0)
    _, predict = comparisons.train(
        comparisons.fast_network, recipe, data.x, data.y, rng
    )
    logits = predict(data.x_test)
    assert logits.shape == (360, 10)
    # twelve trainings reached 0.95 to 0.97; with half the epochs, 0.4 to 0.9
    assert np.mean(logits.argmax(axis=1) == data.y_test) > 0.85
    pytest.importorskip("resource")  # not on Windows
    (row,) = comparisons.growth(0, 2000, 4).rows.values()  # more than there are digits
    assert row.images == 2000 and row.seconds > 0 and row.memory_mb >= 1


def two_marks(n):
    """Return n black pictures with a mark on the left and one on the right."""
    x = np.zeros((n, 28, 28, 1), "float32")
    x[:, 13:15, 6:8] = x[:, 13:15, 20:22] = 1
    return x


def marks_of(pictures):
    """Return the centers (row, column) of the left and of the right mark, (n, 2, 2)."""
    halves = np.split(np.asarray(pictures)[..., 0], 2, axis=2)
    grid = np.indices(halves[0].shape[1:])
    centers = [
        np.einsum("dij,nij->nd", grid, half) / half.sum(axis=(1, 2))[:, None]
        for half in halves
    ]
    centers[1] += (0, 14)
    return np.stack(centers, axis=1)


def generated(x):
    generator = comparisons.image_data_generator()
    return next(generator.flow(x, batch_size=len(x), seed=0))


@pytest.mark.parametrize(
    "augment",
    [
        generated,
        lambda x: comparisons.three_layers()(x, training=True),
        comparisons.random_affine,
    ],
    ids=["ImageDataGenerator", "three layers", "one transform"],
)
def test_every_way_rotates_shifts_and_zooms_as_far_as_the_others(augment):
    """The line between two marks tells: its angle, its middle, its length."""
    import keras

    keras.utils.set_random_seed(0)
    marks = marks_of(augment(two_marks(128)))
    down, right = (marks[:, 1] - marks[:, 0]).T
    angle = np.degrees(np.arctan2(down, right))
    assert 10 < angle.max() < 18 and -18 < angle.min() < -10
    middle = marks.mean(axis=1) - 13.5
    assert np.all(middle.max(axis=0) > 2) and np.all(middle.min(axis=0) < -2)
    assert np.abs(middle).max() < 3.6
    length = np.hypot(down, right) / 14
    assert 1.06 < length.max() < 1.14 and 0.87 < length.min() < 0.94


def test_one_transform_moves_as_told():
    x = two_marks(64)
    still = {"rotation": 0, "shift": 0, "zoom": 0}
    assert np.allclose(comparisons.random_affine(x, **still), x)
    assert comparisons.random_affine(x, training=False) is x
    for most in ({"rotation": 45}, {"shift": 0.2}, {"zoom": 0.3}):
        moved = comparisons.random_affine(x, **still | most)
        differs = np.abs(np.asarray(moved) - x).max(axis=(1, 2, 3))
        assert np.sum(differs > 0.1) >= 48, most


def test_the_ablation_trains_every_row(monkeypatch):
    rng = np.random.default_rng(0)
    x, y = rng.random((256, 28, 28, 1), "float32"), np.arange(256) % 10
    noise = Images(x, y, x[:100], y[:100], "noise")
    monkeypatch.setattr(comparisons, "load_images", lambda: noise)
    cheap = {
        name: (build, replace(recipe, batch_size=64, steps_per_execution=1))
        for name, (build, recipe) in comparisons.ABLATION.items()
        if name in ("+ warm-up and cosine decay", "fast: weight averaging",
                    "almost no network", "fast: test-time augmentation",
                    "fast: bfloat16", "fast: second epoch")
    }  # fmt: skip
    assert len(cheap) == 6
    monkeypatch.setattr(comparisons, "ABLATION", cheap)
    rows = comparisons.ablation(1).rows
    assert list(rows) == list(cheap)
    for row in rows.values():
        assert 0 <= row.accuracy <= 1 and row.seconds >= row.fit_s > 0


def test_a_comparison_becomes_a_part_of_the_page():
    rounds = [one_round(10, 2), one_round(12, 3)]
    lines = bench.comparison_lines("mnist", comparisons.summarize("mnist", rounds))
    assert "| fast | 2.50 | 0.23 × | 90.00 ± 0.00 |" in lines
    assert (
        '"--only mnist --rounds 2"` on 2020-02-29: Laptop, Python 3.12.1,' in lines[0]
    )


def test_a_failing_round_is_reported_in_one_sentence(monkeypatch):
    monkeypatch.setattr(
        bench.subprocess,
        "run",
        lambda *a, **k: types.SimpleNamespace(
            returncode=1, stdout="", stderr="trace\nMemoryError: too large"
        ),
    )
    with pytest.raises(CourseError, match="mnist 0: MemoryError: too large"):
        bench.compare("mnist", 1)
    with pytest.raises(CourseError, match="growth 0 1000 16: MemoryError: too large"):
        bench.compare("growth", 1)


def test_rounds_become_json_and_a_figure(tmp_path, monkeypatch):
    line = to_json(one_round(10, 2), indent=None)
    done = types.SimpleNamespace(returncode=0, stdout=f"a library's remark\n{line}\n")
    monkeypatch.setattr(bench.subprocess, "run", lambda *a, **k: done)
    summary = bench.compare("mnist", 3)
    bench.write_comparisons(tmp_path, {"dense": summary})
    bench.write_comparisons(tmp_path, {"mnist": summary})  # the other one stays
    known = bench.read_comparisons(tmp_path / "comparisons.json")
    assert list(known) == ["mnist", "dense"]
    assert known["mnist"] == summary and summary.rounds == 3
    assert known["mnist"].rows["fast"].share == pytest.approx(0.2)
    assert (tmp_path / "comparisons.png").read_bytes().startswith(b"\x89PNG")
    (tmp_path / "comparisons.json").write_text('{"comparisons": {"mnist": {}}}')
    assert bench.read_comparisons(tmp_path / "comparisons.json") == {}


def test_parts_that_are_not_there_are_named():
    result = CliRunner().invoke(main, ["bench", "--only", "tea"])
    assert result.exit_code == 2 and "no part is called 'tea'" in result.output
    result = CliRunner().invoke(main, ["bench", "--only", "imports", "--stamp"])
    assert result.exit_code == 1 and "name both, or neither" in result.output
