"""The demo of chapter 07: what it draws, what its errors are, and what its controls do."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from nnlab import demos, plots
from nnlab.overfitting import TEN_T, fit_polynomial, rms_error

demo = demos.overfitting
START = demo.State()
STATES = {
    "start": START,
    "priced": demo.State(log=-16),
    "others": demo.State(log=-8, others=True),
    "more points": demo.State(points=15),
    "a line": demo.State(degree=1),
    "too dear": demo.State(degree=3, log=3),
    "a constant": demo.State(degree=0),
    "noisy": demo.State(noise=0.6, draw=3, points=100),
    "without noise": demo.State(noise=0.0),
}
each_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES)


def _drawing(state: object) -> ElementTree.Element:
    return ElementTree.fromstring(demo.svg(state))


def _of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


@each_state
def test_drawing_shows_points_and_weights(state: object) -> None:
    """A dot for each point and one in the legend, a bar for each weight, 30 thin lines where others are asked for."""
    root = _drawing(state)
    assert len(_of_class(root, "point")) == state.points + 1
    assert len(_of_class(root, "bar")) == state.degree + 1
    assert len(_of_class(root, "other")) == (demo.OTHERS if state.others else 0)


@each_state
def test_errors_are_those_of_the_fit(state: object) -> None:
    """The errors over ln λ hold the one that is chosen; that on the points is the RMS error of the lesson."""
    x, t = state.known
    w = fit_polynomial(x, t, state.degree, demo.price(state.log))
    assert state.errors[state.log][0] == pytest.approx(rms_error(w, x, t), abs=1e-9)
    assert np.array_equal(w, state.weights)


@each_state
def test_described_in_words(state: object) -> None:
    """The drawing is one picture to a screen reader, and its label says what the caption says."""
    root = _drawing(state)
    assert root.get("role") == "img"
    assert root.get("aria-label") == demo.describe(state)
    assert all(sentence in demo.describe(state) for sentence in demo.sentences(state))


@each_state
def test_nothing_is_drawn_outside(state: object) -> None:
    """All lines, dots and bars lie within the drawing."""
    root = _drawing(state)
    _, _, width, height = (float(number) for number in root.get("viewBox").split())
    lines = [float(number) for path in root.iter("path") for number in re.findall(r"[\d.]+", path.get("d"))]
    assert all(0 <= x <= width for x in lines[::2])
    assert all(0 <= y <= height for y in lines[1::2])
    assert all(float(bar.get("y")) >= 0 and float(bar.get("height")) >= 0 for bar in _of_class(root, "bar"))
    assert not re.search(r"\bnan\b", demo.svg(state))


def test_it_starts_with_the_lecture() -> None:
    """Ten points of S2, M = 9: they are met, the sine is missed, and the largest weight is a million."""
    assert START.known[1] is TEN_T
    assert demo.sentences(START) == ["M = 9, no price, 10 points: 0.00 from the points, 1.26 from the sine", "Largest weight: 1,061,801"]
    assert replace(START, draw=1).known[1] is not TEN_T


def test_the_questions_below_have_answers() -> None:
    """A small price takes weights down by decades; five points more bring the sine nearer while the weights stay large."""
    free, held, more = START, replace(START, log=-16), replace(START, points=15)
    assert np.abs(held.weights).max() < np.abs(free.weights).max() / 10_000
    assert held.errors[-16][1] < 0.25 < 1.2 < free.errors[demo.FREE][1]
    assert more.errors[demo.FREE][1] < free.errors[demo.FREE][1] / 3
    assert np.abs(more.weights).max() > 100_000
    spread = [np.std(list(replace(START, log=log).other_curves()), axis=0).mean() for log in (demo.FREE, -8, 3)]
    assert spread == sorted(spread, reverse=True)


def test_each_control_changes_the_drawing() -> None:
    """Sliders, the box and the buttons do what they say; reset brings the lecture back."""
    controls = demo._Controls()
    seen = {controls.picture.value}
    for name, value in (("degree", 5), ("log", -20), ("points", 20), ("noise", 0.5), ("others", True)):
        controls.fields[name].value = value
        assert getattr(controls.state, name) == value
        assert controls.picture.value not in seen
        seen.add(controls.picture.value)
    controls.again.click()
    assert controls.state.draw == 1
    assert controls.picture.value not in seen
    controls.reset.click()
    assert controls.state == START
    assert controls.picture.value == demo.svg(START)
    assert controls.fields["degree"].value == 9


def test_drawing_suits_light_and_dark_themes() -> None:
    """Text takes the page's colour, and what colours there are belong to the palette."""
    svg = demo.svg(STATES["others"])
    palette = {plots.BLUE, plots.VERMILLION, plots.ORANGE, plots.GREEN, plots.GREY}
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", svg)) <= palette
    assert not re.search(r"\b(black|white|rgb|hsl)\b", svg)
