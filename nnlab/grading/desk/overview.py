"""A class over several chapters: one page and one table for the instructor."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from urllib.parse import quote

from nnlab._files import write_atomically
from nnlab.grading.exports.formats import ExportError, Request
from nnlab.grading.gradebook import BOM, csv_text
from nnlab.grading.intake.roster import Person
from nnlab.grading.pages.page import page_name, points, render
from nnlab.grading.results import Mark
from nnlab.languages import say
from nnlab.workbook.course import Course

TELLING = ("id", "email", "login", "canvas")  # what knows a person again in another chapter; Moodle's numbers are another one in each
LITTLE = 0.5  # share of the points below which a look may help
FALL = 0.25  # and how much less than in the chapters before
LAST = 2  # chapters that are looked at
STATES = ("missing", "late", "not graded")
FEET = ("mean", "median", "missing", "late")  # below the table


@dataclass
class Student:
    """A student with a mark by chapter, and the folder where its page lies."""

    person: Person
    marks: dict[str, tuple[Mark, Path]] = field(default_factory=dict)

    def fits(self, other: Person) -> bool:
        """Tell whether this is the same person: by a number or address, else by the name where nothing speaks against it."""
        both = [(getattr(self.person, key), getattr(other, key)) for key in TELLING]
        told = [a == b for a, b in both if a and b]
        return any(told) if told else self.person.student == other.student

    def share(self, chapter: Chapter) -> float | None:
        """Return the share of the points of a chapter; 0 where nothing was handed in, None where nobody knows or none can be had."""
        mark = self.mark(chapter.name)
        if mark is None or not chapter.points:
            return None
        if mark.missing:
            return 0.0
        return mark.total / mark.points if mark.graded and mark.points else None

    def mark(self, chapter: str) -> Mark | None:
        """Return the mark of a chapter, None where the student was not in the class."""
        return self.marks[chapter][0] if chapter in self.marks else None

    def state(self, chapter: str) -> str:
        """Say how it stands with a chapter in a word or two, "" where there is a mark and nothing to say."""
        mark = self.mark(chapter)
        if mark is None:
            return "not in the class"
        if not mark.graded:
            return "missing" if mark.missing else "not graded"
        return "late" if mark.taken else ""


@dataclass(frozen=True)
class Chapter:
    """A chapter with its title and the most that can be had in it."""

    name: str
    title: str
    points: float


@dataclass(frozen=True)
class Overview:
    """The class over the chapters, both in order."""

    chapters: tuple[Chapter, ...]
    students: tuple[Student, ...]

    def total(self, student: Student) -> float:
        """Return all points of a student."""
        return sum(mark.total for mark, _ in student.marks.values() if mark.graded)

    def most(self, student: Student) -> float:
        """Return all points that a student could have: of the chapters with a mark, and of those where nothing was handed in."""
        known = [chapter for chapter in self.chapters if student.share(chapter) is not None]
        return sum(chapter.points for chapter in known) - self._not_yet(student, known)

    def _not_yet(self, student: Student, known: Sequence[Chapter]) -> float:
        """Return the points of answers in words that count for others already, and wait to be marked for this student."""
        marks = [(chapter, mark) for chapter in known if (mark := student.mark(chapter.name))]
        return sum(min(mark.waiting, chapter.points - mark.points) for chapter, mark in marks if mark.graded)

    def waiting(self, student: Student) -> float:
        """Return the points of answers in words that are still to be marked."""
        return sum(mark.waiting for mark, _ in student.marks.values())

    def percent(self, student: Student) -> float | None:
        """Return the points in percent of those that could be had."""
        most = self.most(student)
        return 100 * self.total(student) / most if most else None

    def last_and_before(self, student: Student) -> tuple[float | None, float | None]:
        """Return the percentage of the last chapter, and the mean of those before; None where there is none."""
        percents = [100 * share for chapter in self.chapters if (share := student.share(chapter)) is not None]
        return (percents[-1] if percents else None), (mean(percents[:-1]) if percents[1:] else None)

    def trend(self, student: Student) -> float | None:
        """Return by how many percentage points the last chapter is above the mean of those before, or None where there is none before."""
        last, before = self.last_and_before(student)
        return last - before if last is not None and before is not None else None

    def count(self, student: Student, state: str) -> int:
        """Return in how many chapters it stands so with a student."""
        return sum(student.state(chapter.name) == state for chapter in self.chapters)

    def signs(self, student: Student) -> list[str]:
        """Return what may be a reason to ask a student how it goes."""
        return list(self._signs(student))

    def _signs(self, student: Student) -> Iterator[str]:
        last = [chapter for chapter in self.chapters if chapter.name in student.marks][-LAST:]
        if missing := [chapter.name[:2] for chapter in last if student.state(chapter.name) == "missing"]:
            yield say("nothing handed in for {chapters}", chapters=say(" and ").join(missing))
        if unread := [chapter.name[:2] for chapter in last if student.state(chapter.name) == "not graded"]:
            yield say("{chapters} could not be graded", chapters=say(" and ").join(unread))
        share = student.share(last[-1]) if last else None
        if share is not None and share < LITTLE and not missing:
            yield say("{percent:.0f} % of the points in {chapter}", percent=100 * share, chapter=last[-1].name[:2])
        trend = self.trend(student)
        if trend is not None and trend <= -100 * FALL and not missing:
            yield say("{points:.0f} percentage points less than in the chapters before", points=-trend)

    def column(self, chapter: Chapter) -> dict[str, str]:
        """Return a chapter in numbers, for the foot of the table."""
        marks = [mark for student in self.students if (mark := student.mark(chapter.name))]
        totals = [mark.total for mark in marks if mark.graded]
        return {
            "mean": points(mean(totals)) if totals else "",
            "median": points(median(totals)) if totals else "",
            "missing": str(sum(mark.missing for mark in marks)),
            "late": str(sum(bool(mark.graded and mark.taken) for mark in marks)),
        }


def collected(folders: Sequence[Path], course: Course, gradebook: str = "") -> Overview:
    """Read the marks, as they count, of all chapters in some folders of results.

    Raises
    ------
    ExportError, GradebookError, CourseError
        If a folder has no marks, or a student has two marks of one chapter.
    """
    if gradebook and len(folders) > 1:
        raise ExportError("--gradebook has the marks of all chapters: name one folder, for the pages.")
    students: list[Student] = []
    chapters: dict[str, Chapter] = {}
    for folder in folders:
        request = Request(folder, course, gradebook=gradebook)
        with request.book() as book:
            names = book.chapters()
        if not names:
            raise ExportError(f"the gradebook of {folder} has no marks. Run `nnlab grade` first.")
        for name in names:
            chapter = Request(folder, course, name, gradebook)
            found = chapter.class_list
            most = max((mark.points for _, mark in found if mark.graded), default=sum(chapter.worth.values()))
            chapters[name] = Chapter(name, chapter.files.declared.title, max(most, chapters[name].points if name in chapters else 0.0))
            for place, mark in found:
                _add(students, place.person, mark, folder)
    return Overview(tuple(chapters[name] for name in sorted(chapters)), tuple(sorted(students, key=lambda each: each.person.student)))


def _add(students: list[Student], person: Person, mark: Mark, folder: Path) -> None:
    """Give a mark to the student whose it is."""
    student = next((each for each in students if each.fits(person)), None)
    if student is None:
        students.append(student := Student(person))
    if mark.chapter in student.marks:
        other = student.marks[mark.chapter][1]
        raise ExportError(f"{person.student} has two marks of {mark.chapter}, in {other} and in {folder}. Leave one of the folders out.")
    student.marks[mark.chapter] = mark, folder


def write(overview: Overview, to: Path) -> list[Path]:
    """Write the page and the table, and return where they are."""
    page, table = to / "overview.html", to / "overview.csv"
    write_atomically(page, overview_page(overview, to))
    write_atomically(table, BOM + csv_text(rows(overview)))
    return [page, table]


def overview_page(overview: Overview, to: Path) -> str:
    """Return the page as self-contained HTML; links lead to the feedback pages from the folder `to`."""
    links = [{name: _link(each, name, to) for name in each.marks} for each in overview.students]  # by place: two may have one name
    lines = [_line([each.share(chapter) for chapter in overview.chapters]) for each in overview.students]
    signs = [(each.person.student, said) for each in overview.students if (said := overview.signs(each))]
    return render("overview.html.j2", overview=overview, links=links, lines=lines, signs=signs, little=LITTLE, fall=FALL, feet=FEET)


def rows(overview: Overview) -> Iterator[list[str]]:
    """Yield the table of the class: a line for each student, and for each chapter points, points to be had and how it stands."""
    heads = [each for chapter in overview.chapters for each in (chapter.name, f"{chapter.name} of", f"{chapter.name} state")]
    yield [
        "student",
        "email",
        "id",
        "section",
        "group",
        *heads,
        "total",
        "of",
        "percent",
        "missing",
        "late",
        "last_percent",
        "before_percent",
        "to_be_marked",
    ]
    for student in overview.students:
        person, cells = student.person, list[str]()
        for chapter in overview.chapters:
            mark = student.mark(chapter.name)
            cells += [points(mark.total) if mark and mark.graded else "", points(chapter.points), student.state(chapter.name)]
        counts = [str(overview.count(student, state)) for state in ("missing", "late")]
        sums = [points(overview.total(student)), points(overview.most(student)), _percent(overview.percent(student))]
        known = [person.student, person.email, person.id, person.section, person.team]
        waiting = overview.waiting(student)
        yield [*known, *cells, *sums, *counts, *map(_percent, overview.last_and_before(student)), points(waiting) if waiting else ""]


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _link(student: Student, chapter: str, to: Path) -> str:
    """Return the way from the overview to a feedback page, or "" where there is none."""
    mark, folder = student.marks[chapter]
    page = folder / "feedback" / page_name(mark.student)
    try:
        return quote(Path(os.path.relpath(page, to)).as_posix()) if page.exists() else ""
    except ValueError:  # on another drive of Windows
        return ""


def _line(shares: Sequence[float | None]) -> str:
    """Return the points of a small line through the shares of the chapters, in a box of 100 by 24; it goes over gaps."""
    step = 100 / max(len(shares) - 1, 1)
    return " ".join(f"{4 + 0.92 * i * step:.1f},{22 - 20 * min(share, 1.0):.1f}" for i, share in enumerate(shares) if share is not None)
