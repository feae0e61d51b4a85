"""What hidden tests are written with, and what is made of their outcome.

A hidden test is plain pytest: `student.softmax(z)` asks the student's function, `agree` compares, `rng` is seeded by student and test.
Everything is asked before anything is told: what does not agree is noted, and raised at the end of the test.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, is_dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np

from nnlab.checks._exercise import Chapter
from nnlab.checks._judging.compare import difference
from nnlab.grading.sandbox.inside import codec
from nnlab.workbook.graded import FIXTURES

REASONS = {
    "nothing": "It returned None.",
    "type": "It returned something of the wrong type.",
    "shape": "The result has the wrong shape.",
    "finite": "The result holds nan or inf.",
    "value": "The result is wrong.",
    "changed": "It changed its input.",
    "unfit": "What it returned cannot be used.",
}
SENDABLE = (bool, int, float, complex, str, np.ndarray, np.generic, np.random.Generator, np.random.RandomState)
LONGEST = 200  # characters of what was reached


class Wrong(AssertionError):
    """An answer is wrong; the message is one of `REASONS`, so that it tells nothing of inputs or expected values."""

    def __init__(self, kind: str) -> None:
        super().__init__(REASONS[kind])


@dataclass
class Notes:
    """What one test has found out so far: the kinds of what was wrong, whether an input was changed, and the figure that was reached."""

    wrong: list[str] = field(default_factory=list)
    changed: bool = False
    reached: str = ""


_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)


@contextmanager
def noting(notes: Notes | None = None) -> Iterator[Notes]:
    """Note what a test finds wrong while it goes on asking, and raise the first of it at its end, before whatever went wrong after.

    Raises
    ------
    Wrong
        If something did not agree, or an input was changed.
    """
    notes = notes or Notes()
    token = _notes.set(notes)
    try:
        yield notes
    except Exception:
        if not notes.wrong:
            raise
    finally:
        _notes.reset(token)
    if notes.wrong or notes.changed:
        raise Wrong(notes.wrong[0] if notes.wrong else "changed")


def agree(got: Any, expected: Any, judge: Callable[[Any], object] | None = None) -> None:
    """Compare an answer with what is expected, by the rules of the visible checks; note a difference, and go on.

    Parameters
    ----------
    got : object
        What the student's function returned.
    expected : object
        What it should be: numbers, text, arrays, None, tuples and lists of these, dictionaries, dataclasses.
    judge : callable, optional
        Says what an answer does, where many are right: then that is compared.

    Raises
    ------
    Wrong
        If they differ: at the end of the test, or at once where no test runs.
    """
    found, notes = difference(got, expected, judge=judge), _notes.get()
    if found and notes:
        notes.wrong.append(found.kind)
    elif found:
        raise Wrong(found.kind)


def reached(figure: str) -> None:
    """Tell the student how far an answer came, such as "0.912 of the hidden days right"; the page shows it beside the test's sentence.

    Parameters
    ----------
    figure : str
        A short text of ours, without hidden data.
    """
    if notes := _notes.get():
        notes.reached = " ".join(figure.split())[:LONGEST]


class Backend(Protocol):
    """Where the student's functions live: a process in the sandbox, or for our own tests this one."""

    arguments_after: list[Any]

    def call_many(self, name: str, many: Sequence[Sequence[Any]], timeout: float | None = None, cpu: float | None = None) -> list[Any]:
        """Call the student's function of this name with each of many arguments, in one exchange.

        Return for each its value, or the exception that it ended in; keep the arguments of each as they are afterwards.
        """


