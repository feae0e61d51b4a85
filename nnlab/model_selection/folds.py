"""Cross-validation that is honest, and what happens when the test data leak into the choice. Columns are samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import ArrayLike

from nnlab import _require
from nnlab.activations import Array
from nnlab.languages import say
from nnlab.traffic_classifier import Indices, nearest_mean, standardised

Map = Callable[[Array], Array]


def stratified_folds(y: ArrayLike, folds: int, rng: np.random.Generator) -> Indices:
    """Deal samples to folds at random, so that each fold has its share of every class.

    Parameters
    ----------
    y : array_like, shape (samples,)
        Labels.
    folds : int
        How many, at least 2.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int, shape (samples,)
        The fold of each sample, 0 to folds - 1. Of each class, and of all samples, two folds differ by one at most.

    Raises
    ------
    ValueError
        If there are fewer than two folds, or y is no list of labels.

    Notes
    -----
    Source: S3 section 3.3, repeated stratified cross-validation. Each class is dealt on from where the last one ended.
    """
    _require.generator(rng, "permutation")
    _require.at_least("folds", folds, 2)
    y = np.asarray(y)
    if y.ndim != 1 or y.size == 0 or (y != y).any():
        raise ValueError(
            say(
                "y must be a list of labels, one a sample and none of them NaN, got shape {shape}. Drop samples without a label.",
                shape=y.shape,
            )
        )
    fold, dealt = np.zeros(len(y), dtype=int), 0
    for label in np.unique(y):
        places = rng.permutation(np.flatnonzero(y == label))
        fold[places] = (dealt + np.arange(len(places))) % folds
        dealt += len(places)
    return fold


def fold_scores(X: Array, y: Indices, fold: Indices) -> Array:
    """Return the accuracy of the nearest class mean on each fold, with means and scale learned from the other folds.

    Parameters
    ----------
    X : ndarray, shape (features, samples)
    y : ndarray of int, shape (samples,)
        Labels.
    fold : ndarray of int, shape (samples,)
        The fold of each sample, 0 and up.

    Returns
    -------
    ndarray, shape (folds,)

    Raises
    ------
    ValueError
        If there is not one label and one fold for each sample, folds are not numbered 0, 1, …, or X is not finite.

    Notes
    -----
    Source: S3 section 3.3, which scales before it splits (erratum 10).
    """
    X, y, fold = _require.finite("X", X, ndim=2), np.asarray(y), np.asarray(fold)
    for name, each in (("y", y), ("fold", fold)):
        _require.same_shape(name, each, say("a row of X"), X[0])
    folds = np.unique(fold)
    if fold.dtype.kind not in "iu" or len(folds) < 2 or not np.array_equal(folds, np.arange(len(folds))):
        raise ValueError(
            say(
                "fold must number two folds or more as 0, 1, …, none of them empty, got {folds}. Number them anew.",
                folds=folds.tolist()[:5],
            )
        )
    scores = []
    for k in range(len(folds)):
        test = fold == k
        scaled = standardised(X[:, ~test], X)
        scores.append(np.mean(nearest_mean(scaled[:, ~test], y[~test], scaled[:, test]) == y[test]))
    return np.array(scores)


def nearest_centroid(X: Array, y: Indices) -> Callable[[Array], Indices]:
    """Fit the simplest classifier: the class whose mean is nearest.

    Parameters
    ----------
    X : ndarray, shape (features, samples)
    y : ndarray of int, shape (samples,)
        Labels.

    Returns
    -------
    callable
        Of samples, shape (features, samples); returns their labels.
    """
    X, y = _require.floats("X", X, ndim=2), np.asarray(y)
    _require.same_shape("y", y, say("a row of X"), X[0])
    classes = np.unique(y)
    centroids = np.stack([X[:, y == c].mean(axis=1) for c in classes], axis=1)
    return lambda new: classes[((new[:, None, :] - centroids[:, :, None]) ** 2).sum(axis=0).argmin(axis=0)]


def select_features(X: Array, y: Indices, k: int) -> Map:
    """Learn which k features go with the label most closely, by the absolute correlation.

    Parameters
    ----------
    X : ndarray, shape (features, samples)
    y : ndarray, shape (samples,)
        Labels, as numbers.
    k : int
        How many to keep.

    Returns
    -------
    callable
        Of samples; returns their k features.
    """
    X, labels = _require.finite("X", X, ndim=2), _require.finite("y", y, ndim=1)
    _require.same_shape("y", labels, say("a row of X"), X[0])
    _require.at_least("k", k, 1)
    dx, dy = X - X.mean(axis=1, keepdims=True), labels - labels.mean()
    correlation = np.abs(dx @ dy) / np.linalg.norm(dx, axis=1)
    chosen = np.sort(np.argsort(-correlation)[:k])
    return lambda new: new[chosen]


def cross_validate(
    X: Array,
    y: Indices,
    splits: Iterable[tuple[Indices, Indices]],
    prepare: Callable[[Array, Indices], Map],
    fit: Callable[[Array, Indices], Callable[[Array], Indices]],
    *,
    leak: bool = False,
) -> Array:
    """Return the accuracy of each split. Leaking means to learn the preparation from all samples, those of the test included.

    Parameters
    ----------
    X : ndarray, shape (features, samples)
    y : ndarray of int, shape (samples,)
    splits : iterable of (train, test)
        Indices, as from `nnlab.traffic_classifier.repeated_stratified_kfold`.
    prepare : callable
        Of samples and labels; returns a function of samples, such as a scaling or a choice of features.
    fit : callable
        Of samples and labels; returns a function that predicts labels.
    leak : bool
        Whether to do it wrongly.

    Returns
    -------
    ndarray, shape (splits,)

    Notes
    -----
    Source: S3 section 3.3 scales all data before cross-validation (erratum 10). With scales the harm is small,
    with chosen features it is not.
    """
    scores = []
    for train, test in splits:
        seen = np.arange(len(y)) if leak else train
        transform = prepare(X[:, seen], y[seen])
        predict = fit(transform(X[:, train]), y[train])
        scores.append(np.mean(predict(transform(X[:, test])) == y[test]))
    return np.array(scores)
