"""The demo of chapter 08: its walks, its limit, and what its controls do."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from nnlab import demos

demo = demos.optimizers
STATES = {
    "start": demo.State(),
    "exploding": demo.State(log_rate=0.0, step=60),
    "saddle": demo.State(landscape="saddle", step=60, noise=True),
    "banana": demo.State(landscape="banana", steepness=100.0, step=40),
    "no step": demo.State(step=0),
    "at the limit": demo.State(log_rate=-1.0),
    "all explode": demo.State(steepness=100.0, log_rate=0.0, mu=0.98, step=60, noise=True),
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_drawing(state: object) -> None:
    """Four walks, each with its end, contours, and nothing where nothing can be drawn."""
    drawn = demo.svg(state)
    kinds = [element.get("class", "") for element in ElementTree.fromstring(drawn).iter()]
    assert all(kinds.count(f"walk{i}") == 3 for i in range(4))
    assert kinds.count("contour") >= 3
    assert not re.search(r"\b(nan|inf)\b", drawn)


def test_small_numbers_are_told_apart() -> None:
    """A learning rate of 0.001 is not 0.00, one just above the limit is not equal to it, and one at the limit is neither above nor below."""
    assert demo.sentences(demo.State(log_rate=-3.0))[0].startswith("α = 0.001, below")
    assert "α = 0.055, above 2/λmax = 0.0541" in demo.sentences(demo.State(steepness=37.0, log_rate=-1.26))[0]
    assert "α = 0.1, at 2/λmax = 0.1" in demo.sentences(demo.State(log_rate=-1.0))[0]


def test_height_below_zero() -> None:
    """A logarithm needs heights above 0: on the saddle they are counted from the lowest place reached, and the drawing says so."""
    assert "height above the lowest reached" in demo.svg(demo.State(landscape="saddle", step=60))
    assert "height above the lowest reached" not in demo.svg(demo.State())


def test_only_gradient_descent_explodes() -> None:
    """Just beyond 2/λmax gradient descent grows, and momentum does not."""
    state = demo.State(log_rate=float(np.log10(0.12)), step=60)
    assert state.rate > state.limit
    heights = {name: float(state.height(path[-1:])[0]) for name, path in state.walks.items()}
    assert heights["gradient descent"] > 1000
    assert heights["momentum"] < 10


def test_noise_frees_from_the_saddle() -> None:
    """Without noise gradient descent stays near the saddle; with it, it gets away."""
    still, noisy = (demo.State(landscape="saddle", step=60, noise=noise) for noise in (False, True))
    assert abs(still.walks["gradient descent"][-1, 1]) < 0.1 < abs(noisy.walks["gradient descent"][-1, 1])


def test_controls() -> None:
    """A slider moves the step, and the sentence follows."""
    pytest.importorskip("ipywidgets")
    controls = demo._Controls()
    controls.fields["step"].value = 3
    assert controls.state.step == 3
    assert "After 3 steps" in controls.picture.value
