"""The network's inner functions: activations and losses that write into arrays they are given, in the number type of these arrays.

`nnlab.activations` has the same functions to be read. Here each activation fills a with f(z) and slope with f′(z) in one go, since
the two share most of their work.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnlab.activations import ACTIVATIONS, DERIVATIVES, Array

# ---- Activation functions in place: the value f(z) goes into a, the derivative f′(z) into slope, in the number type of the network.


def _logistic(z: Array, out: Array) -> None:
    np.negative(z, out=out)
    np.exp(out, out=out)  # may reach ∞, and 1 / (1 + ∞) = 0 is right
    out += 1
    np.reciprocal(out, out=out)


def _sigmoid(z: Array, a: Array, slope: Array) -> None:
    _logistic(z, a)
    np.multiply(a, a, out=slope)
    np.subtract(a, slope, out=slope)  # σ − σ²


def _tanh(z: Array, a: Array, slope: Array) -> None:
    np.tanh(z, out=a)
    np.multiply(a, a, out=slope)
    np.subtract(1, slope, out=slope)


def _relu(z: Array, a: Array, slope: Array) -> None:
    np.maximum(z, 0, out=a)
    np.greater(z, 0, out=slope)


def _leaky_relu(z: Array, a: Array, slope: Array) -> None:
    np.multiply(z, 0.01, out=a)
    np.maximum(z, a, out=a)
    np.greater(z, 0, out=slope)
    np.maximum(slope, 0.01, out=slope)


def _elu(z: Array, a: Array, slope: Array) -> None:
    np.minimum(z, 0, out=a)
    np.expm1(a, out=a)
    np.add(a, 1, out=slope)
    np.maximum(z, a, out=a)  # exp(z) − 1 ≥ z


def _softplus(z: Array, a: Array, slope: Array) -> None:
    np.logaddexp(0, z, out=a)
    _logistic(z, slope)


def _gated(z: Array, a: Array, slope: Array, u: Array, du: Array | float) -> None:
    _logistic(u, slope)
    np.multiply(z, slope, out=a)  # f = z σ(u)
    slope += (a - a * slope) * du  # f′ = σ(u) + z σ(u) (1 − σ(u)) u′


def _swish(z: Array, a: Array, slope: Array) -> None:
    _gated(z, a, slope, z, 1)


def _gelu_tanh(z: Array, a: Array, slope: Array) -> None:
    c, z2 = 2 * (2 / np.pi) ** 0.5, np.square(np.clip(z, -30, 30))
    _gated(z, a, slope, c * z * (1 + 0.044715 * z2), c * (1 + 3 * 0.044715 * z2))


InPlace = Callable[[Array, Array, Array], None]
IN_PLACE: dict[str, InPlace] = {
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "relu": _relu,
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "softplus": _softplus,
    "swish": _swish,
    "gelu_tanh": _gelu_tanh,
}
HIDDEN = [name for name in ACTIVATIONS if name != "softmax"]  # softmax mixes the neurons of a layer: it belongs to the output


def activation_into(name: str) -> InPlace:
    """Return the function of this name that fills a and slope: the fast one, or else one that asks the tables of `activations`."""

    def ask_the_tables(z: Array, a: Array, slope: Array) -> None:
        a[:], slope[:] = ACTIVATIONS[name](z), DERIVATIVES[name](z)

    return IN_PLACE.get(name, ask_the_tables)


# ---- Losses: each takes the scores z and the targets y, shape (neurons, samples). It fills delta with ∂loss/∂z, and may change z.
# The sum of the samples' losses is returned.

Loss = Callable[[Array, Array, Array], float]


def softmax_into(z: Array, out: Array) -> Array:
    """Fill out with the softmax of z, which loses its maximum a column, and return Σ exp(z) of each column. out may be z."""
    z -= np.maximum.reduce(z, axis=0)
    total = np.add.reduce(np.exp(z, out=out), axis=0)
    out /= total
    return total


def cross_entropy_into(z: Array, y: Array, delta: Array) -> float:
    """Compute −Σ y log softmax(z). Its derivative is softmax(z) − y."""
    total = softmax_into(z, delta)
    delta -= y
    return float(np.add.reduce(np.log(total)) - np.vdot(y, z))  # log softmax(z) = z − log Σ exp(z): no logarithm of a tiny share


def squared_error_into(z: Array, y: Array, delta: Array) -> float:
    """Compute ½ Σ (z − y)². Its derivative is z − y."""
    np.subtract(z, y, out=delta)
    return float(np.vdot(delta, delta)) / 2


def softmax_squared_error_into(z: Array, y: Array, delta: Array) -> float:
    """Compute ½ Σ (p − y)² with p = softmax(z). Its derivative is p (e − Σ p e) with e = p − y."""
    softmax_into(z, delta)
    error = delta - y
    delta *= error - np.add.reduce(delta * error, axis=0)
    return float(np.vdot(error, error)) / 2
