"""Curves through points, the valley between too little and too much, how curves of many students spread, and what a cure gains."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from nnlab.plots._paper import BLUE, GREEN, GREY, INK, ORANGE, VERMILLION, WIDTH, Array, styled, told
from nnlab.plots._words import number

Curve = tuple[ArrayLike, ArrayLike]  # x and y, each of shape (points,)
LIMITS = (-1.75, 1.75)  # of the sine and its points


def _say_fits(points: Curve, truth: Curve, fits: Mapping[str, Curve]) -> str:
    """Say for each fit how far it passes from the points and from the truth, and between what it moves."""
    x, t = (np.asarray(each, dtype=float) for each in points)
    said = []
    for name, (across, up) in fits.items():
        at, curve = np.asarray(across, dtype=float), np.asarray(up, dtype=float)
        miss = np.sqrt(np.mean((np.interp(x, at, curve) - t) ** 2))
        off = np.sqrt(np.mean((curve - np.interp(at, np.asarray(truth[0]), np.asarray(truth[1]))) ** 2))
        between = f"runs between {number(curve.min())} and {number(curve.max())}"
        said += [f"{name} {between}, on average {number(miss)} from the points and {number(off)} from the sine"]
    return f"{len(x)} points, the sine they come from, and {len(fits)} fits, one a panel: {'; '.join(said)}."


@told(_say_fits)
@styled
def fits(points: Curve, truth: Curve, fits: Mapping[str, Curve]) -> Figure:
    """Draw the same points and the curve they come from in each panel, with one fit each.

    Parameters
    ----------
    points : (x, t)
        Each array_like of shape (samples,).
    truth : (x, y)
        The curve without noise.
    fits : mapping of title to (x, y)

    Returns
    -------
    Figure
    """
    columns = min(len(fits), 2)
    rows = -(-len(fits) // columns)
    fig = Figure(figsize=(WIDTH, 0.6 + 2.0 * rows), layout="constrained")
    axes = fig.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for ax, (title, fit) in zip(axes.flat, fits.items(), strict=False):
        ax.plot(*truth, color=GREEN, linestyle="--", linewidth=1.5, label="the sine the points come from")
        ax.plot(*fit, color=VERMILLION, linestyle="-", label="the fit")
        ax.plot(*points, color=BLUE, marker="o", linestyle="none", markersize=5, label="the points")
        ax.set(title=title, ylim=LIMITS)
    for ax in axes[-1]:
        ax.set_xlabel("x")
    for ax in axes[:, 0]:
        ax.set_ylabel("t")
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3, handlelength=3)
    return fig


def _say_valley(
    x: ArrayLike, curves: Mapping[str, ArrayLike], xlabel: str, ylabel: str = "RMS error", title: str = "", log: bool = False
) -> str:
    """Say for each curve where it starts, where it is lowest and highest, and where it ends."""
    at, followed = np.asarray(x, dtype=float), []
    for name, values in curves.items():
        y = np.asarray(values, dtype=float)
        low, high = int(np.argmin(y)), int(np.argmax(y))
        followed += [
            f"{name} from {number(y[0])} to {number(y[-1])}, lowest {number(y[low])} at {number(at[low])}, "
            f"highest {number(y[high])} at {number(at[high])}"
        ]
    return f"{title or ylabel} over {xlabel}, from {number(at[0])} to {number(at[-1])}: {'; '.join(followed)}."


@told(_say_valley)
@styled
def valley(
    x: ArrayLike, curves: Mapping[str, ArrayLike], xlabel: str, ylabel: str = "RMS error", title: str = "", log: bool = False
) -> Figure:
    """Draw how errors change with a setting; a dot marks where each curve is lowest.

    Parameters
    ----------
    x : array_like, shape (settings,)
    curves : mapping of name to array_like, shape (settings,)
    xlabel, ylabel, title : str
    log : bool
        Whether the axis of the setting is logarithmic.

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.3), layout="constrained")
    ax = fig.add_subplot(xlabel=xlabel, ylabel=ylabel, title=title, xscale="log" if log else "linear")
    for name, values in curves.items():
        y = np.asarray(values, dtype=float)
        (line,) = ax.plot(x, y, label=name)
        low = int(np.argmin(y))
        ax.plot(np.asarray(x)[low], y[low], marker="o", linestyle="none", color=line.get_color(), markersize=7, markeredgecolor="white")
    if log:
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.set_ylim(bottom=0)
    fig.legend(loc="outside right center", handlelength=3)
    return fig


def _say_spread(x: ArrayLike, truth: ArrayLike, panels: Mapping[str, ArrayLike]) -> str:
    """Say for each panel how far the mean curve is from the truth and how far the curves are from their mean."""
    said = []
    for name, curves in panels.items():
        y = np.asarray(curves, dtype=float)
        bias, spread = np.sqrt(np.mean((y.mean(axis=0) - np.asarray(truth)) ** 2)), np.sqrt(y.var(axis=0).mean())
        said += [f"{name}: {len(y)} curves, their mean is {number(bias)} from the sine, they are {number(spread)} from their mean"]
    return f"Curves that many data sets give, one panel a price on the weights. {'; '.join(said)} (roots of mean squares)."


