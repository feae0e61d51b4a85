"""The students' bundle holds what students need and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support import ROOT

from nnlab.workbook.build import load
from nnlab.workbook.course import Course, CourseError
from nnlab.workbook.release import ACCEPTING, release
from nnlab.workbook.source import BEGIN, solution_lines


def test_release(tmp_path: Path, course: Course) -> None:
    """The zip has notebooks, package and licences, but no solutions, hidden tests, mutants, or instructors' rooms but what `accept` needs."""
    with zipfile.ZipFile(release(course, tmp_path)) as archive:
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
        "nnlab",
        "chapters",
    }
    instructors = {name.removeprefix("nnlab/") for name in names if "grading" in name or "workbook" in name}
    assert instructors <= set(ACCEPTING)
    assert not [name for name in names if "pycache" in name]
    assert BEGIN not in notebooks
    assert str(ROOT) not in text


def test_release_leaks_no_answer(tmp_path: Path, course: Course) -> None:
    """No line of a solution is in a released notebook."""
    release(course, tmp_path)
    for chapter in course.chapters():
        released = (tmp_path / "nnlab-student" / "chapters" / chapter.student.name).read_text()
        lines = [line for cell in load(chapter.solution).cells for line in solution_lines(cell.source) if len(line) > 14]
        assert lines or chapter.name == "00_lectures"  # the appendix asks for nothing
        assert not [line for line in lines if line in released]


def test_a_student_can_ask_whether_a_notebook_is_accepted(tmp_path: Path, course: Course) -> None:
    """`nnlab accept` works in the bundle without anything that only instructors install, and compares with the notebook as released."""
    release(course, tmp_path)
    bundle, half = tmp_path / "nnlab-student", ROOT / "tests" / "submissions" / "03_forward_propagation" / "half_done.ipynb"
    extras = ("jupytext", "jinja2", "nbval", "rich", "sqlalchemy", "filelock", "pytest")
    code = f"import sys; sys.modules.update(dict.fromkeys({extras})); from nnlab.cli import main; sys.exit(main(['accept', sys.argv[1]]))"
    answered = bundle / "chapters" / "03_forward_propagation.ipynb"
    answered.write_bytes(half.read_bytes())
    told = subprocess.run([sys.executable, "-c", code, str(answered)], cwd=bundle, capture_output=True, text=True, check=False)
    assert told.returncode == 1, told.stderr
    assert "4 of 8 answers are found in it" in told.stdout
    assert "○ forward: not written yet" in told.stdout


def test_release_is_reproducible(tmp_path: Path, course: Course) -> None:
    """The same course gives the same bytes, and a second release replaces the first."""
    first = release(course, tmp_path).read_bytes()
    (tmp_path / "nnlab-student" / "old.txt").write_text("left over")
    assert release(course, tmp_path).read_bytes() == first
    assert not (tmp_path / "nnlab-student" / "old.txt").exists()


def test_stale_chapters_are_not_released(tmp_path: Path) -> None:
    """A chapter that is out of date stops the release before anything is written."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "chapters").mkdir()
    (tmp_path / "solutions" / "03_forward_propagation.py").write_text((ROOT / "solutions" / "03_forward_propagation.py").read_text())
    with pytest.raises(CourseError, match="is missing"):
        release(Course(tmp_path), tmp_path / "dist")
    assert not (tmp_path / "dist").exists()
