"""Demo of chapter 07: a polynomial through noisy points, its degree, the price of its weights, and the number of points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from nnlab import plots
from nnlab.demos import Controls, Demo, callable_as_demo, live
from nnlab.demos._svg import drawing
from nnlab.demos._svg import number as _number
from nnlab.demos._svg import text as _text
from nnlab.overfitting import TEN_T, TEN_X, fit_polynomial, noisy_sine, polynomial_features, ridge

FREE = -36  # the end of the slider of ln λ, which means no price at all
LOGS = range(FREE, 4)
OTHERS = 30  # other draws that can be shown
FINE = np.linspace(0, 1, 121)
PICTURES = 400  # of the web edition, drawn beforehand: each takes long
SINE = np.sin(2 * np.pi * FINE)
TRY_THIS = (
    "Try this: M = 9, no price. Raise ln λ step by step: which falls first, the weights or the distance from the sine? "
    "Go back, and take 15 points instead: what becomes of the distance, and of the bars? Show other draws: on what do they agree?"
)
LEFT, MIDDLE, RIGHT, TOP, FLOOR = 34, 372, 706, 34, 344  # of the drawing, in its own units
VALLEY = 176  # the lower edge of the panel of errors
HIGH, HIGHEST = 1.75, 1.5  # of the curve, up and down, and of the errors
DECADES = 7  # of the bars of the weights, from 0.1
LEGEND = (34, "sine", "sine"), (124, "fit", "fit"), (350, "known", "on the points"), (502, "new", "distance from the sine")

# Text and outlines take the colour of the page, so that they suit light and dark themes. `ovf` keeps the rules out of the rest of the page.
CSS = f"""
.ovf {{ width: 100%; max-width: 720px; height: auto; color: inherit; font-family: sans-serif; font-size: 13px; }}
.ovf text {{ fill: currentColor; dominant-baseline: central; }}
.ovf .end {{ text-anchor: end; font-size: 11px; }}
.ovf .middle {{ text-anchor: middle; font-size: 11px; }}
.ovf path {{ fill: none; stroke-width: 2.5; }}
.ovf .frame {{ stroke: {plots.GREY}; stroke-width: 1; }}
.ovf .sine {{ stroke: {plots.GREEN}; stroke-dasharray: 7 5; stroke-width: 2; }}
.ovf .fit, .ovf .new {{ stroke: {plots.VERMILLION}; }}
.ovf .new {{ stroke-dasharray: 9 4; }}
.ovf .known {{ stroke: {plots.BLUE}; }}
.ovf .other {{ stroke: {plots.GREY}; stroke-width: 1; opacity: 0.55; }}
.ovf .here {{ stroke: currentColor; stroke-width: 1; stroke-dasharray: 2 3; }}
.ovf .point {{ fill: {plots.BLUE}; }}
.ovf .bar {{ fill: {plots.ORANGE}; }}
"""


@dataclass(frozen=True)
class State:
    """All that the demo shows: degree, ln λ (`FREE` is no price), number and noise of the points, which draw, and whether others."""

    degree: int = 9
    log: int = FREE
    points: int = 10
    noise: float = 0.3
    draw: int = 0
    others: bool = False

    @cached_property
    def known(self) -> tuple[Any, Any]:
        """The points; of the first draw, ten with the noise of the lecture are the lecture's."""
        if (self.points, round(self.noise, 3), self.draw) == (10, 0.3, 0):
            return TEN_X, TEN_T
        return noisy_sine(self.points, np.random.default_rng(self.draw), self.noise)

    @cached_property
    def weights(self) -> Any:
        """The weights of the fit."""
        return fit_polynomial(*self.known, self.degree, price(self.log))

    @cached_property
    def curve(self) -> Any:
        """The fit at `FINE`."""
        return self.weights @ polynomial_features(FINE, self.degree)

    @cached_property
    def errors(self) -> dict[int, tuple[float, float]]:
        """The RMS error on the points, and the distance from the sine, for every ln λ."""
        x, t = self.known
        X, X_fine = polynomial_features(x, self.degree), polynomial_features(FINE, self.degree)
        fits = {log: ridge(X, t, price(log)) for log in LOGS}
        return {log: (_rms(w @ X - t), _rms(w @ X_fine - SINE)) for log, w in fits.items()}

    def other_curves(self) -> Iterator[Any]:
        """Yield the fits of other draws of as many points."""
        for draw in range(1000, 1000 + OTHERS):
            yield replace(self, draw=draw).curve


