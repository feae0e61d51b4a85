"""The running problem: is a road free or jammed? Its points in the plane of two features, over what any function says there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from nnlab.languages import say
from nnlab.plots._paper import BLUE, INK, ORANGE, VERMILLION, WIDTH, Array, styled, told
from nnlab.plots._words import listed, number

Answer = Callable[[Array], ArrayLike]
Line = tuple[ArrayLike, ArrayLike]  # (w, b) of w · x + b = 0, or (x₁, x₂) of the points that it leads through


class Look(NamedTuple):
    """How a class is drawn: its points, and where the map says that it is there."""

    color: str
    marker: str
    tint: str
    hatch: str


LOOKS = (Look(BLUE, "o", "#CFE3F1", ""), Look(ORANGE, "s", "#FBEBC8", ".."), Look(VERMILLION, "X", "#F6D3BF", "//"))
SHADES = LinearSegmentedColormap.from_list("answer", ["#FFFFFF", "#F4E3EC", "#DDB0CC"])  # from the least to the most that is answered
STYLES = ("-", "--", ":", "-.", (0, (6, 1)))
NAMES = {2: ("free", "jammed"), 3: ("free", "slow", "jammed")}
HATCH = "#B5B5B5"
ROAD = ("speed (10 km/h)", "stops a vehicle")
CELLS = 120  # of the map, along each axis
SIDE_BY_SIDE = {1: 1, 2: 2, 3: 3, 4: 2}  # panels in a row, of so many; of more, three
RINGS = 60  # mistakes that get a ring; more would hide the points, and their number is told


def _say_road_map(
    X: ArrayLike,
    y: ArrayLike,
    answers: Mapping[str, Answer | None] | None = None,
    lines: Mapping[str, Mapping[str, Line]] | None = None,
    names: Sequence[str] | None = None,
    axes: tuple[str, str] = ROAD,
) -> str:
    """Say where the points of each class are, and for each panel what the map says, how many points it gets wrong, and its lines."""
    points = _Points.of(X, y, names)
    kinds = [f"{here.shape[1]} {name} around ({number(here[0].mean())}, {number(here[1].mean())})" for name, here in points.parts()]
    said = [f"Map of {axes[0]} across and {axes[1]} up: {listed(kinds)}."]
    for title, answer, drawn in _panels(answers, lines):
        told = [*_say_answer(points, answer), *(_say_line(name, *line) for name, line in drawn.items())]
        if told:
            said += [f"Panel “{title}”:" if title else "", *told]
    return " ".join(filter(None, said))


@told(_say_road_map)
@styled
def road_map(
    X: ArrayLike,
    y: ArrayLike,
    answers: Mapping[str, Answer | None] | None = None,
    lines: Mapping[str, Mapping[str, Line]] | None = None,
    names: Sequence[str] | None = None,
    axes: tuple[str, str] = ROAD,
) -> Figure:
    """Draw points of two or three classes in the plane of two features, and under them what a function answers there, one panel a function.

    A function that answers with labels tints the map. The points that it gets wrong are counted, and have a ring unless they are many.
    Any other function shades the map, from its smallest answer to its largest.

    Parameters
    ----------
    X : array_like, shape (2, points)
        The two features, one column a point.
    y : array_like, shape (points,)
        Labels: two or three different numbers, such as −1 and +1, or 0, 1 and 2. The smallest is drawn as free, the largest as jammed.
    answers : mapping of title to function, optional
        Each takes points of shape (2, m). It returns labels of y, shape (m,), or other numbers, shape (m,), or one row of scores for each
        class, shape (classes, m), of which the largest counts. None draws no map.
    lines : mapping of title to mapping of name to line, optional
        Lines of the panel of this title: (w, b) for w · x + b = 0, or (x₁, x₂), the points that it leads through. Five at most.
    names : sequence of str, optional
        What the classes are called, in the order of their labels; default free and jammed, or free, slow and jammed.
    axes : (name, name), optional
        What the two features are called.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If X has not two rows or y not a label for each column, if there are not two or three classes, or if a function answers with
        another number of answers than points.
    """
    points = _Points.of(X, y, names)
    panels = [*_panels(answers, lines)]
    columns = SIDE_BY_SIDE.get(len(panels), 3)
    rows = -(-len(panels) // columns)
    fig = Figure(figsize=(WIDTH, 0.7 + rows * (1.0 + min(3.0 / rows**0.4, 6.0 / columns))), layout="constrained")
    drawn = fig.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for ax in drawn.flat[len(panels) :]:
        ax.set_axis_off()
    for ax, (title, answer, straight) in zip(drawn.flat, panels, strict=False):
        count = _map(fig, ax, points, answer)
        ax.set_title(f"{title}\n{count}" if title and count else title or count)
        _scatter(ax, points, answer)
        _draw_lines(ax, points, straight)
    for ax in drawn.flat[max(len(panels) - columns, 0) : len(panels)]:
        ax.set_xlabel(axes[0])
        ax.tick_params(labelbottom=True)
    for ax in drawn[:, 0]:
        ax.set_ylabel(axes[1])
    handles = [*_keys(points, panels)]
    fig.legend([handle for handle, _ in handles], [name for _, name in handles], loc="outside lower center", ncols=4, columnspacing=1.5)
    return fig


# --- points and what is said of them --------------------------------------------------------------------------------------------------


class _Points(NamedTuple):
    """The points of the map, their labels, and name and look of each class."""

    X: Array
    y: Array
    labels: Array
    names: Sequence[str]
    looks: Sequence[Look]

    @classmethod
    def of(cls, X: ArrayLike, y: ArrayLike, names: Sequence[str] | None) -> _Points:
        """Take points and labels, or say what is wrong with them."""
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        if X.ndim != 2 or len(X) != 2 or y.shape != X.shape[1:]:
            raise ValueError(
                say("X must have two rows, and y one label for each of its columns, got shapes {X} and {y}.", X=X.shape, y=y.shape)
            )
        labels = np.unique(y)
        if len(labels) not in NAMES:
            raise ValueError(say("y must hold two or three different labels, got {labels}.", labels=labels.tolist()))
        names = names or NAMES[len(labels)]
        if len(names) != len(labels):
            raise ValueError(say("names must hold {count} names, one for each label, got {names}.", count=len(labels), names=list(names)))
        return cls(X, y, labels, names, LOOKS if len(labels) == 3 else LOOKS[::2])

    def parts(self) -> Iterator[tuple[str, Array]]:
        """Yield the name of each class and its points."""
        for name, label in zip(self.names, self.labels, strict=True):
            yield name, self.X[:, self.y == label]

    def window(self) -> tuple[Array, Array]:
        """Return the ticks of a fine grid along both axes."""
        low, high = self.X.min(axis=1), self.X.max(axis=1)
        pad = 0.06 * np.maximum(high - low, 1e-9)
        across, up = (np.linspace(a - p, b + p, CELLS) for a, b, p in zip(low, high, pad, strict=True))
        return across, up

    def ask(self, answer: Answer, where: Array) -> tuple[Array, bool]:
        """Return what a function answers to points of shape (2, m), and whether these are labels."""
        said = np.asarray(answer(where))
        if said.ndim == 2 and len(said) == len(self.labels) > 1 and said.shape[1] == where.shape[1]:
            return self.labels[said.argmax(axis=0)], True
        if said.size != where.shape[1]:
            raise ValueError(
                say(
                    "answers must give one number for each of the {count} points, got shape {shape}.",
                    count=where.shape[1],
                    shape=said.shape,
                )
            )
        said = said.ravel().astype(float)
        return said, bool(np.isin(said, self.labels).all())


def _panels(
    answers: Mapping[str, Answer | None] | None, lines: Mapping[str, Mapping[str, Line]] | None
) -> Iterator[tuple[str, Answer | None, Mapping[str, Line]]]:
    """Yield title, function and lines of each panel."""
    answers, lines = answers or {}, lines or {}
    for title in [*answers, *(title for title in lines if title not in answers)] or [""]:
        yield title, answers.get(title), lines.get(title, {})


def _say_answer(points: _Points, answer: Answer | None) -> Iterator[str]:
    if answer is None:
        return
    across, up = points.window()
    said, classes = points.ask(answer, np.stack([each.ravel() for each in np.meshgrid(across, up)]))
    if classes:
        shares = [f"{name} on {(said == label).mean():.0%}" for name, label in zip(points.names, points.labels, strict=True)]
        yield f"the map says {listed(shares)} of the plane; {_count(points, answer)}."
        return
    here = points.ask(answer, points.X)[0]
    means = [f"{name} {number(here[points.y == label].mean())}" for name, label in zip(points.names, points.labels, strict=True)]
    yield f"answers from {number(said.min())} to {number(said.max())}; on average at points that are {listed(means)}."


def _count(points: _Points, answer: Answer) -> str:
    wrong = int((points.ask(answer, points.X)[0] != points.y).sum())
    return f"{wrong} of {points.y.size} wrong" if wrong else f"all {points.y.size} right"


def _say_line(name: str, one: ArrayLike, other: ArrayLike) -> str:
    first, second = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if second.ndim == 0:
        if not first.any():
            return f"“{name}” has weights zero: no line."
        return f"Line “{name}”: {number(first[0])} x₁ + {number(first[1])} x₂ + {number(float(second))} = 0."
    return f"Line “{name}” from ({number(first[0])}, {number(second[0])}) to ({number(first[-1])}, {number(second[-1])})."


# --- drawing --------------------------------------------------------------------------------------------------------------------------


def _map(fig: Figure, ax: Axes, points: _Points, answer: Answer | None) -> str:
    """Tint or shade the plane by what a function answers; return how many points it gets wrong, if its answers are labels."""
    across, up = points.window()
    ax.set(xlim=(across[0], across[-1]), ylim=(up[0], up[-1]))
    ax.locator_params(nbins=5)
    if answer is None:
        return ""
    said, classes = points.ask(answer, np.stack([each.ravel() for each in np.meshgrid(across, up)]))
    shown = said.reshape(CELLS, CELLS)
    place: dict[str, Any] = {"extent": (across[0], across[-1], up[0], up[-1]), "origin": "lower", "aspect": "auto", "zorder": 0}
    if not classes:
        drawn = ax.imshow(shown, cmap=SHADES, interpolation="bilinear", **place)
        fig.colorbar(drawn, ax=ax, location="bottom", ticks=MaxNLocator(4), aspect=30, pad=0.02)
        return ""
    ranks = np.searchsorted(points.labels, shown)
    tints = ListedColormap([look.tint for look in points.looks])
    ax.imshow(ranks, cmap=tints, vmin=0, vmax=len(points.looks) - 1, interpolation="nearest", **place)
    for rank, look in enumerate(points.looks):
        if look.hatch and 0 < (ranks == rank).mean() < 1:
            hatched = ax.contourf(across, up, ranks == rank, levels=[0.5, 1.5], colors="none", hatches=[look.hatch], zorder=1)
            hatched.set(edgecolor=HATCH, linewidth=0)
    return _count(points, answer)


def _scatter(ax: Axes, points: _Points, answer: Answer | None) -> None:
    """Draw the points of each class, and a ring round those that the map gets wrong."""
    many = len(points.y) > 60
    for label, look in zip(points.labels, points.looks, strict=True):
        size = (14 if many else 45) * (1.0 if look.marker == "o" else 1.3)
        x, y = points.X[:, points.y == label]
        ax.scatter(x, y, s=size, marker=look.marker, color=look.color, edgecolors="white", linewidths=0.4, zorder=3)
    if answer is not None:
        said, classes = points.ask(answer, points.X)
        x, y = points.X[:, said != points.y]
        if classes and len(x) <= RINGS:
            ax.scatter(x, y, s=60 if many else 190, facecolors="none", edgecolors=INK, linewidths=1.1, zorder=4)


def _draw_lines(ax: Axes, points: _Points, lines: Mapping[str, Line]) -> None:
    """Draw the lines of a panel, the last one as a full line."""
    for (one, other), style in zip(lines.values(), _line_styles(lines), strict=True):
        first, second = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
        look: dict[str, Any] = {"color": INK, "linestyle": style, "zorder": 2.5, "linewidth": 2 if style == "-" else 1.5}
        if second.ndim:
            ax.plot(first, second, **look)
        elif first.any():
            x, y = -second * first / (first @ first)
            ax.axline((float(x), float(y)), (float(x - first[1]), float(y + first[0])), **look)


def _line_styles(lines: Mapping[str, Line]) -> Sequence[object]:
    return STYLES[: len(lines)][::-1]


def _keys(points: _Points, panels: Sequence[tuple[str, Answer | None, Mapping[str, Line]]]) -> Iterator[tuple[Artist, str]]:
    """Yield what the legend shows: the classes, what tints and rings mean, and the lines."""
    for name, look in zip(points.names, points.looks, strict=True):
        yield Line2D([], [], color=look.color, marker=look.marker, linestyle="none", markersize=6), name
    told = [answer for _, answer, _ in panels if answer is not None and points.ask(answer, points.X)[1]]
    if told:
        for name, look in zip(points.names, points.looks, strict=True):
            yield Patch(facecolor=look.tint, hatch=look.hatch, edgecolor=HATCH, linewidth=0), f"the map says {name}"
    if any(0 < (points.ask(answer, points.X)[0] != points.y).sum() <= RINGS for answer in told):
        ring = Line2D([], [], color=INK, marker="o", linestyle="none", markerfacecolor="none", markersize=8)
        yield ring, "wrong"
    lines = {name: style for *_, drawn in panels for name, style in zip(drawn, _line_styles(drawn), strict=True)}
    for name, style in lines.items():
        yield Line2D([], [], color=INK, linestyle=style), name  # type: ignore[arg-type]
