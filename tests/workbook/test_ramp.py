"""An exercise asks for thought: the one line that it comes down to does not stand above it, as code or as a formula. Only a chapter's first may begin so."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator

import pytest
from nbformat import NotebookNode
from support import CHAPTERS, ROOT

from nnlab.workbook.course import Course
from nnlab.workbook.source import read, role, solution_lines

SHORTEST = 3  # letters and signs of a formula; `-x` stands everywhere
NAMES = {
    "delta": "δ",
    "alpha": "α",
    "gamma": "γ",
    "sigma": "σ",
    "sigmoid": "σ",
    "theta": "θ",
    "lambda": "λ",
    "beta": "β",
    "f_grad": "f'",
    "slope": "f'z",
    "tanh": "tanh",
}
MEAN = re.compile(
    r"/ ?\w+\.(?:shape\[\d\]|size)|/ ?len\(\w+\)|, axis=-?\d|, keepdims=True|\bnp\.(?:mean|asarray)\b|\bfloat\b"
)  # said in words
SIGNS = ((".T", "ᵀ"), ("np.", ""), ("**", "^"), ("@", ""), ("*", ""), ("−", "-"))
LATEX = (
    (r"\\d?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\1/\2"),
    (r"\^\{?\(.*?\)\}?|_\{[^{}]*\}|_\w", ""),  # the layer, the index
    (r"\\(?:mathbf|boldsymbol|bigl|bigr|Bigl|Bigr|left|right|odot|cdot|mathrm|text|,|;|!|quad|qquad)", ""),
    (r"\\top", "ᵀ"),
    (r"\\prime", "'"),
    (r"\\(\w+)", lambda found: NAMES.get(found[1], found[1])),
)


def plain(code: str) -> str:
    """Return a line of code in signs that a formula has, too: without brackets, spaces, signs of multiplication, and what a mean takes."""
    code = MEAN.sub("", code.strip().removeprefix("return ").partition(" = ")[2] or code.strip().removeprefix("return "))
    for name, letter in NAMES.items():
        code = re.sub(rf"\b{name}\b", letter, code)
    for sign, instead in SIGNS:
        code = code.replace(sign, instead)
    return re.sub(r"[\s(){}\[\]^]", "", code)


def formula(latex: str) -> str:
    """Return a formula in LaTeX as `plain` returns code."""
    for pattern, instead in LATEX:
        latex = re.sub(pattern, instead, latex)
    return re.sub(r"[\s(){}\[\]^&]", "", latex.replace("−", "-").replace("*", ""))


def shown(cells: list[NotebookNode]) -> Iterator[str]:
    """Yield all code and all formulas that a reader has seen in these cells, as `plain` has them."""
    for cell in cells:
        if cell.cell_type == "code":
            yield from map(plain, cell.source.splitlines())
            continue
        yield from map(plain, re.findall(r"`([^`]+)`", cell.source))
        yield from map(formula, re.findall(r"\$\$?([^$]+)\$\$?", cell.source))


class Put(ast.NodeTransformer):
    """Puts what names stand for in their places."""

    def __init__(self, known: dict[str, ast.expr]) -> None:
        self.known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace a name."""
        return self.known.get(node.id, node)


def one_line(source: str) -> str:
    """Return the one expression that a solution comes down to, its names for parts put in, or "" where there is more to write."""
    try:
        body = ast.parse(textwrap.dedent("\n".join(solution_lines(source)))).body
    except SyntaxError:
        return ""
    known: dict[str, ast.expr] = {}
    for statement in body:
        value = getattr(statement, "value", None)
        if value is None or not isinstance(statement, (ast.Return, ast.Assign)):
            return ""
        value = Put(known).visit(value)
        if isinstance(statement, ast.Return) or statement is body[-1]:
            return ast.unparse(value)
        if not isinstance(statement.targets[0], ast.Name):
            return ""
        known[statement.targets[0].id] = value
    return ""


def stands_above(cells: list[NotebookNode]) -> Iterator[str]:
    """Yield the exercises, the first one aside, whose one line stands in a cell above."""
    exercises = [i for i, cell in enumerate(cells) if role(cell)[0] == "exercise"]
    for i in exercises[1:]:
        line = plain(one_line(cells[i].source))
        given = [each for each in cells[:i] if role(each)[0] != "exercise"]
        if len(line) >= SHORTEST and any(line in seen for seen in shown(given)):
            yield role(cells[i])[1]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_solution_is_a_line_of_the_prose_above(chapter: str) -> None:
    """What is asked for has not been shown, in code or as a formula."""
    assert list(stands_above(read(Course(ROOT).chapter(chapter)).cells)) == []


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("So `W @ a + b` is the layer.", "W @ a + b"),
        (r"The slope is $\sigma(z)\,\bigl(1 - \sigma(z)\bigr)$.", "sigmoid(z) * (1 - sigmoid(z))"),
        (
            r"$$\boldsymbol{\delta}^{(l)} = \bigl(W^{(l+1)}\bigr)^\top \boldsymbol{\delta}^{(l+1)} \odot f_l'(\mathbf{z}^{(l)})$$",
            "W.T @ delta * f_grad(z)",
        ),
        (r"$\boldsymbol{\delta} = (\mathbf{a} - \mathbf{y}) \odot f'(\mathbf{z})$", "(a - y) * slope"),
        (r"$\boldsymbol{\delta}^{(l)} \bigl(\mathbf{a}^{(l-1)}\bigr)^\top$, averaged", "delta @ a.T / delta.shape[1]"),
        (r"$w \leftarrow w - \alpha \frac{x}{n}$", "w - alpha * x / n"),
    ],
)
def test_a_line_that_stands_above_is_found(above: str, line: str) -> None:
    """In backticks, in the text, set apart; with bold letters and layers."""
    cells = [NotebookNode(cell_type="markdown", source=above, metadata={})]
    assert any(plain(line) in seen for seen in shown(cells))


def test_another_line_is_not() -> None:
    """The index form of a sum is no matrix product."""
    cells = [NotebookNode(cell_type="markdown", source=r"$\sum_j w_{ji} \delta_j$ and `W.T`", metadata={})]
    assert not any(plain("W.T @ delta") in seen for seen in shown(cells))
