"""The notebooks of a lecture: one to type in live, and one for those who fell behind."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain

import nbformat
from nbformat import NotebookNode

from nnlab.checks._exercise import Chapter
from nnlab.workbook.course import ChapterFiles, CourseError
from nnlab.workbook.lecture.outline import Cell, Section, outline, require_fits, require_steps, taught
from nnlab.workbook.lecture.steps import plain
from nnlab.workbook.source import KERNEL, role, stub


def lecture(chapter: ChapterFiles, minutes: int) -> NotebookNode:
    """Return the notebook to teach from.

    Exercises are cut to their head and carry their steps in the metadata, where the JupyterLab extension finds them. What a short
    lecture leaves out is filled in and folded away, since later cells need it. Headings begin slides, answers are fragments.

    Raises
    ------
    CourseError
        If an exercise has no steps to type, a step leaves no code that runs, or the lecture takes longer than `minutes`.
    """
    sections = outline(chapter)
    require_steps(chapter, sections)
    require_fits(chapter, sections, minutes)
    kept = {id(section) for section in taught(sections, minutes)}
    parts = (_section(section, number, id(section) in kept, chapter.declared) for number, section in enumerate(sections))
    cells = list(chain.from_iterable(parts))
    plan = [{"title": section.title, "minutes": round(section.minutes, 1) * (id(section) in kept)} for section in sections]
    known = {"chapter": chapter.name, "lecture": {"minutes": minutes, "sections": plan}}
    return nbformat.v4.new_notebook(cells=cells, metadata=nbformat.from_dict({**KERNEL, "nnlab": known}))


def catch_up(chapter: ChapterFiles, number: int) -> NotebookNode:
    """Return the student's notebook with all exercises before a section of the second level filled in.

    Raises
    ------
    CourseError
        If the chapter has no such section.
    """
    sections = outline(chapter)
    titles = [section.title for section in sections if section.level == 2 and section.title.startswith(f"{number}.")]
    if not titles:
        numbers = ", ".join(section.title.partition(".")[0] for section in sections if section.level == 2 and section.title[:1].isdigit())
        raise CourseError(f"{chapter.name} has no section {number}. Its sections are {numbers}.")
    start = next(place for place, section in enumerate(sections) if section.title == titles[0])
    cells = [_student(cell, place < start) for place, section in enumerate(sections) for cell in section.cells]
    return nbformat.v4.new_notebook(cells=cells, metadata=nbformat.from_dict({**KERNEL, "nnlab": {"chapter": chapter.name}}))


def _student(cell: Cell, filled: bool) -> NotebookNode:
    built = nbformat.from_dict(cell.built)
    if built.cell_type == "code":
        built.source = plain(built.source) if filled else stub(built.source)
    return built


def _section(section: Section, number: int, kept: bool, declared: Chapter) -> Iterator[NotebookNode]:
    for place, cell in enumerate(section.cells):
        if cell.answers or cell.recalls:
            yield from _unfolding(cell, number, kept)
        else:
            yield _kept(cell, section, number, place == 0, declared) if kept else _left_out(cell, number)


def _unfolding(cell: Cell, number: int, kept: bool) -> Iterator[NotebookNode]:
    """Yield what stands in a lecture where students fill in a field: the class votes by hand, and the answer unfolds."""
    for place, each in enumerate(filter(None, [cell.answers, *cell.recalls])):
        votes = each.options if cell.recalls else ()
        asked = "\n\n".join([f"**Recall.** {each.text}", *([_vote(votes)] if votes else [])])
        answer = f"<details><summary>Answer</summary>\n\n{each.answer}\n\n</details>"
        texts = [("asked", asked)] if cell.recalls else []
        for part, source in (*texts, ("answer", answer)):
            live = {"section": number, **({"options": [list(option) for option in votes]} if votes and part == "asked" else {})}
            made = nbformat.v4.new_markdown_cell(source, id=f"{cell.built.id}-{place}-{part}"[-64:])
            slide = "subslide" if part == "asked" else "fragment"
            made.metadata["slideshow"] = NotebookNode(slide_type=slide if kept else "skip")
            made.metadata["nnlab"] = nbformat.from_dict({"live": {**live, **({} if kept else {"skipped": True})}})
            yield made


def _kept(cell: Cell, section: Section, number: int, first: bool, declared: Chapter) -> NotebookNode:
    """Return a cell as it is shown: a slide, a vote, a cell to type in, or one to run."""
    made = nbformat.from_dict(cell.built)
    live: dict[str, object] = {"section": number}
    if cell.notes.say:
        live["say"] = list(cell.notes.say)
    if cell.typed:
        made.source = cell.typed.start + "\n"
        live |= {"start": made.source, "stub": stub(cell.built.source), "steps": [asdict(step) for step in cell.typed.steps]}
        live["mistakes"] = [f"{known.name}. {known.question}" for known in declared[cell.exercise].misconceptions]
    if cell.notes.options:
        made.source = f"{made.source.rstrip()}\n\n{_vote(cell.notes.options)}"
        live["options"] = [list(option) for option in cell.notes.options]
    if slide := _slide(cell, section, first):
        made.metadata["slideshow"] = NotebookNode(slide_type=slide)
    made.metadata["nnlab"] = nbformat.from_dict({**made.metadata.get("nnlab", {}), "live": live})
    return made


def _left_out(cell: Cell, number: int) -> NotebookNode:
    """Return a cell that a lecture leaves out: filled in, folded away, on no slide. The class gets the stub."""
    made = nbformat.from_dict(cell.built)
    made.source = plain(made.source) if made.cell_type == "code" else made.source
    made.metadata["jupyter"] = NotebookNode(source_hidden=True)
    made.metadata["slideshow"] = NotebookNode(slide_type="skip")
    live = {"section": number, "skipped": True, **({"stub": stub(cell.built.source)} if cell.exercise else {})}
    made.metadata["nnlab"] = nbformat.from_dict({**made.metadata.get("nnlab", {}), "live": live})
    return made


def _vote(options: Sequence[tuple[str, str]]) -> str:
    """Write the options for a show of hands, large, each with its letter."""
    rows = (f"<li><b>{letter}</b> {html.escape(option)}</li>" for letter, (option, _) in zip("ABCDEF", options, strict=False))
    return f'<ul class="nnlab-vote" style="font-size: 1.6em; list-style: none">{"".join(rows)}</ul>'


def _slide(cell: Cell, section: Section, first: bool) -> str:
    """Return where a cell begins a slide; a cell without a type continues the one before it."""
    if cell.built.cell_type != "markdown":
        return ""
    if first:
        return "slide" if section.level <= 2 else "subslide"
    if cell.is_question:
        return "subslide"
    return "fragment" if cell.built.source.startswith("<details>") else ""


def exercises(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Return the exercise cells of a notebook by name."""
    return {role(cell)[1]: cell for cell in notebook.cells if role(cell)[0] == "exercise"}


def filled(notebook: NotebookNode) -> NotebookNode:
    """Return a lecture notebook with every step typed."""
    notebook = nbformat.from_dict(notebook)
    for cell in exercises(notebook).values():
        if steps := cell.metadata.nnlab.get("live", {}).get("steps"):
            cell.source = steps[-1]["text"]
    return notebook
