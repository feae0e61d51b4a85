"""Lines through points, the squares they leave, the ellipses of their cost, and what is left over."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from numpy.typing import ArrayLike

from nnlab.plots._paper import BLUE, GREY, INK, ORANGE, VERMILLION, WIDTH, Array, styled, told
from nnlab.plots._words import listed, number

Line = tuple[float, float]  # intercept and slope
STYLES = ((VERMILLION, "-"), (INK, "--"), (ORANGE, ":"))


def _say_lines(x: ArrayLike, y: ArrayLike, lines: Mapping[str, Line], xlabel: str, ylabel: str) -> str:
    """Say how many points there are and each line's slope."""
    drawn = listed([f"{name}, slope {number(slope)}" for name, (_, slope) in lines.items()])
    return f"{np.size(x)} points, {ylabel} over {xlabel}, and the lines: {drawn}."


@told(_say_lines)
@styled
def lines(x: ArrayLike, y: ArrayLike, lines: Mapping[str, Line], xlabel: str, ylabel: str) -> Figure:
    """Draw a cloud of points and straight lines through it.

    Parameters
    ----------
    x, y : array_like, shape (samples,)
    lines : mapping of name to (intercept, slope)
        At most three.
    xlabel, ylabel : str

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    ax = fig.add_subplot(xlabel=xlabel, ylabel=ylabel)
    ax.plot(x, y, color=BLUE, marker="o", linestyle="none", markersize=3.5, alpha=0.5)
    ends = np.array([np.min(x), np.max(x)])
    for (name, (intercept, slope)), (color, style) in zip(lines.items(), STYLES, strict=False):
        ax.plot(ends, intercept + slope * ends, color=color, linestyle=style, label=name)
    spread = np.ptp(y)
    ax.set_ylim(np.min(y) - 0.05 * spread, np.max(y) + 0.05 * spread)
    fig.legend(loc="outside right center", handlelength=3)
    return fig


def _say_squares(x: ArrayLike, y: ArrayLike, lines: Mapping[str, Line]) -> str:
    """Say each line's slope and the area of its squares."""
    at, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    said = [f"{name}: squares of {number(np.sum((up - b - w * at) ** 2))} in all" for name, (b, w) in lines.items()]
    return f"{len(at)} points, and in each panel a line with a square on each residual. {'; '.join(said)}."


@told(_say_squares)
@styled
def squares(x: ArrayLike, y: ArrayLike, lines: Mapping[str, Line]) -> Figure:
    """Draw the same points with one line a panel, and on each residual its square: their area is the cost.

    Parameters
    ----------
    x, y : array_like, shape (samples,)
    lines : mapping of title to (intercept, slope)

    Returns
    -------
    Figure
    """
    at, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    fig = Figure(figsize=(WIDTH, 3.4), layout="constrained")
    axes = fig.subplots(1, len(lines), sharex=True, sharey=True, squeeze=False)[0]
    for ax, (title, (intercept, slope)) in zip(axes, lines.items(), strict=True):
        fitted = intercept + slope * at
        for x_i, y_i, f_i in zip(at, up, fitted, strict=True):
            side = abs(y_i - f_i)
            left = x_i if y_i < f_i else x_i - side  # away from the line
            ax.add_patch(Rectangle((left, min(y_i, f_i)), side, side, facecolor=ORANGE, alpha=0.35, edgecolor=ORANGE))
        ends = np.array([at.min() - 0.5, at.max() + 0.5])
        ax.plot(ends, intercept + slope * ends, color=VERMILLION, linestyle="-")
        ax.plot(at, up, color=BLUE, marker="o", linestyle="none")
        ax.set(title=f"{title}\narea {np.sum((up - fitted) ** 2):.2f}", xlabel="x", aspect="equal")
    axes[0].set_ylabel("y")
    return fig


def _say_digits(degrees: ArrayLike, errors: Mapping[str, ArrayLike]) -> str:
    """Say between what each method's error lies."""
    powers = {name: np.log10(np.maximum(np.asarray(values, dtype=float), 1e-17)) for name, values in errors.items()}
    said = [f"{name}: from ten to the {round(each[0])} up to ten to the {round(each.max())}" for name, each in powers.items()]
    return (
        f"Relative error of the weights over the degree, {np.min(degrees)} to {np.max(degrees)}, by the order of size. {'; '.join(said)}."
    )


