"""A kernel that dies comes back without what killed it, and what a hidden test says gives nothing away."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import nbformat
import numpy as np
import pytest
from support import ROOT

from nnlab.grading.marking import session as sessions
from nnlab.grading.marking.checkpoints import stage
from nnlab.grading.marking.examine import Reasons, examine, paid
from nnlab.grading.marking.hidden import HiddenTestError
from nnlab.grading.marking.rebuild import Rebuilt, rebuild
from nnlab.grading.marking.session import Session
from nnlab.grading.marking.testing import Wrong
from nnlab.grading.results import Item
from nnlab.grading.sandbox.inside.frames import Link
from nnlab.grading.sandbox.kernel import BadReply, CallTimeout, KernelDied, StudentError, StudentKernel
from nnlab.grading.sandbox.walls import Limits
from nnlab.workbook.build import load
from nnlab.workbook.course import ChapterFiles, Course

QUICK = Limits(cell=3, call=1)
SETUP = "import numpy as np\nx = 3"
ANSWERS = """
def add(a): return a + x
def dies(a):
    import os
    os._exit(0)
def loops(a):
    while True: pass
"""


@pytest.fixture
def session(kit: Path) -> Iterator[Session]:
    """Return a session with some functions in it."""
    with Session(partial(StudentKernel, kit, "none", QUICK)) as started:
        for cell in (SETUP, ANSWERS):
            assert started.execute(cell, replay=math.inf).status == "ok"
        yield started


def test_after_a_death_the_rest_goes_on(session: Session) -> None:
    """Setup and answers run again in a fresh kernel; the function that killed it is not called a second time."""
    with pytest.raises(KernelDied):
        session.call("dies", 1)
    assert session.call("add", 1) == 4
    with pytest.raises(KernelDied, match="before"):
        session.call("dies", 1)


def test_a_cell_that_kills_is_not_run_again(session: Session) -> None:
    """It costs what it defines, and nothing else."""
    assert session.execute("import os; os._exit(1)", replay=9).status == "died"
    assert session.execute("y = 1", replay=9).status == "ok"
    assert session.call("add", 2) == 5


def test_a_slow_cell_of_their_own_is_not_run_again(session: Session) -> None:
    """It would take the time that the hidden tests need."""
    assert session.execute("import time\ntime.sleep(0.3)\ndef late(): return 1", replay=0.2).status == "ok"
    assert session.execute("def soon(): return 1", replay=0.2).status == "ok"
    with pytest.raises(KernelDied):
        session.call("dies", 1)
    assert session.call("soon") == 1
    with pytest.raises(StudentError, match="NameError"):
        session.call("late")


def test_a_cell_that_kills_only_the_second_time(session: Session, tmp_path: Path) -> None:
    """A replay that dies is left out, too."""
    mine = tmp_path / "been here"
    session.execute(f"import os, pathlib\np = pathlib.Path({str(mine)!r})\nif p.exists(): os._exit(1)\np.touch()", replay=9)
    with pytest.raises(KernelDied):
        session.call("dies", 1)
    assert session.call("add", 1) == 4


def test_a_slow_function_gets_less_time_the_second_time(session: Session) -> None:
    """A loop without end costs its own exercise, and soon."""
    for _ in range(2):
        with pytest.raises(CallTimeout):
            session.call("loops", 1)
    assert session.call("add", 1) == 4


def test_arguments_come_back(session: Session) -> None:
    """So that a change of the input can be seen."""
    session.call("add", np.array([1.0]))
    np.testing.assert_array_equal(session.arguments_after, [[1.0]])


def test_time_runs_out(kit: Path) -> None:
    """Cells may take half of the time for a submission, and calls the rest; then nothing runs any more."""
    with Session(partial(StudentKernel, kit, "none", Limits(wall=4))) as session:
        assert session.execute("import time\ndef nap(): time.sleep(2.2)", replay=9).status == "ok"
        assert session.execute("nap()").status in ("ok", "timeout")
        assert session.execute("1").status == "timeout"
        for _ in range(2):
            with pytest.raises(CallTimeout):
                session.call("nap")


def test_a_cell_of_their_own_that_kills_later(session: Session) -> None:
    """What it set off ends one process after the other, until it is not run again; the answers keep their points."""
    session.execute("import os, threading\nthreading.Timer(0.05, os._exit, [0]).start()", replay=1)
    for _ in range(30):
        assert session.call("add", 1) == 4
        time.sleep(0.06)
    assert session._restarts == sessions.MOST_RESTARTS + 1


def test_the_watch_ends_what_waits(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the time for a submission is over, the student's process is ended even where nothing else would end the wait for it."""
    monkeypatch.setattr(Link, "_wait_until", lambda self, deadline: self._socket.settimeout(None))
    monkeypatch.setattr(sessions, "LAST_ANSWER", 0.2)
    start = time.monotonic()
    with Session(partial(StudentKernel, kit, "none", Limits(wall=1))) as session:
        session.execute(ANSWERS, replay=9)
        for _ in range(2):
            with pytest.raises(CallTimeout):
                session.call("loops", 1)
        assert session.execute("1").status == "timeout"
    assert time.monotonic() - start < 8


