"""No attack earns a point, reads, harms or stops anything; what is honest is paid, beside it and in the rest of the class."""

from __future__ import annotations

import csv
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from attacks.attack import CHAPTER, FULL, MARK, ROOT, Attack, Places, looks
from attacks.page import ATTACKS, PAGE, page
from attacks.reading import STATE
from sample_class import sample_class

from nnlab.grading.grade import grade
from nnlab.grading.gradebook import Gradebook
from nnlab.grading.intake.text import name as cleaned
from nnlab.grading.pages.feedback import page_name
from nnlab.grading.results import WRITTEN, Item, Mark
from nnlab.grading.running.job import Options
from nnlab.grading.sandbox.walls import Limits, why_not
from nnlab.workbook.build import dump
from nnlab.workbook.course import Course

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "it works")

LIMITS = Limits(cell=2.5, call=1.5, wall=40)
HONEST = {"honest_a": "full_marks", "honest_m": "half_done", "honest_z": "right_but_unusual"}
OTHER = Mark("someone", "02_other", "someone.ipynb", (Item("x", "y", "z", 1, 1, "passed"),), answers={"x": MARK})


@dataclass
class Aftermath:
    """Two classes of attackers after grading, and what they could have harmed."""

    folder: Path
    canary: str
    marks: dict[str, Mark]
    touched: list[str]
    alive: list[str]
    left: list[str]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """Hand all attacks in, those that leave state one after the other to one worker, and grade them."""
    folder, canary = tmp_path_factory.mktemp("a"), MARK + secrets.token_hex(8)
    places = lay_out(folder, canary)
    control = {"control": Attack("finds something", looks("'anything'"), loses={})}
    together = {name: attack for name, attack in ATTACKS.items() if name not in STATE}
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NNLAB_CANARY", "USER", "LOGNAME", "USERNAME"):
            patch.setenv(name, canary)
        patch.setenv("TMPDIR", str(folder / "tmp"))
        patch.setattr(tempfile, "tempdir", str(folder / "tmp"))
        marks = hand_in({**together, **control}, folder / "class", folder / "results", places, workers=2)
        marks |= hand_in(STATE, folder / "state class", folder / "state results", places, workers=1)
        touched = [name for name, before in places.items() if name.startswith("BEFORE") and digest(folder / name[7:]) != before]
        return Aftermath(folder, canary, marks, touched, survivors(folder / "tmp"), os.listdir(folder / "tmp"))


def lay_out(folder: Path, canary: str) -> Places:
    """Make a course with hidden tests, a gradebook with another chapter's mark, and a file that is nobody's; canaries in all of them."""
    course = folder / "course"
    for name in ("solutions", "chapters", "tests/hidden"):
        shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__"))
    hidden = course / "tests" / "hidden" / f"test_{CHAPTER}.py"
    hidden.write_text(f"{hidden.read_text('utf-8')}\n# {canary}\n", "utf-8")
    (folder / "outside.txt").write_text(canary)
    (folder / "tmp").mkdir()
    with Gradebook(folder / "results" / "gradebook.sqlite") as book:
        book.save(replace(OTHER, answers={"x": canary}))
    places = {
        "COURSE": course,
        "RESULTS": folder / "results",
        "SUBMISSIONS": folder / "class",
        "OUTSIDE": folder / "outside.txt",
        "ROOT": ROOT,
    }
    before = {f"BEFORE {name}": digest(folder / name) for name in ("course", "outside.txt")}
    return {**{name: str(place) for name, place in places.items()}, "PID": str(os.getpid()), "CHECKPOINTS": checkpoints(), **before}


def checkpoints() -> str:
    """Return what our checkpoints print, by the first exercise in them: what the lecture's slides show to everyone."""
    from nnlab.workbook.build import load
    from nnlab.workbook.source import role

    cells = [each for each in load(Course(ROOT).chapter(CHAPTER).solution).cells if role(each)[0] == "checkpoint"]
    names = ("softmax", "fc_layer", "init_params", "two")
    return repr({name: "".join(output.text for output in each.outputs) for name, each in zip(names, cells, strict=True)})


def digest(place: Path) -> str:
    """Return a digest of a file, or of all names, rights and files in a folder."""
    parts = [
        f"{path}{path.lstat().st_mode}".encode() + (path.read_bytes() if path.is_file() else b"")
        for path in sorted((place, *place.rglob("*")))
    ]
    return hashlib.sha256(b"".join(part for part in parts if b"__pycache__" not in part)).hexdigest()


