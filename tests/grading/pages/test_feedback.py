"""What people read: safe whatever students wrote, complete, and readable without seeing."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from html_pages import HOSTILE, Page, faults
from rich.console import Console

from nnlab.grading.pages.feedback import feedback_page, table, write_reports
from nnlab.grading.pages.page import page_name
from nnlab.grading.results import GRADERS_FAULT, OUTCOMES, Item, Level, Mark, level


def mark(student: str = "li", earned: float = 1, outcome: str = "wrong", text: str = "") -> Mark:
    """Return a mark of two exercises whose strings all hold `text`."""
    items = (
        Item("softmax", "a", f"Softmax is right. {text}", 1, earned, outcome, text),
        Item("notebook", "b", "The notebook runs.", 1, 1, "passed"),
    )
    return Mark(student, "03_x", f"{text}.ipynb", items, (f"`softmax` {text}",), {"softmax": f"x = 1  # {text}"})


@pytest.mark.parametrize("text", HOSTILE)
def test_every_value_is_escaped(text: str) -> None:
    """What students wrote is shown as text: it adds no element."""
    plain, hostile = (feedback_page(mark("li", text=each), "03 X") for each in ("", text))
    assert set(Page(hostile).tags) == set(Page(plain).tags)
    assert faults(hostile) == faults(feedback_page(Mark(text, "03_x", "x", error=text), "03 X")) == []


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_is_said_in_words(outcome: str) -> None:
    """A sign and a colour alone say nothing to who cannot see them."""
    words = {
        "passed": "passed",
        "wrong": "not right yet",
        "raised": "raised an error",
        "timeout": "took too long",
        "died": "ended the process",
    }
    assert words.get(outcome, outcome).lower() in Page(feedback_page(mark(outcome=outcome), "03 X")).text.lower()


def test_feedback_has_headings_and_code() -> None:
    """A page of good structure with the student's code."""
    html = feedback_page(mark(text="mine"), "03 X")
    assert faults(html) == []
    assert "x = 1  # mine" in Page(html).text
    assert "Your notebook from top to bottom" in Page(html).text


def test_a_challenge_costs_nothing() -> None:
    """Without points it is neither lost nor counted, and it is full only where it passed."""
    challenge = Item("graph_layer", "c", "The layer is right.", 0, 0, "wrong")
    with_it = replace(mark(earned=1, outcome="passed"), items=(*mark(earned=1, outcome="passed").items, challenge))
    assert level([challenge]) is Level.NONE
    assert level([replace(challenge, outcome="passed")]) is Level.FULL
    assert level([replace(challenge, outcome="not attempted")]) is Level.UNTRIED
    assert "1 of 1 exercises have all their points." in Page(feedback_page(with_it, "03 X")).text
    said = StringIO()
    Console(file=said, width=100).print(table([with_it]))
    assert "graph_layer" not in said.getvalue()


@pytest.mark.parametrize("count", [0, 1, 200])
def test_classes_of_any_size(count: int, tmp_path: Path) -> None:
    """Nobody, one student, a lecture hall."""
    marks = [mark(f"s{i}", i % 2) for i in range(count)]
    write_reports(marks, tmp_path, "03 X")
    html = (tmp_path / "class.html").read_text("utf-8")
    assert f"{count} submission{'' if count == 1 else 's'}" in Page(html).text
    assert faults(html) == []
    assert len(list(tmp_path.glob("feedback/*.html"))) == count


@pytest.mark.parametrize("student", ["../../etc/passwd", "CON", "a/b", "a b", "ä", "x" * 300, "", "Li", "li"])
def test_page_names_are_safe(student: str, tmp_path: Path) -> None:
    """A name never leaves the folder, two names never share a page, and the class page links to it."""
    names = [student, "other", f"{student} ", "Other"]
    assert len({page_name(each).lower() for each in names}) == 4
    write_reports([mark(each) for each in names], tmp_path, "03 X")
    linked = {each["href"] for each in Page((tmp_path / "class.html").read_text("utf-8")).all("a") if not each["href"].startswith("#")}
    assert {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "feedback").iterdir()} == linked


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({}, ""),
        ({"error": "x.ipynb is not a Jupyter notebook."}, "refused"),
        ({"error": "Nothing was handed in.", "source": ""}, "missing"),
        ({"error": f"the grader's own process ended. {GRADERS_FAULT}"}, "crashed"),
    ],
)
def test_problems(changed: dict[str, str], problem: str) -> None:
    """Who has no mark has it for one of three reasons."""
    assert replace(mark(), **changed).problem == problem  # type: ignore[arg-type]


def test_table() -> None:
    """In the terminal: totals, where points were lost, and why there is no mark, on 80 columns."""
    marks = [
        mark("full"),
        mark("half", 0.5),
        mark("none", 0, "not attempted"),
        Mark("gone", "03_x", "x", error="x is [bold]broken[/bold]."),
    ]
    console = Console(file=StringIO(), width=80, color_system=None)
    console.print(table(marks))
    lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    assert lines[0] == "4 submissions"
    assert "full 2/2" in lines
    assert "half 1.5/2 softmax 0.5/1" in lines
    assert "none 1/2 not attempted: softmax" in lines
    assert "gone – not graded: x is [bold]broken[/bold]." in lines


@pytest.mark.parametrize("student", ["con", "nul", "aux", "prn", "com1", "lpt9"])
def test_page_names_are_no_devices(student: str) -> None:
    """Windows keeps some names for devices, whatever their ending."""
    assert page_name(student) != f"{student}.html"
    assert page_name(student).startswith(f"{student}-")
