"""Compare an answer with what was expected and say the first thing that differs.

Used by the student's checks and by the hidden tests, so that both mean the same by "equal".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from nnlab.languages import say

RELATIVE, ABSOLUTE = 1e-6, 1e-8
KINDS: dict[type, str] = {list: "a list", tuple: "a tuple", dict: "a dictionary", str: "a string"}
SEQUENCES: dict[type, str] = {tuple: "tuple", list: "list"}
NUMBERS = "biuf"  # kinds of dtype that are real numbers


class Incomparable(TypeError):
    """What was expected is of a kind that no reference gives."""


@dataclass(frozen=True)
class Difference:
    """The first thing that differs: its kind, one sentence, and what was expected and got there."""

    kind: str
    message: str
    expected: Any = None
    got: Any = None


def difference(
    got: object, expected: object, where: str = "", names: Sequence[str] = (), judge: Callable[[Any], object] | None = None
) -> Difference | None:
    """Return the first difference in the order nothing, type, shape, finite, value, or None where there is none.

    Parameters
    ----------
    got : object
        The answer. Only exact types count: a subclass of `ndarray` is not an array.
    expected : None, str, float, int, ndarray, or a tuple, list, dict or dataclass of these
        What the reference gives. A dataclass that came back from a sandbox is a dictionary, and that will do.
    where : str
        How to call the answer in the message.
    names : sequence of str
        How to call the entries, where the answer is a tuple.
    judge : callable, optional
        What an answer does, where many values are right: then this is compared in place of the values.
    """
    where = where or say("your result")
    if got is None and expected is not None:
        message = say("{where} is None. Does every path of your function end in `return`?", where=where)
        return Difference("nothing", message, expected, got)
    found = _differences(got, expected, where, names)
    if judge is None:
        return next(found, None)
    unfit = next((each for each in found if each.kind != "value"), None)
    if unfit:
        return unfit
    try:
        does: Any = judge(got)
    except Exception as error:  # of the right types and shapes, and yet of no use: a truth value where a number is to be negated
        return Difference(
            "value", say("{where} cannot be used: {kind}: {error}.", where=where, kind=type(error).__name__, error=error), expected, got
        )
    should: Any = judge(expected)
    return (
        _of_outputs(does, should, where)
        if isinstance(should, dict)
        else difference(does, should, say("the output of {where}", where=where))
    )


def _of_outputs(does: Mapping[str, Any], should: Mapping[str, Any], where: str) -> Difference | None:
    """Compare outputs by what was put in."""
    wrong = [key for key in should if difference(does.get(key), should[key])]
    if not wrong:
        return None
    first = say(
        "the output of {where} is wrong for {inputs}: it should be {should:g}, and is {does:g}",
        where=where,
        inputs=wrong[0],
        should=should[wrong[0]],
        does=does[wrong[0]],
    )
    return Difference(
        "value",
        say("{first}. {wrong} of {should} outputs are wrong.", first=first, wrong=len(wrong), should=len(should)),
        dict(should),
        dict(does),
    )


def _differences(got: Any, expected: Any, where: str, names: Sequence[str] = ()) -> Iterator[Difference]:
    """Yield what differs, entry by entry where a tuple, list, dictionary or dataclass is expected."""
    if is_dataclass(expected):
        got, expected = _attributes(got), _attributes(expected)
    compare = next((compare for kinds, compare in _COMPARERS if isinstance(expected, kinds)), None)
    if compare is None or _never_right(expected):
        raise Incomparable(type_name(expected))
    if found := compare(got, expected, where):
        yield found
    elif isinstance(expected, (tuple, list)):
        calls = names or [f"{where}[{i}]" for i in range(len(expected))]
        for entry in zip(got, expected, calls, strict=True):
            yield from _differences(*entry)
    elif isinstance(expected, dict):
        for key in expected:
            yield from _differences(got[key], expected[key], f"{where}[{key!r}]")


def _never_right(value: Any) -> bool:
    """Whether this is of a kind that no reference gives: a matrix, text in rows, complex numbers, objects, integers beyond NumPy's."""
    if not isinstance(value, (np.ndarray, np.number, int)):
        return False
    subclass = isinstance(value, np.ndarray) and type(value) is not np.ndarray
    return subclass or np.asarray(value).dtype.kind not in (NUMBERS if np.ndim(value) else NUMBERS + "U")


