"""The page of the class: its numbers are those of the marks, and everyone can read it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from html_pages import HOSTILE, Page, faults

from nnlab.grading.pages.class_report import Loss, class_page, exercise_reports, histogram
from nnlab.grading.results import GRADERS_FAULT, Item, Level, Mark


def mark(student: str, *earned: float, outcome: str = "wrong", **more: object) -> Mark:
    """Return a mark: points earned of 1 by the first hidden test of softmax, of 2 by the second; the notebook runs."""
    asked = (("batch", "Softmax is right for a batch.", 1), ("large", "Softmax does not overflow.", 2))
    items = [
        Item("softmax", name, sentence, points, got, "passed" if got == points else outcome)
        for (name, sentence, points), got in zip(asked, earned, strict=True)
    ]
    made = Mark(student, "03_x", f"{student}.ipynb", (*items, Item("notebook", "n", "The notebook runs.", 1, 1, "passed")))
    return replace(made, **more)  # type: ignore[arg-type]


def wrong_axis(student: str) -> Mark:
    """Return a mark with a known misconception."""
    return mark(student, 0.5, 0, misconceptions={"softmax": "the sum runs over the wrong axis"})


CLASS = [
    mark("ana", 1, 2),
    wrong_axis("bo"),
    wrong_axis("cy"),
    mark("di", 1, 0, misconceptions={"softmax": "exp without dividing"}),
    mark("ed", 0, 0, outcome="not attempted"),
    mark("fay", 1, 0, outcome="timeout", repairs=("The cell of `softmax` was missing.",)),
    Mark("gil", "03_x", "", error="Nothing was handed in."),
    Mark("hu", "03_x", "hu.ipynb", error="hu.ipynb is not a Jupyter notebook."),
    Mark("ida", "03_x", "ida.ipynb", error=f"no kernel (RuntimeError). {GRADERS_FAULT}"),
]


def text(marks: Sequence[Mark]) -> str:
    """Return the text of the page on one line."""
    return " ".join(Page(class_page(marks, "03 X")).text.split())


def row(marks: Sequence[Mark], student: str) -> str:
    """Return the text of a student's row in the table."""
    html = class_page(marks, "03 X")
    rows = html[html.index('id="students"') :].split("<tr")
    return " ".join(Page("<tr" + next(each for each in rows if f">{student}</a>" in each).partition("</tr>")[0]).text.split())


def test_exercises() -> None:
    """Levels, misconceptions and lost points are counted, what costs most first; who did not try is counted apart."""
    softmax, notebook = exercise_reports([each for each in CLASS if each.graded])
    assert (softmax.name, softmax.points, softmax.students, softmax.solved, softmax.tried, softmax.share) == ("softmax", 3, 6, 1, 5, "17 %")
    assert softmax.levels == {Level.FULL: 1, Level.PART: 4, Level.UNTRIED: 1}
    assert softmax.misconceptions == (("the sum runs over the wrong axis", 2), ("exp without dividing", 1))
    assert softmax.losses == (Loss("Softmax does not overflow.", 4, 8), Loss("Softmax is right for a batch.", 2, 1))
    assert (notebook.share, notebook.losses, notebook.misconceptions) == ("100 %", (), ())


@pytest.mark.parametrize(("solved", "share"), [(0, "0 %"), (1, "1 %"), (500, "50 %"), (999, "99 %"), (1000, "100 %")])
def test_shares_do_not_round_to_all_or_nothing(solved: int, share: str) -> None:
    """One of a thousand is not nobody."""
    softmax, _ = exercise_reports([mark("s", 1, 2)] * solved + [mark("s", 0, 0)] * (1000 - solved))
    assert softmax.share == share


@pytest.mark.parametrize(
    ("totals", "most", "bins"),
    [
        ([0, 1, 3], 3, [(0, 1, 1), (1, 2, 1), (2, 3, 1)]),
        ([0, 2.9, 3, 21, 23], 23, [(0, 3, 2), (3, 6, 1), *((x, x + 3, 0) for x in range(6, 21, 3)), (21, 23, 2)]),
        ([20], 20, [*((x, x + 2, 0) for x in range(0, 18, 2)), (18, 20, 1)]),
        ([-1, 99], 2, [(0, 1, 1), (1, 2, 1)]),
        ([0], 0, [(0, 1, 1)]),
        ([0.5], 0.5, [(0, 1, 1)]),
    ],
)
def test_histogram(totals: list[float], most: float, bins: list[tuple[float, float, int]]) -> None:
    """Every mark is in one bin, the best ones in the last; bins are whole points wide."""
    assert [(each.low, each.high, each.count) for each in histogram(totals, most)] == bins


