"""Submissions are found, and what cannot be graded is named with what to do."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest
from support import ROOT

from nnlab.grading.intake.collect import CollectError, Intake, collect, guess_chapter
from nnlab.grading.intake.policy import Policy

CHAPTER = "03_forward_propagation"
NOTEBOOK = (ROOT / "chapters" / f"{CHAPTER}.ipynb").read_text()


def put(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def of(chapter: str) -> str:
    """Return a notebook that says it is of a chapter."""
    notebook = json.loads(NOTEBOOK)
    notebook["metadata"]["nnlab"]["chapter"] = chapter
    return json.dumps(notebook)


def test_notebooks_and_folders(tmp_path: Path) -> None:
    """Notebooks named after students and folders of students may stand side by side; hidden folders do not count."""
    put(tmp_path, {"mei.ipynb": NOTEBOOK, "li/03.ipynb": NOTEBOOK, "li/.ipynb_checkpoints/03.ipynb": NOTEBOOK, "notes.txt": "x"})
    found = collect(tmp_path, CHAPTER)
    assert [(each.student, each.source, each.problem) for each in found] == [("li", "li/03.ipynb", ""), ("mei", "mei.ipynb", "")]


def test_other_chapters_beside_it(tmp_path: Path) -> None:
    """A student may have handed in other chapters too."""
    put(tmp_path, {"li/a.ipynb": NOTEBOOK, "li/b.ipynb": of("04_backpropagation")})
    assert [each.source for each in collect(tmp_path, CHAPTER)] == ["li/a.ipynb"]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"li.ipynb": '{"nbformat": 4, "cells": [], "metadata": "x"}'}, "li.ipynb is not a Jupyter notebook"),
        ({"li.ipynb": "{"}, "li.ipynb is not a Jupyter notebook"),
        ({"li.ipynb": ""}, "li.ipynb is not a Jupyter notebook"),
        ({"li.ipynb": "[]"}, "li.ipynb is not a Jupyter notebook"),
        ({"li.ipynb": '{"nbformat": 4, "cells": 3}'}, "li.ipynb is not a Jupyter notebook"),
        ({"li.ipynb": '{"nbformat": 4, "cells": [{"source": null}]}'}, "li.ipynb is not a Jupyter notebook"),
        ({"li.ipynb": "[" * 100_000}, "li.ipynb is not a Jupyter notebook"),
        ({"li.ipynb": of("04_backpropagation")}, f"no notebook of {CHAPTER}: found li.ipynb (04_backpropagation)"),
    ],
)
def test_problems_are_named(tmp_path: Path, files: dict[str, str], problem: str) -> None:
    """What cannot be graded stays in the list with a sentence that names the file."""
    (found,) = collect(put(tmp_path, files), CHAPTER)
    assert found.notebook is None
    assert problem in found.problem


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link in place of a notebook is refused."""
    outside = put(tmp_path / "outside", {"mei.ipynb": NOTEBOOK})
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "li.ipynb").symlink_to(outside / "mei.ipynb")
    (found,) = collect(tmp_path / "class", CHAPTER)
    assert "li.ipynb is a link" in found.problem


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is too large to be a notebook is not read."""
    monkeypatch.setattr("nnlab.grading.intake.archive.LARGEST", 10)
    (found,) = collect(put(tmp_path, {"li.ipynb": NOTEBOOK}), CHAPTER)
    assert "Clear its outputs" in found.problem


@pytest.mark.parametrize("metadata", ["[]", "null", '{"nnlab": 3}', '{"nnlab": {"chapter": []}}'])
def test_odd_metadata(tmp_path: Path, metadata: str) -> None:
    """A notebook that does not say its chapter is of the one that is graded, whatever it says instead."""
    (found,) = collect(put(tmp_path, {"li.ipynb": f'{{"nbformat": 4, "cells": [], "metadata": {metadata}}}'}), CHAPTER)
    assert found.problem == ""


def test_too_many_cells(tmp_path: Path) -> None:
    """A notebook of thousands of cells would keep a worker busy for hours."""
    cells = ",".join(['{"cell_type": "code", "source": ""}'] * 5_001)
    (found,) = collect(put(tmp_path, {"li.ipynb": f'{{"nbformat": 4, "metadata": {{}}, "cells": [{cells}]}}'}), CHAPTER)
    assert "has more than 5,000 cells" in found.problem


@pytest.mark.parametrize(("make", "message"), [("file", "is a file"), ("nothing", "does not exist"), ("empty", "has no notebooks in it")])
def test_nothing_to_grade(tmp_path: Path, make: str, message: str) -> None:
    """A folder without notebooks, a file and a missing folder each get their sentence."""
    folder = tmp_path / "class"
    if make == "file":
        folder.write_text("x")
    elif make == "empty":
        folder.mkdir()
    with pytest.raises(CollectError, match=message):
        collect(folder, CHAPTER)


def test_guess_chapter(tmp_path: Path) -> None:
    """The chapter is what the notebooks say; of several, the one of most; none that is known needs --chapter."""
    known = [CHAPTER, "04_backpropagation"]
    put(tmp_path, {"li.ipynb": NOTEBOOK, "bad.ipynb": "{"})
    assert guess_chapter(tmp_path, known) == CHAPTER
    with pytest.raises(CollectError, match="says which chapter it is of"):
        guess_chapter(tmp_path, known[1:])
    put(tmp_path, {"mei.ipynb": of(known[1])})
    with pytest.raises(
        CollectError, match=r"as many notebooks of 03_forward_propagation as of 04_backpropagation\. Choose one with --chapter"
    ):
        guess_chapter(tmp_path, known)
    put(tmp_path, {"ann.ipynb": NOTEBOOK})
    assert guess_chapter(tmp_path, known) == CHAPTER


def test_a_zipped_folder(tmp_path: Path) -> None:
    """A folder that was zipped as a whole is looked into; what a system put beside it does not count."""
    with zipfile.ZipFile(tmp_path / "class 3.zip", "w") as archive:
        for name in ("class 3/mei.ipynb", "class 3/li/03.ipynb", "__MACOSX/class 3/._mei.ipynb"):
            archive.writestr(name, NOTEBOOK)
    assert [each.student for each in collect(tmp_path / "class 3.zip", CHAPTER)] == ["li", "mei"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not let a name be such bytes")
def test_names_and_times_of_no_kind(tmp_path: Path) -> None:
    """A name that is not UTF-8 is shown without what is none, and a time from before zip files is none."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/li\xff.ipynb"))
    path.write_text(NOTEBOOK)
    os.utime(path, times=(0, 0))
    (found,) = collect(tmp_path, CHAPTER)
    assert (found.student, found.source, found.received, found.problem) == ("li�", "li�.ipynb", None, "")


def test_late_needs_a_deadline(tmp_path: Path) -> None:
    """Otherwise nobody would notice that nothing is taken off."""
    with pytest.raises(CollectError, match="--late needs --deadline"):
        collect(put(tmp_path, {"li.ipynb": NOTEBOOK}), CHAPTER, Intake(policy=Policy(per_day=10)))
