"""What the drawings of all demos are made of."""

from __future__ import annotations

from typing import Any

import numpy as np


def number(value: float | np.floating[Any]) -> str:
    """Return the number with two decimals and a true minus sign, never as −0.00."""
    return f"{value:z.2f}".replace("-", "−")


def text(x: float, y: float, words: str, kind: str = "") -> str:
    """Return a text element; `kind` is its class."""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{words}</text>'
