"""What was mended is accepted or refused: a refusal takes the points back that hang on it, and says why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from desk_server import Server, running
from html_pages import Page
from marked_class import COUNTING, TOM, mark, marked_class

from nnlab.grading.adjusting.model import POINTS, SEEN
from nnlab.grading.desk.adjust import AdjustError, Desk
from nnlab.grading.desk.mends import accepted, mends, refused
from nnlab.grading.desk.views import link, next_place
from nnlab.grading.pages.feedback import feedback_page
from nnlab.grading.results import NOTEBOOK, Item

MOVED = "`softmax` was found in another cell. Its own cell was not used."
LOST = "The checkpoint cell of `seed_42` had been changed or removed. Ours were used."
OWN = "The cell “import numpy as np” had been changed. Ours was run, and then yours."
CHECKPOINTS = tuple(Item(NOTEBOOK, name, "Runs.", 1, 1, "passed") for name in ("seed_42", "b", "c", "d"))
MEI = mark("Mei Li")
MEI = replace(MEI, repairs=(MOVED, LOST, OWN), items=(*(item for item in MEI.items if item.exercise != NOTEBOOK), *CHECKPOINTS))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a desk with two students; the notebook of one was mended, and has all points."""
    return Desk(marked_class(tmp_path, (MEI, replace(TOM, items=mark("Tom").items))), "Wu")


def test_what_hangs_on_it(desk: Desk) -> None:
    """An answer's points hang on its mend, a checkpoint's on its own; on other mends none do."""
    assert [(each.text, each.left) for each in mends(desk, "Mei Li", "softmax")] == [(MOVED, 0)]
    assert [(each.text, each.left) for each in mends(desk, "Mei Li", NOTEBOOK)] == [(MOVED, None), (LOST, 3), (OWN, None)]
    assert mends(desk, "Mei Li", "neuron") == []
    assert next_place(desk, "", "") == link("Mei Li", "softmax")


def test_refused(desk: Desk) -> None:
    """The points are taken back, with the reason that the student reads; undone, they are there again."""
    desk.save(refused(desk, "Mei Li", "softmax", MOVED, comment="Use *its* cell."))
    desk.save(refused(desk, "Mei Li", NOTEBOOK, LOST, "Ours are locked for a reason."))
    found = desk.marks["Mei Li"]
    assert (found.scores["softmax"].earned, found.scores[NOTEBOOK].earned, found.total) == (0, 3, COUNTING - 4)
    page = Page(feedback_page(found, "03 X")).text
    assert f"Not accepted: {MOVED}" in page
    assert "Ours are locked for a reason." in page
    assert found.comments == ["softmax: Use *its* cell."]
    assert [each.decided for each in mends(desk, "Mei Li", "softmax")] == ["refused by Wu"]
    assert next_place(desk, "", "") == ""
    desk.save(undo=desk.last("Mei Li", "softmax", POINTS))
    assert desk.marks["Mei Li"].total == COUNTING - 1
    assert [each.decided for each in mends(desk, "Mei Li", "softmax")] == [""]


def test_accepted(desk: Desk) -> None:
    """It is seen, and costs nothing."""
    desk.save([accepted(desk, "Mei Li", "softmax", MOVED)])
    assert [each.decided for each in mends(desk, "Mei Li", "softmax")] == ["accepted by Wu"]
    assert (desk.marks["Mei Li"].total, desk.adjustments[-1].kind) == (COUNTING, SEEN)
    assert next_place(desk, "", "") == link("Mei Li", NOTEBOOK)


def test_not_possible(desk: Desk) -> None:
    """What was not mended so, or brings no points: with a sentence."""
    for exercise, text, said in (("softmax", "Something else.", "nothing was mended so"), (NOTEBOOK, OWN, "no points of notebook hang on")):
        with pytest.raises(AdjustError, match=said):
            refused(desk, "Mei Li", exercise, text)
    with pytest.raises(AdjustError, match="nothing was mended so"):
        accepted(desk, "Tom", "softmax", MOVED)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Return a desk that runs."""
    marked_class(tmp_path, (MEI,))
    with running(tmp_path) as started:
        yield started


def test_on_the_desk(server: Server) -> None:
    """Two buttons a mend, and after the decision what it was."""
    way = f"answer?{urlencode({'student': 'Mei Li', 'exercise': 'softmax'})}"
    buttons = Page(server.ask("GET", way)[1]).all("button")
    assert [(each["class"], each["data-mend"]) for each in buttons if "data-mend" in each] == [("accept", MOVED), ("refuse", MOVED)]
    assert server.change(kind="refuse", student="Mei Li", exercise="softmax", mend=MOVED)[0] == 200
    text = server.ask("GET", way)[1]
    assert "0 of 3 points" in text
    assert "refused by Wu" in text
    assert "nothing was mended so" in server.change(kind="accept", student="Mei Li", exercise="softmax", mend="x")[1]["problem"]
