"""What people read: safe whatever students wrote, complete, and readable without seeing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from nnlab.grading.report import class_page, feedback_page, page_name, table, write_reports
from nnlab.grading.results import OUTCOMES, Item, Mark

HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "</pre></details><b>", "‮evil\x00\x1b[31m", "&lt;"]


def mark(student: str = "li", earned: float = 1, outcome: str = "wrong", text: str = "") -> Mark:
    """Return a mark of two exercises whose strings all hold `text`."""
    items = (
        Item("softmax", "a", f"Softmax is right. {text}", 1, earned, outcome, text),
        Item("notebook", "b", "The notebook runs.", 1, 1, "passed"),
    )
    return Mark(student, "03_x", f"{text}.ipynb", items, (f"`softmax` {text}",), {"softmax": f"x = 1  # {text}"})


class Page(HTMLParser):
    """What is in a page: its tags, its text, and what it wants from outside."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.outside: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag and its references."""
        self.tags.append(tag)
        self.outside += [value for name, value in attrs if name in ("src", "href", "action", "data") and value] + [
            name for name, _ in attrs if name.startswith("on")
        ]

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        self.text += data


@pytest.mark.parametrize("text", HOSTILE)
def test_every_value_is_escaped(text: str) -> None:
    """What students wrote is shown as text: it adds no tag, no reference, no handler."""
    plain, hostile = (Page(feedback_page(mark("li", text=each), "03 X")) for each in ("", text))
    assert hostile.tags.count("script") == 0
    assert set(hostile.tags) == set(plain.tags)
    assert hostile.outside == []
    broken = feedback_page(Mark(text, "03_x", "x", error=text), "03 X")
    broken += class_page([mark(text), Mark("b", "03_x", "x", error=text)], "03 X")
    assert not re.search(r"<script|<img|<b>|onerror=(?!alert\(1\)&gt;)", broken)
    assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e]", broken)


def test_pages_need_nothing_from_outside() -> None:
    """No address, no style sheet, no font, no script."""
    for html in (feedback_page(mark(), "03 X"), class_page([mark()], "03 X")):
        assert not re.search(r"https?:|url\((?!#)|@import|<link|<script|<iframe", html)


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
    """One heading of first rank, one of second for each exercise, and the student's code."""
    page = Page(feedback_page(mark(text="mine"), "03 X"))
    assert page.tags.count("h1") == 1
    assert "x = 1  # mine" in page.text
    assert "Your notebook from top to bottom" in page.text


def test_picture_of_the_class_can_be_heard() -> None:
    """The picture's label says its numbers."""
    marks = [mark("a"), mark("b", 0), mark("c", 0.5), mark("d", 0, "not attempted")]
    label = re.search(r'role="img"[^>]*aria-label="([^"]*)"', class_page(marks, "03 X"))
    assert label
    assert "softmax: 1 all points, 1 some points, 1 no points, 1 not attempted." in label.group(1)


@pytest.mark.parametrize("count", [0, 1, 200])
def test_classes_of_any_size(count: int, tmp_path: Path) -> None:
    """Nobody, one student, a lecture hall."""
    marks = [mark(f"s{i}", i % 2) for i in range(count)]
    write_reports(marks, tmp_path, "03 X")
    text = Page((tmp_path / "class.html").read_text("utf-8")).text
    assert f"{count} submission{'' if count == 1 else 's'}" in text
    assert len(list(tmp_path.glob("feedback/*.html"))) == count


def test_nobody_could_be_graded() -> None:
    """Then the page says why, and draws no picture."""
    html = class_page([Mark("li", "03_x", "li.ipynb", error="li.ipynb is broken.")], "03 X")
    assert "li.ipynb is broken." in html
    assert "<svg" not in html


@pytest.mark.parametrize("student", ["../../etc/passwd", "CON", "a/b", "a b", "ä", "x" * 300, "", "Li", "li"])
def test_page_names_are_safe(student: str) -> None:
    """A name never leaves the folder, and two names never share a page."""
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,80}\.html", page_name(student))
    assert len({page_name(each).lower() for each in (student, "other", f"{student} ", "Other")}) == 4


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
