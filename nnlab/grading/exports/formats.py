"""Marks in the form that other systems take: one line of `FORMATS` for each."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from nnlab._files import write_atomically, zipped
from nnlab.grading.adjusting.apply import adjusted
from nnlab.grading.adjusting.worth import points_by_exercise
from nnlab.grading.exports.feedback import as_downloaded, is_address, mail, no_mail, username
from nnlab.grading.exports.gradescope import autograder
from nnlab.grading.exports.nbgrader import course_files
from nnlab.grading.gradebook import Gradebook, Place, csv_text
from nnlab.grading.intake import names
from nnlab.grading.pages.feedback import feedback_page, spoken
from nnlab.grading.pages.page import page_name
from nnlab.grading.results import Hand, Mark
from nnlab.languages import speaking
from nnlab.workbook.build import load
from nnlab.workbook.course import ChapterFiles, Course
from nnlab.workbook.rubrics import Written, written

MOODLE = ("Identifier", "Full name", "Email address", "ID number", "Grade", "Maximum Grade", "Last modified (grade)", "Feedback comments")
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
BLACKBOARD = ("Grading Notes", "Notes Format", "Feedback to Learner", "Feedback Format")  # after the user's name and the column
UNSAFE = re.compile(r'[_/\\:*?"<>|\x00-\x1f]+')  # in Moodle's folder names


Found = TypeVar("Found")


class ExportError(ValueError):
    """Nothing can be exported; the message says what is missing and what to do."""


@dataclass(frozen=True)
class Request:
    """What to export, and where to.

    `to` is the folder that `nnlab grade --to` wrote; files are written beside its gradebook. `gradebook` is a SQLAlchemy URL for one
    that lies elsewhere. `assignment` is what Canvas or Blackboard calls the chapter. `out_of` scales marks to what the other system gives.
    `sender` is the address that mails are from, "" where the program that sends them says it.
    """

    to: Path
    course: Course
    chapter: str = ""
    gradebook: str = ""
    assignment: str = ""
    out_of: float | None = None
    sandbox: str = "bubblewrap"
    sender: str = ""

    @cached_property
    def files(self) -> ChapterFiles:
        """The chapter asked for, else the only one of the gradebook."""
        if self.chapter:
            return self.course.chapter(self.chapter)
        with self.book() as book:
            chapters = book.chapters()
        if len(chapters) != 1:
            raise ExportError(f"the gradebook has marks of {', '.join(chapters) or 'no chapter'}. Choose one with --chapter.")
        return self.course.chapter(chapters[0])

    @cached_property
    def class_list(self) -> list[tuple[Place, Mark]]:
        """The class as of the last run, with the marks as they count: what people adjusted is in them."""
        with self.book() as book:
            found, adjustments = book.class_list(self.files.name), book.adjustments(self.files.name)
        marks = adjusted([mark for _, mark in found], adjustments, self.worth, self.written)
        return [(place, mark) for (place, _), mark in zip(found, marks, strict=True)]

    @cached_property
    def worth(self) -> dict[str, float]:
        """The points of each exercise of the chapter."""
        return points_by_exercise(self.files)

    @cached_property
    def written(self) -> dict[str, Written]:
        """The questions of the chapter that are answered in words, with their rubrics."""
        return written(load(self.files.solution))

    @property
    def everyone(self) -> list[Mark]:
        """The marks of the class, also of those who handed in nothing."""
        return self._some([mark for _, mark in self.class_list])

    @property
    def marks(self) -> list[tuple[Place, Mark]]:
        """The class without those who handed in nothing."""
        return self._some([(place, mark) for place, mark in self.class_list if not mark.missing])

    @property
    def waiting(self) -> list[str]:
        """Students with answers in words that nobody has marked yet, whose marks are not whole; none where marks were not asked for."""
        return [mark.student for _, mark in vars(self).get("class_list", ()) if mark.waiting]

    @property
    def points(self) -> float:
        """The most that can be had, in the other system's points."""
        return self.out_of or max((mark.points for _, mark in self.marks), default=0.0)

    def grade(self, mark: Mark) -> str:
        """Return a mark in the other system's points."""
        share = mark.total / mark.points if mark.points else 0.0
        return _number(share * self.out_of if self.out_of else mark.total)

    def _some(self, found: list[Found]) -> list[Found]:
        if not found:
            raise ExportError(f"the gradebook has no marks of {self.files.name}. Run `nnlab grade` first.")
        return found

    def book(self) -> Gradebook:
        """Open the gradebook; it has to be there."""
        path = self.to / "gradebook.sqlite"
        if not self.gradebook and not path.exists():
            raise ExportError(f"{self.to} has no gradebook. Give the folder that `nnlab grade --to` wrote, or --gradebook URL.")
        return Gradebook(self.gradebook or path)


@dataclass(frozen=True)
class Export:
    """Files to write, by their path in the folder, and the students who are not in them though they handed something in.

    Where `alone` is a folder, nothing of an earlier export may lie in it beside these.
    """

    files: Mapping[str, str | bytes]
    left_out: Sequence[str] = ()
    alone: str = ""


