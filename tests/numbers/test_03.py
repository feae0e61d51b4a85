"""The lectures' numbers and errata of chapter 03 stand in an executed output of its solution, or are shown here."""

from __future__ import annotations

import re

import numpy as np
import pytest
from support import ROOT

from nnlab.forward_propagation import forward
from nnlab.workbook.build import load
from nnlab.workbook.course import Course

CELLS = load(Course(ROOT).chapter("03").solution).cells
OUTPUTS = {cell.id: "".join(output.get("text", "") for output in cell.outputs) for cell in CELLS if cell.cell_type == "code"}
BOXES = re.findall(r"<details>.*?</details>", "\n".join(cell.source for cell in CELLS if cell.cell_type == "markdown"), re.DOTALL)

NUMBERS = {
    "S0: softmax of 10, 6, 8": r"free flow +0\.866813\nslow +0\.015876\ncongested +0\.117310",
    "S0: ReLU layer for x = (1, −1, −2)": r"z = \[ 1\. -8\. -5\. -4\.  2\.\]\na = \[1\. 0\. 0\. 0\. 2\.\]",
    "S0: forward pass, seed 42, first layer": r"layer 1: \[0\.86081109 0\.35346999 0\.03774752 0\.06688258\]",
    "S0: forward pass, seed 42, second layer": r"layer 2: \[0\.59127908 0\.28733531 0\.63138266\]",
    "S0: forward pass, seed 42, third layer": r"layer 3: \[0\.61434866 0\.00909127 0\.37656007\]",
    "S4: two-layer network, hidden": r"hidden: 0\.595078474 0\.598687660",
    "S4: two-layer network, output": r"output: 0\.702307507 0\.714634132",
}

ERRATA = {
    "2: a softmax output that sums to 0.9211": "(0.5292, 0.0634, 0.4075)",
    "3: weight shapes the wrong way round": "The code needs (4, 5), (3, 4), (3, 3)",
    "6: the logistic function warns at −1000": "For $z = -1000$ the slide computes $e^{1000}$",
}


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_are_in_an_output(number: str) -> None:
    """Each number is printed by a cell of the executed solution."""
    assert [id_ for id_, text in OUTPUTS.items() if re.search(NUMBERS[number], text)]


@pytest.mark.parametrize("erratum", ERRATA)
def test_errata_are_told(erratum: str) -> None:
    """A folded box says what the slide says and what the code says."""
    assert [box for box in BOXES if ERRATA[erratum] in box]


def test_the_slides_softmax_output_is_none() -> None:
    """Its three numbers do not sum to 1. Chapter 04 runs that network and prints what the code gives."""
    assert round(0.45860661 + 0.08641333 + 0.37609855, 4) == 0.9211


def test_the_slides_shapes_do_not_fit() -> None:
    """The first product fails for an input of five rows; with neurons first it does not."""
    shapes = ((5, 4), (4, 3), (3, 3))
    with pytest.raises(ValueError, match="5"):
        forward(np.ones((5, 1)), [np.ones(shape) for shape in shapes], [np.ones((rows, 1)) for rows, _ in shapes])
    z, _ = forward(np.ones((5, 1)), [np.ones(shape[::-1]) for shape in shapes], [np.ones((rows, 1)) for _, rows in shapes])
    assert [each.shape for each in z] == [(4, 1), (3, 1), (3, 1)]
