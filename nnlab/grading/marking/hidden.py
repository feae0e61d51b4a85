"""Hidden tests as they run while grading: loaded once a process, and called one by one without a session of pytest.

The same files run under plain pytest (`make test`), and inlined in a notebook (`nnlab export nbgrader`).
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from nnlab.checks._exercise import Chapter
from nnlab.grading.marking.testing import Backend, Notes, Student, Wrong, given, noting
from nnlab.grading.sandbox.inside.codec import Call, Own
from nnlab.grading.sandbox.kernel import BadReply, CallTimeout, KernelDied, StudentError
from nnlab.workbook.graded import FIXTURES

STUDENTS = (Wrong, StudentError, CallTimeout, KernelDied, BadReply)  # what only an answer can bring about


class HiddenTestError(RuntimeError):
    """A hidden test itself failed: a mistake of ours, not of the student."""


@dataclass(frozen=True)
class HiddenTest:
    """One test: its name, what it is worth and for which exercise, its sentence, and the function with the fixtures it asks for."""

    name: str
    exercise: str
    points: float
    sentence: str
    function: Callable[..., None]
    fixtures: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a test ended: the exception that an answer brought about, if one did, and the figure that was reached."""

    error: Exception | None = None
    reached: str = ""


def load_tests(path: Path) -> tuple[HiddenTest, ...]:
    """Return the hidden tests of a file in its order; the file is run once in a process, and again where it has changed.

    Raises
    ------
    HiddenTestError
        If the file cannot be run, or a test has no points, or asks for what there is not.
    """
    return _loaded(path, path.read_bytes())


@cache
def _loaded(path: Path, content: bytes) -> tuple[HiddenTest, ...]:
    module = ModuleType(f"nnlab_hidden_{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look their module up
    try:
        exec(compile(content, path, "exec"), vars(module))
    except Exception as error:
        raise HiddenTestError(f"the hidden tests {path.name} could not be run: {type(error).__name__}: {error}") from error
    return tuple(_test(each) for name, each in vars(module).items() if name.startswith("test_") and inspect.isfunction(each))


def _test(function: Callable[..., None]) -> HiddenTest:
    name = function.__name__
    points = [mark.args for mark in getattr(function, "pytestmark", ()) if mark.name == "points"]
    if len(points) != 1:
        raise HiddenTestError(f"the hidden test {name} has {len(points) or 'no'} points marker{'s' * (len(points) > 1)}")
    fixtures = tuple(inspect.signature(function).parameters)
    if unknown := set(fixtures).difference(FIXTURES):
        raise HiddenTestError(f"the hidden test {name} asks for {sorted(unknown)}. There are {sorted(FIXTURES)}")
    exercise, worth = points[0]
    return HiddenTest(name, exercise, worth, " ".join((function.__doc__ or "").split()), function, fixtures)


@dataclass
class Examination:
    """The tests of one submission: whom they ask, and what seeds their inputs."""

    backend: Backend
    chapter: Chapter
    seeds: tuple[str, ...]
    answers: dict[str, Any] = field(default_factory=dict)

    def outcome(self, test: HiddenTest) -> Outcome:
        """Run a test.

        What is not the student's doing on the face of it is tried again with our answers: where those pass, the student's was of no use.

        Raises
        ------
        HiddenTestError
            If the test fails with our answers, too.
        """
        notes = Notes()
        try:
            self._call(test, notes)
        except STUDENTS as error:
            return Outcome(error, notes.reached)
        except Exception as error:
            self._require_sound(test, error)
            return Outcome(Wrong("value" if isinstance(error, AssertionError) else "unfit"), notes.reached)
        return Outcome(None, notes.reached)

    def _call(self, test: HiddenTest, notes: Notes) -> None:
        """Call a test with what it asks for. Nothing that it prints or warns is seen."""
        student = Student(self.backend, self.chapter, self.answers)
        fixtures = given(student, test.exercise, test.name, *self.seeds)
        silence = io.StringIO()
        with warnings.catch_warnings(), contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence), noting(notes):
            warnings.simplefilter("ignore")
            test.function(*(fixtures[name] for name in test.fixtures))

    def _require_sound(self, test: HiddenTest, error: Exception) -> None:
        try:
            Examination(References(self.chapter), self.chapter, self.seeds)._call(test, Notes())
        except Exception as ours:
            raise HiddenTestError(f"the hidden test {test.name} failed by itself: {ours!r}") from error


class References:
    """Our own answers in the student's place."""

    def __init__(self, chapter: Chapter) -> None:
        self.functions: dict[str, Any] = {each.name: each.reference for each in chapter.exercises}
        self.arguments_after: list[Any] = []

    def call_many(self, name: str, many: Sequence[Sequence[Any]], timeout: float | None = None, cpu: float | None = None) -> list[Any]:
        """Call a reference with copies of many arguments."""
        self.arguments_after = [[self._made(arg) for arg in copy.deepcopy(args)] for args in many]
        return [self.call(name, args) for args in self.arguments_after]

    def call(self, name: str, args: Sequence[Any]) -> Any:
        """Call one function."""
        return self.functions[name](*args)

    def _made(self, value: Any) -> Any:
        """Make what an argument only describes, as the student's process does."""
        match value:
            case list() | tuple():
                return type(value)(map(self._made, value))
            case Own(name=name):
                return self.functions[name]
            case Call(name=name, seed=seed):
                return getattr(np.random, name.rpartition(".")[2])(seed)
        return value
