"""Which cell of a submission is which of ours, whatever an editor did to ids and metadata; and what a cell defines."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from difflib import SequenceMatcher

from nbformat import NotebookNode

from nnlab.workbook.source import role

LONGEST = 100_000  # characters of a cell that are read
MAGIC = re.compile(r"^([ \t]*)([%!].*|[^#\n]*\?)$", re.MULTILINE)  # a comment may ask something
BINDS = re.compile(r"^(?:async +def +|def +|class +)(\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)|^(?:from|import)\b.*?(\w+) *$", re.MULTILINE)
MOST_COMPARED = 2_000  # characters
ALIKE = 0.5
LINE = 16  # characters; a line of Chinese says much in few
NO_ARGUMENTS = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
NOTHING = "a function that does nothing, or an import"
FENCED = re.compile(r"\s*```[^\n`]*\n(.*?)\n?[ \t]*```\s*", re.DOTALL)

Keys = Callable[[NotebookNode], Iterator[str]]


def bare(source: str) -> str:
    """Return a text without white space: editors change line ends, indents and blank lines."""
    return re.sub(r"\s+", "", source)


def quoted(source: str) -> set[str]:
    """Return the lines of a text that are long enough to tell whose they are."""
    return {line for line in map(bare, source.splitlines()) if len(line) >= LINE}


def same(source: str, ours: Set[str]) -> bool:
    """Whether a text says to Python what one of ours says, each given by `said`: layout, comments and docstrings change nothing."""
    return not ours.isdisjoint(said(source))


def said(source: str) -> set[str]:
    """Return what a text is known by: its characters, and what Python makes of it."""
    tree = None if MAGIC.search(source) else parsed(source)
    dumped = _dumped(tree) if tree and tree.body else ""
    return {each for each in (bare(source), dumped) if each}


def _dump(tree: ast.Module) -> str:
    try:
        return ast.dump(tree)
    except RecursionError:
        return ""


def grade_id(cell: NotebookNode) -> str:
    """Return nbgrader's name of a cell, or ""."""
    known = cell.metadata.get("nbgrader")
    return str(known.get("grade_id", "")) if isinstance(known, dict) else ""


def names(cell: NotebookNode) -> set[str]:
    """Return all that a cell is called by: its id, the id that Colab keeps in the metadata, nbgrader's."""
    return {str(cell.get("id") or ""), str(cell.metadata.get("id") or ""), grade_id(cell)} - {""}


def pair(ours: Sequence[NotebookNode], theirs: Sequence[NotebookNode]) -> dict[int, int]:
    """Return which of the student's cells is which of ours, as places in the two lists; each stands in it once at most.

    A cell is told by its name and text, by its name where it has a role, by its text, by its name alone, and last by its place: what
    stands between the same two neighbours is the same cell, where there is one of it on both sides. A copy of a stub is no reason to
    look for its answer there, so stubs are told by their text only when all else is known.
    """
    found: dict[int, int] = {}
    all_, with_role = [True] * len(ours), [bool(role(cell)[0]) for cell in ours]
    no_stubs = [role(cell)[0] != "exercise" for cell in ours]
    for key, which in ((_name_and_text, all_), (_names, with_role), (_text, no_stubs), (_meaning, no_stubs), (_names, all_)):
        _pair_by(key, ours, theirs, found, which)
    for first, second in _gaps(ours, theirs, found):
        found.update(_pair_gap(ours, theirs, first, second))
    for key in (_text, _meaning):
        _pair_by(key, ours, theirs, found, all_)
    return found


def _names(cell: NotebookNode) -> Iterator[str]:
    yield from names(cell)


def _text(cell: NotebookNode) -> Iterator[str]:
    if text := bare(cell.source):
        yield f"{cell.cell_type == 'code'} {text}"


def _meaning(cell: NotebookNode) -> Iterator[str]:
    if cell.cell_type == "code":
        yield from said(cell.source) - {bare(cell.source)}


def _name_and_text(cell: NotebookNode) -> Iterator[str]:
    yield from (f"{name} {text}" for name in names(cell) for text in _text(cell))


def _pair_by(
    keys: Keys,
    ours: Sequence[NotebookNode],
    theirs: Sequence[NotebookNode],
    found: dict[int, int],
    which: Sequence[bool],
) -> None:
    """Add the pairs that share a key, in the order of the notebook."""
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    taken = set(found.values())
    for place, cell in enumerate(theirs):
        for key in keys(cell):
            waiting[key].append(place)
    for place, cell in enumerate(ours):
        if place in found or not which[place]:
            continue
        free = [each for key in keys(cell) for each in waiting[key] if each not in taken]
        if free:
            found[place] = min(free)
            taken.add(found[place])


