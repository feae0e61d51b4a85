"""How well the traffic states can be told apart: from one threshold to boosting, in new rows, on new days and on new roads.

`python benchmarks/traffic.py` prints the table. With `--card` it also writes the computed parts of `docs/traffic.md` and draws its figures.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, balanced_accuracy_score
from sklearn.model_selection import LeaveOneGroupOut, RepeatedStratifiedKFold
from sklearn.neural_network import MLPClassifier as TheirClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.parallel import Parallel, delayed

from nnlab import plots
from nnlab._files import write_atomically
from nnlab.data import load_traffic
from nnlab.data.card import CARD, facts, markdown, replaced
from nnlab.data.loaders import STATES, TRAFFIC_SHA256, sha256
from nnlab.data.roads import KINDS
from nnlab.data.traffic import WINDOW, Table, Town, generate, progress, to_csv
from nnlab.network import MLPClassifier

Array = NDArray[Any]
Folds = list[tuple[Array, Array]]
Scores = Array  # (folds, 2): accuracy, balanced accuracy

SAMPLINGS = ("new rows: 5×5 CV", "new day: 7 folds", "new roads: 8 folds")
LOOKS = ((plots.BLUE, "o"), (plots.ORANGE, "^"), (plots.VERMILLION, "s"))  # colour and mark of each state
HATCHES = ("", "//", "xx")


# --- the table ------------------------------------------------------------------------------------------------------------------------


def models() -> dict[str, Any]:
    """Return the models by the name of their row."""
    return {
        "logistic regression": scaled(LogisticRegression(max_iter=2000)),
        "tree of depth 6": DecisionTreeClassifier(max_depth=6, random_state=0),
        "our network, `nnlab.network.MLPClassifier`": scaled(MLPClassifier(random_state=0, verbose=False)),
        "scikit-learn's `MLPClassifier`": scaled(TheirClassifier(max_iter=500, random_state=0)),
        "scikit-learn's boosting": HistGradientBoostingClassifier(random_state=0),
    }


def scaled(model: Any) -> Any:
    """Return the model behind a scaler, which is fitted inside each fold."""
    return make_pipeline(StandardScaler(), model)


def samplings(traffic: Any) -> list[Folds]:
    """Return the folds of the three questions: rows, days, and roads (one road of each kind at once) that training has not seen."""
    X, y = traffic.data, traffic.target
    number = [road[1:] for road in traffic.road]
    return [
        list(RepeatedStratifiedKFold(n_splits=5, n_repeats=5, random_state=0).split(X, y)),
        list(LeaveOneGroupOut().split(X, y, traffic.day)),
        list(LeaveOneGroupOut().split(X, y, number)),
    ]


def scores(model: Any, X: Array, y: Array, folds: Folds, workers: int) -> Scores:
    """Fit and score a model on each fold."""

    def score(train: Array, test: Array) -> tuple[float, float]:
        guess = clone(model).fit(X[train], y[train]).predict(X[test])
        return accuracy_score(y[test], guess), balanced_accuracy_score(y[test], guess)

    return np.array(Parallel(workers)(delayed(score)(*fold) for fold in folds))


def single_threshold(X: Array, y: Array, folds: Folds, workers: int) -> tuple[int, Scores]:
    """Score the best rule on one feature alone, two cuts that make three ranges; return the feature and the scores."""
    rule = DecisionTreeClassifier(max_leaf_nodes=3, random_state=0)
    found = [scores(rule, X[:, [feature]], y, folds, workers) for feature in range(X.shape[1])]
    best = int(np.argmax([each[:, 0].mean() for each in found]))
    return best, found[best]


def rows(traffic: Any, workers: int) -> Iterator[list[str]]:
    """Yield the rows of the table as they are measured."""
    X, y, folds = traffic.data, traffic.target, samplings(traffic)
    singles = [single_threshold(X, y, each, workers) for each in folds]
    names = sorted({traffic.feature_names[best] for best, _ in singles})
    yield [f"best single feature, two cuts (`{'`, `'.join(names)}`)", *(cell(score) for _, score in singles)]
    for name, model in models().items():
        yield [name, *(cell(scores(model, X, y, each, workers)) for each in folds)]
    kind = np.array([list(KINDS).index(road[0]) for road in traffic.road])
    told = np.column_stack([X, kind])
    boosting = models()["scikit-learn's boosting"]
    yield ["boosting that is also told the kind of road", *(cell(scores(boosting, told, y, each, workers)) for each in folds)]


def cell(score: Scores) -> str:
    """Write mean and standard deviation of the accuracy over the folds, and the mean of the balanced accuracy."""
    mean, balanced = score.mean(axis=0)
    return f"{mean:.3f} ± {score[:, 0].std():.3f} ({balanced:.3f})"


# --- the figures ----------------------------------------------------------------------------------------------------------------------


def fundamental_diagram(table: Table) -> Figure:
    """Draw flow over density of all vehicles, one panel a kind of road, coloured by state."""
    fig = Figure(figsize=(9, 3.6), layout="constrained")
    kinds = np.array([road[0] for road in table["road"]])
    for ax, (key, kind) in zip(fig.subplots(1, 3), KINDS.items(), strict=True):
        mask = kinds == key
        scatter(ax, table["density"][mask], table["flow"][mask], table["state"][mask])
        ax.set(title=kind.name, xlim=(0, None), ylim=(0, None))
    fig.supxlabel("density, vehicles a km and lane", fontsize=10)
    fig.axes[0].set_ylabel("flow, vehicles an hour and lane")
    return legend(fig)


def feature_pairs(table: Table) -> Figure:
    """Draw what a model sees: the average speed of the probes against each other feature, coloured by state."""
    fig = Figure(figsize=(9, 3.6), layout="constrained")
    pairs = {"speed_std": "speed_std, km/h", "volume": "volume, probe vehicles", "stopNum": "stopNum, stops a probe"}
    for ax, (name, label) in zip(fig.subplots(1, 3), pairs.items(), strict=True):
        scatter(ax, table["aveSpeed"], table[name], table["state"])
        ax.set(title=label, xlim=(0, None), ylim=(0, None))
    fig.supxlabel("aveSpeed, km/h", fontsize=10)
    return legend(fig)


def scatter(ax: Axes, x: Array, y: Array, state: Array) -> None:
    """Draw the states in a random order, so that none hides the others."""
    order = np.random.default_rng(0).permutation(len(x))
    for part in np.array_split(order, 40):
        for value, (color, mark) in enumerate(LOOKS):
            at = part[state[part] == value]
            ax.scatter(x[at], y[at], s=7, color=color, marker=mark, alpha=0.6, linewidths=0)


def legend(fig: Figure) -> Figure:
    """Name the states above the panels."""
    handles = [matplotlib.lines.Line2D([], [], color=color, marker=mark, linestyle="", markersize=7) for color, mark in LOOKS]
    fig.legend(handles, STATES, ncols=3, loc="outside upper center")
    return fig


def class_shares(table: Table) -> Figure:
    """Draw the share of each state, for each kind of road and for all."""
    fig = Figure(figsize=(7, 2.7), layout="constrained")
    ax = fig.subplots()
    kinds = np.array([road[0] for road in table["road"]])
    bars = {**{kind.name: kinds == key for key, kind in reversed(KINDS.items())}, "all": kinds != ""}
    for y, mask in enumerate(bars.values()):
        left = 0.0
        for value, share in enumerate(np.bincount(table["state"][mask], minlength=len(STATES)) / mask.sum()):
            color, hatch = LOOKS[value][0], HATCHES[value]
            ax.barh(y, share, left=left, height=0.5, color=color, hatch=hatch, edgecolor="white", label=STATES[value] if y == 0 else "")
            ax.text(left + share / 2, y + 0.4, f"{100 * share:.0f} %", ha="center", va="center", fontsize=9)
            left += share
    ax.set_yticks(range(len(bars)), [f"{name} ({mask.sum():,})" for name, mask in bars.items()])
    ax.set(xlim=(0, 1), xlabel="share of the rows", ylim=(-0.4, len(bars) - 0.4))
    ax.grid(visible=False)
    fig.legend(ncols=3, loc="outside upper center")
    return fig


FIGURES: dict[str, Callable[[Table], Figure]] = {
    "traffic_fundamental_diagram": fundamental_diagram,
    "traffic_features": feature_pairs,
    "traffic_class_shares": class_shares,
}


def draw(folder: Path) -> None:
    """Simulate the town once more, for what all vehicles did, and draw the figures."""
    town = Town()
    table = generate(town, progress(60 * WINDOW * town.windows))
    if sha256(to_csv(table)) != TRAFFIC_SHA256:
        print("The simulation does not give the bundled file on this machine: the figures show its own rows.", file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    with matplotlib.style.context(["default", plots.STYLE, {"axes.axisbelow": True}]):
        for name, figure in FIGURES.items():
            figure(table).savefig(folder / f"{name}.png", dpi=160, metadata={"Software": None})


# --- the command ----------------------------------------------------------------------------------------------------------------------


def main() -> int:
    """Print the table, row by row; with --card, write the data card and its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--card", action="store_true", help="write the computed parts of docs/traffic.md and draw its figures")
    parser.add_argument("--figures", action="store_true", help="only draw the figures")
    parser.add_argument("--workers", type=int, default=-1, metavar="N", help="processes (default: all cores)")
    args = parser.parse_args()
    if args.card or args.figures:
        draw(CARD.parent / "figures")
    if args.figures:
        return 0
    start = time.perf_counter()
    print("Accuracy, mean ± standard deviation over the folds (balanced accuracy)")
    measured = []
    for row in rows(load_traffic(), args.workers):
        measured.append(row)
        print(" | ".join(row), flush=True)
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    if args.card:
        text = replaced(CARD.read_text(encoding="utf-8"), "facts", facts())
        write_atomically(CARD, replaced(text, "measured", markdown(["model", *SAMPLINGS], measured)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
