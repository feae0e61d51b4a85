"""nnlab's own pyproject.toml, and what lies beside it: students and Gradescope install nnlab from them.

A course in nnlab's repository has them itself. Another course takes those of the nnlab that is installed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from nnlab.workbook.course import CourseError

NAME = "nnlab-course"
FOLDERS = (Path(__file__).parents[2], Path(__file__).parent / "project")  # of the repository; of an installed wheel


def project(root: Path) -> Path:
    """Return nnlab's pyproject.toml: the course's, where it is that of nnlab.

    Raises
    ------
    CourseError
        If there is none.
    """
    for path in (folder / "pyproject.toml" for folder in (root, *FOLDERS)):
        if path.is_file() and tomllib.loads(path.read_text("utf-8")).get("project", {}).get("name") == NAME:
            return path
    raise CourseError(f"the pyproject.toml of {NAME} is missing from this installation. Install nnlab again, from its wheel or in a clone.")


def beside(root: Path, names: Iterable[str]) -> dict[str, Path]:
    """Return where each of these files lies: in the course, else beside nnlab's pyproject.toml.

    Raises
    ------
    CourseError
        If one is in neither.
    """
    installed = project(root).parent
    found = {name: next((each / name for each in (root, installed) if (each / name).is_file()), None) for name in names}
    if missing := [name for name, path in found.items() if path is None]:
        raise CourseError(f"{' and '.join(missing)} is neither in {root} nor in {installed}.")
    return {name: path for name, path in found.items() if path} | ({"pyproject.toml": project(root)} if "pyproject.toml" in found else {})