def hand_in(attacks: dict[str, Attack], folder: Path, to: Path, places: Places, workers: int) -> dict[str, Mark]:
    """Write the submissions, honest ones between them, and grade them."""
    folder.mkdir()
    given = sample_class(CHAPTER)
    for name, member in HONEST.items():
        notebook = given.notebook(member)
        notebook.metadata["secret"] = (folder.parent / "outside.txt").read_text()
        (folder / f"{name}.ipynb").write_text(dump(notebook), "utf-8")
    for name, attack in attacks.items():
        attack.file(folder / f"{name}.ipynb", attack, places)
    course = Course(Path(places["COURSE"]))
    return {mark.student: mark for mark in grade(folder, to, course, CHAPTER, Options(workers=workers, limits=LIMITS))}


def survivors(tmp: Path) -> list[str]:
    """Return the processes that still run in one of our sandboxes two seconds later: they see the kit that we staged."""
    for _ in range(20):
        if not (found := inside(tmp)):
            break
        time.sleep(0.1)
    return found


def inside(tmp: Path) -> list[str]:
    """Return the command lines of those that see a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(tmp) in (process / "mountinfo").read_text():
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


def shown(name: str) -> str:
    """Return a file's name as the grader calls its student."""
    return cleaned(name)


def points(mark: Mark) -> dict[str, float]:
    """Return what was earned in each exercise; an answer in words waits for a person."""
    return {name: sum(item.earned for item in items) for name, items in mark.by_exercise().items() if items[0].name != WRITTEN}


def feedback(aftermath: Aftermath, name: str) -> str:
    """Return the page of one attacker."""
    results = "state results" if name in STATE else "results"
    return (aftermath.folder / results / "feedback" / page_name(shown(name))).read_text("utf-8")


@pytest.mark.parametrize("name", ATTACKS)
def test_points(aftermath: Aftermath, name: str) -> None:
    """Not one undeserved point, and not one honest point lost; who cannot be graded is told why."""
    attack, mark = ATTACKS[name], aftermath.marks[shown(name)]
    assert (attack.error in mark.error) if attack.error else mark.graded, mark.error
    assert "grader's fault" not in mark.error
    assert points(mark) == attack.expected, [item for item in mark.items if item.earned < item.points]


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if attack.told])
def test_told(aftermath: Aftermath, name: str) -> None:
    """The student reads what went wrong."""
    text = feedback(aftermath, name)
    assert any(words in text for words in ATTACKS[name].told.replace("'", "&#39;").split("|"))


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_runs_in_a_page(aftermath: Aftermath, name: str) -> None:
    """No page has a script, an element or a control character that the student wrote."""
    text = feedback(aftermath, name)
    assert "<script>document" not in text
    assert "<img src=x" not in text
    assert [c for c in text if not c.isprintable() and c not in "\n\t"] == []


def test_control(aftermath: Aftermath) -> None:
    """An attack that finds something would earn all points: the tests above can fail."""
    assert points(aftermath.marks["control"]) == FULL


@pytest.mark.parametrize("name", HONEST)
def test_the_rest_of_the_class(aftermath: Aftermath, name: str) -> None:
    """Honest students get what they get without attackers."""
    assert points(aftermath.marks[name]) == sample_class(CHAPTER).members[HONEST[name]].expected(FULL)


def test_nothing_is_read(aftermath: Aftermath) -> None:
    """No canary stands in anything that is handed back, but where we put it ourselves."""
    for results in ("results", "state results"):
        for path in (aftermath.folder / results).rglob("*"):
            if path.is_file() and path.suffix != ".sqlite":
                assert aftermath.canary.encode() not in path.read_bytes(), path
        with Gradebook(aftermath.folder / results / "gradebook.sqlite") as book:
            assert aftermath.canary not in repr(book.marks(CHAPTER))


def test_nothing_is_harmed(aftermath: Aftermath) -> None:
    """Course, gradebook and other files are as before, no process lives and no file is left."""
    assert aftermath.touched == []
    assert aftermath.alive == []
    assert aftermath.left == []
    with Gradebook(aftermath.folder / "results" / "gradebook.sqlite") as book:
        assert book.marks("02_other") == [replace(OTHER, answers={"x": aftermath.canary})]


def test_tables_hold(aftermath: Aftermath) -> None:
    """The CSV has one row a student, and none that a spreadsheet would run."""
    with (aftermath.folder / "results" / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(ATTACKS) - len(STATE) + len(HONEST) + 1
    assert [row["student"] for row in rows if row["student"].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))] == []


def test_the_page_lists_them_all() -> None:
    """docs/attacks.md is made from the tables."""
    assert PAGE.read_text("utf-8") == page()
