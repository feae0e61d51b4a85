"""States of traffic in the plane of two features, how a cost falls, and how good a classifier is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator
from numpy.typing import ArrayLike, NDArray

from nnlab.plots._paper import BLUE, GREY, INK, ORANGE, VERMILLION, WIDTH, Array, styled, told
from nnlab.plots._words import listed, number

Indices = NDArray[np.integer]
Panel = tuple[ArrayLike, ArrayLike, Callable[[Array], Indices] | None]

STATES = ("free flow", "slow", "congested")
MARKS = ((BLUE, "o"), (ORANGE, "s"), (VERMILLION, "X"))
TINTS, HATCHES = ("#CFE3F1", "#FBEBC8", "#F6D3BF"), ("", "..", "//")
TICKS = [step * 10.0**power for power in range(-4, 5) for step in (1, 2, 5)]  # of logarithmic axes
CELLS = 120  # of the map, along each axis


def _say_state_plane(panels: Mapping[str, Panel], axes: tuple[str, str] = ("x₁", "x₂")) -> str:
    """Say for each panel how many points of each state there are and where, and which share of the map goes to which state."""
    said = [f"Plane of {axes[0]} across and {axes[1]} up."]
    for title, (X, y, classify) in panels.items():
        points, states = np.asarray(X, dtype=float), np.asarray(y)
        kinds = [
            f"{(states == k).sum()} {name}, on average at ({', '.join(number(each) for each in points[:, states == k].mean(axis=1))})"
            for k, name in enumerate(STATES)
            if (states == k).any()
        ]
        said += [f"Panel “{title}”: points {'; '.join(kinds)}."]
        if classify is not None:
            told = classify(_grid(points)[2])
            said += [f"The map says {listed([f'{name} on {(told == k).mean():.0%}' for k, name in enumerate(STATES)])} of the plane."]
    return " ".join(said)


@told(_say_state_plane)
@styled
def state_plane(panels: Mapping[str, Panel], axes: tuple[str, str] = ("x₁", "x₂")) -> Figure:
    """Draw samples of three states in the plane of two features, one panel a set, over the map of what a classifier says.

    Parameters
    ----------
    panels : mapping of title to (X, y, classify)
        X of shape (2, samples), y of shape (samples,) with states 0, 1, 2; classify takes points of shape (2, m) and returns their states,
        or is None for no map.
    axes : (name, name)
        What the two features are called.

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 1.0 + min(3.4, 8.0 / len(panels))), layout="constrained")
    drawn = fig.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for ax, (title, (X, y, classify)) in zip(drawn, panels.items(), strict=True):
        ax.set(title=title, xlabel=axes[0])
        _map(ax, np.asarray(X, dtype=float), classify)
        for k, (color, marker) in enumerate(MARKS):
            here = np.asarray(X)[:, np.asarray(y) == k]
            ax.scatter(*here, s=16 if marker == "o" else 20, marker=marker, color=color, edgecolors="white", linewidths=0.4, zorder=3)
    drawn[0].set_ylabel(axes[1])
    handles: list[Artist] = [Line2D([], [], color=c, marker=m, linestyle="none", markersize=6) for c, m in MARKS]
    if any(classify is not None for _, _, classify in panels.values()):
        handles += [
            Patch(facecolor=tint, hatch=hatch, edgecolor="#AAAAAA", linewidth=0) for tint, hatch in zip(TINTS, HATCHES, strict=True)
        ]
    names = [*STATES, *(f"the map says {name}" for name in STATES)][: len(handles)]
    fig.legend(handles, names, loc="outside lower center", ncols=3, columnspacing=1.5)
    return fig


def _grid(X: Array) -> tuple[Array, Array, Array]:
    """Return the ticks of a fine grid around the points, and its points of shape (2, CELLS²)."""
    low, high = X.min(axis=1), X.max(axis=1)
    pad = 0.05 * (high - low)
    across, up = (np.linspace(a - p, b + p, CELLS) for a, b, p in zip(low, high, pad, strict=True))
    return across, up, np.stack([each.ravel() for each in np.meshgrid(across, up)])


