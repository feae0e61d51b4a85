"""A rehearsal: all steps of a lecture played without a browser, and what the class will see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from nnlab.workbook.build import CELL_SECONDS
from nnlab.workbook.course import ChapterFiles, CourseError
from nnlab.workbook.lecture.notebook import lecture
from nnlab.workbook.source import role

LONGEST = 400  # characters of an output that are shown

Track = Callable[..., Iterable[Any]]


def rehearse(chapter: ChapterFiles, minutes: int, track: Track = lambda each, **_: each) -> Iterator[str]:
    """Yield, line by line, what happens: sections with their minutes, what is said, and what the class sees.

    Parameters
    ----------
    chapter : ChapterFiles
        The chapter.
    minutes : int
        The lecture's length.
    track : callable
        Wraps the cells to show a progress bar: `track(cells, description=…)`.

    Raises
    ------
    CourseError
        If a cell fails that is no planned mistake.
    """
    chapter.require_exercises("type live")
    notebook = lecture(chapter, minutes)
    sections = notebook.metadata.nnlab.lecture.sections
    played = nbformat.v4.new_notebook(cells=list(_played(notebook)), metadata=notebook.metadata)
    client = NotebookClient(played, timeout=CELL_SECONDS, kernel_name="python3", allow_errors=True, extra_arguments=["--log-level=ERROR"])
    shown = -1
    with client.setup_kernel():
        for place, cell in enumerate(track(played.cells, description="Rehearsing")):
            live = cell.metadata.nnlab.live
            if live.section != shown and not live.get("skipped"):
                shown = live.section
                yield f"\n{sections[shown].title} ({sections[shown].minutes:.0f} min)"
            if cell.cell_type == "code":
                client.execute_cell(cell, place)
                yield from _seen(chapter, cell)


def _played(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """Yield the cells in the order they are run: an exercise once for each planned mistake with its check, and once when it is right."""
    checks = {role(cell)[1]: cell for cell in notebook.cells if role(cell)[0] == "check"}
    for cell in notebook.cells:
        steps = cell.metadata.nnlab.live.get("steps", ())
        for step in (step for step in steps if step.wrong):
            yield _with(cell, step.text, said=[step.say], planned=True)
            yield _with(checks[role(cell)[1]], checks[role(cell)[1]].source, planned=True)
        yield _with(cell, steps[-1].text, said=[step.say for step in steps if not step.wrong]) if steps else cell


def _with(cell: NotebookNode, source: str, **more: Any) -> NotebookNode:
    copy = nbformat.from_dict(cell)
    copy.update(source=source, id=f"{cell.id}-planned" if more.get("planned") else cell.id)
    copy.metadata.nnlab.live.update(more)
    return copy


def _seen(chapter: ChapterFiles, cell: NotebookNode) -> Iterator[str]:
    """Yield what is said before a cell is run, and its text outputs; a failure that is not planned ends the rehearsal."""
    live = cell.metadata.nnlab.live
    yield from (f"  say: {said}" for said in live.get("said", ()))
    for output in cell.outputs:
        if output.output_type == "error" and not live.get("planned"):
            raise CourseError(f"{chapter.name}: cell {cell.id!r} fails in the lecture: {output.ename}: {output.evalue}")
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        if text.strip() and not live.get("skipped"):
            mark = "planned mistake, the class sees" if live.get("planned") else "seen"
            yield f"  {mark}: {' '.join(text.split())[:LONGEST]}"
