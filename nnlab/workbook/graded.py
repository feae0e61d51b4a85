"""What the grader needs of a chapter: points that add up, hidden tests that run everywhere, and no answer beside the students' own."""

from __future__ import annotations

import ast
import inspect
import json
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from nnlab.checks import chapters
from nnlab.checks._exercise import Chapter, Exercise
from nnlab.checks._judging.engine import examine
from nnlab.grading.sandbox.excerpt import Import, by_name, imports
from nnlab.grading.sandbox.kit import MINE, lesson_excerpts, with_homes
from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.source import is_demo, role, stub

POINTS = "pytest.mark.points"
FIXTURES = ("student", "rng", "shared_rng")  # what a hidden test may ask for
RESERVED = ("each", "once")  # methods of `student`


def _ids(chapter: ChapterFiles, solution: NotebookNode) -> Iterator[str]:
    """Look for ids that another chapter has, too, or that the hidden tests could not ask for."""
    for other in chapters().values():
        for name in other.names if other.name != chapter.name else ():
            if name in chapter.declared.names:
                yield f"exercise {name!r} is in {other.name}, too. Ids are unique in the course: call one of them otherwise."
    for name in chapter.declared.names:
        if name in RESERVED:
            yield f"no exercise can be called {name!r}: `student.{name}` is a method that hidden tests use."


def _hidden_tests(chapter: ChapterFiles, solution: NotebookNode) -> Iterator[str]:
    """Look for exercises whose hidden tests are not worth their points, and for tests that would not run everywhere."""
    yield from points_differ(chapter)
    for node in _tree(chapter.hidden_tests).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            yield "pytestmark marks all hidden tests at once. Give each its `@pytest.mark.points(exercise, points)`."
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield f"the hidden tests of class {node.name} are not called. Write functions."
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _hidden_test(node)


def _hidden_test(test: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Say why a hidden test, or a helper beside it, could not be called by the grader, by pytest and in nbgrader's notebooks alike."""
    marks = [ast.unparse(mark.func if isinstance(mark, ast.Call) else mark) for mark in test.decorator_list]
    if not test.name.startswith("test_"):
        if any(mark.split(".")[-1] == "fixture" for mark in marks):
            yield f"{test.name} is a fixture of pytest, and hidden tests get {', '.join(FIXTURES)} alone. Write a function and call it."
        return
    if marks != [POINTS]:
        others = ", ".join(f"@{mark}" for mark in marks if mark != POINTS) or "not one"
        yield f"the hidden test {test.name} needs `@{POINTS}(exercise, points)` and no other marker; it has {others}. Loop inside the test."
    if isinstance(test, ast.AsyncFunctionDef):
        yield f"the hidden test {test.name} is async, and nobody awaits it."
    if unknown := {arg.arg for arg in (*test.args.args, *test.args.kwonlyargs)}.difference(FIXTURES):
        yield f"the hidden test {test.name} asks for {', '.join(sorted(unknown))}. There are {', '.join(FIXTURES)}."
    if not ast.get_docstring(test):
        yield f"the hidden test {test.name} has no docstring: write the sentence its student gets."


def points_differ(chapter: ChapterFiles) -> Iterator[str]:
    """Yield where the points of the hidden tests are not those of the exercises."""
    totals: dict[str, float] = defaultdict(float)
    for _, tested, points, _ in hidden_tests(chapter.hidden_tests):
        totals[tested] += points
    for exercise in chapter.declared.exercises:
        if (found := totals.pop(exercise.name, 0)) != exercise.points:
            yield f"the hidden tests of {exercise.name!r} are not worth its {exercise.points:g} points, but {found:g}."
    yield from (f"there are hidden tests for {name!r}, which is no exercise here." for name in totals)


def hidden_tests(path: Path) -> Iterator[tuple[str, str, float, str]]:
    """Yield (name, exercise, points, docstring) of each hidden test, read without running it."""
    for node in _tree(path).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == POINTS:
                    exercise, points = (ast.literal_eval(arg) for arg in mark.args)
                    yield node.name, exercise, points, ast.get_docstring(node) or ""


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])


