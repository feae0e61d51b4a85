"""Grid and random search, successive halving and Hyperband.

A configuration is a dict of hyperparameters. A score is a number, the higher the better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count, product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnlab import _require
from nnlab.activations import Array
from nnlab.languages import say

Configuration = dict[str, Any]
Ranking = list[tuple[Configuration, float]]


class Round(NamedTuple):
    """One round of successive halving: what each configuration got, and how they did, the best first."""

    resource: int
    ranking: Ranking


def grid(space: Mapping[str, Sequence[Any]]) -> list[Configuration]:
    """List every combination of the values.

    Parameters
    ----------
    space : mapping of str to sequence
        Values to try of each hyperparameter.

    Returns
    -------
    list of dict

    Notes
    -----
    Source: S3 section 3.3, grid search. Its grid has 10·4·3·7·3 = 2520 combinations, each fitted 25 times.
    """
    return [dict(zip(space, values, strict=True)) for values in all_settings(list(_space(space).values()))]


def _space(space: Mapping[str, Any]) -> Mapping[str, Any]:
    """Refuse what does not give values to each hyperparameter by its name."""
    if not isinstance(space, Mapping):
        raise ValueError(
            say(
                "space must be a dict of lists of values, got {space!r:.60}. Write it as {example}.",
                space=space,
                example={"width": [8, 16]},
            )
        )
    return space


def all_settings(values: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """List every combination of values, the last changing fastest.

    Parameters
    ----------
    values : sequence of sequences
        The values of each hyperparameter.

    Returns
    -------
    list of list
        Each with one value of each hyperparameter.

    Notes
    -----
    Source: S3 section 3.3, grid search.
    """
    for each in _require.sequence("values", values, say("lists of values")):
        _require.sequence("values", each, say("values"))
    return [list(setting) for setting in product(*values)]


def draw(space: Mapping[str, Any], n: int, rng: np.random.Generator) -> list[Configuration]:
    """Draw configurations at random, each hyperparameter on its own.

    Parameters
    ----------
    space : mapping of str to sequence or callable
        Values to choose from with equal chance, or a function of `rng` that draws one.
    n : int
        How many, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    list of n dicts

    Raises
    ------
    ValueError
        If n is not positive.

    Notes
    -----
    Source: S3 section 3, random search; Bergstra and Bengio 2012.
    """
    _require.generator(rng, "integers")
    for name, each in _space(space).items():
        if not callable(each) and not len(_require.sequence(name, each, say("values"))):
            raise ValueError(say("{name} must hold a value to choose from, got none. Give one value or more.", name=name))

    def one(values: Any) -> Any:
        return values(rng) if callable(values) else values[rng.integers(len(values))]

    return [{name: one(values) for name, values in space.items()} for _ in range(_require.at_least("n", n, 1))]


def search(configurations: Iterable[Configuration], score: Callable[[Configuration], float]) -> Ranking:
    """Score every configuration and rank them. A score that is not a number ranks last.

    Parameters
    ----------
    configurations : iterable of dict
        From `grid` or `draw`.
    score : callable
        Of a configuration.

    Returns
    -------
    list of (configuration, score), the best first; of equals the earlier first

    Raises
    ------
    ValueError
        If there are no configurations.

    Notes
    -----
    Source: S3 section 3, grid and random search.
    """
    scored = [(configuration, float(score(configuration))) for configuration in configurations]
    if not scored:
        raise ValueError(say("configurations must not be empty, got none. Is some list of values in the grid empty?"))
    return sorted(scored, key=_worth, reverse=True)


def successive_halving(
    configurations: Sequence[Configuration],
    score: Callable[[Configuration, int], float],
    resource: int = 1,
    eta: int = 2,
    rounds: int | None = None,
) -> list[Round]:
    """Give all configurations a little, keep the best 1/η, give those η times as much, and so on.

    Parameters
    ----------
    configurations : sequence of dict
    score : callable
        Of a configuration and a resource, such as epochs.
    resource : int
        What each configuration gets in the first round, at least 1.
    eta : int
        η, at least 2. With 2 the number is halved.
    rounds : int, optional
        How many; by default as long as two configurations would go on. One alone has nobody to be compared with.

    Returns
    -------
    list of Round
        The winner is `rounds[-1].ranking[0][0]`.

    Raises
    ------
    ValueError
        If there are no configurations, or resource, eta or rounds is too small.

    Notes
    -----
    Source: S3 section 3.1; Jamieson and Talwalkar 2016. Each round costs about as much as the first.
    """
    _require.at_least("resource", resource, 1)
    rounds = _log(max(1, len(configurations) // 2), eta) + 1 if rounds is None else _require.at_least("rounds", rounds, 1)

    def play(alive: Sequence[Configuration], r: int) -> Round:
        return Round(r, search(alive, lambda configuration: score(configuration, r)))

    played = [play(configurations, resource)]
    for _ in range(rounds - 1):
        r, ranking = played[-1]
        played.append(play([configuration for configuration, _ in ranking[: max(1, len(ranking) // eta)]], r * eta))
    return played


def _log(n: int, eta: int) -> int:
    """Return the largest whole s with η^s <= n. Floats would give log 243 / log 3 = 4.999…."""
    _require.at_least("eta", eta, 2)
    return next(s for s in count() if eta ** (s + 1) > n)


def halve_curves(curves: Array, resource: int, eta: int) -> list[tuple[int, list[int]]]:
    """Play successive halving on learning curves that are known already.

    Parameters
    ----------
    curves : ndarray, shape (networks, epochs)
        `curves[i, r - 1]` is the score of network i after r epochs, the higher the better. What is not a number ranks last.
    resource : int
        Epochs of the first round, at least 1.
    eta : int
        η, at least 2.

    Returns
    -------
    list of (int, list of int)
        Of each round its epochs, and its networks, the best first; of equals the earlier first. The winner is the first of the last list.

    Raises
    ------
    ValueError
        If resource or eta is too small, or there are no curves.

    Notes
    -----
    Source: S3 section 3.1. It ends when fewer than two would go on, or where the curves end.
    """
    _require.at_least("resource", resource, 1)
    _require.at_least("eta", eta, 2)
    curves = np.asarray(curves, dtype=float)
    if curves.ndim != 2 or curves.size == 0:
        raise ValueError(
            say("curves must have the shape (networks, epochs), neither of them 0, got {shape}. A network is a row.", shape=curves.shape)
        )
    alive, rounds = list(range(len(curves))), []
    while True:
        resource = min(resource, curves.shape[1])
        scores = np.nan_to_num(curves[:, resource - 1], nan=-np.inf)
        alive = sorted(alive, key=lambda i: scores[i], reverse=True)
        rounds.append((resource, alive))
        if len(alive) // eta < 2 or resource == curves.shape[1]:
            return rounds
        alive, resource = alive[: len(alive) // eta], resource * eta


def brackets(max_resource: int, eta: int = 3) -> list[tuple[int, int, int]]:
    """List Hyperband's brackets: many configurations with little each, down to few with all of it.

    Parameters
    ----------
    max_resource : int
        R, the most that one configuration may get, at least 1.
    eta : int
        η, at least 2.

    Returns
    -------
    list of (configurations, resource, rounds)
        ⌈(s_max + 1) / (s + 1) · η^s⌉, R / η^s rounded down, and s + 1, for s = s_max, …, 0, where s_max is the largest whole number
        with η^s_max <= R.

    Raises
    ------
    ValueError
        If max_resource or eta is too small.

    Notes
    -----
    Source: S3 section 3.1.1; Li et al. 2018, algorithm 1.
    """
    _require.at_least("max_resource", max_resource, 1)
    most = _log(max_resource, eta)
    return [(-(-(most + 1) * eta**s // (s + 1)), max_resource // eta**s, s + 1) for s in reversed(range(most + 1))]


def hyperband(
    space: Mapping[str, Any],
    score: Callable[[Configuration, int], float],
    max_resource: int,
    rng: np.random.Generator,
    eta: int = 3,
) -> list[list[Round]]:
    """Run successive halving once for each bracket, with configurations drawn anew.

    Parameters
    ----------
    space : mapping
        As for `draw`.
    score : callable
        Of a configuration and a resource.
    max_resource : int
        The most that one configuration may get.
    rng : numpy.random.Generator
    eta : int
        η, at least 2.

    Returns
    -------
    list of list of Round, one list a bracket
        `winner` finds the best of them.

    Raises
    ------
    ValueError
        If max_resource or eta is too small.

    Notes
    -----
    Source: S3 section 3.1.1; Li et al. 2018.
    """
    return [successive_halving(draw(space, n, rng), score, r, eta, rounds) for n, r, rounds in brackets(max_resource, eta)]


def winner(runs: Iterable[Sequence[Round]]) -> tuple[Configuration, float]:
    """Return the best configuration of the last rounds, and its score.

    Parameters
    ----------
    runs : iterable of list of Round
        What `hyperband` returns, or a list with one result of `successive_halving`.

    Returns
    -------
    configuration : dict
    score : float
    """
    return max((run[-1].ranking[0] for run in runs), key=_worth)


def _worth(scored: tuple[Configuration, float]) -> float:
    return -np.inf if np.isnan(scored[1]) else scored[1]


def sklearn_halving(
    estimator: Any,
    space: Mapping[str, Sequence[Any]],
    X: ArrayLike,
    y: ArrayLike,
    resource: str,
    max_resource: int,
    eta: int = 3,
    **options: Any,
) -> tuple[Configuration, list[tuple[int, int]]]:
    """Run scikit-learn's successive halving over a grid.

    Parameters
    ----------
    estimator : scikit-learn estimator
    space : mapping of str to sequence
        The grid.
    X : array_like, shape (samples, features)
        Samples are rows here: this is an estimator's door.
    y : array_like, shape (samples,)
    resource : str
        The parameter that is the resource, such as "max_iter", or "n_samples".
    max_resource : int
        The most that one configuration may get.
    eta : int
        η.
    **options
        For `sklearn.model_selection.HalvingGridSearchCV`, such as cv and min_resources.

    Returns
    -------
    best : dict
    rounds : list of (configurations, resource)

    Notes
    -----
    It ranks by the mean score of a cross-validation, and keeps ⌈n/η⌉ configurations where `successive_halving` keeps ⌊n/η⌋.
    """
    from sklearn.experimental import enable_halving_search_cv  # noqa: F401  (scikit-learn hides it behind this import)
    from sklearn.model_selection import HalvingGridSearchCV

    halving = HalvingGridSearchCV(estimator, space, resource=resource, max_resources=max_resource, factor=eta, refit=False, **options)
    halving.fit(X, y)
    best = {name: halving.best_params_[name] for name in space}
    return best, list(zip(halving.n_candidates_, halving.n_resources_, strict=True))
