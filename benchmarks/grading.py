"""What grading costs a submission, beside nbgrader and otter-grader, and how a class of hundreds fares.

Goals: a submission takes nbgrader 15 times our CPU time one by one and 8 times in a batch, and `otter run` 20 times; two workers are
1.8 times as fast as one; a worker needs less than 400 MB. The rivals are optional:

    python benchmarks/grading.py --install DIR     # once: nbgrader and otter-grader, each in an environment of its own
    NNLAB_RIVALS=DIR python benchmarks/grading.py

All grade the same answers to the same hidden tests, and the run fails where their points differ. They take turns; figures are medians.
A command's cost is that of all its processes, start and end included. A control group counts them, since nobody awaits those of a
sandbox that is killed. Where none can be made, only awaited processes count, and the table says so.

    python benchmarks/grading.py --class-of 1000   # one in twenty hostile; every mark is compared with the sample class's table
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import ctypes
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, islice
from pathlib import Path

from nnlab.grading.gradebook import Gradebook
from nnlab.grading.pages.class_report import class_page
from nnlab.grading.results import WRITTEN, Item, Mark
from nnlab.workbook.build import dump

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import rivals  # noqa: E402
from sample_class import sample_class  # noqa: E402

CHAPTER = "03_forward_propagation"
SAMPLE = sample_class(CHAPTER)
ANSWERS = ("full_marks", "right_but_unusual", "half_done", "wrong_axis", "raises")  # none that a rival cannot survive
HOSTILE = ("sys_exit", "prints_a_megabyte_reads_files_and_the_network", "allocates_20_gb", "infinite_loop")
HONEST = tuple(name for name in SAMPLE.members if name not in HOSTILE)
ONE_IN = 20  # of a large class is hostile
WORKERS = (1, 2, 4)
GOALS = {"nbgrader, one by one": 15.0, "nbgrader, in a batch": 8.0, "otter run": 20.0}
GOAL_TWO, GOAL_MEMORY = 1.8, 400.0  # times as fast; MB a worker
TICK = 0.5  # seconds between two looks at the memory
LINGER = 10.0  # seconds that what a command leaves behind may live on
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Sample:
    """Megabytes at a time: of the command's first process, and of all it started."""

    seconds: float
    first: float
    all: float


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU and wall, and the memory over time."""

    cpu: float
    wall: float
    memory: list[Sample] = field(default_factory=list)

    @property
    def peak(self) -> float:
        """The most megabytes at one time."""
        return max(each.all for each in self.memory)


@dataclass(frozen=True)
class Way:
    """One way to grade some submissions: what it is called, its commands, whether the points are right, and where the commands run."""

    name: str
    submissions: int
    commands: list[list[str]]
    right: Callable[[], bool]
    folder: Path = ROOT
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))

    def cost(self) -> Cost:
        """Run the commands one after the other."""
        print(f"{self.name} …", file=sys.stderr, flush=True)
        costs = [run(command, self.folder, self.environment) for command in self.commands]
        return Cost(sum(c.cpu for c in costs), sum(c.wall for c in costs), [each for c in costs for each in c.memory])


@cache
def control_group() -> Path | None:
    """Make a control group (version 2) for what is measured, or return None where that is not allowed."""
    with contextlib.suppress(OSError, StopIteration, subprocess.CalledProcessError):
        mounts = (line.split() for line in Path("/proc/self/mounts").read_text().splitlines())
        root = next(mount[1] for mount in mounts if mount[2] == "cgroup2")
        inside = next(line for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::"))
        group = Path(f"{root}{inside.removeprefix('0::')}") / f"nnlab-benchmark-{os.getpid()}"
        group.mkdir()
        atexit.register(group.rmdir)
        subprocess.run(grouped(["true"], group), check=True, stderr=subprocess.DEVNULL)
        return group
    return None


def grouped(command: list[str], group: Path | None) -> list[str]:
    """Return the command that runs a command in a control group."""
    return ["sh", "-c", f'echo $$ > "{group}/cgroup.procs" && exec "$@"', "sh", *command] if group else command


def cpu_used() -> float:
    """Return the CPU seconds of what was run so far."""
    if group := control_group():
        return int((group / "cpu.stat").read_text().split()[1]) / 1e6
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def adopt_orphans() -> None:
    """Become the parent of processes whose own has gone, so that they can be awaited."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(command: list[str], folder: Path, environment: dict[str, str], show: bool = False) -> Cost:
    """Run a command to its end and that of all it started, and say what they cost."""
    before, start, memory = cpu_used(), time.perf_counter(), []
    with tempfile.TemporaryFile() as said:
        single = {**environment, "OPENBLAS_NUM_THREADS": "1"}
        process = subprocess.Popen(grouped(command, control_group()), cwd=folder, env=single, stdout=said, stderr=None if show else said)
        while not ended(process):
            now = [resident(pid) for pid in descendants(os.getpid())]
            memory.append(Sample(time.perf_counter() - start, resident(process.pid), sum(now)))
        wall = time.perf_counter() - start
        await_orphans()
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed:\n{said.read()[-2000:].decode('utf-8', 'replace')}")
    return Cost(cpu_used() - before, wall, memory)


