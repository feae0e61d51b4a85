"""Demo of chapter 09: a line by hand and its squares, beside it the ellipses of its cost, with least squares, a price and descent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from nnlab import plots
from nnlab.demos import Controls, Demo, callable_as_demo, live
from nnlab.demos._svg import drawing
from nnlab.demos._svg import number as _number
from nnlab.demos._svg import text as _text
from nnlab.regression import least_squares, map_weights

X_5, Y_5 = (1.0, 2.0, 3.0, 4.0, 5.0), (2.0, 4.0, 5.0, 4.0, 5.0)
FAR = (8.0, 1.0)  # a point that can be added
RATE = 0.02  # of a step of gradient descent
TRY_THIS = (
    "Try this: make the squares as small as you can by hand, then press Least squares. Where is your place among the ellipses now? "
    "Add the far point: how far does it drag the line? Press Step ten times: in which direction is it fast, in which slow?"
)
LEFT, MIDDLE, RIGHT, TOP, FLOOR = 34, 372, 706, 34, 344  # of the drawing, in its own units
WIDE, HIGH = (0.0, 9.0), (-1.0, 8.3)  # of the plane of the points; squares are square in it
INTERCEPTS, SLOPES = (-2.0, 8.0), (-2.0, 2.5)  # of the plane of the weights
LINE = {"intercept": INTERCEPTS, "slope": SLOPES}  # the sliders of the line
LEVELS = (1.0, 4.0, 12.0, 30.0, 70.0, 150.0)  # of the ellipses: squares above the least
TURN = np.linspace(0, 2 * np.pi, 61)
PICTURES = 800  # of the web edition, drawn beforehand

# Text and outlines take the colour of the page, so that they suit light and dark themes. `rgr` keeps the rules out of the rest of the page.
CSS = f"""
.rgr {{ width: 100%; max-width: 720px; height: auto; color: inherit; font-family: sans-serif; font-size: 13px; }}
.rgr text {{ fill: currentColor; dominant-baseline: central; }}
.rgr .end {{ text-anchor: end; font-size: 11px; }}
.rgr .middle {{ text-anchor: middle; font-size: 11px; }}
.rgr path {{ fill: none; stroke-width: 2.5; }}
.rgr .frame {{ stroke: {plots.GREY}; stroke-width: 1; }}
.rgr .line {{ stroke: {plots.VERMILLION}; }}
.rgr .walk {{ stroke: {plots.VERMILLION}; stroke-width: 1.5; }}
.rgr .ellipse {{ stroke: {plots.GREY}; stroke-width: 1; }}
.rgr .circle {{ stroke: {plots.BLUE}; stroke-width: 1.2; stroke-dasharray: 2 4; }}
.rgr .point {{ fill: {plots.BLUE}; }}
.rgr .square {{ fill: {plots.ORANGE}; fill-opacity: 0.35; stroke: {plots.ORANGE}; }}
.rgr .here {{ fill: {plots.VERMILLION}; stroke: currentColor; }}
.rgr .best {{ stroke: currentColor; stroke-width: 2; }}
"""


@dataclass(frozen=True)
class State:
    """All that the demo shows: the line, the heights of the points, whether the far one is there, the price, and the way of the line."""

    intercept: float = 1.0
    slope: float = 1.0
    heights: tuple[float, ...] = Y_5
    far: bool = False
    price: float = 0.0
    way: tuple[tuple[float, float], ...] = field(default=())

    @cached_property
    def points(self) -> tuple[Any, Any]:
        """The points' x and y."""
        more = [FAR] if self.far else []
        return np.array([*X_5, *(x for x, _ in more)]), np.array([*self.heights, *(y for _, y in more)])

    @cached_property
    def features(self) -> Any:
        """A row of ones, and the x."""
        x, _ = self.points
        return np.vstack([np.ones(len(x)), x])

    @cached_property
    def best(self) -> Any:
        """Intercept and slope of least squares."""
        return least_squares(self.features, self.points[1])

    @property
    def third(self) -> float:
        """The height of the point that can be moved."""
        return self.heights[2]

    @property
    def place(self) -> Any:
        """Intercept and slope of the line."""
        return np.array([self.intercept, self.slope])

    def area(self, w: Any) -> float:
        """Return the sum of the squares that a line leaves."""
        return float(np.sum((self.points[1] - w @ self.features) ** 2))

    def moved(self, w: Any) -> State:
        """Return the state with the line at w."""
        return replace(self, intercept=float(w[0]), slope=float(w[1]), way=())

    def stepped(self) -> State:
        """Return the state after one step of gradient descent on half the mean square, and the price."""
        slope = self.features @ (self.place @ self.features - self.points[1]) / len(self.points[1])
        after = self.moved(self.place - RATE * (slope + self.price * self.place / len(self.points[1])))
        return replace(after, way=(*self.way, (self.intercept, self.slope)))

    def most_probable(self) -> State:
        """Return the state with the line where the squares and the price together are lowest."""
        w = map_weights(self.features, self.points[1], self.price**0.5, 1.0) if self.price else self.best
        return self.moved(w)


