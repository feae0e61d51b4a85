"""Lay a JupyterLite site beside the pages: the chapters in JupyterLab, and Python in the reader's own browser (Pyodide)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import jupyterlite_core
from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION
from nbformat.v4 import new_code_cell

from nnlab._files import write_atomically
from nnlab.workbook.build import dump, load
from nnlab.workbook.course import ChapterFiles, Course, CourseError

VERSION = str(PYODIDE_VERSION)  # of Pyodide, for which the site is made
FOLDER = "lite"  # beside the pages
PYODIDE = "./static/pyodide/"  # where Pyodide is looked for when nobody says: in the site itself, beside its other files
MODULE = "pyodide.mjs"  # what is asked for there first
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
CARRIED = ("comm", "ipywidgets", "jupyterlab_widgets")  # what nnlab needs, and Pyodide's distribution has not
INSTALL = "%pip install --quiet nnlab-course"
OPTIONS = ("--apps=lab", "--no-sourcemaps", "--no-unused-shared-packages", "--no-libarchive")


def write_lite(course: Course, to: Path, language: str, pyodide: str = "") -> Path:
    """Write the chapters as a JupyterLite site; one that is there is made anew.

    Parameters
    ----------
    course : Course
    to : Path
        The folder of the site.
    language : str
        The language of the chapters.
    pyodide : str, optional
        Address of the folder of a full Pyodide distribution, or of its `pyodide.mjs`; without it, `static/pyodide/` of the site itself.

    Returns
    -------
    Path
        The page to open.

    Raises
    ------
    CourseError
        If JupyterLite or the wheel cannot be built, with what was said.
    """
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _write_contents([chapter.translated(language) for chapter in course.chapters()], work / "files")
        _write_wheels(course, work / "pypi")
        write_atomically(work / "jupyter-lite.json", json.dumps(_settings(pyodide), indent=1) + "\n")
        places = (f"--lite-dir={work}", f"--contents={work / 'files'}", f"--output-dir={work / 'site'}")
        _run([sys.executable, "-m", jupyterlite_core.__name__, "build", *places, *OPTIONS], work)
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(work / "site", to)
    return to / "lab" / "index.html"


def _write_contents(chapters: Sequence[ChapterFiles], to: Path) -> None:
    """Write the students' notebooks, each with a cell that installs nnlab in front of its code."""
    for chapter in chapters:
        notebook = load(chapter.student)
        first = next(place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code")
        notebook.cells.insert(first, new_code_cell(INSTALL, id="nnlab-lite"))
        write_atomically(to / f"{chapter.name}.ipynb", dump(notebook))


def _settings(pyodide: str) -> dict[str, Any]:
    """Return JupyterLite's settings: where Pyodide is, and that packages come from this site and from there, and from nowhere else."""
    address = pyodide or PYODIDE
    url = address if re.search(r"\.m?js$", address) else f"{address.rstrip('/')}/{MODULE}"
    kernel = {"pyodideUrl": url, "disablePyPIFallback": True}
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {"appName": "nnlab", "litePluginSettings": {KERNEL: kernel}},
    }


def _write_wheels(course: Course, to: Path) -> None:
    """Write the wheel of this nnlab, and those that it needs beside Pyodide's own."""
    to.mkdir(parents=True)
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(to)], course.root)
    for name in CARRIED:
        _repack(distribution(name), to)


def _repack(found: Distribution, to: Path) -> None:
    """Make a wheel again of an installed package of pure Python, as it is here; what belongs to a server is left out."""
    name = re.sub(r"[-_.]+", "_", found.metadata["Name"]).lower()
    path = to / f"{name}-{found.version}-py3-none-any.whl"
    files = [file for file in found.files or () if not {"..", "__pycache__", "RECORD", "INSTALLER"} & set(file.parts)]
    record = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for file in sorted(files, key=str):
            data = Path(str(file.locate())).read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{file.as_posix()},sha256={digest},{len(data)}\n")
            wheel.writestr(zipfile.ZipInfo(file.as_posix()), data, zipfile.ZIP_DEFLATED)
        listed = next(file.parent / "RECORD" for file in files if file.name == "METADATA").as_posix()
        wheel.writestr(zipfile.ZipInfo(listed), "".join([*record, f"{listed},,\n"]), zipfile.ZIP_DEFLATED)


def _run(command: Sequence[str], place: Path) -> None:
    """Run a command in a folder.

    Raises
    ------
    CourseError
        If it fails, with the last lines of what it said.
    """
    done = subprocess.run(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise CourseError("\n".join([f"{command[2]} {command[3]} failed:", *done.stdout.splitlines()[-8:]]))
