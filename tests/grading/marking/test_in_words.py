"""Answers in words: found whatever an editor did to their cells, never run, and never taken for code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from nnlab.grading.marking.rebuild import Rebuilt, rebuild
from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.source import HERE, role

NAME = "graphs"
SAID = "Nodes are numbers.\n\nShares are added, because each use of a node moves the result."


@pytest.fixture
def solution(course: Course) -> NotebookNode:
    """Return the solution of chapter 04."""
    return load(course.chapter("04").solution)


@pytest.fixture
def submitted(course: Course) -> NotebookNode:
    """Return an untouched notebook of chapter 04."""
    return load(course.chapter("04").student)


def place(notebook: NotebookNode) -> int:
    """Return where the answer's cell stands."""
    return next(place for place, cell in enumerate(notebook.cells) if role(cell) == ("written", NAME))


def own(notebook: NotebookNode) -> NotebookNode:
    """Return the answer's cell."""
    return notebook.cells[place(notebook)]


def anonymous(cell: NotebookNode) -> None:
    """Take away all that names a cell."""
    cell.metadata = NotebookNode()
    cell.id = "x1"


def in_its_cell(notebook: NotebookNode) -> None:
    """Write it as it is meant."""
    own(notebook).source = SAID


def below_the_line(notebook: NotebookNode) -> None:
    """Leave the line that stood there."""
    own(notebook).source = f"{HERE}\n{SAID}"


def as_raw(notebook: NotebookNode) -> None:
    """Make the cell raw."""
    notebook.cells[place(notebook)] = NotebookNode({**new_raw_cell(SAID), "id": own(notebook).id})


def as_code(notebook: NotebookNode) -> None:
    """Make the cell code, with text that Python cannot read."""
    made = NotebookNode({**new_code_cell(SAID), "id": own(notebook).id, "metadata": own(notebook).metadata})
    notebook.cells[place(notebook)] = made


def by_metadata(notebook: NotebookNode) -> None:
    """Change the id, as a tool does that writes the notebook anew."""
    in_its_cell(notebook)
    own(notebook).id = "x1"


def by_place(notebook: NotebookNode) -> None:
    """Lose id and metadata."""
    in_its_cell(notebook)
    anonymous(own(notebook))


def split(notebook: NotebookNode) -> None:
    """Split it between its paragraphs."""
    first, second = SAID.split("\n\n")
    own(notebook).source = first
    notebook.cells.insert(place(notebook) + 1, new_markdown_cell(second))


def moved(notebook: NotebookNode) -> None:
    """Move it to the top of the notebook."""
    in_its_cell(notebook)
    notebook.cells.insert(0, notebook.cells.pop(place(notebook)))


def in_a_new_cell(notebook: NotebookNode) -> None:
    """Write the answer into a new cell behind it."""
    notebook.cells.insert(place(notebook) + 1, new_markdown_cell(SAID))


def in_place_of_it(notebook: NotebookNode) -> None:
    """Delete the cell, and put another one there, by mistake as code."""
    notebook.cells[place(notebook)] = new_code_cell(SAID)


def below_the_question(notebook: NotebookNode) -> None:
    """Write into the question's cell."""
    notebook.cells[place(notebook) - 1].source += f"\n\n{SAID}"


CODE = f"`{NAME}` is an answer in words, and was in a code cell. It was not run."
OTHER = f"`{NAME}` was found in another cell. Its own cell was"


@pytest.mark.parametrize(
    ("edit", "repairs"),
    [
        (in_its_cell, ()),
        (below_the_line, ()),
        (as_raw, ()),
        (as_code, (CODE,)),
        (by_metadata, ()),
        (by_place, None),
        (split, ()),
        (moved, ()),
        (in_a_new_cell, (f"{OTHER} not used.",)),
        (in_place_of_it, (CODE, f"{OTHER} missing.")),
        (below_the_question, None),
    ],
)
def test_found(submitted: NotebookNode, solution: NotebookNode, edit: Callable[[Any], None], repairs: tuple[str, ...] | None) -> None:
    """The words are all there, what had to be mended is said, and none of it is in what runs."""
    edit(submitted)
    rebuilt = rebuild(submitted, solution)
    assert rebuilt.words == {NAME: SAID}
    assert repairs is None or rebuilt.repairs == repairs
    assert "Shares" not in code(rebuilt)


def code(rebuilt: Rebuilt) -> str:
    """Return all code that would run."""
    return "\n".join(cell.source for cell in rebuilt.notebook.cells if cell.cell_type == "code")


def deleted(notebook: NotebookNode) -> None:
    """Delete the cell."""
    del notebook.cells[place(notebook)]


def both_deleted(notebook: NotebookNode) -> None:
    """Delete question and answer: a notebook of an edition that did not ask."""
    del notebook.cells[place(notebook) - 1 : place(notebook) + 1]


def blank(notebook: NotebookNode) -> None:
    """Leave blanks and the line that stood there."""
    own(notebook).source = f"\n  {HERE} \n\n"


