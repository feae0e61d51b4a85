"""The trusted half of a student's kernel: start it, run cells, call functions, and never wait longer or read more than allowed.

It speaks the Jupyter protocol over sockets that it bound itself. What comes back is data; nothing of it is unpickled or evaluated.
"""

from __future__ import annotations

import contextlib
import mmap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

import zmq
from jupyter_client.session import Session

from nnlab.grading.sandbox.inside import codec
from nnlab.grading.sandbox.launch import LAUNCHERS
from nnlab.grading.sandbox.walls import Limits, SandboxMissing, why_not

OUTPUTS = ("stream", "display_data", "execute_result", "error")
CALL = "__import__('nnlab_inside.agent', fromlist=['agent']).call({!r})"
MIME = "application/x-nnlab"
LARGEST = 16 << 20  # bytes of one message; zmq drops the connection of who sends more
GROWTH = 512 << 20  # bytes that this process may grow while a kernel lives: frames of a message that never ends pile up in zmq, unseen
TICK = 0.05  # seconds between two looks at whether the process lives
GRACE = 1.5  # seconds that an interrupted kernel gets to answer


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


class StudentKernel:
    """A Python kernel for one submission. It is a context manager: at its end every process and file is gone.

    Parameters
    ----------
    kit : Path
        What the kernel gets of nnlab (`build_kit`).
    sandbox : str
        "bubblewrap", or "none" for process limits alone.
    limits : Limits
        What the submission may use.

    Raises
    ------
    SandboxMissing
        If bubblewrap is asked for and does not work here.
    RuntimeError
        If the kernel does not start; the message ends with what it wrote last.
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
        """Whether the kernel's process lives."""
        return self._running.alive

    def execute(self, code: str, timeout: float | None = None) -> Execution:
        """Run a cell and return how it ended and its output messages; a cell that takes too long is interrupted, then killed."""
        try:
            return self._execute(code, timeout or self.limits.cell)
        except (KernelDied, BadReply):
            self.kill()
            return Execution("died")

    def call(self, name: str, *args: Any, timeout: float | None = None) -> Any:
        """Call a function that the student defined, and return its value.

        Parameters
        ----------
        name : str
            The function's name in the notebook.
        *args
            Plain data, arrays, functions of NumPy, or `codec.Call` for a generator to be made in the kernel.
        timeout : float
            Seconds; by default the limit for calls.

        Raises
        ------
        StudentError
            If the function raises, or does not exist (type "NameError").
        CallTimeout
            If there is no answer in time. The kernel is interrupted, and killed if that does not help.
        KernelDied
            If the process ended.
        BadReply
            If what came back is no data.
        """
        request = codec.dumps([name, list(args)])
        content = {"code": "", "silent": True, "user_expressions": {"r": CALL.format(request)}}
        try:
            reply, _ = self._ask(content, timeout or self.limits.call, wait_idle=False)
        except (KernelDied, BadReply):
            self.kill()
            raise
        if reply is None:
            raise CallTimeout(name)
        return self._value(reply)

    def restart(self) -> None:
        """Start again with nothing defined."""
        self.close()
        self._start()

    def kill(self) -> None:
        """End the process and all it started."""
        self._running.kill()

    def close(self) -> None:
        """End the process and free the sockets."""
        self.kill()
        self._context.destroy(linger=0)

    def _start(self) -> None:
        self._running = self._launch()
        self._drained, self._memory_before = 0, memory()
        self._context: zmq.Context[Any] = zmq.Context()
        self._session = Session(key=self._running.address.key.encode(), signature_scheme="hmac-sha256", username="")
        self._shell, self._control = (self._connect(zmq.DEALER, channel) for channel in ("shell", "control"))
        self._iopub = self._connect(zmq.SUB, "iopub")
        self._poller = zmq.Poller()
        self._hang_ups = [each.get_monitor_socket(zmq.EVENT_DISCONNECTED) for each in (self._shell, self._iopub)]
        for each in (self._shell, self._iopub, *self._hang_ups):
            self._poller.register(each, zmq.POLLIN)
        try:
            self._wait_until_ready()
        except BaseException:
            self.close()
            raise

    def _connect(self, kind: int, channel: str) -> zmq.Socket[Any]:
        made = self._context.socket(kind)
        made.maxmsgsize, made.linger = LARGEST, 0
        made.rcvhwm = 64 if kind == zmq.SUB else 8
        if kind == zmq.SUB:
            made.subscribe(b"")
        if self._running.address.transport == "ipc":
            made.reconnect_ivl = -1  # the one connection is made before any student code runs
        made.connect(self._running.address.url(channel))
        return made

    def _wait_until_ready(self) -> None:
        """Ask until both the answer and its echo on the output channel arrive."""
        end = time.monotonic() + self.limits.start
        while time.monotonic() < end and self.alive:
            with contextlib.suppress(KernelDied, BadReply):
                reply, idle = self._ask({"code": "", "silent": True}, min(2.0, end - time.monotonic()), interrupt=False)
                if reply is not None and idle:
                    return
        raise RuntimeError(f"the kernel did not start. It said: {self._running.said or 'nothing'}")

    def _execute(self, code: str, timeout: float) -> Execution:
        messages: list[dict[str, Any]] = []
        room = self.limits.output

        def keep(kind: str, content: dict[str, Any]) -> None:
            nonlocal room
            size = len(str(content))
            if room >= size:
                messages.append({"msg_type": kind, "content": content})
            elif room >= 0:
                messages.append({"msg_type": "stream", "content": {"name": "stderr", "text": "… the rest of this output was cut."}})
            room = room - size if room >= size else -1

        reply, _ = self._ask({"code": code, "silent": False}, timeout, keep)
        if reply is None:
            return Execution("timeout", tuple(messages))
        return Execution("ok" if reply.get("status") == "ok" else "error", tuple(messages))

    def _ask(
        self,
        content: dict[str, Any],
        timeout: float,
        keep: Callable[[str, dict[str, Any]], None] = lambda kind, content: None,
        wait_idle: bool = True,
        interrupt: bool = True,
    ) -> tuple[dict[str, Any] | None, bool]:
        """Send an execute request; return its reply, or None where there was none in time, and whether the kernel said it is idle."""
        whole = {"store_history": False, "user_expressions": {}, "allow_stdin": False, "stop_on_error": False, **content}
        request = self._session.send(self._shell, "execute_request", whole)
        id_ = request["header"]["msg_id"] if request else ""
        end, late, idle = time.monotonic() + timeout, False, not wait_idle
        reply: dict[str, Any] | None = None
        while reply is None or not idle:
            if time.monotonic() > end:
                if reply is not None or late or not interrupt:
                    break
                late, end = True, time.monotonic() + GRACE
                self._session.send(self._control, "interrupt_request", {})
            for channel, message in self._received(end):
                if message["parent_header"].get("msg_id") != id_:
                    continue
                kind, body = message["msg_type"], message["content"]
                if channel is self._shell:
                    reply = body if kind == "execute_reply" else reply
                    end = min(end, time.monotonic() + GRACE)  # an echo that got lost is not waited for
                elif kind == "status":
                    idle = idle or body.get("execution_state") == "idle"
                elif kind in OUTPUTS:
                    keep(kind, body)
        if late and reply is None:
            self.kill()
        return (None if late else reply), idle

    def _received(self, end: float) -> Iterator[tuple[zmq.Socket[Any], dict[str, Any]]]:
        """Yield what has arrived, after waiting a moment; notice a death and a flood."""
        ready = self._poller.poll(int(1000 * max(0.0, min(TICK, end - time.monotonic()))))
        if not ready and not self.alive:
            raise KernelDied("the process ended")
        if memory() - self._memory_before > GROWTH:
            raise KernelDied("it sent a message without end")
        for channel, _ in ready:
            if channel in self._hang_ups:  # zmq hangs up on who sends a message that is too large
                raise KernelDied("the process ended, or sent more than allowed at once")
            frames = channel.recv_multipart()
            self._drained += sum(map(len, frames))
            if self._drained > self.limits.drained:
                raise KernelDied("it sent more than allowed")
            try:
                message = self._session.deserialize(self._session.feed_identities(frames)[1])
                kind, parent = message["msg_type"], message["parent_header"]
            except Exception as error:
                raise BadReply(f"{type(error).__name__}: {str(error)[:100]}") from None
            if isinstance(kind, str) and isinstance(parent, dict) and isinstance(message["content"], dict):
                yield channel, message

    def _value(self, reply: dict[str, Any]) -> Any:
        """Read the agent's answer out of a reply."""
        try:
            answer = codec.loads(reply["user_expressions"]["r"]["data"][MIME])
            error = answer.get("error")
            if error is None:
                value, self.arguments_after = answer["value"], list(answer["arguments"])
                return value
            told = StudentError(str(error["type"])[:80], error["line"] if type(error["line"]) is int else None)
        except (codec.CodecError, KeyError, TypeError, AttributeError) as malformed:
            raise BadReply(f"{type(malformed).__name__}: {str(malformed)[:100]}") from None
        raise told


def memory() -> int:
    """Return the bytes of memory that this process has, 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * mmap.PAGESIZE
    except OSError:
        return 0
