"""What several rooms' tests share."""

from __future__ import annotations

import ast
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nnlab.grading.marking.hidden import References
from nnlab.grading.sandbox.inside import codec
from nnlab.grading.sandbox.inside.last import CHANGED, Last
from nnlab.grading.sandbox.kernel import StudentError
from nnlab.workbook.course import ChapterFiles, Course
from nnlab.workbook.source import is_demo, read, role

ROOT = Path(__file__).parents[1]
EVERY = Course(ROOT).names
CHAPTERS = [name for name in EVERY if Course(ROOT).chapter(name).declared.exercises]


def namespace(chapter: ChapterFiles) -> dict[str, Any]:
    """Return what a notebook has defined when all exercises are answered by the reference."""
    answers = {exercise.name: exercise.reference for exercise in chapter.declared.exercises}
    return {"np": np, "__name__": "__main__", **given(chapter), **answers}


@cache
def given(chapter: ChapterFiles) -> dict[str, Any]:
    """Return what the chapter's own cells import and the functions they define, those of demos and exercises aside."""
    cells = [cell for cell in read(chapter).cells if cell.cell_type == "code" and not is_demo(cell) and not role(cell)[0]]
    wanted = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    body = [node for cell in cells for node in ast.parse(cell.source).body if isinstance(node, wanted)]
    names: dict[str, Any] = {}
    exec(compile(ast.Module(body, []), chapter.name, "exec"), names)
    return names


def run_answer(chapter: ChapterFiles, exercise: str, source: str) -> dict[str, Any]:
    """Run an answer in such a notebook and return the notebook's names."""
    names = namespace(chapter)
    exec(source, names)
    return names


class LocalBackend(References):
    """The student's functions in this process, for our own answers only; the reference modules are withheld as in the sandbox."""

    def __init__(self, chapter: ChapterFiles, exercise: str, source: str) -> None:
        super().__init__(chapter.declared)
        lessons = {each.reference.__module__ for each in chapter.declared.exercises}
        self.withheld = lessons | {".".join(lesson.split(".")[:2]) for lesson in lessons}  # a package gives away what its modules hold
        self.error: BaseException | None = None
        self.last = Last()
        self.functions = {}
        given(chapter)  # what a chapter hands out was imported before anything is withheld
        with withhold(self.withheld):
            try:
                self.functions = run_answer(chapter, exercise, source)
            except ImportError as error:
                self.error = error

    def call(self, name: str, args: Sequence[Any]) -> Any:
        """Call a function as the sandbox would; return its value, or its error."""
        with withhold(self.withheld):
            try:
                if self.error:
                    raise self.error
                value = super().call(name, args)
                if self.last.changed_by(name, value):
                    return StudentError(CHANGED)
                return codec.loads(*codec.dumps(value))  # as it comes out of the sandbox
            except Exception as error:
                return StudentError(type(error).__name__, message=str(error))


@contextmanager
def withhold(modules: set[str]) -> Iterator[None]:
    """Make imports of these modules fail, also where they are imported already."""
    saved = {name: sys.modules.get(name) for name in modules}
    package = sys.modules["nnlab"]
    attributes = {name: package.__dict__.pop(name.split(".")[-1], None) for name in modules}
    sys.modules.update(dict.fromkeys(modules))
    try:
        yield
    finally:
        sys.modules.update({name: module for name, module in saved.items() if module})
        for name, module in attributes.items():
            if module is not None:
                setattr(package, name.split(".")[-1], module)


def loud_or_die(word: str) -> str:
    """Stand in for `grade.mark` in a worker: one word ends the worker's process."""
    if word == "deadly":
        os._exit(1)
    return word.upper()


def slow(word: str) -> tuple[str, int]:
    """Stand in for `grade.mark` in a worker: take a moment, and say which process it was."""
    time.sleep(0.3)
    return word.upper(), os.getpid()
