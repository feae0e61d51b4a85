"""Demo of chapter 03: values flow through a network of 2 inputs, 3 hidden neurons and 2 outputs, with every weight in reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from nnlab import plots
from nnlab.activations import ACTIVATIONS, Array, softmax
from nnlab.demos import Controls, Demo, callable_as_demo, live
from nnlab.demos._svg import drawing
from nnlab.demos._svg import factor as _factor
from nnlab.demos._svg import number as _number
from nnlab.demos._svg import text as _text
from nnlab.forward_propagation import forward

SIZES = (2, 3, 2)
LETTERS = ("x", "h", "y")
FUNCTIONS = {"sigmoid": "sigmoid", "tanh": "tanh", "ReLU": "relu", "none": "identity"}
TRY_THIS = (
    "Click a line to choose its weight, or a neuron to choose its bias; or choose in the list.<br>"
    "Try this: Which single weight flips the larger output? Can a bias do it too? "
    "With both inputs at 0, what still moves the outputs? What changes when the activation is “none”?"
)

X = (58, 310, 562)  # columns of the drawing, in its own units
STEP, TOP, RADIUS = 140, 70, 34
BAR_LEFT, BAR_LENGTH = 615, 90
LABEL_AT = {1: (0.4, 0.7), 2: (0.6, 0.3)}  # where on its line a weight is written: on the two outermost lines of a layer, on the others
LONGEST = 73  # letters of a sum that fit in a line
LABEL_GAP = 34  # half the gap around it, in the drawing's units
KINDS = {1: "positive", -1: "negative", 0: "zero"}

# Text and outlines take the colour of the page, so that they suit light and dark themes. `fwd` keeps the rules out of the rest of the page.
CSS = f"""
.fwd {{ width: 100%; max-width: 720px; height: auto; color: inherit; font-family: sans-serif; font-size: 18px; }}
.fwd text {{ fill: currentColor; text-anchor: middle; dominant-baseline: central; }}
.fwd .left {{ text-anchor: start; }}
.fwd .chosen, .fwd .winner {{ font-weight: bold; }}
.fwd .chosen {{ text-decoration: underline; }}
.fwd circle, .fwd .frame {{ fill: none; pointer-events: all; stroke: currentColor; stroke-width: 1.5; }}
.fwd .changed circle {{ stroke-width: 4; }}
.fwd .edge {{ fill: none; }}
.fwd .positive {{ stroke: {plots.BLUE}; }}
.fwd .negative {{ stroke: {plots.VERMILLION}; stroke-dasharray: 8 5; }}
.fwd .zero {{ stroke: {plots.GREY}; stroke-dasharray: 1 4; }}
.fwd .glow {{ fill: none; stroke: {plots.ORANGE}; stroke-opacity: 0.45; }}
.fwd .bar {{ fill: {plots.SKY}; }}
.fwd .sum {{ display: none; }}
.fwd .long {{ font-size: 15px; }}
.fwd .hit {{ fill: none; stroke: transparent; stroke-width: 22; pointer-events: stroke; }}
.fwd [data-choice] {{ cursor: pointer; }}
.fwd .selected .sum {{ display: inline; }}
.fwd:has(.neuron:hover) .sum {{ display: none; }}
.fwd:has(.neuron:hover) .neuron:hover .sum {{ display: inline; }}
"""

# A click on a line or a neuron chooses in the list what the list's keys choose as well, which JupyterLab would take for its own shortcuts.
# The `onload` of a style runs where it is shown.
CLICK = """<style onload="
  let box = this.closest('.widget-vbox');
  box.addEventListener('focusin', event => { event.target.dataset.lmSuppressShortcuts = 'true' });
  box.addEventListener('click', event => {
    let hit = event.target.closest('[data-choice]');
    if (!hit) return;
    let list = box.querySelector('select');
    list.selectedIndex = Number(hit.dataset.choice);
    list.dispatchEvent(new Event('change', {bubbles: true}));
  })"></style>"""


class Parameter(NamedTuple):
    """A number that can be moved: neuron `to` of `layer` gets it from neuron `source`, or as bias (or input, in layer 0) from none."""

    layer: int
    to: int
    source: int | None = None

    @property
    def name(self) -> str:
        """Return what the student calls it: x₁, weight x₁ → h₂, bias of h₂."""
        target = neuron_name(self.layer, self.to)
        if self.source is not None:
            return f"weight {neuron_name(self.layer - 1, self.source)} → {target}"
        return f"bias of {target}" if self.layer else target