def test_the_histogram_can_be_heard_and_read() -> None:
    """Its label names the highest bar, its table has all bars, and as many are drawn as have a student."""
    html = class_page(CLASS, "03 X")
    assert "Histogram of 6 marks. Most have 1 to 2 points (3 students). The table beside it has all numbers." in html
    assert "points students 0 to under 1 0 1 to under 2 3 2 to under 3 2 3 to 4 1" in text(CLASS)
    assert html.partition("Exercises</h2>")[0].count("<rect") == 3
    assert "Most have 1 to 2 or 3 to 4 points (1 student each)." in class_page(CLASS[:2], "03 X")


def test_what_is_said_of_an_exercise() -> None:
    """Share solved, misconceptions, points lost by sentence."""
    said = text(CLASS)
    assert "softmax: 17 % solved 1 of 6 students got all 3 points, 4 some points, 1 not attempted." in said
    assert "misconception students the sum runs over the wrong axis 2 exp without dividing 1" in said
    assert "Where the 5 who tried lost points what was asked lost by points lost Softmax does not overflow. 4 8 Softmax is right" in said
    assert "softmax: 1 all points, 4 some points, 0 no points, 1 not attempted." in class_page(CLASS, "03 X")


def test_problems() -> None:
    """Missing, refused, crashed, stopped, mended: each with who and why."""
    said = text(CLASS).partition("Problems Nothing")[2]
    assert said.startswith(" handed in (1) gil: Nothing was handed in. Handed in, but cannot be graded (1) hu: hu.ipynb is")
    assert "The grader failed: please report it (1) ida: no kernel" in said
    assert "Code that had to be stopped (1) fay: softmax took too long" in said
    assert "Notebooks mended before grading (1) fay: The cell of softmax was missing." in said
    assert text(CLASS[:2]).endswith("Problems None.")


def test_students() -> None:
    """A row has the points, and the words to find a student by."""
    assert row(CLASS, "ana") == "ana 4 3 1"
    assert row(CLASS, "bo") == "bo 1.5 0.5 1 softmax: the sum runs over the wrong axis"
    assert row(CLASS, "fay") == "fay 2 1 1 softmax took too long; notebook mended"
    assert row(CLASS, "gil") == "gil nothing handed in"


def test_filters() -> None:
    """Every row has the states that the list offers, and every state that is offered has a row."""
    page = Page(class_page(CLASS, "03 X"))
    states = [each["data-state"] for each in page.all("tr") if "data-state" in each]
    assert states == ["full", "lost", "lost", "lost", "lost", "lost look", "problem", "problem", "problem"]
    assert {each["value"] for each in page.all("option")} - {""} == {word for each in states for word in each.split()}


def test_without_its_script_the_page_is_whole() -> None:
    """The controls are hidden until the script shows them; no row is."""
    page = Page(class_page(CLASS, "03 X"))
    assert [each["id"] for _, each in page.elements if "hidden" in each] == ["controls"]
    assert len(page.scripts) == 1


@pytest.mark.parametrize("marks", [CLASS, CLASS[:1], CLASS[-1:], []], ids=["all", "one", "nobody graded", "nobody"])
def test_everyone_can_read_it(marks: list[Mark]) -> None:
    """Headings, labels, scopes, focus, no network, a policy that allows our script alone."""
    assert faults(class_page(marks, "03 X")) == []
    assert ("<svg" in class_page(marks, "03 X")) == any(each.graded for each in marks)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_strings(hostile: str) -> None:
    """Names, sources, errors, repairs and sentences add no element, no script and no way out."""

    def made(text: str) -> str:
        broken = [Mark(f"{text}{i}", "03_x", text, error=text + end) for i, end in enumerate(("", GRADERS_FAULT))]
        known = mark(text, 0, 0, misconceptions={"softmax": text}, repairs=(text,))
        return class_page([known, replace(known, student="x", items=(Item("softmax", text, text, 1, 0, "died", text),)), *broken], "03 X")

    plain, other = Page(made("x")), Page(made(hostile))
    assert faults(made(hostile)) == []
    assert set(other.tags) == set(plain.tags)
    assert other.scripts == plain.scripts


def test_same_marks_same_bytes() -> None:
    """The page depends on the marks and their order, on nothing else."""
    pages = {class_page(CLASS, "03 X") for _ in range(3)}
    assert len(pages) == 1
    others = list(CLASS)
    random.Random(1).shuffle(others)
    assert class_page(sorted(others, key=lambda each: each.student), "03 X") in pages


def test_a_thousand_students() -> None:
    """The page of a large course stays small enough for a browser."""
    assert len(class_page([mark(f"student-{i}", i % 2, 2 * (i % 3 == 0)) for i in range(1000)], "03 X")) < 1_000_000
