"""The sample classes: submissions named by outcome, and the mark each must get. They are ours, written to be graded.

`tests/classes/NN_name.py` holds the class of a chapter: `FULL`, the points to be had, and `CLASS`, a `Member` for each submission.
`python tests/sample_class.py` writes the notebooks anew from the chapters.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from nnlab.grading.results import Mark, in_words
from nnlab.workbook.build import dump, load
from nnlab.workbook.course import Course
from nnlab.workbook.source import role

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted(path.stem for path in (ROOT / "tests" / "classes").glob("*.py"))


@dataclass(frozen=True)
class Member:
    """One submission: its answers, what else is done to the notebook, and the points it must get where not all.

    `waits` are the points of an answer in words, which a person gives.
    """

    answers: dict[str, str]
    loses: dict[str, float] = field(default_factory=dict)
    edit: Callable[[NotebookNode], Any] = lambda notebook: None
    waits: float = 0

    def expected(self, full: dict[str, float]) -> dict[str, float]:
        """Return the points by exercise, where `full` are to be had."""
        return {name: points - self.loses.get(name, 0) for name, points in full.items()}


@dataclass(frozen=True)
class SampleClass:
    """The class of one chapter."""

    chapter: str
    members: dict[str, Member]
    full: dict[str, float]

    @property
    def folder(self) -> Path:
        """Where its notebooks lie."""
        return ROOT / "tests" / "submissions" / self.chapter

    def notebook(self, name: str, blank: NotebookNode | None = None) -> NotebookNode:
        """Make the notebook of one submission from a blank one, by default the chapter's."""
        made = blank or load(Course(ROOT).chapter(self.chapter).student)
        for exercise, source in self.members[name].answers.items():
            cell(made, "exercise", exercise).source = source
        self.members[name].edit(made)
        return made

    def write(self) -> None:
        """Write all submissions."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in self.members:
            (self.folder / f"{name}.ipynb").write_text(dump(self.notebook(name)), encoding="utf-8")


@cache
def sample_class(chapter: str) -> SampleClass:
    """Return the sample class of a chapter."""
    table = runpy.run_path(str(ROOT / "tests" / "classes" / f"{chapter}.py"))
    return SampleClass(chapter, table["CLASS"], table["FULL"])


def found(mark: Mark) -> dict[str, float]:
    """Return the points that tests gave, by exercise; answers in words are a person's to mark."""
    return {name: sum(item.earned for item in items) for name, items in mark.by_exercise().items() if not in_words(items)}


def cell(notebook: NotebookNode, kind: str, name: str) -> NotebookNode:
    """Return the cell with a role."""
    return next(each for each in notebook.cells if role(each) == (kind, name))


if __name__ == "__main__":
    import sample_class as this  # the classes import this module by its name

    for each in sys.argv[1:] or CHAPTERS:
        this.sample_class(each).write()
