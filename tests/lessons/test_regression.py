"""A line through points four ways, and logistic regression as one layer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LinearRegression, LogisticRegression

from nnlab import regression as rg
from nnlab.activations import sigmoid
from nnlab.backpropagation import central_differences
from nnlab.overfitting import TEN_T, TEN_X, fit_polynomial, polynomial_features, ridge

seeds = st.integers(0, 2**32 - 1)


def points(seed: int = 0, features: int = 3, n: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """Draw samples with a row of ones, and noisy targets."""
    rng = np.random.default_rng(seed)
    X = np.vstack([np.ones(n), rng.normal(size=(features - 1, n))])
    return X, rng.normal(size=features) @ X + 0.3 * rng.normal(size=n)


# ---- One variable ----


@given(seeds)
def test_line_fit_is_scikit_learns(seed: int) -> None:
    """Intercept and slope, by centred numbers and by the slide's sums."""
    X, y = points(seed, features=2)
    theirs = LinearRegression().fit(X[1:].T, y)
    for ours in (rg.line_fit, rg.naive_line_fit):
        assert_allclose(ours(X[1], y), (theirs.intercept_, theirs.coef_[0]), rtol=1e-8, atol=1e-10)


def test_slide_swaps_intercept_and_slope() -> None:
    """S2: for y = 1 + 2x the slide's formula for β0 gives 2, the slope."""
    x = np.array([0.0, 1, 2, 5])
    y = 1 + 2 * x
    slide_beta_0 = (4 * (x @ y) - x.sum() * y.sum()) / (4 * (x @ x) - x.sum() ** 2)
    assert slide_beta_0 == 2
    assert rg.line_fit(x, y) == (1, 2)


def test_sums_cancel_far_from_zero() -> None:
    """Around x = 3e8 the sums give a slope of 4 for 2; centred numbers give 2."""
    x = 3e8 + np.arange(20.0)
    assert_allclose(rg.line_fit(x, 1 + 2 * x), (1, 2))
    assert abs(rg.naive_line_fit(x, 1 + 2 * x)[1] - 2) > 0.1


# ---- Several variables ----


@given(seeds, st.integers(1, 5))
def test_three_ways_to_the_same_weights(seed: int, features: int) -> None:
    """Least squares, the normal equations and maximum likelihood agree; residuals stand at right angles to every feature."""
    X, t = points(seed, features)
    w = rg.least_squares(X, t)
    assert_allclose(rg.normal_equations(X, t), w, rtol=1e-7, atol=1e-9)
    assert_allclose(rg.maximum_likelihood(X, t)[0], w)
    assert_allclose(X @ (t - w @ X), 0, atol=1e-10)


def test_normal_equations_lose_half_the_digits() -> None:
    """On the ten points with M = 9 they give 232.2 where 232.37 is right."""
    X = polynomial_features(TEN_X, 9)
    assert round(rg.least_squares(X, TEN_T)[1], 2) == 232.37
    with pytest.warns(UserWarning, match="condition number of the normal equations"):
        assert abs(rg.normal_equations(X, TEN_T)[1] - 232.37) > 0.01


@pytest.mark.parametrize("degree", [0, 1, 3])
def test_polynomial_system(degree: int) -> None:
    """S2: the matrix of power sums is Φ Φᵀ and the right side Φ t; its solution is the polynomial of the table."""
    A, r = rg.polynomial_system(TEN_X, TEN_T, degree)
    features = polynomial_features(TEN_X, degree)
    assert_allclose(A, features @ features.T)
    assert_allclose(r, features @ TEN_T)
    assert A[0, 0] == 10
    assert_allclose(np.linalg.solve(A, r), fit_polynomial(TEN_X, TEN_T, degree), rtol=1e-9)


# ---- Probability ----


def test_log_likelihood_by_hand() -> None:
    """Two residuals of 1 and −2 with σ = 2: −(1 + 4)/8 − 2 log(2 √2π)."""
    assert rg.log_likelihood(np.array([[1.0, 2]]), [2, 0], np.array([1.0]), 2) == pytest.approx(-5 / 8 - 2 * np.log(2 * np.sqrt(2 * np.pi)))


