"""Vanishing and exploding gradients: the product that makes them, the size of the gradient layer by layer, and the cures.

Columns are samples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from nnlab import _require
from nnlab.activations import Activation, Array
from nnlab.backpropagation import Derivative, hidden_grad

# Standard deviation of the initial weights of a layer with n inputs and m neurons
INITIAL_STD: dict[str, Callable[[int, int], float]] = {
    "zeros": lambda n, m: 0.0,
    "small": lambda n, m: 0.01,
    "normal": lambda n, m: 1.0,
    "xavier": lambda n, m: float(np.sqrt(2 / (n + m))),
    "he": lambda n, m: float(np.sqrt(2 / n)),
}


def chain_factors(w: ArrayLike, z: ArrayLike, f_grad: Derivative) -> Array:
    """Return the factors of ∂a(L)/∂b(1) in a chain of single neurons: f′(z1), w2 f′(z2), …, wL f′(zL). Their product is the gradient.

    Parameters
    ----------
    w : array_like, shape (L − 1,)
        Weights w2 … wL.
    z : array_like, shape (L,)
        Pre-activations z1 … zL.
    f_grad : callable
        Derivative of the activation function.

    Returns
    -------
    ndarray, shape (L,)

    Raises
    ------
    ValueError
        If there is not one weight less than pre-activations.

    Notes
    -----
    Source: S0 section 11.4, four layers: σ′(z1) w2 σ′(z2) w3 σ′(z3) w4 σ′(z4) ∂L/∂a4.
    """
    w, z = np.asarray(w, dtype=float), np.asarray(z, dtype=float)
    if w.shape != (z.size - 1,):
        raise ValueError(
            f"w must hold w2 … w{z.size}, {z.size - 1} weights for {z.size} pre-activations, got shape {w.shape}. Leave w1 out."
        )
    return np.append(1.0, w) * f_grad(z)


def initial_weights(sizes: Sequence[int], name: str, rng: np.random.Generator) -> list[Array]:
    """Draw the weights of all layers from normal distributions with the standard deviation of an initialisation.

    Parameters
    ----------
    sizes : sequence of int
        Neurons a layer, input first.
    name : str
        A key of `INITIAL_STD`: zeros, small, normal, xavier, he.
    rng : numpy.random.Generator

    Returns
    -------
    list of L arrays, shapes (M_l, M_{l−1})

    Raises
    ------
    ValueError
        If there is no such initialisation.

    Notes
    -----
    Source: S1 section 3.5 asks for weights "close to zero" and does not say how close (erratum 11).
    Xavier: Glorot and Bengio 2010. He: He et al. 2015.
    """
    if name not in INITIAL_STD:
        raise ValueError(f"name must be one of {', '.join(INITIAL_STD)}, got {name!r}. A new one is a line in INITIAL_STD.")
    return [INITIAL_STD[name](n, m) * rng.standard_normal((m, n)) for n, m in pairwise(sizes)]


def layer_norm(z: Array) -> Array:
    """Give each sample's pre-activations mean 0 and standard deviation 1.

    Parameters
    ----------
    z : ndarray, shape (neurons, samples)

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S3 section 4.1.1 names layer-wise normalisation; Ba, Kiros and Hinton 2016.
    """
    return (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-12)


def layer_norm_grad(delta: Array, z: Array) -> Array:
    """Pass a gradient back through `layer_norm`: what would move the mean or the spread is taken out of it.

    Parameters
    ----------
    delta : ndarray, shape (neurons, samples)
        Gradient with respect to layer_norm(z).
    z : ndarray, shape (neurons, samples)

    Returns
    -------
    ndarray, shape of z
        Gradient with respect to z.
    """
    n = layer_norm(z)
    return (delta - delta.mean(axis=0) - n * (delta * n).mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-12)


def deep_gradients(
    x: Array,
    W: Sequence[Array],
    f: Activation,
    f_grad: Derivative,
    upstream: ArrayLike = 1.0,
    *,
    residual: bool = False,
    normalise: bool = False,
) -> list[Array]:
    """Return the gradient of every layer's weights in a deep network without biases: mean over samples of Σ upstream ⊙ a(L).

    Parameters
    ----------
    x : ndarray, shape (M_0, samples)
    W : sequence of L arrays, shapes (M_l, M_{l−1})
    f, f_grad : callable
        Activation function of all layers and its derivative.
    upstream : array_like
        Gradient of the cost with respect to a(L), of its shape.
    residual : bool
        Whether each layer adds its input to its output: a(l) = a(l−1) + f(z(l)). All layers must then have M_0 neurons.
    normalise : bool
        Whether each layer normalises z(l) by `layer_norm` before f.

    Returns
    -------
    list of L arrays, shapes of W

    Raises
    ------
    ValueError
        If residual is asked for and the layers differ in size.

    Notes
    -----
    Source: S0 section 11.4; S1 section 4; S3 section 4.1.1 for residual and normalised layers.
    """
    if residual and any(weights.shape != (len(x), len(x)) for weights in W):
        raise ValueError(
            f"W must be matrices of {len(x)} × {len(x)} for residual layers, got {[w.shape for w in W]}. Give all layers one size."
        )
    zs, ns, a = [], [], [x]
    for weights in W:
        zs.append(weights @ a[-1])
        ns.append(layer_norm(zs[-1]) if normalise else zs[-1])
        a.append(f(ns[-1]) + (a[-1] if residual else 0.0))
    back, gradients = np.broadcast_to(np.asarray(upstream, dtype=float), a[-1].shape), []
    for weights, z, n, before in zip(reversed(W), reversed(zs), reversed(ns), reversed(a[:-1]), strict=True):
        delta = back * f_grad(n)
        delta = layer_norm_grad(delta, z) if normalise else delta
        gradients.append(hidden_grad(delta, before))
        back = weights.T @ delta + (back if residual else 0.0)
    return gradients[::-1]


def gradient_norms(gradients: Sequence[Array]) -> Array:
    """Return the Euclidean norm of each layer's gradient, the first layer first.

    Parameters
    ----------
    gradients : sequence of L arrays

    Returns
    -------
    ndarray, shape (L,)
    """
    return np.array([np.linalg.norm(g) for g in gradients])


def clip_by_value(gradients: Sequence[Array], limit: float) -> list[Array]:
    """Cut each element of the gradients to [−limit, limit]. This bends the direction of the step.

    Parameters
    ----------
    gradients : sequence of arrays
    limit : float
        Positive.

    Returns
    -------
    list of arrays, shapes of the gradients

    Raises
    ------
    ValueError
        If limit is not positive.

    Notes
    -----
    Source: S0 section 11.4, gradient clipping.
    """
    _require.positive("limit", limit)
    return [np.clip(g, -limit, limit) for g in gradients]


def clip_by_norm(gradients: Sequence[Array], limit: float) -> list[Array]:
    """Shorten all gradients by one factor where their common norm exceeds the limit. The direction of the step stays.

    Parameters
    ----------
    gradients : sequence of arrays
    limit : float
        Largest Euclidean norm over all elements of all gradients, positive.

    Returns
    -------
    list of arrays, shapes of the gradients

    Raises
    ------
    ValueError
        If limit is not positive.

    Notes
    -----
    Source: S0 section 11.4, gradient clipping; Pascanu, Mikolov and Bengio 2013.
    """
    _require.positive("limit", limit)
    factor = limit / max(float(np.linalg.norm(gradient_norms(gradients))), limit)
    return [g * factor for g in gradients]
