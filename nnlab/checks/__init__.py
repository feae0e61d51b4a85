"""What students see: `check`, `hint`, `progress`, `predict`, `recall`, `own_code`, and `checkpoint` around cells that use several answers.

One module a chapter declares its exercises as data. `_judging` says how they are judged, `_notebook` what a check knows of its notebook,
`_asking` what is asked without points, and `_mine` what becomes of answers that passed.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache, partial
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any

from nnlab import exercises
from nnlab.checks._asking.ask import predict, recall, wrong_ones
from nnlab.checks._display import Waiting, hint_card, message_card, progress_card, report_card
from nnlab.checks._exercise import Chapter, Exercise, Function
from nnlab.checks._judging.engine import Report, examine_in_time
from nnlab.checks._mine.give import home
from nnlab.checks._mine.keep import keep
from nnlab.checks._mine.shelf import shelf
from nnlab.checks._notebook import history, memory
from nnlab.checks._notebook.agreement import checkpoint
from nnlab.checks._notebook.place import by_program
from nnlab.languages import say

__all__ = ["chapters", "check", "checkpoint", "find", "hint", "own_code", "predict", "progress", "recall"]

RUNGS = 3
NOTHING: Mapping[str, Any] = MappingProxyType({})
STATES = {
    "passed": "passed",
    "not attempted": "not attempted",
    "stale": "stale: its newest cell did not run",
    "stopped": "did not end. Does its loop ever end?",
    "interrupted": "not checked: you stopped it",
}


def chapters() -> dict[str, Chapter]:
    """Return every chapter that has exercises, by name, in the order of the course: nnlab's and the course's own.

    Raises
    ------
    ValueError
        If a file of the course's own declares no chapter, or cannot be run.
    """
    return _chapters(tuple((name, path, path.stat().st_mtime_ns) for name, path in exercises.files().items()))


@cache
def _chapters(own_files: tuple[tuple[str, Path, int], ...]) -> dict[str, Chapter]:
    names = [module.name for module in iter_modules(__path__) if not module.name.startswith("_")]
    ours = {chapter.name: chapter for chapter in (import_module(f"{__name__}.{name}").CHAPTER for name in names)}
    exercises.forget()
    own = [_own(module, path, ours) for module, path, _ in own_files]
    return dict(sorted({**ours, **{chapter.name: chapter for chapter in own}}.items()))


def _own(module: str, path: Path, ours: Mapping[str, Chapter]) -> Chapter:
    """Return the chapter that a file of the course's own declares."""
    try:
        chapter = getattr(import_module(module), "CHAPTER", None)
    except Exception as error:  # whatever its author wrote there
        raise ValueError(say("{path} cannot be run: {error}", path=path, error=f"{type(error).__name__}: {error}")) from error
    if not isinstance(chapter, Chapter):
        raise ValueError(
            say("{path} declares no chapter. It needs a line {line}", path=path, line=f"CHAPTER = Chapter({path.stem!r}, title, exercises)")
        )
    if chapter.name != path.stem:
        raise ValueError(
            say(
                "{path} declares a chapter {name!r}. Its name has to be that of the file: {expected!r}.",
                path=path,
                name=chapter.name,
                expected=path.stem,
            )
        )
    if chapter.name in ours:
        raise ValueError(say("{path}: {name!r} is a chapter of nnlab. Call yours otherwise.", path=path, name=chapter.name))
    return chapter


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
    namespace = sys._getframe(1).f_globals
    waiting = Waiting()
    report = _report(_name(answer, namespace), answer, namespace, waiting)
    waiting.done(report_card(report))
    if report.passed and (trouble := _kept(report.exercise, answer, namespace)):
        message_card(trouble, "stale").show()


def _kept(name: str, answer: Function, namespace: Mapping[str, Any]) -> str:
    """Keep an answer that passed in `mine.py`; return what speaks against it."""
    title = next(chapter.title for chapter in chapters().values() if name in chapter.names)
    try:
        return keep(name, answer, namespace, title, home)
    except Exception as error:  # an answer that is right is right, whatever becomes of its text
        return say("`{name}` was not kept in mine.py: {error}.", name=name, error=type(error).__name__)


