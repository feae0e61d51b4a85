"""Curves: functions and their derivatives, and what approximates them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from nnlab.plots._paper import BLUE, GREY, VERMILLION, WIDTH, Array, styled, told
from nnlab.plots._words import number

HEIGHTS = LinearSegmentedColormap.from_list("heights", ["#FFFFFF", "#DCC3D3", "#A66B92"])  # from the lowest to the highest answer
BANDS, CELLS = 9, 120  # steps of a landscape, and points of its grid along each axis


def _say_curves(z: ArrayLike, named: Mapping[str, ArrayLike], title: str = "") -> str:
    """Follow each curve by a few of its points."""
    axis = np.ravel(np.asarray(z, dtype=float))
    head = f"{title}. " if title else ""
    return (
        f"{head}{len(named)} curve{'s' if len(named) > 1 else ''} over z. {'; '.join(_curve(name, axis, y) for name, y in named.items())}."
    )


@told(_say_curves)
@styled
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


def _say_with_derivative(z: ArrayLike, named: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> str:
    """Follow each function, and each derivative."""
    left, right = (_say_curves(z, {name: pair[index] for name, pair in named.items()}) for index in (0, 1))
    return f"Left: {left} Right, the derivatives: {right}"


@told(_say_with_derivative)
@styled
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


def _say_landscapes(X: ArrayLike, y: ArrayLike, answers: Mapping[str, Callable[[Array], ArrayLike]], axes: tuple[str, str]) -> str:
    """Say for each function how low and how high it answers on the map, and on which share of the map below zero."""
    points = _grid(np.asarray(X, dtype=float))[2]
    said = []
    for name, answer in answers.items():
        heights = np.ravel(np.asarray(answer(points), dtype=float))
        where = ", ".join(number(each) for each in points[:, heights.argmin()])
        below = f"below zero on {(heights < 0).mean():.0%} of the map, lowest at ({where})" if heights.min() < 0 else "nowhere below zero"
        said += [f"{name}: from {number(heights.min())} to {number(heights.max())}, {below}"]
    return f"The same map of {axes[0]} across and {axes[1]} up, one panel a function, as a landscape in steps. {'; '.join(said)}."


@told(_say_landscapes)
@styled
def landscapes(X: ArrayLike, y: ArrayLike, answers: Mapping[str, Callable[[Array], ArrayLike]], axes: tuple[str, str]) -> Figure:
    """Draw what functions answer all over the plane of two features, as landscapes in steps of equal height, one panel a function.

    Parameters
    ----------
    X : array_like, shape (2, points)
        Points of two classes, drawn on top.
    y : array_like, shape (points,)
        Their labels; those above 0 are jammed.
    answers : mapping of name to function
        Each takes points of shape (2, m) and returns m numbers. Where they are below zero, the panel is hatched.
    axes : (name, name)
        What the two features are called.

    Returns
    -------
    Figure
    """
    X, y = np.asarray(X, dtype=float), np.asarray(y)
    across, up, points = _grid(X)
    rows, negative = -(-len(answers) // 3), False
    fig = Figure(figsize=(WIDTH, 0.8 + 2.6 * rows), layout="constrained")
    panels = fig.subplots(rows, min(len(answers), 3), sharex=True, sharey=True, squeeze=False)
    for ax, (name, answer) in zip(panels.flat, answers.items(), strict=False):
        heights = np.reshape(np.asarray(answer(points), dtype=float), (up.size, across.size))
        ax.set_title(name)
        ax.grid(visible=False)
        levels = np.linspace(heights.min(), heights.max() + 1e-9, BANDS + 1)
        drawn = ax.contourf(across, up, heights, levels=levels, cmap=HEIGHTS)
        ax.contour(across, up, heights, levels=levels[1:-1], colors=GREY, linewidths=0.6, linestyles="-")
        if heights.min() < 0:
            negative = True
            below = ax.contourf(across, up, heights, levels=[heights.min() - 1, -1e-3 * np.ptp(heights)], colors="none", hatches=[".."])
            below.set(edgecolor=GREY, linewidth=0)
        for color, marker, jammed in ((BLUE, "o", False), (VERMILLION, "X", True)):
            ax.scatter(*X[:, (y > 0) == jammed], s=7, marker=marker, color=color, edgecolors="white", linewidths=0.2, zorder=3)
        fig.colorbar(drawn, ax=ax, location="bottom", ticks=MaxNLocator(4), aspect=30, pad=0.02)
    for ax in panels[:, 0]:
        ax.set_ylabel(axes[1])
    for ax in panels[-1]:
        ax.set_xlabel(axes[0])
    keys = [
        Line2D([], [], color=color, marker=marker, linestyle="none", markersize=6) for color, marker in ((BLUE, "o"), (VERMILLION, "X"))
    ]
    hatched = Patch(facecolor="white", edgecolor=GREY, hatch="..", linewidth=0.5)
    names = ["free", "jammed", *(["answer below zero"] if negative else [])]
    fig.legend([*keys, hatched][: len(names)], names, loc="outside lower center", ncols=3)
    return fig


def _grid(X: Array) -> tuple[Array, Array, Array]:
    """Return the ticks of a fine grid around the points, and its points of shape (2, CELLS²)."""
    low, high = X.min(axis=1), X.max(axis=1)
    pad = 0.06 * (high - low)
    across, up = (np.linspace(a - p, b + p, CELLS) for a, b, p in zip(low, high, pad, strict=True))
    return across, up, np.stack([each.ravel() for each in np.meshgrid(across, up)])


def _say_approximation(x: ArrayLike, target: ArrayLike, fits: Mapping[int, ArrayLike]) -> str:
    """Say how far each network stays from the curve."""
    errors = (f"{units} hidden neurons {np.abs(np.ravel(fit) - np.ravel(target)).max():.3f}" for units, fit in fits.items())
    return f"{len(fits)} panels with the same target curve and the output of a network. Largest error with {', with '.join(errors)}."


@told(_say_approximation)
@styled
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


def _curve(name: str, z: NDArray[np.floating], y: ArrayLike) -> str:
    """Follow a curve from its start over its lowest and highest points to its end."""
    values = np.ravel(np.asarray(y, dtype=float))
    if np.ptp(values) == 0:
        return f"{name} is {number(values[0])} throughout"
    places = sorted({0, int(values.argmin()), int(values.argmax()), values.size - 1, int(np.abs(z).argmin())})
    return f"{name}: " + ", ".join(f"{number(values[i])} at z = {number(z[i])}" for i in places)
