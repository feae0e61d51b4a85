"""The class page says which answers are the course's own text, and takes no honest answer for it."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace

import pytest
from marked_class import CHAPTER, MEI, TOM
from support import CHAPTERS, ROOT

from nnlab import forward_propagation
from nnlab.grading.pages.class_report import class_page
from nnlab.grading.pages.own_text import TELLING, copies, definitions, own_texts
from nnlab.workbook.course import Course

FILES = Course(ROOT).chapter(CHAPTER)
LESSON = inspect.getsource(forward_propagation.forward)


def found(source: str) -> list[tuple[str, str]]:
    """Return what an answer to `forward` is said to be."""
    return [(each.exercise, each.source) for each in copies([replace(MEI, answers={"forward": source})], own_texts(FILES))]


def test_pasted_from_the_lesson() -> None:
    """As it stands, under other names, with comments, without docstring and annotations, behind a helper of the student's own."""
    renamed = re.sub(r"\bx\b", "data", re.sub(r"\bW\b", "mine", LESSON)).replace("functions", "bends")
    assert renamed != LESSON
    for source in (LESSON, renamed, LESSON.replace("\n    ", "\n    # mine\n    ", 1), f"def helper(x):\n    return x\n\n\n{LESSON}"):
        assert found(source) == [("forward", "the lesson")]


@pytest.mark.parametrize("source", ["", "def forward(", "x = 1", "def forward(x):\n    return x", f"{'(' * 500}{')' * 500}", "\0"])
def test_what_is_not(source: str) -> None:
    """Something else, something that Python cannot read, nothing."""
    assert found(source) == []


def test_on_the_page() -> None:
    """With the students who have it; short ones are counted, and nobody is named for them."""
    answers = {"forward": LESSON, "dense_shape": inspect.getsource(forward_propagation.dense_shape)}
    marks = [replace(MEI, answers=answers), replace(TOM, student="<b>Tom", answers=answers)]
    text = class_page(marks, "03", copies(marks, own_texts(FILES)))
    assert '<th scope="row"><code>forward</code></th><td class="text">the lesson</td>' in text
    assert "&lt;b&gt;Tom</a></td>" in text
    assert "<code>dense_shape</code> (2 students, as in the lesson)." in text
    assert "Answers that are the course" not in class_page(marks, "03")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_answers_written_otherwise_are_not_ours(chapter: str) -> None:
    """Of the right answers that the tests keep, only those that say so are our text."""
    files = Course(ROOT).chapter(chapter)
    known = own_texts(files)
    assert known.keys() == {*files.declared.names}
    alike = {
        (exercise, name)
        for exercise, variants in files.mutant_tables()["VARIANTS"].items()
        for name, source in variants.items()
        for _, text in definitions(source)
        if len(text) >= TELLING and text in known[exercise]
    }
    assert {(exercise, name) for exercise, name in alike if "the solution" not in name} == set()


def test_a_natural_answer_names_nobody() -> None:
    """Scaling by mean and spread is written so by everyone: it is our solution but for the names, and only counted."""
    source = """def standardised(data, new):
    m = data.mean(axis=1, keepdims=True)
    s = data.std(axis=1, keepdims=True)
    s = np.where(s > 0, s, 1.0)
    return (new - m) / s"""
    known = own_texts(Course(ROOT).chapter("05"))
    assert [(each.source, each.telling) for each in copies([replace(MEI, answers={"standardised": source})], known)] == [
        ("the solution", False)
    ]
