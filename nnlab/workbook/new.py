"""`nnlab new`: chapters and exercises of a course of one's own, from templates that build and keep the rules as they are."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Mapping
from pathlib import Path

from nnlab._files import write_atomically
from nnlab.checks import chapters
from nnlab.workbook.course import ChapterFiles, Course, CourseError
from nnlab.workbook.graded import RESERVED

TEMPLATES = Path(__file__).parent / "templates"
CHAPTER = re.compile(r"\d\d_[a-z][a-z0-9_]*")
LAST = "\n# %% [markdown]\n# ## What you have now"  # exercises go before it, else to the end


def begin(root: Path | None) -> Course:
    """Return the course in a folder, or the one that is begun there; only what is missing is made.

    Parameters
    ----------
    root : Path or None
        The folder (default: the current one, or the course that it lies in).
    """
    folder = (root or Path.cwd()).resolve()
    try:
        found = Course.find(folder)
    except CourseError:
        found = None
    if found and (root is None or found.root == folder):
        return found
    if not (folder / "pyproject.toml").exists():
        _write({folder / "pyproject.toml": (TEMPLATES / "pyproject.txt").read_text("utf-8")})
    course = Course(folder)
    course.use()
    return course


def new_chapter(course: Course, name: str) -> list[Path]:
    """Write the files of a chapter, and the folders that a course has; return the files.

    Raises
    ------
    CourseError
        If the name is none, or taken.
    """
    if not CHAPTER.fullmatch(name) or keyword.iskeyword(name[3:]):
        raise CourseError(f"{name!r} is no name of a chapter. It needs a number, a line and a name in small letters: 11_own_topic.")
    taken = {*course.names, *chapters()}
    if found := next((each for each in sorted(taken) if each[:2] == name[:2] or each[3:] == name[3:]), ""):
        raise CourseError(f"{name!r} cannot be begun: there is {found!r}. Number and name are each used once in a course and in nnlab.")
    files = ChapterFiles(course.root, name)
    words = {"CHAPTER": name, "LESSON": name[3:], "TITLE": f"{name[:2]} {name[3:].replace('_', ' ').capitalize()}"}
    places = {"solutions": files.source, "exercises": files.own, "hidden": files.hidden_tests, "mutants": files.mutants}
    texts = {path: _filled(template, words) for template, path in places.items()}
    if there := [path for path in texts if path.exists()]:
        raise CourseError(f"{there[0]} is there already, and nothing is written over. Move it away, or choose another name.")
    for folder in (course.root / "solutions", course.root / "chapters"):
        folder.mkdir(parents=True, exist_ok=True)
    return _write(texts)


def new_exercise(course: Course, chapter: str, name: str) -> list[Path]:
    """Add an exercise to the four files of a chapter of the course's own, and keep all that stands there; return the files.

    Raises
    ------
    CourseError
        If the chapter is not the course's own, the name is none or taken, or a file has no place for it. Nothing is written then.
    """
    files = course.chapter(chapter)
    if not files.own.exists():
        raise CourseError(f"{files.name} is a chapter of nnlab. Exercises can be added to those of your own, in {files.own.parent}.")
    _require_name(files, name)
    parts = {each: _filled(f"exercise_{each}", {"NAME": name}) for each in ("solutions", "code", "declared", "hidden", "mutants")}
    source, own, hidden, mutants = (_text(path) for path in (files.source, files.own, files.hidden_tests, files.mutants))
    before, last, after = source.rpartition(LAST)
    texts = {
        files.source: f"{before}\n{parts['solutions'].rstrip()}\n{last}{after}" if last else f"{source.rstrip()}\n\n{parts['solutions']}",
        files.own: _declared(files.own, own, parts["code"], parts["declared"]),
        files.hidden_tests: f"{hidden.rstrip()}\n{parts['hidden']}",
        files.mutants: f"{mutants.rstrip()}\n{parts['mutants']}",
    }
    return _write(texts)


def _require_name(files: ChapterFiles, name: str) -> None:
    """Raise a CourseError where nothing new can be called so."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name) or name in RESERVED:
        raise CourseError(
            f"{name!r} is no name of an exercise. It becomes a function: small letters, digits and lines, such as my_function."
        )
    files.declared  # noqa: B018 - says what is wrong with the file
    home = next((each.name for each in chapters().values() if name in each.names), "")
    if home:
        raise CourseError(f"{name!r} is an exercise of {home}. Names are unique: call yours otherwise.")
    if re.search(rf"^(def|class) {name}\b", _text(files.own), re.MULTILINE):
        raise CourseError(f"{files.own} defines {name!r} already, and nothing is written over. Declare it there, or call yours otherwise.")


def _declared(path: Path, text: str, code: str, declared: str) -> str:
    """Return a chapter's module with another exercise at the end of `CHAPTER`'s third argument."""
    statements = [each for each in ast.parse(text).body if isinstance(each, (ast.Assign, ast.AnnAssign)) and each.value]
    found = next((each for each in statements if _is_chapter(each)), None)
    call = found.value if found else None
    listed = call.args[2] if isinstance(call, ast.Call) and len(call.args) > 2 else None
    if found is None or not isinstance(listed, ast.Tuple):
        raise CourseError(
            f"{path} has no place for an exercise. It needs CHAPTER = Chapter(name, title, (…)), with the exercises in there."
        )
    lines = text.splitlines(keepends=True)
    at = _offset(lines, listed.end_lineno or 0, listed.end_col_offset or 0) - 1  # the bracket that closes it
    inside = text[:at].rstrip()
    comma = "," if listed.elts and not inside.endswith(",") else ""
    start = _offset(lines, found.lineno, 0)
    return f"{text[:start]}{code}{inside[start:]}{comma}\n{declared}    {text[at:]}"


def _is_chapter(statement: ast.Assign | ast.AnnAssign) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(each, ast.Name) and each.id == "CHAPTER" for each in targets)


def _offset(lines: list[str], line: int, column: int) -> int:
    """Return where in the text a place is that `ast` gives: its columns count bytes."""
    return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())


def _filled(template: str, words: Mapping[str, str]) -> str:
    """Return a template with `@WORD@` replaced by what it stands for."""
    text = (TEMPLATES / f"{template}.txt").read_text("utf-8")
    return re.sub(r"@([A-Z]+)@", lambda found: words[found[1]], text)


def _text(path: Path) -> str:
    if not path.is_file():
        raise CourseError(f"{path} is missing. `nnlab new chapter` writes it for a new chapter; look there for what belongs into it.")
    return path.read_text("utf-8")


def _write(texts: Mapping[Path, str]) -> list[Path]:
    for path, text in texts.items():
        write_atomically(path, text)
    return list(texts)
