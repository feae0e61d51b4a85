"""The demo of chapter 01: what it draws, what its controls and its learning rule do, and what shows where no kernel runs."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from nnlab import demos, plots
from nnlab.mp_neuron import Perceptron

demo = demos.mp_neuron
START = demo.State()
STATES = {
    "start": START,
    "zero": demo.State("XOR", (0.0, 0.0), 0.0),
    "always yes": demo.State("AND", (0.0, 0.0), 1.0),
    "no line in sight": demo.State("one enclosed point", (0.5, 0.5), 8.0),
    "upright": demo.State("AND", (2.0, 0.0), -1.0),
    "level": demo.State("XOR", (0.0, -2.0), 1.0),
    "diagonal": demo.State("AND", (1.0, 1.0), -1.5),
    "learned": demo.State("the lecture's points", (0.0, 0.0), 0.0).epoch(),
    "learning": demo.State("AND", (0.0, 0.0), 0.0).learn().learn(),
}
each_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES)
each_set = pytest.mark.parametrize("points", demo.SETS)


def _drawing(state: object) -> ElementTree.Element:
    return ElementTree.fromstring(demo.svg(state))


def _of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """Return the elements of a class; the last one of each sign belongs to the legend."""
    return [element for element in root.iter() if name in element.get("class", "").split()]


def _numbers(element: ElementTree.Element) -> np.ndarray:
    """Return the places that a path leads through, as points of the plane of the state's own."""
    return np.array(re.findall(r"-?\d+\.?\d*", element.get("d")), dtype=float).reshape(-1, 2)


def _plane(state: object, places: np.ndarray) -> np.ndarray:
    """Return points of the plane, shape (2, places), from places of the drawing."""
    (zero_x, zero_y), (one_x, one_y) = (demo._at(state, np.full(2, k)) for k in (0.0, 1.0))
    return np.array([(places[:, 0] - zero_x) / (one_x - zero_x), (places[:, 1] - zero_y) / (one_y - zero_y)])


@each_state
def test_lit_points_are_the_mistakes(state: object) -> None:
    """A light is behind each point with y·z <= 0, and behind no other."""
    X, y = state.data
    wrong = y * (np.array(state.w) @ X + state.b) <= 0
    lights = [(float(light.get("cx")), float(light.get("cy"))) for light in _of_class(_drawing(state), "mistake")[:-1]]
    assert lights == [pytest.approx(demo._at(state, x), abs=0.06) for x in X.T[wrong]]


@each_state
def test_line_and_side_are_where_the_neuron_is_undecided_and_says_yes(state: object) -> None:
    """Both ends of the line make z = 0, and every corner of the tinted side makes z >= 0."""
    root = _drawing(state)
    w, scale = np.array(state.w), max(np.abs(state.w).max(), 1) * demo._window(state.points)[1]
    for line in _of_class(root, "line"):
        assert np.abs(w @ _plane(state, _numbers(line)) + state.b).max() < 1e-3 * scale
    for side in (each for each in _of_class(root, "side") if each.tag.endswith("path")):
        assert (w @ _plane(state, _numbers(side)) + state.b).min() > -1e-3 * scale
    assert bool(_of_class(root, "line")) == (any(state.w) and state is not STATES["no line in sight"])


@each_state
def test_arrow_points_to_the_side_of_yes(state: object) -> None:
    """Along the arrow z grows."""
    for arrow in _of_class(_drawing(state), "arrow")[:-1]:
        start, tip = (np.array(state.w) @ _plane(state, _numbers(arrow)[:2])) + state.b
        assert tip > start


@each_state
def test_drawing_is_described_in_words(state: object) -> None:
    """The drawing is one picture to a screen reader; its label gives the neuron, every point and the number of mistakes."""
    root = _drawing(state)
    label = root.get("aria-label")
    assert (root.get("role"), label) == ("img", demo.describe(state))
    points = label.split(": ", 1)[1].split(". ")[0]
    assert (points.count("is a mistake"), points.count("is right")) == ((state.yz <= 0).sum(), (state.yz > 0).sum())
    assert label.endswith(f"{demo._count(state)} {state.last}")


@each_set
def test_rule_learns_as_the_perceptron_does(points: str) -> None:
    """From zero, ten epochs of the demo make the updates of the lesson's perceptron, and leave its weights."""
    state = demo.State(points, (0.0, 0.0), 0.0)
    for _ in range(10):
        state = state.epoch()
    learned = Perceptron(max_epochs=10).fit(*state.data)
    assert (state.updates, [*state.w], state.b) == (learned.mistakes, learned.w.tolist(), learned.b)


def test_steps_of_an_epoch() -> None:
    """One point a step: the lecture's first update, then a point that is right; the last point ends the epoch."""
    first = demo.State("the lecture's points", (0.0, 0.0), 0.0).learn()
    assert (first.w, first.b, first.updates, first.turn) == ((-3, 3), -1, 1, 1)
    assert first.last == "Point (3, −3) of class −1: y·z = 0.00 is not positive. A mistake."
    second = first.learn()
    assert (second.w, second.updates) == (first.w, 1)
    assert second.last == "Point (4, −3) of class −1: y·z = 22.00 is positive. Nothing changes."
    assert first.epoch() == second.learn().learn()
    assert first.epoch().turn == 0