def own_code() -> None:
    """Show your own library: what passed its check and stands in `mine.py`, by chapter."""
    shelf(list(chapters().values())).show()


def hint(answer: Function, more: bool = False) -> None:
    """Show a hint. There are three: the idea, where to look, a line of pseudo-code.

    The next one comes after your answer has changed, or when you say that you are stuck.

    Parameters
    ----------
    answer : callable
        The function you wrote, or its untouched stub.
    more : bool
        True shows the next hint although nothing has changed.
    """
    namespace = sys._getframe(1).f_globals
    name = _name(answer, namespace)
    exercise = find(name)
    if exercise is None:
        report_card(_unknown(name, namespace)).show()
        return
    rung = _climb(name, answer, more)
    again = say(
        "Change your answer, then ask again for hint {rung} of {rungs}. Nothing to change yet? `hint({name}, more=True)`",
        rung=rung + 1,
        rungs=RUNGS,
        name=name,
    )
    hint_card(name, exercise.hints[:rung], again if rung < RUNGS else say("That was the last hint.")).show()


def progress(all: bool = False) -> None:
    """Show which exercises of the chapter pass their visible checks now.

    The chapter is the one that most of the functions belong to: a notebook may be given a function that another chapter asks for.

    Parameters
    ----------
    all : bool
        True adds a line for each other chapter, from what its checks last said.
    """
    namespace = sys._getframe(1).f_globals
    others = [_remembered(chapter) for chapter in chapters().values() if chapter.names] if all else []
    chapter = _chapter(namespace)
    if chapter is None:
        message_card("\n".join([say("No exercise is defined here yet. Run the cells of a chapter from the top first."), *others])).show()
        return
    waiting = Waiting()
    states = [(report.exercise, _state(report)) for report in _reports(chapter, namespace, waiting)]
    left = [(name, "not checked") for name in chapter.names[len(states) :]]
    below = [*wrong_ones(chapter.name), *(line for line in others if not line.startswith(chapter.title))]
    waiting.done(progress_card(chapter.title, [*states, *left], below))


def _reports(chapter: Chapter, namespace: Mapping[str, Any], waiting: Waiting) -> Iterator[Report]:
    """Yield a report for each exercise; a person who interrupts one means all of them."""
    for name in chapter.names:
        report = _report(name, namespace.get(name), namespace, waiting)
        yield report
        if report.outcome == "interrupted":
            return


def _state(report: Report) -> str:
    if report.outcome == "not attempted" and memory.recall("passed").get(report.exercise):
        return "not attempted: it passed before the restart, so run its cell again"
    return STATES.get(report.outcome, "not right yet")


def _remembered(chapter: Chapter) -> str:
    """Say how many exercises of a chapter passed when they were last checked."""
    passed = memory.recall("passed")
    return say(
        "{title}: {passed} of {count} passed when last checked",
        title=say(chapter.title),
        passed=sum(bool(passed.get(name)) for name in chapter.names),
        count=len(chapter.names),
    )


def _chapter(namespace: Mapping[str, Any]) -> Chapter | None:
    chapter = max(chapters().values(), key=lambda each: _defined(each, namespace))
    return chapter if _defined(chapter, namespace) else None


def _defined(chapter: Chapter, namespace: Mapping[str, Any]) -> int:
    return sum(_is_answer(namespace.get(name)) for name in chapter.names)


def _is_answer(value: Any) -> bool:
    """Whether this was written in the notebook; a later chapter imports the functions of an earlier one from nnlab."""
    return callable(value) and not _is_ours(value)


def _is_ours(value: Any) -> bool:
    module = str(getattr(value, "__module__", ""))
    return module.startswith("nnlab.") or module == "mine"


