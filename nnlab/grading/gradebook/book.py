"""The gradebook: every mark with every item, in SQLite or any other database that SQLAlchemy knows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import URL, Inspector, create_engine, delete, insert, inspect, make_url, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, selectinload

from nnlab._files import sentence, write_atomically
from nnlab.grading.adjusting.model import Adjustment
from nnlab.grading.gradebook.tables import ADDED, VERSION, AboutRow, AdjustmentRow, Base, ItemRow, PlaceRow, ShownRow, SubmissionRow
from nnlab.grading.intake.roster import Person
from nnlab.grading.results import Item, Mark

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]|.*[;,\t|]\s*[=+\-@＝＋－＠]", re.DOTALL)  # what a spreadsheet might run instead of show
BOM = "\ufeff"


class GradebookError(RuntimeError):
    """The gradebook cannot be read or written; the message names it and says what to do."""


@dataclass(frozen=True)
class Place:
    """A student's place in the class: who it is, when the submission was received ("" or an ISO time), and what being late costs."""

    person: Person
    received: str = ""
    taken: float = 0.0
    note: str = ""


class Gradebook:
    """A database of marks, open between `with` and its end.

    Parameters
    ----------
    place : Path or str
        A SQLite file, made where it does not exist, or a SQLAlchemy URL.

    Raises
    ------
    GradebookError
        If it cannot be opened.
    """

    def __init__(self, place: Path | str) -> None:
        self._place, url, _ = str(place).partition("://")  # no more of a URL: it may hold a password
        if isinstance(place, Path):
            make_folder(place.parent)
        with self._telling():
            self._engine = create_engine(make_url(str(place)) if url else URL.create("sqlite", database=self._place))
            self._place = str(self._engine.url) if url else self._place  # the password is left out
            self._require_version()
            self._migrate()
            Base.metadata.create_all(self._engine)
            self._note_version()

    def _require_version(self) -> None:
        """Refuse tables of another form, with the way out. A gradebook from before versions has the first one's."""
        there = inspect(self._engine)
        with Session(self._engine) as session:
            version = session.scalar(select(AboutRow.version)) if there.has_table(AboutRow.__tablename__) else None
        if version is not None and version > VERSION:
            raise GradebookError(f"the gradebook {self._place} is of a newer nnlab (version {version}, here {VERSION}). Update nnlab.")
        for table in (each for each in Base.metadata.sorted_tables if there.has_table(each.name)):
            added = {column for name, column in ADDED if name == table.name and version != VERSION}
            if missing := sorted(set(table.columns.keys()) - added - _columns(there, table.name)):
                raise GradebookError(
                    f"the gradebook {self._place} is of an older nnlab: its table {table.name} has no column {missing[0]}. "
                    "Grade into another folder; what was handed in is marked again there."
                )

    def _migrate(self) -> None:
        """Give the tables of an earlier version what was added since; marks and class list stay as they are."""
        there = inspect(self._engine)
        with self._engine.begin() as connection:
            for table, column in ADDED:
                if there.has_table(table) and column not in _columns(there, table):
                    connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR NOT NULL DEFAULT ''"))

    def _note_version(self) -> None:
        """Say the version. An older one's tables are whole by now."""
        with Session(self._engine) as session, session.begin():
            version = session.scalar(select(AboutRow.version))
            if version is None:
                session.add(AboutRow(version=VERSION))
            elif version != VERSION:
                session.execute(update(AboutRow).values(version=VERSION))

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._engine.dispose()

    def save(self, mark: Mark, fingerprint: str = "") -> None:
        """Put a mark in place of the student's earlier one for the chapter, whole or not at all.

        Parameters
        ----------
        mark : Mark
        fingerprint : str
            Of all that the mark depends on, so that an unchanged submission need not be marked again.
        """
        row = SubmissionRow(
            student=mark.student,
            chapter=mark.chapter,
            source=mark.source,
            error=mark.error,
            repairs=list(mark.repairs),
            answers=dict(mark.answers),
            misconceptions=dict(mark.misconceptions),
            earned=mark.earned,
            points=mark.points,
            fingerprint=fingerprint,
            receipt=mark.receipt,
            items=[ItemRow(position=position, **asdict(item)) for position, item in enumerate(mark.items)],
        )
        with self._telling(), Session(self._engine) as session, session.begin():
            if old := session.scalar(_select(mark.student, mark.chapter)):
                session.delete(old)
                session.flush()
            session.add(row)
            session.execute(delete(ShownRow).where(ShownRow.student == mark.student, ShownRow.chapter == mark.chapter))
            session.add_all(_shown(mark))

    def shown(self, student: str, chapter: str, exercise: str) -> list[tuple[str, str]]:
        """Return what the student's cells of an exercise showed: pairs of "text" and a text, or "image" and a PNG in base64."""
        query = select(ShownRow.kind, ShownRow.data).where(ShownRow.student == student, ShownRow.chapter == chapter)
        with self._telling(), Session(self._engine) as session:
            found = session.execute(query.where(ShownRow.exercise == exercise).order_by(ShownRow.position))
            return [(kind, data) for kind, data in found]

    def marks(self, chapter: str | None = None) -> list[Mark]:
        """Return the marks, of one chapter or of all, in order of student and chapter."""
        query = select(SubmissionRow).options(selectinload(SubmissionRow.items)).order_by(SubmissionRow.student, SubmissionRow.chapter)
        if chapter is not None:
            query = query.where(SubmissionRow.chapter == chapter)
        with self._telling(), Session(self._engine) as session:
            return [_mark(row) for row in session.scalars(query)]

    def enrol(self, chapter: str, places: Sequence[Place]) -> None:
        """Put these in place of the chapter's class list, whole or not at all. Marks are not touched."""
        rows = [{"chapter": chapter, **asdict(each), **asdict(each.person)} for each in places]
        for row in rows:
            del row["person"]
        with self._telling(), Session(self._engine) as session, session.begin():
            session.execute(delete(PlaceRow).where(PlaceRow.chapter == chapter))
            if rows:
                session.execute(insert(PlaceRow), rows)

    def chapters(self) -> list[str]:
        """Return the chapters that a class was graded in."""
        with self._telling(), Session(self._engine) as session:
            return sorted(session.scalars(select(PlaceRow.chapter).distinct()))

    def class_list(self, chapter: str) -> list[tuple[Place, Mark]]:
        """Return everyone in the class as of the last run who has been marked, with the mark as it counts, in order of student."""
        marks = {mark.student: mark for mark in self.marks(chapter)}
        query = select(PlaceRow).where(PlaceRow.chapter == chapter)
        with self._telling(), Session(self._engine) as session:
            places = sorted((_place(row) for row in session.scalars(query)), key=lambda each: each.person.student)
        known = [(each, marks[each.person.student]) for each in places if each.person.student in marks]
        return [(each, replace(mark, taken=each.taken, note=each.note)) for each, mark in known]

    def fingerprints(self, chapter: str) -> dict[str, str]:
        """Return what each student's mark was saved with."""
        query = select(SubmissionRow.student, SubmissionRow.fingerprint).where(SubmissionRow.chapter == chapter)
        with self._telling(), Session(self._engine) as session:
            return {student: found for student, found in session.execute(query)}  # noqa: C416

    def adjust(self, adjustments: Sequence[Adjustment]) -> list[Adjustment]:
        """Add adjustments, all or none, and return them with their numbers."""
        rows = [AdjustmentRow(**{key: value for key, value in asdict(each).items() if key != "number"}) for each in adjustments]
        with self._telling(), Session(self._engine) as session, session.begin():
            session.add_all(rows)
            session.flush()
            return [_adjustment(row) for row in rows]

    def undo(self, numbers: Collection[int], undone: str) -> None:
        """Mark adjustments as undone, all or none; `undone` says by whom and when. One that is undone already keeps what it says."""
        query = update(AdjustmentRow).where(AdjustmentRow.number.in_(numbers), AdjustmentRow.undone == "").values(undone=undone)
        with self._telling(), Session(self._engine) as session, session.begin():
            session.execute(query)

    def adjustments(self, chapter: str) -> list[Adjustment]:
        """Return all adjustments of a chapter in the order in which they were made, those that were undone too."""
        query = select(AdjustmentRow).where(AdjustmentRow.chapter == chapter).order_by(AdjustmentRow.number)
        with self._telling(), Session(self._engine) as session:
            return [_adjustment(row) for row in session.scalars(query)]

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn the database's errors into a sentence."""
        try:
            yield
        except ModuleNotFoundError as error:
            raise GradebookError(f"the gradebook {self._place} needs a driver that is not installed: {error.name}. Install it.") from error
        except SQLAlchemyError as error:
            said = str(error.__cause__ or error).splitlines()[0]
            raise GradebookError(
                f"the gradebook {self._place} cannot be used: {said}. "
                "Is it a database, may you write there, and is there room on the disk? Marks saved before are kept."
            ) from error


