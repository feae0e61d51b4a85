"""The checks of a chapter that is not open yet: values in the place of its answers and of the mistakes that it knows."""

from __future__ import annotations

import builtins
import inspect
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nnlab.checks._exercise import Case, Chapter, Exercise, Function, Misconception, Property
from nnlab.languages import say

LATER = "{module}.{name} opens with chapter {number}: until then, what needs it cannot be run."  # of an answer that is withheld
RUNS = "it runs (what it gives is judged when the chapter opens)"


def opened(file: str, rules: Mapping[str, tuple[Function | None, tuple[Property, ...]]]) -> Chapter:
    """Return a chapter whose exercises are judged by values.

    Parameters
    ----------
    file : str
        The module of its checks; the values lie beside it.
    rules : mapping
        Of each exercise, its judge and the rules that could stay.
    """
    kept = pickle.loads(Path(file).with_suffix(".values").read_bytes())
    name, title, points, data = kept["chapter"]
    return Chapter(name, title, tuple(_exercise(row, *rules[row["name"]]) for row in kept["exercises"]), points, data)


def _exercise(row: Mapping[str, Any], judge: Function | None, properties: tuple[Property, ...]) -> Exercise:
    cases, probes = (tuple(Case(name, args) for name, args in row[key]) for key in ("cases", "probes"))
    cpu, seconds = row["limits"]
    if row["judged"] and judge is None:  # many answers are right, and telling which needs what is not there yet
        cases, judge = tuple(Case(RUNS, case.args) for case in cases), _anything

    def looked_up(outcomes: list[Any]) -> Function:
        return _looked_up(row, [(case.args, *each) for case, each in zip((*cases, *probes), outcomes, strict=True)])

    return Exercise(
        reference=looked_up(row["right"]),
        points=row["points"],
        cases=cases,
        hints=row["hints"],
        returns=row["returns"],
        judge=judge,
        properties=properties,
        misconceptions=tuple(Misconception(name, tuple(map(looked_up, each)), question) for name, question, each in row["mistakes"]),
        probes=probes,
        cpu=cpu,
        call=seconds,
    )


def _anything(value: Any) -> str:
    """Judge nothing: a right answer must not be refused."""
    return type(value).__name__


def _looked_up(row: Mapping[str, Any], table: list[tuple[Any, Any, Any]]) -> Callable[..., Any]:
    """Return a function that knows its answers by heart, and no others."""

    def answer(*args: Any) -> Any:
        for known, value, error in table:
            if _alike(args, known):
                if error:
                    raise _error(*error)
                return value
        raise ImportError(say("{name} opens later: until then only what its visible check asks is known.", name=row["name"]))

    answer.__name__ = row["name"]
    answer.__module__ = row["module"]
    parameters = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in row["parameters"]]
    answer.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return answer


def _error(kind: str, message: str) -> Exception:
    found = getattr(builtins, kind, None) or getattr(np.linalg, kind, None)
    return found(message) if isinstance(found, type) and issubclass(found, Exception) else ValueError(message)


def _alike(one: Any, other: Any) -> bool:
    """Tell whether two arguments are the same."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.shape == other.shape and np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, np.random.Generator):
        return bool(one.bit_generator.state == other.bit_generator.state)
    return bool(one == other) or one is other or repr(one) == repr(other)
