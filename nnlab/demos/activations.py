"""Demo of chapter 02: an activation function, its derivative, and what becomes of Gaussian pre-activations that pass through it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnlab import plots
from nnlab.activations import ACTIVATIONS, DERIVATIVES, Array
from nnlab.demos import Controls, Demo, callable_as_demo, live
from nnlab.demos._svg import drawing, number, text

FUNCTIONS = {
    "none": "identity",
    "step": "step",
    "logistic (sigmoid)": "sigmoid",
    "tanh": "tanh",
    "hard-logistic": "hard_logistic",
    "hard-tanh": "hard_tanh",
    "ReLU": "relu",
    "leaky ReLU, γ = 0.01": "leaky_relu",
    "PReLU, γ = 0.25": "prelu",
    "ELU, γ = 1": "elu",
    "softplus": "softplus",
    "Swish, β = 1": "swish",
    "GELU": "gelu",
}
TRY_THIS = (
    "Try this: Which functions give outputs with mean 0 when the inputs have mean 0? "
    "With a mean of −4, which functions have flat units only, and which have none? "
    "Raise the standard deviation from there: whose units come back?"
)
FLAT = 0.01  # a unit with a smaller slope hardly learns

Z = np.linspace(-6.0, 6.0, 241)
DEVIATIONS = np.linspace(-5.0, 5.0, 4001)  # of the pre-activations from their mean, in standard deviations
WEIGHTS = np.exp(-(DEVIATIONS**2) / 2)
WEIGHTS /= WEIGHTS.sum()
BINS, PARTS = 48, 20  # bars of inputs and of outputs, and the parts of a bar of inputs that are flat or not

LEFT, WIDTH, TOP, HEIGHT = 52, 420, 34, 250  # the curves, in the drawing's own units
BELOW, DEPTH = TOP + HEIGHT + 28, 66  # the inputs, under the curves
RIGHT, LENGTH = LEFT + WIDTH + 18, 210  # the outputs, beside them

# Letters of 17 are 12 CSS pixels high in a column of 500.
# Text and outlines take the colour of the page, so that they suit light and dark themes. `act` keeps the rules out of the rest of the page.
CSS = f"""
.act {{ width: 100%; max-width: 720px; height: auto; color: inherit; font-family: sans-serif; font-size: 17px; }}
.act text {{ fill: currentColor; text-anchor: middle; dominant-baseline: central; }}
.act .left {{ text-anchor: start; }}
.act .right {{ text-anchor: end; }}
.act .axis {{ stroke: currentColor; stroke-opacity: 0.35; stroke-width: 1; }}
.act .f, .act .slope {{ fill: none; stroke-width: 2.5; stroke-linejoin: round; }}
.act .f {{ stroke: {plots.BLUE}; }}
.act .slope {{ stroke: {plots.VERMILLION}; stroke-dasharray: 7 4; }}
.act .bar {{ fill: {plots.SKY}; }}
.act .flat {{ fill: {plots.GREY}; }}
"""


@dataclass(frozen=True)
class State:
    """All that the demo shows: the function, and mean and standard deviation of the pre-activations."""

    function: str = "ReLU"
    mean: float = 0.0
    deviation: float = 1.0

    @property
    def f(self) -> Any:
        """Return the activation function."""
        return ACTIVATIONS[FUNCTIONS[self.function]]

    @property
    def slope(self) -> Any:
        """Return its derivative."""
        return DERIVATIVES[FUNCTIONS[self.function]]

    @property
    def inputs(self) -> Array:
        """Return the pre-activations, each to be counted with its weight in `WEIGHTS`."""
        return self.mean + self.deviation * DEVIATIONS

    def flat(self, z: Array) -> NDArray[np.bool_]:
        """Say which pre-activations meet a slope below `FLAT`."""
        return np.abs(self.slope(z)) < FLAT

    @cached_property
    def span(self) -> tuple[float, float]:
        """Return the values that the drawing has room for: those of the function and its derivative, and a margin."""
        values = np.concatenate([self.f(Z), self.slope(Z)])
        margin = 0.06 * np.ptp(values)
        return float(values.min() - margin), float(values.max() + margin)

    @cached_property
    def figures(self) -> dict[str, float]:
        """Return mean and standard deviation of the outputs, and the shares of outputs that are 0 and of flat units."""
        a = self.f(self.inputs)
        mean = float(WEIGHTS @ a)
        deviation = float(np.sqrt(WEIGHTS @ (a - mean) ** 2))
        return {"mean": mean, "deviation": deviation, "zero": float(WEIGHTS @ (a == 0)), "flat": float(WEIGHTS @ self.flat(self.inputs))}


def svg(state: State) -> str:
    """Draw the function, its derivative, the inputs below and the outputs beside them.

    Parameters
    ----------
    state : State

    Returns
    -------
    str
        An SVG element, its text in the colour of the page around it.
    """
    parts = chain(_axes(state), _inputs(state), _outputs(state), _curves(state), _captions(state))
    return drawing("act", describe(state), 450, CSS, parts)


def describe(state: State) -> str:
    """Say in words what the drawing shows, for those who do not see it.

    Parameters
    ----------
    state : State

    Returns
    -------
    str
    """
    return (
        f"Activation function: {state.function}, with its derivative, for z from −6 to 6. "
        f"Inputs: Gaussian, mean {number(state.mean)}, standard deviation {number(state.deviation)}. {' '.join(_sentences(state))}"
    )


def _sentences(state: State) -> tuple[str, str]:
    found = state.figures
    return (
        f"Outputs: mean {number(found['mean'])}, standard deviation {number(found['deviation'])}; {_percent(found['zero'])} are exactly 0.",
        f"Flat units (slope below {FLAT}): {_percent(found['flat'])}.",
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


# --- drawing --------------------------------------------------------------------------------------------------------------------------


def _x(z: Array | float) -> Any:
    return LEFT + WIDTH * (z - Z[0]) / (Z[-1] - Z[0])


def _y(value: Array | float, span: tuple[float, float]) -> Any:
    return TOP + HEIGHT * (span[1] - value) / (span[1] - span[0])


def _edges(low: float, high: float) -> Array:
    """Return the edges of the bins, with 0 in the middle of a bin, so that all zeros fall into one."""
    width = (high - low) / BINS
    first = np.floor(low / width - 0.5) + 0.5
    return width * (first + np.arange(BINS + 2))


def _axes(state: State) -> Iterator[str]:
    """Draw the two axes where they lie, with round numbers beside them."""
    x, y = _x(0.0), _y(0.0, state.span)
    yield f'<path class="axis" d="M{LEFT} {y:.1f}h{WIDTH}M{x:.1f} {TOP}v{HEIGHT}M{LEFT} {BELOW + DEPTH}h{WIDTH}M{RIGHT} {TOP}v{HEIGHT}"/>'
    for z in range(-6, 7, 2):
        yield text(_x(z), BELOW - 14, number(z).removesuffix(".00"))
    low, high = state.span
    for value in (-1, -0.5, 0, 0.5, 1) if high < 2 else (-6, -4, -2, 0, 2, 4, 6):
        if low < value < high:
            yield text(LEFT - 8, _y(value, state.span), f"{value:g}".replace("-", "−"), "right")


def _curves(state: State) -> Iterator[str]:
    for kind, values in (("slope", state.slope(Z)), ("f", state.f(Z))):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(_x(Z).tolist(), _y(values, state.span).tolist(), strict=True))
        yield f'<polyline class="{kind}" points="{points}"/>'


def _inputs(state: State) -> Iterator[str]:
    """Draw the inputs as bars under the curves; the lower part of a bar, in grey, is the share that meets no slope."""
    width = WIDTH / BINS
    z = Z[0] + (Z[-1] - Z[0]) * (np.arange(BINS * PARTS) + 0.5) / (BINS * PARTS)
    density = np.exp(-(((z - state.mean) / state.deviation) ** 2) / 2)
    heights, flat = (counted.reshape(BINS, PARTS).sum(axis=1) for counted in (density, density * state.flat(z)))
    unit = DEPTH / max(heights.max(), 1e-12)
    for i, (height, grey) in enumerate(zip((heights * unit).tolist(), (flat * unit).tolist(), strict=True)):
        for kind, top, size in (("bar", height, height - grey), ("flat", grey, grey)):
            if size > 0.05:
                place = f'x="{LEFT + i * width:.1f}" y="{BELOW + DEPTH - top:.1f}"'
                yield f'<rect class="{kind}" {place} width="{width - 1:.1f}" height="{size:.1f}"/>'


def _shares(state: State) -> tuple[Array, Array]:
    """Return the edges of the bars of outputs, and the share of outputs in each."""
    edges = _edges(*state.span)
    return edges, np.histogram(state.f(state.inputs), edges, weights=WEIGHTS)[0]


def _outputs(state: State) -> Iterator[str]:
    """Draw the outputs as bars beside the curves, at the height of their values."""
    edges, shares = _shares(state)
    places = np.clip(_y(edges, state.span), TOP, TOP + HEIGHT).tolist()
    unit = LENGTH / max(shares.max(), 1e-12)
    for (bottom, top), length in zip(pairwise(places), (shares * unit).tolist(), strict=True):
        if length > 0.05 and bottom > top:
            yield f'<rect class="bar" x="{RIGHT}" y="{top:.1f}" width="{length:.1f}" height="{max(bottom - top - 1, 1):.1f}"/>'


def _captions(state: State) -> Iterator[str]:
    yield f'<path class="f" d="M{LEFT} 14h34"/>{text(LEFT + 42, 14, "f(z)", "left")}'
    yield f'<path class="slope" d="M{LEFT + 100} 14h34"/>{text(LEFT + 142, 14, "f′(z)", "left")}'
    yield text(RIGHT, 14, "outputs a = f(z)", "left")
    yield text(RIGHT, BELOW + DEPTH / 2 - 13, "inputs z", "left")
    yield f'<rect class="flat" x="{RIGHT}" y="{BELOW + DEPTH / 2 + 6}" width="15" height="15"/>'
    yield text(RIGHT + 22, BELOW + DEPTH / 2 + 13, "where f is flat", "left")
    for y, sentence in zip((BELOW + DEPTH + 26, BELOW + DEPTH + 54), _sentences(state), strict=True):
        yield text(LEFT, y, escape(sentence), "left")


# --- controls -------------------------------------------------------------------------------------------------------------------------


def demo() -> Demo:
    """Build the demo: a choice of functions, sliders for mean and standard deviation of the inputs, and the drawing they change."""
    return live(_Controls, svg, State())


class _Controls(Controls):
    """The widgets, and the state they are in."""

    draw = staticmethod(svg)

    def __init__(self) -> None:
        import ipywidgets as w  # type: ignore[import-untyped]

        self.state = State()
        wide: dict[str, Any] = {"style": {"description_width": "170px"}, "layout": w.Layout(width="380px", max_width="100%")}
        self.function = w.Dropdown(description="Function f", options=list(FUNCTIONS), **wide)
        self.mean = w.FloatSlider(description="Mean of inputs z", min=-4, max=4, step=0.1, readout_format=".1f", **wide)
        self.deviation = w.FloatSlider(description="Their standard deviation", min=0.1, max=5, step=0.1, readout_format=".1f", **wide)
        self.reset = w.Button(description="Reset", tooltip="Back to the start")
        self.picture = w.HTML(svg(self.state))
        wrap = w.Layout(flex_flow="row wrap")
        rows = ((self.function, self.reset), (self.mean, self.deviation))
        self.box = w.VBox([*(w.HBox(row, layout=wrap) for row in rows), self.picture, w.HTML(TRY_THIS)])
        self._set()
        for name in ("function", "mean", "deviation"):
            getattr(self, name).observe(lambda change, name=name: self._show(replace(self.state, **{name: change.new})), "value")
        self.reset.on_click(lambda _: self._show(State()))

    def _set(self) -> None:
        """Set the controls to the state."""
        for name in ("function", "mean", "deviation"):
            getattr(self, name).value = getattr(self.state, name)


callable_as_demo(__name__)
