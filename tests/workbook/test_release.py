"""The students' bundle holds what students need and nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from support import ROOT

from nnlab.workbook.build import load
from nnlab.workbook.course import Course, CourseError
from nnlab.workbook.release import release
from nnlab.workbook.source import BEGIN, solution_lines


def test_release(tmp_path: Path, course: Course) -> None:
    """The zip has notebooks, package and licences, but no solutions, hidden tests, mutants, or instructors' rooms."""
    with zipfile.ZipFile(release(course, tmp_path)) as archive:
        names = {name.removeprefix("nnlab-student/") for name in archive.namelist()}
        text = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    assert {
        "README.md",
        "LICENSE",
        "LICENSE-text",
        "pyproject.toml",
        "nnlab/checks/_engine.py",
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
    assert not [name for name in names if "grading" in name or "workbook" in name or "pycache" in name]
    assert BEGIN not in text
    assert str(ROOT) not in text


def test_release_leaks_no_answer(tmp_path: Path, course: Course) -> None:
    """No line of a solution is in a released notebook."""
    release(course, tmp_path)
    for chapter in course.chapters():
        released = (tmp_path / "nnlab-student" / "chapters" / chapter.student.name).read_text()
        lines = [line for cell in load(chapter.solution).cells for line in solution_lines(cell.source) if len(line) > 14]
        assert lines
        assert not [line for line in lines if line in released]


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
