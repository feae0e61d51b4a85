"""A receipt: a short digest of what stands in a notebook's cells, so that “I handed in another file” can be settled.

It is of types and sources of the cells that hold anything. Outputs, run counts and what an editor notes beside them do not count:
saving a notebook again, or showing its receipt in it, leaves the receipt as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from nbformat import NotebookNode

from nnlab.grading.intake.text import clean

LONGEST = 200_000  # characters of a cell, as at the border


def receipt(cells: Sequence[NotebookNode]) -> str:
    """Return the receipt of a notebook's cells, such as "3f9a-1c2d-77e0".

    Parameters
    ----------
    cells : sequence of NotebookNode
        As they stand in the file, or as the border hands them on.
    """
    kept = [(str(cell.cell_type), _text(cell.source)) for cell in cells]
    found = hashlib.sha256(json.dumps([each for each in kept if each[1]]).encode()).hexdigest()
    return "-".join(found[i : i + 4] for i in (0, 4, 8))


def _text(source: str) -> str:
    """Return a cell's text as the border would, without the ends of lines that editors take away."""
    return "\n".join(line.rstrip() for line in clean(source, LONGEST).strip().split("\n"))
