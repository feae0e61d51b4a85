"""Polynomials on ten points, and the cures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import Ridge

from nnlab import overfitting as of
from nnlab.activations import relu, softmax
from nnlab.backpropagation import central_differences, cross_entropy, one_hot
from nnlab.forward_propagation import forward
from nnlab.optimizers import add_l2
from nnlab.traffic_classifier import objective
from nnlab.vanishing_gradients import initial_weights

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


# ---- What students write ----


def test_three_conventions_of_one_penalty() -> None:
    """Erratum 17: S0's λ is m times that of S3, which `objective` and `add_l2` have; gradient and objective agree."""
    rng = np.random.default_rng(0)
    W = [rng.normal(size=(3, 4)), rng.normal(size=(2, 3))]
    dW = [rng.normal(size=w.shape) for w in W]
    assert of.l2_objective(0.7, W, 3.0, 300) == pytest.approx(objective(0.7, W, 0.01))
    theirs = [g.copy() for g in dW]
    add_l2(theirs, W, 0.01)
    ours = of.l2_gradients(dW, W, 3.0, 300)
    for one, other, w, i in zip(ours, theirs, W, (0, 1), strict=True):
        assert_allclose(one, other)
        measured = central_differences(lambda p, i=i: of.l2_objective(0.0, [*W[:i], p, *W[i + 1 :]], 3.0, 300), w)
        assert_allclose(one - dW[i], measured, atol=1e-8)


@given(st.lists(st.floats(0, 10) | st.just(np.nan), min_size=1, max_size=30), st.integers(1, 8))
def test_early_stopping_is_the_walk_of_its_class(costs: list[float], patience: int) -> None:
    """Wherever the first cost is a number, the function says what the class says."""
    costs[0] = 11.0
    stopping = of.EarlyStopping(patience)
    last = next((epoch for epoch, cost in enumerate(costs) if stopping.should_stop(cost)), len(costs) - 1)
    assert of.early_stopping(costs, patience) == (stopping.best_epoch, last)


@given(st.floats(0, 0.95), st.integers(0, 2**32 - 1))
def test_dropout_is_its_mask(p: float, seed: int) -> None:
    """The function draws nothing; with the draws of `dropout_mask` it gives that mask, and the product with it."""
    a = np.random.default_rng(1).normal(size=(4, 7))
    dropped, mask = of.dropout(a, p, np.random.default_rng(seed).random((4, 7)))
    assert_allclose(mask, of.dropout_mask((4, 7), p, np.random.default_rng(seed)))
    assert_array_equal(dropped, a * mask)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_bias_and_variance_add_up(sets: int, points: int, seed: int) -> None:
    """Their sum is the mean squared distance from the truth."""
    rng = np.random.default_rng(seed)
    predictions, truth = rng.normal(size=(sets, points)), rng.normal(size=points)
    bias, variance = of.bias_variance(predictions, truth)
    assert bias + variance == pytest.approx(np.mean((predictions - truth) ** 2))


def test_shift_images_is_shift_image_of_each() -> None:
    """Originals first, labels likewise."""
    images = np.arange(24.0).reshape(2, 3, 4)
    many, labels = of.shift_images(images, [5, 6], 1, -2)
    assert_array_equal(many[:2], images)
    assert_array_equal(many[3], of.shift_image(images[1], 1, -2))
    assert labels.tolist() == [5, 6, 5, 6]


def test_train_regularised_keeps_the_best() -> None:
    """The parameters that come back have the lowest of the costs on the validation samples, and the start stays."""
    rng = np.random.default_rng(3)
    X, X_val = rng.normal(size=(2, 2, 20))
    Y, Y_val = one_hot(rng.integers(2, size=20), 2), one_hot(rng.integers(2, size=20), 2)
    W = initial_weights([2, 9, 2], "he", rng)
    b = [np.zeros((len(w), 1)) for w in W]
    before = [w.copy() for w in W]
    best_W, best_b, costs = of.train_regularised(X, Y, X_val, Y_val, W, b, 0.5, 200, 0.1, 15)
    assert cross_entropy(forward(X_val, best_W, best_b, relu, softmax)[0][-1], Y_val) == pytest.approx(min(costs))
    assert len(costs) == int(np.argmin(costs)) + 16 < 200
    assert all(np.array_equal(one, other) for one, other in zip(W, before, strict=True))


def test_price_helps_against_wrong_labels() -> None:
    """On the rows of the hidden test the reference goes nearly nine tenths of the way from learning by heart to right labels."""
    with np.load(Path(__file__).parents[1] / "hidden" / "data" / "07_labels.npz") as file:
        X, y, X_new, y_new, (_, heart, clean) = (file[name] for name in ("X", "y", "X_new", "y_new", "right"))
    right = [
        np.mean(of.robust_states(rows.astype(float), told.astype(int), X_new.astype(float), np.random.default_rng(i)) == y_new)
        for i, (rows, told) in enumerate(zip(X, y, strict=True))
    ]
    assert np.mean(right) > heart + 0.8 * (clean - heart)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: of.l2_objective(0.0, [np.ones((1, 1))], -1, 3), r"penalty must be zero or more, got -1"),
        (lambda: of.l2_gradients([], [np.ones((1, 1))], 1, 3), r"dW must hold one gradient for each of the 1 matrices of W, got 0"),
        (lambda: of.l2_gradients([], [], 1, 0), r"samples must be a whole number of at least 1, got 0"),
        (lambda: of.dropout(np.ones((1, 2)), 1.0, np.ones((1, 2))), r"p must be at least 0 and less than 1, got 1.0"),
        (lambda: of.dropout(np.ones((1, 2)), 0.5, np.ones((2, 1))), r"draws must have the shape of a, \(1, 2\), got \(2, 1\)"),
        (lambda: of.early_stopping([], 3), r"costs must hold at least one epoch's cost, got none"),
        (lambda: of.early_stopping([1.0], 0), r"patience must be a whole number of at least 1, got 0"),
        (lambda: of.bias_variance(np.ones((2, 3)), np.ones(2)), r"predictions must be a matrix with one column for each point of truth, 2"),
        (lambda: of.shift_images(np.ones((2, 3, 3)), [1], 0, 0), r"labels must hold one label for each of the 2 images, got shape \(1,\)"),
    ],
)  # fmt: skip
def test_bad_input_of_exercises_is_named(call, message: str) -> None:
    """Errors say which argument, what was expected, and what came."""
    with pytest.raises(ValueError, match=message):
        call()
