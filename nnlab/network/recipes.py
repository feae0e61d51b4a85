"""A recipe for the digits: settings of a small network, trained and measured on splits drawn from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from nnlab.languages import say
from nnlab.network.estimators import MLPClassifier

EPOCHS, HIDDEN, TRAIN = 10, 28, 1437
BASELINE = ("relu", "he", "sgd", 0.1, 32, 0.0)
NAMES = ("activation", "init", "optimizer", "learning_rate", "batch_size", "l2")
SMALLEST_BATCH = 8  # smaller ones cost too much time


@lru_cache(maxsize=512)
def recipe_accuracy(recipe: tuple[Any, ...], seed: int) -> float:
    """Train [64, 28, 10] on 1,437 digits by a recipe, and return the share of the other 360 that it gets right.

    Parameters
    ----------
    recipe : (activation, init, optimizer, learning_rate, batch_size, l2)
        As `MLPClassifier` takes them. Ten epochs, cross-entropy, one BLAS thread.
    seed : int
        Of the split, the weights and the order of the samples.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If a setting is not what it has to be, or the batch is smaller than 8. The message names the setting.
    """
    from sklearn.datasets import load_digits

    if len(recipe) != len(NAMES):
        raise ValueError(
            say("a recipe has {count} settings, {names}, got {got}", count=len(NAMES), names=", ".join(NAMES), got=len(recipe))
        )
    settings = dict(zip(NAMES, recipe, strict=True))
    size = settings["batch_size"]
    if size is not None and not (isinstance(size, int | np.integer) and size >= SMALLEST_BATCH):
        raise ValueError(
            say(
                "batch_size has to be a whole number from {least} on, got {size!r}: smaller ones take too long",
                least=SMALLEST_BATCH,
                size=size,
            )
        )
    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(y))
    train, test = order[:TRAIN], order[TRAIN:]
    network = MLPClassifier((HIDDEN,), epochs=EPOCHS, loss="cross_entropy", random_state=seed, blas_threads=1, verbose=False, **settings)
    with np.errstate(all="ignore"):
        return float(network.fit(X[train] / 16, y[train]).score(X[test] / 16, y[test]))


def recipe_gain(recipe: Sequence[Any], seeds: Sequence[int]) -> float:
    """Return how much more a recipe gets right than plain SGD (ReLU, 0.1, batches of 32), the mean over the same splits.

    Parameters
    ----------
    recipe : sequence of six settings
        See `recipe_accuracy`.
    seeds : sequence of int

    Returns
    -------
    float
        Difference of shares: 0.01 is one digit of a hundred.

    Raises
    ------
    ValueError
        If a setting is not what it has to be.
    """
    return float(np.mean([recipe_accuracy(tuple(recipe), seed) - recipe_accuracy(BASELINE, seed) for seed in seeds]))
