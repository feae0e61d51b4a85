"""The student's bundle: notebooks and the package they need, and nothing that tells an answer before its time."""

from __future__ import annotations

import os
import shutil
import time
import tomllib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from nnlab import exercises
from nnlab._files import EPOCH, write_atomically, zipped
from nnlab.languages import LANGUAGES
from nnlab.workbook.build import load, require_checked
from nnlab.workbook.course import ChapterFiles, Course, CourseError
from nnlab.workbook.graded import given_imports
from nnlab.workbook.project import beside, project
from nnlab.workbook.validate import PRIVATE
from nnlab.workbook.withhold import numbers, withhold

INSTRUCTORS = ("grading", "web", "workbook")  # rooms of the package that students do not need
ACCEPTING = (  # but for what tells whether a notebook will be accepted
    *("workbook/__init__.py", "workbook/course.py", "workbook/source.py", "grading/__init__.py", "grading/accept.py"),
    *("grading/intake/__init__.py", "grading/intake/receipt.py", "grading/intake/text.py"),
    *("grading/marking/__init__.py", "grading/marking/rebuild.py", "grading/marking/cells.py", "grading/marking/in_words.py"),
)
FORCED = """
[tool.hatch.build.targets.wheel.force-include]  # what `nnlab start` writes, and what a course of one's own hands on
"chapters" = "nnlab/released"
"pyproject.toml" = "nnlab/workbook/project/pyproject.toml"
"constraints.txt" = "nnlab/workbook/project/constraints.txt"
"README.md" = "nnlab/workbook/project/README.md"
"LICENSE" = "nnlab/workbook/project/LICENSE"
"LICENSE-text" = "nnlab/workbook/project/LICENSE-text"
"""
START = """# Start here

You need Python 3.11 or newer, 630 MB of disk (111 packages) and about three minutes. In a terminal, in this folder:

    python3 -m venv .venv
    .venv/bin/pip install -c constraints.txt .
    .venv/bin/nnlab start chapters

On Windows:

    py -m venv .venv
    .venv\\Scripts\\pip install -c constraints.txt .
    .venv\\Scripts\\nnlab start chapters

`constraints.txt` names the versions that were tested, with Python 3.11. Where pip finds one of them not for your Python, leave
`-c constraints.txt` out.

With conda: `conda env create -f environment.yml`, `conda activate nnlab`, `nnlab start chapters`.

@CHINESE@**On day two** only the last line is needed: open a terminal in this folder, and `nnlab start chapters` as above.

**When a new edition comes:** unpack it beside this folder, and run the three lines in the new one, but name the folder that you work in:
`nnlab start ../nnlab-student/chapters`, for example. What you wrote is never written over. A chapter that has changed is laid beside yours.

Open the first notebook and run its cells from the top. Each exercise has a check: run it as often as you like.
Stuck? Run `hint(...)` with the name of the function. What passed its check is kept in `mine.py` beside the notebooks: later chapters use
your own code. Keep all notebooks in one folder. `predict(...)` and `recall(...)` ask questions that give no points.
Hand in the notebook file as your instructor says.
Whether it will be accepted is what the last code cell of each notebook says, and `.venv/bin/nnlab accept NOTEBOOK`.

Code: BSD-3-Clause (LICENSE). Text of the notebooks: CC BY 4.0 (LICENSE-text).
"""
CHINESE = """**In Chinese:** `nnlab start chapters --language zh` gives you all chapters in Chinese. 中文版就用这一行。

"""
ENVIRONMENT = """# conda env create -f environment.yml
name: nnlab
channels:
  - conda-forge
dependencies:
  - python{python}
  - pip
{packages}
  - pip:
      - .
"""


def read_day(text: str) -> date:
    """Return the day that `--day` names; without one, that of `SOURCE_DATE_EPOCH`, or today.

    Raises
    ------
    CourseError
        If it is no day.
    """
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        day = date.fromisoformat(text) if text else datetime.fromtimestamp(int(said or time.time()), UTC).date()
    except ValueError:
        raise CourseError(f"--day: {text or said!r} is not a day. Write it as 2026-05-01.") from None
    if day.year < EPOCH[0]:
        raise CourseError(f"--day: {day} is too early: a zip holds no date before {EPOCH[0]}.")
    return day


