"""Repeated trainings: fresh every time, paired, the same again; progress that is not kept."""

import itertools
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT

from dlcourse import CourseError, derived_seed, repeat, track, training

keras = pytest.importorskip("keras")
layers = keras.layers
X = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
Y = (X.sum(axis=1) > 0).astype("float32")


def network(*extra, rate=0.05, optimizer=keras.optimizers.Adam):
    model = keras.Sequential(
        [layers.Input((4,)), layers.Dense(5, "tanh"), *extra, layers.Dense(1)]
    )
    model.compile(optimizer(rate), "mse", metrics=["mae"])
    return model


def plain():
    return network()


def rich():
    return network(layers.BatchNormalization(), layers.Dropout(0.5))


def fit(model, epochs=2, **options):
    model.fit(X, Y, batch_size=16, epochs=epochs, verbose=0, **options)
    return [keras.ops.convert_to_numpy(v) for v in model.variables]


def weights_at_start(model):
    start = [keras.ops.convert_to_numpy(v) for v in model.trainable_variables]
    for variable in model.trainable_variables:  # as if trained: a training is slower
        variable.assign(variable + 1)
    return {"start": np.concatenate([part.ravel() for part in start])}


def pick(table, contender, i, key="start"):
    return table[(table.contender == contender) & (table.repeat == i)][key].iloc[0]


def test_it_does_what_building_anew_each_time_does_number_for_number():
    """The reference is the slow way: seed, build, compile, train."""
    slow = []
    # elsewhere the order of the batches differs in a first fit() and later ones
    options = {"shuffle": keras.backend.backend() == "tensorflow"}
    for i in range(2):
        keras.utils.set_random_seed(derived_seed(7, "repeat", i))
        slow.append(fit(rich(), **options))
    fast = repeat(2, {"rich": rich}, lambda m: {"end": fit(m, **options)}, seed=7)
    for i in range(2):
        for expected, found in zip(slow[i], pick(fast, "rich", i, "end"), strict=True):
            np.testing.assert_array_equal(expected, found)


@pytest.mark.parametrize("reseed", [True, False])
def test_starts_differ_between_repeats_and_agree_between_contenders_and_calls(reseed):
    both = {"a": plain, "b": lambda: network(rate=0.5)}
    first, again = (
        repeat(3, both, weights_at_start, seed=3, reseed=reseed) for _ in range(2)
    )
    other = repeat(3, both, weights_at_start, seed=4, reseed=reseed)
    for i in range(3):
        start = pick(first, "a", i)
        np.testing.assert_array_equal(start, pick(first, "b", i))
        np.testing.assert_array_equal(start, pick(again, "a", i))
        assert not np.allclose(start, pick(other, "a", i))
    for i, j in itertools.combinations(range(3), 2):
        assert not np.allclose(pick(first, "a", i), pick(first, "a", j))


def test_contenders_see_the_batches_in_the_same_order_and_repeats_in_another():
    def orders(model):
        seen = []

        class Spy(keras.callbacks.Callback):
            def on_train_batch_end(self, batch, logs=None):
                seen.append(logs["loss"])

        model.reset_metrics()
        model.fit(X, Y, batch_size=16, epochs=1, verbose=0, callbacks=[Spy()])
        return {"seen": seen}

    def still():  # never changes, so the losses tell the order
        return network(rate=0.0, optimizer=keras.optimizers.SGD)

    def constant_start():
        model = still()
        model.set_weights([np.full(w.shape, 0.1) for w in model.get_weights()])
        return model

    table = repeat(2, {"a": constant_start, "b": lambda: constant_start()}, orders)
    assert pick(table, "a", 0, "seen") == pick(table, "b", 0, "seen")
    assert pick(table, "a", 0, "seen") != pick(table, "a", 1, "seen")


def test_everything_is_fresh_when_a_repeat_begins():
    """Moving statistics, dropout's seed, moments, step count, rate and metrics."""
    begun = []

    def spoil(model):
        begun.append(
            [
                keras.ops.convert_to_numpy(v)
                for v in (*model.variables, *model.optimizer.variables)
            ]
            + [sum(float(keras.ops.sum(v)) for v in model.metrics_variables)]
        )
        fit(model)
        model.optimizer.learning_rate = 9.0  # as ReduceLROnPlateau would
        return 0.0

    repeat(2, rich, spoil, seed=0)
    keras.utils.set_random_seed(derived_seed(0, "repeat", 1))
    wanted = training._state(training._checked(rich(), "rich"))
    for expected, found in zip(wanted, begun[1][:-1], strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(expected), found)
    assert begun[1][-1] == 0
    rate = [v for v in wanted if v.path.endswith("learning_rate")]
    assert len(rate) == 1 and abs(float(rate[0]) - 0.05) < 1e-7


