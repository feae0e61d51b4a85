"""Scales, losses, the stopping rule, measures of quality and splits, beside scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import metrics, preprocessing
from sklearn.decomposition import PCA

from nnlab import traffic_classifier as tc
from nnlab.activations import softmax
from nnlab.backpropagation import cross_entropy, gradient_check, mse, numerical_gradient, one_hot

seeds = st.integers(0, 2**32 - 1)


def samples(seed: int = 0, features: int = 3, n: int = 40) -> np.ndarray:
    """Draw correlated features on different scales."""
    rng = np.random.default_rng(seed)
    return np.linspace(1, 50, features)[:, None] * (rng.normal(size=(features, features)) @ rng.normal(size=(features, n)) + 3)


# ---- Scales ----


@pytest.mark.parametrize(("ours", "theirs"), [(tc.standardise, preprocessing.StandardScaler()), (tc.min_max, preprocessing.MinMaxScaler())])
def test_scales_are_scikit_learns(ours, theirs) -> None:
    """Learned from the training samples, applied to new ones; a constant feature becomes 0."""
    X, new = samples(), samples(1)
    X[1] = 7
    assert_allclose(ours(X)(new), theirs.fit(X.T).transform(new.T).T)
    assert_array_equal(ours(X)(X)[1], 0)


def test_standardise_and_min_max_do_what_they_say() -> None:
    """Mean 0 and deviation 1; from 0 to 1."""
    X = samples()
    standard, unit = tc.standardise(X)(X), tc.min_max(X)(X)
    assert_allclose(standard.mean(axis=1), 0, atol=1e-12)
    assert_allclose(standard.std(axis=1), 1)
    assert_allclose([unit.min(axis=1), unit.max(axis=1)], [[0] * 3, [1] * 3], atol=1e-12)


@given(seeds, st.integers(1, 5))
def test_whitened_features_are_uncorrelated_with_variance_one(seed: int, features: int) -> None:
    """S4: low correlation and equal variance; the covariance is the identity."""
    X = samples(seed, features)
    assert_allclose(np.cov(tc.whiten(X)(X), bias=True).reshape(features, features), np.eye(features), atol=1e-7)


def test_whiten_is_scikit_learns() -> None:
    """Up to the sign of an axis, and the divisor n − 1 there."""
    X = samples()
    theirs = PCA(whiten=True).fit_transform(X.T).T * np.sqrt(40 / 39)
    assert_allclose(np.abs(tc.whiten(X)(X)), np.abs(theirs), rtol=1e-9)


# ---- Losses ----


@pytest.mark.parametrize("name", tc.SQUARED_ERRORS)
def test_squared_errors_differ_by_a_factor(name: str) -> None:
    """Erratum 7: Σ, 1/n Σ and ½ Σ. Their derivative is 2, 2/n and 1 times a − y."""
    rng = np.random.default_rng(0)
    a, y, upstream = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=3)
    loss, factor = tc.SQUARED_ERRORS[name]
    assert gradient_check(lambda a: loss(a, y), {"a": a}, {"a": factor(4) * (a - y) * upstream}, upstream)["a"] < 1e-10
    assert factor(4) == {"sum": 2, "mean over outputs": 0.5, "half sum": 1}[name]


def test_half_sum_is_the_one_in_use() -> None:
    """`mse` is the mean over samples of the half sum."""
    rng = np.random.default_rng(0)
    a, y = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    assert mse(a, y) == pytest.approx(tc.SQUARED_ERRORS["half sum"][0](a, y).mean())


def test_naive_cross_entropy_fails_where_the_stable_one_does_not() -> None:
    """They agree on moderate scores; at 1000 the naive one is infinite, or NaN where the target is 0 times infinity."""
    z, y = np.array([[10.0, 1], [6, 2], [8, -3]]), one_hot([0, 2], 3)
    assert tc.naive_cross_entropy(softmax(z), y) == pytest.approx(cross_entropy(z, y))
    assert tc.naive_cross_entropy(softmax(z), y) == pytest.approx(metrics.log_loss([0, 2], softmax(z).T, labels=[0, 1, 2]))
    far = np.array([[1000.0], [0]])
    assert tc.naive_cross_entropy([[1.0], [0.0]], [[0.5], [0.5]]) == np.inf
    assert np.isnan(tc.naive_cross_entropy(softmax(far), [[1.0], [0.0]]))
    assert cross_entropy(far, [[1.0], [0.0]]) == 0


def test_objective_adds_the_penalty() -> None:
    """Cost 1, weights 3 and 4, λ = 0.1: 1 + 0.05·25. Its derivative adds λ W."""
    W = [np.array([[3.0]]), np.array([[4.0]])]
    assert tc.objective(1, W, 0.1) == pytest.approx(2.25)
    assert_allclose(numerical_gradient(lambda w: tc.objective(0, [w], 0.1), {"w": W[0]})["w"], 0.1 * W[0])


# ---- Stopping ----


@pytest.mark.parametrize(
    ("costs", "reason"),
    [
        ([], None),
        ([1.0], None),
        ([1.0, 0.9], None),
        ([1.0, 0.9, 0.89995], "converged"),
        ([1.0, 1.00005], "converged"),
        ([1.0, np.nan], "diverged"),
        ([np.inf], "diverged"),
        ([5.0, 4, 3, 2, 1], "epoch limit"),
    ],
)
def test_stopping_rule(costs: list[float], reason: str | None) -> None:
    """S1 3.6: two costs in a row that hardly differ, or a limit; and a cost that is no number."""
    assert tc.stopping_rule(costs, tolerance=1e-4, max_epochs=5) == reason


# ---- Measures ----


def test_measures_by_hand() -> None:
    """Three classes: 4 of 5, 1 of 2 and 0 of 1 found."""
    C = tc.confusion_matrix([0, 0, 0, 0, 0, 1, 1, 2], [0, 0, 0, 0, 1, 1, 0, 1], 3)
    assert C.tolist() == [[4, 1, 0], [1, 1, 0], [0, 1, 0]]
    assert tc.accuracy(C) == 5 / 8
    assert_allclose(tc.recall(C), [4 / 5, 1 / 2, 0])
    assert_allclose(tc.precision(C), [4 / 5, 1 / 3, 0])
    assert_allclose(tc.f1(C), [4 / 5, 2 / 5, 0])


@given(seeds, st.integers(2, 4), st.integers(1, 30))
def test_measures_are_scikit_learns(seed: int, classes: int, n: int) -> None:
    """Confusion matrix, precision, recall and F1 on random labels, empty classes included."""
    y, predicted = np.random.default_rng(seed).integers(classes, size=(2, n))
    labels = np.arange(classes)
    C = tc.confusion_matrix(y, predicted, classes)
    assert_array_equal(C, metrics.confusion_matrix(y, predicted, labels=labels))
    theirs = metrics.precision_recall_fscore_support(y, predicted, labels=labels, zero_division=0)
    assert_allclose([tc.precision(C), tc.recall(C), tc.f1(C)], theirs[:3])
    assert tc.accuracy(C) == pytest.approx(metrics.accuracy_score(y, predicted))


@given(seeds, st.integers(2, 40), st.integers(1, 50))
def test_roc_is_scikit_learns(seed: int, n: int, values: int) -> None:
    """Curve, thresholds and area on random scores with ties."""
    rng = np.random.default_rng(seed)
    y = np.append(rng.random(n) < 0.4, [True, False])
    score = rng.integers(values, size=n + 2) / values
    ours = tc.roc(y, score)
    for mine, theirs in zip(ours, metrics.roc_curve(y, score, drop_intermediate=False), strict=True):
        assert_allclose(mine, theirs)
    assert tc.area_under(*ours[:2]) == pytest.approx(metrics.roc_auc_score(y, score))


# ---- Splits ----


@given(seeds, st.lists(st.integers(5, 12), min_size=1, max_size=4), st.integers(2, 5), st.integers(1, 3))
def test_folds_are_stratified(seed: int, counts: list[int], folds: int, repeats: int) -> None:
    """Each sample is tested once a repeat, train and test are disjoint, and class counts of folds differ by one at most."""
    y = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))
    splits = list(tc.repeated_stratified_kfold(y, folds, repeats, np.random.default_rng(seed)))
    assert len(splits) == folds * repeats
    for r in range(repeats):
        tests = [test for _, test in splits[r * folds : (r + 1) * folds]]
        assert_array_equal(np.sort(np.concatenate(tests)), np.arange(len(y)))
        shares = np.array([np.bincount(y[test], minlength=len(counts)) for test in tests])
        assert np.ptp(shares, axis=0).max() <= 1
        assert np.ptp(shares.sum(axis=1)) <= 1
    for train, test in splits:
        assert_array_equal(np.sort(np.append(train, test)), np.arange(len(y)))


def test_repeats_differ_and_a_seed_repeats_them() -> None:
    """Five times five folds: 25 different test sets, the same for the same seed."""
    y = np.arange(60) % 3
    once, again = ([t.tolist() for _, t in tc.repeated_stratified_kfold(y, 5, 5, np.random.default_rng(1))] for _ in range(2))
    assert once == again
    assert len({tuple(test) for test in once}) == 25


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tc.standardise([1.0, 2]), r"X must have 2 axes, got shape \(2,\)"),
        (lambda: tc.min_max([[1.0, np.inf]]), r"X must be finite, got 1 NaN or infinite of 2"),
        (lambda: tc.standardise(samples())(samples().T), r"X must have the 3 features of the training samples, got shape \(40, 3\). Try X.T"),
        (lambda: tc.whiten([[1.0, 2, 4], [2, 4, 8]]), r"X must have 2 features that do not determine each other, got fewer. Drop"),
        (lambda: tc.whiten(samples(n=2)), r"X must have 3 features that do not determine each other"),
        (lambda: tc.objective(1, [], -1), r"penalty must be zero or more, got -1"),
        (lambda: tc.stopping_rule([1], tolerance=0), r"tolerance must be a positive number, got 0"),
        (lambda: tc.stopping_rule([1], max_epochs=0), r"max_epochs must be a whole number of at least 1, got 0"),
        (lambda: tc.confusion_matrix([0, 1], [0, 2], 2), r"predicted must hold labels 0 to 1, got 2"),
        (lambda: tc.confusion_matrix([0, 1], [0], 2), r"predicted must have the shape of y, \(2,\), got \(1,\)"),
        (lambda: tc.roc([1, 1], [0.1, 0.2]), r"positive must hold both true and false"),
        (lambda: tc.roc([0, 1], [0.1, np.nan]), r"score must be finite, got 1 NaN"),
        (lambda: tc.roc([0, 1], [0.1, 0.2, 0.3]), r"score must have the shape of positive"),
        (lambda: next(tc.repeated_stratified_kfold([0, 0, 1], 2, 1, np.random.default_rng())), r"folds must be 2 to 1, the size of the smallest class, got 2"),
        (lambda: next(tc.repeated_stratified_kfold([0, 0], 2, 0, np.random.default_rng())), r"repeats must be a whole number of at least 1, got 0"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, message: str) -> None:
    """Errors say which argument, what was expected, what came, and what to try."""
    with pytest.raises(ValueError, match=message):
        call()
