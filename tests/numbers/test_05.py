"""Every worked number and every erratum of the lectures that belongs to chapter 05 stands in the executed notebook."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
from support import ROOT

from nnlab.data import load_traffic
from nnlab.traffic_classifier import SQUARED_ERRORS
from nnlab.workbook.build import load
from nnlab.workbook.course import Course


@cache
def outputs() -> dict[str, str]:
    """Return what each code cell of the solution prints, by the cell's id."""
    cells = load(Course(ROOT).chapter("05").solution).cells
    return {cell.id: "".join(output.get("text", "") for output in cell.outputs) for cell in cells if cell.cell_type == "code"}


@cache
def prose() -> str:
    """Return the text of the solution's notebook, its answers included."""
    return "\n".join(cell.source for cell in load(Course(ROOT).chapter("05").solution).cells if cell.cell_type == "markdown")


def printed(cell: str, label: str) -> list[str]:
    """Return the numbers of the line of a cell's output that begins with the label."""
    [line] = [line for line in outputs()[cell].splitlines() if line.startswith(label)]
    return re.findall(r"-?\d+(?:\.\d+)?", line.removeprefix(label))


NUMBERS = {
    "sizes and shares: training": ("checkpoint_by_day", "training  :", ["7309", "0.578", "0.229", "0.193"]),
    "sizes and shares: validation": ("checkpoint_by_day", "validation:", ["1830", "0.556", "0.217", "0.227"]),
    "sizes and shares: test": ("checkpoint_by_day", "test      :", ["3641", "0.580", "0.220", "0.200"]),
    "S4: standardised, means of new data": ("checkpoint_one_scale", "means on the test days:", ["-0.02", "-0.04", "0.02", "0.02", "-0.02"]),
    "S4: standardised, spreads of new data": ("checkpoint_one_scale", "spreads               :", ["0.96", "1.05", "1.03", "1.05", "0.95"]),
    "S0: cross-entropy and squared error, s = 0": ("checkpoint_two_errors", " 0", ["1.0986", "-0.6667", "0.3333", "-0.2222"]),
    "S0: cross-entropy and squared error, s = 2": ("checkpoint_two_errors", " 2", ["2.2395", "-0.8935", "0.7145", "-0.1522"]),
    "S0: cross-entropy and squared error, s = 5": ("checkpoint_two_errors", " 5", ["5.0134", "-0.9934", "0.9802", "-0.0130"]),
    "S0: cross-entropy and squared error, s = 10": ("checkpoint_two_errors", "10", ["10.0001", "-1.0000", "0.9999", "-0.0001"]),
    "erratum 2: fifty steps": ("checkpoint_fifty_steps_and_more", "after   50 steps:", ["0.5292", "0.0634", "0.4075"]),
    "erratum 2: five hundred": ("checkpoint_fifty_steps_and_more", "after  500 steps:", ["0.0404", "0.9152", "0.0444"]),
    "erratum 2: five thousand": ("checkpoint_fifty_steps_and_more", "after 5000 steps:", ["0.0024", "0.9950", "0.0026"]),
    "S1: the rule of two errors, tolerance 0.01": ("checkpoint_plateau", "tolerance 0.01:", ["10", "0.923"]),
    "S1: the rule of two errors, tolerance 0.001": ("checkpoint_plateau", "tolerance 0.001:", ["44", "0.267"]),
    "baseline: the most frequent state": ("does-the-network-beat-a-straight-line-2", "majority", ["0.580"]),
    "baseline: two cuts": ("does-the-network-beat-a-straight-line-2", "two cuts on the speed", ["0.817"]),
    "baseline: logistic regression": ("does-the-network-beat-a-straight-line-2", "logistic regression", ["0.924"]),
    "your network": ("does-the-network-beat-a-straight-line-2", "your network, 5-4-3-3", ["0.923", "0.004"]),
    "boosted trees": ("does-the-network-beat-a-straight-line-2", "boosted trees", ["0.937"]),
    "S3: precision": ("checkpoint_report", "precision:", ["0.96", "0.83", "0.87"]),
    "S3: recall": ("checkpoint_report", "recall   :", ["0.95", "0.76", "0.96"]),
    "S3: F1": ("checkpoint_report", "F1       :", ["0.95", "0.79", "0.91"]),
    "S3: neighbours only are mixed up": ("checkpoint_report", "free flow called congested, and the other way round:", ["0", "0"]),
    "erratum 10: all on the diagonal": (
        "the-whole-report-3",
        "one nearest neighbour, training days:",
        ["4225", "0", "0", "0", "1672", "0", "0", "0", "1412"],
    ),
    "erratum 10: and on new days": ("the-whole-report-3", "the same one is right for", ["0.910"]),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_number_is_printed(name: str) -> None:
    """The executed notebook prints the number."""
    cell, label, expected = NUMBERS[name]
    assert printed(cell, label) == expected


ERRATA = {
    "2: no softmax": "These do not even sum to 1",
    "10: scaled before cross-validation": "It also puts *all* data on one scale before.",
    "10: a matrix of the training data": "Of the training data.",
    "S0's sample has no units": "The slide gives no units.",
    "the network does not beat logistic regression": "**The small network does not beat logistic regression.**",
}


@pytest.mark.parametrize("name", ERRATA)
def test_erratum_is_told(name: str) -> None:
    """The notebook says it."""
    assert ERRATA[name] in prose()


def test_what_is_said_elsewhere_is_what_was_printed() -> None:
    """Numbers that the text repeats in other sections than those that print them are still the printed ones."""
    table = {name: float(printed("does-the-network-beat-a-straight-line-2", name)[0]) for name in ("majority", "two cuts", "logistic")}
    majority, cuts, logistic = (f"{100 * share:.0f} %" for share in table.values())
    assert f"Here: {majority} for nothing, {cuts} for two cuts, {logistic} for a straight line." in prose()
    assert f"It will reach {logistic}. Remember this number." in prose()
    assert f"will the network beat the two cuts, {table['two cuts']:.3f}?" in prose()
    assert f"For free flow $P = {table['majority']:.3f}$ and $R = 1$" in prose()
    highest = load_traffic(split="day", return_X_y=True)[0][0].max(axis=0)
    assert f"The volume reaches {highest[2]:.0f}. The acceleration hardly reaches {highest[1]:.1f}." in prose()


def test_the_printed_softmax_cannot_be_one() -> None:
    """Erratum 2: the slide's three shares sum to 0.9211."""
    assert round(0.45860661 + 0.08641333 + 0.37609855, 4) == 0.9211


def test_three_sums_are_called_mean_squared_error() -> None:
    """Erratum 7: their gradients differ by a factor."""
    a, y = np.array([[0.7], [0.1]]), np.array([[1.0], [0.0]])
    for error, factor in SQUARED_ERRORS.values():
        step = np.array([[1e-6], [0.0]])
        slope = (error(a + step, y) - error(a - step, y)) / 2e-6
        assert slope[0] == pytest.approx(factor(2) * (a - y)[0, 0], rel=1e-6)
