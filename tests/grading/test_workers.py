"""Work goes on whatever one task does to its worker, here or on a Dask cluster, and no worker outlives the grader."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sample_class import sample_class
from support import ROOT, loud_or_die, slow

from nnlab.grading.grade import grade
from nnlab.grading.running.job import Options
from nnlab.grading.running.workers import SchedulerMissing, done
from nnlab.grading.sandbox.walls import why_not
from nnlab.workbook.course import Course

WORDS = ("a", "deadly", "b", "c")


def lost(word: str) -> str:
    """Return the result of a task that ended its worker."""
    return f"{word} was lost"


def test_a_worker_that_dies() -> None:
    """Only the task that killed it has no result."""
    assert sorted(done(loud_or_die, WORDS, lost, workers=2)) == ["A", "B", "C", "deadly was lost"]


def test_nothing_to_do() -> None:
    """No task is no error, and starts nothing."""
    assert list(done(loud_or_die, [], lost, scheduler="tcp://nowhere:1")) == []


def test_no_worker_outlives_the_grader() -> None:
    """When the grader is killed, its workers end by themselves."""
    code = "import time\nfrom nnlab.grading.running.workers import processes\nwith processes(2) as e: [e.submit(time.sleep, 60) for _ in 'ab'], print('up', flush=True), time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as grader:
        assert grader.stdout is not None
        assert grader.stdout.readline() == "up\n"
        workers = psutil.Process(grader.pid).children(recursive=True)
        grader.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    assert workers
    assert psutil.wait_procs(workers, timeout=15)[1] == []


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Return the scheduler of a cluster of two workers."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as running:
        yield running.scheduler_address


@pytest.mark.filterwarnings("ignore")
class TestDask:
    """The same call on a cluster."""

    def test_work(self, cluster: str) -> None:
        """Each task has its result."""
        assert sorted(done(str.upper, ["a", "b", "c"], lost, scheduler=cluster)) == ["A", "B", "C"]

    @pytest.mark.skipif(bool(why_not()), reason=why_not() or "it works")
    def test_class(self, cluster: str, tmp_path: Path) -> None:
        """Submissions get the marks of the table."""
        given = sample_class("03_forward_propagation")
        for name in ("full_marks", "half_done", "sys_exit", "wrong_axis"):
            (tmp_path / f"{name}.ipynb").write_bytes((given.folder / f"{name}.ipynb").read_bytes())
        marks = grade(tmp_path, tmp_path / "out", Course(ROOT), options=Options(scheduler=cluster))
        assert {mark.student: mark.earned for mark in marks} == {
            mark.student: sum(given.members[mark.student].expected(given.full).values()) for mark in marks
        }

    def test_a_worker_is_killed_in_the_middle(self) -> None:
        """What it had goes to the other, and every task has its result."""
        distributed = pytest.importorskip("distributed", reason="Dask is not installed")
        words = [*"abcdefghij"]
        with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as running:
            results = done(slow, words, lambda word: (f"{word} was lost", 0), scheduler=running.scheduler_address)
            first = next(results)
            os.kill(first[1], signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
            assert sorted(word for word, _ in (first, *results)) == [*"ABCDEFGHIJ"]

    def test_nobody_answers(self) -> None:
        """The address is named, and how to start a scheduler."""
        pytest.importorskip("distributed", reason="Dask is not installed")
        started = time.monotonic()
        with pytest.raises(SchedulerMissing, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9 .*dask scheduler"):
            list(done(loud_or_die, WORDS, lost, scheduler="tcp://127.0.0.1:9"))
        assert time.monotonic() - started < 30


def test_dask_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SchedulerMissing, match=r'pip install "nnlab-course\[distributed\]"'):
        list(done(loud_or_die, WORDS, lost, scheduler="tcp://127.0.0.1:9"))
