"""The gate: wrong answers die with their own message, right ones pass however they are written, the stub earns nothing."""

from __future__ import annotations

import warnings
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from called import LIST, NONE, called, examined
from nbformat import NotebookNode
from support import CHAPTERS, ROOT, LocalBackend, run_answer

from nnlab.checks import _report
from nnlab.checks._judging.engine import examine
from nnlab.grading.marking.examine import Reasons
from nnlab.grading.marking.hidden import Examination, load_tests
from nnlab.grading.marking.rebuild import Rebuilt
from nnlab.grading.results import Item
from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.source import role

COURSE = Course(ROOT)


def table(name: str) -> list[Any]:
    """List (chapter, exercise, entry) of MUTANTS or VARIANTS, each under a readable id."""
    rows = []
    for chapter in CHAPTERS:
        for exercise, entries in COURSE.chapter(chapter).mutant_tables()[name].items():
            rows += [pytest.param(chapter, exercise, entry, id=f"{chapter}-{exercise}-{key}") for key, entry in entries.items()]
    return rows


@cache
def hidden(chapter: str, exercise: str, source: str) -> list[Item]:
    """Run the hidden tests of one exercise on an answer, in this process."""
    files = COURSE.chapter(chapter)
    examination = Examination(LocalBackend(files, exercise, source), files.declared, ("mutants",))
    told = Reasons(Rebuilt(NotebookNode(cells=[]), {exercise: source}, ()), {}, {})
    return [told.item(test, examination.outcome(test)) for test in load_tests(files.hidden_tests) if test.exercise == exercise]


@pytest.mark.parametrize(("chapter", "exercise", "mutant"), table("MUTANTS"))
def test_mutants_are_killed(chapter: str, exercise: str, mutant: tuple[str, str | None]) -> None:
    """A wrong answer fails its visible check with its own message, or where only hidden tests can know, those."""
    source, message = mutant
    report = examined(chapter, exercise, source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lost = [item for item in hidden(chapter, exercise, source) if item.outcome != "passed"]  # a challenge has no points to lose
    assert lost, "the hidden tests let it pass"
    assert all(item.reason for item in lost)
    if message is None:
        assert report.passed, report
    else:
        assert not report.passed
        assert message in report.message


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_mutants_messages_differ(chapter: str) -> None:
    """No two mutants of an exercise that have a message of their own expect the same one."""
    for exercise, mutants in COURSE.chapter(chapter).mutant_tables()["MUTANTS"].items():
        named = [message for _, message in mutants.values() if message and not message.startswith(("changed", "should", "wrong", "raised"))]
        assert len(named) == len(set(named)), exercise


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_wrong_answers_are_called(chapter: str) -> None:
    """Most wrong answers that a check refuses have a name, and the list of the names is that of `tests/mutants/called.txt`."""
    rows = called(COURSE.chapter(chapter))
    part = LIST.read_text("utf-8").partition(f"# {chapter}: ")[2].partition("\n# ")[0].splitlines()[1:]
    assert [line for line in part if line] == [": ".join(row) for row in rows], "run python tests/called.py, and read what has changed"
    for names in [rows] if not "05" <= chapter < "08" else [list(each) for _, each in groupby(rows, key=itemgetter(0))]:
        named = sum(name != NONE for _, _, name in names) / len(names)
        assert named >= (0.85 if chapter < "08" else 0.55), names[0][0]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_hidden_test_is_needed(chapter: str) -> None:
    """Without a hidden test some wrong answer would earn all points, or `STANDS` says why the test stands all the same."""
    tables = COURSE.chapter(chapter).mutant_tables()
    alone, needless = set(), []
    for exercise, mutants in tables["MUTANTS"].items():
        lost = [{item.name for item in hidden(chapter, exercise, source) if item.outcome != "passed"} for source, _ in mutants.values()]
        alone |= {name for names in lost if len(names) == 1 for name in names}
    for test in load_tests(COURSE.chapter(chapter).hidden_tests):
        name = test.name.removeprefix("test_")
        if (name in alone) == (name in tables.get("STANDS", {})):
            needless.append(name)
    assert needless == [], "no mutant loses this test alone: write one, or say in STANDS why it stands (and take out of it what is needed)"


@pytest.mark.parametrize(("chapter", "exercise", "source"), table("VARIANTS"))
def test_variants_pass(chapter: str, exercise: str, source: str) -> None:
    """A right answer written otherwise passes the visible check and earns every point; warnings cost nothing."""
    files = COURSE.chapter(chapter)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = run_answer(files, exercise, source)
        assert _report(exercise, names[exercise]).passed
        items = hidden(chapter, exercise, source)
    assert {item.outcome for item in items} == {"passed"}
    assert sum(item.earned for item in items) == files.declared[exercise].points


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_stubs_are_not_attempted(chapter: str) -> None:
    """The untouched stub of every exercise is "not attempted" and earns nothing."""
    files = COURSE.chapter(chapter)
    stubs = {role(cell)[1]: cell.source for cell in load(files.student).cells if role(cell)[0] == "exercise"}
    assert tuple(stubs) == files.declared.names
    for exercise, source in stubs.items():
        assert examine(files.declared[exercise], run_answer(files, exercise, source)[exercise]).outcome == "not attempted"
        assert {item.outcome for item in hidden(chapter, exercise, source)} == {"not attempted"}


def test_hidden_tests_need_no_course_on_the_path(tmp_path: Path) -> None:
    """The same student and test always get the same inputs, another student gets others."""
    from nnlab.grading.marking.testing import seeded

    assert seeded("mei", "test_a").random() == seeded("mei", "test_a").random()
    assert seeded("mei", "test_a").random() != seeded("li", "test_a").random()
