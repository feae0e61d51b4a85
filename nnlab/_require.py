"""What the lessons ask of their arguments. Each function passes when it is met, and says how to meet it when it is not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnlab.activations import Array


def finite(name: str, value: ArrayLike, ndim: int | None = None) -> Array:
    """Return the argument as an array of floats: of `ndim` axes, not empty, without NaN or infinity."""
    array = np.asarray(value, dtype=float)
    if ndim is not None and array.ndim != ndim:
        axes = "1 axis" if ndim == 1 else f"{ndim} axes"
        raise ValueError(
            f"{name} must have {axes}, got shape {array.shape}. Reshape it; samples are columns, as in X of (features, samples)."
        )
    if array.size == 0:
        raise ValueError(f"{name} must hold numbers, got an empty array of shape {array.shape}. Look where it was filled.")
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


def positive(name: str, value: float) -> float:
    """Refuse zero, negative numbers, NaN and infinity."""
    if not (np.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be a positive number, got {value!r}. Try a small one, such as 0.01, and double it.")
    return value


def not_negative(name: str, value: float) -> float:
    """Refuse negative numbers, NaN and infinity."""
    if not (np.isfinite(value) and value >= 0):
        raise ValueError(f"{name} must be zero or more, got {value!r}. Zero switches it off.")
    return value


def share(name: str, value: float, remedy: str) -> float:
    """Refuse what is not a share from 0 to below 1."""
    if not 0 <= value < 1:
        raise ValueError(f"{name} must be at least 0 and less than 1, got {value!r}. {remedy}")
    return value


def at_least(name: str, value: float, least: int) -> int:
    """Refuse counts that are too small or not whole."""
    if not (isinstance(value, (int, float, np.number)) and value >= least and value % 1 == 0):
        remedy = "Round it." if isinstance(value, (float, np.floating)) and least < value < np.inf else f"Raise it to {least}."
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}. {remedy}")
    return int(value)


def index(name: str, value: int, size: int) -> int:
    """Return an index that counts from 0, and refuse one from the end, outside, or not whole."""
    if not (isinstance(value, (int, np.integer)) and 0 <= value < size):
        raise ValueError(f"{name} must be a whole number from 0 to {size - 1}, got {value!r}. Places are counted from 0.")
    return int(value)


def number(name: str, value: float) -> float:
    """Refuse NaN, infinity, and what is not one number."""
    if np.ndim(value) or not np.isfinite(value):
        raise ValueError(f"{name} must be one finite number, got {value!r}. Look at how it was computed.")
    return value


def labels(name: str, value: ArrayLike, classes: int) -> NDArray[np.intp]:
    """Return class labels as whole numbers from 0 to classes − 1, one a sample."""
    array = finite(name, value, ndim=1)
    if not (np.isin(array, np.arange(classes))).all():
        stray = array[~np.isin(array, np.arange(classes))][0]
        raise ValueError(
            f"{name} must hold labels 0 to {classes - 1}, got {stray:g}. Number the classes from 0, or raise the number of classes."
        )
    return array.astype(np.intp)
