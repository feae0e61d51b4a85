"""Feedback reaches whom it is for: by the names that systems gave the files, and as mails. Nothing is run for it, and nothing is sent."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from marked_class import ANN, CHAPTER, JAN, MEI, TOM
from support import ROOT

from nnlab.cli import PARTLY, UNUSABLE, main
from nnlab.grading.exports.feedback import is_address, mail
from nnlab.grading.exports.formats import ExportError, Request, export
from nnlab.grading.gradebook import Gradebook, Place
from nnlab.grading.intake.names import origins
from nnlab.grading.intake.roster import Person
from nnlab.grading.results import Mark
from nnlab.workbook.course import Course

Members = Sequence[tuple[Person, Mark]]
HOSTILE = 'Eve"\r\nBcc: all@example.edu\r\n\r\n<script>, "x" <y@z>'


def a_class(to: Path, *members: tuple[Person, Mark], **options: str) -> Request:
    """Save a class and return the request for it."""
    with Gradebook(to / "gradebook.sqlite") as book:
        book.enrol(CHAPTER, [Place(person) for person, _ in members])
        for _, each in members:
            book.save(each)
    return Request(to, Course(ROOT), **options)  # type: ignore[arg-type]


def handed_in(mark: Mark, source: str, **known: str) -> tuple[Person, Mark]:
    """Return a student and the mark of a file with this name."""
    return Person(mark.student, **{"name": mark.student, **known}), replace(mark, source=source)


def unzipped(path: Path) -> dict[str, str]:
    """Return the files of a zip."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def letters(to: Path) -> dict[str, EmailMessage]:
    """Return the mails by their addresses."""
    read = [message_from_bytes(path.read_bytes(), policy=default) for path in (to / "mails" / CHAPTER).iterdir()]
    return {each["To"].addresses[0].addr_spec: each for each in read}  # type: ignore[misc]


def test_canvas(tmp_path: Path) -> None:
    """Names as Canvas's `generate_comments_from_files` splits them: user, LATE, the user's number, the file's. Nobody is guessed."""
    members = (
        handed_in(MEI, "submissions/limei_4242_991_03-1.ipynb", canvas="4242"),
        handed_in(TOM, "tom_LATE_43_992_work.zip/limei_4242_991_03.ipynb", canvas="43"),
        handed_in(ANN, "limei_4242_991_03.ipynb", canvas="44"),  # of Mei's group
        (Person("Jan", "Jan", canvas="45"), JAN),
    )
    (path,), left_out = export("feedback-canvas", a_class(tmp_path, *members))
    pages = unzipped(path)
    assert set(pages) == {"limei_4242_991_feedback.html", "tom_LATE_43_992_feedback.html"}
    assert "Mei Li" in pages["limei_4242_991_feedback.html"]
    assert "Tom" in pages["tom_LATE_43_992_feedback.html"]
    assert left_out == ["Ann"]
    assert {found.number for found in origins([f"{name[:-4]}ipynb" for name in pages]).values() if found} == {"4242", "43"}


def test_anonymous_in_canvas(tmp_path: Path) -> None:
    """Canvas knows them again though nobody knows their names."""
    request = a_class(tmp_path, handed_in(MEI, "anon_x1Y_991_03.ipynb", name="", canvas="anon_x1Y"))
    assert set(unzipped(export("feedback-canvas", request)[0][0])) == {"anon_x1Y_991_feedback.html"}


def test_brightspace(tmp_path: Path) -> None:
    """The folder of the download, or its flat name; a file whose folder names somebody else goes to nobody."""
    members = (
        handed_in(MEI, "HW/4242-991 - Mei Li - Nov 1, 2026 1159 PM/03.ipynb"),
        handed_in(TOM, "43-992 - Tom - Nov 1, 2026 1159 PM - 03.ipynb"),
        handed_in(ANN, "4242-991 - Mei Li - Nov 1, 2026 1159 PM/03.ipynb"),
    )
    (path,), left_out = export("feedback-brightspace", a_class(tmp_path, *members))
    assert set(unzipped(path)) == {
        "4242-991 - Mei Li - Nov 1, 2026 1159 PM/feedback.html",
        "43-992 - Tom - Nov 1, 2026 1159 PM - feedback.html",
    }
    assert left_out == ["Ann"]


def test_two_of_one_name(tmp_path: Path) -> None:
    """Where two would get one name, neither page is in the zip."""
    source = "4242-991 - Mei Li - Nov 1, 2026 1159 PM/03.ipynb"
    members = (handed_in(MEI, source), handed_in(TOM, source, name="Mei Li"), handed_in(ANN, source.replace("Mei Li", "Ann")))
    (path,), left_out = export("feedback-brightspace", a_class(tmp_path, *members))
    assert [len(unzipped(path)), *left_out] == [1, "Mei Li", "Tom"]


