"""What the cells of a notebook show, as far as a person who marks it may see it: text and pictures, no HTML and no script."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from nnlab.grading.intake.text import clean

LONGEST = 4_000  # characters of one output
LARGEST = 400_000  # characters of a picture, in base64
MOST = 20  # outputs of a cell
ALL = 3_000_000  # characters of all outputs
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
PNG = b"\x89PNG\r\n\x1a\n"


class Shown:
    """Reads the outputs of one notebook's cells, and stops where they are more than a page should have."""

    def __init__(self) -> None:
        self._left = ALL

    def of(self, cell: dict[str, Any]) -> list[tuple[str, str]]:
        """Return what a cell shows: pairs of "text" and a text, or "image" and a PNG in base64."""
        outputs = cell.get("outputs")
        found = [_read(each) for each in outputs[:MOST]] if isinstance(outputs, list) else []
        return list(self._kept(each for each in found if each and each[1]))

    def _kept(self, found: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for kind, data in found:
            self._left -= len(data)
            if self._left >= 0:
                yield kind, data


def _read(output: Any) -> tuple[str, str] | None:
    if not isinstance(output, dict):
        return None
    kind, data = output.get("output_type"), output.get("data")
    if kind == "stream":
        return "text", _text(output.get("text"))
    if kind == "error":
        return "text", f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}"
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return None
    return ("image", picture) if (picture := _picture(data.get("image/png"))) else ("text", _text(data.get("text/plain")))


def _text(value: Any) -> str:
    return clean(ANSI.sub("", _joined(value)[: 2 * LONGEST]), LONGEST)


def _picture(value: Any) -> str:
    """Return a PNG in base64, or "" where it is none, or too large."""
    coded = "".join(_joined(value).split())
    try:
        fine = 0 < len(coded) <= LARGEST and base64.b64decode(coded, validate=True).startswith(PNG)
    except (binascii.Error, ValueError):
        return ""
    return coded if fine else ""


def _joined(value: Any) -> str:
    return value if isinstance(value, str) else "".join(part for part in value if isinstance(part, str)) if isinstance(value, list) else ""
