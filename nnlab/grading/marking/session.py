"""One submission's kernel: it runs the notebook, answers the hidden tests, and comes back after a crash.

When the kernel dies, a fresh one runs again what was run (the setup, the answers, the given cells and the student's own), but neither
the cell nor the function that killed it. Where it dies again, the next runs only what defines things: a given cell that calls an answer may
have set something off that kills later. So one exercise that ends the process costs its own points and no others.
Above all stands one watch: when the time for the submission is over, nothing goes on, whatever it is.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from queue import Empty
from types import TracebackType
from typing import Any, NamedTuple

from nbformat import NotebookNode

from nnlab.grading.sandbox.kernel import CallTimeout, Execution, KernelDied, StudentKernel
from nnlab.workbook.source import USES, role

SECOND_CHANCE = 1.0  # seconds for a function that has run out of time before
REPLAY = {"checkpoint": 0}  # seconds that a cell may take for a fresh kernel to need it; others are needed in any case
MOST_RESTARTS = 12  # before the student's own cells are left out: one may have set something off that kills later
LAST_ANSWER = 3.0  # seconds after its end that the watch leaves to what ends by itself
CELLS = 0.5  # share of the time for a submission that its cells may take; the rest is for the hidden tests


class Watch:
    """Ends a submission when its time is over: first the student's process, then whatever the grader's own thread still does.

    Parameters
    ----------
    seconds : float
        From now on.
    end : callable
        Ends the student's process; it is called from another thread.
    """

    def __init__(self, seconds: float, end: Callable[[], None]) -> None:
        self._end, self._thread = end, threading.get_ident()
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._wait, args=(seconds,), daemon=True)
        self._watch.start()

    def _wait(self, seconds: float) -> None:
        while not self._done.wait(seconds):
            self._end()
            seconds = LAST_ANSWER
            if not self._done.wait(seconds):
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(CallTimeout))

    def stop(self) -> None:
        """Watch no longer."""
        self._done.set()
        self._watch.join()


class _Cell(NamedTuple):
    """A cell that was run: what a fresh kernel runs again."""

    source: str
    replay: float  # seconds that it may take for that
    defines: bool  # or calls answers, and no answer needs what it leaves


class Session:
    """The functions of one student, in a kernel that is started again where it dies.

    Parameters
    ----------
    start : callable
        Starts a kernel.
    """

    def __init__(self, start: Callable[[], StudentKernel]) -> None:
        self._kernel = start()
        self._start = time.monotonic()
        self._replayed: list[_Cell] = []
        self._restarts = 0
        self._lean = False  # whether a fresh kernel runs only what defines things
        self._suspects: set[str] = set()
        self._slow: set[str] = set()
        self._deadly: set[str] = set()
        self.arguments_after: list[Any] = []
        self._watch = Watch(self._kernel.limits.wall + LAST_ANSWER, lambda: self._kernel.kill())

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for step in (self._watch.stop, self._watch.stop, self._kernel.close):
            with contextlib.suppress(CallTimeout):  # the watch's last word may come only now
                step()

    def execute(self, source: str, replay: float = 0, defines: bool = True) -> Execution:
        """Run a cell. A fresh kernel runs it again if it took less than `replay` seconds and did not kill the kernel.

        Where the kernel is gone after it, something before it may have been the cause: a fresh one that ran only what defines things
        gets a second chance.
        """
        done = Execution("timeout")
        for wanted, again in ((self._kernel.limits.cell, False), (SECOND_CHANCE, True)):
            self._revive(again)
            start = time.monotonic()
            if not (seconds := self._left(wanted, CELLS)):
                return done
            done = self._kernel.execute(source, seconds)
            if self._kernel.alive:
                if time.monotonic() - start < replay and done.status in ("ok", "error"):
                    self._replayed.append(_Cell(source, replay, defines))
                return done
        return done

    def call(self, name: str, *args: Any, timeout: float | None = None, cpu: float | None = None) -> Any:
        """Call a function of the student. One that has killed the kernel before is not called again.

        Parameters
        ----------
        name : str
            The function's name in the notebook.
        *args
            As `StudentKernel.call` takes them.
        timeout, cpu : float
            Seconds, and seconds of processor time; by default the limit for calls.

        Raises
        ------
        StudentError, CallTimeout, KernelDied, BadReply
            As `StudentKernel.call` does.
        """
        (value,) = self.call_many(name, [args], timeout, cpu)
        if isinstance(value, Exception):
            raise value
        self.arguments_after = self.arguments_after[0]
        return value

    def call_many(self, name: str, many: Sequence[Sequence[Any]], timeout: float | None = None, cpu: float | None = None) -> list[Any]:
        """Call a function many times in one exchange; return for each call its value or the exception that `call` would raise.

        A second chance is given as to a cell.
        """
        if name in self._deadly:
            return [KernelDied(f"{name} ended the process before")] * len(many)
        values: list[Any] = []
        missing: Exception = CallTimeout(f"no time is left for {name}")
        self.arguments_after = []
        first = SECOND_CHANCE if name in self._slow else timeout or self._kernel.limits.call
        for wanted, again in ((first, False), (SECOND_CHANCE, True)):
            self._revive(again)
            if not (seconds := self._left(wanted)):
                break
            told = self._kernel.call_many(name, many[len(values) :], seconds, cpu)
            lost = [value for value in told if isinstance(value, (CallTimeout, KernelDied))]
            values += told[: len(told) - len(lost)]
            self.arguments_after += self._kernel.arguments_after
            missing = lost[0] if lost else missing
            if self._kernel.alive or not lost:
                break
        return values + [self._blamed(name, missing)] * (len(many) - len(values)) if len(values) < len(many) else values

    def _blamed(self, name: str, error: Exception) -> Exception:
        """Remember that a function ended its process or gave no answer; a process that the watch ended is nobody's fault."""
        if isinstance(error, KernelDied) and self._left():
            self._deadly.add(name)
            return error
        self._slow.add(name)
        return CallTimeout(str(error))

    def _revive(self, again: bool) -> None:
        """Start again after a death: with the whole of what was run, and from the second death for one cause on with what defines things.

        What kills again then is left out, an answer only the second time: it may have been something before it. After many deaths the
        student's own cells are left out.
        """
        while not self._kernel.alive and self._left():
            self._lean |= again
            self._kernel.restart()
            self._restarts += 1
            killer = next((cell for cell in self._wanted() if not self._runs(cell)), None)
            if killer and self._lean:
                if killer.replay < math.inf or killer.source in self._suspects:
                    self._replayed.remove(killer)
                self._suspects.add(killer.source)
            again = True

    def _wanted(self) -> list[_Cell]:
        own = self._restarts <= MOST_RESTARTS
        return [cell for cell in self._replayed if (cell.defines or not self._lean) and (own or cell.replay == math.inf)]

    def _runs(self, cell: _Cell) -> bool:
        seconds = self._left(self._kernel.limits.cell) or SECOND_CHANCE
        return self._kernel.execute(cell.source, seconds).status in ("ok", "error")

    def _left(self, wanted: float = float("inf"), share: float = 1) -> float:
        """Return the seconds that are wanted, or as many as are left of a share of the submission's time."""
        return max(0.0, min(wanted, self._start + share * self._kernel.limits.wall - time.monotonic()))


