"""The interactive demos: what they draw, what their controls do, and what shows where no kernel runs."""

from __future__ import annotations

import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

from nnlab import demos, plots
from nnlab.activations import ACTIVATIONS, softmax
from nnlab.forward_propagation import forward

demo = demos.forward_propagation
START = demo.State(demo.START)
PARAMETERS = demo.INPUTS + demo.WEIGHTS + demo.BIASES
STATES = {
    "start": START,
    "inputs moved": START.move(demo.Parameter(0, 0), -2.0).move(demo.Parameter(0, 1), 1.7),
    "zero weight": START.move(demo.Parameter(1, 0, 1), 0.0),
    "tanh": demo.State(demo.START, "tanh"),
    "ReLU": demo.State(demo.START, "ReLU", demo.Parameter(2, 1)),
    "none": demo.State(demo.START, "none", demo.Parameter(1, 2)),
    "all at the end": demo.State(dict.fromkeys(PARAMETERS, -3.0), "none"),
}
each_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES)
SVG = "{http://www.w3.org/2000/svg}"


def _drawing(state: object) -> ElementTree.Element:
    return ElementTree.fromstring(demo.svg(state))


def _of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def _two_decimals(values: object) -> list[str]:
    return [f"{value:z.2f}".replace("-", "−") for value in np.ravel(values)]


def _reference(state: object) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Run forward() on numbers read one by one from the state."""
    v = state.values
    W = [np.array([[v[1, i, j] for j in range(2)] for i in range(3)]), np.array([[v[2, i, j] for j in range(3)] for i in range(2)])]
    x, *b = (np.array([[v[layer, i, None]] for i in range(size)]) for layer, size in enumerate((2, 3, 2)))
    return forward(x, W, b, ACTIVATIONS[demo.FUNCTIONS[state.activation]], softmax)


@each_state
def test_every_neuron_shows_what_forward_gives(state: object) -> None:
    """Each neuron shows its activation as forward() computes it, and the bars are as long as the outputs."""
    _, a = _reference(state)
    root = _drawing(state)
    assert [neuron.find("text").text for neuron in _of_class(root, "neuron")] == _two_decimals(np.concatenate(a))
    widths = [float(bar.get("width")) / demo.BAR_LENGTH for bar in _of_class(root, "bar")]
    assert widths == pytest.approx(a[-1].ravel().tolist(), abs=1e-3)


@each_state
def test_selected_sum_is_the_neurons_own(state: object) -> None:
    """The text below is the sum of the selected neuron: its weights, inputs, bias, z and a."""
    z, a = _reference(state)
    layer, i, _ = state.moved
    [selected] = _of_class(_drawing(state), "selected")
    first, second = (element.text or "" for element in _of_class(selected, "sum"))
    if layer == 0:
        assert first.endswith(f"= {_two_decimals(a[0])[i]}")
        return
    pairs = [(state.values[layer, i, j], value) for j, value in enumerate(a[layer - 1].flat)]
    expected = [*(number for pair in pairs for number in pair), state.values[layer, i, None], z[layer - 1][i, 0]]
    assert re.findall(r"−?\d+\.\d\d", first) == _two_decimals(expected)
    assert second.endswith(f" = {_two_decimals(a[layer])[i]}")


@each_state
def test_every_weight_shows_number_sign_and_size(state: object) -> None:
    """Each weight's line has its number, a class for its sign, and is wider the larger it is."""
    root = _drawing(state)
    values = [state.values[weight] for weight in demo.WEIGHTS]
    edges = _of_class(root, "edge")
    numbers = [element.text for element in root.findall("text")[: len(values)]]
    assert numbers == _two_decimals(values)
    assert [edge.get("class") for edge in edges] == [f"edge {demo.KINDS[int(np.sign(value))]}" for value in values]
    widths = [float(edge.get("stroke-width")) for edge in edges]
    assert np.argsort(widths, kind="stable").tolist() == np.argsort(np.abs(values), kind="stable").tolist()


