"""How fast the network learns, beside scikit-learn, PyTorch and the bare matrix products.

Claim of the README: an epoch costs less CPU time than with either, on each network below. Run `python benchmarks/network.py`; it takes
some five minutes. All run in this process on one BLAS thread and take turns; a figure is a ratio of medians of CPU time. Both estimators
are timed through `fit`, with what it does once shared among the epochs. PyTorch runs eagerly: one permutation an epoch, batches by index,
`loss.item()` each step as the others report the loss too. Random data: the time does not depend on what is learned.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import statistics
import time
import warnings
from collections.abc import Callable
from itertools import pairwise, product
from typing import Any, NamedTuple

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier as TheirClassifier
from threadpoolctl import threadpool_limits

from nnlab.activations import Array
from nnlab.network import MLPClassifier

Labels = NDArray[np.int64]

try:
    torch: Any = importlib.import_module("torch")
    WHY_NO_TORCH = ""
except ImportError as error:
    torch, WHY_NO_TORCH = None, f"PyTorch was not measured: {error}. To measure it: pip install -e '.[torch]'"


class Workload(NamedTuple):
    """A network, and what it learns from."""

    sizes: list[int]
    activation: str
    batch: int
    optimizer: str
    samples: int
    epochs: int

    @property
    def name(self) -> str:
        """Return what the table calls it."""
        deep = len(self.sizes) > 5
        layers = f"{len(self.sizes) - 2} layers of {self.sizes[1]}" if deep else str(self.sizes)
        return f"{layers}, batch {self.batch}, {self.optimizer}"


WORKLOADS = [
    Workload([784, 28, 10], "sigmoid", 128, "adam", samples=5_000, epochs=20),
    Workload([5, 4, 3, 3], "sigmoid", 32, "adam", samples=10_000, epochs=10),
    Workload([5, 4, 3, 3], "sigmoid", 32, "sgd", samples=10_000, epochs=10),
    Workload([784, 256, 128, 10], "relu", 128, "adam", samples=5_000, epochs=3),
    Workload([64, *[64] * 20, 10], "tanh", 256, "adam", samples=5_000, epochs=3),
]
RATES = {"adam": 0.001, "sgd": 0.01}


def ours(work: Workload, X: Array, y: Labels) -> Callable[[], object]:
    """Return a function that trains the network of this project."""
    model = MLPClassifier(
        work.sizes[1:-1],
        activation=work.activation,
        optimizer=work.optimizer,
        learning_rate=RATES[work.optimizer],
        batch_size=work.batch,
        epochs=work.epochs,
        init="xavier",
        dtype=X.dtype,
        random_state=0,
        verbose=False,
    )
    return lambda: model.fit(X, y)


def scikit_learns(work: Workload, X: Array, y: Labels) -> Callable[[], object]:
    """Return a function that trains scikit-learn's network: the same without penalty, momentum and early end."""
    model = TheirClassifier(
        work.sizes[1:-1],
        activation={"sigmoid": "logistic"}.get(work.activation, work.activation),
        solver=work.optimizer,
        learning_rate_init=RATES[work.optimizer],
        batch_size=work.batch,
        max_iter=work.epochs,
        alpha=0.0,
        momentum=0.0,
        tol=0.0,
        n_iter_no_change=work.epochs + 1,
        random_state=0,
    )
    return lambda: model.fit(X, y)


