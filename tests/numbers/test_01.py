"""Every worked number and erratum of the lectures that belongs to chapter 01 stands in an output of its executed notebook."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose
from support import ROOT

from nnlab.data import load_traffic
from nnlab.mp_neuron import (
    POINT_SETS,
    TRUTH_TABLE,
    Perceptron,
    classify,
    hebb,
    mistake_bound,
    mp_neuron,
    naive_sign,
    one_epoch,
    perceptron_update,
)
from nnlab.workbook.build import load
from nnlab.workbook.course import Course

NOTEBOOK = load(Course(ROOT).chapter("01").solution)
SOURCE = Course(ROOT).chapter("01").source.read_text("utf-8")
PROSE = " ".join(line.removeprefix("# ") for line in SOURCE.splitlines() if line.startswith("#"))  # with the answers to its questions


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
    "the bound needs a start from zero": "AND, started from w = (-100, 100), b = 50: 297 mistakes",
    "signs changed: NOR where a sum equals the threshold": "threshold 1.0: AND [0 0 0 1] all signs changed [1 0 0 0]",
    "signs changed: NAND where none does": "threshold 1.5: AND [0 0 0 1] all signs changed [1 1 1 0]",
    "one number alone is not enough": "speed is low, at best: 1 of 366 wrong\njammed where the stops are many, at best: 5 of 366 wrong",
    "Hebb's rule on the road": "w = (-470, 443), b = 44\njams missed: 17 false alarms: 0",
    "the perceptron on the road": "converged: True after 1043 mistakes\nw = (-14.58, -5.04), b = 37\nwrong at the end: 0",
    "XOR is no single neuron": "functions found: 14 of 16\nnot found: ['0110', '1001']",
    "S2: XOR by two layers": "0 XOR 0 = 0\n0 XOR 1 = 1\n1 XOR 0 = 1\n1 XOR 1 = 0",
    "S0, S2: XOR by a feature transform, by hand": "x1 + x2 - 2 x1 x2: [0. 1. 1. 0.]\nabove 0.5: [0 1 1 0]",
    "S0, S2: XOR by a feature transform, learned": "converged: True after 29 mistakes",
    "erratum 8: int makes mistakes of right points": "divided by 1: all right: True his corrections: 0\ndivided by 10: all right: True his corrections: ",
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


def test_classmates_sign_makes_23_corrections() -> None:
    """Erratum 8: on the points divided by 10 the right rule makes 2 mistakes, with `int` for the sign there are 23 corrections."""
    X, y = POINT_SETS["lecture"][0] / 10, POINT_SETS["lecture"][1]
    w, b, updates = np.zeros(2), 0.0, [-1, 0]
    while updates[-1] > updates[-2]:  # until an epoch brings no more
        updates.append(updates[-1])
        for x, label in zip(X.T, y, strict=True):
            if label * naive_sign(w @ x + b) <= 0:
                w, b = perceptron_update(w, b, x, label)
                updates[-1] += 1
    assert (updates[-1], Perceptron().fit(X, y).mistakes) == (23, 2)
    assert "makes 2 mistakes in either unit; his makes 23 corrections in the small one" in PROSE


def test_nothing_ends_on_xor_without_a_limit() -> None:
    """After one epoch on XOR the weights are zero again, as at the start: without a limit it goes on for ever."""
    learned = Perceptron(max_epochs=1).fit(*POINT_SETS["xor"])
    assert (learned.w.tolist(), learned.b, learned.mistakes, learned.converged) == ([0, 0], 0, 4, False)
    assert "would go on until somebody pulls the plug" in PROSE


def test_bound_needs_a_start_from_zero() -> None:
    """AND, whose better line bounds the mistakes by 51: started from w = (−100, 100), b = 50 the rule makes 297."""
    X, y = POINT_SETS["and"]
    w, b, mistakes = np.array([-100.0, 100.0]), 50.0, 0
    while corrections := one_epoch(w, b, X, y):
        (w, b), mistakes = corrections[-1], mistakes + len(corrections)
    assert mistakes == 297 > mistake_bound(X, y, [2.0, 2.0], -3.0) == pytest.approx(51)
    assert "starts from *zero* weights and zero bias" in PROSE


def test_mistakes_grow_like_one_over_the_gap_and_the_bound_like_its_square() -> None:
    """Each halving of the gap doubles the mistakes from 0.5 on; the bound grows by 2.8, 3.3, … on its way to 4."""
    mistakes, bounds = [], []
    for gap in 0.5 ** np.arange(1, 8):
        X, y = np.array([[1 + gap, 1.0]]), np.array([1.0, -1.0])
        mistakes.append(Perceptron(max_epochs=2000).fit(X, y).mistakes)
        bounds.append(mistake_bound(X, y, [1.0], -(1 + gap / 2)))
    assert (np.divide(mistakes[1:], mistakes[:-1]) == 2).all()
    ratios = np.divide(bounds[1:], bounds[:-1])
    assert (ratios[:2].round(1).tolist(), round(bounds[0]), round(bounds[1]), round(bounds[2])) == ([2.8, 3.3], 133, 372, 1235)
    assert 3.9 < ratios[-1] < 4
    assert "which is 2.8 and 3.3 times as much" in PROSE


def test_all_signs_changed_is_no_opposite_where_a_sum_equals_the_threshold() -> None:
    """AND with θ = 1 and all signs changed is NOR; with θ = 1.5 it is NAND."""
    both = [mp_neuron(TRUTH_TABLE, [-1, -1], -theta).tolist() for theta in (1.0, 1.5)]
    assert both == [[1, 0, 0, 0], [1, 1, 1, 0]]
    assert "NAND is AND with all signs changed" not in PROSE


def test_years_are_told_apart() -> None:
    """1943: fixed weights and absolute inhibition. Weights that learn: Hebb 1949, Rosenblatt 1958."""
    assert "its weights were fixed, and a single inhibiting input silenced it altogether" in PROSE
    assert "In 1949 Hebb" in PROSE
    assert "In 1958 Rosenblatt" in PROSE


def test_what_is_told_of_the_road() -> None:
    """Of A6: four wrong by hand, 17 by Hebb's rule, one correction before the end six, and slow is not to be told from free by a line."""
    town = load_traffic()
    here = (town.road == "A6") & (town.target != 1)
    X, y = np.array([town.data[here, 0] / 10, town.data[here, 4]]), np.where(town.target[here] == 2, 1.0, -1.0)

    def wrong(w: np.ndarray, b: float) -> int:
        return int((classify(X, w, b) != y).sum())

    path = Perceptron(max_epochs=1000).fit(X, y).path
    assert (wrong(np.array([-1.0, 1.0]), 1.0), wrong(*hebb(X, y)), wrong(*path[9]), wrong(*path[-2]), wrong(*path[-1])) == (4, 17, 13, 6, 0)
    assert "One correction before the end six points are wrong" in PROSE
    days = np.isin(town.day[here], (1, 2, 3, 4))
    first = Perceptron(max_epochs=1000).fit(X[:, days], y[days])
    assert first.mistakes == 3
    assert not Perceptron(max_epochs=1000).fit(X * [[10], [1]], y).converged  # in km/h, as “To go further” says


def test_update_gains_what_the_answer_says() -> None:
    """y·z grows by α (‖x‖² + 1)."""
    w, x = np.array([1.0, -2.0]), np.array([3.0, 1.0])
    new, b = perceptron_update(w, 0.5, x, -1.0, 0.25)
    assert_allclose(-(new @ x + b) - -(w @ x + 0.5), 0.25 * (10 + 1))


def test_the_classmates_error_is_found_before_it_is_told() -> None:
    """The faulty epoch runs in the notebook, and what is wrong with it stands in no cell of it."""
    code = "".join(cell.source for cell in NOTEBOOK.cells if cell.cell_type == "code")
    assert "return int(z)" in code
    assert "cuts the decimals off" not in "".join(cell.source for cell in NOTEBOOK.cells)
    assert "cuts the decimals off" in PROSE


def test_few_slides_are_spoken_of() -> None:
    """The reader has never seen the slides."""
    assert sum("slide" in line for line in SOURCE.splitlines()) <= 2
