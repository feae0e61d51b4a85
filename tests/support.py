"""What several rooms' tests share."""

from __future__ import annotations

import copy
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from nnlab.workbook.course import ChapterFiles, Course

ROOT = Path(__file__).parents[1]
CHAPTERS = Course(ROOT).names


def namespace(chapter: ChapterFiles) -> dict[str, Any]:
    """Return what a notebook has defined when all exercises are answered by the reference."""
    answers = {exercise.name: exercise.reference for exercise in chapter.declared.exercises}
    return {"np": np, "__name__": "__main__", **answers}


def run_answer(chapter: ChapterFiles, exercise: str, source: str) -> dict[str, Any]:
    """Run an answer in such a notebook and return the notebook's names."""
    names = namespace(chapter)
    exec(source, names)
    return names


class LocalBackend:
    """The student's functions in this process, for our own answers only; the reference modules are withheld as in the sandbox."""

    def __init__(self, chapter: ChapterFiles, exercise: str, source: str) -> None:
        self.withheld = {each.reference.__module__ for each in chapter.declared.exercises}
        self.arguments_after: list[Any] = []
        self.error: BaseException | None = None
        self.names: dict[str, Any] = {}
        with withhold(self.withheld):
            try:
                self.names = run_answer(chapter, exercise, source)
            except ImportError as error:
                self.error = error

    def call(self, name: str, *args: Any) -> Any:
        """Call a function with copies of the arguments, as the sandbox would."""
        from nnlab.grading.sandbox.kernel import StudentError

        self.arguments_after = [made(arg) for arg in copy.deepcopy(args)]
        with withhold(self.withheld):
            try:
                if self.error:
                    raise self.error
                return self.names[name](*self.arguments_after)
            except Exception as error:
                raise StudentError(type(error).__name__) from error


def made(value: Any) -> Any:
    """Make what an argument only describes: a random generator."""
    from nnlab.grading.sandbox.inside.codec import Call

    if not isinstance(value, Call):
        return value
    maker: Callable[..., Any] = getattr(np.random, value.name.removeprefix("numpy.random."))
    return maker(value.seed)


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