def pytorchs(work: Workload, X: Array, y: Labels) -> Callable[[], object]:
    """Return a function that trains the same network in PyTorch."""
    inputs, labels = torch.from_numpy(X), torch.from_numpy(y)
    function = {"sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}[work.activation]
    layers = [module for n, m in pairwise(work.sizes) for module in (torch.nn.Linear(n, m, dtype=inputs.dtype), function())]
    model = torch.nn.Sequential(*layers[:-1])
    rule = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[work.optimizer](model.parameters(), lr=RATES[work.optimizer])
    cross_entropy = torch.nn.CrossEntropyLoss()

    def train() -> None:
        for _ in range(work.epochs):
            total = 0.0
            for index in torch.randperm(len(inputs)).split(work.batch):
                rule.zero_grad()
                loss = cross_entropy(model(inputs[index]), labels[index])
                loss.backward()
                rule.step()
                total += loss.item() * len(index)

    return train


def fastest_product(m: int, k: int, n: int, dtype: Any) -> Callable[[], object]:
    """Return the product of an (m, k) and a (k, n) matrix, in the memory layout that is fastest for it."""
    left, right, out = np.ones((m, k), dtype), np.ones((k, n), dtype), np.empty((m, n), dtype)
    layouts = [
        lambda a=a, b=b: np.matmul(a, b, out=out) for a, b in product((left, np.asfortranarray(left)), (right, np.asfortranarray(right)))
    ]
    turns = [[cpu_time(f) for f in layouts] for _ in range(20)]
    return layouts[int(np.argmin(np.median(turns, axis=0)))]


def products(work: Workload, X: Array, y: Labels) -> Callable[[], object]:
    """Return a function that computes only the matrix products of training: z, ∂W, and ∂a of all layers but the first."""
    whole, rest = divmod(work.samples, work.batch)
    calls = []
    for samples, times in ((work.batch, whole), (rest, int(rest > 0))):
        shapes = [shape for n, m in pairwise(work.sizes) for shape in ((m, n, samples), (m, samples, n), (n, m, samples))]
        del shapes[2]  # nobody needs the error of the inputs
        calls += [fastest_product(*shape, X.dtype) for shape in shapes] * times * work.epochs if times else []
    return lambda: [call() for call in calls]


RIVALS = {"ours": ours, "scikit-learn": scikit_learns, "products": products} | ({"PyTorch": pytorchs} if torch else {})


def cpu_time(run: Callable[[], object]) -> float:
    """Return the CPU time of one call, in seconds."""
    start = time.process_time()
    run()
    return time.process_time() - start


def measure(work: Workload, dtype: Any, repeats: int) -> dict[str, float]:
    """Return the median CPU time of an epoch for each rival, in seconds."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((work.samples, work.sizes[0])).astype(dtype), rng.integers(0, work.sizes[-1], work.samples)
    runs = {name: rival(work, X, y) for name, rival in RIVALS.items()}
    for run in runs.values():  # warm up
        run()
    turns = [{name: cpu_time(run) for name, run in runs.items()} for _ in range(repeats)]
    return {name: statistics.median(turn[name] for turn in turns) / work.epochs for name in runs}


def row(work: Workload, dtype: Any, median: dict[str, float]) -> str:
    """Return a line of the table."""
    own = median["ours"]
    times = [f"{median[name] / own:.1f} ×" if name in median else "–" for name in ("scikit-learn", "PyTorch")]
    return f"| {work.name} | {np.dtype(dtype).name} | {1000 * own:.1f} ms | {times[0]} | {times[1]} | {median['products'] / own:.0%} |"


DEEP = [Workload([64, *[64] * 100, 10], name, 256, "adam", samples=2_000, epochs=2) for name in ("sigmoid", "relu")]


def vanished(repeats: int) -> float:
    """Return how many times as long 100 sigmoid layers take as 100 of ReLU, in float32: their error terms sink below what a float holds."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((DEEP[0].samples, 64)).astype(np.float32), rng.integers(0, 10, DEEP[0].samples)
    runs = [ours(work, X, y) for work in DEEP]
    turns = [[cpu_time(run) for run in runs] for _ in range(repeats + 1)][1:]  # the first warms up
    sigmoid, relu = (statistics.median(times) for times in zip(*turns, strict=True))
    return sigmoid / relu


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=11, help="turns of each rival (default: 11)")
    repeats = parser.parse_args().repeats
    versions = [f"Python {platform.python_version()}", f"NumPy {np.__version__}", f"scikit-learn {sklearn.__version__}"]
    versions += [f"PyTorch {torch.__version__}"] if torch else []
    print(", ".join(versions) + f"; one thread; medians of {repeats}", WHY_NO_TORCH, sep="\n" if WHY_NO_TORCH else "")
    print("\n| network | type | ours, CPU an epoch | scikit-learn takes | PyTorch takes | share of the bare products' speed |")
    print("|---|---|---|---|---|---|")
    if torch:
        torch.set_num_threads(1)
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the epochs are few on purpose
        for work, dtype in product(WORKLOADS, (np.float32, np.float64)):
            print(row(work, dtype, measure(work, dtype, repeats)), flush=True)
        print(f"\n100 sigmoid layers of 64 in float32 take {vanished(repeats):.2f} × the time of 100 of ReLU.")


if __name__ == "__main__":
    main()
