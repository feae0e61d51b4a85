"""What grading finds out: one `Item` a graded thing, one `Mark` a submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

NOTEBOOK = "notebook"  # stands for an exercise in the items of checkpoint cells
OUTCOMES = ("passed", "wrong", "raised", "timeout", "died", "not attempted")
MISSING = "Nothing was handed in."
GRADERS_FAULT = "This is the grader's fault, not the student's: please report it."


@dataclass(frozen=True)
class Item:
    """One graded thing: a hidden test, or a checkpoint cell of the notebook.

    `sentence` says what it asks and `reason` why points were lost. Both are shown to the student,
    so neither holds test code, inputs or expected values.
    """

    exercise: str
    name: str
    sentence: str
    points: float
    earned: float
    outcome: str
    reason: str = ""


@dataclass(frozen=True)
class Mark:
    """Everything about one submission; `error` says why it could not be graded, and then there are no items.

    `taken` is the share of the points that being late costs. `note` says why, and which of several notebooks was graded.
    `misconceptions` names, by exercise, the known misconception behind a wrong answer.
    """

    student: str
    chapter: str
    source: str
    items: tuple[Item, ...] = ()
    repairs: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    taken: float = 0.0
    note: str = ""
    misconceptions: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> bool:
        """Whether the student handed in nothing."""
        return self.error == MISSING

    @property
    def graded(self) -> bool:
        """Whether the submission could be graded, whatever the marks."""
        return not self.error

    @property
    def problem(self) -> str:
        """Why there is no mark: "missing" (nothing was handed in), "refused", "crashed" (the grader failed), or "" where there is one."""
        if self.graded:
            return ""
        return "missing" if self.missing else "crashed" if self.error.endswith(GRADERS_FAULT) else "refused"

    @property
    def points(self) -> float:
        """Points to be had."""
        return worth(self.items)

    @property
    def earned(self) -> float:
        """Points earned."""
        return earned(self.items)

    @property
    def total(self) -> float:
        """Points that count: those earned, without what being late costs."""
        return round(self.earned * (1 - self.taken), 2)

    def by_exercise(self) -> dict[str, tuple[Item, ...]]:
        """Return the items of each exercise, in the order of the chapter."""
        grouped: dict[str, list[Item]] = {}
        for item in self.items:
            grouped.setdefault(item.exercise, []).append(item)
        return {exercise: tuple(items) for exercise, items in grouped.items()}


class Level(Enum):
    """How far a student came with an exercise."""

    FULL = "all points"
    PART = "some points"
    NONE = "no points"
    UNTRIED = "not attempted"


def level(items: Sequence[Item]) -> Level:
    """Return how far a student came, from the items of one exercise."""
    if all(item.outcome == "not attempted" for item in items):
        return Level.UNTRIED
    if not worth(items):  # a challenge
        return Level.FULL if all(item.outcome == "passed" for item in items) else Level.NONE
    return Level.FULL if earned(items) == worth(items) else Level.PART if earned(items) else Level.NONE


def worth(items: Sequence[Item]) -> float:
    """Return the points to be had."""
    return sum(item.points for item in items)


def earned(items: Sequence[Item]) -> float:
    """Return the points earned."""
    return sum(item.earned for item in items)
