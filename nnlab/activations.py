"""Activation functions, in their stable forms.

Each takes the pre-activation z of any shape and returns an array of that shape. `ACTIVATIONS` is the table of them by name.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating]
Activation = Callable[[Array], Array]


def identity(z: ArrayLike) -> Array:
    """Return z itself: f(z) = z, a layer without an activation function.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z
    """
    return np.asarray(z, dtype=float)


def sigmoid(z: ArrayLike) -> Array:
    """Squash each z into (0, 1): the logistic function σ(z) = 1 / (1 + exp(−z)).

    exp is taken of −|z| only, so that it never overflows: for z < 0 the fraction is extended by exp(z).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.2, "Sigmoid". The slide's form warns of overflow at z = −1000.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def tanh(z: ArrayLike) -> Array:
    """Squash each z into (−1, 1): tanh(z) = (1 − exp(−2z)) / (1 + exp(−2z)).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.2, "Tanh".
    """
    return np.tanh(np.asarray(z, dtype=float))


def relu(z: ArrayLike) -> Array:
    """Cut each z off below zero: relu(z) = max(0, z).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.2, "ReLU".
    """
    return np.maximum(0.0, np.asarray(z, dtype=float))


def softmax(z: ArrayLike) -> Array:
    """Turn scores into shares of one: softmax_i(z) = exp(z_i) / Σ_j exp(z_j), column by column.

    The largest score of each column is subtracted first. That changes nothing in exact arithmetic and keeps exp from overflowing.

    Parameters
    ----------
    z : array_like, shape (classes,) or (classes, samples)
        Scores, one column a sample.

    Returns
    -------
    ndarray, shape of z
        Every column sums to 1.

    Notes
    -----
    Source: S0 section 11.2, "Softmax". The slide's form overflows at z = 1000.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


ACTIVATIONS: dict[str, Activation] = {
    "identity": identity,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "softmax": softmax,
}
