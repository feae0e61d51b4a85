"""Marks are kept whole, come back as they were, and a spreadsheet shows them as text."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from nnlab.grading.gradebook import Gradebook, GradebookError, Place, csv_text, write_csv
from nnlab.grading.intake.roster import Person
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
    assert book.fingerprints("03_x")["李 梅"] == "abc"


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
    assert book.fingerprints("03_x").get("nobody") is None


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


def test_csv(tmp_path: Path) -> None:
    """One row a student, empty where there is nothing to say."""
    write_csv([MARK, Mark("mei", "03_x", "mei.ipynb", error="mei.ipynb is broken.")], tmp_path / "marks.csv")
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert first == {
        "student": "李 梅",
        "chapter": "03_x",
        "softmax": "2",
        "neuron": "0.75",
        "late_percent": "",
        "total": "2.75",
        "points": "4.5",
        "percent": "61.1",
        "to_be_marked": "",
        "note": "",
        "by_hand": "",
        "comments": "",
        "receipt": "",
    }
    assert second == {**dict.fromkeys(first, ""), "student": "mei", "chapter": "03_x", "note": "mei.ipynb is broken."}


def test_csv_of_late_marks(tmp_path: Path) -> None:
    """The total is what counts; the points by exercise are what was earned."""
    write_csv([replace(MARK, taken=0.2, note="Received 1 day late.")], tmp_path / "marks.csv")
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert [row[key] for key in ("softmax", "late_percent", "total", "percent", "note")] == [
        "2",
        "20",
        "2.2",
        "48.9",
        "Received 1 day late.",
    ]


def test_class_list(book: Gradebook) -> None:
    """The list is of the last run: who left the class keeps the mark but is not in it; what being late costs may change."""
    places = [Place(Person(name, email=f"{name}@x.edu", moodle="7"), "2026-05-01T21:05:00+00:00", 0.1, "Late.") for name in ("mei", "li")]
    for name in ("mei", "li", "tom"):
        book.save(replace(MARK, student=name, chapter="03_x"))
    book.enrol("03_x", places)
    assert book.class_list("03_x") == [
        (place, replace(MARK, student=place.person.student, chapter="03_x", taken=0.1, note="Late.")) for place in places[::-1]
    ]
    book.enrol("03_x", [Place(Person("mei"))])
    assert book.class_list("03_x") == [(Place(Person("mei")), replace(MARK, student="mei", chapter="03_x"))]
    assert (book.class_list("04_x"), book.chapters(), len(book.marks())) == ([], ["03_x"], 3)
    book.enrol("03_x", [])
    assert book.chapters() == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite:///{}/none/book.sqlite", "unable to open database file"),
        ("mysql+nodriver://li:secret@localhost/marks", "Can't load plugin"),
        ("nosuch://li:secret@localhost/marks", "Can't load plugin"),
        ("postgresql+psycopg://li:secret@127.0.0.1:1/marks", r"(postgresql\+psycopg needs a driver that is not installed|cannot be used)"),
        ("postgresql://li:secret@[/marks", "(needs a driver that is not installed|cannot be used)"),
    ],
)
def test_urls_that_do_not_work(tmp_path: Path, url: str, message: str) -> None:
    """The gradebook is named without its password."""
    with pytest.raises(GradebookError, match=message) as error:
        Gradebook(url.format(tmp_path))
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_formulas_are_text(tmp_path: Path, name: str) -> None:
    """A name that a spreadsheet would compute is kept as text."""
    write_csv([Mark(name, "03_x", "x.ipynb", error="none")], tmp_path / "marks.csv")
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["student"] == f"'{name}"


def test_a_gradebook_of_a_newer_nnlab(tmp_path: Path) -> None:
    """Is refused with the way out, and left as it is."""
    path = tmp_path / "gradebook.sqlite"
    with Gradebook(path) as book:
        book.save(MARK)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE about SET version = 99")
    with pytest.raises(GradebookError, match=r"is of a newer nnlab \(version 99, here 2\)\. Update nnlab\."):
        Gradebook(path)


def test_a_gradebook_from_before_versions(tmp_path: Path) -> None:
    """Is taken, and says its version from then on; one that lacks a column is refused with the way out."""
    path = tmp_path / "gradebook.sqlite"
    with Gradebook(path) as book:
        book.save(MARK)
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE about")
    with Gradebook(path) as book:
        assert book.marks() == [MARK]
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT version FROM about").fetchall() == [(2,)]
        database.execute("ALTER TABLE submissions DROP COLUMN misconceptions")
    with pytest.raises(
        GradebookError, match=r"is of an older nnlab: its table submissions has no column misconceptions\. Grade into another"
    ):
        Gradebook(path)


def test_a_gradebook_of_version_1(tmp_path: Path) -> None:
    """Becomes one of this version with its marks, so that an older nnlab, which knows no adjustments, refuses it."""
    path = tmp_path / "gradebook.sqlite"
    with Gradebook(path) as book:
        book.save(MARK)
        book.enrol("03_x", [Place(Person("李 梅"))])
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE adjustments")
        database.execute("ALTER TABLE submissions DROP COLUMN receipt")
        database.execute("ALTER TABLE class_list DROP COLUMN team")
        database.execute("UPDATE about SET version = 1")
    with Gradebook(path) as book:
        assert (book.marks(), book.adjustments("03_x")) == ([MARK], [])
        assert book.class_list("03_x") == [(Place(Person("李 梅")), MARK)]
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT version FROM about").fetchall() == [(2,)]


@pytest.mark.parametrize("text", [" =1", "\u3000=1", "＝1+1", "a;=1+1", "a, +cmd", "x\t@SUM", "\n=1"])
def test_formulas_in_disguise(text: str) -> None:
    """A blank before it, a full-width sign, or a separator that another country's spreadsheet splits at: all are text."""
    assert next(csv.reader([csv_text([[text]]).replace("\n", " ").strip()]))[0].startswith("'")


@pytest.mark.parametrize("text", ["Mei Li", "19.5", "a = b", "李 梅", "x-y", "mei@example.org", ""])
def test_ordinary_text_stays(text: str) -> None:
    """It is written as it is."""
    assert csv_text([[text, "z"]]) == f"{text},z\n"


def test_excel_knows_the_encoding(tmp_path: Path) -> None:
    """marks.csv begins with the mark by which Excel reads Chinese names right."""
    write_csv([MARK], tmp_path / "marks.csv")
    assert (tmp_path / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbfstudent")
