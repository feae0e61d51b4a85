"""How fast a check answers, and what `import nnlab` costs beside numpy. Goals: under 50 ms each."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time

from nnlab.checks import chapters
from nnlab.checks._exercise import Exercise
from nnlab.checks._judging.engine import examine

GOAL = 50.0  # milliseconds
REPEATS = 7


def answer(exercise: Exercise) -> float:
    """Return the milliseconds that one check of a right answer takes."""
    start = time.perf_counter()
    assert examine(exercise, exercise.reference).passed, exercise.name
    return 1000 * (time.perf_counter() - start)


def import_cost() -> float:
    """Return the milliseconds that importing nnlab adds where numpy is imported already."""
    command = [sys.executable, "-X", "importtime", "-c", "import numpy; import nnlab"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()
    total = next(line for line in lines if re.search(r"\| nnlab$", line))
    return int(total.split("|")[1]) / 1000


def row(name: str, times: list[float]) -> bool:
    """Print one line of the table; return whether the goal is met."""
    middle = statistics.median(times)
    print(f"{name:45} {middle:8.2f} {max(times):8.2f}   {'ok' if middle < GOAL else 'too slow'}")
    return middle < GOAL


def main() -> int:
    """Print the table; the exit status says whether every goal is met."""
    print(f"{'milliseconds, of ' + str(REPEATS) + ' runs':45} {'median':>8} {'largest':>8}   goal: {GOAL:g}")
    met = [row("import nnlab, after numpy", [import_cost() for _ in range(REPEATS)])]
    for chapter in chapters().values():
        for exercise in chapter.exercises:
            met.append(row(f"check({exercise.name}), {chapter.name}", [answer(exercise) for _ in range(REPEATS)]))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
