"""Gradient descent and its relatives: how batches are drawn, how a gradient is tamed, and how it moves the parameters.

To an optimizer all parameters are one flat vector θ and their gradient is one flat vector g. What tames a gradient takes the gradients
of any number of arrays. Everything works in place, so that little is allocated while a network learns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnlab import _require
from nnlab.activations import Array


def batches(samples: int, size: int, rng: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Draw the batches of one epoch, so that every sample comes once.

    Parameters
    ----------
    samples : int
        Number of samples.
    size : int
        Samples a batch. All of them at once is gradient descent, one is stochastic gradient descent, between them is mini-batch
        gradient descent. The last batch is smaller where size does not divide samples.
    rng : numpy.random.Generator
        Source of the random order. Not used where one batch holds all samples.

    Yields
    ------
    ndarray of int, shape (size,)
        Indices of the samples of the batch.

    Raises
    ------
    ValueError
        If size is less than 1.

    Notes
    -----
    Source: S1, "each update runs through the whole training set"; S3 section 2.3, stochastic gradient descent; S2, GD and SGD.
    """
    _require.at_least("size", size, 1)
    order = np.arange(samples) if size >= samples else rng.permutation(samples)
    for start in range(0, samples, size):
        yield order[start : start + size]


def gradient_norms(gradients: Sequence[Array]) -> Array:
    """Return the Euclidean norm of each gradient: layer by layer, it shows where gradients vanish or explode.

    Parameters
    ----------
    gradients : sequence of L arrays

    Returns
    -------
    ndarray, shape (L,)

    Notes
    -----
    Source: S0 section 11.4, vanishing and exploding gradients.
    """
    return np.array([np.linalg.norm(g) for g in gradients])


def clip_by_value(gradients: Sequence[Array], limit: float) -> None:
    """Cut each element of the gradients to [−limit, limit], in place. This bends the direction of the step.

    Parameters
    ----------
    gradients : sequence of arrays
    limit : float
        Largest absolute value that is left, positive.

    Raises
    ------
    ValueError
        If limit is not positive.

    Notes
    -----
    Source: S0 section 11.4, gradient clipping.
    """
    _require.positive("limit", limit)
    for g in gradients:
        np.clip(g, -limit, limit, out=g)


def clip_by_norm(gradients: Sequence[Array], limit: float) -> float:
    """Shorten all gradients by one factor where their common norm exceeds the limit, in place. The direction of the step stays.

    Parameters
    ----------
    gradients : sequence of arrays
    limit : float
        Largest Euclidean norm over all elements of all gradients that is left, positive.

    Returns
    -------
    float
        The norm before.

    Raises
    ------
    ValueError
        If limit is not positive.

    Notes
    -----
    Source: S0 section 11.4, gradient clipping; Pascanu, Mikolov and Bengio 2013.
    `torch.nn.utils.clip_grad_norm_` divides by the norm + 1e-6 instead.
    """
    _require.positive("limit", limit)
    norm = float(np.linalg.norm(gradient_norms(gradients)))
    if norm > limit:
        for g in gradients:
            g *= limit / norm
    return norm


def add_l2(gradients: Sequence[Array], W: Sequence[Array], penalty: float) -> float:
    """Add the gradient of the weight penalty λ/2 Σ ‖W‖² to the gradients, in place: dW ← dW + λW.

    Parameters
    ----------
    gradients, W : sequences of L arrays
        Gradients of the cost, and weights. Biases are usually left out.
    penalty : float
        λ, zero or more.

    Returns
    -------
    float
        The penalty λ/2 Σ ‖W‖².

    Raises
    ------
    ValueError
        If penalty is negative, or gradients and W differ in number.

    Notes
    -----
    Source: S3 section 1.3.3, update rule. S0 section 11.4 divides the penalty by the number of samples, and so does scikit-learn's `alpha`.
    """
    _require.not_negative("penalty", penalty)
    for g, weights in zip(gradients, W, strict=True):
        g += penalty * weights
    return penalty / 2 * float(sum(np.square(weights).sum() for weights in W))


class Optimizer(Protocol):
    """What all optimizers have: a learning rate and a step."""

    learning_rate: float

    def step(self, theta: Array, g: Array) -> None:
        """Move the parameters in place.

        Parameters
        ----------
        theta, g : ndarray, shape (n,)
            Parameters and their gradient. g is left as it is.
        """


def _like(theta: Array, g: Array) -> Array:
    """Return zeros for each parameter, if there is a gradient for each."""
    _require.same_shape("g", g, "theta", theta)
    return np.zeros_like(theta)


@dataclass(eq=False)
class GradientDescent:
    """Step against the gradient: θ ← θ − αg.

    Which of the three descents it is, full, stochastic or mini-batch, lies in the samples that g is the mean of: see `batches`.

    Parameters
    ----------
    learning_rate : float, optional
        Step size α, positive.

    Raises
    ------
    ValueError
        If a setting is out of range.

    Notes
    -----
    Source: S1 and S4, gradient descent; S3 section 1.3.3.
    """

    learning_rate: float = 0.1
    work: Array | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        _require.positive("learning_rate", self.learning_rate)

    def step(self, theta: Array, g: Array) -> None:
        """Move θ in place.

        Parameters
        ----------
        theta, g : ndarray, shape (n,)
            Parameters and their gradient. g is left as it is.
        """
        if self.work is None:
            self.work = _like(theta, g)
        theta -= np.multiply(self.learning_rate, g, out=self.work)