def neuron_name(layer: int, index: int) -> str:
    """Return the name of a neuron: x₁ and x₂, h₁ to h₃, y₁ and y₂.

    Parameters
    ----------
    layer, index : int
        Both count from 0; the name counts from 1.

    Returns
    -------
    str
    """
    return LETTERS[layer] + "₁₂₃"[index]


INPUTS = [Parameter(0, i) for i in range(SIZES[0])]
WEIGHTS = [Parameter(layer, i, j) for layer in (1, 2) for i in range(SIZES[layer]) for j in range(SIZES[layer - 1])]
BIASES = [Parameter(layer, i) for layer in (1, 2) for i in range(SIZES[layer])]
START: Mapping[Parameter, float] = {
    **dict(zip(INPUTS, (1.0, -0.5), strict=True)),
    **dict(zip(WEIGHTS, (0.8, -1.2, -0.6, 0.9, 1.5, 0.4, 1.1, -0.7, 0.5, -0.9, 1.0, 0.8), strict=True)),
    **dict(zip(BIASES, (0.2, 0.0, -0.3, 0.1, 0.0), strict=True)),
}


@dataclass(frozen=True)
class State:
    """All that the demo shows: the numbers, the hidden activation, and the parameter that was moved last."""

    values: Mapping[Parameter, float]
    activation: str = "sigmoid"
    moved: Parameter = WEIGHTS[0]

    def move(self, parameter: Parameter, value: float) -> State:
        """Return the state after this parameter was set to this value: the same state if it has it already."""
        if self.values[parameter] == value:
            return self
        return replace(self, values={**self.values, parameter: value}, moved=parameter)

    @property
    def weights(self) -> list[Array]:
        """Return W(1) of shape (3, 2) and W(2) of shape (2, 3)."""
        return [
            np.array([[self.values[Parameter(layer, i, j)] for j in range(n)] for i in range(m)]) for layer, n, m in ((1, 2, 3), (2, 3, 2))
        ]

    def run(self) -> tuple[list[Array], list[Array]]:
        """Return z and a of all layers, as `forward` gives them."""
        x, *b = (np.array([[self.values[Parameter(layer, i)]] for i in range(size)]) for layer, size in enumerate(SIZES))
        return forward(x, self.weights, b, ACTIVATIONS[FUNCTIONS[self.activation]], softmax)


def svg(state: State) -> str:
    """Draw the network in this state.

    Parameters
    ----------
    state : State

    Returns
    -------
    str
        An SVG element, its text in the colour of the page around it.
    """
    z, a = state.run()
    parts = chain(_glows(state), _edges(state), _hits(), _neurons(state, z, a), _bars(a[-1]), _captions(state), _legend())
    return drawing("fwd", describe(state), 580, CSS, parts)


def describe(state: State) -> str:
    """Say in words what the network shows, for those who do not see it.

    Parameters
    ----------
    state : State

    Returns
    -------
    str
    """
    z, a = state.run()
    layers = (
        f"{role} {', '.join(f'{neuron_name(layer, i)} = {_number(value)}' for i, value in enumerate(a[layer].flat))}."
        for layer, role in enumerate(("Inputs", "Hidden", "Outputs"))
    )
    moved = state.moved
    sums = ", ".join(filter(None, _sum(state, z, a, moved.layer, moved.to)))
    return (
        f"Network of 2 inputs, 3 hidden neurons ({state.activation}) and 2 outputs (softmax). {' '.join(layers)} {_winner(a[-1])} "
        f"Selected: {moved.name} = {_number(state.values[moved])}. {sums}."
    )


def _winner(y: Array) -> str:
    first, second = y.flat
    return "Both outputs are the same." if first == second else f"{neuron_name(2, int(second > first))} is larger."


def _sum(state: State, z: list[Array], a: list[Array], layer: int, i: int) -> tuple[str, str]:
    """Write out how one neuron comes to its value, on two lines."""
    name = neuron_name(layer, i)
    if layer == 0:
        return f"Input {name} = {_number(a[0][i, 0])}", ""
    terms = [f"{_factor(state.values[Parameter(layer, i, j)])} · {_factor(value)}" for j, value in enumerate(a[layer - 1].flat)]
    total = f"{name}: z = {' + '.join(terms)} + {_factor(state.values[Parameter(layer, i)])} = {_number(z[layer - 1][i, 0])}"
    return total, f"a = {_applied(state.activation, z[layer - 1], layer, i)} = {_number(a[layer][i, 0])}"


