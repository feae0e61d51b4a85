"""`with checkpoint(forward):` runs cells that use a student's answers, and says so kindly where those are not written yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def checkpoint(*functions: Callable[..., Any]) -> Iterator[None]:
    """Run the block; where one of the exercises it uses is not attempted yet, print which instead of raising.

    Parameters
    ----------
    *functions : callable
        The exercises that the block uses.
    """
    try:
        yield
    except NotImplementedError:
        names = ", ".join(f"`{getattr(function, '__name__', function)}`" for function in functions)
        print(f"Not attempted yet. Write {names} above, then run this cell again.")
