"""A class of chapter 03 whose marks are made from data: nothing is run for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from support import ROOT

from nnlab.grading.adjusting.worth import points_by_exercise
from nnlab.grading.exports.formats import Request
from nnlab.grading.gradebook import Gradebook, Place
from nnlab.grading.intake.roster import Person
from nnlab.grading.results import MISSING, WAITING, WRITTEN, Item, Mark
from nnlab.workbook.course import Course

CHAPTER = "03_forward_propagation"
WORTH = points_by_exercise(Course(ROOT).chapter(CHAPTER))
WORDS = "sure_and_untrained"  # what chapter 03 asks to be answered in words
COUNTING = sum(points for name, points in WORTH.items() if name != WORDS)  # all points, as long as nobody marks words
ANSWER = "def softmax(z):\n    return z / z.sum()"


def mark(student: str, answers: Mapping[str, str] | None = None, **lost: float) -> Mark:
    """Return a mark with all points but those lost by exercise; an answer in words waits where there is one."""
    items = tuple(
        Item(name, WRITTEN, "Why?", points, 0, WAITING if name in (answers or ()) else "not attempted")
        if name == WORDS
        else Item(name, f"test_{name}", f"{name} is right.", points, points - lost.get(name, 0), "wrong" if name in lost else "passed")
        for name, points in WORTH.items()
    )
    return Mark(student, CHAPTER, f"{student}.ipynb", items, answers={"softmax": ANSWER} if answers is None else answers)


MEI = mark("Mei Li", softmax=2)
TOM = mark("Tom", softmax=1, neuron=1)
ANN = Mark("Ann", CHAPTER, "ann.pdf", error="ann.pdf is no notebook. Submit the .ipynb file.")
JAN = Mark("Jan", CHAPTER, "", error=MISSING)


def marked_class(to: Path, marks: Sequence[Mark] = (MEI, TOM, ANN, JAN), teams: Mapping[str, str] | None = None) -> Request:
    """Save a class's marks and return the request for them; `teams` has the groups of those who work together."""
    with Gradebook(to / "gradebook.sqlite") as book:
        book.enrol(
            CHAPTER,
            [
                Place(
                    Person(
                        *(each.student, each.student, f"{each.student.split()[0].lower()}@example.edu"),
                        team=(teams or {}).get(each.student, ""),
                    )
                )
                for each in marks
            ],
        )
        for each in marks:
            book.save(each)
    return Request(to, Course(ROOT))