def test_every_number_stands_on_its_own_line() -> None:
    """A weight's number is nearer to its line than to any other, and no other line or number comes within 12 units of it."""
    half_wide, half_high = 28, 10  # of the widest number, −1.20
    for weight in demo.WEIGHTS:
        x, y, _ = demo._label(weight)
        for other in demo.WEIGHTS:
            (x0, y0), (x1, y1) = demo._place(other.layer - 1, other.source), demo._place(other.layer, other.to)
            share = np.linspace(0, 1, 200)
            away = np.abs(x0 + share * (x1 - x0) - x) - half_wide, np.abs(y0 + share * (y1 - y0) - y) - half_high
            nearest = np.hypot(*np.maximum(away, 0)).min()
            assert (nearest == 0) if other == weight else (nearest > 12)
            there = demo._label(other)
            assert other == weight or abs(there[0] - x) > 2 * half_wide + 12 or abs(there[1] - y) > 2 * half_high + 12


def test_a_click_chooses_what_the_list_offers() -> None:
    """Each line and each neuron names the entry of the list that is its weight or its bias, and the list can be reached with keys."""
    root, offered = _drawing(START), [parameter for _, parameter in demo._Controls().choice.options]
    lines = [offered[int(hit.get("data-choice"))] for hit in _of_class(root, "hit")]
    assert lines == demo.WEIGHTS
    assert [hit.get("d") for hit in _of_class(root, "hit")] == [demo._line(weight) for weight in demo.WEIGHTS]
    biases = [offered[int(neuron.get("data-choice"))] for neuron in _of_class(root, "neuron") if neuron.get("data-choice")]
    assert biases == demo.BIASES
    assert "querySelector('select')" in demo.CLICK
    assert demo._Controls().choice.description == "Weight or bias"


def test_letters_can_be_read_at_500_pixels() -> None:
    """At a width of 500 pixels the letters are 12 pixels high at least, and no usual sum is longer than its line."""
    assert float(re.search(r"\.fwd \{.*?font-size: (\d+)px", demo.CSS)[1]) * 500 / 720 >= 12
    assert all("long" not in element.get("class", "") for element in _of_class(_drawing(START), "sum"))


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_marked_neurons_are_those_that_change(parameter: tuple) -> None:
    """The neurons on the marked path are just those whose activation changes with the parameter."""
    moved = START.move(parameter, START.values[parameter] + 0.1)
    before, after = (np.concatenate(_reference(state)[1]).ravel() for state in (START, moved))
    neurons = _of_class(_drawing(moved), "neuron")
    assert ["changed" in neuron.get("class").split() for neuron in neurons] == (before != after).tolist()


def test_marked_lines_lead_on_from_the_moved_weight() -> None:
    """Moving x₁ → h₂ marks that line and the two that lead on from h₂; moving a bias of an output marks none."""
    weight, bias = demo.Parameter(1, 1, 0), demo.Parameter(2, 0)
    marked = [glow.get("d") for glow in _of_class(_drawing(START.move(weight, 2.0)), "glow")[:-1]]
    assert marked == [demo._line(line) for line in (weight, demo.Parameter(2, 0, 1), demo.Parameter(2, 1, 1))]
    assert len(_of_class(_drawing(START.move(bias, 2.0)), "glow")) == 1  # that of the legend


def test_larger_output_is_marked() -> None:
    """The word "larger" stands under the bar of the larger output, and under none when they are the same."""
    low, high = (START.move(demo.Parameter(2, 1), value) for value in (-3.0, 3.0))
    heights = [float(_of_class(_drawing(state), "winner")[0].get("y")) for state in (low, high)]
    assert heights[1] - heights[0] == demo.STEP
    same = demo.State(dict.fromkeys(PARAMETERS, 1.0))
    assert _of_class(_drawing(same), "winner") == []
    assert "Both outputs are the same." in demo.describe(same)


def test_one_single_weight_flips_the_larger_output() -> None:
    """The question under the demo has an answer within reach of the slider, and so has the one about a bias."""
    first, second = _reference(START)[1][-1].flat
    for parameters in (demo.WEIGHTS, demo.BIASES):
        ends = [_reference(START.move(p, end))[1][-1].ravel() for p in parameters for end in (-3.0, 3.0)]
        assert any((a > b) != (first > second) for a, b in ends)


