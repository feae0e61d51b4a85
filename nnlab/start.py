"""Give a student a folder of chapters to work in, and bring new chapters to it: nothing that a student wrote is ever written over."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnlab._files import is_root, released_chapters, write_atomically
from nnlab.languages import ENGLISH, LANGUAGES, say

FOLDER = "neural-networks"
HEAD = "Your chapters are in {folder}: {written} written, {kept} there already and left as they are."
RENEWED = "  {name} has changed in the course, and you had not begun it: it is the new one now."
BESIDE = "  {name} has changed in the course. Yours is as you left it; the new one lies beside it: {new}."
TURNED = "  {name} is in English now: you had not begun it."  # a translation says its own language
TOLD = "  {name} is begun in another language, and is as you left it. The English one lies beside it: {new}."
BROKEN = "  {name} cannot be read as a notebook, and is as it was. A new one lies beside it: {new}."
NOTE = ".nnlab-start.json"  # which edition of each chapter was written: {name of the file: its digest}, and in which language
LANGUAGE = "language"  # the key of that
CHAPTERS = "[0-9][0-9]_*.ipynb"
SPEAKING = re.compile(rb'speak\(\\?["\'](\w+)\\?["\']\)')  # in the first code cell of a translated chapter


@dataclass(frozen=True)
class Started:
    """What happened to each chapter: written, brought up to date before it was begun, or laid beside the student's (both names).

    `why` has the sentence about those that came for another reason than that the course has changed.
    """

    folder: Path
    written: tuple[str, ...]
    renewed: tuple[str, ...]
    beside: tuple[tuple[str, str], ...]
    kept: int
    why: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All of it in words."""
        lines = [say(HEAD, folder=self.folder, written=len(self.written), kept=self.kept)]
        lines += [say(self.why.get(name, RENEWED), name=name) for name in self.renewed]
        lines += [say(self.why.get(name, BESIDE), name=name, new=new) for name, new in self.beside]
        return "\n".join(lines)


def chosen(folder: Path | None) -> Path:
    """Return where the chapters go: the folder that was named; else the current one where it holds them already; else `FOLDER` in it."""
    names = (NOTE, *(path.name for path in released_chapters().glob(CHAPTERS)))
    return folder or (Path() if any(Path(name).exists() for name in names) else Path(FOLDER))


def spoken(folder: Path) -> str:
    """Return the language of the chapters in a folder, of most of them where its note is gone; "" where there are none."""
    said = _editions(folder).get(LANGUAGE, "")
    if said in LANGUAGES or not folder.is_dir():
        return said
    there = Counter(tongue(path.read_bytes()) for path in folder.glob(CHAPTERS))
    return max(there, key=lambda tongue: there[tongue], default="")


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
    english = released or released_chapters()
    language = language or spoken(folder) or ENGLISH
    source = english if language == ENGLISH else english / language
    if folder.resolve() == source.resolve():
        raise ValueError(
            say("{folder} holds the course's own chapters. Choose another one: nnlab start {example}", folder=folder, example=FOLDER)
        )
    if folder.exists() and not folder.is_dir():
        raise ValueError(say("{folder} is a file. Name a folder for your chapters: nnlab start {example}", folder=folder, example=FOLDER))
    ours = {path.name: path.read_bytes() for path in sorted(source.glob(CHAPTERS))}
    if not ours:
        raise ValueError(say("this nnlab came without chapters. Install nnlab-course, or ask your instructor for the students' bundle."))
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        return _written(folder, ours, language)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other start writes into a folder: two at once, in two languages, took each other's chapters for the student's work."""
    if os.name == "nt":  # has no lock of folders
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a disk over a network may have no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _written(folder: Path, ours: Mapping[str, bytes], language: str) -> Started:
    """Write what is new of a language's chapters, by the names of their files."""
    editions = _editions(folder)
    done: dict[str, list[Any]] = {"written": [], "renewed": [], "beside": [], "kept": []}
    noted, why = {LANGUAGE: language}, {}
    for name, data in ours.items():
        what, where = _place(folder, name, data, editions)
        done[what].append((name, where) if what == "beside" else where)
        if what in ("renewed", "beside") and (theirs := tongue((folder / name).read_bytes())) != language:
            why[name] = BROKEN if not theirs else TURNED if what == "renewed" else TOLD
        if what != "kept":
            write_atomically(folder / where, data)
        noted[where] = _digest(data)
    if editions != {**editions, **noted}:
        write_atomically(folder / NOTE, json.dumps({**editions, **noted}, indent=1) + "\n")
    return Started(folder, tuple(done["written"]), tuple(done["renewed"]), tuple(done["beside"]), len(done["kept"]), why)


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
        raise ValueError(
            say("{error}. Open the notebooks with another program, or install it: pip install jupyterlab", error=error)
        ) from None
    print(say("JupyterLab opens in your browser. To stop it, press Ctrl-C here, twice."), flush=True)
    LabApp.launch_instance([str(folder), *(["--allow-root"] if is_root() else [])])  # in a container one is often root


def _place(folder: Path, name: str, data: bytes, editions: Mapping[str, str]) -> tuple[str, str]:
    """Say what is to be done with one chapter, and in which file, given the digest of what was written into each file before."""
    if not (folder / name).exists():
        return "written", name
    there = {path.name: path.read_bytes() for path in sorted(folder.glob(f"{Path(name).stem}*.ipynb")) if _is_copy(path.name, name)}
    known = {file: digest for file, digest in editions.items() if _is_copy(file, name)}
    for file in there:
        if not tongue(there[file]):
            continue  # cut off by a crash, or no notebook for another reason
        if there[file] == data or known.get(file) == _digest(data) or (file not in known and _same_chapter(there[file], data)):
            return "kept", file
    if laid := [file for file, digest in known.items() if digest == _digest(data) and file not in there]:
        return "kept", laid[0]  # somebody threw it away
    alike = [file for file in there if tongue(there[file]) in ("", tongue(data))]
    for file in dict.fromkeys([*alike, name]):
        if known.get(file) == _digest(there[file]):
            return "renewed", file
    return "beside", _free(folder, name, "new" if alike else tongue(data))


def _is_copy(file: str, name: str) -> bool:
    """Tell whether a file holds a chapter, or an edition of it that was laid beside."""
    return re.fullmatch(rf"{re.escape(Path(name).stem)}(_({'|'.join(['new', *LANGUAGES])})\d*)?\.ipynb", file) is not None


def _free(folder: Path, name: str, tag: str) -> str:
    """Return a name beside `name` that nothing has."""
    stem, number = name.removesuffix(".ipynb"), 1
    while (path := folder / f"{stem}_{tag}{'' if number == 1 else number}.ipynb").exists():
        number += 1
    return path.name


def tongue(notebook: bytes) -> str:
    """Return the language of a chapter, as its first code cell chooses it; "" of what is no notebook."""
    found = SPEAKING.search(notebook)
    return found[1].decode() if found else ENGLISH if b'"cells"' in notebook else ""


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
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in read.items()} if isinstance(read, dict) else {}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