def make_folder(folder: Path) -> None:
    """Make a folder for results, where there is none.

    Raises
    ------
    GradebookError
        If that is not possible.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GradebookError(f"the folder {folder} cannot be made: {sentence(error)}") from error


def _columns(there: Inspector, table: str) -> set[str]:
    return {column["name"] for column in there.get_columns(table)}


def _select(student: str, chapter: str) -> Any:
    return select(SubmissionRow).where(SubmissionRow.student == student, SubmissionRow.chapter == chapter)


def _mark(row: SubmissionRow) -> Mark:
    items = tuple(Item(i.exercise, i.name, i.sentence, i.points, i.earned, i.outcome, i.reason) for i in row.items)
    found = Mark(row.student, row.chapter, row.source, items, tuple(row.repairs), row.answers, row.error)
    return replace(found, misconceptions=row.misconceptions, receipt=row.receipt)


def _shown(mark: Mark) -> Iterator[ShownRow]:
    for exercise, shown in mark.shown.items():
        for position, (kind, data) in enumerate(shown):
            yield ShownRow(student=mark.student, chapter=mark.chapter, exercise=exercise, position=position, kind=kind, data=data)


def _adjustment(row: AdjustmentRow) -> Adjustment:
    return Adjustment(**{each.name: getattr(row, each.name) for each in fields(Adjustment)})


def _place(row: PlaceRow) -> Place:
    person = Person(row.student, row.name, row.email, row.id, row.login, row.section, row.moodle, row.canvas, row.team)
    return Place(person, row.received, row.taken, row.note)


def write_csv(marks: Sequence[Mark], path: Path) -> None:
    """Write one row a student: points by exercise as they count, total, what waits to be marked, a note, and what was changed by hand.

    Parameters
    ----------
    marks : sequence of Mark
    path : Path
        Written whole or not at all, in UTF-8 with the mark by which Excel knows it.
    """
    exercises = list(dict.fromkeys(name for mark in marks for name in mark.by_exercise()))
    rows = [
        [
            "student",
            "chapter",
            *exercises,
            "late_percent",
            "total",
            "points",
            "percent",
            "to_be_marked",
            "note",
            "by_hand",
            "comments",
            "receipt",
        ]
    ]
    for mark in marks:
        scores = mark.scores
        points = ["" if name not in scores or _uncounted(mark, name) else f"{scores[name].earned:g}" for name in exercises]
        percent = f"{100 * mark.total / mark.points:.1f}" if mark.points else ""
        late = f"{100 * mark.taken:g}" if mark.taken else ""
        waiting = f"{mark.waiting:g}" if mark.waiting else ""
        totals = [late, f"{mark.total:g}", f"{mark.points:g}", percent, waiting] if mark.graded else [""] * 5
        said = (" ".join(filter(None, (mark.error, mark.note))), "; ".join(mark.changes), " ".join(mark.comments), mark.receipt)
        rows.append([mark.student, mark.chapter, *points, *totals, *said])
    write_atomically(path, BOM + csv_text(rows))


def _uncounted(mark: Mark, exercise: str) -> bool:
    """Tell whether an exercise is in nobody's total, or waits for a person to mark it; a challenge has its 0."""
    score, dropped = mark.scores[exercise], exercise in mark.hands and mark.hands[exercise].rule == "drop"
    return dropped or bool(score.worth and not score.points)


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV in which no spreadsheet takes a cell for a formula."""
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([f"'{cell}" if FORMULA.match(cell) else cell for cell in row] for row in rows)
    return table.getvalue()