@each_state
def test_drawing_is_described_in_words(state: object) -> None:
    """The drawing is one picture to a screen reader, and its label gives all activations and the selected neuron's sum."""
    root = _drawing(state)
    label = root.get("aria-label")
    assert root.get("role") == "img"
    assert label == demo.describe(state)
    assert re.findall(r"(?<=₁|₂|₃) = (−?\d+\.\d\d)(?=[,.])", label)[:7] == _two_decimals(np.concatenate(_reference(state)[1]))


def test_drawing_suits_light_and_dark_themes() -> None:
    """Text and outlines take the page's colour, and what colours there are belong to the palette."""
    svg = demo.svg(START)
    palette = {plots.BLUE, plots.VERMILLION, plots.ORANGE, plots.SKY, plots.GREY}
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", svg)) <= palette
    assert not re.search(r"\b(black|white|rgb|hsl)\b", svg)
    assert ".fwd text { fill: currentColor;" in svg
    assert not [element for element in _drawing(START).iter("text") if element.get("fill") or element.get("style")]


def test_each_control_changes_the_drawing() -> None:
    """Moving any slider, choosing a weight or an activation changes the drawing; reset brings the first one back."""
    controls = demo._Controls()
    first = controls.picture.value
    seen = {first}
    for control, value in (
        (controls.inputs[0], -1.5),
        (controls.inputs[1], 0.4),
        (controls.choice, demo.Parameter(2, 0, 2)),
        (controls.value, 2.5),
        (controls.activation, "ReLU"),
    ):
        control.value = value
        assert controls.picture.value not in seen
        seen.add(controls.picture.value)
    assert controls.state.values[2, 0, 2] == 2.5
    controls.reset.click()
    assert controls.picture.value == first
    assert [controls.inputs[0].value, controls.choice.value, controls.activation.value] == [1.0, demo.WEIGHTS[0], "sigmoid"]


def test_choosing_a_parameter_brings_its_value() -> None:
    """The value slider takes over the number of each weight or bias chosen, and changes none by it."""
    controls = demo._Controls()
    for parameter in demo.WEIGHTS + demo.BIASES:
        controls.choice.value = parameter
        assert controls.value.value == demo.START[parameter]
    assert controls.state.values == demo.START


def test_an_input_leaves_the_chosen_weight_alone() -> None:
    """After an input was moved, the value slider still moves the weight that is chosen."""
    controls = demo._Controls()
    controls.choice.value = demo.Parameter(1, 2, 1)
    controls.inputs[1].value = 1.0
    assert controls.value.value == demo.START[1, 2, 1]
    controls.value.value = -1.0
    assert controls.state.moved == (1, 2, 1)
    assert controls.state.values[1, 2, 1] == -1.0


def test_still_picture_is_of_the_state_the_widget_is_in() -> None:
    """After a slider was moved, the still picture and its alt text are of the new state."""
    shown = demos.forward_propagation()
    before = shown._repr_mimebundle_()[0]
    shown.widget.children[0].children[0].value = -2.0
    after = shown._repr_mimebundle_()[0]
    assert before["image/png"] != after["image/png"]
    assert "x₁ = −2.00" in after["text/plain"]


def test_unknown_demo_is_answered_with_those_there_are() -> None:
    """Asking for a demo that does not exist names those that do."""
    with pytest.raises(AttributeError, match=r"there is no demo 'softmax'. There are: .*\bforward_propagation\b"):
        _ = demos.softmax
    assert "forward_propagation" in dir(demos)


@pytest.mark.parametrize("first", ["", "import nnlab.demos.forward_propagation; "])
def test_demo_can_be_called_however_it_was_imported(first: str) -> None:
    """`demos.forward_propagation()` works twice in a row, also after an import of the module itself; importing demos is cheap."""
    code = (
        "import sys; from nnlab import demos; assert not {'matplotlib', 'ipywidgets'} & set(sys.modules); "
        f"{first}demos.forward_propagation(); demos.forward_propagation()"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)
