"""The demo of chapter 02: what it draws and says, what its controls do, and what shows where no kernel runs."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from nnlab import demos, plots
from nnlab.activations import ACTIVATIONS, DERIVATIVES

demo = demos.activations
START = demo.State()
STATES = {
    "start": START,
    **{name: demo.State(name, 0.5, 1.5) for name in demo.FUNCTIONS},
    "far left": demo.State("logistic (sigmoid)", -4.0, 0.1),
    "wide": demo.State("tanh", 4.0, 5.0),
}
each_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES)


def _drawing(state: object) -> ElementTree.Element:
    return ElementTree.fromstring(demo.svg(state))


def _of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if element.get("class") == name]


def _number(element: ElementTree.Element, name: str) -> float:
    return float(element.get(name, "nan"))


def test_it_offers_all_functions_of_the_chapter() -> None:
    """The list has every function of the lesson except the softmax, whose outputs depend on each other, and the GELU's two short cuts."""
    assert sorted(demo.FUNCTIONS.values()) == sorted(set(ACTIVATIONS) - {"softmax", "gelu_tanh", "gelu_sigmoid"})


@each_state
def test_curves_are_the_function_and_its_derivative(state: object) -> None:
    """Read back from the drawing, the two curves are f and f′ to the precision of a pixel."""
    name = demo.FUNCTIONS[state.function]
    low, high = state.span
    for kind, f in (("f", ACTIVATIONS[name]), ("slope", DERIVATIVES[name])):
        [curve] = [element for element in _of_class(_drawing(state), kind) if element.get("points")]
        x, y = np.array([pair.split(",") for pair in curve.get("points").split()], float).T
        z = (x - demo.LEFT) / demo.WIDTH * 12 - 6
        assert z == pytest.approx(demo.Z, abs=0.002)
        assert high - (y - demo.TOP) / demo.HEIGHT * (high - low) == pytest.approx(f(demo.Z), abs=(high - low) / demo.HEIGHT)


@each_state
def test_figures_are_those_of_a_sample(state: object) -> None:
    """Mean, standard deviation and shares agree with 200,000 random pre-activations."""
    name = demo.FUNCTIONS[state.function]
    z = state.mean + state.deviation * np.random.default_rng(0).standard_normal(200_000)
    a, found = ACTIVATIONS[name](z), state.figures
    assert found["mean"] == pytest.approx(a.mean(), abs=0.02)
    assert found["deviation"] == pytest.approx(a.std(), abs=0.02)
    assert found["zero"] == pytest.approx(np.mean(a == 0), abs=0.01)
    assert found["flat"] == pytest.approx(np.mean(np.abs(DERIVATIVES[name](z)) < demo.FLAT), abs=0.01)


@each_state
def test_bars_show_the_shares(state: object) -> None:
    """The grey area is the share of flat units among the inputs in sight, and the output bars lie where the outputs are."""
    root = _drawing(state)
    grey, blue = ([bar for bar in _of_class(root, kind) if _number(bar, "y") >= demo.BELOW] for kind in ("flat", "bar"))
    grey = [bar for bar in grey if _number(bar, "x") < demo.RIGHT]
    area = [sum(_number(bar, "height") for bar in bars) for bars in (grey, blue)]
    seen = np.abs(state.inputs) <= 6
    expected = demo.WEIGHTS @ (state.flat(state.inputs) & seen) / (demo.WEIGHTS @ seen)
    assert area[0] / sum(area) == pytest.approx(expected, abs=0.03)
    (low, high), a = state.span, ACTIVATIONS[demo.FUNCTIONS[state.function]](state.inputs)
    outputs = [bar for bar in _of_class(root, "bar") if _number(bar, "x") == demo.RIGHT]
    values = [high - (_number(bar, "y") + _number(bar, "height") / 2 - demo.TOP) / demo.HEIGHT * (high - low) for bar in outputs]
    seen = (low < a) & (a < high)
    mean = np.average(a[seen], weights=demo.WEIGHTS[seen])
    assert np.average(values, weights=[_number(bar, "width") for bar in outputs]) == pytest.approx(mean, abs=0.02 * (high - low))


@each_state
def test_zeros_fall_into_one_bar(state: object) -> None:
    """0 lies inside a bin of the outputs, and the bins reach over all that the drawing shows."""
    edges, (low, high) = demo._edges(*state.span), state.span
    assert np.abs(edges).min() == pytest.approx(np.diff(edges)[0] / 2)
    assert edges[0] <= low
    assert edges[-1] >= high


