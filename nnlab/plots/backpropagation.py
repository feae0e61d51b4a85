"""Computational graphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from nnlab.plots._paper import (
    BLUE,
    GREEN,
    GREY,
    INK,
    PURPLE,
    VERMILLION,
    WIDTH,
    Array,
    Point,
    arrow,
    neurons,
    paper,
    styled,
    told,
)
from nnlab.plots._words import listed, number

MARKS = ("o", "s", "^", "D")


def graph_places(steps: Mapping[str, Sequence[str]]) -> dict[str, Point]:
    """Place the nodes of a computational graph: columns in the order of computing, rows so that few lines cross.

    Parameters
    ----------
    steps : mapping of name to (operation, argument, …)
        In the order of computing. Arguments that are no step themselves are leaves.

    Returns
    -------
    dict of name to (column, row)
        Both count from 0, columns from the left, rows from the top. Leaves stand one column before their first use.
    """
    columns: dict[str, float] = {}
    rows: dict[str, float] = {}
    for name, (_, *arguments) in steps.items():
        columns[name] = 1 + max(columns.get(argument, 0) for argument in arguments)
        for leaf in (argument for argument in arguments if argument not in columns):
            columns[leaf] = columns[name] - 1
            rows[leaf] = len(rows) - len(rows.keys() & steps.keys())
        rows[name] = sum(rows[argument] for argument in arguments) / len(arguments)
    return {name: (columns[name], rows[name]) for name in rows}


def _say_computational_graph(
    steps: Mapping[str, Sequence[str]], values: Mapping[str, float] | None = None, gradients: Mapping[str, float] | None = None
) -> str:
    """Say what each node is computed from, and the values and gradients that are written at them."""
    nodes = "; ".join(f"{name} is {operation} of {listed(arguments)}" for name, (operation, *arguments) in steps.items())
    said = [f"Computational graph, computed from left to right: {nodes}."]
    for what, known in (("Values", values), ("Gradients", gradients)):
        if known:
            said += [f"{what}: {', '.join(f'{name} {number(value)}' for name, value in known.items())}."]
    return " ".join(said)


@told(_say_computational_graph)
@styled
def computational_graph(
    steps: Mapping[str, Sequence[str]], values: Mapping[str, float] | None = None, gradients: Mapping[str, float] | None = None
) -> Figure:
    """Draw a computational graph: a circle a number, values above in blue, gradients below in orange.

    Parameters
    ----------
    steps : mapping of name to (operation, argument, …)
        In the order of computing. Arguments that are no step themselves are leaves; their circle holds their name.
    values, gradients : mapping of name to float, optional
        Those known so far.

    Returns
    -------
    Figure
    """
    values, gradients = values or {}, gradients or {}
    places = graph_places(steps)
    width, height = (max(place[axis] for place in places.values()) for axis in (0, 1))
    bottom, step = (0.85, 1.0) if values or gradients else (0.35, 0.75)
    fig, ax = paper(bottom + 0.55 + step * height)
    centres = {name: (0.55 + (WIDTH - 1.1) * x / width, bottom + step * (height - y)) for name, (x, y) in places.items()}
    for name, (_, *arguments) in steps.items():
        for argument in arguments:
            arrow(ax, centres[argument], centres[name], GREY, shrink=18)
    neurons(ax, centres.values(), 0.24)
    for name, (x, y) in centres.items():
        known = _short(values[name]) if name in values else ""
        ax.text(x, y, steps[name][0] if name in steps else name, ha="center", va="center", zorder=4)
        ax.text(x, y + 0.35, " = ".join(filter(None, (name * (name in steps), known))), ha="center", va="center", color=BLUE, fontsize=9)
        if name in gradients:
            ax.text(x, y - 0.35, _short(gradients[name]), ha="center", va="center", color=VERMILLION, fontsize=9)
    if values:
        ax.text(WIDTH / 2 - 0.2, 0.15, "above a node: its value", ha="right", va="center", color=BLUE)
    if gradients:
        ax.text(WIDTH / 2 + 0.2, 0.15, "below: the gradient of the result by it", ha="left", va="center", color=VERMILLION)
    return fig


def _say_shares_back(weights: Sequence[float], deltas: Sequence[float]) -> str:
    """Say which neurons are fed, by which weights, and what error term each of them has."""
    fed = [f"{number(w)} to a neuron with the error term {number(d)}" for w, d in zip(weights, deltas, strict=True)]
    return f"One neuron with activation a feeds {len(weights)} neurons, with the weights {listed(fed)}. All of them lead to the error E."


@told(_say_shares_back)
@styled
def shares_back(weights: Sequence[float], deltas: Sequence[float]) -> Figure:
    """Draw one neuron, the neurons that it feeds, and the error that they lead to: forward in blue, and what is known of the way back.

    Parameters
    ----------
    weights : sequence of float
        From the neuron to each of the next layer.
    deltas : sequence of float
        Error term of each neuron of the next layer.

    Returns
    -------
    Figure
    """
    height = 0.5 + 0.95 * len(weights)
    fig, ax = paper(height)
    start, end = (0.7, height / 2), (6.3, height / 2)
    places = [(3.4, height - 0.72 - 0.95 * i) for i in range(len(weights))]
    for place, w, delta in zip(places, weights, deltas, strict=True):
        arrow(ax, start, place, BLUE, shrink=20)
        arrow(ax, place, end, BLUE, shrink=20)
        arrow(ax, end, place, VERMILLION, "--", "arc3,rad=0.3", shrink=20)
        x, y = (0.45 * start[axis] + 0.55 * place[axis] for axis in (0, 1))
        ax.text(x, y + (0.2 if place[1] >= start[1] else -0.2), f"w = {number(w)}", ha="center", va="center", color=BLUE, fontsize=9.5)
        ax.text(place[0], place[1] + 0.42, f"δ = {number(delta)}", ha="center", va="center", color=VERMILLION, fontsize=9.5)
    neurons(ax, [start, *places, end], 0.25)
    for (x, y), name in zip([start, *places, end], ["a", *("z₁", "z₂", "z₃", "z₄")[: len(places)], "E"], strict=True):
        ax.text(x, y, name, ha="center", va="center", zorder=4)
    ax.text(start[0], start[1] - 0.45, "∂E/∂a = ?", ha="center", va="center", color=VERMILLION, fontsize=9.5)
    return fig


def _say_descents(error: Callable[[Array], Array], paths: Mapping[str, Sequence[float]], xlabel: str = "w") -> str:
    """Say where each path starts and ends, and how high it is there."""
    ways = [
        f"{name} from {xlabel} = {number(path[0])} to {number(path[-1])}, where the error is {number(float(error(np.asarray(path[-1]))))}"
        for name, path in paths.items()
    ]
    return f"Curve of an error over {xlabel}, with the steps of gradient descent on it: {'; '.join(ways)}."


@told(_say_descents)
@styled
def descents(error: Callable[[Array], Array], paths: Mapping[str, Sequence[float]], xlabel: str = "w") -> Figure:
    """Draw an error as a curve over one parameter, and on it the places where gradient descent stood.

    Parameters
    ----------
    error : callable
        Takes an array and returns one of its shape.
    paths : mapping of name to sequence of float
        The parameter before the first step and after each. Four at most.
    xlabel : str, optional

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.4), layout="constrained")
    ax = fig.add_subplot(xlabel=xlabel, ylabel="error E")
    everywhere = np.concatenate([np.asarray(path, dtype=float) for path in paths.values()])
    pad = 0.12 * np.ptp(everywhere)
    ticks = np.linspace(everywhere.min() - pad, everywhere.max() + pad, 400)
    ax.plot(ticks, error(ticks), color=INK, linestyle="-", linewidth=1.5)
    for (name, path), mark, color in zip(paths.items(), MARKS, (BLUE, VERMILLION, GREEN, PURPLE), strict=False):
        here = np.asarray(path, dtype=float)
        ax.plot(here, error(here), marker=mark, color=color, linestyle="none", markersize=5, markeredgecolor="white", markeredgewidth=0.5)
        ax.plot(here[-1], error(here[-1]), marker=mark, color=color, linestyle="none", markersize=11, markeredgecolor=INK, label=name)
    ax.legend(title="the large mark: where it ends", title_fontsize=9)
    return fig


def _short(value: float) -> str:
    """Write a number with at most two decimals."""
    return f"{value:z.2f}".rstrip("0").rstrip(".").replace("-", "−")
