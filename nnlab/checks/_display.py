"""How reports look: HTML in a notebook, plain text elsewhere. Words carry the meaning, colour only repeats it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from nnlab.checks._engine import Report

MARKS = {"passed": "✓", "not attempted": "○", "hint": "?"}
COLOURS = {"passed": "#009e73", "not attempted": "#767676", "hint": "#0072b2"}  # Okabe-Ito
CELL = "style='width:auto;min-width:0;margin:0'"  # JupyterLab gives terms and values a share of the width, floating
WRONG_MARK, WRONG_COLOUR = "✗", "#d55e00"  # for every other outcome


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
        if _in_ipython():
            from IPython.display import display

            display(self)  # type: ignore[no-untyped-call]
        else:
            print(self.text)


def _in_ipython() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def report_card(report: Report) -> Card:
    """Show what a check found out."""
    mark = MARKS.get(report.outcome, WRONG_MARK)
    details = [*report.details, *([("think", report.question)] if report.question else [])]
    rows = "".join(f"<dt {CELL}>{escape(label)}</dt><dd {CELL}>{_value(label, value)}</dd>" for label, value in details)
    return Card(
        "\n".join([f"{mark} {report.exercise}: {report.message}", *(_indented(*detail) for detail in details)]),
        _box(report.outcome, f"<p>{_head(mark, report.exercise)} {_prose(report.message)}</p>{_list(rows)}"),
    )


def hint_card(exercise: str, rungs: Sequence[str], advice: str) -> Card:
    """Show the rungs climbed so far and how to reach the next."""
    lines = "".join(f"<li>{_prose(rung)}</li>" for rung in rungs)
    return Card(
        "\n".join([f"? {exercise}: hints", *(f"  {i}. {rung}" for i, rung in enumerate(rungs, 1)), f"  {advice}"]),
        _box("hint", f"<p>{_head('?', exercise)} hints</p><ol>{lines}</ol><p>{_prose(advice)}</p>"),
    )


def progress_card(title: str, reports: Sequence[Report]) -> Card:
    """Show which exercises of a chapter pass, as a bar and as a list."""
    done = sum(report.passed for report in reports)
    summary = f"{done} of {len(reports)} exercises pass their visible checks"
    states = [(MARKS.get(r.outcome, WRONG_MARK), r.exercise, _state(r)) for r in reports]
    items = "".join(f"<li>{mark} <code>{escape(name)}</code>: {escape(state)}</li>" for mark, name, state in states)
    bar = f'<progress max="{len(reports)}" value="{done}" aria-label="{summary}" style="width:14em"></progress>'
    outcome = "passed" if done == len(reports) else "hint"
    return Card(
        "\n".join([f"{title}: {summary}", *(f"  {mark} {name}: {state}" for mark, name, state in states)]),
        _box(outcome, f"<p><b>{escape(title)}</b>: {summary} {bar}</p><ul style='list-style:none'>{items}</ul>"),
    )


def message_card(text: str) -> Card:
    """Show one sentence."""
    return Card(text, _box("hint", f"<p>{_prose(text)}</p>"))


def _state(report: Report) -> str:
    return report.outcome if report.outcome in ("passed", "not attempted") else "not right yet"


def _box(outcome: str, content: str) -> str:
    colour = COLOURS.get(outcome, WRONG_COLOUR)
    return f'<div role="status" style="border-left:5px solid {colour};padding:0 1em;overflow-x:auto">{content}</div>'


def _list(rows: str) -> str:
    return f"<dl style='display:grid;grid-template-columns:max-content 1fr;gap:0 1.5em'>{rows}</dl>" if rows else ""


def _head(mark: str, exercise: str) -> str:
    return f"<b>{mark} {escape(exercise)}</b>:"


def _prose(text: str) -> str:
    """Escape, and set what stands between backticks as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def _value(label: str, value: str) -> str:
    return _prose(value) if label in ("case", "think") else f"<pre style='margin:0'>{escape(value)}</pre>"


def _indented(label: str, value: str) -> str:
    first, *rest = value.splitlines() or [""]
    head = f"  {label}: "
    return "\n".join([head + first, *(" " * len(head) + line for line in rest)])
