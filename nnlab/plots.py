"""Figures of the course: each function draws one kind and returns it, `show` puts it into the notebook with its alt text.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart. A line style or a mark always says the same as the colour.
A new figure is a function that returns a `Figure`, under `@_styled`, and under `@_told` with the function of `nnlab._words` that says what
it shows. Diagrams draw on `_paper`, whose unit is the inch.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from html import escape
from itertools import chain, pairwise, product
from typing import Any, ParamSpec

import matplotlib.style
import numpy as np
from cycler import cycler
from IPython.display import display
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from nnlab import _words

# Of the places that show notebooks, those whose dark theme can be told: JupyterLab and nbconvert, VS Code, Colab, Sphinx.
THEMES = ("[data-jp-theme-light=false]", ".vscode-dark", "html[theme=dark]", "html[data-theme=dark]")
DARK = f"<style>{','.join(f'{theme} img.nnlab-figure' for theme in THEMES)}{{filter:invert(.93) hue-rotate(180deg)}}</style>"

P = ParamSpec("P")
Array = NDArray[np.floating]
Point = tuple[float, float]

BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
GREY, INK = "#767676", "#222222"
SIGN: dict[int, tuple[str, Any]] = {1: (BLUE, "-"), -1: (VERMILLION, "--"), 0: (GREY, ":")}  # colour and line style of a weight
WIDTH = 7.0  # inches, a notebook's column
CSS_DPI = 96  # a CSS pixel is 1/96 inch
RADIUS = 0.29  # of a neuron, inches

STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that figures are the same everywhere
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E3E3E3",
    "lines.linewidth": 2,
    "axes.prop_cycle": cycler(color=[BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, INK])
    + cycler(linestyle=["-", "--", "-.", ":", (0, (6, 1)), (0, (3, 1, 1, 1)), (0, (1, 1))]),
    "figure.figsize": (WIDTH, 3.6),
    "figure.dpi": CSS_DPI,
}


def picture(fig: Figure, alt: str = "") -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Turn a figure into what Jupyter displays: a PNG of twice the screen's resolution, with its alt text.

    The same figure gives the same bytes: the PNG names neither a date nor a version.

    Parameters
    ----------
    fig : Figure
    alt : str, optional
        What the figure shows, for those who do not see it; a figure of this module says so itself.

    Returns
    -------
    data : dict
        The picture with its alt text as `text/html`, which is what readers get: JupyterLab (4.6) and nbconvert's lab template (7.17)
        drop the alt text of an `image/png`. That stands beside it for LaTeX, and the alt text as `text/plain`.
    metadata : dict
        Alt text and size (CSS pixels) of the PNG.

    Raises
    ------
    ValueError
        If there is no alt text.
    """
    alt = alt.strip() or str(fig.get_label()).strip()
    if not alt:
        raise ValueError("alt is empty. Write one or two sentences that say what the figure shows, for readers who do not see it.")
    width, height = (round(inches * CSS_DPI) for inches in fig.get_size_inches())
    coded = base64.b64encode(_png(fig)).decode()
    data = {"text/html": image(coded, alt, width, height), "image/png": coded, "text/plain": alt}
    return data, {"image/png": {"alt": alt, "width": width, "height": height}}


def _png(fig: Figure) -> bytes:
    """Draw a figure; with a palette its file has a third of the size, and a figure of ours has few colours."""
    drawn, png = io.BytesIO(), io.BytesIO()
    with plt.rc_context({"savefig.bbox": "standard"}):
        fig.savefig(drawn, format="png", dpi=2 * CSS_DPI, metadata={"Software": None})
    Image.open(drawn).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(png, format="png", optimize=True)
    return png.getvalue()


def image(png: str, alt: str, width: int, height: int) -> str:
    """Return the HTML of a picture: its alt text reaches readers, it fits the page, and its lightness is turned round in a dark theme.

    Parameters
    ----------
    png : str
        The PNG in base64.
    alt : str
    width, height : int
        CSS pixels.

    Returns
    -------
    str
    """
    look = 'style="max-width:100%;height:auto;background:#fff"'
    source = f"data:image/png;base64,{png}"
    return f'{DARK}<img class="nnlab-figure" alt="{escape(alt)}" width="{width}" height="{height}" {look} src="{source}">'


