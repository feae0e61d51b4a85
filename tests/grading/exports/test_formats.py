"""Exports are what the other systems read. The golden files were written by hand from their documentation and importers."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from sample_class import sample_class
from support import ROOT

from nnlab.cli import PARTLY, UNUSABLE, main
from nnlab.grading.exports.formats import FORMATS, Export, ExportError, Format, Request, export
from nnlab.grading.exports.gradescope import autograde, results
from nnlab.grading.gradebook import Gradebook, Place
from nnlab.grading.intake.roster import Person
from nnlab.grading.pages.feedback import feedback_page
from nnlab.grading.results import MISSING, Item, Mark
from nnlab.grading.sandbox.walls import SandboxMissing
from nnlab.workbook.course import Course

GOLDEN = Path(__file__).parent / "golden"
CHAPTER = "03_forward_propagation"
LATE = "Received 1 day 2 hours after the deadline: 20 % of the points are taken off."


def mark(student: str, softmax: float, neuron: float) -> Mark:
    """Return a mark of two items worth 3 and 1 points."""
    items = (
        Item("softmax", "columns", "The columns sum to 1.", 3, softmax, "passed" if softmax else "wrong"),
        Item("neuron", "random", "The neuron is right.", 1, neuron, "passed" if neuron else "not attempted"),
    )
    return Mark(student, CHAPTER, f"{student}.ipynb", items)


MEI = (Place(Person("Li, Mei", "Li, Mei", "mei@example.edu", "s100", "mli", "A", "12345", "4242")), mark("Li, Mei", 3, 1))
JAN = (
    Place(Person("Jan Müller", "Jan Müller", "jan@example.edu", moodle="12347"), "2026-05-03T01:59:00+00:00", 0.2, LATE),
    replace(mark("Jan Müller", 3, 0), repairs=("The cell of `neuron` was missing.",)),
)
EVE = (Place(Person('=HYPERLINK("x")', '=HYPERLINK("x")', moodle="12346")), mark('=HYPERLINK("x")', 0, 0))
ANN = (Place(Person("Ann", "../Ann_1", moodle="12348")), Mark("Ann", CHAPTER, "ann.ipynb", error="ann.ipynb is broken."))
TOM = (Place(Person("Tom", "Tom", "tom@example.edu")), Mark("Tom", CHAPTER, "", error=MISSING))
CLASS = (MEI, JAN, EVE, ANN, TOM)


def request_of(to: Path, *members: tuple[Place, Mark], **options: object) -> Request:
    """Return a request for a gradebook with these students."""
    with Gradebook(to / "gradebook.sqlite") as book:
        book.enrol(CHAPTER, [place for place, _ in members])
        for _, each in members:
            book.save(each)
    return Request(to, Course(ROOT), **options)  # type: ignore[arg-type]


def golden(name: str) -> str:
    """Return what a file must be."""
    return (GOLDEN / name).read_text("utf-8")


def unzipped(path: Path) -> dict[str, bytes]:
    """Return the files of a zip."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_moodle_grades(tmp_path: Path) -> None:
    """The file that Moodle's gradebook import and its grading worksheet's import both read; who has no mark is named."""
    written, left_out = export("moodle", request_of(tmp_path, *CLASS))
    assert [path.name for path in written] == ["moodle-grades.csv", "moodle-feedback.zip"]
    assert written[0].read_text("utf-8") == golden("moodle-grades.csv")
    assert left_out == ["Ann"]


def test_moodle_feedback(tmp_path: Path) -> None:
    """Each page goes to its student: Moodle reads the number behind the first underscore (`mod/assign/feedback/file/importziplib.php`)."""
    written, _ = export("moodle", request_of(tmp_path, *CLASS))
    pages = unzipped(written[1])
    read = {re.match(r"[^_]*_(\d+)_(assignsubmission)_(file)_/feedback\.html$", name)[1]: page for name, page in pages.items()}  # type: ignore[index]
    assert set(read) == {"12345", "12346", "12347", "12348"}
    assert b"Jan M\xc3\xbcller" in read["12347"]
    assert b"taken off" in read["12347"]
    assert b"ann.ipynb is broken" in read["12348"]
    assert not any(".." in name.split("/") or name.startswith("/") for name in pages)


