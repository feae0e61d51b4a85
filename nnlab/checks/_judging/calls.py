"""One call of an answer, with copies of its arguments, and whether two calls did the same."""

from __future__ import annotations

import copy
import random
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnlab.checks._exercise import Case, Function
from nnlab.checks._judging.compare import Incomparable, difference
from nnlab.checks._notebook.watch import Stop

NUMPY_WARNS = (RuntimeWarning, DeprecationWarning, np.exceptions.ComplexWarning)


@dataclass(frozen=True)
class Result:
    """One call of an answer: its value or its error, and the arguments as they were before and after.

    `value` is a copy, and `own` what was returned itself: a later call may write into it.
    """

    case: Case
    args: tuple[Any, ...]
    value: Any = None
    error: BaseException | None = None
    warning: str = ""
    own: Any = None

    @property
    def kept(self) -> bool:
        """Whether what was returned is still what it was."""
        return same(replace(self, value=self.own), self)


def call(answer: Function, case: Case) -> Result:
    """Call an answer with copies of a case's arguments and keep whatever happens, as it is now: a later call may write into it."""
    args = copy.deepcopy(case.args)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value, error = answer(*args), None
        except Stop as stop:
            stop.case, stop.trace = case, stop.__traceback__
            raise
        except BaseException as raised:
            value, error = None, raised
    warned = (str(each.message) for each in caught if issubclass(each.category, NUMPY_WARNS))
    return Result(case, args, _kept(value), error, next(warned, ""), value)


def _kept(value: Any) -> Any:
    """Copy plain data; anything else stays what it is."""
    if type(value) is np.ndarray:
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(map(_kept, value))
    return {key: _kept(each) for key, each in value.items()} if type(value) is dict else value


@contextmanager
def quiet() -> Iterator[None]:
    """Leave the random state as it was, and NumPy's error handling at its default."""
    states = random.getstate(), np.random.get_state()
    try:
        with np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"):
            yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def same(result: Result, other: Result, judge: Function | None = None) -> bool:
    """Tell whether two answers did the same: equal values, or errors of one type.

    With a judge, two values that it cannot judge are the same where they are of no use for the same reason.
    """
    if result.error is not None or other.error is not None:
        return error_type(result.error) == error_type(other.error)
    try:
        found = difference(result.value, other.value, judge=judge)
        return found is None or (judge is not None and found.message == _unfit(other.value, judge))
    except Incomparable:
        return type(result.value) is type(other.value)
    except Exception:  # nothing that can be judged, such as None where a neuron is expected
        return False


def _unfit(value: object, judge: Function) -> str:
    """Say why a value cannot be judged, or nothing where it can."""
    found = difference(value, value, judge=judge)
    return found.message if found else ""


def error_type(error: BaseException | None) -> str:
    """Name an error's type; one in a student's process at grading brings its own name."""
    return str(getattr(error, "type", type(error).__name__))


def error_text(error: BaseException | None) -> str:
    """Return what an error says, without its type in front."""
    try:
        return str(error).removeprefix(f"{error_type(error)}: ")[:500]
    except BaseException:
        return "(its message cannot be shown)"
