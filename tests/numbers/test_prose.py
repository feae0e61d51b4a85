"""Measured numbers in the prose are those that the chapter's own cells print: `<!-- measured -->` behind a number says so in the source.

Outputs are made again by nbval; so prose that was right once and is not any more fails here after the next build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import jupytext
import pytest
from support import ROOT

from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.source import MEASURED

COURSE = Course(ROOT)
NUMBER = r"[-−]?\d+(?:\.\d+)?"
MARKED = {name: 5 for name in COURSE.names if name[:2] >= "05"}  # chapters whose prose tells of measurements, and how many at least


def decimals(number: str) -> int:
    """Return how many decimals a number is written with."""
    return len(number.partition(".")[2])


def value(number: str) -> float:
    """Return the number; the prose has a true minus sign."""
    return float(number.replace("−", "-"))


def told(name: str) -> Iterator[tuple[str, bool, str]]:
    """Yield each marked number, whether it is a percentage, and what the code cells of its section print."""
    cells = [
        cell for cell in jupytext.read(COURSE.chapter(name).source).cells if "recall" not in cell.metadata
    ]  # those stand in no notebook
    outputs = [
        "".join(each.get("text", "") for each in cell.get("outputs", ())) if cell.cell_type == "code" else ""
        for cell in load(COURSE.chapter(name).solution).cells
    ]
    assert len(cells) == len(outputs)
    starts = [i for i, cell in enumerate(cells) if cell.cell_type == "markdown" and cell.source.startswith("## ")]
    for start, end in pairwise([0, *starts, len(cells)]):
        for cell in cells[start:end]:
            if cell.cell_type == "markdown":
                for number, percent in re.findall(rf"({NUMBER})( ?%)?{MEASURED}", cell.source):
                    yield number, bool(percent), "\n".join(outputs[start:end])


def shown(number: str, percent: bool, printed: str) -> bool:
    """Tell whether an output shows the number, perhaps with more decimals than the prose."""
    places = decimals(number)
    scale = 100 if percent else 1
    candidates = (each for each in re.findall(NUMBER, printed) if decimals(each) >= places)
    return any(abs(scale * value(each) - value(number)) <= 0.5001 * 10.0**-places for each in candidates)


@pytest.mark.parametrize("name", COURSE.names)
def test_measured_numbers_are_printed(name: str) -> None:
    """Each marked number of the prose stands in an output of its section."""
    marks = list(told(name))
    assert len(marks) >= MARKED.get(name, 0), "mark the measured numbers of the prose"
    missing = [number for number, percent, printed in marks if not shown(number, percent, printed)]
    assert missing == []


def test_no_mark_is_left_in_the_notebooks() -> None:
    """Readers do not see the marks, and each mark of a source stands behind a number."""
    for name in COURSE.names:
        files = COURSE.chapter(name)
        assert "measured -->" not in files.solution.read_text("utf-8") + files.student.read_text("utf-8")
        source = files.source.read_text("utf-8")
        assert source.count(MEASURED) == len(re.findall(rf"{NUMBER}(?: ?%)?{MEASURED}", source))


@pytest.mark.parametrize(
    ("number", "percent", "printed", "right"),
    [
        ("0.92", False, "right 0.9187", True),
        ("0.92", False, "right 0.9137", False),
        ("58", True, "majority 0.5803", True),
        ("−1.5", False, "z = -1.47", True),
        ("0.923", False, "right 0.92", False),
        ("7", False, "nothing", False),
    ],
)
def test_rounding(number: str, percent: bool, printed: str, right: bool) -> None:
    """A number of the prose may be rounded, and no other number will do."""
    assert shown(number, percent, printed) is right
