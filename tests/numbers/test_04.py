"""Every worked number of the lectures that belongs to chapter 04 stands in the executed notebook, and what the chapter claims is so."""

from __future__ import annotations

import re
import time
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from sample_class import sample_class
from support import ROOT, namespace

from nnlab import backpropagation as bp
from nnlab.activations import Array, sigmoid, sigmoid_derivative, softmax
from nnlab.data import load_traffic
from nnlab.forward_propagation import forward, init_params
from nnlab.network import MLPClassifier
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
    "S0: (x + y) z": ("checkpoint_worked_graphs", "sum and product: f =", ["-12.0", "-4.0", "-4.0", "3.0"]),
    "S1: 1.37 and −0.53": ("checkpoint_worked_graphs", "neuron: before the last step", ["1.37", "-0.53"]),
    "S1: out": ("checkpoint_worked_graphs", "neuron: out", ["0.73"]),
    "S1: gradients": ("checkpoint_worked_graphs", "neuron: gradients of w0, x0, w1, x1, w2:", ["-0.20", "0.39", "-0.39", "-0.59", "0.20"]),
    "S2: h1 to h6": ("checkpoint_worked_graphs", "sigmoid: h1 to h6:", ["0", "0", "0", "1", "2", "0.5"]),
    "S2: back from h6": ("checkpoint_worked_graphs", "sigmoid: gradients of h6 to h1:", ["1", "-0.25", "-0.25", "-0.25", "0.25", "0.25"]),
    "S2: gradient of w": ("checkpoint_worked_graphs", "sigmoid: gradient of w:", ["0.25"]),
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
    "S4, by Node": ("further-4", "gradient of w5:", ["-0.018375021", "1", "0.000425237"]),
    "S4, to the end": ("checkpoint_small_network", "after 1000 steps:", ["0.8500", "0.3000"]),
    "S2: x²y + (y + 2)": ("checkpoint_dynamic_graph", "x²y + (y + 2): f =", ["42.0", "24.0", "10.0"]),
    "S0: fifty steps": ("checkpoint_fifty_steps", "after   50 steps:", ["0.5292", "0.0634", "0.4075"]),
    "S0: five hundred": ("checkpoint_fifty_steps", "after  500 steps:", ["0.0404", "0.9152", "0.0444"]),
    "S0: five thousand": ("checkpoint_fifty_steps", "after 5000 steps:", ["0.0024", "0.9950", "0.0026"]),
    "sum and mean, batch of 8: weights": ("exercise-layer-gradients-3", "a weight's gradient:", ["4.0"]),
    "sum and mean, batch of 8: biases": ("exercise-layer-gradients-3", "a bias's gradient:", ["0.5"]),
    "sum and mean, found by the gradient check": ("checkpoint_gradient_check", "the classmate's sum: relative error", ["0.8571"]),
    "sum and mean, by the factor 7": ("checkpoint_gradient_check", "the classmate's sum: longer", ["7.0000"]),
    "the order of a chain of vectors": ("further-2", "outer @ inner has shape", ["2", "3"]),
}


@pytest.mark.parametrize(("cell", "label", "expected"), NUMBERS.values(), ids=NUMBERS)
def test_worked_numbers(cell: str, label: str, expected: list[str]) -> None:
    """The number is printed as the lecture has it; where the lecture cut the ninth digit off, ours is rounded and one higher."""
    got = printed(cell, label)
    assert [len(number) for number in got] == [len(number) for number in expected]
    assert [float(number) for number in got] == pytest.approx([float(number) for number in expected], abs=1.1e-9, rel=0)


def test_gradient_check_passes() -> None:
    """Every gradient of the solution's `backward` is fine."""
    assert outputs()["checkpoint_gradient_check"].count("weights fine: True, biases fine: True") == 3


def test_zeros_fail_and_random_numbers_learn_xor() -> None:
    """From zeros all hidden neurons stay equal and XOR is not learned; from random numbers it is."""
    assert outputs()["checkpoint_zero_start"].splitlines() == [
        "zeros: answers 0.5 0.5 0.5 0.5 all hidden neurons equal: True",
        "random: answers 0.0 1.0 1.0 0.0 all hidden neurons equal: False",
    ]


def test_where_descent_ends_depends_on_where_it_starts() -> None:
    """The two walkers stop in different valleys, and one of these is not the deepest."""
    labels = ("from 1.4: ends at w =", "from -0.1: ends at w =")
    (here, low), (there, lower) = (printed("a-valley-that-is-not-the-deepest-4", label) for label in labels)
    assert (here, there) == ("0.93", "-1.06")
    assert float(low) > float(lower) + 0.9
    for w in (float(here), float(there)):
        assert abs(4 * w**3 - 4 * w + 0.5) < 0.05, "the slope is zero at both"


def test_no_sentence_speaks_of_slides() -> None:
    """The reader has never seen one."""
    source = Course(ROOT).chapter("04").source.read_text("utf-8")
    assert len(re.findall(r"\bslides?\b", source)) <= 4


# --- the students' own network learns the road -----------------------------------------------------------------------------------------


def road() -> tuple[Array, NDArray[np.int64], Array, NDArray[np.int64]]:
    """Return the map of the chapter: features on one scale and states, of the early days and of the late ones."""
    town = load_traffic()
    here, early = town.road == "A6", town.day <= 5
    features = np.array([town.data[:, 0] / 10, town.data[:, 4]])
    X, X_new = features[:, here & early], features[:, here & ~early]
    middle, spread = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    return (X - middle) / spread, town.target[here & early], (X_new - middle) / spread, town.target[here & ~early]


