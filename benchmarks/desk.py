"""The desk of a large class: how long its first page takes, and a change until it is saved. Goals: under 1 s, and under 100 ms.

The marks are made from data; nothing is graded. Each exercise has shown a text, every second one a figure, too.
Times are those of a browser's requests to `nnlab desk` on this machine, in milliseconds.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import SplitResult, urlencode, urlsplit

from nnlab.checks import chapters
from nnlab.grading.gradebook import Gradebook, Place
from nnlab.grading.intake.roster import Person
from nnlab.grading.results import NOTEBOOK, Item, Mark

ROOT = Path(__file__).parents[1]
CHAPTER = "03_forward_propagation"
TESTS = 4  # hidden tests of an exercise
LINES = 20  # of an answer
SAID = "\n".join(f"loss after step {step}: {1 / (1 + step):.6f}" for step in range(40))
FIGURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 160).decode()  # 41 KB, as a figure of a chapter has
FIRST_PAGE, CHANGE = 1000.0, 100.0  # milliseconds


def mark(number: int) -> Mark:
    """Return the mark of a student who lost some points."""
    names = (*chapters()[CHAPTER].names, NOTEBOOK)
    places = [(name, test) for name in names for test in range(TESTS)]
    items = tuple(_item(name, test, passed=(number + 3 * test + len(name)) % 5 > 0) for name, test in places)
    code = "\n".join(f"    z = W @ a + b  # line {line} of student {number}" for line in range(LINES))
    answers = {name: f"def {name}():\n{code}\n" for name in names[:-1]}
    shown = {name: (("text", SAID), ("image", FIGURE))[: 1 + place % 2] for place, name in enumerate(names)}
    return Mark(f"Student {number:04}", CHAPTER, "a.ipynb", items, answers=answers, shown=shown)


def _item(exercise: str, test: int, passed: bool) -> Item:
    points = {"neuron": 0.5}.get(exercise, 0.75)
    outcome, reason = ("passed", "") if passed else ("wrong", "The result is wrong.")
    return Item(exercise, f"test_{test}", f"Test {test} of {exercise} says what it asks for.", points, points * passed, outcome, reason)


def fill(to: Path, students: int) -> None:
    """Save the marks of a class."""
    with Gradebook(to / "gradebook.sqlite") as book:
        marks = [mark(number) for number in range(students)]
        book.enrol(CHAPTER, [Place(Person(each.student)) for each in marks])
        for each in marks:
            book.save(each)


def ask(at: SplitResult, path: str, change: dict[str, object] | None = None) -> tuple[float, bytes]:
    """Send a request as the desk's pages do; return the milliseconds until the answer is here, and the answer."""
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=60)
    body = json.dumps(change) if change else None
    start = time.perf_counter()
    connection.request("POST" if change else "GET", at.path + path, body, {"Origin": f"http://{at.netloc}"})
    reply = connection.getresponse()
    answer = reply.read()
    took = 1000 * (time.perf_counter() - start)
    if reply.status != 200:
        raise RuntimeError(f"{path} was refused: {answer.decode()}")
    connection.close()
    return took, answer


def row(name: str, times: list[float], goal: float, size: int) -> bool:
    """Print one line of the table; return whether the goal is met."""
    middle = statistics.median(times)
    print(f"| {name} | {middle:.0f} | {max(times):.0f} | {goal:.0f} | {size / 1000:.0f} |")
    return middle < goal


def main() -> int:
    """Print the table; the exit status says whether both goals are met."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--students", type=int, default=200)
    options.add_argument("--turns", type=int, default=20)
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), args.students)
        size = (Path(folder) / "gradebook.sqlite").stat().st_size
        command = [sys.executable, "-m", "nnlab.cli", "desk", folder, "--course", str(ROOT), "--no-browser"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            at = urlsplit(process.stdout.readline().split()[1])
            first, page = ask(at, "")
            pages = [first, *(ask(at, "")[0] for _ in range(args.turns - 1))]
            query = urlencode({"student": "Student 0000", "exercise": "softmax"})
            answers = [ask(at, f"answer?{query}") for _ in range(args.turns)]
            change = {"kind": "mark", "exercise": "softmax", "value": "1.5", "why": "The idea is right.", "comment": "See *slide 12*."}
            changes = [ask(at, "change", {**change, "student": f"Student {i % args.students:04}"})[0] for i in range(args.turns)]
            process.kill()
    exercises = len(chapters()[CHAPTER].names) + 1
    print(
        f"{args.students} students x {exercises} exercises, {TESTS} tests each; a gradebook of {size / 1e6:.0f} MB with what cells showed\n"
    )
    print("| the desk | median ms | largest ms | goal | KB |\n|---|---:|---:|---:|---:|")
    met = [row("the class", pages, FIRST_PAGE, len(page)), row("an answer", [took for took, _ in answers], CHANGE, len(answers[0][1]))]
    met += [row("a change, saved", changes, CHANGE, 0)]
    print(f"\nA change takes {statistics.median(changes) / statistics.median(pages):.2f} times what the page of the class takes.")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
