"""Where submissions are graded: in processes on this machine, or on the workers of a Dask cluster; both are `Executor`s."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class SchedulerMissing(RuntimeError):
    """There is no way to the Dask cluster; the message says what to do."""


def done(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    lost: Callable[[Task], Result],
    workers: int = 1,
    scheduler: str = "",
    prepare: Callable[[], None] | None = None,
) -> Iterator[Result]:
    """Yield each task's result as it is done. A worker that dies takes no other task with it.

    Parameters
    ----------
    work : callable
        A function that can be pickled; it raises nothing.
    tasks : sequence
    lost : callable
        The result of a task that ends a worker that has no other.
    workers : int
        Processes on this machine.
    scheduler : str
        Address of a Dask scheduler, whose workers are used instead. They need this package, and the course at the same place.
    prepare : callable
        What a process of this machine does first, before it imports what the work needs.

    Raises
    ------
    SchedulerMissing
        If Dask is not installed, or nobody answers at the address.
    """
    if not tasks:
        return
    unfinished = []
    with dask(scheduler) if scheduler else processes(min(workers, len(tasks)), prepare) as executor:
        futures = {executor.submit(work, task): task for task in tasks}
        for future in as_completed(futures):
            if _worker_died(future):
                unfinished.append(futures[future])
            else:
                yield future.result()
    for task in unfinished:
        with processes(1) as executor:
            future = executor.submit(work, task)
            yield lost(task) if _worker_died(future) else future.result()


@contextmanager
def processes(workers: int, prepare: Callable[[], None] | None = None) -> Iterator[Executor]:
    """Start processes afresh instead of forking them, and drop what waits if the user interrupts."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin, initargs=(prepare,)) as executor:
        try:
            yield executor
        except BaseException:
            executor.shutdown(cancel_futures=True)
            raise


@contextmanager
def dask(scheduler: str) -> Iterator[Executor]:
    """Connect to a Dask cluster."""
    try:
        from distributed import Client, Security
    except ImportError:
        raise SchedulerMissing('--scheduler needs Dask, which is not installed: pip install "nnlab-course[distributed]".') from None
    try:
        security = Security() if scheduler.startswith("tls://") else None  # as Dask's own configuration says
        client = Client(scheduler, timeout=10, security=security)
    except (OSError, ValueError) as error:
        raise SchedulerMissing(
            f"no Dask scheduler answers at {scheduler} ({type(error).__name__}). Expected an address such as tcp://host:8786, or tls://…. "
            "Start one with `dask scheduler`, and `dask worker ADDRESS --nthreads 1` for each core."
        ) from error
    with client:
        yield client.get_executor()


def _worker_died(future: Future[Result]) -> bool:
    """Wait for a future, and tell whether it was lost with its worker."""
    try:
        error = future.exception()
    except CancelledError:
        return True
    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"


def _begin(prepare: Callable[[], None] | None) -> None:
    """Begin a process's life: watch its parent, and prepare. What fails then fails again, and is told, when it is needed."""
    _end_with_parent()
    if prepare is not None:
        with suppress(Exception):
            prepare()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, however that came: else it would wait for work for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
