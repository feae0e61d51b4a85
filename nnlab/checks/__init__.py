"""What a student sees: `check`, `hint`, `progress`, and `checkpoint` around cells that use several answers.

One module a chapter declares its exercises as data; the engine is in `_engine`.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import CodeType
from typing import Any

from nnlab.checks._checkpoint import checkpoint
from nnlab.checks._display import hint_card, message_card, progress_card, report_card
from nnlab.checks._engine import Report, examine
from nnlab.checks._exercise import Chapter, Exercise, Function

__all__ = ["chapters", "check", "checkpoint", "find", "hint", "progress"]

_rungs: dict[str, tuple[int, object]] = {}


@cache
def chapters() -> dict[str, Chapter]:
    """Return every chapter that has exercises, by name, in the order of the course."""
    names = [module.name for module in iter_modules(__path__) if not module.name.startswith("_")]
    found = [import_module(f"{__name__}.{name}").CHAPTER for name in names]
    return {chapter.name: chapter for chapter in sorted(found, key=lambda chapter: chapter.name)}


def find(name: str) -> Exercise | None:
    """Return the exercise of this name, whatever its chapter."""
    return next((chapter[name] for chapter in chapters().values() if name in chapter.names), None)


def check(answer: Function) -> None:
    """Check an answer and show at once what is wrong and how far off it is.

    Parameters
    ----------
    answer : callable
        The function you wrote; its name says which exercise it answers.
    """
    name = _name(answer, sys._getframe(1).f_globals)
    report_card(_report(name, answer)).show()


def hint(answer: Function) -> None:
    """Show a hint. There are three: the idea, where to look, a line of pseudo-code.

    The next one comes after your answer has changed.

    Parameters
    ----------
    answer : callable
        The function you wrote, or its untouched stub.
    """
    name = _name(answer, sys._getframe(1).f_globals)
    exercise = find(name)
    if exercise is None:
        report_card(_unknown(name)).show()
        return
    rung = _climb(name, getattr(answer, "__code__", answer))
    last = len(exercise.hints)
    advice = "That was the last hint." if rung == last else f"Change your answer, then ask again for hint {rung + 1} of {last}."
    hint_card(name, exercise.hints[:rung], advice).show()


def progress() -> None:
    """Show which exercises of the chapter pass their visible checks now.

    The chapter is the one that most of the functions belong to: a notebook may be given a function that another chapter asks for.
    """
    namespace = sys._getframe(1).f_globals
    chapter = max(chapters().values(), key=lambda each: _defined(each, namespace))
    if _defined(chapter, namespace):
        progress_card(chapter.title, [_report(name, namespace.get(name)) for name in chapter.names]).show()
    else:
        message_card("No exercise is defined here yet. Run the cells of a chapter from the top first.").show()


def _defined(chapter: Chapter, namespace: dict[str, Any]) -> int:
    return sum(_is_answer(namespace.get(name)) for name in chapter.names)


def _is_answer(value: Any) -> bool:
    """Whether this was written in the notebook; a later chapter imports the functions of an earlier one from nnlab."""
    return callable(value) and not str(getattr(value, "__module__", "")).startswith("nnlab.")


def _report(name: str, answer: Any) -> Report:
    exercise = find(name)
    if exercise is None:
        return _unknown(name)
    if not callable(answer):
        message = "not attempted yet: there is no function of this name. Run the cell that defines it."
        return Report(name, "not attempted", message)
    return examine(exercise, answer)


def _unknown(name: str) -> Report:
    known = ", ".join(f"`{each}`" for chapter in chapters().values() for each in chapter.names)
    message = f"there is no exercise of this name. Did you rename the function? The exercises are {known}."
    return Report(name, "unknown", message)


def _name(answer: Any, namespace: dict[str, Any]) -> str:
    """Name the exercise: by the function's own name, else by the name it goes by in the notebook."""
    own = answer if isinstance(answer, str) else getattr(answer, "__name__", type(answer).__name__)
    if find(own):
        return str(own)
    return next((name for name, value in namespace.items() if value is answer and find(name)), str(own))


def _climb(name: str, code: object) -> int:
    """Move one rung up if the answer changed since the last hint, and return the rung."""
    trace = (code.co_code, code.co_consts, code.co_names) if isinstance(code, CodeType) else code
    rung, before = _rungs.get(name, (0, None))
    if rung == 0 or before != trace:
        rung = min(rung + 1, 3)
        _rungs[name] = rung, trace
    return rung
