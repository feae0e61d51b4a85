"""What the lessons ask of their arguments. Each function passes when it is met, and says how to meet it when it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnlab.activations import Array


def floats(name: str, value: ArrayLike, ndim: int | None = None) -> Array:
    """Return the argument as an array of floats, of its own precision if it is one: of `ndim` axes, and not empty."""
    try:
        array: Array = np.asarray(value)
        array = array if array.dtype.kind == "f" else np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must hold numbers in rows of equal length, got {value!r:.60}. Make it an array of floats.") from None
    if ndim is not None and array.ndim != ndim:
        axes = "1 axis" if ndim == 1 else f"{ndim} axes"
        raise ValueError(
            f"{name} must have {axes}, got shape {array.shape}. Reshape it; samples are columns, as in X of (features, samples)."
        )
    if array.size == 0:
        raise ValueError(f"{name} must hold numbers, got an empty array of shape {array.shape}. Look where it was filled.")
    return array


def finite(name: str, value: ArrayLike, ndim: int | None = None) -> Array:
    """Return the argument as an array of floats: of `ndim` axes, not empty, without NaN or infinity."""
    array = np.asarray(floats(name, value, ndim), dtype=float)
    if not np.isfinite(array).all():
        bad = int((~np.isfinite(array)).sum())
        raise ValueError(f"{name} must be finite, got {bad} NaN or infinite of {array.size}. Drop or repair them first.")
    return array


def same_shape(name: str, value: NDArray[Any], other_name: str, other: NDArray[Any]) -> None:
    """Refuse shapes that NumPy would silently stretch to each other."""
    if value.shape != other.shape:
        raise ValueError(
            f"{name} must have the shape of {other_name}, {other.shape}, got {value.shape}. "
            "Are samples columns, and biases columns of shape (neurons, 1)?"
        )


def one_for_each(name: str, value: NDArray[Any], axis: int, what: str, size: int) -> None:
    """Refuse a matrix that does not have one row (axis 0) or one column (axis 1) for each of something."""
    if value.ndim != 2 or value.shape[axis] != size:
        line = ("row", "column")[axis]
        raise ValueError(
            f"{name} must be a matrix with one {line} for each {what}, {size}, got shape {value.shape}. "
            "Is one of them transposed? Samples are columns."
        )


def number(name: str, value: Any) -> float:
    """Refuse what is not one number: text, None, lists and arrays."""
    if isinstance(value, (list, tuple)) or np.ndim(value) or np.asarray(value).dtype.kind not in "iufb":
        raise ValueError(f"{name} must be a number, got {value!r:.60}. Give one number, without quotes or brackets.")
    return value


def generator(rng: Any, method: str) -> None:
    """Refuse what does not draw random numbers, such as a seed or None."""
    if not hasattr(rng, method):
        raise ValueError(f"rng must be a random generator, got {rng!r:.60}. Make one by np.random.default_rng(0).")


def function(name: str, value: Any) -> None:
    """Refuse what cannot be called."""
    if not callable(value):
        raise ValueError(f"{name} must be a function, got {value!r:.60}. Give its name without parentheses, such as np.tanh.")


def sequence(name: str, value: Any, of: str) -> Sequence[Any]:
    """Refuse what is no list of something, such as None, a number or text."""
    if isinstance(value, str) or not hasattr(value, "__len__") or getattr(value, "shape", None) == ():
        raise ValueError(f"{name} must be a list of {of}, got {value!r:.60}. Put it into square brackets.")
    return value


def positive(name: str, value: float) -> float:
    """Refuse zero, negative numbers, NaN and infinity."""
    number(name, value)
    if not (np.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be a positive number, got {value!r}. Try a small one, such as 0.01, and double it.")
    return value


def not_negative(name: str, value: float) -> float:
    """Refuse negative numbers, NaN and infinity."""
    number(name, value)
    if not (np.isfinite(value) and value >= 0):
        raise ValueError(f"{name} must be zero or more, got {value!r}. Zero switches it off.")
    return value


def share(name: str, value: float, remedy: str) -> float:
    """Refuse what is not a share from 0 to below 1."""
    number(name, value)
    if not 0 <= value < 1:
        raise ValueError(f"{name} must be at least 0 and less than 1, got {value!r}. {remedy}")
    return value


def at_least(name: str, value: float, least: int) -> int:
    """Refuse counts that are too small or not whole."""
    number(name, value)
    if not np.isfinite(value) or value != int(value) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}. Raise it to {least}.")
    return int(value)


def labels(name: str, value: ArrayLike, classes: int) -> NDArray[np.intp]:
    """Return class labels as whole numbers from 0 to classes − 1, one a sample."""
    at_least("classes", classes, 1)
    array = finite(name, value, ndim=1)
    if not (np.isin(array, np.arange(classes))).all():
        stray = array[~np.isin(array, np.arange(classes))][0]
        raise ValueError(
            f"{name} must hold labels 0 to {classes - 1}, got {stray:g}. Number the classes from 0, or raise the number of classes."
        )
    return array.astype(np.intp)
