"""The demo of chapter 05: what it draws, how it learns, and what its controls do."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from nnlab import demos, plots
from nnlab.backpropagation import cross_entropy, one_hot

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
    "another sample": START.learn(2).change(sample=(82.0, -0.2, 3.0, 20.5, 3.4)),
}
each_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES)


def _drawing(state: object) -> ElementTree.Element:
    return ElementTree.fromstring(demo.svg(state))


def _of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


@each_state
def test_the_map_shows_what_the_network_says(state: object) -> None:
    """The areas of the three states together are the plane, each as large as the share of its cells."""
    told = state.told(state.plane())
    areas = [
        sum(float(cell.get("width")) * float(cell.get("height")) for cell in _of_class(_drawing(state), f"area{kind}")) for kind in range(3)
    ]
    shares = [np.mean(told == kind) for kind in range(3)]
    assert np.array(areas) / sum(areas) == pytest.approx(shares, abs=0.005)


@each_state
def test_the_matrix_is_that_of_day_5(state: object) -> None:
    """Nine numbers, all samples of day 5, rows true."""
    _, _, X, y = demo.samples()
    texts = [element.text for element in _drawing(state).iter("text")]
    told = state.told(X)
    expected = [str(np.sum((y == i) & (told == j))) for i in range(3) for j in range(3)]
    assert [text for text in texts if re.fullmatch(r"\d+", text or "")][-9:] == expected
    assert sum(map(int, expected)) == len(y)


@each_state
def test_costs_are_drawn_after_each_step_or_epoch(state: object) -> None:
    """Both lines have a point for the start and for each step or epoch since, from left to right; the last costs are those of now."""
    for k in range(2):
        line = _of_class(_drawing(state), f"cost{k}")[-1].get("d")
        across = [float(place.split()[0]) for place in line[1:].split("L")]
        assert len(across) == len(state.costs)
        assert across == sorted(across)
    X, y, X_5, y_5 = demo.samples()
    now = [cross_entropy(state.scores(each), one_hot(labels, 3)) for each, labels in ((X, y), (X_5, y_5))]
    assert list(state.costs[-1][1:]) == now


@each_state
def test_the_new_sample_is_where_its_sliders_say(state: object) -> None:
    """A ring stands at its speed and volume, the bars are as long as the shares, and the map is cut through its other features."""
    root = _drawing(state)
    ring = _of_class(root, "point3")[0]
    speed = (float(ring.get("cx")) - demo.LEFT) / demo.WIDE * demo.SPEED
    volume = (1 - (float(ring.get("cy")) - demo.TOP) / demo.HIGH) * demo.VOLUME
    assert (speed, volume) == pytest.approx((state.sample[0], state.sample[2]), abs=0.05)
    lengths = [float(bar.get("width")) / demo.BARS[2] for bar in _of_class(root, "bar")[-3:]]
    assert lengths == pytest.approx(state.said().tolist(), abs=0.001)
    assert [set(state.plane()[k]) for k in (1, 3, 4)] == [{state.sample[k]} for k in (1, 3, 4)]


@each_state
def test_described_in_words(state: object) -> None:
    """The drawing is one picture to a screen reader, with steps, both costs, the share that is right and the new sample."""
    root = _drawing(state)
    assert root.get("role") == "img"
    words = demo.describe(state)
    assert root.get("aria-label") == words
    _, cost, cost_5 = state.costs[-1]
    assert f"cost {cost:.3f}" in words
    assert f"Cost of day 5: {cost_5:.3f}" in words
    assert f"volume {state.sample[2]:g}" in words
    assert words.endswith(f"congested {state.said()[2]:.0%}.")


@each_state
def test_nothing_is_drawn_outside(state: object) -> None:
    """All marks, cells and bars lie within the drawing."""
    root = _drawing(state)
    _, _, width, height = map(float, root.get("viewBox").split())
    for box in root.iter("rect"):
        x, y, wide, high = (float(box.get(key)) for key in ("x", "y", "width", "height"))
        assert 0 <= x <= x + wide <= width
        assert 0 <= y <= y + high <= height
    for ring in root.iter("circle"):
        assert 0 < float(ring.get("cx")) < width
        assert 0 < float(ring.get("cy")) < height


@pytest.mark.parametrize("batch", ["64", "512", "all"])
def test_steps_of_an_epoch_are_the_epoch(batch: str) -> None:
    """As many steps as there are batches use each sample once, and end where one epoch ends."""
    state = whole = demo.State(batch=batch)
    for _ in range(2):
        for _ in range(-(-demo.SAMPLES // demo.BATCHES[batch])):
            state = state.learn()
        whole = whole.learn(1)
        assert state.costs[-1] == pytest.approx(whole.costs[-1], rel=1e-9)


def test_learning_goes_on_where_it_was() -> None:
    """Steps are counted, the cost falls, and ten epochs at once are ten epochs one by one."""
    once, twice = START.learn(5), START.learn(5).learn(5)
    assert (once.costs[-1][0], twice.costs[-1][0]) == (80, 160)
    assert START.costs[-1][1] > once.costs[-1][1] > twice.costs[-1][1]
    assert len(twice.costs) == 11
    assert demo.svg(START.learn(10)) == demo.svg(twice)
    assert START.costs[-1][0] == 0


def test_a_new_sample_changes_no_weight() -> None:
    """It is asked about, not learned from: costs and mistakes stay."""
    learned = START.learn(2)
    asked = learned.change(sample=(5.0, 0.0, 80.0, 5.0, 3.0))
    assert asked.parameters is learned.parameters
    assert asked.costs == learned.costs
    assert asked.said().tolist() != learned.said().tolist()


def _colours(state: object) -> int:
    return len(set(state.told(state.plane()).tolist()))


def test_the_questions_below_have_answers() -> None:
    """α = 0.01 leaves one colour, 0.5 bends it, stops turn it, 50 costs more than knowing nothing, and raw features bend for some α."""
    assert _colours(demo.State(alpha=0.01).learn(10)) == 1
    learned = START.learn(20)
    assert _colours(learned) == 3
    jam = learned.change(sample=(*learned.sample[:4], 3.0))
    assert [np.mean(state.told(state.plane()) == 2).round(1) for state in (learned, jam)] == [0.3, 1.0]
    fast = demo.State(alpha=50.0).learn(10)
    assert fast.costs[-1][1] > 5 * np.log(3)
    assert _colours(fast) == 1
    bends = {alpha: _colours(demo.State(alpha=alpha, scale="raw").learn(20)) > 1 for alpha in (0.01, 0.1, 1.0, 50.0)}
    assert bends == {0.01: False, 0.1: False, 1.0: True, 50.0: False}


def test_another_scale_starts_anew() -> None:
    """Weights belong to a scale; learning rate, batch size and sample can change on the way. Reset keeps the settings."""
    learned = START.learn(2)
    assert learned.change(alpha=5.0).costs == learned.costs
    assert learned.change(scale="raw").past == ()
    again = learned.change(alpha=5.0, sample=(1.0, 0.0, 2.0, 3.0, 0.0)).reset()
    assert (again.past, again.alpha, again.sample[0]) == ((), 5.0, 1.0)


def test_each_control_changes_the_drawing() -> None:
    """Buttons let it learn, sliders change how or what is asked; reset goes back to the start and keeps the settings."""
    controls = demo._Controls()
    seen = {controls.picture.value}

    def new() -> bool:
        known = controls.picture.value in seen
        seen.add(controls.picture.value)
        return not known

    for name in ("One step", "One epoch", "Ten epochs"):
        controls.buttons[name].click()
        assert new()
    for slider in map(controls.fields.get, demo.SLIDERS):
        before = controls.state.costs
        slider.value += 2 * slider.step
        assert new()
        assert controls.state.costs == before
    controls.fields["alpha"].value = 5.0
    assert "α = 5," in controls.picture.value
    controls.fields["batch"].value = "512"
    assert controls.state.batch == "512"
    controls.buttons["Reset"].click()
    assert (controls.state.past, controls.state.alpha, controls.state.sample[0]) == ((), 5.0, 29.0)
    controls.fields["scale"].value = "raw"
    assert controls.state.scale == "raw"
    assert new()


def test_sliders_and_plane_reach_all_samples() -> None:
    """Each sample of day 5, and each that is learned from, could be set; and lies in the plane."""
    for X in demo.samples()[::2]:
        for values, (low, high, _) in zip(X, demo.RANGES, strict=True):
            assert low <= values.min() <= values.max() <= high
    assert (demo.RANGES[0][1], demo.RANGES[2][1]) == (demo.SPEED, demo.VOLUME)


def test_the_still_shows_a_network_that_has_learned() -> None:
    """Where nothing can be pressed, twenty epochs are done."""
    assert "After 320 steps" in demos.traffic_classifier()._repr_mimebundle_()[0]["text/plain"]


def test_drawing_suits_light_and_dark_themes() -> None:
    """Text and frames take the page's colour, and what colours there are belong to the palette."""
    svg = demo.svg(START)
    palette = {plots.BLUE, plots.VERMILLION, plots.ORANGE, plots.SKY, plots.GREY, plots.GREEN}
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", svg)) <= palette
    assert not re.search(r"\b(black|white|rgb|hsl)\b", svg)
