"""`with checkpoint(forward):` in a notebook: whether the lines that a cell prints are the course's, and what is missing to print them.

The course's lines are those of the built solutions (`nnlab/checks/lines`, one file a chapter), found by the text of the cell.
"""

from __future__ import annotations

import contextlib
import json
import linecache
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from nnlab import exercises
from nnlab.checks._checkpoint import checkpoint as run_or_say
from nnlab.checks._checkpoint import made_above, missing_above
from nnlab.checks._display import Card, message_card
from nnlab.checks._notebook.history import code_of
from nnlab.checks._notebook.place import by_program, shell
from nnlab.languages import say

LINES = Path(__file__).parents[1] / "lines"


@contextlib.contextmanager
def checkpoint(*functions: Callable[..., Any]) -> Iterator[None]:
    """Run the block; say whether the lines it prints agree with the course's, or which of its exercises is not written yet.

    Parameters
    ----------
    *functions : callable
        The exercises that the block uses.
    """
    if shell() is None or by_program():
        with run_or_say(*functions):
            yield
        return
    cell = sys._getframe(2)
    heard = _Heard(sys.stdout, cell.f_code.co_filename)
    try:
        with contextlib.redirect_stdout(heard):
            yield
    except NameError as error:
        if not made_above(error):
            raise
        message_card(f"○ {missing_above(error)}", "not attempted").show()
    except NotImplementedError as error:
        _how_to_go_on(functions, error).show()
    except Exception as error:
        if not any(_is_unwritten(each) for each in functions):
            raise
        _how_to_go_on(functions, error).show()
    else:
        if card := agreement("".join(heard.own).splitlines(), expected_lines("".join(linecache.getlines(heard.cell)))):
            card.show()
            if card.text.startswith("✗") and (spoilt := _spoilt(cell.f_globals)):
                message_card(
                    say(
                        "As it stands in mine.py, this does not pass its check: {names}. Mend it there, or check it again in its chapter.",
                        names=", ".join(f"`{name}`" for name in spoilt),
                    ),
                    "stale",
                ).show()


def _spoilt(names: Mapping[str, Any]) -> list[str]:
    """Return which of the student's own functions from earlier chapters do not pass their checks: the file may have been changed since."""
    from nnlab.checks import find
    from nnlab.checks._judging.engine import examine_in_time

    own = {name: value for name, value in names.items() if getattr(value, "__module__", "") == "mine"}
    return [name for name, value in own.items() if (exercise := find(name)) and not examine_in_time(exercise, value).passed]


class _Heard:
    """Standard output that also keeps what the cell's own lines print, and not what the functions print that they call."""

    def __init__(self, out: Any, cell: str) -> None:
        self._out, self.cell = out, cell
        self.own: list[str] = []

    def write(self, text: str) -> int:
        """Write, and keep the text where a line of the cell prints it."""
        if sys._getframe(1).f_code.co_filename == self.cell:
            self.own.append(text)
        return int(self._out.write(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)


def key(source: str) -> str:
    """Return what a checkpoint is known by: the text of its cell, white space at its ends aside."""
    return sha256(source.strip().encode()).hexdigest()[:16]


@cache
def _all_lines(own: Path) -> dict[str, list[str]]:
    """Return the lines of every checkpoint of the course, by the text of its cell."""
    files = [*sorted(LINES.rglob("*.json")), *sorted((own / "lines").rglob("*.json"))]
    return {each: lines for path in files for each, lines in json.loads(path.read_text("utf-8")).items()}


def expected_lines(source: str) -> list[str] | None:
    """Return what a checkpoint prints in the course, or None for a cell that is not the course's."""
    return _all_lines(exercises.folder()).get(key(source))


def agreement(printed: list[str], expected: list[str] | None) -> Card | None:
    """Say whether the printed lines agree, or show the first that does not; nothing where there is nothing to compare with."""
    if not expected:
        return None
    pairs = zip([*printed, *[""] * len(expected)], expected, strict=False)
    wrong = next((number for number, (one, other) in enumerate(pairs) if one.rstrip() != other.rstrip()), None)
    count = len(expected)
    if wrong is None and len(printed) <= count:
        return message_card(say("✓ {count} of {count} lines agree.", count=count) if count > 1 else say("✓ The line agrees."), "passed")
    if wrong is None:
        return message_card(
            say("✗ All {count} lines agree, but {more} more were printed.", count=count, more=len(printed) - count), "wrong"
        )
    got = printed[wrong] if wrong < len(printed) else say("(nothing)")
    message = say("✗ Line {line} of {count} is the first that does not agree.", line=wrong + 1, count=count)
    return message_card(message, "wrong", (("expected", expected[wrong]), ("got", got)))


def _how_to_go_on(functions: tuple[Callable[..., Any], ...], error: Exception) -> Card:
    """Name what is not written yet, and how to go on without it."""
    from nnlab.checks import find

    missing = [str(getattr(each, "__name__", each)) for each in functions if _is_unwritten(each)]
    if not missing:
        frames = [frame for frame, _ in _walk(error) if find(frame)]
        missing = frames[-1:] or [str(getattr(each, "__name__", each)) for each in functions]
    imports = [f"from {exercise.reference.__module__} import {name}" for name in missing if (exercise := find(name))]
    names = ", ".join(f"`{name}`" for name in missing)
    message = say(
        "○ Not attempted yet: {names}. Write it above, then run this cell again."
        if len(missing) == 1
        else "○ Not attempted yet: {names}. Write them above, then run this cell again.",
        names=names,
    )
    help_ = say("Run these lines in a new cell to go on with the course's version for the rest of the chapter. It earns no points.")
    return message_card(message, "not attempted", (("stuck?", help_), ("in a new cell", "\n".join(imports))) if imports else ())


def _is_unwritten(function: Any) -> bool:
    """Whether a function still holds the line that stands for an answer, or nothing but its description: a lecture begins so."""
    code = code_of(function)
    return code is not None and ("NotImplementedError" in code.co_names or code.co_code in EMPTY)


def _told() -> None:
    """Nothing else stands here."""


def _bare() -> None:
    pass


EMPTY = {_told.__code__.co_code, _bare.__code__.co_code}


def _walk(error: BaseException) -> Iterator[tuple[str, Any]]:
    trace = error.__traceback__
    while trace:
        yield trace.tb_frame.f_code.co_name, trace
        trace = trace.tb_next
