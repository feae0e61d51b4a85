"""Searches that learn from what they tried: a Gaussian process, expected improvement, REINFORCE, evolution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import erf
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from nnlab import _require
from nnlab.activations import Array, softmax
from nnlab.languages import say
from nnlab.traffic_classifier import Indices

T = TypeVar("T")
START = (0.35, 0.45)  # the first trial: near the middle, and yet no two corners are equally far


def _kernel(a: Array, b: Array, length: float) -> Array:
    """Return how alike the values at two sets of places are: exp(-½ (distance / length)²), shape (places of a, places of b)."""
    squared = ((a[:, :, None] - b[:, None, :]) ** 2).sum(axis=0)
    return np.exp(-squared / (2 * length**2))


def gp_posterior(x: Array, y: Array, x_new: Array, length: float, noise: float) -> tuple[Array, Array]:
    """Return what a Gaussian process believes at new places: its mean and its standard deviation.

    Parameters
    ----------
    x : ndarray, shape (features, tried)
        Where something was measured. Before the first measurement it may be empty.
    y : ndarray, shape (tried,)
        What was measured there.
    x_new : ndarray, shape (features, places)
    length : float
        How far values are alike, in units of x.
    noise : float
        Standard deviation of the noise of y.

    Returns
    -------
    mean, sd : ndarray, shape (places,)
        Of the function itself, without noise.

    Raises
    ------
    ValueError
        If shapes do not fit, numbers are not finite, length is not positive, noise is negative, or it is 0 where a place was tried
        twice.

    Notes
    -----
    Source: Rasmussen and Williams 2006, equations 2.23 and 2.24, with the prior mean 0 and the kernel exp(-½ (distance / length)²).
    """
    x_new = _require.finite("x_new", x_new, ndim=2)
    if np.size(y):  # before the first trial all is as it was believed
        x, y = _require.finite("x", x, ndim=2), _require.finite("y", y, ndim=1)
    _require.one_for_each("x", x, 1, "number of y", len(y))
    _require.one_for_each("x_new", x_new, 0, "feature of x", len(x))
    _require.positive("length", length)
    K = _kernel(x, x, length) + _require.not_negative("noise", noise) ** 2 * np.eye(len(y))
    Q = _kernel(x, x_new, length)
    try:
        solved = np.linalg.solve(K, Q)
    except np.linalg.LinAlgError:
        raise ValueError(say("noise must be above 0 where a place was tried twice, got {noise!r}. Try 0.01.", noise=noise)) from None
    return y @ solved, np.sqrt(np.maximum(1 - np.sum(Q * solved, axis=0), 0))


def normal_cdf(u: ArrayLike) -> Array:
    """Return the share of a standard normal distribution below each u.

    Parameters
    ----------
    u : array_like

    Returns
    -------
    ndarray, shape of u
    """
    u = np.asarray(u, dtype=float)
    return np.array([(1 + erf(each / 2**0.5)) / 2 for each in u.ravel()]).reshape(u.shape)


def expected_improvement(mean: Array, sd: Array, best: float) -> Array:
    """Return by how much each place is expected to exceed the best score so far; what falls short counts as 0.

    Parameters
    ----------
    mean, sd : ndarray, shape (places,)
        What is believed there.
    best : float
        The best score so far; higher is better.

    Returns
    -------
    ndarray, shape (places,)
        (mean - best) Φ(u) + sd φ(u) with u = (mean - best) / sd; where sd is 0, max(mean - best, 0).

    Raises
    ------
    ValueError
        If mean and sd have different shapes, an sd is negative, or numbers are not finite.

    Notes
    -----
    Source: Jones, Schonlau and Welch 1998, equation 15.
    """
    mean, sd = _require.finite("mean", mean), _require.finite("sd", sd)
    _require.same_shape("sd", sd, "mean", mean)
    if (sd < 0).any():
        raise ValueError(
            say("sd must hold no negative numbers, got {least:g}. It is a standard deviation: the root of a variance.", least=sd.min())
        )
    gain = mean - _require.finite_number("best", best)
    u = gain / np.where(sd > 0, sd, 1)
    return np.where(sd > 0, gain * normal_cdf(u) + sd * np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi), np.maximum(gain, 0))


def propose(tried: Indices, scores: Array, candidates: Array) -> int:
    """Choose which candidate to try next: that of the largest expected improvement among those not tried yet.

    Parameters
    ----------
    tried : ndarray of int, shape (tries,)
        Indices of candidates; empty at the start.
    scores : ndarray, shape (tries,)
        What they got, the higher the better.
    candidates : ndarray, shape (features, places)
        Between 0 and 1.

    Returns
    -------
    int
        An index; one near the middle first.

    Raises
    ------
    ValueError
        If there is not one score for each try, numbers are not finite, an index is out of range, or all candidates were tried.

    Notes
    -----
    Source: Jones, Schonlau and Welch 1998. Scores are standardised; a quarter of the range is taken for the length.
    """
    candidates = _require.finite("candidates", candidates, ndim=2)
    if len(set(tried)) == candidates.shape[1]:
        raise ValueError(
            say("tried must leave a candidate, got all {count}. The best of them is what you look for.", count=candidates.shape[1])
        )
    if len(tried) == 0:
        return int(np.argmin(((candidates.T - START) ** 2).sum(axis=1)))
    tried = np.array([_require.index(say("an index in tried"), each, candidates.shape[1]) for each in tried])
    scores = _require.finite("scores", scores, ndim=1)
    _require.same_shape("scores", scores, "tried", tried)
    values = (scores - scores.mean()) / (scores.std() or 1.0)
    mean, sd = gp_posterior(candidates[:, tried], values, candidates, 0.25, 0.01)
    improvement = expected_improvement(mean, sd, values.max())
    improvement[tried] = -1
    return int(np.argmax(improvement))


def reinforce_step(logits: Array, choice: int, reward: float, baseline: float, alpha: float) -> Array:
    """Make a choice more probable if its reward was better than usual, and less if it was worse.

    Parameters
    ----------
    logits : ndarray, shape (choices,)
        Before the softmax.
    choice : int
        What was drawn.
    reward : float
        What it earned.
    baseline : float
        What is usual.
    alpha : float
        Learning rate.

    Returns
    -------
    ndarray, shape (choices,)
        logits + α (reward - baseline) ∂ log p(choice) / ∂ logits

    Raises
    ------
    ValueError
        If logits are no vector of finite numbers, choice is not one of their places, alpha is not positive, or a reward is not finite.

    Notes
    -----
    Source: Williams 1992; S3 section 3.2 for its use.
    """
    logits = _require.finite("logits", logits, ndim=1)
    better = _require.finite_number("reward", reward) - _require.finite_number("baseline", baseline)
    onehot = np.eye(len(logits))[_require.index("choice", choice, len(logits))]
    return logits + _require.positive("alpha", alpha) * better * (onehot - softmax(logits))


def controller(
    options: Sequence[int],
    reward: Callable[[tuple[int, ...]], float],
    tries: int,
    alpha: float,
    rng: np.random.Generator,
    memory: float = 0.9,
) -> tuple[list[Array], list[float]]:
    """Let a controller of one softmax a position spell networks, and learn from what each earns.

    Parameters
    ----------
    options : sequence of int
        How many choices each position has.
    reward : callable
        Of a tuple with one choice a position.
    tries : int
        At least 1.
    alpha : float
        Learning rate.
    rng : numpy.random.Generator
    memory : float
        How much of the baseline, a running mean of rewards, stays at each try.

    Returns
    -------
    logits : list of ndarray, one a position
    rewards : list of float, one a try

    Raises
    ------
    ValueError
        If tries, a number of choices or memory is out of range, or a reward is not finite.

    Notes
    -----
    Source: S3 section 3.2; Zoph and Le 2017, with a softmax in place of their recurrent network.
    """
    logits: list[Array] = [np.zeros(_require.at_least(say("the choices of a position"), n, 1)) for n in options]
    _require.share("memory", memory, say("It is the share of the baseline that stays."))
    rewards: list[float] = []
    baseline = 0.0
    for turn in range(_require.at_least("tries", tries, 1)):
        choices = tuple(int(rng.choice(len(z), p=softmax(z))) for z in logits)
        rewards.append(reward(choices))
        baseline = rewards[-1] if turn == 0 else memory * baseline + (1 - memory) * rewards[-1]
        logits = [reinforce_step(z, choice, rewards[-1], baseline, alpha) for z, choice in zip(logits, choices, strict=True)]
    return logits, rewards


def evolve(
    start: Sequence[T], score: Callable[[T], float], mutate: Callable[[T, np.random.Generator], T], tries: int, rng: np.random.Generator
) -> list[tuple[T, float]]:
    """Let a population evolve: the best of three drawn at random gets a changed child, and the oldest dies.

    Parameters
    ----------
    start : sequence
        The first population, at least 3.
    score : callable
        Of an individual, the higher the better. What is not a number has no children while another lives.
    mutate : callable
        Of an individual and `rng`; returns a changed one.
    tries : int
        How many are scored in all, the first population included.
    rng : numpy.random.Generator

    Returns
    -------
    list of (individual, score), in the order of their birth

    Raises
    ------
    ValueError
        If the population is too small, or tries is smaller than it.

    Notes
    -----
    Source: Real et al. 2019, algorithm 1.
    """
    _require.at_least(say("the size of the population"), len(start), 3)
    _require.at_least("tries", tries, len(start))
    born = [(each, float(score(each))) for each in start]
    while len(born) < tries:
        alive = born[-len(start) :]
        parent = max(
            (alive[i] for i in rng.choice(len(alive), 3, replace=False)), key=lambda scored: -np.inf if np.isnan(scored[1]) else scored[1]
        )
        child = mutate(parent[0], rng)
        born.append((child, float(score(child))))
    return born
