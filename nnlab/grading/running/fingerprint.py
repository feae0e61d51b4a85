"""What a mark depends on: so nothing is marked twice, and no mark outlives what it was made from."""

from __future__ import annotations

import ast
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import nnlab
from nnlab.grading.intake.collect import Submission
from nnlab.grading.results import NOTEBOOK, Mark
from nnlab.workbook.course import ChapterFiles

REST = ""  # the name of the part that every exercise depends on


def fingerprint(submission: Submission, course: dict[str, str], *settings: str) -> str:
    """Return a line that differs where anything differs that a mark depends on.

    Parameters
    ----------
    submission : Submission
    course : dict
        What `course_parts` says.
    *settings : str
        How it is graded, as far as that touches marks.
    """
    own = (submission.student, submission.author, submission.source, submission.problem, submission.digest.hex(), *settings)
    return json.dumps({**course, REST: _digest([course[REST], *own])}, sort_keys=True)


def course_parts(files: ChapterFiles) -> dict[str, str]:
    """Return a digest of each exercise's hidden tests, and under `REST` one of the solution, the package and what the tests share."""
    parts = {name: _digest(lines) for name, lines in tests_by_exercise(files.hidden_tests.read_text("utf-8")).items()}
    package = Path(nnlab.__file__).parent
    read = [files.solution, *files.translations, *sorted(package.rglob("*.py")), *([files.own] if files.own.exists() else [])]
    return {**parts, REST: _digest([parts.get(REST, ""), *(path.read_text("utf-8") for path in read)])}


def tests_by_exercise(source: str) -> dict[str, list[str]]:
    """Return the source of each exercise's hidden tests, and under `REST` all that is not a test.

    Parameters
    ----------
    source : str
        A module of hidden tests, each marked `@pytest.mark.points(exercise, points)`.
    """
    parts = defaultdict(list)
    for node in ast.parse(source).body:
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        exercise = next(filter(None, map(_exercise, decorators)), REST)
        parts[exercise].append(ast.unparse(node))
    return dict(parts)


def to_mark(old: str | None, new: str, mark: Mark | None, exercises: Iterable[str]) -> frozenset[str]:
    """Return the exercises to mark again; none where the mark stands.

    Where only some exercises' hidden tests changed, the points of the others stand. That is sound as long as no test ended the
    student's process or ran out of time: those touch the tests after them, so then everything is marked again.
    The checkpoints are marked with any exercise, for what they are worth depends on the hidden tests.

    Parameters
    ----------
    old, new : str
        Fingerprints of the mark and of now; None where there is no mark.
    mark : Mark or None
        The mark so far.
    exercises : iterable of str
        All of the chapter.
    """
    everything = frozenset((*exercises, NOTEBOOK))
    if old == new:
        return frozenset()
    try:
        before, now = json.loads(old or "{}"), json.loads(new)
    except ValueError:
        return everything
    disturbed = mark is None or not mark.graded or any(item.outcome in ("died", "timeout") for item in mark.items)
    if disturbed or not isinstance(before, dict) or before.keys() != now.keys() or before[REST] != now[REST]:
        return everything
    changed = frozenset(name for name in now if before[name] != now[name])
    return changed | {NOTEBOOK} if changed else changed


def _exercise(decorator: ast.expr) -> str:
    """Return the exercise that a decorator gives points for, if it does."""
    match decorator:
        case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if ast.unparse(func) == "pytest.mark.points":
            return name
    return REST


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
