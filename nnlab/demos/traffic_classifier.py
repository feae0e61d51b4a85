"""Demo of chapter 05: a network learns the states of traffic; its map of the plane, its cost and its mistakes change step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, groupby
from typing import Any

import numpy as np

from nnlab import plots
from nnlab.activations import Array, sigmoid, softmax
from nnlab.backpropagation import cross_entropy
from nnlab.data import load_traffic
from nnlab.demos import Controls, Demo, callable_as_demo, live
from nnlab.demos._svg import drawing, text
from nnlab.forward_propagation import forward, init_params
from nnlab.traffic_classifier import Indices, Scaling, confusion_matrix, min_max, minibatches, one_hot, standardise, train

SIZES = (5, 4, 3, 3)
STATES = ("free flow", "slow", "congested")
SCALES: dict[str, Callable[[Array], Scaling]] = {
    "standardised": standardise,
    "min-max": min_max,
    "raw": lambda X: Scaling(np.zeros((len(X), 1)), np.eye(len(X))),
}
BATCHES = {"1": 1, "8": 8, "64": 64, "512": 512, "all": 10**6}
RATES = (0.001, 0.01, 0.05, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0)
SAMPLES, SHOWN = 1000, 150  # to learn from, and of the validation day to draw
COLUMNS, ROWS = 48, 36  # cells of the map
SPEED, VOLUME = (0.0, 85.0), (0.0, 90.0)  # what the plane shows
TRY_THIS = (
    "Try this: Take ten epochs at α = 0.01: why does the map stay one colour? Reset, and take them at α = 0.5. Now α = 50: what does "
    "the cost say that the map hides? With raw features, does any α bend the line? How smooth is the cost with one sample a step?"
)

LEFT, TOP, WIDE, HIGH = 44, 12, 336, 300  # the plane, in the drawing's own units
CHART = (440, 24, 264, 120)  # of the cost: left, top, width, height
LOW, HIGH_COST = 0.05, 50.0  # ends of the cost's axis
TABLE = (512, 212, 66, 30)  # of the matrix: left, top, width and height of a cell

CSS = f"""
.tcl {{ width: 100%; max-width: 720px; height: auto; color: inherit; font-family: sans-serif; font-size: 13px; }}
.tcl text {{ fill: currentColor; text-anchor: middle; dominant-baseline: central; }}
.tcl .left {{ text-anchor: start; }}
.tcl .right {{ text-anchor: end; }}
.tcl .strong {{ font-weight: bold; }}
.tcl .frame {{ fill: none; stroke: currentColor; }}
.tcl .area0 {{ fill: {plots.BLUE}; fill-opacity: 0.16; }}
.tcl .area1 {{ fill: {plots.ORANGE}; fill-opacity: 0.32; }}
.tcl .area2 {{ fill: {plots.VERMILLION}; fill-opacity: 0.45; }}
.tcl .point0 {{ fill: {plots.BLUE}; }}
.tcl .point1 {{ fill: {plots.ORANGE}; stroke: currentColor; stroke-width: 0.6; }}
.tcl .point2 {{ stroke: {plots.VERMILLION}; stroke-width: 2.4; }}
.tcl .cost {{ fill: none; stroke: {plots.BLUE}; stroke-width: 2; }}
.tcl .chance {{ stroke: {plots.GREY}; stroke-dasharray: 3 3; }}
.tcl .hit {{ fill: {plots.SKY}; }}
"""


@cache
def samples() -> tuple[Array, Indices, Array, Indices]:
    """Return X (5, 1000) and y of days 1 to 4, and X (5, n) and y of day 5."""
    (rows, y), (rows_5, y_5), _ = load_traffic(split="day", return_X_y=True)
    some = np.random.default_rng(1).permutation(len(y))[:SAMPLES]
    return rows[some].T, y[some], rows_5.T, y_5


@cache
def plane() -> Array:
    """Return the middle of each cell of the map, row by row from above, with the other three features at their mean: shape (5, cells)."""
    X = samples()[0]
    speed, volume = (np.linspace(*ends, 2 * n + 1)[1::2] for ends, n in ((SPEED, COLUMNS), (VOLUME, ROWS)))
    points = np.repeat(X.mean(axis=1, keepdims=True), COLUMNS * ROWS, axis=1)
    points[0], points[2] = np.tile(speed, ROWS), np.repeat(volume[::-1], COLUMNS)
    return points


@dataclass(frozen=True, eq=False)
class State:
    """All that the demo shows: how it learns, the parameters, what the cost was after each step or epoch, and how far it is."""

    alpha: float = 0.5
    batch: str = "64"
    scale: str = "standardised"
    parameters: tuple[list[Array], list[Array]] | None = None
    costs: tuple[float, ...] = ()
    steps: int = 0

    def change(self, **to: Any) -> State:
        """Return the state with another learning rate, batch size or scale: another scale starts anew."""
        if all(getattr(self, name) == value for name, value in to.items()):
            return self
        return State(self.alpha, self.batch, to["scale"]) if "scale" in to else replace(self, **to)

    @property
    def at(self) -> tuple[list[Array], list[Array]]:
        """Return W and b; before the first step those that chance gave."""
        return self.parameters or init_params(list(SIZES), np.random.default_rng(0))

    def outputs(self, X: Array) -> tuple[Array, Array]:
        """Return scores and shares of samples in their own units, shape (3, samples) each."""
        z, a = forward(SCALES[self.scale](samples()[0])(X), *self.at, sigmoid, softmax)
        return z[-1], a[-1]

    def told(self, X: Array) -> Indices:
        """Return the states that the network says."""
        return self.outputs(X)[1].argmax(axis=0)

    @property
    def cost(self) -> float:
        """Return the cost of all 1,000 samples."""
        return cross_entropy(self.outputs(samples()[0])[0], one_hot(samples()[1], 3))

    def learn(self, epochs: int = 0) -> State:
        """Return the state after so many epochs, or after one step."""
        X, y, _, _ = samples()
        scaled, Y, size = SCALES[self.scale](X)(X), one_hot(y, 3), BATCHES[self.batch]
        rng = np.random.default_rng(self.steps)
        if not epochs:
            index = minibatches(SAMPLES, size, rng)[0]
            scaled, Y, size = scaled[:, index], Y[:, index], len(index)
        W, b, _ = train(scaled, Y, *self.at, self.alpha, max(epochs, 1), size, rng)
        steps = self.steps + (epochs * -(-SAMPLES // size) if epochs else 1)
        after = replace(self, parameters=(W, b), steps=steps)
        return replace(after, costs=(*(self.costs or (self.cost,)), after.cost))


def describe(state: State) -> str:
    """Say in words what the drawing shows, for those who do not see it."""
    told = state.told(plane())
    shares = ", ".join(f"{name} {np.mean(told == k):.0%}" for k, name in enumerate(STATES))
    rows = "; ".join(f"{name}: {', '.join(map(str, row))}" for name, row in zip(STATES, _matrix(state).tolist(), strict=True))
    learned = " ".join(_sentences(state))
    return f"Map of mean speed and volume: the network says {shares}. {learned} Called free flow, slow, congested of {rows}."


def _matrix(state: State) -> Indices:
    _, _, X, y = samples()
    return confusion_matrix(y, state.told(X), 3)


def _sentences(state: State) -> list[str]:
    C = _matrix(state)
    return [
        f"After {state.steps} step{'s' * (state.steps != 1)}: cost {state.cost:.3f}, {np.trace(C) / C.sum():.1%} of day 5 right.",
        f"α = {state.alpha:g}, {state.batch} sample{'s' * (state.batch != '1')} a step, features {state.scale}.",
    ]


# --- drawing --------------------------------------------------------------------------------------------------------------------------


def svg(state: State) -> str:
    """Draw the map, the cost and the mistakes in this state."""
    return drawing("tcl", describe(state), 420, CSS, chain(_map(state), _points(), _axes(), _cost(state), _table(state), _words(state)))


def _map(state: State) -> Iterator[str]:
    """Fill the plane with what the network says, cells of one state in a row together."""
    width, height = WIDE / COLUMNS, HIGH / ROWS
    for row, cells in enumerate(state.told(plane()).reshape(ROWS, COLUMNS).tolist()):
        column = 0
        for kind, alike in groupby(cells):
            count = len(list(alike))
            place = f'x="{LEFT + column * width:.1f}" y="{TOP + row * height:.1f}"'
            yield f'<rect class="area{kind}" {place} width="{count * width:.2f}" height="{height + 0.05:.2f}"/>'
            column += count


def _mark(kind: int, x: float, y: float) -> str:
    if kind == 2:
        return f'<path class="point2" d="M{x - 3:.1f} {y - 3:.1f}l6 6m0 -6l-6 6"/>'
    if kind == 1:
        return f'<rect class="point1" x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6"/>'
    return f'<circle class="point0" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'


def _points() -> Iterator[str]:
    _, _, X, y = samples()
    for speed, volume, kind in zip(*X[[0, 2], : SHOWN * 12 : 12], y[: SHOWN * 12 : 12].tolist(), strict=True):
        if speed < SPEED[1] and volume < VOLUME[1]:
            yield _mark(kind, LEFT + WIDE * speed / SPEED[1], TOP + HIGH * (1 - volume / VOLUME[1]))


def _axes() -> Iterator[str]:
    yield f'<rect class="frame" x="{LEFT}" y="{TOP}" width="{WIDE}" height="{HIGH}"/>'
    for value in range(0, 81, 20):
        yield text(LEFT + WIDE * value / SPEED[1], TOP + HIGH + 14, str(value))
        yield text(LEFT - 8, TOP + HIGH * (1 - value / VOLUME[1]), str(value), "right")
    yield text(LEFT + WIDE / 2, TOP + HIGH + 34, "mean speed (km/h)") + text(LEFT, TOP + HIGH + 34, "volume ↑", "left")
    for k, (name, x) in enumerate(zip(STATES, (56, 156, 236), strict=True)):
        yield _mark(k, x, TOP + HIGH + 58) + text(x + 12, TOP + HIGH + 58, name, "left")


def _cost(state: State) -> Iterator[str]:
    """Draw the cost after each step or epoch, on a logarithmic axis."""
    x, y, width, height = CHART

    def up(cost: float) -> float:
        share = np.log(np.clip(cost, LOW, HIGH_COST) / LOW) / np.log(HIGH_COST / LOW)
        return float(y + height * (1 - share))

    yield (
        text(x, y - 12, "cost of the 1,000 samples", "left strong")
        + f'<rect class="frame" x="{x}" y="{y}" width="{width}" height="{height}"/>'
    )
    chance = up(float(np.log(3)))
    yield f'<path class="chance" d="M{x} {chance:.1f}h{width}"/>{text(x + width - 4, chance - 9, "log 3: knows nothing", "right")}'
    for tick in (0.1, 1, 10):
        yield text(x - 6, up(tick), f"{tick:g}", "right")
    costs = state.costs or (state.cost,)
    places = [f"{x + width * i / max(len(costs) - 1, 10):.1f} {up(cost):.1f}" for i, cost in enumerate(costs)]
    yield f'<path class="cost" d="M{"L".join(places)}"/>'
    cx, cy = places[-1].split()
    yield f'<circle class="point0" cx="{cx}" cy="{cy}" r="4"/>'


def _table(state: State) -> Iterator[str]:
    """Write the confusion matrix of day 5; what is right stands on blue."""
    x, y, width, height = TABLE
    C = _matrix(state)
    yield text(440, y - 42, "day 5: true state, and what was said", "left strong")
    for k, name in enumerate(STATES):
        yield text(x + (k + 0.5) * width, y - 14, name.split()[0]) + text(x - 8, y + (k + 0.5) * height, name, "right")
    for (i, j), count in np.ndenumerate(C):
        share = count / max(C[i].sum(), 1) if i == j else 0
        place = f'x="{x + j * width}" y="{y + i * height}" width="{width}" height="{height}"'
        yield f'<rect class="hit" {place} fill-opacity="{0.8 * share:.2f}"/><rect class="frame" {place}/>'
        yield text(x + (j + 0.5) * width, y + (i + 0.5) * height, str(count))


def _words(state: State) -> Iterator[str]:
    first, second = _sentences(state)
    settings, scale = second.rsplit(", ", 1)
    yield text(LEFT, 400, first, "left strong") + text(440, 344, f"{settings},", "left") + text(440, 366, scale, "left")


# --- controls -------------------------------------------------------------------------------------------------------------------------


def demo() -> Demo:
    """Build the demo: learning rate, batch size and scale, and buttons that let the network learn."""
    return live(_Controls, lambda state: svg(state if state.steps else state.learn(10)), State())


class _Controls(Controls):
    """The widgets, and the state they are in."""

    draw = staticmethod(svg)

    def __init__(self) -> None:
        import ipywidgets as w  # type: ignore[import-untyped]

        self.state = State()
        wide: dict[str, Any] = {"style": {"description_width": "110px"}, "layout": w.Layout(width="330px", max_width="100%")}
        self.alpha = w.SelectionSlider(
            description="Learning rate α", options=[0.001, 0.01, 0.05, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0], **wide
        )
        self.batch = w.SelectionSlider(description="Samples a step", options=list(BATCHES), **wide)
        self.scale = w.Dropdown(description="Features", options=list(SCALES), **wide)
        actions = {
            "One step": lambda: self.state.learn(),
            "One epoch": lambda: self.state.learn(1),
            "Ten epochs": lambda: self.state.learn(10),
            "Reset": lambda: State(self.state.alpha, self.state.batch, self.state.scale),
        }
        self.buttons = {name: w.Button(description=name, layout=w.Layout(width="110px")) for name in actions}
        self.picture = w.HTML(svg(self.state))
        wrap = w.Layout(flex_flow="row wrap")
        rows = ((self.scale,), (*self.buttons.values(),), (self.alpha, self.batch))
        self.box = w.VBox([*(w.HBox([*row], layout=wrap) for row in rows), self.picture, w.HTML(TRY_THIS)])
        self._set()
        for name in ("alpha", "batch", "scale"):
            getattr(self, name).observe(lambda change, name=name: self._show(self.state.change(**{name: change.new})), "value")
        for name, action in actions.items():
            self.buttons[name].on_click(lambda _, action=action: self._show(action()))

    def _set(self) -> None:
        """Set the controls to the state."""
        for name in ("alpha", "batch", "scale"):
            getattr(self, name).value = getattr(self.state, name)


callable_as_demo(__name__)
