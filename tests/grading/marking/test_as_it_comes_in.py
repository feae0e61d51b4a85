"""Right answers keep their points whatever an editor or a last cell did to the notebook: one class, one row a kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from support import ROOT

from nnlab.grading.grade import Options, grade
from nnlab.grading.results import Mark
from nnlab.grading.sandbox.walls import why_not
from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.source import BEGIN, END, role

CHAPTER = Course(ROOT).chapter("03")
FIRST_EDITION = Path(__file__).with_name("first_edition_03.ipynb")  # the chapter as it was released first, with right answers
Edit = Callable[[NotebookNode], object]


def answered() -> NotebookNode:
    """Return the student's notebook with right answers, each in its cell."""
    answers = {role(cell): cell.source for cell in load(CHAPTER.solution).cells}
    notebook = load(CHAPTER.student)
    for cell in notebook.cells:
        if role(cell)[0] == "exercise":
            cell.source = "\n".join(line for line in answers[role(cell)].splitlines() if BEGIN not in line and END not in line)
    return notebook


def cell(notebook: NotebookNode, kind: str, name: str) -> NotebookNode:
    """Return the cell with a role."""
    return next(each for each in notebook.cells if role(each) == (kind, name))


def last(source: str) -> Edit:
    """Add a cell at the end."""
    return lambda notebook: notebook.cells.append(new_code_cell(source))


def before(name: str, source: str) -> Edit:
    """Put a cell before an exercise."""
    return lambda notebook: notebook.cells.insert(notebook.cells.index(cell(notebook, "exercise", name)), new_code_cell(source))


def first_line(name: str, line: str) -> Edit:
    """Put a line at the start of an answer's body."""

    def edit(notebook: NotebookNode) -> None:
        found = cell(notebook, "exercise", name)
        head, body = found.source.rsplit('"""\n', 1)
        found.source = f'{head}"""\n    {line}\n{body}'

    return edit


def moved_to_its_check(notebook: NotebookNode) -> None:
    """Write the answer into the check's cell."""
    answer, check = cell(notebook, "exercise", "softmax"), cell(notebook, "check", "softmax")
    check.source = f"{answer.source}\n\n{check.source}"
    answer.source = ""


def made_markdown(notebook: NotebookNode) -> None:
    """Turn an answer's cell into Markdown."""
    cell(notebook, "exercise", "softmax").cell_type = "markdown"


def library(notebook: NotebookNode) -> None:
    """Import below our imports, and use it."""
    given = next(each for each in notebook.cells if each.cell_type == "code")
    given.source += "\nfrom scipy.special import expit"
    cell(
        notebook, "exercise", "softmax"
    ).source = "def softmax(z):\n    e = expit(z) * 0 + np.exp(z - z.max(axis=0))\n    return e / e.sum(axis=0)"


EDITS: dict[str, Edit] = {
    **{
        f"last_{number}": last(source)
        for number, source in enumerate(("exit()", "exit", "quit()", "import sys; sys.exit(3)", "import os\nos._exit(1)"))
    },
    **{
        f"ends_{number}": last(source)
        for number, source in enumerate(("get_ipython().kernel.do_shutdown(True)", "%reset -f", "del softmax, np, fc_layer"))
    },
    "redefined": last("def softmax(z):\n    return z\nnp = None"),
    "hides": last("sum = 3\nmax = min = len = zip = range = enumerate = None\nlist = [1]"),
    "raises": lambda notebook: notebook.cells.insert(
        1, new_code_cell("import warnings, numpy as np\nnp.seterr(all='raise')\nwarnings.simplefilter('error')")
    ),
    "exit_before": before("softmax", "exit()"),
    "shadowed_before": before("forward", "def softmax(z):\n    return z"),
    "prints": first_line("softmax", 'print("z", z)'),
    "warns": first_line("softmax", 'import warnings; warnings.warn("careful")'),
    "logs": first_line("run_feedback", 'import logging, sys; logging.error("here"); print("there", file=sys.stderr)'),
    "in_its_check": moved_to_its_check,
    "markdown": made_markdown,
    "library": library,
    "split": lambda notebook: notebook.cells.insert(
        notebook.cells.index(cell(notebook, "check", "softmax")),
        new_code_cell("softmax(np.ones((3, 1))) / 0", metadata=cell(notebook, "exercise", "softmax").metadata),
    ),
}


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Mark]:
    """Grade one student for each edit."""
    if why_not():
        pytest.skip(why_not())
    folder = tmp_path_factory.mktemp("class")
    for name, edit in EDITS.items():
        notebook = answered()
        edit(notebook)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    (folder / "first_edition.ipynb").write_bytes(FIRST_EDITION.read_bytes())
    found = grade(folder, Path(tmp_path_factory.mktemp("out")), Course(ROOT), "03", Options(workers=2))
    return {mark.student: mark for mark in found}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", EDITS)
def test_right_answers_keep_their_points(marks: dict[str, Mark], name: str) -> None:
    """All of them."""
    mark = marks[name]
    assert mark.total == mark.points == 23, [item for item in mark.items if item.earned < item.points]


@pytest.mark.filterwarnings("ignore")
def test_a_first_edition_keeps_what_stays(marks: dict[str, Mark]) -> None:
    """Of a notebook of the first edition all exercises that are still asked, and all checkpoints, keep every point."""
    lost = {item.exercise for item in marks["first_edition"].items if item.earned < item.points}
    assert lost == {"run_feedback", "sure_and_untrained"}  # the question in words is new, and waits for its mark
    assert marks["first_edition"].total == 21
    said, *missing = marks["first_edition"].repairs
    assert said.startswith("This notebook is of another edition of the chapter: ")
    assert missing == [f"The cell of `{name}` was missing, and no other cell defines it." for name in ("run_feedback", "graph_layer")]
