"""Marks are kept whole, come back as they were, and a spreadsheet shows them as text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from nnlab.grading.gradebook import Gradebook, GradebookError, kept, write_csv
from nnlab.grading.results import Item, Mark

ITEMS = (
    Item("softmax", "columns", "Softmax is right for a batch.", 2, 2, "passed"),
    Item("softmax", "large", "Softmax does not overflow.", 1, 0, "wrong", "The result is wrong."),
    Item("neuron", "random", "The neuron is right.", 1.5, 0.75, "passed"),
)
MARK = Mark("李 梅", "03_x", "li.ipynb", ITEMS, ("A cell was missing.",), {"softmax": "def softmax(z):\n    pass"})


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    """Return a gradebook in a folder that does not exist yet."""
    with Gradebook(tmp_path / "marks" / "gradebook.sqlite") as opened:
        yield opened


def test_a_mark_comes_back_as_it_was(book: Gradebook) -> None:
    """With its items in order, repairs and answers."""
    book.save(MARK, "abc")
    assert book.marks() == [MARK]
    assert book.fingerprint("李 梅", "03_x") == "abc"


def test_a_new_mark_takes_the_place_of_the_old(book: Gradebook) -> None:
    """One mark a student and chapter; other chapters keep theirs."""
    other = replace(MARK, chapter="04_x")
    for mark in (MARK, other, replace(MARK, items=ITEMS[:1])):
        book.save(mark)
    assert book.marks("03_x") == [replace(MARK, items=ITEMS[:1])]
    assert book.marks("04_x") == [other]


def test_unknown_student(book: Gradebook) -> None:
    """No mark, no fingerprint."""
    assert book.marks() == []
    assert book.fingerprint("nobody", "03_x") is None


def test_reopened(tmp_path: Path) -> None:
    """What was saved is there for the next run."""
    for _ in range(2):
        with Gradebook(tmp_path / "g.sqlite") as book:
            book.save(MARK)
    with Gradebook(tmp_path / "g.sqlite") as book:
        assert book.marks() == [MARK]


def test_full_disk(book: Gradebook) -> None:
    """The mark is not saved in half, the earlier ones stay, and the error says what to do."""
    book.save(MARK)
    event.listen(book._engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))
    with pytest.raises(GradebookError, match=r"gradebook.sqlite cannot be used: .*full\. Is it a database, .* room on the disk"):
        book.save(replace(MARK, student="mei", answers={"softmax": "x" * 100_000}))
    assert book.marks() == [MARK]


def test_not_a_database(tmp_path: Path) -> None:
    """A file of something else is named and left alone."""
    path = tmp_path / "gradebook.sqlite"
    path.write_text("my shopping list, which is long enough to be read as a database header by mistake" * 20)
    with pytest.raises(GradebookError, match=r"gradebook.sqlite cannot be used: file is not a database"):
        Gradebook(path)
    assert path.read_text().startswith("my shopping list")


def test_kept(tmp_path: Path) -> None:
    """Marks are read again in order of names; which chapter is said where there are several."""
    marks = [MARK, replace(MARK, student="mei"), replace(MARK, student="Ana"), replace(MARK, chapter="04_x")]
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        for mark in marks[:3]:
            book.save(mark)
        assert [mark.student for mark in kept(tmp_path)] == ["Ana", "mei", "李 梅"]
        book.save(marks[3])
    assert kept(tmp_path, "04_x") == marks[3:]
    with pytest.raises(GradebookError, match=r"has marks of several chapters: 03_x, 04_x\. Choose one with --chapter"):
        kept(tmp_path)
    with pytest.raises(GradebookError, match=r"has no marks of 05_x\."):
        kept(tmp_path, "05_x")


def test_nothing_is_kept(tmp_path: Path) -> None:
    """A folder that was not graded into is named, and no gradebook is made there."""
    with pytest.raises(GradebookError, match=r"has no gradebook\.sqlite\. Give the folder that `nnlab grade --to` wrote"):
        kept(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_csv(tmp_path: Path) -> None:
    """One row a student, empty where there is nothing to say."""
    write_csv([MARK, Mark("mei", "03_x", "mei.ipynb", error="mei.ipynb is broken.")], tmp_path / "marks.csv")
    with (tmp_path / "marks.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert first == {
        "student": "李 梅",
        "chapter": "03_x",
        "softmax": "2",
        "neuron": "0.75",
        "total": "2.75",
        "points": "4.5",
        "percent": "61.1",
        "note": "",
    }
    assert second == {**dict.fromkeys(first, ""), "student": "mei", "chapter": "03_x", "note": "mei.ipynb is broken."}


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_formulas_are_text(tmp_path: Path, name: str) -> None:
    """A name that a spreadsheet would compute is kept as text."""
    write_csv([Mark(name, "03_x", "x.ipynb", error="none")], tmp_path / "marks.csv")
    with (tmp_path / "marks.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["student"] == f"'{name}"
