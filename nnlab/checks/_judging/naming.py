"""Name the mistake behind a wrong answer: a misconception that the exercise declares, else one that any exercise may see.

A name is given only where it is certain: the declared wrong function does the same wherever both give a value, and no other
explains as much; or the answer is the right one, turned in one known way, in every case.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnlab.checks._exercise import Exercise, Function, Misconception
from nnlab.checks._judging.calls import Result, call, error_text, error_type, same
from nnlab.checks._judging.kinds import Named, of_another_kind, raised, turned


def named(exercise: Exercise, answer: Function, results: Sequence[Result]) -> Named | None:
    """Return the mistake behind a wrong answer, or None where no name is certain.

    Parameters
    ----------
    exercise : Exercise
    answer : callable
        It is asked the exercise's probes, which tell misconceptions apart.
    results : sequence of Result
        What it did in the exercise's cases.
    """
    right = [call(exercise.reference, result.case) for result in results]
    first = next((i for i, result in enumerate(results) if not same(result, right[i], exercise.judge)), None)
    if first is not None and exercise.call is None and not _again(answer, results[first]):
        return Named("the same call gives another result each time", "What does your function use that is not among its arguments?")
    probed = [*results, *(call(answer, case) for case in exercise.probes)]
    right += [call(exercise.reference, case) for case in exercise.probes]
    known = [[call(wrong, result.case) for result in probed] for each in exercise.misconceptions for wrong in each.spellings]
    if found := misconception(exercise, probed, right, known):
        return Named(found.name, found.question)
    reported = results[first : first + 1] if first is not None else []  # what another case raises is no name for this one
    if exercise.judge is None:
        return raised(reported) or turned(results, right)
    return raised(reported) or (turned(results, right) if first is None else None) or of_another_kind(results, right)


def _again(answer: Function, result: Result) -> bool:
    """Whether the same call does the same a second time; errors are not looked at."""
    return result.error is not None or same(call(answer, result.case), result)


def misconception(
    exercise: Exercise, answers: Sequence[Result], right: Sequence[Result], known: Sequence[Sequence[Result]]
) -> Misconception | None:
    """Return the one declared misconception that explains most of what is wrong, or None where none does, or several do.

    Parameters
    ----------
    exercise : Exercise
    answers, right : sequence of Result
        What the answer and the reference did in some cases.
    known : sequence of sequences of Result
        What each spelling of each misconception did there, in their order.
    """
    spellings = iter(known)
    told = {
        each: max(_explained(answers, next(spellings), right, exercise.judge) for _ in each.spellings) for each in exercise.misconceptions
    }
    most = max(told.values(), default=0)
    best = [each for each, count in told.items() if count == most]
    return best[0] if most and len(best) == 1 else None


def _explained(answers: Sequence[Result], wrong: Sequence[Result], right: Sequence[Result], judge: Function | None) -> int:
    """Count the cases in which both do the same and it is not right.

    0 where they ever give different values, or where more cases speak against it than for it: one fails and the other not, or otherwise.
    """
    alike = apart = otherwise = 0
    for answer, other, expected in zip(answers, wrong, right, strict=True):
        if answer.error is None and other.error is None:
            if not same(answer, other, judge):
                return 0
            alike += not same(answer, expected, judge) and _tells(answer.value)
        elif answer.error is not None and other.error is not None:
            agree = _say_the_same(answer.error, other.error)
            alike, otherwise = alike + agree, otherwise + (not agree)
        else:
            apart += 1
    return alike if alike > apart and alike >= otherwise else 0


def _tells(value: object) -> bool:
    """Whether a value says anything: an array without a number is the same for many reasons."""
    return not isinstance(value, np.ndarray) or value.size > 0


def _say_the_same(one: BaseException, other: BaseException) -> bool:
    return error_type(one) == error_type(other) and error_text(one) == error_text(other)
