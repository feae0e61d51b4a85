"""The engine behind `check`: call an answer, compare, and report the first thing that is wrong.

The order is that of DESIGN: not attempted, exception, returned None, type, shape, finite, value, property.
A check never raises, never changes its inputs or the random state.
"""

from __future__ import annotations

import copy
import linecache
import random
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from inspect import signature
from types import TracebackType
from typing import Any

import numpy as np

from nnlab.checks._compare import Difference, Incomparable, difference
from nnlab.checks._exercise import Case, Exercise, Function, Misconception
from nnlab.checks._general import IN_PLACE, error_means, general
from nnlab.checks._notebook.watch import LIMIT, Stop, limited
from nnlab.checks._values import aligned, show

NUMPY_WARNS = (RuntimeWarning, DeprecationWarning, np.exceptions.ComplexWarning)


@dataclass(frozen=True)
class Report:
    """What a check found out: an outcome, one sentence, details to look at, and a question that leads on.

    `outcome` is "passed", "not attempted", or what is wrong: "raised", "nothing", "type", "shape", "finite", "value",
    "property", "changed" (the answer changed its input), "stopped" (its time was over), "interrupted", "stale" (it is not what the
    notebook says now) or "unknown" (no such exercise). `cell` is the number of the cell the answer comes from.
    """

    exercise: str
    outcome: str
    message: str
    details: tuple[tuple[str, str], ...] = ()
    question: str = ""
    cell: int | None = None

    @property
    def passed(self) -> bool:
        """Whether every visible check holds."""
        return self.outcome == "passed"


@dataclass(frozen=True)
class Result:
    """One call of an answer: its value or its error, and the arguments as they were before and after."""

    case: Case
    args: tuple[Any, ...]
    value: Any = None
    error: BaseException | None = None
    warning: str = ""


def examine(exercise: Exercise, answer: Function) -> Report:
    """Check an answer against an exercise and report; the first thing that is wrong ends the check."""
    with quiet():
        results = [call(answer, case) for case in exercise.cases]
        return next(_problems(exercise, answer, results), _passed(exercise, results))


def examine_in_time(exercise: Exercise, answer: Function, tell: Callable[[float], None] | None = None, seconds: float = LIMIT) -> Report:
    """Check an answer, and end that when its time is over or somebody interrupts; `tell` is called about once a second meanwhile."""
    try:
        return limited(partial(examine, exercise, answer), seconds, tell)
    except Stop as stop:
        return _stopped(exercise, stop)


def _passed(exercise: Exercise, results: list[Result]) -> Report:
    """Say what was shown by passing, and where NumPy warned on the way."""
    count = len(results) + len(exercise.properties)
    which = f"all {count} visible checks" if count > 1 else "the visible check"
    cases = "; ".join(result.case.name for result in results if result.case.name)
    rules = "; ".join(rule.sentence for rule in exercise.properties)
    shown = ". ".join([*([f"right for {cases}"] if cases else []), *([f"Rules that hold: {rules}"] if rules else [])])
    details: tuple[tuple[str, str], ...] = (("shown", shown),) if shown else ()
    warned = next((result for result in results if result.warning), None)
    if warned is None:
        return Report(exercise.name, "passed", f"{which} passed. Hidden tests run at grading.", details)
    message = f"{which} passed, but NumPy warned: {warned.warning}. Hidden tests ask for such numbers, too."
    return Report(exercise.name, "passed", message, (*details, *_inputs(exercise, warned)))


def _stopped(exercise: Exercise, stop: Stop) -> Report:
    """Say that the check ended before the answer did, and in which line that was."""
    outcome, who = ("stopped", f"stopped by itself after {LIMIT:g} seconds") if stop.why == "time" else ("interrupted", "you stopped it")
    message = f"{who} before `{exercise.name}` was done. Does its loop ever end? What in it changes what `while` asks?"
    where = (*_line(stop.trace), *_inputs(exercise, Result(stop.case, ()))) if stop.case else ()
    return Report(exercise.name, outcome, message, where)


def call(answer: Function, case: Case) -> Result:
    """Call an answer with copies of a case's arguments and keep whatever happens."""
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
    return Result(case, args, value, error, next(warned, ""))


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


def _problems(exercise: Exercise, answer: Function, results: list[Result]) -> Iterator[Report]:
    """Yield what is wrong, the worst first."""
    for result in results:
        if isinstance(result.error, NotImplementedError):
            yield Report(exercise.name, "not attempted", _not_attempted(exercise, result.error))
    known = _misconception(exercise, results)
    for result in results:
        if result.error is not None:
            yield _raised(exercise, result, known)
        expected = exercise.reference(*copy.deepcopy(result.case.args))
        if found := difference(result.value, expected, names=exercise.returns, judge=exercise.judge):
            yield _different(exercise, result, found, known)
    for result in results:
        if found := difference(_data(result.args), _data(result.case.args), "an input"):
            message = "the result is right, but your function changed its input. Compute into a new array instead."
            yield Report(exercise.name, "changed", _named(message, IN_PLACE), _inputs(exercise, result), IN_PLACE.question)
    for rule in exercise.properties:
        if not _holds(rule.holds, answer):
            yield Report(exercise.name, "property", f"this should hold, and does not: {rule.sentence}", (), _question(known))


