"""What the drawings of all demos are made of."""

from __future__ import annotations

from typing import Any


def number(value: Any) -> str:
    """Return the number with two decimals and a true minus sign, never as −0.00."""
    return f"{float(value):z.2f}".replace("-", "−")


def factor(value: Any) -> str:
    """Return the number, in brackets where its sign would meet another."""
    written = number(value)
    return f"({written})" if written.startswith("−") else written


def text(x: float, y: float, words: str, kind: str = "") -> str:
    """Return a text element; `kind` is its class."""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{words}</text>'