def _applied(activation: str, z: Array, layer: int, i: int) -> str:
    """Write out the activation function of one neuron."""
    own = _number(z[i, 0])
    if layer == 2:
        return f"exp({own}) / ({' + '.join(f'exp({_number(value)})' for value in z.flat)})"
    return "z" if activation == "none" else f"{activation}({own})"


# --- drawing --------------------------------------------------------------------------------------------------------------------------


def _place(layer: int, i: int) -> tuple[float, float]:
    return X[layer], TOP + STEP * (i + (max(SIZES) - SIZES[layer]) / 2)


def _line(weight: Parameter, start: float = 0.0, end: float = 1.0) -> str:
    """Return a piece of a weight's line, between two shares of its length."""
    (x0, y0), (x1, y1) = _place(weight.layer - 1, weight.source or 0), _place(weight.layer, weight.to)
    dx, dy = x1 - x0, y1 - y0
    rim = RADIUS / float(np.hypot(dx, dy))  # lines begin and end at the rim of the circles, which have no fill to hide them
    start, end = max(start, rim), min(end, 1 - rim)
    return f"M{x0 + start * dx:.1f} {y0 + start * dy:.1f}L{x0 + end * dx:.1f} {y0 + end * dy:.1f}"


def _changes(moved: Parameter, weight: Parameter) -> bool:
    """Say whether the signal on this line changes with the moved parameter."""
    from_moved = weight.layer == moved.layer + 1 and weight.source == moved.to
    return weight == moved or from_moved or weight.layer > moved.layer + 1


def _changed(moved: Parameter, layer: int, i: int) -> bool:
    """Say whether this neuron changes with the moved parameter; softmax ties the outputs to one another."""
    return layer > moved.layer or (layer == moved.layer and (i == moved.to or layer == 2))


def _width(weight: float) -> float:
    return 0.8 + 1.6 * abs(weight)


def _glows(state: State) -> Iterator[str]:
    """Mark the path of the change: a broad band under its lines."""
    for weight in WEIGHTS:
        if _changes(state.moved, weight):
            yield f'<path class="glow" stroke-width="{_width(state.values[weight]) + 9:.1f}" d="{_line(weight)}"/>'


def _label(weight: Parameter) -> tuple[float, float, float]:
    """Return where a weight is written, and the share of its line that half the gap around it takes."""
    (x0, y0), (x1, y1) = _place(weight.layer - 1, weight.source or 0), _place(weight.layer, weight.to)
    outermost = (weight.source, weight.to) in ((0, 0), (SIZES[weight.layer - 1] - 1, SIZES[weight.layer] - 1))
    at = LABEL_AT[weight.layer][0 if outermost else 1]
    return x0 + at * (x1 - x0), y0 + at * (y1 - y0), LABEL_GAP / float(np.hypot(x1 - x0, y1 - y0))


def _edges(state: State) -> Iterator[str]:
    for weight in WEIGHTS:
        value = state.values[weight]
        x, y, gap = _label(weight)
        at = (x - X[weight.layer - 1]) / (X[weight.layer] - X[weight.layer - 1])
        path = _line(weight, end=at - gap) + _line(weight, at + gap)
        yield f'<path class="edge {KINDS[int(np.sign(value))]}" stroke-width="{_width(value):.1f}" d="{path}"/>'
        yield _text(x, y, _number(value), "chosen" * (weight == state.moved))


def _hits() -> Iterator[str]:
    """Lay a broad line that nobody sees over each weight, and say which entry of the list it is."""
    for choice, weight in enumerate(WEIGHTS):
        yield f'<path class="hit" data-choice="{choice}" d="{_line(weight)}"><title>{weight.name}</title></path>'


def _neurons(state: State, z: list[Array], a: list[Array]) -> Iterator[str]:
    """Draw each neuron with its value, its bias and its sum; the sum shows under the pointer, else for the selected one."""
    moved = state.moved
    for layer, i in ((layer, i) for layer, size in enumerate(SIZES) for i in range(size)):
        x, y = _place(layer, i)
        kind = " changed" * _changed(moved, layer, i) + " selected" * ((layer, i) == (moved.layer, moved.to))
        first, second = _sum(state, z, a, layer, i)
        bias = Parameter(layer, i)
        choice = f' data-choice="{(WEIGHTS + BIASES).index(bias)}"' if layer else ""
        yield f'<g class="neuron{kind}"{choice}><circle cx="{x}" cy="{y:g}" r="{RADIUS}"/>{_text(x, y, _number(a[layer][i, 0]))}'
        name, above = neuron_name(layer, i), i < SIZES[layer] - 1  # on the side where no line arrives
        told = f"{name}: b = {_number(state.values[bias])}" if layer else name
        yield _text(x, y + (-1 if above else 1) * (RADIUS + 16), told, "chosen" * (layer > 0 and bias == moved))
        size = " long" * (len(first) > LONGEST)
        yield f"{_text(10, 530, first, 'left sum' + size)}{_text(10, 560, second, 'left sum' + size)}</g>"


