"""The desk in a real browser: a class of ten marked by keyboard, and nothing that readers cannot use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from desk_server import Server, running
from html_pages import HOSTILE
from lab import ARGUMENTS, CHROMIUM
from marked_class import ANN, ANSWER, CHAPTER, COUNTING, WORDS, mark, marked_class
from support import ROOT

from nnlab.cli import main
from nnlab.grading.gradebook import Gradebook
from nnlab.grading.results import Mark

playwright = pytest.importorskip("playwright.sync_api", reason="the browser is optional: pip install -e '.[browser]'")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is optional: pip install -e '.[browser]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.filterwarnings("ignore"),
]

EVIL = HOSTILE[0] + HOSTILE[1]
NAMES = [f"Student {number}" for number in range(8)]
SAID = "Random weights that are large make large differences."
MOVED = "`softmax` was found in another cell. Its own cell was missing."
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


def student(number: int) -> Mark:
    """Return the mark of one of the eight."""
    words = {WORDS: SAID} if number < 3 else {}
    return mark(NAMES[number], {"softmax": ANSWER, **words}, softmax=1 + number % 3)


EVE = mark(EVIL, {"softmax": EVIL, WORDS: EVIL + "y" * 9_000}, softmax=2)
EVE = replace(EVE, repairs=(MOVED,), shown={"softmax": (("text", EVIL), ("image", PNG))})
CLASS = (*map(student, range(8)), EVE, ANN)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Return a desk with a class of ten: eight lost points in softmax, three wrote words, one is hostile, one handed in a scan."""
    marked_class(tmp_path, CLASS)
    with running(tmp_path) as started:
        yield started


@pytest.fixture
def page(server: Server) -> Iterator[Any]:
    """Return the desk's first page in the browser; errors in its script fail the test."""
    errors: list[str] = []
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS).new_page()
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.on("dialog", lambda dialog: errors.append(f"a student's script ran: {dialog.message}"))
        opened.goto(server.address)
        yield opened
    assert errors == []


def to(page: Any, server: Server, student: str, exercise: str) -> None:
    """Open an answer."""
    page.goto(f"{server.address}answer?{urlencode({'student': student, 'exercise': exercise})}")


def onwards(page: Any, *keys: str) -> str:
    """Press keys, wait for another answer, and return its heading."""
    before = page.url
    for key in keys:
        page.keyboard.press(key) if len(key) == 1 or key[:1].isupper() else page.keyboard.type(key)
    page.wait_for_url(lambda url: url != before)
    return str(page.locator("h1").inner_text())


def test_a_class_of_ten_by_keyboard(server: Server, page: Any) -> None:
    """Points with a reason, a comment, a repair that is refused, a drop and its undo: all of it is in marks.csv, page and export."""
    to(page, server, EVIL, "softmax")
    page.keyboard.press("x")
    assert page.locator("#why").input_value() == f"Not accepted: {MOVED}"
    assert onwards(page, "Control+Enter").startswith("Ann")
    assert onwards(page, "e", "1", "Tab", "on paper", "Control+Enter").startswith("Student 0")
    assert onwards(page, "c", "see **slide 12**", "Control+Enter").startswith("Student 1")
    assert onwards(page, "a").startswith("Student 2")
    for name in NAMES[3:]:
        assert onwards(page, "a").startswith(name)
    to(page, server, NAMES[0], WORDS)
    assert onwards(page, "1", "s").startswith(NAMES[1])
    assert onwards(page, "1", "2", "c", "well *said*.", "Control+Enter").startswith(NAMES[2])
    assert onwards(page, "1", "0", "Control+Enter") != ""
    onwards(page, "u")
    page.select_option("#kind", "drop")
    page.select_option("#exercise", "neuron")
    page.fill("#why", "unclear")
    page.keyboard.press("Control+Enter")
    page.locator(".undo").first.wait_for()
    page.get_by_text("everyone neuron: dropped (unclear)").wait_for()
    page.locator(".undo").first.press("Enter")
    page.locator("s", has_text="everyone neuron: dropped").wait_for()
    with Gradebook(server.to / "gradebook.sqlite") as book:  # graded again: one has changed the words
        for each in (replace(student(0), answers={"softmax": ANSWER, WORDS: f"{SAID} Or not."}), *CLASS[1:]):
            book.save(each)
    assert main(["report", str(server.to), "--course", str(ROOT)]) == main(["export", "json", str(server.to), "--course", str(ROOT)]) == 0
    students = {each["person"]["student"]: each for each in json.loads((server.to / "marks.json").read_text("utf-8"))["students"]}
    assert students[EVIL]["exercises"]["softmax"]["earned"] == 0
    assert (students["Ann"]["total"], students["Ann"]["exercises"]["softmax"]["why"]) == (1, "on paper")
    assert students["Student 0"]["exercises"]["softmax"]["comment"] == "see **slide 12**"
    assert [students[name]["exercises"][WORDS]["earned"] for name in NAMES[:4]] == [1, 2, 0, 0]
    assert (students[NAMES[1]]["exercises"][WORDS]["comment"], students[EVIL]["to_be_marked"]) == ("well *said*.", 2)
    assert [name for name, each in students.items() if each["exercises"][WORDS]["changed"]] == [NAMES[0]]
    assert {each["points"] for name, each in students.items()} == {COUNTING, COUNTING + 2}
    page.goto(server.address)  # reads the class anew
    to(page, server, NAMES[0], WORDS)
    page.get_by_text("The answer has changed since it was marked by hand.").wait_for()


