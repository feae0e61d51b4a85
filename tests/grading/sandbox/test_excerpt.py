"""An excerpt holds what is wanted and what that needs, and says of the rest why it is not there."""

from __future__ import annotations

import ast
from types import ModuleType

import pytest

from nnlab.grading.sandbox.excerpt import excerpts, imports

SHAPES = '''"""Shapes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pack import units
from pack.numbers import PI, TWO as two

if TYPE_CHECKING:
    from pack.numbers import secret

CORNERS, SIDES = 4, 5
TABLE = {"square": lambda side: square(side)}


def square(side: Length) -> Area:
    return side * side


def circle(radius):
    from pack.numbers import half

    return PI * radius**two * half(two)


def length(x):
    return units.metre * math.fabs(x)


Length = Area = float
'''
NUMBERS = "PI = 3.0\nTWO = 2\nsecret = 42\ndef half(x): return x / TWO\ndef double(x): return secret\n"
UNITS = "metre = 1\ninch = metre / 39\n"
SOURCES = {"pack.shapes": SHAPES, "pack.numbers": NUMBERS, "pack.units": UNITS}


def names(source: str) -> set[str]:
    """Return what a module defines."""
    return {name for node in ast.parse(source).body for name in ([node.name] if isinstance(node, ast.FunctionDef) else [])} | {
        each.id for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


def test_what_is_only_called_so() -> None:
    """A field of a class with an answer's name brings no answer along; a variable that is changed in place is a use."""
    field = "class Step:\n    half: float = 1.0\ndef half(x): return x / 2\n"
    assert "def half" not in excerpts({"m": field}, {("m", "Step")}, {("m", "half")})["m"]
    assert "total = 0" in excerpts({"m": "total = 0\ndef more():\n    global total\n    total += 1\n"}, {("m", "more")})["m"]


@pytest.mark.parametrize(
    ("wanted", "shapes", "numbers", "units"),
    [
        ([], set(), set(), set()),
        ([("numpy", ""), ("pack.other", "x"), ("pack.shapes", "triangle")], set(), set(), set()),
        ([("pack.shapes", "square")], {"square", "Length", "Area"}, set(), set()),
        ([("pack.shapes", "TABLE")], {"TABLE", "square", "Length", "Area"}, set(), set()),
        ([("pack.shapes", "circle")], {"circle"}, {"PI", "TWO", "half"}, set()),
        ([("pack.shapes", "length")], {"length"}, set(), {"metre", "inch"}),
        ([("pack", "units")], set(), set(), {"metre", "inch"}),
        ([("pack.numbers", "")], set(), {"PI", "TWO", "secret", "half", "double"}, set()),
        ([("pack.shapes", "SIDES")], {"CORNERS", "SIDES"}, set(), set()),
    ],
)
def test_what_is_kept(wanted: list[tuple[str, str]], shapes: set[str], numbers: set[str], units: set[str]) -> None:
    """Names, and through statements and imports what they need, in every module."""
    made = excerpts(SOURCES, wanted)
    got = {name: names(source) - {"__getattr__", "TABLE_"} for name, source in made.items()}
    assert got == {"pack.shapes": shapes, "pack.numbers": numbers, "pack.units": units}


def test_it_runs() -> None:
    """An excerpt is a module: what is kept works, and what is not says why."""
    module = ModuleType("pack.numbers")
    exec(excerpts(SOURCES, [("pack.numbers", "half")])["pack.numbers"], vars(module))
    assert module.half(4) == 2
    with pytest.raises(ImportError, match=r"pack\.numbers\.double is withheld while this chapter is graded: write the function yourself"):
        module.double  # noqa: B018
    assert not hasattr(module, "__path__")


@pytest.mark.parametrize("wanted", [("pack.numbers", "double"), ("pack.numbers", "secret"), ("pack.numbers", "")])
def test_answers_are_refused(wanted: tuple[str, str]) -> None:
    """What other cells need cannot be an answer: that is a mistake of the chapter, and named."""
    with pytest.raises(ValueError, match=r"pack\.numbers\.secret is the answer to an exercise"):
        excerpts(SOURCES, [wanted], {("pack.numbers", "secret")})


def test_imports() -> None:
    """Every form of import is found, wherever it stands."""
    code = "import a, b.c as d\nfrom e import f, g as h\ndef i():\n    from j.k import l\nfrom . import m"
    assert set(imports(ast.parse(code))) == {("a", ""), ("b.c", ""), ("e", "f"), ("e", "g"), ("j.k", "l")}
