"""What being late costs, and which of several notebooks counts."""

from __future__ import annotations

import os
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT

from nnlab.grading.intake.collect import CollectError, Intake, Submission, collect
from nnlab.grading.intake.policy import Policy, words

CHAPTER = "03_forward_propagation"
NOTEBOOK = (ROOT / "chapters" / f"{CHAPTER}.ipynb").read_text()
DUE = datetime(2026, 5, 1, 23, 59).astimezone()
POLICY = Policy(DUE, grace=15, per_day=10, cap=50)


@pytest.mark.parametrize(
    ("minutes", "taken"),
    [(-60, 0), (0, 0), (15, 0), (16, 0.1), (1440, 0.1), (1441, 0.2), (4 * 1440, 0.4), (5 * 1440 + 1, 0.5), (999_999, 0.5)],
)
def test_percent_a_day(minutes: int, taken: float) -> None:
    """Each day begun since the deadline costs, up to the cap; within the grace nothing does."""
    assert POLICY.taken(POLICY.late("mei", DUE + timedelta(minutes=minutes))) == taken


def test_extension() -> None:
    """One's own deadline takes the place of the class's, with the same grace; it also stands where the class has none."""
    longer = {"mei": DUE + timedelta(days=2)}
    for policy in (Policy(DUE, 15, 10, extensions=longer), Policy(None, 15, 10, extensions=longer)):
        assert policy.taken(policy.late("mei", DUE + timedelta(days=2, minutes=15))) == 0
        assert policy.taken(policy.late("mei", DUE + timedelta(days=2, minutes=16))) == 0.1


def test_unknown_times() -> None:
    """Where no time or no deadline is known, nothing is taken off."""
    assert POLICY.late("mei", None) == timedelta()
    assert Policy(per_day=10).late("mei", DUE) == timedelta()


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6), st.timedeltas(timedelta(0), timedelta(days=5000)))
def test_never_more_than_all(grace: float, per_day: float, cap: float, late: timedelta) -> None:
    """Whatever the policy, between nothing and the cap is taken, and never less for being later."""
    policy = Policy(DUE, grace, per_day, cap)
    taken, later = (policy.taken(policy.late("mei", DUE + each)) for each in (late, late + timedelta(days=1)))
    assert 0 <= taken <= later <= min(cap / 100, 1)


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (timedelta(seconds=1), "1 minute"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(days=1, hours=3, minutes=5), "1 day 3 hours"),
        (timedelta(days=2, minutes=5), "2 days 5 minutes"),
    ],
)
def test_words(late: timedelta, said: str) -> None:
    """A length of time as people say it."""
    assert words(late) == said


