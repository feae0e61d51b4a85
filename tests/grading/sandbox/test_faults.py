"""Whatever the student's process does to the exchange, and whenever: every run ends within its limits, and with the same mark.

A table of faults, three times each, by two workers, while another process keeps the processor busy.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from nnlab.grading.marking import session as sessions
from nnlab.grading.marking.session import Session
from nnlab.grading.running.workers import processes
from nnlab.grading.sandbox import kernel as kernels
from nnlab.grading.sandbox import launch
from nnlab.grading.sandbox.kernel import StudentKernel
from nnlab.grading.sandbox.kit import build_kit
from nnlab.grading.sandbox.walls import Limits, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "it works")

LIMITS = Limits(cell=0.4, call=0.4, wall=20, drained=4_000_000)
TIMES = 3
PAUSE = 0.05  # seconds after a request, for what is to come between two of them
ALLOWED = 12.0  # seconds for one run: its limits, twice over for the second chance, and a slow machine

TOOLS = """
import gc, os, signal, socket, struct, threading, time
from nnlab_inside.loop import Loop
loop = next(each for each in gc.get_objects() if isinstance(each, Loop))
end = loop._link._socket
def frame(kind, head=b"", heads=None):
    return struct.pack("!cIII", kind, loop._number, len(head) if heads is None else heads, 0) + head
def drip():
    while True:
        end.sendall(b"a")
        time.sleep(0.02)
def flood(what):
    while True:
        end.sendall(what)
def deaf():
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass
def soon(fault):
    def wait():
        while loop._interrupts.running:
            time.sleep(0.001)
        time.sleep(0.01)
        fault()
    threading.Thread(target=wait, daemon=True).start()
"""
FAULTS = {
    "stops": "os.kill(os.getpid(), signal.SIGSTOP)",
    "kills itself": "os.kill(os.getpid(), signal.SIGKILL)",
    "leaves": "os._exit(0)",
    "closes its socket": "end.close()",
    "closes all files": "os.closerange(0, 256)",
    "hangs up": "end.shutdown(socket.SHUT_RDWR)",
    "stops writing": "end.shutdown(socket.SHUT_WR)",
    "stops reading": "end.shutdown(socket.SHUT_RD)",
    "sends garbage": "end.sendall(bytes(range(256)) * 99)",
    "sends half a frame": "end.sendall(frame(b'a', b'true')[:9])",
    "announces too much": "end.sendall(frame(b'a', heads=2**32 - 1))",
    "announces and waits": "end.sendall(frame(b'a', heads=1_000_000))",
    "answers twice": "end.sendall(frame(b'a', b'true') * 2)",
    "drips": "drip()",
    "floods with outputs": "flood(frame(b'o', b'[]'))",
    "floods with answers to come": "flood(frame(b'a', b'1' * 1000))",
    "goes deaf": "deaf()",
}
POINTS = {
    "in a cell": "{fault}",
    "after a cell": "soon(lambda: {fault})",
    "in a call": "def faulty(x): {fault}",
    "after a call": "def faulty(x): soon(lambda: {fault})",
}
OURS = {"stops": signal.SIGSTOP, "is killed": signal.SIGKILL}
ROWS = [*((fault, point) for fault in FAULTS for point in POINTS), *((fault, "as the warm process") for fault in OURS)]
ASKED = ("first", "faulty", "last", "first", "last")

Mark = tuple[str, ...]


def run(kit: Path, fault: str, point: str) -> tuple[Mark, float]:
    """Let a submission with a fault be graded; return what each of its functions gets, and the seconds it took."""
    kernels.GRACE, launch.PATIENCE, launch.FORKS, sessions.SECOND_CHANCE = 0.2, 1.0, 1.0, 0.4
    start = time.monotonic()
    with Session(partial(StudentKernel, kit, "bubblewrap", LIMITS)) as session:
        cells = {"def first(x): return x + 1": math.inf, TOOLS: math.inf}
        if point in POINTS:
            cells[POINTS[point].format(fault=FAULTS[fault])] = math.inf if "call" in point else 0.0
        cells["def last(x): return x + 2"] = math.inf
        for source, replay in cells.items():
            session.execute(source, replay)
            time.sleep(PAUSE if "soon(lambda" in source else 0)
        if point not in POINTS:
            hurt_the_warm_process(OURS[fault])
        mark = tuple(asked(session, name) for name in ASKED)
    return mark, time.monotonic() - start


def asked(session: Session, name: str) -> str:
    """Ask a function, and say what comes of it."""
    try:
        return repr(session.call(name, 1))
    except Exception as error:
        return type(error).__name__
    finally:
        time.sleep(PAUSE if name == "faulty" else 0)


def hurt_the_warm_process(number: int) -> None:
    """Send a signal to the process that the student's was forked from."""
    (zygote,) = launch._zygotes
    for pid in descendants(zygote.pid):
        with contextlib.suppress(OSError):
            if b"nnlab_inside.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, number)


def descendants(ancestor: int) -> Iterator[int]:
    """Yield the processes below one."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == ancestor:
                yield int(stat.parent.name)
                yield from descendants(int(stat.parent.name))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], list[tuple[Mark, float]]]]:
    """Return what came of each row, each time."""
    kit = build_kit(tmp_path_factory.mktemp("faults") / "kit", {("numpy", "")})
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        with processes(2) as executor:
            waiting = {row: [executor.submit(run, kit, *row) for _ in range(TIMES)] for row in ROWS}
            yield {row: [each.result(timeout=300) for each in futures] for row, futures in waiting.items()}
    finally:
        busy.kill()
        busy.wait()


@pytest.mark.parametrize("row", ROWS, ids=" ".join)
def test_faults(runs: dict[tuple[str, str], list[tuple[Mark, float]]], row: tuple[str, str]) -> None:
    """The same mark each time, in time; who stands beside the fault loses nothing."""
    marks = [mark for mark, _ in runs[row]]
    assert marks == [marks[0]] * TIMES
    assert [told for name, told in zip(ASKED, marks[0], strict=True) if name != "faulty"] == ["2", "3", "2", "3"]
    assert max(seconds for _, seconds in runs[row]) < ALLOWED
