"""The trusted half of a student's process: start it, run cells, call functions, and never wait longer or read more than allowed.

What comes back is data; nothing of it is unpickled or evaluated.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from nnlab.grading.sandbox.inside import codec
from nnlab.grading.sandbox.inside.frames import ANSWER, CALLS, CELL, OUTPUT, Frame, FrameError, Link
from nnlab.grading.sandbox.launch import LAUNCHERS
from nnlab.grading.sandbox.walls import Limits, SandboxMissing, why_not

TICK = 0.05  # seconds between two looks at the processor time, and at whether the process lives
GRACE = 1.5  # seconds that an interrupted process gets to answer
CUT = {"msg_type": "stream", "content": {"name": "stderr", "text": "… the rest of this output was cut."}}


class StudentError(Exception):
    """The student's function raised. Type, message and line are the student's process's words."""

    def __init__(self, type: str, line: int | None = None, message: str = "") -> None:
        super().__init__(f"{type}: {message}")
        self.type = type
        self.line = line


class CallTimeout(Exception):
    """A call gave no answer in time."""


class KernelDied(Exception):
    """The student's process ended, or was ended because it broke a limit."""


class BadReply(Exception):
    """A reply is malformed, too large or not what was asked for."""


@dataclass(frozen=True)
class Execution:
    """How a cell ended ("ok", "error", "timeout" or "died") and what it sent, cut to the limit."""

    status: str
    messages: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Time:
    """When a request has to be answered: seconds from now, and seconds of processor time where the system tells them."""

    end: float
    cpu: float
    used: Callable[[], float | None]

    @property
    def up(self) -> bool:
        """Whether it is too late."""
        return time.monotonic() > self.end or (self.cpu < float("inf") and (self.used() or 0) > self.cpu)


