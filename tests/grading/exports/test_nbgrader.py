"""nbgrader gets the course whole: same tests, same points, nothing hidden in what students see."""

from __future__ import annotations

import contextlib
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import rivals
from nbclient import NotebookClient
from nbformat import NotebookNode, validate
from sample_class import CHAPTERS, sample_class
from support import ROOT, run_answer
from support import given as given_to_students

from nnlab.cli import main
from nnlab.grading.exports import in_notebook
from nnlab.grading.exports.nbgrader import assignment, inlined
from nnlab.grading.marking.testing import Wrong
from nnlab.grading.sandbox.inside import agent
from nnlab.workbook.build import load
from nnlab.workbook.course import Course, CourseError
from nnlab.workbook.graded import hidden_tests
from nnlab.workbook.source import role, strip

COURSE = Course(ROOT)
HONEST = ("full_marks", "untouched", "wrong_", "half_done", "edited_check_cells", "syntax_error")  # what nbgrader survives
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS$.*?^### END HIDDEN TESTS$", re.DOTALL | re.MULTILINE)


@pytest.fixture(params=CHAPTERS)
def chapter(request: pytest.FixtureRequest) -> Any:
    """Return each chapter of the course."""
    return COURSE.chapter(request.param)


def graded(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells nbgrader gives points for by itself; answers in words are marked by a person there, too."""
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code"]


def earned(notebook: NotebookNode) -> float:
    """Run a notebook and count its points by nbgrader's rule: a cell that raises or writes to the error output gets none."""
    NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True).execute()
    failed = [c for c in graded(notebook) if any(o.output_type == "error" or o.get("name") == "stderr" for o in c.outputs)]
    return sum(cell.metadata.nbgrader.points for cell in graded(notebook) if cell not in failed)


def full(chapter: Any) -> float:
    """Return the points of a chapter."""
    checkpoints = [cell for cell in load(chapter.solution).cells if role(cell)[0] == "checkpoint"]
    return sum(each.points for each in chapter.declared.exercises) + chapter.declared.checkpoint_points * len(checkpoints)


def test_cells(chapter: Any) -> None:
    """Every hidden test and checkpoint is a graded cell, every answer a solution cell, and all other code is locked."""
    notebook = assignment(chapter)
    validate(notebook)
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    words = [name for name, cell in cells.items() if role(cell)[0] == "written"]
    assert len(cells) == len([cell for cell in notebook.cells if cell.cell_type == "code"]) + 2 * len(words)
    assert [name for name, cell in cells.items() if cell.metadata.nbgrader.solution] == [*chapter.declared.names, *words]
    assert all(cell.metadata.nbgrader.locked for name, cell in cells.items() if name not in (*chapter.declared.names, *words))
    assert [(cells[name].metadata.nbgrader.grade, cells[name].metadata.nbgrader.points) for name in words] == [(True, 2)]
    assert {cell.metadata.nbgrader.schema_version for cell in cells.values()} == {3}
    assert sum(cell.metadata.nbgrader.points for cell in graded(notebook)) == full(chapter)


def test_students_see_only_the_sentences(chapter: Any) -> None:
    """Without the hidden regions a test is its sentence, and a checkpoint what it is in the chapter."""
    sentences = {name: f"# {' '.join(sentence.split())}" for name, _, _, sentence in hidden_tests(chapter.hidden_tests)}
    ours = {cell.id: cell.source for cell in load(chapter.student).cells}
    left = {cell.id: HIDDEN.sub("", cell.source).strip("\n") for cell in graded(assignment(chapter))}
    assert all("### BEGIN HIDDEN TESTS" in cell.source for cell in graded(assignment(chapter)))
    assert left == {**{id_: ours[id_] for id_ in left if id_ in ours}, **sentences}


def test_solution_earns_all_and_stub_nothing(chapter: Any) -> None:
    """Run as it is, the exported notebook earns every point; with the answers cut out, none."""
    assert earned(assignment(chapter)) == full(chapter)
    assert earned(strip(assignment(chapter))) == 0


@pytest.fixture
def withheld(chapter: Any) -> Iterator[None]:
    """Withhold the reference answers of a chapter."""
    given_to_students(chapter)  # what the chapter hands out was imported before anything is withheld
    in_notebook.withhold(*{exercise.reference.__module__ for exercise in chapter.declared.exercises})
    yield
    in_notebook._show(True)
    in_notebook._withheld.clear()


