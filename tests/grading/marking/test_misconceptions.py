"""Which known misconception a wrong answer has is found by asking it, and finding it out can harm nothing."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import CHAPTERS, ROOT, LocalBackend, run_answer

from nnlab.checks._exercise import Case, Chapter, Exercise, Misconception
from nnlab.checks._judging.calls import call, quiet, same
from nnlab.checks._judging.engine import examine
from nnlab.grading.marking.misconceptions import carried, recognise
from nnlab.grading.marking.session import Session
from nnlab.grading.results import Item
from nnlab.grading.sandbox.inside import codec
from nnlab.grading.sandbox.kernel import BadReply, CallTimeout, KernelDied, StudentError, StudentKernel
from nnlab.grading.sandbox.walls import Limits
from nnlab.workbook.course import Course

COURSE = Course(ROOT)


def lost(exercise: str, outcome: str = "wrong", earned: float = 0) -> list[Item]:
    """Return the items of an exercise that lost a point."""
    return [Item(exercise, "a", "It is right.", 1, earned, outcome), Item(exercise, "b", "It runs.", 1, 1, "passed")]


def mutants() -> list[Any]:
    """List the mutants of all chapters."""
    rows = []
    for chapter in CHAPTERS:
        for exercise, entries in COURSE.chapter(chapter).mutant_tables()["MUTANTS"].items():
            rows += [pytest.param(chapter, exercise, source, id=f"{exercise}-{key}") for key, (source, _) in entries.items()]
    return rows


@pytest.mark.parametrize(("chapter", "exercise", "source"), mutants())
def test_it_is_the_one_that_the_check_names(chapter: str, exercise: str, source: str) -> None:
    """For every mutant the grader finds the misconception that the student's own check finds, and no other; it may find one more."""
    files = COURSE.chapter(chapter)
    declared = files.declared[exercise]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = examine(declared, run_answer(files, exercise, source)[exercise])
        found = recognise(files.declared, lost(exercise), LocalBackend(files, exercise, source))
    known = {each.name for each in declared.misconceptions}
    assert report.passed or found.get(exercise, "") == (report.called if report.called in known else "")


@pytest.mark.parametrize(("chapter", "exercise"), [(name, each) for name in CHAPTERS for each in COURSE.chapter(name).declared.names])
def test_stand_ins_tell_misconceptions_apart(chapter: str, exercise: str) -> None:
    """With what can be sent to the sandbox, no two misconceptions do the same, and none does what is right."""
    declared = COURSE.chapter(chapter).declared[exercise]
    with quiet():
        cases = [case for case in map(carried, (*declared.cases, *declared.probes)) if case]
        made = [("", declared.reference), *((each.name, wrong) for each in declared.misconceptions for wrong in each.spellings)]
        results = [(name, [call(f, case) for case in cases]) for name, f in made]
    assert len(cases) == len(declared.cases) + len(declared.probes)
    alike = partial(same, judge=declared.judge)
    assert not [(n, m) for i, (n, one) in enumerate(results) for m, other in results[:i] if n != m and all(map(alike, one, other))]


def double(x: Any) -> Any:
    """Return 2x; the reference of the exercise below."""
    return 2 * x


CHAPTER = Chapter(
    "00_x",
    "00 X",
    (
        Exercise(
            double,
            2,
            (Case("one", (1.0,)), Case("an array", (np.array([3.0, 4.0]),))),
            ("", "", ""),
            misconceptions=(
                Misconception("nothing is multiplied", lambda x: x, "What is twice one?"),
                Misconception("it raises", lambda x: [][x], "Why?"),
                Misconception("a set", lambda x: {1}, "Why a set?"),
            ),
        ),
    ),
)


class Stub:
    """A student's process of one function."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        self.answer, self.arguments_after, self.asked = answer, [], 0  # type: ignore[var-annotated]

    def call_many(self, name: str, many: Sequence[Sequence[Any]], timeout: float | None = None, cpu: float | None = None) -> list[Any]:
        """Answer, and count the questions."""
        self.asked += len(many)
        return [self._call(*args) for args in many]

    def _call(self, *args: Any) -> Any:
        try:
            return codec.loads(*codec.dumps(self.answer(*args)))
        except Exception as error:
            return error


def raising(error: Exception) -> Callable[..., Any]:
    """Return a function that raises."""

    def answer(x: Any) -> Any:
        raise error

    return answer


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (lambda x: x, "nothing is multiplied"),
        (raising(StudentError("TypeError", message="list indices must be integers or slices, not float")), "it raises"),
        (raising(StudentError("TypeError", message="another")), None),
        (raising(StudentError("ValueError")), None),
        (lambda x: {2}, "a set"),
        (lambda x: 3 * x, None),
        (lambda x: 2 * x, None),
        (raising(BadReply("no data")), None),
        (raising(KernelDied("gone")), None),
        (raising(CallTimeout("slow")), None),
        (raising(RuntimeError("the kernel did not start")), None),
    ],
)
def test_what_answers_may_do(answer: Callable[..., Any], name: str | None) -> None:
    """The same values, or the same kind of error, are the misconception; whatever else happens is none, and no error of ours."""
    assert recognise(CHAPTER, lost("double"), Stub(answer)).get("double") == name


@pytest.mark.parametrize("outcome", ["timeout", "died", "not attempted"])
def test_who_is_not_asked(outcome: str) -> None:
    """An answer that has all its points, is not written, or may end the process or the time is not called."""
    backend = Stub(lambda x: x)
    assert recognise(CHAPTER, lost("double", outcome), backend) == {}
    assert recognise(CHAPTER, lost("double", "passed", 1), backend) == {}
    assert recognise(CHAPTER, [], backend) == {}
    assert backend.asked == 0


def test_the_time_is_small() -> None:
    """When it is over, nothing more is asked."""
    backend = Stub(lambda x: time.sleep(0.05) or x)
    assert recognise(CHAPTER, lost("double"), backend, budget=0.01) == {}
    assert backend.asked == 1


def test_what_cannot_be_sent() -> None:
    """Our functions go as NumPy's, NumPy's and generators as they are; an object cannot go."""
    drawn = np.random.default_rng(1), np.random.RandomState(2)
    sent = carried(Case("all", (double, [double, np.tanh], *drawn, None, 1.5)))
    assert sent is not None
    assert sent.args == (np.arctan, [np.arctan, np.tanh], *drawn, None, 1.5)
    assert carried(Case("an object", (object(),))) is None


def test_in_a_kernel(kit: Path) -> None:
    """A real process is asked as data only, and an answer that ends it on a visible case costs nothing else."""
    files = COURSE.chapter("03_forward_propagation")
    answers = "import numpy as np, os\ndef softmax(z): return np.exp(z - z.max(axis=0))\ndef init_params(sizes, rng): os._exit(0)"
    items = [*lost("softmax"), *lost("init_params", "raised"), *lost("neuron", "raised")]
    with Session(partial(StudentKernel, kit, "none", Limits(cell=3, call=1))) as session:
        session.execute(answers, replay=9)
        assert recognise(files.declared, items, session) == {"softmax": "exp without dividing by the sum"}
