"""The file `mine.py`: where it lies, what it defines, and how a definition gets into it without a change of what else stands there."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nnlab._files import write_atomically
from nnlab.checks._mine.needs import binds, first_line, imported_inside, outside, text_of
from nnlab.checks._notebook.place import notebook
from nnlab.checks._notebook.watch import Stop, limited
from nnlab.languages import say

NAME = "mine.py"
LARGEST = 1_000_000  # bytes; a student's is a hundredth of that
LONGEST = 5.0  # seconds that a statement may take
HEAD = '''"""Your own code. What passes its check(...) in a chapter is kept here; `from mine import NAME` brings it into later chapters.

Read it, change it, show it around. A newer answer takes the place of an older one of the same name; nothing else is touched.
"""
'''
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_read: dict[Path, tuple[tuple[int, int], Library]] = {}


class Broken(Exception):
    """Something in `mine.py` cannot be used; the message says what and where."""


@dataclass(frozen=True)
class Library:
    """What stands in a `mine.py`.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        What stands in it.
    trouble : str
        Why it cannot be read, or "".
    """

    path: Path
    text: str
    trouble: str = ""

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, as Python counts them."""
        return self.text.split("\n")

    @cached_property
    def statements(self) -> dict[str, ast.stmt]:
        """The statement that binds each name, the last one where there are several."""
        return {name: statement for statement in self._body for name in binds(statement) - {"*"}}

    @cached_property
    def _body(self) -> list[ast.stmt]:
        return [] if self.trouble else ast.parse(self.text).body

    @cached_property
    def _stars(self) -> list[ast.stmt]:
        """The imports of all that a module has."""
        return [statement for statement in self._body if "*" in binds(statement)]

    @cached_property
    def defined(self) -> list[str]:
        """The names of functions and classes, and of what else is no import, in the order of the file."""
        return [name for name, statement in self.statements.items() if not _imports(statement, name)]

    @cached_property
    def _names(self) -> dict[str, Any]:
        return {"__name__": "mine", "__file__": str(self.path), "__builtins__": builtins}

    def source(self, name: str) -> str:
        """Return the text of a definition."""
        return text_of(self.statements[name], self.lines)

    def get(self, name: str) -> Any:
        """Return what the file defines by this name. No more of the file is run than that needs.

        Raises
        ------
        Broken
            If that fails, is no function, or uses what does not stand there.
        """
        needed = self._needed(name)
        for statement in needed:
            if statement not in self._ran:
                self._run(statement)
        value = self._names.get(name)
        if not callable(value):
            raise Broken(say("line {line}: `{name}` is no function", line=first_line(self.statements[name]), name=name))
        for statement in needed:
            self._require_complete(statement)
        return value

    def _require_complete(self, statement: ast.stmt) -> None:
        """Refuse a statement that would fail later, where it is called: it looks up a name that does not stand in the file."""
        made = {name for each in ast.walk(statement) if isinstance(each, ast.Global) for name in each.names}
        if missing := sorted(outside(text_of(statement, self.lines)) - self._names.keys() - made):
            line = first_line(statement)
            raise Broken(say("line {line}: what stands there uses `{name}`, which this file does not have", line=line, name=missing[0]))
        for line, module in imported_inside(statement):
            if not _is_installed(module):
                raise Broken(say("line {line}: {error}", line=line, error=f"ModuleNotFoundError: No module named '{module}'"))

    @cached_property
    def _ran(self) -> set[ast.stmt]:
        return set()

    def _needed(self, name: str) -> list[ast.stmt]:
        """Return the statements that a definition needs, and itself, in the order of the file."""
        found: dict[ast.stmt, None] = {}
        todo = [name]
        while todo:
            statement = self.statements.get(todo.pop())
            for each in [statement] if statement else self._stars:
                if each not in found:
                    found[each] = None
                    todo += outside(text_of(each, self.lines))
        return sorted(found, key=lambda statement: statement.lineno)

    @cached_property
    def _endless(self) -> set[ast.stmt]:
        return set()

    def _told_of_time(self, line: int) -> str:
        return say("line {line}: this did not end in {seconds:g} s", line=line, seconds=LONGEST)

    def _run(self, statement: ast.stmt) -> None:
        code, line = compile(ast.Module([statement], []), str(self.path), "exec"), first_line(statement)
        if statement in self._endless:  # nobody waits for it again until the file has changed
            raise Broken(self._told_of_time(line))
        self._ran.add(statement)
        try:
            limited(lambda: exec(code, self._names), LONGEST)
        except KeyboardInterrupt:
            self._ran.discard(statement)
            raise
        except Stop as stop:
            self._ran.discard(statement)
            if stop.why == "interrupt":
                raise KeyboardInterrupt from None
            self._endless.add(statement)
            raise Broken(self._told_of_time(line)) from None
        except BaseException as error:  # also one that wants to end the kernel
            self._ran.discard(statement)
            raise Broken(say("line {line}: {error}", line=line, error=_in_a_line(error))) from error


