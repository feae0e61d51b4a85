"""The newest source of an answer: what its cell says, whether that ran, and whether it is what a check got to see."""

from __future__ import annotations

import ast
import io
import linecache
import re
import time
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

from nnlab.checks._notebook import place
from nnlab.languages import say

_runs: dict[int, tuple[float, str]] = {}  # number of a cell -> when it ended (seconds since 1970), and the error that ended it


@dataclass(frozen=True)
class Cell:
    """A cell that was run: its number, its text as it was typed and as Python got it."""

    number: int
    typed: str
    run: str

    @property
    def error(self) -> str:
        """What ended it, as far as that is known, or "" where it ended well."""
        if self.number in _runs:
            return _runs[self.number][1]
        return "" if _tree(self.run) else "SyntaxError"


def listen(sentence: Callable[[NameError], str]) -> None:
    """Note from now on how each cell of this notebook ends, and say a sentence in place of the traceback of a missing name.

    Parameters
    ----------
    sentence : callable
        Takes the error of a cell, and returns what to say, or "" where the traceback says more.
    """
    shell = place.shell()
    if shell is None or getattr(shell, "nnlab_listens", False):
        return
    shell.nnlab_listens = True
    shell.events.register("post_run_cell", _note)
    if not shell.custom_exceptions:
        shell.set_custom_exc((NameError,), _shown_by(sentence))


def _note(result: Any) -> None:
    error = result.error_before_exec or result.error_in_exec
    if result.execution_count is not None:
        _runs[result.execution_count] = time.time(), _named(error) if error else ""


def _named(error: BaseException) -> str:
    """Name an error as a person would: a cell has a line, and the name of its file says nothing."""
    told = say("{error}, line {line}", error=error.msg, line=error.lineno) if isinstance(error, SyntaxError) else error
    return f"{type(error).__name__}: {told}"


def _shown_by(sentence: Callable[[NameError], str]) -> Callable[..., None]:
    def show(self: Any, kind: Any, error: Any, trace: Any, tb_offset: int | None = None) -> None:
        said = sentence(error) if trace.tb_next and trace.tb_next.tb_next is None else ""  # raised by the cell's own line
        if said:
            self._showtraceback(kind, error, [said])
        else:
            self.showtraceback((kind, error, trace), tb_offset=tb_offset)

    return show


def cell_of(answer: Any) -> Cell | None:
    """Return the newest cell with the text that this answer was made from, or None where it comes from no cell."""
    code = code_of(answer)
    lines = "".join(linecache.getlines(code.co_filename)) if code else ""
    return next((cell for cell in _newest_first() if cell.run.strip() == lines.strip()), None) if lines.strip() else None


def newest(name: str) -> Cell | None:
    """Return the newest cell that was to define this name, whether it ran or not; None outside IPython."""
    return next((cell for cell in _newest_first() if defines(cell.typed, name)), None)


def doubt(name: str, answer: Any, current: bool) -> str:
    """Say why what is checked is not what the notebook now says, or return "" where nothing speaks against it.

    Parameters
    ----------
    name : str
        The exercise.
    answer
        What is checked.
    current : bool
        Whether it is what the notebook now calls by this name.
    """
    last, own = newest(name), cell_of(answer)
    if last is None:
        return ""
    if not current and (own is None or own.number < last.number):
        return say("this is not what cell [{number}] now calls `{name}`.", number=last.number, name=name)
    if last.error and (own is None or own.number < last.number):
        return say(
            "the newest cell of `{name}`, [{number}], did not run: {error} Mend it and run it, then check again.",
            name=name,
            number=last.number,
            error=_first_line(last.error),
        )
    if _edited(name, last):
        return say("the cell of `{name}` was changed and not run since. Run it, then check again.", name=name)
    return ""


def _first_line(text: str) -> str:
    return text.splitlines()[0].rstrip(".")[:200] + say(". ").rstrip()


