"""Hidden tests beside the student's code, for systems that run them there (`nnlab export nbgrader`).

Nothing is sandboxed here: the code that is graded shares the process with its judge. What can be kept is the verdict on honest code:
the same tests, asked through the same agent and codec as in the sandbox, so that the same answer gets the same points.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from nnlab.grading.inside import agent, codec
from nnlab.grading.testing import Student, Wrong, seeded


class Raised(AssertionError):
    """The student's function raised."""


class ThisKernel:
    """The functions that are defined in the notebook's own kernel."""

    def __init__(self) -> None:
        self.arguments_after: list[Any] = []

    def call(self, name: str, *args: Any) -> Any:
        """Call a function as the sandbox would: with what the codec makes of the arguments, and back through it.

        Raises
        ------
        Raised
            If the function raises, or does not exist.
        """
        answer = codec.loads(agent.call(codec.dumps([name, list(args)])).text)
        if error := answer.get("error"):
            raise Raised(f"{name} raised {error['type']}.")
        self.arguments_after = answer["arguments"]
        return answer["value"]


def run(test: Callable[..., None]) -> None:
    """Run a hidden test with the fixtures it asks for. Warnings cost no points, as in our own grader.

    Parameters
    ----------
    test : callable
        Takes `student`, `rng`, or both. Its inputs are the same for every student.

    Raises
    ------
    Raised, Wrong
        If the answer is not right.
    """
    given = {"student": Student(ThisKernel()), "rng": seeded("notebook", test.__name__)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        test(*(given[name] for name in inspect.signature(test).parameters))


def checkpoint_printing(expected: str) -> Callable[..., contextlib.AbstractContextManager[None]]:
    """Return a stand-in for `checkpoint` that fails unless the block prints the expected text."""

    @contextlib.contextmanager
    def checkpoint(*functions: Callable[..., Any]) -> Iterator[None]:
        with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(io.StringIO()):
            yield
        print(printed.getvalue(), end="")
        if printed.getvalue() != expected:
            raise Wrong("value")

    return checkpoint