def loop_without_end() -> None:
    """Compute for ever."""
    while True:
        pass


def test_the_watch_ends_what_computes(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the grader itself does for a submission ends, too."""
    monkeypatch.setattr(sessions, "LAST_ANSWER", 0.2)
    with Session(partial(StudentKernel, kit, "none", Limits(wall=0.2))), pytest.raises(CallTimeout):
        loop_without_end()


ITEM = Item("softmax", "values", "Right.", 2, 0, "wrong")
CHECKPOINT = Item("notebook", "softmax_scores", "Runs.", 1, 1, "passed")


@pytest.mark.parametrize(("earned", "reason", "outcome"), [(0, "", "wrong"), (1, "", "passed"), (0, "It changed its input.", "passed")])
def test_checkpoints_need_a_hidden_test(earned: float, reason: str, outcome: str) -> None:
    """What a checkpoint prints can be printed without the exercise. Where only the input was changed, the values were right."""
    softmax = replace(ITEM, earned=earned, reason=reason, outcome="passed" if earned else "wrong")
    found = paid((softmax, CHECKPOINT), stage(Course(ROOT).chapter("03")).checkpoints)[1]
    assert (found.outcome, found.earned) == (outcome, float(outcome == "passed"))
    assert ("no hidden test of `softmax` passed" in found.reason) == (outcome == "wrong")


SECRET = "[[0.123456789]]"


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [
        (None, "passed", ""),
        (Wrong("shape"), "wrong", "The result has the wrong shape."),
        (StudentError("NotImplementedError"), "not attempted", ""),
        (StudentError("ValueError", 2, SECRET), "raised", "It raised ValueError in line 2: return z / 0."),
        (StudentError("ValueError", 99, SECRET), "raised", "It raised ValueError."),
        (StudentError("ValueError", 1, SECRET), "raised", "It raised ValueError."),
        (StudentError(SECRET, None, SECRET), "raised", "It raised an exception."),
        (StudentError("print", None, SECRET), "raised", "It raised an exception."),
        (CallTimeout(SECRET), "timeout", "It gave no answer in time. Does a loop never end?"),
        (KernelDied(SECRET), "died", "It ended the Python process, or used more memory or output than allowed."),
        (BadReply(SECRET), "wrong", "What it returned is no data that can be compared."),
    ],
)
def test_reasons_give_nothing_away(error: Exception | None, outcome: str, reason: str) -> None:
    """What the student's process says may repeat hidden inputs: it is never passed on."""
    rebuilt = Rebuilt(nbformat.v4.new_notebook(), {"softmax": "\n\ndef softmax(z):\n    return z / 0"}, ())
    assert Reasons(rebuilt, {}, {"softmax": 2}).reason("softmax", error) == (outcome, reason)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def softmx(z):\n    return z", "Its cell defines no `softmax`. Is it called otherwise there?"),
        ("def softmax(z):\n    return exp(z)", "It raised NameError."),
    ],
)
def test_a_name_that_is_not_there(source: str, reason: str) -> None:
    """An answer under another name is told apart from one that uses a name that is not there."""
    rebuilt = Rebuilt(nbformat.v4.new_notebook(), {"softmax": source}, ())
    assert Reasons(rebuilt, {}, {}).reason("softmax", StudentError("NameError")) == ("raised", reason)


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("def test_x(student):\n    pass", "the hidden test test_x has no points marker"),
        (
            "import pytest\n@pytest.mark.points('neuron', 1)\ndef test_x(student):\n    1 / 0",
            "the hidden test test_x failed by itself: ZeroDivision",
        ),
        ("import pytest\n@pytest.mark.points('neuron', 1)\ndef test_x(nothing):\n    pass", r"test_x asks for \['nothing'\]"),
        ("def test_x(:", r"the hidden tests test_broken\.py could not be run: SyntaxError"),
    ],
)
def test_broken_hidden_tests_are_our_fault(tmp_path: Path, session: Session, test: str, message: str) -> None:
    """They stop the grading of the submission instead of costing points."""
    chapter = Broken(ROOT, "03_forward_propagation", tmp_path / "test_broken.py")
    chapter.hidden_tests.write_text(test)
    rebuilt = rebuild(load(chapter.student), load(chapter.solution))
    rebuilt.notebook.cells.clear()
    with pytest.raises(HiddenTestError, match=message):
        examine(chapter, rebuilt, ("li",), session)


@dataclass(frozen=True)
class Broken(ChapterFiles):
    """Chapter 03 with other hidden tests."""

    other: Path

    @property
    def hidden_tests(self) -> Path:
        """Return the other file."""
        return self.other
