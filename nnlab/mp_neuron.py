"""The M-P neuron: a threshold unit, the gates it can be, the perceptron that learns its weights, and XOR, which it cannot be.

Columns are samples. Outputs of neurons are 0 and 1; labels for the perceptron are −1 and +1, as in its learning rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnlab import _require
from nnlab.activations import Array, step
from nnlab.languages import say


class Gate(NamedTuple):
    """Weights and threshold of a neuron that is a logic gate."""

    w: tuple[float, ...]
    theta: float


GATES = {
    "AND": Gate((1, 1), 1.5),
    "OR": Gate((1, 1), 0.5),
    "NAND": Gate((-1, -1), -1.5),
    "NOT": Gate((-1,), -0.5),
}

TRUTH_TABLE = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]])  # all inputs of a gate with two inputs, one column each

# Two separable and two inseparable sets of labelled points: X of shape (2, samples), y of −1 and +1
POINT_SETS = {
    "lecture": (np.array([[3.0, 4, 1, 1], [-3, -3, 1, 2]]), np.array([-1.0, -1, 1, 1])),
    "and": (TRUTH_TABLE, np.array([-1.0, -1, -1, 1])),
    "xor": (TRUTH_TABLE, np.array([-1.0, 1, 1, -1])),
    "enclosed": (np.array([[-1.0, -1, 1, 1, 0], [-1, 1, -1, 1, 0]]), np.array([-1.0, -1, -1, -1, 1])),
}


def gate(name: str) -> tuple[Array, float]:
    """Return weights and threshold of a neuron that is a logic gate.

    Parameters
    ----------
    name : str
        "AND", "OR", "NAND" (two inputs each) or "NOT" (one input).

    Returns
    -------
    w : ndarray, shape (inputs,)
    theta : float
        `mp_neuron(x, w, theta)` says what the gate says. Many other values do the same.

    Raises
    ------
    ValueError
        If there is no such gate.

    Notes
    -----
    Source: S0 section 11.1, M-P model; the gates are the classical ones of McCulloch and Pitts.
    """
    if name not in GATES:
        raise ValueError(
            say("name must be one of {choices}, got {name!r}. XOR needs two layers: xor_network().", choices=", ".join(GATES), name=name)
        )
    w, theta = GATES[name]
    return np.array(w, dtype=float), theta


def mp_neuron(x: ArrayLike, w: ArrayLike, theta: float) -> Array:
    """Fire where the weighted input exceeds the threshold: 1 where w · x > θ, else 0.

    Parameters
    ----------
    x : array_like, shape (inputs,) or (inputs, samples)
    w : array_like, shape (inputs,)
        Weights.
    theta : float
        Threshold.

    Returns
    -------
    float, or ndarray of shape (samples,)

    Raises
    ------
    ValueError
        If x has not one row for each weight.

    Notes
    -----
    Source: S0 section 11.1, M-P model of 1943; S1 and S3, the same.
    """
    return threshold_unit(x, w, -theta)


def threshold_unit(x: ArrayLike, w: ArrayLike, b: float) -> Array:
    """Fire where w · x + b > 0. With the bias b = −θ this is the M-P neuron.

    Parameters
    ----------
    x : array_like, shape (inputs,) or (inputs, samples)
    w : array_like, shape (inputs,)
        Weights.
    b : float
        Bias: a weight on an input that is always 1.

    Returns
    -------
    float, or ndarray of shape (samples,)

    Raises
    ------
    ValueError
        If x has not one row for each weight.

    Notes
    -----
    Source: S0 section 11.1, general form of the neuron.
    """
    x, w = np.asarray(x, dtype=float), _require.finite("w", w, ndim=1)
    if x.shape[:1] != w.shape:
        raise ValueError(
            say(
                "x must have one row for each of the {count} weights, got shape {shape}. Try x.T if samples are rows.",
                count=w.size,
                shape=x.shape,
            )
        )
    return step(w @ x + b)[()]


def xor_network() -> tuple[tuple[Array, float], tuple[Array, float], tuple[Array, float]]:
    """Return three neurons that compute XOR in two layers: AND of what OR and NAND say.

    Returns
    -------
    first, second : (w, theta)
        The hidden neurons; each gets both inputs.
    output : (w, theta)
        The output neuron; it gets what the hidden neurons say.

    Notes
    -----
    Source: S2, "XOR again". No single neuron can do it.
    """
    return gate("OR"), gate("NAND"), gate("AND")


def two_layers(x: ArrayLike, first: tuple[Array, float], second: tuple[Array, float], output: tuple[Array, float]) -> Array:
    """Run three neurons in two layers: both hidden neurons get x, the output neuron gets what they say.

    Parameters
    ----------
    x : array_like, shape (inputs,) or (inputs, samples)
    first, second, output : (w, theta)
        Weights and threshold of each neuron.

    Returns
    -------
    float, or ndarray of shape (samples,)

    Notes
    -----
    Source: S2, "XOR again".
    """
    return mp_neuron(np.stack([mp_neuron(x, *first), mp_neuron(x, *second)]), *output)


def product_feature(x: ArrayLike) -> Array:
    """Add the product x1·x2 as a third feature. With it a plane separates XOR: x1 + x2 − 2 x1·x2 > 0.5.

    Parameters
    ----------
    x : array_like, shape (2, samples)

    Returns
    -------
    ndarray, shape (3, samples)

    Notes
    -----
    Source: S0 section 11.2 and S2, feature transform.
    """
    x = _require.finite("x", x, ndim=2)
    return np.vstack([x, x[0] * x[1]])


def naive_sign(z: float) -> int:
    """Return the slide's `sign`, which is int(z): it turns 0.5 into 0, so a right answer counts as a mistake.

    Parameters
    ----------
    z : float
        Pre-activation.

    Returns
    -------
    int

    Notes
    -----
    Source: S2, perceptron sample code (erratum 8). `numpy.sign` is right; `Perceptron` compares y·z with 0 and needs neither.
    """
    return int(z)


def classify(X: ArrayLike, w: ArrayLike, b: float) -> Array:
    """Label each sample by its side of the line: +1 where w · x + b > 0, else −1.

    Parameters
    ----------
    X : array_like, shape (features, samples)
    w : array_like, shape (features,)
    b : float

    Returns
    -------
    ndarray, shape (samples,)

    Raises
    ------
    ValueError
        If X has not one row for each weight.

    Notes
    -----
    Source: S2, perceptron; a sample on the line gets −1, as the silent neuron of S0.
    """
    return 2 * threshold_unit(X, w, b) - 1


def hebb(X: ArrayLike, y: ArrayLike, learning_rate: float = 1.0) -> tuple[Array, float]:
    """Learn by Hebb's rule in one pass from zero: each weight grows by α times what stands at its two ends, its input and the label.

    Parameters
    ----------
    X : array_like, shape (features, samples)
    y : array_like, shape (samples,)
        Labels −1 and +1.
    learning_rate : float
        α, positive.

    Returns
    -------
    w : ndarray, shape (features,)
        α Σ y x.
    b : float
        α Σ y: the weight of an input that is always 1.

    Raises
    ------
    ValueError
        If X or y has another shape, holds NaN, or y other labels; if `learning_rate` is not positive.

    Notes
    -----
    Source: S1 section 2, plasticity; D. O. Hebb, The Organization of Behavior (1949). The rule never asks whether an answer is right.
    """
    X, y = _labelled(X, y)
    _require.positive("learning_rate", learning_rate)
    return learning_rate * (X @ y), float(learning_rate * y.sum())


def perceptron_update(w: Array, b: float, x: Array, y: float, learning_rate: float = 1.0) -> tuple[Array, float]:
    """Turn the line towards one sample it got wrong: w + α y x, b + α y.

    Parameters
    ----------
    w : ndarray, shape (inputs,)
    b : float
    x : ndarray, shape (inputs,)
        The sample.
    y : float
        Its label, −1 or +1.
    learning_rate : float
        α, positive. From zero weights it changes the scale of w and b and no decision.

    Returns
    -------
    w : ndarray, shape (inputs,)
    b : float

    Notes
    -----
    Source: S2, perceptron sample code.
    """
    return w + learning_rate * y * x, b + learning_rate * y


def one_epoch(w: Array, b: float, X: ArrayLike, y: ArrayLike, learning_rate: float = 1.0) -> list[tuple[Array, float]]:
    """Go once through the samples in their order and correct each mistake.

    Parameters
    ----------
    w : ndarray, shape (inputs,)
    b : float
        Weights and bias at the start.
    X : array_like, shape (features, samples)
    y : array_like, shape (samples,)
        Labels −1 and +1.
    learning_rate : float
        α of the update.

    Returns
    -------
    list of (w, b)
        Weights and bias after each update, none if every sample was right.

    Notes
    -----
    Source: S2, perceptron sample code; a sample on the line (y·z = 0) is a mistake.
    """
    path = []
    for x, label in zip(np.asarray(X, dtype=float).T, np.asarray(y, dtype=float), strict=True):
        if label * (w @ x + b) <= 0:
            w, b = perceptron_update(w, b, x, label, learning_rate)
            path.append((w, b))
    return path


@dataclass
class Perceptron:
    """A threshold unit that learns by the perceptron rule: go through the samples, correct each mistake, stop after an epoch without one.

    Parameters
    ----------
    max_epochs : int
        Passes over the data after which it gives up. Data that no line separates would keep it busy for ever.
    learning_rate : float
        α of the update, positive.

    Attributes
    ----------
    w : ndarray, shape (inputs,)
        Weights after `fit`.
    b : float
        Bias after `fit`.
    path : list of (w, b)
        Weights and bias after each update.
    epochs : int
        Passes made, the last one without mistake included.
    converged : bool
        Whether an epoch passed without mistake.

    Notes
    -----
    Source: S2, perceptron; a sample on the line (y·z = 0) is a mistake.
    """

    max_epochs: int = 1000
    learning_rate: float = 1.0
    w: Array = field(init=False, repr=False, default_factory=lambda: np.zeros(0))
    b: float = field(init=False, default=0.0)
    path: list[tuple[Array, float]] = field(init=False, repr=False, default_factory=list)
    epochs: int = field(init=False, default=0)
    converged: bool = field(init=False, default=False)

    @property
    def mistakes(self) -> int:
        """How many updates were made."""
        return len(self.path)

    def fit(self, X: ArrayLike, y: ArrayLike) -> Perceptron:
        """Start from zero and learn.

        Parameters
        ----------
        X : array_like, shape (features, samples)
        y : array_like, shape (samples,)
            Labels −1 and +1.

        Returns
        -------
        Perceptron
            Itself.

        Raises
        ------
        ValueError
            If X or y has another shape, holds NaN, or y other labels; if `max_epochs` or `learning_rate` is not positive.
        """
        X, y = _labelled(X, y)
        _require.positive("learning_rate", self.learning_rate)
        _require.at_least("max_epochs", self.max_epochs, 1)
        self.w, self.b, self.path, self.epochs, self.converged = np.zeros(len(X)), 0.0, [], 0, False
        while not self.converged and self.epochs < self.max_epochs:
            steps = one_epoch(self.w, self.b, X, y, self.learning_rate)
            self.path += steps
            self.w, self.b = steps[-1] if steps else (self.w, self.b)
            self.epochs += 1
            self.converged = not steps
        return self

    def predict(self, X: ArrayLike) -> Array:
        """Say on which side of the line each sample lies.

        Parameters
        ----------
        X : array_like, shape (features, samples)

        Returns
        -------
        ndarray, shape (samples,)
            −1 or +1.

        Raises
        ------
        ValueError
            If X has not the features it was fitted with.
        """
        return classify(X, self.w, self.b)


def train_perceptron(X: ArrayLike, y: ArrayLike, max_epochs: int = 1000, learning_rate: float = 1.0) -> tuple[Array, float, int, bool]:
    """Train a `Perceptron` from zero and return what it learned.

    Parameters
    ----------
    X : array_like, shape (features, samples)
    y : array_like, shape (samples,)
        Labels −1 and +1.
    max_epochs : int
        Passes over the data after which it gives up.
    learning_rate : float
        α of the update, positive.

    Returns
    -------
    w : ndarray, shape (features,)
    b : float
    mistakes : int
        Updates made.
    converged : bool
        Whether an epoch passed without mistake.

    Raises
    ------
    ValueError
        As `Perceptron.fit` does.

    Notes
    -----
    Source: S2, perceptron sample code, with the limit that it lacks.
    """
    learned = Perceptron(max_epochs, learning_rate).fit(X, y)
    return learned.w, float(learned.b), learned.mistakes, learned.converged


def pocket(X: ArrayLike, y: ArrayLike, max_epochs: int = 100, learning_rate: float = 1.0) -> tuple[Array, float, int]:
    """Let a `Perceptron` learn, and keep the best line of its path: the first of those with the fewest mistakes on all samples.

    Parameters
    ----------
    X : array_like, shape (features, samples)
    y : array_like, shape (samples,)
        Labels −1 and +1.
    max_epochs : int
        Passes over the data after which it gives up.
    learning_rate : float
        α of the update, positive.

    Returns
    -------
    w : ndarray, shape (features,)
    b : float
    wrong : int
        How many samples this line gets wrong: on the other side, or on the line.

    Raises
    ------
    ValueError
        As `Perceptron.fit` does.

    Notes
    -----
    Source: S. I. Gallant, Perceptron-based learning algorithms, IEEE Transactions on Neural Networks 1 (1990) 179, with every line tried
    on all samples (his "ratchet").
    """
    X, y = _labelled(X, y)
    path = Perceptron(max_epochs, learning_rate).fit(X, y).path
    w, b = min(path, key=lambda line: int((y * (line[0] @ X + line[1]) <= 0).sum()))
    return w, float(b), int((y * (w @ X + b) <= 0).sum())


def _labelled(X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Return samples as columns and their labels, or say what is wrong with them."""
    X, y = _require.finite("X", X, ndim=2), _require.finite("y", y, ndim=1)
    if y.size != X.shape[1]:
        raise ValueError(
            say(
                "{name} must hold one label for each of the {columns} columns of X, got shape {shape}. Try X.T if samples are rows.",
                name="y",
                columns=X.shape[1],
                shape=y.shape,
            )
        )
    if not np.isin(y, [-1, 1]).all():
        raise ValueError(say("y must hold −1 and +1, got {labels}. From 0 and 1: 2 * y - 1.", labels=np.unique(y).tolist()))
    return X, y


