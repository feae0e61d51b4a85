"""Answers in words are marked by a rubric: they wait, count once marking has begun, and a mark stays when the answer changes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from desk_server import Server, running
from html_pages import HOSTILE, Page
from marked_class import ANN, CHAPTER, JAN, WORDS, mark, marked_class
from support import ROOT

from nnlab.cli import main
from nnlab.grading.adjusting.rubric import REASON, ticked, ticks
from nnlab.grading.desk.adjust import AdjustError, Desk
from nnlab.grading.desk.overview import collected, rows
from nnlab.grading.desk.views import link, next_place, state
from nnlab.grading.exports.gradescope import results
from nnlab.grading.gradebook import Gradebook
from nnlab.grading.pages.class_report import class_page
from nnlab.grading.pages.feedback import feedback_page
from nnlab.grading.pages.similarity import compare, similarity_page
from nnlab.grading.results import Level
from nnlab.workbook.course import Course
from nnlab.workbook.rubrics import Criterion

SAID = "Softmax looks at differences, and random weights make large ones. That says nothing about the road."
EVIL = "\n".join([*HOSTILE, "[a](javascript:alert(1)) <a href='javascript:alert(1)'>b</a> ![c](https://evil.example/c.png)", "y" * 30_000])
MEI, TOM, EVE = mark("Mei Li", {WORDS: SAID}), mark("Tom", {}), mark("Eve", {WORDS: EVIL})
ALL = MEI.points  # without the answer in words


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a desk with a class of five: two wrote something."""
    return Desk(marked_class(tmp_path, (MEI, TOM, EVE, ANN, JAN)), "Wu")