class StudentKernel:
    """A Python process for one submission. It is a context manager: at its end every process and file is gone.

    Parameters
    ----------
    kit : Path
        What the process gets of nnlab (`build_kit`).
    sandbox : str
        "bubblewrap", "cold" for a sandbox of its own, or "none" for process limits alone.
    limits : Limits
        What the submission may use.

    Raises
    ------
    SandboxMissing
        If bubblewrap is asked for and does not work here.
    RuntimeError
        If the process does not start; the message ends with what it wrote last.
    """

    def __init__(self, kit: Path, sandbox: str = "bubblewrap", limits: Limits | None = None) -> None:
        if sandbox != "none" and (reason := why_not()):
            raise SandboxMissing(reason)
        self.limits = limits or Limits()
        self._launch = partial(LAUNCHERS[sandbox], kit, self.limits)
        self.arguments_after: list[Any] = []
        self._start()

    def __enter__(self) -> StudentKernel:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the student's process lives."""
        return self._running.alive

    def execute(self, code: str, timeout: float | None = None) -> Execution:
        """Run a cell and return how it ended and its output messages; a cell that takes too long is interrupted, then killed."""
        kept = Kept(self.limits.output)
        try:
            answers = list(self._ask(CELL, (codec.clean(code).encode(), b""), 1, timeout or self.limits.cell, keep=kept.add))
        except (KernelDied, BadReply):
            self.kill()
            return Execution("died")
        status = "ok" if answers and answers[0].head == b"true" else "error" if answers else "timeout"
        return Execution(status, tuple(kept.messages))

    def call(self, name: str, *args: Any, timeout: float | None = None, cpu: float | None = None) -> Any:
        """Call a function that the student defined, and return its value; `arguments_after` are the arguments as they are then.

        Parameters
        ----------
        name : str
            The function's name in the notebook.
        *args
            Plain data, arrays, functions of NumPy, generators, `codec.Own` for another function of the student.
        timeout : float
            Seconds; by default the limit for calls.
        cpu : float
            Seconds of processor time, where the system tells them.

        Raises
        ------
        StudentError
            If the function raises, or does not exist (type "NameError").
        CallTimeout
            If there is no answer in time. The process is interrupted, and killed if that does not help.
        KernelDied
            If the process ended.
        BadReply
            If what came back is no data.
        """
        (value,) = self.call_many(name, [args], timeout, cpu)
        if isinstance(value, Exception):
            raise value
        self.arguments_after = self.arguments_after[0]
        return value

    def call_many(self, name: str, many: Sequence[Sequence[Any]], timeout: float | None = None, cpu: float | None = None) -> list[Any]:
        """Call a function many times in one exchange; return for each call its value, or the exception that `call` would raise.

        Parameters
        ----------
        name : str
            The function's name in the notebook.
        many : sequence of sequences
            The arguments of each call. `arguments_after` are those of each call.
        timeout, cpu : float
            For all calls together.
        """
        values: list[Any] = []
        self.arguments_after = []
        missing: Exception = CallTimeout(name)
        request = codec.dumps([name, [list(args) for args in many]])
        try:
            for answer in self._ask(CALLS, request, len(many), timeout or self.limits.call, cpu):
                values.append(self._value(answer))
        except KernelDied as death:
            self.kill()
            missing = death
        return values + [missing] * (len(many) - len(values))

    def restart(self) -> None:
        """Start again with nothing defined."""
        self.close()
        self._start()

    def kill(self) -> None:
        """End the process and all it started. May be called from another thread: who waits for an answer then gets `KernelDied`."""
        self._running.kill()

    def close(self) -> None:
        """End the process and free what it had."""
        self.kill()

    def _start(self) -> None:
        self._running = self._launch()
        self._link = Link(self._running.end, self.limits.drained)
        self._number = 0

    def _ask(
        self,
        kind: bytes,
        message: codec.Message,
        count: int,
        seconds: float,
        cpu: float | None = None,
        keep: Callable[[Frame], None] = lambda frame: None,
    ) -> Iterator[Frame]:
        """Send a request and yield its answers, fewer than `count` where time runs out; outputs go to `keep`."""
        self._number += 1
        left, late = self._time(seconds, cpu), False
        try:
            self._link.send(Frame(kind, self._number, *message), left.end)
            while count:
                if left.up:
                    if late:
                        self.kill()
                        return
                    late, left = True, self._time(GRACE)
                    self._running.interrupt()
                frame = self._next(left)
                if frame is None or frame.number != self._number:
                    continue
                if frame.kind == OUTPUT:
                    keep(frame)
                elif late:
                    return
                elif frame.kind == ANSWER:
                    count -= 1
                    yield frame
        except TimeoutError:  # it did not take the request
            self.kill()
        except FrameError as error:
            raise KernelDied(f"it sent {error}") from None
        except (EOFError, OSError):
            raise KernelDied("the process ended") from None

    def _time(self, seconds: float, cpu: float | None = None) -> Time:
        used = self._running.cpu
        return Time(time.monotonic() + seconds, float("inf") if cpu is None else (used() or 0) + cpu, used)

    def _next(self, left: Time) -> Frame | None:
        """Return the next frame, or None if there was none for a moment."""
        try:
            return self._link.receive(min(left.end, time.monotonic() + TICK))
        except TimeoutError:
            if not self.alive:
                raise EOFError from None
            return None

    def _value(self, answer: Frame) -> Any:
        """Read a call's answer; note the arguments as they are after it."""
        after, value = [], None
        try:
            told = codec.loads(answer.head, answer.body)
            if (error := told.get("error")) is None:
                value, after = told["value"], list(told["arguments"])
            else:
                value = StudentError(str(error["type"])[:80], error["line"] if type(error["line"]) is int else None)
        except (codec.CodecError, KeyError, TypeError, AttributeError) as malformed:
            value = BadReply(f"{type(malformed).__name__}: {str(malformed)[:100]}")
        self.arguments_after.append(after)
        return value


class Kept:
    """The outputs of a cell, as messages of Jupyter's, and no more of them than allowed.

    Parameters
    ----------
    room : int
        Characters.
    """

    def __init__(self, room: int) -> None:
        self.messages: list[dict[str, Any]] = []
        self._room = room

    def add(self, frame: Frame) -> None:
        """Keep an output if there is room for it; of what comes after one that is cut, nothing is read."""
        if self._room < 0:
            return
        try:
            kind, content = json.loads(frame.head)
            kept = READERS[kind](content)
        except Exception as error:  # whatever hostile bytes make json raise
            raise BadReply(f"{type(error).__name__}: {str(error)[:100]}") from None
        size = len(str(kept))
        self.messages.append({"msg_type": kind, "content": kept} if size <= self._room else CUT)
        self._room = self._room - size if size <= self._room else -1


def _words(value: Any) -> str:
    """Return a text of the student's process; anything else is refused."""
    if not isinstance(value, str):
        raise TypeError(f"expected text, got {type(value).__name__}")
    return codec.clean(value)


def _data(content: dict[str, Any]) -> dict[str, Any]:
    return {"data": {_words(mime): _words(each) for mime, each in content["data"].items()}, "metadata": {}}


READERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "stream": lambda content: {"name": "stderr" if content["name"] == "stderr" else "stdout", "text": _words(content["text"])},
    "display_data": _data,
    "execute_result": lambda content: {**_data(content), "execution_count": None},
    "error": lambda content: {
        "ename": _words(content["ename"]),
        "evalue": _words(content["evalue"]),
        "traceback": [_words(line) for line in content["traceback"]],
    },
}
