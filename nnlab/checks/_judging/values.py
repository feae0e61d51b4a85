"""Values as a student reads them: arrays aligned with what was expected, lists of arrays one under another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

MANY = 60  # numbers; longer arrays are cut in the middle
LONGEST = 2000  # characters


def show(value: object) -> str:
    """Write a value: arrays with four digits, functions by their name, a list of arrays with one entry under the other, long ones cut."""
    try:
        text = "\n".join(_entries(value)) if _holds_arrays(value) else _written(value)
    except BaseException:
        text = f"(a {type(value).__name__} that cannot be shown)"
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


def aligned(expected: object, got: object) -> tuple[str, str]:
    """Write two values, as arrays of the same numbers of digits and width, with as many digits as it takes to see a difference."""
    if not (_is_numbers(expected) and _is_numbers(got)):
        return show(expected), show(got)
    arrays = [np.asarray(expected, float), np.asarray(got, float)]
    for digits in (4, 8, 16):
        texts = _alike(arrays, digits)
        if arrays[0].shape != arrays[1].shape or texts[0] != texts[1]:
            break
    return texts


def _written(value: Any) -> str:
    plain = _plain(value)
    if type(plain) is np.ndarray:
        return np.array2string(plain, precision=4, suppress_small=False, threshold=MANY, edgeitems=3, max_line_width=100, separator=", ")
    if type(plain) is dict and all(type(key) is str for key in plain):
        return "\n".join(f"{key}: {_written(each)}" for key, each in plain.items())
    with np.printoptions(precision=4, suppress=False, threshold=MANY, edgeitems=3, linewidth=100):
        return str(getattr(plain, "__name__", None) or repr(plain))


def _plain(value: Any) -> Any:
    """Return numbers of NumPy as Python's, also in lists and tuples: a student reads 0.5, and not np.float64(0.5)."""
    if type(value) in (list, tuple):
        return type(value)(map(_plain, value))
    if isinstance(value, np.generic) or (type(value) is np.ndarray and value.ndim == 0):
        return value.item()
    return value


def _holds_arrays(value: object) -> bool:
    return type(value) in (list, tuple) and any(type(entry) is np.ndarray or _holds_arrays(entry) for entry in value)  # type: ignore[attr-defined]


def _entries(value: Any, place: str = "") -> Iterator[str]:
    """Yield the lines of each entry behind its index."""
    for i, entry in enumerate(value):
        head = f"{place}[{i}]"
        if _holds_arrays(entry):
            yield from _entries(entry, head)
        else:
            first, *rest = _written(entry).splitlines() or [""]
            yield f"{head}  {first}"
            yield from (" " * (len(head) + 2) + line for line in rest)


def _is_numbers(value: object) -> bool:
    return type(value) is np.ndarray and value.dtype.kind in "iuf" and 0 < value.size <= MANY and value.ndim > 0


def _alike(arrays: list[np.ndarray], digits: int) -> tuple[str, str]:
    """Write arrays with the same width for every number in them."""
    numbers = np.concatenate([array.ravel() for array in arrays])
    everything = np.array2string(numbers, precision=digits, separator="|", threshold=numbers.size + 1, max_line_width=10**9)
    words = dict(zip(map(str, numbers.tolist()), everything[1:-1].split("|"), strict=True))
    first, second = (np.array2string(each, separator=", ", max_line_width=100, formatter={"all": _from(words)}) for each in arrays)
    return first, second


def _from(words: dict[str, str]) -> Any:
    return lambda number: words[str(float(number))]
