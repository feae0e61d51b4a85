"""A demo for a page without a kernel: its own controls are moved beforehand, and what it draws is sent as one compressed table.

The controls of the demo's notebook form are driven for real, so that a page can show nothing that the notebook does not. The start is
drawn, each control moved by itself, and each pair of controls but two buttons, or a button and a slider. How finely sliders move is
chosen so that the pictures number `MOST` or fewer.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations, product
from typing import Any, NamedTuple

from threadpoolctl import threadpool_limits

from nnlab import demos
from nnlab.languages import say

NOTE = "Two controls at a time can be away from their start; a third one takes the first back. In the notebook all can be moved."
MOST = 1200  # pictures of a demo; a demo's module may have its own `PICTURES`, where one of them takes long
ALONE = 10  # times that a button is pressed by itself
PIECES = re.compile(r"(?<=>)(?=.)|(?<=.)(?=<)", re.DOTALL)


class Plan(NamedTuple):
    """How many positions a slider has at most, how often a button is pressed after a setting, and whether sliders are paired."""

    fineness: int
    presses: int
    sliders: bool


PLANS = (
    *(Plan(fineness, 5, True) for fineness in (41, 31, 25, 21, 17, 13, 11, 9, 7, 5)),
    *(Plan(11, 5, False), Plan(9, 3, False), Plan(7, 2, False), Plan(5, 1, False)),
)
Positions = tuple[Any, ...]
Moves = tuple[tuple[int, int], ...]  # (number of a control, its position), in the order of the controls


@dataclass(frozen=True)
class Control:
    """A control of a demo, with the positions it is moved to.

    Parameters
    ----------
    widget : ipywidgets.Widget
    kind : {"range", "choice", "check", "press"}
    label : str
    positions : tuple
        Values of the widget, of a choice their numbers; for a button how often it is pressed.
    start : int
        The position it is in at the start; −1 for a button.
    """

    widget: Any
    kind: str
    label: str
    positions: Positions
    start: int

    @property
    def places(self) -> list[int]:
        """The positions it is moved to: of a button the first press, of a setting all but its start, of a slider all.

        A slider's start is left out by nobody: where a choice says what the slider moves, it may be another number's start.
        """
        if self.kind == "press":
            return [0]
        return [place for place in range(len(self.positions)) if self.kind == "range" or place != self.start]

    def move(self, position: int) -> None:
        """Move the widget to one of its positions; a button is pressed once more. A choice that is not there is the last one."""
        if self.kind == "press":
            self.widget.click()
        elif self.kind == "choice":
            self.widget.index = min(position, len(self.widget.options) - 1)
        else:
            self.widget.value = self.positions[position]

    @property
    def shown(self) -> str | int | list[Any]:
        """Where the widget stands: the number of a choice, 1 for a tick, the number of a slider as it is written beside it.

        Of a choice whose options another control has changed, the number and the options.
        """
        if self.kind == "press":
            return 0
        if self.kind == "choice":
            return int(self.widget.index) if len(self.positions) == len(self.names) else [int(self.widget.index), self.names]
        return int(self.widget.value) if self.kind == "check" else _written(self.widget, self.widget.value)

    @property
    def names(self) -> list[str]:
        """What its positions are called on the page."""
        if self.kind == "choice":
            return [str(each[0]) if isinstance(each, tuple) else str(each) for each in self.widget.options]
        return [_written(self.widget, each) for each in self.positions] if self.kind == "range" else [str(each) for each in self.positions]


def table(name: str) -> str:
    """Return a demo's table: JSON, gzipped, in base64.

    Parameters
    ----------
    name : str
        A demo's, as `dir(nnlab.demos)` has it.

    Returns
    -------
    str
        Of an object with `controls` (kind, label, start, names of the positions), `tell` (what to try, HTML), `pieces` (parts of drawings),
        `pictures` (the numbers of each picture's pieces; of all but the first, where it has as many, only those that differ, as pairs of
        place and piece), and `states`: for each set of moves, written "0:3,2:5", the picture and where each control then stands.
    """
    module = import_module(f"{demos.__name__}.{name}")
    made = module._Controls()
    demos.translate(made.box)
    made.draw, draw = lambda state: "", made.draw  # what is passed through on the way is not looked at
    controls, plan = _fitted(made, getattr(module, "PICTURES", MOST), draw)
    pieces, pictures, states = dict[str, int](), dict[str, int](), dict[str, list[Any]]()
    with threadpool_limits(1):  # the products are small: threads only wait for each other
        drawn = list(_states(made, controls, plan, draw))
    for moves, picture, shown in drawn:
        states[",".join(f"{control}:{position}" for control, position in moves)] = [pictures.setdefault(picture, len(pictures)), shown]
    cut = [[pieces.setdefault(piece, len(pieces)) for piece in PIECES.split(picture)] for picture in pictures]
    sent = {
        "controls": [{"kind": each.kind, "label": each.label, "start": each.start, "names": each.names} for each in controls],
        "back": say("Back to the start"),
        "note": say(NOTE),
        "tell": next((leaf.value for leaf in reversed([*_leaves(made.box)]) if _is_text(leaf, made)), ""),
        "pieces": list(pieces),
        "pictures": [cut[0], *(_differing(cut[0], each) for each in cut[1:])],
        "states": states,
    }
    raw = json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b64encode(gzip.compress(raw, 9, mtime=0)).decode()


def _states(made: Any, controls: list[Control], plan: Plan, draw: Callable[[Any], str]) -> Iterator[tuple[Moves, str, list[Any]]]:
    """Yield each set of moves with the picture it leads to, and where each control then stands."""
    start = made.state
    for moves in _moves(controls, plan):
        made._show(start)
        for control, position in moves:
            controls[control].move(position)
        yield moves, draw(made.state), [each.shown for each in controls]
        last = controls[moves[-1][0]] if moves else None
        if last and last.kind == "press":
            for again in range(1, ALONE if len(moves) == 1 else plan.presses):
                last.move(again)
                yield (*moves[:-1], (moves[-1][0], again)), draw(made.state), [each.shown for each in controls]
    made._show(start)


def _moves(controls: list[Control], plan: Plan) -> Iterator[Moves]:
    """Yield all sets of moves; of a button only the first press, from which the others follow."""
    there = [[(number, place) for place in each.places] for number, each in enumerate(controls)]
    yield ()
    yield from ((move,) for moves in there for move in moves)
    for one, other in _pairs(controls, plan):
        yield from product(there[one], there[other])


def _pairs(controls: list[Control], plan: Plan) -> Iterator[tuple[int, int]]:
    """Yield the pairs of controls that may both be away from their start: a button only with a setting, which is a choice or a tick."""
    for one, other in combinations(range(len(controls)), 2):
        kinds = {controls[one].kind, controls[other].kind}
        settings = kinds & {"choice", "check"}
        if kinds == settings or (settings if "press" in kinds else plan.sliders):
            yield one, other


def _count(controls: list[Control], plan: Plan) -> int:
    """Return how many pictures `_states` draws."""
    sizes = [plan.presses if each.kind == "press" else len(each.places) for each in controls]
    return (
        1
        + sum(ALONE if each.kind == "press" else len(each.places) for each in controls)
        + sum(sizes[one] * sizes[other] for one, other in _pairs(controls, plan))
    )


def _fitted(made: Any, most: int, draw: Callable[[Any], str]) -> tuple[list[Control], Plan]:
    """Return a demo's controls, buttons behind the others, and the first plan that draws `most` pictures or fewer; or the last."""
    widgets = [leaf for leaf in _leaves(made.box) if hasattr(leaf, "click") or (hasattr(leaf, "value") and not _is_html(leaf))]
    useful = [widget for widget in widgets if not hasattr(widget, "click") or _does_something(made, widget, draw)]
    for plan in PLANS:
        controls = sorted((_control(widget, plan.fineness) for widget in useful), key=lambda each: each.kind == "press")
        if _count(controls, plan) <= most:
            break
    return controls, plan


