"""Days of other towns, for hidden tests: `python -m nnlab.data.other_towns FILE --seed 31 32` makes them anew.

A student has the labels of all days in `traffic.csv`. Here other signals and bottlenecks make other traffic; whoever does not know the seed
cannot make the labels. The file goes to `tests/hidden/data`, which is in no wheel, no bundle and no sandbox.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnlab._files import write_atomically
from nnlab.data.loaders import FEATURES, load_traffic
from nnlab.data.traffic import COLUMNS, WINDOW, Table, Town, generate, progress

DECIMALS = {name: int(COLUMNS[name].strip(".f")) if "f" in COLUMNS[name] else 0 for name in FEATURES}


def main(argv: Sequence[str] | None = None) -> int:
    """Simulate one day of a town for each seed, and write features, states and what simple rules get right on them."""
    parser = argparse.ArgumentParser(prog="python -m nnlab.data.other_towns", description="Make days of other towns for hidden tests.")
    parser.add_argument("file", type=Path, metavar="FILE", help="where to write them, such as tests/hidden/data/05_days.npz")
    parser.add_argument("--seed", type=int, nargs="+", required=True, help="one for each town; keep them secret")
    args = parser.parse_args(argv)
    tables = [generate(Town(days=1, seed=seed), progress(60 * WINDOW * Town(days=1).windows)) for seed in args.seed]
    X, y = (np.concatenate(parts, axis=-1) for parts in zip(*map(samples, tables), strict=True))
    right = baselines(X, y)
    data = io.BytesIO()
    np.savez_compressed(data, X=X.astype(np.float32), y=y.astype(np.int8), right=list(right.values()))
    write_atomically(args.file, data.getvalue())
    print(f"{args.file}: {len(y)} rows of {len(tables)} days; right there: {', '.join(f'{k} {v:.4f}' for k, v in right.items())}")
    return 0


def samples(table: Table) -> tuple[NDArray[np.floating], NDArray[np.integer]]:
    """Return features of shape (5, rows), rounded as in `traffic.csv`, and states of shape (rows,)."""
    return np.stack([np.round(table[name].astype(float), DECIMALS[name]) for name in FEATURES]), table["state"]


def baselines(X: NDArray[np.floating], y: NDArray[np.integer]) -> dict[str, float]:
    """Return what share of these days simple rules get right that know days 1 to 5 of `traffic.csv`.

    Parameters
    ----------
    X : ndarray, shape (5, samples)
    y : ndarray of int, shape (samples,)

    Returns
    -------
    dict of float
        In this order. `majority`: always the most frequent state. `cuts`: two cuts on the mean speed. `logistic`: logistic regression.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier

    train, validation, _ = load_traffic(split="day", return_X_y=True)
    known, states = (np.concatenate(parts) for parts in zip(train, validation, strict=True))
    cuts = DecisionTreeClassifier(max_leaf_nodes=3, random_state=0).fit(known[:, :1], states)
    logistic = make_pipeline(StandardScaler(), LogisticRegression()).fit(known, states)
    return {
        "majority": float((y == np.bincount(states).argmax()).mean()),
        "cuts": float(cuts.score(X[:1].T, y)),
        "logistic": float(logistic.score(X.T, y)),
    }


if __name__ == "__main__":
    sys.exit(main())
