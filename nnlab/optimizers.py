"""Gradient descent and its relatives: how batches are drawn, how a gradient is tamed, and how it moves the parameters.

To an optimizer all parameters are one flat vector θ and their gradient is one flat vector g. What tames a gradient takes the gradients
of any number of arrays. Both work in place, so that little is allocated while a network learns.
The functions of chapter 08 stand at the end: the same rules as single steps that leave their input alone, and a training loop around them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnlab import _require
from nnlab.activations import ACTIVATIONS, DERIVATIVES, Array, softmax
from nnlab.backpropagation import backward, cross_entropy, optimize
from nnlab.forward_propagation import forward
from nnlab.languages import say


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
    _require.at_least("samples", samples, 1)
    _require.generator(rng, "permutation")
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
    return np.array([np.linalg.norm(g) for g in _require.arrays("gradients", gradients)])


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
    for g in _require.in_place("gradients", gradients):
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
    norm = float(np.linalg.norm(gradient_norms(_require.in_place("gradients", gradients))))
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
    W = _require.arrays("W", W, say("matrices"))
    _require.one_gradient_each("gradients", _require.in_place("gradients", gradients), W)
    for g, weights in zip(gradients, W, strict=True):
        _require.same_shape(say("each of gradients"), g, say("its matrix of W"), weights)
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
        _require.share("momentum", self.momentum, say("It is the share of the velocity that is kept; 0.9 is usual."))

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
class Nesterov(Momentum):
    """Step with a velocity that looks ahead: v ← μv + g, θ ← θ − α(g + μv).

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
    Source: Nesterov 1983, in the form of `torch.optim.SGD(nesterov=True)`; S3's code sets `nesterovs_momentum`.
    """

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
        np.multiply(self.momentum, self.v, out=self.work)
        self.work += g
        self.work *= self.learning_rate
        theta -= self.work


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
            _require.share(name, getattr(self, name), say("It is the memory of a running mean; 0.9 and 0.999 are usual."))

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


OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "sgd": GradientDescent,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adam": Adam,
}


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


# ---- Chapter 08 ----


def batch_noise(G: Array, size: int) -> float:
    """Return how far a mini-batch gradient is from the whole gradient, relative to its length: √(mean ‖g_i − ḡ‖² / size) / ‖ḡ‖.

    Parameters
    ----------
    G : ndarray, shape (parameters, samples)
        The gradient of each sample, one column a sample.
    size : int
        Samples a batch, drawn with replacement; it may exceed the number of columns.

    Returns
    -------
    float
        Root of the mean squared distance over the length of ḡ, without a unit; inf where ḡ is 0.

    Raises
    ------
    ValueError
        If size is less than 1.

    Notes
    -----
    Source: the variance of a mean, for S2's GD and SGD. Drawn without replacement
    from n samples, the noise is √((n − size) / (n − 1)) of it.
    """
    _require.at_least("size", size, 1)
    G = _require.floats("G", G, ndim=2)
    mean = G.mean(axis=1, keepdims=True)
    length = float(np.linalg.norm(mean))
    spread = float(np.mean(np.sum((G - mean) ** 2, axis=0)))
    return (spread / size) ** 0.5 / length if length else float("inf")


def descent_path(A: Array, start: Array, alpha: float, steps: int) -> Array:
    """Return the places that gradient descent visits on f(θ) = ½ θᵀAθ.

    Parameters
    ----------
    A : ndarray, shape (n, n)
        Symmetric matrix. Its eigenvalues are the curvatures of f.
    start : ndarray, shape (n,)
        First place. Not changed.
    alpha : float
        Learning rate.
    steps : int
        Number of steps, zero or more.

    Returns
    -------
    ndarray, shape (steps + 1, n)

    Notes
    -----
    Source: S4 and S2, gradient descent. It converges where alpha < 2 / λmax: each step multiplies the part along an eigenvector by 1 − αλ.
    """
    A, start = _require.floats("A", A, ndim=2), _require.finite("start", start, ndim=1)
    for axis in (0, 1):
        _require.one_for_each("A", A, axis, "number of start", len(start))
    return descend(lambda theta: A @ theta, start, GradientDescent(alpha), steps)


def _alike(theta: Array, **others: Array) -> tuple[Array, ...]:
    """Return arrays of floats that have the shape of theta."""
    arrays = {"theta": _require.floats("theta", theta), **{name: _require.floats(name, each) for name, each in others.items()}}
    for name in others:
        _require.same_shape(name, arrays[name], "theta", arrays["theta"])
    return tuple(arrays.values())


def momentum_step(theta: Array, g: Array, v: Array, alpha: float, mu: float) -> tuple[Array, Array]:
    """Take one step of momentum: v ← μv + g, θ ← θ − αv.

    Parameters
    ----------
    theta, g, v : ndarray, any one shape
        Parameters, their gradient, and the velocity so far. They are left as they are.
    alpha : float
        Learning rate.
    mu : float
        Share of the velocity that is kept.

    Returns
    -------
    theta, v : ndarray

    Notes
    -----
    Source: Polyak 1964, in the form of `Momentum`.
    """
    theta, g, v = _alike(theta, g=g, v=v)
    for name, value in (("alpha", alpha), ("mu", mu)):
        _require.number(name, value)
    v = mu * v + g
    return theta - alpha * v, v


def nesterov_step(theta: Array, g: Array, v: Array, alpha: float, mu: float) -> tuple[Array, Array]:
    """Take one step of Nesterov's momentum: v ← μv + g, θ ← θ − α(g + μv).

    Parameters
    ----------
    theta, g, v : ndarray, any one shape
        Parameters, their gradient, and the velocity so far. They are left as they are.
    alpha : float
        Learning rate.
    mu : float
        Share of the velocity that is kept.

    Returns
    -------
    theta, v : ndarray

    Notes
    -----
    Source: Nesterov 1983, in the form of `Nesterov`.
    """
    theta, g, v = _alike(theta, g=g, v=v)
    for name, value in (("alpha", alpha), ("mu", mu)):
        _require.number(name, value)
    v = mu * v + g
    return theta - alpha * (g + mu * v), v


def adam_step(
    theta: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    alpha: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[Array, Array, Array]:
    """Take one step of Adam: θ ← θ − α m̂ / (√v̂ + ε).

    Parameters
    ----------
    theta, g : ndarray, any one shape
        Parameters and their gradient. They are left as they are.
    m, v : ndarray, shape of theta
        Running means of g and of g², without correction.
    t : int
        Number of this step, from 1.
    alpha, beta1, beta2, epsilon : float
        As for `Adam`.

    Returns
    -------
    theta, m, v : ndarray
        m and v without correction.

    Notes
    -----
    Source: Kingma and Ba 2015, algorithm 1; asked for in S2, exercise 1.
    """
    theta, g, m, v = _alike(theta, g=g, m=m, v=v)
    _require.at_least("t", t, 1)
    for name, value in (("alpha", alpha), ("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon)):
        _require.number(name, value)
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return theta - alpha * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + epsilon), m, v


SCHEDULES: dict[str, Callable[[float, float], float]] = {  # of t and T: the share of the learning rate
    "constant": lambda t, T: 1.0,
    "step": lambda t, T: 1.0 if t < T / 2 else 0.1,
    "exponential": lambda t, T: 0.98**t,
    "inverse": lambda t, T: 1.0 / (1.0 + t),
    "cosine": lambda t, T: 0.5 * (1.0 + float(np.cos(np.pi * t / T))),
}


def learning_rate(schedule: str, t: int, T: int, alpha: float) -> float:
    """Return the learning rate at step t of T.

    Parameters
    ----------
    schedule : {"constant", "step", "exponential", "inverse", "cosine"}
        α; α up to T/2 and α/10 from there; α·0.98ᵗ; α/(1 + αt); α(1 + cos(πt/T))/2.
    t, T : int
        Number of the step, from 0, and of all steps.
    alpha : float
        Learning rate at the start, positive.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there is no such schedule, t is not between 0 and T, or alpha is not positive.

    Notes
    -----
    Source: S4, "fixed or decaying"; S0 section 11.4.
    """
    _require.one_of("schedule", schedule, SCHEDULES)
    if not 0 <= _require.number("t", t) <= _require.number("T", T) or T == 0:
        raise ValueError(say("t must be between 0 and T, and T above 0, got t = {t!r} and T = {T!r}. Steps are counted from 0.", t=t, T=T))
    return _require.positive("alpha", alpha) * SCHEDULES[schedule](alpha * t if schedule == "inverse" else t, T)


def scaled_start(sizes: Sequence[int], rng: np.random.Generator) -> tuple[list[Array], list[Array]]:
    """Draw weights of standard deviation 1/√(inputs of the layer), and biases of 0.

    Parameters
    ----------
    sizes : sequence of L + 1 int
    rng : numpy.random.Generator

    Returns
    -------
    W, b : lists of L arrays, shapes (M_l, M_{l−1}) and (M_l, 1)

    Notes
    -----
    Source: S2 draws from [−1, 1] whatever the number of inputs; with the root, z keeps the spread of its inputs.
    """
    sizes = [_require.at_least("sizes", size, 1) for size in _require.sequence("sizes", sizes, say("numbers of neurons, input first"))]
    _require.generator(rng, "normal")
    W: list[Array] = [rng.normal(0.0, inputs**-0.5, size=(neurons, inputs)) for inputs, neurons in pairwise(sizes)]
    return W, [np.zeros((neurons, 1)) for neurons in sizes[1:]]


def neural_network(
    sizes: Sequence[int], X: Array, Y: Array, activation: str, alpha: float, seed: int
) -> tuple[Array, list[tuple[int, int]]]:
    """Make S2's network, take three steps of gradient descent, and return the losses and the weights' shapes.

    Parameters
    ----------
    sizes : sequence of L + 1 int
    X, Y : ndarray, shapes (M_0, samples) and (M_L, samples)
        Inputs and one-hot targets.
    activation : str
        Of the hidden layers: a name in `nnlab.activations.ACTIVATIONS` but softmax.
    alpha : float
        Learning rate.
    seed : int
        Of the weights.

    Returns
    -------
    losses : ndarray, shape (4,)
        Mean cross-entropy before the first step and after each.
    shapes : list of L tuples

    Notes
    -----
    Source: S2, exercise 1, with softmax and cross-entropy at the output and weights that fit the fan-in.
    """
    X, Y = _require.floats("X", X, ndim=2), _require.floats("Y", Y, ndim=2)
    _require.one_of("activation", activation, DERIVATIVES)
    W, b = scaled_start(sizes, np.random.default_rng(seed))
    f, f_grad = ACTIVATIONS[activation], DERIVATIVES[activation]
    losses = []
    for step in range(4):
        z, a = forward(X, W, b, f, softmax)
        losses.append(cross_entropy(z[-1], Y))
        if step < 3:
            W, b = optimize(W, b, *backward(Y, W, z, a, f_grad), alpha)
    return np.array(losses), [(w.shape[0], w.shape[1]) for w in W]


Rule = Callable[[Array, Array, int], Array]


def _rule(optimizer: str, alpha: float, shape: tuple[int, ...]) -> Rule:
    """Return the step of one parameter array, which keeps the array's own state."""
    m: Array = np.zeros(shape)
    v: Array = np.zeros(shape)

    def sgd(p: Array, g: Array, t: int) -> Array:
        return p - alpha * g

    def momentum(p: Array, g: Array, t: int) -> Array:
        nonlocal v
        p, v = momentum_step(p, g, v, alpha, 0.9)
        return p

    def adam(p: Array, g: Array, t: int) -> Array:
        nonlocal m, v
        p, m, v = adam_step(p, g, m, v, t, alpha)
        return p

    return {"sgd": sgd, "momentum": momentum, "adam": adam}[optimizer]


