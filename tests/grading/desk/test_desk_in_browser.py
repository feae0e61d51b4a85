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
from marked_class import ANN, ANSWER, mark, marked_class
from support import ROOT

from nnlab.cli import main

playwright = pytest.importorskip("playwright.sync_api", reason="the browser is optional: pip install -e '.[browser]'")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is optional: pip install -e '.[browser]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.filterwarnings("ignore"),
]

EVIL = HOSTILE[0] + HOSTILE[1]
NAMES = [f"Student {number}" for number in range(8)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Return a desk with a class of ten: eight lost points in softmax, one is hostile, one handed in a scan."""
    class_ = [mark(name, {"softmax": ANSWER}, softmax=1 + number % 3) for number, name in enumerate(NAMES)]
    evil = replace(mark(EVIL, {"softmax": EVIL}, softmax=2), repairs=("`softmax` was found in another cell. Its own cell was missing.",))
    marked_class(tmp_path, (*class_, evil, ANN))
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


def onwards(page: Any, *keys: str) -> str:
    """Press keys, wait for another answer, and return its heading."""
    before = page.url
    for key in keys:
        page.keyboard.press(key) if len(key) == 1 or key[:1].isupper() else page.keyboard.type(key)
    page.wait_for_url(lambda url: url != before)
    return str(page.locator("h1").inner_text())


def test_a_class_of_ten_by_keyboard(server: Server, page: Any) -> None:
    """Points with a reason, a comment, a repair that is refused, a drop and its undo: all of it is in marks.csv, page and export."""
    page.goto(f"{server.address}answer?{urlencode({'student': EVIL, 'exercise': 'softmax'})}")
    page.locator(".refuse").press("Enter")
    assert onwards(page, "Control+Enter").startswith("Ann")
    assert onwards(page, "e", "1", "Tab", "on paper", "Control+Enter").startswith("Student 0")
    assert onwards(page, "c", "see **slide 12**", "Control+Enter").startswith("Student 1")
    assert onwards(page, "a").startswith("Student 2")
    for name in NAMES[3:]:
        assert onwards(page, "a").startswith(name)
    onwards(page, "u")
    page.select_option("#kind", "drop")
    page.select_option("#exercise", "neuron")
    page.fill("#why", "unclear")
    page.keyboard.press("Control+Enter")
    page.locator(".undo").first.wait_for()
    page.get_by_text("everyone neuron: dropped (unclear)").wait_for()
    page.locator(".undo").first.press("Enter")
    page.locator("s", has_text="everyone neuron: dropped").wait_for()
    assert main(["report", str(server.to), "--course", str(ROOT)]) == main(["export", "json", str(server.to), "--course", str(ROOT)]) == 0
    students = {each["person"]["student"]: each for each in json.loads((server.to / "marks.json").read_text("utf-8"))["students"]}
    assert students[EVIL]["exercises"]["softmax"]["earned"] == 0
    assert (students["Ann"]["total"], students["Ann"]["exercises"]["softmax"]["why"]) == (1, "on paper")
    assert students["Student 0"]["exercises"]["softmax"]["comment"] == "see **slide 12**"
    assert {each["points"] for each in students.values()} == {23}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_readers_can_use_it(server: Server, page: Any, scheme: str) -> None:
    """Axe finds nothing on the class and on an answer."""
    for path in ("", f"answer?{urlencode({'student': EVIL, 'exercise': 'softmax'})}"):
        page.emulate_media(color_scheme=scheme)
        page.goto(server.address + path)
        assert [(each["id"], each["impact"]) for each in axe.Axe().run(page).response["violations"]] == []