def moodle(request: Request) -> Export:
    """Return the grades, for the gradebook's import and for the grading worksheet's, and the feedback pages for the upload as a zip."""
    known = [
        (place, mark) for place, mark in request.marks if mark.graded and (place.person.moodle or place.person.email or place.person.id)
    ]
    rows = [
        (
            f"Participant {place.person.moodle}" if place.person.moodle else "",
            place.person.name,
            place.person.email,
            place.person.id,
            request.grade(mark),
            _number(request.points),
            "",
            _summary(mark, " "),
        )
        for place, mark in known
    ]
    pages = {
        f"{UNSAFE.sub(' ', place.person.name).strip()}_{place.person.moodle}_assignsubmission_file_/feedback.html": _page(mark, request)
        for place, mark in request.marks
        if place.person.moodle
    }
    files: dict[str, str | bytes] = {"moodle-grades.csv": csv_text([MOODLE, *rows])}
    return Export(files | ({"moodle-feedback.zip": zipped(pages)} if pages else {}), _left_out(request, known))


def canvas(request: Request) -> Export:
    """Return the grades for Canvas's gradebook import. Who is not in the file keeps the grade that Canvas has."""
    known = [(place, mark) for place, mark in request.marks if mark.graded and not place.person.canvas.startswith("anon_")]
    rows = [
        (place.person.name, place.person.canvas, place.person.id, place.person.login, place.person.section, request.grade(mark))
        for place, mark in known
    ]
    title = request.assignment or request.files.declared.title
    head = [(*CANVAS, title), ("    Points Possible", "", "", "", "", _number(request.points))]
    return Export({"canvas-grades.csv": csv_text([*head, *rows])}, _left_out(request, known))


def feedback_canvas(request: Request) -> Export:
    """Return the feedback pages as Canvas takes them back: each called as the file that was handed in, up to the student's own name."""
    return _reuploaded(request, "canvas-feedback.zip", names.CANVAS, "Canvas (“Download Submissions”)")


def feedback_brightspace(request: Request) -> Export:
    """Return the feedback pages in the folders that Brightspace made when the submissions were downloaded."""
    return _reuploaded(request, "brightspace-feedback.zip", names.BRIGHTSPACE, "Brightspace (“Download”)")


def feedback_blackboard(request: Request) -> Export:
    """Return grades and feedback as text for Blackboard's “Work Offline”, which knows students by the names they log in with.

    Raises
    ------
    ExportError
        If nobody said which column it is.
    """
    if not request.assignment:
        raise ExportError(
            "Blackboard knows a column by its number only. Download the grades there, and give the column's header from that file as "
            "--assignment, such as 'Lab 3 [Total Pts: 25 Score] |409581'."
        )
    known = [(place, mark) for place, mark in request.marks if mark.graded and username(place, mark)]
    rows = [
        (username(place, mark), request.grade(mark), "", "SMART_TEXT", html.escape(_summary(mark, " "), quote=False), "SMART_TEXT")
        for place, mark in known
    ]
    return Export({"blackboard-feedback.csv": csv_text([("Username", request.assignment, *BLACKBOARD), *rows])}, _left_out(request, known))


def feedback_mails(request: Request) -> Export:
    """Return a mail for each student, `mails/CHAPTER/STUDENT.eml`, and name those without an address. Nothing is sent.

    Raises
    ------
    ExportError
        If the sender is no address.
    """
    if request.sender and not is_address(request.sender):
        raise ExportError(f"--from {request.sender!r} is no address. Write it as name@example.edu.")
    why = {mark.student: no_mail(place) for place, mark in request.marks}
    folder, title = f"mails/{request.files.name}", request.files.declared.title
    mails = {
        f"{folder}/{Path(page_name(mark.student)).stem}.eml": mail(
            place, f"Feedback: {title}", _summary(mark, "\n\n"), _page(mark, request), request.sender
        )
        for place, mark in request.marks
        if not why[mark.student]
    }
    if not mails:
        raise ExportError("the gradebook has no address of anyone. Give a roster with a column “email” to `nnlab grade --roster`.")
    return Export(mails, [f"{student} ({reason})" for student, reason in why.items() if reason], folder)


def gradescope(request: Request) -> Export:
    """Return the autograder that Gradescope runs on each submission."""
    return Export({"gradescope-autograder.zip": zipped(autograder(request.files, request.sandbox))})


def everything(request: Request) -> Export:
    """Return all marks with their items, for scripts."""
    students = [
        {
            **asdict(place),
            "graded": mark.graded,
            "error": mark.error,
            "earned": mark.earned,
            "total": mark.total,
            "points": mark.points,
            "to_be_marked": mark.waiting,
            "exercises": _exercises(mark),
            "changes": mark.changes,
            "comment": mark.comment,
            "receipt": mark.receipt,
            "repairs": mark.repairs,
            "items": [asdict(item) for item in mark.items],
        }
        for place, mark in request.marks
    ]
    table = {"chapter": request.files.name, "title": request.files.declared.title, "students": students}
    return Export({"marks.json": json.dumps(table, indent=1, ensure_ascii=False) + "\n"})


