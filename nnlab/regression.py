"""Regression: a line through points four ways, and logistic regression as a network of one layer.

Columns are samples, as in S2: X has shape (features, samples), and the model is t = Xᵀ w. Give X a row of ones for the bias.
Polynomials and `ridge` are those of chapter 07, `nnlab.overfitting`.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnlab import _require
from nnlab.activations import Array, sigmoid
from nnlab.languages import say
from nnlab.overfitting import polynomial_features, ridge

CONDITION = 1e8  # of the normal equations: from here on half of the 16 digits are lost


def line_fit(x: ArrayLike, y: ArrayLike) -> tuple[float, float]:
    """Return intercept β0 and slope β1 of the least-squares line y = β0 + β1 x.

    The normal equations are solved for centred numbers: β1 = Σ (x − x̄)(y − ȳ) / Σ (x − x̄)², β0 = ȳ − β1 x̄.

    Parameters
    ----------
    x, y : array_like, shape (samples,)

    Returns
    -------
    intercept, slope : float

    Raises
    ------
    ValueError
        If x and y have different lengths or are not finite, or all x are equal.

    Notes
    -----
    Source: S2 section 1, one variable.
    """
    x, y = _require.finite("x", x, ndim=1), _require.finite("y", y, ndim=1)
    _require.same_shape("y", y, "x", x)
    if np.ptp(x) == 0:
        raise ValueError(say("x must hold two different values or more, got {value:g} only. No line follows from one place.", value=x[0]))
    dx = x - x.mean()
    slope = float(dx @ (y - y.mean()) / (dx @ dx))
    return float(y.mean()) - slope * float(x.mean()), slope


def naive_line_fit(x: ArrayLike, y: ArrayLike) -> tuple[float, float]:
    """Return intercept and slope by the slide's sums. They cancel where x is far from zero.

    Parameters
    ----------
    x, y : array_like, shape (samples,)

    Returns
    -------
    intercept, slope : float

    Notes
    -----
    Source: S2 section 1, one variable. The slide swaps the names: what it calls β0 multiplies x, what it calls β1 stands alone.
    """
    x, y = _require.floats("x", x, ndim=1), _require.floats("y", y, ndim=1)
    _require.same_shape("y", y, "x", x)
    n, sx, sy, sxx, sxy = len(x), x.sum(), y.sum(), x @ x, x @ y
    determinant = n * sxx - sx**2
    return float((sxx * sy - sx * sxy) / determinant), float((n * sxy - sx * sy) / determinant)


def least_squares(X: ArrayLike, t: ArrayLike) -> Array:
    """Return the weights that minimise ½ ‖t − Xᵀw‖²: empirical risk, and maximum likelihood where the noise is normal.

    Parameters
    ----------
    X : array_like, shape (features, samples)
    t : array_like, shape (samples,)

    Returns
    -------
    ndarray, shape (features,)

    Raises
    ------
    ValueError
        If X and t do not fit or are not finite.

    Notes
    -----
    Source: S2 section 1, training 1.
    """
    return ridge(X, t, 0.0)


def normal_equations(X: ArrayLike, t: ArrayLike, penalty: float = 0.0) -> Array:
    """Return the same weights by the slide's formula, (X Xᵀ + λI)⁻¹ X t. X Xᵀ squares the condition number: half the digits are lost.

    Parameters
    ----------
    X : array_like, shape (features, samples)
    t : array_like, shape (samples,)
    penalty : float
        λ.

    Returns
    -------
    ndarray, shape (features,)

    Raises
    ------
    ValueError
        If X and t do not fit or are not finite, penalty is negative, or the matrix has no inverse: some features determine others,
        and λ = 0.

    Warns
    -----
    UserWarning
        Where the condition number of the matrix is above 10⁸.

    Notes
    -----
    Source: S2 section 1, training 2.
    """
    X, t = _require.finite("X", X, ndim=2), _require.finite("t", t, ndim=1)
    _require.one_for_each("X", X, 1, "number of t", len(t))
    A = X @ X.T + _require.not_negative("penalty", penalty) * np.eye(len(X))
    try:
        w = np.linalg.solve(A, X @ t)
    except np.linalg.LinAlgError:
        raise ValueError(
            say(
                "X must have {count} independent features for penalty 0, got dependent ones. Drop some, or take a penalty above 0.",
                count=len(X),
            )
        ) from None
    if (condition := float(np.linalg.cond(A))) > CONDITION:
        warnings.warn(
            say(
                "the condition number of the normal equations is {condition:.0e}: about {digits:.0f} of 16 digits are lost. "
                "Standardise the features, take a penalty, or use least_squares.",
                condition=condition,
                digits=np.log10(condition),
            ),
            stacklevel=2,
        )
    return w


def polynomial_system(x: ArrayLike, y: ArrayLike, degree: int) -> tuple[Array, Array]:
    """Return the normal equations of a polynomial, as sums of powers: A_ij = Σ x^(i+j), r_i = Σ x^i y. Solve A a = r.

    Parameters
    ----------
    x, y : array_like, shape (samples,)
    degree : int
        k, zero or more.

    Returns
    -------
    A : ndarray, shape (k + 1, k + 1)
    r : ndarray, shape (k + 1,)

    Raises
    ------
    ValueError
        If x and y have different lengths or are not finite, or the degree is negative.

    Notes
    -----
    Source: S2 section 1, generalisation. The slide calls it regression in several variables; it is a polynomial in one.
    """
    x, y = _require.finite("x", x, ndim=1), _require.finite("y", y, ndim=1)
    _require.same_shape("y", y, "x", x)
    i = np.arange(_require.at_least("degree", degree, 0) + 1)
    sums = np.array([(x**power).sum() for power in range(2 * degree + 1)])
    return sums[i[:, None] + i], np.array([(x**power) @ y for power in i])


def log_likelihood(X: ArrayLike, t: ArrayLike, w: Array, sigma: float) -> float:
    """Return log p(t | X; w, σ) for t = Xᵀw plus normal noise with standard deviation σ.

    Parameters
    ----------
    X : array_like, shape (features, samples)
    t : array_like, shape (samples,)
    w : ndarray, shape (features,)
    sigma : float
        σ, positive, in units of t.

    Returns
    -------
    float, in nats

    Raises
    ------
    ValueError
        If sigma is not positive.

    Notes
    -----
    Source: S2 section 1, training 3.
    """
    X, t, w = _require.floats("X", X, ndim=2), _require.floats("t", t, ndim=1), _require.floats("w", w, ndim=1)
    _require.one_for_each("X", X, 0, "number of w", len(w))
    _require.one_for_each("X", X, 1, "number of t", len(t))
    residuals = (t - w @ X) / _require.positive("sigma", sigma)
    return float(-0.5 * (residuals @ residuals) - len(residuals) * np.log(np.sqrt(2 * np.pi) * sigma))


def maximum_likelihood(X: ArrayLike, t: ArrayLike) -> tuple[Array, float]:
    """Return the weights and the σ that make the targets most probable: least squares, and the root mean square of its residuals.

    Parameters
    ----------
    X : array_like, shape (features, samples)
    t : array_like, shape (samples,)

    Returns
    -------
    w : ndarray, shape (features,)
    sigma : float
        In units of t. With few samples it is too small, because w was fitted to them.

    Raises
    ------
    ValueError
        If X and t do not fit or are not finite.

    Notes
    -----
    Source: S2 section 1, training 3.
    """
    X, t = _require.floats("X", X, ndim=2), _require.floats("t", t, ndim=1)
    w = least_squares(X, t)
    return w, float(np.sqrt(np.mean((t - w @ X) ** 2)))


def log_prior(w: Array, nu: float) -> float:
    """Return log p(w; ν), where each weight is normal with mean 0 and standard deviation ν.

    Parameters
    ----------
    w : ndarray, shape (features,)
    nu : float
        ν, positive.

    Returns
    -------
    float, in nats

    Raises
    ------
    ValueError
        If nu is not positive.

    Notes
    -----
    Source: S2 section 1, training 4.
    """
    w = _require.floats("w", w, ndim=1)
    return float(-0.5 * (w @ w) / _require.positive("nu", nu) ** 2 - len(w) * np.log(np.sqrt(2 * np.pi) * nu))


def map_weights(X: ArrayLike, t: ArrayLike, sigma: float, nu: float) -> Array:
    """Return the most probable weights, given noise σ and the prior ν: ridge with λ = σ²/ν².

    Parameters
    ----------
    X : array_like, shape (features, samples)
    t : array_like, shape (samples,)
    sigma, nu : float
        Standard deviations of the noise and of the weights, positive.

    Returns
    -------
    ndarray, shape (features,)

    Raises
    ------
    ValueError
        If X and t do not fit or are not finite, or sigma or nu is not positive.

    Notes
    -----
    Source: S2 section 1, training 4.
    """
    return ridge(X, t, (_require.positive("sigma", sigma) / _require.positive("nu", nu)) ** 2)


def log_posterior(w: Array, X: ArrayLike, t: ArrayLike, sigma: float, nu: float) -> float:
    """Return log p(w | X, t; σ, ν) up to what does not depend on w: the log-likelihood plus the log-prior.

    Parameters
    ----------
    w : ndarray, shape (features,)
    X : array_like, shape (features, samples)
    t : array_like, shape (samples,)
    sigma, nu : float
        Standard deviations of the noise, in units of t, and of the weights, positive.

    Returns
    -------
    float, in nats

    Raises
    ------
    ValueError
        If sigma or nu is not positive.

    Notes
    -----
    Source: S2 section 1, training 4. The slide divides by a sum over w; w is continuous, and it is an integral.
    """
    return log_likelihood(X, t, w, sigma) + log_prior(w, nu)


def descend_to_fit(X: ArrayLike, t: ArrayLike, alpha: float, steps: int) -> tuple[Array, Array]:
    """Find the weights by gradient descent on the mean square ½ mean (t − Xᵀw)², from w = 0.

    Parameters
    ----------
    X : array_like, shape (features, samples)
    t : array_like, shape (samples,)
    alpha : float
        Learning rate α. Above 2/λmax of X Xᵀ / samples the weights grow without end.
    steps : int

    Returns
    -------
    w : ndarray, shape (features,)
    costs : ndarray, shape (steps + 1,)
        The cost before the first step, and after each.

    Raises
    ------
    ValueError
        If X and t do not fit or are not finite, alpha is not positive or steps is negative.

    Notes
    -----
    Source: S2 section 1, training 5.
    """
    X, t = _require.finite("X", X, ndim=2), _require.finite("t", t, ndim=1)
    _require.same_shape("t", t, say("a row of X"), X[0])
    _require.positive("alpha", alpha)
    w, costs = np.zeros(len(X)), []
    with np.errstate(over="ignore", invalid="ignore"):  # above the limit it grows until it overflows
        for _ in range(_require.at_least("steps", steps, 0)):
            errors = w @ X - t
            costs.append(np.mean(errors**2) / 2)
            w = w - alpha * X @ errors / len(t)
        costs.append(np.mean((w @ X - t) ** 2) / 2)
    return w, np.array(costs)


def logistic_fit(X: ArrayLike, y: ArrayLike, alpha: float, steps: int, penalty: float = 0.0) -> tuple[Array, float]:
    """Fit P(y = 1) = σ(w · x + b) by gradient descent: a network of one layer with one neuron, from w = 0 and b = 0.

    Minimised is the mean cross-entropy plus λ/2 ‖w‖².

    Parameters
    ----------
    X : array_like, shape (features, samples)
        Standardised, or alpha has to be small.
    y : array_like of int, shape (samples,)
        Labels 0 and 1.
    alpha : float
        Learning rate, positive.
    steps : int
        Each a pass over all samples, at least 1.
    penalty : float
        λ, zero or more. With 0 the weights of separable samples grow without end.

    Returns
    -------
    w : ndarray, shape (features,)
    b : float

    Raises
    ------
    ValueError
        If X and y do not fit or are not finite, labels are not 0 and 1, or alpha, steps or penalty is out of range.

    Notes
    -----
    Source: S1, "logistic regression is the last layer of a network"; S2 section 2, classification.
    """
    X, y = _require.finite("X", X, ndim=2), _require.labels("y", y, 2)
    _require.same_shape("y", y, say("a row of X"), X[0])
    _require.positive("alpha", alpha)
    _require.not_negative("penalty", penalty)
    w, b = np.zeros(len(X)), 0.0
    for _ in range(_require.at_least("steps", steps, 1)):
        delta = sigmoid(w @ X + b) - y
        w = w - alpha * (X @ delta / len(y) + penalty * w)
        b = b - alpha * float(delta.mean())
    return w, b


def residual_report(x: ArrayLike, y: ArrayLike, intercept: float, slope: float) -> tuple[float, float, float]:
    """Judge a line by what it leaves: R², how alike neighbouring residuals are, and how much their size goes with x.

    Parameters
    ----------
    x, y : array_like, shape (samples,)
    intercept, slope : float

    Returns
    -------
    r_squared : float
        1 − Σ e² / Σ (y − ȳ)². Below 0 the mean alone would be nearer.
    neighbours : float
        Correlation of each residual with the next, in the order of x. Near 0 for a good model.
    funnel : float
        Correlation of |e| with x. Near 0 where the noise is the same everywhere.

    Raises
    ------
    ValueError
        If x and y have different lengths or are not finite, or there are fewer than three samples.

    Notes
    -----
    Source: S2 section 1, evaluation of a model. A line without residuals has nan for both correlations: nothing is left to correlate.
    """
    x, y = _require.finite("x", x, ndim=1), _require.finite("y", y, ndim=1)
    _require.same_shape("y", y, "x", x)
    _require.at_least(say("the number of samples"), len(x), 3)
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    e = y - _require.number("intercept", intercept) - _require.number("slope", slope) * x
    if not e.any():
        return 1.0, float("nan"), float("nan")
    r_squared = 1 - float(e @ e) / float(np.sum((y - y.mean()) ** 2))
    return r_squared, float(np.corrcoef(e[:-1], e[1:])[0, 1]), float(np.corrcoef(np.abs(e), x)[0, 1])


def my_fit(x: ArrayLike, t: ArrayLike, x_new: ArrayLike) -> Array:
    """Say what a curve through points is elsewhere: the polynomial whose degree has the least error on points held back.

    Parameters
    ----------
    x, t : array_like, shape (samples,)
    x_new : array_like, shape (places,)

    Returns
    -------
    ndarray, shape (places,)

    Notes
    -----
    Five folds, degrees 0 to 9. Source: S2 section 1, generalisation, with the cross-validation of S3 section 2.
    """
    x, t = _require.finite("x", x, ndim=1), _require.finite("t", t, ndim=1)
    _require.same_shape("t", t, "x", x)
    folds = np.arange(len(x)) % 5

    def fitted(rows: NDArray[np.bool_], degree: int) -> Array:
        return least_squares(polynomial_features(x[rows], degree), t[rows])

    def error(degree: int) -> float:
        squares = [
            (t[folds == fold] - fitted(folds != fold, degree) @ polynomial_features(x[folds == fold], degree)) ** 2 for fold in range(5)
        ]
        return float(np.mean(np.concatenate(squares)))

    best = min(range(10), key=error)
    return fitted(folds >= 0, best) @ polynomial_features(_require.finite("x_new", x_new, ndim=1), best)
