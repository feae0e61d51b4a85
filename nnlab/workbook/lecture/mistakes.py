"""Planned mistakes: what a class sees when a lecturer types one, and the wrong answer of the tests that it is tied to."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from nnlab.checks._judging.engine import Report, examine
from nnlab.checks._notebook.watch import Stop, limited
from nnlab.workbook.course import ChapterFiles, CourseError
from nnlab.workbook.source import read, role

T = TypeVar("T")

PATIENCE = 60.0  # seconds for an answer of ours: whole programs train, and the machine may have other things to do
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
    """Return what the check of an exercise reports of an answer of ours, in a notebook where all else is right.

    Raises
    ------
    CourseError
        If the answer's cell fails, or the answer does not end.
    """
    names = given(chapter) | {each.name: each.reference for each in chapter.declared.exercises}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = defined(chapter, exercise, source, names)
        return ending(lambda: examine(chapter.declared[exercise], answer), chapter, exercise, source)


def defined(chapter: ChapterFiles, exercise: str, source: str, names: dict[str, Any]) -> Any:
    """Return what an answer of ours defines, run where there are these names.

    Raises
    ------
    CourseError
        If its cell fails, or does not end.
    """

    def run() -> None:
        for each in (*classes(chapter), source):
            exec(each, names)

    try:
        ending(run, chapter, exercise, source)
    except CourseError:
        raise
    except Exception as error:
        said = f"raises {type(error).__name__} when its cell is run: {error}"
        raise CourseError(f"{chapter.name}: an answer of {exercise!r} {said}\n{source}") from error
    return names[exercise]


def ending(work: Callable[[], T], chapter: ChapterFiles, exercise: str, source: str) -> T:
    """Return what `work` returns with an answer of ours.

    Raises
    ------
    CourseError
        If it does not end.
    """
    try:
        return limited(work, PATIENCE)
    except Stop as stop:
        if stop.why == "interrupt":
            raise KeyboardInterrupt from None
        said = f"is not done after {PATIENCE:g} seconds. Does its loop ever end, and those of the reference and of known mistakes?"
        raise CourseError(f"{chapter.name}: an answer of {exercise!r} {said}\n{source}") from None


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
