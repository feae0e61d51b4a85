"""What people read after grading: a feedback page for each student, a page of the class, and a table in the terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from nnlab._files import write_atomically
from nnlab.grading.pages.class_report import class_page
from nnlab.grading.pages.own_text import copies, own_texts
from nnlab.grading.pages.page import counted, page_name, points, render, shown
from nnlab.grading.results import NOTEBOOK, WAITING, Level, Mark
from nnlab.languages import LANGUAGES, language, say
from nnlab.workbook.course import ChapterFiles

MARKS = {"passed": "✓", "wrong": "✗", "raised": "✗", "timeout": "✗", "died": "✗", "not attempted": "○", WAITING: "…"}
WORDS = {
    "passed": "passed",
    "wrong": "not right yet",
    "raised": "raised an error",
    "timeout": "took too long",
    "died": "ended the process",
    "not attempted": "not attempted",
    WAITING: "to be marked by a person",
}


def feedback_page(mark: Mark, title: str) -> str:
    """Return the page a student reads, as self-contained HTML.

    Parameters
    ----------
    mark : Mark
    title : str
        The chapter's title.
    """
    return render("feedback.html.j2", mark=mark, title=title, marks=MARKS, words=WORDS, summary=_summary(mark))


def spoken(to: Path) -> str:
    """Return the language of the pages in a folder, as that of the class says; where there is none yet, the one that nnlab speaks."""
    page = to / "class.html"
    head = page.read_text("utf-8", errors="replace")[:200] if page.is_file() else ""
    found = re.search(r'<html lang="(\w+)"', head)
    return found[1] if found and found[1] in LANGUAGES else language()


def write_reports(marks: Sequence[Mark], to: Path, title: str, files: ChapterFiles | None = None) -> None:
    """Write the page of each student and the page of the class."""
    for mark in marks:
        write_feedback(mark, to, title)
    write_class(marks, to, title, files)


def write_feedback(mark: Mark, to: Path, title: str) -> None:
    """Write `to/feedback/<student>.html`."""
    write_atomically(to / "feedback" / page_name(mark.student), feedback_page(mark, title))


def write_class(marks: Sequence[Mark], to: Path, title: str, files: ChapterFiles | None = None) -> None:
    """Write `to/class.html`; with the chapter's files it says which answers are the course's own text."""
    written = copies(marks, own_texts(files)) if files else ()
    write_atomically(to / "class.html", class_page(marks, title, written))


def table(marks: Sequence[Mark]) -> Table:
    """Return the marks as a table for the terminal: each student's total and where points were lost, or why there is no mark."""
    made = Table(title=counted(len(marks), "submission"), title_justify="left", box=SIMPLE)
    made.add_column("student", overflow="fold", max_width=32)
    made.add_column("mark", justify="right", no_wrap=True)
    made.add_column("lost in")
    for mark in marks:
        total = f"{points(mark.total)}/{points(mark.points)}" if mark.graded else "–"
        lost = _losses(mark) if mark.graded else f"not graded: {shown(mark.error, 300)}"
        lost = f"{lost}; {points(mark.waiting)} to be marked by hand".lstrip("; ") if mark.waiting else lost
        lost = f"late: {100 * mark.taken:g} % off; {lost}".rstrip("; ") if mark.taken else lost
        made.add_row(Text(shown(mark.student, 60)), total, Text(lost))
    return made


def papers_table(chapter: ChapterFiles, submissions: Sequence[Any]) -> Table:
    """Return whose each file is as a table for the terminal, before anything runs."""
    made = Table(title=f"{chapter.name}: {counted(len(submissions), 'student')}", title_justify="left", box=SIMPLE)
    for heading in ("student", "file", "received", ""):
        made.add_column(heading, overflow="fold")
    for each in submissions:
        time = f"{each.received:%Y-%m-%d %H:%M}" if each.received else ""
        said = each.note if each.notebook else f"not graded: {each.problem}"
        made.add_row(Text(shown(each.student, 60)), Text(shown(each.source, 100)), time, Text(shown(said, 300)))
    return made


def _losses(mark: Mark) -> str:
    """Say in which exercises points were lost: those tried with what they earned of what, then those not attempted."""
    worthy = {name: score for name, score in mark.scores.items() if score.points}  # a challenge without points loses none
    by = {name: (mark.level(name), f"{name} {points(score.earned)}/{points(score.points)}") for name, score in worthy.items()}
    tried = ", ".join(text for how, text in by.values() if how in (Level.PART, Level.NONE))
    untried = ", ".join(name for name, (how, _) in by.items() if how is Level.UNTRIED)
    return "; ".join(filter(None, [tried, untried and f"not attempted: {untried}"]))


def _summary(mark: Mark) -> str:
    """Say in a line what there is to see."""
    levels = [mark.level(name) for name, score in mark.scores.items() if name != NOTEBOOK and score.points]
    line = say("{full} of {count} exercises have all their points.", full=levels.count(Level.FULL), count=len(levels))
    return line + say(" {count} not attempted.", count=levels.count(Level.UNTRIED)) if Level.UNTRIED in levels else line
