"""Computational graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from nnlab.plots._paper import (
    BLUE,
    GREY,
    VERMILLION,
    WIDTH,
    Point,
    arrow,
    neurons,
    paper,
    styled,
    told,
)
from nnlab.plots._words import listed, number


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


def _short(value: float) -> str:
    """Write a number with at most two decimals."""
    return f"{value:z.2f}".rstrip("0").rstrip(".").replace("-", "−")
