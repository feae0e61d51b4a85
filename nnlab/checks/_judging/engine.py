"""The engine behind `check`: call an answer, compare, and report the first thing that is wrong.

The order is that of DESIGN: not attempted, exception, returned None, type, shape, finite, value, property.
A check never raises, never changes its inputs or the random state.
"""

from __future__ import annotations

import copy
import linecache
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from inspect import signature
from types import TracebackType
from typing import Any

import numpy as np

from nnlab.checks._exercise import Exercise, Function
from nnlab.checks._judging.calls import Result, call, error_text, quiet
from nnlab.checks._judging.compare import Difference, difference
from nnlab.checks._judging.kinds import Named
from nnlab.checks._judging.naming import named
from nnlab.checks._judging.values import aligned, show
from nnlab.checks._notebook.watch import LIMIT, Stop, limited
from nnlab.languages import say


@dataclass(frozen=True)
class Report:
    """What a check found out: an outcome, one sentence, details to look at, and a question that leads on.

    `outcome` is "passed", "not attempted", or what is wrong: "raised", "nothing", "type", "shape", "finite", "value",
    "property", "changed" (the answer changed its input, or what it had returned before), "stopped" (its time was over),
    "interrupted", "stale" (it is not what the notebook says now) or "unknown" (no such exercise). `cell` is the number of the cell
    the answer comes from.
    `called` is the name of the mistake, where that is certain.
    """

    exercise: str
    outcome: str
    message: str
    details: tuple[tuple[str, str], ...] = ()
    question: str = ""
    cell: int | None = None
    called: str = ""

    @property
    def passed(self) -> bool:
        """Whether every visible check holds."""
        return self.outcome == "passed"


def examine(exercise: Exercise, answer: Function) -> Report:
    """Check an answer against an exercise and report; the first thing that is wrong ends the check."""
    with quiet():
        results = [call(answer, case) for case in exercise.cases]
        report = next(_problems(exercise, answer, results), None)
        return report or _passed(exercise, results)


def examine_in_time(exercise: Exercise, answer: Function, tell: Callable[[float], None] | None = None, seconds: float = LIMIT) -> Report:
    """Check an answer, and end that when its time is over or somebody interrupts; `tell` is called about once a second meanwhile."""
    try:
        return limited(partial(examine, exercise, answer), seconds, tell)
    except Stop as stop:
        return _stopped(exercise, stop)


def _passed(exercise: Exercise, results: list[Result]) -> Report:
    """Say what was shown by passing, and where NumPy warned on the way."""
    count = len(results) + len(exercise.properties)
    which = say("all {count} visible checks", count=count) if count > 1 else say("the visible check")
    cases = say("; ").join(say(result.case.name) for result in results if result.case.name)
    rules = say("; ").join(say(rule.sentence) for rule in exercise.properties)
    shown = say(". ").join(
        [*([say("right for {cases}", cases=cases)] if cases else []), *([say("Rules that hold: {rules}", rules=rules)] if rules else [])]
    )
    details: tuple[tuple[str, str], ...] = (("shown", shown),) if shown else ()
    warned = next((result for result in results if result.warning), None)
    if warned is None:
        return Report(exercise.name, "passed", say("{which} passed. Hidden tests run at grading.", which=which), details)
    message = say(
        "{which} passed, but NumPy warned: {warning}. Hidden tests ask for such numbers, too.", which=which, warning=warned.warning
    )
    return Report(exercise.name, "passed", message, (*details, *_inputs(exercise, warned)))


def _stopped(exercise: Exercise, stop: Stop) -> Report:
    """Say that the check ended before the answer did, and in which line that was."""
    outcome, who = (
        ("stopped", say("stopped by itself after {seconds:g} seconds", seconds=LIMIT))
        if stop.why == "time"
        else ("interrupted", say("you stopped it"))
    )
    message = say(
        "{who} before `{name}` was done. Does its loop ever end? What in it changes what `while` asks?", who=who, name=exercise.name
    )
    where = (*_line(stop.trace), *_inputs(exercise, Result(stop.case, ()))) if stop.case else ()
    return Report(exercise.name, outcome, message, where)


LABELS = ("case", "think", "shown", "expected", "got", "line", "NumPy warned", "stuck?", "in a new cell")  # of what a card lists
IN_PLACE = (
    "Which line writes into an argument? `x = x + 1` makes a new array, `x += 1` changes the old one.",
    None,
    "it works in its input",
)

SHARED = (
    "Where does your function make the array that it returns: inside the function, or outside, once for all calls?",
    None,
    "all calls return one and the same array",
)


