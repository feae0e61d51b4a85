"""Polynomials on ten points, and the cures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import Ridge

from nnlab import overfitting as of

FULL = [0.35, 232.37, -5321.83, 48568.31, -231639.30, 640042.26, -1061800.52, 1042400.18, -557682.99, 125201.43]


@pytest.mark.parametrize(("degree", "printed"), [(0, [0.19]), (1, [0.82, -1.27]), (3, [0.31, 7.99, -25.43, 17.37])])
def test_polynomial_table(degree: int, printed: list[float]) -> None:
    """S2: the coefficients for M = 0, 1, 3 to all printed digits."""
    assert of.fit_polynomial(of.TEN_X, of.TEN_T, degree).round(2).tolist() == printed


def test_polynomial_table_of_degree_nine() -> None:
    """S2: 0.35, 232.37, −5321.83, … for M = 9. The points are known to six digits, so the large coefficients agree to six."""
    w = of.fit_polynomial(of.TEN_X, of.TEN_T, 9)
    assert w[:3].round(2).tolist() == FULL[:3]
    assert_allclose(w, FULL, rtol=2e-6, atol=0.005)


def test_training_error_falls_and_test_error_does_not() -> None:
    """From M = 0 to 9 the training error falls to 0, and the error on new points rises again."""
    x, t = of.noisy_sine(100, np.random.default_rng(0))
    fits = {M: of.fit_polynomial(of.TEN_X, of.TEN_T, M) for M in (0, 1, 3, 9)}
    train = [of.rms_error(w, of.TEN_X, of.TEN_T) for w in fits.values()]
    test = {M: of.rms_error(w, x, t) for M, w in fits.items()}
    assert train == sorted(train, reverse=True)
    assert train[-1] < 1e-6
    assert test[3] < test[1] < test[0]
    assert test[9] > test[3]


# ---- Ridge ----


def test_ridge_at_the_slides_lambda() -> None:
    """Erratum 9: at ln λ = −18 the code gives 0.35, 5.77, −14.97, 29.86, not the slide's column; at 0 it differs as well."""
    at_18, at_0 = (of.fit_polynomial(of.TEN_X, of.TEN_T, 9, np.exp(k)) for k in (-18, 0))
    assert at_18[:4].round(2).tolist() == [0.35, 5.77, -14.97, 29.86]
    assert np.abs(at_18 - of.SLIDE_RIDGE[-18]).max() > 100
    assert np.abs(at_0 - of.SLIDE_RIDGE[0]).max() > 0.3


@pytest.mark.parametrize(("head", "best", "off"), [(-18, -16.08, 0.065), (0, 2.28, 0.0035)])
def test_slide_columns_belong_to_another_lambda(head: int, best: float, off: float) -> None:
    """Erratum 9: over all ln λ the printed columns fit best at −16.08 (0.06 off at most) and 2.28 (0.0035 off)."""

    def distance(log: float) -> float:
        return float(np.abs(of.fit_polynomial(of.TEN_X, of.TEN_T, 9, np.exp(log)) - of.SLIDE_RIDGE[head]).max())

    grid = np.arange(-20, 4, 0.01)
    assert grid[np.argmin([distance(log) for log in grid])] == pytest.approx(best, abs=1e-6)
    assert distance(best) < off


@given(st.integers(0, 2**32 - 1), st.floats(1e-6, 1e3))
def test_ridge_is_scikit_learns(seed: int, penalty: float) -> None:
    """The same weights as `Ridge` without intercept."""
    rng = np.random.default_rng(seed)
    X, t = rng.normal(size=(3, 12)), rng.normal(size=12)
    assert_allclose(of.ridge(X, t, penalty), Ridge(alpha=penalty, fit_intercept=False).fit(X.T, t).coef_, rtol=1e-8, atol=1e-12)


def test_penalty_shrinks_the_weights() -> None:
    """The larger λ, the shorter w."""
    lengths = [np.linalg.norm(of.fit_polynomial(of.TEN_X, of.TEN_T, 9, np.exp(k))) for k in (-18, -10, -5, 0)]
    assert lengths == sorted(lengths, reverse=True)


def test_ridge_helps_on_new_points() -> None:
    """At ln λ = −10 the ninth degree is closer to the sine than without penalty."""
    x = np.linspace(0, 1, 101)
    free, held = (of.rms_error(of.fit_polynomial(of.TEN_X, of.TEN_T, 9, k), x, np.sin(2 * np.pi * x)) for k in (0, np.exp(-10)))
    assert held < free


def test_more_data_help() -> None:
    """With 15 and with 100 points the ninth degree comes closer and closer to the sine."""
    x = np.linspace(0, 1, 101)
    errors = [np.mean([of.rms_error(of.fit_polynomial(*of.noisy_sine(n, np.random.default_rng(s)), 9), x, np.sin(2 * np.pi * x)) for s in range(20)]) for n in (10, 15, 100)]  # fmt: skip
    assert errors[0] > errors[1] > errors[2]


