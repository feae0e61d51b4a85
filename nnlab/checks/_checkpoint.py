"""`with checkpoint(forward):` runs cells that use a student's answers, and says so kindly where those are not written yet."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from nnlab.languages import say


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
    except NameError as error:
        if not made_above(error):
            raise
        print(missing_above(error))
    except NotImplementedError:
        names = ", ".join(f"`{getattr(function, '__name__', function)}`" for function in functions)
        print(say("Not attempted yet. Write {names} above, then run this cell again.", names=names))


def made_above(error: NameError) -> bool:
    """Tell whether a name is missing in the cell itself, not in an answer that it calls: then a cell above has not run through."""
    frames = traceback.extract_tb(error.__traceback__)
    cell = next((frame.filename for frame in frames if frame.name == "<module>"), "")
    return not isinstance(error, UnboundLocalError) and frames[-1].filename == cell


def missing_above(error: NameError) -> str:
    """Say where a missing name comes from."""
    return say(
        "Not attempted yet. `{name}` is made by a cell above: run that first; where it says that something is missing, write it.",
        name=error.name,
    )