def mistake_bound(X: ArrayLike, y: ArrayLike, w: ArrayLike, b: float = 0.0) -> float:
    """Bound the perceptron's mistakes by R²/γ², given any line that separates the samples.

    The bias is learned as a weight on a constant 1. So the theorem is about the longer vectors x̃ = (x, 1) and w̃ = (w, b):
    R is the largest norm of an x̃, γ the smallest distance y w̃·x̃ / ‖w̃‖. The best w̃ gives the smallest bound.

    Parameters
    ----------
    X : array_like, shape (features, samples)
    y : array_like, shape (samples,)
        Labels −1 and +1.
    w : array_like, shape (features,)
    b : float
        Weights and bias of a separating line.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the line does not separate the samples.

    Notes
    -----
    Source: S2, theorem 3.1 (Novikoff 1962).
    """
    X, y = _labelled(X, y)
    samples, line = np.vstack([X, np.ones(len(y))]), np.append(_require.finite("w", w, ndim=1), b)
    gamma = (y * (line @ samples)).min() / np.linalg.norm(line)
    if not gamma > 0:
        raise ValueError(
            say(
                "w and b must separate the samples, got a margin of {margin:g}. Fit a Perceptron and see whether it converges.",
                margin=gamma,
            )
        )
    return float((samples**2).sum(axis=0).max() / gamma**2)


def separating_line(w: ArrayLike, b: float, x1: ArrayLike) -> Array:
    """Return x2 of the line w1 x1 + w2 x2 + b = 0, to draw it.

    Parameters
    ----------
    w : array_like, shape (2,)
    b : float
    x1 : array_like, any shape

    Returns
    -------
    ndarray, shape of x1

    Raises
    ------
    ValueError
        If w2 = 0: the line is upright and x2 is not a function of x1.

    Notes
    -----
    Source: S2, "Picture" of the perceptron sample code.
    """
    w = _require.finite("w", w, ndim=1)
    if w.size != 2 or w[1] == 0:
        raise ValueError(say("w must be two weights, the second not zero, got {w}. An upright line is x1 = −b / w1.", w=w.tolist()))
    return -(b + w[0] * np.asarray(x1, dtype=float)) / w[1]
