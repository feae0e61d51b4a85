"""The check says the first thing that is wrong, never raises and leaves no trace."""

from __future__ import annotations

import random
import warnings
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from nnlab.checks import find
from nnlab.checks._exercise import Case, Exercise, Misconception, Property
from nnlab.checks._judging.compare import difference
from nnlab.checks._judging.engine import examine


def double(z: np.ndarray) -> np.ndarray:
    """Return twice z."""
    return 2 * z


EXERCISE = Exercise(
    reference=double,
    points=1,
    cases=(Case("ones", (np.ones(3),)), Case("a matrix", (np.array([[1.0, -2.0], [0.5, 4.0]]),))),
    hints=("a", "b", "c"),
    properties=(Property("doubling the input doubles the output", lambda f: np.allclose(f(2 * np.ones(2)), 2 * f(np.ones(2)))),),
    misconceptions=(Misconception("it is squared", lambda z: z**2, "What is the difference between 2z and z²?"),),
)


def raises(error: BaseException) -> Any:
    """Return an answer that raises."""

    def answer(z: np.ndarray) -> np.ndarray:
        raise error

    return answer


def in_place(z: np.ndarray) -> np.ndarray:
    """Return the right result, and change the input."""
    z *= 2
    return z


def one_array_for_all() -> Any:
    """Return an answer that is right, and writes every result into what it returned before."""
    rooms: dict[int, np.ndarray] = {}

    def answer(z: np.ndarray) -> np.ndarray:
        room = rooms.setdefault(0, np.zeros(4))[: z.size].reshape(z.shape)
        room[:] = 2 * z
        return room

    return answer


ANSWERS = {
    "passed": [double, lambda z: z + z, np.vectorize(lambda z: 2.0 * z)],
    "not attempted": [raises(NotImplementedError())],
    "raised": [raises(ValueError("no")), raises(SystemExit(1)), raises(KeyboardInterrupt()), raises(RecursionError()), lambda: 1],
    "nothing": [lambda z: None],
    "type": [lambda z: list(2 * z), lambda z: "2", lambda z: (2 * z).astype(object), lambda z: np.ma.array(2 * z), lambda z: z.sum() * 1j],
    "shape": [lambda z: 2 * z[:1], lambda z: (2 * z)[None]],
    "finite": [lambda z: 2 * z + np.inf, lambda z: z * np.nan],
    "value": [lambda z: 2 * z + 1e-3, lambda z: z**2],
    "property": [lambda z: 2 * z if z.size > 2 else z**2],
    "changed": [in_place, one_array_for_all()],
}


@pytest.mark.parametrize(("outcome", "answer"), [(outcome, answer) for outcome, answers in ANSWERS.items() for answer in answers])
def test_outcomes(outcome: str, answer: Any) -> None:
    """Each kind of answer has its own outcome, and the check itself never raises."""
    assert examine(EXERCISE, answer).outcome == outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (lambda: (np.array([2.0]), 9), "passed"),  # other values, the same output
        (lambda: (np.array([-2.0]), 3.0), "value"),
        (lambda: ([2.0], 3.0), "type"),
        (lambda: (np.array([2.0, 1.0]), 3.0), "shape"),
        (lambda: (np.array([9.0]), "3"), "type"),  # found although the weight before it has another value
        (lambda: (np.array([2.0]), np.inf), "finite"),
        (lambda: None, "nothing"),
    ],
)
def test_judge_compares_what_an_answer_does(answer: Any, outcome: str) -> None:
    """Where many values are right, types and shapes still count, and then what the answer does; misconceptions are found by that, too."""

    def positive() -> tuple[np.ndarray, float]:
        return np.array([1.0]), 3.0

    wrong = Misconception("its sign is lost", lambda: (np.array([-1.0]), 0.0), "Which sign has w?")
    exercise = Exercise(positive, 1, (Case("", ()),), ("a", "b", "c"), ("w", "theta"), lambda pair: np.sign(pair[0]), (), (wrong,))
    report = examine(exercise, answer)
    assert report.outcome == outcome
    assert ("the output of your result should be 1" in report.message) == ("its sign is lost" in report.message) == (outcome == "value")