@dataclass(eq=False)
class Momentum:
    """Step with a velocity that remembers: v ← μv + g, θ ← θ − αv.

    Parameters
    ----------
    learning_rate : float, optional
        Step size α, positive.
    momentum : float, optional
        Share μ of the velocity that is kept, 0 ≤ μ < 1.

    Raises
    ------
    ValueError
        If a setting is out of range.

    Notes
    -----
    Source: Polyak 1964, in the form of `torch.optim.SGD`: α multiplies the velocity, not the gradient.
    """

    learning_rate: float = 0.1
    momentum: float = 0.9
    v: Array | None = field(default=None, init=False, repr=False)
    work: Array | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        _require.positive("learning_rate", self.learning_rate)
        _require.share("momentum", self.momentum, "It is the share of the velocity that is kept; 0.9 is usual.")

    def step(self, theta: Array, g: Array) -> None:
        """Move θ in place.

        Parameters
        ----------
        theta, g : ndarray, shape (n,)
            Parameters and their gradient. g is left as it is.
        """
        if self.v is None or self.work is None:
            self.v, self.work = _like(theta, g), _like(theta, g)
        self.v *= self.momentum
        self.v += g
        theta -= np.multiply(self.learning_rate, self.v, out=self.work)


@dataclass(eq=False)
class Adam:
    """Step by the mean gradient over its spread: θ ← θ − α m̂ / (√v̂ + ε).

    m ← β₁m + (1 − β₁)g and v ← β₂v + (1 − β₂)g² are running means, m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) make up for their start at 0.

    Parameters
    ----------
    learning_rate : float, optional
        Step size α, positive: about how far each parameter moves in a step.
    beta1, beta2 : float, optional
        Memory of the two means, 0 ≤ β < 1.
    epsilon : float, optional
        ε, positive, which keeps the quotient finite.

    Raises
    ------
    ValueError
        If a setting is out of range.

    Notes
    -----
    Source: Kingma and Ba 2015, algorithm 1; asked for in S2, exercise 1. scikit-learn follows the variant at the end of their section 2,
    where ε is added before the correction of v: after 100 steps the parameters differ by some 6e-4, and by more where gradients are small.
    """

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    t: int = field(default=0, init=False)
    m: Array | None = field(default=None, init=False, repr=False)
    v: Array | None = field(default=None, init=False, repr=False)
    work: Array | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("learning_rate", "epsilon"):
            _require.positive(name, getattr(self, name))
        for name in ("beta1", "beta2"):
            _require.share(name, getattr(self, name), "It is the memory of a running mean; 0.9 and 0.999 are usual.")

    def step(self, theta: Array, g: Array) -> None:
        """Move θ in place.

        The factors (1 − β) / (1 − βᵗ) are the same for all parameters. So m and v are kept without them, and two numbers carry them.

        Parameters
        ----------
        theta, g : ndarray, shape (n,)
            Parameters and their gradient. g is left as it is.
        """
        if self.m is None or self.v is None or self.work is None:
            self.m, self.v, self.work = _like(theta, g), _like(theta, g), _like(theta, g)
        m, v, work = self.m, self.v, self.work
        self.t += 1
        of_m = (1 - self.beta1) / (1 - self.beta1**self.t)  # m̂ = of_m · m
        of_v = ((1 - self.beta2) / (1 - self.beta2**self.t)) ** 0.5  # √v̂ = of_v · √v
        m *= self.beta1
        m += g
        v *= self.beta2
        v += np.multiply(g, g, out=work)
        np.sqrt(v, out=work)
        work += self.epsilon / of_v
        np.divide(m, work, out=work)
        work *= self.learning_rate * of_m / of_v
        theta -= work


OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {"sgd": GradientDescent, "momentum": Momentum, "adam": Adam}


def descend(gradient: Callable[[Array], Array], theta: ArrayLike, optimizer: Optimizer, steps: int) -> Array:
    """Follow an optimizer downhill from a starting point.

    Parameters
    ----------
    gradient : callable
        Maps θ to the gradient there, both of shape (n,).
    theta : array_like, shape (n,)
        Starting point. Not changed.
    optimizer : Optimizer
        What decides the steps.
    steps : int
        Number of steps.

    Returns
    -------
    ndarray, shape (steps + 1, n)
        Where θ was: the starting point first, the last point last.

    Raises
    ------
    ValueError
        If theta is not a vector of finite numbers, the gradient has another shape, or steps is negative.

    Notes
    -----
    Source: S4 and S2, gradient descent as a walk downhill.
    """
    path = np.array([_require.finite("theta", theta, ndim=1)] * (_require.at_least("steps", steps, 0) + 1))
    for here, there in pairwise(path):
        there[:] = here
        optimizer.step(there, gradient(here))
    return path
