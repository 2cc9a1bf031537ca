"""What a checker can expect of an answer, and the words that say what is wrong with it.

Every function here returns what it was given, as a float or a float array, or raises
``Hint``. Numbers may come in any form that NumPy or Keras knows: Python numbers, lists,
tuples, arrays and tensors of any float type, with or without dimensions.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
import random
import sys
import types

TOLERANCE = 1e-4  # relative; float32 answers and other orders of summing are welcome


class Hint(Exception):
    """What the learner most likely did wrong, in words that help to mend it."""


class Untouched(Exception):
    """An answer, or what a function returned, still holds the ``...`` of the exercise."""


def expect(condition, hint):
    """Raise ``Hint(hint)`` unless the condition is true."""
    if not bool(condition):
        raise Hint(hint)


# ── values ──────────────────────────────────────────────────────────────────────


def as_array(value, what="Your answer"):
    """Return ``value`` as a float64 array of its own shape; a ``Hint`` if it is none.

    Args:
        value: a number, or anything array-like that holds real numbers.
        what: how to name the value in the hint.
    """
    import numpy as np

    expect(
        value is not None,
        f"{what} is None: give it a value, or end your function with `return`.",
    )
    if hasattr(value, "detach") and "keras" in sys.modules:  # a PyTorch tensor
        value = sys.modules["keras"].ops.convert_to_numpy(value)
    try:
        raw = np.asarray(value)
        if raw.dtype.kind in "USO" and any(
            isinstance(item, (str, bytes)) for item in raw.ravel()
        ):
            raise Hint(f"{what} holds text: leave the quotes out to hand in numbers.")
        if raw.dtype.kind in "cmM":
            raise TypeError
        return np.asarray(raw, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise Hint(
            f"{what} should hold real numbers only, in rows of equal length."
        ) from None


def expect_number(value, hint="Your answer should be a single number."):
    """Return ``value`` as a float; a ``Hint`` if it is not one finite real number.

    True and False are no numbers here. An array or a tensor with one element is one.
    """
    import numpy as np

    expect(not isinstance(value, (bool, np.bool_, str, bytes)), hint)
    try:
        number = as_array(value)
    except Hint as trouble:
        raise Hint(str(trouble) if value is None else hint) from None
    expect(number.size == 1 and np.isfinite(number).all(), hint)
    return float(number.reshape(()))


def expect_array(value, shape, what="Your answer"):
    """Return ``value`` as a float array; a ``Hint`` if it is not numeric or misshapen.

    Args:
        value: anything array-like.
        shape: the expected shape; None stands for any length along that axis.
        what: how to name the value in the hint.
    """
    array = as_array(value, what)
    same = len(array.shape) == len(shape) and all(
        want in (None, got) for want, got in zip(shape, array.shape, strict=True)
    )
    expect(same, _other_shape(array.shape, shape, what))
    return array


def expect_tuple(value, length, hint):
    """Return the ``length`` parts of a tuple, list or array as a list, or hint."""
    expect(value is not None, "Your function gives nothing back: end it with `return`.")
    try:
        parts = list(value)
    except TypeError:
        raise Hint(hint) from None
    expect(len(parts) == length and not isinstance(value, (str, dict, set)), hint)
    return parts


def expect_value(
    value, right, hint, *, what, mistakes=(), tolerance=TOLERANCE, reveal=False
):
    """Return ``value`` as an array if it equals ``right``; else the ``Hint`` that fits.

    Args:
        value: what the learner handed in.
        right: the right number or array.
        hint: added to the words that say where the two differ.
        what: how to name the value in the hint.
        mistakes: pairs ``(wrong value, why)``: the usual mistakes, as data. They must
            differ from each other and from ``right``; a test feeds each back.
        tolerance: relative; differences below a hundredth of it always pass.
        reveal: say what would have been right. Not where that is the answer.
    """
    import numpy as np

    right = np.asarray(right, dtype=float)
    array = as_array(value, what)
    if array.size == right.size == 1:
        array = array.reshape(right.shape)
    if is_close(array, right, tolerance):
        return array
    for wrong, why in mistakes:
        wrong = np.asarray(wrong, dtype=float)
        if wrong.size == array.size == 1:
            wrong = wrong.reshape(array.shape)
        expect(not is_close(array, wrong, tolerance), why)
    expect(
        array.shape == right.shape, _other_shape(array.shape, right.shape, what, hint)
    )
    raise Hint(_difference(array, right, what, hint, reveal))


def is_close(array, right, tolerance=TOLERANCE):
    """Return True for equal shapes and values equal within the tolerance."""
    import numpy as np

    array, right = np.asarray(array, dtype=float), np.asarray(right, dtype=float)
    return array.shape == right.shape and np.allclose(
        array, right, rtol=tolerance, atol=tolerance / 100, equal_nan=True
    )


def apart(value, right):
    """Return two numbers as texts with as many digits as it takes to tell them apart."""
    for digits in range(3, 18):
        texts = _digits(value, digits), _digits(right, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _digits(number, digits):
    """Return a number as text; up to a billion without a power of ten: 40000, not 4e+04."""
    text = f"{number:.{digits}g}"
    return f"{number:.0f}" if "e+" in text and abs(number) < 1e9 else text


def shape_text(shape):
    """Return a shape in words: ``(any length, 10)``, or ``a single number``."""
    if not shape:
        return "a single number"
    sizes = ["any length" if size is None else str(size) for size in shape]
    return f"({', '.join(sizes)}{',' * (len(sizes) == 1)})"


def _other_shape(got, want, what, hint=""):
    found = f"has shape {shape_text(got)}" if got else "is a single number"
    wanted = f"expected {shape_text(want)}"
    return f"{what} {found}; {wanted}." + (f" {hint}" if hint else "")


def _difference(array, right, what, hint, reveal):
    """Return the sentence that says where and how two arrays of one shape differ."""
    import numpy as np

    if np.isfinite(right).all() and not np.isfinite(array).all():
        number = array.flat[np.argmin(np.isfinite(array))]
        return (
            f"{what} holds {number}: is something divided by 0, the logarithm of 0 taken,"
            f" or a large number raised to a power? {hint}".rstrip()
        )
    off = ~np.isclose(array, right, rtol=TOLERANCE, atol=TOLERANCE / 100)
    place = np.unravel_index(np.argmax(off), off.shape)
    mine, wanted = apart(array[place], right[place])
    said = f"{what} is {mine}" if not array.shape else f"{what}: {_place(place)}{mine}"
    counted = np.equal(right, np.round(right)).all()  # such numbers nobody rounds
    if np.allclose(array, right, 0.01, 0) and not counted and _rounded(array, right):
        said += ", which is nearly right: rounded? Hand in the full number"
    if reveal:
        said += f", expected {wanted}"
    return f"{said}. {hint}".rstrip()


def _rounded(array, right):
    """Return True for the right numbers with one to four decimals, or in float16."""
    import numpy as np

    with np.errstate(over="ignore"):
        half = np.float16(array)
    return np.array_equal(array, half) or any(
        np.allclose(array, array.round(n), 1e-6, 0)
        and np.abs(array - right).max() < 10.0**-n
        for n in range(1, 5)
    )


def _place(place):
    """Return where an element stands, in words."""
    numbers = [str(int(index)) for index in place]
    if len(numbers) == 1:
        return f"element {numbers[0]} (counted from 0) is "
    if len(numbers) == 2:
        return f"row {numbers[0]}, column {numbers[1]} (counted from 0) is "
    return f"element ({', '.join(numbers)}) is "


# ── functions ───────────────────────────────────────────────────────────────────


def expect_function(answer, name):
    """Raise a ``Hint`` unless the answer is something that can be called."""
    expect(
        callable(answer),
        f"Hand in the function itself, without brackets: {name}, not {name}(...).",
    )
    return answer


def expect_result(
    function, arguments, right, hint="", *, mistakes=(), tolerance=TOLERANCE
):
    """Call the learner's function; return what it gave back, as an array, if it is right.

    It is called a second time, with fresh copies, unless chance is among the arguments:
    a function that keeps something between calls is right only once.

    Args:
        function: the learner's.
        arguments: tuple of positional arguments.
        right: what should come back: a number or an array.
        hint, mistakes, tolerance: as for ``expect_value``.
    """
    name = name_of(function)
    expect_function(function, name)
    what = _call_text(name, arguments)
    chance = any(hasattr(argument, "bit_generator") for argument in arguments)
    again = None if chance else tuple(map(_copy, arguments))
    result = function(*arguments)
    expect(result is not None, f"{name} gives nothing back: end it with `return`.")
    array = expect_value(
        result, right, hint, mistakes=mistakes, what=what, tolerance=tolerance, reveal=True
    )  # fmt: skip
    if again is not None:
        for later in (as_array(function(*again), what), as_array(result)):
            if later.size == array.size == 1:
                later = later.reshape(array.shape)
            expect(
                is_close(later, right, tolerance),
                f"{what} is right at first; called again, something else comes out. Keep"
                " nothing between calls: start anew inside the function.",
            )
    return array


def hinting(function, hint, errors=ValueError, text=""):
    """Wrap a learner's function so that a usual error inside it becomes a ``Hint``.

    Args:
        function: the learner's.
        hint: what to say instead of the error.
        errors: the exception that means this mistake, or a tuple of several.
        text: a part of the exception's own words; with others it passes through.
    """
    import numpy as np

    @functools.wraps(function)
    def call(*args, **kwargs):
        try:
            with np.errstate(all="ignore"):
                return function(*args, **kwargs)
        except errors as error:
            if text in str(error):
                raise Hint(hint) from None
            raise

    return call


def expect_uses(function, name, make, other, hint=""):
    """Demand another result when only one argument changes, and else the same one.

    Args:
        function: the learner's.
        name: the argument that changes, as the exercise calls it.
        make: function without arguments that returns the tuple of arguments, made anew
            each time (so that two random generators start alike).
        other: the same, but for that one argument.
        hint: added when the result does not depend on it.
    """
    first = as_array(function(*make()), name_of(function))
    expect(
        is_close(as_array(function(*make())), first),
        f"Called twice with the same arguments, {name_of(function)} gives two results: it"
        f" should take all chance from `{name}`, and keep nothing between calls.",
    )
    expect(
        not is_close(as_array(function(*other())), first),
        f"Another `{name}` changes nothing in what {name_of(function)} gives back: use the"
        f" argument. {hint}".rstrip(),
    )


def name_of(function):
    """Return a function's own name, or "your function" if it has none worth saying."""
    name = getattr(function, "__name__", "<lambda>")
    return "your function" if name == "<lambda>" else name