@each_state
def test_drawing_is_described_in_words(state: object) -> None:
    """The drawing is one picture to a screen reader; its label names the function and gives every figure, as the text below does."""
    root, found = _drawing(state), state.figures
    label = root.get("aria-label")
    assert root.get("role") == "img"
    assert label == demo.describe(state)
    numbers = [found["mean"], found["deviation"]]
    shown = [f"{value:z.2f}".replace("-", "−") for value in (state.mean, state.deviation, *numbers)]
    assert re.findall(r"−?\d+\.\d\d(?=[,;.])", label.partition("Inputs:")[2])[:4] == shown
    assert f"{100 * found['zero']:.0f} % are exactly 0" in label
    assert label.endswith(f"{100 * found['flat']:.0f} %.")
    assert all(text.text in label for text in root.iter("{http://www.w3.org/2000/svg}text") if text.text.startswith(("Outputs", "Flat")))


def test_drawing_suits_light_and_dark_themes() -> None:
    """Text and axes take the page's colour, and what colours there are belong to the palette."""
    svg = demo.svg(START)
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", svg)) <= {plots.BLUE, plots.VERMILLION, plots.SKY, plots.GREY}
    assert not re.search(r"\b(black|white|rgb|hsl)\b", svg)
    assert ".act text { fill: currentColor;" in svg


def test_the_questions_below_have_answers() -> None:
    """What the text below asks can be seen: the zero-centred functions, those without slope at −4, and those that come back."""
    means = {name for name in demo.FUNCTIONS if abs(demo.State(name).figures["mean"]) < 0.005}
    assert means == {"none", "tanh", "hard-tanh"}
    flat = {name: demo.State(name, -4.0).figures["flat"] for name in demo.FUNCTIONS}
    assert flat["ReLU"] == pytest.approx(1, abs=1e-3)
    assert [name for name, share in flat.items() if share < 1e-6] == ["none", "leaky ReLU, γ = 0.01", "PReLU, γ = 0.25"]
    wide = {name: demo.State(name, -4.0, 4.0).figures["flat"] for name in demo.FUNCTIONS}
    assert wide["ReLU"] < flat["ReLU"] - 0.1
    assert wide["step"] == pytest.approx(1)


def test_each_control_changes_the_drawing() -> None:
    """Choosing a function or moving a slider changes the drawing; reset brings the first one back."""
    controls = demo._Controls()
    first = controls.picture.value
    seen = {first}
    for control, value in ((controls.function, "tanh"), (controls.mean, -1.5), (controls.deviation, 2.5)):
        control.value = value
        assert controls.picture.value not in seen
        seen.add(controls.picture.value)
    controls.reset.click()
    assert controls.picture.value == first
    assert (controls.function.value, controls.mean.value, controls.deviation.value) == ("ReLU", 0.0, 1.0)


def test_the_still_is_of_the_state_the_widget_is_in() -> None:
    """After a slider was moved, the still and its words are of the new state."""
    shown = demos.activations()
    before = shown._repr_mimebundle_()[0]
    assert before["text/plain"] == demo.describe(START)
    shown.widget.children[1].children[0].value = -2.0
    after = shown._repr_mimebundle_()[0]
    assert before["image/png"] != after["image/png"]
    assert "mean −2.00" in after["text/plain"]


def test_letters_can_be_read_at_500_pixels() -> None:
    """At a width of 500 pixels the letters are 12 pixels high at least, and no line of text leaves the drawing."""
    size = float(re.search(r"\.act \{.*?font-size: (\d+)px", demo.CSS)[1])
    assert size * 500 / 720 >= 11.5
    for state in STATES.values():
        texts = [element for element in _drawing(state).iter() if element.tag.endswith("text")]
        assert max(_number(each, "x") + 0.56 * size * len(each.text or "") * (each.get("class") == "left") for each in texts) <= 720


def test_controls_have_names() -> None:
    """Each control says what it changes."""
    pytest.importorskip("ipywidgets")
    controls = demo._Controls()
    names = [getattr(controls, name).description for name in ("function", "mean", "deviation", "reset")]
    assert names == ["Function f", "Mean of inputs z", "Their standard deviation", "Reset"]
