"""Every notebook is read in a child with limits, and only cleaned texts come back, whatever a student sends."""

from __future__ import annotations

import csv
import io
import json
import os
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import ROOT

from nnlab.grading.gradebook import Gradebook, csv_text
from nnlab.grading.intake.archive import Refused
from nnlab.grading.intake.border import Border, border
from nnlab.grading.intake.collect import collect
from nnlab.grading.intake.text import clean, name
from nnlab.grading.marking.rebuild import rebuild
from nnlab.grading.pages.feedback import feedback_page
from nnlab.grading.results import Item, Mark
from nnlab.grading.sandbox.walls import Limits
from nnlab.workbook.build import load
from nnlab.workbook.course import Course

NOTEBOOK = (ROOT / "chapters" / "03_forward_propagation.ipynb").read_bytes()
DIRTY = ("\ud800", "\udfff", "\0", "\x1b[31m", "\u202e", "\u2066", "\x7f", "\x85", "\ufeff", "\ufffe", "\r\n", "\f")
BOMBS = {
    "numbers in a format before 4": b'{"nbformat": 3, "worksheets": [{"cells": [' + b",".join([b"[0]"] * 700_000) + b"]}]}",
    "lists in lists": b'{"nbformat": 4, "metadata": {}, "cells": [' + b",".join([b"[[[[]]]]"] * 4_000_000) + b"]}",
    "deeper than Python goes": b"[" * 200_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused(bomb: str) -> None:
    """With a sentence that names the file; the next notebook is read as if nothing had been."""
    with border() as reader:
        with pytest.raises(Refused, match=r"^li\.ipynb (needs more memory|is in an old format|is not a Jupyter notebook)"):
            reader.read(BOMBS[bomb], "li.ipynb")
        assert len(reader.read(NOTEBOOK, "mei.ipynb").cells) > 50


def test_limits(tmp_path: Path) -> None:
    """Memory and processor time can be set; a notebook that takes more is refused, and the child does not outlive the border."""
    with border(Limits(read_cpu=0)) as reader, pytest.raises(Refused, match="took more than 512 MB or 0 seconds to read"):
        reader.read(NOTEBOOK, "li.ipynb")
    opened = Border(Limits())
    opened.read(NOTEBOOK, "li.ipynb")
    child = opened._child
    opened.close()
    assert child is not None
    assert child.poll() is not None


def test_a_child_that_dies_costs_one_notebook() -> None:
    """It is started again for the next."""
    with border() as reader:
        reader.read(NOTEBOOK, "li.ipynb")
        assert reader._child is not None
        reader._child.kill()
        with pytest.raises(Refused, match="took more than"):
            reader.read(NOTEBOOK, "li.ipynb")
        assert reader.read(NOTEBOOK, "mei.ipynb").cells


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings(encoding: str) -> None:
    """A notebook is read in whichever form of Unicode an editor saved it."""
    with border() as reader:
        assert reader.read(NOTEBOOK.decode().encode(encoding), "li.ipynb") == reader.read(NOTEBOOK, "li.ipynb")


def test_what_is_kept() -> None:
    """Of a cell its type, source, id, Colab's id and nbgrader's; of the notebook its chapter. All is one line where it is a name."""
    cell = {
        "cell_type": "code",
        "source": ["a\r\n", "b"],
        "id": "x\n\u202ey",
        "metadata": {"id": "c", "nbgrader": {"grade_id": "g"}, "big": "x" * 9999},
    }
    notebook = {"nbformat": 4, "metadata": {"nnlab": {"chapter": "03\0"}, "kernelspec": "\ud800"}, "cells": [cell]}
    with border() as reader:
        read = reader.read(json.dumps(notebook).encode(), "li.ipynb")
    assert read.metadata.nnlab.chapter == "03�"
    assert read.cells == [{"cell_type": "code", "id": "x �y", "source": "a\nb", "metadata": {"id": "c", "nbgrader": {"grade_id": "g"}}}]


def test_clean() -> None:
    """Line ends become newlines, form feeds blanks, a mark of byte order nothing; half characters, controls and turning marks �."""
    assert clean("a\r\nb\rc\fd\ufeffe\tf") == "a\nb\nc de\tf"
    assert clean("\ud800\0\x1b\u202e\u2067\x85") == "�" * 6
    assert clean("李 é 🙂 \u200b") == "李 é 🙂 \u200b"
    assert clean("abc", 2) == "ab"
    assert name(" a\n b\t") == "a b"


def test_a_small_zip_of_a_large_notebook(tmp_path: Path) -> None:
    """48 MB of nonsense in 70 kB cost the grader itself little memory and time, and the student a sentence."""
    resource = pytest.importorskip("resource", reason="only Unix tells what a process used")
    with zipfile.ZipFile(tmp_path / "li.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("03.ipynb", b'{"nbformat": 3, "worksheets": [{"cells": [' + b"{}," * 16_000_000 + b"{}]}]}")
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.process_time()
    (found,) = collect(tmp_path, "03_forward_propagation")
    assert "li.zip/03.ipynb" in found.problem
    assert time.process_time() - started < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before.ru_maxrss < 200_000


