"""A check ends: at the first interrupt, or by itself when its time is over."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

LIMIT = 10.0  # seconds for one exercise
PATIENCE = 0.5  # seconds after which one is told that it takes a while
OURS = str(Path(__file__).parents[1])
BEAT = 0.1  # seconds between two looks at the clock, and between two blows at code that swallows the first


class Stop(BaseException):
    """Ends what is being checked. `why` is "time" or "interrupt", `case` what the answer was asked when it came, `trace` where it was."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self.case: Any = None
        self.trace: TracebackType | None = None


def limited(work: Callable[[], T], seconds: float = LIMIT, tell: Callable[[float], None] | None = None) -> T:
    """Return what `work` returns, and end it when its time is over or somebody interrupts.

    An answer may catch a blow (`except:` in an endless loop), so it is struck again, and then where it
    goes on, too. Signals reach the main thread only: in any other thread `work` has no limit.

    Parameters
    ----------
    work : callable
    seconds : float
    tell : callable, optional
        Called with the seconds gone, from another thread, about once a second when it takes longer than half a second.

    Raises
    ------
    Stop
        In place of what `work` would have returned.
    """
    watch = _Watch(seconds, tell)
    if threading.current_thread() is not threading.main_thread() or not watch.start():
        return work()
    before = signal.signal(signal.SIGINT, watch.struck)
    try:
        try:
            return work()
        finally:
            watch.done = True
    finally:
        watch.end()
        signal.signal(signal.SIGINT, before or signal.default_int_handler)


class _Watch:
    """A thread that looks at the clock, and strikes the main thread by the signal that a person's interrupt is, too."""

    def __init__(self, seconds: float, tell: Callable[[float], None] | None) -> None:
        self.seconds, self.tell = seconds, tell
        self.done, self.why, self.blows = False, "", 0
        self._traced = sys.gettrace()
        self._over, self._lock = threading.Event(), threading.Lock()
        self._main = threading.get_ident()
        self._thread = threading.Thread(target=self._watch, name="nnlab check", daemon=True)

    def start(self) -> bool:
        """Start to watch; tell whether there are threads here: in a browser there are none."""
        try:
            self._thread.start()
        except RuntimeError:
            return False
        return True

    def end(self) -> None:
        """Stop watching. After this nothing strikes and nothing is told any more."""
        self.done = True
        with self._lock:
            self._over.set()
        self._thread.join(1)
        if self.blows > 1:
            sys.settrace(self._traced)

    def struck(self, number: int, frame: FrameType | None) -> None:
        """End the work; this is the handler of the signal. A blow that comes late hits nothing."""
        if not self.done:
            self.why = self.why or "interrupt"
            self.blows += 1
            if self.blows > 1:
                self._trip(frame)
            raise Stop(self.why)

    def _trip(self, frame: FrameType | None) -> None:
        """Let the line after this blow fail, too, if it is the answer's: there goes on what has caught the first."""
        frames = []
        while frame is not None and frame.f_code is not limited.__code__:
            frames += [frame] if not frame.f_code.co_filename.startswith(OURS) else []
            frame = frame.f_back
        files = {each.f_code.co_filename for each in frames}

        def trip(frame: FrameType, event: str, argument: object) -> Any:
            if event == "line" and not self.done:
                raise Stop(self.why)
            return trip if frame.f_code.co_filename in files else None

        sys.settrace(trip)
        for each in frames:
            each.f_trace = trip

    def _watch(self) -> None:
        start, told = time.monotonic(), PATIENCE
        while not self._over.wait(BEAT):
            gone = time.monotonic() - start
            if gone >= self.seconds:
                self.why = self.why or "time"
            if self.why:
                self._strike()
            elif self.tell and gone >= told:
                told += 1
                self.tell(gone)

    def _strike(self) -> None:
        with self._lock:
            if self.done:
                return
            if hasattr(signal, "pthread_kill"):
                signal.pthread_kill(self._main, signal.SIGINT)
            else:
                _thread.interrupt_main(signal.SIGINT)
