"""How reports look: HTML in a notebook, plain text elsewhere. Words carry the meaning, colour only repeats it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from nnlab.checks._judging.engine import Report
from nnlab.checks._notebook.place import by_program, shell
from nnlab.languages import say

MARKS = {"passed": "✓", "not attempted": "○", "hint": "?", "stale": "!", "not checked": "○"}
COLOURS = {"passed": "#009e73", "not attempted": "#767676", "hint": "#0072b2", "stale": "#e69f00"}  # Okabe-Ito
CELL = "style='width:auto;min-width:0;margin:0'"  # JupyterLab gives terms and values a share of the width, floating
WRONG_MARK, WRONG_COLOUR = "✗", "#d55e00"  # for every other outcome
PLAIN = ("case", "think", "shown", "stuck?", "NumPy warned")  # what is prose, and no value


@dataclass(frozen=True)
class Card:
    """A message with two faces: `text/plain` and `text/html`."""

    text: str
    html: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html

    def show(self) -> None:
        """Display in IPython or Jupyter, print elsewhere."""
        if shell() is None:
            print(self.text)
        else:
            from IPython.display import display

            display(self)  # type: ignore[no-untyped-call]


class Waiting:
    """A line that says what takes so long, and is replaced by what comes out in the end."""

    def __init__(self) -> None:
        self._line: Any = None
        self._printed = False

    def tell(self, what: str, seconds: float) -> None:
        """Say what is being done, and for how long already."""
        text = say("checking {what} … {seconds:.0f} s. The stop button (■) ends it.", what=what, seconds=seconds)
        if shell() is None:
            self._printed = True
            print(f"\r{text}", end="", file=sys.stderr, flush=True)
        elif not by_program():
            self._update(message_card(text))

    def done(self, card: Card) -> None:
        """Show the card where the line stood."""
        if self._printed:
            print(file=sys.stderr)
        if self._line is None:
            card.show()
        else:
            self._update(card)

    def _update(self, card: Card) -> None:
        if self._line is None:
            from IPython.display import display

            self._line = display(card, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._line.update(card)


def report_card(report: Report) -> Card:
    """Show what a check found out: the verdict, the question that leads on, what differs, and what went in, folded away."""
    mark = MARKS.get(report.outcome, WRONG_MARK)
    think = [("think", say(report.question))] if report.question else []
    inputs = [detail for detail in report.details if detail[0].startswith("input ")]
    shown = [*think, *(detail for detail in report.details if detail not in inputs)]
    head = report.exercise + _place(report.cell)
    return Card(
        "\n".join([f"{mark} {head}: {report.message}", *(_indented(*detail) for detail in (*shown, *inputs))]),
        _box(report.outcome, f"<p>{_head(mark, report.exercise, report.cell)} {_prose(report.message)}</p>{_list(shown)}{_folded(inputs)}"),
    )


def hint_card(exercise: str, rungs: Sequence[str], advice: str) -> Card:
    """Show the rungs climbed so far and how to reach the next."""
    rungs = [say(rung) for rung in rungs]
    lines = "".join(f"<li>{_prose(rung)}</li>" for rung in rungs)
    heading = say("hints")
    return Card(
        "\n".join([f"? {exercise}: {heading}", *(f"  {i}. {rung}" for i, rung in enumerate(rungs, 1)), f"  {advice}"]),
        _box("hint", f"<p>{_head('?', exercise)} {escape(heading)}</p><ol>{lines}</ol><p>{_prose(advice)}</p>"),
    )


def progress_card(title: str, states: Sequence[tuple[str, str]], elsewhere: Sequence[str] = ()) -> Card:
    """Show which exercises of a chapter pass, as a bar and as a list of (exercise, state), and a line for each other chapter."""
    done = sum(state == "passed" for _, state in states)
    summary = say("{done} of {count} exercises pass their visible checks", done=done, count=len(states))
    lines = [(MARKS.get(state.partition(":")[0], WRONG_MARK), name, say(state)) for name, state in states]
    title = say(title)
    items = "".join(f"<li>{mark} <code>{escape(name)}</code>: {escape(state)}</li>" for mark, name, state in lines)
    bar = f'<progress max="{len(states)}" value="{done}" aria-label="{escape(summary)}" style="width:14em"></progress>'
    others = "".join(f"<p>{escape(line)}</p>" for line in elsewhere)
    return Card(
        "\n".join([f"{title}: {summary}", *(f"  {mark} {name}: {state}" for mark, name, state in lines), *elsewhere]),
        _box(
            "passed" if done == len(states) else "hint",
            f"<p><b>{escape(title)}</b>: {summary} {bar}</p><ul style='list-style:none'>{items}</ul>{others}",
        ),
    )


def message_card(text: str, outcome: str = "hint", details: Sequence[tuple[str, str]] = ()) -> Card:
    """Show a sentence or two, and what they are about."""
    return Card("\n".join([text, *(_indented(*detail) for detail in details)]), _box(outcome, f"<p>{_prose(text)}</p>{_list(details)}"))


def _box(outcome: str, content: str) -> str:
    colour = COLOURS.get(outcome, WRONG_COLOUR)
    return f'<div role="status" style="border-left:5px solid {colour};padding:0 1em;overflow-x:auto">{content}</div>'


def _list(details: Sequence[tuple[str, str]]) -> str:
    rows = "".join(f"<dt {CELL}>{escape(_label(label))}</dt><dd {CELL}>{_value(label, value)}</dd>" for label, value in details)
    return f"<dl style='display:grid;grid-template-columns:max-content 1fr;gap:0 1.5em'>{rows}</dl>" if rows else ""


def _folded(inputs: Sequence[tuple[str, str]]) -> str:
    names = ", ".join(label.removeprefix("input ") for label, _ in inputs)
    return f"<details><summary>{escape(say('inputs: {names}', names=names))}</summary>{_list(inputs)}</details>" if inputs else ""


def _head(mark: str, exercise: str, cell: int | None = None) -> str:
    return f"<b>{mark} {escape(exercise)}</b>{_place(cell)}:"


def _place(cell: int | None) -> str:
    return say(" (cell [{number}])", number=cell) if cell else ""


def _label(label: str) -> str:
    """Say what a value is: an input has a name, which stays."""
    return say("input {name}", name=label.removeprefix("input ")) if label.startswith("input ") else say(label)


def _prose(text: str) -> str:
    """Escape, and set what stands between backticks as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def _value(label: str, value: str) -> str:
    return _prose(value) if label in PLAIN else f"<pre style='margin:0'>{escape(value)}</pre>"


def _indented(label: str, value: str) -> str:
    first, *rest = value.splitlines() or [""]
    head = f"  {_label(label)}: "
    return "\n".join([head + first, *(" " * len(head) + line for line in rest)])
