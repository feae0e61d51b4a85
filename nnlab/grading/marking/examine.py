"""Grade one submission: run the rebuilt notebook with nbval, then the hidden tests, in one pytest session of the trusted process."""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat
import nbval.plugin
import pytest
from nbformat import NotebookNode

from nnlab.grading.marking.rebuild import Rebuilt
from nnlab.grading.marking.session import NbvalKernel, Session
from nnlab.grading.marking.testing import REASONS, Backend, Student, Wrong, changed, seeded
from nnlab.grading.results import NOTEBOOK, Item
from nnlab.grading.sandbox.kernel import BadReply, CallTimeout, KernelDied, StudentError
from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.source import role

ANSI = re.compile(r"\x1b\[[0-9;]*m")
USED = re.compile(r"^with checkpoint\(([^)]*)\)", re.MULTILINE)


class HiddenTestError(RuntimeError):
    """A hidden test itself failed: a mistake of ours, not of the student."""


def examine(
    chapter: ChapterFiles, rebuilt: Rebuilt, student: str, session: Session, seed: str = "", only: frozenset[str] | None = None
) -> tuple[Item, ...]:
    """Return the graded items of a submission: its checkpoint cells, then the hidden tests.

    Parameters
    ----------
    chapter : ChapterFiles
        The chapter; its hidden tests are read from the course.
    rebuilt : Rebuilt
        The notebook to run.
    student : str
        Seeds the inputs of the hidden tests, together with `seed` and the test's name.
    session : Session
        The kernel that runs the student's code.
    only : frozenset of str
        The exercises to test, and "notebook" for the checkpoints; by default all.

    Raises
    ------
    HiddenTestError
        If a hidden test fails for a reason that is not the student's.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{chapter.name}.ipynb"
        nbformat.write(rebuilt.notebook, path)
        tests = Path(shutil.copy(chapter.hidden_tests, folder))  # pytest looks at everything on the way to a file
        plugin = HiddenTests(session, f"{seed}/{student}", rebuilt, chapter.declared.checkpoint_points, only)
        with nbval_runs_in(session, rebuilt):
            run_pytest(plugin, path, tests)
    return tuple(plugin.items)


def paid(items: Sequence[Item], notebook: NotebookNode) -> tuple[Item, ...]:
    """Take the points of checkpoints away whose exercises passed no hidden test: what a cell prints can be printed without them.

    Parameters
    ----------
    items : sequence of Item
        All of a submission.
    notebook : NotebookNode
        The rebuilt notebook; each checkpoint says which exercises it uses: `with checkpoint(sigmoid, forward):`.
    """
    earned = {item.exercise for item in items if item.earned or item.reason == REASONS["changed"]}  # then the values were right
    used = {role(cell)[1]: USED.findall(cell.source) for cell in notebook.cells if role(cell)[0] == "checkpoint"}
    return tuple(item if item.exercise != NOTEBOOK else _deserved(item, used[item.name], earned) for item in items)


def _deserved(item: Item, used: list[str], earned: set[str]) -> Item:
    missing = [name for names in used for name in names.replace(" ", "").split(",") if name not in earned]
    if item.outcome != "passed" or not missing:
        return item
    names = ", ".join(f"`{name}`" for name in missing)
    return replace(item, earned=0, outcome="wrong", reason=f"What it printed is right, but no hidden test of {names} passed.")


def run_pytest(plugin: HiddenTests, *paths: Path) -> None:
    """Run these paths in a pytest of their own: no configuration file, no conftest, no plugin but nbval, no cache, no output."""
    place = ["-c", os.devnull, "--rootdir", str(paths[0].parent), "--noconftest", "--import-mode=importlib"]
    left_out = ("cacheprovider", "logging", "unraisableexception", "threadexception")  # the last two collect garbage each time
    quick = ["--assert=plain", "--tb=native", "--color=no", "-q", "-W", "ignore", *(f"-pno:{name}" for name in left_out)]
    for path in paths:
        sys.modules.pop(path.stem, None)  # pytest would take the tests of another time for these
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        patch.delenv("PYTEST_ADDOPTS", raising=False)
        code = pytest.main([*place, *quick, "-pnbval.plugin", "--nbval-lax", *map(str, paths)], plugins=[plugin])
    if plugin.broken or code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise HiddenTestError(plugin.broken or f"the hidden tests could not be run:\n{output.getvalue()[-2000:]}")


@contextlib.contextmanager
def nbval_runs_in(session: Session, rebuilt: Rebuilt) -> Iterator[None]:
    """Let nbval use the session instead of starting a kernel of its own (`RunningKernel` is where nbval keeps all of that)."""
    original = nbval.plugin.RunningKernel
    nbval.plugin.RunningKernel = lambda *args, **options: NbvalKernel(session, rebuilt.notebook)
    try:
        yield
    finally:
        nbval.plugin.RunningKernel = original


@dataclass(eq=False)
class HiddenTests:
    """The pytest plugin: the fixtures of the hidden tests, and an `Item` for each test's outcome."""

    backend: Backend
    seed: str
    rebuilt: Rebuilt
    checkpoint_points: float = 1
    only: frozenset[str] | None = None
    items: list[Item] = field(default_factory=list)
    broken: str = ""
    _failed_cells: dict[str, str] = field(default_factory=dict)
    _student: Student | None = None

    @pytest.fixture
    def student(self) -> Student:
        """Ask the student's functions: `student.softmax(z)`."""
        self._student = Student(self.backend)
        return self._student

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> Any:
        """Draw inputs that are the same whenever this student takes this test."""
        return seeded(self.seed, request.node.name)

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the marker that says what a test is worth."""
        config.addinivalue_line("markers", "points(exercise, points): what a hidden test is worth")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the tests of other exercises; all cells run, for they define things."""
        if self.only is not None:
            items[:] = [item for item in items if (marker := item.get_closest_marker("points")) is None or marker.args[0] in self.only]

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Note the outcome of each cell and each test."""
        if call.when != "call":
            if call.excinfo is not None:
                self.broken = self.broken or f"{item.name}: {call.excinfo.value!r}"
        elif isinstance(item, nbval.plugin.IPyNbCell):
            self._cell(item, call.excinfo.value if call.excinfo else None)
        else:
            self._test(item, call.excinfo.value if call.excinfo else Wrong("changed") if self._student and changed(self._student) else None)

    def _cell(self, item: Any, error: BaseException | None) -> None:
        kind, name = role(item.cell)
        outcome, reason = ("passed", "") if error is None else _cell_reason(item.test_outputs or [])
        if kind == "exercise" and error is not None:
            self._failed_cells[name] = reason
        if kind == "checkpoint" and (self.only is None or NOTEBOOK in self.only):
            sentence = f"The checkpoint “{name.replace('_', ' ')}” runs, and its results agree with the lecture's numbers."
            self._add(NOTEBOOK, name, sentence, self.checkpoint_points, outcome, reason)

    def _test(self, item: pytest.Item, error: BaseException | None) -> None:
        marker = item.get_closest_marker("points")
        if marker is None:
            self.broken = self.broken or f"the hidden test {item.name} has no points marker"
            return
        exercise, points = marker.args
        outcome, reason = self._reason(exercise, error)
        sentence = " ".join((item.function.__doc__ or "").split())  # type: ignore[attr-defined]
        self._add(exercise, item.name.removeprefix("test_"), sentence, points, outcome, reason)
        if outcome == "":
            self.broken = self.broken or f"the hidden test {item.name} failed by itself: {error!r}"

    def _add(self, exercise: str, name: str, sentence: str, points: float, outcome: str, reason: str) -> None:
        self.items.append(Item(exercise, name, sentence, points, points if outcome == "passed" else 0, outcome, reason))

    def _reason(self, exercise: str, error: BaseException | None) -> tuple[str, str]:
        """Say for the student why a test failed. What an exception carries may repeat hidden inputs: only its type and line are told."""
        match error:
            case None:
                return "passed", ""
            case Wrong():
                return "wrong", str(error)
            case StudentError(type="NotImplementedError"):
                return "not attempted", ""
            case StudentError() if exercise in self._failed_cells:
                return "raised", self._failed_cells[exercise]
            case StudentError():
                return "raised", f"It raised {_known(error.type)}{self._line(exercise, error.line)}."
            case CallTimeout():
                return "timeout", "It gave no answer in time. Does a loop never end?"
            case KernelDied():
                return "died", "It ended the Python process, or used more memory or output than allowed."
            case BadReply():
                return "wrong", "What it returned is no data that can be compared."
        return "", ""

    def _line(self, exercise: str, number: int | None) -> str:
        """Quote a line of the answer: the number comes from the student's process, the text from our copy."""
        lines = self.rebuilt.answers.get(exercise, "").lstrip().splitlines()  # IPython counts from the first line that is not blank
        return f" in line {number}: {lines[number - 1].strip()[:120]}" if number and 0 < number <= len(lines) else ""