def test_a_none_that_is_right_elsewhere_is_no_missing_return() -> None:
    """Where None is an answer, one that compares the wrong sizes is not told that it returns nothing."""
    shapes = find("dense_shape")
    report = examine(shapes, lambda W_shape, a_shape: (W_shape[0], a_shape[1]) if W_shape[0] == a_shape[0] else None)
    assert report.message == "your result is None, and should be (4, 1) here."
    assert not report.called


def test_a_broken_rule_asks_its_own_question() -> None:
    """Where a rule knows what leads on, its question is asked, and else one that fits all rules."""
    wrong = ANSWERS["property"][0]
    assert examine(EXERCISE, wrong).question.startswith("Take numbers")
    rule = replace(EXERCISE.properties[0], question="What is twice 2z?")
    assert examine(replace(EXERCISE, properties=(rule,)), wrong).question == "What is twice 2z?"


def test_a_later_call_changes_what_an_earlier_one_returned() -> None:
    """Results that are right one by one, and do not stay so, are refused with a sentence of their own."""
    report = examine(EXERCISE, one_array_for_all())
    assert "what an earlier call returned was changed by a later one" in report.message
    assert (report.called, report.question[:5]) == ("all calls return one and the same array", "Where")
    gates = find("gate")
    w = np.ones(2)

    def gate(name: str) -> tuple[np.ndarray, float]:
        right, theta = gates.reference(name)
        if name == "NOT":
            return right, theta
        w[:] = right
        return w, theta

    assert "changed by a later one" in examine(gates, gate).message


def test_an_error_names_its_own_case_only() -> None:
    """The error of another case than the one that is reported does not name the mistake."""

    def answer(z: np.ndarray) -> np.ndarray:
        if z.ndim == 2:
            raise IndexError("list index out of range")
        return 2 * z + 1

    report = examine(EXERCISE, answer)
    assert (report.outcome, report.called) == ("value", "")
    assert "beyond the end" in examine(EXERCISE, raises(IndexError("list index out of range"))).message


def test_more_entries_than_asked_for() -> None:
    """A list that is too long is told from one that is too short."""

    def pair() -> list[float]:
        return [1.0, 2.0]

    exercise = Exercise(pair, 1, (Case("", ()),), ("a", "b", "c"))
    assert "there are more entries than are asked for" in examine(exercise, lambda: [1.0, 2.0, 3.0]).message
    assert "there are not as many entries as are asked for" in examine(exercise, lambda: [1.0]).message


def test_judge_cannot_use_the_answer() -> None:
    """An answer of the right shape that nothing can be done with is wrong, and no error of ours."""
    found = difference(np.array(True), 1.0, judge=lambda theta: -theta)
    assert (found.kind, "cannot be used: TypeError" in found.message) == ("value", True)


@pytest.mark.parametrize("made", [*(partial(np.asarray, dtype=kind) for kind in (str, complex, object)), np.ma.array, lambda z: 10**400])
def test_what_cannot_be_compared_is_not_called_unsteady(made: Any) -> None:
    """Text, complex numbers, objects, masked arrays and integers beyond NumPy's are no result, but the same ones each time."""
    report = examine(EXERCISE, made)
    assert report.outcome == "type"
    assert not examine(replace(EXERCISE, reference=np.sum), made).passed  # where one number is asked for
    assert report.called != "the same call gives another result each time"


def test_message_says_where_and_how_far() -> None:
    """A wrong value is reported with its first index, how many are wrong, the largest error, expected and got."""

    def answer(z: np.ndarray) -> np.ndarray:
        out = 2 * z
        if z.ndim == 2:
            out[1, 0] += 0.25
        return out

    report = examine(EXERCISE, answer)
    assert report.message == "your result is wrong at index [1, 0]. 1 of 4 values are wrong. Largest error: 0.25."
    assert [label for label, _ in report.details] == ["case", "expected", "got", "input z"]
    assert "1.25" in dict(report.details)["got"]