def test_blackboard(tmp_path: Path) -> None:
    """The columns of “Work Offline”; the login is the roster's or the file's, and text is no markup."""
    members = (
        handed_in(replace(MEI, repairs=()), "HW 3_mli_attempt_2026-11-01-23-59-00_03.ipynb", login="mli"),
        handed_in(replace(TOM, student="tom"), "HW 3_tom_attempt_2026-11-01-23-59-00_03.ipynb"),
        handed_in(ANN, "ann.pdf", login="ann"),
    )
    column = "Lab 3 [Total Pts: 25 Score] |409581"
    request = a_class(tmp_path, *members, assignment=column)
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.enrol(CHAPTER, [Place(person, note="<b>late</b>" if person.login else "") for person, _ in members])
    (path,), left_out = export("feedback-blackboard", request)
    head, mei, tom = csv.reader(io.StringIO(path.read_text("utf-8")))
    assert head == ["Username", column, "Grading Notes", "Notes Format", "Feedback to Learner", "Feedback Format"]
    assert (mei[0], tom[0], left_out) == ("mli", "tom", ["Ann"])
    assert mei[4].endswith("points. &lt;b&gt;late&lt;/b&gt;")
    assert mei[4].startswith(f"{mei[1]} of ")


def test_mails(tmp_path: Path) -> None:
    """Each to its own address with its own page; who has no address is named; two exports give the same bytes."""
    members = (
        handed_in(MEI, "mei.ipynb", name="李梅", email="mei@example.edu"),
        handed_in(TOM, "tom.ipynb"),
        handed_in(ANN, "ann.pdf", email="ann@example.edu, all@example.edu"),
        (Person("Jan", "Jan", "jan@example.edu"), JAN),
    )
    request = a_class(tmp_path, *members, sender="me@example.edu")
    written, left_out = export("feedback-mails", request)
    assert left_out == ["Ann ('ann@example.edu, all@example.edu' is no address)", "Tom (no address)"]
    ((address, letter),) = letters(tmp_path).items()
    assert (address, letter["To"].addresses[0].display_name, letter["From"]) == ("mei@example.edu", "李梅", "me@example.edu")
    body, page = letter.iter_parts()
    assert re.match(r"[\d.]+ of [\d.]+ points\.\r\n", body.get_content())  # type: ignore[attr-defined]
    assert (page.get_filename(), page.get_content_type()) == ("feedback.html", "text/html")
    assert "Mei Li" in page.get_content()  # type: ignore[attr-defined]
    once = written[0].read_bytes()
    assert export("feedback-mails", request)[0][0].read_bytes() == once
    assert once.isascii()


@pytest.mark.parametrize("called", [HOSTILE, "a\nb", "x" * 3_000, "é\u2028Bcc: a@b", "\ud800", "=?utf-8?q?=0aBcc:a=40b?=", "", "a, b; c:"])
def test_hostile_names(called: str) -> None:
    """No name adds a header or a second address; each line is as short as RFC 5322 wants it, and ends as it says."""
    data = mail(Place(Person(called, called, "eve@example.edu")), called, "1 of 2 points.", b"<p>page</p>")
    letter = message_from_bytes(data, policy=default)
    assert set(letter.keys()) == {"To", "Subject", "X-Unsent", "MIME-Version", "Content-Type"}
    assert [each.addr_spec for each in letter["To"].addresses] == ["eve@example.edu"]
    assert len(list(letter.iter_parts())) == 2  # type: ignore[attr-defined]
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "text", ["", "x", "@y.z", "a@", "a b@c.d", "a@b\nBcc: c@d", "a@b,c@d", "<a@b>", "a@b>", "ä@b.de", "a..b@c.d", "a@-b.c", "a@b\n"]
)
def test_no_address(text: str) -> None:
    """What is no single address goes into no header."""
    assert not is_address(text)
    assert is_address("mei.li+nn@cs.example.edu")


def test_mails_of_an_earlier_export(tmp_path: Path) -> None:
    """Who was left out since would get an old mail: refused, and nothing is lost."""
    mei, tom = handed_in(MEI, "m", email="mei@example.edu"), handed_in(TOM, "t", email="tom@example.edu")
    export("feedback-mails", a_class(tmp_path, mei, tom))
    before = set((tmp_path / "mails" / CHAPTER).iterdir())
    with pytest.raises(ExportError, match=r"holds Tom-\w+\.eml of an earlier export.*Move the folder away"):
        export("feedback-mails", a_class(tmp_path, mei))
    assert set((tmp_path / "mails" / CHAPTER).iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["feedback-canvas"], "no file that was graded is called as Canvas (“Download Submissions”) calls it."),
        (["feedback-brightspace"], "no file that was graded is called as Brightspace (“Download”) calls it."),
        (["feedback-blackboard"], "--assignment, such as 'Lab 3 [Total Pts: 25 Score] |409581'."),
        (["feedback-mails"], "the gradebook has no address of anyone."),
        (["feedback-mails", "--from", "me@x\nBcc: y@z"], "is no address. Write it as name@example.edu."),
    ],
)
def test_nothing_to_export(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    """A sentence, status 2, and nothing written."""
    a_class(tmp_path, handed_in(MEI, "mei.ipynb"))
    before = set(tmp_path.iterdir())
    form, *options = arguments
    assert main(["export", form, str(tmp_path), "--course", str(ROOT), *options]) == UNUSABLE
    assert message in capsys.readouterr().err
    assert set(tmp_path.iterdir()) == before


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what it wrote and who gets nothing, and why."""
    a_class(tmp_path, handed_in(MEI, "m", email="mei@example.edu"), handed_in(TOM, "t"))
    assert main(["export", "feedback-mails", str(tmp_path), "--course", str(ROOT), "--from", "me@example.edu"]) == PARTLY
    said = capsys.readouterr().out
    assert ".eml\n" in said
    assert "Tom (no address)\n" in said
