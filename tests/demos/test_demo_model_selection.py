"""The demo of chapter 10: its curves, what it says they cost, and what its controls do."""

from __future__ import annotations

import re
from itertools import product
from xml.etree import ElementTree

import numpy as np
import pytest

from nnlab import demos

demo = demos.model_selection
START = demo.State()
STATES = [demo.State(*each) for each in product((8, 64), demo.SHARES, (1, 8), (0, 5))]


def _of_class(state: object, name: str) -> list[ElementTree.Element]:
    return [element for element in ElementTree.fromstring(demo.svg(state)).iter() if name in element.get("class", "").split()]


@pytest.mark.parametrize("state", STATES, ids=repr)
def test_drawing(state: object) -> None:
    """Every network but the winner has a dot where it stops; what is drawn stays in its panel."""
    assert len(_of_class(state, "stops")) == state.networks - 1
    assert len(_of_class(state, "winner")) == 2  # the curve, and its line in the legend
    assert len(_of_class(state, "best")) == 1 + (state.best != state.winner)
    assert not re.search(r"\bnan\b", demo.svg(state))
    assert all(demo.TOP <= float(dot.get("cy", 0)) <= demo.FLOOR for dot in _of_class(state, "stops"))
    assert {resource for resource, _ in state.rounds} <= {*demo.KNOTS}


def test_the_cost_that_is_told() -> None:
    """Who stops after a round has its epochs, the winner has all; the bar is as long as its share."""
    state = demo.State(networks=8)
    assert [(resource, len(alive)) for resource, alive in state.rounds] == [(1, 8), (2, 4), (4, 2)]
    assert sorted(state.trained) == [1, 1, 1, 1, 2, 2, 4, 32]
    assert "44 of 256 epochs, 17%" in demo.sentences(state)[1]
    halving, full = (float(_of_class(state, kind)[0].get("width", 0)) for kind in ("halving", "full"))
    assert np.isclose(halving / full, 44 / 256, atol=0.01)


def test_words() -> None:
    """They say whether the network that ends best was kept, and its worth if not."""
    kept = next(state for state in (demo.State(draw=draw) for draw in range(99)) if state.best == state.winner)
    lost = next(state for state in (demo.State(draw=draw) for draw in range(99)) if state.best != state.winner)
    assert "It is the one that ends best." in demo.describe(kept)
    assert f"The one that ends best: {lost.test(lost.best):.3f}." in demo.describe(lost)


def test_controls() -> None:
    """A slider changes the search, Others draws other networks, and Reset goes back to the start."""
    pytest.importorskip("ipywidgets")
    controls = demo._Controls()
    controls.fields["networks"].value = 8
    assert controls.state.networks == 8
    assert "of 256 epochs" in controls.picture.value
    before = controls.picture.value
    controls._show(controls.buttons["Others"](controls.state))
    assert controls.picture.value != before
    controls._show(controls.buttons["Reset"](controls.state))
    assert controls.state == START
    assert controls.fields["networks"].value == 32
