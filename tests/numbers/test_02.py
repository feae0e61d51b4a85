"""The numbers and claims of chapter 02 stand in an executed output of its solution, or are computed again here."""

from __future__ import annotations

import re

import numpy as np
import pytest
from support import ROOT

from nnlab import activations as act
from nnlab.data import load_traffic
from nnlab.mp_neuron import train_perceptron
from nnlab.workbook.build import load
from nnlab.workbook.course import Course

CHAPTER = Course(ROOT).chapter("02")
CELLS = load(CHAPTER.solution).cells
OUTPUTS = {cell.id: "".join(output.get("text", "") for output in cell.outputs) for cell in CELLS if cell.cell_type == "code"}
PRINTED = "\n".join(OUTPUTS.values())
SOURCE = CHAPTER.source.read_text("utf-8")
FINE = np.linspace(-8, 8, 160_001)

NUMBERS = {
    "S0: softmax of 10, 6, 8, as on the slide and to six digits": r"10, 6, 8 +\[0\.866813 0\.015876 0\.11731 \]",
    "softmax: adding 100 changes nothing": r"all \+ 100 \[0\.866813 0\.015876 0\.11731 \]",
    "temperature: a huge T gives a third each": r"T = 1000 +\[0\.334 +0\.332667 0\.333333\]",
    "the slope of the logistic function is at most 1/4": r"sigmoid: .*largest slope 0\.25, slope at z = 5: 0\.0066",
    "the slope of tanh is at most 1": r"tanh +: from -1\.00 to 1\.00, largest slope 1\.00",
    "two ReLU units: largest distance from the logistic function": r"largest error 0\.119 at \|z\| = 2\.0",
    "two ReLU units make the hard logistic function": r"hard logistic: \[ 0\.    0\.25 -0\.25\]",
    "bent through the road's means": r"the line meets its corners: True",
    "GELU by tanh: largest error": r"with tanh +: largest error 0\.000473 at \|z\| = 2\.70",
    "GELU by the logistic function: largest error": r"with sigmoid: largest error 0\.020335 at \|z\| = 2\.27",
    "saturation on the road": r"z /  1: .* below 0\.01: 0\.98\nz /  3: .*\nz / 10: .* below 0\.01: 0\.01",
    "not zero-centred: all five weights move the same way": r"sigmoid: mean output 0\.50, .* way: 1\.00\ntanh +: .* way: 0\.06",
    "dying ReLU: no plain unit comes back, leaky ones do": r"2 +0 +0\.64 +0\.64\n +2 +0\.1 +0\.64 +0\.00",
    "dying ReLU: the worst step": r"5 +0 +0\.87 +0\.87\n +5 +0\.1 +0\.87 +0\.02",
    "linear layers collapse: three layers and one give the same": r"three layers: (.+)\nthrough one layer: +\1\n.*: 77 and after: 10",
    "softmax overflows at 1000": r"softmax +\[ 0\.  0\. nan\]",
    "the logistic function only warns at −1000": r"logistic +\[0\.  0\.5 1\. \]",
    "tanh and softplus as they stand": r"tanh +\[nan  0\. nan\]\n(.*\n)*softplus .*inf\]",
    "a classmate's sigmoid is not a number at 1000": r"\[0\. +0\.119203 0\.5 +0\.880797 +nan\]",
    "a classmate's derivative of the ELU is 0 · ∞ at 1000": r"\[0\.067668 0\.5 +1\. +nan\]",
    "Swish and GELU dip": r"lowest value -0\.2785 at z = -1\.28\ngelu: lowest value -0\.1700 at z = -0\.75",
}


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_are_in_an_output(number: str) -> None:
    """Each number is printed by a cell of the executed solution."""
    assert [id_ for id_, text in OUTPUTS.items() if re.search(NUMBERS[number], text)]


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


def test_the_classmates_slope_is_too_large_everywhere() -> None:
    """σ(z) σ(1 − z) lies above σ′(z) for every z."""
    assert np.all(act.sigmoid(FINE) * act.sigmoid(1 - FINE) > act.sigmoid_derivative(FINE))


def test_relu_units_run_through_any_corners() -> None:
    """Their sum passes through all corners, and hard-tanh is two of them, as the last section asks."""
    x, y = np.array([-2.0, -1.0, 0.5, 4.0]), np.array([1.0, -3.0, 0.0, 0.5])
    units = np.maximum(0, x[:, None] - x[None, :-1])
    np.testing.assert_allclose(y[0] + units @ act.relu_weights(x, y), y, atol=1e-12)
    np.testing.assert_allclose(act.relu_weights(np.array([-2.0, -1.0, 1.0, 2.0]), np.array([-1.0, -1.0, 1.0, 1.0])), [0, 1, -1])
    np.testing.assert_allclose(act.relu_weights(np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 0.0])), [2, -3])  # the tent


def test_a_temperature_is_found_for_any_share() -> None:
    """The largest share is what was asked for, and what cannot be reached gets a sentence."""
    for share in (0.34, 0.5, 0.9, 0.999):
        T = act.temperature_for([10.0, 6.0, 8.0], share)
        assert act.softmax_temperature([10.0, 6.0, 8.0], T).max() == pytest.approx(share, rel=1e-9)
    for scores, share in (([10.0, 6.0, 8.0], 0.3), ([10.0, 6.0, 8.0], 1.0), ([1.0, 1.0], 0.6)):
        with pytest.raises(ValueError, match="share must lie between"):
            act.temperature_for(scores, share)


