"""What the lessons ask of their arguments. Each function passes when it is met, and says how to meet it when it is not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnlab.activations import Array
from nnlab.languages import say

LINES = (
    "{name} must be a matrix with one row for each {what}, {size}, got shape {shape}. Is one of them transposed? Samples are columns.",
    "{name} must be a matrix with one column for each {what}, {size}, got shape {shape}. Is one of them transposed? Samples are columns.",
)
PARTS = {
    "row": "row of {name}",
    "column": "column of {name}",
    "point": "point of {name}",
    "sample": "sample of {name}",
    "number": "number of {name}",
    "feature": "feature of {name}",
    "neuron": "neuron of the layer before",
}


def _short(value: Any) -> str:
    return f"{value!r:.60}"


def floats(name: str, value: ArrayLike, ndim: int | None = None) -> Array:
    """Return the argument as an array of floats, of its own precision if it is one: of `ndim` axes, and not empty."""
    try:
        array: Array = np.asarray(value)
        array = array if array.dtype.kind == "f" else np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise _no_array(name, value) from None
    if ndim is not None and array.ndim != ndim:
        axes = say("1 axis") if ndim == 1 else say("{count} axes", count=ndim)
        raise ValueError(
            say(
                "{name} must have {axes}, got shape {shape}. Reshape it; samples are columns, as in X of (features, samples).",
                name=name,
                axes=axes,
                shape=array.shape,
            )
        )
    if array.size == 0:
        raise ValueError(
            say("{name} must hold numbers, got an empty array of shape {shape}. Look where it was filled.", name=name, shape=array.shape)
        )
    return array


def arrays(name: str, value: Any, of: str = "", ndim: int | None = None) -> list[Array]:
    """Return a list of arrays of numbers, such as the weights of all layers, of their own precision; lists in it become arrays."""
    return [floats(name, each, ndim) for each in sequence(name, value, of or say("arrays"))]


def in_place(name: str, value: Any) -> Sequence[Array]:
    """Refuse what cannot be changed where it lies: lists of numbers, and arrays of whole numbers or text."""
    for each in sequence(name, value, say("arrays")):
        if getattr(getattr(each, "dtype", None), "kind", "") != "f":
            raise _no_array(name, each)
    return value


def _is_array(name: str, value: Any) -> None:
    """Refuse None, numbers, text and lists where an array is meant."""
    if not hasattr(value, "shape"):
        raise _no_array(name, value)


def _no_array(name: str, value: Any) -> ValueError:
    return ValueError(
        say("{name} must hold numbers in rows of equal length, got {value}. Make it an array of floats.", name=name, value=_short(value))
    )


def finite(name: str, value: ArrayLike, ndim: int | None = None) -> Array:
    """Return the argument as an array of floats: of `ndim` axes, not empty, without NaN or infinity."""
    array = np.asarray(floats(name, value, ndim), dtype=float)
    if not np.isfinite(array).all():
        bad = int((~np.isfinite(array)).sum())
        raise ValueError(
            say(
                "{name} must be finite, got {bad} NaN or infinite of {size}. Drop or repair them first.",
                name=name,
                bad=bad,
                size=array.size,
            )
        )
    return array


def same_shape(name: str, value: NDArray[Any], other_name: str, other: NDArray[Any]) -> None:
    """Refuse shapes that NumPy would silently stretch to each other."""
    _is_array(name, value)
    if value.shape != other.shape:
        raise ValueError(
            say(
                "{name} must have the shape of {other}, {expected}, got {shape}. "
                "Are samples columns, and biases columns of shape (neurons, 1)?",
                name=name,
                other=other_name,
                expected=other.shape,
                shape=value.shape,
            )
        )


def one_for_each(name: str, value: NDArray[Any], axis: int, what: str, size: int) -> None:
    """Refuse a matrix that does not have one row (axis 0) or one column (axis 1) for each of something, such as "row of delta"."""
    _is_array(name, value)
    if value.ndim != 2 or value.shape[axis] != size:
        part, _, whole = what.partition(" of ")
        raise ValueError(say(LINES[axis], name=name, what=say(PARTS[part], name=whole), size=size, shape=value.shape))


def number(name: str, value: Any) -> float:
    """Refuse what is not one number: text, None, lists and arrays."""
    if isinstance(value, (list, tuple)) or np.ndim(value) or np.asarray(value).dtype.kind not in "iufb":
        raise ValueError(
            say("{name} must be a number, got {value}. Give one number, without quotes or brackets.", name=name, value=_short(value))
        )
    return value


def generator(rng: Any, method: str) -> None:
    """Refuse what does not draw random numbers, such as a seed or None."""
    if not hasattr(rng, method):
        raise ValueError(say("rng must be a random generator, got {value}. Make one by np.random.default_rng(0).", value=_short(rng)))


def function(name: str, value: Any) -> None:
    """Refuse what cannot be called."""
    if not callable(value):
        raise ValueError(
            say(
                "{name} must be a function, got {value}. Give its name without parentheses, such as np.tanh.",
                name=name,
                value=_short(value),
            )
        )


def sequence(name: str, value: Any, of: str) -> Sequence[Any]:
    """Refuse what is no list of something, such as None, a number or text."""
    if isinstance(value, str) or not hasattr(value, "__len__") or getattr(value, "shape", None) == ():
        raise ValueError(
            say("{name} must be a list of {of}, got {value}. Put it into square brackets.", name=name, of=of, value=_short(value))
        )
    return value


def one_of(name: str, value: Any, choices: Collection[str]) -> None:
    """Refuse what is not one of some names."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(
            say("{name} must be one of {choices}, got {value!r}. Mind the spelling.", name=name, choices=", ".join(choices), value=value)
        )