def test_a_network_is_traced_once_per_builder():
    models = []

    def train(model):
        if not models or models[-1] is not model:
            models.append(model)
        return 1.0

    repeat(3, {"a": plain, "b": plain, "c": rich}, train)
    once = 2 if keras.backend.backend() == "tensorflow" else 3
    assert len(models) == once
    built = iter([plain(), rich(), plain()])  # a builder that changes its mind
    repeat(3, lambda: next(built), train)
    assert len(models) == once + 3


def test_shared_weights_give_all_contenders_the_first_ones():
    both = {"plain": plain, "drop": lambda: network(layers.Dropout(0.5))}
    apart = repeat(1, both, weights_at_start)
    shared = repeat(1, both, weights_at_start, shared_weights=True)
    assert not np.allclose(pick(apart, "plain", 0), pick(apart, "drop", 0))
    np.testing.assert_array_equal(pick(shared, "plain", 0), pick(shared, "drop", 0))
    np.testing.assert_array_equal(pick(shared, "plain", 0), pick(apart, "plain", 0))
    with pytest.raises(CourseError, match="'rich' has other weights than the first"):
        repeat(1, {"plain": plain, "rich": rich}, fit_loss, shared_weights=True)


def fit_loss(model):
    fit(model, epochs=1)
    return model.evaluate(X, Y, verbose=0)[0]


def test_several_steps_at_once_change_nothing_but_the_time():
    one = repeat(2, rich, fit_loss)
    several = repeat(2, rich, fit_loss, steps_at_once=3)
    np.testing.assert_allclose(one, several, rtol=1e-5)


def test_numbers_make_a_column_per_contender():
    table = repeat(
        2, {"b": plain, "a": plain}, {"b": lambda m: 1, "a": lambda m, repeat: repeat}
    )
    assert list(table) == ["b", "a"] and table.index.name == "repeat"
    assert table["b"].tolist() == [1, 1] and table["a"].tolist() == [0, 1]
    assert (table.dtypes == "float64").all()
    assert list(repeat(1, plain, lambda model, epochs=3: np.float32(epochs))) == [
        "plain"
    ]


def test_dicts_make_a_row_per_training():
    table = repeat(2, {"a": plain, "b": plain}, lambda m, i: {"loss": i, "size": 2})
    assert list(table) == ["contender", "repeat", "loss", "size"] and len(table) == 4
    assert table["loss"].tolist() == [0, 1, 0, 1]


def test_what_follows_does_not_depend_on_how_many_trainings_there_were():
    drawn = []
    for n in (1, 2):
        repeat(n, plain, lambda m: 0.0, seed=5)
        drawn.append(
            (np.random.rand(), keras.ops.convert_to_numpy(keras.random.normal((2,))))
        )
    assert drawn[0][0] == drawn[1][0] and np.array_equal(drawn[0][1], drawn[1][1])


@pytest.mark.parametrize(
    "build, train, said",
    [
        (lambda: keras.Sequential([layers.Input((4,)), layers.Dense(1)]), fit_loss, "no compiled model"),
        (lambda: None, fit_loss, "no compiled model"),
        (plain, lambda model: None, "returned NoneType for 'x'"),
        (plain, lambda model: "good", "returned str for 'x'"),
    ],
)  # fmt: skip
def test_mistakes_are_one_sentence(build, train, said):
    with pytest.raises(CourseError, match=said) as caught:
        repeat(1, {"x": build}, train)
    assert "\n" not in str(caught.value)


