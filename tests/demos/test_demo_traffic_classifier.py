"""The demo of chapter 05: what it draws, how it learns, and what its controls do."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from nnlab import demos, plots

demo = demos.traffic_classifier
START = demo.State()
STATES = {
    "start": START,
    "one step": START.learn(),
    "ten epochs": START.learn(10),
    "raw": demo.State(scale="raw").learn(3),
    "min-max": demo.State(scale="min-max", batch="8").learn(1),
    "far too fast": demo.State(alpha=50.0).learn(10),
    "all at once": demo.State(batch="all").learn(),
}
each_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES)


def _drawing(state: object) -> ElementTree.Element:
    return ElementTree.fromstring(demo.svg(state))


def _of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


@each_state
def test_the_map_shows_what_the_network_says(state: object) -> None:
    """The areas of the three states together are the plane, each as large as the share of its cells."""
    told = state.told(demo.plane())
    areas = [
        sum(float(cell.get("width")) * float(cell.get("height")) for cell in _of_class(_drawing(state), f"area{kind}")) for kind in range(3)
    ]
    shares = [np.mean(told == kind) for kind in range(3)]
    assert np.array(areas) / sum(areas) == pytest.approx(shares, abs=0.005)


@each_state
def test_the_matrix_is_that_of_day_5(state: object) -> None:
    """Nine numbers, all samples of day 5, rows true."""
    _, _, X, y = demo.samples()
    texts = [element.text for element in _drawing(state).iter("{http://www.w3.org/2000/svg}text")] or [
        e.text for e in _drawing(state).iter("text")
    ]
    told = state.told(X)
    expected = [str(np.sum((y == i) & (told == j))) for i in range(3) for j in range(3)]
    assert [text for text in texts if re.fullmatch(r"\d+", text or "")][-9:] == expected


@each_state
def test_described_in_words(state: object) -> None:
    """The drawing is one picture to a screen reader, with steps, cost and the share that is right."""
    root = _drawing(state)
    assert root.get("role") == "img"
    assert root.get("aria-label") == demo.describe(state)
    assert f"cost {state.cost:.3f}" in demo.describe(state)


def test_learning_goes_on_where_it_was() -> None:
    """Steps are counted, the cost falls, and the same keys give the same network."""
    once, twice = START.learn(5), START.learn(5).learn(5)
    assert (once.steps, twice.steps) == (80, 160)
    assert START.cost > once.cost > twice.cost
    assert len(twice.costs) == 3
    assert demo.svg(START.learn(5)) == demo.svg(once)


def test_the_questions_below_have_answers() -> None:
    """α = 0.01 leaves the map one colour; 0.5 bends it; 50 costs more than knowing nothing; raw features hardly bend."""
    kinds = {alpha: len(set(demo.State(alpha=alpha).learn(10).told(demo.plane()).tolist())) for alpha in (0.01, 0.5)}
    assert kinds == {0.01: 1, 0.5: 3}
    assert demo.State(alpha=50.0).learn(10).cost > np.log(3)
    one_by_one = START.change(batch="1").learn(1).learn(1)
    assert one_by_one.steps == 2000


def test_another_scale_starts_anew() -> None:
    """Weights belong to a scale; learning rate and batch size can change on the way."""
    learned = START.learn(2)
    assert learned.change(alpha=5.0).steps == learned.steps
    assert learned.change(scale="raw").steps == 0
    assert learned.change(alpha=0.5) is learned


def test_each_control_changes_the_drawing() -> None:
    """Buttons let it learn, sliders change how; reset goes back to the start and keeps the settings."""
    controls = demo._Controls()
    first = controls.picture.value
    seen = {first}
    for name in ("One step", "One epoch", "Ten epochs"):
        controls.buttons[name].click()
        assert controls.picture.value not in seen
        seen.add(controls.picture.value)
    controls.alpha.value = 5.0
    assert "α = 5," in controls.picture.value
    controls.batch.value = "512"
    assert controls.state.batch == "512"
    controls.buttons["Reset"].click()
    assert (controls.state.steps, controls.state.alpha) == (0, 5.0)
    controls.scale.value = "raw"
    assert controls.state.scale == "raw"


def test_the_still_shows_a_network_that_has_learned() -> None:
    """Where nothing can be pressed, ten epochs are done."""
    assert "After 160 steps" in demos.traffic_classifier()._repr_mimebundle_()[0]["text/plain"]


def test_drawing_suits_light_and_dark_themes() -> None:
    """Text and frames take the page's colour, and what colours there are belong to the palette."""
    svg = demo.svg(START)
    palette = {plots.BLUE, plots.VERMILLION, plots.ORANGE, plots.SKY, plots.GREY}
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", svg)) <= palette
    assert not re.search(r"\b(black|white|rgb|hsl)\b", svg)
