"""The wrong answers and the right ones of a chapter's author, tried: each wrong one is refused, each right one earns all points."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from nnlab.grading.marking.hidden import Examination, HiddenTest, References, load_tests
from nnlab.grading.sandbox.inside.last import CHANGED, Last
from nnlab.grading.sandbox.kernel import StudentError
from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.lecture.mistakes import defined, ending, given, judged


def problems(chapter: ChapterFiles) -> Iterator[str]:
    """Yield which of a chapter's `MUTANTS` pass or earn another message than they should, and which of its `VARIANTS` lose points.

    The answers run in this process: they are the author's own.
    """
    tables = chapter.mutant_tables()
    for exercise in chapter.declared.names:
        for name, (source, message) in tables["MUTANTS"].get(exercise, {}).items():
            yield from (
                f"{chapter.name}: wrong answer {name!r} of {exercise!r} {problem}"
                for problem in _mutant(chapter, exercise, source, message)
            )
        for name, source in tables["VARIANTS"].get(exercise, {}).items():
            yield from (
                f"{chapter.name}: right answer {name!r} of {exercise!r} {problem}" for problem in _variant(chapter, exercise, source)
            )


def _mutant(chapter: ChapterFiles, exercise: str, source: str, message: str | None) -> Iterator[str]:
    report = judged(chapter, exercise, source)
    if message is None and not report.passed:
        yield f"is refused by its check with “{report.message}”. Write that in place of None."
    elif message is not None and report.passed:
        yield f"passes its check, and should be refused with “{message}”."
    elif message is not None and message not in report.message:
        yield f"earns “{report.message}”, and not “{message}”."
    if not lost(chapter, exercise, source):
        yield "loses no point in the hidden tests. Add a test that it fails."


def _variant(chapter: ChapterFiles, exercise: str, source: str) -> Iterator[str]:
    report = judged(chapter, exercise, source)
    if not report.passed:
        yield f"is refused by its check: “{report.message}”."
    yield from (f"fails the hidden test {test}." for test in lost(chapter, exercise, source))


def lost(chapter: ChapterFiles, exercise: str, source: str) -> list[str]:
    """Return the names of the hidden tests of an exercise that an answer of ours fails."""
    examination = Examination(_Here(chapter, exercise, source), chapter.declared, ("proof",))
    tests = [test for test in load_tests(chapter.hidden_tests) if test.exercise == exercise]
    return [test.name for test in tests if ending(partial(_fails, examination, test), chapter, exercise, source)]


def _fails(examination: Examination, test: HiddenTest) -> bool:
    return examination.outcome(test).error is not None


class _Here(References):
    """One answer in this process, and references in the place of the others."""

    def __init__(self, chapter: ChapterFiles, exercise: str, source: str) -> None:
        super().__init__(chapter.declared)
        self.last = Last()
        names = given(chapter) | self.functions
        self.functions = {**self.functions, exercise: defined(chapter, exercise, source, names)}

    def call(self, name: str, args: Sequence[Any]) -> Any:
        """Call a function as the sandbox would; return its value, or its error."""
        try:
            value = super().call(name, args)
            return StudentError(CHANGED) if self.last.changed_by(name, value) else copy.deepcopy(value)
        except Exception as error:
            return StudentError(type(error).__name__, message=str(error))