def price(log: int) -> float:
    """Return λ where the slider of ln λ stands; 0 at its end."""
    return float(np.exp(log)) if log > FREE else 0.0


def _rms(errors: Any) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def sentences(state: State) -> list[str]:
    """Say what is fitted, how far it is off, and how large its weights are."""
    (known, new), large = state.errors[state.log], float(np.abs(state.weights).max())
    held = f"ln λ = {state.log}".replace("-", "−") if state.log > FREE else "no price"
    return [
        f"M = {state.degree}, {held}, {state.points} points: {_number(known)} from the points, {_number(new)} from the sine",
        f"Largest weight: {f'{large:,.0f}' if large >= 100 else f'{large:.3g}'}",
    ]


def describe(state: State) -> str:
    """Say in words what the drawing of a state shows, for those who do not see it."""
    best = min(LOGS, key=lambda log: state.errors[log][1])
    others = f" {OTHERS} fits of other draws lie beside it." if state.others else ""
    lowest = f"{_number(state.errors[best][1])} at {f'ln λ = {best}' if best > FREE else 'no price'}".replace("-", "−")
    return (
        f"A polynomial through noisy points of a sine. {'. '.join(sentences(state))}. Nearest to the sine of all prices: {lowest}.{others}"
    )


# --- drawing --------------------------------------------------------------------------------------------------------------------------


def svg(state: State) -> str:
    """Return an SVG element: points, sine and fit on the left; errors over ln λ and the sizes of the weights on the right."""
    parts = [*_left(state), *_valley(state), *_bars(state), *_caption(state)]
    return drawing("ovf", describe(state), FLOOR + 96, CSS, parts)


def _path(kind: str, x: Any, y: Any) -> str:
    """Draw a line, with gaps where y is not a number."""
    pen, steps = "M", []
    for a, b in zip(x, y, strict=True):
        steps += [] if np.isnan(b) else [f"{pen}{a:.1f} {b:.1f}"]
        pen = "M" if np.isnan(b) else "L"
    return f'<path class="{kind}" d="{"".join(steps)}"/>'


def _across(x: Any) -> Any:
    return LEFT + (MIDDLE - 62 - LEFT) * np.asarray(x)


def _up(y: Any) -> Any:
    return np.where(np.abs(y) <= HIGH, FLOOR - (FLOOR - TOP) * (np.asarray(y) + HIGH) / (2 * HIGH), np.nan)


def _frame(left: float, top: float, right: float, floor: float) -> str:
    return _path("frame", (left, left, right), (top, floor, floor))


def _left(state: State) -> Iterator[str]:
    yield _frame(LEFT, TOP, MIDDLE - 62, FLOOR) + _text(LEFT, TOP - 16, "points, sine and fit")
    for y in (-1, 0, 1):
        yield _text(LEFT - 6, float(_up(y)), str(y).replace("-", "−"), "end")
    for curve in state.other_curves() if state.others else ():
        yield _path("other", _across(FINE), _up(curve))
    yield _path("sine", _across(FINE), _up(SINE)) + _path("fit", _across(FINE), _up(state.curve))
    for x, t in zip(*state.known, strict=True):
        yield f'<circle class="point" cx="{_across(x):.1f}" cy="{_up(np.clip(t, -HIGH, HIGH)):.1f}" r="4"/>'


