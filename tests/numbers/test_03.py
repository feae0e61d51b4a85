"""The lectures' numbers of chapter 03, and what its prose says it measured, stand in an executed output of its solution."""

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

NUMBERS = {
    "S0: softmax of 10, 6, 8": r"free flow +0\.866813\nslow +0\.015876\ncongested +0\.117310",
    "S0: ReLU layer for x = (1, −1, −2)": r"z = \[ 1\. -8\. -5\. -4\.  2\.\]\na = \[1\. 0\. 0\. 0\. 2\.\]",
    "S0: forward pass, seed 42, first layer": r"layer 1: \[0\.86081109 0\.35346999 0\.03774752 0\.06688258\]",
    "S0: forward pass, seed 42, second layer": r"layer 2: \[0\.59127908 0\.28733531 0\.63138266\]",
    "S0: forward pass, seed 42, third layer": r"layer 3: \[0\.61434866 0\.00909127 0\.37656007\]",
    "S4: two-layer network, hidden": r"hidden: 0\.595078474 0\.598687660",
    "S4: two-layer network, output": r"output: 0\.702307507 0\.714634132",
}

MEASURES = {
    "untrained networks: most say one thing everywhere": r" 0          1\.00    0\.29\n",
    "untrained networks: one is right by luck": r" 8          0\.25    0\.95\n",
    "untrained networks: one has it the wrong way round": r"11          0\.88    0\.17\n",
    "three states: sure and wrong": r"seed 2: free 0, slow 1830, congested 0   right: 0\.22   mean largest share: 0\.78",
    "a flat bias is added along the rows": r"all columns are the same: False",
    "softmax as the formula stands": r"\[1000\.0, 996\.0, 998\.0\] -> \[nan nan nan\]",
    "feedback: swings with period four": r"one excites, one inhibits  after 10 steps: \[0\.02 0\.98\]",
    "feedback: remembers its start": r"each inhibits the other    after 10 steps: \[0\.98 0\.02\]\nthe same, other start      after 10 steps: \[0\.02 0\.98\]",
    "gathering: one road a round": r"round 3: \[[\d. ]+ 0\.028 0\. +0\.042\]\nround 4: \[[\d. ]+ 0\.039 0\.014 0\.066\]",
}


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_are_in_an_output(number: str) -> None:
    """Each number is printed by a cell of the executed solution."""
    assert [id_ for id_, text in OUTPUTS.items() if re.search(NUMBERS[number], text)]


@pytest.mark.parametrize("claim", MEASURES)
def test_what_the_chapter_says_it_measured(claim: str) -> None:
    """What the prose says of the road, of loops and of gathering is printed by the chapter's own cells."""
    assert [id_ for id_, text in OUTPUTS.items() if re.search(MEASURES[claim], text)]


def test_nine_of_twelve_untrained_networks_say_one_thing() -> None:
    """The prose counts them, and says which are right for most and for fewest."""
    [table] = [text for text in OUTPUTS.values() if text.startswith("seed   says jammed")]
    rows = [line.split() for line in table.splitlines()[1:]]
    assert sum(says in ("0.00", "1.00") for _, says, _ in rows) == 9
    assert {right for _, says, right in rows if says == "0.00"} == {"0.71"}
    assert {right for _, says, right in rows if says == "1.00"} == {"0.29"}
    assert (max(rows, key=lambda row: row[2])[0], min(rows, key=lambda row: row[2])[0]) == ("8", "11")


def test_the_classmates_softmax_output_is_none() -> None:
    """Its three numbers do not sum to 1. Chapter 04 runs that network and prints what the code gives."""
    assert round(0.45860661 + 0.08641333 + 0.37609855, 4) == 0.9211


def test_the_classmates_shapes_do_not_fit() -> None:
    """The first product fails for an input of five rows; with neurons first it does not."""
    shapes = ((5, 4), (4, 3), (3, 3))
    with pytest.raises(ValueError, match="5"):
        forward(np.ones((5, 1)), [np.ones(shape) for shape in shapes], [np.ones((rows, 1)) for rows, _ in shapes])
    z, _ = forward(np.ones((5, 1)), [np.ones(shape[::-1]) for shape in shapes], [np.ones((rows, 1)) for _, rows in shapes])
    assert [each.shape for each in z] == [(4, 1), (3, 1), (3, 1)]
