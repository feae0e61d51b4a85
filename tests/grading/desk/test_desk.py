"""The desk's server: who may ask, what it shows, and that a change is saved before it says so."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from desk_server import Server, running
from html_pages import HOSTILE, Page
from marked_class import ANN, ANSWER, CHAPTER, JAN, MEI, TOM, WORTH, mark, marked_class
from support import ROOT

from nnlab.cli import UNUSABLE, main
from nnlab.grading.adjusting.model import POINTS
from nnlab.grading.desk.adjust import Desk
from nnlab.grading.desk.views import link, next_place, state
from nnlab.grading.gradebook import Gradebook

EVIL = "".join(HOSTILE[:5])
EVE = replace(mark(EVIL, {"softmax": "\n".join(HOSTILE)}, softmax=2), repairs=(f"`softmax` was found in another cell. {EVIL}",))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a desk with a class of five."""
    to = tmp_path_factory.mktemp("desk")
    marked_class(to, (MEI, TOM, ANN, JAN, EVE))
    with running(to) as started:
        yield started


def answer(student: str, exercise: str = "softmax") -> str:
    """Return the way to an answer."""
    return f"answer?{urlencode({'student': student, 'exercise': exercise})}"


def test_pages(server: Server) -> None:
    """The class has a link to each answer, and an answer its code, its tests, its form and that of the whole notebook."""
    status, text = server.ask("GET", "")
    assert status == 200
    links = [each["href"] for each in Page(text).all("a")]
    assert sum(link.startswith("answer?") for link in links) == 5 * len(WORTH) + 1
    status, text = server.ask("GET", answer("Tom"))
    assert status == 200
    assert "2 of 3 points" in text
    assert "softmax is right." in text
    assert {each["id"] for each in Page(text).all("input")} == {"points", "why", "bonus", "whole-why"}


def test_refusals_are_for_who_sits_at_a_page(server: Server) -> None:
    """What cannot be done is said without options of the command, also of a comment as long as a book."""
    long, where = "x" * 1_000_000, {"student": "Tom", "exercise": "softmax"}
    wrong = (
        {"kind": "mark", **where, "value": "4", "why": "x"},
        {"kind": "mark", **where, "value": "1", "why": long},
        {"kind": "mark", **where, "comment": long},
        {"kind": "mark", **where},
        {"kind": "bonus", "student": "Tom", "value": "1e9", "why": "x"},
        {"kind": "bonus", "student": "Tom", "value": "two", "why": "x"},
        {"kind": "scale", "value": "99", "why": "x"},
    )
    for change in wrong:
        status, said = server.change(**change)
        assert (status, "--" in said["problem"]) == (409, False), said


def test_a_hostile_student_on_every_page(server: Server) -> None:
    """Name, answer and repair are text: the only script is ours, and no element is theirs."""
    for path in ("", *(answer(EVIL, name) for name in WORTH)):
        status, text = server.ask("GET", path)
        page = Page(text)
        assert status == 200
        assert (len(page.scripts), page.wrong, [*page.all("img"), *page.all("b")]) == (1, [], [])
        assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert "connect-src 'self'" in text


@pytest.mark.parametrize(
    ("method", "path", "headers", "said"),
    [
        ("GET", "/", {}, "There is nothing here."),
        ("GET", "/wrong/", {}, "The address lacks its token. Open the address that nnlab desk printed."),
        ("GET", "/wrong/answer?student=Tom&exercise=softmax", {}, "The address lacks its token."),
        ("POST", "/wrong/change", {}, "The address lacks its token."),
        ("GET", "", {"Host": "evil.example"}, "This server is asked under a name that is not its own."),
        ("GET", "", {"Host": ""}, ""),
        ("POST", "change", {"Origin": "http://evil.example"}, "This change does not come from a page of the desk. Nothing was changed."),
        ("POST", "change", {"Origin": "null"}, "This change does not come from a page of the desk."),
        ("POST", "change", {"Origin": ""}, "This change does not come from a page of the desk."),
    ],
)
def test_who_may_not_ask(server: Server, method: str, path: str, headers: dict[str, str], said: str) -> None:
    """Without the token, under another name, from another page: a sentence, and nothing is shown or changed."""
    change = {"kind": "mark", "student": "Tom", "exercise": "softmax", "value": "0", "why": "x"} if method == "POST" else None
    status, text = server.ask(method, path, change, **headers)
    assert status in (400, 403)
    assert text.startswith(said)
    assert "Tom" not in text
    with Gradebook(server.to / "gradebook.sqlite") as book:
        assert "x" not in {each.why for each in book.adjustments(CHAPTER)}