@told(_say_digits)
@styled
def digits(degrees: ArrayLike, errors: Mapping[str, ArrayLike]) -> Figure:
    """Draw how the relative error of computed weights grows with the degree of the polynomial; the axis is logarithmic.

    Parameters
    ----------
    degrees : array_like of int, shape (fits,)
    errors : mapping of method to array_like, shape (fits,)

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.2), layout="constrained")
    ax = fig.add_subplot(xlabel="degree M", ylabel="relative error", yscale="log")
    for (name, values), mark in zip(errors.items(), "os^", strict=False):
        ax.plot(degrees, np.maximum(np.asarray(values, dtype=float), 1e-17), label=name, marker=mark)
    ax.axhline(1e-6, color=GREY, linestyle=":", linewidth=1.2)
    ax.annotate("above: fewer than six digits are right", (np.min(degrees), 1e-6), (0, 4), textcoords="offset points", fontsize=9)
    fig.legend(loc="outside right center", handlelength=3)
    return fig


def _say_ellipses(X: ArrayLike, t: ArrayLike, paths: Mapping[str, ArrayLike], prior: ArrayLike = ()) -> str:
    """Say where the cost is lowest, and where each path begins and ends."""
    best = np.linalg.lstsq(np.asarray(X).T, np.asarray(t), rcond=None)[0]
    walked = [
        f"{name} from ({number(path[0, 0])}, {number(path[0, 1])}) to ({number(path[-1, 0])}, {number(path[-1, 1])})"
        for name, path in ((name, np.asarray(each, dtype=float)) for name, each in paths.items())
    ]
    circles = f" {np.size(prior)} circles around (0, 0)." if np.size(prior) else ""
    return f"Ellipses of equal cost around its lowest point ({number(best[0])}, {number(best[1])}).{circles} Paths: {'; '.join(walked)}."


@told(_say_ellipses)
@styled
def ellipses(X: ArrayLike, t: ArrayLike, paths: Mapping[str, ArrayLike], prior: ArrayLike = ()) -> Figure:
    """Draw curves of equal cost ½ mean (t − Xᵀw)² over two weights, the paths through them, and circles of a prior.

    Parameters
    ----------
    X : array_like, shape (2, samples)
    t : array_like, shape (samples,)
    paths : mapping of name to array_like, shape (steps, 2)
        At most three.
    prior : array_like, optional
        Radii of circles around 0.

    Returns
    -------
    Figure
    """
    X, t = np.asarray(X, dtype=float), np.asarray(t, dtype=float)
    walked: dict[str, Array] = {name: np.asarray(path, dtype=float) for name, path in paths.items()}
    best = np.linalg.lstsq(X.T, t, rcond=None)[0]
    seen = np.vstack([*walked.values(), best[None], *([np.zeros((1, 2))] if np.size(prior) else [])])
    low, high = seen.min(axis=0), seen.max(axis=0)
    room = 0.35 * np.maximum(high - low, 0.6 * np.max(high - low)) + 0.1
    low, high = low - room, high + room
    w0, w1 = np.meshgrid(np.linspace(low[0], high[0], 120), np.linspace(low[1], high[1], 120))
    cost = np.mean((w0[..., None] * X[0] + w1[..., None] * X[1] - t) ** 2, axis=-1) / 2
    fig = Figure(figsize=(WIDTH, 3.8), layout="constrained")
    ax = fig.add_subplot(xlabel="w₀", ylabel="w₁", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    least = float(np.mean((best @ X - t) ** 2) / 2)
    ax.contour(
        w0, w1, cost, levels=least + (cost.max() - least) * np.array([0.003, 0.02, 0.06, 0.15, 0.3, 0.55]), colors=GREY, linewidths=1
    )
    for radius in np.ravel(prior):
        ax.add_patch(Circle((0, 0), float(radius), fill=False, edgecolor=BLUE, linestyle=":", linewidth=1.4))
    for (name, path), (color, style), mark in zip(walked.items(), STYLES, "os^", strict=False):
        ax.plot(path[:, 0], path[:, 1], color=color, linestyle=style, marker=mark, markersize=3.5, linewidth=1.4, label=name)
    ax.plot(*best, color=INK, marker="*", linestyle="none", markersize=13, markeredgecolor="white", label="lowest cost")
    ax.set_aspect("equal")  # where curvatures are equal, circles look like circles
    if np.size(prior):
        ax.plot([], [], color=BLUE, linestyle=":", label="the prior alone")
    fig.legend(loc="outside right center", handlelength=3)
    return fig


def _say_residuals(sets: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> str:
    """Say for each set how many residuals there are and how they run in thirds of x."""
    said = []
    for name, (x, e) in sets.items():
        order = np.argsort(np.asarray(x))
        thirds = np.array_split(np.asarray(e, dtype=float)[order], 3)
        means, sizes = ", ".join(number(part.mean()) for part in thirds), ", ".join(number(part.std()) for part in thirds)
        said.append(f"{name}: {np.size(x)} residuals, in the thirds of x their means are {means} and their spreads {sizes}")
    return f"Residuals over x, one panel a set. {'; '.join(said)}."


@told(_say_residuals)
@styled
def residuals(sets: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Figure:
    """Draw what each fit leaves over, over x.

    Parameters
    ----------
    sets : mapping of title to (x, residuals)
        Each array_like of shape (samples,).

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 2.7), layout="constrained")
    axes = fig.subplots(1, len(sets), sharey=True, squeeze=False)[0]
    for ax, (title, (x, e)) in zip(axes, sets.items(), strict=True):
        ax.axhline(0, color=INK, linewidth=1)
        ax.plot(x, e, color=BLUE, marker="o", linestyle="none", markersize=4)
        ax.set(title=title, xlabel="x")
    axes[0].set_ylabel("residual")
    return fig
