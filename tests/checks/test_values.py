"""Values are written so that a difference can be seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnlab.checks._judging.values import aligned, show


@pytest.mark.parametrize(
    ("value", "text"),
    [(np.float64(0.5), "0.5"), (np.array(2), "2"), ([np.float64(0.5), 1], "[0.5, 1]"), ((np.True_, [np.int64(3)]), "(True, [3])")],
)
def test_numbers_of_numpy_are_numbers(value: object, text: str) -> None:
    """A student who has met no types reads 0.5, and not np.float64(0.5)."""
    assert show(value) == text


def test_arrays_are_aligned() -> None:
    """Two arrays have the same digits and the same width, whatever each would have for itself."""
    expected, got = aligned(np.array([[0.5, 100.25]]), np.array([[1, -2]]))
    assert (expected, got) == ("[[  0.5 , 100.25]]", "[[  1.  ,  -2.  ]]")


@pytest.mark.parametrize("error", [1e-3, 1e-5, 1e-7, 1e-12])
def test_a_small_difference_is_seen(error: float) -> None:
    """As many digits are shown as it takes."""
    expected, got = aligned(np.array([1.0, 2.0]), np.array([1.0, 2.0 + error]))
    assert expected != got
    assert len(expected) == len(got)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (np.ones(3), np.ones((2, 2))),
        (np.array([np.nan, np.inf]), np.array([-np.inf, 0.0])),
        (np.ones(1000), np.zeros(1000)),
        (np.array([]), np.ones(2)),
        (np.array(["a"]), np.ones(1)),
        (1.0, np.ones(2)),
        (None, [np.ones(2)]),
        (np.array([1e300, 1e-300]), np.array([-0.0, 2**62])),
    ],
)
def test_whatever_comes_is_written(expected: Any, got: Any) -> None:
    """Shapes that differ, nothing, text, nan, long and extreme arrays: all are written, and not at length."""
    assert all(0 < len(text) < 1500 for text in aligned(expected, got))


def test_lists_of_arrays_stand_one_under_another() -> None:
    """Each entry of a list has its index and lines of its own, nested ones too."""
    assert show([np.array([[1.0, 2.0], [3.0, 4.0]]), 5]) == "[0]  [[1., 2.],\n      [3., 4.]]\n[1]  5"
    assert show(([np.ones(1)], [np.zeros(1)])) == "[0][0]  [1.]\n[1][0]  [0.]"


def test_functions_and_the_unspeakable() -> None:
    """A function is called by its name; what raises when it is written is said to."""

    class Odd:
        def __repr__(self) -> str:
            raise RuntimeError

    assert show(np.tanh) == "tanh"
    assert show(Odd()) == "(a Odd that cannot be shown)"
