"""Give a student a folder of chapters to work in, and bring new chapters to it: nothing that a student wrote is ever written over."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnlab._files import RELEASED, write_atomically
from nnlab.languages import ENGLISH, LANGUAGES, say

FOLDER = "neural-networks"
HEAD = "Your chapters are in {folder}: {written} written, {kept} there already and left as they are."
RENEWED = "  {name} has changed in the course, and you had not begun it: it is the new one now."
BESIDE = "  {name} has changed in the course. Yours is as you left it; the new one lies beside it: {new}."
NOTE = ".nnlab-start.json"  # which edition of each chapter was written: {name of the file: its digest}, and in which language
LANGUAGE = "language"  # the key of that


@dataclass(frozen=True)
class Started:
    """What happened to each chapter: written, brought up to date before it was begun, or laid beside the student's (both names)."""

    folder: Path
    written: tuple[str, ...]
    renewed: tuple[str, ...]
    beside: tuple[tuple[str, str], ...]
    kept: int

    @property
    def text(self) -> str:
        """All of it in words."""
        lines = [say(HEAD, folder=self.folder, written=len(self.written), kept=self.kept)]
        lines += [say(RENEWED, name=name) for name in self.renewed]
        lines += [say(BESIDE, name=name, new=new) for name, new in self.beside]
        return "\n".join(lines)


def chosen(folder: Path | None) -> Path:
    """Return where the chapters go: the folder that was named; else the current one where it holds them already; else `FOLDER` in it."""
    return folder or (Path() if Path(NOTE).exists() else Path(FOLDER))


def spoken(folder: Path) -> str:
    """Return the language of the chapters that were written into a folder, "" where that is not known."""
    said = _editions(folder).get(LANGUAGE, "")
    return said if said in LANGUAGES else ""


def write_chapters(folder: Path, released: Path | None = None, language: str = "") -> Started:
    """Write the chapters that are not in `folder` yet, and lay changed ones beside a student's own.

    Parameters
    ----------
    folder : Path
        Where the student works; made if it is not there.
    released : Path, optional
        The folder of the students' notebooks (default: the ones that came with nnlab, in a clone of the repository its `chapters/`).
    language : str
        Of the chapters: "en" or "zh" (default: the one that the folder has, else English). A folder has those of one language; a later
        start in another one lays them beside what was begun.

    Raises
    ------
    ValueError
        If there are no chapters to write, or `folder` is the place they come from.
    OSError
        If a file cannot be written.
    """
    english = released or (RELEASED if RELEASED.is_dir() else RELEASED.parents[1] / "chapters")
    language = language or spoken(folder) or ENGLISH
    source = english if language == ENGLISH else english / language
    if folder.resolve() == source.resolve():
        raise ValueError(f"{folder} holds the course's own chapters. Choose another folder to work in: nnlab start {FOLDER}")
    ours = {path.name: path.read_bytes() for path in sorted(source.glob("[0-9][0-9]_*.ipynb"))}
    if not ours:
        raise ValueError("this nnlab came without chapters. Install nnlab-course, or ask your instructor for the students' bundle.")
    editions = _editions(folder)
    done: dict[str, list[Any]] = {"written": [], "renewed": [], "beside": [], "kept": []}
    for name, data in ours.items():
        what, where = _place(folder, name, data, editions.get(name, ""))
        done[what].append((name, where) if what == "beside" else name)
        if what != "kept":
            write_atomically(folder / where, data)
    digests = {LANGUAGE: language, **{name: _digest(data) for name, data in ours.items()}}
    if editions != {**editions, **digests}:
        write_atomically(folder / NOTE, json.dumps({**editions, **digests}, indent=1) + "\n")
    return Started(folder, tuple(done["written"]), tuple(done["renewed"]), tuple(done["beside"]), len(done["kept"]))


def open_lab(folder: Path) -> None:
    """Open JupyterLab over a folder, and stay until it is closed.

    Raises
    ------
    ValueError
        If JupyterLab is not installed.
    """
    try:
        from jupyterlab.labapp import LabApp
    except ModuleNotFoundError as error:
        raise ValueError(f"{error}. Open the notebooks with another program, or install it: pip install jupyterlab") from None
    print(say("JupyterLab opens in your browser. To stop it, press Ctrl-C here, twice."), flush=True)
    LabApp.launch_instance([str(folder)])


def _place(folder: Path, name: str, data: bytes, edition: str) -> tuple[str, str]:
    """Say what is to be done with one chapter, given the digest of the edition that was written before ("" where that is not known)."""
    path = folder / name
    if not path.exists():
        return "written", name
    theirs = path.read_bytes()
    if theirs == data or edition == _digest(data) or (not edition and _same_chapter(theirs, data)):
        return "kept", name
    if edition == _digest(theirs):
        return "renewed", name
    beside = _free(folder, name, data)
    return ("kept" if (folder / beside).exists() else "beside"), beside


def _free(folder: Path, name: str, data: bytes) -> str:
    """Return a name beside `name` that nothing has, or that this very edition has."""
    stem, number = name.removesuffix(".ipynb"), 1
    while (path := folder / f"{stem}_new{'' if number == 1 else number}.ipynb").exists() and path.read_bytes() != data:
        number += 1
    return path.name


def _same_chapter(theirs: bytes, ours: bytes) -> bool:
    """Whether every cell of ours but the exercises is in a student's notebook as we wrote it: then it is of this edition."""
    try:
        there = {"".join(cell["source"]).strip() for cell in json.loads(theirs)["cells"]}
    except (ValueError, KeyError, TypeError):
        return False
    cells = json.loads(ours)["cells"]
    return {"".join(cell["source"]).strip() for cell in cells if "exercise" not in cell["metadata"].get("nnlab", {})} <= there


def _editions(folder: Path) -> dict[str, str]:
    """Return what `NOTE` says, or nothing where it cannot be read."""
    try:
        read = json.loads((folder / NOTE).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in read.items()} if isinstance(read, dict) else {}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