def _not_attempted(exercise: Exercise, error: NotImplementedError) -> str:
    unwritten = traceback.extract_tb(error.__traceback__)[-1].name
    if unwritten in (exercise.name, "<lambda>"):
        return "not attempted yet. Replace the line `raise NotImplementedError` by your own, then run the check again."
    return f"it uses `{unwritten}`, which is not attempted yet. Write that one first."


def _holds(holds: Any, answer: Function) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return bool(holds(answer))
        except Stop:
            raise
        except BaseException:
            return False


def _misconception(exercise: Exercise, results: list[Result]) -> Misconception | None:
    """Find the known wrong answer that does the same as this one in every case; none where that is also what the reference does."""
    if all(same(result, call(exercise.reference, result.case), exercise.judge) for result in results):
        return None  # the cases cannot tell
    known = (*exercise.misconceptions, *general(exercise))
    return next((each for each in known if _explains(each, results, exercise.judge)), None)


def _explains(known: Misconception, results: list[Result], judge: Function | None) -> bool:
    """Tell whether one spelling of a mistake does what an answer did, in every case."""
    return any(all(same(result, call(wrong, result.case), judge) for result in results) for wrong in known.spellings)


def same(result: Result, other: Result, judge: Function | None = None) -> bool:
    """Tell whether two answers did the same: equal values, or errors of one type."""
    if result.error is not None or other.error is not None:
        return _type(result.error) == _type(other.error)
    try:
        return difference(result.value, other.value, judge=judge) is None
    except Incomparable:
        return type(result.value) is type(other.value)
    except Exception:  # nothing that can be judged, such as None where a neuron is expected
        return False


def _type(error: BaseException | None) -> str:
    """Name an error's type; one in a student's process at grading brings its own name."""
    return str(getattr(error, "type", type(error).__name__))


def _raised(exercise: Exercise, result: Result, known: Misconception | None) -> Report:
    error = result.error
    assert error is not None
    if isinstance(error, KeyboardInterrupt):
        message = "stopped before your function was done. Does its loop ever end?"
    else:
        message = f"your function raised {type(error).__name__}: {_text(error)}{_remedy(error)}"
    details = (*_line(error.__traceback__), *_inputs(exercise, result))
    known = known or error_means(error)
    return Report(exercise.name, "raised", _named(message, known), details, _question(known))


def _remedy(error: BaseException) -> str:
    """Say what to do about a name that is missing: most often the kernel was restarted."""
    if not isinstance(error, NameError) or isinstance(error, UnboundLocalError):
        return ""
    return ". Run the cells above first: after a restart nothing is defined. Or is the name written otherwise?"


def _different(exercise: Exercise, result: Result, found: Difference, known: Misconception | None) -> Report:
    case, *inputs = _inputs(exercise, result)
    expected, got = aligned(found.expected, found.got)
    details = [case, ("got", got)]
    if found.kind in ("value", "finite", "shape"):
        details.insert(1, ("expected", expected))
    if result.warning:
        details.append(("NumPy warned", result.warning))
    message = found.message
    if found.kind == "nothing" and any(exercise.reference(*copy.deepcopy(case.args)) is None for case in exercise.cases):
        message = "your result is None, and None is an answer here, too: it says that there is none. Is that so in this case?"
    return Report(exercise.name, found.kind, _named(message, known), (*details, *inputs), _question(known))


def _question(known: Misconception | None) -> str:
    return known.question if known else ""


def _named(message: str, known: Misconception | None) -> str:
    return f"{message} This looks like: {known.name}." if known else message


def _inputs(exercise: Exercise, result: Result) -> tuple[tuple[str, str], ...]:
    names = signature(exercise.reference).parameters
    shown = [(f"input {name}", show(arg)) for name, arg in zip(names, result.case.args, strict=False)]
    return (("case", result.case.name), *shown)


def _data(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Keep the arguments that are numbers, arrays, or sequences of them; a generator or a function is no data."""
    return tuple(arg for arg in args if isinstance(arg, (int, float, np.ndarray, tuple, list)))


def _line(trace: TracebackType | None) -> tuple[tuple[str, str], ...]:
    """Find the innermost line of the student's own cell or file (the first frame is the engine's)."""
    frames = traceback.extract_tb(trace)[1:]
    own = [frame for frame in frames if frame.filename == frames[0].filename]
    if not own or own[-1].lineno is None:
        return ()
    text = linecache.getline(own[-1].filename, own[-1].lineno).strip()
    return (("line", f"{own[-1].lineno}: {text}" if text else str(own[-1].lineno)),)


def _text(error: BaseException) -> str:
    try:
        return str(error)[:500]
    except BaseException:
        return "(its message cannot be shown)"
