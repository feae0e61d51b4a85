"""Find the submissions in a folder: notebooks named after students, or one folder a student."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

LARGEST = 50_000_000  # bytes; a notebook of the course has some 100,000


class CollectError(ValueError):
    """There is nothing to grade; the message says what was expected and what to do."""


@dataclass(frozen=True)
class Submission:
    """A student and a notebook, or why there is none that can be graded (`problem`)."""

    student: str
    source: str
    notebook: NotebookNode | None = None
    problem: str = ""
    digest: bytes = b""


def collect(folder: Path, chapter: str) -> list[Submission]:
    """Return one submission a student, in order of their names.

    Parameters
    ----------
    folder : Path
        A folder of notebooks (`mei.ipynb`: the file is named after the student) or of one folder a student.
    chapter : str
        The chapter to grade. A student may have notebooks of other chapters beside it.

    Raises
    ------
    CollectError
        If the folder cannot be read or has no notebook in it.
    """
    found = notebooks(folder)
    return [_choose(student, [_read(path, student, folder) for path in paths], chapter) for student, paths in sorted(found.items())]


def notebooks(folder: Path) -> dict[str, list[Path]]:
    """Return the notebook files of each student."""
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise CollectError(f"{folder} {what}. Give the folder that holds the submissions.")
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*.ipynb")):
        parts = path.relative_to(folder).parts
        if not any(part.startswith(".") for part in parts):
            found[_clean(parts[0] if len(parts) > 1 else path.stem)].append(path)
    if not found:
        raise CollectError(f"{folder} has no notebooks in it. Expected NAME.ipynb files, or one folder a student with a notebook in it.")
    return found


def chapter_of(notebook: NotebookNode) -> str:
    """Return the chapter a notebook says it belongs to, or "" where it does not say."""
    known = notebook.metadata.get("nnlab")
    name = known.get("chapter") if isinstance(known, dict) else None
    return name if isinstance(name, str) else ""


def guess_chapter(folder: Path, known: list[str]) -> str:
    """Return the chapter that the submissions are of.

    Raises
    ------
    CollectError
        If they are of several chapters, or of none that the course has.
    """
    read = [_read(path, student, folder) for student, paths in notebooks(folder).items() for path in paths]
    told = {chapter_of(each.notebook) for each in read if each.notebook is not None} & set(known)
    if len(told) > 1:
        raise CollectError(f"{folder} holds notebooks of several chapters: {', '.join(sorted(told))}. Choose one with --chapter.")
    if not told:
        raise CollectError(f"no notebook in {folder} says which chapter it is of. Name it with --chapter ({', '.join(known)}).")
    return told.pop()


def _read(path: Path, student: str, folder: Path) -> Submission:
    source = _clean(str(path.relative_to(folder)))
    try:
        if path.is_symlink() or not path.is_file():
            return Submission(student, source, problem=f"{source} is a link or no ordinary file. Submit the notebook itself.")
        if path.stat().st_size > LARGEST:
            return Submission(
                student, source, problem=f"{source} has more than {LARGEST // 1_000_000} MB. Clear its outputs and submit again."
            )
        data = path.read_bytes()
    except OSError as error:
        return Submission(student, source, problem=f"{source} cannot be read: {error.strerror}. Check its permissions.")
    try:
        notebook = _parse(data)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return Submission(
            student, source, problem=f"{source} is not a Jupyter notebook ({type(error).__name__}). Save it in JupyterLab, submit again."
        )
    return Submission(student, source, notebook, digest=data)


def _parse(data: bytes) -> NotebookNode:
    """Read a notebook of any version leniently: only its cells' sources and metadata are used later."""
    raw = json.loads(data.decode("utf-8-sig"))
    notebook = nbformat.convert(nbformat.from_dict(raw), 4) if raw["nbformat"] != 4 else nbformat.from_dict(raw)
    notebook.setdefault("metadata", NotebookNode())
    for cell in notebook.cells:
        cell.source = _clean("".join(cell.source))
        cell.metadata = nbformat.from_dict(dict(cell.get("metadata") or {}))
        str(cell.cell_type)
    return notebook


def _clean(text: str) -> str:
    """Write out what is no Unicode text (half a surrogate pair, bytes of another encoding), so that it can be stored and shown."""
    return text.encode("utf-8", "backslashreplace").decode()


def _choose(student: str, read: list[Submission], chapter: str) -> Submission:
    """Choose the one notebook of the chapter, or say why there is none or more than one."""
    other = [each for each in read if each.notebook and chapter_of(each.notebook) not in (chapter, "")]
    mine = [each for each in read if each not in other]
    if not mine:
        names = ", ".join(f"{each.source} ({chapter_of(each.notebook)})" for each in other if each.notebook)
        return Submission(student, other[0].source, problem=f"no notebook of {chapter}: found {names}.")
    if len(mine) > 1:
        names = ", ".join(each.source for each in mine)
        return Submission(student, mine[0].source, problem=f"{len(mine)} notebooks of one student: {names}. Leave the one to be graded.")
    return mine[0]
