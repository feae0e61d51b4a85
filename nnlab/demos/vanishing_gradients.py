"""Demo of chapter 06: the size of the gradient layer by layer, and how the activations spread, for starts and cures of one's own choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain, pairwise
from typing import Any

import numpy as np

from nnlab import plots
from nnlab.activations import ACTIVATIONS, DERIVATIVES, Array
from nnlab.backpropagation import one_hot
from nnlab.data import load_traffic
from nnlab.demos import Controls, Demo, callable_as_demo, live
from nnlab.demos._svg import drawing, text
from nnlab.optimizers import gradient_norms
from nnlab.traffic_classifier import Indices, minibatches, standardise
from nnlab.vanishing_gradients import DeepPass, deep_backward, deep_forward, deep_start, diagnose, initial_std

FUNCTIONS = ("sigmoid", "tanh", "relu")
STARTS = ("one for all layers", "Xavier", "He", "4 × Xavier", "4 × Xavier, centred")
STDS = (0.01, 0.02, 0.05, 0.1, 0.18, 0.25, 0.35, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0)
DEPTHS, WIDTHS = (3, 5, 10, 15, 20, 25, 30), (8, 16, 32, 64)
SAMPLES, SHOWN, ALPHA = 1000, 64, 0.1  # to learn from, to measure with, and the learning rate
PICTURES = 420  # of the web edition, drawn beforehand: each takes long
PARTS = 4  # day 5 goes through the network in so many parts, which stay in the processor's cache: in half the time
TRY_THIS = (
    "Try this: with the sigmoid, make the stairs flat with one sd for all. How large must it be, and where do the activations stand then? "
    "Compare 4 × Xavier, centred. With tanh, where do flat stairs begin to rise? Sooner or later with 64 neurons? "
    "Start tanh at 0.01 and train five epochs; then switch on residual and train again."
)

LEFT, TOP, WIDE, HIGH = 64, 34, 640, 190  # the stairs, in the drawing's own units
BELOW, TALL, BINS = 262, 84, 12  # the histograms: top, height, and cells of each
LOW, TOP_POWER = -18, 9  # powers of ten at the ends of the axis
KINDS = {"less": "less than a tenth of the last hidden layer", "alike": "about the same", "more": "more than ten times"}

CSS = f"""
.vg {{ width: 100%; max-width: 720px; height: auto; color: inherit; font-family: sans-serif; font-size: 13px; }}
.vg text {{ fill: currentColor; text-anchor: middle; dominant-baseline: central; }}
.vg .left {{ text-anchor: start; }}
.vg .right {{ text-anchor: end; }}
.vg .strong {{ font-weight: bold; }}
.vg .frame {{ fill: none; stroke: currentColor; }}
.vg .grid {{ stroke: {plots.GREY}; stroke-opacity: 0.4; }}
.vg .less {{ fill: none; stroke: {plots.VERMILLION}; stroke-width: 2; stroke-dasharray: 4 2; }}
.vg .alike {{ fill: {plots.BLUE}; }}
.vg .more {{ fill: {plots.ORANGE}; stroke: currentColor; stroke-width: 1.5; }}
.vg .cell {{ fill: {plots.SKY}; }}
"""


@cache
def samples() -> tuple[Array, Indices, Array, Indices]:
    """Return standardised X (5, 1000) and y of days 1 to 4, and X (5, n) and y of day 5."""
    (rows, y), (rows_5, y_5), _ = load_traffic(split="day", return_X_y=True)
    some, scale = np.random.default_rng(1).permutation(len(y))[:SAMPLES], standardise(rows.T)
    return scale(rows[some].T), y[some], scale(rows_5.T), y_5


@dataclass(frozen=True, eq=False)
class State:
    """All that the demo shows: the network and its start, the cures that are on, the parameters, and how many epochs it has learned."""

    activation: str = "sigmoid"
    start: str = "Xavier"
    std: float = 1.0
    depth: int = 10
    width: int = 32
    residual: bool = False
    normalised: bool = False
    parameters: tuple[list[Array], list[Array]] | None = None
    epochs: int = 0

    def change(self, **to: Any) -> State:
        """Return the state with another setting, before it has learned anything."""
        if all(getattr(self, name) == value for name, value in to.items()):
            return self
        return replace(self, parameters=None, epochs=0, **to)

    @property
    def at(self) -> tuple[list[Array], list[Array]]:
        """Return W and b; before the first epoch those that the start draws."""
        if self.parameters:
            return self.parameters
        sizes, rng = [5, *[self.width] * (self.depth - 1), 3], np.random.default_rng(0)
        if self.start == "4 × Xavier, centred":
            return deep_start(samples()[0], sizes, "sigmoid", rng)
        rules = {"Xavier": "tanh", "He": "relu", "4 × Xavier": "sigmoid"}
        stds = [initial_std(n, m, rules[self.start]) if self.start in rules else self.std for n, m in pairwise(sizes)]
        W: list[Array] = [std * rng.standard_normal((m, n)) for std, (n, m) in zip(stds, pairwise(sizes), strict=True)]
        return W, [np.zeros((len(weights), 1)) for weights in W]

    def run(self, X: Array) -> DeepPass:
        """Run samples through the network."""
        f = ACTIVATIONS[self.activation]
        return deep_forward(X, *self.at, f, residual=self.residual, normalise="layer" if self.normalised else None)

    @cached_property
    def measured(self) -> tuple[Array, list[Array]]:
        """The norms of the gradients of all layers, and the activations of the hidden ones, for 64 samples."""
        X, y, _, _ = samples()
        with np.errstate(all="ignore"):
            made = self.run(X[:, :SHOWN])
            dW, _ = deep_backward(made, self.at[0], made.a[-1] - one_hot(y[:SHOWN], 3), DERIVATIVES[self.activation])
            return gradient_norms(dW), made.a[1:-1]

    @cached_property
    def right(self) -> float:
        """The share of day 5 that the network is right about; what overflows is wrong."""
        with np.errstate(all="ignore"):
            said = np.concatenate([self.run(some).a[-1] for some in np.array_split(samples()[2], PARTS, axis=1)], axis=1)
        return float(np.mean(np.where(np.isfinite(said).all(axis=0), said.argmax(axis=0), -1) == samples()[3]))

    def learn(self) -> State:
        """Return the state after one more epoch."""
        X, y, _, _ = samples()
        after, Y = self, one_hot(y, 3)
        with np.errstate(all="ignore"):
            for index in minibatches(SAMPLES, 64, np.random.default_rng(self.epochs)):
                made, (W, b) = after.run(X[:, index]), after.at
                dW, db = deep_backward(made, W, made.a[-1] - Y[:, index], DERIVATIVES[self.activation])
                moved = [[p - ALPHA * g for p, g in zip(*pair, strict=True)] for pair in ((W, dW), (b, db))]
                after = replace(after, parameters=(moved[0], moved[1]))
        return replace(after, epochs=self.epochs + 1)


def describe(state: State) -> str:
    """Say in words what the drawing shows, for those who do not see it."""
    norms, activations = state.measured
    sizes = [
        f"{size:.1e}" if np.isfinite(size) else "no number" for size in (*norms[[0, -2, -1]], activations[0].std(), activations[-1].std())
    ]
    last = f"in layer {state.depth - 1}"
    ends = f"Norms of the gradient: {sizes[0]} in layer 1, {sizes[1]} {last}, {sizes[2]} at the output."
    return " ".join((*_sentences(state), ends, f"Activations spread by {sizes[3]} in layer 1 and by {sizes[4]} {last}."))


def _sentences(state: State) -> list[str]:
    norms, _ = state.measured
    cures = " and ".join(name for name, on in (("residual", state.residual), ("layer norm", state.normalised)) if on)
    start = f"sd {state.std:g}" if state.start == STARTS[0] else state.start
    return [
        f"{state.depth} layers of {state.width}, {state.activation}, {start}{cures and ', with '}{cures}: {diagnose(norms)}.",
        f"After {state.epochs} epoch{'s' * (state.epochs != 1)}: {state.right:.1%} of day 5 right.",
    ]


# --- drawing --------------------------------------------------------------------------------------------------------------------------


def svg(state: State) -> str:
    """Draw the stairs, the activations below them, and what they say."""
    norms, activations = state.measured
    return drawing("vg", describe(state), 428, CSS, chain(_axis(), _bars(norms), _histograms(activations, state.depth), _words(state)))


def _height(norm: float) -> float:
    """Return how high a bar is; what is no number reaches the top."""
    power = np.log10(max(norm, 10.0**LOW)) if np.isfinite(norm) else TOP_POWER
    return float(HIGH * (np.clip(power, LOW, TOP_POWER) - LOW) / (TOP_POWER - LOW))


def _axis() -> Iterator[str]:
    yield text(LEFT - 48, TOP - 20, "norm of the gradient of each layer (layer 1 is next to the input)", "left strong")
    for power in range(LOW, TOP_POWER + 1, 3):
        y = TOP + HIGH - _height(10.0**power)
        yield f'<path class="grid" d="M{LEFT} {y:.1f}h{WIDE}"/>{text(LEFT - 8, y, f"1e{power}" if power else "1", "right")}'


def _bars(norms: Array) -> Iterator[str]:
    """Draw a bar a layer, by its size against that of the last hidden layer: dashed outline, filled, filled with a border."""
    step = WIDE / norms.size
    for i, norm in enumerate(norms.tolist()):
        kind = "less" if norm < norms[-2] / 10 else "alike" if norm <= 10 * norms[-2] else "more"
        high = _height(norm)
        place = f'x="{LEFT + (i + 0.15) * step:.1f}" y="{TOP + HIGH - high:.1f}" width="{0.7 * step:.1f}"'
        yield f'<rect class="{kind}" {place} height="{high:.1f}"/>{text(LEFT + (i + 0.5) * step, TOP + HIGH + 12, str(i + 1))}'
    for kind, x in zip(KINDS, (LEFT, LEFT + 318, LEFT + 458), strict=True):
        yield f'<rect class="{kind}" x="{x}" y="372" width="14" height="12"/>{text(x + 22, 378, KINDS[kind], "left")}'


def _histograms(activations: list[Array], depth: int) -> Iterator[str]:
    """Draw under each hidden layer how its activations are spread, from the lowest of all layers to the highest."""
    finite = [each[np.isfinite(each)] for each in activations]
    ends = [float(end) for each in finite if each.size for end in (each.min(), each.max())] or [0.0]
    low, high = min(0.0, *ends), max(min(0.0, *ends) + 1e-12, *ends)
    yield text(LEFT - 8, BELOW, f"{high:.2g}", "right") + text(LEFT - 8, BELOW + TALL, f"{low:.2g}".replace("-", "−"), "right")
    step, cell = WIDE / depth, TALL / BINS
    for i, values in enumerate(finite):
        counts = np.histogram(values, BINS, (low, high))[0]
        for k, share in enumerate((counts / max(counts.max(), 1)).tolist()):
            place = f'x="{LEFT + (i + 0.15) * step:.1f}" y="{BELOW + TALL - (k + 1) * cell:.1f}"'
            yield f'<rect class="cell" {place} width="{0.7 * step * share:.1f}" height="{cell - 0.6:.1f}"/>' if share else ""
    yield f'<path class="grid" d="M{LEFT} {BELOW}h{WIDE}M{LEFT} {BELOW + TALL}h{WIDE}"/>'
    yield text(LEFT - 48, BELOW + TALL + 14, "above: how the activations of each hidden layer are spread", "left")


def _words(state: State) -> Iterator[str]:
    first, second = _sentences(state)
    yield text(LEFT - 48, 400, first, "left strong") + text(LEFT - 48, 419, second, "left strong")


# --- controls -------------------------------------------------------------------------------------------------------------------------


def demo() -> Demo:
    """Build the demo: function, start, size and cures, and a button that lets the network learn."""
    return live(_Controls, svg, State())


class _Controls(Controls):
    """The widgets, and the state they are in."""

    draw = staticmethod(svg)

    def __init__(self) -> None:
        import ipywidgets as w  # type: ignore[import-untyped]

        self.state = State()
        wide: dict[str, Any] = {"style": {"description_width": "120px"}, "layout": w.Layout(width="330px", max_width="100%")}
        self.fields = {
            "activation": w.Dropdown(description="Function", options=list(FUNCTIONS), **wide),
            "start": w.Dropdown(description="Start", options=list(STARTS), **wide),
            "std": w.SelectionSlider(description="sd, one for all", options=list(STDS), value=1.0, **wide),
            "depth": w.SelectionSlider(description="Layers", options=list(DEPTHS), value=10, **wide),
            "width": w.SelectionSlider(description="Neurons a layer", options=list(WIDTHS), value=32, **wide),
            "residual": w.Checkbox(description="residual", indent=False, layout=w.Layout(width="130px")),
            "normalised": w.Checkbox(description="layer norm", indent=False, layout=w.Layout(width="130px")),
        }
        self.train = w.Button(description="Train one epoch", layout=w.Layout(width="140px"))
        function, start, std, depth, width, residual, norm = self.fields.values()
        self._wire(((function, start), (std, depth, width), (residual, norm, self.train)), TRY_THIS)
        self.train.on_click(lambda _: self._show(self.state.learn()))

    def _moved(self, name: str, value: Any) -> State:
        """Return the state after a widget was moved: who moves the standard deviation wants that one."""
        also = {"start": STARTS[0]} if name == "std" and value != self.state.std else {}
        return self.state.change(**{name: value}, **also)


callable_as_demo(__name__)
