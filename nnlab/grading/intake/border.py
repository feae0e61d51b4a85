"""The one border: every notebook is read in a child with limits, and only cleaned texts come back."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbformat import NotebookNode

from nnlab.grading.intake.archive import Refused
from nnlab.grading.intake.reader import MOST_TEXT, PROBLEMS, SIZE, answer
from nnlab.grading.intake.shown import ALL
from nnlab.grading.intake.text import clean
from nnlab.grading.sandbox.walls import Limits
from nnlab.languages import say

PATIENCE = 3  # times its CPU seconds that a file may take on a busy machine
MOST_ANSWERED = 8 * (MOST_TEXT + ALL)  # bytes: JSON writes a character in up to six, and there are the names


class Border:
    """Reads notebooks in a child process, which is started at the first and again where a notebook ended it."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes, name: str) -> NotebookNode:
        """Return a notebook's cells and its chapter.

        Parameters
        ----------
        data : bytes
            The file.
        name : str
            What it is called, cleaned; a refusal says it.

        Raises
        ------
        Refused
            If it is no notebook, or reading it took more than is allowed.
        """
        found = self._ask(data)
        if found is None:
            self.close()
            raise Refused(
                say(
                    "{file} took more than {memory} MB or {seconds} seconds to read. Clear its outputs and submit again.",
                    file=name,
                    memory=self._limits.read_memory,
                    seconds=self._limits.read_cpu,
                )
            )
        if found.get("spent"):  # what it took may not come back to its child
            self.close()
        if "problem" in found:
            problem = PROBLEMS.get(str(found["problem"]), PROBLEMS["none"])  # a child that is not ours any more tells no sentence
            raise Refused(say(problem, file=name, kind=clean(str(found.get("kind", "")))[:80]))
        return _notebook(found["notebook"])

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout):
                with contextlib.suppress(OSError):
                    assert stream is not None
                    stream.close()

    def _ask(self, data: bytes) -> dict[str, Any] | None:
        """Return the child's answer, or None where it gave none in time."""
        if self._child is None:
            command = [sys.executable, "-m", "nnlab.grading.intake.reader", str(self._limits.read_memory << 20), str(self._limits.read_cpu)]
            self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE * self._limits.read_cpu
        try:
            self._send(SIZE.pack(len(data)) + data, until)
            size = SIZE.unpack(self._receive(SIZE.size, until))[0]
            return json.loads(self._receive(size, until)) if size <= MOST_ANSWERED else None
        except (OSError, EOFError):
            return None

    def _send(self, data: bytes, until: float) -> None:
        assert self._child is not None
        assert self._child.stdin is not None
        pipe, left = self._child.stdin.fileno(), memoryview(data)
        os.set_blocking(pipe, False)
        while left:
            _wait(pipe, selectors.EVENT_WRITE, until)
            with contextlib.suppress(BlockingIOError):
                left = left[os.write(pipe, left[: 1 << 16]) :]

    def _receive(self, size: int, until: float) -> bytes:
        assert self._child is not None
        assert self._child.stdout is not None
        pipe, data = self._child.stdout.fileno(), bytearray()
        while len(data) < size:
            _wait(pipe, selectors.EVENT_READ, until)
            chunk = os.read(pipe, min(size - len(data), 1 << 20))
            if not chunk:
                raise EOFError
            data += chunk
        return bytes(data)


def _wait(pipe: int, event: int, until: float) -> None:
    """Wait until a pipe is ready.

    Raises
    ------
    TimeoutError
        If it is not in time.
    """
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, event)
        if not selector.select(max(0.0, until - time.monotonic())):
            raise TimeoutError


class InProcess(Border):
    """Reads notebooks here, where a system's pipes cannot be waited for (Windows): without limits on memory and time."""

    def _ask(self, data: bytes) -> dict[str, Any] | None:
        return dict(json.loads(answer(data)))


@contextmanager
def border(limits: Limits | None = None) -> Iterator[Border]:
    """Open the border, and end its child afterwards."""
    opened = InProcess(limits) if sys.platform == "win32" else Border(limits)
    try:
        yield opened
    finally:
        opened.close()


def _notebook(found: dict[str, Any]) -> NotebookNode:
    """Make a notebook of what the child handed on."""
    cells = [_cell(cell) for cell in found["cells"]]
    return NotebookNode(metadata=NotebookNode(nnlab=NotebookNode(chapter=found["chapter"])), cells=cells)


def _cell(found: dict[str, Any]) -> NotebookNode:
    metadata = NotebookNode()
    if "nbgrader" in found:
        metadata.nbgrader = NotebookNode(grade_id=found["nbgrader"])
    if "colab" in found:
        metadata.id = found["colab"]
    shown = {"shown": [tuple(each) for each in found["shown"]]} if "shown" in found else {}
    return NotebookNode(cell_type=found["cell_type"], id=found["id"], source=found["source"], metadata=metadata, **shown)
