"""What a piece of code needs that it does not bring along: the names that it looks up outside itself."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator


def outside(source: str) -> set[str]:
    """Return the names that statements look up outside themselves, builtins aside; none where Python cannot read them."""
    try:
        table = symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    own = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    return set(_looked_up(table)) - own - set(vars(builtins))


def _looked_up(table: symtable.SymbolTable) -> Iterator[str]:
    at_top = table.get_type() == "module"
    for symbol in table.get_symbols():
        # symtable takes a function named `top` for the module: what is local there is called global, too
        is_global = symbol.is_global() and (not symbol.is_local() or symbol.is_declared_global())
        if symbol.is_referenced() and (at_top or is_global):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _looked_up(inner)


def binds(statement: ast.stmt) -> set[str]:
    """Return the names that a statement at the top of a file binds."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return {alias.asname or alias.name.partition(".")[0] for alias in aliases}
        case ast.Assign() | ast.AnnAssign():
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            return {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
        case ast.If() | ast.Try():
            return {name for each in ast.iter_child_nodes(statement) for name in _bound_inside(each)}
        case _:
            return set()


def _bound_inside(node: ast.AST) -> set[str]:
    """Return the names that a part of an `if` or `try` binds; its test binds none."""
    if isinstance(node, ast.ExceptHandler):
        return {name for each in node.body for name in binds(each)}
    return binds(node) if isinstance(node, ast.stmt) else set()


def imported_inside(statement: ast.stmt) -> Iterator[tuple[int, str]]:
    """Yield the modules that functions import when they are called, each by its first name with its line; not those in a `try`."""
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.Try)):
        return
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        match node:
            case ast.Import(names=aliases):
                yield from ((node.lineno, alias.name.partition(".")[0]) for alias in aliases)
            case ast.ImportFrom(module=str(module), level=0):
                yield node.lineno, module.partition(".")[0]
            case _:
                todo += [each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.Try)]


def first_line(statement: ast.stmt) -> int:
    """Return the line that a statement begins in, its decorators included."""
    return min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", ()))])


def text_of(statement: ast.stmt, lines: list[str]) -> str:
    """Return the text of a statement as it stands in a file or cell."""
    return "\n".join(lines[first_line(statement) - 1 : statement.end_lineno])
