"""What the figures of all chapters are drawn with, and how one gets into a notebook with its alt text."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable
from functools import wraps
from html import escape
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib.style
import numpy as np
from cycler import cycler
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter
from numpy.typing import NDArray
from PIL import Image

from nnlab.languages import ENGLISH, drawn, language, say

# Of the places that show notebooks, those whose dark theme can be told: JupyterLab and nbconvert, VS Code, Colab, Sphinx.
THEMES = ("[data-jp-theme-light=false]", ".vscode-dark", "html[theme=dark]", "html[data-theme=dark]")
DARK = f"<style>{','.join(f'{theme} img.nnlab-figure' for theme in THEMES)}{{filter:invert(.93) hue-rotate(180deg)}}</style>"

FONTS = Path(__file__).parent / "fonts"  # of what DejaVu has no letters for, by language

P = ParamSpec("P")
Array = NDArray[np.floating]
Point = tuple[float, float]

BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
GREY, INK = "#767676", "#222222"
SIGN: dict[int, tuple[str, Any]] = {1: (BLUE, "-"), -1: (VERMILLION, "--"), 0: (GREY, ":")}  # colour and line style of a weight
WIDTH = 7.0  # inches, a notebook's column
CSS_DPI = 96  # a CSS pixel is 1/96 inch
RADIUS = 0.29  # of a neuron, inches

STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that figures are the same everywhere
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E3E3E3",
    "lines.linewidth": 2,
    "axes.prop_cycle": cycler(color=[BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, INK])
    + cycler(linestyle=["-", "--", "-.", ":", (0, (6, 1)), (0, (3, 1, 1, 1)), (0, (1, 1))]),
    "figure.figsize": (WIDTH, 3.6),
    "figure.dpi": CSS_DPI,
}


def picture(fig: Figure, alt: str = "") -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Turn a figure into what Jupyter displays: a PNG of twice the screen's resolution, with its alt text.

    The same figure gives the same bytes: the PNG names neither a date nor a version.

    Parameters
    ----------
    fig : Figure
    alt : str, optional
        What the figure shows, for those who do not see it; a figure of this module says so itself.

    Returns
    -------
    data : dict
        The picture with its alt text as `text/html`, which is what readers get: JupyterLab (4.6) and nbconvert's lab template (7.17)
        drop the alt text of an `image/png`. That stands beside it for LaTeX, and the alt text as `text/plain`.
    metadata : dict
        Alt text and size (CSS pixels) of the PNG.

    Raises
    ------
    ValueError
        If there is no alt text.
    """
    alt = alt.strip() or str(fig.get_label()).strip()
    if not alt:
        raise ValueError(say("alt is empty. Write one or two sentences that say what the figure shows, for readers who do not see it."))
    width, height = (round(inches * CSS_DPI) for inches in fig.get_size_inches())
    coded = base64.b64encode(_png(fig)).decode()
    data = {"text/html": image(coded, alt, width, height), "image/png": coded, "text/plain": alt}
    return data, {"image/png": {"alt": alt, "width": width, "height": height}}


def _png(fig: Figure) -> bytes:
    drawn = io.BytesIO()
    with plt.rc_context({"savefig.bbox": "standard"}):
        fig.savefig(drawn, format="png", dpi=2 * CSS_DPI, metadata={"Software": None})
    return compact(drawn.getvalue())


def compact(png: bytes) -> bytes:
    """Return the PNG with a palette: a third of the size, and a figure of ours has few colours."""
    small = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
    return small.getvalue()


def image(png: str, alt: str, width: int, height: int) -> str:
    """Return the HTML of a picture: its alt text reaches readers, it fits the page, and its lightness is turned round in a dark theme.

    Parameters
    ----------
    png : str
        The PNG in base64.
    alt : str
    width, height : int
        CSS pixels.

    Returns
    -------
    str
    """
    look = 'style="max-width:100%;height:auto;background:#fff"'
    source = f"data:image/png;base64,{png}"
    return f'{DARK}<img class="nnlab-figure" alt="{escape(alt)}" width="{width}" height="{height}" {look} src="{source}">'


def show(fig: Figure, alt: str = "") -> None:
    """Display a figure with its alt text, then close it; where there is no IPython, print the alt text.

    Parameters
    ----------
    fig : Figure
        One of this module, or one of your own.
    alt : str, optional
        What the figure shows, for those who do not see it. A figure of this module says so itself; one of your own needs it.

    Raises
    ------
    ValueError
        If there is no alt text.
    """
    data, metadata = picture(fig, alt)
    try:
        from IPython.display import display
    except ModuleNotFoundError:
        print(data["text/plain"])
    else:
        display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
    plt.close(fig)


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw in `STYLE` on top of matplotlib's defaults, whatever the student has set, and leave that as it is."""

    @wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with matplotlib.style.context(["default", STYLE, _letters()]):
            fig = draw(*args, **kwargs)
            _translate(fig)
            for ax in fig.axes:
                ax.tick_params(labelsize=STYLE["xtick.labelsize"])  # else matplotlib looks it up again each time it draws
            fig.draw_without_rendering()  # only now are the ticks made, from the settings of this moment
            return fig

    return styled


def _letters() -> dict[str, Any]:
    """Return the settings by which figures are written in the reader's language: DejaVu has no Chinese letters."""
    font = FONTS / f"{language()}.otf"
    if not font.exists():
        return {}
    if not any(each.fname == str(font) for each in font_manager.fontManager.ttflist):
        font_manager.fontManager.addfont(font)
    name = font_manager.FontProperties(fname=font).get_name()
    return {"font.family": [STYLE["font.family"], name]}


def _translate(fig: Figure) -> None:
    """Put all that is written in a figure into the reader's language."""
    if language() != ENGLISH:
        for text in fig.findobj(Text):
            text.set_text(drawn(text.get_text()))
        for axis in (axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)):
            if isinstance(named := axis.get_major_formatter(), FixedFormatter):  # ticks are written anew from these names
                axis.set_major_formatter(FixedFormatter([drawn(name) for name in named.seq]))


def told(describe: Callable[P, str]) -> Callable[[Callable[P, Figure]], Callable[P, Figure]]:
    """Let a figure carry what it shows in words, as its label."""

    def telling(draw: Callable[P, Figure]) -> Callable[P, Figure]:
        @wraps(draw)
        def told(*args: P.args, **kwargs: P.kwargs) -> Figure:
            fig = draw(*args, **kwargs)
            fig.set_label(drawn(describe(*args, **kwargs)))
            return fig

        return told

    return telling


def paper(height: float) -> tuple[Figure, Axes]:
    """Return a blank sheet whose unit is the inch, so that circles are round and texts keep their distance."""
    fig = Figure(figsize=(WIDTH, height))
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, height))
    ax.set_axis_off()
    return fig, ax


def neurons(ax: Axes, places: Iterable[Point], radius: float = RADIUS) -> None:
    """Draw a circle at each place, radius in inches."""
    for place in places:
        ax.add_patch(Circle(place, radius, facecolor="white", edgecolor=INK, linewidth=1.3, zorder=3))


def arrow(ax: Axes, start: Point, end: Point, color: str = INK, style: str = "-", path: str = "arc3", shrink: float = 12) -> None:
    look: dict[str, Any] = {"arrowstyle": "-|>", "mutation_scale": 10, "connectionstyle": path, "linestyle": style, "color": color}
    ax.add_patch(FancyArrowPatch(start, end, shrinkA=shrink, shrinkB=shrink, **look))
