"""Answers that are the course's own text: the lessons lie in the students' bundle, and pasted they earn points.

Compared are whole definitions, token by token. Names that anyone chose, docstrings, comments, annotations and layout do not count.
Where our own text is short, honest answers are like it, too: those are counted, and nobody is named.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent

from nnlab.grading.pages.similarity import tokens
from nnlab.grading.results import Mark
from nnlab.workbook.build import load
from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.source import role

# Tokens from which on an answer is not written so by chance. Formulas in three lines, such as `standardised` (58), `cross_entropy` (60) or
# `optimize` (70), are what an honest student writes, too, names aside.
TELLING = 80
LONGEST = 20_000  # characters read of an answer
Text = tuple[str, ...]


@dataclass(frozen=True)
class Copies:
    """An exercise, what its answers are like ("the lesson" or "the solution"), how many tokens that has, and whose they are."""

    exercise: str
    source: str
    tokens: int
    students: tuple[str, ...]

    @property
    def telling(self) -> bool:
        """Whether it is too long to be written so by chance."""
        return self.tokens >= TELLING


def own_texts(files: ChapterFiles) -> dict[str, dict[Text, str]]:
    """Return, by exercise, our own definitions of it as tokens, and where each stands: the lesson in the bundle, or the solution."""
    solution = {name: cell.source for cell in load(files.solution).cells for kind, name in [role(cell)] if kind == "exercise"}
    stubs = {name: cell.source for cell in load(files.student).cells for kind, name in [role(cell)] if kind == "exercise"}
    known: dict[str, dict[Text, str]] = {}
    for each in files.declared.exercises:
        shown = {text: "the solution" for name, text in definitions(solution[each.name]) if name == each.name}
        lesson = {text: "the lesson" for _, text in definitions(dedent(inspect.getsource(each.reference)))}
        given = {text for _, text in definitions(stubs[each.name])}  # such as what drives a class for the check: all students have it
        known[each.name] = {text: place for text, place in {**shown, **lesson}.items() if text not in given}
    return known


def copies(marks: Sequence[Mark], known: Mapping[str, Mapping[Text, str]]) -> list[Copies]:
    """Return which answers are the course's own text, in the order of the chapter.

    Parameters
    ----------
    marks : sequence of Mark
    known : mapping
        What `own_texts` says.
    """
    found: dict[tuple[str, Text], list[str]] = {}
    for mark in marks:
        for exercise in known.keys() & mark.answers.keys():
            for text in {text for _, text in definitions(mark.answers[exercise][:LONGEST])} & known[exercise].keys():
                found.setdefault((exercise, text), []).append(mark.student)
    places = {name: place for place, name in enumerate(known)}
    order = sorted(found, key=lambda key: (places[key[0]], key[1]))
    return [Copies(exercise, known[exercise][text], len(text), tuple(found[exercise, text])) for exercise, text in order]


def definitions(source: str) -> Iterator[tuple[str, Text]]:
    """Yield the functions and classes of a piece of code with their names, as tokens; none where Python cannot read it."""
    try:
        tree = ast.parse(source)
        yield from ((node.name, _text(node)) for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return


def _text(node: ast.FunctionDef | ast.ClassDef) -> Text:
    """Return a definition as tokens, without what says nothing of how it works."""
    plain = _Plain().visit(node)
    return tuple(word for word, _ in tokens(ast.unparse(ast.fix_missing_locations(plain))))


class _Plain(ast.NodeTransformer):
    """Takes docstrings, annotations and decorators away."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Take away what a node has of them."""
        super().generic_visit(node)
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            node.decorator_list = []
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Make an assignment of one with an annotation."""
        return ast.Assign([node.target], node.value) if node.value else ast.Pass()