def ended(process: subprocess.Popen[bytes]) -> bool:
    """Wait a moment, and say whether the process has ended."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(TICK)
    return process.returncode is not None


def await_orphans() -> None:
    """Wait until nothing is left of what was started."""
    end = time.monotonic() + LINGER
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < end:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
        raise RuntimeError(f"processes live on, {LINGER:g} s after the command that started them has ended")


def descendants(ancestor: int) -> Iterator[int]:
    """Yield the processes below one."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            children.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    todo = [ancestor]
    while todo:
        found = children.get(todo.pop(), [])
        yield from found
        todo += found


def resident(pid: int) -> float:
    """Return a process's megabytes: shared pages in shares (PSS), or counted whole where the system does not tell."""
    for file, entry in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
            return sum(int(line.split()[1]) for line in lines if line.startswith(entry)) / 1024
    return 0.0


def students(members: Iterable[str]) -> dict[str, str]:
    """Return students, each with the member of the sample class whose answers they hand in."""
    return {f"{i:04}-{name}": name for i, name in enumerate(members)}


def hand_in(given: dict[str, str], to: Path) -> Path:
    """Write the notebooks of students to a folder."""
    to.mkdir(parents=True)
    made = {name: dump(SAMPLE.notebook(name)) for name in set(given.values())}
    for student, name in given.items():
        (to / f"{student}.ipynb").write_text(made[name], encoding="utf-8")
    return to


def ours(folder: Path, given: dict[str, str], workers: int) -> Way:
    """Return our way to grade a folder."""
    options = ["--to", f"{folder}-marks", "--course", str(ROOT), "--chapter", CHAPTER, "--workers", str(workers), "--force"]
    command = [sys.executable, "-m", "nnlab.cli", "grade", str(folder), *options]
    return Way(f"nnlab, {workers} worker{'s' * (workers > 1)}", len(given), [command], lambda: our_points(folder) == expected(given))


def our_points(folder: Path) -> dict[str, dict[str, float]]:
    """Return the points of each student by exercise that our gradebook has; nothing for those without a mark, nor for answers in words."""
    with Gradebook(Path(f"{folder}-marks") / "gradebook.sqlite") as book:
        return {mark.student: {name: sum(item.earned for item in items) for name, items in _by_test(mark)} for mark in book.marks(CHAPTER)}


def _by_test(mark: Mark) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """Yield the items of each exercise that tests have marked."""
    yield from ((name, items) for name, items in mark.by_exercise().items() if items[0].name != WRITTEN)


def expected(given: dict[str, str]) -> dict[str, dict[str, float]]:
    """Return the points that the sample class's table says."""
    return {student: SAMPLE.members[name].expected(SAMPLE.full) for student, name in given.items()}


def hand_in_to(assignment: rivals.Assignment, given: dict[str, str]) -> None:
    """Hand in the students' notebooks to a rival."""
    for student, name in given.items():
        assignment.submit(student, SAMPLE.notebook(name, assignment.blank))