def _is_installed(module: str) -> bool:
    try:
        return module in sys.modules or find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _in_a_line(error: BaseException) -> str:
    """Return what an error is called and the first line of what it says, if it can say it."""
    try:
        told = str(error).strip().partition("\n")[0]
    except Exception:
        told = ""
    return f"{type(error).__name__}{told and ': '}{told}"[:300]


def _imports(statement: ast.stmt, name: str) -> bool:
    """Whether a statement at the top gets a name by an import."""
    if isinstance(statement, DEFINITIONS):
        return False
    return any(isinstance(each, (ast.Import, ast.ImportFrom)) and name in binds(each) for each in ast.walk(statement))


def library() -> Library | None:
    """Return the file beside the notebook, read again where it has changed, or None where there is none."""
    path = place()
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    stamp = (found.st_mtime_ns, found.st_size)
    if _read.get(path, (None, None))[0] != stamp:
        _read[path] = stamp, read(path)
    return _read[path][1]


def place() -> Path | None:
    """Return where the file lies, or is to lie; None where it is not known which file the notebook is."""
    beside = notebook()
    return beside.with_name(NAME) if beside else None


def read(path: Path) -> Library:
    """Read a `mine.py`, whatever it is."""
    try:
        if path.stat().st_size > LARGEST:
            return Library(path, "", say("it is larger than a megabyte"))
        text = path.read_text("utf-8-sig")  # some editors put a mark before it
        ast.parse(text)
    except SyntaxError as error:
        return Library(path, "", say("line {line}: {error}", line=error.lineno or 1, error=error.msg))
    except UnicodeDecodeError:
        return Library(path, "", say("it is not saved as UTF-8"))
    except OSError as error:
        return Library(path, "", say("it cannot be read ({error})", error=error.strerror or error))
    except (ValueError, RecursionError, MemoryError) as error:
        return Library(path, "", say("it is no Python ({kind})", kind=type(error).__name__))
    return Library(path, text)


def merged(text: str, imports: Iterable[str], definitions: Mapping[str, str], title: str) -> str:
    """Return the text of a file with these definitions in it, each in place of an older one of its name, or else at its end.

    Parameters
    ----------
    text : str
        The file as it is, or "".
    imports : iterable of str
        Lines that the definitions need; those that stand there already are not repeated.
    definitions : mapping
        Sources by name, in the order they are to stand in.
    title : str
        What stands above those that are new.
    """
    lines = (text or HEAD).rstrip("\n").split("\n")
    for name, source in definitions.items():
        lines = _without_imports_of(name, lines)
        old = [statement for statement in ast.parse("\n".join(lines)).body if binds(statement) == {name}]
        for statement in reversed(old[:-1]):
            del lines[first_line(statement) - 1 : statement.end_lineno]
        if old:
            statement = next(each for each in reversed(ast.parse("\n".join(lines)).body) if binds(each) == {name})
            lines[first_line(statement) - 1 : statement.end_lineno] = source.split("\n")
        else:
            lines += ["", "", f"# {title}", *source.split("\n")]
    return "\n".join(_with_imports(imports, lines)) + "\n"


def _without_imports_of(name: str, lines: list[str]) -> list[str]:
    """Drop a name from the imports of a file: its own definition takes their place."""
    for statement in reversed(ast.parse("\n".join(lines)).body):
        if isinstance(statement, ast.ImportFrom) and name in binds(statement):
            statement.names = [alias for alias in statement.names if (alias.asname or alias.name) != name]
            rest = [ast.unparse(statement)] if statement.names else []
            lines = [*lines[: statement.lineno - 1], *rest, *lines[statement.end_lineno :]]
    return lines


def _with_imports(imports: Iterable[str], lines: list[str]) -> list[str]:
    """Add lines that import something behind the last of them, those that stand there already aside."""
    body = ast.parse("\n".join(lines)).body
    there = {line for statement in body for line in _single(statement)}
    new = [line for line in dict.fromkeys(imports) if line not in there]
    last = [statement for statement in body if isinstance(statement, (ast.Import, ast.ImportFrom))]
    docstring = body[:1] if body and isinstance(body[0], ast.Expr) else []
    after = (last or docstring or [ast.Pass(end_lineno=0)])[-1].end_lineno or 0
    return [*lines[:after], *([""] if new and not last and after else []), *new, *lines[after:]]


def _single(statement: ast.stmt) -> Iterator[str]:
    """Yield an import as lines of one name each."""
    match statement:
        case ast.Import(names=aliases):
            yield from (ast.unparse(ast.Import([alias])) for alias in aliases)
        case ast.ImportFrom(module=module, names=aliases, level=level):
            yield from (ast.unparse(ast.ImportFrom(module, [alias], level)) for alias in aliases)


def write(path: Path, text: str) -> None:
    """Write the file, whole or not at all."""
    write_atomically(path, text)