# ---- Early stopping ----


def test_early_stopping_waits_and_remembers() -> None:
    """Patience 2: the best of 3, 2, 2.5, 1, 1.5, 1.2 comes in epoch 3; it stops two epochs later."""
    stopping = of.EarlyStopping(patience=2)
    assert [stopping.should_stop(cost) for cost in (3, 2, 2.5, 1, 1.5, 1.2)] == [False] * 5 + [True]
    assert (stopping.best, stopping.best_epoch) == (1, 3)


def test_early_stopping_needs_a_real_improvement() -> None:
    """Gains within the tolerance and costs that are no numbers do not count."""
    stopping = of.EarlyStopping(patience=2, tolerance=0.1)
    assert [stopping.should_stop(cost) for cost in (1, 0.95, np.nan)] == [False, False, True]
    assert stopping.best_epoch == 0
    assert of.EarlyStopping(patience=1).should_stop(np.nan)


# ---- Dropout and augmentation ----


@given(st.just(0.0) | st.floats(0.01, 0.95), st.integers(0, 2**32 - 1))
def test_dropout_mask(p: float, seed: int) -> None:
    """Zeros and 1/(1 − p), a share of about p zeros, mean about 1."""
    mask = of.dropout_mask((50, 200), p, np.random.default_rng(seed))
    assert set(np.unique(mask)) <= {0, 1 / (1 - p)}
    spread = np.sqrt(p * (1 - p) / mask.size)
    assert abs((mask == 0).mean() - p) <= 6 * spread
    assert abs(mask.mean() - 1) <= 6 * spread / (1 - p)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dropout_mask_fills_the_room_it_is_given(dtype: type) -> None:
    """With `out` nothing is allocated, and the mask has the number type of the room."""
    room = np.full((4, 50), 7, dtype)
    assert of.dropout_mask((4, 50), 0.2, np.random.default_rng(0), out=room) is room
    assert set(np.unique(room)) == {0, dtype(1.25)}


def test_augment() -> None:
    """The samples come first and unchanged; copies carry their label and differ by the noise."""
    X, y = np.arange(6.0).reshape(2, 3), np.array([0, 1, 2])
    many, labels = of.augment(X, y, 1000, 0.5, np.random.default_rng(0))
    assert many.shape == (2, 3003)
    assert_array_equal(many[:, :3], X)
    assert_array_equal(labels, np.tile(y, 1001))
    off = many[:, 3:] - np.tile(X, 1000)
    assert abs(off.mean()) < 0.05
    assert off.std() == pytest.approx(0.5, rel=0.05)
    assert_array_equal(X, np.arange(6.0).reshape(2, 3))
    assert of.augment(X, y, 0, 0.5, np.random.default_rng(0))[0].shape == (2, 3)


def test_shift_image() -> None:
    """Down 1 and left 1; what comes in is zero; far enough, nothing is left."""
    image = np.arange(1.0, 10).reshape(3, 3)
    assert of.shift_image(image, 1, -1).tolist() == [[0, 0, 0], [2, 3, 0], [5, 6, 0]]
    assert of.shift_image(image, -2, 1).tolist() == [[0, 7, 8], [0, 0, 0], [0, 0, 0]]
    assert_array_equal(of.shift_image(image, 0, 0), image)
    assert not of.shift_image(image, 3, 0).any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: of.polynomial_features([0.5], -1), r"degree must be a whole number of at least 0, got -1"),
        (lambda: of.polynomial_features([0.5], 1.5), r"degree must be a whole number of at least 0, got 1.5"),
        (lambda: of.ridge(np.ones((3, 2)), [1, 2, 3]), r"t must have one target for each of the 2 columns of X, got 3. Try X.T"),
        (lambda: of.ridge(np.ones((3, 2)), [1, 2], -0.1), r"penalty must be zero or more, got -0.1"),
        (lambda: of.EarlyStopping(patience=0), r"patience must be a whole number of at least 1, got 0"),
        (lambda: of.EarlyStopping(tolerance=-1), r"tolerance must be zero or more, got -1"),
        (lambda: of.dropout_mask((2,), 1, np.random.default_rng()), r"p must be at least 0 and less than 1, got 1. It is the share that is dropped"),
        (lambda: of.augment([[1.0]], [0], -1, 0, np.random.default_rng()), r"copies must be a whole number of at least 0, got -1"),
        (lambda: of.augment([[1.0]], [0], 1, -1, np.random.default_rng()), r"noise must be zero or more, got -1"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, message: str) -> None:
    """Errors say which argument, what was expected, what came, and what to try."""
    with pytest.raises(ValueError, match=message):
        call()