def one_gradient_each(name: str, gradients: Sequence[Array], W: Sequence[Array]) -> None:
    """Refuse a list of gradients that is not as long as that of the matrices."""
    if len(gradients) != len(W):
        raise ValueError(
            say(
                "{name} must hold one gradient for each of the {count} matrices of W, got {got}. Give both for all layers.",
                name=name,
                count=len(W),
                got=len(gradients),
            )
        )


def positive(name: str, value: float) -> float:
    """Refuse zero, negative numbers, NaN and infinity."""
    number(name, value)
    if not (np.isfinite(value) and value > 0):
        raise ValueError(
            say("{name} must be a positive number, got {value!r}. Try a small one, such as 0.01, and double it.", name=name, value=value)
        )
    return value


def not_negative(name: str, value: float) -> float:
    """Refuse negative numbers, NaN and infinity."""
    number(name, value)
    if not (np.isfinite(value) and value >= 0):
        raise ValueError(say("{name} must be zero or more, got {value!r}. Zero switches it off.", name=name, value=value))
    return value


def share(name: str, value: float, remedy: str) -> float:
    """Refuse what is not a share from 0 to below 1."""
    number(name, value)
    if not 0 <= value < 1:
        raise ValueError(say("{name} must be at least 0 and less than 1, got {value!r}. {remedy}", name=name, value=value, remedy=remedy))
    return value


def at_least(name: str, value: float, least: int) -> int:
    """Refuse counts that are too small or not whole."""
    if not (number(name, value) >= least and value % 1 == 0):
        rounded = isinstance(value, (float, np.floating)) and least < value < np.inf
        remedy = say("Round it.") if rounded else say("Raise it to {least}.", least=least)
        wrong = say("{name} must be a whole number of at least {least}, got {value!r}.", name=name, least=least, value=value)
        raise ValueError(f"{wrong} {remedy}")
    return int(value)


def index(name: str, value: int, size: int) -> int:
    """Return an index that counts from 0, and refuse one from the end, outside, or not whole."""
    if not (isinstance(value, (int, np.integer)) and 0 <= value < size):
        raise ValueError(
            say(
                "{name} must be a whole number from 0 to {last}, got {value!r}. Places are counted from 0.",
                name=name,
                last=size - 1,
                value=value,
            )
        )
    return int(value)


def finite_number(name: str, value: float) -> float:
    """Refuse NaN, infinity, and what is not one number."""
    if not np.isfinite(number(name, value)):
        raise ValueError(say("{name} must be one finite number, got {value!r}. Look at how it was computed.", name=name, value=value))
    return value


def labels(name: str, value: ArrayLike, classes: int) -> NDArray[np.intp]:
    """Return class labels as whole numbers from 0 to classes − 1, one a sample."""
    at_least("classes", classes, 1)
    array = finite(name, value, ndim=1)
    if not (np.isin(array, np.arange(classes))).all():
        stray = array[~np.isin(array, np.arange(classes))][0]
        raise ValueError(
            say(
                "{name} must hold labels 0 to {last}, got {stray:g}. Number the classes from 0, or raise the number of classes.",
                name=name,
                last=classes - 1,
                stray=stray,
            )
        )
    return array.astype(np.intp)
