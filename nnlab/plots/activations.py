"""Curves: functions and their derivatives, and what approximates them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from nnlab.plots._paper import (
    BLUE,
    GREY,
    WIDTH,
    styled,
    told,
)
from nnlab.plots._words import number


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
