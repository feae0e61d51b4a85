"""Excerpts of Python modules: some names, all that these need, and nothing else.

A chapter's cells may use `nnlab.activations.sigmoid` while the answer to its exercise stands a few lines below in the same module, or in
other words in the next. So the sandbox gets of each lesson no more than the cells import.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping

Import = tuple[str, str]  # a module, and a name in it or "" for `import module`

MISSING = """
def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise ImportError(f"{__name__}.{name} is withheld while this chapter is graded: write the function yourself.")
"""


def imports(node: ast.AST) -> Iterator[Import]:
    """Yield what a piece of code imports, wherever in it."""
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            yield from ((alias.name, "") for alias in each.names)
        elif isinstance(each, ast.ImportFrom) and each.module:
            yield from ((each.module, alias.name) for alias in each.names)


def defined(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement of a module defines."""
    match statement:
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in aliases)
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case _:
            parts = list(ast.walk(statement))
            inner = {name for part in parts if isinstance(part, ast.comprehension) for name in ast.walk(part.target)}  # not the module's
            yield from (each.id for each in parts if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and each not in inner)


def by_name(module: ast.Module) -> dict[str, ast.stmt]:
    """Return the statement that defines each name of a module."""
    return {name: statement for statement in module.body for name in defined(statement)}


def used(node: ast.AST) -> set[str]:
    """Return the names that a piece of code reads; a field of a class, or a variable that is only set, is no use of what is called so."""
    read = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Store)}
    return read | {each.target.id for each in ast.walk(node) if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name)}


def excerpts(sources: Mapping[str, str], wanted: Iterable[Import], answers: Collection[Import] = ()) -> dict[str, str]:
    """Return the source of each module with what is wanted of it, by the name of the module.

    Parameters
    ----------
    sources : mapping
        Whole sources by name, such as "nnlab.activations".
    wanted : iterable of pairs
        What cells import. Of a module that is imported whole, everything is wanted.
    answers : collection of pairs
        What must not be among it.

    Raises
    ------
    ValueError
        If an answer is wanted.
    """
    modules = {name: by_name(ast.parse(source)) for name, source in sources.items()}
    kept: dict[str, dict[str, ast.stmt]] = {name: {} for name in sources}
    todo = list(wanted)
    while todo:
        module, name = todo.pop()
        whole = f"{module}.{name}".rstrip(".")
        if whole in modules:
            todo += [(whole, each) for each in modules[whole].keys() - kept[whole].keys()]
        elif name in modules.get(module, {}) and name not in kept[module]:
            if (module, name) in answers:
                raise ValueError(f"{module}.{name} is the answer to an exercise, and other cells of its chapter need it.")
            statement = kept[module][name] = _alone(modules[module][name], name)
            todo += [*imports(statement), *((module, each) for each in used(statement))]
    return {name: _source(kept[name], modules[name]) for name in sources}


def _alone(statement: ast.stmt, name: str) -> ast.stmt:
    """Return the part of an import that brings a name, and any other statement as it is."""
    if isinstance(statement, ast.ImportFrom):
        aliases = [alias for alias in statement.names if name in (alias.asname, alias.name)]
        return ast.ImportFrom(statement.module, aliases, statement.level)
    return statement


def _source(kept: Mapping[str, ast.stmt], whole: Mapping[str, ast.stmt]) -> str:
    """Write what is kept in the order of the module."""
    statements = dict.fromkeys(kept[name] for name in whole if name in kept)
    return "\n\n".join(["from __future__ import annotations", *map(ast.unparse, statements), MISSING])