def _edited(name: str, last: Cell) -> bool:
    """Whether the notebook's file was saved after that cell ran, and holds another text for it."""
    ended = _runs.get(last.number, (float("inf"), ""))[0]
    when, cells = place.saved()
    if when <= ended:
        return False
    code = [cell for cell in cells if cell.get("cell_type") == "code"]
    mine = [cell for cell in code if _is_for(cell, name)] or [cell for cell in code if defines(place.source(cell), name)]
    return bool(mine) and trace(last.typed) not in [trace(place.source(cell)) for cell in mine]


def _is_for(cell: dict[str, Any], name: str) -> bool:
    metadata = cell.get("metadata")
    ours = metadata.get("nnlab") if isinstance(metadata, dict) else None
    return isinstance(ours, dict) and ours.get("exercise") == name


def code_of(answer: Any) -> CodeType | None:
    """Return the code of a function, of what wraps one (`np.vectorize`, `functools.wraps`, `partial`), or of a class."""
    for _ in range(20):
        if isinstance(answer, FunctionType) and not hasattr(answer, "__wrapped__"):
            return answer.__code__
        inner = next((vars(answer)[key] for key in ("__wrapped__", "pyfunc", "func") if key in getattr(answer, "__dict__", {})), None)
        if inner is None:
            inner = getattr(answer, "__func__", getattr(answer, "func", None))
        if inner is None:
            methods = vars(answer if isinstance(answer, type) else type(answer)).values()
            inner = next((method for method in methods if isinstance(method, FunctionType)), None)
        if inner is None or inner is answer:
            return None
        answer = inner
    return None


def meaning(name: str, answer: Any) -> str:
    """Return what the newest text of an answer says to Python, or what its code does where there is no text."""
    last, code = newest(name), code_of(answer)
    text = last.typed if last else "".join(linecache.getlines(code.co_filename)) if code else ""
    return trace(text) if text else repr(code and (code.co_code, code.co_names, [each for each in code.co_consts if _is_plain(each)]))


def _is_plain(constant: object) -> bool:
    return not isinstance(constant, CodeType)  # code says where it lies in memory


def trace(source: str) -> str:
    """Return what a text says to Python: comments, blank lines and docstrings do not count."""
    tree = _tree(source)
    if tree is None:
        return " ".join(_words(source))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(tree)


def _words(source: str) -> Iterator[str]:
    """Yield the tokens of a text that Python cannot parse, as far as they can be told."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type != tokenize.COMMENT and token.string.strip():
                yield token.string
    except (tokenize.TokenError, SyntaxError):
        yield source


def defines(source: str, name: str) -> bool:
    """Whether a text gives this name a meaning at its top level; one that does not parse is read line by line."""
    if name not in source:
        return False
    tree = _tree(source)
    if tree is not None:
        return name in _bound(tree.body)
    word = re.escape(name)
    pattern = rf"^(?:(?:async\s+)?def|class)\s+{word}\b|^(?:[\w\s,]*,)?\s*{word}\s*(?:,[\w\s,]*)?=(?!=)"
    return re.search(pattern, source, re.MULTILINE) is not None


def _bound(body: list[ast.stmt]) -> set[str]:
    """Return the names that statements bind, also inside `if`, `try`, `with` and loops, but not inside functions."""
    found: set[str] = set()
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
        for part in ("body", "orelse", "finalbody", "handlers"):
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                inner = getattr(node, part, [])
                found |= _bound([s for each in inner for s in (each.body if isinstance(each, ast.ExceptHandler) else [each])])
    return found


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _newest_first() -> Iterator[Cell]:
    cells = _cells()
    return (cells[i] for i in range(len(cells) - 1, -1, -1))


def _cells() -> list[Cell]:
    shell = place.shell()
    history = getattr(shell, "history_manager", None)
    if history is None:
        return []
    pairs = zip(history.input_hist_raw, history.input_hist_parsed, strict=False)
    return [Cell(number, typed, run) for number, (typed, run) in enumerate(pairs)]
