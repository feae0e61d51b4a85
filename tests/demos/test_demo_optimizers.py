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
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_drawing(state: object) -> None:
    """Four walks, each with its end, contours, and nothing where nothing can be drawn."""
    drawn = demo.svg(state)
    kinds = [element.get("class", "") for element in ElementTree.fromstring(drawn).iter()]
    assert all(kinds.count(f"walk{i}") == 3 for i in range(4))
    assert kinds.count("contour") >= 3
    assert not re.search(r"\b(nan|inf)\b", drawn)


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
