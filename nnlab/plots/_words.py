"""What the sentences are made of that say what a figure shows, for readers who do not see it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

MANY = 12  # points of a class, or numbers of a layer, that are told one by one


def number(value: float | np.floating) -> str:
    """Write a number with at most three digits and a true minus sign."""
    return f"{float(value):z.3g}".replace("-", "−")


def numbers(values: ArrayLike) -> str:
    """Write the numbers one by one, or, of many, how many there are and between what."""
    flat = np.ravel(np.asarray(values, dtype=float))
    return ", ".join(map(number, flat)) if flat.size <= MANY else f"{flat.size} numbers from {number(flat.min())} to {number(flat.max())}"


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
