"""What people read after grading: a feedback page for each student, a page of the class, and a table in the terminal.

Every value is escaped: names, code and messages come from students. The pages need nothing from outside themselves.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from statistics import mean, median
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from nnlab._files import write_atomically
from nnlab.grading.results import Item, Mark

MARKS = {"passed": "✓", "wrong": "✗", "raised": "✗", "timeout": "✗", "died": "✗", "not attempted": "○"}
WORDS = {
    "passed": "passed",
    "wrong": "not right yet",
    "raised": "raised an error",
    "timeout": "took too long",
    "died": "ended the process",
    "not attempted": "not attempted",
}
KINDS = (  # of a bar: how an exercise went, with colour and pattern
    {"word": "all points", "colour": "full", "pattern": ""},
    {"word": "some points", "colour": "part", "pattern": "lines"},
    {"word": "no points", "colour": "none", "pattern": "dots"},
    {"word": "not attempted", "colour": "line", "pattern": ""},
)
UNTRIED = 3  # of KINDS
BAR_LEFT, BAR_WIDTH = 150, 560  # in the picture's units
LONGEST_CODE = 20_000
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def feedback_page(mark: Mark, title: str) -> str:
    """Return the page a student reads, as self-contained HTML.

    Parameters
    ----------
    mark : Mark
    title : str
        The chapter's title.
    """
    return _environment().get_template("feedback.html.j2").render(mark=mark, title=title, marks=MARKS, words=WORDS, summary=_summary(mark))


def class_page(marks: Sequence[Mark], title: str) -> str:
    """Return the page of the class, as self-contained HTML with a picture of where points were lost.

    Parameters
    ----------
    marks : sequence of Mark
        Of one chapter.
    title : str
        The chapter's title.
    """
    graded = [mark for mark in marks if mark.graded]
    totals = [mark.earned for mark in graded] or [0.0]
    exercises = _exercises(marks)
    return (
        _environment()
        .get_template("class.html.j2")
        .render(
            title=title,
            marks=marks,
            graded=graded,
            failed=[mark for mark in marks if not mark.graded],
            mean=mean(totals),
            median=median(totals),
            points=max((mark.points for mark in graded), default=0),
            exercises=exercises,
            worth={name: _worth(items) for mark in graded for name, items in mark.by_exercise().items()},
            bars=[_bar(name, graded) for name in exercises],
            kinds=KINDS,
            lost=_lost(graded),
            pages={mark.student: f"feedback/{page_name(mark.student)}" for mark in marks},
        )
    )


def write_reports(marks: Sequence[Mark], to: Path, title: str) -> None:
    """Write `to/feedback/<student>.html` for each student, and `to/class.html`."""
    for mark in marks:
        write_atomically(to / "feedback" / page_name(mark.student), feedback_page(mark, title))
    write_atomically(to / "class.html", class_page(marks, title))


def page_name(student: str) -> str:
    """Return a file name for a student's page: safe on every system, and another one for every student."""
    safe = re.sub(r"[^A-Za-z0-9_-]+", "_", student)[:60]
    if safe and safe == student == safe.lower():
        return f"{safe}.html"
    return f"{safe}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}.html"


def table(marks: Sequence[Mark]) -> Table:
    """Return the marks as a table for the terminal: each student's total and where points were lost, or why there is no mark."""
    made = Table(title=f"{len(marks)} submission{'' if len(marks) == 1 else 's'}", title_justify="left", box=SIMPLE)
    made.add_column("student", overflow="fold", max_width=32)
    made.add_column("mark", justify="right", no_wrap=True)
    made.add_column("lost in")
    for mark in marks:
        total = f"{_points(mark.earned)}/{_points(mark.points)}" if mark.graded else "–"
        lost = _losses(mark) if mark.graded else f"not graded: {_shown(mark.error, 300)}"
        made.add_row(Text(_shown(mark.student, 60)), total, Text(lost))
    return made


def _losses(mark: Mark) -> str:
    """Say in which exercises points were lost: those tried with what they earned of what, then those not attempted."""
    by = {name: items for name, items in mark.by_exercise().items() if _kind(items)}
    tried = [f"{name} {_points(_earned(items))}/{_points(_worth(items))}" for name, items in by.items() if _kind(items) != UNTRIED]
    untried = [name for name, items in by.items() if _kind(items) == UNTRIED]
    return "; ".join([*([", ".join(tried)] if tried else []), *([f"not attempted: {', '.join(untried)}"] if untried else [])])


def _summary(mark: Mark) -> str:
    """Say in a line what there is to see."""
    exercises = [items for name, items in mark.by_exercise().items() if name != "notebook"]
    full = sum(all(item.earned == item.points for item in items) for items in exercises)
    blank = sum(all(item.outcome == "not attempted" for item in items) for items in exercises)
    line = f"{full} of {len(exercises)} exercises have all their points."
    return f"{line} {blank} not attempted." if blank else line


def _exercises(marks: Sequence[Mark]) -> list[str]:
    return list(dict.fromkeys(name for mark in marks for name in mark.by_exercise()))


def _kind(items: Sequence[Item]) -> int:
    """Return which of `KINDS` a student's items of one exercise are."""
    if all(item.outcome == "not attempted" for item in items):
        return UNTRIED
    return 0 if _earned(items) == _worth(items) else 1 if _earned(items) else 2


def _earned(items: Sequence[Item]) -> float:
    return sum(item.earned for item in items)


def _worth(items: Sequence[Item]) -> float:
    return sum(item.points for item in items)


def _bar(name: str, graded: Sequence[Mark]) -> dict[str, Any]:
    """Return the parts of one bar: how many students did how well in an exercise."""
    counts = Counter(_kind(items) for mark in graded if (items := mark.by_exercise().get(name)))
    unit = BAR_WIDTH / max(counts.total(), 1)
    starts = [sum(counts[i] for i in range(kind)) for kind in range(len(KINDS))]
    parts = [{**kind, "count": counts[i], "x": BAR_LEFT + unit * starts[i], "width": unit * counts[i]} for i, kind in enumerate(KINDS)]
    return {"name": name, "parts": parts}


def _lost(graded: Sequence[Mark], most: int = 10) -> list[tuple[Item, int]]:
    """Return the items that cost most students points, with how many."""
    counts: Counter[tuple[str, str]] = Counter()
    items: dict[tuple[str, str], Item] = {}
    for item in (item for mark in graded for item in mark.items if item.earned < item.points and item.outcome != "not attempted"):
        counts[item.exercise, item.name] += 1
        items[item.exercise, item.name] = item
    return [(items[key], count) for key, count in counts.most_common(most)]


@cache
def _environment() -> Environment:
    environment = Environment(loader=PackageLoader("nnlab.grading"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters.update(shown=_shown, points=_points, highlighted=_highlighted, code=_code)
    return environment


def _shown(text: str, most: int) -> str:
    """Replace what cannot be seen or would turn the text around, and cut what is too long."""
    text = INVISIBLE.sub("\ufffd", text)
    return text if len(text) <= most else f"{text[:most]} … ({len(text)} characters)"


def _points(value: float) -> str:
    return f"{round(value, 2):g}"


def _highlighted(code: str) -> Markup:
    """Colour Python code; Pygments escapes it."""
    shown = _shown(code, LONGEST_CODE).replace("\r", "")
    return Markup(highlight(shown, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)))


def _code(text: str) -> Markup:
    """Set what stands between backticks as code."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if i % 2 else escape(part) for i, part in enumerate(parts))
