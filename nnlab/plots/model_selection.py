"""Where a search puts its trials, who survives it, what a Gaussian process believes, and how a controller changes its mind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from nnlab.plots._paper import BLUE, GREY, INK, ORANGE, VERMILLION, WIDTH, styled, told
from nnlab.plots._words import listed, number


def _say_darts(trials: Mapping[str, ArrayLike], xlabel: str, ylabel: str) -> str:
    """Say how many values of the first number each search tries."""
    tried = listed([f"{name} tries {len(np.unique(np.asarray(p)[0]))} values with {np.shape(p)[1]} networks" for name, p in trials.items()])
    return f"Trials of each search, {ylabel} over {xlabel}, and a stroke below for each value of {xlabel}: {tried}."


@told(_say_darts)
@styled
def darts(trials: Mapping[str, ArrayLike], xlabel: str, ylabel: str) -> Figure:
    """Draw where searches put their trials, one panel a search, and their shadow on the first axis.

    Parameters
    ----------
    trials : mapping of title to array_like, shape (2, trials)
        Between 0 and 1.
    xlabel, ylabel : str

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.4), layout="constrained")
    axes = fig.subplots(1, len(trials), sharey=True, squeeze=False)[0]
    for ax, (title, places) in zip(axes, trials.items(), strict=True):
        x, y = np.asarray(places, dtype=float)
        ax.plot(x, y, color=BLUE, marker="o", linestyle="none", markersize=5)
        ax.plot(x, np.full(x.shape, -0.14), color=VERMILLION, marker="|", linestyle="none", markersize=14, markeredgewidth=1.6)
        ax.axhline(-0.05, color=GREY, linewidth=1)
        ax.set(title=f"{title}: {len(np.unique(x))} values of {xlabel}", xlabel=xlabel, xlim=(-0.05, 1.05), ylim=(-0.24, 1.05))
        ax.set_yticks([0, 0.5, 1])
    axes[0].set_ylabel(ylabel)
    return fig


Rounds = Sequence[tuple[int, Sequence[int]]]


def _say_survivors(curves: ArrayLike, rounds: Rounds) -> str:
    """Say how many play each round, and who wins."""
    played = listed([f"{len(alive)} up to epoch {r}" for r, alive in rounds])
    best = int(np.nanargmax(np.asarray(curves)[:, -1]))
    won = rounds[-1][1][0]
    end = "the best at the end as well" if won == best else f"the best at the end would have been number {best}"
    return f"{len(np.asarray(curves))} learning curves. Of them are trained: {played}. Number {won} wins, {end}."


@told(_say_survivors)
@styled
def survivors(curves: ArrayLike, rounds: Rounds) -> Figure:
    """Draw learning curves: thin and grey what is never trained, in colour as far as each network gets.

    Parameters
    ----------
    curves : array_like, shape (networks, epochs)
    rounds : sequence of (epochs, networks)
        From `halve_curves`.

    Returns
    -------
    Figure
    """
    curves = np.asarray(curves, dtype=float)
    epochs = np.arange(1, curves.shape[1] + 1)
    fig = Figure(figsize=(WIDTH, 3.8), layout="constrained")
    ax = fig.add_subplot(xlabel="epochs", ylabel="accuracy on validation", xscale="log", xticks=[1, 2, 4, 8, 16, 32])
    ax.set_xticklabels(["1", "2", "4", "8", "16", "32"])
    ax.minorticks_off()
    ax.plot(epochs, curves.T, color=GREY, linestyle="-", linewidth=0.5, alpha=0.35)
    for r, alive in rounds:
        ax.plot(epochs[:r], curves[list(alive), :r].T, color=BLUE, linestyle="-", linewidth=0.9, alpha=0.6)
        ax.plot(np.full(len(alive), r), curves[list(alive), r - 1], color=BLUE, marker="o", linestyle="none", markersize=3)
    won, best = rounds[-1][1][0], int(np.nanargmax(curves[:, -1]))
    ax.plot(epochs, curves[won], color=VERMILLION, linestyle="-", label="the winner")
    if best != won:
        ax.plot(epochs, curves[best], color=INK, linestyle="--", label="the best at the end")
    ax.plot([], [], color=BLUE, marker="o", linestyle="-", markersize=3, linewidth=0.9, label="trained")
    ax.plot([], [], color=GREY, linestyle="-", linewidth=0.5, label="never trained")
    fig.legend(loc="outside right center", handlelength=3)
    return fig


