"""Recognise known misconceptions: ask an answer that lost points the visible cases, and compare with each declared wrong answer.

The student's process only answers questions, as in the hidden tests. What is found here costs or earns no point.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnlab.checks._exercise import Case, Chapter, Exercise
from nnlab.checks._judging.calls import Result, call, quiet
from nnlab.checks._judging.naming import misconception
from nnlab.grading.marking.testing import Backend
from nnlab.grading.results import Item
from nnlab.grading.sandbox.inside import codec
from nnlab.grading.sandbox.kernel import BadReply, CallTimeout, KernelDied, StudentError

BUDGET = 5.0  # seconds for all questions to one submission
STAND_INS = (np.arctan, np.sinh, np.cbrt, np.cos, np.square, np.exp2)
OF_COLUMNS = (np.flipud,)  # for what is not done element by element, such as softmax
DATA = (bool, int, float, str, type(None), np.ndarray, np.generic, np.random.RandomState, np.random.Generator)


def recognise(chapter: Chapter, items: Iterable[Item], backend: Backend, budget: float = BUDGET) -> dict[str, str]:
    """Return the name of the known misconception behind each answer that lost points, by exercise, where there is one.

    Parameters
    ----------
    chapter : Chapter
        Its exercises declare the visible cases and the misconceptions.
    items : iterable of Item
        How the hidden tests went. Only answers that returned or raised are asked again.
    backend : Backend
        Where the student's functions live.
    budget : float
        Seconds. When they are over, or the student's process dies, the rest stays unknown.
    """
    end = time.monotonic() + budget
    lost: dict[str, set[str]] = {}
    for item in items:
        if item.earned < item.points:
            lost.setdefault(item.exercise, set()).add(item.outcome)
    found = {}
    try:
        for exercise in chapter.exercises:
            if lost.get(exercise.name, {"passed"}) <= {"wrong", "raised"} and (name := _recognised(exercise, backend, end)):
                found[exercise.name] = name
    except (CallTimeout, KernelDied, RuntimeError):  # the last: a kernel that does not start again. The mark stands without this
        pass
    return found


def carried(case: Case) -> Case | None:
    """Return a case as it can be sent to the sandbox and used here alike, or None where it cannot be sent.

    The sandbox knows functions of NumPy and none of ours, so one of NumPy stands in for each.
    """
    try:
        return replace(case, args=_Sender().sent(case.args))
    except TypeError:
        return None


def _recognised(exercise: Exercise, backend: Backend, end: float) -> str:
    """Return the name of the misconception that does the same as the answer in every case, or ""."""
    with quiet():
        sent = [case for case in map(carried, (*exercise.cases, *exercise.probes)) if case]
        right = [result for result in (call(exercise.reference, case) for case in sent) if result.error is None]
        cases = [result.case for result in right]
        try:  # before ours are made: only what the student's answers take is counted
            answers = [_ask(exercise.name, case, backend, end) for case in cases] if exercise.misconceptions else []
        except BadReply:
            return ""
        known = [[_as_it_comes(call(wrong, case)) for case in cases] for each in exercise.misconceptions for wrong in each.spellings]
        found = misconception(exercise, answers, right, known) if answers else None
    return found.name if found else ""


def _ask(name: str, case: Case, backend: Backend, end: float) -> Result:
    if time.monotonic() > end:
        raise CallTimeout(name)
    (answer,) = backend.call_many(name, [case.args])
    if isinstance(answer, Exception) and not isinstance(answer, StudentError):
        raise answer
    return Result(case, case.args, error=answer) if isinstance(answer, StudentError) else Result(case, case.args, answer)


def _as_it_comes(result: Result) -> Result:
    """Return one of our results as it would come out of the sandbox, where a generator, say, is only its type's name."""
    return result if result.error is not None else replace(result, value=codec.loads(*codec.dumps(result.value)))


@dataclass
class _Sender:
    """Writes arguments so that the sandbox can read them; one function of ours always has the same stand-in."""

    stand_ins: dict[int, Any] = field(default_factory=dict)

    def sent(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return type(value)(map(self.sent, value))
        if getattr(np, getattr(value, "__name__", ""), None) is value and value is not None:
            return value
        if callable(value) and len(self.stand_ins) < len(STAND_INS):
            return self.stand_ins.setdefault(id(value), (STAND_INS if _is_elementwise(value) else OF_COLUMNS * 9)[len(self.stand_ins)])
        if isinstance(value, DATA):
            return value
        raise TypeError(f"{type(value).__name__} cannot be sent")


def _is_elementwise(function: Any) -> bool:
    """Whether a function makes of each number what it makes of it alone; one that takes no array counts as that, too."""
    column = np.array([[1.0], [2.0]])
    try:
        return bool(np.array_equal(function(column)[:1], function(column[:1])))
    except (TypeError, ValueError, IndexError):
        return True