# --- what the first edition said falsely ----------------------------------------------------------------------------------------------


def revived(seed: int, rate: float = 0.03, units: int = 20) -> list[tuple[int, int]]:
    """Train two hidden layers in which every other unit is dead; return the dead of each layer, and how many of them fire in the end."""
    town = load_traffic()
    here = (town.road == "A6") & (town.target != 1)
    X = np.stack([town.data[here, 0] / 10, town.data[here, 4]])
    y = np.where(town.target[here] == 2, 1.0, -1.0)
    rng = np.random.default_rng(seed)
    V, W, u = rng.normal(size=(units, 2)), rng.normal(size=(units, units)) / units**0.5, rng.normal(size=(1, units)) / units**0.5
    c, d = np.zeros((units, 1)), np.zeros((units, 1))
    c[::2] -= (V @ X)[::2].max(axis=1, keepdims=True) + 0.05
    d[::2] -= (W @ act.relu(V @ X + c))[::2].max(axis=1, keepdims=True) + 0.05
    dead = []
    for _ in range(501):
        z = V @ X + c
        s = W @ act.relu(z) + d
        dead += [[np.all(each <= 0, axis=1) for each in (z, s)]]
        out = (u @ act.relu(s) - y) / y.size
        back = (u.T @ out) * (s > 0)
        first = (W.T @ back) * (z > 0)
        V, c = V - rate * first @ X.T, c - rate * first.sum(axis=1, keepdims=True)
        W, d = W - rate * back @ act.relu(z).T, d - rate * back.sum(axis=1, keepdims=True)
        u = u - rate * out @ act.relu(s).T
    return [(int(before.sum()), int((before & ~after).sum())) for before, after in zip(dead[0], dead[-1], strict=True)]


def test_a_dead_unit_can_revive_in_a_deeper_layer_only() -> None:
    """In the first layer none comes back, in the second about a third does: its inputs move. The chapter's output says the same."""
    (first, back_1), (second, back_2) = np.array([revived(seed) for seed in range(4)]).sum(axis=0)
    assert min(first, second) > 40
    assert back_1 == 0
    assert 0.1 < back_2 / second < 0.7
    found = re.search(r"first +hidden layer: +0 of \d+ dead came back.*\nsecond hidden layer: (\d+) of (\d+) dead came back", PRINTED)
    assert found is not None
    assert 0.2 < int(found[1]) / int(found[2]) < 0.6


def test_the_elu_has_a_corner_unless_gamma_is_1() -> None:
    """Its slopes left and right of 0 are γ and 1."""
    for gamma in (0.5, 1.0, 2.0):
        left, right = act.elu_derivative([-1e-9, 1e-9], gamma)
        assert (left, right) == (pytest.approx(gamma), 1)
        assert (abs(left - right) < 1e-6) == (gamma == 1)
    assert "gamma = 1.0: slope 1.00 just left of 0, 1.00 just right of it" in PRINTED
    assert "Only $\\gamma = 1$ has no kink" in SOURCE


def test_nearly_all_is_told_as_a_number() -> None:
    """With a first step of 5, 0.87 of the units die; the prose says 0.87 and not "nearly all"."""
    assert "0.87<!-- measured -->" in SOURCE
    assert not re.search(r"with 5 nearly all", SOURCE)


def test_the_answer_on_slopes_names_the_step() -> None:
    """The step function, the logistic function and its hard form lose more than half of the slope, and no others."""
    table = re.search(r"function +mean output.*\n((?:.+\n){12})", PRINTED)
    assert table is not None
    kept = {line[:13].strip(): float(line.split()[-1]) for line in table[1].splitlines()}
    assert {name for name, slope in kept.items() if slope < 0.49} == {"step", "logistic", "hard-logistic"}
    assert kept["step"] == 0
    answer = re.search(r'question="half_the_slope".*?</details>', SOURCE, re.DOTALL)
    assert answer is not None
    assert "The step function passes on no slope at all" in answer[0]


def test_the_scale_of_the_weights_leaves_the_line_and_softens_the_answers() -> None:
    """On road A6 of the first chapter σ(z) is sure of all but a few points, σ(z / 10) of hardly any, and both say the same of each."""
    town = load_traffic()
    here = (town.road == "A6") & (town.target != 1)
    X = np.stack([town.data[here, 0] / 10, town.data[here, 4]])
    w, b, _, converged = train_perceptron(X, np.where(town.target[here] == 2, 1, -1))
    z = w @ X + b
    assert converged
    unsure = [np.mean(np.abs(act.sigmoid(z / scale) - 0.5) < 0.49) for scale in (1, 10)]
    assert unsure[0] < 0.05 < 0.95 < unsure[1]
    assert np.array_equal(act.sigmoid(z) > 0.5, act.sigmoid(z / 10) > 0.5)


def test_every_function_of_the_lectures_is_in_the_table() -> None:
    """The table at the end lists the thirteen functions."""
    table = re.search(r"### The thirteen in a table\n.*?(\n# \|.*?)\n#\n", SOURCE, re.DOTALL)
    assert table is not None
    assert len(re.findall(r"^# \|", table[1], re.MULTILINE)) == 13 + 2
