"""Demo of chapter 10: successive halving on the bundled learning curves, what it costs, and what its winner is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import numpy as np

from nnlab import plots
from nnlab.data import load_curves
from nnlab.demos import Controls, Demo, callable_as_demo, live
from nnlab.demos._svg import drawing
from nnlab.demos._svg import text as _text
from nnlab.model_selection import halve_curves

NETWORKS, SHARES, FIRST = (8, 16, 32, 64), (2, 3, 4), (1, 2, 4, 8)  # what can be chosen
TRY_THIS = (
    "Try this: give the first round 8 epochs in place of 1. What does it cost, and is the winner better? "
    "Let a quarter go on in place of a half. Press Others a few times: how often does halving lose the network that ends best?"
)
LEFT, MIDDLE, BARS, RIGHT, TOP, FLOOR = 40, 430, 560, 676, 34, 330  # of the drawing, in its own units
KNOTS = (1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 27, 32)  # epochs at which curves are drawn: each round ends at one of them
TICKS = (1, 2, 4, 8, 16, 32)

# Text and outlines take the colour of the page, so that they suit light and dark themes. `hlv` keeps the rules out of the rest of the page.
CSS = f"""
.hlv {{ width: 100%; max-width: 720px; height: auto; color: inherit; font-family: sans-serif; font-size: 13px; }}
.hlv text {{ fill: currentColor; dominant-baseline: central; }}
.hlv .end {{ text-anchor: end; font-size: 11px; }}
.hlv .middle {{ text-anchor: middle; font-size: 11px; }}
.hlv .small {{ font-size: 11px; }}
.hlv path {{ fill: none; }}
.hlv .frame {{ stroke: {plots.GREY}; stroke-width: 1; }}
.hlv .never {{ stroke: {plots.GREY}; stroke-width: 0.8; stroke-opacity: 0.6; }}
.hlv .trained {{ stroke: {plots.BLUE}; stroke-width: 1.4; }}
.hlv .winner {{ stroke: {plots.VERMILLION}; stroke-width: 3; }}
.hlv .stops {{ fill: {plots.BLUE}; }}
.hlv .best {{ stroke: currentColor; stroke-width: 2; stroke-dasharray: 6 4; }}
.hlv .halving {{ fill: {plots.VERMILLION}; }}
.hlv .full {{ fill: {plots.GREY}; }}
"""


@cache
def _table() -> Any:
    """Return the bundled curves, read once."""
    return load_curves()


@dataclass(frozen=True)
class State:
    """All that the demo shows: how many networks, which share goes on, the epochs of the first round, and which networks were drawn."""

    networks: int = 32
    share: int = 2
    first: int = 1
    draw: int = 0

    @cached_property
    def drawn(self) -> Any:
        """The networks that take part, by their numbers in the table."""
        return np.random.default_rng(self.draw).permutation(len(_table().test))[: self.networks]

    @cached_property
    def curves(self) -> Any:
        """Their accuracy on validation, shape (networks, epochs)."""
        return _table().validation[self.drawn]

    @cached_property
    def rounds(self) -> list[tuple[int, list[int]]]:
        """Of each round its epochs, and the networks in it, the best first."""
        return halve_curves(self.curves, self.first, self.share)

    @cached_property
    def trained(self) -> Any:
        """How many epochs each network got, shape (networks,). The winner is trained to its end."""
        epochs = np.zeros(self.networks, dtype=int)
        for resource, alive in self.rounds:
            epochs[alive] = resource
        epochs[self.winner] = self.curves.shape[1]
        return epochs

    @property
    def winner(self) -> int:
        """The network that halving chooses."""
        return self.rounds[-1][1][0]

    @property
    def best(self) -> int:
        """The network that ends best of those that were drawn."""
        return int(self.curves[:, -1].argmax())

    @property
    def cost(self) -> int:
        """Epochs in all: a network goes on where it stopped."""
        return int(self.trained.sum())

    @property
    def in_full(self) -> int:
        """Epochs that training all of them would take."""
        return self.curves.size

    def test(self, network: int) -> float:
        """Return what a network has right of the test digits at its end."""
        return float(_table().test[self.drawn[network]])


def sentences(state: State) -> list[str]:
    """Say how the rounds go, what they cost, and what the winner is worth beside the network that ends best."""
    rounds = ", ".join(f"{len(alive)} to {resource}" for resource, alive in state.rounds)
    same = "It is the one that ends best." if state.winner == state.best else f"The one that ends best: {state.test(state.best):.3f}."
    return [
        f"Networks trained to an epoch: {rounds}, the winner to {state.curves.shape[1]}.",
        f"{state.cost} of {state.in_full} epochs, {state.cost / state.in_full:.0%}.",
        f"On test digits the winner has {state.test(state.winner):.3f} right. {same}",
    ]


def describe(state: State) -> str:
    """Say in words what the drawing of a state shows, for those who do not see it."""
    return f"Learning curves of {state.networks} networks: accuracy on validation over epochs. {' '.join(sentences(state))}"


# --- drawing --------------------------------------------------------------------------------------------------------------------------


def svg(state: State) -> str:
    """Return an SVG element: the curves and where they stop on the left, the epochs that it takes on the right."""
    return drawing("hlv", describe(state), FLOOR + 102, CSS, [*_curves(state), *_bars(state), *_caption(state)])


def _across(epoch: Any) -> Any:
    return LEFT + (MIDDLE - LEFT) * np.log2(epoch) / 5


def _up(accuracy: Any) -> Any:
    return FLOOR + (TOP - FLOOR) * np.nan_to_num(accuracy)


def _path(kind: str, epochs: Any, accuracy: Any) -> str:
    places = zip(_across(np.asarray(epochs)), _up(np.asarray(accuracy)), strict=True)
    return f'<path class="{kind}" d="M{"L".join(f"{x:.0f} {y:.0f}" for x, y in places)}"/>'


def _curves(state: State) -> Iterator[str]:
    yield _text(LEFT, TOP - 16, "accuracy on validation over epochs")
    yield f'<path class="frame" d="M{LEFT} {TOP}L{LEFT} {FLOOR}L{MIDDLE} {FLOOR}"/>'
    for epoch in TICKS:
        yield _text(float(_across(epoch)), FLOOR + 13, str(epoch), "middle")
    for tick in (0.0, 0.5, 1.0):
        yield _text(LEFT - 6, float(_up(tick)), f"{tick:g}", "end")
    for network, (curve, last) in enumerate(zip(state.curves, state.trained, strict=True)):
        for kind, knots in (("never", [r for r in KNOTS if r >= last]), ("trained", [r for r in KNOTS if r <= last])):
            if len(knots) > 1 and network != state.winner:
                yield _path(kind, knots, curve[np.array(knots) - 1])
    if state.best != state.winner:
        yield _path("best", KNOTS, state.curves[state.best][np.array(KNOTS) - 1])
    yield _path("winner", KNOTS, state.curves[state.winner][np.array(KNOTS) - 1])
    for network, (curve, last) in enumerate(zip(state.curves, state.trained, strict=True)):
        if network != state.winner:
            yield f'<circle class="stops" cx="{_across(last):.0f}" cy="{_up(curve[last - 1]):.0f}" r="3"/>'


def _bars(state: State) -> Iterator[str]:
    yield _text(MIDDLE + 40, TOP - 16, "epochs that it takes")
    for y, kind, name, epochs in ((TOP + 20, "halving", "halving", state.cost), (TOP + 52, "full", "all in full", state.in_full)):
        width = (RIGHT - BARS) * epochs / state.in_full
        yield _text(BARS - 8, y, name, "end") + f'<rect class="{kind}" x="{BARS}" y="{y - 9}" width="{width:.1f}" height="18"/>'
        yield _text(BARS + width + 5, y, str(epochs), "small")
    rows = (("winner", "the winner"), ("trained", "trained, to the dot"), ("never", "never trained"), ("best", "ends best, but was left"))
    for y, (kind, words) in zip(range(TOP + 110, TOP + 230, 26), rows, strict=False):
        yield f'<path class="{kind}" d="M{MIDDLE + 40} {y}L{MIDDLE + 72} {y}"/>' + _text(MIDDLE + 82, y, words)


def _caption(state: State) -> Iterator[str]:
    for line, words in enumerate(sentences(state)):
        yield _text(LEFT, FLOOR + 40 + 22 * line, words)


# --- controls -------------------------------------------------------------------------------------------------------------------------


def demo() -> Demo:
    """Build the demo: choices for the networks, the share that goes on and the first round, and a button that draws other networks."""
    return live(_Controls, svg, State())


class _Controls(Controls):
    """The widgets, and the state they are in."""

    draw = staticmethod(svg)

    def __init__(self) -> None:
        import ipywidgets as w  # type: ignore[import-untyped]

        self.state = State()
        wide: dict[str, Any] = {"style": {"description_width": "110px"}, "layout": w.Layout(width="330px", max_width="100%")}
        self.fields = {
            "networks": w.SelectionSlider(description="Networks", options=NETWORKS, **wide),
            "share": w.SelectionSlider(description="Goes on", options=[(f"1 of {eta}", eta) for eta in SHARES], **wide),
            "first": w.SelectionSlider(description="First epochs", options=FIRST, **wide),
        }
        self.buttons: dict[str, Callable[[State], State]] = {
            "Others": lambda state: replace(state, draw=state.draw + 1),
            "Reset": lambda state: State(),
        }
        pressed = [w.Button(description=name) for name in self.buttons]
        for button in pressed:
            button.on_click(lambda button: self._show(self.buttons[button.description](self.state)))
        networks, share, first = self.fields.values()
        self._wire(((networks, share), (first, *pressed)), TRY_THIS)


callable_as_demo(__name__)
