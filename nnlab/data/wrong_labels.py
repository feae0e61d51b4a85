"""A day of another town with wrong labels, for a hidden test: `python -m nnlab.data.wrong_labels FILE --seed 71` makes it anew.

Samples of the town's first day, some with a wrong label, are what students learn from; its second day is what they are asked about.
As in `other_towns`, whoever does not know the seed cannot make the labels, and the file goes to `tests/hidden/data`.
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
from nnlab.data.other_towns import samples
from nnlab.data.traffic import WINDOW, Town, generate, progress

DRAWS, FEW, WRONG = 3, 300, 0.2  # sets of samples, samples a set, share of wrong labels
Arrays = dict[str, NDArray[np.generic]]


def main(argv: Sequence[str] | None = None) -> int:
    """Simulate two days of a town, spoil labels of the first, and write them with what simple rules get right on the second."""
    parser = argparse.ArgumentParser(prog="python -m nnlab.data.wrong_labels", description="Make a day with wrong labels for hidden tests.")
    parser.add_argument("file", type=Path, metavar="FILE", help="where to write it, such as tests/hidden/data/07_labels.npz")
    parser.add_argument("--seed", type=int, required=True, help="of the town and of what is drawn; keep it secret")
    args = parser.parse_args(argv)
    town = Town(days=2, seed=args.seed)
    table = generate(town, progress(60 * WINDOW * town.windows))
    X, y = samples(table)
    first = table["day"] == 1
    sets, new = spoiled(X[:, first], y[first], np.random.default_rng(args.seed)), (X[:, ~first], y[~first])
    right = baselines(sets, *new)
    data = io.BytesIO()
    X, X_new, y, y_new = sets["X"].astype(np.float32), new[0].astype(np.float32), sets["y"].astype(np.int8), new[1].astype(np.int8)
    np.savez_compressed(data, X=X, y=y, X_new=X_new, y_new=y_new, right=list(right.values()))
    write_atomically(args.file, data.getvalue())
    print(f"{args.file}: {DRAWS} · {FEW} rows to learn from, {(~first).sum()} to be asked about; right there: ", end="")
    print(", ".join(f"{name} {share:.4f}" for name, share in right.items()))
    return 0


def spoiled(X: NDArray[np.floating], y: NDArray[np.integer], rng: np.random.Generator) -> Arrays:
    """Draw sets of samples, and give a share of each another label.

    Parameters
    ----------
    X : ndarray, shape (5, samples)
    y : ndarray of int, shape (samples,)
    rng : numpy.random.Generator

    Returns
    -------
    dict of ndarray
        `X` of shape (DRAWS, 5, FEW); `y` of shape (DRAWS, FEW), some of them wrong; `true` of the same shape.
    """
    chosen = np.stack([rng.permutation(len(y))[:FEW] for _ in range(DRAWS)])
    other = (y[chosen] + rng.integers(1, 3, size=chosen.shape)) % 3
    told = np.where(rng.random(chosen.shape) < WRONG, other, y[chosen])
    return {"X": np.moveaxis(X[:, chosen], 0, 1), "y": told, "true": y[chosen]}


def baselines(sets: Arrays, X_new: NDArray[np.floating], y_new: NDArray[np.integer]) -> dict[str, float]:
    """Return what share of the second day simple rules get right, as a mean over the sets that they have learned from.

    Parameters
    ----------
    sets : dict of ndarray
        As `spoiled` returns it.
    X_new, y_new : ndarray, shapes (5, samples) and (samples,)
        The second day.

    Returns
    -------
    dict of float
        In this order. `majority`: always the most frequent state. `heart`: the state of the nearest sample, wrong labels included.
        `clean`: logistic regression that has seen the right labels.
    """
    from sklearn.dummy import DummyClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    def right(rule: object, labels: str) -> float:
        fitted = (make_pipeline(StandardScaler(), rule).fit(X.T, y) for X, y in zip(sets["X"], sets[labels], strict=True))
        return float(np.mean([each.score(X_new.T, y_new) for each in fitted]))

    return {
        "majority": right(DummyClassifier(), "y"),
        "heart": right(KNeighborsClassifier(1), "y"),
        "clean": right(LogisticRegression(max_iter=2000), "true"),
    }


if __name__ == "__main__":
    sys.exit(main())
