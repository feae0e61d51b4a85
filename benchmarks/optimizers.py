"""Chapter 08's table of attempts: ten ways to train [64, 28, 10] on the digits, twenty seeds each, paired by seed.

`python benchmarks/optimizers.py` prints how many of the 360 digits set aside each attempt gets right with each seed.
The chapter quotes them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.datasets import load_digits

from nnlab.activations import Array, sigmoid, sigmoid_derivative
from nnlab.backpropagation import backward, one_hot, optimize
from nnlab.forward_propagation import forward
from nnlab.network import MLPClassifier
from nnlab.optimizers import scaled_start

SEEDS, SIZES, TRAIN = range(20), (64, 28, 10), 1437
Run = Callable[[Array, Array, Array, int], Array]  # samples, classes, new samples, seed: the classes of the new samples


def lecture(alpha: float, scaled: bool = False, steps: int = 1000) -> Run:
    """S2's program: sigmoids everywhere, half the squared error, all samples in each step, weights from [−1, 1]."""

    def run(X: Array, y: Array, new: Array, seed: int) -> Array:
        rng = np.random.default_rng(seed)
        W, b = scaled_start(SIZES, rng)
        if not scaled:
            W = [rng.uniform(-1, 1, size=w.shape) for w in W]
        Y = one_hot(y, 10)
        for _ in range(steps):
            z, a = forward(X.T, W, b, sigmoid, sigmoid)
            W, b = optimize(W, b, *backward(Y, W, z, a, sigmoid_derivative, sigmoid_derivative), alpha)
        return np.argmax(forward(new.T, W, b, sigmoid, sigmoid)[1][-1], axis=0)

    return run


def network(**settings: object) -> Run:
    """Train a network of the course; what is not given is ReLU, mini-batches of 32 and 30 epochs."""

    def run(X: Array, y: Array, new: Array, seed: int) -> Array:
        model = MLPClassifier((28,), random_state=seed, verbose=False, **{"epochs": 30, **settings})  # type: ignore[arg-type]
        return np.asarray(model.fit(X, y).predict(new))

    return run


ATTEMPTS: dict[str, Run] = {
    "ReLU, SGD 0.1": network(optimizer="sgd", learning_rate=0.1),
    "lecture, rate 0.1": lecture(0.1),
    "lecture, rate 1": lecture(1.0),
    "lecture, rate 3": lecture(3.0),
    "rate 3, small weights": lecture(3.0, scaled=True),
    "SGD 0.3": network(optimizer="sgd", learning_rate=0.3),
    "momentum 0.03": network(optimizer="momentum", learning_rate=0.03),
    "Nesterov 0.03": network(optimizer="nesterov", learning_rate=0.03),
    "Adam 0.003": network(learning_rate=0.003),
    "Adam, L2 0.001": network(learning_rate=0.003, l2=0.001),
}


def right(run: Run, seed: int) -> int:
    """Return how many of the digits set aside are right."""
    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(y))
    train, test = order[:TRAIN], order[TRAIN:]
    return int(np.sum(run(X[train] / 16, y[train], X[test] / 16, seed) == y[test]))


if __name__ == "__main__":
    for name, run in ATTEMPTS.items():
        counts = [right(run, seed) for seed in SEEDS]
        print(f'    "{name}": {counts},  # {np.mean(counts) / 360:.3f} ± {np.std(counts, ddof=1) / 360:.3f}', flush=True)