def sentences(state: State) -> list[str]:
    """Say which line it is, its squares, and the least that squares can be."""
    line = f"y = {state.intercept:.2f} + {state.slope:.2f} x".replace("-", "−").replace("+ −", "− ")
    priced = f", with a price of {_number(state.price)} on both weights: dotted circles" if state.price else ""
    return [
        f"{line}: squares of {_number(state.area(state.place))} in all, the least is {_number(state.area(state.best))}",
        f"{len(state.points[0])} points{priced}",
    ]


def describe(state: State) -> str:
    """Say in words what the drawing of a state shows, for those who do not see it."""
    best = f"({state.best[0]:.2f}, {state.best[1]:.2f})".replace("-", "−")
    steps = "1 step of gradient descent leads" if len(state.way) == 1 else f"{len(state.way)} steps of gradient descent lead"
    walked = f" {steps} to its place." if state.way else ""
    return (
        f"A line through points, with a square on each residual. {'. '.join(sentences(state))}. "
        f"The ellipses of its cost lie around {best}.{walked}"
    )


# --- drawing --------------------------------------------------------------------------------------------------------------------------


def svg(state: State) -> str:
    """Return an SVG element: points, line and squares on the left; intercept and slope among the ellipses on the right."""
    return drawing("rgr", describe(state), FLOOR + 80, CSS, [*_left(state), *_right(state), *_caption(state)])


def _path(kind: str, x: Any, y: Any) -> str:
    """Draw a line, with gaps where it leaves its panel."""
    pen, steps = "M", []
    for a, b in zip(x, y, strict=True):
        out = np.isnan(a) or np.isnan(b)
        steps += [] if out else [f"{pen}{a:.1f} {b:.1f}"]
        pen = "M" if out else "L"
    return f'<path class="{kind}" d="{"".join(steps)}"/>'


def _within(values: Any, limits: tuple[float, float], start: float, end: float) -> Any:
    """Return where values lie on an axis, and nan outside of it."""
    values = np.asarray(values, dtype=float)
    inside = (values >= limits[0] - 1e-9) & (values <= limits[1] + 1e-9)
    return np.where(inside, start + (end - start) * (values - limits[0]) / (limits[1] - limits[0]), np.nan)


def _across(x: Any) -> Any:
    return _within(x, WIDE, LEFT, MIDDLE - 38)


def _up(y: Any) -> Any:
    return _within(y, HIGH, FLOOR, TOP)


def _intercept(w: Any) -> Any:
    return _within(w, INTERCEPTS, MIDDLE, RIGHT)


def _slope(w: Any) -> Any:
    return _within(w, SLOPES, FLOOR, TOP)


def _frame(left: float, right: float) -> str:
    return _path("frame", (left, left, right), (TOP, FLOOR, FLOOR))


def _left(state: State) -> Iterator[str]:
    yield _frame(LEFT, MIDDLE - 38) + _text(LEFT, TOP - 16, "points, line, squares")
    for tick in range(0, 9, 2):
        yield _text(float(_across(tick)), FLOOR + 13, str(tick), "middle") + _text(LEFT - 6, float(_up(tick)), str(tick), "end")
    x, y = state.points
    fitted = state.place @ state.features
    for x_i, y_i, f_i in zip(x, y, fitted, strict=True):
        side = abs(y_i - f_i)
        to_the_right = ((y_i < f_i) == (state.slope >= 0) and x_i + side <= WIDE[1]) or x_i - side < WIDE[0]
        left, right = (x_i, x_i + side) if to_the_right else (x_i - side, x_i)
        box = np.clip([left, right], *WIDE), np.clip([y_i, f_i], *HIGH)
        (x_1, x_2), (y_1, y_2) = _across(box[0]), np.sort(_up(box[1]))
        yield f'<rect class="square" x="{x_1:.1f}" y="{y_1:.1f}" width="{x_2 - x_1:.1f}" height="{y_2 - y_1:.1f}"/>'
    ends = np.linspace(*WIDE, 181)
    yield _path("line", _across(ends), _up(state.intercept + state.slope * ends))
    for x_i, y_i in zip(x, y, strict=True):
        yield f'<circle class="point" cx="{_across(x_i):.1f}" cy="{_up(y_i):.1f}" r="5"/>'


