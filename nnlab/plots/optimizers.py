"""Walks through a valley, what fills a sigmoid, noise over the batch, schedules, and weights as pictures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from nnlab.plots._paper import BLUE, GREY, INK, VERMILLION, WIDTH, Array, styled, told
from nnlab.plots._words import listed, number

MARKS = "os^Dv"


def _walks(paths: Mapping[str, ArrayLike]) -> dict[str, Array]:
    return {name: np.asarray(path, dtype=float) for name, path in paths.items()}


def _say_ravine(A: ArrayLike, paths: Mapping[str, ArrayLike]) -> str:
    """Say how steep the valley is, and where each walk ends."""
    low, high = np.linalg.eigvalsh(np.asarray(A, dtype=float))
    ends = [
        f"{name}: after {len(walk) - 1} steps at ({number(walk[-1, 0])}, {number(walk[-1, 1])})" for name, walk in _walks(paths).items()
    ]
    return f"A valley of curvatures {number(low)} and {number(high)}, its lowest place in the middle, and walks in it. {'; '.join(ends)}."


@told(_say_ravine)
@styled
def ravine(A: ArrayLike, paths: Mapping[str, ArrayLike]) -> Figure:
    """Draw the ellipses of ½ θᵀAθ and one walk a panel.

    Parameters
    ----------
    A : array_like, shape (2, 2)
        Symmetric, with positive eigenvalues.
    paths : mapping of title to array_like, shape (steps + 1, 2)

    Returns
    -------
    Figure
    """
    walks, matrix = _walks(paths), np.asarray(A, dtype=float)
    across = 2 if len(walks) > 1 else 1
    down = -(-len(walks) // across)
    fig = Figure(figsize=(WIDTH, 0.4 + 1.9 * down), layout="constrained")
    axes = fig.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    wide, high = 11.0, 3.2
    grid = np.array(np.meshgrid(np.linspace(-wide, wide, 160), np.linspace(-high, high, 120)))
    height = 0.5 * np.einsum("iab,ij,jab->ab", grid, matrix, grid)
    for ax, (title, walk), color, mark in zip(axes.flat, walks.items(), (BLUE, VERMILLION, INK, "#009E73"), MARKS, strict=False):
        ax.contour(grid[0], grid[1], height, levels=[0.5, 3, 10, 25, 50, 90], colors=GREY, linewidths=0.7)
        ax.plot(walk[:, 0], walk[:, 1], color=color, linestyle="-", marker=mark, markersize=3.5, linewidth=1.3)
        ax.plot(0, 0, color=INK, marker="+", markersize=9, linestyle="none")
        ax.set(title=title, xlim=(-wide, wide), ylim=(-high, high))
        ax.grid(visible=False)
    for ax in axes[-1]:
        ax.set_xlabel("θ₁")
    for ax in axes[:, 0]:
        ax.set_ylabel("θ₂")
    return fig


def _say_saturation(values: Mapping[str, ArrayLike]) -> str:
    """Say how widely each set of z is spread, and which share lies beyond 4."""
    said = []
    for name, z in values.items():
        at = np.asarray(z, dtype=float)
        said.append(f"{name}: standard deviation {number(at.std())}, {np.mean(np.abs(at) > 4):.0%} beyond 4 on either side")
    return f"Histograms of z over the sigmoid and its slope, one panel a start. {'; '.join(said)}."


@told(_say_saturation)
@styled
def saturation(values: Mapping[str, ArrayLike]) -> Figure:
    """Draw how the z of a layer are spread, with the sigmoid and four times its slope above them.

    Parameters
    ----------
    values : mapping of title to array_like, any shape

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.0), layout="constrained")
    axes = fig.subplots(1, len(values), sharex=True, sharey=True, squeeze=False)[0]
    at = np.linspace(-10, 10, 201)
    for ax, (title, z) in zip(axes, values.items(), strict=True):
        heights, edges = np.histogram(np.ravel(z), bins=np.linspace(-10, 10, 41))
        ax.bar(
            edges[:-1],
            heights / max(1, heights.max()),
            width=np.diff(edges),
            align="edge",
            color=GREY,
            alpha=0.45,
            label="z (share, scaled)",
        )
        curve = 1 / (1 + np.exp(-at))  # no lesson is imported for a figure: lessons are withheld while a notebook is graded
        ax.plot(at, curve, color=BLUE, linestyle="-", label="σ(z)")
        ax.plot(at, 4 * curve * (1 - curve), color=VERMILLION, linestyle="--", label="4 σ′(z)")
        ax.set(title=title, xlabel="z")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside right center")
    return fig