def _attributes(value: Any) -> Any:
    """Return a dataclass's attributes as a dictionary, and anything else as it is."""
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _compare_none(got: object, expected: object, where: str) -> Difference | None:
    if got is None:
        return None
    return Difference("value", say("{where} should be None here, and is {kind}.", where=where, kind=type_name(got)), expected, got)


def _compare_number(got: Any, expected: Any, where: str) -> Difference | None:
    if type(got) is np.ndarray and got.ndim:
        message = say("{where} should be a single number, and is an array of shape {shape}.", where=where, shape=got.shape)
        return Difference("shape", message, expected, got)
    if not isinstance(got, (int, float, np.integer, np.floating, np.bool_)) and type(got) is not np.ndarray:
        return Difference("type", say("{where} should be a number, and is {kind}.", where=where, kind=type_name(got)), expected, got)
    value = np.asarray(got)
    if value.dtype.kind not in NUMBERS:
        return Difference("type", say("{where} should be a number, and is {kind}.", where=where, kind=_odd(value)), expected, got)
    return _compare_values(value, np.asarray(expected), where)


def _odd(value: np.ndarray) -> str:
    """Say what is in an array that holds no number NumPy computes with."""
    too_large = value.dtype == object and isinstance(value.item(), int)
    return say("an integer too large to compare") if too_large else say("an array of {kind}", kind=value.dtype)


def _compare_text(got: object, expected: object, where: str) -> Difference | None:
    if type(got) is np.str_ or (type(got) is np.ndarray and not got.ndim and got.dtype.kind == "U"):
        got = str(got)  # of `np.where`, or out of an array of names
    if type(got) is not str:
        return Difference("type", say("{where} should be a string, and is {kind}.", where=where, kind=type_name(got)), expected, got)
    return (
        Difference("value", say("{where} should be {expected!r}, and is {got!r}.", where=where, expected=expected, got=got), expected, got)
        if got != expected
        else None
    )


def _compare_array(got: Any, expected: Any, where: str) -> Difference | None:
    if expected.dtype.kind == "U" and not expected.ndim:
        return _compare_text(got, str(expected), where)  # what an answer returned, with itself
    if type(got) is not np.ndarray and not (isinstance(got, np.generic) and expected.ndim == 0):
        return Difference("type", say("{where} should be a NumPy array, and is {kind}.", where=where, kind=type_name(got)), expected, got)
    got = np.asarray(got)
    if got.dtype.kind not in NUMBERS:
        return Difference(
            "type", say("{where} should be an array of real numbers, and holds {kind}.", where=where, kind=got.dtype), expected, got
        )
    if got.shape != expected.shape:
        message = say("{where} should have shape {expected}, and has shape {got}.", where=where, expected=expected.shape, got=got.shape)
        return Difference("shape", message, expected, got)
    return _compare_values(got, expected, where)


def _compare_sequence(got: Any, expected: Sequence[Any], where: str) -> Difference | None:
    wanted = SEQUENCES[tuple if isinstance(expected, tuple) else list]
    if type(got) not in (tuple, list):
        message = say(
            "{where} should be a {wanted} of {count}, and is {kind}.",
            where=where,
            wanted=say(wanted),
            count=len(expected),
            kind=type_name(got),
        )
        return Difference("type", message, expected, got)
    if len(got) != len(expected):
        message = say("{where} should have {expected} entries, and has {got}.", where=where, expected=len(expected), got=len(got))
        return Difference("shape", message, expected, got)
    return None