def mutated(rng: np.random.Generator, notebook: dict[str, Any]) -> dict[str, Any]:
    """Change a notebook at a few places: a dirty text, another type, something missing, something more."""
    content = json.loads(json.dumps(notebook))
    for _ in range(int(rng.integers(1, 6))):
        odd = [*(f"a{dirt}b" for dirt in DIRTY), None, 3, [], {}, ["\ud800"], True, "x" * 2000, -1e300, {"a": ["\0"]}]
        value = odd[int(rng.integers(len(odd)))]
        cell = (
            content["cells"][int(rng.integers(len(content["cells"])))]
            if isinstance(content.get("cells"), list) and content["cells"]
            else {}
        )
        places = [content, content.get("metadata"), cell, cell.get("metadata") if isinstance(cell, dict) else None]
        places += [place.get(key) for place in list(places) if isinstance(place, dict) for key in ("nnlab", "nbgrader", "kernelspec")]
        known = [place for place in places if isinstance(place, dict) and place]
        if known:
            place = known[int(rng.integers(len(known)))]
            place[list(place)[int(rng.integers(len(place)))]] = value
    return dict(content)


def test_two_thousand_mutations() -> None:
    """Each is refused with a sentence, or goes through rebuilding, table, page and gradebook with clean texts and no exception."""
    rng = np.random.default_rng(9)
    solution = load(Course(ROOT).chapter("03").solution)
    small = {**json.loads(NOTEBOOK)}
    small["cells"] = [small["cells"][place] for place in (0, 2, 7, 8, 30, 35, 36)]
    marks, refused, told = [], 0, []
    with border() as reader, Gradebook("sqlite://") as book:
        for number in range(2_000):
            student = name(f"{number} {DIRTY[number % len(DIRTY)]}.ipynb")
            data = json.dumps(mutated(rng, small), ensure_ascii=bool(number % 2)).encode("utf-8", "surrogatepass")
            if number % 10 == 0:
                data = data[: int(rng.integers(len(data)))]
            try:
                notebook = reader.read(data, student)
            except Refused as error:
                refused += 1
                told.append(str(error).startswith(student))
                continue
            texts = [notebook.metadata.nnlab.chapter, *(text for cell in notebook.cells for text in (cell.cell_type, cell.id, cell.source))]
            assert all(text == clean(text) for text in texts)
            if number % 40 == 5:
                rebuilt = rebuild(notebook, solution)
                marks.append(
                    Mark(
                        student,
                        "03_x",
                        student,
                        (Item("softmax", "a", "It is right.", 1, 0, "wrong", "No."),),
                        rebuilt.repairs,
                        rebuilt.answers,
                    )
                )
        for mark in marks:
            book.save(mark)
            feedback_page(mark, "03")
        assert [mark.student for mark in book.marks()] == sorted(mark.student for mark in marks)
    table = csv_text([[mark.student, *mark.answers.values(), *mark.repairs] for mark in marks])
    assert len(list(csv.reader(io.StringIO(table)))) == len(marks) > 20
    assert all(told)
    assert 200 < refused < 1_800


def test_another_chapter_is_left_out(tmp_path: Path) -> None:
    """One notebook that says another chapter is named and left out; the class goes on."""
    for student, chapter in (("mei", "03_forward_propagation"), ("ann", "03_forward_propagation"), ("bo", "04_backpropagation")):
        content = json.loads(NOTEBOOK)
        content["metadata"]["nnlab"]["chapter"] = chapter
        (tmp_path / f"{student}.ipynb").write_text(json.dumps(content))
    found = {each.student: each.problem for each in collect(tmp_path, "03_forward_propagation")}
    assert found == {"ann": "", "mei": "", "bo": "no notebook of 03_forward_propagation: found bo.ipynb (04_backpropagation)."}


def test_a_time_in_the_future(tmp_path: Path) -> None:
    """It is doubted aloud, and costs nothing by itself."""
    path = tmp_path / "mei.ipynb"
    path.write_bytes(NOTEBOOK)
    os.utime(path, times=(time.time() + 90_000,) * 2)
    (found,) = collect(tmp_path, "03_forward_propagation")
    assert (found.received, found.taken, found.problem) == (None, 0, "")
    assert "lies in the future, and is not believed" in found.note
