"""The threshold unit, and points that its line separates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Polygon, Rectangle
from numpy.typing import ArrayLike, NDArray

from nnlab.plots._paper import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    VERMILLION,
    WIDTH,
    Array,
    arrow,
    neurons,
    paper,
    styled,
    told,
)
from nnlab.plots._words import MANY, number

TINT = "#DCEBF5"


def _say_nerve_cell() -> str:
    """Describe the nerve cell and what its parts are in the formula."""
    return (
        "A nerve cell. From the left, the ends of three other cells meet its dendrites at synapses: the inputs and their weights. "
        "The dendrites lead to the cell body with its nucleus: the weighted sum. Where the axon begins the cell fires or stays silent: "
        "the threshold. The long axon leads to the right and branches towards the next cells: the output."
    )


@told(_say_nerve_cell)
@styled
def nerve_cell() -> Figure:
    """Draw a nerve cell, with the names of its parts above and what they are in the M-P neuron below.

    Returns
    -------
    Figure
    """
    fig, ax = paper(2.9)
    body = 2.75, 1.5
    dendrites = {(1.85, 2.0): [(1.35, 2.42), (1.2, 1.98)], (1.7, 1.48): [(1.15, 1.5)], (1.9, 0.98): [(1.2, 1.05), (1.4, 0.6)]}
    for bend, (fork, tips) in zip((0.12, 0.0, -0.12), dendrites.items(), strict=True):
        _branch(ax, fork, body, 4.5)
        for x, y in tips:
            _branch(ax, (x, y), fork, 2.5)
        x, y = tips[0]
        ax.add_patch(FancyArrowPatch((0.35, y + bend), (x - 0.1, y), arrowstyle="-", color=GREEN, linestyle="--", linewidth=1.8))
        ax.add_patch(Circle((x - 0.07, y), 0.065, facecolor=GREEN, edgecolor="none", zorder=5))
    ax.add_patch(Polygon(_blob(body, 0.44), closed=True, facecolor=TINT, edgecolor=BLUE, linewidth=2, zorder=3))
    ax.add_patch(Circle(body, 0.15, facecolor="white", edgecolor=BLUE, linewidth=1.5, zorder=4))
    _branch(ax, body, (5.3, 1.5), 4.5)
    for end in ((6.0, 2.0), (6.15, 1.5), (6.0, 1.0)):
        _branch(ax, (5.3, 1.5), end, 2.5)
        ax.add_patch(Circle(end, 0.065, facecolor=BLUE, edgecolor="none", zorder=5))
    above = {
        "synapses": (1.28, 2.68),
        "dendrites": (2.1, 2.5),
        "cell body": (2.75, 2.18),
        "axon": (4.35, 1.75),
        "to other cells": (6.1, 2.3),
    }
    below = {"inputs x": (0.6, 0.7), "weights w": (1.2, 0.25), "sum Σ": (2.75, 0.78), "exceeds θ?": (3.75, 1.16), "output y": (6.1, 0.62)}
    for text, (x, y) in above.items():
        ax.text(x, y, text, ha="center", va="center")
    for text, (x, y) in below.items():
        ax.text(x, y, text, ha="center", va="center", color=BLUE, fontweight="bold")
    return fig


def _branch(ax: Axes, start: tuple[float, float], end: tuple[float, float], width: float) -> None:
    """Draw a slightly bent branch of the cell."""
    look: dict[str, Any] = {"arrowstyle": "-", "connectionstyle": "arc3,rad=0.08", "shrinkA": 0, "shrinkB": 0}
    ax.add_patch(FancyArrowPatch(start, end, color=BLUE, linewidth=width, capstyle="round", zorder=2, **look))


def _blob(middle: tuple[float, float], radius: float) -> Array:
    """Return the outline of a cell body, shape (points, 2): round, with a bulge for each branch."""
    angle = np.linspace(0, 2 * np.pi, 120)
    reach = radius * (1 + 0.12 * np.cos(4 * angle + 0.3))
    return np.stack([middle[0] + reach * np.cos(angle), middle[1] + reach * np.sin(angle)], axis=1)


def _say_threshold_unit() -> str:
    """Describe the M-P neuron."""
    return (
        "Three inputs, each with its weight, lead to a weighted sum. The sum enters a box with a step in it, which asks whether it exceeds "
        "the threshold. Out comes 0 or 1."
    )


@told(_say_threshold_unit)
@styled
def threshold_unit() -> Figure:
    """Draw the M-P neuron: three weighted inputs, their sum, and the step at the threshold θ.

    Returns
    -------
    Figure
    """
    fig, ax = paper(2.6)
    inputs, body, jump = [(1.0, y) for y in (2.25, 1.45, 0.65)], (3.1, 1.45), (4.6, 1.45)
    for i, place in zip("₁₂₃", inputs, strict=True):
        arrow(ax, place, body, shrink=21)
        ax.text(*place, f"x{i}", ha="center", va="center", fontsize=12, zorder=4)
        x, y = (0.55 * one + 0.45 * other for one, other in zip(place, body, strict=True))
        ax.text(x, y, f"w{i}", ha="center", va="center", fontsize=12, bbox={"facecolor": "white", "edgecolor": "none", "pad": 2}, zorder=4)
    arrow(ax, body, jump, shrink=21)
    arrow(ax, jump, (6.2, 1.45), shrink=21)
    neurons(ax, [*inputs, body])
    ax.text(*body, "Σ", ha="center", va="center", fontsize=15, zorder=4)
    ax.add_patch(Rectangle((jump[0] - 0.29, jump[1] - 0.29), 0.58, 0.58, facecolor="#EAF3F9", edgecolor=INK, linewidth=1.3, zorder=3))
    ax.plot([4.39, 4.6, 4.6, 4.81], [1.32, 1.32, 1.58, 1.58], color=BLUE, linestyle="-", zorder=4)
    for (x, y), text in (((1.0, 0.2), "inputs"), ((3.1, 0.98), "weighted sum"), ((4.6, 0.98), "exceeds θ?"), ((6.35, 1.4), "0 or 1")):
        ax.text(x, y, text, ha="center", va="center" if x < 6 else "baseline")
    return fig


def _say_separation(
    panels: Mapping[str, tuple[ArrayLike, ArrayLike, Mapping[str, tuple[ArrayLike, float]]]],
    axes: Mapping[str, tuple[str, str]] | None = None,
) -> str:
    """Say for each panel which points are yes and no, which lines there are, and what the last one gets wrong."""
    return " ".join(_panel(title, *panel) for title, panel in panels.items())


@told(_say_separation)
@styled
def separation(
    panels: Mapping[str, tuple[ArrayLike, ArrayLike, Mapping[str, tuple[ArrayLike, float]]]],
    axes: Mapping[str, tuple[str, str]] | None = None,
) -> Figure:
    """Draw points of two classes in the plane, one panel a set, side by side, with the lines w · x + b = 0 that are to separate them.

    The side where the last line of a panel says yes is tinted, and its mistakes have a ring: points of the other side, or on the line.

    Parameters
    ----------
    panels : mapping of title to (X, y, lines)
        X of shape (2, points); y of shape (points,), yes where positive; lines as a mapping of name to (w, b), three at most.
    axes : mapping of title to (name, name), optional
        What the axes of a panel are called, where not x₁ and x₂.

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 0.8 + min(3.2, 6.4 / len(panels))), layout="constrained")
    for index, (title, (X, y, lines)) in enumerate(panels.items(), start=1):
        across, up = (axes or {}).get(title, ("x₁", "x₂"))
        ax = fig.add_subplot(1, len(panels), index, title=title, xlabel=across, ylabel=up, aspect="equal")
        _plane(ax, np.asarray(X, dtype=float), np.asarray(y) > 0, {name: (np.asarray(w, dtype=float), b) for name, (w, b) in lines.items()})
    handles = {name: handle for ax in fig.axes for handle, name in zip(*ax.get_legend_handles_labels(), strict=True)}
    fig.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=4, handlelength=2.5)
    return fig


