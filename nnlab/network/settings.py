"""The settings of a network: what each has to be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from nnlab.languages import say
from nnlab.network.in_place import HIDDEN
from nnlab.optimizers import OPTIMIZERS
from nnlab.vanishing_gradients import INITIAL_STD


def _is_number(low: float, high: float = np.inf) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, float | int | np.floating | np.integer) and not isinstance(value, bool) and bool(low <= value < high)
    )


def _is_positive(value: Any) -> bool:
    return _is_number(0)(value) and value > 0


def _is_count(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and bool(value > 0)


def _is_one_of(names: Any) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in names


def layers(sizes: Any) -> list[Any]:
    """Return hidden_layer_sizes as a list, also where it is one number."""
    return list(sizes) if np.iterable(sizes) else [sizes]


# What each setting has to be: a test, the same in words, and what to try.
RULES: dict[str, tuple[Callable[[Any], bool], str, str]] = {
    "hidden_layer_sizes": (lambda v: all(map(_is_count, layers(v))), "whole numbers above 0, one for each hidden layer", "(28,)"),
    "activation": (_is_one_of(HIDDEN), "one of {names}", "'relu'"),
    "optimizer": (_is_one_of(OPTIMIZERS), "one of {names}", "'adam'"),
    "learning_rate": (_is_positive, "a number above 0", "0.001 ('adam'), 0.1 ('sgd')"),
    "momentum": (_is_number(0, 1), "a number from 0 to below 1", "0.9"),
    "batch_size": (lambda v: v is None or _is_count(v), "a whole number above 0, or None for all samples", "32"),
    "epochs": (_is_count, "a whole number above 0", "100"),
    "init": (lambda v: _is_one_of(INITIAL_STD)(v) or _is_number(0)(v), "one of {names}, or a standard deviation", "'he'"),
    "l2": (_is_number(0), "a number not below 0", "0.0001"),
    "dropout": (_is_number(0, 1), "a number from 0 to below 1", "0.2"),
    "clip_value": (lambda v: v is None or _is_positive(v), "a number above 0, or None", "1.0"),
    "clip_norm": (lambda v: v is None or _is_positive(v), "a number above 0, or None", "1.0"),
    "early_stopping": (lambda v: isinstance(v, bool | np.bool_), "True or False", "True"),
    "validation_fraction": (lambda v: _is_number(0, 1)(v) and v > 0, "a number between 0 and 1", "0.1"),
    "patience": (lambda v: _is_count(v) or v == np.inf, "a whole number of epochs above 0, or inf", "10"),
    "dtype": (lambda v: v in ("float32", "float64", np.float32, np.float64), "'float32' or 'float64'", "'float64'"),
    "blas_threads": (lambda v: v in ("auto", None) or _is_count(v), "'auto', None or a whole number above 0", "'auto'"),
    "on_step": (lambda v: v is None or callable(v), "a function of the estimator, or None", "on_step=print"),
    "on_epoch": (lambda v: v is None or callable(v), "a function of the estimator, or None", "on_epoch=print"),
    "verbose": (lambda v: v in (None, True, False), "True, False or None", "False"),
}
CHOICES: dict[str, Collection[str]] = {"activation": HIDDEN, "optimizer": OPTIMIZERS, "init": INITIAL_STD}
EXPECTED = [expected for _, expected, _ in RULES.values()]  # what is translated


def check_settings(settings: Mapping[str, Any], losses: Collection[str]) -> None:
    """Refuse a setting that is not what it has to be.

    Parameters
    ----------
    settings : mapping
        Settings by name: all those in `RULES`, and loss.
    losses : collection of str
        The losses to choose from.

    Raises
    ------
    ValueError
        If a setting is not what it has to be. The message names it, says what was expected and what came, and what to try.
    """
    rules = RULES | {"loss": (_is_one_of(losses), "one of {names}", "'mse'")}
    for name, (holds, expected, remedy) in rules.items():
        if not holds(settings[name]):
            raise ValueError(
                say(
                    "{name} has to be {expected}, got {value!r}: try {remedy}",
                    name=name,
                    expected=say(expected, names=", ".join((CHOICES | {"loss": losses}).get(name, ()))),
                    value=settings[name],
                    remedy=remedy,
                )
            )
