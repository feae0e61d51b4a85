"""Every worked number and every erratum of the lectures that belongs to chapter 04 stands in the executed notebook."""

from __future__ import annotations

import re
from functools import cache

import pytest
from support import ROOT

from nnlab.workbook.build import load
from nnlab.workbook.course import Course


@cache
def outputs() -> dict[str, str]:
    """Return what each code cell of the solution prints, by the cell's id."""
    cells = load(Course(ROOT).chapter("04").solution).cells
    return {cell.id: "".join(output.get("text", "") for output in cell.outputs) for cell in cells if cell.cell_type == "code"}


@cache
def prose() -> str:
    """Return the text of the solution's notebook, its answers included."""
    return "\n".join(cell.source for cell in load(Course(ROOT).chapter("04").solution).cells if cell.cell_type == "markdown")


def printed(cell: str, label: str) -> list[str]:
    """Return the numbers of the line of a cell's output that begins with the label."""
    [line] = [line for line in outputs()[cell].splitlines() if line.startswith(label)]
    return re.findall(r"-?\d+(?:\.\d+)?", line.removeprefix(label))


NUMBERS = {
    "S0: (x + y) z": ("checkpoint_worked_graphs", "S0: f =", ["-12.0", "-4.0", "-4.0", "3.0"]),
    "S1: 1.37 and −0.53": ("checkpoint_worked_graphs", "S1: before the last step", ["1.37", "-0.53"]),
    "S1: out": ("checkpoint_worked_graphs", "S1: out", ["0.73"]),
    "S1: gradients": ("checkpoint_worked_graphs", "S1: gradients of w0, x0, w1, x1, w2:", ["-0.20", "0.39", "-0.39", "-0.59", "0.20"]),
    "S2: h1 to h6": ("checkpoint_worked_graphs", "S2: h1 to h6:", ["0", "0", "0", "1", "2", "0.5"]),
    "S2: back from h6": ("checkpoint_worked_graphs", "S2: gradients of h6 to h1:", ["1", "-0.25", "-0.25", "-0.25", "0.25", "0.25"]),
    "S2: gradient of w": ("checkpoint_worked_graphs", "S2: gradient of w:", ["0.25"]),
    "S4: hidden": ("checkpoint_small_network", "hidden:", ["0.595078474", "0.598687660"]),
    "S4: output": ("checkpoint_small_network", "output:", ["0.702307507", "0.714634132"]),
    "S4: errors": ("checkpoint_small_network", "errors:", ["0.010906536", "0.085960731", "0.096867268"]),
    "S4: slopes": ("checkpoint_small_network", "slopes:", ["0.209071672", "0.240960084"]),
    "S4: error term of output 1": ("checkpoint_small_network", "delta of output 1:", ["-0.030878316"]),
    "S4: back to hidden neuron 1": (
        "checkpoint_small_network",
        "back to hidden neuron 1:",
        ["-0.007719579", "0.025367174", "0.017647595"],
    ),
    "S4: gradients": ("checkpoint_small_network", "gradient of w5:", ["-0.018375021", "1", "0.000425237"]),  # the 1 is that of "w1"
    "S4: new weights": ("checkpoint_small_network", "new w5:", ["0.268375021", "1", "0.049574763"]),
    "S4, by Node": ("checkpoint_node_network", "gradient of w5:", ["-0.018375021", "1", "0.000425237"]),
    "S0: fifty steps": ("checkpoint_fifty_steps", "after 50 steps:", ["0.5292", "0.0634", "0.4075"]),
    "erratum 1: σ′(0) and the slide's formula": ("one-neuron-and-the-slope-of-the-sigmoid-2", "z = 0:", ["0.2500", "0.3655"]),
    "erratum 2: softmax sums to 1": ("checkpoint_fifty_steps", "sum of the shares:", ["1.0"]),
    "erratum 4: sum and mean, batch of 8": ("bp-4-the-biases-3", "weights, as on the slide:", ["4.0"]),
    "erratum 4: the mean": ("bp-4-the-biases-3", "biases, as on the slide:", ["0.5"]),
    "erratum 4: found by the gradient check": ("checkpoint_gradient_check", "the slide's sum: relative error", ["0.8571"]),
    "erratum 4: by the factor 7": ("checkpoint_gradient_check", "the slide's sum: longer", ["7.0000"]),
    "erratum 8: the right order": ("the-chain-rule-on-a-graph-8", "outer @ inner has shape", ["2", "3"]),
}