def nbgrader_ways(folder: Path, given: dict[str, str]) -> list[Way]:
    """Return nbgrader's two ways."""
    course = rivals.Nbgrader(folder, SAMPLE)
    hand_in_to(course, given)
    few = list(given)[: len(ANSWERS)]
    commands = {"one by one": [course.grading(student) for student in few], "in a batch": [course.grading()]}
    counts = {"one by one": len(few), "in a batch": len(given)}
    return [
        Way(
            f"nbgrader, {how}",
            counts[how],
            [course.command(*each) for each in commands[how]],
            lambda: course.scores() == expected(given),
            folder,
            course.environment,
        )
        for how in commands
    ]


def otter_ways(folder: Path, given: dict[str, str]) -> list[Way]:
    """Return otter's way: it grades one by one."""
    assignment = rivals.Otter(folder, SAMPLE)
    few = dict(list(given.items())[: len(ANSWERS)])
    hand_in_to(assignment, few)

    def right() -> bool:
        return all(assignment.score(each) == sum(points.values()) - points["notebook"] for each, points in expected(few).items())

    commands = [assignment.command(*assignment.grading(student)) for student in few]
    return [Way("otter run", len(few), commands, right, folder, assignment.environment)]


RIVALS = {"nbgrader": nbgrader_ways, "otter": otter_ways}


def compare(answers: int, many: int, turns: int) -> bool:
    """Print what a submission costs each way; return whether the goals are met."""
    with tempfile.TemporaryDirectory() as place:
        given, crowd = (students(islice(cycle(ANSWERS), count)) for count in (answers, many))
        folder, crowded = hand_in(given, Path(place) / "class"), hand_in(crowd, Path(place) / "crowd")
        ways = [ours(folder, given, 1)]
        for name, make in RIVALS.items():
            if reason := rivals.why_not(name):
                print(f"{name} was not measured: {reason}")
            else:
                ways += make(Path(place) / name, given)
        scaled = [ours(crowded, crowd, workers) for workers in WORKERS if workers <= min(many, os.cpu_count() or 1)]
        costs = [[way.cost() for way in (*ways, *scaled)] for _ in range(turns)]
        if wrong := [way.name for way in (*ways, *scaled) if not way.right()]:
            raise RuntimeError(f"{wrong} gave other points than the sample class's table says: the costs cannot be compared")
    columns = list(zip(*costs, strict=True))
    return all([*rows(ways, columns), *scaling(scaled, columns[len(ways) :])])


def rows(ways: list[Way], columns: list[tuple[Cost, ...]]) -> Iterator[bool]:
    """Print a line for each way; yield whether its goal is met."""
    print("\n| | submissions | CPU s a submission | wall s a submission | CPU, times ours | wall, times ours | goal |")
    print("|---|---|---|---|---|---|---|")
    cpu, wall = (
        [statistics.median(getattr(c, what) for c in column) / way.submissions for way, column in zip(ways, columns, strict=False)]
        for what in ("cpu", "wall")
    )
    for way, c, w in zip(ways, cpu, wall, strict=True):
        goal = GOALS.get(way.name)
        ratios = f"{c / cpu[0]:.1f} | {w / wall[0]:.1f} | {verdict(c / cpu[0] >= goal, f'{goal:g} × CPU')}" if goal else "1 | 1 | "
        print(f"| {way.name} | {way.submissions} | {c:.2f} | {w:.2f} | {ratios} |")
        yield goal is None or c / cpu[0] >= goal


def scaling(ways: list[Way], columns: list[tuple[Cost, ...]]) -> Iterator[bool]:
    """Print a line for each number of workers; yield whether its goals are met."""
    print("\n| | submissions | submissions a second | times one worker | MB a worker, at most | goal |")
    print("|---|---|---|---|---|---|")
    walls = [statistics.median(cost.wall for cost in column) for column in columns]
    for workers, way, wall, column in zip(WORKERS, ways, walls, columns, strict=False):
        faster, memory = walls[0] / wall, max(cost.peak for cost in column) / workers
        met = memory < GOAL_MEMORY and (workers != 2 or faster >= GOAL_TWO)
        goal = verdict(met, f"< {GOAL_MEMORY:g} MB" + f", {GOAL_TWO:g} ×" * (workers == 2))
        print(f"| {way.name} | {way.submissions} | {way.submissions / wall:.2f} | {faster:.2f} | {memory:.0f} | {goal} |")
        yield met


