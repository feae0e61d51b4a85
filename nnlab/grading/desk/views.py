"""What the desk shows: the class, and one answer with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from nnlab.grading.adjusting.apply import BY_HAND
from nnlab.grading.adjusting.model import BONUS, COMMENT, EVERYONE, POINTS, SEEN, WHOLE, Adjustment, digest, in_force
from nnlab.grading.desk.adjust import Desk
from nnlab.grading.desk.mends import mends, points_hang
from nnlab.grading.pages.feedback import MARKS, WORDS
from nnlab.grading.pages.page import render
from nnlab.grading.results import NOTEBOOK, Level, Mark

Slots = Mapping[tuple[str, str, str], Adjustment]
BY_PEOPLE = (POINTS, COMMENT, SEEN)


def class_view(desk: Desk, problem: str = "") -> str:
    """Return the page of the class: students and exercises, what is to be looked at, and what is decided for everyone."""
    slots, marks = in_force(desk.adjustments), list(desk.marks.values())
    states = {mark.student: {name: state(mark, name, slots) for name in desk.request.worth} for mark in marks}
    return render(
        "desk.html.j2",
        "desk.js",
        desk=desk,
        marks=marks,
        worth=desk.request.worth,
        states=states,
        left=sum(found == "look" for row in states.values() for found in row.values()),
        link=link,
        next=next_place(desk, "", ""),
        changes=desk.adjustments[::-1],
        seen=_seen(desk),
        problem=problem,
    )


def answer_page(desk: Desk, student: str, exercise: str) -> str:
    """Return the page of one answer, with the form that changes its points and comment."""
    mark, slots = desk.marks[student], in_force(desk.adjustments)
    students, names = list(desk.marks), list(desk.request.worth)
    i, j = students.index(student), names.index(exercise)
    return render(
        "answer.html.j2",
        "desk.js",
        desk=desk,
        mark=mark,
        partners=desk.partners(student),
        exercise=exercise,
        worth=desk.request.worth[exercise],
        score=mark.scores.get(exercise),
        hand=mark.hands.get(exercise),
        items=mark.by_exercise().get(exercise, ()),
        answer="\n\n".join(mark.answers.values()) if exercise == NOTEBOOK else mark.answers.get(exercise, ""),
        shown=desk.shown(student, exercise),
        mends=mends(desk, student, exercise),
        state=state(mark, exercise, slots),
        history=[each for each in reversed(desk.adjustments) if each.student in (student, EVERYONE) and each.exercise in (exercise, "")],
        comment=slots.get((COMMENT, student, exercise)),
        bonus=slots.get((BONUS, student, WHOLE)),
        asked=desk.request.written.get(exercise),
        before=link(students[i - 1], exercise) if i else "",
        after=link(students[i + 1], exercise) if i + 1 < len(students) else "",
        left=link(student, names[j - 1]) if j else "",
        right=link(student, names[j + 1]) if j + 1 < len(names) else "",
        next=next_place(desk, student, exercise),
        seen=_seen(desk),
        marks=MARKS,
        words=WORDS,
    )


def state(mark: Mark, exercise: str, slots: Slots) -> str:
    """Return how it stands with an answer: "look" where nobody has looked at it yet, "hand" where someone has, or "".

    To be looked at are answers in words, those that lost points or were mended, and those that changed since someone looked.
    """
    if (hand := mark.hands.get(exercise)) and hand.rule:
        return "hand"
    if exercise in mark.scores and mark.scores[exercise].waiting:
        return "look"
    theirs = [slots[slot] for kind in BY_PEOPLE if (slot := (kind, mark.student, exercise)) in slots]
    if theirs:
        return "hand" if any(each.answer == digest(mark.answers, exercise) for each in theirs) else "look"
    if not mark.graded or any(item.name == BY_HAND.name for item in mark.by_exercise().get(exercise, ())):
        return "" if mark.missing else "look"
    if points_hang(mark, exercise):
        return "look"
    lost = exercise in mark.scores and mark.scores[exercise].points and mark.level(exercise) in (Level.PART, Level.NONE)
    return "look" if lost else ""


def next_place(desk: Desk, student: str, exercise: str) -> str:
    """Return the link to the next answer to be looked at: the same exercise of the students after this one, then the exercises after it."""
    slots = in_force(desk.adjustments)
    places = [(name, each.student) for name in desk.request.worth for each in desk.marks.values()]
    at = places.index((exercise, student)) if (exercise, student) in places else -1
    return next((link(who, name) for name, who in _from(places, at) if state(desk.marks[who], name, slots) == "look"), "")


def link(student: str, exercise: str) -> str:
    """Return the link to an answer, from any page of the desk."""
    return f"answer?{urlencode({'student': student, 'exercise': exercise})}"


def _from(places: list[Any], at: int) -> Iterator[Any]:
    """Yield all places behind one, then those before it."""
    yield from places[at + 1 :]
    yield from places[: max(at, 0)]


def _seen(desk: Desk) -> int:
    return max((each.number for each in desk.adjustments), default=0)