def _valley(state: State) -> Iterator[str]:
    """Draw both errors over ln λ, with a line and dots where the slider stands."""
    x = {log: MIDDLE + (RIGHT - MIDDLE) * (log - FREE) / (LOGS[-1] - FREE) for log in LOGS}
    y = {log: [VALLEY - (VALLEY - TOP) * min(e, HIGHEST) / HIGHEST for e in pair] for log, pair in state.errors.items()}
    yield _frame(MIDDLE, TOP, RIGHT, VALLEY) + _text(MIDDLE, TOP - 16, "error over ln λ; left end: no price")
    for error in (0, 0.5, 1, 1.5):
        yield _text(MIDDLE - 6, VALLEY - (VALLEY - TOP) * error / HIGHEST, f"{error:g}", "end")
    for log in (-30, -20, -10, 0):
        yield _text(x[log], VALLEY + 13, str(log).replace("-", "−"), "middle")
    yield _path("here", (x[state.log],) * 2, (TOP, VALLEY))
    for index, (kind, radius) in enumerate((("known", 4), ("new", 5))):
        yield _path(kind, x.values(), (pair[index] for pair in y.values()))
        yield f'<circle class="{kind}" fill="currentColor" cx="{x[state.log]:.1f}" cy="{y[state.log][index]:.1f}" r="{radius}"/>'


def _bars(state: State) -> Iterator[str]:
    """Draw the size of each weight on a logarithmic axis."""
    top = VALLEY + 62
    yield _frame(MIDDLE, top, RIGHT, FLOOR) + _text(MIDDLE, top - 20, "sizes of the weights w₀ … w₉")
    for decade, power in ((0, "1"), (2, "10²"), (4, "10⁴"), (6, "10⁶")):
        yield _text(MIDDLE - 6, FLOOR - (FLOOR - top) * (decade + 1) / DECADES, power, "end")
    for j, weight in enumerate(state.weights):
        height = (FLOOR - top) * np.clip((np.log10(max(abs(weight), 1e-9)) + 1) / DECADES, 0, 1)
        x = MIDDLE + 12 + j * (RIGHT - MIDDLE - 12) / 10
        yield f'<rect class="bar" x="{x:.1f}" y="{FLOOR - height:.1f}" width="20" height="{height:.1f}"/>'
        yield _text(x + 10, FLOOR + 13, f"w{'₀₁₂₃₄₅₆₇₈₉'[j]}", "middle")


def _caption(state: State) -> Iterator[str]:
    y = FLOOR + 40
    for x, kind, words in LEGEND:
        yield _path(kind, (x, x + 28), (y, y)) + _text(x + 36, y, words)
    yield f'<circle class="point" cx="{LEFT + 180}" cy="{y}" r="4"/>' + _text(LEFT + 192, y, "points")
    first, second = sentences(state)
    yield _text(LEFT, y + 32, f"{first}. {second}.")


# --- controls -------------------------------------------------------------------------------------------------------------------------


def demo() -> Demo:
    """Build the demo: sliders for degree, price, points and noise, other draws, and the lecture's numbers."""
    return live(_Controls, svg, State())


class _Controls(Controls):
    """The widgets, and the state they are in."""

    draw = staticmethod(svg)

    def __init__(self) -> None:
        import ipywidgets as w  # type: ignore[import-untyped]

        self.state = State()
        wide: dict[str, Any] = {"style": {"description_width": "80px"}, "layout": w.Layout(width="340px", max_width="100%")}
        self.fields = {
            "degree": w.IntSlider(description="Degree M", min=0, max=9, **wide),
            "log": w.IntSlider(description="ln λ", min=FREE, max=LOGS[-1], **wide),
            "points": w.IntSlider(description="Points", min=10, max=100, step=5, **wide),
            "noise": w.FloatSlider(description="Noise", min=0, max=0.6, step=0.1, readout_format=".1f", **wide),
            "others": w.Checkbox(description="30 other draws", indent=False),
        }
        self.again = w.Button(description="New draw", tooltip="Draw the noise of the points anew")
        self.reset = w.Button(description="Reset", tooltip="Back to the ten points of the lecture")
        degree, log, points, noise, others = self.fields.values()
        self._wire(((degree, log), (points, noise), (self.again, self.reset, others)), TRY_THIS)
        self.again.on_click(lambda _: self._show(replace(self.state, draw=self.state.draw + 1)))
        self.reset.on_click(lambda _: self._show(State()))


callable_as_demo(__name__)
