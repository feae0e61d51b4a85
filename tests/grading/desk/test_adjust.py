"""Marks changed by hand: checked whole, saved whole, shown everywhere, never lost."""

from __future__ import annotations

import csv
import email
import json
import multiprocessing
import os
import signal
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from marked_class import ANSWER, CHAPTER, COUNTING, JAN, MEI, TOM, WORDS, WORTH, mark, marked_class
from sample_class import sample_class
from support import ROOT

from nnlab.cli import UNUSABLE, main
from nnlab.grading.adjusting.apply import adjusted
from nnlab.grading.adjusting.model import COMMENT, POINTS, Adjustment, digest
from nnlab.grading.desk.adjust import AdjustError, Desk, Wish
from nnlab.grading.exports.formats import export
from nnlab.grading.grade import only_here
from nnlab.grading.gradebook import Gradebook, GradebookError
from nnlab.grading.pages.page import page_name
from nnlab.languages import speaking

ALL = COUNTING


def adjust(to: Path, *args: str) -> int:
    """Run the command."""
    return main(["adjust", str(to), *args, "--course", str(ROOT), "--by", "Wu"])


def rows(to: Path) -> Mapping[str, Mapping[str, str]]:
    """Return marks.csv by student."""
    with (to / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def page(to: Path, student: str = "Mei Li") -> str:
    """Return a student's page."""
    return (to / "feedback" / page_name(student)).read_text("utf-8")


def test_others_change_marks_while_a_class_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between pages others have their turn, and what they wrote is not written over with what was read before."""
    desk = Desk(marked_class(tmp_path, (TOM, MEI)))

    def someone_else(_: float) -> None:
        adjust(tmp_path, "Mei Li", "softmax", "2.5", "--why", "Half a point more.")

    monkeypatch.setattr("nnlab.grading.desk.adjust.PAGES", 1)
    monkeypatch.setattr("nnlab.grading.desk.adjust.time.sleep", someone_else)
    monkeypatch.setattr("nnlab.grading.desk.adjust.PATIENCE", 0.0)
    desk.save([desk.rule("drop", "neuron", "Unclear.")])
    desk.write({""})
    assert all("Unclear." in page(tmp_path, student) for student in ("Tom", "Mei Li"))
    assert "Half a point more." in page(tmp_path, "Mei Li")
    assert rows(tmp_path)["Mei Li"]["softmax"] == "2.5"


def test_points_and_a_comment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They count in marks.csv and on both pages, with reason and comment; the gradebook keeps what the tests found."""
    marked_class(tmp_path)
    assert adjust(tmp_path, "Mei Li", "softmax", "2.5", "--why", "The idea is right.", "--comment", "See *slide 12*.") == 0
    assert "1. Mei Li softmax: points 1 → 2.5 (The idea is right.), by Wu, 20" in capsys.readouterr().out
    row = rows(tmp_path)["Mei Li"]
    assert (row["softmax"], row["total"]) == ("2.5", f"{ALL - 0.5:g}")
    assert (row["by_hand"], row["comments"]) == ("softmax 1 → 2.5 (The idea is right.)", "softmax: See *slide 12*.")
    assert "Marked by hand: 2.5 points; the tests gave 1.</strong> The idea is right." in page(tmp_path)
    assert "<p>See <em>slide 12</em>.</p>" in page(tmp_path)
    assert "by hand: softmax 1 → 2.5 (The idea is right.)" in (tmp_path / "class.html").read_text("utf-8")
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        assert MEI in book.marks(CHAPTER)


def test_exports_have_it(tmp_path: Path) -> None:
    """The grade that another system gets is the one that counts; Moodle's file and the one for scripts have reason and comment, too."""
    request = marked_class(tmp_path)
    adjust(tmp_path, "Mei Li", "softmax", "2", "--why", "Half.", "--comment", "Nice.")
    for name in ("moodle", "canvas", "json"):
        export(name, replace(request))
    line = next(line for line in (tmp_path / "moodle-grades.csv").read_text("utf-8").splitlines() if "Mei" in line)
    assert f",{ALL - 1:g},{ALL:g},," in line
    assert "Changed by hand: softmax 1 → 2 (Half.). softmax: Nice." in line
    assert f"Mei Li,,,,,{ALL - 1:g}\n" in (tmp_path / "canvas-grades.csv").read_text("utf-8")
    student = next(
        each for each in json.loads((tmp_path / "marks.json").read_text("utf-8"))["students"] if each["person"]["name"] == "Mei Li"
    )
    assert student["exercises"]["softmax"] == {
        **{"earned": 2.0, "points": 3.0, "found": 1.0, "worth": 3.0, "waiting": 0.0},
        **{"why": "Half.", "by": "Wu", "comment": "Nice.", "rule": "", "changed": False, "rubric": []},
    }


@pytest.mark.parametrize(
    ("args", "totals", "said"),
    [
        (["--drop", "softmax"], {"Mei Li": (ALL - 3, ALL - 3), "Tom": (ALL - 4, ALL - 3)}, "softmax does not count (W.)"),
        (["--full", "softmax"], {"Mei Li": (ALL, ALL), "Tom": (ALL - 1, ALL)}, "softmax 1 → 3 (W.)"),
        (["--scale", "1.1"], {"Mei Li": (ALL, ALL), "Tom": (ALL, ALL)}, "Marks are multiplied by 1.1: W."),
        (["--scale", "0.5"], {"Mei Li": ((ALL - 2) / 2, ALL), "Tom": ((ALL - 2) / 2, ALL)}, "Marks are multiplied by 0.5: W."),
        (["--bonus", "3"], {"Mei Li": (ALL + 1, ALL), "Tom": (ALL + 1, ALL)}, "3 points added: W."),
        (["Mei Li", "--bonus", "-90"], {"Mei Li": (0, ALL), "Tom": (ALL - 2, ALL)}, "90 points taken off: W."),
    ],
)
def test_changed_minds(tmp_path: Path, args: list[str], totals: dict[str, tuple[float, float]], said: str) -> None:
    """What is decided for everyone, or about a total, and that it can be undone; those without a mark get none by it."""
    marked_class(tmp_path)
    assert adjust(tmp_path, *args, "--why", "W.") == 0
    found = rows(tmp_path)
    assert {name: (float(found[name]["total"]), float(found[name]["points"])) for name in totals} == totals
    assert found["Mei Li"]["by_hand"] == said
    assert found["Ann"]["total"] == found["Jan"]["total"] == ""
    assert adjust(tmp_path, *args, "--undo") == 0
    assert {float(rows(tmp_path)[name]["total"]) for name in ("Mei Li", "Tom")} == {ALL - 2}


def test_marked_by_hand_alone(tmp_path: Path) -> None:
    """Who handed in a scan can be marked by hand, and then has a mark out of all points."""
    marked_class(tmp_path)
    adjust(tmp_path, "ann@example.edu", "softmax", "3", "--why", "On paper.")
    row = rows(tmp_path)["Ann"]
    assert (row["total"], row["points"], row["softmax"], row["neuron"]) == ("3", f"{ALL:g}", "3", "0")
    assert row["note"] == "ann.pdf is no notebook. Submit the .ipynb file. Marked by hand."
    assert "The tests did not run on this answer." in page(tmp_path, "Ann")


def test_the_last_word_counts_and_undo_brings_the_one_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is deleted: the list has all of it, with who undid what."""
    marked_class(tmp_path)
    for points in ("2", "3"):
        adjust(tmp_path, "Mei Li", "softmax", points, "--why", f"To {points}.")
    adjust(tmp_path, "Tom", "--comment", "Come and see me.")
    assert rows(tmp_path)["Mei Li"]["softmax"] == "3"
    assert "Come and see me." in page(tmp_path, "Tom")
    assert adjust(tmp_path, "Mei Li", "--undo") == 0
    assert rows(tmp_path)["Mei Li"]["softmax"] == "2"
    assert adjust(tmp_path, "--number", "3", "--undo") == 0
    assert "Come and see me." not in page(tmp_path, "Tom")
    capsys.readouterr()
    assert adjust(tmp_path) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith("1. Mei Li softmax: points 1 → 2 (To 2.), by Wu, ")
    assert second.startswith("2. Mei Li softmax: points 2 → 3 (To 3.), by Wu, ")
    assert "; undone by Wu, 20" in second
    assert third.startswith("3. Tom: a comment “Come and see me.”, by Wu, ")
    assert adjust(tmp_path, "--number", "3", "--undo") == UNUSABLE
    assert "number 3 is undone already. The desk, and `nnlab adjust OUT`, list" in capsys.readouterr().err


def test_grading_again_keeps_it_and_says_where_the_answer_changed(tmp_path: Path) -> None:
    """The points by hand stay; marks.csv, both pages and the command say that they are of another answer."""
    request = marked_class(tmp_path)
    adjust(tmp_path, "Mei Li", "softmax", "2", "--why", "Half.")
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.save(mark("Mei Li", {"softmax": f"{ANSWER}  # better"}))
    assert main(["report", str(tmp_path), "--course", str(ROOT)]) == 0
    assert (rows(tmp_path)["Mei Li"]["softmax"], rows(tmp_path)["Mei Li"]["by_hand"]) == (
        "2",
        "softmax 3 → 2 (Half.; the answer has changed since)",
    )
    assert "Your answer has changed since this was written." in page(tmp_path)
    assert replace(request).everyone[2].outdated == ("softmax",)


def test_from_notebook_to_notebook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A class of one, graded, marked by hand, and graded again with another answer: the run says whose answer changed."""
    paper, out = tmp_path / "in" / "mei.ipynb", tmp_path / "out"
    paper.parent.mkdir()
    paper.write_bytes((sample_class(CHAPTER).folder / "full_marks.ipynb").read_bytes())
    command = ["grade", str(paper.parent), "--to", str(out), "--course", str(ROOT), "--sandbox", "none", "--workers", "1"]
    assert main(command) == adjust(out, "mei", "softmax", "1", "--why", "Copied.") == 0
    paper.write_text(paper.read_text("utf-8").replace("def softmax(", "# my own\\ndef softmax(", 1), "utf-8")
    capsys.readouterr()
    assert main(command) == 0
    assert "Marked or commented by hand, and the answer has changed since: mei (softmax)" in capsys.readouterr().out
    assert rows(out)["mei"]["by_hand"] == "softmax 3 → 1 (Copied.; the answer has changed since)"


def test_many_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A CSV file, with students by whatever the class list knows, and lines that only comment."""
    marked_class(tmp_path)
    file = tmp_path / "changes.csv"
    file.write_text("Email;Exercise;Points;Why;Comment\nmei@example.edu;softmax;2,5;Idea.;\nTOM@example.edu;;;;Well done.\n", "utf-8")
    assert adjust(tmp_path, "--csv", str(file)) == 0
    assert (rows(tmp_path)["Mei Li"]["softmax"], rows(tmp_path)["Tom"]["comments"]) == ("2.5", "Well done.")
    file.write_text("student,exercise,points,why\nTom,softmax,3,Idea.\nMei Li,softmax,99,Idea.\n", "utf-8")
    assert adjust(tmp_path, "--csv", str(file)) == UNUSABLE
    assert (
        f"{file}, line 3: softmax is worth 3 points: 99 is not from 0 to 3. A bonus gives more. Nothing of the" in capsys.readouterr().err
    )
    assert rows(tmp_path)["Tom"]["softmax"] == "2"
    file.write_text("student,exercise,points,why\nTom,softmax,1,5,Idea.\n", "utf-8")
    assert adjust(tmp_path, "--csv", str(file)) == UNUSABLE
    assert "line 2 has more cells than there are headers. Is it a decimal comma?" in capsys.readouterr().err
    assert rows(tmp_path)["Tom"]["softmax"] == "2"


def test_a_file_that_says_two_things_of_one_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is refused with both lines, whatever names the student; points and a comment on one answer are no contradiction."""
    marked_class(tmp_path)
    file = tmp_path / "twice.csv"
    file.write_text("\ufeffname;exercise;points;why;comment\n\nMei Li;softmax;1,5;a;well\n;;;;\nMei Li;softmax;2;b;\n", "utf-8")
    assert adjust(tmp_path, "--csv", str(file)) == UNUSABLE
    assert f"{file}, line 5: Mei Li softmax stands in {file}, line 3 already. Nothing of the file was saved." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["Mei Li", "softmax", "4.5", "--why", "x"], "softmax is worth 3 points: 4.5 is not from 0 to 3. A bonus gives more."),
        (["Mei Li", "softmax", "-1", "--why", "x"], "softmax is worth 3 points: -1 is not from 0 to 3."),
        (["Mei Li", "softmax", "nan", "--why", "x"], "points: 'nan' is no number."),
        (["Mei Li", "softmax", "3"], "a reason is missing"),
        (["Mei Li", "softmax", "3", "--why", " \n "], "a reason is missing"),
        (["Mei Li", "softmx", "3", "--why", "x"], "03_forward_propagation has no exercise 'softmx'. It has: neuron, "),
        (["Mai Li", "softmax", "3", "--why", "x"], "there is no student 'Mai Li' in 03_forward_propagation. Did you mean 'Mei Li'?"),
        (["Mei Li", "softmax"], "there is nothing to change: give points with a reason, or a comment."),
        (["--why", "x"], "whom is it about?"),
        (["--drop", "softmax"], "a reason is missing"),
        (["--drop", "nothing", "--why", "x"], "has no exercise 'nothing'"),
        (["--drop", "softmax", "--scale", "2", "--why", "x"], "--drop and --scale are two changes. Make one after the other."),
        (["Tom", "--full", "softmax", "--why", "x"], "--full is about everyone. For one student: STUDENT EXERCISE POINTS."),
        (["--scale", "0", "--why", "x"], "the factor is 0: expected one above 0 and up to 10"),
        (["--bonus", "inf", "--why", "x"], "the bonus: 'inf' is no number."),
        (["--undo"], "such a change is not there."),
        (["--undo", "--why", "x"], "--undo takes back what was changed, and changes nothing else."),
        (["Mei Li", "softmax", "2", "--undo"], "Leave points, --why, --comment and --csv out."),
        (["Mei Li", "--comment", "x" * 10_001], "the comment has 10,001 characters. Write at most 10,000."),
        (["--csv", "none.csv"], "none.csv cannot be read"),
    ],
)
def test_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], args: list[str], message: str) -> None:
    """With a sentence, and nothing is written."""
    marked_class(tmp_path)
    assert adjust(tmp_path, *args) == UNUSABLE
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".csv", ".html")] == []


