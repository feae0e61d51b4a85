"""A chapter without exercises is built and released with the others; whoever grades, teaches or hands it in is told kindly."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import ROOT

from nnlab import checks
from nnlab.cli import main
from nnlab.grading.accept import look
from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.release import _chapters

NAME = "00_lectures"


def test_it_is_released() -> None:
    """Students get its notebook, and it is among the chapters of the checks."""
    assert f"{NAME}.ipynb" in _chapters(Course(ROOT).chapters())
    assert checks.chapters()[NAME].names == ()
    assert not any(cell.metadata.get("nbgrader") for cell in load(Course(ROOT).chapter(NAME).student).cells)


def test_it_is_in_no_count(capsys: pytest.CaptureFixture[str]) -> None:
    """`progress(all=True)` counts exercises of chapters that have some."""
    exec("progress(all=True)", {"progress": checks.progress})
    out = capsys.readouterr().out
    assert "01 M-P neuron" in out
    assert "0 of 0" not in out
    assert checks.chapters()[NAME].title not in out


@pytest.mark.parametrize(
    "command", [["grade", "{folder}", "--to", "{to}"], ["lecture", "00", "--to", "{to}"], ["demo", "00", "--to", "{to}"]]
)
def test_there_is_nothing_to_grade(tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence says so, also where a whole class hands it in."""
    for student in ("li", "wang"):
        (tmp_path / "in" / student).mkdir(parents=True)
        shutil.copyfile(Course(ROOT).chapter(NAME).student, tmp_path / "in" / student / f"{NAME}.ipynb")
    words = [word.format(folder=tmp_path / "in", to=tmp_path / "to") for word in command]
    assert main([*words, "--course", str(ROOT), *(["--sandbox", "none"] if command[0] == "grade" else [])]) == 2
    assert f"nnlab: {NAME} has no exercises: there is nothing to " in capsys.readouterr().err
    assert not (tmp_path / "to").exists()


def test_there_is_nothing_to_hand_in() -> None:
    """`nnlab accept` says so, too."""
    with pytest.raises(ValueError, match=r"which has no exercises: there is nothing to hand in\."):
        look(Course(ROOT).chapter(NAME).student)