class NbvalKernel:
    """What nbval asks of a running kernel, answered by a session: nbval's own kernel would have no sandbox and no limits.

    Parameters
    ----------
    session : Session
        The submission's session.
    notebook : NotebookNode
        The rebuilt notebook; its cells say what a fresh kernel needs.
    """

    def __init__(self, session: Session, notebook: NotebookNode) -> None:
        self._session = session
        self._replay = {cell.source: REPLAY.get(role(cell)[0], math.inf) for cell in notebook.cells}
        self._replay |= {cell.source: SECOND_CHANCE for cell in notebook.cells if "extra" in cell.metadata.get("nnlab", {})}
        self._calls = {cell.source for cell in notebook.cells if not role(cell)[0] and USES.search(cell.source)}
        self._messages: deque[dict[str, Any]] = deque()
        self._timed_out = False
        self._count = 0

    def execute_cell_input(self, source: str, allow_stdin: bool | None = None) -> str:
        """Run a cell to its end, and keep its messages for nbval to fetch."""
        self._count += 1
        done = self._session.execute(source, self._replay.get(source, 0), source not in self._calls)
        self._timed_out = done.status == "timeout"
        messages = [*done.messages, *_ENDS.get(done.status, ()), _IDLE]
        self._messages = deque({**message, "parent_header": {"msg_id": str(self._count)}} for message in messages)
        return str(self._count)

    def await_reply(self, msg_id: str, timeout: float | None = None) -> None:
        """Return if the cell came to an end in time, else raise `Empty` as nbval expects."""
        if self._timed_out:
            raise Empty

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message of the cell."""
        if not self._messages:
            raise Empty
        return self._messages.popleft()

    def await_idle(self, parent_id: str, timeout: float) -> None:
        """Drop the rest of the cell's messages."""
        self._messages.clear()

    def is_alive(self) -> bool:
        """Return true: the session starts a dead kernel again by itself."""
        return True

    def interrupt(self) -> None:
        """Do nothing: the session has interrupted the cell already."""

    def stop(self) -> None:
        """Do nothing: the session is closed by its owner."""


_IDLE: dict[str, Any] = {"msg_type": "status", "content": {"execution_state": "idle"}}
_ENDS: dict[str, tuple[dict[str, Any], ...]] = {
    status: ({"msg_type": "error", "content": {"ename": name, "evalue": value, "traceback": []}},)
    for status, name, value in (("died", "KernelDied", "the cell ended the Python process"), ("timeout", "KeyboardInterrupt", ""))
}
