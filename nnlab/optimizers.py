"""Gradient descent and its relatives: how batches are drawn, how a gradient is tamed, and how it moves the parameters.

All parameters are one flat vector θ and their gradient is one flat vector g. Everything here works in place on these two, so that
nothing is allocated while a network learns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

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
    if size < 1:
        raise ValueError(f"size has to be at least 1 sample a batch, got {size}: try 32")
    order = np.arange(samples) if size >= samples else rng.permutation(samples)
    for start in range(0, samples, size):
        yield order[start : start + size]


def clip_value(g: Array, limit: float) -> None:
    """Cut each element of the gradient to [−limit, limit], in place.

    Parameters
    ----------
    g : ndarray, any shape
        Gradient.
    limit : float
        Largest absolute value that is left. The direction of g may change.

    Notes
    -----
    Source: S0 section 11.4, gradient clipping.
    """
    np.clip(g, -limit, limit, out=g)


def clip_norm(g: Array, limit: float) -> float:
    """Shorten the gradient to the length `limit` where it is longer, in place: g ← g · limit / ‖g‖.

    Parameters
    ----------
    g : ndarray, any shape
        Gradient.
    limit : float
        Largest Euclidean norm that is left. The direction of g stays.

    Returns
    -------
    float
        The norm ‖g‖ before.

    Notes
    -----
    Source: S0 section 11.4, gradient clipping. `torch.nn.utils.clip_grad_norm_` divides by ‖g‖ + 1e-6 instead.
    """
    norm = float(np.sqrt(np.vdot(g, g)))
    if norm > limit:
        g *= limit / norm
    return norm


def add_l2(g: Array, theta: Array, decay: Array | float, work: Array) -> float:
    """Add the gradient of the L2 penalty, in place: g ← g + λθ.

    Parameters
    ----------
    g, theta : ndarray, shape (n,)
        Gradient and parameters.
    decay : ndarray of shape (n,), or float
        λ of each parameter. Biases usually have 0.
    work : ndarray, shape (n,)
        Room for λθ.

    Returns
    -------
    float
        The penalty ½ Σ λθ².

    Notes
    -----
    Source: S3 section 1.3.3, structural risk: the penalty is ½ λ‖W‖². S0 section 11.4 divides it by the number of samples,
    and so does scikit-learn's `alpha`.
    """
    np.multiply(decay, theta, out=work)
    g += work
    return float(np.vdot(theta, work)) / 2


class Optimizer(Protocol):
    """What all optimizers have: a learning rate and a step."""

    learning_rate: float

    def step(self, theta: Array, g: Array) -> None:
        """Move the parameters θ in place, given the gradient g there."""


@dataclass(eq=False)
class GradientDescent:
    """Step against the gradient: θ ← θ − αg.

    Which of the three descents it is, full, stochastic or mini-batch, lies in the samples that g is the mean of: see `batches`.

    Parameters
    ----------
    learning_rate : float, optional
        Step size α.

    Notes
    -----
    Source: S1 and S4, gradient descent; S3 section 1.3.3.
    """

    learning_rate: float = 0.1
    work: Array | None = field(default=None, init=False, repr=False)

    def step(self, theta: Array, g: Array) -> None:
        """Move θ in place.

        Parameters
        ----------
        theta, g : ndarray, shape (n,)
            Parameters and their gradient. g is left as it is.
        """
        if self.work is None:
            self.work = np.empty_like(g)
        theta -= np.multiply(self.learning_rate, g, out=self.work)


@dataclass(eq=False)
class Momentum:
    """Step with a velocity that remembers: v ← μv + g, θ ← θ − αv.

    Parameters
    ----------
    learning_rate : float, optional
        Step size α.
    momentum : float, optional
        Share μ of the velocity that is kept, 0 ≤ μ < 1.

    Notes
    -----
    Source: Polyak 1964, in the form of `torch.optim.SGD`: α multiplies the velocity, not the gradient.
    """

    learning_rate: float = 0.1
    momentum: float = 0.9
    v: Array | None = field(default=None, init=False, repr=False)
    work: Array | None = field(default=None, init=False, repr=False)

    def step(self, theta: Array, g: Array) -> None:
        """Move θ in place.

        Parameters
        ----------
        theta, g : ndarray, shape (n,)
            Parameters and their gradient. g is left as it is.
        """
        if self.v is None or self.work is None:
            self.v, self.work = np.zeros_like(g), np.empty_like(g)
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
        Step size α: about how far each parameter moves in a step.
    beta1, beta2 : float, optional
        Memory of the two means, 0 ≤ β < 1.
    epsilon : float, optional
        ε, which keeps the quotient finite.

    Notes
    -----
    Source: Kingma and Ba 2015, algorithm 1; asked for in S2, exercise 1. scikit-learn follows the variant at the end of their section 2,
    where ε is added before the correction of v: after 100 steps the parameters differ by some 6e-4.
    """

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    t: int = field(default=0, init=False)
    m: Array | None = field(default=None, init=False, repr=False)
    v: Array | None = field(default=None, init=False, repr=False)
    work: Array | None = field(default=None, init=False, repr=False)

    def step(self, theta: Array, g: Array) -> None:
        """Move θ in place.

        The factors (1 − β) / (1 − βᵗ) are the same for all parameters. So m and v are kept without them, and two numbers carry them.

        Parameters
        ----------
        theta, g : ndarray, shape (n,)
            Parameters and their gradient. g is left as it is.
        """
        if self.m is None or self.v is None or self.work is None:
            self.m, self.v, self.work = np.zeros_like(g), np.zeros_like(g), np.empty_like(g)
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


def descend(gradient: Callable[[Array], Array], theta: Array, optimizer: Optimizer, steps: int) -> Array:
    """Follow an optimizer downhill from a starting point.

    Parameters
    ----------
    gradient : callable
        Maps θ to the gradient there, both of shape (n,).
    theta : ndarray, shape (n,)
        Starting point. Not changed.
    optimizer : Optimizer
        What decides the steps.
    steps : int
        Number of steps.

    Returns
    -------
    ndarray, shape (steps + 1, n)
        Where θ was: the starting point first, the last point last.

    Notes
    -----
    Source: S4 and S2, gradient descent as a walk downhill.
    """
    path = np.array([theta] * (steps + 1), dtype=float)
    for here, there in pairwise(path):
        there[:] = here
        optimizer.step(there, gradient(here))
    return path
