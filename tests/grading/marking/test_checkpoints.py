"""A checkpoint's points come from what the student's functions answer, whatever their process prints."""

from __future__ import annotations

from functools import partial

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output
from support import CHAPTERS, ROOT

from nnlab.grading.marking.checkpoints import Stage, stage
from nnlab.grading.marking.notebook import prints_the_same, run_cells, shows
from nnlab.grading.marking.session import Session
from nnlab.grading.running.job import Options, kit
from nnlab.grading.sandbox.kernel import Execution, StudentKernel
from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.source import USES, is_demo, role

TRUSTING = {("gradient_check", "central_differences")}  # it passes a function of ours on


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_checkpoint_runs_on_our_side(chapter: str) -> None:
    """Each prints the lecture's numbers when it is run again alone, and nearly all calls can be asked."""
    checkpoints = stage(Course(ROOT).chapter(chapter)).checkpoints
    assert [name for name, each in checkpoints.items() if not each.sound] == []
    assert {(name, exercise) for name, each in checkpoints.items() for exercise in each.needs} <= TRUSTING


class Answered:
    """A student of one chapter: our answers, but for some."""

    def __init__(self, chapter: str) -> None:
        self.files = Course(ROOT).chapter(chapter)
        self.stage: Stage = stage(self.files)

    def verdicts(self, *names: str, **answers: str) -> list[str]:
        """Return what is wrong with these checkpoints, or "" for each."""
        start = partial(StudentKernel, kit(self.files), "none", Options().limits)
        with Session(start) as session:
            for cell in load(self.files.solution).cells:
                kind, name = role(cell)
                if cell.cell_type == "code" and kind in ("", "exercise") and not is_demo(cell) and not USES.search(cell.source):
                    session.execute(answers.get(name, cell.source), replay=9)
            return [str(self.stage.verdict(name, session, "li") or "") for name in names]


SOFTMAX = "def softmax(z):\n    e = np.exp(z - z.max(axis=0))\n    return e / e.sum(axis=0)"
NOISY = SOFTMAX.replace(
    "    return", "    print('noise')\n    import warnings, sys\n    warnings.warn('!')\n    print('!', file=sys.stderr)\n    return"
)
PRINTS = "def softmax(z):\n    print('free flow  0.866814', 'slow       0.015876', 'congested  0.117310', sep='\\n')\n    return z"


@pytest.mark.parametrize(
    ("answer", "verdicts"),
    [
        (SOFTMAX, ["", ""]),
        (NOISY, ["", ""]),
        (PRINTS, ["The result is wrong.", "The result is wrong."]),
        ("def softmax(z):\n    return None", ["It returned None.", "The result holds nan or inf."]),
        ("def softmax(z):\n    return 'x' * 10**6", ["It returned something of the wrong type.", ""]),
        ("def softmax(z):\n    return np.ones((500, 500))", ["The result has the wrong shape.", ""]),
    ],
)
def test_what_is_printed_does_not_matter(answer: str, verdicts: list[str]) -> None:
    """In neither direction; and our cell never computes with what is of another shape."""
    first, second = Answered("03").verdicts("softmax_scores", "seed_42", softmax=answer)
    assert first == verdicts[0]
    assert bool(second) == (first != "")


def test_classes_are_mirrored() -> None:
    """A checkpoint may use a class that students write: its objects stay there, and their values come here."""
    right = load(Course(ROOT).chapter("04").solution)
    node = next(cell.source for cell in right.cells if role(cell) == ("exercise", "node_gradients"))
    student = Answered("04")
    assert student.verdicts("worked_graphs", "dynamic_graph") == ["", ""]
    wrong = student.verdicts("worked_graphs", "dynamic_graph", node_gradients=node.replace("argument.grad +=", "argument.grad ="))
    assert wrong == ["", "The result is wrong."], "a graph without a node that is used twice is right all the same"


def test_a_long_checkpoint_is_sampled() -> None:
    """Ten thousand calls are not asked; a wrong answer is found among those that are."""
    student = Answered("02")
    notebook = load(student.files.solution)
    cell = next(each for each in notebook.cells if role(each) == ("checkpoint", "dying_relu"))
    cell.source = "with checkpoint(dead_share):\n    print(sum(dead_share(np.full((2, 3), k - 1000.0)) for k in range(1500)))"
    cell.outputs = [new_output("stream", text="1001.0\n")]
    student.stage = Stage(notebook, student.files.declared)
    assert student.stage.checkpoints["dying_relu"].count > 1000
    assert student.verdicts("dying_relu", dead_share="def dead_share(z):\n    return np.mean(z.max(axis=1) <= 0)") == [""]
    assert student.verdicts("dying_relu", dead_share="def dead_share(z):\n    return np.mean(z <= -500)") == ["The result is wrong."]


@pytest.fixture
def cell() -> NotebookNode:
    """Return a checkpoint's cell of our solution."""
    cells = load(Course(ROOT).chapter("03").solution).cells
    return next(each for each in cells if role(each) == ("checkpoint", "softmax_scores"))


def test_nbval_compares(cell: NotebookNode) -> None:
    """Its own comparison says whether a text is what a cell prints; lines between others are seen where only that is asked."""
    text = cell.outputs[0].text
    assert prints_the_same(cell, text)
    assert not prints_the_same(cell, text.replace("0.8", "0.9"))
    lines = text.splitlines(keepends=True)
    mixed = [NotebookNode(output_type="stream", name="stdout", text="".join(["noise\n", *lines[:1], "more\n", *lines[1:]]))]
    assert shows(cell, mixed)
    mixed[0].text = "".join(reversed(lines))
    assert not shows(cell, mixed)


class Process:
    """Runs nothing, and notes the cells."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def execute(self, source: str, replay: float = 0, defines: bool = True) -> Execution:
        """Note a cell."""
        self.ran.append(source)
        return Execution("ok")


def test_nbval_looks_at_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary folder full of other things costs nothing, and what an answer says to nbval is not heard."""
    notebook = load(Course(ROOT).chapter("03").solution)
    notebook.cells = [each for each in notebook.cells if each.cell_type == "code"][:1]
    notebook.cells[0].update(source="# NBVAL_SKIP\nx = 1 / 0", outputs=[])
    seen: list[str] = []
    for name in ("scandir", "listdir"):
        monkeypatch.setattr(f"os.{name}", lambda path=".": seen.append(str(path)) or iter(()))
    process = Process()
    assert [each.fine for each in run_cells(process, notebook)] == [True]  # type: ignore[arg-type]
    assert (process.ran, seen) == (["# NBVAL_SKIP\nx = 1 / 0"], [])