def nbgrader(request: Request) -> Export:
    """Return the course for nbgrader; a configuration that is there stays as it is."""
    config = request.to / "nbgrader_config.py"
    mine = {config.name: config.read_bytes()} if config.exists() else {}
    return Export({**course_files(request.course), **mine})


@dataclass(frozen=True)
class Format:
    """A format: what it is for, and the function that makes it."""

    text: str
    make: Callable[[Request], Export]


FORMATS = {
    "moodle": Format("grades to import and feedback pages to upload", moodle),
    "canvas": Format("grades to import", canvas),
    "feedback-canvas": Format("feedback pages to upload where the submissions were downloaded", feedback_canvas),
    "feedback-brightspace": Format("feedback pages to upload where the submissions were downloaded", feedback_brightspace),
    "feedback-blackboard": Format("grades and feedback to upload; needs --assignment", feedback_blackboard),
    "feedback-mails": Format("a mail for each student (.eml), to send with a program of your own", feedback_mails),
    "gradescope": Format("an autograder zip; needs --chapter and no marks", gradescope),
    "nbgrader": Format("an nbgrader course with the hidden tests inlined; needs no marks", nbgrader),
    "json": Format("all marks with their items, for scripts", everything),
}


def export(name: str, request: Request) -> tuple[list[Path], Sequence[str]]:
    """Write a format's files.

    Parameters
    ----------
    name : str
        One of `FORMATS`.
    request : Request

    Returns
    -------
    list of Path, sequence of str
        What was written, and the students who are not in it though they handed something in.

    Raises
    ------
    ExportError, CourseError, GradebookError
        If there is no such format, or nothing to write.
    """
    if name not in FORMATS:
        raise ExportError(f"there is no format {name!r}. The formats are:\n{listed()}")
    with speaking(spoken(request.to)):
        made = FORMATS[name].make(request)
    _require_alone(made, request.to)
    for path, content in made.files.items():
        write_atomically(request.to / path, content)
    return [request.to / path for path in made.files], made.left_out


def listed() -> str:
    """Return all formats, a line each."""
    return "\n".join(f"  {name:20} {form.text}" for name, form in FORMATS.items())


def _require_alone(made: Export, to: Path) -> None:
    """Refuse a folder with files of an earlier export: somebody would take them for this one's."""
    old = sorted(path.name for path in (to / made.alone).glob("*.eml") if made.alone and f"{made.alone}/{path.name}" not in made.files)
    if old:
        raise ExportError(
            f"{to / made.alone} holds {old[0]}{f' and {len(old) - 1} more' if len(old) > 1 else ''} of an earlier export, for nobody who "
            "gets a mail now. Move the folder away, then run the same command again."
        )


def _reuploaded(request: Request, file: str, pattern: re.Pattern[str], system: str) -> Export:
    """Return the feedback pages in a zip, by the names of the files that were downloaded from a system."""
    called = as_downloaded(request.marks, pattern)
    if not called:
        raise ExportError(f"no file that was graded is called as {system} calls it. Grade what it gives, unpacked or not, as it is.")
    pages = {called[mark.student]: _page(mark, request) for _, mark in request.marks if mark.student in called}
    return Export({file: zipped(pages)}, [mark.student for _, mark in request.marks if mark.student not in called])


def _left_out(request: Request, known: Sequence[tuple[Place, Mark]]) -> list[str]:
    inside = {mark.student for _, mark in known}
    return [mark.student for _, mark in request.marks if mark.student not in inside]


def _page(mark: Mark, request: Request) -> bytes:
    return feedback_page(mark, request.files.declared.title).encode()


def _exercises(mark: Mark) -> dict[str, dict[str, Any]]:
    """Return what counts of each exercise, what the tests found, and what people said of it."""
    said = {name: asdict(mark.hands.get(name, Hand())) for name in mark.scores}
    return {
        name: asdict(score) | {key: value for key, value in said[name].items() if key != "points"} for name, score in mark.scores.items()
    }


def _summary(mark: Mark, between: str) -> str:
    """Return what a student is told in a few sentences: points or why there are none, what was noted, what people changed and wrote."""
    waiting = f" {_number(mark.waiting)} points are still to be marked." if mark.waiting else ""
    points = f"{_number(mark.total)} of {_number(mark.points)} points.{waiting}" if mark.graded else mark.error
    return between.join(filter(None, (points, mark.note, *_said(mark))))


def _said(mark: Mark) -> list[str]:
    """Return what people changed and wrote to the student, as plain text."""
    changes = f"Changed by hand: {'; '.join(mark.changes)}." if mark.changes else ""
    return [*filter(None, [changes]), *mark.comments]


def _number(value: float) -> str:
    return f"{round(value, 2):g}"
