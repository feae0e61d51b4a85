"""The gradebook: every mark with every item, in SQLite or any other database that SQLAlchemy knows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, create_engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from nnlab._files import write_atomically
from nnlab.grading.results import Item, Mark

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run instead of show


class GradebookError(RuntimeError):
    """The gradebook cannot be read or written; the message names it and says what to do."""


class _Base(DeclarativeBase):
    pass


class _Submission(_Base):
    """One student's submission of one chapter."""

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("student", "chapter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    student: Mapped[str]
    chapter: Mapped[str]
    source: Mapped[str]
    error: Mapped[str]
    repairs: Mapped[list[Any]] = mapped_column(JSON)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    misconceptions: Mapped[dict[str, Any]] = mapped_column(JSON)
    earned: Mapped[float]
    points: Mapped[float]
    fingerprint: Mapped[str]
    items: Mapped[list[_Item]] = relationship(order_by="_Item.position", cascade="all, delete-orphan")


class _Item(_Base):
    """One graded thing of a submission."""

    __tablename__ = "items"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    exercise: Mapped[str]
    name: Mapped[str]
    sentence: Mapped[str]
    points: Mapped[float]
    earned: Mapped[float]
    outcome: Mapped[str]
    reason: Mapped[str]


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
        self._place = str(place)
        if isinstance(place, Path):
            _made(place.parent)
        self._engine = create_engine(self._place if "://" in self._place else f"sqlite:///{self._place}")
        with self._telling():
            _Base.metadata.create_all(self._engine)

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
        row = _Submission(
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
            items=[_Item(position=position, **asdict(item)) for position, item in enumerate(mark.items)],
        )
        with self._telling(), Session(self._engine) as session, session.begin():
            if old := session.scalar(_select(mark.student, mark.chapter)):
                session.delete(old)
                session.flush()
            session.add(row)

    def marks(self, chapter: str | None = None) -> list[Mark]:
        """Return the marks, of one chapter or of all, in order of student and chapter."""
        query = select(_Submission).order_by(_Submission.student, _Submission.chapter)
        if chapter is not None:
            query = query.where(_Submission.chapter == chapter)
        with self._telling(), Session(self._engine) as session:
            return [_mark(row) for row in session.scalars(query)]

    def fingerprint(self, student: str, chapter: str) -> str | None:
        """Return what the student's mark was saved with, or None where there is none."""
        with self._telling(), Session(self._engine) as session:
            row = session.scalar(_select(student, chapter))
            return row.fingerprint if row else None

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn the database's errors into a sentence."""
        try:
            yield
        except SQLAlchemyError as error:
            said = str(error.__cause__ or error).splitlines()[0]
            raise GradebookError(
                f"the gradebook {self._place} cannot be used: {said}. "
                "Is it a database, may you write there, and is there room on the disk? Marks saved before are kept."
            ) from error


def kept(folder: Path, chapter: str = "") -> list[Mark]:
    """Return the marks that `nnlab grade --to FOLDER` left there, in order of the students' names.

    Parameters
    ----------
    folder : Path
        The folder with the gradebook.
    chapter : str
        The chapter's name; by default the only one that there are marks of.

    Raises
    ------
    GradebookError
        If there is no gradebook, no mark of the chapter in it, or several chapters to choose from.
    """
    place = folder / "gradebook.sqlite"
    if not place.exists():
        raise GradebookError(f"{folder} has no gradebook.sqlite. Give the folder that `nnlab grade --to` wrote.")
    with Gradebook(place) as book:
        marks = book.marks(chapter or None)
    chapters = sorted({mark.chapter for mark in marks})
    if not chapters:
        raise GradebookError(f"the gradebook {place} has no marks{chapter and f' of {chapter}'}.")
    if len(chapters) > 1:
        raise GradebookError(f"the gradebook {place} has marks of several chapters: {', '.join(chapters)}. Choose one with --chapter.")
    return sorted(marks, key=lambda mark: mark.student)


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GradebookError(f"the folder {folder} cannot be made: {error.strerror}. Choose another place for the results.") from error


def _select(student: str, chapter: str) -> Any:
    return select(_Submission).where(_Submission.student == student, _Submission.chapter == chapter)


def _mark(row: _Submission) -> Mark:
    items = tuple(Item(i.exercise, i.name, i.sentence, i.points, i.earned, i.outcome, i.reason) for i in row.items)
    return Mark(row.student, row.chapter, row.source, items, tuple(row.repairs), row.answers, row.error, row.misconceptions)


def write_csv(marks: Sequence[Mark], path: Path) -> None:
    """Write one row a student: points by exercise, total, and a note where there is no mark.

    Parameters
    ----------
    marks : sequence of Mark
    path : Path
        Written whole or not at all, in UTF-8.
    """
    exercises = list(dict.fromkeys(name for mark in marks for name in mark.by_exercise()))
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["student", "chapter", *exercises, "total", "points", "percent", "note"])
    for mark in marks:
        by = {name: sum(item.earned for item in items) for name, items in mark.by_exercise().items()}
        points = [f"{by[name]:g}" if name in by else "" for name in exercises]
        percent = f"{100 * mark.earned / mark.points:.1f}" if mark.points else ""
        totals = [f"{mark.earned:g}", f"{mark.points:g}", percent] if mark.graded else ["", "", ""]
        writer.writerow(map(_plain, [mark.student, mark.chapter, *points, *totals, mark.error]))
    write_atomically(path, table.getvalue())


def _plain(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