def train_network(
    X: Array,
    Y: Array,
    W: Sequence[Array],
    b: Sequence[Array],
    optimizer: str,
    alpha: float,
    batch_size: int,
    epochs: int,
    seed: int,
) -> tuple[list[Array], list[Array], list[float]]:
    """Train a network of ReLUs with softmax and cross-entropy, by any of three optimizers.

    Parameters
    ----------
    X, Y : ndarray, shapes (M_0, samples) and (M_L, samples)
        Inputs and one-hot targets.
    W, b : sequences of L arrays
        Where it starts. They are left as they are.
    optimizer : {"sgd", "momentum", "adam"}
        Momentum has μ = 0.9, Adam the usual β and ε.
    alpha : float
        Learning rate.
    batch_size : int
        Samples a batch; the last of an epoch may be smaller.
    epochs : int
        How many times all samples are used.
    seed : int
        Of the order: one permutation an epoch.

    Returns
    -------
    W, b : lists of L arrays
    losses : list of float, one an epoch
        Mean cross-entropy over all samples after each epoch.

    Notes
    -----
    Source: S2, exercise 1, whose `opt_alg` makes m and v for ADAM and never uses them.
    """
    X, Y, W, b = (
        _require.floats("X", X, ndim=2),
        _require.floats("Y", Y, ndim=2),
        _require.arrays("W", W, say("matrices"), 2),
        _require.arrays("b", b, ndim=2),
    )
    _require.one_for_each("Y", Y, 1, "sample of X", X.shape[1])
    _require.at_least("batch_size", batch_size, 1)
    _require.at_least("epochs", epochs, 0)
    _require.one_of("optimizer", optimizer, ("sgd", "momentum", "adam"))
    rng, layers, t = np.random.default_rng(seed), len(W), 0
    parameters, losses = [*W, *b], []
    rules = [_rule(optimizer, alpha, p.shape) for p in parameters]
    relu, relu_grad = ACTIVATIONS["relu"], DERIVATIVES["relu"]
    for _ in range(epochs):
        order = rng.permutation(X.shape[1])
        for start in range(0, len(order), batch_size):
            index, t = order[start : start + batch_size], t + 1
            z, a = forward(X[:, index], parameters[:layers], parameters[layers:], relu, softmax)
            dW, db = backward(Y[:, index], parameters[:layers], z, a, relu_grad)
            parameters = [rule(p, g, t) for rule, p, g in zip(rules, parameters, [*dW, *db], strict=True)]
        losses.append(cross_entropy(forward(X, parameters[:layers], parameters[layers:], relu, softmax)[0][-1], Y))
    return parameters[:layers], parameters[layers:], losses