class Student:
    """The student's functions as attributes: `student.softmax(z)`. Where one changed its arguments, that is noted.

    Parameters
    ----------
    backend : Backend
        Who answers.
    chapter : Chapter, optional
        Its exercises say how long a call may take.
    answers : dict, optional
        What was asked `once`; the tests of one submission share it.
    """

    def __init__(self, backend: Backend, chapter: Chapter | None = None, answers: dict[str, _Answer] | None = None) -> None:
        self._backend = backend
        self._limits = {each.name: (each.call, each.cpu) for each in chapter.exercises} if chapter else {}
        self._answers = {} if answers is None else answers

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._call, name)

    def each(self, name: str, many: Sequence[Sequence[Any]], *, once: bool = False) -> list[Any]:
        """Return the values of many calls, asked in one exchange.

        Parameters
        ----------
        name : str
            The student's function.
        many : sequence of tuples
            The arguments of each call.
        once : bool
            Ask each call once in a submission, however many tests ask the same: rungs of a ladder that is climbed in many exchanges.

        Raises
        ------
        StudentError, CallTimeout, KernelDied, BadReply
            The first that a call ended in.
        """
        if not once:
            return [answer.told() for answer in self._ask(name, many)]
        keys = [f"{name} {hashlib.sha256(repr(codec.dumps(sendable(list(args), _student_named))).encode()).hexdigest()}" for args in many]
        new = {key: args for key, args in zip(keys, many, strict=True) if key not in self._answers}
        self._answers.update(zip(new, self._ask(name, list(new.values())), strict=True) if new else ())
        return [copy.deepcopy(self._answers[key].told()) for key in keys]

    def once(self, name: str, *args: Any) -> Any:
        """Return the value of a call that is asked once in a submission, however many tests ask the same: the rungs of a ladder.

        Raises
        ------
        StudentError, CallTimeout, KernelDied, BadReply
            What the call ended in, each time.
        """
        (value,) = self.each(name, [args], once=True)
        return value

    def _call(self, name: str, *args: Any) -> Any:
        (answer,) = self._ask(name, [args])
        return answer.told()

    def _ask(self, name: str, many: Sequence[Sequence[Any]]) -> list[_Answer]:
        sent = [[sendable(arg, _student_named) for arg in args] for args in many]
        before = [[copy.deepcopy(arg) if _is_data(arg) else None for arg in args] for args in sent]
        values = self._backend.call_many(name, sent, *self._limits.get(name, (None, None)))
        after = [*self._backend.arguments_after, *[[]] * len(sent)]
        return [_Answer(*each) for each in zip(values, before, after[: len(sent)], strict=True)]


@dataclass(frozen=True)
class _Answer:
    """What a call ended in, and its arguments before and after."""

    value: Any
    before: list[Any]
    after: list[Any]

    def told(self) -> Any:
        """Return the value, or raise what the call ended in; note where it changed its arguments."""
        if isinstance(self.value, Exception):
            raise self.value
        after = [arg if _is_data(before) else None for arg, before in zip(self.after, self.before, strict=False)]
        if (notes := _notes.get()) and difference(after, self.before) is not None:
            notes.changed = True
        return self.value


class Unsendable(TypeError):
    """An argument is nothing that can be sent to the student's process."""


def sendable(value: Any, named: Callable[[Any], str]) -> Any:
    """Return an argument as it is sent: a function of the notebook by its name there. One of ours cannot be sent.

    Parameters
    ----------
    value : object
        Plain data, arrays, random generators, functions of NumPy, and lists, tuples and dictionaries of these.
    named : callable
        Returns the name in the student's notebook of a function, or "".

    Raises
    ------
    Unsendable
        If it is anything else.
    """
    match value:
        case list() | tuple():
            return type(value)(sendable(each, named) for each in value)
        case dict():
            return {key: sendable(each, named) for key, each in value.items()}
        case _ if value is None or isinstance(value, SENDABLE) or is_dataclass(value) or getattr(np, _name(value), None) is value:
            return value
        case _ if callable(value) and (name := named(value)):
            return codec.Own(name)
    raise Unsendable(
        f"{_name(value) or type(value).__name__} cannot be sent to the student's process: only plain data, arrays, generators, and "
        "functions of NumPy or the student's can. Send a table of a function's values, or let the student's function return points."
    )


def _name(value: Any) -> str:
    return str(getattr(value, "__name__", ""))


def _student_named(value: Any) -> str:
    """Return the name of `student.NAME`, handed on as an argument."""
    is_students = isinstance(value, partial) and isinstance(getattr(value.func, "__self__", None), Student)
    return str(value.args[0]) if is_students else ""


def _is_data(value: Any) -> bool:
    return isinstance(value, (int, float, list, tuple, dict, np.ndarray))


def given(student: Student, exercise: str, test: str, *seeds: str) -> dict[str, Any]:
    """Return what a hidden test may ask for by name, as fixtures do for pytest.

    Parameters
    ----------
    student : Student
    exercise, test : str
        The test's name seeds `rng`. `shared_rng` draws the same in all tests of the exercise: so the rungs of a ladder ask the same.
    *seeds : str
        Who is asked.
    """
    return dict(zip(FIXTURES, (student, seeded(*seeds, test), seeded(*seeds, exercise)), strict=True))


def generator(kind: str, seed: int) -> codec.Call:
    """Return a random generator to be made in the student's process: `numpy.random.<kind>(seed)`."""
    return codec.Call(f"numpy.random.{kind}", seed)


def seeded(*names: str) -> np.random.Generator:
    """Return the generator of a student, a submission and a test: the same names always give the same numbers."""
    digest = hashlib.sha256("/".join(names).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
