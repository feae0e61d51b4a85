"""The learning curves that came with chapter 10: 256 small networks on the digits, each with its own hyperparameters.

`python -m nnlab.data.curves` trains them again and writes the file; that takes half a minute. With `--check` it verifies the bundled file.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnlab._files import write_atomically
from nnlab.data.images import load_digits
from nnlab.data.loaders import CURVES_CSV, CURVES_SHA256, EPOCHS, sha256

Array = NDArray[np.float64]
NETWORKS, BATCH, SEED = 256, 20, 2024
LEARN, VALIDATE = 600, 500  # of 1,797 digits; the rest is the test


def settings(rng: np.random.Generator) -> list[tuple[float, int, float]]:
    """Draw learning rate, width and price of each network, all on a logarithmic scale, rounded as they are written."""
    drawn = zip(rng.uniform(-3, 1, NETWORKS), rng.uniform(1, 6, NETWORKS), rng.uniform(-5, -1, NETWORKS), strict=True)
    return [(float(f"{10**a:.4g}"), round(2**w), float(f"{10**p:.4g}")) for a, w, p in drawn]


def curve(sets: Sequence[tuple[Array, NDArray[np.integer]]], alpha: float, width: int, penalty: float, seed: int) -> list[int]:
    """Train one network; return what it has right: of the validation digits after each epoch, of the test digits at last.

    Parameters
    ----------
    sets : three pairs
        Pixels (64, samples) and digits (samples,): to learn from, to validate, to test.
    alpha : float
        Learning rate.
    width : int
        Hidden neurons.
    penalty : float
        Price on the weights, λ/2 ‖W‖².
    seed : int

    Returns
    -------
    list of int
    """
    rng, (X, y) = np.random.default_rng(seed), sets[0]
    W, V = rng.normal(size=(width, len(X))) / len(X) ** 0.5, rng.normal(size=(10, width)) / width**0.5
    b, c = np.zeros((width, 1)), np.zeros((10, 1))
    target = np.eye(10)[:, y]

    def right(new: Array, digits: NDArray[np.integer]) -> int:
        return int(np.sum((V @ np.tanh(W @ new + b) + c).argmax(axis=0) == digits))

    counts = []
    for _ in range(EPOCHS):
        for k in np.split(rng.permutation(len(y)), len(y) // BATCH):
            h = np.tanh(W @ X[:, k] + b)
            e = np.exp((z := V @ h + c) - z.max(axis=0))
            d = (e / e.sum(axis=0) - target[:, k]) / BATCH
            d_h = (V.T @ d) * (1 - h**2)
            V, c = V - alpha * (d @ h.T + penalty * V), c - alpha * d.sum(axis=1, keepdims=True)
            W, b = W - alpha * (d_h @ X[:, k].T + penalty * W), b - alpha * d_h.sum(axis=1, keepdims=True)
        counts.append(right(*sets[1]))
    return [*counts, right(*sets[2])]


def make() -> bytes:
    """Train all networks; return the file."""
    rng = np.random.default_rng(SEED)
    pixels, digits = load_digits(return_X_y=True)
    X, order = pixels.T.astype(float), rng.permutation(len(digits))
    sets = [(X[:, k], digits[k]) for k in np.split(order, [LEARN, LEARN + VALIDATE])]
    lines = [",".join(["alpha", "width", "penalty", *(f"e{r}" for r in range(1, EPOCHS + 1)), "test"])]
    with np.errstate(all="ignore"):  # the largest rates overflow, which is part of the story
        for seed, (alpha, width, penalty) in enumerate(settings(rng)):
            lines.append(",".join(map(str, (alpha, width, penalty, *curve(sets, alpha, width, penalty, seed)))))
    return ("\n".join(lines) + "\n").encode()


def main(argv: Sequence[str] | None = None) -> int:
    """Make the file anew, or verify the bundled one."""
    parser = argparse.ArgumentParser(prog="python -m nnlab.data.curves", description="Make curves.csv anew, or verify the bundled one.")
    parser.add_argument("--to", type=Path, default=Path("curves.csv"), metavar="FILE", help="where to write it (default: curves.csv)")
    parser.add_argument("--check", action="store_true", help="verify the bundled file")
    args = parser.parse_args(argv)
    data = CURVES_CSV.read_bytes() if args.check else make()
    if not args.check:
        write_atomically(args.to, data)
    same = sha256(data) == CURVES_SHA256
    print(f"SHA-256 {sha256(data)}: {'the published file' if same else 'another file than the published one'}")
    return 0 if same or not args.check else 1


if __name__ == "__main__":
    raise SystemExit(main())