def show(fig: Figure, alt: str = "") -> None:
    """Display a figure with its alt text, then close it.

    Parameters
    ----------
    fig : Figure
        One of this module, or one of your own.
    alt : str, optional
        What the figure shows, for those who do not see it. A figure of this module says so itself; one of your own needs it.

    Raises
    ------
    ValueError
        If there is no alt text.
    """
    data, metadata = picture(fig, alt)
    display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
    plt.close(fig)


def _styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw in `STYLE` on top of matplotlib's defaults, whatever the student has set, and leave that as it is."""

    @wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with matplotlib.style.context(["default", STYLE]):
            fig = draw(*args, **kwargs)
            for ax in fig.axes:
                ax.tick_params(labelsize=STYLE["xtick.labelsize"])  # else matplotlib looks it up again each time it draws
            fig.draw_without_rendering()  # only now are the ticks made, from the settings of this moment
            return fig

    return styled


def _told(describe: Callable[P, str]) -> Callable[[Callable[P, Figure]], Callable[P, Figure]]:
    """Let a figure carry what it shows in words, as its label."""

    def telling(draw: Callable[P, Figure]) -> Callable[P, Figure]:
        @wraps(draw)
        def told(*args: P.args, **kwargs: P.kwargs) -> Figure:
            fig = draw(*args, **kwargs)
            fig.set_label(describe(*args, **kwargs))
            return fig

        return told

    return telling


def _paper(height: float) -> tuple[Figure, Axes]:
    """Return a blank sheet whose unit is the inch, so that circles are round and texts keep their distance."""
    fig = Figure(figsize=(WIDTH, height))
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, height))
    ax.set_axis_off()
    return fig, ax


def _neurons(ax: Axes, places: Iterable[Point], radius: float = RADIUS) -> None:
    for place in places:
        ax.add_patch(Circle(place, radius, facecolor="white", edgecolor=INK, linewidth=1.3, zorder=3))


# --- networks -------------------------------------------------------------------------------------------------------------------------


@_told(_words.network)
@_styled
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
    fig, ax = _paper(max(0.76 * max(sizes), 1.5) + bottom + 0.15)
    layers = _places(sizes, _margins(names), bottom, fig.get_figheight() - 0.15)
    _edges(ax, layers, weights)
    _neurons(ax, chain(*layers))
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
        raise ValueError(f"{name} has to hold {len(shapes)} arrays for these sizes, but holds {len(arrays)}.")
    fitted = [np.asarray(array, dtype=float) for array in arrays]
    for index, (array, shape) in enumerate(zip(fitted, shapes, strict=True)):
        if array.shape != shape and not (name == "a" and array.shape == shape[:1]):
            raise ValueError(f"{name}[{index}] has to have shape {shape}, but has {array.shape}. Do sizes and {name} belong together?")
        if not np.isfinite(array).all():
            raise ValueError(f"{name}[{index}] holds nan or inf, which cannot be drawn. Look where it comes from.")
    return fitted