def _call_text(name, arguments):
    """Return the call in a few characters, with its arguments if they are short."""
    import numpy as np

    shown = []
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            argument = argument.tolist()
        shown.append(repr(argument))
    text = f"{name}({', '.join(shown)})"
    return text if len(text) <= 70 and "<" not in text else f"{name}(…)"


# ── models ──────────────────────────────────────────────────────────────────────


def expect_model(
    model, reference, x, shapes, *, mistakes=(), hint="", modes=(False, True),
    tolerance=1e-3,
):  # fmt: skip
    """Compare a Keras model with a NumPy function, on weights that are drawn here.

    A model that is not built yet is built. Its weights are put back afterwards.

    Args:
        model: the learner's ``keras.Model``.
        reference: ``reference(x, *weights)`` returns the right outputs.
        x: inputs, float32, with the batch axis first.
        shapes: the shapes of the weights, in the order in which ``reference`` takes them.
        mistakes: pairs ``(function like reference, why)``.
        hint: added when no mistake fits.
        modes: values of ``training`` for which the outputs must agree; ``(False,)`` for
            a model with dropout.
        tolerance: relative.
    """
    import keras
    import numpy as np

    expect(isinstance(model, keras.Model), "Your model should be a keras.Model.")
    model(x[:1], training=False)
    saved = model.get_weights()
    order = _match(saved, shapes)
    rng = np.random.default_rng(7)
    drawn = [rng.normal(0, 0.7, weight.shape) for weight in saved]
    weights = [drawn[index] for index in order]
    try:
        model.set_weights(drawn)
        for training in modes:
            outputs = keras.ops.convert_to_numpy(model(x, training=training))
            expect_value(
                outputs, reference(x, *weights), hint, tolerance=tolerance,
                mistakes=[(wrong(x, *weights), why) for wrong, why in mistakes],
                what="The model's output" + (" while training" if training else ""),
            )  # fmt: skip
    finally:
        model.set_weights(saved)
    return model