def test_question_under_the_demo_has_its_answers() -> None:
    """AND makes 18 mistakes from zero; on XOR the weights come back to zero after each epoch; each set that has a line is within reach."""
    state = demo.State("AND", (0.0, 0.0), 0.0)
    while (state.yz <= 0).any():
        state = state.epoch()
    assert state.updates == 18
    xor = demo.State("XOR", (0.0, 0.0), 0.0).epoch()
    assert (xor.w, xor.b) == ((0, 0), 0)
    for state in (demo.State("the lecture's points", (-1.0, 2.0), 0.0), demo.State("AND", (2.0, 2.0), -3.0)):
        assert demo.describe(state).endswith("Every point is right. No point was looked at yet.")


def test_ten_epochs_stop_where_every_point_is_right() -> None:
    """Ten epochs at a time lead as far as one by one, and not beyond the epoch after which every point is right."""
    start = demo.State("the road A6", (0.0, 0.0), 0.0)
    ten, one = start.epochs(), start
    for _ in range(10):
        one = one.epoch()
    assert (ten.w, ten.updates) == (one.w, one.updates)
    assert demo.State("the lecture's points", (0.0, 0.0), 0.0).epochs().updates == 2


def test_the_road_is_told_by_numbers() -> None:
    """366 points are drawn, small, and told by how many there are of each class."""
    state = demo.State("the road A6", (-1.0, 1.0), 1.0)
    assert "on the road A6: 205 points of class +1 and 161 of class −1. 4 of 366 points are mistakes." in demo.describe(state)
    assert len(_of_class(_drawing(state), "point")) == 366 + 2
    assert len(_of_class(_drawing(state), "mistake")) == 4 + 1


@each_set
def test_text_can_be_read_in_a_narrow_window(points: str) -> None:
    """Shown 500 pixels wide, letters have 12 pixels at least, and no line of text runs out of the drawing."""
    assert int(re.search(r"font-size: (\d+)px", demo.CSS)[1]) * 500 / 720 >= 12
    for state in (demo.State(points, (-14.58, -5.04), -137.0).learn(), demo.State(points, (0.0, 0.0), 0.0)):
        for text in (each for each in _drawing(state).iter("text") if each.text):
            room = 720 - float(text.get("x")) if "left" in text.get("class") else 720
            assert 10.8 * len(text.text) <= room, text.text


def test_drawing_suits_light_and_dark_themes() -> None:
    """Text and outlines take the page's colour, and what colours there are belong to the palette."""
    svg = demo.svg(START)
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", svg)) <= {plots.BLUE, plots.VERMILLION, plots.ORANGE, plots.SKY, plots.GREY}
    assert not re.search(r"\b(black|white|rgb|hsl)\b", svg)
    assert not [element for element in _drawing(START).iter("text") if element.get("fill") or element.get("style")]


def test_each_control_changes_the_drawing() -> None:
    """Each slider, the choice of points and each button change the drawing; reset brings the first one back."""
    controls = demo._Controls()
    seen = [controls.picture.value]
    for control, value in ((controls.sliders[0], -2.0), (controls.sliders[1], 3.0), (controls.sliders[2], 0.5), (controls.points, "XOR")):
        control.value = value
        seen.append(controls.picture.value)
    for name in ("One point", "Finish epoch", "Ten epochs", "All to zero"):
        controls.buttons[name].click()
        seen.append(controls.picture.value)
    assert len(set(seen)) == len(seen)
    controls.buttons["Reset"].click()
    assert controls.picture.value == seen[0]
    assert [slider.value for slider in controls.sliders] == [*demo.NUMBERS.values()]


def test_sliders_follow_the_rule() -> None:
    """After each step of the rule the sliders stand at its weights and threshold, and no update is lost by that."""
    controls = demo._Controls()
    controls.buttons["All to zero"].click()
    for updates in (1, 1, 2):
        controls.buttons["One point"].click()
        assert controls.state.updates == updates
        assert tuple(slider.value for slider in controls.sliders) == controls.state.numbers
    assert controls.state.numbers == (-2, 4, 0)


def test_slider_grows_where_the_rule_leads_beyond_its_end() -> None:
    """From sliders at their ends the rule leads farther: they follow, and the state is the rule's."""
    controls = demo._Controls()
    for slider, value in zip(controls.sliders, (8.0, 8.0, 8.0), strict=True):
        slider.value = value
    expected = controls.state
    for _ in range(6):
        expected = expected.learn()
        controls.buttons["One point"].click()
        assert controls.state == expected
        assert tuple(slider.value for slider in controls.sliders) == expected.numbers
    assert max(abs(number) for number in expected.numbers) > demo.LIMIT


def test_the_still_is_of_the_state_the_widget_is_in() -> None:
    """After a slider was moved, the still and its words are of the new state."""
    shown = demos.mp_neuron()
    data = shown._repr_mimebundle_()[0]
    assert data["text/plain"] == demo.describe(START)
    shown.widget.children[0].children[0].value = -2.0
    moved = shown._repr_mimebundle_()[0]
    assert moved["image/png"] != data["image/png"]
    assert "w₁ = −2.00" in moved["text/plain"]


def test_helpers_are_no_demos() -> None:
    """Modules that demos share are not offered as demos."""
    assert {"forward_propagation", "mp_neuron"} <= set(dir(demos))
    assert not [name for name in dir(demos) if name.startswith("_")]
