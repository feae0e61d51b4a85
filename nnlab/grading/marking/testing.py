"""What hidden tests are written with, and what is made of their outcome.

A hidden test is plain pytest: `student.softmax(z)` asks the student's function, `agree` compares, `rng` is seeded by student and test.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import numpy as np

from nnlab.checks._compare import difference
from nnlab.grading.sandbox.inside.codec import Call

REASONS = {
    "nothing": "It returned None.",
    "type": "It returned something of the wrong type.",
    "shape": "The result has the wrong shape.",
    "finite": "The result holds nan or inf.",
    "value": "The result is wrong.",
    "changed": "It changed its input.",
}


class Wrong(AssertionError):
    """An answer is wrong; the message is one of `REASONS`, so that it tells nothing of inputs or expected values."""

    def __init__(self, kind: str) -> None:
        super().__init__(REASONS[kind])


class Backend(Protocol):
    """Where the student's functions live: a kernel in the sandbox, or for our own tests this process."""

    arguments_after: list[Any]

    def call(self, name: str, *args: Any) -> Any:
        """Call the student's function of this name and return its value; keep the arguments as they are afterwards."""


class Student:
    """The student's functions as attributes: `student.softmax(z)`. Whether one changed its arguments is noted, and told by `changed`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._changed = False

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._call, name)

    def _call(self, name: str, *args: Any) -> Any:
        data = [copy.deepcopy(arg) if _is_data(arg) else None for arg in args]
        value = self._backend.call(name, *args)
        after = [arg if _is_data(before) else None for arg, before in zip(self._backend.arguments_after, data, strict=False)]
        self._changed = self._changed or difference(after, data) is not None
        return value


def changed(student: Student) -> bool:
    """Tell whether a function of the student changed its arguments."""
    return student._changed


def _is_data(value: Any) -> bool:
    return isinstance(value, (int, float, list, tuple, np.ndarray))


def agree(got: Any, expected: Any) -> None:
    """Compare an answer with what is expected, by the rules of the visible checks.

    Raises
    ------
    Wrong
        If they differ.
    """
    if found := difference(got, expected):
        raise Wrong(found.kind)


def generator(kind: str, seed: int) -> Call:
    """Return a random generator to be made in the student's kernel: `numpy.random.<kind>(seed)`."""
    return Call(f"numpy.random.{kind}", seed)


def seeded(*names: str) -> np.random.Generator:
    """Return the generator of a student and a test: the same names always give the same numbers."""
    digest = hashlib.sha256("/".join(names).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
