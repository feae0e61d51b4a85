"""What is built is in step with its source, keeps the rules, and is the same bytes each time."""

from __future__ import annotations

import ast
import copy
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output
from support import CHAPTERS, EVERY, ROOT

from nnlab.cli import main
from nnlab.workbook.build import check, dump, execute, load
from nnlab.workbook.course import ChapterFiles, Course, CourseError
from nnlab.workbook.source import BEGIN, END, read, role, solution_lines, strip, stub
from nnlab.workbook.validate import problems


@pytest.fixture
def chapter(course: Course) -> ChapterFiles:
    """Return chapter 03."""
    return course.chapter("03")


@pytest.fixture
def copied(tmp_path: Path) -> ChapterFiles:
    """Return chapter 03 in a course of its own that a test may change."""
    for folder in ("solutions", "chapters", "tests/hidden", "tests/mutants"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return Course(tmp_path).chapter("03")


@pytest.mark.parametrize("name", EVERY)
def test_built_notebooks_are_up_to_date(course: Course, name: str) -> None:
    """Every chapter's notebooks are in step with their source and keep every rule."""
    assert list(check(course.chapter(name))) == []


@pytest.mark.parametrize("name", EVERY)
def test_notebooks_are_valid(course: Course, name: str) -> None:
    """Both notebooks are valid for Jupyter, and have the same cell ids."""
    solution, student = load(course.chapter(name).solution), load(course.chapter(name).student)
    nbformat.validate(solution)
    nbformat.validate(student)
    assert [cell.id for cell in solution.cells] == [cell.id for cell in student.cells]
    assert len({cell.id for cell in solution.cells}) == len(solution.cells)


@pytest.mark.parametrize("name", EVERY)
def test_what_is_printed_fits_a_narrow_window(course: Course, name: str) -> None:
    """JupyterLab breaks a longer line in the middle of a word: at 900 px after 88 columns. Tables of numbers may be wider."""
    for language in ("en", "zh"):
        for cell in load(course.chapter(name).translated(language).solution).cells:
            for output in cell.get("outputs", []):
                for line in output.get("text", "").splitlines():
                    assert len(line) <= 88 or not any(letter.isalpha() for letter in line.replace("e+", "")), (cell.id, line)


@pytest.mark.parametrize("name", EVERY)
def test_what_is_asked_fits_a_narrow_window(course: Course, name: str) -> None:
    """No line of a docstring runs out of the cell at 900 px: it says what to return."""
    for cell in load(course.chapter(name).student).cells:
        for node in ast.walk(ast.parse(cell.source)) if cell.cell_type == "code" else ():
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
                text = node.body[0]
                lines = cell.source.splitlines()[text.lineno - 1 : text.end_lineno]
                assert max(map(len, lines)) <= 90, (cell.id, max(lines, key=len))


def test_same_source_same_bytes(chapter: ChapterFiles) -> None:
    """Executing a chapter twice gives the same bytes: no timings, no paths, no random ids."""
    assert dump(execute(read(chapter), chapter)) == dump(execute(read(chapter), chapter))


@pytest.mark.parametrize("name", CHAPTERS)
def test_untouched_chapter_runs_from_top_to_bottom(course: Course, name: str) -> None:
    """A student may press "run all" at once: nothing fails, and every exercise is "not attempted"."""
    chapter = course.chapter(name)
    notebook = execute(load(chapter.student), chapter)
    texts = {
        role(cell): str([output.get("data", output) for output in cell.outputs])
        for cell in notebook.cells
        if role(cell)[0] and cell.get("outputs")
    }
    assert [name for (kind, name), text in texts.items() if kind == "check" and "not attempted" in text] == list(chapter.declared.names)
    assert all("Not attempted yet." in text for (kind, _), text in texts.items() if kind == "checkpoint")


def test_one_digit_makes_it_stale(copied: ChapterFiles, capsys: pytest.CaptureFixture[str]) -> None:
    """Changing one digit of the source is noticed, in both notebooks, with the cell and the remedy."""
    assert main(["build", "03", "--check", "--course", str(copied.root)]) == 0
    copied.source.write_text(copied.source.read_text().replace("products.sum() + 8.0", "products.sum() + 9.0"))
    assert main(["build", "03", "--check", "--course", str(copied.root)]) == 1
    out = capsys.readouterr().out
    assert "solutions/03_forward_propagation.ipynb is out of date: it differs from its source in cell 'one-neuron-6'" in out
    assert "chapters/03_forward_propagation.ipynb is out of date" in out


def test_missing_notebook(copied: ChapterFiles) -> None:
    """A notebook that was never built is named with the remedy."""
    copied.student.unlink()
    assert list(check(copied)) == ["chapters/03_forward_propagation.ipynb is missing. Run `nnlab build`."]


def test_moved_cell_is_stale(copied: ChapterFiles) -> None:
    """A notebook with the right cells in another order is out of date."""
    notebook = load(copied.student)
    notebook.cells.reverse()
    copied.student.write_text(dump(notebook))
    assert "its cells have another order" in next(check(copied))


def test_a_build_keeps_to_one_core(chapter: ChapterFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two builds at once do not wait for each other's threads, whatever is set outside."""
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    asked = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import os\nprint(os.environ['OMP_NUM_THREADS'])")])
    assert execute(asked, chapter).cells[0].outputs[0].text == "1\n"


def test_failing_build_writes_nothing(copied: ChapterFiles, capsys: pytest.CaptureFixture[str]) -> None:
    """A cell that fails stops the build, is shown, and leaves the old notebooks alone."""
    before = copied.solution.read_bytes(), copied.student.read_bytes()
    copied.source.write_text(copied.source.read_text().replace("products.sum() + 8.0", "products.sum() + 1 / 0"))
    assert main(["build", "03", "--course", str(copied.root)]) == 2
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert (copied.solution.read_bytes(), copied.student.read_bytes()) == before


def test_stub_keeps_what_is_outside_the_region() -> None:
    """Only the region between the markers is replaced, at its own indentation."""
    source = f"def f(x):\n    y = 1\n    {BEGIN}\n    z = 2\n    {END}\n    # end"
    assert stub(source) == "def f(x):\n    y = 1\n    # your code here\n    raise NotImplementedError\n    # end"
    assert solution_lines(source) == ["z = 2"]


def test_stub_of_several_parts() -> None:
    """A class with two methods to write has two regions; each becomes a stub of its own."""
    part = "    def {0}(self):\n        {1}\n        self.{0} = 1\n        {2}"
    source = "class A:\n" + "\n\n".join(part.format(name, BEGIN, END) for name in ("f", "g"))
    raises = "        # your code here\n        raise NotImplementedError"
    assert stub(source) == f"class A:\n    def f(self):\n{raises}\n\n    def g(self):\n{raises}"
    assert solution_lines(source) == ["self.f = 1", "self.g = 1"]


def first(notebook: NotebookNode, kind: str) -> NotebookNode:
    """Return the first cell of a role."""
    return next(cell for cell in notebook.cells if role(cell)[0] == kind)


def add_picture(solution: NotebookNode, student: NotebookNode) -> None:
    """Show a figure the plain way."""
    first(solution, "check").outputs.append(new_output("display_data", data={"image/png": "AAAA"}))


BREACHES: dict[str, Callable[[NotebookNode, NotebookNode], object]] = {
    "differs from the solution outside the solution region": lambda s, c: first(c, "exercise").update(
        source="def neuron(w, a, b):\n    pass"
    ),
    "the marker '### BEGIN SOLUTION' is left": lambda s, c: first(c, "exercise").update(source=first(s, "exercise").source),
    "the solution's line 'return f(weighted + b)' can be read": lambda s, c: c.cells[0].update(source="return f(weighted + b)"),
    "keeps an output": lambda s, c: first(c, "check").update(execution_count=3),
    "carries metadata ['author']": lambda s, c: first(c, "check").metadata.update(author="me"),
    "the section “2. Inside” begins inside cell 'forward-propagation-1'": lambda s, c: [
        n.cells[0].update(source="First.\n\n## 2. Inside\n\nMore.") for n in (s, c)
    ],
    "has no alt text. Show it with plots.show": add_picture,
    "a picture in cell 'forward-propagation-1' has no alt text": lambda s, c: [n.cells[0].update(source="![](x.png)") for n in (s, c)],
    "was never run": lambda s, c: first(s, "check").update(execution_count=None),
    "ends in an error or a warning": lambda s, c: first(s, "check").outputs.append(new_output("stream", name="stderr", text="!")),
    "tells of this machine": lambda s, c: first(s, "check").outputs.append(new_output("stream", text="/home/me/x")),
    "the check cells are": lambda s, c: [n.cells.remove(first(n, "check")) for n in (s, c)],
    "the student's notebook has no cell": lambda s, c: c.cells.pop(),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_breaches_are_found(chapter: ChapterFiles, breach: str) -> None:
    """Each breach of a rule is found and named."""
    solution, student = load(chapter.solution), load(chapter.student)
    assert not list(problems(chapter, solution, student))
    BREACHES[breach](solution, student)
    assert any(breach in problem for problem in problems(chapter, solution, student)), list(problems(chapter, solution, student))


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("hidden_tests", '@pytest.mark.points("neuron", 1)', '@pytest.mark.points("neuron", 2)', "are not worth its 2 points"),
        ("hidden_tests", '@pytest.mark.points("neuron", 1)', '@pytest.mark.points("neurons", 1)', "'neurons', which is no exercise here"),
        ("hidden_tests", '"""A whole batch passes through the network at once."""', "pass", "test_forward_batch has no docstring"),
        ("mutants", '    "neuron": {', '    "neurons": {', "'neuron' has 0 entries in MUTANTS"),
    ],
)
def test_backing_is_required(copied: ChapterFiles, file: str, old: str, new: str, problem: str) -> None:
    """An exercise without hidden tests worth its points, without sentences or without mutants is found."""
    path: Path = getattr(copied, file)
    path.write_text(path.read_text().replace(old, new))
    assert any(problem in found for found in check(copied))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('exercise="neuron"', 'exercise="neurons"', "exercise 'neurons' is not declared"),
        ("def neuron(", "def other(", "exercise 'neuron' does not define a function of its name"),
        (
            '    ### END SOLUTION\n\n\n# %% check="neuron"',
            '\n\n# %% check="neuron"',
            "exercise 'neuron' needs one line '### BEGIN SOLUTION'",
        ),
        ('check="neuron"', 'check="nothing"', "check 'nothing' is for no declared exercise"),
        ("with checkpoint(fc_layer):", "if True:", "checkpoint 'relu_layer' does not run inside"),
    ],
)
def test_malformed_sources(copied: ChapterFiles, old: str, new: str, problem: str) -> None:
    """A malformed source is refused with its name and what is wrong."""
    copied.source.write_text(copied.source.read_text().replace(old, new))
    with pytest.raises(CourseError, match="solutions/03_forward_propagation.py: " + problem.replace("(", r"\(")):
        read(copied)


