"""The gradebook's tables, and how those of an earlier version become them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

VERSION = 2
ADDED = (("submissions", "receipt"), ("class_list", "team"))  # columns of text that version 1 has not; its other tables are the same


class Base(DeclarativeBase):
    """The gradebook's tables. What they hold was cleaned at the border."""


class SubmissionRow(Base):
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
    receipt: Mapped[str]
    items: Mapped[list[ItemRow]] = relationship(order_by="ItemRow.position", cascade="all, delete-orphan")


class ItemRow(Base):
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


class ShownRow(Base):
    """What one of a student's cells showed when the notebook was handed in: a text, or a PNG in base64."""

    __tablename__ = "shown"

    student: Mapped[str] = mapped_column(primary_key=True)
    chapter: Mapped[str] = mapped_column(primary_key=True)
    exercise: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    data: Mapped[str]


class AboutRow(Base):
    """What the gradebook says of itself."""

    __tablename__ = "about"

    version: Mapped[int] = mapped_column(primary_key=True)


class PlaceRow(Base):
    """One student's place in the class as of the last run: how the systems know them, and what being late costs them."""

    __tablename__ = "class_list"

    chapter: Mapped[str] = mapped_column(primary_key=True)
    student: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    id: Mapped[str]
    login: Mapped[str]
    section: Mapped[str]
    team: Mapped[str]
    moodle: Mapped[str]
    canvas: Mapped[str]
    received: Mapped[str]
    taken: Mapped[float]
    note: Mapped[str]


class AdjustmentRow(Base):
    """One decision of a person. Rows are added and marked as undone, and never changed otherwise nor deleted."""

    __tablename__ = "adjustments"

    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    chapter: Mapped[str]
    student: Mapped[str]
    exercise: Mapped[str]
    value: Mapped[float | None]
    before: Mapped[float | None]
    text: Mapped[str]
    why: Mapped[str]
    by: Mapped[str]
    when: Mapped[str]
    answer: Mapped[str]
    undone: Mapped[str]
