"""Forward propagation: from one neuron to a network of any depth.

Columns are samples. Layers count from 0, the input, so L is the number of weight layers.
Layer l has M_l neurons, weights W(l) of shape (M_l, M_{l−1}) and biases b(l) of shape (M_l, 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from nnlab import _require
from nnlab.activations import Activation, Array, sigmoid, softmax
from nnlab.languages import say


class Generator(Protocol):
    """What both of NumPy's random generators have: `np.random.default_rng(0)` and `np.random.RandomState(0)`."""

    def standard_normal(self, size: tuple[int, ...], /) -> Array:
        """Draw an array of this shape from the normal distribution with mean 0 and variance 1."""


def neuron(w: ArrayLike, a: ArrayLike, b: float, f: Activation) -> float:
    """Compute the output of one neuron: f(w · a + b).

    Parameters
    ----------
    w : array_like, shape (inputs,)
        Weights.
    a : array_like, shape (inputs,)
        Activations of the layer before, or the inputs x.
    b : float
        Bias.
    f : callable
        Activation function.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If w and a have different lengths.

    Notes
    -----
    Source: S0 section 11.2, "one neuron": z = wᵀa + b, a = f(z).
    """
    w, a = np.asarray(w, dtype=float), np.asarray(a, dtype=float)
    _require.same_shape("a", a, "w", w)
    return float(f(np.dot(w, a) + b))


def dense_shape(W_shape: tuple[int, int], a_shape: tuple[int, int]) -> tuple[int, int] | None:
    """Predict the shape of W @ a + b without computing it.

    Parameters
    ----------
    W_shape : (neurons, inputs)
        Shape of the weight matrix.
    a_shape : (features, samples)
        Shape of the layer's input.

    Returns
    -------
    (neurons, samples), or None where the layer cannot take this input because inputs and features differ

    Notes
    -----
    Source: S0 section 11.2, matrix form of a layer.
    """
    neurons, inputs = W_shape
    features, samples = a_shape
    return (neurons, samples) if inputs == features else None


def fc_layer(a: Array, W: Array, b: Array, f: Activation) -> tuple[Array, Array]:
    """Compute one fully connected layer: z(l) = W(l) a(l−1) + b(l), a(l) = f(z(l)).

    Parameters
    ----------
    a : ndarray, shape (M_{l−1}, samples)
        Activations of the layer before.
    W : ndarray, shape (M_l, M_{l−1})
        Weights.
    b : ndarray, shape (M_l, 1)
        Biases, added to every column.
    f : callable
        Activation function.

    Returns
    -------
    z : ndarray, shape (M_l, samples)
        Pre-activations.
    a : ndarray, shape (M_l, samples)
        Activations.

    Raises
    ------
    ValueError
        If W has not one column for each row of a, or b is not a column with one bias for each row of W.

    Notes
    -----
    Source: S0 section 11.2, step 2; S1 and S2, "forward computation".
    """
    _require.one_for_each("a", a, 0, "column of W", W.shape[1])
    if b.shape != (len(W), 1):
        raise ValueError(
            say(
                "b must be a column of shape ({rows}, 1), one bias for each row of W, got {shape}. Try b.reshape(-1, 1).",
                rows=len(W),
                shape=b.shape,
            )
        )
    z = W @ a + b
    return z, f(z)


def init_params(sizes: Sequence[int], rng: Generator) -> tuple[list[Array], list[Array]]:
    """Draw all weights, then all biases, from the standard normal distribution.

    Parameters
    ----------
    sizes : sequence of int
        Neurons a layer, input first: M_0, M_1, …, M_L.
    rng : numpy.random.Generator or numpy.random.RandomState
        Source of the random numbers.

    Returns
    -------
    W : list of L arrays, shapes (M_l, M_{l−1})
    b : list of L arrays, shapes (M_l, 1)

    Raises
    ------
    ValueError
        If a size is not a whole number of at least 1.

    Notes
    -----
    Source: S0 section 11.2, step 4. The order (weights first) is what makes the lecture's numbers come out.
    """
    sizes = [_require.at_least("sizes", size, 1) for size in sizes]
    _require.generator(rng, "standard_normal")
    W = [rng.standard_normal((m, n)) for n, m in pairwise(sizes)]
    b = [rng.standard_normal((m, 1)) for m in sizes[1:]]
    return W, b


