"""Where a chapter calls a function of an earlier one, the student's own has to do: what its stub demands is passed, whatever the course's has by default."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import pytest
from support import CHAPTERS, ROOT

from nnlab.workbook.course import Course
from nnlab.workbook.source import read, role


def trees(chapter: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield each code cell of a chapter: the exercise that it holds, or "", and what stands there."""
    for cell in read(Course(ROOT).chapter(chapter)).cells:
        if cell.cell_type == "code":
            kind, name = role(cell)
            yield name if kind == "exercise" else "", ast.parse(cell.source)


def stubs() -> dict[str, inspect.Signature]:
    """Return what the stub of each exercise takes."""
    found = {}
    for chapter in CHAPTERS:
        for name, tree in trees(chapter):
            for each in tree.body:
                if name and isinstance(each, ast.FunctionDef) and each.name == name:
                    stub = ast.FunctionDef(name, each.args, [ast.Pass()], [], type_params=[])
                    exec(compile(ast.fix_missing_locations(ast.Module([stub], [])), name, "exec"), names := {})
                    found[name] = inspect.signature(names[name])
    return found


STUBS = stubs()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_calls_suit_what_students_wrote(chapter: str) -> None:
    """Chapter 02 trained the perceptron without its limit: whoever had passed chapter 01 got a TypeError in the first cell that computes."""
    nodes = [node for _, tree in trees(chapter) for node in ast.walk(tree)]
    taken = {alias.name for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "mine" for alias in node.names}
    calls = [
        node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in taken & STUBS.keys()
    ]
    wrong = []
    for call in calls:
        if any(isinstance(each, ast.Starred) for each in call.args):
            continue
        try:
            STUBS[call.func.id].bind(*call.args, **{each.arg: each.value for each in call.keywords})  # type: ignore[attr-defined]
        except TypeError as error:
            wrong.append(f"{ast.unparse(call)}: {error}")
    assert wrong == []


def test_the_stubs_are_found() -> None:
    """What later chapters import is among them."""
    assert {"train_perceptron", "backward", "optimize", "forward", "softmax", "sigmoid"} <= STUBS.keys()
