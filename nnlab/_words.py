"""What each figure of `nnlab.plots` shows, in words, for readers who do not see it: made from what is drawn, so that it is always true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

MANY = 12  # points of a class, or numbers of a layer, that are told one by one


def number(value: float | np.floating) -> str:
    """Write a number with at most three digits and a true minus sign."""
    return f"{float(value):z.3g}".replace("-", "−")


def _numbers(values: ArrayLike) -> str:
    flat = np.ravel(np.asarray(values, dtype=float))
    return ", ".join(map(number, flat)) if flat.size <= MANY else f"{flat.size} numbers from {number(flat.min())} to {number(flat.max())}"


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def network(
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
        said += [f"Weights from layer {index} to {index + 1}, row by row: {_numbers(weights)}."]
    for index, values in enumerate(a or ()):
        said += [f"In layer {index} stands {_numbers(values)}."]
    return " ".join(said)


def topologies() -> str:
    """Describe the three ways to join neurons."""
    return (
        "Three ways to join neurons. Left: feed-forward, arrows lead from layer to layer. Middle: feedback, some arrows lead back to "
        "earlier neurons or to the neuron itself. Right: graph network, neurons are joined in any pattern without layers."
    )


def computational_graph(
    steps: Mapping[str, Sequence[str]], values: Mapping[str, float] | None = None, gradients: Mapping[str, float] | None = None
) -> str:
    """Say what each node is computed from, and the values and gradients that are written at them."""
    nodes = "; ".join(f"{name} is {operation} of {listed(arguments)}" for name, (operation, *arguments) in steps.items())
    said = [f"Computational graph, computed from left to right: {nodes}."]
    for what, known in (("Values", values), ("Gradients", gradients)):
        if known:
            said += [f"{what}: {', '.join(f'{name} {number(value)}' for name, value in known.items())}."]
    return " ".join(said)


def layer_shapes(W_shape: tuple[int, int], a_shape: tuple[int, int]) -> str:
    """Say which shapes meet, and whether they fit."""
    (neurons, inputs), (features, samples) = W_shape, a_shape
    if inputs != features:
        return (
            f"Blocks: W of shape {W_shape} beside a of shape {a_shape}. W has {inputs} columns and a has {features} rows: they do not fit."
        )
    product = f"W of shape {W_shape} times a of shape {a_shape} plus b of shape {(neurons, 1)} gives z of shape {(neurons, samples)}"
    return f"Blocks: {product}. The inner sizes, {inputs} and {features}, agree."


def _curve(name: str, z: NDArray[np.floating], y: ArrayLike) -> str:
    """Follow a curve from its start over its lowest and highest points to its end."""
    values = np.ravel(np.asarray(y, dtype=float))
    if np.ptp(values) == 0:
        return f"{name} is {number(values[0])} throughout"
    places = sorted({0, int(values.argmin()), int(values.argmax()), values.size - 1, int(np.abs(z).argmin())})
    return f"{name}: " + ", ".join(f"{number(values[i])} at z = {number(z[i])}" for i in places)


def curves(z: ArrayLike, named: Mapping[str, ArrayLike], title: str = "") -> str:
    """Follow each curve by a few of its points."""
    axis = np.ravel(np.asarray(z, dtype=float))
    head = f"{title}. " if title else ""
    return (
        f"{head}{len(named)} curve{'s' if len(named) > 1 else ''} over z. {'; '.join(_curve(name, axis, y) for name, y in named.items())}."
    )


def with_derivative(z: ArrayLike, named: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> str:
    """Follow each function, and each derivative."""
    left, right = (curves(z, {name: pair[index] for name, pair in named.items()}) for index in (0, 1))
    return f"Left: {left} Right, the derivatives: {right}"


def passage(z: ArrayLike, curves: tuple[ArrayLike, ArrayLike], density: ArrayLike, outputs: tuple[ArrayLike, ArrayLike], name: str) -> str:
    """Follow the function and its derivative, and say where inputs and outputs lie most densely."""
    axis, edges = np.ravel(np.asarray(z, dtype=float)), np.ravel(np.asarray(outputs[0], dtype=float))
    most, peak = int(np.argmax(outputs[1])), axis[int(np.argmax(density))]
    followed = "; ".join(_curve(each, axis, y) for each, y in zip((name, "its derivative"), curves, strict=True))
    between = f"between {number(edges[most])} and {number(edges[most + 1])}"
    return f"{followed}. Most inputs lie near z = {number(peak)}, and most outputs {between}."


def approximation(x: ArrayLike, target: ArrayLike, fits: Mapping[int, ArrayLike]) -> str:
    """Say how far each network stays from the curve."""
    errors = (f"{units} hidden neurons {np.abs(np.ravel(fit) - np.ravel(target)).max():.3f}" for units, fit in fits.items())
    return f"{len(fits)} panels with the same target curve and the output of a network. Largest error with {', with '.join(errors)}."


def threshold_unit() -> str:
    """Describe the M-P neuron."""
    return (
        "Three inputs, each with its weight, lead to a weighted sum. The sum enters a box with a step in it, which asks whether it exceeds "
        "the threshold. Out comes 0 or 1."
    )


def separation(
    panels: Mapping[str, tuple[ArrayLike, ArrayLike, Mapping[str, tuple[ArrayLike, float]]]],
    axes: Mapping[str, tuple[str, str]] | None = None,
) -> str:
    """Say for each panel which points are yes and no, which lines there are, and what the last one gets wrong."""
    return " ".join(_panel(title, *panel) for title, panel in panels.items())


def _panel(title: str, X: ArrayLike, y: ArrayLike, lines: Mapping[str, tuple[ArrayLike, float]]) -> str:
    points, yes = np.asarray(X, dtype=float), np.asarray(y) > 0
    said = [f"Panel “{title}”: yes at {_points(points[:, yes])}; no at {_points(points[:, ~yes])}."]
    for name, (w, b) in lines.items():
        w1, w2 = np.asarray(w, dtype=float)
        said += [
            f"Line “{name}”: {number(w1)} x₁ + {number(w2)} x₂ + {number(b)} = 0." if w1 or w2 else f"“{name}” has weights zero: no line."
        ]
    if lines:
        wrong = (2 * yes - 1) * (np.array([w1, w2]) @ points + b) <= 0
        said += [f"Mistakes of the last: {_points(points[:, wrong])}." if wrong.any() else "It makes no mistake."]
    return " ".join(said)


def _points(points: NDArray[np.floating]) -> str:
    if points.shape[1] > MANY:
        return f"{points.shape[1]} points"
    return ", ".join(f"({number(x)}, {number(y)})" for x, y in points.T) or "no point"
