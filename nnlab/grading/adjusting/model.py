"""An adjustment: what a person decided about a mark. None is ever deleted; one that is undone says who undid it, and when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nnlab.grading.results import NOTEBOOK
from nnlab.languages import say

POINTS, COMMENT, DROP, FULL, SCALE, BONUS, SEEN = "points", "comment", "drop", "full", "scale", "bonus", "seen"
WORDS = {
    **{POINTS: "points", COMMENT: "a comment", DROP: "dropped", FULL: "full points for all", SCALE: "marks scaled", BONUS: "a bonus"},
    SEEN: "looked at, and the points stand",
}
EVERYONE = ""  # in place of a student
WHOLE = ""  # in place of an exercise


@dataclass(frozen=True)
class Adjustment:
    """One decision of a person about a student's exercise, about an exercise of everyone, or about the whole chapter.

    `kind` is one of `WORDS`. `value` is what counts from then on (points, factor or bonus) and `before` what counted until then, None where
    there is no such number. `text` is a comment in Markdown, `why` the reason that students read. `when` is an ISO time in UTC.
    `answer` is the digest of the answer that it was made for. `undone` says by whom and when it was undone, or "".
    """

    kind: str
    chapter: str
    student: str = EVERYONE
    exercise: str = WHOLE
    value: float | None = None
    before: float | None = None
    text: str = ""
    why: str = ""
    by: str = ""
    when: str = ""
    answer: str = ""
    undone: str = ""
    number: int = 0

    @property
    def slot(self) -> tuple[str, str, str]:
        """What it decides: of several about the same, the last one counts."""
        return DROP if self.kind == FULL else self.kind, self.student, self.exercise

    @property
    def about(self) -> str:
        """Whom and what it is about, in words."""
        return " ".join(filter(None, (self.student or say("everyone"), self.exercise)))

    @property
    def words(self) -> str:
        """All of it in a line."""
        change = f" {_number(self.before)} → {_number(self.value)}" if self.value is not None else f" “{self.text}”" if self.text else ""
        why = f" ({self.why})" if self.why else ""
        undone = say("; undone by {who}", who=self.undone) if self.undone else ""
        what = f"{say(WORDS[self.kind])}{change}{why}"
        return say(
            "{number}. {about}: {what}, by {who}, {when}{undone}",
            number=self.number,
            about=self.about,
            what=what,
            who=self.by,
            when=self.when,
            undone=undone,
        )


def in_force(adjustments: Iterable[Adjustment]) -> dict[tuple[str, str, str], Adjustment]:
    """Return what counts by slot: of those about the same, the last one that is not undone."""
    return {each.slot: each for each in sorted(adjustments, key=lambda each: each.number) if not each.undone}


def digest(answers: Mapping[str, str], exercise: str = WHOLE) -> str:
    """Return a short digest of an answer, or of all where it is about the whole notebook."""
    all_ = exercise in (WHOLE, NOTEBOOK)
    text = "\0".join(f"{name}\0{answers[name]}" for name in sorted(answers)) if all_ else answers.get(exercise, "")
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
