"""Train networks several times from fresh weights, and show how far a long cell is.

One run of a training is one draw of a lottery: other initial weights give another result.
``repeat`` trains every contender several times and pairs them, so that the difference
between two contenders is not the difference between two lucky draws.
"""

from __future__ import annotations

import hashlib
import inspect
import numbers
import os
import random
import sys

from .errors import CourseError
from .session import current_lesson

DELAY = 1  # seconds before a progress bar appears


def repeat(
    n,
    builders,
    train,
    *,
    seed=None,
    shared_weights=False,
    reseed=True,
    steps_at_once=None,
):
    """Train every contender ``n`` times, each time from fresh weights; return the results.

    Contenders are paired: in repeat *i* all of them get the same seed, so that equal
    architectures start from the same initial weights and see the same order of batches.
    Each network is compiled and prepared once. After that, only its state is renewed: every
    weight, the moving statistics, the seeds of dropout and augmentation, and the
    optimizer's variables, the learning rate among them, take the values that a newly built
    network has.

    Args:
        n: how many repeats, 1 or more.
        builders: dict of the contender's name to a function without arguments that returns
            a new, compiled Keras model with an input shape; or one such function. The same
            function under two names is prepared once on TensorFlow.
        train: function ``train(model)`` or ``train(model, repeat)``, with ``repeat`` from 0
            to n - 1, that trains the model and returns a number, or a dict of what is to be
            kept; or a dict of the contender's name to such a function. It must not compile
            the model again.
        seed: integer from 0 to 2**32 - 1 from which the repeats' seeds are derived; the
            lesson's seed if None (0 without a lesson).
        shared_weights: if True, all contenders start from the first one's trainable
            weights, in order: for contenders that differ only in layers without weights
            (dropout, augmentation), whose random draws shift those of the layers behind.
        reseed: if True, everything random is seeded anew before each training, the order of
            the batches included. False saves TensorFlow 0.1 to 0.2 seconds a training, for
            very short ones; the order of the batches is then the same in every repeat.
        steps_at_once: on TensorFlow, batches per call of the compiled function, an integer;
            only a matter of speed, but callbacks hear only of every so many batches. What
            the builder compiled if None; other backends know only 1.

    Returns:
        pandas DataFrame. If ``train`` returns numbers: index ``repeat``, a column per
        contender, float64. If it returns dicts: one row per training, with columns
        ``contender`` and ``repeat``, then one per key.

    Raises:
        CourseError: if a builder or ``train`` does not return what it should.
    """
    import keras
    import pandas as pd

    if n < 1:
        raise CourseError(f"repeat() cannot train {n} times: give 1 or more.")
    seed = _default_seed() if seed is None else seed
    on_tensorflow = keras.backend.backend() == "tensorflow"
    builders = builders if isinstance(builders, dict) else {builders.__name__: builders}
    trains = train if isinstance(train, dict) else dict.fromkeys(builders, train)
    prepared, first_weights, rows = {}, {}, []
    try:
        for name, i in track([(c, i) for c in builders for i in range(n)], "training"):
            build, run_seed = builders[name], derived_seed(seed, "repeat", i)
            _set_seeds(run_seed, reseed)
            fresh = _checked(build(), name)
            if shared_weights:
                _share_weights(fresh, first_weights.setdefault(i, _arrays(fresh)), name)
            # elsewhere a network's first fit() draws more from NumPy than the next ones
            key = build if on_tensorflow else name
            model = prepared[key] = _renewed(prepared.get(key), fresh)
            if steps_at_once and on_tensorflow:
                model.steps_per_execution = steps_at_once
            _set_seeds(run_seed, reseed)
            arguments = (model, i) if _wants_repeat(trains[name]) else (model,)
            result = _checked_result(trains[name](*arguments), name)
            rows.append({"contender": name, "repeat": i, **result})
    finally:  # what follows does not depend on how many trainings there were
        keras.utils.set_random_seed(seed)
    table = pd.DataFrame(rows)
    if list(table)[2:] != [_NUMBER]:
        return table
    return pd.DataFrame(
        {name: part[_NUMBER].to_numpy() for name, part in table.groupby("contender")},
        index=pd.RangeIndex(n, name="repeat"), columns=list(builders), dtype="float64",
    )  # fmt: skip