def _bars(y: Array) -> Iterator[str]:
    """Draw the outputs as shares of one, and mark the larger."""
    for i, share in enumerate(y.flat):
        top = _place(2, i)[1] - 12
        yield f'<rect class="bar" x="{BAR_LEFT}" y="{top:g}" width="{BAR_LENGTH * share:.1f}" height="24"/>'
        yield f'<rect class="frame" x="{BAR_LEFT}" y="{top:g}" width="{BAR_LENGTH}" height="24"/>'
        if share == y.max() and y.min() < y.max():
            yield _text(BAR_LEFT + BAR_LENGTH / 2, top + 42, "larger", "winner")


def _captions(state: State) -> Iterator[str]:
    for layer, role in enumerate(("input", f"f = {state.activation}", "softmax")):
        yield _text(X[layer] + 30 * (layer == 0), 440, f"layer {layer} ({role})")


def _legend() -> Iterator[str]:
    kinds = (("positive", 3, "weight > 0"), ("negative", 3, "weight < 0"), ("positive", 7, "wide: large |weight|"), ("glow", 12, "changes"))
    for x, (kind, width, text) in zip((10, 175, 340, 588), kinds, strict=True):
        yield f'<path class="{kind}" stroke-width="{width}" d="M{x} 482h36"/>{_text(x + 44, 482, escape(text), "left")}'


# --- controls -------------------------------------------------------------------------------------------------------------------------


def demo() -> Demo:
    """Build the demo: sliders for the inputs, one slider for any weight or bias, and the network they change."""
    return live(_Controls, svg, State(START))


class _Controls(Controls):
    """The widgets, and the state they are in."""

    draw = staticmethod(svg)

    def __init__(self) -> None:
        import ipywidgets as w  # type: ignore[import-untyped]

        self.state = State(START)
        wide: dict[str, Any] = {"style": {"description_width": "110px"}, "layout": w.Layout(width="340px", max_width="100%")}
        self.inputs = [w.FloatSlider(description=f"Input {p.name}", min=-2, max=2, step=0.1, readout_format=".1f", **wide) for p in INPUTS]
        self.choice = w.Dropdown(description="Weight or bias", options=[(p.name, p) for p in WEIGHTS + BIASES], **wide)
        self.value = w.FloatSlider(description="Its value", min=-3, max=3, step=0.1, readout_format=".1f", **wide)
        self.activation = w.Dropdown(description="Hidden layer f", options=list(FUNCTIONS), **wide)
        self.reset = w.Button(description="Reset", tooltip="Back to the numbers at the start")
        self.picture = w.HTML(svg(self.state))
        rows = ((*self.inputs,), (self.choice, self.value), (self.activation, self.reset))
        wrap = w.Layout(flex_flow="row wrap")
        self.box = w.VBox(
            [*(w.HBox(row, layout=wrap) for row in rows), self.picture, w.HTML(TRY_THIS), w.HTML(CLICK, layout={"display": "none"})]
        )
        self._set()
        for slider, parameter in zip(self.inputs, INPUTS, strict=True):
            slider.observe(lambda change, parameter=parameter: self._show(self.state.move(parameter, change.new)), "value")
        self.value.observe(lambda change: self._show(self.state.move(self.choice.value, change.new)), "value")
        self.choice.observe(lambda change: self._show(replace(self.state, moved=change.new)), "value")
        self.activation.observe(lambda change: self._show(replace(self.state, activation=change.new)), "value")
        self.reset.on_click(lambda _: self._show(State(START)))

    def _set(self) -> None:
        """Set the controls to the state."""
        if self.state.moved not in INPUTS:
            self.choice.value = self.state.moved
        for slider, parameter in zip((*self.inputs, self.value), (*INPUTS, self.choice.value), strict=True):
            slider.value = self.state.values[parameter]
        self.activation.value = self.state.activation


callable_as_demo(__name__)
