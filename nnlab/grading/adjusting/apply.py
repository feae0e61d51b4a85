"""What adjustments make of marks. The marks in the gradebook stay what the tests found; nothing here is saved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from nnlab.grading.adjusting.model import BONUS, COMMENT, DROP, EVERYONE, FULL, POINTS, SCALE, WHOLE, Adjustment, digest, in_force
from nnlab.grading.adjusting.rubric import ticks
from nnlab.grading.results import WRITTEN, Hand, Item, Mark
from nnlab.languages import say

NOT_RUN = "The tests did not run on this answer."
BY_HAND = Item("", "by hand", NOT_RUN, 0, 0, "not attempted")
BONUSES = (  # one point and more, added and taken off
    ("{points:g} point added: {why}", "{points:g} points added: {why}"),
    ("{points:g} point taken off: {why}", "{points:g} points taken off: {why}"),
)
Slots = Mapping[tuple[str, str, str], Adjustment]


def adjusted(
    marks: Iterable[Mark], adjustments: Iterable[Adjustment], worth: Mapping[str, float], written: Collection[str] = ()
) -> list[Mark]:
    """Return the marks as they count.

    Parameters
    ----------
    marks : iterable of Mark
        As the tests found them, all of one chapter.
    adjustments : iterable of Adjustment
        Of that chapter, also undone ones.
    worth : mapping of str to float
        The points to be had by exercise, for those whom the tests could not mark.
    written : collection of str
        Those of them that are answered in words. They count for everyone once one of them was marked.
    """
    slots = in_force(adjustments)
    return [_adjusted(mark, slots, worth, written) for mark in marks] if slots else list(marks)


def _adjusted(mark: Mark, slots: Slots, worth: Mapping[str, float], written: Collection[str]) -> Mark:
    hands = {name: _hand(mark, name, slots) for name in worth}
    if mark.error and any(hand.points is not None for hand in hands.values()):
        called = {name: WRITTEN if name in written else BY_HAND.name for name in worth}
        items = tuple(replace(BY_HAND, exercise=name, points=points, name=called[name]) for name, points in worth.items())
        mark = replace(mark, items=items, error="", note=say("{why} Marked by hand.", why=mark.trouble))
    every = [slots[slot] for slot in ((BONUS, mark.student, WHOLE), (BONUS, EVERYONE, WHOLE), (SCALE, EVERYONE, WHOLE)) if slot in slots]
    comment = slots.get((COMMENT, mark.student, WHOLE))
    return replace(
        mark,
        hands={name: hand for name, hand in hands.items() if hand != Hand()},
        scale=next((each.value or 0.0 for each in every if each.kind == SCALE), 1.0),
        bonus=sum(each.value or 0.0 for each in every if each.kind == BONUS),
        reasons=tuple(_said(each) for each in every),
        comment=comment.text if comment else "",
        begun=frozenset(exercise for kind, _, exercise in slots if kind == POINTS),
    )


def _hand(mark: Mark, exercise: str, slots: Slots) -> Hand:
    """Return what people said of one exercise of a student."""
    wanted = ((DROP, EVERYONE), (POINTS, mark.student), (COMMENT, mark.student))
    rule, points, comment = (slots.get((kind, who, exercise)) for kind, who in wanted)
    now = digest(mark.answers, exercise)
    return Hand(
        points=points.value if points else None,
        why=rule.why if rule else points.why if points else "",
        by=rule.by if rule else points.by if points else comment.by if comment else "",
        comment=comment.text if comment else "",
        rule="" if rule is None else FULL if rule.kind == FULL else DROP,
        changed=any(each and each.answer != now for each in (points, comment)),
        rubric=ticks(points.text) if points else (),
    )


def _said(adjustment: Adjustment) -> str:
    """Say what an adjustment of the whole chapter does, as the student reads it."""
    value = adjustment.value or 0.0
    if adjustment.kind == SCALE:
        return say("Marks are multiplied by {factor:g}: {why}", factor=value, why=adjustment.why)
    return say(BONUSES[value < 0][abs(value) != 1], points=abs(value), why=adjustment.why)
