"""The lectures' numbers and errata of chapter 02 stand in an executed output of its solution, or are shown here."""

from __future__ import annotations

import re

import numpy as np
import pytest
from support import ROOT

from nnlab import activations as act
from nnlab.workbook.build import load
from nnlab.workbook.course import Course

CELLS = load(Course(ROOT).chapter("02").solution).cells
OUTPUTS = {cell.id: "".join(output.get("text", "") for output in cell.outputs) for cell in CELLS if cell.cell_type == "code"}
PROSE = "\n".join(cell.source for cell in CELLS if cell.cell_type == "markdown")
FINE = np.linspace(-8, 8, 160_001)

NUMBERS = {
    "S0: softmax of 10, 6, 8, as on the slide and to six digits": r"10, 6, 8: +\[0\.866813 0\.015876 0\.11731 \]",
    "softmax of 10, 6, 8 from the student's function at T = 1": r"(?m)^ +1 +0\.866813 +0\.015876 +0\.117310$",
    "temperature: T near 0 gives the largest score everything": r"(?m)^ +0\.01 +1\.000000 +0\.000000 +0\.000000$",
    "temperature: a huge T gives a third each": r"(?m)^ +1000 +0\.334000 +0\.332667 +0\.333333$",
    "the slope of the logistic function is at most 1/4": r"sigmoid: largest slope 0\.2500 at z = 0\.0",
    "the slope of tanh is at most 1": r"tanh: largest slope 1\.0000 at z = 0\.0",
    "tanh(z) = 2σ(2z) − 1": r"tanh: +(\[.+\])\n2 sigmoid\(2z\) - 1: \1",
    "hard-logistic: largest distance from the logistic function": r"hard-logistic: largest error 0\.119 at \|z\| = 2\.0",
    "hard-tanh: largest distance from tanh": r"hard-tanh: largest error 0\.238 at \|z\| = 1\.0",
    "GELU by tanh: largest error": r"with tanh +: largest error 0\.000473 at \|z\| = 2\.70",
    "GELU by the logistic function: largest error": r"with sigmoid: largest error 0\.020335 at \|z\| = 2\.27",
    "saturation: share of flat units, standard deviation 10": r"(?m)^ +10 +0\.66 +0\.77$",
    "not zero-centred: all five weights move the same way": r"sigmoid: mean output 0\.50, .* way: 1\.00\ntanh +: .* way: 0\.06",
    "sparsity: half of the ReLU units give an output": r"units with an output above 0: 0\.50",
    "dying ReLU: no plain unit comes back, leaky ones do": r"2 +0 +0\.64 +0\.64\n +2 +0\.1 +0\.64 +0\.00",
    "linear layers collapse: three layers and one give the same": r"three layers: (.+)\nthrough one layer: +\1\n.*: 77 and after: 10",
}

ERRATA = {
    "5: tanh maps into (−1, 1); the ends are never reached": (r"z = 20: 1 - tanh\(z\) = 8\.5e-18", "The slide says $[-1, 1]$"),
    "5: ReLU′(0) is 1 in S0 and 0 in S1 and S2": (
        r"0 and 1: \[0\.0, 0\.5, 1\.0\]\n.*exactly 0: 0 of 10000",
        "This course takes $\\mathrm{relu}'(0) = 0$",
    ),
    "6: softmax overflows at 1000": (r"softmax +\[ 0\.  0\. nan\]", "The softmax should give (0, 0, 1)."),
    "6: the logistic function only warns at −1000": (r"logistic +\[0\.  0\.5 1\. \]", "right by luck"),
    "naive tanh and softplus at ±1000": (r"tanh +\[nan  0\. nan\]\n(.*\n)*softplus .*inf\]", "The softplus should give 1000"),
    "the table's derivative of the ELU is 0 · ∞ at 1000": (r"ELU' +\[ 0\.  1\. nan\]", "$0 \\cdot \\infty$"),
    "S2 asks for a rising function, then shows two that dip": (
        r"lowest value -0\.2785 at z = -1\.28\ngelu: lowest value -0\.1700 at z = -0\.75",
        "not a condition",
    ),
}


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_are_in_an_output(number: str) -> None:
    """Each number is printed by a cell of the executed solution."""
    assert [id_ for id_, text in OUTPUTS.items() if re.search(NUMBERS[number], text)]


@pytest.mark.parametrize("erratum", ERRATA)
def test_errata_are_shown_and_told(erratum: str) -> None:
    """The code shows each erratum, and a folded box says what the slide says."""
    shown, told = ERRATA[erratum]
    assert [id_ for id_, text in OUTPUTS.items() if re.search(shown, text)]
    boxes = re.findall(r"<details>.*?</details>", PROSE, re.DOTALL)
    assert [box for box in boxes if told in box]


def test_figures_of_the_cells_are_those_of_the_lesson() -> None:
    """What the chapter measures with functions of its own, the lesson module gives too."""
    for f, error, where in ((act.gelu_tanh, 0.000473, 2.70), (act.gelu_sigmoid, 0.020335, 2.27)):
        errors = np.abs(f(FINE) - act.gelu(FINE))
        assert round(errors.max(), 6) == error
        assert abs(FINE[errors.argmax()]) == pytest.approx(where, abs=0.005)
    assert act.softmax_temperature([10, 6, 8], 1) == pytest.approx([0.867, 0.016, 0.117], abs=5e-4)
    assert round(act.swish(FINE).min(), 4) == -0.2785
    assert round(act.gelu(FINE).min(), 4) == -0.17


def test_merged_layers_do_the_same() -> None:
    """The lesson's merged layer gives what the two layers give."""
    rng = np.random.default_rng(0)
    W_1, b_1, W_2, b_2 = (rng.normal(size=shape) for shape in ((4, 3), (4, 1), (2, 4), (2, 1)))
    x = rng.normal(size=(3, 6))
    W, b = act.merge_layers(W_1, b_1, W_2, b_2)
    np.testing.assert_allclose(W @ x + b, W_2 @ (W_1 @ x + b_1) + b_2, rtol=1e-12)


def test_dead_share_is_the_share_of_rows_without_a_positive_value() -> None:
    """Two of four units never fire, one of them because its z is 0 at best."""
    assert act.dead_share([[1, -1], [-2, -3], [0, -1], [-1, 0.5]]) == 0.5


def test_every_function_of_the_lectures_is_in_the_overview() -> None:
    """The table at the end lists the thirteen functions, and the demo twelve of them and the identity."""
    table = re.search(r"## 9\. All thirteen\n(.*?)\n\n\$", PROSE, re.DOTALL)
    assert table is not None
    assert len(re.findall(r"^\|", table[1], re.MULTILINE)) == 13 + 2
