"""Demo of chapter 08: four optimizers on one landscape, step by step, and beside it how far each is down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from nnlab import plots
from nnlab.demos import Controls, Demo, callable_as_demo, live
from nnlab.demos._svg import drawing
from nnlab.demos._svg import number as _number
from nnlab.demos._svg import text as _text
from nnlab.optimizers import adam_step, momentum_step, nesterov_step

TRY_THIS = (
    "Try this: move the learning rate past 2/λmax in the ravine. Who explodes first? Make the ravine steeper: who zigzags, who does not? "
    "On the saddle, who gets away? Turn on the noise. Then look at Adam's first steps: all are equally long, whatever the slope."
)
LEFT, MIDDLE, RIGHT, TOP, FLOOR = 34, 412, 706, 34, 300  # of the drawing, in its own units
WIDE, HIGH = (-11.0, 11.0), (-4.0, 4.0)
STRIP = (-6.0, 4.0)  # log₁₀ of the height
STEPS = 60
NOISE = 2.0  # standard deviation of each gradient's noise, where it is on
WALKERS = ("gradient descent", "momentum", "Nesterov", "Adam")
# A landscape: its height, its gradient, both of θ₁, θ₂ and the steepness κ; its start; the levels of its contours.
Height = Callable[..., Any]
LANDSCAPES: dict[str, tuple[Height, Height, tuple[float, float], tuple[float, ...]]] = {
    "ravine": (
        lambda x, y, k: (x**2 + k * y**2) / 2,
        lambda x, y, k: np.array([x, k * y]),
        (-10.0, 1.0),
        (0.5, 3, 10, 25, 50, 100, 200),
    ),
    "saddle": (
        lambda x, y, k: (x**2 - k * y**2 / 10) / 2 + k * y**4 / 100,
        lambda x, y, k: np.array([x, -k * y / 10 + k * y**3 / 25]),
        (-10.0, 1e-6),
        (-1.5, -0.5, 0, 1, 5, 15, 30, 60),
    ),
    "banana": (
        lambda x, y, k: (x - 6) ** 2 / 20 + k * (y - x**2 / 30) ** 2 / 10,
        lambda x, y, k: np.array([(x - 6) / 10 - k * (y - x**2 / 30) * x / 75, k * (y - x**2 / 30) / 5]),
        (-9.0, -1.0),
        (0.2, 1, 4, 10, 25, 60),
    ),
}

# Text and outlines take the colour of the page, so that they suit light and dark themes. `opt` keeps the rules out of the rest of the page.
CSS = f"""
.opt {{ width: 100%; max-width: 720px; height: auto; color: inherit; font-family: sans-serif; font-size: 13px; }}
.opt text {{ fill: currentColor; dominant-baseline: central; }}
.opt .end {{ text-anchor: end; font-size: 11px; }}
.opt .middle {{ text-anchor: middle; font-size: 11px; }}
.opt path {{ fill: none; stroke-width: 2; }}
.opt .frame {{ stroke: {plots.GREY}; stroke-width: 1; }}
.opt .contour {{ stroke: {plots.GREY}; stroke-width: 0.8; opacity: 0.6; }}
.opt .walk0 {{ stroke: {plots.BLUE}; }}
.opt .walk1 {{ stroke: {plots.VERMILLION}; stroke-dasharray: 8 3; }}
.opt .walk2 {{ stroke: {plots.GREEN}; stroke-dasharray: 8 3 2 3; }}
.opt .walk3 {{ stroke: {plots.PURPLE}; stroke-dasharray: 2 3; }}
.opt .here0 {{ fill: {plots.BLUE}; }} .opt .here1 {{ fill: {plots.VERMILLION}; }}
.opt .here2 {{ fill: {plots.GREEN}; }} .opt .here3 {{ fill: {plots.PURPLE}; }}
"""


@dataclass(frozen=True)
class State:
    """All that the demo shows: the landscape and its steepness, the learning rate, μ, the step, and whether gradients are noisy."""

    landscape: str = "ravine"
    steepness: float = 20.0
    log_rate: float = -1.3
    mu: float = 0.9
    step: int = 20
    noise: bool = False

    @property
    def rate(self) -> float:
        """The learning rate α."""
        return float(10**self.log_rate)

    @property
    def limit(self) -> float | None:
        """2/λmax, where the landscape has one."""
        return 2 / max(1.0, self.steepness) if self.landscape == "ravine" else None

    def height(self, path: Any) -> Any:
        """Return the height of each place of a path."""
        return LANDSCAPES[self.landscape][0](path[:, 0], path[:, 1], self.steepness)

    @cached_property
    def walks(self) -> dict[str, Any]:
        """The path of each optimizer, shape (step + 1, 2)."""
        return {name: self._walk(name) for name in WALKERS}

    def _walk(self, name: str) -> Any:
        _, slope, start, _ = LANDSCAPES[self.landscape]
        theta: Any = np.array(start)
        m: Any = np.zeros(2)
        v: Any = np.zeros(2)
        rng, alpha = np.random.default_rng(0), self.rate
        path = [theta]
        for t in range(1, self.step + 1):
            g = slope(*np.clip(theta, -1e3, 1e3), self.steepness) + self.noise * NOISE * rng.normal(size=2)
            if name == "gradient descent":
                theta = theta - alpha * g
            elif name == "Adam":
                theta, m, v = adam_step(theta, g, m, v, t, alpha)
            else:
                theta, v = (momentum_step if name == "momentum" else nesterov_step)(theta, g, v, alpha, self.mu)
            path.append(theta)
        return np.array(path)


def sentences(state: State) -> list[str]:
    """Say the learning rate, how it lies to the limit, and how high each optimizer stands."""
    place = ""
    if state.limit is not None:
        side = "at" if np.isclose(state.rate, state.limit) else "above" if state.rate > state.limit else "below"
        place = f", {side} 2/λmax = {state.limit:.3g}"
    stand = []
    for name, path in state.walks.items():
        out = bool(np.abs(path[-1]).max() > 100)
        stand.append(f"{name} has exploded" if out else f"{name} at {_number(float(state.height(path[-1:])[0]))}")
    return [f"α = {state.rate:.3g}{place}. After {state.step} steps:", f"{'; '.join(stand[:2])};", "; ".join(stand[2:])]


def describe(state: State) -> str:
    """Say in words what the drawing of a state shows, for those who do not see it."""
    noisy = "noisy gradients" if state.noise else "exact gradients"
    return f"Four walks in a {state.landscape} of steepness {_number(state.steepness)}, with {noisy}. {' '.join(sentences(state))}."


# --- drawing --------------------------------------------------------------------------------------------------------------------------


def svg(state: State) -> str:
    """Return an SVG element: contours and walks on the left; the height over the step on the right."""
    return drawing("opt", describe(state), FLOOR + 126, CSS, [*_left(state), *_right(state), *_below(state)])


def _path(kind: str, x: Any, y: Any) -> str:
    steps = [f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True)]
    return f'<path class="{kind}" d="M{"L".join(steps)}"/>'


def _across(x: Any) -> Any:
    return LEFT + (MIDDLE - 40 - LEFT) * (np.clip(x, *WIDE) - WIDE[0]) / (WIDE[1] - WIDE[0])


def _up(y: Any) -> Any:
    return FLOOR - (FLOOR - TOP) * (np.clip(y, *HIGH) - HIGH[0]) / (HIGH[1] - HIGH[0])


@lru_cache(maxsize=64)
def _contours(landscape: str, steepness: float) -> str:
    """Draw the contours of a landscape, once."""
    from contourpy import contour_generator

    height, _, _, levels = LANDSCAPES[landscape]
    x, y = np.meshgrid(np.linspace(*WIDE, 60), np.linspace(*HIGH, 50))
    made = contour_generator(x, y, height(x, y, steepness))
    drawn: list[Any] = [line for level in levels for line in made.lines(level)]
    return "".join(_path("contour", _across(line[:, 0]), _up(line[:, 1])) for line in drawn)


def _left(state: State) -> Iterator[str]:
    yield _path("frame", (LEFT, LEFT, MIDDLE - 40), (TOP, FLOOR, FLOOR)) + _text(LEFT, TOP - 16, f"{state.landscape}: θ₂ over θ₁")
    for tick in (-10, -5, 0, 5, 10):
        yield _text(float(_across(tick)), FLOOR + 13, str(tick).replace("-", "−"), "middle")
    for tick in (-3, 0, 3):
        yield _text(LEFT - 6, float(_up(tick)), str(tick).replace("-", "−"), "end")
    yield _contours(state.landscape, state.steepness)
    for i, path in enumerate(state.walks.values()):
        x, y = _across(path[:, 0]), _up(path[:, 1])
        yield _path(f"walk{i}", x, y) + f'<circle class="here{i}" cx="{x[-1]:.1f}" cy="{y[-1]:.1f}" r="4.5"/>'


def _strip(height: Any) -> Any:
    return FLOOR - (FLOOR - TOP) * (np.clip(height, *STRIP) - STRIP[0]) / (STRIP[1] - STRIP[0])


def _right(state: State) -> Iterator[str]:
    lowest = min(0.0, min(float(state.height(path).min()) for path in state.walks.values()))
    title = "height above the lowest reached, powers of ten" if lowest < 0 else "height over the step, powers of ten"
    yield _path("frame", (MIDDLE, MIDDLE, RIGHT), (TOP, FLOOR, FLOOR)) + _text(MIDDLE, TOP - 16, title)
    for tick in (-6, -4, -2, 0, 2, 4):
        yield _text(MIDDLE - 6, float(_strip(tick)), str(tick).replace("-", "−"), "end")
    for tick in (0, 20, 40, 60):
        yield _text(MIDDLE + (RIGHT - MIDDLE) * tick / STEPS, FLOOR + 13, str(tick), "middle")
    for i, path in enumerate(state.walks.values()):
        with np.errstate(over="ignore"):
            high = np.log10(np.clip(state.height(path) - lowest, 1e-9, 1e9))
        yield _path(f"walk{i}", MIDDLE + (RIGHT - MIDDLE) * np.arange(len(path)) / STEPS, _strip(high))


def _below(state: State) -> Iterator[str]:
    for i, name in enumerate(WALKERS):
        x = LEFT + 168 * i
        yield (
            _path(f"walk{i}", (x, x + 34), (FLOOR + 40, FLOOR + 40)) + f'<circle class="here{i}" cx="{x + 34}" cy="{FLOOR + 40}" r="4.5"/>'
        )
        yield _text(x + 44, FLOOR + 40, name)
    for row, sentence in enumerate(sentences(state)):
        yield _text(LEFT, FLOOR + 66 + 21 * row, sentence)


# --- controls -------------------------------------------------------------------------------------------------------------------------


def demo() -> Demo:
    """Build the demo: a landscape, its steepness, α, μ, the step, and noise."""
    return live(_Controls, svg, State())


class _Controls(Controls):
    """The widgets, and the state they are in."""

    draw = staticmethod(svg)

    def __init__(self) -> None:
        import ipywidgets as w  # type: ignore[import-untyped]

        self.state = State()
        wide: dict[str, Any] = {"style": {"description_width": "90px"}, "layout": w.Layout(width="340px", max_width="100%")}
        self.fields = {
            "landscape": w.Dropdown(description="Landscape", options=[*LANDSCAPES], **wide),
            "steepness": w.FloatSlider(description="Steepness κ", min=1, max=100, step=1, **wide),
            "log_rate": w.FloatSlider(description="log₁₀ of α", min=-3, max=0, step=0.02, **wide),
            "mu": w.FloatSlider(description="Memory μ", min=0, max=0.98, step=0.02, **wide),
            "step": w.IntSlider(description="Step", min=0, max=STEPS, **wide),
            "noise": w.Checkbox(description="Noisy gradients", indent=False),
        }
        landscape, steepness, rate, mu, step, noise = self.fields.values()
        reset = w.Button(description="Reset")
        reset.on_click(lambda _: self._show(replace(State())))
        self._wire(((landscape, steepness), (rate, mu), (step, noise, reset)), TRY_THIS)


callable_as_demo(__name__)
