"""Kill the grader at any moment and run it again: the results are those of a run that nobody disturbed."""

from __future__ import annotations

import contextlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from sample_class import sample_class
from support import ROOT

from nnlab.grading.grade import grade
from nnlab.grading.gradebook import GradebookError
from nnlab.grading.running.job import Options
from nnlab.grading.sandbox.walls import why_not
from nnlab.workbook.course import Course

CLASS = sample_class("03_forward_propagation")
NAMES = ("full_marks", "half_done", "sys_exit", "wrong_axis")


def start(folder: Path, to: Path) -> subprocess.Popen[bytes]:
    """Start grading."""
    command = [sys.executable, "-m", "nnlab.cli", "grade", folder, "--to", to, "--workers", "2", "--course", ROOT]
    return subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL)


def marked(to: Path) -> int:
    """Return how many marks are saved."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(f"file:{to}/gradebook.sqlite?mode=ro", uri=True)) as book:
        return int(book.execute("select count(*) from submissions").fetchone()[0])
    return 0


def export(to: Path) -> dict[str, bytes]:
    """Return every file of the results but the database itself, whose pages may lie in another order."""
    return {str(path.relative_to(to)): path.read_bytes() for path in to.rglob("*") if path.is_file() and path.suffix in (".csv", ".html")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small class."""
    made = tmp_path_factory.mktemp("class")
    for name in NAMES:
        shutil.copy(CLASS.folder / f"{name}.ipynb", made)
    return made


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the results of a whole run."""
    to = tmp_path_factory.mktemp("undisturbed")
    assert start(folder, to).wait() == 0
    return export(to)


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "at the start": lambda to: (to / ".lock").exists(),
    "when the gradebook is made": lambda to: (to / "gradebook.sqlite").exists(),
    "after one mark": lambda to: marked(to) >= 1,
    "after three marks": lambda to: marked(to) >= 3,
    "when all is marked": lambda to: marked(to) == len(NAMES),
    "while pages are written": lambda to: any((to / "feedback").glob("*")),
}


@pytest.mark.skipif(bool(why_not()), reason=why_not() or "it works")
@pytest.mark.parametrize("moment", MOMENTS)
def test_kill(folder: Path, undisturbed: dict[str, bytes], tmp_path: Path, moment: str) -> None:
    """Killed, no process is left; run again, every byte is the same, and what was marked is not marked again."""
    to = tmp_path / "out"
    grader = start(folder, to)
    while not MOMENTS[moment](to) and grader.poll() is None:
        time.sleep(0.005)
    family = psutil.Process(grader.pid).children(recursive=True) if grader.poll() is None else []
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    assert psutil.wait_procs(family, timeout=15)[1] == []
    assert start(folder, to).wait() == 0
    assert export(to) == undisturbed


def test_two_graders(tmp_path: Path, folder: Path) -> None:
    """The second on the same results is refused with a sentence, and the first's results stay."""
    from filelock import FileLock

    to = tmp_path / "out"
    to.mkdir()
    with FileLock(to / ".lock"), pytest.raises(GradebookError, match="another `nnlab grade` is writing to"):
        grade(folder, to, Course(ROOT), options=Options(sandbox="none"))
    assert not (to / "gradebook.sqlite").exists()
