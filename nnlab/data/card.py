"""The data card `docs/traffic.md`: the parts of it that are computed, and whether they still describe the bundled file.

A computed part stands between two comments, `<!-- facts: SHA-256 -->` and `<!-- end of facts -->`; the SHA-256 is that of the file
it was computed from. `benchmarks/traffic.py --card` writes them.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from nnlab.data.loaders import FEATURES, STATES, TRAFFIC_CSV, TRAFFIC_SHA256, read_traffic, sha256
from nnlab.data.roads import KINDS
from nnlab.languages import say

CARD = Path(__file__).parents[2] / "docs" / "traffic.md"
PARTS = ("facts", "measured")
UNITS = {"aveSpeed": "km/h", "gridAcc": "m/s²", "volume": "probe vehicles", "speed_std": "km/h", "stopNum": "stops a probe vehicle"}


def problems(card: Path = CARD, data: Path = TRAFFIC_CSV) -> list[str]:
    """Say what is wrong with the data file and its card, in sentences; nothing is wrong when the list is empty.

    Parameters
    ----------
    card : Path
        The data card. It comes with the source, not with an installed package.
    data : Path
        The data file.

    Returns
    -------
    list of str
    """
    found = sha256(data.read_bytes())
    if found != TRAFFIC_SHA256:
        return [f"{data} was changed or cut: its SHA-256 is {found}, but {TRAFFIC_SHA256} was expected."]
    if not card.is_file():
        return [f"The data has its checksum, but {card} is not there to be checked: it comes with the source of nnlab."]
    text = card.read_text(encoding="utf-8")
    return [problem for name in PARTS if (problem := _problem(text, name))]


def _problem(text: str, name: str) -> str:
    """Say what is wrong with one part of the card, or nothing."""
    remedy = "Write it anew: python benchmarks/traffic.py --card"
    match = _pattern(name).search(text)
    if not match:
        return f"The data card has no part <!-- {name}: … -->. {remedy}"
    if match["sha"] != TRAFFIC_SHA256:
        return f"The data card's part {name!r} belongs to a file with SHA-256 {match['sha']}, not to {TRAFFIC_SHA256}. {remedy}"
    if name == "facts" and match["body"] != facts():
        return f"The data card's part 'facts' is not what the file says. {remedy}"
    return ""


def replaced(text: str, name: str, body: str) -> str:
    """Return the text of the card with this part computed anew.

    Parameters
    ----------
    text : str
        The card.
    name : str
        The part, one of `PARTS`.
    body : str
        What it says now.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the card has no such part.
    """
    part = f"<!-- {name}: {TRAFFIC_SHA256} -->\n{body}<!-- end of {name} -->"
    new, count = _pattern(name).subn(lambda match: part, text)
    if count != 1:
        raise ValueError(say("The data card has to have one part <!-- {name}: … -->, but has {count}.", name=name, count=count))
    return new


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"<!-- {name}: (?P<sha>\w*) -->\n(?P<body>.*?)<!-- end of {name} -->", re.DOTALL)


def facts() -> str:
    """Describe the bundled file: its checksum, the share of each state, the range of each feature.

    Returns
    -------
    str
        In Markdown.
    """
    rows = read_traffic()
    kinds = np.array([road[0] for road in rows["road"]])
    shares = [
        [name, *_shares(rows["state"][mask])]
        for name, mask in [*((f"{kind.name} ({key})", kinds == key) for key, kind in KINDS.items()), ("all", kinds != "")]
    ]
    ranges = [[f"`{name}`", UNITS[name], *(f"{q:z.4g}" for q in np.percentile(rows[name], [0, 25, 50, 75, 100]))] for name in FEATURES]
    size = f"{len(rows):,} rows, {TRAFFIC_CSV.stat().st_size:,} bytes, SHA-256 `{TRAFFIC_SHA256}`.\n"
    return "\n".join(
        [size, markdown(["road", "rows", *STATES], shares), markdown(["feature", "unit", "min", "25 %", "median", "75 %", "max"], ranges)]
    )


def _shares(state: np.ndarray) -> list[str]:
    share = np.bincount(state, minlength=len(STATES)) / len(state)
    return [f"{len(state):,}", *(f"{each:.3f}" for each in share)]


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """Write a table in Markdown; all columns but the first are set flush right.

    Parameters
    ----------
    head : list of str
        Names of the columns.
    rows : list of list of str

    Returns
    -------
    str
    """
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
