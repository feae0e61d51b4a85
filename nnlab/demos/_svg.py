"""What the drawings of all demos are made of, and how a still of one gets into a notebook."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from html import escape, unescape
from pathlib import Path
from typing import Any

from nnlab.languages import drawn, language

WRITTEN = re.compile(r"(?<=>)[^<>]*[A-Za-z]{2}[^<>]*(?=<)")  # between the tags of a drawing
WIDTH = 720  # of every drawing, CSS pixels


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
    size = f'viewBox="0 0 {WIDTH} {height:g}"'
    written = WRITTEN.sub(lambda part: escape(drawn(unescape(part[0])), quote=False), "".join(parts))
    return f'<svg class="{kind}" role="img" aria-label="{escape(drawn(alt))}" {size}><style>{css}</style>{written}</svg>'


def words(svg: str) -> str:
    """Return what a drawing shows, in words."""
    return _told(svg)[0]


def _told(svg: str) -> tuple[str, float]:
    """Return what a drawing shows, in words, and its height in pixels."""
    [(alt, height)] = re.findall(r'aria-label="([^"]*)" viewBox="0 0 \d+ ([\d.]+)"', svg)
    return unescape(alt), float(height)


def still(svg: str) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Return a drawing as Jupyter displays it, with its words as `text/plain`.

    Where resvg-py is installed, as it is where notebooks are built, a PNG of it is shown, which stays in the file for every reader:
    JupyterLab takes an SVG out of a notebook that is not trusted. Elsewhere the drawing shows itself.

    Parameters
    ----------
    svg : str
        What `drawing` returned.

    Returns
    -------
    data, metadata : dict
        As `nnlab.plots.picture` returns them.
    """
    from nnlab.plots import image

    alt, height = _told(svg)
    try:
        png = base64.b64encode(_png(svg)).decode()
    except ImportError:
        return {"text/html": svg, "text/plain": alt}, {}
    size = {"width": WIDTH, "height": round(height)}
    data = {"text/html": image(png, alt, **size), "image/png": png, "text/plain": alt}
    return data, {"image/png": {"alt": alt, **size}}


def _png(svg: str) -> bytes:
    """Draw it with twice as many pixels, in the letters that come with matplotlib, so that its bytes are the same everywhere."""
    import resvg_py
    from matplotlib import get_data_path

    from nnlab.plots import compact
    from nnlab.plots._paper import FONTS

    letters = Path(get_data_path(), "fonts", "ttf")
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
        zoom=2,
        background="#ffffff",
        skip_system_fonts=True,
        sans_serif_family="DejaVu Sans",
        font_files=[str(letters / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf")]
        + [str(path) for path in sorted(FONTS.glob(f"{language()}.otf"))],
    )
    return compact(bytes(drawn))