def full_width(notebook: NotebookNode) -> None:
    """Leave the line with a full-width blank, as an input method for Chinese types it."""
    own(notebook).source = HERE.replace(" ", "\u3000", 1)


@pytest.mark.parametrize(
    ("edit", "repairs"),
    [
        (lambda notebook: None, ()),
        (blank, ()),
        (full_width, ()),
        (deleted, (f"The cell for the answer in words `{NAME}` was missing.",)),
        (both_deleted, ()),
    ],
)
def test_not_attempted(submitted: NotebookNode, solution: NotebookNode, edit: Callable[[Any], None], repairs: tuple[str, ...]) -> None:
    """Where nothing was written there is no answer."""
    edit(submitted)
    rebuilt = rebuild(submitted, solution)
    assert (rebuilt.words, rebuilt.repairs) == ({NAME: ""}, repairs)


def test_code_in_it_is_not_run_and_is_no_exercise(submitted: NotebookNode, solution: NotebookNode) -> None:
    """Python in the place for words stays words, even where it defines what an exercise asks for."""
    as_code(submitted)
    own(submitted).source = "def backward(Y, W, Z, A):\n    return shares_are_added"
    rebuilt = rebuild(submitted, solution)
    assert rebuilt.words[NAME].startswith("def backward")
    assert "shares_are_added" not in code(rebuilt)
    assert "NotImplementedError" in rebuilt.answers["backward"]


def test_a_try_in_code_beside_it_is_no_answer(submitted: NotebookNode, solution: NotebookNode) -> None:
    """A cell of the student's own that Python can read is code, and runs where it stands."""
    in_its_cell(submitted)
    submitted.cells.insert(place(submitted) + 1, new_code_cell("tried = 1 + 1"))
    rebuilt = rebuild(submitted, solution)
    assert rebuilt.words == {NAME: SAID}
    assert "tried = 1 + 1" in code(rebuilt)


def test_a_slipped_exercise_beside_it_is_code(submitted: NotebookNode, solution: NotebookNode) -> None:
    """An answer to an exercise that became Markdown stays one, also where words are asked for."""
    submitted.cells.insert(place(submitted) + 1, new_markdown_cell("def optimize(W, b, dW, db, alpha):\n    return W, b"))
    rebuilt = rebuild(submitted, solution)
    assert rebuilt.words == {NAME: ""}
    assert "return W, b" in rebuilt.answers["optimize"]


@pytest.mark.parametrize("said", ["", SAID])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_names_lost_in_any_language(course: Course, solution: NotebookNode, language: str, said: str) -> None:
    """Where ids and metadata are lost, the question is known by its text, in whatever language, and its answer by its place."""
    files = course.chapter("04")
    notebook = load(files.translated(language).student)
    own(notebook).source = said or own(notebook).source
    for cell in notebook.cells:
        anonymous(cell)
    rebuilt = rebuild(notebook, solution, [load(path) for path in files.translations])
    assert (rebuilt.words, rebuilt.repairs) == ({NAME: said}, ())


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("changed", ["{}\n\nMine: {note}", "Mine: {note}\n\n{}", "<details>{}</details>", None])
def test_notes_around_our_texts_make_no_edition(course: Course, solution: NotebookNode, language: str, changed: str | None) -> None:
    """Notes above or below each text of ours, or its paragraphs in cells of their own, change nothing though all names are lost."""
    files = course.chapter("04")
    notebook = load(files.translated(language).student)
    in_its_cell(notebook)
    cells = []
    for each in notebook.cells:
        texts = [each.source]
        if each.cell_type == "markdown" and role(each)[0] != "written":
            texts = [changed.format(each.source, note="the slope. " * 20)] if changed else each.source.split("\n\n")
        cells += [NotebookNode({**each, "source": text}) for text in texts]
    notebook.cells = cells
    for each in cells:
        anonymous(each)
    rebuilt = rebuild(notebook, solution, [load(path) for path in files.translations])
    assert SAID in rebuilt.words[NAME]
    assert not any("another edition" in repair for repair in rebuilt.repairs)


def test_an_edition_that_did_not_ask(submitted: NotebookNode, solution: NotebookNode) -> None:
    """Its prose is ours, in other words, and no answer."""
    both_deleted(submitted)
    for cell in submitted.cells:
        anonymous(cell)
        if cell.cell_type == "markdown":
            cell.source = f"In the first edition: {cell.source.splitlines()[0]}"
    assert rebuild(submitted, solution).words == {NAME: ""}


def test_prose_of_another_edition_beside_an_answer(submitted: NotebookNode, solution: NotebookNode) -> None:
    """A text of ours that has a sentence more, or less, is no part of the answer beside it."""
    in_its_cell(submitted)
    behind = next(cell for cell in submitted.cells[place(submitted) + 1 :] if cell.cell_type == "markdown" and len(cell.source) > 100)
    behind.source += "\n\nA sentence of this edition."
    submitted.cells.remove(behind)
    submitted.cells.insert(place(submitted) + 1, behind)
    anonymous(behind)
    assert rebuild(submitted, solution).words == {NAME: SAID}
