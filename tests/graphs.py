"""Every activation function of a layer as a computational graph, for gradients that nobody derived by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr

from nnlab.activations import step
from nnlab.backpropagation import OPS, Node, Op, apply

OPS["Φ"] = Op(ndtr, (lambda g, r, x: g * np.exp(-x * x / 2) / np.sqrt(2 * np.pi),))  # of the standard normal distribution


def relu(z: Node) -> Node:
    """Return max(0, z)."""
    return apply("relu", z)


GRAPHS: dict[str, Callable[[Node], Node]] = {
    "identity": lambda z: z,
    "step": lambda z: 0 * z + step(z.value),
    "sigmoid": lambda z: apply("sigmoid", z),
    "tanh": lambda z: apply("tanh", z),
    "hard_logistic": lambda z: relu(z / 4 + 0.5) - relu(z / 4 - 0.5),
    "hard_tanh": lambda z: relu(z + 1) - relu(z - 1) - 1,
    "relu": relu,
    "leaky_relu": lambda z: relu(z) - 0.01 * relu(-z),
    "prelu": lambda z: relu(z) - 0.25 * relu(-z),
    "elu": lambda z: relu(z) + apply("exp", -relu(-z)) - 1,
    "softplus": lambda z: apply("log", 1 + apply("exp", z)),
    "swish": lambda z: z * apply("sigmoid", z),
    "gelu": lambda z: z * apply("Φ", z),
    "gelu_tanh": lambda z: z / 2 * (1 + apply("tanh", (2 / np.pi) ** 0.5 * (z + 0.044715 * z * z * z))),
    "gelu_sigmoid": lambda z: z * apply("sigmoid", 1.702 * z),
}


def cross_entropy(z: Node, y: np.ndarray) -> Node:
    """Return the mean cross-entropy of softmax(z): log Σ exp(z) − y · z."""
    log_sums = apply("log", np.ones((1, len(y))) @ apply("exp", z))
    return (apply("sum", log_sums) - apply("sum", z * y)) / y.shape[1]


def mse(a: Node, y: np.ndarray) -> Node:
    """Return the mean squared error with its 1/2."""
    return apply("sum", (a - y) * (a - y)) / (2 * y.shape[1])


def softmax(z: Node) -> Node:
    """Return the softmax of each column."""
    e = apply("exp", z)
    return e / (np.ones((1, len(z.value))) @ e)