def _gaps(ours: Sequence[NotebookNode], theirs: Sequence[NotebookNode], found: dict[int, int]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the code cells without a partner between two neighbours that have one: places of ours and of theirs."""
    taken, start, gap = set(found.values()), -1, list[int]()
    for place in range(len(ours) + 1):
        if place < len(ours) and place not in found:
            gap += [place] if ours[place].cell_type == "code" else []
            continue
        end = found.get(place, len(theirs))
        between = [each for each in range(start + 1, end) if each not in taken and _is_code(theirs[each])]
        if gap and between:
            yield gap, between
        start, gap = end, []


def _pair_gap(ours: Sequence[NotebookNode], theirs: Sequence[NotebookNode], first: list[int], second: list[int]) -> dict[int, int]:
    """Pair an exercise with the last cell that defines it, and the rest in their order where they are equally many and alike."""
    found: dict[int, int] = {}
    for place, name in ((place, role(ours[place])[1]) for place in first if role(ours[place])[0] == "exercise"):
        if defining := [each for each in second if each not in found.values() and name in defined(theirs[each].source)]:
            found[place] = defining[-1]
    rest = [each for each in first if each not in found], [each for each in second if each not in found.values()]
    alike = len(rest[0]) == len(rest[1]) and all(_alike(ours[one].source, theirs[other].source) for one, other in zip(*rest, strict=True))
    return found | ({one: other for one, other in zip(*rest, strict=True) if _in_order(one, other, found)} if alike else {})


def _in_order(one: int, other: int, found: dict[int, int]) -> bool:
    """Whether a pair stands to the pairs found as it should: none before one of ours and behind its partner."""
    return all((one < each) == (other < partner) for each, partner in found.items())


def _is_code(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(bare(cell.source))


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, bare(one)[:MOST_COMPARED], bare(other)[:MOST_COMPARED], autojunk=False).quick_ratio() > ALIKE


def defined(source: str) -> set[str]:
    """Return the names that a cell defines at its top level, in whatever way; told from its text where it does not parse.

    A name may be bound by `def`, `class`, `import … as`, an assignment, `for` or `with`, also inside an `if`, a `try` or a loop.
    """
    tree = parsed(source)
    return set(_bound(tree.body)) if tree else {next(filter(None, groups)) for groups in BINDS.findall(source[:LONGEST])}


def definitions(source: str, name: str) -> tuple[str, ...]:
    """Return what Python makes of the statements of a cell that bind a name, or of the whole cell where it does not parse."""
    tree = parsed(source)
    return tuple(_dumped(ast.Module([node], [])) for node in tree.body if name in _bound([node])) if tree else (bare(source),)


def unfenced(source: str) -> str:
    """Return the code in a text that is nothing but a block of code between fences; any other text as it is."""
    found = FENCED.fullmatch(source)
    return found[1] if found else source


def parsed(source: str) -> ast.Module | None:
    """Return a cell's syntax tree, with lines that only IPython understands left out; None where it is not Python."""
    try:
        return ast.parse(MAGIC.sub(r"\1pass", source[:LONGEST]))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _bound(body: Sequence[ast.AST]) -> Iterator[str]:
    """Yield what statements bind, without a look into functions and classes."""
    todo = list(body)
    while todo:
        match node := todo.pop():
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (alias.asname or alias.name.partition(".")[0] for alias in aliases)
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                pass
            case _:
                todo += ast.iter_child_nodes(node)


def imports(source: str) -> bool:
    """Whether a cell begins with an import."""
    tree = parsed(source)
    return tree is not None and bool(tree.body) and isinstance(tree.body[0], (ast.Import, ast.ImportFrom))


def unwritten(source: str, stub: str) -> bool:
    """Tell whether a cell is empty or still the stub, or has nothing in its place: `pass`, `...`; comments and docstrings aside.

    Nor is a function written that does nothing, whatever its arguments.
    """
    if bare(source) in ("", bare(stub)):
        return True
    tree, ours = parsed(source), parsed(stub)
    if tree is None or ours is None:
        return tree is not None and not tree.body
    asked = set(_bound(ours.body))
    return set(_emptied(tree, asked)) <= {*_emptied(ours, asked), NOTHING}


def _emptied(tree: ast.Module, asked: Set[str]) -> Iterator[str]:
    """Write out the statements of a cell, with `NOTHING` for a function that does nothing, and for an import of what is not asked for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and all(map(_does_nothing, node.body)):  # a docstring does nothing, either
            node.args, node.returns, node.body = NO_ARGUMENTS, None, []
    for node in tree.body:
        beside = isinstance(node, ast.Import | ast.ImportFrom) and asked.isdisjoint(_bound([node]))
        empty = beside or (isinstance(node, ast.FunctionDef) and not node.body)
        yield NOTHING if empty else _dumped(ast.Module([node], []))


def _does_nothing(node: ast.stmt) -> bool:
    match node:
        case ast.Pass() | ast.Expr(ast.Constant()) | ast.Return(None | ast.Constant(None)):
            return True
        case ast.Raise(ast.Name("NotImplementedError") | ast.Call(ast.Name("NotImplementedError"))):
            return True
    return False


def _dumped(tree: ast.Module) -> str:
    """Write a tree out without its docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(node, clean=False):
            node.body = node.body[1:]
    return _dump(tree)
