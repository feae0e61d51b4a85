"""Planned mistakes: what a class sees when a lecturer types one, and the wrong answer of the tests that it is tied to."""

from __future__ import annotations

import ast
import warnings
from functools import cache
from typing import Any

from nnlab.checks._judging.engine import Report, examine
from nnlab.workbook.course import ChapterFiles, CourseError
from nnlab.workbook.source import read, role

GIVEN = (ast.Import, ast.ImportFrom, ast.FunctionDef)  # what a cell gives, and costs nothing to run


def message(chapter: ChapterFiles, exercise: str, source: str) -> str:
    """Return what `check` says to a planned mistake.

    Parameters
    ----------
    chapter : ChapterFiles
        Its wrong answers (`tests/mutants`) say which messages are known.
    exercise : str
        The exercise.
    source : str
        The cell with the mistake in it.

    Raises
    ------
    CourseError
        If the check finds nothing wrong, or says what it says to no wrong answer of the tests.
    """
    report = judged(chapter, exercise, source)
    mutants = chapter.mutant_tables()["MUTANTS"].get(exercise, {})
    if report.passed or not any(judged(chapter, exercise, mutant).message == report.message for mutant, *_ in mutants.values()):
        said = "passes its check" if report.passed else f"makes the check say “{report.message}”"
        raise CourseError(
            f"{chapter.name}: the planned mistake of {exercise!r} {said}, and no wrong answer in tests/mutants earns that. "
            "Put the mistake where the function is complete, or add the wrong answer."
        )
    return report.message


def judged(chapter: ChapterFiles, exercise: str, source: str) -> Report:
    """Return what the check of an exercise reports of an answer of ours, in a notebook where all else is right."""
    names = given(chapter) | {each.name: each.reference for each in chapter.declared.exercises}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for each in (*classes(chapter), source):
            exec(each, names)
        return examine(chapter.declared[exercise], names[exercise])


@cache
def classes(chapter: ChapterFiles) -> tuple[str, ...]:
    """Return the classes that a chapter's exercises ask for, as the solution writes them: a later exercise may use them."""
    cells = [cell.source for cell in read(chapter).cells if role(cell)[0] == "exercise"]
    nodes = [(source, node) for source in cells for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    return tuple(ast.get_source_segment(source, node) or "" for source, node in nodes)


@cache
def given(chapter: ChapterFiles) -> dict[str, Any]:
    """Return what the given cells of a chapter import and define as functions."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in read(chapter).cells:
        if cell.cell_type == "code" and not role(cell)[0]:
            body: list[ast.stmt] = [
                node for node in ast.parse(cell.source).body if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef))
            ]
            exec(compile(ast.Module(list[ast.stmt](body), []), chapter.source.name, "exec"), names)
    return names