def _does_something(made: Any, button: Any, draw: Callable[[Any], str]) -> bool:
    """Whether a button changes the start. Reset does not, and the page has one of its own."""
    start, first = made.state, draw(made.state)
    button.click()
    changed = draw(made.state) != first
    made._show(start)
    return changed


def _control(widget: Any, fineness: int) -> Control:
    """Read a widget."""
    label = widget.description
    if hasattr(widget, "click"):
        return Control(widget, "press", label, tuple(range(1, ALONE + 1)), -1)
    if hasattr(widget, "options"):
        return Control(widget, "choice", label, tuple(range(len(widget.options))), widget.index)
    if isinstance(widget.value, bool):
        return Control(widget, "check", label, (False, True), int(widget.value))
    grid = _grid(widget, fineness)
    return Control(widget, "range", label, grid, min(range(len(grid)), key=lambda place: abs(grid[place] - widget.value)))


def _grid(slider: Any, fineness: int) -> Positions:
    """Return evenly spaced values of a slider, its own value among them, `fineness` or fewer."""
    last, here = (round((value - slider.min) / slider.step) for value in (slider.max, slider.value))
    stride = max(1, -(-last // (fineness - 1)))
    kind = type(slider.value)
    return tuple(kind(round(slider.min + slider.step * place, 10)) for place in range(here % stride, last + 1, stride))


def _written(slider: Any, value: Any) -> str:
    """Return a slider's number as ipywidgets writes it beside it."""
    digits = re.search(r"\.(\d)f", getattr(slider, "readout_format", ""))
    return (f"{value:.{digits[1]}f}" if digits else str(value)).replace("-", "−")


def _differing(first: list[int], picture: list[int]) -> Any:
    """Return where a picture differs from the first one, or the whole where it has another number of pieces."""
    if len(first) != len(picture):
        return picture
    return {place: piece for place, (ours, piece) in enumerate(zip(first, picture, strict=True)) if ours != piece}


def _leaves(widget: Any) -> Iterator[Any]:
    """Yield the widgets inside a box, in the order in which they are seen."""
    children = getattr(widget, "children", None)
    if children is None:
        yield widget
    else:
        for child in children:
            yield from _leaves(child)


def _is_html(widget: Any) -> bool:
    return type(widget).__name__ == "HTML"


def _is_text(widget: Any, made: Any) -> bool:
    """Whether a widget holds words to read, and neither the picture nor a script."""
    return _is_html(widget) and widget is not made.picture and "<style" not in widget.value
