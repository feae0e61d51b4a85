"""`from mine import forward, softmax`: the student's own where `mine.py` has it, else the course's, and a line that says which."""

from __future__ import annotations

import ast
import linecache
from importlib import import_module
from textwrap import fill
from types import FrameType
from typing import Any

from nnlab.checks._mine.file import NAME, Broken, Library, library
from nnlab.checks._notebook.place import by_program, shell
from nnlab.languages import say

# As many columns as a notebook 900 px wide shows: JupyterLab breaks a longer line in the middle of a word.
WIDTH = 84
# Exercises of a first edition that later chapters import still.
FORMER = dict.fromkeys(("sigmoid_grad", "delta_output", "hidden_grad", "hidden_bias_grad"), "nnlab.backpropagation")


def home(name: str) -> str:
    """Return the lesson module that has the course's version of an exercise, or "" for what is no exercise."""
    from nnlab.checks import find

    exercise = find(name)
    return exercise.reference.__module__ if exercise else FORMER.get(name, "")


def names() -> list[str]:
    """Return what can be imported from `mine`: the course's exercises and what the student's file defines."""
    from nnlab.checks import chapters

    theirs = library()
    return sorted({*(name for each in chapters().values() for name in each.names), *(theirs.defined if theirs else ())})


def give(name: str, frame: FrameType | None = None) -> Any:
    """Return the student's function of this name, or the course's.

    Parameters
    ----------
    name : str
        What is imported; "__all__" stands for `from mine import *`.
    frame : frame, optional
        Where it is imported: once for each statement, a line says whose functions come.

    Raises
    ------
    AttributeError
        If neither has it.
    ImportError
        The same in a `from mine import`, where Python would say no more than that it cannot.
    """
    __tracebackhide__ = True
    theirs = library()
    if name == "__all__":
        listed = theirs.defined if theirs else []
        _say(theirs, listed)
        lacking = {each: told for each in listed if (told := _unusable(each, theirs))}
        for told in lacking.values():
            print(told)
        return [each for each in listed if each not in lacking]
    asked = _statement(frame) if frame else []
    if asked[:1] == [name]:
        _say(theirs, asked)
    if name in asked and (told := _unusable(name, theirs)):
        raise ImportError(told, name=name)
    value, _ = _looked_up(name, theirs)
    return value


def _unusable(name: str, theirs: Library | None) -> str:
    """Return why nothing can be given for a name, or ""."""
    try:
        _looked_up(name, theirs)
    except AttributeError as error:
        return str(error)
    return ""


def _looked_up(name: str, theirs: Library | None) -> tuple[Any, str]:
    """Return what a name stands for, and what is wrong with the student's own where the course's comes in its place."""
    __tracebackhide__ = True
    trouble = ""
    if theirs and name in theirs.defined:
        try:
            return theirs.get(name), ""
        except Broken as error:
            trouble = str(error)
    if not home(name):
        if trouble:
            raise AttributeError(
                say("{file}, {trouble}, and the course has no `{name}`. Mend that line.", file=NAME, trouble=trouble, name=name)
            )
        raise AttributeError(
            say(
                "there is no `{name}` among your own code in {file}, and it is no exercise of the course. Is it spelled as in its chapter?",
                name=name,
                file=NAME,
            )
        )
    return getattr(import_module(home(name)), name), trouble


def _say(theirs: Library | None, asked: list[str]) -> None:
    """Print whose functions come, and what is wrong with those of the student's that cannot be used."""
    if shell() is None:
        return
    trouble = {name: _trouble(name, theirs) for name in asked}
    own = [name for name in asked if theirs and name in theirs.defined and not trouble[name]]
    rest = [name for name in asked if name not in own and home(name)]
    parts = [f"{whose}: {', '.join(listed)}" for whose, listed in ((say("yours"), own), (say("the course's"), rest)) if listed]
    if parts:
        print(fill(" · ".join(parts), WIDTH, subsequent_indent="    "))
    if theirs and theirs.trouble and not by_program():
        print(
            say("{file}, {trouble}. Mend it or delete the file: until then all comes from the course.", file=NAME, trouble=theirs.trouble)
        )
    for name, told in trouble.items():
        if told and home(name):
            print(say("{file}, {told}. Until that is mended, `{name}` is the course's.", file=NAME, told=told, name=name))


def _trouble(name: str, theirs: Library | None) -> str:
    """Return why the student's own cannot be used, or ""."""
    try:
        return _looked_up(name, theirs)[1]
    except AttributeError as error:
        return str(error)


def _statement(frame: FrameType) -> list[str]:
    """Return the names that the statement imports which a frame is at, or none where it is no `from mine import`."""
    source = "".join(linecache.getlines(frame.f_code.co_filename, frame.f_globals))
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "mine" and node.lineno <= frame.f_lineno <= (node.end_lineno or 0):
            return [alias.name for alias in node.names]
    return []
