"""What was mended before grading, as an instructor decides about it: accepted, it stands; refused, its points are taken back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nnlab.grading.adjusting.model import POINTS, SEEN, Adjustment, in_force
from nnlab.grading.desk.adjust import AdjustError, Desk, Wish
from nnlab.grading.results import NOTEBOOK, Mark, in_words
from nnlab.languages import say

QUOTED = re.compile(r"`([^`]+)`")
LONGEST = 300  # characters of a mend in a reason


@dataclass(frozen=True)
class Mend:
    """One thing that was mended: the sentence, the points that are left of the exercise without it, and what was decided ("" if nothing).

    `left` is None where no points of this exercise hang on it.
    """

    text: str
    left: float | None
    decided: str = ""


def mends(desk: Desk, student: str, exercise: str) -> list[Mend]:
    """Return what was mended of an exercise of a student; of the notebook, all that was."""
    mark, slots = desk.marks[student], in_force(desk.adjustments)
    kept = {kind: slots.get((kind, student, exercise)) for kind in (POINTS, SEEN)}
    words = {
        each.text: say("refused by {who}" if kind == POINTS else "accepted by {who}", who=each.by)
        for kind, each in kept.items()
        if each and each.text
    }
    return [Mend(text, _left(mark, exercise, text), words.get(text, "")) for text in concerning(mark, exercise)]


def concerning(mark: Mark, exercise: str) -> list[str]:
    """Return the sentences about what was mended of an exercise; of the notebook, all."""
    return [text for text in mark.repairs if exercise == NOTEBOOK or exercise in QUOTED.findall(text)]


def points_hang(mark: Mark, exercise: str) -> bool:
    """Tell whether points hang on something mended of an exercise; whether someone decided about it is not asked."""
    left = [found for text in concerning(mark, exercise) if (found := _left(mark, exercise, text)) is not None]
    return any(found < mark.scores[exercise].found for found in left)


def _left(mark: Mark, exercise: str, text: str) -> float | None:
    """Return the points that the tests found without those that hang on a mend: an exercise's answer, or the checkpoints that it names."""
    items = mark.by_exercise().get(exercise, ())
    if not items or in_words(items):
        return None
    if exercise != NOTEBOOK:
        return 0.0
    named = set(QUOTED.findall(text))
    return sum(item.earned for item in items if item.name not in named) if named & {item.name for item in items} else None


def accepted(desk: Desk, student: str, exercise: str, text: str) -> Adjustment:
    """Return the adjustment that says that someone looked at a mend, and that it stands.

    Raises
    ------
    AdjustError
        If nothing was mended so.
    """
    name, of = _known(desk, student, exercise, text)
    return replace(desk.looked_at(name, of), text=text)


def refused(desk: Desk, student: str, exercise: str, text: str, why: str = "", comment: str = "") -> list[Adjustment]:
    """Return the adjustments that take the points of a mend back, with a comment if there is one. The mend is a reason where none is given.

    Raises
    ------
    AdjustError
        If nothing was mended so, or no points hang on it.
    """
    name, of = _known(desk, student, exercise, text)
    mark = desk.marks[name]
    left = _left(mark, of, text)
    if left is None:
        raise AdjustError(f"no points of {of} hang on that. Open the exercise that it is about, or change the points by hand.")
    wish = Wish(name, of, f"{min(left, mark.scores[of].earned):g}", why or say("Not accepted: {text}", text=text[:LONGEST]), comment)
    return [replace(each, text=text) if each.kind == POINTS else each for each in desk.marked([wish])]


def _known(desk: Desk, student: str, exercise: str, text: str) -> tuple[str, str]:
    name, of = desk.student(student), desk.exercise(exercise)
    if text not in concerning(desk.marks[name], of):
        raise AdjustError("nothing was mended so in this notebook, or it was graded again since. Load the page again.")
    return name, of