def put(folder: Path, files: dict[str, int]) -> Path:
    """Write notebooks, each another one and so many minutes after the deadline."""
    for number, (name, minutes) in enumerate(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(NOTEBOOK + " " * number)
        os.utime(path, times=((DUE + timedelta(minutes=minutes)).timestamp(),) * 2)
    return folder


def one(folder: Path, policy: Policy = POLICY, **lists: Path) -> Submission:
    """Return the one submission."""
    (found,) = collect(folder, CHAPTER, Intake(policy=policy, **lists))
    return found


@pytest.mark.parametrize(
    ("files", "source", "taken"),
    [
        ({"li/a.ipynb": -50, "li/b.ipynb": -40, "li/c.ipynb": 500}, "li/b.ipynb", 0),  # the last in time
        ({"li/a.ipynb": -50, "li/b.ipynb": 10, "li/c.ipynb": 500}, "li/b.ipynb", 0),  # within the grace
        ({"li/a.ipynb": 100, "li/b.ipynb": 2000}, "li/b.ipynb", 0.2),  # all late: the last
        ({"li/03.ipynb": -5, "li/03-2.ipynb": -5, "li/03-10.ipynb": -5}, "li/03-10.ipynb", 0),  # told by their names
        ({"li/03 (1).ipynb": -5, "li/03.ipynb": -4}, "li/03.ipynb", 0),  # time before name
        ({"li.ipynb": -5, "li/03.ipynb": -4}, "li/03.ipynb", 0),
    ],
)
def test_the_one_that_counts(tmp_path: Path, files: dict[str, int], source: str, taken: float) -> None:
    """The last before the deadline; the student is told which."""
    found = one(put(tmp_path, files))
    assert (found.source, found.taken, found.problem) == (source, taken, "")
    assert f"{len(files)} notebooks were handed in. {source} was graded, the last one" in found.note
    assert ("in time" in found.note) == (taken == 0)


def test_late(tmp_path: Path) -> None:
    """The student is told how late it was and what that costs; an extension takes both away."""
    put(tmp_path, {"li.ipynb": 1500})
    assert one(tmp_path).note == "Received 1 day 1 hour after the deadline: 20 % of the points are taken off."
    (tmp_path / "more.csv").write_text("student,until\nli,2026-05-03\n")
    found = one(tmp_path, extensions=tmp_path / "more.csv")
    assert (found.taken, found.note) == (0, "")


def test_nothing_tells_the_last(tmp_path: Path) -> None:
    """Then none is graded: the student, not chance, chooses. Two copies of one notebook are one."""
    put(tmp_path, {"li/a.ipynb": -5, "li/b.ipynb": -5})
    assert "2 notebooks of one student, and nothing says which is the last: li/a.ipynb, li/b.ipynb." in one(tmp_path).problem
    (tmp_path / "li" / "b.ipynb").write_text(NOTEBOOK)
    os.utime(tmp_path / "li" / "b.ipynb", times=((DUE - timedelta(minutes=5)).timestamp(),) * 2)
    assert one(tmp_path).problem == ""


def test_an_earlier_one_that_can_be_read(tmp_path: Path) -> None:
    """Where the last file is broken, the last good one counts."""
    put(tmp_path, {"li/a.ipynb": -50})
    (tmp_path / "li" / "b.ipynb").write_text("{")
    found = one(tmp_path)
    assert (found.source, found.problem) == ("li/a.ipynb", "")
    assert "Not used: li/b.ipynb is not a Jupyter notebook" in found.note


def test_canvas(tmp_path: Path) -> None:
    """Of Canvas's files the one with the highest number counts, those in time first; how late one is, the names do not say."""
    put(tmp_path, {"limei_42_100_03.ipynb": 0, "limei_42_99_03-9.ipynb": 0, "limei_LATE_42_101_03.ipynb": 0, "ann_LATE_43_7_03.ipynb": 0})
    ann, mei = collect(tmp_path, CHAPTER)
    assert (mei.student, mei.source, mei.person.canvas) == ("limei (42)", "limei_42_100_03.ipynb", "42")
    assert (ann.taken, ann.note) == (0, "Canvas says that it was late, but not by how much: no points are taken off.")


def test_downloads_do_not_say_when(tmp_path: Path) -> None:
    """Files from Moodle carry the time of the download, so nobody is late by them; its worksheet says when, and has the names."""
    put(tmp_path / "in", {f"M{i}_{i}_assignsubmission_file/03.ipynb": 90_000 for i in (1, 2)})
    with pytest.raises(CollectError, match=r"carry the time of the download\. Give Moodle's grading worksheet as --roster"):
        collect(tmp_path / "in", CHAPTER, Intake(policy=POLICY))
    worksheet = (
        'Identifier,Full name,Last modified (submission)\nParticipant 1,Mei Li,"Saturday, 2 May 2026, 9:05 AM"\nParticipant 2,Jan,-\n'
    )
    (tmp_path / "roster.csv").write_text(worksheet)
    jan, mei = collect(tmp_path / "in", CHAPTER, Intake(tmp_path / "roster.csv", POLICY))
    assert (mei.student, mei.taken, mei.person.moodle) == ("Mei Li", 0.1, "1")
    assert (jan.student, jan.taken, jan.note) == ("Jan", 0, "Nothing says when it was received: no points are taken off.")


def test_roster(tmp_path: Path) -> None:
    """Who handed in nothing is listed, and who is not on the roster is said to be not."""
    put(tmp_path, {"mei.ipynb": -5, "stranger.ipynb": -5})
    (tmp_path / "roster.csv").write_text("name,email\nMei Li,mei@x.edu\nTom,tom@x.edu\n")
    found = collect(tmp_path, CHAPTER, Intake(tmp_path / "roster.csv"))
    assert [(each.student, each.problem, each.note) for each in found] == [
        ("Mei Li", "", ""),
        ("Tom", "Nothing was handed in.", ""),
        ("stranger", "", "Not on the roster."),
    ]


SPELT = [  # files, the roster's names, and who the students are
    (["{nfd}.ipynb", "bo.ipynb"], "{nfc}\nBo", ["Bo", "{nfc}"]),
    (["{nfc}.ipynb", "bo.ipynb"], "{nfd}\nBo", ["Bo", "{nfc}"]),
    (["{nfd}_1_assignsubmission_file/a.ipynb", "{nfc}_1_assignsubmission_file/a (1).ipynb"], "", ["{nfc} (1)"]),
    (["{nfd}li_41_101_03.ipynb", "{nfc}li_41_104_03-1.ipynb", "bo_42_103_03.ipynb"], "", ["bo (42)", "{nfc}li (41)"]),
    (["Ｍｅｉ.ipynb", "bo.ipynb"], "Mei\nBo", ["Bo", "Mei"]),
    (["mei li.ipynb", "Mei Li.ipynb", "bo.ipynb"], "Mei Li\nmei li\nBo", ["Bo", "Mei Li", "mei li"]),
]


@pytest.mark.parametrize(("files", "roster", "students"), SPELT)
def test_letters_in_pieces(tmp_path: Path, files: list[str], roster: str, students: list[str]) -> None:
    """A Mac takes letters apart, and an input method types wide ones: a student is one all the same. Of two, the spelling decides."""
    forms = {form.lower(): unicodedata.normalize(form, "Zoë") for form in ("NFC", "NFD")}
    put(tmp_path, {name.format(**forms): i for i, name in enumerate(files)})
    (tmp_path / "roster.csv").write_text(f"name\n{roster.format(**forms)}\n", encoding="utf-8")
    found = collect(tmp_path, CHAPTER, Intake(tmp_path / "roster.csv" if roster else None))
    assert {each.student for each in found} == {name.format(**forms) for name in students}
    assert not any(each.problem for each in found if each.source)


def test_names_that_differ_in_case_and_signs(tmp_path: Path) -> None:
    """They stay apart, for nobody knows; but it is said."""
    put(tmp_path, {"Mei Li/03.ipynb": 0, "mei_li.ipynb": 1, "Bo/03.ipynb": 2})
    notes = {each.student: each.note for each in collect(tmp_path, CHAPTER)}
    assert {name for name, note in notes.items() if "Is that one student twice?" in note} == {"Mei Li", "mei_li"}


def test_nobody_takes_anothers_name(tmp_path: Path) -> None:
    """A student who calls herself as another one does not take that one's place: neither is taken for it."""
    put(tmp_path, {"Mei Li_1_assignsubmission_file/03.ipynb": 0, "mei li_2_assignsubmission_file/03.ipynb": 9})
    (tmp_path / "roster.csv").write_text("name\nMei Li\n")
    found = collect(tmp_path, CHAPTER, Intake(tmp_path / "roster.csv"))
    assert [each.student for each in found] == ["Mei Li (1)", "mei li (2)"]
    assert all("none was taken for theirs" in each.note for each in found)
    (tmp_path / "roster.csv").write_text("name,identifier\nMei Li,Participant 1\n")
    found = collect(tmp_path, CHAPTER, Intake(tmp_path / "roster.csv"))
    assert [each.student for each in found] == ["Mei Li", "mei li (2)"]
