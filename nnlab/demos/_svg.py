"""What the drawings of all demos are made of."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
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


def drawing(kind: str, alt: str, height: float, css: str, parts: Iterable[str]) -> str:
    """Return an SVG element 720 wide; `kind` is its class, and `alt` says what it shows."""
    size = f'viewBox="0 0 720 {height:g}"'
    return f'<svg class="{kind}" role="img" aria-label="{escape(alt)}" {size}><style>{css}</style>{"".join(parts)}</svg>'
