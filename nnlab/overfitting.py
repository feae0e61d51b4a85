"""Overfitting: polynomials that fit ten points too well, and the cures: ridge, more data, augmentation, early stopping, dropout.

Columns are samples. `l2_gradients` divides the weight penalty by the number of samples, as S0 does; `nnlab.optimizers.add_l2`,
which changes gradients in place, does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnlab import _require
from nnlab.activations import Array, relu, relu_derivative, softmax
from nnlab.backpropagation import backward, cross_entropy, one_hot, optimize
from nnlab.forward_propagation import forward
from nnlab.languages import say
from nnlab.traffic_classifier import standardised
from nnlab.vanishing_gradients import initial_weights

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

    Raises
    ------
    ValueError
        If n is not a whole number of at least 1, or noise is negative.

    Notes
    -----
    Source: S2, "controlling overfitting 2: dataset size".
    """
    _require.generator(rng, "standard_normal")
    _require.not_negative("noise", noise)
    x = np.linspace(0, 1, _require.at_least("n", n, 1))
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
        raise ValueError(
            say(
                "t must have one target for each of the {columns} columns of X, got {count}. Try X.T if samples are rows.",
                columns=X.shape[1],
                count=len(t),
            )
        )
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
    w = _require.floats("w", w, ndim=1)
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
    w, x, t = (_require.floats(name, each, ndim=1) for name, each in (("w", w), ("x", x), ("t", t)))
    _require.same_shape("t", t, "x", x)
    return float(np.sqrt(np.mean((predict_polynomial(w, x) - t) ** 2)))


def _patience(patience: float) -> None:
    """Refuse what is neither a whole number of epochs nor infinity."""
    if _require.number("patience", patience) != np.inf:
        _require.at_least("patience", patience, 1)


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

    Examples
    --------
    Patience 1 is the slide's rule:

    >>> stopping = EarlyStopping(patience=1)
    >>> [stopping.should_stop(cost) for cost in (3.0, 2.0, 2.1)]
    [False, False, True]
    """

    patience: float = 10
    tolerance: float = 0.0
    best: float = field(init=False, default=np.inf)
    best_epoch: int = field(init=False, default=-1)
    epoch: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        _patience(self.patience)
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
    _require.share("p", p, say("It is the share that is dropped; 0.5 is usual."))
    _require.generator(rng, "random")
    sizes = tuple(_require.at_least("shape", size, 0) for size in _require.sequence("shape", shape, say("whole numbers")))
    mask: Array = np.empty(sizes) if out is None else _require.in_place("out", [out])[0]
    if mask.shape != sizes:
        raise ValueError(
            say(
                "out must have the shape {expected} that is asked for, got {shape}. Make it by np.empty(shape).",
                expected=sizes,
                shape=mask.shape,
            )
        )
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
        If X is not a matrix of finite numbers, y has not one label or target for each of them, or copies or noise is negative.

    Notes
    -----
    Source: S0 section 11.4, data augmentation.
    """
    X = _require.finite("X", X, ndim=2)
    if np.shape(y) != (X.shape[1],):
        raise ValueError(
            say(
                "{name} must hold one label for each of the {columns} columns of X, got shape {shape}. Try X.T if samples are rows.",
                name="y",
                columns=X.shape[1],
                shape=np.shape(y),
            )
        )
    _require.generator(rng, "standard_normal")
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
    for name, pixels in (("down", down), ("right", right)):
        if _require.number(name, pixels) % 1 != 0:
            raise ValueError(say("{name} must be a whole number of pixels, got {pixels!r}. Round it.", name=name, pixels=pixels))
    height, width = image.shape
    padded = np.pad(image, ((abs(down),), (abs(right),)))
    top, left = abs(down) - down, abs(right) - right
    return padded[top : top + height, left : left + width]


def shift_images(images: ArrayLike, labels: ArrayLike, down: int, right: int) -> tuple[Array, NDArray[np.generic]]:
    """Append a moved copy of every picture, with the same label.

    Parameters
    ----------
    images : array_like, shape (samples, height, width)
    labels : array_like, shape (samples,)
    down, right : int
        Pixels; negative is up and left. What comes in from outside is 0.

    Returns
    -------
    images : ndarray, shape (2·samples, height, width)
        The pictures themselves come first.
    labels : ndarray, shape (2·samples,)

    Raises
    ------
    ValueError
        If images is not a stack of pictures of finite numbers, or there is not one label for each.

    Notes
    -----
    Source: S0 section 11.4, data augmentation.
    """
    images, labels = _require.finite("images", images, ndim=3), np.asarray(labels)
    if labels.shape != images.shape[:1]:
        raise ValueError(
            say(
                "labels must hold one label for each of the {count} images, got shape {shape}. Which axis are samples?",
                count=len(images),
                shape=labels.shape,
            )
        )
    moved = np.stack([shift_image(image, down, right) for image in images])
    return np.concatenate([images, moved]), np.concatenate([labels, labels])


