"""A student's process: limits first, then one request after the other, run cells and call functions, and answer on one socket."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from . import agent, codec, confine, shell
from .frames import ANSWER, CELL, OUTPUT, Frame, Link

KIT = Path(__file__).parents[1]
HOME = Path.home()  # in a sandbox the one folder that a submission may write in
READY = b"!"  # the one byte before the first frame
NOTHING = codec.dumps(None)  # no answer, which is one, too


def limit(limits: dict[str, int]) -> None:
    """Set the process limits that this system knows. They hold for this process and cannot be raised again."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, value in limits.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))


class Interrupts:
    """Lets an interrupt end the student's code, and nothing else: a frame that is being sent is sent whole before it counts."""

    def __init__(self) -> None:
        self.running = False  # whether it is the student's code that runs
        self.came = False  # since the request
        self._held = self._waits = False
        signal.signal(signal.SIGINT, self._receive)

    def _receive(self, number: int, frame: Any) -> None:
        self.came = self.came or self.running
        self._waits = self._held
        if self.running and not self._held:
            raise KeyboardInterrupt

    def __enter__(self) -> None:
        """Hold interrupts back, which reach the main thread only."""
        if threading.current_thread() is threading.main_thread():
            self._held = True

    def __exit__(self, *error: object) -> None:
        if threading.current_thread() is threading.main_thread():
            waited, self._held, self._waits = self._waits, False, False
            if waited and self.running:
                raise KeyboardInterrupt


class Loop:
    """Answers requests until the grader hangs up."""

    def __init__(self, ipython: shell.Shell, link: Link) -> None:
        self._ipython, self._link = ipython, link
        self._interrupts, self._lock = Interrupts(), threading.Lock()
        self._number = 0
        shell.outputs.send = self._show
        sys.stdout, sys.stderr = shell.Stream("stdout"), shell.Stream("stderr")

    def run(self) -> None:
        """Take one request after the other."""
        while True:
            request = self._link.receive()
            self._number, self._interrupts.came = request.number, False
            if request.kind == CELL:
                self._run_cell(request.head.decode())
            else:
                self._call(request)

    def _run_cell(self, source: str) -> None:
        done = False
        with contextlib.suppress(BaseException):  # an interrupt between two lines of IPython itself
            self._interrupts.running = True
            done = self._ipython.run_cell(source).success  # type: ignore[no-untyped-call]
        self._interrupts.running = False
        shell.outputs.flush()
        self._send(ANSWER, json.dumps(done).encode())

    def _call(self, request: Frame) -> None:
        """Answer each call of a request, up to one that is interrupted."""
        for call in agent.asked(request.head, request.body):
            self._send(ANSWER, *self._answer(*call))
            if self._interrupts.came:
                return

    def _answer(self, name: str, args: list[Any]) -> codec.Message:
        message = NOTHING
        with contextlib.suppress(BaseException):  # an interrupt, or what a value raises that is looked at
            self._interrupts.running = True
            message = agent.answer(name, args)
        self._interrupts.running = False
        return message

    def _show(self, kind: str, content: dict[str, Any]) -> None:
        self._send(OUTPUT, json.dumps([kind, content]).encode())

    def _send(self, kind: bytes, head: bytes, body: bytes = b"") -> None:
        with self._interrupts, self._lock:
            self._link.send(Frame(kind, self._number, head, body))


def start(settings: dict[str, Any], end: socket.socket, ipython: shell.Shell) -> None:
    """Confine this process, say that it is ready, and answer requests; return when the grader hangs up.

    Parameters
    ----------
    settings : dict
        "limits": process limits by name; "confined": whether Linux is to refuse what no exercise needs.
    end : socket
        This side's end.
    ipython : Shell
        Runs the cells.
    """
    limit(settings["limits"])
    os.chdir(HOME)
    if settings["confined"]:
        confine.die_first()
        confine.keep_to(HOME)  # before there are threads, which Landlock would not reach
    loop = Loop(ipython, Link(end))
    random.seed(0)
    np.random.seed(0)  # the same answers give the same marks
    if settings["confined"]:
        confine.refuse_calls()
    end.sendall(READY)
    with contextlib.suppress(EOFError, OSError):
        loop.run()


def bring_fonts() -> None:
    """Put matplotlib's list of fonts where it looks for it: making it anew costs a second or more."""
    shutil.copytree(KIT / "matplotlib", os.environ["MPLCONFIGDIR"], dirs_exist_ok=True)


def main() -> None:
    """Read the settings from standard input, where neither `ps` nor the student's code finds them, and start."""
    bring_fonts()
    settings = json.load(sys.stdin)
    start(settings, _given(settings["end"]), shell.make())


def _given(end: int | str) -> socket.socket:
    """Return the end of the socket that was passed on: a handle, or on Windows what `socket.share` said in base 64."""
    return socket.socket(fileno=end) if isinstance(end, int) else socket.fromshare(base64.b64decode(end))  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
