"""What each chapter costs from top to bottom, and how long its slowest check takes. Goals: 60 s of CPU, one second.

`python benchmarks/chapters.py [NN ...]` runs the solutions of these chapters, or of all, one after the other in kernels of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from nnlab.checks import chapters
from nnlab.checks._exercise import Chapter, Exercise
from nnlab.checks._judging.engine import examine
from nnlab.workbook.build import ALONE
from nnlab.workbook.course import Course

ROOT = Path(__file__).parents[1]
CPU, CHECK = 60.0, 1.0  # seconds
RUN = """
import json, resource, sys, nbformat
from nbclient import NotebookClient
NotebookClient(nbformat.read(sys.argv[1], 4), timeout=600, kernel_name="python3").execute()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


def cost(solution: Path) -> tuple[float, float]:
    """Run a notebook in a kernel; return its CPU seconds and the MB that it needed at most."""
    command = [sys.executable, "-c", RUN, str(solution)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=solution.parent, env={**os.environ, **ALONE})
    seconds, megabytes = json.loads(done.stdout.splitlines()[-1])
    return seconds, megabytes


def slowest(chapter: Chapter) -> tuple[float, str]:
    """Return how many seconds the slowest check of a chapter takes with our answer, and whose it is."""
    return max((seconds(exercise), exercise.name) for exercise in chapter.exercises)


def seconds(exercise: Exercise) -> float:
    """Return how long the check of a right answer takes; of three times, the middle one."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        assert examine(exercise, exercise.reference).passed, exercise.name
        times.append(time.perf_counter() - start)
    return sorted(times)[1]


def main() -> int:
    """Print the table; the exit status says whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapters", nargs="*", metavar="NN", help="two digits of a chapter; without any, all that have exercises")
    wanted = parser.parse_args().chapters
    declared = {name: chapter for name, chapter in sorted(chapters().items()) if chapter.exercises and (not wanted or name[:2] in wanted)}
    if not declared:
        parser.error(f"no chapter {', '.join(wanted)}. There are {', '.join(sorted(chapters()))}.")
    print(f"| chapter | CPU s (goal {CPU:g}) | MB | slowest check | s (goal {CHECK:g}) |\n|---|---|---|---|---|")
    met = []
    for name, chapter in declared.items():
        used, megabytes = cost(Course(ROOT).chapter(name).solution)
        longest, whose = slowest(chapter)
        met += [used < CPU, longest < CHECK]
        print(f"| {name} | {used:.1f} | {megabytes:.0f} | `{whose}` | {longest:.3f} |", flush=True)
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
