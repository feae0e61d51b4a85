"""Hidden tests beside the student's code, for systems that run them there (`nnlab export nbgrader`).

Nothing is sandboxed here: the code that is graded shares the process with its judge. What can be kept is the verdict on honest code:
the same tests, asked through the same agent and codec as in the sandbox, so that the same answer gets the same points.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import inspect
import io
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from nnlab import checks, demos
from nnlab.grading.marking.testing import Student, Wrong, given, noting
from nnlab.grading.sandbox.inside import agent, codec

_withheld: dict[str, ModuleType] = {}
_answers: dict[str, Any] = {}


class Raised(AssertionError):
    """The student's function raised."""


class ThisKernel:
    """The functions that are defined in the notebook's own kernel."""

    def __init__(self) -> None:
        self.arguments_after: list[Any] = []

    def call_many(self, name: str, many: Sequence[Sequence[Any]], timeout: float | None = None, cpu: float | None = None) -> list[Any]:
        """Call a function as the sandbox would: with what the codec makes of the arguments, and back through it. Nothing limits it here.

        Returns
        -------
        list
            The value of each call, or a `Raised` where the function raises or does not exist.
        """
        with _references(shown=False):
            answers = [codec.loads(*agent.answer(*call)) for call in agent.asked(*codec.dumps([name, [list(args) for args in many]]))]
        self.arguments_after = [answer.get("arguments", []) for answer in answers]
        return [Raised(f"{name} raised {error['type']}.") if (error := each.get("error")) else each["value"] for each in answers]


def run(test: Callable[..., None], exercise: str) -> None:
    """Run a hidden test with the fixtures it asks for. Warnings cost no points, as in our own grader.

    Parameters
    ----------
    test : callable
        Takes any of `testing.FIXTURES`. Its inputs are the same for every student.
    exercise : str
        What it tests.

    Raises
    ------
    Raised, Wrong
        If the answer is not right.
    """
    fixtures = given(Student(ThisKernel(), answers=_answers), exercise, test.__name__, "notebook")
    with _references(shown=True), warnings.catch_warnings(), noting():
        warnings.simplefilter("ignore")
        test(*(fixtures[name] for name in inspect.signature(test).parameters))


def withhold(*modules: str) -> None:
    """Make later imports of these modules fail: they hold the reference answers. Checks, demos and hidden tests keep them.

    A lesson that is a package gives away what its modules hold, and goes with them.
    """
    for room in (checks, demos):
        for module in iter_modules(room.__path__, f"{room.__name__}."):
            import_module(module.name)
    lessons = {".".join(name.split(".")[:2]) for name in modules}
    _withheld.update({name: import_module(name) for name in sorted({*modules, *lessons})})
    _show(False)


@contextlib.contextmanager
def _references(shown: bool) -> Iterator[None]:
    """Let imports find the reference answers for a while, or not."""
    _show(shown)
    try:
        yield
    finally:
        _show(not shown)


def _show(shown: bool) -> None:
    for name, module in _withheld.items():
        above, _, attribute = name.rpartition(".")
        package = _withheld.get(above) or sys.modules[above]
        sys.modules[name] = module if shown else None  # type: ignore[assignment]  # None makes an import fail
        vars(package).pop(attribute, None)
        if shown:
            setattr(package, attribute, module)


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


def lay(data: dict[str, str]) -> str:
    """Write the hidden data that a test reads into a new folder, and return the place where the test would lie beside it.

    Parameters
    ----------
    data : dict of str
        The bytes of each file, in base64, by its name.

    Returns
    -------
    str
        What `__file__` is to be.
    """
    folder = Path(tempfile.mkdtemp(prefix="nnlab-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "data").mkdir()
    for name, coded in data.items():
        (folder / "data" / name).write_bytes(base64.b64decode(coded))
    return str(folder / "test.py")
