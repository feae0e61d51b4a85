"""What hidden tests are written with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlab.checks._exercise import Chapter, Exercise
from nnlab.grading.marking.examine import Reasons
from nnlab.grading.marking.hidden import Examination, HiddenTest, HiddenTestError, load_tests
from nnlab.grading.marking.rebuild import Rebuilt
from nnlab.grading.marking.testing import Student, Unsendable, Wrong, agree, noting, reached
from nnlab.grading.sandbox.inside.codec import Own
from nnlab.grading.sandbox.kernel import CallTimeout, StudentError


def double(x: Any) -> Any:
    """Answer as we do."""
    return 2 * x


CHAPTER = Chapter("99_doubles", "Doubles", (Exercise(double, 1, (), ("", "", ""), cpu=2, call=9),))


class Answers:
    """A student's process that answers by one function, and notes what it is asked."""

    def __init__(self, answer: Callable[..., Any] = double) -> None:
        self.answer, self.asked, self.limits = answer, [], []  # type: ignore[var-annotated]
        self.arguments_after: list[Any] = []

    def call_many(self, name: str, many: Sequence[Sequence[Any]], timeout: float | None = None, cpu: float | None = None) -> list[Any]:
        """Answer, or return the error."""
        self.asked.append((name, many))
        self.limits.append((timeout, cpu))
        self.arguments_after = [list(args) for args in many]
        return [self._one(args) for args in self.arguments_after]

    def _one(self, args: Sequence[Any]) -> Any:
        try:
            return self.answer(*args)
        except Exception as error:
            return error


def test_each_asks_in_one_exchange() -> None:
    """Many calls cost one exchange; the first that failed is raised."""
    backend = Answers()
    assert Student(backend).each("double", [(1,), (2,), (3,)]) == [2, 4, 6]
    assert len(backend.asked) == 1
    backend.answer = lambda x: 1 / x
    with pytest.raises(ZeroDivisionError):
        Student(backend).each("double", [(1,), (0,)])


def test_once_is_asked_once() -> None:
    """The rungs of a ladder share an answer, each its own copy, and an error as well; other arguments are asked anew."""
    backend, answers = Answers(lambda x: np.ones(2) * x), {}  # type: ignore[var-annotated]
    first = Student(backend, answers=answers).once("double", 3)
    first += 1
    assert Student(backend, answers=answers).once("double", 3).tolist() == [3, 3]
    assert Student(backend, answers=answers).once("double", 4).tolist() == [4, 4]
    assert len(backend.asked) == 2
    backend.answer = lambda x: 1 / 0
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            Student(backend, answers=answers).once("double", 5)
    assert len(backend.asked) == 3


def test_each_once_asks_only_what_is_new() -> None:
    """Rungs of a ladder that is climbed in many exchanges: calls asked before are not asked again, and one exchange has all new ones."""
    backend, answers = Answers(lambda x: np.ones(2) * x), {}  # type: ignore[var-annotated]
    first = Student(backend, answers=answers).each("double", [(1,), (2,), (1,)], once=True)
    first[0] += 5
    assert [len(many) for _, many in backend.asked] == [2]
    again = Student(backend, answers=answers).each("double", [(2,), (3,), (1,)], once=True)
    assert [each.tolist() for each in again] == [[2, 2], [3, 3], [1, 1]]
    Student(backend, answers=answers).each("double", [(2,), (3,)], once=True)
    assert len(backend.asked) == 2


def test_limits_of_an_exercise() -> None:
    """A call of an exercise that trains gets its own limits, and any other function the grader's."""
    backend = Answers()
    student = Student(backend, CHAPTER)
    student.double(1)
    student.other(1)
    assert backend.limits == [(9, 2), (None, None)]


def test_functions_of_the_student_cross_by_name() -> None:
    """So do functions of NumPy; one of ours is refused with the way out."""
    backend = Answers(lambda *args: 0)
    student = Student(backend)
    student.double(np.tanh, student.sigmoid, [student.relu])
    assert backend.asked[0][1] == [[np.tanh, Own("sigmoid"), [Own("relu")]]]
    with pytest.raises(Unsendable, match=r"<lambda> cannot be sent .* Send a table of a function's values"):
        student.double(lambda x: x)


def test_everything_is_asked_before_anything_is_told() -> None:
    """After a difference a test goes on; the first is raised at its end, before what went wrong after it."""
    backend = Answers()
    student = Student(backend)
    with pytest.raises(Wrong, match=r"The result is wrong\."), noting():  # noqa: PT012
        agree(student.double(1), 3)
        agree(student.double(2), "text")
        raise ZeroDivisionError
    assert len(backend.asked) == 2
    with pytest.raises(Wrong, match=r"The result is wrong\."):
        agree(1, 2)


def test_a_changed_input_is_told_last() -> None:
    """A wrong value is told before it."""

    def changes(x: Any) -> Any:
        x += 1
        return x

    for expected, reason in (([2.0], "It changed its input."), ([9.0], "The result is wrong.")):
        with pytest.raises(Wrong, match=reason), noting():
            agree(Student(Answers(changes)).double(np.array([1.0])), np.array(expected))