def _say_belief(x: ArrayLike, y: ArrayLike, at: ArrayLike, mean: ArrayLike, sd: ArrayLike, improvement: ArrayLike, xlabel: str) -> str:
    """Say where it is least sure, and where the improvement is largest."""
    places = np.asarray(at, dtype=float)
    return (
        f"What a Gaussian process believes after {np.size(x)} trials, over {xlabel}: its mean, and a band of two standard deviations, "
        f"widest at {number(places[np.argmax(sd)])}. The best trial is at {number(np.asarray(x)[np.argmax(y)])}. "
        f"Below, the expected improvement is largest at {number(places[np.argmax(improvement)])}."
    )


@told(_say_belief)
@styled
def belief(x: ArrayLike, y: ArrayLike, at: ArrayLike, mean: ArrayLike, sd: ArrayLike, improvement: ArrayLike, xlabel: str) -> Figure:
    """Draw trials, the mean and the band of a Gaussian process, and the expected improvement below.

    Parameters
    ----------
    x, y : array_like, shape (trials,)
    at, mean, sd, improvement : array_like, shape (places,)
    xlabel : str

    Returns
    -------
    Figure
    """
    at, mean, sd = (np.asarray(each, dtype=float) for each in (at, mean, sd))
    improvement = np.asarray(improvement, dtype=float)
    fig = Figure(figsize=(WIDTH, 4.4), layout="constrained")
    above, below = fig.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    above.fill_between(at, mean - 2 * sd, mean + 2 * sd, color=BLUE, alpha=0.15, linewidth=0, label="± 2 sd")
    above.plot(at, mean, color=BLUE, linestyle="-", label="mean")
    above.plot(x, y, color=INK, marker="o", linestyle="none", label="tried")
    above.set_ylabel("score")
    below.fill_between(at, 0, improvement, color=ORANGE, alpha=0.5, linewidth=0)
    below.set(xlabel=xlabel, ylabel="expected\nimprovement", ylim=(0, 1.15 * improvement.max() or 1))
    next_one = at[np.argmax(improvement)]
    for ax in (above, below):
        ax.axvline(next_one, color=VERMILLION, linestyle="--", linewidth=1.5, label="try here next" if ax is above else None)
    fig.legend(loc="outside right center", handlelength=2.5)
    return fig


def _say_minds(rewards: Mapping[str, ArrayLike], window: int = 40) -> str:
    """Say the mean reward of each search at its start and at its end."""
    said = [
        f"{name} from {number(np.mean(np.asarray(r)[:window]))} to {number(np.mean(np.asarray(r)[-window:]))}"
        for name, r in rewards.items()
    ]
    return f"Mean reward of the last {window} tries over the number of tries, from the first {window} to the last: {listed(said)}."


@told(_say_minds)
@styled
def minds(rewards: Mapping[str, ArrayLike], window: int = 40) -> Figure:
    """Draw how the mean reward of the last tries changes.

    Parameters
    ----------
    rewards : mapping of name to array_like, shape (tries,)
    window : int
        Over how many tries the mean is taken.

    Returns
    -------
    Figure
    """
    fig = Figure(figsize=(WIDTH, 3.2), layout="constrained")
    ax = fig.add_subplot(xlabel="tries", ylabel=f"mean reward of {window} tries")
    for name, each in rewards.items():
        total = np.cumsum(np.concatenate([[0.0], np.asarray(each, dtype=float)]))
        ax.plot(np.arange(window, len(total)), (total[window:] - total[:-window]) / window, label=name)
    fig.legend(loc="outside right center", handlelength=3)
    return fig