def test_change_and_undo(server: Server) -> None:
    """Saved before it is said, with the way to the next answer; marks.csv and pages follow."""
    status, said = server.change(kind="mark", student="Mei Li", exercise="softmax", value="2.5", why="Idea.", comment="See *12*.")
    assert (status, said) == (200, {"next": answer("Tom")})
    with Gradebook(server.to / "gradebook.sqlite") as book:
        assert [(each.value, each.text, each.by) for each in book.adjustments(CHAPTER)][-2:] == [(2.5, "", "Wu"), (None, "See *12*.", "Wu")]
    status, text = server.ask("GET", answer("Mei Li"))
    assert "2.5 of 3 points" in text
    assert "<p>See <em>12</em>.</p>" in text
    number = int(Page(text).all("button")[-1]["data-number"])
    while "2.5" not in ((server.to / "marks.csv").read_text("utf-8") if (server.to / "marks.csv").exists() else ""):
        time.sleep(0.05)
    assert server.change(kind="undo", number=number)[0] == 200
    assert server.change(kind="undo", number=number)[1]["problem"].startswith(f"number {number} is undone already.")
    for change in ({"kind": "drop", "exercise": "neuron"}, {"kind": "scale", "value": "1.1"}, {"kind": "bonus", "value": "1"}):
        assert server.change(**change, why="For all.")[0] == 200
    assert "neuron: dropped (For all.)" in server.ask("GET", "")[1]


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"kind": "mark", "student": "Tom", "exercise": "softmax", "value": "9", "why": "x"}, 409, "softmax is worth 3 points: 9 is not"),
        ({"kind": "mark", "student": "Tom", "exercise": "softmax", "value": "1"}, 409, "a reason is missing"),
        ({"kind": "mark", "student": "Zoe", "exercise": "softmax", "value": "1", "why": "x"}, 409, "there is no student 'Zoe'"),
        ({"kind": "mark", "student": "Tom", "exercise": "none", "value": "1", "why": "x"}, 409, "03_forward_propagation has no exercise"),
        ({"kind": "bonus", "value": "much", "why": "x"}, 409, "the bonus: 'much' is no number."),
        ({"kind": "shout"}, 400, "This is no change that the desk knows (ValueError). Nothing was changed."),
        ({"kind": "undo"}, 400, "This is no change that the desk knows (KeyError)."),
        ([1], 400, "This is no change that the desk knows (TypeError)."),
        (b"{", 400, "This is no change that the desk knows (JSONDecodeError)."),
        (b"[" * 100_000, 400, "This is no change that the desk knows (RecursionError)."),
        (b'{"kind": "undo", "number": Infinity}', 400, "This is no change that the desk knows (OverflowError)."),
        ({"kind": "whole", "student": "Mei Li"}, 409, "there is nothing to change"),
        ({"kind": "whole", "value": "1", "why": "w"}, 409, "there is no student ''"),
    ],
)
def test_refused(server: Server, change: object, status: int, said: str) -> None:
    """With a sentence."""
    got, text = server.ask("POST", "change", change)
    assert (got, json.loads(text)["problem"][: len(said)]) == (status, said)
    assert server.ask("GET", answer("Zoe"))[0] == server.ask("GET", answer("Tom", "none"))[0] == 404