def forward(
    x: Array, W: Sequence[Array], b: Sequence[Array], f: Activation = sigmoid, f_out: Activation = softmax
) -> tuple[list[Array], list[Array]]:
    """Run x through all layers: f after each hidden layer, f_out after the last.

    Parameters
    ----------
    x : ndarray, shape (M_0, samples)
        Inputs, one column a sample.
    W, b : sequences of L arrays
        Weights (M_l, M_{l−1}) and biases (M_l, 1).
    f, f_out : callable
        Activation functions of the hidden layers and of the output layer.

    Returns
    -------
    z : list of L arrays
        Pre-activations z(1) … z(L).
    a : list of L + 1 arrays
        Activations a(0) = x, a(1) … a(L).

    Raises
    ------
    ValueError
        If W and b differ in number, or a layer does not fit the one before.

    Notes
    -----
    Source: S0 section 11.2, step 3, for any depth; S1 and S2, x = a(0) → z(1) → a(1) → … → a(L).
    """
    z, a = [], [x]
    if len(W) != len(b):
        raise ValueError(
            say(
                "b must hold biases for each of the {layers} layers of W, got {count}. Draw both with init_params.",
                layers=len(W),
                count=len(b),
            )
        )
    functions = [f] * (len(W) - 1) + [f_out]
    for weights, biases, function in zip(W, b, functions, strict=True):
        z_l, a_l = fc_layer(a[-1], weights, biases, function)
        z.append(z_l)
        a.append(a_l)
    return z, a


def run_feedback(W: Array, b: Array, a: Array, f: Activation, steps: int) -> Array:
    """Run a feedback network: each step computes all activations from those of the step before, a(t + 1) = f(W a(t) + b).

    Parameters
    ----------
    W : ndarray, shape (neurons, neurons)
        Weights; row i holds what leads to neuron i, its own earlier activation among them.
    b : ndarray, shape (neurons, 1)
        Biases.
    a : ndarray, shape (neurons, 1)
        Activations at the start.
    f : callable
        Activation function.
    steps : int
        How many steps to run.

    Returns
    -------
    ndarray, shape (neurons, steps + 1)
        Column t holds the activations after t steps; column 0 is the start.

    Raises
    ------
    ValueError
        If W is not square, b is not a column with one bias for each row of W, or `steps` is negative.

    Notes
    -----
    Source: S1 and S2, "feedback network"; the lectures draw it and do not run it.
    """
    steps = _require.at_least("steps", steps, 0)
    states = [a]
    for _ in range(steps):
        states.append(fc_layer(states[-1], W, b, f)[1])
    return np.hstack(states)


def graph_layer(a: Array, roads: Sequence[tuple[int, int]], W: Array, V: Array, b: Array, f: Activation) -> tuple[Array, Array]:
    """Compute one layer of a graph network: each node uses its own values, and the mean of its neighbours'.

    With m_i the mean of the columns of a that belong to the neighbours of node i, z_i = W a_i + V m_i + b.

    Parameters
    ----------
    a : ndarray, shape (features, nodes)
        Values of each node, one column a node.
    roads : sequence of pairs of int
        Nodes that are joined, in both directions; each pair stands once, and joins two different nodes.
    W, V : ndarray, shape (neurons, features)
        Weights of a node's own values, and of what it gathers.
    b : ndarray, shape (neurons, 1)
        Biases.
    f : callable
        Activation function.

    Returns
    -------
    z, a : ndarray, shape (neurons, nodes)
        Pre-activations and activations. A node without neighbours gathers zeros.

    Raises
    ------
    ValueError
        If W or V has not one column for each row of a, or b is not a column with one bias for each row of W.

    Notes
    -----
    Source: S1 and S2, "graph network"; one round of gathering with the mean.
    """
    _require.one_for_each("a", a, 0, "column of V", V.shape[1])
    nodes = a.shape[1]
    joined = np.zeros((nodes, nodes))
    for i, j in roads:
        joined[i, j] = joined[j, i] = 1
    gathered = a @ joined / np.maximum(joined.sum(axis=0), 1)
    z = fc_layer(a, W, b, f)[0] + V @ gathered
    return z, f(z)
