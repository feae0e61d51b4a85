"""What the grader needs of a chapter is refused with a sentence where it is not so, and hidden data stay with the judge."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from support import CHAPTERS, ROOT

from nnlab import optimizers
from nnlab.checks._exercise import Case, Chapter, Exercise
from nnlab.grading.grade import grade
from nnlab.grading.marking.checkpoints import Stage
from nnlab.grading.running.job import Options
from nnlab.grading.sandbox.kit import build_kit
from nnlab.workbook import graded
from nnlab.workbook.build import load
from nnlab.workbook.course import ChapterFiles, Course, CourseError
from nnlab.workbook.release import _package

SOLUTION = NotebookNode(cells=[])


@pytest.fixture
def chapter(tmp_path: Path) -> ChapterFiles:
    """Return chapter 03 in a course of its own."""
    for folder in ("solutions", "chapters", "tests/hidden", "tests/submissions"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "0[124]*", ".*"))
    return Course(tmp_path).chapter("03")


@pytest.mark.parametrize("name", CHAPTERS)
def test_our_chapters(name: str) -> None:
    """They keep the rules."""
    files = Course(ROOT).chapter(name)
    assert [problem for rule in graded.RULES for problem in rule(files, load(files.solution))] == []


@pytest.mark.parametrize(
    ("test", "problem"),
    [
        (
            "@pytest.mark.parametrize('x', [1])\n{points}\ndef test_x(student, x):\n    'S.'",
            "no other marker; it has @pytest.mark.parametrize",
        ),
        ("{points}\n@pytest.mark.skip\ndef test_x(student):\n    'S.'", "it has @pytest.mark.skip"),
        ("def test_x(student):\n    'S.'", "test_x needs `@pytest.mark.points(exercise, points)` and no other marker; it has not one"),
        ("{points}\nasync def test_x(student):\n    'S.'", "test_x is async"),
        ("{points}\ndef test_x(student, tmp_path):\n    'S.'", "test_x asks for tmp_path. There are student, rng, shared_rng."),
        ("class TestX:\n    pass", "class TestX are not called"),
        ("pytestmark = pytest.mark.slow", "pytestmark marks all"),
        ("@pytest.fixture\ndef inputs():\n    return 1", "inputs is a fixture of pytest"),
    ],
)
def test_hidden_tests_run_everywhere(chapter: ChapterFiles, test: str, problem: str) -> None:
    """What only pytest's own session can do is refused when the chapter is built."""
    source = chapter.hidden_tests.read_text("utf-8")
    chapter.hidden_tests.write_text(f"{source}\n\n{test.format(points='@pytest.mark.points(chr(34), 0)')}\n".replace("chr(34)", "'neuron'"))
    assert [found for found in graded._hidden_tests(chapter, SOLUTION) if problem in found] != []


def test_points_that_differ_are_not_graded(chapter: ChapterFiles, tmp_path: Path) -> None:
    """Marks of 4 out of 4 for a test too few would be wrong for a whole class."""
    chapter.hidden_tests.write_text(chapter.hidden_tests.read_text("utf-8").replace('points("neuron", 1)', 'points("neuron", 2)'))
    with pytest.raises(CourseError, match=r"'neuron' are not worth its 2 points, but 4\. Set the points right"):
        grade(chapter.samples, tmp_path / "out", Course(chapter.root), options=Options(sandbox="none"))
    assert not (tmp_path / "out" / "marks.csv").exists()


