"""The class over several chapters: who is who, what counts, and whom to ask."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from html_pages import Page
from support import ROOT

from nnlab.cli import UNUSABLE, main
from nnlab.grading.adjusting.model import DROP, Adjustment
from nnlab.grading.desk.overview import collected
from nnlab.grading.gradebook import Gradebook, Place
from nnlab.grading.intake.roster import Person
from nnlab.grading.pages.feedback import write_feedback
from nnlab.grading.results import MISSING, Item, Mark
from nnlab.workbook.course import Course

CHAPTERS = ("03_forward_propagation", "04_backpropagation", "05_traffic_classifier")
EVIL = "</td><script>alert(1)</script>"


def save(folder: Path, chapter: str, *members: tuple[Person, float | str, float]) -> Path:
    """Save a chapter out of 10 points: for each student the points or why there are none, and what was taken off."""
    with Gradebook(folder / "gradebook.sqlite") as book:
        book.enrol(chapter, [Place(person, taken=taken) for person, _, taken in members])
        for person, got, _ in members:
            items = () if isinstance(got, str) else (Item("softmax", "a", "It is right.", 10, got, "passed" if got == 10 else "wrong"),)
            mark = Mark(person.student, chapter, "a.ipynb", items, error=got if isinstance(got, str) else "")
            book.save(mark)
            write_feedback(mark, folder, chapter)
    return folder


MEI, TOM, ANN, JAN = (Person(name, name, email=f"{name}@x.edu", id=str(i)) for i, name in enumerate(("Mei", "Tom", EVIL, "Jan")))


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    """Return three graded chapters; who is who is told by the email where the name changed."""
    one = save(tmp_path / "a b", CHAPTERS[0], (MEI, 10, 0), (TOM, 8, 0), (ANN, 5, 0.2))
    two = save(tmp_path / "two", CHAPTERS[1], (replace(MEI, student="Mei Li", id=""), 9, 0), (TOM, 9, 0), (ANN, 6, 0), (JAN, 10, 0))
    three = save(tmp_path / "three", CHAPTERS[2], (MEI, 10, 0), (TOM, 4, 0), (ANN, MISSING, 0), (JAN, "a.pdf is no notebook.", 0))
    return [str(each) for each in (one, two, three)]


def overview(folders: list[str], *more: str) -> int:
    """Run the command."""
    return main(["overview", *folders, "--course", str(ROOT), *more])


def test_table(folders: list[str], tmp_path: Path) -> None:
    """One line a student, with what counts; missing is 0 points, and what could not be graded or was before the student came is left out."""
    assert overview(folders) == 0
    with (tmp_path / "overview.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    keys = (*CHAPTERS, f"{CHAPTERS[2]} state", "total", "of", "percent", "missing", "late", "last_percent", "before_percent")
    assert {name: [row[key] for key in keys] for name, row in rows.items()} == {
        "Mei": ["10", "9", "10", "", "29", "30", "96.7", "0", "0", "100.0", "95.0"],
        "Tom": ["8", "9", "4", "", "21", "30", "70.0", "0", "0", "40.0", "85.0"],
        EVIL: ["4", "6", "", "missing", "10", "30", "33.3", "1", "1", "0.0", "50.0"],
        "Jan": ["", "10", "", "not graded", "10", "10", "100.0", "0", "0", "100.0", ""],
    }
    assert rows["Jan"][f"{CHAPTERS[0]} state"] == "not in the class"


def test_page(folders: list[str], tmp_path: Path) -> None:
    """Its links lead to the feedback pages, names are text, and it says whom to ask, why, and what it cannot know."""
    assert overview(folders, "--to", str(tmp_path / "all")) == 0
    text = (tmp_path / "all" / "overview.html").read_text("utf-8")
    assert "<script" not in text
    links = [each["href"] for each in Page(text).all("a")]
    assert len(links) == 9
    assert all((tmp_path / "all" / link.replace("%20", " ")).exists() for link in links)
    assert "<li>Tom: 40 % of the points in 05; 45 percentage points less than in the chapters before</li>" in text
    assert "alert(1)&lt;/script&gt;: nothing handed in for 05</li>" in text
    assert "<li>Jan: 05 could not be graded</li>" in text
    assert "<li>Mei" not in text
    assert "It is a reason to ask, and none to judge." in text


def test_what_will_not_do(folders: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two marks of one student in one chapter, or no marks: a sentence, and nothing is written."""
    again = save(tmp_path / "again", CHAPTERS[0], (TOM, 1, 0))
    assert overview([*folders, str(again)]) == UNUSABLE
    assert f"Tom has two marks of {CHAPTERS[0]}, in {folders[0]} and in {again}. Leave one of the folders out." in capsys.readouterr().err
    assert overview([str(tmp_path)]) == UNUSABLE
    assert "has no gradebook." in capsys.readouterr().err
    assert overview(folders, "--gradebook", "sqlite://") == UNUSABLE
    assert "name one folder" in capsys.readouterr().err
    assert not list(tmp_path.glob("overview.*"))


def test_a_chapter_that_counts_for_nobody(tmp_path: Path) -> None:
    """Where every exercise of a chapter is dropped, nobody lost points there: it is in no total, no trend and no list."""
    three = save(tmp_path / "three", CHAPTERS[0], (MEI, 1, 0), (TOM, MISSING, 0))
    four = save(tmp_path / "four", CHAPTERS[1], (MEI, 9, 0), (TOM, 9, 0))
    with Gradebook(three / "gradebook.sqlite") as book:
        book.adjust([Adjustment(DROP, CHAPTERS[0], exercise="softmax", why="w")])
    found = collected([three, four], Course(ROOT))
    assert [chapter.points for chapter in found.chapters] == [0, 10]
    assert [(found.percent(each), found.trend(each)) for each in found.students] == [(90, None), (90, None)]


def test_two_of_one_name(tmp_path: Path) -> None:
    """Different numbers in different chapters are two people: each line of the table has its own marks and small line."""
    one = save(tmp_path / "one", CHAPTERS[0], (Person("Mei", "Mei", id="1"), 10, 0))
    two = save(tmp_path / "two", CHAPTERS[1], (Person("Mei", "Mei", id="2"), 2, 0))
    assert overview([str(one), str(two)]) == 0
    text = (tmp_path / "overview.html").read_text("utf-8")
    assert [each["points"] for each in Page(text).all("polyline")] == ["4.0,2.0", "96.0,18.0"]
    assert "20 % of the points in 04" in text


def test_sections_graded_apart(folders: list[str], tmp_path: Path) -> None:
    """One chapter from two folders is one column."""
    eve = Person("Eve", "Eve", email="eve@x.edu")
    section = save(tmp_path / "section b", CHAPTERS[0], (eve, 7, 0))
    assert overview([*folders, str(section)]) == 0
    with (tmp_path / "overview.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(row for row in csv.DictReader(file) if row["student"] == "Eve")[CHAPTERS[0]] == "7"