@pytest.mark.usefixtures("withheld")
@pytest.mark.parametrize("table", ["MUTANTS", "VARIANTS"])
def test_inlined_tests_judge_as_ours(chapter: Any, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong answers lose points to the inlined tests, calls of the reference too, and right ones written otherwise do not, though they warn."""
    functions = inlined(chapter.hidden_tests)
    of = {name: exercise for name, exercise, _, _ in hidden_tests(chapter.hidden_tests)}
    for exercise, entries in chapter.mutant_tables()[table].items():
        for key, entry in entries.items():
            source = entry[0] if table == "MUTANTS" else entry
            in_notebook._answers.clear()  # each answer is another notebook's
            names = defined(chapter, exercise, source)
            monkeypatch.setattr(agent, "get_ipython", lambda names=names: SimpleNamespace(user_ns=names))
            lost = [name for name in functions if of[name] == exercise and not passes(functions[name], name, exercise)]
            assert bool(lost) == (table == "MUTANTS"), f"{exercise}, {key}: lost {lost}"


def defined(chapter: Any, exercise: str, source: str) -> dict[str, Any]:
    """Run an answer and return the notebook's names, without the exercise's where the cell raises."""
    with warnings.catch_warnings(), contextlib.suppress(ImportError):
        warnings.simplefilter("ignore")
        return run_answer(chapter, exercise, source)
    return {}


def test_a_name_with_two_meanings_is_refused(tmp_path: Path) -> None:
    """A test in a notebook brings one statement along for each name it uses; variables of comprehensions are no names of the module."""
    once = "A = [i for i in (1, 2)]\nB = [i for i in A]\n\n\ndef test_x(student):\n    return B\n"
    (tmp_path / "test_x.py").write_text(once, "utf-8")
    assert "A = " in inlined(tmp_path / "test_x.py")["test_x"]
    (tmp_path / "test_x.py").write_text(once.replace("B = [", "A = ["), "utf-8")
    with pytest.raises(CourseError, match="defines A more than once"):
        inlined(tmp_path / "test_x.py")


def passes(source: str, name: str, exercise: str) -> bool:
    """Run an inlined test in this process."""
    space: dict[str, Any] = {}
    exec(source, space)
    assert set(space) == {"__builtins__", name}, "the test leaves nothing but itself in the student's notebook"
    try:
        in_notebook.run(space[name], exercise)
    except Exception:  # in a notebook a test is lost by any error, and in our grader too, such as that of a judge that meets another shape
        return False
    return True


def test_calls_as_in_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only data of an exact type comes back, so that an array that equals everything equals nothing."""

    class Agreeable(np.ndarray):
        def __eq__(self, other: object) -> Any:
            return np.ones(self.shape, bool)

    names = {"liar": lambda z: z.view(Agreeable), "loud": lambda z: print(z) or z, "gone": lambda z: exit()}
    monkeypatch.setattr(agent, "get_ipython", lambda: SimpleNamespace(user_ns=names))
    kernel = in_notebook.ThisKernel()
    assert type(kernel.call_many("liar", [(np.zeros(2),)])[0]) is not np.ndarray
    assert (kernel.call_many("loud", [(np.ones(2),)])[0] == 1).all()
    for name, error in (("gone", "SystemExit"), ("missing", "NameError")):
        assert str(kernel.call_many(name, [(1,)])[0]) == f"{name} raised {error}."


def test_checkpoints_compare_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The text must agree, a warning costs nothing, and an exercise that is not attempted is an error."""
    checkpoint = in_notebook.checkpoint_printing("1\n")
    with checkpoint(sum):
        print(1)
        print("a warning", file=sys.stderr)
    assert capsys.readouterr() == ("1\n", "")
    with pytest.raises(Wrong), checkpoint(sum):
        print(2)
    with pytest.raises(NotImplementedError), checkpoint(sum):
        raise NotImplementedError


def test_helpers_come_along(tmp_path: Path) -> None:
    """A test brings what it needs, what that needs, and nothing else."""
    path = tmp_path / "test_x.py"
    path.write_text(
        "import math\nimport os.path\nTWO, THREE = 2, 3\ndef half(x):\n    return x / TWO\ndef other():\n    return os.path\n"
        "@pytest.mark.points('x', 1)\ndef test_x(student):\n    '''A sentence.'''\n    assert student.x(half(4)) == math.pi\n"
    )
    source = inlined(path)["test_x"]
    assert source.splitlines()[:3] == ["def test_x(student):", "    import math", "    TWO, THREE = (2, 3)"]
    assert "def half" in source
    assert not re.search("os|other|sentence|pytest", source)


def test_fixtures_of_pytest_cannot_be_exported(tmp_path: Path) -> None:
    """The test that asks for one is named."""
    path = tmp_path / "test_x.py"
    path.write_text("def test_x(student, tmp_path):\n    pass\n")
    with pytest.raises(CourseError, match=r"test_x asks for \['tmp_path'\]\. Only \['rng', 'shared_rng', 'student'\]"):
        inlined(path)


def test_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes the same bytes twice, and leaves a configuration that is there as it is."""
    assert main(["export", "nbgrader", str(tmp_path), "--course", str(ROOT)]) == 0
    assert str(tmp_path) in capsys.readouterr().out
    written = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {str(path.relative_to(tmp_path)) for path in written} == {
        "nbgrader_config.py",
        *(f"source/{name}/{name}.ipynb" for name in CHAPTERS),
    }
    (tmp_path / "nbgrader_config.py").write_text("# mine")
    assert main(["export", "nbgrader", str(tmp_path), "--course", str(ROOT)]) == 0
    assert (tmp_path / "nbgrader_config.py").read_text() == "# mine"
    assert all(path.read_bytes() == data for path, data in written.items() if path.suffix == ".ipynb")


@pytest.mark.slow
@pytest.mark.skipif(bool(rivals.why_not("nbgrader")), reason=rivals.why_not("nbgrader") or "it works")
@pytest.mark.parametrize("name", CHAPTERS)
def test_nbgrader_gives_our_points(tmp_path: Path, name: str) -> None:
    """Released and graded by nbgrader itself, honest members of the sample class get their points, exercise by exercise."""
    given = sample_class(name)
    course = rivals.Nbgrader(tmp_path / "course", given)
    ours = {cell.id: cell.source for cell in load(COURSE.chapter(name).student).cells}
    released = {cell.id: cell.source for cell in course.blank.cells}
    assert {id_: released[id_] for id_ in ours} == ours, "what nbgrader releases is our chapter"
    members = {member for member in given.members if member.startswith(HONEST)}
    assert {"full_marks", "untouched"} < members
    for member in members:
        course.submit(member, given.notebook(member, course.blank))
    course.run(*course.grading())
    assert course.scores() == {member: given.members[member].expected(given.full) for member in members}