def test_canvas(tmp_path: Path) -> None:
    """As `lib/gradebook_importer.rb` reads it: the columns in order, Points Possible first, the assignment with its number."""
    written, left_out = export("canvas", request_of(tmp_path, *CLASS, assignment="Lab 3 (771)", out_of=100.0))
    assert written[0].read_text("utf-8") == golden("canvas-grades.csv")
    assert left_out == ["Ann"]


def test_anonymous_in_canvas(tmp_path: Path) -> None:
    """Nobody is guessed: Canvas does not import grades of students it keeps anonymous."""
    ann = (Place(Person("anon_x", "", canvas="anon_x")), mark("anon_x", 3, 1))
    written, left_out = export("canvas", request_of(tmp_path, MEI, ann))
    assert left_out == ["anon_x"]
    assert [row[0] for row in csv.reader(io.StringIO(written[0].read_text("utf-8")))] == ["Student", "    Points Possible", "Li, Mei"]


def test_json(tmp_path: Path) -> None:
    """Everything but the answers, for scripts."""
    written, left_out = export("json", request_of(tmp_path, JAN, TOM))
    assert (written[0].read_text("utf-8"), left_out) == (golden("marks.json"), ())


def test_gradescope_results() -> None:
    """As Gradescope's specification has it."""
    late = replace(JAN[1], taken=JAN[0].taken, note=JAN[0].note)
    assert json.dumps(results(late), indent=1, ensure_ascii=False) + "\n" == golden("results.json")
    assert results(ANN[1]) | {"output_format": "", "stdout_visibility": ""} == {
        "score": 0,
        "output": "ann.ipynb is broken.",
        "output_format": "",
        "stdout_visibility": "",
        "tests": [],
    }


def gradescope(tmp_path: Path, sandbox: str) -> Path:
    """Unpack the autograder as Gradescope does, with a submission."""
    (path,), _ = export("gradescope", Request(tmp_path, Course(ROOT), CHAPTER, sandbox=sandbox))
    root = tmp_path / "autograder"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(root / "source")
    (root / "submission").mkdir()
    shutil.copy(sample_class(CHAPTER).folder / "wrong_axis.ipynb", root / "submission" / "my answers.ipynb")
    (root / "submission_metadata.json").write_text(
        json.dumps({"id": 1, "users": [{"email": "mei@example.edu", "id": 7, "name": "Mei Li"}]})
    )
    return root


def test_gradescope_autograder(tmp_path: Path) -> None:
    """From the zip alone, a submission gets its results; the scripts are at the zip's root and can be run."""
    root = gradescope(tmp_path, "none")
    autograde(root, CHAPTER, "none")
    got = json.loads((root / "results" / "results.json").read_text("utf-8"))
    assert got["score"] == 19 == sum(test.get("score", 0) for test in got["tests"])
    assert {test["name"].partition(":")[0] for test in got["tests"] if test.get("status") == "failed"} == {"softmax", "notebook"}
    with zipfile.ZipFile(tmp_path / "gradescope-autograder.zip") as archive:
        assert [archive.getinfo(name).external_attr >> 16 for name in ("setup.sh", "run_autograder")] == [0o755, 0o755]
    for name in ("setup.sh", "run_autograder"):
        assert subprocess.run(["bash", "-n", root / "source" / name], check=False).returncode == 0
    assert (root / "source" / "run_autograder").read_text().endswith(f"/autograder {CHAPTER} none\n")