def release(course: Course, to: Path, day: date, withheld: str = "", tell: Callable[[str], None] = print) -> Path:
    """Write the bundle as a folder, `to/nnlab-student`, and as a zip beside it; return the zip.

    Parameters
    ----------
    course : Course
    to : Path
    day : date
        What the files carry as their date, at noon.
    withheld : str
        The chapters whose answers are not in it yet: "05-", "05-08", "05,07".
    tell : callable
        Told which of them have to stay.

    Raises
    ------
    CourseError
        If a chapter is out of date or breaks a rule, or a file would tell of this machine.
    """
    require_checked(course)
    folder = to / "nnlab-student"
    notebooks = {**_chapters(course.chapters()), **_translated(course)}
    released = {f"nnlab/released/{name}": data for name, data in notebooks.items()}  # what `nnlab accept` compares with
    handed_out = {f"chapters/{name}": data for name, data in notebooks.items() if "/" not in name}
    contents = {**_without_answers(course, _package(course.root), withheld, tell), **handed_out, **released, "README.md": b""}
    contents["README.md"] = START.replace("@CHINESE@", CHINESE if any(name.startswith("zh/") for name in notebooks) else "").encode()
    contents["environment.yml"] = environment(course.root).encode()
    if folder.exists():
        shutil.rmtree(folder)
    for name, data in contents.items():
        write_atomically(folder / name, data)
        os.utime(folder / name, times=(noon := datetime(day.year, day.month, day.day, 12).timestamp(), noon))
    archive = to / "nnlab-student.zip"
    write_atomically(archive, zipped({f"nnlab-student/{name}": data for name, data in contents.items()}, (*day.timetuple()[:3], 12, 0, 0)))
    return archive


def _without_answers(course: Course, package: dict[str, bytes], withheld: str, tell: Callable[[str], None]) -> dict[str, bytes]:
    """Return the package's files, those of withheld chapters without the answers to their exercises."""
    names = [name for name in numbers(withheld, course.names) if course.chapter(name).declared.exercises]
    if not names:
        return package
    cells = {chapter.name: given_imports(load(chapter.solution)) for chapter in course.chapters()}
    found = withhold(course, names, {place: data for place, data in package.items() if place.startswith("nnlab/")}, cells)
    if found.stay:
        tell(f"Not withheld, because chapters that are due need it: {', '.join(found.stay)}")
    if found.unjudged:
        tell(f"Their checks only try whether an answer runs, because judging needs what is withheld: {', '.join(found.unjudged)}")
    return {**package, **found.files}


def _package(root: Path) -> dict[str, bytes]:
    """Return the files that `pip install .` needs, without the instructors' rooms."""
    package = Path(__file__).parents[1]
    kept = [path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc" and _for_students(path.relative_to(package))]
    files = {f"nnlab/{path.relative_to(package).as_posix()}": path.read_bytes() for path in sorted(kept)}
    texts = {name: path.read_bytes() for name, path in beside(root, ("constraints.txt", "LICENSE", "LICENSE-text")).items()}
    return {**files, **_own(root / exercises.FOLDER), **texts, "pyproject.toml": _project(root).encode()}


def _own(folder: Path) -> dict[str, bytes]:
    """Return the chapters of the course's own with their questions and lines; in the bundle they lie in the package."""
    kept = [*folder.glob(exercises.CHAPTERS), *folder.glob("lines/**/*.json"), *folder.glob("questions/**/*.json")]
    return {f"nnlab/{exercises.FOLDER}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in sorted(kept)}


def environment(root: Path) -> str:
    """Return the students' conda environment: what nnlab itself asks for, and nothing that only instructors need."""
    asked = tomllib.loads(project(root).read_text("utf-8"))["project"]
    packages = "\n".join(f"  - {each.split(';')[0]}" for each in asked["dependencies"])
    return ENVIRONMENT.format(python=asked["requires-python"], packages=packages)


def _project(root: Path) -> str:
    """Return pyproject.toml for the bundle: `nnlab/released` is there, and `chapters/` is what the student works in."""
    text = project(root).read_text("utf-8")
    if FORCED not in text:
        raise CourseError(
            f"pyproject.toml has no longer these lines, which the bundle must not have:{FORCED}Change FORCED in release.py too."
        )
    return text.replace(FORCED, "")


def _for_students(path: Path) -> bool:
    return path.parts[0] not in INSTRUCTORS or path.as_posix() in ACCEPTING


def _translated(course: Course) -> dict[str, bytes]:
    """Return the notebooks of the other languages, as far as they are built, by their place: `nnlab start --language zh` writes them."""
    found = {code: [chapter.translated(code) for chapter in course.chapters()] for code in LANGUAGES[1:]}
    there = {code: _chapters([chapter for chapter in chapters if chapter.student.exists()]) for code, chapters in found.items()}
    return {f"{code}/{name}": data for code, files in there.items() for name, data in files.items()}


def _chapters(chapters: Sequence[ChapterFiles]) -> dict[str, bytes]:
    """Return the students' notebooks by name, each looked through once more."""
    files = {f"{chapter.name}.ipynb": chapter.student.read_bytes() for chapter in chapters}
    for name, data in files.items():
        if found := PRIVATE.search(data.decode()):
            raise CourseError(f"{name} tells of this machine: {found[0]!r}. Change the source and build again.")
    for chapter in chapters:
        if set(load(chapter.student).metadata) - {"kernelspec", "language_info", "nnlab"}:
            raise CourseError(f"{chapter.student.name} carries metadata that is not ours. Run `nnlab build`.")
    return files
