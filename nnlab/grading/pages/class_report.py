"""The page of a class: how the marks are spread, what each exercise cost and why, who needs a look. Same marks, same bytes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from nnlab.grading.pages.own_text import TELLING, Copies
from nnlab.grading.pages.page import render
from nnlab.grading.results import Item, Level, Mark, in_words, level, worth
from nnlab.languages import say

BINS = 10  # of the histogram, at most
STYLES = {  # of a bar's parts: colour and pattern
    Level.FULL: ("full", ""),
    Level.PART: ("part", "lines"),
    Level.NONE: ("none", "dots"),
    Level.UNTRIED: ("line", ""),
}
STOPS = {"died": "ended the process", "timeout": "took too long"}
STATES = {
    "full": "all points",
    "lost": "points lost",
    "problem": "no mark",
    "look": "stopped, or notebook mended",
    "hand": "changed or commented by hand",
    "words": "an answer in words to be marked",
}
PROBLEMS = {
    "missing": "nothing handed in",
    "refused": "handed in, but cannot be graded",
    "crashed": "the grader failed: please report it",
}


def class_page(marks: Sequence[Mark], title: str, written: Sequence[Copies] = ()) -> str:
    """Return the page of the class, as self-contained HTML.

    Parameters
    ----------
    marks : sequence of Mark
        Of one chapter, in the order in which they are to be listed.
    title : str
        The chapter's title.
    written : sequence of Copies
        Answers that are the course's own text.
    """
    graded = [mark for mark in marks if mark.graded]
    totals = [mark.total for mark in graded] or [0.0]
    most = max((mark.points for mark in graded), default=0.0)
    exercises = exercise_reports(graded)
    state = {mark.student: _states(mark) for mark in marks}
    return render(
        "class.html.j2",
        "class.js" if marks else "",
        title=title,
        marks=marks,
        graded=graded,
        mean=mean(totals),
        median=median(totals),
        most=most,
        bins=histogram(totals, most) if graded else [],
        exercises=exercises,
        readings=reading_reports(graded),
        waiting=Level.WAITING,
        untried=Level.UNTRIED,
        bars=[_bar(each) for each in exercises],
        left=20 + 9 * max((len(each.name) for each in exercises), default=0),
        styles=STYLES,
        problems={text: [mark for mark in marks if mark.problem == kind] for kind, text in PROBLEMS.items()},
        stopped={mark.student: list(_stops(mark)) for mark in graded if any(_stops(mark))},
        written=[each for each in written if each.telling],
        short=[each for each in written if not each.telling],
        telling=TELLING,
        changed=any(mark.changes for mark in graded),
        dropped=graded[0].dropped if graded else [],
        mended=[mark for mark in graded if mark.repairs],
        remarks={mark.student: list(_remarks(mark)) for mark in marks},
        states={each: words for each, words in STATES.items() if each in {one for states in state.values() for one in states}},
        state=state,
    )


@dataclass(frozen=True)
class Bin:
    """A bar of the histogram: how many marks lie from `low` to under `high` (the last one: to `high`)."""

    low: float
    high: float
    count: int


def histogram(totals: Sequence[float], most: float) -> list[Bin]:
    """Count marks in bins whose width is a whole number of points.

    Parameters
    ----------
    totals : sequence of float
        Points earned, one number a student.
    most : float
        Points to be had. A mark above falls into the last bin.
    """
    width = max(1, math.ceil(most / BINS))
    number = max(1, math.ceil(most / width))
    counts = Counter(min(max(int(total // width), 0), number - 1) for total in totals)
    return [Bin(width * i, min(width * (i + 1), max(most, 1)), counts[i]) for i in range(number)]


@dataclass(frozen=True)
class Loss:
    """A sentence of the hidden tests, how many who tried the exercise lost points by it, and how many points in all."""

    sentence: str
    students: int
    points: float


@dataclass(frozen=True)
class ExerciseReport:
    """How the class did in one exercise. Most frequent things come first."""

    name: str
    points: float
    levels: Mapping[Level, int]
    misconceptions: tuple[tuple[str, int], ...]
    losses: tuple[Loss, ...]

    @property
    def students(self) -> int:
        """Students whose notebooks were graded."""
        return sum(self.levels.values())

    @property
    def solved(self) -> int:
        """Students with all points."""
        return self.levels[Level.FULL]

    @property
    def tried(self) -> int:
        """Students who wrote something."""
        return self.students - self.levels[Level.UNTRIED]

    @property
    def share(self) -> str:
        """Students with all points, in percent; never 0 where there are some, never 100 where there are others."""
        percent = 100 * self.solved / self.students
        return f"{min(max(round(percent), 1), 99) if 0 < percent < 100 else round(percent)} %"


def exercise_reports(graded: Sequence[Mark]) -> list[ExerciseReport]:
    """Return one report an exercise, in the order of the chapter; answers in words have their own (`reading_reports`)."""
    by: dict[str, list[tuple[Mark, tuple[Item, ...]]]] = {}
    for mark in graded:
        for name, items in mark.by_exercise().items():
            if not in_words(items):
                by.setdefault(name, []).append((mark, items))
    return [_exercise_report(name, answers) for name, answers in by.items()]


def _exercise_report(name: str, answers: Sequence[tuple[Mark, tuple[Item, ...]]]) -> ExerciseReport:
    levels = Counter(level(items) for _, items in answers)
    known = Counter(mark.misconceptions[name] for mark, _ in answers if name in mark.misconceptions)
    tried = [item for _, items in answers if level(items) is not Level.UNTRIED for item in items]
    lost: dict[str, list[float]] = {}
    for item in tried:
        if item.earned < item.points:
            lost.setdefault(item.sentence, []).append(item.points - item.earned)
    losses = [Loss(sentence, len(points), sum(points)) for sentence, points in lost.items()]
    return ExerciseReport(
        name,
        max(worth(items) for _, items in answers),
        levels,
        tuple(sorted(known.items(), key=lambda pair: (-pair[1], pair[0]))),
        tuple(sorted(losses, key=lambda loss: (-loss.points, loss.sentence))),
    )


@dataclass(frozen=True)
class ReadingReport:
    """What the class wrote in answer to one question: who, how far that is marked, the text, and what it earned of how much."""

    name: str
    question: str
    points: float
    answers: tuple[tuple[str, Level, str, float], ...]

    def count(self, *levels: Level) -> int:
        """Return how many answers stand so."""
        return sum(how in levels for _, how, _, _ in self.answers)

    @property
    def marked(self) -> int:
        """How many are marked."""
        return self.count(Level.FULL, Level.PART, Level.NONE)


def reading_reports(graded: Sequence[Mark]) -> list[ReadingReport]:
    """Return one report for each question that is answered in words."""
    asked = {name: items[0] for mark in graded for name, items in mark.by_exercise().items() if in_words(items)}
    reports = []
    for name, item in asked.items():
        those = [mark for mark in graded if name in mark.scores]
        answers = tuple((mark.student, mark.level(name), mark.answers.get(name, ""), mark.scores[name].earned) for mark in those)
        reports.append(ReadingReport(name, item.sentence, item.points, answers))
    return reports


def _bar(exercise: ExerciseReport) -> list[dict[str, Any]]:
    """Return the parts of one bar, with where they start and how long they are, as shares of the whole."""
    parts, at = [], 0.0
    for each in STYLES:
        width = exercise.levels[each] / exercise.students
        parts.append({"level": each, "count": exercise.levels[each], "at": at, "width": width})
        at += width
    return parts


def _stops(mark: Mark) -> Iterator[str]:
    """Say where the student's code ended the process or took too long."""
    for name, items in mark.by_exercise().items():
        for outcome, words in STOPS.items():
            if any(item.outcome == outcome for item in items):
                yield f"{name} {say(words)}"


def _remarks(mark: Mark) -> Iterator[str]:
    """Say in a few words what an instructor may want to find a student by."""
    if mark.problem:
        yield say(PROBLEMS[mark.problem])
    yield from (f"{name}: {say(known)}" for name, known in mark.misconceptions.items())
    yield from _stops(mark)
    if mark.repairs:
        yield say("notebook mended")
    yield from (say("by hand: {change}", change=change) for change in mark.own_changes)
    yield from (say("commented: {name}", name=name) for name, hand in mark.hands.items() if hand.comment)
    if mark.waiting:
        yield say("an answer in words to be marked")
    if mark.note:
        yield mark.note


def _states(mark: Mark) -> list[str]:
    """Return which of `STATES` a student's row can be filtered by."""
    if not mark.graded:
        return ["problem"]
    look = ["look"] if mark.repairs or any(_stops(mark)) else []
    hand = ["hand"] if mark.adjusted else []
    words = ["words"] if mark.waiting else []
    return ["full" if mark.total >= mark.points else "lost", *look, *hand, *words]
