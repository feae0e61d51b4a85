"""Answers in words: the question, the rubric that a person marks by, and what is wrong with either.

    # %% [markdown]
    # Describe backpropagation as a computational graph.

    # %% [markdown] written="graphs"
    # <!-- criterion: 1 :: Names inputs, parameters and results as nodes. -->
    # <!-- criterion: 1 :: Adds the shares where a node is used more than once. -->
    #
    # The nodes are numbers … (a model answer)

Model answer and rubric are in the solution notebook alone. Students' notebooks, the package and the bundle have neither: who reads
what is marked writes just that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from nbformat import NotebookNode

from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.source import RUBRIC, role

ID = re.compile(r"[a-z][a-z0-9_]*")
TAKEN = ("notebook", "each", "once")  # stands for the checkpoints; methods that hidden tests use
MOST = 9  # criteria: each has a key on the desk


@dataclass(frozen=True)
class Criterion:
    """What an answer has to say, and the points for it."""

    text: str
    points: float


@dataclass(frozen=True)
class Written:
    """A question that is answered in words: its id, its text, the criteria, and a model answer in Markdown."""

    name: str
    question: str
    criteria: tuple[Criterion, ...]
    model: str

    @property
    def points(self) -> float:
        """What it is worth."""
        return sum(each.points for each in self.criteria)


def written(solution: NotebookNode) -> dict[str, Written]:
    """Return the questions of a solution notebook that are answered in words, by their ids, in order."""
    found = {}
    for before, cell in pairwise(solution.cells):
        if role(cell)[0] == "written":
            name = role(cell)[1]
            criteria = tuple(Criterion(str(each["text"]), float(each["points"])) for each in cell.metadata.nnlab.get("criteria", ()))
            found[name] = Written(name, _without_heading(before.source), criteria, cell.source.partition(RUBRIC)[0])
    return found


def problems(chapter: ChapterFiles, solution: NotebookNode) -> Iterator[str]:
    """Yield what is wrong with the questions of a chapter that are answered in words."""
    for name in written(solution):
        if not ID.fullmatch(name) or name in TAKEN:
            yield f"written {name!r}: an id is in snake_case, such as 'graphs', and none of {', '.join(TAKEN)}."
        if name in chapter.declared.names:
            yield f"written {name!r} is an exercise, too. Call one of them otherwise."
    for each in written(solution).values():
        if not each.points:
            yield f"written {each.name!r} is worth no points. Give points to its criteria."
        if len(each.criteria) > MOST:
            yield f"written {each.name!r} has {len(each.criteria)} criteria, and the desk has keys for {MOST}. Join some."


def _without_heading(text: str) -> str:
    return re.sub(r"\A#{1,6} .*\n+", "", text).strip()
