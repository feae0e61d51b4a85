"""From a notebook's cells to `mine.py`: an answer that passed, with all that it needs."""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnlab.checks._mine.file import NAME, Library, merged, place, read, write
from nnlab.checks._mine.needs import binds, outside, text_of
from nnlab.checks._notebook import history
from nnlab.languages import say

LONGEST = 200  # characters of a constant
MOST = 50  # definitions that one answer brings along
TRIES = 5  # to write what no other notebook has changed meanwhile

Home = Callable[[str], str]  # the module of the course's version of an exercise, or ""


class CannotKeep(Exception):
    """An answer needs something that no file can hold; the message says what."""


@dataclass
class Excerpt:
    """The definitions and imports that an answer needs."""

    imports: list[str] = field(default_factory=list)
    definitions: dict[str, str] = field(default_factory=dict)


def keep(name: str, answer: Any, namespace: Mapping[str, Any], title: str, home: Home) -> str:
    """Write an answer that passed into `mine.py`.

    Parameters
    ----------
    name : str
        The exercise.
    answer : callable
        The function that passed.
    namespace : mapping
        The notebook's names.
    title : str
        The chapter's.
    home : callable
        Gives the module of the course's version of an exercise.

    Returns
    -------
    str
        What speaks against it, or "": also where there is nothing to do, since it is not known where the notebook lies.
    """
    path = place()
    if path is None or getattr(answer, "__module__", "") == "mine":
        return ""
    try:
        for left in reversed(range(TRIES)):
            there = _read(path)
            if there.trouble:
                return say(
                    "`{name}` was not kept in {file}, {trouble}. Mend that line, or delete the file, and check again.",
                    name=name,
                    file=NAME,
                    trouble=there.trouble,
                )
            found = excerpt(name, answer, namespace, there, home)
            text = merged(there.text, found.imports, found.definitions, title)
            if left and _read(path).text != there.text:  # another notebook has just kept something
                continue
            if text != there.text:
                write(path, text)
            break
    except CannotKeep as error:
        return say("`{name}` was not kept in {file}: {error}.", name=name, file=NAME, error=error)
    except OSError as error:
        return say("`{name}` was not kept: {file} cannot be written ({error}).", name=name, file=NAME, error=error.strerror or error)
    return ""


def _read(path: Path) -> Library:
    return read(path) if path.exists() else Library(path, "")


def excerpt(name: str, answer: Any, namespace: Mapping[str, Any], there: Library, home: Home) -> Excerpt:
    """Return what an answer needs.

    Raises
    ------
    CannotKeep
        If it uses something that cannot be written down: an array, a file, a name that is nowhere.
    """
    found, todo = Excerpt(), [name]
    sources: dict[str, str] = {}
    while todo:
        wanted = todo.pop(0)
        if wanted in sources or len(sources) > MOST:
            continue
        sources[wanted] = source = _definition(wanted, answer if wanted == name else namespace.get(wanted))
        for each in sorted(outside(source) - sources.keys()):
            if not _is_there(each, namespace, there, home):
                line = _import(each, namespace, home)
                found.imports += [line] if line else []
                todo += [] if line else [each]
    for each in sources:
        _require_own(each, sources, there, home)
    found.definitions = dict(reversed(sources.items()))
    return found


def _is_there(name: str, namespace: Mapping[str, Any], there: Library, home: Home) -> bool:
    """Whether the file has it already: another exercise, or what the notebook got from there."""
    return name in there.defined and (bool(home(name)) or getattr(namespace.get(name), "__module__", "") == "mine")


def _require_own(name: str, sources: Mapping[str, str], there: Library, home: Home) -> None:
    """Refuse a helper that would take the place of another one of its name, which other answers use.

    Where the answer itself used the one that is there, its author has changed it: then the new one takes its place for all.
    """
    if home(name) or name not in there.defined or there.source(name) == sources[name]:
        return
    if any(name in outside(there.source(each)) for each in sources.keys() & set(there.defined)):
        return
    if users := [f"`{each}`" for each in there.defined if each not in sources and name in outside(there.source(each))]:
        raise CannotKeep(
            say(
                "its `{name}` is not the `{name}` that {users} uses there. Check {users} again first, or give it a name of its own",
                name=name,
                users=", ".join(users),
            )
        )


def _import(name: str, namespace: Mapping[str, Any], home: Home) -> str:
    """Return the line that brings a name, or "" where its definition is to be written down. Another exercise comes from the course."""
    if home(name):
        return f"from {home(name)} import {name}"
    if name not in namespace:
        raise CannotKeep(say("it uses `{name}`, which is not defined", name=name))
    value = namespace[name]
    if isinstance(value, types.ModuleType):
        return f"import {value.__name__}" if value.__name__ == name else f"import {value.__name__} as {name}"
    module, own = str(getattr(value, "__module__", None)), str(getattr(value, "__name__", None))
    if module not in ("None", "__main__", "builtins", "mine") and getattr(sys.modules.get(module), own, None) is value:
        return f"from {module} import {own}" if own == name else f"from {module} import {own} as {name}"
    return _import_of_cell(name)


def _import_of_cell(name: str) -> str:
    """Return the line by which the newest cell of a name imports it, or ""."""
    cell = history.newest(name)
    for statement in _body(cell.run if cell else ""):
        if isinstance(statement, ast.ImportFrom) and name in binds(statement):
            alias = next(each for each in statement.names if name in (each.asname, each.name))
            return ast.unparse(ast.ImportFrom(statement.module, [alias], statement.level))
    return ""


def _definition(name: str, value: Any) -> str:
    """Return the source of a name that a cell defines: of the cell that made this value, else of the newest."""
    cell = (history.cell_of(value) if callable(value) else None) or history.newest(name)
    text = cell.run if cell else ""
    found = [statement for statement in _body(text) if name in binds(statement)]
    if found and (
        isinstance(found[-1], (ast.FunctionDef, ast.ClassDef)) or (binds(found[-1]) == {name} and (callable(value) or _is_table(found[-1])))
    ):
        return text_of(found[-1], text.split("\n"))
    if isinstance(value, (bool, int, float, str, tuple, list, dict, type(None))) and len(repr(value)) < LONGEST and _is_written(value):
        return f"{name} = {value!r}"
    raise CannotKeep(say("it uses `{name}`, which stands in the notebook only. Pass it as an argument, or make it inside", name=name))


def _is_table(statement: ast.stmt) -> bool:
    """Whether a statement writes down a table of functions, such as the operations of a graph, and computes nothing."""
    if not (isinstance(statement, (ast.Assign, ast.AnnAssign)) and isinstance(statement.value, ast.Dict)):
        return False
    held = [part for each in statement.value.values for part in (each.elts if isinstance(each, (ast.Tuple, ast.List)) else [each])]
    return all(isinstance(each, (ast.Lambda, ast.Name, ast.Attribute, ast.Constant)) for each in held)


def _body(text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except (SyntaxError, ValueError):
        return []


def _is_written(value: Any) -> bool:
    """Whether the text of a value gives the value again."""
    try:
        return bool(ast.literal_eval(repr(value)) == value)
    except (ValueError, SyntaxError):
        return False
