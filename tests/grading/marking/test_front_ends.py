"""A notebook of right answers is the same notebook, whichever program saved it: each answer is found, and nothing is said of repairs."""

from __future__ import annotations

import ast
import contextlib
import copy
import secrets
from collections.abc import Callable

import jupytext
import nbformat
import pytest
from nbformat import NotebookNode
from support import CHAPTERS, ROOT

from nnlab.grading.marking.cells import bare
from nnlab.grading.marking.rebuild import rebuild
from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.source import BEGIN, END, role


def answered(chapter: str) -> NotebookNode:
    """Return the student's notebook of a chapter with an answer in each exercise's cell: ours, without its markers."""
    files = Course(ROOT).chapter(chapter)
    answers = {role(cell): cell.source for cell in load(files.solution).cells}
    notebook = load(files.student)
    for cell in notebook.cells:
        if role(cell)[0] == "exercise":
            lines = answers[role(cell)].splitlines()
            cell.source = "\n".join(line for line in lines if BEGIN not in line and END not in line)
    return notebook


def no_ids(notebook: NotebookNode) -> None:
    """Lose the ids, as formats before 4.5 do."""
    for cell in notebook.cells:
        cell.pop("id", None)


def no_metadata(notebook: NotebookNode) -> None:
    """Lose the metadata of cells and notebook."""
    notebook.metadata = NotebookNode()
    for cell in notebook.cells:
        cell.metadata = NotebookNode()


def other_ids(notebook: NotebookNode) -> None:
    """Give each cell a new id, as tools do that write a notebook anew."""
    for cell in notebook.cells:
        cell.id = secrets.token_hex(4)


def jupyterlab(notebook: NotebookNode) -> NotebookNode:
    """Save it as it is, with what was run."""
    for number, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.execution_count = number
        cell.metadata["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
    return notebook


def vs_code(notebook: NotebookNode) -> NotebookNode:
    """Keep the metadata, lose the ids."""
    no_ids(notebook)
    for cell in notebook.cells:
        cell.metadata["vscode"] = {"languageId": "python"}
    return notebook


def colab(notebook: NotebookNode) -> NotebookNode:
    """Move the ids into the metadata, and lose the rest of it."""
    for cell in notebook.cells:
        cell.metadata = NotebookNode(id=cell.pop("id"), outputId="x")
    notebook.metadata = NotebookNode(colab={"provenance": []})
    return notebook


def colab_with_ids_of_its_own(notebook: NotebookNode) -> NotebookNode:
    """Lose all that we wrote, and have ids that mean nothing to us."""
    no_ids(notebook)
    no_metadata(notebook)
    for cell in notebook.cells:
        cell.metadata = NotebookNode(id=secrets.token_urlsafe(9))
    return notebook


def kaggle(notebook: NotebookNode) -> NotebookNode:
    """Lose ids and metadata, and have Windows' line ends."""
    colab_with_ids_of_its_own(notebook)
    for cell in notebook.cells:
        cell.metadata = NotebookNode(_uuid=secrets.token_hex(20), trusted=True)
        cell.source = cell.source.replace("\n", "\r\n")
    return notebook


def deepnote(notebook: NotebookNode) -> NotebookNode:
    """Have other ids, no metadata of ours, and a line more behind each cell."""
    no_metadata(notebook)
    other_ids(notebook)
    for cell in notebook.cells:
        cell.metadata = NotebookNode(cell_id=secrets.token_hex(16), deepnote_cell_type="code")
        cell.source += "\n"
    return notebook


def format_3(notebook: NotebookNode) -> NotebookNode:
    """Save it in the format of 2013, and read that again."""
    return nbformat.convert(nbformat.convert(notebook, 3), 4)


def through_jupytext(form: str) -> Callable[[NotebookNode], NotebookNode]:
    """Return a round trip through a text notebook."""

    def trip(notebook: NotebookNode) -> NotebookNode:
        return jupytext.reads(jupytext.writes(notebook, form), form)

    trip.__name__ = form
    return trip


def lost(*what: Callable[[NotebookNode], None]) -> Callable[[NotebookNode], NotebookNode]:
    """Return what loses several things."""

    def lose(notebook: NotebookNode) -> NotebookNode:
        for each in what:
            each(notebook)
        return notebook

    lose.__name__ = " and ".join(each.__name__ for each in what)
    return lose


def only_code(notebook: NotebookNode) -> NotebookNode:
    """Hold the code cells alone, without ids and metadata."""
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return lost(no_ids, no_metadata)(notebook)


def indented_otherwise(notebook: NotebookNode) -> NotebookNode:
    """Have all cells indented by two spaces for our four, and white space at the ends of lines."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = "\n".join(line.replace("    ", "  ") + " " for line in cell.source.splitlines())
    return lost(no_ids, no_metadata)(notebook)


def formatted(notebook: NotebookNode) -> NotebookNode:
    """Have all cells rewritten by a formatter: other quotes, lines and brackets, and no comments."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            with contextlib.suppress(SyntaxError):
                cell.source = ast.unparse(ast.parse(cell.source))
    return lost(no_ids, no_metadata)(notebook)


def annotated(notebook: NotebookNode) -> NotebookNode:
    """Have a comment at the end of each cell that is not an answer."""
    for cell in notebook.cells:
        if role(cell)[0] != "exercise":
            cell.source += "\n\n# understood"
    return lost(no_ids)(notebook)


FRONT_ENDS = [
    *(jupyterlab, vs_code, colab, colab_with_ids_of_its_own, kaggle, deepnote, format_3, only_code, indented_otherwise, annotated),
    *map(through_jupytext, ("py:percent", "md", "ipynb")),
    *(lost(no_ids), lost(no_metadata), lost(other_ids), lost(no_ids, no_metadata), lost(other_ids, no_metadata)),
]


@pytest.mark.parametrize("front_end", FRONT_ENDS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_answers_are_found(chapter: str, front_end: Callable[[NotebookNode], NotebookNode]) -> None:
    """In their own cells, with no word of repair and no cell of the student's own."""
    notebook = answered(chapter)
    expected = {role(cell)[1]: bare(cell.source) for cell in notebook.cells if role(cell)[0] == "exercise"}
    saved = front_end(copy.deepcopy(notebook))
    rebuilt = rebuild(saved, load(Course(ROOT).chapter(chapter).solution))
    assert rebuilt.repairs == ()
    assert {name: bare(source) for name, source in rebuilt.answers.items()} == expected
    assert [cell.id for cell in rebuilt.notebook.cells] == [cell.id for cell in notebook.cells]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_formatted(chapter: str) -> None:
    """What a formatter does to cells of ours is no change: none of them is told of or run twice."""
    rebuilt = rebuild(formatted(answered(chapter)), load(Course(ROOT).chapter(chapter).solution))
    assert rebuilt.repairs == ()
    assert not [cell.source for cell in rebuilt.notebook.cells if "extra" in cell.metadata.get("nnlab", {})]