@contextlib.contextmanager
def undisturbed(*models):
    """Put back, at the end, all chance and every variable of models that are built.

    New Keras layers draw their seeds from Python's ``random``; a model's variables include
    the seeds of its dropout layers and the moving averages of batch normalization.
    """
    import keras
    import numpy as np

    python, numpy = random.getstate(), np.random.get_state()
    saved = [
        (variable, np.array(keras.ops.convert_to_numpy(variable)))
        for model in models
        for variable in model.variables
    ]
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        for variable, value in saved:
            variable.assign(value)


def _match(weights, shapes):
    """Return for each shape the index of the first unused weight that has it, or hint."""
    left = list(range(len(weights)))
    order = []
    for shape in shapes:
        fitting = [index for index in left if weights[index].shape == tuple(shape)]
        if not fitting:
            break
        order.append(fitting[0])
        left.remove(fitting[0])
    expect(
        len(order) == len(shapes) and not left,
        f"The model's weights have the shapes {_list(w.shape for w in weights)};"
        f" expected {_list(shapes)}.",
    )
    return order


def _list(shapes):
    return ", ".join(shape_text(tuple(shape)) for shape in shapes) or "none"


# ── answers, before a checker sees them ─────────────────────────────────────────


def is_untouched(answer):
    """Return True for ``...``, a container that holds it, or a function that is a stub."""
    if answer is Ellipsis:
        return True
    if type(answer) in (list, tuple, set):
        return any(item is Ellipsis for item in answer)
    if type(answer) is dict:
        return any(item is Ellipsis for item in answer.values())
    return type(answer) is types.FunctionType and _is_stub(answer)


