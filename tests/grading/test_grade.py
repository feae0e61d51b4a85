"""The sample class gets its expected marks, and whatever goes wrong costs nobody else anything."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sample_class import CHAPTERS, found, sample_class
from support import ROOT

from nnlab.grading import grade as grading
from nnlab.grading.grade import grade
from nnlab.grading.gradebook import Gradebook, GradebookError
from nnlab.grading.intake.collect import CollectError, collect
from nnlab.grading.pages.page import page_name
from nnlab.grading.results import Mark
from nnlab.grading.running.job import Job, Options
from nnlab.grading.sandbox.walls import Limits, SandboxMissing, why_not
from nnlab.workbook.build import dump
from nnlab.workbook.course import Course, CourseError

CHAPTER = "03_forward_propagation"
FOLDER = sample_class(CHAPTER).folder
CLASS = sample_class(CHAPTER).members
needs_sandbox = pytest.mark.skipif(bool(why_not()), reason=why_not() or "it works")


@dataclass
class Graded:
    """The sample class after grading."""

    to: Path
    marks: dict[str, Mark]
    progress: list[tuple[int, int]]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Return the sample class, graded in the sandbox."""
    to = tmp_path_factory.mktemp("graded")
    progress: list[tuple[int, int]] = []
    marks = grade(FOLDER, to, Course(ROOT), options=Options(workers=2), progress=lambda done, total: progress.append((done, total)))
    return Graded(to, {mark.student: mark for mark in marks}, progress)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_notebooks_are_those_of_the_table(chapter: str) -> None:
    """`python tests/sample_class.py` wrote them, and nobody changed them since."""
    given = sample_class(chapter)
    assert {path.stem for path in given.folder.iterdir()} == set(given.members)
    assert [name for name in given.members if (given.folder / f"{name}.ipynb").read_text("utf-8") != dump(given.notebook(name))] == []


@needs_sandbox
@pytest.mark.parametrize("chapter", [chapter for chapter in CHAPTERS if chapter != CHAPTER])
def test_sample_classes(tmp_path: Path, chapter: str) -> None:
    """The class of every chapter gets the points of its table, exercise by exercise."""
    given = sample_class(chapter)
    patient = Limits(wall=900)  # this is about points; the machine may have other things to do, and chapters 05 to 07 train
    marks = grade(given.folder, tmp_path, Course(ROOT), options=Options(workers=2, limits=patient))
    assert {mark.student: found(mark) for mark in marks} == {name: member.expected(given.full) for name, member in given.members.items()}
    assert {mark.student: mark.waiting for mark in marks} == {name: member.waits for name, member in given.members.items()}


@needs_sandbox
class TestSampleClass:
    """One run of `grade` over the fourteen."""

    def test_there_are_fourteen(self, graded: Graded) -> None:
        """All are graded, none fails."""
        assert len(graded.marks) == 14
        assert [mark.error for mark in graded.marks.values() if not mark.graded] == []

    @pytest.mark.parametrize("name", CLASS)
    def test_marks(self, graded: Graded, name: str) -> None:
        """Points by exercise are as the table says."""
        mark = graded.marks[name]
        expected = CLASS[name].expected(sample_class(CHAPTER).full)
        assert found(mark) == expected

    @pytest.mark.parametrize(
        ("name", "exercise", "outcome", "reason"),
        [
            ("wrong_axis", "softmax", "wrong", "The result is wrong."),
            ("raises", "fc_layer", "raised", "It raised ValueError in line 2: z = W.T @ a + b."),
            ("syntax_error", "run_feedback", "raised", "The cell raised SyntaxError: expected ':'"),
            ("infinite_loop", "init_params", "timeout", "It gave no answer in time."),
            ("allocates_20_gb", "softmax", "raised", "It raised MemoryError in line 2: e = np.ones((50_000, 50_000))"),
            ("sys_exit", "run_feedback", "raised", "It raised SystemExit in line 5: sys.exit(0)."),
            ("sys_exit", "forward", "died", "It ended the Python process"),
            ("prints_a_megabyte_reads_files_and_the_network", "run_feedback", "raised", "It raised ImportError"),
            ("untouched", "neuron", "not attempted", ""),
        ],
    )
    def test_reasons(self, graded: Graded, name: str, exercise: str, outcome: str, reason: str) -> None:
        """Each lost point comes with the reason."""
        lost = next(item for item in graded.marks[name].by_exercise()[exercise] if item.outcome != "passed")
        assert (lost.outcome, lost.reason[: len(reason)]) == (outcome, reason)

    @pytest.mark.parametrize(
        ("name", "repair"),
        [
            ("missing_cell", "The cell of `run_feedback` was missing, and no other cell defines it."),
            ("missing_cell", "`neuron` was found in another cell. Its own cell was missing."),
            ("duplicated_cell", "There were 2 cells for `softmax`. The last one was graded."),
        ],
    )
    def test_repairs(self, graded: Graded, name: str, repair: str) -> None:
        """What was mended is told to the student."""
        assert repair in graded.marks[name].repairs

    def test_progress(self, graded: Graded) -> None:
        """The progress bar moves by one a submission."""
        assert graded.progress == [(done, 14) for done in range(1, 15)]

    def test_results_are_written(self, graded: Graded) -> None:
        """Gradebook, table and pages hold the same marks."""
        with Gradebook(graded.to / "gradebook.sqlite") as book:
            assert {mark.student: mark.earned for mark in book.marks(CHAPTER)} == {s: m.earned for s, m in graded.marks.items()}
        with (graded.to / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
            assert {row["student"]: float(row["total"]) for row in csv.DictReader(file)} == {s: m.earned for s, m in graded.marks.items()}
        assert {path.name for path in (graded.to / "feedback").iterdir()} == {page_name(name) for name in CLASS}
        assert (graded.to / "class.html").exists()

    def test_pages_keep_hidden_tests_hidden(self, graded: Graded) -> None:
        """No line of code of the hidden tests stands in a feedback page."""
        tests = (ROOT / "tests" / "hidden" / f"test_{CHAPTER}.py").read_text("utf-8")
        lines = {line.strip() for line in tests.splitlines() if "student." in line or "agree(" in line or "rng." in line}
        assert len(lines) > 10
        for page in (graded.to / "feedback").iterdir():
            text = page.read_text("utf-8")
            assert [line for line in lines if line in text] == []

    def test_again(self, graded: Graded, monkeypatch: pytest.MonkeyPatch) -> None:
        """What has not changed is not marked again, and the results are the same bytes."""
        before = {path: path.read_bytes() for path in graded.to.rglob("*") if path.suffix in (".csv", ".html")}
        monkeypatch.setattr(grading, "mark", None)
        assert grade(FOLDER, graded.to, Course(ROOT)) == list(graded.marks.values())
        assert {path: path.read_bytes() for path in before} == before

    def test_alone_as_in_the_class(self, graded: Graded, tmp_path: Path) -> None:
        """A mark does not depend on the rest of the class, and a submission in a folder of its own is found as well."""
        (tmp_path / "in" / "wrong_axis").mkdir(parents=True)
        shutil.copy(FOLDER / "wrong_axis.ipynb", tmp_path / "in" / "wrong_axis" / "my homework.ipynb")
        (mark,) = grade(tmp_path / "in", tmp_path / "out", Course(ROOT))
        assert mark == replace(graded.marks["wrong_axis"], source="wrong_axis/my homework.ipynb")


def ungradable(tmp_path: Path) -> Path:
    """Make a class of one right, one broken and one empty notebook."""
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(FOLDER / "full_marks.ipynb", folder / "right.ipynb")
    (folder / "broken.ipynb").write_text('{"cells": [')
    (folder / "other.ipynb").write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"nnlab": {"chapter": "04_x"}}, "cells": []})
    )
    return folder


