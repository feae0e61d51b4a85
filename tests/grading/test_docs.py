"""What the how-to says about limits is what the grader does."""

from __future__ import annotations

import re
from dataclasses import asdict

from support import ROOT

from nnlab.grading.sandbox.walls import Limits


def test_limits() -> None:
    """Each limit stands in the table, with its default."""
    text = (ROOT / "docs" / "grading.md").read_text("utf-8")
    told = {name: float(value.replace(",", "")) for name, value in re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", text, re.M)}
    assert told == asdict(Limits())