Row = tuple[str, float, float, float, str]


def history(names: Sequence[str], accuracies: Array) -> list[Row]:
    """Turn a table of attempts into rows that say what is better, what is worse, and what is a tie.

    Parameters
    ----------
    names : sequence of str, one an attempt
        The first is what the others are compared with.
    accuracies : ndarray, shape (attempts, seeds)
        Column j holds what all attempts reached with seed j.

    Returns
    -------
    list of (name, mean, sd, gain, verdict), in the order given
        sd divides by seeds − 1. gain is the mean of the differences to the first row, seed by seed. verdict is "baseline" for the
        first row, and "tie" where |gain| ≤ 2 sd(differences) / √seeds, else "better" or "worse".

    Raises
    ------
    ValueError
        If there is only one seed.

    Notes
    -----
    Source: S2, exercise 1, "history of attempts".
    """
    accuracies = _require.floats("accuracies", accuracies, ndim=2)
    _require.one_for_each("accuracies", accuracies, 0, "number of names", len(_require.sequence("names", names, say("names"))))
    seeds = accuracies.shape[1]
    if seeds < 2:
        raise ValueError(say("one run proves nothing: run it with two seeds or more"))
    rows: list[Row] = []
    for i, (name, row) in enumerate(zip(names, accuracies, strict=True)):
        d = row - accuracies[0]
        gain, error = float(d.mean()), float(d.std(ddof=1)) / seeds**0.5
        verdict = "baseline" if i == 0 else "tie" if abs(gain) <= 2 * error else "better" if gain > 0 else "worse"
        rows.append((name, float(row.mean()), float(row.std(ddof=1)), gain, verdict))
    return rows


Recipe = tuple[str, str | float, str, float, int, float]


def my_recipe() -> Recipe:
    """Return settings that learn the digits in ten epochs.

    Returns
    -------
    activation, init, optimizer, learning_rate, batch_size, l2
        As `nnlab.network.MLPClassifier` takes them.

    Notes
    -----
    Source: S2, exercise 1, which asks for the best network that can be found.
    """
    return "tanh", "xavier", "adam", 0.01, 16, 0.0
