"""What grading finds out: one `Item` a graded thing, one `Mark` a submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from nnlab.languages import say
from nnlab.workbook.source import NOTEBOOK as NOTEBOOK  # what the items of checkpoint cells have for an exercise

WRITTEN = "in words"  # the name of the item of an answer that a person marks
WAITING = "to be marked"  # its outcome, where there is one to read
OUTCOMES = ("passed", "wrong", "raised", "timeout", "died", "not attempted", WAITING)
MISSING = "Nothing was handed in."
GRADERS_FAULT = "This is the grader's fault, not the student's: please report it."


@dataclass(frozen=True)
class Item:
    """One graded thing: a hidden test, a checkpoint cell of the notebook, or (`WRITTEN`) an answer in words.

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
class Hand:
    """What people said of one exercise of a student.

    `points` count in place of those that the tests gave (None: those stand); `why` says the reason, `by` who, `comment` (Markdown) more.
    `rule` is "drop" where the exercise is out of everyone's total, and "full" where everyone gets its points.
    `changed` says that the answer is another one than when this was said. `rubric` are the criteria of an answer in words, each with its
    points and whether it was met.
    """

    points: float | None = None
    why: str = ""
    by: str = ""
    comment: str = ""
    rule: str = ""
    changed: bool = False
    rubric: tuple[tuple[str, float, bool], ...] = ()


@dataclass(frozen=True)
class Score:
    """What counts of one exercise: the points earned of those to be had; `found` is what the tests gave, `worth` what they ask for.

    `waiting` are the points of an answer in words that nobody has marked yet. They count neither way.
    """

    earned: float
    points: float
    found: float
    worth: float
    waiting: float = 0.0

    @property
    def by_hand(self) -> bool:
        """Whether people made it another one than the tests did."""
        return (self.earned, self.points) != (self.found, self.worth)


@dataclass(frozen=True)
class Mark:
    """Everything about one submission; `error` says why it could not be graded, and then there are no items.

    `taken` is the share of the points that being late costs. `note` says why, and which of several notebooks was graded.
    `misconceptions` names, by exercise, the known misconception behind a wrong answer.
    What people changed stands in `hands` by exercise, and of the whole in `scale`, `bonus`, their `reasons` and a `comment` (Markdown).
    `receipt` tells which notebook was graded, "" where there was none. `begun` are the exercises of which someone's answer was marked by
    hand: an answer in words counts for everyone from then on. `shown` is what the student's cells showed, by exercise: pairs of "text" and
    a text, or "image" and a PNG in base64. The gradebook keeps it apart (`Gradebook.shown`); two marks may be equal without it.
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
    hands: Mapping[str, Hand] = field(default_factory=dict)
    scale: float = 1.0
    bonus: float = 0.0
    reasons: tuple[str, ...] = ()
    comment: str = ""
    receipt: str = ""
    begun: frozenset[str] = frozenset()
    shown: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict, compare=False)

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
    def trouble(self) -> str:
        """Why there is no mark, in the reader's language as far as it is known in it; "" where there is one."""
        return f"{self.error.removesuffix(GRADERS_FAULT)}{say(GRADERS_FAULT)}" if self.problem == "crashed" else say(self.error)

    @property
    def points(self) -> float:
        """Points to be had."""
        return sum(score.points for score in self.scores.values())

    @property
    def earned(self) -> float:
        """Points earned."""
        return sum(score.earned for score in self.scores.values())

    @property
    def total(self) -> float:
        """Points that count: those earned, scaled to at most all there are, less what being late costs, plus the bonus; never below 0."""
        scaled = min(self.earned * self.scale, max(self.points, self.earned))
        return round(max(scaled * (1 - self.taken) + self.bonus, 0.0), 2)

    @cached_property
    def scores(self) -> dict[str, Score]:
        """What counts of each exercise, in the order of the chapter."""
        return {name: _score(items, self.hands.get(name, Hand()), name in self.begun) for name, items in self.by_exercise().items()}

    @property
    def waiting(self) -> float:
        """Points of answers in words that are still to be marked."""
        return sum(score.waiting for score in self.scores.values())

    @property
    def adjusted(self) -> bool:
        """Whether people changed points or wrote a comment."""
        return bool(self.hands or self.reasons or self.comment)

    @property
    def changes(self) -> list[str]:
        """What people changed, each in a line: of which exercise, from what to what, and why."""
        return [*self._changes(self.hands), *self.reasons]

    @property
    def own_changes(self) -> list[str]:
        """Those of `changes` that are this student's: `dropped` is the same for everyone."""
        return [*self._changes({name: hand for name, hand in self.hands.items() if hand.rule != "drop"}), *self.reasons]

    @property
    def dropped(self) -> list[str]:
        """Those of `changes` that say that an exercise does not count for anyone."""
        return self._changes({name: hand for name, hand in self.hands.items() if hand.rule == "drop"})

    def _changes(self, hands: Mapping[str, Hand]) -> list[str]:
        scores, items = self.scores, self.by_exercise()
        return [*filter(None, (_change(name, hand, scores[name], in_words(items[name])) for name, hand in hands.items() if name in scores))]

    @property
    def comments(self) -> list[str]:
        """What people wrote to the student, each with its exercise before it."""
        return [*filter(None, [self.comment]), *(f"{name}: {hand.comment}" for name, hand in self.hands.items() if hand.comment)]

    @property
    def outdated(self) -> tuple[str, ...]:
        """The exercises whose answer has changed since people said something of it."""
        return tuple(name for name, hand in self.hands.items() if hand.changed)

    def level(self, exercise: str) -> Level:
        """Return how far a student came with an exercise, as it counts."""
        score, items = self.scores[exercise], self.by_exercise()[exercise]
        if score.waiting:
            return Level.WAITING
        untouched = in_words(items) and self.hands.get(exercise, Hand()).points is None and not score.earned
        if untouched or not (score.by_hand or in_words(items)):
            return level(items)
        return Level.FULL if score.earned >= score.points else Level.PART if score.earned else Level.NONE

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
    WAITING = "to be marked"


