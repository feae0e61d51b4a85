"""Answers in words: which of a student's cells hold one, whatever an editor made of them. Nothing of it is ever run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nnlab.grading.marking.cells import bare
from nnlab.languages import LANGUAGES, catalogue, say
from nnlab.workbook.source import HERE

PLACEHOLDERS = {catalogue(code).get(HERE, HERE) for code in LANGUAGES}  # notebooks are handed out in all of them

UNTOUCHED = {"", *map(bare, PLACEHOLDERS)}


@dataclass(frozen=True)
class Piece:
    """A cell of the student's as it matters here: its place in the notebook, its text, and whether it is code."""

    index: int
    text: str
    is_code: bool


@dataclass(frozen=True)
class Words:
    """An answer in words ("" where there is none), the places of the cells that it was made of, and what had to be mended."""

    text: str
    cells: frozenset[int] = frozenset()
    repairs: tuple[str, ...] = ()


def words(name: str, own: Sequence[Piece], beside: Sequence[Piece], question: str = "", asked: str = "") -> Words:
    """Put an answer in words together.

    Parameters
    ----------
    name : str
        What is answered.
    own : sequence of Piece
        The cells that are ours by id or place: one, or several where an editor split it.
    beside : sequence of Piece
        Cells of the student's own between the question and our next cell, without those that are code.
    question : str
        The question's cell as the student has it, "" where it is gone: some write below the question.
    asked : str
        The question as it was handed out.
    """
    cells = frozenset(piece.index for piece in own)
    kept = [piece for piece in own if _said(piece.text)]
    added = [piece for piece in beside if _said(piece.text)]
    found = sorted([*kept, *added], key=lambda piece: piece.index)
    texts = [*filter(None, [_below(question, asked)]), *(_said(piece.text) for piece in found)]
    used = cells | {piece.index for piece in added}
    if not texts:
        lost = question and not own
        return Words("", used, (say("The cell for the answer in words `{name}` was missing.", name=name),) if lost else ())
    repairs = []
    if any(piece.is_code for piece in found):
        repairs.append(say("`{name}` is an answer in words, and was in a code cell. It was not run.", name=name))
    if not kept:
        where = say("Its own cell was not used") if own else say("Its own cell was missing")
        repairs.append(say("`{name}` was found in another cell. {where}.", name=name, where=where))
    return Words("\n\n".join(texts), used, tuple(repairs))


def _said(text: str) -> str:
    """Return what a student wrote, without the line that stood there before."""
    for line in PLACEHOLDERS:
        text = text.replace(line, "")
    return "" if bare(text) in UNTOUCHED else text.strip("\n").rstrip()


def _below(question: str, asked: str) -> str:
    """Return what was written below a question into its own cell."""
    head = asked.strip()
    return _said(question.strip()[len(head) :]) if head and question.strip().startswith(head) else ""
