"""Gradients layer by layer, the window in which a factor exceeds 1, activations layer by layer, and how a start decides."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator
from numpy.typing import ArrayLike

from nnlab.plots._paper import BLUE, GREY, INK, WIDTH, styled, told
from nnlab.plots._words import number

MARKS = ("o", "s", "^", "D", "v", "P", "X")
LEAST = 1e-18  # norms below are rounding noise, and drawn as this


def _say_gradient_stairs(norms: Mapping[str, ArrayLike], title: str = "") -> str:
    """Say for each network where its gradients start, at the layer next to the input, and where they end."""
    said = []
    for name, each in norms.items():
        values = np.asarray(each, dtype=float)
        said += [
            f"{name}: {number(values[0])} in layer 1, {number(values[-2])} in the last hidden layer, {number(values[-1])} at the output"
        ]
    return f"{title or 'Norms of the gradient layer by layer, on a logarithmic scale'}. {'; '.join(said)}."


@told(_say_gradient_stairs)
@styled
def gradient_stairs(norms: Mapping[str, ArrayLike], title: str = "") -> Figure:
    """Draw the norm of each layer's gradient as a staircase, one a network; the layer next to the input stands on the left.

    Parameters
    ----------
    norms : mapping of name to array_like, shape (L,)
        ‖dW(1)‖ … ‖dW(L)‖.
    title : str, optional

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.9), layout="constrained")
    ax = fig.add_subplot(xlabel="layer (1 is next to the input)", ylabel="norm of its gradient", title=title, yscale="log")
    for (name, each), mark in zip(norms.items(), MARKS * len(norms), strict=False):
        values = np.maximum(np.asarray(each, dtype=float), LEAST)
        ax.plot(np.arange(1, values.size + 1), values, marker=mark, markersize=5, linewidth=1.5, drawstyle="steps-mid", label=name)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_minor_locator(NullLocator())
    fig.legend(loc="outside lower center", ncols=2, handlelength=3)
    return fig


def _say_factor_curves(a: ArrayLike, factors: Mapping[str, ArrayLike]) -> str:
    """Say how high each curve comes, where, and on which share of the axis it is 1 or more."""
    axis, said = np.ravel(np.asarray(a, dtype=float)), []
    for name, each in factors.items():
        values = np.ravel(np.asarray(each, dtype=float))
        above = axis[values >= 1]
        reach = f"1 or more from {number(above[0])} to {number(above[-1])}" if above.size else "nowhere 1"
        said += [f"{name} is highest at {number(axis[values.argmax()])} with {number(values.max())}, {reach}"]
    return f"Curves of |w σ′(wa + b)| over a: {'; '.join(said)}. A line at 1: above it the factor makes the gradient grow."


@told(_say_factor_curves)
@styled
def factor_curves(a: ArrayLike, factors: Mapping[str, ArrayLike]) -> Figure:
    """Draw the factor |w σ′(wa + b)| of a chain over the activation a, one curve a weight, and the line above which it explodes.

    Parameters
    ----------
    a : array_like, shape (points,)
    factors : mapping of name to array_like, shape (points,)

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.3), layout="constrained")
    ax = fig.add_subplot(xlabel="a, the activation of the neuron before", ylabel="factor |w σ′(wa + b)|")
    for name, values in factors.items():
        ax.plot(np.ravel(a), np.ravel(values), label=name)
    ax.axhline(1, color=GREY, linestyle=":", linewidth=1.5, label="1: above it gradients grow")
    fig.legend(loc="outside right center", handlelength=3)
    return fig


def _say_activation_histograms(activations: Mapping[str, Mapping[int, ArrayLike]]) -> str:
    """Say the standard deviation of each layer's activations."""
    said = []
    for name, layers in activations.items():
        told = ", ".join(f"layer {layer} {number(np.asarray(each).std())}" for layer, each in layers.items())
        said += [f"{' '.join(name.split())}: {told}"]
    return f"Histograms of the activations, one row a start, one column a layer. Their standard deviations: {'; '.join(said)}."


@told(_say_activation_histograms)
@styled
def activation_histograms(activations: Mapping[str, Mapping[int, ArrayLike]]) -> Figure:
    """Draw how the activations of some layers are spread, one row a start, one column a layer; titles give the standard deviation.

    Parameters
    ----------
    activations : mapping of name to mapping of layer to array_like
        All activations of that layer, over neurons and samples.

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 0.5 + 1.15 * len(activations)), layout="constrained")
    columns = max(len(layers) for layers in activations.values())
    panels = fig.subplots(len(activations), columns, squeeze=False, sharex="row")
    for row, (name, layers) in zip(panels, activations.items(), strict=True):
        every = np.concatenate([np.ravel(each) for each in layers.values()])
        edge = float(np.abs(every).max()) or 1.0
        for ax, (layer, each) in zip(row, layers.items(), strict=False):
            values = np.ravel(np.asarray(each, dtype=float))
            ax.hist(values, bins=np.linspace(-edge if every.min() < 0 else 0.0, edge, 42).tolist(), color=BLUE)
            ax.set_title(f"layer {layer}: {values.std():.1g}".replace("-", "−"), fontsize=9)
            ax.set_yticks([])
            ax.grid(visible=False)
            ax.xaxis.set_major_locator(MaxNLocator(2))
        row[0].set_ylabel(name, fontsize=9, rotation=0, ha="right", va="center")
    return fig


def _say_start_sweep(stds: ArrayLike, runs: Mapping[str, ArrayLike], level: tuple[str, float], marks: Mapping[str, float]) -> str:
    """Say what each curve shows at each standard deviation."""
    axis, said = np.asarray(stds, dtype=float), []
    for name, each in runs.items():
        means = np.asarray(each, dtype=float).mean(axis=1)
        said += [f"{name}: " + ", ".join(f"{mean:.3f} at {number(std)}" for std, mean in zip(axis, means, strict=True))]
    lines = "; ".join(f"{name} at {number(place)}" for name, place in marks.items())
    line = f"A line at {level[1]:.3f}: {level[0]}. Marked: {lines}."
    return f"Accuracy over the standard deviation of the first weights. {'; '.join(said)}. {line}"


@told(_say_start_sweep)
@styled
def start_sweep(stds: ArrayLike, runs: Mapping[str, ArrayLike], level: tuple[str, float], marks: Mapping[str, float]) -> Figure:
    """Draw how well a network has learned over the standard deviation that its weights started with.

    Parameters
    ----------
    stds : array_like, shape (n,)
    runs : mapping of name to array_like, shape (n, seeds)
        Accuracies; the curve is their mean, a bar shows the standard deviation.
    level : (name, float)
        An accuracy to compare with.
    marks : mapping of name to float
        Standard deviations to mark.

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    ax = fig.add_subplot(xlabel="standard deviation of the first weights", ylabel="accuracy on day 5", xscale="log")
    for (name, each), mark in zip(runs.items(), MARKS, strict=False):
        values = np.asarray(each, dtype=float)
        ax.errorbar(np.asarray(stds), values.mean(axis=1), yerr=values.std(axis=1), marker=mark, markersize=5, capsize=3, label=name)
    ax.axhline(level[1], color=GREY, linestyle=":", linewidth=1.5, label=level[0])
    for (name, place), (color, style) in zip(marks.items(), ((INK, "-"), (INK, "-.")), strict=False):
        ax.axvline(place, color=color, linestyle=style, linewidth=1, label=name)
    fig.legend(loc="outside lower center", ncols=3, handlelength=3)
    return fig