def l2_objective(cost: float, W: Sequence[Array], penalty: float, samples: int) -> float:
    """Return the cost and the weight penalty of S0: cost + λ/(2m) Σ ‖W(l)‖².

    Parameters
    ----------
    cost : float
        Mean loss of the samples.
    W : sequence of L arrays, shapes (M_l, M_{l−1})
        Biases are not penalised.
    penalty : float
        λ, zero or more.
    samples : int
        m, at least 1.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If penalty is negative or there is no sample.

    Notes
    -----
    Source: S0 section 11.4, L2 regularisation. S1 and S3 write ½ λ Σ ‖W(l)‖², as `nnlab.traffic_classifier.objective` does: the same
    penalty when λ of S0 is m times theirs (erratum 17).
    """
    factor = _require.not_negative("penalty", penalty) / (2 * _require.at_least("samples", samples, 1))
    return _require.number("cost", cost) + factor * float(sum(np.sum(w**2) for w in _require.arrays("W", W, say("matrices"))))


def l2_gradients(dW: Sequence[Array], W: Sequence[Array], penalty: float, samples: int) -> list[Array]:
    """Return the gradients of `l2_objective` by the weights: dW(l) + λ/m W(l). The lists that are given stay as they are.

    Parameters
    ----------
    dW, W : sequences of L arrays
        Gradients of the cost, and weights.
    penalty : float
        λ, zero or more.
    samples : int
        m, at least 1.

    Returns
    -------
    list of L arrays, shapes of W

    Raises
    ------
    ValueError
        If penalty is negative, there is no sample, or dW and W differ in number.

    Notes
    -----
    Source: S0 section 11.4, L2 regularisation.
    """
    factor = _require.not_negative("penalty", penalty) / _require.at_least("samples", samples, 1)
    dW, W = _require.arrays("dW", dW), _require.arrays("W", W, say("matrices"))
    _require.one_gradient_each("dW", dW, W)
    for g, w in zip(dW, W, strict=True):
        _require.same_shape(say("each gradient of dW"), g, say("its matrix of W"), w)
    return [g + factor * w for g, w in zip(dW, W, strict=True)]


def dropout(a: ArrayLike, p: float, draws: ArrayLike) -> tuple[Array, Array]:
    """Drop activations with probability p and scale up the others, so that the mean stays what it was (inverted dropout).

    Parameters
    ----------
    a : array_like, shape (neurons, samples)
        Activations of a hidden layer.
    p : float
        Probability to drop, 0 <= p < 1.
    draws : array_like, shape (neurons, samples)
        Random numbers, uniform in [0, 1). An activation is dropped where its draw is below p.

    Returns
    -------
    dropped : ndarray, shape of a
    mask : ndarray, shape of a
        0 where it was dropped, else 1 / (1 − p). The error term of the layer gets the same mask on the way back.

    Raises
    ------
    ValueError
        If p is out of range or the shapes differ.

    Notes
    -----
    Source: S0 section 11.4, dropout, which does not speak of scaling; Srivastava et al. 2014. `dropout_mask` draws for itself.
    """
    a, draws = _require.floats("a", a), _require.floats("draws", draws)
    _require.share("p", p, say("It is the share that is dropped; 0.5 is usual."))
    _require.same_shape("draws", draws, "a", a)
    if not ((draws >= 0) & (draws < 1)).all():
        raise ValueError(
            say(
                "draws must lie in [0, 1), got {least:g} to {most:g}. Draw them by rng.random(a.shape).",
                least=draws.min(),
                most=draws.max(),
            )
        )
    mask = (draws >= p) / (1 - p)
    return a * mask, mask


def early_stopping(costs: Sequence[float], patience: float) -> tuple[int, int]:
    """Walk through the validation costs of a training and say which epoch to keep, and after which to stop.

    Parameters
    ----------
    costs : sequence of float
        One an epoch. A cost that is not a number is no improvement, and one that is equal to the lowest is none either.
    patience : int or inf
        Stop when the lowest cost is this many epochs ago; at least 1. With inf it never stops before the last.

    Returns
    -------
    keep : int
        The epoch of the lowest cost so far, from 0.
    last : int
        The epoch after which training stops; the last one where the patience never ends.

    Raises
    ------
    ValueError
        If there is no cost, or patience is below 1.

    Notes
    -----
    Source: S0 section 11.4, early stopping, whose rule is patience 1.
    """
    _patience(patience)
    if len(_require.sequence("costs", costs, say("numbers, one an epoch"))):
        costs = _require.floats("costs", costs, ndim=1).tolist()
    else:
        raise ValueError(say("costs must hold at least one epoch's cost, got none. Train for an epoch first."))
    best, keep = np.inf, 0
    for epoch, cost in enumerate(costs):
        if cost < best:
            best, keep = cost, epoch
        elif epoch - keep >= patience:
            return keep, epoch
    return keep, len(costs) - 1