def test_a_comment_with_script_in_it(tmp_path: Path) -> None:
    """It is shown as text: no tag, no image, and no address that runs something."""
    marked_class(tmp_path)
    evil = "<script>alert(1)</script> ![x](http://e.org/x.png) [y](javascript:alert(2)) <img src=x onerror=alert(3)>\n\n| a |\n|---|\n| b |"
    adjust(tmp_path, "Mei Li", "softmax", "1", "--why", "<b>why</b>", "--comment", evil)
    html = page(tmp_path)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;why&lt;/b&gt;" in html
    assert "<td>b</td>" in html
    for tag in ("<script", "<img", "<b>", 'href="javascript'):
        assert tag not in html


def test_two_instructors_at_once(tmp_path: Path) -> None:
    """The second one is told what the first one did, and nothing of it is lost; where they change different things, both are saved."""
    request = marked_class(tmp_path)
    wu, liu = Desk(request, "Wu"), Desk(replace(request), "Liu")
    wu.save(wu.marked([Wish("Mei Li", "softmax", "3", "Idea.")]))
    with pytest.raises(
        AdjustError, match=r"changed at the same time: 1\. Mei Li softmax: points 1 → 3 \(Idea\.\), by Wu, .* Nothing of yours"
    ):
        liu.save(liu.marked([Wish("Mei Li", "softmax", "1", "No.")]))
    liu.save(liu.marked([Wish("Tom", "neuron", "1", "Yes.")]))
    liu.write({"Tom"})
    assert (rows(tmp_path)["Mei Li"]["softmax"], rows(tmp_path)["Tom"]["neuron"]) == ("3", "1")