def test_a_mend_is_accepted_by_a_key(server: Server, page: Any) -> None:
    """It is marked as seen, and the answer keeps its points; what the cells showed is there, as text and picture."""
    to(page, server, EVIL, "softmax")
    assert page.locator("img.shown").evaluate("image => image.complete && image.naturalWidth") == 1
    page.keyboard.press("y")
    page.get_by_text("accepted by Wu").wait_for()
    assert page.locator(".total").inner_text().startswith("1 of 3 points")


def test_points_between_the_criteria(server: Server, page: Any) -> None:
    """Half a point is a mark by hand, and needs a reason; nothing ticked is no mark."""
    to(page, server, NAMES[0], WORDS)
    page.keyboard.press("s")
    page.get_by_text("Tick what the answer says, or press 0").wait_for()
    page.fill("#points", "1.5")
    page.keyboard.press("Control+Enter")
    page.get_by_text("a reason is missing").wait_for()
    page.fill("#why", "Half of the second.")
    assert onwards(page, "Control+Enter").startswith(NAMES[1])
    with Gradebook(server.to / "gradebook.sqlite") as book:
        assert [(each.value, each.why) for each in book.adjustments(CHAPTER)] == [(1.5, "Half of the second.")]


def test_the_whole_notebook(server: Server, page: Any) -> None:
    """A bonus needs a reason, a comment does not; what stands there is not sent again, and emptied it is not taken for a change."""
    to(page, server, NAMES[0], "softmax")
    page.fill("#bonus", "1,5")
    page.keyboard.press("Control+Enter")
    page.get_by_text("a reason is missing").wait_for()
    page.fill("#whole-why", "a find")
    page.fill("#whole-comment", "all *well*")
    page.keyboard.press("Control+Enter")
    page.get_by_text("a bonus – → 1.5 (a find)").wait_for()
    page.fill("#whole-comment", "all very well")
    page.keyboard.press("Control+Enter")
    page.get_by_text("“all very well”").wait_for()
    page.fill("#bonus", "")
    page.keyboard.press("Control+Enter")
    page.get_by_text("To take a bonus or a comment back, undo it below.").wait_for()
    with Gradebook(server.to / "gradebook.sqlite") as book:
        assert [(each.kind, each.value or each.text) for each in book.adjustments(CHAPTER)] == [
            ("bonus", 1.5),
            ("comment", "all *well*"),
            ("comment", "all very well"),
        ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_readers_can_use_it(server: Server, page: Any, scheme: str) -> None:
    """Axe finds nothing on the class, on an answer, and on words with their rubric; no page is wider than its window."""
    for path in ("", *(f"answer?{urlencode({'student': EVIL, 'exercise': name})}" for name in ("softmax", WORDS))):
        page.emulate_media(color_scheme=scheme)
        page.goto(server.address + path)
        assert [(each["id"], each["impact"]) for each in axe.Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
