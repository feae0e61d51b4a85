"""Gradescope: the autograder zip to upload, and what runs in it for each submission.

Gradescope unpacks the zip to `source`, runs `setup.sh` once, then for each submission `run_autograder`, which reads `submission` and
`submission_metadata.json` and writes `results/results.json`, all in one folder.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import nnlab
from nnlab._files import write_atomically
from nnlab.grading.grade import grade, require_built
from nnlab.grading.results import WAITING, WRITTEN, Item, Mark
from nnlab.grading.running.job import Options
from nnlab.workbook.course import ChapterFiles, Course
from nnlab.workbook.project import beside

SETUP = """#!/usr/bin/env bash
set -euo pipefail
apt-get update
apt-get install -y python3 python3-venv bubblewrap
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Choose Ubuntu 24.04 or newer: nnlab needs Python 3.11.")'
python3 -m venv /autograder/venv
/autograder/venv/bin/pip install -c /autograder/source/course/constraints.txt "/autograder/source/course[grading]"
"""
RUN = """#!/usr/bin/env bash
exec /autograder/venv/bin/python -m nnlab.grading.exports.gradescope /autograder {chapter} {sandbox}
"""
BESIDE = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE", "LICENSE-text")


def autograder(chapter: ChapterFiles, sandbox: str) -> dict[str, bytes]:
    """Return the files of the autograder: the chapter with its hidden tests, nnlab, and the two scripts that Gradescope runs.

    Parameters
    ----------
    chapter : ChapterFiles
    sandbox : str
        As in `Options`. "none" where Gradescope's machine does not let bubblewrap work.

    Raises
    ------
    CourseError
        If the chapter is not built or has no hidden tests.
    """
    require_built(chapter)
    package = Path(nnlab.__file__).parent
    modules = {f"nnlab/{path.relative_to(package).as_posix()}": path for path in package.rglob("*") if _is_source(path)}
    ours = [chapter.source, chapter.solution, chapter.student, chapter.hidden_tests, *sorted(chapter.own.parent.rglob("*.py"))]
    files = modules | {path.relative_to(chapter.root).as_posix(): path for path in ours} | beside(chapter.root, BESIDE)
    scripts = {"setup.sh": SETUP.encode(), "run_autograder": RUN.format(chapter=chapter.name, sandbox=sandbox).encode()}
    return scripts | {f"course/{name}": path.read_bytes() for name, path in files.items()}


def autograde(root: Path, chapter: str, sandbox: str) -> None:
    """Grade the submission in `root` and write its results.

    Parameters
    ----------
    root : Path
        Gradescope's folder, with `source`, `submission` and `submission_metadata.json`.
    chapter, sandbox : str

    Raises
    ------
    CollectError, CourseError, SandboxMissing
        If it cannot be graded here. Gradescope shows the message to instructors, and gives no mark.
    """
    metadata = json.loads((root / "submission_metadata.json").read_text("utf-8"))
    student = str(metadata["users"][0]["email"]).replace("/", "_")
    with tempfile.TemporaryDirectory() as work:
        shutil.copytree(root / "submission", Path(work) / "in" / student, symlinks=True)
        course = Course(root / "source" / "course")
        (mark,) = grade(Path(work) / "in", Path(work) / "out", course, chapter, Options(sandbox))
    write_atomically(root / "results" / "results.json", json.dumps(results(mark), indent=1, ensure_ascii=False) + "\n")


def results(mark: Mark) -> dict[str, Any]:
    """Return a mark as Gradescope wants it."""
    return {
        "score": mark.total,
        "output": "\n".join([mark.error, *mark.repairs, mark.note]).strip(),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [_test(item) for item in mark.items],
    }


def _test(item: Item) -> dict[str, Any]:
    if item.name == WRITTEN:  # no score: a person gives it
        said = f"{item.points:g} points, marked by a person." if item.outcome == WAITING else "Not attempted."
        return {"name": f"{item.exercise}: {item.sentence}", "name_format": "text", "output": said, "output_format": "text"}
    return {
        "name": f"{item.exercise}: {item.sentence}",
        "name_format": "text",
        "score": item.earned,
        "max_score": item.points,
        "status": "passed" if item.earned == item.points else "failed",
        "output": item.reason or ("Not attempted." if item.outcome == "not attempted" else ""),
        "output_format": "text",
    }


def _is_source(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc"


if __name__ == "__main__":
    autograde(Path(sys.argv[1]), *sys.argv[2:])
