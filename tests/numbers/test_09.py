"""Every worked number and every erratum of the lectures that belongs to chapter 09 stands in the executed notebook."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from support import ROOT

from nnlab.overfitting import TEN_T, TEN_X, polynomial_features
from nnlab.regression import line_fit, naive_line_fit, polynomial_system
from nnlab.workbook.build import load
from nnlab.workbook.course import Course


@cache
def outputs() -> str:
    """Return all that the solution prints."""
    cells = load(Course(ROOT).chapter("09").solution).cells
    return "\n".join("".join(output.get("text", "") for output in cell.outputs) for cell in cells if cell.cell_type == "code")


LINES = {
    "five points": "five points: intercept 2.2, slope 0.6, area 2.4",
    "residuals": "residuals: their sum 0.0, their sum times x 0.0",
    "erratum 12: S2's estimates are swapped": "intercept 0.6, slope 2.2, area 79.2",
    "normal equations, first row": "    5    15    55  |   20",
    "normal equations, second row": "   15    55   225  |   66",
    "normal equations, third row": "   55   225   979  |  252",
    "normal equations, solved": "a: 0.200000 2.314286 -0.285714",
    "S2, table: M = 0": "ten points, M = 0: 0.19",
    "S2, table: M = 1": "ten points, M = 1: 0.82 -1.27",
    "S2, table: M = 3": "ten points, M = 3: 0.31 7.99 -25.43 17.37",
    "log-posterior": "log-posterior at (2.2, 0.6): -9.668864",
    "MAP is ridge with σ²/ν²: ridge": "squares with a price 1.767531 0.714697",
    "MAP is ridge with σ²/ν²: MAP": "most probable        1.767531 0.714697",
    "maximum likelihood is least squares": "most likely          2.200000 0.600000",
    "descent, three steps": "after    3 steps of 0.05: 0.3374 1.0335",
    "descent, a thousand steps": "after 1000 steps of 0.05: 2.1996 0.6001",
    "2/λmax": "limit: 0.169048",
    "logistic, two steps": "cannot be separated,    2 steps: w = 0.346452, b = 0.0",
    "logistic, without end": "can be separated, 10000 steps: w = 8.519",
    "logistic, with a price": "with a price of 0.01: w = 2.9023",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_line_is_printed(line: str) -> None:
    """It stands in the executed notebook, as a line of its own."""
    assert line in outputs().splitlines()


def test_the_slides_estimates_are_swapped() -> None:
    """What S2 calls β₀ multiplies x: on a known line its formulas give 2 and 1 for 1 + 2x."""
    x = np.array([0.0, 1, 2, 5])
    assert np.allclose(line_fit(x, 1 + 2 * x), (1, 2))
    assert np.allclose(naive_line_fit(x, 1 + 2 * x), (1, 2))  # with the names put right


def test_condition_numbers() -> None:
    """Of the features for M = 9 it is 1.5e7; the product squares it."""
    P = polynomial_features(TEN_X, 9)
    A, r = polynomial_system(TEN_X, TEN_T, 9)
    assert np.linalg.cond(P) == pytest.approx(1.5e7, rel=0.05)
    assert np.linalg.cond(A) == pytest.approx(2.3e14, rel=0.1)
    assert A.shape == (10, 10)
    assert r.shape == (10,)


def test_far_points_drag_least_squares_only() -> None:
    """Sixty far points cost the line through labels six points of a hundred, and the neuron none."""
    rows = [line.split() for line in outputs().splitlines() if "far points: least squares" in line]
    line, neuron = ([float(row[place]) for row in rows] for place in (5, 9))
    assert line[0] - line[-1] > 0.04
    assert abs(neuron[0] - neuron[-1]) < 0.005
