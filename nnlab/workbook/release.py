"""The student's bundle: notebooks and the package they need, and nothing that tells an answer before its time."""

from __future__ import annotations

import shutil
from pathlib import Path

from nnlab._files import write_atomically, zipped
from nnlab.workbook.build import load, require_checked
from nnlab.workbook.course import Course, CourseError
from nnlab.workbook.validate import PRIVATE

INSTRUCTORS = ("grading", "workbook")  # rooms of the package that students do not need
ACCEPTING = (  # but for what tells whether a notebook will be accepted
    *("workbook/__init__.py", "workbook/course.py", "workbook/source.py", "grading/__init__.py", "grading/accept.py"),
    *("grading/marking/__init__.py", "grading/marking/rebuild.py", "grading/marking/cells.py"),
)
START = """# Start here

You need Python 3.11 or newer. In a terminal, in this folder:

    python -m venv .venv
    .venv/bin/pip install .            # Windows: .venv\\Scripts\\pip install .
    .venv/bin/jupyter lab chapters     # Windows: .venv\\Scripts\\jupyter lab chapters

Or with conda: `conda env create -f environment.yml`, `conda activate nnlab`, `pip install .`, `jupyter lab chapters`.

Open the first notebook and run its cells from the top. Each exercise has a check: run it as often as you like.
Stuck? Run `hint(...)` with the name of the function. What passed its check is kept in `mine.py` beside the notebooks: later chapters use
your own code. Keep all notebooks in one folder. `predict(...)` and `recall(...)` ask questions that give no points.
Hand in the notebook file as your instructor says.
Whether it will be accepted is what the last code cell of each notebook says, and `.venv/bin/nnlab accept NOTEBOOK`.

Code: BSD-3-Clause (LICENSE). Text of the notebooks: CC BY 4.0 (LICENSE-text).
"""


def release(course: Course, to: Path) -> Path:
    """Write the bundle as a folder, `to/nnlab-student`, and as a zip beside it; return the zip.

    Raises
    ------
    CourseError
        If a chapter is out of date or breaks a rule, or a file would tell of this machine.
    """
    require_checked(course)
    folder = to / "nnlab-student"
    notebooks = _chapters(course)
    released = {f"nnlab/released/{name}": data for name, data in notebooks.items()}  # what `nnlab accept` compares with
    handed_out = {f"chapters/{name}": data for name, data in notebooks.items()}
    contents = {**_package(course.root), **handed_out, **released, "README.md": START.encode()}
    if folder.exists():
        shutil.rmtree(folder)
    for name, data in contents.items():
        write_atomically(folder / name, data)
    archive = to / "nnlab-student.zip"
    write_atomically(archive, zipped({f"nnlab-student/{name}": data for name, data in contents.items()}))
    return archive


def _package(root: Path) -> dict[str, bytes]:
    """Return the files that `pip install .` needs, without the instructors' rooms."""
    package = Path(__file__).parents[1]
    kept = [path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc" and _for_students(path.relative_to(package))]
    files = {f"nnlab/{path.relative_to(package).as_posix()}": path.read_bytes() for path in sorted(kept)}
    beside = ("pyproject.toml", "environment.yml", "LICENSE", "LICENSE-text")
    return {**files, **{name: (root / name).read_bytes() for name in beside}}


def _for_students(path: Path) -> bool:
    return path.parts[0] not in INSTRUCTORS or path.as_posix() in ACCEPTING


def _chapters(course: Course) -> dict[str, bytes]:
    """Return the students' notebooks by name, each looked through once more."""
    files = {f"{chapter.name}.ipynb": chapter.student.read_bytes() for chapter in course.chapters()}
    for name, data in files.items():
        if found := PRIVATE.search(data.decode()):
            raise CourseError(f"{name} tells of this machine: {found[0]!r}. Change the source and build again.")
    for chapter in course.chapters():
        if set(load(chapter.student).metadata) - {"kernelspec", "language_info", "nnlab"}:
            raise CourseError(f"{chapter.student.name} carries metadata that is not ours. Run `nnlab build`.")
    return files