def _problems(exercise: Exercise, answer: Function, results: list[Result]) -> Iterator[Report]:
    """Yield what is wrong, the worst first."""
    for result in results:
        if isinstance(result.error, NotImplementedError):
            yield Report(exercise.name, "not attempted", _not_attempted(exercise, result.error))

    @cache
    def known() -> Named | None:
        return named(exercise, answer, results)

    right = [exercise.reference(*copy.deepcopy(result.case.args)) for result in results]
    names = [say(name) for name in exercise.returns]
    for result, expected in zip(results, right, strict=True):
        if result.error is not None:
            yield _raised(exercise, result, known())
        elif found := difference(result.value, expected, names=names, judge=exercise.judge):
            yield _different(exercise, result, _without_blame(found, expected, right), known())
    for result in results:
        if found := difference(_data(result.args), _data(result.case.args), say("an input")):
            message = say("the result is right, but your function changed its input. Compute into a new array instead.")
            yield Report(exercise.name, "changed", message, _inputs(exercise, result), *IN_PLACE)
    for result in results:
        if not result.kept:
            message = say(
                "each result is right, but what an earlier call returned was changed by a later one. Return a new array each time."
            )
            yield Report(exercise.name, "changed", message, _inputs(exercise, result), *SHARED)
    for rule in exercise.properties:
        if not _holds(rule.holds, answer):
            said = known() or Named(
                say("a rule is broken: {sentence}", sentence=say(rule.sentence)),
                rule.question or "Take numbers for which you can work it out by hand. What does yours give?",
            )
            yield Report(
                exercise.name,
                "property",
                say("this should hold, and does not: {sentence}", sentence=say(rule.sentence)),
                (),
                said.question,
                None,
                said.name,
            )


def _without_blame(found: Difference, expected: Any, right: list[Any]) -> Difference:
    """Where None is right in another case, a missing `return` is not to blame for a None."""
    if found.kind != "nothing" or all(each is not None for each in right):
        return found
    return replace(found, kind="value", message=say("your result is None, and should be {expected} here.", expected=show(expected)))


def _not_attempted(exercise: Exercise, error: NotImplementedError) -> str:
    unwritten = traceback.extract_tb(error.__traceback__)[-1].name
    if unwritten in (exercise.name, "<lambda>"):
        return say("not attempted yet. Replace the line `raise NotImplementedError` by your own, then run the check again.")
    return say("it uses `{unwritten}`, which is not attempted yet. Write that one first.", unwritten=unwritten)


def _holds(holds: Any, answer: Function) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return bool(holds(answer))
        except Stop:
            raise
        except BaseException:
            return False


def _raised(exercise: Exercise, result: Result, known: Named | None) -> Report:
    error = result.error
    assert error is not None
    if isinstance(error, KeyboardInterrupt):
        message = say("stopped before your function was done. Does its loop ever end?")
    else:
        message = say(
            "your function raised {kind}: {error}{remedy}", kind=type(error).__name__, error=error_text(error), remedy=_remedy(error)
        )
    details = (*_line(error.__traceback__), *_inputs(exercise, result))
    return _report(exercise, "raised", message, details, known)


def _remedy(error: BaseException) -> str:
    """Say what to do about a name that is missing: most often the kernel was restarted."""
    if not isinstance(error, NameError) or isinstance(error, UnboundLocalError):
        return ""
    return say(". Run the cells above first: after a restart nothing is defined. Or is the name written otherwise?")


def _different(exercise: Exercise, result: Result, found: Difference, known: Named | None) -> Report:
    case, *inputs = _inputs(exercise, result)
    expected, got = aligned(found.expected, found.got)
    details = [case, ("got", got)]
    if found.kind in ("value", "finite", "shape"):
        details.insert(1, ("expected", expected))
    if result.warning:
        details.append(("NumPy warned", result.warning))
    return _report(exercise, found.kind, found.message, (*details, *inputs), known)


def _report(exercise: Exercise, outcome: str, message: str, details: tuple[tuple[str, str], ...], known: Named | None) -> Report:
    """Report what is wrong, with the name of the mistake and the question that leads out of it, where it has one."""
    if known is None:
        return Report(exercise.name, outcome, message, details)
    return Report(
        exercise.name,
        outcome,
        say("{message} This looks like: {name}.", message=_ended(message), name=say(known.name)),
        details,
        known.question,
        None,
        known.name,
    )


def _ended(message: str) -> str:
    """Return a message that another sentence may follow; what Python and NumPy say has no full stop."""
    return message if message.rstrip()[-1:] in (*".!?:。！？：", "") else f"{message}."


def _inputs(exercise: Exercise, result: Result) -> tuple[tuple[str, str], ...]:
    names = signature(exercise.reference).parameters
    shown = [(f"input {name}", show(arg)) for name, arg in zip(names, result.case.args, strict=False)]
    return (("case", say(result.case.name)), *shown)


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
