"""nbgrader and otter-grader, each in an environment of its own, with the sample class of a chapter as their assignment.

`python benchmarks/grading.py --install DIR` makes the environments. The variable NNLAB_RIVALS says where they are.
"""

from __future__ import annotations

import json
import os
import subprocess
import venv
from pathlib import Path

from nbformat import NotebookNode
from sample_class import ROOT, SampleClass

from nnlab.grading.exports.formats import Request, export
from nnlab.grading.exports.nbgrader import inlined
from nnlab.workbook.build import dump, load
from nnlab.workbook.course import Course
from nnlab.workbook.graded import hidden_tests

VARIABLE = "NNLAB_RIVALS"
REQUIREMENTS = {"nbgrader": "nbgrader==0.9.6", "otter": "otter-grader[grading]==7.0.0"}
INSTALL = "python benchmarks/grading.py --install DIR"
SCORES = """
import json, sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    graded = book.assignment_submissions(sys.argv[1])
    print(json.dumps({each.student.id: {g.name: g.auto_score for n in each.notebooks for g in n.grades} for each in graded}))
"""
OTTER_TESTS = """OK_FORMAT = False
from otter.test_files import test_case
from nnlab.grading.exports import in_notebook

name = {exercise!r}
"""
OTTER_CASE = """
{function}

case_{name} = test_case(name={name!r}, points={points}, hidden=True)(lambda: in_notebook.run({name}, name))
"""


def install(to: Path) -> None:
    """Make both environments in a folder."""
    for name, requirement in REQUIREMENTS.items():
        venv.create(to / name, with_pip=True)
        subprocess.run([to / name / "bin" / "python", "-m", "pip", "install", "--quiet", requirement, ROOT], check=True)


def why_not(name: str) -> str:
    """Return why a rival cannot be run here, or "" where it can."""
    given = os.environ.get(VARIABLE, "")
    if not given:
        return f"{VARIABLE} is not set. Run `{INSTALL}` once, then set {VARIABLE}=DIR."
    missing = not (programs(name) / name).exists()
    return f"{VARIABLE}={given} has no {name} in it. Run `{INSTALL}` with that folder." if missing else ""


def programs(name: str) -> Path:
    """Return the folder of a rival's programs."""
    return Path(os.environ[VARIABLE]).resolve() / name / "bin"


class Assignment:
    """The sample class of a chapter, made ready for a rival in a folder.

    Parameters
    ----------
    folder : Path
    given : SampleClass
    """

    name = ""

    def __init__(self, folder: Path, given: SampleClass) -> None:
        self.folder, self.given, self.chapter = folder, given, Course(ROOT).chapter(given.chapter)
        folder.mkdir(parents=True)
        self.prepare()

    def prepare(self) -> None:
        """Write the assignment."""

    @property
    def blank(self) -> NotebookNode:
        """The notebook that students get."""
        return load(self.chapter.student)

    @property
    def environment(self) -> dict[str, str]:
        """The variables its programs run with: its own environment first, this course's nnlab, and a home of its own."""
        path = f"{programs(self.name)}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(self.folder)}

    def command(self, program: str, *args: str) -> list[str]:
        """Return the command that runs one of its programs."""
        return [str(programs(self.name) / program), *args]

    def run(self, program: str, *args: str) -> str:
        """Run one of its programs in the folder, and return what it prints."""
        command = self.command(program, *args)
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
        return done.stdout


class Nbgrader(Assignment):
    """An nbgrader course with our export of the chapter, released by nbgrader itself."""

    name = "nbgrader"

    def prepare(self) -> None:
        """Export the course and let nbgrader make the students' notebook."""
        export("nbgrader", Request(self.folder, Course(ROOT)))
        self.run("nbgrader", "generate_assignment", self.chapter.name)

    @property
    def blank(self) -> NotebookNode:
        """The notebook that students get: what nbgrader released."""
        return load(self.folder / "release" / self.chapter.name / f"{self.chapter.name}.ipynb")

    def submit(self, student: str, notebook: NotebookNode) -> None:
        """Hand in a notebook."""
        place = self.folder / "submitted" / student / self.chapter.name / f"{self.chapter.name}.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(dump(notebook), encoding="utf-8")

    def grading(self, *students: str) -> list[str]:
        """Return the command that grades some students, or all."""
        only = [f"--CourseDirectory.student_id={student}" for student in students]
        return ["nbgrader", "autograde", self.chapter.name, "--force", *only]

    def scores(self) -> dict[str, dict[str, float]]:
        """Return the points of each student, by exercise."""
        tests = {name: exercise for name, exercise, _, _ in hidden_tests(self.chapter.hidden_tests)}
        found: dict[str, dict[str, float]] = {}
        for student, grades in json.loads(self.run("python", "-c", SCORES, self.chapter.name)).items():
            points = found[student] = dict.fromkeys(self.given.full, 0.0)
            for name, score in grades.items():
                points[tests.get(name, "notebook")] += score or 0.0  # None: an answer in words, to be marked by a person
        return found


class Otter(Assignment):
    """An otter assignment with the same hidden tests. What checkpoint cells print is not compared: otter has no place for it."""

    name = "otter"

    def prepare(self) -> None:
        """Write a file of tests for each exercise and let otter pack them."""
        functions, rows = inlined(self.chapter.hidden_tests), list(hidden_tests(self.chapter.hidden_tests))
        (self.folder / "tests").mkdir()
        for exercise in self.chapter.declared.names:
            cases = [
                OTTER_CASE.format(function=functions[name], name=name, points=points) for name, of, points, _ in rows if of == exercise
            ]
            text = OTTER_TESTS.format(exercise=exercise) + "".join(cases)
            (self.folder / "tests" / f"{exercise}.py").write_text(text, encoding="utf-8")
        self.run("otter", "generate", "-t", "tests", "-o", "autograder.zip")

    def submit(self, student: str, notebook: NotebookNode) -> None:
        """Hand in a notebook."""
        (self.folder / f"{student}.ipynb").write_text(dump(notebook), encoding="utf-8")

    def grading(self, student: str) -> list[str]:
        """Return the command that grades a student."""
        (self.folder / "results" / student).mkdir(parents=True, exist_ok=True)
        return ["otter", "run", f"{student}.ipynb", "-a", "autograder.zip", "-o", f"results/{student}", "--no-logo"]

    def score(self, student: str) -> float:
        """Return the points of a student who was graded."""
        results = json.loads((self.folder / "results" / student / "results.json").read_text())
        return sum(test.get("score", 0) for test in results["tests"])
