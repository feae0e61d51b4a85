"""A student can see whether a notebook will be accepted, without any of it being run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from support import CHAPTERS, ROOT

from nnlab.cli import main
from nnlab.grading import accept
from nnlab.grading.accept import accepted, look


def sample(name: str) -> Path:
    """Return a submission of the sample class of chapter 03."""
    return ROOT / "tests" / "submissions" / "03_forward_propagation" / f"{name}.ipynb"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_sample_class(chapter: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Full marks are found whole and an untouched notebook has no answer, in every chapter; the status says which."""
    folder = ROOT / "tests" / "submissions" / chapter
    assert main(["accept", str(folder / "full_marks.ipynb")]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if "○" in line and "an answer in words" not in line] == []
    assert main(["accept", str(folder / "untouched.ipynb")]) == 1
    out = capsys.readouterr().out
    assert ": this notebook will be accepted. 0 of " in out
    assert "✓" not in out


def test_mends_and_unreadable_answers_are_told() -> None:
    """A lost cell is named, and an answer that Python cannot read is told with its line."""
    assert any("was missing" in each for each in look(sample("missing_cell")).repairs)
    broken = look(sample("syntax_error"))
    assert "found, but Python cannot read it in line 1" in broken.answers.values()


def test_nothing_is_run(tmp_path: Path) -> None:
    """A notebook whose cells would write a file is looked at, and no file is written."""
    notebook = nbformat.read(sample("full_marks"), as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(f"open({str(tmp_path / 'ran')!r}, 'w')"))
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    assert look(tmp_path / "mine.ipynb").whole
    assert not (tmp_path / "ran").exists()


def test_what_comes_from_mine_is_told(tmp_path: Path) -> None:
    """An answer that is only imported is none, and what else comes from there is not there while grading."""
    notebook = nbformat.read(sample("full_marks"), as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nnlab", {}).get("exercise") == "softmax":
            cell.source = "from mine import softmax, gate"
    nbformat.write(notebook, tmp_path / "03.ipynb")
    found = look(tmp_path / "03.ipynb")
    assert [state for state in found.answers.values() if state] == [
        "imported from mine.py, and only the notebook is handed in: write its definition into its cell"
    ]
    assert "`gate` is imported from mine, and while this chapter is graded it is not there" in found.text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is no notebook"),
        ("{}", "is no notebook"),
        ("[1, 2]", "is no notebook"),
        ('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "is of no chapter"),
        ('{"cells": 3, "metadata": {"nnlab": 5}, "nbformat": 4, "nbformat_minor": 5}', "is no notebook"),
    ],
)
def test_what_cannot_be_graded(tmp_path: Path, content: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no notebook of ours is refused with a sentence and what to do, and the status says so."""
    path = tmp_path / "odd.ipynb"
    path.write_text(content)
    assert main(["accept", str(path)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error


def test_in_the_notebook(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`accepted()` looks at the file of the notebook it stands in, and says what to do where that is not known or will not do."""
    accepted()
    assert "Save it, and run `nnlab accept NOTEBOOK`" in capsys.readouterr().out
    monkeypatch.setattr(accept.place, "notebook", lambda: sample("half_done"))
    accepted()
    assert "4 of 8 answers are found in it" in capsys.readouterr().out
    (tmp_path / "no.ipynb").write_text(json.dumps({"cells": []}))
    monkeypatch.setattr(accept.place, "notebook", lambda: tmp_path / "no.ipynb")
    accepted()
    assert "would not be accepted" in capsys.readouterr().out


def test_released_copy_is_what_it_is_compared_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, course: Any) -> None:
    """In the bundle a notebook is compared with the one that was released beside the package."""
    monkeypatch.setattr(accept, "RELEASED", tmp_path)
    (tmp_path / "03_forward_propagation.ipynb").write_bytes(course.chapter("03").student.read_bytes())
    assert look(sample("full_marks")).whole