@given(seeds)
def test_maximum_likelihood_is_a_maximum(seed: int) -> None:
    """No step in w or σ makes the targets more probable."""
    X, t = points(seed)
    w, sigma = rg.maximum_likelihood(X, t)
    best = rg.log_likelihood(X, t, w, sigma)
    for step in 0.01 * np.vstack([np.eye(3), -np.eye(3)]):
        assert rg.log_likelihood(X, t, w + step, sigma) < best
    for factor in (0.99, 1.01):
        assert rg.log_likelihood(X, t, w, factor * sigma) < best


@given(seeds, st.floats(0.1, 3), st.floats(0.1, 3))
def test_map_weights_is_ridge(seed: int, sigma: float, nu: float) -> None:
    """S2: λ = σ²/ν², and no step makes likelihood times prior larger."""
    X, t = points(seed)
    w = rg.map_weights(X, t, sigma, nu)
    assert_allclose(w, ridge(X, t, sigma**2 / nu**2), rtol=1e-10)

    def log_posterior(w: np.ndarray) -> float:
        return rg.log_likelihood(X, t, w, sigma) + rg.log_prior(w, nu)

    assert all(log_posterior(w + step) < log_posterior(w) for step in 0.05 * np.vstack([np.eye(3), -np.eye(3)]))


def test_a_wide_prior_says_nothing() -> None:
    """With ν → ∞ the most probable weights are those of least squares; with ν → 0 they are zero."""
    X, t = points()
    assert_allclose(rg.map_weights(X, t, 1, 1e6), rg.least_squares(X, t), rtol=1e-9)
    assert np.abs(rg.map_weights(X, t, 1, 1e-6)).max() < 1e-8


def test_log_prior_by_hand() -> None:
    """Two weights 3 and 4 with ν = 5: −25/50 − 2 log(5 √2π)."""
    assert rg.log_prior(np.array([3.0, 4]), 5) == pytest.approx(-0.5 - 2 * np.log(5 * np.sqrt(2 * np.pi)))


# ---- Logistic regression ----


def labelled(seed: int = 0, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Draw two overlapping classes."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    return rng.normal(size=(2, n)) + y, y


def test_logistic_fit_is_scikit_learns() -> None:
    """The mean cross-entropy plus λ/2 ‖w‖² is scikit-learn's with C = 1/(nλ)."""
    X, y = labelled()
    w, b = rg.logistic_fit(X, y, 1.0, 2000, 0.05)
    theirs = LogisticRegression(C=1 / (60 * 0.05), tol=1e-10).fit(X.T, y)
    assert_allclose([*w, b], [*theirs.coef_[0], theirs.intercept_[0]], rtol=1e-6)


def test_logistic_fit_ends_where_the_gradient_is_zero() -> None:
    """At the minimum the errors are at right angles to each feature, and their mean is zero."""
    X, y = labelled(1)
    w, b = rg.logistic_fit(X, y, 1.0, 3000)
    errors = sigmoid(w @ X + b) - y
    assert_allclose([*(X @ errors), errors.sum()], 0, atol=1e-8)


def test_separable_classes_push_the_weights_out() -> None:
    """Without a penalty, ten times the epochs give longer weights."""
    X, y = np.array([[-2.0, -1, 1, 2]]), np.array([0, 0, 1, 1])
    short, long = (rg.logistic_fit(X, y, 1.0, n)[0] for n in (100, 1000))
    assert long > short + 1
    assert_array_equal(sigmoid(short[0] * X[0]) > 0.5, y)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rg.line_fit([1, 2], [1, 2, 3]), r"y must have the shape of x, \(2,\), got \(3,\)"),
        (lambda: rg.line_fit([2, 2], [1, 3]), r"x must hold two different values or more, got 2 only"),
        (lambda: rg.least_squares(np.ones((2, 3)), [1, 2]), r"t must have one target for each of the 3 columns of X, got 2"),
        (lambda: rg.normal_equations([[1.0, 2], [2, 4]], [1, 2]), r"X must have 2 independent features for penalty 0, got dependent ones"),
        (lambda: rg.normal_equations(np.ones((2, 3)), [1, 2]), r"X must be a matrix with one column for each number of t, 2, got shape \(2, 3\)"),
        (lambda: rg.normal_equations([[1.0, 2]], [1, 2], -1), r"penalty must be zero or more, got -1"),
        (lambda: rg.normal_equations([1.0, 2], [1, 2]), r"X must have 2 axes, got shape \(2,\)"),
        (lambda: rg.polynomial_system([1, 2], [1], 1), r"y must have the shape of x, \(2,\), got \(1,\)"),
        (lambda: rg.log_likelihood([[1.0]], [1], np.ones(1), 0), r"sigma must be a positive number, got 0"),
        (lambda: rg.log_prior(np.ones(1), -1), r"nu must be a positive number, got -1"),
        (lambda: rg.map_weights([[1.0]], [1], 1, 0), r"nu must be a positive number, got 0"),
        (lambda: rg.logistic_fit([[1.0, 2]], [0, 2], 1.0, 5), r"y must hold labels 0 to 1, got 2"),
        (lambda: rg.logistic_fit([[1.0, 2]], [0, 1], 1.0, 0), r"steps must be a whole number of at least 1, got 0"),
        (lambda: rg.logistic_fit([[1.0, 2, 3]], [0, 1], 1.0, 5), r"y must have the shape of a row of X"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, message: str) -> None:
    """Errors say which argument, what was expected, what came, and what to try."""
    with pytest.raises(ValueError, match=message):
        call()