def _named(labels: tuple[Sequence[str], Sequence[str]] | None, sizes: Sequence[int]) -> tuple[Sequence[str], Sequence[str]]:
    if labels is None:
        return (), ()
    inputs, outputs = labels
    if (len(inputs), len(outputs)) != (sizes[0], sizes[-1]):
        raise ValueError(
            f"labels has to hold {sizes[0]} names of inputs and {sizes[-1]} of outputs, but holds {len(inputs)} and {len(outputs)}."
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


@_told(_words.topologies)
@_styled
def topologies() -> Figure:
    """Draw three ways to join neurons: feed-forward, feedback (recurrent), graph network.

    Returns
    -------
    Figure
    """
    fig, ax = _paper(2.5)
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
            _arrow(ax, start, end)
    _neurons(ax, chain(*layers), 0.16)


def _feedback(ax: Axes, left: float) -> None:
    first, middle, last = (layer[0] for layer in _places((1, 1, 1), (left + 0.1, left + 1.6), 0.1, 1.9))
    for start, end in pairwise((first, middle, last)):
        _arrow(ax, start, end)
    _arrow(ax, last, middle, VERMILLION, "--", "arc3,rad=-0.6")
    _arrow(ax, last, first, VERMILLION, "--", "arc3,rad=-0.55")
    x, y = middle
    _arrow(ax, (x + 0.13, y + 0.1), (x - 0.13, y + 0.1), VERMILLION, "--", "arc3,rad=3", shrink=0)
    _neurons(ax, (first, middle, last), 0.16)


def _graph(ax: Axes, left: float) -> None:
    places = [(left + x, y) for x, y in ((0.1, 1.35), (0.55, 0.35), (0.75, 1.75), (0.95, 1.0), (1.55, 1.5), (1.6, 0.4))]
    for i, j in ((0, 1), (0, 2), (1, 3), (2, 3), (2, 4), (3, 5), (4, 5), (0, 3)):
        ax.plot(*zip(places[i], places[j], strict=True), color=INK, linestyle="-", linewidth=1.3, zorder=1)
    _neurons(ax, places, 0.16)


def _arrow(ax: Axes, start: Point, end: Point, color: str = INK, style: str = "-", path: str = "arc3", shrink: float = 12) -> None:
    look: dict[str, Any] = {"arrowstyle": "-|>", "mutation_scale": 10, "connectionstyle": path, "linestyle": style, "color": color}
    ax.add_patch(FancyArrowPatch(start, end, shrinkA=shrink, shrinkB=shrink, **look))


# --- computational graphs ---------------------------------------------------------------------------------------------------------------


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


@_told(_words.computational_graph)
@_styled
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
    fig, ax = _paper(bottom + 0.55 + step * height)
    centres = {name: (0.55 + (WIDTH - 1.1) * x / width, bottom + step * (height - y)) for name, (x, y) in places.items()}
    for name, (_, *arguments) in steps.items():
        for argument in arguments:
            _arrow(ax, centres[argument], centres[name], GREY, shrink=18)
    _neurons(ax, centres.values(), 0.24)
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


# --- shapes ---------------------------------------------------------------------------------------------------------------------------


@_told(_words.layer_shapes)
@_styled
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
    fig, ax = _paper(1.2 + max(unit * shape[0] for *_, shape in blocks))
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


# --- curves ---------------------------------------------------------------------------------------------------------------------------


@_told(_words.curves)
@_styled
def curves(z: ArrayLike, named: Mapping[str, ArrayLike], title: str = "") -> Figure:
    """Draw one or several curves over the same z.

    Parameters
    ----------
    z : array_like, shape (points,)
    named : mapping of name to array_like, shape (points,)
        The curves, in the order of the legend.
    title : str, optional

    Returns
    -------
    Figure
    """
    fig = Figure(layout="constrained")
    ax = fig.add_subplot(xlabel="z", title=title)
    for name, y in named.items():
        ax.plot(np.ravel(z), np.ravel(y), label=name)
    if len(named) == 1:
        ax.set_ylabel(next(iter(named)))
    else:
        fig.legend(loc="outside right center", handlelength=3)
    return fig


@_told(_words.with_derivative)
@_styled
def with_derivative(z: ArrayLike, named: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Figure:
    """Draw functions in the left panel and their derivatives in the right one.

    Parameters
    ----------
    z : array_like, shape (points,)
    named : mapping of name to (array_like, array_like), shapes (points,)
        The values of each function and of its derivative, in the order of the legend.

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.2), layout="constrained")
    for index, (ax, label) in enumerate(zip(fig.subplots(1, 2, sharex=True), ("f(z)", "f′(z)"), strict=True)):
        ax.set(xlabel="z", title=label)
        for name, pair in named.items():
            ax.plot(np.ravel(z), np.ravel(pair[index]), label=name)
    fig.legend(*fig.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, handlelength=3)
    return fig


@_told(_words.passage)
@_styled
def passage(
    z: ArrayLike, curves: tuple[ArrayLike, ArrayLike], density: ArrayLike, outputs: tuple[ArrayLike, ArrayLike], name: str
) -> Figure:
    """Draw a function and its derivative, the density of its inputs below, and the outputs beside them.

    Parameters
    ----------
    z : array_like, shape (points,)
    curves : (array_like, array_like), shapes (points,)
        The function and its derivative.
    density : array_like, shape (points,)
        How dense the inputs lie, in any unit.
    outputs : (edges, shares), shapes (bins + 1,) and (bins,)
        The share of outputs between each edge and the next.
    name : str
        How to call the function.

    Returns
    -------
    Figure
    """
    edges, shares = (np.asarray(part, dtype=float) for part in outputs)
    fig = Figure(figsize=(WIDTH, 4.2), layout="constrained")
    panels = fig.subplots(2, 2, sharex="col", sharey="row", width_ratios=(3, 1), height_ratios=(3.4, 1))
    for values, label in zip(curves, (f"f(z): {name}", "f′(z)"), strict=True):
        panels[0, 0].plot(np.ravel(z), np.ravel(values), label=label)
    panels[0, 1].barh(edges[:-1], shares, np.diff(edges), align="edge", color=SKY)
    panels[0, 1].set(title="outputs a = f(z)", xticks=[], ylim=(edges[0], edges[-1]))
    panels[1, 0].fill_between(np.ravel(z), np.ravel(density), color=SKY)
    panels[1, 0].set(xlabel="inputs z", yticks=[])
    panels[1, 1].set_axis_off()
    fig.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside upper left", ncols=2, handlelength=3)
    return fig


@_told(_words.approximation)
@_styled
def approximation(x: ArrayLike, target: ArrayLike, fits: Mapping[int, ArrayLike]) -> Figure:
    """Draw how close networks of different size come to a curve: one panel a network, its largest error in the title.

    Parameters
    ----------
    x : array_like, shape (points,)
    target : array_like, shape (points,)
        The curve to approximate.
    fits : mapping of int to array_like, shape (points,)
        Number of hidden neurons to the network's output.

    Returns
    -------
    Figure
    """
    x, target = np.ravel(x), np.ravel(target)
    rows = -(-len(fits) // 2)
    fig = Figure(figsize=(WIDTH, 0.6 + 2.1 * rows), layout="constrained")
    panels = fig.subplots(rows, min(len(fits), 2), sharex=True, sharey=True, squeeze=False)
    for ax, (units, fit) in zip(panels.flat, fits.items(), strict=False):
        error = np.abs(np.ravel(fit) - target).max()
        ax.plot(x, target, color=GREY, linestyle="--", zorder=3, label="target")
        ax.plot(x, np.ravel(fit), color=BLUE, linestyle="-", label="network")
        ax.set_title(f"{units} hidden neurons: largest error {error:.3f}")
    for ax in fig.axes[len(fits) :]:  # left over in the last row
        ax.set_axis_off()
    fig.legend(*fig.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, handlelength=3)
    return fig


# --- threshold units ------------------------------------------------------------------------------------------------------------------


@_told(_words.threshold_unit)
@_styled
def threshold_unit() -> Figure:
    """Draw the M-P neuron: three weighted inputs, their sum, and the step at the threshold θ.

    Returns
    -------
    Figure
    """
    fig, ax = _paper(2.6)
    inputs, body, jump = [(1.0, y) for y in (2.25, 1.45, 0.65)], (3.1, 1.45), (4.6, 1.45)
    for i, place in zip("₁₂₃", inputs, strict=True):
        _arrow(ax, place, body, shrink=21)
        ax.text(*place, f"x{i}", ha="center", va="center", fontsize=12, zorder=4)
        x, y = (0.55 * one + 0.45 * other for one, other in zip(place, body, strict=True))
        ax.text(x, y, f"w{i}", ha="center", va="center", fontsize=12, bbox={"facecolor": "white", "edgecolor": "none", "pad": 2}, zorder=4)
    _arrow(ax, body, jump, shrink=21)
    _arrow(ax, jump, (6.2, 1.45), shrink=21)
    _neurons(ax, [*inputs, body])
    ax.text(*body, "Σ", ha="center", va="center", fontsize=15, zorder=4)
    ax.add_patch(Rectangle((jump[0] - 0.29, jump[1] - 0.29), 0.58, 0.58, facecolor="#EAF3F9", edgecolor=INK, linewidth=1.3, zorder=3))
    ax.plot([4.39, 4.6, 4.6, 4.81], [1.32, 1.32, 1.58, 1.58], color=BLUE, linestyle="-", zorder=4)
    for (x, y), text in (((1.0, 0.2), "inputs"), ((3.1, 0.98), "weighted sum"), ((4.6, 0.98), "exceeds θ?"), ((6.35, 1.4), "0 or 1")):
        ax.text(x, y, text, ha="center", va="center" if x < 6 else "baseline")
    return fig


@_told(_words.separation)
@_styled
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
        ax.contourf(x1, x2, w[0] * x1 + w[1] * x2 + b, levels=[1e-9, np.inf], colors=["#DCEBF5"], zorder=0)
        wrong = (2 * yes - 1) * (w @ X + b) <= 0
        label = "mistake" if wrong.any() else None
        ax.scatter(X[0, wrong], X[1, wrong], s=260, facecolors="none", edgecolors=ORANGE, linewidths=2.5, label=label, zorder=3)