def derived_seed(seed, *keys):
    """Return a seed that follows from another one and some keys, from 0 to 2**32 - 1.

    Sums and products of seeds leave the range, or give two uses the same seed
    (``seed + repeat`` does); this does neither.

    Args:
        seed: an integer, such as ``lesson.seed``.
        keys: integers or strings that say what for, such as ``"repeat", 3``.
    """
    text = "\n".join(str(part) for part in (seed, *keys))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def track(items, label):
    """Yield the items one by one, and show a progress bar to whoever waits for them.

    The bar appears after a second and goes when the last item is done. Where nobody
    watches, in builds, tests and redirected output, nothing is shown and nothing stored.

    Args:
        items: a sequence, or anything with a length.
        label: what is going on, such as ``"training"``.
    """
    screen = _screen()
    if screen is None:
        yield from items
        return
    from tqdm import tqdm

    yield from tqdm(
        items, label, leave=False, delay=DELAY, file=screen, ncols=70, ascii=False,
        bar_format="{desc} {bar} {n_fmt} of {total_fmt}, {remaining} left",
    )  # fmt: skip


# ── networks ────────────────────────────────────────────────────────────────────

_NUMBER = "a number alone"  # the column of a train() that returns no dict


def _default_seed():
    lesson = current_lesson()
    return lesson.seed if lesson else 0


def _set_seeds(seed, everything):
    """Seed Keras and its backend too, or only Python and NumPy.

    Keras draws the seeds of initializers and of dropout from Python's generator. Seeding
    TensorFlow makes it prepare its functions anew, which costs time.
    """
    import keras
    import numpy as np

    if everything or keras.backend.backend() != "tensorflow":
        keras.utils.set_random_seed(seed)
    else:
        random.seed(seed)
        np.random.seed(seed)


def _checked(model, name):
    """Return a new model with its optimizer's variables made; refuse what is unusable."""
    if getattr(model, "optimizer", None) is None:
        raise CourseError(
            f"The builder of {name!r} returned no compiled model: let it compile the model"
            " and return it."
        )
    if not model.built:
        raise CourseError(
            f"The network {name!r} has no weights yet: let it begin with"
            " keras.Input(shape)."
        )
    model.optimizer.build(model.trainable_variables)
    return model


def _renewed(model, fresh):
    """Give a trained model the state of a new one; return it.

    If the two do not fit, because a training changed the model, the new one is returned.
    """
    if model is None:
        return fresh
    old, new = _state(model), _state(fresh)
    if [v.shape for v in old] != [v.shape for v in new]:
        return fresh
    for variable, value in zip(old, new, strict=True):
        variable.assign(value)
    model.reset_metrics()
    return model


def _state(model):
    """Return all variables: weights, moving statistics, seeds, and the optimizer's."""
    return [*model.variables, *model.optimizer.variables]


def _arrays(model):
    import keras

    return [keras.ops.convert_to_numpy(v) for v in model.trainable_variables]


def _share_weights(model, arrays, name):
    variables = model.trainable_variables
    if [v.shape for v in variables] != [a.shape for a in arrays]:
        raise CourseError(
            f"The network {name!r} has other weights than the first contender: leave out"
            " shared_weights, or give both the same layers."
        )
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def _wants_repeat(train):
    """Return True if a train() takes a second argument that has no default."""
    parameters = list(inspect.signature(train).parameters.values())[1:2]
    return bool(parameters) and parameters[0].default is inspect.Parameter.empty


def _checked_result(result, name):
    if isinstance(result, dict):
        return result
    if isinstance(result, numbers.Real) or getattr(result, "ndim", None) == 0:
        return {_NUMBER: float(result)}
    raise CourseError(
        f"train() returned {type(result).__name__} for {name!r}: let it return a number, or"
        " a dict of numbers."
    )


# ── progress ────────────────────────────────────────────────────────────────────


def _screen():
    """Return where a progress bar can be shown to a person, or None."""
    if os.environ.get("DLCOURSE_PROGRESS") == "off":  # builds and tests
        return None
    if "IPython" in sys.modules:
        shell = sys.modules["IPython"].get_ipython()
        if hasattr(shell, "kernel"):
            return _NotebookScreen() if _is_watched(shell.kernel) else None
    return sys.stderr if sys.stderr.isatty() else None


def _is_watched(kernel):
    """Return True if the cell was run by a person: programs do not offer to answer input()."""
    try:
        return bool(kernel.get_parent("shell")["content"]["allow_stdin"])
    except (AttributeError, KeyError, TypeError):
        return False


class _NotebookScreen:
    """A file that tqdm writes its bar to; it stands in one output, emptied at the end."""

    def __init__(self):
        self.handle = None

    def write(self, text):
        from IPython.display import display

        data = {"text/plain": text.strip()}  # what it ends with is spaces: empty
        if self.handle is None and data["text/plain"]:
            self.handle = display(data, raw=True, display_id=True)
        elif self.handle is not None:
            self.handle.update(data, raw=True)

    def flush(self):
        """Nothing is kept back."""
