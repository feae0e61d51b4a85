"""Write what a lecturer needs for a chapter."""

from __future__ import annotations

from pathlib import Path

from nnlab._files import write_atomically
from nnlab.workbook.build import dump
from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.lecture.notebook import catch_up, lecture
from nnlab.workbook.lecture.plan import plan


def write(chapter: ChapterFiles, minutes: int, to: Path) -> list[Path]:
    """Write the lecture notebook and the plan; return where.

    Raises
    ------
    CourseError
        If the chapter's steps break a rule, or the lecture takes longer than its minutes.
    """
    chapter.require_exercises("type live")
    contents = {f"{chapter.name}.lecture.ipynb": dump(lecture(chapter, minutes)), f"{chapter.name}.plan.md": plan(chapter, minutes)}
    return _written(contents, to)


def write_catch_up(chapter: ChapterFiles, section: int, to: Path) -> list[Path]:
    """Write the students' notebook with all exercises before a section filled in; return where.

    Raises
    ------
    CourseError
        If there is no such section.
    """
    return _written({f"{chapter.name}.catch-up-{section}.ipynb": dump(catch_up(chapter, section))}, to)


def _written(contents: dict[str, str], to: Path) -> list[Path]:
    for name, text in contents.items():
        write_atomically(to / name, text)
    return [to / name for name in contents]