def test_a_network_without_input_shape_and_no_repeats_are_refused():
    def shapeless():
        model = keras.Sequential([layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    with pytest.raises(CourseError, match="begin with keras.Input"):
        repeat(1, {"x": shapeless}, fit_loss)
    with pytest.raises(CourseError, match="1 or more"):
        repeat(0, {"x": plain}, fit_loss)


def test_derived_seeds_are_in_range_and_do_not_collide():
    seeds = [derived_seed(s, "repeat", i) for s in range(100) for i in range(100)]
    assert len(set(seeds)) == 10_000
    assert all(type(s) is int and 0 <= s < 2**32 for s in seeds)
    assert derived_seed(2**32 - 1, 10**6) < 2**32
    assert (
        derived_seed(np.int64(3), 1)
        == derived_seed(3, np.int64(1))
        != derived_seed(3, 2)
    )
    assert derived_seed(1, 11) != derived_seed(11, 1)
    assert derived_seed(0, "repeat", 0) == 2635880277  # stored results depend on it


# ── progress ────────────────────────────────────────────────────────────────────

CELL = """
import time
import dlcourse
for i in dlcourse.track(range(4), "waiting"):
    time.sleep(0.5)
print("done", i)
"""


class Messages:
    """What a kernel sends while a cell runs, for a person or for a program."""

    @pytest.fixture(scope="class")
    def kernel(self):
        from jupyter_client.manager import start_new_kernel

        manager, client = start_new_kernel(kernel_name="python3", cwd=str(ROOT))
        yield client
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    def run(self, client, code, watched):
        sent = []
        client.execute_interactive(
            code, allow_stdin=watched, output_hook=sent.append, timeout=60
        )
        return [(m["msg_type"], m["content"]) for m in sent if m["msg_type"] not in
                ("status", "execute_input")]  # fmt: skip


class TestProgress(Messages):
    def test_a_person_sees_a_bar_that_goes_when_the_work_is_done(self, kernel):
        free = "import os; os.environ.pop('DLCOURSE_PROGRESS', None)\n"
        sent = self.run(kernel, free + CELL, watched=True)
        kinds = [kind for kind, _ in sent]
        assert kinds[0] == "display_data" and set(kinds[1:]) <= {
            "update_display_data",
            "stream",
        }
        texts = [c["data"]["text/plain"] for kind, c in sent if "display" in kind]
        assert texts[0].startswith("waiting") and "of 4" in texts[0]
        assert texts[-1] == ""  # the output is empty again
        printed = "".join(c["text"] for kind, c in sent if kind == "stream")
        assert printed == "done 3\n"

    def test_a_program_stores_nothing_but_the_cells_own_output(self, kernel):
        free = "import os; os.environ.pop('DLCOURSE_PROGRESS', None)\n"
        sent = self.run(kernel, free + CELL, watched=False)
        assert [(kind, c.get("text")) for kind, c in sent] == [("stream", "done 3\n")]

    def test_a_build_is_quiet_even_where_a_person_could_watch(self, kernel):
        off = "import os; os.environ['DLCOURSE_PROGRESS'] = 'off'\n"
        sent = self.run(kernel, off + CELL, watched=True)
        assert [kind for kind, _ in sent] == ["stream"]


def test_an_executed_notebook_holds_no_bar(monkeypatch):
    """With nbclient, as builds, papermill and nbval run notebooks, and no setting at all."""
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.delenv("DLCOURSE_PROGRESS")
    cell = nbformat.v4.new_code_cell(CELL)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    resources = {"metadata": {"path": str(ROOT)}}
    NotebookClient(notebook, kernel_name="python3", resources=resources).execute()
    assert [o.output_type for o in cell.outputs] == ["stream"]
    assert cell.outputs[0].text == "done 3\n" and cell.outputs[0].name == "stdout"


def test_in_a_script_whose_output_is_redirected_nothing_is_shown():
    done = subprocess.run(
        [sys.executable, "-c", CELL], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == "done 3\n" and done.stderr == ""


def test_in_a_terminal_the_bar_stands_where_errors_are_printed(monkeypatch):
    monkeypatch.delenv("DLCOURSE_PROGRESS", raising=False)
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    for watched in (True, False):
        stream = SimpleNamespace(isatty=lambda watched=watched: watched)
        monkeypatch.setattr(sys, "stderr", stream)
        assert training._screen() is (stream if watched else None)


def test_items_pass_through():
    assert (
        list(track([3, 1, 2], "counting")) == [3, 1, 2] and list(track([], "x")) == []
    )


@pytest.fixture
def written(monkeypatch):
    """Give progress bars a screen; return the texts that they write to it."""
    texts = []
    screen = SimpleNamespace(write=texts.append, flush=lambda: None)
    monkeypatch.setattr(training, "_screen", lambda: screen)
    return texts


def test_what_is_done_at_once_shows_no_bar(written):
    assert list(track(range(5), "counting")) == [*range(5)]
    assert written == []


def test_a_break_leaves_nothing_behind(written, monkeypatch):
    monkeypatch.setattr(training, "DELAY", 0)
    for item in track(range(5), "counting"):
        if item == 2:
            break
    del item
    shown = [text.strip() for text in written]
    assert any("counting" in text for text in shown) and shown[-1] == ""
