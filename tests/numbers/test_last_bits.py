"""What a chapter's checkpoints print does not hang on the last bits of an answer: another order of additions is as right as ours.

Each chapter runs from top to bottom with its own answers, and each number that an exercise returns is off by a few units of its last place.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
import pytest
from support import CHAPTERS, ROOT

from nnlab import plots
from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.source import role

VARIABLE = "NNLAB_LAST_BITS"
pytestmark = pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} is not set: make test-all sets it, and takes three minutes")
UNITS = 4 * np.finfo(float).eps


def shaken(value: Any, rng: np.random.Generator) -> Any:
    """Return a value with each number off by some units of the last place; what is exact in every order (halves, say) stays."""
    if isinstance(value, (list, tuple)):
        parts = [shaken(each, rng) for each in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if not isinstance(value, (float, np.ndarray)) or np.asarray(value).dtype.kind != "f":
        return value
    numbers = np.asarray(value)
    exact = ~np.isfinite(numbers) | (64 * numbers == np.floor(64 * numbers))
    moved = np.where(exact, numbers, numbers * (1 + UNITS * rng.uniform(-1, 1, numbers.shape)))
    return moved.astype(numbers.dtype) if isinstance(value, np.ndarray) else type(value)(moved)


def shaking(function: Callable[..., Any], rng: np.random.Generator) -> Callable[..., Any]:
    """Return the function with its values shaken."""

    @wraps(function)
    def shaky(*args: Any, **named: Any) -> Any:
        return shaken(function(*args, **named), rng)

    return shaky


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_checkpoints_print_the_same_with_other_last_bits(chapter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line that stands in the solution is printed again."""
    monkeypatch.setattr(plots, "show", lambda *args, **named: None)
    rng = np.random.default_rng(0)
    names: dict[str, Any] = {"__name__": "__main__"}
    differ = {}
    for cell in load(Course(ROOT).chapter(chapter).solution).cells:
        kind, exercise = role(cell)
        if cell.cell_type != "code" or kind == "check":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), np.errstate(all="ignore"):
            exec(compile(cell.source, cell.id, "exec"), names)
        if kind == "exercise":
            for value in list(names.values()):
                if inspect.isclass(value) and value.__module__ == "__main__":
                    for method, body in inspect.getmembers(value, inspect.isfunction):
                        if method != "__init__":
                            setattr(value, method, shaking(body, rng))
            if inspect.isfunction(names[exercise]) and not inspect.isgeneratorfunction(names[exercise]):
                names[exercise] = shaking(names[exercise], rng)
        elif "with checkpoint(" in cell.source:
            wanted = "".join(each.text for each in cell.outputs if each.output_type == "stream").splitlines()
            if printed.getvalue().splitlines() != wanted:
                differ[cell.id] = [*wanted, "", *printed.getvalue().splitlines()]
    assert differ == {}