def student() -> dict[str, Any]:
    """Return the functions of an executed notebook whose exercises are answered as in the sample class, so as students write them."""
    chapter = Course(ROOT).chapter("04")
    names: dict[str, Any] = {**namespace(chapter), "forward": forward, "init_params": init_params}
    for exercise, source in sample_class("04_backpropagation").members["full_marks"].answers.items():
        if exercise in ("delta_hidden", "layer_gradients", "backward", "optimize"):
            exec(source, names)
    return names


def test_the_students_network_is_as_good_as_ours_on_the_road() -> None:
    """Within a point of `nnlab.network`'s accuracy on the same map, on the days it learns from and on new ones, in under 10 s of CPU."""
    X, y, X_new, y_new = road()
    theirs, started = student(), time.process_time()
    W, b = theirs["init_params"]([2, 8, 3], np.random.default_rng(1))
    for _ in range(1000):
        z, a = theirs["forward"](X, W, b, sigmoid, softmax)
        W, b = theirs["optimize"](W, b, *theirs["backward"](np.eye(3)[:, y], W, z, a, sigmoid_derivative, np.ones_like), 3.0)
    assert time.process_time() - started < 10
    ours = [MLPClassifier((8,), random_state=seed).fit(X.T, y) for seed in range(3)]
    for points, states in ((X, y), (X_new, y_new)):
        reached = np.mean(theirs["forward"](points, W, b, sigmoid, softmax)[1][-1].argmax(axis=0) == states)
        assert reached >= np.mean([each.score(points.T, states) for each in ours]) - 0.01
    assert reached == pytest.approx(float(printed("checkpoint_road", "after 1000 steps:")[-1]), abs=0.01)


def test_the_boundary_moves_and_the_cost_falls() -> None:
    """The chapter shows it: from nearly nothing right to nearly all, with a cost that falls at each of the four looks."""
    looks = [printed("checkpoint_road", f"after {step:4} steps:") for step in (0, 10, 100, 1000)]
    costs, right = ([float(each) for each in column] for column in zip(*looks, strict=True))
    assert costs == sorted(costs, reverse=True)
    assert right[0] < 0.1
    assert right[-1] > 0.9


# --- what section 5 of the chapter says -------------------------------------------------------------------------------------------------


def test_an_error_term_carries_no_mean() -> None:
    """Column n of δ is the derivative of the error of sample n, at the output and in a hidden layer; the mean is taken in dW and db."""
    rng = np.random.default_rng(0)
    W, b = init_params([3, 4, 2], rng)
    x, y = rng.normal(size=(3, 5)), rng.normal(size=(2, 5))
    z, a = forward(x, W, b, sigmoid, sigmoid)
    deltas = [bp.delta_output(a[2], y, sigmoid_derivative(z[1]))]
    deltas.insert(0, bp.delta_hidden(deltas[0], W[1], z[0], sigmoid_derivative))

    def errors(layer: int, moved: Array) -> Array:
        """Return the error of each sample, from the pre-activations of a layer on."""
        z_out = moved if layer == 1 else W[1] @ sigmoid(moved) + b[1]
        return 0.5 * ((sigmoid(z_out) - y) ** 2).sum(axis=0)

    for layer in (0, 1):
        of_the_sum = bp.central_differences(lambda moved, layer=layer: float(errors(layer, moved).sum()), z[layer])
        of_the_mean = bp.central_differences(lambda moved, layer=layer: float(errors(layer, moved).mean()), z[layer])
        assert_allclose(deltas[layer], of_the_sum, atol=1e-8)
        assert_allclose(deltas[layer] / 5, of_the_mean, atol=1e-8)
    dW, db = bp.layer_gradients(deltas[0], x)
    mean_error = lambda V, v: float(errors(0, V @ x + v).mean())  # noqa: E731
    assert_allclose(dW, bp.central_differences(lambda V: mean_error(V, b[0]), W[0]), atol=1e-8)
    assert_allclose(db, bp.central_differences(lambda v: mean_error(W[0], v), b[0]), atol=1e-8)


def test_the_chapter_says_once_where_the_mean_is() -> None:
    """In the text of section 5, and nowhere else in other words."""
    assert prose().count(r"There is no $\frac{1}{n}$ in it.") == 1


def test_the_sigmoid_stands_in_the_wrong_place() -> None:
    """σ(z) σ(1 − z) is the slope nowhere: right is one minus σ(z), which is σ(−z), and not σ of one minus z."""
    z = np.linspace(-5, 5, 101)
    slope = bp.central_differences(lambda p: float(sigmoid(p).sum()), z)
    assert_allclose(sigmoid(z) * (1 - sigmoid(z)), slope, atol=1e-9)
    assert (np.abs(sigmoid(z) * sigmoid(1 - z) - slope) > 1e-5).all()
    assert printed("exercise-central-differences-3", "measured:")[1] == "0.2500"
    assert printed("exercise-central-differences-3", "classmate:")[1] == "0.3655"
    assert r"The second $\sigma$ stands in the wrong place" in prose()


def test_softmax_with_the_squared_error_learns_nothing_where_it_is_sure_and_wrong() -> None:
    """What the challenge ends with."""
    a, y = softmax(np.array([[20.0], [0.0], [0.0]])), np.array([[0.0], [1.0], [0.0]])
    assert np.abs(bp.softmax_squared_delta(a, y)).max() < 1e-8
    assert_allclose(bp.delta_output(a, y).ravel(), [1, -1, 0], atol=1e-8)
