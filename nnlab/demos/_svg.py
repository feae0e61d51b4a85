"""What the demos write into their drawings."""

from __future__ import annotations

from typing import Any

import numpy as np


def number(value: float | np.floating[Any]) -> str:
    """Write a number with two decimals, a true minus sign and no negative zero."""
    return f"{value:z.2f}".replace("-", "−")


def label(x: float, y: float, text: str, kind: str = "") -> str:
    """Place a text, already escaped, in the style of a class."""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{text}</text>'
