"""How an answer in words was marked: which criteria were met, as text that stays what it was when the rubric changes later."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from nnlab.workbook.rubrics import Criterion

LINE = re.compile(r"\[([x ])\] (\d+(?:\.\d+)?): (.*)")
REASON = "Marked by the rubric."


def ticked(criteria: Sequence[Criterion], met: Collection[int]) -> str:
    """Write a rubric down, a line a criterion; `met` are the places of those that an answer meets."""
    return "\n".join(
        f"[{'x' if place in met else ' '}] {each.points:g}: {' '.join(each.text.split())}" for place, each in enumerate(criteria)
    )


def ticks(text: str) -> tuple[tuple[str, float, bool], ...]:
    """Read what `ticked` wrote: each criterion, its points, and whether it was met; none where the text is no rubric."""
    found = [LINE.fullmatch(line) for line in text.splitlines()]
    return tuple((match[3], float(match[2]), match[1] == "x") for match in found if match)
