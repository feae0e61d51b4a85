"""The demo of chapter 06: what it draws, how it learns, and what its controls do."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from nnlab import demos
from nnlab.vanishing_gradients import diagnose

demo = demos.vanishing_gradients
START = demo.State()
OWN = demo.STARTS[0]
STATES = {
    "start": START,
    "tanh rises": START.change(activation="tanh", start=OWN, std=1.0, depth=20),
    "small everywhere": START.change(activation="tanh", start=OWN, std=0.01),
    "centred": START.change(start="4 × Xavier, centred", depth=30, width=16),
    "one epoch": START.change(activation="relu", start="He", depth=5).learn(),
    "overflowed": START.change(activation="relu", start=OWN, std=3.0, depth=30).learn(),
    "both cures": START.change(residual=True, normalised=True, depth=3),
}
each_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES)


def _drawing(state: object) -> ElementTree.Element:
    return ElementTree.fromstring(demo.svg(state))


def _of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


@each_state
def test_a_bar_for_each_layer(state: object) -> None:
    """Bars of the three kinds are as many as layers, and three stand in the legend; each stays in the chart."""
    root = _drawing(state)
    bars = [bar for kind in demo.KINDS for bar in _of_class(root, kind)]
    assert len(bars) == state.depth + 3
    for bar in bars:
        assert demo.TOP <= float(bar.get("y")) <= 384
        assert float(bar.get("height")) <= demo.HIGH


@each_state
def test_the_kind_of_a_bar_is_its_size(state: object) -> None:
    """Dashed: less than a tenth of the last hidden layer; with a border: more than ten times; numbers that are none count as large."""
    norms, _ = state.measured
    root = _drawing(state)
    less, more = (len(_of_class(root, kind)) - 1 for kind in ("less", "more"))
    assert less == sum(norm < norms[-2] / 10 for norm in norms)
    assert more == sum(not norm <= 10 * norms[-2] for norm in norms)


@each_state
def test_described_in_words(state: object) -> None:
    """The drawing is one picture to a screen reader, with the diagnosis and what is right, and without numbers that are none."""
    root = _drawing(state)
    assert root.get("role") == "img"
    assert root.get("aria-label") == demo.describe(state)
    assert f": {diagnose(state.measured[0])}." in demo.describe(state)
    assert f"{state.right:.1%} of day 5 right" in demo.describe(state)
    assert "nan" not in demo.describe(state)
    assert "inf" not in demo.describe(state)


def _ratio(**to: object) -> float:
    norms, _ = START.change(depth=20, **to).measured
    return float(norms[0] / norms[-2])


def test_flat_stairs_of_the_sigmoid() -> None:
    """One deviation flattens them only where it is so large that half of the activations saturate; centring does it without that."""
    flat = [std for std in demo.STDS if _ratio(start=OWN, std=std) > 0.04]
    assert flat[0] == 2.0
    ends = START.change(depth=20, start=OWN, std=2.0).measured[1][-1]
    middle = START.change(depth=20, start="4 × Xavier, centred").measured[1][-1]
    assert np.mean(np.abs(ends - 0.5) > 0.4) > 0.5
    assert np.mean(np.abs(middle - 0.5) > 0.4) == 0
    assert _ratio(start="4 × Xavier") < 1e-4 < 0.04 < _ratio(start="4 × Xavier, centred")


def test_where_the_stairs_of_tanh_begin_to_rise() -> None:
    """They are flat for small deviations, and rise sooner where layers are wider."""
    rise = [next(std for std in demo.STDS if _ratio(activation="tanh", start=OWN, std=std, width=width) > 3) for width in (16, 32, 64)]
    assert rise == [0.7, 0.35, 0.25]


def test_residual_lets_a_dead_start_learn() -> None:
    """At 0.01 five epochs leave the network at the majority; with residual layers it learns."""
    plain = START.change(activation="tanh", start=OWN, std=0.01)
    way_round = plain.change(residual=True)
    for _ in range(5):
        plain, way_round = plain.learn(), way_round.learn()
    assert plain.epochs == way_round.epochs == 5
    assert plain.right == pytest.approx(np.mean(demo.samples()[3] == 0))
    assert way_round.right > plain.right + 0.1


def test_another_setting_starts_anew() -> None:
    """What was learned belongs to its setting; the same setting again changes nothing."""
    learned = START.learn()
    assert learned.change(depth=10) is learned
    assert learned.change(depth=15).epochs == 0
    assert learned.change(depth=15).parameters is None
    assert START.parameters is None


def test_controls_move_the_drawing() -> None:
    """Each control changes the drawing; moving the standard deviation chooses the start that uses it."""
    pytest.importorskip("ipywidgets")
    controls = demo._Controls()
    seen = {controls.picture.value}
    for name, value in {
        "activation": "tanh",
        "start": "He",
        "std": 0.5,
        "depth": 5,
        "width": 8,
        "residual": True,
        "normalised": True,
    }.items():
        controls.fields[name].value = value
        assert getattr(controls.state, name) == value
        seen.add(controls.picture.value)
    controls.train.click()
    seen.add(controls.picture.value)
    assert len(seen) == 9
    assert controls.state.start == controls.fields["start"].value == OWN
    assert controls.state.epochs == 1