def _map(ax: Axes, X: Array, classify: Callable[[Array], Indices] | None) -> None:
    if classify is None:
        return
    across, up, points = _grid(X)
    states = np.asarray(classify(points)).reshape(CELLS, CELLS)
    ax.pcolormesh(across, up, states, cmap=ListedColormap(TINTS), vmin=0, vmax=2, shading="nearest", rasterized=True, zorder=0)
    for k in (1, 2):
        if (states == k).any() and (states != k).any():
            ax.contourf(across, up, states == k, levels=[0.5, 1.5], colors="none", hatches=[HATCHES[k]], zorder=1)
    if states.min() < states.max():
        ax.contour(across, up, states, levels=[0.5, 1.5], colors=GREY, linewidths=0.8, linestyles="-", zorder=2)


def _say_cost_curves(
    runs: Mapping[str, Sequence[float]], level: tuple[str, float] | None = None, title: str = "", ylabel: str = "", xlabel: str = "epochs"
) -> str:
    """Say where each curve starts, where it is lowest and where it ends."""
    followed = []
    for name, costs in runs.items():
        values = np.asarray(costs, dtype=float)
        lowest = int(values.argmin())
        where = f"{xlabel.removesuffix('s')} {lowest + 1}"
        followed += [f"{name} from {number(values[0])} to {number(values[-1])}, lowest {number(values[lowest])} at {where}"]
    line = f" A line at {number(level[1])}: {level[0]}." if level else ""
    return f"{title or f'Curves of the cost over the {xlabel}'}: {'; '.join(followed)}.{line}"


@told(_say_cost_curves)
@styled
def cost_curves(
    runs: Mapping[str, Sequence[float]],
    level: tuple[str, float] | None = None,
    title: str = "",
    ylabel: str = "cost (nats)",
    xlabel: str = "epochs",
) -> Figure:
    """Draw how a cost changes from epoch to epoch, one curve a run, both axes logarithmic.

    Parameters
    ----------
    runs : mapping of name to sequence of float
        One number an epoch, all positive; runs may differ in length.
    level : (name, float), optional
        A level to compare with, drawn as a line.
    title, ylabel, xlabel : str, optional

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.4), layout="constrained")
    ax = fig.add_subplot(xlabel=xlabel, ylabel=ylabel, title=title, xscale="log", yscale="log")
    for name, costs in runs.items():
        ax.plot(np.arange(1, len(costs) + 1), costs, label=name)
    if level:
        ax.axhline(level[1], color=GREY, linestyle=":", linewidth=1.5, label=level[0])
    for axis, ticks in ((ax.xaxis, TICKS), (ax.yaxis, TICKS if np.ptp(np.log10(ax.get_ylim())) < 1.6 else TICKS[::3])):
        low, high = axis.get_view_interval()
        axis.set_ticks([tick for tick in ticks if low <= tick <= high])
        axis.set_major_formatter(lambda value, _: f"{value:g}")
        axis.set_minor_locator(NullLocator())
    fig.legend(loc="outside right center", handlelength=3)
    return fig


def _say_confusion(C: ArrayLike, names: Sequence[str] = STATES) -> str:
    """Say row by row how the samples of each class were called."""
    rows = (
        f"of {sum(row)} {name} {listed([f'{count} were called {other}' for count, other in zip(row, names, strict=True)])}"
        for row, name in zip(np.asarray(C).tolist(), names, strict=True)
    )
    return f"Confusion matrix: {'; '.join(rows)}."


@told(_say_confusion)
@styled
def confusion(C: ArrayLike, names: Sequence[str] = STATES) -> Figure:
    """Draw a confusion matrix with its counts; the darker, the larger the share of the true class.

    Parameters
    ----------
    C : array_like, shape (classes, classes)
        Counts, true classes in rows.
    names : sequence of str, optional

    Returns
    -------
    Figure
    """
    C = np.asarray(C)
    fig = Figure(figsize=(WIDTH * 0.62, 3.1), layout="constrained")
    ax = fig.add_subplot(xlabel="predicted", ylabel="true")
    shares = C / np.maximum(C.sum(axis=1, keepdims=True), 1)
    ax.imshow(shares, cmap=ListedColormap([(1 - 0.9 * s, 1 - 0.62 * s, 1 - 0.38 * s) for s in np.linspace(0, 0.85, 64)]), vmin=0, vmax=1)
    for (i, j), count in np.ndenumerate(C):
        ax.text(j, i, f"{count}", ha="center", va="center", fontsize=12, color="white" if shares[i, j] > 0.55 else INK)
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.grid(visible=False)
    ax.tick_params(length=0)
    return fig


def _say_roc_curves(curves: Mapping[str, tuple[ArrayLike, ArrayLike, float]]) -> str:
    """Say how large each area is, and what is found when one in twenty others is called so, too."""
    said = []
    for name, (false_rate, true_rate, area) in curves.items():
        found = float(np.interp(0.05, np.asarray(false_rate), np.asarray(true_rate)))
        said += [f"{name} has the area {area:.3f} and finds {found:.0%} where 5% of the others are called so, too"]
    return f"ROC curves, the share found over the share of false alarms: {'; '.join(said)}. The diagonal is chance."


@told(_say_roc_curves)
@styled
def roc_curves(curves: Mapping[str, tuple[ArrayLike, ArrayLike, float]]) -> Figure:
    """Draw ROC curves, one a class against the rest; the left panel shows all, the right one the corner that matters.

    Parameters
    ----------
    curves : mapping of name to (false positive rate, true positive rate, area)
        Rates of shape (thresholds,), from 0 to 1.

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    whole, corner = fig.subplots(1, 2)
    for ax in (whole, corner):
        for name, (false_rate, true_rate, area) in curves.items():
            ax.plot(false_rate, true_rate, label=f"{name}, area {area:.3f}")
        ax.set(xlabel="false alarms (share of the others)")
    whole.plot([0, 1], [0, 1], color=GREY, linestyle=":", linewidth=1.5, label="chance")
    whole.set(ylabel="found (share of the class)", title="all thresholds")
    corner.set(xlim=(-0.005, 0.2), ylim=(0.7, 1.01), title="few false alarms")
    fig.legend(*whole.get_legend_handles_labels(), loc="outside lower center", ncols=2, handlelength=3)
    return fig