def test_ids_are_unique(chapter: ChapterFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two chapters with one id, and an id that hidden tests use, are named."""
    other = replace(chapter.declared, name="99_other")
    monkeypatch.setattr(graded, "chapters", lambda: {"99_other": other, chapter.name: chapter.declared})
    assert "exercise 'neuron' is in 99_other, too." in " ".join(graded._ids(chapter, SOLUTION))
    reserved = Declared(chapter.root, chapter.name, Chapter("99_x", "", (Exercise(each, 1, (), ("", "", "")),)))
    assert "no exercise can be called 'each'" in " ".join(graded._ids(reserved, SOLUTION))


def each(x: object) -> None:
    """Bear the name of a method."""


class Declared(ChapterFiles):
    """Chapter files with other exercises."""

    def __init__(self, root: Path, name: str, declared: Chapter) -> None:
        super().__init__(root, name)
        object.__setattr__(self, "other", declared)

    @property
    def declared(self) -> Chapter:
        """Return the others."""
        return self.other  # type: ignore[attr-defined,no-any-return]


def test_every_exercise_has_a_sample(chapter: ChapterFiles) -> None:
    """An exercise that no sample submission answers is named; a course without samples has nothing to say."""
    solution = load(chapter.solution)
    assert list(graded._samples(chapter, solution)) == []
    for path in chapter.samples.glob("*.ipynb"):
        notebook = json.loads(path.read_text("utf-8"))
        notebook["cells"] = [cell for cell in notebook["cells"] if cell["metadata"].get("nnlab", {}).get("exercise") != "softmax"]
        path.write_text(json.dumps(notebook))
    assert list(graded._samples(chapter, solution)) == [
        "exercise 'softmax' has no sample submission in tests/submissions/" + chapter.name + "/."
    ]
    shutil.rmtree(chapter.samples.parent)
    assert list(graded._samples(chapter, solution)) == []


def shortened(gradients: list[object], limit: float) -> object:
    """Answer by a function of the library."""
    return clip_by_norm(gradients, limit)  # type: ignore[arg-type]


clip_by_norm = optimizers.clip_by_norm


def relu_again(z: object) -> object:
    """Do what `nnlab.activations.relu` does."""
    from nnlab.activations import relu

    return relu(z)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reference", "source", "tags", "problem"),
    [
        (optimizers.clip_by_norm, "from nnlab.network import MLPClassifier", [], "nnlab.optimizers.clip_by_norm is the answer"),
        (optimizers.clip_by_norm, "from nnlab.network import MLPClassifier", ["demo"], ""),
        (shortened, "from nnlab.network import MLPClassifier", [], "brings nnlab.optimizers.clip_by_norm into the sandbox, which answers"),
        (shortened, "from nnlab.optimizers import clip_by_norm", [], ""),
        (
            relu_again,
            "from nnlab.activations import relu",
            [],
            "brings nnlab.activations.relu into the sandbox, which answers 'relu_again'",
        ),
        (relu_again, "from nnlab.activations import tanh", [], ""),
    ],
)
def test_given_cells_bring_no_answer(reference: object, source: str, tags: list[str], problem: str) -> None:
    """Neither an exercise's own answer, nor what it is made of, nor a function that passes its checks under another name."""
    case = Case("numbers", (np.array([-1.0, 2.0]),) if reference is relu_again else ([np.array([3.0, 4.0])], 1.0))
    declared = Chapter("03_x", "", (Exercise(reference, 1, (case,), ("", "", "")),))  # type: ignore[arg-type]
    notebook = new_notebook(cells=[new_code_cell(source, metadata={"tags": tags})])
    found = " ".join(graded._given_answers(Declared(ROOT, "03_forward_propagation", declared), notebook))
    assert (problem in found) if problem else found == ""


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("from mine import softmax", ""),
        (
            "from mine import backward",
            "cell 'c' imports 'backward' from mine, and it is an exercise of 04_backpropagation. While grading only earlier",
        ),
        ("from mine import train", "it is an exercise of 05_traffic_classifier"),
        ("from mine import relu", "cell 'c' imports 'relu' from mine, and no chapter asks for that"),
    ],
)
def test_mine_gives_what_earlier_chapters_ask_for(source: str, problem: str) -> None:
    """Never an exercise of the chapter itself."""
    notebook = new_notebook(cells=[new_code_cell(source, id="c")])
    found = list(graded._mine(Course(ROOT).chapter("04"), notebook))
    assert (problem in found[0]) if problem else found == []


def test_while_grading_mine_is_the_course(tmp_path: Path) -> None:
    """In the kit it is a file with what cells import, and that is excerpted as if they had imported it from the lesson."""
    wanted = graded.given_imports(new_notebook(cells=[new_code_cell("from mine import forward, softmax\nimport numpy as np")]))
    kit = build_kit(tmp_path / "kit", wanted, {("nnlab.backpropagation", "backward")})
    code = (
        "import nnlab, mine\nfrom mine import forward, softmax\nfrom nnlab import predict, recall, own_code\n"
        "predict('x'); recall('x'); own_code()\nprint(forward.__module__, mine.__file__)\n"
        "try:\n    from mine import sigmoid\nexcept ImportError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(kit)}, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        f"nnlab.forward_propagation {kit}/mine.py",
        "mine.sigmoid is withheld while this chapter is graded: write the function yourself.",
    ]
    with pytest.raises(ValueError, match="softmax is the answer to an exercise"):
        build_kit(tmp_path / "other", wanted, {("nnlab.activations", "softmax")})


def test_our_side_of_a_checkpoint_takes_the_course_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever file of that name lies about where the grader runs."""
    (tmp_path / "mine.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    cells = [
        new_code_cell("from mine import softmax\nfrom nnlab import checkpoint, recall\n\nrecall('x')"),
        new_code_cell("with checkpoint():\n    print(softmax([0.0, 0.0]))", metadata={"nnlab": {"checkpoint": "halves"}}),
    ]
    cells[1].outputs = [new_output("stream", text="[0.5 0.5]\n")]
    stage = Stage(new_notebook(cells=cells), Chapter("09", "", ()))
    assert stage.checkpoints["halves"].sound


def test_hidden_data_stay_with_the_judge(tmp_path: Path) -> None:
    """The wheel and the students' bundle are made of `nnlab/`, the sandbox's kit of parts of it: `tests/hidden/data` is in none."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["nnlab"]
    kit = build_kit(tmp_path / "kit", {("nnlab.activations", "tanh")})
    names = [*_package(ROOT), *(str(path.relative_to(kit)) for path in kit.rglob("*"))]
    assert not [name for name in names if "hidden" in name or name.endswith(".npz")]


@pytest.mark.parametrize(("data", "there"), [(None, True), (("traffic.csv",), True), ((), False)])
def test_a_chapter_says_which_data_its_sandbox_gets(tmp_path: Path, data: tuple[str, ...] | None, there: bool) -> None:
    """Labels that would answer a hidden test are left out; the loaders stay."""
    kit = build_kit(tmp_path / "kit", {("nnlab.activations", "tanh")}, data=data)
    assert (kit / "nnlab" / "data" / "traffic.csv").exists() == there
    assert (kit / "nnlab" / "data" / "loaders.py").exists()