def test_misconception_is_named() -> None:
    """An answer that equals a known wrong one in every case gets its name and a question that leads out."""
    report = examine(EXERCISE, lambda z: z * z)
    assert "it is squared" in report.message
    assert report.question == "What is the difference between 2z and z²?"


def test_error_names_the_line() -> None:
    """An exception is shown with its type, message and the line of the answer it came from."""

    def answer(z: np.ndarray) -> np.ndarray:
        return z @ np.ones((7, 7))

    report = examine(EXERCISE, answer)
    assert report.message.startswith("your function raised ValueError: matmul")
    assert "z @ np.ones((7, 7))" in dict(report.details)["line"]


def test_unwritten_helper_is_named() -> None:
    """Where an answer uses another exercise that is not written yet, that one is named."""

    def helper(z: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    assert "`helper`, which is not attempted yet" in examine(EXERCISE, lambda z: helper(z)).message


def test_check_leaves_no_trace() -> None:
    """A check changes neither its cases, nor the random state, nor NumPy's error handling."""

    def answer(z: np.ndarray) -> np.ndarray:
        np.random.seed(0)
        random.seed(0)
        np.seterr(all="ignore")
        z[:] = 0
        return z

    before = np.random.get_state()[1].tolist(), random.getstate(), np.geterr()  # type: ignore[index]
    examine(EXERCISE, answer)
    assert (np.random.get_state()[1].tolist(), random.getstate(), np.geterr()) == before  # type: ignore[index]
    assert EXERCISE.cases[0].args[0].tolist() == [1, 1, 1]


def test_warnings_cost_nothing() -> None:
    """An answer that only warns passes, and the warning reaches nobody."""

    def answer(z: np.ndarray) -> np.ndarray:
        warnings.warn("look out", stacklevel=1)
        return 2 * z

    assert examine(EXERCISE, answer).passed


def test_numpy_warning_is_shown_with_a_wrong_value() -> None:
    """Where a wrong value comes with a warning of NumPy, the report repeats it."""
    softmax = find("softmax")
    assert softmax is not None
    report = examine(softmax, lambda z: np.exp(z) / np.exp(z).sum(axis=0))
    assert dict(report.details)["NumPy warned"] == "overflow encountered in exp"


@pytest.mark.parametrize(
    ("got", "expected", "kind"),
    [
        (1, 1.0, None),
        (np.float64(1), 1.0, None),
        (np.array(1.0), 1.0, None),
        (np.array([1.0]), 1.0, "shape"),
        ([1.0], 1.0, "type"),
        (np.array("1"), 1.0, "type"),
        (np.array(1j), 1.0, "type"),
        (2**3900, 1.0, "type"),
        ((1, 2), (1, 2), None),
        ([1, 2], (1, 2), None),
        ((1, 3), (1, 2), "value"),
        ((1,), (1, 2), "shape"),
        (None, None, None),
        (0, None, "value"),
        (np.array([1, 2]), np.array([1.0, 2.0]), None),
        (np.array(["1"]), np.array([1.0]), "type"),
        (np.ma.array([[1.0]]), np.array([[1.0]]), "type"),
        (np.array([np.nan]), np.array([np.nan]), None),
        (np.array([0.1], np.float32), np.array([0.1]), "type"),  # near here, and half the digits where it counts
        (np.float32(0.1), 0.1, "type"),
        (np.array([0.0, 0.5], np.float32), np.array([0.0, 0.5]), None),
        (np.array([1.0], np.float32), np.array([1]), None),  # a number of something has no digits to lose
        (np.array([0.5], np.float32), np.array([0.5], np.float32), None),
        ([np.ones(2), np.ones(3)], [np.ones(2), np.ones(3)], None),
        ([np.ones(2), np.zeros(3)], [np.ones(2), np.ones(3)], "value"),
        (np.zeros((0, 3)), np.zeros((0, 3)), None),
        ([("+", 0)], [("+", 0)], None),
        ([("*", 0)], [("+", 0)], "value"),
        (1, "+", "type"),
    ],
)
def test_difference(got: Any, expected: Any, kind: str | None) -> None:
    """Equal means: exact type, same shape, finite where expected, values close."""
    found = difference(got, expected)
    assert (found.kind if found else None) == kind
