"""Demo of chapter 01: a neuron is a line in the plane. Its weights and threshold can be moved, or learned point by point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from itertools import chain, pairwise
from typing import Any

import numpy as np

from nnlab import plots
from nnlab.activations import Array
from nnlab.demos import Controls, Demo, callable_as_demo, live
from nnlab.demos._svg import drawing
from nnlab.demos._svg import number as _number
from nnlab.demos._svg import text as _text
from nnlab.mp_neuron import POINT_SETS, perceptron_update

SETS = {"the lecture's points": "lecture", "AND": "and", "XOR": "xor", "one enclosed point": "enclosed", "the road A6": "road"}
MANY = 20  # points: more are drawn small, and are told by their number
NUMBERS = {"w₁": 1.0, "w₂": 0.5, "θ": 1.0}  # where the sliders start
LIMIT = 8.0  # of the sliders, as they are at the start
TRY_THIS = (
    "Try this: Move the line until no point is lit. What does the threshold alone do to it? Set all three to 0 and let the rule learn: "
    "how many mistakes does it make on AND? Watch it on XOR for three epochs. Which weights come back? "
    "Then take the road (x₁: speed in 10 km/h, x₂: stops a vehicle, +1: jammed), set all to zero, and learn ten epochs at a time."
)

LEFT, TOP, SIZE = 50, 46, 360  # the square of the plane, in the drawing's own units

# As in the other demos, text and outlines take the colour of the page. `mpn` keeps the rules out of the rest of the page.
CSS = f"""
.mpn {{ width: 100%; max-width: 720px; height: auto; color: inherit; font-family: sans-serif; font-size: 18px; }}
.mpn text {{ fill: currentColor; text-anchor: middle; dominant-baseline: central; }}
.mpn .left {{ text-anchor: start; }}
.mpn .strong {{ font-weight: bold; }}
.mpn .frame, .mpn .cross, .mpn .line, .mpn .arrow, .mpn .next {{ fill: none; stroke: currentColor; }}
.mpn .grid {{ stroke: {plots.GREY}; stroke-opacity: 0.4; }}
.mpn .line {{ stroke-width: 3; }}
.mpn .arrow {{ stroke-width: 2; }}
.mpn .side {{ fill: {plots.SKY}; fill-opacity: 0.25; }}
.mpn .yes {{ fill: {plots.BLUE}; }}
.mpn .no {{ fill: none; stroke: {plots.VERMILLION}; stroke-width: 5; }}
.mpn .small {{ stroke-width: 2; }}
.mpn .mistake {{ fill: {plots.ORANGE}; fill-opacity: 0.35; stroke: {plots.ORANGE}; stroke-width: 4; }}
.mpn .next {{ stroke-dasharray: 4 3; stroke-width: 1.5; }}
"""


@cache
def points_of(name: str) -> tuple[Array, Array]:
    """Return points of shape (2, points) and labels −1 and +1 of a set: those of the lesson, or of the road that is free or jammed."""
    if name in POINT_SETS:
        return POINT_SETS[name]
    from nnlab.data.loaders import read_traffic

    rows = read_traffic()
    rows = rows[(rows["road"] == "A6") & (rows["state"] != 1)]
    return np.array([rows["aveSpeed"] / 10, rows["stopNum"]]), np.where(rows["state"] == 2, 1.0, -1.0)


@dataclass(frozen=True)
class State:
    """All that the demo shows: the points, the neuron, whose turn it is, and what the learning rule has done so far."""

    points: str = "the lecture's points"
    w: tuple[float, float] = (NUMBERS["w₁"], NUMBERS["w₂"])
    b: float = -NUMBERS["θ"]
    turn: int = 0
    updates: int = 0
    last: str = "No point was looked at yet."

    @property
    def data(self) -> tuple[Array, Array]:
        """Return points of shape (2, points) and labels −1 and +1."""
        return points_of(SETS[self.points])

    @property
    def yz(self) -> Array:
        """Return y·z of each point: positive where it is right."""
        X, y = self.data
        return y * (np.array(self.w) @ X + self.b)

    @property
    def numbers(self) -> tuple[float, float, float]:
        """Return w₁, w₂ and θ."""
        return *self.w, 0.0 - self.b

    def move(self, index: int, value: float) -> State:
        """Return the state after one of the three numbers was moved by hand: then learning begins anew."""
        w1, w2, theta = (value if i == index else number for i, number in enumerate(self.numbers))
        return self if self.numbers == (w1, w2, theta) else State(self.points, (w1, w2), 0.0 - theta)

    def learn(self) -> State:
        """Return the state after the learning rule has looked at the next point."""
        X, y = self.data
        i, yz = self.turn, self.yz[self.turn]
        seen = f"Point {_point(X[:, i])} of class {_whole(y[i])}: y·z = {_number(yz)} is"
        after = replace(self, turn=(i + 1) % len(y), last=f"{seen} positive. Nothing changes.")
        if yz > 0:
            return after
        w, b = perceptron_update(np.array(self.w), self.b, X[:, i], y[i])
        last = f"{seen} not positive. A mistake."
        return replace(after, w=(float(w[0]), float(w[1])), b=float(b), updates=self.updates + 1, last=last)

    @property
    def many(self) -> bool:
        """Whether there are too many points to draw and tell each."""
        return self.data[1].size > MANY

    def epoch(self) -> State:
        """Return the state after the rule has looked at all points from the next to the last."""
        state = self.learn()
        while state.turn:
            state = state.learn()
        return state

    def epochs(self, count: int = 10) -> State:
        """Return the state after so many epochs, or after the one that brought no mistake."""
        state = self.epoch()
        for _ in range(count - 1):
            if (state.yz > 0).all():
                break
            state = state.epoch()
        return state


def svg(state: State) -> str:
    """Draw the plane in this state: points, line, and what the rule did last.

    Parameters
    ----------
    state : State

    Returns
    -------
    str
        An SVG element, its text in the colour of the page around it.
    """
    parts = chain(_grid(state), _line(state), _points(state), _words(state), _legend())
    return drawing("mpn", describe(state), 490, CSS, parts)


def describe(state: State) -> str:
    """Say in words what the drawing shows, for those who do not see it.

    Parameters
    ----------
    state : State

    Returns
    -------
    str
    """
    X, y = state.data
    points = ", ".join(
        f"{_point(x)} of class {_whole(label)} {'is right' if yz > 0 else 'is a mistake'}"
        for x, label, yz in zip(X.T, y, state.yz, strict=True)
    )
    if state.many:
        points = f"{int((y > 0).sum())} points of class +1 and {int((y < 0).sum())} of class −1"
    return f"Neuron with {_neuron(state)} on {state.points}: {points}. {_count(state)} {state.last}"


def _neuron(state: State) -> str:
    return f"w₁ = {_number(state.w[0])}, w₂ = {_number(state.w[1])}, θ = {_number(-state.b)}, b = {_number(state.b)}"


def _count(state: State) -> str:
    mistakes = int((state.yz <= 0).sum())
    verb = "is a mistake" if mistakes == 1 else "are mistakes"
    return f"{mistakes} of {state.yz.size} points {verb}." if mistakes else "Every point is right."


def _whole(value: float | np.floating[Any]) -> str:
    return f"{value:+g}".replace("-", "−")


def _point(x: Array) -> str:
    return f"({x[0]:g}, {x[1]:g})".replace("-", "−")


# --- drawing --------------------------------------------------------------------------------------------------------------------------


@cache
def _window(points: str) -> tuple[Array, float]:
    """Return the corner of the square that is shown, and the length of its side."""
    X = points_of(SETS[points])[0]
    low, high = X.min(axis=1), X.max(axis=1)
    side = (1.15 if X.shape[1] > MANY else 1.7) * float((high - low).max())
    return (low + high - side) / 2, side


def _at(state: State, x: Array) -> tuple[float, float]:
    """Return the place of a point in the drawing."""
    corner, side = _window(state.points)
    u, v = (x - corner) / side
    return LEFT + SIZE * float(u), TOP + SIZE * (1 - float(v))


def _grid(state: State) -> Iterator[str]:
    corner, side = _window(state.points)
    for k in range(int(np.ceil(corner.min())), int(corner.max() + side) + 1):
        x, y = _at(state, np.array([k, k]))
        label = f"{k}".replace("-", "−")
        if LEFT <= x <= LEFT + SIZE:
            yield f'<path class="grid" d="M{x:.1f} {TOP}v{SIZE}"/>{_text(x, TOP + SIZE + 16, label)}'
        if TOP <= y <= TOP + SIZE:
            yield f'<path class="grid" d="M{LEFT} {y:.1f}h{SIZE}"/>{_text(LEFT - 16, y, label)}'
    yield f'<rect class="frame" x="{LEFT}" y="{TOP}" width="{SIZE}" height="{SIZE}"/>'
    yield _text(LEFT + SIZE + 14, TOP + SIZE, "x₁") + _text(LEFT - 18, TOP - 12, "x₂")


def _line(state: State) -> Iterator[str]:
    """Tint the side of yes, and draw the line with an arrow along w."""
    corner, side = _window(state.points)
    w, corners = np.array(state.w), [corner + side * np.array(c) for c in ((0, 0), (1, 0), (1, 1), (0, 1))]
    border, crossings = [], []
    for (one, z), (other, z_next) in pairwise([(c, float(w @ c) + state.b) for c in (*corners, corners[0])]):
        if z > 0:
            border.append(one)
        if (z > 0) != (z_next > 0):
            crossings.append(one + z / (z - z_next) * (other - one))
            border.append(crossings[-1])
    if border:
        yield f'<path class="side" d="M{"L".join(_xy(state, p) for p in border)}Z"/>'
    if crossings:
        middle = np.mean(crossings, axis=0)
        yield f'<path class="line" d="M{"L".join(_xy(state, p) for p in crossings)}"/>'
        yield _arrow(*_at(state, middle), *(w / np.linalg.norm(w)))


def _xy(state: State, x: Array) -> str:
    return "{:.1f} {:.1f}".format(*_at(state, x))


def _arrow(x: float, y: float, right: float, up: float) -> str:
    """Draw an arrow of 42 units from (x, y) with its head."""
    tip, back, wing = (x + 42 * right, y - 42 * up), (x + 32 * right, y - 32 * up), (6 * up, 6 * right)
    head = f"M{back[0] + wing[0]:.1f} {back[1] + wing[1]:.1f}L{tip[0]:.1f} {tip[1]:.1f}L{back[0] - wing[0]:.1f} {back[1] - wing[1]:.1f}"
    return f'<path class="arrow" d="M{x:.1f} {y:.1f}L{tip[0]:.1f} {tip[1]:.1f}{head}"/>'


def _points(state: State) -> Iterator[str]:
    """Draw each point, a mistake with a light behind it; a dashed square is round the next one."""
    X, y = state.data
    size = 0.4 if state.many else 1.0
    for i, (x, label, yz) in enumerate(zip(X.T, y, state.yz, strict=True)):
        cx, cy = _at(state, x)
        if yz <= 0:
            yield f'<circle class="mistake" cx="{cx:.1f}" cy="{cy:.1f}" r="{17 * size:g}"/>'
        if i == state.turn:
            half = 23 * size
            yield f'<rect class="next" x="{cx - half:.1f}" y="{cy - half:.1f}" width="{2 * half:g}" height="{2 * half:g}"/>'
        yield _mark(cx, cy, label > 0, size)


def _mark(x: float, y: float, yes: bool, size: float = 1.0) -> str:
    if yes:
        return f'<circle class="point yes" cx="{x:.1f}" cy="{y:.1f}" r="{8 * size:g}"/>'
    arm = 7 * size
    cross = f"M{x - arm:.1f} {y - arm:.1f}l{2 * arm:g} {2 * arm:g}m0 -{2 * arm:g}l-{2 * arm:g} {2 * arm:g}"
    return f'<path class="point no{" small" if size < 1 else ""}" d="{cross}"/>'


def _words(state: State) -> Iterator[str]:
    """Write the neuron beside the plane, and under it what the rule did last."""
    w1, w2, b = (f"({each})" if each.startswith("−") else each for each in map(_number, (*state.w, state.b)))
    none = "" if any(state.w) else "No line: w₁ = w₂ = 0."
    wrong = int((state.yz <= 0).sum())
    yield _text(LEFT, 18, f"z = {w1} x₁ + {w2} x₂ + {b}", "left strong")
    lines = (f"bias b = −θ = {_number(state.b)}", none, f"Mistakes: {wrong} of {state.yz.size}", f"Updates so far: {state.updates}")
    for row, (words, kind) in enumerate(zip(lines, ("", "", "strong", ""), strict=True)):
        yield _text(440, 60 + 27 * row, words, f"left {kind}")
    for row, words in enumerate(state.last.replace(": ", ":\n").splitlines()):
        yield _text(LEFT, 446 + 25 * row, escape(words), "left last")


def _legend() -> Iterator[str]:
    signs = (
        _mark(453, 200, True),
        _mark(453, 234, False),
        '<circle class="mistake" cx="453" cy="268" r="12"/>',
        '<rect class="next" x="440" y="291" width="26" height="26"/>',
        '<rect class="side" x="440" y="328" width="26" height="20"/>',
        _arrow(438, 372, 0.7, 0),
    )
    names = ("class +1", "class −1", "mistake: y·z ≤ 0", "next for the rule", "here it says yes", "direction of w")
    for sign, name, y in zip(signs, names, (200, 234, 268, 304, 338, 372), strict=True):
        yield sign + _text(480, y, name, "left")


# --- controls -------------------------------------------------------------------------------------------------------------------------


def demo() -> Demo:
    """Build the demo: sliders for weights and threshold, buttons for the learning rule, and the plane they change."""
    return live(_Controls, svg, State())


class _Controls(Controls):
    """The widgets, and the state they are in."""

    draw = staticmethod(svg)

    def __init__(self) -> None:
        import ipywidgets as w  # type: ignore[import-untyped]

        self.state = State()
        wide: dict[str, Any] = {"style": {"description_width": "80px"}, "layout": w.Layout(width="340px", max_width="100%")}
        names = {"w₁": "Weight w₁", "w₂": "Weight w₂", "θ": "Threshold θ"}
        self.sliders = [w.FloatSlider(description=names[n], min=-LIMIT, max=LIMIT, step=0.5, readout_format=".1f", **wide) for n in NUMBERS]
        self.points = w.Dropdown(description="Points", options=list(SETS), **wide)
        actions = {
            "One point": lambda: self.state.learn(),
            "Finish epoch": lambda: self.state.epoch(),
            "Ten epochs": lambda: self.state.epochs(),
            "All to zero": lambda: State(self.state.points, (0.0, 0.0), 0.0),
            "Reset": State,
        }
        self.buttons = {name: w.Button(description=name, layout=w.Layout(width="110px")) for name in actions}
        self.picture = w.HTML(svg(self.state))
        rows = (self.sliders[:2], (self.sliders[2], self.points), self.buttons.values())
        wrap = w.Layout(flex_flow="row wrap")
        self.box = w.VBox([*(w.HBox([*row], layout=wrap) for row in rows), self.picture, w.HTML(TRY_THIS)])
        self._set()
        for index, slider in enumerate(self.sliders):
            slider.observe(lambda change, index=index: self._show(self.state.move(index, change.new)), "value")
        self.points.observe(lambda change: self._show(State(change.new, self.state.w, self.state.b)), "value")
        for name, action in actions.items():
            self.buttons[name].on_click(lambda _, action=action: self._show(action()))

    def _set(self) -> None:
        """Set the controls to the state; a slider grows where the rule has led beyond its end."""
        for slider, value in zip(self.sliders, self.state.numbers, strict=True):
            slider.min, slider.max = min(slider.min, value), max(slider.max, value)
            slider.value = value
        self.points.value = self.state.points


callable_as_demo(__name__)
