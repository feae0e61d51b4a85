"""The rules every built chapter keeps. Each function yields one sentence a breach; `problems` tries them all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from nnlab.workbook import graded, questions, rubrics
from nnlab.workbook.course import ChapterFiles, CourseError
from nnlab.workbook.lecture import steps
from nnlab.workbook.lecture.outline import LENGTHS
from nnlab.workbook.lecture.plan import plan
from nnlab.workbook.source import BEGIN, END, handed_out, role, solution_lines

MUTANTS, VARIANTS = 4, 2  # at least, for each exercise
TELLING = 14  # a shorter solution line (`return z, a`) may stand in the prose without giving an answer away
METADATA = {"nnlab", "nbgrader", "deletable", "editable", "tags"}  # what a cell may carry
PRIVATE = re.compile(r"/(home|Users|root)/|[A-Z]:\\Users|<[\w.]+ object at 0x")


def problems(chapter: ChapterFiles, solution: NotebookNode, student: NotebookNode) -> Iterator[str]:
    """Yield every breach of a rule in a chapter's two notebooks and what backs its exercises."""
    for rule in (_stubs, _leaks, _headings, _figures, _outputs):
        yield from (f"{chapter.name}: {problem}" for problem in rule(solution, student))
    for backed in (_exercises, _mutants, questions.problems, rubrics.problems, _lecture, *graded.RULES):
        yield from (f"{chapter.name}: {problem}" for problem in backed(chapter, solution))


def _stubs(solution: NotebookNode, student: NotebookNode) -> Iterator[str]:
    """Look for stubs that differ from their solution elsewhere than in the solution region, and for other cells that differ."""
    answers = {cell.id: cell for cell in student.cells}
    for cell in solution.cells:
        given = answers.pop(cell.id, None)
        if given is None:
            yield f"the student's notebook has no cell {cell.id!r}."
        elif given.source != handed_out(cell):
            yield f"cell {cell.id!r} of the student's notebook differs from the solution outside the solution region."
    yield from (f"the student's notebook has a cell {id_!r} that the solution lacks." for id_ in answers)


def _leaks(solution: NotebookNode, student: NotebookNode) -> Iterator[str]:
    """Look for markers, lines of answers and outputs in the student's notebook."""
    text = json.dumps(student, ensure_ascii=False)
    for marker in (BEGIN, END, "# step:", "# wrong:", "<!--"):
        if marker in text:
            yield f"the marker {marker!r} is left in the student's notebook."
    sources = [cell.source for cell in student.cells]
    for line in (line for cell in solution.cells for line in solution_lines(cell.source)):
        if len(line) > TELLING and any(line in source for source in sources):
            yield f"the solution's line {line!r} can be read in the student's notebook."
    for cell in student.cells:
        if cell.get("outputs") or cell.get("execution_count"):
            yield f"cell {cell.id!r} of the student's notebook keeps an output."
        if extra := set(cell.metadata) - METADATA:
            yield f"cell {cell.id!r} of the student's notebook carries metadata {sorted(extra)}."


def _headings(solution: NotebookNode, student: NotebookNode) -> Iterator[str]:
    """Look for sections that begin inside a cell: plans, lectures and catch-up notebooks would take them for a part of the one before."""
    for cell in solution.cells:
        if cell.cell_type == "markdown" and (found := re.search(r"\n## (.+)", cell.source)):
            yield f"the section “{found[1]}” begins inside cell {cell.id!r}. Begin a cell with its heading."


def _figures(solution: NotebookNode, student: NotebookNode) -> Iterator[str]:
    """Look for pictures without alt text."""
    for cell in solution.cells:
        for output in cell.get("outputs", ()):
            pictures = [kind for kind in output.get("data", {}) if kind.startswith("image/")]
            if any(not output.metadata.get(kind, {}).get("alt") for kind in pictures):
                yield f"a figure of cell {cell.id!r} has no alt text. Show it with plots.show(figure, alt=...)."
        if cell.cell_type == "markdown" and (re.search(r"!\[\s*\]\(", cell.source) or re.search(r"<img(?![^>]*alt=.\S)", cell.source)):
            yield f"a picture in cell {cell.id!r} has no alt text."


def _outputs(solution: NotebookNode, student: NotebookNode) -> Iterator[str]:
    """Look for cells of the solution that were not run or failed, and for outputs that tell of this machine."""
    for cell in solution.cells:
        if cell.cell_type != "code":
            continue
        if cell.execution_count is None:
            yield f"cell {cell.id!r} of the solution was never run."
        for output in cell.outputs:
            if output.output_type == "error" or (output.output_type == "stream" and output.name == "stderr"):
                yield f"cell {cell.id!r} of the solution ends in an error or a warning."
        if found := PRIVATE.search(json.dumps([output.get("data", output) for output in cell.outputs])):
            yield f"an output of cell {cell.id!r} tells of this machine or run: {found[0]!r}."


def _exercises(chapter: ChapterFiles, solution: NotebookNode) -> Iterator[str]:
    """Look for exercises without cell, check, hints, visible cases or points."""
    roles = [role(cell) for cell in solution.cells]
    for kind in ("exercise", "check"):
        names = tuple(name for each, name in roles if each == kind)
        if names != chapter.declared.names:
            yield f"the {kind} cells are {names}, and the declared exercises {chapter.declared.names}."
    for exercise in chapter.declared.exercises:
        if len([hint for hint in exercise.hints if hint.strip()]) != 3:
            yield f"exercise {exercise.name!r} needs three hints."
        if not exercise.cases or exercise.points < 0:
            yield f"exercise {exercise.name!r} needs visible cases and points; a challenge may have 0."


def _mutants(chapter: ChapterFiles, solution: NotebookNode) -> Iterator[str]:
    """Look for exercises with too few wrong answers, or right ones written otherwise."""
    tables = chapter.mutant_tables()
    for exercise in chapter.declared.names:
        for table, least in (("MUTANTS", MUTANTS), ("VARIANTS", VARIANTS)):
            count = len(tables[table].get(exercise, ()))
            if count < least:
                yield f"exercise {exercise!r} has {count} entries in {table} of tests/mutants/{chapter.name}.py, and needs {least}."


def _lecture(chapter: ChapterFiles, solution: NotebookNode) -> Iterator[str]:
    """Look for steps that cannot be typed live, planned mistakes that no check knows, and plans longer than their minutes."""
    for cell in solution.cells:
        kind, name = role(cell)
        if kind == "exercise":
            yield from steps.problems(name, cell.source)
    for minutes in LENGTHS if chapter.declared.exercises else ():
        try:
            plan(chapter, minutes)
        except CourseError as error:
            yield str(error).removeprefix(f"{chapter.name}: ")
