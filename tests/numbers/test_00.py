"""Every erratum of the lectures stands in the appendix, with a cell that shows it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from support import ROOT

from nnlab.workbook.build import load
from nnlab.workbook.course import Course

ERRATA = {  # number: lectures, and what the appendix calls it
    1: ("S0", "the slope of the sigmoid"),
    2: ("S0", "a softmax that does not sum to 1"),
    3: ("S0", "a program that does not run"),
    4: ("S0", "a sum beside a mean"),
    5: ("S0 S1 S2", "tanh and the slope of ReLU at 0"),
    6: ("S0", "numbers that overflow"),
    7: ("S0 S4", "three losses called MSE"),
    8: ("S2", "an order, a number and a sign"),
    9: ("S2", "two columns under wrong heads"),
    10: ("S3", "what looks like evidence"),
    11: ("S1", 'a square, a sign, and "close to zero"'),
    12: ("S2", "two estimates exchanged"),
    13: ("S2", "the network program of S2"),
    14: ("S3", "how many are left, and how many are tried"),
    15: ("S1", "what shrinks, and what grows"),
    16: ("S1 S3", "the size of a brain"),
    17: ("S0 S1 S3", "three prices for weights"),
}
FACTS = Path(os.environ.get("NNLAB_FACTS", "FACTS.md"))  # the course's list of facts, which is not in the repository
SHOWN = {  # what the proofs print, and FACTS has
    1: ["0.2500", "0.3655"],
    2: ["0.9211", "[0.5292 0.0634 0.4075]"],
    3: ["ValueError", "NameError"],
    4: ["0.8 "],
    6: ["nan", "[1. 0.]"],
    8: ["784"],
    9: ["-16.08: 0.064", "2.28: 0.003", "0.35 5.77 -14.97 29.86"],
    13: ["0.000425237", "0.000309042", "np.mat: False"],
    14: ["2520 settings", "63000 fits", "1120 settings", "0.0172"],
    15: ["in 20 of 20 networks", "by more than ten times in half of them: True"],
}


def sections() -> dict[str, list[str]]:
    """Return the outputs of the cells below each heading of the third level."""
    found: dict[str, list[str]] = {}
    heading = ""
    for cell in load(Course(ROOT).chapter("00").solution).cells:
        if cell.cell_type == "markdown" and (title := re.match(r"#{2,3} (.*)", cell.source)):
            heading = title[1]
        if cell.cell_type == "code" and heading:
            found.setdefault(heading, []).extend("".join(output.get("text", "")) for output in cell.outputs)
    return found


@pytest.mark.parametrize("number", ERRATA)
def test_each_stands_there_with_its_proof(number: int) -> None:
    """Its heading, and below it a cell that prints what is right."""
    printed = "\n".join(sections()[f"Erratum {number}: {ERRATA[number][1]}"])
    assert printed
    assert [text for text in SHOWN.get(number, ()) if text not in printed] == []


def test_there_are_no_others() -> None:
    """The appendix counts as the table does."""
    headings = [heading for heading in sections() if heading.startswith("Erratum")]
    assert [int(re.findall(r"\d+", heading)[0]) for heading in headings] == list(ERRATA)


@pytest.mark.skipif(not FACTS.is_file(), reason="the list of facts is not in the repository; NNLAB_FACTS says where it lies")
def test_none_of_the_list_is_missing() -> None:
    """The errata of FACTS have the numbers of the table, and speak of the same lectures."""
    errata = FACTS.read_text("utf-8").partition("## Errata")[2].partition("\n## ")[0]
    listed = {int(number): text for number, text in re.findall(r"^(\d+)\. (.*?)(?=^\d+\. |\Z)", errata, re.MULTILINE | re.DOTALL)}
    assert list(listed) == list(ERRATA)
    assert [number for number, text in listed.items() if ERRATA[number][0].split()[0] not in text] == []