# ---- Whole programs of chapter 09 ----


def test_log_posterior_is_highest_at_map_weights() -> None:
    """Its slope is zero there, measured by central differences, and the constants are those of the lecture's five points."""
    X, t = points(3)
    w = rg.map_weights(X, t, 0.3, 2.0)
    assert_allclose(central_differences(lambda v: rg.log_posterior(v, X, t, 0.3, 2.0), w), 0, atol=1e-5)
    five = np.array([[1.0, 1, 1, 1, 1], [1, 2, 3, 4, 5]])
    assert_allclose(rg.log_posterior(np.array([2.2, 0.6]), five, [2, 4, 5, 4, 5], 1.0, 2.0), -9.668864, atol=1e-6)


def test_descent_finds_least_squares_below_the_limit_only() -> None:
    """Below 2/λmax it ends at the closed form; above, weights grow, and overflow is no error."""
    X, t = np.array([[1.0, 1, 1, 1, 1], [1, 2, 3, 4, 5]]), np.array([2.0, 4, 5, 4, 5])
    w, costs = rg.descend_to_fit(X, t, 0.16, 5000)
    assert_allclose(w, (2.2, 0.6), atol=1e-9)
    assert len(costs) == 5001
    assert costs[0] == np.mean(t**2) / 2
    assert np.abs(rg.descend_to_fit(X, t, 0.17, 1000)[0]).max() > 1000
    assert not np.isfinite(rg.descend_to_fit(X, t, 5.0, 1000)[0]).all()


def test_residuals_tell_curve_and_funnel() -> None:
    """A curve shows in neighbours, a funnel in the size of residuals; an exact line leaves nothing to correlate."""
    rng, x = np.random.default_rng(0), np.linspace(0, 1, 400)
    for y, neighbours, funnel in (
        (1 + 2 * x + 0.2 * rng.normal(size=400), 0, 0),
        (4 * x**2 + 0.2 * rng.normal(size=400), 0.7, 0),
        (1 + 2 * x + 0.4 * x * rng.normal(size=400), 0, 0.5),
    ):
        _, next_to, grows = rg.residual_report(x[::-1], y[::-1], *rg.line_fit(x, y))
        assert abs(next_to - neighbours) < 0.2
        assert abs(grows - funnel) < 0.2
    assert_array_equal(rg.residual_report([0, 1, 2], [1, 3, 5], 1, 2), (1, np.nan, np.nan))


def test_my_fit_is_near_any_of_the_curves() -> None:
    """Over 20 draws each, a line and two periods of a sine are met better than a fixed degree meets both."""
    rng, x, fine = np.random.default_rng(0), np.linspace(0, 1, 40), np.linspace(0.02, 0.98, 99)
    for truth, noise, most in ((lambda x: 1 - 2 * x, 0.5, 0.6), (lambda x: np.sin(4 * np.pi * x), 0.15, 0.8)):
        draws = [truth(x) + noise * rng.normal(size=40) for _ in range(20)]
        off = [np.sqrt(np.mean((rg.my_fit(x, t, fine) - truth(fine)) ** 2)) / noise for t in draws]
        assert np.median(off) < most
