"""Overfitting: polynomials that fit ten points too well, and the cures: ridge, more data, augmentation, early stopping, dropout.

Columns are samples. The gradient of the weight penalty is `nnlab.optimizers.add_l2`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from nnlab import _require
from nnlab.activations import Array

# The ten points behind the tables of S2
TEN_X = np.linspace(0, 1, 10)
TEN_T = np.array([0.349486, 0.830839, 1.007332, 0.971507, 0.133066, 0.166823, -0.848307, -0.445686, -0.563567, 0.261502])

# S2's ridge columns, and the ln λ their heads claim. The columns belong to ln λ = −16.08 and 2.28 (erratum 9).
SLIDE_RIDGE = {
    -18: np.array([0.35, 4.74, -0.77, -31.97, -3.89, 55.28, 41.32, -45.95, -91.53, 72.68]),
    0: np.array([0.13, -0.05, -0.06, -0.05, -0.03, -0.02, -0.01, -0.00, 0.00, 0.01]),
}


def noisy_sine(n: int, rng: np.random.Generator, noise: float = 0.3) -> tuple[Array, Array]:
    """Draw more points of the kind the ten are: t = sin(2πx) plus noise, x evenly spaced from 0 to 1.

    Parameters
    ----------
    n : int
        Number of points.
    rng : numpy.random.Generator
    noise : float
        Standard deviation of the noise.

    Returns
    -------
    x, t : ndarray, shape (n,)

    Notes
    -----
    Source: S2, "controlling overfitting 2: dataset size".
    """
    x = np.linspace(0, 1, n)
    return x, np.sin(2 * np.pi * x) + noise * rng.standard_normal(n)


def polynomial_features(x: ArrayLike, degree: int) -> Array:
    """Return the powers x⁰, x¹, …, x^M, one row a power.

    Parameters
    ----------
    x : array_like, shape (samples,)
    degree : int
        M, zero or more.

    Returns
    -------
    ndarray, shape (M + 1, samples)

    Raises
    ------
    ValueError
        If x is not a list of finite numbers or the degree is negative.

    Notes
    -----
    Source: S2, polynomial curve fitting.
    """
    x = _require.finite("x", x, ndim=1)
    return np.vander(x, _require.at_least("degree", degree, 0) + 1, increasing=True).T


def ridge(X: ArrayLike, t: ArrayLike, penalty: float = 0.0) -> Array:
    """Return the weights that minimise ½ ‖t − Xᵀw‖² + λ/2 ‖w‖².

    The penalty is written as more samples: one with feature √λ and target 0 for each weight. Then least squares solves it
    without the product X Xᵀ, which would cost half the digits.

    Parameters
    ----------
    X : array_like, shape (features, samples)
        Give it a row of ones for the bias, which is then penalised too, as in S2.
    t : array_like, shape (samples,)
        Targets.
    penalty : float
        λ, zero or more. Zero is least squares; of several solutions it gives the shortest.

    Returns
    -------
    ndarray, shape (features,)

    Raises
    ------
    ValueError
        If X and t do not fit, are not finite, or penalty is negative.

    Notes
    -----
    Source: S2, "controlling overfitting 1" and ridge regression.
    """
    X, t = _require.finite("X", X, ndim=2), _require.finite("t", t, ndim=1)
    if len(t) != X.shape[1]:
        raise ValueError(f"t must have one target for each of the {X.shape[1]} columns of X, got {len(t)}. Try X.T if samples are rows.")
    pull = np.sqrt(_require.not_negative("penalty", penalty)) * np.eye(len(X))
    return np.linalg.lstsq(np.vstack([X.T, pull]), np.append(t, np.zeros(len(X))), rcond=None)[0]


def fit_polynomial(x: ArrayLike, t: ArrayLike, degree: int, penalty: float = 0.0) -> Array:
    """Return the coefficients w0 … wM of the polynomial that fits the points best.

    Parameters
    ----------
    x, t : array_like, shape (samples,)
    degree : int
        M.
    penalty : float
        λ of the ridge, zero or more.

    Returns
    -------
    ndarray, shape (M + 1,)

    Raises
    ------
    ValueError
        As `polynomial_features` and `ridge`.

    Notes
    -----
    Source: S2, tables for M = 0, 1, 3, 9 and for ln λ.
    """
    return ridge(polynomial_features(x, degree), t, penalty)


def predict_polynomial(w: Array, x: ArrayLike) -> Array:
    """Evaluate w0 + w1 x + … + wM x^M.

    Parameters
    ----------
    w : ndarray, shape (M + 1,)
    x : array_like, shape (samples,)

    Returns
    -------
    ndarray, shape (samples,)
    """
    return w @ polynomial_features(x, len(w) - 1)


def rms_error(w: Array, x: ArrayLike, t: ArrayLike) -> float:
    """Return the root of the mean squared distance of the polynomial from the points, in units of t.

    Parameters
    ----------
    w : ndarray, shape (M + 1,)
    x, t : array_like, shape (samples,)

    Returns
    -------
    float
    """
    return float(np.sqrt(np.mean((predict_polynomial(w, x) - np.asarray(t)) ** 2)))


@dataclass
class EarlyStopping:
    """Watch the validation cost and say when to stop: when it has not fallen for `patience` epochs.

    Parameters
    ----------
    patience : int or inf
        Epochs to wait for a better cost, at least 1. With inf it never says stop, and `best_epoch` tells afterwards.
    tolerance : float
        How much lower counts as better.

    Attributes
    ----------
    best : float
        Lowest cost so far.
    best_epoch : int
        When it came, from 0. Keep the weights of that epoch.
    epoch : int
        Epochs seen.

    Notes
    -----
    Source: S0 section 11.4, early stopping. The slide stops at the first rise; with noise that is too soon.
    """

    patience: float = 10
    tolerance: float = 0.0
    best: float = field(init=False, default=np.inf)
    best_epoch: int = field(init=False, default=-1)
    epoch: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        if self.patience != np.inf:
            _require.at_least("patience", self.patience, 1)
        _require.not_negative("tolerance", self.tolerance)

    def should_stop(self, cost: float) -> bool:
        """Take note of one epoch's validation cost.

        Parameters
        ----------
        cost : float
            One that is not a number is no improvement.

        Returns
        -------
        bool
            Whether the lowest cost is `patience` epochs ago.
        """
        if cost < self.best - self.tolerance:
            self.best, self.best_epoch = cost, self.epoch
        self.epoch += 1
        return self.epoch - self.best_epoch > self.patience


def dropout_mask(shape: tuple[int, ...], p: float, rng: np.random.Generator, out: Array | None = None) -> Array:
    """Draw which activations stay: 0 with probability p, else 1 / (1 − p), so that the mean stays what it was.

    Multiply a hidden layer's activations by it in training, and its error term by the same mask. In prediction use none.

    Parameters
    ----------
    shape : tuple of int
        Shape of the activations.
    p : float
        Probability to drop, 0 <= p < 1.
    rng : numpy.random.Generator
    out : ndarray of that shape, optional
        Room for the mask, float32 or float64.

    Returns
    -------
    ndarray of that shape

    Raises
    ------
    ValueError
        If p is out of range.

    Notes
    -----
    Source: S0 section 11.4, dropout; Srivastava et al. 2014, in the form that scales in training.
    """
    _require.share("p", p, "It is the share that is dropped; 0.5 is usual.")
    mask: Array = np.empty(shape) if out is None else out
    rng.random(out=mask, dtype=mask.dtype)
    np.greater_equal(mask, p, out=mask)
    mask *= 1 / (1 - p)
    return mask


def augment(X: ArrayLike, y: ArrayLike, copies: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Append copies of the samples with a little noise on every feature, with the same labels.

    Parameters
    ----------
    X : array_like, shape (features, samples)
        Standardised, so that one noise suits all features.
    y : array_like, shape (samples,)
        Labels or targets.
    copies : int
        How many of each sample, zero or more.
    noise : float
        Standard deviation, zero or more.
    rng : numpy.random.Generator

    Returns
    -------
    X : ndarray, shape (features, (copies + 1)·samples)
        The samples themselves come first.
    y : ndarray, shape ((copies + 1)·samples,)

    Raises
    ------
    ValueError
        If X is not a matrix of finite numbers, or copies or noise is negative.

    Notes
    -----
    Source: S0 section 11.4, data augmentation.
    """
    X = _require.finite("X", X, ndim=2)
    many = np.tile(X, _require.at_least("copies", copies, 0) + 1)
    many[:, X.shape[1] :] += _require.not_negative("noise", noise) * rng.standard_normal((len(X), copies * X.shape[1]))
    return many, np.tile(y, copies + 1)


def shift_image(image: ArrayLike, down: int, right: int) -> Array:
    """Move a picture by whole pixels; what comes in from outside is 0. A shirt moved by a pixel is still a shirt.

    Parameters
    ----------
    image : array_like, shape (height, width)
    down, right : int
        Pixels; negative is up and left.

    Returns
    -------
    ndarray, shape (height, width)

    Notes
    -----
    Source: S0 section 11.4, data augmentation.
    """
    image = _require.finite("image", image, ndim=2)
    height, width = image.shape
    padded = np.pad(image, ((abs(down),), (abs(right),)))
    top, left = abs(down) - down, abs(right) - right
    return padded[top : top + height, left : left + width]