@dataclass
class Fit:
    """A result with names."""

    slope: float
    points: Any


@pytest.mark.parametrize(
    ("got", "expected", "kind"),
    [
        ({"a": 1.0, "b": [2]}, {"a": 1.0, "b": [2]}, ""),
        ({"a": 1.0}, {"a": 1.0, "b": [2]}, "shape"),
        ({"a": 1.0, "b": [3]}, {"a": 1.0, "b": [2]}, "wrong"),
        ([("a", 1.0)], {"a": 1.0}, "type"),
        ({"slope": 1.0, "points": np.ones(2)}, Fit(1.0, np.ones(2)), ""),
        (Fit(1.0, np.ones(2)), Fit(1.0, np.ones(2)), ""),
        ({"slope": 2.0, "points": np.ones(2)}, Fit(1.0, np.ones(2)), "wrong"),
        ({"slope": 1.0}, Fit(1.0, np.ones(2)), "shape"),
    ],
)
def test_dictionaries_and_dataclasses(got: Any, expected: Any, kind: str) -> None:
    """They are compared entry by entry."""
    if not kind:
        agree(got, expected)
        return
    with pytest.raises(Wrong, match=kind):
        agree(got, expected)


def outcome(test: Callable[..., None], answer: Callable[..., Any] = double) -> Any:
    """Run a hidden test of `double`."""
    hidden = HiddenTest(test.__name__, "double", 1, "A sentence.", test, tuple(test.__code__.co_varnames[: test.__code__.co_argcount]))
    examination = Examination(Answers(answer), CHAPTER, ("li",))
    return Reasons(Rebuilt(None, {}, ()), {}, {}).item(hidden, examination.outcome(hidden))  # type: ignore[arg-type]


def test_what_was_reached_is_told() -> None:
    """The figure stands on the page, whether the rung was reached or not, and not where the answer raised."""

    def rung(student: Any) -> None:
        share = student.double(0.4)
        reached(f"{share:.3f} of the hidden days right")
        agree(share > 0.7, True)

    assert (outcome(rung).outcome, outcome(rung).reason) == ("passed", "Reached: 0.800 of the hidden days right.")
    low = outcome(rung, lambda x: x)
    assert (low.outcome, low.earned, low.reason) == ("wrong", 0, "Reached: 0.400 of the hidden days right.")
    raised = outcome(rung, lambda x: (_ for _ in ()).throw(StudentError("ValueError")))
    assert (raised.outcome, raised.reason) == ("raised", "It raised ValueError.")


def test_of_no_use_or_our_fault() -> None:
    """What a test cannot compute with is a wrong answer where ours will do, and our mistake where ours will not."""

    def computes(student: Any) -> None:
        assert student.double(1.0) + 1 == 3

    def broken(student: Any) -> None:
        agree(student.double(1.0).nothing, 1)

    def waits(student: Any) -> None:
        raise CallTimeout("double")

    assert (outcome(computes).outcome, outcome(computes, lambda x: "x").reason) == ("passed", "What it returned cannot be used.")
    assert outcome(computes, lambda x: x).reason == "The result is wrong."
    assert outcome(waits).outcome == "timeout"
    with pytest.raises(HiddenTestError, match="broken failed by itself"):
        outcome(broken)


def test_inputs_are_of_student_submission_and_test() -> None:
    """`rng` differs with each of them, `shared_rng` is the same in all tests of an exercise."""
    drawn = []

    def one(rng: Any, shared_rng: Any) -> None:
        drawn.append((rng.random(), shared_rng.random()))

    def two(rng: Any, shared_rng: Any) -> None:
        one(rng, shared_rng)

    for seeds in (("li", "a"), ("li", "b")):
        for test in (one, two):
            hidden = HiddenTest(test.__name__, "double", 1, "", test, ("rng", "shared_rng"))
            assert Examination(Answers(), CHAPTER, seeds).outcome(hidden).error is None
    assert len({own for own, _ in drawn}) == 4
    assert drawn[0][1] == drawn[1][1] != drawn[2][1] == drawn[3][1]


def test_a_file_is_loaded_once(tmp_path: Path) -> None:
    """It runs once in a process, again where it has changed, and finds its data beside it."""
    path = tmp_path / "test_99_x.py"
    (tmp_path / "log").write_text("")
    source = (
        "from pathlib import Path\nimport pytest\nwith (Path(__file__).parent / 'log').open('a') as log: log.write('x')\n"
        "@pytest.mark.points('x', 2)\ndef test_x(student):\n    '''A\n    sentence.'''\n"
    )
    path.write_text(source)
    assert [(test.name, test.points, test.sentence) for test in (*load_tests(path), *load_tests(path))] == [
        ("test_x", 2, "A sentence.")
    ] * 2
    path.write_text(source + "# changed")
    load_tests(path)
    assert (tmp_path / "log").read_text() == "xx"
