"""The half of a call that runs beside the student's code: look the function up, call it, say what came of it."""

from __future__ import annotations

import builtins
import contextlib
import inspect
import io
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from IPython import get_ipython

from . import codec
from .last import CHANGED, Last

checked: dict[str, dict[str, Any]] = {}  # what the notebook had defined when an answer was checked, by the answer's names
_now: list[str] = []  # the answer whose names hold now
_last = Last()

TOO_LARGE = codec.dumps("the answer is larger than a message may be")


def asked(head: bytes, body: bytes) -> list[tuple[str, list[Any]]]:
    """Read a request: a function's name, and the arguments of each call."""
    name, many = codec.loads(head, body, resolve)
    return [(name, args) for args in many]


def answer(name: str, args: list[Any]) -> codec.Message:
    """Call a function and return the message that says what came of it."""
    message = codec.dumps(outcome(name, args), codec.MAX_VALUES)
    return message if len(message[0]) <= codec.MAX_HEAD and len(message[1]) <= 4 * codec.MAX_BYTES else TOO_LARGE


def outcome(name: str, args: list[Any]) -> dict[str, Any]:
    """Call a function; return its value and its arguments as they are then, or the error. What it prints is dropped."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), _as_checked():
        try:
            bring_back(name)
            value = own(name)(*args)
            if _last.changed_by(name, value):
                return {"error": {"type": CHANGED, "line": None}}
            return {"value": value, "arguments": _data(args)}
        except BaseException as error:
            return {"error": describe(error, name)}


@contextlib.contextmanager
def _as_checked() -> Iterator[None]:
    """Let NumPy and Python warn and not raise, whatever the notebook has set: so it is in a check."""
    with warnings.catch_warnings(), np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"):
        warnings.simplefilter("ignore")
        yield


def own(name: str) -> Any:
    """Return what the student's notebook calls by this name: what it did when it was checked, else what it does at the end.

    What the end has no more, such as a class that an answer's cell defines beside the answer, is what it was at the last check.
    """
    if name in checked:
        return checked[name][name]
    for names in (end := get_ipython().user_ns, *reversed(checked.values())):
        if callable(names.get(name)):
            return names[name]
    if name not in end:
        raise NameError(f"name {name!r} is not defined")
    return end[name]


def keep(answer: Any) -> None:
    """Remember an answer, and all that the notebook has defined, as they are at its check: that is what the student saw."""
    names = dict(get_ipython().user_ns)
    checked.update(dict.fromkeys((name for name, value in names.items() if value is answer), names))


def bring_back(name: str) -> None:
    """Let the names of the notebook mean again what they did when this answer was checked.

    Cells below may have deleted or redefined them, or hidden a function of Python: `sum = 3`. Helpers that they add stay. Between two
    calls of the same answer nothing is touched: it may remember something.
    """
    if name in checked and [name] != _now:
        names = get_ipython().user_ns
        for hidden in vars(builtins).keys() & names.keys() - checked[name].keys():
            del names[hidden]
        names.update(checked[name])
        _now[:] = [name]


def resolve(reference: codec.Reference) -> Any:
    """Find what a reference stands for: a function of the student, one of NumPy, or what a call of it makes."""
    if isinstance(reference, codec.Own):
        return _by_name(reference.name)
    found: Any = np
    for part in reference.name.split(".")[1:]:
        found = getattr(found, part)
    return found(reference.seed) if isinstance(reference, codec.Call) else found


def _by_name(name: str) -> Any:
    """Return a function of the student as an argument. Where there is none yet, as after a `%reset`, it is looked up when it is called."""
    try:
        return own(name)
    except NameError:
        return lambda *args: own(name)(*args)


def describe(error: BaseException, name: str) -> dict[str, Any]:
    """Tell an exception's type, and at which line of the answer's own cell: what it calls may stand in other cells."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__, limit=100) if frame.filename == _file_of(name)]
    return {"type": type(error).__name__[:80], "line": frames[-1].lineno if frames else None}


def _file_of(name: str) -> str:
    """Return what the cell that wrote a function is called, or "" where that cannot be told."""
    with contextlib.suppress(Exception):  # whatever a student's object does when it is looked at
        file = inspect.unwrap(own(name)).__code__.co_filename
        return str(file) if "ipykernel_" in file else ""
    return ""


def _data(args: list[Any]) -> list[Any]:
    """Keep the arguments that are data; functions and generators cannot be compared."""
    return [arg if isinstance(arg, (int, float, str, list, tuple, dict, np.ndarray)) else None for arg in args]