def given_imports(notebook: NotebookNode) -> set[Import]:
    """Return what the cells of a chapter import, those of demos aside: they do not run while grading.

    What is imported from `mine` is among it as that, and as what takes its place while grading.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_demo(cell)]
    return with_homes(each for cell in code for each in imports(ast.parse(cell.source)))


def _mine(chapter: ChapterFiles, solution: NotebookNode) -> Iterator[str]:
    """Look for imports from `mine` of what no earlier chapter asks for."""
    homes = {name: each.name for each in chapters().values() for name in each.names}
    for cell in (cell for cell in solution.cells if cell.cell_type == "code"):
        for name in sorted(name for module, name in imports(ast.parse(cell.source)) if module == MINE):
            where = f"cell {cell.id!r} imports {name!r} from mine"
            if name not in homes:
                yield f"{where}, and no chapter asks for that. Only what students have written can come from there."
            elif homes[name] >= chapter.name:
                yield f"{where}, and it is an exercise of {homes[name]}. While grading only earlier chapters' are there."


def answers(declared: Chapter) -> set[Import]:
    """Return where the answers to a chapter's exercises stand."""
    return {(exercise.reference.__module__, exercise.name) for exercise in declared.exercises}


def _given_answers(chapter: ChapterFiles, solution: NotebookNode) -> Iterator[str]:
    """Look for answers that what other cells import brings along, under whatever name."""
    wanted = given_imports(solution)
    try:
        staged = lesson_excerpts(wanted, answers(chapter.declared))
    except ValueError as error:
        yield f"{error} Import less there, or tag the cell as a demo."
        return
    named = {(module, name) for module, source in staged.items() for name in by_name(ast.parse(source)) if not name.startswith("__")}
    for exercise in chapter.declared.exercises:
        for module, name in sorted(named):
            if _answers(exercise, module, name) or (_uses(exercise.reference, module, name) and not _is_given(wanted, module, name)):
                yield (
                    f"what other cells import brings {module}.{name} into the sandbox, which answers {exercise.name!r}. "
                    "Import less there, or tag the cell as a demo."
                )


def _answers(exercise: Exercise, module: str, name: str) -> bool:
    """Tell whether a function of ours passes an exercise's visible checks."""
    function = getattr(import_module(module), name, None)
    return inspect.isfunction(function) and _arity(function) == _arity(exercise.reference) and examine(exercise, function).passed


def _arity(function: Any) -> int:
    return len(inspect.signature(function).parameters)


def _uses(reference: Any, module: str, name: str) -> bool:
    """Tell whether an answer calls this public function or class of another module."""
    known = getattr(import_module(module), name, None)
    is_ours = callable(known) and getattr(known, "__module__", "") == module != reference.__module__ and not name.startswith("_")
    return is_ours and reference.__globals__.get(name) is known and name in reference.__code__.co_names


def _is_given(wanted: set[Import], module: str, name: str) -> bool:
    """Tell whether a cell imports something by its name: then students are to use it."""
    return (module, name) in wanted


def _samples(chapter: ChapterFiles, solution: NotebookNode) -> Iterator[str]:
    """Look for exercises that no sample submission answers, where the course has sample submissions."""
    if not chapter.samples.parent.is_dir():
        return
    stubs = {role(cell)[1]: stub(cell.source) for cell in solution.cells if role(cell)[0] == "exercise"}
    unanswered = dict(stubs)
    for path in sorted(chapter.samples.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            name = cell["metadata"].get("nnlab", {}).get("exercise", "")
            if name in stubs and "".join(cell["source"]) != stubs[name]:
                unanswered.pop(name, None)
    for name in unanswered:
        yield f"exercise {name!r} has no sample submission in tests/submissions/{chapter.name}/."


RULES = (_ids, _hidden_tests, _mine, _given_answers, _samples)
