"""Activation functions and their derivatives, in their stable forms.

Each takes the pre-activation z of any shape and returns an array of that shape, in float64. `ACTIVATIONS` and `DERIVATIVES` are the
tables of them by name. The softmax is the exception: each output depends on all scores of the column, so that its derivative is a matrix.

A name that starts with `naive_` marks a lecture's formula typed as it stands. It is there to be compared with, not to be used.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnlab.languages import say

Array = NDArray[np.floating]
Activation = Callable[[Array], Array]


def _float(z: ArrayLike) -> Array:
    return np.asarray(z, dtype=float)


def identity(z: ArrayLike) -> Array:
    """Return z itself: f(z) = z, a layer without an activation function.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z
    """
    return _float(z)


def sigmoid(z: ArrayLike) -> Array:
    """Squash each z into (0, 1): the logistic function σ(z) = 1 / (1 + exp(−z)).

    exp is taken of −|z| only, so that it never overflows: for z < 0 the fraction is extended by exp(z).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.2, "Sigmoid". The slide's form warns of overflow at z = −1000.
    """
    z = _float(z)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def tanh(z: ArrayLike) -> Array:
    """Squash each z into (−1, 1): tanh(z) = (1 − exp(−2z)) / (1 + exp(−2z)).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.2, "Tanh".
    """
    return np.tanh(_float(z))


def relu(z: ArrayLike) -> Array:
    """Cut each z off below zero: relu(z) = max(0, z).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.2, "ReLU".
    """
    return np.maximum(0.0, _float(z))


def softmax(z: ArrayLike) -> Array:
    """Turn scores into shares of one: softmax_i(z) = exp(z_i) / Σ_j exp(z_j), column by column.

    The largest score of each column is subtracted first. That changes nothing in exact arithmetic and keeps exp from overflowing.

    Parameters
    ----------
    z : array_like, shape (classes,) or (classes, samples)
        Scores, one column a sample.

    Returns
    -------
    ndarray, shape of z
        Every column sums to 1.

    Notes
    -----
    Source: S0 section 11.2, "Softmax". The slide's form overflows at z = 1000.
    """
    z = _float(z)
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def step(z: ArrayLike) -> Array:
    """Fire or rest: step(z) = 1 where z > 0, else 0.

    Its slope is 0 everywhere except at the jump, where it has none. So gradient descent cannot train it.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.1 and S3 section 1.3.1, the M-P neuron. It fires where w · x > θ, so that step(0) = 0.
    """
    return np.where(_float(z) > 0, 1.0, 0.0)


def hard_logistic(z: ArrayLike) -> Array:
    """Approximate the logistic function by three straight lines: max(min(z/4 + 1/2, 1), 0).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S3 section 1.3.2.1, from the Taylor expansion at 0.
    """
    return np.clip(0.25 * _float(z) + 0.5, 0.0, 1.0)


def hard_tanh(z: ArrayLike) -> Array:
    """Approximate tanh by three straight lines: max(min(z, 1), −1).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S3 section 1.3.2.1, from the Taylor expansion at 0.
    """
    return np.clip(_float(z), -1.0, 1.0)


def leaky_relu(z: ArrayLike, gamma: float = 0.01) -> Array:
    """Let a little through below zero: max(0, z) + γ min(0, z).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.
    gamma : float, optional
        Slope γ below zero.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1 and S2, "LeakyReLU"; S3 section 1.3.2.2, γ = 0.01.
    """
    z = _float(z)
    return np.maximum(z, 0.0) + gamma * np.minimum(z, 0.0)


def prelu(z: ArrayLike, gamma: ArrayLike = 0.25) -> Array:
    """Let through below zero with a slope that is learned: max(0, z) + γ_i min(0, z), a slope for each neuron i.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.
    gamma : array_like, shape (neurons, 1) or a number, optional
        Slopes γ below zero, one for each row of z.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1, "PReLU"; S3 section 1.3.2.2. The start γ = 0.25 is that of He et al. 2015.
    """
    z = _float(z)
    return np.maximum(z, 0.0) + np.asarray(gamma) * np.minimum(z, 0.0)


def elu(z: ArrayLike, gamma: float = 1.0) -> Array:
    """Bend smoothly to −γ below zero: max(0, z) + min(0, γ (exp(z) − 1)).

    exp is taken of min(0, z) only, so that it never overflows. expm1 keeps the digits that exp(z) − 1 loses near 0.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.
    gamma : float, optional
        Depth γ ≥ 0 of the bend.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1 and S2, "ELU"; S3 section 1.3.2.2.
    """
    z = _float(z)
    return np.maximum(z, 0.0) + gamma * np.expm1(np.minimum(z, 0.0))


def softplus(z: ArrayLike) -> Array:
    """Smooth the corner of the ReLU: log(1 + exp(z)).

    logaddexp takes the larger exponent out first: max(0, z) + log(1 + exp(−|z|)).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1 and S2, "softplus"; S3 section 1.3.2.2.
    """
    return np.logaddexp(0.0, _float(z))


def swish(z: ArrayLike, beta: float = 1.0) -> Array:
    """Let the input be its own gate: z σ(βz).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.
    beta : float, optional
        Sharpness β of the gate: 0 gives z/2, a large β nearly the ReLU.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1 and S2, "Swish".
    """
    z = _float(z)
    return z * sigmoid(beta * z)


def gelu(z: ArrayLike) -> Array:
    """Weigh the input by the normal distribution: z Φ(z), with Φ(z) = P(X ≤ z) of the standard normal distribution.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S2, "GELU", with μ = 0 and σ = 1.
    """
    from scipy.special import ndtr

    z = _float(z)
    return z * ndtr(z)


def _gelu_u(z: Array) -> Array:
    """Return u = √(2/π) (z + 0.044715 z³)."""
    z = np.clip(z, -30.0, 30.0)  # beyond, tanh(u) is ±1 to all digits, and z³ could overflow
    return np.sqrt(2.0 / np.pi) * (z + 0.044715 * z**3)


def gelu_tanh(z: ArrayLike) -> Array:
    """Approximate the GELU by tanh: z/2 · (1 + tanh(√(2/π) (z + 0.044715 z³))).

    (1 + tanh(u)) / 2 is σ(2u), which loses no digits far below zero.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S2, "GELU". At most 4.8e-4 from the exact form, at z = ±2.70.
    """
    z = _float(z)
    return z * sigmoid(2.0 * _gelu_u(z))


def gelu_sigmoid(z: ArrayLike) -> Array:
    """Approximate the GELU by the logistic function: z σ(1.702 z).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S2, "GELU". At most 2.1e-2 from the exact form, at z = ±2.27.
    """
    return swish(z, 1.702)


def identity_derivative(z: ArrayLike) -> Array:
    """Differentiate the identity: 1 everywhere.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S2, "why the activation function is not linear".
    """
    return np.ones_like(_float(z))


def step_derivative(z: ArrayLike) -> Array:
    """Differentiate the step function: 0 everywhere, and 0 by convention at the jump.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.1, "drawbacks of the step function": nothing can be learned by its slope.
    """
    return np.zeros_like(_float(z))


def sigmoid_derivative(z: ArrayLike) -> Array:
    """Differentiate the logistic function: σ′(z) = σ(z) (1 − σ(z)), at most 1/4.

    It is even, and computed at −|z|, because 1 − σ(z) loses all digits from z = 37 on.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.2, "Sigmoid".
    """
    e = np.exp(-np.abs(_float(z)))
    a = e / (1.0 + e)
    return a * (1.0 - a)


def tanh_derivative(z: ArrayLike) -> Array:
    """Differentiate tanh: 1 − tanh²(z), at most 1.

    It is computed as 4σ′(2z), because 1 − tanh²(z) loses all digits from z = 20 on.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.2, "Tanh".
    """
    return 4.0 * sigmoid_derivative(2.0 * _float(z))


def hard_logistic_derivative(z: ArrayLike) -> Array:
    """Differentiate the hard logistic function: 1/4 where −2 < z < 2, else 0.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S3 section 1.3.2.1.
    """
    return np.where(np.abs(_float(z)) < 2, 0.25, 0.0)


def hard_tanh_derivative(z: ArrayLike) -> Array:
    """Differentiate the hard tanh: 1 where −1 < z < 1, else 0.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S3 section 1.3.2.1.
    """
    return np.where(np.abs(_float(z)) < 1, 1.0, 0.0)


def relu_derivative(z: ArrayLike) -> Array:
    """Differentiate the ReLU: 1 where z > 0, else 0.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1 and S2, table of derivatives. ReLU′(0) = 0 as there; S0 takes 1. Almost no z is exactly 0, so that it does not matter.
    """
    return step(z)


def leaky_relu_derivative(z: ArrayLike, gamma: float = 0.01) -> Array:
    """Differentiate the leaky ReLU: 1 where z > 0, else γ.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.
    gamma : float, optional
        Slope γ below zero.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1 and S2, "LeakyReLU".
    """
    return np.where(_float(z) > 0, 1.0, gamma)


def prelu_derivative(z: ArrayLike, gamma: ArrayLike = 0.25) -> Array:
    """Differentiate the PReLU by z: 1 where z > 0, else γ_i.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.
    gamma : array_like, shape (neurons, 1) or a number, optional
        Slopes γ below zero, one for each row of z.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1, "PReLU". By γ_i the derivative is min(0, z): this is what makes the slope learnable.
    """
    return np.where(_float(z) > 0, 1.0, np.asarray(gamma))


def elu_derivative(z: ArrayLike, gamma: float = 1.0) -> Array:
    """Differentiate the ELU: 1 where z > 0, else γ exp(z).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.
    gamma : float, optional
        Depth γ ≥ 0 of the bend.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1 and S2, table of derivatives.
    """
    z = _float(z)
    return np.where(z > 0, 1.0, gamma * np.exp(np.minimum(z, 0.0)))


def softplus_derivative(z: ArrayLike) -> Array:
    """Differentiate the softplus: the logistic function σ(z).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1 and S2, table of derivatives.
    """
    return sigmoid(z)


def swish_derivative(z: ArrayLike, beta: float = 1.0) -> Array:
    """Differentiate the Swish: σ(βz) + βz σ′(βz).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.
    beta : float, optional
        Sharpness β of the gate.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: the product rule on S1 and S2, "Swish".
    """
    bz = beta * _float(z)
    return sigmoid(bz) + bz * sigmoid_derivative(bz)


def gelu_derivative(z: ArrayLike) -> Array:
    """Differentiate the GELU: Φ(z) + z φ(z), with φ the density of the standard normal distribution.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: the product rule on S2, "GELU".
    """
    from scipy.special import ndtr

    z = _float(z)
    return ndtr(z) + z * np.exp(-z * z / 2.0) / np.sqrt(2.0 * np.pi)


def gelu_tanh_derivative(z: ArrayLike) -> Array:
    """Differentiate the tanh approximation of the GELU: σ(2u) + 2z σ′(2u) u′, with u = √(2/π) (z + 0.044715 z³).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: the product and chain rules on S2, "GELU".
    """
    z = _float(z)
    u = _gelu_u(z)
    du = np.sqrt(2.0 / np.pi) * (1.0 + 3 * 0.044715 * np.clip(z, -30.0, 30.0) ** 2)
    return sigmoid(2.0 * u) + 2.0 * z * sigmoid_derivative(2.0 * u) * du


def gelu_sigmoid_derivative(z: ArrayLike) -> Array:
    """Differentiate the logistic approximation of the GELU: that of the Swish with β = 1.702.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: the product rule on S2, "GELU".
    """
    return swish_derivative(z, 1.702)


def softmax_derivative(z: ArrayLike) -> Array:
    """Differentiate the softmax, column by column: ∂a_i/∂z_j = a_i (1 − a_j) where i = j, else −a_i a_j.

    Parameters
    ----------
    z : array_like, shape (classes,) or (classes, samples)
        Scores, one column a sample.

    Returns
    -------
    ndarray, shape (classes, classes) or (classes, classes, samples)
        The matrix diag(a) − a aᵀ of each column.

    Notes
    -----
    Source: the quotient rule on S0 section 11.2, "Softmax".
    """
    a = softmax(z)
    diagonal = np.eye(len(a)).reshape(len(a), len(a), *[1] * (a.ndim - 1))
    return diagonal * a - a[:, None] * a[None, :]


def softmax_temperature(z: ArrayLike, T: float = 1.0) -> Array:
    """Soften or sharpen the softmax: softmax(z / T), column by column.

    Parameters
    ----------
    z : array_like, shape (classes,) or (classes, samples)
        Scores, one column a sample.
    T : float, optional
        Temperature T > 0. A low one favours the largest score, a high one makes all shares alike.

    Returns
    -------
    ndarray, shape of z
        Every column sums to 1.

    Notes
    -----
    Source: S0 section 11.2, "Softmax", which is T = 1.
    """
    return softmax(_float(z) / T)


def temperature_for(scores: ArrayLike, share: float) -> float:
    """Find the temperature at which the largest share of a softmax is a given one: max softmax(z / T) = share.

    The largest share falls from 1 to 1/n as T rises, so that halving an interval finds T.

    Parameters
    ----------
    scores : array_like, shape (classes,)
        Scores of one sample, the largest of which stands alone.
    share : float
        Between 1/classes and 1, both excluded.

    Returns
    -------
    float
        T > 0, to all digits.

    Raises
    ------
    ValueError
        If there is no such temperature: the share is out of reach, or two scores are largest.

    Notes
    -----
    Source: the temperature of S0 section 11.2, "Softmax", turned round.
    """
    behind = np.max(_float(scores)) - np.ravel(_float(scores))
    if np.sum(behind == 0) != 1 or not 1 / behind.size < share < 1:
        raise ValueError(
            say(
                "share must lie between 1/{size} and 1, and one score alone be largest, got {share} and {scores}.",
                size=behind.size,
                share=share,
                scores=np.asarray(scores),
            )
        )

    def too_sure(T: float) -> bool:
        return bool(1.0 / np.exp(-behind / T).sum() > share)

    low = high = 1.0
    while not too_sure(low):
        low /= 2.0
    while too_sure(high):
        high *= 2.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if too_sure(middle) else (low, middle)
    return (low + high) / 2.0


def relu_weights(x: Array, y: Array) -> Array:
    """Find the ReLU units that draw straight pieces through given corners: f(t) = y_0 + Σ_k c_k relu(t − x_k).

    Each unit adds the change of slope at its corner.

    Parameters
    ----------
    x : ndarray, shape (corners,)
        Where the corners lie, rising.
    y : ndarray, shape (corners,)
        How high the line is there.

    Returns
    -------
    ndarray, shape (corners − 1,)
        The weights c.

    Notes
    -----
    Source: S3 section 1.3.2.2, ReLU; the sum of hinges makes "approximates any function" (S1) visible in one dimension.
    """
    slopes = np.diff(y) / np.diff(x)
    return np.diff(slopes, prepend=0.0)


def merge_layers(W_1: Array, b_1: Array, W_2: Array, b_2: Array) -> tuple[Array, Array]:
    """Find the one layer that does what two layers without activation function do: W_2 (W_1 x + b_1) + b_2 = W x + b.

    Parameters
    ----------
    W_1 : ndarray, shape (hidden, inputs)
    b_1 : ndarray, shape (hidden, 1)
        Weights and biases of the layer that comes first.
    W_2 : ndarray, shape (outputs, hidden)
    b_2 : ndarray, shape (outputs, 1)
        Weights and biases of the layer after it.

    Returns
    -------
    W : ndarray, shape (outputs, inputs)
    b : ndarray, shape (outputs, 1)

    Raises
    ------
    ValueError
        If W_2 has not one column for each row of W_1.

    Notes
    -----
    Source: S0 section 11.2, "what happens without an activation function?".
    """
    return W_2 @ W_1, W_2 @ b_1 + b_2


def dead_share(z: ArrayLike) -> float:
    """Return the share of ReLU units that are dead: z ≤ 0, so that output and derivative are 0, for every sample.

    Parameters
    ----------
    z : array_like, shape (units, samples)
        Pre-activations, one row a unit.

    Returns
    -------
    float
        Between 0 and 1.

    Notes
    -----
    Source: S2 and S3 section 1.3.2.2, "dying ReLU".
    """
    return float(np.mean(np.all(_float(z) <= 0, axis=1)))


def naive_sigmoid(z: ArrayLike) -> Array:
    """Compute the logistic function as the slide types it: 1 / (1 + exp(−z)).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.2, step 1. exp overflows with a warning at z = −1000.
    """
    return 1.0 / (1.0 + np.exp(-_float(z)))


def naive_sigmoid_derivative(z: ArrayLike) -> Array:
    """Compute σ′ as the slide types it: σ(z) (1 − σ(z)).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.2, "Sigmoid". It is exactly 0 from z = 37 on, where σ′(z) is still 1e-16.
    """
    a = naive_sigmoid(z)
    return a * (1.0 - a)


def naive_tanh(z: ArrayLike) -> Array:
    """Compute tanh as the slide types it: (exp(z) − exp(−z)) / (exp(z) + exp(−z)).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1 and S2, "Tanh". It is ∞/∞, not a number, at z = ±1000.
    """
    z = _float(z)
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def naive_elu(z: ArrayLike, gamma: float = 1.0) -> Array:
    """Compute the ELU as the slide types it: z where z > 0, else γ (exp(z) − 1).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.
    gamma : float, optional
        Depth γ ≥ 0 of the bend.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1 and S2, "ELU". exp overflows at z = 1000 although its branch is not taken, and half the digits are gone at z = −1e-9.
    """
    z = _float(z)
    return np.where(z > 0, z, gamma * (np.exp(z) - 1.0))


def naive_softplus(z: ArrayLike) -> Array:
    """Compute the softplus as the slide types it: log(1 + exp(z)).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S1 and S2, "softplus". It is infinite at z = 1000 and 0 from z = −37 down.
    """
    return np.log(1.0 + np.exp(_float(z)))


def naive_softmax(z: ArrayLike) -> Array:
    """Compute the softmax as the slide types it: exp(z) / Σ exp(z), column by column.

    Parameters
    ----------
    z : array_like, shape (classes,) or (classes, samples)
        Scores, one column a sample.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.2, step 1. It is ∞/∞, not a number, at z = 1000, and 0/0 where all scores are below −746.
    """
    e = np.exp(_float(z))
    return e / e.sum(axis=0)


ACTIVATIONS: dict[str, Activation] = {
    "identity": identity,
    "step": step,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "hard_logistic": hard_logistic,
    "hard_tanh": hard_tanh,
    "relu": relu,
    "leaky_relu": leaky_relu,
    "prelu": prelu,
    "elu": elu,
    "softplus": softplus,
    "swish": swish,
    "gelu": gelu,
    "gelu_tanh": gelu_tanh,
    "gelu_sigmoid": gelu_sigmoid,
    "softmax": softmax,
}

DERIVATIVES: dict[str, Activation] = {
    "identity": identity_derivative,
    "step": step_derivative,
    "sigmoid": sigmoid_derivative,
    "tanh": tanh_derivative,
    "hard_logistic": hard_logistic_derivative,
    "hard_tanh": hard_tanh_derivative,
    "relu": relu_derivative,
    "leaky_relu": leaky_relu_derivative,
    "prelu": prelu_derivative,
    "elu": elu_derivative,
    "softplus": softplus_derivative,
    "swish": swish_derivative,
    "gelu": gelu_derivative,
    "gelu_tanh": gelu_tanh_derivative,
    "gelu_sigmoid": gelu_sigmoid_derivative,
    "softmax": softmax_derivative,
}