def is_half_done(answer):
    """Return True for a list, tuple or dictionary with values and with ``...``."""
    parts = answer.values() if type(answer) is dict else answer
    if type(answer) not in (list, tuple, dict):
        return False
    return 0 < sum(part is Ellipsis for part in parts) < len(parts)


def with_missing(answer, name):
    """Return a half-done container with ``Missing`` in place of each ``...``."""
    if type(answer) is dict:
        return {
            key: Missing(str(key)) if part is Ellipsis else part
            for key, part in answer.items()
        }
    return type(answer)(
        Missing(f"{name}[{index}]") if part is Ellipsis else part
        for index, part in enumerate(answer)
    )


def _is_stub(function):
    """Return True if the function's body is only ``...``, with or without a docstring."""

    def bare(): ...

    def documented():
        """Doc."""
        ...

    code, consts = function.__code__.co_code, function.__code__.co_consts
    return (code == bare.__code__.co_code and consts == (None,)) or (
        code == documented.__code__.co_code and consts == (function.__doc__, None)
    )


class Missing:
    """Stands for an answer that is still ``...``: whoever looks at it raises Untouched."""

    def __init__(self, name):
        object.__setattr__(self, "_name", name)

    def _look(self, *args, **kwargs):
        raise Untouched(object.__getattribute__(self, "_name"))

    __call__ = __getattr__ = __getitem__ = __iter__ = __len__ = __contains__ = _look
    __array__ = __bool__ = __float__ = __int__ = __index__ = __eq__ = __ne__ = _look
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __sub__ = __mul__ = __abs__ = _look
    __radd__ = __rsub__ = __rmul__ = __truediv__ = __rtruediv__ = __neg__ = _look
    __hash__ = _look
    __class__ = property(_look)  # isinstance asks for it


def is_plain_callable(answer):
    """Return True for what only can be called: no class, and nothing of Keras's."""
    owners = {kind.__module__.partition(".")[0] for kind in type(answer).__mro__}
    foreign = {"keras", "tensorflow", "jax", "jaxlib", "torch", "sklearn"}
    return callable(answer) and not isinstance(answer, type) and not owners & foreign


def guarded(function, in_place=False, name=""):
    """Wrap a learner's function so that its arguments come to no harm.

    It gets copies of arrays, lists, dictionaries and frames. If it changed them, that is a
    ``Hint``, unless the exercise asks for it (``in_place``). A ``...`` that it returns
    counts as not attempted, under the ``name`` given; in a container only that part does.
    """

    @functools.wraps(function)
    def call(*args, **kwargs):
        if in_place:
            result = function(*args, **kwargs)
        else:
            given = [_copy(value) for value in (*args, *kwargs.values())]
            names = [*kwargs]
            result = function(
                *given[: len(args)], **dict(zip(names, given[len(args) :], strict=True))
            )
            for index, (before, after) in enumerate(
                zip((*args, *kwargs.values()), given, strict=True)
            ):
                expect(_same(before, after), _changed(function, index, names, args))
        if is_half_done(result):
            return with_missing(result, name or function.__name__)
        if is_untouched(result):
            raise Untouched(name)
        return result

    if not hasattr(function, "__name__"):  # a partial, or an object with __call__
        call.__name__ = "<lambda>"
    return call


def _copy(value):
    """Return a copy of what a function could change by accident, else the thing itself."""
    import numpy as np

    if type(value) in (list, tuple):
        return type(value)(_copy(item) for item in value)
    if type(value) is dict:
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, np.ndarray) or type(value).__name__ in ("DataFrame", "Series"):
        return value.copy()
    return copy.copy(value) if type(value) is set else value


def _same(before, after):
    """Return True if the copy still equals what it was copied from."""
    import numpy as np

    if type(before) in (list, tuple):
        return len(before) == len(after) and all(map(_same, before, after))
    if type(before) is dict:
        return list(before) == list(after) and all(
            _same(before[key], after[key]) for key in before
        )
    if isinstance(before, np.ndarray):
        if before.dtype != after.dtype or before.shape != after.shape:
            return False
        numeric = before.dtype.kind in "fc"
        return np.array_equal(before, after, equal_nan=numeric)
    if type(before).__name__ in ("DataFrame", "Series"):
        return before.equals(after)
    if isinstance(before, (int, float, complex, str, bytes, set)):
        return before == after or before != before  # nan is not equal to itself
    return True


def _changed(function, index, keywords, args):
    """Return the hint for a function that changed its argument with this index."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    if index >= len(args):
        name = keywords[index - len(args)]
    else:
        name = names[index] if index < len(names) else f"argument {index + 1}"
    return (
        f"{name_of(function)} changes `{name}` itself, so whoever called it finds other"
        f" values afterwards (`{name} -= 1`, `{name}[0] = 1` and `.sort()` do that): make a"
        " new one, or start with a copy."
    )
