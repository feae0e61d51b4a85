"""What an exercise is: data. A new one needs no new code in the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Function = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """Arguments to call an answer with, and what is special about them. They are copied before each use."""

    name: str
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Property:
    """A sentence that holds for every right answer, the function that tries it on one, and a question where it does not hold."""

    sentence: str
    holds: Callable[[Function], bool]
    question: str = ""


@dataclass(frozen=True)
class Misconception:
    """A plausible wrong answer, its name, and a question that leads out of it.

    `wrong` may be a tuple of functions, where the same mistake can be spelled in several ways. An answer has this misconception when
    it gives what one of them gives wherever both give a value, or fails with the same words, and no other explains as much.
    """

    name: str
    wrong: Function | tuple[Function, ...]
    question: str

    @property
    def spellings(self) -> tuple[Function, ...]:
        """All functions that make the mistake."""
        return self.wrong if isinstance(self.wrong, tuple) else (self.wrong,)


@dataclass(frozen=True)
class Exercise:
    """One exercise. Its name is that of the reference function, from the source of the chapter to the gradebook.

    A challenge is worth 0 points: it is checked, and its hidden tests are told, but it costs nobody anything.
    `hints` are three rungs: the idea, where to look, a line of pseudo-code. `returns` names what the function
    returns where that is a tuple, so that a message can say "W[0]" instead of "your result[0][0]". Where many answers are right,
    such as the weights of a gate, `judge` says what an answer does, and that is compared; it may be a dictionary by what was put in.
    `probes` are cases that only a wrong answer is asked, to tell misconceptions apart: answers of yes and no agree too often by
    chance. `cpu` and `call` are the seconds of processor time, and of the clock, that one call may take while grading, where the
    grader's defaults do not fit: an exercise that trains.
    """

    reference: Function
    points: float
    cases: tuple[Case, ...]
    hints: tuple[str, str, str]
    returns: tuple[str, ...] = ()
    judge: Function | None = None
    properties: tuple[Property, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    probes: tuple[Case, ...] = ()
    cpu: float | None = None
    call: float | None = None

    @property
    def name(self) -> str:
        """The one id of the exercise."""
        return self.reference.__name__


@dataclass(frozen=True)
class Chapter:
    """The exercises of one chapter in the order of the notebook, and what each of its checkpoint cells is worth.

    `data` names the bundled data files that student code gets while it is graded, such as "traffic.csv"; None is all. Labels that would
    answer a hidden test are left out so.
    """

    name: str
    title: str
    exercises: tuple[Exercise, ...]
    checkpoint_points: float = 1
    data: tuple[str, ...] | None = None

    def __getitem__(self, exercise: str) -> Exercise:
        return next(e for e in self.exercises if e.name == exercise)

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of the exercises."""
        return tuple(exercise.name for exercise in self.exercises)