def test_gradescope_without_a_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No mark is written where the sandbox does not work."""
    root = gradescope(tmp_path, "bubblewrap")
    monkeypatch.setattr("nnlab.grading.grade.why_not", lambda: "bubblewrap does not work here.")
    with pytest.raises(SandboxMissing):
        autograde(root, CHAPTER, "bubblewrap")
    assert not (root / "results").exists()


def test_same_marks_same_bytes(tmp_path: Path) -> None:
    """Two exports of one gradebook are equal."""
    request = request_of(tmp_path, *CLASS)
    for name in FORMATS:
        if name.startswith("feedback-"):  # of files with names from those systems: `test_feedback.py`
            continue
        once, twice = ([path.read_bytes() for path in export(name, replace(request, chapter=CHAPTER))[0]] for _ in range(2))
        assert once == twice


def test_left_the_class(tmp_path: Path) -> None:
    """Who was graded once and is not in the last run is in no export."""
    request_of(tmp_path, MEI, JAN)
    export("canvas", request_of(tmp_path, MEI))
    assert "Jan" not in (tmp_path / "canvas-grades.csv").read_text("utf-8")


def test_feedback_page_of_a_late_mark() -> None:
    """It shows the points that count and why, and escapes the note."""
    page = feedback_page(replace(JAN[1], taken=0.2, note=f"{LATE} <script>"), "03")
    assert "2.4 of 4 points" in page
    assert f"{LATE} &lt;script&gt;" in page


@pytest.mark.parametrize(
    ("members", "options", "message"),
    [
        (None, {}, "has no gradebook. Give the folder that `nnlab grade --to` wrote, or --gradebook URL."),
        ((TOM,), {}, f"the gradebook has no marks of {CHAPTER}. Run `nnlab grade` first."),
        ((MEI,), {"chapter": "99"}, "there is no chapter '99'"),
    ],
)
def test_nothing_to_export(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    members: tuple[tuple[Place, Mark], ...] | None,
    options: dict[str, str],
    message: str,
) -> None:
    """A sentence, status 2, and nothing written."""
    if members:
        request_of(tmp_path, *members)
    before = set(tmp_path.iterdir())
    more = [word for name, value in options.items() for word in (f"--{name}", value)]
    assert main(["export", "moodle", str(tmp_path), "--course", str(ROOT), *more]) == UNUSABLE
    assert message in capsys.readouterr().err
    assert set(tmp_path.iterdir()) == before


def test_several_chapters(tmp_path: Path) -> None:
    """The one that is meant has to be named."""
    request = request_of(tmp_path, MEI)
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.enrol("04_backpropagation", [MEI[0]])
    with pytest.raises(ExportError, match=r"has marks of 03_forward_propagation, 04_backpropagation\. Choose one with --chapter"):
        export("canvas", request)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what it wrote and who is not in it; then the status is 1."""
    request_of(tmp_path, *CLASS)
    assert main(["export", "moodle", str(tmp_path), "--course", str(ROOT)]) == PARTLY
    said = capsys.readouterr().out
    assert str(tmp_path / "moodle-feedback.zip") in said
    assert "Not in it, because they have no mark or are not known there: Ann\n" in said
    request_of(tmp_path, MEI, TOM)
    assert main(["export", "moodle", str(tmp_path), "--course", str(ROOT)]) == 0


def test_formats_are_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One line more is one format more; an unknown one lists all."""
    monkeypatch.setitem(FORMATS, "text", Format("for people", lambda request: Export({"a/b.txt": "hi"})))
    assert main(["export", "text", str(tmp_path), "--course", str(ROOT)]) == 0
    assert (tmp_path / "a" / "b.txt").read_text() == "hi"
    assert main(["export", "formats", "."]) == 0
    assert main(["export", "formatt", str(tmp_path), "--course", str(ROOT)]) == UNUSABLE
    for said in capsys.readouterr():
        assert all(f"  {name} " in said for name in ("moodle", "canvas", "gradescope", "json", "text"))
