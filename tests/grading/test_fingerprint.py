"""A mark stands exactly as long as what it was made from."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support import ROOT

from nnlab.grading.intake.collect import Submission
from nnlab.grading.results import Item, Mark
from nnlab.grading.running import fingerprint as prints
from nnlab.grading.running.fingerprint import REST, course_parts, fingerprint, to_mark
from nnlab.workbook.course import ChapterFiles, Course

CHAPTER = "03_forward_propagation"
EXERCISES = Course(ROOT).chapter(CHAPTER).declared.names
MINE = Submission("li", "li.ipynb", digest=b"1")
MARK = Mark("li", CHAPTER, "li.ipynb", (Item("softmax", "values", "Right.", 1, 1, "passed"),))


@pytest.fixture
def chapter(tmp_path: Path) -> ChapterFiles:
    """Return a copy of what is read of chapter 03."""
    files = ChapterFiles(tmp_path, CHAPTER)
    for ours, theirs in ((files.solution, "solution"), (files.hidden_tests, "hidden_tests")):
        ours.parent.mkdir(parents=True)
        shutil.copyfile(getattr(Course(ROOT).chapter(CHAPTER), theirs), ours)
    return files


def now(chapter: ChapterFiles, submission: Submission = MINE, *settings: str) -> str:
    """Return the fingerprint as things are."""
    return fingerprint(submission, course_parts(chapter), *settings)


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_what_is_told_apart(chapter: ChapterFiles) -> None:
    """Another student, submission or setting is another fingerprint, and the same is the same."""
    prints = [
        now(chapter),
        now(chapter, replace(MINE, digest=b"2")),
        now(chapter, replace(MINE, student="mei")),
        now(chapter, MINE, "seed"),
        now(chapter, MINE, "", "seed"),
    ]
    assert len(set(prints)) == len(prints)
    assert now(chapter) == prints[0]


def test_every_exercise_has_its_part() -> None:
    """The hidden tests fall apart by exercise; what they share is the rest."""
    parts = prints.tests_by_exercise(Course(ROOT).chapter(CHAPTER).hidden_tests.read_text("utf-8"))
    assert parts.keys() == {*EXERCISES, REST}
    assert "def layer" in "".join(parts[REST])


def test_nothing_changed(chapter: ChapterFiles) -> None:
    """The mark stands, also where only comments and blank lines of the tests changed."""
    before = now(chapter)
    edit(chapter.hidden_tests, "import numpy as np\n", "import numpy as np\n\n# a comment\n")
    assert to_mark(before, now(chapter), MARK, EXERCISES) == frozenset()


def test_one_exercise_changed(chapter: ChapterFiles) -> None:
    """Only it is marked again, and the checkpoints, which are worth nothing where no test of their exercises passes."""
    before = now(chapter)
    edit(chapter.hidden_tests, "for inputs in (1, 2, 7, 7):", "for inputs in (1, 2, 8, 8):")
    assert to_mark(before, now(chapter), MARK, EXERCISES) == {"neuron", "notebook"}


@pytest.mark.parametrize("outcome", ["died", "timeout"])
def test_not_sound(chapter: ChapterFiles, outcome: str) -> None:
    """Where a test ended the process or ran out of time, all is marked again."""
    before = now(chapter)
    edit(chapter.hidden_tests, "for inputs in (1, 2, 7, 7):", "for inputs in (1, 2, 8, 8):")
    disturbed = replace(MARK, items=(*MARK.items, Item("forward", "values", "Right.", 1, 0, outcome)))
    assert to_mark(before, now(chapter), disturbed, EXERCISES) == {*EXERCISES, "notebook"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def layer(rng, neurons, inputs, samples):", "def layer(rng, neurons, inputs, samples=1):"),
        ('@pytest.mark.points("neuron", 1)', '@pytest.mark.points("other", 1)'),
    ],
)
def test_what_all_depend_on(chapter: ChapterFiles, old: str, new: str) -> None:
    """A helper of the tests, or another set of exercises, is everyone's."""
    before = now(chapter)
    edit(chapter.hidden_tests, old, new)
    assert to_mark(before, now(chapter), MARK, EXERCISES) == {*EXERCISES, "notebook"}


@pytest.mark.parametrize("before", [None, "", "0" * 64, "[]", '{"": "x"}'])
def test_no_or_another_fingerprint(chapter: ChapterFiles, before: str | None) -> None:
    """What cannot be read is marked again."""
    assert to_mark(before, now(chapter), MARK, EXERCISES) == {*EXERCISES, "notebook"}


def test_no_mark(chapter: ChapterFiles) -> None:
    """A submission that could not be graded is tried again once anything changed."""
    before = now(chapter)
    edit(chapter.hidden_tests, "for inputs in (1, 2, 7, 7):", "for inputs in (1, 2, 8, 8):")
    assert to_mark(before, now(chapter), Mark("li", CHAPTER, "li.ipynb", error="broken"), EXERCISES) == {*EXERCISES, "notebook"}