def _say_noise(sizes: ArrayLike, measured: ArrayLike, computed: ArrayLike) -> str:
    """Say what was measured and what was computed for the smallest and the largest batch."""
    n, seen, law = (np.asarray(values, dtype=float) for values in (sizes, measured, computed))
    ends = [f"at {n[i]:.0f} samples {number(seen[i])} measured and {number(law[i])} computed" for i in (0, -1)]
    return f"Relative noise of a gradient over the size of its batch, both logarithmic: {listed(ends)}."


@told(_say_noise)
@styled
def noise(sizes: ArrayLike, measured: ArrayLike, computed: ArrayLike) -> Figure:
    """Draw the relative noise of a mini-batch gradient over its size, with a triangle of slope −½.

    Parameters
    ----------
    sizes : array_like of int, shape (sizes,)
    measured, computed : array_like, shape (sizes,)

    Returns
    -------
    Figure
    """
    n, seen, law = (np.asarray(values, dtype=float) for values in (sizes, measured, computed))
    fig = Figure(figsize=(WIDTH, 3.2), layout="constrained")
    ax = fig.add_subplot(xlabel="samples a batch", ylabel="noise / length of the gradient", xscale="log", yscale="log")
    ax.plot(n, law, color=BLUE, linestyle="-", label="computed by you")
    ax.plot(n, seen, color=VERMILLION, linestyle="none", marker="o", label="measured")
    ax.plot([n[1], n[1], n[2]], [law[1] * 0.8, law[2] * 0.8, law[2] * 0.8], color=INK, linestyle=":", linewidth=1.3)
    ax.annotate("four times as many,\nhalf the noise", (n[1], law[2] * 0.62), fontsize=9, va="top", ha="left")
    ax.set_xticks(n, [f"{size:.0f}" for size in n])
    low, high = min(seen.min(), law.min()) / 2.2, law.max() * 1.4
    ticks = [digit * 10.0**power for power in range(-4, 5) for digit in (1, 2, 5) if low < digit * 10.0**power < high]
    ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.set_ylim(low, high)
    fig.legend(loc="outside right center")
    return fig


def _say_schedules(errors: Mapping[str, ArrayLike]) -> str:
    """Say where each schedule ends."""
    ends = [f"{name} at {number(np.mean(np.asarray(error, dtype=float)[-10:]))}" for name, error in errors.items()]
    return f"Mean error over the step, one curve a schedule, the error logarithmic. In the last ten steps: {'; '.join(ends)}."


@told(_say_schedules)
@styled
def schedules(errors: Mapping[str, ArrayLike]) -> Figure:
    """Draw how the mean error falls under several schedules, on a logarithmic axis.

    Parameters
    ----------
    errors : mapping of name to array_like, shape (steps,)

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.4), layout="constrained")
    ax = fig.add_subplot(xlabel="step", ylabel="mean of ½x²", yscale="log")
    for name, error in errors.items():
        ax.plot(np.asarray(error, dtype=float), label=name, linewidth=1.6)
    fig.legend(loc="outside right center", handlelength=3.5)
    return fig


def _say_weight_pictures(weights: Mapping[str, ArrayLike]) -> str:
    """Say how many neurons are shown and how far neighbouring pixels agree."""
    said = []
    for name, W in weights.items():
        pictures = np.asarray(W, dtype=float)
        side = int(pictures.shape[1] ** 0.5)
        squares = pictures.reshape(-1, side, side)
        said.append(
            f"{name}: {len(squares)} neurons, neighbouring pixels correlate by "
            f"{np.corrcoef(squares[:, :, 1:].ravel(), squares[:, :, :-1].ravel())[0, 1]:.2f}"
        )
    return f"First-layer weights as pictures of {side} by {side} pixels, blue above and vermillion below 0. {'; '.join(said)}."


@told(_say_weight_pictures)
@styled
def weight_pictures(weights: Mapping[str, ArrayLike]) -> Figure:
    """Draw the weights of each first-layer neuron as a picture, one row a network.

    Parameters
    ----------
    weights : mapping of name to array_like, shape (neurons, pixels)
        Square pictures; at most seven neurons.

    Returns
    -------
    Figure
    """
    from matplotlib.colors import LinearSegmentedColormap

    paint = LinearSegmentedColormap.from_list("sign", [VERMILLION, "#FFFFFF", BLUE])
    across = max(len(np.asarray(W)) for W in weights.values())
    fig = Figure(figsize=(WIDTH, 0.2 + 1.15 * len(weights)), layout="constrained")
    axes = fig.subplots(len(weights), across, squeeze=False)
    for row, (name, W) in zip(axes, weights.items(), strict=True):
        pictures = np.asarray(W, dtype=float)
        side, limit = int(pictures.shape[1] ** 0.5), float(np.abs(pictures).max())
        for ax, picture in zip(row, pictures, strict=False):
            ax.imshow(picture.reshape(side, side), cmap=paint, vmin=-limit, vmax=limit)
            ax.set(xticks=[], yticks=[])
            ax.grid(visible=False)
        row[0].set_ylabel(name)
    return fig
