"""Whatever an answer does, its check ends, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable

import pytest

from nnlab.checks._exercise import Case, Exercise
from nnlab.checks._judging.engine import examine_in_time
from nnlab.checks._notebook.watch import Stop, limited


def loop() -> None:
    """Never end."""
    while True:
        pass


def loop_that_catches_everything() -> None:
    """Never end, and let no exception out."""
    while True:
        try:
            pass
        except:  # noqa: E722
            continue


def loop_that_goes_on() -> None:
    """Never end, start again after each blow."""
    while True:
        try:
            time.sleep(0.001)
        except BaseException:
            continue


def loop_around_a_loop() -> None:
    """Never end, and catch what ends the loop inside."""
    while True:
        try:
            loop()
        except BaseException:
            continue


@pytest.fixture(autouse=True)
def _as_before() -> object:
    """After each test interrupts are handled as before it, and no thread of ours is left."""
    before, trace = signal.getsignal(signal.SIGINT), sys.gettrace()
    yield
    assert signal.getsignal(signal.SIGINT) is before
    assert sys.gettrace() is trace
    assert not [thread for thread in threading.enumerate() if thread.name == "nnlab check"]


@pytest.mark.parametrize("work", [loop, loop_that_catches_everything, loop_that_goes_on, loop_around_a_loop, lambda: time.sleep(60)])
def test_time_is_over(work: Callable[[], None]) -> None:
    """Work without an end is ended when its time is over, also where it catches what ends it, or sleeps."""
    with pytest.raises(Stop, match="time"):
        limited(work, 0.2)


@pytest.mark.parametrize("work", [loop, loop_that_catches_everything, lambda: time.sleep(60)])
def test_one_interrupt_ends_it(work: Callable[[], None]) -> None:
    """One interrupt is enough."""
    main = threading.get_ident()
    threading.Timer(0.1, signal.pthread_kill, (main, signal.SIGINT)).start()
    with pytest.raises(Stop, match="interrupt"):
        limited(work, 60)


def test_where_there_are_no_signals_for_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows the main thread is interrupted as by a key, and a loop ends all the same."""
    monkeypatch.delattr(signal, "pthread_kill")
    with pytest.raises(Stop, match="time"):
        limited(loop_that_catches_everything, 0.2)


def test_where_there_are_no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a browser no thread can be started: work runs without a limit."""

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert limited(lambda: 3, 0.1) == 3


def test_value_and_errors_come_through() -> None:
    """What work returns or raises is what comes out, and nothing strikes afterwards."""
    assert limited(lambda: 3, 0.15) == 3
    with pytest.raises(ZeroDivisionError):
        limited(lambda: 1 / 0, 0.15)
    time.sleep(0.3)


def test_close_to_the_end_of_its_time() -> None:
    """Work that ends about when its time does gives its value or is stopped, and no blow comes after it."""
    for seconds in (0.09, 0.1, 0.11) * 5:
        with contextlib.suppress(Stop):
            assert limited(lambda pause=seconds: time.sleep(pause) or 7, 0.1) == 7
        time.sleep(0.02)


def test_one_in_another() -> None:
    """An inner limit ends the inner work only, and the outer one still holds."""

    def outer() -> str:
        with pytest.raises(Stop):
            limited(loop, 0.1)
        loop()
        return "never"

    with pytest.raises(Stop):
        limited(outer, 0.5)


def test_in_another_thread_there_is_no_limit() -> None:
    """Signals reach the main thread only; elsewhere work runs to its end."""
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(limited(lambda: time.sleep(0.3) or 5, 0.1)))
    thread.start()
    thread.join()
    assert found == [5]


def test_waiting_is_told() -> None:
    """What takes longer than half a second says so."""
    told: list[float] = []
    limited(lambda: time.sleep(0.9), 5, told.append)
    assert len(told) == 1
    limited(lambda: None, 5, told.append)
    assert len(told) == 1


def test_report_of_a_loop() -> None:
    """The report names the case and the line where the answer was, and asks about the loop."""

    def count(n: float) -> float:
        while n > 0:
            n -= 0
        return n

    exercise = Exercise(count, 1, (Case("zero", (0.0,)), Case("two", (2.0,))), ("a", "b", "c"))
    report = examine_in_time(exercise, count, seconds=0.3)
    assert report.outcome == "stopped"
    assert "stopped by itself after 10 seconds before `count` was done. Does its loop ever end?" in report.message
    assert dict(report.details)["case"] == "two"
    assert dict(report.details)["line"].partition(": ")[2] in ("while n > 0:", "n -= 0")
