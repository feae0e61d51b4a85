"""Mistakes that any exercise may see, each told by what is certain: what an error says, or that an answer is the right one turned."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlab.checks._judging.calls import Result, error_text
from nnlab.checks._judging.compare import RELATIVE, Incomparable, difference
from nnlab.languages import say

FEWEST = 3  # numbers of which a factor or a shift is told


@dataclass(frozen=True)
class Named:
    """A mistake by its name, and the question that leads out of it."""

    name: str
    question: str


ERRORS: tuple[tuple[str, Named], ...] = (
    (
        r"only (length-1|0-dimensional|size-1) arrays|must be real number, not (numpy\.)?ndarray",
        Named("a function for single numbers gets an array", "Which function of NumPy does the same for every element?"),
    ),
    (
        r"truth value of an array",
        Named("a whole array stands where yes or no is asked", "`np.where` decides for each element. How does it take the place of `if`?"),
    ),
    (
        r"^matmul: |^shapes .* not aligned|^inner1d",
        Named("the sizes of a matrix product do not fit", "Write both shapes side by side. Which two of the sizes must be equal?"),
    ),
    (
        r"could not be broadcast|^non-broadcastable",
        Named("the shapes do not fit element by element", "Write the shapes one below the other. Is a matrix product or a column meant?"),
    ),
    (
        r"unsupported operand .*'list'|can't multiply sequence|'list' object has no attribute|list indices must be",
        Named("a list is used as if it were an array", "Lists cannot be subtracted or multiplied. How do you reach each array in it?"),
    ),
    (
        r"'NoneType'|NoneType",
        Named("None is used as if it were a value", "Which function that you call returns nothing?"),
    ),
    (
        r"too many indices|axis \S+ is out of bounds|tuple index out of range|not enough values to unpack",
        Named("an axis is used that the array does not have", "Which shapes may come? Read the case: is it a vector or a matrix?"),
    ),
    (
        r"'(numpy\.)?(float|int|bool)\w*' object is not (iter|subscript)able|non-iterable (numpy\.)?(float|int|bool)|^invalid index to sc",
        Named("a single number is taken apart as if it were many", "Which value has only one entry here, and why?"),
    ),
    (
        r"(list|index) .*out of (range|bounds)",
        Named("an index goes beyond the end", "How long is the list here, and which is its last index?"),
    ),
    (
        r"used as indices must be|only integers, slices",
        Named("an index is no whole number", "What do you put between the square brackets?"),
    ),
    (
        r"\bmust\b",
        Named("another function refuses what it gets", "Its message says which argument. Which shape or entry do you hand it?"),
    ),
    (
        r"positional argument|unexpected keyword",
        Named("the arguments are not those that are asked for", "Compare the first line of your function with that of the exercise."),
    ),
    (r"^name ", Named("a name is used that nothing defines", "Is it written as where it is defined?")),
    (r"maximum recursion", Named("it calls itself without end", "For which argument does it stop calling itself?")),
)


def raised(results: Sequence[Result]) -> Named | None:
    """Name an error by what it says."""
    error = next((each.error for each in results if each.error is not None), None)
    if error is None:
        return None
    return next((found for pattern, found in ERRORS if re.search(pattern, error_text(error))), None)


LISTED = Named("a list stands in place of an array", "What does `np.array(...)` make of your list?")
ARRAYED = Named("an array stands in place of a list", "What does `.tolist()` make of your array?")
FEWER = Named("there are not as many entries as are asked for", "How many should there be, and what does each stand for?")
MORE = Named("there are more entries than are asked for", "How many should there be, and what does each stand for?")
Pairs = Sequence[tuple[Any, Any]]
Turn = Callable[[Any], Any]
TURNS: tuple[tuple[Named, Turn], ...] = (
    (Named("the sign is turned round", "Work out one value on paper. Is it positive or negative?"), lambda right: -right),
    (Named("the result is transposed", "What do the rows of the result stand for, and what the columns?"), lambda right: right.T),
    (Named("it is 1 minus the right result", "What does a 1 stand for here, and what a 0?"), lambda right: 1 - right),
    (Named("the order is turned round", "Which entry comes first?"), lambda right: right[::-1]),
    (Named("decimals are cut off", "Which part of your formula makes whole numbers?"), lambda right: np.trunc(right)),
    (Named("it is the square of the right result", "What is squared once too often?"), lambda right: right**2),
    (Named("it is the square root of the right result", "Which square is missing?"), lambda right: np.sqrt(right)),
    (Named("it is one divided by the right result", "Which of the two is above the fraction line?"), lambda right: 1 / right),
)
AXES = ("the rows", "the columns")
DONE: tuple[tuple[str, Callable[..., Any]], ...] = (("summed", np.sum), ("averaged", np.mean))


def turned(results: Sequence[Result], right: Sequence[Result]) -> Named | None:
    """Name what kind of thing an answer is, or how it is turned against the right one in every case; None where it is right or raises."""
    pairs = _pairs(results, right)
    if pairs is None or all(_equal(*pair) for pair in pairs):
        return None
    return next(
        (
            found
            for find in (_one_of_several, _of_another_kind, _another_word, _in_parts, _reshaped, _by_a_turn, _by_an_axis, _by_a_number)
            if (found := find(pairs))
        ),
        None,
    )


def of_another_kind(results: Sequence[Result], right: Sequence[Result]) -> Named | None:
    """Name what kind of thing an answer is in place of the right one, or how it lies, whatever its values: many values may be right."""
    pairs = _pairs(results, right)
    if pairs is None:
        return None
    return _of_another_kind(pairs) or next((found for pair in pairs if (found := _laid(*pair))), None)


def _laid(got: Any, right: Any) -> Named | None:
    """Say how a table, or a list, lies where one number is asked for each sample."""
    if type(right) is not np.ndarray or right.ndim != 1 or right.size < FEWEST:
        return None
    if type(got) in (list, tuple) and _array(got) is not None and np.shape(got) == right.shape:
        return LISTED
    if type(got) is np.ndarray and got.shape in ((1, right.size), (right.size, 1)):
        return Named("the entries lie in a table of one row or column", "Which shape is asked for: how many axes does it have?")
    if type(got) is np.ndarray and got.ndim == 2 and got.shape[1] == right.size:
        return Named(
            "each sample has several numbers where one is asked for", "Which of the rows is meant? What does `argmax(axis=0)` say?"
        )
    if type(got) is np.ndarray and got.ndim == 1 and got.size < right.size:
        return FEWER
    return None


def _pairs(results: Sequence[Result], right: Sequence[Result]) -> Pairs | None:
    """Return what came and what is right, case by case; None where something was raised."""
    if any(result.error is not None for result in results):
        return None
    return [(result.value, other.value) for result, other in zip(results, right, strict=False)]


def _of_another_kind(pairs: Pairs) -> Named | None:
    none_is_right = any(right is None for _, right in pairs)  # then a None says nothing of a missing `return`
    wrong = [pair for pair in pairs if not _equal(*pair) and not (none_is_right and pair[0] is None)]
    return next((found for pair in wrong if (found := _kind(*pair))), None)


def _kind(got: Any, right: Any, inside: bool = False) -> Named | None:
    """Say what stands in place of what, down to the first entry that is of another kind."""
    many = type(right) in (tuple, list)
    if got is None and right is not None and not inside:
        return Named("nothing is returned", "Does it print its result, or return it? Does every path end in `return`?")
    if (type(got) is str or (type(got) is np.ndarray and got.dtype.kind == "U" and got.ndim)) and type(right) is not str:
        return Named("text stands where something to compute with is asked for", "Can one go on computing with your result?")
    if (many or (type(right) is np.ndarray and right.ndim)) and _is_one(got):
        return Named("one number stands where several are asked for", "How many numbers should come out, and what does each stand for?")
    if type(right) is list and type(got) is np.ndarray and _equal(got.tolist(), right):
        return ARRAYED
    if many and type(got) is np.ndarray:
        return Named("one array stands where several results are asked for", "Which results does the exercise name, and in which order?")
    if many and type(got) in (tuple, list):
        if len(got) != len(right):
            return MORE if len(got) > len(right) else FEWER
        entries = [pair for pair in zip(got, right, strict=True) if not _equal(*pair) and not _of_other_length(*pair)]
        return next((found for pair in entries if (found := _kind(*pair, inside=True))), None)
    if type(right) is np.ndarray and type(got) in (list, tuple) and _equal(_array(got), right):
        return LISTED
    if type(right) is str and type(got) in (list, tuple):
        return Named("a list stands where one word is asked for", "Which brackets are too many?")
    if _is_one(right) and not _is_one(got) and (type(got) in (tuple, list) or (type(got) is np.ndarray and got.size > 1)):
        return Named("many numbers stand where one is asked for", "What makes one number of many: a sum, a mean, the largest?")
    return None


def _of_other_length(got: Any, right: Any) -> bool:
    """Whether an entry is itself a list of another length: that may follow from anything, such as where a loop stops."""
    return type(right) in (tuple, list) and type(got) in (tuple, list) and len(got) != len(right)


def _in_parts(pairs: Pairs) -> Named | None:
    """Name a part of a tuple, or its entries in another order."""
    if not all(type(right) is tuple for _, right in pairs):
        return None
    if all(type(got) in (tuple, list) and _equal(list(got)[::-1], list(right)) for got, right in pairs):
        return Named("the results are returned in the wrong order", "Which of the results comes first?")
    return None


def _another_word(pairs: Pairs) -> Named | None:
    """Name a word that is right nowhere, where two words or more are."""
    words = {right for _, right in pairs if type(right) is str}
    wrong = [got for got, right in pairs if not _equal(got, right)]
    if (
        len(words) > 1
        and wrong
        and all(type(right) is str for _, right in pairs)
        and all(type(got) is str and got not in words for got in wrong)
    ):
        return Named(
            "a word comes that is not asked for", "Compare it letter by letter, small and capital, with the words of the exercise."
        )
    return None


def _one_of_several(pairs: Pairs) -> Named | None:
    if all(type(right) is tuple for _, right in pairs) and any(
        all(_equal(got, right[i]) for got, right in pairs) for i in range(len(pairs[0][1]))
    ):
        return Named("only one of the results is returned", "How does a Python function return several results?")
    return None


def _reshaped(pairs: Pairs) -> Named | None:
    if all(_same_numbers(got, right) for got, right in pairs):
        return Named(
            "the right numbers stand in another shape", "What do the rows of the result stand for, and what the columns? See `keepdims`."
        )
    return None


def _same_numbers(got: Any, right: Any) -> bool:
    """Whether two values hold the same numbers in the same order, whatever their shapes."""
    if type(right) in (tuple, list):
        return type(got) in (tuple, list) and len(got) == len(right) and all(map(_same_numbers, got, right))
    return _is_numbers(got) and _is_numbers(right) and _equal(np.ravel(got), np.ravel(right))


def _by_a_turn(pairs: Pairs) -> Named | None:
    if not all(_is_numbers(got) and _is_numbers(right) for got, right in pairs) or _few(got for got, _ in pairs):
        return None
    with np.errstate(all="ignore"):
        return next((found for found, turn in TURNS if all(_equal(got, _tried(turn, right)) for got, right in pairs)), None)


def _tried(turn: Turn, right: Any) -> Any:
    try:
        return turn(np.asarray(right, float))
    except (IndexError, TypeError, ValueError):
        return None


def _by_an_axis(pairs: Pairs) -> Named | None:
    """Name a sum or a mean that is taken of what should be left apart."""
    if not all(_is_numbers(got) and _is_numbers(right) and np.ndim(right) == 2 for got, right in pairs):
        return None
    for word, function in DONE:
        for axis, along in enumerate(AXES):
            if all(_equal(np.ravel(got), function(right, axis=axis)) for got, right in pairs):
                return Named(
                    say("the right result is {word} over {along}", word=say(word), along=say(along)),
                    "Should its entries be put together, or stay apart?",
                )
    return None


def _by_a_number(pairs: Pairs) -> Named | None:
    """Name a factor, or a number added, that is the same for all values."""
    listed = [(_flat(got), _flat(right)) for got, right in pairs]
    if any(got is None or right is None or got.shape != right.shape for got, right in listed):
        return None
    got, right = (np.concatenate([pair[i] for pair in listed]) for i in (0, 1))
    if not (np.isfinite(got).all() and np.isfinite(right).all()) or _few([got]) or _few([right[right != 0]]):
        return None
    factor = (got[right != 0] / right[right != 0])[0]
    if f"{factor:.4g}" == "1":  # what is wrong with it is no factor, but its type or its last digits
        return None
    if np.allclose(got, factor * right, rtol=RELATIVE, atol=0):
        return Named(say("it is {factor:.4g} times the right result", factor=factor), "Where does this factor come from?")
    if np.allclose(got - right, (got - right)[0], rtol=RELATIVE, atol=1e-12):
        return Named(say("it is the right result plus {number:.4g}", number=(got - right)[0]), "What is added that should not be?")
    return None


def _few(values: Any) -> bool:
    """Whether there are too few different numbers to tell a rule by."""
    return len({number for value in values for number in np.ravel(np.asarray(value, float)).tolist()}) < FEWEST


def _flat(value: Any) -> Any:
    """Return all numbers of nested tuples and lists of arrays, or None where there is anything else."""
    if type(value) in (tuple, list):
        parts = [_flat(each) for each in value]
        return None if not parts or any(part is None for part in parts) else np.concatenate(parts)
    return np.ravel(np.asarray(value, float)) if _is_numbers(value) else None


def _array(value: Any) -> Any:
    try:
        return np.asarray(value, float)
    except (TypeError, ValueError, OverflowError):
        return None


def _is_one(value: Any) -> bool:
    return isinstance(value, (int, float, np.number)) or (type(value) is np.ndarray and value.ndim == 0)


def _is_numbers(value: Any) -> bool:
    if not isinstance(value, (int, float, np.number)) and type(value) is not np.ndarray:
        return False
    return np.asarray(value).dtype.kind in "biuf" and np.size(value) > 0  # an integer may be larger than any of NumPy's


def _equal(got: Any, right: Any) -> bool:
    try:
        return difference(got, right) is None
    except Incomparable:
        return False