def test_one_that_cannot_be_graded_does_not_stop_the_rest(tmp_path: Path, course: Course) -> None:
    """It is listed with its reason, in the marks and on its page."""
    marks = grade(ungradable(tmp_path), tmp_path / "out", course, "03", Options(sandbox="none"))
    assert [(mark.student, mark.graded, mark.earned) for mark in marks] == [("broken", False, 0), ("other", False, 0), ("right", True, 23)]
    assert "broken.ipynb is not a Jupyter notebook" in (tmp_path / "out" / "feedback" / "broken.html").read_text("utf-8")
    assert "found other.ipynb (04_x)" in (tmp_path / "out" / "marks.csv").read_text("utf-8")


def test_our_own_mistakes_are_told_as_ours(course: Course) -> None:
    """Where the grader itself fails, the student's mark is not zero: there is none."""
    mine = collect(FOLDER, CHAPTER)[0]
    mark = grading.mark(Job(mine, course.chapter("03"), Options(sandbox="no such"), frozenset()))
    assert not mark.graded
    assert mark.error.endswith("This is the grader's fault, not the student's: please report it.")


@pytest.mark.parametrize(
    ("chapter", "error", "message"),
    [("99", CourseError, "there is no chapter '99'. The chapters are: .*03_forward_propagation"), ("", CollectError, "does not exist")],
)
def test_nothing_can_be_graded(tmp_path: Path, course: Course, chapter: str, error: type[Exception], message: str) -> None:
    """Nothing is written then."""
    with pytest.raises(error, match=message):
        grade(tmp_path / "no folder", tmp_path / "out", course, chapter, Options(sandbox="none"))
    assert not (tmp_path / "out").exists()


def test_without_a_sandbox_nothing_runs(tmp_path: Path, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox is required unless the user says otherwise."""
    monkeypatch.setattr(grading, "why_not", lambda: "bubblewrap is not installed.")
    with pytest.raises(SandboxMissing, match="bubblewrap is not installed"):
        grade(FOLDER, tmp_path / "out", course)
    assert not (tmp_path / "out").exists()


def test_results_cannot_be_written(tmp_path: Path, course: Course) -> None:
    """A place where nobody can write is named."""
    (tmp_path / "file").write_text("")
    with pytest.raises(GradebookError, match=r"the folder .*file/out cannot be made: .*out lies below a file\. Choose another place"):
        grade(FOLDER, tmp_path / "file" / "out", course, options=Options(sandbox="none"))


def test_a_course_that_is_not_built(tmp_path: Path) -> None:
    """Grading says what is missing before it runs anything."""
    for folder in ("solutions", "chapters"):
        (tmp_path / folder).mkdir()
    (tmp_path / "solutions" / f"{CHAPTER}.py").write_text("")
    with pytest.raises(CourseError, match="Run `nnlab build`"):
        grade(FOLDER, tmp_path / "out", Course(tmp_path), "03", Options(sandbox="none"))