def test_not_while_a_class_is_graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grading writes the same files: it goes first."""
    desk = Desk(marked_class(tmp_path), "Wu")
    monkeypatch.setattr("nnlab.grading.desk.adjust.PATIENCE", 0)
    with only_here(tmp_path), pytest.raises(GradebookError, match=r"another `nnlab grade` is writing to .*\. Wait until it is done"):
        desk.save(desk.marked([Wish("Mei Li", "softmax", "3", "Idea.")]))


def dies_while_saving(to: Path) -> None:
    """Save adjustments without end."""
    desk = Desk(marked_class(to), "Wu")
    for points in range(10_000):
        desk.save(desk.marked([Wish("Mei Li", "softmax", str(points % 4), f"Number {points + 1}.", "Both.")]))
        desk.write({"Mei Li"})


def test_killed_while_saving(tmp_path: Path) -> None:
    """Whatever was saved is whole: points and comment together; no file is half, and the next change goes on from there."""
    saving = multiprocessing.get_context("spawn").Process(target=dies_while_saving, args=(tmp_path,))
    saving.start()
    while not (tmp_path / "marks.csv").exists():
        saving.join(0.01)
    assert saving.pid is not None
    os.kill(saving.pid, signal.SIGKILL)
    saving.join()
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        found = book.adjustments(CHAPTER)
    assert [each.kind for each in found] == [POINTS, COMMENT] * (len(found) // 2)
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    assert adjust(tmp_path, "Mei Li", "softmax", "3", "--why", "After.") == 0
    assert rows(tmp_path)["Mei Li"]["softmax"] == "3"
    assert page(tmp_path).endswith("</html>\n") or page(tmp_path).endswith("</html>")


def test_late_and_worth_less_now() -> None:
    """Late days are taken off what counts, a bonus comes after; points by hand are never more than the exercise is worth by now."""
    late = replace(TOM, taken=0.1)
    made = Adjustment(POINTS, CHAPTER, "Tom", "softmax", 99.0, answer=digest(TOM.answers, "softmax"), number=1)
    bonus = Adjustment("bonus", CHAPTER, value=1.0, number=2, why="Kind.")
    (found,) = adjusted([late], [made, bonus], WORTH, {WORDS})
    assert (found.scores["softmax"].earned, found.total) == (3.0, round((ALL - 1) * 0.9 + 1, 2))
    (same,) = adjusted([JAN], [bonus], WORTH)
    assert (same.graded, same.total) == (False, 1.0)


def test_pages_keep_their_language(tmp_path: Path) -> None:
    """What was graded in Chinese stays Chinese when a mark is changed by hand, and in what is exported."""
    marked_class(tmp_path)
    with speaking("en"):
        assert main(["report", str(tmp_path), "--course", str(ROOT), "--language", "zh"]) == 0
    with speaking("en"):
        assert adjust(tmp_path, "Mei Li", "softmax", "2", "--why", "Half.") == main(["report", str(tmp_path), "--course", str(ROOT)]) == 0
    assert '<html lang="zh">' in page(tmp_path)
    assert '<html lang="zh">' in (tmp_path / "class.html").read_text("utf-8")
    with speaking("en"):
        assert main(["export", "feedback-mails", str(tmp_path), "--course", str(ROOT)]) in (0, 1)
    mails = [email.message_from_bytes(path.read_bytes()) for path in tmp_path.rglob("*.eml")]
    sent = [part.get_payload(decode=True) or b"" for each in mails for part in each.walk() if part.get_content_type() == "text/html"]
    assert sent
    assert all(b'<html lang="zh">' in each for each in sent)


def test_a_group_is_marked_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is said of a notebook counts for all of the group who have it, saved and undone together; a line each and a bonus are one's own."""
    words = {"softmax": ANSWER, WORDS: "Small weights."}
    mei, tom, ann = (replace(mark(name, words, softmax=2), receipt="1111") for name in ("Mei Li", "Tom", "Ann"))
    other = replace(mark("Jan", words, softmax=2), receipt="2222")
    marked_class(tmp_path, (mei, tom, ann, other), {"Mei Li": "G", "Tom": "G", "Jan": "G", "Ann": "H"})  # Jan had a notebook of his own
    assert adjust(tmp_path, "Mei Li", WORDS, "1", "--why", "half", "--comment", "See *slide 12*.") == 0
    listed = capsys.readouterr().out
    assert all(f"{name} {WORDS}: points – → 1 (half)" in listed for name in ("Mei Li", "Tom"))
    said = {name: (row[WORDS], row["comments"]) for name, row in rows(tmp_path).items()}
    assert said["Mei Li"] == said["Tom"] == ("1", f"{WORDS}: See *slide 12*.")
    assert said["Ann"] == said["Jan"] == ("", "")
    assert "<p>See <em>slide 12</em>.</p>" in page(tmp_path, "Tom")
    many = tmp_path / "many.csv"
    many.write_text(f"student;exercise;points;why\nTom;{WORDS};0;did not take part\nMei Li;{WORDS};2;all of it\n")
    assert adjust(tmp_path, "--csv", str(many)) == adjust(tmp_path, "Tom", "--bonus", "-1", "--why", "late") == 0
    assert {name: row[WORDS] for name, row in rows(tmp_path).items()} == {"Mei Li": "2", "Tom": "0", "Ann": "", "Jan": ""}
    assert [float(rows(tmp_path)[name]["total"]) for name in ("Mei Li", "Tom")] == [ALL, ALL - 3]
    adjust(tmp_path, "Mei Li", "softmax", "3", "--why", "right")
    assert {name: row["softmax"] for name, row in rows(tmp_path).items()} == {"Mei Li": "3", "Tom": "3", "Ann": "1", "Jan": "1"}
    adjust(tmp_path, "Tom", "softmax", "--undo")
    assert {row["softmax"] for row in rows(tmp_path).values()} == {"1"}