def _say_compared(results: Mapping[str, ArrayLike], xlabel: str = "accuracy", level: tuple[str, float] | None = None) -> str:
    """Say mean and standard deviation of each row."""
    rows = []
    for name, values in results.items():
        values = np.atleast_1d(np.asarray(values, dtype=float))
        spread = f" ± {values.std():.4f} over {values.size}" if values.size > 1 else ""
        rows += [f"{name} {values.mean():.4f}{spread}"]
    line = f" A line at {level[1]:.4f}: {level[0]}." if level else ""
    return f"Dots of the {xlabel}: {'; '.join(rows)}.{line}"


@told(_say_compared)
@styled
def compared(results: Mapping[str, ArrayLike], xlabel: str = "accuracy", level: tuple[str, float] | None = None) -> Figure:
    """Draw results side by side: a small dot for each run, a large one with a bar for mean ± standard deviation.

    Parameters
    ----------
    results : mapping of name to array_like, shape (runs,)
        The first row stands on top.
    xlabel : str, optional
    level : (name, float), optional
        A level to compare with.

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 0.9 + 0.34 * len(results)), layout="constrained")
    ax = fig.add_subplot(xlabel=xlabel)
    for row, values in enumerate(results.values()):
        values = np.atleast_1d(np.asarray(values, dtype=float))
        ax.scatter(values, np.full(values.size, row), s=14, color=GREY, alpha=0.7, zorder=2)
        ax.errorbar(
            values.mean(), row, xerr=values.std() if values.size > 1 else None, fmt="o", color=BLUE, capsize=4, linestyle="none", zorder=3
        )
    if level:
        ax.axvline(level[1], color=VERMILLION, linestyle="--", linewidth=1.5, label=level[0])
        fig.legend(loc="outside lower center", handlelength=3)
    ax.set_yticks(range(len(results)), list(results))
    ax.invert_yaxis()
    return fig
