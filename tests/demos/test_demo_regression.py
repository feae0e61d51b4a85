"""The demo of chapter 09: its squares, its ellipses, and what its controls do."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from nnlab import demos

demo = demos.regression
START = demo.State()
FAR = demo.State(far=True, price=4.0)
STATES = {
    "start": START,
    "best": START.moved(START.best),
    "far point": FAR,
    "with the price": FAR.most_probable(),
    "a step": START.stepped(),
    "two steps": START.stepped().stepped(),
    "steep": demo.State(intercept=8.0, slope=-2.0),
    "high": demo.State(heights=(2.0, 4.0, 8.0, 4.0, 5.0), slope=2.5),
}
each_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES)


def _of_class(state: object, name: str) -> list[ElementTree.Element]:
    return [element for element in ElementTree.fromstring(demo.svg(state)).iter() if name in element.get("class", "").split()]


@each_state
def test_drawing(state: object) -> None:
    """A dot and a square for each point, six ellipses, circles where there is a price; nothing is drawn where nothing can be."""
    assert len(_of_class(state, "point")) == len(_of_class(state, "square")) == 5 + state.far
    assert len(_of_class(state, "ellipse")) == 6
    assert bool(_of_class(state, "circle")) == bool(state.price)
    assert not re.search(r"\bnan\b", demo.svg(state))
    assert "aria-label" in demo.svg(state)


def test_squares_have_the_area_that_is_told() -> None:
    """Each side is a residual, in the units of the plane, and the areas add up to the cost."""
    unit = float(demo._across(1) - demo._across(0))
    sides = [float(each.get("width", 0)) / unit for each in _of_class(START, "square")]
    assert np.isclose(sum(side**2 for side in sides), START.area(START.place), atol=0.05)
    assert "squares of 4.00 in all, the least is 2.40" in demo.sentences(START)[0]


def test_moves_end_where_they_should() -> None:
    """Least squares is the lecture's line, the price pulls towards 0, and steps of descent lead to the same place."""
    assert np.allclose(START.best, (2.2, 0.6))
    assert np.linalg.norm(FAR.most_probable().place) < np.linalg.norm(FAR.best)
    state = START
    for _ in range(3000):
        state = state.stepped()
    assert np.allclose(state.place, (2.2, 0.6), atol=0.01)


def test_controls() -> None:
    """A slider moves the line, a button moves the sliders, and Reset goes back to the start."""
    pytest.importorskip("ipywidgets")
    controls = demo._Controls()
    controls.fields["slope"].value = 0.0
    assert controls.state.slope == 0
    assert re.search(r"y = 1\.00 \+ 0\.00 x", controls.picture.value)
    controls._show(controls.buttons["Least squares"](controls.state))
    assert np.allclose(controls.state.place, (2.2, 0.6))
    assert controls.fields["intercept"].value == pytest.approx(2.2)
    controls.fields["third"].value = 8.0
    assert controls.state.heights[2] == 8
    controls._show(controls.buttons["Reset"](controls.state))
    assert controls.state == START