def _report(name: str, answer: Any, namespace: Mapping[str, Any] = NOTHING, waiting: Waiting | None = None) -> Report:
    """Examine an answer, if it is one and what the notebook says now, and remember whether it passed."""
    exercise = find(name)
    if exercise is None:
        return _unknown(name, namespace)
    if not callable(answer):
        message = say("not attempted yet: there is no function of this name. Run the cell that defines it.")
        return Report(name, "not attempted", message)
    if answer is exercise.reference:
        return Report(
            name, "not attempted", say("this is the course's version: it helps you on and earns no points. Write yours in its cell.")
        )
    doubt, cell = _origin(name, answer, namespace)
    if doubt:
        return Report(name, "stale", doubt, (), "", cell)
    report = examine_in_time(exercise, answer, partial((waiting or Waiting()).tell, f"`{name}`"))
    memory.remember("passed", name, report.passed or None)
    return replace(report, cell=cell)


def _origin(name: str, answer: Any, namespace: Mapping[str, Any]) -> tuple[str, int | None]:
    """Return what speaks against checking this answer, and the number of the cell it comes from."""
    if by_program():
        return "", None
    try:
        cell = history.cell_of(answer)
        return history.doubt(name, answer, namespace.get(name, answer) is answer), cell.number if cell else None
    except Exception:  # an answer that cannot even be looked at; calling it says more
        return "", None


def _unknown(name: str, namespace: Mapping[str, Any]) -> Report:
    """Say which exercises there are: the nearest of this chapter first."""
    here = _chapter(namespace)
    names = here.names if here else [each for chapter in chapters().values() for each in chapter.names]
    near = get_close_matches(name, names, cutoff=0.5)
    meant = say(" Did you mean {names}?", names=_listed(near, say(" or "))) if near else ""
    where = say(" of this chapter") if here else ""
    message = say(
        "there is no exercise of this name.{meant} The exercises{where} are {names}.",
        meant=meant,
        where=where,
        names=_listed(names, say(" and ")),
    )
    return Report(name, "unknown", message)


def _listed(names: Any, last: str) -> str:
    *first, end = [f"`{name}`" for name in names]
    return f"{', '.join(first)}{last}{end}" if first else end


def _name(answer: Any, namespace: Mapping[str, Any]) -> str:
    """Name the exercise: by the function's own name, else by the name it goes by in the notebook."""
    own = answer if isinstance(answer, str) else getattr(answer, "__name__", type(answer).__name__)
    if find(own):
        return str(own)
    return next((name for name, value in namespace.items() if value is answer and find(name)), str(own))


def _climb(name: str, answer: Any, more: bool) -> int:
    """Move one rung up if the source of the answer changed since the last hint, or if asked to, and return the rung."""
    try:
        seen = sha256(history.meaning(name, answer).encode()).hexdigest()[:16]
    except Exception:  # an answer that cannot be looked at
        seen = ""
    kept = memory.recall("hints").get(name)
    rung, before = kept if isinstance(kept, list) and len(kept) == 2 and kept[0] in range(1, RUNGS + 1) else (0, "")
    if more or before != seen:
        rung = min(rung + 1, RUNGS)
    memory.remember("hints", name, [rung, seen])
    return rung


def _names_of(error: NameError) -> Mapping[str, Any]:
    """Return what is defined where an error was raised."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame.f_globals


def _missing(error: NameError) -> str:
    """Say what to do where a cell uses an exercise that was not run yet, or asks to check one that is written otherwise."""
    if not find(str(error.name)):
        last = traceback.extract_tb(error.__traceback__)[-1:]
        asked = any(re.match(r"\s*(?:check|hint)\(", frame.line or "") for frame in last)
        return f"`{error.name}`: {_unknown(str(error.name), _names_of(error)).message}" if asked else ""
    return say(
        "NameError: `{name}` is not defined yet. Run the cells above first: after a restart of the kernel nothing is defined.",
        name=error.name,
    )


history.listen(_missing)
