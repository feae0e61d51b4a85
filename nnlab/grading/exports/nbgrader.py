"""The course for nbgrader: our solution notebooks with the hidden tests inlined.

nbgrader makes the students' notebooks from these itself, and grades them in the students' own kernels. So the points are ours,
and the safety is nbgrader's.
"""

from __future__ import annotations

import ast
import base64
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell

from nnlab.grading.sandbox.excerpt import by_name, defined, used
from nnlab.workbook.build import dump, load, require_checked
from nnlab.workbook.course import ChapterFiles, Course, CourseError
from nnlab.workbook.graded import FIXTURES, hidden_tests
from nnlab.workbook.questions import calls
from nnlab.workbook.source import HERE, STUB, nbgrader_metadata, role, without_rubric

CONFIG = f"""c = get_config()
c.CourseDirectory.course_id = "nnlab"
c.ClearSolutions.code_stub = {json.dumps({"python": chr(10).join(STUB)})}
c.ClearSolutions.text_stub = {json.dumps(HERE)}
c.OverwriteCells.add_missing_cells = True
"""
HEADING = "## Points\n\nThese cells are graded. Each says what it tests. The tests themselves are added when your notebook is graded."
TEST = """# {sentence}
### BEGIN HIDDEN TESTS
from nnlab.grading.exports import in_notebook

{function}

in_notebook.run({name}, {exercise!r})
### END HIDDEN TESTS"""
WITHHOLD = """{source}
### BEGIN HIDDEN TESTS
from nnlab.grading.exports import in_notebook

in_notebook.withhold({modules})
### END HIDDEN TESTS"""
CHECKPOINT = """### BEGIN HIDDEN TESTS
from nnlab.grading.exports import in_notebook

checkpoint = in_notebook.checkpoint_printing({printed!r})
### END HIDDEN TESTS
{source}"""


def course_files(course: Course) -> dict[str, str]:
    """Return every chapter with exercises as an assignment of an nbgrader course, `source/NAME/NAME.ipynb`, and the course's configuration.

    Raises
    ------
    CourseError
        If a chapter is out of date or breaks a rule, or a hidden test asks for more than nbgrader can give.
    """
    require_checked(course)
    chapters = [each for each in course.chapters() if each.declared.exercises]
    notebooks = {f"source/{each.name}/{each.name}.ipynb": dump(assignment(each)) for each in chapters}
    return {"nbgrader_config.py": CONFIG, **notebooks}


def assignment(chapter: ChapterFiles) -> NotebookNode:
    """Return the solution notebook with its checkpoints tested where they stand and the hidden tests at its end, as our grader runs them.

    From its first code cell on, the reference answers are withheld; what asks questions may stand before that.
    """
    notebook = load(chapter.solution)
    notebook.cells = [*map(_cell, notebook.cells), new_markdown_cell(HEADING, id="points"), *_tests(chapter)]
    first = next(cell for cell in notebook.cells if cell.cell_type == "code" and not calls(cell))
    modules = sorted({exercise.reference.__module__ for exercise in chapter.declared.exercises})
    _grade(first, 0, WITHHOLD.format(source=first.source, modules=", ".join(map(json.dumps, modules))))
    return notebook


def inlined(path: Path) -> dict[str, str]:
    """Return each hidden test as the source of one function that brings the imports and helpers along which it needs.

    Imported inside, the reference functions do not take the place of the student's.

    Raises
    ------
    CourseError
        If a test asks for a fixture that only pytest can give, or two statements of the module give one name its meaning.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    given = by_name(tree)
    if twice := [name for name, times in Counter(name for each in tree.body for name in defined(each)).items() if times > 1]:
        raise CourseError(f"{path.name} defines {', '.join(twice)} more than once, and a test brings one of them along. Use two names.")
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return {test.name: ast.unparse(_alone(test, given, path.parent / "data")) for test in tests}


def _alone(test: ast.FunctionDef, given: dict[str, ast.stmt], data: Path) -> ast.FunctionDef:
    """Turn a test into a function that needs nothing around it."""
    if unknown := {arg.arg for arg in test.args.args}.difference(FIXTURES):
        raise CourseError(f"the hidden test {test.name} asks for {sorted(unknown)}. Only {sorted(FIXTURES)} can be given in a notebook.")
    body = test.body[1:] if ast.get_docstring(test) else test.body
    test.decorator_list = []
    needed = _needed(test, given)
    test.body = [*_laid([test, *needed], data), *needed, *body]
    return test


def _laid(nodes: list[ast.stmt], data: Path) -> list[ast.stmt]:
    """Return the statements that lay the hidden data beside a test that reads some: nbgrader has no room for it but the test itself."""
    parts = [part for node in nodes for part in ast.walk(node)]
    if not any(isinstance(part, ast.Name) and part.id == "__file__" for part in parts):
        return []
    names = {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    coded = {name: base64.b64encode((data / name).read_bytes()).decode() for name in sorted(names) if name and (data / name).is_file()}
    return ast.parse(f"from nnlab.grading.exports.in_notebook import lay\n__file__ = lay({coded!r})").body


def _needed(test: ast.stmt, given: dict[str, ast.stmt]) -> list[ast.stmt]:
    """Return the module's statements that a test uses, directly or through others, in their order."""
    found: dict[ast.stmt, None] = {test: None}
    todo = [test]
    while todo:
        new = {given[name]: None for name in used(todo.pop()) & given.keys()}.keys() - found.keys()
        found.update(dict.fromkeys(new))
        todo.extend(new)
    return sorted(found.keys() - {test}, key=lambda node: node.lineno)


def _tests(chapter: ChapterFiles) -> Iterator[NotebookNode]:
    """Yield a graded cell for each hidden test."""
    functions = inlined(chapter.hidden_tests)
    for name, exercise, points, sentence in hidden_tests(chapter.hidden_tests):
        source = TEST.format(sentence=" ".join(sentence.split()), function=functions[name], name=name, exercise=exercise)
        yield _grade(new_code_cell(id=name), points, source)


def _grade(cell: NotebookNode, points: float, source: str) -> NotebookNode:
    """Let nbgrader give points for a cell."""
    nbgrader = nbgrader_metadata(cell.id, grade=True, locked=True, points=points)
    cell.update(source=source, metadata=from_dict({**cell.metadata, "nbgrader": nbgrader}))
    return cell


def _cell(cell: NotebookNode) -> NotebookNode:
    """Return a cell of ours as nbgrader is to take it. Code that is not an answer is locked, and ours again when it is graded.

    The rubric of an answer in words is taken out: nbgrader releases what metadata say.
    """
    kind = role(cell)[0]
    if kind == "checkpoint":
        printed = "".join(each.text for each in cell.outputs if each.output_type == "stream" and each.name == "stdout")
        return _grade(cell, cell.metadata.nbgrader.points, CHECKPOINT.format(printed=printed, source=cell.source))
    if cell.cell_type == "code" and kind != "exercise":
        cell.metadata["nbgrader"] = from_dict(nbgrader_metadata(cell.id, locked=True))
    return without_rubric(cell)
