"""Right answers in other forms, and the same answers with one thing wrong in each."""

import functools
import inspect

import numpy as np

from dlcourse.expectations import is_plain_callable


def tensor(value):
    import keras

    return keras.ops.convert_to_tensor(value)


FORMS = {
    "float32": np.float32,
    "array": np.asarray,
    "tensor": lambda value: tensor(np.asarray(value)),
    "list": lambda value: np.asarray(value).tolist(),
    "tuple": lambda value: _tuples(np.asarray(value).tolist()),
}


def _tuples(value):
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def is_numeric(value):
    """Return True for numbers and for arrays, lists and tuples of numbers only."""
    if isinstance(value, (bool, np.bool_, str)) or value is None:
        return False
    try:
        return np.asarray(value).dtype.kind in "biuf"
    except Exception:
        return False


def in_form(answer, convert):
    """Return an answer whose numbers, or whose returned numbers, come in another form."""
    if is_numeric(answer):
        return convert(answer)
    if isinstance(answer, dict):
        return {key: in_form(value, convert) for key, value in answer.items()}
    if isinstance(answer, (list, tuple)):
        return type(answer)(in_form(value, convert) for value in answer)
    if is_function(answer):

        @functools.wraps(answer)
        def converted(*args, **kwargs):
            return in_form(answer(*args, **kwargs), convert)

        return converted
    return answer


def is_function(answer):
    return is_plain_callable(answer) and _signature(answer)


def parameters(function):
    return list(_signature(function).parameters)


def _signature(function):
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None


def frozen(function):
    """Return a function that gives back for ever what it gave the first time."""
    results = []

    @functools.wraps(function)
    def call(*args, **kwargs):
        if not results:
            results.append(function(*args, **kwargs))
        return results[0]

    return call


def ignoring(function, name):
    """Return a function that goes on using the first value of one argument."""
    first = []
    signature = _signature(function)

    @functools.wraps(function)
    def call(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        if not first:
            first.append(bound.arguments[name])
        bound.arguments[name] = first[0]
        return function(*bound.args, **bound.kwargs)

    return call


def in_place(function, name, touched):
    """Return a function that also changes one argument, if that is an array or a list.

    Args:
        touched: a list that gets the argument's name whenever it was changed.
    """
    signature = _signature(function)

    @functools.wraps(function)
    def call(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        result = function(*args, **kwargs)
        value = bound.arguments.get(name)
        if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "iuf":
            value[...] = value + 1
            touched.append(name)
        elif type(value) is list and value:
            value.append(value[0])
            touched.append(name)
        return result

    return call
