"""One notebook counts for its group, and two different ones are named."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from sample_class import sample_class

from nnlab.grading.intake.collect import Intake, Submission, collect
from nnlab.grading.intake.policy import Policy
from nnlab.grading.intake.roster import RosterError, read_time

CHAPTER = "03_forward_propagation"
FULL, OTHER = (sample_class(CHAPTER).folder / f"{name}.ipynb" for name in ("full_marks", "half_done"))
ROSTER = "name,email,group\nMei,m@x.edu,Red\nTom,t@x.edu,Red\nAnn,a@x.edu,Blue\nJan,j@x.edu,\n"


def found(tmp_path: Path, papers: dict[str, Path], roster: str = ROSTER, **more: object) -> dict[str, Submission]:
    """Return whose notebook is graded for whom."""
    (tmp_path / "in").mkdir()
    for student, path in papers.items():
        (tmp_path / "in" / f"{student}.ipynb").write_bytes(path.read_bytes())
        os.utime(tmp_path / "in" / f"{student}.ipynb", times=(1_768_464_000,) * 2)  # 2026-01-15 08:00 UTC
    (tmp_path / "roster.csv").write_text(roster)
    given = {"roster": tmp_path / "roster.csv", **more}
    return {each.student: each for each in collect(tmp_path / "in", CHAPTER, Intake(**given))}  # type: ignore[arg-type]


def test_one_for_all(tmp_path: Path) -> None:
    """Who handed in nothing has the notebook of the group; a student without a group, or with none in it, has none."""
    class_ = found(tmp_path, {"Mei": FULL})
    assert {name: bool(each.notebook) for name, each in class_.items()} == {"Ann": False, "Jan": False, "Mei": True, "Tom": True}
    assert (class_["Tom"].author, class_["Tom"].note) == ("Mei", "Handed in by Mei for group Red.")
    assert class_["Tom"].person.email == "t@x.edu"
    assert (class_["Mei"].author, class_["Mei"].note) == ("", "")
    assert class_["Ann"].problem == "Nothing was handed in."


def test_the_same_notebook_twice(tmp_path: Path) -> None:
    """It is the same one also when an editor saved it anew: both have the hidden inputs of the first."""
    saved = tmp_path / "saved.ipynb"
    saved.write_text(json.dumps({**json.loads(FULL.read_text("utf-8")), "metadata": {"nnlab": {"chapter": CHAPTER}, "editor": "x"}}))
    class_ = found(tmp_path, {"Mei": FULL, "Tom": saved})
    assert (class_["Tom"].author, class_["Tom"].note) == ("Mei", "")


def test_different_ones_are_named(tmp_path: Path) -> None:
    """Each counts for who handed it in, and who handed in nothing has none."""
    class_ = found(tmp_path, {"Mei": FULL, "Tom": OTHER}, f"{ROSTER}Eve,e@x.edu,Red\n")
    said = "Group Red handed in different notebooks: Mei (Mei.ipynb); Tom (Tom.ipynb)."
    assert [class_[name].note for name in ("Mei", "Tom")] == [f"{said} Yours counts for you alone."] * 2
    assert (class_["Eve"].notebook, class_["Eve"].problem) == (None, f"{said} Agree on one, and tell your instructor.")
    assert class_["Tom"].author == ""


def test_late_is_each_students_own(tmp_path: Path) -> None:
    """An extension of one of the group is not the others'."""
    (tmp_path / "more.csv").write_text("name,until\nTom,2026-02-01\n")
    policy = Policy(read_time("2026-01-14T08:00+00:00", ""), per_day=10)
    class_ = found(tmp_path, {"Mei": FULL}, policy=policy, extensions=tmp_path / "more.csv")
    assert (class_["Mei"].taken, class_["Tom"].taken) == (0.1, 0.0)


def test_a_list_of_its_own(tmp_path: Path) -> None:
    """It says who works together in place of the roster's column, and is the class where there is no roster."""
    groups = tmp_path / "groups.csv"
    groups.write_text("email;group\nm@x.edu;1\nj@x.edu;1\nt@x.edu;2\n")
    class_ = found(tmp_path, {"Mei": FULL}, groups=groups)
    assert {name for name, each in class_.items() if each.notebook} == {"Mei", "Jan"}
    groups.write_text("name,group\nMei,1\nZoe,1\n")
    alone = {each.student: each for each in collect(tmp_path / "in", CHAPTER, Intake(groups=groups))}
    assert {name: each.author for name, each in alone.items()} == {"Mei": "", "Zoe": "Mei"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,group\nZoe,1\n", "line 2: Zoe is not exactly one student of the class. Correct the line."),
        ("name,group\nMei,1\nMei,2\n", "line 3: Mei is in group 1 and in 2. Leave one of the lines."),
        ("name,club\nMei,1\n", "has no groups. Expected a column that names the students, and a column “group”."),
    ],
)
def test_a_slip_in_the_list(tmp_path: Path, text: str, message: str) -> None:
    """Stops everything before anything is graded."""
    (tmp_path / "groups.csv").write_text(text)
    with pytest.raises(RosterError) as error:
        found(tmp_path, {"Mei": FULL}, groups=tmp_path / "groups.csv")
    assert message in str(error.value)
