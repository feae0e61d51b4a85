"""The traffic classifier: features on one scale, a cost to minimise, a rule to stop, and honest figures of how good the result is.

Columns are samples. Whatever is learned from data, scales included, is learned from the training samples only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnlab import _require
from nnlab.activations import Array, sigmoid, sigmoid_derivative, softmax
from nnlab.backpropagation import backward, cross_entropy, one_hot, optimize
from nnlab.forward_propagation import forward, init_params
from nnlab.languages import say

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Scaling:
    """An affine map of the features, learned from some samples and applied to any: x → matrix (x − shift).

    Attributes
    ----------
    shift : ndarray, shape (features, 1)
    matrix : ndarray, shape (features, features)
    """

    shift: Array
    matrix: Array

    def __call__(self, X: ArrayLike) -> Array:
        """Map each column of X, of shape (features, samples)."""
        X = _require.finite("X", X, ndim=2)
        if len(X) != len(self.shift):
            raise ValueError(
                say(
                    "X must have the {count} features of the training samples, got shape {shape}. Try X.T if samples are rows.",
                    count=len(self.shift),
                    shape=X.shape,
                )
            )
        return self.matrix @ (X - self.shift)


def _diagonal(shift: Array, spread: Array) -> Scaling:
    """Divide each feature by its spread. A constant feature has none; it becomes 0."""
    return Scaling(shift, np.diagflat(1 / np.where(spread > 0, spread, 1.0)))


def standardise(X: ArrayLike) -> Scaling:
    """Learn to give each feature mean 0 and standard deviation 1: (x − μ) / σ.

    Parameters
    ----------
    X : array_like, shape (features, samples)
        Training samples.

    Returns
    -------
    Scaling

    Raises
    ------
    ValueError
        If X is not a matrix of finite numbers.

    Notes
    -----
    Source: S4 section 2.3.4. σ is that of the samples at hand (divisor n).
    """
    X = _require.finite("X", X, ndim=2)
    return _diagonal(X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True))


def standardised(train: ArrayLike, X: ArrayLike) -> Array:
    """Return X on the scale of the training samples: each feature minus their mean, divided by their standard deviation.

    Parameters
    ----------
    train : array_like, shape (features, n)
        The samples that mean and standard deviation are learned from. A feature that is constant there is only shifted.
    X : array_like, shape (features, m)
        The samples to map: the training samples themselves, or new ones.

    Returns
    -------
    ndarray, shape (features, m)

    Raises
    ------
    ValueError
        If one is no matrix of finite numbers, or they differ in their features.

    Notes
    -----
    Source: S4 section 2.3.4.
    """
    return standardise(train)(X)


def min_max(X: ArrayLike) -> Scaling:
    """Learn to map each feature to [0, 1]: (x − min) / (max − min). New samples may fall outside.

    Parameters
    ----------
    X : array_like, shape (features, samples)
        Training samples.

    Returns
    -------
    Scaling

    Raises
    ------
    ValueError
        If X is not a matrix of finite numbers.

    Notes
    -----
    Source: S4 section 2.3.4.
    """
    X = _require.finite("X", X, ndim=2)
    low = X.min(axis=1, keepdims=True)
    return _diagonal(low, X.max(axis=1, keepdims=True) - low)


def whiten(X: ArrayLike) -> Scaling:
    """Learn to make the features uncorrelated with variance 1: turn them to the principal axes, divide by the spread along each.

    Parameters
    ----------
    X : array_like, shape (features, samples)
        Training samples.

    Returns
    -------
    Scaling
        Its features are the principal axes, the widest first.

    Raises
    ------
    ValueError
        If X is not a matrix of finite numbers, or some feature is a linear function of the others.

    Notes
    -----
    Source: S4 section 2.3.4.
    """
    X = _require.finite("X", X, ndim=2)
    shift = X.mean(axis=1, keepdims=True)
    axes, spread, _ = np.linalg.svd((X - shift) / np.sqrt(X.shape[1]), full_matrices=False)
    if len(spread) < len(X) or spread[-1] <= spread[0] * len(X) * np.finfo(float).eps:
        raise ValueError(
            say(
                "X must have {count} features that do not determine each other, got fewer. Drop the constant or repeated ones.",
                count=len(X),
            )
        )
    return Scaling(shift, axes.T / spread[:, None])


# The lectures call three sums "mean squared error". Each: the error of one sample, and the factor of (a − y) in its derivative.
SQUARED_ERRORS: dict[str, tuple[Callable[[Array, Array], Array], Callable[[int], float]]] = {
    "sum": (lambda a, y: ((a - y) ** 2).sum(axis=0), lambda outputs: 2.0),
    "mean over outputs": (lambda a, y: ((a - y) ** 2).mean(axis=0), lambda outputs: 2.0 / outputs),
    "half sum": (lambda a, y: 0.5 * ((a - y) ** 2).sum(axis=0), lambda outputs: 1.0),
}


def naive_cross_entropy(a: ArrayLike, y: ArrayLike) -> float:
    """Return the cross-entropy from probabilities: the mean over samples of −Σ_k y_k log a_k.

    A probability rounded to 0 makes it infinite or NaN.

    Parameters
    ----------
    a : array_like, shape (classes, samples)
        Output of softmax.
    y : array_like, shape (classes, samples)
        Targets.

    Returns
    -------
    float, in nats

    Notes
    -----
    Source: S0 section 11.3, CrossEntropyLoss. `nnlab.backpropagation.cross_entropy` takes the pre-activations and stays finite.
    """
    a, y = _require.floats("a", a), _require.floats("y", y)
    _require.same_shape("y", y, "a", a)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(-(y * np.log(a)).sum(axis=0).mean())


def objective(cost: float, W: Sequence[Array], penalty: float) -> float:
    """Add the weight penalty to the cost: cost + λ/2 Σ ‖W(l)‖².

    The loss is of one sample, the cost is its mean over the samples, the objective is what is minimised. Biases are not penalised.

    Parameters
    ----------
    cost : float
    W : sequence of arrays
        Weights of all layers.
    penalty : float
        λ, zero or more.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If penalty is negative.

    Notes
    -----
    Source: S4 section 2.3.3; S1 and S3, structural risk. S0 writes λ Σ w² in one place and λ/2m in another.
    """
    squares = sum(float((weights**2).sum()) for weights in _require.arrays("W", W, say("matrices")))
    return _require.number("cost", cost) + _require.not_negative("penalty", penalty) / 2 * squares


def stopping_rule(costs: Sequence[float], tolerance: float = 1e-4, max_epochs: int = 1000) -> str | None:
    """Say why training should stop after these costs, or None to go on.

    Parameters
    ----------
    costs : sequence of float
        Cost of each epoch so far.
    tolerance : float
        Positive. Two costs in a row closer than this are a reason to stop.
    max_epochs : int
        Epochs after which to stop in any case.

    Returns
    -------
    "diverged", "converged", "epoch limit" or None

    Raises
    ------
    ValueError
        If tolerance or max_epochs is not positive.

    Notes
    -----
    Source: S1 section 3.6: stop when two errors in a row hardly differ, or after a number of iterations.
    """
    _require.positive("tolerance", tolerance)
    _require.at_least("max_epochs", max_epochs, 1)
    for cost in _require.sequence("costs", costs, say("numbers"))[-2:]:
        _require.number("costs", cost)
    if len(costs) and not np.isfinite(costs[-1]):
        return "diverged"
    if len(costs) > 1 and abs(costs[-1] - costs[-2]) < tolerance:
        return "converged"
    return "epoch limit" if len(costs) >= max_epochs else None


def minibatches(n: int, size: int, rng: np.random.Generator) -> list[Indices]:
    """Return the batches of one epoch: the samples in a new random order, cut into pieces.

    Parameters
    ----------
    n : int
        Number of samples.
    size : int
        Samples a batch; the last batch is smaller where size does not divide n.
    rng : numpy.random.Generator
        Source of the order.

    Returns
    -------
    list of ndarray of int
        Indices of samples; each sample is in one batch.

    Raises
    ------
    ValueError
        If n or size is below 1.

    Notes
    -----
    Source: S1 section 3.5, batch, stochastic and mini-batch gradient descent.
    """
    _require.at_least("n", n, 1)
    _require.at_least("size", size, 1)
    _require.generator(rng, "permutation")
    order = rng.permutation(n)
    return [order[start : start + size] for start in range(0, n, size)]


def train(
    X: Array, Y: Array, W: Sequence[Array], b: Sequence[Array], alpha: float, epochs: int, size: int, rng: np.random.Generator
) -> tuple[list[Array], list[Array], list[float]]:
    """Train a network of sigmoid layers with a softmax output by gradient descent on the cross-entropy.

    Parameters
    ----------
    X : ndarray, shape (features, samples)
    Y : ndarray, shape (classes, samples)
        Targets, one column a sample.
    W, b : sequences of L arrays, shapes (M_l, M_{l−1}) and (M_l, 1)
        Parameters at the start; they stay as they are.
    alpha : float
        Learning rate.
    epochs : int
        How often all samples are used.
    size : int
        Samples a batch.
    rng : numpy.random.Generator
        Draws the batches anew in each epoch.

    Returns
    -------
    W, b : lists of ndarray
        Parameters at the end.
    costs : list of float
        Cross-entropy of all samples after each epoch, in nats.

    Raises
    ------
    ValueError
        If there is not one target for each sample, or as `minibatches`, `forward`, `backward` and `optimize`.

    Notes
    -----
    Source: S0 section 11.3, steps 4 to 6; S1 sections 3.5 and 3.6.
    """
    X, Y = _require.floats("X", X, ndim=2), _require.floats("Y", Y, ndim=2)
    _require.one_for_each("Y", Y, 1, "sample of X", X.shape[1])
    W, b, costs = _require.arrays("W", W, say("matrices"), 2), _require.arrays("b", b, ndim=2), []
    for _ in range(_require.at_least("epochs", epochs, 0)):
        for index in minibatches(X.shape[1], size, rng):
            z, a = forward(X[:, index], W, b, sigmoid, softmax)
            W, b = optimize(W, b, *backward(Y[:, index], W, z, a, sigmoid_derivative, np.ones_like), alpha)
        costs.append(cross_entropy(forward(X, W, b, sigmoid, softmax)[0][-1], Y))
    return W, b, costs


def confusion_matrix(y: ArrayLike, predicted: ArrayLike, classes: int) -> Indices:
    """Count samples by true class (row) and predicted class (column).

    Parameters
    ----------
    y, predicted : array_like of int, shape (samples,)
        Labels 0 to classes − 1.
    classes : int

    Returns
    -------
    ndarray of int, shape (classes, classes)

    Raises
    ------
    ValueError
        If a label is out of range, or the two have different lengths.

    Notes
    -----
    Source: S3 section 3.3. There it is that of the training data, all on the diagonal, which is no evidence (erratum 10).
    """
    y, predicted = _require.labels("y", y, classes), _require.labels("predicted", predicted, classes)
    _require.same_shape("predicted", predicted, "y", y)
    return np.bincount(classes * y + predicted, minlength=classes**2).reshape(classes, classes)


def _share(part: Array, whole: Array) -> Array:
    """Divide, and give 0 for nothing of nothing."""
    return np.divide(part, whole, out=np.zeros(np.shape(part)), where=np.asarray(whole) != 0)


def _square(C: ArrayLike) -> Array:
    """Return a confusion matrix as an array; refuse what is none."""
    C = _require.finite("C", C, ndim=2)
    _require.one_for_each("C", C, 1, "row of C", len(C))
    if (C < 0).any():
        raise ValueError(say("C must hold counts, got {least:g}. Count samples by `confusion_matrix`.", least=C.min()))
    return C


def accuracy(C: ArrayLike) -> float:
    """Return the share of samples on the diagonal of a confusion matrix.

    Parameters
    ----------
    C : array_like, shape (classes, classes)

    Returns
    -------
    float
    """
    C = _square(C)
    return float(np.trace(C) / C.sum())


def precision(C: ArrayLike) -> Array:
    """Return for each class the share of right answers among the samples that were called so; 0 if none was.

    Parameters
    ----------
    C : array_like, shape (classes, classes)
        Confusion matrix, true classes in rows.

    Returns
    -------
    ndarray, shape (classes,)

    Notes
    -----
    Source: S3 section 3.3.
    """
    C = _square(C)
    return _share(np.diag(C), C.sum(axis=0))


def recall(C: ArrayLike) -> Array:
    """Return for each class the share of its samples that were found; 0 if it has none.

    Parameters
    ----------
    C : array_like, shape (classes, classes)
        Confusion matrix, true classes in rows.

    Returns
    -------
    ndarray, shape (classes,)

    Notes
    -----
    Source: S3 section 3.3.
    """
    C = _square(C)
    return _share(np.diag(C), C.sum(axis=1))


def f1(C: ArrayLike) -> Array:
    """Return for each class the harmonic mean of precision and recall; 0 if both are 0.

    Parameters
    ----------
    C : array_like, shape (classes, classes)
        Confusion matrix, true classes in rows.

    Returns
    -------
    ndarray, shape (classes,)

    Notes
    -----
    Source: S3 section 3.3.
    """
    p, r = precision(C), recall(C)
    return _share(2 * p * r, p + r)


def precision_recall_f1(C: ArrayLike) -> tuple[Array, Array, Array]:
    """Return `precision`, `recall` and `f1` of each class.

    Parameters
    ----------
    C : array_like, shape (classes, classes)
        Confusion matrix, true classes in rows.

    Returns
    -------
    precision, recall, f1 : ndarray, shape (classes,)
        0 where nothing is divided by nothing.

    Raises
    ------
    ValueError
        If C is not a square matrix of counts.

    Notes
    -----
    Source: S3 section 3.3.
    """
    return precision(C), recall(C), f1(C)


def roc(positive: ArrayLike, score: ArrayLike) -> tuple[Array, Array, Array]:
    """Return the ROC curve of one class against the rest: what share of each is called positive as the threshold falls.

    Parameters
    ----------
    positive : array_like of bool, shape (samples,)
        Whether the sample is of the class.
    score : array_like, shape (samples,)
        The class's activation: a sample is called positive where score >= threshold.

    Returns
    -------
    false_positive_rate, true_positive_rate : ndarray, shape (thresholds,)
        From (0, 0) to (1, 1).
    threshold : ndarray, shape (thresholds,)
        Falling, infinity first.

    Raises
    ------
    ValueError
        If lengths differ, a score is not finite, or one side has no samples.

    Notes
    -----
    Source: S3 section 3.3.
    """
    y, score = _require.labels("positive", positive, 2), _require.finite("score", score, ndim=1)
    _require.same_shape("score", score, "positive", y)
    if len(np.unique(y)) < 2:
        raise ValueError(
            say("positive must hold both true and false, got one of them only. Take a class that some samples have and some have not.")
        )
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(y) - 1)  # the last sample of each tie
    found, called = np.cumsum(y[order])[ends], ends + 1
    true_rate, false_rate = np.append(0.0, found / found[-1]), np.append(0.0, (called - found) / (len(y) - found[-1]))
    return false_rate, true_rate, np.append(np.inf, score[order][ends])


def area_under(x: Array, y: Array) -> float:
    """Return the area under a curve by trapezia. Under the ROC curve: 0.5 by chance, 1 at best.

    Parameters
    ----------
    x, y : ndarray, shape (points,)
        x does not fall.

    Returns
    -------
    float
    """
    x, y = _require.floats("x", x, ndim=1), _require.floats("y", y, ndim=1)
    _require.same_shape("y", y, "x", x)
    return float(np.trapezoid(y, x))


def auc(positive: ArrayLike, score: ArrayLike) -> float:
    """Return the area under the ROC curve: the share of pairs of a positive and another sample in which the positive has the higher score.

    Parameters
    ----------
    positive : array_like of bool, shape (samples,)
    score : array_like, shape (samples,)

    Returns
    -------
    float
        A tie counts one half. 0.5 by chance, 1 at best.

    Raises
    ------
    ValueError
        As `roc` does.

    Notes
    -----
    Source: S3 section 3.3.
    """
    return area_under(*roc(positive, score)[:2])


def _one_a_sample(name: str, value: NDArray[Any], X: Array) -> None:
    """Refuse labels that are not one for each column of X."""
    if value.shape != (X.shape[1],):
        raise ValueError(
            say(
                "{name} must hold one label for each of the {columns} columns of X, got shape {shape}. Try X.T if samples are rows.",
                name=name,
                columns=X.shape[1],
                shape=value.shape,
            )
        )


def nearest_mean(X: Array, y: Indices, new: Array) -> Indices:
    """Return for each new sample the class whose mean is nearest.

    Parameters
    ----------
    X : ndarray, shape (features, n)
        Samples whose class is known.
    y : ndarray of int, shape (n,)
    new : ndarray, shape (features, m)

    Returns
    -------
    ndarray of int, shape (m,)

    Raises
    ------
    ValueError
        If there is not one label for each sample, or the new samples have other features.
    """
    X, y, new = _require.finite("X", X, ndim=2), np.asarray(y), _require.finite("new", new, ndim=2)
    _one_a_sample("y", y, X)
    _require.one_for_each("new", new, 0, "row of X", len(X))
    labels = np.unique(y)
    means = np.stack([X[:, y == label].mean(axis=1) for label in labels], axis=1)
    distances = ((new[:, :, None] - means[:, None, :]) ** 2).sum(axis=0)
    return labels[distances.argmin(axis=1)]


def whole_days_out(X: Array, y: Indices, day: Indices) -> list[float]:
    """Return the accuracy of `nearest_mean` on each day, learned from all other days, scale included.

    Parameters
    ----------
    X : ndarray, shape (features, samples)
        In the units they were measured in.
    y, day : ndarray of int, shape (samples,)
        Class and day of each sample.

    Returns
    -------
    list of float
        One for each day, earlier days first.

    Raises
    ------
    ValueError
        If there is not one label and one day for each sample.

    Notes
    -----
    Source: S3 section 3.3, cross-validation; here the folds are days, since rows of one day resemble each other.
    """
    X, y, day = _require.finite("X", X, ndim=2), np.asarray(y), np.asarray(day)
    _one_a_sample("y", y, X)
    _one_a_sample("day", day, X)
    accuracies = []
    for held_out in np.unique(day):
        known = day != held_out
        scaled = standardised(X[:, known], X)
        told = nearest_mean(scaled[:, known], y[known], scaled[:, ~known])
        accuracies.append(float((told == y[~known]).mean()))
    return accuracies


def predict_states(X: Array, y: Indices, X_new: Array, rng: np.random.Generator) -> Indices:
    """Train a network of [5, 4, 3, 3] units and return the classes it gives new samples.

    Parameters
    ----------
    X : ndarray, shape (5, n)
        Training samples, in the units they were measured in.
    y : ndarray of int, shape (n,)
        Their classes 0, 1, 2.
    X_new : ndarray, shape (5, m)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int, shape (m,)

    Notes
    -----
    Source: S0 section 11.3, the network; the last epochs take smaller steps, so that the end of a noisy walk does not decide.
    """
    _one_a_sample("y", np.asarray(y), _require.finite("X", X, ndim=2))
    W, b = init_params([len(X), 4, 3, 3], rng)
    for alpha, epochs in ((0.5, 24), (0.1, 8)):
        W, b, _ = train(standardised(X, X), one_hot(y, 3), W, b, alpha, epochs, 64, rng)
    return forward(standardised(X, X_new), W, b, sigmoid, softmax)[1][-1].argmax(axis=0)


def repeated_stratified_kfold(y: ArrayLike, folds: int, repeats: int, rng: np.random.Generator) -> Iterator[tuple[Indices, Indices]]:
    """Split the samples `repeats` times into `folds` parts, each with the classes' shares of the whole. Each part is once the test set.

    Parameters
    ----------
    y : array_like, shape (samples,)
        Labels, any numbers.
    folds, repeats : int
        5 and 5 in the lecture.
    rng : numpy.random.Generator

    Yields
    ------
    train, test : ndarray of int
        Indices, rising.

    Raises
    ------
    ValueError
        If folds < 2, repeats < 1, or a class has fewer samples than there are folds.

    Notes
    -----
    Source: S3 section 3.3, five times five-fold cross-validation.
    """
    _require.at_least("repeats", repeats, 1)
    _require.generator(rng, "permutation")
    _, y, counts = np.unique(_require.finite("y", y, ndim=1), return_inverse=True, return_counts=True)
    smallest = counts.min()
    if not 2 <= _require.number("folds", folds) <= smallest or folds % 1:
        raise ValueError(
            say(
                "folds must be 2 to {most}, the size of the smallest class, got {folds}. Take fewer folds or merge classes.",
                most=smallest,
                folds=folds,
            )
        )
    for _ in range(repeats):
        shuffled = rng.permutation(len(y))
        dealt = shuffled[np.argsort(y[shuffled], kind="stable")]  # class by class, each in random order
        fold = np.empty(len(y), dtype=np.intp)
        fold[dealt] = np.arange(len(y)) % folds  # like cards, so that folds differ by one sample at most
        for k in range(folds):
            yield np.flatnonzero(fold != k), np.flatnonzero(fold == k)
