"""Mistakes that can be made in any exercise, named as an exercise's own misconceptions are: what they do is made from the reference."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nnlab.checks._exercise import Exercise, Misconception

IN_PLACE = Misconception(
    "numbers are written into an argument",
    lambda *args: None,
    "Which line changes an argument: `+=`, `*=`, `[...] =`, `out=`? Whoever called you may still need it.",
)


def _as_list(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else [*map(_as_list, value)] if isinstance(value, (list, tuple)) else value


def _flat(value: Any) -> Any:
    return np.ravel(value) if isinstance(value, np.ndarray) else value


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, (tuple, list)) else value


def _inside(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: type(value)(map(convert, value)) if isinstance(value, (list, tuple)) else convert(value)


# What is done to the right result, its name, and a question.
CHANGES: tuple[tuple[Callable[[Any], Any], str, str], ...] = (
    (
        lambda value: None,
        "the result is shown or kept, but not returned",
        "What does the last line of your function hand back? `print` only shows it.",
    ),
    (_as_list, "the numbers are in a Python list", "Lists do not compute number by number. What does `np.array(...)` make of it?"),
    (
        _inside(_as_list),
        "the numbers are in Python lists",
        "Lists do not compute number by number. What does `np.array(...)` make of each?",
    ),
    (_flat, "the result is flattened", "Which shape had the input? `ravel` and `flatten` lose it."),
    (_inside(_flat), "the results are flattened", "Which shape should each have? A column keeps its second axis."),
    (_first, "only the first of the results is returned", "How many results does the task ask for, and in which order?"),
    (
        lambda value: -value if isinstance(value, (np.ndarray, float)) else value,
        "the sign is wrong",
        "Try it with one number by hand: which sign has it?",
    ),
    (
        lambda value: value / 2 if isinstance(value, (np.ndarray, float)) else value,
        "the result is half as large as it should be",
        "Is there a factor ½ that does not belong here, or was something averaged twice?",
    ),
    (
        lambda value: 2 * value if isinstance(value, (np.ndarray, float)) else value,
        "the result is twice as large as it should be",
        "Is a factor ½ missing, or was something counted twice?",
    ),
    (
        lambda value: value.T if isinstance(value, np.ndarray) and value.ndim == 2 else value,
        "the result is transposed",
        "Columns are samples. What does one row of your result belong to?",
    ),
)
# What Python or NumPy says, what it means, and a question.
ERRORS: tuple[tuple[str, str, str], ...] = (
    (
        r"only 0-dimensional arrays can be converted|only length-1 arrays",
        "a function of `math` takes one number, and gets an array",
        "Which function of NumPy does the same for every number of an array?",
    ),
    (
        r"truth value of an array",
        "`if` asks about a whole array at once",
        "Some numbers say yes, others no. How does `np.where` choose number by number?",
    ),
    (
        r"mismatch in its core dimension|could not be broadcast|not aligned",
        "the shapes of two factors do not fit",
        "Write the two shapes side by side. Which sizes have to agree, and is one of them turned round?",
    ),
    (
        r"can't multiply sequence|unsupported operand type.*list|must be str, not|can only concatenate list",
        "a list is computed with as if it were an array",
        "A list of arrays has no arithmetic of its own. How do you walk over it, entry by entry?",
    ),
    (
        r"list index out of range|index \d+ is out of bounds",
        "a place is asked for that is not there",
        "How many entries are there, and where does counting start?",
    ),
    (
        r"missing \d+ required positional|takes \d+ positional",
        "a function is called with too few or too many arguments",
        "Which arguments does it take, and in which order?",
    ),
)


def general(exercise: Exercise) -> Iterator[Misconception]:
    """Yield mistakes that can be made in any exercise, made from its reference."""
    for change, name, question in CHANGES:
        yield Misconception(name, lambda *args, change=change: change(exercise.reference(*args)), question)


def error_means(error: BaseException) -> Misconception | None:
    """Return what an error message of Python or NumPy stands for, or None where that cannot be told."""
    text = str(error)
    return next((Misconception(name, lambda *args: None, question) for said, name, question in ERRORS if re.search(said, text)), None)
