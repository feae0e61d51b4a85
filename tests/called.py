"""What each wrong answer is called that a visible check refuses: `python tests/called.py` writes `tests/mutants/called.txt` anew.

A name is given only where the cases can tell. The list shows what a change of a misconception, or of a case, does to all of them.
"""

from __future__ import annotations

import warnings
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path

import numpy as np
from support import ROOT, run_answer

from nnlab.checks._judging.engine import Report, examine
from nnlab.workbook.course import ChapterFiles, Course

LIST = Path(__file__).parent / "mutants" / "called.txt"
NONE = "–"


def called(chapter: ChapterFiles) -> list[tuple[str, str, str]]:
    """Return exercise, mutant and what the check says that it looks like, for each mutant that the check refuses."""
    rows = []
    for exercise, mutants in chapter.mutant_tables()["MUTANTS"].items():
        for name, (source, message) in mutants.items():
            if message is None:
                continue
            rows.append((exercise, name, examined(chapter.name, exercise, source).called or NONE))
    return rows


@cache
def examined(chapter: str, exercise: str, source: str) -> Report:
    """Return what the visible check says of an answer; warnings of NumPy are not shown."""
    files = Course(ROOT).chapter(chapter)
    with warnings.catch_warnings(), redirect_stdout(None):
        warnings.simplefilter("ignore")
        np.random.seed(0)  # answers that draw by themselves: the same draws each time, alone and among others
        return examine(files.declared[exercise], run_answer(files, exercise, source)[exercise])


def listed() -> str:
    """Return the list of all chapters."""
    lines = []
    for chapter in Course(ROOT).chapters():
        rows = called(chapter)
        named = sum(name != NONE for _, _, name in rows)
        lines += [f"# {chapter.name}: {named} of {len(rows)} have a name", *(f"{e}: {m}: {name}" for e, m, name in rows), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    LIST.write_text(listed(), encoding="utf-8")
