"""The students' bundle holds what students need and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support import ROOT

from nnlab.workbook.build import load
from nnlab.workbook.course import Course, CourseError
from nnlab.workbook.release import ACCEPTING, read_day, release
from nnlab.workbook.source import BEGIN, solution_lines

DAY = date(2026, 5, 1)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Release the course once, with all that is checked before; return the folder of the zip and of the bundle. Nobody writes there."""
    folder = tmp_path_factory.mktemp("release")
    release(Course(ROOT), folder, DAY)
    return folder


@pytest.fixture
def bundle(released: Path, tmp_path: Path) -> Path:
    """Return a bundle as a student has it, to write into."""
    return Path(shutil.copytree(released / "nnlab-student", tmp_path / "nnlab-student"))


def test_release(released: Path) -> None:
    """The zip has notebooks, package and licences, but no solutions, hidden tests, mutants, or instructors' rooms but what `accept` needs."""
    with zipfile.ZipFile(released / "nnlab-student.zip") as archive:
        names = {name.removeprefix("nnlab-student/") for name in archive.namelist()}
        text = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
        notebooks = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".ipynb")).decode()
    assert {
        "README.md",
        "LICENSE",
        "LICENSE-text",
        "pyproject.toml",
        "nnlab/checks/_judging/engine.py",
        "chapters/03_forward_propagation.ipynb",
    } <= names
    assert {name.split("/")[0] for name in names} == {
        "README.md",
        "LICENSE",
        "LICENSE-text",
        "pyproject.toml",
        "environment.yml",
        "constraints.txt",
        "nnlab",
        "chapters",
    }
    instructors = {name.removeprefix("nnlab/") for name in names if "grading" in name or "workbook" in name}
    assert instructors <= set(ACCEPTING)
    assert not [name for name in names if "pycache" in name]
    assert BEGIN not in notebooks
    assert str(ROOT) not in text


def test_release_leaks_no_answer(released: Path, course: Course) -> None:
    """No line of a solution is in a released notebook."""
    for chapter in course.chapters():
        notebook = (released / "nnlab-student" / "chapters" / chapter.student.name).read_text()
        lines = [line for cell in load(chapter.solution).cells for line in solution_lines(cell.source) if len(line) > 14]
        assert lines or chapter.name == "00_lectures"  # the appendix asks for nothing
        assert not [line for line in lines if line in notebook]


def test_a_student_can_ask_whether_a_notebook_is_accepted(bundle: Path) -> None:
    """`nnlab accept` works in the bundle without anything that only instructors install, and compares with the notebook as released."""
    half = ROOT / "tests" / "submissions" / "03_forward_propagation" / "half_done.ipynb"
    extras = ("jupytext", "jinja2", "nbval", "rich", "sqlalchemy", "filelock", "pytest")
    code = f"import sys; sys.modules.update(dict.fromkeys({extras})); from nnlab.cli import main; sys.exit(main(['accept', sys.argv[1]]))"
    answered = bundle / "chapters" / "03_forward_propagation.ipynb"
    answered.write_bytes(half.read_bytes())
    told = subprocess.run([sys.executable, "-c", code, str(answered)], cwd=bundle, capture_output=True, text=True, check=False)
    assert told.returncode == 1, told.stderr
    assert "4 of 8 answers are found in it" in told.stdout
    assert "○ forward: not written yet" in told.stdout


def test_release_is_reproducible(released: Path, bundle: Path, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same course gives the same bytes, and a second release replaces the first. Files carry the day of the release."""
    with zipfile.ZipFile(released / "nnlab-student.zip") as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(2026, 5, 1)}
    files = [path for path in (released / "nnlab-student").rglob("*") if path.is_file()]
    assert {date.fromtimestamp(path.stat().st_mtime) for path in files} == {DAY}
    (bundle / "old.txt").write_text("left over")
    monkeypatch.setattr("nnlab.workbook.release.require_checked", lambda course: None)  # it was, for the first one
    assert release(course, bundle.parent, DAY).read_bytes() == (released / "nnlab-student.zip").read_bytes()
    assert not (bundle / "old.txt").exists()


def test_the_bundle_can_be_installed(tmp_path: Path, bundle: Path) -> None:
    """Its project builds a wheel with the chapters as they were released, whatever the student wrote into them."""
    written = bundle / "chapters" / "03_forward_propagation.ipynb"
    pristine = written.read_bytes()
    written.write_bytes(b"mine")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=bundle, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        assert wheel.read("nnlab/released/03_forward_propagation.ipynb") == pristine
    readme = (bundle / "README.md").read_text("utf-8")
    for said in ("python3 -m venv", "630 MB", "three minutes", "nnlab start chapters", "On day two", "When a new edition comes"):
        assert said in readme


def test_the_day_of_a_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said, else what the environment says, else today; what is no day is named."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1777636800")
    assert read_day("") == DAY
    assert read_day("2026-06-02") == date(2026, 6, 2)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    for text, said in (
        ("tomorrow", "'tomorrow' is not a day. Write it as 2026-05-01"),
        ("", "'soon' is not a day"),
        ("1979-01-01", "too early"),
    ):
        with pytest.raises(CourseError, match=said):
            read_day(text)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert abs(read_day("") - datetime.now(UTC).date()) <= timedelta(days=1)


def test_stale_chapters_are_not_released(tmp_path: Path) -> None:
    """A chapter that is out of date stops the release before anything is written."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "chapters").mkdir()
    (tmp_path / "solutions" / "03_forward_propagation.py").write_text((ROOT / "solutions" / "03_forward_propagation.py").read_text())
    with pytest.raises(CourseError, match="is missing"):
        release(Course(tmp_path), tmp_path / "dist", DAY)
    assert not (tmp_path / "dist").exists()