@told(_say_spread)
@styled
def spread(x: ArrayLike, truth: ArrayLike, panels: Mapping[str, ArrayLike]) -> Figure:
    """Draw what models trained on different data sets say, their mean, and the truth.

    Parameters
    ----------
    x, truth : array_like, shape (points,)
    panels : mapping of title to array_like, shape (sets, points)
        Of many sets the first 25 are drawn; the mean is that of all.

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 2.9), layout="constrained")
    axes = fig.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for ax, (title, curves) in zip(axes, panels.items(), strict=True):
        y = np.asarray(curves, dtype=float)
        for i, curve in enumerate(y[:25]):
            ax.plot(x, curve, color=GREY, linestyle="-", linewidth=0.7, alpha=0.55, label="" if i else "single curves")
        ax.plot(x, truth, color=GREEN, linestyle="--", label="the sine")
        ax.plot(x, y.mean(axis=0), color=VERMILLION, linestyle="-", label="mean of all curves")
        ax.set(title=title, xlabel="x", ylim=LIMITS)
    axes[0].set_ylabel("t")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, handlelength=3)
    return fig


def _say_learning(curves: Mapping[str, ArrayLike], mark: tuple[str, int] | None = None, ylabel: str = "share right") -> str:
    """Say where each curve starts, where it is highest and where it ends."""
    followed = []
    for name, values in curves.items():
        y = np.asarray(values, dtype=float)
        high = int(np.argmax(y))
        followed += [f"{name} from {number(y[0])} to {number(y[-1])}, highest {number(y[high])} at epoch {high + 1}"]
    line = f" A line at epoch {mark[1]}: {mark[0]}." if mark else ""
    return f"The {ylabel} over the epochs: {'; '.join(followed)}.{line}"


@told(_say_learning)
@styled
def learning(curves: Mapping[str, ArrayLike], mark: tuple[str, int] | None = None, ylabel: str = "share right") -> Figure:
    """Draw what share is right after each epoch, on several sets of samples.

    Parameters
    ----------
    curves : mapping of name to array_like, shape (epochs,)
    mark : (name, epoch), optional
        An epoch, counted from 1, marked by a line.
    ylabel : str, optional

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.3), layout="constrained")
    ax = fig.add_subplot(xlabel="epochs", ylabel=ylabel)
    for name, values in curves.items():
        y = np.asarray(values, dtype=float)
        ax.plot(np.arange(1, y.size + 1), y, label=name)
    if mark:
        ax.axvline(mark[1], color=INK, linestyle=(0, (1, 1)), linewidth=1.5, label=mark[0])
    fig.legend(loc="outside lower center", ncols=2, handlelength=3)
    return fig


def _say_gains(gains: Mapping[str, ArrayLike], xlabel: str = "gain in accuracy") -> str:
    """Say mean, spread and wins of each row."""
    rows = []
    for name, values in gains.items():
        each = np.asarray(values, dtype=float)
        rows += [f"{name} {each.mean():+.3f} ± {each.std():.3f}, better in {int((each > 0).sum())} of {each.size}"]
    return f"The {xlabel} with the same rows and the same start, a dot a seed: {'; '.join(rows)}.".replace("-0", "−0")


@told(_say_gains)
@styled
def gains(gains: Mapping[str, ArrayLike], xlabel: str = "gain in accuracy") -> Figure:
    """Draw what each cure gains over doing nothing, pair by pair: a dot a seed, a bar for the mean, and in how many seeds it wins.

    Parameters
    ----------
    gains : mapping of name to array_like, shape (seeds,)
        The first row stands on top.
    xlabel : str, optional

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 1.0 + 0.34 * len(gains)), layout="constrained")
    ax = fig.add_subplot(xlabel=f"{xlabel} over doing nothing")
    ax.axvline(0, color=INK, linestyle="-", linewidth=1)
    for row, each in enumerate(gains.values()):
        _row(ax, row, np.asarray(each, dtype=float))
    ax.set_yticks(range(len(gains)), list(gains))
    ax.set_ylim(len(gains) - 0.5, -0.5)
    wins = ax.secondary_yaxis("right")
    wins.set_yticks(range(len(gains)), [f"{int(np.sum(np.asarray(each) > 0))} of {np.size(each)}" for each in gains.values()])
    wins.set_ylabel("better in", rotation=0, ha="left", va="bottom")
    wins.yaxis.set_label_coords(1.01, 1.01)
    wins.tick_params(length=0)
    wins.spines["right"].set_visible(False)
    return fig


def _row(ax: Axes, row: int, values: Array) -> None:
    """Draw the dots of one row and their mean; the mark says whether all, most or few seeds win."""
    wins = int(np.sum(values > 0))
    colour, marker = (BLUE, "o") if wins == values.size else (ORANGE, "s") if 2 * wins > values.size else (VERMILLION, "X")
    ax.scatter(values, np.full(values.size, row), s=16, color=GREY, alpha=0.7, zorder=2)
    ax.errorbar(values.mean(), row, xerr=values.std(), fmt=marker, color=colour, capsize=4, linestyle="none", zorder=3)
