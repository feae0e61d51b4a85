"""Demo of chapter 05: a network learns the states of traffic; its map of the plane, its cost and its mistakes change step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, groupby
from typing import Any

import numpy as np

from nnlab import plots
from nnlab.activations import Array, sigmoid, softmax
from nnlab.backpropagation import cross_entropy, one_hot
from nnlab.data import load_traffic
from nnlab.demos import Controls, Demo, callable_as_demo, live
from nnlab.demos._svg import drawing, text
from nnlab.forward_propagation import forward, init_params
from nnlab.traffic_classifier import Indices, confusion_matrix, min_max, minibatches, standardise, train

STATES = ("free flow", "slow", "congested")
SCALES: dict[str, Any] = {"standardised": standardise, "min-max": min_max, "raw": lambda _: lambda X: X}
BATCHES = {"1": 1, "8": 8, "64": 64, "512": 512, "all": 1000}
RATES = (0.001, 0.01, 0.05, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0)
SAMPLES, SHOWN = 1000, 150  # to learn from, and of the validation day to draw
PICTURES = 240  # of the web edition, drawn beforehand: each takes long
COLUMNS, ROWS = 48, 30  # cells of the map
SPEED, VOLUME = 85.0, 90.0  # where the plane ends
SLIDERS = ("Mean speed (km/h)", "Acceleration (m/s²)", "Volume", "Speed sd (km/h)", "Stops a vehicle")  # of the new sample
RANGES = ((0.0, 85.0, 1.0), (-0.4, 0.8, 0.05), (0.0, 90.0, 1.0), (3.0, 33.0, 0.5), (0.0, 4.0, 0.1))  # lowest, highest, step
TRY_THIS = (
    "Try this: Ten epochs at α = 0.01: why does the map stay one colour? Reset, and take twenty at α = 0.5. Then move the stops from 0 to "
    "3: where does the map turn? Now α = 50: what does the cost say that the map hides? Raw features: which α bends the line at all?"
)

LEFT, TOP, WIDE, HIGH = 44, 24, 336, 300  # the plane, in the drawing's own units
CHART = (440, 24, 264, 110)  # of the cost: left, top, width, height
LOWEST, HIGHEST = 0.05, 50.0  # ends of the cost's axis
TABLE = (512, 218, 64, 26)  # of the matrix: left, top, width and height of a cell
BARS = (512, 346, 140, 22)  # of the new sample: left, top, length of 100 %, distance

CSS = f"""
.tcl {{ width: 100%; max-width: 720px; height: auto; color: inherit; font-family: sans-serif; font-size: 13px; }}
.tcl text {{ fill: currentColor; text-anchor: middle; dominant-baseline: central; }}
.tcl .left {{ text-anchor: start; }} .tcl .right {{ text-anchor: end; }} .tcl .strong {{ font-weight: bold; }}
.tcl .frame, .tcl .point3 {{ fill: none; stroke: currentColor; }} .tcl .point3 {{ stroke-width: 2.5; }}
.tcl .area0, .tcl .area1, .tcl .area2 {{ fill: {plots.BLUE}; fill-opacity: 0.16; shape-rendering: crispEdges; }}
.tcl .area1 {{ fill: {plots.ORANGE}; fill-opacity: 0.32; }} .tcl .area2 {{ fill: {plots.VERMILLION}; fill-opacity: 0.45; }}
.tcl .point0 {{ fill: {plots.BLUE}; }} .tcl .point1 {{ fill: {plots.ORANGE}; stroke: currentColor; stroke-width: 0.6; }}
.tcl .point2 {{ stroke: {plots.VERMILLION}; stroke-width: 2.4; }} .tcl .chance {{ stroke: {plots.GREY}; stroke-dasharray: 3 3; }}
.tcl .cost0, .tcl .cost1 {{ fill: none; stroke: {plots.BLUE}; stroke-width: 2; }}
.tcl .cost1 {{ stroke: {plots.GREEN}; stroke-dasharray: 7 3; }} .tcl .bar, .tcl .hit {{ fill: {plots.SKY}; }}
.tcl .hit {{ fill-opacity: 0.5; }}
"""


@cache
def samples() -> tuple[Array, Indices, Array, Indices]:
    """Return X (5, 1000) and y of days 1 to 4, and X (5, n) and y of day 5."""
    (rows, y), (rows_5, y_5), _ = load_traffic(split="day", return_X_y=True)
    some = np.random.default_rng(1).permutation(len(y))[:SAMPLES]
    return rows[some].T, y[some], rows_5.T, y_5


@dataclass(frozen=True, eq=False)
class State:
    """All that the demo shows: how it learns, the parameters, the costs on the way, and a new sample."""

    alpha: float = 0.5
    batch: str = "64"
    scale: str = "standardised"
    sample: tuple[float, ...] = (27.0, 0.0, 60.0, 8.0, 0.0)
    parameters: tuple[list[Array], list[Array]] = field(default_factory=lambda: init_params([5, 4, 3, 3], np.random.default_rng(0)))
    past: tuple[tuple[int, float, float], ...] = ()  # steps done, and the two costs then

    def get(self, name: str) -> Any:
        """Return a setting, or a feature of the new sample."""
        return self.sample[SLIDERS.index(name)] if name in SLIDERS else getattr(self, name)

    def change(self, **to: Any) -> State:
        """Return the state with another learning rate, batch size, scale, sample or feature of it: another scale starts anew."""
        sample = tuple(to.pop(name, value) for name, value in zip(SLIDERS, self.sample, strict=True))
        changed = replace(self, **{"sample": sample, **to})
        return changed if changed.scale == self.scale else changed.reset()

    def reset(self) -> State:
        """Return the state before the first step."""
        return State(self.alpha, self.batch, self.scale, self.sample)

    def scores(self, X: Array) -> Array:
        """Return what goes into softmax for samples in their own units, shape (3, samples)."""
        return forward(SCALES[self.scale](samples()[0])(X), *self.parameters, sigmoid, softmax)[0][-1]

    def told(self, X: Array) -> Indices:
        """Return the states that the network says."""
        return self.scores(X).argmax(axis=0)

    @property
    def costs(self) -> tuple[tuple[int, float, float], ...]:
        """Return steps done, cost of the 1,000 samples and cost of day 5, from the start until now."""
        return self.past or (self._now(0),)

    def _now(self, steps: int) -> tuple[int, float, float]:
        X, y, X_5, y_5 = samples()
        return steps, cross_entropy(self.scores(X), one_hot(y, 3)), cross_entropy(self.scores(X_5), one_hot(y_5, 3))

    def learn(self, epochs: int = 0) -> State:
        """Return the state after so many epochs, or after one step: as many steps as an epoch has batches are an epoch."""
        X, y, _, _ = samples()
        scaled, Y, size, state = SCALES[self.scale](X)(X), one_hot(y, 3), BATCHES[self.batch], self
        batches = -(-SAMPLES // size)
        for _ in range(max(epochs, 1)):
            steps = state.costs[-1][0]
            epoch, step = divmod(steps, batches)
            some = slice(None) if epochs else minibatches(SAMPLES, size, np.random.default_rng(epoch))[step]
            W, b, _ = train(scaled[:, some], Y[:, some], *state.parameters, self.alpha, 1, size, np.random.default_rng(epoch))
            past, state = state.costs, replace(state, parameters=(W, b))
            state = replace(state, past=(*past, state._now(steps + (batches if epochs else 1))))
        return state

    def plane(self) -> Array:
        """Return the middle of each cell of the map, row by row from above, else like the new sample: shape (5, cells)."""
        points = np.repeat(np.array(self.sample)[:, None], COLUMNS * ROWS, axis=1)
        volume, speed = np.indices((ROWS, COLUMNS)).reshape(2, -1) + 0.5
        points[0], points[2] = SPEED * speed / COLUMNS, VOLUME * (1 - volume / ROWS)
        return points

    def mistakes(self) -> Indices:
        """Return the confusion matrix of day 5."""
        return confusion_matrix(samples()[3], self.told(samples()[2]), 3)

    def said(self) -> Array:
        """Return the shares of the three states for the new sample."""
        return softmax(self.scores(np.array(self.sample)[:, None]))[:, 0]

    def sentences(self) -> list[str]:
        """Return how far it is, and how it learns."""
        C, (steps, cost, _), one = self.mistakes(), self.costs[-1], self.batch == "1"
        return [
            f"After {steps} step{'s' * (steps != 1)}: cost {cost:.3f}, {np.trace(C) / C.sum():.1%} of day 5 right.",
            f"α = {self.alpha:g}, {self.batch} sample{'s' * (not one)} a step, features {self.scale}.",
        ]


def _shares(shares: Array) -> str:
    return ", ".join(f"{name} {share:.0%}" for name, share in zip(STATES, shares, strict=True))


def describe(state: State) -> str:
    """Say in words what the drawing shows, for those who do not see it."""
    told = _shares(np.bincount(state.told(state.plane()), minlength=3) / (COLUMNS * ROWS))
    rows = "; ".join(f"{name}: {', '.join(map(str, row))}" for name, row in zip(STATES, state.mistakes().tolist(), strict=True))
    sample = ", ".join(f"{name} {value:g}" for name, value in zip(SLIDERS, state.sample, strict=True)).lower()
    first = f"Map of mean speed and volume: the network says {told}. {' '.join(state.sentences())}"
    second = f"Cost of day 5: {state.costs[-1][2]:.3f}. Called free flow, slow, congested of {rows}."
    return f"{first} {second} New sample: {sample}: {_shares(state.said())}."


def svg(state: State) -> str:
    """Draw the map, the cost, the mistakes and the new sample in this state."""
    return drawing("tcl", describe(state), 442, CSS, chain(*(draw(state) for draw in (_map, _axes, _cost, _table, _bars))))


def _rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>'


def _mark(kind: int, x: float, y: float) -> str:
    """Draw a sample of a state, or as kind 3 the new one."""
    if kind == 2:
        return f'<path class="point2" d="M{x - 3:.1f} {y - 3:.1f}l6 6m0 -6l-6 6"/>'
    if kind == 1:
        return _rect("point1", round(x - 3, 1), round(y - 3, 1), 6, 6)
    return f'<circle class="point{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{7 if kind else 3}"/>'


def _map(state: State) -> Iterator[str]:
    """Fill the plane with what the network says, cells of one state in a row together, and draw samples upon it."""
    width, height = WIDE / COLUMNS, HIGH / ROWS
    for row, cells in enumerate(state.told(state.plane()).reshape(ROWS, COLUMNS).tolist()):
        column = 0
        for kind, alike in groupby(cells):
            count = len(list(alike))
            yield _rect(f"area{kind}", LEFT + column * width, TOP + row * height, count * width, height)
            column += count
    _, _, X, y = samples()
    shown = slice(0, SHOWN * 12, 12)
    for speed, volume, kind in (*zip(*X[[0, 2], shown], y[shown].tolist(), strict=True), (state.sample[0], state.sample[2], 3)):
        yield _mark(kind, LEFT + WIDE * speed / SPEED, TOP + HIGH * (1 - volume / VOLUME))


def _axes(state: State) -> Iterator[str]:
    below = TOP + HIGH
    yield _rect("frame", LEFT, TOP, WIDE, HIGH) + text(LEFT, 12, "volume", "left")
    yield text(LEFT + WIDE / 2, below + 34, "mean speed (km/h)")
    for value in range(0, 81, 20):
        yield text(LEFT + WIDE * value / SPEED, below + 14, str(value))
        yield text(LEFT - 8, below - HIGH * value / VOLUME, str(value), "right")
    for k, (name, x) in enumerate(zip((*STATES, "new sample"), (50, 132, 186, 280), strict=True)):
        yield _mark(k, x, below + 58) + text(x + 12, below + 58, name, "left")
    first, second = state.sentences()
    yield text(LEFT, 406, first, "left strong") + text(LEFT, 428, second, "left")


def _cost(state: State) -> Iterator[str]:
    """Draw both costs against steps, on a logarithmic axis."""
    left, top, width, height = CHART

    def up(cost: float) -> float:
        return float(top + height * np.log(HIGHEST / np.clip(cost, LOWEST, HIGHEST)) / np.log(HIGHEST / LOWEST))

    yield text(left, top - 12, "cost", "left strong") + _rect("frame", left, top, width, height)
    for k, (name, x) in enumerate((("1,000 samples", 486), ("day 5", 634))):
        yield f'<path class="cost{k}" d="M{x} {top - 12}h24"/>' + text(x + 30, top - 12, name, "left")
    level = up(float(np.log(3)))
    yield f'<path class="chance" d="M{left} {level:.1f}h{width}"/>' + text(left + width - 4, level - 9, "log 3: knows nothing", "right")
    yield from (text(left - 6, up(tick), f"{tick:g}", "right") for tick in (0.1, 1, 10))
    last = max(state.costs[-1][0], 10)
    for k in range(2):
        places = [f"{left + width * steps / last:.1f} {up(costs[k]):.1f}" for steps, *costs in state.costs]
        yield f'<path class="cost{k}" d="M{"L".join(places)}"/>'
    yield text(left, top + height + 14, "0") + text(left + width, top + height + 14, f"{last} steps", "right")


def _table(state: State) -> Iterator[str]:
    """Write the confusion matrix of day 5; what is right stands on blue."""
    x, y, width, height = TABLE
    C = state.mistakes()
    yield text(440, y - 40, "day 5: true state, and what was said", "left strong")
    for k, name in enumerate(STATES):
        yield text(x + (k + 0.5) * width, y - 14, name.split()[0]) + text(x - 8, y + (k + 0.5) * height, name, "right")
    for (i, j), count in np.ndenumerate(C):
        cell = (x + j * width, y + i * height, width, height)
        yield (_rect("hit", *cell) if i == j else "") + _rect("frame", *cell)
        yield text(x + (j + 0.5) * width, y + (i + 0.5) * height, str(count))


def _bars(state: State) -> Iterator[str]:
    """Draw what the network says of the new sample."""
    x, y, length, distance = BARS
    yield text(440, y - 24, "new sample: the network says", "left strong")
    for k, share in enumerate(state.said().tolist()):
        middle = y + k * distance
        yield text(x - 8, middle, STATES[k], "right") + _rect("bar", x, middle - 7, round(length * share, 1), 14)
        yield text(x + length * share + 6, middle, f"{share:.0%}", "left")


def demo() -> Demo:
    """Build the demo: how it learns, buttons that let it learn, and a new sample to ask it about."""
    return live(_Controls, lambda state: svg(state if state.costs[-1][0] else state.learn(20)), State())


class _Controls(Controls):
    """The widgets, and the state they are in."""

    draw = staticmethod(svg)

    def __init__(self) -> None:
        import ipywidgets as w  # type: ignore[import-untyped]

        self.state = State()
        wide: dict[str, Any] = {"style": {"description_width": "130px"}, "layout": w.Layout(width="330px", max_width="100%")}
        ranges = zip(SLIDERS, RANGES, strict=True)
        self.fields = {
            "scale": w.Dropdown(description="Features", options=list(SCALES), **wide),
            "alpha": w.SelectionSlider(description="Learning rate α", options=RATES, **wide),
            "batch": w.SelectionSlider(description="Samples a step", options=list(BATCHES), **wide),
            **{name: w.FloatSlider(description=name, min=low, max=high, step=step, **wide) for name, (low, high, step) in ranges},
        }
        learn = {"One step": 0, "One epoch": 1, "Ten epochs": 10}
        self.buttons = {name: w.Button(description=name, layout=w.Layout(width="110px")) for name in (*learn, "Reset")}
        scale, alpha, batch, *sample = self.fields.values()
        self._wire(((scale,), (alpha, batch), self.buttons.values(), sample), TRY_THIS)
        for name, epochs in learn.items():
            self.buttons[name].on_click(lambda _, epochs=epochs: self._show(self.state.learn(epochs)))
        self.buttons["Reset"].on_click(lambda _: self._show(self.state.reset()))

    def _moved(self, name: str, value: Any) -> State:
        """Return the state after a setting or a feature of the new sample was moved."""
        moved: State = self.state.change(**{name: value})
        return moved

    def _set(self) -> None:
        """Set the controls to the state, and the new sample's features."""
        for name, widget in self.fields.items():
            widget.value = self.state.get(name)


callable_as_demo(__name__)
