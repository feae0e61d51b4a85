"""A receipt is the same wherever it is shown, and another one for another notebook."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from sample_class import sample_class

from nnlab.cli import main
from nnlab.grading.accept import look, read
from nnlab.grading.intake.collect import collect
from nnlab.grading.intake.receipt import receipt

CHAPTER = "03_forward_propagation"
PAPER = sample_class(CHAPTER).folder / "full_marks.ipynb"


def test_the_same_before_and_after_it_is_handed_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`nnlab receipt`, `accept`, `accepted()` and the grader's side of the border agree."""
    (tmp_path / "mei.ipynb").write_bytes(PAPER.read_bytes())
    (submission,) = collect(tmp_path, CHAPTER)
    assert submission.notebook is not None
    assert main(["receipt", str(PAPER)]) == 0
    said = capsys.readouterr().out.strip()
    assert re.fullmatch(r"[0-9a-f]{4}(-[0-9a-f]{4}){2}", said)
    assert said == receipt(submission.notebook.cells) == look(PAPER).receipt
    assert f"Receipt of this notebook: {said}." in look(PAPER).text


def test_what_an_editor_changes_does_not_count(tmp_path: Path) -> None:
    """Outputs, counts, ids, line ends, white space at the ends of lines, empty cells; sources as lists, an older format."""
    notebook = json.loads(PAPER.read_text("utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = [f"{line} \r\n" for line in "".join(cell["source"]).split("\n")]
        cell["metadata"] = {"collapsed": True}
        if cell["cell_type"] == "code":
            cell |= {"execution_count": 7, "outputs": [{"output_type": "stream", "name": "stdout", "text": look(PAPER).text}]}
    notebook["cells"].append({"cell_type": "code", "source": "", "metadata": {}, "outputs": [], "execution_count": None, "id": "new"})
    (tmp_path / "mei.ipynb").write_text(json.dumps(notebook))
    (submission,) = collect(tmp_path, CHAPTER)
    assert submission.notebook is not None
    assert receipt(submission.notebook.cells) == look(PAPER).receipt == receipt(read(tmp_path / "mei.ipynb").cells)


@pytest.mark.parametrize("change", ["source", "cell_type", "order"])
def test_what_counts(change: str) -> None:
    """Another text, another type of a cell, another order."""
    notebook = nbformat.read(PAPER, as_version=4)
    before = receipt(notebook.cells)
    if change == "order":
        notebook.cells.append(notebook.cells.pop(0))
    elif change == "source":
        notebook.cells[5].source += "\n1"
    else:
        notebook.cells[0].cell_type = "raw"
    assert receipt(notebook.cells) != before


def test_no_notebook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence, and status 2."""
    (tmp_path / "a.ipynb").write_text("{}")
    assert main(["receipt", str(tmp_path / "a.ipynb")]) == main(["receipt", str(tmp_path / "b.ipynb")]) == 2
    error = capsys.readouterr().err
    assert "a.ipynb is no notebook" in error
    assert "b.ipynb is not there" in error