# Each with what is said of it: the slide's words, and what is right.
ERRATA = {
    "1: σ′": (r"\sigma'(x) = \sigma(x) \cdot \sigma(1 - x)", r"\sigma(x)\,(1 - \sigma(x))"),
    "2: no softmax output": ("(0.45860661, 0.08641333, 0.37609855)", "sum to 0.9211", "(0.5292, 0.0634, 0.4075)"),
    "3: weight shapes": ("(5, 4), (4, 3), (3, 3)", "(4, 5), (3, 4), (3, 3)"),
    "3: six values": ("`a, z = forward(x, w, b)`", "six values do not fit into two names"),
    "3: delta_Output": ("calls `delta_Output`", "A `NameError`"),
    "3: transpose": (r"backward with $\mathbf{w}^\top \boldsymbol{\delta}$", "one of the two must be transposed and the other not"),
    "3: f′ at z(l)": (r"f'(\mathbf{z}^{(L)})", r"at the layer's own $\mathbf{z}^{(l)}$"),
    "4: sum and mean": ("`alpha * (delta @ a.T)`", "Average both."),
    "7: three errors, one name": (r"$2\,(a_k - y_k)$", r"$\frac{2}{n} (a_k - y_k)$", "$a_k - y_k$"),
    "8: order of the chain rule": (
        r"\frac{\partial f^1}{\partial x} \frac{\partial f^2}{\partial f^1}",
        "The code needs the outermost on the left",
    ),
    "11: the lost square": (r"$E = \frac{1}{2} \lVert \mathbf{y} - \mathbf{o} \rVert$", r"\rVert^2$"),
    "11: ∂E/b": (r"\dfrac{\partial E}{b}", r"\dfrac{\partial E}{\partial b}"),
    "11: close to zero": ('"close to zero" and does not say how close', "Chapter 06 measures it"),
}


@pytest.mark.parametrize(("cell", "label", "expected"), NUMBERS.values(), ids=NUMBERS)
def test_worked_numbers(cell: str, label: str, expected: list[str]) -> None:
    """The number is printed as the lecture has it; where the lecture cut the ninth digit off, ours is rounded and one higher."""
    got = printed(cell, label)
    assert [len(number) for number in got] == [len(number) for number in expected]
    assert [float(number) for number in got] == pytest.approx([float(number) for number in expected], abs=1.1e-9, rel=0)


@pytest.mark.parametrize("said", ERRATA.values(), ids=ERRATA)
def test_errata(said: tuple[str, ...]) -> None:
    """The erratum is told: what the slide says, and what is right."""
    assert [words for words in said if words not in prose()] == []


def test_errata_are_found_first() -> None:
    """What the slides get wrong is asked before it is told: each "the slide says" is folded, under its question."""
    asked = re.findall(r"\*\*Find the errors?\.\*\*", prose())
    told = re.findall(r"<details><summary>The slide says, the code says</summary>", prose())
    assert len(asked) == len(told) == 7


def test_zeros_fail_and_random_numbers_learn() -> None:
    """From zeros all hidden neurons stay equal and XOR is not learned; from random numbers it is."""
    assert outputs()["checkpoint_zero_start"].splitlines() == [
        "zeros: error 0.125, all hidden neurons equal: True",
        "random: error 0.000, all hidden neurons equal: False",
    ]


def test_gradient_check_passes() -> None:
    """Every gradient of the solution's `backward` is fine."""
    assert outputs()["checkpoint_gradient_check"].count("weights fine: True, biases fine: True") == 3
