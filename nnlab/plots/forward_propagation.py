"""Networks of neurons, and the shapes of their matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, pairwise, product
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from nnlab.languages import say
from nnlab.plots._paper import (
    BLUE,
    GREEN,
    GREY,
    INK,
    PURPLE,
    RADIUS,
    SIGN,
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
from nnlab.plots._words import listed, number, numbers

MOMENTS = ((BLUE, "-", "o"), (VERMILLION, "--", "s"), (GREEN, "-.", "^"), (PURPLE, ":", "D"))  # of the neurons of a feedback network


def _say_network(
    sizes: Sequence[int],
    W: Sequence[ArrayLike] | None = None,
    a: Sequence[ArrayLike] | None = None,
    labels: tuple[Sequence[str], Sequence[str]] | None = None,
) -> str:
    """Say how many neurons each layer has, how many lines join them, and the numbers that are written on them."""
    layers = listed([f"{size} in layer {index}" for index, size in enumerate(sizes)])
    lines = sum(m * n for n, m in pairwise(sizes))
    said = [f"Network of {len(sizes)} layers of neurons, from left to right {layers}."]
    said += [f"Every neuron is joined to all of the next layer: {lines} lines."]
    if labels:
        said += [f"Inputs: {listed(labels[0])}. Outputs: {listed(labels[1])}."]
    for index, weights in enumerate(W or ()):
        said += [f"Weights from layer {index} to {index + 1}, row by row: {numbers(weights)}."]
    for index, values in enumerate(a or ()):
        said += [f"In layer {index} stands {numbers(values)}."]
    return " ".join(said)


@told(_say_network)
@styled
def network(
    sizes: Sequence[int],
    W: Sequence[ArrayLike] | None = None,
    a: Sequence[ArrayLike] | None = None,
    labels: tuple[Sequence[str], Sequence[str]] | None = None,
) -> Figure:
    """Draw a feed-forward network layer by layer; biases are not drawn.

    Parameters
    ----------
    sizes : sequence of int
        Neurons a layer, input first: M_0, M_1, …, M_L.
    W : sequence of L arrays, shapes (M_l, M_{l−1}), optional
        Weights: the line of each is solid blue when positive, dashed orange when negative, and wide when large.
    a : sequence of L + 1 arrays, shapes (M_l, 1) or (M_l,), optional
        Activations of one sample, written into the neurons.
    labels : (names of the inputs, names of the outputs), optional
        Written beside the first and the last layer.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If W, a or labels do not fit the sizes.
    """
    weights = None if W is None else _fitted("W", W, [(m, n) for n, m in pairwise(sizes)])
    values = None if a is None else _fitted("a", a, [(m, 1) for m in sizes])
    names = _named(labels, sizes)
    bottom = 0.85 if weights else 0.5
    fig, ax = paper(max(0.76 * max(sizes), 1.5) + bottom + 0.15)
    layers = _places(sizes, _margins(names), bottom, fig.get_figheight() - 0.15)
    _edges(ax, layers, weights)
    neurons(ax, chain(*layers))
    _captions(ax, layers, bottom)
    for layer, column in zip(layers, values or (), strict=False):
        for place, value in zip(layer, column.flat, strict=True):
            ax.text(*place, f"{value:z.2f}".replace("-", "−"), ha="center", va="center", fontsize=9, zorder=4)
    for layer, texts, side, align in zip((layers[0], layers[-1]), names, (-1, 1), ("right", "left"), strict=True):
        for (x, y), text in zip(layer, texts, strict=False):
            ax.text(x + side * (RADIUS + 0.1), y, text, ha=align, va="center")
    if weights:
        _weight_legend(ax)
    return fig


def _fitted(name: str, arrays: Sequence[ArrayLike], shapes: Sequence[tuple[int, int]]) -> list[Array]:
    """Return the arrays in these shapes, or say which one does not fit."""
    if len(arrays) != len(shapes):
        raise ValueError(
            say("{name} has to hold {count} arrays for these sizes, but holds {got}.", name=name, count=len(shapes), got=len(arrays))
        )
    fitted = [np.asarray(array, dtype=float) for array in arrays]
    for index, (array, shape) in enumerate(zip(fitted, shapes, strict=True)):
        if array.shape != shape and not (name == "a" and array.shape == shape[:1]):
            raise ValueError(
                say(
                    "{array} has to have shape {expected}, but has {shape}. Do sizes and {name} belong together?",
                    array=f"{name}[{index}]",
                    expected=shape,
                    shape=array.shape,
                    name=name,
                )
            )
        if not np.isfinite(array).all():
            raise ValueError(say("{array} holds nan or inf, which cannot be drawn. Look where it comes from.", array=f"{name}[{index}]"))
    return fitted


def _named(labels: tuple[Sequence[str], Sequence[str]] | None, sizes: Sequence[int]) -> tuple[Sequence[str], Sequence[str]]:
    if labels is None:
        return (), ()
    inputs, outputs = labels
    if (len(inputs), len(outputs)) != (sizes[0], sizes[-1]):
        raise ValueError(
            say(
                "labels has to hold {inputs} names of inputs and {outputs} of outputs, but holds {named_inputs} and {named_outputs}.",
                inputs=sizes[0],
                outputs=sizes[-1],
                named_inputs=len(inputs),
                named_outputs=len(outputs),
            )
        )
    return inputs, outputs


def _margins(names: tuple[Sequence[str], Sequence[str]]) -> tuple[float, float]:
    """Return what the names need to the left and the right, in inches."""
    left, right = (max((len(text) for text in texts), default=0) for texts in names)
    return 0.75 + 0.075 * left, WIDTH - 0.75 - 0.075 * right


def _places(sizes: Sequence[int], across: Point, bottom: float, top: float) -> list[list[Point]]:
    """Return the centres of the neurons: layers from left to right, each centred between bottom and top."""
    step = (top - bottom) / max(sizes)
    middle = (top + bottom) / 2
    return [
        [(float(x), middle + step * ((size - 1) / 2 - i)) for i in range(size)]
        for x, size in zip(np.linspace(*across, len(sizes)), sizes, strict=True)
    ]


def _edges(ax: Axes, layers: Sequence[Sequence[Point]], weights: Sequence[Array] | None) -> None:
    largest = max((np.abs(w).max() for w in weights or ()), default=0) or 1
    for index, (left, right) in enumerate(pairwise(layers)):
        for (j, (x0, y0)), (i, (x1, y1)) in product(enumerate(left), enumerate(right)):
            if weights is None:
                look: dict[str, Any] = {"color": GREY, "linestyle": "-", "linewidth": 1}
            else:
                weight = weights[index][i, j]
                color, style = SIGN[int(np.sign(weight))]
                look = {"color": color, "linestyle": style, "linewidth": 0.7 + 3.3 * abs(weight) / largest}
            ax.plot([x0, x1], [y0, y1], zorder=1, **look)


def _captions(ax: Axes, layers: Sequence[Sequence[Point]], y: float) -> None:
    """Name the layers, on two lines where one would run into the next."""
    roles = {0: "input", len(layers) - 1: "output"}
    between = " " if layers[1][0][0] - layers[0][0][0] > 1.3 else "\n"
    for index, layer in enumerate(layers):
        ax.text(layer[0][0], y - 0.08, f"layer {index}{between}({roles.get(index, 'hidden')})", ha="center", va="top")


def _weight_legend(ax: Axes) -> None:
    kinds = [(SIGN[1], 2.2, "weight > 0"), (SIGN[-1], 2.2, "weight < 0"), ((INK, "-"), 4.0, "wide line: large |weight|")]
    handles = [Line2D([], [], color=color, linestyle=style, linewidth=width, label=label) for (color, style), width, label in kinds]
    ax.legend(handles=handles, ncols=3, loc="lower center", borderaxespad=0.4, handlelength=3)


def _say_topologies() -> str:
    """Describe the three ways to join neurons."""
    return (
        "Three ways to join neurons. Left: feed-forward, arrows lead from layer to layer. Middle: feedback, some arrows lead back to "
        "earlier neurons or to the neuron itself. Right: graph network, neurons are joined in any pattern without layers."
    )


@told(_say_topologies)
@styled
def topologies() -> Figure:
    """Draw three ways to join neurons: feed-forward, feedback (recurrent), graph network.

    Returns
    -------
    Figure
    """
    fig, ax = paper(2.5)
    for left, title, draw in (
        (0.25, "feed-forward", _feed_forward),
        (2.65, "feedback (recurrent)", _feedback),
        (5.05, "graph network", _graph),
    ):
        ax.text(left + 0.85, 2.28, title, ha="center", va="center", fontsize=10.5)
        draw(ax, left)
    return fig


def _feed_forward(ax: Axes, left: float) -> None:
    layers = _places((2, 3, 1), (left + 0.1, left + 1.6), 0.1, 1.9)
    for one, other in pairwise(layers):
        for start, end in product(one, other):
            arrow(ax, start, end)
    neurons(ax, chain(*layers), 0.16)


def _feedback(ax: Axes, left: float) -> None:
    first, middle, last = (layer[0] for layer in _places((1, 1, 1), (left + 0.1, left + 1.6), 0.1, 1.9))
    for start, end in pairwise((first, middle, last)):
        arrow(ax, start, end)
    arrow(ax, last, middle, VERMILLION, "--", "arc3,rad=-0.6")
    arrow(ax, last, first, VERMILLION, "--", "arc3,rad=-0.55")
    x, y = middle
    arrow(ax, (x + 0.13, y + 0.1), (x - 0.13, y + 0.1), VERMILLION, "--", "arc3,rad=3", shrink=0)
    neurons(ax, (first, middle, last), 0.16)


def _graph(ax: Axes, left: float) -> None:
    places = [(left + x, y) for x, y in ((0.1, 1.35), (0.55, 0.35), (0.75, 1.75), (0.95, 1.0), (1.55, 1.5), (1.6, 0.4))]
    for i, j in ((0, 1), (0, 2), (1, 3), (2, 3), (2, 4), (3, 5), (4, 5), (0, 3)):
        ax.plot(*zip(places[i], places[j], strict=True), color=INK, linestyle="-", linewidth=1.3, zorder=1)
    neurons(ax, places, 0.16)


def _say_layer_shapes(W_shape: tuple[int, int], a_shape: tuple[int, int]) -> str:
    """Say which shapes meet, and whether they fit."""
    (neurons, inputs), (features, samples) = W_shape, a_shape
    if inputs != features:
        return (
            f"Blocks: W of shape {W_shape} beside a of shape {a_shape}. W has {inputs} columns and a has {features} rows: they do not fit."
        )
    product = f"W of shape {W_shape} times a of shape {a_shape} plus b of shape {(neurons, 1)} gives z of shape {(neurons, samples)}"
    return f"Blocks: {product}. The inner sizes, {inputs} and {features}, agree."


@told(_say_layer_shapes)
@styled
def layer_shapes(W_shape: tuple[int, int], a_shape: tuple[int, int]) -> Figure:
    """Draw W @ a + b = z as blocks with their shapes, or mark why W @ a is not defined.

    Parameters
    ----------
    W_shape : (neurons, inputs)
    a_shape : (features, samples)

    Returns
    -------
    Figure
    """
    (neurons, inputs), (features, samples) = W_shape, a_shape
    agree = inputs == features
    blocks = [("", "W", W_shape), ("@", "a", a_shape), ("+", "b", (neurons, 1)), ("=", "z", (neurons, samples))]
    color, remark = (BLUE, f"columns of W = rows of a = {inputs}")
    if not agree:
        blocks = blocks[:2]
        color, remark = VERMILLION, f"W has {inputs} columns, but a has {features} rows: W @ a is not defined"
    elif samples > 1:
        remark += "; b is added to every column"
    unit = min(0.26, 1.5 / max(*W_shape, *a_shape))
    fig, ax = paper(1.2 + max(unit * shape[0] for *_, shape in blocks))
    edges = _blocks(ax, blocks, unit)
    if not agree:
        ax.plot(*edges["a"]["sign"], marker="x", markersize=24, markeredgewidth=2, color=color)
    for ends in (edges["W"]["top"], edges["a"]["left"]):
        ax.plot(*zip(*ends, strict=True), color=color, linestyle="-" if agree else "--", linewidth=4, zorder=4)
    ax.text(WIDTH / 2, 0.2, remark, ha="center", va="center", color=color, weight="normal" if agree else "bold")
    return fig


def _blocks(ax: Axes, blocks: Sequence[tuple[str, str, tuple[int, int]]], unit: float) -> dict[str, dict[str, Any]]:
    """Draw the blocks in a row; return for each where its sign is and the ends of its top and left edge."""
    gap, middle = 0.5, ax.get_ylim()[1] / 2 + 0.1
    sides = [[max(unit * n, 0.16) for n in shape] for *_, shape in blocks]
    slots = [max(width, 0.085 * len(str(shape))) for (_, width), (*_, shape) in zip(sides, blocks, strict=True)]
    x = (WIDTH - sum(slots) - gap * (len(blocks) - 1)) / 2
    edges = {}
    for (sign, name, shape), (height, width), slot in zip(blocks, sides, slots, strict=True):
        ax.text(x - gap / 2, middle, sign, ha="center", va="center", fontsize=14)
        left, bottom, top = x + (slot - width) / 2, middle - height / 2, middle + height / 2
        _grid(ax, (left, bottom), (width, height), shape)
        ax.text(x + slot / 2, top + 0.17, name, ha="center", va="center", fontsize=12, weight="bold")
        ax.text(x + slot / 2, bottom - 0.17, str(shape), ha="center", va="center")
        edges[name] = {"sign": (x - gap / 2, middle), "top": ((left, top), (left + width, top)), "left": ((left, bottom), (left, top))}
        x += slot + gap
    return edges


def _grid(ax: Axes, corner: Point, size: tuple[float, float], shape: tuple[int, int]) -> None:
    """Draw a block, with its cells as long as they can be told apart."""
    (x, y), (width, height), (rows, columns) = corner, size, shape
    ax.add_patch(Rectangle(corner, width, height, facecolor="#EAF3F9", edgecolor=INK, linewidth=1.2, zorder=2))
    if min(width / columns, height / rows) < 0.04:
        return
    ax.vlines(x + width / columns * np.arange(1, columns), y, y + height, color=GREY, linewidth=0.5, zorder=3)
    ax.hlines(y + height / rows * np.arange(1, rows), x, x + width, color=GREY, linewidth=0.5, zorder=3)


def _say_feedback(runs: Mapping[str, ArrayLike]) -> str:
    """Say for each run what each neuron does from step to step."""
    said = ["Activations of a feedback network from step to step."]
    for title, run in runs.items():
        rows = [f"neuron {i}: {numbers(np.round(row, 2))}" for i, row in enumerate(np.asarray(run, dtype=float), start=1)]
        said += [f"Panel “{title}”: {'; '.join(rows)}."]
    return " ".join(said)


@told(_say_feedback)
@styled
def feedback(runs: Mapping[str, ArrayLike]) -> Figure:
    """Draw what the neurons of feedback networks do from step to step, one panel a run.

    Parameters
    ----------
    runs : mapping of title to array_like, shape (neurons, steps + 1)
        Column t holds the activations after t steps; four neurons at most have looks of their own.

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 2.7), layout="constrained")
    drawn = fig.subplots(1, len(runs), sharey=True, squeeze=False)[0]
    for ax, (title, run) in zip(drawn, runs.items(), strict=True):
        ax.set(title=title, xlabel="step")
        for i, row in enumerate(np.asarray(run, dtype=float)):
            color, style, marker = MOMENTS[i % len(MOMENTS)]
            ax.plot(row, color=color, linestyle=style, marker=marker, markersize=5, linewidth=1.5, label=f"neuron {i + 1}")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    drawn[0].set_ylabel("activation")
    fig.legend(*drawn[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return fig


def _roads(near: Mapping[int, Sequence[int]]) -> list[tuple[int, int]]:
    """Return each road once."""
    return [(one, other) for one in near for other in near[one] if one < other]


def _say_road_graph(places: Mapping[int, Point], near: Mapping[int, Sequence[int]], values: Mapping[str, ArrayLike]) -> str:
    """Say which places are joined, and what each of them holds."""
    roads = [f"{one} and {other}" for one, other in _roads(near)]
    said = [f"Map of {len(places)} places. Roads join {listed(roads)}."]
    for title, held in values.items():
        said += [
            f"{title}: {', '.join(f'place {i} {number(value)}' for i, value in zip(places, np.asarray(held, dtype=float), strict=True))}."
        ]
    return " ".join(said)


@told(_say_road_graph)
@styled
def road_graph(places: Mapping[int, Point], near: Mapping[int, Sequence[int]], values: Mapping[str, ArrayLike]) -> Figure:
    """Draw places joined by roads, each with its number and the value it holds: the darker, the larger; one panel a title.

    Parameters
    ----------
    places : mapping of place to (x, y)
    near : mapping of place to the places it is joined to
    values : mapping of title to array_like, shape (places,)
        From 0 to 1, in the order of `places`.

    Returns
    -------
    Figure
    """
    x, y = np.array([*places.values()], dtype=float).T
    panels = len(values)
    across, unit = WIDTH / panels, (WIDTH / panels - 0.8) / max(float(np.ptp(x)), 1.0)
    height = 1.0 + unit * float(np.ptp(y))
    fig, ax = paper(height)
    for panel, (title, held) in enumerate(values.items()):
        lefts, heights = across * panel + 0.4 + unit * (x - x.min()), 0.3 + unit * (y - y.min())
        at = dict(zip(places, zip(lefts, heights, strict=True), strict=True))
        ax.text(across * (panel + 0.5), height - 0.15, title, ha="center", va="center", fontsize=10.5)
        for one, other in _roads(near):
            ax.plot(*zip(at[one], at[other], strict=True), color=GREY, linestyle="-", linewidth=3, zorder=1)
        for (i, place), value in zip(at.items(), np.asarray(held, dtype=float), strict=True):
            depth = float(value) ** 0.5
            shade = (1.0, 1.0 - 0.28 * depth, 1.0 - 0.62 * depth)  # from white to a light orange, on which ink can be read
            ax.add_patch(Circle(place, 0.21, facecolor=shade, edgecolor=INK, linewidth=1.3, zorder=3))
            ax.text(*place, f"{value:.2f}", ha="center", va="center", fontsize=9, zorder=4)
            ax.text(place[0] - 0.22, place[1] + 0.22, f"{i}", ha="center", va="center", fontsize=9, weight="bold")
    return fig
