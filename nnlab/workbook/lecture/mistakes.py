"""Planned mistakes: what a class sees when a lecturer types one, and the wrong answer of the tests that it is tied to."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from nnlab.checks._engine import examine
from nnlab.workbook.course import ChapterFiles, CourseError


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
        If the check finds nothing wrong, or says what no wrong answer of the tests expects.
    """
    names: dict[str, Any] = {each.name: each.reference for each in chapter.declared.exercises}
    names |= {"np": np, "__name__": "__main__"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(source, names)  # a cell of our own source
        report = examine(chapter.declared[exercise], names[exercise])
    mutants = chapter.mutant_tables()["MUTANTS"].get(exercise, {})
    if report.passed or not any(expected and expected in report.message for _, expected, *_ in mutants.values()):
        said = "passes its check" if report.passed else f"makes the check say “{report.message}”"
        raise CourseError(
            f"{chapter.name}: the planned mistake of {exercise!r} {said}, and no wrong answer in tests/mutants expects that. "
            "Put the mistake where the function is complete, or add the wrong answer."
        )
    return report.message