def table(to: Path) -> dict[str, dict[str, str]]:
    """Return marks.csv by student."""
    with (to / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_it_waits_and_counts_neither_way(desk: Desk, tmp_path: Path) -> None:
    """Before the first mark it is in nobody's total, whether something was written or not, and the totals say what waits."""
    desk.write([""])
    found = table(tmp_path)
    assert [[found[name][key] for key in (WORDS, "total", "points", "to_be_marked")] for name in ("Mei Li", "Tom", "Jan")] == [
        ["", f"{ALL:g}", f"{ALL:g}", "2"],
        ["", f"{ALL:g}", f"{ALL:g}", ""],
        ["", "", "", ""],
    ]
    assert (MEI.level(WORDS), TOM.level(WORDS), MEI.waiting, TOM.waiting) == (Level.WAITING, Level.UNTRIED, 2, 0)
    page = Page(feedback_page(MEI, "03 X")).text
    assert f"{ALL:g} of {ALL:g} points, and 2 still to be marked" in page
    assert "2 points, still to be marked" in page
    assert SAID in page
    assert f"{WORDS}: 0 marked, 2 to be marked, 1 not attempted" in Page(class_page([MEI, TOM, EVE], "03 X")).text


def test_marked_by_the_rubric(desk: Desk, tmp_path: Path) -> None:
    """A mark is an adjustment with the criteria; from the first one on it counts for everyone, and those still to be marked wait."""
    assert [state(each, WORDS, {}) for each in (MEI, TOM, EVE)] == ["look", "", "look"]
    assert next_place(desk, "", "") == link("Ann", "neuron")
    desk.save(desk.by_rubric("Mei Li", WORDS, {0}, comment="And *why* is that?"))
    marks = desk.marks
    assert [(marks[name].total, marks[name].points, marks[name].waiting) for name in ("Mei Li", "Tom", "Eve")] == [
        (ALL + 1, ALL + 2, 0),
        (ALL, ALL + 2, 0),
        (ALL, ALL, 2),
    ]
    assert [marks[name].level(WORDS) for name in ("Mei Li", "Tom", "Eve")] == [Level.PART, Level.UNTRIED, Level.WAITING]
    assert [met for _, _, met in marks["Mei Li"].hands[WORDS].rubric] == [True, False]
    assert marks["Mei Li"].changes == [f"{WORDS} 1 of 2 ({REASON})"]
    page = Page(feedback_page(marks["Mei Li"], "03 X")).text
    assert "(met)" in page
    assert "(not met)" in page
    assert "is that?" in page
    desk.save(desk.by_rubric("Eve", WORDS, ()))
    assert (desk.marks["Eve"].total, desk.marks["Eve"].points, desk.marks["Eve"].level(WORDS)) == (ALL, ALL + 2, Level.NONE)
    assert main(["export", "json", str(tmp_path), "--course", str(ROOT)]) == 0
    students = {each["person"]["student"]: each for each in json.loads((tmp_path / "marks.json").read_text("utf-8"))["students"]}
    assert (students["Mei Li"]["total"], students["Mei Li"]["to_be_marked"]) == (ALL + 1, 0)
    assert [each[2] for each in students["Mei Li"]["exercises"][WORDS]["rubric"]] == [True, False]


def test_undone_it_waits_again(desk: Desk) -> None:
    """As if nobody had begun."""
    desk.save(desk.by_rubric("Mei Li", WORDS, {0, 1}))
    desk.save(undo=desk.last("Mei Li", WORDS))
    assert [(desk.marks[name].points, desk.marks[name].waiting) for name in ("Mei Li", "Tom")] == [(ALL, 2), (ALL, 0)]


def test_drop_and_full(desk: Desk) -> None:
    """Rules for everyone end the waiting, too."""
    desk.save([desk.rule("drop", WORDS, "No time.")])
    assert [(each.points, each.waiting) for each in (desk.marks["Mei Li"], desk.marks["Tom"])] == [(ALL, 0), (ALL, 0)]
    desk.save([desk.rule("full", WORDS, "Unclear.")])
    assert [each.total for each in (desk.marks["Mei Li"], desk.marks["Tom"])] == [ALL + 2, ALL + 2]


def test_points_by_hand_for_a_scan(desk: Desk) -> None:
    """Who handed in a PDF can be marked by the rubric; without that, words do not cost who has points for something else."""
    desk.save(desk.by_rubric("Ann", WORDS, {0, 1}))
    assert (desk.marks["Ann"].total, desk.marks["Ann"].points) == (2, ALL + 2)


@pytest.mark.parametrize(
    ("student", "exercise", "met", "said"),
    [
        ("Mei Li", "softmax", {0}, "softmax has no rubric"),
        ("Mei Li", WORDS, {2}, "has 2 criteria, and was marked with others"),
        ("Zoe", WORDS, {0}, "there is no student 'Zoe'"),
    ],
)
def test_refused(desk: Desk, student: str, exercise: str, met: set[int], said: str) -> None:
    """With a sentence."""
    with pytest.raises(AdjustError, match=said):
        desk.by_rubric(student, exercise, met)
    with pytest.raises(AdjustError, match="has no points yet that could stand"):
        desk.looked_at("Mei Li", WORDS)


def test_graded_again_with_another_text(desk: Desk, tmp_path: Path) -> None:
    """The mark stays and says that the answer has changed; the answer is to be looked at again."""
    desk.save(desk.by_rubric("Mei Li", WORDS, {0}))
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.save(mark("Mei Li", {WORDS: f"{SAID} Or is it?"}))
    desk.read()
    found = desk.marks["Mei Li"]
    assert (found.total, found.outdated) == (ALL + 1, (WORDS,))
    assert "Your answer has changed since this was written." in Page(feedback_page(found, "03 X")).text
    assert next_place(desk, "Eve", WORDS) == link("Mei Li", WORDS)


def test_overview_and_exports_say_what_waits(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table of chapters has a column for it, and an export names who is not marked yet."""
    desk.save(desk.by_rubric("Mei Li", WORDS, {0}))
    head, *lines = rows(collected([tmp_path], Course(ROOT)))
    by_name = {line[0]: dict(zip(head, line, strict=True)) for line in lines}
    assert [by_name[name]["to_be_marked"] for name in ("Mei Li", "Eve")] == ["", "2"]
    assert (by_name["Eve"]["of"], by_name["Tom"]["of"]) == (f"{ALL:g}", f"{ALL + 2:g}")
    main(["export", "moodle", str(tmp_path), "--course", str(ROOT)])
    assert "still to be marked (`nnlab desk`): Eve" in capsys.readouterr().out
    tests = results(EVE)["tests"]
    assert [each["output"] for each in tests if "score" not in each] == ["2 points, marked by a person."]


def test_rubric_as_text() -> None:
    """What was met is read as it was written, whatever stands in a criterion; other texts are no rubric."""
    criteria = (Criterion("Says [x] 1: why", 1), Criterion("Two\nlines", 0.5))
    assert ticks(ticked(criteria, {1})) == (("Says [x] 1: why", 1.0, False), ("Two lines", 0.5, True))
    assert ticks("Right idea.\n[y] 1: no") == ()


def test_similar_words_are_found() -> None:
    """Copied sentences are alike; answers of one's own to the same question are not. Chinese is compared by characters."""
    text = " ".join(f"word{i} because reason{i} and thus{i}" for i in range(12))
    own = {f"s{i}": {WORDS: " ".join(f"other{i}x{j} since thing{i}y{j}" for j in range(30))} for i in range(16)}
    chinese = "反向传播把误差从输出端传回每一层并在每个节点上乘以局部梯度最后把各条路径的贡献相加得到参数的梯度"
    copied = {"Mei": {WORDS: text}, "Tom": {WORDS: text.upper()}, "Li": {WORDS: chinese}, "Wu": {WORDS: chinese + "。"}}
    found = compare({**own, **copied}, {}, {WORDS})
    assert {pair.students for pair in found.pairs} == {("Mei", "Tom"), ("Li", "Wu")}
    assert 'class="words"' in similarity_page(found, "03 X")
    assert compare({**own, **copied}, {WORDS: [text, chinese]}, {WORDS}).pairs == ()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a desk that runs, with the same class."""
    to = tmp_path_factory.mktemp("words")
    marked_class(to, (MEI, TOM, EVE, ANN))
    with running(to) as started:
        yield started


def test_the_desk_page(server: Server) -> None:
    """Question, words, model answer and criteria; and a rubric that comes back is saved."""
    way = f"answer?{urlencode({'student': 'Eve', 'exercise': WORDS})}"
    status, text = server.ask("GET", way)
    page = Page(text)
    assert status == 200
    assert [box.get("value") for box in page.all("input") if box.get("type") == "checkbox"] == ["0", "1"]
    assert "<script>alert(1)</script>" in page.text
    assert "2 points, still to be marked" in page.text
    assert "None ran." not in page.text
    status, said = server.change(kind="rubric", student="Eve", exercise=WORDS, criteria=[0, 1])
    assert (status, said["next"]) == (200, link("Mei Li", WORDS))
    assert server.ask("GET", way)[1].count(" checked") == 2
    status, said = server.change(kind="rubric", student="Mei Li", exercise=WORDS, criteria=[7])
    assert (status, "was marked with others" in said["problem"]) == (409, True)
    assert server.change(kind="rubric", student="Mei Li", exercise=WORDS)[0] == 400


def test_a_hostile_answer_on_every_page(server: Server, desk: Desk) -> None:
    """Script, links and a line of 30,000 letters are text wherever they are shown."""
    pages = [feedback_page(desk.marks["Eve"], "03 X"), class_page(list(desk.marks.values()), "03 X")]
    twin = compare({name: {WORDS: EVIL} for name in ("Eve", "Ida")}, {}, {WORDS})
    pages += [similarity_page(twin, "03 X"), server.ask("GET", "")[1]]
    pages += [server.ask("GET", f"answer?{urlencode({'student': 'Eve', 'exercise': name})}")[1] for name in (WORDS, "notebook")]
    for text in pages:
        page = Page(text)
        assert (page.wrong, page.all("img"), page.all("b")) == ([], [], [])
        assert not any(each["href"].startswith(("javascript", "http")) for each in page.all("a"))
        assert not any("alert" in script for script in page.scripts)
        assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
        assert len(text) < 150_000


def test_chapter_is_the_one_meant() -> None:
    """The class of these tests is of the chapter whose question is asked."""
    assert CHAPTER.startswith("03")
