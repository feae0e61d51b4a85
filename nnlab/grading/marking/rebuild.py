"""Rebuild a notebook from our cells and the student's answers, so that an edited, lost or doubled cell costs no points."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from nnlab.workbook.source import role, strip

LONGEST = 100_000  # characters of one answer
MOST_EXTRAS = 200  # cells of the student's own


@dataclass(frozen=True)
class Rebuilt:
    """What is graded: the notebook, the answers in it by exercise, and what had to be mended."""

    notebook: NotebookNode
    answers: dict[str, str]
    repairs: tuple[str, ...]


def rebuild(submitted: NotebookNode, solution: NotebookNode) -> Rebuilt:
    """Put the student's answers, and cells of their own, into our notebook.

    An answer is found by the id of its cell, else by `def name`. Cells that show a demo are left out: grading has no use for them.

    Parameters
    ----------
    submitted : NotebookNode
        What the student handed in.
    solution : NotebookNode
        Our executed solution; the outputs of its checkpoint cells are what the student's must agree with.
    """
    ours = strip(solution)
    theirs = [cell for cell in submitted.cells if cell.get("cell_type") == "code"]
    stubs = {name: cell for cell in ours.cells for kind, name in [role(cell)] if kind == "exercise"}
    found = {name: _find(name, cell, theirs) for name, cell in stubs.items()}
    cells = [_ours(cell, reference, found) for cell, reference in zip(ours.cells, solution.cells, strict=True)]
    extras = list(_extras(cells, submitted, {id(cell) for answer in found.values() for cell in answer.cells}))
    notebook = copy.deepcopy(ours)
    notebook.cells = list(_with_extras(cells, extras[:MOST_EXTRAS]))
    repairs = [repair for answer in found.values() for repair in answer.repairs] + list(_restored(ours, submitted))
    if len(extras) > MOST_EXTRAS:
        repairs.append(f"There were {len(extras)} cells of your own. The first {MOST_EXTRAS} were run.")
    return Rebuilt(notebook, {name: answer.source for name, answer in found.items()}, tuple(repairs))


@dataclass(frozen=True)
class _Answer:
    """The source of one answer, the student's cells it was chosen from, and what had to be mended."""

    source: str
    cells: tuple[NotebookNode, ...]
    repairs: tuple[str, ...] = ()


def _find(name: str, stub: NotebookNode, theirs: list[NotebookNode]) -> _Answer:
    """Find the answer to an exercise: its own cell, unless the function was written in another one."""
    by_id = [cell for cell in theirs if _grade_id(cell) == name or cell.get("id") == name]
    known = {id(cell) for cell in by_id}
    by_def = [cell for cell in theirs if id(cell) not in known and _defines(cell.source, name) and not _grade_id(cell)]
    written = [cell for cell in by_id if cell.source.strip() != stub.source.strip()]
    if len(written) > 1:
        return _Answer(
            written[-1].source[:LONGEST], tuple(by_id), (f"There were {len(written)} cells for `{name}`. The last one was graded.",)
        )
    if written and (_defines(written[0].source, name) or not by_def):
        return _Answer(written[0].source[:LONGEST], tuple(by_id))
    if by_def:
        where = "Its own cell was not used" if by_id else "Its own cell was missing"
        return _Answer(by_def[-1].source[:LONGEST], (*by_id, by_def[-1]), (f"`{name}` was found in another cell. {where}.",))
    missing = () if by_id else (f"The cell of `{name}` was missing, and no other cell defines it.",)
    return _Answer(stub.source, tuple(by_id), missing)


def _ours(cell: NotebookNode, reference: NotebookNode, found: dict[str, _Answer]) -> NotebookNode:
    """Return our cell as it is to be run: with the answer, with the outputs to agree with, or emptied where it is a demo."""
    kind, name = role(cell)
    cell = copy.deepcopy(cell)
    if kind == "exercise":
        cell.source = found[name].source
    elif kind == "checkpoint":
        cell.update(outputs=copy.deepcopy(reference.outputs), execution_count=reference.execution_count)
    elif "demo" in cell.metadata.get("tags", ()):
        cell.source = ""
    return cell


def _extras(ours: list[NotebookNode], submitted: NotebookNode, used: set[int]) -> Iterator[tuple[str, str]]:
    """Yield the code cells of their own that the student wrote, each with the id of our cell that it stands behind."""
    known, sources = {cell.id for cell in ours}, {cell.source.strip() for cell in ours}
    behind = ""
    for cell in submitted.cells:
        if cell.get("id") in known:
            behind = cell.id
        elif cell.get("cell_type") == "code" and id(cell) not in used and not _grade_id(cell) and cell.source.strip() not in sources:
            yield behind, cell.source[:LONGEST]


def _with_extras(cells: list[NotebookNode], extras: list[tuple[str, str]]) -> Iterator[NotebookNode]:
    """Yield our cells, and after each the student's own."""
    sources: dict[str, list[str]] = {}
    for behind, source in extras:
        sources.setdefault(behind, []).append(source)
    numbers = count(1)
    for id_, cell in [("", None), *((cell.id, cell) for cell in cells)]:
        if cell is not None:
            yield cell
        for source in sources.get(id_, ()):
            number = str(next(numbers))
            yield new_code_cell(source, id=f"student-{number}", metadata=NotebookNode(nnlab=NotebookNode(extra=number)))


def _restored(ours: NotebookNode, submitted: NotebookNode) -> Iterator[str]:
    """Say which of our check cells were changed or lost; they are ours again."""
    theirs = {cell.get("id"): cell.source.strip() for cell in submitted.cells}
    for kind in ("check", "checkpoint"):
        changed = [role(cell)[1] for cell in ours.cells if role(cell)[0] == kind and theirs.get(cell.id) != cell.source.strip()]
        if changed:
            names = ", ".join(f"`{name}`" for name in changed)
            yield f"The {kind} cell{'s' if len(changed) > 1 else ''} of {names} had been changed or removed. Ours were used."


def _grade_id(cell: NotebookNode) -> str:
    known = cell.metadata.get("nbgrader")
    return str(known.get("grade_id", "")) if isinstance(known, dict) else ""


def _defines(source: str, name: str) -> bool:
    """Whether a cell defines the name at its top level; told from its text, which need not parse."""
    return re.search(rf"^(def {name}\b|{name}\s*=(?!=))", source, re.MULTILINE) is not None