def test_changed_by_someone_else(server: Server) -> None:
    """A change on a page that is out of date is refused and says what the other one did; on a page that knows it, it is saved."""
    asked = {"kind": "mark", "student": "Tom", "exercise": "forward", "why": "x"}
    with Gradebook(server.to / "gradebook.sqlite") as book:
        seen = max((each.number for each in book.adjustments(CHAPTER)), default=0)
    assert server.change(**asked, value="1", seen=seen)[0] == 200
    status, said = server.change(**asked, value="2", seen=seen)
    assert (status, said["problem"].startswith("this was changed at the same time: ")) == (409, True)
    assert server.change(**asked, value="2", seen=seen + 1)[0] == 200


def test_killed_right_after_saving(tmp_path: Path) -> None:
    """What the page was told is saved is in the gradebook, and the next desk shows it."""
    marked_class(tmp_path)
    with running(tmp_path) as server:
        assert server.change(kind="mark", student="Tom", exercise="softmax", value="1", why="x")[0] == 200
        server.process.kill()
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        assert [(each.kind, each.value) for each in book.adjustments(CHAPTER)] == [(POINTS, 1.0)]
    assert main(["report", str(tmp_path), "--course", str(ROOT)]) == 0
    assert "softmax 2 → 1 (x)" in (tmp_path / "marks.csv").read_text("utf-8")


def test_what_is_to_be_looked_at(tmp_path: Path) -> None:
    """Answers that lost points, and those without a mark, until someone looked; again where the answer changed. `n` goes round."""
    desk = Desk(marked_class(tmp_path), "Wu")
    order = []
    while place := next_place(desk, *order[-1] if order else ("", "")):
        who, name = next((who, name) for who in desk.marks for name in WORTH if link(who, name) == place)
        order.append((who, name))
        desk.save([desk.looked_at(who, name)])
    assert order[:3] == [("Ann", "neuron"), ("Tom", "neuron"), ("Ann", "dense_shape")]
    assert set(order) == {("Mei Li", "softmax"), ("Tom", "softmax"), ("Tom", "neuron"), *(("Ann", name) for name in WORTH)}
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.save(mark("Tom", {"softmax": f"{ANSWER}  # new"}, softmax=1, neuron=1))
    desk.read()
    assert next_place(desk, "", "") == link("Tom", "softmax")
    assert state(desk.marks["Jan"], "softmax", {}) == ""


def test_nothing_to_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without a gradebook, and one of a newer nnlab: a sentence, and no server."""
    assert main(["desk", str(tmp_path), "--course", str(ROOT), "--no-browser"]) == UNUSABLE
    assert "has no gradebook" in capsys.readouterr().err
    request = marked_class(tmp_path)
    with request.book() as book, book._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE about SET version = 99")
    assert main(["desk", str(tmp_path), "--course", str(ROOT), "--no-browser"]) == UNUSABLE
    assert "is of a newer nnlab (version 99" in capsys.readouterr().err


def test_a_port_that_cannot_be_had(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One that is taken, and a number that is no port's: a sentence, and no server."""
    marked_class(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for port, said in ((taken.getsockname()[1], "cannot be had"), (99_999, "expected a number from 1024 to 65535")):
            assert main(["desk", str(tmp_path), "--course", str(ROOT), "--no-browser", "--port", str(port)]) == UNUSABLE
            assert said in capsys.readouterr().err


def test_a_gradebook_that_goes_away(server: Server) -> None:
    """Gone or damaged while the desk is open: every page and change says so; when it is back, the desk goes on."""
    book = server.to / "gradebook.sqlite"
    kept, change = book.read_bytes(), {"kind": "mark", "student": "Mei Li", "exercise": "softmax", "value": "2", "why": "w"}
    for damage, said in ((lambda: book.unlink(), "has no gradebook"), (lambda: book.write_bytes(b"no" * 9_000), "cannot be used")):
        damage()
        for text in (server.ask("GET", "")[1], server.ask("GET", answer("Tom"))[1], server.change(**change)[1]["problem"]):
            assert text.startswith("Nothing was changed: ")
            assert said in text
    book.write_bytes(kept)
    assert server.change(**change)[0] == server.ask("GET", "")[0] == 200
