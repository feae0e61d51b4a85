"""Demo of chapter 04: step through the lectures' three graphs, values forward and gradients back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from itertools import chain
from typing import Any, NamedTuple

from nnlab import plots
from nnlab.backpropagation import OPS, Node, graph_s0, graph_s1, graph_s2
from nnlab.demos import Controls, Demo, callable_as_demo, live
from nnlab.demos._svg import drawing
from nnlab.demos._svg import factor as _factor
from nnlab.demos._svg import number as _number
from nnlab.demos._svg import text as _text


class Graph(NamedTuple):
    """A graph to step through: how to build it from its leaves, and the lecture's values of these."""

    build: Callable[..., dict[str, Node]]
    leaves: Mapping[str, float]


GRAPHS = {
    "(x + y) z": Graph(graph_s0, {"x": -2.0, "y": 5.0, "z": -4.0}),
    "σ(w₀x₀ + w₁x₁ + w₂)": Graph(
        lambda w0, x0, w1, x1, w2: graph_s1((w0, w1, w2), (x0, x1)), {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
    ),
    "σ(wx + b)": Graph(graph_s2, {"x": 1.0, "w": 0.0, "b": 0.0}),
}
SYMBOLS = {"+": "+", "*": "×", "exp": "exp", "1/x": "1/u"}
FORMULAS = {"+": "{} + {}", "*": "{} · {}", "exp": "exp {}", "1/x": "1 / {}"}
SHORT = {"minus": "m"}  # names that would not fit
TRY_THIS = (
    "Try this: Before each step back, say which number will appear. Which operation passes its gradient on unchanged? "
    "In (x + y) z, move z: which gradients change with it, and which one does not? In σ(wx + b), where is the gradient of b largest?"
)

LEFT, RIGHT, TOP, STEP = 42, 678, 48, 88  # of the drawing, in its own units: centres of the outer columns and the first row; rows apart
WIDE, HIGH, LINE = 72, 76, 23  # the box of a node, and its three lines: what it is, its value, its gradient

# Text and outlines take the colour of the page, so that they suit light and dark themes. `bwd` keeps the rules out of the rest of the page.
# Letters of 17 are 12 CSS pixels high in a column of 500.
CSS = f"""
.bwd {{ width: 100%; max-width: 720px; height: auto; color: inherit; font-family: sans-serif; font-size: 17px; }}
.bwd text {{ fill: currentColor; text-anchor: middle; dominant-baseline: central; }}
.bwd .left {{ text-anchor: start; }}
.bwd .box {{ fill: none; stroke: currentColor; stroke-width: 1.5; }}
.bwd .active .box {{ stroke-width: 4; }}
.bwd .edge {{ fill: none; stroke: {plots.GREY}; stroke-width: 1.5; }}
.bwd .tip {{ fill: {plots.GREY}; }}
.bwd .forward .edge {{ stroke: {plots.BLUE}; stroke-width: 4; }}
.bwd .forward .tip {{ fill: {plots.BLUE}; }}
.bwd .backward .edge {{ stroke: {plots.VERMILLION}; stroke-width: 4; stroke-dasharray: 8 5; }}
.bwd .backward .tip {{ fill: {plots.VERMILLION}; }}
.bwd .value {{ fill: {plots.SKY}; fill-opacity: 0.4; }}
.bwd .gradient {{ fill: {plots.VERMILLION}; fill-opacity: 0.4; }}
"""


@dataclass(frozen=True)
class State:
    """All that the demo shows: a graph, the values of its leaves, how many steps are done, and the leaf that can be moved."""

    graph: str
    leaves: Mapping[str, float]
    done: int
    chosen: str

    @classmethod
    def start(cls, graph: str = next(iter(GRAPHS))) -> State:
        """Return a graph with the lecture's values, before the first step."""
        leaves = GRAPHS[graph].leaves
        return cls(graph, leaves, 0, next(iter(leaves)))

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """All nodes with a name, computed."""
        return GRAPHS[self.graph].build(**self.leaves)

    @cached_property
    def names(self) -> dict[Node, str]:
        """The name of each node as it is drawn; constants have none."""
        return {node: _pretty(name) for name, node in self.nodes.items()}

    @cached_property
    def operations(self) -> list[Node]:
        """The nodes that are computed, in order."""
        return [node for node in self.nodes.values() if node.op]

    @property
    def last(self) -> int:
        """The number of steps: each operation forward, the start of the way back, and each operation backward."""
        return 2 * len(self.operations) + 1

    @cached_property
    def event(self) -> tuple[str, Node | None]:
        """What the last step did, and with which node."""
        count = len(self.operations)
        if self.done == 0:
            return "ready", None
        if self.done <= count:
            return "forward", self.operations[self.done - 1]
        if self.done == count + 1:
            return "start", self.operations[-1]
        return "backward", self.operations[self.last - self.done]

    def values(self) -> dict[str, float]:
        """Return the values known so far, by name."""
        waiting = self.operations[self.done :]
        return {name: float(node.value) for node, name in self.names.items() if node not in waiting}

    def gradients(self) -> dict[str, float]:
        """Return the gradients known so far, by name."""
        back = self.done - len(self.operations)
        if back <= 0:
            return {}
        found = {self.operations[-1]: 1.0}
        for node in self.operations[::-1][: back - 1]:
            for argument, local in zip(node.arguments, _local(node), strict=True):
                found[argument] = found.get(argument, 0.0) + found[node] * local
        return {self.names[node]: gradient for node, gradient in found.items() if node in self.names}

    def steps(self) -> dict[str, tuple[str, ...]]:
        """Return the graph as `plots.computational_graph` takes it; a constant is part of its operation's symbol."""
        return {
            self.names[node]: (_symbol(node, self.names), *(self.names[each] for each in node.arguments if each in self.names))
            for node in self.operations
        }

    def sentences(self) -> list[str]:
        """Say what the last step did, in formulas."""
        kind, node = self.event
        if node is None:
            return ["Ready. The next step computes the first node."]
        name, result = self.names[node], self.names[self.operations[-1]]
        if kind == "forward":
            formula = FORMULAS[node.op]
            letters = formula.format(*(self.names.get(each, _factor(each.value)) for each in node.arguments))
            numbers = formula.format(*(_factor(each.value) for each in node.arguments))
            return [f"Forward: {name} = {letters} = {numbers} = {_number(node.value)}"]
        if kind == "start":
            return [f"The way back starts: ∂{result}/∂{result} = 1"]
        gradients = self.gradients()
        return [
            f"Backward: ∂{result}/∂{each} = ∂{result}/∂{name} · ∂{name}/∂{each} "
            f"= {_factor(gradients[name])} · {_factor(local)} = {_number(gradients[each])}"
            for each, local in ((self.names.get(argument), local) for argument, local in zip(node.arguments, _local(node), strict=True))
            if each
        ]


def _local(node: Node) -> list[float]:
    """Return the local gradients of an operation, one for each argument."""
    values = [argument.value for argument in node.arguments]
    return [float(pull(1.0, node.value, *values)) for pull in OPS[node.op].pulls]


def _symbol(node: Node, names: Mapping[Node, str]) -> str:
    constants = [each.value for each in node.arguments if each not in names]
    return "·(−1)" if constants and node.op == "*" else SYMBOLS[node.op] + "1" * len(constants)


def _pretty(name: str) -> str:
    return SHORT.get(name, name).translate(str.maketrans("0123456", "₀₁₂₃₄₅₆"))


def describe(state: State) -> str:
    """Say in words what the graph shows, for those who do not see it.

    Parameters
    ----------
    state : State

    Returns
    -------
    str
    """
    values = ", ".join(f"{name} = {_number(value)}" for name, value in state.values().items())
    gradients = ", ".join(f"{name} {_number(gradient)}" for name, gradient in state.gradients().items()) or "none yet"
    done = f"Step {state.done} of {state.last}. {'. '.join(state.sentences())}."
    return f"Computational graph of {state.graph}. Values: {values}. Gradients: {gradients}. {done}"


# --- drawing --------------------------------------------------------------------------------------------------------------------------


def svg(state: State) -> str:
    """Draw the graph in this state.

    Parameters
    ----------
    state : State

    Returns
    -------
    str
        An SVG element, its text in the colour of the page around it.
    """
    grid = plots.graph_places(state.steps())
    columns, rows = (max(place[axis] for place in grid.values()) for axis in (0, 1))
    places = {name: (LEFT + (RIGHT - LEFT) * x / columns, TOP + STEP * y) for name, (x, y) in grid.items()}
    below = TOP + STEP * rows + HIGH / 2 + 30
    parts = chain(_edges(state, places), _boxes(state, places), _caption(state, below))
    return drawing("bwd", describe(state), below + 92, CSS, parts)


def _edges(state: State, places: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    """Draw an arrow from each argument to its node; on the way back the active ones point to the arguments."""
    kind, active = state.event
    for name, (_, *arguments) in state.steps().items():
        moving = kind if active and name == state.names[active] and kind in ("forward", "backward") else ""
        for argument in arguments:
            (x0, y0), (x1, y1) = places[argument], places[name]
            ends = (x0 + WIDE / 2, y0), (x1 - WIDE / 2, y1)
            yield f'<g class="{moving}">{_arrow(*(ends[::-1] if moving == "backward" else ends))}</g>'


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x0, y0), (x1, y1) = start, end
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    base_x, base_y = x1 - 10 * dx, y1 - 10 * dy
    corners = f"{x1:.1f},{y1:.1f} {base_x - 5 * dy:.1f},{base_y + 5 * dx:.1f} {base_x + 5 * dy:.1f},{base_y - 5 * dx:.1f}"
    return f'<path class="edge" d="M{x0:.1f} {y0:.1f}L{base_x:.1f} {base_y:.1f}"/><polygon class="tip" points="{corners}"/>'


def _boxes(state: State, places: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    """Draw each node as a box with three lines: what it is, its value, its gradient. Arrows begin and end at its sides."""
    active, steps = state.names.get(state.event[1]) if state.event[1] else None, state.steps()
    values, gradients = state.values(), state.gradients()
    for name, (x, y) in places.items():
        label = f"{name} {steps[name][0]}" if name in steps else name
        yield f'<g class="{"node active" if name == active else "node"}">'
        yield f'<path class="box" d="M{x - WIDE / 2:.1f} {y - HIGH / 2:.1f}h{WIDE}v{HIGH}h{-WIDE}z"/>{_text(x, y - LINE, escape(label))}'
        if name in values:
            yield _pill(x, y, _number(values[name]), "value", 0)
        if name in gradients:
            yield _pill(x, y + LINE, _number(gradients[name]), "gradient", 9)
        yield "</g>"


def _pill(x: float, y: float, text: str, kind: str, corner: float) -> str:
    """Write a number: values in boxes with sharp corners, gradients in round ones."""
    wide, high = WIDE - 8, LINE - 3
    box = f'<rect class="{kind}" x="{x - wide / 2:.1f}" y="{y - high / 2:.1f}" width="{wide}" height="{high}" rx="{corner}"/>'
    return box + _text(x, y, escape(text))


def _caption(state: State, y: float) -> Iterator[str]:
    """Write the legend, and below it what the last step did."""
    result = state.names[state.operations[-1]]
    yield _pill(42, y, "2.00", "value", 0) + _text(84, y, "value, computed forward", "left")
    yield _pill(372, y, "2.00", "gradient", 9) + _text(414, y, f"gradient of {result}, computed backward", "left")
    for line, sentence in enumerate(state.sentences()):
        yield _text(10, y + 38 + 26 * line, escape(sentence), "left")


# --- controls -------------------------------------------------------------------------------------------------------------------------


def demo() -> Demo:
    """Build the demo: a choice of graphs, steps forward and back, and a slider for any leaf.

    A still cannot be stepped through, so it shows the end.
    """
    return live(_Controls, lambda state: svg(replace(state, done=state.last)), State.start())


class _Controls(Controls):
    """The widgets, and the state they are in."""

    draw = staticmethod(svg)

    def __init__(self) -> None:
        import ipywidgets as w  # type: ignore[import-untyped]

        self.state = State.start()
        wide: dict[str, Any] = {"style": {"description_width": "80px"}, "layout": w.Layout(width="340px", max_width="100%")}
        self.graph = w.Dropdown(description="Graph", options=list(GRAPHS), **wide)
        self.done = w.IntSlider(description="Steps done", min=0, max=self.state.last, **wide)
        self.back = w.Button(description="◀ Undo", tooltip="Take the last step back")
        self.next = w.Button(description="Next ▶", tooltip="Do the next step")
        self.reset = w.Button(description="Reset", tooltip="Back to the lecture's numbers and to the first step")
        self.choice = w.Dropdown(description="Input", options=self._leaves(), **wide)
        self.value = w.FloatSlider(description="Value", min=-5, max=5, step=0.1, readout_format=".1f", **wide)
        self.picture = w.HTML(svg(self.state))
        rows = ((self.graph, self.done), (self.back, self.next, self.reset), (self.choice, self.value))
        wrap = w.Layout(flex_flow="row wrap")
        self.box = w.VBox([*(w.HBox(row, layout=wrap) for row in rows), self.picture, w.HTML(TRY_THIS)])
        self._set()
        self.graph.observe(lambda change: self._show(State.start(change.new)), "value")
        self.done.observe(lambda change: self._show(replace(self.state, done=change.new)), "value")
        self.choice.observe(lambda change: self._choose(change.new), "value")
        self.value.observe(lambda change: self._move(change.new), "value")
        self.back.on_click(lambda _: self._go(-1))
        self.next.on_click(lambda _: self._go(1))
        self.reset.on_click(lambda _: self._show(State.start(self.state.graph)))

    def _leaves(self) -> list[tuple[str, str]]:
        return [(_pretty(name), name) for name in self.state.leaves]

    def _go(self, steps: int) -> None:
        self._show(replace(self.state, done=min(max(self.state.done + steps, 0), self.state.last)))

    def _choose(self, leaf: str | None) -> None:
        if leaf:  # none while the choices are exchanged
            self._show(replace(self.state, chosen=leaf))

    def _move(self, value: float) -> None:
        self._show(replace(self.state, leaves={**self.state.leaves, self.state.chosen: value}))

    def _set(self) -> None:
        """Set the controls to the state."""
        state = self.state
        if [name for _, name in self.choice.options] != list(state.leaves):
            self.choice.options = self._leaves()
        self.graph.value, self.choice.value, self.value.value = state.graph, state.chosen, state.leaves[state.chosen]
        self.value.description = f"Value of {_pretty(state.chosen)}"  # the name of the slider, for those who hear it
        self.done.max = state.last
        self.done.value = state.done
        self.back.disabled, self.next.disabled = state.done == 0, state.done == state.last


callable_as_demo(__name__)
