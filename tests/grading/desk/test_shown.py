"""What a student's cells showed comes to the desk as text and pictures: no HTML, no script, and not more than a page can have."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from html_pages import HOSTILE, Page
from marked_class import CHAPTER, MEI, TOM, marked_class

from nnlab.grading.desk.adjust import Desk
from nnlab.grading.desk.views import answer_page
from nnlab.grading.gradebook import Gradebook
from nnlab.grading.intake.border import border
from nnlab.grading.intake.shown import ALL, LARGEST, LONGEST, Shown
from nnlab.grading.marking.rebuild import rebuild
from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.source import role

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(100)).decode()
EVIL = "\n".join(HOSTILE)


def display(**data: Any) -> dict[str, Any]:
    """Return an output with data by kind."""
    return {"output_type": "display_data", "data": {key.replace("_", "/", 1): value for key, value in data.items()}, "metadata": {}}


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ({"output_type": "stream", "name": "stdout", "text": ["a\n", "\x1b[31mb\x1b[0m"]}, [("text", "a\nb")]),
        ({"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}, [("text", "ValueError: no")]),
        (display(image_png=PNG, text_plain="<Figure>"), [("image", PNG)]),
        (display(image_png=[PNG[:9] + "\n", PNG[9:]]), [("image", PNG)]),
        (display(text_html="<script>alert(1)</script>", text_plain="a card"), [("text", "a card")]),
        (display(text_html="<script>alert(1)</script>"), []),
        (display(**{"image_svg+xml": "<svg onload=alert(1)>"}), []),
        (display(image_png=base64.b64encode(b"<svg onload=alert(1)>").decode()), []),
        (display(image_png='" onerror="alert(1)'), []),
        (display(image_png="iVBORw0KGgo" + "A" * LARGEST), []),
        (display(application_javascript="alert(1)"), []),
        ({"output_type": "stream", "text": "y" * 99_999}, [("text", "y" * LONGEST)]),
        ({"output_type": "display_data", "data": [1]}, []),
        ("text", []),
        (7, []),
    ],
)
def test_kinds(output: Any, shown: list[tuple[str, str]]) -> None:
    """Texts, errors and PNGs; whatever else there is, is left out."""
    assert Shown().of({"outputs": [output]}) == shown
    assert Shown().of({"outputs": output}) == []


def test_not_more_than_a_page_can_have() -> None:
    """A notebook full of outputs shows the first of them."""
    reader = Shown()
    kept = [reader.of({"outputs": [{"output_type": "stream", "text": "y" * LONGEST}] * 99}) for _ in range(99)]
    assert sum(len(data) for each in kept for _, data in each) <= ALL
    assert len(kept[0]) == 20


def test_from_the_file_to_the_desk(course: Course, tmp_path: Path) -> None:
    """What the answer's cell and its check showed is found with the answer, kept in the gradebook, and shown escaped."""
    solution, submitted = load(course.chapter("03").solution), load(course.chapter("03").student)
    for cell in submitted.cells:
        if role(cell) == ("exercise", "softmax"):
            cell.outputs = [{"output_type": "stream", "name": "stdout", "text": EVIL}]
        if role(cell) == ("check", "softmax"):
            cell.outputs = [display(image_png=PNG)]
        if role(cell) == ("checkpoint", "seed_42"):
            cell.outputs = [{"output_type": "stream", "name": "stdout", "text": "0.61"}]
    with border() as opened:
        read = opened.read(json.dumps(submitted).encode(), "mei.ipynb")
    shown = rebuild(read, solution).shown
    assert [kind for kind, _ in shown["softmax"]] == ["text", "image"]
    assert shown["notebook"] == (("text", "0.61"),)
    assert shown["neuron"] == ()
    desk = Desk(marked_class(tmp_path, (replace(MEI, shown=shown), TOM)), "Wu")
    page = Page(answer_page(desk, "Mei Li", "softmax"))
    assert [each["src"] for each in page.all("img")] == [f"data:image/png;base64,{PNG}"]
    assert all(each["alt"] for each in page.all("img"))
    assert "<script>alert(1)</script>" in page.text
    assert len(page.scripts) == 1
    assert page.wrong == []
    assert "showed" not in Page(answer_page(desk, "Tom", "softmax")).text
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.save(MEI)
        assert book.shown("Mei Li", CHAPTER, "softmax") == []