def _plane(ax: Axes, X: Array, yes: NDArray[np.bool_], lines: Mapping[str, tuple[Array, float]]) -> None:
    """Draw the points of one panel, its lines, the side of the last line, and what that gets wrong."""
    pad = 0.25 * np.ptp(X, axis=1).max()
    (left, right), (bottom, top) = ((low - pad, high + pad) for low, high in zip(X.min(axis=1), X.max(axis=1), strict=True))
    ax.set(xlim=(left, right), ylim=(bottom, top))
    ax.locator_params(nbins=6, integer=True)
    for (name, (w, b)), style in zip(lines.items(), ("-", "--", ":")[: len(lines)][::-1], strict=True):
        if w.any():
            x, y = -b * w / (w @ w)
            ax.axline((x, y), (x - w[1], y + w[0]), label=name, color=INK, linestyle=style, zorder=2)
    for side, marker, color, name in ((yes, "o", BLUE, "yes"), (~yes, "X", VERMILLION, "no")):
        ax.scatter(X[0, side], X[1, side], s=70, marker=marker, color=color, label=name, zorder=3)
    if lines:
        w, b = list(lines.values())[-1]
        x1, x2 = np.meshgrid([left, right], [bottom, top])
        ax.contourf(x1, x2, w[0] * x1 + w[1] * x2 + b, levels=[1e-9, np.inf], colors=[TINT], zorder=0)
        wrong = (2 * yes - 1) * (w @ X + b) <= 0
        label = "mistake" if wrong.any() else None
        ax.scatter(X[0, wrong], X[1, wrong], s=260, facecolors="none", edgecolors=ORANGE, linewidths=2.5, label=label, zorder=3)


def _panel(title: str, X: ArrayLike, y: ArrayLike, lines: Mapping[str, tuple[ArrayLike, float]]) -> str:
    points, yes = np.asarray(X, dtype=float), np.asarray(y) > 0
    said = [f"Panel “{title}”: yes at {_points(points[:, yes])}; no at {_points(points[:, ~yes])}."]
    for name, (w, b) in lines.items():
        w1, w2 = np.asarray(w, dtype=float)
        said += [
            f"Line “{name}”: {number(w1)} x₁ + {number(w2)} x₂ + {number(b)} = 0." if w1 or w2 else f"“{name}” has weights zero: no line."
        ]
    if lines:
        wrong = (2 * yes - 1) * (np.array([w1, w2]) @ points + b) <= 0
        said += [f"Mistakes of the last: {_points(points[:, wrong])}." if wrong.any() else "It makes no mistake."]
    return " ".join(said)


def _points(points: NDArray[np.floating]) -> str:
    if points.shape[1] > MANY:
        return f"{points.shape[1]} points"
    return ", ".join(f"({number(x)}, {number(y)})" for x, y in points.T) or "no point"