def verdict(met: bool, goal: str) -> str:
    """Say a goal and whether it is met."""
    return f"{goal}: {'ok' if met else 'missed'}"


def grade_class(size: int, workers: int, honest_only: bool = False) -> bool:
    """Grade a large class, one in twenty hostile; print time and memory, and return whether every mark is that of the table."""
    hostile, honest = cycle(HOSTILE), cycle(HONEST)
    given = students(next(honest if honest_only or i % ONE_IN else hostile) for i in range(size))
    with tempfile.TemporaryDirectory() as place:
        folder = hand_in(given, Path(place) / "class")
        cost = run(ours(folder, given, workers).commands[0], ROOT, dict(os.environ), show=True)
        got = our_points(folder)
        read = reading(folder)
    wrong = {student: got.get(student) for student, points in expected(given).items() if got.get(student) != points}
    print(f"{sum(map(bool, got.values()))} of {size} marked by {workers} workers in {cost.wall:.0f} s: ", end="")
    print(f"{size / cost.wall:.2f} a second, {cost.cpu / size:.2f} CPU s each.")
    print("\n| second | MB of the grader's own process | MB with workers and sandboxes |\n|---|---|---|")
    for each in cost.memory[:: max(1, len(cost.memory) // 10)]:
        print(f"| {each.seconds:.0f} | {each.first:.0f} | {each.all:.0f} |")
    half = len(cost.memory) // 2
    early, late = (max(each.all for each in part) for part in (cost.memory[: half + 1], cost.memory[half:]))
    print(
        f"\nAt most {cost.peak / workers:.0f} MB a worker: {early:.0f} MB in all in the first half of the run, {late:.0f} MB in the second."
    )
    for student, points in list(wrong.items())[:10]:
        print(f"{student}: got {points}, expected {expected(given)[student]}")
    print(read)
    print(f"{size - len(wrong)} of {size} rows agree with the table.")
    return not wrong


def reading(folder: Path) -> str:
    """Say what reading the gradebook and writing the class page cost."""
    path, start = Path(f"{folder}-marks") / "gradebook.sqlite", time.process_time()
    with Gradebook(path) as book:
        marks = [mark for _, mark in book.class_list(CHAPTER)]
    read, start = time.process_time() - start, time.process_time()
    page = class_page(marks, CHAPTER)
    made = f"the class page of {len(page) / 1e6:.1f} MB made in {time.process_time() - start:.1f} s"
    return f"The gradebook of {path.stat().st_size / 1e6:.1f} MB is read in {read:.1f} s, {made}."


def main() -> int:
    """Print the tables; the exit status says whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--install", type=Path, metavar="DIR", help="make the rivals' environments in a folder, and stop")
    parser.add_argument("--answers", type=int, default=20, help="submissions that all grade (default: 20)")
    parser.add_argument("--many", type=int, default=200, help="submissions for the comparison of 1, 2 and 4 workers (default: 200)")
    parser.add_argument("--turns", type=int, default=3, help="turns of each way (default: 3)")
    parser.add_argument("--class-of", type=int, metavar="N", help="grade a class of so many instead")
    parser.add_argument("--honest", action="store_true", help="for --class-of: nobody is hostile, so that a very large class ends soon")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="for --class-of (default: all cores)")
    args = parser.parse_args()
    if args.install:
        rivals.install(args.install)
        print(f"Installed. Now run: {rivals.VARIABLE}={args.install} python benchmarks/grading.py")
        return 0
    if platform.system() != "Linux":
        print(f"Not measured: processes are counted by means of Linux, and this is {platform.system()}.")
        return 0
    adopt_orphans()
    counted = "all processes" if control_group() else "awaited processes only, because no control group can be made here"
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; CPU time of {counted}", flush=True)
    met = grade_class(args.class_of, args.workers, args.honest) if args.class_of else compare(args.answers, args.many, args.turns)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