def _right(state: State) -> Iterator[str]:
    yield _frame(MIDDLE, RIGHT) + _text(MIDDLE, TOP - 16, "slope over intercept; each ellipse: equal squares")
    for tick in (-2, 0, 2, 4, 6, 8):
        yield _text(float(_intercept(tick)), FLOOR + 13, str(tick).replace("-", "−"), "middle")
    for tick in (-2, -1, 0, 1, 2):
        yield _text(MIDDLE - 6, float(_slope(tick)), str(tick).replace("-", "−"), "end")
    values, axes = np.linalg.eigh(state.features @ state.features.T)
    for level in LEVELS:
        ring = state.best[:, None] + axes @ (np.sqrt(level / values)[:, None] * np.array([np.cos(TURN), np.sin(TURN)]))
        yield _path("ellipse", _intercept(ring[0]), _slope(ring[1]))
    for radius in (0.5, 1.0, 1.5, 2.0) if state.price else ():
        yield _path("circle", _intercept(radius * np.cos(TURN)), _slope(radius * np.sin(TURN)))
    walked = np.array([*state.way, (state.intercept, state.slope)])
    yield _path("walk", _intercept(walked[:, 0]), _slope(walked[:, 1]))
    x, y = float(_intercept(state.best[0])), float(_slope(state.best[1]))
    yield _path("best", (x - 6, x + 6), (y, y)) + _path("best", (x, x), (y - 6, y + 6))
    x, y = float(_intercept(np.clip(state.intercept, *INTERCEPTS))), float(_slope(np.clip(state.slope, *SLOPES)))
    yield f'<circle class="here" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'


def _caption(state: State) -> Iterator[str]:
    first, second = sentences(state)
    yield _text(LEFT, FLOOR + 40, f"{first}.") + _text(LEFT, FLOOR + 62, f"{second}.")


# --- controls -------------------------------------------------------------------------------------------------------------------------


def demo() -> Demo:
    """Build the demo: sliders for the line, a point and the price, and buttons for least squares, price, and steps of descent."""
    return live(_Controls, svg, State())


class _Controls(Controls):
    """The widgets, and the state they are in."""

    draw = staticmethod(svg)

    def __init__(self) -> None:
        import ipywidgets as w  # type: ignore[import-untyped]

        self.state = State()
        wide: dict[str, Any] = {"style": {"description_width": "90px"}, "layout": w.Layout(width="340px", max_width="100%")}
        self.fields = {
            "intercept": w.FloatSlider(description="Intercept", min=INTERCEPTS[0], max=INTERCEPTS[1], step=0.05, **wide),
            "slope": w.FloatSlider(description="Slope", min=SLOPES[0], max=SLOPES[1], step=0.05, **wide),
            "third": w.FloatSlider(description="Third point", min=0, max=8, step=0.25, **wide),
            "price": w.FloatSlider(description="Price λ", min=0, max=10, step=0.25, **wide),
            "far": w.Checkbox(description="A far point", indent=False),
        }
        self.buttons: dict[str, Callable[[State], State]] = {
            "Least squares": lambda state: state.moved(state.best),
            "With the price": State.most_probable,
            "Step": State.stepped,
            "Reset": lambda state: State(),
        }
        pressed = [w.Button(description=name) for name in self.buttons]
        for button in pressed:
            button.on_click(lambda button: self._show(self.buttons[button.description](self.state)))
        intercept, slope, third, price, far = self.fields.values()
        self._wire(((intercept, slope), (third, price), (*pressed, far)), TRY_THIS)

    def _moved(self, name: str, value: Any) -> State:
        """Return the state after a control was moved; a slider that only follows the line changes nothing."""
        state: State = self.state
        if name == "third":
            return replace(state, heights=(*state.heights[:2], value, *state.heights[3:]))
        if name not in LINE:
            return replace(state, **{name: value})
        follows = abs(value - np.clip(getattr(state, name), *LINE[name])) < 0.026
        return state if follows else replace(state, way=(), **{name: value})


callable_as_demo(__name__)
