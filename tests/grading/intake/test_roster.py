"""Rosters and extensions as people and systems write them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from nnlab.grading.intake.names import Origin
from nnlab.grading.intake.roster import Person, RosterError, read_extensions, read_roster, read_time

MOODLE = """\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade","Last modified (submission)","Last modified (grade)"
"Participant 12345","Mei Li",mei@example.edu,"Submitted for grading",,23.00,"Friday, 1 May 2026, 9:05 PM",-
"Participant 12346","Jan Müller",jan@example.edu,"No submission",,23.00,-,-
"""
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Lab 3 (771)
    Points Possible,,,,,23
"Li, Mei",4242,s100,mli,A,
"Student, Test",1,,,A,
"""


def put(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a list."""
    path.write_text(text, encoding)
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,email,id\nMei Li,mei@x.edu,100\n", Person("Mei Li", "Mei Li", "mei@x.edu", "100")),
        ("NAME ; E-Mail ; Student-ID\nMei Li; mei@x.edu; 100\n", Person("Mei Li", "Mei Li", "mei@x.edu", "100")),
        ("sep=;\r\nName;Gruppe\r\nMei Li;7\r\n", Person("Mei Li", "Mei Li", team="7")),
        ("First name\tLast name\tUsername\nMei\tLi\tmli\n", Person("Mei Li", "Mei Li", login="mli")),
        ("姓名,学号\n李梅,100\n", Person("李梅", "李梅", id="100")),
        ("email,colour\nmei@x.edu,red\n", Person("mei@x.edu", "mei@x.edu", "mei@x.edu")),
        ("id\n\n  \n100\n", Person("100", "100", id="100")),
        (CANVAS, Person("Li, Mei", "Li, Mei", id="s100", login="mli", section="A", canvas="4242")),
    ],
)
def test_headers(tmp_path: Path, text: str, expected: Person) -> None:
    """Whatever columns are called, in whatever order, with commas, semicolons or tabs; empty lines do not count."""
    assert read_roster(put(tmp_path / "roster.csv", text)).people == (expected,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """As Excel saves “CSV UTF-8” and “Unicode text”."""
    assert read_roster(put(tmp_path / "roster.csv", "name\nJan Müller\n", encoding)).people[0].name == "Jan Müller"


def test_grading_worksheet_of_moodle(tmp_path: Path) -> None:
    """It has the numbers that are in the names of files, and says when each submission was received."""
    roster = read_roster(put(tmp_path / "roster.csv", MOODLE))
    assert [(each.student, each.moodle) for each in roster.people] == [("Mei Li", "12345"), ("Jan Müller", "12346")]
    assert roster.received == {"Mei Li": datetime(2026, 5, 1, 21, 5).astimezone()}


@pytest.mark.parametrize(
    ("origin", "found"),
    [
        (Origin("moodle", "12345", "Someone Else"), "Mei Li"),
        (Origin("moodle", "7", "Mei Li"), None),
        (Origin("canvas", "9", "limei"), "Mei Li"),
        (Origin("", "", "mei@example.edu"), "Mei Li"),
        (Origin("", "", "MEI"), "Mei Li"),
        (Origin("", "", "li_mei"), "Mei Li"),
        (Origin("", "", "jan"), "Jan Müller"),
        (Origin("", "", "nobody"), None),
        (Origin("", "", ""), None),
    ],
)
def test_whom_a_file_is_from(tmp_path: Path, origin: Origin, found: str | None) -> None:
    """By the system's number, else, where that is not known, by name (also last name first), email or its local part."""
    person = read_roster(put(tmp_path / "roster.csv", MOODLE)).find(origin)
    assert (person and person.student) == found


def test_students_of_one_name(tmp_path: Path) -> None:
    """They keep apart, and a file that could be either's is neither's."""
    roster = read_roster(put(tmp_path / "roster.csv", "name,id\nMei Li,1\nMei Li,2\n"))
    assert [each.student for each in roster.people] == ["Mei Li (1)", "Mei Li (2)"]
    assert roster.find(Origin("", "", "Mei Li")) is None
    assert roster.find(Origin("", "", "2")) == roster.people[1]


def test_a_line_that_is_there_twice(tmp_path: Path) -> None:
    """It is one student."""
    roster = read_roster(put(tmp_path / "roster.csv", "name,id\nMei Li,1\nTom,2\nMei Li, 1\n"))
    assert [each.student for each in roster.people] == ["Mei Li", "Tom"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no column that names students"),
        (b"grade,colour\n1,red\n", r"no column that names students: found 'grade,colour'\. Expected headers such as name"),
        (b"name,email\n", "lists nobody"),
        (b"name\nJ\xf6rg\n", "is not UTF-8. Save it as"),
        (b'name,email\n"Mei,m@x\nTom,t@x\n', "line 3: unexpected end of data. Is a quotation mark open"),
        (b"name,email\n" + b"x" * 200_000, "field larger than field limit"),
        (b"name,email,section\nMei,m@x,A\nMei,m@x,B\n", "line 3: Mei .m@x. stands in line 2, too, with other words. Leave one"),
        (b"name,Last modified (submission)\nMei,soon\n", "roster.csv, line 2: 'soon' is not a time. Write it as 2026-05-01 23:59"),
    ],
)
def test_rosters_that_cannot_be_used(tmp_path: Path, data: bytes, message: str) -> None:
    """The file is named, and what to do."""
    (tmp_path / "roster.csv").write_bytes(data)
    with pytest.raises(RosterError, match=message):
        read_roster(tmp_path / "roster.csv")


def test_no_roster(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(RosterError, match=r"none\.csv cannot be read: No such file"):
        read_roster(tmp_path / "none.csv")


@pytest.mark.parametrize("who", ["Mei Li", "mei@example.edu", "Li Mei"])
def test_extensions(tmp_path: Path, who: str) -> None:
    """A student may be named by anything that is known; the last line of several counts."""
    people = read_roster(put(tmp_path / "roster.csv", MOODLE)).people
    listed = put(tmp_path / "more.csv", f"student,until\n{who},2026-05-02\n{who},2026-05-03 12:00\n")
    assert read_extensions(listed, people) == {"Mei Li": datetime(2026, 5, 3, 12, 0).astimezone()}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("student,until\nMai Li,2026-05-02\n", "line 2: Mai Li is not exactly one student of the class"),
        ("name,email,until\nMei Li,jan@example.edu,2026-05-02\n", "line 2: Mei Li, jan@example.edu is not exactly one"),
        ("student,until\nMei Li,\n", "line 2: '' is not a time"),
    ],
)
def test_extensions_that_cannot_be_used(tmp_path: Path, text: str, message: str) -> None:
    """A slip in the list is an error, not a student without an extension."""
    people = read_roster(put(tmp_path / "roster.csv", MOODLE)).people
    with pytest.raises(RosterError, match=message):
        read_extensions(put(tmp_path / "more.csv", text), people)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01 23:59", "2026-05-01T23:59"),
        ("2026-05-01", "2026-05-01T23:59"),
        ("1.5.2026 18:00", "2026-05-01T18:00"),
        ("2026-05-01T23:59:30+02:00", "2026-05-01T23:59:30+02:00"),
        ("Friday, 1 May 2026, 9:05 PM", "2026-05-01T21:05"),
        ("Friday, 1 May 2026, 21:05", "2026-05-01T21:05"),
    ],
)
def test_times(text: str, expected: str) -> None:
    """A time without a zone is this machine's, and a day ends with its last minute."""
    assert read_time(text, "--deadline") == datetime.fromisoformat(expected).astimezone()
