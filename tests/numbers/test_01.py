"""Every worked number and erratum of the lectures that belongs to chapter 01 stands in an output of its executed notebook."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose
from support import ROOT

from nnlab.mp_neuron import POINT_SETS, Perceptron, naive_sign, perceptron_update
from nnlab.workbook.build import load
from nnlab.workbook.course import Course

NOTEBOOK = load(Course(ROOT).chapter("01").solution)
PROSE = "\n".join(cell.source for cell in NOTEBOOK.cells if cell.cell_type == "markdown")


def printed() -> str:
    """Return all that the cells of the executed notebook print, with runs of blanks as one."""
    texts = [output.text for cell in NOTEBOOK.cells for output in cell.get("outputs", ()) if output.output_type == "stream"]
    return re.sub(r"[ \t]+", " ", "\n".join(texts))


NUMBERS = {
    "S0: fires where w · x exceeds θ": "weighted sum: 1.0\nexceeds 0.5: True\nexceeds 1.0: False",
    "AND, OR, NAND by choosing weights": "AND [0, 0, 0, 1]\nOR [0, 1, 1, 1]\nNAND [1, 1, 1, 0]",
    "NOT by choosing weights": "NOT [1, 0]",
    "S0: the bias of AND is −θ": "z = [-1.5 -0.5 -0.5 0.5]\nf(z) = [0 0 0 1]",
    "S0: the step function has no slope": "slope at -0.001: 0.0",
    "… and none at the jump": "h = 0.001: 1000",
    "S2: the line of the picture, x2 = −(b + w1 x1) / w2": "line from (0, 0.3333) to (5, 5.3333)",
    "S2: the four points, first update": "update 1: w = [-3. 3.], b = -1",
    "S2: the four points, result": "update 2: w = [-2. 4.], b = 0\nconverged: True",
    "S2: first separable set": "lecture converged: True mistakes: 2 w = [-2. 4.], b = 0",
    "S2: second separable set": "AND converged: True mistakes: 18 w = [3. 2.], b = -4",
    "S2: XOR ends at the limit with 0, 0, 0": "XOR converged: False mistakes: 4000 w = [0. 0.], b = 0",
    "S2: second inseparable set": "enclosed converged: False mistakes: 2000",
    "S2: bound R²/γ² on the four points": "lecture mistakes: 2 bound, learned line: 130.0 better line: 11.6",
    "S2: bound R²/γ² on AND": "AND mistakes: 18 bound, learned line: 87.0 better line: 51.0",
    "the bound against the mistakes as the gap narrows": "gap 0.125 converged: True mistakes: 64 bound: 1235",
    "the theorem needs the constant input": "the slide's bound for AND: 16.0",
    "XOR is no single neuron": "functions found: 14 of 16\nnot found: ['0110', '1001']",
    "S2: XOR by two layers": "0 XOR 0 = 0\n0 XOR 1 = 1\n1 XOR 0 = 1\n1 XOR 1 = 0",
    "S0, S2: XOR by a feature transform, by hand": "x1 + x2 - 2 x1 x2: [0. 1. 1. 0.]\nabove 0.5: [0 1 1 0]",
    "S0, S2: XOR by a feature transform, learned": "converged: True after 29 mistakes",
    "erratum 8: int turns 0.5 into 0": "z = 0.5 int(z) = 0 np.sign(z) = 1.0",
}


@pytest.mark.parametrize("text", NUMBERS.values(), ids=NUMBERS)
def test_number_is_printed(text: str) -> None:
    """The number stands in an executed output."""
    assert text in printed()


def test_lecture_points_are_those_of_the_slide() -> None:
    """S2 has (3, −3), (4, −3) of class −1 and (1, 1), (1, 2) of class +1; the notebook uses just these."""
    assert [tuple(x) for x in POINT_SETS["lecture"][0].T.tolist()] == [(3, -3), (4, -3), (1, 1), (1, 2)]
    sources = "".join(cell.source for cell in NOTEBOOK.cells)
    assert "X_lecture = np.array([[3.0, 4.0, 1.0, 1.0], [-3.0, -3.0, 1.0, 2.0]])" in sources
    assert "y_lecture = np.array([-1.0, -1.0, 1.0, 1.0])" in sources


def test_slides_sign_makes_23_updates() -> None:
    """Erratum 8: on the points divided by 10 the right rule makes 2 mistakes, with `int` for the sign it makes 23 updates."""
    X, y = POINT_SETS["lecture"][0] / 10, POINT_SETS["lecture"][1]
    w, b, updates = np.zeros(2), 0.0, [-1, 0]
    while updates[-1] > updates[-2]:  # until an epoch brings no more
        updates.append(updates[-1])
        for x, label in zip(X.T, y, strict=True):
            if label * naive_sign(w @ x + b) <= 0:
                w, b = perceptron_update(w, b, x, label)
                updates[-1] += 1
    assert (updates[-1], Perceptron().fit(X, y).mistakes) == (23, 2)
    assert "the right rule still makes 2 mistakes, and the slide's `sign` makes 23 updates" in PROSE


def test_slides_loop_never_ends_on_xor() -> None:
    """After one epoch on XOR the weights are zero again, as at the start: without a limit it goes on for ever."""
    learned = Perceptron(max_epochs=1).fit(*POINT_SETS["xor"])
    assert (learned.w.tolist(), learned.b, learned.mistakes, learned.converged) == ([0, 0], 0, 4, False)
    assert "The slide's loop never ends" in PROSE


def test_update_gains_what_the_answer_says() -> None:
    """y·z grows by α (‖x‖² + 1)."""
    w, x = np.array([1.0, -2.0]), np.array([3.0, 1.0])
    new, b = perceptron_update(w, 0.5, x, -1.0, 0.25)
    assert_allclose(-(new @ x + b) - -(w @ x + 0.5), 0.25 * (10 + 1))


@pytest.mark.parametrize(
    "box", ["`sign`, which returns `int(z)`", "no other way to end", "without the extra 1", "stacked linear transforms"]
)
def test_errata_let_the_reader_look_first(box: str) -> None:
    """Each erratum is a question, and its answer is folded."""
    [cell] = [
        cell
        for cell in NOTEBOOK.cells
        if cell.cell_type == "markdown" and cell.source.startswith("**Find the error.**") and box in cell.source
    ]
    following = NOTEBOOK.cells[NOTEBOOK.cells.index(cell) :][:3]
    answer = "\n".join(each.source for each in following if each.cell_type == "markdown")
    assert "<details><summary>The slide says, the code says</summary>" in answer