def _known(name: str) -> str:
    """Name an exception if Python knows it; a made-up name may carry anything."""
    known = getattr(builtins, name, None)
    named = isinstance(known, type) and issubclass(known, BaseException)
    return name if named or name == "LinAlgError" else "an exception"


def _cell_reason(outputs: list[Any]) -> tuple[str, str]:
    """Say why a cell failed. No hidden input has been near it yet, so its own message may be told."""
    errors = [output for output in outputs if output.get("output_type") == "error"]
    if not errors:
        text = "".join(str(output.get("text", "")) for output in outputs)
        untouched = text.startswith("Not attempted yet.")
        return ("not attempted", "") if untouched else ("wrong", "It printed something else.")
    name, message = (_text(errors[0].get(key)) for key in ("ename", "evalue"))
    if name == "KernelDied":
        return "died", "The cell ended the Python process."
    if name == "KeyboardInterrupt":
        return "timeout", "The cell did not end in time. Does a loop never end?"
    return "raised", f"The cell raised {name[:80]}: {message[:300]}"


def _text(value: Any) -> str:
    """Return what the student's process says as text that can be stored: no half characters, no zeros, no colours of a terminal."""
    return ANSI.sub("", str(value)).encode("utf-8", "replace").decode().replace("\0", "\ufffd")
