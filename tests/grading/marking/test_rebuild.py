"""A notebook is rebuilt from our cells and the student's answers, whatever happened to its cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from nnlab.grading.marking.rebuild import rebuild
from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.source import role

MINE = "def softmax(z):\n    return z"
OTHER = "def softmax(z):\n    return 2 * z"


@pytest.fixture
def solution(course: Course) -> NotebookNode:
    """Return the solution of chapter 03."""
    return load(course.chapter("03").solution)


@pytest.fixture
def submitted(course: Course) -> NotebookNode:
    """Return an untouched notebook of chapter 03."""
    return load(course.chapter("03").student)


def cell(notebook: NotebookNode, kind: str, name: str) -> NotebookNode:
    """Return the cell with a role."""
    return next(each for each in notebook.cells if role(each) == (kind, name))


def answer(notebook: NotebookNode, source: str = MINE) -> NotebookNode:
    """Write an answer to softmax into its cell."""
    found = cell(notebook, "exercise", "softmax")
    found.source = source
    return found


def test_untouched(submitted: NotebookNode, solution: NotebookNode) -> None:
    """An untouched notebook is rebuilt as it is, without repairs, with the outputs its checkpoints must agree with."""
    rebuilt = rebuild(submitted, solution)
    assert rebuilt.repairs == ()
    assert rebuilt.answers["softmax"] == cell(submitted, "exercise", "softmax").source
    assert [each.id for each in rebuilt.notebook.cells] == [each.id for each in submitted.cells]
    assert cell(rebuilt.notebook, "checkpoint", "seed_42").outputs == cell(solution, "checkpoint", "seed_42").outputs
    assert "0.61434866" in str(cell(rebuilt.notebook, "checkpoint", "seed_42").outputs)


def test_no_solution_gets_in(submitted: NotebookNode, solution: NotebookNode) -> None:
    """The rebuilt notebook holds no line of ours that answers an exercise, and no demo."""
    text = "\n".join(each.source for each in rebuild(submitted, solution).notebook.cells)
    assert "np.where(z >= 0" not in text
    assert "demos." not in text


def duplicate(notebook: NotebookNode) -> None:
    """Copy the cell of an answer and change the copy."""
    original = answer(notebook)
    notebook.cells.append(NotebookNode({**original, "id": "copy", "source": OTHER}))


def elsewhere(notebook: NotebookNode) -> None:
    """Write the answer into a new cell, and leave the stub."""
    notebook.cells.append(new_code_cell(OTHER))


def removed(notebook: NotebookNode) -> None:
    """Delete the cell, and write the answer elsewhere."""
    notebook.cells.remove(cell(notebook, "exercise", "softmax"))
    notebook.cells.append(new_code_cell("softmax = lambda z: 2 * z"))


def lost(notebook: NotebookNode) -> None:
    """Delete the cell."""
    notebook.cells.remove(cell(notebook, "exercise", "softmax"))


def no_metadata(notebook: NotebookNode) -> None:
    """Lose all metadata, as some tools do; the ids stay."""
    answer(notebook, OTHER)
    for each in notebook.cells:
        each.metadata = NotebookNode()


def no_ids(notebook: NotebookNode) -> None:
    """Lose all ids, as an older Jupyter does; the metadata stay."""
    answer(notebook, OTHER)
    for each in notebook.cells:
        each.pop("id")


def nothing_but_code(notebook: NotebookNode) -> None:
    """Lose ids and metadata, in a notebook put together by hand."""
    no_ids(notebook)
    no_metadata(notebook)
    notebook.cells = [each for each in notebook.cells if each.cell_type == "code"]


def edited_check(notebook: NotebookNode) -> None:
    """Change a check cell."""
    answer(notebook, OTHER)
    cell(notebook, "check", "softmax").source = "print('ok')"


EDITS: list[tuple[Callable[[NotebookNode], Any], str, str]] = [
    (duplicate, OTHER, "There were 2 cells for `softmax`. The last one was graded."),
    (elsewhere, OTHER, "`softmax` was found in another cell. Its own cell was not used."),
    (removed, "softmax = lambda z: 2 * z", "`softmax` was found in another cell. Its own cell was missing."),
    (lost, "raise NotImplementedError", "The cell of `softmax` was missing, and no other cell defines it."),
    (no_metadata, OTHER, ""),
    (no_ids, OTHER, ""),
    (nothing_but_code, OTHER, ""),
    (edited_check, OTHER, "The check cell of `softmax` had been changed or removed. Ours were used."),
]


@pytest.mark.parametrize(("edit", "graded", "repair"), EDITS, ids=[edit.__name__ for edit, *_ in EDITS])
def test_edits_are_mended(
    submitted: NotebookNode, solution: NotebookNode, edit: Callable[[NotebookNode], Any], graded: str, repair: str
) -> None:
    """Whatever happened to the cells, the right answer is graded, once, in our notebook, and the repair is named."""
    edit(submitted)
    rebuilt = rebuild(submitted, solution)
    sources = [each.source for each in rebuilt.notebook.cells]
    assert graded in rebuilt.answers["softmax"]
    assert sum("def softmax(" in source or "softmax =" in source for source in sources) == 1
    assert cell(rebuilt.notebook, "check", "softmax").source == "check(softmax)"
    assert not repair or repair in rebuilt.repairs


def test_own_cells_stay_where_they_are(submitted: NotebookNode, solution: NotebookNode) -> None:
    """A student's own cell, such as a helper, runs behind the cell of ours it stood behind; text and empty cells do not matter."""
    place = submitted.cells.index(cell(submitted, "exercise", "softmax"))
    submitted.cells[place:place] = [new_code_cell("def helper(z): return z"), new_code_cell("  ")]
    sources = [each.source for each in rebuild(submitted, solution).notebook.cells]
    assert sources[sources.index("def helper(z): return z") - 1] == submitted.cells[place - 1].source
    assert "  " not in sources


def test_too_many_own_cells(submitted: NotebookNode, solution: NotebookNode) -> None:
    """Only so many run, and the student is told."""
    submitted.cells += [new_code_cell(f"x = {i}") for i in range(201)]
    rebuilt = rebuild(submitted, solution)
    sources = [each.source for each in rebuilt.notebook.cells]
    assert ("x = 199" in sources, "x = 200" in sources) == (True, False)
    assert "There were 201 cells of your own. The first 200 were run." in rebuilt.repairs


def test_graded_cells_cannot_be_claimed(submitted: NotebookNode, solution: NotebookNode) -> None:
    """A student's cell that claims the id of a checkpoint is not run in its place."""
    forged = new_code_cell("print('forged')", metadata=cell(submitted, "checkpoint", "seed_42").metadata, id="checkpoint_seed_42")
    submitted.cells.append(forged)
    rebuilt = rebuild(submitted, solution)
    assert "forged" not in str([each.source for each in rebuilt.notebook.cells])