def in_words(items: Sequence[Item]) -> bool:
    """Tell whether these are the items of an answer in words."""
    return any(item.name == WRITTEN for item in items)


def level(items: Sequence[Item]) -> Level:
    """Return how far a student came, from the items of one exercise."""
    if all(item.outcome == "not attempted" for item in items):
        return Level.UNTRIED
    if not worth(items):  # a challenge
        return Level.FULL if all(item.outcome == "passed" for item in items) else Level.NONE
    return Level.FULL if earned(items) == worth(items) else Level.PART if earned(items) else Level.NONE


def _change(name: str, hand: Hand, score: Score, read: bool) -> str:
    """Say what people changed of an exercise, or "" where that is nothing but a comment."""
    change = f"{name} {score.found:g} → {score.earned:g}"
    if read:
        change = say("{name} {earned:g} of {points:g}", name=name, earned=score.earned, points=score.points)
    what = say("{name} does not count", name=name) if hand.rule == "drop" else "" if hand.points is None and not hand.rule else change
    changed = say("; the answer has changed since") if hand.changed else ""
    return f"{what} ({say(hand.why)}{changed})" if what else ""


def _score(items: Sequence[Item], hand: Hand, begun: bool) -> Score:
    """Return what counts of an exercise. Never more than it is worth now: its hidden tests may have changed since."""
    full = worth(items)
    if hand.rule == "drop":
        return Score(0.0, 0.0, earned(items), full)
    if in_words(items) and hand.points is None and not hand.rule:
        waits = any(item.outcome == WAITING for item in items)
        return Score(0.0, full if begun and not waits else 0.0, 0.0, full, full if waits else 0.0)
    given = full if hand.rule == "full" else earned(items) if hand.points is None else min(hand.points, full)
    return Score(given, full, earned(items), full)


def worth(items: Sequence[Item]) -> float:
    """Return the points to be had."""
    return sum(item.points for item in items)


def earned(items: Sequence[Item]) -> float:
    """Return the points earned."""
    return sum(item.earned for item in items)