def test_nbgrader_metadata(chapter: ChapterFiles) -> None:
    """Cells carry nbgrader's schema 3: answers are solutions, checks and checkpoints are graded and locked, ids are unique."""
    cells = [cell for cell in load(chapter.student).cells if "nbgrader" in cell.metadata]
    kinds = {role(cell): (c["solution"], c["grade"], c["locked"]) for cell in cells for c in [cell.metadata.nbgrader]}
    assert kinds[("exercise", "softmax")] == (True, False, False)
    assert kinds[("check", "softmax")] == kinds[("checkpoint", "seed_42")] == (False, True, True)
    assert len({cell.metadata.nbgrader.grade_id for cell in cells}) == len(cells)
    assert all(cell.metadata.nbgrader.schema_version == 3 for cell in cells)


def test_strip_leaves_its_input_alone(chapter: ChapterFiles) -> None:
    """Stripping makes a new notebook."""
    solution = load(chapter.solution)
    before = copy.deepcopy(solution)
    strip(solution)
    assert solution == before


@pytest.mark.parametrize("name", ["03", "forward_propagation", "03_forward_propagation"])
def test_chapter_names(course: Course, name: str) -> None:
    """A chapter is found by name, number or lesson."""
    assert course.chapter(name).name == "03_forward_propagation"


def test_unknown_chapter(course: Course) -> None:
    """An unknown chapter is named, with the list of those there are."""
    with pytest.raises(CourseError, match=r"there is no chapter '99'. The chapters are: .*03_forward_propagation"):
        course.chapter("99")


def test_outside_a_course(tmp_path: Path) -> None:
    """Outside a course the message says what was looked for and what to try."""
    with pytest.raises(CourseError, match="Try --course FOLDER"):
        Course.find(tmp_path)
