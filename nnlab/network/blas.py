"""Matrix products and the BLAS library behind them: how many threads it takes, and where it needs help."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
from threadpoolctl import ThreadpoolController

from nnlab.activations import Array

LARGE = 10**8  # weights × samples a batch from which more than one thread may pay
SLICE = 32  # samples a product of a wide, flat W where OpenBLAS runs its AVX-512 kernels


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def computing(threads: int | str | None, work: int) -> Iterator[None]:
    """Limit the threads of matrix products: "auto" is one below `LARGE` work, None leaves them as they are. Let numbers overflow."""
    limit = (1 if work < LARGE else None) if threads == "auto" else threads
    with _blas().limit(limits=limit, user_api="blas"), np.errstate(over="ignore", invalid="ignore"):
        yield


def dot_for(neurons: int, inputs: int) -> Callable[[Array, Array, Array], Array]:
    """Choose the product W x for a shape of W: a whole one, but slices where OpenBLAS's kernels for AVX-512 have a weak spot.

    They take 100 µs for (28, 785) times (785, 128) in float32, its AVX2 kernels 66 µs, and four slices of 32 samples 60 µs.
    """
    weak = neurons <= 32 and inputs >= 256 and any(library.get("architecture") == "SkylakeX" for library in _blas().info())
    return _dot_in_slices if weak else np.ndarray.dot


def _dot_in_slices(W: Array, x: Array, out: Array) -> Array:
    for i in range(0, x.shape[1], SLICE):
        np.matmul(W, x[:, i : i + SLICE], out=out[:, i : i + SLICE])
    return out