def _compare_mapping(got: Any, expected: Mapping[Any, Any], where: str) -> Difference | None:
    if type(got) is not dict:
        return Difference("type", say("{where} should be a dictionary, and is {kind}.", where=where, kind=type_name(got)), expected, got)
    if got.keys() != expected.keys():
        message = say(
            "{where} should have the keys {expected}, and has {got}.",
            where=where,
            expected=_listed(expected),
            got=_listed(got) or say("none"),
        )
        return Difference("shape", message, expected, got)
    return None


def _listed(keys: Mapping[Any, Any]) -> str:
    return ", ".join(sorted(map(repr, keys)))


def _compare_values(got: np.ndarray, expected: np.ndarray, where: str) -> Difference | None:
    narrow = got.dtype.kind == expected.dtype.kind == "f" and got.dtype.itemsize < expected.dtype.itemsize
    if narrow and not np.array_equal(got, expected, equal_nan=True):
        # whether seven digits are enough depends on the numbers asked: a check that passed them would promise what hidden tests cannot keep
        message = say(
            "{where} holds numbers of type {kind}, which have fewer digits than a float. Leave the type out: NumPy then takes float64.",
            where=where,
            kind=got.dtype,
        )
        return Difference("type", message, expected, got)
    bad = ~np.isfinite(got) & np.isfinite(expected)
    if bad.any():
        message = say(
            "{where} holds {number}{place}. Where can exp or a division leave the range of floats?",
            where=where,
            number=got[bad][0],
            place=_at(bad),
        )
        return Difference("finite", message, expected, got)
    wrong = ~np.isclose(got, expected, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    if not wrong.any():
        return None
    with np.errstate(invalid="ignore"):
        errors = np.abs(np.asarray(got, float) - expected)[wrong]
    error = errors[np.isfinite(errors)].max(initial=0)
    count = say(" {count} of {size} values are wrong.", count=np.sum(wrong), size=wrong.size) if wrong.size > 1 else ""
    if not _are_labels(got, expected):
        count += say(" Largest error: {error:.3g}.", error=error)
    elif not count:
        return Difference(
            "value",
            say("{where} should be {expected}, and is {got}.", where=where, expected=_label(expected, expected), got=_label(got, expected)),
            expected,
            got,
        )
    message = say("{where} is wrong{place}.{count}", where=where, place=_at(wrong), count=count)
    return Difference("value", message, expected, got)


def _label(value: np.ndarray, expected: np.ndarray) -> str:
    """Write yes or no as the exercise does: as a truth value or a number."""
    return str(bool(value.item())) if expected.dtype.kind == "b" else f"{value.item():g}"


def _are_labels(*values: np.ndarray) -> bool:
    """Whether there are only answers such as yes and no, of which none is further off than another."""
    return all(np.isin(each, (-1, 0, 1)).all() for each in values)


def _at(wrong: np.ndarray) -> str:
    """Say where the first true element is; a single number needs no place."""
    index = np.argwhere(wrong)[0]
    return say(" at index [{index}]", index=", ".join(map(str, index))) if index.size else ""


def type_name(value: object) -> str:
    """Name the type of a value as a person would; what came back from a sandbox brings its own name."""
    if value is None or isinstance(value, (bool, np.bool_)):
        return str(value)
    return (
        say(KINDS[type(value)]) if type(value) in KINDS else say("of type {kind}", kind=getattr(value, "type_name", type(value).__name__))
    )


_COMPARERS: tuple[tuple[type | tuple[type, ...], Callable[[Any, Any, str], Difference | None]], ...] = (
    (type(None), _compare_none),
    (str, _compare_text),
    (np.ndarray, _compare_array),
    ((int, float, np.number), _compare_number),
    ((tuple, list), _compare_sequence),
    (dict, _compare_mapping),
)
