"""The benchmarks run, in small, so that they are not found broken when their figures are wanted."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support import ROOT

from nnlab.grading.sandbox.walls import why_not

needs_sandbox = pytest.mark.skipif(bool(why_not()), reason=why_not() or "it works")


def benchmark(name: str, *args: str) -> str:
    """Run a benchmark and return what it prints; its exit status tells of goals, which a small run need not meet."""
    environment = {key: value for key, value in os.environ.items() if key != "NNLAB_RIVALS"}
    command = [sys.executable, str(ROOT / "benchmarks" / name), *args]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=environment)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1)
    return done.stdout


@needs_sandbox
def test_grading_beside_rivals() -> None:
    """Without the rivals it says how to get them, and prints our own lines."""
    said = benchmark("grading.py", "--answers", "1", "--many", "1", "--turns", "1")
    for name in ("nbgrader", "otter"):
        assert f"{name} was not measured: NNLAB_RIVALS is not set. Run `python benchmarks/grading.py --install DIR`" in said
    assert "| nnlab, 1 worker | 1 | " in said
    assert "| 1.00 | " in said


@needs_sandbox
def test_grading_a_class() -> None:
    """Hostile members and honest ones are all marked, each with the points of the table."""
    said = benchmark("grading.py", "--class-of", "3", "--workers", "2")
    assert "3 of 3 marked by 2 workers in " in said
    assert "3 of 3 rows agree with the table." in said


def test_desk() -> None:
    """A small class's desk answers, and a change on it is saved."""
    said = benchmark("desk.py", "--students", "3", "--turns", "2")
    assert "3 students x 9 exercises" in said
    for name in ("the class", "an answer", "a change, saved"):
        assert f"| {name} | " in said


def test_chapters() -> None:
    """A chapter runs from top to bottom for less than its goal, and no check of it is slow."""
    row = benchmark("chapters.py", "03").splitlines()[-1].split(" | ")
    assert row[0] == "| 03_forward_propagation"
    assert 1 < float(row[1]) < 60
    assert 50 < float(row[2]) < 2000
    assert 0 < float(row[4].removesuffix(" |")) < 1
