"""What each exercise of a chapter is worth, for marks that no test made."""

from __future__ import annotations

from nnlab.grading.results import NOTEBOOK
from nnlab.workbook.build import load
from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.rubrics import written
from nnlab.workbook.source import role


def points_by_exercise(files: ChapterFiles) -> dict[str, float]:
    """Return the points to be had by exercise, in the order of the chapter: then answers in words, and under `NOTEBOOK` the checkpoints."""
    solution = load(files.solution)
    worth = {exercise.name: float(exercise.points) for exercise in files.declared.exercises}
    worth |= {name: each.points for name, each in written(solution).items()}
    checkpoints = sum(role(cell)[0] == "checkpoint" for cell in solution.cells)
    return {**worth, NOTEBOOK: checkpoints * float(files.declared.checkpoint_points)} if checkpoints else worth