def bias_variance(predictions: ArrayLike, truth: ArrayLike) -> tuple[float, float]:
    """Return how far the mean prediction is from the truth, squared, and how much single predictions vary around it.

    Parameters
    ----------
    predictions : array_like, shape (sets, points)
        What models say at the points, each trained on a data set of its own.
    truth : array_like, shape (points,)
        What is true there, without noise.

    Returns
    -------
    bias_squared, variance : float
        Means over the points. Their sum is the mean squared distance of all predictions from the truth.

    Raises
    ------
    ValueError
        If predictions is not a matrix with one column for each point.

    Notes
    -----
    Source: S2, "controlling overfitting"; Bishop 2006, section 3.2.
    """
    predictions, truth = _require.finite("predictions", predictions, ndim=2), _require.finite("truth", truth, ndim=1)
    _require.one_for_each("predictions", predictions, 1, "point of truth", len(truth))
    mean = predictions.mean(axis=0)
    return float(np.mean((mean - truth) ** 2)), float(np.mean((predictions - mean) ** 2))


def train_regularised(
    X: Array,
    Y: Array,
    X_val: Array,
    Y_val: Array,
    W: Sequence[Array],
    b: Sequence[Array],
    alpha: float,
    epochs: int,
    penalty: float,
    patience: float,
) -> tuple[list[Array], list[Array], list[float]]:
    """Train a network of ReLU layers with all samples a step, with a price on its weights, and stop early.

    Parameters
    ----------
    X, Y : ndarray, shapes (features, samples) and (classes, samples)
        What is learned from.
    X_val, Y_val : ndarray, shapes (features, others) and (classes, others)
        What is watched. Its cost holds no penalty.
    W, b : sequences of L arrays
        Parameters at the start. They are left as they are.
    alpha : float
        Learning rate.
    epochs : int
        At most so many steps, at least 1.
    penalty : float
        λ of `l2_gradients`.
    patience : int or inf
        As in `early_stopping`.

    Returns
    -------
    W, b : lists of L arrays
        Parameters after the epoch with the lowest validation cost.
    costs : list of float
        Validation costs, one after each epoch that was trained.

    Raises
    ------
    ValueError
        As `forward`, `optimize`, `l2_gradients` and `early_stopping`.

    Notes
    -----
    Source: S0 section 11.4, L2 regularisation and early stopping.
    """
    X, Y, X_val, Y_val = (_require.floats(name, each, ndim=2) for name, each in (("X", X), ("Y", Y), ("X_val", X_val), ("Y_val", Y_val)))
    _require.one_for_each("Y", Y, 1, "sample of X", X.shape[1])
    _require.one_for_each("Y_val", Y_val, 1, "sample of X_val", X_val.shape[1])
    W, b = _require.arrays("W", W, say("matrices"), 2), _require.arrays("b", b, ndim=2)
    best, costs = (W, b), list[float]()
    for epoch in range(_require.at_least("epochs", epochs, 1)):
        z, a = forward(X, W, b, relu, softmax)
        dW, db = backward(Y, W, z, a, relu_derivative)
        W, b = optimize(W, b, l2_gradients(dW, W, penalty, X.shape[1]), db, alpha)
        costs.append(cross_entropy(forward(X_val, W, b, relu, softmax)[0][-1], Y_val))
        keep, _ = early_stopping(costs, patience)
        best = (W, b) if keep == epoch else best
        if epoch - keep >= patience:
            break
    return *best, costs


def robust_states(X: Array, y: ArrayLike, X_new: Array, rng: np.random.Generator) -> NDArray[np.intp]:
    """Predict the states of new samples after learning from few samples, some of which have wrong labels.

    Parameters
    ----------
    X : ndarray, shape (features, samples)
    y : array_like of int, shape (samples,)
        States 0, 1, 2; some are wrong, and nobody knows which.
    X_new : ndarray, shape (features, others)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int, shape (others,)

    Notes
    -----
    Source: the challenge of chapter 07. The price on the weights does the work; then no samples need be held out.
    """
    scaled, targets = standardised(X, X), one_hot(y, 3)
    W: list[Array] = initial_weights([len(X), 32, 3], "he", rng)
    b: list[Array] = [np.zeros((len(w), 1)) for w in W]
    W, b, _ = train_regularised(scaled, targets, scaled, targets, W, b, alpha=0.3, epochs=400, penalty=3.0, patience=400)
    return forward(standardised(X, X_new), W, b, relu, softmax)[1][-1].argmax(axis=0)
